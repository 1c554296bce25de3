#include "render/label.h"

#include <cairo.h>

#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_label label_of(ts_symbol_kind kind, const char *text, const char *title) {
    ts_label l = {.title = ts_str_c(title), .description = ts_str_c(text), .lines = 1};
    ts_error e = {0};
    l.line[0] = TS_S("(01) 09521234543213 <&>");
    if (!ts_symbol_encode(&a, kind, ts_str_c(text), &l.symbol, &e)) fail_msg("%s", e.msg);
    return l;
}

/* The finder patterns stand where ISO/IEC 18004 and 16022 put them. */
static void symbols(void **state) {
    (void)state;
    ts_symbol s;
    ts_error e = {0};
    assert_true(ts_symbol_encode(&a, TS_SYMBOL_QR, TS_S("https://id.example.com/01/09521234543213"),
                                 &s, &e));
    assert_true(s.wide == s.high && s.wide % 4 == 1 && s.quiet >= 4);
    for (unsigned i = 0; i < 7; i++)
        assert_true(s.dark[i] && s.dark[i * s.wide] && s.dark[s.wide - 1 - i]);
    assert_false(s.dark[7]);
    assert_true(
        ts_symbol_encode(&a, TS_SYMBOL_GS1_DATA_MATRIX, TS_S("[01]09521234543213[21]A1"), &s, &e));
    assert_true(s.wide == s.high && s.quiet >= 1);
    for (unsigned i = 0; i < s.high; i++)
        assert_true(s.dark[i * s.wide] && s.dark[(s.high - 1) * s.wide + i]);
    for (unsigned i = 0; i < s.wide; i++) assert_int_equal(s.dark[i], i % 2 == 0);
}

static void symbols_refused(void **state) {
    (void)state;
    static const struct {
        ts_symbol_kind kind;
        const char *text;
    } bad[] = {{TS_SYMBOL_QR, ""},
               {TS_SYMBOL_GS1_DATA_MATRIX, "[01]09521234543214"}, /* check digit */
               {TS_SYMBOL_GS1_DATA_MATRIX, "no brackets"}};
    ts_symbol s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_error e = {0};
        assert_false(ts_symbol_encode(&a, bad[i].kind, ts_str_c(bad[i].text), &s, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        assert_true(e.msg[0]);
    }
    char *much = ts_new_n(&a, char, 5000);
    memset(much, 'x', 5000);
    for (size_t n = 3000; n <= 5000; n += 2000) {
        ts_error e = {0};
        assert_false(ts_symbol_encode(&a, TS_SYMBOL_QR, (ts_str){much, n}, &s, &e));
        assert_int_equal(e.code, TS_E_LIMIT);
    }
    for (int k = 0; k < 3; k++) {
        ts_symbol_kind back;
        assert_true(ts_symbol_kind_by_name(ts_symbol_kind_name((ts_symbol_kind)k), &back) &&
                    (int)back == k);
    }
}

static void svg_is_escaped_and_whole(void **state) {
    (void)state;
    ts_label l =
        label_of(TS_SYMBOL_QR, "https://id.example.com/?a=1&b=<2>", "Kettle \"1.7\" <b>水壶</b>");
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_error e = {0};
    assert_true(ts_label_svg(&b, &l, 0.5, &e));
    ts_str svg = ts_buf_str(&b);
    assert_true(ts_str_find(svg, TS_S("<b>")) == TS_NPOS &&
                ts_str_find(svg, TS_S("&lt;b&gt;")) != TS_NPOS);
    assert_true(ts_str_find(svg, TS_S("b=&lt;2&gt;")) != TS_NPOS);
    assert_true(ts_str_ends(svg, TS_S("</svg>\n")));
    ts_buf small = ts_buf_new(&a, 500);
    assert_false(ts_label_svg(&small, &l, 0.5, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    static const double bad[] = {0, 0.1, -1, 9};
    for (size_t i = 0; i < 4; i++) assert_false(ts_label_svg(&b, &l, bad[i], &e));
}

typedef struct source {
    ts_str left;
} source;
static cairo_status_t read_some(void *ctx, unsigned char *to, unsigned n) {
    source *s = ctx;
    if (s->left.n < n) return CAIRO_STATUS_READ_ERROR;
    memcpy(to, s->left.p, n);
    s->left = ts_str_from(s->left, n);
    return CAIRO_STATUS_SUCCESS;
}

/* Every module is drawn where it belongs, and the quiet zone around the symbol is white. */
static void png_modules_and_quiet_zone(void **state) {
    (void)state;
    enum { PX = 5 };
    for (int kind = 0; kind < 2; kind++) {
        ts_label l =
            label_of((ts_symbol_kind)kind, "https://id.example.com/01/09521234543213", "Kettle");
        ts_str png;
        ts_error e = {0};
        assert_true(ts_label_png(&a, &l, PX, 0.5, &png, &e));
        source s = {png};
        cairo_surface_t *p = cairo_image_surface_create_from_png_stream(read_some, &s);
        assert_int_equal(cairo_surface_status(p), CAIRO_STATUS_SUCCESS);
        int wide = cairo_image_surface_get_width(p), high = cairo_image_surface_get_height(p),
            stride = cairo_image_surface_get_stride(p);
        const unsigned char *v = cairo_image_surface_get_data(p);
        int found_x = -1, found_y = -1;
        int n = (int)l.symbol.wide, q = (int)l.symbol.quiet;
        /* where the symbol stands: the only place at which all modules agree */
        for (int y = q * PX; y + (n + q) * PX <= high && found_x < 0; y++)
            for (int x = q * PX; x + (n + q) * PX <= wide && found_x < 0; x++) {
                bool same = true;
                for (int m = 0; m < n * n && same; m++) {
                    int px = x + m % n * PX + PX / 2, py = y + m / n * PX + PX / 2;
                    same = (v[py * stride + px * 4] < 128) == (l.symbol.dark[m] != 0);
                }
                if (same) found_x = x, found_y = y;
            }
        assert_true(found_x >= 0);
        found_x = (found_x + PX / 2) / PX * PX, found_y = (found_y + PX / 2) / PX * PX;
        for (int y = found_y - q * PX; y < found_y + (n + q) * PX; y++)
            for (int x = found_x - q * PX; x < found_x + (n + q) * PX; x++) {
                bool inside =
                    x >= found_x && x < found_x + n * PX && y >= found_y && y < found_y + n * PX;
                if (!inside) assert_true(v[y * stride + x * 4] > 200);
            }
        cairo_surface_destroy(p);
    }
}

static void sheets(void **state) {
    (void)state;
    enum { N = 50 };
    ts_label *l = ts_new_n(&a, ts_label, N);
    for (int i = 0; i < N; i++)
        l[i] = label_of(TS_SYMBOL_QR, "https://id.example.com/01/09521234543213/21/ABC", "水壶");
    ts_str pdf;
    ts_error e = {0};
    const ts_sheet usual = {.marks = true};
    if (!ts_sheet_pdf(&a, &usual, l, N, &pdf, &e)) fail_msg("%s", e.msg);
    assert_true(ts_str_starts(pdf, TS_S("%PDF-")) && ts_str_ends(ts_str_trim(pdf), TS_S("%%EOF")));
    const ts_sheet bad[] = {{.label_wide_mm = 300},
                            {.label_wide_mm = 10, .label_high_mm = 10},
                            {.module_mm = 0.1},
                            {.module_mm = 5}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (ts_error){0};
        assert_false(ts_sheet_pdf(&a, &bad[i], l, N, &pdf, &e));
        assert_int_equal(e.code, TS_E_USAGE);
    }
    assert_false(ts_sheet_pdf(&a, &usual, l, 0, &pdf, &e));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols),
        cmocka_unit_test(symbols_refused),
        cmocka_unit_test(svg_is_escaped_and_whole),
        cmocka_unit_test(png_modules_and_quiet_zone),
        cmocka_unit_test(sheets),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
