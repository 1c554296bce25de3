#include "metrics.h"

#include <math.h>

enum { BINS = 10 };

/* ---- order ---- */

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static float clean(float p) { return p > 0 ? (p < 1 ? p : 1) : 0; }

/* The bits of floats that are not negative are ordered as the floats are. */
static uint32_t bits_of(float p) {
    uint32_t u;
    memcpy(&u, &p, sizeof u);
    return u;
}

/* A copy of v, the most probable first, ties in the order of v. */
static judged *ranked(ts_arena *a, const judged *v, size_t n) {
    judged *out = ts_new_raw(a, judged, n);
    ts_arena scratch = *a;
    uint64_t *key = ts_new_raw(&scratch, uint64_t, n);
    for (size_t i = 0; i < n; i++)
        key[i] = (uint64_t)~bits_of(clean(v[i].probability)) << 32 | (uint32_t)i;
    if (n) qsort(key, n, sizeof *key, by_value);
    for (size_t i = 0; i < n; i++) {
        out[i] = v[(uint32_t)key[i]];
        out[i].probability = clean(out[i].probability);
        out[i].label = out[i].label == 1;
    }
    return out;
}

/* Numbers the groups 0, 1, … in v[]; returns how many there are. */
static uint32_t number_groups(ts_arena scratch, judged *v, size_t n) {
    uint64_t *key = ts_new_raw(&scratch, uint64_t, n);
    uint32_t groups = 0;
    for (size_t i = 0; i < n; i++) key[i] = (uint64_t)v[i].group << 32 | (uint32_t)i;
    if (n) qsort(key, n, sizeof *key, by_value);
    for (size_t i = 0; i < n; i++) {
        groups += i == 0 || key[i] >> 32 != key[i - 1] >> 32;
        v[(uint32_t)key[i]].group = groups - 1;
    }
    return groups;
}

/* ---- one sample ---- */

/* Ranked pairs, each as many times as its group was drawn; times == NULL: once. */
typedef struct sample {
    const judged *v;
    size_t n;
    const uint32_t *times;
} sample;

static uint64_t times_of(const sample *s, size_t i) {
    return s->times ? s->times[s->v[i].group] : 1;
}

/* What stands at or above a probability. */
typedef struct taken {
    size_t i; /* of the first pair below it */
    uint64_t pairs, matches;
} taken;

/* Takes all pairs of the next lower probability, which goes to *p. False when none is left. */
static bool take(const sample *s, taken *t, float *p) {
    if (t->i == s->n) return false;
    *p = s->v[t->i].probability;
    for (; t->i < s->n && s->v[t->i].probability == *p; t->i++) {
        uint64_t k = times_of(s, t->i);
        t->pairs += k;
        t->matches += k * s->v[t->i].label;
    }
    return true;
}

static double ratio(double a, double b) { return b > 0 ? a / b : (double)NAN; }

static double f1_of(const taken *t, uint64_t matches) {
    return ratio(2 * (double)t->matches, (double)(t->pairs + matches));
}

static void decide(const sample *s, double threshold, metrics *m) {
    taken t = {0}, next = {0};
    for (float p; take(s, &next, &p) && (double)p >= threshold;) t = next;
    m->precision = ratio((double)t.matches, (double)t.pairs);
    m->recall = ratio((double)t.matches, (double)m->matches);
    m->f1 = f1_of(&t, m->matches);
}

static void rank(const sample *s, metrics *m) {
    m->average_precision = m->best_f1 = m->best_threshold = (double)NAN;
    m->recall_at_precision = 0;
    if (!m->matches) return;
    taken t = {0};
    double area = 0, all = (double)m->matches, best = -1;
    uint64_t before = 0;
    for (float p; take(s, &t, &p); before = t.matches) {
        if (!t.pairs) continue;
        area += (double)(t.matches - before) / all * ((double)t.matches / (double)t.pairs);
        if (t.matches * 100 >= t.pairs * 95) m->recall_at_precision = (double)t.matches / all;
        double f1 = f1_of(&t, m->matches);
        if (f1 <= best) continue;
        best = f1;
        float below = t.i < s->n ? s->v[t.i].probability : 0;
        m->best_threshold = ((double)p + (double)below) / 2;
    }
    m->average_precision = area;
    m->best_f1 = best;
}

static void calibrate(const sample *s, metrics *m) {
    double off[BINS] = {0}, squares = 0, sum = 0; /* off: probabilities less labels */
    for (size_t i = 0; i < s->n; i++) {
        double k = (double)times_of(s, i), d = (double)s->v[i].probability - s->v[i].label;
        int bin = (int)(s->v[i].probability * BINS);
        off[bin < BINS ? bin : BINS - 1] += k * d;
        squares += k * d * d;
    }
    for (int i = 0; i < BINS; i++) sum += fabs(off[i]);
    m->ece = ratio(sum, (double)m->pairs);
    m->brier = ratio(squares, (double)m->pairs);
}

static metrics measure(const sample *s, double threshold) {
    metrics m = {0};
    for (size_t i = 0; i < s->n; i++) {
        uint64_t k = times_of(s, i);
        m.pairs += k;
        m.matches += k * s->v[i].label;
    }
    decide(s, threshold, &m);
    rank(s, &m);
    calibrate(s, &m);
    return m;
}

metrics metrics_of(ts_arena scratch, const judged *v, size_t n, double threshold) {
    sample s = {ranked(&scratch, v, n), n, 0};
    return measure(&s, threshold);
}

double metrics_best_threshold(ts_arena scratch, const judged *v, size_t n) {
    return metrics_of(scratch, v, n, 0.5).best_threshold;
}

/* ---- many samples ---- */

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value below which the share q of the n sorted ones lies, between neighbours in proportion. */
static double percentile(const double *v, size_t n, double q) {
    double at = q * (double)(n - 1);
    size_t i = (size_t)at;
    return i + 1 < n ? v[i] + (at - (double)i) * (v[i + 1] - v[i]) : v[n - 1];
}

/* Sorts v. */
static interval middle(double *v, size_t n) {
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(v[i])) v[k++] = v[i];
    if (!k) return (interval){(double)NAN, (double)NAN};
    qsort(v, k, sizeof *v, by_size);
    return (interval){percentile(v, k, 0.025), percentile(v, k, 0.975)};
}

static void draw(ts_random *r, uint32_t *times, uint32_t groups) {
    memset(times, 0, groups * sizeof *times);
    for (uint32_t i = 0; i < groups; i++) times[ts_random_below(r, groups)]++;
}

metric_intervals metrics_bootstrap(ts_arena scratch, const judged *v, size_t n, double threshold,
                                   unsigned rounds, uint64_t seed) {
    enum { FIGURES = 6 };
    judged *order = ranked(&scratch, v, n);
    uint32_t groups = number_groups(scratch, order, n);
    uint32_t *times = ts_new_n(&scratch, uint32_t, groups);
    double *figure[FIGURES];
    for (int i = 0; i < FIGURES; i++) figure[i] = ts_new_n(&scratch, double, rounds);
    ts_random r = ts_random_seed(seed);
    sample s = {order, n, times};
    for (unsigned i = 0; i < rounds; i++) {
        draw(&r, times, groups);
        metrics m = measure(&s, threshold);
        const double of[FIGURES] = {m.precision,         m.recall, m.f1,
                                    m.average_precision, m.ece,    m.recall_at_precision};
        for (int k = 0; k < FIGURES; k++) figure[k][i] = of[k];
    }
    return (metric_intervals){.precision = middle(figure[0], rounds),
                              .recall = middle(figure[1], rounds),
                              .f1 = middle(figure[2], rounds),
                              .average_precision = middle(figure[3], rounds),
                              .ece = middle(figure[4], rounds),
                              .recall_at_precision = middle(figure[5], rounds)};
}
