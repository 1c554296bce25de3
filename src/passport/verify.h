/* verify.h - what a passport or credential says, who says it, who attests it, and what of that
 * could not be checked.
 *
 * Five steps, each verified / failed / not checked, with the reason and what would settle it.
 *
 * signature     Every proof or token fits its key, over the bytes received. One that fails is
 *               enough; one that cannot be told (another suite, a key that is not at hand) leaves
 *               the step open. A credential without any signature failed: anybody can have written
 *               it. A presentation without one is a mere bundle of credentials.
 * issuer        The key is one that the issuer lists for assertions (a holder: for
 *               authentication), in a document fetched over did:web or in the did:key or did:jwk
 *               itself, which does not tell who holds it; the registered name where an identity
 *               anchor by somebody trusted gives one. An issuer that is no DID is not checked:
 *               nothing ties the key to it. A key past its `expires` still serves for what says
 *               that it was signed before, a revoked one leaves that open; neither for later
 *               signatures. When it was signed, the signer alone says.
 * status        The time is within validFrom and validUntil (and a token's nbf and exp), and the
 *               status lists it names say that it is neither revoked nor suspended. Other purposes
 *               are reported and do not fail. A list that cannot be had, is not the issuer's, or is
 *               malformed leaves the step open, as does having none. A list that a presentation
 *               brings along tells of revocation; of its absence only while its own validUntil
 *               lasts, as an older list could be brought along on purpose.
 * schema        VCDM 2.0 and, for UNTP's types, UNTP's schema where the files are at hand. Without
 *               UNTP type and without credentialSchema, VCDM 2.0 alone decides; another
 *               credentialSchema is not fetched, so not checked. Failed also when the passport is
 *               about another product than the one in hand (expect_product).
 * attestations  Every claim with evidence is attested by a third party's credential that is itself
 *               verified, about this product and the claim's criteria, by somebody trusted or
 *               accredited by somebody trusted. Evidence that is itself wrong (bad signature,
 *               revoked, another product, another digest, says non-conforming) failed.
 *
 * What is not there cannot be verified: a credential without a status list is not checked for
 * status, never "not revoked".
 */
#ifndef TS_PASSPORT_VERIFY_H
#define TS_PASSPORT_VERIFY_H

#include "credential.h"
#include "status_list.h"
#include "untp.h"

/* Bytes of a dossier in all (what is fetched for it included), of its status lists unpacked,
 * credentials in it, things fetched for it, accreditations on top of each other. */
enum {
    TS_DOSSIER_MAX = 16 << 20,
    TS_DOSSIER_UNPACKED = 64 << 20,
    TS_DOSSIER_CREDENTIALS = 256,
    TS_DOSSIER_FETCHES = 64,
    TS_ACCREDITATION_DEPTH = 8
};

typedef enum {
    TS_STEP_SIGNATURE,
    TS_STEP_ISSUER,
    TS_STEP_STATUS,
    TS_STEP_SCHEMA,
    TS_STEP_ATTESTATIONS,
    TS_STEPS
} ts_step;
const char *ts_step_name(ts_step s); /* "signature", … */

typedef struct ts_verdict {
    ts_answer answer; /* yes = verified, no = failed, open = not checked */
    ts_str reason;    /* a sentence */
    ts_str cure;      /* what would settle it; may be empty */
    ts_str at;        /* JSON pointer or part of the token, where it helps; may be empty */
} ts_verdict;

/* One credential of the dossier and what was found. */
typedef struct ts_checked {
    ts_credential credential;
    ts_str secured_by; /* "eddsa-jcs-2022", "ES256 (vc+jwt)" …; several joined by ", " */
    ts_untp_type type;
    ts_verdict step[TS_STEPS];
    ts_str of;     /* the claim or credential that it attests: address; may be empty */
    ts_strs below; /* ids of credentials that accredit its issuer */
} ts_checked;

/* An edge of the trust graph: who says what about whom. */
typedef enum {
    TS_EDGE_CLAIMS,
    TS_EDGE_ATTESTS,
    TS_EDGE_ACCREDITS,
    TS_EDGE_IDENTIFIES
} ts_trust_edge_kind;
const char *ts_trust_edge_name(ts_trust_edge_kind k); /* "claims", … */
typedef struct ts_trust_edge {
    ts_trust_edge_kind kind;
    ts_str from, to; /* issuer's DID; product, claim or DID */
    ts_str by;       /* id of the credential */
    ts_str what;     /* the claim's name, the scheme, the register */
    ts_verdict verdict;
} ts_trust_edge;

typedef struct ts_report {
    ts_str kind; /* "credential"; "dossier": a presentation with a passport in it; "presentation" */
    ts_str of;   /* id of the passport (or first credential) */
    struct {
        ts_checked *v;
        size_t n, cap;
    } credentials; /* the passport first; a signed presentation itself last */
    struct {
        ts_trust_edge *v;
        size_t n, cap;
    } edges;
    ts_verdict step[TS_STEPS]; /* of the passport; a presentation that failed fails it, too */
    const ts_json *passport;   /* the DPP's tree, or NULL */
} ts_report;

/* What has to come from elsewhere. True: `bytes` is what `url` gives; otherwise `why` says why not,
 * and the step that asked is not checked. Credentials are asked for where a claim or an
 * authorisation links evidence that the dossier does not hold. Bytes may be more than is taken.
 * TS_WANT_LIST_AT_HAND is a status list that must not be fetched for it: a current one was brought
 * along, and only a newer one at hand would change anything. */
typedef enum {
    TS_WANT_DID_DOCUMENT,
    TS_WANT_STATUS_LIST,
    TS_WANT_CREDENTIAL,
    TS_WANT_LIST_AT_HAND
} ts_want;
typedef struct ts_source_of {
    bool (*get)(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes, ts_error *why);
    void *ctx;
} ts_source_of;

typedef struct ts_schemas ts_schemas; /* UNTP's schemas, compiled */
/* From a folder with UNTP's own files (DigitalProductPassport.json …); those that are not there are
 * not known. */
ts_schemas *ts_schemas_open(ts_arena *a, const char *folder, ts_error *e);
void ts_schemas_close(ts_schemas *s); /* NULL is allowed */

typedef struct ts_verify_options {
    int64_t now;               /* UTC seconds */
    ts_source_of source;       /* get NULL: nothing can be fetched */
    const ts_schemas *schemas; /* NULL: not at hand */
    ts_key_ring *ring;         /* NULL: one for this call */
    const ts_str *trusted;     /* DIDs the user trusts as accreditation bodies or registrars */
    size_t trusted_n;
    ts_str expect_product; /* the product in the user's hand, canonical; the passport must be about
                              it, or about the model or batch that it belongs to; may be empty */
    ts_str challenge, domain;      /* for presentations; may be empty */
    struct ts_verify_cache *cache; /* resolved documents and lists; NULL = none kept */
} ts_verify_options;

/* Resolved DID documents (for 15 minutes) and status lists (for their ttl, else 5 minutes, at most
 * a day), judged once. What could not be had is asked for again. Not for several threads at once;
 * `now` may differ between calls. At most 256 MiB: when three quarters are full it starts over. */
typedef struct ts_verify_cache ts_verify_cache;
ts_verify_cache *ts_verify_cache_new(ts_arena *a);
void ts_verify_cache_free(ts_verify_cache *c); /* NULL is allowed */

/* Takes a credential or presentation as JSON (with Data Integrity proofs, or enveloped), or a
 * compact token (vc+jwt, vp+jwt). Never fails: what cannot be read is a failed signature step with
 * the reason. `bytes` must live as long as the report. */
void ts_verify(ts_arena *a, ts_str bytes, const ts_verify_options *o, ts_report *out);

/* For programs and for people. */
void ts_report_write(ts_jsonw *w, const ts_report *r);

#endif
