#include "support/support.h"

#include "gazette/gazette.h"

static ts_arena a;
static ts_report_refs refs;
static uint64_t bad;
static ts_error e;

static bool list(const char *text) {
    refs = (ts_report_refs){0};
    e = (ts_error){0};
    return ts_report_list_memory(&a, ts_str_c(text), "list", &refs, &bad, &e);
}

static void test_entries(void **state) {
    (void)state;
    assert_true(list(
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- made for a test -->"
        "<r xmlns=\"urn:x\"><about><URL>https://gate.example/no-report</URL></about>"
        "<weeklyReport><reference> Report-2025-24 </reference>"
        "<publicationDate>13/06/2025</publicationDate><year>2025</year><more><deep>x</deep></more>"
        "<URL><![CDATA[https://gate.example/24?language=en&search=A|:|24,]]></URL></weeklyReport>"
        "<weeklyReport><reference>Report-2025-25</reference><publicationDate>2025-06-20</"
        "publicationDate>"
        "<URL>https://gate.example/25?a=1&amp;b=2 ,\n</URL></weeklyReport>"
        "<weeklyReport><reference>Report-X</reference><publicationDate>soon</publicationDate><URL/"
        "></weeklyReport>"
        "<weeklyReport><URL>https://gate.example/26</URL></weeklyReport></r>"));
    assert_int_equal(refs.n, 3);
    assert_int_equal(bad, 1);
    assert_str(refs.v[0].reference, "Report-2025-24");
    assert_int_equal(refs.v[0].published, ts_day_of(2025, 6, 13));
    assert_str(refs.v[0].url, "https://gate.example/24?language=en&search=A|:|24");
    assert_int_equal(refs.v[1].published, ts_day_of(2025, 6, 20));
    assert_str(refs.v[1].url, "https://gate.example/25?a=1&b=2");
    assert_int_equal(refs.v[2].published, TS_NO_DAY);
    assert_str(refs.v[2].reference, "");
    assert_true(list("<r/>"));
    assert_int_equal(refs.n, 0);
}

/* Fifteen elements inside each other. */
#define A5 "<a><a><a><a><a>"
static const char deep[] = A5 A5 A5;

static void test_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "list",
        "<r>",
        "<r><weeklyReport><URL>x</URL></weeklyReport>",
        "<r></q>",
        "<!DOCTYPE r [<!ENTITY a \"b\">]><r><weeklyReport><URL>&a;</URL></weeklyReport></r>",
        "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>",
        "<r><weeklyReport><URL>&b;</URL></weeklyReport></r>",
        deep};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (list(texts[i])) fail_msg("'%s' was taken", texts[i]);
        assert_int_equal(refs.n, 0);
        assert_string_equal(e.where, "list");
        assert_true(e.msg[0] != 0);
    }
}

static void test_too_many(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 16 << 20);
    ts_buf_lit(&b, "<r>");
    for (int i = 0; i < 20001; i++)
        ts_buf_fmt(&b, "<weeklyReport><URL>https://gate.example/%d</URL></weeklyReport>", i);
    ts_buf_lit(&b, "</r>");
    assert_false(ts_report_list_memory(&a, ts_buf_str(&b), "list", &refs, &bad, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
}

int main(void) {
    a = test_arena();
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_entries),
                                       cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_too_many)};
    return cmocka_run_group_tests(tests, 0, 0);
}
