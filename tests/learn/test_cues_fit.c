/* Token evidence: the fit against plain gradient descent, on problems small enough for it. */
#include "learn/cues_fit.h"

#include <math.h>

#include "support/support.h"

enum { SLOTS = 12, ROWS = 80, CUES = 5 };

typedef struct problem {
    uint64_t at[ROWS + 1];
    ts_cue cue[ROWS * CUES];
    float y[ROWS];
    uint32_t use[ROWS];
    size_t n;
} problem;

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* Slots are far from each other, the last one included; some rows say nothing, some the same twice.
 */
static uint32_t slot_of(uint32_t k) { return k == SLOTS - 1 ? TS_CUE_SLOTS - 1 : k * 20011; }

static cue_rows rows_of(const problem *p) { return (cue_rows){p->at, p->cue, p->y}; }

static problem *draw(uint64_t seed) {
    static const float values[] = {1, 0.5f, -1, 2, 0.25f};
    problem *p = ts_new(&a, problem);
    ts_random r = ts_random_seed(seed);
    for (size_t i = 0; i < ROWS; i++) {
        size_t k = p->at[i], cues = ts_random_below(&r, CUES + 1);
        double z = -0.5;
        for (size_t c = 0; c < cues; c++) {
            uint32_t s = ts_random_below(&r, SLOTS);
            p->cue[k++] = (ts_cue){.slot = slot_of(s), .value = values[ts_random_below(&r, 5)]};
            z += (s % 3 - 1.0) * 2 * p->cue[k - 1].value;
        }
        p->at[i + 1] = k;
        p->y[i] = ts_random_unit(&r) < 1 / (1 + exp(-z));
        p->use[i] = (uint32_t)i;
    }
    p->n = ROWS;
    return p;
}

static double *fit(ts_arena *to, const problem *p, double c, uint64_t seed, double scale) {
    double *w = ts_new_n(to, double, TS_CUE_SLOTS + 1);
    ts_arena scratch = test_arena();
    cues_fit(scratch, rows_of(p), p->use, p->n, c, seed, scale, w);
    ts_arena_free(&scratch, (size_t)1 << 32);
    return w;
}

/* ---- the same by brute force ---- */

/* 1/2 |w|^2 (the bias too) + c * log-losses; v[SLOTS] is the bias. gradient[] may be NULL. */
static double objective(const problem *p, double c, const double v[SLOTS + 1], double *gradient) {
    double sum = 0;
    for (size_t k = 0; k <= SLOTS; k++) {
        sum += v[k] * v[k] / 2;
        if (gradient) gradient[k] = v[k];
    }
    for (size_t i = 0; i < p->n; i++) {
        size_t row = p->use[i];
        double x[SLOTS + 1] = {0}, z = 0, y = p->y[row] > 0.5f ? 1 : -1;
        x[SLOTS] = 1;
        for (uint64_t k = p->at[row]; k < p->at[row + 1]; k++)
            for (uint32_t s = 0; s < SLOTS; s++)
                if (slot_of(s) == p->cue[k].slot) x[s] += p->cue[k].value;
        for (size_t k = 0; k <= SLOTS; k++) z += v[k] * x[k];
        sum += c * (log1p(exp(-fabs(z))) + fmax(-y * z, 0));
        for (size_t k = 0; gradient && k <= SLOTS; k++)
            gradient[k] -= c * y * x[k] / (1 + exp(y * z));
    }
    return sum;
}

static double descend(const problem *p, double c, double v[SLOTS + 1]) {
    double g[SLOTS + 1], rate = 1 / (1 + c * ROWS * CUES), norm = 1;
    memset(v, 0, (SLOTS + 1) * sizeof *v);
    for (int step = 0; step < 200000 && norm > 1e-16; step++) {
        objective(p, c, v, g);
        norm = 0;
        for (size_t k = 0; k <= SLOTS; k++) {
            v[k] -= rate * g[k];
            norm += g[k] * g[k];
        }
    }
    assert_true(norm <= 1e-16);
    return objective(p, c, v, 0);
}

static void gather(const double *w, double v[SLOTS + 1]) {
    for (uint32_t k = 0; k < SLOTS; k++) v[k] = w[slot_of(k)];
    v[SLOTS] = w[TS_CUE_SLOTS];
}

static void test_optimum(void **state) {
    (void)state;
    static const double costs[] = {0.01, 0.3, 1};
    for (uint64_t seed = 1; seed <= 5; seed++)
        for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
            ts_arena mark = a;
            problem *p = draw(seed);
            double want[SLOTS + 1], is[SLOTS + 1], best = descend(p, costs[i], want);
            gather(fit(&a, p, costs[i], seed, 1), is);
            for (size_t k = 0; k <= SLOTS; k++)
                if (fabs(is[k] - want[k]) > 1e-3)
                    fail_msg("c %g, weight %zu: %g is not %g", costs[i], k, is[k], want[k]);
            assert_true(objective(p, costs[i], is, 0) <= best + 1e-5 * (1 + best));
            a = mark;
        }
}

/* Only the rows named count, and a row named twice counts twice. */
static void test_rows(void **state) {
    (void)state;
    ts_arena mark = a;
    problem *p = draw(6);
    double want[SLOTS + 1], is[SLOTS + 1];
    for (p->n = 0; p->n < 30; p->n++) p->use[p->n] = (uint32_t)(p->n < 20 ? p->n * 3 : 60);
    descend(p, 1, want);
    for (size_t i = 0; i < ROWS; i++) /* the others may hold what they like */
        if (i % 3 || i > 60) p->y[i] = 1 - p->y[i];
    gather(fit(&a, p, 1, 1, 1), is);
    for (size_t k = 0; k <= SLOTS; k++) assert_true(fabs(is[k] - want[k]) < 1e-3);
    a = mark;
}

/* Weights are added to what is there, times the scale; slots never seen stay as they are. */
static void test_scale(void **state) {
    (void)state;
    ts_arena mark = a;
    problem *p = draw(7);
    double *once = fit(&a, p, 0.3, 1, 1), *w = ts_new_n(&a, double, TS_CUE_SLOTS + 1);
    size_t seen = 0;
    for (size_t k = 0; k <= TS_CUE_SLOTS; k++) w[k] = 3;
    cues_fit(a, rows_of(p), p->use, p->n, 0.3, 1, 0.25, w);
    for (size_t k = 0; k <= TS_CUE_SLOTS; k++) {
        assert_true(fabs(w[k] - (3 + 0.25 * once[k])) < 1e-12);
        seen += once[k] != 0;
    }
    assert_int_equal(seen, SLOTS + 1);
    a = mark;
}

static void test_seeds(void **state) {
    (void)state;
    ts_arena mark = a;
    problem *p = draw(8);
    double *x = fit(&a, p, 0.3, 1, 1), *y = fit(&a, p, 0.3, 1, 1), *z = fit(&a, p, 0.3, 2, 1);
    assert_memory_equal(x, y, (TS_CUE_SLOTS + 1) * sizeof *x);
    for (size_t k = 0; k <= TS_CUE_SLOTS; k++) assert_true(fabs(x[k] - z[k]) < 1e-3);
    a = mark;
}

static void test_score(void **state) {
    (void)state;
    ts_arena mark = a;
    static const uint64_t at[] = {0, 3, 3};
    static const ts_cue cue[] = {{.slot = 0, .value = 2},
                                 {.slot = TS_CUE_SLOTS - 1, .value = -1},
                                 {.slot = 0, .value = 0.5f}};
    static const float y[] = {1, 0};
    double *w = ts_new_n(&a, double, TS_CUE_SLOTS + 1);
    cue_rows r = {at, cue, y};
    w[0] = 4, w[TS_CUE_SLOTS - 1] = 3, w[TS_CUE_SLOTS] = 0.25;
    assert_true(cues_score(r, w, 0) == 0.25 + 2.5 * 4 - 3);
    assert_true(cues_score(r, w, 1) == 0.25);
    a = mark;
}

/* Nothing to learn from, and rows that say nothing. */
static void test_ends(void **state) {
    (void)state;
    ts_arena mark = a;
    problem *p = draw(9);
    p->n = 0;
    double *w = fit(&a, p, 1, 1, 1);
    for (size_t k = 0; k <= TS_CUE_SLOTS; k++) assert_true(w[k] == 0);
    memset(p->at, 0, sizeof p->at);
    for (size_t i = 0; i < ROWS; i++) p->y[i] = i % 4 == 0;
    p->n = ROWS;
    w = fit(&a, p, 10, 1, 1);
    assert_true(fabs(w[TS_CUE_SLOTS] - log(1.0 / 3)) < 0.02);
    for (size_t k = 0; k < TS_CUE_SLOTS; k++) assert_true(w[k] == 0);
    a = mark;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_optimum), cmocka_unit_test(test_rows),  cmocka_unit_test(test_scale),
        cmocka_unit_test(test_seeds),   cmocka_unit_test(test_score), cmocka_unit_test(test_ends),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
