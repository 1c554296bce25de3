#include "evaluate.h"

#include <stdlib.h>

enum { BLOCK = 256, GROUP_LEAST = 10, ROUNDS = 200 };
#define WORK_RESERVE ((size_t)8 << 30)

/* The trees' log-odds of all pairs. */
static void ask_trees(const ts_model *m, dataset *d, float *trees) {
    for (size_t i = 0; i < d->n; i++)
        if (m->cue && (m->groups >> TS_GROUP_EVIDENCE & 1))
            d->x[i * TS_FEATURES + ts_feature_evidence()] = ts_model_evidence(
                m, d->cue + d->cue_at[i], (size_t)(d->cue_at[i + 1] - d->cue_at[i]));
    for (size_t i = 0; i < d->n; i += BLOCK) {
        size_t n = d->n - i < BLOCK ? d->n - i : BLOCK;
        ts_trees_score_many(&m->trees, d->x + i * TS_FEATURES, TS_FEATURES, n, trees + i);
    }
}

typedef struct net_sides {
    ts_net_side *v;
    bool *made;
} net_sides;

static double ask_net(const ts_model *m, const dataset *d, size_t i, net_sides *s) {
    const net_sample *x = &d->sample[i];
    uint32_t both[2] = {x->a, x->b};
    for (int k = 0; k < 2; k++) {
        if (s->made[both[k]]) continue;
        ts_net_token token[TS_NET_TOKENS];
        size_t n = ts_records_tokens(d->records, both[k], token);
        ts_net_embed(m->net, token, n, &s->v[both[k]]);
        s->made[both[k]] = true;
    }
    ts_net_pair p = {&s->v[x->a], &s->v[x->b], x->same, x->found_a, x->found_b, x->x};
    return ts_net_score(m->net, &p);
}

static size_t cascade(const ts_model *m, const dataset *d, const float *trees, net_sides *s,
                      judged *v) {
    size_t asked = 0;
    for (size_t i = 0; i < d->n; i++) {
        bool open = ts_model_is_open(m, trees[i]);
        double z = open ? ts_combine(m->both, trees[i], ask_net(m, d, i, s))
                        : ts_combine(m->alone, trees[i], 0);
        v[i] = (judged){(float)ts_probability(z), d->row[i].label, d->row[i].product};
        asked += open;
    }
    return asked;
}

/* All pairs asked: what the cascade gives away, and what the parts are worth alone. */
static void always(const ts_model *m, const dataset *d, const float *trees, net_sides *s,
                   ts_arena scratch, double threshold, evaluation *out) {
    judged *v = ts_new_n(&scratch, judged, d->n), *t = ts_new_n(&scratch, judged, d->n),
           *net = ts_new_n(&scratch, judged, d->n);
    for (size_t i = 0; i < d->n; i++) {
        uint8_t y = d->row[i].label;
        double n = m->net ? ask_net(m, d, i, s) : 0;
        ts_combiner c = m->net ? m->both : m->alone;
        t[i] = (judged){(float)ts_probability(trees[i]), y, 0};
        net[i] = (judged){(float)ts_probability(n), y, 0};
        v[i] = (judged){(float)ts_probability(ts_combine(c, trees[i], n)), y, 0};
    }
    out->always_f1 = metrics_of(scratch, v, d->n, threshold).f1;
    out->trees = metrics_of(scratch, t, d->n, 0.5);
    out->net = metrics_of(scratch, net, d->n, 0.5);
}

/* ---- groups ---- */

static const char *language_name(uint8_t l) {
    static const char *const names[] = {"en", "de", "zh", "other"};
    return names[l < TS_LANGS ? l : TS_LANGS];
}

static ts_str group_of(ts_arena *a, const dataset_row *r, bool kind) {
    if (kind) return r->kind;
    ts_str parts[2] = {ts_str_c(language_name(r->lang_left)),
                       ts_str_c(language_name(r->lang_right))};
    return ts_str_join(a, parts, 2, TS_S("-"));
}

static void add_groups(ts_arena *a, ts_arena scratch, const dataset *d, const judged *v,
                       const evaluate_options *o, double threshold, bool kind, evaluation *out) {
    ts_str *name = ts_new_n(&scratch, ts_str, d->n);
    judged *part = ts_new_n(&scratch, judged, d->n);
    bool *done = ts_new_n(&scratch, bool, d->n);
    for (size_t i = 0; i < d->n; i++) name[i] = group_of(a, &d->row[i], kind);
    for (size_t i = 0; i < d->n; i++) {
        size_t n = 0;
        if (done[i] || !name[i].n) continue;
        for (size_t k = i; k < d->n; k++)
            if (ts_str_eq(name[k], name[i])) part[n++] = v[k], done[k] = true;
        if (n < GROUP_LEAST && !kind) continue;
        evaluation_group g = {.name = name[i], .m = metrics_of(scratch, part, n, threshold)};
        g.i =
            metrics_bootstrap(scratch, part, n, threshold, o->bootstrap ? o->bootstrap : ROUNDS, 1);
        if (kind)
            *ts_push(a, &out->kind) = g;
        else
            *ts_push(a, &out->language) = g;
    }
}

/* Kinds have one label each, so each is measured by itself; the languages are measured in full. */
static bool evaluate(ts_arena *a, ts_arena scratch, const ts_model *m, const evaluate_options *o,
                     evaluation *out, ts_error *e) {
    dataset d;
    double threshold = o->threshold > 0 ? o->threshold : m->threshold;
    if (!dataset_load(a, scratch, &o->part, 1, 1, false, &d, e)) return false;
    if ((m->groups >> TS_GROUP_RANK & 1) && !d.ranked)
        return ts_fail(
            e, TS_E_INPUT,
            "%s: the model was trained with tableA.jsonl and tableB.jsonl (it knows how a "
            "pair stands among all others); this folder has none",
            o->part.dir);
    float *trees = ts_new_n(a, float, d.n);
    judged *v = ts_new_n(a, judged, d.n);
    net_sides s = {ts_new_n(a, ts_net_side, d.sides), ts_new_n(a, bool, d.sides)};
    uint64_t start = ts_cpu_nanos();
    ask_trees(m, &d, trees);
    double with_trees = d.seconds + 1e-9 * (double)(ts_cpu_nanos() - start);
    size_t asked = cascade(m, &d, trees, &s, v);
    double all = d.seconds + 1e-9 * (double)(ts_cpu_nanos() - start);
    out->all = metrics_of(scratch, v, d.n, threshold);
    out->intervals =
        metrics_bootstrap(scratch, v, d.n, threshold, o->bootstrap ? o->bootstrap : ROUNDS, 1);
    out->asked = d.n ? (double)asked / (double)d.n : 0;
    always(m, &d, trees, &s, scratch, threshold, out);
    out->pairs_per_second = (double)d.n / all;
    out->trees_per_second = (double)d.n / with_trees;
    out->judged = v;
    add_groups(a, scratch, &d, v, o, threshold, false, out);
    add_groups(a, scratch, &d, v, o, threshold, true, out);
    return true;
}

bool evaluate_model(ts_arena *a, const ts_model *m, evaluate_options o, evaluation *out,
                    ts_error *e) {
    *out = (evaluation){0};
    ts_arena room = ts_arena_new(WORK_RESERVE);
    bool ok = evaluate(a, room, m, &o, out, e);
    ts_arena_free(&room, WORK_RESERVE);
    return ok;
}
