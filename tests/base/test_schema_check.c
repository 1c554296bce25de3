#include <pthread.h>

#include "support/support.h"

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

/* The compiler refuses the schema with this message. */
static void refused(ts_arena a, const char *schema, ts_error_code code, const char *message) {
    ts_error e = {0};
    if (ts_schema_compile(&a, parse(&a, ts_str_c(schema)), &e)) fail_msg("taken: %s", schema);
    assert_string_equal(e.msg, message);
    assert_int_equal(e.code, code);
}

/* ---- hostile schemas and values ---- */

static void chain(ts_buf *b, const char *link, int n, const char *end) {
    ts_buf_lit(b, "{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
    for (int i = 0; i < n; i++) ts_buf_fmt(b, link, i, i + 1, i + 1);
    ts_buf_fmt(b, "\"a%d\":%s}}", n, end);
    ts_buf_c(b, 0);
}

static void ends_in_time(void **s) {
    (void)s;
    static const char too_many[] =
        "it cannot be told whether the schema is kept: checking takes more steps than allowed";
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_buf b = ts_buf_new(&a, 1 << 20);
    chain(&b, "\"a%d\":{\"allOf\":[{\"$ref\":\"#/$defs/a%d\"},{\"$ref\":\"#/$defs/a%d\"}]},", 60,
          "true");
    ts_schema *c = compiled(&a, b.p);
    assert_int_equal(ts_schema_check(c, &a, parse(&a, TS_S("1")), 9, 0, &e), TS_OPEN);
    assert_string_equal(e.msg, too_many);
    ts_buf_reset(&b);
    chain(&b, "\"a%d\":{\"anyOf\":[{\"$ref\":\"#/$defs/a%d\"},{\"$ref\":\"#/$defs/a%d\"}]},", 60,
          "false");
    c = compiled(&a, b.p);
    assert_int_equal(ts_schema_check(c, &a, parse(&a, TS_S("1")), 9, 0, &e), TS_OPEN);
    assert_string_equal(e.msg, too_many);
    ts_buf_reset(&b);
    chain(&b, "\"a%d\":{\"allOf\":[{\"$ref\":\"#/$defs/a%d\"}],\"title\":\"%d\"},", 400, "false");
    ts_schema_faults f = {0};
    assert_int_equal(ts_schema_check(compiled(&a, b.p), &a, parse(&a, TS_S("1")), 9, &f, &e),
                     TS_NO);
    assert_int_equal(f.n, 1);
    ts_buf_reset(&b);
    chain(&b, "\"a%d\":{\"$ref\":\"#/$defs/a%d\",\"title\":\"%d\"},", 2000, "true");
    refused(a, b.p, TS_E_LIMIT, "schema: more than 1,000 schemas lie within each other");
}

static ts_str nested(ts_buf *b, const char *open, int n, const char *middle, const char *close) {
    ts_buf_reset(b);
    for (int i = 0; i < n; i++) ts_buf_put(b, ts_str_c(open));
    ts_buf_put(b, ts_str_c(middle));
    for (int i = 0; i < n; i++) ts_buf_put(b, ts_str_c(close));
    ts_buf_c(b, 0);
    return (ts_str){b->p, b->n - 1};
}

static void depth(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_buf b = ts_buf_new(&a, 1 << 20);
    nested(&b, "{\"not\":", 200, "true", "}");
    compiled(&a, b.p);
    nested(&b, "{\"not\":", 201, "true", "}");
    refused(a, b.p, TS_E_LIMIT, "schema: more than 200 schemas within each other");
    ts_schema *c = compiled(&a, "{\"items\":{\"$ref\":\"#\"},\"maxItems\":1}");
    const ts_json *deep = parse(&a, nested(&b, "[", 499, "[]", "]"));
    assert_int_equal(ts_schema_check(c, &a, deep, 9, 0, &e), TS_YES);
    c = compiled(&a, "{\"items\":{\"anyOf\":[{\"$ref\":\"#\"},false]},\"minItems\":1}");
    assert_int_equal(ts_schema_check(c, &a, deep, 9, 0, &e), TS_OPEN);
    assert_memory_equal(e.msg,
                        "it cannot be told whether the schema is kept: more than 1,000 schemas lie "
                        "within each other, at /0/0/0/",
                        102);
    deep = parse(&a, nested(&b, "[", 300, "[1]", "]"));
    c = compiled(
        &a, "{\"anyOf\":[{\"type\":\"null\"},{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}]}");
    ts_schema_faults f = {0};
    assert_int_equal(ts_schema_check(c, &a, deep, 9, &f, &e), TS_NO);
    assert_true(f.n == 1 && f.v[0].text.n <= 2000);
}

/* ---- memory, threads ---- */

static const char rich_schema[] =
    "{\"type\":\"object\",\"properties\":{\"a\":{\"pattern\":\"^(?:[a-z]+ "
    "?)*$\"},\"l\":{\"uniqueItems\":"
    "true,\"items\":{\"anyOf\":[{\"type\":\"integer\"},{\"format\":\"uri\"},{\"$ref\":\"#\"}]}}},"
    "\"patternProperties\":{\"^x\":{\"const\":{\"k\":[1]}}},\"unevaluatedProperties\":false}";
static const char rich_value[] =
    "{\"a\":\"some words here\",\"l\":[1,2,\"u:v\",{\"a\":\"b\"}],\"x1\":{\"k\":[1.0]}}";
static const char poor_value[] =
    "{\"a\":\"Some words\",\"l\":[1,true,1,{\"a\":3,\"b\":4}],\"x1\":{\"k\":[1.5]},\"z\":0}";

typedef struct job {
    const ts_json *schema, *good, *bad;
    ts_answer a, b;
    size_t faults;
} job;

static bool work(void *ctx, ts_arena *a, ts_error *e) {
    job *j = ctx;
    ts_schema_faults f = {0};
    ts_schema *s = ts_schema_compile(a, j->schema, e);
    if (!s) return false;
    j->a = ts_schema_check(s, a, j->good, 10, &f, e);
    j->b = ts_schema_check(s, a, j->bad, 10, &f, e);
    j->faults = f.n;
    ts_schema_free(s);
    return true;
}

/* Each allocation fails once; and the arena is of every size up to enough. Nothing is held, nothing
 * is lost (the sanitizers watch), and no answer is a wrong one. */
static void runs_out_of_memory(void **s) {
    (void)s;
    ts_arena a = test_arena();
    job j = {parse(&a, ts_str_c(rich_schema)),
             parse(&a, ts_str_c(rich_value)),
             parse(&a, ts_str_c(poor_value)),
             TS_OPEN,
             TS_OPEN,
             0};
    long n = 1;
    for (bool done = false; !done; n++) {
        ts_error e = {0};
        ts_arena mark = a;
        ts_arena_fail_after(n);
        done = ts_arena_guard(work, &j, &a, &e);
        ts_arena_fail_after(0);
        if (!done) assert_int_equal(e.code, TS_E_MEMORY);
        a = mark;
    }
    assert_true(n > 60);
    assert_true(j.a == TS_YES && j.b == TS_NO && j.faults == 3);
    bool enough = false;
    for (size_t size = 256; size < 1 << 20; size += size < 65536 ? 240 : 4096) {
        ts_arena small = {a.beg, a.beg + size, 0};
        ts_error e = {0};
        j.a = j.b = TS_OPEN;
        enough = ts_arena_guard(work, &j, &small, &e);
        if (!enough) assert_int_equal(e.code, TS_E_MEMORY);
        assert_true(j.a != TS_NO && j.b != TS_YES);
    }
    assert_true(enough && j.a == TS_YES && j.b == TS_NO && j.faults == 3);
    ts_schema_free(0);
}

static void *check_often(void *schema) {
    ts_arena all = test_arena();
    for (int i = 0; i < 200; i++) {
        ts_arena a = all;
        ts_error e = {0};
        ts_schema_faults f = {0};
        if (ts_schema_check(schema, &a, parse(&a, ts_str_c(rich_value)), 10, &f, &e) != TS_YES ||
            ts_schema_check(schema, &a, parse(&a, ts_str_c(poor_value)), 10, &f, &e) != TS_NO ||
            f.n != 3)
            return schema;
    }
    return 0;
}

static void serves_several_threads(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_schema *c = compiled(&a, rich_schema);
    pthread_t t[4];
    for (size_t i = 0; i < 4; i++) assert_true(ts_thread_start(&t[i], check_often, c, &e));
    for (size_t i = 0; i < 4; i++) {
        void *wrong = c;
        pthread_join(t[i], &wrong);
        assert_null(wrong);
    }
}

int main(void) {
    const struct CMUnitTest t[] = {
        cmocka_unit_test(ends_in_time),
        cmocka_unit_test(depth),
        cmocka_unit_test(runs_out_of_memory),
        cmocka_unit_test(serves_several_threads),
    };
    return cmocka_run_group_tests(t, 0, 0);
}
