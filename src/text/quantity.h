/* quantity.h - numbers with units, and counts: "500 ml", "13-inch", "pack of 4", 20000毫安时. */
#ifndef TS_TEXT_QUANTITY_H
#define TS_TEXT_QUANTITY_H

#include "lexicon.h"

typedef struct ts_quantity {
    double value;      /* in the dimension's base unit (ts_unit_factor) */
    uint8_t dimension; /* ts_dimension */
    uint8_t name;      /* which dimension, also where it is TS_DIM_OTHER */
    uint8_t field;     /* ts_field of the view */
    uint16_t from, to; /* tokens [from, to) */
} ts_quantity;

typedef struct ts_quantities {
    ts_quantity *v;
    size_t n, cap;
} ts_quantities;

/* Adds what tokens hold to `out` and sets their qty bit. */
void ts_quantities_read(ts_arena *a, ts_tokens *t, uint8_t field, ts_quantities *out);

#endif
