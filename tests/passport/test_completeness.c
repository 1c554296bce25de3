#include "samples.h"

typedef struct world {
    ts_arena a;
    ts_document d;
    ts_packs packs;
    ts_element_answers out;
} world;

static void read_into(world *w, ts_str text) {
    ts_error e = {0};
    w->a = w->a.beg ? w->a : test_arena();
    assert_ok(ts_document_read(&w->a, text, &w->d, &e), e);
    assert_ok(ts_document_packs(&w->a, &w->d, SAMPLE_FIND, &w->packs, &e), e);
}

static int32_t in_2026(void) { return ts_day_of(2026, 11, 23); }
static int32_t in_2027(void) { return ts_day_of(2027, 6, 1); }

static const ts_element_answer *of(const world *w, const char *id) {
    for (size_t i = 0; i < w->out.n; i++)
        if (ts_str_is(w->out.v[i].element->id, id)) return &w->out.v[i];
    fail_msg("no answer for %s", id);
    return 0;
}

static void check(const world *w, const char *id, ts_answer present, bool asked, const char *reason,
                  const char *detail) {
    const ts_element_answer *x = of(w, id);
    if (x->present != present || x->asked != asked || !ts_str_is(x->reason, reason) ||
        !ts_str_is(x->detail, detail))
        fail_msg("%s: %d %d %.*s '%.*s'", id, x->present, x->asked, TS_P(x->reason),
                 TS_P(x->detail));
}

/* A passport of an item with these elements and these links. */
static ts_str item(world *w, const char *links, const char *pack, const char *elements) {
    w->a = test_arena();
    ts_buf b = ts_buf_new(&w->a, 4096);
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:p:1\",\"granularity\":\"item\","
               "\"product\":{\"id\":\"did:web:example.com:1\",\"name\":\"Lamp\"},\"operator\":"
               "{\"id\":\"did:web:example.com\"},\"links\":{%s},\"packs\":[%s],\"status\":"
               "\"active\",\"elements\":{%s}}",
               links, pack, elements);
    return ts_buf_str(&b);
}
#define LAMP "{\"id\":\"lamp\",\"category\":\"outdoor\"}"

static void test_full(void **state) {
    (void)state;
    world w = {.a = test_arena()};
    ts_error e = {0};
    assert_ok(ts_document_read(&w.a, ts_str_c(sample_item), &w.d, &e), e);
    assert_ok(ts_pack_read(&w.a, TS_S("lamp"), SAMPLE_FIND, ts_push(&w.a, &w.packs), &e), e);
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2027(), &w.out);
    assert_int_equal(w.out.n, 8);
    check(&w, "maker.name", TS_YES, true, "passport.present", "");
    check(&w, "light.power", TS_YES, true, "passport.present", "");
    check(&w, "light.opened", TS_YES, true, "passport.present", "");
    check(&w, "light.tested", TS_YES, true, "passport.present", "");
    check(&w, "hint", TS_YES, true, "passport.present", "");
    check(&w, "made", TS_YES, true, "passport.present", "");
    check(&w, "mercury", TS_YES, true, "passport.present", "");
    check(&w, "colour", TS_NO, false, "passport.optional", "");
    assert_int_equal(w.out.present, 7);
    assert_int_equal(w.out.absent + w.out.open, 0);
    assert_ptr_equal(of(&w, "hint")->pack, &w.packs.v[0]);
}

static void test_nothing(void **state) {
    (void)state;
    world w = {0};
    read_into(&w, item(&w, "", LAMP, ""));
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
    check(&w, "maker.name", TS_NO, true, "passport.absent", "");
    check(&w, "light.power", TS_NO, true, "passport.absent", "");
    check(&w, "light.opened", TS_NO, true, "passport.absent", "");
    check(&w, "light.tested", TS_NO, false, "passport.not_yet", "");
    check(&w, "mercury", TS_NO, false, "passport.not_this_level", "");
    check(&w, "colour", TS_NO, false, "passport.optional", "");
    assert_int_equal(w.out.present, 0);
    assert_int_equal(w.out.absent, 5);
    assert_int_equal(w.out.open, 0);
}

static void test_days(void **state) {
    (void)state;
    world w = {0};
    read_into(&w, item(&w, "", LAMP, ""));
    static const struct {
        int y, m, d;
        bool asked;
        const char *reason;
    } days[] = {{2026, 12, 31, false, "passport.not_yet"},
                {2027, 1, 1, true, "passport.absent"},
                {2027, 12, 31, true, "passport.absent"},
                {2028, 1, 1, false, "passport.no_longer"}};
    for (size_t i = 0; i < 4; i++) {
        ts_completeness(&w.a, &w.d, &w.packs, 0, 0, ts_day_of(days[i].y, days[i].m, days[i].d),
                        &w.out);
        check(&w, "light.tested", TS_NO, days[i].asked, days[i].reason, "");
    }
}

static void test_categories(void **state) {
    (void)state;
    world w = {0};
    read_into(&w, item(&w, "", "{\"id\":\"lamp\",\"category\":\"indoor\"}", ""));
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
    check(&w, "light.opened", TS_NO, false, "passport.not_this_category", "");
    read_into(&w, item(&w, "", "{\"id\":\"lamp\"}", ""));
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
    check(&w, "light.opened", TS_OPEN, true, "passport.category_open", "");
    assert_int_equal(w.out.open, 1);
    read_into(&w,
              item(&w, "", "{\"id\":\"lamp\"}", "\"light\":{\"opened\":\"http://example.com\"}"));
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
    check(&w, "light.opened", TS_YES, true, "passport.present", "");
}

/* ---- the passports above ---- */

static ts_document above(ts_arena *a, const char *grain, const char *elements) {
    ts_document d;
    ts_error e = {0};
    ts_buf b = ts_buf_new(a, 2048);
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:p:m\",\"granularity\":\"%s\","
               "\"product\":{\"id\":\"did:web:example.com:m\",\"name\":\"Lamp\"},\"operator\":"
               "{\"id\":\"did:web:example.com\"},\"status\":\"active\",\"elements\":{%s}}",
               grain, elements);
    assert_ok(ts_document_read(a, ts_buf_str(&b), &d, &e), e);
    return d;
}

static void test_above(void **state) {
    (void)state;
    world w = {0};
    read_into(&w, item(&w, "\"model\":\"urn:p:m\"", LAMP, "\"made\":\"2026\""));
    ts_document model = above(&w.a, "model",
                              "\"maker.name\":\"M\",\"made\":\"2020\",\"mercury\":0,"
                              "\"light\":{\"power\":{\"value\":1,\"unit\":\"kW\"}}");
    ts_document batch = above(&w.a, "batch", "\"hint\":{\"en\":\"x\"},\"colour\":\"red\"");
    const ts_document *both[] = {&batch, &model};
    ts_completeness(&w.a, &w.d, &w.packs, both, 2, in_2026(), &w.out);
    check(&w, "made", TS_YES, true, "passport.present", ""); /* its own goes first */
    check(&w, "maker.name", TS_YES, true, "passport.present_above", "");
    check(&w, "mercury", TS_YES, true, "passport.present_above", "");
    check(&w, "light.power", TS_OPEN, true, "passport.unreadable", "unit is kW, W is asked for");
    check(&w, "hint", TS_NO, true, "passport.absent", ""); /* not asked for of a batch */
    check(&w, "colour", TS_YES, false, "passport.present_above", "");
    check(&w, "light.opened", TS_NO, true, "passport.absent", "");
}

/* The passport of the model is linked, but nobody brought it. */
static void test_elsewhere(void **state) {
    (void)state;
    world w = {0};
    read_into(&w, item(&w, "\"model\":\"urn:p:m\"", LAMP, "\"made\":\"2026\""));
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
    check(&w, "maker.name", TS_OPEN, true, "passport.elsewhere", "");
    check(&w, "mercury", TS_OPEN, true, "passport.elsewhere", "");
    check(&w, "made", TS_YES, true, "passport.present", "");
    assert_int_equal(w.out.absent, 0);
    /* a link to the batch says nothing of what is asked for of the model */
    read_into(&w, item(&w, "\"batch\":\"urn:p:b\"", LAMP, ""));
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
    check(&w, "maker.name", TS_NO, true, "passport.absent", "");
    check(&w, "mercury", TS_NO, false, "passport.not_this_level", "");
}

static void test_conditional(void **state) {
    (void)state;
    world w = {.a = test_arena()};
    read_into(&w, with(&w.a, sample_least, "\"status\":\"active\"",
                       "\"status\":\"active\",\"packs\":[{\"id\":\"lamp\"}]"));
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
    check(&w, "mercury", TS_OPEN, true, "passport.conditional", "");
    assert_str(of(&w, "mercury")->element->condition[1], "b");
    assert_int_equal(w.out.open, 2); /* and light.opened, as the category is not said */
}

/* ---- values ---- */

static void test_empty(void **state) {
    (void)state;
    static const char *const empty[] = {"null", "\"\"", "\" \\t\\n\"", "[]", "{}"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        world w = {0};
        char elements[100];
        snprintf(elements, sizeof elements, "\"hint\":%s,\"maker\":{\"name\":%s}", empty[i],
                 empty[i]);
        read_into(&w, item(&w, "", LAMP, elements));
        ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
        check(&w, "hint", TS_NO, true, "passport.absent", "");
        check(&w, "maker.name", TS_NO, true, "passport.absent", "");
    }
}

#define BY_LANGUAGE "a text for each language is asked for, such as {\"en\": \"…\"}"
#define NO_DATE "a date is asked for: YYYY-MM-DD, or YYYY-MM, or YYYY"
#define NO_MEASURE "a measure is asked for, such as {\"value\": 3.2, \"unit\": \"kWh\"}"

/* A value of each type, and what is wrong with it; NULL: nothing. */
static const struct {
    const char *type, *value, *detail;
} values[] = {
    {"text", "\"x\"", 0},
    {"text", "1", "a text is asked for"},
    {"text", "{\"en\":\"x\"}", "a text is asked for"},
    {"languages", "{\"de\":\"x\"}", 0},
    {"languages", "{\"fr-CA\":\"x\",\"zh-Hans-CN\":\"y\"}", 0},
    {"languages", "\"x\"", BY_LANGUAGE},
    {"languages", "{\"english text\":\"x\"}", BY_LANGUAGE},
    {"languages", "{\"e\":\"x\"}", BY_LANGUAGE},
    {"languages", "{\"en\":1}", BY_LANGUAGE},
    {"languages", "[{\"en\":\"x\"}]", BY_LANGUAGE},
    {"languages", "{\"en\":\"x\",\"de\":\"\"}", "the text of a language is empty"},
    {"number", "0", 0},
    {"number", "-1.5e3", 0},
    {"number", "\"1\"", "a number is asked for"},
    {"number", "false", "a number is asked for"},
    {"integer", "-12", 0},
    {"integer", "1.0", "a whole number is asked for"},
    {"integer", "12345678901234567890123", "a whole number is asked for"},
    {"boolean", "false", 0},
    {"boolean", "\"true\"", "true or false is asked for"},
    {"date", "\"2024-02-29\"", 0},
    {"date", "\"2024-02\"", 0},
    {"date", "\"2024\"", 0},
    {"date", "\"2023-02-29\"", NO_DATE},
    {"date", "\"2024-13\"", NO_DATE},
    {"date", "\"2024-2\"", NO_DATE},
    {"date", "\"2024-02-29T00:00:00Z\"", NO_DATE},
    {"date", "\"0000\"", NO_DATE},
    {"date", "20240229", NO_DATE},
    {"link", "\"https://example.com/a?b#c\"", 0},
    {"link", "\"HTTP://example.com\"", 0},
    {"link", "{\"url\":\"https://example.com\",\"title\":\"x\"}", 0},
    {"link", "\"example.com\"", "an absolute http or https address is asked for"},
    {"link", "\"ftp://example.com\"", "an absolute http or https address is asked for"},
    {"link", "\"https://\"", "an absolute http or https address is asked for"},
    {"link", "\"https://a b\"", "an absolute http or https address is asked for"},
    {"link", "[\"https://example.com\"]", "an absolute http or https address is asked for"},
    {"link", "{\"href\":\"https://example.com\"}", "\"url\" is no absolute http or https address"},
    {"link", "{\"url\":\"https://example.com\",\"title\":{}}",
     "\"title\", \"contentType\" and \"language\" are texts"},
    {"measure", "{\"value\":3.2,\"unit\":\"W\"}", 0},
    {"measure", "{\"value\":3.2,\"unit\":\"W\",\"at\":\"25 C\"}", 0},
    {"measure", "3.2", NO_MEASURE},
    {"measure", "{\"value\":\"3.2\",\"unit\":\"W\"}", NO_MEASURE},
    {"measure", "{\"unit\":\"W\"}", NO_MEASURE},
    {"measure", "{\"value\":3.2}", "the unit is missing"},
    {"measure", "{\"value\":3.2,\"unit\":\" \"}", "the unit is missing"},
    {"measure", "{\"value\":3.2,\"unit\":\"w\"}", "unit is w, W is asked for"},
    {"list", "[0]", 0},
    {"list", "[null,{\"a\":1}]", 0},
    {"list", "[null,\"\",[],{}]", "all entries of the list are empty"},
    {"list", "{\"a\":1}", "a list is asked for"},
    {"object", "{\"a\":null}", 0},
    {"object", "[1]", "an object is asked for"},
    {"object", "\"x\"", "an object is asked for"},
};

static void test_values(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        world w = {.a = test_arena()};
        char type[60], elements[200];
        ts_error e = {0};
        bool measure = ts_str_is(ts_str_c(values[i].type), "measure");
        snprintf(type, sizeof type, "\"type\":\"%s\"%s", values[i].type,
                 measure ? ",\"unit\":\"W\"" : "");
        snprintf(elements, sizeof elements,
                 "\"packs\":[{\"id\":\"base\"}],\"elements\":{\"maker.name\":%s},\"status\":"
                 "\"active\"",
                 values[i].value);
        const sample_pack list[] = {
            {"base", ts_str_z(&w.a, with(&w.a, sample_base, "\"type\":\"text\"", type))}, {0, 0}};
        ts_str text = with(&w.a, sample_least, "\"status\":\"active\"", elements);
        assert_ok(ts_document_read(&w.a, text, &w.d, &e), e);
        assert_ok(ts_document_packs(&w.a, &w.d, sample_find, (void *)(uintptr_t)list, &w.packs, &e),
                  e);
        ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
        assert_int_equal(w.out.n, 1);
        if (values[i].detail)
            check(&w, "maker.name", TS_OPEN, true, "passport.unreadable", values[i].detail);
        else
            check(&w, "maker.name", TS_YES, true, "passport.present", "");
    }
}

/* What two packs have from a third is asked for once. */
static void test_shared(void **state) {
    (void)state;
    world w = {0};
    read_into(&w, item(&w, "", "{\"id\":\"base\"},{\"id\":\"lamp\"}", "\"maker.name\":\"x\""));
    ts_completeness(&w.a, &w.d, &w.packs, 0, 0, in_2026(), &w.out);
    assert_int_equal(w.out.n, 8);
    assert_int_equal(w.out.present, 1);
    assert_ptr_equal(of(&w, "maker.name")->pack, &w.packs.v[0]);
}

/* Every reason has a text in every language. */
static void test_reasons(void **state) {
    (void)state;
    static const char *const reasons[] = {"present",           "present_above", "absent",
                                          "unreadable",        "conditional",   "elsewhere",
                                          "optional",          "category_open", "not_yet",
                                          "not_this_category", "no_longer",     "not_this_level"};
    static const char *const files[] = {"i18n/en.json", "i18n/de.json", "i18n/zh.json"};
    ts_arena a = test_arena();
    for (size_t f = 0; f < 3; f++) {
        const char *path = 0;
        ts_str text = TS_NONE;
        ts_error e = {0};
        assert_ok(ts_share_find(&a, files[f], &path, &e) &&
                      ts_file_read(&a, path, 1 << 22, &text, &e),
                  e);
        const ts_json *v = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
        assert_ok(v, e);
        for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
            if (!ts_json_str(ts_json_get(ts_json_member(v, "passport"), ts_str_c(reasons[i]))).n)
                fail_msg("%s has no passport.%s", files[f], reasons[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_days),        cmocka_unit_test(test_categories),
        cmocka_unit_test(test_above),       cmocka_unit_test(test_elsewhere),
        cmocka_unit_test(test_conditional), cmocka_unit_test(test_empty),
        cmocka_unit_test(test_values),      cmocka_unit_test(test_shared),
        cmocka_unit_test(test_reasons),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
