#include <math.h>
#include <stdio.h>

#include "json.h"

ts_jsonw ts_jsonw_to(ts_buf *b) { return (ts_jsonw){.b = b}; }

static void newline(ts_jsonw *w) {
    if (!w->pretty) return;
    ts_buf_c(w->b, '\n');
    for (unsigned i = 0; i < w->depth; i++) ts_buf_lit(w->b, "  ");
}

/* Before a value: a comma when one came before it in this container. */
static void separate(ts_jsonw *w) {
    bool in_object = w->depth && (w->is_object >> (w->depth - 1) & 1);
    if (in_object) return; /* the key did it */
    if (w->comma) ts_buf_c(w->b, ',');
    if (w->depth) newline(w);
}

static void open_container(ts_jsonw *w, char c, bool object) {
    separate(w);
    ts_buf_c(w->b, c);
    w->is_object = (w->is_object & ~(1ull << w->depth)) | (uint64_t)object << w->depth;
    w->depth++;
    w->comma = false;
}

void ts_jsonw_object(ts_jsonw *w) { open_container(w, '{', true); }
void ts_jsonw_array(ts_jsonw *w) { open_container(w, '[', false); }

void ts_jsonw_end(ts_jsonw *w) {
    bool object = w->is_object >> (w->depth - 1) & 1, any = w->comma;
    w->depth--;
    if (any) newline(w);
    ts_buf_c(w->b, object ? '}' : ']');
    w->comma = true;
}

static void quoted(ts_buf *b, ts_str s) {
    static const char hex[] = "0123456789abcdef";
    ts_buf_c(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c < 0x80) {
            i++;
            continue;
        }
        size_t at = i;
        if (c >= 0x80 && (ts_utf8_next(s, &i) != 0xFFFD || i != at + 1)) continue;
        ts_buf_put(b, (ts_str){s.p + from, at - from});
        i = from = at + 1;
        switch (c) {
        case '"': ts_buf_lit(b, "\\\""); break;
        case '\\': ts_buf_lit(b, "\\\\"); break;
        case '\n': ts_buf_lit(b, "\\n"); break;
        case '\r': ts_buf_lit(b, "\\r"); break;
        case '\t': ts_buf_lit(b, "\\t"); break;
        default:
            if (c >= 0x80)
                ts_buf_lit(b, "\xEF\xBF\xBD");
            else {
                ts_buf_lit(b, "\\u00");
                ts_buf_c(b, hex[c >> 4]);
                ts_buf_c(b, hex[c & 15]);
            }
        }
    }
    ts_buf_put(b, ts_str_from(s, from));
    ts_buf_c(b, '"');
}

void ts_jsonw_key_str(ts_jsonw *w, ts_str name) {
    if (w->comma) ts_buf_c(w->b, ',');
    newline(w);
    quoted(w->b, name);
    ts_buf_c(w->b, ':');
    if (w->pretty) ts_buf_c(w->b, ' ');
    w->comma = false;
}
void ts_jsonw_key(ts_jsonw *w, const char *name) { ts_jsonw_key_str(w, ts_str_c(name)); }

void ts_jsonw_raw(ts_jsonw *w, ts_str json) {
    separate(w);
    ts_buf_put(w->b, json);
    w->comma = true;
}

void ts_jsonw_str(ts_jsonw *w, ts_str s) {
    separate(w);
    quoted(w->b, s);
    w->comma = true;
}

void ts_jsonw_i64(ts_jsonw *w, int64_t v) {
    separate(w);
    ts_buf_i64(w->b, v);
    w->comma = true;
}

void ts_jsonw_f64(ts_jsonw *w, double v, int decimals) {
    if (!isfinite(v)) {
        ts_jsonw_null(w);
        return;
    }
    separate(w);
    ts_buf_fmt(w->b, "%.*f", decimals, v);
    w->comma = true;
}

void ts_jsonw_bool(ts_jsonw *w, bool v) { ts_jsonw_raw(w, v ? TS_S("true") : TS_S("false")); }
void ts_jsonw_null(ts_jsonw *w) { ts_jsonw_raw(w, TS_S("null")); }

void ts_jsonw_kstr(ts_jsonw *w, const char *name, ts_str s) {
    ts_jsonw_key(w, name);
    ts_jsonw_str(w, s);
}

void ts_jsonw_kstr_opt(ts_jsonw *w, const char *name, ts_str s) {
    if (s.n) ts_jsonw_kstr(w, name, s);
}

void ts_jsonw_kstrs_opt(ts_jsonw *w, const char *name, const ts_strs *l) {
    if (!l->n) return;
    ts_jsonw_key(w, name);
    ts_jsonw_array(w);
    for (size_t i = 0; i < l->n; i++) ts_jsonw_str(w, l->v[i]);
    ts_jsonw_end(w);
}
