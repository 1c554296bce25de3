#include "form.h"

#include <stdarg.h>
#include <stdio.h>

#include "tape.h"

bool form_bad(const form *f, const ts_json *at, const char *fmt, ...) {
    char place[300], text[1100];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    tape_pointer(f->root, at, place, sizeof place);
    return ts_fail(f->e, TS_E_INPUT, "%s%s%.*s: %s%s%s", f->what, f->name.n ? " " : "",
                   TS_P(f->name), place, *place ? ": " : "", text);
}

form_text form_show(ts_str s) {
    form_text t;
    ts_str cut = ts_str_clip(s, 60);
    for (size_t i = 0; i < cut.n; i++)
        t.c[i] = (unsigned char)cut.p[i] < 0x20 || cut.p[i] == 0x7F ? '?' : cut.p[i];
    memcpy(t.c + cut.n, "...", 4);
    if (cut.n == s.n) t.c[cut.n] = 0;
    return t;
}

/* ---- names that were meant ---- */

enum { NEAR_MAX = 64 };

/* Letters to change, add, leave out or swap with the next. */
static size_t distance(ts_str x, ts_str y) {
    size_t row[3][NEAR_MAX + 1];
    for (size_t j = 0; j <= y.n; j++) row[0][j] = j;
    for (size_t i = 1; i <= x.n; i++) {
        size_t *now = row[i % 3], *above = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= y.n; j++) {
            char c = x.p[i - 1], d = y.p[j - 1];
            size_t least = above[j - 1] + (ts_lower(c) != ts_lower(d));
            if (above[j] + 1 < least) least = above[j] + 1;
            if (now[j - 1] + 1 < least) least = now[j - 1] + 1;
            if (i > 1 && j > 1 && c == y.p[j - 2] && d == x.p[i - 2] && before[j - 2] + 1 < least)
                least = before[j - 2] + 1;
            now[j] = least;
        }
    }
    return row[x.n % 3][y.n];
}

ts_str form_nearest(ts_str name, const ts_str *names, size_t n) {
    ts_str best = TS_NONE;
    size_t least = 3;
    if (name.n > NEAR_MAX) return best;
    for (size_t i = 0; i < n; i++) {
        if (names[i].n > NEAR_MAX) continue;
        size_t d = distance(name, names[i]);
        if (d < least && d < names[i].n) least = d, best = names[i];
    }
    return best;
}

static ts_str nearest_member(ts_str name, const form_member *known, size_t n) {
    ts_str names[64] = {{0}};
    size_t count = n < 64 ? n : 64;
    for (size_t i = 0; i < count; i++) names[i] = ts_str_c(known[i].name);
    return form_nearest(name, names, count);
}

/* "a, b, c" */
static void list(char *out, size_t room, const char *const *names, size_t n) {
    size_t at = 0;
    out[0] = 0;
    for (size_t i = 0; i < n && at < room; i++)
        at += (size_t)snprintf(out + at, room - at, "%s%s", i ? ", " : "", names[i]);
}

static bool unknown_member(const form *f, const ts_json *name, const form_member *known, size_t n) {
    ts_str like = nearest_member(ts_json_str(name), known, n);
    if (like.n) return form_bad(f, name, "is not known here; did you mean \"%.*s\"?", TS_P(like));
    const char *names[64];
    char all[700];
    for (size_t i = 0; i < n && i < 64; i++) names[i] = known[i].name;
    list(all, sizeof all, names, n < 64 ? n : 64);
    return form_bad(f, name, "is not known here; the members are %s", all);
}

int form_choice(const form *f, const ts_json *v, const char *const *names, int n) {
    ts_str s = ts_json_str(v);
    for (int i = 0; i < n; i++)
        if (ts_json_is(v, TS_JSON_STRING) && ts_str_is(s, names[i])) return i;
    char all[700];
    list(all, sizeof all, names, (size_t)n);
    form_bad(f, v, "\"%s\" is none of: %s", FORM_SHOW(s), all);
    return -1;
}

/* ---- members ---- */

static const char *type_name(unsigned type) {
    switch (type) {
    case TS_JSON_NULL: return "null";
    case TS_JSON_FALSE:
    case TS_JSON_TRUE: return "true or false";
    case TS_JSON_NUMBER: return "a number";
    case TS_JSON_STRING: return "a text";
    case TS_JSON_ARRAY: return "a list";
    default: return "an object";
    }
}

bool form_type(const form *f, const ts_json *v, unsigned types) {
    if (types >> v->type & 1) return true;
    char want[80];
    size_t at = 0;
    want[0] = 0;
    for (unsigned t = 0; t <= TS_JSON_OBJECT; t++)
        if (types >> t & 1 && t != TS_JSON_FALSE)
            at += (size_t)snprintf(want + at, sizeof want - at, "%s%s", at ? " or " : "",
                                   type_name(t));
    return form_bad(f, v, "must be %s, but is %s", want, type_name(v->type));
}

static bool filled(const ts_json *v) {
    bool holds = v->type == TS_JSON_STRING || v->type == TS_JSON_ARRAY || v->type == TS_JSON_OBJECT;
    return !holds || v->n;
}

static bool one_member(const form *f, const ts_json *name, const ts_json *value,
                       const form_member *known, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!ts_str_is(ts_json_str(name), known[i].name)) continue;
        if (!form_type(f, value, known[i].types)) return false;
        return !known[i].required || filled(value) || form_bad(f, value, "must not be empty");
    }
    return unknown_member(f, name, known, n);
}

bool form_members(const form *f, const ts_json *v, const form_member *known, size_t n) {
    if (!form_type(f, v, FORM_OBJECT)) return false;
    TS_JSON_EACH_MEMBER(name, value, v) {
        if (!one_member(f, name, value, known, n)) return false;
    }
    for (size_t i = 0; i < n; i++)
        if (known[i].required && !ts_json_get(v, ts_str_c(known[i].name)))
            return form_bad(f, v, "the member \"%s\" is missing", known[i].name);
    return true;
}

/* ---- texts ---- */

bool form_name(ts_str s) {
    if (!s.n || s.n > 64 || s.p[0] < 'a' || s.p[0] > 'z') return false;
    for (size_t i = 1; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !ts_is_digit(s.p[i]) && s.p[i] != '_')
            return false;
    return true;
}

bool form_path(ts_str s) {
    size_t names = 1;
    bool begin = true;
    if (s.n > FORM_PATH_MAX) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (begin ? !ts_is_alpha(c) : !ts_is_alnum(c) && c != '_' && c != '.') return false;
        begin = c == '.';
        names += begin;
    }
    return !begin && names <= 8;
}

bool form_uri(ts_str s) { return s.n <= 2000 && ts_uri_names(s, false); }

bool form_web(ts_str s) { return ts_uri_is_web(s) && form_uri(s); }

bool form_language(ts_str s) {
    size_t part = 0, parts = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] != '-') {
            if (parts ? !ts_is_alnum(s.p[i]) : !ts_is_alpha(s.p[i])) return false;
            part++;
            continue;
        }
        if (part < (parts ? 1u : 2u) || part > 8) return false;
        part = 0;
        parts++;
    }
    return parts <= 6;
}

bool form_line(ts_str s, size_t max) {
    if (!ts_str_trim(s).n || s.n > max) return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) return false;
    return true;
}

/* ---- ids that are paths ---- */

bool form_paths_add(ts_arena *a, ts_map *m, ts_str id, uint64_t value, const char **why,
                    ts_str *other) {
    uint64_t *at = ts_map_get(m, id);
    *other = id;
    if (at) {
        *why = *at ? "is there already" : "has others inside it";
        return false;
    }
    for (size_t i = 0; i < id.n; i++) {
        if (id.p[i] != '.') continue;
        *other = ts_str_to(id, i);
        at = ts_map_get(m, *other);
        if (at && *at) {
            *why = "lies inside another";
            return false;
        }
    }
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] == '.') ts_map_put(a, m, ts_str_to(id, i), 0);
    *ts_map_put(a, m, id, 0) = value + 1;
    return true;
}

form_path_kind form_paths_get(const ts_map *m, ts_str path, uint64_t *value) {
    uint64_t *at = ts_map_get(m, path);
    if (!at) return FORM_PATH_NONE;
    if (!*at) return FORM_PATH_BEGINNING;
    if (value) *value = *at - 1;
    return FORM_PATH_ID;
}
