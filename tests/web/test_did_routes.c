#include "host/family.h"
#include "web/asking.h"

static ts_arena a;
static ts_server *server;
static web_exchange x;
static ts_key *key;

#define BASE "https://id.m.example"
#define LIST BASE "/status/1"

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "did.pem", TS_KEY_P256);
    server = asking_server(
        &a,
        (ts_server_options){.base = TS_S(BASE),
                            .sign = {.key = key, .issuer = TS_S("did:web:id.m.example")}},
        "did.db");
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    ts_key_free(key);
    return 0;
}

static ts_did_document document(const char *did) {
    ts_did_document d;
    ts_error e = {0};
    const ts_json *root = ts_json_parse(&a, x.answer, (ts_json_options){.strict = true}, &e);
    if (!root || !ts_did_document_read(&a, root, ts_str_c(did), &d, &e)) fail_msg("%s", e.msg);
    return d;
}

static void of_the_key(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/.well-known/did.json"), 200);
    assert_str(x.type, "application/did+json");
    ts_did_document d = document("did:web:id.m.example");
    assert_int_equal(d.methods.n, 1);
    assert_true(d.methods.v[0].purposes & TS_DID_ASSERTION);
    assert_int_equal(
        ASK(.target = "/.well-known/did.json", .header = {"Accept", "application/json"}), 200);
    assert_str(x.type, "application/json");
    ts_str tag = asking_has(&x, "ETag");
    assert_int_equal(
        ASK(.target = "/.well-known/did.json", .header = {"If-None-Match", ts_str_z(&a, tag)}),
        304);
}

static void of_a_file(void **state) {
    (void)state;
    const char *path = temp_path(&a, "did.json");
    ts_error e = {0};
    ts_str method;
    assert_true(ts_did_file_change(&a, path, TS_S("did:web:id.m.example:makers:7"),
                                   ts_key_public_of(key), TS_KEY_ADD, NOW, &method, &e));
    server->o.did = path;
    assert_int_equal(ASK(.target = "/makers/7/did.json"), 200);
    assert_int_equal(document("did:web:id.m.example:makers:7").methods.n, 1);
    assert_int_equal(ASK(.target = "/makers/8/did.json"), 404);
    server->o.did = "/nowhere/did.json";
    assert_int_equal(ASK(.target = "/.well-known/did.json"), 500);
    assert_true(ts_str_find(x.answer, TS_S("nowhere")) == TS_NPOS);
    assert_int_equal(ASK(.target = "/makers/7/did.json"), 404);
    server->o.did = 0;
}

static void nobody(void **state) {
    (void)state;
    ts_signer sign = server->o.sign;
    server->o.sign.issuer = TS_NONE; /* signs as did:key, which carries its key */
    assert_int_equal(ASK(.target = "/.well-known/did.json"), 404);
    server->o.sign.key = 0;
    assert_int_equal(ASK(.target = "/.well-known/did.json"), 404);
    server->o.sign = sign;
}

static void lists(void **state) {
    (void)state;
    const ts_issue_job job = {.store = server->writer,
                              .by = server->o.sign,
                              .document =
                                  lamp_document(&a, (lamp){"urn:l", "model", LAMP_GTIN, "", ""}),
                              .list = TS_S(LIST),
                              .now = NOW,
                              .until = TS_NO_TIME};
    must_issue(&a, &job);
    assert_int_equal(ASK(.target = "/status/1"), 200);
    assert_str(x.type, "application/vc+jwt");
    ts_list_row row;
    bool found;
    ts_error e = {0};
    assert_true(ts_store_list(server->writer, &a, TS_S(LIST), &row, &found, &e) && found);
    assert_true(ts_str_eq(x.answer, row.secured));
    assert_int_equal(ASK(.target = "/status/2"), 404);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_the_key),
        cmocka_unit_test(of_a_file),
        cmocka_unit_test(nobody),
        cmocka_unit_test(lists),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
