/* identifier.h - what a "barcode" or "product code" field really holds.
 *
 * Official feeds mix trade item numbers, Amazon's own numbers, shop codes and prose in one field.
 * A number is trusted as a GTIN only when its check digit is right (one random number in ten is)
 * AND it came from a field that says GTIN, EAN, UPC or barcode, or its GS1 prefix is in use.
 */
#ifndef TS_PRODUCT_IDENTIFIER_H
#define TS_PRODUCT_IDENTIFIER_H

#include "base/base.h"

typedef enum {
    TS_ID_NONE,     /* empty, or a word that means "unknown" */
    TS_ID_GTIN,     /* GTIN-8/12/13/14 with a right check digit (GS1 General Specifications 7.9) */
    TS_ID_GTIN_BAD, /* 8, 12, 13 or 14 digits whose check digit is wrong */
    TS_ID_ASIN,     /* Amazon: B0 + 8 characters, or an ISBN-10 used as one */
    TS_ID_FNSKU,    /* Amazon fulfilment: X0 + 8 characters */
    TS_ID_INTERNAL, /* one token: a shop's or maker's own code */
    TS_ID_PROSE,    /* anything else: text that may contain identifiers */
} ts_id_kind;

const char *ts_id_kind_name(ts_id_kind k); /* "gtin", "gtin_bad_check_digit", "asin", … */

typedef struct ts_identifier {
    ts_id_kind kind;
    uint64_t
        gtin;    /* the number as GTIN-14 (leading zeros carry no meaning); 0 unless kind is GTIN */
    ts_str text; /* as it stood, trimmed; for a code, without the blanks inside */
    bool labelled; /* the field or the words before it said GTIN, EAN, UPC, ISBN or barcode */
} ts_identifier;

typedef struct ts_identifiers {
    ts_identifier *v;
    size_t n, cap;
} ts_identifiers;

/* Check digit of any GS1 number, for instance a GLN or an SSCC (GS1 General Specifications 7.9.1):
 * weights 3 and 1 from the right; `digits`, two or more, includes it as its last digit. */
bool ts_check_digit(ts_str digits);
/* The same for the lengths that a GTIN has: `digits` includes it as its last digit; 8, 12, 13 or 14
 * digits. */
bool ts_gtin_check(ts_str digits);
/* Whether the number starts with a prefix that GS1 has given to trade items of some member
 * organisation: not restricted circulation (02, 04, 2), not coupons or refunds (05, 98, 99), not
 * unassigned. `gtin` as a number of up to 14 digits. */
bool ts_gtin_prefix_plausible(uint64_t gtin);
/* Whether a match on this identifier may link by itself: GTIN, labelled or of a plausible prefix
 * and long enough (a GTIN-8 needs the label). */
bool ts_identifier_trusted(const ts_identifier *id);

/* Classifies one field's content. Blanks and hyphens between digits are ignored ("6 438195
 * 000958"). `a` receives the compacted text where it differs from the input. */
ts_identifier ts_identifier_classify(ts_arena *a, ts_str field, bool labelled);
/* All identifiers in a field that may hold several ("4001234567890, B07XYZ1234; 5 012345 678900").
 * Adds to `out` without repeating; what is left over as prose is added once with kind PROSE. */
void ts_identifiers_from_field(ts_arena *a, ts_str field, bool labelled, ts_identifiers *out);
/* Adds unless an identifier of the same kind and number is there already. */
void ts_identifiers_add(ts_arena *a, ts_identifiers *l, ts_identifier id);
/* "identifiers": [{kind, value, labelled?}], left out when there is none; and back. */
void ts_identifiers_write(ts_jsonw *w, const ts_identifiers *l);
void ts_identifiers_read(ts_arena *a, const ts_json *array, ts_identifiers *out);

#endif
