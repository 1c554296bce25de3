#include "stamp.h"

#include "time.h"

/* n digits at the front of s, which moves behind them; -1 when they are not there. */
static int take_digits(ts_str *s, size_t n) {
    int v = 0;
    if (s->n < n) return -1;
    for (size_t i = 0; i < n; i++) {
        if (!ts_is_digit(s->p[i])) return -1;
        v = v * 10 + (s->p[i] - '0');
    }
    *s = ts_str_from(*s, n);
    return v;
}

static bool take_sign(ts_str *s, char c) {
    if (!s->n || s->p[0] != c) return false;
    *s = ts_str_from(*s, 1);
    return true;
}

static bool take_day(ts_str *s, int64_t *seconds) {
    int y = take_digits(s, 4), m = take_sign(s, '-') ? take_digits(s, 2) : -1,
        d = take_sign(s, '-') ? take_digits(s, 2) : -1;
    int32_t day = ts_day_of(y, m, d);
    *seconds = (int64_t)day * 86400;
    return day != TS_NO_DAY;
}

/* ".25": the first nine digits count; *any when one of all is not zero. */
static bool take_fraction(ts_str *s, uint32_t *nanos, bool *any) {
    *any = false;
    *nanos = 0;
    if (!take_sign(s, '.')) return true;
    size_t n = 0, k = 0;
    for (; n < s->n && ts_is_digit(s->p[n]); n++) {
        *any |= s->p[n] != '0';
        if (k < 9) *nanos = *nanos * 10 + (uint32_t)(s->p[n] - '0'), k++;
    }
    for (; k < 9; k++) *nanos *= 10;
    *s = ts_str_from(*s, n);
    return n > 0;
}

static bool take_time(ts_str *s, int64_t *seconds, uint32_t *nanos) {
    bool part;
    int h = take_digits(s, 2), m = take_sign(s, ':') ? take_digits(s, 2) : -1,
        sec = take_sign(s, ':') ? take_digits(s, 2) : -1;
    if (h < 0 || m < 0 || sec < 0 || m > 59 || sec > 59 || !take_fraction(s, nanos, &part))
        return false;
    *seconds += h * 3600 + m * 60 + sec;
    return h < 24 || (h == 24 && !m && !sec && !part);
}

static bool take_zone(ts_str *s, int64_t *seconds) {
    if (take_sign(s, 'Z')) return true;
    bool east = take_sign(s, '+');
    if (!east && !take_sign(s, '-')) return false;
    int h = take_digits(s, 2), m = take_sign(s, ':') ? take_digits(s, 2) : -1;
    if (h < 0 || m < 0 || m > 59 || h * 60 + m > 14 * 60) return false;
    *seconds += (east ? -1 : 1) * (h * 3600 + m * 60);
    return true;
}

bool ts_stamp_parse_exact(ts_str s, int64_t *out, uint32_t *nanos) {
    int64_t t;
    uint32_t part;
    if (!take_day(&s, &t) || !take_sign(&s, 'T') || !take_time(&s, &t, &part) ||
        !take_zone(&s, &t) || s.n)
        return false;
    if (out) *out = t;
    if (nanos) *nanos = part;
    return true;
}

bool ts_stamp_parse(ts_str s, int64_t *out) { return ts_stamp_parse_exact(s, out, 0); }
