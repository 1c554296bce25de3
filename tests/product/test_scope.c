#include "product/product.h"
#include "support/support.h"

static bool in_range(const char *code, const char *from, const char *to) {
    ts_code_range r = {ts_str_c(from), ts_str_c(to)};
    return ts_code_in_range(ts_str_c(code), &r);
}

static void codes_in_ranges(void **s) {
    (void)s;
    assert_true(in_range("SQC202200000", "SQC202121000", "SQC202247603"));
    assert_true(in_range("SQC202121000", "SQC202121000", "SQC202247603"));
    assert_true(in_range("SQC202247603", "SQC202121000", "SQC202247603"));
    assert_false(in_range("SQC202247604", "SQC202121000", "SQC202247603"));
    assert_false(in_range("SQD202200000", "SQC202121000", "SQC202247603"));
    assert_false(in_range("SQC2022000", "SQC202121000", "SQC202247603"));
    assert_false(in_range("SQC2022X0000", "SQC202121000", "SQC202247603"));
    assert_true(in_range("15A", "10A", "20A"));
    assert_false(in_range("15B", "10A", "20A"));
}

typedef struct kit {
    ts_arena a;
    ts_scope notice, item;
} kit;

static ts_answer fit(kit *k, const char *reason) {
    ts_scope_verdict v = ts_scope_fit(&k->notice, &k->item);
    assert_string_equal(v.reason, reason);
    return v.inside;
}

static void three_answers(void **s) {
    (void)s;
    kit k = {.a = test_arena()};
    assert_int_equal(fit(&k, "scope.no_limit_stated"), TS_YES);
    ts_strs_add(&k.a, &k.notice.lots, TS_S("C14-P6"));
    *ts_push(&k.a, &k.notice.made) = (ts_day_range){ts_day_of(2023, 6, 5), ts_day_of(2023, 7, 28)};
    assert_int_equal(fit(&k, "scope.not_stated_by_offer"), TS_OPEN);
    ts_strs_add(&k.a, &k.item.lots, TS_S("c14-p6"));
    assert_int_equal(fit(&k, "scope.lot_named"), TS_YES);
    k.item.lots.v[0] = TS_S("C15-P1");
    assert_int_equal(fit(&k, "scope.lot_outside"), TS_NO);
    k.item.lots.n = 0;
    *ts_push(&k.a, &k.item.made) = (ts_day_range){
        ts_day_of(2023, 6, 1), ts_day_of(2023, 6, 30)}; /* "June 2023" reaches over the edge */
    assert_int_equal(fit(&k, "scope.not_stated_by_offer"), TS_OPEN);
    k.item.made.v[0] = (ts_day_range){ts_day_of(2023, 7, 1), ts_day_of(2023, 7, 2)};
    assert_int_equal(fit(&k, "scope.date_in_range"), TS_YES);
    k.item.made.v[0] = (ts_day_range){ts_day_of(2024, 7, 1), ts_day_of(2024, 7, 2)};
    assert_int_equal(fit(&k, "scope.date_outside"), TS_NO);
    k.notice.made.v[0].to = TS_NO_DAY; /* "from June 2023 on" */
    assert_int_equal(fit(&k, "scope.date_in_range"), TS_YES);
}

static void an_offer_of_mixed_lots_cannot_be_told(void **s) {
    (void)s;
    kit k = {.a = test_arena()};
    ts_strs_add(&k.a, &k.notice.lots, TS_S("L1"));
    ts_strs_add(&k.a, &k.item.lots, TS_S("L1"));
    ts_strs_add(&k.a, &k.item.lots, TS_S("L2"));
    assert_int_equal(fit(&k, "scope.not_stated_by_offer"), TS_OPEN);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes_in_ranges),
                                       cmocka_unit_test(three_answers),
                                       cmocka_unit_test(an_offer_of_mixed_lots_cannot_be_told)};
    return cmocka_run_group_tests(tests, 0, 0);
}
