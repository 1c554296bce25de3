#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "label.h"
#include "label_part.h"

enum { OUT_MAX = 64 << 20, PAGES_MAX = 1000, SIDE_PX_MAX = 20000 };
static const double point_mm = 25.4 / 72;

/* ---- drawing ---- */

/* Letters stand where the font says, not on whole units: a unit is a module here. */
static void exact_letters(PangoLayout *layout) {
    cairo_font_options_t *exact = cairo_font_options_create();
    cairo_font_options_set_hint_style(exact, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(exact, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), exact);
    pango_context_set_round_glyph_positions(pango_layout_get_context(layout), FALSE);
    pango_layout_context_changed(layout);
    cairo_font_options_destroy(exact);
}

static void draw_text(cairo_t *c, const label_plan *p, double y, ts_str text, bool bold) {
    PangoLayout *layout = pango_cairo_create_layout(c);
    exact_letters(layout);
    PangoFontDescription *font = pango_font_description_from_string("sans");
    pango_font_description_set_absolute_size(font, p->text * PANGO_SCALE);
    if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(p->wide * 0.98 * PANGO_SCALE));
    pango_layout_set_height(layout, -1);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_MIDDLE);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_set_text(layout, text.p ? text.p : "", (int)text.n);
    cairo_move_to(c, p->wide * 0.01, y - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    pango_cairo_show_layout(c, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

void label_draw(void *cairo, const ts_label *l, const label_plan *p) {
    cairo_t *c = cairo;
    const ts_symbol *s = &l->symbol;
    cairo_set_source_rgb(c, 0, 0, 0);
    cairo_set_antialias(c, CAIRO_ANTIALIAS_NONE);
    for (unsigned y = 0; y < s->high; y++)
        for (unsigned x = 0; x < s->wide; x++) {
            unsigned n = 0;
            while (x + n < s->wide && s->dark[y * s->wide + x + n]) n++;
            if (n) cairo_rectangle(c, p->symbol_x + x, p->symbol_y + y, n, 1);
            x += n;
        }
    cairo_fill(c);
    cairo_set_antialias(c, CAIRO_ANTIALIAS_DEFAULT);
    if (l->title.n) draw_text(c, p, p->title_y, l->title, true);
    for (size_t i = 0; i < l->lines && i < 4; i++) draw_text(c, p, p->line_y[i], l->line[i], false);
}

/* ---- what cairo writes ---- */

typedef struct sink {
    ts_buf b;
} sink;

static cairo_status_t take(void *ctx, const unsigned char *p, unsigned n) {
    sink *s = ctx;
    ts_buf_put(&s->b, (ts_str){(const char *)p, n});
    return s->b.full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static bool finished(const sink *s, cairo_status_t status, ts_str *out, ts_error *e) {
    if (s->b.full) return ts_fail(e, TS_E_LIMIT, "the picture is larger than %d bytes", OUT_MAX);
    if (status != CAIRO_STATUS_SUCCESS)
        return ts_fail(e, TS_E_MEMORY, "the label could not be drawn: %s",
                       cairo_status_to_string(status));
    *out = ts_buf_str(&s->b);
    return true;
}

/* All of the sink's room is taken before cairo holds anything. */
static sink sink_new(ts_arena *a, size_t room) {
    sink s = {ts_buf_new(a, OUT_MAX)};
    s.b.max = room;
    ts_buf_room(&s.b, room);
    return s;
}

/* ---- PNG ---- */

/* The pHYs chunk behind the header says how large a pixel is (PNG, third edition,
 * section 11.3.4.3). */
static bool with_resolution(ts_arena *a, ts_str png, double module_mm, unsigned module_px,
                            ts_str *out, ts_error *e) {
    enum { HEADER = 33, CHUNK = 21 };
    uint32_t table, crc = 0xFFFFFFFF, per_metre = (uint32_t)(module_px * 1000 / module_mm + 0.5);
    uint8_t c[CHUNK] = {0, 0, 0, 9, 'p', 'H', 'Y', 's'};
    if (png.n < HEADER) return ts_fail(e, TS_E_MEMORY, "the label could not be drawn");
    for (int i = 0; i < 4; i++) c[8 + i] = c[12 + i] = (uint8_t)(per_metre >> (24 - 8 * i));
    c[16] = 1;
    for (int i = 4; i < 17; i++) {
        table = (crc ^ c[i]) & 0xFF;
        for (int k = 0; k < 8; k++) table = table & 1 ? 0xEDB88320 ^ table >> 1 : table >> 1;
        crc = table ^ crc >> 8;
    }
    crc ^= 0xFFFFFFFF;
    for (int i = 0; i < 4; i++) c[17 + i] = (uint8_t)(crc >> (24 - 8 * i));
    ts_str parts[] = {ts_str_to(png, HEADER), {(const char *)c, CHUNK}, ts_str_from(png, HEADER)};
    *out = ts_str_join(a, parts, 3, TS_NONE);
    return true;
}

bool ts_label_png(ts_arena *a, const ts_label *l, unsigned module_px, double module_mm, ts_str *out,
                  ts_error *e) {
    if (!label_module(module_mm, e)) return false;
    if (!module_px || module_px > 64)
        return ts_fail(e, TS_E_USAGE, "a module is 1 to 64 pixels wide");
    label_plan p = label_layout(l, module_mm);
    double down = (double)(long)(p.symbol_y + 0.999) - p.symbol_y; /* modules lie on whole pixels */
    p.symbol_x = (double)(long)p.symbol_x;
    p.symbol_y += down;
    p.high += down;
    for (int i = 0; i < 4; i++) p.line_y[i] += down;
    int wide = (int)(p.wide * module_px + 0.5), high = (int)(p.high * module_px + 0.5);
    if (wide > SIDE_PX_MAX || high > SIDE_PX_MAX)
        return ts_fail(e, TS_E_LIMIT, "the label would be larger than %d pixels", SIDE_PX_MAX);
    sink s = sink_new(a, (size_t)wide * (size_t)high * 4 + 65536);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, wide, high);
    cairo_t *c = cairo_create(surface);
    cairo_set_source_rgb(c, 1, 1, 1);
    cairo_paint(c);
    cairo_scale(c, module_px, module_px);
    label_draw(c, l, &p);
    cairo_status_t status = cairo_status(c);
    cairo_destroy(c);
    if (!status) status = cairo_surface_write_to_png_stream(surface, take, &s);
    cairo_surface_destroy(surface);
    return finished(&s, status, out, e) && with_resolution(a, *out, module_mm, module_px, out, e);
}

/* ---- sheets ---- */

static ts_sheet complete(const ts_sheet *s) {
    ts_sheet x = *s;
    if (x.page_wide_mm <= 0) x.page_wide_mm = 210;
    if (x.page_high_mm <= 0) x.page_high_mm = 297;
    if (x.label_wide_mm <= 0) x.label_wide_mm = 48.5;
    if (x.label_high_mm <= 0) x.label_high_mm = 48.5;
    if (x.margin_mm <= 0) x.margin_mm = 8;
    return x;
}

/* The size of a module at which the label fits: as asked for, or as large as possible. 0 = none. */
static double fitting(const ts_sheet *s, const ts_label *l) {
    for (double mm = s->module_mm > 0 ? s->module_mm : 2; mm >= 0.25 - 1e-9; mm -= 0.05) {
        label_plan p = label_layout(l, mm);
        if (p.wide * mm <= s->label_wide_mm && p.high * mm <= s->label_high_mm) return mm;
        if (s->module_mm > 0) return 0;
    }
    return 0;
}

static void cutting_marks(cairo_t *c, const ts_sheet *s, double x, double y) {
    cairo_set_source_rgb(c, 0.6, 0.6, 0.6);
    cairo_set_line_width(c, 0.1);
    for (int i = 0; i < 4; i++) {
        double cx = x + (i & 1 ? s->label_wide_mm : 0), cy = y + (i & 2 ? s->label_high_mm : 0);
        cairo_move_to(c, cx - 1, cy), cairo_line_to(c, cx + 1, cy);
        cairo_move_to(c, cx, cy - 1), cairo_line_to(c, cx, cy + 1);
    }
    cairo_stroke(c);
}

static void place(cairo_t *c, const ts_sheet *s, const ts_label *l, double mm, double x, double y) {
    label_plan p = label_layout(l, mm);
    if (s->marks) cutting_marks(c, s, x, y);
    cairo_save(c);
    cairo_translate(c, x + (s->label_wide_mm - p.wide * mm) / 2,
                    y + (s->label_high_mm - p.high * mm) / 2);
    cairo_scale(c, mm, mm);
    label_draw(c, l, &p);
    cairo_restore(c);
}

typedef struct grid {
    size_t columns, rows;
} grid;

static bool plan_sheet(const ts_sheet *s, const ts_label *labels, size_t n, grid *g, ts_error *e) {
    double wide = s->page_wide_mm - 2 * s->margin_mm, high = s->page_high_mm - 2 * s->margin_mm;
    if (wide < s->label_wide_mm || high < s->label_high_mm)
        return ts_fail(e, TS_E_USAGE, "not one label fits on the page");
    g->columns = (size_t)((wide + s->gap_mm) / (s->label_wide_mm + s->gap_mm) + 1e-9);
    g->rows = (size_t)((high + s->gap_mm) / (s->label_high_mm + s->gap_mm) + 1e-9);
    if (n > g->columns * g->rows * PAGES_MAX)
        return ts_fail(e, TS_E_LIMIT, "more than %d pages", PAGES_MAX);
    for (size_t i = 0; i < n; i++)
        if (!fitting(s, &labels[i]))
            return ts_fail(
                e, TS_E_USAGE,
                "label %zu with its quiet zone does not fit into %.1f x %.1f mm: make the "
                "label larger or the module smaller (at least 0.25 mm)",
                i + 1, s->label_wide_mm, s->label_high_mm);
    return true;
}

bool ts_sheet_pdf(ts_arena *a, const ts_sheet *sheet, const ts_label *labels, size_t n, ts_str *out,
                  ts_error *e) {
    const ts_sheet s = complete(sheet);
    grid g = {1, 1};
    if (s.module_mm > 0 && !label_module(s.module_mm, e)) return false;
    if (!n) return ts_fail(e, TS_E_USAGE, "there is no label to print");
    if (!plan_sheet(&s, labels, n, &g, e)) return false;
    size_t room = n * 40000 + (4 << 20);
    sink to = sink_new(a, room < OUT_MAX ? room : OUT_MAX);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        take, &to, s.page_wide_mm / point_mm, s.page_high_mm / point_mm);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, "Labels");
    cairo_t *c = cairo_create(surface);
    cairo_scale(c, 1 / point_mm, 1 / point_mm);
    for (size_t i = 0; i < n; i++) {
        size_t at = i % (g.columns * g.rows);
        if (i && !at) cairo_show_page(c);
        place(c, &s, &labels[i], fitting(&s, &labels[i]),
              s.margin_mm + (double)(at % g.columns) * (s.label_wide_mm + s.gap_mm),
              s.margin_mm + (double)(at / g.columns) * (s.label_high_mm + s.gap_mm));
    }
    cairo_show_page(c);
    cairo_status_t status = cairo_status(c);
    cairo_destroy(c);
    cairo_surface_finish(surface);
    if (!status) status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return finished(&to, status, out, e);
}
