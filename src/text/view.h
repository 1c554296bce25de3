/* view.h - a product as matching sees it: computed once per side.
 *
 * A view is built from a few fields of text. It holds the tokens with what the lexicon knows of
 * them, the product types named, quantities and model keys, each with its field and with whether it
 * stands where ANOTHER product is named ("case for …").
 */
#ifndef TS_TEXT_VIEW_H
#define TS_TEXT_VIEW_H

#include "model.h"

typedef struct ts_type_hit {
    uint16_t type;
    uint16_t from, to; /* tokens [from, to) of the field */
    uint8_t field;
    uint8_t compat : 1; /* the type of the other product, not of this one */
    uint8_t with : 1;   /* comes along */
    uint8_t head : 1;   /* says what the thing is: the last type of the first phrase that has one */
} ts_type_hit;

typedef struct ts_type_hits {
    ts_type_hit *v;
    size_t n, cap;
} ts_type_hits;

typedef struct ts_view {
    ts_tokens f[TS_FIELDS];
    ts_type_hits types;
    ts_quantities quantities;
    ts_model_keys models;
    uint32_t phrases;          /* bit per ts_phrase seen in title, brand or model */
    uint16_t behind_compat[4]; /* tokens of the title that stand right behind "for" and its like,
                                  also where people follow ("for baby …") */
    uint8_t behind_compat_n;
    uint16_t lang[4];   /* words seen of each language (title): TS_EN, TS_DE, TS_ZH, other */
    bool brand_unknown; /* the brand field is empty or says "unbranded" */
} ts_view;

/* Fields may be empty. DETAIL (description, attributes) gives quantities and model keys only, from
 * its first `TS_DETAIL_MAX` bytes. */
enum { TS_DETAIL_MAX = 4096 };
void ts_view_build(ts_arena *a, const ts_str fields[TS_FIELDS], ts_view *out);

#endif
