/* value.h - values of elements: what type they are of, and whether they are what a pack asks for.
 */
#ifndef TS_PASSPORT_VALUE_H
#define TS_PASSPORT_VALUE_H

#include "pack.h"

/* Nothing: NULL, null, "" or blank, [] or {}. */
bool value_empty(const ts_json *v);

/* Whether the value is of the type (docs/formats.md says how each is written), a measure in `unit`
 * where one is given. False: *detail gets what is wrong, in `a`. */
bool value_fits(ts_arena *a, const ts_json *v, ts_value_type type, ts_str unit, ts_str *detail);

/* "2026-11-23", "2026-11" or "2026". */
bool value_is_date(ts_str s);
/* A text for each of one or more languages: {"en": "…", "zh-Hans": "…"}. */
bool value_is_languages(const ts_json *v);

#endif
