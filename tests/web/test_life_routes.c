#include "asking.h"
#include "host/maker.h"

static ts_arena a;
static ts_key *key;
static ts_server *server;
static web_exchange x;
static ts_str repairer, maker, second, reader;

#define MAKER "did:web:m.example"
#define SECOND "did:web:second.example"
#define A1 "https://id.gs1.org/01/09521234543213/21/A1"
#define EVENTS_OF_A1                                                                               \
    "/epcis/events?product=https%3A%2F%2Fid.gs1.org%2F01%2F09521234543213%2F21%2FA1"

static ts_str token(ts_audiences who, uint32_t scopes, const char *did) {
    return asking_token(&a, server,
                        (ts_token_job){.audiences = who,
                                       .scopes = scopes,
                                       .operator_id = ts_str_c(did),
                                       .name = ts_str_c(did)});
}

static int setup(void **state) {
    (void)state;
    const ts_audiences worker = 1u << TS_AUD_LEGITIMATE_INTEREST,
                       operator_too = worker | 1u << TS_AUD_OPERATOR;
    a = test_arena();
    key = maker_key(&a, "life-routes.pem", TS_KEY_ED25519);
    server = asking_server(&a,
                           (ts_server_options){.base = TS_S("https://id.example.com"),
                                               .sign = {.key = key, .issuer = TS_S(MAKER)}},
                           "life-routes.db");
    must_issue(&a, &(ts_issue_job){.store = server->writer,
                                   .by = {.key = key, .issuer = TS_S(MAKER)},
                                   .document = kettle(&a, "A1", "red"),
                                   .now = ts_now() - 100,
                                   .until = TS_NO_TIME});
    repairer = token(worker, 1u << TS_RIGHT_EVENTS, "did:web:fix.example");
    maker = token(operator_too, 1u << TS_RIGHT_EVENTS, MAKER);
    second = token(1u << TS_AUD_OPERATOR, 1u << TS_RIGHT_EVENTS, SECOND);
    reader = token(worker, 1u << TS_RIGHT_READ, "did:web:reader.example");
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    ts_key_free(key);
    return 0;
}

static ts_str event(ts_life_kind kind, const char *note) {
    ts_life_make m = {.kind = kind,
                      .modified =
                          ts_life_asks_modified(kind) ? TS_MODIFIED_NO : TS_MODIFIED_NOT_ASKED,
                      .at = ts_now() - 10,
                      .note = ts_str_c(note)};
    ts_str out;
    ts_error e = {0};
    *ts_push(&a, &m.about) = (ts_life_about){.given = TS_S(A1), .role = TS_S("subject")};
    if (!ts_life_event_make(&a, &m, &out, &e)) fail_msg("%s", e.msg);
    return out;
}

static int post(ts_str who, ts_str body) {
    asking_ask(
        &a, server,
        (asking){.method = "POST",
                 .target = "/epcis/capture",
                 .header = {who.n ? "Authorization" : "X-None", who.n ? ts_str_z(&a, who) : "-",
                            "Content-Type", "application/ld+json"},
                 .body = body},
        &x);
    return x.status;
}

static int get(const char *target, ts_str who, const char *accept) {
    asking_ask(
        &a, server,
        (asking){.target = target,
                 .header = {who.n ? "Authorization" : "X-None", who.n ? ts_str_z(&a, who) : "-",
                            accept ? "Accept" : "X-Nor", accept ? accept : "-"}},
        &x);
    return x.status;
}

static const ts_json *answer(void) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(&a, x.answer, (ts_json_options){.strict = true}, &e);
    if (!v) fail_msg("%s: %.*s", e.msg, TS_P(x.answer));
    return v;
}

static void captured(void **state) {
    (void)state;
    ts_str body = event(TS_LIFE_REPAIR, "for Jo Smith");
    assert_int_equal(post(TS_NONE, body), 401);
    assert_int_equal(post(reader, body), 403);
    assert_int_equal(post(repairer, TS_S("{")), 400);
    assert_int_equal(post(repairer, TS_S("{\"type\":\"ObjectEvent\"}")), 400);
    assert_int_equal(post(repairer, body), 201);
    int64_t n;
    assert_true(ts_json_i64(ts_json_member(answer(), "new"), &n) && n == 1);
    assert_int_equal(post(repairer, body), 200); /* there already */
    assert_true(ts_json_i64(ts_json_member(answer(), "new"), &n) && n == 0);
    assert_int_equal(post(repairer, event(TS_LIFE_MAKE, "")), 403);
    assert_int_equal(post(second, event(TS_LIFE_SELL, "")), 403);
    assert_int_equal(post(maker, event(TS_LIFE_SELL, "")), 201);
}

static void told(void **state) {
    (void)state;
    assert_int_equal(get(EVENTS_OF_A1, TS_NONE, 0), 200);
    assert_str(x.type, "application/ld+json");
    assert_silent_on(x.answer, "Smith");
    ts_life_events events;
    ts_error e = {0};
    assert_true(ts_epcis_read(&a, x.answer, &events, &e));
    assert_int_equal(events.n, 2);
    assert_int_equal(get(EVENTS_OF_A1, repairer, 0), 200);
    assert_says(x.answer, "Smith");
    assert_int_equal(get(EVENTS_OF_A1, maker, 0), 200);
    assert_says(x.answer, "Smith");
    /* The operator of something else is one of the public here. */
    assert_int_equal(get(EVENTS_OF_A1, second, 0), 200);
    assert_silent_on(x.answer, "Smith");
    /* In pages. */
    assert_int_equal(get(EVENTS_OF_A1 "&limit=1", TS_NONE, 0), 200);
    ts_str link = asking_has(&x, "Link");
    assert_true(ts_str_starts(link, TS_S("<https://id.example.com/epcis/events?product=")));
    assert_true(ts_str_ends(link, TS_S(">; rel=\"next\"")));
    ts_str rest = ts_str_from(link, 1 + strlen("https://id.example.com")),
           next = ts_str_cut(&rest, '>');
    assert_int_equal(get(ts_str_z(&a, next), TS_NONE, 0), 200);
    assert_true(ts_epcis_read(&a, x.answer, &events, &e));
    assert_int_equal(events.n, 1);
    assert_int_equal(get("/epcis/events", TS_NONE, 0), 400);
    assert_int_equal(get("/epcis/events?product=x", TS_NONE, 0), 400);
    assert_int_equal(get(EVENTS_OF_A1 "&limit=0", TS_NONE, 0), 400);
    assert_int_equal(get(EVENTS_OF_A1 "&after=none", TS_NONE, 0), 404);
    /* Nothing is known of a product: no events, which is no error. */
    assert_int_equal(get("/epcis/events?product=did%3Aweb%3Anobody.example", TS_NONE, 0), 200);
    assert_true(ts_epcis_read(&a, x.answer, &events, &e));
    assert_int_equal(events.n, 0);
}

static void a_life(void **state) {
    (void)state;
    assert_int_equal(get("/passports-life?id=urn%3Akettle%3AA1", TS_NONE, 0), 200);
    assert_str(x.type, "application/json");
    assert_str(ts_json_str(ts_json_member(answer(), "format")), "touchstone-life-1");
    assert_silent_on(x.answer, "Smith");
    assert_int_equal(get("/passports-life?id=urn%3Akettle%3AA1&lang=de", TS_NONE, "image/svg+xml"),
                     200);
    assert_str(x.type, "image/svg+xml");
    assert_says(x.answer, "Repariert");
    assert_int_equal(get("/passports-life?id=urn%3Akettle%3AA1&format=epcis", maker, 0), 200);
    assert_says(x.answer, "Smith");
    assert_int_equal(get("/passports-life?id=urn%3Akettle%3AA1", TS_NONE, "text/csv"), 406);
    assert_int_equal(get("/passports-life?id=urn%3Akettle%3AA2", TS_NONE, 0), 404);
    assert_int_equal(get("/passports-life", TS_NONE, 0), 400);
}

/* A passport of one operator that names another one's product, or is of it, opens nothing. */
static void issue_of_second(const char *id, const char *product, const char *more) {
    ts_buf b = ts_buf_new(&a, 4000);
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"%s\",\"granularity\":\"item\","
               "\"product\":{\"id\":\"%s\",\"name\":\"Box\"},\"operator\":{\"id\":\"" SECOND
               "\",\"name\":\"Second\"},\"packs\":[{\"id\":\"generic\"}],\"status\":\"active\"%s,"
               "\"elements\":{\"identification\":{\"model\":\"B\"}}}",
               id, product, more);
    must_issue(&a, &(ts_issue_job){.store = server->writer,
                                   .by = {.key = key, .issuer = TS_S(SECOND)},
                                   .document = ts_buf_str(&b),
                                   .form = TS_FORM_EU_JOSE,
                                   .now = ts_now() - 50,
                                   .until = TS_NO_TIME});
}

static void no_more_through_ones_own(void **state) {
    (void)state;
    static const char *const lives[] = {"/passports-life?id=urn%3Abox&format=epcis",
                                        "/passports-life?id=urn%3Abox",
                                        "/passports-life?id=urn%3Aa&format=epcis", EVENTS_OF_A1};
    ts_str own = token(1u << TS_AUD_OPERATOR, 1u << TS_RIGHT_READ, MAKER);
    assert_int_equal(get(EVENTS_OF_A1, own, 0), 200);
    assert_says(x.answer, "Smith");
    issue_of_second("urn:box", "https://id.gs1.org/01/09506000134352/21/X",
                    ",\"components\":[{\"id\":\"urn:kettle:A1\"}]");
    issue_of_second("urn:a", A1, "");
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        assert_int_equal(get(lives[i], second, 0), 200);
        assert_says(x.answer, "repair");
        assert_silent_on(x.answer, "Smith");
        assert_int_equal(get(lives[i], reader, 0), 200); /* a legitimate interest sees it */
        assert_says(x.answer, "Smith");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captured),
        cmocka_unit_test(told),
        cmocka_unit_test(a_life),
        cmocka_unit_test(no_more_through_ones_own),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
