/* combine.h - logistic regression over a few log-odds: combines the parts and calibrates. Private
 * to learn/. */
#ifndef TS_LEARN_COMBINE_H
#define TS_LEARN_COMBINE_H

#include "match/match.h"

/* Fits bias and weights on rows of (trees, net, label); `net` may be NULL. Newton's method with a
 * slight pull of the weights towards `prior` (a combiner that changes nothing: {0, 1, 0}), worth
 * `strength` rows. Weights never become negative. */
ts_combiner combiner_fit(const double *trees, const double *net, const uint8_t *label, size_t n,
                         ts_combiner prior, double strength);

#endif
