/* relearn.h - a model learns from what officers decided.
 *
 * Trees, network and token evidence stay as they are. What is fitted anew is how their log-odds
 * make the one that is shown: the combiners, which calibrate. The present ones pull with the weight
 * of RELEARN_PRIOR decisions, so a few decisions change little.
 *
 * Only leads are decided on, so only they can be learnt from: what a model never listed stays as
 * unlikely as it is.
 */
#ifndef TS_LEARN_RELEARN_H
#define TS_LEARN_RELEARN_H

#include "decisions.h"
#include "metrics.h"

enum {
    RELEARN_LEAST = 100, /* decisions */
    RELEARN_EITHER = 20, /* confirmed, and rejected */
    RELEARN_NOTICES = 20,
    RELEARN_FOLDS = 5,
    RELEARN_PRIOR = 50
};

typedef struct relearn_measures {
    double log_loss; /* natural logarithm, mean over decisions */
    metrics m;       /* at the model's threshold */
} relearn_measures;

typedef struct relearn_report {
    size_t decisions, confirmed, notices;
    size_t complete; /* compared with the whole notice, not with what the lead tells of it */
    /* On decisions about notices that the fit had not seen. */
    relearn_measures before, after;
    interval difference; /* of the log-loss, after less before, 95 %, whole notices drawn */
    interval informed;   /* … after less that of one likelihood for all, the share confirmed */
    bool better;         /* the log-loss is lower, and the model tells confirmed from rejected */
} relearn_report;

/* Compares each decided pair again, judges it, and refits. `notices` (may be NULL) are those that
 * the offers were screened against: a decided notice that is there is compared whole, and all of
 * them say how rare a word is; otherwise a notice is what the lead tells of it, which lacks
 * identifiers and description.
 * TS_E_INPUT when there are too few decisions (the message says how many are needed), or for a
 * model that looks at rank. *out shares m's parts (m must stay open), has "+N" behind its name, N
 * being the decisions learnt, and a card that records before and after; it is filled also when it
 * is not better. */
bool relearn(ts_arena *a, const ts_model *m, const decisions *d, const ts_index *notices,
             ts_model *out, relearn_report *r, ts_error *e);

#endif
