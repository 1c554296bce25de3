#include "html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void ts_html_text(ts_buf *b, ts_str s) {
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        const char *with = 0;
        size_t at = i;
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80) {
            if (ts_utf8_next(s, &i) == 0xFFFD && i == at + 1) with = "\xEF\xBF\xBD";
        } else {
            i++;
            with = c == '<'    ? "&lt;"
                   : c == '>'  ? "&gt;"
                   : c == '&'  ? "&amp;"
                   : c == '"'  ? "&quot;"
                   : c == '\'' ? "&#39;"
                               : 0;
            if (c < 0x20 && c != '\n' && c != '\t') with = " ";
        }
        if (!with) continue;
        ts_buf_put(b, (ts_str){s.p + from, at - from});
        ts_buf_put(b, ts_str_c(with));
        from = i;
    }
    ts_buf_put(b, ts_str_from(s, from));
}

static bool safe_address(ts_str s) {
    if (ts_str_istarts(s, TS_S("https://")) || ts_str_istarts(s, TS_S("http://"))) return true;
    for (size_t i = 0; i < s.n; i++) /* browsers read a backslash as a slash, and nothing where a
                                        control character stands */
        if (s.p[i] == '\\' || (unsigned char)s.p[i] < ' ') return false;
    for (size_t i = 0; i < s.n; i++) { /* relative: no scheme before the first slash */
        if (s.p[i] == '/' || s.p[i] == '?' || s.p[i] == '#') return !ts_str_starts(s, TS_S("//"));
        if (s.p[i] == ':' || (unsigned char)s.p[i] <= ' ') return false;
    }
    return s.n > 0;
}

static void key(ts_buf *b, const char *s) {
    for (; *s; s++)
        if (ts_is_alnum((unsigned char)*s) || *s == '-' || *s == '_') ts_buf_c(b, *s);
}

void ts_html(ts_buf *b, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    for (const char *p = fmt; *p;) {
        const char *q = strchr(p, '%');
        if (!q) {
            ts_buf_put(b, ts_str_c(p));
            break;
        }
        ts_buf_put(b, (ts_str){p, (size_t)(q - p)});
        switch (q[1]) {
        case 'h': ts_html_text(b, va_arg(ap, ts_str)); break;
        case 'u': {
            ts_str s = ts_str_trim(va_arg(ap, ts_str));
            ts_html_text(b, safe_address(s) ? s : TS_S("#"));
            break;
        }
        case 'd': ts_buf_i64(b, va_arg(ap, int64_t)); break;
        case 'k': key(b, va_arg(ap, const char *)); break;
        case 'r': ts_buf_put(b, va_arg(ap, ts_str)); break;
        case '%': ts_buf_c(b, '%'); break;
        default:
            fprintf(stderr, "touchstone: unknown directive %%%c in an HTML format\n", q[1]);
            abort();
        }
        p = q + 2;
    }
    va_end(ap);
}
