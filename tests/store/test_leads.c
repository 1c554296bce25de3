#include "store/store.h"

#include "cli/run.h"
#include "faults/world.h"

static ts_store *opened(ts_arena *a, const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, temp_path(a, name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static ts_lead_row lead(ts_arena *a, const char *offer, const char *notice, double p) {
    char *id = ts_new_n(a, char, 10);
    ts_lead_row l = {.source = TS_S("shop"),
                     .offer_id = ts_str_c(offer),
                     .notice_id = ts_str_c(notice),
                     .probability = p,
                     .grade = TS_S("review"),
                     .rung = TS_S("brand_model"),
                     .scope_fit = TS_S("inside"),
                     .legal_effect = TS_S("unknown"),
                     .model = TS_S("m"),
                     .json = TS_S("{}"),
                     .run = 1,
                     .first_seen = 100,
                     .last_seen = 100};
    l.id = ts_lead_id(l.source, l.offer_id, l.notice_id, id);
    return l;
}

static bool put(ts_store *s, const ts_lead_row *l) {
    ts_error e = {0};
    bool fresh = false;
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_put_lead(s, l, &fresh, &e));
    assert_true(ts_store_commit(s, &e));
    return fresh;
}

/* The id is part of the program's promise: cases and letters quote it. A change breaks every store
 * there is. */
static void ids(void **state) {
    (void)state;
    char x[10], y[10];
    assert_str(ts_lead_id(TS_S("shop"), TS_S("o1"), TS_S("office:1"), x), "b5e0e6f905");
    ts_lead_id(TS_S("shop"), TS_S("o1"), TS_S("office:1"), y);
    assert_memory_equal(x, y, 10);
    for (int i = 0; i < 10; i++) assert_true(ts_is_digit(x[i]) || (x[i] >= 'a' && x[i] <= 'f'));
    ts_lead_id(TS_S("shop"), TS_S("office:1"), TS_S("o1"), y); /* the order counts */
    assert_memory_not_equal(x, y, 10);
    ts_lead_id(TS_S("shopo"), TS_S("1"), TS_S("office:1"),
               y); /* and where one ends and the next begins */
    assert_memory_not_equal(x, y, 10);
}

static void again(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_store *s = opened(&a, "again.db");
    ts_lead_row l = lead(&a, "o1", "w:1", 0.9), back;
    assert_true(put(s, &l));
    l.probability = 0.8;
    l.grade = TS_S("strong");
    l.json = TS_S("{\"x\":1}");
    l.run = 2;
    l.first_seen = l.last_seen = 200;
    assert_false(put(s, &l));
    uint64_t n;
    int found;
    assert_true(ts_store_lead_count(s, &n, &e));
    assert_int_equal(n, 1);
    assert_true(ts_store_lead(s, &a, l.id, &back, &found, &e));
    assert_int_equal(found, 1);
    assert_true(back.probability == 0.8);
    assert_str(back.grade, "strong");
    assert_str(back.json, "{\"x\":1}");
    assert_int_equal(back.run, 2);
    assert_int_equal(back.first_seen, 100); /* kept */
    assert_int_equal(back.last_seen, 200);
    ts_store_close(s);
}

static void found_by_beginning(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_store *s = opened(&a, "begin.db");
    ts_lead_row back;
    int found;
    static const char *const fixed[] = {"aaaa111111", "aaaa222222", "bbbb111111"};
    for (int i = 0; i < 3; i++) {
        ts_lead_row l = lead(&a, fixed[i], "w:1", 0.5 + i / 10.0);
        l.id = ts_str_c(fixed[i]);
        put(s, &l);
    }
    static const struct {
        const char *id;
        int found;
    } asked[] = {{"aaaa", 2}, {"aaaa1", 1}, {"b", 1},  {"bbbb111111", 1}, {"bbbb1111112", 0},
                 {"c", 0},    {"%", 0},     {"a_", 0}, {"zzzz", 0}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        assert_true(ts_store_lead(s, &a, ts_str_c(asked[i].id), &back, &found, &e));
        if (found != asked[i].found) fail_msg("'%s' finds %d", asked[i].id, found);
    }
    ts_lead_rows rows = {0};
    assert_true(ts_store_leads(s, &a, 0, 2, &rows, &e));
    assert_int_equal(rows.n, 2); /* the likeliest first */
    assert_str(rows.v[0].id, "bbbb111111");
    assert_str(rows.v[1].id, "aaaa222222");
    rows.n = 0;
    assert_true(ts_store_leads(s, &a, 7, 10, &rows, &e));
    assert_int_equal(rows.n, 0);
    assert_true(ts_store_leads(s, &a, 1, 10, &rows, &e));
    assert_int_equal(rows.n, 3);
    ts_store_close(s);
}

static void basis_gone(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_store *s = opened(&a, "basis.db");
    ts_notice n = world_notice(&a, "w:1", 0);
    ts_put what;
    ts_lead_row l = lead(&a, "o1", "w:1", 0.9), stray = lead(&a, "o2", "w:unknown", 0.8), back;
    put(s, &l);
    put(s, &stray);
    uint64_t without;
    int found;
    for (int withdrawn = 0; withdrawn < 2; withdrawn++) {
        n.state = withdrawn ? TS_NOTICE_WITHDRAWN : TS_NOTICE_PUBLISHED;
        assert_true(ts_store_begin(s, &e));
        assert_true(ts_store_put_notice(s, &n, 1, &what, &e));
        assert_true(ts_store_commit(s, &e));
        assert_true(ts_store_leads_without_basis(s, &without, &e));
        assert_int_equal(without, withdrawn);
        assert_true(ts_store_lead(s, &a, l.id, &back, &found, &e));
        assert_int_equal(back.basis_gone, withdrawn);
        assert_true(ts_store_lead(s, &a, stray.id, &back, &found, &e));
        assert_false(back.basis_gone); /* the store does not hold its notice and cannot tell */
    }
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ids), cmocka_unit_test(again),
                                       cmocka_unit_test(found_by_beginning),
                                       cmocka_unit_test(basis_gone)};
    return cmocka_run_group_tests(tests, 0, 0);
}
