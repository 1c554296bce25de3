/* profile.h - one product reduced to what is compared: terms for retrieval, and brands, models,
 * types and quantities for judging a pair. Made once per side. Private to match/.
 */
#ifndef TS_MATCH_PROFILE_H
#define TS_MATCH_PROFILE_H

#include "product/product.h"
#include "text/text.h"

/* What a term is. Each class has its own key space. */
typedef enum {
    TERM_WORD,        /* a word, or two neighbouring Chinese characters */
    TERM_BRAND,       /* a whole brand, squeezed: "blackdecker", 罗马仕 */
    TERM_BRAND_FIELD, /* the same, for offers whose brand field says it: ordinary words count there,
                         too */
    TERM_MODEL,       /* a model key */
    TERM_TYPE,        /* a product type, or one of its ancestors */
    TERM_IDENT,       /* a trade item number, an ASIN or FNSKU */
    TERM_NUMBER,      /* a notice's own number, for offers that name it */
    TERM_CLASSES
} term_class;

static inline uint64_t term_key(term_class c, uint64_t hash) {
    return ts_mix(hash + 0x9e3779b97f4a7c15ull * (c + 1));
}

typedef struct term {
    uint64_t key;
    uint8_t cls;
    uint8_t cap;      /* the most bits an agreement on it may count */
    uint8_t part : 1; /* WORD: part of a brand of several words */
} term;

typedef struct terms {
    term *v;
    size_t n, cap;
} terms;

enum { TYPO_MIN = 5, TYPO_MAX = 20 }; /* bytes of a word that may be misspelt */

/* Of two neighbouring Chinese characters. */
static inline uint64_t pair_hash(const ts_token *a, const ts_token *b) {
    return ts_seq_add(ts_seq_add(TS_SEQ_START, a->hash), b->hash);
}

/* Bits by class that a single term may count. */
enum {
    CAP_WORD = 7,
    CAP_BRAND = 12,
    CAP_BRAND_FIELD = 10,
    CAP_MODEL = 16,
    CAP_TYPE = 5,
    CAP_IDENT = 30,
    CAP_NUMBER = 30
};

typedef struct brand {
    uint64_t hash; /* of the squeezed text */
    ts_str text;   /* squeezed, folded */
    uint8_t bits;  /* ordinary words, short ones and brands of many products say less */
    bool large;    /* a brand of many products */
} brand;

typedef struct brands {
    brand *v;
    size_t n, cap;
} brands;

/* The terms a notice is found by, its brands, and its view (title = product and name, model = model
 * numbers). */
typedef struct notice_profile {
    ts_view view;
    brands brands;
    terms terms;
    uint32_t variants;
} notice_profile;
void profile_notice(ts_arena *a, const ts_notice *n, notice_profile *p);
/* The same without terms, for a comparison that no index leads to. */
void profile_notice_words(ts_arena *a, const ts_notice *n, notice_profile *p);
/* What the notice calls the product (product and name); its heading only when it says nothing else.
 */
ts_str notice_title(ts_arena *a, const ts_notice *n);
/* The list as one text, separated by " | "; at most 400 of it. */
ts_str notice_list(ts_arena *a, const ts_strs *l);

/* A run of tokens that may be a brand's name. */
typedef struct sequence {
    uint64_t hash;
    uint16_t from, to; /* tokens of the field */
    uint8_t field;
} sequence;

/* The view of an offer, and the terms to look up for it (unsorted, some twice). */
typedef struct offer_profile {
    ts_view view;
    brands brands; /* of the brand field */
    terms terms;
    struct {
        sequence *v;
        size_t n, cap;
    } sequences;
    struct {
        uint16_t token[3];
        uint8_t n;
        bool looked;
    } strangers; /* profile_strangers */
} offer_profile;
void profile_offer(ts_arena *a, const ts_offer *o, offer_profile *p);
/* The same without terms but for the notices that the offer names. A `view` of the same fields may
 * be given. */
void profile_offer_words(ts_arena *a, const ts_offer *o, const ts_view *view, offer_profile *p);

/* Words that tell one version of a model from the next ("pro", "plus", "2nd gen"), as bits of a
 * set; two different words may share a bit. */
uint32_t variant_words(const ts_view *v);

/* Fills in the words among the first three of the title that are no sales talk, unknown to the
 * lexicon, and no ordinary word with a typing error: perhaps a brand. Dear, so looked up when first
 * asked for. */
void profile_strangers(offer_profile *p);
/* Whether a key in a notice names the product: from the model numbers, or a number with letters in
 * the product's name. */
bool notice_key(const ts_model_key *k);
/* Bits of a brand by its words: unknown words 12, ordinary ones less, one or two letters little. */
uint8_t brand_bits(const ts_tokens *t, size_t from, size_t to);
/* Term key of an identifier that may link by itself; 0 for others. */
uint64_t identifier_key(const ts_identifier *id);
/* Folded letters and digits of a notice's number: "A12/0833/12" and "a12-0833-12" are the same. */
uint64_t number_hash(ts_arena scratch, ts_str number);

#endif
