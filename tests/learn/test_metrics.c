/* Figures computed by hand, edges, and bootstrap intervals. */
#include "support/support.h"

#include <math.h>

#include "learn/metrics.h"

#define assert_near(x, y) assert_true(fabs((x) - (y)) < 1e-6)

static metrics of(const judged *v, size_t n, double threshold) {
    ts_arena a = ts_arena_new(64 << 20);
    metrics m = metrics_of(a, v, n, threshold);
    ts_arena_free(&a, 64 << 20);
    return m;
}

/* Ranked: 0.9 match, 0.8 none, 0.7 match, 0.6 none, 0.3 match, 0.1 none. */
static const judged six[] = {{0.3f, 1, 4}, {0.9f, 1, 0}, {0.6f, 0, 3},
                             {0.8f, 0, 1}, {0.1f, 0, 5}, {0.7f, 1, 2}};

static void test_by_hand(void **state) {
    (void)state;
    metrics m = of(six, 6, 0.65);
    assert_int_equal(m.pairs, 6);
    assert_int_equal(m.matches, 3);
    assert_near(m.precision, 2 / 3.0);
    assert_near(m.recall, 2 / 3.0);
    assert_near(m.f1, 2 / 3.0);
    assert_near(m.average_precision, (1 + 2 / 3.0 + 3 / 5.0) / 3);
    assert_near(m.brier, (0.01 + 0.64 + 0.09 + 0.36 + 0.49 + 0.01) / 6);
    assert_near(m.ece, (0.1 + 0.8 + 0.3 + 0.6 + 0.7 + 0.1) / 6); /* each in a bin of its own */
    assert_near(m.recall_at_precision, 1 / 3.0);
    assert_near(m.best_f1, 2 * 3 / 8.0); /* the first five */
    assert_near(m.best_threshold, 0.2);
    metrics best = of(six, 6, m.best_threshold);
    assert_near(best.f1, m.best_f1);
}

static void test_threshold(void **state) {
    (void)state;
    static const judged two[] = {{0.5f, 1, 0}, {0.25f, 0, 1}};
    metrics m = of(two, 2, 0.5); /* at the threshold is a match */
    assert_near(m.precision, 1);
    assert_near(m.recall, 1);
    m = of(two, 2, 0.5000001);
    assert_true(isnan(m.precision)); /* nothing was called a match */
    assert_true(m.recall == 0);
    assert_true(m.f1 == 0);
    m = of(two, 2, 0);
    assert_near(m.precision, 0.5);
    assert_near(m.best_threshold, 0.375);
    ts_arena a = test_arena();
    assert_near(metrics_best_threshold(a, two, 2), 0.375);
}

/* Of several thresholds with the same F1 the highest; below the lowest probability comes 0. */
static void test_best_threshold(void **state) {
    (void)state;
    static const judged even[] = {{0.8f, 1, 0}, {0.6f, 0, 0}, {0.5f, 0, 0}, {0.4f, 1, 0}};
    metrics m = of(even, 4, 0.5); /* 2/3 after the first and after the fourth */
    assert_near(m.best_f1, 2 / 3.0);
    assert_near(m.best_threshold, 0.7);
    static const judged all[] = {{0.5f, 1, 0}, {0.4f, 1, 1}};
    m = of(all, 2, 0.5);
    assert_near(m.best_f1, 1);
    assert_near(m.best_threshold, 0.2);
}

static void test_ties(void **state) {
    (void)state;
    static const judged match_first[] = {{0.5f, 1, 0}, {0.5f, 0, 0}, {0.5f, 0, 0}, {0.5f, 0, 0}};
    static const judged match_last[] = {{0.5f, 0, 0}, {0.5f, 0, 0}, {0.5f, 0, 0}, {0.5f, 1, 0}};
    metrics m = of(match_first, 4, 0.5), k = of(match_last, 4, 0.5);
    assert_near(m.average_precision, 0.25); /* one step, not the order of the list */
    assert_near(k.average_precision, 0.25);
    assert_near(m.ece, 0.25);
    assert_near(m.brier, 0.25);
    assert_true(m.recall_at_precision == 0);
    assert_near(m.best_f1, 0.4);
    assert_near(m.best_threshold, 0.25);
}

static void test_one_sided(void **state) {
    (void)state;
    static const judged none[] = {{0.5f, 0, 0}, {0.25f, 0, 0}};
    metrics m = of(none, 2, 0.3);
    assert_int_equal(m.matches, 0);
    assert_true(m.precision == 0);
    assert_true(isnan(m.recall));
    assert_true(m.f1 == 0); /* 0 of 1: the wrong call is a denominator */
    assert_true(isnan(m.average_precision));
    assert_true(isnan(m.best_f1) && isnan(m.best_threshold));
    assert_true(m.recall_at_precision == 0);
    assert_near(m.ece, 0.375);
    assert_true(isnan(of(none, 2, 0.9).f1)); /* nothing to find and nothing called */
    static const judged all[] = {{0.75f, 1, 0}, {0.25f, 1, 0}};
    m = of(all, 2, 0.5);
    assert_near(m.precision, 1);
    assert_near(m.recall, 0.5);
    assert_near(m.average_precision, 1);
    assert_near(m.recall_at_precision, 1);
}

static void test_nothing(void **state) {
    (void)state;
    metrics m = of(0, 0, 0.5);
    assert_int_equal(m.pairs, 0);
    assert_true(isnan(m.precision) && isnan(m.recall) && isnan(m.f1));
    assert_true(isnan(m.average_precision) && isnan(m.ece) && isnan(m.brier));
    assert_true(m.recall_at_precision == 0);
    ts_arena a = test_arena();
    assert_true(isnan(metrics_best_threshold(a, 0, 0)));
    metric_intervals i = metrics_bootstrap(a, 0, 0, 0.5, 20, 1);
    assert_true(isnan(i.f1.low) && isnan(i.f1.high) && isnan(i.ece.low));
    i = metrics_bootstrap(a, six, 6, 0.5, 0, 1);
    assert_true(isnan(i.precision.low) && isnan(i.recall_at_precision.high));
}

/* Bins are [0, 0.1) … [0.9, 1]; what shares a bin is averaged. */
static void test_bins(void **state) {
    (void)state;
    static const judged v[] = {{1, 1, 0}, {0.9f, 0, 0}, {0, 0, 0}, {0.3f, 0, 0}, {0.25f, 1, 0}};
    assert_near(of(v, 5, 0.5).ece, (0.9 + 0.3 + 0.75) / 5);
    static const judged shared[] = {{0.75f, 1, 0}, {0.75f, 0, 0}, {0.7f, 1, 0}, {0.72f, 1, 0}};
    assert_near(of(shared, 4, 0.5).ece, (3 - 2.92) / 4);
}

static void test_odd_probabilities(void **state) {
    (void)state;
    const judged odd[] = {{NAN, 1, 0}, {2, 1, 0}, {-1, 0, 0}, {-0.0f, 0, 0}, {INFINITY, 0, 0}};
    static const judged plain[] = {{0, 1, 0}, {1, 1, 0}, {0, 0, 0}, {0, 0, 0}, {1, 0, 0}};
    metrics m = of(odd, 5, 0.5), k = of(plain, 5, 0.5);
    assert_near(m.precision, 0.5);
    assert_near(m.average_precision, 0.5 * 0.5 + 0.5 * 2 / 5);
    assert_near(m.average_precision, k.average_precision);
    assert_near(m.ece, k.ece);
    assert_near(m.brier, k.brier);
    assert_near(m.best_f1, 4 / 7.0); /* all of them */
    assert_true(m.best_threshold == 0);
}

/* 95 % is reached exactly with 19 of 20. */
static void test_recall_at_precision(void **state) {
    (void)state;
    judged v[42];
    for (int i = 0; i < 42; i++) v[i] = (judged){1 - (float)i / 64, i != 5 && i < 20, 0};
    v[41].label = 1; /* 20 matches; 19 of them in the first 20, the last far behind */
    assert_near(of(v, 42, 0.5).recall_at_precision, 0.95);
    v[12].label = 0;
    assert_near(of(v, 42, 0.5).recall_at_precision, 5 / 19.0); /* the first five */
}

/* ---- bootstrap ---- */

enum { MANY = 9000, PER_GROUP = 3 };

static judged *many(ts_arena *a) {
    judged *v = ts_new_n(a, judged, MANY);
    ts_random r = ts_random_seed(7);
    for (uint32_t i = 0; i < MANY; i++) {
        double p = ts_random_unit(&r);
        v[i] = (judged){(float)(p * p), ts_random_unit(&r) < p * p, i / PER_GROUP * 1000003u};
    }
    return v;
}

static void contains(interval i, double x, double widest) {
    assert_true(i.low <= x && x <= i.high);
    assert_true(i.high > i.low && i.high - i.low < widest);
}

static void test_bootstrap(void **state) {
    (void)state;
    ts_arena a = test_arena();
    judged *v = many(&a);
    metrics m = metrics_of(a, v, MANY, 0.5);
    uint64_t start = ts_cpu_nanos();
    metric_intervals i = metrics_bootstrap(a, v, MANY, 0.5, 200, 3);
    double seconds = (double)(ts_cpu_nanos() - start) / 1e9;
    print_message("200 rounds of %d pairs: %.3f s\n", MANY, seconds);
    contains(i.precision, m.precision, 0.05);
    contains(i.recall, m.recall, 0.05);
    contains(i.f1, m.f1, 0.05);
    contains(i.average_precision, m.average_precision, 0.05);
    contains(i.recall_at_precision, m.recall_at_precision, 0.3);
    assert_true(i.ece.low > 0 && i.ece.high < 0.05); /* true to the labels by construction */
    assert_true(m.ece < 0.02);
    metric_intervals same = metrics_bootstrap(a, v, MANY, 0.5, 200, 3);
    metric_intervals other = metrics_bootstrap(a, v, MANY, 0.5, 200, 4);
    assert_memory_equal(&i, &same, sizeof i);
    assert_true(i.f1.low != other.f1.low);
}

/* Whole groups are drawn: one group gives the figure itself, and copies within a group widen. */
static void test_groups(void **state) {
    (void)state;
    ts_arena a = test_arena();
    judged one[6], *v = many(&a);
    memcpy(one, six, sizeof one);
    for (int i = 0; i < 6; i++) one[i].group = UINT32_MAX;
    metric_intervals i = metrics_bootstrap(a, one, 6, 0.65, 50, 1);
    assert_near(i.f1.low, 2 / 3.0);
    assert_near(i.f1.high, 2 / 3.0);
    assert_near(i.average_precision.low, i.average_precision.high);
    enum { DISTINCT = 300, COPIES = MANY / DISTINCT };
    for (uint32_t k = DISTINCT; k < MANY; k++) v[k] = v[k % DISTINCT];
    for (uint32_t k = 0; k < MANY; k++) v[k].group = k % DISTINCT;
    metric_intervals grouped = metrics_bootstrap(a, v, MANY, 0.5, 200, 1);
    for (uint32_t k = 0; k < MANY; k++) v[k].group = k;
    metric_intervals single = metrics_bootstrap(a, v, MANY, 0.5, 200, 1);
    assert_true(grouped.f1.high - grouped.f1.low > 3 * (single.f1.high - single.f1.low));
}

/* Samples without a match have no recall; they do not make the interval NaN. */
static void test_some_nan(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const judged v[] = {{0.9f, 1, 0}, {0.2f, 0, 1}};
    metric_intervals i = metrics_bootstrap(a, v, 2, 0.5, 100, 1);
    assert_near(i.recall.low, 1);
    assert_near(i.recall.high, 1);
    assert_true(i.recall_at_precision.low == 0); /* said as 0, not as NaN */
    static const judged none[] = {{0.9f, 0, 0}, {0.2f, 0, 1}};
    i = metrics_bootstrap(a, none, 2, 0.5, 100, 1);
    assert_true(isnan(i.recall.low) && isnan(i.recall.high));
    assert_false(isnan(i.ece.low));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_threshold),
        cmocka_unit_test(test_best_threshold),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_one_sided),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_bins),
        cmocka_unit_test(test_odd_probabilities),
        cmocka_unit_test(test_recall_at_precision),
        cmocka_unit_test(test_bootstrap),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_some_nan),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
