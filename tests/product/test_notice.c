#include "product/product.h"
#include "support/support.h"

static ts_notice sample(ts_arena *a) {
    ts_notice n = {.id = TS_S("safety_gate:SR/1/26"),
                   .source = TS_S("safety_gate"),
                   .number = TS_S("SR/1/26"),
                   .product = TS_S("Power bank"),
                   .name = TS_S("Kraft \"X\"\n移动电源"),
                   .country = TS_S("SI"),
                   .published = ts_day_of(2026, 1, 2),
                   .modified = TS_NO_DAY,
                   .risk_level = TS_RISK_SERIOUS,
                   .compulsion = TS_MEASURE_COMPULSORY,
                   .counterfeit = TS_YES,
                   .kind = TS_NOTICE_RECALL};
    ts_strs_add(a, &n.brands, TS_S("Velmora"));
    ts_strs_add(a, &n.models, TS_S("VM-20"));
    ts_identifiers_add(a, &n.identifiers, ts_identifier_classify(a, TS_S("4006381333931"), true));
    ts_identifiers_add(a, &n.identifiers, ts_identifier_classify(a, TS_S("4006381333932"), true));
    ts_strs_add(a, &n.scope.lots, TS_S("L1"));
    *ts_push(a, &n.scope.lot_ranges) = (ts_code_range){TS_S("A1"), TS_S("A9")};
    *ts_push(a, &n.scope.made) = (ts_day_range){ts_day_of(2025, 1, 1), TS_NO_DAY};
    return n;
}

static void written_and_read_back_is_the_same(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_notice n = sample(&a), back;
    ts_error e;
    ts_notice_seal(a, &n);
    ts_buf one = ts_buf_new(&a, 1 << 16), two = ts_buf_new(&a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&one);
    ts_notice_write(&w, &n);
    assert_true(ts_notice_read(
        &a, ts_json_parse(&a, ts_buf_str(&one), (ts_json_options){.strict = true}, &e), &back, &e));
    assert_true(ts_digest_eq(n.digest, back.digest));
    w = ts_jsonw_to(&two);
    ts_notice_write(&w, &back);
    assert_true(ts_str_eq(ts_buf_str(&one), ts_buf_str(&two)));
    assert_int_equal(back.counterfeit, TS_YES);
    assert_int_equal(back.scope.made.v[0].to, TS_NO_DAY);
    assert_int_equal(back.identifiers.v[1].kind, TS_ID_GTIN_BAD);
}

static void the_digest_is_of_the_content(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_notice n = sample(&a), m = sample(&a);
    ts_notice_seal(a, &n);
    m.state = TS_NOTICE_WITHDRAWN;
    m.modified = 5;
    ts_notice_seal(a, &m);
    assert_true(ts_digest_eq(n.digest, m.digest));
    m.name = TS_S("other");
    ts_notice_seal(a, &m);
    assert_false(ts_digest_eq(n.digest, m.digest));
}

static void a_set_does_not_depend_on_order(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_notice n = sample(&a), m = sample(&a);
    m.id = TS_S("x:2");
    ts_notice_seal(a, &n);
    ts_notice_seal(a, &m);
    ts_digest zero = {0}, nm = ts_notice_set_toggle(ts_notice_set_toggle(zero, &n), &m),
              mn = ts_notice_set_toggle(ts_notice_set_toggle(zero, &m), &n);
    assert_true(ts_digest_eq(nm, mn));
    assert_true(ts_digest_eq(ts_notice_set_toggle(ts_notice_set_toggle(nm, &n), &m), zero));
    m.state = TS_NOTICE_WITHDRAWN;
    assert_false(ts_digest_eq(nm, ts_notice_set_toggle(ts_notice_set_toggle(zero, &n), &m)));
}

static void what_is_no_notice_is_refused(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_notice n;
    assert_false(
        ts_notice_read(&a, ts_json_parse(&a, TS_S("[1]"), (ts_json_options){0}, 0), &n, &e));
    assert_false(ts_notice_read(
        &a, ts_json_parse(&a, TS_S("{\"source\":\"x\"}"), (ts_json_options){0}, 0), &n, &e));
    assert_non_null(strstr(e.msg, "\"id\""));
    assert_true(ts_notice_read(
        &a,
        ts_json_parse(
            &a, TS_S("{\"id\":\"x:1\",\"state\":\"nonsense\",\"models\":\"no list\",\"scope\":[]}"),
            (ts_json_options){0}, 0),
        &n, &e));
    assert_int_equal(n.models.n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(written_and_read_back_is_the_same),
                                       cmocka_unit_test(the_digest_is_of_the_content),
                                       cmocka_unit_test(a_set_does_not_depend_on_order),
                                       cmocka_unit_test(what_is_no_notice_is_refused)};
    return cmocka_run_group_tests(tests, 0, 0);
}
