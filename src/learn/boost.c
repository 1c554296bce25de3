/* boost.c - the training loop around XGBoost.
 *
 * XGBoost grows the trees; gradients, the sampling of rows and the log-loss are computed here.
 * XGBoost adds up gradients in an order that depends on the number of threads. They are therefore
 * rounded to a grid so coarse that every sum of them is exact in a double: then no order matters.
 */
#include "boost.h"

#include <inttypes.h>
#include <math.h>
#include <xgboost/c_api.h>

#include "boost_export.h"

enum { TRAIN, VALID, PROBE, MATRICES, PROBE_ROWS = 1000 };

typedef struct boost_job {
    const boost_rows *rows[MATRICES];
    DMatrixHandle matrix[MATRICES];
    BoosterHandle booster;
    boost_options o;
    ts_trees *out;
    float *gradient, *hessian; /* [train->n] */
    float up, down;            /* the grid: its number of steps to 1, and a step */
    ts_random random;
    unsigned kept; /* rounds up to the best one */
} boost_job;

/* ---- Checks ---- */

static bool check_options(const boost_options *o, ts_error *e) {
    if (o->rounds < 1 || o->rounds > TS_TREES_MAX)
        return ts_fail(e, TS_E_USAGE, "boosting takes 1 to %d rounds, not %u", TS_TREES_MAX,
                       o->rounds);
    if (o->depth < 1 || o->depth > TS_TREES_DEPTH)
        return ts_fail(e, TS_E_USAGE, "trees are 1 to %d deep, not %u", TS_TREES_DEPTH, o->depth);
    if (!(o->eta > 0 && o->eta <= 1) || !(o->subsample > 0 && o->subsample <= 1) ||
        !(o->colsample > 0 && o->colsample <= 1))
        return ts_fail(e, TS_E_USAGE, "eta, subsample and colsample lie above 0 and up to 1");
    if (o->threads > 1024)
        return ts_fail(e, TS_E_USAGE, "boosting takes up to 1024 threads, not %u", o->threads);
    if (!(o->min_child_weight >= 0) || !(o->lambda >= 0) || !isfinite(o->min_child_weight) ||
        !isfinite(o->lambda))
        return ts_fail(e, TS_E_USAGE, "min_child_weight and lambda are not below 0");
    return true;
}

static float weight_of(const boost_rows *r, size_t i) { return r->weight ? r->weight[i] : 1; }

static bool check_row(const boost_rows *r, size_t i, const char *what, ts_error *e) {
    if (r->y[i] != 0 && r->y[i] != 1)
        return ts_fail(e, TS_E_INPUT, "row %zu of the %s has a label other than 0 and 1", i, what);
    if (!(weight_of(r, i) >= 0) || !isfinite(weight_of(r, i)))
        return ts_fail(e, TS_E_INPUT, "row %zu of the %s has a weight that is no number from 0 up",
                       i, what);
    for (size_t c = 0; c < r->cols; c++)
        if (!isfinite(r->x[i * r->stride + c]))
            return ts_fail(e, TS_E_INPUT, "row %zu of the %s: feature %zu is not a finite number",
                           i, what, c);
    return true;
}

static bool check_rows(const boost_rows *r, const char *what, ts_error *e) {
    if (!r->n) return ts_fail(e, TS_E_INPUT, "the %s have no rows", what);
    if (r->cols < 1 || r->cols > TS_TREES_FEATURES || r->stride < r->cols)
        return ts_fail(e, TS_E_USAGE, "rows have 1 to %d features, not %zu at a stride of %zu",
                       TS_TREES_FEATURES, r->cols, r->stride);
    for (size_t i = 0; i < r->n; i++)
        if (!check_row(r, i, what, e)) return false;
    return true;
}

/* The mean of the labels, by weight, kept away from 0 and 1; and the sum of weights. */
static bool label_mean(const boost_rows *r, float *mean, double *weights, ts_error *e) {
    double sum = 0, all = 0;
    for (size_t i = 0; i < r->n; i++) sum += weight_of(r, i) * r->y[i], all += weight_of(r, i);
    if (!(all > 1e-6 && all < 1e12))
        return ts_fail(e, TS_E_INPUT,
                       "the weights of the training rows sum to %g; scale them to "
                       "about 1 each",
                       all);
    if (!(sum > 0) || !(sum < all))
        return ts_fail(e, TS_E_INPUT,
                       "the training rows are all of one class; there is nothing to tell apart");
    *mean = (float)fmin(fmax(sum / all, 0.01), 0.99);
    *weights = all;
    return true;
}

/* ---- XGBoost ---- */

/* The first line of what XGBoost says; a stack trace follows it. */
static bool xgb(int status, ts_error *e) {
    if (status == 0) return true;
    ts_str words = ts_str_c(XGBGetLastError());
    ts_str line = ts_str_trim(ts_str_cut(&words, '\n'));
    return ts_fail(e, TS_E_INPUT, "XGBoost: %.*s", TS_P(line));
}

static bool set(boost_job *j, const char *name, const char *value, ts_error *e) {
    return xgb(XGBoosterSetParam(j->booster, name, value), e);
}

static bool set_number(boost_job *j, const char *name, double value, ts_error *e) {
    char text[32];
    snprintf(text, sizeof text, "%.9g", value);
    return set(j, name, text, e);
}

static unsigned threads(const boost_job *j) { return j->o.threads ? j->o.threads : 1; }

static bool make_matrix(boost_job *j, int which, ts_error *e) {
    const boost_rows *r = j->rows[which];
    char array[256], config[64];
    snprintf(array, sizeof array,
             "{\"data\":[%" PRIuPTR ",true],\"shape\":[%zu,%zu],\"strides\":[%zu,4],"
             "\"typestr\":\"<f4\",\"version\":3}",
             (uintptr_t)r->x, r->n, r->cols, r->stride * sizeof(float));
    snprintf(config, sizeof config, "{\"missing\":NaN,\"nthread\":%u}", threads(j));
    return xgb(XGDMatrixCreateFromDense(array, config, &j->matrix[which]), e);
}

static bool set_monotone(boost_job *j, ts_arena scratch, ts_error *e) {
    if (!j->o.monotone) return true;
    ts_buf b = ts_buf_new(&scratch, 8 * TS_TREES_FEATURES);
    for (size_t c = 0; c < j->rows[TRAIN]->cols; c++) {
        ts_buf_c(&b, c ? ',' : '(');
        ts_buf_i64(&b, (j->o.monotone[c] > 0) - (j->o.monotone[c] < 0));
    }
    ts_buf_lit(&b, ")");
    return set(j, "monotone_constraints", ts_str_z(&scratch, ts_buf_str(&b)), e);
}

static bool make_booster(boost_job *j, ts_arena scratch, float base, ts_error *e) {
    const boost_options *o = &j->o;
    return xgb(XGBoosterCreate(j->matrix, j->rows[VALID] ? 2 : 1, &j->booster), e) &&
           set(j, "booster", "gbtree", e) && set(j, "objective", "binary:logistic", e) &&
           set(j, "tree_method", "hist", e) && set(j, "verbosity", "0", e) &&
           set_number(j, "base_score", base, e) && set_number(j, "nthread", threads(j), e) &&
           set_number(j, "seed", o->seed, e) && set_number(j, "max_depth", o->depth, e) &&
           set_number(j, "eta", o->eta, e) && set_number(j, "colsample_bytree", o->colsample, e) &&
           set_number(j, "min_child_weight", o->min_child_weight, e) &&
           set_number(j, "lambda", o->lambda, e) && set_monotone(j, scratch, e);
}

/* Log-odds of the rows of a matrix after `rounds` rounds (0: all); XGBoost's memory, until the next
 * call. */
static bool predict(boost_job *j, int which, unsigned rounds, const float **scores, ts_error *e) {
    char config[128];
    snprintf(config, sizeof config,
             "{\"type\":1,\"training\":false,\"iteration_begin\":0,\"iteration_end\":%u,"
             "\"strict_shape\":false}",
             rounds);
    const bst_ulong *shape;
    bst_ulong dims;
    if (!xgb(XGBoosterPredictFromDMatrix(j->booster, j->matrix[which], config, &shape, &dims,
                                         scores),
             e))
        return false;
    return (dims == 1 && shape[0] == j->rows[which]->n) ||
           ts_fail(e, TS_E_INPUT, "XGBoost scored another number of rows than it was given");
}

/* ---- Rounds ---- */

static void make_grid(boost_job *j, double weights) {
    int exponent;
    frexp(weights, &exponent);
    j->up = ldexpf(1, 52 - exponent);
    j->down = ldexpf(1, exponent - 52);
}

static float on_grid(const boost_job *j, double v) { return rintf((float)v * j->up) * j->down; }

/* Of the log-loss, at the scores of the training rows. Rows that are not drawn weigh nothing. */
static void gradients(boost_job *j, const float *scores) {
    const boost_rows *r = j->rows[TRAIN];
    for (size_t i = 0; i < r->n; i++) {
        double p = 1 / (1 + exp(-(double)scores[i])), w = weight_of(r, i);
        if (j->o.subsample < 1 && ts_random_unit(&j->random) >= (double)j->o.subsample) w = 0;
        j->gradient[i] = on_grid(j, (p - r->y[i]) * w);
        j->hessian[i] = on_grid(j, p * (1 - p) * w);
    }
}

static double log_loss(const boost_rows *r, const float *scores) {
    double sum = 0, weights = 0;
    for (size_t i = 0; i < r->n; i++) {
        double s = r->y[i] > 0 ? scores[i] : -scores[i], w = weight_of(r, i);
        sum += w * (log1p(exp(-fabs(s))) + fmax(-s, 0));
        weights += w;
    }
    return weights > 0 ? sum / weights : 0;
}

static bool boost_once(boost_job *j, ts_error *e) {
    const float *scores;
    if (!predict(j, TRAIN, 0, &scores, e)) return false;
    gradients(j, scores);
    return xgb(XGBoosterBoostOneIter(j->booster, j->matrix[TRAIN], j->gradient, j->hessian,
                                     j->rows[TRAIN]->n),
               e);
}

static bool boost_rounds(boost_job *j, ts_error *e) {
    double best = INFINITY;
    for (unsigned done = 1; done <= j->o.rounds; done++) {
        if (!boost_once(j, e)) return false;
        double loss = -(double)done; /* without validation the last round is the best */
        const float *scores;
        if (j->rows[VALID]) {
            if (!predict(j, VALID, 0, &scores, e)) return false;
            loss = log_loss(j->rows[VALID], scores);
        }
        if (loss < best || done == 1) {
            best = loss;
            j->kept = done;
        } else if (j->o.patience && done - j->kept >= j->o.patience)
            break;
    }
    return true;
}

/* ---- Result ---- */

static bool export_trees(boost_job *j, ts_arena *a, ts_error *e) {
    bst_ulong n;
    const char *json;
    return xgb(XGBoosterSaveModelToBuffer(j->booster, "{\"format\":\"json\"}", &n, &json), e) &&
           boost_export(a, (ts_str){json, n}, j->kept, j->out, e);
}

/* XGBoost's file format may change; the scores of some rows tell whether it was read as it was
 * meant. */
static bool compare_scores(boost_job *j, ts_arena scratch, ts_error *e) {
    const boost_rows *r = j->rows[PROBE];
    const float *theirs;
    float *ours = ts_new_n(&scratch, float, r->n);
    if (!make_matrix(j, PROBE, e) || !predict(j, PROBE, j->kept, &theirs, e)) return false;
    ts_trees_score_many(j->out, r->x, r->stride, r->n, ours);
    for (size_t i = 0; i < r->n; i++)
        if (!(fabsf(ours[i] - theirs[i]) <= 1e-5f * (1 + fabsf(theirs[i]))))
            return ts_fail(e, TS_E_INPUT,
                           "the trees score a row %g where XGBoost scores it %g: this release of "
                           "XGBoost saves models in a way that is not understood",
                           (double)ours[i], (double)theirs[i]);
    return true;
}

static bool fit(void *ctx, ts_arena *a, ts_error *e) {
    boost_job *j = ctx;
    ts_arena scratch = *a;
    float base = 0;
    double weights = 0;
    if (!label_mean(j->rows[TRAIN], &base, &weights, e)) return false;
    make_grid(j, weights);
    j->gradient = ts_new_n(&scratch, float, j->rows[TRAIN]->n);
    j->hessian = ts_new_n(&scratch, float, j->rows[TRAIN]->n);
    return make_matrix(j, TRAIN, e) && (!j->rows[VALID] || make_matrix(j, VALID, e)) &&
           make_booster(j, scratch, base, e) && boost_rounds(j, e) && export_trees(j, a, e) &&
           compare_scores(j, *a, e);
}

bool boost_fit(ts_arena *a, const boost_rows *train, const boost_rows *valid, boost_options o,
               ts_trees *out, ts_error *e) {
    if (!check_options(&o, e) || !check_rows(train, "training rows", e)) return false;
    if (valid && !check_rows(valid, "validation rows", e)) return false;
    if (valid && valid->cols != train->cols)
        return ts_fail(e, TS_E_USAGE, "training rows have %zu features, validation rows %zu",
                       train->cols, valid->cols);
    /* Rows for the comparison, from all over the table: every so manyth. */
    size_t apart = (train->n + PROBE_ROWS - 1) / PROBE_ROWS;
    boost_rows probe = {.x = train->x,
                        .stride = train->stride * apart,
                        .cols = train->cols,
                        .n = (train->n + apart - 1) / apart};
    ts_trees trees = {0};
    boost_job j = {
        .rows = {train, valid, &probe}, .o = o, .out = &trees, .random = ts_random_seed(o.seed)};
    bool ok = xgb(XGBSetGlobalConfig("{\"verbosity\":0}"), e) && ts_arena_guard(fit, &j, a, e);
    if (j.booster) XGBoosterFree(j.booster);
    for (int i = 0; i < MATRICES; i++)
        if (j.matrix[i]) XGDMatrixFree(j.matrix[i]);
    if (ok) *out = trees;
    return ok;
}
