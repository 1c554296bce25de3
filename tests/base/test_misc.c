/* Maps, hashes, time, randomness, queues, buffers: small things of the ground floor. */
#include "support/support.h"

static void maps(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_map m = {0};
    bool fresh;
    assert_null(ts_map_get(&m, TS_S("x")));
    for (int i = 0; i < 10000; i++) {
        ts_buf b = ts_buf_new(&a, 32);
        ts_buf_fmt(&b, "key %d", i);
        *ts_map_put(&a, &m, ts_buf_str(&b), &fresh) = (uint64_t)i;
        assert_true(fresh);
    }
    assert_int_equal(*ts_map_get(&m, TS_S("key 7777")), 7777);
    *ts_map_put(&a, &m, TS_S("key 1"), &fresh) = 5;
    assert_false(fresh);
    assert_int_equal(m.n, 10000);
    *ts_map_put(&a, &m, TS_NONE, &fresh) = 9;
    assert_int_equal(*ts_map_get(&m, TS_S("")), 9);
}

static void days(void **s) {
    (void)s;
    int y, m, d;
    char iso[24];
    for (int32_t day = ts_day_of(1600, 1, 1), end = ts_day_of(2400, 12, 31); day <= end; day++) {
        ts_day_civil(day, &y, &m, &d);
        assert_int_equal(ts_day_of(y, m, d), day);
    }
    assert_int_equal(ts_day_of(1970, 1, 1), 0);
    assert_int_equal(ts_day_of(2000, 3, 1) - ts_day_of(2000, 2, 28), 2);
    assert_int_equal(ts_day_of(1900, 2, 29), TS_NO_DAY);
    assert_int_equal(ts_day_of(2024, 13, 1), TS_NO_DAY);
    assert_int_equal(ts_day_parse_iso(TS_S("2024-02-29T10:00:00Z")), ts_day_of(2024, 2, 29));
    assert_int_equal(ts_day_parse_iso(TS_S("2024-2-29")), TS_NO_DAY);
    assert_int_equal(ts_day_parse_iso(TS_S("2024-02-299")), TS_NO_DAY);
    assert_str(ts_day_iso(ts_day_of(2024, 2, 29), iso), "2024-02-29");
    assert_int_equal(ts_day_iso(TS_NO_DAY, iso).n, 0);
    assert_str(ts_instant_iso(-1, iso), "1969-12-31T23:59:59Z");
    setenv("TOUCHSTONE_NOW", "2026-01-02T03:04:05Z", 1);
    assert_str(ts_instant_iso(ts_now(), iso), "2026-01-02T03:04:05Z");
    unsetenv("TOUCHSTONE_NOW");
}

static void randomness(void **s) {
    (void)s;
    ts_random a = ts_random_seed(7), b = ts_random_seed(7), c = ts_random_seed(8);
    int same = 0, count[10] = {0};
    for (int i = 0; i < 1000; i++) {
        uint64_t x = ts_random_next(&a);
        assert_true(x == ts_random_next(&b));
        same += x == ts_random_next(&c);
    }
    assert_int_equal(same, 0);
    for (int i = 0; i < 100000; i++) count[ts_random_below(&a, 10)]++;
    for (int i = 0; i < 10; i++) assert_in_range(count[i], 9400, 10600);
    for (int i = 0; i < 1000; i++) {
        double u = ts_random_unit(&a);
        assert_true(u >= 0 && u < 1);
    }
}

typedef struct traffic {
    ts_queue q;
    long sum;
} traffic;

static void *consume(void *arg) {
    traffic *t = arg;
    for (long *x; (x = ts_queue_take(&t->q));) __atomic_add_fetch(&t->sum, *x, __ATOMIC_RELAXED);
    return 0;
}

static void queues(void **s) {
    (void)s;
    static long values[10000];
    void *slots[4];
    traffic t = {0};
    pthread_t threads[3];
    ts_error e;
    ts_queue_init(&t.q, slots, 4);
    for (int i = 0; i < 3; i++) assert_true(ts_thread_start(&threads[i], consume, &t, &e));
    for (long i = 0; i < 10000; i++) {
        values[i] = i;
        assert_true(ts_queue_put(&t.q, &values[i]));
    }
    ts_queue_close(&t.q);
    assert_false(ts_queue_put(&t.q, &values[0]));
    for (int i = 0; i < 3; i++) pthread_join(threads[i], 0);
    assert_int_equal(t.sum, 49995000);
    ts_queue_destroy(&t.q);
}

static void buffers_have_a_cap(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 10);
    ts_buf_lit(&b, "12345");
    ts_buf_lit(&b, "678901");
    assert_true(b.full);
    assert_str(ts_buf_str(&b), "12345");
    ts_buf_c(&b, 'x');
    assert_str(ts_buf_str(&b), "12345");
    ts_buf_reset(&b);
    ts_buf_i64(&b, -42);
    ts_buf_fmt(&b, "%s", "ab");
    assert_str(ts_buf_str(&b), "-42ab");
}

static void errors_read_well(void **s) {
    (void)s;
    char text[640];
    ts_error e = {0};
    assert_false(ts_fail(&e, TS_E_INPUT, "the row has %d fields", 3));
    assert_string_equal(ts_error_text(&e, text, sizeof text), "the row has 3 fields");
    ts_fail_at(&e, "a.csv", 7, 0);
    ts_fail_at(&e, "b.csv", 9, 0); /* the first place stands */
    assert_string_equal(ts_error_text(&e, text, sizeof text), "a.csv:7: the row has 3 fields");
    assert_false(ts_fail(0, TS_E_INPUT, "nobody listens"));
}

static void hashes(void **s) {
    (void)s;
    char hex[32];
    assert_true(ts_hash(TS_S("a")) != ts_hash(TS_S("b")));
    assert_true(ts_hash(TS_NONE) == ts_hash(TS_S("")));
    assert_int_equal(ts_digest_hex(ts_digest_of(TS_S("a")), hex).n, 32);
    assert_true(ts_digest_eq(ts_digest_of(TS_S("a")), ts_digest_of(TS_S("a"))));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(maps),
                                       cmocka_unit_test(days),
                                       cmocka_unit_test(randomness),
                                       cmocka_unit_test(queues),
                                       cmocka_unit_test(buffers_have_a_cap),
                                       cmocka_unit_test(errors_read_well),
                                       cmocka_unit_test(hashes)};
    return cmocka_run_group_tests(tests, 0, 0);
}
