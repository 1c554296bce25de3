/* token.h - folding and tokens, in one pass.
 *
 * Folding makes spellings comparable: NFKC_Casefold (Unicode 15, from ICU's data at build time),
 * accents of Latin, Greek and Cyrillic letters dropped, typographic quotes and dashes as ASCII,
 * trademark signs and soft hyphens gone.
 *
 * A token is a run of letters and digits ("a1263", "blinds"), or ONE Chinese or Japanese character.
 * What stood between two tokens is kept: nothing ("ROMOSS" next to a Chinese character), a
 * connector as in KX-FA83, white space, or a break (comma, bracket, dash with blanks around it …).
 */
#ifndef TS_TEXT_TOKEN_H
#define TS_TEXT_TOKEN_H

#include "base/base.h"

/* The fields of a product's text, in the order of a view. */
typedef enum { TS_F_TITLE, TS_F_BRAND, TS_F_MODEL, TS_F_CATEGORY, TS_F_DETAIL, TS_FIELDS } ts_field;

typedef enum { TS_TOK_WORD, TS_TOK_NUMBER, TS_TOK_MIXED, TS_TOK_HAN } ts_token_kind;

enum { TS_GLUE_SPACE = 0, TS_GLUE_NONE = 1 }; /* else the connector: one of - / . _ + & ' # : */

typedef struct ts_token {
    uint64_t hash; /* of the folded bytes */
    uint32_t at;   /* byte offset in ts_tokens.text */
    uint8_t n;     /* bytes; a longer run of letters is cut here */
    uint8_t glue;  /* what stood before it: TS_GLUE_… or the connector's byte */
    uint8_t bits;  /* the most a match on it may count, 0-6; 255 = not in the lexicon (ts_view) */
    uint8_t kind : 2;    /* ts_token_kind */
    uint8_t brk : 1;     /* a break stood before it */
    uint8_t compat : 1;  /* inside "for …": names another product (ts_view) */
    uint8_t with : 1;    /* inside "with …": comes along (ts_view) */
    uint8_t qty : 1;     /* part of a quantity: "500 ml" (ts_view) */
    uint8_t typed : 1;   /* part of a product type's name (ts_view) */
    uint8_t label : 1;   /* part of a label such as "model no" (ts_view) */
    uint8_t variant : 1; /* tells versions of a model apart: "pro", "plus" (ts_view) */
} ts_token;

typedef struct ts_tokens {
    ts_token *v;
    size_t n, cap;
    ts_str text;      /* folded */
    uint32_t *origin; /* text[i] came from byte origin[i] of the input; NULL unless asked for */
} ts_tokens;

/* Folds and splits `s` (UTF-8; malformed bytes become breaks). With `origin`, the map back to the
 * input is kept, for marking words in the original. At most 16 MiB of input is looked at. */
ts_tokens ts_tokenise(ts_arena *a, ts_str s, bool origin);

static inline bool ts_token_has_digit(const ts_token *k) {
    return k->kind == TS_TOK_MIXED || k->kind == TS_TOK_NUMBER;
}

static inline ts_str ts_token_text(const ts_tokens *t, size_t i) {
    return (ts_str){t->text.p + t->v[i].at, t->v[i].n};
}

/* Folds only. */
ts_str ts_fold(ts_arena *a, ts_str s);
/* Folded letters and digits without anything between: "KX-FA 83" gives "kxfa83". */
ts_str ts_squeeze(ts_arena *a, ts_str s);

/* Hash of a folded token's bytes, and the key of a sequence of tokens: start with TS_SEQ_START and
 * add each token's hash. Lexicon forms and index terms are such keys. */
uint64_t ts_token_hash(const char *p, size_t n);
#define TS_SEQ_START 0x9ae16a3b2f90404full
static inline uint64_t ts_seq_add(uint64_t key, uint64_t token_hash) {
    return ts_mix(key * 0xc3a5c85c97cb3127ull ^ token_hash);
}

bool ts_is_han(uint32_t cp); /* a character that is a token by itself */

#endif
