/* side.h - the two sides of a comparison. Private to match/.
 *
 * A notice's side is made of arrays that lie in the index or, for a pair without an index, in an
 * arena; an offer's side is its profile. Each has its sketch.
 */
#ifndef TS_MATCH_SIDE_H
#define TS_MATCH_SIDE_H

#include "sketch.h"

typedef struct ix_key {
    uint64_t hash;
    uint32_t text; /* bytes into the strings */
    uint8_t n, bits;
    uint16_t chunk; /* models: keys of one chunk are spellings of one number, with IX_WHOLE and
                       IX_TITLED; brands: bits where a brand field says it */
} ix_key;
#define IX_WHOLE 0x8000u
#define IX_TITLED 0x4000u /* models: from the product's name, not from the model numbers */

typedef struct ix_quantity {
    float value;
    uint8_t dimension, name, field, spare;
} ix_quantity;

#define IX_HEAD 0x8000u /* types: says what the thing is */

typedef struct notice_side {
    const ix_key *brands, *models;
    const uint16_t *types; /* type | IX_HEAD */
    const ix_quantity *quantities;
    const uint64_t *idents; /* term keys of identifiers and of the notice's number */
    const char *strings;
    const sketch *sketch;
    uint16_t brands_n, models_n, types_n, quantities_n, idents_n;
    uint32_t variants;           /* variant_words */
    bool counterfeit, goes_with; /* goes_with: its own name says what it is for ("battery for …") */
} notice_side;

/* The side of a notice, in `a`, with the sketch of its view. Nothing is weighed yet. */
void side_of_notice(ts_arena *a, const ts_notice *n, const notice_profile *p, const sketch *words,
                    notice_side *out);
/* Keys of brands and models say no more than their rarity allows. */
void side_weigh_keys(ix_key *keys, size_t n, word_weights w);
/* All of a side made by side_of_notice: keys and sketch. */
void side_weigh(notice_side *s, word_weights w);

typedef struct offer_side {
    const ts_offer *o;
    offer_profile *p;
    const sketch *sketch;
} offer_side;

static inline ts_str side_text(const notice_side *s, const ix_key *k) {
    return k ? (ts_str){s->strings + k->text, k->n} : TS_NONE;
}

#endif
