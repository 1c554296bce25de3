#include "label.h"

#include "html.h"
#include "label_part.h"
#include "table.h"

static const double text_mm = 2.2; /* height of a line: about 6 points */

bool label_module(double module_mm, ts_error *e) {
    return (module_mm >= 0.25 && module_mm <= 5) ||
           ts_fail(e, TS_E_USAGE, "a module is 0.25 to 5 millimetres wide");
}

label_plan label_layout(const ts_label *l, double module_mm) {
    const ts_symbol *s = &l->symbol;
    label_plan p = {.text = text_mm / module_mm};
    double gap = p.text * 0.35, least = 34 / module_mm; /* room for a line with a GTIN */
    double around = s->wide + 2.0 * s->quiet;
    p.wide = l->lines || l->title.n ? (around > least ? around : least) : around;
    double y = 0;
    if (l->title.n) p.title_y = y + p.text * 1.1, y += p.text * 1.4;
    p.symbol_x = (p.wide - s->wide) / 2;
    p.symbol_y = y + s->quiet;
    y += s->high + 2.0 * s->quiet;
    for (size_t i = 0; i < l->lines && i < 4; i++) {
        p.line_y[i] = y + p.text * 0.95;
        y += p.text * 1.15;
    }
    p.high = y + (l->lines ? gap : 0);
    return p;
}

/* A number of modules, to a hundredth. */
static void number(ts_buf *b, double v) { ts_buf_fmt(b, "%.2f", v); /* trusted: digits */ }

/* ` NAME="V"` with a number; `unit` behind it. */
static void attribute(ts_buf *b, const char *name, double v, const char *unit) {
    ts_html(b, " %k=\"", name);
    number(b, v);
    ts_html(b, "%k\"", unit);
}

/* The symbol as one path of horizontal runs: no hairlines between modules. */
static void svg_symbol(ts_buf *b, const ts_symbol *s, double from_x, double from_y) {
    ts_html(b, "<path fill=\"#000\" shape-rendering=\"crispEdges\" transform=\"translate(");
    number(b, from_x);
    ts_html(b, " ");
    number(b, from_y);
    ts_html(b, ")\" d=\"");
    for (unsigned y = 0; y < s->high; y++)
        for (unsigned x = 0; x < s->wide; x++) {
            int64_t n = 0;
            while (x + n < s->wide && s->dark[y * s->wide + x + n]) n++;
            if (!n) continue;
            ts_html(b, "M%d %dh%dv1h-%dz", (int64_t)x, (int64_t)y, n, n);
            x += (unsigned)n;
        }
    ts_html(b, "\"/>");
}

static void svg_text(ts_buf *b, const label_plan *p, double y, ts_str text, bool bold) {
    double fits = p->wide * 0.96, takes = (double)ts_cells(text) * p->text * 0.56;
    ts_html(b, "<text text-anchor=\"middle\"");
    attribute(b, "x", p->wide / 2, "");
    attribute(b, "y", y, "");
    attribute(b, "font-size", p->text, "");
    if (bold) ts_html(b, " font-weight=\"bold\"");
    if (takes > fits) {
        attribute(b, "textLength", fits, "");
        ts_html(b, " lengthAdjust=\"spacingAndGlyphs\"");
    }
    ts_html(b, ">%h</text>", text);
}

bool ts_label_svg(ts_buf *b, const ts_label *l, double module_mm, ts_error *e) {
    if (!label_module(module_mm, e)) return false;
    label_plan p = label_layout(l, module_mm);
    ts_html(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" font-family=\"sans-serif\"");
    attribute(b, "width", p.wide * module_mm, "mm");
    attribute(b, "height", p.high * module_mm, "mm");
    ts_html(b, " viewBox=\"0 0 ");
    number(b, p.wide);
    ts_html(b, " ");
    number(b, p.high);
    ts_html(b, "\"><title>%h</title><rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>",
            l->description);
    svg_symbol(b, &l->symbol, p.symbol_x, p.symbol_y);
    if (l->title.n) svg_text(b, &p, p.title_y, l->title, true);
    for (size_t i = 0; i < l->lines && i < 4; i++) svg_text(b, &p, p.line_y[i], l->line[i], false);
    ts_html(b, "</svg>\n");
    return !b->full || ts_fail(e, TS_E_LIMIT, "the label is too large");
}
