/* The log over HTTP: for whom, how much, and signed. */
#include "asking.h"
#include "host/log_part.h"
#include "host/maker.h"

static ts_arena a;
static ts_key *maker;
static ts_server *server;
static web_exchange x;

static void issue(ts_server *s, const char *serial) {
    const ts_issue_job job = {.store = s->writer,
                              .by = {.key = maker},
                              .document = kettle(&a, serial, "red"),
                              .now = NOW,
                              .until = TS_NO_TIME};
    must_issue(&a, &job);
}

static int setup(void **state) {
    (void)state;
    a = test_arena();
    maker = maker_key(&a, "log-routes.pem", TS_KEY_ED25519);
    server = asking_server(&a, (ts_server_options){.sign = {.key = maker}}, "log-routes.db");
    issue(server, "R1R1R1R1R1R1");
    issue(server, "R2R2R2R2R2R2");
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    ts_key_free(maker);
    return 0;
}

static const char *bearer(ts_server *s, uint32_t scopes) {
    return ts_str_z(&a, asking_token(&a, s, (ts_token_job){.scopes = scopes}));
}

/* Whole documents leave: nobody gets them without the right to. */
static void for_whom(void **state) {
    (void)state;
    const char *right = bearer(server, 1u << TS_RIGHT_REPLICATE);
    const char *others =
        bearer(server, 1u << TS_RIGHT_READ | 1u << TS_RIGHT_STATEMENT | 1u << TS_RIGHT_EVENTS);
    assert_int_equal(ASK(.target = "/log"), 401);
    assert_int_equal(ASK(.target = "/log", .header = {"Authorization", others}), 403);
    assert_true(ts_str_find(x.answer, TS_S("kettle")) == TS_NPOS);
    assert_int_equal(ASK(.target = "/log", .header = {"Authorization", "Bearer tst_x_y"}), 401);
    assert_int_equal(ASK(.target = "/log", .header = {"Authorization", right}), 200);
    assert_str(x.type, "application/jsonl");
    assert_true(ts_str_find(asking_has(&x, "Cache-Control"), TS_S("no-store")) != TS_NPOS);
}

static void slices(void **state) {
    (void)state;
    const char *right = bearer(server, 1u << TS_RIGHT_REPLICATE);
    static const struct {
        const char *target;
        size_t n;
        uint64_t end;
    } rows[] = {{"/log", 4, 4},
                {"/log?limit=3", 3, 3},
                {"/log?after=2&limit=1", 1, 3},
                {"/log?after=4", 0, 4},
                {"/log?after=900", 0, 4},
                {"/log?limit=0", 0, 0},
                {"/log?after=3&limit=99999999999", 1, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        log_batch b;
        ts_checkpoint c;
        ts_error e = {0};
        assert_int_equal(ASK(.target = rows[i].target, .header = {"Authorization", right}), 200);
        if (!log_batch_read(&a, x.answer, &b, &e)) fail_msg("%s: %s", rows[i].target, e.msg);
        assert_int_equal(b.entries.n, rows[i].n);
        assert_int_equal(b.last.end.size, rows[i].end);
        assert_int_equal(b.last.head, 4);
        assert_true(ts_checkpoint_read(&a, b.last.checkpoint, maker, &c, &e));
        assert_true(ts_str_eq(c.log, ts_did_key_of(&a, ts_key_public_of(maker))));
    }
    static const char *const bad[] = {"/log?after=-1", "/log?after=x", "/log?limit=1.5",
                                      "/log?after=18446744073709551616"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ASK(.target = bad[i], .header = {"Authorization", right}), 400);
}

static void checkpoints(void **state) {
    (void)state;
    ts_error e = {0};
    ts_checkpoint c;
    ts_chain_hash h;
    for (uint64_t n = 0; n <= 4; n++) {
        char target[60];
        snprintf(target, sizeof target, "/log/checkpoint?size=%llu", (unsigned long long)n);
        assert_int_equal(ASK(.target = target), 200); /* for everybody */
        assert_str(x.type, "application/jwt");
        assert_true(ts_checkpoint_read(&a, x.answer, maker, &c, &e));
        assert_int_equal(c.size, n);
        assert_true(ts_store_log_hash(server->writer, n, &h, &e));
        assert_true(ts_chain_hash_eq(&c.hash, &h));
    }
    assert_int_equal(ASK(.target = "/log/checkpoint"), 200);
    assert_true(ts_checkpoint_read(&a, x.answer, maker, &c, &e) && c.size == 4);
    assert_int_equal(ASK(.target = "/log/checkpoint?size=5"), 404);
    assert_int_equal(ASK(.target = "/log/checkpoint?size=a"), 400);
    assert_int_equal(ASK(.method = "POST", .target = "/log/checkpoint"), 405);
}

/* What cannot be proven is not sent. */
static void without_a_key(void **state) {
    (void)state;
    ts_server *s = asking_server(&a, (ts_server_options){0}, "log-keyless.db");
    const char *right = bearer(s, 1u << TS_RIGHT_REPLICATE);
    issue(s, "R3R3R3R3R3R3");
    assert_int_equal(
        asking_status(&a, s, &x, (asking){.target = "/log", .header = {"Authorization", right}}),
        501);
    assert_int_equal(asking_status(&a, s, &x, (asking){.target = "/log/checkpoint"}), 501);
    assert_true(ts_str_find(x.answer, TS_S("no key")) != TS_NPOS);
    web_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(for_whom), cmocka_unit_test(slices),
                                       cmocka_unit_test(checkpoints),
                                       cmocka_unit_test(without_a_key)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
