/* encoding.h - bytes as text: base64url (RFC 4648 section 5), base58btc, and multibase with its
 * one-letter prefix (draft-multiformats-multibase). */
#ifndef TS_TRUST_ENCODING_H
#define TS_TRUST_ENCODING_H

#include "base/base.h"

/* Without padding. Decoding is strict: padding, blanks, letters outside the alphabet, a length that
 * no bytes have, and left-over bits that are not zero are refused, so that one byte string has one
 * text. */
ts_str ts_base64url(ts_arena *a, ts_str bytes);
bool ts_base64url_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e);

/* Bitcoin's alphabet; at most 1024 bytes, as its cost grows with the square of the length: more
 * bytes give an empty text, and a text of more is refused with TS_E_LIMIT. */
ts_str ts_base58(ts_arena *a, ts_str bytes);
bool ts_base58_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e);

/* Any base of the multibase table; `prefix` is the character that names it ('z', 'u', 'f', …; the
 * emoji base has the prefix U+1F680). Decoding is as strict as above, except that the bases which
 * the table calls case-insensitive take both cases. Base 10, 36, 58 and the emoji base are for at
 * most 1024 bytes (TS_E_LIMIT), proquint for an even number of them. */
bool ts_multibase(ts_arena *a, uint32_t prefix, ts_str bytes, ts_str *text, ts_error *e);
bool ts_multibase_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e);

#endif
