/* label_part.h - where the parts of a label lie. Private to render/. */
#ifndef TS_RENDER_LABEL_PART_H
#define TS_RENDER_LABEL_PART_H

#include "label.h"

/* All in modules of the symbol, from the top left corner of the label. */
typedef struct label_plan {
    double wide, high;         /* of the whole */
    double symbol_x, symbol_y; /* of the first module */
    double text;               /* height of a line of text */
    double title_y;            /* baseline of the title; 0 = none */
    double line_y[4];          /* baselines */
} label_plan;
label_plan label_layout(const ts_label *l, double module_mm);

/* Draws the label with its top left corner at (0, 0) and one module as the unit. `cairo` is a
 * cairo_t. */
void label_draw(void *cairo, const ts_label *l, const label_plan *p);

/* Fails unless a module is 0.25 to 5 mm. */
bool label_module(double module_mm, ts_error *e);

#endif
