/* affected.h - is a passport inside what a notice states? Pure: facts in, answer and reasons out.
 *
 * Three answers. Inside: the notice names this product and nothing it is limited by is open.
 * Outside: the notice names another product, or it is limited by lots, serials or days of
 * production and what the passport, signed by its own operator, states is not among them. Cannot be
 * excluded: anything else. What the seller alone says never makes an answer "outside".
 *
 * An item is known by itself, by its batch and by its model; it is inside, too, where a component
 * or a predecessor of it is.
 */
#ifndef TS_PASSPORT_AFFECTED_H
#define TS_PASSPORT_AFFECTED_H

#include "product/product.h"

/* What is known of a product: by its own passport, its batch's and its model's. Empty: nothing. Of
 * names and numbers the first 400 bytes are looked at. */
typedef struct ts_known {
    ts_str gtin;               /* 14 digits */
    ts_str lot, serial;        /* upper case, no blanks */
    int32_t made;              /* day of production; TS_NO_DAY */
    ts_str brand, model, name; /* as written */
    ts_str operator_name;
    bool sealed; /* its operator signed what is stated; else nothing here excludes anything */
} ts_known;

typedef enum {
    TS_TOUCH_NO,      /* another product; with an answer that is open: nothing there to compare */
    TS_TOUCH_PERHAPS, /* the same brand or operator and a like name: a person must look */
    TS_TOUCH_MODEL,   /* brand and model agree */
    TS_TOUCH_GTIN,    /* the trade item number is the same, in whatever package */
    TS_TOUCH_SERIAL,  /* a serial or lot named by the notice, and the product not another one */
} ts_touch;           /* how surely the notice is about this product */
const char *ts_touch_name(ts_touch t); /* "other_product", … */

/* The reasons, from which people read why. */
typedef enum {
    /* another product, or none that can be compared */
    TS_WHY_OTHER_BRAND,
    TS_WHY_OTHER_MODEL,
    TS_WHY_OTHER_GTIN,
    TS_WHY_OTHER_KIND,
    TS_WHY_NOTHING_TO_COMPARE,
    /* a person must look */
    TS_WHY_SAME_BRAND,
    TS_WHY_SAME_OPERATOR,
    TS_WHY_MODEL_ALONE,
    TS_WHY_GTIN_OTHER_BRAND,
    TS_WHY_GTIN_DIFFERS,
    TS_WHY_COUNTERFEIT,
    TS_WHY_CONTRADICTION,
    TS_WHY_NOT_SEALED,
    TS_WHY_NOT_STATED,   /* what the notice is limited by */
    TS_WHY_CODE_UNCLEAR, /* the lot or serial number may be one of the notice's, written otherwise
                          */
    /* the same product */
    TS_WHY_NO_LIMIT,
    TS_WHY_LOT_NAMED,
    TS_WHY_SERIAL_NAMED,
    TS_WHY_DATE_NAMED,
    TS_WHY_LOT_OUTSIDE,
    TS_WHY_SERIAL_OUTSIDE,
    TS_WHY_DATE_OUTSIDE,
    /* by another passport (ts_affected_row.through) */
    TS_WHY_THROUGH,
    TS_WHY_TOO_MANY, /* parts to be looked at one by one */
    TS_WHYS
} ts_why;
const char *ts_why_name(ts_why w); /* key of the message catalogue below "affected.why." */

typedef struct ts_affected {
    ts_answer inside; /* yes = inside, no = outside the stated scope, open = cannot be excluded */
    ts_touch touch;
    const char *reason; /* ts_why_name */
    ts_str by;          /* the words that decided: a lot, a serial, a number; may be empty */
} ts_affected;

/* A notice prepared for many products. Lives in `a`; its strings point into the notice. For one
 * thread at a time. */
typedef struct ts_affect ts_affect;
ts_affect *ts_affect_new(ts_arena *a, const ts_notice *n);
ts_affected ts_affect_check(const ts_affect *x, const ts_known *p);

/* The same for a product known by its own passport, its batch's and its model's (in this order;
 * `n` levels, those that are not there left out). What a nearer one states holds over what a
 * farther one does. Where two contradict each other and the answer hangs on which is right, it
 * cannot be excluded. *level gets which one states what decided. */
enum { TS_KNOWN_LEVELS = 3 };
ts_affected ts_affect_levels(ts_arena *a, const ts_affect *x, const ts_known *levels, size_t n,
                             size_t *level);

/* One product out of its levels, the nearest that states a fact; false when two contradict each
 * other. */
bool ts_known_merge(const ts_affect *x, const ts_known *levels, size_t n, ts_known *out);

/* In two steps, for many products that differ in lot, serial and day alone. */
typedef struct ts_identity {
    ts_touch touch;
    ts_why why;
    bool other;         /* something says that it is another product */
    bool maker;         /* the brand or the operator is the same */
    bool doubtful_gtin; /* the numbers agree and the brands do not, or the reverse */
    ts_str by;
} ts_identity;
ts_identity ts_affect_identity(const ts_affect *x, const ts_known *p);
ts_affected ts_affect_fit(const ts_affect *x, const ts_identity *who, const ts_known *p);
/* Whether the notice names serials or ranges of them. */
bool ts_affect_has_serials(const ts_affect *x);

#endif
