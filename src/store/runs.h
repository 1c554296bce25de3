/* runs.h - imports and screening runs, and what they say of the health of sources. */
#ifndef TS_STORE_RUNS_H
#define TS_STORE_RUNS_H

#include "database.h"

typedef enum { TS_RUN_IMPORT, TS_RUN_SCREEN, TS_RUN_SYNC } ts_run_kind;

typedef struct ts_run {
    int64_t id;
    ts_run_kind kind;
    ts_str source; /* what was read: a name given by the user, or the file's path */
    ts_str format;
    ts_str model;              /* screening: the scorer */
    int64_t started, finished; /* UTC seconds; finished 0 = not (yet) */
    uint64_t records, bad, fresh,
        changed;   /* records read; left out; new and updated notices, or leads and new leads */
    bool complete; /* the whole input was read */
    bool silent;   /* a sync: the feed gave nothing, or less than half of what it should */
} ts_run;

/* Writes the beginning of a run and gives its id; an unfinished run of the same kind and source
 * before it stays as it is (interrupted). */
bool ts_store_run_start(ts_store *s, ts_run *r, ts_error *e);
bool ts_store_run_finish(ts_store *s, const ts_run *r, ts_error *e);
/* Records of the last complete run of that kind and source before run `before` (0 = any); *found
 * false when there is none. */
bool ts_store_last_count(ts_store *s, ts_run_kind kind, ts_str source, int64_t before,
                         uint64_t *records, bool *found, ts_error *e);

/* One row per kind and source, with its last run and the last complete one before it. */
typedef struct ts_source_row {
    ts_run last;
    uint64_t before; /* records of the complete run before, 0 when there was none */
    bool known_before;
} ts_source_row;
typedef struct ts_source_rows {
    ts_source_row *v;
    size_t n, cap;
} ts_source_rows;
bool ts_store_sources(ts_store *s, ts_arena *a, ts_source_rows *out, ts_error *e);

/* What is known of something that was fetched, kept between runs: its validators (RFC 9110, 8.8),
 * and what they belong to. */
typedef struct ts_feed_state {
    ts_str etag, last_modified;
    ts_str mark;     /* the fetcher's own: which version or which address the validators are of */
    int64_t fetched; /* UTC seconds; 0 = never */
    int64_t records; /* how many it held; -1 = not known */
} ts_feed_state;
bool ts_store_feed_state(ts_store *s, ts_arena *a, ts_str url, ts_feed_state *out, ts_error *e);
bool ts_store_put_feed_state(ts_store *s, ts_str url, const ts_feed_state *st, ts_error *e);

/* The states of all that was fetched from addresses that begin with `prefix` and whose mark is not
 * less than `mark` (byte order), in the order of their marks. */
typedef struct ts_feed_row {
    ts_str url;
    ts_feed_state state;
} ts_feed_row;
typedef struct ts_feed_rows {
    ts_feed_row *v;
    size_t n, cap;
} ts_feed_rows;
bool ts_store_feed_states(ts_store *s, ts_arena *a, ts_str prefix, ts_str mark, ts_feed_rows *out,
                          ts_error *e);

#endif
