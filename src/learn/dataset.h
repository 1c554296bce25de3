/* dataset.h - labelled pairs made into numbers. Private to learn/. */
#ifndef TS_LEARN_DATASET_H
#define TS_LEARN_DATASET_H

#include "text/text.h"

#include "net_fit.h"
#include "pairs.h"

enum { FOLDS = 5 };

typedef struct dataset_row {
    uint32_t left, right; /* sides: numbers over all folders */
    uint32_t product;     /* of the left record, over all folders: for resampling */
    uint8_t label;
    uint8_t fold_left, fold_right;
    uint8_t part_left, part_right; /* folds of the records, whatever product they are */
    uint8_t fold;                  /* where the pair is validated: one of the two */
    uint8_t lang_left, lang_right; /* ts_lang3; TS_LANGS = another or not known */
    float weight; /* pairs of a small folder count more: root of largest folder / this one */
    ts_str kind;
} dataset_row;

typedef struct dataset {
    size_t n;
    dataset_row *row;
    float *x; /* [n * TS_FEATURES] */
    float *y;
    uint64_t *cue_at; /* [n + 1] */
    ts_cue *cue;
    net_sample *sample;        /* [n]; their x points into x */
    net_tokens *side;          /* [sides]; NULL when not asked for */
    const ts_records *records; /* of the first folder: its sides are its records */
    size_t sides, matches;
    bool ranked;    /* all folders have tables */
    double seconds; /* processor time that preparing and comparing took, without reading */
} dataset;

/* One folder and the splits of it that are wanted. */
typedef struct dataset_part {
    const char *dir;
    const char *const *splits;
    size_t splits_n;
} dataset_part;

/* Reads, prepares and compares. Pairs without a label are an error. `fold_seed` decides the folds;
 * `tokens`: all sides are prepared for the network, too. */
bool dataset_load(ts_arena *a, ts_arena scratch, const dataset_part *part, size_t n,
                  uint64_t fold_seed, bool tokens, dataset *out, ts_error *e);

/* What of a labelled record is compared; new strings in `a`. */
ts_record dataset_record(ts_arena *a, const pair_record *x);
/* The records that pairs name, and all of the tables, prepared in their order. Record i became
 * number (*number)[i] of the collection; UINT32_MAX: it was not wanted. */
ts_records *dataset_records(ts_arena *a, const pairs *p, uint32_t **number);

#endif
