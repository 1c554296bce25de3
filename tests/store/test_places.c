#include "store/store.h"

#include "support/support.h"

static ts_arena a;
static ts_store *s;

static int setup(void **state) {
    (void)state;
    ts_error e = {0};
    static int nth;
    char name[40];
    snprintf(name, sizeof name, "places-%d.db", nth++);
    a = test_arena();
    s = ts_store_open(&a, test_temp(name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_store_close(s);
    return 0;
}

static void put(const char *id, const ts_place *place, const ts_place_edge *edges, size_t n) {
    ts_error e = {0};
    ts_str product[] = {TS_S("did:example:"), ts_str_c(id)};
    ts_passport_row row = {.id = ts_str_c(id),
                           .product = ts_str_join(&a, product, 2, TS_NONE),
                           .grain = TS_S("batch"),
                           .model = TS_S("urn:m"),
                           .status = TS_S("active"),
                           .safety = TS_S("none_known"),
                           .operator_id = TS_S("did:web:m.example"),
                           .digest = TS_S("00"),
                           .document = TS_S("{}"),
                           .place = place,
                           .edges = edges,
                           .edges_n = n};
    bool ok = ts_store_begin(s, &e) && ts_store_add_passport(s, &row, 1000, &e);
    if (!ts_store_end(s, ok, &e)) fail_msg("%s", e.msg);
}

static ts_place get(const char *id) {
    ts_place p;
    int64_t number;
    bool found;
    ts_error e = {0};
    assert_true(ts_store_place(s, &a, ts_str_c(id), &number, &p, &found, &e));
    assert_true(found && number > 0);
    return p;
}

static int64_t mark(void) {
    int64_t m;
    ts_error e = {0};
    assert_true(ts_store_place_mark(s, &m, &e));
    return m;
}

static const ts_place full = {.id = {"urn:a", sizeof "urn:a" - 1},
                              .gtin = {"04006381333931", sizeof "04006381333931" - 1},
                              .lot = {"L1", sizeof "L1" - 1},
                              .serial = {"S1", sizeof "S1" - 1},
                              .made = -5,
                              .brand = {"沃尔塔", sizeof "沃尔塔" - 1},
                              .model_name = {"KX", sizeof "KX" - 1},
                              .name = {"Pack", sizeof "Pack" - 1},
                              .operator_id = {"did:web:m.example", sizeof "did:web:m.example" - 1},
                              .operator_name = {"Maker", sizeof "Maker" - 1},
                              .sealed = true};

static void round_trip(void **state) {
    (void)state;
    put("urn:a", &full, 0, 0);
    ts_place p = get("urn:a");
    assert_str(p.product, "did:example:urn:a");
    assert_str(p.model, "urn:m");
    assert_str(p.batch, "");
    assert_str(p.gtin, "04006381333931");
    assert_str(p.lot, "L1");
    assert_str(p.serial, "S1");
    assert_int_equal(p.made, -5);
    assert_str(p.brand, "沃尔塔");
    assert_str(p.model_name, "KX");
    assert_str(p.name, "Pack");
    assert_str(p.operator_id, "did:web:m.example");
    assert_str(p.operator_name, "Maker");
    assert_true(p.sealed && p.grain == 1);
}

static void a_version_replaces_the_place_and_its_edges(void **state) {
    (void)state;
    const ts_place_edge two[] = {{TS_S("urn:a"), TS_S("urn:x"), false},
                                 {TS_S("urn:a"), TS_S("urn:x"), true},
                                 {TS_S("urn:a"), TS_S("urn:x"), false}};
    ts_place later = full;
    ts_place_edges found = {0};
    ts_error e = {0};
    int64_t before = mark();
    put("urn:a", &full, two, 3);
    assert_true(mark() != before);
    assert_true(ts_store_edges(s, &a, TS_S("urn:a"), false, &found, &e));
    assert_int_equal(found.n, 2); /* the same twice is one */
    found.n = 0;
    assert_true(ts_store_edges(s, &a, TS_S("urn:x"), true, &found, &e));
    assert_int_equal(found.n, 2);
    assert_str(found.v[0].from, "urn:a");
    later.lot = TS_NONE;
    later.made = TS_NO_DAY;
    before = mark();
    put("urn:a", &later, two, 1);
    assert_true(mark() != before);
    assert_str(get("urn:a").lot, "");
    assert_int_equal(get("urn:a").made, TS_NO_DAY);
    found.n = 0;
    assert_true(ts_store_edges(s, &a, TS_NONE, false, &found, &e));
    assert_int_equal(found.n, 1);
    assert_false(found.v[0].predecessor);
}

static bool count_upto(void *ctx, int64_t number, const ts_place *p) {
    int64_t *last = ctx;
    assert_true(number > *last && p->id.n);
    *last = number;
    return number < 3;
}

static void all_in_order(void **state) {
    (void)state;
    const char *const ids[] = {"urn:d", "urn:a", "urn:c", "urn:b"};
    ts_error e = {0};
    int64_t last = 0;
    for (int i = 0; i < 4; i++) put(ids[i], &full, 0, 0);
    assert_true(ts_store_each_place(s, a, 0, count_upto, &last, &e));
    assert_int_equal(last, 3);
    assert_true(ts_store_each_place(s, a, 3, count_upto, &last, &e));
    assert_int_equal(last, 4);
}

static void numbers_by_id_and_by_product(void **state) {
    (void)state;
    ts_place_numbers n = {0};
    ts_str id, product;
    ts_error e = {0};
    put("urn:a", &full, 0, 0);
    put("urn:b", &full, 0, 0);
    assert_true(ts_store_place_numbers(s, &a, TS_S("urn:b"), &n, &e));
    assert_true(n.n == 1 && n.v[0] == 2);
    assert_true(ts_store_place_numbers(s, &a, TS_S("did:example:urn:a"), &n, &e));
    assert_true(n.n == 2 && n.v[1] == 1);
    assert_true(ts_store_place_numbers(s, &a, TS_S("urn:z"), &n, &e) && n.n == 2);
    assert_true(ts_store_place_names(s, &a, 2, &id, &product, &e));
    assert_str(id, "urn:b");
    assert_false(ts_store_place_names(s, &a, 9, &id, &product, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
}

static void seals(void **state) {
    (void)state;
    ts_error e = {0};
    put("urn:a", &full, 0, 0);
    int64_t before = mark();
    assert_true(ts_store_seal_place(s, TS_S("urn:a"), true, &e));
    assert_int_equal(mark(), before); /* nothing changed */
    assert_true(ts_store_seal_place(s, TS_S("urn:a"), false, &e));
    assert_true(mark() != before && !get("urn:a").sealed);
    assert_true(ts_store_seal_place(s, TS_S("urn:none"), false, &e));
    put("urn:a", &full, 0, 0);
    assert_true(get("urn:a").sealed);
}

static void missing_ones_are_named_until_they_are_put(void **state) {
    (void)state;
    ts_strs ids = {0};
    ts_error e = {0};
    put("urn:a", 0, 0, 0);
    put("urn:b", &full, 0, 0);
    assert_true(ts_store_missing_places(s, &a, 9, &ids, &e));
    assert_int_equal(ids.n, 1);
    assert_str(ids.v[0], "urn:a");
    assert_true(ts_store_put_place(s, &full, 0, 0, &e));
    ids.n = 0;
    assert_true(ts_store_missing_places(s, &a, 9, &ids, &e) && ids.n == 0);
    /* and a version without one takes back what the one before stated */
    put("urn:b", 0, 0, 0);
    assert_true(ts_store_missing_places(s, &a, 9, &ids, &e) && ids.n == 1);
}

static void held_is_one_state(void **state) {
    (void)state;
    ts_error e = {0};
    bool held, again;
    ts_arena other_arena = test_arena();
    put("urn:a", &full, 0, 0);
    assert_true(ts_store_hold(s, &held, &e) && held);
    assert_true(ts_store_hold(s, &again, &e) && !again);
    int64_t before = mark();
    ts_store *mine = s;
    s = ts_store_open(&other_arena, ts_store_path(mine), TS_STORE_WRITE, &e);
    put("urn:b", &full, 0, 0);
    ts_store_close(s);
    s = mine;
    assert_int_equal(mark(), before);
    ts_store_release(s, again);
    assert_int_equal(mark(), before);
    ts_store_release(s, held);
    assert_true(mark() != before);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(round_trip),
        T(a_version_replaces_the_place_and_its_edges),
        T(all_in_order),
        T(numbers_by_id_and_by_product),
        T(seals),
        T(missing_ones_are_named_until_they_are_put),
        T(held_is_one_state),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
