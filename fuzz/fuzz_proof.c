/* Documents with Data Integrity proofs, from any bytes; keys are did:key. */
#include <unistd.h>

#include "trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(ts_arena a, const ts_json *document, const ts_proofs *p, size_t i) {
    ts_did_url u;
    ts_did_document d;
    ts_error e = {0};
    if (!ts_did_parse(p->v[i].verification_method, &u, &e) ||
        !ts_did_resolve_static(&a, u.did, &d, &e))
        return;
    ts_key *k = ts_key_public(&a, &d.methods.v[0].key, &e);
    if (k && !ts_proof_verify(a, document, p, i, k, &e) && !e.msg[0]) __builtin_trap();
    ts_key_free(k);
}

/* In memory that the leak checker looks through. */
static ts_key *own_key(void) {
    static _Alignas(16) char room[1 << 16];
    static ts_key *k;
    if (k) return k;
    char folder[] = "/tmp/touchstone-fuzz-XXXXXX", path[64];
    ts_arena a = {room, room + sizeof room, 0};
    if (!mkdtemp(folder)) abort();
    snprintf(path, sizeof path, "%s/key.pem", folder);
    k = ts_key_generate(&a, TS_KEY_ED25519, path, 0);
    unlink(path);
    rmdir(folder);
    return k ? k : (abort(), k);
}

/* What we sign is verified, and the proofs before it are as they were. */
static void add(ts_arena a, const ts_json *document, const ts_proofs *p) {
    ts_proof_options o = {.verification_method = TS_S("did:x:y#k"),
                          .created = TS_S("2025-01-01T00:00:00Z")};
    ts_error e = {0};
    ts_str text;
    ts_proofs all;
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].id.n) *ts_push(&a, &o.previous) = p->v[i].id;
    if (!ts_proof_add(&a, document, &o, own_key(), &text, &e)) {
        if (!e.msg[0]) __builtin_trap();
        return;
    }
    const ts_json *v =
        ts_json_parse(&a, text, (ts_json_options){.strict = true, .max_depth = 100}, &e);
    if (!v || !ts_proofs_read(&a, v, &all, &e) || all.n != p->n + 1 ||
        !ts_proof_verify(a, v, &all, p->n, own_key(), &e))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)256 << 20);
    ts_arena a = first;
    ts_error e = {0};
    ts_proofs p;
    ts_str text = {(const char *)data, size};
    const ts_json *v = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    if (!v) return 0;
    if (!ts_proofs_read(&a, v, &p, &e)) {
        if (!e.msg[0]) __builtin_trap();
        return 0;
    }
    for (size_t i = 0; i < p.n; i++) verify(a, v, &p, i);
    add(a, v, &p);
    return 0;
}
