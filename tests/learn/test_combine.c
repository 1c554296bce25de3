/* The logistic regression that makes one log-odds of the parts'. */
#include "learn/combine.h"

#include <math.h>

#include "support/support.h"

enum { MANY = 40000 };

static ts_arena a;
static ts_random dice;
static double *trees, *net;
static uint8_t *label;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    trees = ts_new_n(&a, double, MANY);
    net = ts_new_n(&a, double, MANY);
    label = ts_new_n(&a, uint8_t, MANY);
    return 0;
}

/* About normal, mean 0, variance 1. */
static double normal(void) {
    double sum = 0;
    for (int i = 0; i < 12; i++) sum += ts_random_unit(&dice);
    return sum - 6;
}

/* Rows whose labels fall as the combiner `c` says. */
static void draw(ts_combiner c, size_t n, uint64_t seed) {
    dice = ts_random_seed(seed);
    for (size_t i = 0; i < n; i++) {
        double shared = normal();
        trees[i] = 2 * shared + normal();
        net[i] = shared + 1.5 * normal();
        label[i] = ts_random_unit(&dice) < ts_probability(ts_combine(c, trees[i], net[i]));
    }
}

static double loss(ts_combiner c, const double *z, size_t n, ts_combiner prior, double strength) {
    double sum = 0, b = c.bias - prior.bias, t = c.trees - prior.trees, m = c.net - prior.net;
    for (size_t i = 0; i < n; i++) {
        double x = ts_combine(c, trees[i], z ? z[i] : 0);
        sum += log1p(exp(-fabs(x))) + (label[i] ? fmax(-x, 0) : fmax(x, 0));
    }
    return sum + 0.5 * strength * (b * b + t * t + (z ? m * m : 0));
}

/* No combiner nearby is better. Where a weight is 0, only more of it is allowed. */
static void must_be_best(ts_combiner c, const double *z, size_t n, ts_combiner prior,
                         double strength) {
    static const double steps[] = {1e-4, -1e-4, 1e-2, -1e-2, 0.3, -0.3};
    double best = loss(c, z, n, prior, strength);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        ts_combiner near[3] = {c, c, c};
        near[0].bias += steps[i];
        near[1].trees = fmax(0, c.trees + steps[i]);
        near[2].net = z ? fmax(0, c.net + steps[i]) : c.net;
        for (int k = 0; k < 3; k++)
            assert_true(loss(near[k], z, n, prior, strength) >= best - 1e-9 * (1 + best));
    }
}

static void near(double is, double want, double off) {
    if (!(fabs(is - want) <= off)) fail_msg("%g is not within %g of %g", is, off, want);
}

/* ---- what was put in comes out ---- */

static void test_known_weights(void **state) {
    (void)state;
    static const ts_combiner known[] = {
        {0.5, 0.8, 0.4}, {-2, 0.3, 1.2}, {1, 2, 0}, {0, 0, 0.7}, {-1, 0, 0}};
    const ts_combiner prior = {0, 1, 0};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        draw(known[i], MANY, i + 1);
        ts_combiner c = combiner_fit(trees, net, label, MANY, prior, 1);
        near(c.bias, known[i].bias, 0.08);
        near(c.trees, known[i].trees, 0.08);
        near(c.net, known[i].net, 0.08);
        must_be_best(c, net, MANY, prior, 1);
    }
}

static void test_trees_alone(void **state) {
    (void)state;
    const ts_combiner known = {-1, 0.6, 0}, prior = {0, 1, 0};
    draw(known, MANY, 9);
    ts_combiner c = combiner_fit(trees, 0, label, MANY, prior, 1);
    near(c.bias, -1, 0.06);
    near(c.trees, 0.6, 0.04);
    assert_true(c.net == 0);
    must_be_best(c, 0, MANY, prior, 1);
    c = combiner_fit(trees, 0, label, MANY, (ts_combiner){0, 1, 0.5}, 1);
    assert_true(c.net == 0); /* whatever the prior says of a part that is not there */
}

/* What comes out is calibrated: as many matches as it says there are. */
static void test_calibrated(void **state) {
    (void)state;
    draw((ts_combiner){-1.5, 0.5, 0.5}, MANY, 4);
    ts_combiner c = combiner_fit(trees, net, label, MANY, (ts_combiner){0, 1, 0}, 1e-6);
    double said = 0, are = 0;
    for (size_t i = 0; i < MANY; i++) {
        said += ts_probability(ts_combine(c, trees[i], net[i]));
        are += label[i];
    }
    near(said / MANY, are / MANY, 1e-6);
}

/* ---- never negative ---- */

static void test_never_negative(void **state) {
    (void)state;
    static const ts_combiner against[] = {
        {0, -1, -1}, {0.5, -0.7, 0.9}, {-0.5, 0.9, -0.7}, {3, -4, -0.1}};
    static const double strengths[] = {0, 1, 100};
    const ts_combiner prior = {0, 0.5, 0.5};
    for (size_t i = 0; i < sizeof against / sizeof *against; i++) {
        draw(against[i], 4000, i + 1);
        for (size_t k = 0; k < 3; k++) {
            ts_combiner c = combiner_fit(trees, net, label, 4000, prior, strengths[k]);
            assert_true(c.trees >= 0 && c.net >= 0);
            if (against[i].trees < 0 && against[i].net < 0) assert_true(!c.trees && !c.net);
            must_be_best(c, net, 4000, prior, fmax(strengths[k], 1e-6));
            c = combiner_fit(trees, 0, label, 4000, prior, strengths[k]);
            assert_true(c.trees >= 0 && c.net == 0);
            must_be_best(c, 0, 4000, prior, fmax(strengths[k], 1e-6));
        }
    }
}

/* ---- the prior ---- */

static void same(ts_combiner c, ts_combiner d, double off) {
    near(c.bias, d.bias, off);
    near(c.trees, d.trees, off);
    near(c.net, d.net, off);
}

static void test_prior(void **state) {
    (void)state;
    const ts_combiner prior = {-0.3, 0.9, 0.4}, known = {2, 0.1, 1.5};
    same(combiner_fit(trees, net, label, 0, prior, 1), prior, 0);
    draw(known, MANY, 5);
    same(combiner_fit(trees, net, label, 5, prior, 10000), prior, 0.01);
    double few = fabs(combiner_fit(trees, net, label, 10, prior, 50).net - prior.net),
           more = fabs(combiner_fit(trees, net, label, 1000, prior, 50).net - prior.net),
           all = fabs(combiner_fit(trees, net, label, MANY, prior, 50).net - prior.net);
    assert_true(few < 0.3 && few < more && more < all && all > 0.9);
    same(combiner_fit(trees, net, label, MANY, prior, 50), known, 0.1);
}

/* ---- the ends ---- */

static void test_separable(void **state) {
    (void)state;
    const ts_combiner prior = {0, 1, 0};
    for (size_t i = 0; i < 200; i++) {
        label[i] = i % 2;
        trees[i] = label[i] ? 3 : -3;
        net[i] = label[i] ? 40 : -40;
    }
    for (int k = 0; k < 3; k++) {
        double strength = k == 0 ? 0 : k == 1 ? 1 : 50;
        ts_combiner c = combiner_fit(trees, net, label, 200, prior, strength);
        assert_true(isfinite(c.bias) && isfinite(c.trees) && isfinite(c.net));
        assert_true(ts_probability(ts_combine(c, 3, 40)) > 0.9);
        assert_true(ts_probability(ts_combine(c, -3, -40)) < 0.1);
        near(c.bias, 0, 1e-3);
    }
}

static void test_one_label(void **state) {
    (void)state;
    const ts_combiner prior = {0, 1, 0};
    draw((ts_combiner){0, 1, 1}, 500, 6);
    for (uint8_t y = 0; y < 2; y++) {
        memset(label, y, 500);
        ts_combiner c = combiner_fit(trees, net, label, 500, prior, 1);
        assert_true(isfinite(c.bias) && isfinite(c.trees) && isfinite(c.net));
        assert_true(c.trees >= 0 && c.net >= 0);
        assert_true(y ? c.bias > 1 : c.bias < -1);
        must_be_best(c, net, 500, prior, 1);
    }
}

/* Log-odds as large as the parts may give do not overflow. */
static void test_large(void **state) {
    (void)state;
    const ts_combiner prior = {0, 1, 0};
    draw((ts_combiner){0, 1, 0.5}, 1000, 7);
    for (size_t i = 0; i < 1000; i++) trees[i] *= 500, net[i] *= 1e4;
    ts_combiner c = combiner_fit(trees, net, label, 1000, prior, 1);
    assert_true(isfinite(c.bias) && isfinite(c.trees) && isfinite(c.net));
    assert_true(c.trees >= 0 && c.net >= 0);
    assert_true(loss(c, net, 1000, prior, 1) <= loss(prior, net, 1000, prior, 1));
    for (size_t i = 0; i < 1000; i++) trees[i] = net[i] = 0;
    c = combiner_fit(trees, net, label, 1000, prior, 1);
    near(c.trees, 1, 1e-9); /* nothing is said against the prior */
    near(c.net, 0, 1e-9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_weights), cmocka_unit_test(test_trees_alone),
        cmocka_unit_test(test_calibrated),    cmocka_unit_test(test_never_negative),
        cmocka_unit_test(test_prior),         cmocka_unit_test(test_separable),
        cmocka_unit_test(test_one_label),     cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
