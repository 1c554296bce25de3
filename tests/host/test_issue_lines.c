#include "host/issue.h"

#include "maker.h"

static ts_arena a;
static ts_key *key;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "lines.pem", TS_KEY_ED25519);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_key_free(key);
    return 0;
}

typedef struct told {
    uint64_t v[50];
    size_t n;
} told;

static void note(void *ctx, uint64_t lines) {
    told *t = ctx;
    t->v[t->n++] = lines;
}

static ts_str many(int n, const char *colour) {
    ts_buf b = ts_buf_new(&a, 1 << 20);
    for (int i = 0; i < n; i++) {
        char serial[13];
        snprintf(serial, sizeof serial, "N%011d", i);
        ts_buf_put(&b, kettle(&a, serial, colour));
        ts_buf_put(&b, i % 3 ? TS_S("\n") : TS_S("\r\n\n"));
    }
    return ts_buf_str(&b);
}

static ts_issue_lines_job job_of(ts_store *s, const char *path, told *t) {
    return (ts_issue_lines_job){
        .issue = {.store = s, .by = {.key = key}, .now = NOW, .until = TS_NO_TIME},
        .path = path,
        .group = 10,
        .committed = note,
        .ctx = t};
}

static void in_groups(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "groups.db");
    const char *path = temp_path(&a, "groups.jsonl");
    told t = {0};
    ts_issue_lines_job job = job_of(s, path, &t);
    ts_issued_lines n;
    ts_error e = {0};
    test_write(path, many(25, "red"));
    if (!ts_issue_lines(&a, &job, &n, &e)) fail_msg("%s", e.msg);
    assert_int_equal(n.lines, 25);
    assert_int_equal(n.fresh, 25);
    assert_int_equal(t.n, 3);
    assert_int_equal(t.v[0], 10);
    assert_int_equal(t.v[2], 25);
    /* each is what issuing it alone would have made: recorded, signed, found again */
    const ts_issue_job alone = {.store = s,
                                .by = {.key = key},
                                .document = kettle(&a, "N00000000007", "red"),
                                .now = NOW,
                                .until = TS_NO_TIME};
    ts_issued one = must_issue(&a, &alone);
    assert_true(one.again && !one.new_version);
    assert_int_equal(verified(&a, one.bytes, NOW + 1).step[TS_STEP_SIGNATURE].answer, TS_YES);
    assert_true(ts_issue_lines(&a, &job, &n, &e)); /* the same again changes nothing */
    assert_int_equal(n.again, 25);
    assert_int_equal(n.fresh, 0);
    ts_log_head h;
    assert_true(ts_store_log_head(s, &h, &e));
    assert_int_equal(h.size, 50);
    ts_store_close(s);
}

/* The first line that is refused is named; groups before it stand, its own does not. */
static void stops(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "stops.db");
    const char *path = temp_path(&a, "stops.jsonl");
    told t = {0};
    ts_issue_lines_job job = job_of(s, path, &t);
    ts_issued_lines n;
    ts_error e = {0};
    ts_passport_rows rows = {0};
    const ts_str part[] = {many(15, "red"), TS_S("{\"format\":\"touchstone-passport-1\"}\n"),
                           many(5, "blue")};
    uint64_t line = 1;
    for (size_t i = 0; i < part[0].n; i++) line += part[0].p[i] == '\n';
    test_write(path, ts_str_join(&a, part, 3, TS_NONE));
    assert_false(ts_issue_lines(&a, &job, &n, &e));
    assert_int_equal(e.line, line);
    assert_int_equal(n.lines, 10);
    assert_true(ts_store_passports(s, &a, TS_NONE, TS_NONE, 100, &rows, &e));
    assert_int_equal(rows.n, 10);
    assert_true(ts_store_begin(s, &e)); /* no transaction is left open */
    ts_store_rollback(s);
    job.issue.store = 0;
    assert_false(ts_issue_lines(&a, &job, &n, &e));
    assert_non_null(strstr(e.msg, "into a store"));
    job.issue.store = s;
    job.path = temp_path(&a, "no-such.jsonl");
    assert_false(ts_issue_lines(&a, &job, &n, &e));
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_groups), cmocka_unit_test(stops)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
