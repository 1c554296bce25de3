#include "host/verifying.h"

#include "maker.h"
#include "net/server.h"
#include "render/render.h"

static ts_arena a;
static test_server *server;
static ts_store *store;
static ts_key *key;
static ts_issued one;

static int setup(void **state) {
    (void)state;
    ts_error e = {0};
    a = test_arena();
    server = test_server_start(&a);
    store = maker_store(&a, "verifying.db");
    key = maker_key(&a, "verifying.pem", TS_KEY_ED25519);
    const ts_issue_job job = {.store = store,
                              .by = {.key = key},
                              .document = kettle(&a, "W1W1W1W1W1W1", "red"),
                              .now = NOW,
                              .until = TS_NO_TIME};
    one = must_issue(&a, &job);
    return ts_net_init(&e) ? 0 : -1;
}
static int teardown(void **state) {
    (void)state;
    test_server_stop(server);
    ts_store_close(store);
    ts_key_free(key);
    ts_net_done();
    return 0;
}

static ts_verify_job usual(ts_str input, bool address) {
    ts_verify_job j = {.input = input,
                       .name = "input",
                       .is_address = address,
                       .now = NOW + 10,
                       .resolve = {.fetch = {.max_ms = 3000, .retries = -1}}};
    *ts_push(&a, &j.resolve.fetch.allow_private) = test_server_place(server);
    return j;
}

static ts_verified must(const ts_verify_job *j) {
    ts_verified v;
    ts_error e = {0};
    if (!ts_verify_input(&a, j, &v, &e)) fail_msg("%s", e.msg);
    return v;
}

static void all_open(const ts_verified *v, const char *says) {
    for (int i = 0; i < TS_STEPS; i++) {
        assert_int_equal(v->report.step[i].answer, TS_OPEN);
        if (ts_str_find(v->report.step[i].reason, ts_str_c(says)) == TS_NPOS)
            fail_msg("%.*s", TS_P(v->report.step[i].reason));
    }
}

static void addresses(void **state) {
    (void)state;
    test_server_put(server, "/p.jwt",
                    (serve_file){.body = one.bytes, .type = "application/vc+jwt"});
    ts_verify_job j = usual(test_server_url(server, "/p.jwt"), true);
    ts_verified v = must(&j);
    assert_int_equal(v.report.step[TS_STEP_SIGNATURE].answer, TS_YES);
    assert_says(v.steps, "fetched");
    /* a page for people, nothing, and a house that must not be entered */
    test_server_put(server, "/page",
                    (serve_file){.body = TS_S("<!doctype html><p>Kettle"), .type = "text/html"});
    j.input = test_server_url(server, "/page");
    v = must(&j);
    all_open(&v, "a page for people");
    j.input = test_server_url(server, "/nothing");
    v = must(&j);
    all_open(&v, "404");
    j.resolve.fetch.allow_private.n = 0;
    v = must(&j);
    all_open(&v, "127.0.0.1");
    j.resolve.offline = true;
    v = must(&j);
    all_open(&v, "--offline");
}

static void link_sets(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 4000);
    test_server_put(server, "/p.jwt",
                    (serve_file){.body = one.bytes, .type = "application/vc+jwt"});
    ts_buf_fmt(&b,
               "{\"linkset\":[{\"anchor\":\"https://x.example/\",\"https://ref.gs1.org/voc/"
               "dpp\":[{\"href\":\"%.*s\","
               "\"type\":\"text/html\"},{\"href\":\"%.*s\",\"type\":\"application/vc+jwt\"}]}]}",
               TS_P(test_server_url(server, "/page")), TS_P(test_server_url(server, "/p.jwt")));
    test_server_put(server, "/01/09521234543213/21/W1W1W1W1W1W1",
                    (serve_file){.body = ts_buf_str(&b), .type = "application/linkset+json"});
    ts_verify_job j = usual(test_server_url(server, "/01/09521234543213/21/W1W1W1W1W1W1"), true);
    ts_verified v = must(&j);
    assert_int_equal(v.report.step[TS_STEP_SIGNATURE].answer, TS_YES);
    assert_says(v.steps, "a link set names the passport");
    /* another product's passport behind the code */
    test_server_put(server, "/01/09521234543213/21/OTHER",
                    (serve_file){.body = one.bytes, .type = "application/vc+jwt"});
    j.input = test_server_url(server, "/01/09521234543213/21/OTHER");
    v = must(&j);
    bool failed_one = false;
    for (int i = 0; i < TS_STEPS; i++) failed_one |= v.report.step[i].answer == TS_NO;
    assert_true(failed_one);
    /* a set that names itself, without end */
    ts_buf_reset(&b);
    ts_buf_fmt(&b, "{\"linkset\":[{\"https://ref.gs1.org/voc/dpp\":[{\"href\":\"%.*s\"}]}]}",
               TS_P(test_server_url(server, "/round")));
    test_server_put(server, "/round",
                    (serve_file){.body = ts_buf_str(&b), .type = "application/linkset+json"});
    j.input = test_server_url(server, "/round");
    v = must(&j);
    assert_true(v.report.step[TS_STEP_SIGNATURE].answer != TS_YES);
    assert_true(test_server_count(server, "/round") <= 2);
}

static void codes(void **state) {
    (void)state;
    ts_label l = {.lines = 0};
    ts_str png;
    ts_error e = {0};
    assert_true(ts_symbol_encode(&a, TS_SYMBOL_QR,
                                 TS_S("https://id.gs1.org/01/09521234543213/21/W1W1W1W1W1W1"),
                                 &l.symbol, &e));
    assert_true(ts_label_png(&a, &l, 6, 0.5, &png, &e));
    ts_verify_job j = usual(png, false);
    j.store = store;
    ts_verified v = must(&j);
    assert_int_equal(v.report.step[TS_STEP_SIGNATURE].answer, TS_YES);
    assert_str(v.code, "https://id.gs1.org/01/09521234543213/21/W1W1W1W1W1W1");
    /* the same as a scanner hands it over */
    j = usual(TS_S("(01)09521234543213(21)W1W1W1W1W1W1"), true);
    j.store = store;
    v = must(&j);
    assert_int_equal(v.report.step[TS_STEP_SIGNATURE].answer, TS_YES);
    assert_says(v.steps, "the store holds the passport");
}

static void refused(ts_str input, bool address, const char *says) {
    ts_verify_job j = usual(input, address);
    ts_verified v;
    ts_error e = {0};
    assert_false(ts_verify_input(&a, &j, &v, &e));
    if (!strstr(e.msg, says)) fail_msg("%s", e.msg);
}

static void nothing_to_verify(void **state) {
    (void)state;
    ts_symbol blank = {.wide = 21, .high = 21, .quiet = 4, .dark = ts_new_n(&a, uint8_t, 441)};
    ts_label l = {.symbol = blank};
    ts_str png;
    ts_error e = {0};
    assert_true(ts_label_png(&a, &l, 4, 0.5, &png, &e));
    refused(png, false, "no QR code or Data Matrix");
    refused(ts_str_to(png, 60), false, "damaged");
    refused(TS_S("(01)09521234543214"), true, ""); /* a check digit */
    refused(TS_S("https://id.gs1.org/01/09521234543214"), true, "");
    refused(TS_S("did:web:m.example"), true, "not where its passport is");
    ts_verify_job j = usual(TS_S("no passport"), false);
    assert_int_equal(must(&j).report.step[TS_STEP_SIGNATURE].answer, TS_NO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(link_sets),
        cmocka_unit_test(codes),
        cmocka_unit_test(nothing_to_verify),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
