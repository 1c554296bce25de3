#include "judge.h"

#include <math.h>

void judge_features(const notice_side *n, const offer_side *o, bool vectors, pair *facts,
                    alignment *words, float *x) {
    memset(x, 0, FT_COUNT * sizeof *x);
    pair_compare(n, o, facts);
    features_facts(facts, n, o, x);
    align(n->sketch, o->sketch, words);
    features_text(words, x);
    if (vectors) features_vectors(words, x);
}

void judge_compare(const ts_model *m, const notice_side *n, const offer_side *o, judgement *j) {
    ts_cue item[EVIDENCE_MOST];
    judge_features(n, o, m->groups >> FG_VECTORS & 1, &j->facts, &j->words, j->x);
    if (!m->cue) return;
    size_t items = evidence_items(&j->words, item);
    j->x[FT_evidence] = ts_model_evidence(m, item, items);
}

void judge_trees(const ts_model *m, judgement *j, size_t n) {
    enum { BLOCK = 64 };
    float score[BLOCK];
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t k = n - from < BLOCK ? n - from : BLOCK;
        ts_trees_score_many(&m->trees, j[from].x, FT_COUNT, k, score);
        for (size_t i = 0; i < k; i++) {
            judgement *x = &j[from + i];
            x->trees = score[i];
            x->net = 0;
            x->asked = ts_model_is_open(m, score[i]);
            if (!x->asked) x->log_odds = ts_combine(m->alone, score[i], 0);
        }
    }
}

void judge_embed(const ts_model *m, const sketch *s, ts_net_side *out) {
    ts_net_token token[TS_NET_TOKENS];
    ts_net_embed(m->net, token, sketch_net_tokens(s, token), out);
}

static ts_net_pair net_pair(const judgement *j, const ts_net_side *left, const ts_net_side *right) {
    return (ts_net_pair){left, right, j->words.same, j->words.found_a, j->words.found_b, j->x};
}

void judge_net(const ts_model *m, const ts_net_side *right, judgement *j) {
    ts_net_side left;
    judge_embed(m, j->words.a, &left);
    ts_net_pair p = net_pair(j, &left, right);
    j->net = ts_net_score(m->net, &p);
    j->log_odds = ts_combine(m->both, j->trees, j->net);
}

/* ---- what carried it ---- */

/* Splits what token evidence contributed over the words it was made of. */
static void split_evidence(const ts_model *m, const judgement *j, double part, judge_parts *out) {
    ts_cue item[EVIDENCE_MOST];
    size_t n = evidence_items(&j->words, item);
    double all = 0, sum = m->cue_bias;
    for (size_t i = 0; i < n; i++) {
        double w = (double)m->cue_scale * m->cue[item[i].slot] * (double)item[i].value;
        sum += w;
        all += fabs(w);
    }
    /* where trees and evidence disagree on the direction, no word can be blamed */
    bool same_way = (sum < 0) == (part < 0);
    double scale = all > 0 && same_way ? fabs(part) / fmax(all, fabs(sum)) : 0, given = 0;
    for (size_t i = 0; i < n; i++) {
        double w = (double)m->cue_scale * m->cue[item[i].slot] * (double)item[i].value,
               x = w * scale;
        unsigned sides = (item[i].a != 0) + (item[i].b != 0);
        if (item[i].a) out->word_a[item[i].a - 1] += x / sides;
        if (item[i].b) out->word_b[item[i].b - 1] += x / sides;
        given += x;
    }
    out->reason[FR_WORDS] += part - given;
}

static void add_features(const float *part, double weight, judge_parts *out, double *evidence) {
    for (unsigned i = 0; i < FT_COUNT; i++) {
        if (i == FT_evidence)
            *evidence += weight * (double)part[i];
        else
            out->reason[features[i].reason] += weight * (double)part[i];
    }
}

static void explain_net(const ts_model *m, const judgement *j, judge_parts *out, double *evidence) {
    ts_net_side left, right;
    float a[TS_NET_TOKENS] = {0}, b[TS_NET_TOKENS] = {0}, part[FT_COUNT] = {0};
    judge_embed(m, j->words.a, &left);
    judge_embed(m, j->words.b, &right);
    ts_net_pair p = net_pair(j, &left, &right);
    out->base += m->both.net * (double)ts_net_explain(m->net, &p, a, b, part);
    add_features(part, m->both.net, out, evidence);
    for (unsigned i = 0; i < SKETCH_TOKENS; i++) {
        out->word_a[i] += m->both.net * (double)a[i];
        out->word_b[i] += m->both.net * (double)b[i];
    }
}

void judge_explain(const ts_model *m, const judgement *j, judge_parts *out) {
    ts_combiner c = j->asked ? m->both : m->alone;
    float part[FT_COUNT] = {0};
    double evidence = 0;
    *out = (judge_parts){.base = c.bias};
    out->base += c.trees * (double)ts_trees_explain(&m->trees, j->x, part);
    add_features(part, c.trees, out, &evidence);
    if (j->asked) explain_net(m, j, out, &evidence);
    if (m->cue) split_evidence(m, j, evidence, out);
    double sum = out->base; /* rounding goes to the general likeness */
    for (unsigned i = 0; i < FR_REASONS; i++) sum += out->reason[i];
    for (unsigned i = 0; i < SKETCH_TOKENS; i++) sum += out->word_a[i] + out->word_b[i];
    out->reason[FR_LIKENESS] += j->log_odds - sum;
}
