/* credential.h - W3C Verifiable Credentials Data Model 2.0: what makes a JSON object a credential
 * or a presentation, however it is secured.
 */
#ifndef TS_PASSPORT_CREDENTIAL_H
#define TS_PASSPORT_CREDENTIAL_H

#include "trust/trust.h"

#define TS_VC_CONTEXT "https://www.w3.org/ns/credentials/v2"

/* Enveloped: an EnvelopedVerifiableCredential or EnvelopedVerifiablePresentation (section 4.13),
 * which holds a token in its id. */
typedef enum { TS_VC_CREDENTIAL, TS_VC_PRESENTATION, TS_VC_ENVELOPED } ts_vc_kind;

typedef struct ts_status_entry {
    ts_str id, type, purpose, list; /* list: address of the status list credential */
    uint64_t index;
    unsigned size;           /* statusSize in bits, 1 to 16; 1 where it is not given */
    const ts_json *messages; /* statusMessage; NULL = none */
    ts_str fault;            /* why the entry cannot be looked up; empty = it can be */
} ts_status_entry;

typedef struct ts_credential {
    ts_vc_kind kind;
    const ts_json *root;
    ts_str id, issuer,
        issuer_name;         /* issuer: the id, also of an object; holder for a presentation */
    ts_strs types, contexts; /* contexts: the addresses among them, in order */
    int64_t from, until;     /* validFrom, validUntil: UTC seconds; TS_NO_TIME when not stated */
    struct {
        const ts_json **v;
        size_t n, cap;
    } subjects; /* credentialSubject, one or several */
    struct {
        ts_status_entry *v;
        size_t n, cap;
    } status;
    struct {
        const ts_json **v;
        size_t n, cap;
    } schemas, within; /* credentialSchema; verifiableCredential */
} ts_credential;
#define TS_NO_TIME INT64_MIN

/* What every credential that is issued says of itself. */
typedef struct ts_credential_terms {
    ts_str id;                     /* of the credential */
    ts_str issuer, issuer_name;    /* a DID */
    int64_t from, until;           /* UTC seconds; until: TS_NO_TIME = no end */
    const ts_status_entry *status; /* NULL = none */
} ts_credential_terms;

/* Reads and checks the rules of VCDM 2.0 (W3C Recommendation of 15 May 2025) that need no RDF:
 * @context is an array that begins with the base context (section 4.3; a string alone is no ordered
 * set), type (4.5), id is one URL (4.4), names and descriptions are strings or language objects
 * (4.6, 11.1), issuer (4.7), credentialSubject not empty (4.8), validFrom/validUntil are
 * dateTimeStamp and in order (4.9), credentialStatus (4.10), credentialSchema (4.11), proof (4.12),
 * presentations and envelopes (4.13), relatedResource with a digest (5.3), refreshService (5.4),
 * termsOfUse (5.5), evidence (5.6), the reserved extension points (5.10). VCDM 1.1 is named as
 * such. `root` was read strictly. The error names the section; its place (e->where) is the JSON
 * pointer. On failure `out` holds what could be read all the same. At most 100,000 members in one
 * object or elements in one array: TS_E_LIMIT. */
bool ts_credential_read(ts_arena *a, const ts_json *root, ts_credential *out, ts_error *e);
bool ts_credential_is(const ts_credential *c, const char *type);

#endif
