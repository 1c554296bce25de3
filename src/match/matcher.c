/* The way of one offer: profile, candidates, comparison, score, rung, grade, reasons. */
#include <math.h>

#include "lead.h"
#include "score.h"

struct ts_matcher {
    retriever r;
    ts_match_options o;
    ts_match_counts counts;
};

static const char *const rung_names[] = {"text",        "image",      "brand_text", "brand_image",
                                         "brand_model", "identifier", "declared"};
static const char *const grade_names[] = {"below", "review", "strong"};
const char *ts_rung_name(ts_rung r) { return rung_names[r]; }
const char *ts_grade_name(ts_grade g) { return grade_names[g]; }
ts_str ts_match_model(void) { return TS_S(SCORE_MODEL_NAME); }
double ts_match_threshold(void) { return SCORE_THRESHOLD; }

ts_matcher *ts_matcher_new(ts_arena *a, const ts_index *ix, ts_match_options o) {
    ts_matcher *m = ts_new(a, ts_matcher);
    retriever_init(&m->r, a, ix);
    m->o = o;
    if (m->o.threshold <= 0) m->o.threshold = SCORE_THRESHOLD;
    if (m->o.floor <= 0) m->o.floor = m->o.threshold;
    if (!m->o.per_offer) m->o.per_offer = 8;
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

static bool brand_agrees(const pair *p) {
    return p->brand == BRAND_SAME || p->brand == BRAND_NAMED || p->brand == BRAND_TYPO ||
           p->brand == BRAND_PART;
}

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

/* ---- reasons ---- */

static ts_str offer_span(const offer_profile *p, const sequence *s) {
    const ts_tokens *t = &p->view.f[s->field];
    if (s->to <= s->from || !t->n) return TS_NONE;
    size_t from = t->v[s->from].at, to = t->v[s->to - 1].at + t->v[s->to - 1].n;
    return (ts_str){t->text.p + from, to - from};
}

static void say(ts_arena *a, ts_lead *l, const char *what, double w, ts_str offer, ts_str notice) {
    ts_evidences *list = w >= 0 ? &l->agree : &l->conflict;
    *ts_push(a, list) = (ts_evidence){what, offer, notice, w};
}

static const char *brand_says(brand_relation r) {
    static const char *const keys[] = {"",
                                       "brand_same",
                                       "brand_named",
                                       "brand_typo",
                                       "brand_part",
                                       "brand_missing",
                                       "brand_other",
                                       "brand_maybe_other",
                                       "brand_field_other",
                                       "brand_compat"};
    return keys[r];
}
static const char *model_says(model_relation r) {
    static const char *const keys[] = {"",           "model_same",  "model_missing", "model_other",
                                       "model_near", "model_compat"};
    return keys[r];
}
static const char *type_says(type_relation r) {
    static const char *const keys[] = {"",           "type_same",     "type_named", "type_related",
                                       "type_other", "type_accessory"};
    return keys[r];
}

static ts_str quantity_text(ts_arena *a, double v) {
    ts_buf b = ts_buf_new(a, 40);
    ts_buf_fmt(&b, "%g", v);
    return ts_buf_str(&b);
}

static void explain(ts_arena *a, const ts_index *ix, const ts_offer *o, const offer_profile *op,
                    const pair *p, const double part[SCORE_PARTS], ts_lead *l) {
    if (p->declared)
        say(a, l, "declared", part[SCORE_DECLARED], o->notices.n ? o->notices.v[0] : TS_NONE,
            TS_NONE);
    if (p->ident) say(a, l, "identifier_same", part[SCORE_IDENTIFIER], p->ident->text, TS_NONE);
    if (p->brand != BRAND_NONE) {
        ts_str words = offer_span(op, &p->brand_at);
        if (!words.n && p->brand != BRAND_MISSING) words = o->brand;
        say(a, l, brand_says(p->brand), part[SCORE_BRAND], words, ix_key_text(ix, p->brand_key));
    }
    if (p->model != MODEL_NONE)
        say(a, l, model_says(p->model), part[SCORE_MODEL],
            p->offer_model ? p->offer_model->text : offer_span(op, &p->model_at),
            ix_key_text(ix, p->notice_model));
    if (p->type != TYPE_UNKNOWN)
        say(a, l, type_says(p->type), part[SCORE_TYPE], ts_type_id((unsigned)p->offer_type),
            ts_type_id((unsigned)p->notice_type));
    if (p->name_bits > 0) say(a, l, "name_words", part[SCORE_NAME], TS_NONE, TS_NONE);
    if (p->extra_bits > 0) say(a, l, "other_words", part[SCORE_EXTRA], TS_NONE, TS_NONE);
    if (p->quantities_other)
        say(a, l, "quantity_other", part[SCORE_QUANTITY],
            quantity_text(a, p->offer_quantity->value),
            quantity_text(a, p->notice_quantity->value));
    else if (p->quantities_same)
        say(a, l, "quantity_same", part[SCORE_QUANTITY], TS_NONE, TS_NONE);
    if (p->variants_extra | p->variants_lacking)
        say(a, l, "variant_other", part[SCORE_VARIANT], TS_NONE, TS_NONE);
    if (part[SCORE_SPARE] < 0) say(a, l, "spare_part", part[SCORE_SPARE], TS_NONE, TS_NONE);
    if (part[SCORE_REPLICA] > 0)
        say(a, l, "replica", part[SCORE_REPLICA], TS_NONE, TS_NONE);
    else if (p->counterfeit && brand_agrees(p))
        *ts_push(a, &l->conflict) =
            (ts_evidence){"counterfeit_of_brand", TS_NONE, ix_key_text(ix, p->brand_key), 0};
}

static int by_weight(const void *x, const void *y) {
    double a = fabs(((const ts_evidence *)x)->weight), b = fabs(((const ts_evidence *)y)->weight);
    return (a < b) - (a > b);
}

/* What the offer leaves unsaid is no conflict. */
static bool real_conflict(const ts_lead *l) {
    for (size_t i = 0; i < l->conflict.n; i++)
        if ((l->conflict.v[i].weight < -0.75 &&
             strcmp(l->conflict.v[i].what, "model_missing") != 0) ||
            strcmp(l->conflict.v[i].what, "counterfeit_of_brand") == 0)
            return true;
    return false;
}

static void make_lead(ts_matcher *m, ts_arena *a, const ts_offer *o, offer_profile *op,
                      uint32_t notice, ts_leads *out) {
    pair p;
    double part[SCORE_PARTS];
    pair_compare(&m->r, o, op, notice, &p);
    double z = pair_score(&p, part), likelihood = 1 / (1 + exp(-z));
    ts_rung rung = rung_of(&p);
    double cap = cap_of(&p, rung);
    m->counts.judged++;
    if (fmin(likelihood, cap) < m->o.floor) return;
    ts_lead *l = ts_push(a, out);
    *l = (ts_lead){.notice = notice,
                   .probability = fmin(likelihood, cap),
                   .base = part[SCORE_BASE],
                   .capped = cap < likelihood,
                   .rung = rung};
    explain(a, m->r.ix, o, op, &p, part, l);
    if (l->agree.n) qsort(l->agree.v, l->agree.n, sizeof *l->agree.v, by_weight);
    if (l->conflict.n) qsort(l->conflict.v, l->conflict.n, sizeof *l->conflict.v, by_weight);
    bool strong = rung >= TS_RUNG_IDENTIFIER && !real_conflict(l);
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

void ts_match(ts_matcher *m, ts_arena *a, const ts_offer *o, ts_leads *out) {
    offer_profile p;
    size_t before = out->n;
    profile_offer(a, o, &p);
    if (m->o.exhaustive)
        retrieve_all(&m->r, &p);
    else
        retrieve(&m->r, &p);
    m->counts.offers++;
    m->counts.left_early += m->r.best_n == 0;
    for (size_t i = 0; i < m->r.best_n; i++) make_lead(m, a, o, &p, m->r.best[i].notice, out);
    if (out->n > before + 1) qsort(out->v + before, out->n - before, sizeof *out->v, by_likelihood);
    if (out->n > before + m->o.per_offer) out->n = before + m->o.per_offer;
}
