/* The EN 18222 interface over HTTP: what each operation answers, and with which status. The use
 * cases themselves are tested in tests/host/test_change.c, the contract in tests/interop. */
#include "asking.h"

#include "host/maker.h"

static ts_arena a;
static ts_server *server;
static ts_key *key;
static web_exchange x;
static const char *maker, *maker_small, *other, *reader;

static const char kettle_en[] =
    "{\"digitalProductPassportId\":\"https://m.example/p/1?a=b/c\",\"uniqueProductIdentifier\":"
    "\"https://id.gs1.org/01/09521234543213/21/K1\",\"granularity\":\"item\",\"dppSchemaVersion\":"
    "\"EN 18223:2026\",\"dppStatus\":\"active\",\"lastUpdated\":\"2026-01-01T00:00:00Z\","
    "\"economicOperatorId\":\"did:web:m.example\",\"identification\":{\"model\":\"KX\"},"
    "\"touchstone\":{\"product\":{\"name\":\"Kettle\"},\"packs\":[{\"id\":\"generic\"}]}}";
#define ID "https%3A%2F%2Fm.example%2Fp%2F1%3Fa%3Db%2Fc"
#define PRODUCT "https%3A%2F%2Fid.gs1.org%2F01%2F09521234543213%2F21%2FK1"
#define JSON "Content-Type", "application/json"
#define MERGE "Content-Type", "application/merge-patch+json"

static const char *token(const char *operator_id, uint32_t rights, ts_audiences who) {
    return ts_str_z(&a, asking_token(&a, server,
                                     (ts_token_job){.operator_id = ts_str_c(operator_id),
                                                    .scopes = 1u << TS_RIGHT_READ | rights,
                                                    .audiences = who}));
}

static int setup(void **state) {
    static int n;
    char name[40];
    (void)state;
    snprintf(name, sizeof name, "en18222-%d.db", n++);
    server = asking_server(&a,
                           (ts_server_options){.base = TS_S("https://id.m.example"),
                                               .sign = {.key = key},
                                               .form = TS_FORM_EU_JOSE},
                           name);
    maker = token("did:web:m.example", 1u << TS_RIGHT_WRITE, 1u << TS_AUD_OPERATOR);
    maker_small = token("did:web:m.example", 1u << TS_RIGHT_WRITE, 0);
    other = token("did:web:x.example", 1u << TS_RIGHT_WRITE, 1u << TS_AUD_OPERATOR);
    reader = token("did:web:m.example", 0, 1u << TS_AUD_OPERATOR);
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps",
                         .header = {"Authorization", maker, JSON, 0}, .body = ts_str_c(kettle_en)),
                     201);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    return 0;
}

static bool says(const char *what) { return ts_str_find(x.answer, ts_str_c(what)) != TS_NPOS; }
static void assert_result(const char *code) {
    assert_str(x.type, "application/json");
    if (!says(code)) fail_msg("%.*s", TS_P(x.answer));
    assert_true(says("\"messageType\":\"Error\"") && says("\"timestamp\":\"20"));
}

static void created(void **state) {
    (void)state;
    assert_str(x.answer, "{\"digitalProductPassportId\":\"https://m.example/p/1?a=b/c\"}");
    assert_str(asking_has(&x, "Location"), "https://id.m.example/v1/dpps/" ID);
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps",
                         .header = {"Authorization", maker, JSON, 0}, .body = ts_str_c(kettle_en)),
                     409);
    assert_result("ClientResourceConflict");
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps", .header = {JSON, 0},
                         .body = ts_str_c(kettle_en)),
                     401);
    assert_result("ClientNotAuthorized");
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps",
                         .header = {"Authorization", reader, JSON, 0}, .body = ts_str_c(kettle_en)),
                     403);
    assert_result("ClientForbidden");
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps",
                         .header = {"Authorization", other, JSON, 0}, .body = ts_str_c(kettle_en)),
                     403);
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps",
                         .header = {"Authorization", maker, JSON, 0}, .body = TS_S("{")),
                     400);
    assert_result("ClientErrorBadRequest");
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps",
                         .header = {"Authorization", maker, JSON, 0}, .body = TS_NONE),
                     400);
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps",
                         .header = {"Authorization", maker, "Content-Type", "text/plain", 0},
                         .body = ts_str_c(kettle_en)),
                     415);
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps?representation=odd",
                         .header = {"Authorization", maker, JSON, 0}, .body = ts_str_c(kettle_en)),
                     400);
    assert_int_equal(ASK(.method = "PUT", .target = "/v1/dpps",
                         .header = {"Authorization", maker, JSON, 0}, .body = ts_str_c(kettle_en)),
                     405);
    assert_result("ClientMethodNotAllowed");
}

static void read(void **state) {
    (void)state;
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/" ID), 200);
    assert_str(x.type, "application/json");
    assert_true(says("\"identification\":{\"model\":\"KX\"}"));
    assert_str(asking_has(&x, "Link"), "<https://id.m.example/recall-status?product=" PRODUCT
                                       ">; rel=\"https://ref.gs1.org/voc/recallStatus\"");
    const char *tag = ts_str_z(&a, asking_has(&x, "ETag"));
    assert_int_equal(
        ASK(.method = "GET", .target = "/v1/dpps/" ID, .header = {"If-None-Match", tag, 0}), 304);
    assert_int_equal(ASK(.method = "HEAD", .target = "/v1/dpps/" ID), 200);
    /* another form, another audience: another tag, so that no cache mixes them up */
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/" ID "?representation=full",
                         .header = {"If-None-Match", tag, 0}),
                     200);
    assert_true(says("\"objectType\""));
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/" ID,
                         .header = {"Authorization", maker, "If-None-Match", tag, 0}),
                     200);
    assert_str(asking_has(&x, "Cache-Control"), "private, no-store");
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/" ID,
                         .header = {"Authorization", "Bearer tst_no_such", 0}),
                     401);
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/urn%3Anone"), 404);
    assert_result("ClientErrorResourceNotFound");
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/https:/m.example/p/1"),
                     404); /* '/' is no %2F */
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/%ff"), 400);
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dppsByProductId/" PRODUCT), 200);
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dppsByProductId/nothing"), 400);
    assert_int_equal(
        ASK(.method = "GET",
            .target = "/v1/dppsByProductId/https%3A%2F%2Fid.gs1.org%2F01%2F09521234543213"),
        404);
}

static void by_date(void **state) {
    (void)state;
    assert_int_equal(
        ASK(.method = "GET", .target = "/v1/dppsByIdAndDate/" ID "?date=2999-01-01T00:00:00Z"),
        200);
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dppsByIdAndDate/" ID
                                                    "?date=2001-01-01T00%3A00%3A00%2B01:00"),
                     404);
    assert_result("that was there at that time");
    static const char *const bad[] = {"",
                                      "?date=",
                                      "?date=2026-11-20",
                                      "?date=yesterday",
                                      "?date=2026-11-20T10:00:00",
                                      "?date=2026-13-20T10:00:00Z",
                                      "?date=2999-01-01T00:00:00Z&date=2999-01-01T00:00:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char target[200];
        snprintf(target, sizeof target, "%s%s", "/v1/dppsByIdAndDate/" ID, bad[i]);
        assert_int_equal(ASK(.method = "GET", .target = target), 400);
        assert_result("date");
    }
}

static void one_element(void **state) {
    (void)state;
#define ELEMENT "/v1/dpps/" ID "/elements/"
    assert_int_equal(ASK(.method = "GET", .target = ELEMENT "%24.identification.model"), 200);
    assert_str(x.answer, "{\"elementId\":\"model\",\"value\":\"KX\"}");
    assert_int_equal(
        ASK(.method = "GET",
            .target = ELEMENT "$['identification']%5B%22model%22%5D?representation=full"),
        200);
    assert_true(says("\"objectType\":\"SingleValuedDataElement\"") && says("\"value\":\"KX\""));
    assert_int_equal(ASK(.method = "GET", .target = ELEMENT "%24.none"), 404);
    assert_int_equal(ASK(.method = "GET", .target = ELEMENT "%24..%2A"), 400);
    assert_int_equal(ASK(.method = "GET", .target = ELEMENT "none"), 400);
    assert_result("JSONPath: ");
    assert_int_equal(ASK(.method = "PATCH", .target = ELEMENT "%24.identification.model",
                         .header = {JSON, 0}, .body = TS_S("{}")),
                     401);
    assert_int_equal(ASK(.method = "PATCH", .target = ELEMENT "%24.identification.model",
                         .header = {"Authorization", maker, JSON, 0},
                         .body = TS_S("{\"elementId\":\"model\",\"value\":\"KY\"}")),
                     200);
    assert_str(x.answer, "{\"elementId\":\"model\",\"value\":\"KY\"}");
    assert_int_equal(ASK(.method = "PATCH", .target = ELEMENT "%24.identification.model",
                         .header = {"Authorization", maker_small, MERGE, 0},
                         .body = TS_S("\"KZ\"")),
                     200);
    assert_str(x.answer, "{\"elementId\":\"model\",\"value\":\"KZ\"}");
    assert_int_equal(ASK(.method = "PATCH", .target = ELEMENT "%24..%2A",
                         .header = {"Authorization", maker, MERGE, 0}, .body = TS_S("1")),
                     400);
    assert_int_equal(ASK(.method = "PATCH", .target = ELEMENT "%24.none",
                         .header = {"Authorization", maker, MERGE, 0}, .body = TS_S("1")),
                     404);
}

static void patched(void **state) {
    (void)state;
    static const char body[] = "{\"identification\":{\"model\":\"KY\"}}";
    const char *tag = ts_str_z(&a, asking_has(&x, "ETag"));
    assert_true(strlen(tag) > 10);
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/dpps/" ID, .header = {MERGE, 0},
                         .body = ts_str_c(body)),
                     401);
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/dpps/" ID,
                         .header = {"Authorization", reader, MERGE, 0}, .body = ts_str_c(body)),
                     403);
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/dpps/" ID,
                         .header = {"Authorization", other, MERGE, 0}, .body = ts_str_c(body)),
                     403);
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/dpps/urn%3Anone",
                         .header = {"Authorization", maker, MERGE, 0}, .body = ts_str_c(body)),
                     404);
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/dpps/" ID,
                         .header = {"Authorization", maker, MERGE, "If-Match", tag, 0},
                         .body = ts_str_c(body)),
                     200);
    assert_true(says("\"model\":\"KY\""));
    const char *next = ts_str_z(&a, asking_has(&x, "ETag"));
    assert_string_not_equal(tag, next);
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/dpps/" ID,
                         .header = {"Authorization", maker, MERGE, "If-Match", tag, 0},
                         .body = ts_str_c(body)),
                     412);
    assert_result("read it again");
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/dpps/" ID,
                         .header = {"Authorization", maker, MERGE, "If-Match", next, 0},
                         .body = TS_S("{\"lastUpdated\":\"2026-01-01T00:00:00Z\"}")),
                     400);
    assert_result("/lastUpdated");
    /* what is read can be sent back, in either form */
    for (int full = 0; full < 2; full++) {
        const char *target = full ? "/v1/dpps/" ID "?representation=full" : "/v1/dpps/" ID;
        assert_int_equal(
            ASK(.method = "GET", .target = target, .header = {"Authorization", maker, 0}), 200);
        ts_str as_it_is = x.answer;
        assert_int_equal(ASK(.method = "PATCH", .target = target,
                             .header = {"Authorization", maker, JSON, 0}, .body = as_it_is),
                         200);
        assert_true(ts_str_eq(x.answer, as_it_is));
    }
}

static void archived(void **state) {
    (void)state;
    assert_int_equal(ASK(.method = "DELETE", .target = "/v1/dpps/" ID), 401);
    assert_int_equal(
        ASK(.method = "DELETE", .target = "/v1/dpps/" ID, .header = {"Authorization", other, 0}),
        403);
    assert_int_equal(ASK(.method = "DELETE", .target = "/v1/dpps/urn%3Anone",
                         .header = {"Authorization", maker, 0}),
                     404);
    assert_int_equal(
        ASK(.method = "DELETE", .target = "/v1/dpps/" ID, .header = {"Authorization", maker, 0}),
        204);
    assert_int_equal(x.answer.n, 0);
    assert_int_equal(
        ASK(.method = "DELETE", .target = "/v1/dpps/" ID, .header = {"Authorization", maker, 0}),
        204);
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/" ID), 200);
    assert_true(says("\"dppStatus\":\"archived\""));
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dppsByProductId/" PRODUCT), 404);
    assert_result("is archived and can be read by its id");
    assert_int_equal(ASK(.method = "PATCH", .target = "/v1/dpps/" ID,
                         .header = {"Authorization", maker, MERGE, 0}, .body = TS_S("{}")),
                     409);
}

static void found(void **state) {
    (void)state;
#define FIND "/v1/dppsByProductIds"
    static const char products[] =
        "{\"productIds\":[\"https://id.gs1.org/01/09521234543213/21/K1\"]}";
    assert_int_equal(
        ASK(.method = "POST", .target = FIND, .header = {JSON, 0}, .body = ts_str_c(products)),
        200);
    assert_str(x.answer, "{\"dppIds\":[\"https://m.example/p/1?a=b/c\"]}");
    assert_int_equal(ASK(.method = "POST", .target = FIND "?limit=1000000", .header = {JSON, 0},
                         .body = ts_str_c(products)),
                     200);
    static const char *const bad[] = {"?limit=0", "?limit=-1",  "?limit=",
                                      "?limit=x", "?limit=1.0", "?limit=99999999999999999999",
                                      "?cursor=", "?cursor=%25"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char target[100];
        snprintf(target, sizeof target, FIND "%s", bad[i]);
        if (ASK(.method = "POST", .target = target, .header = {JSON, 0},
                .body = ts_str_c(products)) != 400)
            fail_msg("%s", bad[i]);
        assert_result("ClientErrorBadRequest");
    }
    static const char *const bodies[] = {"",
                                         "[]",
                                         "{}",
                                         "{\"productIds\":[]}",
                                         "{\"productIds\":\"a\"}",
                                         "{\"productIds\":[1]}",
                                         "{\"productIds\":[\"\"]}",
                                         "{\"productIds\":[\"a\"]}"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (ASK(.method = "POST", .target = FIND, .header = {JSON, 0},
                .body = ts_str_c(bodies[i])) != 400)
            fail_msg("%s", bodies[i]);
}

static void registered(void **state) {
    (void)state;
    static const char entry[] =
        "{\"uniqueProductIdentifier\":\"a\",\"digitalProductPassportId\":\"b\","
        "\"uniqueEconomicOperatorIdentifier\":\"c\",\"dppApiEndpoint\":\"https://m.example\"}";
    assert_int_equal(ASK(.method = "POST", .target = "/v1/registerDPP", .header = {JSON, 0},
                         .body = ts_str_c(entry)),
                     401);
    assert_int_equal(ASK(.method = "POST", .target = "/v1/registerDPP",
                         .header = {"Authorization", maker, JSON, 0}, .body = TS_S("{}")),
                     400);
    assert_result("/uniqueProductIdentifier");
    assert_int_equal(ASK(.method = "POST", .target = "/v1/registerDPP",
                         .header = {"Authorization", maker, JSON, 0}, .body = ts_str_c(entry)),
                     501);
    assert_result("ServerNotImplemented");
}

static void without_a_key(void **state) {
    (void)state;
    server = asking_server(&a, (ts_server_options){.base = TS_S("https://id.m.example")},
                           "en18222-keyless.db");
    maker = token("did:web:m.example", 1u << TS_RIGHT_WRITE, 1u << TS_AUD_OPERATOR);
    assert_int_equal(ASK(.method = "POST", .target = "/v1/dpps",
                         .header = {"Authorization", maker, JSON, 0}, .body = ts_str_c(kettle_en)),
                     501);
    assert_result("ServerNotImplemented");
    assert_int_equal(ASK(.method = "GET", .target = "/v1/dpps/" ID), 404);
    web_close(server);
}

int main(void) {
    a = test_arena();
    key = maker_key(&a, "en18222.pem", TS_KEY_ED25519);
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(created),     T(read),       T(by_date),
        T(one_element), T(patched),    T(archived),
        T(found),       T(registered), cmocka_unit_test(without_a_key),
    };
    int failed = cmocka_run_group_tests(tests, 0, 0);
    ts_key_free(key);
    return failed;
}
