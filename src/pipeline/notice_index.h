/* notice_index.h - where the notice index of a run comes from: files, a store, or an index made before. */
#ifndef TS_PIPELINE_NOTICE_INDEX_H
#define TS_PIPELINE_NOTICE_INDEX_H

#include "match/match.h"
#include "gazette/gazette.h"
#include "source/source.h"
#include "store/store.h"

typedef struct ts_notice_index {
    ts_index index;
    ts_index_builder *builder; /* when it was made in memory */
    uint64_t notices, withdrawn, bad; /* read; left out because withdrawn; records that could not be read */
    bool silent;               /* a file of notices held none */
    bool rebuilt;              /* the store's index was missing or out of date and was made anew */
    double seconds;            /* to build or open */
} ts_notice_index;

/* From notice files. Bad records are named through ts_log and counted. False when a file cannot be read at all. */
bool ts_notice_index_from_files(ts_arena *a, const char *const *files, size_t n, ts_notice_options o, ts_notice_index *out, ts_error *e);
/* From a store: maps STORE.notices.idx when it fits the store's notices, else builds and writes it. */
bool ts_notice_index_from_store(ts_arena *a, ts_store *s, bool force, ts_notice_index *out, ts_error *e);
/* From an index file alone. */
bool ts_notice_index_from_file(const char *path, ts_notice_index *out, ts_error *e);
void ts_notice_index_close(ts_notice_index *ix);

#endif
