#include "host/keys.h"

#include <unistd.h>

#include "maker.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static const ts_public_key *fresh(const char *name) {
    ts_key *k = maker_key(&a, name, TS_KEY_ED25519);
    ts_public_key *p = ts_new(&a, ts_public_key);
    *p = *ts_key_public_of(k);
    ts_key_free(k);
    return p;
}

static ts_did_document read_back(const char *path) {
    ts_str text;
    ts_error e = {0};
    ts_did_document d = {.id = TS_NONE};
    assert_true(ts_file_read(&a, path, 1 << 20, &text, &e));
    const ts_json *root = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    if (!root || !ts_did_document_read(&a, root, TS_S("did:web:m.example"), &d, &e))
        fail_msg("%s", e.msg);
    return d;
}

static void rotation(void **state) {
    (void)state;
    const char *path = temp_path(&a, "did.json");
    const ts_public_key *one = fresh("r1.pem"), *two = fresh("r2.pem"), *three = fresh("r3.pem");
    ts_str m1, m2, m3;
    ts_error e = {0};
    ts_str did = TS_S("did:web:m.example");
    assert_false(ts_did_file_change(&a, path, TS_NONE, one, TS_KEY_ADD, NOW, &m1, &e)); /* whose? */
    assert_int_equal(access(path, F_OK), -1);
    assert_true(ts_did_file_change(&a, path, did, one, TS_KEY_ADD, NOW, &m1, &e));
    assert_true(ts_did_file_change(&a, path, TS_NONE, two, TS_KEY_ROTATE, NOW + 10, &m2, &e));
    assert_true(ts_did_file_change(&a, path, TS_NONE, three, TS_KEY_ADD, NOW + 20, &m3, &e));
    ts_did_document d = read_back(path);
    assert_int_equal(d.methods.n, 3);
    assert_str(ts_did_find(&d, m1)->expires, "2025-11-24T16:00:10Z");
    assert_int_equal(ts_did_find(&d, m2)->expires.n, 0);
    assert_true(ts_did_find(&d, m1)->purposes & TS_DID_ASSERTION);
    assert_true(ts_did_file_change(&a, path, TS_NONE, three, TS_KEY_REVOKE, NOW + 30, &m3, &e));
    d = read_back(path);
    assert_str(ts_did_find(&d, m3)->revoked, "2025-11-24T16:00:30Z");
    /* a key that ended does not come back */
    assert_false(ts_did_file_change(&a, path, TS_NONE, one, TS_KEY_ADD, NOW + 40, &m1, &e));
    assert_non_null(strstr(e.msg, "take a new one"));
    e = (ts_error){0};
    assert_false(
        ts_did_file_change(&a, path, TS_NONE, fresh("r4.pem"), TS_KEY_REVOKE, NOW, &m1, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
}

static void files_of_others(void **state) {
    (void)state;
    const char *path = temp_path(&a, "bad.json");
    const ts_public_key *k = fresh("f.pem");
    ts_str m;
    static const char *const bad[] = {"", "{", "[]", "{\"id\":\"did:web:other.example\"}",
                                      "{\"id\":\"did:key:z6Mk\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_error e = {0};
        ts_str after;
        test_write(path, ts_str_c(bad[i]));
        assert_false(
            ts_did_file_change(&a, path, TS_S("did:web:m.example"), k, TS_KEY_ADD, NOW, &m, &e));
        assert_true(ts_file_read(&a, path, 1000, &after, &e));
        assert_str(after, bad[i]); /* left as it was */
    }
    ts_error e = {0};
    assert_false(ts_did_file_change(&a, temp_path(&a, "new.json"), TS_S("did:key:zX"), k,
                                    TS_KEY_ADD, NOW, &m, &e));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rotation),
                                       cmocka_unit_test(files_of_others)};
    return cmocka_run_group_tests(tests, setup, NULL);
}
