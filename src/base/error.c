#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(ts_error *e, ts_error_code code, const char *fmt, va_list ap) {
    *e = (ts_error){.code = code};
    vsnprintf(e->msg, sizeof e->msg, fmt, ap);
}

bool(ts_fail)(ts_error *e, ts_error_code code, const char *fmt, ...) {
    if (!e) return false;
    va_list ap;
    va_start(ap, fmt);
    fill(e, code, fmt, ap);
    va_end(ap);
    return false;
}

bool(ts_fail_errno)(ts_error *e, ts_error_code code, int err, const char *fmt, ...) {
    if (!e) return false;
    va_list ap;
    va_start(ap, fmt);
    fill(e, code, fmt, ap);
    va_end(ap);
    char why[96] = "";
    const char *text = strerror_r(err, why, sizeof why); /* GNU form: returns the text */
    size_t n = strlen(e->msg);
    snprintf(e->msg + n, sizeof e->msg - n, ": %s", text);
    return false;
}

bool(ts_fail_at)(ts_error *e, const char *where, uint64_t line, uint64_t byte) {
    if (!e) return false;
    if (!e->where[0] && where) snprintf(e->where, sizeof e->where, "%s", where);
    if (!e->line) e->line = line;
    if (!e->byte) e->byte = byte;
    return false;
}

const char *ts_error_text(const ts_error *e, char *buf, size_t n) {
    if (e->where[0] && e->line)
        snprintf(buf, n, "%s:%llu: %s", e->where, (unsigned long long)e->line, e->msg);
    else if (e->where[0])
        snprintf(buf, n, "%s: %s", e->where, e->msg);
    else
        snprintf(buf, n, "%s", e->msg);
    return buf;
}
