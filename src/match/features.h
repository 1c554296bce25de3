/* features.h - the numbers that the judgement is made from. Private to match/.
 *
 * Each has a name, a group, a direction in which it may move the trees (+1: more never speaks
 * against, -1: more never speaks for, 0: free), and the reason under which its part of the log-odds
 * is shown. a is the notice's side (or the left record), b the offer's.
 *
 *   FACTS     what pair.h found out: identifiers, brand, model, type, quantities, versions
 *   TEXT      likeness of the words, from the two sketches
 *   EVIDENCE  the token-evidence model's log-odds
 *   VECTORS   cosines over all words and over grams: dear, so left out of screening
 *   RANK      how the pair stands against its competitors; only for complete collections
 *
 * "Not known" is -1 where the number is otherwise 0 or more.
 */
#ifndef TS_MATCH_FEATURES_H
#define TS_MATCH_FEATURES_H

#include "align.h"
#include "pair.h"

typedef enum { FG_FACTS, FG_TEXT, FG_EVIDENCE, FG_RANK, FG_VECTORS, FG_GROUPS } feature_group;

typedef enum {
    FR_IDENTIFIER,
    FR_BRAND,
    FR_MODEL,
    FR_TYPE,
    FR_WORDS,    /* words of the name that both have */
    FR_OTHER,    /* words that only one has */
    FR_QUANTITY, /* numbers with units, counts */
    FR_VERSION,  /* pro, mini, 2nd generation */
    FR_SPARE,
    FR_REPLICA,
    FR_PRICE,
    FR_LIKENESS, /* spelling as a whole */
    FR_RANK,
    FR_REASONS
} feature_reason;

#define FEATURES(F)                                                                                \
    F(declared, FACTS, 1, IDENTIFIER)   /* the offer names the notice */                           \
    F(identifier, FACTS, 1, IDENTIFIER) /* the same trade item number */                           \
    F(brand, FACTS, 1, BRAND)           /* order of brand_relation, against to for */              \
    F(brand_bits, FACTS, 1, BRAND)      /* … and what an agreeing one is worth */                \
    F(brand_seen, FACTS, 0, BRAND)      /* sides that name a brand */                              \
    F(model, FACTS, 1, MODEL)           /* order of model_relation */                              \
    F(model_bits, FACTS, 1, MODEL)                                                                 \
    F(model_said, FACTS, 0, MODEL)    /* the notice names models */                                \
    F(other_models, FACTS, -1, MODEL) /* the offer's numbers that the notice lacks */              \
    F(type, FACTS, 1, TYPE)           /* order of type_relation */                                 \
    F(name_bits, FACTS, 1, WORDS)                                                                  \
    F(name_share, FACTS, 1, WORDS)                                                                 \
    F(extra_bits, FACTS, -1, OTHER) /* words nobody knows on the offer's side only */              \
    F(quantity_same, FACTS, 1, QUANTITY)                                                           \
    F(quantity_other, FACTS, -1, QUANTITY)                                                         \
    F(version_extra, FACTS, -1, VERSION)                                                           \
    F(version_lacking, FACTS, -1, VERSION)                                                         \
    F(spare, FACTS, -1, SPARE)                                                                     \
    F(counterfeit, FACTS, 0, REPLICA)                                                              \
    F(replica, FACTS, 0, REPLICA)                                                                  \
    F(behind_compat, FACTS, -1, SPARE) /* the offer says "for …" */                              \
    F(goes_with, FACTS, 0, SPARE)      /* … and so does the notice */                            \
    F(title_a_in_b, TEXT, 0, WORDS)    /* weight shared, of a's name */                            \
    F(title_b_in_a, TEXT, 0, WORDS)                                                                \
    F(title_a_in_text, TEXT, 0, WORDS) /* … found anywhere in the other's text */                \
    F(title_b_in_text, TEXT, 0, WORDS)                                                             \
    F(jaccard, TEXT, 0, WORDS)                                                                     \
    F(jaccard_weighted, TEXT, 0, WORDS)                                                            \
    F(overlap, TEXT, 0, WORDS)                                                                     \
    F(shared_best, TEXT, 0, WORDS)                                                                 \
    F(shared_second, TEXT, 0, WORDS)                                                               \
    F(shared_sum, TEXT, 0, WORDS)                                                                  \
    F(lone_best_a, TEXT, 0, OTHER) /* heaviest word that is not found */                           \
    F(lone_best_b, TEXT, 0, OTHER)                                                                 \
    F(lone_a, TEXT, 0, OTHER) /* share not found, nor anything spelt like it */                    \
    F(lone_b, TEXT, 0, OTHER)                                                                      \
    F(lone_least, TEXT, 0, OTHER)                                                                  \
    F(lone_most, TEXT, 0, OTHER)                                                                   \
    F(lone_heavy_a, TEXT, 0, OTHER)                                                                \
    F(lone_heavy_b, TEXT, 0, OTHER)                                                                \
    F(lone_count, TEXT, 0, OTHER)                                                                  \
    F(keys_shared, TEXT, 0, MODEL) /* model keys of both names */                                  \
    F(keys_found, TEXT, 0, MODEL)  /* … of one, anywhere in the other */                         \
    F(keys_found_length, TEXT, 0, MODEL)                                                           \
    F(keys_found_weight, TEXT, 0, MODEL)                                                           \
    F(keys_a, TEXT, 0, MODEL)                                                                      \
    F(keys_b, TEXT, 0, MODEL)                                                                      \
    F(keys_conflict, TEXT, 0, MODEL) /* both have some, none is found */                           \
    F(keys_lone_a, TEXT, 0, MODEL)                                                                 \
    F(keys_lone_b, TEXT, 0, MODEL)                                                                 \
    F(keys_lone_length, TEXT, 0, MODEL)                                                            \
    F(keys_alike, TEXT, 0, MODEL) /* best likeness of two keys */                                  \
    F(keys_prefix, TEXT, 0, MODEL)                                                                 \
    F(field_equal, TEXT, 0, MODEL) /* model fields */                                              \
    F(field_alike, TEXT, 0, MODEL)                                                                 \
    F(field_in_name, TEXT, 0, MODEL)                                                               \
    F(units_same, TEXT, 0, QUANTITY)                                                               \
    F(units_other, TEXT, 0, QUANTITY)                                                              \
    F(numbers_shared, TEXT, 0, QUANTITY)                                                           \
    F(numbers_lone_a, TEXT, 0, QUANTITY)                                                           \
    F(numbers_lone_b, TEXT, 0, QUANTITY)                                                           \
    F(numbers_conflict, TEXT, 0, QUANTITY)                                                         \
    F(numbers_jaccard, TEXT, 0, QUANTITY)                                                          \
    F(brands_equal, TEXT, 0, BRAND)                                                                \
    F(brands_alike, TEXT, 0, BRAND)                                                                \
    F(brands_in_text, TEXT, 0, BRAND)                                                              \
    F(first_equal, TEXT, 0, BRAND)                                                                 \
    F(first_found, TEXT, 0, BRAND)                                                                 \
    F(category_equal, TEXT, 0, TYPE)                                                               \
    F(types_shared, TEXT, 0, TYPE)                                                                 \
    F(types_lone, TEXT, 0, TYPE)                                                                   \
    F(price_ratio, TEXT, 0, PRICE)                                                                 \
    F(price_log, TEXT, 0, PRICE)                                                                   \
    F(spelling, TEXT, 0, WORDS)                                                                    \
    F(near_a, TEXT, 0, WORDS) /* mean nearness of a's words */                                     \
    F(near_b, TEXT, 0, WORDS)                                                                      \
    F(cosine_title, TEXT, 0, WORDS)                                                                \
    F(cosine_text, VECTORS, 0, LIKENESS)                                                           \
    F(cosine_grams, VECTORS, 0, LIKENESS)                                                          \
    F(cosine_most, VECTORS, 0, LIKENESS)                                                           \
    F(words_a, TEXT, 0, LIKENESS)                                                                  \
    F(words_b, TEXT, 0, LIKENESS)                                                                  \
    F(words_difference, TEXT, 0, LIKENESS)                                                         \
    F(detail_a, TEXT, 0, LIKENESS)                                                                 \
    F(detail_b, TEXT, 0, LIKENESS)                                                                 \
    F(evidence, EVIDENCE, 1, WORDS)                                                                \
    F(grams_rank_ab, RANK, 0, RANK) /* ln(1 + records that are more alike) */                      \
    F(grams_gap_ab, RANK, 0, RANK)  /* ahead of the best other one */                              \
    F(grams_share_ab, RANK, 0, RANK)                                                               \
    F(grams_rank_ba, RANK, 0, RANK)                                                                \
    F(grams_gap_ba, RANK, 0, RANK)                                                                 \
    F(grams_share_ba, RANK, 0, RANK)                                                               \
    F(text_rank_ab, RANK, 0, RANK)                                                                 \
    F(text_gap_ab, RANK, 0, RANK)                                                                  \
    F(text_share_ab, RANK, 0, RANK)                                                                \
    F(text_rank_ba, RANK, 0, RANK)                                                                 \
    F(text_gap_ba, RANK, 0, RANK)                                                                  \
    F(text_share_ba, RANK, 0, RANK)

#define F(name, group, direction, reason) FT_##name,
typedef enum { FEATURES(F) FT_COUNT } feature_no;
#undef F

typedef struct feature_info {
    const char *name;
    uint8_t group, reason;
    int8_t direction;
} feature_info;
extern const feature_info features[FT_COUNT];

/* Of the pair's facts. */
void features_facts(const pair *p, const notice_side *n, const offer_side *o, float x[FT_COUNT]);
/* Of the sketches. */
void features_text(const alignment *m, float x[FT_COUNT]);
/* The cosines; the sketches must have been built with vectors. */
void features_vectors(const alignment *m, float x[FT_COUNT]);

#endif
