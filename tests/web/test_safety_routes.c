#include "asking.h"
#include "host/maker.h"

static ts_arena a;
static ts_key *maker, *authority;
static ts_server *server;
static web_exchange x;
static ts_str did, stating, operating;

#define PRODUCT "https://id.gs1.org/01/09521234543213/21/A1"

static ts_str thing(const char *grain, const char *id, const char *product, const char *more) {
    ts_buf b = ts_buf_new(&a, 8000);
    ts_buf_fmt(
        &b,
        "{\"format\":\"touchstone-passport-1\",\"id\":\"%s\",\"granularity\":\"%s\","
        "\"product\":{\"id\":\"https://id.gs1.org/01/09521234543213%s\",\"name\":\"Battery\","
        "\"productCategory\":[{\"code\":\"1\",\"name\":\"B\",\"schemeId\":"
        "\"https://c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":"
        "\"https://m.example/1\",\"name\":\"One\"},\"countryOfProduction\":{\"countryCode\":"
        "\"DE\"}},\"operator\":{\"id\":\"%.*s\",\"name\":\"Maker\"},\"packs\":[{\"id\":"
        "\"generic\"}],\"status\":\"active\",\"elements\":{\"identification\":{\"model\":"
        "\"B1\"}}%s}",
        id, grain, product, TS_P(did), more);
    return ts_buf_str(&b);
}

static void issue(ts_str document) {
    ts_issue_job job = {.store = server->writer,
                        .by = {.key = maker},
                        .document = document,
                        .now = ts_now() - 100,
                        .until = TS_NO_TIME};
    must_issue(&a, &job);
}

static int setup(void **state) {
    (void)state;
    a = test_arena();
    maker = maker_key(&a, "maker.pem", TS_KEY_ED25519);
    authority = maker_key(&a, "authority.pem", TS_KEY_P256);
    did = ts_did_key_of(&a, ts_key_public_of(maker));
    server = asking_server(
        &a, (ts_server_options){.base = TS_S("https://id.example.com"), .sign = {.key = maker}},
        "safety-routes.db");
    issue(thing("model", "urn:m", "", ""));
    issue(thing("batch", "urn:b", "/10/L1", ",\"links\":{\"model\":\"urn:m\"}"));
    issue(thing("item", "urn:i:1", "/21/A1", ",\"links\":{\"batch\":\"urn:b\"}"));
    stating = asking_token(&a, server, (ts_token_job){.scopes = 1u << TS_RIGHT_STATEMENT});
    operating = asking_token(&a, server,
                             (ts_token_job){.scopes = 1u << TS_RIGHT_STATEMENT |
                                                      1u << TS_RIGHT_WRITE | 1u << TS_RIGHT_READ,
                                            .operator_id = did});
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    ts_key_free(maker);
    ts_key_free(authority);
    return 0;
}

static const ts_json *answer(void) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(&a, x.answer, (ts_json_options){.strict = true}, &e);
    if (!v) fail_msg("%s: %.*s", e.msg, TS_P(x.answer));
    return v;
}

static int send(asking q) {
    asking_ask(&a, server, q, &x);
    return x.status;
}

static int post(const char *target, ts_str token, const char *type, ts_str body) {
    return send((asking){.method = "POST",
                         .target = target,
                         .header = {"Authorization", ts_str_z(&a, token), "Content-Type", type},
                         .body = body});
}

static int ask(const char *target) { return send((asking){.target = target}); }

static ts_str statement_on(const char *passport) {
    const ts_safety_job job = {.by = {.key = authority, .name = TS_S("Authority")},
                               .passport = ts_str_c(passport),
                               .status = TS_SAFETY_RECALLED,
                               .notice_id = TS_S("safety_gate:A1"),
                               .now = ts_now() - 10};
    ts_str credential;
    ts_error e = {0};
    assert_true(ts_statement_make(&a, &job, &credential, &e));
    return credential;
}

static ts_str status_of(const char *target) {
    assert_int_equal(ask(target), 200);
    return ts_json_str(ts_json_member(answer(), "status"));
}

static void recall_status(void **state) {
    (void)state;
    assert_str(status_of("/recall-status?product=" PRODUCT), "none_known");
    assert_str(status_of("/recall-status?passport=urn%3Ai%3A1"), "none_known");
    assert_str(asking_has(&x, "Access-Control-Allow-Origin"), "*");
    /* an item without a passport of its own: that of its batch, of its model */
    assert_str(status_of("/recall-status?product=https://id.gs1.org/01/09521234543213/10/L1/21/Z"),
               "none_known");
    assert_int_equal(ask("/recall-status"), 400);
    assert_int_equal(ask("/recall-status?product=x&passport=y"), 400);
    assert_int_equal(ask("/recall-status?passport=urn:none"), 404);
    assert_int_equal(ask("/recall-status?product=https://id.gs1.org/01/09506000134352"), 404);
    assert_int_equal(ask("/recall-status?product=%00"), 400);
}

static void statements(void **state) {
    (void)state;
    ts_str credential = statement_on("urn:b");
    assert_int_equal(send((asking){.method = "POST",
                                   .target = "/statements",
                                   .header = {"Content-Type", "application/vc+jwt"},
                                   .body = credential}),
                     401);
    assert_int_equal(post("/statements", stating, "text/plain", credential), 415);
    assert_int_equal(post("/statements", stating, "application/vc+jwt", TS_S("a.b.c")), 400);
    assert_int_equal(post("/statements", stating, "application/vc+jwt", statement_on("urn:none")),
                     404);
    assert_int_equal(post("/statements", stating, "application/vc+jwt", credential), 201);
    ts_str id = ts_json_str(ts_json_member(answer(), "id"));
    assert_true(ts_str_starts(asking_has(&x, "Location"),
                              TS_S("https://id.example.com/statements?id=urn%3Auuid%3A")));
    assert_int_equal(post("/statements", stating, "application/vc+jwt", credential), 200);
    assert_str(status_of("/recall-status?product=" PRODUCT), "recalled"); /* through the batch */
    assert_str(status_of("/recall-status?passport=urn:m"), "none_known");
    assert_int_equal(ask("/statements?passport=urn:b"), 200);
    const ts_json *list = ts_json_member(answer(), "statements");
    assert_int_equal(list->n, 1);
    assert_true(ts_str_eq(ts_json_str(ts_json_member(list + 1, "credential")), credential));
    assert_int_equal(ask("/statements?id=urn:none"), 404);
    assert_int_equal(ask("/statements"), 400);
    /* the server contests in its operator's name; lifting is its maker's */
    ts_buf b = ts_buf_new(&a, 4000);
    ts_buf_fmt(&b, "{\"statement\":\"%.*s\",\"status\":\"contested\",\"reason\":\"No.\"}",
               TS_P(id));
    assert_int_equal(post("/statements/answers", stating, "application/json", ts_buf_str(&b)), 403);
    assert_int_equal(post("/statements/answers", operating, "application/json", ts_buf_str(&b)),
                     201);
    assert_int_equal(ask("/recall-status?product=" PRODUCT), 200);
    const ts_json *one = ts_json_at(ts_json_member(answer(), "statements"), 0);
    assert_str(ts_json_str(ts_json_member(ts_json_member(one, "contested"), "reason")), "No.");
    ts_buf_reset(&b);
    ts_buf_fmt(&b, "{\"statement\":\"%.*s\",\"status\":\"lifted\"}", TS_P(id));
    assert_int_equal(post("/statements/answers", operating, "application/json", ts_buf_str(&b)),
                     400);
    static const char *const bad[] = {"", "[]", "{}", "{\"statement\":1,\"status\":2}",
                                      "{\"statement\":\"urn:x\",\"status\":\"contested\"}"};
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            post("/statements/answers", operating, "application/json", ts_str_c(bad[i])), 400);
}

static void own_word(void **state) {
    (void)state;
    ts_str body = TS_S("{\"passport\":\"urn:i:1\",\"status\":\"recalled\",\"notice\":"
                       "\"safety_gate:A2\",\"text\":{\"en\":\"Stop.\"}}");
    assert_int_equal(post("/safety", stating, "application/json", body), 403);
    assert_int_equal(post("/safety", operating, "application/json", body), 201);
    int64_t version;
    assert_true(ts_json_i64(ts_json_member(answer(), "version"), &version) && version == 2);
    assert_int_equal(post("/safety", operating, "application/json", body), 200);
    assert_int_equal(ask("/recall-status?passport=urn:i:1"), 200);
    const ts_json *one = ts_json_at(ts_json_member(answer(), "statements"), 0);
    assert_str(ts_json_str(ts_json_member(ts_json_member(one, "text"), "en")), "Stop.");
    assert_int_equal(post("/safety", operating, "application/json",
                          TS_S("{\"passport\":\"urn:i:1\",\"status\":\"fine\"}")),
                     400);
    assert_int_equal(post("/safety", operating, "application/json",
                          TS_S("{\"passport\":\"urn:none\",\"status\":\"recalled\"}")),
                     404);
}

static void hit_by_a_notice(void **state) {
    (void)state;
    ts_str notice =
        TS_S("{\"format\":\"touchstone-notice-1\",\"id\":\"t:1\",\"source\":\"t\",\"number\":\"1\","
             "\"product\":\"Battery\",\"identifiers\":[{\"type\":\"gtin13\",\"value\":"
             "\"9521234543213\"}],\"scope\":{\"lots\":[\"L1\"]}}");
    assert_int_equal(post("/affected", stating, "application/json", notice), 403);
    assert_int_equal(post("/affected", operating, "application/json", TS_S("{}")), 400);
    assert_int_equal(ask("/affected?notice=t%3A1"), 404);
    assert_int_equal(ask("/affected"), 400);
    if (post("/affected?all=true", operating, "application/json", notice) != 200)
        fail_msg("%d: %.*s", x.status, TS_P(x.answer));
    const ts_json *v = answer();
    assert_str(ts_json_str(ts_json_member(v, "format")), "touchstone-affected-1");
    int64_t inside;
    assert_true(ts_json_i64(ts_json_member(ts_json_member(v, "counts"), "inside"), &inside));
    assert_int_equal(inside, 2); /* the batch and its item */
    assert_int_equal(post("/affected?limit=0", operating, "application/json", notice), 400);
    assert_int_equal(post("/affected?limit=1", operating, "application/json", notice), 200);
    v = answer();
    assert_int_equal(ts_json_member(v, "passports")->n, 1);
    assert_true(ts_json_is(ts_json_member(v, "more"), TS_JSON_TRUE));
    /* counts are of all, whatever the limit */
    assert_true(ts_json_i64(ts_json_member(ts_json_member(v, "counts"), "inside"), &inside));
    assert_int_equal(inside, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recall_status),
        cmocka_unit_test(statements),
        cmocka_unit_test(own_word),
        cmocka_unit_test(hit_by_a_notice),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
