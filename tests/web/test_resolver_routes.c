/* What a product's code leads to, asked as scanners, browsers and programs ask. */
#include "host/family.h"
#include "web/asking.h"

static ts_arena a;
static ts_server *server;
static web_exchange x;
static ts_key *key;

#define BASE "https://id.m.example"
#define ITEM "/01/09521234543213/10/B1/21/A1"

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "resolver.pem", TS_KEY_ED25519);
    server = asking_server(&a, (ts_server_options){.base = TS_S(BASE)}, "resolver.db");
    lamp_family(&a, server->writer, key, NOW);
    lamp_issue(
        &a, server->writer, key,
        (lamp){BASE "/passports/own", "model", "https://id.gs1.org/01/09506000134352", "", ""},
        NOW);
    lamp_issue(&a, server->writer, key, (lamp){"urn:lamp:link", "item", BASE "/things/7", "", ""},
               NOW);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    ts_key_free(key);
    return 0;
}

static ts_str location(void) { return asking_has(&x, "Location"); }

static bool says(ts_str where, const char *what) {
    return ts_str_find(where, ts_str_c(what)) != TS_NPOS;
}

static const ts_json *body(void) {
    ts_error e = {0};
    const ts_json *root = ts_json_parse(&a, x.answer, (ts_json_options){.strict = true}, &e);
    if (!root) fail_msg("%s: %.*s", e.msg, TS_P(x.answer));
    return root;
}

/* As GS1's own test suite asks: headers and status of a plain request. */
static void by_default(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = ITEM), 307);
    assert_str(location(), BASE "/passport?id=urn%3Alamp%3Aa1");
    assert_true(says(asking_has(&x, "Link"), "<" BASE ITEM "?linkType=linkset>; rel=\"linkset\"; "
                                             "type=\"application/linkset+json\""));
    assert_false(says(asking_has(&x, "Link"), "gs1:"));
    assert_str(asking_has(&x, "Access-Control-Allow-Origin"), "*");
    assert_str(asking_has(&x, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
    assert_str(asking_has(&x, "Vary"), "Accept, Accept-Language");
    assert_int_equal(ASK(.method = "HEAD", .target = ITEM), 307);
    assert_int_equal(ASK(.method = "OPTIONS", .target = ITEM), 204);
    assert_true(says(asking_has(&x, "Access-Control-Allow-Methods"), "GET, HEAD"));
    assert_int_equal(ASK(.method = "POST", .target = ITEM), 405);
    /* a browser is led to the page, which knows languages itself */
    assert_int_equal(
        ASK(.target = ITEM, .header = {"Accept", "text/html,*/*;q=0.8", "Accept-Language", "de"}),
        307);
    assert_str(location(), BASE "/passport?id=urn%3Alamp%3Aa1");
    /* a passport with an address of its own here */
    assert_int_equal(ASK(.target = "/01/09506000134352"), 307);
    assert_str(location(), BASE "/passports/own");
    /* one '/' too many is nothing */
    assert_int_equal(ASK(.target = ITEM "/"), 307);
    assert_str(location(), BASE "/passport?id=urn%3Alamp%3Aa1");
    /* a stem, as behind a proxy */
    assert_int_equal(ASK(.target = "/some/stem" ITEM), 307);
}

/* What has no passport of its own leads to the page that says so, with the closest one. */
static void upwards(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"/01/09521234543213/10/B1/21/NEW", "%2F01%2F09521234543213%2F10%2FB1%2F21%2FNEW",
         "This is the passport of its batch."},
        {"/01/09521234543213/21/NEW", "%2F01%2F09521234543213%2F21%2FNEW",
         "This is the passport of the model."},
        {"/01/09521234543213/22/V/10/B1", "%2F01%2F09521234543213%2F22%2FV%2F10%2FB1",
         "This is the passport of its batch."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(ASK(.target = cases[i][0]), 307);
        ts_str parts[] = {TS_S(BASE "/passport?id=https%3A%2F%2Fid.gs1.org"),
                          ts_str_c(cases[i][1])};
        assert_true(ts_str_eq(location(), ts_str_join(&a, parts, 2, TS_NONE)));
        ts_str page = ts_str_from(location(), sizeof BASE - 1);
        assert_int_equal(ASK(.target = ts_str_z(&a, page)), 200);
        if (!says(x.answer, cases[i][2])) fail_msg("%s: %.*s", cases[i][0], TS_P(x.answer));
    }
    /* a GTIN of 13 digits is the same model */
    assert_int_equal(ASK(.target = "/01/9521234543213"), 307);
    assert_str(location(), BASE "/passport?id=urn%3Alamp%3Amodel");
}

static void query_strings(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = ITEM "?foo=bar&17=301231&x"), 307);
    assert_str(location(), BASE "/passport?id=urn%3Alamp%3Aa1&foo=bar&17=301231&x");
    /* nobody changes where it leads */
    assert_int_equal(ASK(.target = ITEM "?id=urn:evil&a=1"), 307);
    assert_str(location(), BASE "/passport?id=urn%3Alamp%3Aa1&a=1");
    /* to what says "fwqs": false, nothing is handed on */
    assert_int_equal(ASK(.target = ITEM "?linkType=gs1:recallStatus&foo=bar"), 307);
    assert_false(says(location(), "foo"));
    assert_int_equal(ASK(.target = "/01/09506000134352?a=1&a=2"), 307);
    assert_str(location(), BASE "/passports/own?a=1&a=2");
}

static void typed(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"?linkType=gs1:dpp", "/passport?id=urn%3Alamp%3Aa1&lang=en"},
        {"?linkType=gs1%3Adpp&lang=zh", "/passport?id=urn%3Alamp%3Aa1&lang=zh"},
        {"?linkType=https://ref.gs1.org/voc/dpp&mediaType=application/vc+jwt",
         "/passport?id=urn%3Alamp%3Aa1&format=signed"},
        {"?linkType=https%3A%2F%2Fgs1.org%2Fvoc%2Fdpp&mediaType=application/json",
         "/passport?id=urn%3Alamp%3Aa1&format=en18223"},
        {"?mediaType=text/html&lang=de", "/passport?id=urn%3Alamp%3Aa1&lang=de"},
        {"?mediaType=application/json", "/passport?id=urn%3Alamp%3Aa1&format=en18223"},
        {"?linkType=gs1:safetyInfo", "/passport?id=urn%3Alamp%3Aa1#safety"},
        {"?linkType=gs1:certificationInfo", "/passport?id=urn%3Alamp%3Aa1#evidence"},
        {"?linkType=gs1:recallStatus", "/recall-status?product=https%3A%2F%2Fid.gs1.org%2F01%"
                                       "2F09521234543213%2F10%2FB1%2F21%2FA1"},
        {"?linkType=gs1:traceability",
         "/epcis/"
         "events?product=https%3A%2F%2Fid.gs1.org%2F01%2F09521234543213%2F10%2FB1%2F21%2FA1"},
        {"?linkType=gs1:defaultLink", "/passport?id=urn%3Alamp%3Aa1&linkType=gs1:defaultLink"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str parts[] = {TS_S(ITEM), ts_str_c(cases[i][0])};
        assert_int_equal(ASK(.target = ts_str_z(&a, ts_str_join(&a, parts, 2, TS_NONE))), 307);
        assert_true(ts_str_starts(location(), TS_S(BASE)));
        assert_str(ts_str_from(location(), sizeof BASE - 1), cases[i][1]);
    }
    /* by the fields of the request */
    assert_int_equal(ASK(.target = ITEM, .header = {"Accept", "application/vc+jwt"}), 307);
    assert_str(location(), BASE "/passport?id=urn%3Alamp%3Aa1&format=signed");
    assert_int_equal(ASK(.target = ITEM "?linkType=gs1:dpp", .header = {"Accept-Language", "de"}),
                     307);
    assert_str(location(), BASE "/passport?id=urn%3Alamp%3Aa1&lang=de");
    assert_int_equal(ASK(.target = ITEM "?linkType=gs1:dpp&linkType=gs1:pip"), 400);
    assert_int_equal(ASK(.target = ITEM "?linkType=gs1:nosuchlt"), 404);
    assert_true(says(x.answer, "linkType=linkset"));
    assert_int_equal(ASK(.target = ITEM "?linkType="), 307);
}

static void link_sets(void **state) {
    (void)state;
    ts_error e = {0};
    ts_link_set s;
    static const char *const sets[][3] = {
        {ITEM "?linkType=linkset", 0, 0},
        {ITEM "?linkType=all", 0, 0},
        {ITEM, "Accept", "application/linkset+json"},
        {ITEM "?linkType=all", "Accept", "application/linkset+json"},
        {ITEM, "Accept", "application/linkset+json, text/html;q=0.9"},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        assert_int_equal(ASK(.target = sets[i][0], .header = {sets[i][1], sets[i][2]}), 200);
        assert_str(x.type, "application/linkset+json");
        if (!ts_link_set_read(&a, x.answer, TS_LINKS_GS1, &s, &e)) fail_msg("%s", e.msg);
        assert_int_equal(s.contexts.n, 3);
        assert_str(s.contexts.v[0].anchor, BASE ITEM);
        assert_true(says(asking_has(&x, "Link"), "rel=\"http://www.w3.org/ns/json-ld#context\"; "
                                                 "type=\"application/ld+json\""));
    }
    ts_str tag = asking_has(&x, "ETag");
    assert_true(tag.n > 10);
    assert_int_equal(
        ASK(.target = ITEM "?linkType=linkset", .header = {"If-None-Match", ts_str_z(&a, tag)}),
        304);
    assert_int_equal(ASK(.target = ITEM "?linkType=linkset", .header = {"Accept", "text/html"}),
                     200);
    assert_true(ts_str_starts(x.type, TS_S("text/html")));
    assert_true(says(x.answer, "Lamp &lt;b&gt;&amp;"));
    assert_int_equal(
        ASK(.target = ITEM "?linkType=linkset", .header = {"Accept", "application/linkset"}), 200);
    assert_str(x.type, "application/linkset");
    assert_true(ts_str_starts(x.answer, TS_S("<" BASE)));
    /* whoever would rather have something else that is here gets that */
    assert_int_equal(ASK(.target = ITEM, .header = {"Accept", "application/vc+jwt, "
                                                              "application/linkset+json;q=0.9"}),
                     307);
    assert_int_equal(ASK(.target = "/01/09521234543213/21/NEW?linkType=linkset"), 200);
    assert_true(ts_link_set_read(&a, x.answer, TS_LINKS_GS1, &s, &e));
    assert_str(s.contexts.v[0].anchor, BASE "/01/09521234543213/21/NEW");
    assert_str(s.contexts.v[1].anchor, BASE "/01/09521234543213");
}

/* Every link of the set is where ?linkType= and the link's own attributes lead. */
static void set_and_links_agree(void **state) {
    (void)state;
    ts_error e = {0};
    ts_link_set s;
    assert_int_equal(ASK(.target = ITEM "?linkType=linkset"), 200);
    assert_true(ts_link_set_read(&a, x.answer, TS_LINKS_GS1, &s, &e));
    const ts_link_context *c = &s.contexts.v[0];
    for (size_t i = 0; i < c->links.n; i++) {
        const ts_link *l = &c->links.v[i];
        ts_buf b = ts_buf_new(&a, 4000);
        bool multi = ts_str_ends(l->relation, TS_S("/defaultLinkMulti"));
        ts_buf_fmt(&b, ITEM "?x");
        if (!multi && !ts_str_ends(l->relation, TS_S("/defaultLink")))
            ts_buf_fmt(&b, "&linkType=%.*s", TS_P(l->relation));
        if (l->media.n) ts_buf_fmt(&b, "&mediaType=%.*s", TS_P(l->media));
        if (l->language.n == 1) ts_buf_fmt(&b, "&lang=%.*s", TS_P(l->language.v[0]));
        assert_int_equal(ASK(.target = ts_str_z(&a, ts_buf_str(&b))), 307);
        if (!l->bare)
            assert_true(ts_str_starts(location(), l->href));
        else if (!ts_str_eq(location(), l->href))
            fail_msg("%.*s: %.*s, not %.*s", TS_P(ts_buf_str(&b)), TS_P(location()), TS_P(l->href));
    }
}

static void refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        ITEM "/foo",
        "/01/09521234543214", /* check digit */
        "/01/abc",
        "/01/",
        "/01/09521234543213/21/A1/10/B1", /* order */
        "/01/09521234543213/99/x",
        "/gtin/09521234543213",
        "/01/09521234543213/21/%2F%00",
        "/01/09521234543213?01=04012345999990",
        "/01/09521234543213?10=B1",
        "/414/0952123454321",
        "/stem/01/09521234543213/foo",
        "/01/09521234543213/21//A1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (ASK(.target = bad[i]) != 400) fail_msg("%s: %d", bad[i], x.status);
        assert_str(x.type, "application/problem+json");
    }
    assert_int_equal(ASK(.target = ITEM "/foo", .header = {"Accept", "text/html"}), 400);
    assert_true(ts_str_starts(x.type, TS_S("text/html")));
    assert_int_equal(ASK(.target = "/AQHYUf_1XcbKZPIBPIk"), 400); /* a compressed link */
    assert_true(says(x.answer, "compressed"));
    /* nothing is here of these */
    assert_int_equal(ASK(.target = "/01/04012345999990"), 404);
    assert_int_equal(ASK(.target = "/01/04012345999990?linkType=linkset"), 404);
    assert_int_equal(ASK(.target = "/nothing"), 404);
    assert_int_equal(ASK(.target = "/01/04012345999990", .header = {"Accept", "text/html"}), 404);
    assert_true(says(x.answer, "<h1>"));
}

static void other_addresses(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/passports/own"), 200);
    assert_true(ts_str_starts(x.type, TS_S("text/html")));
    assert_int_equal(ASK(.target = "/passports/own?format=en18223"), 200);
    assert_str(ts_json_str(ts_json_member(body(), "digitalProductPassportId")),
               BASE "/passports/own");
    assert_int_equal(ASK(.target = "/things/7"), 200); /* an identification link (IEC 61406) */
    assert_true(says(x.answer, "Lamp"));
    assert_int_equal(ASK(.target = "/things/8"), 404);
}

static void described(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/.well-known/gs1resolver"), 200);
    const ts_json *d = body();
    assert_str(ts_json_str(ts_json_member(d, "resolverRoot")), BASE);
    assert_str(ts_json_str(ts_json_at(ts_json_member(d, "supportedPrimaryKeys"), 0)), "all");
    const ts_json *type = ts_json_at(ts_json_member(d, "supportedLinkType"), 0);
    assert_str(ts_json_str(ts_json_member(type, "prefix")), "gs1:");
}

/* A base below a path, with and without a proxy that takes the path away. */
static void below_a_path(void **state) {
    (void)state;
    ts_str before = server->base;
    server->base = TS_S("https://m.example/dpp");
    static const char *const targets[] = {ITEM, "/dpp" ITEM};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ASK(.target = targets[i]), 307);
        assert_str(location(), "https://m.example/dpp/passport?id=urn%3Alamp%3Aa1");
    }
    server->base = before;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_default),    cmocka_unit_test(upwards),
        cmocka_unit_test(query_strings), cmocka_unit_test(typed),
        cmocka_unit_test(link_sets),     cmocka_unit_test(set_and_links_agree),
        cmocka_unit_test(refused),       cmocka_unit_test(other_addresses),
        cmocka_unit_test(described),     cmocka_unit_test(below_a_path),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
