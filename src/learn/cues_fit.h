/* cues_fit.h - fits the token-evidence model: L2-regularised logistic regression over hashed
 * observations. Private to learn/. */
#ifndef TS_LEARN_CUES_FIT_H
#define TS_LEARN_CUES_FIT_H

#include "match/match.h"

typedef struct cue_rows {
    const uint64_t *at; /* [rows + 1] */
    const ts_cue *cue;
    const float *y;
} cue_rows;

/* Minimises 1/2 |w|^2 + c * sum of log-losses over the rows use[0 … n), by coordinate descent on
 * the dual (H.-F. Yu, F.-L. Huang, C.-J. Lin, Machine Learning 85, 2011, section 3). The bias is
 * weight[TS_CUE_SLOTS]. Adds `scale` times the weights to weight[TS_CUE_SLOTS + 1]. */
void cues_fit(ts_arena scratch, cue_rows r, const uint32_t *use, size_t n, double c, uint64_t seed,
              double scale, double *weight);
double cues_score(cue_rows r, const double *weight, size_t row);

#endif
