/* model.h - model keys: what makers print on the thing to tell one product from the next.
 *
 * A key is letters and digits squeezed together, folded: "WH-1000 XM3" and "wh1000xm3" have the
 * same key. One place in the text (a chunk) gives several keys, because people glue, split and cut
 * numbers.
 */
#ifndef TS_TEXT_MODEL_H
#define TS_TEXT_MODEL_H

#include "quantity.h"

typedef struct ts_model_key {
    uint64_t hash;        /* ts_token_hash of `text` */
    ts_str text;          /* squeezed */
    uint16_t chunk;       /* keys of one chunk are spellings of one thing */
    uint16_t from, to;    /* tokens [from, to) */
    uint8_t field;        /* ts_field */
    uint8_t bits;         /* how much an equal key says at most: grows with length */
    uint8_t joined : 1;   /* put together across white space */
    uint8_t whole : 1;    /* the chunk's full text (and not a part of it) */
    uint8_t numeric : 1;  /* digits only */
    uint8_t generic : 1;  /* a designation many makers share */
    uint8_t compat : 1;   /* stands where another product is named ("for …") */
    uint8_t labelled : 1; /* "model no." or the like stood before it */
} ts_model_key;

typedef struct ts_model_keys {
    ts_model_key *v;
    size_t n, cap;
    uint16_t chunks;
} ts_model_keys;

/* Adds the keys in `t`. Quantities must have been read (their tokens are no keys). */
void ts_model_keys_read(ts_arena *a, const ts_tokens *t, uint8_t field, ts_model_keys *out);

/* Bits of a squeezed key: about what a chance agreement of that many letters and digits is worth,
 * with a cap; 0 when it is too short to be a key at all. */
uint8_t ts_model_bits(ts_str squeezed);

#endif
