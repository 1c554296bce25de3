/* arena.h - memory by lifetime.
 *
 * An arena is one reserved range of addresses that is used from the front. There
 * are three lifetimes: process, job (or request; reset after each), and scratch.
 *
 *   - A function that RETURNS memory takes `ts_arena *a`: what it allocates
 *     outlives the call.
 *   - A function that only WORKS takes `ts_arena scratch` by value: its copy of
 *     the mark goes away on return, and with it everything it allocated.
 *
 * Reset is assignment: `ts_arena mark = *a; ...; *a = mark;`.
 *
 * Running out never returns NULL. An allocation that does not fit jumps to the
 * innermost ts_arena_guard() that the arena was handed to, which returns false
 * with TS_E_MEMORY; without a guard the program ends with a message. Resources
 * that are not memory must therefore be acquired outside the guarded function.
 */
#ifndef TS_BASE_ARENA_H
#define TS_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "error.h"

struct ts_landing;

typedef struct ts_arena {
    char *beg, *end;         /* free room is [beg, end) */
    struct ts_landing *land; /* where an allocation that does not fit goes, or NULL */
} ts_arena;

/* Reserves `size` bytes of address space; pages are taken from the system when
 * first touched. Ends the program if the address space itself is refused. */
ts_arena ts_arena_new(size_t size);

/* Gives the range back. `a` must be the value ts_arena_new returned (its first mark). */
void ts_arena_free(ts_arena *a, size_t size);

/* Returns the pages behind `mark` to the system (the addresses stay usable and read 0). */
void ts_arena_trim(ts_arena mark);

/* `n` objects of `size` bytes, aligned to `align`, zeroed. n == 0 gives a valid empty pointer. */
void *ts_alloc(ts_arena *a, size_t size, size_t align, size_t n);
/* The same without zeroing, for buffers that are filled at once. */
void *ts_alloc_raw(ts_arena *a, size_t size, size_t align, size_t n);

#define ts_new(a, T) ((T *)ts_alloc((a), sizeof(T), _Alignof(T), 1))
#define ts_new_n(a, T, n) ((T *)ts_alloc((a), sizeof(T), _Alignof(T), (size_t)(n)))
#define ts_new_raw(a, T, n) ((T *)ts_alloc_raw((a), sizeof(T), _Alignof(T), (size_t)(n)))

/* Grows an array of `size`-byte elements from *cap to at least `need` elements. In place when the
 * array is the last thing in the arena, else by copying. Returns the (new) address. */
void *ts_grow(ts_arena *a, void *old, size_t size, size_t align, size_t *cap, size_t need);

/* A list in an arena: struct { T *v; size_t n, cap; }. ts_push returns the address of a new,
 * zeroed last element. */
#define ts_push(a, list)                                                                           \
    ((list)->n == (list)->cap ? (void)((list)->v = ts_grow((a), (list)->v, sizeof *(list)->v,      \
                                                           _Alignof(__typeof__(*(list)->v)),       \
                                                           &(list)->cap, (list)->n + 1))           \
                              : (void)0,                                                           \
     memset(&(list)->v[(list)->n], 0, sizeof *(list)->v), &(list)->v[(list)->n++])

/* Calls fn(ctx, a, e). If an allocation from `a` (or a copy of it) does not fit, the call is
 * abandoned, *a is set back to where it was, and false is returned with TS_E_MEMORY in `e`. */
bool ts_arena_guard(bool (*fn)(void *ctx, ts_arena *a, ts_error *e), void *ctx, ts_arena *a,
                    ts_error *e);

/* Test hook: the n-th allocation from now on this thread fails (0 = never). */
void ts_arena_fail_after(long n);

#endif
