#include "json.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "hash.h"

enum {
    DEFAULT_DEPTH = 64,
    MAX_DEPTH = 1024,
    BEYOND = 16, /* bytes of the input from the end of what is plain: see json.h */
};

/* A place p in the text is handed from function to function; NULL after a failure. */
typedef struct reader {
    const char *beg, *end;
    ts_arena *a;
    ts_json *v, *next; /* the tape, and where its next node goes */
    uint32_t max_members;
    ts_json_options o;
    ts_error *e;
} reader;

static const char *fail_at(const reader *r, const char *p, ts_error_code code, const char *what) {
    uint64_t line = 1;
    for (const char *q = r->beg; q < p; q++) line += *q == '\n';
    ts_fail(r->e, code, "JSON: %s at byte %zu", what, (size_t)(p - r->beg));
    ts_fail_at(r->e, 0, line, (uint64_t)(p - r->beg));
    return 0;
}

static const char *not_input(const reader *r, const char *p, const char *what) {
    return fail_at(r, p, TS_E_INPUT, what);
}

/* ---- white space and runs of plain bytes ---- */

static inline bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

static const char *spaces(const char *p, const char *end) {
#ifdef __SSE2__
    for (; end - p >= 16; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i space = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(' ')),
                                     _mm_cmpeq_epi8(x, _mm_set1_epi8('\n')));
        space = _mm_or_si128(space, _mm_cmpeq_epi8(x, _mm_set1_epi8('\r')));
        space = _mm_or_si128(space, _mm_cmpeq_epi8(x, _mm_set1_epi8('\t')));
        unsigned other = (unsigned)_mm_movemask_epi8(space) ^ 0xFFFF;
        if (other) return p + __builtin_ctz(other);
    }
#endif
    while (p < end && is_space(*p)) p++;
    return p;
}

static inline const char *skip_space(const char *p, const char *end) {
    if (p == end || (unsigned char)*p > ' ') return p;
    if (*p == ' ' && end - p > 1 && (unsigned char)p[1] > ' ') return p + 1;
    return spaces(p, end);
}

/* First byte in [p, end) that ends a plain run: quote, backslash or control character. *high is no
 * longer zero when a byte outside ASCII was passed. */
static inline const char *plain_run(const char *p, const char *end, unsigned *high) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
                  ctl = _mm_set1_epi8(0x1F);
    for (; end - p >= 16; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(x, ctl), x));
        unsigned at = (unsigned)_mm_movemask_epi8(stop), hi = (unsigned)_mm_movemask_epi8(x);
        if (at) {
            unsigned k = (unsigned)__builtin_ctz(at);
            *high |= hi & ((1u << k) - 1);
            return p + k;
        }
        *high |= hi;
    }
#endif
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\' || c < 0x20) break;
        *high |= c & 0x80;
    }
    return p;
}

/* ---- strings ---- */

static int hex4(const char *p) {
    static const uint8_t more[256] = {
        /* the digit, and one more */
        ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
        ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
        ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
        ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};
    int v = 0;
    for (int i = 0; i < 4; i++) {
        int d = more[(unsigned char)p[i]];
        if (!d) return -1;
        v = v << 4 | (d - 1);
    }
    return v;
}

/* A string with escapes while its text is put together. */
typedef struct unescaped {
    char *beg, *w;
    unsigned high;
    bool mended;
} unescaped;

/* \uXXXX, p behind the 'u'; a pair of surrogates is one code point. */
static const char *unicode_escape(const reader *r, const char *p, unescaped *u) {
    int hi = r->end - p >= 4 ? hex4(p) : -1;
    if (hi < 0) return not_input(r, p, "\\u needs four hexadecimal digits");
    p += 4;
    uint32_t cp = (uint32_t)hi;
    if (hi >= 0xD800 && hi <= 0xDFFF) {
        bool pair = hi < 0xDC00 && r->end - p >= 6 && p[0] == '\\' && p[1] == 'u';
        int lo = pair ? hex4(p + 2) : -1;
        if (lo >= 0xDC00 && lo <= 0xDFFF) {
            cp = 0x10000 + ((uint32_t)(hi - 0xD800) << 10) + (uint32_t)(lo - 0xDC00);
            p += 6;
        } else {
            if (r->o.strict) return not_input(r, p, "lone surrogate in a string");
            u->mended = true;
            cp = 0xFFFD;
        }
    }
    u->w += ts_utf8_put(u->w, cp); /* at least six bytes of room: as many as the escape has */
    return p;
}

/* p behind the backslash. */
static const char *one_escape(const reader *r, const char *p, unescaped *u) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (p == r->end) return not_input(r, p, "string is not closed");
    if (*p == 'u') return unicode_escape(r, p + 1, u);
    const char *k = *p ? strchr(from, *p) : 0;
    if (!k) return not_input(r, p, "unknown escape in a string");
    *u->w++ = to[k - from];
    return p + 1;
}

static const char *unescape(const reader *r, const char *p, unescaped *u) {
    while (p < r->end && *p != '"') {
        if (*p == '\\') {
            p = one_escape(r, p + 1, u);
            if (!p) return 0;
            continue;
        }
        const char *run = p;
        p = plain_run(run, r->end, &u->high);
        if (p == run) return not_input(r, p, "control character in a string");
        memcpy(u->w, run, (size_t)(p - run));
        u->w += p - run;
    }
    return p < r->end ? p + 1 : not_input(r, p, "string is not closed");
}

/* The quote that ends the string whose escape begins at p, or the end of the text. */
static const char *closing_quote(const char *p, const char *end) {
    for (const char *q = p; (q = memchr(q, '"', (size_t)(end - q))); q++) {
        const char *k = q;
        while (k > p && k[-1] == '\\') k--;
        if ((q - k) % 2 == 0) return q;
    }
    return end;
}

/* The string from start has something at p that is neither plain ASCII nor its end. No escape is
 * shorter than what it stands for. */
static const char *hard_string(reader *r, const char *start, const char *p, unsigned high,
                               ts_json *out) {
    unescaped u = {.high = high};
    ts_str s = {start, (size_t)(p - start)};
    bool in_place = p < r->end && *p == '"', plain = in_place && r->end - p >= BEYOND;
    if (in_place) {
        p++;
    } else {
        u.beg = u.w = ts_new_raw(r->a, char, closing_quote(p, r->end) - start);
        p = unescape(r, start, &u);
        if (!p) return 0;
        s = (ts_str){u.beg, (size_t)(u.w - u.beg)};
        r->a->beg = u.w;
    }
    if (u.high && ts_utf8_bad(s) != TS_NPOS) {
        if (r->o.strict) return not_input(r, p, "malformed UTF-8 in the string before");
        s = ts_utf8_mend(r->a, s);
        plain = false;
        u.mended = true;
    }
    if (u.mended && r->o.mended) ++*r->o.mended;
    *out = (ts_json){s.p, (uint32_t)s.n, .span = 1, .type = TS_JSON_STRING, .plain = plain};
    return p;
}

/* Into the tape; p is behind the opening quote, the result behind the closing one. */
static inline const char *string(reader *r, const char *start) {
    unsigned high = 0;
    const char *p = plain_run(start, r->end, &high);
    ts_json *v = r->next++;
    if (high || r->end - p < BEYOND || *p != '"') return hard_string(r, start, p, high, v);
    *v = (ts_json){start, (uint32_t)(p - start), .span = 1, .type = TS_JSON_STRING, .plain = 1};
    return p + 1;
}

/* ---- other scalars ---- */

static inline const char *digits(const char *p, const char *end) {
    while (p < end && ts_is_digit((unsigned char)*p)) p++;
    return p;
}

/* Of 15 digits at most, no exponent, no idle zeros, not below 10^-6: then the text is the one that
 * ECMAScript writes, as so many digits survive the way through a double. */
static inline bool plain_number(const char *s, const char *p, const char *point) {
    size_t n = (size_t)(p - s);
    if (n > 15u + (point != 0) + (*s == '-')) return false;
    if (!point) return n != 2 || s[0] != '-' || s[1] != '0';
    return p[-1] != '0' && (point[-1] != '0' || p - point < 7 || memcmp(point, ".000000", 7) != 0);
}

static inline const char *number(reader *r, const char *s) {
    const char *end = r->end, *p = s + (*s == '-'), *from = p, *point = 0;
    p = digits(p, end);
    if (p > from && *from == '0') p = from + 1; /* what follows a zero is no part of the number */
    if (p == from) return not_input(r, s, "not a value");
    if (p < end && *p == '.') {
        point = p;
        p = digits(from = p + 1, end);
        if (p == from) return not_input(r, p, "digit expected");
    }
    bool plain = end - p >= BEYOND && plain_number(s, p, point);
    if (p < end && (*p | 32) == 'e') {
        if (++p < end && (*p == '+' || *p == '-')) p++;
        p = digits(from = p, end);
        if (p == from) return not_input(r, p, "digit expected");
        plain = false;
    }
    *r->next++ = (ts_json){s, (uint32_t)(p - s), .span = 1, .type = TS_JSON_NUMBER, .plain = plain};
    return p;
}

static const char *literal(reader *r, const char *p, ts_str word, ts_json_type t) {
    if ((size_t)(r->end - p) < word.n || memcmp(p, word.p, word.n) != 0)
        return not_input(r, p, "not a value");
    *r->next++ = (ts_json){.span = 1, .type = t};
    return p + word.n;
}

/* A value that is not a container. */
static inline const char *scalar(reader *r, const char *p) {
    switch (*p) {
    case '"': return string(r, p + 1);
    case 't': return literal(r, p, TS_S("true"), TS_JSON_TRUE);
    case 'f': return literal(r, p, TS_S("false"), TS_JSON_FALSE);
    case 'n': return literal(r, p, TS_S("null"), TS_JSON_NULL);
    default: return number(r, p);
    }
}

/* ---- repeated names ---- */

/* Names seen in one object: a small filter first, the members themselves when it hits. */
static inline bool repeated_name(const ts_json *obj, const ts_json *name, uint64_t *filter) {
    const unsigned char *p = (const unsigned char *)name->p;
    uint64_t n = name->n, h = n;
    if (n) h |= (uint64_t)p[0] << 32 | (uint64_t)p[n / 2] << 40 | (uint64_t)p[n - 1] << 48;
    uint64_t bit = 1ull << (h * 0x9E3779B97F4A7C15 >> 58);
    bool maybe = (*filter & bit) != 0;
    *filter |= bit;
    if (!maybe) return false;
    for (const ts_json *k = obj + 1; k < name; k += 1 + k[1].span)
        if (k->n == name->n && memcmp(k->p, name->p, k->n) == 0) return true;
    return false;
}

/* Large objects: sort the names once the object is closed, by hash and then by their bytes. By
 * merging, so that neither an order of names nor names of equal hash are worse than others. */
typedef struct seen {
    uint64_t hash;
    const ts_json *name;
} seen;

static int by_name(const seen *x, const seen *y) {
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return ts_str_cmp((ts_str){x->name->p, x->name->n}, (ts_str){y->name->p, y->name->n});
}

static void merge(seen *to, const seen *a, const seen *a_end, const seen *b, const seen *b_end) {
    while (a < a_end || b < b_end)
        *to++ = b == b_end || (a < a_end && by_name(a, b) <= 0) ? *a++ : *b++;
}

static seen *merge_sort(seen *from, seen *to, size_t n) {
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t i = 0; i < n; i += 2 * width) {
            size_t mid = n - i < width ? n : i + width, end = n - mid < width ? n : mid + width;
            merge(to + i, from + i, from + mid, from + mid, from + end);
        }
        seen *sorted = to;
        to = from, from = sorted;
    }
    return from;
}

static uint32_t repeated_in_large(ts_arena scratch, const ts_json *obj) {
    seen *k = ts_new_raw(&scratch, seen, obj->n);
    size_t n = 0;
    TS_JSON_EACH_MEMBER(name, value, obj)
    k[n++] = (seen){ts_hash((ts_str){name->p, name->n}), name};
    k = merge_sort(k, ts_new_raw(&scratch, seen, n), n);
    uint32_t hits = 0;
    for (size_t i = 1; i < n; i++) hits += by_name(&k[i - 1], &k[i]) == 0;
    return hits;
}

enum { LARGE_OBJECT = 64 };

static const char *count_repeats(const reader *r, const char *p, uint32_t n) {
    if (!n) return p;
    if (r->o.strict) return not_input(r, p, "a name is repeated in the object before");
    if (r->o.repeated) *r->o.repeated += n;
    return p;
}

/* ---- containers ---- */

typedef struct level {
    ts_json *v; /* the open container */
    uint64_t filter;
} level;

/* "name": into the tape. */
static inline const char *member_name(reader *r, const char *p, level *l) {
    ts_json *name = r->next;
    p = skip_space(p, r->end);
    if (p == r->end || *p != '"') return not_input(r, p, "a name in quotes expected");
    p = string(r, p + 1);
    if (!p) return 0;
    if (l->v->n < LARGE_OBJECT && repeated_name(l->v, name, &l->filter) && !count_repeats(r, p, 1))
        return 0;
    p = skip_space(p, r->end);
    if (p == r->end || *p != ':') return not_input(r, p, "':' expected");
    return p + 1;
}

/* p is at the closing bracket. */
static inline const char *close_container(reader *r, const char *p, const level *l) {
    l->v->span = (uint32_t)(r->next - l->v) & 0x0FFFFFFF;
    p++;
    if (l->v->type == TS_JSON_OBJECT && l->v->n > LARGE_OBJECT)
        return count_repeats(r, p, repeated_in_large(*r->a, l->v));
    return p;
}

static const char *too_many(const reader *r, const char *p, const ts_json *v) {
    char what[80], digits[16];
    int n = snprintf(digits, sizeof digits, "%u", r->max_members), at = 0;
    bool object = v->type == TS_JSON_OBJECT;
    at = snprintf(what, sizeof what, "an %s with more than ", object ? "object" : "array");
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0) what[at++] = ',';
        what[at++] = digits[i];
    }
    snprintf(what + at, sizeof what - (size_t)at, " %s", object ? "members" : "elements");
    return fail_at(r, p, TS_E_LIMIT, what);
}

/* After a value inside a container: a comma, or the container's end (and so on outwards).
 * Leaves *depth at the level whose next element follows, or 0 when the root is complete. */
static inline const char *after_value(reader *r, const char *p, level *stack, unsigned *depth) {
    while (*depth) {
        const level *l = &stack[*depth - 1];
        l->v->n++;
        p = skip_space(p, r->end);
        char close = l->v->type == TS_JSON_OBJECT ? '}' : ']';
        if (p < r->end && *p == ',') return l->v->n < r->max_members ? p + 1 : too_many(r, p, l->v);
        if (p == r->end || *p != close)
            return not_input(r, p, close == '}' ? "',' or '}' expected" : "',' or ']' expected");
        p = close_container(r, p, l);
        if (!p) return 0;
        --*depth;
    }
    return p;
}

/* The root and what is in it; the result is behind it. */
static const char *document(reader *r, const char *p) {
    level stack[MAX_DEPTH];
    unsigned depth = 0, max = r->o.max_depth ? r->o.max_depth : DEFAULT_DEPTH;
    if (max > MAX_DEPTH) max = MAX_DEPTH;
    do {
        if (depth && stack[depth - 1].v->type == TS_JSON_OBJECT) {
            p = member_name(r, p, &stack[depth - 1]);
            if (!p) return 0;
        }
        p = skip_space(p, r->end);
        if (p == r->end) return not_input(r, p, "ends where a value should be");
        if (*p == '{' || *p == '[') {
            bool object = *p == '{';
            if (depth == max) return fail_at(r, p, TS_E_LIMIT, "nested too deeply");
            ts_json *v = r->next++;
            *v = (ts_json){p, 0, .span = 1, .type = object ? TS_JSON_OBJECT : TS_JSON_ARRAY};
            stack[depth++] = (level){v, 0};
            p = skip_space(p + 1, r->end);
            if (p == r->end || *p != (object ? '}' : ']')) continue;
            p = close_container(r, p, &stack[--depth]); /* empty */
        } else {
            p = scalar(r, p);
        }
        if (p) p = after_value(r, p, stack, &depth);
        if (!p) return 0;
    } while (depth);
    return p;
}

const ts_json *ts_json_parse(ts_arena *a, ts_str text, ts_json_options o, ts_error *e) {
    if (text.n > UINT32_MAX || text.n / 2 + 2 >= 1u << 28) {
        ts_fail(e, TS_E_LIMIT, "JSON: the document is larger than this reader takes (512 MiB)");
        return 0;
    }
    if (!text.p) text = TS_S("");
    if (!o.strict && ts_str_starts(text, TS_S("\xEF\xBB\xBF"))) text = ts_str_from(text, 3);
    reader r = {.beg = text.p, .end = text.p + text.n, .a = a, .o = o, .e = e};
    r.max_members = o.max_members ? o.max_members : UINT32_MAX;
    if (o.strict && ts_str_starts(text, TS_S("\xEF\xBB\xBF")))
        return not_input(&r, r.beg, "a byte order mark"), (const ts_json *)0;
    /* A value takes at least two bytes with its separator, so this many nodes always suffice;
     * pages that are not written cost nothing. */
    ts_json *tape_end = (r.v = r.next = ts_new_raw(a, ts_json, text.n / 2 + 2)) + text.n / 2 + 2;
    const char *p = document(&r, r.beg);
    if (!p) return 0;
    p = skip_space(p, r.end);
    if (p != r.end) return not_input(&r, p, "something follows the value"), (const ts_json *)0;
    if (a->beg == (char *)tape_end) a->beg = (char *)r.next;
    return r.v;
}

const ts_json *ts_json_get(const ts_json *v, ts_str name) {
    const ts_json *hit = 0;
    TS_JSON_EACH_MEMBER(k, x, v)
    if (k->n == name.n && memcmp(k->p, name.p, name.n) == 0) hit = x;
    return hit;
}

const ts_json *ts_json_at(const ts_json *v, size_t i) {
    TS_JSON_EACH(x, v)
    if (i-- == 0) return x;
    return 0;
}

/* ---- splitting ---- */

/* End of the string that starts at the quote s.p[i], behind its closing quote; TS_NPOS when the
 * buffer ends first. */
static size_t string_end(ts_str s, size_t i) {
    unsigned high = 0;
    for (i++; i < s.n;) {
        i = (size_t)(plain_run(s.p + i, s.p + s.n, &high) - s.p);
        if (i >= s.n) break;
        if (s.p[i] == '"') return i + 1;
        i += s.p[i] == '\\' ? 2 : 1;
    }
    return TS_NPOS;
}

ts_json_split_result ts_json_split(ts_str t, size_t *at, size_t *end, bool eof) {
    size_t i = *at;
    while (i < t.n && ts_is_space((unsigned char)t.p[i])) i++;
    *at = i;
    if (i == t.n) return eof ? TS_JSON_SPLIT_END : TS_JSON_SPLIT_MORE;
    size_t depth = 0;
    if (t.p[i] != '{' && t.p[i] != '[') {
        if (t.p[i] == '"') {
            size_t k = string_end(t, i);
            if (k == TS_NPOS) return eof ? TS_JSON_SPLIT_BAD : TS_JSON_SPLIT_MORE;
            return *end = k, TS_JSON_SPLIT_VALUE;
        }
        if (!ts_is_alnum((unsigned char)t.p[i]) && t.p[i] != '-') return TS_JSON_SPLIT_BAD;
        while (i < t.n && !ts_is_space((unsigned char)t.p[i]) && t.p[i] != ',' && t.p[i] != ']' &&
               t.p[i] != '}')
            i++;
        if (i == t.n && !eof) return TS_JSON_SPLIT_MORE;
        return *end = i, TS_JSON_SPLIT_VALUE;
    }
    while (i < t.n) {
        char c = t.p[i];
        if (c == '"') {
            i = string_end(t, i);
            if (i == TS_NPOS) break;
            continue;
        }
        i++;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return *end = i, TS_JSON_SPLIT_VALUE;
    }
    return eof ? TS_JSON_SPLIT_BAD : TS_JSON_SPLIT_MORE;
}
