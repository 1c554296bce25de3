/* sketches.h - sketches of products written down field by field, for the tests of comparing. */
#ifndef TS_TESTS_MATCH_SKETCHES_H
#define TS_TESTS_MATCH_SKETCHES_H

#include "match/sketch.h"
#include "support/support.h"

/* A field that is left out is NULL. */
typedef struct product {
    const char *title, *brand, *model, *category, *description, *price, *currency;
} product;

/* With vectors; not weighed. */
static inline sketch *sketched_fields(ts_arena *a, const ts_str f[TS_FIELDS], ts_str price,
                                      ts_str currency) {
    ts_view v;
    ts_view_build(a, f, &v);
    return sketch_build(a, &v, price, currency, true);
}

static inline sketch *sketched(ts_arena *a, product p) {
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = ts_str_c(p.title),
                                 [TS_F_BRAND] = ts_str_c(p.brand),
                                 [TS_F_MODEL] = ts_str_c(p.model),
                                 [TS_F_CATEGORY] = ts_str_c(p.category),
                                 [TS_F_DETAIL] = ts_str_c(p.description)};
    return sketched_fields(a, f, ts_str_c(p.price), ts_str_c(p.currency));
}

/* A table that calls all words equally rare. */
static inline word_weights even_weights(ts_arena *a, uint8_t weight) {
    uint8_t *w = ts_new_raw(a, uint8_t, WORDS_SIZE);
    memset(w, weight, WORDS_SIZE);
    return (word_weights){w};
}

/* Weighed with 2 for every word. */
static inline sketch *weighed(ts_arena *a, product p) {
    sketch *s = sketched(a, p);
    ts_arena scratch = *a;
    sketch_weigh(s, even_weights(&scratch, 2 * WEIGHT_ONE));
    return s;
}

static inline bool sketch_has_word(const sketch *s, const char *word) {
    return sketch_has(s, (uint32_t)ts_token_hash(word, strlen(word)));
}

/* The words of a sketch's tokens, one blank between them. */
static inline ts_str sketch_words(ts_arena *a, const sketch *s) {
    ts_buf b = ts_buf_new(a, 1 << 16);
    for (unsigned i = 0; i < s->tokens_n; i++) {
        if (i) ts_buf_c(&b, ' ');
        ts_buf_put(&b, sketch_word(s, &sketch_tokens(s)[i]));
    }
    return ts_buf_str(&b);
}

#endif
