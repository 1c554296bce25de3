#include "image/codes.h"

#include "render/render.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_str picture_of(ts_symbol_kind kind, const char *text) {
    ts_label l = {.title = TS_S("Kettle 水壶"), .lines = 2};
    ts_str png;
    ts_error e = {0};
    l.line[0] = TS_S("(01) 09521234543213");
    l.line[1] = TS_S("(21) 7Q2MX9HDKCW4");
    if (!ts_symbol_encode(&a, kind, ts_str_c(text), &l.symbol, &e)) fail_msg("%s", e.msg);
    if (!ts_label_png(&a, &l, 6, 0.5, &png, &e)) fail_msg("%s", e.msg);
    return png;
}

static void reads_back(void **state) {
    (void)state;
    static const struct {
        ts_symbol_kind kind;
        const char *text, *symbology, *read;
    } rows[] = {
        {TS_SYMBOL_QR, "https://id.example.com/01/09521234543213/21/7Q2MX9HDKCW4", "qr", 0},
        {TS_SYMBOL_QR, "A", "qr", 0},
        {TS_SYMBOL_DATA_MATRIX, "https://id.example.com/01/09521234543213/21/7Q2MX9HDKCW4",
         "data_matrix", 0},
        {TS_SYMBOL_GS1_DATA_MATRIX, "[01]09521234543213[10]LOT-7[21]7Q2MX9HDKCW4", "data_matrix",
         "\x1d"
         "010952123454321310LOT-7\x1d"
         "217Q2MX9HDKCW4"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ts_codes codes = {0};
        ts_error e = {0};
        if (!ts_codes_read(&a, picture_of(rows[i].kind, rows[i].text), &codes, &e))
            fail_msg("%s", e.msg);
        assert_int_equal(codes.n, 1);
        assert_string_equal(codes.v[0].symbology, rows[i].symbology);
        assert_str(codes.v[0].text, rows[i].read ? rows[i].read : rows[i].text);
    }
}

static void refused(ts_str bytes, ts_error_code code, const char *says) {
    ts_codes codes = {0};
    ts_error e = {0};
    assert_false(ts_codes_read(&a, bytes, &codes, &e));
    if (e.code != code || !strstr(e.msg, says)) fail_msg("%d: %s", e.code, e.msg);
}

static void hostile_pictures(void **state) {
    (void)state;
    ts_str png = picture_of(TS_SYMBOL_QR, "https://id.example.com/");
    refused(TS_S("GIF89a"), TS_E_INPUT, "neither a PNG nor a JPEG");
    refused(TS_NONE, TS_E_INPUT, "neither a PNG nor a JPEG");
    refused(ts_str_to(png, 30), TS_E_INPUT, "damaged");
    refused(ts_str_to(png, png.n / 2), TS_E_INPUT, "damaged");
    refused(TS_S("\xFF\xD8\xFF\xE0 no picture at all"), TS_E_INPUT, "damaged");
    /* a header that promises 100,000 x 100,000 pixels */
    char *huge = (char *)(uintptr_t)ts_str_z(&a, png);
    huge[16] = 0, huge[17] = 1, huge[18] = (char)0x86, huge[19] = (char)0xA0;
    refused((ts_str){huge, png.n}, TS_E_INPUT, "damaged"); /* the checksum does not fit either */
    ts_random r = ts_random_seed(7);
    for (int i = 0; i < 40; i++) {
        char *bent = (char *)(uintptr_t)ts_str_z(&a, png);
        ts_codes codes = {0};
        ts_error e = {0};
        for (int k = 0; k < 5; k++)
            bent[8 + ts_random_below(&r, (uint32_t)png.n - 8)] ^=
                (char)(1 << ts_random_below(&r, 8));
        if (!ts_codes_read(&a, (ts_str){bent, png.n}, &codes, &e)) assert_true(e.msg[0]);
    }
}

static void no_code(void **state) {
    (void)state;
    ts_symbol blank = {.wide = 21, .high = 21, .quiet = 4, .dark = ts_new_n(&a, uint8_t, 441)};
    ts_label l = {.symbol = blank};
    ts_str png;
    ts_codes codes = {0};
    ts_error e = {0};
    assert_true(ts_label_png(&a, &l, 4, 0.5, &png, &e));
    assert_true(ts_codes_read(&a, png, &codes, &e));
    assert_int_equal(codes.n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back),
        cmocka_unit_test(hostile_pictures),
        cmocka_unit_test(no_code),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
