#include "samples.h"

static ts_document read_ok(ts_arena *a, ts_str text) {
    ts_document d;
    ts_error e = {0};
    assert_ok(ts_document_read(a, text, &d, &e), e);
    return d;
}

static void test_reads(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_document d = read_ok(&a, ts_str_c(sample_item));
    assert_str(d.id, "https://id.example.com/passports/1");
    assert_true(d.grain == TS_GRAIN_ITEM && d.status == TS_DPP_ACTIVE);
    assert_true(d.product.kind == TS_PID_GS1);
    assert_str(ts_gs1_get(&d.product.link.ais, "21"), "S1");
    assert_str(ts_json_str(ts_json_member(d.product_node, "name")), "Lamp");
    assert_str(d.operator_id, "did:web:example.com");
    assert_str(d.operator_name, "Maker");
    assert_str(ts_json_str(ts_json_member(d.facility_node, "name")), "Works");
    assert_str(d.model, "https://id.example.com/passports/m");
    assert_str(d.batch, "");
    assert_int_equal(d.packs.n, 1);
    assert_str(d.packs.v[0].id, "lamp");
    assert_str(d.packs.v[0].category, "outdoor");
    assert_int_equal(d.predecessors.n, 1);
    assert_str(d.predecessors.v[0].relation, "repurposed");
    assert_int_equal(d.components.n, 1);
    assert_str(d.components.v[0].name, "Bulb");
    assert_non_null(d.sbom);
}

static void test_least(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_document d = read_ok(&a, ts_str_c(sample_least));
    assert_true(d.grain == TS_GRAIN_MODEL && d.product.kind == TS_PID_LINK);
    assert_true(!d.elements && !d.classes && !d.sbom && !d.facility_node && !d.packs.n);
    assert_null(ts_document_element(&d, TS_S("a")));
    const ts_safety_entry *s = ts_document_safety(&d);
    assert_true(s->status == TS_SAFETY_NONE_KNOWN && !s->node && !s->text);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(ts_dpp_status_name(TS_DPP_ACTIVE), "active");
    assert_string_equal(ts_dpp_status_name(TS_DPP_INVALID), "invalid");
    assert_string_equal(ts_safety_status_name(TS_SAFETY_NONE_KNOWN), "none_known");
    assert_string_equal(ts_safety_status_name(TS_SAFETY_WITHDRAWN), "withdrawn");
    assert_string_equal(ts_safety_status_name(TS_SAFETY_LIFTED), "lifted");
}

/* The gravest that stands, whatever the order in which they are written. */
static void test_safety(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_document d = read_ok(&a, ts_str_c(sample_item));
    assert_int_equal(d.safety.n, 2);
    assert_true(d.safety.v[0].status == TS_SAFETY_WARNING);
    const ts_safety_entry *s = ts_document_safety(&d);
    assert_true(s->status == TS_SAFETY_RECALLED);
    assert_int_equal(s->at, ts_day_of(2026, 11, 20) * 86400LL + 10 * 3600);
    assert_int_equal(s->at, d.safety.v[0].at + 1);
    assert_str(s->by_name, "A");
    assert_str(s->notice, "n:1");
    assert_str(ts_json_str(ts_json_member(s->text, "de")), "Halt");
    ts_str text = with(&a, sample_item, "09:59:59.25Z", "10:00:00.000000001Z");
    d = read_ok(&a, text);
    assert_true(d.safety.v[1].status == TS_SAFETY_WARNING);
    assert_true(ts_document_safety(&d)->status == TS_SAFETY_RECALLED); /* of another notice */
    assert_null(ts_document_safety_end(&d, 0));
}

/* Entries as "status notice", a second apart; what stands, and which entry ended the first. */
static void test_safety_stands(void **state) {
    (void)state;
    static const struct {
        const char *entries[4];
        ts_safety_status stands;
        int first_ends; /* index, or 0 */
    } cases[] = {
        {{"recalled n:1", "warning n:2"}, TS_SAFETY_RECALLED, 0},
        {{"recalled n:1", "warning n:1"}, TS_SAFETY_WARNING, 1},
        {{"recalled n:1", "warning n:2", "lifted n:1"}, TS_SAFETY_WARNING, 2},
        {{"recalled n:1", "lifted n:2"}, TS_SAFETY_RECALLED, 0},
        {{"recalled n:1", "lifted "}, TS_SAFETY_LIFTED, 1},
        {{"recalled n:1", "warning ", "lifted n:1"}, TS_SAFETY_WARNING, 2},
        {{"warning ", "withdrawn n:1"}, TS_SAFETY_WITHDRAWN, 0},
        {{"withdrawn n:1", "recalled n:2", "warning n:3"}, TS_SAFETY_RECALLED, 0},
        {{"recalled n:1", "lifted n:1", "recalled n:1"}, TS_SAFETY_RECALLED, 1},
        {{"lifted n:1"}, TS_SAFETY_LIFTED, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_arena a = test_arena();
        ts_buf b = ts_buf_new(&a, 4000);
        for (int k = 0; k < 4 && cases[i].entries[k]; k++) {
            ts_str notice = ts_str_c(cases[i].entries[k]), status = ts_str_cut(&notice, ' ');
            ts_buf_fmt(
                &b, "%s{\"status\":\"%.*s\",\"by\":{\"id\":\"x\"},\"at\":\"2026-11-20T10:00:0%dZ\"",
                k ? "," : ",\"safety\":[", TS_P(status), k);
            if (notice.n) ts_buf_fmt(&b, ",\"notice\":\"%.*s\"", TS_P(notice));
            ts_buf_c(&b, '}');
        }
        ts_buf_lit(&b, "]}");
        ts_str least = ts_str_trim(ts_str_c(sample_least));
        ts_str parts[] = {ts_str_to(least, least.n - 1), ts_buf_str(&b)};
        ts_document d = read_ok(&a, ts_str_join(&a, parts, 2, TS_NONE));
        const ts_safety_entry *end = ts_document_safety_end(&d, 0);
        if (ts_document_safety(&d)->status != cases[i].stands ||
            end != (cases[i].first_ends ? &d.safety.v[cases[i].first_ends] : 0))
            fail_msg("case %zu", i);
    }
}

static void test_element(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_document d = read_ok(&a, ts_str_c(sample_item));
    assert_str(ts_json_str(ts_document_element(&d, TS_S("maker.name"))), "M");
    assert_str(ts_json_text(ts_document_element(&d, TS_S("light.power.value"))), "3.20");
    assert_true(ts_json_is(ts_document_element(&d, TS_S("light")), TS_JSON_OBJECT));
    assert_str(ts_json_str(ts_document_element(&d, TS_S("inner.more"))), "https://example.com");
    assert_true(ts_json_is(ts_document_element(&d, TS_S("inner.note.n")), TS_JSON_NULL));
    assert_null(ts_document_element(&d, TS_S("inner")));
    assert_null(ts_document_element(&d, TS_S("maker.nam")));
    assert_null(ts_document_element(&d, TS_S("maker.name.x")));
    assert_null(ts_document_element(&d, TS_S("light.tested.0")));
    assert_null(ts_document_element(&d, TS_NONE));
    assert_null(ts_document_element(&d, TS_S("hint.")));
}

/* A change of the passport of an item, and what is said of it. */
static const struct {
    const char *from, *to, *error;
} faults[] = {
    {"touchstone-passport-1", "touchstone-passport-9",
     "passport: /format: \"touchstone-passport-9\" is not known; this program reads "
     "\"touchstone-passport-1\""},
    {"\"format\":\"touchstone-passport-1\",", "", "passport: the member \"format\" is missing"},
    {"\"status\":\"active\",", "\"staus\":\"active\",",
     "passport: /staus: is not known here; did you mean \"status\"?"},
    {"\"status\":\"active\",", "\"status\":\"active\",\"element\":{},",
     "passport: /element: is not known here; did you mean \"elements\"?"},
    {"\"status\":\"active\",", "\"status\":\"active\",\"proof\":{},",
     "passport: /proof: is not known here; the members are format, id, granularity, product, "
     "operator, facility, links, packs, status, elements, classes, safety, predecessors, "
     "components, sbom"},
    {"\"status\":\"active\",", "\"status\":\"Active\",",
     "passport: /status: \"Active\" is none of: active, inactive, archived, invalid"},
    {"\"status\":\"active\",", "\"status\":\"recalled\",",
     "passport: /status: \"recalled\" is said by an entry in \"safety\"; the status is one of: "
     "active, inactive, archived, invalid"},
    {"\"status\":\"active\",", "\"status\":1,",
     "passport: /status: must be a text, but is a number"},
    {"\"granularity\":\"item\"", "\"granularity\":\"serial\"",
     "passport: /granularity: \"serial\" is none of: model, batch, item"},
    {"\"granularity\":\"item\"", "\"granularity\":\"batch\"",
     "passport: /product/id: does not fit \"granularity\": \"batch\": it names an item; change "
     "one of the two"},
    {"/10/B7/21/S1", "/10/B7",
     "passport: /product/id: does not fit \"granularity\": \"item\": it names a batch (AI 10) "
     "without serial number (AI 21); change one of the two"},
    {"/10/B7/21/S1", "",
     "passport: /product/id: does not fit \"granularity\": \"item\": it names a model, neither "
     "batch (AI 10) nor serial number (AI 21); change one of the two"},
    {"\"batchNumber\":\"B7\"", "\"batchNumber\":\"B8\"",
     "passport: /product/batchNumber: \"B8\" is not \"B7\", as AI 10 of the product's identifier "
     "says"},
    {"\"batchNumber\":\"B7\"", "\"itemNumber\":\"S2\"",
     "passport: /product/itemNumber: \"S2\" is not \"S1\", as AI 21 of the product's identifier "
     "says"},
    {"\"batchNumber\":\"B7\"", "\"idGranularity\":\"batch\"",
     "passport: /product/idGranularity: is not the passport's granularity, \"item\"; leave it "
     "out"},
    {"\"batchNumber\":\"B7\"", "\"batchnumber\":\"B7\"",
     "passport: /product/batchnumber: is not known here; did you mean \"batchNumber\"?"},
    {"\"batchNumber\":\"B7\"", "\"productCategory\":{}",
     "passport: /product/productCategory: must be a list, but is an object"},
    {"\"2026-10-01\"", "\"2026-10-32\"",
     "passport: /product/productionDate: \"2026-10-32\" is no date; write YYYY-MM-DD"},
    {"\"2026-10-01\"", "\"2026-10-01T00:00:00Z\"",
     "passport: /product/productionDate: \"2026-10-01T00:00:00Z\" is no date; write YYYY-MM-DD"},
    {"\"name\":\"Lamp\"", "\"name\":\" \"",
     "passport: /product/name: must be a text in one line, not blank, at most 2000 bytes"},
    {"\"name\":\"Lamp\"", "\"name\":\"a\\nb\"",
     "passport: /product/name: must be a text in one line, not blank, at most 2000 bytes"},
    {"\"name\":\"Lamp\",", "", "passport: /product: the member \"name\" is missing"},
    {"https://id.example.com/01/09521234543213/10/B7/21/S1", "(01)09521234543213(10)B7(21)S1",
     "passport: /product/id: must be an address or a DID; write it as "
     "https://id.gs1.org/01/09521234543213/10/B7/21/S1"},
    {"\"id\":\"https://id.example.com/passports/1\"", "\"id\":\"passports/1\"",
     "passport: /id: \"passports/1\" is no absolute URI; write an address (https://…), a DID "
     "(did:…) or a URN (urn:…)"},
    {"\"id\":\"https://id.example.com/passports/1\"", "\"id\":\"https:///passports/1\"",
     "passport: /id: \"https:///passports/1\" is no absolute URI; write an address (https://…), a "
     "DID (did:…) or a URN (urn:…)"},
    {"\"id\":\"https://id.example.com/passports/1\"", "\"id\":\"\"",
     "passport: /id: must not be empty"},
    {"\"id\":\"did:web:example.com\"", "\"id\":\"Maker GmbH\"",
     "passport: /operator/id: \"Maker GmbH\" is no absolute URI; write an address (https://…), a "
     "DID (did:…) or a URN (urn:…)"},
    {"\"id\":\"did:web:example.com\"", "\"ID\":\"did:web:example.com\"",
     "passport: /operator/ID: is not known here; did you mean \"id\"?"},
    {"{\"model\":\"https://id.example.com/passports/m\"}",
     "{\"model\":\"https://id.example.com/passports/1\"}",
     "passport: /links/model: is this passport itself"},
    {"{\"model\":\"https://id.example.com/passports/m\"}",
     "{\"batch\":\"urn:a:b\",\"model\":\"urn:a:b\"}",
     "passport: /links: model and batch are the same passport"},
    {"{\"model\":\"https://id.example.com/passports/m\"}", "{\"item\":\"urn:a:b\"}",
     "passport: /links/item: is not known here; the members are model, batch"},
    {"\"packs\":[{\"id\":\"lamp\",\"category\":\"outdoor\"}]",
     "\"packs\":[{\"id\":\"lamp\"},{\"id\":\"lamp\"}]",
     "passport: /packs/1/id: stands here twice; leave one out"},
    {"\"packs\":[{\"id\":\"lamp\",\"category\":\"outdoor\"}]", "\"packs\":[\"lamp\"]",
     "passport: /packs/0: must be an object, but is a text"},
    {"\"packs\":[{\"id\":\"lamp\"", "\"packs\":[{\"id\":\"../lamp\"",
     "passport: /packs/0/id: \"../lamp\" is no name of a pack"},
    {"\"category\":\"outdoor\"", "\"category\":\"Outdoor\"",
     "passport: /packs/0/category: \"Outdoor\" is no name of a category"},
    {"\"made\":", "\"made in\":",
     "passport: /elements/made in: is no name of an element: letters, digits and _, beginning "
     "with a letter, joined by dots"},
    {"\"made\":", "\"facilityId\":",
     "passport: /elements/facilityId: the name \"facilityId\" belongs to the header of EN 18223 "
     "or to what stands beside it; choose another"},
    {"\"made\":", "\"sbom.made\":",
     "passport: /elements/sbom.made: the name \"sbom\" belongs to the header of EN 18223 or to "
     "what stands beside it; choose another"},
    {"\"made\":", "\"inner.note.made\":",
     "passport: /elements/inner.note: has others inside it; write one into the other, as objects"},
    {"\"made\":", "\"hint.made\":",
     "passport: /elements/hint.made: lies inside another: hint; write one into the other, as "
     "objects"},
    {"\"classes\":{\"inner\":", "\"classes\":{\"inner.x\":\"a\",\"inner\":",
     "passport: /classes/inner: has others inside it; leave one of them out"},
    {"\"classes\":{\"inner\":", "\"classes\":{\"inner.\":",
     "passport: /classes/inner.: is no id of an element, nor \"sbom\""},
    {"\"classes\":{\"inner\":", "\"classes\":{\"touchstone\":",
     "passport: /classes/touchstone: is no id of an element, nor \"sbom\""},
    {"\"inner\":\"repair\"", "\"inner\":\"Repair\"",
     "passport: /classes/inner: \"Repair\" is no name of a class"},
    {"\"inner\":\"repair\"", "\"inner\":[\"repair\"]",
     "passport: /classes/inner: must be a text, but is a list"},
    {"\"status\":\"recalled\"", "\"status\":\"none_known\"",
     "passport: /safety/0/status: is what holds without entries; to take a warning "
     "or recall back, write an entry \"lifted\""},
    {"\"status\":\"recalled\"", "\"status\":\"safe\"",
     "passport: /safety/0/status: \"safe\" is none of: warning, recalled, withdrawn, lifted"},
    {"2026-11-20T11:00:00+01:00", "2026-11-20T11:00:00",
     "passport: /safety/0/at: \"2026-11-20T11:00:00\" is no instant; write 2026-11-20T10:00:00Z"},
    {"2026-11-20T11:00:00+01:00", "2026-11-20T24:00:01Z",
     "passport: /safety/0/at: \"2026-11-20T24:00:01Z\" is no instant; write 2026-11-20T10:00:00Z"},
    {"2026-11-20T11:00:00+01:00", "2026-11-20T11:00:00.Z",
     "passport: /safety/0/at: \"2026-11-20T11:00:00.Z\" is no instant; write "
     "2026-11-20T10:00:00Z"},
    {"2026-11-20T11:00:00+01:00", "2026-11-20T11:00:00+0100",
     "passport: /safety/0/at: \"2026-11-20T11:00:00+0100\" is no instant; write "
     "2026-11-20T10:00:00Z"},
    {"2026-11-20T11:00:00+01:00", "2026-11-31T11:00:00Z",
     "passport: /safety/0/at: \"2026-11-31T11:00:00Z\" is no instant; write 2026-11-20T10:00:00Z"},
    {"{\"id\":\"x\"}", "{\"name\":\"x\"}", "passport: /safety/1/by: the member \"id\" is missing"},
    {"{\"id\":\"x\"}", "\"x\"", "passport: /safety/1/by: must be an object, but is a text"},
    {"\"de\":\"Halt\"", "\"de\":\" \"", "passport: /safety/0/text/de: must not be blank"},
    {"\"de\":\"Halt\"", "\"german text\":\"Halt\"",
     "passport: /safety/0/text/german text: is no language tag, such as en, de or zh"},
    {"{\"en\":\"Stop\",\"de\":\"Halt\"}", "{}", "passport: /safety/0/text: must not be empty"},
    {"\"id\":\"https://id.example.com/passports/0\"",
     "\"id\":\"https://id.example.com/passports/1\"",
     "passport: /predecessors/0/id: is this passport itself"},
    {"\"relation\":\"repurposed\"", "\"relation\":\"made from\"",
     "passport: /predecessors/0/relation: \"made from\" is no relation: one word of small "
     "letters, digits and _, such as repurposed"},
    {"\"relation\":\"repurposed\"", "\"name\":\"x\"",
     "passport: /predecessors/0: the member \"relation\" is missing"},
    {"\"relation\":\"repurposed\"}",
     "\"relation\":\"reused\"},{\"id\":\"https://id.example.com/passports/0\",\"relation\":\"x\"}",
     "passport: /predecessors/1/id: stands here twice; leave one out"},
    {"\"id\":\"https://id.example.com/passports/c\"",
     "\"id\":\"https://id.gs1.org/01/09521234543213/10/B7/21/S1\"",
     "passport: /components/0/id: is this passport itself"},
    {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
     "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff",
     "passport: /sbom/digest: is no SHA-256: 64 hexadecimal digits in small letters"},
    {"\"url\":\"https://example.com/sbom\"", "\"url\":\"ftp://example.com/sbom\"",
     "passport: /sbom/url: is no absolute http or https address"},
    {"\"mercury\":1e-3", "\"mercury\":1e400",
     "passport: /elements/mercury: is too large a number; write it as a text"},
};

static void test_faults(void **state) {
    (void)state;
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        ts_arena work = a;
        ts_error e = {0};
        ts_document d;
        ts_str text = with(&work, sample_item, faults[i].from, faults[i].to);
        bool ok = ts_document_read(&work, text, &d, &e);
        size_t n = strlen(faults[i].error);
        if (ok || e.code != TS_E_INPUT || strncmp(e.msg, faults[i].error, n) != 0)
            fail_msg("%s\n       instead of %s", ok ? "accepted" : e.msg, faults[i].error);
    }
}

/* What may be where the sample has something else. */
static void test_accepted(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
    } changes[] = {
        {"\"batchNumber\":\"B7\"", "\"batchNumber\":\"B7\",\"itemNumber\":\"S1\","
                                   "\"idGranularity\":\"item\",\"type\":[\"Product\"]"},
        {"{\"model\":\"https://id.example.com/passports/m\"}",
         "{\"batch\":\"urn:a:b\",\"model\":\"urn:a:c\"}"},
        {"{\"model\":\"https://id.example.com/passports/m\"}", "{}"},
        {"https://id.example.com/01/09521234543213/10/B7/21/S1", "did:web:example.com:lamp:1"},
        {"https://id.example.com/01/09521234543213/10/B7/21/S1", "https://example.com/lamp/1"},
        {"\"made\":", "\"inner.notes\":"},
        {"\"status\":\"active\"", "\"status\":\"archived\""},
        {"2026-11-20T11:00:00+01:00", "2026-11-20T11:00:00.123456789-13:59"},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        read_ok(&a, with(&a, sample_item, changes[i].from, changes[i].to));
}

static void check_links(ts_arena a, const char *text, const char *link, const char *error) {
    ts_error e = {0};
    ts_document d;
    ts_buf b = ts_buf_new(&a, 200);
    ts_buf_fmt(&b, "\"status\":\"active\",\"links\":{\"%s\":\"urn:a:b\"}", link);
    ts_str changed = with(&a, text, "\"status\":\"active\"", ts_str_z(&a, ts_buf_str(&b)));
    bool ok = ts_document_read(&a, changed, &d, &e);
    if (error)
        assert_fails(ok, e, error);
    else
        assert_ok(ok, e);
}

static void test_links_by_level(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *batch = ts_str_z(
        &a, with(&a, sample_least, "\"granularity\":\"model\"", "\"granularity\":\"batch\""));
    check_links(a, batch, "model", 0);
    check_links(a, batch, "batch",
                "passport: /links/batch: a passport at batch level has no link to a batch: an item "
                "links its batch or model, a batch its model");
    check_links(a, sample_least, "model",
                "passport: /links/model: a passport at model level has no link to a model: an item "
                "links its batch or model, a batch its model");
}

/* ---- limits ---- */

static void check_name(ts_arena a, const char *name, bool good) {
    ts_error e = {0};
    ts_document d;
    ts_str text =
        with(&a, sample_item, "\"made\":",
             ts_str_z(&a, ts_str_join(&a, (ts_str[]){TS_S("\""), ts_str_c(name), TS_S("\":")}, 3,
                                      TS_NONE)));
    assert_true(ts_document_read(&a, text, &d, &e) == good);
}

static void test_element_names(void **state) {
    (void)state;
    ts_arena a = test_arena();
    char name[202];
    memset(name, 'n', 201);
    name[201] = 0;
    check_name(a, name, false);
    name[200] = 0;
    check_name(a, name, true);
    check_name(a, "a1.b_.C.d.e.f.g.h", true);
    check_name(a, "a1.b_.C.d.e.f.g.h.i", false);
    static const char *const bad[] = {"",   ".",  "a.",  ".a",  "a..b",
                                      "1a", "_a", "a.1", "a-b", "\u00e4"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) check_name(a, bad[i], false);
}

static ts_str repeated(ts_arena *a, const char *head, const char *one, int n, const char *tail) {
    ts_buf b = ts_buf_new(a, 4 << 20);
    ts_buf_put(&b, ts_str_c(head));
    for (int i = 0; i < n; i++) {
        if (i) ts_buf_c(&b, ',');
        ts_str s = ts_str_c(one), before = ts_str_cut(&s, '#');
        ts_buf_put(&b, before);
        if (s.p) ts_buf_fmt(&b, "%d", i);
        ts_buf_put(&b, s);
    }
    ts_buf_put(&b, ts_str_c(tail));
    assert_false(b.full);
    return with(a, sample_least, "\"status\":\"active\"", ts_str_z(a, ts_buf_str(&b)));
}

static void test_limits(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const struct {
        const char *head, *one, *tail, *error;
        int max;
    } limits[] = {
        {"\"elements\":{", "\"a#\":1", "},\"status\":\"active\"",
         "passport: more than 4000 members directly in \"elements\"", 4000},
        {"\"classes\":{", "\"a#\":\"b\"", "},\"status\":\"active\"",
         "passport: more than 4000 entries in \"classes\"", 4000},
        {"\"packs\":[", "{\"id\":\"a#\"}", "],\"status\":\"active\"",
         "passport: more than 16 packs", 16},
        {"\"safety\":[",
         "{\"status\":\"lifted\",\"by\":{\"id\":\"x\"},\"at\":"
         "\"2026-11-20T10:00:00Z\"}",
         "],\"status\":\"active\"", "passport: more than 1000 entries in \"safety\"", 1000},
        {"\"predecessors\":[", "{\"id\":\"urn:a:#\",\"relation\":\"reused\"}",
         "],\"status\":\"active\"", "passport: more than 1000 predecessors", 1000},
        {"\"components\":[", "{\"id\":\"urn:a:b\"}", "],\"status\":\"active\"",
         "passport: more than 10000 components", 10000},
        {"\"safety\":[{\"status\":\"lifted\",\"by\":{\"id\":\"x\"},\"at\":"
         "\"2026-11-20T10:00:00Z\",\"text\":{",
         "\"en-x#\":\"y\"", "}}],\"status\":\"active\"",
         "passport: more than 100 languages in one text", 100},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        ts_arena work = a;
        ts_error e = {0};
        ts_document d;
        read_ok(&work,
                repeated(&work, limits[i].head, limits[i].one, limits[i].max, limits[i].tail));
        ts_str text =
            repeated(&work, limits[i].head, limits[i].one, limits[i].max + 1, limits[i].tail);
        assert_fails(ts_document_read(&work, text, &d, &e), e, limits[i].error);
        assert_int_equal(e.code, TS_E_LIMIT);
    }
}

static void test_size(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_document d;
    ts_str text = with(&a, sample_least, "\"status\":\"active\"}", "\"status\":\"active\"");
    ts_buf b = ts_buf_new(&a, 2 << 20);
    ts_buf_put(&b, text);
    while (b.n < TS_DOCUMENT_MAX) ts_buf_c(&b, ' ');
    b.p[b.n - 1] = '}';
    read_ok(&a, ts_buf_str(&b));
    ts_buf_c(&b, ' ');
    assert_fails(ts_document_read(&a, ts_buf_str(&b), &d, &e), e,
                 "passport: more than 1048576 bytes; keep long texts elsewhere and link them");
    assert_int_equal(e.code, TS_E_LIMIT);
    /* members of one object, and depth: refused by the reader of JSON */
    text = repeated(&a, "\"elements\":{\"a\":[", "1", 100001, "]},\"status\":\"active\"");
    assert_false(ts_document_read(&a, text, &d, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    read_ok(&a, repeated(&a, "\"elements\":{\"a\":[", "1", 100000, "]},\"status\":\"active\""));
    char deep[200] = "";
    for (size_t i = 0, n = 0; i < 62; i++) n += (size_t)snprintf(deep + n, 3, "[");
    for (size_t i = 0, n = 62; i < 62; i++) n += (size_t)snprintf(deep + n, 3, "]");
    read_ok(&a, repeated(&a, "\"elements\":{\"a\":", deep, 1, "},\"status\":\"active\""));
    ts_buf more = ts_buf_new(&a, 200);
    ts_buf_fmt(&more, "[%s]", deep);
    text = repeated(&a, "\"elements\":{\"a\":", ts_str_z(&a, ts_buf_str(&more)), 1,
                    "},\"status\":\"active\"");
    assert_false(ts_document_read(&a, text, &d, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
}

static void test_strict(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const char *const bad[] = {
        "",
        "{}",
        "null",
        "[]",
        "\xEF\xBB\xBF{}",
        "{\"format\":\"touchstone-passport-1\"} x",
        "{\"format\":\"touchstone-passport-1\",\"format\":\"touchstone-passport-1\"}",
        "{\"format\":\"touchstone-passport-1\",\"id\":\"\\ud800\"}",
        "{\"format\":\"touchstone-passport-1\",\"id\":\"\xFF\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_document d;
        ts_error e = {0};
        assert_false(ts_document_read(&a, ts_str_c(bad[i]), &d, &e));
        assert_true(e.code == TS_E_INPUT && e.msg[0]);
    }
}

/* ---- packs ---- */

static const struct {
    const char *from, *to, *error;
} pack_faults[] = {
    {"\"category\":\"outdoor\"", "\"category\":\"garden\"",
     "passport: /packs/0/category: the pack \"lamp\" has no category \"garden\"; it has: indoor, "
     "outdoor"},
    {"{\"id\":\"lamp\",\"category\":\"outdoor\"}", "{\"id\":\"base\",\"category\":\"outdoor\"}",
     "passport: /packs/0/category: the pack \"base\" has no category \"outdoor\"; it has none: "
     "leave it out"},
    {"\"id\":\"lamp\"", "\"id\":\"lamb\"", "no sample pack lamb"},
    {"\"inner\":\"repair\"", "\"inner\":\"repare\"",
     "passport: /classes/inner: no pack of this passport has the class \"repare\"; did you mean "
     "\"repair\"?"},
    {"\"inner\":\"repair\"", "\"inner\":\"secret\"",
     "passport: /classes/inner: no pack of this passport has the class \"secret\"; name one that "
     "a pack has"},
    {"\"inner\":\"repair\"", "\"inner\":\"repair\",\"hint\":\"repair\"",
     "passport: /classes/hint: the pack \"lamp\" gives a class to this element, or to one inside "
     "or around it; leave the entry out"},
    {"\"inner\":\"repair\"", "\"inner\":\"repair\",\"light\":\"repair\"",
     "passport: /classes/light: the pack \"lamp\" gives a class to this element, or to one inside "
     "or around it; leave the entry out"},
    {"\"inner\":\"repair\"", "\"inner\":\"repair\",\"hint.en\":\"repair\"",
     "passport: /classes/hint.en: the pack \"lamp\" gives a class to this element, or to one "
     "inside or around it; leave the entry out"},
    {"\"made\":", "\"make\":",
     "passport: /elements/make: no pack of this passport knows the element, so it has no "
     "disclosure class; name the pack, or give it a class in \"classes\""},
    {"{\"name\":\"M\"}", "{\"name\":\"M\",\"place\":\"P\"}",
     "passport: /elements/maker/place: no pack of this passport knows the element, so it has no "
     "disclosure class; name the pack, or give it a class in \"classes\""},
    {"{\"name\":\"M\"}", "\"M\"", "passport: /elements/maker: must be an object, but is a text"},
    {"{\"name\":\"M\"}", "{\"name.first\":\"M\"}",
     "passport: /elements/maker/name.first: no pack of this passport knows the element, so it has "
     "no disclosure class; name the pack, or give it a class in \"classes\""},
};

static void test_packs(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_packs packs;
    ts_error e = {0};
    /* "inner" is classed, and so is all that lies inside it */
    ts_str text =
        with(&a, sample_item, "\"inner.note\":{\"n\":null},\"inner.more\":\"https://example.com\"",
             "\"inner\":{\"note\":1}");
    const char *good = ts_str_z(&a, text);
    ts_document d = read_ok(&a, text);
    assert_ok(ts_document_packs(&a, &d, SAMPLE_FIND, &packs, &e), e);
    assert_int_equal(packs.n, 1);
    for (size_t i = 0; i < sizeof pack_faults / sizeof *pack_faults; i++) {
        ts_arena work = a;
        d = read_ok(&work, with(&work, good, pack_faults[i].from, pack_faults[i].to));
        assert_fails(ts_document_packs(&work, &d, SAMPLE_FIND, &packs, &e), e,
                     pack_faults[i].error);
    }
    d = read_ok(&a, ts_str_c(sample_least));
    assert_ok(ts_document_packs(&a, &d, SAMPLE_FIND, &packs, &e), e);
    assert_int_equal(packs.n, 0);
}

static void test_packs_apart(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const sample_pack list[] = {
        {"base", sample_base},
        {"more", PACK("more", "\"extends\":[\"base\"],\"elements\":[" ELEMENT("x.y", "text",
                                                                              "public", "") "]")},
        {"odd", PACK("odd", "\"extends\":[\"base\"],\"elements\":[" ELEMENT("x", "text", "public",
                                                                            "") "]")},
        {0, 0}};
    ts_packs packs;
    ts_error e = {0};
    ts_document d = read_ok(&a, with(&a, sample_least, "\"status\":\"active\"",
                                     "\"status\":\"active\",\"packs\":[{\"id\":\"base\"},"
                                     "{\"id\":\"more\"},{\"id\":\"odd\"}]"));
    assert_fails(ts_document_packs(&a, &d, sample_find, (void *)(uintptr_t)list, &packs, &e), e,
                 "passport: /packs: the packs do not go together: the element x of \"odd\" has "
                 "others inside it");
}

/* ---- views ---- */

static void test_view(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_document d = read_ok(&a, with(&a, sample_item, "\"classes\":{\"inner\":\"repair\",",
                                     "\"classes\":{\"inner.note\":\"repair\",\"inner.more\":"
                                     "\"watch\","));
    ts_packs packs;
    ts_str text;
    size_t omitted;
    assert_ok(ts_document_packs(&a, &d, SAMPLE_FIND, &packs, &e), e);
    assert_ok(ts_document_view(&a, &d, &packs, 0, &text, &omitted, &e), e);
    assert_int_equal(omitted, 7); /* opened, tested, made, mercury, note, more, sbom */
    size_t at = ts_str_find(text, TS_S("\"elements\""));
    ts_str elements = ts_str_to(ts_str_from(text, at), 96);
    assert_str(elements, "\"elements\":{\"hint\":{\"en\":\"hot\",\"zh-Hans\":\"\u70ed\"},\"light\":"
                         "{\"power\":{\"unit\":\"W\",\"value\":3.2}},\"make");
    assert_true(ts_str_find(text, TS_S("\"classes\":{},")) != TS_NPOS);
    assert_ok(ts_document_view(&a, &d, &packs, 1 << TS_AUD_AUTHORITY, &text, &omitted, &e), e);
    assert_int_equal(omitted, 3); /* opened, made, note */
    assert_true(ts_str_find(text, TS_S("\"classes\":{\"inner.more\":\"watch\",\"sbom\":\"watch\"},"
                                       "\"components\"")) != TS_NPOS);
    assert_true(ts_str_find(text, TS_S("\"sbom\":{")) != TS_NPOS);
    assert_ok(ts_document_view(&a, &d, &packs, 1 << TS_AUD_OPERATOR, &text, &omitted, &e), e);
    assert_int_equal(omitted, 0);
    ts_document again = read_ok(&a, text);
    assert_int_equal(again.elements->span, d.elements->span);
}

/* A way whose elements are all left out does not show; one that was empty does. */
static void test_view_ways(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_str text;
    ts_packs packs;
    ts_document d =
        read_ok(&a, with(&a, sample_least, "\"status\":\"active\"",
                         "\"status\":\"active\",\"packs\":[{\"id\":\"lamp\"}],\"elements\":"
                         "{\"light\":{\"tested\":[1]},\"maker\":{}}"));
    assert_ok(ts_document_packs(&a, &d, SAMPLE_FIND, &packs, &e), e);
    assert_ok(ts_document_view(&a, &d, &packs, 0, &text, 0, &e), e);
    assert_true(ts_str_find(text, TS_S("{\"elements\":{\"maker\":{}},\"format\"")) == 0);
    size_t omitted; /* what is no object leads nowhere */
    d = read_ok(&a, with(&a, sample_least, "\"status\":\"active\"",
                         "\"status\":\"active\",\"elements\":{\"light\":\"on\"}"));
    assert_ok(ts_document_view(&a, &d, &packs, 0, &text, &omitted, &e), e);
    assert_true(ts_str_find(text, TS_S("{\"elements\":{},\"format\"")) == 0 && omitted == 1);
}

/* ---- versions ---- */

static const struct {
    const char *from, *to, *error; /* error NULL: may follow */
} versions[] = {
    {"\"status\":\"active\"", "\"status\":\"archived\"", 0},
    {"\"hot\"", "\"cold\"", 0},
    {"did:web:example.com\"", "did:web:other.example\"", 0},
    {"https://id.example.com/01/", "https://other.example/01/", 0},
    {"\"safety\":[",
     "\"safety\":[{\"status\":\"lifted\",\"by\":{\"id\":\"y\"},\"at\":"
     "\"2026-11-20T10:00:00Z\"},",
     0},
    {"\"relation\":\"repurposed\"}",
     "\"relation\":\"repurposed\"},{\"id\":\"urn:a:b\",\"relation\":\"reused\"}", 0},
    {"passports/1\"", "passports/2\"",
     "passport: /id: the passport is \"https://id.example.com/passports/1\"; another id is another "
     "passport"},
    {"/21/S1", "/21/S2",
     "passport: /product/id: the passport is that of "
     "\"https://id.example.com/01/09521234543213/10/B7/21/S1\"; another product needs a passport "
     "of its own"},
    {"\"notice\":\"n:1\"", "\"notice\":\"n:2\"",
     "passport: /safety/0: the safety entry of the version before (\"recalled\", by "
     "did:web:authority.example) is missing or changed; entries are only added"},
    {"\"de\":\"Halt\"", "\"fr\":\"Halt\"",
     "passport: /safety/0: the safety entry of the version before (\"recalled\", by "
     "did:web:authority.example) is missing or changed; entries are only added"},
    {"\"by\":{\"id\":\"x\"}", "\"by\":{\"id\":\"x\",\"name\":\"X\"}",
     "passport: /safety/1: the safety entry of the version before (\"warning\", by x) is missing "
     "or changed; entries are only added"},
    {"\"relation\":\"repurposed\"", "\"relation\":\"reused\"",
     "passport: /predecessors/0: the predecessor of the version before is missing or has another "
     "relation; predecessors are only added"},
    {"[{\"id\":\"https://id.example.com/passports/0\",\"relation\":\"repurposed\"}]", "[]",
     "passport: /predecessors/0: the predecessor of the version before is missing or has another "
     "relation; predecessors are only added"},
};

static void test_may_follow(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_document now = read_ok(&a, ts_str_c(sample_item));
    ts_error e = {0};
    assert_ok(ts_document_may_follow(&now, &now, &e), e);
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        ts_document next = read_ok(&a, with(&a, sample_item, versions[i].from, versions[i].to));
        bool ok = ts_document_may_follow(&now, &next, &e);
        if (versions[i].error)
            assert_fails(ok, e, versions[i].error);
        else
            assert_ok(ok, e);
    }
    ts_document model = read_ok(&a, ts_str_c(sample_least));
    ts_document batch = read_ok(
        &a, with(&a, sample_least, "\"granularity\":\"model\"", "\"granularity\":\"batch\""));
    assert_fails(ts_document_may_follow(&model, &batch, &e), e,
                 "passport: /granularity: the passport is one of a model, and stays so");
}

/* Entries of one instant keep their order: it says which is the last. */
static void test_follow_order(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const char *const entries[] = {
        "{\"status\":\"recalled\",\"by\":{\"id\":\"x\"},\"at\":\"2026-11-20T10:00:00Z\"}",
        "{\"status\":\"lifted\",\"by\":{\"id\":\"x\"},\"at\":\"2026-11-20T10:00:00Z\"}"};
    ts_document d[2];
    for (int i = 0; i < 2; i++) {
        ts_buf b = ts_buf_new(&a, 1000);
        ts_buf_fmt(&b, "\"safety\":[%s,%s],\"status\":\"active\"", entries[i], entries[!i]);
        d[i] = read_ok(
            &a, with(&a, sample_least, "\"status\":\"active\"", ts_str_z(&a, ts_buf_str(&b))));
    }
    ts_error e = {0};
    assert_ok(ts_document_may_follow(&d[0], &d[0], &e), e);
    assert_false(ts_document_may_follow(&d[0], &d[1], &e));
    assert_false(ts_document_may_follow(&d[1], &d[0], &e));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),          cmocka_unit_test(test_least),
        cmocka_unit_test(test_names),          cmocka_unit_test(test_safety),
        cmocka_unit_test(test_safety_stands),  cmocka_unit_test(test_element),
        cmocka_unit_test(test_faults),         cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_links_by_level), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_element_names),  cmocka_unit_test(test_size),
        cmocka_unit_test(test_strict),         cmocka_unit_test(test_packs),
        cmocka_unit_test(test_packs_apart),    cmocka_unit_test(test_view),
        cmocka_unit_test(test_view_ways),      cmocka_unit_test(test_may_follow),
        cmocka_unit_test(test_follow_order),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
