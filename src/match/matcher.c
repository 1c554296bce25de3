/* The way of one offer: profile, candidates, comparison, judgement, rung, grade, reasons. */
#include <math.h>
#include <stdlib.h>

#include "explain.h"
#include "lead.h"
#include "retrieve.h"

struct ts_matcher {
    retriever r;
    ts_match_options o;
    ts_match_counts counts;
    judgement *judged; /* [CANDIDATES] */
    float *x;          /* [CANDIDATES][FT_COUNT] */
    ts_str id;         /* of the model */
};

static const char *const rung_names[] = {"text",        "image",      "brand_text", "brand_image",
                                         "brand_model", "identifier", "declared"};
static const char *const grade_names[] = {"below", "review", "strong"};
const char *ts_rung_name(ts_rung r) { return rung_names[r]; }
const char *ts_grade_name(ts_grade g) { return grade_names[g]; }

ts_matcher *ts_matcher_new(ts_arena *a, const ts_index *ix, ts_match_options o) {
    ts_matcher *m = ts_new(a, ts_matcher);
    retriever_init(&m->r, a, ix);
    m->o = o;
    if (m->o.threshold <= 0 && o.model) m->o.threshold = o.model->threshold;
    if (m->o.floor <= 0) m->o.floor = m->o.threshold;
    if (!m->o.per_offer) m->o.per_offer = 8;
    m->judged = ts_new_n(a, judgement, CANDIDATES);
    m->x = ts_new_n(a, float, (size_t)CANDIDATES *FT_COUNT);
    for (size_t i = 0; i < CANDIDATES; i++) m->judged[i].x = m->x + i * FT_COUNT;
    if (o.model) m->id = ts_model_id(a, o.model);
    return m;
}

void ts_matcher_free(ts_matcher *m) { retriever_free(&m->r); }

ts_match_counts ts_matcher_counts(const ts_matcher *m) {
    ts_match_counts c = m->counts;
    c.postings = m->r.postings_walked;
    c.verified = m->r.verified;
    return c;
}

/* ---- the ladder ---- */

static ts_rung rung_of(const pair *p) {
    if (p->declared) return TS_RUNG_DECLARED;
    if (p->ident) return TS_RUNG_IDENTIFIER;
    if (brand_agrees(p) && p->model == MODEL_SAME) return TS_RUNG_BRAND_MODEL;
    if (brand_agrees(p)) return TS_RUNG_BRAND_TEXT;
    return TS_RUNG_TEXT;
}

/* Caps of the ladder: likeness of words alone never makes more than a hint. */
static double cap_of(const pair *p, ts_rung rung) {
    if (rung == TS_RUNG_TEXT && p->model != MODEL_SAME) return 0.6;
    return 1;
}

/* ---- judging ---- */

/* The candidates' judgements, in the order of r.best. */
static void judge(ts_matcher *m, const offer_side *o) {
    const ts_model *model = m->o.model;
    size_t n = m->r.best_n;
    for (size_t i = 0; i < n; i++) {
        notice_side side = ix_side(m->r.ix, m->r.best[i].notice);
        judge_compare(model, &side, o, &m->judged[i]);
    }
    judge_trees(model, m->judged, n);
    ts_net_side right;
    bool embedded = false;
    for (size_t i = 0; i < n; i++) {
        if (!m->judged[i].asked) continue;
        if (!embedded) judge_embed(model, o->sketch, &right);
        embedded = true;
        judge_net(model, &right, &m->judged[i]);
        m->counts.asked++;
    }
    m->counts.judged += n;
}

static void add_lead(ts_matcher *m, ts_arena *a, const offer_side *o, size_t i, ts_leads *out) {
    const judgement *j = &m->judged[i];
    double likelihood = ts_probability(j->log_odds);
    ts_rung rung = rung_of(&j->facts);
    double cap = cap_of(&j->facts, rung);
    if (fmin(likelihood, cap) < m->o.floor) return;
    ts_lead *l = ts_push(a, out);
    *l = (ts_lead){.notice = m->r.best[i].notice,
                   .probability = fmin(likelihood, cap),
                   .log_odds = j->log_odds,
                   .capped = cap < likelihood,
                   .rung = rung,
                   .model = ts_str_dup(a, m->id)};
    notice_side side = ix_side(m->r.ix, l->notice);
    explain(a, m->o.model, &side, o, j, l);
    bool strong = rung >= TS_RUNG_IDENTIFIER && !conflicts(&j->facts);
    l->grade = l->probability < m->o.threshold ? TS_GRADE_BELOW
               : strong                        ? TS_GRADE_STRONG
                                               : TS_GRADE_REVIEW;
}

static int by_likelihood(const void *x, const void *y) {
    const ts_lead *a = x, *b = y;
    if (a->probability != b->probability) return a->probability < b->probability ? 1 : -1;
    if (a->rung != b->rung) return a->rung < b->rung ? 1 : -1;
    return (a->notice > b->notice) - (a->notice < b->notice);
}

/* ---- one offer ---- */

static void find(ts_matcher *m, ts_arena *a, const ts_offer *o, offer_profile *p) {
    profile_offer(a, o, p);
    if (m->o.exhaustive)
        retrieve_all(&m->r, p);
    else
        retrieve(&m->r, p);
    m->counts.offers++;
    m->counts.left_early += m->r.best_n == 0;
}

size_t ts_candidates(ts_matcher *m, ts_arena scratch, const ts_offer *o, uint32_t *notice,
                     size_t most) {
    offer_profile p;
    find(m, &scratch, o, &p);
    size_t n = m->r.best_n < most ? m->r.best_n : most;
    for (size_t i = 0; i < n; i++) notice[i] = m->r.best[i].notice;
    return n;
}

void ts_match(ts_matcher *m, ts_arena *a, const ts_offer *o, ts_leads *out) {
    offer_profile p;
    size_t before = out->n;
    find(m, a, o, &p);
    if (!m->r.best_n) return;
    sketch *words = sketch_build(a, &p.view, o->price, o->currency, false);
    sketch_weigh(words, (word_weights){ix_at(m->r.ix, IX_WEIGHTS)});
    offer_side side = {o, &p, words};
    judge(m, &side);
    for (size_t i = 0; i < m->r.best_n; i++) add_lead(m, a, &side, i, out);
    if (out->n > before + 1) qsort(out->v + before, out->n - before, sizeof *out->v, by_likelihood);
    if (out->n > before + m->o.per_offer) out->n = before + m->o.per_offer;
}
