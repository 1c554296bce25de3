/* Which network addresses are on the public internet. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "support/support.h"

#include "net/address.h"

static const char *refused(const char *text) {
    struct sockaddr_in in4 = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    char back[NET_ADDRESS_TEXT];
    const char *by_host = net_host_refused(ts_str_c(text)), *by_address;
    if (inet_pton(AF_INET, text, &in4.sin_addr) == 1) {
        by_address = net_address_refused((struct sockaddr *)&in4);
        assert_string_equal(net_address_text((struct sockaddr *)&in4, back), text);
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
        by_address = net_address_refused((struct sockaddr *)&in6);
    }
    assert_ptr_equal(by_host, by_address);
    return by_address;
}

static void test_refused(void **state) {
    (void)state;
    static const char *const list[] = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:8.8.8.8",
        "64:ff9b::10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::8.8.8.8",
        "64:ff9b:0:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "3fff:fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "ffff::1",
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (!refused(list[i])) fail_msg("%s is taken for public", list[i]);
    }
}

static void test_public(void **state) {
    (void)state;
    static const char *const list[] = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2a00:1450:4001::1",
        "2fff::1",
        "3ffe::1",
        "3fff:1000::1",
        "64:ff9b::8.8.8.8",
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        const char *why = refused(list[i]);
        if (why) fail_msg("%s is refused: %s", list[i], why);
    }
}

static void test_reasons(void **state) {
    (void)state;
    assert_string_equal(refused("127.0.0.1"), "a loopback address");
    assert_string_equal(refused("192.168.1.1"), "an address in a private network");
    assert_string_equal(refused("169.254.169.254"), "a link-local address");
    assert_string_equal(refused("100.64.0.1"), "an address in a carrier's shared range");
    assert_string_equal(refused("::"), "the unspecified address");
    assert_string_equal(refused("::ffff:8.8.8.8"), "an IPv4 address mapped into IPv6");
    assert_string_equal(refused("64:ff9b::10.0.0.1"), "an address in a private network");
    assert_string_equal(refused("2001:0:1::"), "a Teredo address");
    assert_string_equal(refused("2001:5::"), "an address reserved for protocols");
    assert_string_equal(refused("4000::1"), "not a public address");
}

static void test_other(void **state) {
    (void)state;
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    char text[NET_ADDRESS_TEXT];
    assert_string_equal(net_address_refused((struct sockaddr *)&un), "not an internet address");
    assert_string_equal(net_address_text((struct sockaddr *)&un, text), "");
    assert_null(net_host_refused(TS_S("example.org")));
    assert_null(net_host_refused(TS_S("")));
    assert_null(net_host_refused(TS_S("127.0.0.1.example.org")));
    assert_non_null(net_host_refused(TS_S("[::1]")));
    assert_non_null(net_host_refused(TS_S("[::ffff:7f00:1]")));
    char longest[300];
    memset(longest, '1', sizeof longest);
    assert_null(net_host_refused((ts_str){longest, sizeof longest}));
}

/* Every boundary of a block: its first and last address are inside, their neighbours are judged by
 * the other blocks, so that an off-by-one bit shows. */
static void test_mask_edges(void **state) {
    (void)state;
    char text[64];
    for (unsigned second = 0; second < 256; second++) {
        snprintf(text, sizeof text, "172.%u.0.1", second);
        assert_int_equal(refused(text) != 0, second >= 16 && second < 32);
        snprintf(text, sizeof text, "100.%u.0.1", second);
        assert_int_equal(refused(text) != 0, second >= 64 && second < 128);
        snprintf(text, sizeof text, "198.%u.0.1", second);
        assert_int_equal(refused(text) != 0, second == 18 || second == 19);
        snprintf(text, sizeof text, "%u.1.1.1", second);
        assert_int_equal(refused(text) != 0,
                         second == 0 || second == 10 || second == 127 || second >= 224);
        snprintf(text, sizeof text, "%02x00:1::", second);
        bool global = second >= 0x20 && second < 0x40;
        assert_int_equal(refused(text) != 0, !global);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_public),
        cmocka_unit_test(test_reasons),    cmocka_unit_test(test_other),
        cmocka_unit_test(test_mask_edges),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
