#include "passport.h"

enum { LABELS_MAX = 10000 };

typedef struct labels {
    ts_label *v;
    size_t n, cap;
} labels;

static ts_str in_square_brackets(ts_arena *a, const ts_gs1 *g) {
    ts_buf b = ts_buf_new(a, 1 << 14);
    for (size_t i = 0; i < g->n; i++)
        ts_buf_fmt(&b, "[%.*s]%.*s", TS_P(g->v[i].ai), TS_P(g->v[i].value));
    return ts_buf_str(&b);
}

/* The text for the symbol, and what a person can read of it. */
static bool one_label(cli *c, ts_symbol_kind kind, ts_str id, ts_str name, labels *out,
                      ts_error *e) {
    ts_product_id p;
    ts_label *l = ts_push(&c->arena, out);
    if (!ts_product_id_read(&c->arena, id, &p, e)) return false;
    ts_str text = p.given;
    if (kind == TS_SYMBOL_GS1_DATA_MATRIX) {
        if (p.kind != TS_PID_GS1)
            return ts_fail(e, TS_E_USAGE, "a GS1 Data Matrix holds GS1 identifiers, not %.*s",
                           TS_P(id));
        text = in_square_brackets(&c->arena, &p.link.ais);
    } else if (p.kind == TS_PID_GS1 && !ts_str_istarts(text, TS_S("http"))) {
        text = p.text;
    }
    l->title = name;
    l->description = text;
    if (p.kind != TS_PID_GS1) l->line[l->lines++] = p.given;
    for (size_t i = 0; p.kind == TS_PID_GS1 && i < p.link.ais.n && l->lines < 4; i++) {
        ts_gs1 ai = {.n = 1, .v = {p.link.ais.v[i]}};
        l->line[l->lines++] = ts_gs1_brackets(&c->arena, &ai);
    }
    return ts_symbol_encode(&c->arena, kind, text, &l->symbol, e);
}

/* A passport document's product, or the operand as it stands. */
static bool add_operand(cli *c, ts_symbol_kind kind, const char *operand, labels *out,
                        ts_error *e) {
    ts_str text = ts_str_c(operand);
    ts_str begins[] = {TS_S("http://"), TS_S("https://"), TS_S("did:"), TS_S("("), TS_S("]")};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (ts_str_istarts(text, begins[i])) return one_label(c, kind, text, TS_NONE, out, e);
    ts_str bytes;
    ts_document d;
    if (!ts_file_read(&c->arena, operand, PASSPORT_FILE_MAX, &bytes, e)) return false;
    if (!ts_document_read(&c->arena, bytes, &d, e)) return ts_fail_at(e, operand, 0, 0);
    return one_label(c, kind, d.product.given, ts_json_str(ts_json_member(d.product_node, "name")),
                     out, e);
}

/* The passports of a store whose ids are given, or all of it. */
static bool add_store(cli *c, ts_symbol_kind kind, const char *path, labels *out, ts_error *e) {
    ts_passport_rows rows = {0};
    ts_store *s = ts_store_open(&c->arena, path, TS_STORE_READ, e);
    if (!s) return false;
    bool ok = ts_store_passports(s, &c->arena, TS_NONE, TS_NONE, LABELS_MAX, &rows, e);
    for (size_t i = 0; ok && i < rows.n; i++) {
        ts_passport_row row;
        ts_document d;
        bool found;
        ok = ts_store_passport(s, &c->arena, rows.v[i].id, &row, &found, e) &&
             ts_document_read(&c->arena, row.document, &d, e) &&
             one_label(c, kind, d.product.given,
                       ts_json_str(ts_json_member(d.product_node, "name")), out, e);
    }
    ts_store_close(s);
    return ok;
}

/* "70x50": millimetres. */
static bool read_size(const char *v, ts_sheet *s, ts_error *e) {
    ts_str high = ts_str_c(v), wide = ts_str_cut(&high, 'x');
    if (!v) return true;
    if (ts_f64_parse(wide, &s->label_wide_mm) && ts_f64_parse(high, &s->label_high_mm) &&
        s->label_wide_mm >= 5 && s->label_high_mm >= 5)
        return true;
    return ts_fail(e, TS_E_USAGE,
                   "--size is width and height in millimetres such as 70x50, not '%s'", v);
}

static bool draw(cli *c, const char *format, const labels *l, double module, ts_str *out,
                 ts_error *e) {
    if (strcmp(format, "pdf") == 0) {
        ts_sheet sheet = {.module_mm = module, .marks = flag(c, "marks")};
        if (!read_size(option(c, "size"), &sheet, e)) return false;
        return ts_sheet_pdf(&c->arena, &sheet, l->v, l->n, out, e);
    }
    if (l->n > 1) return ts_fail(e, TS_E_USAGE, "several labels go on a sheet: --format pdf");
    if (!module) module = 0.5;
    if (strcmp(format, "png") == 0) return ts_label_png(&c->arena, l->v, 8, module, out, e);
    ts_buf b = ts_buf_new(&c->arena, 16 << 20);
    if (!ts_label_svg(&b, l->v, module, e)) return false;
    *out = ts_buf_str(&b);
    return true;
}

static exit_status run(cli *c) {
    static const char *const formats[] = {"svg", "png", "pdf", 0};
    ts_error e = {0};
    ts_symbol_kind kind = TS_SYMBOL_QR;
    labels l = {0};
    double module = 0;
    ts_str out;
    const char *symbol = option(c, "symbol"), *store = option(c, "store"),
               *mm = option(c, "module"), *format = passport_format(c, formats, &e);
    if (format && symbol && !ts_symbol_kind_by_name(symbol, &kind))
        ts_fail(&e, TS_E_USAGE, "--symbol is qr, data-matrix or gs1-data-matrix, not '%s'", symbol);
    else if (format && mm && (!ts_f64_parse(ts_str_c(mm), &module) || module < 0.25 || module > 5))
        ts_fail(&e, TS_E_USAGE, "--module is a size from 0.25 to 5 millimetres, not '%s'", mm);
    else if (format && !c->operands_n && !store)
        ts_fail(&e, TS_E_USAGE, "name passports or product identifiers, or a --store");
    if (e.code) return usage(c, &e);
    for (size_t i = 0; i < c->operands_n; i++)
        if (!add_operand(c, kind, c->operand[i], &l, &e)) return failed(&e);
    if (store && !add_store(c, kind, store, &l, &e)) return failed(&e);
    if (!draw(c, format, &l, module, &out, &e)) return failed(&e);
    return passport_output(c, out, false);
}

static const option_spec options[] = {
    {"format", "FORMAT", "svg, png or pdf: a sheet of labels (default: svg)", false},
    {"symbol", "KIND", "qr, data-matrix or gs1-data-matrix (default: qr)", false},
    {"module", "MM", "size of one module (default: 0.5; on sheets as large as fits)", false},
    {"size", "WxH", "sheets: size of one label in millimetres (default: 48.5x48.5)", false},
    {"marks", 0, "sheets: hairlines to cut along", false},
    {"store", "FILE", "labels for all passports of this store", false},
    {"out", "FILE", "write here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport label --out kettle.svg kettle.json",
    "The QR code for one product, with what a person can read.",
    "touchstone passport label --format pdf --symbol gs1-data-matrix --store passports.db --out "
    "sheet.pdf",
    "A sheet of labels for all passports of a store.",
    0,
};
const command cmd_passport_label = {
    "passport label",
    "[FILE|ID…]",
    "the code that goes on the product, as SVG, PNG or a sheet in PDF",
    "Draws the data carrier of a passport: its product's Digital Link (or other identifier) as a "
    "QR code "
    "or Data Matrix, with its quiet zone and human-readable text.",
    options,
    examples,
    run};
