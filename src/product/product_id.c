#include "product_id.h"

#include "gs1_message.h"
#include "uri.h"

enum { LINK_MAX = 255, DID_MAX = 2000 };

const char *ts_product_id_kind_name(ts_product_id_kind k) {
    static const char *const names[] = {"gs1", "iec61406", "did"};
    return names[k];
}

/* ---- GS1 ---- */

/* The key and its qualifiers identify; attributes describe. */
static bool canonical_gs1(ts_arena *a, ts_product_id *id, ts_error *e) {
    ts_buf b = ts_buf_new(a, URI_MAX);
    ts_buf_lit(&b, "https://id.gs1.org");
    for (size_t i = 0; i < id->link.path_n; i++) {
        const ts_gs1_ai *v = &id->link.ais.v[i];
        if (ts_str_eq(v->value, TS_S(".")) || ts_str_eq(v->value, TS_S("..")))
            return ts_fail(e, TS_E_INPUT, "AI (%.*s) with the value %.*s cannot stand in a link",
                           TS_P(v->ai), TS_P(v->value));
        ts_buf_c(&b, '/');
        ts_buf_put(&b, v->ai);
        ts_buf_c(&b, '/');
        ts_uri_encode(&b, v->value);
    }
    id->kind = TS_PID_GS1;
    id->text = ts_buf_str(&b);
    return true;
}

static bool bare_gtin(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return false;
    return s.n == 8 || (s.n >= 12 && s.n <= 14);
}

static bool read_ais(ts_arena *a, ts_str text, ts_product_id *id, ts_error *e) {
    ts_gs1 g;
    if (bare_gtin(text))
        return ts_fail(e, TS_E_INPUT,
                       "a bare number of %zu digits; if it is a GTIN, write (01) before it, filled "
                       "up with zeros to 14 digits",
                       text.n);
    bool ok = text.p[0] == '(' ? ts_gs1_from_brackets(a, text, &g, e)
                               : ts_gs1_from_element_string(a, text, &g, e);
    if (!ok || !gs1_arrange(&g, false, &id->link.ais, &id->link.path_n, e)) return false;
    return canonical_gs1(a, id, e);
}

/* ---- addresses ---- */

static bool read_identification_link(ts_str normal, const uri *u, ts_product_id *id, ts_error *e) {
    if (id->given.n > LINK_MAX)
        return ts_fail(e, TS_E_LIMIT,
                       "an identification link has at most %d characters (IEC 61406-1), this one "
                       "has %zu",
                       LINK_MAX, id->given.n);
    if (u->path.n <= 1 && u->query.n == 0)
        return ts_fail(e, TS_E_INPUT,
                       "the address names a site and not one product; give its path "
                       "or query");
    id->kind = TS_PID_LINK;
    id->text = normal;
    return true;
}

/* Whether the path claims a GS1 key is asked of the canonical spelling, so that no key can hide
 * behind percent-encoding. */
static bool read_address(ts_arena *a, ts_str text, ts_product_id *id, ts_error *e) {
    uri u;
    if (!uri_split(text, &u, e)) return false;
    ts_str normal = uri_normal(a, text, &u);
    if (normal.p != text.p && !uri_split(normal, &u, e)) return false;
    if (!gs1_path_claims_key(u.path)) return read_identification_link(normal, &u, id, e);
    return ts_digital_link_parse(a, normal, &id->link, e) && canonical_gs1(a, id, e);
}

/* ---- DID ---- */

static bool did_character(ts_str s, size_t *i) {
    char c = s.p[*i];
    if (ts_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':') return true;
    bool triplet = c == '%' && *i + 2 < s.n && (gs1_byte[(unsigned char)s.p[*i + 1]] & URI_HEX) &&
                   (gs1_byte[(unsigned char)s.p[*i + 2]] & URI_HEX);
    if (triplet) *i += 2;
    return triplet;
}

/* "did:" method-name ":" *( *idchar ":" ) 1*idchar (W3C Decentralized Identifiers, section 3.1). */
static bool read_did(ts_str text, ts_product_id *id, ts_error *e) {
    ts_str rest = ts_str_from(text, 4), method = ts_str_cut(&rest, ':');
    if (text.n > DID_MAX)
        return ts_fail(e, TS_E_LIMIT, "the DID has %zu characters, at most %d are read", text.n,
                       DID_MAX);
    bool ok = ts_str_starts(text, TS_S("did:")) && method.n > 0 && rest.n > 0;
    for (size_t i = 0; i < method.n; i++)
        ok &= ts_is_digit(method.p[i]) || (method.p[i] >= 'a' && method.p[i] <= 'z');
    if (!ok)
        return ts_fail(e, TS_E_INPUT,
                       "a DID is did:METHOD:ID, with did and the method in small "
                       "letters and digits");
    for (size_t i = 0; i < rest.n; i++) {
        size_t at = (size_t)(rest.p - text.p) + i;
        char c = rest.p[i];
        if (did_character(rest, &i)) continue;
        ts_fail(e, TS_E_INPUT,
                c == '/' || c == '?' || c == '#'
                    ? "a product is named by a DID alone: without path, query and fragment"
                    : "a character that no DID may hold; percent-encode it");
        return ts_fail_at(e, 0, 0, at);
    }
    if (rest.p[rest.n - 1] == ':')
        return ts_fail(e, TS_E_INPUT, "the DID ends in ':'; add its end");
    id->kind = TS_PID_DID;
    id->text = text;
    return true;
}

bool ts_product_id_read(ts_arena *a, ts_str text, ts_product_id *out, ts_error *e) {
    out->given = text;
    out->link.ais.n = out->link.path_n = 0;
    out->link.stem = out->link.query = out->link.fragment = TS_NONE;
    if (text.n == 0) return ts_fail(e, TS_E_INPUT, "the product identifier is empty");
    if (text.n > URI_MAX)
        return ts_fail(e, TS_E_LIMIT, "the product identifier has %zu bytes, at most %d are read",
                       text.n, URI_MAX);
    char c = text.p[0];
    if (uri_is_http(text)) return read_address(a, text, out, e);
    if (ts_str_istarts(text, TS_S("did:"))) return read_did(text, out, e);
    if (ts_is_digit(c) || (c && strchr("(]^\x1D", c))) return read_ais(a, text, out, e);
    return ts_fail(e, TS_E_INPUT,
                   "the product identifier is neither a GS1 Digital Link or AIs, nor "
                   "an http(s) address, nor a DID");
}

ts_str ts_product_id_issued(const ts_product_id *p) {
    return uri_is_http(p->given) ? p->given : p->text;
}

/* ---- serial numbers ---- */

/* Five bits give a number below 32; those of 29 and more are thrown away, so that each sign is
 * equally likely. */
bool ts_serial_new(unsigned n, char out[21], ts_error *e) {
    static const char signs[] = "23456789ABCDEFGHJKMNPRSTVWXYZ";
    if (n < 12 || n > 20)
        return ts_fail(e, TS_E_USAGE, "a serial number has 12 to 20 characters, not %u", n);
    for (unsigned k = 0; k < n;) {
        uint8_t bytes[32];
        if (!ts_random_secret(bytes, sizeof bytes, e)) return false;
        for (size_t i = 0; i < sizeof bytes && k < n; i++) {
            unsigned v = bytes[i] & 31;
            if (v < sizeof signs - 1) out[k++] = signs[v];
        }
    }
    out[n] = 0;
    return true;
}
