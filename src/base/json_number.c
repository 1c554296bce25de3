/* Numbers of a JSON text as doubles, correctly rounded, and as integers. */
#include <locale.h>
#include <math.h>

#include "json.h"

/* Up to 2^53 and up to 10^22 a double is exact, so that one multiplication or division of two such
 * numbers rounds once, as it should. False: not that simple. */
static bool simple(ts_str s, double *out) {
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    size_t sign = s.n && s.p[0] == '-', point = s.n;
    if (s.n - sign > 19) return false;
    uint64_t m = 0;
    for (size_t i = sign; i < s.n; i++) {
        if (ts_is_digit((unsigned char)s.p[i]))
            m = m * 10 + (uint64_t)(s.p[i] - '0');
        else if (s.p[i] == '.' && point == s.n)
            point = i;
        else
            return false;
    }
    size_t decimals = point < s.n ? s.n - point - 1 : 0;
    if (m > (uint64_t)1 << 53 || s.n - sign <= (point < s.n)) return false;
    *out = (sign ? -(double)m : (double)m) / tens[decimals];
    return true;
}

/* More digits than this decide nothing: no double, and no number half way between two, has more. */
enum { DIGITS = 800 };

/* What is behind the 'e' at s.p[*i], as far as 64 bits hold it. False when that is no number. */
static bool exponent(ts_str s, size_t *i, int64_t *out) {
    ++*i;
    bool minus = *i < s.n && s.p[*i] == '-';
    *i += minus || (*i < s.n && s.p[*i] == '+');
    size_t from = *i;
    int64_t v = 0;
    for (; *i < s.n && ts_is_digit((unsigned char)s.p[*i]); ++*i)
        if (v < INT64_MAX / 20) v = v * 10 + (s.p[*i] - '0');
    *out = minus ? -v : v;
    return *i > from;
}

/* A number that may be long as the text 0.DIGITSeEXPONENT. */
static bool rewrite(ts_str s, char out[DIGITS + 40]) {
    char *w = out;
    size_t i = s.n && s.p[0] == '-', seen = 0;
    if (i) *w++ = '-';
    *w++ = '0', *w++ = '.';
    char *first = w;
    int64_t point = 0, e = 0;
    bool fraction = false, more = false;
    for (; i < s.n && (ts_is_digit((unsigned char)s.p[i]) || (s.p[i] == '.' && !fraction)); i++) {
        if (s.p[i] == '.') {
            fraction = true;
            continue;
        }
        seen++;
        bool counts = w > first || s.p[i] != '0'; /* zeros in front do not */
        point += fraction ? -!counts : counts;
        if (counts && w < first + DIGITS)
            *w++ = s.p[i];
        else
            more = more || s.p[i] != '0';
    }
    if (i < s.n && (s.p[i] | 32) == 'e' && !exponent(s, &i, &e)) return false;
    *w++ = more ? '1' : '0'; /* a little more than what stands there, or no more */
    e += point;
    snprintf(w, 24, "e%d", (int)(e > 99999 ? 99999 : e < -99999 ? -99999 : e));
    return seen && i == s.n;
}

static bool long_number(ts_str s, double *out) {
    char text[DIGITS + 40];
    if (!rewrite(s, text)) return false;
    locale_t c = newlocale(LC_ALL_MASK, "C", 0);
    if (!c) return false;
    double v = strtod_l(text, 0, c);
    freelocale(c);
    if (!isfinite(v)) return false;
    *out = v;
    return true;
}

bool ts_json_f64(const ts_json *v, double *out) {
    if (!ts_json_is(v, TS_JSON_NUMBER)) return false;
    ts_str s = {v->p, v->n};
    return simple(s, out) || (s.n < 64 ? ts_f64_parse(s, out) : long_number(s, out));
}

bool ts_json_i64(const ts_json *v, int64_t *out) {
    return v && v->type == TS_JSON_NUMBER && ts_i64_parse((ts_str){v->p, v->n}, out);
}
