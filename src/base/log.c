#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "time.h"

static bool quiet_notes; /* set once by main, before any thread starts */

void ts_log_quiet(bool quiet) { quiet_notes = quiet; }

static void say(const char *fmt, va_list ap) {
    char line[2048];
    int n = snprintf(line, sizeof line, "touchstone: ");
    int m = vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, ap);
    size_t len = (size_t)n + (m < 0 ? 0 : (size_t)m);
    if (len > sizeof line - 2) len = sizeof line - 2;
    for (size_t i = 0; i < len; i++) /* text from outside must not steer the terminal */
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F) line[i] = ' ';
    line[len++] = '\n';
    if (write(2, line, len) < 0) return; /* nothing sensible to do when stderr is gone */
}

void ts_log_note(const char *fmt, ...) {
    if (quiet_notes) return;
    va_list ap;
    va_start(ap, fmt);
    say(fmt, ap);
    va_end(ap);
}

void ts_log_problem(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    say(fmt, ap);
    va_end(ap);
}

void ts_log_error(const ts_error *e) {
    char text[1800];
    ts_log_problem("%s", ts_error_text(e, text, sizeof text));
}

ts_progress ts_progress_start(const char *what, const char *unit) {
    const char *term = getenv("TERM");
    bool on = !quiet_notes && isatty(2) && !(term && strcmp(term, "dumb") == 0);
    return (ts_progress){.what = what, .unit = unit, .start = ts_nanos(), .on = on};
}

static void human(char *out, size_t n, double v) {
    if (v >= 1e6)
        snprintf(out, n, "%.1f M", v / 1e6);
    else if (v >= 1e4)
        snprintf(out, n, "%.0f k", v / 1e3);
    else
        snprintf(out, n, "%.0f", v);
}

void ts_progress_show(ts_progress *p, uint64_t count, uint64_t done, uint64_t total) {
    uint64_t now = p->on ? ts_nanos() : 0;
    if (!p->on || now - p->last < 100000000u) return;
    p->last = now;
    double secs = (double)(now - p->start) / 1e9;
    char n[32], rate[32], rest[64] = "";
    human(n, sizeof n, (double)count);
    human(rate, sizeof rate, secs > 0 ? (double)count / secs : 0);
    if (total && done) {
        double left = secs * ((double)total / (double)done - 1);
        snprintf(rest, sizeof rest, "  %3.0f %%  about %d:%02d left",
                 100.0 * (double)done / (double)total, (int)left / 60, (int)left % 60);
    }
    fprintf(stderr, "\r\033[K%s %s %s  %s/s%s", p->what, n, p->unit, rate, rest);
    fflush(stderr);
}

void ts_progress_clear(ts_progress *p) {
    if (p->on && p->last) fputs("\r\033[K", stderr);
}
