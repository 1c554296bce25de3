/* judge.h - a comparison becomes a log-odds. Private to match/. */
#ifndef TS_MATCH_JUDGE_H
#define TS_MATCH_JUDGE_H

#include "evidence.h"
#include "features.h"
#include "model.h"

/* One pair on its way through the cascade. */
typedef struct judgement {
    pair facts;
    alignment words;
    float *x; /* [FT_COUNT], the caller's */
    float trees;
    float net;       /* when asked */
    bool asked;      /* the network was */
    double log_odds; /* of the whole */
} judgement;

/* Facts and words of a pair, and the features made of them (vectors: the cosines, too; the others
 * of x[FT_COUNT] are 0). */
void judge_features(const notice_side *n, const offer_side *o, bool vectors, pair *facts,
                    alignment *words, float *x);
/* Compares: facts, words, token evidence. j->x is set by the caller. */
void judge_compare(const ts_model *m, const notice_side *n, const offer_side *o, judgement *j);
/* The trees' say on j[0 … n), whose rows of features lie one behind the other, and the log-odds of
 * those pairs that the network need not see; j->asked tells the others. */
void judge_trees(const ts_model *m, judgement *j, size_t n);
/* The network's say on an open pair. `right` is the offer's side, embedded. */
void judge_net(const ts_model *m, const ts_net_side *right, judgement *j);
void judge_embed(const ts_model *m, const sketch *s, ts_net_side *out);

/* Parts of the log-odds by reason; base + all parts = log_odds. */
typedef struct judge_parts {
    double base, reason[FR_REASONS];
    double word_a[SKETCH_TOKENS],
        word_b[SKETCH_TOKENS]; /* parts of single words, not in reason[] */
} judge_parts;
void judge_explain(const ts_model *m, const judgement *j, judge_parts *out);

#endif
