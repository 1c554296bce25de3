#include "store/store.h"

#include "cli/run.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static void put(ts_store *s, const char *product, const char *source, const char *offer,
                const char *seller, int64_t at) {
    ts_error e = {0};
    const ts_sighting x = {ts_str_c(product),
                           ts_str_c(source),
                           ts_str_c(offer),
                           ts_str_c(seller),
                           TS_S("https://s.example/1"),
                           at};
    bool ok = ts_store_begin(s, &e) && ts_store_end(s, ts_store_put_sighting(s, &x, &e), &e);
    if (!ok) fail_msg("%s", e.msg);
}

static void kept(void **state) {
    (void)state;
    ts_error e = {0};
    const char *path = temp_path(&a, "sightings.db");
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
    ts_sightings l = {0};
    put(s, "p", "feed", "1", "A", 10);
    put(s, "p", "feed", "2", "B", 30);
    put(s, "p", "other", "1", "C", 20);
    put(s, "q", "feed", "1", "A", 10);
    put(s, "p", "feed", "1", "A2", 40); /* again: what was known is replaced */
    ts_store_close(s);
    s = ts_store_open(&a, path, TS_STORE_READ, &e);
    assert_true(ts_store_sightings(s, &a, TS_S("p"), 10, &l, &e));
    assert_int_equal(l.n, 3);
    assert_str(l.v[0].seller, "A2");
    assert_int_equal(l.v[0].at, 40);
    assert_str(l.v[1].offer, "2");
    assert_str(l.v[2].source, "other");
    assert_str(l.v[2].url, "https://s.example/1");
    assert_str(l.v[2].product, "p");
    l.n = 0;
    assert_true(ts_store_sightings(s, &a, TS_S("p"), 2, &l, &e));
    assert_int_equal(l.n, 2);
    l.n = 0;
    assert_true(ts_store_sightings(s, &a, TS_S("r"), 10, &l, &e));
    assert_int_equal(l.n, 0);
    const ts_sighting x = {.product = TS_S("p")};
    assert_false(ts_store_put_sighting(s, &x, &e)); /* opened for reading */
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kept)};
    return cmocka_run_group_tests(tests, setup, 0);
}
