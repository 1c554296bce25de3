/* buf.h - a growing byte buffer with a cap, in an arena. */
#ifndef TS_BASE_BUF_H
#define TS_BASE_BUF_H

#include "str.h"

/* A buffer never grows past `max`: what does not fit is dropped and `full` is set, so that a
 * sequence of writes is checked once, at its end. */
typedef struct ts_buf {
    ts_arena *a;
    char *p;
    size_t n, cap, max;
    bool full;
} ts_buf;

ts_buf ts_buf_new(ts_arena *a, size_t max);
static inline ts_str ts_buf_str(const ts_buf *b) { return (ts_str){b->p, b->n}; }
static inline void ts_buf_reset(ts_buf *b) { b->n = 0, b->full = false; }
void ts_buf_put(ts_buf *b, ts_str s);
void ts_buf_c(ts_buf *b, char c);
#define ts_buf_lit(b, lit) ts_buf_put((b), TS_S(lit))
void ts_buf_u64(ts_buf *b, uint64_t v);
void ts_buf_i64(ts_buf *b, int64_t v);
/* printf form; for formats of our own, never for text from outside as `fmt`. */
void ts_buf_fmt(ts_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes, or NULL (and full) when past the cap; the caller writes there and adds
 * to b->n. */
char *ts_buf_room(ts_buf *b, size_t n);

#endif
