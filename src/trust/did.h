/* did.h - decentralised identifiers (W3C DID 1.0) and the keys they name: did:key, did:jwk,
 * did:web.
 *
 * did:key and did:jwk carry their key. A did:web is an address; whoever calls fetches the document
 * and has it read here.
 */
#ifndef TS_TRUST_DID_H
#define TS_TRUST_DID_H

#include "key.h"

typedef struct ts_did_url {
    ts_str did;                   /* "did:web:example.com:a" */
    ts_str method;                /* "web" */
    ts_str id;                    /* "example.com:a" */
    ts_str path, query, fragment; /* without their signs; may be empty */
} ts_did_url;
/* DID syntax (section 3.1) and DID URL syntax (section 3.2), read strictly; at most 4,096 bytes. */
bool ts_did_parse(ts_str text, ts_did_url *out, ts_error *e);

enum { TS_DID_ASSERTION = 1, TS_DID_AUTHENTICATION = 2 };
typedef struct ts_did_method {
    ts_str id; /* absolute: relative ones are resolved against the document's id */
    ts_str controller;
    ts_public_key key;       /* TS_KEY_NONE: a type or curve that is not known here, a key for
                                other things than signatures, or another DID's */
    unsigned purposes;       /* TS_DID_ASSERTION … : listed under assertionMethod … */
    ts_str expires, revoked; /* dateTimeStamp; may be empty */
} ts_did_method;
typedef struct ts_did_document {
    ts_str id;
    ts_strs also_known_as;
    struct {
        ts_did_method *v;
        size_t n, cap;
    } methods;
} ts_did_document;

/* did:key (Multikey of one of our kinds) and did:jwk, without path, query or fragment; the only
 * method serves both purposes. TS_E_VERSION for another kind of key or another method. */
bool ts_did_resolve_static(ts_arena *a, ts_str did, ts_did_document *out, ts_error *e);
/* Where a did:web's document is (did:web method, section 2.5.2): https://HOST/.well-known/did.json
 * or https://HOST/PATH/did.json, "%3A" before a port. The host is written in lower case, the path
 * as it is, with its percent signs. Refused: an IP address as host (the method forbids it), in any
 * of its spellings; a user name, anything that is not a host name; empty path segments, "." and
 * "..", and slashes, backslashes or control characters behind percent signs. */
bool ts_did_web_url(ts_arena *a, ts_str did, ts_str *url, ts_error *e);
/* Reads a document, which was read strictly. Its id must be `did`. Methods of type Multikey,
 * JsonWebKey, JsonWebKey2020, Ed25519VerificationKey2020 and …2018 (publicKeyBase58); others are
 * listed with TS_KEY_NONE, and so are methods under another DID than the document's, without a
 * purpose. A method in a relationship may be embedded or named; a name that is not in the document
 * counts for nothing, as nobody looks further. Refused: two methods of one id, keys that cannot be
 * read, dates that are none, secret keys (under any of the usual names), more than 1,000 methods.
 */
bool ts_did_document_read(ts_arena *a, const ts_json *document, ts_str did, ts_did_document *out,
                          ts_error *e);
/* The method of that id (absolute, or "#fragment"), or NULL. */
const ts_did_method *ts_did_find(const ts_did_document *d, ts_str id);

/* did:key and did:jwk of a public key; the id of its only method is DID#MULTIKEY and DID#0. */
ts_str ts_did_key_of(ts_arena *a, const ts_public_key *k);
ts_str ts_did_jwk_of(ts_arena *a, const ts_public_key *k);
/* A document for publication: id, methods as Multikey, all of them under assertionMethod, and under
 * authentication those that are for it. Retired keys stay with their `revoked` or `expires` date,
 * so that old signatures can be judged. Methods with TS_KEY_NONE are left out. */
void ts_did_document_write(ts_jsonw *w, const ts_did_document *d);

#endif
