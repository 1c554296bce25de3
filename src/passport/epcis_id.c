/* Names of things in EPCIS: words of the CBV, and EPCs as product identifiers (EPC Tag Data
 * Standard sections 6 and 7, GS1 Digital Link). */
#include "epcis_part.h"

ts_str epcis_short(ts_str s, const char *family) {
    static const char *const stems[] = {"https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/",
                                        "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/",
                                        "cbv:"};
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        ts_str stem = ts_str_c(stems[i]), f = ts_str_c(family);
        if (ts_str_starts(s, stem) && ts_str_starts(ts_str_from(s, stem.n), f))
            return ts_str_from(s, stem.n + f.n);
    }
    bool step = family[0] == 'B';
    ts_str urn = step ? TS_S("urn:epcglobal:cbv:bizstep:") : TS_S("urn:epcglobal:cbv:disp:");
    return ts_str_starts(s, urn) ? ts_str_from(s, urn.n) : s;
}

/* ---- EPC URIs ---- */

static bool digits(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return false;
    return s.n > 0;
}

static int hex(char c) {
    if (ts_is_digit(c)) return c - '0';
    int l = ts_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/* "%2F" as "/"; false where an escape is not whole. */
static bool decode(ts_arena *a, ts_str s, ts_str *out) {
    ts_buf b = ts_buf_new(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '%') {
            ts_buf_c(&b, s.p[i]);
            continue;
        }
        if (i + 2 >= s.n || hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0) return false;
        ts_buf_c(&b, (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2])));
        i += 2;
    }
    *out = ts_buf_str(&b);
    return true;
}

/* The key without its check digit, and with it (GS1 General Specifications section 7.9). */
static void put_checked(ts_buf *b, ts_str body) {
    unsigned sum = 0;
    for (size_t i = 0; i < body.n; i++)
        sum += (unsigned)(body.p[body.n - 1 - i] - '0') * (i % 2 ? 1 : 3);
    ts_buf_put(b, body);
    ts_buf_c(b, (char)('0' + (10 - sum % 10) % 10));
}

/* A company prefix and a reference whose first digit is moved to the front, `width` digits without
 * the check digit. */
static bool key_of(ts_arena *a, ts_str prefix, ts_str reference, bool moved, size_t width,
                   ts_str *out) {
    if (!digits(prefix) || !(reference.n == 0 || digits(reference)) ||
        prefix.n + reference.n != width || (moved && reference.n == 0))
        return false;
    ts_buf body = ts_buf_new(a, 32), key = ts_buf_new(a, 32);
    if (moved) ts_buf_c(&body, reference.p[0]);
    ts_buf_put(&body, prefix);
    ts_buf_put(&body, ts_str_from(reference, moved ? 1 : 0));
    put_checked(&key, ts_buf_str(&body));
    *out = ts_buf_str(&key);
    return true;
}

typedef struct epc {
    ts_str scheme, prefix, reference, rest; /* rest: serial, lot, "*"; .p NULL = not there */
} epc;

static bool linked(ts_arena *a, const char *key, ts_str value, const char *ai, ts_str rest,
                   ts_str *out) {
    ts_gs1 g = {0};
    ts_error none = {0};
    return ts_gs1_add(&g, ts_str_c(key), value, &none) &&
           (!ai || ts_gs1_add(&g, ts_str_c(ai), rest, &none)) &&
           ts_digital_link_build(a, TS_S("https://id.gs1.org"), &g, out, &none);
}

static bool trade_item(ts_arena *a, const epc *x, const char *ai, ts_str *out) {
    ts_str key, rest = TS_NONE;
    bool open = ts_str_is(x->rest, "*"); /* a pattern for all serials: the model */
    return key_of(a, x->prefix, x->reference, true, 13, &key) && x->rest.n &&
           decode(a, x->rest, &rest) && linked(a, "01", key, open ? 0 : ai, rest, out);
}

static bool joined(ts_arena *a, ts_str x, ts_str y, ts_str *out) {
    *out = ts_str_join(a, (const ts_str[]){x, y}, 2, TS_NONE);
    return true;
}

/* The reference of an asset may hold dots of its own. */
static ts_str after_prefix(const epc *x) {
    return (ts_str){x->reference.p, x->reference.n + (x->rest.p ? 1 + x->rest.n : 0)};
}

static bool product_of(ts_arena *a, const epc *x, ts_str *out) {
    ts_str key, rest;
    if (ts_str_is(x->scheme, "id:sgtin") || ts_str_is(x->scheme, "idpat:sgtin"))
        return trade_item(a, x, "21", out);
    if (ts_str_is(x->scheme, "class:lgtin")) return trade_item(a, x, "10", out);
    if (ts_str_is(x->scheme, "id:sscc"))
        return !x->rest.p && key_of(a, x->prefix, x->reference, true, 17, &key) &&
               linked(a, "00", key, 0, TS_NONE, out);
    if (ts_str_is(x->scheme, "id:grai")) /* AI 8003 begins with a zero of its own */
        return key_of(a, x->prefix, x->reference, false, 12, &key) && decode(a, x->rest, &rest) &&
               joined(a, TS_S("0"), key, &key) && joined(a, key, rest, &key) &&
               linked(a, "8003", key, 0, TS_NONE, out);
    if (ts_str_is(x->scheme, "id:giai"))
        return digits(x->prefix) && decode(a, after_prefix(x), &rest) &&
               joined(a, x->prefix, rest, &key) && linked(a, "8004", key, 0, TS_NONE, out);
    return false;
}

/* "urn:epc:id:sgtin:…" in its parts. */
static bool split(ts_str given, epc *x) {
    ts_str urn = TS_S("urn:epc:");
    if (!ts_str_starts(given, urn)) return false;
    ts_str rest = ts_str_from(given, urn.n), family = ts_str_cut(&rest, ':');
    if (!rest.p) return false;
    ts_str name = ts_str_cut(&rest, ':');
    if (!rest.p) return false;
    x->scheme = (ts_str){family.p, family.n + 1 + name.n};
    x->prefix = ts_str_cut(&rest, '.');
    x->reference = ts_str_cut(&rest, '.');
    x->rest = rest;
    return true;
}

enum { LONGEST = 2000 };

ts_str epcis_product(ts_arena *a, ts_str given) {
    ts_str out = TS_NONE;
    ts_product_id id;
    ts_error none = {0};
    ts_arena work = *a;
    epc x;
    if (given.n > LONGEST) return given;
    if (split(given, &x)) return product_of(a, &x, &out) ? out : (*a = work, given);
    return ts_product_id_read(a, given, &id, &none) ? id.text : (*a = work, given);
}

ts_str epcis_place(ts_arena *a, ts_str given) {
    ts_str key, rest, out;
    epc x;
    if (given.n > LONGEST || !split(given, &x)) return epcis_product(a, given);
    bool place = ts_str_is(x.scheme, "id:sgln"), party = ts_str_is(x.scheme, "id:pgln");
    if ((!place && !party) || !key_of(a, x.prefix, x.reference, false, 12, &key)) return given;
    if (party) return !x.rest.p && linked(a, "417", key, 0, TS_NONE, &out) ? out : given;
    bool whole = ts_str_is(x.rest, "0"); /* no part of the location is meant */
    return x.rest.n && decode(a, x.rest, &rest) &&
                   linked(a, "414", key, whole ? 0 : "254", rest, &out)
               ? out
               : epcis_product(a, given);
}
