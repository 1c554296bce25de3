#include "host/resolve.h"

#include "maker.h"
#include "net/server.h"

static ts_arena a;
static test_server *server;

static int setup(void **state) {
    (void)state;
    ts_error e = {0};
    a = test_arena();
    server = test_server_start(&a);
    return ts_net_init(&e) ? 0 : -1;
}
static int teardown(void **state) {
    (void)state;
    test_server_stop(server);
    ts_net_done();
    return 0;
}

static ts_resolve_options usual(const char *cache) {
    ts_resolve_options o = {.cache = cache, .fetch = {.max_ms = 3000, .retries = -1}};
    *ts_push(&a, &o.fetch.allow_private) = test_server_place(server);
    return o;
}

static bool get(const ts_resolve_options *o, ts_want what, ts_str url, ts_str *bytes, ts_error *e) {
    *e = (ts_error){0};
    ts_resolver *r = ts_resolver_new(&a, o, e);
    if (!r) return false;
    ts_source_of s = ts_resolver_source(r);
    return s.get(s.ctx, &a, what, url, bytes, e);
}

static void fails(const ts_resolve_options *o, ts_want what, ts_str url, const char *says) {
    ts_str bytes;
    ts_error e;
    assert_false(get(o, what, url, &bytes, &e));
    if (!strstr(e.msg, says)) fail_msg("%s", e.msg);
}

/* ---- files at hand ---- */

static void files_of_the_user(void **state) {
    (void)state;
    const char *did = temp_path(&a, "did.json"), *bad = temp_path(&a, "bad.json");
    ts_key *k = maker_key(&a, "files.pem", TS_KEY_P256);
    ts_str m, bytes;
    ts_error e = {0};
    assert_true(ts_did_file_change(&a, did, TS_S("did:web:m.example:kettles"), ts_key_public_of(k),
                                   TS_KEY_ADD, NOW, &m, &e));
    ts_key_free(k);
    const char *files[] = {did};
    ts_resolve_options o = {.files = files, .files_n = 1, .offline = true};
    assert_true(
        get(&o, TS_WANT_DID_DOCUMENT, TS_S("https://m.example/kettles/did.json"), &bytes, &e));
    fails(&o, TS_WANT_DID_DOCUMENT, TS_S("https://m.example/.well-known/did.json"), "--offline");
    test_write(bad, TS_S("{\"name\":\"no id\"}"));
    files[0] = bad;
    assert_null(ts_resolver_new(&a, &o, &e));
    assert_non_null(strstr(e.msg, "nothing can refer to it"));
}

/* ---- what is kept ---- */

static void kept_for_a_while(void **state) {
    (void)state;
    ts_resolve_options o = usual(temp_path(&a, "cache"));
    ts_str url = test_server_url(server, "/list"), bytes;
    ts_error e;
    setenv("TOUCHSTONE_NOW", "2026-01-01T00:00:00Z", 1);
    test_server_put(server, "/list", (serve_file){.body = TS_S("one")});
    assert_true(get(&o, TS_WANT_STATUS_LIST, url, &bytes, &e));
    assert_str(bytes, "one");
    test_server_put(server, "/list", (serve_file){.body = TS_S("two")});
    setenv("TOUCHSTONE_NOW", "2026-01-01T00:04:00Z", 1);
    assert_true(get(&o, TS_WANT_STATUS_LIST, url, &bytes, &e));
    assert_str(bytes, "one");
    setenv("TOUCHSTONE_NOW", "2026-01-01T00:06:00Z", 1);
    assert_true(get(&o, TS_WANT_STATUS_LIST, url, &bytes, &e));
    assert_str(bytes, "two");
    setenv("TOUCHSTONE_NOW", "2025-12-31T00:00:00Z", 1); /* a clock that was set back */
    test_server_put(server, "/list", (serve_file){.body = TS_S("three")});
    assert_true(get(&o, TS_WANT_STATUS_LIST, url, &bytes, &e));
    assert_str(bytes, "three");
    setenv("TOUCHSTONE_NOW", "2026-06-01T00:00:00Z", 1);
    o.offline = true;
    assert_true(get(&o, TS_WANT_STATUS_LIST, url, &bytes, &e));
    assert_str(bytes, "three");
    unsetenv("TOUCHSTONE_NOW");
}

/* ---- pins ---- */

static ts_str document(const ts_public_key *const *keys, const char *const *expires, size_t n) {
    ts_did_document d = {.id = TS_S("did:web:m.example")};
    for (size_t i = 0; i < n; i++) {
        ts_did_method *m = ts_push(&a, &d.methods);
        char id[40];
        snprintf(id, sizeof id, "did:web:m.example#%zu", i);
        *m = (ts_did_method){.id = ts_str_dup(&a, ts_str_c(id)),
                             .controller = d.id,
                             .key = *keys[i],
                             .purposes = TS_DID_ASSERTION,
                             .expires = ts_str_c(expires[i])};
    }
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_did_document_write(&w, &d);
    return ts_buf_str(&b);
}

static void pinned_keys(void **state) {
    (void)state;
    ts_key *k1 = maker_key(&a, "p1.pem", TS_KEY_ED25519),
           *k2 = maker_key(&a, "p2.pem", TS_KEY_P256);
    const ts_public_key *both[] = {ts_key_public_of(k1), ts_key_public_of(k2)};
    ts_resolve_options o = usual(temp_path(&a, "pins"));
    ts_str url = test_server_url(server, "/did.json"), bytes;
    ts_error e;
    setenv("TOUCHSTONE_NOW", "2026-01-01T00:00:00Z", 1);
    test_server_put(server, "/did.json",
                    (serve_file){.body = document(both, (const char *[]){NULL}, 1)});
    assert_true(get(&o, TS_WANT_DID_DOCUMENT, url, &bytes, &e));
    /* a rotation keeps the old key, ended */
    setenv("TOUCHSTONE_NOW", "2026-01-03T00:00:00Z", 1);
    test_server_put(
        server, "/did.json",
        (serve_file){.body = document(both, (const char *[]){"2026-01-02T00:00:00Z", NULL}, 2)});
    assert_true(get(&o, TS_WANT_DID_DOCUMENT, url, &bytes, &e));
    /* one that lost a key is not believed */
    setenv("TOUCHSTONE_NOW", "2026-01-05T00:00:00Z", 1);
    test_server_put(server, "/did.json",
                    (serve_file){.body = document(both + 1, (const char *[]){NULL}, 1)});
    fails(&o, TS_WANT_DID_DOCUMENT, url, "no longer lists the key");
    fails(&o, TS_WANT_DID_DOCUMENT, url, "--accept-did did:web:m.example");
    ts_str accept[] = {TS_S("did:web:m.example")};
    o.accept = accept, o.accept_n = 1;
    assert_true(get(&o, TS_WANT_DID_DOCUMENT, url, &bytes, &e));
    o.accept_n = 0;
    setenv("TOUCHSTONE_NOW", "2026-01-07T00:00:00Z", 1);
    assert_true(get(&o, TS_WANT_DID_DOCUMENT, url, &bytes, &e));
    unsetenv("TOUCHSTONE_NOW");
    ts_key_free(k1), ts_key_free(k2);
}

/* ---- the other side ---- */

static void hostile_hosts(void **state) {
    (void)state;
    ts_resolve_options o = usual(NULL), strict = usual(NULL);
    strict.fetch.allow_private.n = 0;
    ts_str url = test_server_url(server, "/x");
    test_server_put(server, "/x", (serve_file){.body = TS_S("{}")});
    fails(&strict, TS_WANT_DID_DOCUMENT, url, "no https address");
    fails(&strict, TS_WANT_DID_DOCUMENT, TS_S("https://127.0.0.1/did.json"), "127.0.0.1");
    fails(&strict, TS_WANT_DID_DOCUMENT, TS_S("https://169.254.169.254/latest/meta-data"),
          "169.254");
    fails(&strict, TS_WANT_DID_DOCUMENT, TS_S("https://[::1]/did.json"), "::1");
    fails(&strict, TS_WANT_DID_DOCUMENT, TS_S("https://user:word@m.example/did.json"), "");
    fails(&strict, TS_WANT_DID_DOCUMENT, TS_S("file:///etc/passwd"), "");
    /* redirects into the house, and in a circle */
    test_server_fault(server, "/x",
                      (serve_step){.how = SERVE_REDIRECT, .text = "http://127.0.0.2/", .times = 1});
    fails(&o, TS_WANT_DID_DOCUMENT, url, "127.0.0.2");
    test_server_fault(server, "/x", (serve_step){.how = SERVE_REDIRECT, .text = "/x", .times = 20});
    fails(&o, TS_WANT_DID_DOCUMENT, url, "redirect");
    /* more than it may be, plain and packed */
    char *big = ts_new_n(&a, char, 5 << 20);
    test_server_put(server, "/big", (serve_file){.body = {big, 5 << 20}});
    fails(&o, TS_WANT_STATUS_LIST, test_server_url(server, "/big"), "are allowed here");
    test_server_put(server, "/gone", (serve_file){.body = TS_S("x")});
    test_server_fault(server, "/gone",
                      (serve_step){.how = SERVE_STATUS, .status = 404, .times = 1});
    fails(&o, TS_WANT_STATUS_LIST, test_server_url(server, "/gone"), "404");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_the_user),
        cmocka_unit_test(kept_for_a_while),
        cmocka_unit_test(pinned_keys),
        cmocka_unit_test(hostile_hosts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
