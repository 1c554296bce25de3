/* Lots and serial numbers that a notice names, in whatever spelling: what excludes a product must
 * be a number that can only be another one. */
#include "affected_part.h"

enum { DIGITS_MAX = 18 };

static bool separator(char c) {
    return c == '-' || c == '/' || c == '.' || c == '_' || c == ':' || c == '#' || ts_is_space(c);
}

/* Upper case, without separators and without the zeros before a number. */
static ts_str plain(ts_arena *a, ts_str s) {
    char *to = ts_new_raw(a, char, s.n + 1);
    size_t n = 0;
    bool digits = false; /* a digit of this number stands already */
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (separator(c)) continue;
        bool more = i + 1 < s.n && ts_is_digit(s.p[i + 1]);
        if (c == '0' && !digits && more) continue;
        digits = ts_is_digit(c);
        to[n++] = (char)ts_upper(c);
    }
    return (ts_str){to, n};
}

static bool any_digit(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (ts_is_digit(s.p[i])) return true;
    return false;
}

/* "L24A-L24C": two codes of one make, the first before the second. */
static bool is_range(ts_str s) {
    size_t half = s.n / 2;
    ts_str from = ts_str_trim(ts_str_to(s, half)), to = ts_str_trim(ts_str_from(s, half + 1));
    if (s.n % 2 == 0 || s.n < 3 || (s.p[half] != '-' && s.p[half] != '/' && s.p[half] != ':'))
        return false;
    if (from.n != to.n || !any_digit(from) || !any_digit(to)) return false;
    for (size_t i = 0; i < from.n; i++)
        if (ts_is_digit(from.p[i]) != ts_is_digit(to.p[i])) return false;
    return ts_str_cmp(from, to) < 0;
}

/* A text that may stand for several codes, or for none that can be told: a list, a pattern, "all".
 * The characters of GS1's AI 10 and 21 are ASCII. */
static bool vague(ts_str s) {
    static const char *const words[] = {
        "all",    "any",     "alle", "allen",   "every", "sämtliche", "tous",    "todos",
        "toutes", "various", "div",  "unknown", "n/a",   "none",      "diverse", "unbekannt"};
    bool alnum = false;
    s = ts_str_trim(s);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80 || strchr("*?,;+&~<>=%|()[]", s.p[i])) return true;
        if (i && s.p[i] == '.' && s.p[i - 1] == '.') return true;
        alnum |= ts_is_alnum(s.p[i]);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        ts_str w = ts_str_c(words[i]);
        if (s.n >= w.n && ts_str_ieq(ts_str_to(s, w.n), w) && (s.n == w.n || separator(s.p[w.n])))
            return true;
    }
    return !alnum || is_range(s);
}

/* Letters, one number, letters. */
typedef struct parts {
    ts_str before, behind;
    uint64_t number;
} parts;

static bool parts_of(ts_str s, size_t at, size_t behind, parts *out) {
    ts_str digits = {s.p + at, s.n - at - behind};
    *out = (parts){.before = ts_str_to(s, at), .behind = ts_str_from(s, s.n - behind)};
    return digits.n && digits.n <= DIGITS_MAX && ts_u64_parse(digits, &out->number);
}

/* Where the number begins in which two codes differ. */
static size_t number_at(ts_str x, ts_str y) {
    size_t i = 0;
    while (i < x.n && i < y.n && x.p[i] == y.p[i]) i++;
    while (i && ts_is_digit(x.p[i - 1])) i--;
    return i;
}

static size_t letters_behind(ts_str s) {
    size_t n = 0;
    while (n < s.n && !ts_is_digit(s.p[s.n - 1 - n])) n++;
    return n;
}

/* A range whose ends are told apart by one number; one end may be open. */
static bool read_range(ts_arena *a, const ts_code_range *r, affect_range *out) {
    ts_str x = plain(a, r->from), y = plain(a, r->to);
    parts from, to;
    if (!x.n && !y.n) return false;
    bool open_from = !x.n, open_to = !y.n;
    if (open_from) x = y;
    if (open_to) y = x;
    size_t behind = letters_behind(x), at = number_at(x, y);
    if (open_from || open_to || ts_str_eq(x, y)) {
        at = x.n - behind;
        while (at && ts_is_digit(x.p[at - 1])) at--;
    }
    if (behind != letters_behind(y) || at + behind >= x.n || at + behind >= y.n) return false;
    if (!parts_of(x, at, behind, &from) || !parts_of(y, at, behind, &to) ||
        !ts_str_eq(from.behind, to.behind))
        return false;
    *out = (affect_range){from.before, from.behind, open_from ? 0 : from.number,
                          open_to ? UINT64_MAX : to.number};
    return out->from <= out->to;
}

static bool in_range(const affect_range *r, ts_str code) {
    parts p;
    size_t letters = r->before.n + r->behind.n;
    return code.n > letters && ts_str_starts(code, r->before) &&
           ts_str_eq(ts_str_from(code, code.n - r->behind.n), r->behind) &&
           parts_of(code, r->before.n, r->behind.n, &p) && r->from <= p.number && p.number <= r->to;
}

static void add_exact(ts_arena *a, ts_map *m, ts_str code) {
    char *upper = ts_new_raw(a, char, code.n + 1);
    for (size_t k = 0; k < code.n; k++) upper[k] = (char)ts_upper(code.p[k]);
    ts_map_put(a, m, (ts_str){upper, code.n}, 0);
}

/* "LOT 24A", "L24A and L24B": a part with digits may be the code meant. */
static void add_parts(ts_arena *a, ts_map *m, ts_str text) {
    for (size_t i = 0, from = 0; i <= text.n; i++) {
        if (i < text.n && !ts_is_space(text.p[i])) continue;
        ts_str part = {text.p + from, i - from}, code = plain(a, part);
        if (any_digit(part)) ts_map_put(a, m, code, 0);
        from = i + 1;
    }
}

void affect_read_codes(ts_arena *a, const ts_strs *list, const ts_code_range *ranges, size_t n,
                       affect_codes *out) {
    *out = (affect_codes){.ranges = ranges, .ranges_n = n, .any = list->n || n};
    for (size_t i = 0; i < list->n; i++) {
        ts_str code = plain(a, list->v[i]);
        add_exact(a, &out->exact, list->v[i]);
        if (code.n) ts_map_put(a, &out->near, code, 0);
        add_parts(a, &out->near, list->v[i]);
        out->vague |= vague(list->v[i]);
    }
    for (size_t i = 0; i < n; i++) {
        affect_range r;
        if (read_range(a, &ranges[i], &r))
            *ts_push(a, &out->near_ranges) = r;
        else
            out->vague = true;
    }
}

affect_code affect_code_fits(ts_arena work, const affect_codes *c, ts_str code) {
    if (!c->any || !code.n) return AFFECT_NOT_STATED;
    if (ts_map_get(&c->exact, code)) return AFFECT_NAMED;
    for (size_t i = 0; i < c->ranges_n; i++)
        if (ts_code_in_range(code, &c->ranges[i])) return AFFECT_IN_RANGE;
    if (c->vague) return AFFECT_UNCLEAR;
    ts_str mine = plain(&work, ts_str_clip(code, AFFECT_TEXT));
    if (mine.n && ts_map_get(&c->near, mine)) return AFFECT_UNCLEAR;
    for (size_t i = 0; i < c->near_ranges.n; i++)
        if (in_range(&c->near_ranges.v[i], mine)) return AFFECT_UNCLEAR;
    return AFFECT_ANOTHER;
}
