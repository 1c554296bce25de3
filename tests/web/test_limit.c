#include "web/limit.h"

#include "cli/run.h"

static void refills(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    web_limit *l = web_limit_new(&a, 60, &e);
    uint64_t now = 1000000;
    for (int i = 0; i < 60; i++) assert_true(web_limit_take(l, TS_S("a"), now));
    assert_false(web_limit_take(l, TS_S("a"), now));
    assert_false(web_limit_take(l, TS_S("a"), now + 999));
    assert_true(web_limit_take(l, TS_S("a"), now + 1000)); /* one a second */
    assert_false(web_limit_take(l, TS_S("a"), now + 1000));
    assert_false(web_limit_take(l, TS_S("a"), now)); /* a clock that goes back gives nothing */
    for (int i = 0; i < 60; i++) assert_true(web_limit_take(l, TS_S("a"), now + 120000));
    assert_false(web_limit_take(l, TS_S("a"), now + 120000));
    /* the whole range of the clock */
    assert_true(web_limit_take(l, TS_S("a"), UINT64_MAX / 1000));
    web_limit_free(l);
}

/* Many addresses do not wash out the one that asks all the time. */
static void many(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    web_limit *l = web_limit_new(&a, 10, &e);
    uint64_t refused = 0, wrong = 0;
    for (uint32_t i = 0; i < 200000; i++) {
        refused += !web_limit_take(l, TS_S("noisy"), i / 1000);
        wrong += !web_limit_take(l, (ts_str){(const char *)&i, sizeof i}, i / 1000);
    }
    assert_int_equal(wrong, 0);
    assert_true(refused > 199900);
    web_limit_free(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(refills), cmocka_unit_test(many)};
    return cmocka_run_group_tests(tests, 0, 0);
}
