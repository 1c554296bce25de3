#include "str.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

int ts_str_cmp(ts_str a, ts_str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool ts_str_ieq(ts_str a, ts_str b) { return a.n == b.n && ts_str_istarts(a, b); }

bool ts_str_starts(ts_str s, ts_str prefix) {
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool ts_str_istarts(ts_str s, ts_str prefix) {
    if (s.n < prefix.n) return false;
    for (size_t i = 0; i < prefix.n; i++)
        if (ts_lower((unsigned char)s.p[i]) != ts_lower((unsigned char)prefix.p[i])) return false;
    return true;
}

bool ts_str_ends(ts_str s, ts_str suffix) {
    return s.n >= suffix.n && ts_str_eq(ts_str_from(s, s.n - suffix.n), suffix);
}

size_t ts_str_find(ts_str s, ts_str needle) {
    if (needle.n == 0) return 0;
    if (s.n < needle.n) return TS_NPOS;
    const char *at = memmem(s.p, s.n, needle.p, needle.n);
    return at ? (size_t)(at - s.p) : TS_NPOS;
}

size_t ts_str_ifind(ts_str s, ts_str needle) {
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (ts_str_istarts(ts_str_from(s, i), needle)) return i;
    return TS_NPOS;
}

size_t ts_str_chr(ts_str s, char c) {
    const char *at = s.n ? memchr(s.p, c, s.n) : 0;
    return at ? (size_t)(at - s.p) : TS_NPOS;
}

/* Length of the white space at the start of s. */
static size_t space_at(ts_str s) {
    if (s.n == 0) return 0;
    if (ts_is_space((unsigned char)s.p[0])) return 1;
    if (ts_str_starts(s, TS_S("\xC2\xA0"))) return 2;
    if (ts_str_starts(s, TS_S("\xE3\x80\x80")) || ts_str_starts(s, TS_S("\xEF\xBB\xBF"))) return 3;
    return 0;
}

static size_t space_end(ts_str s) {
    if (s.n == 0) return 0;
    if (ts_is_space((unsigned char)s.p[s.n - 1])) return 1;
    if (ts_str_ends(s, TS_S("\xC2\xA0"))) return 2;
    if (ts_str_ends(s, TS_S("\xE3\x80\x80"))) return 3;
    return 0;
}

ts_str ts_str_trim(ts_str s) {
    for (size_t k; (k = space_at(s)) > 0;) s = ts_str_from(s, k);
    for (size_t k; (k = space_end(s)) > 0;) s.n -= k;
    return s;
}

ts_str ts_str_cut(ts_str *s, char c) {
    size_t i = ts_str_chr(*s, c);
    ts_str head = ts_str_to(*s, i);
    *s = i == TS_NPOS ? TS_NONE : ts_str_from(*s, i + 1);
    return head;
}

ts_str ts_str_cut_any(ts_str *s, const char *any) {
    for (size_t i = 0; i < s->n; i++) {
        if (!strchr(any, s->p[i]) || !s->p[i]) continue;
        ts_str head = ts_str_to(*s, i);
        *s = ts_str_from(*s, i + 1);
        return head;
    }
    ts_str head = *s;
    *s = TS_NONE;
    return head;
}

ts_str ts_str_dup(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n ? s.n : 1);
    if (s.n) memcpy(p, s.p, s.n);
    return (ts_str){p, s.n};
}

const char *ts_str_z(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return p;
}

ts_str ts_str_join(ts_arena *a, const ts_str *v, size_t n, ts_str sep) {
    size_t total = 0;
    for (size_t i = 0; i < n; i++) total += v[i].n + (i ? sep.n : 0);
    char *p = ts_new_raw(a, char, total ? total : 1), *w = p;
    for (size_t i = 0; i < n; i++) {
        if (i && sep.n) w = (char *)memcpy(w, sep.p, sep.n) + sep.n;
        if (v[i].n) w = (char *)memcpy(w, v[i].p, v[i].n) + v[i].n;
    }
    return (ts_str){p, total};
}

ts_str ts_str_clip(ts_str s, size_t max) {
    if (s.n <= max) return s;
    while (max > 0 && ((unsigned char)s.p[max] & 0xC0) == 0x80) max--;
    return ts_str_to(s, max);
}

void ts_strs_add(ts_arena *a, ts_strs *l, ts_str s) {
    s = ts_str_trim(s);
    if (s.n == 0) return;
    for (size_t i = 0; i < l->n; i++)
        if (ts_str_eq(l->v[i], s)) return;
    *ts_push(a, l) = s;
}

bool ts_u64_parse(ts_str s, uint64_t *out) {
    if (s.n == 0 || s.n > 20) return false;
    uint64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!ts_is_digit(s.p[i])) return false;
        uint64_t d = (uint64_t)(s.p[i] - '0');
        if (v > (UINT64_MAX - d) / 10) return false;
        v = v * 10 + d;
    }
    *out = v;
    return true;
}

bool ts_i64_parse(ts_str s, int64_t *out) {
    bool neg = s.n > 0 && s.p[0] == '-';
    uint64_t v;
    if (!ts_u64_parse(ts_str_from(s, neg), &v)) return false;
    if (v > (uint64_t)INT64_MAX + neg) return false;
    *out = neg ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

bool ts_f64_parse(ts_str s, double *out) {
    char buf[64], *end;
    if (s.n == 0 || s.n >= sizeof buf) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i]) && !memchr("+-.eE", s.p[i], 5)) return false;
    memcpy(buf, s.p, s.n);
    buf[s.n] = 0;
    static locale_t c_locale; /* set once; every thread would store the same value */
    locale_t c = __atomic_load_n(&c_locale, __ATOMIC_ACQUIRE);
    if (!c) __atomic_store_n(&c_locale, c = newlocale(LC_ALL_MASK, "C", 0), __ATOMIC_RELEASE);
    double v = strtod_l(buf, &end, c);
    if (*end || !isfinite(v)) return false;
    *out = v;
    return true;
}

uint32_t ts_utf8_next(ts_str s, size_t *i) {
    const unsigned char *p = (const unsigned char *)s.p + *i;
    size_t left = s.n - *i;
    uint32_t c = p[0];
    if (c < 0x80) return *i += 1, c;
    if (c >= 0xC2 && c <= 0xDF && left >= 2 && (p[1] & 0xC0) == 0x80)
        return *i += 2, (c & 0x1F) << 6 | (p[1] & 0x3Fu);
    if ((c & 0xF0) == 0xE0 && left >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
        uint32_t cp = (c & 0x0F) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
        if (cp >= 0x800 && (cp < 0xD800 || cp > 0xDFFF)) return *i += 3, cp;
    }
    if (c >= 0xF0 && c <= 0xF4 && left >= 4 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 &&
        (p[3] & 0xC0) == 0x80) {
        uint32_t cp = (c & 7) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
        if (cp >= 0x10000 && cp <= 0x10FFFF) return *i += 4, cp;
    }
    *i += 1;
    return 0xFFFD;
}

size_t ts_utf8_put(char out[4], uint32_t cp) {
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) cp = 0xFFFD;
    if (cp < 0x80) return out[0] = (char)cp, 1;
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t ts_utf8_bad(ts_str s) {
    size_t i = 0;
    while (i < s.n) {
        uint64_t w;
        while (i + 8 <= s.n && (memcpy(&w, s.p + i, 8), (w & 0x8080808080808080ull) == 0)) i += 8;
        if (i >= s.n) break;
        size_t at = i;
        if (ts_utf8_next(s, &i) == 0xFFFD && i == at + 1) return at;
    }
    return TS_NPOS;
}

ts_str ts_utf8_mend(ts_arena *a, ts_str s) {
    if (ts_utf8_bad(s) == TS_NPOS) return s;
    char *p = ts_new_raw(a, char, s.n * 3), *w = p;
    for (size_t i = 0; i < s.n;) w += ts_utf8_put(w, ts_utf8_next(s, &i));
    a->beg = w; /* give back what was not needed */
    return (ts_str){p, (size_t)(w - p)};
}
