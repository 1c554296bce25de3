/* affected_part.h - a notice as it is held against passports. Private to passport/. */
#ifndef TS_PASSPORT_AFFECTED_PART_H
#define TS_PASSPORT_AFFECTED_PART_H

#include "affected.h"

#include "text/text.h"

enum { AFFECT_TEXT = 400, AFFECT_TYPES = 12 };

/* Product types that a text names as the thing itself. */
typedef struct affect_kinds {
    uint16_t v[AFFECT_TYPES];
    size_t n;
} affect_kinds;

/* A range of codes by the one number in which its ends differ; the rest without separators. */
typedef struct affect_range {
    ts_str before, behind;
    uint64_t from, to;
} affect_range;

/* The lots, or the serial numbers, of a notice. */
typedef struct affect_codes {
    ts_map exact; /* upper case */
    ts_map near;  /* without separators and leading zeros */
    const ts_code_range *ranges;
    size_t ranges_n;
    struct {
        affect_range *v;
        size_t n, cap;
    } near_ranges;
    bool any;
    bool vague; /* an entry of which cannot be told which codes it means: none is another */
} affect_codes;

typedef enum {
    AFFECT_NOT_STATED, /* by the notice or by the product */
    AFFECT_ANOTHER,
    AFFECT_UNCLEAR, /* may be the same, written in another way */
    AFFECT_IN_RANGE,
    AFFECT_NAMED
} affect_code;

struct ts_affect {
    const ts_notice *notice;
    ts_strs brands, operators;   /* squeezed; operators without their legal form */
    ts_strs models, weak_models; /* squeezed; weak: units, years, plain words */
    struct {
        uint64_t *v;
        size_t n, cap;
    } gtins;
    affect_kinds kinds;
    ts_map words; /* hashes of what its names are made of */
    affect_codes lots, serials;
    bool limited;
    ts_arena work; /* taken by value */
};

/* `ranges` are pointed to. */
void affect_read_codes(ts_arena *a, const ts_strs *list, const ts_code_range *ranges, size_t n,
                       affect_codes *out);
affect_code affect_code_fits(ts_arena work, const affect_codes *c, ts_str code);

void affect_read_names(ts_arena *a, ts_affect *x);
/* The maker's name folded, without what says its legal form. */
ts_str affect_maker(ts_arena *a, ts_str name);
#endif
