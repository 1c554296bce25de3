/* align.h - which words of two sketches answer each other. Private to match/. */
#ifndef TS_MATCH_ALIGN_H
#define TS_MATCH_ALIGN_H

#include "sketch.h"

/* Bits and array places are token numbers. "Same" is the same word, or words that name the same
 * type of product in whatever language. */
typedef struct alignment {
    const sketch *a, *b;
    uint32_t same[SKETCH_TOKENS]; /* per token of a: the tokens of b that are the same */
    uint32_t same_a, same_b;      /* tokens that have such a counterpart at all */
    uint32_t title_a, title_b;    /* tokens of the name */
    uint32_t first_a, first_b;    /* tokens that repeat no earlier one */
    uint32_t found_a, found_b;    /* found anywhere in the other's text, also glued */
    float near_a[SKETCH_TOKENS], near_b[SKETCH_TOKENS]; /* spelt like a word of the other's name:
                                                           0-1; names only */
} alignment;

void align(const sketch *a, const sketch *b, alignment *out);
/* Longest common subsequence of bytes as a share: 2 LCS / (a + b); at most 128 bytes of each count.
 */
float likeness(ts_str a, ts_str b);

#endif
