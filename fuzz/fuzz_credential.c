/* Credentials and presentations: the rules of VCDM 2.0, and UNTP's passports read back. */
#include "passport/passport.h"

enum { MEMORY = 1 << 28 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new(MEMORY);
    ts_arena a = whole;
    ts_str text = {(const char *)data, size}, document;
    ts_credential c;
    ts_error e = {0};
    const ts_json *root = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    if (!root) return 0;
    bool ok = ts_credential_read(&a, root, &c, &e);
    if (!ok && !e.msg[0]) __builtin_trap();
    if (ok && c.kind == TS_VC_CREDENTIAL && (!c.issuer.n || !c.subjects.n)) __builtin_trap();
    if (!ok || !ts_untp_read(&a, &c, &document, &e)) return 0;
    /* What was read is a document, and says so again. */
    ts_document d;
    if (!ts_document_read(&a, document, &d, &e)) __builtin_trap();
    return 0;
}
