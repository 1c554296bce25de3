/* pair.h - one offer against one notice: what agrees, what conflicts, what cannot be told. Private
 * to match/.
 *
 * The comparison is made once; the scorer reads it as numbers, the ladder reads it as facts, and
 * the explanation says it in words. So nothing is said that did not count, and nothing counts that
 * is not said.
 */
#ifndef TS_MATCH_PAIR_H
#define TS_MATCH_PAIR_H

#include "side.h"

typedef enum {
    BRAND_NONE,        /* the notice names none */
    BRAND_SAME,        /* the brand field, or the start of the title */
    BRAND_NAMED,       /* somewhere else in the title */
    BRAND_TYPO,        /* with one or two letters different */
    BRAND_PART,        /* some words of a brand of several words */
    BRAND_MISSING,     /* the offer names no brand */
    BRAND_OTHER,       /* the offer names another one */
    BRAND_MAYBE_OTHER, /* its title begins with a word that nobody knows */
    BRAND_FIELD_OTHER, /* the title names it, the brand field another one */
    BRAND_COMPAT,      /* only as the brand of the thing this one goes with */
} brand_relation;

typedef enum {
    MODEL_NONE, /* the notice names none */
    MODEL_SAME,
    MODEL_MISSING, /* the offer names none */
    MODEL_OTHER,   /* the offer names others */
    MODEL_NEAR, /* one of the same make: it differs little, has the same shape, or is called a model
                   number */
    MODEL_COMPAT, /* only as the model of the thing this one goes with */
} model_relation;

typedef enum {
    TYPE_UNKNOWN,
    TYPE_SAME,
    TYPE_NAMED,
    TYPE_RELATED,
    TYPE_OTHER,
    TYPE_ACCESSORY
} type_relation;

typedef struct pair {
    bool declared;              /* the offer names the notice */
    const ts_identifier *ident; /* the offer's identifier that the notice has, or NULL */
    brand_relation brand;
    float brand_bits;
    const ix_key *brand_key; /* the notice's brand that was found (or the first, when none was) */
    sequence brand_at;       /* where in the offer; to == 0: the brand field as a whole */
    model_relation model;
    float model_bits;
    const ts_model_key *offer_model; /* the offer's key that agrees, or that is another one */
    sequence model_at; /* where the offer spells the notice's number, or nearly so, apart; to == 0:
                          it does not */
    const ix_key *notice_model; /* the notice's key that agrees or is nearest */
    unsigned other_models;      /* chunks of the offer's title that are no model of the notice */
    type_relation type;
    int offer_type, notice_type; /* product types compared; -1 = none */
    float name_bits;             /* bits of the notice's own words found in the offer */
    float name_share;            /* … as a share of all of them, 0-1 */
    float extra_bits; /* unknown words of the offer's title that the notice does not have */
    unsigned quantities_same, quantities_other;
    const ts_quantity *offer_quantity; /* one that differs */
    const ix_quantity *notice_quantity;
    uint32_t variants_extra, variants_lacking; /* "pro", "mini" … on one side only */
    bool counterfeit;                          /* the notice is about an imitation of the brand */
    bool replica, spare;                       /* the offer says imitation; says spare part */
} pair;

/* Whether the offer bears the notice's brand, in whole, in part or misspelt. */
static inline bool brand_agrees(const pair *p) {
    return p->brand == BRAND_SAME || p->brand == BRAND_NAMED || p->brand == BRAND_TYPO ||
           p->brand == BRAND_PART;
}

/* Compares. */
void pair_compare(const notice_side *n, const offer_side *o, pair *out);

#endif
