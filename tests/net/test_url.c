/* Addresses that may be fetched, and how they are shown. */
#include "support/support.h"

#include "net/url.h"

static ts_error why;

static bool parse_with(net_url *u, const char *text, ts_fetch_options o) {
    o.url = ts_str_c(text);
    why = (ts_error){0};
    return net_url_parse(u, &o, &why);
}

static bool parse(net_url *u, const char *text) {
    return parse_with(u, text, (ts_fetch_options){0});
}

#define assert_refused(text, message)                                                              \
    do {                                                                                           \
        net_url refused_;                                                                          \
        assert_false(parse(&refused_, text));                                                      \
        assert_string_equal(why.msg, message);                                                     \
    } while (0)

static void test_canonical(void **state) {
    (void)state;
    static const struct {
        const char *given, *text, *show, *host;
        unsigned port;
    } cases[] = {
        {"https://example.org", "https://example.org/", "https://example.org/", "example.org", 443},
        {"HTTP://EXAMPLE.org:80/A?b=c#frag", "http://example.org/A?b=c", "http://example.org/A?...",
         "example.org", 80},
        {"https://example.org:443/", "https://example.org/", "https://example.org/", "example.org",
         443},
        {"http://example.org:443/", "http://example.org:443/", "http://example.org:443/",
         "example.org", 443},
        {"https://example.org/a/../b/./c", "https://example.org/b/c", "https://example.org/b/c",
         "example.org", 443},
        {"https://example.org?token=secret", "https://example.org/?token=secret",
         "https://example.org/?...", "example.org", 443},
        {"https://xn--bcher-kva.example/\xC3\xA4?\xC3\xB6",
         "https://xn--bcher-kva.example/%c3%a4?%c3%b6", "https://xn--bcher-kva.example/%c3%a4?...",
         "xn--bcher-kva.example", 443},
        {"https://example.org/a b?c d", "https://example.org/a%20b?c+d",
         "https://example.org/a%20b?...", "example.org", 443},
        {"http://8.8.8.8/x", "http://8.8.8.8/x", "http://8.8.8.8/x", "8.8.8.8", 80},
        {"http://[2001:4860:4860::8888]/", "http://[2001:4860:4860::8888]/",
         "http://[2001:4860:4860::8888]/", "[2001:4860:4860::8888]", 80},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        net_url u;
        if (!parse(&u, cases[i].given)) fail_msg("%s: %s", cases[i].given, why.msg);
        assert_string_equal(u.text, cases[i].text);
        assert_string_equal(u.show, cases[i].show);
        assert_string_equal(u.host, cases[i].host);
        assert_int_equal(u.port, cases[i].port);
    }
}

static void test_schemes(void **state) {
    (void)state;
    assert_refused("file:///etc/passwd", "only http and https are fetched, not 'file'");
    assert_refused("ftp://example.org/", "only http and https are fetched, not 'ftp'");
    assert_refused("gopher://example.org/", "only http and https are fetched, not 'gopher'");
    assert_refused("ws://example.org/", "only http and https are fetched, not 'ws'");
    assert_int_equal(why.code, TS_E_NET);
    assert_false(parse(&(net_url){0}, "javascript:alert(1)"));
    assert_false(parse(&(net_url){0}, "data:text/html,x"));
    assert_false(parse(&(net_url){0}, "example.org"));
    assert_int_equal(why.code, TS_E_USAGE);
    assert_false(parse(&(net_url){0}, "//example.org/"));
    assert_false(parse(&(net_url){0}, "/path"));
    assert_false(parse(&(net_url){0}, ""));
}

static void test_credentials_are_not_repeated(void **state) {
    (void)state;
    static const char *const list[] = {"https://anna:hunter2@example.org/",
                                       "https://anna@example.org/", "https://:hunter2@example.org/",
                                       "https://anna%3ahunter2@example.org/?hunter2"};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        net_url u;
        assert_false(parse(&u, list[i]));
        assert_string_equal(why.msg, "the address holds a user name or password; take it out");
        assert_null(strstr(u.show, "hunter2"));
        assert_null(strstr(u.show, "anna"));
    }
}

static void test_ports(void **state) {
    (void)state;
    const uint16_t ports[] = {8443, 9000};
    net_url u;
    assert_refused(
        "https://example.org:8443/",
        "port 8443 is not fetched from; only 80, 443 and ports allowed by the configuration are");
    assert_refused(
        "http://example.org:22/",
        "port 22 is not fetched from; only 80, 443 and ports allowed by the configuration are");
    assert_true(parse_with(&u, "https://example.org:8443/",
                           (ts_fetch_options){.allow_ports = ports, .n_allow_ports = 2}));
    assert_false(parse_with(&u, "https://example.org:8444/",
                            (ts_fetch_options){.allow_ports = ports, .n_allow_ports = 2}));
    assert_false(parse_with(&u, "https://10.0.0.1:8443/",
                            (ts_fetch_options){.allow_ports = ports, .n_allow_ports = 2}));
    assert_false(parse(&u, "https://example.org:0/"));
    assert_false(parse(&u, "https://example.org:65536/"));
    assert_false(parse(&u, "https://example.org:99999999999999999999/"));
    assert_false(parse(&u, "https://example.org:-1/"));
}

static void test_private_in_writing(void **state) {
    (void)state;
    assert_refused(
        "http://10.1.2.3/",
        "10.1.2.3 is an address in a private network; in-house places must be allowed by "
        "name in the configuration");
    /* The same addresses in disguise: each must end in a refusal. */
    static const char *const list[] = {
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://%31%32%37.0.0.1/",
        "http://169.254.169.254",
        "http://[fe80::1]/",
        "http://0/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://3232235777/",
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        net_url u;
        if (parse(&u, list[i])) fail_msg("%s was let through as %s", list[i], u.text);
    }
}

static void test_allowed_places(void **state) {
    (void)state;
    ts_str v[] = {TS_S("10.1.2.3:8080"), TS_S("Intra.Example:443"), TS_S("[::1]:9000")};
    ts_fetch_options o = {.allow_private = {v, 3, 3}};
    net_url u;
    assert_true(parse_with(&u, "http://10.1.2.3:8080/x", o));
    assert_true(u.in_house);
    assert_true(parse_with(&u, "https://INTRA.example/", o));
    assert_true(u.in_house);
    assert_true(parse_with(&u, "http://[::1]:9000/", o));
    assert_true(u.in_house);
    assert_false(parse_with(&u, "http://10.1.2.3/x", o));      /* another port */
    assert_false(parse_with(&u, "http://10.1.2.4:8080/x", o)); /* another host */
    assert_true(parse_with(&u, "https://example.org/", o));
    assert_false(u.in_house);
}

static void test_not_urls(void **state) {
    (void)state;
    static const char *const list[] = {
        "https://",
        "https:////",
        "https://exa mple.org/",
        "https://example.org/a\tb",
        "https://example.org/\r\nX: y",
        "https://example.org/\x01",
        "https://a\\@b/",
        "https://[::1/",
        "https://[]/",
        "https://exam<ple.org/",
        "https://a|b/",
        "http://[fe80::1%eth0]/",
        "https://\xff\xfe.example/",
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        net_url u;
        if (parse(&u, list[i])) fail_msg("%s was let through as %s", list[i], u.text);
        assert_true(why.code == TS_E_USAGE || why.code == TS_E_NET);
        assert_true(why.msg[0]);
    }
    assert_refused("https://b\xC3\xBC"
                   "cher.example/",
                   "the address has no proper host name (letters beyond ASCII take the xn-- form)");
    ts_fetch_options o = {.url = {"https://example.org/\0.html", 26}};
    assert_false(net_url_parse(&(net_url){0}, &o, &why));
    assert_string_equal(why.msg, "the address is empty or holds a null byte");
}

static void test_long(void **state) {
    (void)state;
    char text[NET_URL_MAX + 2];
    net_url u;
    memset(text, 'a', sizeof text);
    memcpy(text, "https://example.org/", 20);
    text[NET_URL_MAX + 1] = 0;
    assert_refused(text, "the address is longer than 8000 bytes");
    assert_int_equal(why.code, TS_E_LIMIT);
    text[NET_URL_MAX] = 0;
    assert_true(parse(&u, text));
    assert_int_equal(strlen(u.text), NET_URL_MAX);
    assert_true(strlen(u.show) <= NET_SHOW_MAX);
    assert_non_null(strstr(u.show, "..."));
    /* What grows when it is escaped must not slip past the limit. */
    memset(text + 20, 0xC3, NET_URL_MAX - 20);
    assert_false(parse(&u, text));
}

static bool follow(net_url *to, const char *from, const char *location, ts_fetch_options o) {
    net_url start;
    assert_true(parse_with(&start, from, o));
    why = (ts_error){0};
    return net_url_follow(to, &start, ts_str_c(location), &o, &why);
}

static void test_follow(void **state) {
    (void)state;
    static const struct {
        const char *from, *location, *to;
    } cases[] = {
        {"https://a.example/x/y?z", "w", "https://a.example/x/w"},
        {"https://a.example/x/y?z", "/w?q=1#f", "https://a.example/w?q=1"},
        {"https://a.example/x/y", "?q", "https://a.example/x/y?q"},
        {"https://a.example/x/y", "../../../w", "https://a.example/w"},
        {"https://a.example/x/y", "//b.example/w", "https://b.example/w"},
        {"http://a.example/", "https://b.example/w", "https://b.example/w"},
        {"http://a.example/", "/with blank/\xC3\xA4", "http://a.example/with%20blank/%c3%a4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        net_url to;
        if (!follow(&to, cases[i].from, cases[i].location, (ts_fetch_options){0}))
            fail_msg("%s -> %s: %s", cases[i].from, cases[i].location, why.msg);
        assert_string_equal(to.text, cases[i].to);
    }
}

static void test_follow_refused(void **state) {
    (void)state;
    ts_str v[] = {TS_S("10.1.2.3:80"), TS_S("10.1.2.4:80")};
    ts_fetch_options none = {0}, house = {.allow_private = {v, 2, 2}};
    net_url to = {.text = "untouched"};
    assert_false(follow(&to, "https://a.example/", "http://a.example/?token=x", none));
    assert_string_equal(why.msg,
                        "http://a.example/?... has no encryption, though the redirecting page had");
    assert_false(follow(&to, "http://a.example/", "file:///etc/passwd", none));
    assert_string_equal(why.msg, "only http and https are fetched, not 'file'");
    assert_false(follow(&to, "http://a.example/", "http://127.0.0.1/", none));
    assert_false(follow(&to, "http://a.example/", "http://u:p@b.example/", none));
    assert_false(follow(&to, "http://a.example/", "http://b.example:8080/", none));
    assert_false(follow(&to, "http://a.example/", "http://10.1.2.3/", house));
    assert_string_equal(why.msg,
                        "http://10.1.2.3/ is an in-house place; pages outside may not lead there");
    assert_string_equal(to.text, "untouched");
    assert_true(follow(&to, "http://10.1.2.4/", "http://10.1.2.3/", house));
    assert_true(to.in_house);
    assert_true(follow(&to, "http://10.1.2.4/", "http://a.example/", house));
    assert_false(to.in_house);
}

static void test_origin(void **state) {
    (void)state;
    net_url a, b;
    assert_true(parse(&a, "https://a.example/x") && parse(&b, "https://A.example:443/y?z"));
    assert_true(net_url_same_origin(&a, &b));
    assert_true(parse(&b, "http://a.example/x"));
    assert_false(net_url_same_origin(&a, &b));
    assert_true(parse(&b, "http://a.example:443/x"));
    assert_false(net_url_same_origin(&a, &b));
    assert_true(parse(&b, "https://b.example/x"));
    assert_false(net_url_same_origin(&a, &b));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_schemes),
        cmocka_unit_test(test_credentials_are_not_repeated),
        cmocka_unit_test(test_ports),
        cmocka_unit_test(test_private_in_writing),
        cmocka_unit_test(test_allowed_places),
        cmocka_unit_test(test_not_urls),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_follow),
        cmocka_unit_test(test_follow_refused),
        cmocka_unit_test(test_origin),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
