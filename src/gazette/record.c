#include "record.h"

#include "gazette.h"

enum { DEPTH = 8 };

/* ---- cleaning ---- */

static const struct {
    const char *entity, *text;
} entities[] = {{"&amp;", "&"},  {"&quot;", "\""}, {"&#39;", "'"}, {"&apos;", "'"},
                {"&nbsp;", " "}, {"&lt;", "<"},    {"&gt;", ">"},  {"&#039;", "'"}};

static const char *const line_tags[] = {"br", "bbr", "p", "div", "li", "ul", "tr"};

/* Length of a tag that ends a line ("<br />", "</p>") at s.p[0] = '<'; 0 when it is none. */
static size_t line_tag(ts_str s) {
    size_t i = 1;
    if (i < s.n && s.p[i] == '/') i++;
    size_t from = i;
    while (i < s.n && i < 8 && ts_is_alpha((unsigned char)s.p[i])) i++;
    ts_str name = {s.p + from, i - from};
    bool known = false;
    for (size_t k = 0; k < sizeof line_tags / sizeof *line_tags; k++)
        known |= ts_str_ieq(name, ts_str_c(line_tags[k]));
    while (i < s.n && (s.p[i] == ' ' || s.p[i] == '/')) i++;
    return known && i < s.n && s.p[i] == '>' ? i + 1 : 0;
}

static size_t entity_at(ts_str s, const char **text) {
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        ts_str e = ts_str_c(entities[i].entity);
        if (ts_str_istarts(s, e)) return *text = entities[i].text, e.n;
    }
    return 0;
}

/* Bytes of a blank at s.p[0]: ASCII, no-break, ideographic and zero-width space, BOM; 0 = none. */
static size_t blank_at(ts_str s) {
    unsigned char c = (unsigned char)s.p[0];
    if (c < 0x21 || c == 0x7F) return 1;
    if (ts_str_starts(s, TS_S("\xC2\xA0"))) return 2;
    static const char *const wide[] = {"\xE3\x80\x80", "\xE2\x80\x8B", "\xEF\xBB\xBF",
                                       "\xE2\x80\xAF"};
    for (size_t i = 0; c >= 0xE2 && i < 4; i++)
        if (ts_str_starts(s, ts_str_c(wide[i]))) return 3;
    return 0;
}

static bool needs_work(ts_str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == '<' || c == '&' || c == 0x7F) return true;
        if (c == ' ' && i + 1 < s.n && s.p[i + 1] == ' ') return true;
        if (c >= 0xC2 && blank_at(ts_str_from(s, i))) return true;
    }
    return false;
}

static ts_str squeeze_blanks(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n + 1), *w = p;
    bool blank = false, line = false;
    for (size_t i = 0; i < s.n;) {
        ts_str rest = ts_str_from(s, i);
        const char *text = 0;
        size_t k = s.p[i] == '<' ? line_tag(rest) : 0;
        line |= k || s.p[i] == '\n';
        if (!k) k = blank_at(rest);
        if (!k && s.p[i] == '&') k = entity_at(rest, &text);
        if (text && *text == ' ') text = 0;
        if (k && !text) {
            blank = true;
            i += k;
            continue;
        }
        if (blank && w > p) *w++ = line ? '\n' : ' ';
        blank = line = false;
        *w++ = text ? *text : s.p[i];
        i += text ? k : 1;
    }
    return (ts_str){p, (size_t)(w - p)};
}

ts_str record_clean(ts_arena *a, ts_str s) {
    s = ts_str_clip(ts_str_trim(s), RECORD_TEXT_MAX);
    if (!s.n) return s;
    s = ts_mojibake_repair(a, ts_utf8_mend(a, s));
    if (needs_work(s)) s = squeeze_blanks(a, s);
    return ts_str_trim(s);
}

void record_add(ts_arena *a, ts_strs *l, ts_str s) {
    if (l->n < RECORD_LIST_MAX) ts_strs_add(a, l, s);
}

/* ---- finding ---- */

record record_of(ts_arena *a, const ts_json *object) { return (record){.a = a, .json = object}; }

static const ts_json *descend(const ts_json *v, ts_str path, int depth) {
    if (!v || depth > DEPTH) return 0;
    TS_JSON_EACH(x, v) {
        const ts_json *found = path.n ? descend(x, path, depth + 1) : 0;
        if (found) return found;
    }
    if (!path.n) return v;
    const ts_json *whole = ts_json_get(v, path);
    if (whole) return whole;
    ts_str rest = path, name = ts_str_cut(&rest, '.');
    return rest.p ? descend(ts_json_get(v, name), rest, depth + 1) : 0;
}

const ts_json *record_json(const record *r, const char *path) {
    return descend(r->json, ts_str_c(path), 0);
}

static void collect(ts_arena *a, const ts_json *v, ts_str path, int depth, ts_strs *out) {
    if (!v || depth > DEPTH || out->n >= RECORD_LIST_MAX) return;
    TS_JSON_EACH(x, v) collect(a, x, path, depth + 1, out);
    if (!path.n) {
        record_add(a, out, record_clean(a, ts_json_text(v)));
        return;
    }
    const ts_json *whole = ts_json_get(v, path);
    if (whole) {
        collect(a, whole, TS_NONE, depth + 1, out);
        return;
    }
    ts_str rest = path, name = ts_str_cut(&rest, '.');
    if (rest.p) collect(a, ts_json_get(v, name), rest, depth + 1, out);
}

/* A cell such as ["a","b"] is a list. */
static void collect_cell(ts_arena *a, ts_str cell, ts_strs *out) {
    ts_str t = ts_str_trim(cell);
    bool list = t.n > 1 && t.n <= RECORD_TEXT_MAX && t.p[0] == '[' && t.p[t.n - 1] == ']';
    const ts_json *v = list ? ts_json_parse(a, t, (ts_json_options){0}, 0) : 0;
    if (v)
        collect(a, v, TS_NONE, 0, out);
    else
        record_add(a, out, record_clean(a, cell));
}

void record_all(const record *r, const char *path, ts_strs *out) {
    ts_str name = ts_str_c(path);
    if (r->json) {
        collect(r->a, r->json, name, 0, out);
        return;
    }
    for (size_t i = 0; r->names && i < r->names->n && i < r->cells->n; i++)
        if (ts_str_eq(r->names->v[i], name)) collect_cell(r->a, r->cells->v[i], out);
}

void record_split(const record *r, const char *path, const char *separators, ts_strs *out) {
    ts_strs whole = {0};
    record_all(r, path, &whole);
    for (size_t i = 0; i < whole.n; i++) {
        ts_str rest = whole.v[i];
        while (rest.p) record_add(r->a, out, ts_str_cut_any(&rest, separators));
    }
}

ts_str record_text(const record *r, const char *path) {
    ts_strs all = {0};
    record_all(r, path, &all);
    if (all.n < 2) return all.n ? all.v[0] : TS_NONE;
    return ts_str_clip(ts_str_join(r->a, all.v, all.n, TS_S("; ")), RECORD_TEXT_MAX);
}

ts_str record_first(const record *r, const char *paths) {
    char name[96];
    for (ts_str rest = ts_str_c(paths); rest.p;) {
        ts_str path = ts_str_cut(&rest, ' ');
        if (!path.n || path.n >= sizeof name) continue;
        memcpy(name, path.p, path.n);
        name[path.n] = 0;
        ts_str text = record_text(r, name);
        if (text.n) return text;
    }
    return TS_NONE;
}
