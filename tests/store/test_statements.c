#include "store/statements.h"

#include "store/store.h"
#include "support/support.h"

static ts_statement_row row_of(const char *id, const char *passport) {
    return (ts_statement_row){.id = ts_str_c(id),
                              .kind = TS_S("recalled"),
                              .passport = ts_str_c(passport),
                              .notice = TS_S("n:1"),
                              .by = TS_S("did:web:authority.example"),
                              .by_name = TS_S("Authority \"A\"\n"),
                              .at = 1764000000,
                              .bytes = TS_S("a.b.c")};
}

static bool add(ts_store *s, const ts_statement_row *row, bool *fresh, ts_error *e) {
    return ts_store_begin(s, e) && ts_store_end(s, ts_store_add_statement(s, row, fresh, e), e);
}

static ts_store *open_store(ts_arena *a, const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, ts_str_z(a, ts_str_c(test_temp(name))), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static void kept_and_found(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_store(&a, "statements.db");
    ts_statement_row row = row_of("urn:1", "urn:p:1"), other = row_of("urn:2", "urn:p:2"),
                     answer = row_of("urn:3", "urn:p:1"), got;
    ts_statement_rows rows = {0};
    ts_log_head before, after;
    ts_error e = {0};
    bool fresh, found;
    answer.kind = TS_S("contested");
    answer.about = TS_S("urn:1");
    assert_true(ts_store_log_head(s, &before, &e));
    assert_true(add(s, &row, &fresh, &e) && fresh);
    assert_true(add(s, &other, &fresh, &e) && fresh);
    assert_true(add(s, &answer, &fresh, &e) && fresh);
    assert_true(add(s, &row, &fresh, &e) && !fresh); /* as it came: no second entry */
    assert_true(ts_store_log_head(s, &after, &e));
    assert_int_equal(after.size, before.size + 3);
    assert_true(ts_store_statements(s, &a, TS_S("urn:p:1"), &rows, &e));
    assert_int_equal(rows.n, 2);
    assert_str(rows.v[0].id, "urn:1");
    assert_str(rows.v[0].by_name, "Authority \"A\"\n");
    assert_str(rows.v[1].about, "urn:1");
    assert_true(ts_store_statement(s, &a, TS_S("urn:2"), &got, &found, &e) && found);
    assert_str(got.passport, "urn:p:2");
    assert_int_equal(got.at, 1764000000);
    assert_true(ts_store_statement(s, &a, TS_S("urn:4"), &got, &found, &e) && !found);
    ts_store_close(s);
}

/* Who comes first keeps the id; what was said is never replaced. */
static void an_id_is_taken_once(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_store(&a, "statements-twice.db");
    ts_statement_row row = row_of("urn:1", "urn:p:1"), got;
    ts_error e = {0};
    bool fresh, found;
    assert_true(add(s, &row, &fresh, &e));
    row.bytes = TS_S("x.y.z");
    assert_false(add(s, &row, &fresh, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_non_null(strstr(e.msg, "urn:1"));
    assert_true(ts_store_statement(s, &a, TS_S("urn:1"), &got, &found, &e) && found);
    assert_str(got.bytes, "a.b.c");
    ts_store_close(s);
}

static void bodies_go_there_and_back(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_statement_row row = row_of("urn:1", "urn:p:1"), back;
    ts_error e = {0};
    row.about = TS_S("urn:0");
    ts_str body = store_statement_body(&a, &row);
    assert_true(ts_str_chr(body, '\n') == TS_NPOS);
    const ts_json *v = ts_json_parse(&a, body, (ts_json_options){.strict = true}, &e);
    assert_true(v && store_statement_of(v, &back, &e));
    assert_true(ts_str_eq(store_statement_body(&a, &back), body));
    assert_true(ts_str_eq(back.by_name, row.by_name) && ts_str_eq(back.about, row.about));
    static const char *const bad[] = {
        "{}", "[]",
        "{\"at\":\"1\",\"by\":\"a\",\"bytes\":\"b\",\"id\":\"c\",\"kind\":\"d\",\"passport\":"
        "\"e\"}",
        "{\"at\":1,\"by\":\"a\",\"bytes\":\"\",\"id\":\"c\",\"kind\":\"d\",\"passport\":\"e\"}"};
    for (int i = 0; i < 4; i++) {
        v = ts_json_parse(&a, ts_str_c(bad[i]), (ts_json_options){.strict = true}, &e);
        assert_false(store_statement_of(v, &back, &e));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_and_found),
        cmocka_unit_test(an_id_is_taken_once),
        cmocka_unit_test(bodies_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
