/* integrity.h - Data Integrity proofs (W3C VC Data Integrity 1.0) with the cryptosuites that need
 * no RDF: eddsa-jcs-2022 (vc-di-eddsa section 3.3) and ecdsa-jcs-2019 (vc-di-ecdsa section 3.3;
 * P-256 with SHA-256, P-384 with SHA-384).
 *
 * What is verified is the tree as it was received.
 */
#ifndef TS_TRUST_INTEGRITY_H
#define TS_TRUST_INTEGRITY_H

#include "key.h"

typedef struct ts_proof {
    const ts_json *node;
    ts_str id, type, cryptosuite, created, expires, verification_method, purpose, domain, challenge,
        value;
    ts_strs domains;  /* all of them, where domain is a set; domain is the first */
    ts_strs previous; /* ids of the proofs this one covers: a chain (section 4.2.2 of VC-DI) */
} ts_proof;
typedef struct ts_proofs {
    ts_proof *v;
    size_t n, cap;
} ts_proofs;

/* The members of "proof": one object or a set (an array). False with TS_E_INPUT when a proof is no
 * object, a member has the wrong type, a DataIntegrityProof lacks cryptosuite, verificationMethod,
 * proofPurpose or proofValue, two proofs share an id, a date is malformed (XML Schema
 * dateTimeStamp), a previousProof is not there, twice there or goes in a circle. A proof of another
 * type is listed: whether it fits cannot be told (ts_proof_verify). No proof at all: n = 0. At most
 * 32. */
bool ts_proofs_read(ts_arena *a, const ts_json *document, ts_proofs *out, ts_error *e);

/* Whether proof i of the document fits the key: suite and kind of key agree, the proof's @context
 * (if it has one) is the beginning of the document's, the signature is over
 * hash(canonical proof options) and hash(canonical document), where a chained proof's document has
 * the proofs it covers. A type or suite that is not known here is TS_E_VERSION: cannot be told,
 * rather than failed.
 *
 * One proof is judged: a chained one counts only if those it covers are verified as well. Where the
 * document's @context goes on after the proof's, the rest of it is not covered. */
bool ts_proof_verify(ts_arena scratch, const ts_json *document, const ts_proofs *p, size_t i,
                     const ts_key *k, ts_error *e);

typedef struct ts_proof_options {
    ts_str verification_method, purpose; /* purpose: default "assertionMethod" */
    ts_str created;                      /* default: now, UTC */
    ts_str expires, domain, challenge;   /* may be empty */
    ts_str id;                           /* may be empty */
    ts_strs previous;                    /* chain onto these */
} ts_proof_options;
/* The document with one more proof, as canonical JSON text. Existing proofs stay and make a set.
 * The suite is that of the key. previousProof names the covered proofs in the document's order.
 * TS_E_USAGE for options that make no valid proof. */
bool ts_proof_add(ts_arena *a, const ts_json *document, const ts_proof_options *o, const ts_key *k,
                  ts_str *out, ts_error *e);

#endif
