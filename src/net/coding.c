/* Undoing the gzip content coding, with a cap on what comes out. */
#include "coding.h"

enum { STEP = 1 << 16 };

static bool too_much(const net_coded *c, ts_error *e) {
    ts_fail(e, TS_E_LIMIT, "unpacks to more than the %llu bytes allowed here",
            (unsigned long long)c->max);
    return ts_fail_at(e, c->from, 0, 0);
}

typedef struct decoding {
    const net_coded *coded;
    int fd;
    const char *name;
    uint64_t bytes;
    ts_input *in;
} decoding;

/* Runs under a guard: the input's state is released by the caller whatever happens. */
static bool decode_to_fd(void *ctx, ts_arena *a, ts_error *e) {
    decoding *d = ctx;
    char *buf = ts_new_raw(a, char, STEP);
    d->in = ts_input_memory(a, d->coded->bytes, d->coded->from);
    ptrdiff_t k;
    while ((k = ts_input_read(d->in, buf, STEP, e)) > 0) {
        d->bytes += (size_t)k;
        if (d->bytes > d->coded->max) return too_much(d->coded, e);
        if (!ts_fd_write(d->fd, (ts_str){buf, (size_t)k}, d->name, e)) return false;
    }
    return k == 0;
}

bool net_decode_fd(const net_coded *c, int fd, const char *name, uint64_t *bytes, ts_arena scratch,
                   ts_error *e) {
    decoding d = {.coded = c, .fd = fd, .name = name};
    bool ok = ts_arena_guard(decode_to_fd, &d, &scratch, e);
    ts_input_close(d.in);
    *bytes = d.bytes;
    return ok;
}

/* The output takes all the room there is behind the input's state, and gives back what it does not
 * need: nothing is allocated while the input is open. */
bool net_decode_memory(ts_arena *a, const net_coded *c, ts_str *out, ts_error *e) {
    ts_arena mark = *a;
    ts_input *in = ts_input_memory(a, c->bytes, c->from);
    size_t room = (size_t)(a->end - a->beg), n = 0;
    char *p = a->beg;
    ptrdiff_t k = 0;
    bool full = room == 0;
    while (!full && (k = ts_input_read(in, p + n, room - n < STEP ? room - n : STEP, e)) > 0) {
        n += (size_t)k;
        full = n > c->max || n == room;
    }
    ts_input_close(in);
    *a = mark;
    if (n > c->max) return too_much(c, e);
    if (full) return ts_fail(e, TS_E_MEMORY, "does not fit into the working memory of a job");
    if (k < 0) return false;
    *out = (ts_str){memmove(a->beg, p, n), n};
    a->beg += n;
    return true;
}
