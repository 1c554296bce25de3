#include <dirent.h>

#include "support/support.h"

static const ts_json *parse(ts_arena *a, const char *text, bool strict, ts_error *e) {
    return ts_json_parse(a, ts_str_c(text), (ts_json_options){.strict = strict}, e);
}

static void reads_a_document(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    const ts_json *v = parse(
        &a, " {\"a\":[1,-2.5e3,true,false,null],\"b\":{\"c\":\"x\\n\\u00e9\\ud83d\\ude00\"}} ",
        true, &e);
    assert_non_null(v);
    assert_int_equal(v->type, TS_JSON_OBJECT);
    assert_int_equal(v->n, 2);
    const ts_json *list = ts_json_member(v, "a");
    assert_int_equal(list->n, 5);
    assert_str(ts_json_text(ts_json_at(list, 1)), "-2.5e3");
    assert_null(ts_json_at(list, 5));
    assert_str(ts_json_str(ts_json_member(ts_json_member(v, "b"), "c")),
               "x\n\xC3\xA9\xF0\x9F\x98\x80");
    assert_null(ts_json_member(v, "c"));
    assert_null(ts_json_member(list, "a"));
    size_t n = 0;
    TS_JSON_EACH_MEMBER(k, x, v) n += k->n + x->span;
    assert_int_equal(n, 2 + 6 + 3);
    TS_JSON_EACH(x, v) n++; /* an object has no elements */
    TS_JSON_EACH(x, (const ts_json *)0) n++;
    assert_int_equal(n, 11);
}

static void numbers(void **s) {
    (void)s;
    ts_arena a = test_arena();
    double d;
    int64_t i;
    assert_true(ts_json_f64(parse(&a, "1e3", true, 0), &d) && d == 1000);
    assert_false(ts_json_f64(parse(&a, "1e999", true, 0), &d));
    assert_true(ts_json_i64(parse(&a, "-9223372036854775808", true, 0), &i) && i == INT64_MIN);
    assert_false(ts_json_i64(parse(&a, "9223372036854775808", true, 0), &i));
    assert_false(ts_json_i64(parse(&a, "1.0", true, 0), &i));
    assert_false(ts_json_f64(parse(&a, "\"1\"", true, 0), &d));
}

static void refuses(void **s) {
    (void)s;
    static const char *const bad[] = {
        "",     " ",         "{",     "[1,]",    "{\"a\":1,}",  "{a:1}", "[01]",         "[1.]",
        "[.5]", "[+1]",      "[1e]",  "\"\\x\"", "\"\\u12g4\"", "\"a",   "[\"\t\"]",     "tru",
        "[1]x", "{\"a\" 1}", "[1 2]", "'a'",     "nul",         "[-]",   "\xEF\xBB\xBF", "{\"a\":}",
        "]"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_error e = {0};
        assert_null(parse(&a, bad[i], false, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        assert_null(parse(&a, bad[i], true, &e));
    }
}

static void says_where(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e = {0};
    assert_null(parse(&a, "{\n \"a\": 1,\n \"b\": x\n}", true, &e));
    assert_int_equal(e.line, 3);
    assert_int_equal(e.byte, 17);
    assert_string_equal(e.msg, "JSON: not a value at byte 17");
}

static void strict_and_tolerant(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    uint32_t repeated = 0, mended = 0;
    ts_json_options o = {.repeated = &repeated, .mended = &mended};
    const ts_json *v = ts_json_parse(&a, TS_S("{\"a\":1,\"b\":2,\"a\":3}"), o, &e);
    assert_str(ts_json_text(ts_json_member(v, "a")), "3");
    assert_int_equal(repeated, 1);
    assert_null(parse(&a, "{\"a\":1,\"b\":2,\"a\":3}", true, &e));
    v = ts_json_parse(&a, TS_S("[\"\\ud800x\",\"\xFFy\"]"), o, &e);
    assert_str(ts_json_str(ts_json_at(v, 0)), "\xEF\xBF\xBDx");
    assert_str(ts_json_str(ts_json_at(v, 1)), "\xEF\xBF\xBDy");
    assert_int_equal(mended, 2);
    assert_null(parse(&a, "[\"\\ud800x\"]", true, &e));
    assert_null(parse(&a, "[\"\xFFy\"]", true, &e));
}

static void repeated_names_in_large_objects(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    for (int repeat = 0; repeat < 2; repeat++) {
        ts_buf b = ts_buf_new(&a, 1 << 20);
        ts_buf_c(&b, '{');
        for (int i = 0; i < 5000; i++)
            ts_buf_fmt(&b, "\"k%d\":%d,", i == 4999 && repeat ? 17 : i, i);
        ts_buf_lit(&b, "\"z\":0}");
        bool ok = ts_json_parse(&a, ts_buf_str(&b), (ts_json_options){.strict = true}, &e) != 0;
        assert_int_equal(ok, !repeat);
    }
}

static void depth_is_limited(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 1 << 20);
    for (int i = 0; i < 100000; i++) ts_buf_c(&b, '[');
    ts_error e = {0};
    assert_null(ts_json_parse(&a, ts_buf_str(&b), (ts_json_options){0}, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_non_null(parse(&a, "[[[[1]]]]", true, &e));
    assert_null(ts_json_parse(&a, TS_S("[[[[1]]]]"), (ts_json_options){.max_depth = 3}, &e));
}

static void splits_a_stream(void **s) {
    (void)s;
    ts_str t = TS_S(" {\"a\":\"}\\\"\"} [1,[2]] \"x\" 12 {\"open\":");
    static const char *const want[] = {"{\"a\":\"}\\\"\"}", "[1,[2]]", "\"x\"", "12"};
    size_t at = 0, end;
    for (int i = 0; i < 4; i++, at = end) {
        assert_int_equal(ts_json_split(t, &at, &end, false), TS_JSON_SPLIT_VALUE);
        assert_str(((ts_str){t.p + at, end - at}), want[i]);
    }
    assert_int_equal(ts_json_split(t, &at, &end, false), TS_JSON_SPLIT_MORE);
    assert_int_equal(ts_json_split(t, &at, &end, true), TS_JSON_SPLIT_BAD);
    at = 0;
    assert_int_equal(ts_json_split(TS_S("  "), &at, &end, true), TS_JSON_SPLIT_END);
    at = 0;
    assert_int_equal(ts_json_split(TS_S("?"), &at, &end, true), TS_JSON_SPLIT_BAD);
}

static void writes(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "a\"", TS_S("x\\\n\x01\xC3\xA9\xFF/"));
    ts_jsonw_key(&w, "l");
    ts_jsonw_array(&w);
    ts_jsonw_i64(&w, INT64_MIN);
    ts_jsonw_f64(&w, 0.125, 2);
    ts_jsonw_f64(&w, 1.0 / 0.0, 2);
    ts_jsonw_bool(&w, true);
    ts_jsonw_array(&w);
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    ts_jsonw_kstr_opt(&w, "none", TS_NONE);
    ts_jsonw_end(&w);
    assert_str(ts_buf_str(&b), "{\"a\\\"\":\"x\\\\\\n\\u0001\xC3\xA9\xEF\xBF\xBD/"
                               "\",\"l\":[-9223372036854775808,0.12,null,true,[]]}");
    assert_non_null(ts_json_parse(&a, ts_buf_str(&b), (ts_json_options){.strict = true}, 0));
}

/* The parsing cases of nst/JSONTestSuite: y_ must be read, n_ refused, i_ either. The strict reader
 * refuses repeated names by design. */
static void json_test_suite(void **s) {
    (void)s;
    const char *dir = test_data("passport/json/test_parsing");
    if (!dir) skip();
    char folder[1024], path[1400];
    snprintf(folder, sizeof folder, "%s", dir);
    DIR *d = opendir(folder);
    assert_non_null(d);
    ts_arena mark = test_arena();
    int seen = 0;
    for (struct dirent *f; (f = readdir(d));) {
        if (f->d_name[0] == '.') continue;
        ts_arena a = mark;
        ts_str text;
        ts_error e;
        snprintf(path, sizeof path, "%s/%s", folder, f->d_name);
        assert_true(ts_file_read(&a, path, 1 << 20, &text, &e));
        bool strict = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e) != 0;
        bool tolerant = ts_json_parse(&a, text, (ts_json_options){0}, &e) != 0;
        bool repeats = strncmp(f->d_name, "y_object_duplicated_key", 23) == 0;
        if (f->d_name[0] == 'y' && (!tolerant || strict == repeats))
            fail_msg("%s was refused", f->d_name);
        /* the tolerant reader mends text that is not UTF-8; the strict one must refuse all of n_ */
        if (f->d_name[0] == 'n' && strict) fail_msg("%s was read", f->d_name);
        seen++;
    }
    closedir(d);
    assert_true(seen >= 300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_document),
        cmocka_unit_test(numbers),
        cmocka_unit_test(refuses),
        cmocka_unit_test(says_where),
        cmocka_unit_test(strict_and_tolerant),
        cmocka_unit_test(repeated_names_in_large_objects),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(splits_a_stream),
        cmocka_unit_test(writes),
        cmocka_unit_test(json_test_suite),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
