/* boost_export.h - a fitted XGBoost model as trees of our own. Private to learn/. */
#ifndef TS_LEARN_BOOST_EXPORT_H
#define TS_LEARN_BOOST_EXPORT_H

#include "match/match.h"

/* Takes over the first `kept` trees of a model as XGBoost (1.6 or later) saves it in JSON: one
 * output, boosted trees, logistic base score, all features numbers. Splits and leaf values are the
 * floats XGBoost uses; means are weighted with the hessians. The trees live in `a`. TS_E_INPUT when
 * the model is of another kind, TS_E_LIMIT when it is larger than ts_trees allows. */
bool boost_export(ts_arena *a, ts_str json, unsigned kept, ts_trees *out, ts_error *e);

#endif
