/* Boosting on a table made up here: a noisy XOR, a threshold, and features that mean nothing. */
#include "learn/boost.h"

#include <math.h>
#include <time.h>
#include <xgboost/c_api.h>

#include "learn/boost_export.h"
#include "support/support.h"

enum { COLS = 6, STRIDE = 8, ROWS = 5000 };

typedef struct table {
    float *x, *y;
} table;

/* 9 of 10 labels say whether x0 and x1 lie on different sides of 0.5, unless x2 is above 0.9, which
 * means yes. x3 takes few values; x4 is tiny and of either sign; x5 is noise. */
static table make_table(ts_arena *a, size_t n, uint64_t seed) {
    ts_random r = ts_random_seed(seed);
    table t = {ts_new_n(a, float, n *STRIDE), ts_new_n(a, float, n)};
    for (size_t i = 0; i < n; i++) {
        float *x = t.x + i * STRIDE;
        for (int c = 0; c < COLS; c++) x[c] = (float)ts_random_unit(&r);
        x[3] = (float)ts_random_below(&r, 4) - 1;
        x[4] = (x[4] - 0.5f) * 1e-7f;
        x[COLS] = x[COLS + 1] = NAN; /* between the rows: not to be read */
        bool yes = (x[0] < 0.5f) != (x[1] < 0.5f) || x[2] > 0.9f;
        t.y[i] = yes != (ts_random_unit(&r) < 0.1);
    }
    return t;
}

static boost_rows rows_of(table t, size_t n) {
    return (boost_rows){.x = t.x, .stride = STRIDE, .cols = COLS, .n = n, .y = t.y};
}

static boost_options options(void) {
    return (boost_options){.rounds = 60,
                           .depth = 4,
                           .threads = 2,
                           .seed = 7,
                           .eta = 0.2f,
                           .subsample = 0.8f,
                           .colsample = 0.9f,
                           .min_child_weight = 1,
                           .lambda = 1};
}

static ts_trees fitted(ts_arena *a, const boost_rows *train, const boost_rows *valid,
                       boost_options o) {
    ts_trees t;
    ts_error e = {0};
    if (!boost_fit(a, train, valid, o, &t, &e)) fail_msg("%s", e.msg);
    return t;
}

static ts_str bytes_of(ts_arena *a, const ts_trees *t) {
    ts_buf b = ts_buf_new(a, (size_t)64 << 20);
    ts_trees_write(&b, t);
    assert_false(b.full);
    return ts_buf_str(&b);
}

static double accuracy(ts_arena scratch, const ts_trees *t, const boost_rows *r) {
    float *s = ts_new_n(&scratch, float, r->n);
    ts_trees_score_many(t, r->x, r->stride, r->n, s);
    size_t right = 0;
    for (size_t i = 0; i < r->n; i++) right += (s[i] > 0) == (r->y[i] > 0);
    return (double)right / (double)r->n;
}

/* Area under the ROC curve: how many pairs of a yes and a no are in the right order. */
static double auc(ts_arena scratch, const ts_trees *t, const boost_rows *r) {
    float *s = ts_new_n(&scratch, float, r->n);
    ts_trees_score_many(t, r->x, r->stride, r->n, s);
    double good = 0, all = 0;
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; r->y[i] > 0 && k < r->n; k++)
            if (r->y[k] == 0) {
                good += s[i] > s[k] ? 1 : s[i] == s[k] ? 0.5 : 0;
                all++;
            }
    return good / all;
}

static void learns(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows train = rows_of(make_table(&a, ROWS, 1), ROWS);
    boost_rows other = rows_of(make_table(&a, 2000, 2), 2000);
    ts_trees t = fitted(&a, &train, NULL, options());
    assert_int_equal(t.count, 60);
    assert_int_equal(t.features, COLS);
    assert_true(accuracy(a, &t, &other) > 0.87); /* 0.9 is all there is to know */
    assert_true(auc(a, &t, &other) > 0.87);
    double yes = 0;
    for (size_t i = 0; i < ROWS; i++) yes += train.y[i];
    assert_true(fabs((double)t.base - log(yes / (ROWS - yes))) < 1e-5);
    /* what was fitted stands the checks of what is read */
    ts_trees again;
    ts_error e = {0};
    ts_str bytes = bytes_of(&a, &t);
    ts_str aligned = {memcpy(ts_new_n(&a, uint64_t, bytes.n / 8), bytes.p, bytes.n), bytes.n};
    if (!ts_trees_read(aligned, &again, &e)) fail_msg("%s", e.msg);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* ---- Against XGBoost itself ---- */

#define XGB(call) assert_int_equal((call), 0)

typedef struct peer {
    DMatrixHandle m;
    BoosterHandle b;
} peer;

/* A model made without any code of ours, with XGBoost's own logistic gradients. */
static peer peer_fit(const boost_rows *r, unsigned rounds, const char *depth) {
    peer p = {0};
    float *packed = test_malloc(r->n * r->cols * sizeof(float));
    for (size_t i = 0; i < r->n; i++)
        memcpy(packed + i * r->cols, r->x + i * r->stride, r->cols * sizeof(float));
    XGB(XGBSetGlobalConfig("{\"verbosity\":0}"));
    XGB(XGDMatrixCreateFromMat(packed, r->n, r->cols, NAN, &p.m));
    test_free(packed);
    XGB(XGDMatrixSetFloatInfo(p.m, "label", r->y, r->n));
    XGB(XGBoosterCreate(&p.m, 1, &p.b));
    const char *const o[][2] = {{"objective", "binary:logistic"},
                                {"tree_method", "hist"},
                                {"max_depth", depth},
                                {"eta", "0.1"},
                                {"base_score", "0.37"},
                                {"nthread", "1"}};
    for (size_t i = 0; i < sizeof o / sizeof *o; i++) XGB(XGBoosterSetParam(p.b, o[i][0], o[i][1]));
    for (unsigned i = 0; i < rounds; i++) XGB(XGBoosterUpdateOneIter(p.b, (int)i, p.m));
    return p;
}

static void peer_done(peer *p) {
    XGB(XGBoosterFree(p->b));
    XGB(XGDMatrixFree(p->m));
}

static ts_trees peer_export(ts_arena *a, const peer *p, unsigned kept) {
    bst_ulong n;
    const char *json;
    ts_trees t;
    ts_error e = {0};
    XGB(XGBoosterSaveModelToBuffer(p->b, "{\"format\":\"json\"}", &n, &json));
    if (!boost_export(a, (ts_str){json, n}, kept, &t, &e)) fail_msg("%s", e.msg);
    return t;
}

static void scores_as_xgboost(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows r = rows_of(make_table(&a, ROWS, 3), ROWS);
    /* on a grid, so that many values lie exactly on a split */
    float *x = (float *)r.x;
    for (size_t i = 0; i < ROWS; i++) x[i * STRIDE] = floorf(x[i * STRIDE] * 50) / 50;
    peer p = peer_fit(&r, 40, "6");
    for (unsigned kept = 1; kept <= 40; kept += 13) {
        ts_trees t = peer_export(&a, &p, kept);
        float *ours = ts_new_n(&a, float, ROWS);
        bst_ulong n;
        const float *theirs;
        ts_trees_score_many(&t, r.x, r.stride, ROWS, ours);
        XGB(XGBoosterPredict(p.b, p.m, 1, kept, 0, &n, &theirs));
        assert_int_equal(n, ROWS);
        for (size_t i = 0; i < ROWS; i++) assert_float_equal(ours[i], theirs[i], 1e-5f);
    }
    peer_done(&p);
    ts_arena_free(&a, (size_t)1 << 32);
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* 400 trees of depth 6 asked by us and by XGBoost, on one thread in turns; best of five each. What
 * is asserted are equal scores; how fast is for bench/matcher to print. */
static void as_fast_as_xgboost(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows r = rows_of(make_table(&a, ROWS, 3), ROWS);
    peer p = peer_fit(&r, 400, "6");
    ts_trees t = peer_export(&a, &p, 400);
    float *packed = ts_new_n(&a, float, ROWS *r.cols);
    for (size_t i = 0; i < ROWS; i++)
        memcpy(packed + i * r.cols, r.x + i * r.stride, r.cols * sizeof(float));
    float *ours = ts_new_n(&a, float, ROWS);
    double we = 1e9, they = 1e9;
    bst_ulong n;
    const float *theirs = 0;
    for (int round = 0; round < 5; round++) {
        double start = seconds();
        ts_trees_score_many(&t, r.x, r.stride, ROWS, ours);
        we = fmin(we, seconds() - start);
        DMatrixHandle fresh; /* XGBoost remembers what it said of rows it has seen */
        XGB(XGDMatrixCreateFromMat(packed, ROWS, r.cols, NAN, &fresh));
        start = seconds();
        XGB(XGBoosterPredict(p.b, fresh, 1, 400, 0, &n, &theirs));
        they = fmin(they, seconds() - start);
        XGB(XGDMatrixFree(fresh));
    }
    XGB(XGBoosterPredict(p.b, p.m, 1, 400, 0, &n, &theirs));
    for (size_t i = 0; i < ROWS; i++) assert_float_equal(ours[i], theirs[i], 1e-4f);
    print_message("400 trees of depth 6: %.0f rows/s, XGBoost's own predictor %.0f, ratio %.1f\n",
                  ROWS / we, ROWS / they, they / we);
    peer_done(&p);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* The mean of the root is what the tree adds on average, up to the weights by hessian. */
static void means_are_means(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows r = rows_of(make_table(&a, ROWS, 3), ROWS);
    peer p = peer_fit(&r, 1, "6"); /* in the first round all rows have the same hessian */
    ts_trees t = peer_export(&a, &p, 1);
    double sum = 0;
    for (size_t i = 0; i < ROWS; i++)
        sum += (double)(ts_trees_score(&t, r.x + i * r.stride) - t.base);
    assert_true(fabs(sum / ROWS - (double)t.means[0]) < 1e-5);
    peer_done(&p);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* ---- Promises ---- */

static void same_bytes(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows train = rows_of(make_table(&a, ROWS, 1), ROWS);
    boost_rows valid = rows_of(make_table(&a, 1000, 2), 1000);
    float *w = ts_new_n(&a, float, ROWS);
    for (size_t i = 0; i < ROWS; i++) w[i] = 0.1f + (float)(i % 7) / 3;
    train.weight = w;
    boost_options o = options();
    ts_trees t = fitted(&a, &train, &valid, o);
    ts_str first = bytes_of(&a, &t);
    for (unsigned threads = 0; threads <= 3; threads++) {
        o.threads = threads;
        t = fitted(&a, &train, &valid, o);
        assert_true(ts_str_eq(bytes_of(&a, &t), first));
    }
    o.seed++;
    t = fitted(&a, &train, &valid, o);
    assert_false(ts_str_eq(bytes_of(&a, &t), first));
    ts_arena_free(&a, (size_t)1 << 32);
}

/* How often a higher x[col] lowers the score, along lines through rows of the table. */
static unsigned falls(const ts_trees *t, const boost_rows *r, int col) {
    unsigned n = 0;
    for (size_t i = 0; i < 300; i++) {
        float x[COLS], last = -INFINITY;
        memcpy(x, r->x + i * r->stride, sizeof x);
        for (int k = 0; k <= 100; k++) {
            x[col] = (float)k / 100;
            float s = ts_trees_score(t, x);
            n += s < last - 1e-6f;
            last = s;
        }
    }
    return n;
}

static void monotone(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows train = rows_of(make_table(&a, ROWS, 1), ROWS);
    ts_trees t = fitted(&a, &train, NULL, options());
    assert_true(falls(&t, &train, 0) > 100 && falls(&t, &train, 2) > 0);
    boost_options o = options();
    o.monotone = (const int8_t[COLS]){0, 0, 1, 0, 0, 1};
    t = fitted(&a, &train, NULL, o);
    assert_true(falls(&t, &train, 0) > 100);
    assert_int_equal(falls(&t, &train, 2), 0);
    assert_int_equal(falls(&t, &train, 5), 0);
    assert_true(accuracy(a, &t, &train) > 0.85);
    ts_arena_free(&a, (size_t)1 << 32);
}

static double loss(const ts_trees *t, const boost_rows *r) {
    double sum = 0;
    for (size_t i = 0; i < r->n; i++) {
        double s = (double)ts_trees_score(t, r->x + i * r->stride);
        sum += log1p(exp(r->y[i] > 0 ? -s : s));
    }
    return sum / (double)r->n;
}

static void stops_early(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows train = rows_of(make_table(&a, 1000, 1), 1000);
    boost_rows valid = rows_of(make_table(&a, 1000, 2), 1000);
    boost_options o = options();
    o.rounds = 400;
    o.patience = 10;
    ts_trees best = fitted(&a, &train, &valid, o);
    assert_in_range(best.count, 5, 100);
    /* the same fit to the end: its first trees are those, and no other number of them does better
     * up to where patience ended */
    o.rounds = best.count + 10;
    ts_trees all = fitted(&a, &train, NULL, o);
    assert_int_equal(all.count, best.count + 10);
    assert_memory_equal(all.nodes, best.nodes, best.nodes_n * sizeof *best.nodes);
    double least = loss(&best, &valid);
    for (unsigned n = 1; n <= o.rounds; n++) {
        all.count = n;
        assert_true(loss(&all, &valid) >= least - 1e-9);
    }
    /* no patience: all rounds are tried, the best are kept */
    o.patience = 0;
    ts_trees kept = fitted(&a, &train, &valid, o);
    assert_int_equal(kept.count, best.count);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void weights_count(void **state) {
    (void)state;
    ts_arena a = test_arena();
    table t = make_table(&a, 4000, 1);
    float *w = ts_new_n(&a, float, 4000);
    for (size_t i = 0; i < 4000; i++) {
        w[i] = i % 2 ? 1 : 0;
        if (!w[i]) t.y[i] = 1 - t.y[i]; /* a lie that weighs nothing */
    }
    boost_rows r = rows_of(t, 4000), other = rows_of(make_table(&a, 2000, 2), 2000);
    r.weight = w;
    ts_trees honest = fitted(&a, &r, NULL, options());
    assert_true(accuracy(a, &honest, &other) > 0.86);
    r.weight = NULL;
    ts_trees lied = fitted(&a, &r, NULL, options());
    assert_true(accuracy(a, &lied, &other) < 0.7);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* ---- Refusals ---- */

static void refused(ts_arena *a, const boost_rows *train, const boost_rows *valid, boost_options o,
                    ts_error_code code, const char *msg) {
    ts_trees t = {.count = 99};
    ts_error e = {0};
    assert_false(boost_fit(a, train, valid, o, &t, &e));
    assert_int_equal(e.code, code);
    assert_str(ts_str_c(e.msg), msg);
    assert_int_equal(t.count, 99);
}

static void refuses_rows(void **state) {
    (void)state;
    ts_arena a = test_arena();
    table t = make_table(&a, 100, 1);
    boost_rows r = rows_of(t, 0), valid = rows_of(t, 100);
    boost_options o = options();
    refused(&a, &r, NULL, o, TS_E_INPUT, "the training rows have no rows");
    r.n = 100;
    valid.n = 0;
    refused(&a, &r, &valid, o, TS_E_INPUT, "the validation rows have no rows");
    valid.n = 100;
    valid.cols = 3;
    refused(&a, &r, &valid, o, TS_E_USAGE, "training rows have 6 features, validation rows 3");
    t.x[2 * STRIDE + 5] = INFINITY;
    refused(&a, &r, NULL, o, TS_E_INPUT,
            "row 2 of the training rows: feature 5 is not a finite number");
    t.x[2 * STRIDE + 5] = 0;
    t.y[9] = 0.5f;
    refused(&a, &r, NULL, o, TS_E_INPUT,
            "row 9 of the training rows has a label other than 0 and 1");
    for (float y = 0; y < 2; y++) {
        for (int i = 0; i < 100; i++) t.y[i] = y;
        refused(&a, &r, NULL, o, TS_E_INPUT,
                "the training rows are all of one class; there is nothing to tell apart");
    }
    t.y[0] = 0;
    r.weight = ts_new_n(&a, float, 100);
    refused(&a, &r, NULL, o, TS_E_INPUT,
            "the weights of the training rows sum to 0; scale them to about 1 each");
    ((float *)r.weight)[3] = -1;
    refused(&a, &r, NULL, o, TS_E_INPUT,
            "row 3 of the training rows has a weight that is no number from 0 up");
    ts_arena_free(&a, (size_t)1 << 32);
}

static void refuses_options(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows r = rows_of(make_table(&a, 100, 1), 100);
    boost_options o = options();
    o.depth = 9;
    refused(&a, &r, NULL, o, TS_E_USAGE, "trees are 1 to 8 deep, not 9");
    o = options();
    o.rounds = 0;
    refused(&a, &r, NULL, o, TS_E_USAGE, "boosting takes 1 to 4096 rounds, not 0");
    o = options();
    o.eta = NAN;
    refused(&a, &r, NULL, o, TS_E_USAGE, "eta, subsample and colsample lie above 0 and up to 1");
    o = options();
    o.lambda = -1;
    refused(&a, &r, NULL, o, TS_E_USAGE, "min_child_weight and lambda are not below 0");
    ts_arena_free(&a, (size_t)1 << 32);
}

/* Memory that runs out at any allocation is an error, and nothing of XGBoost stays behind (which
 * the address sanitizer sees). */
static void runs_out_of_memory(void **state) {
    (void)state;
    ts_arena a = test_arena();
    boost_rows r = rows_of(make_table(&a, 300, 1), 300);
    boost_options o = options();
    o.rounds = 2;
    ts_trees t;
    long n = 1;
    for (ts_error e = {0};; e = (ts_error){0}, n++) {
        ts_arena work = a;
        ts_arena_fail_after(n);
        bool ok = boost_fit(&work, &r, NULL, o, &t, &e);
        ts_arena_fail_after(0);
        if (ok) break;
        assert_int_equal(e.code, TS_E_MEMORY);
        assert_ptr_equal(work.beg, a.beg);
    }
    assert_true(n > 5);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* ---- The model's JSON ---- */

/* One split at `split`; leaves -1 and 1; the right child's number is `right`. */
static ts_str model_json(ts_arena *a, const char *split, const char *base, int right) {
    ts_buf b = ts_buf_new(a, 4096);
    ts_buf_fmt(
        &b,
        "{\"learner\":{\"learner_model_param\":{\"base_score\":\"%s\",\"num_feature\":\"2\"},"
        "\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{\"trees\":[{"
        "\"left_children\":[1,-1,-1],\"right_children\":[%d,-1,-1],"
        "\"split_indices\":[1,0,0],\"split_conditions\":[%s,-1E0,1E0],"
        "\"sum_hessian\":[4,3,1]}]}}}}",
        base, right, split);
    return ts_buf_str(&b);
}

static void reads_json(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_trees t;
    ts_error e = {0};
    assert_true(boost_export(&a, model_json(&a, "2.5E-1", "5E-1", 2), 1, &t, &e));
    assert_int_equal(t.nodes_n, 3);
    assert_int_equal(t.depths[0], 1);
    assert_true(t.base == 0 && t.means[0] == -0.5f && t.nodes[0].split == 0.25f);
    assert_true(ts_trees_score(&t, (const float[]){0, 0.25f}) == 1); /* not below: right */
    /* a decimal above the middle of two floats by less than a double can tell: the upper one */
    const char *above = "1.00000005960464477539062500001";
    assert_true(boost_export(&a, model_json(&a, above, "5E-1", 2), 1, &t, &e));
    assert_true(t.nodes[0].split == nextafterf(1, 2));
    assert_true(
        boost_export(&a, model_json(&a, "1.000000059604644775390625", "5E-1", 2), 1, &t, &e));
    assert_true(t.nodes[0].split == 1);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void refuses_json(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const struct {
        const char *split, *base;
        int right;
        unsigned kept;
        const char *msg;
    } c[] = {
        {"1", "5E-1", 2, 2, "it does not have as many trees as there were rounds"},
        {"1", "1", 2, 1, "base_score is no probability"},
        {"1", "", 2, 1, "base_score is no probability"},
        {"1e39", "5E-1", 2, 1, "a node has no split_conditions or split_indices"},
        {"null", "5E-1", 2, 1, "a node has no split_conditions or split_indices"},
        {"[1]", "5E-1", 2, 1, "a node has no split_conditions or split_indices"},
        {"1", "5E-1", 3, 1, "a node has no left_children or right_children"},
        {"1", "5E-1", 0, 1, "a child has no number"},
        {"1", "5E-1", -1, 1, "a child has no number"},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        ts_trees t;
        ts_error e = {0};
        ts_str json = model_json(&a, c[i].split, c[i].base, c[i].right);
        assert_false(boost_export(&a, json, c[i].kept, &t, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        const char *said = strstr(e.msg, ": ");
        assert_non_null(said);
        assert_string_equal(said + 2, c[i].msg);
    }
    ts_str whole = model_json(&a, "1", "5E-1", 2);
    for (size_t n = 0; n < whole.n; n++) {
        ts_trees t;
        ts_error e = {0};
        assert_false(boost_export(&a, ts_str_to(whole, n), 1, &t, &e));
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns),
        cmocka_unit_test(scores_as_xgboost),
        cmocka_unit_test(as_fast_as_xgboost),
        cmocka_unit_test(means_are_means),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(monotone),
        cmocka_unit_test(stops_early),
        cmocka_unit_test(weights_count),
        cmocka_unit_test(refuses_rows),
        cmocka_unit_test(refuses_options),
        cmocka_unit_test(runs_out_of_memory),
        cmocka_unit_test(reads_json),
        cmocka_unit_test(refuses_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
