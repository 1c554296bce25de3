/* key.h - keys that sign and keys that verify: Ed25519 (RFC 8032), ECDSA on P-256 and P-384
 * (FIPS 186-5), in files or behind PKCS#11.
 *
 * A public key is a plain value. A key that works (ts_key) holds what OpenSSL or the token needs,
 * does not change, and may be used by several threads at once. A ring keeps the working forms of
 * public keys, so that the second signature by the same key costs no preparation.
 */
#ifndef TS_TRUST_KEY_H
#define TS_TRUST_KEY_H

#include "base/base.h"

typedef enum { TS_KEY_NONE, TS_KEY_ED25519, TS_KEY_P256, TS_KEY_P384 } ts_key_kind;
const char *ts_key_kind_name(ts_key_kind k);                /* "Ed25519", "P-256", "P-384" */
bool ts_key_kind_by_name(const char *name, ts_key_kind *k); /* in any case: "ed25519" */
const char *ts_key_alg(ts_key_kind k); /* JWS algorithm: "EdDSA", "ES256", "ES384" */

/* Ed25519: 32 bytes; P-256 and P-384: the uncompressed point (SEC 1 section 2.3.3), 65 and 97. */
typedef struct ts_public_key {
    ts_key_kind kind;
    uint8_t n;
    uint8_t b[97];
} ts_public_key;
bool ts_public_key_eq(const ts_public_key *x, const ts_public_key *y);

/* Multikey (W3C Controlled Identifiers 1.0, section 2.2.2): 'z' and base58btc of the multicodec
 * prefix and the (compressed) key; empty for TS_KEY_NONE. Reading refuses, with TS_E_INPUT, a point
 * that is not on its curve, an Ed25519 key of small order or not canonical, a private key; and with
 * TS_E_VERSION a kind of key that is not known here. */
ts_str ts_public_key_multikey(ts_arena *a, const ts_public_key *k);
bool ts_public_key_from_multikey(ts_str text, ts_public_key *k, ts_error *e);
/* JWK (RFC 7517, RFC 8037): kty OKP/EC; the members crv, kty, x, y in this order (null for
 * TS_KEY_NONE). A key that holds a private part ("d"), or says that it is for something else than
 * signatures (use, key_ops), or whose alg does not fit (of Ed25519 also its newer name, RFC 9864),
 * is refused; and what is refused above. */
void ts_public_key_write_jwk(ts_jsonw *w, const ts_public_key *k);
bool ts_public_key_from_jwk(const ts_json *jwk, ts_public_key *k, ts_error *e);
/* Thumbprint (RFC 7638) with SHA-256, base64url. */
ts_str ts_public_key_thumbprint(ts_arena *a, const ts_public_key *k);

/* A working key lives in the arena it was made in; what it holds of OpenSSL or a token is given
 * back by ts_key_free. */
typedef struct ts_key ts_key;

/* From a private key in a file: PKCS#8 PEM, not encrypted. The file must belong to the user and be
 * closed to everybody else (no group or other permission bits; a link is not followed); else it is
 * refused with TS_E_IO and the command that cures it. */
ts_key *ts_key_open_file(ts_arena *a, const char *path, ts_error *e);
/* From a token: a PKCS#11 URI (RFC 7512) with token, object or id, and after the '?' module-path
 * (whole) and pin-source (a file, also as a file: URI, with the same demands as above) or
 * pin-value. What it names must be one token and one key, that may sign without asking again; its
 * public half must stand beside it. The private key never leaves the token; every signature is
 * verified before it is given out. A token logs a whole process in: where another key of it is open
 * already, the PIN is not looked at. */
ts_key *ts_key_open_pkcs11(ts_arena *a, ts_str uri, ts_error *e);
/* Either, by the look of the name: "pkcs11:…" or a path. */
ts_key *ts_key_open(ts_arena *a, const char *name, ts_error *e);
/* Makes a new private key in the file `path`, mode 0600, which must not exist: the whole file or
 * none. */
ts_key *ts_key_generate(ts_arena *a, ts_key_kind kind, const char *path, ts_error *e);
/* A key that verifies only. */
ts_key *ts_key_public(ts_arena *a, const ts_public_key *k, ts_error *e);
void ts_key_free(ts_key *k); /* NULL is allowed; before the arena goes */

const ts_public_key *ts_key_public_of(const ts_key *k);

/* Signatures are 64 bytes (Ed25519; P-256: r and s, RFC 7518 section 3.4) or 96 (P-384), never DER.
 * The hash is SHA-256 for P-256 and SHA-384 for P-384. */
enum { TS_SIGNATURE_MAX = 96 };
typedef struct ts_signature {
    uint8_t b[TS_SIGNATURE_MAX];
    uint8_t n;
} ts_signature;
/* TS_E_USAGE when k verifies only; TS_E_IO when the token does not answer. */
bool ts_key_sign(const ts_key *k, ts_str message, ts_signature *out, ts_error *e);
/* False with TS_E_INPUT when the signature does not fit message and key, or has another length;
 * with TS_E_MEMORY when that could not be told. */
bool ts_key_verify(const ts_key *k, ts_str message, ts_str signature, ts_error *e);

/* Working forms of public keys; at most 1,024, then the oldest goes. Not for several threads. */
typedef struct ts_key_ring ts_key_ring;
ts_key_ring *ts_key_ring_new(ts_arena *a);
void ts_key_ring_free(ts_key_ring *r); /* NULL is allowed; its keys are gone */
/* Valid until the next call. NULL with the reason when the key is not usable. */
const ts_key *ts_key_ring_get(ts_key_ring *r, const ts_public_key *k, ts_error *e);

#endif
