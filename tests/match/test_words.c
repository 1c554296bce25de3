#include "match/words.h"

#include <math.h>

#include "support/support.h"

static uint8_t *finished(ts_arena *a, const words_counter *c) {
    uint8_t *w = ts_new_raw(a, uint8_t, WORDS_SIZE);
    memset(w, 0xAA, WORDS_SIZE);
    words_finish(c, w);
    return w;
}

static void the_low_byte_is_not_looked_at(void **state) {
    (void)state;
    ts_random r = ts_random_seed(1);
    for (int i = 0; i < 1000; i++) {
        uint32_t key = (uint32_t)ts_random_next(&r);
        assert_true(words_place(key) < WORDS_SIZE);
        assert_int_equal(words_place(key), words_place(key & ~0xFFu));
        assert_int_equal(words_place(key), words_place(key | 0xFFu));
    }
    assert_int_equal(words_place(0x100), 1);
    assert_int_equal(words_place((uint32_t)WORDS_SIZE << 8), 0); /* wraps around */
}

static void once_for_each_product(void **state) {
    (void)state;
    ts_arena a = test_arena();
    words_counter c = words_counter_new(&a);
    const uint32_t often = 7 << 8, seldom = 8 << 8, never = 9 << 8;
    for (int product = 0; product < 5; product++) {
        words_next_product(&c);
        for (int again = 0; again < 3; again++) words_count(&c, often | (uint32_t)again);
        if (product == 2) words_count(&c, seldom);
    }
    assert_int_equal(c.products, 5);
    assert_int_equal(c.df[words_place(often)], 5);
    assert_int_equal(c.df[words_place(seldom)], 1);
    assert_int_equal(c.df[words_place(never)], 0);
}

/* Keys that share a place look commoner than they are, but not within one product. */
static void keys_that_share_a_place(void **state) {
    (void)state;
    ts_arena a = test_arena();
    words_counter c = words_counter_new(&a);
    const uint32_t one = 5 << 8, other = (5 + (uint32_t)WORDS_SIZE) << 8;
    assert_int_equal(words_place(one), words_place(other));
    words_next_product(&c);
    words_count(&c, one);
    words_count(&c, other);
    assert_int_equal(c.df[5], 1);
    words_next_product(&c);
    words_count(&c, other);
    assert_int_equal(c.df[5], 2);
}

/* ln((N + 1000) / (df + 1)) in sixteenths, rounded, within bounds. */
static void weights(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const struct {
        uint32_t products, df;
        uint8_t want;
    } c[] = {
        {0, 0, 111},                /* ln 1000 = 6.908 */
        {1000, 0, 122},             /* ln 2000 = 7.601 */
        {1000, 1, 111},             /* ln 1000 */
        {1000, 999, 11},            /* ln 2 = 0.693 */
        {1000, 1000, 11},           /* ln 1.998 = 0.692 */
        {100000000, 99999999, 0},   /* in every product */
        {100000000, 0, WEIGHT_MAX}, /* ln 10^8 = 18.4: the most */
        {2000, 0, 128},             /* ln 3000 = 8.006 */
        {4000000000u, 4000000000u, 0},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        ts_arena work = a;
        words_counter n = words_counter_new(&work);
        n.products = c[i].products;
        n.df[3] = c[i].df;
        uint8_t *w = finished(&work, &n);
        if (w[3] != c[i].want)
            print_error("%u of %u: %u, wanted %u\n", c[i].df, c[i].products, w[3], c[i].want);
        assert_int_equal(w[3], c[i].want);
        assert_int_equal(words_weight((word_weights){w}, 3 << 8 | 0x55), c[i].want);
    }
}

static void rarer_is_never_lighter(void **state) {
    (void)state;
    ts_arena a = test_arena();
    words_counter c = words_counter_new(&a);
    c.products = 50000;
    for (uint32_t i = 0; i < WORDS_SIZE; i++) c.df[i] = i < c.products ? i : c.products;
    uint8_t *w = finished(&a, &c);
    for (uint32_t i = 1; i < WORDS_SIZE; i++) assert_true(w[i] <= w[i - 1]);
    assert_int_equal(w[0], WEIGHT_MAX);
    assert_true(w[WORDS_SIZE - 1] <= 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_low_byte_is_not_looked_at), cmocka_unit_test(once_for_each_product),
        cmocka_unit_test(keys_that_share_a_place),       cmocka_unit_test(weights),
        cmocka_unit_test(rarer_is_never_lighter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
