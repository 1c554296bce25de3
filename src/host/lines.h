/* lines.h - a file or pipe read line by line; lines may be long. Private to host/. */
#ifndef TS_HOST_LINES_H
#define TS_HOST_LINES_H

#include "base/base.h"

typedef struct lines {
    ts_input *in;
    size_t max; /* bytes of a line; longer ones are refused */
    char *held;
    size_t n, at, cap;
    uint64_t number; /* of the line that was read last, from 1 */
    bool eof;
} lines;

/* The next line without its end; *line.p is NULL at the end of the input. It stands until the next
 * call. What is held grows in `a`. */
bool lines_next(ts_arena *a, lines *l, ts_str *line, ts_error *e);

#endif
