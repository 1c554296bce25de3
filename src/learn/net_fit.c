#include "net_fit.h"

#include <math.h>

#include "metrics.h"
#include "net_grad.h"

enum { D = TS_NET_DIM, WARM_UP = 100 };

/* Adam (Kingma and Ba, 2015). */
#define ADAM_MEAN 0.9f
#define ADAM_SQUARE 0.999f
#define ADAM_FLOOR 1e-8f

typedef struct fit {
    net_fit_options o;
    const net_tokens *sides;
    const net_sample *train, *valid;
    size_t n, valid_n;
    net_params p;
    net_work *work;
    ts_random random;
    float mean[TS_NET_FEATURES], unit[TS_NET_FEATURES]; /* of the features */
    float *m, *v;                                       /* Adam: dense */
    float *row_m, *row_v; /* Adam: rows; they move only when touched */
    uint32_t *order;
    size_t step, steps; /* done; of an epoch */
    ts_net now;         /* as it would be written */
    float *now_w;
    ts_net_row *now_rows;
    ts_net_side *side_a, *side_b;
} fit;

/* ---- beginning ---- */

static void standardise(fit *f) {
    for (size_t k = 0; k < f->o.features; k++) {
        double sum = 0, squares = 0, n = (double)f->n;
        for (size_t i = 0; i < f->n; i++) sum += (double)ts_net_clip(f->train[i].x[k]);
        for (size_t i = 0; i < f->n; i++) {
            double d = (double)ts_net_clip(f->train[i].x[k]) - sum / n;
            squares += d * d;
        }
        double deviation = sqrt(squares / n);
        f->mean[k] = (float)(sum / n);
        /* what never varied in training says nothing when it does later */
        f->unit[k] = deviation < 1e-6 ? 0 : (float)(1 / (deviation > 1e-3 ? deviation : 1e-3));
    }
}

static void spread(fit *f, size_t from, size_t n, size_t inputs) {
    double most = 1 / sqrt((double)(inputs ? inputs : 1));
    for (size_t i = 0; i < n; i++)
        f->p.w[from + i] = (float)((2 * ts_random_unit(&f->random) - 1) * most);
}

static void start_weights(fit *f) {
    enum { I = TS_NET_IN, H = TS_NET_HIDDEN, O = TS_NET_OUT, J = TS_NET_JOINT };
    spread(f, TS_NET_W1, (I + 1) * H, I); /* the biases stand behind the weights */
    spread(f, TS_NET_W2, (H + 1) * O, H);
    spread(f, TS_NET_WG, O, O);
    spread(f, TS_NET_W3, (J + 1) * H, J);
    spread(f, TS_NET_W4, H, H);
    spread(f, TS_NET_WF, f->o.features * H, f->o.features);
    spread(f, TS_NET_BF, H, f->o.features);
    spread(f, TS_NET_BG, 1, O);
    spread(f, TS_NET_B4, 1, H);
    f->p.w[TS_NET_TEMP] = 8;
    float unit = 0.26f / 32768; /* standard deviation 0.15 */
    net_dice dice = {.r = &f->random};
    for (size_t i = 0; i < (size_t)f->p.buckets * D; i++)
        f->p.rows[i] = unit * ((float)net_throw(&dice) - 32767.5f);
}

static void start(fit *f, ts_arena *a, ts_arena *scratch) {
    size_t dense = ts_net_trained(f->o.features), rows = TS_NET_BUCKETS;
    f->random = ts_random_seed(f->o.seed);
    f->p = (net_params){.features = f->o.features,
                        .buckets = TS_NET_BUCKETS,
                        .w = ts_new_n(scratch, float, dense),
                        .rows = ts_new_n(scratch, float, rows *D)};
    f->m = ts_new_n(scratch, float, dense);
    f->v = ts_new_n(scratch, float, dense);
    f->row_m = ts_new_n(scratch, float, rows *D);
    f->row_v = ts_new_n(scratch, float, rows *D);
    f->work = net_work_new(scratch, &f->p, f->o.batch);
    f->order = ts_new_n(scratch, uint32_t, f->n);
    f->side_a = ts_new(scratch, ts_net_side);
    f->side_b = ts_new(scratch, ts_net_side);
    f->now_w = ts_alloc(a, sizeof(float), 64, ts_net_dense(f->o.features));
    f->now_rows = ts_new_n(a, ts_net_row, rows);
    f->now = (ts_net){
        .features = f->o.features, .buckets = TS_NET_BUCKETS, .rows = f->now_rows, .w = f->now_w};
    for (size_t i = 0; i < f->n; i++) f->order[i] = (uint32_t)i;
    f->steps = (f->n + f->o.batch - 1) / f->o.batch;
    standardise(f);
    start_weights(f);
}

/* ---- steps ---- */

typedef struct pace {
    float rate, mean, square; /* rate; what m and v are multiplied by while they are young */
    float keep;               /* what the decay leaves of a weight */
} pace;

static pace pace_at(const fit *f, size_t step) {
    double left = 1 - (double)step / (double)(f->steps * f->o.epochs);
    double warm = ((double)step + 1) / WARM_UP, t = (double)step + 1;
    return (pace){.rate = (float)((double)f->o.rate * left * (warm < 1 ? warm : 1)),
                  .mean = (float)(1 / (1 - pow((double)ADAM_MEAN, t))),
                  .square = (float)(1 / (1 - pow((double)ADAM_SQUARE, t))),
                  .keep = 1};
}

static void adam(float *restrict w, const float *restrict g, float *restrict m, float *restrict v,
                 size_t n, pace c) {
    for (size_t i = 0; i < n; i++) {
        m[i] = ADAM_MEAN * m[i] + (1 - ADAM_MEAN) * g[i];
        v[i] = ADAM_SQUARE * v[i] + (1 - ADAM_SQUARE) * g[i] * g[i];
        w[i] = w[i] * c.keep - c.rate * c.mean * m[i] / (sqrtf(v[i] * c.square) + ADAM_FLOOR);
    }
}

static void adam_dense(fit *f, size_t from, size_t to, bool decays, pace c) {
    if (decays) c.keep = 1 - c.rate * f->o.decay;
    adam(f->p.w + from, f->work->grad + from, f->m + from, f->v + from, to - from, c);
}

static void move(fit *f) {
    const net_work *k = f->work;
    pace c = pace_at(f, f->step);
    adam_dense(f, TS_NET_W1, TS_NET_B1, true, c);
    adam_dense(f, TS_NET_B1, TS_NET_W2, false, c);
    adam_dense(f, TS_NET_W2, TS_NET_B2, true, c);
    adam_dense(f, TS_NET_B2, TS_NET_WG, false, c);
    adam_dense(f, TS_NET_WG, TS_NET_B3, true, c);
    adam_dense(f, TS_NET_B3, TS_NET_W4, false, c);
    adam_dense(f, TS_NET_W4, TS_NET_BF, true, c);
    adam_dense(f, TS_NET_BF, TS_NET_WF, false, c);
    adam_dense(f, TS_NET_WF, ts_net_trained(f->o.features), true, c);
    float *temp = &f->p.w[TS_NET_TEMP];
    *temp = *temp < 0.1f ? 0.1f : *temp > TS_NET_TEMP_MAX ? TS_NET_TEMP_MAX : *temp;
    for (size_t i = 0; i < k->touched_n; i++) {
        size_t at = (size_t)k->touched[i] * D;
        adam(f->p.rows + at, k->grad_rows + i * D, f->row_m + at, f->row_v + at, D, c);
    }
    f->step++;
}

static void shuffle(fit *f) {
    for (size_t i = f->n; i > 1; i--) {
        uint32_t j = ts_random_below(&f->random, (uint32_t)i), other = f->order[j];
        f->order[j] = f->order[i - 1];
        f->order[i - 1] = other;
    }
}

/* Once through the pairs, in batches of nearly the same size. Returns the mean loss. */
static double epoch(fit *f) {
    double loss = 0;
    shuffle(f);
    for (size_t s = 0; s < f->steps; s++) {
        size_t from = f->n * s / f->steps, to = f->n * (s + 1) / f->steps;
        net_batch b = {.sides = f->sides,
                       .samples = f->train,
                       .pick = f->order + from,
                       .n = to - from,
                       .mean = f->mean,
                       .unit = f->unit,
                       .token_dropout = f->o.token_dropout,
                       .dropout = f->o.dropout,
                       .random = &f->random};
        loss += net_gradient(f->work, &f->p, &b) * (double)b.n;
        move(f);
    }
    return loss / (double)f->n;
}

/* ---- what is kept ---- */

static ts_net_row rounded(const float *v) {
    ts_net_row row = {0};
    float most = 0;
    for (size_t k = 0; k < D; k++) most = fabsf(v[k]) > most ? fabsf(v[k]) : most;
    row.scale = most / 127;
    if (row.scale > 0)
        for (size_t k = 0; k < D; k++) row.v[k] = (int8_t)lrintf(v[k] / row.scale);
    return row;
}

/* The network as it would be written: vectors rounded, the features' units in their weights. */
static void settle(fit *f) {
    size_t trained = ts_net_trained(f->o.features);
    memcpy(f->now_w, f->p.w, trained * sizeof(float));
    for (size_t k = 0; k < f->o.features; k++) {
        for (size_t j = 0; j < TS_NET_HIDDEN; j++)
            f->now_w[TS_NET_WF + k * TS_NET_HIDDEN + j] *= f->unit[k];
        f->now_w[trained + k] = f->mean[k];
    }
    for (size_t i = 0; i < f->p.buckets; i++) f->now_rows[i] = rounded(f->p.rows + i * D);
}

static float score(fit *f, const net_sample *s) {
    const net_tokens *a = &f->sides[s->a], *b = &f->sides[s->b];
    ts_net_embed(&f->now, a->v, a->n, f->side_a);
    ts_net_embed(&f->now, b->v, b->n, f->side_b);
    return ts_net_score(&f->now, &(ts_net_pair){.a = f->side_a,
                                                .b = f->side_b,
                                                .same = s->same,
                                                .found_a = s->found_a,
                                                .found_b = s->found_b,
                                                .x = s->x});
}

static double validate(fit *f, ts_arena scratch) {
    judged *v = ts_new_n(&scratch, judged, f->valid_n);
    for (size_t i = 0; i < f->valid_n; i++) {
        float z = score(f, &f->valid[i]);
        /* orders like the probability, but does not run into 1 as soon */
        v[i] = (judged){.probability = 0.5f + 0.5f * z / (1 + fabsf(z)),
                        .label = f->valid[i].y > 0.5f};
    }
    return metrics_of(scratch, v, f->valid_n, 0.5).average_precision;
}

static bool sensible(const fit *f, ts_error *e) {
    const net_fit_options *o = &f->o;
    if (f->n == 0 || f->n > UINT32_MAX)
        return ts_fail(e, TS_E_INPUT, "there are %zu pairs to train the network on; give some",
                       f->n);
    if (o->features > TS_NET_FEATURES || o->epochs == 0 || o->batch == 0 || o->batch > 4096)
        return ts_fail(e, TS_E_USAGE,
                       "the network takes at most %d features, at least one epoch, and batches of "
                       "1 to 4096 pairs",
                       TS_NET_FEATURES);
    if (!(o->dropout >= 0 && o->dropout < 1 && o->token_dropout >= 0 && o->token_dropout < 1))
        return ts_fail(e, TS_E_USAGE, "a share that is left out is at least 0 and less than 1");
    return true;
}

/* Trains; the best weights so far are copied to best_w and best_rows. */
static bool train(fit *f, ts_arena scratch, ts_net_row *best_rows, float *best_w,
                  unsigned *best_epoch, ts_error *e) {
    double best = -1;
    for (unsigned i = 0; i < f->o.epochs; i++) {
        double loss = epoch(f), precision = NAN;
        if (!isfinite(loss))
            return ts_fail(e, TS_E_INPUT,
                           "training the network went astray in epoch %u; lower the learning rate",
                           i + 1);
        if (f->valid_n || i + 1 == f->o.epochs) settle(f);
        if (f->valid_n) precision = validate(f, scratch);
        if (f->o.progress) f->o.progress(f->o.ctx, i, loss, precision);
        if (f->valid_n && precision <= best) continue;
        if (f->valid_n) {
            memcpy(best_rows, f->now_rows, f->p.buckets * sizeof *best_rows);
            memcpy(best_w, f->now_w, ts_net_dense(f->o.features) * sizeof *best_w);
        }
        best = precision;
        *best_epoch = i;
    }
    return true;
}

bool net_fit(ts_arena *a, ts_arena scratch, const net_tokens *sides, const net_sample *train_v,
             size_t n, const net_sample *valid, size_t valid_n, net_fit_options o,
             const ts_net **out, unsigned *best_epoch, ts_error *e) {
    fit f = {.o = o, .sides = sides, .train = train_v, .n = n, .valid = valid, .valid_n = valid_n};
    unsigned best = 0;
    if (!sensible(&f, e)) return false;
    start(&f, a, &scratch);
    size_t dense = ts_net_dense(o.features);
    ts_net_row *rows = ts_new_n(&scratch, ts_net_row, valid_n ? f.p.buckets : 0);
    float *w = ts_new_n(&scratch, float, valid_n ? dense : 0);
    if (!train(&f, scratch, rows, w, &best, e)) return false;
    if (valid_n) {
        memcpy(f.now_rows, rows, f.p.buckets * sizeof *rows);
        memcpy(f.now_w, w, dense * sizeof *w);
    }
    if (best_epoch) *best_epoch = best;
    ts_net *net = ts_new(a, ts_net);
    *net = f.now;
    *out = net;
    return true;
}
