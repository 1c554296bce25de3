#include <sys/mman.h>
#include <unistd.h>

#include "support/support.h"
#include "trust/canonical.h"

static const ts_json *strictly(ts_arena *a, ts_str text) {
    ts_error e = {0};
    const ts_json *v =
        ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = 1024}, &e);
    if (!v) fail_msg("%.*s: %s", TS_P(ts_str_clip(text, 200)), e.msg);
    return v;
}

static ts_str canonical(ts_arena *a, ts_str text) {
    const ts_json *v = strictly(a, text);
    ts_buf b = ts_buf_new(a, (size_t)64 << 20);
    ts_error e = {0};
    if (!ts_canonical(&b, *a, v, &e)) fail_msg("%.*s: %s", TS_P(ts_str_clip(text, 200)), e.msg);
    return ts_buf_str(&b);
}

static void must_be(const char *text, const char *want) {
    ts_arena a = test_arena();
    ts_arena whole = a;
    assert_str(canonical(&a, ts_str_c(text)), want);
    ts_arena_free(&whole, (size_t)1 << 32);
}

/* ---- vectors ---- */

static ts_str read_vector(ts_arena *a, const char *folder, const char *name, const char *ending) {
    char path[200];
    ts_str text;
    ts_error e;
    snprintf(path, sizeof path, "passport/jcs/cyberphone/%s/%s.%s", folder, name, ending);
    const char *file = test_data(path);
    if (!file) skip();
    assert_true(ts_file_read(a, file, 1 << 20, &text, &e));
    return text;
}

static ts_str from_hex(ts_arena *a, ts_str hex) {
    ts_buf b = ts_buf_new(a, hex.n);
    unsigned v = 0, n = 0;
    for (size_t i = 0; i < hex.n; i++) {
        unsigned char c = (unsigned char)hex.p[i];
        if (ts_is_space(c)) continue;
        v = v << 4 | (unsigned)(ts_is_digit(c) ? c - '0' : c - 'a' + 10);
        if (++n % 2 == 0) ts_buf_c(&b, (char)v);
    }
    return ts_buf_str(&b);
}

static void cyberphones_vectors(void **state) {
    (void)state;
    static const char *const names[] = {"arrays",  "french", "structures",
                                        "unicode", "values", "weird"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ts_str got = canonical(&a, read_vector(&a, "input", names[i], "json"));
        assert_true(ts_str_eq(got, read_vector(&a, "output", names[i], "json")));
        assert_true(ts_str_eq(got, from_hex(&a, read_vector(&a, "outhex", names[i], "txt"))));
        assert_true(ts_str_eq(got, canonical(&a, got)));
    }
}

/* ---- values ---- */

static void scalars_and_containers(void **state) {
    (void)state;
    must_be(" null ", "null"), must_be("true", "true"), must_be("\nfalse", "false");
    must_be("[ ]", "[]"), must_be("{\t}", "{}"), must_be("\"\"", "\"\"");
    must_be("[ 1 , [ ] , { } , \"a\" ]", "[1,[],{},\"a\"]");
    must_be("{ \"b\" : [ { \"z\" : 1 , \"y\" : 2 } ] , \"a\" : null }",
            "{\"a\":null,\"b\":[{\"y\":2,\"z\":1}]}");
    must_be("[[[[[[]]]]],{\"a\":{\"a\":{}}}]", "[[[[[[]]]]],{\"a\":{\"a\":{}}}]");
}

static void strings(void **state) {
    (void)state;
    must_be("\"\\u0000\\u0001\\u0007\\b\\t\\n\\u000B\\f\\r\\u000e\\u001F \\u007f\"",
            "\"\\u0000\\u0001\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u001f \x7f\"");
    must_be("\"\\/\\\"\\\\\\u002f\\u0022\\u005C\"", "\"/\\\"\\\\/\\\"\\\\\"");
    must_be("\"\\u00e9\\u20AC\\uD83D\\uDE00\\u2028\\uffff\"",
            "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xE2\x80\xA8\xEF\xBF\xBF\"");
    must_be("\"e\\u0301\"", "\"e\xCC\x81\""); /* no normalisation */
    must_be("{\"\\n\":\"\\u0061 long string with one escape at its end, past sixteen\\n\"}",
            "{\"\\n\":\"a long string with one escape at its end, past sixteen\\n\"}");
}

/* A string of every length, with and without an escape in front, at the end and in between. */
static void strings_of_every_length(void **state) {
    (void)state;
    ts_arena a = test_arena();
    for (int n = 0; n < 100; n++)
        for (int at = -1; at < n; at += 1 + at / 7) {
            ts_buf b = ts_buf_new(&a, 1000);
            ts_buf_c(&b, '"');
            for (int i = 0; i < n; i++)
                if (i == at)
                    ts_buf_lit(&b, "\\t");
                else
                    ts_buf_c(&b, (char)('a' + i % 26));
            ts_buf_c(&b, '"');
            assert_true(ts_str_eq(canonical(&a, ts_buf_str(&b)), ts_buf_str(&b)));
        }
}

static void numbers(void **state) {
    (void)state;
    static const char *const t[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"0.0", "0"},
        {"-0.000", "0"},
        {"0e5", "0"},
        {"-0E-5", "0"},
        {"1", "1"},
        {"-1", "-1"},
        {"10", "10"},
        {"-10", "-10"},
        {"20.0", "20"},
        {"1.0", "1"},
        {"1.50", "1.5"},
        {"-12.3400", "-12.34"},
        {"100", "100"},
        {"1e2", "100"},
        {"1E+2", "100"},
        {"12e-1", "1.2"},
        {"0.1", "0.1"},
        {"0.000001", "0.000001"},
        {"0.0000010", "0.000001"},
        {"0.0000001", "1e-7"},
        {"-0.0000001", "-1e-7"},
        {"0.00000012", "1.2e-7"},
        {"-0.0000012300", "-0.00000123"},
        {"0.00000000000000", "0"},
        {"0.000000000000001", "1e-15"},
        {"0.00000000000000000000000001", "1e-26"},
        {"123456789012345", "123456789012345"},
        {"-999999999999999", "-999999999999999"},
        {"1234567890123456", "1234567890123456"},
        {"9007199254740992", "9007199254740992"},
        {"9007199254740993", "9007199254740992"},
        {"9007199254740995", "9007199254740996"},
        {"12345678901234.5", "12345678901234.5"},
        {"1234567890123.45", "1234567890123.45"},
        {"123456789012345.6", "123456789012345.6"},
        {"123456789012345.67", "123456789012345.67"},
        {"0.12345678901234", "0.12345678901234"},
        {"0.123456789012345", "0.123456789012345"},
        {"0.1234567890123456789", "0.12345678901234568"},
        {"333333333.33333329", "333333333.3333333"},
        {"1E30", "1e+30"},
        {"4.50", "4.5"},
        {"2e-3", "0.002"},
        {"0.000000000000000000000000001", "1e-27"},
        {"100000000000000000000", "100000000000000000000"},
        {"1000000000000000000000", "1e+21"},
        {"999999999999999999999", "1e+21"},
        {"1e23", "1e+23"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"1.7976931348623158e308", "1.7976931348623157e+308"},
        {"2.2250738585072011e-308", "2.225073858507201e-308"},
        {"4.9e-324", "5e-324"},
        {"2.4703282292062328e-324", "5e-324"},
        {"2.4703282292062327e-324", "0"},
        {"-1e-400", "0"},
        {"0e99999999999999999999", "0"},
        {"1e-99999999999999999999", "0"},
        {"0.00001e5", "1"},
        {"10000000000000000000000000000000000000000000000000000000000000000000e-67", "1"},
        /* half way between two, and a little more, far behind */
        {"9007199254740993.0000000000000000000000000000000000000000000000000000000000000000",
         "9007199254740992"},
        {"9007199254740993.0000000000000000000000000000000000000000000000000000000000000001",
         "9007199254740994"},
    };
    char text[200], want[100];
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        must_be(t[i][0], t[i][1]);
        /* with enough behind it, the reader tells which numbers need no work */
        snprintf(text, sizeof text, "[%s ,\"sixteen bytes and more\"]", t[i][0]);
        snprintf(want, sizeof want, "[%s,\"sixteen bytes and more\"]", t[i][1]);
        must_be(text, want);
    }
}

/* The short way and the long way round give the same text. */
static void numbers_of_every_shape(void **state) {
    (void)state;
    ts_random r = ts_random_seed(99);
    ts_arena mark = test_arena();
    for (int i = 0; i < 200000; i++) {
        ts_arena a = mark;
        char text[128], out[32];
        size_t n = 0;
        if (ts_random_below(&r, 2)) text[n++] = '-';
        uint32_t whole = ts_random_below(&r, 4) ? ts_random_below(&r, 18) : 0,
                 decimals = ts_random_below(&r, 3) ? ts_random_below(&r, 18) : 0;
        if (whole) text[n++] = (char)('1' + ts_random_below(&r, 9));
        for (uint32_t k = 1; k < whole; k++) text[n++] = (char)('0' + ts_random_below(&r, 10));
        if (!whole) text[n++] = '0';
        if (decimals) text[n++] = '.';
        uint32_t zeros = ts_random_below(&r, 12);
        for (uint32_t k = 0; k < decimals; k++)
            text[n++] = k < zeros || ts_random_below(&r, 3) == 0
                            ? '0'
                            : (char)('0' + ts_random_below(&r, 10));
        if (ts_random_below(&r, 8) == 0)
            n += (size_t)snprintf(text + n, 8, "e%d", (int)ts_random_below(&r, 60) - 30);
        text[n] = 0;
        ts_str want = ts_es6_number(strtod(text, 0), out);
        memset(text + n, ' ', i % 2 ? 16 : 0);
        ts_str got = canonical(&a, (ts_str){text, n + (i % 2 ? 16 : 0)});
        text[n] = 0;
        if (!ts_str_eq(got, want))
            fail_msg("%s is written %.*s, not %.*s", text, TS_P(got), TS_P(want));
    }
}

static void numbers_without_a_double_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"1e309", "[-1e309]", "{\"a\":[1,2,1.7976931348623159e308]}",
                                      "[1e99999999999999999999999]",
                                      "[123456789e1000000000000000000000000]"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_buf b = ts_buf_new(&a, 1000);
        ts_error e = {0};
        ts_buf_lit(&b, "before");
        assert_false(ts_canonical(&b, a, strictly(&a, ts_str_c(bad[i])), &e));
        assert_int_equal(e.code, TS_E_INPUT);
        assert_non_null(strstr(e.msg, "is too large for a double"));
        assert_str(ts_buf_str(&b), "before");
    }
    ts_buf b = ts_buf_new(&a, 5000);
    ts_error e = {0};
    ts_buf_c(&b, '1');
    for (int i = 0; i < 4000; i++) ts_buf_c(&b, '0');
    ts_buf out = ts_buf_new(&a, 5000);
    assert_false(ts_canonical(&out, a, strictly(&a, ts_buf_str(&b)), &e));
    assert_string_equal(e.msg, "JSON: the number 1000000000000000000000000000000000000000 "
                               "is too large for a double");
}

/* ---- order ---- */

static void names_are_sorted_by_code_units(void **state) {
    (void)state;
    /* RFC 8785, section 3.2.3 */
    must_be("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter "
            "Dalet With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\","
            "\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\",\"\xC3\xB6\":"
            "\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
            "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet "
            "With Dagesh\"}");
    must_be("{\"ab\":1,\"a\":2,\"\":3,\"abcdefgh\":4,\"abcdefghi\":5,\"abcdefg\":6,\"B\":7}",
            "{\"\":3,\"B\":7,\"a\":2,\"ab\":1,\"abcdefg\":6,\"abcdefgh\":4,\"abcdefghi\":5}");
    must_be("{\"a\":1,\"a\\u0000\":2,\"a\\u0000\\u0000\":3,\"\\u0000\":4}",
            "{\"\\u0000\":4,\"a\":1,\"a\\u0000\":2,\"a\\u0000\\u0000\":3}");
    must_be("{\"same prefix b\":1,\"same prefix a\":2,\"same prefix \\ue000\":3,\"same prefix "
            "\\ud800\\udc00\":4,\"same prefix \\ud7ff\":5}",
            "{\"same prefix a\":2,\"same prefix b\":1,\"same prefix \xED\x9F\xBF\":5,"
            "\"same prefix \xF0\x90\x80\x80\":4,\"same prefix \xEE\x80\x80\":3}");
}

static size_t code_units(ts_str s, uint16_t *out) {
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = ts_utf8_next(s, &i);
        if (c >= 0x10000) out[n++] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
        out[n++] = (uint16_t)(c >= 0x10000 ? 0xDC00 + (c & 0x3FF) : c);
    }
    return n;
}

static int by_code_units(const void *x, const void *y) {
    uint16_t a[200], b[200];
    size_t an = code_units(*(const ts_str *)x, a), bn = code_units(*(const ts_str *)y, b);
    for (size_t i = 0; i < an && i < bn; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return (an > bn) - (an < bn);
}

/* Characters that tell the orders of bytes, code points and code units apart. */
static ts_str random_name(ts_arena *a, ts_random *r) {
    static const uint32_t some[] = {'a',    'b',    0x7F,   0x80,    0x7FF,   0x800,    0xD7FF,
                                    0xE000, 0xEFFF, 0xF000, 0xFFFF,  0x10000, 0x10FFFF, 0x20,
                                    'z',    0xFFFD, 0xFB33, 0x1F600, 0x21,    0xE9,     0x4E2D};
    ts_buf b = ts_buf_new(a, 800);
    uint32_t n = ts_random_below(r, 4) ? ts_random_below(r, 5) : ts_random_below(r, 30);
    for (uint32_t i = 0; i < n; i++) {
        char utf8[4];
        uint32_t c = some[ts_random_below(r, i < 8 ? 4 : sizeof some / sizeof *some)];
        if (n < 5) c = some[ts_random_below(r, sizeof some / sizeof *some)];
        ts_buf_put(&b, (ts_str){utf8, ts_utf8_put(utf8, c)});
    }
    return ts_buf_str(&b);
}

static void write_object(ts_buf *b, const ts_str *names, size_t n) {
    ts_buf_c(b, '{');
    for (size_t i = 0; i < n; i++) {
        if (i) ts_buf_c(b, ',');
        ts_buf_c(b, '"'), ts_buf_put(b, names[i]), ts_buf_lit(b, "\":1");
    }
    ts_buf_c(b, '}');
}

static void order_is_that_of_code_units(void **state) {
    (void)state;
    ts_random r = ts_random_seed(4);
    ts_arena mark = test_arena();
    for (int round = 0; round < 3000; round++) {
        ts_arena a = mark;
        size_t n = 0, max = round % 100 ? ts_random_below(&r, 40) : ts_random_below(&r, 2000);
        ts_strs names = {0};
        for (size_t i = 0; i < max; i++) *ts_push(&a, &names) = random_name(&a, &r);
        if (max) qsort(names.v, max, sizeof *names.v, by_code_units);
        for (size_t i = 0; i < max; i++)
            if (!i || by_code_units(&names.v[i - 1], &names.v[i]) != 0) names.v[n++] = names.v[i];
        ts_buf want = ts_buf_new(&a, 1 << 20), mixed = ts_buf_new(&a, 1 << 20);
        write_object(&want, names.v, n);
        for (size_t i = n; i-- > 1;) {
            size_t k = ts_random_below(&r, (uint32_t)i + 1);
            ts_str x = names.v[i];
            names.v[i] = names.v[k], names.v[k] = x;
        }
        write_object(&mixed, names.v, n);
        assert_true(ts_str_eq(canonical(&a, ts_buf_str(&mixed)), ts_buf_str(&want)));
        assert_true(ts_str_eq(canonical(&a, ts_buf_str(&want)), ts_buf_str(&want)));
    }
}

/* What only the tolerant reader lets through must not be signed. */
static void repeated_names_are_refused(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf out = ts_buf_new(&a, 100);
    assert_false(ts_canonical(
        &out, a, ts_json_parse(&a, TS_S("{\"a\":1,\"a\":1}"), (ts_json_options){0}, 0), 0));
    for (int n = 2; n < 200; n += 13) {
        ts_buf t = ts_buf_new(&a, 10000);
        ts_buf_c(&t, '{');
        for (int i = 0; i < n; i++) ts_buf_fmt(&t, "\"a long name %d\":1,", n - i);
        ts_buf_lit(&t, "\"a long name 2\":1}");
        const ts_json *v = ts_json_parse(&a, ts_buf_str(&t), (ts_json_options){0}, 0);
        ts_buf b = ts_buf_new(&a, 10000);
        ts_error e = {0};
        assert_false(ts_canonical(&b, a, v, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        assert_non_null(strstr(e.msg, "is repeated"));
        assert_int_equal(b.n, 0);
    }
}

static void many_members_are_sorted_in_time(void **state) {
    (void)state;
    enum { MEMBERS = 200000 };
    for (int kind = 0; kind < 3; kind++) {
        ts_arena a = test_arena(), whole = a;
        ts_buf t = ts_buf_new(&a, 64 << 20);
        ts_buf_c(&t, '{');
        for (int i = 0; i < MEMBERS; i++) {
            int k = kind == 0 ? i : kind == 1 ? MEMBERS - i : (int)((i * 7919ll) % MEMBERS);
            ts_buf_fmt(&t, "%s\"the same beginning %06d\":%d", i ? "," : "", k, k);
        }
        ts_buf_c(&t, '}');
        const ts_json *v = strictly(&a, ts_buf_str(&t));
        ts_buf b = ts_buf_new(&a, 64 << 20);
        uint64_t begin = ts_cpu_nanos();
        assert_true(ts_canonical(&b, a, v, 0));
        assert_true(ts_cpu_nanos() - begin < 10000000000); /* 10 s, sanitizers included */
        assert_true(ts_str_starts(ts_buf_str(&b), kind == 1
                                                      ? TS_S("{\"the same beginning 000001\":1,")
                                                      : TS_S("{\"the same beginning 000000\":0,")));
        ts_arena_free(&whole, (size_t)1 << 32);
    }
}

/* ---- without ---- */

static void members_are_left_out(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const ts_json *v = strictly(&a, TS_S("{\"proof\":{\"x\":1},\"b\":{\"proof\":2},\"a\":[],"
                                         "\"id\":\"\\u0070roof\"}"));
    const ts_str names[] = {TS_S("proof"), TS_S("not there"), TS_S("a")};
    ts_buf b = ts_buf_new(&a, 1000);
    ts_error e = {0};
    assert_true(ts_canonical_without(&b, a, v, names, 3, &e));
    assert_str(ts_buf_str(&b), "{\"b\":{\"proof\":2},\"id\":\"proof\"}");
    ts_buf_reset(&b);
    assert_true(ts_canonical_without(&b, a, v, names, 0, &e));
    assert_str(ts_buf_str(&b),
               "{\"a\":[],\"b\":{\"proof\":2},\"id\":\"proof\",\"proof\":{\"x\":1}}");
    ts_buf_reset(&b);
    const ts_json *escaped = strictly(&a, TS_S("{\"\\u0070roof\":1}"));
    assert_true(ts_canonical_without(&b, a, escaped, names, 1, &e));
    assert_str(ts_buf_str(&b), "{}");
    assert_false(ts_canonical_without(&b, a, strictly(&a, TS_S("[1]")), names, 1, &e));
    assert_string_equal(e.msg, "JSON: there is no object to write");
    assert_false(ts_canonical(&b, a, 0, &e));
    assert_string_equal(e.msg, "JSON: there is no value to write");
}

/* A value inside a document is written by itself. */
static void a_part_of_a_document(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const ts_json *v =
        strictly(&a, TS_S("{\"x\":{\"b\":\"long enough to be copied\",\"a\":true},\"y\":false}"));
    ts_buf b = ts_buf_new(&a, 1000);
    assert_true(ts_canonical(&b, a, ts_json_member(v, "x"), 0));
    assert_true(ts_canonical(&b, a, ts_json_member(v, "y"), 0));
    assert_true(ts_canonical(&b, a, ts_json_member(ts_json_member(v, "x"), "b"), 0));
    assert_str(ts_buf_str(&b),
               "{\"a\":true,\"b\":\"long enough to be copied\"}false\"long enough to be copied\"");
}

/* ---- limits ---- */

static void depth(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 20000);
    for (int i = 0; i < 512; i++) ts_buf_lit(&b, "{\"a\":[");
    ts_buf_lit(&b, "]}");
    for (int i = 1; i < 512; i++) ts_buf_lit(&b, "]}");
    assert_true(ts_str_eq(canonical(&a, ts_buf_str(&b)), ts_buf_str(&b)));
}

static void the_cap_is_kept(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char text[] = "{\"b\":[1,2.50,\"\\u00e9\\n\"],\"a\":1e20}",
               want[] = "{\"a\":100000000000000000000,\"b\":[1,2.5,\"\xC3\xA9\\n\"]}";
    const ts_json *v = strictly(&a, TS_S(text));
    for (size_t cap = 0; cap < 200; cap++)
        for (int same = 0; same < 2; same++) {
            ts_arena other = test_arena(), whole = other;
            ts_buf b = ts_buf_new(&a, cap);
            ts_error e = {0};
            bool ok = ts_canonical(&b, same ? a : other, v, &e);
            assert_int_equal(ok, cap >= sizeof want - 1);
            assert_int_equal(b.full, !ok);
            if (ok)
                assert_str(ts_buf_str(&b), want);
            else
                assert_int_equal(e.code, TS_E_LIMIT), assert_int_equal(b.n, 0);
            assert_false(!ok && ts_canonical(&b, other, v, &e)); /* full stays full */
            ts_arena_free(&whole, (size_t)1 << 32);
        }
}

/* The scratch arena may be a copy of the buffer's own. */
static void one_arena_for_both(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf t = ts_buf_new(&a, 1 << 20);
    ts_buf_c(&t, '{');
    for (int i = 0; i < 3000; i++)
        ts_buf_fmt(&t, "%s\"%d\":{\"b\":\"\\n%d\",\"a\":1}", i ? "," : "", (i * 7) % 3001, i);
    ts_buf_c(&t, '}');
    const ts_json *v = strictly(&a, ts_buf_str(&t));
    ts_arena other = test_arena();
    ts_buf x = ts_buf_new(&a, 1 << 20), y = ts_buf_new(&other, 1 << 20);
    assert_true(ts_canonical(&x, a, v, 0));
    assert_true(ts_canonical(&y, test_arena(), v, 0));
    assert_true(ts_str_eq(ts_buf_str(&x), ts_buf_str(&y)));
    ts_arena before = a;
    ts_buf_lit(&x, "x"); /* the buffer has grown since */
    assert_true(ts_canonical(&x, before, v, 0));
    assert_true(ts_str_eq(ts_str_from(ts_buf_str(&x), y.n + 1), ts_buf_str(&y)));
}

typedef struct job {
    ts_buf *b;
    const ts_json *v;
} job;

static bool guarded(void *ctx, ts_arena *a, ts_error *e) {
    job *j = ctx;
    j->b->a = a;
    return ts_canonical(j->b, *a, j->v, e);
}

static void memory_may_run_out(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const ts_json *v = strictly(&a, TS_S("{\"b\":{\"d\":1,\"c\":[{\"y\":1,\"x\":2}]},\"a\":3}"));
    for (long n = 1; n < 6; n++) {
        ts_arena work = test_arena(), whole = work;
        ts_buf b = ts_buf_new(&work, 1000);
        job j = {&b, v};
        ts_error e = {0};
        ts_arena_fail_after(n);
        bool ok = ts_arena_guard(guarded, &j, &work, &e);
        ts_arena_fail_after(0);
        assert_int_equal(ok, n > 4); /* the buffer, and the order of three objects */
        if (!ok) assert_int_equal(e.code, TS_E_MEMORY), assert_int_equal(b.n, 0);
        ts_arena_free(&whole, (size_t)1 << 32);
    }
}

/* `n` bytes that end where memory does. */
static char *at_the_brink(size_t n) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (n + page - 1) / page * page;
    char *p = mmap(0, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(p != MAP_FAILED);
    assert_int_equal(mprotect(p + size, page, PROT_NONE), 0);
    return p + size - n;
}

static void forget(char *p, size_t n) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (n + page - 1) / page * page;
    munmap(p + n - size, size + page);
}

/* Strings are copied in steps of 16 bytes: never read behind the document, never written behind
 * what was asked for. */
static void nothing_beyond_the_end_is_touched(void **state) {
    (void)state;
    static const char *const ends[] = {"{\"b\":\"%.*s\",\"a\":1}",
                                       "{\"a\":1,\"b\":\"%.*s\"}",
                                       "\"%.*s\"",
                                       "[[],[],\"%.*s\",{}]",
                                       "[\"%.*s\"]",
                                       "{\"%.*s\":1}",
                                       "[\"%.*s\\u00e9\",\"\\n\"]",
                                       "[\"%.*s\",null,true]",
                                       "[1234567,\"%.*s\",12345678]"};
    char fill[200], text[300];
    memset(fill, 'x', sizeof fill);
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (int n = 0; n < 70; n++) {
            ts_arena work = a;
            /* the formats are our own */
            size_t size = 0;
            for (const char *f = ends[i]; *f; f++)
                if (*f == '%')
                    memcpy(text + size, fill, (size_t)n), size += (size_t)n, f += 3;
                else
                    text[size++] = *f;
            char *brink = at_the_brink(size);
            memcpy(brink, text, size);
            ts_str there = canonical(&work, (ts_str){brink, size}),
                   here = canonical(&work, (ts_str){text, size});
            assert_true(ts_str_eq(there, here));
            forget(brink, size);
        }
}

/* A tree may be put together from nodes of several documents. */
static void a_tree_of_two_documents(void **state) {
    (void)state;
    static const char one[] = "[\"from one document\",12345,\"x\"]", two[] = "[0.125,\"from two\"]";
    ts_arena a = test_arena();
    char *p = at_the_brink(sizeof one - 1), *q = at_the_brink(sizeof two - 1);
    memcpy(p, one, sizeof one - 1), memcpy(q, two, sizeof two - 1);
    const ts_json *x = strictly(&a, (ts_str){p, sizeof one - 1}),
                  *y = strictly(&a, (ts_str){q, sizeof two - 1});
    for (int swap = 0; swap < 2; swap++) {
        ts_json tree[8] = {{.n = 2, .span = 8, .type = TS_JSON_ARRAY}};
        const ts_json *first = swap ? y : x, *second = swap ? x : y;
        memcpy(tree + 1, first, first->span * sizeof *tree);
        memcpy(tree + 1 + first->span, second, second->span * sizeof *tree);
        ts_buf b = ts_buf_new(&a, 1000);
        assert_int_equal(1 + first->span + second->span, 8);
        assert_true(ts_canonical(&b, a, tree, 0));
        assert_str(ts_buf_str(&b),
                   swap ? "[[0.125,\"from two\"],[\"from one document\",12345,\"x\"]]"
                        : "[[\"from one document\",12345,\"x\"],[0.125,\"from two\"]]");
    }
}

/* Where the canonical text is about as long as the room there is. */
static ts_str tight(ts_arena *a, int kind, size_t n) {
    ts_buf b = ts_buf_new(a, 10000);
    char fill[1200];
    memset(fill, 'y', sizeof fill);
    ts_str ys = {fill, n};
    switch (kind) {
    case 0: ts_buf_lit(&b, "[\""), ts_buf_put(&b, ys), ts_buf_lit(&b, "\"]"); break;
    case 1: ts_buf_lit(&b, "[\"\\u001f"), ts_buf_put(&b, ys), ts_buf_lit(&b, "\"]"); break;
    case 2: ts_buf_lit(&b, "[{\""), ts_buf_put(&b, ys), ts_buf_lit(&b, "\":1}]"); break;
    case 3: /* copying goes over the end, but not over that of the input */
        ts_buf_lit(&b, "[\""), ts_buf_put(&b, ys), ts_buf_lit(&b, "\",                      1]");
        break;
    case 4: /* longer than it was */
        ts_buf_c(&b, '[');
        for (size_t i = 0; i < n / 16; i++) ts_buf_lit(&b, "-1e-6,1e20,-1.2345678901234567e-6,");
        ts_buf_fmt(&b, "%.*s]", (int)(1 + n % 16), "1234567890123456");
        break;
    default:
        ts_buf_c(&b, '[');
        for (size_t i = 0; i < n / 8; i++) ts_buf_lit(&b, "{},[],false,");
        ts_buf_fmt(&b, "%.*s]", (int)(1 + n % 16), "1234567890123456");
    }
    return ts_buf_str(&b);
}

static void the_room_is_enough(void **state) {
    (void)state;
    enum { ROOM = 1024 };
    ts_arena a = test_arena(), scratch = test_arena();
    char *brink = at_the_brink(ROOM);
    for (int kind = 0; kind < 6; kind++) {
        bool fitted = false, too_long = false;
        for (size_t n = 1; n < ROOM + 20; n++) {
            ts_arena work = a, exact = {brink, brink + ROOM, 0};
            ts_str text = tight(&work, kind, n), want = canonical(&work, text);
            ts_buf b = ts_buf_new(&exact, ROOM);
            bool ok = ts_canonical(&b, scratch, strictly(&work, text), 0);
            assert_int_equal(ok, want.n <= ROOM);
            if (ok) assert_true(ts_str_eq(ts_buf_str(&b), want));
            fitted = fitted || ok, too_long = too_long || !ok;
        }
        assert_true(fitted && too_long);
    }
    forget(brink, ROOM);
}

/* ---- what holds of any document ---- */

static void random_value(ts_jsonw *w, ts_random *r, ts_arena *a, int depth, bool backwards) {
    switch (ts_random_below(r, depth ? 9 : 6)) {
    case 0: ts_jsonw_null(w); break;
    case 1: ts_jsonw_bool(w, ts_random_below(r, 2)); break;
    case 2: ts_jsonw_i64(w, (int64_t)ts_random_next(r) >> ts_random_below(r, 64)); break;
    case 3: ts_jsonw_f64(w, ts_random_unit(r) * 1000, (int)ts_random_below(r, 9)); break;
    case 4: /* fall through */
    case 5: ts_jsonw_str(w, random_name(a, r)); break;
    case 6:
        ts_jsonw_array(w);
        for (uint32_t n = ts_random_below(r, 6); n--;) random_value(w, r, a, depth - 1, backwards);
        ts_jsonw_end(w);
        break;
    default: {
        uint32_t n = ts_random_below(r, 8);
        ts_random values = ts_random_seed(ts_random_next(r));
        ts_jsonw_object(w);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t k = backwards ? n - 1 - i : i;
            char name[40];
            size_t size =
                (size_t)snprintf(name, sizeof name, "%sname %u", k % 2 ? "other " : "", k);
            ts_random own =
                ts_random_seed(ts_random_next(&(ts_random){{values.s[0] + k, 1, 2, 3}}));
            ts_jsonw_key_str(w, (ts_str){name, size});
            random_value(w, &own, a, depth - 1, backwards);
        }
        ts_jsonw_end(w);
    }
    }
}

/* The order in which members were written and white space leave no trace, and the canonical text is
 * its own canonical text. */
static void one_text_for_one_value(void **state) {
    (void)state;
    ts_arena mark = test_arena();
    for (uint64_t seed = 0; seed < 3000; seed++) {
        ts_arena a = mark;
        ts_str got[2];
        for (int i = 0; i < 2; i++) {
            ts_random r = ts_random_seed(seed);
            ts_buf b = ts_buf_new(&a, 1 << 24);
            ts_jsonw w = ts_jsonw_to(&b);
            w.pretty = i;
            ts_jsonw_array(&w);
            random_value(&w, &r, &a, 6, i);
            ts_jsonw_end(&w);
            got[i] = canonical(&a, ts_buf_str(&b));
        }
        if (!ts_str_eq(got[0], got[1])) fail_msg("%.*s\n%.*s", TS_P(got[0]), TS_P(got[1]));
        assert_true(ts_str_eq(canonical(&a, got[0]), got[0]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cyberphones_vectors),
        cmocka_unit_test(scalars_and_containers),
        cmocka_unit_test(strings),
        cmocka_unit_test(strings_of_every_length),
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_of_every_shape),
        cmocka_unit_test(numbers_without_a_double_are_refused),
        cmocka_unit_test(names_are_sorted_by_code_units),
        cmocka_unit_test(order_is_that_of_code_units),
        cmocka_unit_test(repeated_names_are_refused),
        cmocka_unit_test(many_members_are_sorted_in_time),
        cmocka_unit_test(members_are_left_out),
        cmocka_unit_test(a_part_of_a_document),
        cmocka_unit_test(depth),
        cmocka_unit_test(the_cap_is_kept),
        cmocka_unit_test(one_arena_for_both),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(nothing_beyond_the_end_is_touched),
        cmocka_unit_test(a_tree_of_two_documents),
        cmocka_unit_test(the_room_is_enough),
        cmocka_unit_test(one_text_for_one_value),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
