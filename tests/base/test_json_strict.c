/* What the strict reader refuses, and that nothing makes it slow. */
#include <sys/mman.h>
#include <unistd.h>

#include "support/support.h"

static const ts_json *strictly(ts_arena *a, ts_str text, ts_error *e) {
    return ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
}

static void refused(ts_str text, ts_error_code code, const char *why) {
    ts_arena a = test_arena(), whole = a;
    ts_error e = {0};
    if (strictly(&a, text, &e)) fail_msg("%.*s was read", TS_P(text));
    assert_int_equal(e.code, code);
    if (!strstr(e.msg, why)) fail_msg("%.*s: %s, not %s", TS_P(text), e.msg, why);
    ts_arena_free(&whole, (size_t)1 << 32);
}

static void accepted(ts_str text) {
    ts_arena a = test_arena(), whole = a;
    ts_error e = {0};
    if (!strictly(&a, text, &e)) fail_msg("%.*s: %s", TS_P(text), e.msg);
    ts_arena_free(&whole, (size_t)1 << 32);
}

/* ---- repeated names ---- */

static void names_repeated_however_written(void **state) {
    (void)state;
    static const char *const bad[] = {
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\\u0061\":1,\"a\":2}",
        "{\"\\u0061\":1,\"\\u0061\":2}",
        "{\"\":1,\"b\":2,\"\":3}",
        "{\"\\u0000\":1,\"\\u0000\":2}",
        "{\"\xC3\xA9\":1,\"\\u00E9\":2}",
        "{\"\xF0\x9F\x98\x80\":1,\"\\ud83d\\ude00\":2}",
        "{\"/\":1,\"\\/\":2}",
        "{\"x\":[{\"y\":{\"z\":1,\"w\":2,\"z\":3}}]}",
        "[{\"a\":{\"b\":1,\"c\":{}},\"d\":[],\"a\":{}}]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(ts_str_c(bad[i]), TS_E_INPUT, "a name is repeated");
    accepted(TS_S("{\"a\":{\"a\":{\"a\":[{\"a\":1},{\"a\":1}]}},\"b\":{\"a\":1}}"));
    accepted(TS_S("{\"a\":1,\"A\":2,\"a \":3,\" a\":4,\"a\\u0000\":5,\"\\u0000a\":6}"));
    accepted(TS_S("{\"\\u00e9\":1,\"e\\u0301\":2}")); /* two names: no normalisation */
    accepted(TS_S("{\"a\":\"a\",\"b\":\"a\",\"c\":[\"a\",\"a\"]}"));
}

static ts_str members(ts_arena *a, int n, const char *form, int repeat, int at) {
    ts_buf b = ts_buf_new(a, (size_t)256 << 20);
    ts_buf_c(&b, '{');
    for (int i = 0; i < n; i++) {
        char name[80];
        int size = snprintf(name, sizeof name, "%s%d", form, i == at ? repeat : i);
        if (i) ts_buf_c(&b, ',');
        ts_buf_c(&b, '"'), ts_buf_put(&b, (ts_str){name, (size_t)size}), ts_buf_lit(&b, "\":{}");
    }
    ts_buf_c(&b, '}');
    return ts_buf_str(&b);
}

/* Small and large objects are watched differently. */
static void every_pair_of_names_is_compared(void **state) {
    (void)state;
    static const char *const forms[] = {"", "k", "a name that is rather long "};
    ts_arena mark = test_arena();
    for (int n = 2; n < 140; n += n < 57 || n > 70 ? 11 : 1)
        for (int at = 1; at < n; at++)
            for (int repeat = 0; repeat < at; repeat += 1 + repeat / 5) {
                ts_arena a = mark;
                ts_error e = {0};
                assert_null(strictly(&a, members(&a, n, forms[at % 3], repeat, at), &e));
                assert_non_null(strstr(e.msg, "a name is repeated"));
            }
    for (int n = 0; n < 140; n++) {
        ts_arena a = mark;
        assert_non_null(strictly(&a, members(&a, n, forms[n % 3], 0, -1), 0));
    }
}

static void a_million_names_take_no_time(void **state) {
    (void)state;
    enum { MILLION = 1000000 };
    ts_arena mark = test_arena();
    static const char *const forms[] = {"", "one and the same beginning of all names: "};
    for (int i = 0; i < 2; i++) {
        ts_arena a = mark;
        ts_error e = {0};
        ts_str whole = members(&a, MILLION, forms[i], 0, -1);
        uint64_t begin = ts_cpu_nanos();
        assert_non_null(strictly(&a, whole, &e));
        assert_true(ts_cpu_nanos() - begin < 20000000000); /* sanitizers included */
        a = mark;
        assert_null(strictly(&a, members(&a, MILLION, forms[i], 12345, MILLION - 1), &e));
        assert_non_null(strstr(e.msg, "a name is repeated"));
        a = mark;
        whole = members(&a, MILLION, forms[i], 0, -1);
        begin = ts_cpu_nanos();
        assert_null(
            ts_json_parse(&a, whole, (ts_json_options){.strict = true, .max_members = 100000}, &e));
        assert_true(ts_cpu_nanos() - begin < 2000000000);
        assert_int_equal(e.code, TS_E_LIMIT);
        assert_non_null(strstr(e.msg, "JSON: an object with more than 100,000 members at byte "));
    }
}

/* Names that the small filter takes for each other, in as many objects as there is room for. */
static void names_that_look_alike(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 64 << 20);
    ts_buf_c(&b, '[');
    for (int i = 0; i < 20000; i++) {
        ts_buf_put(&b, i ? TS_S(",{") : TS_S("{"));
        for (int k = 0; k < 64; k++) ts_buf_fmt(&b, "%s\"x%02dx\":1", k ? "," : "", k);
        ts_buf_c(&b, '}');
    }
    ts_buf_c(&b, ']');
    uint64_t begin = ts_cpu_nanos();
    assert_non_null(strictly(&a, ts_buf_str(&b), 0)); /* 11 MB */
    assert_true(ts_cpu_nanos() - begin < 10000000000);
}

/* ---- text ---- */

static void surrogates_come_in_pairs(void **state) {
    (void)state;
    static const char *const bad[] = {
        "\\ud800\\ud800",         "\\udbff\\udbff",        "\\ud800",          "\\udfff",
        "\\udc00\\ud800",         "\\ud800\\ud800\\udc00", "\\ud800x",         "\\ud800\\n",
        "\\ud800\\u0041",         "\\udbff\\ue000",        "\\uD800\\\\udc00", "\\udc00\\udc00",
        "\\ud83d\xF0\x9F\x98\x80"};
    char text[64];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "[\"%s\"]", bad[i]);
        refused(ts_str_c(text), TS_E_INPUT, "lone surrogate");
        snprintf(text, sizeof text, "{\"%s\":1}", bad[i]);
        refused(ts_str_c(text), TS_E_INPUT, "lone surrogate");
    }
    refused(TS_S("[\"\\ud800\\udc0\"]"), TS_E_INPUT, "lone surrogate");
    refused(TS_S("[\"\\ud800\\u\"]"), TS_E_INPUT, "lone surrogate");
    accepted(TS_S("[\"\\ud800\\udc00\\uDBFF\\uDFFF\\ud7ff\\ue000\\uffff\\ufdd0\"]"));
}

static void utf8_is_well_formed(void **state) {
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC3",
                                      "\xC3(",
                                      "\xE0\x80\x80",
                                      "\xE0\x9F\xBF",
                                      "\xE2\x82",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xED\xA0\xBD\xED\xB8\x80",
                                      "\xF0\x80\x80\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF0\x9F\x98",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xF8\x88\x80\x80",
                                      "\xFE",
                                      "\xFF",
                                      "\xC3\xA9\xC3"};
    static const char *const good[] = {"\xC2\x80",         "\xDF\xBF",         "\xE0\xA0\x80",
                                       "\xED\x9F\xBF",     "\xEE\x80\x80",     "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "\x7F"};
    char text[128];
    for (size_t pad = 0; pad < 40; pad += 3)
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            snprintf(text, sizeof text, "[\"%.*s%s%s\"]", (int)pad,
                     "0123456789012345678901234567890123456789", bad[i], pad % 2 ? "\\n" : "");
            refused(ts_str_c(text), TS_E_INPUT, "malformed UTF-8");
            snprintf(text, sizeof text, "{\"%.*s%s\":1}", (int)pad,
                     "0123456789012345678901234567890123456789", bad[i]);
            refused(ts_str_c(text), TS_E_INPUT, "malformed UTF-8");
            if (i >= sizeof good / sizeof *good) continue;
            snprintf(text, sizeof text, "[\"%.*s%s%s\"]", (int)pad,
                     "0123456789012345678901234567890123456789", good[i], pad % 2 ? "\\n" : "");
            accepted(ts_str_c(text));
        }
    /* bytes on both sides of an escape make no character */
    refused(TS_S("[\"\xC3\\u00a9\"]"), TS_E_INPUT, "malformed UTF-8");
    refused(TS_S("[\"\\u00c3\xA9\"]"), TS_E_INPUT, "malformed UTF-8");
}

static void byte_order_marks_are_refused(void **state) {
    (void)state;
    refused(TS_S("\xEF\xBB\xBF{}"), TS_E_INPUT, "JSON: a byte order mark at byte 0");
    refused(TS_S("\xEF\xBB\xBF"), TS_E_INPUT, "a byte order mark");
    refused(TS_S(" \xEF\xBB\xBF{}"), TS_E_INPUT, "not a value");
    refused(TS_S("{}\xEF\xBB\xBF"), TS_E_INPUT, "something follows the value");
    refused(TS_S("\xFF\xFE{\0}\0"), TS_E_INPUT, "not a value");
    refused(TS_S("\xFE\xFF\0{\0}"), TS_E_INPUT, "not a value");
    accepted(TS_S("\"\xEF\xBB\xBF\""));
    ts_arena a = test_arena();
    assert_non_null(ts_json_parse(&a, TS_S("\xEF\xBB\xBF{}"), (ts_json_options){0}, 0));
}

static void control_characters_are_refused(void **state) {
    (void)state;
    for (int c = 0; c < 0x20; c++)
        for (size_t at = 2; at < 40; at++) {
            char text[] = "[\"0123456789012345678901234567890123456789\"]";
            text[at] = (char)c;
            refused(TS_S(text), TS_E_INPUT, "control character in a string");
            text[2] = '\\', text[3] = 't';
            if (at > 3) refused(TS_S(text), TS_E_INPUT, "control character in a string");
        }
}

static void nothing_may_follow(void **state) {
    (void)state;
    refused(TS_S("{}{}"), TS_E_INPUT, "something follows the value at byte 2");
    refused(TS_S("{} \n x"), TS_E_INPUT, "something follows the value at byte 5");
    refused(TS_S("{}\0"), TS_E_INPUT, "something follows the value");
    refused(TS_S("[]]"), TS_E_INPUT, "something follows the value");
    refused(TS_S("1 1"), TS_E_INPUT, "something follows the value");
    refused(TS_S("true,"), TS_E_INPUT, "something follows the value");
    refused(TS_S("{}\xC2\xA0"), TS_E_INPUT, "something follows the value");
    refused(TS_S("{}\f"), TS_E_INPUT, "something follows the value");
    refused(TS_S("{}\v"), TS_E_INPUT, "something follows the value");
    refused(TS_S("{}//"), TS_E_INPUT, "something follows the value");
    accepted(TS_S("\r\n\t {} \r\n\t"));
    accepted(TS_S("{}                                                                        \n"));
}

static void white_space_of_every_length(void **state) {
    (void)state;
    ts_arena a = test_arena();
    for (size_t n = 0; n < 70; n++)
        for (int bad = 0; bad < 2; bad++) {
            char text[200];
            size_t size = 0;
            text[size++] = '[';
            for (size_t i = 0; i < n; i++) text[size++] = " \n\t\r"[(i + n / 7) % 4];
            if (bad) text[size++] = '\f';
            text[size++] = '1';
            for (size_t i = 0; i < n; i++) text[size++] = ' ';
            text[size++] = ']';
            assert_int_equal(strictly(&a, (ts_str){text, size}, 0) != 0, !bad);
        }
}

/* ---- limits ---- */

static void depth_is_limited_by_name(void **state) {
    (void)state;
    ts_arena a = test_arena();
    for (int kind = 0; kind < 2; kind++) {
        ts_buf b = ts_buf_new(&a, 1 << 20);
        for (int i = 0; i < 10000; i++) ts_buf_put(&b, kind ? TS_S("{\"a\":") : TS_S("["));
        ts_buf_lit(&b, "1");
        for (int i = 0; i < 10000; i++) ts_buf_c(&b, kind ? '}' : ']');
        refused(ts_buf_str(&b), TS_E_LIMIT,
                kind ? "nested too deeply at byte 320" : "nested too deeply at byte 64");
        ts_error e = {0};
        ts_json_options o = {.strict = true, .max_depth = 1000000}; /* no more than 1024 */
        assert_null(ts_json_parse(&a, ts_buf_str(&b), o, &e));
        assert_int_equal(e.code, TS_E_LIMIT);
    }
    char text[300];
    memset(text, '[', 64), memset(text + 64, ']', 64);
    accepted((ts_str){text, 128});
    memset(text, '[', 65), memset(text + 65, ']', 65);
    refused((ts_str){text, 130}, TS_E_LIMIT, "nested too deeply");
}

static void members_are_limited_by_name(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t max;
        const char *why;
    } t[] = {
        {"{\"a\":1,\"b\":2,\"c\":3}", 3, 0},
        {"{\"a\":1,\"b\":2,\"c\":3}", 2, "JSON: an object with more than 2 members at byte 12"},
        {"[1,2,3]", 3, 0},
        {"[1,2,3]", 2, "JSON: an array with more than 2 elements at byte 4"},
        {"[[1,2],[1,2],{\"a\":1,\"b\":[3,4]}]", 3, 0}, /* of one container, not of all */
        {"[[1,2],[1,2,3,4]]", 3, "an array with more than 3 elements at byte 13"},
        {"{\"a\":{\"a\":1,\"b\":2}}", 1, "an object with more than 1 members"},
        {"[[],[]]", 1, "an array with more than 1 elements"},
        {"[]", 1, 0},
        {"[[[[{}]]]]", 1, 0},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        for (int strict = 0; strict < 2; strict++) {
            ts_error e = {0};
            ts_json_options o = {.strict = strict, .max_members = t[i].max};
            const ts_json *v = ts_json_parse(&a, ts_str_c(t[i].text), o, &e);
            assert_int_equal(v != 0, t[i].why == 0);
            if (!v) assert_int_equal(e.code, TS_E_LIMIT), assert_non_null(strstr(e.msg, t[i].why));
        }
    ts_buf b = ts_buf_new(&a, 16 << 20);
    ts_buf_c(&b, '[');
    for (int i = 0; i <= 1234567; i++) ts_buf_lit(&b, "0,");
    ts_error e = {0};
    ts_json_options o = {.strict = true, .max_members = 1234567};
    assert_null(ts_json_parse(&a, ts_buf_str(&b), o, &e));
    assert_string_equal(e.msg, "JSON: an array with more than 1,234,567 elements at byte 2469134");
}

/* ---- the tape ---- */

static void check_tape(ts_str text, const ts_json *v, const ts_json *end) {
    assert_true(v->span >= 1 && v + v->span <= end);
    uint32_t n = 0;
    const ts_json *at = v + 1;
    if (v->type == TS_JSON_OBJECT) TS_JSON_EACH_MEMBER(name, x, v) {
            assert_true(name->type == TS_JSON_STRING && name->span == 1);
            check_tape(text, x, v + v->span);
            at = x + x->span, n++;
        }
    TS_JSON_EACH(x, v) check_tape(text, x, v + v->span), at = x + x->span, n++;
    assert_true(at == v + v->span);
    if (v->type >= TS_JSON_ARRAY) assert_int_equal(n, v->n);
    for (const ts_json *x = v; x < v + v->span; x++) {
        if (x->type == TS_JSON_STRING) assert_int_equal(ts_utf8_bad(ts_json_str(x)), TS_NPOS);
        if (!x->plain) continue;
        if (x->type == TS_JSON_NUMBER) {
            assert_true(x->n <= 17 && ts_str_chr(ts_json_text(x), 'e') == TS_NPOS);
            continue;
        }
        assert_int_equal(x->type, TS_JSON_STRING);
        assert_true(x->p > text.p && x->p + x->n < text.p + text.n);
        assert_true(x->p[-1] == '"' && x->p[x->n] == '"');
        for (uint32_t i = 0; i < x->n; i++)
            assert_true((unsigned char)x->p[i] >= 0x20 && x->p[i] != '"' && x->p[i] != '\\');
    }
}

static bool same_tape(const ts_json *x, const ts_json *y) {
    if (x->span != y->span) return false;
    for (uint32_t i = 0; i < x->span; i++)
        if (x[i].type != y[i].type || x[i].n != y[i].n || x[i].span != y[i].span ||
            !ts_str_eq(ts_json_text(&x[i]), ts_json_text(&y[i])))
            return false;
    return true;
}

/* `n` bytes that end where memory does. */
static char *at_the_brink(size_t n) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (n + page - 1) / page * page;
    char *p = mmap(0, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(p != MAP_FAILED);
    assert_int_equal(mprotect(p + size, page, PROT_NONE), 0);
    return p + size - n;
}

static const char sample[] =
    "{\"id\": \"https://id.example.com/01/09521234543213\", \"n\":[0, -1.5e+3,12,true ,false,null,"
    "{}, []],\r\n\t\"name\":{\"de\":\"K\xC3\xBChlschrank \\\"gro\\u00df\\\"\",\"zh\":\"\xE5\x86\xB0"
    "\xE7\xAE\xB1\",\"x\":\"\\ud83d\\ude00 \xF0\x9F\x98\x80\"},\"e\":\"\",\"last\":\"\\/\\b\\f\\n"
    "\\r\\t\\\\\"}";

/* Every beginning of a document is refused, and nothing behind its end is read. */
static void cut_off_anywhere(void **state) {
    (void)state;
    size_t n = sizeof sample - 1;
    ts_arena mark = test_arena();
    accepted(TS_S(sample));
    char *brink = at_the_brink(n);
    for (size_t k = 0; k <= n; k++) {
        ts_arena a = mark;
        ts_error e = {0};
        memcpy(brink + n - k, sample, k);
        ts_str text = {brink + n - k, k};
        const ts_json *v = strictly(&a, text, &e);
        assert_int_equal(v != 0, k == n);
        if (v) check_tape(text, v, v + v->span);
        if (!v) assert_true(e.code == TS_E_INPUT && e.byte <= k);
    }
}

/* Each byte replaced by each other one: what the strict reader takes, the tolerant one reads the
 * same. */
static void one_byte_changed(void **state) {
    (void)state;
    size_t n = sizeof sample - 1, read = 0;
    ts_arena mark = test_arena();
    char *brink = at_the_brink(n);
    memcpy(brink, sample, n);
    ts_str text = {brink, n};
    for (size_t i = 0; i < n; i++) {
        for (int c = 0; c < 256; c++) {
            ts_arena a = mark;
            uint32_t repeated = 0, mended = 0;
            ts_error e = {0};
            brink[i] = (char)c;
            const ts_json *v = strictly(&a, text, &e);
            if (!v) assert_true(e.code == TS_E_INPUT && e.byte <= n && e.msg[0]);
            const ts_json *t = ts_json_parse(
                &a, text, (ts_json_options){.repeated = &repeated, .mended = &mended}, 0);
            if (t) check_tape(text, t, t + t->span);
            if (!v) continue;
            read++;
            check_tape(text, v, v + v->span);
            assert_true(t && !repeated && !mended && same_tape(v, t));
        }
        brink[i] = sample[i];
    }
    assert_in_range(read, 5000, 30000);
}

/* Memory: 16 bytes for each value and name, and the text of strings with escapes. */
static void memory_is_given_back(void **state) {
    (void)state;
    ts_arena a = test_arena(), before = a;
    const ts_json *v = strictly(&a, TS_S("{\"name\":[\"a string that is not short\",1]}"), 0);
    assert_ptr_equal(a.beg, v + v->span);
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_c(&b, '[');
    for (int i = 0; i < 1000; i++) ts_buf_lit(&b, "\"\\u00e9\",");
    ts_buf_lit(&b, "0]");
    char *from = a.beg;
    assert_non_null(strictly(&a, ts_buf_str(&b), 0));
    assert_true((size_t)(a.beg - from) <= b.n * 8 + 64 + 2000);
    assert_true(before.beg < from);
}

typedef struct job {
    ts_str text;
    const ts_json *v;
} job;

static bool guarded(void *ctx, ts_arena *a, ts_error *e) {
    job *j = ctx;
    j->v = strictly(a, j->text, e);
    return j->v != 0;
}

/* An arena that ends where memory does: what does not fit is refused before it is written. */
static void memory_may_run_out(void **state) {
    (void)state;
    enum { QUOTES = 1000 };
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 10000);
    ts_buf_lit(&b, "[\"");
    for (int i = 0; i < QUOTES; i++) ts_buf_lit(&b, "\\\"");
    ts_buf_lit(&b, "\",\"\\\\\"]");
    size_t tape = (b.n / 2 + 2) * sizeof(ts_json);
    bool fitted = false, too_large = false;
    for (size_t more = 0; more < 2 * QUOTES + 64; more += 16) {
        char *brink = at_the_brink(tape + more);
        ts_arena tight = {brink, brink + tape + more, 0};
        job j = {.text = ts_buf_str(&b)};
        ts_error e = {0};
        bool ok = ts_arena_guard(guarded, &j, &tight, &e);
        if (!ok) assert_int_equal(e.code, TS_E_MEMORY);
        if (ok) assert_int_equal(j.v[1].n, QUOTES), assert_str(ts_json_str(j.v + 2), "\\");
        fitted = fitted || ok, too_large = too_large || !ok;
    }
    assert_true(fitted && too_large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_repeated_however_written),
        cmocka_unit_test(every_pair_of_names_is_compared),
        cmocka_unit_test(a_million_names_take_no_time),
        cmocka_unit_test(names_that_look_alike),
        cmocka_unit_test(surrogates_come_in_pairs),
        cmocka_unit_test(utf8_is_well_formed),
        cmocka_unit_test(byte_order_marks_are_refused),
        cmocka_unit_test(control_characters_are_refused),
        cmocka_unit_test(nothing_may_follow),
        cmocka_unit_test(white_space_of_every_length),
        cmocka_unit_test(depth_is_limited_by_name),
        cmocka_unit_test(members_are_limited_by_name),
        cmocka_unit_test(cut_off_anywhere),
        cmocka_unit_test(one_byte_changed),
        cmocka_unit_test(memory_is_given_back),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
