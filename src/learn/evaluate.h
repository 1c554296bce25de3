/* evaluate.h - what a model is worth on labelled pairs. */
#ifndef TS_LEARN_EVALUATE_H
#define TS_LEARN_EVALUATE_H

#include "dataset.h"
#include "metrics.h"

typedef struct evaluation_group {
    ts_str name; /* "en-de": language of the left record, of the right one; a kind; … */
    metrics m;
    metric_intervals i;
} evaluation_group;

typedef struct evaluation {
    metrics all;
    metric_intervals intervals;
    struct {
        evaluation_group *v;
        size_t n, cap;
    } language, kind;
    metrics trees, net;      /* the parts alone: average precision and best F1 count */
    double asked;            /* share of pairs that reached the network */
    double always_f1;        /* if all had */
    double pairs_per_second; /* the cascade, one thread, preparing both sides included */
    double trees_per_second; /* features and trees alone, the same */
    const judged *judged;    /* [all.pairs], in the order of the files */
} evaluation;

typedef struct evaluate_options {
    dataset_part part;
    double threshold;   /* 0 = the model's */
    unsigned bootstrap; /* rounds; 0 = 200 */
} evaluate_options;

bool evaluate_model(ts_arena *a, const ts_model *m, evaluate_options o, evaluation *out,
                    ts_error *e);

#endif
