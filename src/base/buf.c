#include "buf.h"

#include <stdarg.h>
#include <stdio.h>

ts_buf ts_buf_new(ts_arena *a, size_t max) { return (ts_buf){.a = a, .max = max}; }

char *ts_buf_room(ts_buf *b, size_t n) {
    if (b->full || n > b->max - b->n) {
        b->full = true;
        return 0;
    }
    if (b->n + n > b->cap)
        b->p = ts_grow(b->a, b->p, 1, 1, &b->cap, b->n + n < 256 ? 256 : b->n + n);
    return b->p + b->n;
}

void ts_buf_put(ts_buf *b, ts_str s) {
    char *w = s.n ? ts_buf_room(b, s.n) : 0;
    if (!w) return;
    memcpy(w, s.p, s.n);
    b->n += s.n;
}

void ts_buf_c(ts_buf *b, char c) { ts_buf_put(b, (ts_str){&c, 1}); }

void ts_buf_u64(ts_buf *b, uint64_t v) {
    char t[20], *p = t + sizeof t;
    do *--p = (char)('0' + v % 10);
    while (v /= 10);
    ts_buf_put(b, (ts_str){p, (size_t)(t + sizeof t - p)});
}

void ts_buf_i64(ts_buf *b, int64_t v) {
    if (v < 0) ts_buf_c(b, '-');
    ts_buf_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void ts_buf_fmt(ts_buf *b, const char *fmt, ...) {
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(0, 0, fmt, ap);
    va_end(ap);
    char *w = n >= 0 ? ts_buf_room(b, (size_t)n + 1) : 0;
    if (w) b->n += (size_t)vsnprintf(w, (size_t)n + 1, fmt, again);
    va_end(again);
}
