/* notice_index.h - where the notice index of a run comes from: files, a store, or an index made
 * before. */
#ifndef TS_PIPELINE_NOTICE_INDEX_H
#define TS_PIPELINE_NOTICE_INDEX_H

#include "gazette/gazette.h"
#include "match/match.h"
#include "source/source.h"
#include "store/store.h"

typedef struct ts_notice_index {
    ts_index index;
    ts_index_builder *builder; /* when it was made in memory */
    uint64_t notices, withdrawn,
        bad;         /* read; left out because withdrawn; records that could not be read */
    uint64_t mended; /* records with bytes that were not UTF-8 and were replaced */
    bool silent;     /* a file of notices held none */
    bool failed;     /* a file of notices could not be read to its end: offers are not compared with
                        what came behind */
    bool rebuilt;    /* the store's index was missing or out of date and was made anew */
    double seconds;  /* to build or open */
} ts_notice_index;

/* From notice files. Bad records and files that cannot be read (to their end) are named through
 * ts_log and counted; the rest goes on. False when files failed and no notice at all was found. */
bool ts_notice_index_from_files(ts_arena *a, const char *const *files, size_t n,
                                ts_notice_options o, ts_notice_index *out, ts_error *e);
/* From a store: maps STORE.notices.idx when it fits the store's notices, else builds and writes it.
 */
bool ts_notice_index_from_store(ts_arena *a, ts_store *s, bool force, ts_notice_index *out,
                                ts_error *e);
/* From an index file alone. */
bool ts_notice_index_from_file(const char *path, ts_notice_index *out, ts_error *e);
void ts_notice_index_close(ts_notice_index *ix);

#endif
