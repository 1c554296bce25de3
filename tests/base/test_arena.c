#include "support/support.h"

static bool greedy(void *ctx, ts_arena *a, ts_error *e) {
    (void)e;
    for (;;) {
        char *p = ts_new_n(a, char, 1 << 16);
        p[0] = 1;
        ++*(int *)ctx;
    }
    return true;
}

static void running_out_is_an_error(void **s) {
    (void)s;
    ts_arena a = ts_arena_new(1 << 20), before = a;
    ts_error e = {0};
    int n = 0;
    assert_false(ts_arena_guard(greedy, &n, &a, &e));
    assert_int_equal(e.code, TS_E_MEMORY);
    assert_ptr_equal(a.beg, before.beg);
    assert_int_equal(n, 16);
    assert_null(a.land);
    ts_arena_free(&before, 1 << 20);
}

static void aligned_and_zeroed(void **s) {
    (void)s;
    ts_arena a = test_arena(), mark = a;
    memset(ts_new_raw(&a, char, 1000), 0xAA, 1000);
    a = mark;
    ts_new_raw(&a, char, 3);
    uint64_t *p = ts_new_n(&a, uint64_t, 4);
    assert_int_equal((uintptr_t)p % 8, 0);
    for (int i = 0; i < 4; i++) assert_int_equal(p[i], 0);
}

static void a_copy_is_scratch(void **s) {
    (void)s;
    ts_arena a = test_arena(), scratch = a;
    ts_new_n(&scratch, char, 100);
    char *p = ts_new_n(&a, char, 1);
    assert_ptr_equal(p + 1, a.beg);
}

static void lists_grow_in_place_at_the_end(void **s) {
    (void)s;
    ts_arena a = test_arena();
    struct {
        int *v;
        size_t n, cap;
    } l = {0};
    *ts_push(&a, &l) = 1;
    int *first = l.v;
    for (int i = 2; i <= 1000; i++) *ts_push(&a, &l) = i;
    assert_ptr_equal(l.v, first);
    ts_new(&a, char); /* no longer the last thing: copied */
    while (l.n < l.cap) *ts_push(&a, &l) = 0;
    *ts_push(&a, &l) = 7;
    assert_ptr_not_equal(l.v, first);
    assert_int_equal(l.v[999], 1000);
}

static bool allocates_thrice(void *ctx, ts_arena *a, ts_error *e) {
    (void)ctx, (void)e;
    for (int i = 0; i < 3; i++) ts_new(a, int);
    return true;
}

static void any_allocation_can_be_made_to_fail(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    for (long n = 1; n <= 4; n++) {
        ts_arena_fail_after(n);
        bool ok = ts_arena_guard(allocates_thrice, 0, &a, &e);
        ts_arena_fail_after(0);
        assert_int_equal(ok, n == 4);
    }
}

static void trimmed_memory_reads_zero(void **s) {
    (void)s;
    ts_arena a = test_arena(), mark = a;
    memset(ts_new_raw(&a, char, 1 << 20), 1, 1 << 20);
    ts_arena_trim(mark);
    assert_int_equal(mark.beg[1 << 19], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(running_out_is_an_error),
                                       cmocka_unit_test(aligned_and_zeroed),
                                       cmocka_unit_test(a_copy_is_scratch),
                                       cmocka_unit_test(lists_grow_in_place_at_the_end),
                                       cmocka_unit_test(any_allocation_can_be_made_to_fail),
                                       cmocka_unit_test(trimmed_memory_reads_zero)};
    return cmocka_run_group_tests(tests, 0, 0);
}
