/* derive.h - offers made from notices, for measuring where no labelled offers exist.
 *
 * A derived offer is what a shop might write about the product of a notice, damaged on purpose. It
 * is NOT a real offer, and figures on derived offers say so. Everything is seeded: the same notice,
 * seed and number give the same offer.
 *
 * Perturbations, each with a strength from 1 to 3:
 *
 *   word_order      1, 2 or 3 pairs of the title's pieces change places
 *   typo            1, 2 or 3 letters of the title's words (not of model numbers, nor of "for" and
 * its like) replaced, dropped, doubled or swapped brand_missing   the brand is gone: 1 from its
 * field, 2 from the title, 3 from both model_glued     the model number's separators: 1 other ones,
 * 2 gone, 3 gone and glued to the word before model_split     1 blanks for separators, 2 a blank
 * between letters and digits, 3 both and lower case marketing       2, 5 or 9 words of sales talk
 *   truncation      the title is cut to 80, 60 or 45 characters (40, 30, 22 in Chinese)
 *   type_translated the product type in another language or other words: 1 its usual name, 2 a
 * synonym, 3 a wider type bundle          1 a count, 2 with a gift, 3 both second_hand     1 one
 * word, 2 with a remark, 3 with a story in the description noise           1 a shop's own code, 2
 * signs and capitals, 3 both and repeated words
 *
 * Every derived offer carries at least two. An offer of the product keeps at least one thing to
 * know it by, spelt right: an identifier, the brand, the model number, or two telling words of the
 * name; what keeps none of them nobody could tell, and it is not made. Kinds of offers that are NOT
 * the product (hard negatives):
 *
 *   other_model       same brand and type, another model number
 *   other_brand       the same model number under another brand
 *   accessory         something made for the product
 *   successor         the next model: last digit, a suffix, "2", "Pro"
 *   other_size        another pack size or quantity (where the notice names one)
 *   outside_scope     same model, another lot or date than the notice's (where it names them)
 *   genuine           the genuine article of a brand that the notice's goods imitate
 *
 * A hard negative keeps what makes it another product (the other brand, model, size, the
 * accessory's name): where the damage took that away it is not made, because nobody could tell.
 *
 * Strengths, templates and word lists are fixed: changing one changes every published figure.
 */
#ifndef TS_MATCH_DERIVE_H
#define TS_MATCH_DERIVE_H

#include "product/product.h"

typedef enum {
    TS_DERIVE_POSITIVE,
    TS_DERIVE_OTHER_MODEL,
    TS_DERIVE_OTHER_BRAND,
    TS_DERIVE_ACCESSORY,
    TS_DERIVE_SUCCESSOR,
    TS_DERIVE_OTHER_SIZE,
    TS_DERIVE_OUTSIDE_SCOPE,
    TS_DERIVE_GENUINE,
    TS_DERIVE_UNRELATED, /* a product of no notice: fresh brand and model, ordinary words */
    TS_DERIVE_KINDS
} ts_derive_kind;
const char *ts_derive_kind_name(ts_derive_kind k);

enum { TS_PERTURBATIONS = 11 };
const char *ts_perturbation_name(unsigned p);

typedef struct ts_truth {
    ts_derive_kind kind;
    uint8_t strength[TS_PERTURBATIONS]; /* 0 = not applied */
    uint8_t language;                   /* 0 en, 1 de, 2 zh */
    bool identifier, brand,
        model; /* what still stands in the offer, in whatever spelling of the model number */
} ts_truth;

/* Whether a notice has enough to derive from: a brand, a model number or a name. */
bool ts_derivable(const ts_notice *n);
/* Which half a notice is in, by its (first) brand: the set one tunes on, and the set one reports.
 */
bool ts_derive_in_tuning_half(const ts_notice *n);

/* One offer of the given kind. `other` is another notice whose brand may be borrowed (NULL: an
 * invented brand). False when the notice does not allow that kind. Strings live in `a`. */
bool ts_derive_offer(ts_arena *a, const ts_notice *n, const ts_notice *other, ts_derive_kind kind,
                     uint64_t seed, ts_offer *o, ts_truth *t);

/* The same notice with a fresh brand, fresh model numbers and identifiers of the same patterns, and
 * its words as they are: for collections larger than the real ones. */
void ts_derive_notice(ts_arena *a, const ts_notice *n, uint64_t seed, ts_notice *out);

/* The offer as a JSON line with the truth under "_truth" (readers of offers pass over names that
 * start with '_'). */
void ts_derive_write(ts_jsonw *w, const ts_offer *o, const ts_truth *t, ts_str notice_id);

#endif
