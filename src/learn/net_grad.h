/* net_grad.h - the loss of the token-alignment network on some pairs, and its gradient. Private to
 * learn/. What the network does is said in match/net_shape.h; here it is done for a whole batch at
 * once, in float, and then backwards. */
#ifndef TS_LEARN_NET_GRAD_H
#define TS_LEARN_NET_GRAD_H

#include "net_fit.h"

/* What is trained. `w` is laid out as in match/net_shape.h, with features that are already
 * standardised and therefore without means. */
typedef struct net_params {
    unsigned features;
    uint32_t buckets; /* a power of two */
    float *w;         /* [ts_net_trained(features)] */
    float *rows;      /* [buckets][TS_NET_DIM] */
} net_params;

typedef struct net_batch {
    const net_tokens *sides;
    const net_sample *samples;
    const uint32_t *pick; /* the samples of this batch: [n] */
    size_t n;
    const float *mean, *unit;     /* of the features: what is seen is (clipped - mean) * unit */
    float token_dropout, dropout; /* as in net_fit_options; 0 = none */
    ts_random *random;            /* may be NULL when nothing is dropped */
} net_batch;

/* One pair of a batch on its way. */
typedef struct net_pair_work {
    ts_net_pair pair;
    ts_net_side side[2]; /* the tokens that were not dropped */
    const ts_net_token *token[2][TS_NET_TOKENS];
    float unit[2][TS_NET_TOKENS]; /* one over the length of the summed vector */
    uint32_t same[TS_NET_TOKENS];
    size_t row; /* its first token's row in the matrices */
    ts_net_alignment al;
    float sum[2][TS_NET_OUT], most[2][TS_NET_OUT];
    uint8_t most_at[2][TS_NET_OUT]; /* token of the maximum */
} net_pair_work;

/* Working memory of a batch, and the gradient. Matrices have a row for each token or pair. */
typedef struct net_work {
    size_t most, rows; /* pairs at most; tokens of this batch */
    net_pair_work *pair;
    float *in, *hidden, *c, *gate;                      /* tokens */
    float *d_in, *d_hidden, *d_c;                       /* d_in has TS_NET_IN_WIDE columns */
    float *x, *joint, *last, *d_joint, *d_last, *d_out; /* pairs */
    float *turned;     /* a layer's weights with rows and columns exchanged */
    float *grad;       /* as net_params.w */
    uint32_t *slot;    /* per bucket: its place in touched + 1, or 0 */
    uint32_t *touched; /* buckets that have a gradient */
    size_t touched_n;
    float *grad_rows; /* [touched_n][TS_NET_DIM] */
} net_work;

enum { TS_NET_IN_WIDE = (TS_NET_IN + 15) / 16 * 16 };

/* For batches of at most `most` pairs. */
net_work *net_work_new(ts_arena *a, const net_params *p, size_t most);

/* Mean of weight * cross-entropy over the batch; its gradient is in k->grad and k->grad_rows. */
double net_gradient(net_work *k, const net_params *p, const net_batch *b);

/* The first and the last step of it: tokens to what is compared (k->in), and the gradient in that
 * (k->d_in) to gradients of rows; returns the gradient in the temperature. */
void net_tokens_forward(net_work *k, const net_params *p, const net_batch *b);
float net_tokens_back(net_work *k, const net_params *p, size_t n);

/* Uniform in 0 to 65535, four of them to a draw. */
typedef struct net_dice {
    ts_random *r;
    uint64_t bits;
    unsigned left;
} net_dice;
static inline uint32_t net_throw(net_dice *d) {
    if (d->left == 0) d->bits = ts_random_next(d->r), d->left = 4;
    uint32_t v = (uint32_t)d->bits & 0xffff;
    d->bits >>= 16, d->left--;
    return v;
}

#endif
