/* places.h - how passports hang together and by which marks a notice finds them: their trade item
 * numbers, lots, serials and days of production; what they are made of and come from. Filled by
 * ts_store_add_passport from the newest version.
 */
#ifndef TS_STORE_PLACES_H
#define TS_STORE_PLACES_H

#include "database.h"

/* What a passport itself states; what it leaves to its batch and model is empty. */
typedef struct ts_place {
    ts_str id, product, model, batch; /* as in ts_passport_row */
    ts_str gtin;                      /* 14 digits */
    ts_str lot, serial;               /* upper case, no blanks, as scopes are written */
    int32_t made;                     /* day of production; TS_NO_DAY */
    ts_str brand, model_name, name;   /* as written */
    ts_str operator_id, operator_name;
    int grain;   /* ts_grain */
    bool sealed; /* what it states stands signed; false once a signed form of it was revoked */
} ts_place;

/* What a product was made of (component) or came from (predecessor): from passport to id of a
 * passport or product (canonical, where it is a product's). */
typedef struct ts_place_edge {
    ts_str from, to;
    bool predecessor;
} ts_place_edge;
typedef struct ts_place_edges {
    ts_place_edge *v;
    size_t n, cap;
} ts_place_edges;

/* Private to store/: records where a passport stands, in place of what was recorded of it before.
 * Within the transaction that adds its version. `place` NULL: it is noted as not known
 * (ts_store_missing_places). */
bool store_put_place(ts_store *s, ts_str passport, const ts_place *place,
                     const ts_place_edge *edges, size_t edges_n, ts_error *e);
/* Passports whose place is not known, at most `limit` ids; and one found
 * out later. Within a transaction. */
bool ts_store_missing_places(ts_store *s, ts_arena *a, size_t limit, ts_strs *ids, ts_error *e);
bool ts_store_put_place(ts_store *s, const ts_place *place, const ts_place_edge *edges,
                        size_t edges_n, ts_error *e);
/* Whether what the passport states stands signed: not where it came without a signature that
 * verifies, or where a signed form of its newest version was revoked; what is not sealed excludes
 * nothing. A new version is sealed as its place says. */
bool ts_store_seal_place(ts_store *s, ts_str id, bool sealed, ts_error *e);

/* All places in the order of their numbers behind `after`, with the number of each; stops when fn
 * returns false. Numbers are small integers that are given once and never change. What the place
 * points to lasts as long as the call. */
typedef bool ts_place_each_fn(void *ctx, int64_t number, const ts_place *p);
bool ts_store_each_place(ts_store *s, ts_arena scratch, int64_t after, ts_place_each_fn *fn,
                         void *ctx, ts_error *e);
/* One, by the passport's id; `found` false when there is none. */
bool ts_store_place(ts_store *s, ts_arena *a, ts_str id, int64_t *number, ts_place *out,
                    bool *found, ts_error *e);
/* By number. */
bool ts_store_place_numbered(ts_store *s, ts_arena *a, int64_t number, ts_place *out, bool *found,
                             ts_error *e);

/* Edges that lead to `id` (back), or from it. Empty id: all. */
bool ts_store_edges(ts_store *s, ts_arena *a, ts_str id, bool back, ts_place_edges *out,
                    ts_error *e);
/* Edges that lead to `id`, at most `limit`: a cell's model may be in a million batteries. */
bool ts_store_edges_to(ts_store *s, ts_arena *a, ts_str id, size_t limit, ts_place_edges *out,
                       ts_error *e);
/* All edges by the number of the passport they lead from; stops when fn returns false. */
typedef bool ts_place_edge_fn(void *ctx, int64_t from, ts_str to, bool predecessor);
bool ts_store_each_edge(ts_store *s, ts_arena scratch, ts_place_edge_fn *fn, void *ctx,
                        ts_error *e);
/* The numbers of the passports that an edge or link means: the one with this id, or all of the
 * product with this canonical identifier. */
typedef struct ts_place_numbers {
    int64_t *v;
    size_t n, cap;
} ts_place_numbers;
bool ts_store_place_numbers(ts_store *s, ts_arena *a, ts_str id, ts_place_numbers *out,
                            ts_error *e);
/* The products, at most `limit`, whose passports state this trade item number (14 digits) and
 * serial number (as in ts_place), whatever their lot. */
bool ts_store_items(ts_store *s, ts_arena *a, ts_str gtin, ts_str serial, size_t limit,
                    ts_strs *products, ts_error *e);
/* Id and product of the passport with this number. */
bool ts_store_place_names(ts_store *s, ts_arena *a, int64_t number, ts_str *id, ts_str *product,
                          ts_error *e);

/* From here until the release all questions are answered from one state of the store, and without
 * asking for its lock each time. *held false: a transaction was begun before, and does that
 * already. In between nothing is begun or written. */
bool ts_store_hold(ts_store *s, bool *held, ts_error *e);
void ts_store_release(ts_store *s, bool held);

/* Changes with every passport written: what was derived at another mark is out of date. */
bool ts_store_place_mark(ts_store *s, int64_t *mark, ts_error *e);

#endif
