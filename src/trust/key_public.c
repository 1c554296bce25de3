/* Public keys as text: Multikey, JSON Web Key, thumbprint; and whether they are keys at all. */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include "encoding.h"
#include "key_part.h"

/* ---- points of the curves ---- */

/* The y of the points whose order divides 8: of 4; of 1; of 2; of 8 (two). Each stands for both
 * signs of x. With such a key one signature fits many messages. Little-endian. */
static const uint8_t small_order[][32] = {
    {0},
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

/* The curve is -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032 section 5.1): there is an x for y exactly when
 * (y^2 - 1) (d y^2 + 1) is a square modulo p. 1: there is, 0: there is none, -2: no memory. */
static int ed25519_has_x(const uint8_t y_bytes[32]) {
    static const uint8_t d_bytes[32] = {0x52, 0x03, 0x6c, 0xee, 0x2b, 0x6f, 0xfe, 0x73,
                                        0x8c, 0xc7, 0x40, 0x79, 0x77, 0x79, 0xe8, 0x98,
                                        0x00, 0x70, 0x0a, 0x4d, 0x41, 0x41, 0xd8, 0xab,
                                        0x75, 0xeb, 0x4d, 0xca, 0x13, 0x59, 0x78, 0xa3};
    BN_CTX *c = BN_CTX_new();
    if (!c) return -2;
    BN_CTX_start(c);
    BIGNUM *p = BN_CTX_get(c), *d = BN_CTX_get(c), *y = BN_CTX_get(c), *u = BN_CTX_get(c);
    int result = -2;
    if (u && BN_set_bit(p, 255) && BN_sub_word(p, 19) && BN_bin2bn(d_bytes, 32, d) &&
        BN_lebin2bn(y_bytes, 32, y) && BN_mod_sqr(y, y, p, c) && BN_copy(u, y) &&
        BN_sub_word(u, 1) && BN_mod_mul(y, y, d, p, c) && BN_add_word(y, 1) &&
        BN_mod_mul(u, u, y, p, c))
        result = BN_kronecker(u, p, c);
    BN_CTX_end(c);
    BN_CTX_free(c);
    return result == -1 ? 0 : result;
}

static bool check_ed25519(const uint8_t b[32], ts_error *e) {
    uint8_t y[32];
    memcpy(y, b, 32);
    y[31] &= 0x7f;
    for (size_t i = 0; i < sizeof small_order / sizeof *small_order; i++)
        if (memcmp(y, small_order[i], 32) == 0)
            return ts_fail(e, TS_E_INPUT,
                           "an Ed25519 key of small order, which anything can be signed for");
    bool high = y[31] == 0x7f && y[0] >= 0xed;
    for (int i = 1; i < 31; i++) high = high && y[i] == 0xff;
    if (high) return ts_fail(e, TS_E_INPUT, "an Ed25519 key that is not written canonically");
    int there = ed25519_has_x(y);
    if (there < 0) return key_library_failed(e);
    return there || ts_fail(e, TS_E_INPUT, "an Ed25519 key that is no point of the curve");
}

/* Reads a point, compressed or not, and writes it uncompressed. */
static bool expand_point(ts_key_kind kind, const uint8_t *b, size_t n, ts_public_key *k,
                         ts_error *e) {
    size_t w = key_width(kind), full = 1 + 2 * w;
    if (!(n == full && b[0] == 4) && !(n == 1 + w && (b[0] == 2 || b[0] == 3)))
        return ts_fail(e, TS_E_INPUT, "a %s key that is neither a compressed nor a whole point",
                       ts_key_kind_name(kind));
    EC_GROUP *g =
        EC_GROUP_new_by_curve_name(kind == TS_KEY_P256 ? NID_X9_62_prime256v1 : NID_secp384r1);
    EC_POINT *p = g ? EC_POINT_new(g) : 0;
    bool memory = p, on = p && EC_POINT_oct2point(g, p, b, n, 0) == 1;
    uint8_t whole[sizeof k->b];
    memory = memory && (!on || EC_POINT_point2oct(g, p, POINT_CONVERSION_UNCOMPRESSED, whole,
                                                  sizeof whole, 0) == full);
    EC_POINT_free(p);
    EC_GROUP_free(g);
    ERR_clear_error();
    if (!memory) return key_library_failed(e);
    if (!on)
        return ts_fail(e, TS_E_INPUT, "a %s key that is no point of the curve",
                       ts_key_kind_name(kind));
    *k = (ts_public_key){.kind = kind, .n = (uint8_t)full};
    memcpy(k->b, whole, full);
    return true;
}

bool key_check(const ts_public_key *k, ts_error *e) {
    ts_public_key same;
    switch (k->kind) {
    case TS_KEY_ED25519:
        if (k->n == 32) return check_ed25519(k->b, e);
        return ts_fail(e, TS_E_INPUT, "an Ed25519 key of %d bytes, where it has 32", k->n);
    case TS_KEY_P256:
    case TS_KEY_P384: return expand_point(k->kind, k->b, k->n, &same, e);
    default: return ts_fail(e, TS_E_VERSION, "a key of a kind that is not known here");
    }
}

/* ---- Multikey ---- */

/* The multicodec table's numbers as the two bytes they are written in (unsigned varint). */
static const struct {
    uint8_t code[2];
    ts_key_kind kind;
    bool secret;
    const char *name;
} codecs[] = {
    {{0xed, 0x01}, TS_KEY_ED25519, false, "Ed25519"},
    {{0x80, 0x24}, TS_KEY_P256, false, "P-256"},
    {{0x81, 0x24}, TS_KEY_P384, false, "P-384"},
    {{0x82, 0x24}, TS_KEY_NONE, false, "P-521"},
    {{0xe7, 0x01}, TS_KEY_NONE, false, "secp256k1"},
    {{0xec, 0x01}, TS_KEY_NONE, false, "X25519"},
    {{0xea, 0x01}, TS_KEY_NONE, false, "BLS12-381"},
    {{0xeb, 0x01}, TS_KEY_NONE, false, "BLS12-381"},
    {{0x85, 0x24}, TS_KEY_NONE, false, "RSA"},
    {{0x80, 0x26}, TS_KEY_NONE, true, "Ed25519"},
    {{0x81, 0x26}, TS_KEY_NONE, true, "secp256k1"},
    {{0x82, 0x26}, TS_KEY_NONE, true, "X25519"},
    {{0x86, 0x26}, TS_KEY_NONE, true, "P-256"},
    {{0x87, 0x26}, TS_KEY_NONE, true, "P-384"},
    {{0x88, 0x26}, TS_KEY_NONE, true, "P-521"},
};

ts_str ts_public_key_multikey(ts_arena *a, const ts_public_key *k) {
    uint8_t b[2 + 49] = {0};
    size_t n = key_width(k->kind);
    if (!n) return TS_NONE;
    for (size_t i = 0; i < 3; i++)
        if (codecs[i].kind == k->kind) memcpy(b, codecs[i].code, 2);
    if (k->kind == TS_KEY_ED25519) {
        memcpy(b + 2, k->b, n);
    } else {
        b[2] = 2 | (k->b[k->n - 1] & 1);
        memcpy(b + 3, k->b + 1, n++);
    }
    ts_str both[] = {TS_S("z"), ts_base58(a, (ts_str){(char *)b, 2 + n})};
    return ts_str_join(a, both, 2, TS_NONE);
}

static bool read_codec(const uint8_t *b, size_t n, ts_public_key *k, ts_error *e) {
    for (size_t i = 0; n >= 2 && i < sizeof codecs / sizeof *codecs; i++) {
        if (memcmp(codecs[i].code, b, 2) != 0) continue;
        if (codecs[i].secret)
            return ts_fail(
                e, TS_E_INPUT,
                "a private key (%s) where a public one belongs: it is known to others now, "
                "replace it",
                codecs[i].name);
        if (!codecs[i].kind)
            return ts_fail(e, TS_E_VERSION, "a key of the kind %s, which is not known here",
                           codecs[i].name);
        if (codecs[i].kind != TS_KEY_ED25519)
            return expand_point(codecs[i].kind, b + 2, n - 2, k, e);
        *k = (ts_public_key){.kind = TS_KEY_ED25519, .n = (uint8_t)(n - 2)};
        if (n - 2 == 32) memcpy(k->b, b + 2, 32);
        return key_check(k, e);
    }
    return ts_fail(e, TS_E_VERSION, "a Multikey of a kind that is not known here");
}

bool ts_public_key_from_multikey(ts_str text, ts_public_key *k, ts_error *e) {
    enum { TEXT_MAX = 200 };  /* an uncompressed P-521 key still shows its kind */
    char room[TEXT_MAX + 64]; /* base58 decodes to less than it reads */
    ts_arena work = {room, room + sizeof room, 0};
    ts_public_key read;
    ts_str b;
    if (!text.n || text.p[0] != 'z')
        return ts_fail(e, TS_E_INPUT, "a Multikey begins with 'z' (base58btc)");
    if (text.n > TEXT_MAX)
        return ts_fail(e, TS_E_VERSION, "a Multikey of %zu characters is of no kind known here",
                       text.n);
    if (!ts_base58_decode(&work, ts_str_from(text, 1), &b, e)) return false;
    if (!read_codec((const uint8_t *)b.p, b.n, &read, e)) return false;
    *k = read;
    return true;
}

/* ---- JSON Web Key ---- */

static void write_coordinate(ts_jsonw *w, const char *name, const uint8_t *b, size_t n) {
    char room[128];
    ts_arena work = {room, room + sizeof room, 0};
    ts_jsonw_kstr(w, name, ts_base64url(&work, (ts_str){(const char *)b, n}));
}

/* The members in the order of their names, and no others: what a thumbprint is taken of, too. */
void ts_public_key_write_jwk(ts_jsonw *w, const ts_public_key *k) {
    bool point = k->kind != TS_KEY_ED25519;
    size_t n = key_width(k->kind);
    if (!n) {
        ts_jsonw_null(w);
        return;
    }
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "crv", ts_str_c(ts_key_kind_name(k->kind)));
    ts_jsonw_kstr(w, "kty", point ? TS_S("EC") : TS_S("OKP"));
    write_coordinate(w, "x", k->b + point, n);
    if (point) write_coordinate(w, "y", k->b + 1 + n, n);
    ts_jsonw_end(w);
}

ts_str ts_public_key_thumbprint(ts_arena *a, const ts_public_key *k) {
    char room[1024];
    ts_arena work = {room, room + sizeof room, 0};
    ts_buf b = ts_buf_new(&work, sizeof room / 2);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_public_key_write_jwk(&w, k);
    ts_hash_value h = ts_sha_of(TS_SHA256, ts_buf_str(&b));
    return ts_base64url(a, (ts_str){(const char *)h.b, h.n});
}

static bool read_coordinate(const ts_json *jwk, const char *name, uint8_t *out, size_t width,
                            ts_error *e) {
    char room[128];
    ts_arena work = {room, room + sizeof room, 0};
    const ts_json *v = ts_json_get(jwk, ts_str_c(name));
    ts_str b;
    if (!ts_json_is(v, TS_JSON_STRING))
        return ts_fail(e, TS_E_INPUT, "the JWK has no \"%s\"", name);
    if (ts_json_str(v).n != (width * 8 + 5) / 6)
        return ts_fail(e, TS_E_INPUT, "\"%s\" of the JWK does not write %zu bytes", name, width);
    if (!ts_base64url_decode(&work, ts_json_str(v), &b, e)) return false;
    memcpy(out, b.p, width);
    return true;
}

/* What must not be in a public key (RFC 7518 sections 6.2.2, 6.3.2, 6.4.1; RFC 8037 section 2). */
static bool refuse_private(const ts_json *jwk, ts_error *e) {
    static const char *const secret[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (ts_json_get(jwk, ts_str_c(secret[i])))
            return ts_fail(
                e, TS_E_INPUT,
                "the JWK has a private part (\"%s\"): it is known to others now, replace "
                "the key",
                secret[i]);
    return true;
}

static bool check_use(const ts_json *jwk, ts_error *e) {
    const ts_json *use = ts_json_member(jwk, "use"), *ops = ts_json_member(jwk, "key_ops");
    if (use && !ts_str_is(ts_json_str(use), "sig"))
        return ts_fail(e, TS_E_INPUT, "the JWK is not for signatures: its \"use\" is not \"sig\"");
    if (!ops) return true;
    TS_JSON_EACH(op, ops)
    if (ts_str_is(ts_json_str(op), "verify")) return true;
    return ts_fail(e, TS_E_INPUT, "the JWK is not for verifying: \"key_ops\" lacks \"verify\"");
}

/* "Ed25519" is the newer name of EdDSA with this curve (RFC 9864). */
static bool check_alg(const ts_json *jwk, ts_key_kind kind, ts_error *e) {
    const ts_json *alg = ts_json_member(jwk, "alg");
    if (!alg || ts_str_is(ts_json_str(alg), ts_key_alg(kind)) ||
        (kind == TS_KEY_ED25519 && ts_str_is(ts_json_str(alg), "Ed25519")))
        return true;
    return ts_fail(e, TS_E_INPUT, "\"alg\" of the JWK does not fit its curve: %s has %s",
                   ts_key_kind_name(kind), ts_key_alg(kind));
}

static bool read_kind(const ts_json *jwk, ts_key_kind *kind, ts_error *e) {
    ts_str kty = ts_json_str(ts_json_member(jwk, "kty"));
    ts_str crv = ts_json_str(ts_json_member(jwk, "crv"));
    if (!kty.n) return ts_fail(e, TS_E_INPUT, "the JWK has no \"kty\"");
    bool okp = ts_str_is(kty, "OKP"), ec = ts_str_is(kty, "EC");
    if (!okp && !ec) return ts_fail(e, TS_E_VERSION, "a JWK whose \"kty\" is not known here");
    if (!crv.n) return ts_fail(e, TS_E_INPUT, "the JWK has no \"crv\"");
    for (ts_key_kind k = TS_KEY_ED25519; k <= TS_KEY_P384; k++)
        if (ts_str_is(crv, ts_key_kind_name(k)) && okp == (k == TS_KEY_ED25519))
            return *kind = k, true;
    return ts_fail(e, TS_E_VERSION, "a JWK whose \"crv\" is not known here");
}

bool ts_public_key_from_jwk(const ts_json *jwk, ts_public_key *k, ts_error *e) {
    ts_public_key read = {0};
    if (!ts_json_is(jwk, TS_JSON_OBJECT)) return ts_fail(e, TS_E_INPUT, "a JWK is a JSON object");
    if (!refuse_private(jwk, e) || !read_kind(jwk, &read.kind, e) || !check_use(jwk, e) ||
        !check_alg(jwk, read.kind, e))
        return false;
    size_t w = key_width(read.kind);
    bool point = read.kind != TS_KEY_ED25519;
    read.n = (uint8_t)(point ? 1 + 2 * w : w);
    if (point) read.b[0] = 4;
    if (!read_coordinate(jwk, "x", read.b + point, w, e) ||
        (point && !read_coordinate(jwk, "y", read.b + 1 + w, w, e)) || !key_check(&read, e))
        return false;
    *k = read;
    return true;
}
