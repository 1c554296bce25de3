/* Which network addresses are on the public internet. */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* ---- IPv4 ---- */

typedef struct block4 {
    uint8_t net[4];
    unsigned bits;
    const char *what;
} block4;

static const block4 special4[] = {
    {{0, 0, 0, 0}, 8, "an address of no host (0.0.0.0/8)"},
    {{10, 0, 0, 0}, 8, "an address in a private network"},
    {{100, 64, 0, 0}, 10, "an address in a carrier's shared range"},
    {{127, 0, 0, 0}, 8, "a loopback address"},
    {{169, 254, 0, 0}, 16, "a link-local address"},
    {{172, 16, 0, 0}, 12, "an address in a private network"},
    {{192, 0, 0, 0}, 24, "an address reserved for protocols"},
    {{192, 0, 2, 0}, 24, "an address for documentation"},
    {{192, 88, 99, 0}, 24, "a 6to4 relay address"},
    {{192, 168, 0, 0}, 16, "an address in a private network"},
    {{198, 18, 0, 0}, 15, "an address for benchmarks"},
    {{198, 51, 100, 0}, 24, "an address for documentation"},
    {{203, 0, 113, 0}, 24, "an address for documentation"},
    {{224, 0, 0, 0}, 4, "a multicast address"},
    {{240, 0, 0, 0}, 4, "a reserved address"},
};

static bool in_block(const uint8_t *address, const uint8_t *net, unsigned bits) {
    size_t whole = bits / 8;
    if (memcmp(address, net, whole) != 0) return false;
    unsigned rest = bits % 8;
    return !rest || (address[whole] ^ net[whole]) >> (8 - rest) == 0;
}

static const char *refused4(const uint8_t p[4]) {
    for (size_t i = 0; i < sizeof special4 / sizeof *special4; i++)
        if (in_block(p, special4[i].net, special4[i].bits)) return special4[i].what;
    return 0;
}

/* ---- IPv6 ---- */

typedef struct block6 {
    uint8_t net[8]; /* the first 64 bits suffice for these */
    unsigned bits;
    const char *what;
} block6;

/* Special blocks within 2000::/3, and names for the best known outside it. */
static const block6 special6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 32, "a Teredo address"},
    {{0x20, 0x01, 0x00, 0x00}, 23, "an address reserved for protocols"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "an address for documentation"},
    {{0x20, 0x02}, 16, "a 6to4 address"},
    {{0x3f, 0xff}, 20, "an address for documentation"},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "a local NAT64 address"},
    {{0xfc}, 7, "an address in a private network"},
    {{0xfe, 0x80}, 10, "a link-local address"},
    {{0xfe, 0xc0}, 10, "a site-local address"},
    {{0xff}, 8, "a multicast address"},
};

static const char *refused6(const uint8_t p[16]) {
    static const uint8_t zero[16], nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}, global[1] = {0x20};
    if (memcmp(p, zero, 16) == 0) return "the unspecified address";
    if (memcmp(p, zero, 15) == 0 && p[15] == 1) return "a loopback address";
    if (memcmp(p, mapped, 12) == 0) return "an IPv4 address mapped into IPv6";
    if (memcmp(p, nat64, 12) == 0) return refused4(p + 12);
    for (size_t i = 0; i < sizeof special6 / sizeof *special6; i++)
        if (in_block(p, special6[i].net, special6[i].bits)) return special6[i].what;
    return in_block(p, global, 3) ? 0 : "not a public address";
}

/* ---- either ---- */

const char *net_address_refused(const struct sockaddr *a) {
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    uint8_t p[16];
    if (a->sa_family == AF_INET) {
        memcpy(&in4, a, sizeof in4);
        memcpy(p, &in4.sin_addr, 4);
        return refused4(p);
    }
    if (a->sa_family == AF_INET6) {
        memcpy(&in6, a, sizeof in6);
        memcpy(p, &in6.sin6_addr, 16);
        return refused6(p);
    }
    return "not an internet address";
}

const char *net_host_refused(ts_str host) {
    char z[NET_ADDRESS_TEXT];
    uint8_t p[16];
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
        host.p++;
        host.n -= 2;
    }
    if (!host.n || host.n >= sizeof z) return 0;
    memcpy(z, host.p, host.n);
    z[host.n] = 0;
    if (inet_pton(AF_INET, z, p) == 1) return refused4(p);
    if (inet_pton(AF_INET6, z, p) == 1) return refused6(p);
    return 0;
}

const char *net_address_text(const struct sockaddr *a, char out[NET_ADDRESS_TEXT]) {
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    out[0] = 0;
    if (a->sa_family == AF_INET) {
        memcpy(&in4, a, sizeof in4);
        inet_ntop(AF_INET, &in4.sin_addr, out, NET_ADDRESS_TEXT);
    } else if (a->sa_family == AF_INET6) {
        memcpy(&in6, a, sizeof in6);
        inet_ntop(AF_INET6, &in6.sin6_addr, out, NET_ADDRESS_TEXT);
    }
    return out;
}
