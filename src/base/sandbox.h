/* sandbox.h - code that handles dangerous bytes runs in a child that can do nothing else: it reads
 * memory, computes, and answers through a pipe.
 */
#ifndef TS_BASE_SANDBOX_H
#define TS_BASE_SANDBOX_H

#include "buf.h"

typedef struct ts_sandbox_limits {
    size_t max_out;   /* bytes of the answer; default 1 MiB */
    size_t memory;    /* bytes of address space beyond the parent's at the fork; default 1 GiB */
    unsigned seconds; /* of processor time, and twice that of wall time; default 10 */
} ts_sandbox_limits;

/* Runs fn(ctx, input, out, e) in a forked child under a seccomp filter that allows memory, reading
 * nothing, writing to its one pipe, and exit; no files, no network, no new processes. What fn puts
 * into `out` comes back in *answer; an error it fills comes back as it is. The child that crashes,
 * takes too long or too much is TS_E_LIMIT or TS_E_INPUT, in words that name what happened.
 * Libraries must be loaded and initialised before the call: the child cannot open them. */
bool ts_sandbox_run(ts_arena *a, bool (*fn)(void *ctx, ts_str input, ts_buf *out, ts_error *e),
                    void *ctx, ts_str input, ts_sandbox_limits limits, ts_str *answer, ts_error *e);

#endif
