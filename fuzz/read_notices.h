/* read_notices.h - reads bytes as notices of one format and checks what must hold of any notice. */
#ifndef TS_FUZZ_READ_NOTICES_H
#define TS_FUZZ_READ_NOTICES_H

#include "gazette/gazette.h"

static inline void must(bool holds) {
    if (!holds) abort();
}

static inline void check_text(ts_str s) { must(s.n <= 64 << 10 && ts_utf8_bad(s) == TS_NPOS); }

static inline void check_list(const ts_strs *l) {
    must(l->n <= 2000);
    for (size_t i = 0; i < l->n; i++) check_text(l->v[i]);
}

/* Every string is text, nothing is longer than it may be, and the notice written as JSON and read
 * back is the same notice. */
static inline void check_notice(ts_arena scratch, const ts_notice *n) {
    ts_buf b = ts_buf_new(&scratch, 256 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_notice again;
    ts_error e;
    must(n->id.n > 0 && n->source.n > 0);
    const ts_str text[] = {n->id,     n->number,   n->title,      n->product, n->name,
                           n->hazard, n->remedy,   n->measures,   n->origin,  n->country,
                           n->url,    n->category, n->description};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) check_text(text[i]);
    check_list(&n->brands);
    check_list(&n->models);
    check_list(&n->operators);
    check_list(&n->scope.lots);
    must(n->identifiers.n <= 2000);
    ts_notice_write(&w, n);
    must(!b.full && w.depth == 0);
    const ts_json *v = ts_json_parse(&scratch, ts_buf_str(&b), (ts_json_options){0}, &e);
    must(v && ts_notice_read(&scratch, v, &again, &e));
    ts_notice_seal(scratch, &again);
    must(ts_digest_eq(again.digest, n->digest));
}

static inline void read_as(ts_notice_format format, const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new((size_t)4 << 30);
    ts_arena a = whole;
    ts_error e = {0};
    ts_str bytes = {(const char *)data, size};
    ts_notice_reader *r =
        ts_notices_memory(&a, bytes, "fuzz", (ts_notice_options){.format = format}, &e);
    if (!r) {
        must(e.code != TS_OK && e.msg[0]);
        return;
    }
    for (;;) {
        ts_arena one = a;
        ts_notice n;
        ts_read_result rc = ts_notices_next(r, &one, &n, &e);
        if (rc == TS_READ_END || rc == TS_READ_FAILED) break;
        if (rc == TS_READ_RECORD)
            check_notice(one, &n);
        else
            must(e.code != TS_OK && e.msg[0]);
    }
    ts_notices_close(r);
}

#endif
