#include "asking.h"

static ts_arena a;
static ts_server *server;
static web_exchange x;
static int runs;

static bool fine(web_exchange *y, ts_error *e) {
    (void)e;
    runs++;
    web_json(y, 200, y->body.n ? y->body : TS_S("{}"));
    return true;
}

static bool eyes(web_exchange *y, ts_error *e) {
    (void)e;
    ts_str parts[] = {ts_audience_names(y->a, y->who),
                      ts_audience_names(y->a, web_eyes(y, TS_S("did:web:own"))),
                      ts_audience_names(y->a, web_eyes(y, TS_S("did:web:other"))),
                      ts_audience_names(y->a, web_eyes(y, TS_NONE)), web_recorder(y).name};
    web_reply(y, 200, "text/plain", ts_str_join(y->a, parts, 5, TS_S("|")));
    return true;
}

static bool failing(web_exchange *y, ts_error *e) {
    ts_str code = web_parameter_of(y, "code"), status = web_parameter_of(y, "status");
    int64_t c = 0, s = 0;
    ts_i64_parse(code, &c);
    if (ts_i64_parse(status, &s)) y->status = (int)s;
    return ts_fail(e, (ts_error_code)c, "the secret of /etc/passwd");
}

static bool greedy(web_exchange *y, ts_error *e) {
    ts_error ignored;
    ts_store *s = web_writer(y, e);
    assert_non_null(s);
    assert_true(ts_store_begin(s, &ignored));
    const ts_token_row row = {.id = TS_S("half"), .digest = TS_S("x"), .name = TS_S("x")};
    assert_true(ts_store_put_token(s, &row, &ignored));
    for (;;) ts_alloc_raw(y->a, 1 << 20, 1, 1);
    return false;
}

static bool forgetful(web_exchange *y, ts_error *e) { /* leaves the writing connection taken */
    if (!web_writer(y, e)) return false;
    web_json(y, 200, TS_S("{}"));
    return true;
}

static bool header(web_exchange *y, ts_error *e) {
    (void)e;
    web_set(y, "X-Bad", TS_S("a\r\nSet-Cookie: b"));
    web_set(y, "X-Good", TS_S("a"));
    web_set(y, "Cache-Control", TS_S("public, max-age=60"));
    web_reply(y, 200, "text/html; charset=utf-8", TS_S("<p>"));
    return true;
}

static bool tagged(web_exchange *y, ts_error *e) {
    (void)e;
    if (!web_unchanged(y, TS_S("\"v1\""))) web_json(y, 200, TS_S("{}"));
    return true;
}

static const char *const json[] = {"application/json", 0};
static const web_parameter codes[] = {{"code", "", true, 0}, {"status", "", false, 0}, {0}};
static const web_route routes[] = {
    {"GET", "/open", 0, 0, 0, "", fine},
    {"GET", "/closed", 1u << TS_RIGHT_READ, 0, 0, "", fine},
    {"POST", "/closed", 1u << TS_RIGHT_WRITE | 1u << TS_RIGHT_EVENTS, json, 0, "", fine},
    {"POST", "/v1/open", 0, json, 0, "", fine},
    {"DELETE", "/open", 0, 0, 0, "", fine},
    {"GET", "/eyes", 0, 0, 0, "", eyes},
    {"GET", "/fails", 0, 0, codes, "", failing},
    {"GET", "/v1/fails", 0, 0, codes, "", failing},
    {"GET", "/greedy", 0, 0, 0, "", greedy},
    {"GET", "/forgetful", 0, 0, 0, "", forgetful},
    {"GET", "/header", 0, 0, 0, "", header},
    {"GET", "/tagged", 0, 0, 0, "", tagged},
    {0},
};
static const web_route *const tables[] = {routes, 0};

static int setup(void **state) {
    (void)state;
    a = test_arena();
    server = asking_server(&a, (ts_server_options){.body_max = 100}, "dispatch.db");
    server->tables = tables;
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    return 0;
}

static const char *token(uint32_t scopes, ts_audiences who, const char *operator_id) {
    ts_token_job job = {.scopes = scopes, .audiences = who, .operator_id = ts_str_c(operator_id)};
    return ts_str_z(&a, asking_token(&a, server, job));
}

static void who_may(void **state) {
    (void)state;
    const char *reader = token(1u << TS_RIGHT_READ, 0, 0),
               *writer = token(1u << TS_RIGHT_WRITE, 0, "did:web:own");
    runs = 0;
    assert_int_equal(ASK(.target = "/closed"), 401);
    assert_str(asking_has(&x, "WWW-Authenticate"), "Bearer realm=\"touchstone\"");
    assert_int_equal(ASK(.target = "/closed", .header = {"Authorization", writer}), 403);
    assert_says(x.answer, "this token lacks the right to read");
    assert_int_equal(
        ASK(.method = "POST", .target = "/closed", .header = {"Authorization", writer}), 403);
    assert_says(x.answer, "this token lacks the right to events");
    assert_int_equal(
        ASK(.method = "POST", .target = "/closed", .header = {"Authorization", reader}), 403);
    assert_says(x.answer, "this token lacks the right to write, events");
    assert_int_equal(runs, 0);
    assert_int_equal(ASK(.target = "/closed", .header = {"Authorization", reader}), 200);
    assert_int_equal(runs, 1);
    /* a wrong token is never taken for none */
    assert_int_equal(ASK(.target = "/open", .header = {"Authorization", "Bearer tst_a_b"}), 401);
    assert_says(asking_has(&x, "WWW-Authenticate"), "invalid_token");
    assert_int_equal(ASK(.target = "/open", .header = {"Authorization", "Basic YTpi"}), 401);
    assert_int_equal(ASK(.target = "/open", .header = {"Authorization", "Bearer"}), 401);
    assert_int_equal(ASK(.target = "/open", .header = {"Authorization", "bearer  tst_a_b"}), 401);
    assert_int_equal(runs, 1);
    /* what does not exist is not told apart by rights */
    assert_int_equal(ASK(.target = "/nowhere", .header = {"Authorization", "Bearer x"}), 404);
}

/* The operator sees everything of its own passports and of no others. */
static void whose_eyes(void **state) {
    (void)state;
    const char *own = token(0, 1u << TS_AUD_OPERATOR | 1u << TS_AUD_AUTHORITY, "did:web:own");
    ASK(.target = "/eyes");
    assert_str(x.answer, "public|public|public|public|");
    ASK(.target = "/eyes", .header = {"Authorization", own});
    assert_str(x.answer, "public+authority|public+authority+operator|public+authority|"
                         "public+authority|somebody");
}

static void bodies(void **state) {
    (void)state;
    char *large = ts_new_n(&a, char, 101);
    memset(large, ' ', 101);
#define POST(...) ASK(.method = "POST", .target = "/v1/open", __VA_ARGS__)
#define JSON_TYPE "Content-Type", "application/json; charset=utf-8"
    assert_int_equal(POST(.body = TS_S("[1]"), .header = {JSON_TYPE}), 200);
    assert_str(x.answer, "[1]");
    assert_int_equal(POST(.body = TS_S("[1]")), 415);
    assert_int_equal(POST(.body = TS_S("[1]"), .header = {"Content-Type", "text/plain"}), 415);
    assert_str(asking_has(&x, "Accept"), "application/json");
    assert_int_equal(POST(.body = TS_S("[1]"), .header = {JSON_TYPE, "Content-Encoding", "gzip"}),
                     415);
    assert_int_equal(POST(.body = {large, 100}, .header = {JSON_TYPE}), 200);
    assert_int_equal(POST(.body = {large, 101}, .header = {JSON_TYPE}), 413);
    assert_int_equal(
        ASK(.method = "DELETE", .target = "/open", .body = TS_S("x"), .header = {JSON_TYPE}), 415);
    assert_says(x.answer, "takes no body");
    /* before the body is there */
#define EARLY(...) asking_ask(&a, server, (asking){.body_follows = true, __VA_ARGS__}, &x)
    runs = 0;
    assert_false(EARLY(.method = "POST", .target = "/v1/open",
                       .header = {JSON_TYPE, "Content-Length", "100"}));
    assert_false(EARLY(.method = "POST", .target = "/v1/open",
                       .header = {JSON_TYPE, "Transfer-Encoding", "chunked"}));
    assert_true(EARLY(.method = "POST", .target = "/v1/open",
                      .header = {JSON_TYPE, "Content-Length", "101"}));
    assert_int_equal(x.status, 413);
    assert_true(EARLY(.method = "POST", .target = "/v1/open",
                      .header = {JSON_TYPE, "Content-Length", "-1"}));
    assert_int_equal(x.status, 400);
    assert_true(
        EARLY(.method = "POST", .target = "/closed", .header = {JSON_TYPE, "Content-Length", "1"}));
    assert_int_equal(x.status, 401);
    assert_true(EARLY(.method = "POST", .target = "/nowhere",
                      .header = {JSON_TYPE, "Content-Length", "1"}));
    assert_int_equal(x.status, 404);
    assert_int_equal(runs, 0);
}

static void errors(void **state) {
    (void)state;
    static const struct {
        ts_error_code code;
        int status;
    } codes_of[] = {{TS_E_USAGE, 400},     {TS_E_INPUT, 400},  {TS_E_LIMIT, 413},
                    {TS_E_NOT_FOUND, 404}, {TS_E_NET, 502},    {TS_E_IO, 500},
                    {TS_E_STORE, 500},     {TS_E_MEMORY, 500}, {TS_E_VERSION, 500}};
    for (size_t i = 0; i < sizeof codes_of / sizeof *codes_of; i++) {
        ts_buf b = ts_buf_new(&a, 100);
        ts_buf_fmt(&b, "/fails?code=%d", (int)codes_of[i].code);
        assert_int_equal(ASK(.target = ts_str_z(&a, ts_buf_str(&b))), codes_of[i].status);
        /* what lies inside stays inside */
        assert_true((ts_str_find(x.answer, TS_S("passwd")) != TS_NPOS) ==
                    (codes_of[i].status != 500));
        assert_str(asking_has(&x, "Cache-Control"), "private, no-store");
    }
    assert_int_equal(ASK(.target = "/fails?code=2&status=412"), 412);
    assert_str(x.answer, "{\"type\":\"about:blank\",\"title\":\"Precondition Failed\",\"status\":"
                         "412,\"detail\":\"the secret of /etc/passwd\"}");
    assert_int_equal(ASK(.target = "/v1/fails?code=2&status=409"), 409);
    assert_str(x.type, "application/json");
    assert_says(x.answer, "{\"statusCode\":\"ClientResourceConflict\",\"message\":[{"
                          "\"messageType\":\"Error\",\"text\":\"the secret of /etc/passwd\","
                          "\"code\":\"409\",\"timestamp\":\"");
}

/* A route that wants more memory than there is: the request fails, nothing it began stays, and the
 * next one is answered. */
static void memory(void **state) {
    (void)state;
    ts_token_row row;
    ts_error e = {0};
    bool found;
    assert_int_equal(ASK(.target = "/greedy"), 500);
    assert_false(x.writing);
    assert_true(ts_store_token(server->writer, &a, TS_S("half"), &row, &found, &e));
    assert_false(found);
    assert_int_equal(ASK(.target = "/open"), 200);
    assert_int_equal(ASK(.target = "/forgetful"), 200);
    assert_int_equal(pthread_mutex_trylock(&server->writing), 0);
    pthread_mutex_unlock(&server->writing);
}

static void headers(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/header"), 200);
    assert_str(asking_has(&x, "X-Bad"), "");
    assert_str(asking_has(&x, "X-Good"), "a");
    assert_str(asking_has(&x, "X-Content-Type-Options"), "nosniff");
    assert_str(asking_has(&x, "Referrer-Policy"), "no-referrer");
    assert_says(asking_has(&x, "Content-Security-Policy"), "default-src 'none'");
    assert_says(asking_has(&x, "Content-Security-Policy"), "frame-ancestors 'none'");
    assert_silent_on(asking_has(&x, "Content-Security-Policy"), "unsafe");
    assert_str(asking_has(&x, "Cache-Control"), "public, max-age=60");
    /* what one caller was shown is kept for nobody */
    ASK(.target = "/header", .header = {"Authorization", token(0, 0, 0)});
    assert_str(asking_has(&x, "Cache-Control"), "private, no-store");
    ASK(.target = "/open");
    assert_str(asking_has(&x, "Content-Security-Policy"), "");
}

static void tags(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/tagged"), 200);
    assert_str(asking_has(&x, "ETag"), "\"v1\"");
    assert_int_equal(ASK(.target = "/tagged", .header = {"If-None-Match", "\"v1\""}), 304);
    assert_int_equal(x.answer.n, 0);
    assert_str(asking_has(&x, "ETag"), "\"v1\"");
    assert_int_equal(ASK(.target = "/tagged", .header = {"If-None-Match", "\"v0\", W/\"v1\""}),
                     304);
    assert_int_equal(ASK(.target = "/tagged", .header = {"If-None-Match", "*"}), 304);
    assert_int_equal(ASK(.target = "/tagged", .header = {"If-None-Match", "\"v10\", v1"}), 200);
}

static void rates(void **state) {
    (void)state;
    ts_arena b = test_arena();
    ts_server *open = server;
    server = asking_server(&b, (ts_server_options){.rate = 5}, "rates.db");
    server->tables = tables;
    const char *good = token(0, 0, 0);
    for (int i = 0; i < 5; i++) assert_int_equal(ASK(.target = "/open", .from = "one"), 200);
    assert_int_equal(ASK(.target = "/open", .from = "one"), 429);
    assert_str(asking_has(&x, "Retry-After"), "60");
    /* guessing tokens is counted, too; a good one is not */
    assert_int_equal(ASK(.target = "/open", .from = "one", .header = {"Authorization", "Bearer x"}),
                     429);
    assert_int_equal(ASK(.target = "/open", .from = "one", .header = {"Authorization", good}), 200);
    assert_int_equal(ASK(.target = "/open", .from = "two"), 200);
    web_close(server);
    server = open;
}

static void told(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_server_routes(&b);
    assert_says(ts_buf_str(&b), "  GET     /healthz\n          whether the server answers");
    /* each declared route has its help, and its path begins with '/' */
    for (const web_route *const *t = web_tables; *t; t++)
        for (const web_route *r = *t; r->method; r++) {
            assert_true(r->help && *r->help && r->path[0] == '/' && r->run);
            assert_true(r->rights < 1u << TS_RIGHTS);
            for (const web_parameter *p = r->parameters; p && p->name; p++)
                assert_non_null(p->help);
        }
}

static void options_checked(void **state) {
    (void)state;
    static const struct {
        ts_server_options o;
        const char *says;
    } bad[] = {
        {{.base = {"id.example", 10}}, "the public address is http:// or https://"},
        {{.base = {"https://id.example/", 19}}, "without '/' at the end"},
        {{.base = {"https://id.example?x", 20}}, "the public address"},
        {{.threads = 5000}, "at most 1024 threads"},
        {{.threads = 8, .connections = 4}, "fewer connections (4) than threads (8)"},
        {{.body_max = (size_t)1 << 40}, "a body has at most 256 MiB"},
        {{.store = "/nowhere/at/all.db"}, "cannot open the store"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_server_options o = bad[i].o;
        ts_error e = {0};
        ts_server *s;
        if (!o.store) o.store = temp_path(&a, "options.db");
        assert_false(web_open(&a, &o, &s, &e));
        assert_says(ts_str_c(e.msg), bad[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_may), cmocka_unit_test(whose_eyes),
        cmocka_unit_test(bodies),  cmocka_unit_test(errors),
        cmocka_unit_test(memory),  cmocka_unit_test(headers),
        cmocka_unit_test(tags),    cmocka_unit_test(rates),
        cmocka_unit_test(told),    cmocka_unit_test(options_checked),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
