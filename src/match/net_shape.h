/* net_shape.h - what the token-alignment network is made of. For match/net*.c, which run it, and
 * learn/net_*.c, which train it.
 *
 * The numbers that compare a token with its counterpart, TS_NET_IN of them:
 *
 *   own vector | counterpart - own | counterpart * own | own facts | counterpart's facts |
 *   greatest similarity | same word there | found in the other text | mean similarity
 *
 * dense to TS_NET_HIDDEN, ReLU, dense to TS_NET_OUT, ReLU: the comparison c. A gate is the sigmoid
 * of a dense layer on c. A side is the sum of gate * c / 3 and the maximum of c over its tokens (-1
 * when it has none). Both sides together are
 *
 *   sum a + sum b | |sum a - sum b| | greater maximum | lesser maximum | features
 *
 * where the features are clipped, their means taken off, and led through one dense layer with ReLU.
 * TS_NET_JOINT numbers, dense to TS_NET_HIDDEN, ReLU, dense to the log-odds.
 */
#ifndef TS_MATCH_NET_SHAPE_H
#define TS_MATCH_NET_SHAPE_H

#include "net.h"

enum {
    TS_NET_IN = 3 * TS_NET_DIM + 2 * TS_NET_FACTS + 4,
    TS_NET_HIDDEN = 64,
    TS_NET_OUT = 48,
    TS_NET_JOINT = 4 * TS_NET_OUT + TS_NET_HIDDEN,
    TS_NET_WIDE = 32 /* row of an alignment: TS_NET_TOKENS, made a multiple of 16 */
};

/* Where the dense weights stand in the one array of them. A layer is [inputs][outputs]. */
enum {
    TS_NET_W1 = 0, /* comparison */
    TS_NET_B1 = TS_NET_W1 + TS_NET_IN * TS_NET_HIDDEN,
    TS_NET_W2 = TS_NET_B1 + TS_NET_HIDDEN,
    TS_NET_B2 = TS_NET_W2 + TS_NET_HIDDEN * TS_NET_OUT,
    TS_NET_WG = TS_NET_B2 + TS_NET_OUT, /* gate */
    TS_NET_W3 = TS_NET_WG + TS_NET_OUT, /* the joint */
    TS_NET_B3 = TS_NET_W3 + TS_NET_JOINT * TS_NET_HIDDEN,
    TS_NET_W4 = TS_NET_B3 + TS_NET_HIDDEN,
    TS_NET_BF = TS_NET_W4 + TS_NET_HIDDEN, /* features */
    TS_NET_TEMP = TS_NET_BF + TS_NET_HIDDEN,
    TS_NET_BG,
    TS_NET_B4,
    TS_NET_WF = TS_NET_TEMP + 16 /* [features][TS_NET_HIDDEN]; then the features' means */
};

/* The last of the trained ones is in front of the means. */
static inline size_t ts_net_trained(unsigned features) {
    return TS_NET_WF + (size_t)features * TS_NET_HIDDEN;
}
static inline size_t ts_net_dense(unsigned features) {
    return ts_net_trained(features) + (features + 15u) / 16 * 16;
}

typedef struct ts_net_row {
    float scale;
    int8_t v[TS_NET_DIM];
} ts_net_row;

struct ts_net {
    uint32_t features;
    uint32_t buckets; /* a power of two, at most TS_NET_BUCKETS */
    const ts_net_row *rows;
    const float *w; /* ts_net_dense(features) */
};

/* A network that is written must keep within these, for then no score overflows. */
#define TS_NET_WEIGHT_MAX 1e5f
#define TS_NET_TEMP_MAX 100.f
#define TS_NET_SCALE_MAX 1e3f

/* A feature as the network sees it, before the mean is taken off. */
#define TS_NET_CLIP 50.f
static inline float ts_net_clip(float x) {
    return x > TS_NET_CLIP ? TS_NET_CLIP : x >= -TS_NET_CLIP ? x : -TS_NET_CLIP;
}

/* Which token answers which; [0]: rows are a's tokens, columns b's; [1]: the other way round. */
typedef struct ts_net_alignment {
    float s[2][TS_NET_TOKENS]
           [TS_NET_WIDE]; /* similarity: product of the vectors, 2 more for same */
    float w[2][TS_NET_TOKENS][TS_NET_WIDE]; /* softmax of temp * s over a row; 0 behind its end */
} ts_net_alignment;

/* Aligns the sides and writes what is compared: TS_NET_IN numbers for each token of a, then of b.
 */
void ts_net_align(const ts_net_pair *p, float temp, ts_net_alignment *out, float *in);

/* Sum of a[i] * b[i], in the same order everywhere; n is a multiple of 16. */
static inline float ts_net_dot(const float *a, const float *b, size_t n) {
    typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
    four s0 = {0}, s1 = s0, s2 = s0, s3 = s0;
    for (; n; n -= 16, a += 16, b += 16) {
        const four *p = (const four *)(const void *)a, *q = (const four *)(const void *)b;
        s0 += p[0] * q[0], s1 += p[1] * q[1], s2 += p[2] * q[2], s3 += p[3] * q[3];
    }
    s0 = (s0 + s1) + (s2 + s3);
    return (s0[0] + s0[1]) + (s0[2] + s0[3]);
}

/* c[m][n] = bias[n] + a[m][k] * b[k][n]. Element i, j of `a` is a[i * rs + j * cs], so that rs = 1
 * reads a matrix turned. n is a multiple of 16; bias may be NULL. Rows of c and b are ldc and ldb
 * apart. */
typedef struct ts_net_product {
    float *c;
    const float *a, *b, *bias;
    size_t ldc, rs, cs, ldb, m, k, n;
} ts_net_product;
void ts_net_multiply(const ts_net_product *q);
/* v[TS_NET_DIM] = the sum of the rows piece[0 … n) & mask. */
void ts_net_sum(const ts_net_row *rows, const uint32_t *piece, size_t n, uint32_t mask, float *v);

#endif
