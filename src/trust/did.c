/* Identifiers: their syntax, the two methods that carry their key, and the address of a did:web. */
#include "did.h"

#include "did_part.h"
#include "encoding.h"
#include "shown.h"

enum { DID_MAX = 4096, JWK_DEPTH = 4, HOST_MAX = 253, LABEL_MAX = 63 };

/* ---- Syntax ---- */

static bool is_hex(char c) { return ts_is_digit(c) || (ts_lower(c) >= 'a' && ts_lower(c) <= 'f'); }

static int hex_value(char c) { return ts_is_digit(c) ? c - '0' : ts_lower(c) - 'a' + 10; }

/* How many bytes at the front of s are letters of `extra`, letters, digits or "%XX". */
static size_t run_of(ts_str s, const char *extra) {
    size_t i = 0;
    while (i < s.n) {
        char c = s.p[i];
        bool coded = c == '%' && i + 2 < s.n && is_hex(s.p[i + 1]) && is_hex(s.p[i + 2]);
        if (!coded && !ts_is_alnum(c) && (!c || !strchr(extra, c))) break;
        i += coded ? 3 : 1;
    }
    return i;
}

/* The part of a DID URL that begins with `sign`, if there is one. */
static ts_str take_part(ts_str *rest, char sign, const char *extra) {
    if (!rest->n || rest->p[0] != sign) return TS_NONE;
    ts_str body = ts_str_from(*rest, 1), part = ts_str_to(body, run_of(body, extra));
    *rest = ts_str_from(body, part.n);
    return part;
}

static ts_str take_method(ts_str *rest) {
    size_t n = 0;
    while (n < rest->n && (ts_is_digit(rest->p[n]) || (rest->p[n] >= 'a' && rest->p[n] <= 'z')))
        n++;
    ts_str method = ts_str_to(*rest, n);
    *rest = ts_str_from(*rest, n);
    return method;
}

#define UNRESERVED "-._~"
#define SUB_DELIMS "!$&'()*+,;="
#define PCHAR UNRESERVED SUB_DELIMS ":@"

bool ts_did_parse(ts_str text, ts_did_url *out, ts_error *e) {
    ts_did_url u = {0};
    ts_str rest = ts_str_from(text, 4);
    if (text.n > DID_MAX) return ts_fail(e, TS_E_LIMIT, "a DID of more than %d bytes", DID_MAX);
    if (!ts_str_starts(text, TS_S("did:")))
        return ts_fail(e, TS_E_INPUT, "\"%s\" is no DID: it does not begin with \"did:\"",
                       SHOWN(text));
    u.method = take_method(&rest);
    if (!u.method.n || !rest.n || rest.p[0] != ':')
        return ts_fail(e, TS_E_INPUT,
                       "\"%s\" is no DID: a method's name in small letters and digits and a colon "
                       "come after \"did:\"",
                       SHOWN(text));
    u.id = take_part(&rest, ':', ".-_:");
    if (!u.id.n || u.id.p[u.id.n - 1] == ':')
        return ts_fail(e, TS_E_INPUT, "\"%s\" is no DID: %s", SHOWN(text),
                       u.id.n ? "its last segment is empty" : "there is nothing after the method");
    u.did = ts_str_to(text, (size_t)(u.id.p + u.id.n - text.p));
    u.path = take_part(&rest, '/', PCHAR "/");
    u.query = take_part(&rest, '?', PCHAR "/?");
    u.fragment = take_part(&rest, '#', PCHAR "/?");
    if (rest.n)
        return ts_fail(e, TS_E_INPUT, "\"%s\" is no DID URL: byte %zu does not belong there",
                       SHOWN(text), (size_t)(rest.p - text.p));
    *out = u;
    return true;
}

bool did_parse_bare(ts_str text, ts_did_url *out, ts_error *e) {
    if (!ts_did_parse(text, out, e)) return false;
    if (out->did.n == text.n) return true;
    return ts_fail(e, TS_E_INPUT, "\"%s\" is more than a DID: path, query and fragment come off",
                   SHOWN(text));
}

/* ---- did:key and did:jwk ---- */

static void one_method(ts_arena *a, ts_str did, ts_str fragment, const ts_public_key *k,
                       ts_did_document *out) {
    const ts_str parts[] = {did, fragment};
    ts_did_document d = {.id = did};
    ts_did_method *m = ts_push(a, &d.methods);
    *m = (ts_did_method){.id = ts_str_join(a, parts, 2, TS_S("#")),
                         .controller = did,
                         .key = *k,
                         .purposes = TS_DID_ASSERTION | TS_DID_AUTHENTICATION};
    *out = d;
}

static bool resolve_key(ts_arena *a, const ts_did_url *u, ts_did_document *out, ts_error *e) {
    ts_public_key k;
    ts_error why = {0};
    if (!ts_public_key_from_multikey(u->id, &k, &why))
        return ts_fail(e, why.code, "%s: %s", SHOWN(u->did), why.msg);
    one_method(a, u->did, u->id, &k, out);
    return true;
}

static bool resolve_jwk(ts_arena *a, const ts_did_url *u, ts_did_document *out, ts_error *e) {
    ts_public_key k;
    ts_error why = {0};
    ts_str text;
    const ts_json *jwk = 0;
    ts_json_options o = {.strict = true, .max_depth = JWK_DEPTH};
    if (ts_base64url_decode(a, u->id, &text, &why)) jwk = ts_json_parse(a, text, o, &why);
    if (!jwk || !ts_public_key_from_jwk(jwk, &k, &why))
        return ts_fail(e, why.code, "%s: %s", SHOWN(u->did), why.msg);
    one_method(a, u->did, TS_S("0"), &k, out);
    return true;
}

bool ts_did_resolve_static(ts_arena *a, ts_str did, ts_did_document *out, ts_error *e) {
    ts_did_url u;
    if (!did_parse_bare(did, &u, e)) return false;
    if (ts_str_is(u.method, "key")) return resolve_key(a, &u, out, e);
    if (ts_str_is(u.method, "jwk")) return resolve_jwk(a, &u, out, e);
    return ts_fail(e, TS_E_VERSION, "%s: did:%s does not carry its key; did:key and did:jwk do",
                   SHOWN(did), SHOWN(u.method));
}

ts_str ts_did_key_of(ts_arena *a, const ts_public_key *k) {
    const ts_str parts[] = {TS_S("did:key"), ts_public_key_multikey(a, k)};
    return ts_str_join(a, parts, 2, TS_S(":"));
}

ts_str ts_did_jwk_of(ts_arena *a, const ts_public_key *k) {
    ts_buf b = ts_buf_new(a, 1024);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_public_key_write_jwk(&w, k);
    const ts_str parts[] = {TS_S("did:jwk"), ts_base64url(a, ts_buf_str(&b))};
    return ts_str_join(a, parts, 2, TS_S(":"));
}

/* ---- did:web ---- */

static bool is_label(ts_str l) {
    if (!l.n || l.n > LABEL_MAX || l.p[0] == '-' || l.p[l.n - 1] == '-') return false;
    for (size_t i = 0; i < l.n; i++)
        if (!ts_is_alnum(l.p[i]) && l.p[i] != '-') return false;
    return true;
}

/* Resolvers read a name whose last label is a number as an IPv4 address, in any of its spellings
 * (WHATWG URL, section 3.5): 127.0.0.1, 127.1, 2130706433, 0x7f000001. */
static bool is_number(ts_str l) {
    bool hex = ts_str_istarts(l, TS_S("0x"));
    for (size_t i = hex ? 2 : 0; i < l.n; i++)
        if (hex ? !is_hex(l.p[i]) : !ts_is_digit(l.p[i])) return false;
    return true;
}

static bool is_host(ts_str host, ts_error *e) {
    ts_str rest = host, label = TS_NONE;
    bool more = true;
    if (host.n > HOST_MAX)
        return ts_fail(e, TS_E_INPUT, "did:web: a host name of more than %d bytes", HOST_MAX);
    while (more) {
        more = ts_str_chr(rest, '.') != TS_NPOS;
        label = ts_str_cut(&rest, '.');
        if (!is_label(label))
            return ts_fail(e, TS_E_INPUT, "did:web: \"%s\" is no host name", SHOWN(host));
    }
    if (is_number(label))
        return ts_fail(e, TS_E_INPUT, "did:web: \"%s\" is an IP address; a host name is needed",
                       SHOWN(host));
    return true;
}

/* "example.com" or "example.com%3A8443". */
static bool host_and_port(ts_str text, ts_str *host, ts_str *port, ts_error *e) {
    size_t at = ts_str_chr(text, '%');
    uint64_t number = 0;
    *port = TS_NONE;
    *host = ts_str_to(text, at);
    if (at == TS_NPOS) return is_host(*host, e);
    if (!ts_str_istarts(ts_str_from(text, at), TS_S("%3A")))
        return ts_fail(e, TS_E_INPUT,
                       "did:web: \"%s\": only the colon before a port is written "
                       "with a percent sign in the host",
                       SHOWN(text));
    *port = ts_str_from(text, at + 3);
    if (!ts_u64_parse(*port, &number) || !number || number > 65535 || port->p[0] == '0' ||
        !ts_is_digit(port->p[0]))
        return ts_fail(e, TS_E_INPUT, "did:web: \"%s\": the port is no number from 1 to 65535",
                       SHOWN(text));
    return is_host(*host, e);
}

static const char *fault_of_segment(ts_str s) {
    size_t n = 0, dots = 0;
    if (!s.n) return "an empty path segment";
    for (size_t i = 0; i < s.n; i++, n++) {
        int c = (unsigned char)s.p[i];
        if (c == '%') {
            c = hex_value(s.p[i + 1]) << 4 | hex_value(s.p[i + 2]);
            i += 2;
        }
        if (c == '/' || c == '\\') return "a slash behind a percent sign";
        if (c < ' ' || c == 0x7F) return "a control character behind a percent sign";
        dots += c == '.';
    }
    return dots == n && n <= 2 ? "a path segment of dots" : 0;
}

bool ts_did_web_url(ts_arena *a, ts_str did, ts_str *url, ts_error *e) {
    ts_did_url u;
    ts_str host, port;
    if (!did_parse_bare(did, &u, e)) return false;
    if (!ts_str_is(u.method, "web"))
        return ts_fail(e, TS_E_VERSION, "%s: did:%s is no address; did:web is", SHOWN(did),
                       SHOWN(u.method));
    ts_str path = u.id, first = ts_str_cut(&path, ':');
    if (!host_and_port(first, &host, &port, e)) return false;
    ts_buf b = ts_buf_new(a, DID_MAX + 64);
    ts_buf_lit(&b, "https://");
    for (size_t i = 0; i < host.n; i++) ts_buf_c(&b, (char)ts_lower(host.p[i]));
    if (port.n) ts_buf_c(&b, ':');
    ts_buf_put(&b, port);
    if (!path.p) ts_buf_lit(&b, "/.well-known");
    while (path.p) {
        ts_str segment = ts_str_cut(&path, ':');
        const char *fault = fault_of_segment(segment);
        if (fault) return ts_fail(e, TS_E_INPUT, "%s: %s", SHOWN(did), fault);
        ts_buf_c(&b, '/');
        ts_buf_put(&b, segment);
    }
    ts_buf_lit(&b, "/did.json");
    *url = ts_buf_str(&b);
    return true;
}
