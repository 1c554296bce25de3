/* DIDs and DID documents, from any bytes: a document begins with a bracket, all else is a DID. */
#include "trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_did(ts_arena a, ts_str text) {
    ts_did_url u;
    ts_did_document d;
    ts_error e = {0};
    ts_str url;
    if (!ts_did_parse(text, &u, &e)) {
        if (!e.msg[0]) __builtin_trap();
        if (ts_did_resolve_static(&a, text, &d, 0) || ts_did_web_url(&a, text, &url, 0))
            __builtin_trap();
        return;
    }
    if (ts_did_resolve_static(&a, u.did, &d, &e)) {
        const ts_public_key *k = &d.methods.v[0].key;
        if (ts_str_is(u.method, "key") && !ts_str_eq(ts_did_key_of(&a, k), u.did)) __builtin_trap();
        ts_did_document same;
        if (!ts_did_resolve_static(&a, ts_did_jwk_of(&a, k), &same, 0) ||
            !ts_public_key_eq(k, &same.methods.v[0].key))
            __builtin_trap();
    }
    if (ts_did_web_url(&a, u.did, &url, &e) && !ts_str_starts(url, TS_S("https://")))
        __builtin_trap();
}

/* What we write is read as it was. */
static void check_writing(ts_arena a, const ts_did_document *d) {
    ts_buf b = ts_buf_new(&a, 1 << 22);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_did_document same;
    ts_error e = {0};
    ts_did_document_write(&w, d);
    const ts_json *v = ts_json_parse(&a, ts_buf_str(&b), (ts_json_options){.strict = true}, &e);
    if (!v || !ts_did_document_read(&a, v, d->id, &same, &e)) __builtin_trap();
    for (size_t i = 0; i < d->methods.n; i++) {
        const ts_did_method *m = &d->methods.v[i], *found = ts_did_find(&same, m->id);
        if (m->key.kind && (!found || !ts_public_key_eq(&m->key, &found->key))) __builtin_trap();
        if (!m->key.kind && found) __builtin_trap();
    }
}

static void take_document(ts_arena a, ts_str text) {
    ts_did_document d;
    ts_error e = {0};
    const ts_json *v = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    if (!v) return;
    if (ts_did_document_read(&a, v, ts_json_str(ts_json_member(v, "id")), &d, &e))
        check_writing(a, &d);
    else if (!e.msg[0])
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)256 << 20);
    ts_str text = {(const char *)data, size};
    if (size && data[0] == '{')
        take_document(first, text);
    else
        take_did(first, text);
    return 0;
}
