/* run.h - runs the program as a user would and collects what it says. */
#ifndef TS_TESTS_RUN_H
#define TS_TESTS_RUN_H

#include "support/support.h"

typedef struct run_how {
    ts_str input;       /* standard input; empty = /dev/null */
    const char *folder; /* working folder; NULL = this one */
    const char *out;    /* where standard output goes, e.g. /dev/full; NULL = collected */
    bool close_out;     /* standard output is closed */
    bool broken_pipe;   /* standard output is a pipe that nobody reads */
    unsigned uid;       /* run as this user; 0 = as now */
    uint64_t signal_at; /* nanoseconds after the start at which `signal` is sent; 0 = never */
    int signal;
} run_how;

typedef struct ran {
    int status; /* exit status; 128 + signal where one ended it */
    ts_str out, err;
    double seconds, cpu_seconds;
    long peak_kib;
} ran;

/* The program with these arguments, ended by NULL. Language English, 100 columns, at most 120 s of
 * processor time. */
ran run_program(ts_arena *a, run_how how, ...) __attribute__((sentinel));
#define RUN(a, ...) run_program((a), (run_how){0}, __VA_ARGS__, NULL)
#define RUN_HOW(a, how, ...) run_program((a), (run_how)how, __VA_ARGS__, NULL)

/* The same with a list of arguments. */
ran run_list(ts_arena *a, run_how how, const char *const *args);

/* Asserts status and prints what was said when it is another. */
#define assert_status(r, want) run_assert_status(&(r), (want), __FILE__, __LINE__)
void run_assert_status(const ran *r, int want, const char *file, int line);
/* Asserts that s holds `part`, or does not. */
#define assert_says(s, part) run_assert_says((s), (part), true, __FILE__, __LINE__)
#define assert_silent_on(s, part) run_assert_says((s), (part), false, __FILE__, __LINE__)
void run_assert_says(ts_str s, const char *part, bool want, const char *file, int line);
size_t run_count(ts_str s, const char *part);

/* Path in this test's scratch folder, kept in `a`. */
const char *temp_path(ts_arena *a, const char *name);
/* Path of a file under tests/. */
const char *here(ts_arena *a, const char *name);
bool sanitized(void); /* built with a sanitizer: slower, and memory figures mean little */

#endif
