#include "records.h"

#include <math.h>
#include <stdlib.h>

#include "explain.h"

_Static_assert((int)FT_COUNT == (int)TS_FEATURES, "TS_FEATURES counts the features");
_Static_assert((int)EVIDENCE_MOST <= (int)TS_CUES_MAX && (int)EVIDENCE_SLOTS == (int)TS_CUE_SLOTS,
               "room for all cues");
_Static_assert((int)FG_GROUPS == (int)TS_GROUPS, "the groups are the same");

typedef struct prepared {
    notice_side left;
    ts_offer offer; /* the right side */
    offer_profile right;
    sketch *sketch;
    ts_str language;
} prepared;

struct ts_records {
    ts_arena *a;
    struct {
        prepared *v;
        size_t n, cap;
    } list;
    words_counter count;
    uint8_t *weight;
};

const char *ts_feature_name(unsigned i) { return features[i].name; }
ts_feature_group ts_feature_group_of(unsigned i) { return (ts_feature_group)features[i].group; }
int ts_feature_direction(unsigned i) { return features[i].direction; }
unsigned ts_feature_evidence(void) { return FT_evidence; }

ts_records *ts_records_new(ts_arena *a) {
    ts_records *r = ts_new(a, ts_records);
    r->a = a;
    r->count = words_counter_new(a);
    r->weight = ts_new_n(a, uint8_t, WORDS_SIZE);
    return r;
}

size_t ts_records_count(const ts_records *r) { return r->list.n; }
ts_str ts_records_language(const ts_records *r, uint32_t i) { return r->list.v[i].language; }

/* One or several brands, model numbers or numbers of notices. */
static ts_strs listed(ts_arena *a, ts_str s) {
    ts_strs out = {0};
    while (s.n) {
        ts_str part = ts_str_trim(ts_str_cut(&s, '|'));
        if (part.n) *ts_push(a, &out) = part;
    }
    return out;
}

ts_record ts_record_of_notice(ts_arena *a, const ts_notice *n) {
    return (ts_record){.title = notice_title(a, n),
                       .brand = notice_list(a, &n->brands),
                       .model = notice_list(a, &n->models),
                       .description = n->description,
                       .category = n->category,
                       .identifiers = n->identifiers,
                       .number = n->number,
                       .counterfeit = n->counterfeit == TS_YES};
}

ts_record ts_record_of_offer(ts_arena *a, const ts_offer *o) {
    return (ts_record){.title = o->title,
                       .brand = o->brand,
                       .model = o->model,
                       .description = o->description,
                       .price = o->price,
                       .currency = o->currency,
                       .category = o->category,
                       .identifiers = o->identifiers,
                       .notices = notice_list(a, &o->notices)};
}

static void prepare_left(ts_arena *a, const ts_record *x, notice_profile *profile, prepared *p) {
    ts_notice n = {.product = x->title,
                   .number = x->number,
                   .brands = listed(a, x->brand),
                   .models = listed(a, x->model),
                   .counterfeit = x->counterfeit ? TS_YES : TS_OPEN,
                   .category = x->category,
                   .description = x->description,
                   .identifiers = x->identifiers};
    profile_notice_words(a, &n, profile);
    p->sketch = sketch_build(a, &profile->view, x->price, x->currency, true);
    side_of_notice(a, &n, profile, p->sketch, &p->left);
    p->language = ts_language_of(&profile->view);
}

/* `view`: of the same record as the left side, or NULL. */
static void prepare_right(ts_arena *a, const ts_record *x, const ts_view *view, prepared *p) {
    p->offer = (ts_offer){.title = x->title,
                          .brand = x->brand,
                          .model = x->model,
                          .category = x->category,
                          .description = x->description,
                          .identifiers = x->identifiers,
                          .notices = listed(a, x->notices)};
    profile_offer_words(a, &p->offer, view, &p->right);
    if (!p->sketch) p->sketch = sketch_build(a, &p->right.view, x->price, x->currency, true);
    p->language = ts_language_of(&p->right.view);
}

uint32_t ts_records_add(ts_records *r, const ts_record *x, unsigned places) {
    prepared p = {0};
    notice_profile left;
    bool is_left = places & TS_RECORD_LEFT;
    if (is_left) prepare_left(r->a, x, &left, &p);
    if (places & TS_RECORD_RIGHT) prepare_right(r->a, x, is_left ? &left.view : 0, &p);
    if (is_left) sketch_count(p.sketch, &r->count); /* rare among the notices */
    *ts_push(r->a, &r->list) = p;
    return (uint32_t)r->list.n - 1;
}

void ts_records_finish(ts_records *r) {
    words_finish(&r->count, r->weight);
    word_weights w = {r->weight};
    for (size_t i = 0; i < r->list.n; i++) {
        prepared *p = &r->list.v[i];
        sketch_weigh(p->sketch, w);
        side_weigh_keys((ix_key *)(uintptr_t)p->left.brands, p->left.brands_n, w);
        side_weigh_keys((ix_key *)(uintptr_t)p->left.models, p->left.models_n, w);
    }
}

void ts_records_compare(const ts_records *r, uint32_t left, uint32_t right, ts_compared *out) {
    const prepared *a = &r->list.v[left], *b = &r->list.v[right];
    offer_side o = {&b->offer, (offer_profile *)(uintptr_t)&b->right, b->sketch};
    pair facts;
    alignment m;
    judge_features(&a->left, &o, true, &facts, &m, out->x);
    out->cues = evidence_items(&m, out->cue);
    memset(out->same, 0, sizeof out->same); /* behind the last token nothing is said */
    memcpy(out->same, m.same, a->sketch->tokens_n * sizeof *out->same);
    out->found_left = m.found_a;
    out->found_right = m.found_b;
}

size_t ts_records_tokens(const ts_records *r, uint32_t i, ts_net_token out[TS_NET_TOKENS]) {
    return sketch_net_tokens(r->list.v[i].sketch, out);
}

/* ---- judging one pair ---- */

static bool judge_pair(const ts_records *r, const ts_model *m, uint32_t left, const offer_side *o,
                       judgement *j, ts_error *e) {
    if (m->groups >> FG_RANK & 1)
        return ts_fail(e, TS_E_INPUT,
                       "the model looks at how a pair stands among all others, which is not known "
                       "of a single pair; take one that was trained with --without rank");
    judge_compare(m, &r->list.v[left].left, o, j);
    judge_trees(m, j, 1);
    if (!j->asked) return true;
    ts_net_side theirs;
    judge_embed(m, o->sketch, &theirs);
    judge_net(m, &theirs, j);
    return true;
}

static offer_side right_side(const ts_records *r, uint32_t right) {
    const prepared *p = &r->list.v[right];
    return (offer_side){&p->offer, (offer_profile *)(uintptr_t)&p->right, p->sketch};
}

bool ts_records_judge(const ts_records *r, const ts_model *m, ts_arena *a, uint32_t left,
                      uint32_t right, ts_lead *out, ts_error *e) {
    float x[FT_COUNT];
    judgement j = {.x = x};
    offer_side o = right_side(r, right);
    if (!judge_pair(r, m, left, &o, &j, e)) return false;
    *out = (ts_lead){.notice = left,
                     .probability = ts_probability(j.log_odds),
                     .log_odds = j.log_odds,
                     .model = ts_model_id(a, m)};
    explain(a, m, &r->list.v[left].left, &o, &j, out);
    return true;
}

bool ts_records_ask(const ts_records *r, const ts_model *m, uint32_t left, uint32_t right,
                    ts_opinion *out, ts_error *e) {
    float x[FT_COUNT];
    judgement j = {.x = x};
    offer_side o = right_side(r, right);
    if (!judge_pair(r, m, left, &o, &j, e)) return false;
    *out = (ts_opinion){(double)j.trees, j.asked ? (double)j.net : 0, j.asked};
    return true;
}

/* ---- rank ---- */

/* Vectors of many records, turned around: for each key the records that have it. */
typedef struct inverted {
    uint32_t *first; /* [PLACES + 2]: the list of place p is [first[p + 1], first[p + 2]) */
    uint32_t *record;
    float *weight;
} inverted;
enum { PLACES = 1 << 20 };

typedef struct vector {
    const uint32_t *v;
    unsigned n;
    float norm;
} vector;

static vector vector_of(const sketch *s, bool grams) {
    return grams ? (vector){sketch_grams(s), s->grams_n, s->grams_norm}
                 : (vector){sketch_vocabulary(s), s->vocabulary_n, s->vocabulary_norm};
}

static uint32_t place_of(uint32_t entry) { return (entry >> 8) & (PLACES - 1); }

static inverted turn_around(ts_arena *a, const ts_records *r, size_t from, size_t n, bool grams) {
    inverted ix = {.first = ts_new_n(a, uint32_t, PLACES + 2)};
    for (size_t i = 0; i < n; i++) {
        vector v = vector_of(r->list.v[from + i].sketch, grams);
        for (unsigned k = 0; k < v.n; k++) ix.first[place_of(v.v[k]) + 1]++;
    }
    for (size_t i = 0; i < PLACES; i++) ix.first[i + 1] += ix.first[i];
    ix.first[PLACES + 1] = ix.first[PLACES];
    ix.record = ts_new_n(a, uint32_t, ix.first[PLACES]);
    ix.weight = ts_new_n(a, float, ix.first[PLACES]);
    for (size_t i = n; i-- > 0;) { /* first[] moves down to where its list starts */
        vector v = vector_of(r->list.v[from + i].sketch, grams);
        for (unsigned k = 0; k < v.n; k++) {
            uint32_t at = --ix.first[place_of(v.v[k]) + 1];
            ix.record[at] = (uint32_t)i;
            ix.weight[at] = v.norm > 0 ? (float)(v.v[k] & 0xFF) / v.norm : 0;
        }
    }
    return ix;
}

/* Cosines of one record with all of the other side. */
static void cosines(const inverted *ix, vector q, float *score, size_t n) {
    memset(score, 0, n * sizeof *score);
    for (unsigned k = 0; k < q.n; k++) {
        float w = q.norm > 0 ? (float)(q.v[k] & 0xFF) / q.norm : 0;
        uint32_t place = place_of(q.v[k]);
        for (uint32_t i = ix->first[place + 1]; i < ix->first[place + 2]; i++)
            score[ix->record[i]] += w * ix->weight[i];
    }
}

/* Rank, gap and share of one pair, whose cosine is v, among the cosines of its record with all
 * others; `counted` when v is one of them. */
static void stand(const float *score, size_t n, float v, bool counted, float out[3]) {
    float top = -1, second = -1;
    unsigned ahead = 0;
    for (size_t i = 0; i < n; i++) {
        ahead += score[i] > v;
        if (score[i] > top)
            second = top, top = score[i];
        else if (score[i] > second)
            second = score[i];
    }
    float best = !counted || v < top - 1e-6f ? top : second; /* of the others */
    out[0] = log1pf((float)ahead);
    out[1] = v - best;
    out[2] = v / (fmaxf(top, v) + 1e-6f);
}

typedef struct asked {
    uint32_t from, to; /* record asking, record asked for */
    uint32_t row;
} asked;

static int by_from(const void *x, const void *y) {
    const asked *a = x, *b = y;
    return (a->from > b->from) - (a->from < b->from);
}

/* One direction in one space. */
static void rank_one(const ts_records *r, ts_arena scratch, asked *q, size_t n, size_t other_from,
                     size_t other_n, bool grams, unsigned feature, float *x) {
    inverted ix = turn_around(&scratch, r, other_from, other_n, grams);
    float *score = ts_new_n(&scratch, float, other_n);
    for (size_t i = 0; i < n; i++) {
        if (!i || q[i].from != q[i - 1].from)
            cosines(&ix, vector_of(r->list.v[q[i].from].sketch, grams), score, other_n);
        size_t at = q[i].to - other_from; /* wraps where it lies before the others */
        const sketch *from = r->list.v[q[i].from].sketch, *to = r->list.v[q[i].to].sketch;
        float v = at < other_n ? score[at]
                  : grams      ? sketch_cosine_grams(from, to)
                               : sketch_cosine_text(from, to);
        stand(score, other_n, v, at < other_n, x + (size_t)q[i].row * FT_COUNT + feature);
    }
}

void ts_records_rank(const ts_records *r, ts_arena scratch, size_t left_n, size_t right_n,
                     const uint32_t *left, const uint32_t *right, size_t n, float *x) {
    asked *q = ts_new_n(&scratch, asked, n);
    for (int back = 0; back < 2; back++) {
        for (size_t i = 0; i < n; i++)
            q[i] = back ? (asked){right[i], left[i], (uint32_t)i}
                        : (asked){left[i], right[i], (uint32_t)i};
        qsort(q, n, sizeof *q, by_from);
        size_t from = back ? 0 : left_n, count = back ? left_n : right_n;
        rank_one(r, scratch, q, n, from, count, true, back ? FT_grams_rank_ba : FT_grams_rank_ab,
                 x);
        rank_one(r, scratch, q, n, from, count, false, back ? FT_text_rank_ba : FT_text_rank_ab, x);
    }
}
