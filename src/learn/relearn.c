#include "relearn.h"

#include <math.h>
#include <stdlib.h>

#include "combine.h"

enum { BOOTSTRAP = 2000, CARD_MAX = 1 << 20 };

typedef struct row {
    ts_opinion said;
    uint8_t label;
    uint32_t notice;             /* 0, 1, … */
    double before, after, share; /* log-odds: as it is; learnt without the notice; of the share
                                    alone */
} row;

typedef struct relearning {
    ts_arena *a;
    const ts_model *m;
    const decisions *d;
    row *row;
    size_t n;
    uint32_t notices;
} relearning;

/* ---- whether there is enough ---- */

/* Numbers the notices in the order of the file. */
static void number_notices(relearning *l) {
    ts_map seen = {0};
    for (size_t i = 0; i < l->n; i++) {
        bool fresh;
        uint64_t *number = ts_map_put(l->a, &seen, l->d->list.v[i].notice.id, &fresh);
        if (fresh) *number = l->notices++;
        l->row[i].notice = (uint32_t)*number;
        l->row[i].label = l->d->list.v[i].confirmed;
    }
}

static bool enough(const relearning *l, relearn_report *r, ts_error *e) {
    r->decisions = l->n;
    r->notices = l->notices;
    for (size_t i = 0; i < l->n; i++) r->confirmed += l->row[i].label;
    size_t rejected = l->n - r->confirmed;
    if (l->n >= RELEARN_LEAST && r->confirmed >= RELEARN_EITHER && rejected >= RELEARN_EITHER &&
        l->notices >= RELEARN_NOTICES)
        return true;
    return ts_fail(e, TS_E_INPUT,
                   "learning needs %d decisions or more, %d of them confirmed, %d rejected, on %d "
                   "different notices; here are %zu, %zu confirmed, %zu rejected, on %u",
                   RELEARN_LEAST, RELEARN_EITHER, RELEARN_EITHER, RELEARN_NOTICES, l->n,
                   r->confirmed, rejected, l->notices);
}

/* ---- what the parts of the model say ---- */

/* All notices of the index, by id. */
static bool add_index(ts_arena *a, const ts_index *ix, ts_records *r, ts_map *known, ts_error *e) {
    for (uint32_t i = 0; ix && i < ts_index_notices(ix); i++) {
        ts_notice n;
        if (!ts_index_notice(ix, i, a, &n, e)) return false;
        ts_record x = ts_record_of_notice(a, &n);
        *ts_map_put(a, known, n.id, 0) = ts_records_add(r, &x, TS_RECORD_LEFT);
    }
    return true;
}

static bool ask(relearning *l, const ts_index *notices, relearn_report *report, ts_error *e) {
    ts_arena *a = l->a;
    ts_records *r = ts_records_new(a);
    ts_map known = {0};
    uint32_t *left = ts_new_n(a, uint32_t, l->n), *right = ts_new_n(a, uint32_t, l->n);
    if (!add_index(a, notices, r, &known, e)) return false;
    size_t whole = ts_records_count(r);
    for (size_t i = 0; i < l->n; i++) {
        const decision *d = &l->d->list.v[i];
        bool fresh;
        uint64_t *number = ts_map_put(a, &known, d->notice.id, &fresh);
        ts_record n = ts_record_of_notice(a, &d->notice), o = ts_record_of_offer(a, &d->offer);
        if (fresh) *number = ts_records_add(r, &n, TS_RECORD_LEFT);
        left[i] = (uint32_t)*number;
        right[i] = ts_records_add(r, &o, TS_RECORD_RIGHT);
        report->complete += left[i] < whole;
    }
    ts_records_finish(r);
    for (size_t i = 0; i < l->n; i++)
        if (!ts_records_ask(r, l->m, left[i], right[i], &l->row[i].said, e)) return false;
    return true;
}

/* ---- fitting ---- */

static double log_odds(const ts_model *m, const ts_opinion *o) {
    return ts_combine(o->asked ? m->both : m->alone, o->trees, o->net);
}

static unsigned fold_of(const row *r) { return r->notice % RELEARN_FOLDS; }

/* The combiners fitted on the rows outside the fold; RELEARN_FOLDS: on all. */
static ts_model fitted(const relearning *l, ts_arena scratch, unsigned fold) {
    ts_model m = *l->m;
    double *trees = ts_new_n(&scratch, double, l->n), *net = ts_new_n(&scratch, double, l->n);
    uint8_t *label = ts_new_n(&scratch, uint8_t, l->n);
    for (int asked = 0; asked < 2; asked++) {
        size_t n = 0;
        for (size_t i = 0; i < l->n; i++) {
            const row *r = &l->row[i];
            if (r->said.asked != asked || fold_of(r) == fold) continue;
            trees[n] = r->said.trees, net[n] = r->said.net, label[n++] = r->label;
        }
        if (!n) continue;
        if (asked)
            m.both = combiner_fit(trees, net, label, n, m.both, RELEARN_PRIOR);
        else
            m.alone = combiner_fit(trees, 0, label, n, m.alone, RELEARN_PRIOR);
    }
    return m;
}

/* Log-odds of the share confirmed outside the fold. */
static double share_without(const relearning *l, unsigned fold) {
    double yes = 0.5, no = 0.5;
    for (size_t i = 0; i < l->n; i++) {
        if (fold_of(&l->row[i]) == fold) continue;
        if (l->row[i].label)
            yes++;
        else
            no++;
    }
    return log(yes / no);
}

static void judge_unseen(relearning *l) {
    for (unsigned f = 0; f < RELEARN_FOLDS; f++) {
        ts_model m = fitted(l, *l->a, f);
        double share = share_without(l, f);
        for (size_t i = 0; i < l->n; i++) {
            row *r = &l->row[i];
            if (fold_of(r) != f) continue;
            r->before = log_odds(l->m, &r->said);
            r->after = log_odds(&m, &r->said);
            r->share = share;
        }
    }
}

/* ---- measuring ---- */

static double loss_of(double z, uint8_t label) {
    return log1p(exp(-fabs(z))) + (label ? fmax(-z, 0) : fmax(z, 0));
}

static relearn_measures measure(const relearning *l, ts_arena scratch, bool after) {
    relearn_measures x = {0};
    judged *v = ts_new_n(&scratch, judged, l->n);
    for (size_t i = 0; i < l->n; i++) {
        const row *r = &l->row[i];
        double z = after ? r->after : r->before;
        x.log_loss += loss_of(z, r->label) / (double)l->n;
        v[i] = (judged){(float)ts_probability(z), r->label, r->notice};
    }
    x.m = metrics_of(scratch, v, l->n, l->m->threshold);
    return x;
}

static int by_size(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* 95 % interval of the mean loss after less the other one's; whole notices are drawn. */
static interval difference(const relearning *l, ts_arena scratch, bool from_share) {
    double *sum = ts_new_n(&scratch, double, l->notices),
           *count = ts_new_n(&scratch, double, l->notices),
           *mean = ts_new_n(&scratch, double, BOOTSTRAP);
    for (size_t i = 0; i < l->n; i++) {
        const row *r = &l->row[i];
        double other = from_share ? r->share : r->before;
        sum[r->notice] += loss_of(r->after, r->label) - loss_of(other, r->label);
        count[r->notice]++;
    }
    ts_random random = ts_random_seed(1);
    for (size_t k = 0; k < BOOTSTRAP; k++) {
        double s = 0, n = 0;
        for (uint32_t i = 0; i < l->notices; i++) {
            uint32_t g = ts_random_below(&random, l->notices);
            s += sum[g], n += count[g];
        }
        mean[k] = s / n;
    }
    qsort(mean, BOOTSTRAP, sizeof *mean, by_size);
    return (interval){mean[BOOTSTRAP / 40], mean[BOOTSTRAP - 1 - BOOTSTRAP / 40]};
}

/* ---- what is kept ---- */

static void put_number(ts_jsonw *w, const char *name, double v) {
    ts_jsonw_key(w, name);
    ts_jsonw_f64(w, v, 6);
}

static void put_measures(ts_jsonw *w, const char *name, const relearn_measures *x) {
    ts_jsonw_key(w, name);
    ts_jsonw_object(w);
    put_number(w, "log_loss", x->log_loss);
    put_number(w, "brier", x->m.brier);
    put_number(w, "ece", x->m.ece);
    put_number(w, "f1", x->m.f1);
    put_number(w, "precision", x->m.precision);
    put_number(w, "recall", x->m.recall);
    ts_jsonw_end(w);
}

static void put_count(ts_jsonw *w, const char *name, size_t n) {
    ts_jsonw_key(w, name);
    ts_jsonw_i64(w, (int64_t)n);
}

static void put_learnt(ts_jsonw *w, const relearn_report *r) {
    ts_jsonw_key(w, "learnt");
    ts_jsonw_object(w);
    put_count(w, "decisions", r->decisions);
    put_count(w, "confirmed", r->confirmed);
    put_count(w, "rejected", r->decisions - r->confirmed);
    put_count(w, "notices", r->notices);
    put_count(w, "compared_with_whole_notice", r->complete);
    put_count(w, "folds_by_notice", RELEARN_FOLDS);
    put_measures(w, "before", &r->before);
    put_measures(w, "after", &r->after);
    ts_jsonw_key(w, "log_loss_difference_95");
    ts_jsonw_array(w);
    ts_jsonw_f64(w, r->difference.low, 6);
    ts_jsonw_f64(w, r->difference.high, 6);
    ts_jsonw_end(w);
    ts_jsonw_end(w);
}

/* What was learnt, and the model it was learnt by with its own card. */
static ts_str card_of(ts_arena *a, const ts_model *m, const relearn_report *r) {
    ts_buf b = ts_buf_new(a, CARD_MAX);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_arena scratch = *a;
    bool sound = m->card.n < CARD_MAX / 2 &&
                 ts_json_parse(&scratch, m->card, (ts_json_options){.strict = true}, 0);
    ts_jsonw_object(&w);
    put_learnt(&w, r);
    ts_jsonw_key(&w, "from");
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "model", ts_model_id(a, m));
    ts_jsonw_key(&w, "card");
    if (sound)
        ts_jsonw_raw(&w, m->card);
    else
        ts_jsonw_null(&w);
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

static void name_of(char out[TS_MODEL_NAME], const ts_model *m, size_t learnt_n) {
    char learnt[24];
    int n = snprintf(learnt, sizeof learnt, "+%zu", learnt_n);
    ts_str name = ts_str_clip(ts_str_c(m->name), TS_MODEL_NAME - 1 - (size_t)n);
    snprintf(out, TS_MODEL_NAME, "%.*s%s", TS_P(name), learnt);
}

bool relearn(ts_arena *a, const ts_model *m, const decisions *d, const ts_index *notices,
             ts_model *out, relearn_report *r, ts_error *e) {
    relearning l = {.a = a, .m = m, .d = d, .n = d->list.n};
    *r = (relearn_report){0};
    l.row = ts_new_n(a, row, l.n);
    number_notices(&l);
    if (!enough(&l, r, e) || !ask(&l, notices, r, e)) return false;
    judge_unseen(&l);
    r->before = measure(&l, *a, false);
    r->after = measure(&l, *a, true);
    r->difference = difference(&l, *a, false);
    r->informed = difference(&l, *a, true);
    r->better = r->after.log_loss < r->before.log_loss && r->informed.high < 0;
    *out = fitted(&l, *a, RELEARN_FOLDS);
    out->mapping = (ts_mapping){0};
    out->digest = (ts_digest){0};
    name_of(out->name, m, l.n);
    out->card = card_of(a, m, r);
    return true;
}
