#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signing.h"

static ts_arena a;
static ts_error e;
static const ts_key_kind kinds[] = {TS_KEY_ED25519, TS_KEY_P256, TS_KEY_P384};

static int set_up(void **state) {
    (void)state;
    if (!a.beg) a = test_arena();
    e = (ts_error){0};
    return 0;
}

static void assert_refused(bool ok, ts_error_code code, const char *msg) {
    assert_false(ok);
    if (e.code != code || strcmp(e.msg, msg) != 0) fail_msg("%d %s", e.code, e.msg);
    e = (ts_error){0};
}

static void assert_refused_by(bool ok, ts_error_code code, const char *part) {
    assert_false(ok);
    if (e.code != code || !strstr(e.msg, part)) fail_msg("%d %s", e.code, e.msg);
    e = (ts_error){0};
}

static ts_str hex(const char *digits) {
    ts_str b;
    ts_str both[] = {TS_S("f"), ts_str_c(digits)};
    assert_true(ts_multibase_decode(&a, ts_str_join(&a, both, 2, TS_NONE), &b, &e));
    return b;
}

static ts_public_key public_of(ts_key_kind kind, const char *digits) {
    ts_str b = hex(digits);
    ts_public_key k = {.kind = kind, .n = (uint8_t)b.n};
    memcpy(k.b, b.p, b.n);
    return k;
}

static ts_str signature_of(const ts_signature *s) { return (ts_str){(const char *)s->b, s->n}; }

static const ts_json *json(const char *text) {
    const ts_json *v = ts_json_parse(&a, ts_str_c(text), (ts_json_options){.strict = true}, &e);
    assert_non_null(v);
    return v;
}

static ts_str jwk_text(const ts_public_key *k) {
    ts_buf b = ts_buf_new(&a, 1000);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_public_key_write_jwk(&w, k);
    return ts_buf_str(&b);
}

/* ---- known answers ---- */

/* RFC 8032 section 7.1: secret, public, message, signature. */
static const char *const rfc8032[][4] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
     "ebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
     "e0303dca179c138ac17ad9bef1177331a704"},
};

static void test_rfc8032(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rfc8032 / sizeof *rfc8032; i++) {
        const char *const *v = rfc8032[i];
        ts_public_key known = public_of(TS_KEY_ED25519, v[1]);
        ts_key *pair = ed25519_of(&a, hex(v[0])), *verifier = ts_key_public(&a, &known, &e);
        ts_signature s;
        assert_true(ts_public_key_eq(ts_key_public_of(pair), &known));
        assert_true(ts_key_sign(pair, hex(v[2]), &s, &e));
        assert_true(ts_str_eq(signature_of(&s), hex(v[3])));
        assert_true(ts_key_verify(verifier, hex(v[2]), hex(v[3]), &e));
        ts_key_free(pair);
        ts_key_free(verifier);
    }
}

/* RFC 8037 appendix A: key, thumbprint, signature. */
static void test_rfc8037(void **state) {
    (void)state;
    const char *text = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\","
                       "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
    ts_public_key k;
    ts_str s;
    assert_true(ts_public_key_from_jwk(json(text), &k, &e));
    assert_str(jwk_text(&k), text);
    assert_str(ts_public_key_thumbprint(&a, &k), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert_true(ts_base64url_decode(&a,
                                    TS_S("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4i"
                                         "ylGjg5BhVsPt9g7sVvpAr_MuM0KAg"),
                                    &s, &e));
    ts_key *key = ts_key_public(&a, &k, &e);
    assert_true(ts_key_verify(key, TS_S("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"),
                              s, &e));
    ts_key_free(key);
}

/* RFC 7515 appendix A.3. */
static void test_rfc7515(void **state) {
    (void)state;
    const char *text = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"alg\":\"ES256\","
                       "\"key_ops\":[\"verify\"],"
                       "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                       "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
    ts_public_key k;
    ts_str s;
    assert_true(ts_public_key_from_jwk(json(text), &k, &e));
    assert_true(ts_base64url_decode(&a,
                                    TS_S("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxL"
                                         "a8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"),
                                    &s, &e));
    ts_key *key = ts_key_public(&a, &k, &e);
    assert_true(ts_key_verify(key,
                              TS_S("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkz"
                                   "ODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"),
                              s, &e));
    ts_key_free(key);
}

/* RFC 6979 appendices A.2.5 and A.2.6: the public keys, and the signatures of "sample". */
static const char p256_x[] = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
static const char p256_point[] =
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
static const char p256_signature[] =
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
static const char p384_point[] =
    "04ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a25451548"
    "0bc138015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd25"
    "33264720";
static const char p384_signature[] =
    "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fab"
    "e4699ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38"
    "628ac8";

static void test_rfc6979(void **state) {
    (void)state;
    ts_public_key k2 = public_of(TS_KEY_P256, p256_point), k3 = public_of(TS_KEY_P384, p384_point);
    ts_key *p256 = ts_key_public(&a, &k2, &e), *p384 = ts_key_public(&a, &k3, &e);
    assert_true(ts_key_verify(p256, TS_S("sample"), hex(p256_signature), &e));
    assert_true(ts_key_verify(p384, TS_S("sample"), hex(p384_signature), &e));
    assert_refused(ts_key_verify(p256, TS_S("Sample"), hex(p256_signature), &e), TS_E_INPUT,
                   "the signature does not fit the message and the P-256 key");
    assert_refused(ts_key_verify(p384, TS_S("sample "), hex(p384_signature), &e), TS_E_INPUT,
                   "the signature does not fit the message and the P-384 key");
    ts_key_free(p256);
    ts_key_free(p384);
}

/* ---- signing and verifying ---- */

static void test_round_trips(void **state) {
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        ts_key *pair = fresh_key(&a, kinds[i]);
        ts_key *verifier = ts_key_public(&a, ts_key_public_of(pair), &e);
        for (size_t n = 0; n < 40; n++) {
            ts_str message = {"0123456789012345678901234567890123456789", n};
            ts_signature s;
            assert_true(ts_key_sign(pair, message, &s, &e));
            assert_int_equal(s.n, kinds[i] == TS_KEY_P384 ? 96 : 64);
            assert_true(ts_key_verify(verifier, message, signature_of(&s), &e));
            assert_true(ts_key_verify(pair, message, signature_of(&s), &e));
        }
        ts_key_free(pair);
        ts_key_free(verifier);
    }
}

static void test_every_bit(void **state) {
    (void)state;
    char text[] = "a message of some length, of which every bit counts";
    ts_str message = {text, sizeof text - 1};
    for (size_t i = 0; i < 3; i++) {
        ts_key *k = fresh_key(&a, kinds[i]);
        ts_signature s;
        assert_true(ts_key_sign(k, message, &s, &e));
        for (size_t bit = 0; bit < 8U * s.n; bit++) {
            s.b[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_false(ts_key_verify(k, message, signature_of(&s), 0));
            s.b[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        for (size_t bit = 0; bit < 8 * message.n; bit += 7) {
            text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
            assert_false(ts_key_verify(k, message, signature_of(&s), 0));
            text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
        }
        assert_true(ts_key_verify(k, message, signature_of(&s), &e));
        ts_key_free(k);
    }
}

/* The DER form of a signature, as OpenSSL's own functions make it. */
static ts_str der_of(ts_str fixed) {
    int w = (int)fixed.n / 2;
    const uint8_t *p = (const uint8_t *)fixed.p;
    ECDSA_SIG *s = ECDSA_SIG_new();
    uint8_t *der = 0;
    assert_int_equal(ECDSA_SIG_set0(s, BN_bin2bn(p, w, 0), BN_bin2bn(p + w, w, 0)), 1);
    int n = i2d_ECDSA_SIG(s, &der);
    assert_true(n > 0);
    ts_str out = ts_str_dup(&a, (ts_str){(char *)der, (size_t)n});
    OPENSSL_free(der);
    ECDSA_SIG_free(s);
    return out;
}

static void test_lengths(void **state) {
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        ts_key *k = fresh_key(&a, kinds[i]);
        ts_signature s;
        assert_true(ts_key_sign(k, TS_S("m"), &s, &e));
        uint8_t longer[200] = {0};
        memcpy(longer, s.b, s.n);
        for (size_t n = 0; n <= sizeof longer; n++)
            assert_int_equal(ts_key_verify(k, TS_S("m"), (ts_str){(char *)longer, n}, 0), n == s.n);
        assert_false(ts_key_verify(k, TS_S("m"), TS_NONE, 0));
        if (kinds[i] != TS_KEY_ED25519) /* the other form is refused even where it fits */
            assert_false(ts_key_verify(k, TS_S("m"), der_of(signature_of(&s)), 0));
        ts_key_free(k);
    }
    ts_public_key k = public_of(TS_KEY_P256, p256_point);
    ts_key *p256 = ts_key_public(&a, &k, &e);
    assert_refused(ts_key_verify(p256, TS_S("sample"), der_of(hex(p256_signature)), &e), TS_E_INPUT,
                   "a signature of 72 bytes, where P-256 has 64");
    assert_refused(ts_key_verify(p256, TS_S("sample"), hex(p384_signature), &e), TS_E_INPUT,
                   "a signature of 96 bytes, where P-256 has 64");
    ts_key_free(p256);
}

/* r and s are numbers from 1 to n - 1, and no other number with the same remainder. */
static void test_ecdsa_range(void **state) {
    (void)state;
    static const char n[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    static const char zero[] = "0000000000000000000000000000000000000000000000000000000000000000";
    static const char one[] = "0000000000000000000000000000000000000000000000000000000000000001";
    static const char most[] = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    const char *const parts[] = {n, zero, one, most};
    ts_public_key k = public_of(TS_KEY_P256, p256_point);
    ts_key *p256 = ts_key_public(&a, &k, &e);
    ts_str good = hex(p256_signature);
    for (size_t i = 0; i < 4; i++) {
        ts_str bad = hex(parts[i]);
        const ts_str as_r[] = {bad, ts_str_from(good, 32)}, as_s[] = {ts_str_to(good, 32), bad};
        assert_false(ts_key_verify(p256, TS_S("sample"), ts_str_join(&a, as_r, 2, TS_NONE), 0));
        assert_false(ts_key_verify(p256, TS_S("sample"), ts_str_join(&a, as_s, 2, TS_NONE), 0));
        for (size_t j = 0; j < 4; j++) {
            const ts_str both[] = {bad, hex(parts[j])};
            assert_false(ts_key_verify(p256, TS_S("sample"), ts_str_join(&a, both, 2, TS_NONE), 0));
        }
    }
    ts_key_free(p256);
}

/* An Ed25519 signature with S + L for S is another text for the same (RFC 8032 section 5.1.7). */
static void test_ed25519_large_s(void **state) {
    (void)state;
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                      0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    ts_public_key known = public_of(TS_KEY_ED25519, rfc8032[1][1]);
    ts_key *k = ts_key_public(&a, &known, &e);
    ts_str good = hex(rfc8032[1][3]);
    uint8_t s[64];
    unsigned carry = 0;
    memcpy(s, good.p, 64);
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)s[32 + i] + order[i];
        s[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(carry, 0);
    assert_true(ts_key_verify(k, hex("72"), good, &e));
    assert_false(ts_key_verify(k, hex("72"), (ts_str){(char *)s, 64}, 0));
    ts_key_free(k);
}

static void test_wrong_key(void **state) {
    (void)state;
    ts_key *mine = fresh_key(&a, TS_KEY_P256), *other = fresh_key(&a, TS_KEY_P256);
    ts_key *edwards = fresh_key(&a, TS_KEY_ED25519);
    ts_signature s;
    assert_true(ts_key_sign(mine, TS_S("m"), &s, &e));
    assert_false(ts_key_verify(other, TS_S("m"), signature_of(&s), 0));
    assert_refused(ts_key_verify(edwards, TS_S("m"), signature_of(&s), &e), TS_E_INPUT,
                   "the signature does not fit the message and the Ed25519 key");
    ts_key *verifier = ts_key_public(&a, ts_key_public_of(mine), &e);
    s.n = 7;
    assert_refused(ts_key_sign(verifier, TS_S("m"), &s, &e), TS_E_USAGE,
                   "this key verifies only: its private half is not here");
    assert_int_equal(s.n, 7);
    ts_key_free(mine);
    ts_key_free(other);
    ts_key_free(edwards);
    ts_key_free(verifier);
    ts_key_free(0);
}

typedef struct work {
    const ts_key *k;
    ts_signature s;
} work;

static void *sign_and_verify(void *arg) {
    const work *w = arg;
    for (int i = 0; i < 60; i++) {
        char text[20];
        ts_signature s;
        ts_str m = {text, (size_t)snprintf(text, sizeof text, "%p %d", (void *)&s, i)};
        if (!ts_key_sign(w->k, m, &s, 0) || !ts_key_verify(w->k, m, signature_of(&s), 0) ||
            !ts_key_verify(w->k, TS_S("shared"), signature_of(&w->s), 0) ||
            ts_key_verify(w->k, TS_S("shared"), signature_of(&s), 0))
            return (void *)1;
    }
    return 0;
}

static void test_threads(void **state) {
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        work w = {.k = fresh_key(&a, kinds[i])};
        pthread_t t[4];
        void *bad;
        assert_true(ts_key_sign(w.k, TS_S("shared"), &w.s, &e));
        for (int j = 0; j < 4; j++) assert_true(ts_thread_start(&t[j], sign_and_verify, &w, &e));
        for (int j = 0; j < 4; j++) {
            pthread_join(t[j], &bad);
            assert_null(bad);
        }
        ts_key_free((ts_key *)(uintptr_t)w.k);
    }
}

/* ---- public keys ---- */

static void test_names(void **state) {
    (void)state;
    ts_key_kind k = TS_KEY_NONE;
    assert_string_equal(ts_key_kind_name(TS_KEY_P384), "P-384");
    assert_string_equal(ts_key_alg(TS_KEY_ED25519), "EdDSA");
    assert_string_equal(ts_key_alg(TS_KEY_P256), "ES256");
    assert_string_equal(ts_key_alg(TS_KEY_P384), "ES384");
    assert_true(ts_key_kind_by_name("ed25519", &k) && k == TS_KEY_ED25519);
    assert_true(ts_key_kind_by_name("P-256", &k) && k == TS_KEY_P256);
    assert_false(ts_key_kind_by_name("", &k) || ts_key_kind_by_name("P-521", &k));
}

static void test_multikey(void **state) {
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (int round = 0; round < 20; round++) { /* both signs of y */
            ts_arena mark = a;
            ts_key *k = fresh_key(&a, kinds[i]);
            ts_str text = ts_public_key_multikey(&a, ts_key_public_of(k));
            ts_public_key back;
            assert_true(ts_public_key_from_multikey(text, &back, &e));
            assert_true(ts_public_key_eq(&back, ts_key_public_of(k)));
            static const char *const first[] = {"z6Mk", "zDn", "z82L"};
            assert_true(ts_str_starts(text, ts_str_c(first[i])));
            ts_key_free(k);
            a = mark;
        }
    }
    assert_int_equal(ts_public_key_multikey(&a, &(ts_public_key){0}).n, 0);
}

/* A Multikey of a code and the hexadecimal bytes of a key. */
static bool take(const char *digits, ts_public_key *k) {
    const ts_str both[] = {TS_S("z"), ts_base58(&a, hex(digits))};
    return ts_public_key_from_multikey(ts_str_join(&a, both, 2, TS_NONE), k, &e);
}

static const char *joined(const char *x, const char *y) {
    const ts_str both[] = {ts_str_c(x), ts_str_c(y)};
    return ts_str_z(&a, ts_str_join(&a, both, 2, TS_NONE));
}

static void test_multikey_refused(void **state) {
    (void)state;
    ts_public_key k = {.n = 9};
    const char *ed = rfc8032[0][1];
    assert_true(take(joined("ed01", ed), &(ts_public_key){0}));
    assert_true(take(joined("8024", p256_point), &(ts_public_key){0}));
    assert_refused(take(joined("e701", joined("02", p256_x)), &k), TS_E_VERSION,
                   "a key of the kind secp256k1, which is not known here");
    assert_refused(take(joined("ec01", ed), &k), TS_E_VERSION,
                   "a key of the kind X25519, which is not known here");
    assert_refused(take(joined("8026", ed), &k), TS_E_INPUT,
                   "a private key (Ed25519) where a public one belongs: it is known to others now, "
                   "replace it");
    assert_refused(take(joined("8626", ed), &k), TS_E_INPUT,
                   "a private key (P-256) where a public one belongs: it is known to others now, "
                   "replace it");
    assert_refused(take("ed", &k), TS_E_VERSION, "a Multikey of a kind that is not known here");
    assert_refused(take("", &k), TS_E_VERSION, "a Multikey of a kind that is not known here");
    assert_refused(take("ed01", &k), TS_E_INPUT, "an Ed25519 key of 0 bytes, where it has 32");
    assert_refused(take(joined("ed01", ed + 2), &k), TS_E_INPUT,
                   "an Ed25519 key of 31 bytes, where it has 32");
    assert_refused(take(joined("ed0100", ed), &k), TS_E_INPUT,
                   "an Ed25519 key of 33 bytes, where it has 32");
    const char *form = "a P-256 key that is neither a compressed nor a whole point";
    assert_refused(take("8024", &k), TS_E_INPUT, form);
    assert_refused(take("802400", &k), TS_E_INPUT, form); /* the point at infinity */
    assert_refused(take(joined("8024", p256_x), &k), TS_E_INPUT, form);
    assert_refused(take(joined("802404", p256_x), &k), TS_E_INPUT, form);
    assert_refused(take(joined("802406", p256_point + 2), &k), TS_E_INPUT, form); /* hybrid */
    assert_refused(take(joined("802407", p256_point + 2), &k), TS_E_INPUT, form);
    assert_refused(take(joined(joined("8024", p256_point), "00"), &k), TS_E_INPUT, form);
    assert_refused(take(joined("8124", joined("02", p256_x)), &k), TS_E_INPUT,
                   "a P-384 key that is neither a compressed nor a whole point");
    assert_refused(ts_public_key_from_multikey(TS_NONE, &k, &e), TS_E_INPUT,
                   "a Multikey begins with 'z' (base58btc)");
    assert_refused(ts_public_key_from_multikey(TS_S("u7QEB"), &k, &e), TS_E_INPUT,
                   "a Multikey begins with 'z' (base58btc)");
    assert_refused(ts_public_key_from_multikey(TS_S("z6Mk0"), &k, &e), TS_E_INPUT,
                   "the character at offset 3 does not belong to base58btc");
    char *p = ts_new_raw(&a, char, 5000);
    memset(p, 'z', 5000);
    assert_refused(ts_public_key_from_multikey((ts_str){p, 5000}, &k, &e), TS_E_VERSION,
                   "a Multikey of 5000 characters is of no kind known here");
    assert_true(k.n == 9 && !k.kind);
}

static void test_off_curve(void **state) {
    (void)state;
    static const char p[] = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    static const char zero[] = "0000000000000000000000000000000000000000000000000000000000000000";
    ts_public_key k;
    const char *off = "a P-256 key that is no point of the curve";
    assert_refused(take(joined("802404", joined(p256_x, p256_x)), &k), TS_E_INPUT, off);
    assert_refused(take(joined("802404", joined(zero, zero)), &k), TS_E_INPUT, off);
    assert_refused(take(joined("802402", p), &k), TS_E_INPUT, off);
    assert_refused(take(joined("802404", joined(p, p256_x)), &k), TS_E_INPUT, off);
    unsigned on = 0;
    for (unsigned x = 1; x <= 200; x++) { /* about half of all x have a y */
        char digits[71];
        snprintf(digits, sizeof digits, "802402%064x", x);
        on += take(digits, &k);
    }
    assert_in_range(on, 70, 130);
    k = public_of(TS_KEY_P384, p384_point);
    k.b[96] ^= 1;
    assert_refused(ts_key_public(&a, &k, &e), TS_E_INPUT,
                   "a P-384 key that is no point of the curve");
    k = (ts_public_key){.kind = TS_KEY_NONE, .n = 32};
    assert_refused(ts_key_public(&a, &k, &e), TS_E_VERSION,
                   "a key of a kind that is not known here");
}

static bool ed25519(const char *little_endian, ts_public_key *k) {
    return take(joined("ed01", little_endian), k);
}

static void test_ed25519_points(void **state) {
    (void)state;
    static const char *const small[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    };
    static const char *const high[] = {
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p: y is 0 */
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    ts_public_key k;
    for (size_t i = 0; i < 10; i++)
        assert_refused(ed25519(small[i], &k), TS_E_INPUT,
                       "an Ed25519 key of small order, which anything can be signed for");
    for (size_t i = 0; i < 5; i++)
        assert_refused(ed25519(high[i], &k), TS_E_INPUT,
                       "an Ed25519 key that is not written canonically");
    for (unsigned y = 2; y < 20; y++) { /* these y have no x */
        char digits[65];
        bool off = y == 2 || y == 7 || y == 8 || (y >= 11 && y <= 13) || y == 17;
        snprintf(digits, sizeof digits, "%02x%062x", y, 0);
        assert_int_equal(ed25519(digits, &k), !off);
        if (!off) continue;
        assert_string_equal(e.msg, "an Ed25519 key that is no point of the curve");
        ts_public_key same = public_of(TS_KEY_ED25519, digits);
        assert_null(ts_key_public(&a, &same, &e));
    }
}

#define X256 "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\""
#define Y256 "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define EC256 "\"kty\":\"EC\",\"crv\":\"P-256\"," X256 "," Y256
#define OKP                                                                                        \
    "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""

static void test_jwk_taken(void **state) {
    (void)state;
    ts_public_key k;
    static const char *const good[] = {
        "{" OKP "}",
        "{" OKP ",\"alg\":\"EdDSA\"}",
        "{" OKP ",\"alg\":\"Ed25519\",\"kid\":\"1\",\"use\":\"sig\"}",
        "{" EC256 ",\"key_ops\":[\"sign\",\"verify\"],\"x5c\":[]}",
        "{" EC256 ",\"alg\":\"ES256\"}",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!ts_public_key_from_jwk(json(good[i]), &k, &e)) fail_msg("%s: %s", good[i], e.msg);
}

static void test_jwk_refused(void **state) {
    (void)state;
    const char *wrong_use = "the JWK is not for signatures: its \"use\" is not \"sig\"";
    const char *wrong_ops = "the JWK is not for verifying: \"key_ops\" lacks \"verify\"";
    const char *private =
        "the JWK has a private part (\"d\"): it is known to others now, replace the key";
    const struct {
        const char *text, *msg;
        ts_error_code code;
    } bad[] = {
        {"[]", "a JWK is a JSON object", TS_E_INPUT},
        {"{}", "the JWK has no \"kty\"", TS_E_INPUT},
        {"{\"kty\":1}", "the JWK has no \"kty\"", TS_E_INPUT},
        {"{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"}", "a JWK whose \"kty\" is not known here",
         TS_E_VERSION},
        {"{\"kty\":\"oct\",\"k\":\"AA\"}",
         "the JWK has a private part (\"k\"): it is known to others now, replace the key",
         TS_E_INPUT},
        {"{\"kty\":\"EC\"," X256 "," Y256 "}", "the JWK has no \"crv\"", TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"secp256k1\"," X256 "," Y256 "}",
         "a JWK whose \"crv\" is not known here", TS_E_VERSION},
        {"{\"kty\":\"EC\",\"crv\":\"p-256\"," X256 "," Y256 "}",
         "a JWK whose \"crv\" is not known here", TS_E_VERSION},
        {"{\"kty\":\"OKP\",\"crv\":\"P-256\"," X256 "," Y256 "}",
         "a JWK whose \"crv\" is not known here", TS_E_VERSION},
        {"{\"kty\":\"EC\",\"crv\":\"Ed25519\"," X256 "}", "a JWK whose \"crv\" is not known here",
         TS_E_VERSION},
        {"{\"kty\":\"OKP\",\"crv\":\"X25519\"," X256 "}", "a JWK whose \"crv\" is not known here",
         TS_E_VERSION},
        {"{" EC256 ",\"d\":\"AA\"}", private, TS_E_INPUT},
        {"{" OKP ",\"d\":null}", private, TS_E_INPUT},
        {"{" OKP ",\"use\":\"enc\"}", wrong_use, TS_E_INPUT},
        {"{" OKP ",\"use\":[\"sig\"]}", wrong_use, TS_E_INPUT},
        {"{" OKP ",\"key_ops\":[]}", wrong_ops, TS_E_INPUT},
        {"{" OKP ",\"key_ops\":[\"sign\",\"encrypt\"]}", wrong_ops, TS_E_INPUT},
        {"{" OKP ",\"key_ops\":\"verify\"}", wrong_ops, TS_E_INPUT},
        {"{" OKP ",\"alg\":\"ES256\"}",
         "\"alg\" of the JWK does not fit its curve: Ed25519 has EdDSA", TS_E_INPUT},
        {"{" OKP ",\"alg\":\"none\"}",
         "\"alg\" of the JWK does not fit its curve: Ed25519 has EdDSA", TS_E_INPUT},
        {"{" EC256 ",\"alg\":\"Ed25519\"}",
         "\"alg\" of the JWK does not fit its curve: P-256 has ES256", TS_E_INPUT},
        {"{" EC256 ",\"alg\":5}", "\"alg\" of the JWK does not fit its curve: P-256 has ES256",
         TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," X256 "}", "the JWK has no \"y\"", TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," Y256 ",\"x\":7}", "the JWK has no \"x\"", TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"P-384\"," X256 "," Y256 "}",
         "\"x\" of the JWK does not write 48 bytes", TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," X256 ",\"y\":\"AQ\"}",
         "\"y\" of the JWK does not write 32 bytes", TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," X256
         ",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1\"}",
         "the last letter of the base64url text has bits that no byte uses", TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," X256
         ",\"y\":\"x_FEzRu9m36HLN/tue659LNpXW6pCyStikYjKIWI5a0\"}",
         "the character at offset 14 does not belong to base64url", TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," X256
         ",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0=\"}",
         "\"y\" of the JWK does not write 32 bytes", TS_E_INPUT},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," X256
         ",\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
         "a P-256 key that is no point of the curve", TS_E_INPUT},
        {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
         "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
         "an Ed25519 key of small order, which anything can be signed for", TS_E_INPUT},
    };
    ts_public_key k = {.n = 9};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bool ok = ts_public_key_from_jwk(json(bad[i].text), &k, &e);
        if (ok || e.code != bad[i].code || strcmp(e.msg, bad[i].msg))
            fail_msg("%s: %d %s", bad[i].text, e.code, e.msg);
    }
    assert_true(k.n == 9 && !k.kind);
    assert_refused(ts_public_key_from_jwk(0, &k, &e), TS_E_INPUT, "a JWK is a JSON object");
    assert_str(jwk_text(&(ts_public_key){0}), "null");
}

/* A coordinate that begins with zeros keeps them (RFC 7518 section 6.2.1.2). */
static void test_jwk_zeros(void **state) {
    (void)state;
    ts_public_key k, back;
    char digits[71];
    unsigned found = 0;
    for (unsigned x = 1; x < 40; x++) {
        snprintf(digits, sizeof digits, "802402%064x", x);
        if (!take(digits, &k)) continue;
        ts_str text = jwk_text(&k);
        assert_true(ts_str_find(text, TS_S("\"x\":\"AAAAAAAAAAAAAAAAAAAA")) != TS_NPOS);
        assert_true(ts_public_key_from_jwk(json(ts_str_z(&a, text)), &back, &e));
        assert_true(ts_public_key_eq(&k, &back));
        found++;
    }
    assert_true(found > 5);
}

/* ---- ring ---- */

static ts_public_key numbered_key(unsigned i) {
    uint8_t secret[32] = {(uint8_t)i, (uint8_t)(i >> 8)};
    ts_public_key k = {.kind = TS_KEY_ED25519, .n = 32};
    size_t n = 32;
    EVP_PKEY *p = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, 0, secret, 32);
    assert_int_equal(EVP_PKEY_get_raw_public_key(p, k.b, &n), 1);
    EVP_PKEY_free(p);
    return k;
}

static void test_ring(void **state) {
    (void)state;
    ts_key_ring *r = ts_key_ring_new(&a);
    ts_public_key first = public_of(TS_KEY_P256, p256_point), k;
    const ts_key *kept = ts_key_ring_get(r, &first, &e);
    for (unsigned i = 0; i < 1023; i++) {
        k = numbered_key(i);
        const ts_key *w = ts_key_ring_get(r, &k, &e);
        assert_true(ts_public_key_eq(ts_key_public_of(w), &k));
    }
    assert_ptr_equal(ts_key_ring_get(r, &first, &e), kept); /* all 1,024 are there */
    assert_ptr_equal(ts_key_ring_get(r, &k, &e), ts_key_ring_get(r, &k, &e));
    for (unsigned i = 1023; i < 3500; i++) { /* twice round */
        k = numbered_key(i);
        const ts_key *w = ts_key_ring_get(r, &k, &e);
        assert_true(ts_public_key_eq(ts_key_public_of(w), &k));
        assert_ptr_equal(ts_key_ring_get(r, &k, &e), w);
        ts_public_key before = numbered_key(i - 900);
        assert_true(ts_public_key_eq(ts_key_public_of(ts_key_ring_get(r, &before, &e)), &before));
    }
    kept = ts_key_ring_get(r, &first, &e); /* gone, and made again */
    assert_true(ts_key_verify(kept, TS_S("sample"), hex(p256_signature), &e));
    k = (ts_public_key){.kind = TS_KEY_ED25519, .n = 32};
    assert_refused(ts_key_ring_get(r, &k, &e), TS_E_INPUT,
                   "an Ed25519 key of small order, which anything can be signed for");
    assert_ptr_equal(ts_key_ring_get(r, &first, &e), kept);
    assert_refused(ts_key_sign(kept, TS_S("m"), &(ts_signature){0}, &e), TS_E_USAGE,
                   "this key verifies only: its private half is not here");
    ts_key_ring_free(r);
    ts_key_ring_free(0);
}

/* ---- key files ---- */

static ts_str file_of(const char *path) {
    ts_str s;
    assert_true(ts_file_read(&a, path, 100000, &s, &e));
    return s;
}

static const char *keep(const char *name) { return ts_str_z(&a, ts_str_c(test_temp(name))); }

static void test_generate(void **state) {
    (void)state;
    mode_t before = umask(0);
    for (size_t i = 0; i < 3; i++) {
        const char *path = keep(ts_key_kind_name(kinds[i]));
        struct stat st;
        ts_signature s;
        umask(i == 0 ? 0 : i == 1 ? 0777 : 022);
        ts_key *made = ts_key_generate(&a, kinds[i], path, &e);
        assert_non_null(made);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(st.st_nlink, 1);
        assert_true(ts_str_starts(file_of(path), TS_S("-----BEGIN PRIVATE KEY-----\n")));
        ts_key *read = ts_key_open(&a, path, &e);
        assert_true(ts_public_key_eq(ts_key_public_of(made), ts_key_public_of(read)));
        assert_true(ts_key_sign(read, TS_S("m"), &s, &e));
        assert_true(ts_key_verify(made, TS_S("m"), signature_of(&s), &e));
        ts_str old = file_of(path);
        assert_refused(ts_key_generate(&a, kinds[i], path, &e), TS_E_IO,
                       "the file exists already; a key is never written over");
        assert_true(ts_str_eq(file_of(path), old));
        ts_key_free(made);
        ts_key_free(read);
    }
    umask(before);
}

static void test_generate_refused(void **state) {
    (void)state;
    const char *path = keep("no/such/folder/key.pem");
    assert_refused_by(ts_key_generate(&a, TS_KEY_P256, path, &e), TS_E_IO, "cannot create");
    assert_refused(ts_key_generate(&a, TS_KEY_NONE, keep("none"), &e), TS_E_USAGE,
                   "no key can be made of the kind that was asked for");
    assert_int_equal(access(test_temp("none"), F_OK), -1);
    char *p = ts_new_n(&a, char, 5001);
    memset(p, 'x', 5000);
    assert_refused(ts_key_generate(&a, TS_KEY_P256, p, &e), TS_E_IO, "the path is too long");
    path = keep("dangling");
    assert_int_equal(symlink("/nowhere", path), 0);
    assert_refused(ts_key_generate(&a, TS_KEY_P256, path, &e), TS_E_IO,
                   "the file exists already; a key is never written over");
}

static bool open_it(const char *path) {
    ts_key *k = ts_key_open_file(&a, path, &e);
    ts_key_free(k);
    return k;
}

static void test_file_closed(void **state) {
    (void)state;
    const char *path = keep("closed.pem");
    char wanted[300];
    ts_key_free(ts_key_generate(&a, TS_KEY_ED25519, path, &e));
    for (unsigned bit = 1; bit <= 040; bit <<= 1) {
        assert_int_equal(chmod(path, 0600 | bit), 0);
        snprintf(wanted, sizeof wanted,
                 "the private key is open to other users (mode %03o); close it: `chmod 600 %s`",
                 0600 | bit, path);
        assert_refused(open_it(path), TS_E_IO, wanted);
    }
    assert_int_equal(chmod(path, 0400), 0);
    assert_true(open_it(path));
    assert_false(open_it(keep("missing.pem")));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    assert_string_equal(e.where, keep("missing.pem"));
    e = (ts_error){0};
    const char *link = keep("link.pem");
    assert_int_equal(symlink(path, link), 0);
    assert_refused(open_it(link), TS_E_IO, "the private key is a link; name the file itself");
    const char *pipe = keep("pipe.pem");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_refused(open_it(pipe), TS_E_IO, "the private key is not a regular file");
    const char *folder = keep("folder.pem");
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_refused(open_it(folder), TS_E_IO, "the private key is not a regular file");
    if (geteuid() != 0) return;
    assert_int_equal(chown(path, 12345, 0), 0);
    assert_refused_by(open_it(path), TS_E_IO, "the private key belongs to another user");
}

static const char *write_file(const char *name, ts_str bytes) {
    const char *path = keep(name);
    test_write(path, bytes);
    assert_int_equal(chmod(path, 0600), 0);
    return path;
}

/* What a writer of PEM leaves in a file. */
static const char *write_bio(const char *name, BIO *b) {
    char *p;
    long n = BIO_get_mem_data(b, &p);
    assert_true(n > 0);
    const char *path = write_file(name, (ts_str){p, (size_t)n});
    BIO_free(b);
    return path;
}

static const char *write_pkcs8(const char *name, EVP_PKEY *p, const EVP_CIPHER *c) {
    BIO *b = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(b, p, c, c ? "pass" : 0, c ? 4 : 0, 0, 0), 1);
    return write_bio(name, b);
}

static void test_file_kinds(void **state) {
    (void)state;
    EVP_PKEY *p256 = EVP_EC_gen("P-256"), *k1 = EVP_EC_gen("secp256k1"), *rsa = EVP_RSA_gen(1024);
    EVP_PKEY *x25519 = EVP_PKEY_Q_keygen(0, 0, "X25519");
    assert_true(open_it(write_pkcs8("plain.pem", p256, 0)));
    assert_refused_by(open_it(write_pkcs8("encrypted.pem", p256, EVP_aes_256_cbc())), TS_E_INPUT,
                      "the private key is encrypted, which is not read here");
    assert_refused(open_it(write_pkcs8("k1.pem", k1, 0)), TS_E_INPUT,
                   "a key of the kind EC secp256k1; Ed25519, P-256 and P-384 are used here");
    assert_refused(open_it(write_pkcs8("rsa.pem", rsa, 0)), TS_E_INPUT,
                   "a key of the kind RSA; Ed25519, P-256 and P-384 are used here");
    assert_refused(open_it(write_pkcs8("x25519.pem", x25519, 0)), TS_E_INPUT,
                   "a key of the kind X25519; Ed25519, P-256 and P-384 are used here");
    BIO *b = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PrivateKey_traditional(b, p256, 0, 0, 0, 0, 0), 1);
    assert_refused_by(open_it(write_bio("sec1.pem", b)), TS_E_INPUT,
                      "the private key is in the older form of SEC 1; convert it: `openssl pkcs8");
    b = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PUBKEY(b, p256), 1);
    assert_refused(open_it(write_bio("public.pem", b)), TS_E_INPUT,
                   "the file holds something else (PUBLIC KEY) than a private key (PKCS#8 PEM)");
    EVP_PKEY_free(p256);
    EVP_PKEY_free(k1);
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(x25519);
}

static void test_file_damaged(void **state) {
    (void)state;
    const char *path = keep("whole.pem");
    ts_key_free(ts_key_generate(&a, TS_KEY_P384, path, &e));
    ts_str pem = file_of(path);
    const ts_str twice[] = {pem, pem};
    assert_refused(open_it(write_file("empty.pem", TS_NONE)), TS_E_INPUT,
                   "the file holds no private key (PKCS#8 PEM)");
    assert_refused(open_it(write_file("text.pem", TS_S("not a key\n"))), TS_E_INPUT,
                   "the file holds no private key (PKCS#8 PEM)");
    assert_refused(open_it(write_file("two.pem", ts_str_join(&a, twice, 2, TS_NONE))), TS_E_INPUT,
                   "the file must hold one private key, open, and nothing else");
    char *big = ts_new_n(&a, char, 20000);
    assert_refused(open_it(write_file("big.pem", (ts_str){big, 20000})), TS_E_LIMIT,
                   "the private key is larger than 16384 bytes");
    for (size_t n = 0; n + 2 < pem.n; n += 5)
        assert_false(open_it(write_file("cut.pem", ts_str_to(pem, n))));
    unsigned opened = 0;
    for (size_t i = 28; i + 26 < pem.n; i += 3) { /* a letter changed: another key or none */
        ts_str copy = ts_str_dup(&a, pem);
        ((char *)(uintptr_t)copy.p)[i] = pem.p[i] == 'A' ? 'B' : 'A';
        opened += open_it(write_file("changed.pem", copy));
    }
    assert_true(opened <= 3); /* letters that hold no bits of the key */
    assert_true(open_it(path));
}

/* The public half in the file is another key's: whoever trusts it signs with a key that nobody can
 * check, or gives the private one away. */
static void test_file_mixed(void **state) {
    (void)state;
    EVP_PKEY *mine = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
    uint8_t *x = 0, *y = 0;
    PKCS8_PRIV_KEY_INFO *p = EVP_PKEY2PKCS8(mine), *q = EVP_PKEY2PKCS8(other);
    int n = i2d_PKCS8_PRIV_KEY_INFO(p, &x), m = i2d_PKCS8_PRIV_KEY_INFO(q, &y);
    assert_true(n > 65 && n == m);
    memcpy(x + n - 64, y + n - 64, 64); /* the point stands at the end */
    ts_str b64;
    assert_true(ts_multibase(&a, 'M', (ts_str){(char *)x, (size_t)n}, &b64, &e));
    ts_buf text = ts_buf_new(&a, 10000);
    ts_buf_lit(&text, "-----BEGIN PRIVATE KEY-----\n");
    for (b64 = ts_str_from(b64, 1); b64.n; b64 = ts_str_from(b64, 64)) {
        ts_buf_put(&text, ts_str_to(b64, 64));
        ts_buf_c(&text, '\n');
    }
    ts_buf_lit(&text, "-----END PRIVATE KEY-----\n");
    assert_refused(open_it(write_file("mixed.pem", ts_buf_str(&text))), TS_E_INPUT,
                   "the private and the public half do not belong together");
    PKCS8_PRIV_KEY_INFO_free(p);
    PKCS8_PRIV_KEY_INFO_free(q);
    OPENSSL_free(x);
    OPENSSL_free(y);
    EVP_PKEY_free(mine);
    EVP_PKEY_free(other);
}

/* ---- the openssl program as a second witness ---- */

static int run(const char *const *argv) {
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0), dup2(null, 1), dup2(null, 2);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, 0})

static ts_str fixed_of(ts_str der, size_t w) {
    const uint8_t *p = (const uint8_t *)der.p;
    uint8_t *rs = ts_new_raw(&a, uint8_t, 2 * w);
    ECDSA_SIG *s = d2i_ECDSA_SIG(0, &p, (long)der.n);
    assert_non_null(s);
    BN_bn2binpad(ECDSA_SIG_get0_r(s), rs, (int)w);
    BN_bn2binpad(ECDSA_SIG_get0_s(s), rs + w, (int)w);
    ECDSA_SIG_free(s);
    return (ts_str){(char *)rs, 2 * w};
}

static void cross_check(ts_key_kind kind, const char *key) {
    const char *public = keep("cross.pub"), *message = keep("cross.msg"), *out = keep("cross.sig");
    const char *digest = kind == TS_KEY_P384 ? "sha384" : "sha256";
    bool ed = kind == TS_KEY_ED25519;
    ts_str text = TS_S("what both of us sign");
    ts_signature s;
    test_write(message, text);
    ts_key *k = ts_key_open(&a, key, &e);
    assert_non_null(k);
    assert_int_equal(RUN("openssl", "pkey", "-in", key, "-pubout", "-out", public), 0);
    for (int i = 0; i < 4; i++) { /* ours, by theirs */
        assert_true(ts_key_sign(k, text, &s, &e));
        test_write(out, ed ? signature_of(&s) : der_of(signature_of(&s)));
        assert_int_equal(RUN("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin",
                             "-in", message, "-sigfile", out, ed ? 0 : "-digest", digest),
                         0);
    }
    for (int i = 0; i < 4; i++) { /* theirs, by ours */
        unlink(out);
        assert_int_equal(RUN("openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", message,
                             "-out", out, ed ? 0 : "-digest", digest),
                         0);
        ts_str theirs = file_of(out);
        if (!ed) theirs = fixed_of(theirs, kind == TS_KEY_P384 ? 48 : 32);
        assert_true(ts_key_verify(k, text, theirs, &e));
    }
    ts_key_free(k);
}

static void test_openssl_program(void **state) {
    (void)state;
    if (RUN("openssl", "version") != 0) skip();
    for (size_t i = 0; i < 3; i++) {
        const char *ours = keep("ours.pem"), *theirs = keep("theirs.pem");
        unlink(ours), unlink(theirs);
        ts_key_free(ts_key_generate(&a, kinds[i], ours, &e));
        cross_check(kinds[i], ours);
        if (kinds[i] == TS_KEY_ED25519)
            assert_int_equal(RUN("openssl", "genpkey", "-algorithm", "ed25519", "-out", theirs), 0);
        else
            assert_int_equal(
                RUN("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                    kinds[i] == TS_KEY_P256 ? "ec_paramgen_curve:P-256" : "ec_paramgen_curve:P-384",
                    "-out", theirs),
                0);
        assert_int_equal(chmod(theirs, 0600), 0);
        cross_check(kinds[i], theirs);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_rfc8032, set_up),
        cmocka_unit_test_setup(test_rfc8037, set_up),
        cmocka_unit_test_setup(test_rfc7515, set_up),
        cmocka_unit_test_setup(test_rfc6979, set_up),
        cmocka_unit_test_setup(test_round_trips, set_up),
        cmocka_unit_test_setup(test_every_bit, set_up),
        cmocka_unit_test_setup(test_lengths, set_up),
        cmocka_unit_test_setup(test_ecdsa_range, set_up),
        cmocka_unit_test_setup(test_ed25519_large_s, set_up),
        cmocka_unit_test_setup(test_wrong_key, set_up),
        cmocka_unit_test_setup(test_threads, set_up),
        cmocka_unit_test_setup(test_names, set_up),
        cmocka_unit_test_setup(test_multikey, set_up),
        cmocka_unit_test_setup(test_multikey_refused, set_up),
        cmocka_unit_test_setup(test_off_curve, set_up),
        cmocka_unit_test_setup(test_ed25519_points, set_up),
        cmocka_unit_test_setup(test_jwk_taken, set_up),
        cmocka_unit_test_setup(test_jwk_refused, set_up),
        cmocka_unit_test_setup(test_jwk_zeros, set_up),
        cmocka_unit_test_setup(test_ring, set_up),
        cmocka_unit_test_setup(test_generate, set_up),
        cmocka_unit_test_setup(test_generate_refused, set_up),
        cmocka_unit_test_setup(test_file_closed, set_up),
        cmocka_unit_test_setup(test_file_kinds, set_up),
        cmocka_unit_test_setup(test_file_damaged, set_up),
        cmocka_unit_test_setup(test_file_mixed, set_up),
        cmocka_unit_test_setup(test_openssl_program, set_up),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
