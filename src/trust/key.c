/* Keys that work: signing and verifying. */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include "key_part.h"

static const struct {
    const char *name, *alg;
    const char *group; /* OpenSSL's name of the curve */
    uint8_t width;
    ts_sha sha;
} kinds[] = {
    [TS_KEY_NONE] = {"", "", "", 0, TS_SHA256},
    [TS_KEY_ED25519] = {"Ed25519", "EdDSA", "ED25519", 32, TS_SHA512},
    [TS_KEY_P256] = {"P-256", "ES256", "prime256v1", 32, TS_SHA256},
    [TS_KEY_P384] = {"P-384", "ES384", "secp384r1", 48, TS_SHA384},
};

const char *ts_key_kind_name(ts_key_kind k) { return kinds[k].name; }
const char *ts_key_alg(ts_key_kind k) { return kinds[k].alg; }
size_t key_width(ts_key_kind k) { return kinds[k].width; }
ts_sha key_sha(ts_key_kind k) { return kinds[k].sha; }

bool ts_key_kind_by_name(const char *name, ts_key_kind *k) {
    for (ts_key_kind i = TS_KEY_ED25519; i <= TS_KEY_P384; i++)
        if (ts_str_ieq(ts_str_c(name), ts_str_c(kinds[i].name))) return *k = i, true;
    return false;
}

bool ts_public_key_eq(const ts_public_key *x, const ts_public_key *y) {
    return x->kind == y->kind && x->n == y->n && memcmp(x->b, y->b, x->n) == 0;
}

bool key_library_failed(ts_error *e) {
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ts_fail(e, TS_E_MEMORY, "the cryptographic library failed: %s",
            reason ? reason : "it does not say why");
    ERR_clear_error();
    return false;
}

/* ---- from OpenSSL, and into it ---- */

static bool ec_public_half(EVP_PKEY *pkey, ts_public_key *out, ts_error *e) {
    size_t w = key_width(out->kind);
    BIGNUM *x = 0, *y = 0;
    bool ok = EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
              EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
              BN_bn2binpad(x, out->b + 1, (int)w) == (int)w &&
              BN_bn2binpad(y, out->b + 1 + w, (int)w) == (int)w;
    BN_free(x);
    BN_free(y);
    out->b[0] = 4;
    out->n = (uint8_t)(1 + 2 * w);
    ERR_clear_error();
    return ok || ts_fail(e, TS_E_INPUT, "the key has no public half");
}

bool key_public_half(EVP_PKEY *pkey, ts_public_key *out, ts_error *e) {
    char group[32] = "";
    size_t n = sizeof out->b;
    *out = (ts_public_key){0};
    if (EVP_PKEY_is_a(pkey, "ED25519")) {
        out->kind = TS_KEY_ED25519;
        out->n = 32;
        if (EVP_PKEY_get_raw_public_key(pkey, out->b, &n) == 1 && n == 32) return true;
    } else if (EVP_PKEY_is_a(pkey, "EC") &&
               EVP_PKEY_get_group_name(pkey, group, sizeof group, &n) == 1) {
        for (ts_key_kind i = TS_KEY_P256; i <= TS_KEY_P384; i++)
            if (strcmp(group, kinds[i].group) == 0) out->kind = i;
        if (out->kind) return ec_public_half(pkey, out, e);
    }
    ERR_clear_error();
    const char *type = EVP_PKEY_get0_type_name(pkey);
    return ts_fail(e, TS_E_INPUT,
                   "a key of the kind %s%s%s; Ed25519, P-256 and P-384 are used here",
                   type ? type : "?", *group ? " " : "", group);
}

static EVP_PKEY *ec_from_point(const ts_public_key *known) {
    char *group = (char *)(uintptr_t)kinds[known->kind].group; /* is only read */
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)known->b,
                                          known->n),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *pkey = 0;
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(0, "EC", 0);
    if (!c || EVP_PKEY_fromdata_init(c) != 1 ||
        EVP_PKEY_fromdata(c, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
        pkey = 0;
    EVP_PKEY_CTX_free(c);
    return pkey;
}

/* ---- making one ---- */

static bool prepare_ed25519(ts_key *k, bool signs) {
    k->ed_verify = EVP_MD_CTX_new();
    if (!k->ed_verify || EVP_DigestVerifyInit(k->ed_verify, 0, 0, 0, k->pkey) != 1) return false;
    if (!signs) return true;
    k->ed_sign = EVP_MD_CTX_new();
    return k->ed_sign && EVP_DigestSignInit(k->ed_sign, 0, 0, 0, k->pkey) == 1;
}

static bool prepare_ecdsa(ts_key *k, bool signs) {
    k->ec_verify = EVP_PKEY_CTX_new(k->pkey, 0);
    if (!k->ec_verify || EVP_PKEY_verify_init(k->ec_verify) != 1) return false;
    if (!signs) return true;
    k->ec_sign = EVP_PKEY_CTX_new(k->pkey, 0);
    return k->ec_sign && EVP_PKEY_sign_init(k->ec_sign) == 1;
}

static bool prepare(ts_key *k, bool signs, ts_error *e) {
    bool ok = k->pkey && (k->known.kind == TS_KEY_ED25519 ? prepare_ed25519(k, signs)
                                                          : prepare_ecdsa(k, signs));
    return ok || key_library_failed(e);
}

bool key_from_public(ts_key *k, const ts_public_key *known, ts_error *e) {
    if (!key_check(known, e)) return false;
    k->known = *known;
    k->pkey = known->kind == TS_KEY_ED25519
                  ? EVP_PKEY_new_raw_public_key_ex(0, "ED25519", 0, known->b, known->n)
                  : ec_from_point(known);
    return prepare(k, false, e);
}

bool key_from_pair(ts_key *k, EVP_PKEY *pair, ts_error *e) {
    k->pkey = pair;
    if (!key_public_half(pair, &k->known, e) || !key_check(&k->known, e)) return false;
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(pair, 0);
    bool ok = c && EVP_PKEY_pairwise_check(c) == 1;
    EVP_PKEY_CTX_free(c);
    ERR_clear_error();
    if (!ok)
        return ts_fail(e, TS_E_INPUT, "the private and the public half do not belong together");
    return prepare(k, true, e);
}

ts_key *ts_key_public(ts_arena *a, const ts_public_key *known, ts_error *e) {
    ts_key *k = ts_new(a, ts_key);
    if (key_from_public(k, known, e)) return k;
    ts_key_free(k);
    return 0;
}

ts_key *ts_key_open(ts_arena *a, const char *name, ts_error *e) {
    ts_str s = ts_str_c(name);
    return ts_str_istarts(s, TS_S("pkcs11:")) ? ts_key_open_pkcs11(a, s, e)
                                              : ts_key_open_file(a, name, e);
}

void ts_key_free(ts_key *k) {
    if (!k) return;
    EVP_MD_CTX_free(k->ed_verify);
    EVP_MD_CTX_free(k->ed_sign);
    EVP_PKEY_CTX_free(k->ec_verify);
    EVP_PKEY_CTX_free(k->ec_sign);
    EVP_PKEY_free(k->pkey);
    if (k->token) key_token_close(k->token);
    *k = (ts_key){0};
}

const ts_public_key *ts_key_public_of(const ts_key *k) { return &k->known; }

/* ---- ECDSA's two numbers: of fixed width here, DER (SEC 1 section C.5) in the library ---- */

static uint8_t *put_integer(uint8_t *w, const uint8_t *b, size_t n) {
    while (n > 1 && !*b) b++, n--;
    bool sign = *b & 0x80;
    *w++ = 2;
    *w++ = (uint8_t)(n + sign);
    if (sign) *w++ = 0;
    memcpy(w, b, n);
    return w + n;
}

enum { DER_MAX = 112 }; /* two numbers of 48 bytes with signs and heads: 104 */

static size_t der_of(const uint8_t *rs, size_t width, uint8_t der[DER_MAX]) {
    uint8_t body[DER_MAX];
    size_t n = (size_t)(put_integer(put_integer(body, rs, width), rs + width, width) - body);
    der[0] = 0x30;
    der[1] = (uint8_t)n; /* at most 102: one byte of length */
    memcpy(der + 2, body, n);
    return n + 2;
}

static bool fixed_of(const uint8_t *der, size_t n, size_t width, uint8_t *rs) {
    ECDSA_SIG *s = d2i_ECDSA_SIG(0, &der, (long)n);
    bool ok = s && BN_bn2binpad(ECDSA_SIG_get0_r(s), rs, (int)width) == (int)width &&
              BN_bn2binpad(ECDSA_SIG_get0_s(s), rs + width, (int)width) == (int)width;
    ECDSA_SIG_free(s);
    return ok;
}

/* ---- signing ---- */

/* The first releases of OpenSSL 3.0 do not copy a context that has no digest, as Ed25519's. */
static bool copy_or_prepare(EVP_MD_CTX *c, const EVP_MD_CTX *prepared,
                            int (*init)(EVP_MD_CTX *, EVP_PKEY_CTX **, const EVP_MD *, ENGINE *,
                                        EVP_PKEY *),
                            EVP_PKEY *pkey) {
    return EVP_MD_CTX_copy_ex(c, prepared) == 1 || init(c, 0, 0, 0, pkey) == 1;
}

static bool ed25519_sign(const ts_key *k, ts_str message, ts_signature *out) {
    size_t n = sizeof out->b;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool ok = c && copy_or_prepare(c, k->ed_sign, EVP_DigestSignInit, k->pkey) &&
              EVP_DigestSign(c, out->b, &n, (const uint8_t *)message.p, message.n) == 1 && n == 64;
    EVP_MD_CTX_free(c);
    out->n = 64;
    return ok;
}

static bool ecdsa_sign(const ts_key *k, ts_str message, ts_signature *out) {
    uint8_t der[DER_MAX];
    size_t n = sizeof der, width = key_width(k->known.kind);
    ts_hash_value h = ts_sha_of(key_sha(k->known.kind), message);
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_dup(k->ec_sign);
    bool ok = c && EVP_PKEY_sign(c, der, &n, h.b, h.n) == 1 && fixed_of(der, n, width, out->b);
    EVP_PKEY_CTX_free(c);
    out->n = (uint8_t)(2 * width);
    return ok;
}

bool ts_key_sign(const ts_key *k, ts_str message, ts_signature *out, ts_error *e) {
    ts_signature s = {0};
    if (k->token) {
        if (!key_token_sign(k->token, k->known.kind, message, &s, e)) return false;
        if (!ts_key_verify(k, message, (ts_str){(char *)s.b, s.n}, 0))
            return ts_fail(e, TS_E_IO,
                           "the token's signature does not fit the public key beside it");
    } else if (!k->ed_sign && !k->ec_sign) {
        return ts_fail(e, TS_E_USAGE, "this key verifies only: its private half is not here");
    } else if (!(k->ed_sign ? ed25519_sign(k, message, &s) : ecdsa_sign(k, message, &s))) {
        return key_library_failed(e);
    }
    *out = s;
    return true;
}

/* ---- verifying ---- */

static int ed25519_verify(const ts_key *k, ts_str message, ts_str signature) {
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    int result = -2;
    if (c && copy_or_prepare(c, k->ed_verify, EVP_DigestVerifyInit, k->pkey))
        result = EVP_DigestVerify(c, (const uint8_t *)signature.p, signature.n,
                                  (const uint8_t *)message.p, message.n) == 1;
    EVP_MD_CTX_free(c);
    return result;
}

static int ecdsa_verify(const ts_key *k, ts_str message, ts_str signature) {
    uint8_t der[DER_MAX];
    size_t n = der_of((const uint8_t *)signature.p, signature.n / 2, der);
    ts_hash_value h = ts_sha_of(key_sha(k->known.kind), message);
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_dup(k->ec_verify);
    int result = c ? EVP_PKEY_verify(c, der, n, h.b, h.n) == 1 : -2;
    EVP_PKEY_CTX_free(c);
    return result;
}

bool ts_key_verify(const ts_key *k, ts_str message, ts_str signature, ts_error *e) {
    size_t wanted = 2 * key_width(k->known.kind);
    if (signature.n != wanted)
        return ts_fail(e, TS_E_INPUT, "a signature of %zu bytes, where %s has %zu", signature.n,
                       ts_key_kind_name(k->known.kind), wanted);
    int result =
        k->ed_verify ? ed25519_verify(k, message, signature) : ecdsa_verify(k, message, signature);
    if (result == 1) return true;
    if (result < 0 || ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE)
        return key_library_failed(e);
    ERR_clear_error();
    return ts_fail(e, TS_E_INPUT, "the signature does not fit the message and the %s key",
                   ts_key_kind_name(k->known.kind));
}
