/* log.h - what a person at a terminal is told while work goes on. Everything goes to standard
 * error; results go to standard output. */
#ifndef TS_BASE_LOG_H
#define TS_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

void ts_log_quiet(bool quiet); /* set once by main: notes are left out, problems are not */
void ts_log_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void ts_log_problem(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void ts_log_error(const ts_error *e); /* "touchstone: where:line: msg" */

/* A progress line with rate and time left; drawn at most ten times a second, and only when
 * standard error is a terminal and not quiet. */
typedef struct ts_progress {
    const char *what; /* e.g. "screened" */
    const char *unit; /* e.g. "offers" */
    uint64_t start, last;
    bool on;
} ts_progress;
ts_progress ts_progress_start(const char *what, const char *unit);
/* `count` of the unit are done; done/total (any measure; total 0 = not known) gives the rest. */
void ts_progress_show(ts_progress *p, uint64_t count, uint64_t done, uint64_t total);
void ts_progress_clear(ts_progress *p);

#endif
