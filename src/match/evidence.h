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
#include "records.h"

enum {
    EVIDENCE_SLOTS = 1 << 18,
    EVIDENCE_SWAPS = 8,
    EVIDENCE_MOST = 3 * SKETCH_TOKENS + EVIDENCE_SWAPS * EVIDENCE_SWAPS
};

size_t evidence_items(const alignment *m, ts_cue out[EVIDENCE_MOST]);

#endif
