#include "support/support.h"
#include "text/date.h"

static void reads(const char *text, bool us, const char *from, const char *to, size_t used,
                  int line) {
    ts_date_span d;
    size_t at = 0;
    char b1[16], b2[16];
    bool ok = ts_date_read(ts_str_c(text), &at, us, &d);
    bool right = ok && ts_str_is(ts_day_iso(d.from, b1), from) &&
                 ts_str_is(ts_day_iso(d.to, b2), to) && at == (used ? used : strlen(text));
    if (right) return;
    print_error("line %d: \"%s\" gives %s %zu\n", line, text, ok ? "another date" : "nothing", at);
    fail();
}
#define DAY(text, day) reads((text), false, (day), (day), 0, __LINE__)
#define US(text, day) reads((text), true, (day), (day), 0, __LINE__)
#define SPAN(text, from, to) reads((text), false, (from), (to), 0, __LINE__)

static void no_date(const char *text) {
    ts_date_span d = {7, 7};
    size_t at = 0;
    bool read = ts_date_read(ts_str_c(text), &at, false, &d);
    if (read) print_error("\"%.40s\" is no date\n", text);
    assert_false(read);
    assert_int_equal(at, 0);
}

static void days(void **state) {
    (void)state;
    DAY("2024-12-31", "2024-12-31");
    DAY("2024/12/31", "2024-12-31");
    DAY("2024.12.31", "2024-12-31");
    DAY("31/12/2024", "2024-12-31");
    DAY("31.12.2024", "2024-12-31");
    DAY("31. 12. 2024", "2024-12-31");
    DAY("31-12-2024", "2024-12-31");
    DAY("1.2.24", "2024-02-01");
    DAY("1.2.75", "1975-02-01");
    DAY("31 December 2024", "2024-12-31");
    DAY("31. Dezember 2024", "2024-12-31");
    DAY("December 31, 2024", "2024-12-31");
    DAY("Dec. 31, 2024", "2024-12-31");
    DAY("1st March 2024", "2024-03-01");
    DAY("1 mars 2024", "2024-03-01");
    DAY("3 août 2024", "2024-08-03");
    DAY("01-Mar-21", "2021-03-01");
    DAY("2024年12月31日", "2024-12-31");
    DAY("2024 年 12 月 31 日", "2024-12-31");
    DAY("29 February 2024", "2024-02-29");
}

static void the_order_matters_only_where_it_is_open(void **state) {
    (void)state;
    US("03/04/2024", "2024-03-04");
    DAY("03/04/2024", "2024-04-03");
    US("12/31/2024", "2024-12-31");
    DAY("12/31/2024", "2024-12-31"); /* there is no month 31 */
    US("31/12/2024", "2024-12-31");
}

static void months_and_years(void **state) {
    (void)state;
    SPAN("December 2024", "2024-12-01", "2024-12-31");
    SPAN("Februar 2024", "2024-02-01", "2024-02-29");
    SPAN("März 2023", "2023-03-01", "2023-03-31");
    SPAN("12/2024", "2024-12-01", "2024-12-31");
    SPAN("2024-02", "2024-02-01", "2024-02-29");
    SPAN("2023年6月", "2023-06-01", "2023-06-30");
    SPAN("2023年", "2023-01-01", "2023-12-31");
    SPAN("2024", "2024-01-01", "2024-12-31");
}

static void the_rest_is_left(void **state) {
    (void)state;
    reads("2023-06-05/2023-07-28", false, "2023-06-05", "2023-06-05", 10, __LINE__);
    reads("2024年1月5日至2024年2月8日", false, "2024-01-05", "2024-01-05", strlen("2024年1月5日"),
          __LINE__);
    reads("2010-2012", false, "2010-01-01", "2010-12-31", 4, __LINE__);
    reads("March 2024 to May 2024", false, "2024-03-01", "2024-03-31", 10, __LINE__);
    reads("2024-13-01", false, "2024-01-01", "2024-12-31", 4, __LINE__);
}

static void what_is_no_date(void **state) {
    (void)state;
    static const char *const none[] = {"",
                                       "x",
                                       "30 February 2023",
                                       "32.12.2024",
                                       "31 April 2024",
                                       "Marchant 2024",
                                       "123",
                                       "20240101",
                                       "99999",
                                       "1,050",
                                       "March",
                                       "March and",
                                       "12/13",
                                       "1900",
                                       "3000",
                                       "年",
                                       "5 kg",
                                       "0/0/2024",
                                       "Model 7",
                                       "8 698285"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) no_date(none[i]);
}

static void starts_where_it_is_told(void **state) {
    (void)state;
    ts_str s = TS_S("made on 5 June 2024.");
    size_t at = 8;
    ts_date_span d;
    assert_true(ts_date_read(s, &at, false, &d));
    assert_int_equal(at, 19);
    at = s.n;
    assert_false(ts_date_read(s, &at, false, &d));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days),
        cmocka_unit_test(the_order_matters_only_where_it_is_open),
        cmocka_unit_test(months_and_years),
        cmocka_unit_test(the_rest_is_left),
        cmocka_unit_test(what_is_no_date),
        cmocka_unit_test(starts_where_it_is_told),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
