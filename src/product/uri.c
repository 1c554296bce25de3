#include "uri.h"

#include <arpa/inet.h>

#include "gs1_dictionary.h"

static bool fail_at(ts_error *e, size_t at, const char *what) {
    ts_fail(e, TS_E_INPUT, "%s", what);
    return ts_fail_at(e, 0, 0, at);
}

static bool is(char c, unsigned bits) { return gs1_byte[(unsigned char)c] & bits; }

static unsigned hex(char c) {
    return ts_is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
}

unsigned uri_triplet(ts_str s, size_t i) { return hex(s.p[i + 1]) << 4 | hex(s.p[i + 2]); }

/* Length of "http://" or "https://" at the beginning, else 0. */
static size_t scheme_length(ts_str s) {
    if (s.n < 7 || (s.p[0] | 32) != 'h' || (s.p[1] | 32) != 't' || (s.p[2] | 32) != 't' ||
        (s.p[3] | 32) != 'p')
        return 0;
    size_t n = (s.p[4] | 32) == 's' ? 5 : 4;
    return s.n >= n + 3 && memcmp(s.p + n, "://", 3) == 0 ? n + 3 : 0;
}

bool uri_is_http(ts_str text) { return scheme_length(text) > 0; }

/* ---- authority ---- */

/* Labels of 1 to 63 letters, digits and inner hyphens (RFC 1123, section 2.1). */
static bool is_name(ts_str host) {
    size_t label = 0;
    if (host.n == 0 || host.n > 253) return false;
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool last = i + 1 == host.n || host.p[i + 1] == '.';
        if (c == '.') {
            if (label == 0 || last) return false;
            label = 0;
        } else if (!(ts_is_alnum(c) || (c == '-' && label > 0 && !last)) || ++label > 63) {
            return false;
        }
    }
    return true;
}

static bool is_ipv6(ts_str host) {
    char text[INET6_ADDRSTRLEN + 1];
    struct in6_addr address;
    if (host.n < 4 || host.n - 2 >= sizeof text || host.p[host.n - 1] != ']') return false;
    memcpy(text, host.p + 1, host.n - 2);
    text[host.n - 2] = 0;
    return !memchr(text, 0, host.n - 2) && inet_pton(AF_INET6, text, &address) == 1;
}

/* Where the host ends within the authority; user names are refused here. */
static size_t host_end(ts_str s) {
    if (s.n && s.p[0] == '[') {
        size_t close = ts_str_chr(s, ']');
        return close == TS_NPOS ? s.n : close + 1;
    }
    size_t i = 0;
    while (i < s.n && s.p[i] != ':') i++;
    return i;
}

static bool check_port(uri *u, size_t at, ts_error *e) {
    uint64_t port = 1;
    if (u->port.n && (u->port.n > 5 || !ts_u64_parse(u->port, &port) || port == 0 || port > 65535))
        return fail_at(e, at, "the port is no number from 1 to 65535");
    return true;
}

static bool split_authority(ts_str text, size_t from, size_t end, uri *u, ts_error *e) {
    ts_str s = {text.p + from, end - from};
    size_t host = host_end(s);
    u->authority = s;
    u->host = ts_str_to(s, host);
    u->port = host == s.n ? TS_NONE : ts_str_from(s, host + 1);
    bool bracket = s.n && s.p[0] == '[', colon = host == s.n || s.p[host] == ':';
    bool named = colon && (bracket ? is_ipv6(u->host) : is_name(u->host));
    if (named && host == s.n) return true;
    if (ts_str_chr(s, '@') != TS_NPOS)
        return fail_at(e, from, "the address holds a user name before the host; take it away");
    if (named) return check_port(u, from + host, e);
    return fail_at(
        e, from,
        "the address has no valid host: letters, digits, hyphens and dots (other scripts "
        "as xn--…), or an IPv6 address in brackets");
}

/* ---- characters ---- */

static bool bad_character(ts_str text, size_t i, ts_error *e) {
    unsigned char c = (unsigned char)text.p[i];
    if (c < 0x20 || c == 0x7F) return fail_at(e, i, "a control character in the address");
    if (c >= 0x80)
        return fail_at(e, i, "a character outside ASCII in the address; percent-encode it");
    ts_fail(e, TS_E_INPUT, "'%c' may not stand in an address; write %%%02X", c, c);
    return ts_fail_at(e, 0, 0, i);
}

/* The "%XX" at i. */
static bool triplet_ok(ts_str text, size_t i, ts_error *e) {
    if (i + 2 >= text.n || !is(text.p[i + 1], URI_HEX) || !is(text.p[i + 2], URI_HEX))
        return fail_at(e, i,
                       "'%' wants two hexadecimal digits behind it; write %25 for a percent "
                       "sign");
    unsigned v = uri_triplet(text, i);
    if (v < 0x20 || v == 0x7F)
        return fail_at(e, i,
                       v ? "an encoded control character in the address"
                         : "an encoded NUL in the address");
    return true;
}

/* "." or "..", also as "%2E", from i to the next '/' or the path's end. */
static bool dot_segment(ts_str text, size_t i) {
    size_t dots = 0;
    for (; i < text.n && !strchr("/?#", text.p[i]); dots++) {
        bool coded = text.p[i] == '%' && i + 2 < text.n && text.p[i + 1] == '2' &&
                     (text.p[i + 2] | 32) == 'e';
        if (text.p[i] != '.' && !coded) return false;
        i += coded ? 3 : 1;
    }
    return dots == 1 || dots == 2;
}

static bool check_segment(ts_str text, size_t i, uri *u, ts_error *e) {
    char c = i + 1 < text.n ? text.p[i + 1] : 0;
    u->empty_segment |= c == '/';
    if ((c == '.' || c == '%') && dot_segment(text, i + 1))
        return fail_at(e, i, "a segment '.' or '..' in the path; write the address without it");
    return true;
}

/* One part from i on: characters of the class `allowed`, up to the first of `stops`. */
static bool scan(ts_str text, size_t *i, unsigned allowed, const char stops[2], uri *u,
                 ts_error *e) {
    for (; *i < text.n; ++*i) {
        char c = text.p[*i];
        if (is(c, allowed)) continue;
        if (c == '/') {
            if (!check_segment(text, *i, u, e)) return false;
        } else if (c == '%') {
            if (!triplet_ok(text, *i, e)) return false;
            u->encoded = true;
            *i += 2;
        } else if (c == stops[0] || c == stops[1]) {
            return true;
        } else {
            return bad_character(text, *i, e);
        }
    }
    return true;
}

static bool split(ts_str text, size_t i, uri *u, ts_error *e) {
    size_t from = i;
    while (i < text.n && text.p[i] != '/' && text.p[i] != '?' && text.p[i] != '#') i++;
    if (!split_authority(text, from, i, u, e)) return false;
    from = i;
    if (!scan(text, &i, URI_SEGMENT, "?#", u, e)) return false;
    u->path = (ts_str){text.p + from, i - from};
    u->has_query = i < text.n && text.p[i] == '?';
    if (u->has_query) {
        from = ++i;
        if (!scan(text, &i, URI_SEGMENT | URI_DIVIDER, "##", u, e)) return false;
        u->query = (ts_str){text.p + from, i - from};
    }
    u->has_fragment = i < text.n;
    if (u->has_fragment) {
        from = ++i;
        /* Nothing stops a fragment: of its two stops none gets past the branch before. */
        if (!scan(text, &i, URI_SEGMENT | URI_DIVIDER, "%%", u, e)) return false;
        u->fragment = (ts_str){text.p + from, i - from};
    }
    return true;
}

bool uri_split(ts_str text, uri *out, ts_error *e) {
    *out = (uri){0};
    if (text.n > URI_MAX)
        return ts_fail(e, TS_E_LIMIT, "the address has %zu bytes, at most %d are read", text.n,
                       URI_MAX);
    size_t n = scheme_length(text);
    if (n == 0)
        return ts_fail(e, TS_E_INPUT, "the address does not begin with http:// or https://");
    out->scheme = ts_str_to(text, n - 3);
    return split(text, n, out, e);
}

/* ---- writing ---- */

static void put_triplet(ts_buf *b, unsigned v) {
    static const char digits[] = "0123456789ABCDEF";
    char t[3] = {'%', digits[v >> 4], digits[v & 15]};
    ts_buf_put(b, (ts_str){t, 3});
}

static bool is_lower(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'A' && s.p[i] <= 'Z') return false;
    return true;
}

static void put_lower(ts_buf *b, ts_str s) {
    for (size_t i = 0; i < s.n; i++) ts_buf_c(b, (char)ts_lower(s.p[i]));
}

static void put_normal(ts_buf *b, ts_str s) {
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        while (i < s.n && s.p[i] != '%') i++;
        ts_buf_put(b, (ts_str){s.p + from, i - from});
        if (i == s.n) return;
        unsigned v = uri_triplet(s, i);
        if (is((char)v, URI_PLAIN))
            ts_buf_c(b, (char)v);
        else
            put_triplet(b, v);
        i += 3;
    }
}

static bool own_port(const uri *u) {
    uint64_t port = 0;
    ts_u64_parse(u->port, &port);
    return port == (u->scheme.n == 4 ? 80 : 443);
}

/* A port's leading zeros are no difference. */
static void put_port(ts_buf *b, const uri *u) {
    uint64_t port;
    if (!ts_u64_parse(u->port, &port) || own_port(u)) return;
    ts_buf_c(b, ':');
    ts_buf_u64(b, port);
}

ts_str uri_normal(ts_arena *a, ts_str text, const uri *u) {
    if (!u->encoded && u->authority.n == u->host.n && is_lower(u->host) && is_lower(u->scheme))
        return text;
    ts_arena mark = *a;
    ts_buf b = ts_buf_new(a, text.n + 1);
    put_lower(&b, u->scheme);
    ts_buf_lit(&b, "://");
    put_lower(&b, u->host);
    put_port(&b, u);
    put_normal(&b, u->path);
    if (u->has_query) ts_buf_c(&b, '?');
    put_normal(&b, u->query);
    if (u->has_fragment) ts_buf_c(&b, '#');
    put_normal(&b, u->fragment);
    ts_str out = ts_buf_str(&b);
    if (!ts_str_eq(out, text)) return out;
    *a = mark;
    return text;
}
