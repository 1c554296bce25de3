/* sketch.h - the words of a product, packed for comparing: one block without pointers, the same in
 * memory and in the index. Private to match/.
 *
 *   sketch | tokens | models | quantities | vocabulary | grams | text
 *
 * Tokens are the words of the brand (where the title lacks it), title, model field and the start of
 * the description, in this order; two neighbouring Chinese characters are one token. The vocabulary
 * holds every word of all fields, and words joined with their neighbours where one has a digit; the
 * grams are three and four characters of the title's words. Both are sorted arrays of hash << 8 |
 * weight.
 */
#ifndef TS_MATCH_SKETCH_H
#define TS_MATCH_SKETCH_H

#include "net.h"
#include "profile.h"
#include "words.h"

enum {
    SKETCH_TOKENS = TS_NET_TOKENS,
    SKETCH_MODELS = 12,
    SKETCH_QUANTITIES = 16,
    SKETCH_VOCABULARY = 256,
    SKETCH_GRAMS = 256,
    SKETCH_TEXT = 1024,
    SKETCH_DETAIL = 140, /* words of the description that count */
    SKETCH_FILL = 20     /* tokens up to which the description fills the name up */
};

enum {
    SK_TITLE = 1,
    SK_BRAND = 2, /* of the brand field */
    SK_MODEL = 4, /* of the model field */
    SK_DETAIL = 8,
    SK_WORD = 16, /* letters only */
    SK_NUMBER = 32,
    SK_MIXED = 64,
    SK_HAN = 128,
    SK_COMPAT = 256,
    SK_QTY = 512,
    SK_VARIANT = 1024,
    SK_WITH = 2048,
    SK_COMMON = 4096, /* the lexicon calls it sales talk or a word of grammar */
    SK_AGAIN = 8192   /* repeats an earlier token */
};

typedef struct sketch_token {
    uint32_t hash;
    uint16_t at; /* bytes into the text */
    uint8_t n;
    uint8_t weight; /* words.h */
    uint16_t type;  /* product type + 1; 0 = no part of a type's name */
    uint16_t flags;
} sketch_token;

typedef struct sketch_model {
    uint32_t hash;
    uint16_t at;
    uint8_t n, bits;
    uint8_t weight, field, compat, spare;
} sketch_model;

typedef struct sketch_quantity {
    float value;
    uint8_t name, field;
    uint16_t spare;
} sketch_quantity;

typedef struct sketch {
    uint32_t size; /* bytes of the block, a multiple of 8 */
    uint8_t tokens_n, models_n, quantities_n;
    uint8_t title_n; /* tokens that stand for the product's name: all but the description's */
    uint16_t vocabulary_n, grams_n, text_n;
    uint16_t detail_n;    /* words of the description */
    uint16_t title_bytes; /* of the text, behind the brand: the name, squeezed */
    uint8_t brand_n; /* bytes: the brand field, squeezed, which the text starts with; 0 = none */
    uint8_t vectors; /* has grams and a weighed vocabulary */
    float title_norm, vocabulary_norm, grams_norm; /* Euclidean */
    float title_sum;                               /* of the title tokens' weights, each once */
    float price;                                   /* < 0: none */
    uint32_t currency, category;                   /* hashes; 0 = none */
    uint64_t bloom[4];                             /* of the vocabulary */
} sketch;

static inline const sketch_token *sketch_tokens(const sketch *s) { return (const void *)(s + 1); }
static inline const sketch_model *sketch_models(const sketch *s) {
    return (const void *)(sketch_tokens(s) + s->tokens_n);
}
static inline const sketch_quantity *sketch_quantities(const sketch *s) {
    return (const void *)(sketch_models(s) + s->models_n);
}
static inline const uint32_t *sketch_vocabulary(const sketch *s) {
    return (const void *)(sketch_quantities(s) + s->quantities_n);
}
static inline const uint32_t *sketch_grams(const sketch *s) {
    return sketch_vocabulary(s) + s->vocabulary_n;
}
static inline const char *sketch_text(const sketch *s) {
    return (const char *)(sketch_grams(s) + s->grams_n);
}
static inline ts_str sketch_word(const sketch *s, const sketch_token *t) {
    return (ts_str){sketch_text(s) + t->at, t->n};
}

/* The name, squeezed. */
static inline ts_str sketch_name(const sketch *s) {
    return (ts_str){sketch_text(s) + s->brand_n, s->title_bytes};
}

/* Packs a view. Weights are 0 until sketch_weigh. Price and currency as written. Only with
 * `vectors` does it have grams, and weights in its vocabulary: what cosines need. */
sketch *sketch_build(ts_arena *a, const ts_view *v, ts_str price, ts_str currency, bool vectors);
/* Counts its keys as one more product. */
void sketch_count(const sketch *s, words_counter *c);
/* Fills in weights and norms. */
void sketch_weigh(sketch *s, word_weights w);
/* The vocabulary's key for a word, from the low half of its hash. */
static inline uint32_t sketch_key(uint32_t hash) { return (uint32_t)(ts_mix(hash) >> 40) << 8; }
#define SKETCH_GRAM_SALT 0x5bd1e900u
/* Cosines of the words of all fields, and of the grams: 0-1. Both were built with vectors. */
float sketch_cosine_text(const sketch *a, const sketch *b);
float sketch_cosine_grams(const sketch *a, const sketch *b);
/* Whether the vocabulary has that word. */
bool sketch_has(const sketch *s, uint32_t hash);
/* A block from outside: everything inside it. `room` is what is there. */
bool sketch_sound(const sketch *s, size_t room);
/* The network's view of the tokens. */
size_t sketch_net_tokens(const sketch *s, ts_net_token out[TS_NET_TOKENS]);

#endif
