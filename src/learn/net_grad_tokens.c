/* From tokens to what the network compares, and back: dropping tokens, the vectors, the alignment.
 */
#include <math.h>

#include "net_grad.h"

enum { D = TS_NET_DIM, F = TS_NET_FACTS };

/* ---- forward ---- */

static void add_to(float *restrict sum, const float *restrict v, float times) {
    for (size_t k = 0; k < D; k++) sum[k] += times * v[k];
}

/* Unit vector of a token; returns one over the length it had. */
static float embed(const net_params *p, const ts_net_token *t, float *v) {
    memset(v, 0, D * sizeof *v);
    for (size_t i = 0; i < t->pieces; i++)
        add_to(v, p->rows + (size_t)(t->piece[i] & (p->buckets - 1)) * D, 1);
    float length = sqrtf(ts_net_dot(v, v, D)), unit = 1 / (length > 1e-6f ? length : 1e-6f);
    for (size_t k = 0; k < D; k++) v[k] *= unit;
    return unit;
}

/* The tokens of side s that stay; kept[] receives their numbers. */
static size_t keep_tokens(net_pair_work *t, int s, const net_params *p, const net_tokens *from,
                          uint32_t drop_below, net_dice *dice, uint8_t *kept) {
    ts_net_side *side = &t->side[s];
    size_t n = 0;
    for (size_t i = 0; i < from->n; i++) {
        if (drop_below && net_throw(dice) < drop_below) continue;
        t->token[s][n] = &from->v[i];
        t->unit[s][n] = embed(p, &from->v[i], side->v[n]);
        memcpy(side->fact[n], from->v[i].fact, sizeof side->fact[n]);
        kept[n++] = (uint8_t)i;
    }
    side->n = (uint8_t)n;
    return n;
}

/* Bit kept[i] of `bits` becomes bit i. */
static uint32_t keep_bits(uint32_t bits, const uint8_t *kept, size_t n) {
    uint32_t out = 0;
    for (size_t i = 0; bits && i < n; i++) out |= (bits >> kept[i] & 1) << i;
    return out;
}

static void prepare(net_pair_work *t, const net_params *p, const net_batch *b, const net_sample *s,
                    net_dice *dice) {
    uint8_t kept[2][TS_NET_TOKENS];
    uint32_t below = (uint32_t)(b->token_dropout * 65536);
    size_t na = keep_tokens(t, 0, p, &b->sides[s->a], below, dice, kept[0]);
    size_t nb = keep_tokens(t, 1, p, &b->sides[s->b], below, dice, kept[1]);
    for (size_t i = 0; i < na; i++) t->same[i] = keep_bits(s->same[kept[0][i]], kept[1], nb);
    t->pair = (ts_net_pair){.a = &t->side[0],
                            .b = &t->side[1],
                            .same = t->same,
                            .found_a = keep_bits(s->found_a, kept[0], na),
                            .found_b = keep_bits(s->found_b, kept[1], nb),
                            .x = s->x};
}

void net_tokens_forward(net_work *k, const net_params *p, const net_batch *b) {
    net_dice dice = {.r = b->random};
    k->rows = 0;
    for (size_t i = 0; i < b->n; i++) {
        net_pair_work *t = &k->pair[i];
        prepare(t, p, b, &b->samples[b->pick[i]], &dice);
        t->row = k->rows;
        ts_net_align(&t->pair, p->w[TS_NET_TEMP], &t->al, k->in + t->row * TS_NET_IN);
        k->rows += (size_t)t->side[0].n + t->side[1].n;
    }
}

/* ---- back ---- */

/* Gradients of one pair. */
typedef struct pair_grad {
    float v[2][TS_NET_TOKENS][D];           /* in the unit vectors */
    float s[2][TS_NET_TOKENS][TS_NET_WIDE]; /* in the similarities of a direction */
    float temp;
} pair_grad;

static bool inside(float x) { return x > -1 && x < 3; }

/* From the weights' gradient d_w to that of the similarities, through the softmax. */
static void softmax_back(const float *w, const float *s, const float *d_w, size_t n, float temp,
                         float *d_s, float *d_temp) {
    float mean = 0;
    for (size_t k = 0; k < n; k++) mean += w[k] * d_w[k];
    for (size_t k = 0; k < n; k++) {
        float d = w[k] * (d_w[k] - mean);
        d_s[k] += temp * d;
        *d_temp += d * s[k];
    }
}

/* Token i of side o. `in` is what was compared, `g` the gradient in it. */
static void token_back(const net_pair_work *t, int o, size_t i, float temp, const float *in,
                       const float *g, pair_grad *out) {
    const ts_net_side *other = &t->side[!o];
    const float *v = t->side[o].v[i], *w = t->al.w[o][i], *s = t->al.s[o][i];
    float *dv = out->v[o][i], *ds = out->s[o][i], dc[D], dw[TS_NET_WIDE];
    for (size_t d = 0; d < D; d++) {
        dv[d] += g[d] - g[D + d] + g[2 * D + d] * (in[D + d] + v[d]);
        dc[d] = g[D + d] + g[2 * D + d] * v[d];
    }
    if (other->n == 0) return;
    const float *scalar = g + 3 * D + 2 * F, *was = in + 3 * D + 2 * F, *df = g + 3 * D + F;
    float d_mean = inside(was[3]) ? scalar[3] : 0;
    for (size_t k = 0; k < other->n; k++) {
        dw[k] = ts_net_dot(dc, other->v[k], D) + d_mean * s[k];
        for (size_t f = 0; f < F; f++) dw[k] += df[f] * other->fact[k][f];
        add_to(out->v[!o][k], dc, w[k]);
        ds[k] = d_mean * w[k];
    }
    softmax_back(w, s, dw, other->n, temp, ds, &out->temp);
    size_t most = 0;
    for (size_t k = 1; k < other->n; k++)
        if (s[k] > s[most]) most = k;
    if (inside(was[0])) ds[most] += scalar[0];
}

/* A similarity is the same number in both directions. */
static void similarity_back(const net_pair_work *t, pair_grad *g) {
    const ts_net_side *a = &t->side[0], *b = &t->side[1];
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++) {
            float d = g->s[0][i][k] + g->s[1][k][i];
            add_to(g->v[0][i], b->v[k], d);
            add_to(g->v[1][k], a->v[i], d);
        }
}

static float *row_of(net_work *k, const net_params *p, uint32_t piece) {
    uint32_t bucket = piece & (p->buckets - 1);
    if (!k->slot[bucket]) {
        k->touched[k->touched_n] = bucket;
        memset(k->grad_rows + k->touched_n * D, 0, D * sizeof(float));
        k->slot[bucket] = (uint32_t)++k->touched_n;
    }
    return k->grad_rows + (size_t)(k->slot[bucket] - 1) * D;
}

/* Through the scaling to length 1, and to the pieces. */
static void embed_back(net_work *k, const net_params *p, const ts_net_token *t, const float *v,
                       float unit, const float *dv) {
    float d[D], along = ts_net_dot(v, dv, D);
    for (size_t i = 0; i < D; i++) d[i] = unit * (dv[i] - along * v[i]);
    for (size_t i = 0; i < t->pieces; i++) add_to(row_of(k, p, t->piece[i]), d, 1);
}

static float pair_back(net_work *k, const net_params *p, const net_pair_work *t) {
    pair_grad g;
    g.temp = 0;
    for (int o = 0; o < 2; o++) {
        memset(g.v[o], 0, t->side[o].n * sizeof g.v[o][0]);
        memset(g.s[o], 0, t->side[o].n * sizeof g.s[o][0]);
    }
    size_t row = t->row;
    for (int o = 0; o < 2; o++)
        for (size_t i = 0; i < t->side[o].n; i++, row++)
            token_back(t, o, i, p->w[TS_NET_TEMP], k->in + row * TS_NET_IN,
                       k->d_in + row * TS_NET_IN_WIDE, &g);
    similarity_back(t, &g);
    for (int o = 0; o < 2; o++)
        for (size_t i = 0; i < t->side[o].n; i++)
            embed_back(k, p, t->token[o][i], t->side[o].v[i], t->unit[o][i], g.v[o][i]);
    return g.temp;
}

float net_tokens_back(net_work *k, const net_params *p, size_t n) {
    float temp = 0;
    for (size_t i = 0; i < k->touched_n; i++) k->slot[k->touched[i]] = 0;
    k->touched_n = 0;
    for (size_t i = 0; i < n; i++) temp += pair_back(k, p, &k->pair[i]);
    return temp;
}
