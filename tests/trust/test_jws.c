#include "signing.h"

enum { MAX = 1 << 20 };

static const char rfc7515_a3[] =
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
    "Q.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
static const char rfc7515_a3_key[] =
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
static const char rfc8037_a4[] =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
static const char rfc8037_x[] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
static const char rfc8037_d[] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

static ts_key *key_of_jwk(ts_arena *a, const char *text) {
    ts_public_key k;
    assert_true(ts_public_key_from_jwk(strict(a, ts_str_c(text)), &k, 0));
    ts_key *out = ts_key_public(a, &k, 0);
    assert_non_null(out);
    return out;
}

static ts_str joined(ts_arena *a, ts_str x, ts_str y, ts_str z) {
    const ts_str parts[] = {x, y, z};
    return ts_str_join(a, parts, 3, TS_S("."));
}

/* A token with any header, truly signed. */
static ts_str token(ts_arena *a, ts_str header, ts_str payload, const ts_key *k) {
    ts_str parts[] = {ts_base64url(a, header), ts_base64url(a, payload)};
    ts_signature s;
    assert_true(ts_key_sign(k, ts_str_join(a, parts, 2, TS_S(".")), &s, 0));
    return joined(a, parts[0], parts[1], ts_base64url(a, (ts_str){(char *)s.b, s.n}));
}

static bool accepted(ts_arena a, ts_str t, const ts_key *k, ts_error *e) {
    ts_jws j;
    return ts_jws_parse(&a, t, MAX, &j, e) && ts_jws_verify(&j, k, e);
}

/* ---- Published tokens ---- */

static void verifies_published_tokens(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_jws j;
    ts_key *k = key_of_jwk(&a, rfc7515_a3_key);
    assert_true(ts_jws_parse(&a, ts_str_c(rfc7515_a3), MAX, &j, &e));
    assert_str(j.alg, "ES256");
    assert_int_equal(j.payload.n, 70);
    assert_int_equal(j.signature.n, 64);
    assert_int_equal(j.kid.n + j.typ.n + j.cty.n + j.iss.n, 0);
    assert_str(j.signing_input, ts_str_z(&a, ts_str_to(ts_str_c(rfc7515_a3), 115)));
    assert_true(ts_jws_verify(&j, k, &e));
    ts_key_free(k);

    ts_str x;
    assert_true(ts_base64url_decode(&a, ts_str_c(rfc8037_x), &x, &e));
    ts_public_key ed = {.kind = TS_KEY_ED25519, .n = 32};
    memcpy(ed.b, x.p, 32);
    k = ts_key_public(&a, &ed, &e);
    assert_true(ts_jws_parse(&a, ts_str_c(rfc8037_a4), MAX, &j, &e));
    assert_str(j.payload, "Example of Ed25519 signing");
    assert_true(ts_jws_verify(&j, k, &e));
    ts_key_free(k);
    assert_int_equal(e.code, TS_OK);
}

static void signs_the_published_token(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_str d, out;
    assert_true(ts_base64url_decode(&a, ts_str_c(rfc8037_d), &d, 0));
    ts_key *k = ed25519_of(&a, d);
    assert_true(
        ts_jws_sign(&a, &(ts_jws_header){0}, TS_S("Example of Ed25519 signing"), k, &out, 0));
    assert_str(out, rfc8037_a4);
    ts_key_free(k);
}

static void signs_and_verifies(void **s) {
    (void)s;
    ts_arena a = test_arena();
    for (ts_key_kind kind = TS_KEY_ED25519; kind <= TS_KEY_P384; kind++) {
        ts_error e = {0};
        ts_key *k = fresh_key(&a, kind), *other = fresh_key(&a, kind);
        const ts_jws_header h = {TS_S("vc+jwt"), TS_S("vc"), TS_S("did:web:x.example#\"k\"\n")};
        ts_str t;
        ts_jws j;
        assert_true(ts_jws_sign(&a, &h, TS_S("{\"a\":1}"), k, &t, &e));
        assert_true(ts_jws_parse(&a, t, MAX, &j, &e));
        assert_str(j.alg, ts_key_alg(kind));
        assert_str(j.kid, "did:web:x.example#\"k\"\n");
        assert_str(j.typ, "vc+jwt");
        assert_str(j.cty, "vc");
        assert_str(j.payload, "{\"a\":1}");
        assert_true(ts_jws_verify(&j, k, &e));
        assert_false(ts_jws_verify(&j, other, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        ts_key_free(k), ts_key_free(other);
    }
}

static void does_not_sign_nothing(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    ts_key *only = ts_key_public(&a, ts_key_public_of(k), 0);
    ts_error e = {0};
    ts_str t = TS_S("untouched");
    assert_false(ts_jws_sign(&a, &(ts_jws_header){0}, TS_NONE, k, &t, &e));
    assert_error(e, TS_E_USAGE, "payload");
    assert_false(ts_jws_sign(&a, &(ts_jws_header){.kid = TS_S("\xff")}, TS_S("x"), k, &t, &e));
    assert_error(e, TS_E_USAGE, "UTF-8");
    char *big = ts_new_n(&a, char, 70000);
    memset(big, 'k', 70000);
    assert_false(ts_jws_sign(&a, &(ts_jws_header){.kid = {big, 70000}}, TS_S("x"), k, &t, &e));
    assert_error(e, TS_E_LIMIT, "header");
    assert_false(ts_jws_sign(&a, &(ts_jws_header){0}, TS_S("x"), only, &t, &e));
    assert_int_equal(e.code, TS_E_USAGE);
    assert_str(t, "untouched");
    ts_key_free(k), ts_key_free(only);
}

/* ---- Hostile headers ---- */

/* The header's texts are truly signed: only what they say is wrong. */
static void refuses_headers(void **s) {
    (void)s;
    static const struct {
        const char *header;
        ts_error_code code;
        const char *words;
    } bad[] = {
        {"{}", TS_E_INPUT, "has no alg"},
        {"{\"ALG\":\"EdDSA\"}", TS_E_INPUT, "has no alg"},
        {"{\"alg\":null}", TS_E_INPUT, "alg is no string"},
        {"{\"alg\":1}", TS_E_INPUT, "alg is no string"},
        {"{\"alg\":[\"EdDSA\"]}", TS_E_INPUT, "alg is no string"},
        {"{\"alg\":{\"EdDSA\":1}}", TS_E_INPUT, "alg is no string"},
        {"{\"alg\":\"\"}", TS_E_INPUT, "no algorithm"},
        {"{\"alg\":\"none\"}", TS_E_INPUT, "not signed"},
        {"{\"alg\":\"None\"}", TS_E_INPUT, "not signed"},
        {"{\"alg\":\"nOnE\"}", TS_E_INPUT, "not signed"},
        {"{\"alg\":\"\\u006eone\"}", TS_E_INPUT, "not signed"},
        {"{\"alg\":\"HS256\"}", TS_E_INPUT, "shared secret"},
        {"{\"alg\":\"hs512\"}", TS_E_INPUT, "shared secret"},
        {"{\"alg\":\"eddsa\"}", TS_E_INPUT, "no algorithm"},
        {"{\"alg\":\"ES256 \"}", TS_E_VERSION, "not known here"},
        {"{\"alg\":\"ES256\\u0000\"}", TS_E_VERSION, "\"ES256?\""},
        {"{\"alg\":\"es384\"}", TS_E_INPUT, "no algorithm"},
        {"{\"alg\":\"RS256\"}", TS_E_VERSION, "not known here"},
        {"{\"alg\":\"ES512\"}", TS_E_VERSION, "not known here"},
        {"{\"alg\":\"ES256K\"}", TS_E_VERSION, "not known here"},
        {"{\"alg\":\"Ed25519\"}", TS_E_VERSION, "not known here"},
        {"{\"alg\":\"EdDSA\",\"crit\":[]}", TS_E_INPUT, "crit"},
        {"{\"alg\":\"EdDSA\",\"crit\":null}", TS_E_INPUT, "crit"},
        {"{\"alg\":\"EdDSA\",\"crit\":[\"exp\"],\"exp\":1}", TS_E_INPUT, "crit"},
        {"{\"alg\":\"EdDSA\",\"crit\":[\"b64\"],\"b64\":true}", TS_E_INPUT, "crit"},
        {"{\"alg\":\"EdDSA\",\"crit\":[\"b64\"],\"b64\":false}", TS_E_INPUT, "b64"},
        {"{\"alg\":\"EdDSA\",\"b64\":false}", TS_E_INPUT, "b64"},
        {"{\"alg\":\"EdDSA\",\"b64\":\"true\"}", TS_E_INPUT, "b64"},
        {"{\"alg\":\"EdDSA\",\"kid\":1}", TS_E_INPUT, "kid is no string"},
        {"{\"alg\":\"EdDSA\",\"kid\":{\"kty\":\"OKP\"}}", TS_E_INPUT, "kid is no string"},
        {"{\"alg\":\"EdDSA\",\"typ\":[\"vc+jwt\"]}", TS_E_INPUT, "typ is no string"},
        {"{\"alg\":\"EdDSA\",\"cty\":null}", TS_E_INPUT, "cty is no string"},
        {"{\"alg\":\"EdDSA\",\"iss\":true}", TS_E_INPUT, "iss is no string"},
        {"{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\"}", TS_E_INPUT, "repeated"},
        {"{\"alg\":\"none\",\"alg\":\"EdDSA\"}", TS_E_INPUT, "repeated"},
        {"{\"alg\":\"EdDSA\",\"al\\u0067\":\"none\"}", TS_E_INPUT, "repeated"},
        {"{\"alg\":\"EdDSA\",\"x\":{\"y\":1,\"y\":2}}", TS_E_INPUT, "repeated"},
        {"[\"EdDSA\"]", TS_E_INPUT, "no JSON object"},
        {"\"EdDSA\"", TS_E_INPUT, "no JSON object"},
        {"{\"alg\":\"EdDSA\"}{}", TS_E_INPUT, "follows"},
        {"{\"alg\":\"EdDSA\",}", TS_E_INPUT, "JSON"},
        {"\xEF\xBB\xBF{\"alg\":\"EdDSA\"}", TS_E_INPUT, "byte order mark"},
        {"{\"alg\":\"EdDSA\",\"x\":\"\xff\"}", TS_E_INPUT, "UTF-8"},
        {"{\"alg\":\"EdDSA\",\"x\":\"\xC0\x80\"}", TS_E_INPUT, "UTF-8"},
        {"{\"alg\":\"EdDSA\",\"\xff\":1}", TS_E_INPUT, "UTF-8"},
        {"{\"alg\":\"EdDSA\",\"x\":\"\\ud800\"}", TS_E_INPUT, "surrogate"},
        {"{\"alg\":\"EdDSA\",\"x\":[[[[[[[[1]]]]]]]]}", TS_E_LIMIT, "nested"},
        {"\xFE\xFF", TS_E_INPUT, "JSON"},
    };
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_error e = {0};
        if (accepted(a, token(&a, ts_str_c(bad[i].header), TS_S("{}"), k), k, &e))
            fail_msg("taken: %s", bad[i].header);
        assert_error(e, bad[i].code, bad[i].words);
    }
    ts_error e = {0};
    ts_str with_nul = {"{\"alg\":\"EdDSA\"}\0", 16};
    assert_false(accepted(a, token(&a, with_nul, TS_S("{}"), k), k, &e));
    assert_error(e, TS_E_INPUT, "follows");
    ts_key_free(k);
}

static void takes_odd_but_sound_headers(void **s) {
    (void)s;
    static const char *const good[] = {
        "{\"alg\":\"EdDSA\"}",
        " {\r\n \"alg\" : \"EdDSA\" }\n",
        "{\"alg\":\"EdD\\u0053A\"}",
        "{\"alg\":\"EdDSA\",\"b64\":true}",
        "{\"alg\":\"EdDSA\",\"unknown\":{\"a\":[1]},\"kid\":\"\"}",
    };
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ts_error e = {0};
        if (!accepted(a, token(&a, ts_str_c(good[i]), TS_S("{}"), k), k, &e))
            fail_msg("%s: %s", good[i], e.msg);
    }
    ts_key_free(k);
}

/* The token brings the key that it was made with; the verifier has another. */
static void ignores_keys_brought_along(void **s) {
    (void)s;
    static const char *const extra[] = {"jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"};
    ts_arena a = test_arena();
    ts_key *mine = fresh_key(&a, TS_KEY_P256), *theirs = fresh_key(&a, TS_KEY_P256);
    for (size_t i = 0; i < sizeof extra / sizeof *extra; i++) {
        ts_buf b = ts_buf_new(&a, 4096);
        ts_jsonw w = ts_jsonw_to(&b);
        ts_error e = {0};
        ts_jsonw_object(&w);
        ts_jsonw_kstr(&w, "alg", TS_S("ES256"));
        ts_jsonw_key(&w, extra[i]);
        ts_public_key_write_jwk(&w, ts_key_public_of(theirs));
        ts_jsonw_end(&w);
        ts_str t = token(&a, ts_buf_str(&b), TS_S("{}"), theirs);
        assert_true(accepted(a, t, theirs, &e));
        assert_false(accepted(a, t, mine, &e));
        assert_int_equal(e.code, TS_E_INPUT);
    }
    ts_key_free(mine), ts_key_free(theirs);
}

/* ---- Keys of the wrong kind ---- */

static void alg_must_fit_the_key(void **s) {
    (void)s;
    static const char *const header[] = {"", "{\"alg\":\"EdDSA\"}", "{\"alg\":\"ES256\"}",
                                         "{\"alg\":\"ES384\"}"};
    ts_arena a = test_arena();
    for (ts_key_kind kind = TS_KEY_ED25519; kind <= TS_KEY_P384; kind++) {
        ts_key *k = fresh_key(&a, kind);
        for (ts_key_kind named = TS_KEY_ED25519; named <= TS_KEY_P384; named++) {
            ts_error e = {0};
            bool ok = accepted(a, token(&a, ts_str_c(header[named]), TS_S("{}"), k), k, &e);
            assert_int_equal(ok, kind == named);
            if (!ok) assert_error(e, TS_E_INPUT, "but the key is for");
        }
        ts_key_free(k);
    }
}

/* ---- Signatures ---- */

static ts_str with_signature(ts_arena *a, ts_str t, ts_str bytes) {
    size_t dot = t.n;
    while (t.p[dot - 1] != '.') dot--;
    const ts_str parts[] = {ts_str_to(t, dot), ts_base64url(a, bytes)};
    return ts_str_join(a, parts, 2, TS_NONE);
}

/* r and s as OpenSSL writes them: SEQUENCE of two INTEGERs. */
static ts_str as_der(ts_arena *a, ts_str rs) {
    char *b = ts_new_n(a, char, rs.n + 16), *w = b + 2;
    for (int i = 0; i < 2; i++) {
        const char *p = rs.p + (size_t)i * rs.n / 2;
        *w++ = 2;
        *w++ = (char)(rs.n / 2 + 1);
        *w++ = 0;
        memcpy(w, p, rs.n / 2);
        w += rs.n / 2;
    }
    b[0] = 0x30;
    b[1] = (char)(w - b - 2);
    return (ts_str){b, (size_t)(w - b)};
}

static void refuses_signatures(void **s) {
    (void)s;
    ts_arena a = test_arena();
    for (ts_key_kind kind = TS_KEY_ED25519; kind <= TS_KEY_P384; kind++) {
        ts_key *k = fresh_key(&a, kind);
        ts_error e = {0};
        ts_jws j;
        ts_str t;
        assert_true(ts_jws_sign(&a, &(ts_jws_header){0}, TS_S("{}"), k, &t, &e));
        assert_true(ts_jws_parse(&a, t, MAX, &j, &e));
        size_t n = j.signature.n;
        char *b = ts_new_n(&a, char, 2 * n);
        memcpy(b, j.signature.p, n);
        assert_true(accepted(a, with_signature(&a, t, (ts_str){b, n}), k, &e));
        /* too short, too long, doubled, one byte, DER */
        const size_t lengths[] = {n - 1, n + 1, 2 * n, 1, n / 2};
        for (size_t i = 0; i < 5; i++) {
            assert_false(accepted(a, with_signature(&a, t, (ts_str){b, lengths[i]}), k, &e));
            assert_int_equal(e.code, TS_E_INPUT);
        }
        assert_false(accepted(a, with_signature(&a, t, as_der(&a, j.signature)), k, &e));
        /* all zero; r or s zero; all ones; halves swapped */
        memset(b, 0, n);
        assert_false(accepted(a, with_signature(&a, t, (ts_str){b, n}), k, &e));
        memcpy(b, j.signature.p, n / 2);
        assert_false(accepted(a, with_signature(&a, t, (ts_str){b, n}), k, &e));
        memcpy(b + n / 2, j.signature.p, n / 2);
        memset(b, 0, n / 2);
        assert_false(accepted(a, with_signature(&a, t, (ts_str){b, n}), k, &e));
        memset(b, 0xff, n);
        assert_false(accepted(a, with_signature(&a, t, (ts_str){b, n}), k, &e));
        memcpy(b, j.signature.p + n / 2, n / 2);
        memcpy(b + n / 2, j.signature.p, n / 2);
        assert_false(accepted(a, with_signature(&a, t, (ts_str){b, n}), k, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        ts_key_free(k);
    }
}

/* ---- The form of the token ---- */

static void refuses_forms(void **s) {
    (void)s;
    static const char *const h = "eyJhbGciOiJFZERTQSJ9", *const sig = "AAAA";
    static const struct {
        const char *text; /* H: a sound header, S: a signature */
        const char *words;
    } bad[] = {
        {"", "is empty"},
        {"H", "has 1 part;"},
        {"H.e30", "has 2 parts"},
        {"H.e30.S.", "has 4 parts"},
        {"H.e30.S.S.S", "encrypted"},
        {"H.e30.S.S.S.S", "has 6 parts"},
        {".e30.S", "header is empty"},
        {"H..S", "payload is empty"},
        {"H.e30.", "signature is empty"},
        {"..", "header is empty"},
        {"{\"payload\":\"e30\",\"protected\":\"H\",\"signature\":\"S\"}", "JSON serialisation"},
        {" H.e30.S", "white space in the token at byte 0"},
        {"H.e30.S\n", "white space"},
        {"H.e3 0.S", "white space"},
        {"H.\re30.S", "white space"},
        {"H.e30.S\t", "white space"},
        {"H.e30=.S", "payload is not base64url"},
        {"H.e30.AA==", "signature is not base64url"},
        {"H=.e30.S", "header is not base64url"},
        {"H.e3+.S", "payload is not base64url"},
        {"H.e3/.S", "payload is not base64url"},
        {"H.e.S", "payload is not base64url"},
        {"H.e31.S", "payload is not base64url"}, /* left-over bits */
        {"H.e30.AB", "signature is not base64url"},
        {"H.e30.A\xC3\xA4", "signature is not base64url"},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_buf b = ts_buf_new(&a, 1024);
        ts_error e = {0};
        ts_jws j = {.alg = TS_S("untouched")};
        for (const char *p = bad[i].text; *p; p++)
            if (*p == 'H' || *p == 'S')
                ts_buf_put(&b, ts_str_c(*p == 'H' ? h : sig));
            else
                ts_buf_c(&b, *p);
        assert_false(ts_jws_parse(&a, ts_buf_str(&b), MAX, &j, &e));
        assert_error(e, TS_E_INPUT, bad[i].words);
        assert_str(j.alg, "untouched");
    }
    ts_error e = {0};
    ts_jws j;
    assert_false(ts_jws_parse(&a, (ts_str){"eyJhbGciOiJFZERTQSJ9.e30.AAAA\0", 30}, MAX, &j, &e));
    assert_error(e, TS_E_INPUT, "signature is not base64url");
}

static void has_limits(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_jws j;
    assert_true(ts_jws_parse(&a, ts_str_c(rfc8037_a4), sizeof rfc8037_a4 - 1, &j, &e));
    assert_false(ts_jws_parse(&a, ts_str_c(rfc8037_a4), sizeof rfc8037_a4 - 2, &j, &e));
    assert_error(e, TS_E_LIMIT, "longer than 142 bytes");
    size_t n = 65537;
    char *header = ts_new_n(&a, char, n);
    memset(header, ' ', n);
    memcpy(header, "{\"alg\":\"EdDSA\"}", 15);
    for (size_t left = n; left >= n - 1; left--) {
        ts_str t = joined(&a, ts_base64url(&a, (ts_str){header, left}), TS_S("e30"), TS_S("AAAA"));
        assert_int_equal(ts_jws_parse(&a, t, MAX, &j, &e), left < n);
    }
    assert_error(e, TS_E_LIMIT, "header is longer");
}

/* Every letter of a token matters, its last ones included: no second text has the same bytes. */
static void no_letter_can_be_changed(void **s) {
    (void)s;
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n";
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    const ts_jws_header h = {TS_S("vc+jwt"), TS_NONE, TS_S("k")};
    ts_str t;
    assert_true(ts_jws_sign(&a, &h, TS_S("{\"a\":12}"), k, &t, 0));
    char *b = ts_new_n(&a, char, t.n);
    for (size_t i = 0; i < t.n; i++)
        for (const char *c = letters; *c; c++) {
            if (*c == t.p[i]) continue;
            memcpy(b, t.p, t.n);
            b[i] = *c;
            if (accepted(a, (ts_str){b, t.n}, k, 0)) fail_msg("'%c' at %zu is taken", *c, i);
        }
    for (size_t n = 0; n < t.n; n++) assert_false(accepted(a, ts_str_to(t, n), k, 0));
    ts_key_free(k);
}

/* Parts of two tokens by one key, put together. */
static void parts_cannot_be_exchanged(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_P256);
    ts_str t[2], part[2][3];
    for (int i = 0; i < 2; i++) {
        const ts_jws_header h = {i ? TS_S("vc+jwt") : TS_S("vp+jwt"), TS_NONE, TS_NONE};
        assert_true(ts_jws_sign(&a, &h, i ? TS_S("[1]") : TS_S("[2]"), k, &t[i], 0));
        ts_str rest = t[i];
        for (int p = 0; p < 3; p++) part[i][p] = ts_str_cut(&rest, '.');
    }
    for (int mix = 0; mix < 8; mix++) {
        ts_str x = joined(&a, part[mix & 1][0], part[mix >> 1 & 1][1], part[mix >> 2][2]);
        assert_int_equal(accepted(a, x, k, 0), mix == 0 || mix == 7);
    }
    ts_key_free(k);
}

/* ---- typ ---- */

static void compares_types(void **s) {
    (void)s;
    static const struct {
        const char *typ, *type;
        bool is;
    } pairs[] = {
        {"vc+jwt", "vc+jwt", true},
        {"VC+JWT", "vc+jwt", true},
        {"application/vc+jwt", "vc+jwt", true},
        {"Application/VC+jwt", "vc+jwt", true},
        {"vc+jwt", "application/vc+jwt", true},
        {"vc+jwt ", "vc+jwt", false},
        {"vc+jwt", "vp+jwt", false},
        {"", "", false},
        {"", "vc+jwt", false},
        {"vc+jw", "vc+jwt", false},
        {"application/application/vc+jwt", "vc+jwt", false},
        {"text/vc+jwt", "vc+jwt", false},
        {"vc+jwt;x=1", "vc+jwt", false},
        {"application/", "vc+jwt", false},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const ts_jws j = {.typ = ts_str_c(pairs[i].typ)};
        if (ts_jws_typ_is(&j, pairs[i].type) != pairs[i].is)
            fail_msg("%s and %s", pairs[i].typ, pairs[i].type);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verifies_published_tokens),
        cmocka_unit_test(signs_the_published_token),
        cmocka_unit_test(signs_and_verifies),
        cmocka_unit_test(does_not_sign_nothing),
        cmocka_unit_test(refuses_headers),
        cmocka_unit_test(takes_odd_but_sound_headers),
        cmocka_unit_test(ignores_keys_brought_along),
        cmocka_unit_test(alg_must_fit_the_key),
        cmocka_unit_test(refuses_signatures),
        cmocka_unit_test(refuses_forms),
        cmocka_unit_test(has_limits),
        cmocka_unit_test(no_letter_can_be_changed),
        cmocka_unit_test(parts_cannot_be_exchanged),
        cmocka_unit_test(compares_types),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
