/* evidence.h - the token-evidence model: what does it say that "mini" is shared, that "charger"
 * stands on one side only, that one side says black and the other red? Private to match/.
 *
 * A linear model over hashed observations: a word both names have; a word that only one has (its
 * digits masked); one that the other has only in its description or glued; a word here that may
 * stand in the place of a word there.
 */
#ifndef TS_MATCH_EVIDENCE_H
#define TS_MATCH_EVIDENCE_H

#include "align.h"

enum {
    EVIDENCE_SLOTS = 1 << 18,
    EVIDENCE_SWAPS = 8,
    EVIDENCE_MOST = 3 * SKETCH_TOKENS + EVIDENCE_SWAPS * EVIDENCE_SWAPS
};

typedef struct evidence_item {
    uint32_t slot;
    float value;
    uint8_t a, b; /* tokens + 1; 0 = none on that side */
} evidence_item;
size_t evidence_items(const alignment *m, evidence_item out[EVIDENCE_MOST]);

typedef struct evidence_weights {
    const int8_t *weight; /* [EVIDENCE_SLOTS], times scale; NULL: no such model */
    float scale, bias;
} evidence_weights;
float evidence_score(evidence_weights w, const evidence_item *v, size_t n);

#endif
