/* score.h - the first scorer: log-odds by hand. Private to match/.
 *
 * Each fact of a comparison has a weight in natural log-odds; the weights add up. They were set on
 * offers derived from notices (brands of the tuning half), not learned. A learned scorer takes this
 * place; it reads the same comparison and gives the same contributions.
 */
#ifndef TS_MATCH_SCORE_H
#define TS_MATCH_SCORE_H

#include "pair.h"

typedef enum {
    SCORE_BASE,
    SCORE_DECLARED,
    SCORE_IDENTIFIER,
    SCORE_BRAND,
    SCORE_MODEL,
    SCORE_TYPE,
    SCORE_NAME,
    SCORE_EXTRA,
    SCORE_QUANTITY,
    SCORE_VARIANT,
    SCORE_SPARE,
    SCORE_REPLICA,
    SCORE_PARTS
} score_part;

/* The log-odds; out[] receives its parts, which sum to it. */
double pair_score(const pair *p, double out[SCORE_PARTS]);
#define SCORE_MODEL_NAME "touchstone-rules-1"
#define SCORE_THRESHOLD 0.5

#endif
