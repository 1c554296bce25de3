/* The dense layers, forward and back. */
#include "net_grad.h"

#include <math.h>

enum { IN = TS_NET_IN, HIDDEN = TS_NET_HIDDEN, OUT = TS_NET_OUT, JOINT = TS_NET_JOINT };

/* The comparison is a smaller layer seen many times a pair; it bears less dropping. */
#define COMPARE_DROPOUT(p) ((p) * (2.f / 3))

net_work *net_work_new(ts_arena *a, const net_params *p, size_t most) {
    net_work *k = ts_new(a, net_work);
    size_t rows = most * 2 * TS_NET_TOKENS, pieces = rows * TS_NET_PIECES;
    size_t touched = pieces < p->buckets ? pieces : p->buckets;
    k->most = most;
    k->pair = ts_new_n(a, net_pair_work, most);
    k->in = ts_new_n(a, float, rows *IN);
    k->hidden = ts_new_n(a, float, rows *HIDDEN);
    k->c = ts_new_n(a, float, rows *OUT);
    k->gate = ts_new_n(a, float, rows);
    k->d_in = ts_new_n(a, float, rows *TS_NET_IN_WIDE);
    k->d_hidden = ts_new_n(a, float, rows *HIDDEN);
    k->d_c = ts_new_n(a, float, rows *OUT);
    k->x = ts_new_n(a, float, most *(p->features + 1));
    k->joint = ts_new_n(a, float, most *JOINT);
    k->d_joint = ts_new_n(a, float, most *JOINT);
    k->last = ts_new_n(a, float, most *HIDDEN);
    k->d_last = ts_new_n(a, float, most *HIDDEN);
    k->d_out = ts_new_n(a, float, most);
    k->turned = ts_new_n(a, float, JOINT *JOINT);
    k->grad = ts_new_n(a, float, ts_net_trained(p->features));
    k->slot = ts_new_n(a, uint32_t, p->buckets);
    k->touched = ts_new_n(a, uint32_t, touched);
    k->grad_rows = ts_new_n(a, float, touched *TS_NET_DIM);
    return k;
}

/* ---- layers ---- */

/* out[m][n] = in[m][k] * w[k][n] + bias */
static void apply(const float *in, size_t m, size_t k, const float *w, const float *bias, size_t n,
                  float *out, size_t ldc) {
    ts_net_multiply(&(ts_net_product){.c = out,
                                      .a = in,
                                      .b = w,
                                      .bias = bias,
                                      .ldc = ldc,
                                      .rs = k,
                                      .cs = 1,
                                      .ldb = n,
                                      .m = m,
                                      .k = k,
                                      .n = n});
}

/* Gradients of a layer's weights and biases from its input and the gradient d[m][n] of its output,
 * whose rows are ldd apart. */
static void weights_back(const float *in, size_t m, size_t k, const float *d, size_t ldd, size_t n,
                         float *dw, float *dbias) {
    ts_net_multiply(&(ts_net_product){
        .c = dw, .a = in, .b = d, .ldc = n, .rs = 1, .cs = k, .ldb = ldd, .m = k, .k = m, .n = n});
    memset(dbias, 0, n * sizeof *dbias);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j += 16)
            for (size_t l = 0; l < 16; l++) dbias[j + l] += d[i * ldd + j + l];
}

/* Gradient of a layer's input: d[m][n] times w[k][n] turned, in rows of `wide` >= k numbers. */
static void input_back(const float *d, size_t m, size_t n, const float *w, size_t k, size_t wide,
                       float *turned, float *out) {
    memset(turned, 0, n * wide * sizeof *turned);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < n; j++) turned[j * wide + i] = w[i * n + j];
    apply(d, m, n, turned, 0, wide, out, wide);
}

static void relu(float *v, size_t n) {
    for (size_t i = 0; i < n; i++) v[i] = v[i] > 0 ? v[i] : 0;
}

/* Each number is left out with probability p; the others make up for it. */
static void drop(float *v, size_t rows, size_t n, size_t ld, float p, ts_random *random) {
    if (p <= 0) return;
    net_dice dice = {.r = random};
    uint32_t below = (uint32_t)(p * 65536);
    float rest = 1 / (1 - p);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < n; j++) v[i * ld + j] *= net_throw(&dice) < below ? 0 : rest;
}

/* Through ReLU and dropping, which both leave 0 where nothing comes back. */
static void relu_back(const float *v, float *d, size_t rows, size_t n, size_t ld, float p) {
    float rest = p > 0 ? 1 / (1 - p) : 1;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < n; j += 16)
            for (size_t l = i * ld + j; l < i * ld + j + 16; l++) d[l] *= v[l] > 0 ? rest : 0;
}

/* ---- forward ---- */

static void pool(const net_work *k, net_pair_work *t) {
    size_t row = t->row;
    for (int s = 0; s < 2; s++) {
        float *sum = t->sum[s], *most = t->most[s];
        for (size_t j = 0; j < OUT; j++) sum[j] = 0, most[j] = -1;
        for (size_t i = 0; i < t->side[s].n; i++, row++) {
            const float *c = k->c + row * OUT;
            for (size_t j = 0; j < OUT; j++) sum[j] += k->gate[row] / 3 * c[j];
            for (size_t j = 0; j < OUT; j++)
                if (c[j] > most[j]) most[j] = c[j], t->most_at[s][j] = (uint8_t)i;
        }
    }
}

static void join(const net_pair_work *t, float *joint) {
    for (size_t j = 0; j < OUT; j++) {
        float s0 = t->sum[0][j], s1 = t->sum[1][j], m0 = t->most[0][j], m1 = t->most[1][j];
        joint[j] = s0 + s1;
        joint[OUT + j] = fabsf(s0 - s1);
        joint[2 * OUT + j] = m0 >= m1 ? m0 : m1;
        joint[3 * OUT + j] = m0 >= m1 ? m1 : m0;
    }
}

static void compare(net_work *k, const float *w, const net_batch *b) {
    size_t n = k->rows;
    apply(k->in, n, IN, w + TS_NET_W1, w + TS_NET_B1, HIDDEN, k->hidden, HIDDEN);
    relu(k->hidden, n * HIDDEN);
    drop(k->hidden, n, HIDDEN, HIDDEN, COMPARE_DROPOUT(b->dropout), b->random);
    apply(k->hidden, n, HIDDEN, w + TS_NET_W2, w + TS_NET_B2, OUT, k->c, OUT);
    relu(k->c, n * OUT);
    for (size_t i = 0; i < n; i++)
        k->gate[i] = 1 / (1 + expf(-ts_net_dot(k->c + i * OUT, w + TS_NET_WG, OUT) - w[TS_NET_BG]));
}

static void see_features(net_work *k, unsigned features, const net_batch *b) {
    for (size_t i = 0; i < b->n; i++) {
        const float *x = k->pair[i].pair.x;
        for (size_t f = 0; f < features; f++)
            k->x[i * features + f] = (ts_net_clip(x[f]) - b->mean[f]) * b->unit[f];
    }
}

static void judge(net_work *k, const net_params *p, const net_batch *b) {
    const float *w = p->w;
    float *seen = k->joint + 4 * OUT;
    for (size_t i = 0; i < b->n; i++) {
        pool(k, &k->pair[i]);
        join(&k->pair[i], k->joint + i * JOINT);
    }
    see_features(k, p->features, b);
    apply(k->x, b->n, p->features, w + TS_NET_WF, w + TS_NET_BF, HIDDEN, seen, JOINT);
    for (size_t i = 0; i < b->n; i++) relu(seen + i * JOINT, HIDDEN);
    drop(seen, b->n, HIDDEN, JOINT, b->dropout, b->random);
    apply(k->joint, b->n, JOINT, w + TS_NET_W3, w + TS_NET_B3, HIDDEN, k->last, HIDDEN);
    relu(k->last, b->n * HIDDEN);
    drop(k->last, b->n, HIDDEN, HIDDEN, b->dropout, b->random);
}

/* Loss, and its gradient in the log-odds. */
static double losses(net_work *k, const float *w, const net_batch *b) {
    double sum = 0;
    for (size_t i = 0; i < b->n; i++) {
        const net_sample *s = &b->samples[b->pick[i]];
        float z = ts_net_dot(k->last + i * HIDDEN, w + TS_NET_W4, HIDDEN) + w[TS_NET_B4];
        float share = s->weight / (float)b->n;
        sum += (double)share * ((z > 0 ? z : 0) - z * s->y + log1pf(expf(-fabsf(z))));
        k->d_out[i] = share * (1 / (1 + expf(-z)) - s->y);
    }
    return sum;
}

/* ---- back ---- */

static void judge_back(net_work *k, const net_params *p, const net_batch *b) {
    const float *w = p->w;
    float *g = k->grad, *d_seen = k->d_joint + 4 * OUT;
    memset(g + TS_NET_W4, 0, HIDDEN * sizeof *g);
    g[TS_NET_B4] = 0;
    for (size_t i = 0; i < b->n; i++) {
        g[TS_NET_B4] += k->d_out[i];
        for (size_t j = 0; j < HIDDEN; j++) {
            g[TS_NET_W4 + j] += k->d_out[i] * k->last[i * HIDDEN + j];
            k->d_last[i * HIDDEN + j] = k->d_out[i] * w[TS_NET_W4 + j];
        }
    }
    relu_back(k->last, k->d_last, b->n, HIDDEN, HIDDEN, b->dropout);
    weights_back(k->joint, b->n, JOINT, k->d_last, HIDDEN, HIDDEN, g + TS_NET_W3, g + TS_NET_B3);
    input_back(k->d_last, b->n, HIDDEN, w + TS_NET_W3, JOINT, JOINT, k->turned, k->d_joint);
    relu_back(k->joint + 4 * OUT, d_seen, b->n, HIDDEN, JOINT, b->dropout);
    weights_back(k->x, b->n, p->features, d_seen, JOINT, HIDDEN, g + TS_NET_WF, g + TS_NET_BF);
}

/* Gradients of one side's sum and maximum, from that of the joint. */
static void join_back(const net_pair_work *t, int s, const float *d, float *d_sum, float *d_most) {
    for (size_t j = 0; j < OUT; j++) {
        float more = t->sum[s][j] - t->sum[!s][j];
        bool first = t->most[0][j] >= t->most[1][j];
        d_sum[j] = d[j] + (more > 0 ? d[OUT + j] : more < 0 ? -d[OUT + j] : 0);
        d_most[j] = first == (s == 0) ? d[2 * OUT + j] : d[3 * OUT + j];
    }
}

static void pool_back(net_work *k, const net_pair_work *t, const float *d_joint, const float *wg) {
    float d_sum[OUT], d_most[OUT], *g = k->grad;
    size_t row = t->row;
    for (int s = 0; s < 2; s++) {
        size_t first = row;
        join_back(t, s, d_joint, d_sum, d_most);
        for (size_t i = 0; i < t->side[s].n; i++, row++) {
            const float *c = k->c + row * OUT;
            float gate = k->gate[row], *dc = k->d_c + row * OUT;
            float d_gate = ts_net_dot(c, d_sum, OUT) / 3 * gate * (1 - gate);
            g[TS_NET_BG] += d_gate;
            for (size_t j = 0; j < OUT; j++) g[TS_NET_WG + j] += d_gate * c[j];
            for (size_t j = 0; j < OUT; j++) dc[j] = gate / 3 * d_sum[j] + d_gate * wg[j];
        }
        for (size_t j = 0; j < OUT && t->side[s].n; j++)
            k->d_c[(first + t->most_at[s][j]) * OUT + j] += d_most[j];
    }
}

static void compare_back(net_work *k, const float *w, const net_batch *b) {
    float *g = k->grad;
    memset(g + TS_NET_WG, 0, OUT * sizeof *g);
    g[TS_NET_BG] = 0;
    for (size_t i = 0; i < b->n; i++)
        pool_back(k, &k->pair[i], k->d_joint + i * JOINT, w + TS_NET_WG);
    relu_back(k->c, k->d_c, k->rows, OUT, OUT, 0);
    weights_back(k->hidden, k->rows, HIDDEN, k->d_c, OUT, OUT, g + TS_NET_W2, g + TS_NET_B2);
    input_back(k->d_c, k->rows, OUT, w + TS_NET_W2, HIDDEN, HIDDEN, k->turned, k->d_hidden);
    relu_back(k->hidden, k->d_hidden, k->rows, HIDDEN, HIDDEN, COMPARE_DROPOUT(b->dropout));
    weights_back(k->in, k->rows, IN, k->d_hidden, HIDDEN, HIDDEN, g + TS_NET_W1, g + TS_NET_B1);
    input_back(k->d_hidden, k->rows, HIDDEN, w + TS_NET_W1, IN, TS_NET_IN_WIDE, k->turned, k->d_in);
}

double net_gradient(net_work *k, const net_params *p, const net_batch *b) {
    net_tokens_forward(k, p, b);
    compare(k, p->w, b);
    judge(k, p, b);
    double loss = losses(k, p->w, b);
    judge_back(k, p, b);
    compare_back(k, p->w, b);
    k->grad[TS_NET_TEMP] = net_tokens_back(k, p, b->n);
    return loss;
}
