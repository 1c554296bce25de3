#include "support/support.h"

/* ---- tools ---- */

static const ts_json *parse(ts_arena *a, ts_str text) {
    ts_error e = {0};
    const ts_json *v =
        ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = 900}, &e);
    if (!v) print_error("%s in %.*s\n", e.msg, TS_P(ts_str_clip(text, 300)));
    assert_non_null(v);
    return v;
}

static ts_schema *compiled(ts_arena *a, const char *schema) {
    ts_error e = {0};
    ts_schema *s = ts_schema_compile(a, parse(a, ts_str_c(schema)), &e);
    if (!s) print_error("%s: %.300s\n", e.msg, schema);
    assert_non_null(s);
    assert_int_equal(e.code, TS_OK);
    return s;
}

/* One fault for sure when the answer is no, none otherwise; an error when it is open, and only
 * then. */
static ts_answer answer(ts_arena a, const char *schema, const char *instance) {
    ts_error e = {0};
    ts_schema_faults f = {0};
    ts_schema *s = compiled(&a, schema);
    ts_answer x = ts_schema_check(s, &a, parse(&a, ts_str_c(instance)), 100, &f, &e);
    if ((x == TS_NO) != (f.n > 0) || (x == TS_OPEN) != (e.code != TS_OK))
        fail_msg("%zu faults and error %d for %s against %.300s", f.n, e.code, instance, schema);
    ts_schema_free(s);
    return x;
}

typedef struct expectation {
    const char *schema, *yes[8], *no[8];
} expectation;

static void hold(const expectation *v, size_t n) {
    ts_arena a = test_arena();
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 8; k++) {
            if (v[i].yes[k] && answer(a, v[i].schema, v[i].yes[k]) != TS_YES)
                fail_msg("%s does not keep to %s", v[i].yes[k], v[i].schema);
            if (v[i].no[k] && answer(a, v[i].schema, v[i].no[k]) != TS_NO)
                fail_msg("%s keeps to %s", v[i].no[k], v[i].schema);
        }
    ts_arena_free(&a, (size_t)1 << 32);
}
#define HOLD(v) hold((v), sizeof(v) / sizeof *(v))

/* The compiler refuses the schema with this message. */
static void refused(ts_arena a, const char *schema, ts_error_code code, const char *message) {
    ts_error e = {0};
    if (ts_schema_compile(&a, parse(&a, ts_str_c(schema)), &e)) fail_msg("taken: %s", schema);
    assert_string_equal(e.msg, message);
    assert_int_equal(e.code, code);
}

/* ---- keywords ---- */

static void scalars(void **s) {
    (void)s;
    static const expectation v[] = {
        {"true", {"1", "null", "{}"}, {0}},
        {"false", {0}, {"1", "null", "{}"}},
        {"{}", {"1", "[]"}, {0}},
        {"{\"type\":\"integer\"}", {"1", "1.0", "1e2", "-0", "10e-1"}, {"1.5", "1e-1", "\"1\""}},
        {"{\"type\":\"number\"}", {"1", "1.5"}, {"\"1\"", "null", "true"}},
        {"{\"type\":\"boolean\"}", {"true", "false"}, {"0", "null", "\"true\""}},
        {"{\"type\":[\"null\",\"array\"]}", {"null", "[]"}, {"{}", "0"}},
        {"{\"type\":[]}", {0}, {"null", "0"}},
        {"{\"enum\":[1,\"a\",null,[2]]}", {"1", "\"a\"", "null", "[2.0]"}, {"2", "\"b\"", "[]"}},
        {"{\"enum\":[]}", {0}, {"1"}},
        {"{\"const\":false}", {"false"}, {"0", "null"}},
        {"{\"const\":null}", {"null"}, {"0", "false"}},
        {"{\"minLength\":2,\"maxLength\":3}",
         {"\"ab\"", "\"\\u00e4\\ud83d\\ude00x\"", "5"},
         {"\"a\"", "\"\\ud83d\\ude00\"", "\"abcd\"", "\"\""}},
        {"{\"minLength\":2.0}", {"\"ab\""}, {"\"a\""}},
        {"{\"maxLength\":1e30}", {"\"ab\""}, {0}},
        {"{\"minLength\":1e30}", {0}, {"\"ab\""}},
        {"{\"pattern\":\"b+\"}", {"\"abbc\"", "1"}, {"\"ac\"", "\"\""}},
    };
    HOLD(v);
}

static void numbers(void **s) {
    (void)s;
    static const expectation v[] = {
        {"{\"minimum\":1.1}",
         {"1.1", "1.10", "2", "11e-1", "\"0\""},
         {"1.0999999999999999999", "-2"}},
        {"{\"maximum\":3}", {"3", "3.0", "-1e400"}, {"3.0000000000000000001", "1e400"}},
        {"{\"exclusiveMinimum\":0}", {"1e-400"}, {"0", "-0.0", "0e5", "-1e-400"}},
        {"{\"exclusiveMaximum\":0}", {"-1e-400"}, {"0", "-0.0", "1"}},
        {"{\"const\":9007199254740993}",
         {"9007199254740993", "9007199254740993.0"},
         {"9007199254740992", "9007199254740994"}},
        {"{\"const\":0.1}", {"0.10", "1e-1", "0.01e1"}, {"0.1000000000000000055"}},
        {"{\"const\":100}", {"1e2", "1E+2", "100.00", "1000e-1"}, {"1e3"}},
        {"{\"const\":0}", {"-0", "0.000", "0e99999999999999999999"}, {"1e-99"}},
        {"{\"multipleOf\":0.01}", {"19.99", "4.35", "1.1e3", "0", "-0.07"}, {"0.075", "0.001"}},
        {"{\"multipleOf\":0.0001}", {"0.0075"}, {"0.00751"}},
        {"{\"multipleOf\":3}", {"9", "300000000000000000000000000000"}, {"10", "1e400", "1.5"}},
        {"{\"multipleOf\":7}", {"7e400"}, {"1e400"}},
        {"{\"multipleOf\":20}", {"100", "-20"}, {"30", "2"}},
        {"{\"type\":\"integer\",\"multipleOf\":0.123456789}", {0}, {"1e308"}},
        {"{\"minimum\":-1e99999999999999999999}", {"3", "-1e9999999"}, {0}},
        {"{\"maximum\":5}",
         {"-1e99999999999999999999", "1e-99999999999999999999"},
         {"1e99999999999999999999"}},
    };
    HOLD(v);
    ts_arena a = test_arena();
    static const char *const huge[] = {
        "{\"const\":1e99999999999999999999}",
        "{\"maximum\":2e99999999999999999999}",
        "{\"multipleOf\":3}",
        "{\"enum\":[[1e99999999999999999999]]}",
    };
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(answer(a, huge[i], "1e99999999999999999999"), TS_OPEN);
    assert_int_equal(answer(a, huge[3], "[1e99999999999999999999]"), TS_OPEN);
    assert_int_equal(answer(a, "{\"uniqueItems\":true}", "[1e99999999999999999999,2]"), TS_OPEN);
}

static void equality(void **s) {
    (void)s;
    static const expectation v[] = {
        {"{\"const\":{\"a\":[1,{\"b\":null}],\"c\":2}}",
         {"{\"c\":2.0,\"a\":[1e0,{\"b\":null}]}"},
         {"{\"c\":2}", "{\"c\":2,\"a\":[{\"b\":null},1]}",
          "{\"c\":2,\"a\":[1,{\"b\":null}],\"d\":1}", "[]", "{\"c\":2,\"x\":[1,{\"b\":null}]}"}},
        {"{\"uniqueItems\":true}",
         {"[]", "[1,\"1\",true,null,false,0]", "[[1,2],[2,1]]", "[{\"a\":1},{\"a\":2},{\"b\":1}]",
          "[[[1],\"x\"],[[2],\"x\"]]", "\"aa\""},
         {"[1,1.0]", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]", "[[1,[2]],3,[1,[2.0]]]",
          "[\"a\",\"b\",\"\\u0061\"]", "[null,1,null]", "[0,-0]", "[{},{}]"}},
        {"{\"uniqueItems\":false}", {"[1,1]"}, {0}},
    };
    HOLD(v);
}

static void objects(void **s) {
    (void)s;
    static const expectation v[] = {
        {"{\"required\":[\"a\",\"\"]}", {"{\"a\":1,\"\":2}", "[]"}, {"{\"a\":1}", "{}"}},
        {"{\"properties\":{\"a\":{\"type\":\"string\"},\"b\":false}}",
         {"{}", "{\"a\":\"\"}", "{\"c\":1}", "3"},
         {"{\"a\":1}", "{\"b\":1}"}},
        {"{\"properties\":{\"a\":true},\"patternProperties\":{\"^x\":{\"type\":\"integer\"}},"
         "\"additionalProperties\":{\"type\":\"null\"}}",
         {"{\"a\":\"s\",\"x1\":2,\"q\":null}"},
         {"{\"x1\":\"s\"}", "{\"q\":1}", "{\"ax\":3}"}},
        {"{\"properties\":{\"xa\":{\"minimum\":5}},\"patternProperties\":{\"^x\":{\"maximum\":6},"
         "\"a$\":{\"multipleOf\":2}}}",
         {"{\"xa\":6}"},
         {"{\"xa\":4}", "{\"xa\":8}", "{\"xa\":5}"}},
        {"{\"propertyNames\":{\"maxLength\":2}}", {"{\"ab\":1}", "{}"}, {"{\"abc\":1}"}},
        {"{\"propertyNames\":false}", {"{}", "[1]"}, {"{\"a\":1}"}},
        {"{\"minProperties\":1,\"maxProperties\":2}",
         {"{\"a\":1}", "[]"},
         {"{}", "{\"a\":1,\"b\":1,\"c\":1}"}},
        {"{\"dependentRequired\":{\"a\":[\"b\",\"c\"]}}",
         {"{\"a\":1,\"b\":1,\"c\":1}", "{\"b\":1}"},
         {"{\"a\":1,\"b\":1}"}},
        {"{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]},\"z\":false}}",
         {"{\"b\":1}", "{}"},
         {"{\"a\":1}", "{\"z\":1}"}},
        {"{\"unevaluatedProperties\":false,\"properties\":{\"a\":true},\"allOf\":[{\"properties\":"
         "{\"b\":true}}],\"if\":{\"required\":[\"a\"],\"patternProperties\":{\"^i\":true}},"
         "\"then\":"
         "{\"properties\":{\"t\":true}},\"else\":{\"properties\":{\"e\":true}}}",
         {"{\"a\":1,\"b\":1,\"t\":1,\"i1\":1}", "{\"b\":1,\"e\":1}"},
         {"{\"a\":1,\"e\":1}", "{\"e\":1,\"i1\":1}", "{\"t\":1}", "{\"x\":1}"}},
        {"{\"unevaluatedProperties\":{\"type\":\"null\"},\"anyOf\":[{\"properties\":{\"a\":{"
         "\"const\":"
         "1}},\"required\":[\"a\"]},{\"properties\":{\"b\":{\"const\":2}},\"required\":[\"b\"]}]}",
         {"{\"a\":1}", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":null}"},
         {"{\"a\":1,\"b\":3}", "{\"b\":2,\"a\":7}"}},
        {"{\"unevaluatedProperties\":false,\"oneOf\":[{\"properties\":{\"a\":true},\"required\":"
         "[\"a\"]},{\"properties\":{\"b\":true},\"required\":[\"b\"]}]}",
         {"{\"a\":1}", "{\"b\":1}"},
         {"{\"a\":1,\"c\":1}", "{\"a\":1,\"b\":1}"}},
        {"{\"unevaluatedProperties\":false,\"not\":{\"not\":{\"properties\":{\"a\":true}}}}",
         {"{}"},
         {"{\"a\":1}"}},
        {"{\"allOf\":[{\"properties\":{\"a\":true}},{\"unevaluatedProperties\":false}]}",
         {"{}"},
         {"{\"a\":1}"}},
        {"{\"allOf\":[{\"unevaluatedProperties\":true}],\"unevaluatedProperties\":false}",
         {"{\"a\":1}"},
         {0}},
        {"{\"$ref\":\"#/$defs/b\",\"unevaluatedProperties\":false,\"dependentSchemas\":{\"a\":"
         "{\"properties\":{\"d\":true}}},\"$defs\":{\"b\":{\"properties\":{\"a\":true}}}}",
         {"{\"a\":1,\"d\":1}"},
         {"{\"d\":1}"}},
        {"{\"properties\":{\"a\":{\"properties\":{\"b\":true}}},\"unevaluatedProperties\":false}",
         {"{\"a\":{\"x\":1}}"},
         {"{\"b\":1}"}},
    };
    HOLD(v);
}

static void arrays(void **s) {
    (void)s;
    static const expectation v[] = {
        {"{\"prefixItems\":[{\"type\":\"string\"},true],\"items\":{\"type\":\"null\"}}",
         {"[]", "[\"a\"]", "[\"a\",1,null]", "{}"},
         {"[1]", "[\"a\",1,2]"}},
        {"{\"items\":false}", {"[]"}, {"[1]"}},
        {"{\"minItems\":1,\"maxItems\":2}", {"[1]", "\"\""}, {"[]", "[1,2,3]"}},
        {"{\"contains\":{\"const\":1}}", {"[0,1]", "{}"}, {"[]", "[0]"}},
        {"{\"contains\":{\"const\":1},\"minContains\":2,\"maxContains\":3}",
         {"[1,1]", "[1,0,1,1]"},
         {"[1]", "[1,1,1,1]"}},
        {"{\"contains\":false,\"minContains\":0}", {"[]", "[1]"}, {0}},
        {"{\"contains\":true,\"minContains\":0,\"maxContains\":1}", {"[]", "[1]"}, {"[1,2]"}},
        {"{\"minContains\":5}", {"[]"}, {0}},
        {"{\"prefixItems\":[true],\"contains\":{\"type\":\"string\"},\"unevaluatedItems\":false}",
         {"[\"a\"]", "[1,\"a\",\"b\"]"},
         {"[1,2,\"a\"]", "[1]"}},
        {"{\"allOf\":[{\"prefixItems\":[true,true]}],\"unevaluatedItems\":{\"type\":\"null\"}}",
         {"[1,2,null]"},
         {"[1,2,3]"}},
        {"{\"anyOf\":[{\"items\":{\"type\":\"string\"}},true],\"unevaluatedItems\":{\"type\":"
         "\"boolean\"}}",
         {"[\"a\",\"b\"]", "[true]"},
         {"[\"a\",true]"}},
        {"{\"unevaluatedItems\":false,\"oneOf\":[{\"prefixItems\":[{\"const\":1},true]},"
         "{\"prefixItems\":[{\"const\":2}]}]}",
         {"[1,1]", "[2]"},
         {"[2,1]", "[1,1,1]"}},
    };
    HOLD(v);
}

static void combinations(void **s) {
    (void)s;
    static const expectation v[] = {
        {"{\"allOf\":[{\"minimum\":1},{\"maximum\":2}]}", {"1", "2"}, {"0", "3"}},
        {"{\"anyOf\":[{\"maximum\":1},{\"minimum\":3}]}", {"1", "3"}, {"2"}},
        {"{\"oneOf\":[{\"maximum\":2},{\"minimum\":2}]}", {"1", "3"}, {"2"}},
        {"{\"oneOf\":[true,true,false]}", {0}, {"1"}},
        {"{\"not\":{\"type\":\"string\"}}", {"1"}, {"\"a\""}},
        {"{\"not\":{}}", {0}, {"1"}},
        {"{\"if\":{\"minimum\":5},\"then\":{\"multipleOf\":2},\"else\":{\"multipleOf\":3}}",
         {"6", "3", "\"x\""},
         {"7", "4"}},
        {"{\"then\":false,\"else\":false}", {"1"}, {0}},
        {"{\"if\":false}", {"1"}, {0}},
    };
    HOLD(v);
}

static void annotations(void **s) {
    (void)s;
    static const expectation v[] = {
        {"{\"title\":\"t\",\"description\":\"d\",\"$comment\":\"c\",\"default\":[],\"examples\":[1]"
         ","
         "\"example\":{\"type\":\"x\"},\"deprecated\":true,\"readOnly\":true,\"writeOnly\":true,"
         "\"contentEncoding\":\"base64\",\"contentMediaType\":\"a/b\",\"contentSchema\":false,"
         "\"x-more\":{\"y\":1},\"name\":\"n\",\"url\":\"u\",\"@id\":\"https://e.x/i\","
         "\"format\":\"binary\",\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}",
         {"1", "\"%\"", "{}"},
         {0}},
        {"{\"$vocabulary\":{\"https://json-schema.org/draft/2020-12/vocab/core\":true,"
         "\"https://e.x/mine\":false}}",
         {"1"},
         {0}},
    };
    HOLD(v);
}

/* ---- references and drafts ---- */

static void references(void **s) {
    (void)s;
    static const expectation v[] = {
        {"{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"additionalProperties\":false}",
         {"{\"a\":{\"a\":{}}}"},
         {"{\"a\":{\"b\":1}}"}},
        {"{\"$defs\":{\"a~b/c%d\\\"\":{\"type\":\"null\"}},\"$ref\":\"#/$defs/a~0b~1c%25d%22\"}",
         {"null"},
         {"1"}},
        {"{\"prefixItems\":[{\"type\":\"null\"},{\"$ref\":\"#/prefixItems/0\"}]}",
         {"[null,null]"},
         {"[null,1]"}},
        {"{\"$ref\":\"#here\",\"$defs\":{\"x\":{\"$anchor\":\"here\",\"maximum\":1}}}",
         {"1"},
         {"2"}},
        {"{\"$id\":\"https://e.x/a/b.json\",\"$ref\":\"c.json\",\"$defs\":{\"c\":{\"$id\":"
         "\"/a/./q/../"
         "c.json\",\"$ref\":\"#in\",\"$defs\":{\"i\":{\"$anchor\":\"in\",\"maximum\":1}}}}}",
         {"1"},
         {"2"}},
        {"{\"$id\":\"https://e.x/root\",\"$ref\":\"https://e.x/other#/$defs/y\",\"$defs\":{\"o\":"
         "{\"$id\":\"other\",\"$defs\":{\"y\":{\"type\":\"null\"}}}}}",
         {"null"},
         {"1"}},
        {"{\"$id\":\"urn:uuid:deadbeef-1234-0000-0000-4321feebdaed\",\"$ref\":\"#/$defs/"
         "a\",\"$defs\":"
         "{\"a\":{\"type\":\"null\"}}}",
         {"null"},
         {"1"}},
        {"{\"$ref\":\"#/$defs/a\",\"maximum\":5,\"$defs\":{\"a\":{\"minimum\":3}}}",
         {"4"},
         {"2", "6"}},
        {"{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":true}}", {"1"}, {0}},
        {"{\"$ref\":\"#/$defs/f\",\"$defs\":{\"f\":false}}", {0}, {"1"}},
        {"{\"properties\":{\"$ref\":{\"type\":\"null\"}}}", {"{\"$ref\":null}"}, {"{\"$ref\":1}"}},
        {"{\"enum\":[{\"$ref\":\"#/nowhere\",\"$id\":\"x y\"}]}",
         {"{\"$id\":\"x y\",\"$ref\":\"#/nowhere\"}"},
         {"1"}},
        {"{\"properties\":{\"kids\":{\"items\":{\"anyOf\":[{\"type\":\"string\"},{\"$ref\":\"#\"}]}"
         "}},"
         "\"type\":\"object\"}",
         {"{\"kids\":[\"x\",{\"kids\":[]}]}"},
         {"{\"kids\":[{\"kids\":[3]}]}"}},
    };
    HOLD(v);
}

#define D07 "\"$schema\":\"http://json-schema.org/draft-07/schema#\","
#define D19 "\"$schema\":\"https://json-schema.org/draft/2019-09/schema\","
static void older_drafts(void **s) {
    (void)s;
    static const expectation v[] = {
        {"{" D07 "\"items\":[{\"type\":\"null\"},true],\"additionalItems\":false}",
         {"[]", "[null,1]"},
         {"[1]", "[null,1,2]"}},
        {"{" D07 "\"items\":[],\"additionalItems\":false}", {"[]"}, {"[1]"}},
        {"{" D07 "\"items\":{},\"additionalItems\":false}", {"[1]"}, {0}},
        {"{" D07 "\"additionalItems\":false}", {"[1]"}, {0}},
        {"{" D07 "\"dependencies\":{\"a\":[\"b\"],\"c\":{\"maxProperties\":1}}}",
         {"{\"a\":1,\"b\":1}", "{\"c\":1}"},
         {"{\"a\":1}", "{\"c\":1,\"d\":1}"}},
        {"{" D07 "\"definitions\":{\"a\":{\"type\":\"array\"}},\"properties\":{\"f\":{\"$ref\":"
         "\"#/definitions/a\",\"maxItems\":1}}}",
         {"{\"f\":[1,2]}"},
         {"{\"f\":1}"}},
        {"{" D07 "\"$ref\":\"#it\",\"definitions\":{\"a\":{\"$id\":\"#it\",\"type\":\"null\"}}}",
         {"null"},
         {"1"}},
        {"{" D07 "\"$id\":\"http://e.x/\",\"items\":{\"$id\":\"http://other/\",\"$ref\":\"b\"},"
         "\"definitions\":{\"b\":{\"$id\":\"b\",\"type\":\"null\"}}}",
         {"[null]"},
         {"[1]"}},
        {"{" D07 "\"contains\":{\"const\":1}}", {"[1]"}, {"[]"}},
        {"{" D19 "\"items\":[{\"type\":\"null\"}],\"additionalItems\":false}",
         {"[null]"},
         {"[1]", "[null,1]"}},
        {"{" D19 "\"$ref\":\"#/$defs/a\",\"unevaluatedProperties\":false,\"$defs\":{\"a\":"
         "{\"properties\":{\"p\":true}}}}",
         {"{\"p\":1}"},
         {"{\"q\":1}"}},
    };
    HOLD(v);
}

static void legacy(void **s) {
    (void)s;
    static const char d04[] =
        "{\"$schema\":\"http://json-schema.org/draft-04/schema\",\"id\":\"http://e.x/"
        "i\",\"minimum\":1,"
        "\"exclusiveMinimum\":true,\"maximum\":9,\"exclusiveMaximum\":false,\"type\":\"integer\","
        "\"allOf\":[{\"$ref\":\"#/components/schemas/S\"}],\"components\":{\"schemas\":{\"S\":"
        "{\"multipleOf\":2}}}}";
    ts_arena a = test_arena();
    ts_error e = {0};
    const ts_json *d = parse(&a, ts_str_c(d04));
    assert_null(ts_schema_compile(&a, d, &e));
    assert_string_equal(e.msg,
                        "schema: '$schema' at /$schema names "
                        "'http://json-schema.org/draft-04/schema', a draft that is not supported");
    ts_schema *x = ts_schema_compile_legacy(&a, d, &e);
    assert_non_null(x);
    static const struct {
        const char *v;
        ts_answer want;
    } tests[] = {{"2", TS_YES}, {"8", TS_YES},  {"1", TS_NO},   {"3", TS_NO},
                 {"10", TS_NO}, {"2.0", TS_NO}, {"2e0", TS_NO}, {"\"x\"", TS_NO}};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        assert_int_equal(ts_schema_check(x, &a, parse(&a, ts_str_c(tests[i].v)), 0, 0, &e),
                         tests[i].want);
    d = parse(&a, TS_S("{\"components\":{\"parameters\":{}}}"));
    assert_null(ts_schema_compile_legacy(&a, d, &e));
    assert_string_equal(e.msg,
                        "schema: 'parameters' at /components/parameters is not a keyword that "
                        "is supported");
    assert_null(ts_schema_compile(&a, parse(&a, TS_S("{\"components\":{}}")), &e));
}

/* ---- refusals ---- */

static void refusals(void **s) {
    (void)s;
    static const char *const v[][2] = {
        {"{\"properties\":{\"a/b\":{\"items\":{\"foo~\":1}}}}",
         "'foo~' at /properties/a~1b/items/foo~0 is not a keyword that is supported"},
        {"{\"$dynamicRef\":\"#a\"}",
         "'$dynamicRef' at /$dynamicRef is not a keyword that is supported"},
        {"{\"$dynamicAnchor\":\"a\"}",
         "'$dynamicAnchor' at /$dynamicAnchor is not a keyword that is supported"},
        {"{\"dependencies\":{}}",
         "'dependencies' at /dependencies is not a keyword that is supported"},
        {"{\"additionalItems\":true}",
         "'additionalItems' at /additionalItems is not a keyword that is supported"},
        {"{\"items\":[true]}", "what stands at '/items' is not a schema"},
        {"{" D07 "\"prefixItems\":[true]}",
         "'prefixItems' at /prefixItems is not a keyword that is supported"},
        {"{" D07 "\"minContains\":1}",
         "'minContains' at /minContains is not a keyword that is supported"},
        {"{" D19 "\"unevaluatedItems\":true}",
         "'unevaluatedItems' at /unevaluatedItems is not a keyword that is supported"},
        {"{\"$vocabulary\":{\"https://e.x/mine\":true}}",
         "'$vocabulary' at /$vocabulary asks for a vocabulary that is not known"},
        {"{\"$schema\":\"http://json-schema.org/draft-06/schema#\"}",
         "'$schema' at /$schema names 'http://json-schema.org/draft-06/schema#', a draft that is "
         "not "
         "supported"},
        {"{\"$defs\":{\"a\":{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}}}",
         "'$schema' at /$defs/a/$schema names another draft than the document"},
        {"3", "what stands at '' is not a schema"},
        {"{\"allOf\":[{},null]}", "what stands at '/allOf/1' is not a schema"},
        {"{\"allOf\":[]}", "'allOf' at /allOf is not a list of schemas"},
        {"{\"type\":\"any\"}", "'type' at /type is not a type of JSON Schema"},
        {"{\"type\":[\"string\",3]}", "'type' at /type is not a list of types of JSON Schema"},
        {"{\"minLength\":-1}", "'minLength' at /minLength is not a whole number of at least 0"},
        {"{\"maxItems\":1.5}", "'maxItems' at /maxItems is not a whole number of at least 0"},
        {"{\"minimum\":\"1\"}", "'minimum' at /minimum is not a number"},
        {"{\"exclusiveMinimum\":true}", "'exclusiveMinimum' at /exclusiveMinimum is not a number"},
        {"{\"multipleOf\":0}", "'multipleOf' at /multipleOf is not more than 0"},
        {"{\"multipleOf\":0.1234567890123456789}",
         "'multipleOf' at /multipleOf has more than 18 digits: not supported"},
        {"{\"uniqueItems\":1}", "'uniqueItems' at /uniqueItems is neither true nor false"},
        {"{\"required\":true}", "'required' at /required is not a list of names"},
        {"{\"required\":[1]}", "'required' at /required is not a list of names"},
        {"{\"properties\":[]}", "'properties' at /properties is not an object"},
        {"{\"enum\":{}}", "'enum' at /enum is not a list"},
        {"{\"name\":{\"type\":\"string\"}}", "'name' at /name is not a text"},
        {"{\"$ref\":1}", "'$ref' at /$ref is not a text"},
        {"{\"$ref\":\"#/$defs/a\"}", "the reference '#/$defs/a' at /$ref leads nowhere"},
        {"{\"$ref\":\"#a\"}", "the reference '#a' at /$ref leads nowhere"},
        {"{\"$ref\":\"#/enum/0\",\"enum\":[{}]}",
         "the reference '#/enum/0' at /$ref leads to something that is not a schema"},
        {"{\"$ref\":\"#/$defs\",\"$defs\":{}}",
         "the reference '#/$defs' at /$ref leads to something that is not a schema"},
        {"{\"$ref\":\"#/allOf/00\",\"allOf\":[{}]}",
         "the reference '#/allOf/00' at /$ref leads nowhere"},
        {"{\"items\":{\"$ref\":\"other.json#/a\"}}",
         "the reference 'other.json#/a' at /items/$ref leads to another document; other documents "
         "are "
         "not fetched"},
        {"{\"$ref\":\"a b\"}", "the reference 'a b' at /$ref is not a URI"},
        {"{\"$id\":\"a b\"}", "the id 'a b' at  is not a URI"},
        {"{\"$id\":\"a#b\"}", "the id 'a#b' at  has a fragment"},
        {"{\"items\":{\"$anchor\":\"a b\"}}", "'a b' at /items is not a name for an anchor"},
        {"{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}",
         "/$defs/b gives the name '#x', which another one has"},
        {"{\"$ref\":\"#\"}", "references go round in a circle, which no value would end"},
        {"{\"$defs\":{\"a\":{\"not\":{\"if\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"}]}}}}}",
         "references go round in a circle, which no value would end"},
        {"{\"items\":{\"pattern\":\"a(\"}}",
         "'a(' at /items/pattern is not a pattern of ECMA-262: a '(' "
         "that is not closed at its byte 2"},
        {"{\"patternProperties\":{\"a\\\\Z\":true}}",
         "'a\\Z' at /patternProperties/a\\Z is not a pattern of ECMA-262: an escape that ECMA-262 "
         "does "
         "not have at its byte 3"},
        {"{\"pattern\":\"(?<=a*)b\"}", "'(?<=a*)b' at /pattern is a pattern that is not supported: "
                                       "lookbehind assertion is not fixed length"},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char message[400];
        snprintf(message, sizeof message, "schema: %s", v[i][1]);
        refused(a, v[i][0], TS_E_INPUT, message);
    }
}

/* ---- faults ---- */

static ts_schema_faults faults_of(ts_arena *a, const char *schema, const char *instance,
                                  size_t max) {
    ts_error e = {0};
    ts_schema_faults f = {0};
    assert_int_equal(
        ts_schema_check(compiled(a, schema), a, parse(a, ts_str_c(instance)), max, &f, &e), TS_NO);
    assert_int_equal(e.code, TS_OK);
    return f;
}

static void says_what_and_where(void **s) {
    (void)s;
    /* schema, instance, place, keyword, text of the first fault */
    static const char *const v[][5] = {
        {"{\"properties\":{\"kind\":{\"enum\":[\"model\",\"batch\",\"item\"]}}}",
         "{\"kind\":\"modle\"}", "/kind", "enum", "\"modle\" is none of model, batch, item"},
        {"{\"enum\":[1,2,3,4,5,6,7,8,9,10]}", "{}", "", "enum",
         "{} is none of 1, 2, 3, 4, 5, 6, 7, 8 and 2 more"},
        {"{\"required\":[\"name\"]}", "{}", "", "required", "the member 'name' is missing"},
        {"{\"properties\":{\"a/b\":{\"properties\":{\"m~n\":{\"items\":{\"type\":\"string\"}}}}}}",
         "{\"a/b\":{\"m~n\":[\"x\",5]}}", "/a~1b/m~0n/1", "type",
         "is a number, where a string is expected"},
        {"{\"type\":[\"integer\",\"null\"]}", "1.5", "", "type",
         "is 1.5, where null or a whole number is expected"},
        {"{\"type\":\"boolean\"}", "[]", "", "type", "is a list, where true or false is expected"},
        {"{\"const\":[1]}", "\"a\\u202ez\\u0000\"", "", "const",
         "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\" is not [1]"},
        {"{\"minimum\":3}", "2.5", "", "minimum", "2.5 is less than 3"},
        {"{\"exclusiveMaximum\":3}", "3.0", "", "exclusiveMaximum", "3.0 is not less than 3"},
        {"{\"multipleOf\":0.01}", "1.005", "", "multipleOf",
         "1.005 is not a whole multiple of 0.01"},
        {"{\"minLength\":2}", "\"\\u00e4\"", "", "minLength", "has 1 character, fewer than 2"},
        {"{\"minLength\":1}", "\"\"", "", "minLength", "is empty"},
        {"{\"maxLength\":1}", "\"ab\"", "", "maxLength", "has 2 characters, more than 1"},
        {"{\"pattern\":\"^[0-9]+$\"}", "\"abc\"", "", "pattern",
         "\"abc\" does not match the pattern ^[0-9]+$"},
        {"{\"format\":\"date\"}", "\"2024-13-01\"", "", "format",
         "\"2024-13-01\" is not of the format date"},
        {"{\"additionalProperties\":false}", "{\"colour\":1}", "/colour", "additionalProperties",
         "the member 'colour' is not allowed here"},
        {"{\"unevaluatedProperties\":false}", "{\"\":1}", "/", "unevaluatedProperties",
         "the member '' is not allowed here"},
        {"{\"propertyNames\":{\"pattern\":\"^x\"}}", "{\"y\":1}", "/y", "propertyNames",
         "'y' is not allowed as the name of a member"},
        {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "", "dependentRequired",
         "the member 'b' is missing beside 'a'"},
        {"{\"maxProperties\":0}", "{\"a\":1}", "", "maxProperties", "has 1 member, more than 0"},
        {"{\"minItems\":2}", "[1]", "", "minItems", "has 1 element, fewer than 2"},
        {"{\"uniqueItems\":true}", "[3,1,2,1.0]", "", "uniqueItems",
         "the elements number 2 and 4 are the same"},
        {"{\"prefixItems\":[{}],\"items\":false}", "[1,2]", "/1", "items",
         "element number 2 is not allowed here"},
        {"{\"contains\":{\"const\":\"VerifiableCredential\"}}", "[\"x\"]", "", "contains",
         "no element is \"VerifiableCredential\""},
        {"{\"contains\":{\"minimum\":3},\"minContains\":2}", "[3]", "", "minContains",
         "has 1 element of the kind that is asked for, fewer than 2"},
        {"{\"contains\":{},\"maxContains\":1}", "[1,2]", "", "maxContains",
         "has 2 elements of the kind that is counted, more than 1"},
        {"{\"contains\":{\"minimum\":3}}", "[]", "", "contains",
         "no element is of the kind that is asked for"},
        {"{\"not\":{\"type\":\"null\"}}", "null", "", "not",
         "null is what the schema excludes here"},
        {"{\"items\":false}", "[[1]]", "/0", "items", "element number 1 is not allowed here"},
        {"{\"allOf\":[false]}", "1", "", "false", "nothing is allowed here"},
        {"{\"oneOf\":[true,false,true]}", "1", "", "oneOf",
         "number 1 and number 3 of the alternatives are both kept, where exactly one must be"},
        {"{\"properties\":{\"m\":{\"anyOf\":[{\"type\":\"string\"},{\"$ref\":\"#/$defs/"
         "Measure\"}]}},"
         "\"$defs\":{\"Measure\":{\"required\":[\"unit\"],\"properties\":{\"value\":{\"type\":"
         "\"number\"}}}}}",
         "{\"m\":{\"unit\":\"kg\",\"value\":\"5\"}}", "/m", "anyOf",
         "none of the 2 alternatives is kept; number 2 (Measure) comes closest: at /value: is a "
         "string, "
         "where a number is expected"},
        {"{\"oneOf\":[{\"title\":\"Link\",\"required\":[\"href\"],\"properties\":{\"type\":{"
         "\"const\":"
         "\"Link\"}}},{\"title\":\"Note\",\"properties\":{\"type\":{\"const\":\"Note\"}}}]}",
         "{\"type\":\"Link\"}", "", "oneOf",
         "none of the 2 alternatives is kept; number 1 (Link) comes closest: the member 'href' is "
         "missing"},
        {"{\"const\":1}",
         "\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff\\u00e4x\"", "", "const",
         "\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff\xE2\x80\xA6\" is not 1"},
    };
    ts_arena all = test_arena();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        ts_arena a = all;
        ts_schema_faults f = faults_of(&a, v[i][0], v[i][1], 5);
        assert_int_equal(f.n, 1);
        assert_str(f.v[0].at, v[i][2]);
        assert_str(f.v[0].keyword, v[i][3]);
        assert_str(f.v[0].text, v[i][4]);
    }
}

static void says_it_all_up_to_a_limit(void **s) {
    (void)s;
    static const char schema[] = "{\"items\":{\"type\":\"integer\",\"maximum\":3},\"maxItems\":2}";
    ts_arena a = test_arena();
    ts_schema_faults f = faults_of(&a, schema, "[9,\"a\",1,null]", 100);
    assert_int_equal(f.n, 4);
    assert_str(f.v[0].keyword, "maxItems");
    assert_str(f.v[1].at, "/0");
    assert_str(f.v[2].at, "/1");
    assert_str(f.v[3].at, "/3");
    assert_int_equal(faults_of(&a, schema, "[9,\"a\",1,null]", 2).n, 2);
    assert_int_equal(faults_of(&a, schema, "[9,\"a\",1,null]", 0).n, 0);
    /* What a list holds already stays. */
    ts_error e = {0};
    assert_int_equal(
        ts_schema_check(compiled(&a, schema), &a, parse(&a, TS_S("[9]")), SIZE_MAX, &f, &e), TS_NO);
    assert_int_equal(f.n, 5);
    assert_str(f.v[1].at, "/0");
    assert_str(f.v[4].text, "9 is more than 3");
    assert_int_equal(ts_schema_check(compiled(&a, "false"), &a, parse(&a, TS_S("9")), 9, 0, &e),
                     TS_NO);
}

int main(void) {
    const struct CMUnitTest t[] = {
        cmocka_unit_test(scalars),
        cmocka_unit_test(numbers),
        cmocka_unit_test(equality),
        cmocka_unit_test(objects),
        cmocka_unit_test(arrays),
        cmocka_unit_test(combinations),
        cmocka_unit_test(annotations),
        cmocka_unit_test(references),
        cmocka_unit_test(older_drafts),
        cmocka_unit_test(legacy),
        cmocka_unit_test(refusals),
        cmocka_unit_test(says_what_and_where),
        cmocka_unit_test(says_it_all_up_to_a_limit),
    };
    return cmocka_run_group_tests(t, 0, 0);
}
