#include "support/support.h"

static const ts_json *parse(ts_arena *a, const char *text) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(a, ts_str_c(text), (ts_json_options){.strict = true}, &e);
    if (!v) fail_msg("%s in %s", e.msg, text);
    return v;
}

static ts_answer answer(ts_arena a, const char *schema, const char *instance) {
    ts_error e = {0};
    ts_schema *s = ts_schema_compile(&a, parse(&a, schema), &e);
    if (!s) fail_msg("%s", e.msg);
    return ts_schema_check(s, &a, parse(&a, instance), 0, 0, &e);
}

static ts_answer matches(ts_arena a, const char *pattern, const char *text) {
    char schema[400];
    snprintf(schema, sizeof schema, "{\"pattern\":\"%s\"}", pattern);
    return answer(a, schema, text);
}

static void patterns(void **s) {
    (void)s;
    /* pattern, what it finds, what it does not: all as they stand in JSON */
    static const char *const v[][3] = {
        {"^abc$", "\"abc\"", "\"abc\\n\""},
        {"^\\\\cC$", "\"\\u0003\"", "\"cC\""},
        {"^\\\\d$", "\"0\"", "\"\\u07c0\""},
        {"^\\\\D$", "\"\\u07c0\"", "\"0\""},
        {"^\\\\w$", "\"a\"", "\"\\u00e9\""},
        {"^\\\\W$", "\"\\u00e9\"", "\"_\""},
        {"^\\\\s$", "\"\\u2003\"", "\"\\u2013\""},
        {"^\\\\s$", "\"\\ufeff\"", "\"\\u200b\""},
        {"^\\\\s$", "\"\\u00a0\"", "\"\\u0085\""},
        {"^\\\\S$", "\"\\u0085\"", "\"\\u2029\""},
        {"^[\\\\S]$", "\"\\u0001\"", "\"\\u3000\""},
        {"^[^\\\\s]$", "\"\\u2013\"", "\"\\u000b\""},
        {"^[\\\\s\\\\d]+$", "\"1 \\u00a02\"", "\"1a\""},
        {"^.$", "\"\\u0085\"", "\"\\u2028\""},
        {"^.$", "\"\\ud83d\\ude00\"", "\"\\r\""},
        {"^\\\\v$", "\"\\u000b\"", "\"\\n\""},
        {"^[\\\\b]$", "\"\\b\"", "\"b\""},
        {"\\\\bfoo\\\\b", "\"a foo b\"", "\"afoob\""},
        {"^\\\\x41\\\\u0042\\\\u{43}$", "\"ABC\"", "\"x41\""},
        {"^\\\\ud83d\\\\ude00$", "\"\\ud83d\\ude00\"", "\"x\""},
        {"^\\\\0$", "\"\\u0000\"", "\"0\""},
        {"^[\\\\w-.]+$", "\"a-b.c\"", "\"a,b\""},
        {"^[a-\\\\d]+$", "\"a-1\"", "\"b\""},
        {"^[+--]$", "\",\"", "\".\""},
        {"^[[:alpha:]]$", "\"a]\"", "\"b\""},
        {"^[^]$", "\"\\n\"", "\"\""},
        {"a[]|b", "\"b\"", "\"a\""},
        {"^a{2,3}$", "\"aaa\"", "\"aaaa\""},
        {"^{a}{,2}$", "\"{a}{,2}\"", "\"aa\""},
        {"^(?=.*1)(?!.*2).+$", "\"a1\"", "\"12\""},
        {"(?<!a)b", "\"cb\"", "\"ab\""},
        {"^(?<q>x)y$", "\"xy\"", "\"y\""},
        {"^(a)?b\\\\1$", "\"b\"", "\"aba b\""},
        {"^(\\\"|').*\\\\1$", "\"'a'\"", "\"'a\\\"\""},
        {"^\\\\p{Lu}\\\\p{Letter}+\\\\P{L}$", "\"\\u00c4b1\"", "\"\\u00e4b1\""},
        {"^\\\\p{digit}[\\\\p{gc=Nd}]$", "\"\\u09ea1\"", "\"a1\""},
        {"^\\\\p{Script=Han}\\\\p{scx=Grek}$", "\"\\u4e2d\\u03b1\"", "\"ab\""},
        {"^\\\\p{ASCII}\\\\p{White_Space}\\\\p{Alphabetic}\\\\p{Any}$", "\"a \\u00e9x\"",
         "\"aaax\""},
        {"^(?:)*a??b+?$", "\"abb\"", "\"aab\""},
        {"^\\\\/\\\\-\\\\_\\\\@$", "\"/-_@\"", "\"/\""},
        {"#x  y", "\"a#x  y\"", "\"a\""},
        {"", "\"\"", 0},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        if (matches(a, v[i][0], v[i][1]) != TS_YES) fail_msg("%s: %s", v[i][0], v[i][1]);
        if (v[i][2] && matches(a, v[i][0], v[i][2]) != TS_NO) fail_msg("%s: %s", v[i][0], v[i][2]);
    }
}

/* What is no pattern is refused in `pattern`, and not of the format "regex"; what is one that is
 * not supported is refused, and as a text it cannot be told. */
static void bad_patterns(void **s) {
    (void)s;
    static const char *const wrong[] = {
        "(",        ")",
        "a)",       "[",
        "[a",       "[z-a]",
        "*",        "a**",
        "a*+",      "a{2}{3}",
        "{2}",      "a{3,2}",
        "^*",       "(?=a)*",
        "(?i)a",    "(?>a)",
        "(?#c)",    "(*ANY)a",
        "(?<1>a)",  "(?<>a)",
        "(?P<n>a)", "\\\\",
        "\\\\Z",    "\\\\A",
        "\\\\a",    "\\\\e",
        "\\\\h",    "\\\\R",
        "\\\\K",    "\\\\G",
        "\\\\Q",    "\\\\N",
        "\\\\X",    "\\\\08",
        "\\\\x4",   "\\\\u12",
        "\\\\u{}",  "\\\\u{110000}",
        "\\\\c1",   "\\\\1",
        "(a)\\\\2", "\\\\p",
        "\\\\p{Lu", "\\\\p{x=y}",
        "[\\\\B]",
    };
    static const char *const unsupported[] = {
        "(?<n>a)\\\\k<n>", "(?:(a)|b)*\\\\1",           "(a\\\\1)", "(?<=(a))\\\\1", "\\\\ud800",
        "a{70000}",        "\\\\p{Emoji_Presentation}",
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong + sizeof unsupported / sizeof *unsupported;
         i++) {
        bool no = i < sizeof wrong / sizeof *wrong;
        const char *p = no ? wrong[i] : unsupported[i - sizeof wrong / sizeof *wrong];
        char text[200];
        ts_error e = {0};
        snprintf(text, sizeof text, "{\"pattern\":\"%s\"}", p);
        if (ts_schema_compile(&a, parse(&a, text), &e)) fail_msg("taken: %s", p);
        if (no != (strstr(e.msg, "is not a pattern of ECMA-262") != 0)) fail_msg("%s", e.msg);
        snprintf(text, sizeof text, "\"%s\"", p);
        if (answer(a, "{\"format\":\"regex\"}", text) != (no ? TS_NO : TS_OPEN)) fail_msg("%s", p);
    }
}

/* What would backtrack for ages, in the steps that a check may take: never a guess. */
static void takes_too_long(void **s) {
    (void)s;
    static const char *const v[] = {"^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(?:.*a){12}$",
                                    "(x+x+)+y|b"};
    ts_arena a = test_arena();
    ts_buf text = ts_buf_new(&a, 1 << 20);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char schema[80];
        ts_error e = {0};
        bool x = i == 4;
        ts_buf_reset(&text);
        ts_buf_lit(&text, "[\"");
        for (int k = 0; k < 60; k++) ts_buf_c(&text, x ? 'x' : 'a');
        ts_buf_lit(&text, "c\"]");
        snprintf(schema, sizeof schema, "{\"items\":{\"pattern\":\"%s\"}}", v[i]);
        ts_schema *c = ts_schema_compile(&a, parse(&a, schema), &e);
        const ts_json *t = ts_json_parse(&a, ts_buf_str(&text), (ts_json_options){0}, &e);
        assert_non_null(c);
        assert_non_null(t);
        ts_answer r = ts_schema_check(c, &a, t, 0, 0, &e);
        if (r == TS_NO) continue; /* PCRE2 sees at once that a letter is missing */
        assert_int_equal(r, TS_OPEN);
        assert_string_equal(e.msg,
                            "it cannot be told whether the schema is kept: a pattern takes too "
                            "long to match, at /0");
        assert_int_equal(e.code, TS_E_LIMIT);
    }
    assert_int_equal(answer(a, "{\"pattern\":\"^(a|aa)+$\"}",
                            "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\""),
                     TS_OPEN);
}

/* A long text and the usual patterns for one are no trouble. */
static void long_texts(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_buf text = ts_buf_new(&a, 1 << 20);
    ts_buf_c(&text, '"');
    for (int i = 0; i < 40000; i++) ts_buf_lit(&text, "Ab3/");
    ts_buf_lit(&text, "Ab==\"");
    ts_buf_c(&text, 0);
    assert_int_equal(
        answer(a, "{\"pattern\":\"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==)?$\"}", text.p),
        TS_YES);
    assert_int_equal(answer(a, "{\"pattern\":\"^[A-Za-z0-9+/]*={0,2}$\"}", text.p), TS_YES);
    assert_int_equal(answer(a, "{\"pattern\":\"^[A-Za-z0-9+/]*={0,1}$\"}", text.p), TS_NO);
    assert_int_equal(answer(a, "{\"pattern\":\"[^A-Za-z0-9+/=]\"}", text.p), TS_NO);
    assert_int_equal(answer(a, "{\"pattern\":\"^(?!.*<script)\"}", text.p), TS_YES);
}

int main(void) {
    const struct CMUnitTest t[] = {
        cmocka_unit_test(patterns),
        cmocka_unit_test(bad_patterns),
        cmocka_unit_test(takes_too_long),
        cmocka_unit_test(long_texts),
    };
    return cmocka_run_group_tests(t, 0, 0);
}
