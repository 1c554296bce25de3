#include <stdlib.h>

#include "schema_part.h"

/* ---- exact decimal numbers ---- */

/* Exponents up to NEAR are counted; with at most 2^32 digits of text around them, everything that
 * is counted stays well inside FAR. */
static const int64_t NEAR = (int64_t)1 << 36, FAR = (int64_t)1 << 40;

/* The digits of [p, end), which may begin with a sign; clamped. */
static int64_t exponent(const char *p, const char *end, bool *far) {
    bool neg = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    int64_t x = 0;
    for (; p < end && x <= NEAR; p++) x = x * 10 + (*p - '0');
    *far = x > NEAR;
    if (*far) x = FAR;
    return neg ? -x : x;
}

schema_decimal schema_decimal_of(ts_str s) {
    schema_decimal d = {0};
    const char *p = s.p, *end = s.p + s.n;
    if (p < end && *p == '-') d.neg = true, p++;
    const char *first = 0, *last = 0, *dot = 0, *q = p;
    for (; q < end && (*q | 32) != 'e'; q++) {
        if (*q == '.') {
            dot = q;
        } else if (*q != '0') {
            if (!first) first = q;
            last = q;
        }
    }
    if (!first) return (schema_decimal){0};
    int64_t exp = q < end ? exponent(q + 1, end, &d.far) : 0;
    /* The weight of the last digit: places before the point count up, places behind it down. */
    const char *point = dot ? dot : q;
    exp += last < point ? point - last - 1 : point - last;
    d.p = first;
    d.digits = (size_t)(last - first) + 1 - (dot && first < dot && dot < last);
    d.exp = exp;
    return d;
}

static int next_digit(const char **p) {
    if (**p == '.') ++*p;
    return *(*p)++ - '0';
}

static int compare_size(schema_decimal x, schema_decimal y) {
    int64_t mx = x.exp + (int64_t)x.digits, my = y.exp + (int64_t)y.digits;
    if (x.far && y.far && (x.exp > 0) == (y.exp > 0)) return SCHEMA_UNKNOWN;
    if (mx != my) return mx < my ? -1 : 1;
    const char *p = x.p, *q = y.p;
    for (size_t i = 0; i < x.digits && i < y.digits; i++) {
        int a = next_digit(&p), b = next_digit(&q);
        if (a != b) return a < b ? -1 : 1;
    }
    return x.digits == y.digits ? 0 : x.digits < y.digits ? -1 : 1;
}

int schema_decimal_cmp(schema_decimal x, schema_decimal y) {
    if (!x.digits && !y.digits) return 0;
    if (!x.digits) return y.neg ? 1 : -1;
    if (!y.digits || x.neg != y.neg) return x.neg ? -1 : 1;
    int c = compare_size(x, y);
    return c == SCHEMA_UNKNOWN || !x.neg ? c : -c;
}

bool schema_decimal_whole(schema_decimal x) { return !x.digits || x.exp >= 0; }

__extension__ typedef unsigned __int128 wide;

static uint64_t power_of_ten(uint64_t k, uint64_t m) {
    uint64_t result = 1 % m, base = 10 % m;
    for (; k; k >>= 1) {
        if (k & 1) result = (uint64_t)((wide)result * base % m);
        base = (uint64_t)((wide)base * base % m);
    }
    return result;
}

ts_answer schema_decimal_multiple(schema_decimal x, schema_decimal d) {
    if (!x.digits) return TS_YES;
    if (d.digits > 18 || d.far || x.far || !d.digits) return TS_OPEN;
    /* x's last digit is not zero, so that x holds no power of ten beyond its own. */
    if (x.exp < d.exp) return TS_NO;
    uint64_t m = 0, rest = 0;
    const char *p = d.p;
    for (size_t i = 0; i < d.digits; i++) m = m * 10 + (uint64_t)next_digit(&p);
    p = x.p;
    for (size_t i = 0; i < x.digits; i++)
        rest = (uint64_t)(((wide)rest * 10 + (unsigned)next_digit(&p)) % m);
    rest = (uint64_t)((wide)rest * power_of_ten((uint64_t)(x.exp - d.exp), m) % m);
    return rest ? TS_NO : TS_YES;
}

bool schema_count_of(const ts_json *v, uint64_t *out) {
    if (!ts_json_is(v, TS_JSON_NUMBER)) return false;
    schema_decimal d = schema_decimal_of(ts_json_text(v));
    if ((d.digits && d.neg) || !schema_decimal_whole(d)) return false;
    *out = 0;
    if (!d.digits) return true;
    if (d.exp + (int64_t)d.digits > 19) return *out = UINT64_MAX, true;
    for (size_t i = 0; i < d.digits; i++) *out = *out * 10 + (uint64_t)next_digit(&d.p);
    for (int64_t i = 0; i < d.exp; i++) *out *= 10;
    return true;
}

/* ---- equality ---- */

static const char too_far[] = "a number's exponent is too large to compare it";

static bool equal_numbers(schema_run *r, const ts_json *x, const ts_json *y) {
    int c =
        schema_decimal_cmp(schema_decimal_of(ts_json_text(x)), schema_decimal_of(ts_json_text(y)));
    if (c == SCHEMA_UNKNOWN) return schema_open(r, TS_E_LIMIT, too_far);
    return c == 0;
}

static bool equal_arrays(schema_run *r, const ts_json *x, const ts_json *y) {
    if (x->n != y->n) return false;
    const ts_json *q = y + 1;
    TS_JSON_EACH(p, x) {
        if (!schema_equal(r, p, q)) return false;
        q += q->span;
    }
    return true;
}

static bool equal_objects(schema_run *r, const ts_json *x, const ts_json *y) {
    if (x->n != y->n) return false;
    const ts_json *at = y + 1; /* mostly the members stand in the same order */
    TS_JSON_EACH_MEMBER(name, p, x) {
        const ts_json *q = at + 1;
        if (!ts_str_eq(ts_json_str(name), ts_json_str(at))) {
            if (!schema_spend(r, 1 + y->span / 16)) return false;
            q = ts_json_get(y, ts_json_str(name));
        }
        if (!q || !schema_equal(r, p, q)) return false;
        at += 1 + at[1].span;
    }
    return true;
}

bool schema_equal(schema_run *r, const ts_json *x, const ts_json *y) {
    if (x->type != y->type) return false;
    if (!schema_spend(r, 1)) return false;
    switch ((ts_json_type)x->type) {
    case TS_JSON_NUMBER: return schema_spend(r, (x->n + y->n) / 64) && equal_numbers(r, x, y);
    case TS_JSON_STRING: return ts_str_eq(ts_json_str(x), ts_json_str(y));
    case TS_JSON_ARRAY: return equal_arrays(r, x, y);
    case TS_JSON_OBJECT: return equal_objects(r, x, y);
    default: return true;
    }
}

/* ---- twins ---- */

static uint64_t hash_number(schema_run *r, ts_str text) {
    schema_decimal d = schema_decimal_of(text);
    if (!d.digits) return 7;
    if (d.far) return schema_open(r, TS_E_LIMIT, too_far);
    uint64_t h = ts_mix(((uint64_t)d.exp << 1) ^ d.neg);
    for (size_t i = 0; i < d.digits; i++) h = (h ^ (uint64_t)next_digit(&d.p)) * 0x100000001b3ull;
    return ts_mix(h);
}

/* The same for values that are equal. */
static uint64_t hash_value(schema_run *r, const ts_json *v) {
    uint64_t h = ts_mix(v->type + 1u);
    if (!schema_spend(r, 1 + (v->type == TS_JSON_STRING || v->type == TS_JSON_NUMBER) * v->n / 64))
        return 0;
    if (v->type == TS_JSON_STRING) return h ^ ts_hash(ts_json_str(v));
    if (v->type == TS_JSON_NUMBER) return h ^ hash_number(r, ts_json_text(v));
    TS_JSON_EACH(x, v) h = ts_mix(h + hash_value(r, x));
    TS_JSON_EACH_MEMBER(name, x, v)
    h += ts_mix(ts_hash_seed(ts_json_str(name), 1) ^ hash_value(r, x));
    return h;
}

typedef struct hashed {
    uint64_t hash;
    const ts_json *v;
    size_t at;
} hashed;

static int by_hash(const void *x, const void *y) {
    const hashed *a = x, *b = y;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static bool twins_in(schema_run *r, hashed *v, size_t n, size_t *i, size_t *j) {
    for (size_t a = 0; a < n && !r->open; a++)
        for (size_t b = a + 1; b < n && v[b].hash == v[a].hash && !r->open; b++)
            if (schema_equal(r, v[a].v, v[b].v)) {
                *i = v[a].at, *j = v[b].at;
                return true;
            }
    return false;
}

bool schema_has_twins(schema_run *r, const ts_json *array, size_t *i, size_t *j) {
    ts_arena mark = r->work;
    hashed *v = ts_new_raw(&r->work, hashed, array->n);
    size_t n = 0;
    TS_JSON_EACH(x, array) {
        v[n] = (hashed){hash_value(r, x), x, n};
        n++;
    }
    qsort(v, n, sizeof *v, by_hash);
    bool twins = !r->open && twins_in(r, v, n, i, j);
    r->work = mark;
    return twins && !r->open;
}
