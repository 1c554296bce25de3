#include "render/html.h"
#include "support/support.h"

static ts_arena a;
static ts_buf b;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* The text put through %h. */
static ts_str escaped(ts_str s) {
    b = ts_buf_new(&a, 1 << 16);
    ts_html(&b, "%h", s);
    return ts_buf_str(&b);
}
#define ESCAPES(text, want) assert_str(escaped(TS_S(text)), want)

static ts_str address(const char *s) {
    b = ts_buf_new(&a, 1 << 16);
    ts_html(&b, "%u", ts_str_c(s));
    return ts_buf_str(&b);
}
#define ADDRESS(text, want) assert_str(address(text), want)

static void text_is_escaped(void **state) {
    (void)state;
    ESCAPES("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
    ESCAPES("a & b \"c\" 'd'", "a &amp; b &quot;c&quot; &#39;d&#39;");
    ESCAPES("&amp;", "&amp;amp;"); /* what came as a reference stays text */
    ESCAPES("<!-- ]]> -->", "&lt;!-- ]]&gt; --&gt;");
    ESCAPES("罗马仕 Wärme 🔥", "罗马仕 Wärme 🔥");
    ESCAPES("", "");
    ESCAPES("%h%r%d", "%h%r%d"); /* a value is no format */
    ESCAPES("a\nb\tc", "a\nb\tc");
}

static void what_is_no_text_is_replaced(void **state) {
    (void)state;
    ESCAPES("a\x01"
            "b\x1F"
            "c\x08",
            "a b c ");
    assert_true(ts_str_eq(escaped((ts_str){"a\0b", 3}), TS_S("a b")));
    ESCAPES("a\xFF"
            "b",
            "a\xEF\xBF\xBD"
            "b");
    ESCAPES("\xE5\xB0", "\xEF\xBF\xBD\xEF\xBF\xBD");
    ESCAPES("\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); /* a surrogate */
    ESCAPES("a\xEF\xBF\xBD"
            "b",
            "a\xEF\xBF\xBD"
            "b");
    ESCAPES("\xC0\xBC", "\xEF\xBF\xBD\xEF\xBF\xBD"); /* '<' in two bytes */
}

static void attributes_hold(void **state) {
    (void)state;
    b = ts_buf_new(&a, 4096);
    ts_html(&b, "<td title=\"%h\" data-x='%h'>", TS_S("\" onmouseover=\"alert(1)"),
            TS_S("' onload='x"));
    assert_str(ts_buf_str(&b),
               "<td title=\"&quot; onmouseover=&quot;alert(1)\" data-x='&#39; onload=&#39;x'>");
}

static void addresses(void **state) {
    (void)state;
    ADDRESS("https://shop.example/a?b=1&c=2", "https://shop.example/a?b=1&amp;c=2");
    ADDRESS("http://shop.example/", "http://shop.example/");
    ADDRESS("HTTPS://SHOP.EXAMPLE/", "HTTPS://SHOP.EXAMPLE/");
    ADDRESS("/item/1", "/item/1");
    ADDRESS("item/1?x=a:b", "item/1?x=a:b");
    ADDRESS("#top", "#top");
    ADDRESS("?q=1", "?q=1");
    ADDRESS("  https://shop.example/  ", "https://shop.example/");
    ADDRESS("https://x/\"><script>", "https://x/&quot;&gt;&lt;script&gt;");
}

static void addresses_that_do_something_are_dropped(void **state) {
    (void)state;
    static const char *const bad[] = {"javascript:alert(1)",
                                      "JavaScript:alert(1)",
                                      " javascript:alert(1)",
                                      "\tjavascript:alert(1)",
                                      "java\nscript:alert(1)",
                                      "java\tscript:alert(1)",
                                      "\x01javascript:alert(1)",
                                      "data:text/html,<script>alert(1)</script>",
                                      "vbscript:x",
                                      "file:///etc/passwd",
                                      "//evil.example/x",
                                      "ftp://x/",
                                      "x:y",
                                      ":",
                                      "",
                                      "\xC2\xA0javascript:alert(1)",
                                      "\xE2\x80\xA8javascript:alert(1)",
                                      "javascript\n:alert(1)",
                                      "ja vascript:alert(1)",
                                      "mailto:a@b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_str got = address(bad[i]);
        if (!ts_str_is(got, "#"))
            print_error("'%.*s' is taken for an address\n", TS_P(ts_str_c(bad[i])));
        assert_str(got, "#");
    }
}

/* Browsers read a backslash as a slash: "/\evil.example" is another host. */
static void addresses_with_backslashes_are_dropped(void **state) {
    (void)state;
    ADDRESS("/\\evil.example/x", "#");
    ADDRESS("\\\\evil.example/x", "#");
    ADDRESS("\\/evil.example/x", "#");
    ADDRESS("/\t/evil.example/x", "#"); /* and drops tabs and line ends */
    ADDRESS("/\n/evil.example/x", "#");
}

static void the_other_directives(void **state) {
    (void)state;
    b = ts_buf_new(&a, 4096);
    ts_html(&b, "%d %d|%k|%r|100%%", INT64_MIN, INT64_MAX, "grade-review_1\" onload=<x>",
            TS_S("<b>made</b>"));
    assert_str(ts_buf_str(&b),
               "-9223372036854775808 9223372036854775807|grade-review_1onloadx|<b>made</b>|100%");
    ts_buf_reset(&b);
    ts_html(&b, "");
    ts_html(&b, "plain");
    assert_str(ts_buf_str(&b), "plain");
}

static void a_full_buffer_stays_within_its_cap(void **state) {
    (void)state;
    b = ts_buf_new(&a, 10);
    for (int i = 0; i < 100; i++) ts_html(&b, "%h", TS_S("<<<<"));
    assert_true(b.full);
    assert_true(b.n <= 10);
}

/* Whatever the bytes: the result is UTF-8 and has nothing in it that begins a tag, a reference of
 * its own or ends an attribute. */
static void random_bytes(void **state) {
    (void)state;
    ts_random r = ts_random_seed(9);
    for (int round = 0; round < 3000; round++) {
        ts_arena mark = a;
        char p[64];
        size_t n = ts_random_below(&r, sizeof p);
        for (size_t i = 0; i < n; i++)
            p[i] = (char)(ts_random_below(&r, 3) ? "<>&\"'\xE5\xB0\xF0\x9F"[ts_random_below(&r, 9)]
                                                 : (int)ts_random_below(&r, 256));
        ts_str s = escaped((ts_str){p, n});
        assert_int_equal(ts_utf8_bad(s), TS_NPOS);
        for (size_t i = 0; i < s.n; i++) {
            assert_true(s.p[i] != '<' && s.p[i] != '>' && s.p[i] != '"' && s.p[i] != '\'');
            if (s.p[i] != '&') continue;
            ts_str t = ts_str_from(s, i);
            assert_true(ts_str_starts(t, TS_S("&lt;")) || ts_str_starts(t, TS_S("&gt;")) ||
                        ts_str_starts(t, TS_S("&amp;")) || ts_str_starts(t, TS_S("&quot;")) ||
                        ts_str_starts(t, TS_S("&#39;")));
        }
        a = mark;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(what_is_no_text_is_replaced),
        cmocka_unit_test(attributes_hold),
        cmocka_unit_test(addresses),
        cmocka_unit_test(addresses_that_do_something_are_dropped),
        cmocka_unit_test(addresses_with_backslashes_are_dropped),
        cmocka_unit_test(the_other_directives),
        cmocka_unit_test(a_full_buffer_stays_within_its_cap),
        cmocka_unit_test(random_bytes),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
