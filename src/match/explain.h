/* explain.h - a judgement in reasons that people can read. Private to match/. */
#ifndef TS_MATCH_EXPLAIN_H
#define TS_MATCH_EXPLAIN_H

#include "judge.h"
#include "lead.h"

/* Fills in base, agree and conflict of a lead; base + all weights = log_odds. */
void explain(ts_arena *a, const ts_model *m, const notice_side *n, const offer_side *o,
             const judgement *j, ts_lead *l);
/* Whether something speaks against it that is more than silence. */
bool conflicts(const pair *p);

#endif
