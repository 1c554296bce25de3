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

/* A format, texts that have it, texts that do not: as they stand in JSON. */
typedef struct expectation {
    const char *format, *yes[24], *no[40];
} expectation;

static const expectation formats[] = {
    {"date",
     {"2024-02-29", "0000-01-01", "9999-12-31"},
     {"2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "2024-1-01", "24-01-01",
      "2024-01-01Z", "2024/01/01", "2024-01-0\\u09e7", "", "20240101", "+2024-01-01",
      "1900-02-29"}},
    {"time",
     {"08:30:06Z", "08:30:06.283185z", "23:59:59+23:59", "00:00:00-00:00", "23:59:60Z",
      "15:59:60-08:00", "01:29:60+01:30"},
     {"08:30:06", "24:00:00Z", "08:60:00Z", "23:59:61Z", "22:59:60Z", "23:58:60Z", "23:59:60+01:00",
      "08:30:06.Z", "08:30:06+24:00", "08:30:06+01:60", "08:30:06+0100", "8:30:06Z", "08:30Z",
      "08:30:06ZZ", "08:30:06,5Z", "08:30:06 PST"}},
    {"date-time",
     {"1963-06-19T08:30:06.283185Z", "1990-12-31t15:59:50.123-08:00", "1998-12-31T23:59:60Z"},
     {"1990-02-31T15:59:59Z", "1963-06-19 08:30:06Z", "1963-06-19T08:30:06", "1963-06-19",
      "2013-350T01:01:01Z", "1963-06-19T", "", "11963-06-19T08:30:06Z"}},
    {"duration",
     {"P4DT12H30M5S", "P4Y", "PT0S", "P0D", "P1M", "PT1M", "PT36H", "P1Y2M3D", "P2W", "P1YT1H"},
     {"PT1D", "P", "P1YT", "PT", "P2D1Y", "P1D2H", "P2S", "P1Y2W", "1Y", "P1", "P1Y3D", "PT1H3S",
      "P1.5D", "-P1D", "P1W2D", "P\\u09e7Y", "P1DT"}},
    {"email",
     {"joe.bloggs@example.com", "te~st@example.com", "~test~@x", "\\\"joe bloggs\\\"@example.com",
      "\\\"joe..bloggs\\\"@example.com", "\\\"joe@bloggs\\\"@example.com", "a@[127.0.0.1]",
      "a@[IPv6:::1]", "\\\"a\\\\\\\"b\\\"@x.y"},
     {"2962", ".test@example.com", "test.@example.com", "te..st@example.com", "@x", "a@",
      "joe.bloggs@invalid=domain.com", "a@[127.0.0.300]", "a b@x", "a@b@c", "\\\"a@x", "a@[IPv6:1]",
      "\\u00e4@x.y", "a@x..y", "\\\"a\\u0001\\\"@x", "a@.x"}},
    {"hostname",
     {"www.example.com", "xn--4gbwdl.xn--wgbh1c", "localhost", "a-b.0c", "1"},
     {"-a", "a-", "a_b", "a..b", ".a", "a.", "", "\\u00e4.x",
      "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd.x"}},
    {"ipv4",
     {"192.168.0.1", "0.0.0.0", "255.255.255.255"},
     {"127.0.0.0.1", "256.0.0.1", "127.0", "0x7f000001", "087.10.0.1", "1.2.3.", "1..2.3", "",
      "1.2.3.4 ", "\\u09e7.2.3.4", "1.2.3.00"}},
    {"ipv6",
     {"::1", "::", "::abcd:0.0.0.1", "1:2:3:4:5:6:7:8", "1::8", "::ffff:192.168.0.1",
      "d6::", "1:2:3:4:5:6:7::", "1:2::192.168.0.1", "1:2:3:4:5:6:1.2.3.4"},
     {"12345::", "1:1:1:1:1:1:1:1:1", "::laptop", ":2:3:4:5:6:7:8", "1:2:3:4:5:6:7:", ":2::8",
      "1::d6::42", "1::1.2.256.3", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "fe80::a%eth1",
      "1:2:3:4:5:6:7", ":", ":::", "", "1:2:3:4::5:6:7:8", "::1/64",
      "100:100:100:100:100:100:255.255.255.255.255"}},
    {"uri",
     {"http://foo.bar/?baz=qux#quux", "http://foo.com/blah_(w)_blah#c-1", "urn:oasis:names:a:2.0",
      "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com", "ldap://[2001:db8::7]/c=GB?o?one",
      "mailto:a@b", "tel:+1-816", "http://[v1.fe:d]/", "x:", "http://h:", "file:///etc/x"},
     {"//foo.bar/",
      "/abc",
      "\\\\\\\\WIN\\\\f",
      "abc",
      "http:// shouldfail.com",
      ":// fail",
      "bar,baz:foo",
      "http://foo.bar/a b",
      "http://[::1",
      "http://a:b/",
      "http://h/%2",
      "http://h/%zz",
      "http://2001:db8::7",
      "http://h/<x>",
      "http://h/\\\"x",
      "http://h/{x}",
      "http://h/x^y",
      "http://h/x`y",
      "http://h/\\u00e4",
      "",
      "1http://h",
      "http://[::1]x/",
      "http://[v.x]/",
      "http://h/#a#b",
      "http://h/|"}},
    {"uri-reference",
     {"//foo.bar/?baz", "/abc", "abc", "#frag", "", "?q", "a/b:c", "./a:b"},
     {"\\\\\\\\WIN\\\\f", "#fr\\\\ag", "\\u00e4", "1a:b", "%"}},
    {"iri",
     {"http://\\u0192\\u00f8\\u00f8.\\u00df\\u00e5r/?\\u2202\\u00e9=\\u03c0#\\u03c0",
      "http://h/?\\ue000"},
     {"/abc", "\\u00e2\\u03c0", "http://2001:db8:85a3::", "http://h/\\ue000", "http://h/\\u0085",
      "http://h/\\ufdd0", "http://h/#\\ue000", "http://\\u00e4 b"}},
    {"iri-reference",
     {"//\\u0192/", "#\\u0192r", "\\u00e2"},
     {"\\\\\\\\fil\\u00eb", "#\\u0192\\\\m"}},
    {"uuid",
     {"2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
      "00000000-0000-0000-0000-000000000000"},
     {"2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08-aa98-11ea-b4ga-73b441d16380", "",
      "2eb8aa08aa98-11ea-b4aa73b441d16380", "2eb8aa0-8aa98-11e-ab4aa7-3b441d16380",
      "2eb8aa08-aa98-11ea-b4aa-73b441d163800"}},
    {"json-pointer",
     {"", "/", "/foo/bar~0/baz~1/%a", "/foo//bar", "/~1~0~0~1~1", "/i\\\\j"},
     {"/foo/bar~", "#", "#/", "a", "/~2", "/~~", "/~0/~"}},
    {"regex", {"([abc])+\\\\s+$", "", "[^]"}, {"^(abc]", "^\\\\S(|(.|\\\\n)*\\\\S)\\\\Z", "+"}},
    {"byte", {"%%"}, {0}},
    {"decimal", {"x"}, {0}},
    {"idn-email", {"2962"}, {0}},
};

static void texts(void **s) {
    (void)s;
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char schema[60], text[200];
        snprintf(schema, sizeof schema, "{\"format\":\"%s\"}", formats[i].format);
        for (size_t k = 0; k < 24 && formats[i].yes[k]; k++) {
            snprintf(text, sizeof text, "\"%s\"", formats[i].yes[k]);
            if (answer(a, schema, text) != TS_YES) fail_msg("%s is %s", text, formats[i].format);
        }
        for (size_t k = 0; k < 40 && formats[i].no[k]; k++) {
            snprintf(text, sizeof text, "\"%s\"", formats[i].no[k]);
            if (answer(a, schema, text) != TS_NO) fail_msg("%s is no %s", text, formats[i].format);
        }
        assert_int_equal(answer(a, schema, "12"), TS_YES);
        assert_int_equal(answer(a, schema, "[]"), TS_YES);
    }
}

/* Every cut of a text that has a format, and every byte of it changed, is judged without harm. */
static void cuts(void **s) {
    (void)s;
    ts_arena all = test_arena();
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char schema[60], text[200];
        snprintf(schema, sizeof schema, "{\"format\":\"%s\"}", formats[i].format);
        for (size_t k = 0; k < 24 && formats[i].yes[k]; k++) {
            ts_arena a = all;
            snprintf(text, sizeof text, "\"%s\"", formats[i].yes[k]);
            ts_schema *c = ts_schema_compile(&a, parse(&a, schema), 0);
            ts_json v = *parse(&a, text);
            for (uint32_t n = v.n; n-- > 0;) {
                char *copy = ts_new_raw(&a, char, n); /* sanitizers see what lies behind it */
                memcpy(copy, v.p, n);
                ts_json part = {.p = copy, .n = n, .span = 1, .type = TS_JSON_STRING};
                ts_error e = {0};
                (void)ts_schema_check(c, &a, &part, 0, 0, &e);
                if (n) copy[n - 1] = ':';
                (void)ts_schema_check(c, &a, &part, 0, 0, &e);
                if (n) copy[0] = '%';
                (void)ts_schema_check(c, &a, &part, 0, 0, &e);
                assert_int_equal(e.code, TS_OK);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest t[] = {cmocka_unit_test(texts), cmocka_unit_test(cuts)};
    return cmocka_run_group_tests(t, 0, 0);
}
