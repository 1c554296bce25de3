/* Reading a query: segments, selectors, and the text of names. */
#include "json_path_part.h"

bool path_bad(path_reader *r, const char *what) {
    ts_fail(r->e, TS_E_INPUT, "JSONPath: %s at byte %zu", what, r->i);
    return ts_fail_at(r->e, 0, 0, r->i);
}

int path_peek(const path_reader *r) { return r->i < r->s.n ? (unsigned char)r->s.p[r->i] : -1; }

bool path_take(path_reader *r, const char *text) {
    ts_str t = ts_str_c(text);
    if (!ts_str_starts(ts_str_from(r->s, r->i), t) || r->i >= r->s.n) return false;
    r->i += t.n;
    return true;
}

void path_blank(path_reader *r) {
    for (int c = path_peek(r); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = path_peek(r))
        r->i++;
}

/* ---- names ---- */

static bool hex4(path_reader *r, uint32_t *out) {
    *out = 0;
    for (int k = 0; k < 4; k++, r->i++) {
        int c = path_peek(r), low = c | 32;
        if (!ts_is_digit(c) && !(low >= 'a' && low <= 'f'))
            return path_bad(r, "\\u without four hexadecimal digits");
        *out = *out * 16 + (uint32_t)(ts_is_digit(c) ? c - '0' : low - 'a' + 10);
    }
    return true;
}

/* Behind "\u". */
static bool unicode_escape(path_reader *r, ts_buf *b) {
    uint32_t cp, low;
    char utf8[4];
    if (!hex4(r, &cp)) return false;
    if (cp >= 0xD800 && cp <= 0xDBFF) {
        if (!path_take(r, "\\u")) return path_bad(r, "half a surrogate pair");
        if (!hex4(r, &low)) return false;
        if (low < 0xDC00 || low > 0xDFFF) return path_bad(r, "half a surrogate pair");
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
    } else if (cp >= 0xDC00 && cp <= 0xDFFF) {
        return path_bad(r, "half a surrogate pair");
    }
    size_t n = ts_utf8_put(utf8, cp);
    ts_buf_put(b, (ts_str){utf8, n});
    return true;
}

/* Behind a backslash, in a text within `quote`. */
static bool escape(path_reader *r, int quote, ts_buf *b) {
    static const char from[] = "bfnrt/\\", to[] = "\b\f\n\r\t/\\";
    int c = path_peek(r);
    const char *k = c > 0 ? strchr(from, c) : 0;
    if (c == 'u') return r->i++, unicode_escape(r, b);
    if (!k && c != quote) return path_bad(r, "an escape that JSONPath does not have");
    ts_buf_c(b, k ? to[k - from] : (char)c);
    r->i++;
    return true;
}

bool path_string(path_reader *r, ts_str *out) {
    int quote = path_peek(r);
    size_t from = ++r->i;
    ts_buf b = ts_buf_new(r->a, TS_JSON_PATH_MAX);
    for (int c; (c = path_peek(r)) != quote;) {
        if (c < 0) return path_bad(r, "a text that does not end");
        if (c < 0x20) return path_bad(r, "a control character");
        r->i++;
        if (c != '\\')
            ts_buf_c(&b, (char)c);
        else if (!escape(r, quote, &b))
            return false;
    }
    ts_str raw = {r->s.p + from, r->i++ - from};
    *out = ts_str_eq(raw, ts_buf_str(&b)) ? raw : ts_buf_str(&b);
    return true;
}

static bool name_first(int c) { return ts_is_alpha(c) || c == '_' || c >= 0x80; }

static bool shorthand(path_reader *r, ts_str *out) {
    size_t from = r->i;
    if (!name_first(path_peek(r))) return path_bad(r, "a name, '*' or '[' is missing");
    while (name_first(path_peek(r)) || ts_is_digit(path_peek(r))) r->i++;
    *out = (ts_str){r->s.p + from, r->i - from};
    return true;
}

/* ---- selectors ---- */

/* int of the grammar, within the numbers that I-JSON has (section 2.1). */
static bool integer(path_reader *r, int64_t *out) {
    const int64_t most = ((int64_t)1 << 53) - 1;
    size_t from = r->i;
    if (path_peek(r) == '-') r->i++;
    size_t digits = r->i;
    while (ts_is_digit(path_peek(r))) r->i++;
    ts_str text = {r->s.p + from, r->i - from};
    bool zero = r->s.p[digits] == '0';
    if (r->i == digits || (zero && (r->i > digits + 1 || digits > from)) ||
        !ts_i64_parse(text, out) || *out > most || *out < -most) {
        r->i = from;
        return path_bad(r,
                        "no index: an integer without leading zeros, at most 2^53 - 1, is meant");
    }
    return true;
}

static bool begins_integer(const path_reader *r) {
    return path_peek(r) == '-' || ts_is_digit(path_peek(r));
}

/* An index, or a slice: start, end and step are all optional. */
static bool index_or_slice(path_reader *r, path_selector *s) {
    s->kind = PATH_INDEX;
    s->step = 1;
    if (begins_integer(r)) {
        if (!integer(r, &s->from)) return false;
        s->has_from = true;
    }
    size_t mark = r->i;
    path_blank(r);
    if (!path_take(r, ":")) {
        r->i = mark;
        return s->has_from || path_bad(r, "a selector is missing");
    }
    s->kind = PATH_SLICE;
    path_blank(r);
    if (begins_integer(r)) {
        if (!integer(r, &s->to)) return false;
        s->has_to = true;
        path_blank(r);
    }
    if (path_take(r, ":")) {
        path_blank(r);
        if (begins_integer(r) && !integer(r, &s->step)) return false;
    }
    return true;
}

static bool selector(path_reader *r, path_selector *s) {
    int c = path_peek(r);
    if (c == '\'' || c == '"') {
        s->kind = PATH_NAME;
        return path_string(r, &s->name);
    }
    if (path_take(r, "*")) {
        s->kind = PATH_WILDCARD;
        return true;
    }
    if (path_take(r, "?")) {
        s->kind = PATH_FILTER;
        path_blank(r);
        return (s->filter = path_filter(r)) != 0;
    }
    return index_or_slice(r, s);
}

/* Behind '['. */
static bool bracketed(path_reader *r, path_segment *g) {
    do {
        path_selector s = {0};
        path_blank(r);
        if (!selector(r, &s)) return false;
        *ts_push(r->a, &g->selectors) = s;
        path_blank(r);
    } while (path_take(r, ","));
    return path_take(r, "]") || path_bad(r, "',' or ']' is missing");
}

static bool segment(path_reader *r, path_segment *g) {
    path_selector s = {0};
    if (path_take(r, "[")) return bracketed(r, g);
    if (path_take(r, "..")) {
        g->descendant = true;
        if (path_take(r, "[")) return bracketed(r, g);
    } else {
        r->i++; /* the dot */
    }
    s.kind = path_take(r, "*") ? PATH_WILDCARD : PATH_NAME;
    if (s.kind == PATH_NAME && !shorthand(r, &s.name)) return false;
    *ts_push(r->a, &g->selectors) = s;
    return true;
}

static bool single(const path_segment *g) {
    path_selector_kind kind = g->selectors.v[0].kind;
    return !g->descendant && g->selectors.n == 1 && (kind == PATH_NAME || kind == PATH_INDEX);
}

bool path_segments(path_reader *r, path_query *q) {
    q->singular = true;
    for (;;) {
        size_t mark = r->i;
        path_blank(r);
        if (path_peek(r) != '.' && path_peek(r) != '[') {
            r->i = mark;
            return true;
        }
        path_segment g = {0};
        if (!segment(r, &g)) return false;
        q->singular &= single(&g);
        *ts_push(r->a, &q->segments) = g;
    }
}

const ts_json_path *ts_json_path_read(ts_arena *a, ts_str text, ts_error *e) {
    path_reader r = {.a = a, .s = text, .e = e};
    ts_json_path *p = ts_new(a, ts_json_path);
    p->query.from_root = true;
    if (text.n > TS_JSON_PATH_MAX) {
        ts_fail(e, TS_E_LIMIT, "JSONPath: more than %d bytes", TS_JSON_PATH_MAX);
        return 0;
    }
    r.i = ts_utf8_bad(text);
    if (r.i != TS_NPOS) return path_bad(&r, "bytes that are not UTF-8"), (const ts_json_path *)0;
    r.i = 0;
    if (!path_take(&r, "$"))
        return path_bad(&r, "a query begins with '$': none"), (const ts_json_path *)0;
    if (!path_segments(&r, &p->query)) return 0;
    if (r.i == text.n) return p;
    path_bad(&r, "neither a segment nor the end of the query");
    return 0;
}

bool ts_json_path_singular(const ts_json_path *p) { return p->query.singular; }

/* ---- normalized paths ---- */

static void normal_name(ts_buf *b, ts_str s) {
    static const char from[] = "\b\f\n\r\t'\\", to[] = "bfnrt'\\";
    ts_buf_lit(b, "['");
    for (size_t i = 0; i < s.n; i++) {
        const char *k = s.p[i] ? strchr(from, s.p[i]) : 0;
        if (k)
            ts_buf_c(b, '\\'), ts_buf_c(b, to[k - from]);
        else if ((unsigned char)s.p[i] < 0x20)
            ts_buf_fmt(b, "\\u%04x", (unsigned)s.p[i]);
        else
            ts_buf_c(b, s.p[i]);
    }
    ts_buf_lit(b, "']");
}

/* The child of v that is `at` or holds it. */
static const ts_json *towards(ts_buf *b, const ts_json *v, const ts_json *at) {
    size_t i = 0;
    TS_JSON_EACH_MEMBER(name, value, v) {
        if (at >= value + value->span) continue;
        normal_name(b, ts_json_str(name));
        return value;
    }
    TS_JSON_EACH(one, v) {
        if (at < one + one->span) {
            ts_buf_fmt(b, "[%zu]", i);
            return one;
        }
        i++;
    }
    return 0;
}

ts_str ts_json_path_of(ts_arena *a, const ts_json *root, const ts_json *at) {
    ts_buf b = ts_buf_new(a, 1 << 20);
    ts_buf_c(&b, '$');
    for (const ts_json *v = root; v && v != at;) v = towards(&b, v, at);
    return ts_buf_str(&b);
}
