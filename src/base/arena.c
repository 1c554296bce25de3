#include "arena.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct ts_landing {
    jmp_buf at;
};

static _Thread_local long fail_countdown;

void ts_arena_fail_after(long n) { fail_countdown = n; }

ts_arena ts_arena_new(size_t size) {
    char *p =
        mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) {
        fprintf(stderr,
                "touchstone: cannot reserve %zu MiB of address space (%s); raise `ulimit -v`\n",
                size >> 20, strerror(errno));
        exit(1);
    }
    return (ts_arena){p, p + size, 0};
}

void ts_arena_free(ts_arena *a, size_t size) {
    if (a->beg) munmap(a->beg, size);
    *a = (ts_arena){0};
}

void ts_arena_trim(ts_arena mark) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t lo = ((uintptr_t)mark.beg + page - 1) & ~(page - 1);
    uintptr_t hi = (uintptr_t)mark.end & ~(page - 1);
    if (hi > lo) madvise((void *)lo, hi - lo, MADV_DONTNEED);
}

static void overflow(const ts_arena *a, size_t want) {
    if (a->land) longjmp(a->land->at, 1);
    fprintf(stderr, "touchstone: out of memory (%zu bytes wanted outside any guard)\n", want);
    abort();
}

void *ts_alloc_raw(ts_arena *a, size_t size, size_t align, size_t n) {
    if (fail_countdown && --fail_countdown == 0) overflow(a, size);
    size_t pad = -(uintptr_t)a->beg & (align - 1);
    size_t room = (size_t)(a->end - a->beg);
    if (size && n > (room < pad ? 0 : room - pad) / size) overflow(a, size);
    char *p = a->beg + pad;
    a->beg = p + size * n;
    return p;
}

void *ts_alloc(ts_arena *a, size_t size, size_t align, size_t n) {
    void *p = ts_alloc_raw(a, size, align, n);
    return memset(p, 0, size * n);
}

void *ts_grow(ts_arena *a, void *old, size_t size, size_t align, size_t *cap, size_t need) {
    size_t want = *cap ? *cap : 8;
    while (want < need) want *= 2;
    char *end = old ? (char *)old + *cap * size : 0;
    if (old && end == a->beg && !fail_countdown) { /* the last thing in the arena: extend */
        if ((want - *cap) * size <= (size_t)(a->end - a->beg)) {
            a->beg = (char *)old + want * size;
            *cap = want;
            return old;
        }
    }
    void *p = ts_alloc_raw(a, size, align, want);
    if (old) memcpy(p, old, *cap * size);
    *cap = want;
    return p;
}

bool ts_arena_guard(bool (*fn)(void *ctx, ts_arena *a, ts_error *e), void *ctx, ts_arena *a,
                    ts_error *e) {
    struct ts_landing here;
    ts_arena mark = *a;
    a->land = &here;
    if (setjmp(here.at) == 0) {
        bool ok = fn(ctx, a, e);
        a->land = mark.land;
        return ok;
    }
    *a = mark;
    return ts_fail(e, TS_E_MEMORY, "needs more than the %zu MiB of working memory a job has",
                   (size_t)(mark.end - mark.beg) >> 20);
}
