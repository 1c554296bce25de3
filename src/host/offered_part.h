/* offered_part.h - what the checking of offered passports shares. Private to host/. */
#ifndef TS_HOST_OFFERED_PART_H
#define TS_HOST_OFFERED_PART_H

#include "offered.h"

/* ---- Notices, prepared once for all threads (offered_notices.c) ---- */

typedef struct offered_notices {
    const ts_index *index;
    ts_arena room, arena;
    ts_map by_key;  /* what identifies a product -> its newest link, from 1 */
    ts_map by_name; /* id and addresses -> number + 1 */
    struct {
        struct offered_link {
            uint32_t notice, before; /* before: the next link, from 1; 0 = none */
        } * v;
        size_t n, cap;
    } links;
    uint64_t left_out; /* could not be read */
} offered_notices;
bool offered_notices_make(offered_notices *x, const ts_index *ix, ts_error *e);
void offered_notices_free(offered_notices *x);
/* The notice with this id or address; false when the index has none. */
bool offered_notice_named(const offered_notices *x, ts_str name, uint32_t *number);

typedef struct offered_numbers {
    uint32_t *v;
    size_t n, cap;
} offered_numbers;
/* Adds the notices that touch what is known by identity: brand and model, trade item number, or a
 * lot or serial that they name. Each once. `scratch` must not be where `a` is. */
void offered_notices_find(ts_arena *a, ts_arena scratch, const offered_notices *x,
                          const ts_known *k, offered_numbers *out);
/* One of them; false when it cannot be read. */
bool offered_notice_check(const offered_notices *x, ts_arena *a, ts_arena scratch, uint32_t number,
                          const ts_known *k, ts_affected *out);

/* ---- One passport of the store (offered_kept.c) ---- */

typedef struct offered_kept {
    ts_offered found;        /* without a mark; findings that do not hang on the offer */
    ts_known known;          /* by itself, its batch and its model */
    offered_numbers touched; /* notices about the product, whatever they say of lots and serials */
} offered_kept;

struct ts_offered_checker {
    ts_offered_desk *desk;
    const offered_notices *notices; /* NULL: not made yet */
    ts_store *store;                /* NULL = none */
    ts_arena own_room, own;         /* the checker, its resolver and store: as long as it lives */
    ts_arena cache_room, cache;     /* what was found; starts over when it is full */
    ts_arena scratch_room, scratch; /* of one look */
    ts_map kept, fetched;           /* passport, address -> number of its entry + 1 */
    struct {
        offered_kept **v;
        size_t n, cap;
    } entries;
    ts_verify_options options;
    ts_resolver *resolver;
    ts_source_of network;
    ts_verify_cache *verified;
};

struct ts_offered_desk {
    ts_arena *a;
    ts_offered_job job;
    ts_pace *pace;
    pthread_mutex_t lock; /* of what follows */
    bool made, failed;
    offered_notices notices;
};

/* Reads and verifies one that the store holds; found false when there is none of this id. Strings
 * live in `a`; `scratch` is for the work. */
bool offered_keep(ts_offered_checker *c, ts_arena *a, ts_arena scratch, ts_str id,
                  offered_kept *out, bool *found, ts_error *e);
/* The same for one that is fetched; never fails: what cannot be had is not checked. */
void offered_fetch(ts_offered_checker *c, ts_arena *a, ts_arena scratch, const ts_offered_mark *m,
                   offered_kept *out);

/* Holds what is known against the notices: a hit for each that touches it by identity. */
void offered_hold(ts_offered_checker *c, ts_arena *a, ts_arena scratch, const ts_known *known,
                  ts_offered *o, offered_numbers *touched);

/* What is wrong by the verdicts alone: FORGED, REVOKED, FOREIGN issuer. `is_signed`: there was a
 * signature to look at. */
void offered_judge(ts_arena *a, ts_offered *o, bool is_signed);

#endif
