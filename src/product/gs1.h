/* gs1.h - GS1 application identifiers (AIs): element strings, bracketed text and their rules, from
 * the GS1 Barcode Syntax Dictionary, which is compiled in (GS1 General Specifications, section 3).
 */
#ifndef TS_PRODUCT_GS1_H
#define TS_PRODUCT_GS1_H

#include "base/base.h"

enum { TS_GS1_MAX = 64 }; /* AIs in one message */

typedef struct ts_gs1_ai {
    ts_str ai;    /* two to four digits */
    ts_str value; /* decoded */
} ts_gs1_ai;

/* AIs in the order in which they came. */
typedef struct ts_gs1 {
    ts_gs1_ai v[TS_GS1_MAX];
    size_t n;
} ts_gs1;

/* "(01)09521234543213(10)ABC\(1": a value's own "(" is written "\(". */
bool ts_gs1_from_brackets(ts_arena *a, ts_str text, ts_gs1 *out, ts_error *e);
/* What a scanner hands over: an optional symbology identifier ("]C1", "]d2", "]Q3" …), AIs without
 * brackets, FNC1 as ASCII 29 (also "^" at the beginning and between, as printed notations have it).
 * AIs of predefined length need no FNC1. Symbology identifiers of symbols without AIs are refused.
 * For both readers: an AI that comes again with the same value is kept once; the error's byte is
 * the place in the text. */
bool ts_gs1_from_element_string(ts_arena *a, ts_str text, ts_gs1 *out, ts_error *e);
/* Each AI against the dictionary: known, length, character set, every linter of its components
 * (check digits, dates, country codes, …); then the message: no AI twice with different values,
 * required and excluded pairs. The error names the AI, the place within its value and the cure. The
 * two readers above and ts_digital_link_parse do this already. */
bool ts_gs1_validate(const ts_gs1 *g, ts_error *e);

ts_str ts_gs1_brackets(ts_arena *a, const ts_gs1 *g);
/* With predefined-length AIs first, FNC1 (ASCII 29) only where one is needed. */
ts_str ts_gs1_element_string(ts_arena *a, const ts_gs1 *g);

ts_str ts_gs1_get(const ts_gs1 *g, const char *ai);               /* empty when it is not there */
bool ts_gs1_add(ts_gs1 *g, ts_str ai, ts_str value, ts_error *e); /* unchecked but for room */
/* The title in the dictionary ("GTIN"), empty when the AI is not known. */
ts_str ts_gs1_title(ts_str ai);

/* The GTIN (8, 12, 13 or 14 digits) as AI 01 wants it: 14 digits. False when the check digit is
 * wrong. */
bool ts_gtin_as_14(ts_str digits, char out[14], ts_error *e);

#endif
