/* error.h - an error is a value with a message for a person.
 *
 * Fallible functions return bool (or a pointer) and take `ts_error *e` last. On
 * success `e` is untouched. On failure it is filled once, where it happened:
 * what was wrong, where, and what to do about it. Only `main` decides to exit.
 */
#ifndef TS_BASE_ERROR_H
#define TS_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    TS_OK = 0,
    TS_E_USAGE,     /* the caller asked for something that makes no sense */
    TS_E_INPUT,     /* bytes from outside are not what they should be */
    TS_E_LIMIT,     /* a cap was reached: size, depth, count */
    TS_E_IO,        /* file, disk, pipe */
    TS_E_NET,       /* address, connection, protocol */
    TS_E_MEMORY,    /* a job's arena is full */
    TS_E_STORE,     /* the database refused */
    TS_E_NOT_FOUND, /* what was named does not exist */
    TS_E_VERSION,   /* made by another version: rebuild or upgrade */
} ts_error_code;

typedef struct ts_error {
    ts_error_code code;
    uint64_t line;   /* 1-based line or record number in the input; 0 = does not apply */
    uint64_t byte;   /* byte offset in the input; meaningful when code is TS_E_INPUT */
    char where[128]; /* file, URL or table; "" = does not apply */
    char msg[1600];  /* what was wrong and what to do: one sentence, rarely a list of what is
                        possible */
} ts_error;

/* Fills *e (NULL is allowed) and returns false, so that `return ts_fail(e, …)` reads well. */
bool ts_fail(ts_error *e, ts_error_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with errno's text appended; `err` is the errno value. */
bool ts_fail_errno(ts_error *e, ts_error_code code, int err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds the place to an error that has none yet. Always returns false. */
bool ts_fail_at(ts_error *e, const char *where, uint64_t line, uint64_t byte);

#ifdef __clang_analyzer__ /* what a checker of one file at a time cannot see from the declarations \
                           */
#define ts_fail(...)                                                                               \
    (__extension__({                                                                               \
        ts_fail(__VA_ARGS__);                                                                      \
        false;                                                                                     \
    }))
#define ts_fail_errno(...)                                                                         \
    (__extension__({                                                                               \
        ts_fail_errno(__VA_ARGS__);                                                                \
        false;                                                                                     \
    }))
#define ts_fail_at(...)                                                                            \
    (__extension__({                                                                               \
        ts_fail_at(__VA_ARGS__);                                                                   \
        false;                                                                                     \
    }))
#endif

/* "where:line: msg" into buf; returns buf. */
const char *ts_error_text(const ts_error *e, char *buf, size_t n);

#endif
