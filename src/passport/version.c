#include "version.h"

enum { NUMBERS = 8 };

typedef struct version {
    ts_str number[NUMBERS];
    size_t n;
    ts_str pre; /* pre-release; its p is NULL when there is none */
} version;

static bool all_digits(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return false;
    return s.n > 0;
}

static bool read_version(ts_str s, version *v) {
    *v = (version){.n = 0};
    s = ts_str_trim(s);
    if (s.n > 1 && (s.p[0] == 'v' || s.p[0] == 'V')) s = ts_str_from(s, 1);
    s = ts_str_to(s, ts_str_chr(s, '+') == TS_NPOS ? s.n : ts_str_chr(s, '+'));
    size_t dash = ts_str_chr(s, '-');
    if (dash != TS_NPOS) v->pre = ts_str_from(s, dash + 1);
    for (ts_str rest = ts_str_to(s, dash == TS_NPOS ? s.n : dash); rest.p;) {
        ts_str part = ts_str_cut(&rest, '.');
        if (v->n == NUMBERS || !all_digits(part)) return false;
        while (part.n > 1 && part.p[0] == '0') part = ts_str_from(part, 1);
        v->number[v->n++] = part;
    }
    return v->n > 0 && (dash == TS_NPOS || v->pre.n > 0);
}

static int sign(int x) { return (x > 0) - (x < 0); }

/* Numbers of any length without leading zeros. */
static int compare_numbers(ts_str x, ts_str y) {
    if (x.n != y.n) return x.n < y.n ? -1 : 1;
    return sign(ts_str_cmp(x, y));
}

static ts_str number_at(const version *v, size_t i) { return i < v->n ? v->number[i] : TS_S("0"); }

/* Identifiers: numbers before words, numbers by value, words by bytes, more parts are later. */
static int compare_pre(ts_str x, ts_str y) {
    while (x.p && y.p) {
        ts_str a = ts_str_cut(&x, '.'), b = ts_str_cut(&y, '.');
        bool an = all_digits(a), bn = all_digits(b);
        int c = an && bn   ? compare_numbers(a, b)
                : an != bn ? (an ? -1 : 1)
                           : sign(ts_str_cmp(a, b));
        if (c) return c;
    }
    return (x.p != 0) - (y.p != 0);
}

bool version_compare(ts_str x, ts_str y, int *order) {
    version a, b;
    if (!read_version(x, &a) || !read_version(y, &b)) return false;
    for (size_t i = 0; i < NUMBERS; i++)
        if ((*order = compare_numbers(number_at(&a, i), number_at(&b, i))) != 0) return true;
    if (!a.pre.p || !b.pre.p)
        *order = (a.pre.p == 0) - (b.pre.p == 0);
    else
        *order = compare_pre(a.pre, b.pre);
    return true;
}
