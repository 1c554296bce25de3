/* scope.h - what exactly a notice covers, and whether a given article is inside.
 *
 * A notice rarely means every article of a model: it names lots, serial ranges, production dates or
 * the time of sale. `ts_scope_fit` compares what the notice states with what is known of an
 * article.
 */
#ifndef TS_PRODUCT_SCOPE_H
#define TS_PRODUCT_SCOPE_H

#include "base/base.h"

typedef struct ts_day_range {
    int32_t from, to; /* days since 1970-01-01, both included; TS_NO_DAY = open at that end */
} ts_day_range;

typedef struct ts_code_range {
    ts_str from, to; /* same length and same letters around one run of digits that differs */
} ts_code_range;

typedef struct ts_scope {
    ts_strs lots; /* lot, batch or date codes, as written, upper case, no blanks */
    struct {
        ts_code_range *v;
        size_t n, cap;
    } lot_ranges;
    ts_strs serials;
    struct {
        ts_code_range *v;
        size_t n, cap;
    } serial_ranges;
    struct {
        ts_day_range *v;
        size_t n, cap;
    } made; /* production dates */
    struct {
        ts_day_range *v;
        size_t n, cap;
    } sold; /* dates of sale: told to people, not compared */
} ts_scope;

/* Whether the scope is limited at all by lots, serials or production dates. */
bool ts_scope_limited(const ts_scope *s);

typedef struct ts_scope_verdict {
    ts_answer inside;   /* yes = inside, no = outside, open = cannot be told */
    const char *reason; /* key of the message catalogue, e.g. "scope.lot_named" */
} ts_scope_verdict;

/* Is an article of which `item` is known inside what `notice` states? An item that states a lot,
 * serial or date which the notice's list of the same kind does not contain is outside; one that
 * states none of the kinds the notice is limited by cannot be told; a notice without limits has
 * everything inside. */
ts_scope_verdict ts_scope_fit(const ts_scope *notice, const ts_scope *item);

/* Whether `code` lies in the range: same length, same letters, digits between. */
bool ts_code_in_range(ts_str code, const ts_code_range *r);

#endif
