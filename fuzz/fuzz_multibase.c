/* A multibase text, and the same bytes as what is to be written. */
#include "trust/trust.h"

static void must(bool holds) {
    if (!holds) abort();
}

/* The bases whose letters may be in either case; of the others one byte string has one text. */
static bool folds(char prefix) { return prefix && strchr("fFvVtTbBcCkK", prefix); }

static void read_text(ts_arena *a, ts_str text) {
    ts_error e = {0};
    ts_str bytes, again;
    size_t i = 0;
    if (!ts_multibase_decode(a, text, &bytes, &e)) {
        must(e.code != TS_OK && e.msg[0]);
        return;
    }
    must(bytes.n <= text.n);
    must(ts_multibase(a, ts_utf8_next(text, &i), bytes, &again, &e));
    must(folds(text.p[0]) ? ts_str_ieq(text, again) : ts_str_eq(text, again));
}

static void write_bytes(ts_arena *a, ts_str bytes) {
    static const uint32_t prefixes[] = {'0', '7', '9', 'f', 'F', 'v', 'V',    't', 'T',
                                        'b', 'B', 'c', 'C', 'h', 'k', 'K',    'R', 'z',
                                        'Z', 'm', 'M', 'u', 'U', 'p', 0x1F680};
    ts_str text, again;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (!ts_multibase(a, prefixes[i], bytes, &text, 0)) continue;
        must(ts_multibase_decode(a, text, &again, 0));
        must(ts_str_eq(bytes, again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new((size_t)1 << 28);
    ts_arena a = whole;
    ts_str s = {(const char *)data, size}, bytes;
    read_text(&a, s);
    write_bytes(&a, s);
    if (ts_base64url_decode(&a, s, &bytes, 0)) must(ts_str_eq(ts_base64url(&a, bytes), s));
    if (ts_base58_decode(&a, s, &bytes, 0)) must(ts_str_eq(ts_base58(&a, bytes), s));
    return 0;
}
