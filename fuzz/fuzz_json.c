/* The JSON reader in both of its modes. The first byte chooses limits, the rest is the text. */
#include <stdlib.h>

#include "base/base.h"

static void must(bool holds) {
    if (!holds) abort();
}

static void check(ts_str text, const ts_json *v) {
    uint32_t n = 0;
    must(v->span >= 1);
    const ts_json *at = v + 1;
    TS_JSON_EACH_MEMBER(name, x, v) {
        must(name->type == TS_JSON_STRING && name->span == 1);
        check(text, x);
        at = x + x->span, n++;
    }
    TS_JSON_EACH(x, v) {
        check(text, x);
        at = x + x->span, n++;
    }
    must(at == v + v->span && (v->type < TS_JSON_ARRAY || n == v->n));
    for (const ts_json *x = v; x < at; x++) {
        must(x->type != TS_JSON_STRING || ts_utf8_bad(ts_json_str(x)) == TS_NPOS);
        must(!x->plain || x->type == TS_JSON_STRING || x->type == TS_JSON_NUMBER);
        must(!x->plain || (x->p >= text.p && x->p + x->n <= text.p + text.n));
        if (x->plain && x->type == TS_JSON_STRING) must(x->p[-1] == '"' && x->p[x->n] == '"');
        double d;
        int64_t i;
        if (ts_json_i64(x, &i)) must(ts_json_f64(x, &d) && d == (double)i);
        if (x->type != TS_JSON_NUMBER || x->n >= 500 || !ts_json_f64(x, &d)) continue;
        char z[512];
        memcpy(z, x->p, x->n);
        z[x->n] = 0;
        must(strtod(z, 0) == d);
    }
}

static bool same(const ts_json *x, const ts_json *y) {
    if (x->span != y->span) return false;
    for (uint32_t i = 0; i < x->span; i++)
        if (x[i].type != y[i].type || x[i].n != y[i].n || x[i].plain != y[i].plain ||
            !ts_str_eq(ts_json_text(&x[i]), ts_json_text(&y[i])))
            return false;
    return true;
}

static void check_split(ts_str text) {
    size_t at = 0, end = 0;
    for (ts_json_split_result r; (r = ts_json_split(text, &at, &end, true)) != TS_JSON_SPLIT_END;) {
        must(at <= text.n);
        if (r != TS_JSON_SPLIT_VALUE) return;
        must(end > at && end <= text.n);
        at = end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new((size_t)2 << 30);
    if (!size) return 0;
    ts_arena a = whole;
    uint32_t repeated = 0, mended = 0;
    ts_error e = {0};
    ts_json_options o = {.strict = true};
    if (*data & 1) o.max_members = 1 + (*data >> 1 & 7);
    if (*data & 16) o.max_depth = 1 + (*data >> 5);
    ts_str text = {(const char *)data + 1, size - 1};
    const ts_json *strict = ts_json_parse(&a, text, o, &e);
    must(strict ? e.code == TS_OK
                : (e.code == TS_E_INPUT || e.code == TS_E_LIMIT) && e.byte <= text.n && e.msg[0]);
    o = (ts_json_options){.max_members = o.max_members,
                          .max_depth = o.max_depth,
                          .repeated = &repeated,
                          .mended = &mended};
    const ts_json *tolerant = ts_json_parse(&a, text, o, &e);
    if (tolerant) check(text, tolerant);
    if (strict) must(tolerant && !repeated && !mended && same(strict, tolerant));
    /* what the tolerant reader had nothing to forgive in, the strict one reads; but for the mark */
    if (tolerant && !repeated && !mended) must(strict || ts_str_starts(text, TS_S("\xEF\xBB\xBF")));
    check_split(text);
    return 0;
}
