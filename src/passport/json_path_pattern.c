/* Patterns of match() and search(): I-Regexp (RFC 9485), read here and written anew for PCRE2, so
 * that nothing gets through that PCRE2 alone knows. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "json_path_part.h"

enum {
    MAX_GROUPS = 50, /* within each other */
    MAX_REPEAT = 65535,
    MAX_CODE = 1 << 20,    /* bytes that a compiled pattern may take */
    MATCH_HEAP = 16 << 10, /* KiB */
    MATCH_DEPTH = 1 << 16,
};

/* ---- reading and writing ---- */

typedef struct reader {
    ts_str s;
    size_t i;
    ts_buf out;
    unsigned depth;
    bool large;
} reader;

static int peek(const reader *r) { return r->i < r->s.n ? (unsigned char)r->s.p[r->i] : -1; }

static bool take(reader *r, char c) {
    if (peek(r) != c) return false;
    r->i++;
    return true;
}

static void put_char(reader *r, uint32_t c) {
    if (c < 0x80 && ts_is_alnum((int)c))
        ts_buf_c(&r->out, (char)c);
    else
        ts_buf_fmt(&r->out, "\\x{%X}", c);
}

/* Behind "\p" or "\P": a general category of Unicode, by one letter or two. */
static bool category(reader *r, char p) {
    static const char *const of[] = {"Lulmot", "Mcen",  "Ndlo", "Pcdefios",
                                     "Zlps",   "Sckmo", "Ccfno"};
    if (!take(r, '{')) return false;
    int major = peek(r), minor = 0;
    const char *minors = 0;
    for (size_t k = 0; k < sizeof of / sizeof *of; k++)
        if (of[k][0] == major) minors = of[k] + 1;
    if (!minors) return false;
    r->i++;
    if (peek(r) != '}') {
        minor = peek(r);
        if (minor <= 0 || !strchr(minors, minor)) return false;
        r->i++;
    }
    ts_buf_fmt(&r->out, minor ? "\\%c{%c%c}" : "\\%c{%c}", p, major, minor);
    return take(r, '}');
}

/* Behind a backslash. *c: the character, or -1 for a category, which is written already. */
static bool escape(reader *r, int32_t *c) {
    static const char themselves[] = "()*+-.?[\\]^{|}";
    int k = peek(r);
    if (k < 0) return false;
    r->i++;
    *c = k == 'n' ? '\n' : k == 'r' ? '\r' : k == 't' ? '\t' : k;
    if (k == 'p' || k == 'P') return *c = -1, category(r, (char)k);
    return *c != k || (k && strchr(themselves, k));
}

/* ---- classes ---- */

/* CCchar, or a category: one item of a class. */
static bool class_item(reader *r, int32_t *c) {
    int k = peek(r);
    if (k < 0 || k == '[' || k == ']' || k == '-') return false;
    if (take(r, '\\')) return escape(r, c);
    *c = (int32_t)ts_utf8_next(r->s, &r->i);
    return true;
}

static bool class_range(reader *r) {
    int32_t lo, hi;
    if (!class_item(r, &lo)) return false;
    if (lo < 0) return true;
    put_char(r, (uint32_t)lo);
    /* A '-' before the end of the class stands for itself. */
    if (peek(r) != '-' || (r->i + 1 < r->s.n && r->s.p[r->i + 1] == ']')) return true;
    r->i++;
    if (!class_item(r, &hi) || hi < lo) return false;
    ts_buf_c(&r->out, '-');
    put_char(r, (uint32_t)hi);
    return true;
}

/* Behind '['. */
static bool class(reader *r) {
    bool some = false;
    ts_buf_put(&r->out, take(r, '^') ? TS_S("[^") : TS_S("["));
    if (take(r, '-')) put_char(r, '-'), some = true;
    while (peek(r) >= 0 && peek(r) != ']' && peek(r) != '-') {
        if (!class_range(r)) return false;
        some = true;
    }
    if (some && take(r, '-')) put_char(r, '-');
    ts_buf_c(&r->out, ']');
    return some && take(r, ']');
}

/* ---- pieces ---- */

static bool count(reader *r, unsigned *out) {
    size_t from = r->i;
    *out = 0;
    for (; ts_is_digit(peek(r)); r->i++)
        if (*out <= MAX_REPEAT) *out = *out * 10 + (unsigned)(peek(r) - '0');
    r->large |= *out > MAX_REPEAT;
    return r->i > from;
}

/* Behind '{'. */
static bool range(reader *r) {
    unsigned lo, hi;
    if (!count(r, &lo)) return false;
    ts_buf_fmt(&r->out, "{%u", lo);
    if (take(r, ',')) {
        ts_buf_c(&r->out, ',');
        if (peek(r) != '}') {
            if (!count(r, &hi) || hi < lo) return false;
            ts_buf_fmt(&r->out, "%u", hi);
        }
    }
    ts_buf_c(&r->out, '}');
    return take(r, '}');
}

static bool quantifier(reader *r) {
    int c = peek(r);
    if (c == '*' || c == '+' || c == '?') {
        r->i++;
        ts_buf_c(&r->out, (char)c);
        return true;
    }
    return !take(r, '{') || range(r);
}

static bool branches(reader *r);

static bool group(reader *r) {
    if (++r->depth > MAX_GROUPS) return r->large = true, false;
    ts_buf_lit(&r->out, "(?:");
    if (!branches(r) || !take(r, ')')) return false;
    ts_buf_c(&r->out, ')');
    r->depth--;
    return true;
}

static bool atom(reader *r) {
    int32_t c;
    if (take(r, '(')) return group(r);
    if (take(r, '[')) return class(r);
    if (take(r, '.')) return ts_buf_lit(&r->out, "[^\\x{A}\\x{D}]"), true;
    if (take(r, '^')) return ts_buf_lit(&r->out, "(?:\\A)"), true;
    if (take(r, '$')) return ts_buf_lit(&r->out, "(?:\\z)"), true;
    if (take(r, '\\')) {
        if (!escape(r, &c)) return false;
    } else {
        if (peek(r) && strchr("*+?]{}", peek(r))) return false;
        c = (int32_t)ts_utf8_next(r->s, &r->i);
    }
    if (c >= 0) put_char(r, (uint32_t)c);
    return true;
}

static bool branches(reader *r) {
    for (int c; (c = peek(r)) >= 0 && c != ')';) {
        if (take(r, '|')) {
            ts_buf_c(&r->out, '|');
        } else if (!atom(r) || !quantifier(r)) {
            return false;
        }
    }
    return true;
}

/* ---- PCRE2 ---- */

/* PCRE2's memory comes from the arena and is not given back. Running out is an error that PCRE2
 * reports: nothing jumps across its frames. */
static void *from_arena(PCRE2_SIZE n, void *arena) {
    ts_arena *a = arena;
    size_t room = (size_t)(a->end - a->beg);
    if (n > room || room - n < 64) return 0;
    return ts_alloc_raw(a, n, 16, 1);
}
static void to_arena(void *p, void *arena) { (void)p, (void)arena; }

static const pcre2_code *compile(ts_arena *a, ts_str text) {
    const uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT |
                             PCRE2_DOLLAR_ENDONLY | PCRE2_NO_AUTO_CAPTURE;
    int code;
    PCRE2_SIZE at, size = 0;
    pcre2_general_context *g = pcre2_general_context_create(from_arena, to_arena, a);
    pcre2_compile_context *c = g ? pcre2_compile_context_create(g) : 0;
    if (!c) return 0;
    const pcre2_code *p = pcre2_compile((PCRE2_SPTR)text.p, text.n, options, &code, &at, c);
    if (p) pcre2_pattern_info(p, PCRE2_INFO_SIZE, &size);
    return size > MAX_CODE ? 0 : p;
}

path_pattern path_pattern_new(ts_arena *a, ts_str source, bool whole) {
    reader r = {.s = source, .out = ts_buf_new(a, TS_JSON_PATH_PATTERN * 16 + 64)};
    path_pattern p = {PATTERN_TOO_LARGE, 0};
    if (source.n > TS_JSON_PATH_PATTERN) return p;
    ts_buf_put(&r.out, whole ? TS_S("\\A(?:") : TS_S("(?:"));
    bool good = branches(&r) && r.i == source.n;
    ts_buf_put(&r.out, whole ? TS_S(")\\z") : TS_S(")"));
    if (!good && !r.large) p.state = PATTERN_NONE;
    if (!good || r.large || r.out.full) return p;
    p.code = compile(a, ts_buf_str(&r.out));
    if (p.code) p.state = PATTERN_GOOD;
    return p;
}

/* PCRE2 calls this before each item of the pattern that it tries. */
static int count_item(pcre2_callout_block *b, void *work) {
    uint64_t *left = work;
    (void)b;
    if (!*left) return PCRE2_ERROR_CALLOUT;
    --*left;
    return 0;
}

path_pattern_found path_pattern_finds(ts_arena scratch, const path_pattern *p, ts_str s,
                                      uint64_t *work) {
    pcre2_general_context *g = pcre2_general_context_create(from_arena, to_arena, &scratch);
    pcre2_match_context *m = g ? pcre2_match_context_create(g) : 0;
    pcre2_match_data *d = m ? pcre2_match_data_create(1, g) : 0;
    if (!d) return PATTERN_OVER;
    pcre2_set_callout(m, count_item, work);
    pcre2_set_depth_limit(m, MATCH_DEPTH);
    pcre2_set_heap_limit(m, MATCH_HEAP);
    int rc = pcre2_match(p->code, (PCRE2_SPTR)(s.p ? s.p : ""), s.n, 0, 0, d, m);
    if (rc == PCRE2_ERROR_NOMATCH) return PATTERN_NO;
    return rc >= 0 ? PATTERN_YES : PATTERN_OVER;
}
