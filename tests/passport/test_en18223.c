#include "samples.h"

static const int64_t AT = 1795341600; /* 2026-11-22T10:00:00Z */

typedef struct world {
    ts_arena a;
    ts_document d;
    ts_packs packs;
} world;

static world open_world(const char *text) {
    world w = {.a = test_arena()};
    ts_error e = {0};
    assert_ok(ts_document_read(&w.a, ts_str_c(text), &w.d, &e), e);
    for (size_t i = 0; i < w.d.packs.n; i++)
        assert_ok(ts_pack_read(&w.a, w.d.packs.v[i].id, SAMPLE_FIND, ts_push(&w.a, &w.packs), &e),
                  e);
    return w;
}

static ts_str write_en(world *w, ts_audiences who, ts_en_form form) {
    ts_str out;
    ts_error e = {0};
    assert_ok(ts_en18223_write(&w->a, &w->d, &w->packs, who, form, AT, &out, &e), e);
    return out;
}

static const ts_json *parse(ts_arena *a, ts_str text) {
    ts_error e = {0};
    const ts_json *v =
        ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = 256}, &e);
    assert_ok(v, e);
    return v;
}

static ts_str str_of(const ts_json *v, const char *name) {
    return ts_json_str(ts_json_get(v, ts_str_c(name)));
}

static void check_header(const ts_json *v) {
    assert_str(str_of(v, "digitalProductPassportId"), "https://id.example.com/passports/1");
    assert_str(str_of(v, "uniqueProductIdentifier"),
               "https://id.example.com/01/09521234543213/10/B7/21/S1");
    assert_str(str_of(v, "granularity"), "item");
    assert_str(str_of(v, "dppSchemaVersion"), "EN 18223:2026");
    assert_str(str_of(v, "dppStatus"), "active");
    assert_str(str_of(v, "lastUpdated"), "2026-11-22T10:00:00Z");
    assert_str(str_of(v, "economicOperatorId"), "did:web:example.com");
    assert_str(str_of(v, "facilityId"), "https://example.com/f/1");
    const ts_json *specs = ts_json_member(v, "contentSpecificationIds");
    assert_int_equal(specs->n, 1);
    assert_str(ts_json_str(ts_json_at(specs, 0)), "urn:x-touchstone:pack:lamp:2026-11");
}

static void test_compressed(void **state) {
    (void)state;
    world w = open_world(sample_item);
    const ts_json *v = parse(&w.a, write_en(&w, 1 << TS_AUD_OPERATOR, TS_EN_COMPRESSED));
    check_header(v);
    assert_int_equal(v->n, 9 + 7 + 1);
    assert_str(str_of(ts_json_member(v, "hint"), "en"), "hot");
    assert_str(str_of(ts_json_member(ts_json_member(v, "light"), "opened"), "title"), "Open it");
    assert_str(ts_json_text(ts_json_member(v, "mercury")), "0.001");
    const ts_json *beside = ts_json_member(v, "touchstone");
    static const char *const names[] = {"product",    "operator", "facility", "links",
                                        "packs",      "classes",  "safety",   "predecessors",
                                        "components", "sbom"};
    assert_int_equal(beside->n, 10);
    for (size_t i = 0; i < 10; i++) assert_non_null(ts_json_get(beside, ts_str_c(names[i])));
    assert_null(ts_json_member(ts_json_member(beside, "product"), "id"));
    assert_str(str_of(ts_json_member(beside, "operator"), "name"), "Maker");
}

/* The element of that path of names in the full form. */
static const ts_json *element(const ts_json *list, const char *path) {
    ts_str rest = ts_str_c(path), name = ts_str_cut(&rest, '/');
    TS_JSON_EACH(v, list) {
        if (!ts_str_eq(str_of(v, "elementId"), name)) continue;
        return rest.p ? element(ts_json_member(v, "elements"), rest.p) : v;
    }
    fail_msg("no element %s", path);
    return 0;
}

static void check_element(const ts_json *list, const char *path, const char *type,
                          const char *data_type, const char *value) {
    const ts_json *v = element(list, path);
    assert_str(str_of(v, "objectType"), type);
    assert_str(str_of(v, "valueDataType"), data_type);
    assert_str(ts_json_text(ts_json_member(v, "value")), value);
}

static void test_full(void **state) {
    (void)state;
    world w = open_world(sample_item);
    const ts_json *v = parse(&w.a, write_en(&w, 1 << TS_AUD_OPERATOR, TS_EN_FULL));
    check_header(v);
    assert_int_equal(v->n, 9 + 1);
    const ts_json *list = ts_json_member(v, "elements");
    assert_int_equal(list->n, 7 + 1);
    check_element(list, "maker", "DataElementCollection", "", "");
    check_element(list, "maker/name", "SingleValuedDataElement", "xsd:string", "M");
    check_element(list, "light/power", "DataElementCollection", "", "");
    check_element(list, "light/power/value", "SingleValuedDataElement", "xsd:decimal", "3.2");
    check_element(list, "mercury", "SingleValuedDataElement", "xsd:decimal", "0.001");
    check_element(list, "made", "SingleValuedDataElement", "xsd:gYearMonth", "2026-09");
    check_element(list, "inner.more", "SingleValuedDataElement", "xsd:string",
                  "https://example.com");
    check_element(list, "touchstone/operator/name", "SingleValuedDataElement", "xsd:string",
                  "Maker");
    assert_str(str_of(element(list, "light/power"), "dictionaryReference"),
               "https://example.com/d/power");
    assert_str(str_of(element(list, "light/power/value"), "dictionaryReference"), "");
    const ts_json *x = element(list, "light/opened");
    assert_str(str_of(x, "objectType"), "RelatedResource");
    assert_str(str_of(x, "url"), "https://example.com/o");
    assert_str(str_of(x, "resourceTitle"), "Open it");
    x = element(list, "hint");
    assert_str(str_of(x, "objectType"), "MultiLanguageDataElement");
    x = ts_json_at(ts_json_member(x, "value"), 1);
    assert_str(str_of(x, "language"), "zh-Hans");
    assert_str(str_of(x, "value"), "\u70ed");
    x = element(list, "light/tested");
    assert_str(str_of(x, "objectType"), "MultiValuedDataElement");
    x = ts_json_member(x, "value");
    check_element(ts_json_at(x, 0), "ok", "SingleValuedDataElement", "xsd:boolean", "");
    assert_str(ts_json_str(ts_json_at(x, 1)), "2");
    check_element(ts_json_at(x, 3), "@value", "SingleValuedDataElement", "", "");
}

/* The members that the full form's schemas know, and their types; all the way down. */
static void check_shape(const ts_json *list);

static void check_one(const ts_json *v) {
    assert_true(ts_json_is(v, TS_JSON_OBJECT) && ts_json_is(v + 1, TS_JSON_STRING));
    ts_str type = str_of(v, "objectType");
    const ts_json *value = ts_json_member(v, "value"), *inner = ts_json_member(v, "elements");
    assert_true(ts_json_is(ts_json_member(v, "elementId"), TS_JSON_STRING) && type.n);
    if (ts_str_is(type, "DataElementCollection")) {
        assert_true(ts_json_is(inner, TS_JSON_ARRAY) && !value);
        check_shape(inner);
        return;
    }
    assert_null(inner);
    if (ts_str_is(type, "SingleValuedDataElement")) {
        assert_true(!value || (value->type >= TS_JSON_FALSE && value->type <= TS_JSON_STRING));
    } else if (ts_str_is(type, "MultiValuedDataElement")) {
        assert_true(ts_json_is(value, TS_JSON_ARRAY));
        TS_JSON_EACH(one, value) {
            if (one->type == TS_JSON_ARRAY)
                check_shape(one);
            else
                assert_true(one->type >= TS_JSON_FALSE && one->type <= TS_JSON_STRING);
        }
    } else if (ts_str_is(type, "RelatedResource")) {
        assert_true(str_of(v, "url").n && !value);
    } else {
        assert_str(type, "MultiLanguageDataElement");
        TS_JSON_EACH(one, value) assert_true(one->n == 2 && str_of(one, "language").n);
    }
}

static void check_shape(const ts_json *list) {
    assert_true(ts_json_is(list, TS_JSON_ARRAY));
    TS_JSON_EACH(v, list) check_one(v);
}

/* ---- there and back ---- */

static void round_trip(const char *text) {
    for (ts_en_form form = TS_EN_COMPRESSED; form <= TS_EN_FULL; form++) {
        world w = open_world(text);
        ts_str view, back, en = write_en(&w, 1 << TS_AUD_OPERATOR, form);
        ts_error e = {0};
        assert_ok(ts_document_view(&w.a, &w.d, &w.packs, 1 << TS_AUD_OPERATOR, &view, 0, &e), e);
        assert_ok(ts_en18223_read(&w.a, en, &back, &e), e);
        if (!ts_str_eq(back, view)) fail_msg("%.*s\n  came back as\n%.*s", TS_P(view), TS_P(back));
        if (form == TS_EN_FULL) check_shape(ts_json_member(parse(&w.a, en), "elements"));
    }
}

static void test_round_trip(void **state) {
    (void)state;
    round_trip(sample_item);
    round_trip(sample_least);
    static const char *const elements[] = {
        "{}",
        "{\"a\":null}",
        "{\"a\":[]}",
        "{\"a\":{}}",
        "{\"a\":[[],[[]],{},[{}],null,true,0,\"\"]}",
        "{\"a\":{\"@\":1,\"@@\":2,\"@value\":3,\"\":4,\"elementId\":5,\"a.b\":6,\"\\u0000\":7}}",
        "{\"a\":[{\"@value\":null}],\"b\":[{\"@value\":[]}],\"c\":[{\"@value\":{}}]}",
        "{\"d\":[{\"@value\":1,\"x\":2}],\"e\":[{\"@@value\":1}]}",
        "{\"a\":{\"elements\":[1],\"value\":[{\"elements\":[]}],\"objectType\":\"x\"}}",
        "{\"hint\":{\"en\":\"\",\"de\":\"x\"}}",
        "{\"hint\":\"plain\"}",
        "{\"hint\":{}}",
        "{\"light.opened\":\"https://example.com\"}",
        "{\"light.opened\":{\"url\":\"https://example.com\"}}",
        "{\"light.opened\":{\"url\":\"https://example.com\",\"language\":\"de\"}}",
        "{\"light.opened\":{\"url\":\"https://example.com\",\"size\":1}}",
        "{\"light.opened\":{\"url\":1,\"title\":\"x\"}}",
        "{\"light.opened\":{\"title\":\"x\",\"language\":\"de\"}}",
        "{\"light.opened\":\"not an address\"}",
        "{\"made\":\"2026-10-01\",\"mercury\":1e300,\"x\":-0}",
        "{\"status\":1,\"id\":2,\"format\":3,\"product\":4,\"safety\":[5],\"classes\":6}",
        "{\"digitalProductPassportIds\":1,\"value\":2,\"elementId\":3}",
    };
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        ts_arena a = test_arena();
        ts_buf b = ts_buf_new(&a, 2000);
        ts_buf_fmt(&b, "\"status\":\"active\",\"packs\":[{\"id\":\"lamp\"}],\"elements\":%s",
                   elements[i]);
        ts_str text = with(&a, sample_least, "\"status\":\"active\"", ts_str_z(&a, ts_buf_str(&b)));
        round_trip(ts_str_z(&a, text));
    }
}

/* As deep as a document may be. */
static void test_deep(void **state) {
    (void)state;
    static const char *const steps[] = {"[", "{\"a\":"};
    for (size_t i = 0; i < 2; i++) {
        ts_arena a = test_arena();
        ts_buf b = ts_buf_new(&a, 2000);
        ts_buf_lit(&b, "\"status\":\"active\",\"elements\":{\"a\":");
        for (int k = 0; k < 62; k++) ts_buf_put(&b, ts_str_c(steps[i]));
        ts_buf_put(&b, i ? TS_S("1") : TS_NONE);
        for (int k = 0; k < 62; k++) ts_buf_c(&b, i ? '}' : ']');
        ts_buf_c(&b, '}');
        ts_str text = with(&a, sample_least, "\"status\":\"active\"", ts_str_z(&a, ts_buf_str(&b)));
        round_trip(ts_str_z(&a, text));
    }
}

static void test_large(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 2 << 20);
    ts_buf_lit(&b, "\"status\":\"active\",\"elements\":{\"a\":{");
    for (int i = 0; i < 90000; i++) ts_buf_fmt(&b, "%s\"%d\":1", i ? "," : "", i);
    ts_buf_lit(&b, "}}");
    ts_str text = with(&a, sample_least, "\"status\":\"active\"", ts_str_z(&a, ts_buf_str(&b)));
    world w = open_world(ts_str_z(&a, text));
    ts_error e = {0};
    ts_str out, back;
    assert_ok(ts_en18223_write(&w.a, &w.d, &w.packs, 1 << TS_AUD_OPERATOR, TS_EN_COMPRESSED, AT,
                               &out, &e),
              e);
    assert_ok(ts_en18223_read(&w.a, out, &back, &e), e);
    assert_fails(
        ts_en18223_write(&w.a, &w.d, &w.packs, 1 << TS_AUD_OPERATOR, TS_EN_FULL, AT, &out, &e), e,
        "the passport written out takes more than 8388608 bytes; put fewer or shorter "
        "elements into it");
    assert_int_equal(e.code, TS_E_LIMIT);
}

static void test_time(void **state) {
    (void)state;
    world w = open_world(sample_least);
    ts_error e = {0};
    ts_str out;
    static const int64_t bad[] = {-1, 253402300800, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        assert_fails(ts_en18223_write(&w.a, &w.d, &w.packs, 0, TS_EN_FULL, bad[i], &out, &e), e,
                     "passport: a version's time lies in the years 1970 to 9999");
        assert_int_equal(e.code, TS_E_USAGE);
    }
    assert_ok(ts_en18223_write(&w.a, &w.d, &w.packs, 0, TS_EN_FULL, 253402300799, &out, &e), e);
    assert_true(ts_str_find(out, TS_S("\"lastUpdated\":\"9999-12-31T23:59:59Z\"")) != TS_NPOS);
}

/* ---- what others write ---- */

#define HEADER                                                                                     \
    "\"digitalProductPassportId\":\"urn:p:1\",\"uniqueProductIdentifier\":"                        \
    "\"https://example.com/1\",\"granularity\":\"model\",\"dppSchemaVersion\":\"1\","              \
    "\"dppStatus\":\"active\",\"lastUpdated\":\"2026-11-22T10:00:00Z\","                           \
    "\"economicOperatorId\":\"did:web:example.com\""

static void reads_as(const char *text, const char *want) {
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_str out;
    assert_ok(ts_en18223_read(&a, ts_str_c(text), &out, &e), e);
    assert_str(out, want);
}

#define READ_HEAD "{\"elements\":{"
#define READ_TAIL(packs)                                                                           \
    "},\"format\":\"touchstone-passport-1\",\"granularity\":\"model\",\"id\":\"urn:p:1\","         \
    "\"operator\":{\"id\":\"did:web:example.com\"}," packs                                         \
    "\"product\":{\"id\":\"https://example.com/1\",\"name\":\"https://example.com/1\"},"           \
    "\"status\":\"active\"}"

static void test_foreign(void **state) {
    (void)state;
    reads_as("{" HEADER "}", READ_HEAD READ_TAIL("\"packs\":[],"));
    reads_as("{\"@context\":[\"https://example.com\"]," HEADER ",\"mass\":{\"value\":1},"
             "\"contentSpecificationIds\":[\"https://example.com/spec\","
             "\"urn:x-touchstone:pack:battery:2026-11\"]}",
             READ_HEAD "\"mass\":{\"value\":1}" READ_TAIL("\"packs\":[{\"id\":\"battery\"}],"));
    reads_as("{\"@context\":{}," HEADER ",\"elements\":[{\"elementId\":\"a\",\"objectType\":"
             "\"SingleValuedDataElement\",\"valueDataType\":\"xsd:decimal\",\"value\":1.50}]}",
             READ_HEAD "\"a\":1.5" READ_TAIL("\"packs\":[],"));
}

#define ONE(more) "{" HEADER ",\"elements\":[{\"elementId\":\"a\"," more "}]}"
static const struct {
    const char *text, *error;
} faults[] = {
    {"[]", "EN 18223: must be an object, but is a list"},
    {"{}", "EN 18223: the member \"digitalProductPassportId\" of EN 18223's header is missing"},
    {"{" HEADER ",\"facilityId\":1}", "EN 18223: /facilityId: must be a text, but is a number"},
    {"{" HEADER ",\"elements\":{}}", "EN 18223: /elements: must be a list, but is an object"},
    {"{" HEADER ",\"elements\":[],\"mass\":1}",
     "EN 18223: /mass: is no member of EN 18223's header; it belongs into \"elements\""},
    {"{" HEADER ",\"elements\":[1]}", "EN 18223: /elements/0: must be an object, but is a number"},
    {"{" HEADER ",\"elements\":[{\"objectType\":\"SingleValuedDataElement\"}]}",
     "EN 18223: /elements/0: the member \"elementId\" is missing"},
    {"{" HEADER ",\"elements\":[{\"elementId\":\"granularity\",\"objectType\":"
     "\"SingleValuedDataElement\"}]}",
     "EN 18223: /elements/0/elementId: \"granularity\" belongs to the header"},
    {"{" HEADER ",\"elements\":[{\"elementId\":\"elements\",\"objectType\":"
     "\"SingleValuedDataElement\"}]}",
     "EN 18223: /elements/0/elementId: \"elements\" belongs to the header"},
    {"{" HEADER ",\"elements\":[{\"elementId\":\"@b\",\"objectType\":"
     "\"SingleValuedDataElement\"}]}",
     "EN 18223: /elements/0/elementId: \"@b\" has no meaning here"},
    {"{" HEADER ",\"elements\":[{\"elementId\":\"a\",\"objectType\":\"SingleValuedDataElement\"},"
     "{\"elementId\":\"a\",\"objectType\":\"SingleValuedDataElement\"}]}",
     "EN 18223: /elements/1/elementId: \"a\" stands here twice"},
    {ONE("\"value\":1"), "EN 18223: /elements/0: the member \"objectType\" is missing"},
    {ONE("\"objectType\":\"Element\""),
     "EN 18223: /elements/0/objectType: \"Element\" is none of: SingleValuedDataElement, "
     "MultiValuedDataElement, MultiLanguageDataElement, DataElementCollection, RelatedResource"},
    {ONE("\"objectType\":\"SingleValuedDataElement\",\"value\":[1]"),
     "EN 18223: /elements/0/value: a single-valued element has no list"},
    {ONE("\"objectType\":\"SingleValuedDataElement\",\"value\":null"),
     "EN 18223: /elements/0/value: must be true or false or a number or a text or a list, but is "
     "null"},
    {ONE("\"objectType\":\"SingleValuedDataElement\",\"unit\":\"kg\""),
     "EN 18223: /elements/0/unit: is not known here; the members are elementId, objectType, "
     "dictionaryReference, valueDataType, value, elements, resourceTitle, contentType, url, "
     "language"},
    {ONE("\"objectType\":\"SingleValuedDataElement\",\"url\":\"https://example.com\""),
     "EN 18223: /elements/0/url: does not belong to this objectType"},
    {ONE("\"objectType\":\"MultiValuedDataElement\",\"value\":1"),
     "EN 18223: /elements/0: must have a \"value\" that is a list"},
    {ONE("\"objectType\":\"MultiValuedDataElement\",\"value\":[{}]"),
     "EN 18223: /elements/0/value/0: must be true or false or a number or a text or a list, but "
     "is an object"},
    {ONE("\"objectType\":\"MultiValuedDataElement\",\"value\":[[1]]"),
     "EN 18223: /elements/0/value/0/0: must be an object, but is a number"},
    {ONE("\"objectType\":\"MultiLanguageDataElement\",\"value\":[{\"language\":\"en\",\"value\":"
         "\"x\"},{\"language\":\"en\",\"value\":\"y\"}]"),
     "EN 18223: /elements/0/value/1/language: stands here twice"},
    {ONE("\"objectType\":\"MultiLanguageDataElement\",\"value\":[{\"language\":\"en\"}]"),
     "EN 18223: /elements/0/value/0: the member \"value\" is missing"},
    {ONE("\"objectType\":\"DataElementCollection\",\"value\":[]"),
     "EN 18223: /elements/0/value: does not belong to this objectType"},
    {ONE("\"objectType\":\"DataElementCollection\""),
     "EN 18223: /elements/0: the member \"elements\" is missing"},
    {ONE("\"objectType\":\"RelatedResource\""),
     "EN 18223: /elements/0: the member \"url\" is missing"},
    {"{" HEADER ",\"touchstone\":{\"product\":{\"id\":\"urn:p:2\"}}}",
     "EN 18223: /touchstone/product/id: stands in the header; leave it out"},
    {"{" HEADER ",\"touchstone\":{\"facility\":{\"name\":\"x\"}}}",
     "EN 18223: /touchstone/facility: the header's member \"facilityId\" is missing"},
    {"{" HEADER ",\"touchstone\":{\"elements\":{\"a\":1}}}",
     "EN 18223: /touchstone/elements: must be empty: elements stand at the top"},
    {"{" HEADER ",\"touchstone\":{\"status\":\"active\"}}",
     "EN 18223: /touchstone/status: is not known here; the members are product, operator, "
     "facility, links, packs, classes, safety, predecessors, components, sbom, elements"},
    {"{" HEADER ",\"touchstone\":1}", "EN 18223: /touchstone: must be an object, but is a number"},
    {"{" HEADER ",\"a b\":1}",
     "passport: /elements/a b: is no name of an element: letters, digits and _, beginning with a "
     "letter, joined by dots"},
};

static void test_faults(void **state) {
    (void)state;
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        ts_arena work = a;
        ts_error e = {0};
        ts_str out;
        assert_fails(ts_en18223_read(&work, ts_str_c(faults[i].text), &out, &e), e,
                     faults[i].error);
        assert_int_equal(e.code, TS_E_INPUT);
    }
    ts_error e = {0};
    ts_str out, text = with(&a, "{" HEADER "}", "2026-11-22T10:00:00Z", "22.11.2026");
    assert_fails(ts_en18223_read(&a, text, &out, &e), e,
                 "EN 18223: /lastUpdated: \"22.11.2026\" is no instant; write "
                 "2026-11-20T10:00:00Z");
    text = with(&a, "{" HEADER "}", "active", "recalled");
    assert_false(ts_en18223_read(&a, text, &out, &e));
    assert_true(ts_str_starts(ts_str_c(e.msg), TS_S("passport: /status: \"recalled\"")));
    char *big = ts_new_n(&a, char, TS_EN_MAX + 1);
    assert_fails(ts_en18223_read(&a, (ts_str){big, TS_EN_MAX + 1}, &out, &e), e,
                 "EN 18223: more than 8388608 bytes");
}

static ts_arena own; /* of the tests below */

static const ts_json *tree(const char *text) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(&own, ts_str_c(text), (ts_json_options){.strict = true}, &e);
    if (!v) fail_msg("%s", e.msg);
    return v;
}

static ts_str canonical(const ts_json *v) {
    ts_error e = {0};
    ts_buf b = ts_buf_new(&own, 100000);
    assert_true(v && ts_canonical(&b, own, v, &e));
    return ts_buf_str(&b);
}

/* One element there and back, whatever its value and name. */
static void test_element(void **state) {
    (void)state;
    static const char *const values[] = {"3",
                                         "1e-3",
                                         "\"x\"",
                                         "null",
                                         "true",
                                         "[]",
                                         "{}",
                                         "[1,[2,null],{\"a\":[]}]",
                                         "{\"@value\":{\"b\":null},\"c\":\"https://example.com\"}",
                                         "[[[]]]"},
                             *const names[] = {"a", "0", "@x", "a.b"};
    const ts_packs none = {0};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            ts_error e = {0};
            ts_str text;
            assert_ok(ts_en18223_element_write(&own, &none, ts_str_c(names[k]), TS_NONE,
                                               tree(values[i]), &text, &e),
                      e);
            const ts_json *v = tree(ts_str_z(&own, text)),
                          *back = ts_en18223_element_read(&own, v, &e);
            assert_true(ts_str_eq(canonical(back), canonical(tree(values[i]))));
        }
    ts_error e = {0};
    assert_null(ts_en18223_element_read(&own, tree("7"), &e));
    assert_null(ts_en18223_element_read(&own, tree("{\"elementId\":\"a\"}"), &e));
    assert_null(
        ts_en18223_element_read(&own, tree("{\"elementId\":\"a\",\"objectType\":\"Odd\"}"), &e));
}

/* A part of the full form, without its header. */
static void test_fold(void **state) {
    (void)state;
    ts_error e = {0};
    assert_str(
        canonical(ts_en18223_fold(
            &own,
            tree("{\"dppStatus\":\"inactive\",\"elements\":[{\"elementId\":\"a\",\"objectType\":"
                 "\"DataElementCollection\",\"elements\":[{\"elementId\":\"b\",\"objectType\":"
                 "\"SingleValuedDataElement\"}]}]}"),
            &e)),
        "{\"a\":{\"b\":null},\"dppStatus\":\"inactive\"}");
    assert_str(canonical(ts_en18223_fold(&own, tree("{\"x\":1}"), &e)), "{\"x\":1}");
    assert_null(ts_en18223_fold(&own, tree("[]"), &e));
    assert_null(ts_en18223_fold(&own, tree("{\"elements\":{}}"), &e));
    assert_null(ts_en18223_fold(&own, tree("{\"x\":1,\"elements\":[]}"), &e));
    assert_null(ts_en18223_fold(&own,
                                tree("{\"elements\":[{\"elementId\":\"granularity\",\"objectType\":"
                                     "\"SingleValuedDataElement\"}]}"),
                                &e));
}

int main(void) {
    own = test_arena();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_element),    cmocka_unit_test(test_fold),
        cmocka_unit_test(test_compressed), cmocka_unit_test(test_full),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_deep),
        cmocka_unit_test(test_large),      cmocka_unit_test(test_time),
        cmocka_unit_test(test_foreign),    cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
