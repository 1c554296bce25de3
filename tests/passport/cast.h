/* cast.h - a passport by a maker, a certificate by a laboratory, an accreditation by a body that
 * the user trusts, for tests. */
#ifndef TS_TESTS_PASSPORT_CAST_H
#define TS_TESTS_PASSPORT_CAST_H

#include "passport/dossier.h"

/* Passport by a maker, certificate by a laboratory, accreditation by a body that the user trusts.
 */

#define MODEL "https://id.example.com/01/09521234543213"
#define ITEM MODEL "/21/7Q2MX9"
#define DPP_ID "https://maker.example/dpp/1"
#define DCC_ID "https://lab.example/dcc/1"
#define DIA_ID "https://body.example/dia/1"
#define CRITERION "https://scheme.example/c/1"
#define OTHER_CRITERION "https://scheme.example/c/2"
#define TOPIC "https://topics.example/carbon"

typedef struct cast {
    ts_arena a;
    web w;
    party maker, lab, body;
    ts_str trusted[4];
    ts_verify_options o;
} cast;

static inline cast *new_cast(void) {
    static cast x;
    x = (cast){.a = test_arena()};
    x.maker = web_party(&x.a, &x.w, "maker.example", TS_KEY_ED25519);
    x.lab = web_party(&x.a, &x.w, "lab.example", TS_KEY_ED25519);
    x.body = web_party(&x.a, &x.w, "body.example", TS_KEY_P256);
    x.o = options(&x.w);
    x.trusted[0] = x.body.did;
    x.o.trusted = x.trusted;
    x.o.trusted_n = 1;
    return &x;
}

/* ---- Credentials ---- */

static inline ts_str untp(ts_arena *a, const char *type, const char *id, const party *by,
                          ts_str subject, const char *more) {
    return text_of(a,
                   "{\"@context\":[" V2 "," UNTP "],\"type\":[\"%s\",\"VerifiableCredential\"],"
                   "\"id\":\"%s\",\"issuer\":{\"type\":[\"CredentialIssuer\"],\"id\":\"%.*s\","
                   "\"name\":\"Issuer\"},\"validFrom\":\"2026-01-01T00:00:00Z\",\"name\":\"C\","
                   "\"credentialSubject\":%.*s%s}",
                   type, id, TS_P(by->did), TS_P(subject), more);
}

#define LINK(url, more) "{\"linkURL\":\"" url "\",\"linkName\":\"Evidence\"" more "}"

/* A claim on one criterion; `evidence`: links. */
static inline ts_str claim(ts_arena *a, const char *id, const char *criterion,
                           const char *evidence) {
    return text_of(a,
                   "{\"type\":[\"Claim\"],\"id\":\"https://maker.example/claims/%s\","
                   "\"name\":\"Claim %s\",\"referenceCriteria\":[{\"type\":[\"Criterion\"],"
                   "\"id\":\"%s\",\"name\":\"C\"}],\"claimDate\":\"2026-01-01\","
                   "\"claimedPerformance\":[],\"conformityTopic\":[{\"id\":\"" TOPIC
                   "\",\"name\":\"T\"}],\"evidence\":[%s]}",
                   id, id, criterion, evidence);
}

static inline ts_str dpp_of(cast *x, const char *product, ts_str claims, const char *more) {
    ts_str subject = text_of(
        &x->a,
        "{\"type\":[\"Product\"],\"id\":\"%s\",\"name\":\"Kettle\",\"idScheme\":{\"type\":["
        "\"IdentifierScheme\"],\"id\":\"https://id.gs1.org\",\"name\":\"GS1\"},"
        "\"idGranularity\":\"item\",\"productCategory\":[],\"producedAtFacility\":{\"type\":["
        "\"Facility\"],\"id\":\"https://maker.example/f\",\"name\":\"F\"},"
        "\"countryOfProduction\":{\"countryCode\":\"DE\"},\"performanceClaim\":[%.*s]%s}",
        product, TS_P(claims), more);
    return signed_by(&x->a, &x->maker,
                     untp(&x->a, "DigitalProductPassport", DPP_ID, &x->maker, subject, ""));
}

static inline ts_str dpp(cast *x, ts_str claims) { return dpp_of(x, ITEM, claims, ""); }

typedef struct certificate {
    const char *id, *product, *criterion, *conformance, *level, *authorisation, *more;
} certificate;

static inline ts_str dcc_text(cast *x, const party *by, certificate c) {
    ts_str subject = text_of(
        &x->a,
        "{\"type\":[\"ConformityAttestation\"],\"id\":\"https://lab.example/a/1\",\"name\":\"A\","
        "\"assessorLevel\":\"%s\",\"assessmentLevel\":\"authority-mandate\","
        "\"attestationType\":\"certification\",\"issuedToParty\":{\"type\":[\"Party\"],"
        "\"id\":\"%.*s\",\"name\":\"Maker\"},\"authorisation\":[%s],\"referenceScheme\":{\"type\":["
        "\"ConformityScheme\"],\"id\":\"https://scheme.example\",\"name\":\"Scheme\"},"
        "\"conformityAssessment\":[{\"type\":[\"ConformityAssessment\"],"
        "\"id\":\"https://lab.example/as/1\",\"name\":\"B\",\"assessmentCriteria\":[{\"type\":["
        "\"Criterion\"],\"id\":\"%s\",\"name\":\"C\"}],\"assessmentDate\":\"2026-01-01\","
        "\"assessedPerformance\":[],\"assessedProduct\":[%s],\"conformityTopic\":[{\"id\":\"" TOPIC
        "\",\"name\":\"T\"}]%s%s}]}",
        c.level ? c.level : "3rdParty", TS_P(x->maker.did), c.authorisation ? c.authorisation : "",
        c.criterion ? c.criterion : CRITERION,
        c.product ? c.product
                  : "{\"product\":{\"type\":[\"Product\"],\"id\":\"" ITEM
                    "\",\"name\":\"Kettle\"}}",
        c.conformance ? "" : ",\"conformance\":true", c.conformance ? c.conformance : "");
    return untp(&x->a, "DigitalConformityCredential", c.id ? c.id : DCC_ID, by, subject,
                c.more ? c.more : "");
}

static inline ts_str dcc(cast *x, const party *by, certificate c) {
    return signed_by(&x->a, by, dcc_text(x, by, c));
}

static inline ts_str anchor(cast *x, const party *by, ts_str about, const char *id,
                            const char *type, const char *more) {
    ts_str subject = text_of(
        &x->a,
        "{\"type\":[\"RegisteredIdentity\"],\"id\":\"%.*s\",\"registeredName\":\"Registered Ltd\","
        "\"registeredId\":\"R-77\",\"registeredDate\":\"2020-01-01\",\"idScheme\":{\"type\":["
        "\"IdentifierScheme\"],\"id\":\"https://register.example\",\"name\":\"Register\"},"
        "\"registerType\":\"%s\"}",
        TS_P(about), type);
    return signed_by(&x->a, by, untp(&x->a, "DigitalIdentityAnchor", id, by, subject, more));
}

static inline ts_str accreditation(cast *x) {
    return anchor(x, &x->body, x->lab.did, DIA_ID, "accreditation", "");
}

#define ASSESSED(id) "{\"product\":{\"type\":[\"Product\"],\"id\":\"" id "\",\"name\":\"Kettle\"}}"
#define ATTESTATIONS TS_STEP_ATTESTATIONS

static inline const ts_trust_edge *edge(const ts_report *r, ts_trust_edge_kind kind,
                                        const char *by) {
    for (size_t i = 0; i < r->edges.n; i++)
        if (r->edges.v[i].kind == kind && ts_str_is(r->edges.v[i].by, by)) return &r->edges.v[i];
    return 0;
}

#endif
