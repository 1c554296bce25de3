#include "passport/credential.h"
#include "support/support.h"

/* ---- One credential, written by its parts ---- */

#define V2 "\"https://www.w3.org/ns/credentials/v2\""
#define CONTEXT "\"@context\":[" V2 "],"
#define TYPE "\"type\":[\"VerifiableCredential\"],"
#define ISSUER "\"issuer\":\"did:web:example.com\","
#define SUBJECT "\"credentialSubject\":{\"id\":\"did:example:subject\"}"
/* A credential with one thing more, or one part in place of its own. */
#define WITH(more) "{" CONTEXT TYPE ISSUER SUBJECT "," more "}"
#define CONTEXTS(v) "{\"@context\":" v "," TYPE ISSUER SUBJECT "}"
#define TYPES(v) "{" CONTEXT "\"type\":" v "," ISSUER SUBJECT "}"
#define ISSUERS(v) "{" CONTEXT TYPE "\"issuer\":" v "," SUBJECT "}"
#define SUBJECTS(v) "{" CONTEXT TYPE ISSUER "\"credentialSubject\":" v "}"
#define PRESENTATION(more) "{" CONTEXT "\"type\":\"VerifiablePresentation\"" more "}"
#define WITHIN(v) PRESENTATION(",\"verifiableCredential\":" v)
#define VC "{" CONTEXT TYPE ISSUER SUBJECT "}"
#define ENVELOPE(id) "{" CONTEXT "\"type\":\"EnvelopedVerifiableCredential\",\"id\":\"" id "\"}"

typedef struct row {
    const char *what, *json;
    const char *at, *said; /* NULL: accepted; else JSON pointer and a part of the message */
} row;

static const row rows[] = {
    /* 4.3 contexts */
    {"the least credential", VC, 0, 0},
    {"no @context", "{" TYPE ISSUER SUBJECT "}", "/@context", "section 4.3: @context is missing"},
    {"@context null", CONTEXTS("null"), "/@context", "is no array"},
    {"@context empty", CONTEXTS("[]"), "/@context", "does not begin with"},
    {"@context a string", CONTEXTS(V2), "/@context", "it is one even when it has a single item"},
    {"base context second", CONTEXTS("[\"https://example.org/c\"," V2 "]"), "/@context",
     "does not begin with"},
    {"base context in an object first", CONTEXTS("[{\"a\":\"b\"}," V2 "]"), "/@context",
     "does not begin with"},
    {"base context with a slash more", CONTEXTS("[\"https://www.w3.org/ns/credentials/v2/\"]"),
     "/@context", "does not begin with"},
    {"two addresses", CONTEXTS("[" V2 ",\"https://example.org/c\"]"), 0, 0},
    {"address and object", CONTEXTS("[" V2 ",{\"x\":\"https://example.org/x\"}]"), 0, 0},
    {"a protected term redefined", CONTEXTS("[" V2 ",{\"type\":\"https://e.example/t\"}]"),
     "/@context/1", "protects"},
    {"a protected type redefined",
     CONTEXTS("[" V2 ",{\"VerifiableCredential\":\"https://e.example/t\"}]"), "/@context/1",
     "protects"},
    {"context that is no URL", CONTEXTS("[" V2 ",\"https ://not-a-url/c\"]"), "/@context/1",
     "is no URL"},
    {"context that is a number", CONTEXTS("[" V2 ",12]"), "/@context/1",
     "is neither a URL nor an object"},
    {"context that is null", CONTEXTS("[" V2 ",null]"), "/@context/1",
     "is neither a URL nor an object"},
    {"context that is an array", CONTEXTS("[" V2 ",[]]"), "/@context/1",
     "is neither a URL nor an object"},
    {"VCDM 1.1", CONTEXTS("[\"https://www.w3.org/2018/credentials/v1\"]"), "/@context", "VCDM 1.1"},
    {"VCDM 1.1, as a string", CONTEXTS("\"https://www.w3.org/2018/credentials/v1\""), "/@context",
     "VCDM 1.1"},
    {"VCDM 1.1 second", CONTEXTS("[" V2 ",\"https://www.w3.org/2018/credentials/v1\"]"), 0, 0},

    /* 4.4 identifiers */
    {"id a URL", WITH("\"id\":\"https://example.com/1\""), 0, 0},
    {"id a URN", WITH("\"id\":\"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33\""), 0, 0},
    {"id a DID", WITH("\"id\":\"did:example:credential\""), 0, 0},
    {"id with letters of other scripts", WITH("\"id\":\"https://example.com/产品\""), 0, 0},
    {"id a word", WITH("\"id\":\"credential\""), "/id", "section 4.4: id is no URL"},
    {"id with a blank", WITH("\"id\":\"https://example.com/a b\""), "/id", "is no URL"},
    {"id with a scheme alone", WITH("\"id\":\"https:\""), "/id", "is no URL"},
    {"id without host", WITH("\"id\":\"https:///a\""), "/id", "is no URL"},
    {"id of http without slashes", WITH("\"id\":\"http:a\""), "/id", "is no URL"},
    {"id that begins with a digit", WITH("\"id\":\"1http://a\""), "/id", "is no URL"},
    {"id empty", WITH("\"id\":\"\""), "/id", "is no URL"},
    {"id null", WITH("\"id\":null"), "/id", "is not one string"},
    {"two ids", WITH("\"id\":[\"did:example:a\",\"did:example:b\"]"), "/id", "is not one string"},
    {"id an object", WITH("\"id\":{}"), "/id", "is not one string"},

    /* 4.5 types */
    {"no type", "{" CONTEXT ISSUER SUBJECT "}", "/type", "section 4.5: type is missing"},
    {"type a string", TYPES("\"VerifiableCredential\""), 0, 0},
    {"type last", TYPES("[\"https://example.org/A\",\"VerifiableCredential\"]"), 0, 0},
    {"another type alone", TYPES("[\"AlumniCredential\"]"), "/type", "names neither"},
    {"type null", TYPES("null"), "/type", "is neither a string nor a set"},
    {"type empty", TYPES("[]"), "/type", "is neither a string nor a set"},
    {"type a number", TYPES("2"), "/type", "is neither a string nor a set"},
    {"a number among types", TYPES("[\"VerifiableCredential\",2]"), "/type", "holds something"},
    {"an empty type", TYPES("[\"VerifiableCredential\",\"\"]"), "/type", "holds something"},
    {"a type with blanks", TYPES("[\"VerifiableCredential\",\"https ://a\"]"), "/type",
     "holds something"},
    {"credential and presentation at once",
     TYPES("[\"VerifiableCredential\",\"VerifiablePresentation\"]"), "/type", "at once"},

    /* 4.6, 11.1 names and descriptions */
    {"name", WITH("\"name\":\"A\""), 0, 0},
    {"name in a language", WITH("\"name\":{\"@value\":\"A\",\"@language\":\"en\"}"), 0, 0},
    {"name with a direction",
     WITH("\"name\":{\"@value\":\"A\",\"@language\":\"ar\",\"@direction\":\"rtl\"}"), 0, 0},
    {"name in two languages",
     WITH("\"name\":[{\"@value\":\"A\",\"@language\":\"en\"},"
          "{\"@value\":\"B\",\"@language\":\"zh-Hans\"}]"),
     0, 0},
    {"name with another member", WITH("\"name\":{\"@value\":\"A\",\"url\":\"x\"}"), "/name",
     "members other than"},
    {"name without value", WITH("\"name\":{\"@language\":\"en\"}"), "/name", "without @value"},
    {"name with a number for value", WITH("\"name\":{\"@value\":1}"), "/name", "no string"},
    {"name in no language", WITH("\"name\":{\"@value\":\"A\",\"@language\":\"e n\"}"), "/name",
     "no language tag"},
    {"name in an empty language", WITH("\"name\":{\"@value\":\"A\",\"@language\":\"\"}"), "/name",
     "no language tag"},
    {"name in a language too long",
     WITH("\"name\":{\"@value\":\"A\",\"@language\":\"en-abcdefghi\"}"), "/name",
     "no language tag"},
    {"name in a language with a loose hyphen",
     WITH("\"name\":{\"@value\":\"A\",\"@language\":\"en-\"}"), "/name", "no language tag"},
    {"name upwards", WITH("\"name\":{\"@value\":\"A\",\"@direction\":\"up\"}"), "/name",
     "neither ltr nor rtl"},
    {"name a number", WITH("\"name\":1"), "/name", "neither a string nor"},
    {"name null", WITH("\"name\":null"), "/name", "neither a string nor"},
    {"name an empty list", WITH("\"name\":[]"), "/name", "neither a string nor"},
    {"name a list of strings", WITH("\"name\":[\"A\"]"), "/name", "no language object"},
    {"description", WITH("\"description\":{\"@value\":\"A\",\"@language\":\"de-DE\"}"), 0, 0},
    {"description a number", WITH("\"description\":1"), "/description", "neither a string nor"},

    /* 4.7 issuer */
    {"no issuer", "{" CONTEXT TYPE SUBJECT "}", "/issuer", "section 4.7: issuer is missing"},
    {"issuer a word", ISSUERS("\"us\""), "/issuer", "is no URL"},
    {"issuer null", ISSUERS("null"), "/issuer", "is neither a URL nor an object"},
    {"issuer a list", ISSUERS("[\"did:example:a\"]"), "/issuer", "is neither a URL nor an object"},
    {"issuer an object", ISSUERS("{\"id\":\"did:web:a.example\",\"name\":\"A\",\"x\":1}"), 0, 0},
    {"issuer without id", ISSUERS("{\"name\":\"A\"}"), "/issuer/id", "issuer.id is missing"},
    {"issuer with id null", ISSUERS("{\"id\":null}"), "/issuer/id", "is not one string"},
    {"issuer with a word for id", ISSUERS("{\"id\":\"us\"}"), "/issuer/id", "is no URL"},
    {"issuer with a name of other members",
     ISSUERS("{\"id\":\"did:web:a.example\",\"name\":{\"@value\":\"A\",\"b\":\"c\"}}"),
     "/issuer/name", "members other than"},
    {"issuer with a description that is none",
     ISSUERS("{\"id\":\"did:web:a.example\",\"description\":[]}"), "/issuer/description",
     "neither a string nor"},

    /* 4.8 subject */
    {"no subject", "{" CONTEXT TYPE "\"issuer\":\"did:web:example.com\"}", "/credentialSubject",
     "section 4.8: credentialSubject is missing"},
    {"subject without id", SUBJECTS("{\"a\":1}"), 0, 0},
    {"two subjects", SUBJECTS("[{\"a\":1},{\"id\":\"did:example:b\"}]"), 0, 0},
    {"subject empty", SUBJECTS("{}"), "/credentialSubject", "makes no claim"},
    {"no subjects", SUBJECTS("[]"), "/credentialSubject", "is an empty set"},
    {"one of two empty", SUBJECTS("[{\"a\":1},{}]"), "/credentialSubject/1", "makes no claim"},
    {"subject a string", SUBJECTS("\"did:example:a\""), "/credentialSubject", "neither an object"},
    {"subject null", SUBJECTS("null"), "/credentialSubject", "neither an object"},
    {"null among subjects", SUBJECTS("[{\"a\":1},null]"), "/credentialSubject/1", "is no object"},
    {"subject with two ids", SUBJECTS("{\"id\":[\"did:example:a\"],\"a\":1}"),
     "/credentialSubject/id", "is not one string"},
    {"subject with a word for id", SUBJECTS("{\"id\":\"a\"}"), "/credentialSubject/id",
     "is no URL"},

    /* 4.9 validity */
    {"validFrom", WITH("\"validFrom\":\"2026-01-01T00:00:00Z\""), 0, 0},
    {"validFrom far away", WITH("\"validFrom\":\"9999-12-31T23:59:59Z\""), 0, 0},
    {"validFrom with parts of a second", WITH("\"validFrom\":\"2026-01-01T00:00:00.000Z\""), 0, 0},
    {"validFrom with a zone", WITH("\"validFrom\":\"2026-01-01T00:00:00-05:00\""), 0, 0},
    {"validFrom at 24:00", WITH("\"validFrom\":\"2026-01-01T24:00:00Z\""), 0, 0},
    {"validFrom without zone", WITH("\"validFrom\":\"2026-01-01T00:00:00\""), "/validFrom",
     "is no dateTimeStamp"},
    {"validFrom a day", WITH("\"validFrom\":\"2026-01-01\""), "/validFrom", "is no dateTimeStamp"},
    {"validFrom on 30 February", WITH("\"validFrom\":\"2026-02-30T00:00:00Z\""), "/validFrom",
     "is no dateTimeStamp"},
    {"validFrom with a leap second", WITH("\"validFrom\":\"2016-12-31T23:59:60Z\""), "/validFrom",
     "is no dateTimeStamp"},
    {"validFrom at 25 hours", WITH("\"validFrom\":\"2026-01-01T25:00:00Z\""), "/validFrom",
     "is no dateTimeStamp"},
    {"validFrom at 24:00:01", WITH("\"validFrom\":\"2026-01-01T24:00:01Z\""), "/validFrom",
     "is no dateTimeStamp"},
    {"validFrom in small letters", WITH("\"validFrom\":\"2026-01-01t00:00:00z\""), "/validFrom",
     "is no dateTimeStamp"},
    {"validFrom 15 hours east", WITH("\"validFrom\":\"2026-01-01T00:00:00+15:00\""), "/validFrom",
     "is no dateTimeStamp"},
    {"validFrom with an empty fraction", WITH("\"validFrom\":\"2026-01-01T00:00:00.Z\""),
     "/validFrom", "is no dateTimeStamp"},
    {"validFrom with something behind it", WITH("\"validFrom\":\"2026-01-01T00:00:00Z \""),
     "/validFrom", "is no dateTimeStamp"},
    {"validFrom a number", WITH("\"validFrom\":1767225600"), "/validFrom", "is no string"},
    {"validFrom null", WITH("\"validFrom\":null"), "/validFrom", "is no string"},
    {"validUntil wrong", WITH("\"validUntil\":\"soon\""), "/validUntil", "is no dateTimeStamp"},
    {"from and until the same",
     WITH("\"validFrom\":\"2026-01-01T01:00:00+01:00\",\"validUntil\":\"2026-01-01T00:00:00Z\""), 0,
     0},
    {"until before from",
     WITH("\"validFrom\":\"2026-01-01T00:00:00Z\",\"validUntil\":\"2025-12-31T23:59:59Z\""),
     "/validUntil", "is before validFrom"},
    {"until before from by a part of a second",
     WITH("\"validFrom\":\"2026-01-01T00:00:00.2Z\",\"validUntil\":\"2026-01-01T00:00:00.1Z\""),
     "/validUntil", "is before validFrom"},
    {"until before from by its zone alone",
     WITH("\"validFrom\":\"2026-01-01T00:00:00Z\",\"validUntil\":\"2026-01-01T00:30:00+01:00\""),
     "/validUntil", "is before validFrom"},
    {"issuanceDate of VCDM 1.1", WITH("\"issuanceDate\":\"2026-01-01T00:00:00Z\""), "/issuanceDate",
     "VCDM 1.1"},
    {"expirationDate of VCDM 1.1", WITH("\"expirationDate\":\"2026-01-01T00:00:00Z\""),
     "/expirationDate", "VCDM 1.1"},

    /* 4.10 status */
    {"status", WITH("\"credentialStatus\":{\"id\":\"did:example:status\",\"type\":\"A\"}"), 0, 0},
    {"status without id", WITH("\"credentialStatus\":{\"type\":\"A\"}"), 0, 0},
    {"two statuses", WITH("\"credentialStatus\":[{\"type\":\"A\"},{\"type\":[\"B\"]}]"), 0, 0},
    {"status without type", WITH("\"credentialStatus\":{\"id\":\"did:example:status\"}"),
     "/credentialStatus/type", "section 4.10: credentialStatus.type is missing"},
    {"status with a number for type", WITH("\"credentialStatus\":{\"type\":2}"),
     "/credentialStatus/type", "is neither a string"},
    {"status with two ids",
     WITH("\"credentialStatus\":{\"type\":\"A\",\"id\":[\"did:example:a\",\"did:example:b\"]}"),
     "/credentialStatus/id", "is not one string"},
    {"status with a word for id", WITH("\"credentialStatus\":{\"type\":\"A\",\"id\":\"b\"}"),
     "/credentialStatus/id", "is no URL"},
    {"status a string", WITH("\"credentialStatus\":\"did:example:a\""), "/credentialStatus",
     "neither an object"},
    {"status null", WITH("\"credentialStatus\":null"), "/credentialStatus", "neither an object"},
    {"the second status wrong",
     WITH("\"credentialStatus\":[{\"type\":\"A\"},{\"id\":\"did:a:b\"}]"),
     "/credentialStatus/1/type", "is missing"},

    /* 4.11 schemas */
    {"schema",
     WITH("\"credentialSchema\":{\"id\":\"https://a.example/s\",\"type\":\"JsonSchema\"}"), 0, 0},
    {"two schemas",
     WITH("\"credentialSchema\":[{\"id\":\"https://a.example/s\",\"type\":\"A\"},"
          "{\"id\":\"https://a.example/t\",\"type\":\"B\"}]"),
     0, 0},
    {"schema without type", WITH("\"credentialSchema\":{\"id\":\"https://a.example/s\"}"),
     "/credentialSchema/type", "is missing"},
    {"schema without id", WITH("\"credentialSchema\":{\"type\":\"A\"}"), "/credentialSchema/id",
     "is missing"},
    {"schema with a word for id", WITH("\"credentialSchema\":{\"id\":\"s\",\"type\":\"A\"}"),
     "/credentialSchema/id", "is no URL"},

    /* 4.12 proofs */
    {"proof", WITH("\"proof\":{\"type\":\"DataIntegrityProof\"}"), 0, 0},
    {"proof without type", WITH("\"proof\":{\"created\":\"x\"}"), "/proof/type", "is missing"},
    {"proof a string", WITH("\"proof\":\"x\""), "/proof", "neither an object"},
    {"no proofs in the set", WITH("\"proof\":[]"), "/proof", "is an empty set"},
    {"the second proof without type", WITH("\"proof\":[{\"type\":\"A\"},{}]"), "/proof/1/type",
     "is missing"},

    /* 5.3 related resources */
    {"resource with digestSRI",
     WITH("\"relatedResource\":{\"id\":\"https://a.example/r\",\"digestSRI\":\"sha256-x\"}"), 0, 0},
    {"resources",
     WITH("\"relatedResource\":[{\"id\":\"https://a.example/r\",\"digestMultibase\":\"zQm\"},"
          "{\"id\":\"https://a.example/s\",\"digestSRI\":\"sha384-x\",\"mediaType\":\"a/b\"}]"),
     0, 0},
    {"resource without digest", WITH("\"relatedResource\":{\"id\":\"https://a.example/r\"}"),
     "/relatedResource", "has neither digestSRI nor digestMultibase"},
    {"resource without id", WITH("\"relatedResource\":{\"digestSRI\":\"sha256-x\"}"),
     "/relatedResource/id", "is missing"},
    {"resource with a number for digest",
     WITH("\"relatedResource\":{\"id\":\"https://a.example/r\",\"digestSRI\":1}"),
     "/relatedResource/digestSRI", "is no string"},
    {"resource with a number for mediaType",
     WITH("\"relatedResource\":{\"id\":\"https://a.example/"
          "r\",\"digestSRI\":\"x\",\"mediaType\":1}"),
     "/relatedResource/mediaType", "is no string"},
    {"a resource twice",
     WITH("\"relatedResource\":[{\"id\":\"https://a.example/r\",\"digestSRI\":\"a\"},"
          "{\"id\":\"https://a.example/r\",\"digestSRI\":\"b\"}]"),
     "/relatedResource/1/id", "that of another"},
    {"resources as strings", WITH("\"relatedResource\":[\"https://a.example/r\"]"),
     "/relatedResource/0", "is no object"},

    /* 5.4 to 5.6, 5.10 */
    {"refreshService", WITH("\"refreshService\":{\"type\":\"A\"}"), 0, 0},
    {"refreshService without type", WITH("\"refreshService\":{\"id\":\"https://a.example/r\"}"),
     "/refreshService/type", "section 5.4: refreshService.type is missing"},
    {"refreshService with a word for id", WITH("\"refreshService\":{\"type\":\"A\",\"id\":\"r\"}"),
     "/refreshService/id", "is no URL"},
    {"termsOfUse", WITH("\"termsOfUse\":[{\"type\":\"A\",\"id\":\"did:a:b\"},{\"type\":\"B\"}]"), 0,
     0},
    {"termsOfUse without type", WITH("\"termsOfUse\":[{\"type\":\"A\"},{\"id\":\"did:a:b\"}]"),
     "/termsOfUse/1/type", "section 5.5"},
    {"evidence", WITH("\"evidence\":{\"type\":[\"A\",\"B\"]}"), 0, 0},
    {"evidence without type", WITH("\"evidence\":[{\"a\":1}]"), "/evidence/0/type", "section 5.6"},
    {"evidence null", WITH("\"evidence\":null"), "/evidence", "neither an object"},
    {"renderMethod without type", WITH("\"renderMethod\":{\"template\":\"x\"}"),
     "/renderMethod/type", "section 5.10"},
    {"confidenceMethod without type", WITH("\"confidenceMethod\":{\"id\":\"x\"}"),
     "/confidenceMethod/type", "section 5.10"},
    {"what nobody knows", WITH("\"anything\":[null,{\"a\":null}]"), 0, 0},

    /* 4.13 presentations and envelopes */
    {"the least presentation", PRESENTATION(""), 0, 0},
    {"presentation without context", "{\"type\":\"VerifiablePresentation\"}", "/@context",
     "is missing"},
    {"presentation with a holder", PRESENTATION(",\"holder\":\"did:web:a.example\""), 0, 0},
    {"presentation with a holder that is an object",
     PRESENTATION(",\"holder\":{\"id\":\"did:web:a.example\"}"), 0, 0},
    {"holder without id", PRESENTATION(",\"holder\":{}"), "/holder/id", "is missing"},
    {"holder a word", PRESENTATION(",\"holder\":\"me\""), "/holder", "is no URL"},
    {"holder null", PRESENTATION(",\"holder\":null"), "/holder", "neither a URL nor"},
    {"presentation with a word for id", PRESENTATION(",\"id\":\"p\""), "/id", "is no URL"},
    {"presentation of one", WITHIN(VC), 0, 0},
    {"presentation of two", WITHIN("[" VC "," ENVELOPE("data:application/vc+jwt,x") "]"), 0, 0},
    {"a credential as a string", WITHIN("[\"eyJ\"]"), "/verifiableCredential/0", "is no object"},
    {"a credential as an address", WITHIN("\"https://a.example/1\""), "/verifiableCredential",
     "neither an object"},
    {"credential without type in a presentation", WITHIN("[{" CONTEXT SUBJECT "}]"),
     "/verifiableCredential/0/type", "is missing"},
    {"another thing in a presentation", WITHIN("[{" CONTEXT "\"type\":\"A\"}]"),
     "/verifiableCredential/0/type", "is not that of a credential"},
    {"credential without context in a presentation", WITHIN("[{" TYPE SUBJECT "}]"),
     "/verifiableCredential/0/@context", "is missing"},
    {"presentation with terms of use without type", PRESENTATION(",\"termsOfUse\":{}"),
     "/termsOfUse/type", "is missing"},
    {"envelope", ENVELOPE("data:application/vc+jwt,a.b.c"), 0, 0},
    {"envelope with an address", ENVELOPE("https://a.example/1"), "/id", "is no data: URL"},
    {"envelope without context",
     "{\"type\":\"EnvelopedVerifiableCredential\",\"id\":\"data:application/vc+jwt,x\"}",
     "/@context", "does not hold"},
    {"envelope with another type",
     "{" CONTEXT "\"type\":[\"EnvelopedVerifiableCredential\",\"A\"],\"id\":\"data:,x\"}", "/type",
     "more than that of an envelope"},
    {"envelope that is a credential",
     TYPES("[\"EnvelopedVerifiableCredential\","
           "\"VerifiableCredential\"]"),
     "/type", "at once"},
};

static const ts_json *parse(ts_arena *a, ts_str text) {
    ts_error e = {0};
    const ts_json *v =
        ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = 64}, &e);
    if (!v) print_error("%s in %.*s\n", e.msg, TS_P(text));
    assert_non_null(v);
    return v;
}

static void keeps_the_rules_of_vcdm_2(void **state) {
    (void)state;
    ts_arena a = test_arena();
    size_t accepted = 0, refused = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        ts_credential c;
        ts_error e = {0};
        bool ok = ts_credential_read(&a, parse(&a, ts_str_c(r->json)), &c, &e);
        bool right = r->said ? !ok && strstr(e.msg, r->said) && strcmp(e.where, r->at) == 0 : ok;
        if (!right) print_error("%s: %s at '%s'\n", r->what, ok ? "accepted" : e.msg, e.where);
        assert_true(right);
        accepted += ok;
        refused += !ok;
    }
    assert_true(accepted >= 40 && refused >= 80);
}

/* ---- What is read ---- */

static void reads_what_is_there(void **state) {
    (void)state;
    static const char text[] =
        "{\"@context\":[" V2 ",{\"a\":\"b\"},\"https://example.org/c\"],"
        "\"type\":[\"VerifiableCredential\",\"A\"],\"id\":\"urn:x:1\","
        "\"issuer\":{\"id\":\"did:web:a.example\",\"name\":[{\"@value\":\"Werk\"}]},"
        "\"validFrom\":\"2026-01-01T01:30:00.5+01:30\",\"validUntil\":\"2026-01-02T00:00:00Z\","
        "\"credentialSubject\":[{\"x\":1},{\"y\":2}],"
        "\"credentialSchema\":{\"id\":\"https://a.example/s\",\"type\":\"JsonSchema\"},"
        "\"credentialStatus\":[{\"type\":\"BitstringStatusListEntry\",\"id\":\"urn:x:s\","
        "\"statusPurpose\":\"revocation\",\"statusListIndex\":\"94567\","
        "\"statusListCredential\":\"https://a.example/l\"},{\"type\":\"Other\"}]}";
    ts_arena a = test_arena();
    ts_credential c;
    ts_error e = {0};
    assert_true(ts_credential_read(&a, parse(&a, TS_S(text)), &c, &e));
    assert_int_equal(c.kind, TS_VC_CREDENTIAL);
    assert_str(c.id, "urn:x:1");
    assert_str(c.issuer, "did:web:a.example");
    assert_str(c.issuer_name, "Werk");
    assert_int_equal(c.types.n, 2);
    assert_true(ts_credential_is(&c, "A") && !ts_credential_is(&c, "B"));
    assert_int_equal(c.contexts.n, 2);
    assert_str(c.contexts.v[1], "https://example.org/c");
    assert_int_equal(c.from, 1767225600);
    assert_int_equal(c.until - c.from, 86400);
    assert_int_equal(c.subjects.n, 2);
    assert_int_equal(c.schemas.n, 1);
    assert_int_equal(c.status.n, 2);
    assert_str(c.status.v[0].id, "urn:x:s");
    assert_str(c.status.v[0].purpose, "revocation");
    assert_str(c.status.v[0].list, "https://a.example/l");
    assert_int_equal(c.status.v[0].index, 94567);
    assert_int_equal(c.status.v[0].size, 1);
    assert_int_equal(c.status.v[0].fault.n, 0);
    assert_str(c.status.v[1].type, "Other");
}

static void holder_of_a_presentation(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_credential c;
    ts_error e = {0};
    const char *text = PRESENTATION(",\"holder\":{\"id\":\"did:web:h.example\",\"name\":\"H\"},"
                                    "\"verifiableCredential\":[" VC "," VC "]");
    assert_true(ts_credential_read(&a, parse(&a, ts_str_c(text)), &c, &e));
    assert_int_equal(c.kind, TS_VC_PRESENTATION);
    assert_str(c.issuer, "did:web:h.example");
    assert_str(c.issuer_name, "H");
    assert_int_equal(c.within.n, 2);
}

/* What broke a rule is still read: the signature is judged apart from the form. */
static void reads_on_where_a_rule_is_broken(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_credential c;
    ts_error e = {0};
    const char *text = WITH("\"id\":\"urn:x:1\",\"name\":7,\"validFrom\":\"never\"");
    assert_false(ts_credential_read(&a, parse(&a, ts_str_c(text)), &c, &e));
    assert_string_equal(e.where, "/name");
    assert_str(c.id, "urn:x:1");
    assert_str(c.issuer, "did:web:example.com");
    assert_true(c.from == TS_NO_TIME);
    assert_int_equal(c.subjects.n, 1);
}

static void only_objects(void **state) {
    (void)state;
    static const char *const texts[] = {"[]", "\"x\"", "null", "1"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ts_credential c;
        ts_error e = {0};
        assert_false(ts_credential_read(&a, parse(&a, ts_str_c(texts[i])), &c, &e));
        assert_non_null(strstr(e.msg, "is a JSON object"));
    }
}

/* ---- Status entries ---- */

#define ENTRY(rest) WITH("\"credentialStatus\":{\"type\":\"BitstringStatusListEntry\"" rest "}")
#define LIST ",\"statusPurpose\":\"revocation\",\"statusListCredential\":\"https://a.example/l\""

static void status_entries(void **state) {
    (void)state;
    static const struct {
        const char *json, *fault;
        uint64_t index;
        unsigned size;
    } cases[] = {
        {ENTRY(LIST ",\"statusListIndex\":\"7\""), 0, 7, 1},
        {ENTRY(LIST ",\"statusListIndex\":7"), 0, 7, 1},
        {ENTRY(LIST ",\"statusListIndex\":\"18446744073709551615\""), 0, UINT64_MAX, 1},
        {ENTRY(LIST ",\"statusListIndex\":\"18446744073709551616\""), "statusListIndex", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":-1"), "statusListIndex", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":1.0"), "statusListIndex", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":1e3"), "statusListIndex", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":\"0x7\""), "statusListIndex", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":\" 7\""), "statusListIndex", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":\"\""), "statusListIndex", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":null"), "statusListIndex", 0, 1},
        {ENTRY(LIST), "statusListIndex", 0, 1},
        {ENTRY(",\"statusListIndex\":\"7\",\"statusListCredential\":\"https://a.example/l\""),
         "statusPurpose is missing", 0, 1},
        {ENTRY(",\"statusListIndex\":\"7\",\"statusPurpose\":\"revocation\""),
         "statusListCredential is missing", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":\"7\",\"statusSize\":0"), "no positive integer", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":\"7\",\"statusSize\":\"2\""), "no positive integer", 0,
         1},
        {ENTRY(LIST ",\"statusListIndex\":\"7\",\"statusSize\":17"), "more than the 16 bits", 0, 1},
        {ENTRY(LIST ",\"statusListIndex\":\"7\",\"statusSize\":2"), "statusMessage is missing", 7,
         2},
        {ENTRY(LIST
               ",\"statusListIndex\":\"7\",\"statusSize\":1,\"statusMessage\":["
               "{\"status\":\"0x0\",\"message\":\"ok\"},{\"status\":\"0x1\",\"message\":\"no\"}]"),
         0, 7, 1},
        {ENTRY(LIST
               ",\"statusListIndex\":\"7\",\"statusSize\":2,\"statusMessage\":["
               "{\"status\":\"0x0\",\"message\":\"ok\"},{\"status\":\"0x1\",\"message\":\"no\"}]"),
         "one message for each value", 7, 2},
        {ENTRY(LIST ",\"statusListIndex\":\"7\",\"statusMessage\":[{\"message\":\"ok\"},{}]"),
         "has no status", 7, 1},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_credential c;
        ts_error e = {0};
        assert_true(ts_credential_read(&a, parse(&a, ts_str_c(cases[i].json)), &c, &e));
        assert_int_equal(c.status.n, 1);
        const ts_status_entry *s = &c.status.v[0];
        if (!cases[i].fault) {
            if (s->fault.n) print_error("%zu: %.*s\n", i, TS_P(s->fault));
            assert_int_equal(s->fault.n, 0);
            assert_true(s->index == cases[i].index);
            assert_int_equal(s->size, cases[i].size);
        } else {
            if (ts_str_find(s->fault, ts_str_c(cases[i].fault)) == TS_NPOS)
                print_error("%zu: '%.*s' lacks '%s'\n", i, TS_P(s->fault), cases[i].fault);
            assert_true(ts_str_find(s->fault, ts_str_c(cases[i].fault)) != TS_NPOS);
        }
    }
}

/* ---- Limits ---- */

static ts_str repeated(ts_arena *a, const char *before, const char *one, size_t n,
                       const char *after) {
    ts_buf b = ts_buf_new(a, 64u << 20);
    ts_buf_put(&b, ts_str_c(before));
    for (size_t i = 0; i < n; i++) {
        if (i) ts_buf_c(&b, ',');
        ts_buf_put(&b, ts_str_c(one));
    }
    ts_buf_put(&b, ts_str_c(after));
    assert_false(b.full);
    return ts_buf_str(&b);
}

static void limits(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_credential c;
    ts_error e = {0};
    ts_str many = repeated(&a, "{" CONTEXT TYPE ISSUER SUBJECT ",\"x\":[", "1", 100001, "]}");
    assert_false(ts_credential_read(&a, parse(&a, many), &c, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg, "more than 100,000 elements in one array");
    ts_str enough = repeated(&a, "{" CONTEXT TYPE ISSUER SUBJECT ",\"x\":[", "1", 100000, "]}");
    assert_true(ts_credential_read(&a, parse(&a, enough), &c, &e));
    ts_str statuses = repeated(&a, "{" CONTEXT TYPE ISSUER SUBJECT ",\"credentialStatus\":[",
                               "{\"type\":\"A\"}", 65, "]}");
    assert_false(ts_credential_read(&a, parse(&a, statuses), &c, &e));
    assert_non_null(strstr(e.msg, "more than the 64 entries"));
    assert_int_equal(c.status.n, 64);

    ts_buf b = ts_buf_new(&a, 16u << 20);
    ts_buf_lit(&b, "{" CONTEXT TYPE ISSUER SUBJECT);
    for (int i = 0; i < 100000; i++) ts_buf_fmt(&b, ",\"m%d\":0", i);
    ts_buf_c(&b, '}');
    assert_false(ts_credential_read(&a, parse(&a, ts_buf_str(&b)), &c, &e));
    assert_string_equal(e.msg, "more than 100,000 members in one object");
}

static void times(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
        uint32_t nanos;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0, 0},
        {"1970-01-01T00:00:00.000000001Z", 0, 1},
        {"1970-01-01T00:00:00.0000000009Z", 0, 0},
        {"1969-12-31T23:59:59.25Z", -1, 250000000},
        {"1970-01-01T14:00:00+14:00", 0, 0},
        {"1969-12-31T10:00:00-14:00", 0, 0},
        {"1970-01-01T24:00:00.000Z", 86400, 0},
        {"2024-02-29T12:34:56-00:30", 1709211896, 0},
        {"0001-01-01T00:00:00Z", -62135596800, 0},
    };
    static const char *const bad[] = {
        "",
        "Z",
        "1970-01-01T00:00:00",
        "1970-01-01 00:00:00Z",
        "1970-1-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1970-01-01T00:60:00Z",
        "1970-01-01T00:00:00+14:01",
        "1970-01-01T00:00:00+1:00",
        "1970-01-01T00:00:00+0100",
        "1970-01-01T00:00:00ZZ",
        "1970-01-01T00:00:00.5",
        "1970-01-01T00:00:00,5Z",
        "1970-01-01T24:00:00.1Z",
        "1970-01-01T-1:00:00Z",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t s = 77;
        uint32_t n = 77;
        assert_true(ts_stamp_parse_exact(ts_str_c(good[i].text), &s, &n));
        assert_true(s == good[i].seconds);
        assert_int_equal(n, good[i].nanos);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t s = 77;
        if (ts_stamp_parse(ts_str_c(bad[i]), &s)) print_error("'%s' is accepted\n", bad[i]);
        assert_true(s == 77);
    }
}

/* The W3C's own signed examples keep the rules. */
static void examples_of_the_w3c(void **state) {
    (void)state;
    static const char *const names[] = {
        "passport/w3c/vc-di-eddsa/eddsa-jcs-2022/signedJCS.json",
        "passport/w3c/vc-di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json",
        "passport/w3c/vc-di-eddsa/proof-set-chain/signedProofChain2.json",
        "passport/w3c/vc-di-eddsa/employmentAuth.json",
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = test_data(names[i]);
        ts_credential c;
        ts_str text;
        ts_error e = {0};
        if (!path) skip();
        assert_true(ts_file_read(&a, path, 1 << 20, &text, &e));
        bool ok = ts_credential_read(&a, parse(&a, text), &c, &e);
        if (!ok) print_error("%s: %s\n", names[i], e.msg);
        assert_true(ok);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_rules_of_vcdm_2),
        cmocka_unit_test(reads_what_is_there),
        cmocka_unit_test(holder_of_a_presentation),
        cmocka_unit_test(reads_on_where_a_rule_is_broken),
        cmocka_unit_test(only_objects),
        cmocka_unit_test(status_entries),
        cmocka_unit_test(limits),
        cmocka_unit_test(times),
        cmocka_unit_test(examples_of_the_w3c),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
