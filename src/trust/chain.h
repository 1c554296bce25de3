/* chain.h - the one hash chain: what was written in which order, so that nothing can be changed,
 * taken out or slipped in without its showing (captures, passports' log, audit).
 *
 * Entry n (from 1) has a digest, SHA-256 of its body's bytes. The chain's hash after it is
 *
 *   hash(n) = SHA-256("touchstone-chain-1" || 0x00 || hash(n-1) || n as 8 bytes, big-endian ||
 *                     digest(n)),      hash(0) = 32 zero bytes
 *
 * A checkpoint is a signed statement of a log's size and hash at an instant. Two checkpoints of one
 * log and one size with different hashes prove that it was forked.
 */
#ifndef TS_TRUST_CHAIN_H
#define TS_TRUST_CHAIN_H

#include "digest.h"
#include "key.h"

typedef struct ts_chain_hash {
    uint8_t b[32];
} ts_chain_hash;

ts_chain_hash ts_chain_digest(ts_str body);
ts_chain_hash ts_chain_next(const ts_chain_hash *before, uint64_t n, const ts_chain_hash *digest);
bool ts_chain_hash_eq(const ts_chain_hash *x, const ts_chain_hash *y);
ts_str ts_chain_hex(const ts_chain_hash *h, char out[65]); /* lower case */
bool ts_chain_read_hex(ts_str text, ts_chain_hash *out);

/* A compact token (RFC 7515), typ "touchstone-checkpoint+jwt", whose payload is the canonical JSON
 *   {"at":"2026-11-23T10:00:00Z","format":"touchstone-checkpoint-1","hash":"hex","log":"…","size":N}
 */
typedef struct ts_checkpoint {
    ts_str log;    /* which log: an identifier that its owner gives it, never reused */
    uint64_t size; /* entries; 0 = none yet */
    ts_chain_hash hash;
    int64_t at; /* UTC seconds */
    ts_str kid; /* verification method that signed it */
} ts_checkpoint;
/* `method` is the verification method's DID URL. */
bool ts_checkpoint_sign(ts_arena *a, const ts_checkpoint *c, ts_str method, const ts_key *k,
                        ts_str *token, ts_error *e);
/* Takes it apart, strictly; the signature is verified when k is given (NULL: it is not, and the
 * caller does with ts_jws_verify). */
bool ts_checkpoint_read(ts_arena *a, ts_str token, const ts_key *k, ts_checkpoint *out,
                        ts_error *e);

#endif
