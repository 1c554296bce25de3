/* Dossiers: tokens, proofs, presentations, the graph of trust. Parts of the input behind a line
 * "---" are what the web answers, in the order of asking. */
#include "passport/verify.h"

enum { MEMORY = 1 << 29, NOW = 1795348800 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool next_part(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes,
                      ts_error *why) {
    ts_str *rest = ctx;
    (void)a;
    (void)what;
    (void)url;
    if (!rest->p) return ts_fail(why, TS_E_NET, "nothing is left");
    size_t at = ts_str_find(*rest, TS_S("\n---\n"));
    *bytes = ts_str_to(*rest, at);
    *rest = at == TS_NPOS ? TS_NONE : ts_str_from(*rest, at + 5);
    return true;
}

static void check_reasons(const ts_verdict *steps) {
    for (int s = 0; s < TS_STEPS; s++)
        if (!steps[s].reason.n) __builtin_trap();
}

/* Whose a credential is cannot be verified where its signature is not. */
static void check(const ts_checked *c) {
    check_reasons(c->step);
    if (c->step[TS_STEP_ISSUER].answer == TS_YES && c->step[TS_STEP_SIGNATURE].answer != TS_YES)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new(MEMORY);
    ts_arena a = whole;
    ts_str rest = {(const char *)data, size}, first = TS_NONE;
    const ts_str trusted[] = {TS_S("did:web:body.example")};
    ts_verify_options o = {
        .now = NOW, .source = {next_part, &rest}, .trusted = trusted, .trusted_n = 1};
    ts_report r;
    next_part(&rest, &a, TS_WANT_CREDENTIAL, TS_NONE, &first, 0);
    ts_verify(&a, first, &o, &r);
    check_reasons(r.step);
    for (size_t i = 0; i < r.credentials.n; i++) check(&r.credentials.v[i]);
    ts_buf b = ts_buf_new(&a, 64u << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_report_write(&w, &r);
    ts_error e = {0};
    if (!b.full && !ts_json_parse(&a, ts_buf_str(&b), (ts_json_options){.strict = true}, &e))
        __builtin_trap();
    return 0;
}
