/* boost.h - fits boosted trees with the XGBoost library (C API). Private to learn/. */
#ifndef TS_LEARN_BOOST_H
#define TS_LEARN_BOOST_H

#include "match/match.h"

typedef struct boost_options {
    unsigned rounds;   /* trees at most */
    unsigned patience; /* stop when so many rounds did not better the validation; 0 = never */
    unsigned depth, threads, seed;
    float eta, subsample, colsample, min_child_weight, lambda;
    const int8_t *monotone; /* [cols] +1: more never lowers the score, -1: never raises it, 0: free;
                               NULL: all free */
} boost_options;

/* A table of rows. `stride` is in floats. */
typedef struct boost_rows {
    const float *x;
    size_t stride, cols, n;
    const float *y;      /* 0 or 1 */
    const float *weight; /* NULL: all 1 */
} boost_rows;

/* Fits on `train`. With `valid` (may be NULL), the log-loss on it decides after which round to stop
 * (patience), and only the best rounds are kept. Deterministic for a seed and any number of
 * threads. The trees live in `a`. TS_E_… with XGBoost's own words when it fails. */
bool boost_fit(ts_arena *a, const boost_rows *train, const boost_rows *valid, boost_options o,
               ts_trees *out, ts_error *e);

#endif
