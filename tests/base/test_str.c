#include "support/support.h"

static void cuts(void **s) {
    (void)s;
    ts_str rest = TS_S("a=b=c");
    assert_str(ts_str_cut(&rest, '='), "a");
    assert_str(rest, "b=c");
    rest = TS_S("abc");
    assert_str(ts_str_cut(&rest, '='), "abc");
    assert_null(rest.p);
    rest = TS_S("a;b,c");
    assert_str(ts_str_cut_any(&rest, ",;"), "a");
    assert_str(ts_str_cut_any(&rest, ",;"), "b");
    assert_str(ts_str_cut_any(&rest, ",;"), "c");
    assert_null(rest.p);
}

static void trims(void **s) {
    (void)s;
    assert_str(ts_str_trim(TS_S("\xEF\xBB\xBF \t\xC2\xA0x y\xE3\x80\x80\n")), "x y");
    assert_int_equal(ts_str_trim(TS_S(" \n ")).n, 0);
    assert_int_equal(ts_str_trim(TS_NONE).n, 0);
}

static void finds(void **s) {
    (void)s;
    assert_int_equal(ts_str_find(TS_S("abcabc"), TS_S("ca")), 2);
    assert_true(ts_str_find(TS_S("abc"), TS_S("abcd")) == TS_NPOS);
    assert_int_equal(ts_str_ifind(TS_S("xxABc"), TS_S("aBC")), 2);
    assert_true(ts_str_ieq(TS_S("Straße"), TS_S("straße")));
    assert_false(ts_str_ieq(TS_S("a"), TS_S("ab")));
    assert_true(ts_str_cmp(TS_S("a"), TS_S("ab")) < 0 && ts_str_cmp(TS_S("b"), TS_S("ab")) > 0 &&
                ts_str_cmp(TS_NONE, TS_NONE) == 0);
}

static void parses_numbers(void **s) {
    (void)s;
    uint64_t u;
    int64_t i;
    double d;
    assert_true(ts_u64_parse(TS_S("18446744073709551615"), &u) && u == UINT64_MAX);
    assert_false(ts_u64_parse(TS_S("18446744073709551616"), &u));
    assert_false(ts_u64_parse(TS_S(""), &u) || ts_u64_parse(TS_S("1 "), &u) ||
                 ts_u64_parse(TS_S("-1"), &u));
    assert_true(ts_i64_parse(TS_S("-9223372036854775808"), &i) && i == INT64_MIN);
    assert_false(ts_i64_parse(TS_S("9223372036854775808"), &i));
    assert_true(ts_f64_parse(TS_S("-1.5e2"), &d) && d == -150);
    assert_false(ts_f64_parse(TS_S("nan"), &d) || ts_f64_parse(TS_S("0x10"), &d) ||
                 ts_f64_parse(TS_S("1,5"), &d));
}

static void utf8(void **s) {
    (void)s;
    /* every code point there and back; surrogates and overlong forms are malformed */
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char b[4];
        size_t n = ts_utf8_put(b, c), i = 0;
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        assert_int_equal(ts_utf8_next((ts_str){b, n}, &i), surrogate ? 0xFFFD : c);
        assert_int_equal(i, n);
    }
    static const char *const bad[] = {
        "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80",
        "\x80",     "a\xC3",        "\xE4\xB8"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(ts_utf8_bad(ts_str_c(bad[i])) != TS_NPOS);
    assert_int_equal(ts_utf8_bad(TS_S("12345678abcdefgh\xFFx")), 16);
    assert_true(ts_utf8_bad(TS_S("grün 移动电源 \xEF\xBF\xBD")) == TS_NPOS);
    ts_arena a = test_arena();
    assert_str(ts_utf8_mend(&a, TS_S("a\xFF\xC3z")), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
    assert_str(ts_str_clip(TS_S("移动"), 4), "移");
    assert_str(ts_str_clip(TS_S("abc"), 9), "abc");
}

static void lists(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_strs l = {0};
    ts_strs_add(&a, &l, TS_S(" x "));
    ts_strs_add(&a, &l, TS_S("x"));
    ts_strs_add(&a, &l, TS_S("  "));
    for (int i = 0; i < 100; i++) {
        ts_buf b = ts_buf_new(&a, 32);
        ts_buf_fmt(&b, "n%d", i);
        ts_strs_add(&a, &l, ts_buf_str(&b));
    }
    assert_int_equal(l.n, 101);
    assert_str(l.v[100], "n99");
    assert_str(ts_str_join(&a, l.v, 3, TS_S(", ")), "x, n0, n1");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(cuts),  cmocka_unit_test(trims),
                                       cmocka_unit_test(finds), cmocka_unit_test(parses_numbers),
                                       cmocka_unit_test(utf8),  cmocka_unit_test(lists)};
    return cmocka_run_group_tests(tests, 0, 0);
}
