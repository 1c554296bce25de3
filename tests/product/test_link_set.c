#include "product/link_set.h"

#include "support/support.h"

static ts_link_set must(ts_arena *a, ts_str text, ts_link_rules rules) {
    ts_link_set s;
    ts_error e = {0};
    if (!ts_link_set_read(a, text, rules, &s, &e)) fail_msg("%s", e.msg);
    return s;
}

static void refuse(ts_str text, ts_link_rules rules, const char *says) {
    ts_arena a = test_arena();
    ts_link_set s;
    ts_error e = {0};
    if (ts_link_set_read(&a, text, rules, &s, &e)) fail_msg("accepted: %.*s", TS_P(text));
    if (!strstr(e.msg, says)) fail_msg("'%s' does not say '%s'", e.msg, says);
}

static ts_str lines(ts_arena *a, const ts_link_set *s) {
    ts_buf b = ts_buf_new(a, 1 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_link_set_write(&w, s);
    return ts_buf_str(&b);
}

static const char lamp[] =
    "{\"linkset\":[{\"anchor\":\"https://id.example.com/01/09521234543213/21/A1\","
    "\"itemDescription\":\"Lamp\","
    "\"https://gs1.org/voc/defaultLink\":[{\"href\":\"https://x.example/l\",\"title\":\"Lamp\"}],"
    "\"https://ref.gs1.org/voc/dpp\":["
    "{\"href\":\"https://x.example/en\",\"title\":\"Passport\",\"type\":\"text/"
    "html\",\"hreflang\":[\"en\"]},"
    "{\"href\":\"https://x.example/de\",\"title\":\"Pass\",\"type\":\"text/"
    "html\",\"hreflang\":[\"de\"],\"context\":[\"DE\"]},"
    "{\"href\":\"https://x.example/j\",\"title\":\"Data\",\"type\":\"application/"
    "vc+jwt\",\"fwqs\":false}],"
    "\"next\":[{\"href\":\"https://x.example/n\",\"title\":\"Next\"}]},"
    "{\"anchor\":\"https://id.example.com/01/09521234543213\",\"itemDescription\":\"Lamps\","
    "\"https://ref.gs1.org/voc/pip\":[{\"href\":\"https://x.example/pip\",\"title\":\"Product\"}],"
    "\"https://ref.gs1.org/voc/dpp\":[{\"href\":\"https://x.example/"
    "model\",\"title\":\"Model\"}]}]}";

static void reading(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_link_set s = must(&a, ts_str_c(lamp), TS_LINKS_GS1);
    assert_int_equal(s.contexts.n, 2);
    const ts_link_context *c = &s.contexts.v[0];
    assert_str(c->anchor, "https://id.example.com/01/09521234543213/21/A1");
    assert_str(c->description, "Lamp");
    assert_int_equal(c->links.n, 5);
    assert_str(c->links.v[0].relation, "https://ref.gs1.org/voc/defaultLink");
    assert_str(c->links.v[2].href, "https://x.example/de");
    assert_str(c->links.v[2].language.v[0], "de");
    assert_str(c->links.v[2].context.v[0], "DE");
    assert_true(c->links.v[3].bare);
    assert_false(c->links.v[2].bare);
    assert_str(c->links.v[4].relation, "next");
}

static void round_trip(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_link_set s = must(&a, ts_str_c(lamp), TS_LINKS_GS1);
    ts_str once = lines(&a, &s);
    ts_link_set t = must(&a, once, TS_LINKS_GS1);
    ts_str twice = lines(&a, &t);
    assert_true(ts_str_eq(once, twice));
    assert_true(ts_str_find(once, TS_S("\"fwqs\":false")) != TS_NPOS);
    /* links of one relation that were apart come together */
    s.contexts.v[0].links.v[4].relation = s.contexts.v[0].links.v[0].relation;
    t = must(&a, lines(&a, &s), TS_LINKS_GS1);
    assert_str(t.contexts.v[0].links.v[1].href, "https://x.example/n");
}

static void as_text(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_link_set s = {0};
    ts_link_context *c = ts_push(&a, &s.contexts);
    c->anchor = TS_S("https://id.example.com/01/09521234543213");
    ts_link *l = ts_push(&a, &c->links);
    *l = (ts_link){.relation = TS_S("https://ref.gs1.org/voc/dpp"),
                   .href = TS_S("https://x.example/a b>\r\nX: y"),
                   .title = TS_S("a \"b\"\r\n"),
                   .media = TS_S("text/html")};
    *ts_push(&a, &l->language) = TS_S("de");
    ts_buf b = ts_buf_new(&a, 1000);
    ts_link_set_text(&b, &s);
    assert_str(ts_buf_str(&b),
               "<https://x.example/a%20b%3E%0D%0AX:%20y>; rel=\"https://ref.gs1.org/voc/dpp\"; "
               "anchor=\"https://id.example.com/01/09521234543213\"; title=\"a \\\"b\\\"  \"; "
               "type=\"text/html\"; hreflang=\"de\"\n");
}

static void refusals(void **state) {
    (void)state;
    refuse(TS_S("{}"), TS_LINKS_RFC9264, "no list \"linkset\"");
    refuse(TS_S("[]"), TS_LINKS_RFC9264, "no list \"linkset\"");
    refuse(TS_S("{\"linkset\":[1]}"), TS_LINKS_RFC9264, "/linkset/0: is no object");
    refuse(TS_S("{\"linkset\":[{\"next\":[{\"title\":\"x\"}]}]}"), TS_LINKS_RFC9264,
           "/linkset/0/next/0: has no href");
    refuse(TS_S("{\"linkset\":[{\"a/b~c\":[{}]}]}"), TS_LINKS_RFC9264, "/linkset/0/a~1b~0c/0: ");
    refuse(TS_S("{\"linkset\":[{\"next\":[{\"href\":1}]}]}"), TS_LINKS_RFC9264,
           "/linkset/0/next/0/href: is no text");
    refuse(TS_S("{\"linkset\":[{\"next\":[{\"href\":\"x\",\"type\":\"html\"}]}]}"),
           TS_LINKS_RFC9264, "no media type");
    refuse(TS_S("{\"linkset\":[{\"next\":[{\"href\":\"x\",\"hreflang\":[\"d e\"]}]}]}"),
           TS_LINKS_RFC9264, "no language");
    refuse(TS_S("{\"linkset\":[],\"linkset\":[]}"), TS_LINKS_RFC9264, "a name is repeated");
    refuse(TS_S("{\"linkset\":[{\"anchor\":\"ftp://x\",\"itemDescription\":\"x\"}]}"), TS_LINKS_GS1,
           "/linkset/0/anchor: is no http");
    refuse(TS_S("{\"linkset\":[{\"anchor\":\"https://x\"}]}"), TS_LINKS_GS1, "no itemDescription");
    refuse(TS_S("{\"linkset\":[],\"x\":1}"), TS_LINKS_GS1, "other members");
    static const struct {
        const char *relation, *href, *more, *says;
    } cases[] = {
        {"next", "https://x.example/", "", "has no title"},
        {"next", "/x", ",\"title\":\"x\"", "no http or https"},
        {"next", "https://x.example/", ",\"title\":\"x\",\"size\":1", "no link of a resolver"},
        {"next", "https://x.example/", ",\"title\":\"x\",\"hreflang\":\"en\"", "is no list"},
        {"next", "https://x.example/", ",\"title\":\"x\",\"hreflang\":[\"eng\"]", "no language"},
        {"next", "https://x.example/", ",\"title\":\"x\",\"fwqs\":1", "true or false"},
        {"defaultLink", "https://x.example/", ",\"title\":\"x\"", "link type"},
        {"https://x.example/a-b", "https://x.example/", ",\"title\":\"x\"", "link type"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_arena a = test_arena();
        ts_buf b = ts_buf_new(&a, 4000);
        ts_buf_fmt(&b,
                   "{\"linkset\":[{\"anchor\":\"https://x\",\"itemDescription\":\"x\","
                   "\"%s\":[{\"href\":\"%s\"%s}]}]}",
                   cases[i].relation, cases[i].href, cases[i].more);
        refuse(ts_buf_str(&b), TS_LINKS_GS1, cases[i].says);
    }
}

static void limits(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 4 << 20);
    ts_buf_lit(&b, "{\"linkset\":[{\"next\":[{\"href\":\"x\"}");
    for (int i = 0; i < TS_LINK_SET_LINKS; i++) ts_buf_lit(&b, ",{\"href\":\"x\"}");
    ts_buf_lit(&b, "]}]}");
    refuse(ts_buf_str(&b), TS_LINKS_RFC9264, "more than 4096 links");
    while (b.n <= TS_LINK_SET_MAX) ts_buf_c(&b, ' ');
    refuse(ts_buf_str(&b), TS_LINKS_RFC9264, "more than 1048576 bytes");
    ts_buf_reset(&b);
    for (int i = 0; i < 100; i++) ts_buf_lit(&b, "[");
    refuse(ts_buf_str(&b), TS_LINKS_RFC9264, "");
}

/* GS1's own examples, and whether its schema is of one mind with us. */
static void published(void **state) {
    (void)state;
    static const struct {
        const char *file;
        bool rfc, gs1;
    } examples[] = {
        {"valid-basic-example.json", true, false}, /* no description */
        {"invalid-basic-example.json", false, false}, {"valid-gs1-example.json", true, true},
        {"invalid-gs1-example.json", true, false}, /* a title misspelt: a member of no link */
        {"ExampleLinkset.json", true, false},      /* comments, and a context beside the set */
    };
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_str text;
    const char *schema_path = test_data("passport/gs1/gs1-linkset-schema.json");
    if (!schema_path) skip();
    if (!ts_file_read(&a, schema_path, 1 << 20, &text, &e)) fail_msg("%s", e.msg);
    const ts_json *document = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    ts_schema *schema = ts_schema_compile(&a, document, &e);
    if (!schema) fail_msg("%s", e.msg);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        ts_buf path = ts_buf_new(&a, 200);
        ts_link_set s;
        ts_schema_faults faults = {0};
        ts_buf_fmt(&path, "passport/gs1/%s", examples[i].file);
        const char *at = test_data(ts_str_z(&a, ts_buf_str(&path)));
        if (!at) skip();
        if (!ts_file_read(&a, at, 1 << 20, &text, &e)) fail_msg("%s", e.msg);
        if (ts_link_set_read(&a, text, TS_LINKS_RFC9264, &s, &e) != examples[i].rfc)
            fail_msg("%s (RFC 9264): %s", examples[i].file, e.msg);
        bool gs1 = ts_link_set_read(&a, text, TS_LINKS_GS1, &s, &e);
        if (gs1 != examples[i].gs1) fail_msg("%s (GS1): %s", examples[i].file, e.msg);
        const ts_json *instance = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
        assert_int_equal(ts_schema_check(schema, &a, instance, 10, &faults, &e),
                         gs1 ? TS_YES : TS_NO);
    }
    /* what we write keeps to it */
    ts_link_set s = must(&a, ts_str_c(lamp), TS_LINKS_GS1);
    ts_schema_faults faults = {0};
    const ts_json *own = ts_json_parse(&a, lines(&a, &s), (ts_json_options){.strict = true}, &e);
    if (ts_schema_check(schema, &a, own, 10, &faults, &e) != TS_YES)
        fail_msg("%.*s: %.*s", TS_P(faults.v[0].at), TS_P(faults.v[0].text));
    ts_schema_free(schema);
}

static void chosen(const ts_link_set *s, const char *relation, ts_link_wish w, const char *href) {
    ts_arena a = test_arena();
    ts_link_choice c = ts_link_choose(s, ts_link_relation(&a, ts_str_c(relation)), &w);
    if (!c.link) fail_msg("nothing, not %s", href);
    assert_str(c.link->href, href);
    assert_false(c.tie);
}

static void choosing(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_link_set s = must(&a, ts_str_c(lamp), TS_LINKS_GS1);
    chosen(&s, "gs1:dpp", (ts_link_wish){0}, "https://x.example/en");
    chosen(&s, "gs1:dpp", (ts_link_wish){.accept = TS_S("*/*")}, "https://x.example/en");
    chosen(&s, "gs1:dpp", (ts_link_wish){.accept_language = TS_S("de-DE, en;q=0.5")},
           "https://x.example/de");
    chosen(&s, "gs1:dpp", (ts_link_wish){.accept_language = TS_S("fr, en;q=0.1")},
           "https://x.example/en");
    chosen(&s, "https://gs1.org/voc/dpp",
           (ts_link_wish){.accept = TS_S("application/vc+jwt, text/html;q=0.9"),
                          .accept_language = TS_S("de")},
           "https://x.example/j");
    chosen(&s, "gs1:dpp",
           (ts_link_wish){.accept = TS_S("application/vc+jwt, */*;q=0.1"),
                          .media = TS_S("text/html"),
                          .language = TS_S("de")},
           "https://x.example/de");
    chosen(&s, "gs1:dpp",
           (ts_link_wish){
               .accept = TS_S("text/html"), .accept_language = TS_S("en"), .context = TS_S("de")},
           "https://x.example/en"); /* the language weighs more than the context */
    chosen(&s, "gs1:dpp", (ts_link_wish){.media = TS_S("text/html"), .context = TS_S("DE")},
           "https://x.example/de");
    /* of the model alone, and none at all */
    chosen(&s, "gs1:pip", (ts_link_wish){0}, "https://x.example/pip");
    assert_null(ts_link_choose(&s, TS_S(TS_GS1_VOC "epil"), &(ts_link_wish){0}).link);
    /* two that are described alike */
    s.contexts.v[0].links.v[2].language.v[0] = TS_S("EN");
    s.contexts.v[0].links.v[2].context.n = 0;
    assert_true(ts_link_choose(&s, TS_S(TS_GS1_VOC "dpp"), &(ts_link_wish){0}).tie);
    assert_false(ts_link_choose(&s, TS_S(TS_GS1_VOC "dpp"),
                                &(ts_link_wish){.media = TS_S("application/vc+jwt")})
                     .tie);
}

static void weights(void **state) {
    (void)state;
    static const struct {
        const char *field, *media;
        bool named;
        int q;
    } accept[] = {
        {"text/html", "text/html", false, 1000},
        {"TEXT/HTML;q=0.5", "text/html", true, 500},
        {"text/*;q=0.3, */*;q=0.1", "text/html", false, 300},
        {"text/*;q=0.3, text/html;q=0", "text/html", false, 0},
        {"*/*;q=0.25", "application/json", false, 250},
        {"*/*", "application/json", true, -1},
        {"application/json", "text/html", false, -1},
        {"", "text/html", false, -1},
        {",,;q=1,", "text/html", false, -1},
        {"text/html;q=junk", "text/html", false, 1000},
        {"text/html;level=1;Q=0.125", "text/html", false, 125},
        {"text/html", "text", false, -1},
    };
    for (size_t i = 0; i < sizeof accept / sizeof *accept; i++)
        assert_int_equal(ts_accept_quality(ts_str_c(accept[i].field), ts_str_c(accept[i].media),
                                           accept[i].named),
                         accept[i].q);
    static const struct {
        const char *field, *language;
        int q;
    } language[] = {
        {"de", "de", 1000},
        {"de-CH;q=0.7", "de", 700},
        {"de;q=0.7", "de-CH", 700},
        {"*;q=0.2, de;q=0", "de", 0},
        {"*;q=0.2", "zh", 200},
        {"den", "de", -1},
        {"zh-Hans-CN", "zh", 1000},
        {"", "de", -1},
        {"de", "", -1},
    };
    for (size_t i = 0; i < sizeof language / sizeof *language; i++)
        assert_int_equal(
            ts_language_quality(ts_str_c(language[i].field), ts_str_c(language[i].language)),
            language[i].q);
}

static void relations(void **state) {
    (void)state;
    ts_arena a = test_arena();
    assert_str(ts_link_relation(&a, TS_S("gs1:dpp")), "https://ref.gs1.org/voc/dpp");
    assert_str(ts_link_relation(&a, TS_S("http://www.gs1.org/voc/dpp")),
               "https://ref.gs1.org/voc/dpp");
    assert_str(ts_link_relation(&a, TS_S("gs1:")), "gs1:");
    assert_str(ts_link_relation(&a, TS_S("next")), "next");
    assert_str(ts_link_relation(&a, TS_S("https://x.example/dpp")), "https://x.example/dpp");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading),  cmocka_unit_test(round_trip), cmocka_unit_test(as_text),
        cmocka_unit_test(refusals), cmocka_unit_test(limits),     cmocka_unit_test(published),
        cmocka_unit_test(choosing), cmocka_unit_test(weights),    cmocka_unit_test(relations),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
