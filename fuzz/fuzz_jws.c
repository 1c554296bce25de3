/* Compact JSON Web Signatures, from any bytes; a did:key named by kid is the key. */
#include "trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was taken is written back as it was: there is no second text of the same token. */
static void check_writing(ts_arena a, ts_str token, const ts_jws *j) {
    ts_str rest = token, header = ts_str_cut(&rest, '.'), bytes;
    const ts_str parts[] = {header, ts_base64url(&a, j->payload), ts_base64url(&a, j->signature)};
    if (!ts_str_eq(ts_str_join(&a, parts, 3, TS_S(".")), token)) __builtin_trap();
    if (!ts_base64url_decode(&a, header, &bytes, 0) ||
        !ts_str_eq(ts_base64url(&a, bytes), header) || !ts_str_starts(token, j->signing_input))
        __builtin_trap();
}

static void verify(ts_arena a, const ts_jws *j) {
    ts_did_url u;
    ts_did_document d;
    ts_error e = {0};
    if (!ts_did_parse(j->kid, &u, &e) || !ts_did_resolve_static(&a, u.did, &d, &e)) return;
    ts_key *k = ts_key_public(&a, &d.methods.v[0].key, &e);
    if (k && !ts_jws_verify(j, k, &e) && !e.msg[0]) __builtin_trap();
    ts_key_free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)256 << 20);
    ts_arena a = first;
    ts_error e = {0};
    ts_jws j;
    ts_str token = {(const char *)data, size};
    if (!ts_jws_parse(&a, token, 60000, &j, &e)) {
        if (!e.msg[0]) __builtin_trap();
        return 0;
    }
    check_writing(a, token, &j);
    (void)ts_jws_typ_is(&j, "vc+jwt");
    verify(a, &j);
    return 0;
}
