#include "chain.h"

#include "canonical.h"
#include "jws.h"

static const char hex_digits[] = "0123456789abcdef";
static const char checkpoint_type[] = "touchstone-checkpoint+jwt";
enum { CHECKPOINT_MAX = 16 << 10, LOG_NAME_MAX = 2048 };

ts_chain_hash ts_chain_digest(ts_str body) {
    ts_chain_hash out;
    ts_hash_value h = ts_sha_of(TS_SHA256, body);
    memcpy(out.b, h.b, sizeof out.b);
    return out;
}

ts_chain_hash ts_chain_next(const ts_chain_hash *before, uint64_t n, const ts_chain_hash *digest) {
    static const char tag[] = "touchstone-chain-1"; /* with its zero byte */
    char m[sizeof tag + 32 + 8 + 32], *p = m;
    memcpy(p, tag, sizeof tag), p += sizeof tag;
    memcpy(p, before->b, 32), p += 32;
    for (int i = 7; i >= 0; i--) *p++ = (char)(n >> (8 * i));
    memcpy(p, digest->b, 32);
    return ts_chain_digest((ts_str){m, sizeof m});
}

bool ts_chain_hash_eq(const ts_chain_hash *x, const ts_chain_hash *y) {
    return memcmp(x->b, y->b, sizeof x->b) == 0;
}

ts_str ts_chain_hex(const ts_chain_hash *h, char out[65]) {
    for (int i = 0; i < 32; i++) {
        out[2 * i] = hex_digits[h->b[i] >> 4];
        out[2 * i + 1] = hex_digits[h->b[i] & 15];
    }
    out[64] = 0;
    return (ts_str){out, 64};
}

static int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ts_chain_read_hex(ts_str text, ts_chain_hash *out) {
    ts_chain_hash h;
    if (text.n != 64) return false;
    for (size_t i = 0; i < 32; i++) {
        int hi = digit(text.p[2 * i]), lo = digit(text.p[2 * i + 1]);
        if (hi < 0 || lo < 0) return false;
        h.b[i] = (uint8_t)(hi << 4 | lo);
    }
    *out = h;
    return true;
}

/* ---- Checkpoints ---- */

static bool sound(const ts_checkpoint *c, ts_error *e) {
    static const ts_chain_hash none;
    if (!c->log.n || c->log.n > LOG_NAME_MAX)
        return ts_fail(e, TS_E_INPUT, "a checkpoint names its log in 1 to %d bytes", LOG_NAME_MAX);
    if (c->size > INT64_MAX)
        return ts_fail(e, TS_E_INPUT, "a checkpoint's size is beyond what a log can hold");
    if ((c->size == 0) != ts_chain_hash_eq(&c->hash, &none))
        return ts_fail(
            e, TS_E_INPUT,
            "a checkpoint's hash is zero exactly when its log is empty; this one has size %llu",
            (unsigned long long)c->size);
    return true;
}

bool ts_checkpoint_sign(ts_arena *a, const ts_checkpoint *c, ts_str method, const ts_key *k,
                        ts_str *token, ts_error *e) {
    char at[24], hex[65];
    if (!sound(c, e)) return false;
    /* The members stand in canonical order already, and so does every value. */
    ts_buf raw = ts_buf_new(a, CHECKPOINT_MAX), b = ts_buf_new(a, CHECKPOINT_MAX);
    ts_jsonw w = ts_jsonw_to(&raw);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "at", ts_instant_iso(c->at, at));
    ts_jsonw_kstr(&w, "format", TS_S("touchstone-checkpoint-1"));
    ts_jsonw_kstr(&w, "hash", ts_chain_hex(&c->hash, hex));
    ts_jsonw_kstr(&w, "log", c->log);
    ts_jsonw_key(&w, "size");
    ts_jsonw_i64(&w, (int64_t)c->size);
    ts_jsonw_end(&w);
    const ts_json *v = ts_json_parse(a, ts_buf_str(&raw), (ts_json_options){.strict = true}, e);
    const ts_jws_header h = {.typ = ts_str_c(checkpoint_type), .kid = method};
    return v && ts_canonical(&b, *a, v, e) && ts_jws_sign(a, &h, ts_buf_str(&b), k, token, e);
}

static bool member(const ts_json *v, const char *name, ts_json_type type, ts_str *out,
                   ts_error *e) {
    const ts_json *m = ts_json_get(v, ts_str_c(name));
    if (!ts_json_is(m, type))
        return ts_fail(e, TS_E_INPUT, "the checkpoint lacks %s, or it is of another type", name);
    *out = ts_json_text(m);
    return true;
}

static bool read_payload(ts_arena *a, const ts_jws *j, ts_checkpoint *out, ts_error *e) {
    ts_str format, at, hash, size;
    ts_buf b = ts_buf_new(a, CHECKPOINT_MAX);
    const ts_json *v = ts_json_parse(a, j->payload, (ts_json_options){.strict = true}, e);
    if (!v || !member(v, "format", TS_JSON_STRING, &format, e) ||
        !member(v, "at", TS_JSON_STRING, &at, e) || !member(v, "hash", TS_JSON_STRING, &hash, e) ||
        !member(v, "log", TS_JSON_STRING, &out->log, e) ||
        !member(v, "size", TS_JSON_NUMBER, &size, e) || !ts_canonical(&b, *a, v, e))
        return false;
    if (!ts_str_is(format, "touchstone-checkpoint-1"))
        return ts_fail(e, TS_E_VERSION,
                       "the checkpoint's format is '%.*s', not touchstone-checkpoint-1",
                       TS_P(ts_str_clip(format, 60)));
    if (v->n != 5)
        return ts_fail(e, TS_E_INPUT, "the checkpoint has members that have no place in it");
    if (!ts_str_eq(ts_buf_str(&b), j->payload))
        return ts_fail(e, TS_E_INPUT,
                       "the checkpoint's payload is not its canonical text (RFC 8785)");
    char again[24];
    if (!ts_stamp_parse(at, &out->at) || !ts_str_eq(ts_instant_iso(out->at, again), at))
        return ts_fail(e, TS_E_INPUT, "the checkpoint's time is no instant");
    if (!ts_chain_read_hex(hash, &out->hash))
        return ts_fail(e, TS_E_INPUT,
                       "the checkpoint's hash is not 64 lower-case hexadecimal digits");
    if (!ts_u64_parse(size, &out->size))
        return ts_fail(e, TS_E_INPUT, "the checkpoint's size is no count");
    return sound(out, e);
}

bool ts_checkpoint_read(ts_arena *a, ts_str token, const ts_key *k, ts_checkpoint *out,
                        ts_error *e) {
    ts_jws j;
    ts_checkpoint c = {0};
    if (!ts_jws_parse(a, token, CHECKPOINT_MAX, &j, e)) return false;
    if (!ts_jws_typ_is(&j, checkpoint_type))
        return ts_fail(e, TS_E_INPUT, "the token is no checkpoint: its typ is '%.*s'",
                       TS_P(ts_str_clip(j.typ, 60)));
    if (!j.kid.n) return ts_fail(e, TS_E_INPUT, "the checkpoint does not say which key signed it");
    c.kid = j.kid;
    if (!read_payload(a, &j, &c, e) || (k && !ts_jws_verify(&j, k, e))) return false;
    *out = c;
    return true;
}
