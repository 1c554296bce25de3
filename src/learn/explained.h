/* explained.h - why a labelled pair gets its likelihood. */
#ifndef TS_LEARN_EXPLAINED_H
#define TS_LEARN_EXPLAINED_H

#include "pairs.h"

typedef struct explained {
    uint64_t number; /* 1-based place in the split */
    const pair_record *left, *right;
    uint8_t label; /* 0, 1 or PAIR_NO_LABEL */
    ts_lead lead;
} explained;

/* Judges the pairs of DIR/SPLIT.jsonl with the given 1-based numbers, as measuring the model on
 * that split does: how rare a word is, all of the split's left records say. out[n]; strings in `a`.
 * TS_E_USAGE for a number that the split does not have; else as pairs_read and ts_records_judge. */
bool explain_pairs(ts_arena *a, const ts_model *m, const char *dir, const char *split,
                   const uint64_t *number, size_t n, explained *out, ts_error *e);

#endif
