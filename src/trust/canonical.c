#include "canonical.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef struct writer {
    char *p; /* there is room for all that may come: see most() */
    ts_error *e;
} writer;

/* ---- room ---- */

/* A number's text takes at most 25 bytes, a byte of a string at most 6, and copying goes over the
 * end by less than 16. */
enum { NUMBER = 25, ESCAPE = 6, OVER = 16 };

/* How many bytes the canonical text of v takes at most. */
static size_t most(const ts_json *v) {
    size_t n = 0;
    for (const ts_json *x = v, *end = v + v->span; x < end; x++) switch (x->type) {
        case TS_JSON_STRING: n += x->plain ? (size_t)x->n + 3 : (size_t)x->n * ESCAPE + 3; break;
        case TS_JSON_NUMBER: n += x->plain ? x->n + 1 : NUMBER + 1; break;
        default: n += 6;
        }
    return n + OVER;
}

/* ---- strings ---- */

/* First byte in [p, end) that is written as an escape. */
static const char *plain_run(const char *p, const char *end) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
                  control = _mm_set1_epi8(0x1F);
    for (; end - p >= 16; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(x, control), x));
        unsigned at = (unsigned)_mm_movemask_epi8(stop);
        if (at) return p + __builtin_ctz(at);
    }
#endif
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20) p++;
    return p;
}

/* RFC 8785, section 3.2.2.2. */
static char *escaped(char *w, unsigned char c) {
    static const char hex[] = "0123456789abcdef", letters[] = "btn\0fr";
    char letter = c == '"' || c == '\\' ? (char)c : c >= 8 && c <= 13 ? letters[c - 8] : 0;
    *w++ = '\\';
    if (letter) return *w++ = letter, w;
    memcpy(w, "u00", 3);
    w[3] = hex[c >> 4], w[4] = hex[c & 15];
    return w + 5;
}

static char *quoted(char *w, const char *p, size_t n) {
    const char *end = p + n;
    *w++ = '"';
    while (p < end) {
        const char *stop = plain_run(p, end);
        memcpy(w, p, (size_t)(stop - p));
        w += stop - p;
        if (stop < end) w = escaped(w, (unsigned char)*stop++);
        p = stop;
    }
    *w++ = '"';
    return w;
}

/* What stands in the input as it should (`plain` in base/json.h), in steps of 16 bytes. */
static inline char *copied(char *to, const char *from, size_t n) {
    for (size_t i = 0; i < n; i += 16) memcpy(to + i, from + i, 16);
    return to + n;
}

static inline char *string(char *to, const ts_json *s) {
    return s->plain ? copied(to, s->p - 1, (size_t)s->n + 2) : quoted(to, s->p, s->n);
}

/* ---- numbers ---- */

static bool number(writer *w, const ts_json *v) {
    double d;
    if (v->plain) {
        w->p = copied(w->p, v->p, v->n);
    } else if (ts_json_f64(v, &d)) {
        char text[32];
        ts_str s = ts_es6_number(d, text);
        memcpy(w->p, s.p, s.n);
        w->p += s.n;
    } else {
        return ts_fail(w->e, TS_E_INPUT, "JSON: the number %.*s is too large for a double",
                       TS_P(ts_str_clip((ts_str){v->p, v->n}, 40)));
    }
    return true;
}

/* ---- names ---- */

typedef struct member {
    uint64_t key; /* the first eight bytes of the name, such that keys compare as names do */
    const ts_json *name;
} member;

/* Names are sorted by UTF-16 code units. Bytes of UTF-8 compare as code points do, and both orders
 * differ in one thing: a surrogate (D800 to DFFF) comes before E000 to FFFF. These begin with EE or
 * EF in UTF-8, code points of two surrogates with F0 to F4. */
static inline unsigned rank(unsigned char c) { return c == 0xEE || c == 0xEF ? c + 8u : c; }

static uint64_t ranked(uint64_t key) {
    uint64_t out = 0;
    for (int shift = 56; shift >= 0; shift -= 8)
        out |= (uint64_t)rank((unsigned char)(key >> shift)) << shift;
    return out;
}

static inline uint64_t load4(const char *p) {
    uint32_t x;
    memcpy(&x, p, 4);
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap32(x) : x;
}

static inline uint64_t key_of(const ts_json *name) {
    const char *p = name->p;
    size_t n = name->n;
    uint64_t key = 0;
    if (n >= 8)
        key = load4(p) << 32 | load4(p + 4);
    else if (n >= 4) /* the two overlap */
        key = load4(p) << 32 | load4(p + n - 4) << 8 * (8 - n);
    else
        for (size_t i = 0; i < n; i++) key |= (uint64_t)(unsigned char)p[i] << (56 - 8 * i);
    return key & 0x8080808080808080 ? ranked(key) : key;
}

static int compare_whole(const ts_json *a, const ts_json *b) {
    size_t n = a->n < b->n ? a->n : b->n, i = 0;
    while (i < n && a->p[i] == b->p[i]) i++;
    if (i == n) return (a->n > b->n) - (a->n < b->n);
    return rank((unsigned char)a->p[i]) < rank((unsigned char)b->p[i]) ? -1 : 1;
}

static inline int compare(const member *a, const member *b) {
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return compare_whole(a->name, b->name);
}

static void insertion_sort(member *m, size_t n) {
    for (size_t i = 1; i < n; i++) {
        member x = m[i];
        size_t k = i;
        for (; k && compare(&x, &m[k - 1]) < 0; k--) m[k] = m[k - 1];
        m[k] = x;
    }
}

enum { RUN = 16 };

/* By merging, so that no order of names is a bad one. Returns m or the room beside it. */
static member *merge_sort(member *m, member *beside, size_t n) {
    for (size_t i = 0; i < n; i += RUN) insertion_sort(m + i, n - i < RUN ? n - i : RUN);
    for (size_t width = RUN; width < n; width *= 2) {
        for (size_t at = 0; at < n; at += 2 * width) {
            size_t i = at, mid = n - at < width ? n : at + width, k = mid,
                   end = n - mid < width ? n : mid + width;
            for (size_t to = at; to < end; to++)
                beside[to] = k == end || (i < mid && compare(&m[i], &m[k]) <= 0) ? m[i++] : m[k++];
        }
        member *other = m;
        m = beside, beside = other;
    }
    return m;
}

/* The members of obj by name. False when one is there twice, which the strict reader refuses. */
static bool sorted(ts_arena *a, const ts_json *obj, member **out, ts_error *e) {
    member *m = ts_new_raw(a, member, obj->n);
    size_t n = 0;
    bool in_order = true;
    TS_JSON_EACH_MEMBER(name, value, obj) {
        m[n] = (member){key_of(name), name};
        in_order = in_order && (!n || compare(&m[n - 1], &m[n]) < 0);
        n++;
    }
    *out = m;
    if (in_order) return true;
    if (n <= RUN)
        insertion_sort(m, n);
    else
        *out = m = merge_sort(m, ts_new_raw(a, member, n), n);
    for (size_t i = 1; i < n; i++)
        if (m[i - 1].key == m[i].key && compare_whole(m[i - 1].name, m[i].name) == 0)
            return ts_fail(e, TS_E_INPUT, "JSON: the name \"%.*s\" is repeated in one object",
                           TS_P(ts_str_clip(ts_json_str(m[i].name), 80)));
    return true;
}

/* ---- values ---- */

typedef struct names {
    const ts_str *v;
    size_t n;
} names;

static bool among(const names *l, ts_str name) {
    for (size_t i = 0; i < l->n; i++)
        if (ts_str_eq(l->v[i], name)) return true;
    return false;
}

static bool value(writer *w, ts_arena scratch, const ts_json *v);

static bool object(writer *w, ts_arena scratch, const ts_json *v, const names *without) {
    member *m;
    if (!sorted(&scratch, v, &m, w->e)) return false;
    *w->p++ = '{';
    bool any = false;
    for (size_t i = 0; i < v->n; i++) {
        const ts_json *name = m[i].name;
        if (without->n && among(without, ts_json_str(name))) continue;
        if (any) *w->p++ = ',';
        any = true;
        w->p = string(w->p, name);
        *w->p++ = ':';
        if (!value(w, scratch, name + 1)) return false;
    }
    *w->p++ = '}';
    return true;
}

static bool array(writer *w, ts_arena scratch, const ts_json *v) {
    *w->p++ = '[';
    bool any = false;
    TS_JSON_EACH(x, v) {
        if (any) *w->p++ = ',';
        any = true;
        if (!value(w, scratch, x)) return false;
    }
    *w->p++ = ']';
    return true;
}

static bool value(writer *w, ts_arena scratch, const ts_json *v) {
    static const names none;
    switch (v->type) {
    case TS_JSON_OBJECT: return object(w, scratch, v, &none);
    case TS_JSON_ARRAY: return array(w, scratch, v);
    case TS_JSON_STRING: return w->p = string(w->p, v), true;
    case TS_JSON_NUMBER: return number(w, v);
    case TS_JSON_TRUE: return memcpy(w->p, "true", 4), w->p += 4, true;
    case TS_JSON_FALSE: return memcpy(w->p, "false", 5), w->p += 5, true;
    default: return memcpy(w->p, "null", 4), w->p += 4, true;
    }
}

/* All room is taken before anything is written, as the scratch arena may be a copy of the one that
 * the buffer grows in. What is past the buffer's cap is written elsewhere, to see whether it fits.
 */
bool ts_canonical_without(ts_buf *b, ts_arena scratch, const ts_json *v, const ts_str *without,
                          size_t n, ts_error *e) {
    if (!v || (n && v->type != TS_JSON_OBJECT))
        return ts_fail(e, TS_E_INPUT, "JSON: there is no %s to write", n ? "object" : "value");
    size_t need = most(v), left = b->max - b->n, room = need < left ? need : left;
    char *to = room ? ts_buf_room(b, room) : 0, *from = to;
    if (scratch.end == b->a->end && scratch.beg < b->a->beg) scratch.beg = b->a->beg;
    if (to && room < need) from = ts_new_raw(&scratch, char, need);
    writer w = {from, e};
    names leave = {without, n};
    if (to && !(n ? object(&w, scratch, v, &leave) : value(&w, scratch, v))) return false;
    size_t size = (size_t)(w.p - from);
    if (!to || size > room) {
        b->full = true;
        return ts_fail(e, TS_E_LIMIT, "JSON: the canonical text is longer than %zu bytes", b->max);
    }
    if (from != to) memcpy(to, from, size);
    b->n += size;
    return true;
}

bool ts_canonical(ts_buf *b, ts_arena scratch, const ts_json *v, ts_error *e) {
    return ts_canonical_without(b, scratch, v, 0, 0, e);
}
