/* import.h - notices into the store. */
#ifndef TS_PIPELINE_IMPORT_H
#define TS_PIPELINE_IMPORT_H

#include "gazette/gazette.h"
#include "source/source.h"
#include "store/store.h"

typedef struct ts_import_job {
    const char *const *files;
    size_t files_n;
    const char *source; /* name for health records; NULL = the file's path */
    ts_notice_options options;
    ts_store *store;
} ts_import_job;

typedef struct ts_import_file {
    const char *name;
    ts_notice_format format;
    uint64_t notices, fresh, updated, unchanged, withdrawn, bad;
    uint64_t before;       /* notices in the last complete import from here */
    bool known_before;
    bool failed;           /* not read to its end */
    bool silent;           /* none, or less than half of last time: what it says is undetermined */
} ts_import_file;

typedef struct ts_import_summary {
    ts_import_file *files;
    size_t n;
    uint64_t notices, fresh, updated, unchanged, withdrawn, bad;
    uint64_t leads_without_basis; /* leads whose notice is withdrawn now */
    bool failed, silent;
} ts_import_summary;

/* Imports in transactions of some hundred notices: what was committed stands, and the same command again goes on without doubling.
 * Bad records and unreadable files are named through ts_log and counted. False when the store refused. */
bool ts_import(ts_arena *a, const ts_import_job *job, ts_import_summary *sum, ts_error *e);

/* Whether a source that gives `now` records after `before` last time must be called silent. */
bool ts_source_silent(uint64_t now, bool known_before, uint64_t before);

#endif
