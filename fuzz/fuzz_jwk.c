/* A JSON Web Key, or a Multikey where the text is no JSON. */
#include "trust/trust.h"

static void must(bool holds) {
    if (!holds) abort();
}

/* What was taken is a key in every form. */
static void check_key(ts_arena *a, const ts_public_key *k) {
    ts_error e = {0};
    ts_public_key again;
    ts_buf b = ts_buf_new(a, 1 << 12);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_public_key_write_jwk(&w, k);
    const ts_json *jwk = ts_json_parse(a, ts_buf_str(&b), (ts_json_options){.strict = true}, &e);
    must(jwk && ts_public_key_from_jwk(jwk, &again, &e) && ts_public_key_eq(k, &again));
    ts_str text = ts_public_key_multikey(a, k);
    must(ts_public_key_from_multikey(text, &again, &e) && ts_public_key_eq(k, &again));
    must(ts_public_key_thumbprint(a, k).n == 43);
    ts_key_ring *ring = ts_key_ring_new(a);
    const ts_key *key = ts_key_ring_get(ring, k, &e);
    must(key && ts_public_key_eq(ts_key_public_of(key), k));
    must(!ts_key_verify(key, text, TS_NONE, &e) && e.code == TS_E_INPUT);
    ts_key_ring_free(ring);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new((size_t)1 << 28);
    ts_arena a = whole;
    ts_error e = {0};
    ts_public_key k = {0};
    ts_str text = {(const char *)data, size};
    const ts_json *jwk = ts_json_parse(&a, text, (ts_json_options){.strict = true}, 0);
    bool ok = jwk ? ts_public_key_from_jwk(jwk, &k, &e) : ts_public_key_from_multikey(text, &k, &e);
    if (ok)
        check_key(&a, &k);
    else
        must(e.code != TS_OK && e.msg[0] && !k.kind);
    return 0;
}
