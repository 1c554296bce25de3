/* key_part.h - what the parts of the key share: how it looks inside. */
#ifndef TS_TRUST_KEY_PART_H
#define TS_TRUST_KEY_PART_H

#include <openssl/evp.h>

#include "digest.h"
#include "key.h"

typedef struct key_token key_token;

struct ts_key {
    ts_public_key known; /* the public half */
    EVP_PKEY *pkey;      /* the pair; of a token, and where nothing is signed, the public half */
    /* Contexts that are set up once and copied for each signature, as setting one up costs 20
     * times as much: for Ed25519 the first two, for ECDSA the others. The ones for signing are
     * NULL where the private half is not at hand. */
    EVP_MD_CTX *ed_verify, *ed_sign;
    EVP_PKEY_CTX *ec_verify, *ec_sign;
    key_token *token;
};

/* Bytes of a coordinate (of Ed25519: of the key); 0 for TS_KEY_NONE. */
size_t key_width(ts_key_kind k);
ts_sha key_sha(ts_key_kind k);

/* Whether the bytes are a public key that a signature can be verified with: a point of the curve
 * and, for Ed25519, canonical and not of small order. */
bool key_check(const ts_public_key *k, ts_error *e);

/* Fill a zeroed *k. After a failure it holds what ts_key_free gives back. */
bool key_from_public(ts_key *k, const ts_public_key *known, ts_error *e);
/* Takes over the pair, also when it fails. */
bool key_from_pair(ts_key *k, EVP_PKEY *pair, ts_error *e);
/* The public half of a key of OpenSSL. */
bool key_public_half(EVP_PKEY *pkey, ts_public_key *out, ts_error *e);

/* The whole of a small file that nobody but its owner may touch: a regular file that belongs to the
 * user (or root), no permission for group and others, no link. At most `max` bytes into `buf`,
 * which has max + 1; *n are there. `what` names it in messages. */
bool key_read_secret(const char *path, const char *what, char *buf, size_t max, size_t *n,
                     ts_error *e);

bool key_token_sign(key_token *t, ts_key_kind kind, ts_str message, ts_signature *out, ts_error *e);
void key_token_close(key_token *t);

/* False with TS_E_MEMORY, as nothing else is left to fail when this is called: OpenSSL did not do
 * what it was asked to. Empties its queue of errors. */
bool key_library_failed(ts_error *e);

#endif
