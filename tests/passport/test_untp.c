#include "passport/untp.h"

#include "support/support.h"

/* ---- Types ---- */

static void types(void **state) {
    (void)state;
    static const struct {
        const char *type, *file;
        ts_untp_type is;
    } known[] = {
        {"DigitalProductPassport", "DigitalProductPassport.json", TS_UNTP_DPP},
        {"DigitalConformityCredential", "ConformityCredential.json", TS_UNTP_DCC},
        {"DigitalTraceabilityEvent", "DigitalTraceabilityEvent.json", TS_UNTP_DTE},
        {"DigitalFacilityRecord", "DigitalFacilityRecord.json", TS_UNTP_DFR},
        {"DigitalIdentityAnchor", "DigitalIdentityAnchor.json", TS_UNTP_DIA},
        {"AlumniCredential", "", TS_UNTP_NONE},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ts_str v[] = {TS_S("VerifiableCredential"), ts_str_c(known[i].type)};
        const ts_credential c = {.types = {v, 2, 2}};
        assert_int_equal(ts_untp_type_of(&c), known[i].is);
        assert_string_equal(ts_untp_schema_file(known[i].is), known[i].file);
        if (known[i].is) assert_string_equal(ts_untp_type_name(known[i].is), known[i].type);
    }
}

/* ---- Writing ---- */

#define CATEGORY                                                                                   \
    "\"productCategory\":[{\"code\":\"46531\",\"name\":\"Lamps\",\"schemeId\":"                    \
    "\"https://unstats.un.org/unsd/classifications/Econ/cpc\",\"schemeName\":\"CPC\"}],"
#define COUNTRY "\"countryOfProduction\":{\"countryCode\":\"DE\"},"

/* ---- A pack and a passport ---- */

#define NAMES "{\"en\":\"a\",\"de\":\"b\",\"zh\":\"c\"}"
#define ELEMENT(id, type, class)                                                                   \
    "{\"id\":\"" id "\",\"name\":" NAMES ",\"type\":\"" type                                       \
    "\",\"class\":\"" class "\",\"need\":\"optional\",\"grains\":[\"model\",\"item\"],\"act\":"    \
                            "\"Act\",\"article\":\"1\","                                           \
                            "\"source_status\":\"paraphrase\"}"
static const char lamp_pack[] =
    "{\"format\":\"touchstone-pack-1\",\"id\":\"lamp\",\"version\":\"2026-11\",\"title\":" NAMES
    ",\"note\":" NAMES ",\"classes\":{\"public\":{\"open_to\":[\"public\"]},"
    "\"repair\":{\"open_to\":[\"legitimate_interest\"]},"
    "\"watch\":{\"open_to\":[\"authority\"]}},\"elements\":[" ELEMENT(
        "maker.name", "text",
        "public") "," ELEMENT("light.power", "measure",
                              "public") "," ELEMENT("light.opened", "link",
                                                    "repair") "," ELEMENT("mercury", "number",
                                                                          "watch") "]}";

static bool find_lamp(void *ctx, ts_arena *a, ts_str name, ts_str *text, ts_error *e) {
    (void)ctx;
    (void)a;
    if (ts_str_is(name, "lamp")) return *text = TS_S(lamp_pack), true;
    return ts_fail(e, TS_E_NOT_FOUND, "no pack %.*s", TS_P(name));
}

#define PASSPORT(product, rest)                                                                    \
    "{\"format\":\"touchstone-passport-1\",\"id\":\"https://id.example.com/passports/1\","         \
    "\"granularity\":\"item\",\"product\":{" product "}," rest "}"
#define PRODUCT                                                                                    \
    "\"id\":\"https://id.example.com/01/09521234543213/10/B7/21/S1\",\"name\":\"Lamp\"," CATEGORY  \
        COUNTRY "\"batchNumber\":\"B7\",\"productionDate\":\"2026-10-01\","                        \
    "\"characteristics\":{\"x\":[[1,[null]],{},\"y\"]}"
#define FACILITY "\"facility\":{\"id\":\"https://example.com/f/1\",\"name\":\"Works\"},"
#define OPERATOR "\"operator\":{\"id\":\"did:web:example.com\",\"name\":\"Maker\"},"
static const char sample_item[] = PASSPORT(
    PRODUCT, OPERATOR FACILITY
    "\"links\":{\"model\":\"https://id.example.com/passports/m\"},\"packs\":[{\"id\":\"lamp\"}],"
    "\"status\":\"active\",\"elements\":{\"maker\":{\"name\":\"M\"},"
    "\"light\":{\"power\":{\"value\":3.20,\"unit\":\"W\"},"
    "\"opened\":{\"url\":\"https://example.com/o\",\"title\":\"Open it\"}},\"mercury\":1e-3},"
    "\"classes\":{\"sbom\":\"watch\"},"
    "\"safety\":[{\"status\":\"recalled\",\"by\":{\"id\":\"did:web:authority.example\","
    "\"name\":\"A\"},\"at\":\"2026-11-20T10:00:00Z\",\"notice\":\"n:1\","
    "\"text\":{\"en\":\"Stop\",\"de\":\"Halt\"}},"
    "{\"status\":\"warning\",\"by\":{\"id\":\"did:web:authority.example\",\"name\":\"A\"},"
    "\"at\":\"2026-11-19T10:00:00Z\"}],"
    "\"predecessors\":[{\"id\":\"https://id.example.com/passports/0\","
    "\"relation\":\"repurposed\"}],"
    "\"components\":[{\"id\":\"https://id.example.com/passports/c\",\"name\":\"Bulb\"}],"
    "\"sbom\":{\"digest\":"
    "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","
    "\"url\":\"https://example.com/sbom\"}");
static const char sample_least[] =
    "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:x:1\",\"granularity\":\"model\","
    "\"product\":{\"id\":\"https://example.com/lamp\",\"name\":\"Lamp\"},"
    "\"operator\":{\"id\":\"did:web:example.com\"},\"status\":\"active\"}";

static ts_str item(ts_arena *a) {
    (void)a;
    return TS_S(sample_item);
}

/* `text` with its only `from` as `to`. */
static ts_str with(ts_arena *a, const char *text, const char *from, const char *to) {
    ts_str s = ts_str_c(text);
    size_t at = ts_str_find(s, ts_str_c(from));
    assert_true(at != TS_NPOS);
    ts_str rest = ts_str_from(s, at + strlen(from));
    assert_true(ts_str_find(rest, ts_str_c(from)) == TS_NPOS);
    const ts_str parts[] = {ts_str_to(s, at), ts_str_c(to), rest};
    return ts_str_join(a, parts, 3, TS_NONE);
}

#define assert_ok(ok, e)                                                                           \
    do {                                                                                           \
        if (!(ok)) fail_msg("%s", (e).msg);                                                        \
    } while (0)

static ts_document document(ts_arena *a, ts_str text, ts_packs *packs) {
    ts_document d;
    ts_error e = {0};
    assert_ok(ts_document_read(a, text, &d, &e), e);
    assert_ok(ts_document_packs(a, &d, find_lamp, 0, packs, &e), e);
    return d;
}

static const ts_credential_terms *issue(ts_status_entry *status) {
    static ts_credential_terms o;
    o = (ts_credential_terms){.id = TS_S("https://example.com/credentials/1"),
                              .from = 1767225600,
                              .until = TS_NO_TIME,
                              .status = status};
    return &o;
}

static ts_str written(ts_arena *a, ts_str text, ts_audiences who, const ts_credential_terms *o) {
    ts_packs packs;
    ts_document d = document(a, text, &packs);
    ts_str out;
    ts_error e = {0};
    assert_ok(ts_untp_write(a, &d, &packs, who, o, &out, &e), e);
    return out;
}

static ts_credential credential(ts_arena *a, ts_str text) {
    ts_credential c;
    ts_error e = {0};
    const ts_json *v = ts_json_parse(a, text, (ts_json_options){.strict = true}, &e);
    assert_ok(v, e);
    assert_ok(ts_credential_read(a, v, &c, &e), e);
    return c;
}

static const ts_json *at(const ts_json *v, const char *path) {
    ts_str rest = ts_str_c(path);
    while (rest.n) v = ts_json_get(v, ts_str_cut(&rest, '/'));
    return v;
}
#define assert_at(v, path, text) assert_str(ts_json_text(at((v), (path))), (text))

static void a_passport(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_status_entry s = {
        .purpose = TS_S("revocation"), .index = 94567, .list = TS_S("https://example.com/lists/1")};
    ts_credential c = credential(&a, written(&a, item(&a), 1u << TS_AUD_PUBLIC, issue(&s)));
    const ts_json *p = c.subjects.v[0];
    assert_int_equal(ts_untp_type_of(&c), TS_UNTP_DPP);
    assert_str(c.contexts.v[1], TS_UNTP_CONTEXT);
    assert_str(c.id, "https://example.com/credentials/1");
    assert_str(c.issuer, "did:web:example.com"); /* the operator */
    assert_str(c.issuer_name, "Maker");
    assert_at(c.root, "name", "Lamp");
    assert_at(c.root, "validFrom", "2026-01-01T00:00:00Z");
    assert_null(at(c.root, "validUntil"));
    assert_int_equal(at(c.root, "credentialStatus/statusListIndex")->type, TS_JSON_NUMBER);
    assert_at(c.root, "credentialStatus/statusListIndex", "94567");
    assert_int_equal(c.status.v[0].index, 94567);
    assert_int_equal(c.status.v[0].fault.n, 0);

    assert_at(p, "id", "https://id.example.com/01/09521234543213/10/B7/21/S1");
    assert_at(p, "idGranularity", "item");
    assert_at(p, "itemNumber", "S1");
    assert_at(p, "batchNumber", "B7"); /* the product's own, once */
    assert_at(p, "productionDate", "2026-10-01");
    assert_at(p, "idScheme/id", "https://id.gs1.org");
    assert_at(p, "idScheme/name", "GS1 Digital Link");
    assert_at(p, "producedAtFacility/id", "https://example.com/f/1");
    assert_at(p, "producedAtFacility/name", "Works");
    assert_at(p, "characteristics/light/power/unit", "W");
    assert_at(p, "characteristics/maker/name", "M");
    assert_at(p, "characteristics/safetyStatus/status", "recalled");
    assert_at(p, "characteristics/touchstone/status", "active");
    assert_at(p, "characteristics/touchstone/id", "https://id.example.com/passports/1");
    assert_non_null(at(p, "characteristics/x")); /* the product's own */
    /* What the public may not see is not there. */
    assert_null(at(p, "characteristics/light/opened"));
    assert_null(at(p, "characteristics/mercury"));
    assert_null(at(p, "characteristics/touchstone/sbom"));
    c = credential(&a, written(&a, item(&a), 1u << TS_AUD_AUTHORITY, issue(0)));
    assert_non_null(at(c.subjects.v[0], "characteristics/mercury"));
    assert_null(at(c.subjects.v[0], "characteristics/light/opened"));
    assert_null(at(c.root, "credentialStatus"));
}

static void issuer_and_dates(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_credential_terms o = *issue(0);
    o.issuer = TS_S("did:web:other.example");
    o.issuer_name = TS_S("Other");
    o.until = 1767225600 + 86400;
    ts_credential c = credential(&a, written(&a, item(&a), 0, &o));
    assert_str(c.issuer, "did:web:other.example");
    assert_str(c.issuer_name, "Other");
    assert_int_equal(c.until, 1767225600 + 86400);
}

/* The same credential for the same document, in canonical form. */
static void canonical(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str one = written(&a, item(&a), 1u << TS_AUD_PUBLIC, issue(0)),
           two = written(&a, item(&a), 1u << TS_AUD_PUBLIC, issue(0));
    assert_true(ts_str_eq(one, two));
    ts_buf b = ts_buf_new(&a, 1 << 20);
    const ts_json *v = ts_json_parse(&a, one, (ts_json_options){.strict = true}, 0);
    assert_true(ts_canonical(&b, a, v, 0));
    assert_true(ts_str_eq(one, ts_buf_str(&b)));
}

static void other_schemes(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str text = with(&a, sample_least, "\"name\":\"Lamp\"}",
                       "\"name\":\"Lamp\"," CATEGORY COUNTRY "\"type\":[\"Product\",\"Lamp\"]},"
                       "\"facility\":{\"id\":\"https://example.com/f\",\"name\":\"F\"}");
    ts_credential_terms o = *issue(0);
    o.issuer_name = TS_S("Maker");
    ts_credential c = credential(&a, written(&a, text, 0, &o));
    const ts_json *p = c.subjects.v[0];
    assert_at(p, "id", "https://example.com/lamp");
    assert_at(p, "idGranularity", "model");
    assert_at(p, "idScheme/id", "did:web:example.com"); /* self-issued */
    assert_at(p, "idScheme/name", "Maker");
    assert_int_equal(at(p, "type")->n, 2);
    assert_null(at(p, "itemNumber"));
    assert_null(at(p, "characteristics/safetyStatus")); /* nothing was said, so nothing is */
}

static void refused(ts_arena a, ts_str text, const ts_credential_terms *o, const char *said) {
    ts_packs packs;
    ts_document d = document(&a, text, &packs);
    ts_str out;
    ts_error e = {0};
    assert_false(ts_untp_write(&a, &d, &packs, 0, o, &out, &e));
    if (!strstr(e.msg, said)) print_error("'%s' lacks '%s'\n", e.msg, said);
    assert_non_null(strstr(e.msg, said));
}

static void what_is_missing(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *whole = ts_str_z(&a, item(&a));
    ts_credential_terms o = *issue(0);
    refused(a, with(&a, whole, CATEGORY, ""), &o, "add product.productCategory");
    refused(a, with(&a, whole, COUNTRY, ""), &o, "add product.countryOfProduction");
    refused(a, with(&a, whole, FACILITY, ""), &o,
            "UNTP wants the facility of production, and the passport has none: add facility");
    refused(a, with(&a, whole, ",\"name\":\"Works\"", ""), &o, "add facility, {id, name}");
    refused(a, with(&a, whole, ",\"name\":\"Maker\"}", "}"), &o, "the name of the issuer");
    refused(a,
            with(&a, whole, "\"operator\":{\"id\":\"did:web:example.com\"",
                 "\"operator\":{\"id\":\"https://example.com\""),
            &o, "an issuer that is a DID");
    refused(a, with(&a, whole, "\"characteristics\":{\"x\"", "\"characteristics\":{\"light\""), &o,
            "\"light\" would stand twice");
    refused(a, with(&a, whole, "\"characteristics\":{\"x\"", "\"characteristics\":{\"touchstone\""),
            &o, "\"touchstone\" would stand twice");
    refused(a,
            with(&a, whole, "\"characteristics\":{\"x\"", "\"characteristics\":{\"safetyStatus\""),
            &o, "\"safetyStatus\" would stand twice");
    o.id = TS_NONE;
    refused(a, ts_str_c(whole), &o, "an id for the credential");
    o = *issue(0), o.from = TS_NO_TIME;
    refused(a, ts_str_c(whole), &o, "a time from which it is valid");
    ts_status_entry s = {.purpose = TS_S("revocation"), .index = 1ull << 53, .list = TS_S("x:y")};
    refused(a, ts_str_c(whole), issue(&s), "too large for a number");
    s = (ts_status_entry){.purpose = TS_S("revocation")};
    refused(a, ts_str_c(whole), issue(&s), "a status needs a purpose and the address of its list");
}

/* ---- UNTP's own schema ---- */

static void keeps_untps_schema(void **state) {
    (void)state;
    const char *path = test_data("passport/untp/schema/DigitalProductPassport.json");
    if (!path) skip();
    ts_arena a = test_arena();
    ts_str text;
    ts_error e = {0};
    assert_ok(ts_file_read(&a, path, 1 << 20, &text, &e), e);
    const ts_json *v = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    ts_schema *s = ts_schema_compile(&a, v, &e);
    assert_ok(s, e);
    ts_status_entry status = {.id = TS_S("https://example.com/lists/1#94567"),
                              .purpose = TS_S("revocation"),
                              .index = 94567,
                              .list = TS_S("https://example.com/lists/1")};
    static const ts_audiences whose[] = {0, 1u << TS_AUD_PUBLIC, 1u << TS_AUD_AUTHORITY,
                                         1u << TS_AUD_OPERATOR};
    for (size_t i = 0; i < 4; i++) {
        ts_credential c = credential(&a, written(&a, item(&a), whose[i], issue(&status)));
        ts_schema_faults faults = {0};
        ts_answer kept = ts_schema_check(s, &a, c.root, 10, &faults, &e);
        for (size_t k = 0; k < faults.n; k++)
            print_error("%.*s: %.*s\n", TS_P(faults.v[k].at), TS_P(faults.v[k].text));
        assert_int_equal(kept, TS_YES);
    }
    ts_schema_free(s);
}

/* ---- Back ---- */

static ts_str read_back(ts_arena *a, ts_str text) {
    ts_credential c = credential(a, text);
    ts_str out;
    ts_error e = {0};
    assert_ok(ts_untp_read(a, &c, &out, &e), e);
    return out;
}

static void there_and_back(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const ts_audiences whose[] = {1u << TS_AUD_PUBLIC, 1u << TS_AUD_OPERATOR};
    for (size_t i = 0; i < 2; i++) {
        ts_str there = written(&a, item(&a), whose[i], issue(0)), back = read_back(&a, there);
        ts_packs packs, first_packs;
        ts_document d = document(&a, back, &packs), first = document(&a, item(&a), &first_packs);
        assert_str(d.id, "https://id.example.com/passports/1");
        assert_int_equal(d.grain, TS_GRAIN_ITEM);
        assert_true(ts_str_eq(d.product.text, first.product.text));
        assert_str(d.operator_name, "Maker");
        assert_str(ts_json_str(ts_json_member(d.facility_node, "name")), "Works");
        assert_str(d.model, "https://id.example.com/passports/m");
        assert_int_equal(d.safety.n, 2);
        assert_int_equal(d.packs.n, 1);
        assert_int_equal(d.predecessors.n, 1);
        assert_int_equal(d.components.n, 1);
        assert_non_null(ts_document_element(&d, TS_S("light.power")));
        assert_int_equal(ts_document_element(&d, TS_S("mercury")) != 0, i == 1);
        assert_int_equal(d.sbom != 0, i == 1);
        assert_non_null(at(d.product_node, "characteristics/x"));
        assert_null(at(d.product_node, "producedAtFacility"));
        /* And there again: the same credential. */
        assert_true(ts_str_eq(written(&a, back, whose[i], issue(0)), there));
    }
}

/* A passport of somebody else's, without what touchstone puts in. */
#define FOREIGN(subject)                                                                           \
    "{\"@context\":[\"" TS_VC_CONTEXT "\",\"" TS_UNTP_CONTEXT "\"],"                               \
    "\"type\":[\"DigitalProductPassport\",\"VerifiableCredential\"],\"id\":\"urn:x:dpp\","         \
    "\"issuer\":{\"id\":\"did:web:a.example\",\"name\":\"A\"},\"credentialSubject\":" subject "}"

static void from_elsewhere(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str back = read_back(
        &a, TS_S(FOREIGN("{\"id\":\"https://id.example.com/01/09521234543213/21/9\",\"name\":\"K\","
                         "\"producedAtFacility\":{\"id\":\"https://a.example/f\",\"name\":\"F\","
                         "\"registeredId\":\"7\"},\"characteristics\":{\"colour\":\"red\","
                         "\"safetyStatus\":{\"status\":\"warning\",\"by\":{\"id\":\"x:y\"},"
                         "\"at\":\"2026-11-20T10:00:00Z\"}}}")));
    ts_document d;
    ts_error e = {0};
    assert_ok(ts_document_read(&a, back, &d, &e), e);
    assert_str(d.id, "urn:x:dpp");
    assert_int_equal(d.grain, TS_GRAIN_ITEM); /* by its serial number */
    assert_int_equal(d.status, TS_DPP_ACTIVE);
    assert_int_equal(d.safety.n, 1);
    assert_null(d.facility_node);
    assert_at(d.product_node, "producedAtFacility/registeredId", "7"); /* nothing is lost */
    assert_str(ts_json_str(ts_document_element(&d, TS_S("colour"))), "red");
    assert_int_equal(d.packs.n, 0);
}

static void not_read(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {FOREIGN("[{\"id\":\"x:a\"},{\"id\":\"x:b\"}]"), "this has 2 subjects"},
        {FOREIGN("{\"id\":\"https://id.example.com/01/09521234543210\",\"name\":\"K\"}"), ""},
        {FOREIGN("{\"id\":\"https://id.example.com/01/09521234543213\",\"name\":\"K\","
                 "\"idGranularity\":\"item\"}"),
         ""},
        {FOREIGN("{\"name\":\"K\"}"), ""},
        {"{\"@context\":[\"" TS_VC_CONTEXT "\"],\"type\":[\"DigitalProductPassport\","
         "\"VerifiableCredential\"],\"issuer\":\"did:a:b\",\"credentialSubject\":{\"a\":1}}",
         "the credential has no id"},
        {"{\"@context\":[\"" TS_VC_CONTEXT "\"],\"type\":\"VerifiableCredential\","
         "\"issuer\":\"did:a:b\",\"credentialSubject\":{\"a\":1}}",
         "it is no DigitalProductPassport"},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_credential c = credential(&a, ts_str_c(cases[i].text));
        ts_str out;
        ts_error e = {0};
        assert_false(ts_untp_read(&a, &c, &out, &e));
        assert_true(e.msg[0] != 0);
        assert_non_null(strstr(e.msg, cases[i].said));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test(a_passport),
        cmocka_unit_test(issuer_and_dates),
        cmocka_unit_test(canonical),
        cmocka_unit_test(other_schemes),
        cmocka_unit_test(what_is_missing),
        cmocka_unit_test(keeps_untps_schema),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(from_elsewhere),
        cmocka_unit_test(not_read),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
