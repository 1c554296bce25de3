/* net_fit.h - trains the token-alignment network. Private to learn/. */
#ifndef TS_LEARN_NET_FIT_H
#define TS_LEARN_NET_FIT_H

#include "match/match.h"

/* One product's tokens. */
typedef struct net_tokens {
    ts_net_token v[TS_NET_TOKENS];
    uint8_t n;
} net_tokens;

typedef struct net_sample {
    uint32_t a, b; /* numbers of the sides */
    uint32_t same[TS_NET_TOKENS];
    uint32_t found_a, found_b;
    const float *x;
    float y, weight;
} net_sample;

typedef struct net_fit_options {
    unsigned epochs, batch, seed, features;
    float rate;          /* of Adam; warmed up over 100 steps, then falling linearly to 0 */
    float token_dropout; /* share of tokens left out in training */
    float dropout;       /* in the dense layers; two thirds of it in the comparison of tokens */
    float decay;         /* weight decay of the dense layers (AdamW) */
    /* Called after each epoch with the mean loss and, when there is validation data, its average
     * precision; may be NULL. */
    void (*progress)(void *ctx, unsigned epoch, double loss, double average_precision);
    void *ctx;
} net_fit_options;

/* Trains on train[n]. With valid[] (valid_n may be 0), the weights of the epoch with the best
 * average precision on it are kept, and *best_epoch (may be NULL) says which; else those of the
 * last. The result is already rounded to what is stored (int8 vectors), so that it scores as the
 * written and read one will. One thread; deterministic for a seed on one kind of machine. The
 * network lives in `a`; working memory is taken from `scratch` (some 100 MB). */
bool net_fit(ts_arena *a, ts_arena scratch, const net_tokens *sides, const net_sample *train,
             size_t n, const net_sample *valid, size_t valid_n, net_fit_options o,
             const ts_net **out, unsigned *best_epoch, ts_error *e);

#endif
