#include "tape.h"

#include "trust/trust.h"

static ts_json *node(tape *t, ts_json_type type, ts_str s) {
    ts_json *v = ts_push(t->a, t);
    *v = (ts_json){.p = s.p, .n = (uint32_t)s.n, .span = 1, .type = type};
    return v;
}

static void count(tape *t) {
    if (t->depth) t->v[t->open[t->depth - 1]].n++;
}

static void open_container(tape *t, ts_json_type type, const char *bracket) {
    if (t->depth == TAPE_DEPTH) abort();
    count(t);
    t->open[t->depth++] = (uint32_t)t->n;
    node(t, type, (ts_str){bracket, 0});
}

void tape_object(tape *t) { open_container(t, TS_JSON_OBJECT, "{"); }
void tape_array(tape *t) { open_container(t, TS_JSON_ARRAY, "["); }

void tape_end(tape *t) {
    uint32_t at = t->open[--t->depth];
    t->v[at].span = (uint32_t)(t->n - at) & 0x0FFFFFFF;
}

void tape_key(tape *t, ts_str name) { node(t, TS_JSON_STRING, name); }

void tape_str(tape *t, ts_str s) {
    count(t);
    node(t, TS_JSON_STRING, s);
}

void tape_null(tape *t) {
    count(t);
    node(t, TS_JSON_NULL, TS_NONE);
}

void tape_copy(tape *t, const ts_json *v) {
    count(t);
    /* Without what the reader knows of the text around a node: here it stands among others. */
    for (uint32_t i = 0, n = v->span; i < n; i++)
        *ts_push(t->a, t) =
            (ts_json){.p = v[i].p, .n = v[i].n, .span = v[i].span, .type = v[i].type};
}

void tape_member(tape *t, ts_str name, const ts_json *v) {
    if (!v) return;
    tape_key(t, name);
    tape_copy(t, v);
}

void tape_kstr(tape *t, const char *name, ts_str s) {
    tape_key(t, ts_str_c(name));
    tape_str(t, s);
}

void tape_kstr_opt(tape *t, const char *name, ts_str s) {
    if (s.n) tape_kstr(t, name, s);
}

void tape_undo(tape *t, size_t n) {
    t->n = n;
    if (t->depth) t->v[t->open[t->depth - 1]].n--;
}

bool tape_canonical(ts_arena *a, const ts_json *root, size_t max, ts_str *out, ts_error *e) {
    ts_buf b = ts_buf_new(a, SIZE_MAX / 4);
    if (!ts_canonical(&b, *a, root, e)) return false;
    if (b.n > max)
        return ts_fail(e, TS_E_LIMIT,
                       "the passport written out takes more than %zu bytes; put fewer or shorter "
                       "elements into it",
                       max);
    if (b.p + b.cap == a->beg) a->beg = b.p + b.n; /* what was reserved and not used */
    *out = ts_buf_str(&b);
    return true;
}

/* ---- places ---- */

static void put(char **p, char *end, char c) {
    if (*p < end) *(*p)++ = (unsigned char)c < 0x20 || c == 0x7F ? '?' : c;
}

static void put_name(char **p, char *end, ts_str name) {
    put(p, end, '/');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '~' || name.p[i] == '/') put(p, end, '~');
        put(p, end, name.p[i] == '~' ? '0' : name.p[i] == '/' ? '1' : name.p[i]);
    }
}

static void put_number(char **p, char *end, size_t i) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "/%zu", i);
    for (int k = 0; k < n; k++) put(p, end, digits[k]);
}

/* The child of v that holds `at`, its step added to the pointer; NULL when `at` is v itself. */
static const ts_json *step(const ts_json *v, const ts_json *at, char **p, char *end) {
    size_t i = 0;
    TS_JSON_EACH_MEMBER(name, value, v) {
        if (at >= value + value->span) continue;
        put_name(p, end, ts_json_str(name));
        return at == name ? 0 : value;
    }
    TS_JSON_EACH(element, v) {
        if (at < element + element->span) {
            put_number(p, end, i);
            return element;
        }
        i++;
    }
    return 0;
}

void tape_pointer(const ts_json *root, const ts_json *at, char *out, size_t n) {
    char *p = out, *end = out + n - 1;
    const ts_json *v = root;
    while (v && v != at) v = step(v, at, &p, end);
    ts_str whole = {out, (size_t)(p - out)};
    size_t bad = p == end ? ts_utf8_bad(whole) : TS_NPOS; /* a letter cut in two */
    out[bad == TS_NPOS ? whole.n : bad] = 0;
}
