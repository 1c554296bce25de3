#include "product/product.h"
#include "support/support.h"

static ts_id_kind kind(const char *s) {
    ts_arena a = test_arena();
    ts_id_kind k = ts_identifier_classify(&a, ts_str_c(s), true).kind;
    return k;
}

static void classifies_what_a_barcode_field_holds(void **s) {
    (void)s;
    static const struct {
        const char *field;
        ts_id_kind kind;
    } cases[] = {
        {"4006381333931", TS_ID_GTIN},
        {"036000291452", TS_ID_GTIN},
        {"96385074", TS_ID_GTIN},
        {"10012345000017", TS_ID_GTIN},
        {"4006381333932", TS_ID_GTIN_BAD},
        {"871565899960", TS_ID_GTIN_BAD},
        {"4 006381 333931", TS_ID_GTIN},
        {"4006381-333931 ", TS_ID_GTIN},
        {"B07XJ8C8F5", TS_ID_ASIN},
        {"b07xj8c8f5", TS_ID_ASIN},
        {"X001ABCDE5", TS_ID_FNSKU},
        {"12345", TS_ID_INTERNAL},
        {"GEBA030AGXP", TS_ID_INTERNAL},
        {"see the label", TS_ID_PROSE},
        {"", TS_ID_NONE},
        {"  ", TS_ID_NONE},
        {"0000000000000", TS_ID_NONE},
        {"BABYWALKER", TS_ID_PROSE},
        {"1234567890", TS_ID_INTERNAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (kind(cases[i].field) != cases[i].kind)
            fail_msg("'%s' is %s", cases[i].field, ts_id_kind_name(kind(cases[i].field)));
}

static void every_wrong_digit_is_caught(void **s) {
    (void)s;
    char d[] = "4006381333931";
    for (int i = 0; i < 13; i++)
        for (char c = '0'; c <= '9'; c++) {
            char keep = d[i];
            d[i] = c;
            assert_int_equal(ts_gtin_check((ts_str){d, 13}), c == keep);
            d[i] = keep;
        }
    assert_false(ts_gtin_check(TS_S("123456789")));
    assert_false(ts_gtin_check(TS_S("400638133393a")));
}

static bool trusted(const char *digits, bool labelled) {
    ts_arena a = test_arena();
    ts_identifier id = ts_identifier_classify(&a, ts_str_c(digits), labelled);
    return ts_identifier_trusted(&id);
}

static void trusts_only_numbers_that_name_goods(void **s) {
    (void)s;
    assert_true(trusted("4006381333931", true));
    assert_true(trusted("4006381333931", false)); /* prefix in use */
    assert_false(trusted("4006381333932", true)); /* check digit */
    assert_false(trusted("2000000000008", true)); /* restricted circulation */
    assert_false(trusted("0200000000009", true));
    assert_false(trusted("1234567890128", true)); /* placeholder */
    assert_true(trusted("96385074", true));
    assert_false(trusted("96385074", false));      /* eight digits need the label */
    assert_false(trusted("1410000000009", false)); /* 141: no such prefix */
    assert_true(trusted("B07XJ8C8F5", true) == false);
}

static void same_number_in_all_lengths(void **s) {
    (void)s;
    ts_arena a = test_arena();
    uint64_t twelve = ts_identifier_classify(&a, TS_S("036000291452"), true).gtin;
    assert_true(twelve == ts_identifier_classify(&a, TS_S("0036000291452"), true).gtin);
    assert_true(twelve == ts_identifier_classify(&a, TS_S("00036000291452"), true).gtin);
}

static void fields_with_several(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_identifiers l = {0};
    ts_identifiers_from_field(
        &a, TS_S("4006381333931 all lots  5012345678900, B07XJ8C8F5; 4006381333931"), true, &l);
    assert_int_equal(l.n, 3);
    assert_true(l.v[0].gtin == 4006381333931ull && l.v[1].gtin == 5012345678900ull);
    assert_int_equal(l.v[2].kind, TS_ID_ASIN);
    l = (ts_identifiers){0};
    ts_identifiers_from_field(&a, TS_S("code 4 006381 333931 on the box"), true, &l);
    assert_int_equal(l.n, 1);
    assert_true(l.v[0].gtin == 4006381333931ull);
    l = (ts_identifiers){0};
    ts_identifiers_from_field(&a, TS_S("on the box"), true, &l);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.v[0].kind, TS_ID_PROSE);
}

static void labels_add_up(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_identifiers l = {0};
    ts_identifiers_add(&a, &l, ts_identifier_classify(&a, TS_S("4006381333931"), false));
    ts_identifiers_add(&a, &l, ts_identifier_classify(&a, TS_S("4006381333931"), true));
    assert_int_equal(l.n, 1);
    assert_true(l.v[0].labelled);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(classifies_what_a_barcode_field_holds),
                                       cmocka_unit_test(every_wrong_digit_is_caught),
                                       cmocka_unit_test(trusts_only_numbers_that_name_goods),
                                       cmocka_unit_test(same_number_in_all_lengths),
                                       cmocka_unit_test(fields_with_several),
                                       cmocka_unit_test(labels_add_up)};
    return cmocka_run_group_tests(tests, 0, 0);
}
