/* Numbers of a JSON text as doubles: correctly rounded however long the text is. The C library's
 * strtod in the C locale is the judge; it is correctly rounded. */
#include <locale.h>
#include <math.h>

#include "support/support.h"

static bool read_text(ts_str text, double *out) {
    ts_json v = {.p = text.p, .n = (uint32_t)text.n, .span = 1, .type = TS_JSON_NUMBER};
    return ts_json_f64(&v, out);
}

static void must_be(const char *text, double want) {
    double got = -1;
    if (!read_text(ts_str_c(text), &got)) fail_msg("%s was refused", text);
    if (memcmp(&got, &want, sizeof got) != 0) fail_msg("%s is read as %a, not %a", text, got, want);
}

static void hard_ones(void **state) {
    (void)state;
    must_be("0", 0), must_be("-0", -0.0), must_be("-0.0e7", -0.0), must_be("0.1", 0.1);
    must_be("9007199254740993", 9007199254740992.0);
    must_be("9007199254740993.0000000000000000000000000000000000000000000000000001",
            9007199254740994.0);
    must_be("1e22", 1e22), must_be("1e23", 1e23), must_be("8.5e22", 8.5e22);
    must_be("12345678901234567890", 12345678901234567890.0);
    must_be("18446744073709551616", 18446744073709551616.0);
    must_be("99999999999999999999", 1e20);
    must_be("1.7976931348623157e308", 0x1.fffffffffffffp1023);
    must_be(
        "1.79769313486231580793728971405303415079934132710037826936173778980444968292764750946649"
        "017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676"
        "273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510"
        "70434271155969950809304288017790417449779199999e308",
        0x1.fffffffffffffp1023);
    must_be("2.4703282292062328e-324", 0x1p-1074), must_be("2.4703282292062327e-324", 0);
    must_be("2.2250738585072011e-308", 0x0.fffffffffffffp-1022);
    must_be("1e-99999999999999999999999", 0), must_be("-1e-400", -0.0);
    must_be("0e99999999999999999999999", 0);
    double d = 5;
    assert_false(read_text(TS_S("1e309"), &d));
    assert_false(read_text(TS_S("-1.7976931348623159e308"), &d));
    assert_false(read_text(TS_S("1e9223372036854775807"), &d));
    assert_false(read_text(TS_S("10e99999999999999999999999"), &d));
    assert_false(read_text(TS_S("1.7976931348623158079372897140530341507993413271003782693617377898"
                                "044496829276475094664901797758720709633028641669288791094655554785"
                                "194040263065748867150582068190890200070838367627385484581771153176"
                                "447573027006985557136695962284291481986083493647529271907416844436"
                                "55107043427115596995080930428801779041744978e308"),
                           &d));
    assert_true(d == 5); /* untouched */
}

/* Exactly half way between two doubles, one digit below and one digit above, far behind. */
static void half_way(void **state) {
    (void)state;
    ts_random r = ts_random_seed(31);
    static char text[2400];
    for (int i = 0; i < 3000; i++) {
        uint64_t bits = ts_random_next(&r) >> 1;
        if (i % 3 == 0) bits &= ((uint64_t)1 << 54) - 1; /* subnormal: the longest */
        double v, next, got = 0;
        memcpy(&v, &bits, sizeof v);
        bits++;
        memcpy(&next, &bits, sizeof next);
        if (!isfinite(v) || !isfinite(next)) continue;
        /* a long double holds the middle exactly where it is not subnormal itself */
        long double middle = ((long double)v + (long double)next) / 2;
        int n = snprintf(text, sizeof text, "%.1200Le", middle);
        double even = bits & 1 ? v : next;
        assert_true(read_text((ts_str){text, (size_t)n}, &got) && got == even);
        char *e = strchr(text, 'e'); /* ...000e-17 */
        e[-1] = '1';
        assert_true(read_text((ts_str){text, (size_t)n}, &got) && got == next);
        e[-1] = '0';
        char *last = e - 1; /* ...4999e-17 for ...5000e-17 */
        for (; *last == '0' || *last == '.'; last--)
            if (*last == '0') *last = '9';
        *last = (char)(*last - 1);
        assert_true(read_text((ts_str){text, (size_t)n}, &got) && got == v);
    }
}

static void as_the_c_library_reads_them(void **state) {
    (void)state;
    ts_random r = ts_random_seed(8);
    static char text[3000];
    for (int i = 0; i < 100000; i++) {
        size_t n = 0;
        uint32_t longest = i % 50 ? 25 : 1200;
        uint32_t whole = ts_random_below(&r, longest), decimals = ts_random_below(&r, longest);
        uint32_t zeros = ts_random_below(&r, 3) ? 0 : ts_random_below(&r, longest);
        if (ts_random_below(&r, 2)) text[n++] = '-';
        for (uint32_t k = 0; k < whole; k++) text[n++] = (char)('0' + ts_random_below(&r, 10));
        if (!whole) text[n++] = '0';
        if (decimals) text[n++] = '.';
        for (uint32_t k = 0; k < decimals; k++)
            text[n++] = k < zeros ? '0' : (char)('0' + ts_random_below(&r, 10));
        if (ts_random_below(&r, 2))
            n += (size_t)snprintf(text + n, 20, "%c%s%d", "eE"[ts_random_below(&r, 2)],
                                  ts_random_below(&r, 2) ? "" : "+", (int)ts_random_below(&r, 400));
        if (ts_random_below(&r, 4) == 0 && !strpbrk(text, "eE"))
            n += (size_t)snprintf(text + n, 20, "e-%d", (int)ts_random_below(&r, 400));
        text[n] = 0;
        double want = strtod(text, 0), got = 0;
        bool ok = read_text((ts_str){text, n}, &got);
        if (ok != (bool)isfinite(want) || (ok && memcmp(&got, &want, sizeof got) != 0))
            fail_msg("%s is read as %a, not %a", text, got, want);
        memset(text, 0, n);
    }
}

static void a_megabyte_of_digits(void **state) {
    (void)state;
    enum { N = 1 << 20 };
    ts_arena a = test_arena();
    char *text = ts_new_n(&a, char, N + 32);
    double d;
    memset(text, '0', N);
    memcpy(text, "0.", 2);
    int n = snprintf(text + N, 32, "12345e%d", N + 2);
    uint64_t begin = ts_cpu_nanos();
    assert_true(read_text((ts_str){text, N + (size_t)n}, &d) && d == 1234.5);
    memset(text, '9', N);
    assert_false(read_text((ts_str){text, N}, &d));
    n = snprintf(text + N, 32, "e-%d", N);
    assert_true(read_text((ts_str){text, N + (size_t)n}, &d) && d == 1);
    assert_true(ts_cpu_nanos() - begin < 1000000000);
}

/* A node made by hand may hold anything. */
static void what_is_no_number_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "-",
        "+",
        ".",
        "-.",
        "e",
        "e5",
        "1e",
        "1e+",
        "abc",
        "1x",
        " 1",
        "1 ",
        "--1",
        "1.2.3",
        "1e5e",
        "1e5.5",
        "0x10",
        "inf",
        "nan",
        "-inf",
        "1,5",
        "1_000",
        "11111111111111111111111111111111111111111111111111111111111111111111111111111111x",
        "1.1111111111111111111111111111111111111111111111111111111111111111111111111111.1",
        "11111111111111111111111111111111111111111111111111111111111111111111111111111111e",
        "11111111111111111111111111111111111111111111111111111111111111111111111111111111e+",
        ".e111111111111111111111111111111111111111111111111111111111111111111111111111111",
        "-----------------------------------------------------------------------------------"};
    double d = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (read_text(ts_str_c(bad[i]), &d)) fail_msg("%s was read as %g", bad[i], d);
    ts_json string = {.p = "1", .n = 1, .span = 1, .type = TS_JSON_STRING};
    assert_false(ts_json_f64(&string, &d));
    assert_false(ts_json_f64(0, &d));
    assert_true(d == 7);
}

static void no_locale_matters(void **state) {
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "nl_NL.UTF-8"};
    const char *set = 0;
    for (size_t i = 0; !set && i < sizeof names / sizeof *names; i++)
        set = setlocale(LC_ALL, names[i]);
    if (!set) {
        print_message("no locale with a decimal comma is installed\n");
        skip();
    }
    must_be("1.5", 1.5), must_be("0.30000000000000004", 0.1 + 0.2);
    must_be("1.50000000000000000000000000000000000000000000000000000000000000000000000000", 1.5);
    setlocale(LC_ALL, "C");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_ones),
        cmocka_unit_test(half_way),
        cmocka_unit_test(as_the_c_library_reads_them),
        cmocka_unit_test(a_megabyte_of_digits),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(no_locale_matters),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
