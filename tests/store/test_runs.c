#include "store/store.h"

#include "cli/run.h"

static int64_t run(ts_store *s, ts_run_kind kind, const char *source, uint64_t records,
                   bool finished, bool complete) {
    ts_error e = {0};
    ts_run r = {.kind = kind, .source = ts_str_c(source), .model = TS_S("m"), .started = 100};
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_run_start(s, &r, &e));
    assert_true(ts_store_commit(s, &e));
    if (!finished) return r.id;
    r.format = TS_S("csv");
    r.finished = 200;
    r.records = records;
    r.bad = 3;
    r.fresh = 2;
    r.changed = 1;
    r.complete = complete;
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_run_finish(s, &r, &e));
    assert_true(ts_store_commit(s, &e));
    return r.id;
}

static void health(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_store *s = ts_store_open(&a, temp_path(&a, "runs.db"), TS_STORE_WRITE, &e);
    assert_non_null(s);
    uint64_t records;
    bool found;
    assert_true(ts_store_last_count(s, TS_RUN_IMPORT, TS_S("feed"), 0, &records, &found, &e));
    assert_false(found);
    run(s, TS_RUN_IMPORT, "feed", 100, true, true);
    run(s, TS_RUN_IMPORT, "feed", 40, true, false); /* failed half-way: no measure */
    run(s, TS_RUN_IMPORT, "feed", 0, true, true);   /* silent: no measure either */
    run(s, TS_RUN_SCREEN, "feed", 7, true, true);   /* another kind */
    run(s, TS_RUN_IMPORT, "other", 5, true, true);  /* another source */
    int64_t last = run(s, TS_RUN_IMPORT, "feed", 90, true, true);
    assert_true(ts_store_last_count(s, TS_RUN_IMPORT, TS_S("feed"), 0, &records, &found, &e));
    assert_true(found);
    assert_int_equal(records, 90);
    assert_true(ts_store_last_count(s, TS_RUN_IMPORT, TS_S("feed"), last, &records, &found, &e));
    assert_int_equal(records, 100);
    run(s, TS_RUN_SCREEN, "cut", 0, false, false);

    ts_source_rows rows = {0};
    assert_true(ts_store_sources(s, &a, &rows, &e));
    assert_int_equal(rows.n, 4);
    const ts_source_row *r = &rows.v[0];
    assert_str(r->last.source, "feed");
    assert_int_equal(r->last.kind, TS_RUN_IMPORT);
    assert_int_equal(r->last.records, 90);
    assert_int_equal(r->last.bad, 3);
    assert_int_equal(r->last.fresh, 2);
    assert_int_equal(r->last.changed, 1);
    assert_int_equal(r->last.started, 100);
    assert_int_equal(r->last.finished, 200);
    assert_str(r->last.format, "csv");
    assert_str(r->last.model, "m");
    assert_true(r->last.complete);
    assert_true(r->known_before);
    assert_int_equal(r->before, 100);
    assert_str(rows.v[1].last.source, "other");
    assert_false(rows.v[1].known_before);
    assert_str(rows.v[2].last.source, "cut");
    assert_int_equal(rows.v[2].last.finished, 0); /* interrupted */
    assert_int_equal(rows.v[3].last.kind, TS_RUN_SCREEN);
    ts_store_close(s);
}

static void feeds(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_store *s = ts_store_open(&a, temp_path(&a, "feeds.db"), TS_STORE_WRITE, &e);
    assert_non_null(s);
    ts_feed_state st = {.etag = TS_S("\"a\""),
                        .last_modified = TS_S("Mon"),
                        .fetched = 5,
                        .records = 12},
                  back;
    assert_true(ts_store_feed_state(s, &a, TS_S("https://x/"), &back, &e));
    assert_int_equal(back.etag.n, 0);
    assert_int_equal(back.records, -1);
    for (int i = 0; i < 2; i++) {
        if (i) st.etag = TS_S("\"b\"");
        assert_true(ts_store_begin(s, &e));
        assert_true(ts_store_put_feed_state(s, TS_S("https://x/"), &st, &e));
        assert_true(ts_store_commit(s, &e));
        assert_true(ts_store_feed_state(s, &a, TS_S("https://x/"), &back, &e));
        assert_str(back.etag, i ? "\"b\"" : "\"a\"");
        assert_str(back.last_modified, "Mon");
        assert_int_equal(back.fetched, 5);
        assert_int_equal(back.records, 12);
    }
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(health), cmocka_unit_test(feeds)};
    return cmocka_run_group_tests(tests, 0, 0);
}
