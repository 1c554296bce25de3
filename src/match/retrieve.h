/* retrieve.h - from an offer's terms to the few notices worth comparing. Private to match/.
 *
 * The first-stage score of a pair, in bits of evidence, is
 *
 *   S = identifier + number + brand + model + type + words
 *
 * where brand, model and type are the best shared term of their class (a brand of several words
 * also counts by its words), and words is the sum over shared words, at most 18. Without a shared
 * term that leads (a brand, a model key, an identifier, a rare word) S is 0. Pairs with S >= THETA
 * are candidates; the best CANDIDATES of them are judged.
 *
 * Leading terms' postings are walked and added up; a notice whose sum, with all that the offer's
 * other terms could add, stays below THETA is dropped; the rest get their exact S from the notice's
 * own term list. The result is the same as scoring every notice (retrieve_all does, for tests and
 * the benchmark).
 */
#ifndef TS_MATCH_RETRIEVE_H
#define TS_MATCH_RETRIEVE_H

#include "index_format.h"

enum { THETA = 13 * 4, WORDS_MAX = 18 * 4, CANDIDATES = 12 }; /* quarter bits */

typedef struct hit {
    uint32_t number; /* of the term */
    uint8_t weight;  /* quarter bits, for this offer */
    uint8_t cls;
    uint8_t typo; /* found by a spelling with one letter different */
} hit;

typedef struct candidate {
    uint32_t notice;
    uint16_t score; /* quarter bits */
} candidate;

/* Working memory of one thread; its size does not depend on the number of notices. */
typedef struct retriever {
    const ts_index *ix;
    hit *hits;
    size_t hits_n;
    uint32_t *set;        /* hash set over hits by term number: index + 1 */
    uint32_t *sum_notice; /* hash table notice + 1 → sum */
    uint16_t *sum;
    uint32_t *touched;
    size_t touched_n, sum_cap;
    ts_arena *arena;
    ts_arena sums_arena, sums_mark;
    candidate best[CANDIDATES];
    size_t best_n;
    uint64_t postings_walked, verified; /* counted over the retriever's life */
} retriever;

void retriever_init(retriever *r, ts_arena *a, const ts_index *ix);
void retriever_free(retriever *r);
/* Looks the offer's terms up and fills r->best, best first. */
void retrieve(retriever *r, const offer_profile *o);
/* The same by scoring every notice. */
void retrieve_all(retriever *r, const offer_profile *o);
/* The hit for that term number, or NULL. */
const hit *retriever_hit(const retriever *r, uint32_t number);

#endif
