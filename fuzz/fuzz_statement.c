/* A statement on safety, from any bytes, signed or not: what is read of it keeps its limits. */
#include <stdlib.h>

#include "host/statement_part.h"

static void must(bool ok) {
    if (!ok) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)1 << 32);
    ts_arena a = first;
    ts_str text = {(const char *)data, size};
    statement_facts f;
    ts_statement_row row;
    ts_error e = {0};
    const ts_verify_options o = {.now = 1764000000};
    if (!statement_of_bytes(&a, text, &f, &e)) {
        must(e.code != TS_OK && e.msg[0]);
        return 0;
    }
    must(f.id.n && f.by.n && f.kind.n && f.at != TS_NO_TIME);
    must(!f.about.n != !f.passport.n);
    must(!f.text || f.text->type == TS_JSON_OBJECT);
    if (ts_statement_verify(&a, text, &o, &row, &e)) must(ts_str_eq(row.id, f.id));
    return 0;
}
