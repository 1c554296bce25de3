#include "samples.h"

#include <dirent.h>

static bool read_pack(ts_arena *a, const char *name, const sample_pack *list, ts_pack *out,
                      ts_error *e) {
    return ts_pack_read(a, ts_str_c(name), sample_find, (void *)(uintptr_t)list, out, e);
}

static void test_reads(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pack p;
    ts_error e = {0};
    assert_ok(read_pack(&a, "lamp", sample_packs, &p, &e), e);
    assert_str(p.id, "lamp");
    assert_str(p.version, "2026-11");
    assert_str(p.title[1], "b");
    assert_str(p.note[2], "c");
    assert_int_equal(p.classes.n, 3); /* public stands in both */
    assert_str(p.classes.v[1].name, "repair");
    assert_str(p.classes.v[1].article, "7");
    assert_int_equal(p.classes.v[2].open_to, 1 << TS_AUD_AUTHORITY | 1 << TS_AUD_COMMISSION);
    assert_int_equal(p.categories.n, 2);
    assert_int_equal(p.category_names.n, 6);
    assert_int_equal(p.elements.n, 8);
    assert_str(p.elements.v[0].id, "maker.name"); /* the extended pack's first */
    const ts_pack_element *el = ts_pack_element_by_id(&p, TS_S("light.power"));
    assert_ptr_equal(el, &p.elements.v[1]);
    assert_true(el->type == TS_TYPE_MEASURE && el->need == TS_NEED_REQUIRED);
    assert_true(el->status == TS_SOURCE_PARAPHRASE && el->class == &p.classes.v[0]);
    assert_str(el->unit, "W");
    assert_str(el->reference, "https://example.com/d/power");
    assert_int_equal(el->grains, 1 << TS_GRAIN_MODEL | 1 << TS_GRAIN_ITEM);
    assert_true(el->from == TS_NO_DAY && el->to == TS_NO_DAY);
    el = ts_pack_element_by_id(&p, TS_S("light.tested"));
    assert_int_equal(el->from, ts_day_of(2027, 1, 1));
    assert_int_equal(el->to, ts_day_of(2027, 12, 31));
    el = ts_pack_element_by_id(&p, TS_S("mercury"));
    assert_true(el->need == TS_NEED_CONDITIONAL && el->status == TS_SOURCE_OWN);
    assert_str(el->condition[0], "a");
    assert_str(ts_pack_element_by_id(&p, TS_S("hint"))->note[2], "c");
    assert_str(ts_pack_element_by_id(&p, TS_S("light.opened"))->categories.v[0], "outdoor");
}

static void test_paths(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pack p;
    ts_error e = {0};
    const ts_pack_element *el;
    assert_ok(read_pack(&a, "lamp", sample_packs, &p, &e), e);
    assert_true(ts_pack_path(&p, TS_S("light"), &el) && !el);
    assert_true(ts_pack_path(&p, TS_S("light.power"), &el) && el);
    assert_false(ts_pack_path(&p, TS_S("light.power.value"), &el) || el);
    assert_false(ts_pack_path(&p, TS_S("ligh"), &el) || el);
    assert_false(ts_pack_path(&p, TS_NONE, &el) || el);
    assert_null(ts_pack_element_by_id(&p, TS_S("light")));
    assert_true(ts_pack_reserved(TS_S("touchstone")) && ts_pack_reserved(TS_S("sbom")));
    assert_true(ts_pack_reserved(TS_S("granularity")) && !ts_pack_reserved(TS_S("status")));
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(ts_source_status_name(TS_SOURCE_OFFICIAL), "official_text");
    assert_string_equal(ts_source_status_name(TS_SOURCE_QUOTATION), "verbatim_quotation");
    assert_string_equal(ts_source_status_name(TS_SOURCE_OWN), "own_knowledge");
    assert_string_equal(ts_need_name(TS_NEED_OPTIONAL), "optional");
    assert_string_equal(ts_value_type_name(TS_TYPE_TEXT), "text");
    assert_string_equal(ts_value_type_name(TS_TYPE_OBJECT), "object");
}

/* A change of the sample, and the one sentence that names the place and the cure. */
static const struct {
    const char *from, *to, *error;
} faults[] = {
    {"touchstone-pack-1", "touchstone-pack-2",
     "pack lamp: /format: \"touchstone-pack-2\" is not known; this program reads "
     "\"touchstone-pack-1\""},
    {"\"id\":\"lamp\"", "\"id\":\"lamps\"",
     "pack lamp: /id: \"lamps\" is not the name under which the pack was asked for"},
    {"\"version\":\"2026-11\"", "\"version\":\"november\"",
     "pack lamp: /version: \"november\" is no version; write the month, as in \"2026-11\""},
    {"\"version\":\"2026-11\",", "", "pack lamp: the member \"version\" is missing"},
    {"\"version\":", "\"Version\":",
     "pack lamp: /Version: is not known here; did you mean \"version\"?"},
    {"\"extends\":", "\"inherits\":",
     "pack lamp: /inherits: is not known here; the members are format, id, version, title, note, "
     "extends, classes, categories, elements"},
    {"\"title\":" NAMES, "\"title\":{\"en\":\"a\",\"de\":\"b\"}",
     "pack lamp: /title: the member \"zh\" is missing"},
    {"\"title\":" NAMES, "\"title\":{\"en\":\"a\",\"de\":\" \",\"zh\":\"c\"}",
     "pack lamp: /title/de: must not be blank"},
    {"\"title\":" NAMES, "\"title\":{\"en\":\"a\",\"de\":\"\",\"zh\":\"c\"}",
     "pack lamp: /title/de: must not be empty"},
    {"\"title\":" NAMES, "\"title\":\"a\"", "pack lamp: /title: must be an object, but is a text"},
    {"\"public\":{\"open_to\":[\"public\"]}", "\"public\":{\"open_to\":[\"operator\"]}",
     "pack lamp: /classes/public: is open to others in a pack that this one extends; choose "
     "another name for the class"},
    {"[\"legitimate_interest\"]", "[\"legitimate\"]",
     "pack lamp: /classes/repair/open_to/0: \"legitimate\" is none of: public, "
     "legitimate_interest, authority, notified_body, commission, operator"},
    {"[\"legitimate_interest\"]", "[]", "pack lamp: /classes/repair/open_to: must not be empty"},
    {"[\"legitimate_interest\"]", "[\"authority\",\"authority\"]",
     "pack lamp: /classes/repair/open_to/1: stands here twice; leave one out"},
    {"\"watch\":{", "\"Watch\":{",
     "pack lamp: /classes/Watch: is no name: small letters, digits and _, at most 64"},
    {"\"indoor\":", "\"in door\":",
     "pack lamp: /categories/in door: is no name: small letters, digits and _, at most 64"},
    {"\"id\":\"hint\"", "\"id\":\"hint.\"",
     "pack lamp: /elements/3/id: \"hint.\" is no path of names: one to eight of letters, digits "
     "and _, each beginning with a letter, joined by dots"},
    {"\"id\":\"hint\"", "\"id\":\"touchstone.hint\"",
     "pack lamp: /elements/3/id: the name \"touchstone\" belongs to the header of EN 18223 or to "
     "what stands beside it; choose another"},
    {"\"id\":\"hint\"", "\"id\":\"made\"",
     "pack lamp: /elements/4/id: the element made is there already (also counting the packs that "
     "are extended); leave it out or choose another id"},
    {"\"id\":\"hint\"", "\"id\":\"maker.name\"",
     "pack lamp: /elements/3/id: the element maker.name is there already (also counting the packs "
     "that are extended); leave it out or choose another id"},
    {"\"id\":\"hint\"", "\"id\":\"maker.name.first\"",
     "pack lamp: /elements/3/id: the element maker.name.first lies inside another: maker.name "
     "(also counting the packs that are extended); leave it out or choose another id"},
    {"\"id\":\"hint\"", "\"id\":\"maker\"",
     "pack lamp: /elements/3/id: the element maker has others inside it (also counting the packs "
     "that are extended); leave it out or choose another id"},
    {"\"type\":\"languages\"", "\"type\":\"language\"",
     "pack lamp: /elements/3/type: \"language\" is none of: text, languages, number, integer, "
     "boolean, date, link, measure, list, object"},
    {"\"type\":\"measure\"", "\"type\":\"number\"",
     "pack lamp: /elements/0/unit: belongs to a measure alone, and has 1 to 40 characters"},
    {"\"class\":\"public\",\"need\":\"optional\"", "\"class\":\"publik\",\"need\":\"optional\"",
     "pack lamp: /elements/6/class: there is no class \"publik\" (meant: public?); name one of "
     "\"classes\""},
    {"\"need\":\"conditional\"", "\"need\":\"required\"",
     "pack lamp: /elements/5/condition: belongs to \"need\": \"conditional\" alone"},
    {"\"need\":\"optional\"", "\"need\":\"conditional\"",
     "pack lamp: /elements/6: is conditional, but the member \"condition\" is missing"},
    {"\"categories\":[\"outdoor\"]", "\"categories\":[\"garden\"]",
     "pack lamp: /elements/1/categories/0: there is no category \"garden\"; name one of "
     "\"categories\""},
    {"\"categories\":[\"outdoor\"]", "\"categories\":[]",
     "pack lamp: /elements/1/categories: must not be empty; leave it out where all categories are "
     "meant"},
    {"\"categories\":[\"outdoor\"]", "\"categories\":[\"outdoor\",\"outdoor\"]",
     "pack lamp: /elements/1/categories/1: stands here twice; leave one out"},
    {"\"categories\":[\"outdoor\"]", "\"categories\":[null]",
     "pack lamp: /elements/1/categories/0: must be a text, but is null"},
    {"[\"batch\"]", "[\"batch\",\"model\",\"batch\"]",
     "pack lamp: /elements/6/grains/2: stands here twice; leave one out"},
    {"[\"batch\"]", "[\"lot\"]",
     "pack lamp: /elements/6/grains/0: \"lot\" is none of: model, batch, item"},
    {"\"2027-01-01\"", "\"2027-02-30\"",
     "pack lamp: /elements/2/from: \"2027-02-30\" is no day; write YYYY-MM-DD"},
    {"\"2027-01-01\"", "\"2027-01-01T00:00:00Z\"",
     "pack lamp: /elements/2/from: \"2027-01-01T00:00:00Z\" is no day; write YYYY-MM-DD"},
    {"\"2027-01-01\"", "\"2028-01-01\"", "pack lamp: /elements/2/to: lies before \"from\""},
    {"https://example.com/d/power", "example.com/d/power",
     "pack lamp: /elements/0/reference: is no absolute http or https address"},
    {"\"source_status\":\"own_knowledge\"", "\"source_status\":\"sure\"",
     "pack lamp: /elements/5/source_status: \"sure\" is none of: official_text, "
     "verbatim_quotation, paraphrase, own_knowledge"},
    {"\"article\":\"2\",", "", "pack lamp: /elements/5: the member \"article\" is missing"},
    {"\"article\":\"2\"", "\"article\":\"2\",\"a/b~c\\n\":1",
     "pack lamp: /elements/5/a~1b~0c?: is not known here; the members are id, name, type, unit, "
     "class, need, condition, categories, grains, act, article, url, source_status, from, to, "
     "reference, note"},
    {"[\"base\"]", "[\"lamp\"]", "pack lamp: extends itself; take it out of \"extends\""},
    {"[\"base\"]", "[\"../base\"]", "pack lamp: /extends/0: \"../base\" is no name of a pack"},
    {"[\"base\"]", "[\"bass\"]", "no sample pack bass"},
    {"[\"base\"]", "[1]", "pack lamp: /extends/0: must be a text, but is a number"},
};

static void test_faults(void **state) {
    (void)state;
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        ts_arena work = a;
        ts_error e = {0};
        ts_pack p;
        ts_str text = with(&work, sample_lamp, faults[i].from, faults[i].to);
        const sample_pack list[] = {{"base", sample_base}, {"lamp", ts_str_z(&work, text)}, {0, 0}};
        assert_fails(read_pack(&work, "lamp", list, &p, &e), e, faults[i].error);
        assert_int_equal(e.code,
                         i == sizeof faults / sizeof *faults - 2 ? TS_E_NOT_FOUND : TS_E_INPUT);
    }
}

/* First and last day may be one. */
static void test_one_day(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pack p;
    ts_error e = {0};
    ts_str text = with(&a, sample_lamp, "\"2027-12-31\"", "\"2027-01-01\"");
    const sample_pack list[] = {{"base", sample_base}, {"lamp", ts_str_z(&a, text)}, {0, 0}};
    assert_ok(read_pack(&a, "lamp", list, &p, &e), e);
}

/* What is no strict JSON is refused with the name of the pack. */
static void test_no_json(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const sample_pack list[] = {
        {"twice", "{\"id\":1,\n\"id\":2}"}, {"cut", "{\"id\":"}, {"list", "[]"}, {0, 0}};
    for (const sample_pack *x = list; x < list + 2; x++) {
        ts_pack p;
        ts_error e = {0};
        char text[2000];
        assert_false(read_pack(&a, x->name, list, &p, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        ts_error_text(&e, text, sizeof text);
        assert_true(ts_str_starts(ts_str_c(text), TS_S("pack ")));
        assert_true(ts_str_find(ts_str_c(text), TS_S("JSON: ")) != TS_NPOS);
    }
    ts_pack p;
    ts_error e = {0};
    assert_fails(read_pack(&a, "list", list, &p, &e), e,
                 "pack list: must be an object, but is a list");
}

#define LEAF(id) ELEMENT(id, "text", "public", "")
#define CLASSES "\"classes\":{\"public\":{\"open_to\":[\"public\"]}},"

static void test_diamond(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const sample_pack list[] = {
        {"base", sample_base},
        {"left", PACK("left", "\"extends\":[\"base\"],\"elements\":[" LEAF("l") "]")},
        {"right", PACK("right", "\"extends\":[\"base\"],\"elements\":[" LEAF("r") "]")},
        {"top",
         PACK("top", "\"extends\":[\"left\",\"right\",\"base\"],\"elements\":[" LEAF("t") "]")},
        {0, 0}};
    ts_pack p;
    ts_error e = {0};
    assert_ok(read_pack(&a, "top", list, &p, &e), e);
    const char *const order[] = {"maker.name", "l", "r", "t"};
    assert_int_equal(p.elements.n, 4);
    for (size_t i = 0; i < 4; i++) assert_str(p.elements.v[i].id, order[i]);
    assert_str(p.id, "top");
}

static void test_circle(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const sample_pack list[] = {
        {"a", PACK("a", "\"extends\":[\"b\"]," CLASSES "\"elements\":[" LEAF("x") "]")},
        {"b", PACK("b", "\"extends\":[\"c\"]," CLASSES "\"elements\":[" LEAF("y") "]")},
        {"c", PACK("c", "\"extends\":[\"b\"]," CLASSES "\"elements\":[" LEAF("z") "]")},
        {0, 0}};
    ts_pack p;
    ts_error e = {0};
    assert_fails(read_pack(&a, "a", list, &p, &e), e,
                 "pack b: extends itself by way of c; take it out of \"extends\"");
}

/* p0 extends p1 extends p2 … */
static bool find_chain(void *ctx, ts_arena *a, ts_str name, ts_str *text, ts_error *e) {
    uint64_t i;
    (void)ctx;
    if (!ts_u64_parse(ts_str_from(name, 1), &i)) return ts_fail(e, TS_E_NOT_FOUND, "none");
    ts_buf b = ts_buf_new(a, 4096);
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-pack-1\",\"id\":\"p%d\",\"version\":\"2026-11\","
               "\"title\":" NAMES ",\"note\":" NAMES ",\"extends\":[\"p%d\"]," CLASSES
               "\"elements\":[1]}",
               (int)i, (int)i + 1);
    *text = ts_buf_str(&b);
    return true;
}

static void test_limits(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pack p;
    ts_error e = {0};
    assert_fails(ts_pack_read(&a, TS_S("p0"), find_chain, 0, &p, &e), e,
                 "pack p8: packs extend one another more than 8 deep, or more than 32 of them");
    assert_int_equal(e.code, TS_E_LIMIT);
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_lit(&b, "\"classes\":{");
    for (int i = 0; i < 65; i++)
        ts_buf_fmt(&b, "%s\"c%d\":{\"open_to\":[\"public\"]}", i ? "," : "", i);
    ts_str text = with(&a, sample_base, "\"classes\":{\"public\":{\"open_to\":[\"public\"]}",
                       ts_str_z(&a, ts_buf_str(&b)));
    sample_pack list[] = {{"base", ts_str_z(&a, text)}, {0, 0}};
    assert_fails(read_pack(&a, "base", list, &p, &e), e,
                 "pack base: more than 64 disclosure classes");
    ts_buf_reset(&b);
    for (int i = 0; i < 4001; i++) ts_buf_fmt(&b, "%s{}", i ? "," : "");
    text = with(&a, sample_base, ELEMENT("maker.name", "text", "public", ""),
                ts_str_z(&a, ts_buf_str(&b)));
    list[0].text = ts_str_z(&a, text);
    assert_fails(read_pack(&a, "base", list, &p, &e), e, "pack base: more than 4000 elements");
}

/* Elements keep pointing to their classes, however many packs add to them. */
static void test_classes_stay(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pack p;
    ts_error e = {0};
    assert_ok(read_pack(&a, "lamp", sample_packs, &p, &e), e);
    for (size_t i = 0; i < p.elements.n; i++) {
        const ts_disclosure_class *c = p.elements.v[i].class;
        assert_true(c >= p.classes.v && c < p.classes.v + p.classes.n);
    }
}

static void test_shared_names(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str text;
    ts_error e = {0};
    assert_fails(ts_pack_find_shared(0, &a, TS_S("../passwd"), &text, &e), e,
                 "\"../passwd\" is no name of a pack: small letters, digits and _, at most 64");
    assert_false(ts_pack_find_shared(0, &a, TS_NONE, &text, &e));
    assert_false(ts_pack_find_shared(0, &a, TS_S("no_such_pack"), &text, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
}

/* ---- the packs that come with the program ---- */

/* Calls fn with the name of every pack in rules/passport. */
static void each_shared(void (*fn)(ts_arena a, ts_str name)) {
    ts_arena a = test_arena();
    const char *dir;
    ts_error e = {0};
    size_t n = 0;
    assert_ok(ts_share_find(&a, "rules/passport", &dir, &e), e);
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *x; (x = readdir(d));) {
        ts_str file = ts_str_c(x->d_name);
        if (!ts_str_ends(file, TS_S(".json")) || ts_str_ends(file, TS_S(".schema.json"))) continue;
        fn(a, ts_str_to(file, file.n - 5));
        n++;
    }
    closedir(d);
    assert_true(n >= 2);
}

static void reads(ts_arena a, ts_str name) {
    ts_pack p;
    ts_error e = {0};
    assert_ok(ts_pack_read(&a, name, ts_pack_find_shared, 0, &p, &e), e);
    assert_true(ts_str_eq(p.id, name) && p.elements.n > 0);
}

static void test_shared_packs(void **state) {
    (void)state;
    each_shared(reads);
}

/* ---- the schema says the same ---- */

static const ts_json *parse(ts_arena *a, ts_str text) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(a, text, (ts_json_options){.strict = true}, &e);
    assert_ok(v, e);
    return v;
}

static ts_schema *schema(ts_arena *a) {
    const char *path = 0;
    ts_str text = TS_NONE;
    ts_error e = {0};
    assert_ok(ts_share_find(a, "rules/passport/pack.schema.json", &path, &e) &&
                  ts_file_read(a, path, 1 << 20, &text, &e),
              e);
    ts_schema *s = ts_schema_compile(a, parse(a, text), &e);
    assert_ok(s, e);
    return s;
}

static ts_answer keeps(const ts_schema *s, ts_arena a, ts_str text, bool say) {
    ts_schema_faults f = {0};
    ts_error e = {0};
    ts_answer answer = ts_schema_check(s, &a, parse(&a, text), 3, &f, &e);
    for (size_t i = 0; say && i < f.n; i++)
        print_message("%.*s: %.*s\n", TS_P(f.v[i].at), TS_P(f.v[i].text));
    return answer;
}

static void keeps_schema(ts_arena a, ts_str name) {
    ts_schema *s = schema(&a);
    ts_str text;
    ts_error e = {0};
    assert_ok(ts_pack_find_shared(0, &a, name, &text, &e), e);
    assert_int_equal(keeps(s, a, text, true), TS_YES);
    ts_schema_free(s);
}

static void test_schema(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_schema *s = schema(&a);
    assert_int_equal(keeps(s, a, ts_str_c(sample_lamp), true), TS_YES);
    assert_int_equal(keeps(s, a, ts_str_c(sample_base), true), TS_YES);
    /* What a schema can state: faults of form, not of one place against another. */
    static const size_t formal[] = {0,  3,  4,  5,  6,  8,  9,  11, 12,
                                    13, 14, 15, 16, 22, 23, 25, 26, 28};
    for (size_t i = 0; i < sizeof formal / sizeof *formal; i++) {
        ts_str text = with(&a, sample_lamp, faults[formal[i]].from, faults[formal[i]].to);
        if (keeps(s, a, text, false) != TS_NO) fail_msg("%s", faults[formal[i]].error);
    }
    ts_schema_free(s);
    each_shared(keeps_schema);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_names),        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_no_json),      cmocka_unit_test(test_one_day),
        cmocka_unit_test(test_diamond),      cmocka_unit_test(test_circle),
        cmocka_unit_test(test_limits),       cmocka_unit_test(test_classes_stay),
        cmocka_unit_test(test_shared_names), cmocka_unit_test(test_shared_packs),
        cmocka_unit_test(test_schema),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
