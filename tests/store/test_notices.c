#include "store/store.h"

#include "cli/run.h"
#include "faults/world.h"

static ts_store *opened(ts_arena *a, const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, temp_path(a, name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static ts_put put(ts_store *s, const ts_notice *n, int64_t now) {
    ts_error e = {0};
    ts_put what = (ts_put)99;
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_put_notice(s, n, now, &what, &e));
    assert_true(ts_store_commit(s, &e));
    return what;
}

static ts_notice got(ts_store *s, ts_arena *a, const char *id) {
    ts_error e = {0};
    ts_notice n = {0};
    bool found;
    assert_true(ts_store_notice(s, a, ts_str_c(id), &n, &found, &e));
    assert_true(found);
    return n;
}

static ts_notice_versions history(ts_store *s, ts_arena *a, const char *id) {
    ts_error e = {0};
    ts_notice_versions v = {0};
    assert_true(ts_store_notice_versions(s, a, ts_str_c(id), &v, &e));
    return v;
}

/* published → the same → changed → the first content again → withdrawn → published again */
static void life(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_store *s = opened(&a, "life.db");
    ts_notice first = world_notice(&a, "w:1", 1), second = world_notice(&a, "w:1", 2);
    bool found = true;
    ts_notice n;
    assert_true(ts_store_notice(s, &a, TS_S("w:1"), &n, &found, &e));
    assert_false(found);
    assert_int_equal(history(s, &a, "w:1").n, 0);

    assert_int_equal(put(s, &first, 100), TS_PUT_NEW);
    assert_int_equal(put(s, &first, 110), TS_PUT_UNCHANGED);
    n = got(s, &a, "w:1");
    assert_int_equal(n.state, TS_NOTICE_PUBLISHED);
    assert_str(n.hazard, "It breaks in 1 places.");
    assert_true(ts_digest_eq(n.digest, first.digest));

    assert_int_equal(put(s, &second, 120), TS_PUT_UPDATED);
    assert_int_equal(put(s, &second, 130),
                     TS_PUT_UNCHANGED); /* the source still says "published" */
    n = got(s, &a, "w:1");
    assert_int_equal(n.state, TS_NOTICE_UPDATED);
    assert_str(n.hazard, "It breaks in 2 places.");

    assert_int_equal(put(s, &first, 140), TS_PUT_UPDATED);
    ts_notice gone = first;
    gone.state = TS_NOTICE_WITHDRAWN;
    assert_int_equal(put(s, &gone, 150), TS_PUT_UPDATED);
    assert_int_equal(put(s, &gone, 160), TS_PUT_UNCHANGED);
    assert_int_equal(got(s, &a, "w:1").state, TS_NOTICE_WITHDRAWN);
    assert_int_equal(put(s, &first, 170), TS_PUT_UPDATED); /* the authority has taken it up again */
    assert_int_equal(got(s, &a, "w:1").state, TS_NOTICE_PUBLISHED);

    ts_notice_versions v = history(s, &a, "w:1");
    static const int64_t seen[] = {170, 150, 140, 120, 100};
    static const char *const states[] = {"published", "withdrawn", "updated", "updated",
                                         "published"};
    assert_int_equal(v.n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(v.v[i].version, 5 - (int)i);
        assert_int_equal(v.v[i].seen, seen[i]);
        assert_str(v.v[i].state, states[i]);
        assert_int_equal(v.v[i].digest.n, 32);
        assert_says(v.v[i].json, i == 3 ? "in 2 places" : "in 1 places");
    }
    ts_store_close(s);
}

/* A feed that lags behind brings an older copy of a notice: it changes nothing. */
static void older_copy(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = opened(&a, "older.db");
    ts_notice now = world_notice(&a, "w:1", 1), before = world_notice(&a, "w:1", 2);
    now.published = before.published = 20000;
    now.modified = 20050;
    assert_int_equal(put(s, &now, 100), TS_PUT_NEW);
    assert_int_equal(put(s, &before, 110), TS_PUT_UNCHANGED);
    assert_str(got(s, &a, "w:1").hazard, "It breaks in 1 places.");
    before.modified = 20051;
    assert_int_equal(put(s, &before, 120), TS_PUT_UPDATED);
    assert_str(got(s, &a, "w:1").hazard, "It breaks in 2 places.");
    ts_store_close(s);
}

/* Everything a notice can hold comes back as it went in, hostile text included. */
static void whole(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = opened(&a, "whole.db");
    ts_notice n = world_notice(&a, "w:'; DROP TABLE notice; --", 1);
    n.title = TS_S("\"quoted\" \\ 'single' \xE5\x8F\xAC\xE5\x9B\x9E \x01 end");
    n.counterfeit = TS_YES;
    n.risk_level = TS_RISK_SERIOUS;
    n.compulsion = TS_MEASURE_BOTH;
    *ts_push(&a, &n.scope.lots) = TS_S("L24A");
    ts_notice_seal(a, &n);
    assert_int_equal(put(s, &n, 1), TS_PUT_NEW);
    ts_notice back = got(s, &a, "w:'; DROP TABLE notice; --");
    ts_buf one = ts_buf_new(&a, 1 << 16), two = ts_buf_new(&a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&one), x = ts_jsonw_to(&two);
    ts_notice_write(&w, &n);
    ts_notice_write(&x, &back);
    assert_true(ts_str_eq(ts_buf_str(&one), ts_buf_str(&two)));
    ts_notice_seal(a, &back);
    assert_true(ts_digest_eq(back.digest, n.digest));
    ts_store_close(s);
}

static bool count_one(void *ctx, const ts_notice *n) {
    size_t *k = ctx;
    assert_true(n->id.n > 0);
    return ++*k != 7; /* stops at the seventh */
}

/* The set's digest depends on what is there and its state, not on the way there. */
static void set_digest(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_store *s = opened(&a, "set1.db"), *t = opened(&a, "set2.db");
    ts_notice_set one, two;
    for (unsigned i = 0; i < 20; i++) {
        char id[2][16];
        snprintf(id[0], 16, "w:%u", i);
        snprintf(id[1], 16, "w:%u", 19 - i);
        ts_notice n = world_notice(&a, id[0], 0), m = world_notice(&a, id[1], 5);
        put(s, &n, 1);
        put(t, &m, 1);
    }
    assert_true(ts_store_notice_set(s, &one, &e));
    assert_true(ts_store_notice_set(t, &two, &e));
    assert_int_equal(one.count, 20);
    assert_int_equal(two.count, 20);
    assert_false(ts_digest_eq(one.digest, two.digest));
    for (unsigned i = 0; i < 20; i++) { /* both come to the same */
        char id[16];
        snprintf(id, 16, "w:%u", i);
        ts_notice n = world_notice(&a, id, 9);
        put(s, &n, 2);
        put(t, &n, 2);
    }
    assert_true(ts_store_notice_set(s, &one, &e));
    assert_true(ts_store_notice_set(t, &two, &e));
    assert_true(ts_digest_eq(one.digest, two.digest));
    ts_notice n = world_notice(&a, "w:3", 9);
    n.state = TS_NOTICE_WITHDRAWN;
    put(s, &n, 3);
    assert_true(ts_store_notice_set(s, &two, &e));
    assert_false(ts_digest_eq(one.digest, two.digest)); /* the state counts */
    assert_int_equal(two.count, 20);
    size_t k = 0;
    assert_true(ts_store_each_notice(s, a, count_one, &k, &e));
    assert_int_equal(k, 7);
    k = 0;
    assert_true(ts_store_each_withdrawn(s, a, count_one, &k, &e));
    assert_int_equal(k, 1);
    ts_store_close(s);
    ts_store_close(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(life), cmocka_unit_test(older_copy),
                                       cmocka_unit_test(whole), cmocka_unit_test(set_digest)};
    return cmocka_run_group_tests(tests, 0, 0);
}
