#include "uri.h"

/* ---- addresses ---- */

bool ts_ipv4_valid(ts_str s) {
    for (int i = 0; i < 4; i++) {
        ts_str part = i < 3 ? ts_str_cut(&s, '.') : s;
        uint64_t x = 0;
        if (part.n == 0 || part.n > 3 || (part.n > 1 && part.p[0] == '0')) return false;
        for (size_t k = 0; k < part.n; k++) {
            if (!ts_is_digit(part.p[k])) return false;
            x = x * 10 + (uint64_t)(part.p[k] - '0');
        }
        if (x > 255 || (i < 3 && !s.p)) return false;
    }
    return true;
}

static bool is_hex(char c) { return ts_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

static bool hex_group(ts_str s) {
    if (s.n == 0 || s.n > 4) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_hex(s.p[i])) return false;
    return true;
}

/* The groups between colons, an IPv4 address counting for two at the end; -1 when malformed. */
static int ipv6_groups(ts_str s, bool v4_may_end) {
    int n = 0;
    if (s.n == 0) return 0;
    do {
        ts_str g = ts_str_cut(&s, ':');
        if (!s.p && v4_may_end && ts_ipv4_valid(g)) return n + 2;
        if (!hex_group(g) || ++n > 8) return -1;
    } while (s.p);
    return n;
}

/* RFC 4291, 2.2; no zone. */
bool ts_ipv6_valid(ts_str s) {
    size_t gap = ts_str_find(s, TS_S("::"));
    if (gap == TS_NPOS) return ipv6_groups(s, true) == 8;
    ts_str left = ts_str_to(s, gap), right = ts_str_from(s, gap + 2);
    int a = ipv6_groups(left, false), b = ipv6_groups(right, true);
    return a >= 0 && b >= 0 && a + b <= 7;
}

/* ---- URIs ---- */

static bool starts_scheme(ts_str s, size_t colon) {
    if (colon == 0 || !ts_is_alpha(s.p[0])) return false;
    for (size_t i = 1; i < colon; i++)
        if (!ts_is_alnum(s.p[i]) && s.p[i] != '+' && s.p[i] != '-' && s.p[i] != '.') return false;
    return true;
}

static size_t index_of(ts_str s, char c) {
    const char *p = s.n ? memchr(s.p, c, s.n) : 0;
    return p ? (size_t)(p - s.p) : TS_NPOS;
}

/* The part of *s from its byte i on, without that byte; *s keeps what is before. */
static ts_str split_off(ts_str *s, size_t i) {
    if (i == TS_NPOS) return TS_NONE;
    ts_str rest = {s->p + i + 1, s->n - i - 1};
    s->n = i;
    return rest;
}

/* RFC 3986, appendix B. */
ts_uri ts_uri_split(ts_str s) {
    ts_uri u = {0};
    u.fragment = split_off(&s, index_of(s, '#'));
    u.query = split_off(&s, index_of(s, '?'));
    size_t colon = index_of(s, ':');
    if (colon != TS_NPOS && starts_scheme(s, colon)) {
        u.scheme = ts_str_to(s, colon);
        s = (ts_str){s.p + colon + 1, s.n - colon - 1};
    }
    if (ts_str_starts(s, TS_S("//"))) {
        s = (ts_str){s.p + 2, s.n - 2};
        size_t slash = index_of(s, '/');
        u.authority = ts_str_to(s, slash);
        s = slash == TS_NPOS ? TS_NONE : (ts_str){s.p + slash, s.n - slash};
    }
    u.path = s;
    return u;
}

/* Takes the last segment and its '/' away. */
static void drop_segment(ts_buf *b, size_t floor) {
    while (b->n > floor && b->p[b->n - 1] != '/') b->n--;
    if (b->n > floor) b->n--;
}

/* RFC 3986, 5.2.4. */
static void put_without_dots(ts_buf *b, ts_str in) {
    size_t floor = b->n;
    while (in.n) {
        if (ts_str_starts(in, TS_S("../")))
            in = ts_str_from(in, 3);
        else if (ts_str_starts(in, TS_S("./")) || ts_str_starts(in, TS_S("/./")))
            in = ts_str_from(in, 2);
        else if (ts_str_is(in, "/."))
            in = TS_S("/");
        else if (ts_str_starts(in, TS_S("/../")))
            in = ts_str_from(in, 3), drop_segment(b, floor);
        else if (ts_str_is(in, "/.."))
            in = TS_S("/"), drop_segment(b, floor);
        else if (ts_str_is(in, ".") || ts_str_is(in, ".."))
            break;
        else {
            size_t slash = index_of((ts_str){in.p + 1, in.n - 1}, '/');
            size_t n = slash == TS_NPOS ? in.n : slash + 1;
            ts_buf_put(b, ts_str_to(in, n));
            in = (ts_str){in.p + n, in.n - n};
        }
    }
}

/* RFC 3986, 5.2.3: the base's path up to its last '/', then the reference's. */
static ts_str merged_path(ts_arena *a, ts_uri base, ts_str path) {
    ts_buf b = ts_buf_new(a, base.path.n + path.n + 1);
    size_t keep = base.path.n;
    while (keep && base.path.p[keep - 1] != '/') keep--;
    if (base.authority.p && !base.path.n)
        ts_buf_c(&b, '/');
    else
        ts_buf_put(&b, ts_str_to(base.path, keep));
    ts_buf_put(&b, path);
    return ts_buf_str(&b);
}

static ts_str compose(ts_arena *a, ts_uri u, bool dots) {
    ts_buf b = ts_buf_new(a, u.scheme.n + u.authority.n + u.path.n + u.query.n + u.fragment.n + 8);
    if (u.scheme.p) ts_buf_put(&b, u.scheme), ts_buf_c(&b, ':');
    if (u.authority.p) ts_buf_lit(&b, "//"), ts_buf_put(&b, u.authority);
    if (dots)
        ts_buf_put(&b, u.path);
    else
        put_without_dots(&b, u.path);
    if (u.query.p) ts_buf_c(&b, '?'), ts_buf_put(&b, u.query);
    if (u.fragment.p) ts_buf_c(&b, '#'), ts_buf_put(&b, u.fragment);
    return b.p ? ts_buf_str(&b) : TS_S("");
}

ts_str ts_uri_resolve(ts_arena *a, ts_str base_text, ts_str ref_text) {
    ts_uri base = ts_uri_split(base_text), u = ts_uri_split(ref_text);
    if (u.scheme.p) return compose(a, u, !u.authority.p && !ts_str_starts(u.path, TS_S("/")));
    u.scheme = base.scheme;
    if (u.authority.p) return compose(a, u, false);
    u.authority = base.authority;
    if (!u.path.n) {
        u.path = base.path;
        if (!u.query.p) u.query = base.query;
        return compose(a, u, true);
    }
    if (u.path.p[0] != '/') u.path = merged_path(a, base, u.path);
    return compose(a, u, false);
}

/* ---- validity ---- */

/* RFC 3987, 2.2: ucschar. */
static bool is_ucschar(uint32_t c) {
    if (c < 0xA0 || (c >= 0xD800 && c <= 0xF8FF)) return false;
    if ((c >= 0xFDD0 && c <= 0xFDEF) || (c >= 0xFFF0 && c <= 0xFFFF)) return false;
    return c < 0x10000 || ((c & 0xFFFF) <= 0xFFFD && c <= 0xEFFFD && (c < 0xE0000 || c >= 0xE1000));
}

static bool is_private(uint32_t c) {
    return (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xF0000 && (c & 0xFFFF) <= 0xFFFD);
}

/* Letters, digits, the characters in `also`, percent triples; with `iri` what RFC 3987 adds. */
static bool only_has(ts_str s, const char *also, bool iri, bool private_too) {
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i];
        if (c == '%') {
            if (s.n - i < 3 || !is_hex(s.p[i + 1]) || !is_hex(s.p[i + 2])) return false;
            i += 3;
        } else if ((unsigned char)c < 0x80) {
            if (!ts_is_alnum(c) && (!c || !strchr(also, c))) return false;
            i++;
        } else {
            uint32_t cp = ts_utf8_next(s, &i);
            if (!iri || !(is_ucschar(cp) || (private_too && is_private(cp)))) return false;
        }
    }
    return true;
}

#define UNRESERVED "-._~"
#define SUB_DELIMS "!$&'()*+,;="
#define PCHAR UNRESERVED SUB_DELIMS ":@"

/* RFC 3986, 3.2.2: IPv6address or IPvFuture, without the brackets. */
static bool is_literal_address(ts_str s) {
    if (!s.n || (s.p[0] | 32) != 'v') return ts_ipv6_valid(s);
    size_t dot = index_of(s, '.');
    if (dot == TS_NPOS || dot < 2 || dot + 1 >= s.n) return false;
    for (size_t i = 1; i < dot; i++)
        if (!is_hex(s.p[i])) return false;
    ts_str rest = ts_str_from(s, dot + 1);
    return index_of(rest, '%') == TS_NPOS &&
           only_has(rest, UNRESERVED SUB_DELIMS ":", false, false);
}

static bool authority_valid(ts_str s, bool iri) {
    size_t at = index_of(s, '@');
    if (at != TS_NPOS) {
        if (!only_has(ts_str_to(s, at), UNRESERVED SUB_DELIMS ":", iri, false)) return false;
        s = (ts_str){s.p + at + 1, s.n - at - 1};
    }
    ts_str port;
    if (s.n && s.p[0] == '[') {
        size_t close = index_of(s, ']');
        if (close == TS_NPOS || !is_literal_address((ts_str){s.p + 1, close - 1})) return false;
        port = (ts_str){s.p + close + 1, s.n - close - 1};
        if (port.n && port.p[0] != ':') return false;
        port = ts_str_from(port, 1);
    } else {
        port = split_off(&s, index_of(s, ':'));
        if (!only_has(s, UNRESERVED SUB_DELIMS, iri, false)) return false;
    }
    for (size_t i = 0; i < port.n; i++)
        if (!ts_is_digit(port.p[i])) return false;
    return true;
}

bool ts_uri_valid(ts_str s, bool iri, bool reference) {
    ts_uri u = ts_uri_split(s);
    if (!u.scheme.p) {
        if (!reference) return false;
        size_t slash = index_of(u.path, '/'), colon = index_of(u.path, ':');
        if (!u.authority.p && colon != TS_NPOS && colon < slash) return false;
    }
    return authority_valid(u.authority, iri) && only_has(u.path, PCHAR "/", iri, false) &&
           only_has(u.query, PCHAR "/?", iri, true) && only_has(u.fragment, PCHAR "/?", iri, false);
}

bool ts_uri_is_web(ts_str s) {
    return ts_str_istarts(s, TS_S("http:")) || ts_str_istarts(s, TS_S("https:"));
}

bool ts_uri_names(ts_str s, bool iri) {
    if (!ts_uri_valid(s, iri, false)) return false;
    ts_uri u = ts_uri_split(s);
    ts_str host = u.authority;
    size_t at = ts_str_chr(host, '@');
    if (at != TS_NPOS) host = ts_str_from(host, at + 1);
    if (ts_uri_is_web(s)) return host.n > 0 && host.p[0] != ':';
    return s.n > u.scheme.n + 1;
}

/* ---- encoding ---- */

static bool is_unreserved(char c) {
    return ts_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void ts_uri_encode(ts_buf *b, ts_str s) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        while (i < s.n && is_unreserved(s.p[i])) i++;
        ts_buf_put(b, (ts_str){s.p + from, i - from});
        if (i == s.n) return;
        unsigned char v = (unsigned char)s.p[i++];
        char t[3] = {'%', digits[v >> 4], digits[v & 15]};
        ts_buf_put(b, (ts_str){t, 3});
    }
}
