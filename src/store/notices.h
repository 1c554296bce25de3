/* notices.h - notices and their history. */
#ifndef TS_STORE_NOTICES_H
#define TS_STORE_NOTICES_H

#include "database.h"
#include "product/product.h"

typedef enum { TS_PUT_NEW, TS_PUT_UPDATED, TS_PUT_UNCHANGED } ts_put;

/* Inserts or updates by id. A change of content or state makes a new version; the one before is
 * kept. A version older than the stored one (by the day it was modified or published) changes
 * nothing. `now` is UTC seconds. */
bool ts_store_put_notice(ts_store *s, const ts_notice *n, int64_t now, ts_put *what, ts_error *e);

/* One notice; *found false when there is none. */
bool ts_store_notice(ts_store *s, ts_arena *a, ts_str id, ts_notice *out, bool *found, ts_error *e);

/* All current notices in the order of their ids; stops when fn returns false. `scratch` is reused
 * for each. */
typedef bool ts_notice_fn(void *ctx, const ts_notice *n);
bool ts_store_each_notice(ts_store *s, ts_arena scratch, ts_notice_fn *fn, void *ctx, ts_error *e);
/* The same over the withdrawn ones only. */
bool ts_store_each_withdrawn(ts_store *s, ts_arena scratch, ts_notice_fn *fn, void *ctx,
                             ts_error *e);

/* Versions of one notice, newest first. */
typedef struct ts_notice_version {
    int64_t version, seen; /* number from 1; UTC seconds when it was first read */
    ts_str digest;         /* 32 hexadecimal digits */
    ts_str state;
    ts_str json; /* touchstone-notice-1 */
} ts_notice_version;
typedef struct ts_notice_versions {
    ts_notice_version *v;
    size_t n, cap;
} ts_notice_versions;
bool ts_store_notice_versions(ts_store *s, ts_arena *a, ts_str id, ts_notice_versions *out,
                              ts_error *e);

/* How many, and a digest over the set of them: equal digests, equal notices. Kept up to date by
 * ts_store_put_notice. */
typedef struct ts_notice_set {
    uint64_t count;
    ts_digest digest;
} ts_notice_set;
bool ts_store_notice_set(ts_store *s, ts_notice_set *out, ts_error *e);

/* How many notices of a source ("cpsc") that are not withdrawn were published on `day` or later. */
bool ts_store_notices_since(ts_store *s, ts_str source, int32_t day, uint64_t *n, ts_error *e);

#endif
