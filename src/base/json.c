#include "json.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "hash.h"

enum { DEFAULT_DEPTH = 64, MAX_DEPTH = 1024 };

typedef struct reader {
    const char *beg, *p, *end;
    ts_arena *a;
    ts_json *v; /* tape */
    size_t n;
    ts_json_options o;
    ts_error *e;
} reader;

static bool fail_here(reader *r, ts_error_code code, const char *what) {
    uint64_t line = 1;
    for (const char *q = r->beg; q < r->p; q++) line += *q == '\n';
    ts_fail(r->e, code, "JSON: %s at byte %zu", what, (size_t)(r->p - r->beg));
    return ts_fail_at(r->e, 0, line, (uint64_t)(r->p - r->beg));
}

static inline void skip_space(reader *r) {
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\r' || *r->p == '\t'))
        r->p++;
}

/* First byte in [p, end) that ends a plain run: quote, backslash or control character. Adds 0x80
 * to *high when a byte outside ASCII was passed. */
static inline const char *plain_run(const char *p, const char *end, unsigned *high) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
                  ctl = _mm_set1_epi8(0x1F);
    for (; p + 16 <= end; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(x, ctl), x));
        unsigned at = (unsigned)_mm_movemask_epi8(stop), hi = (unsigned)_mm_movemask_epi8(x);
        if (at) {
            unsigned k = (unsigned)__builtin_ctz(at);
            *high |= (hi & ((1u << k) - 1)) ? 0x80 : 0;
            return p + k;
        }
        *high |= hi ? 0x80 : 0;
    }
#endif
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\' || c < 0x20) break;
        *high |= c & 0x80;
    }
    return p;
}

static int hex4(const char *p) {
    int v = 0;
    for (int i = 0; i < 4; i++) {
        int c = (unsigned char)p[i], d = ts_is_digit(c) ? c - '0' : ts_lower(c) - 'a' + 10;
        if (!ts_is_digit(c) && (ts_lower(c) < 'a' || ts_lower(c) > 'f')) return -1;
        v = v << 4 | d;
    }
    return v;
}

/* \uXXXX at r->p (behind the 'u'); a pair of surrogates is one code point. */
static bool unicode_escape(reader *r, uint32_t *cp, bool *mended) {
    int hi = r->end - r->p >= 4 ? hex4(r->p) : -1;
    if (hi < 0) return fail_here(r, TS_E_INPUT, "\\u needs four hexadecimal digits");
    r->p += 4;
    *cp = (uint32_t)hi;
    if (hi < 0xD800 || hi > 0xDFFF) return true;
    int lo = hi < 0xDC00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u' ? hex4(r->p + 2)
                                                                                    : -1;
    if (lo >= 0xDC00 && lo <= 0xDFFF) {
        *cp = 0x10000 + ((uint32_t)(hi - 0xD800) << 10) + (uint32_t)(lo - 0xDC00);
        r->p += 6;
        return true;
    }
    if (r->o.strict) return fail_here(r, TS_E_INPUT, "lone surrogate in a string");
    *mended = true;
    *cp = 0xFFFD;
    return true;
}

static bool one_escape(reader *r, ts_buf *b, bool *mended) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (r->p == r->end) return fail_here(r, TS_E_INPUT, "string is not closed");
    char c = *r->p++;
    if (c == 'u') {
        uint32_t cp = 0;
        char utf8[4];
        if (!unicode_escape(r, &cp, mended)) return false;
        ts_buf_put(b, (ts_str){utf8, ts_utf8_put(utf8, cp)});
        return true;
    }
    const char *k = c ? strchr(from, c) : 0;
    if (!k) return r->p--, fail_here(r, TS_E_INPUT, "unknown escape in a string");
    ts_buf_c(b, to[k - from]);
    return true;
}

/* The slow way, from the first backslash on: copies into the arena. */
static bool escaped_string(reader *r, const char *start, ts_str *out, unsigned *high,
                           bool *mended) {
    ts_buf b = ts_buf_new(r->a, (size_t)(r->end - r->beg) * 3 + 16);
    ts_buf_put(&b, (ts_str){start, (size_t)(r->p - start)});
    for (;;) {
        const char *run = r->p;
        r->p = plain_run(run, r->end, high);
        ts_buf_put(&b, (ts_str){run, (size_t)(r->p - run)});
        if (r->p == r->end) return fail_here(r, TS_E_INPUT, "string is not closed");
        if (*r->p == '"') break;
        if (*r->p != '\\') return fail_here(r, TS_E_INPUT, "control character in a string");
        r->p++;
        if (!one_escape(r, &b, mended)) return false;
    }
    r->p++;
    *out = (ts_str){b.p ? b.p : "", b.n};
    return true;
}

/* r->p is behind the opening quote; afterwards behind the closing one. */
static bool string(reader *r, ts_str *out) {
    const char *start = r->p;
    unsigned high = 0;
    bool mended = false;
    r->p = plain_run(start, r->end, &high);
    if (r->p == r->end) return fail_here(r, TS_E_INPUT, "string is not closed");
    if (*r->p == '"') {
        *out = (ts_str){start, (size_t)(r->p++ - start)};
    } else if (*r->p == '\\') {
        if (!escaped_string(r, start, out, &high, &mended)) return false;
    } else {
        return fail_here(r, TS_E_INPUT, "control character in a string");
    }
    if (high && ts_utf8_bad(*out) != TS_NPOS) {
        if (r->o.strict) return fail_here(r, TS_E_INPUT, "malformed UTF-8 in the string before");
        *out = ts_utf8_mend(r->a, *out);
        mended = true;
    }
    if (mended && r->o.mended) ++*r->o.mended;
    return true;
}

static bool number(reader *r, ts_str *out) {
    const char *s = r->p, *p = s, *end = r->end;
    if (p < end && *p == '-') p++;
    if (p < end && *p == '0')
        p++;
    else if (p < end && *p >= '1' && *p <= '9')
        while (p < end && ts_is_digit(*p)) p++;
    else
        return fail_here(r, TS_E_INPUT, "not a value");
    if (p < end && *p == '.') {
        if (++p == end || !ts_is_digit(*p))
            return r->p = p, fail_here(r, TS_E_INPUT, "digit expected");
        while (p < end && ts_is_digit(*p)) p++;
    }
    if (p < end && (*p | 32) == 'e') {
        if (++p < end && (*p == '+' || *p == '-')) p++;
        if (p == end || !ts_is_digit(*p))
            return r->p = p, fail_here(r, TS_E_INPUT, "digit expected");
        while (p < end && ts_is_digit(*p)) p++;
    }
    *out = (ts_str){s, (size_t)(p - s)};
    r->p = p;
    return true;
}

static bool literal(reader *r, const char *word, size_t n) {
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
        return fail_here(r, TS_E_INPUT, "not a value");
    r->p += n;
    return true;
}

static ts_json *node(reader *r, ts_json_type t, ts_str s) {
    ts_json *v = &r->v[r->n++];
    *v = (ts_json){.p = s.p, .n = (uint32_t)s.n, .span = 1, .type = t};
    return v;
}

static bool string_node(reader *r) {
    ts_str s;
    r->p++;
    if (!string(r, &s)) return false;
    node(r, TS_JSON_STRING, s);
    return true;
}

/* A value that is not a container. */
static bool scalar(reader *r) {
    ts_str s = TS_NONE;
    switch (*r->p) {
    case '"': return string_node(r);
    case 't': return literal(r, "true", 4) && node(r, TS_JSON_TRUE, s);
    case 'f': return literal(r, "false", 5) && node(r, TS_JSON_FALSE, s);
    case 'n': return literal(r, "null", 4) && node(r, TS_JSON_NULL, s);
    default: return number(r, &s) && node(r, TS_JSON_NUMBER, s);
    }
}

/* Names seen in one object: a small filter first, the members themselves when it hits. */
static bool repeated_name(const ts_json *obj, const ts_json *name, uint64_t *filter) {
    uint64_t h = name->n * 31ull;
    if (name->n) h ^= (unsigned char)name->p[0] * 7u + (unsigned char)name->p[name->n - 1] * 131u;
    uint64_t bit = 1ull << (ts_mix(h) & 63);
    bool maybe = (*filter & bit) != 0;
    *filter |= bit;
    if (!maybe) return false;
    for (const ts_json *k = obj + 1; k < name; k += 1 + k[1].span)
        if (k->n == name->n && memcmp(k->p, name->p, k->n) == 0) return true;
    return false;
}

/* Large objects: sort the names once the object is closed. */
static int by_name(const void *x, const void *y) {
    const ts_json *a = *(const ts_json *const *)x, *b = *(const ts_json *const *)y;
    return ts_str_cmp((ts_str){a->p, a->n}, (ts_str){b->p, b->n});
}

static uint32_t repeated_in_large(ts_arena scratch, const ts_json *obj) {
    const ts_json **k = ts_new_raw(&scratch, const ts_json *, obj->n);
    size_t n = 0;
    TS_JSON_EACH_MEMBER(name, value, obj) k[n++] = name;
    qsort(k, n, sizeof *k, by_name);
    uint32_t hits = 0;
    for (size_t i = 1; i < n; i++) hits += by_name(&k[i - 1], &k[i]) == 0;
    return hits;
}

enum { LARGE_OBJECT = 64 };

typedef struct level {
    uint32_t at; /* node of the open container */
    uint64_t filter;
} level;

static bool count_repeats(reader *r, uint32_t n) {
    if (!n) return true;
    if (r->o.strict) return fail_here(r, TS_E_INPUT, "a name is repeated in the object before");
    if (r->o.repeated) *r->o.repeated += n;
    return true;
}

/* "name": at r->p, into the tape. */
static bool member_name(reader *r, level *l) {
    skip_space(r);
    if (r->p == r->end || *r->p != '"')
        return fail_here(r, TS_E_INPUT, "a name in quotes expected");
    if (!string_node(r)) return false;
    ts_json *obj = &r->v[l->at];
    if (obj->n < LARGE_OBJECT && !count_repeats(r, repeated_name(obj, &r->v[r->n - 1], &l->filter)))
        return false;
    skip_space(r);
    if (r->p == r->end || *r->p != ':') return fail_here(r, TS_E_INPUT, "':' expected");
    r->p++;
    return true;
}

static bool close_container(reader *r, level *l) {
    ts_json *c = &r->v[l->at];
    c->span = (uint32_t)(r->n - l->at) & 0x0FFFFFFF;
    r->p++;
    if (c->type == TS_JSON_OBJECT && c->n > LARGE_OBJECT)
        return count_repeats(r, repeated_in_large(*r->a, c));
    return true;
}

/* After a value inside a container: a comma, or the container's end (and so on outwards).
 * Leaves *depth at the level whose next element follows, or 0 when the root is complete. */
static bool after_value(reader *r, level *stack, unsigned *depth) {
    while (*depth) {
        level *l = &stack[*depth - 1];
        ts_json *c = &r->v[l->at];
        c->n++;
        skip_space(r);
        char close = c->type == TS_JSON_OBJECT ? '}' : ']';
        if (r->p < r->end && *r->p == ',') return r->p++, true;
        if (r->p == r->end || *r->p != close)
            return fail_here(r, TS_E_INPUT,
                             close == '}' ? "',' or '}' expected" : "',' or ']' expected");
        if (!close_container(r, l)) return false;
        --*depth;
    }
    return true;
}

static bool document(reader *r) {
    level stack[MAX_DEPTH];
    unsigned depth = 0, max = r->o.max_depth ? r->o.max_depth : DEFAULT_DEPTH;
    if (max > MAX_DEPTH) max = MAX_DEPTH;
    do {
        if (depth && r->v[stack[depth - 1].at].type == TS_JSON_OBJECT &&
            !member_name(r, &stack[depth - 1]))
            return false;
        skip_space(r);
        if (r->p == r->end) return fail_here(r, TS_E_INPUT, "ends where a value should be");
        if (*r->p == '{' || *r->p == '[') {
            bool obj = *r->p == '{';
            if (depth == max) return fail_here(r, TS_E_LIMIT, "nested too deeply");
            node(r, obj ? TS_JSON_OBJECT : TS_JSON_ARRAY, (ts_str){r->p, 0});
            stack[depth++] = (level){(uint32_t)(r->n - 1), 0};
            r->p++;
            skip_space(r);
            if (r->p == r->end || *r->p != (obj ? '}' : ']')) continue;
            if (!close_container(r, &stack[--depth])) return false; /* empty */
        } else if (!scalar(r)) {
            return false;
        }
        if (!after_value(r, stack, &depth)) return false;
    } while (depth);
    skip_space(r);
    if (r->p != r->end) return fail_here(r, TS_E_INPUT, "something follows the value");
    return true;
}

const ts_json *ts_json_parse(ts_arena *a, ts_str text, ts_json_options o, ts_error *e) {
    if (text.n > UINT32_MAX || text.n / 2 + 2 >= 1u << 28) {
        ts_fail(e, TS_E_LIMIT, "JSON: the document is larger than this reader takes (512 MiB)");
        return 0;
    }
    if (ts_str_starts(text, TS_S("\xEF\xBB\xBF"))) text = ts_str_from(text, 3);
    reader r = {.beg = text.p, .p = text.p, .end = text.p + text.n, .a = a, .o = o, .e = e};
    /* A value takes at least two bytes with its separator, so this many nodes always suffice;
     * pages that are not written cost nothing. */
    r.v = ts_new_raw(a, ts_json, text.n / 2 + 2);
    return document(&r) ? r.v : 0;
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

bool ts_json_f64(const ts_json *v, double *out) {
    return v && v->type == TS_JSON_NUMBER && ts_f64_parse((ts_str){v->p, v->n}, out);
}

bool ts_json_i64(const ts_json *v, int64_t *out) {
    return v && v->type == TS_JSON_NUMBER && ts_i64_parse((ts_str){v->p, v->n}, out);
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
