/* gs1_lint.h - the checks ("linters") that the GS1 syntax dictionary names for parts of an AI's
 * value. Private to the room.
 */
#ifndef TS_PRODUCT_GS1_LINT_H
#define TS_PRODUCT_GS1_LINT_H

#include "gs1_dictionary.h"

/* What is wrong, where (0-based within the part), and what to do about it. */
typedef struct gs1_flaw {
    size_t at;
    const char *what;
} gs1_flaw;

static inline bool gs1_flawed(gs1_flaw *f, size_t at, const char *what) {
    *f = (gs1_flaw){at, what};
    return false;
}

/* The check GS1_LINT_… on a part whose characters and length are right already. */
bool gs1_lint(unsigned lint, ts_str part, gs1_flaw *f);

/* The two kinds of North American coupon (AIs 8110 and 8112; GS1 US, "North American Coupon
 * Application Guideline" and "AI (8112) Coupon Data Specification"). */
bool gs1_lint_coupon(ts_str s, gs1_flaw *f);
bool gs1_lint_coupon_offer(ts_str s, gs1_flaw *f);
/* Six digits that are a date YYMMDD. */
bool gs1_lint_date(ts_str yymmdd, bool day_may_be_0, gs1_flaw *f);

/* Lists of codes, complete as of 2026. */
bool gs1_is_country_number(ts_str three_digits);  /* ISO 3166-1 numeric */
bool gs1_is_country_letters(ts_str two_capitals); /* ISO 3166-1 alpha-2 */
bool gs1_is_currency_number(ts_str three_digits); /* ISO 4217 numeric */
bool gs1_is_package_type(ts_str code);            /* UN/ECE Recommendation 21 and GS1's own */

#endif
