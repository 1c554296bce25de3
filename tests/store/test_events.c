#include "store/store.h"

#include "cli/run.h"
#include "support/support.h"

#include <stdio.h>

static ts_store *open_store(ts_arena *a, const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, temp_path(a, name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static ts_event_row row_of(ts_arena *a, const char *id, int64_t at, const char *product) {
    ts_event_row r = {.id = ts_str_c(id),
                      .kind = TS_S("repair"),
                      .at = at,
                      .recorded = 5000,
                      .by = TS_S("did:web:fix.example")};
    ts_buf b = ts_buf_new(a, 1000);
    ts_buf_fmt(&b, "{\"id\":\"%s\"}", id);
    r.body = ts_buf_str(&b);
    ts_push(a, &r.about)->product = ts_str_c(product);
    r.about.v[0].role = TS_S("subject");
    return r;
}

static bool add(ts_store *s, const ts_event_row *r, bool *fresh, ts_error *e) {
    *e = (ts_error){0};
    return ts_store_begin(s, e) && ts_store_end(s, ts_store_add_event(s, r, fresh, e), e);
}

static void must_add(ts_store *s, const ts_event_row *r) {
    bool fresh;
    ts_error e;
    if (!add(s, r, &fresh, &e)) fail_msg("%s", e.msg);
    assert_true(fresh);
}

static void kept_once_as_it_came(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_store(&a, "events-once.db");
    ts_event_row r = row_of(&a, "urn:e:1", 100, "urn:p:1"), back;
    ts_push(&a, &r.about)->product = TS_S("urn:p:2");
    r.about.v[1].role = TS_S("output");
    bool fresh, found;
    ts_error e;
    must_add(s, &r);
    assert_true(add(s, &r, &fresh, &e));
    assert_false(fresh);
    r.body = TS_S("{}");
    assert_false(add(s, &r, &fresh, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_string_equal(e.msg,
                        "another event with the id urn:e:1 is recorded already; give this one "
                        "an id of its own");
    assert_true(ts_store_event(s, &a, TS_S("urn:e:1"), &back, &found, &e) && found);
    assert_str(back.body, "{\"id\":\"urn:e:1\"}");
    assert_str(back.by, "did:web:fix.example");
    assert_int_equal(back.at, 100);
    assert_int_equal(back.about.n, 2);
    assert_true(ts_store_event(s, &a, TS_S("urn:e:2"), &back, &found, &e) && !found);
    r.by = TS_NONE;
    r.id = TS_S("urn:e:3");
    assert_false(add(s, &r, &fresh, &e));
    ts_log_head head;
    assert_true(ts_store_log_head(s, &head, &e));
    assert_int_equal(head.size, 1); /* what was refused, or there already, is not in the log */
    ts_store_close(s);
}

static void in_the_order_of_time(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_store(&a, "events-order.db");
    static const int64_t at[] = {300, 100, 200, 200, -5};
    char id[5][20];
    for (int i = 0; i < 5; i++) {
        snprintf(id[i], sizeof id[i], "urn:e:%d", i);
        ts_event_row r = row_of(&a, id[i], at[i], "urn:p:1");
        must_add(s, &r);
    }
    ts_event_row other = row_of(&a, "urn:e:other", 150, "urn:p:2");
    must_add(s, &other);
    static const char *const order[] = {"urn:e:4", "urn:e:1", "urn:e:2", "urn:e:3", "urn:e:0"};
    ts_str after = TS_NONE;
    size_t k = 0;
    for (;;) { /* in pages of two */
        ts_event_rows rows = {0};
        ts_error e = {0};
        assert_true(ts_store_events(s, &a, TS_S("urn:p:1"), after, 2, &rows, &e));
        for (size_t i = 0; i < rows.n; i++) assert_str(rows.v[i].id, order[k++]);
        if (rows.n < 2) break;
        after = rows.v[1].id;
    }
    assert_int_equal(k, 5);
    ts_event_rows all = {0};
    ts_error e = {0};
    assert_true(ts_store_events(s, &a, TS_NONE, TS_S("urn:e:3"), 10, &all, &e));
    assert_int_equal(all.n, 2); /* as they were recorded */
    assert_str(all.v[1].id, "urn:e:other");
    assert_false(ts_store_events(s, &a, TS_S("urn:p:1"), TS_S("urn:e:none"), 2, &all, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    ts_store_close(s);
}

static void nothing_without_its_entry(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_store(&a, "events-log.db");
    ts_event_row r = row_of(&a, "urn:e:1", 100, "urn:p:\"1\"\n"), back;
    ts_error e = {0};
    bool fresh;
    assert_true(ts_store_begin(s, &e) && ts_store_add_event(s, &r, &fresh, &e));
    ts_store_rollback(s);
    ts_log_head head;
    bool found;
    assert_true(ts_store_log_head(s, &head, &e));
    assert_int_equal(head.size, 0);
    assert_true(ts_store_event(s, &a, r.id, &back, &found, &e) && !found);
    must_add(s, &r);
    ts_log_rows log = {0};
    assert_true(ts_store_log(s, &a, 0, 10, 1 << 20, &log, &e));
    assert_int_equal(log.n, 1);
    assert_int_equal(log.v[0].kind, TS_LOG_EVENT);
    assert_str(log.v[0].subject, "urn:e:1");
    const ts_json *body = ts_json_parse(&a, log.v[0].body, (ts_json_options){.strict = true}, &e);
    assert_true(store_event_of(&a, body, &back, &e));
    assert_true(ts_str_eq(back.id, r.id) && ts_str_eq(back.body, r.body) &&
                ts_str_eq(back.by, r.by) && ts_str_eq(back.kind, r.kind));
    assert_int_equal(back.at, r.at);
    assert_int_equal(back.recorded, r.recorded);
    assert_str(back.about.v[0].product, "urn:p:\"1\"\n");
    /* And it makes the same row in another store. */
    ts_store *other = open_store(&a, "events-log-2.db");
    assert_true(ts_store_begin(other, &e));
    if (!ts_store_end(other, ts_store_log_apply(other, &a, TS_LOG_EVENT, body, &fresh, &e), &e))
        fail_msg("%s", e.msg);
    assert_true(ts_store_event(other, &a, r.id, &back, &found, &e) && found);
    assert_true(ts_str_eq(back.body, r.body));
    ts_store_close(other);
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_once_as_it_came),
        cmocka_unit_test(in_the_order_of_time),
        cmocka_unit_test(nothing_without_its_entry),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
