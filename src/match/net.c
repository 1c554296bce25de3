#include <math.h>

#include "net_shape.h"

/* ---- pieces ---- */

enum { GRAM_BYTES = 80 }; /* more characters than TS_NET_PIECES grams reach */

static void add_piece(ts_net_token *t, uint64_t hash) {
    if (t->pieces < TS_NET_PIECES) t->piece[t->pieces++] = (uint32_t)hash & (TS_NET_BUCKETS - 1);
}

void ts_net_pieces(ts_str word, uint64_t extra, ts_net_token *out) {
    char buf[GRAM_BYTES + 2];
    uint32_t at[GRAM_BYTES + 3]; /* where each character begins, and the end */
    ts_str head = ts_str_to(word, GRAM_BYTES), framed = {buf, head.n + 2};
    size_t chars = 0;
    memset(out->piece, 0, sizeof out->piece);
    out->pieces = 0;
    if (extra) add_piece(out, ts_mix(extra + 1));
    add_piece(out, ts_hash_seed(word, 1));
    buf[0] = '<';
    if (head.n) memcpy(buf + 1, head.p, head.n);
    buf[head.n + 1] = '>';
    for (size_t i = 0; i < framed.n; ts_utf8_next(framed, &i)) at[chars++] = (uint32_t)i;
    at[chars] = (uint32_t)framed.n;
    for (size_t n = 3; n <= 4; n++)
        for (size_t i = 0; i + n <= chars && out->pieces < TS_NET_PIECES; i++)
            add_piece(out, ts_hash_seed((ts_str){buf + at[i], at[i + n] - at[i]}, n));
}

/* ---- vectors ---- */

/* Loops over a known number of things that do not overlap are what compilers turn into vector
 * instructions by themselves; a sum needs its order said. */

static void relu(float *v, size_t n) {
    for (size_t i = 0; i < n; i += 16)
        for (size_t k = 0; k < 16; k++) v[i + k] = v[i + k] > 0 ? v[i + k] : 0;
}

static void embed(const ts_net *net, const ts_net_token *t, float *v) {
    size_t pieces = t->pieces < TS_NET_PIECES ? t->pieces : TS_NET_PIECES;
    ts_net_sum(net->rows, t->piece, pieces, net->buckets - 1, v);
    float length = sqrtf(ts_net_dot(v, v, TS_NET_DIM)),
          unit = 1 / (length > 1e-6f ? length : 1e-6f);
    for (size_t k = 0; k < TS_NET_DIM; k++) v[k] *= unit;
}

static void fetch_rows(const ts_net *net, const ts_net_token *t) {
    for (size_t i = 0; i < TS_NET_PIECES && i < t->pieces; i++)
        __builtin_prefetch(&net->rows[t->piece[i] & (net->buckets - 1)]);
}

void ts_net_embed(const ts_net *net, const ts_net_token *t, size_t n, ts_net_side *out) {
    out->n = (uint8_t)(n < TS_NET_TOKENS ? n : TS_NET_TOKENS);
    for (size_t i = 0; i < out->n; i++) fetch_rows(net, &t[i]);
    for (size_t i = 0; i < out->n; i++) {
        embed(net, &t[i], out->v[i]);
        memcpy(out->fact[i], t[i].fact, sizeof t[i].fact);
    }
}

/* ---- alignment ---- */

/* v[i] = e to the v[i] for -80 <= v[i] <= 0, within a few units in the last place; what is beyond
 * is taken as the nearer end. */
static void decay(float *restrict v) {
    union {
        uint32_t bits[TS_NET_WIDE];
        float power[TS_NET_WIDE]; /* of two */
    } u;
    float r[TS_NET_WIDE];
    for (size_t i = 0; i < TS_NET_WIDE; i++) v[i] = v[i] > -80 ? v[i] : -80;
    for (size_t i = 0; i < TS_NET_WIDE; i++) v[i] = v[i] < 0 ? v[i] : 0;
    for (size_t i = 0; i < TS_NET_WIDE; i++) {
        int32_t n = (int32_t)(v[i] * 1.44269504f - 0.5f);
        r[i] = (v[i] - (float)n * 0.693145752f) - (float)n * 1.42860677e-6f;
        u.bits[i] = (uint32_t)(n + 127) << 23;
    }
    for (size_t i = 0; i < TS_NET_WIDE; i++) {
        float e = 1.f / 720;
        e = e * r[i] + 1.f / 120;
        e = e * r[i] + 1.f / 24;
        e = e * r[i] + 1.f / 6;
        e = e * r[i] + 0.5f;
        v[i] = ((e * r[i] + 1) * r[i] + 1) * u.power[i];
    }
}

static float greatest(const float *v, size_t n) {
    float most = v[0];
    for (size_t i = 1; i < n; i++) most = v[i] > most ? v[i] : most;
    return most;
}

static void softmax(const float *s, float most, float temp, size_t n, float *w) {
    float e[TS_NET_WIDE], ones[TS_NET_WIDE];
    for (size_t i = 0; i < TS_NET_WIDE; i++) e[i] = temp * (s[i] - most);
    decay(e);
    for (size_t i = n; i < TS_NET_WIDE; i++) e[i] = 0;
    for (size_t i = 0; i < TS_NET_WIDE; i++) ones[i] = 1;
    float share = 1 / ts_net_dot(e, ones, TS_NET_WIDE);
    for (size_t i = 0; i < TS_NET_WIDE; i++) e[i] *= share;
    memcpy(w, e, sizeof e);
}

static uint32_t first_bits(size_t n) { return n < 32 ? ((uint32_t)1 << n) - 1 : UINT32_MAX; }

/* Similarities in both directions. Columns behind the last token are 0. */
static void compare_all(const ts_net_pair *p, ts_net_alignment *al) {
    float turned[TS_NET_DIM][TS_NET_WIDE] = {{0}};
    const ts_net_side *a = p->a, *b = p->b;
    for (size_t k = 0; k < b->n; k++)
        for (size_t d = 0; d < TS_NET_DIM; d++) turned[d][k] = b->v[k][d];
    ts_net_multiply(&(ts_net_product){.c = al->s[0][0],
                                      .a = a->v[0],
                                      .b = turned[0],
                                      .ldc = TS_NET_WIDE,
                                      .rs = TS_NET_DIM,
                                      .cs = 1,
                                      .ldb = TS_NET_WIDE,
                                      .m = a->n,
                                      .k = TS_NET_DIM,
                                      .n = TS_NET_WIDE});
    memset(al->s[1], 0, b->n * sizeof al->s[1][0]);
    for (size_t i = 0; i < a->n; i++) {
        for (uint32_t bits = p->same[i] & first_bits(b->n); bits; bits &= bits - 1)
            al->s[0][i][__builtin_ctz(bits)] += 2;
        for (size_t k = 0; k < b->n; k++) al->s[1][k][i] = al->s[0][i][k];
    }
}

static float between(float x, float lo, float hi) { return x < lo ? lo : x > hi ? hi : x; }

/* Own vector and facts, and those of the counterpart: the numbers that are compared but the last.
 */
static void face(const float *restrict v, const float *restrict fact, const float *restrict met,
                 float *restrict in) {
    enum { D = TS_NET_DIM, F = TS_NET_FACTS };
    memcpy(in, v, D * sizeof(float));
    for (size_t d = 0; d < D; d++) in[D + d] = met[d] - v[d];
    for (size_t d = 0; d < D; d++) in[2 * D + d] = met[d] * v[d];
    memcpy(in + 3 * D, fact, F * sizeof(float));
    memcpy(in + 3 * D + F, met + D, F * sizeof(float));
}

/* One direction: for the tokens of `own`, their weights over the tokens of `other` and the rows of
 * numbers that are compared. `same[i]` has the bits of the same tokens among the other's. */
static void align_side(const ts_net_side *own, const ts_net_side *other, const uint32_t *same,
                       uint32_t found, float temp, float (*s)[TS_NET_WIDE], float (*w)[TS_NET_WIDE],
                       float *in) {
    enum { D = TS_NET_DIM, F = TS_NET_FACTS, WIDE = (D + F + 15) / 16 * 16 };
    float theirs[TS_NET_TOKENS][WIDE], met[TS_NET_TOKENS][WIDE], most[TS_NET_TOKENS];
    for (size_t k = 0; k < other->n; k++) {
        memcpy(theirs[k], other->v[k], D * sizeof(float));
        memcpy(theirs[k] + D, other->fact[k], F * sizeof(float));
        memset(theirs[k] + D + F, 0, (WIDE - D - F) * sizeof(float));
    }
    for (size_t i = 0; i < own->n; i++) {
        most[i] = other->n ? greatest(s[i], other->n) : -1;
        if (other->n)
            softmax(s[i], most[i], temp, other->n, w[i]);
        else
            memset(w[i], 0, sizeof w[i]);
    }
    ts_net_multiply(&(ts_net_product){.c = met[0],
                                      .a = w[0],
                                      .b = theirs[0],
                                      .ldc = WIDE,
                                      .rs = TS_NET_WIDE,
                                      .cs = 1,
                                      .ldb = WIDE,
                                      .m = own->n,
                                      .k = other->n,
                                      .n = WIDE});
    for (size_t i = 0; i < own->n; i++, in += TS_NET_IN) {
        float mean = other->n ? ts_net_dot(w[i], s[i], TS_NET_WIDE) : -1;
        face(own->v[i], own->fact[i], met[i], in);
        in[3 * D + 2 * F] = between(most[i], -1, 3);
        in[3 * D + 2 * F + 1] = same[i] != 0;
        in[3 * D + 2 * F + 2] = found >> i & 1;
        in[3 * D + 2 * F + 3] = between(mean, -1, 3);
    }
}

void ts_net_align(const ts_net_pair *p, float temp, ts_net_alignment *out, float *in) {
    uint32_t same[2][TS_NET_TOKENS] = {{0}};
    const ts_net_side *a = p->a, *b = p->b;
    for (size_t i = 0; i < a->n; i++) {
        same[0][i] = p->same[i] & first_bits(b->n);
        for (uint32_t bits = same[0][i]; bits; bits &= bits - 1)
            same[1][__builtin_ctz(bits)] |= (uint32_t)1 << i;
    }
    compare_all(p, out);
    align_side(a, b, same[0], p->found_a, temp, out->s[0], out->w[0], in);
    align_side(b, a, same[1], p->found_b, temp, out->s[1], out->w[1],
               in + (size_t)a->n * TS_NET_IN);
}

/* ---- the network ---- */

/* What became of one pair on its way. */
typedef struct passage {
    float in[2 * TS_NET_TOKENS][TS_NET_IN];
    float hidden[2 * TS_NET_TOKENS][TS_NET_HIDDEN];
    float c[2 * TS_NET_TOKENS][TS_NET_OUT]; /* comparisons: a's tokens, then b's */
    float gate[2 * TS_NET_TOKENS];          /* a third of it */
    float sum[2][TS_NET_OUT], most[2][TS_NET_OUT];
    float x[TS_NET_FEATURES]; /* clipped, means taken off */
    float joint[TS_NET_JOINT];
    float last[TS_NET_HIDDEN];
    ts_net_alignment al;
} passage;

/* out[rows][n] = ReLU(bias + in[rows][k] * weights[k][n]) */
static void layer(const float *in, size_t rows, size_t k, const float *weights, const float *bias,
                  size_t n, float *out) {
    ts_net_multiply(&(ts_net_product){.c = out,
                                      .a = in,
                                      .b = weights,
                                      .bias = bias,
                                      .ldc = n,
                                      .rs = k,
                                      .cs = 1,
                                      .ldb = n,
                                      .m = rows,
                                      .k = k,
                                      .n = n});
    relu(out, rows * n);
}

static void gather(float gate, const float *restrict c, float *restrict sum, float *restrict most) {
    for (size_t k = 0; k < TS_NET_OUT; k++) sum[k] += gate * c[k];
    for (size_t k = 0; k < TS_NET_OUT; k++) most[k] = c[k] > most[k] ? c[k] : most[k];
}

static void pool(const passage *t, size_t from, size_t n, float *sum, float *most) {
    for (size_t k = 0; k < TS_NET_OUT; k++) sum[k] = 0, most[k] = -1;
    for (size_t i = from; i < from + n; i++) gather(t->gate[i], t->c[i], sum, most);
}

/* Both orders of the sides give the same. */
static void join(const passage *t, float *joint) {
    enum { N = TS_NET_OUT };
    const float *s0 = t->sum[0], *s1 = t->sum[1], *m0 = t->most[0], *m1 = t->most[1];
    for (size_t k = 0; k < N; k++) {
        joint[k] = s0[k] + s1[k];
        joint[N + k] = s0[k] > s1[k] ? s0[k] - s1[k] : s1[k] - s0[k];
        joint[2 * N + k] = m0[k] >= m1[k] ? m0[k] : m1[k];
        joint[3 * N + k] = m0[k] >= m1[k] ? m1[k] : m0[k];
    }
}

static float pass(const ts_net *net, const ts_net_pair *p, passage *t) {
    const float *w = net->w, *mean = w + ts_net_trained(net->features);
    size_t n = (size_t)p->a->n + p->b->n;
    ts_net_align(p, w[TS_NET_TEMP], &t->al, t->in[0]);
    layer(t->in[0], n, TS_NET_IN, w + TS_NET_W1, w + TS_NET_B1, TS_NET_HIDDEN, t->hidden[0]);
    layer(t->hidden[0], n, TS_NET_HIDDEN, w + TS_NET_W2, w + TS_NET_B2, TS_NET_OUT, t->c[0]);
    for (size_t i = 0; i < n; i++)
        t->gate[i] =
            1 / (3 + 3 * expf(-ts_net_dot(t->c[i], w + TS_NET_WG, TS_NET_OUT) - w[TS_NET_BG]));
    pool(t, 0, p->a->n, t->sum[0], t->most[0]);
    pool(t, p->a->n, p->b->n, t->sum[1], t->most[1]);
    join(t, t->joint);
    for (size_t i = 0; i < net->features; i++) t->x[i] = ts_net_clip(p->x[i]) - mean[i];
    layer(t->x, 1, net->features, w + TS_NET_WF, w + TS_NET_BF, TS_NET_HIDDEN,
          t->joint + 4 * TS_NET_OUT);
    layer(t->joint, 1, TS_NET_JOINT, w + TS_NET_W3, w + TS_NET_B3, TS_NET_HIDDEN, t->last);
    return ts_net_dot(t->last, w + TS_NET_W4, TS_NET_HIDDEN) + w[TS_NET_B4];
}

float ts_net_score(const ts_net *net, const ts_net_pair *p) {
    passage t;
    return pass(net, p, &t);
}

unsigned ts_net_features(const ts_net *net) { return net->features; }

/* ---- explanation ---- */

/* Gradient of the log-odds in the joint. Returns the part of the biases behind it. */
static float joint_gradient(const ts_net *net, const passage *t, float *g) {
    const float *w = net->w;
    float rest = w[TS_NET_B4], on[TS_NET_HIDDEN];
    for (size_t k = 0; k < TS_NET_HIDDEN; k++) {
        on[k] = t->last[k] > 0 ? w[TS_NET_W4 + k] : 0;
        rest += on[k] * w[TS_NET_B3 + k];
    }
    for (size_t i = 0; i < TS_NET_JOINT; i++)
        g[i] = ts_net_dot(w + TS_NET_W3 + i * TS_NET_HIDDEN, on, TS_NET_HIDDEN);
    return rest;
}

static float explain_features(const ts_net *net, const passage *t, const float *g, float *part) {
    const float *w = net->w, *hidden = t->joint + 4 * TS_NET_OUT;
    float rest = 0, on[TS_NET_HIDDEN];
    for (size_t k = 0; k < TS_NET_HIDDEN; k++) {
        on[k] = hidden[k] > 0 ? g[k] : 0;
        rest += on[k] * w[TS_NET_BF + k];
    }
    for (size_t i = 0; i < net->features; i++)
        part[i] = t->x[i] * ts_net_dot(w + TS_NET_WF + i * TS_NET_HIDDEN, on, TS_NET_HIDDEN);
    return rest;
}

/* The parts of one side's tokens, given the gradient in its sum and its maximum. A maximum counts
 * for the first token that reaches it. Returns what no token can answer for. */
static float explain_side(const passage *t, size_t from, size_t n, const float *most,
                          const float *g_sum, const float *g_most, float *part) {
    float rest = 0;
    for (size_t i = 0; i < n; i++)
        part[i] = t->gate[from + i] * ts_net_dot(t->c[from + i], g_sum, TS_NET_OUT);
    for (size_t k = 0; k < TS_NET_OUT; k++) {
        size_t i = 0;
        while (i < n && t->c[from + i][k] < most[k]) i++;
        if (i < n)
            part[i] += g_most[k] * most[k];
        else
            rest += g_most[k] * most[k];
    }
    return rest;
}

float ts_net_explain(const ts_net *net, const ts_net_pair *p, float *token_a, float *token_b,
                     float *feature) {
    enum { N = TS_NET_OUT };
    passage t;
    float g[TS_NET_JOINT], g_sum[2][N], g_most[2][N];
    pass(net, p, &t);
    float rest = joint_gradient(net, &t, g);
    rest += explain_features(net, &t, g + 4 * N, feature);
    for (size_t k = 0; k < N; k++) {
        bool a_more = t.sum[0][k] > t.sum[1][k], a_most = t.most[0][k] >= t.most[1][k];
        g_sum[0][k] = g[k] + (a_more ? g[N + k] : -g[N + k]);
        g_sum[1][k] = g[k] - (a_more ? g[N + k] : -g[N + k]);
        g_most[!a_most][k] = g[2 * N + k];
        g_most[a_most][k] = g[3 * N + k];
    }
    rest += explain_side(&t, 0, p->a->n, t.most[0], g_sum[0], g_most[0], token_a);
    rest += explain_side(&t, p->a->n, p->b->n, t.most[1], g_sum[1], g_most[1], token_b);
    return rest;
}
