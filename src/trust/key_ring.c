/* The working forms of the public keys that were asked for last. */
#include "key_part.h"

enum { RING_MAX = 1024 };

struct ts_key_ring {
    ts_key key[RING_MAX];
    /* Chains of the keys whose hashes meet; places are counted from 1, 0 is the end. */
    uint16_t head[RING_MAX], next[RING_MAX + 1];
    size_t n, oldest;
};

ts_key_ring *ts_key_ring_new(ts_arena *a) { return ts_new(a, ts_key_ring); }

void ts_key_ring_free(ts_key_ring *r) {
    if (!r) return;
    for (size_t i = 0; i < r->n; i++) ts_key_free(&r->key[i]);
    *r = (ts_key_ring){0};
}

static size_t chain_of(const ts_public_key *k) {
    return ts_hash((ts_str){(const char *)k->b, k->n}) % RING_MAX;
}

static void unlink_key(ts_key_ring *r, size_t place) {
    uint16_t *p = &r->head[chain_of(&r->key[place - 1].known)];
    while (*p != place) p = &r->next[*p];
    *p = r->next[place];
}

/* A free place, counted from 1; the oldest key goes for it when all are taken. */
static size_t take_place(ts_key_ring *r) {
    if (r->n < RING_MAX) return ++r->n;
    size_t place = r->oldest + 1;
    r->oldest = place % RING_MAX;
    unlink_key(r, place);
    ts_key_free(&r->key[place - 1]);
    return place;
}

const ts_key *ts_key_ring_get(ts_key_ring *r, const ts_public_key *k, ts_error *e) {
    uint16_t *head = &r->head[chain_of(k)];
    for (size_t i = *head; i; i = r->next[i])
        if (ts_public_key_eq(&r->key[i - 1].known, k)) return &r->key[i - 1];
    ts_key fresh = {0};
    if (!key_from_public(&fresh, k, e)) {
        ts_key_free(&fresh);
        return 0;
    }
    size_t place = take_place(r);
    r->key[place - 1] = fresh;
    r->next[place] = *head;
    *head = (uint16_t)place;
    return &r->key[place - 1];
}
