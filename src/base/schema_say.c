#include <stdarg.h>
#include <stdio.h>

#include "schema_part.h"

enum { SHOWN = 60, NAMED = 400, LISTED = 8, MAX_TEXT = 2000, ROOM = 32 << 10, FAULT_STEPS = 200 };

/* ---- places ---- */

static size_t pointer_size(const schema_place *at) {
    size_t n = 0;
    for (; at; at = at->up)
        n += at->name.p ? at->name.n * 2 + 1 : 21; /* "~1" at worst; 20 digits */
    return n;
}

/* Written from the end backwards, as the places are linked. */
ts_str schema_pointer(ts_arena *a, const schema_place *at) {
    size_t size = pointer_size(at);
    char *buf = ts_new_raw(a, char, size), *w = buf + size;
    for (; at; at = at->up) {
        if (at->name.p) {
            for (size_t i = at->name.n; i--;) {
                char c = at->name.p[i];
                *--w = c == '~' ? '0' : c == '/' ? '1' : c;
                if (c == '~' || c == '/') *--w = '~';
            }
        } else {
            size_t x = at->index;
            do *--w = (char)('0' + x % 10);
            while (x /= 10);
        }
        *--w = '/';
    }
    return (ts_str){w, (size_t)(buf + size - w)};
}

/* ---- sentences ---- */

/* Where the room for faults comes to its end, so does the run: what was found is worth more than a
 * jump out of it. */
static bool wanted(schema_run *r, const schema_place *at) {
    if (!r->sink || r->open || r->sink->list->n >= r->sink->max) return false;
    size_t need = ROOM + pointer_size(at) + r->sink->list->cap * 2 * sizeof(ts_schema_fault);
    if ((size_t)(r->sink->a->end - r->sink->a->beg) < need)
        return schema_open(r, TS_E_MEMORY, "there is no room for reasons");
    return true;
}

bool schema_fault(schema_run *r, const schema_place *at, const char *keyword, const char *fmt,
                  ...) {
    if (!wanted(r, at) || !schema_spend(r, FAULT_STEPS)) return false;
    char text[MAX_TEXT];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    ts_str whole = {text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1};
    ts_arena *a = r->sink->a;
    ts_str pointer = schema_pointer(a, at);
    whole = ts_str_dup(a, ts_utf8_mend(a, whole));
    *ts_push(a, r->sink->list) = (ts_schema_fault){pointer, ts_str_c(keyword), whole};
    return false;
}

static bool is_control(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* At most `max` bytes of s; what moves the writing direction or the cursor becomes U+FFFD. */
static void put_plain(ts_buf *b, ts_str s, size_t max) {
    ts_str head = ts_str_clip(s, max);
    for (size_t i = 0; i < head.n;) {
        char utf8[4];
        uint32_t c = ts_utf8_next(head, &i);
        ts_buf_put(b, (ts_str){utf8, ts_utf8_put(utf8, is_control(c) ? 0xFFFD : c)});
    }
    if (head.n < s.n) ts_buf_lit(b, "…");
}

static const char *finished(ts_buf *b) {
    if (b->n == b->max) b->n--;
    b->full = false;
    ts_buf_c(b, 0);
    return b->p;
}

const char *schema_plain(ts_arena *a, ts_str s) {
    ts_buf b = ts_buf_new(a, MAX_TEXT);
    put_plain(&b, s, NAMED);
    return finished(&b);
}

const char *schema_plain_pointer(ts_arena *a, const schema_place *at) {
    return schema_plain(a, schema_pointer(a, at));
}

/* The beginning of v as JSON without escapes, somewhat more than SHOWN bytes. */
static void put_json(ts_buf *b, const ts_json *v, unsigned depth) {
    bool first = true;
    if (v->type == TS_JSON_NUMBER) ts_buf_put(b, ts_str_to(ts_json_text(v), SHOWN + 4));
    if (v->type == TS_JSON_STRING) {
        ts_buf_c(b, '"');
        ts_buf_put(b, ts_str_to(ts_json_text(v), SHOWN + 4));
        ts_buf_c(b, '"');
    }
    if (v->type == TS_JSON_NULL) ts_buf_lit(b, "null");
    if (v->type == TS_JSON_TRUE) ts_buf_lit(b, "true");
    if (v->type == TS_JSON_FALSE) ts_buf_lit(b, "false");
    if (v->type < TS_JSON_ARRAY) return;
    ts_buf_c(b, v->type == TS_JSON_ARRAY ? '[' : '{');
    TS_JSON_EACH(x, v) {
        if (b->n > SHOWN || depth > SHOWN) break;
        if (!first) ts_buf_c(b, ',');
        put_json(b, x, depth + 1);
        first = false;
    }
    TS_JSON_EACH_MEMBER(name, x, v) {
        if (b->n > SHOWN || depth > SHOWN) break;
        if (!first) ts_buf_c(b, ',');
        put_json(b, name, depth + 1);
        ts_buf_c(b, ':');
        put_json(b, x, depth + 1);
        first = false;
    }
    ts_buf_c(b, v->type == TS_JSON_ARRAY ? ']' : '}');
}

static void put_value(ts_buf *b, const ts_json *v, bool quotes) {
    if (v->type == TS_JSON_STRING) {
        if (quotes) ts_buf_c(b, '"');
        put_plain(b, ts_json_text(v), SHOWN);
        if (quotes) ts_buf_c(b, '"');
        return;
    }
    ts_buf whole = ts_buf_new(b->a, MAX_TEXT);
    put_json(&whole, v, 0);
    put_plain(b, ts_buf_str(&whole), SHOWN);
}

const char *schema_show(schema_run *r, const ts_json *v) {
    if (!wanted(r, 0)) return "";
    ts_buf b = ts_buf_new(r->sink->a, MAX_TEXT);
    put_value(&b, v, true);
    return finished(&b);
}

const char *schema_show_text(schema_run *r, ts_str s) {
    if (!wanted(r, 0)) return "";
    ts_buf b = ts_buf_new(r->sink->a, MAX_TEXT);
    put_plain(&b, s, SHOWN);
    return finished(&b);
}

const char *schema_show_list(schema_run *r, const ts_json *values) {
    if (!wanted(r, 0)) return "";
    ts_buf b = ts_buf_new(r->sink->a, MAX_TEXT);
    size_t n = 0;
    TS_JSON_EACH(v, values) {
        if (n == LISTED) ts_buf_fmt(&b, " and %zu more", values->n - n);
        if (n++ >= LISTED) break;
        if (n > 1) ts_buf_lit(&b, ", ");
        put_value(&b, v, false);
    }
    return finished(&b);
}

const char *schema_show_types(schema_run *r, unsigned types) {
    static const struct {
        unsigned bits;
        const char *text;
    } names[] = {
        {1u << TS_JSON_NULL, "null"},        {1u << TS_JSON_TRUE, "true or false"},
        {TYPE_INTEGER, "a whole number"},    {1u << TS_JSON_NUMBER, "a number"},
        {1u << TS_JSON_STRING, "a string"},  {1u << TS_JSON_ARRAY, "a list"},
        {1u << TS_JSON_OBJECT, "an object"},
    };
    if (!wanted(r, 0)) return "";
    ts_buf b = ts_buf_new(r->sink->a, MAX_TEXT);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(types & names[i].bits)) continue;
        if (b.n) ts_buf_lit(&b, " or ");
        ts_buf_put(&b, ts_str_c(names[i].text));
    }
    return b.n ? finished(&b) : "nothing";
}
