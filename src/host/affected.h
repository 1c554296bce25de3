/* affected.h - which of the passports kept here does a notice hit? */
#ifndef TS_HOST_AFFECTED_H
#define TS_HOST_AFFECTED_H

#include "passport/passport.h"
#include "store/store.h"

typedef struct ts_affected_row {
    ts_str passport, product;
    ts_grain grain;
    ts_affected found;
    ts_str through; /* passport of the batch, model, component or predecessor by which it is hit
                       (the next on the way); of a part without a passport here, its identifier;
                       empty = by itself */
    const char *through_as; /* "batch", "model", "component", "predecessor"; NULL */
} ts_affected_row;

typedef struct ts_affected_counts {
    uint64_t looked_at, inside, open, outside;
} ts_affected_counts;

/* `row` lasts as long as the call, in which nothing is written to the store. Called for each
 * passport that is inside or cannot be excluded (and with `all` for those outside, too), those
 * inside first; false ends it. */
typedef bool ts_affected_fn(void *ctx, const ts_affected_row *row);
typedef struct ts_affected_job {
    ts_store *store;
    const ts_notice *notice;
    bool all; /* report also what is outside */
    ts_affected_fn *each;
    void *ctx;
    bool no_index; /* read the rows themselves (for comparing) */
} ts_affected_job;
/* Uses STORE.passports.idx, a mapped table derived from the store, and makes or extends it where it
 * is out of date. What is derived is never truth: without a place to write it, it is made in
 * memory. */
bool ts_passports_affected(ts_arena *a, const ts_affected_job *job, ts_affected_counts *out,
                           ts_error *e);
/* Records the places of passports that were written without them (older stores, copies from another
 * provider), in one transaction; nothing to do is no error. ts_passports_affected does it itself
 * where it may write. */
bool ts_places_complete(ts_arena *a, ts_store *s, ts_error *e);
/* One passport: what a resolver, a page and `screen` ask. */
bool ts_passport_affected(ts_arena *a, ts_store *s, ts_str passport, const ts_notice *n,
                          ts_affected_row *out, ts_error *e);

#endif
