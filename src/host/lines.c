#include "lines.h"

bool lines_next(ts_arena *a, lines *l, ts_str *line, ts_error *e) {
    enum { STEP = 1 << 20 };
    for (;;) {
        ts_str rest = {l->held + l->at, l->n - l->at};
        size_t end = ts_str_chr(rest, '\n');
        if (end == TS_NPOS && l->eof) end = rest.n;
        if (end != TS_NPOS) {
            *line = l->eof && !rest.n ? TS_NONE : ts_str_to(rest, end);
            l->at += end < rest.n ? end + 1 : end;
            l->number++;
            return true;
        }
        if (rest.n > l->max)
            return ts_fail(e, TS_E_LIMIT, "the line is longer than %zu bytes", l->max);
        if (l->at) memmove(l->held, rest.p, rest.n);
        l->n = rest.n;
        l->at = 0;
        if (l->cap < l->n + STEP) l->held = ts_grow(a, l->held, 1, 1, &l->cap, l->n + STEP);
        ptrdiff_t got = ts_input_read(l->in, l->held + l->n, l->cap - l->n, e);
        if (got < 0) return false;
        l->eof = got == 0;
        l->n += (size_t)got;
    }
}
