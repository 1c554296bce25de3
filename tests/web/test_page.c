/* The page of a passport, and its data: what stands on it, first of all a recall, and for whom. */
#include "host/family.h"
#include "web/asking.h"

static ts_arena a;
static ts_server *server;
static web_exchange x;
static ts_key *key;

#define BASE "https://id.m.example"
#define RECALL                                                                                     \
    "\"safety\":[{\"status\":\"recalled\",\"by\":{\"id\":\"did:web:m.example\",\"name\":\"Maker "  \
    "<GmbH>\"},\"at\":\"2025-11-20T10:00:00Z\",\"notice\":\"https://gate.example/n/"               \
    "1\",\"text\":{\"en\":\"Overheats.\\nBring it back.\",\"de\":\"Wird heiß.\"}}],"
#define LIFTED                                                                                     \
    "\"safety\":[{\"status\":\"warning\",\"by\":{\"id\":\"did:web:m.example\",\"name\":\"Maker\"}" \
    ","                                                                                            \
    "\"at\":\"2025-11-01T10:00:00Z\"},{\"status\":\"lifted\",\"by\":{\"id\":\"did:web:m."          \
    "example\","                                                                                   \
    "\"name\":\"Maker\"},\"at\":\"2025-11-10T10:00:00Z\"}],"

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "page.pem", TS_KEY_ED25519);
    server = asking_server(
        &a,
        (ts_server_options){.base = TS_S(BASE),
                            .sign = {.key = key, .issuer = TS_S("did:web:m.example")}},
        "page.db");
    ts_store *s = server->writer;
    lamp_family(&a, s, key, NOW);
    lamp_issue(&a, s, key,
               (lamp){"urn:lamp:batch", "batch", LAMP_GTIN "/10/B1", LAMP_LINKS_MODEL, RECALL},
               NOW + 100);
    lamp_issue(
        &a, s, key,
        (lamp){"urn:lamp:quiet", "model", "https://id.gs1.org/01/09506000134352", "", LIFTED}, NOW);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    web_close(server);
    ts_key_free(key);
    return 0;
}

static size_t at(const char *what) { return ts_str_find(x.answer, ts_str_c(what)); }
static void says(const char *what) {
    if (at(what) == TS_NPOS) fail_msg("'%s' is not in %.*s", what, TS_P(x.answer));
}
static void says_not(const char *what) {
    if (at(what) != TS_NPOS) fail_msg("'%s' is in %.*s", what, TS_P(x.answer));
}

/* Tags that are opened are closed, in their order; nothing of a document comes through as markup.
 */
static void well_formed(void) {
    ts_str open[64];
    size_t depth = 0;
    for (size_t i = 0; i < x.answer.n; i++) {
        if (x.answer.p[i] != '<') continue;
        ts_str rest = ts_str_from(x.answer, i + 1);
        size_t end = ts_str_chr(rest, '>');
        assert_true(end != TS_NPOS);
        ts_str tag = ts_str_to(rest, end), name = tag;
        name = ts_str_cut_any(&name, " \n/");
        if (tag.p[0] == '!') continue;
        static const char *const empty[] = {"meta", "link", "input", "br"};
        bool alone = tag.p[tag.n - 1] == '/';
        for (size_t k = 0; k < 4; k++) alone |= ts_str_is(name, empty[k]);
        if (tag.p[0] == '/') {
            ts_str closed = ts_str_from(tag, 1);
            assert_true(depth > 0);
            if (!ts_str_eq(open[--depth], closed))
                fail_msg("</%.*s> closes <%.*s>", TS_P(closed), TS_P(open[depth]));
        } else if (!alone) {
            assert_true(depth < 64);
            open[depth++] = name;
        }
    }
    assert_int_equal(depth, 0);
    says_not("<script");
    says_not("style=\"");
    says_not("Lamp <b>");
    says("Lamp &lt;b&gt;&amp;");
    assert_true(ts_utf8_bad(x.answer) == TS_NPOS);
}

static void recall_first(void **state) {
    (void)state;
    static const struct {
        const char *language, *title, *text, *batch;
    } cases[] = {
        {"en", "The batch of this product was recalled", "Overheats.", "This batch was recalled"},
        {"de", "Die Charge dieses Produkts wurde zurückgerufen", "Wird heiß.",
         "Diese Charge wurde zurückgerufen"},
        {"zh", "本产品所属批次已被召回", "Overheats.", "本批次已被召回"},
    };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ASK(.target = "/passport?id=urn:lamp:a1",
                             .header = {"Accept-Language", cases[i].language}),
                         200);
        assert_str(x.type, "text/html; charset=utf-8");
        well_formed();
        says(cases[i].title);
        says(cases[i].text);
        says("Maker &lt;GmbH&gt;");
        says("href=\"https://gate.example/n/1\"");
        says("role=\"alert\"");
        /* nothing of the product stands before it */
        assert_true(at("role=\"alert\"") < at("<h1>"));
        assert_true(at(cases[i].title) < at("<h1>"));
        assert_int_equal(ASK(.target = "/passport?id=urn:lamp:batch",
                             .header = {"Accept-Language", cases[i].language}),
                         200);
        says(cases[i].batch);
    }
    /* an older version is read with today's safety */
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:batch&at=2025-11-24T16:00:01Z"), 200);
    says("This batch was recalled");
    says("You are reading this passport as it stood on");
}

static void no_recall(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:quiet"), 200);
    well_formed();
    says_not("role=\"alert\"");
    says("No recall or warning is known here. That does not mean that the product is safe.");
    says("Safety warning"); /* what was lifted stays in history */
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:model"), 200);
    says_not("role=\"alert\"");
}

static void what_was_checked(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:a1"), 200);
    /* signed, by whom it names, but without a status list: not all of it could be told */
    says("<li class=\"a-open\"><span class=\"answer\">not checked</span><span "
         "class=\"q\">Whether this passport is genuine");
    says("Whether the goods in your hands are those of this passport.");
    says("It is unchanged since it was signed");
    says_not("a-no");
    /* without its issuer's document */
    ts_str issuer = server->o.sign.issuer;
    server->o.sign.issuer = TS_NONE;
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:a1"), 200);
    says("a page fetches nothing");
    server->o.sign.issuer = issuer;
}

static void elements(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:a1&lang=de"), 200);
    says("<html lang=\"de\">");
    says("Trocken halten.");
    says("Name, Handelsname oder Marke des Herstellers");
    says("mail@m.example");
    says_not("Keep dry.");
    says("hreflang=\"zh\" href=\"/passport?id=urn:lamp:a1&amp;lang=zh\"");
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:a1",
                         .header = {"Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5"}),
                     200);
    says("保持干燥。");
}

/* A battery with an element for authorities and one for whom it may concern. */
static ts_str battery(void) {
    ts_buf b = ts_buf_new(&a, 10000);
    ts_buf_lit(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:battery\",\"granularity\":"
               "\"model\",\"product\":{\"id\":\"https://id.gs1.org/01/04012345999990\",\"name\":"
               "\"Cell\",\"productCategory\":[{\"code\":\"1\",\"name\":\"C\",\"schemeId\":\"https:"
               "//c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":\"https://"
               "m.example/1\",\"name\":\"One\"},\"countryOfProduction\":{\"countryCode\":\"DE\"}},"
               "\"operator\":{\"id\":\"did:web:m.example\",\"name\":\"Maker\"},\"packs\":[{\"id\":"
               "\"battery\",\"category\":\"lmt\"}],\"status\":\"active\",\"elements\":{"
               "\"batteryCategory\":\"lmt\",\"batteryMass\":{\"value\":2.9,\"unit\":\"kg\"},"
               "\"testReports\":[\"report-for-authorities\"],"
               "\"composition\":{\"cathode\":[\"cathode-for-repairers\"]},"
               "\"batteryStatus\":\"status-for-interest\"}}");
    return ts_buf_str(&b);
}

static ts_str bearer(ts_audience who, const char *operator_id) {
    return asking_token(&a, server,
                        (ts_token_job){.audiences = 1u << who,
                                       .operator_id = ts_str_c(operator_id),
                                       .scopes = 1u << TS_RIGHT_READ});
}

static void whose_eyes(void **state) {
    (void)state;
    const ts_issue_job job = {.store = server->writer,
                              .by = {.key = key, .issuer = TS_S("did:web:m.example")},
                              .document = battery(),
                              .now = NOW,
                              .until = TS_NO_TIME};
    must_issue(&a, &job);
    static const char *const formats[] = {"html", "document", "en18223", "en18223-full"};
    const struct {
        ts_str token;
        bool report, cathode, status;
    } cases[] = {
        {TS_NONE, false, false, false},
        {bearer(TS_AUD_AUTHORITY, ""), true, true, false},
        {bearer(TS_AUD_LEGITIMATE_INTEREST, ""), false, true, true},
        {bearer(TS_AUD_OPERATOR, "did:web:m.example"), true, true, true},
        {bearer(TS_AUD_OPERATOR, "did:web:other.example"), false, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t f = 0; f < 4; f++) {
            ts_buf b = ts_buf_new(&a, 200);
            ts_buf_fmt(&b, "/passport?id=urn:battery&format=%s", formats[f]);
            const char *target = ts_str_z(&a, ts_buf_str(&b));
            const char *token = ts_str_z(&a, cases[i].token);
            if (cases[i].token.n)
                assert_int_equal(ASK(.target = target, .header = {"Authorization", token}), 200);
            else
                assert_int_equal(ASK(.target = target), 200);
            assert_int_equal(at("report-for-authorities") != TS_NPOS, cases[i].report);
            assert_int_equal(at("cathode-for-repairers") != TS_NPOS, cases[i].cathode);
            assert_int_equal(at("status-for-interest") != TS_NPOS, cases[i].status);
            if (cases[i].token.n) assert_str(asking_has(&x, "Cache-Control"), "private, no-store");
        }
    assert_int_equal(ASK(.target = "/passport?id=urn:battery"), 200);
    says("3 further entries are for other eyes");
    says("2.9 kg");
    assert_true(at(">lmt<") == TS_NPOS); /* the category has a name for people */
}

/* Who may see more gets the form that was signed for it; nothing on the page is made of what is
 * not shown. */
static void signed_for_whom(void **state) {
    (void)state;
    static const char target[] = "/passport?id=urn:battery&format=signed";
    ts_issue_job job = {.store = server->writer,
                        .by = {.key = key, .issuer = TS_S("did:web:m.example")},
                        .document = battery(),
                        .who = 1u << TS_AUD_AUTHORITY,
                        .now = NOW,
                        .until = TS_NO_TIME};
    ts_issued out = must_issue(&a, &job);
    const char *authority = ts_str_z(&a, bearer(TS_AUD_AUTHORITY, "")),
               *interest = ts_str_z(&a, bearer(TS_AUD_LEGITIMATE_INTEREST, ""));
    assert_int_equal(ASK(.target = target, .header = {"Authorization", authority}), 200);
    assert_true(ts_str_eq(x.answer, out.bytes));
    assert_int_equal(ASK(.target = target, .header = {"Authorization", interest}), 200);
    assert_false(ts_str_eq(x.answer, out.bytes));
    ts_str everybodys = x.answer;
    assert_int_equal(ASK(.target = target), 200);
    assert_true(ts_str_eq(x.answer, everybodys));
    const ts_hash_value h = ts_sha_of(TS_SHA256, everybodys);
    ts_passport_row row;
    ts_error e = {0};
    bool found;
    assert_true(ts_store_passport(server->writer, &a, TS_S("urn:battery"), &row, &found, &e) &&
                found);
    assert_int_equal(ASK(.target = "/passport?id=urn:battery"), 200);
    says(ts_str_z(&a, ts_hash_hex(&a, &h)));
    says_not(ts_str_z(&a, row.digest));
}

/* Transactions are about papers: the public's page says nothing of them. */
static void papers(void **state) {
    (void)state;
    static const char body[] =
        "{\"@context\":[\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\"],"
        "\"type\":\"TransactionEvent\",\"eventID\":\"urn:uuid:11111111-1111-4111-8111-"
        "111111111111\","
        "\"eventTime\":\"2025-11-19T08:00:00Z\",\"eventTimeZoneOffset\":\"+00:00\",\"action\":"
        "\"ADD\","
        "\"epcList\":[\"" LAMP_GTIN "/21/A2\"],\"bizStep\":\"accepting\","
        "\"bizTransactionList\":[{\"type\":\"po\",\"bizTransaction\":\"urn:po:1\"}]}";
    const ts_life_job job = {.store = server->writer,
                             .by = {1u << TS_AUD_LEGITIMATE_INTEREST, TS_S("shop"), TS_NONE},
                             .events = ts_str_c(body),
                             .now = NOW + 1000};
    ts_life_done done = {0};
    ts_error e = {0};
    if (!ts_life_record(&a, &job, &done, &e)) fail_msg("%s", e.msg);
    const char *interest = ts_str_z(&a, bearer(TS_AUD_LEGITIMATE_INTEREST, ""));
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:a2"), 200);
    says_not("2025-11-19T08:00:00Z");
    assert_int_equal(
        ASK(.target = "/passport?id=urn:lamp:a2", .header = {"Authorization", interest}), 200);
    says("2025-11-19T08:00:00Z");
}

static void forms(void **state) {
    (void)state;
    static const struct {
        const char *target, *accept, *type, *begins;
    } cases[] = {
        {"/passport?id=urn:lamp:a1", "application/json", "application/json", "{"},
        {"/passport?id=urn:lamp:a1", "application/vc+jwt, application/json;q=0.5",
         "application/vc+jwt", "ey"},
        {"/passport?id=urn:lamp:a1", "*/*", "text/html; charset=utf-8", "<!doctype"},
        {"/passport?id=urn:lamp:a1&format=signed", "text/html", "application/vc+jwt", "ey"},
        {"/passport?id=urn:lamp:a1&format=dossier", "text/html", "application/vp", "{"},
        {"/passport?id=urn:lamp:a1&format=html", "application/json", "text/html; charset=utf-8",
         "<!doctype"},
        {"/passport?id=https%3A%2F%2Fid.gs1.org%2F01%2F09521234543213", "application/json",
         "application/json", "{"},
        {"/passport?id=(01)09521234543213(21)A2", "text/html", "text/html; charset=utf-8",
         "<!doctype"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(ASK(.target = cases[i].target, .header = {"Accept", cases[i].accept}),
                         200);
        assert_str(x.type, cases[i].type);
        assert_true(ts_str_starts(x.answer, ts_str_c(cases[i].begins)));
        assert_true(ts_str_find(asking_has(&x, "Vary"), TS_S("Accept-Language")) != TS_NPOS);
        ts_str tag = asking_has(&x, "ETag");
        assert_int_equal(
            ASK(.target = cases[i].target,
                .header = {"Accept", cases[i].accept, "If-None-Match", ts_str_z(&a, tag)}),
            304);
    }
    /* an item without a passport of its own: that of its batch, and it is said */
    assert_int_equal(ASK(.target = "/passport?id=(01)09521234543213(10)B1(21)NEW"), 200);
    says("There is no passport of this very item here. This is the passport of its batch.");
}

/* A passport that nobody signed: read, and never called genuine. */
static void unsigned_one(void **state) {
    (void)state;
    ts_error e = {0};
    ts_imported out;
    const ts_verify_options o = {.now = NOW};
    ts_str document = lamp_document(
        &a, (lamp){"urn:lamp:unsigned", "model", "https://id.gs1.org/01/09506000134369", "", ""});
    if (!ts_import_passport(&a, server->writer, document, &o, &out, &e)) fail_msg("%s", e.msg);
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:unsigned"), 200);
    says("This version of the passport carries no public signature.");
    says_not("a-yes");
    says_not("format=signed");
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:unsigned",
                         .header = {"Accept", "application/vc+jwt, application/json;q=0.5"}),
                     200);
    assert_str(x.type, "application/json");
    assert_int_equal(
        ASK(.target = "/passport?id=urn:lamp:unsigned", .header = {"Accept", "application/vc+jwt"}),
        404);
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:unsigned&format=signed"), 404);
    assert_int_equal(ASK(.target = "/01/09506000134369?linkType=linkset"), 200);
    says_not("vc+jwt");
}

static void in_time(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:batch&at=2025-11-24T16:00:01Z&format="
                                   "document"),
                     200);
    says_not("Overheats");
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:batch&at=2025-11-24&format=document"),
                     200);
    says("Overheats");
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:batch&at=2020-01-01"), 404);
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:batch&at=yesterday"), 400);
    assert_int_equal(ASK(.target = "/passport?id=urn:lamp:batch&format=pdf"), 400);
    says("en18223");
}

static void missing(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/passport?id=urn:none"), 404);
    assert_str(x.type, "application/problem+json");
    assert_int_equal(ASK(.target = "/passport?id=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
                         .header = {"Accept", "text/html", "Accept-Language", "de"}),
                     404);
    assert_str(x.type, "text/html; charset=utf-8");
    says("Hier liegt kein Pass vor");
    says("&lt;script&gt;");
    says_not("<script");
    assert_int_equal(ASK(.target = "/passport?id=urn:none&format=signed"), 404);
    assert_int_equal(ASK(.target = "/passport"), 400);
}

static void around(void **state) {
    (void)state;
    assert_int_equal(ASK(.target = "/"), 200);
    says("<form action=\"/passport\"");
    assert_int_equal(ASK(.target = "/?lang=zh"), 200);
    says("查看产品护照");
    assert_int_equal(ASK(.target = "/assets/passport.css"), 200);
    assert_str(x.type, "text/css; charset=utf-8");
    assert_int_equal(ASK(.target = "/assets/mark.svg"), 200);
    assert_int_equal(ASK(.target = "/assets/..%2F..%2FREADME.md"), 404);
    assert_int_equal(ASK(.target = "/assets/report.js"), 404);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recall_first),     cmocka_unit_test(no_recall),
        cmocka_unit_test(what_was_checked), cmocka_unit_test(elements),
        cmocka_unit_test(whose_eyes),       cmocka_unit_test(signed_for_whom),
        cmocka_unit_test(papers),           cmocka_unit_test(forms),
        cmocka_unit_test(unsigned_one),     cmocka_unit_test(in_time),
        cmocka_unit_test(missing),          cmocka_unit_test(around),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
