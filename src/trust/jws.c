#include "jws.h"

#include "encoding.h"
#include "shown.h"

enum { HEADER_MAX = 65536, HEADER_DEPTH = 8 };

/* ---- The parts ---- */

/* What is wrong with the token as a whole, before its parts are looked at. */
static bool looks_compact(ts_str t, ts_error *e) {
    size_t dots = 0;
    if (!t.n) return ts_fail(e, TS_E_INPUT, "the token is empty");
    if (t.p[0] == '{')
        return ts_fail(e, TS_E_INPUT,
                       "the token is in the JSON serialisation of RFC 7515 section 7.2; only the "
                       "compact one is taken");
    for (size_t i = 0; i < t.n; i++) {
        if (ts_is_space((unsigned char)t.p[i]))
            return ts_fail(e, TS_E_INPUT, "white space in the token at byte %zu", i);
        dots += t.p[i] == '.';
    }
    if (dots == 4)
        return ts_fail(e, TS_E_INPUT,
                       "the token has five parts: it is encrypted (JWE), not signed");
    if (dots != 2)
        return ts_fail(e, TS_E_INPUT, "the token has %zu part%s; a signed one has three", dots + 1,
                       dots ? "s" : "");
    return true;
}

static bool decode_part(ts_arena *a, const char *name, ts_str text, ts_str *out, ts_error *e) {
    ts_error why = {0};
    if (!text.n) return ts_fail(e, TS_E_INPUT, "the token's %s is empty", name);
    return ts_base64url_decode(a, text, out, &why) ||
           ts_fail(e, TS_E_INPUT, "the token's %s is not base64url: %s", name, why.msg);
}

/* ---- The header ---- */

static bool read_header(ts_arena *a, ts_str text, const ts_json **out, ts_error *e) {
    ts_error why = {0};
    if (text.n > HEADER_MAX)
        return ts_fail(e, TS_E_LIMIT, "the token's header is longer than %d bytes", HEADER_MAX);
    if (ts_str_starts(text, TS_S("\xEF\xBB\xBF")))
        return ts_fail(e, TS_E_INPUT, "the token's header begins with a byte order mark");
    *out =
        ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = HEADER_DEPTH}, &why);
    if (!*out) return ts_fail(e, why.code, "the token's header: %s", why.msg);
    if ((*out)->type != TS_JSON_OBJECT)
        return ts_fail(e, TS_E_INPUT, "the token's header is no JSON object");
    return true;
}

/* A parameter that is a string wherever it is given. */
static bool text_parameter(const ts_json *header, ts_str name, ts_str *out, ts_error *e) {
    const ts_json *v = ts_json_get(header, name);
    if (v && v->type != TS_JSON_STRING)
        return ts_fail(e, TS_E_INPUT, "the token's header: %.*s is no string", TS_P(name));
    *out = ts_json_str(v);
    return true;
}

static bool is_ours(ts_str alg) {
    return ts_str_is(alg, "EdDSA") || ts_str_is(alg, "ES256") || ts_str_is(alg, "ES384");
}

static bool is_ours_misspelt(ts_str alg) {
    return ts_str_ieq(alg, TS_S("EdDSA")) || ts_str_ieq(alg, TS_S("ES256")) ||
           ts_str_ieq(alg, TS_S("ES384"));
}

static bool check_alg(const ts_json *header, ts_str *alg, ts_error *e) {
    if (!ts_json_member(header, "alg"))
        return ts_fail(e, TS_E_INPUT, "the token's header has no alg");
    if (!text_parameter(header, TS_S("alg"), alg, e)) return false;
    if (is_ours(*alg)) return true;
    if (ts_str_ieq(*alg, TS_S("none")))
        return ts_fail(e, TS_E_INPUT, "alg is \"%s\": the token is not signed", SHOWN(*alg));
    if (ts_str_istarts(*alg, TS_S("HS")))
        return ts_fail(e, TS_E_INPUT,
                       "alg is \"%s\": made with a shared secret, which proves nothing about who "
                       "made it",
                       SHOWN(*alg));
    if (!alg->n || is_ours_misspelt(*alg))
        return ts_fail(e, TS_E_INPUT,
                       "alg is \"%s\", which is no algorithm: names are written as registered, "
                       "EdDSA, ES256, ES384",
                       SHOWN(*alg));
    return ts_fail(e, TS_E_VERSION,
                   "alg is \"%s\", which is not known here: EdDSA, ES256 and ES384 are",
                   SHOWN(*alg));
}

/* crit and b64: what would change the meaning of the rest. */
static bool check_extensions(const ts_json *header, ts_error *e) {
    const ts_json *b64 = ts_json_member(header, "b64");
    if (b64 && b64->type != TS_JSON_TRUE)
        return ts_fail(e, TS_E_INPUT,
                       "the token's header: b64 is not true; a payload that is not "
                       "encoded (RFC 7797) is not taken");
    if (ts_json_member(header, "crit"))
        return ts_fail(e, TS_E_INPUT,
                       "the token's header: crit demands that extensions be "
                       "understood; none are understood here");
    return true;
}

static bool read_parameters(ts_jws *j, ts_error *e) {
    return check_alg(j->header, &j->alg, e) && check_extensions(j->header, e) &&
           text_parameter(j->header, TS_S("kid"), &j->kid, e) &&
           text_parameter(j->header, TS_S("typ"), &j->typ, e) &&
           text_parameter(j->header, TS_S("cty"), &j->cty, e) &&
           text_parameter(j->header, TS_S("iss"), &j->iss, e);
}

bool ts_jws_parse(ts_arena *a, ts_str compact, size_t max, ts_jws *out, ts_error *e) {
    ts_str rest = compact, header;
    ts_jws j = {0};
    if (compact.n > max) return ts_fail(e, TS_E_LIMIT, "the token is longer than %zu bytes", max);
    if (!looks_compact(compact, e)) return false;
    ts_str head = ts_str_cut(&rest, '.'), body = ts_str_cut(&rest, '.');
    j.signing_input = ts_str_to(compact, head.n + 1 + body.n);
    if (!decode_part(a, "header", head, &header, e) || !read_header(a, header, &j.header, e) ||
        !read_parameters(&j, e) || !decode_part(a, "payload", body, &j.payload, e) ||
        !decode_part(a, "signature", rest, &j.signature, e))
        return false;
    *out = j;
    return true;
}

static ts_str without_prefix(ts_str type) {
    ts_str prefix = TS_S("application/"), rest = ts_str_from(type, prefix.n);
    bool bare = ts_str_istarts(type, prefix) && ts_str_chr(rest, '/') == TS_NPOS;
    return bare ? rest : type;
}

bool ts_jws_typ_is(const ts_jws *j, const char *type) {
    return j->typ.n && ts_str_ieq(without_prefix(j->typ), without_prefix(ts_str_c(type)));
}

/* ---- Verifying and signing ---- */

bool ts_jws_verify(const ts_jws *j, const ts_key *k, ts_error *e) {
    ts_key_kind kind = ts_key_public_of(k)->kind;
    if (!ts_str_is(j->alg, ts_key_alg(kind)))
        return ts_fail(e, TS_E_INPUT, "the token's alg is %s, but the key is for %s (%s)",
                       SHOWN(j->alg), ts_key_alg(kind), ts_key_kind_name(kind));
    return ts_key_verify(k, j->signing_input, j->signature, e);
}

static bool header_text(ts_arena *a, const ts_jws_header *h, const char *alg, ts_str *out,
                        ts_error *e) {
    const ts_str text[] = {h->typ, h->cty, h->kid};
    for (size_t i = 0; i < 3; i++)
        if (ts_utf8_bad(text[i]) != TS_NPOS)
            return ts_fail(e, TS_E_USAGE, "typ, cty or kid of a token is not UTF-8");
    ts_buf b = ts_buf_new(a, HEADER_MAX);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "alg", ts_str_c(alg));
    ts_jsonw_kstr_opt(&w, "typ", h->typ);
    ts_jsonw_kstr_opt(&w, "cty", h->cty);
    ts_jsonw_kstr_opt(&w, "kid", h->kid);
    ts_jsonw_end(&w);
    if (b.full)
        return ts_fail(e, TS_E_LIMIT, "the token's header is longer than %d bytes", HEADER_MAX);
    *out = ts_buf_str(&b);
    return true;
}

bool ts_jws_sign(ts_arena *a, const ts_jws_header *h, ts_str payload, const ts_key *k, ts_str *out,
                 ts_error *e) {
    ts_str header;
    ts_signature s;
    if (!payload.n) return ts_fail(e, TS_E_USAGE, "a token needs a payload");
    if (!header_text(a, h, ts_key_alg(ts_key_public_of(k)->kind), &header, e)) return false;
    const ts_str parts[] = {ts_base64url(a, header), ts_base64url(a, payload)};
    ts_str input = ts_str_join(a, parts, 2, TS_S("."));
    if (!ts_key_sign(k, input, &s, e)) return false;
    const ts_str signature = {(const char *)s.b, s.n};
    const ts_str whole[] = {input, ts_base64url(a, signature)};
    *out = ts_str_join(a, whole, 2, TS_S("."));
    return true;
}
