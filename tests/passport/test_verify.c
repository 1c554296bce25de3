#include "passport/verify.h"

#include "passport/dossier.h"

/* ---- Signatures ---- */

static const ts_key_kind kinds[] = {TS_KEY_ED25519, TS_KEY_P256, TS_KEY_P384};

static void proofs_and_tokens(void **state) {
    (void)state;
    static const char *const suites[] = {"eddsa-jcs-2022", "ecdsa-jcs-2019", "ecdsa-jcs-2019"};
    static const char *const algs[] = {"EdDSA (vc+jwt)", "ES256 (vc+jwt)", "ES384 (vc+jwt)"};
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    for (int i = 0; i < 3; i++) {
        party p = key_party(&a, kinds[i]);
        ts_str vc = plain(&a, p.did, ",\"validFrom\":\"2026-01-01T00:00:00Z\"");
        ts_report r = checked(&a, signed_by(&a, &p, vc), &o);
        assert_steps(r, "yy?y?");
        assert_str(r.credentials.v[0].secured_by, suites[i]);
        assert_str(r.of, "urn:example:1");
        assert_str(r.kind, "credential");
        assert_step(r, TS_STEP_SIGNATURE, 'y', "it fits the key did:key:z");
        assert_step(r, TS_STEP_ISSUER, 'y', "is the key itself; who holds it, it does not tell");
        assert_step(r, TS_STEP_STATUS, '?', "names no status list");
        r = checked(&a, token_by(&a, &p, vc), &o);
        assert_steps(r, "yy?y?");
        assert_str(r.credentials.v[0].secured_by, algs[i]);
        ts_str envelope = enveloped(&a, token_by(&a, &p, vc));
        assert_steps(checked(&a, envelope, &o), "yy?y?");
    }
}

static void blanks_around_a_file(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    ts_str vc = plain(&a, p.did, "");
    assert_steps(checked(&a, text_of(&a, "\n %.*s\r\n", TS_P(signed_by(&a, &p, vc))), &o), "yy?y?");
    assert_steps(checked(&a, text_of(&a, "%.*s\n", TS_P(token_by(&a, &p, vc))), &o), "yy?y?");
}

/* No byte of a token can be another one. */
static void every_byte_of_a_token(void **state) {
    (void)state;
    static const char others[] = {1, 2, 32, (char)128};
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    o.ring = ts_key_ring_new(&a);
    for (int k = 0; k < 2; k++) {
        party p = key_party(&a, kinds[k]);
        ts_str token = token_by(&a, &p, plain(&a, p.did, ""));
        char *copy = ts_new_n(&a, char, token.n);
        for (size_t i = 0; i < token.n; i++)
            for (size_t j = 0; j < sizeof others; j++) {
                ts_arena mark = a;
                memcpy(copy, token.p, token.n);
                copy[i] ^= others[j];
                ts_report r = checked(&a, (ts_str){copy, token.n}, &o);
                assert_true(r.step[TS_STEP_SIGNATURE].answer != TS_YES);
                assert_true(r.step[TS_STEP_ISSUER].answer != TS_YES);
                a = mark;
            }
        for (size_t n = 0; n < token.n; n++) {
            ts_arena mark = a;
            assert_true(checked(&a, ts_str_to(token, n), &o).step[0].answer == TS_NO);
            a = mark;
        }
    }
    ts_key_ring_free(o.ring);
}

static void every_byte_of_a_document(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    o.ring = ts_key_ring_new(&a);
    party p = key_party(&a, TS_KEY_ED25519);
    ts_str text = signed_by(&a, &p, plain(&a, p.did, ""));
    char *copy = ts_new_n(&a, char, text.n);
    for (size_t i = 0; i < text.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            ts_arena mark = a;
            memcpy(copy, text.p, text.n);
            copy[i] = (char)(copy[i] ^ 1 << bit);
            ts_report r = checked(&a, (ts_str){copy, text.n}, &o);
            if (r.step[0].answer == TS_YES) print_error("byte %zu, bit %d\n", i, bit);
            assert_true(r.step[TS_STEP_SIGNATURE].answer != TS_YES);
            assert_true(r.step[TS_STEP_ISSUER].answer != TS_YES);
            a = mark;
        }
    ts_key_ring_free(o.ring);
}

static void not_signed(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    ts_report r = checked(&a, plain(&a, p.did, ""), &o);
    assert_steps(r, "n??y?");
    assert_step(r, TS_STEP_SIGNATURE, 'n', "anybody can have written it");
    assert_step(r, TS_STEP_ISSUER, '?', "as the signature failed, it says nothing of the issuer");
    assert_steps(checked(&a, plain(&a, p.did, ",\"proof\":[]"), &o), "n??n?");
}

static void what_cannot_be_read(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
        ts_answer answer;
    } cases[] = {
        {"", "there is nothing in it", TS_NO},
        {"  \n", "there is nothing in it", TS_NO},
        {"{", "JSON", TS_NO},
        {"[]", "it is no JSON object", TS_NO},
        {"{\"a\":1,\"a\":2}", "JSON", TS_NO},
        {"{}{}", "JSON", TS_NO},
        {"hello", "the token has 1 part", TS_NO},
        {"a.b.c", "not base64url", TS_NO},
        {"eyJhbGciOiJub25lIn0.e30.", "not signed", TS_NO},
        {"eyJhbGciOiJFUzI1NiJ9.e30.AA~", "SD-JWT", TS_OPEN},
        {"eyJhbGciOiJQUzI1NiJ9.e30.AAAA", "PS256", TS_OPEN},
    };
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_report r = checked(&a, ts_str_c(cases[i].text), &o);
        assert_step(r, TS_STEP_SIGNATURE, cases[i].answer == TS_NO ? 'n' : '?', cases[i].said);
        assert_step(r, TS_STEP_SCHEMA, '?', "cannot be read");
        assert_int_equal(r.credentials.n, 1);
    }
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_lit(&b, "{\"x\":");
    for (int i = 0; i < 64; i++) ts_buf_c(&b, '[');
    for (int i = 0; i < 64; i++) ts_buf_c(&b, ']');
    ts_buf_c(&b, '}');
    assert_int_equal(checked(&a, ts_buf_str(&b), &o).step[0].answer, TS_NO);
    ts_str large = {ts_new_n(&a, char, TS_DOSSIER_MAX + 1), TS_DOSSIER_MAX + 1};
    assert_step(checked(&a, large, &o), TS_STEP_SIGNATURE, '?', "larger than the 16 MiB");
}

/* Somebody else's signature: over their own name it fits the key and is not the issuer's; over the
 * issuer's name it does not fit. */
static void foreign_keys(void **state) {
    (void)state;
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = web_party(&a, &w, "a.example", TS_KEY_ED25519), thief = key_party(&a, TS_KEY_ED25519),
          posing = thief;
    ts_str vc = plain(&a, p.did, "");
    posing.method = p.method;
    for (int token = 0; token < 2; token++) {
        ts_report r = checked(&a, token ? token_by(&a, &thief, vc) : signed_by(&a, &thief, vc), &o);
        assert_steps(r, "yn?y?");
        assert_step(r, TS_STEP_ISSUER, 'n', "is not one of the issuer, did:web:a.example");
        r = checked(&a, token ? token_by(&a, &posing, vc) : signed_by(&a, &posing, vc), &o);
        assert_steps(r, "n??y?");
        assert_step(r, TS_STEP_SIGNATURE, 'n', "");
        party own = p;
        own.method = TS_S("did:web:a.example#key-2");
        r = checked(&a, token ? token_by(&a, &own, vc) : signed_by(&a, &own, vc), &o);
        assert_steps(r, "?n?y?");
        assert_step(r, TS_STEP_ISSUER, 'n', "did:web:a.example lists no key");
        assert_steps(checked(&a, token ? token_by(&a, &p, vc) : signed_by(&a, &p, vc), &o),
                     "yy?y?");
    }
}

static void several_proofs(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519), q = key_party(&a, TS_KEY_P256);
    ts_str one = signed_by(&a, &p, plain(&a, p.did, "")), two = signed_by(&a, &p, one),
           other = signed_by(&a, &q, one);
    ts_report r = checked(&a, two, &o);
    assert_steps(r, "yy?y?");
    assert_step(r, TS_STEP_SIGNATURE, 'y', "all 2 proofs fit their keys");
    r = checked(&a, other, &o);
    assert_steps(r, "yn?y?"); /* the second is not the issuer's */
    assert_str(r.credentials.v[0].secured_by, "eddsa-jcs-2022, ecdsa-jcs-2019");

    /* One proof of two that fails is enough. */
    size_t at = ts_str_find(two, TS_S("\"created\":\"2026-11-01"));
    char *copy = (char *)(uintptr_t)ts_str_dup(&a, two).p;
    copy[at + 13] = '1';
    r = checked(&a, (ts_str){copy, two.n}, &o);
    assert_step(r, TS_STEP_SIGNATURE, 'n', "proof 1 of 2: ");
    assert_str(r.step[TS_STEP_SIGNATURE].at, "/proof/0");

    /* One of a suite that is not known leaves it open. */
    ts_str unknown = ts_str_dup(&a, two);
    at = ts_str_find(unknown, TS_S("eddsa-jcs-2022"));
    memcpy((char *)(uintptr_t)unknown.p + at, "eddsa-xcs-2022", 14);
    r = checked(&a, unknown, &o);
    assert_step(r, TS_STEP_SIGNATURE, '?', "eddsa-xcs-2022");
    assert_step(r, TS_STEP_ISSUER, '?', "was not checked");
    ts_str type = plain(&a, p.did, ",\"proof\":{\"type\":\"Ed25519Signature2020\"}");
    assert_step(checked(&a, type, &o), TS_STEP_SIGNATURE, '?', "Ed25519Signature2020");
}

/* The W3C's vectors: an issuer that is a web address, and a did:key that signs. */
static void vectors_of_the_w3c(void **state) {
    (void)state;
    static const struct {
        const char *name, *steps;
    } vectors[] = {
        {"passport/w3c/vc-di-eddsa/eddsa-jcs-2022/signedJCS.json", "y??y?"},
        {"passport/w3c/vc-di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json", "y??y?"},
        {"passport/w3c/vc-di-ecdsa/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json", "y??y?"},
        {"passport/w3c/vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json", "???y?"},
        {"passport/w3c/vc-di-eddsa/proof-set-chain/signedProofChain2.json", "???y?"},
        {"passport/w3c/vc-di-eddsa/proof-set-chain/signedProofSet2.json", "???y?"},
        {"passport/w3c/vc-di-eddsa/Ed25519Signature2020/signedEdSig.json", "???y?"},
    };
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const char *path = test_data(vectors[i].name);
        ts_str text;
        if (!path) skip();
        assert_true(ts_file_read(&a, path, 1 << 20, &text, 0));
        print_message("%s\n", vectors[i].name);
        ts_report r = checked(&a, text, &o);
        assert_steps(r, vectors[i].steps);
        if (vectors[i].steps[0] == 'y')
            assert_step(r, TS_STEP_ISSUER, '?', "is no DID: nothing ties the key to it");
        char *copy = (char *)(uintptr_t)text.p;
        size_t at = ts_str_find(text, TS_S("School"));
        if (at == TS_NPOS || vectors[i].steps[0] != 'y') continue;
        copy[at] = 's';
        assert_steps(checked(&a, text, &o), "n??y?");
    }
}

/* ---- Issuers ---- */

static void did_web(void **state) {
    (void)state;
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = web_party(&a, &w, "a.example:works:7", TS_KEY_P256);
    ts_str vc = signed_by(&a, &p, plain(&a, p.did, ""));
    assert_str(w.page[0].url, "https://a.example/works/7/did.json");
    assert_step(checked(&a, vc, &o), TS_STEP_ISSUER, 'y', "lists the key under assertionMethod");

    w.down = true;
    ts_report r = checked(&a, vc, &o);
    assert_steps(r, "???y?");
    assert_step(r, TS_STEP_ISSUER, '?', "is not at hand: nobody answers");
    assert_step(r, TS_STEP_SIGNATURE, '?', "is not at hand: nobody answers");
    assert_true(r.step[TS_STEP_ISSUER].cure.n > 0);
    w.down = false;
    o.source.get = 0;
    assert_step(checked(&a, vc, &o), TS_STEP_ISSUER, '?', "nothing is fetched in this run");
    o.source.get = web_get;

    web_put(&w, w.page[0].url, TS_S("<html>"));
    assert_step(checked(&a, vc, &o), TS_STEP_ISSUER, '?', "is not usable");
    party other = p;
    other.did = TS_S("did:web:b.example");
    web_put(&w, w.page[0].url, did_document(&a, &other, &(listing){0}));
    assert_step(checked(&a, vc, &o), TS_STEP_ISSUER, '?', "is not usable");
    ts_str large = {ts_new_n(&a, char, (1 << 20) + 1), (1 << 20) + 1};
    web_put(&w, w.page[0].url, large);
    assert_step(checked(&a, vc, &o), TS_STEP_ISSUER, '?', "larger than 1 MiB");

    publish(&a, &w, &p, (listing){.purposes = TS_DID_AUTHENTICATION});
    r = checked(&a, vc, &o);
    assert_steps(r, "yn?y?");
    assert_step(r, TS_STEP_ISSUER, 'n', "but not under assertionMethod");
    publish(&a, &w, &p, (listing){.purposes = TS_DID_ASSERTION});
    assert_steps(checked(&a, vc, &o), "yy?y?");
}

static void names_of_issuers(void **state) {
    (void)state;
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = web_party(&a, &w, "a.example", TS_KEY_ED25519), q = key_party(&a, TS_KEY_ED25519);
    ts_str vc = text_of(&a, "{\"@context\":[" V2 "],\"type\":\"VerifiableCredential\",\"issuer\":{"
                            "\"id\":\"did:web:a.example\",\"name\":\"Werk A\"},"
                            "\"credentialSubject\":{\"a\":1}}");
    assert_step(checked(&a, signed_by(&a, &p, vc), &o), TS_STEP_ISSUER, 'y',
                "it calls itself \"Werk A\"");
    ts_report r = checked(&a, signed_by(&a, &q, plain(&a, TS_S("https://a.example/us"), "")), &o);
    assert_steps(r, "y??y?");
    assert_step(r, TS_STEP_ISSUER, '?', "the issuer https://a.example/us is no DID");
    r = checked(&a, signed_by(&a, &q, plain(&a, TS_S("did:webvh:Qm:a.example"), "")), &o);
    assert_steps(r, "yn?y?");
    party v = q;
    v.method = TS_S("did:webvh:Qm:a.example#k");
    r = checked(&a, signed_by(&a, &v, plain(&a, TS_S("did:webvh:Qm:a.example"), "")), &o);
    assert_steps(r, "???y?");
    assert_step(r, TS_STEP_ISSUER, '?', "did:webvh is not known here");
    v.method = TS_S("did:web:127.0.0.1#k");
    r = checked(&a, signed_by(&a, &v, plain(&a, TS_S("did:web:127.0.0.1"), "")), &o);
    assert_step(r, TS_STEP_ISSUER, '?', "did:web:127.0.0.1 has no address");
    v.method = TS_S("https://a.example/keys/1");
    r = checked(&a, signed_by(&a, &v, plain(&a, p.did, "")), &o);
    assert_steps(r, "???y?");
    assert_step(r, TS_STEP_SIGNATURE, '?', "is no DID URL");
}

/* Keys that are not in use any more. */
static void retired_keys(void **state) {
    (void)state;
    static const struct {
        const char *expires, *revoked, *made, *steps, *said;
    } cases[] = {
        {"2027-01-01T00:00:00Z", 0, "2026-11-01T00:00:00Z", "yy?y?", "lists the key"},
        {"2026-11-10T00:00:00Z", 0, "2026-11-01T00:00:00Z", "yy?y?", "lists the key"},
        {"2026-11-10T00:00:00Z", 0, "2026-11-10T00:00:00Z", "yn?y?", "the signature is younger"},
        {0, "2027-01-01T00:00:00Z", "2026-11-01T00:00:00Z", "yy?y?", "lists the key"},
        {0, "2026-11-10T00:00:00Z", "2026-11-01T00:00:00Z", "y??y?", "nobody else does"},
        {0, "2026-11-10T00:00:00Z", "2026-11-11T00:00:00Z", "yn?y?", "was revoked on 2026-11-10"},
    };
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = web_party(&a, &w, "a.example", TS_KEY_ED25519);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        publish(&a, &w, &p, (listing){.expires = cases[i].expires, .revoked = cases[i].revoked});
        ts_str vc = prove(&a, &p, plain(&a, p.did, ""),
                          (ts_proof_options){.created = ts_str_c(cases[i].made)});
        ts_report r = checked(&a, vc, &o);
        assert_steps(r, cases[i].steps);
        assert_step(r, TS_STEP_ISSUER, cases[i].steps[1], cases[i].said);
    }
    /* A token without iat does not say when it was made. */
    ts_str token = token_by(&a, &p, plain(&a, p.did, "")),
           dated = token_by(&a, &p, plain(&a, p.did, ",\"iat\":1762000000"));
    publish(&a, &w, &p, (listing){.expires = "2026-11-10T00:00:00Z"});
    assert_steps(checked(&a, token, &o), "y??y?");
    assert_steps(checked(&a, dated, &o), "yy?y?");
    publish(&a, &w, &p, (listing){.revoked = "2026-11-10T00:00:00Z"});
    assert_steps(checked(&a, token, &o), "yn?y?");
    assert_steps(checked(&a, dated, &o), "y??y?");
}

static void dates_of_proofs(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    const struct {
        ts_str created, expires, purpose;
        const char *steps, *said;
    } cases[] = {
        {TS_S("2026-11-22T12:04:59Z"), TS_NONE, TS_NONE, "yy?y?", ""},
        {TS_S("2026-11-22T12:05:01Z"), TS_NONE, TS_NONE, "n??y?", "made in the future"},
        {TS_S("2026-11-22T13:00:00+01:00"), TS_NONE, TS_NONE, "yy?y?", ""},
        {TS_NONE, TS_S("2026-11-22T12:00:01Z"), TS_NONE, "yy?y?", ""},
        {TS_NONE, TS_S("2026-11-22T12:00:00Z"), TS_NONE, "n??y?",
         "the proof expired on 2026-11-22T12:00:00Z"},
        {TS_NONE, TS_NONE, TS_S("authentication"), "n??y?", "the proof is for \"authentication\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_proof_options how = {
            .created = cases[i].created, .expires = cases[i].expires, .purpose = cases[i].purpose};
        ts_report r = checked(&a, prove(&a, &p, plain(&a, p.did, ""), how), &o);
        assert_steps(r, cases[i].steps);
        assert_step(r, TS_STEP_SIGNATURE, cases[i].steps[0], cases[i].said);
    }
}

/* ---- Tokens ---- */

static void claims_of_tokens(void **state) {
    (void)state;
    static const struct {
        const char *more, *steps, *said;
    } cases[] = {
        {",\"jti\":\"urn:example:1\",\"sub\":\"did:example:s\",\"iat\":1795348800", "yy?y?", ""},
        {",\"iat\":1795349100.5", "yy?y?", ""},
        {",\"iat\":1795349102", "n??y?", "made in the future"},
        {",\"iat\":\"now\"", "n??y?", "is no time"},
        {",\"exp\":1e300", "n??y?", "is no time"},
        {",\"nbf\":null", "n??y?", "is no time"},
        {",\"jti\":\"urn:example:2\"", "n??y?", "claim jti is not the same as its id"},
        {",\"jti\":7", "n??y?", "claim jti"},
        {",\"sub\":\"did:example:t\"", "n??y?", "claim sub is not the same"},
        {",\"iss\":\"did:web:b.example\"", "n??y?", "claim iss is not the same as its issuer"},
        {",\"vc\":{}", "n????", "claim \"vc\""},
        {",\"vp\":{}", "n????", "VCDM 1.1"},
        {",\"exp\":1795348800", "yyny?", ""},
        {",\"exp\":1795348801", "yy?y?", ""},
        {",\"nbf\":1795349101", "yyny?", ""},
        {",\"nbf\":1795349100", "yy?y?", ""},
    };
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_report r = checked(&a, token_by(&a, &p, plain(&a, p.did, cases[i].more)), &o);
        assert_steps(r, cases[i].steps);
        assert_step(r, TS_STEP_SIGNATURE, cases[i].steps[0], cases[i].said);
    }
}

static void headers_of_tokens(void **state) {
    (void)state;
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = web_party(&a, &w, "a.example", TS_KEY_ED25519);
    const struct {
        ts_jws_header h;
        const char *steps, *said;
    } cases[] = {
        {{TS_S("vc+jwt"), TS_S("vc"), TS_S("did:web:a.example#key-1")}, "yy?y?", ""},
        {{TS_S("vc+jwt"), TS_NONE, TS_S("#key-1")}, "yy?y?", ""},
        {{TS_S("application/VC+JWT"), TS_S("application/vc"), TS_S("key-1")}, "yy?y?", ""},
        {{TS_NONE, TS_NONE, TS_NONE}, "yy?y?", "did:web:a.example#key-1"},
        {{TS_NONE, TS_NONE, TS_S("did:web:a.example")}, "yy?y?", ""},
        {{TS_S("JWT"), TS_NONE, TS_NONE}, "n????", "typ is not vc+jwt"},
        {{TS_S("vp+jwt"), TS_NONE, TS_NONE}, "n????", "typ is not vc+jwt"},
        {{TS_S("vc+jwt"), TS_S("vp"), TS_NONE}, "n????", "cty is not that"},
        {{TS_S("vc+jwt"), TS_NONE, TS_S("#key-2")}, "?n?y?", "is not known"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str token = token_with(&a, &p, plain(&a, p.did, ""), cases[i].h);
        ts_report r = checked(&a, token, &o);
        assert_steps(r, cases[i].steps);
        assert_step(r, TS_STEP_SIGNATURE, cases[i].steps[0], cases[i].said);
    }
    /* No key named, and none of that kind listed. */
    party q = key_party(&a, TS_KEY_P256);
    ts_str token = token_with(&a, &q, plain(&a, p.did, ""), (ts_jws_header){0});
    assert_step(checked(&a, token, &o), TS_STEP_SIGNATURE, '?', "the token names no key");
}

/* A key that the token brings along is nobody's. */
static void keys_brought_along(void **state) {
    (void)state;
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = web_party(&a, &w, "a.example", TS_KEY_ED25519), thief = key_party(&a, TS_KEY_ED25519);
    ts_buf b = ts_buf_new(&a, 4096);
    ts_jsonw j = ts_jsonw_to(&b);
    ts_public_key_write_jwk(&j, ts_key_public_of(thief.key));
    ts_str header = text_of(&a, "{\"alg\":\"EdDSA\",\"typ\":\"vc+jwt\",\"jwk\":%.*s%s}",
                            TS_P(ts_buf_str(&b)), ",\"iss\":\"did:web:a.example\"");
    const ts_str parts[] = {ts_base64url(&a, header), ts_base64url(&a, plain(&a, p.did, ""))};
    ts_str input = ts_str_join(&a, parts, 2, TS_S("."));
    ts_signature s;
    assert_true(ts_key_sign(thief.key, input, &s, 0));
    ts_str made = ts_base64url(&a, (ts_str){(const char *)s.b, s.n});
    ts_report r = checked(&a, text_of(&a, "%.*s.%.*s", TS_P(input), TS_P(made)), &o);
    assert_steps(r, "n??y?");
    ts_str other = text_of(&a, "{\"alg\":\"EdDSA\",\"iss\":\"did:web:b.example\"}");
    const ts_str again[] = {ts_base64url(&a, other), parts[1]};
    input = ts_str_join(&a, again, 2, TS_S("."));
    assert_true(ts_key_sign(p.key, input, &s, 0));
    made = ts_base64url(&a, (ts_str){(const char *)s.b, s.n});
    r = checked(&a, text_of(&a, "%.*s.%.*s", TS_P(input), TS_P(made)), &o);
    assert_step(r, TS_STEP_SIGNATURE, 'n', "header names another issuer");
}

/* ---- Presentations ---- */

static void bundles(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    ts_str one = signed_by(&a, &p, plain(&a, p.did, "")),
           two = enveloped(&a, token_by(&a, &p, plain(&a, p.did, ",\"name\":\"two\"")));
    ts_report r = checked(&a, BUNDLE(&a, one, two, one), &o);
    assert_steps(r, "yy?y?");
    assert_str(r.kind, "presentation");
    assert_int_equal(r.credentials.n, 2); /* the third is the first */
    assert_str(r.credentials.v[1].secured_by, "EdDSA (vc+jwt)");
    ts_report empty =
        checked(&a, TS_S("{\"@context\":[" V2 "],\"type\":\"VerifiablePresentation\"}"), &o);
    assert_steps(empty, "???y?");
    assert_step(empty, TS_STEP_SIGNATURE, '?', "a bundle that anybody can have put together");
    r = checked(&a, BUNDLE(&a, BUNDLE(&a, one)), &o);
    assert_step(r, TS_STEP_SIGNATURE, 'n', "a presentation where a credential belongs");
    assert_step(r, TS_STEP_SCHEMA, 'n', "the presentation: ");
}

static void envelopes(void **state) {
    (void)state;
    static const struct {
        const char *id, *said;
        char answer;
    } cases[] = {
        {"data:application/vc+sd-jwt,a.b.c~", "vc+sd-jwt, which is not checked here", '?'},
        {"data:application/vc+cose;base64,0oRD", "vc+cose, which is not checked here", '?'},
        {"data:text/plain,a.b.c", "is no credential", 'n'},
        {"data:application/vp+jwt,a.b.c", "is no credential", 'n'},
        {"data:application/vc+jwt;base64,YS5iLmM", "has parameters", 'n'},
        {"data:application/vc+jwt", "has no comma", 'n'},
        {"data:application/vc+jwt,", "the token is empty", 'n'},
        {"data:application/vc+jwt,a.b", "the token has 2 parts", 'n'},
        {"https://a.example/1", "is no data: URL", 'n'},
    };
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str text = text_of(&a,
                              "{\"@context\":[" V2 "],\"type\":\"EnvelopedVerifiableCredential\","
                              "\"id\":\"%s\"}",
                              cases[i].id);
        assert_step(checked(&a, text, &o), TS_STEP_SIGNATURE, cases[i].answer, cases[i].said);
    }
}

static void holders(void **state) {
    (void)state;
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = key_party(&a, TS_KEY_ED25519), h = web_party(&a, &w, "h.example", TS_KEY_ED25519);
    ts_str vc = signed_by(&a, &p, plain(&a, p.did, ""));
    ts_str vp = bundle(&a, &vc, 1, ",\"holder\":\"did:web:h.example\"");
    ts_proof_options how = {
        .purpose = TS_S("authentication"), .challenge = TS_S("c-1"), .domain = TS_S("d.example")};
    ts_str good = prove(&a, &h, vp, how);
    o.challenge = TS_S("c-1");
    o.domain = TS_S("d.example");
    ts_report r = checked(&a, good, &o);
    assert_steps(r, "yy?y?");
    assert_int_equal(r.credentials.n, 2);
    assert_int_equal(r.credentials.v[1].credential.kind, TS_VC_PRESENTATION);
    assert_int_equal(r.credentials.v[1].step[TS_STEP_ISSUER].answer, TS_YES);

    o.challenge = TS_S("c-2");
    r = checked(&a, good, &o);
    assert_step(r, TS_STEP_SIGNATURE, 'n', "the presentation: the proof's challenge is not");
    o.challenge = TS_S("c-1"), o.domain = TS_S("e.example");
    assert_step(checked(&a, good, &o), TS_STEP_SIGNATURE, 'n', "not for this domain");
    o.domain = TS_NONE;
    assert_step(checked(&a, vp, &o), TS_STEP_SIGNATURE, 'n', "no signature of its own");
    assert_step(checked(&a, prove(&a, &h, vp, (ts_proof_options){.challenge = TS_S("c-1")}), &o),
                TS_STEP_SIGNATURE, 'n', "not for authentication");
    o.challenge = TS_NONE;
    assert_steps(checked(&a, vp, &o), "yy?y?");
    how.challenge = how.domain = TS_NONE;
    assert_step(checked(&a, prove(&a, &p, vp, how), &o), TS_STEP_ISSUER, 'n',
                "is not one of the holder, did:web:h.example");
    w.down = true;
    assert_steps(checked(&a, good, &o), "yy?y?"); /* nobody asked who presents it */
    o.challenge = TS_S("c-1");
    assert_steps(checked(&a, good, &o), "???y?");
}

/* A credential by itself answers nobody. */
static void no_presentation_to_answer(void **state) {
    (void)state;
    ts_arena a = test_arena();
    party p = key_party(&a, TS_KEY_ED25519);
    ts_str c = signed_by(&a, &p, plain(&a, p.did, ""));
    ts_verify_options o = options(NULL);
    assert_steps(checked(&a, c, &o), "yy?y?");
    o.challenge = TS_S("c-1");
    assert_step(checked(&a, c, &o), TS_STEP_SIGNATURE, 'n', "it is no presentation");
}

static void tokens_of_holders(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    ts_str vc = enveloped(&a, token_by(&a, &p, plain(&a, p.did, "")));
    ts_str holder = text_of(
        &a, ",\"holder\":\"%.*s\",\"nonce\":\"c-1\",\"aud\":[\"x\",\"d.example\"]", TS_P(p.did));
    ts_str payload = bundle(&a, &vc, 1, ts_str_z(&a, holder));
    ts_jws_header h = {.typ = TS_S("vp+jwt"), .cty = TS_S("vp"), .kid = p.method};
    ts_str token = token_with(&a, &p, payload, h);
    assert_steps(checked(&a, token, &o), "yy?y?");
    o.challenge = TS_S("c-1"), o.domain = TS_S("d.example");
    assert_steps(checked(&a, token, &o), "yy?y?");
    ts_str envelope = text_of(&a,
                              "{\"@context\":[" V2 "],\"type\":\"EnvelopedVerifiablePresentation\","
                              "\"id\":\"data:application/vp+jwt,%.*s\"}",
                              TS_P(token));
    ts_report r = checked(&a, envelope, &o);
    assert_steps(r, "yy?y?");
    assert_str(r.credentials.v[1].secured_by, "EdDSA (vp+jwt)");
    o.challenge = TS_S("c-2");
    assert_step(checked(&a, token, &o), TS_STEP_SIGNATURE, 'n', "nonce is not the challenge");
    o.challenge = TS_NONE, o.domain = TS_S("e.example");
    assert_step(checked(&a, token, &o), TS_STEP_SIGNATURE, 'n', "not for this domain (aud)");
    h.typ = TS_S("vc+jwt");
    assert_step(checked(&a, token_with(&a, &p, payload, h), &o), TS_STEP_SIGNATURE, 'n',
                "typ is not vp+jwt");
}

static void too_many(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    ts_str v[300];
    for (size_t i = 0; i < 300; i++)
        v[i] = plain(&a, TS_S("did:example:i"), ts_str_z(&a, text_of(&a, ",\"n\":%zu", i)));
    ts_report r = checked(&a, bundle(&a, v, 300, ""), &o);
    assert_int_equal(r.credentials.n, TS_DOSSIER_CREDENTIALS + 1);
    test_step(&r.credentials.v[TS_DOSSIER_CREDENTIALS].step[0], '?',
              "more than the 256 credentials", __FILE__, __LINE__);
}

/* ---- The report ---- */

static void written_report(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_verify_options o = options(0);
    party p = key_party(&a, TS_KEY_ED25519);
    ts_report r = checked(&a, signed_by(&a, &p, plain(&a, p.did, "")), &o);
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_report_write(&w, &r);
    const ts_json *v = strict(&a, ts_buf_str(&b));
    assert_str(ts_json_str(ts_json_member(v, "kind")), "credential");
    assert_str(ts_json_str(ts_json_member(v, "id")), "urn:example:1");
    assert_true(ts_str_eq(ts_json_str(ts_json_member(v, "issuer_id")), p.did));
    assert_str(ts_json_str(ts_json_member(v, "subject")), "did:example:s");
    assert_str(ts_json_str(ts_json_member(v, "secured_by")), "eddsa-jcs-2022");
    static const char *const results[] = {"verified", "verified", "not_checked", "verified",
                                          "not_checked"};
    for (int s = 0; s < TS_STEPS; s++) {
        const ts_json *d = ts_json_get(v, ts_str_c(ts_step_name((ts_step)s)));
        assert_str(ts_json_str(ts_json_member(d, "result")), results[s]);
        assert_true(ts_json_str(ts_json_member(d, "reason")).n > 0);
    }
    assert_int_equal(ts_json_member(v, "credentials")->n, 1);
    assert_int_equal(ts_json_member(v, "trust")->n, 0);
}

/* However little working memory there is, nothing is verified without enough, and nothing breaks.
 */
static void without_memory(void **state) {
    (void)state;
    ts_arena a = test_arena();
    web w = {0};
    ts_verify_options o = options(&w);
    party p = web_party(&a, &w, "a.example", TS_KEY_ED25519);
    ts_str one = signed_by(&a, &p, plain(&a, p.did, ""));
    ts_str text = BUNDLE(&a, one, enveloped(&a, token_by(&a, &p, plain(&a, p.did, ""))));
    for (int own = 0; own < 2; own++) {
        size_t failed = 0;
        o.ring = own ? 0 : ts_key_ring_new(&a);
        for (size_t room = 0;; room += 64) {
            ts_arena little = {a.beg, a.beg + room, 0};
            ts_report r;
            ts_verify(&little, text, &o, &r);
            if (r.step[0].answer == TS_YES) break;
            failed++;
            assert_int_equal(r.step[0].answer, TS_OPEN);
            assert_true(ts_str_find(r.step[0].reason, TS_S("memory")) != TS_NPOS);
        }
        assert_true(failed > 100);
        ts_key_ring_free(o.ring);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proofs_and_tokens),
        cmocka_unit_test(blanks_around_a_file),
        cmocka_unit_test(every_byte_of_a_token),
        cmocka_unit_test(every_byte_of_a_document),
        cmocka_unit_test(not_signed),
        cmocka_unit_test(what_cannot_be_read),
        cmocka_unit_test(foreign_keys),
        cmocka_unit_test(several_proofs),
        cmocka_unit_test(vectors_of_the_w3c),
        cmocka_unit_test(did_web),
        cmocka_unit_test(names_of_issuers),
        cmocka_unit_test(retired_keys),
        cmocka_unit_test(dates_of_proofs),
        cmocka_unit_test(claims_of_tokens),
        cmocka_unit_test(headers_of_tokens),
        cmocka_unit_test(keys_brought_along),
        cmocka_unit_test(bundles),
        cmocka_unit_test(envelopes),
        cmocka_unit_test(holders),
        cmocka_unit_test(no_presentation_to_answer),
        cmocka_unit_test(tokens_of_holders),
        cmocka_unit_test(too_many),
        cmocka_unit_test(written_report),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, 0, dossier_done);
}
