#include "signing.h"

/* ---- Syntax ---- */

static void takes_dids_apart(void **s) {
    (void)s;
    ts_did_url u;
    ts_error e = {0};
    assert_true(ts_did_parse(TS_S("did:web:example.com%3A80:a::b"), &u, &e));
    assert_str(u.did, "did:web:example.com%3A80:a::b");
    assert_str(u.method, "web");
    assert_str(u.id, "example.com%3A80:a::b");
    assert_int_equal(u.path.n + u.query.n + u.fragment.n, 0);
    assert_true(ts_did_parse(TS_S("did:a1:x_y-z."), &u, &e));
    assert_true(ts_did_parse(TS_S("did:a1:x/p/q;v=1?service=f:%20?/@#k-1/?~!$&'()*+,="), &u, &e));
    assert_str(u.did, "did:a1:x");
    assert_str(u.path, "p/q;v=1");
    assert_str(u.query, "service=f:%20?/@");
    assert_str(u.fragment, "k-1/?~!$&'()*+,=");
    assert_true(ts_did_parse(TS_S("did:a:b#"), &u, &e));
    assert_str(u.did, "did:a:b");
    assert_int_equal(u.fragment.n, 0);
    assert_true(ts_did_parse(TS_S("did:a:b?q"), &u, &e));
    assert_str(u.query, "q");
}

static void refuses_what_is_no_did(void **s) {
    (void)s;
    static const char *const bad[] = {
        "",
        "did",
        "did:",
        "did:web",
        "did:web:",
        "DID:web:a",
        "Did:web:a",
        "did:Web:a",
        "did:we-b:a",
        "did::a",
        "did:web:a:",
        "did:web::",
        " did:web:a",
        "did:web:a ",
        "did:web:a b",
        "did:web:a%",
        "did:web:a%2",
        "did:web:a%zz",
        "did:web:a~",
        "did:web:ä",
        "did:web:a\n",
        "did:web:a#k#l",
        "did:web:a#k l",
        "did:web:a?q^",
        "did:web:a/<",
        "did:web:a#%0",
        "https://a",
        "web:a",
        "did:web:a\\b",
        "did:web:[::1]",
        "did:web:a|b",
        "did:web:a\"",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_did_url u = {.did = TS_S("untouched")};
        ts_error e = {0};
        if (ts_did_parse(ts_str_c(bad[i]), &u, &e)) fail_msg("taken: %s", bad[i]);
        assert_int_equal(e.code, TS_E_INPUT);
        assert_str(u.did, "untouched");
    }
    ts_did_url u;
    ts_error e = {0};
    assert_false(ts_did_parse((ts_str){"did:web:a\0", 10}, &u, &e));
    assert_error(e, TS_E_INPUT, "byte 9 does not belong");
}

static void a_did_has_a_limit(void **s) {
    (void)s;
    ts_arena a = test_arena();
    char *b = ts_new_n(&a, char, 4097);
    ts_did_url u;
    ts_error e = {0};
    memset(b, 'x', 4097);
    memcpy(b, "did:x:", 6);
    assert_true(ts_did_parse((ts_str){b, 4096}, &u, &e));
    assert_int_equal(u.id.n, 4090);
    assert_false(ts_did_parse((ts_str){b, 4097}, &u, &e));
    assert_error(e, TS_E_LIMIT, "4096");
}

/* ---- did:key and did:jwk ---- */

static void resolves_its_own_names(void **s) {
    (void)s;
    ts_arena a = test_arena();
    for (ts_key_kind kind = TS_KEY_ED25519; kind <= TS_KEY_P384; kind++) {
        ts_key *k = fresh_key(&a, kind);
        const ts_public_key *p = ts_key_public_of(k);
        for (int jwk = 0; jwk < 2; jwk++) {
            ts_str did = jwk ? ts_did_jwk_of(&a, p) : ts_did_key_of(&a, p);
            ts_str fragment = jwk ? TS_S("0") : ts_str_from(did, 8);
            const ts_str parts[] = {did, fragment};
            ts_str id = ts_str_join(&a, parts, 2, TS_S("#"));
            ts_did_document d;
            ts_error e = {0};
            assert_true(ts_did_resolve_static(&a, did, &d, &e));
            assert_true(ts_str_eq(d.id, did));
            assert_int_equal(d.methods.n, 1);
            const ts_did_method *m = ts_did_find(&d, id);
            assert_non_null(m);
            assert_true(ts_public_key_eq(&m->key, p));
            assert_true(ts_str_eq(m->controller, did));
            assert_int_equal(m->purposes, TS_DID_ASSERTION | TS_DID_AUTHENTICATION);
            assert_int_equal(m->expires.n + m->revoked.n, 0);
            const ts_str relative[] = {TS_S("#"), fragment};
            assert_ptr_equal(ts_did_find(&d, ts_str_join(&a, relative, 2, TS_NONE)), m);
            assert_null(ts_did_find(&d, fragment));
            assert_null(ts_did_find(&d, did));
            assert_null(ts_did_find(&d, TS_S("#x")));
            assert_false(ts_did_resolve_static(&a, id, &d, &e));
            assert_error(e, TS_E_INPUT, "more than a DID");
        }
        ts_key_free(k);
    }
}

/* The codes of the multicodec table before 32 bytes. */
static ts_str key_with_code(ts_arena *a, const char *code) {
    char b[34] = {code[0], code[1]};
    memset(b + 2, 0x5a, 32);
    const ts_str parts[] = {TS_S("did:key:z"), ts_base58(a, (ts_str){b, 34})};
    return ts_str_join(a, parts, 2, TS_NONE);
}

static void other_kinds_cannot_be_told(void **s) {
    (void)s;
    static const char *const other[] = {"\xec\x01", "\xe7\x01", "\x82\x24", "\x85\x24", "\x99\x66"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        ts_did_document d;
        ts_error e = {0};
        assert_false(ts_did_resolve_static(&a, key_with_code(&a, other[i]), &d, &e));
        assert_int_equal(e.code, TS_E_VERSION);
    }
}

static void refuses_keys(void **s) {
    (void)s;
    static const struct {
        const char *did;
        ts_error_code code;
    } bad[] = {
        {"did:key:z", TS_E_VERSION},
        {"did:key:6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", TS_E_INPUT},
        {"did:key:u7QEBAg", TS_E_INPUT},
        {"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ", TS_E_VERSION},
        {"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2z", TS_E_VERSION},
        {"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbT0l", TS_E_INPUT},
        {"did:key:1.1:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", TS_E_INPUT},
        {"did:web:example.com", TS_E_VERSION},
        {"did:ion:abc", TS_E_VERSION},
        {"did:key", TS_E_INPUT},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_did_document d = {.id = TS_S("untouched")};
        ts_error e = {0};
        if (ts_did_resolve_static(&a, ts_str_c(bad[i].did), &d, &e))
            fail_msg("taken: %s", bad[i].did);
        if (e.code != bad[i].code) fail_msg("%s: %s", bad[i].did, e.msg);
        assert_str(d.id, "untouched");
    }
}

static void refuses_jwks(void **s) {
    (void)s;
#define X "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""
    static const struct {
        const char *jwk;
        ts_error_code code; /* TS_OK: taken */
    } keys[] = {
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," X "}", TS_OK},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\"," X "}", TS_OK},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"enc\"," X "}", TS_E_INPUT},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"key_ops\":[\"sign\"]," X "}", TS_E_INPUT},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"AAAA\"," X "}", TS_E_INPUT},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," X "," X "}", TS_E_INPUT},
        {"{\"kty\":\"OKP\",\"crv\":\"X25519\"," X "}", TS_E_VERSION},
        {"{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", TS_E_VERSION},
        {"[]", TS_E_INPUT},
        {"{}", TS_E_INPUT},
        {"nothing", TS_E_INPUT},
        {"{\"kty\":{\"kty\":{\"kty\":{\"kty\":{}}}}}", TS_E_LIMIT},
    };
#undef X
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const ts_str parts[] = {TS_S("did:jwk:"), ts_base64url(&a, ts_str_c(keys[i].jwk))};
        ts_did_document d;
        ts_error e = {0};
        bool ok = ts_did_resolve_static(&a, ts_str_join(&a, parts, 2, TS_NONE), &d, &e);
        if (ok != !keys[i].code || e.code != keys[i].code) fail_msg("%s: %s", keys[i].jwk, e.msg);
    }
    ts_did_document d;
    ts_error e = {0};
    assert_false(ts_did_resolve_static(&a, TS_S("did:jwk:e30"), &d, &e));
    assert_false(ts_did_resolve_static(&a, TS_S("did:jwk:e31"), &d, &e));
    assert_error(e, TS_E_INPUT, "did:jwk:e31");
}

/* ---- did:web ---- */

static void finds_the_document(void **s) {
    (void)s;
    static const struct {
        const char *did, *url;
    } good[] = {
        {"did:web:example.com", "https://example.com/.well-known/did.json"},
        {"did:web:Example.COM", "https://example.com/.well-known/did.json"},
        {"did:web:example.com:user:Alice", "https://example.com/user/Alice/did.json"},
        {"did:web:example.com%3A3000", "https://example.com:3000/.well-known/did.json"},
        {"did:web:example.com%3a1:a", "https://example.com:1/a/did.json"},
        {"did:web:example.com%3A65535:a:b", "https://example.com:65535/a/b/did.json"},
        {"did:web:localhost", "https://localhost/.well-known/did.json"},
        {"did:web:xn--mller-kva.example", "https://xn--mller-kva.example/.well-known/did.json"},
        {"did:web:1.2.3.4.example", "https://1.2.3.4.example/.well-known/did.json"},
        {"did:web:0x1g", "https://0x1g/.well-known/did.json"},
        {"did:web:a.example:a%20b", "https://a.example/a%20b/did.json"},
        {"did:web:a.example:a%3Ab", "https://a.example/a%3Ab/did.json"},
        {"did:web:a.example:...", "https://a.example/.../did.json"},
        {"did:web:a.example:.a", "https://a.example/.a/did.json"},
        {"did:web:a.example:%2E%2e%2E", "https://a.example/%2E%2e%2E/did.json"},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ts_str url;
        ts_error e = {0};
        if (!ts_did_web_url(&a, ts_str_c(good[i].did), &url, &e)) fail_msg("%s", e.msg);
        assert_str(url, good[i].url);
    }
}

static void refuses_addresses(void **s) {
    (void)s;
    static const struct {
        const char *did, *words;
    } bad[] = {
        {"did:web:127.0.0.1", "IP address"},
        {"did:web:127.0.0.1%3A80", "IP address"},
        {"did:web:127.1", "IP address"},
        {"did:web:2130706433", "IP address"},
        {"did:web:0x7f000001", "IP address"},
        {"did:web:0x7F.1", "IP address"},
        {"did:web:127.0.0.0X1", "IP address"},
        {"did:web:127.0.0.0x", "IP address"},
        {"did:web:0177.0.0.01", "IP address"},
        {"did:web:example.1", "IP address"},
        {"did:web:%5B::1%5D", "only the colon"},
        {"did:web:%5B%3A%3A1%5D", "only the colon"},
        {"did:web:::1", "no host name"},
        {"did:web:example.com.", "no host name"},
        {"did:web:.example.com", "no host name"},
        {"did:web:example..com", "no host name"},
        {"did:web:-a.example", "no host name"},
        {"did:web:a-.example", "no host name"},
        {"did:web:a_b.example", "no host name"},
        {"did:web:user%40example.com", "only the colon"},
        {"did:web:example.com%2Fa", "only the colon"},
        {"did:web:example.com%23a", "only the colon"},
        {"did:web:ex%61mple.com", "only the colon"},
        {"did:web:example.com%3A", "port"},
        {"did:web:example.com%3A0", "port"},
        {"did:web:example.com%3A080", "port"},
        {"did:web:example.com%3A65536", "port"},
        {"did:web:example.com%3A99999999999999999999", "port"},
        {"did:web:example.com%3A80%3A80", "port"},
        {"did:web:example.com%3A-1", "port"},
        {"did:web:example.com%3Aa", "port"},
        {"did:web:%3A80", "no host name"},
        {"did:web:a.example::b", "empty path segment"},
        {"did:web:a.example:..", "segment of dots"},
        {"did:web:a.example:.", "segment of dots"},
        {"did:web:a.example:..:b", "segment of dots"},
        {"did:web:a.example:%2e%2E", "segment of dots"},
        {"did:web:a.example:.%2e", "segment of dots"},
        {"did:web:a.example:%2E", "segment of dots"},
        {"did:web:a.example:a%2Fb", "slash"},
        {"did:web:a.example:a%5cb", "slash"},
        {"did:web:a.example:a%00", "control character"},
        {"did:web:a.example:a%0Ab", "control character"},
        {"did:web:a.example:%7F", "control character"},
        {"did:web:a.example#k", "more than a DID"},
        {"did:web:a.example/b", "more than a DID"},
        {"did:web:a.example?b", "more than a DID"},
        {"did:web:a.example:", "last segment is empty"},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_str url = TS_S("untouched");
        ts_error e = {0};
        if (ts_did_web_url(&a, ts_str_c(bad[i].did), &url, &e)) fail_msg("taken: %s", bad[i].did);
        assert_error(e, TS_E_INPUT, bad[i].words);
        assert_str(url, "untouched");
    }
    ts_error e = {0};
    ts_str url;
    assert_false(ts_did_web_url(&a, TS_S("did:key:z6Mk"), &url, &e));
    assert_error(e, TS_E_VERSION, "did:web is");
}

static void hosts_have_limits(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_str url, label = TS_S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    const ts_str four[] = {label, label, label, label};
    assert_int_equal(label.n, 63);
    for (size_t cut = 0; cut < 4; cut++) { /* 255, 254, 253, 252 bytes */
        const ts_str parts[] = {TS_S("did:web"),
                                ts_str_from(ts_str_join(&a, four, 4, TS_S(".")), cut)};
        assert_int_equal(ts_did_web_url(&a, ts_str_join(&a, parts, 2, TS_S(":")), &url, 0),
                         cut >= 2);
    }
    const ts_str long_label[] = {TS_S("did:web:a"), label};
    assert_false(ts_did_web_url(&a, ts_str_join(&a, long_label, 2, TS_NONE), &url, 0));
}

/* ---- Documents ---- */

#define DID "did:web:a.example"
#define ED "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
#define METHOD(id, more) "{\"id\":\"" id "\",\"controller\":\"" DID "\"," more "}"
#define MULTIKEY "\"type\":\"Multikey\",\"publicKeyMultibase\":\"" ED "\""
#define DOCUMENT(more) "{\"id\":\"" DID "\"" more "}"

static bool read_document(ts_arena *a, const char *text, ts_did_document *d, ts_error *e) {
    return ts_did_document_read(a, strict(a, ts_str_c(text)), TS_S(DID), d, e);
}

static void reads_methods_and_purposes(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_did_document d;
    ts_error e = {0};
    assert_true(read_document(
        &a,
        DOCUMENT(
            ",\"@context\":[\"https://www.w3.org/ns/did/"
            "v1\"],\"alsoKnownAs\":[\"did:x:y\"],"
            "\"verificationMethod\":[" METHOD(DID "#k1", MULTIKEY) "," METHOD(
                "#k2", MULTIKEY
                ",\"r"
                "evok"
                "ed\""
                ":\"2"
                "025-"
                "01-"
                "01T0"
                "0:"
                "00:"
                "00Z"
                "\"") "," METHOD("#k3", MULTIKEY
                                 ",\"expires\":\"2026-01-01T00:00:"
                                 "00Z\"") "],"
                                          "\"assertionMethod\":[\"#"
                                          "k1\",\"" DID "#k2\",\"#absent\",\"did:x:y#"
                                          "k\"," METHOD(
                                              "#k4",
                                              MULTIKEY) "],"
                                                        "\"authenticati"
                                                        "on\":[\"" DID "#k1\"," METHOD(
                                                            "#k5",
                                                            MULTIKEY) "],"
                                                                      "\"keyAgreemen"
                                                                      "t\":[" METHOD(
                                                                          "#k6",
                                                                          MULTIKEY) ",\"#k3\"]"),
        &d, &e));
    static const struct {
        const char *id;
        unsigned purposes;
    } want[] = {{"#k1", TS_DID_ASSERTION | TS_DID_AUTHENTICATION},
                {"#k2", TS_DID_ASSERTION},
                {"#k3", 0},
                {"#k4", TS_DID_ASSERTION},
                {"#k5", TS_DID_AUTHENTICATION},
                {"#k6", 0}};
    assert_str(d.id, DID);
    assert_int_equal(d.methods.n, 6);
    assert_int_equal(d.also_known_as.n, 1);
    for (size_t i = 0; i < 6; i++) {
        const ts_did_method *m = ts_did_find(&d, ts_str_c(want[i].id));
        assert_non_null(m);
        assert_int_equal(m->purposes, want[i].purposes);
        assert_int_equal(m->key.kind, TS_KEY_ED25519);
        assert_str(m->controller, DID);
    }
    assert_str(d.methods.v[1].id, DID "#k2");
    assert_str(d.methods.v[1].revoked, "2025-01-01T00:00:00Z");
    assert_str(d.methods.v[2].expires, "2026-01-01T00:00:00Z");
    assert_null(ts_did_find(&d, TS_S("#absent")));
    assert_null(ts_did_find(&d, TS_S("did:x:y#k")));
    assert_ptr_equal(ts_did_find(&d, TS_S(DID "#k1")), &d.methods.v[0]);
    assert_true(read_document(&a, DOCUMENT(""), &d, &e));
    assert_int_equal(d.methods.n, 0);
}

static void reads_kinds_of_keys(void **s) {
    (void)s;
    static const struct {
        const char *method;
        ts_key_kind kind;
    } kinds[] = {
        {MULTIKEY, TS_KEY_ED25519},
        {"\"type\":\"Multikey\",\"publicKeyMultibase\":"
         "\"zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP\"",
         TS_KEY_P256},
        {"\"type\":\"Ed25519VerificationKey2020\",\"publicKeyMultibase\":\"" ED "\"",
         TS_KEY_ED25519},
        {"\"type\":\"Ed25519VerificationKey2018\",\"publicKeyBase58\":"
         "\"FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z\"",
         TS_KEY_ED25519},
        {"\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
         "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
         TS_KEY_ED25519},
        {"\"type\":\"JsonWebKey2020\",\"publicKeyJwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
         "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":"
         "\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
         TS_KEY_P256},
        /* not for signatures, or not known here */
        {"\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":"
         "\"enc\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":"
         "\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
         TS_KEY_NONE},
        {"\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
         "\"key_ops\":[\"deriveKey\"],\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
         TS_KEY_NONE},
        {"\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
         "\"alg\":\"ECDH-ES+A256KW\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
         TS_KEY_NONE},
        {"\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":"
         "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
         TS_KEY_NONE},
        {"\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
         TS_KEY_NONE},
        {"\"type\":\"Multikey\",\"publicKeyMultibase\":\"u7QEBAg\"", TS_KEY_NONE},
        {"\"type\":\"X25519KeyAgreementKey2020\",\"publicKeyMultibase\":\"zAnything\"",
         TS_KEY_NONE},
        {"\"type\":\"EcdsaSecp256k1RecoveryMethod2020\",\"blockchainAccountId\":\"eip155:1:0x0\"",
         TS_KEY_NONE},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const ts_str parts[] = {
            TS_S(DOCUMENT(",\"assertionMethod\":[{\"id\":\"#k\",\"controller\":\"" DID "\",")),
            ts_str_c(kinds[i].method)};
        ts_buf b = ts_buf_new(&a, 4096);
        ts_did_document d;
        ts_error e = {0};
        ts_buf_put(&b, ts_str_to(parts[0], parts[0].n - 1));
        ts_buf_put(&b, parts[1]);
        ts_buf_lit(&b, "}]}");
        if (!read_document(&a, ts_str_z(&a, ts_buf_str(&b)), &d, &e)) fail_msg("%s", e.msg);
        assert_int_equal(d.methods.n, 1);
        if (d.methods.v[0].key.kind != kinds[i].kind) fail_msg("%s", kinds[i].method);
    }
}

static void refuses_documents(void **s) {
    (void)s;
    static const struct {
        const char *text, *words;
    } bad[] = {
        {"[]", "no JSON object"},
        {"{}", "its id is \"\""},
        {"{\"id\":1}", "id is no string"},
        {"{\"id\":\"did:web:b.example\"}", "its id is \"did:web:b.example\", not " DID},
        {"{\"id\":\"did:web:A.example\"}", "its id is"},
        {"{\"id\":\"" DID "#k\"}", "its id is"},
        {"{\"id\":\"" DID "/\"}", "its id is"},
        {DOCUMENT(",\"verificationMethod\":{}"), "verificationMethod is no array"},
        {DOCUMENT(",\"verificationMethod\":[\"#k\"]"), "is no object"},
        {DOCUMENT(",\"verificationMethod\":[{}]"), "no DID"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD(DID, MULTIKEY) "]"), "no fragment"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD("#", MULTIKEY) "]"), "no fragment"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD("k", MULTIKEY) "]"), "no DID"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD("#a b", MULTIKEY) "]"), "no DID URL"},
        {DOCUMENT(
             ",\"verificationMethod\":[" METHOD("#k", MULTIKEY) "," METHOD(DID "#k", MULTIKEY) "]"),
         "two methods have the id " DID "#k"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD("#k", MULTIKEY) "],\"keyAgreement\":[" METHOD(
             "#k", MULTIKEY) "]"),
         "two methods have the id"},
        {DOCUMENT(",\"verificationMethod\":[{\"id\":\"#k\"," MULTIKEY "}]"), "no controller"},
        {DOCUMENT(",\"verificationMethod\":[{\"id\":\"#k\",\"controller\":[\"" DID "\"]," MULTIKEY
                  "}]"),
         "controller is no string"},
        {DOCUMENT(
             ",\"verificationMethod\":[" METHOD("#k", "\"publicKeyMultibase\":\"" ED "\"") "]"),
         "no type"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD("#k", "\"type\":\"Multikey\"") "]"),
         "no publicKeyMultibase"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD(
             "#k", "\"type\":\"Multikey\",\"publicKeyMultibase\":\"z0\"") "]"),
         "#k"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD(
             "#k", "\"type\":\"Multikey\",\"publicKeyMultibase\":7") "]"),
         "publicKeyMultibase is no string"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD(
             "#k", "\"type\":\"JsonWebKey\",\"publicKeyJwk\":\"{}\"") "]"),
         "no publicKeyJwk that is an object"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD("#k", MULTIKEY ",\"publicKeyJwk\":{}") "]"),
         "two forms"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD(
             "#k", "\"type\":\"Ed25519VerificationKey2020\",\"publicKeyMultibase\":"
                   "\"zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP\"") "]"),
         "another kind of key"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD(
             "#k", "\"type\":\"Ed25519VerificationKey2018\",\"publicKeyBase58\":\"111\"") "]"),
         "has 3 bytes"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD(
             "#k", "\"type\":\"Ed25519VerificationKey2018\",\"publicKeyBase58\":"
                   "\"11111111111111111111111111111111\"") "]"),
         "small order"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD(
             "#k", "\"type\":\"Ed25519VerificationKey2018\",\"publicKeyBase58\":\"0\"") "]"),
         "publicKeyBase58"},
        {DOCUMENT(
             ",\"verificationMethod\":[" METHOD("#k", MULTIKEY ",\"revoked\":\"2025-01-01\"") "]"),
         "revoked is \"2025-01-01\", no date"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD("#k", MULTIKEY ",\"revoked\":true") "]"),
         "revoked is no string"},
        {DOCUMENT(",\"verificationMethod\":[" METHOD("#k", MULTIKEY ",\"expires\":\"\"") "]"),
         "expires is"},
        {DOCUMENT(",\"assertionMethod\":\"#k\""), "assertionMethod is no array"},
        {DOCUMENT(",\"assertionMethod\":[1]"), "is no object"},
        {DOCUMENT(",\"assertionMethod\":[\"k\"]"), "no DID"},
        {DOCUMENT(",\"assertionMethod\":[\"" DID "\"]"), "no fragment"},
        {DOCUMENT(",\"alsoKnownAs\":\"x\""), "alsoKnownAs is no array"},
        {DOCUMENT(",\"alsoKnownAs\":[null]"), "alsoKnownAs is no string"},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_did_document d = {.id = TS_S("untouched")};
        ts_error e = {0};
        if (read_document(&a, bad[i].text, &d, &e)) fail_msg("taken: %s", bad[i].text);
        assert_error(e, TS_E_INPUT, bad[i].words);
        assert_str(d.id, "untouched");
    }
    ts_did_document d;
    ts_error e = {0};
    assert_false(ts_did_document_read(&a, 0, TS_S(DID), &d, &e));
    assert_false(ts_did_document_read(&a, strict(&a, TS_S(DOCUMENT(""))), TS_S(DID "#k"), &d, &e));
    assert_error(e, TS_E_INPUT, "more than a DID");
}

static void refuses_secrets(void **s) {
    (void)s;
    static const char *const secret[] = {
        MULTIKEY ",\"secretKeyMultibase\":\"z3u2\"",
        MULTIKEY ",\"privateKeyMultibase\":\"z3u2\"",
        MULTIKEY ",\"privateKeyJwk\":{}",
        MULTIKEY ",\"secretKeyJwk\":{}",
        MULTIKEY ",\"privateKeyBase58\":null",
        MULTIKEY ",\"privateKeyPem\":\"\"",
        MULTIKEY ",\"PrivateKeyHex\":\"\"",
        "\"type\":\"Unheard\",\"privateKeyHex\":\"00\"",
        "\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"d\":\"\"}",
        "\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"RSA\",\"dp\":\"\"}",
        "\"type\":\"JsonWebKey\",\"publicKeyJwk\":{\"kty\":\"oct\",\"k\":\"AA\",\"use\":\"enc\"}",
    };
    static const char *const list[] = {"verificationMethod", "assertionMethod", "authentication",
                                       "keyAgreement", "capabilityDelegation"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
            ts_buf b = ts_buf_new(&a, 4096);
            ts_did_document d;
            ts_error e = {0};
            ts_buf_fmt(
                &b, "{\"id\":\"" DID "\",\"%s\":[{\"id\":\"#k\",\"controller\":\"" DID "\",%s}]}",
                list[k], secret[i]);
            assert_false(ts_did_document_read(&a, strict(&a, ts_buf_str(&b)), TS_S(DID), &d, &e));
            assert_error(e, TS_E_INPUT, "secret key");
        }
}

/* Somebody's document must not speak for another DID. */
static void methods_of_others_have_no_purpose(void **s) {
    (void)s;
    static const char *const other[] = {"did:web:b.example#k", DID "x#k", DID ":x#k",
                                        "did:web:a.exampl#k"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        for (int embedded = 0; embedded < 2; embedded++) {
            ts_buf b = ts_buf_new(&a, 4096);
            ts_did_document d;
            ts_error e = {0};
            ts_buf_fmt(&b,
                       "{\"id\":\"" DID "\",\"%s\":[{\"id\":\"%s\",\"controller\":\"" DID
                       "\"," MULTIKEY "}]%s%s%s}",
                       embedded ? "assertionMethod" : "verificationMethod", other[i],
                       embedded ? "" : ",\"assertionMethod\":[\"", embedded ? "" : other[i],
                       embedded ? "" : "\"]");
            assert_true(ts_did_document_read(&a, strict(&a, ts_buf_str(&b)), TS_S(DID), &d, &e));
            assert_int_equal(d.methods.n, 1);
            assert_int_equal(d.methods.v[0].purposes, 0);
            assert_int_equal(d.methods.v[0].key.kind, TS_KEY_NONE);
        }
}

/* Nor a key for itself that somebody else controls. */
static void methods_under_others_control(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_did_document d;
    ts_error e = {0};
    ts_str text =
        TS_S("{\"id\":\"" DID "\",\"assertionMethod\":[{\"id\":\"" DID "#k\",\"controller\":"
             "\"did:web:b.example\"," MULTIKEY "}]}");
    assert_true(ts_did_document_read(&a, strict(&a, text), TS_S(DID), &d, &e));
    assert_int_equal(d.methods.v[0].purposes, 0);
    assert_int_equal(d.methods.v[0].key.kind, TS_KEY_NONE);
}

static ts_str many_methods(ts_arena *a, size_t listed, size_t embedded) {
    ts_buf b = ts_buf_new(a, 1 << 20);
    ts_buf_lit(&b, "{\"id\":\"" DID "\",\"verificationMethod\":[");
    for (size_t i = 0; i < listed + embedded; i++) {
        if (i == listed) ts_buf_lit(&b, "],\"assertionMethod\":[");
        ts_buf_fmt(&b, "%s{\"id\":\"#%zu\",\"type\":\"x\",\"controller\":\"" DID "\"}",
                   i && i != listed ? "," : "", i);
    }
    ts_buf_lit(&b, "]}");
    return ts_buf_str(&b);
}

static void documents_have_limits(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_did_document d;
    ts_error e = {0};
    ts_str did = TS_S(DID);
    assert_true(ts_did_document_read(&a, strict(&a, many_methods(&a, 1000, 0)), did, &d, &e));
    assert_int_equal(d.methods.n, 1000);
    assert_str(ts_did_find(&d, TS_S("#999"))->id, DID "#999");
    assert_false(ts_did_document_read(&a, strict(&a, many_methods(&a, 1001, 0)), did, &d, &e));
    assert_error(e, TS_E_LIMIT, "more than 1000 verification methods");
    assert_false(ts_did_document_read(&a, strict(&a, many_methods(&a, 990, 11)), did, &d, &e));
    assert_error(e, TS_E_LIMIT, "more than 1000 verification methods");
    static const char *const lists[] = {"assertionMethod", "alsoKnownAs"};
    for (int l = 0; l < 2; l++)
        for (size_t n = 1000; n < 1002; n++) {
            ts_buf b = ts_buf_new(&a, 1 << 20);
            ts_buf_fmt(&b, "{\"id\":\"" DID "\",\"%s\":[\"#x\"", lists[l]);
            for (size_t i = 1; i < n; i++) ts_buf_lit(&b, ",\"#x\"");
            ts_buf_lit(&b, "]}");
            assert_int_equal(ts_did_document_read(&a, strict(&a, ts_buf_str(&b)), did, &d, &e),
                             n == 1000);
            if (n > 1000) assert_error(e, TS_E_LIMIT, lists[l]);
        }
}

static void writes_what_it_reads(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_did_document d = {.id = TS_S(DID)}, back;
    ts_error e = {0};
    *ts_push(&a, &d.also_known_as) = TS_S("https://a.example/\"x\"");
    for (ts_key_kind kind = TS_KEY_NONE; kind <= TS_KEY_P384; kind++) {
        ts_did_method *m = ts_push(&a, &d.methods);
        ts_buf id = ts_buf_new(&a, 64);
        ts_buf_fmt(&id, DID "#%d", (int)kind);
        m->id = ts_buf_str(&id);
        if (kind == TS_KEY_P256) m->revoked = TS_S("2025-05-05T00:00:00Z");
        if (kind == TS_KEY_P384) m->purposes = TS_DID_AUTHENTICATION;
        if (!kind) continue;
        ts_key *k = fresh_key(&a, kind);
        m->key = *ts_key_public_of(k);
        ts_key_free(k);
    }
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_did_document_write(&w, &d);
    assert_true(ts_did_document_read(&a, strict(&a, ts_buf_str(&b)), d.id, &back, &e));
    assert_int_equal(back.methods.n, 3);
    assert_str(back.also_known_as.v[0], "https://a.example/\"x\"");
    for (size_t i = 0; i < 3; i++) {
        const ts_did_method *m = &back.methods.v[i], *was = &d.methods.v[i + 1];
        assert_true(ts_str_eq(m->id, was->id));
        assert_true(ts_public_key_eq(&m->key, &was->key));
        assert_true(ts_str_eq(m->revoked, was->revoked));
        assert_str(m->controller, DID);
        assert_int_equal(m->purposes, TS_DID_ASSERTION | was->purposes);
    }
    const ts_json *v = strict(&a, ts_buf_str(&b));
    assert_int_equal(ts_json_member(v, "authentication")->n, 1);
    assert_int_equal(ts_json_member(v, "assertionMethod")->n, 3);
    assert_str(ts_json_str(ts_json_at(ts_json_member(v, "@context"), 0)),
               "https://www.w3.org/ns/did/v1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_dids_apart),
        cmocka_unit_test(refuses_what_is_no_did),
        cmocka_unit_test(a_did_has_a_limit),
        cmocka_unit_test(resolves_its_own_names),
        cmocka_unit_test(other_kinds_cannot_be_told),
        cmocka_unit_test(refuses_keys),
        cmocka_unit_test(refuses_jwks),
        cmocka_unit_test(finds_the_document),
        cmocka_unit_test(refuses_addresses),
        cmocka_unit_test(hosts_have_limits),
        cmocka_unit_test(reads_methods_and_purposes),
        cmocka_unit_test(reads_kinds_of_keys),
        cmocka_unit_test(refuses_documents),
        cmocka_unit_test(refuses_secrets),
        cmocka_unit_test(methods_of_others_have_no_purpose),
        cmocka_unit_test(methods_under_others_control),
        cmocka_unit_test(documents_have_limits),
        cmocka_unit_test(writes_what_it_reads),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
