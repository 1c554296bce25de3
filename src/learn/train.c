#include "train.h"

#include <math.h>
#include <stdio.h>

#include "boost.h"
#include "combine.h"
#include "cues_fit.h"
#include "stages.h"

enum { ROUNDS = 400, PATIENCE = 60, EPOCHS = 12, TREE_DEPTH = 6 };
/* The network is not asked to be surer than this of what it learns: it knows words by heart, and
 * would be as sure of products it never saw. */
#define SMOOTH 0.15f
#define WORK_RESERVE ((size_t)8 << 30)

typedef struct training {
    train_options o;
    dataset d;
    ts_arena *a;
    stages stages;
    double *trees, *net; /* [n] log-odds on products not seen */
    double *cue;         /* [TS_CUE_SLOTS + 1] */
    unsigned rounds[FOLDS];
    double matches_kept; /* share of the matches that judge_all counts */
    ts_model *out;
} training;

/* ---- who learns from which pairs ---- */

static bool touches(const dataset_row *r, unsigned fold) {
    return r->fold_left == fold || r->fold_right == fold;
}

/* Rows without a product of the fold; FOLDS: all. */
static size_t rows_without(const dataset *d, unsigned fold, uint32_t *use) {
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        if (fold == FOLDS || !touches(&d->row[i], fold)) use[n++] = (uint32_t)i;
    return n;
}

static size_t rows_of(const dataset *d, unsigned fold, uint32_t *use) {
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        if (d->row[i].fold == fold) use[n++] = (uint32_t)i;
    return n;
}

/* Leaving products out leaves out more pairs of two products than of one; this weight of the pairs
 * without a match makes up for it. */
static float weight_of_rest(const dataset *d, const uint32_t *use, size_t n) {
    double matches = 0;
    for (size_t i = 0; i < n; i++) matches += d->row[use[i]].label;
    double rest = (double)n - matches, all_rest = (double)(d->n - d->matches);
    if (!matches || rest <= 0 || !d->matches) return 1;
    return (float)(all_rest / (double)d->matches * matches / rest);
}

/* ---- token evidence ---- */

static bool in_parts(const dataset_row *r, unsigned p, unsigned q) {
    return r->part_left == p || r->part_left == q || r->part_right == p || r->part_right == q;
}

/* Learns from the pairs without a record in two parts what is asked of the pairs between them. */
static void evidence_of(training *t, ts_arena scratch, unsigned p, unsigned q, double scale,
                        float *out) {
    dataset *d = &t->d;
    cue_rows r = {d->cue_at, d->cue, d->y};
    uint32_t *use = ts_new_n(&scratch, uint32_t, d->n);
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        if (!in_parts(&d->row[i], p, q)) use[n++] = (uint32_t)i;
    double *w = ts_new_n(&scratch, double, TS_CUE_SLOTS + 1);
    cues_fit(scratch, r, use, n, 0.3, t->o.seed * 64 + p * FOLDS + q, 1, w);
    for (size_t i = 0; i <= TS_CUE_SLOTS; i++) t->cue[i] += scale * w[i];
    for (size_t i = 0; i < d->n; i++) {
        const dataset_row *x = &d->row[i];
        bool asked =
            (x->part_left == p && x->part_right == q) || (x->part_left == q && x->part_right == p);
        if (asked) out[i] = (float)cues_score(r, w, i);
    }
}

static void keep_evidence(training *t) {
    double most = 1e-9;
    for (size_t i = 0; i < TS_CUE_SLOTS; i++) most = fmax(most, fabs(t->cue[i]));
    int8_t *w = ts_new_n(t->a, int8_t, TS_CUE_SLOTS);
    for (size_t i = 0; i < TS_CUE_SLOTS; i++) w[i] = (int8_t)lround(t->cue[i] / most * 127);
    t->out->cue = w;
    t->out->cue_scale = (float)(most / 127);
    t->out->cue_bias = (float)t->cue[TS_CUE_SLOTS];
}

/* Each pair is judged by a model that saw neither of its records. What is kept is the mean of all.
 */
static void learn_evidence(training *t, ts_arena scratch) {
    const double fits = FOLDS * (FOLDS + 1) / 2;
    t->cue = ts_new_n(t->a, double, TS_CUE_SLOTS + 1);
    float *said = ts_new_n(&scratch, float, t->d.n);
    for (unsigned p = 0; p < FOLDS; p++)
        for (unsigned q = p; q < FOLDS; q++) evidence_of(t, scratch, p, q, 1 / fits, said);
    for (size_t i = 0; i < t->d.n; i++) t->d.x[i * TS_FEATURES + ts_feature_evidence()] = said[i];
    keep_evidence(t);
}

/* ---- trees ---- */

typedef struct table {
    boost_rows rows;
    float *x, *y, *w;
} table;

static table table_of(ts_arena *a, const dataset *d, const uint32_t *use, size_t n, float rest) {
    table t = {.x = ts_new_raw(a, float, n *TS_FEATURES),
               .y = ts_new_raw(a, float, n),
               .w = ts_new_raw(a, float, n)};
    for (size_t i = 0; i < n; i++) {
        memcpy(t.x + i * TS_FEATURES, d->x + (size_t)use[i] * TS_FEATURES,
               TS_FEATURES * sizeof *t.x);
        t.y[i] = d->y[use[i]];
        t.w[i] = d->row[use[i]].weight * (t.y[i] > 0.5f ? 1 : rest);
    }
    t.rows = (boost_rows){t.x, TS_FEATURES, TS_FEATURES, n, t.y, t.w};
    return t;
}

static boost_options options_of(const training *t, unsigned rounds, unsigned patience,
                                int8_t directions[TS_FEATURES]) {
    for (unsigned i = 0; i < TS_FEATURES; i++) directions[i] = (int8_t)ts_feature_direction(i);
    return (boost_options){.rounds = rounds,
                           .patience = patience,
                           .depth = TREE_DEPTH,
                           .threads = t->o.threads,
                           .seed = (unsigned)t->o.seed,
                           .eta = 20.0f / (float)(t->o.rounds > 100 ? t->o.rounds
                                                  : t->o.rounds     ? 100
                                                                    : ROUNDS),
                           .subsample = 0.8f,
                           .colsample = 0.5f,
                           .min_child_weight = 2,
                           .lambda = 2,
                           .monotone = t->o.monotone ? directions : 0};
}

static bool trees_without(training *t, ts_arena scratch, unsigned fold, ts_error *e) {
    int8_t directions[TS_FEATURES];
    uint32_t *use = ts_new_n(&scratch, uint32_t, t->d.n),
             *ask = ts_new_n(&scratch, uint32_t, t->d.n);
    size_t n = rows_without(&t->d, fold, use), m = rows_of(&t->d, fold, ask);
    float rest = weight_of_rest(&t->d, use, n);
    table learn = table_of(&scratch, &t->d, use, n, rest),
          valid = table_of(&scratch, &t->d, ask, m, 1);
    boost_options o = options_of(t, t->o.rounds ? t->o.rounds : ROUNDS, PATIENCE, directions);
    ts_trees trees;
    if (!boost_fit(&scratch, &learn.rows, &valid.rows, o, &trees, e)) return false;
    t->rounds[fold] = trees.count;
    for (size_t i = 0; i < m; i++)
        t->trees[ask[i]] = ts_trees_score(&trees, valid.x + i * TS_FEATURES);
    return true;
}

static bool learn_trees(training *t, ts_arena scratch, ts_error *e) {
    int8_t directions[TS_FEATURES];
    unsigned sum = 0;
    for (unsigned f = 0; f < FOLDS; f++) {
        if (!trees_without(t, scratch, f, e)) return false;
        sum += t->rounds[f];
        ts_log_note("trees: %u of %u", f + 1, FOLDS + 1);
    }
    uint32_t *use = ts_new_n(&scratch, uint32_t, t->d.n);
    size_t n = rows_without(&t->d, FOLDS, use);
    table all = table_of(&scratch, &t->d, use, n, 1);
    unsigned rounds = sum / FOLDS * 11 / 10 + 1; /* there is a quarter more to learn from */
    unsigned most = t->o.rounds ? t->o.rounds : ROUNDS;
    if (rounds > most) rounds = most;
    return boost_fit(t->a, &all.rows, 0, options_of(t, rounds, 0, directions), &t->out->trees, e);
}

/* ---- network ---- */

static net_fit_options net_options(const training *t, unsigned fold) {
    return (net_fit_options){.epochs = t->o.epochs ? t->o.epochs : EPOCHS,
                             .batch = 64,
                             .seed = (unsigned)(t->o.seed * 16 + fold),
                             .features = TS_FEATURES,
                             .rate = 2e-3f,
                             .token_dropout = 0.2f,
                             .dropout = 0.35f,
                             .decay = 1e-2f};
}

static void score_net(const training *t, const ts_net *net, const uint32_t *ask, size_t n,
                      ts_arena scratch) {
    const dataset *d = &t->d;
    ts_net_side *side = ts_new_n(&scratch, ts_net_side, d->sides);
    bool *made = ts_new_n(&scratch, bool, d->sides);
    for (size_t i = 0; i < n; i++) {
        const net_sample *s = &d->sample[ask[i]];
        uint32_t both[2] = {s->a, s->b};
        for (int k = 0; k < 2; k++) {
            if (made[both[k]]) continue;
            ts_net_embed(net, d->side[both[k]].v, d->side[both[k]].n, &side[both[k]]);
            made[both[k]] = true;
        }
        ts_net_pair p = {&side[s->a], &side[s->b], s->same, s->found_a, s->found_b, s->x};
        t->net[ask[i]] = ts_net_score(net, &p);
    }
}

/* One network: of a fold, or (FOLDS) the one that is kept. */
typedef struct net_job {
    training *t;
    ts_arena room, kept;
    unsigned fold;
    const ts_net *net;
    ts_error error;
    bool ok;
} net_job;

static bool fit_net(net_job *j) {
    training *t = j->t;
    ts_arena scratch = j->room;
    uint32_t *use = ts_new_n(&scratch, uint32_t, t->d.n),
             *ask = ts_new_n(&scratch, uint32_t, t->d.n);
    size_t n = rows_without(&t->d, j->fold, use), m = rows_of(&t->d, j->fold, ask);
    float rest = weight_of_rest(&t->d, use, n);
    net_sample *s = ts_new_raw(&scratch, net_sample, n);
    for (size_t i = 0; i < n; i++) {
        s[i] = t->d.sample[use[i]];
        s[i].y = s[i].y > 0.5f ? 1 - SMOOTH : SMOOTH;
        s[i].weight = t->d.row[use[i]].weight * (j->fold < FOLDS && s[i].y < 0.5f ? rest : 1);
    }
    if (!net_fit(&j->kept, scratch, t->d.side, s, n, 0, 0, net_options(t, j->fold), &j->net, 0,
                 &j->error))
        return false;
    if (j->fold < FOLDS) score_net(t, j->net, ask, m, scratch);
    return true;
}

static void *run_net(void *arg) {
    net_job *j = arg;
    j->ok = fit_net(j);
    return 0;
}

/* What a finished fold's network said is kept, so that training can go on where it stopped. */
static bool net_known(training *t, unsigned fold) {
    ts_str kept = stages_get(&t->stages, "net", fold);
    if (kept.n != t->d.n * sizeof *t->net) return false;
    const double *v = (const void *)kept.p;
    for (size_t i = 0; i < t->d.n; i++)
        if (t->d.row[i].fold == fold) t->net[i] = v[i];
    return true;
}

/* Keeps what the fold's network said, and nothing else: others may still be writing what theirs
 * say. */
static void keep_said(const net_job *j) {
    training *t = j->t;
    ts_arena scratch = j->room;
    double *own = ts_new_n(&scratch, double, t->d.n);
    for (size_t i = 0; i < t->d.n; i++)
        if (t->d.row[i].fold == j->fold) own[i] = t->net[i];
    stages_put(&t->stages, "net", j->fold, (ts_str){(const char *)own, t->d.n * sizeof *own});
}

static bool learn_net(training *t, ts_error *e) {
    net_job job[FOLDS + 1] = {0};
    pthread_t thread[FOLDS + 1];
    unsigned open[FOLDS + 1], n = 0, threads = t->o.threads;
    for (unsigned f = 0; f <= FOLDS; f++)
        if (f == FOLDS || !net_known(t, f)) open[n++] = f;
    bool ok = true;
    unsigned done = FOLDS + 1 - n;
    for (unsigned at = 0; ok && at < n; at += threads) {
        unsigned k = n - at < threads ? n - at : threads, started = 0;
        for (; started < k; started++) {
            net_job *j = &job[open[at + started]];
            *j = (net_job){.t = t, .fold = open[at + started]};
            j->room = ts_arena_new(WORK_RESERVE);
            j->kept = ts_arena_new(WORK_RESERVE / 8);
            if (!ts_thread_start(&thread[started], run_net, j, e)) break;
        }
        ok = started == k;
        for (unsigned i = 0; i < started; i++) {
            net_job *j = &job[open[at + i]];
            pthread_join(thread[i], 0);
            if (!j->ok) *e = j->error, ok = false;
            if (j->ok && j->fold < FOLDS) keep_said(j);
            ts_arena_free(&j->room, WORK_RESERVE);
            if (j->fold < FOLDS) ts_arena_free(&j->kept, WORK_RESERVE / 8);
            ts_log_note("network: %u of %u", ++done, FOLDS + 1);
        }
    }
    t->out->net = job[FOLDS].net;
    return ok;
}

/* ---- combining ---- */

/* Whether a match counts where they are rarer than among the pairs learnt from. */
static bool counts(const training *t, size_t row) {
    return !t->d.row[row].label || (double)(ts_mix(row) >> 11) * 0x1p-53 < t->matches_kept;
}

/* What model `m` (its band and combiners) says of the pairs of products not seen. */
typedef struct verdicts {
    judged *v;
    size_t n, asked;
} verdicts;

static verdicts judge_all(const training *t, ts_arena *a, const ts_model *m) {
    verdicts r = {.v = ts_new_n(a, judged, t->d.n)};
    for (size_t i = 0; i < t->d.n; i++) {
        if (!counts(t, i)) continue;
        bool ask = ts_model_is_open(m, t->trees[i]);
        double z = ts_combine(ask ? m->both : m->alone, t->trees[i], ask ? t->net[i] : 0);
        r.asked += ask;
        r.v[r.n++] = (judged){(float)ts_probability(z), t->d.row[i].label, t->d.row[i].product};
    }
    return r;
}

/* With the threshold that was asked for, or the best one, which *m gets. */
static metrics measure(const training *t, ts_arena scratch, ts_model *m, double *asked) {
    verdicts r = judge_all(t, &scratch, m);
    double x = t->o.threshold > 0 ? t->o.threshold : metrics_best_threshold(scratch, r.v, r.n);
    m->threshold = x > 0.01 && x < 0.99 ? x : 0.5;
    if (asked) *asked = r.n ? (double)r.asked / (double)r.n : 0;
    return metrics_of(scratch, r.v, r.n, m->threshold);
}

/* Fits the combiner of the open pairs on those pairs, the other one on the others. */
static void fit_combiners(const training *t, ts_arena scratch, ts_model *m) {
    double *x = ts_new_n(&scratch, double, t->d.n), *z = ts_new_n(&scratch, double, t->d.n);
    uint8_t *y = ts_new_n(&scratch, uint8_t, t->d.n);
    for (int open = 0; open < 2; open++) {
        size_t n = 0;
        for (size_t i = 0; i < t->d.n; i++) {
            if (ts_model_is_open(m, t->trees[i]) != open) continue;
            x[n] = t->trees[i], z[n] = t->net[i], y[n++] = t->d.row[i].label;
        }
        if (open)
            m->both = combiner_fit(x, z, y, n, (ts_combiner){0, 0.5, 0.5}, 1);
        else
            m->alone = combiner_fit(x, 0, y, n, (ts_combiner){0, 1, 0}, 1);
    }
}

static ts_model with_band(const training *t, ts_arena scratch, const ts_model *m, double half) {
    ts_model x = *m;
    x.open_from = -half, x.open_to = half;
    fit_combiners(t, scratch, &x);
    return x;
}

/* The narrowest band, out of a few, that costs at most a tenth of a point of F1 against asking
 * always (`always`); pairs outside it are decided by the trees. */
static ts_model choose_band(const training *t, ts_arena scratch, ts_model always) {
    static const double half[] = {3, 3.5, 4, 4.5, 5, 6, 8};
    if (t->o.band > 0) return with_band(t, scratch, &always, t->o.band);
    double f1 = measure(t, scratch, &always, 0).f1;
    for (size_t i = 0; i < sizeof half / sizeof *half; i++) {
        ts_model m = with_band(t, scratch, &always, half[i]);
        if (measure(t, scratch, &m, 0).f1 >= f1 - 0.001) return m;
    }
    return always;
}

/* Matches are rarer among the pairs that will be judged than among those that were learnt from:
 * what is added to every log-odds. */
static double shift_of(const training *t) {
    double p = t->o.prevalence, seen = (double)t->d.matches / (double)t->d.n;
    return p > 0 && p < seen ? log(p / (1 - p)) - log(seen / (1 - seen)) : 0;
}

static metrics measure_shifted(const training *t, ts_arena scratch, ts_model *m, double *asked) {
    double shift = shift_of(t);
    m->alone.bias += shift;
    m->both.bias += shift;
    return measure(t, scratch, m, asked);
}

/* The network stays only where it makes the judgement of products never seen better. All figures
 * are for the share of matches that is expected in use. */
static void finish(training *t, ts_arena scratch, train_report *r) {
    const double all = 1e9;
    ts_model trees = *t->out;
    trees.net = 0;
    fit_combiners(t, scratch, &trees);
    ts_model kept = trees;
    if (t->out->net) {
        ts_model always = with_band(t, scratch, t->out, all);
        kept = choose_band(t, scratch, always);
        r->dropped = measure(t, scratch, &kept, 0).f1 < measure(t, scratch, &trees, 0).f1;
        if (r->dropped) kept = trees;
        t->matches_kept = exp(shift_of(t));
        r->always_f1 = measure_shifted(t, scratch, &always, 0).f1;
    }
    t->matches_kept = exp(shift_of(t));
    r->trees = measure_shifted(t, scratch, &trees, 0);
    r->both = measure_shifted(t, scratch, &kept, &r->asked);
    r->rounds = kept.trees.count;
    *t->out = kept;
}

/* Groups left out are all zeroes: nothing can be learnt from them. */
static void leave_out(training *t) {
    static const unsigned bit[] = {WITHOUT_FACTS, WITHOUT_TEXT, WITHOUT_EVIDENCE, WITHOUT_RANK,
                                   WITHOUT_VECTORS};
    for (unsigned k = 0; k < TS_FEATURES; k++) {
        ts_feature_group g = ts_feature_group_of(k);
        if (g == TS_GROUP_EVIDENCE || !(t->o.without & bit[g])) continue;
        for (size_t i = 0; i < t->d.n; i++) t->d.x[i * TS_FEATURES + k] = 0;
    }
    if (!t->d.ranked) t->o.without |= WITHOUT_RANK;
    for (unsigned g = 0; g < TS_GROUPS; g++)
        if (!(t->o.without & bit[g])) t->out->groups |= 1u << g;
}

bool train_model(ts_arena *a, train_options o, ts_model *out, train_report *report, ts_error *e) {
    uint64_t start = ts_nanos();
    training t = {.o = o, .a = a, .out = out, .matches_kept = 1};
    *out = (ts_model){0};
    *report = (train_report){0};
    if (!t.o.threads) t.o.threads = ts_cpu_count();
    snprintf(out->name, sizeof out->name, "%s", o.name ? o.name : "matcher");
    ts_arena room = ts_arena_new(WORK_RESERVE), scratch = room;
    bool ok = dataset_load(a, scratch, o.part, o.parts, 1, !(o.without & WITHOUT_NET), &t.d, e);
    if (ok && (!t.d.matches || t.d.matches == t.d.n))
        ok = ts_fail(e, TS_E_INPUT, "learning needs pairs of both labels; these %zu have only one",
                     t.d.n);
    if (ok) {
        leave_out(&t);
        t.trees = ts_new_n(a, double, t.d.n);
        t.net = ts_new_n(a, double, t.d.n);
        stages_open(&t.stages, a, o.resume, &t.d, &t.o);
        if (!(t.o.without & WITHOUT_EVIDENCE)) learn_evidence(&t, scratch);
        ts_log_note("token evidence: done");
        ok = learn_trees(&t, scratch, e) && (t.o.without & WITHOUT_NET || learn_net(&t, e));
        stages_close(&t.stages, ok);
    }
    if (ok) finish(&t, scratch, report);
    ts_arena_free(&room, WORK_RESERVE);
    report->pairs = t.d.n;
    report->matches = t.d.matches;
    report->seconds = 1e-9 * (double)(ts_nanos() - start);
    return ok;
}
