/* `touchstone token` and what a server makes of it. */
#include "cli/run.h"
#include "host/host.h"

static ts_arena a;

static ts_str issue(const char *store, const char *right, const char *days) {
    ran r = RUN(&a, "token", "issue", "--store", store, "--name", "Weber", "--right", right,
                "--days", days);
    assert_status(r, 0);
    assert_says(r.err, "this is the only time it is shown");
    assert_true(ts_str_starts(r.out, TS_S("tst_")));
    return ts_str_trim(r.out);
}

static void a_life(void **state) {
    (void)state;
    const char *store = temp_path(&a, "life.db");
    ts_str text = issue(store, "events", "30"), id = ts_str_from(text, 4);
    id = ts_str_cut(&id, '_');
    ran r = RUN(&a, "token", "list", "--store", store);
    assert_status(r, 0);
    assert_says(r.out, "Weber");
    assert_says(r.out, "read+events");
    assert_says(r.out, "valid");
    assert_silent_on(r.out, ts_str_z(&a, ts_str_from(text, 4 + id.n + 1)));
    r = RUN(&a, "token", "list", "--store", store, "--format", "jsonl");
    const ts_json *row =
        ts_json_parse(&a, ts_str_trim(r.out), (ts_json_options){.strict = true}, 0);
    assert_non_null(row);
    assert_true(ts_str_eq(ts_json_str(ts_json_member(row, "id")), id));
    assert_str(ts_json_str(ts_json_member(row, "rights")), "read+events");
    assert_str(ts_json_str(ts_json_member(row, "audience")), "public");
    /* by its id, or by the whole text */
    r = RUN(&a, "token", "revoke", "--store", store, ts_str_z(&a, text));
    assert_status(r, 0);
    assert_silent_on(r.err, ts_str_z(&a, text));
    r = RUN(&a, "token", "list", "--store", store);
    assert_says(r.out, "revoked");
    r = RUN(&a, "token", "revoke", "--store", store, "nobody");
    assert_status(r, 1);
    assert_says(r.err, "there is no token nobody");
}

static void wrong(void **state) {
    (void)state;
    const char *store = temp_path(&a, "wrong.db");
    static const char *const cases[][7] = {
        {"token", "issue", "--name", "x", "--right", "everything",
         "--right is read, write, events"},
        {"token", "issue", "--name", "x", "--days", "0", "--days is a whole number"},
        {"token", "issue", "--name", "x", "--audience", "me", "--audience is public"},
        {"token", "issue", "--name", "x", "--right", "write", "needs the operator"},
        {"token", "issue", "--name", "", "--days", "1", "needs a name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const *c = cases[i];
        ran r = RUN(&a, c[0], c[1], "--store", store, c[2], c[3], c[4], c[5]);
        assert_status(r, 2);
        assert_says(r.err, c[6]);
    }
    ran r = RUN(&a, "token", "issue", "--name", "x");
    assert_status(r, 2);
    assert_says(r.err, "name the store: --store FILE");
    r = RUN(&a, "token", "revoke", "--store", store);
    assert_status(r, 2);
    r = RUN(&a, "token", "list", "--store", temp_path(&a, "none.db"));
    assert_status(r, 1);
    assert_says(r.err, "there is no such store");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_life), cmocka_unit_test(wrong)};
    a = test_arena();
    return cmocka_run_group_tests(tests, 0, 0);
}
