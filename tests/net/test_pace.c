/* How fast one run may ask. */
#include "support/support.h"

#include "net/pace.h"

static void test_turns(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pace *p = ts_pace_new(&a, 1000, 0);
    uint64_t before = ts_nanos(), at[3], other;
    ts_error e;
    for (int i = 0; i < 3; i++) assert_true(net_pace_take(p, TS_S("a.example"), &at[i], &e));
    assert_true(at[0] >= before && at[0] <= ts_nanos());
    assert_int_equal(at[1], at[0] + 1000000000);
    assert_int_equal(at[2], at[0] + 2000000000);
    assert_true(net_pace_take(p, TS_S("b.example"), &other, &e)); /* another host does not wait */
    assert_true(other <= ts_nanos());
    assert_int_equal(ts_pace_used(p), 4);
    ts_pace_free(p);
}

static void test_allowance(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pace *p = ts_pace_new(&a, 0, 2);
    uint64_t at;
    ts_error e;
    assert_true(net_pace_take(p, TS_S("a"), &at, &e));
    assert_true(net_pace_take(p, TS_S("b"), &at, &e));
    assert_false(net_pace_take(p, TS_S("a"), &at, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg, "this run's 2 requests are used up; go on in another run");
    assert_int_equal(ts_pace_used(p), 2);
    ts_pace_free(p);
    ts_pace_free(0);
}

static void test_hold(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pace *p = ts_pace_new(&a, 10, 0);
    ts_error e;
    uint64_t at, until = ts_nanos() + 5000000000;
    net_pace_hold(p, TS_S("a"), until);
    net_pace_hold(p, TS_S("a"), 1); /* never earlier than what was asked before */
    assert_true(net_pace_take(p, TS_S("a"), &at, &e));
    assert_int_equal(at, until);
    assert_true(net_pace_take(p, TS_S("a"), &at, &e));
    assert_int_equal(at, until + 10000000);
    ts_pace_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_allowance),
        cmocka_unit_test(test_hold),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
