/* words.h - how rare is a word? Private to match/.
 *
 * Document frequencies of hashed words, model keys and grams of characters, folded into one small
 * table: a few keys share a place, and then look commoner than they are. Rarity is a weight in
 * sixteenths of a natural logarithm, at most WEIGHT_MAX:
 *
 *   ln((N + 1000) / (df + 1)), N = products counted
 */
#ifndef TS_MATCH_WORDS_H
#define TS_MATCH_WORDS_H

#include "base/base.h"

enum { WORDS_SIZE = 1 << 18, WEIGHT_ONE = 16, WEIGHT_MAX = 8 * WEIGHT_ONE };

/* The finished table: WORDS_SIZE weights. */
typedef struct word_weights {
    const uint8_t *weight;
} word_weights;

/* A key is the upper 24 bits of a number; the low byte is not looked at. */
static inline uint32_t words_place(uint32_t key) { return key >> 8 & (WORDS_SIZE - 1); }
static inline uint8_t words_weight(word_weights w, uint32_t key) {
    return w.weight[words_place(key)];
}

/* Counting: each product's keys once, then finished into weight[WORDS_SIZE]. */
typedef struct words_counter {
    uint32_t *df;   /* [WORDS_SIZE] */
    uint32_t *last; /* the product that counted here last, + 1 */
    uint32_t products;
} words_counter;
words_counter words_counter_new(ts_arena *a);
static inline void words_count(words_counter *c, uint32_t key) {
    uint32_t at = words_place(key);
    if (c->last[at] == c->products) return;
    c->last[at] = c->products;
    c->df[at]++;
}
static inline void words_next_product(words_counter *c) { c->products++; }
void words_finish(const words_counter *c, uint8_t *weight);

#endif
