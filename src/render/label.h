/* label.h - a code with what a person can read of it, as SVG, PNG, and as sheets of labels in PDF.
 *
 * The quiet zone belongs to the label: nothing is drawn in it. Dark on light, black on white.
 */
#ifndef TS_RENDER_LABEL_H
#define TS_RENDER_LABEL_H

#include "symbol.h"

typedef struct ts_label {
    ts_symbol symbol;
    ts_str line[4]; /* below the symbol: "(01) 09521234543213", … UTF-8, also Chinese; cut with an
                       ellipsis where it is too wide */
    size_t lines;
    ts_str title;       /* above; may be empty */
    ts_str description; /* for screen readers, in SVG and PDF metadata */
} ts_label;

/* `module_mm`: size of one module; 0.25 to 5 mm. */
bool ts_label_svg(ts_buf *b, const ts_label *l, double module_mm, ts_error *e);
/* `module_px`: 1 to 64 pixels a module; the file says its resolution for module_mm. */
bool ts_label_png(ts_arena *a, const ts_label *l, unsigned module_px, double module_mm, ts_str *out,
                  ts_error *e);

typedef struct ts_sheet {
    double page_wide_mm, page_high_mm;   /* default A4: 210 × 297 */
    double label_wide_mm, label_high_mm; /* default 48.5 × 48.5 */
    double margin_mm, gap_mm;            /* default 8 and 0 */
    double module_mm;                    /* 0: as large as fits */
    bool marks;                          /* hairline cutting marks */
} ts_sheet;
/* As many pages as the labels need, at most 1,000. TS_E_USAGE when a symbol with its quiet zone
 * does not fit into a label at 0.25 mm a module. */
bool ts_sheet_pdf(ts_arena *a, const ts_sheet *s, const ts_label *labels, size_t n, ts_str *out,
                  ts_error *e);

#endif
