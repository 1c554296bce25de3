/* metrics.h - how good are these probabilities? Private to learn/. */
#ifndef TS_LEARN_METRICS_H
#define TS_LEARN_METRICS_H

#include "base/base.h"

/* One judged pair. `group` is the product the pair belongs to, for resampling. A probability is
 * taken as the nearer end when it is outside 0 to 1, and as 0 when it is NaN. */
typedef struct judged {
    float probability;
    uint8_t label; /* 1: a match; anything else: none */
    uint32_t group;
} judged;

typedef struct metrics {
    size_t pairs, matches;
    double precision, recall, f1; /* at the threshold (>=); a ratio without a denominator is NaN */
    double average_precision;     /* area under precision over recall, ties together: the sum over
                                     the different probabilities of precision times gain in recall;
                                     NaN without matches */
    double ece;   /* expected calibration error, 10 equal bins of probability; NaN without pairs */
    double brier; /* mean of (probability - label) squared; NaN without pairs */
    double recall_at_precision; /* the highest recall at which precision is >= 0.95; 0 = nowhere */
    double best_f1, best_threshold; /* if the threshold had been known; NaN without matches */
} metrics;

metrics metrics_of(ts_arena scratch, const judged *v, size_t n, double threshold);

typedef struct interval {
    double low, high;
} interval;
typedef struct metric_intervals {
    interval precision, recall, f1, average_precision, ece, recall_at_precision;
} metric_intervals;
/* 95 % percentile intervals from `rounds` bootstrap samples; whole groups are drawn, because pairs
 * of one product are not independent. Samples in which a figure is NaN do not count for it; NaN
 * when none counts. Deterministic for a seed. */
metric_intervals metrics_bootstrap(ts_arena scratch, const judged *v, size_t n, double threshold,
                                   unsigned rounds, uint64_t seed);

/* The threshold with the highest F1 (the middle between two neighbouring probabilities, or between
 * the lowest and 0); the highest of several; NaN without matches. */
double metrics_best_threshold(ts_arena scratch, const judged *v, size_t n);

#endif
