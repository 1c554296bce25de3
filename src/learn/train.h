/* train.h - trains a judge of pairs.
 *
 * The recipe: products fall into five parts. Each component is fitted five times (token evidence:
 * once for every two parts), always without the products of the pairs it is then asked about. These
 * answers on products never seen fit the next component, at last the combiners, which thereby
 * calibrate, and the threshold. What is kept is fitted on all pairs, for as many rounds as the five
 * fits found best.
 */
#ifndef TS_LEARN_TRAIN_H
#define TS_LEARN_TRAIN_H

#include "dataset.h"
#include "metrics.h"

enum {
    WITHOUT_FACTS = 1,
    WITHOUT_TEXT = 2,
    WITHOUT_EVIDENCE = 4,
    WITHOUT_RANK = 8,
    WITHOUT_NET = 16,
    WITHOUT_VECTORS = 32
};

typedef struct train_options {
    const dataset_part *part; /* what it learns from */
    size_t parts;
    const char *name;   /* of the model; NULL = "matcher" */
    const char *resume; /* file that keeps finished stages; NULL: none */
    uint64_t seed;
    unsigned threads;        /* 0 = all */
    unsigned without;        /* WITHOUT_… */
    unsigned rounds, epochs; /* 0 = the recipe's */
    double threshold;        /* 0 = the best on products not seen */
    double band; /* log-odds on either side of 0 within which the network is asked; 0 = chosen */
    double
        prevalence; /* share of matches among the pairs that will be judged; 0 = as in training */
    bool monotone;  /* hold the trees to the features' directions */
} train_options;

typedef struct train_report {
    size_t pairs, matches;
    /* On products not seen, with the share of matches that is expected in use. */
    metrics trees, both; /* the trees alone; all parts that are kept, with the cascade */
    double asked;        /* share of pairs that reach the network */
    double always_f1;    /* if all did */
    bool dropped;        /* the network was left out: it made nothing better */
    unsigned rounds;
    double seconds;
} train_report;

/* Trains and fills *out, whose parts live in `a`; the network has memory of its own, which is never
 * given back: one training a process is what this is for. */
bool train_model(ts_arena *a, train_options o, ts_model *out, train_report *report, ts_error *e);

#endif
