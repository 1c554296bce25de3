/* canonical.h - one text for one JSON value: RFC 8785, JSON Canonicalization Scheme. */
#ifndef TS_TRUST_CANONICAL_H
#define TS_TRUST_CANONICAL_H

#include "base/base.h"

/* Appends the canonical text of v, which was read in strict mode. Names are sorted by their UTF-16
 * code units (section 3.2.3), numbers are written as ECMAScript does (section 3.2.2.3). A number
 * that is no finite IEEE 754 double is refused with TS_E_INPUT, a text that goes over the cap of
 * `b` with TS_E_LIMIT (and b->full is set); nothing is appended then. `scratch` holds the order of
 * names; it may be a copy of the arena that b grows in. */
bool ts_canonical(ts_buf *b, ts_arena scratch, const ts_json *v, ts_error *e);
/* The same for an object without the members named (of its own, not of objects inside it); for
 * documents whose proof is taken off. */
bool ts_canonical_without(ts_buf *b, ts_arena scratch, const ts_json *v, const ts_str *names,
                          size_t n, ts_error *e);

/* The shortest text that reads back as v, in ECMAScript's form (ECMA-262, Number::toString): at
 * most 25 bytes in out. Empty when v is not finite. */
ts_str ts_es6_number(double v, char out[32]);

#endif
