/* coding.h - undoing the gzip content coding, with a cap on what comes out. */
#ifndef TS_NET_CODING_H
#define TS_NET_CODING_H

#include "base/base.h"

/* What is decoded: its bytes, where they come from (for errors), and how many may come out. */
typedef struct net_coded {
    ts_str bytes;
    const char *from;
    uint64_t max;
} net_coded;

/* Decodes into memory of `a`. Bytes that are not gzip after all come out as they are. False with
 * TS_E_LIMIT when more than max bytes come out, TS_E_INPUT when the data is damaged or ends early,
 * TS_E_MEMORY when the arena is too small. */
bool net_decode_memory(ts_arena *a, const net_coded *c, ts_str *out, ts_error *e);

/* The same into a descriptor, of the file `name`; *bytes is how many came out. */
bool net_decode_fd(const net_coded *c, int fd, const char *name, uint64_t *bytes, ts_arena scratch,
                   ts_error *e);

#endif
