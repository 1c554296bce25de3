/* Canonical JSON: one text for one value. */
#include <stdlib.h>

#include "trust/canonical.h"

static void must(bool holds) {
    if (!holds) abort();
}

static const ts_json *read_strictly(ts_arena *a, ts_str text) {
    return ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = 1024}, 0);
}

/* The same value, members in any order; `y` is canonical, its names ascending. */
static void same(const ts_json *x, const ts_json *y) {
    double d, c;
    must(x->type == y->type);
    if (x->type == TS_JSON_STRING) must(ts_str_eq(ts_json_str(x), ts_json_str(y)));
    if (x->type == TS_JSON_NUMBER) {
        char text[32];
        must(ts_json_f64(x, &d) && ts_json_f64(y, &c) && d == c);
        must(ts_str_eq(ts_json_text(y), ts_es6_number(d, text)));
    }
    if (x->type < TS_JSON_ARRAY) return;
    must(x->n == y->n);
    const ts_json *next = y + 1;
    TS_JSON_EACH(v, x) {
        same(v, next);
        next += next->span;
    }
    if (x->n > 200) return; /* looking names up is linear */
    TS_JSON_EACH_MEMBER(name, v, x) {
        const ts_json *there = ts_json_get(y, ts_json_str(name));
        must(there != 0);
        same(v, there);
    }
}

/* The tolerant reader's tree either has no repeated names, or is refused. */
static void check_tolerant(ts_arena a, ts_str text) {
    uint32_t repeated = 0;
    ts_error e = {0};
    const ts_json *v =
        ts_json_parse(&a, text, (ts_json_options){.max_depth = 1024, .repeated = &repeated}, 0);
    ts_buf b = ts_buf_new(&a, (size_t)64 << 20);
    if (!v) return;
    if (ts_canonical(&b, a, v, &e))
        must(!repeated && read_strictly(&a, ts_buf_str(&b)));
    else
        must(e.code == TS_E_INPUT && b.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole, other;
    if (!whole.beg) {
        whole = ts_arena_new((size_t)2 << 30);
        other = ts_arena_new((size_t)1 << 30);
    }
    ts_arena a = whole;
    ts_str text = {(const char *)data, size};
    check_tolerant(a, text);
    const ts_json *v = read_strictly(&a, text);
    if (!v) return 0;
    ts_error e = {0};
    ts_buf one = ts_buf_new(&a, (size_t)64 << 20);
    if (!ts_canonical(&one, a, v, &e)) {
        must(e.code == TS_E_INPUT && strstr(e.msg, "too large for a double") && one.n == 0);
        return 0;
    }
    const ts_json *again = read_strictly(&a, ts_buf_str(&one));
    must(again != 0);
    same(v, again);
    ts_buf two = ts_buf_new(&a, one.n), less = ts_buf_new(&a, one.n - 1);
    must(ts_canonical(&two, other, again, &e) && ts_str_eq(ts_buf_str(&one), ts_buf_str(&two)));
    must(!ts_canonical(&less, a, v, &e) && e.code == TS_E_LIMIT && less.full && less.n == 0);
    return 0;
}
