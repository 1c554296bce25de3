#include "evidence.h"

typedef struct items {
    ts_cue *v;
    size_t n;
} items;

static void add(items *l, uint64_t salt, uint64_t hash, float value, unsigned a, unsigned b) {
    uint32_t slot =
        (uint32_t)(ts_mix(hash + salt * 0x9e3779b97f4a7c15ull) >> 20) & (EVIDENCE_SLOTS - 1);
    if (l->n < EVIDENCE_MOST) l->v[l->n++] = (ts_cue){slot, value, (uint8_t)a, (uint8_t)b};
}

/* A word's hash; of one with digits, the hash of its shape: digits count as 0. */
static uint64_t shape_of(const sketch *s, const sketch_token *t) {
    if (t->flags & (SK_WORD | SK_HAN)) return t->hash;
    uint64_t h = 0xcbf29ce484222325ull;
    ts_str w = sketch_word(s, t);
    for (size_t i = 0; i < w.n; i++)
        h = (h ^ (unsigned char)(ts_is_digit(w.p[i]) ? '0' : w.p[i])) * 0x100000001b3ull;
    return h;
}

/* What one side's name has and the other's has not. */
static uint32_t lone_words(items *l, const sketch *s, uint32_t bits, uint32_t found, bool second) {
    const sketch_token *t = sketch_tokens(s);
    uint32_t swaps = 0;
    unsigned n = 0;
    for (; bits; bits &= bits - 1) {
        unsigned i = (unsigned)__builtin_ctz(bits), at = i + 1;
        bool elsewhere = found >> i & 1;
        add(l, elsewhere ? 3 : 2, shape_of(s, &t[i]), 1, second ? 0 : at, second ? at : 0);
        if (elsewhere || !(t[i].flags & (SK_WORD | SK_HAN)) || n == EVIDENCE_SWAPS) continue;
        swaps |= 1u << i;
        n++;
    }
    return swaps;
}

size_t evidence_items(const alignment *m, ts_cue out[EVIDENCE_MOST]) {
    items l = {out, 0};
    const sketch_token *a = sketch_tokens(m->a), *b = sketch_tokens(m->b);
    uint32_t both_b = 0, lone_a = 0;
    for (uint32_t bits = m->title_a & m->first_a; bits; bits &= bits - 1) {
        unsigned i = (unsigned)__builtin_ctz(bits);
        uint32_t other = m->same[i] & m->title_b;
        both_b |= other;
        if (other)
            add(&l, 1, a[i].hash, 1, i + 1, (unsigned)__builtin_ctz(other) + 1);
        else
            lone_a |= 1u << i;
    }
    uint32_t x = lone_words(&l, m->a, lone_a, m->found_a, false);
    uint32_t y = lone_words(&l, m->b, m->title_b & m->first_b & ~both_b, m->found_b, true);
    for (uint32_t p = x; p; p &= p - 1)
        for (uint32_t q = y; q; q &= q - 1) {
            unsigned i = (unsigned)__builtin_ctz(p), k = (unsigned)__builtin_ctz(q);
            add(&l, 4, (uint64_t)a[i].hash + b[k].hash, 0.5f, i + 1, k + 1);
        }
    return l.n;
}
