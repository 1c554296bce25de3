/* Passports read, found, made and changed for who comes over the network: what each may see, what
 * each may change, and that neither an answer nor a refusal tells what is hidden. */
#include "host/change.h"

#include "maker.h"

static ts_arena a;
static ts_key *key;
static ts_store *s;

#define HEAD                                                                                       \
    "{\"format\":\"touchstone-passport-1\",\"id\":\"%s\",\"granularity\":\"item\","                \
    "\"product\":{\"id\":\"https://id.gs1.org/01/09521234543213/21/%s\",\"name\":\"Battery\"},"    \
    "\"operator\":{\"id\":\"did:web:m.example\",\"name\":\"Maker\"},"                              \
    "\"packs\":[{\"id\":\"battery\",\"category\":\"lmt\"}],\"status\":\"active\","
#define OPEN "\"batteryMass\":{\"value\":3,\"unit\":\"kg\"},\"batteryCategory\":\"LMT\""
#define HIDDEN                                                                                     \
    ",\"testReports\":[\"r1\",\"r2\"],\"performance\":{\"ratedCapacity\":{\"value\":5,\"unit\":"   \
    "\"Ah\"}},\"inner\":{\"open\":1,\"note\":{\"n\":[1,2]}},\"only\":{\"secret\":7}"
#define CLASSES                                                                                    \
    "\"classes\":{\"inner.open\":\"annex_xiii_1\",\"inner.note\":\"annex_xiii_3\","                \
    "\"only.secret\":\"annex_xiii_3\",\"free\":\"annex_xiii_1\",\"locked\":\"annex_xiii_3\"}"
#define SAFETY                                                                                     \
    "\"safety\":[{\"status\":\"warning\",\"by\":{\"id\":\"did:web:m.example\"},\"at\":"            \
    "\"2025-11-01T00:00:00Z\"}],\"predecessors\":[{\"id\":\"urn:old\",\"relation\":\"repurposed\"" \
    "}]"

static ts_str document(const char *id, const char *serial, bool hidden) {
    ts_buf b = ts_buf_new(&a, 8000);
    ts_buf_fmt(&b, HEAD "\"elements\":{" OPEN "%s}," CLASSES "," SAFETY "}", id, serial,
               hidden ? HIDDEN : ",\"inner\":{\"open\":1}");
    return ts_buf_str(&b);
}

static void issue(ts_str text, int64_t now) {
    const ts_issue_job job = {.store = s,
                              .by = {.key = key},
                              .document = text,
                              .form = TS_FORM_EU_JOSE,
                              .now = now,
                              .until = TS_NO_TIME};
    must_issue(&a, &job);
}

static int setup(void **state) {
    static int n;
    char name[40];
    (void)state;
    snprintf(name, sizeof name, "change-%d.db", n++);
    s = maker_store(&a, name);
    issue(document("urn:b", "B1", true), NOW);
    issue(document("urn:bare", "B2", false), NOW);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_store_close(s);
    return 0;
}

/* ---- who asks ---- */

#define MAKER TS_S("did:web:m.example")
static const ts_asker anybody = {.who = 0},
                      owner = {.who = 1u << TS_AUD_OPERATOR,
                               .operator_id = {"did:web:m.example", 17}},
                      other = {.who = 1u << TS_AUD_OPERATOR,
                               .operator_id = {"did:web:x.example", 17}},
                      clerk = {.who = 1u << TS_AUD_PUBLIC,
                               .operator_id = {"did:web:m.example", 17}},
                      office = {.who = 1u << TS_AUD_AUTHORITY};

static ts_dpp_result reads(ts_asker by, const char *id, const char *path, ts_en_form form,
                           ts_dpp *out, ts_error *e) {
    *e = (ts_error){0};
    const ts_dpp_query q = {.store = s,
                            .by = by,
                            .id = ts_str_c(id),
                            .path = ts_str_c(path),
                            .at = TS_NO_TIME,
                            .form = form};
    return ts_dpp_read(&a, &q, out, e);
}

static bool says(ts_str text, const char *what) {
    return ts_str_find(text, ts_str_c(what)) != TS_NPOS;
}

static void who_sees_what(void **state) {
    (void)state;
    ts_dpp d;
    ts_error e;
    const struct {
        ts_asker by;
        bool reports, capacity, secret;
    } list[] = {{anybody, false, false, false},
                {owner, true, true, true},
                {other, false, false, false},
                {clerk, false, false, false},
                {office, true, false, true},
                {{.who = 1u << TS_AUD_LEGITIMATE_INTEREST}, false, true, false}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        for (ts_en_form f = TS_EN_COMPRESSED; f <= TS_EN_FULL; f++) {
            assert_int_equal(reads(list[i].by, "urn:b", 0, f, &d, &e), TS_DPP_DONE);
            assert_true(says(d.json, "batteryMass"));
            assert_int_equal(says(d.json, "testReports"), list[i].reports);
            assert_int_equal(says(d.json, "ratedCapacity"), list[i].capacity);
            assert_int_equal(says(d.json, "secret"), list[i].secret);
            /* the warning is there for everybody */
            assert_true(says(d.json, "warning"));
            assert_int_equal(says(d.json, "objectType"), f == TS_EN_FULL);
        }
    assert_int_equal(reads(anybody, "urn:none", 0, TS_EN_FULL, &d, &e), TS_DPP_NOT_HERE);
    assert_string_equal(e.msg, "there is no passport urn:none here");
}

static void elements(void **state) {
    (void)state;
    static const struct {
        const char *path, *json;
    } list[] = {
        {"$.batteryMass",
         "{\"elementId\":\"batteryMass\",\"value\":{\"unit\":\"kg\",\"value\":3}}"},
        {"$.batteryMass.value", "{\"elementId\":\"value\",\"value\":3}"},
        {"$..batteryMass['value']", "{\"elementId\":\"value\",\"value\":3}"},
        {"$.dppStatus", "{\"elementId\":\"dppStatus\",\"value\":\"active\"}"},
        {"$.touchstone.safety[0].status", "{\"elementId\":\"status\",\"value\":\"warning\"}"},
        {"$.touchstone.predecessors[?@.relation=='repurposed']",
         "{\"elementId\":\"0\",\"value\":{\"id\":\"urn:old\",\"relation\":\"repurposed\"}}"},
        {"$['batteryCategory','batteryCategory']",
         "{\"elementId\":\"batteryCategory\",\"value\":\"LMT\"}"},
    };
    static const struct {
        const char *path;
        ts_dpp_result result;
        const char *message;
    } bad[] = {
        {"$.nothing", TS_DPP_NOT_HERE, "the passport shows no element at $.nothing"},
        {"$.testReports", TS_DPP_NOT_HERE, "the passport shows no element at $.testReports"},
        {"$.inner.note", TS_DPP_NOT_HERE, "the passport shows no element at $.inner.note"},
        {"$.only", TS_DPP_NOT_HERE, "the passport shows no element at $.only"},
        {"$[?@.n[0]==1]", TS_DPP_NOT_HERE, "the passport shows no element at $[?@.n[0]==1]"},
        {"$", TS_DPP_BAD, "the path selects the whole passport, which is no element"},
        {"$.batteryMass.*", TS_DPP_BAD,
         "the path selects several values, $['batteryMass']['unit'] and $['batteryMass']['value'] "
         "among them: name one"},
        {"$.", TS_DPP_BAD, "JSONPath: a name, '*' or '[' is missing at byte 2"},
    };
    ts_dpp d;
    ts_error e;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        assert_int_equal(reads(anybody, "urn:b", list[i].path, TS_EN_COMPRESSED, &d, &e),
                         TS_DPP_DONE);
        assert_str(d.json, list[i].json);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(reads(anybody, "urn:b", bad[i].path, TS_EN_COMPRESSED, &d, &e),
                         bad[i].result);
        assert_string_equal(e.msg, bad[i].message);
    }
    assert_int_equal(reads(owner, "urn:b", "$.testReports[1]", TS_EN_FULL, &d, &e), TS_DPP_DONE);
    assert_str(d.json, "{\"elementId\":\"1\",\"objectType\":\"SingleValuedDataElement\",\"value\":"
                       "\"r2\",\"valueDataType\":\"xsd:string\"}");
    /* the pack's definition goes along where it has one; a list is one of its kind */
    assert_int_equal(reads(owner, "urn:b", "$.testReports", TS_EN_FULL, &d, &e), TS_DPP_DONE);
    assert_true(says(d.json, "\"objectType\":\"MultiValuedDataElement\""));
}

static void products_and_dates(void **state) {
    (void)state;
    ts_dpp d;
    ts_error e = {0};
    ts_dpp_query q = {.store = s,
                      .is_product = true,
                      .at = TS_NO_TIME,
                      .id = TS_S("https://shop.example/x/01/09521234543213/21/B1?a=b")};
    assert_int_equal(ts_dpp_read(&a, &q, &d, &e), TS_DPP_DONE);
    assert_str(d.row.id, "urn:b");
    q.id = TS_S("https://id.gs1.org/01/09521234543213/21/B9");
    assert_int_equal(ts_dpp_read(&a, &q, &d, &e), TS_DPP_NOT_HERE);
    q.id = TS_S("https://id.gs1.org/01/09521234543214/21/B9");
    assert_int_equal(ts_dpp_read(&a, &q, &d, &e), TS_DPP_BAD);
    /* of several, the newest that is active */
    issue(document("urn:later", "B1", false), NOW + 50);
    q.id = TS_S("https://id.gs1.org/01/09521234543213/21/B1");
    assert_int_equal(ts_dpp_read(&a, &q, &d, &e), TS_DPP_DONE);
    assert_str(d.row.id, "urn:later");
    q = (ts_dpp_query){.store = s, .id = TS_S("urn:later"), .at = NOW + 49};
    assert_int_equal(ts_dpp_read(&a, &q, &d, &e), TS_DPP_NOT_HERE);
    assert_string_equal(e.msg, "there is no passport urn:later here that was there at that time");
    q.at = NOW + 50;
    assert_int_equal(ts_dpp_read(&a, &q, &d, &e), TS_DPP_DONE);
}

/* ---- changes ---- */

static ts_dpp_change change_of(ts_asker by, const char *id, const char *body) {
    return (ts_dpp_change){.store = s,
                           .sign = {.key = key},
                           .sign_form = TS_FORM_EU_JOSE,
                           .by = by,
                           .id = ts_str_c(id),
                           .body = ts_str_c(body),
                           .now = NOW + 100};
}

static int64_t versions(const char *id) {
    ts_passport_rows rows = {0};
    ts_error e = {0};
    assert_true(ts_store_passport_versions(s, &a, ts_str_c(id), &rows, &e));
    return (int64_t)rows.n;
}

/* Every version has its seal, and it holds. */
static void assert_sealed(const char *id) {
    ts_error e = {0};
    for (int64_t v = versions(id); v > 0; v--) {
        ts_secured_rows rows = {0};
        assert_true(ts_store_secured(s, &a, ts_str_c(id), v, &rows, &e));
        assert_true(rows.n > 0);
        for (size_t i = 0; i < rows.n; i++)
            assert_int_equal(
                verified(&a, rows.v[i].bytes, NOW + 200).step[TS_STEP_SIGNATURE].answer, TS_YES);
    }
}

static ts_str stored(const char *id) {
    ts_passport_row row;
    bool found;
    ts_error e = {0};
    assert_true(ts_store_passport(s, &a, ts_str_c(id), &row, &found, &e) && found);
    return row.document;
}

static void must_patch(ts_dpp_change c, ts_dpp *d) {
    ts_error e = {0};
    if (ts_dpp_patch(&a, &c, d, &e) != TS_DPP_DONE) fail_msg("%.*s: %s", TS_P(c.body), e.msg);
}

static void patches(void **state) {
    (void)state;
    ts_dpp d;
    must_patch(change_of(owner, "urn:b",
                         "{\"batteryMass\":{\"value\":4},\"testReports\":null,\"free\":1}"),
               &d);
    assert_true(says(d.json, "\"batteryMass\":{\"unit\":\"kg\",\"value\":4}") &&
                says(d.json, "\"free\":1"));
    assert_false(says(d.json, "testReports"));
    assert_int_equal(versions("urn:b"), 2);
    assert_sealed("urn:b");
    /* once more makes no version; its own answer, put back as a whole, neither */
    must_patch(change_of(owner, "urn:b", "{\"batteryMass\":{\"value\":4.0}}"), &d);
    must_patch(change_of(owner, "urn:b", ts_str_z(&a, d.json)), &d);
    assert_int_equal(versions("urn:b"), 2);
    /* the full form: elements by their ids; one without a value goes */
    ts_dpp_change c = change_of(
        owner, "urn:b",
        "{\"dppStatus\":\"inactive\",\"elements\":[{\"elementId\":\"batteryMass\",\"objectType\":"
        "\"DataElementCollection\",\"elements\":[{\"elementId\":\"value\",\"objectType\":"
        "\"SingleValuedDataElement\",\"value\":5}]},{\"elementId\":\"free\",\"objectType\":"
        "\"SingleValuedDataElement\"}]}");
    c.form = TS_EN_FULL;
    c.now = NOW + 101;
    must_patch(c, &d);
    assert_true(says(d.json, "\"objectType\""));
    assert_true(says(stored("urn:b"), "\"batteryMass\":{\"unit\":\"kg\",\"value\":5}"));
    assert_false(says(stored("urn:b"), "\"free\":1"));
    assert_true(says(stored("urn:b"), "\"status\":\"inactive\""));
    c.body = d.json;
    must_patch(c, &d);
    assert_int_equal(versions("urn:b"), 3);
    assert_sealed("urn:b");
}

typedef struct refusal {
    const char *body;
    ts_dpp_result result;
    const char *message; /* how it begins */
} refusal;

static void refuses(ts_dpp_change c, ts_dpp_result result, const char *message) {
    ts_dpp d;
    ts_error e = {0};
    int64_t before = versions(ts_str_z(&a, c.id));
    ts_dpp_result got = ts_dpp_patch(&a, &c, &d, &e);
    if (got != result || !ts_str_starts(ts_str_c(e.msg), ts_str_c(message)))
        fail_msg("%.*s: %d, %s", TS_P(c.body), got, e.msg);
    assert_int_equal(versions(ts_str_z(&a, c.id)), before);
}

static void what_is_not_patched(void **state) {
    (void)state;
    static const refusal list[] = {
        {"", TS_DPP_BAD, ""},
        {"[]", TS_DPP_BAD, "the body must be a JSON object"},
        {"null", TS_DPP_BAD, "the body must be a JSON object"},
        {"{\"a\":1,\"a\":2}", TS_DPP_BAD, ""},
        {"{\"elements\":[]}", TS_DPP_BAD, "/elements: belongs to the full representation"},
        {"{\"digitalProductPassportId\":\"urn:c\"}", TS_DPP_BAD,
         "/digitalProductPassportId: is not changed"},
        {"{\"uniqueProductIdentifier\":\"https://id.gs1.org/01/09521234543213/21/B2\"}", TS_DPP_BAD,
         "/uniqueProductIdentifier: is not changed"},
        {"{\"granularity\":\"model\"}", TS_DPP_BAD, "/granularity: is not changed"},
        {"{\"granularity\":null}", TS_DPP_BAD, "/granularity: is not changed"},
        {"{\"dppSchemaVersion\":\"2\"}", TS_DPP_BAD, "/dppSchemaVersion: is not changed"},
        {"{\"lastUpdated\":\"2026-01-01T00:00:00Z\"}", TS_DPP_BAD, "/lastUpdated: is not changed"},
        {"{\"economicOperatorId\":\"did:web:x.example\"}", TS_DPP_BAD,
         "/economicOperatorId: is not changed"},
        {"{\"contentSpecificationIds\":[]}", TS_DPP_BAD,
         "/contentSpecificationIds: is not changed"},
        {"{\"dppStatus\":\"recalled\"}", TS_DPP_BAD, "passport: /status: "},
        {"{\"dppStatus\":null}", TS_DPP_BAD, "EN 18223: the member \"dppStatus\""},
        {"{\"nobodyKnows\":1}", TS_DPP_BAD, "passport: /elements/nobodyKnows: no pack"},
        {"{\"a b\":1}", TS_DPP_BAD, "passport: /elements/a b: "},
        {"{\"touchstone\":{\"product\":{\"id\":\"https://x.example/1\"}}}", TS_DPP_BAD,
         "EN 18223: /touchstone/product/id: "},
        {"{\"touchstone\":{\"safety\":null}}", TS_DPP_BAD, "passport: /safety/0: the safety entry"},
        {"{\"touchstone\":{\"safety\":[]}}", TS_DPP_BAD, "passport: /safety/0: the safety entry"},
        {"{\"touchstone\":{\"safety\":[{\"status\":\"lifted\",\"by\":{\"id\":\"did:web:m.example\"}"
         ","
         "\"at\":\"2025-11-02T00:00:00Z\"}]}}",
         TS_DPP_BAD, "passport: /safety/0: the safety entry"},
        {"{\"touchstone\":{\"safety\":[{\"status\":\"warning\",\"by\":{\"id\":\"did:web:m."
         "example\"},"
         "\"at\":\"2025-11-01T00:00:00Z\"},{\"status\":\"recalled\",\"by\":{\"id\":\"did:web:"
         "office.example\"},"
         "\"at\":\"2025-11-02T00:00:00Z\"}]}}",
         TS_DPP_BAD, "/touchstone/safety: an entry by did:web:office.example is added"},
        {"{\"touchstone\":{\"predecessors\":null}}", TS_DPP_BAD,
         "passport: /predecessors/0: the predecessor"},
        {"{\"touchstone\":null}", TS_DPP_BAD, "passport: /elements/inner: no pack"},
        {"{\"touchstone\":7}", TS_DPP_BAD, "EN 18223: /touchstone"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        refuses(change_of(owner, "urn:b", list[i].body), list[i].result, list[i].message);
    refuses(change_of(other, "urn:b", "{}"), TS_DPP_NOT_YOURS,
            "the passport is another operator's");
    refuses(change_of(anybody, "urn:b", "{}"), TS_DPP_NOT_YOURS,
            "the passport is another operator's");
    refuses(change_of(office, "urn:b", "{}"), TS_DPP_NOT_YOURS,
            "the passport is another operator's");
    refuses(change_of(owner, "urn:none", "{}"), TS_DPP_NOT_HERE,
            "there is no passport urn:none here");
    ts_dpp_change c = change_of(owner, "urn:b", "{\"free\":1}");
    c.sign.key = 0;
    refuses(c, TS_DPP_UNSIGNED, "this server has no key to sign with");
    /* what cannot be signed is not kept: UNTP wants more of a product */
    c.sign.key = key;
    c.sign_form = TS_FORM_UNTP_JOSE;
    refuses(c, TS_DPP_BAD, "");
    c.sign_form = TS_FORM_EU_JOSE;
    c.now = NOW - 1; /* a clock that went backwards */
    refuses(c, TS_DPP_BAD, "");
    assert_int_equal(versions("urn:b"), 1);
    assert_sealed("urn:b");
}

static void own_safety(void **state) {
    (void)state;
    ts_dpp d;
    must_patch(change_of(owner, "urn:b",
                         "{\"touchstone\":{\"safety\":[{\"status\":\"warning\",\"by\":{\"id\":"
                         "\"did:web:m.example\"},\"at\":\"2025-11-01T00:00:00Z\"},{\"status\":"
                         "\"recalled\",\"by\":{\"id\":\"did:web:m.example\"},\"at\":"
                         "\"2025-11-02T00:00:00Z\",\"notice\":\"n:1\"}]}}"),
               &d);
    assert_str(d.row.safety, "recalled");
    assert_sealed("urn:b");
}

/* If-Match */
static void lost_updates(void **state) {
    (void)state;
    ts_dpp d;
    ts_error e;
    assert_int_equal(reads(anybody, "urn:b", 0, TS_EN_COMPRESSED, &d, &e), TS_DPP_DONE);
    ts_str tag = ts_dpp_tag(&a, &d.row);
    const char *t = ts_str_z(&a, tag);
    assert_false(says(tag, ts_str_z(&a, ts_str_to(d.row.digest, 8)))); /* of what is hidden, too */
    static const char *const good[] = {"*", "\"%s\"", "\"%s-c1\"", "\"x\", \"%s-f21\" ",
                                       ",,\"%s\""},
                             *const stale[] = {
                                 "\"x\"", "%s", "W/\"%s\"", "\"%s",  "\"%s0\"",
                                 "\"\"",  "\"", ",",        "\"1\"", "\"2-0000000000000000\""};
    ts_dpp_change c = change_of(owner, "urn:b", "{}");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char match[100];
        snprintf(match, sizeof match, good[i], t);
        c.match = ts_str_c(match);
        must_patch(c, &d);
    }
    for (size_t i = 0; i < sizeof stale / sizeof *stale; i++) {
        char match[100];
        snprintf(match, sizeof match, stale[i], t);
        c.match = ts_str_c(match);
        if (ts_dpp_patch(&a, &c, &d, &e) != TS_DPP_STALE) fail_msg("taken: %s", match);
    }
    c.body = TS_S("{\"free\":1}");
    c.match = ts_str_c(
        ts_str_z(&a, ts_str_join(&a, (ts_str[]){TS_S("\""), tag, TS_S("\"")}, 3, TS_NONE)));
    must_patch(c, &d);
    refuses(c, TS_DPP_STALE, "the passport is not that version any more");
}

/* ---- what is hidden ---- */

static void hidden_stays(void **state) {
    (void)state;
    ts_dpp d;
    must_patch(
        change_of(clerk, "urn:b",
                  "{\"batteryMass\":{\"value\":9},\"inner\":{\"open\":2},\"free\":{\"x\":[1]},"
                  "\"batteryCategory\":null}"),
        &d);
    assert_false(says(d.json, "secret") || says(d.json, "note") || says(d.json, "batteryCategory"));
    ts_str now = stored("urn:b");
    assert_true(says(now, "\"inner\":{\"note\":{\"n\":[1,2]},\"open\":2}"));
    assert_true(says(now, "\"only\":{\"secret\":7}") &&
                says(now, "\"testReports\":[\"r1\",\"r2\"]"));
    /* a group goes as far as it is seen */
    must_patch(change_of(clerk, "urn:b", "{\"inner\":null}"), &d);
    assert_false(says(d.json, "\"inner\""));
    assert_true(says(stored("urn:b"), "\"inner\":{\"note\":{\"n\":[1,2]}}"));
    /* and comes back beside what is hidden */
    must_patch(change_of(clerk, "urn:b", "{\"inner\":{\"open\":3}}"), &d);
    assert_true(says(stored("urn:b"), "\"inner\":{\"note\":{\"n\":[1,2]},\"open\":3}"));
    assert_sealed("urn:b");
}

/* A class for what is hidden would show it. */
static void hidden_is_not_opened(void **state) {
    (void)state;
    static const char open[] = "{\"touchstone\":{\"classes\":{\"sbom\":\"annex_xiii_1\"}}}";
    ts_dpp d;
    ts_error e = {0};
    must_patch(change_of(owner, "urn:b",
                         "{\"touchstone\":{\"sbom\":{\"digest\":"
                         "\"abababababababababababababababababababababababababababababababab\"}}}"),
               &d);
    refuses(change_of(clerk, "urn:b", open), TS_DPP_NOT_YOURS, "the change touches what is not");
    refuses(change_of(clerk, "urn:bare", open), TS_DPP_NOT_YOURS, "the change touches what is not");
    must_patch(change_of(owner, "urn:b", open), &d);
    assert_int_equal(reads(anybody, "urn:b", 0, TS_EN_COMPRESSED, &d, &e), TS_DPP_DONE);
    assert_true(says(d.json, "abababab"));
}

/* The same change of a passport with hidden elements and of one without: the same answer. */
static void nothing_is_told(void **state) {
    (void)state;
    static const char *const refused[] = {
        "{\"testReports\":[\"mine\"]}",
        "{\"testReports\":[\"r1\",\"r2\"]}",
        "{\"testReports\":null}",
        "{\"performance\":{\"ratedCapacity\":{\"value\":1,\"unit\":\"Ah\"}}}",
        "{\"performance\":{\"ratedCapacity\":null}}",
        "{\"performance\":null}",
        "{\"inner\":{\"note\":1}}",
        "{\"inner\":{\"note\":{\"m\":1}}}",
        "{\"inner\":{\"note\":{\"n\":null}}}",
        "{\"inner\":{\"note\":null}}",
        "{\"inner\":{\"open\":5,\"note\":{}}}",
        "{\"only\":{\"secret\":8}}",
        "{\"only\":null}",
        "{\"locked\":1}",
        "{\"locked\":null}",
        "{\"touchstone\":{\"classes\":{\"only.secret\":\"annex_xiii_1\"}}}",
        "{\"touchstone\":{\"classes\":{\"inner.note\":null}}}",
        "{\"touchstone\":{\"sbom\":null}}",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        ts_dpp d;
        ts_error one = {0}, other_one = {0};
        ts_dpp_change c = change_of(clerk, "urn:b", refused[i]);
        ts_dpp_result r = ts_dpp_patch(&a, &c, &d, &one);
        if (r != TS_DPP_NOT_YOURS && r != TS_DPP_BAD) fail_msg("%s: %d", refused[i], r);
        c.id = TS_S("urn:bare");
        if (ts_dpp_patch(&a, &c, &d, &other_one) != r || strcmp(one.msg, other_one.msg) != 0)
            fail_msg("%s: %s, but %s", refused[i], one.msg, other_one.msg);
        assert_int_equal(versions("urn:b") + versions("urn:bare"), 2);
    }
    /* and what is taken is taken of both */
    static const char *const taken[] = {"{\"inner\":{\"open\":4}}", "{\"inner\":{}}",
                                        "{\"inner\":null}", "{\"inner\":{\"open\":5}}",
                                        "{\"free\":{\"secret\":1}}"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        ts_dpp x, y;
        must_patch(change_of(clerk, "urn:b", taken[i]), &x);
        must_patch(change_of(clerk, "urn:bare", taken[i]), &y);
        assert_int_equal(x.json.n, y.json.n - 3); /* "urn:bare" is three letters longer */
    }
    assert_sealed("urn:b");
}

/* A fault that only a hidden element makes: its name is not told. */
static void no_name_is_told(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 8000);
    ts_buf_fmt(&b,
               HEAD "\"elements\":{" OPEN ",\"inner.note\":1,\"dotted.secret\":2},"
                    "\"classes\":{\"inner.open\":\"annex_xiii_1\",\"inner.note\":"
                    "\"annex_xiii_3\",\"dotted.secret\":\"annex_xiii_3\"}}",
               "urn:dots", "B3");
    issue(ts_buf_str(&b), NOW);
    refuses(change_of(clerk, "urn:dots", "{\"inner\":{\"open\":1}}"), TS_DPP_NOT_YOURS,
            "the change touches what is not shown");
    refuses(change_of(owner, "urn:dots", "{\"inner\":{\"open\":1}}"), TS_DPP_BAD,
            "passport: /elements/inner");
    /* one that what is shown makes, is */
    refuses(change_of(clerk, "urn:dots", "{\"nobodyKnows\":1}"), TS_DPP_BAD,
            "passport: /elements/nobodyKnows");
}

/* ---- one element ---- */

static ts_dpp_result set_element(ts_asker by, const char *path, const char *body, bool bare,
                                 ts_en_form form, ts_dpp *d, ts_error *e) {
    ts_dpp_change c = change_of(by, "urn:b", body);
    c.path = ts_str_c(path);
    c.bare = bare;
    c.form = form;
    *e = (ts_error){0};
    return ts_dpp_patch_element(&a, &c, d, e);
}

static void one_element(void **state) {
    (void)state;
    static const struct {
        const char *path, *body;
        bool bare;
        const char *answer;
    } list[] = {
        {"$.batteryMass", "{\"elementId\":\"batteryMass\",\"value\":{\"value\":7}}", false,
         "{\"elementId\":\"batteryMass\",\"value\":{\"unit\":\"kg\",\"value\":7}}"},
        {"$.batteryMass.value", "{\"elementId\":\"value\",\"value\":8}", false,
         "{\"elementId\":\"value\",\"value\":8}"},
        {"$.batteryMass", "{\"unit\":\"g\"}", true,
         "{\"elementId\":\"batteryMass\",\"value\":{\"unit\":\"g\",\"value\":8}}"},
        {"$.batteryMass.value", "9", true, "{\"elementId\":\"value\",\"value\":9}"},
        {"$.testReports[0]", "{\"elementId\":\"0\",\"value\":\"r0\"}", false,
         "{\"elementId\":\"0\",\"value\":\"r0\"}"},
        {"$.testReports[?@=='r2']", "\"r9\"", true, "{\"elementId\":\"1\",\"value\":\"r9\"}"},
        {"$.batteryCategory",
         "{\"elementId\":\"batteryCategory\",\"objectType\":\"SingleValuedDataElement\","
         "\"valueDataType\":\"xsd:string\",\"value\":\"EV\"}",
         false, "{\"elementId\":\"batteryCategory\",\"value\":\"EV\"}"},
        {"$.batteryCategory", "{\"elementId\":\"batteryCategory\",\"value\":null}", false,
         "{\"elementId\":\"batteryCategory\"}"},
        {"$.inner.note", "null", true, "{\"elementId\":\"note\"}"},
        {"$.dppStatus", "\"inactive\"", true,
         "{\"elementId\":\"dppStatus\",\"value\":\"inactive\"}"},
    };
    ts_dpp d;
    ts_error e;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (set_element(owner, list[i].path, list[i].body, list[i].bare, TS_EN_COMPRESSED, &d,
                        &e) != TS_DPP_DONE)
            fail_msg("%s: %s", list[i].path, e.msg);
        assert_str(d.json, list[i].answer);
    }
    assert_int_equal(versions("urn:b"), 1 + sizeof list / sizeof *list);
    assert_true(says(stored("urn:b"), "\"testReports\":[\"r0\",\"r9\"]"));
    assert_sealed("urn:b");
    assert_int_equal(set_element(owner, "$.batteryMass", "{\"value\":1}", true, TS_EN_FULL, &d, &e),
                     TS_DPP_DONE);
    assert_true(says(d.json, "\"objectType\":\"DataElementCollection\""));
}

static void elements_not_set(void **state) {
    (void)state;
    static const struct {
        const ts_asker *by;
        const char *path, *body;
        bool bare;
        ts_dpp_result result;
        const char *message;
    } list[] = {
        {&owner, "$.batteryMass", "{\"elementId\":\"x\",\"value\":1}", false, TS_DPP_BAD,
         "/elementId: must be \"batteryMass\""},
        {&owner, "$.batteryMass", "{\"value\":1}", false, TS_DPP_BAD, "/elementId: must be"},
        {&owner, "$.batteryMass", "7", false, TS_DPP_BAD, "/elementId: must be"},
        {&owner, "$.batteryMass", "{\"elementId\":\"batteryMass\"}", false, TS_DPP_BAD,
         "the body must be a data element"},
        {&owner, "$.batteryMass", "{\"elementId\":\"batteryMass\",\"value\":1,\"x\":2}", false,
         TS_DPP_BAD, "the body must be a data element"},
        {&owner, "$.batteryMass", "{\"elementId\":\"batteryMass\",\"objectType\":\"Odd\"}", false,
         TS_DPP_BAD, "EN 18223: "},
        {&owner, "$.batteryMass", "{", true, TS_DPP_BAD, ""},
        {&owner, "$..value", "1", true, TS_DPP_BAD, "the path selects several values"},
        {&owner, "$", "{}", true, TS_DPP_BAD, "the path selects the whole passport"},
        {&owner, "$.nothing", "1", true, TS_DPP_NOT_HERE, "the passport shows no element"},
        {&owner, "$.lastUpdated", "\"2020-01-01T00:00:00Z\"", true, TS_DPP_BAD,
         "/lastUpdated: is not changed"},
        {&owner, "$.touchstone.safety[0]", "null", true, TS_DPP_BAD, "passport: /safety/0"},
        {&owner, "$.touchstone.safety[0].status", "\"lifted\"", true, TS_DPP_BAD,
         "passport: /safety/0"},
        {&owner, "$.touchstone.predecessors", "[]", true, TS_DPP_BAD, "passport: /predecessors/0"},
        {&clerk, "$.testReports", "[]", true, TS_DPP_NOT_HERE, "the passport shows no element"},
        {&clerk, "$.inner.note", "1", true, TS_DPP_NOT_HERE, "the passport shows no element"},
        {&clerk, "$[?@.note]", "null", true, TS_DPP_NOT_HERE, "the passport shows no element"},
        {&clerk, "$.inner", "{\"note\":1}", true, TS_DPP_BAD, "passport: /elements/inner/note"},
        {&clerk, "$.inner", "{\"note\":null}", true, TS_DPP_NOT_YOURS,
         "the change touches what is not shown"},
        {&other, "$.batteryMass", "1", true, TS_DPP_NOT_YOURS,
         "the passport is another operator's"},
    };
    ts_dpp d;
    ts_error e;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ts_dpp_result r = set_element(*list[i].by, list[i].path, list[i].body, list[i].bare,
                                      TS_EN_COMPRESSED, &d, &e);
        if (r != list[i].result || !ts_str_starts(ts_str_c(e.msg), ts_str_c(list[i].message)))
            fail_msg("%s %s: %d, %s", list[i].path, list[i].body, r, e.msg);
    }
    assert_int_equal(versions("urn:b"), 1);
    /* what is seen of a group can be taken away; the rest stays */
    assert_int_equal(set_element(clerk, "$.inner", "null", true, TS_EN_COMPRESSED, &d, &e),
                     TS_DPP_DONE);
    assert_str(d.json, "{\"elementId\":\"inner\"}");
    assert_true(says(stored("urn:b"), "\"inner\":{\"note\":{\"n\":[1,2]}}"));
}

/* ---- beginnings and ends ---- */

#define NEW(id, operator, more)                                                                    \
    "{\"digitalProductPassportId\":\"" id "\",\"uniqueProductIdentifier\":\"https://id.gs1.org/"   \
    "01/09521234543213/21/N1\",\"granularity\":\"item\",\"dppSchemaVersion\":\"EN "                \
    "18223:2026\",\"dppStatus\":\"active\",\"lastUpdated\":\"2020-01-01T00:00:00Z\","              \
    "\"economicOperatorId\":\""                                                                    \
    operator"\"" more "}"
#define BESIDE                                                                                     \
    ",\"touchstone\":{\"product\":{\"name\":\"N\"},\"packs\":[{\"id\":\"battery\",\"category\":"   \
    "\"lmt\"}]}"

static void creates(void **state) {
    (void)state;
    ts_dpp d;
    ts_error e = {0};
    ts_dpp_change c = change_of(owner, "",
                                NEW("urn:new", "did:web:m.example",
                                    BESIDE ",\"batteryCategory\":\"LMT\",\"testReports\":[1]"));
    c.list = TS_S("https://m.example/status/1");
    if (ts_dpp_create(&a, &c, &d, &e) != TS_DPP_DONE) fail_msg("%s", e.msg);
    assert_str(d.row.id, "urn:new");
    assert_int_equal(d.row.version, 1);
    assert_int_equal(d.row.at, NOW + 100); /* the server's time, not what was sent */
    assert_true(says(d.json, "testReports"));
    assert_sealed("urn:new");
    ts_secured_rows rows = {0};
    assert_true(ts_store_secured(s, &a, TS_S("urn:new"), 1, &rows, &e) && rows.n == 1);
    assert_str(rows.v[0].list, "https://m.example/status/1");
    assert_int_equal(ts_dpp_create(&a, &c, &d, &e), TS_DPP_CONFLICT);
    assert_string_equal(e.msg, "there is a passport urn:new already");
    /* full form */
    c.body = TS_S(NEW("urn:full", "did:web:m.example",
                      ",\"contentSpecificationIds\":[\"urn:x-touchstone:pack:battery:1\"],"
                      "\"elements\":[{\"elementId\":\"batteryCategory\",\"objectType\":"
                      "\"SingleValuedDataElement\",\"value\":\"LMT\"}]"));
    assert_int_equal(ts_dpp_create(&a, &c, &d, &e), TS_DPP_BAD);
    c.form = TS_EN_FULL;
    if (ts_dpp_create(&a, &c, &d, &e) != TS_DPP_DONE) fail_msg("%s", e.msg);
    assert_true(says(d.json, "\"objectType\""));
}

static void not_created(void **state) {
    (void)state;
    static const struct {
        const ts_asker *by;
        const char *body;
        ts_dpp_result result;
        const char *message;
    } list[] = {
        {&owner, "", TS_DPP_BAD, ""},
        {&owner, "7", TS_DPP_BAD, "the body must be a JSON object"},
        {&owner, "{}", TS_DPP_BAD, "EN 18223: the member \"digitalProductPassportId\""},
        {&owner, NEW("no uri", "did:web:m.example", BESIDE), TS_DPP_BAD, "passport: /id"},
        {&owner, NEW("urn:n", "did:web:x.example", BESIDE), TS_DPP_NOT_YOURS,
         "/economicOperatorId: is not the operator"},
        {&anybody, NEW("urn:n", "did:web:m.example", BESIDE), TS_DPP_NOT_YOURS,
         "/economicOperatorId: is not the operator"},
        {&other, NEW("urn:b", "did:web:m.example", BESIDE), TS_DPP_NOT_YOURS,
         "/economicOperatorId: is not the operator"},
        {&owner, NEW("urn:n", "did:web:m.example", BESIDE ",\"odd\":1"), TS_DPP_BAD,
         "passport: /elements/odd"},
        {&owner,
         NEW("urn:n", "did:web:m.example",
             ",\"touchstone\":{\"safety\":[{\"status\":\"lifted\",\"by\":{\"id\":\"did:web:office."
             "example\"},\"at\":\"2025-01-01T00:00:00Z\"}]}"),
         TS_DPP_BAD, "/touchstone/safety: an entry by did:web:office.example"},
    };
    ts_dpp d;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        ts_error e = {0};
        ts_dpp_change c = change_of(*list[i].by, "", list[i].body);
        ts_dpp_result r = ts_dpp_create(&a, &c, &d, &e);
        if (r != list[i].result || !ts_str_starts(ts_str_c(e.msg), ts_str_c(list[i].message)))
            fail_msg("%zu: %d, %s", i, r, e.msg);
        assert_int_equal(versions("urn:n"), 0);
    }
    ts_error e = {0};
    ts_dpp_change c = change_of(owner, "", NEW("urn:n", "did:web:m.example", BESIDE));
    c.sign.key = 0;
    assert_int_equal(ts_dpp_create(&a, &c, &d, &e), TS_DPP_UNSIGNED);
    assert_int_equal(versions("urn:n"), 0);
}

/* A product whose passport is another operator's is not taken over while that one is active. */
static void one_operator(void **state) {
    (void)state;
    static const char theirs[] = NEW("urn:theirs", "did:web:x.example", BESIDE);
    ts_dpp d;
    ts_error e = {0};
    ts_dpp_change c = change_of(owner, "", NEW("urn:n", "did:web:m.example", BESIDE));
    assert_int_equal(ts_dpp_create(&a, &c, &d, &e), TS_DPP_DONE);
    c = change_of(owner, "", NEW("urn:n2", "did:web:m.example", BESIDE));
    assert_int_equal(ts_dpp_create(&a, &c, &d, &e), TS_DPP_DONE);
    must_patch(change_of(owner, "urn:n", "{\"dppStatus\":\"inactive\"}"), &d);
    c = change_of(other, "", theirs);
    assert_int_equal(ts_dpp_create(&a, &c, &d, &e), TS_DPP_CONFLICT);
    assert_string_equal(e.msg, "/uniqueProductIdentifier: another operator's passport of this "
                               "product, urn:n2, is active here");
    assert_int_equal(versions("urn:theirs"), 0);
    must_patch(change_of(owner, "urn:n2", "{\"dppStatus\":\"inactive\"}"), &d);
    assert_int_equal(ts_dpp_create(&a, &c, &d, &e), TS_DPP_DONE);
}

static void archives(void **state) {
    (void)state;
    ts_dpp d;
    ts_error e = {0};
    ts_dpp_change c = change_of(other, "urn:b", "");
    assert_int_equal(ts_dpp_archive(&a, &c, &d, &e), TS_DPP_NOT_YOURS);
    c = change_of(owner, "urn:none", "");
    assert_int_equal(ts_dpp_archive(&a, &c, &d, &e), TS_DPP_NOT_HERE);
    c = change_of(clerk, "urn:b", "");
    assert_int_equal(ts_dpp_archive(&a, &c, &d, &e), TS_DPP_DONE);
    assert_int_equal(ts_dpp_archive(&a, &c, &d, &e), TS_DPP_DONE);
    assert_int_equal(versions("urn:b"), 2);
    assert_sealed("urn:b");
    /* all of it can be read, and says what it is; it is not changed any more */
    assert_int_equal(reads(owner, "urn:b", 0, TS_EN_COMPRESSED, &d, &e), TS_DPP_DONE);
    assert_true(says(d.json, "\"dppStatus\":\"archived\"") && says(d.json, "testReports"));
    refuses(change_of(owner, "urn:b", "{\"dppStatus\":\"active\"}"), TS_DPP_CONFLICT,
            "the passport is archived");
    assert_int_equal(
        set_element(owner, "$.dppStatus", "\"active\"", true, TS_EN_COMPRESSED, &d, &e),
        TS_DPP_CONFLICT);
    const ts_dpp_query q = {.store = s,
                            .is_product = true,
                            .at = TS_NO_TIME,
                            .id = TS_S("https://id.gs1.org/01/09521234543213/21/B1")},
                       then = {.store = s, .id = TS_S("urn:b"), .at = NOW + 99};
    assert_int_equal(ts_dpp_read(&a, &q, &d, &e), TS_DPP_NOT_HERE);
    assert_string_equal(e.msg,
                        "no passport of the product https://id.gs1.org/01/09521234543213/21/B1 is "
                        "active; urn:b is archived and can be read by its id");
    assert_int_equal(ts_dpp_read(&a, &then, &d, &e), TS_DPP_DONE);
    assert_true(says(d.json, "\"dppStatus\":\"active\""));
}

/* ---- finding ---- */

static ts_dpp_result find(const char *const *products, size_t n, ts_str cursor, size_t limit,
                          ts_strs *ids, ts_str *next, ts_error *e) {
    ts_str list[8] = {0};
    for (size_t i = 0; i < n; i++) list[i] = ts_str_c(products[i]);
    *ids = (ts_strs){0};
    *e = (ts_error){0};
    return ts_dpp_find(&a, s, list, n, cursor, limit, ids, next, e);
}

static const char *const both[] = {
    "https://id.gs1.org/01/09521234543213/21/B2", "https://x.example/01/9521234543213/21/B1",
    "https://id.gs1.org/01/09521234543213/21/B1", "https://id.gs1.org/01/09521234543213/21/NONE"};

static void finds(void **state) {
    (void)state;
    ts_strs ids;
    ts_str next;
    ts_error e;
    for (int i = 0; i < 9; i++) {
        char id[20];
        snprintf(id, sizeof id, "urn:b:%d", i);
        issue(document(id, "B1", false), NOW + i);
    }
    assert_int_equal(find(both, 4, TS_NONE, 100, &ids, &next, &e), TS_DPP_DONE);
    assert_int_equal(ids.n, 11);
    assert_int_equal(next.n, 0);
    /* exactly as many as there are: no page follows */
    assert_int_equal(find(both, 4, TS_NONE, 11, &ids, &next, &e), TS_DPP_DONE);
    assert_int_equal(next.n, 0);
    ts_strs all = ids, seen = {0};
    /* page by page, while others are put in before and behind */
    ts_str cursor = TS_NONE;
    for (int page = 0; page < 20; page++) {
        assert_int_equal(find(both, 4, cursor, 2, &ids, &next, &e), TS_DPP_DONE);
        assert_true(ids.n <= 2);
        for (size_t i = 0; i < ids.n; i++) *ts_push(&a, &seen) = ids.v[i];
        if (page == 1) issue(document("urn:a", "B1", false), NOW + 20);
        if (page == 2) issue(document("urn:z", "B2", false), NOW + 20);
        if (!next.n) break;
        cursor = next;
    }
    assert_int_equal(next.n, 0);
    assert_int_equal(seen.n, 12); /* the one behind is seen, the one before is not */
    size_t k = 0;
    for (size_t i = 0; i < seen.n; i++)
        if (k < all.n && ts_str_eq(seen.v[i], all.v[k])) k++;
    assert_int_equal(k, all.n);
}

static void not_found(void **state) {
    (void)state;
    ts_strs ids;
    ts_str next;
    ts_error e;
    assert_int_equal(find(both, 0, TS_NONE, 1, &ids, &next, &e), TS_DPP_BAD);
    assert_int_equal(find(both + 3, 1, TS_NONE, 1, &ids, &next, &e), TS_DPP_DONE);
    assert_int_equal(ids.n + next.n, 0);
    static const char *const bad[] = {"https://id.gs1.org/01/09521234543214"};
    assert_int_equal(find(bad, 1, TS_NONE, 1, &ids, &next, &e), TS_DPP_BAD);
    assert_true(ts_str_starts(ts_str_c(e.msg), TS_S("/productIds/0: ")));
    /* cursors of others: refused, or harmless */
    assert_int_equal(find(both, 4, TS_S("%%%"), 1, &ids, &next, &e), TS_DPP_BAD);
    assert_int_equal(find(both, 4, TS_S("AAAA"), 1, &ids, &next, &e), TS_DPP_BAD);
    assert_string_equal(e.msg, "the cursor is none that was given here; begin again without one");
    ts_str forged = ts_base64url(&a, TS_S("https://id.gs1.org/01/1\n\xff\n\0"));
    assert_int_equal(find(both, 4, forged, 10, &ids, &next, &e), TS_DPP_DONE);
    assert_int_equal(ids.n, 0);
    ts_str strange = ts_base64url(&a, TS_S("\n"));
    assert_int_equal(find(both, 4, strange, 10, &ids, &next, &e), TS_DPP_DONE);
    assert_int_equal(ids.n, 2);
    ts_str many[TS_DPP_PRODUCTS + 1];
    for (size_t i = 0; i <= TS_DPP_PRODUCTS; i++) many[i] = ts_str_c(both[0]);
    ids = (ts_strs){0};
    assert_int_equal(ts_dpp_find(&a, s, many, TS_DPP_PRODUCTS, TS_NONE, 5, &ids, &next, &e),
                     TS_DPP_DONE);
    assert_int_equal(ids.n, 1);
    assert_int_equal(ts_dpp_find(&a, s, many, TS_DPP_PRODUCTS + 1, TS_NONE, 5, &ids, &next, &e),
                     TS_DPP_BAD);
}

int main(void) {
    a = test_arena();
    key = maker_key(&a, "change.pem", TS_KEY_ED25519);
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(who_sees_what),
        T(elements),
        T(products_and_dates),
        T(patches),
        T(what_is_not_patched),
        T(own_safety),
        T(lost_updates),
        T(hidden_stays),
        T(hidden_is_not_opened),
        T(nothing_is_told),
        T(no_name_is_told),
        T(one_element),
        T(elements_not_set),
        T(creates),
        T(not_created),
        T(one_operator),
        T(archives),
        T(finds),
        T(not_found),
    };
    int failed = cmocka_run_group_tests(tests, 0, 0);
    ts_key_free(key);
    return failed;
}
