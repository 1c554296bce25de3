/* encoding_part.h - the two ways of writing bytes with an alphabet, shared by base64url, base58 and
 * the multibase table. */
#ifndef TS_TRUST_ENCODING_PART_H
#define TS_TRUST_ENCODING_PART_H

#include "encoding.h"

/* A letter for every `bits` bits from the front (RFC 4648 and its like). */
typedef struct bit_base {
    const char *name, *alphabet;
    uint8_t bits;
    uint8_t group; /* '=' fills the text up to a multiple of this; 0: no padding */
    bool fold;     /* upper and lower case are the same letter in decoding */
} bit_base;
ts_str bits_encode(ts_arena *a, const bit_base *b, ts_str bytes);
bool bits_decode(ts_arena *a, const bit_base *b, ts_str text, ts_str *bytes, ts_error *e);

/* The bytes as one big number in another base, a zero letter for every zero byte in front. */
typedef struct number_base {
    const char *name, *alphabet;
    uint32_t base;
    uint32_t step;        /* the largest power of the base below 2^32 */
    unsigned step_digits; /* its exponent */
    bool fold;
} number_base;
enum { NUMBER_MAX = 1024 }; /* bytes: the work grows with the square of the length */
bool number_encode(ts_arena *a, const number_base *b, ts_str bytes, ts_str *text, ts_error *e);
bool number_decode(ts_arena *a, const number_base *b, ts_str text, ts_str *bytes, ts_error *e);

extern const bit_base base64url;
extern const number_base base58btc;

/* For every byte the value of that letter, or -1. */
typedef struct letters {
    int8_t value[256];
} letters;
letters letters_of(const char *alphabet, bool fold);
bool not_a_letter(ts_error *e, const char *name, size_t at);

#endif
