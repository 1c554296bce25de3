/* import.h - notices into the store. */
#ifndef TS_PIPELINE_IMPORT_H
#define TS_PIPELINE_IMPORT_H

#include "gazette/gazette.h"
#include "source/source.h"
#include "store/store.h"

typedef struct ts_import_job {
    const char *const *files;
    size_t files_n;
    const char *source; /* name for health records: all files are this source; NULL = each is one,
                           under its path */
    ts_notice_options options;
    ts_store *store;
} ts_import_job;

typedef struct ts_import_file {
    const char *name; /* of the source; NULL = it was not come to */
    ts_notice_format format;
    uint64_t notices, fresh, updated, unchanged, withdrawn, bad;
    uint64_t source_notices; /* the same and the files before it that are of this source */
    uint64_t before;         /* notices in the last complete import from this source */
    bool known_before;
    uint64_t mended; /* records with bytes that were not UTF-8 and were replaced */
    bool failed;     /* not read to its end */
    bool silent;  /* the source, of which this is the last file, gave none or less than half of last
                   * time: what it  says is undetermined */
    ts_error why; /* failed: why */
} ts_import_file;

typedef struct ts_import_summary {
    ts_import_file *files;
    size_t n;
    uint64_t notices, fresh, updated, unchanged, withdrawn, bad;
    uint64_t mended;
    uint64_t leads_without_basis; /* leads whose notice is withdrawn now */
    bool failed, silent;
} ts_import_summary;

/* Imports in transactions of some hundred notices: what was committed stands, and the same command
 * again goes on without doubling. Bad records and unreadable files are named through ts_log and
 * counted. False when the store refused. */
bool ts_import(ts_arena *a, const ts_import_job *job, ts_import_summary *sum, ts_error *e);

/* One file of an import or a sync. */
typedef struct ts_import_piece {
    const char *path;
    const char *place; /* what errors call it; NULL = its path, and its format is noted */
    ts_notice_options options;
    ts_store *store;
    bool whole; /* one transaction, and nothing of a file that cannot be read to its end; else some
                   hundred notices at a time */
    /* Called in the last transaction, before its commit, when the counts are known; not for a
     * `whole` that failed. False rolls back, and is the store's refusal. */
    bool (*seal)(void *ctx, ts_import_file *f, ts_error *e);
    void *ctx;
} ts_import_piece;

/* Reads one file into the store. Bad records are named through ts_log and counted; a file that
 * cannot be read to its end is f->failed with f->why, which is for the caller to log. Counts are
 * added to what `f` holds. False when the store refused. */
bool ts_import_piece_read(const ts_import_piece *p, ts_import_file *f, ts_error *e);

/* Whether a source that gives `now` records after `before` last time must be called silent. */
bool ts_source_silent(uint64_t now, bool known_before, uint64_t before);

#endif
