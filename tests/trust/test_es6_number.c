/* The shortest text of a double, checked by exact means that share nothing with the code: the C
 * library's conversions in both directions, which are correctly rounded, and the exact decimal
 * expansion. */
#include <math.h>

#include "support/support.h"

/* The code itself under another name, for its table. */
#define ts_es6_number es6_number_within
#include "../../src/trust/es6_number.c"
#undef ts_es6_number
ts_str ts_es6_number(double v, char out[32]);

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { RANDOM = 200000 };
#else
enum { RANDOM = 5000000 };
#endif

static double of_bits(uint64_t bits) {
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static uint64_t bits_of(double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static void must_be(double v, const char *want) {
    char out[32];
    ts_str s = ts_es6_number(v, out);
    if (!ts_str_is(s, want))
        fail_msg("%016llx is written %.*s, not %s", (unsigned long long)bits_of(v), TS_P(s), want);
}

/* ---- the table of powers ---- */

enum { LIMBS = 72 };
typedef struct big {
    uint32_t v[LIMBS]; /* lowest first */
} big;

static void times_ten(big *b) {
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++, carry >>= 32) b->v[i] = (uint32_t)(carry += b->v[i] * 10ull);
    assert_int_equal(carry, 0);
}

static bool divide_by_ten(big *b) { /* whether there was a remainder */
    uint64_t rest = 0;
    for (int i = LIMBS - 1; i >= 0; i--) {
        rest = rest << 32 | b->v[i];
        b->v[i] = (uint32_t)(rest / 10);
        rest %= 10;
    }
    return rest != 0;
}

static bool bit(const big *b, int i) { return i >= 0 && (b->v[i / 32] >> i % 32 & 1); }

/* The highest 128 bits, rounded up. */
static power top(const big *b, bool more) {
    int high = LIMBS * 32 - 1;
    while (!bit(b, high)) high--;
    power p = {0};
    for (int i = 0; i < 64; i++) p.hi = p.hi << 1 | bit(b, high - i);
    for (int i = 64; i < 128; i++) p.lo = p.lo << 1 | bit(b, high - i);
    for (int i = 0; i <= high - 128; i++) more = more || bit(b, i);
    p.lo += more;
    p.hi += more && p.lo == 0;
    return p;
}

static void powers_of_ten_are_exact(void **state) {
    (void)state;
    big b = {{1}};
    for (int m = 0; m <= 324; m++, times_ten(&b)) {
        power want = top(&b, false), got = power_of_ten(m);
        assert_true(want.hi == got.hi && want.lo == got.lo);
    }
    b = (big){0};
    b.v[LIMBS - 1] = 1u << 31;
    bool more = false;
    for (int m = -1; m >= -292; m--) {
        more = divide_by_ten(&b) || more;
        power want = top(&b, more), got = power_of_ten(m);
        assert_true(want.hi == got.hi && want.lo == got.lo);
    }
}

/* ---- what holds of any number's text ---- */

typedef struct parts {
    char digits[24];
    int n, point; /* 0.DIGITS * 10^point */
} parts;

/* Takes the text, which a NUL ends, apart and holds it to the forms of Number::toString. */
static parts take_apart(double v, ts_str s) {
    parts p = {0};
    char exact[32];
    assert_in_range(s.n, 1, 25);
    size_t i = s.p[0] == '-', begin = i, e = ts_str_chr(s, 'e'), dot = ts_str_chr(s, '.');
    assert_int_equal(i, v < 0);
    size_t end = e == TS_NPOS ? s.n : e;
    int zeros = 0;
    for (; i < end; i++) {
        if (i == dot) continue;
        assert_true(ts_is_digit((unsigned char)s.p[i]));
        if (p.n == 0 && s.p[i] == '0')
            zeros++;
        else
            assert_in_range(p.n, 0, 21), p.digits[p.n++] = s.p[i];
    }
    assert_true(p.n > 0);
    int whole = (int)((dot == TS_NPOS ? end : dot) - begin);
    p.point = whole - zeros;
    while (p.digits[p.n - 1] == '0') p.digits[--p.n] = 0;
    if (dot != TS_NPOS) assert_true(s.p[end - 1] != '0' && dot + 1 < end); /* no idle zeros */
    if (e == TS_NPOS) {
        assert_in_range(p.point + 5, 0, 26);
        assert_true(zeros == 0 || (s.p[begin] == '0' && whole == 1 && dot != TS_NPOS));
        return p;
    }
    assert_int_equal(whole, 1), assert_int_equal(zeros, 0);
    p.point = 1 + (int)strtol(s.p + e + 1, 0, 10);
    assert_true(p.point < -5 || p.point > 21);
    snprintf(exact, sizeof exact, "e%+d", p.point - 1);
    assert_true(ts_str_is(ts_str_from(s, e), exact));
    return p;
}

/* A positive number's text with n digits, one unit more or less in its last place. */
static double beside(const char *scientific, int by) {
    char t[40];
    double v;
    snprintf(t, sizeof t, "%s", scientific);
    char *e = strchr(t, 'e'), *w = e - 1;
    for (; w >= t; w--) {
        if (*w == '.') continue;
        *w = (char)(*w + by);
        if (*w >= '0' && *w <= '9') break;
        *w = by > 0 ? '0' : '9';
    }
    v = strtod(t, 0);
    if (w >= t) return v;
    /* 9.99 and one more: 10.00 */
    int exponent = (int)strtol(e + 1, 0, 10);
    snprintf(t, sizeof t, "1e%d", exponent + 1);
    return strtod(t, 0);
}

/* Whether a decimal of n digits reads back as v > 0. The decimals that do are an interval around v:
 * if there is one of n digits, the nearest or one beside it is one. */
static bool readable_in(double v, int n) {
    char t[40];
    snprintf(t, sizeof t, "%.*e", n - 1, v);
    return strtod(t, 0) == v || beside(t, 1) == v || beside(t, -1) == v;
}

/* Rounds the exact expansion of v to n digits, half to even, by hand. */
static void nearest_exactly(double v, int n, char *digits) {
    static char t[1200];
    snprintf(t, sizeof t, "%.1100e", v);
    t[1] = t[0];
    const char *d = t + 1;
    memcpy(digits, d, (size_t)n);
    digits[n] = 0;
    bool more = false;
    for (const char *r = d + n + 1; *r != 'e'; r++) more = more || *r != '0';
    bool up = d[n] > '5' || (d[n] == '5' && (more || (digits[n - 1] & 1)));
    for (int i = n - 1; up && i >= 0; i--) {
        up = digits[i] == '9';
        digits[i] = up ? '0' : (char)(digits[i] + 1);
    }
    if (up) digits[0] = '1'; /* 999 became 1000 */
}

typedef enum { QUICK, FULL } thoroughness;

static void check(double v, thoroughness how) {
    char out[32], t[40];
    if (!isfinite(v) || v == 0) return;
    ts_str s = ts_es6_number(v, out);
    out[s.n] = 0;
    parts p = take_apart(v, s);
    if (strtod(out, 0) != v)
        fail_msg("%a is written %s, which reads as %a", v, out, strtod(out, 0));
    v = fabs(v);
    for (int n = p.n - 1; n > 0; n = how == FULL ? n - 1 : 0)
        if (readable_in(v, n)) fail_msg("%a is written %s, but %d digits do", v, out, n);
    snprintf(t, sizeof t, "%.*e", p.n - 1, v); /* the nearest of that length */
    if (strtod(t, 0) != v) return;             /* does not read back: then there is no choice */
    char digits[24] = {t[0]};
    memcpy(digits + 1, t + 2, (size_t)(p.n > 1 ? p.n - 1 : 0));
    int exponent = (int)strtol(strchr(t, 'e') + 1, 0, 10);
    if (strcmp(digits, p.digits) != 0 || p.point != exponent + 1)
        fail_msg("%a is written %s; %s is closer", v, out, t);
    if (how == QUICK) return;
    nearest_exactly(v, p.n, digits);
    assert_string_equal(digits, p.digits);
}

static void check_around(double v, int neighbours) {
    uint64_t bits = bits_of(v);
    for (int i = -neighbours; i <= neighbours; i++) {
        double x = of_bits(bits + (uint64_t)(int64_t)i);
        check(x, FULL);
        check(-x, QUICK);
    }
}

/* ---- tests ---- */

/* RFC 8785, appendix B. */
static void appendix_b(void **state) {
    (void)state;
    static const struct {
        uint64_t bits;
        const char *want;
    } t[] = {{0x0000000000000000, "0"},
             {0x8000000000000000, "0"},
             {0x0000000000000001, "5e-324"},
             {0x8000000000000001, "-5e-324"},
             {0x7fefffffffffffff, "1.7976931348623157e+308"},
             {0xffefffffffffffff, "-1.7976931348623157e+308"},
             {0x4340000000000000, "9007199254740992"},
             {0xc340000000000000, "-9007199254740992"},
             {0x4430000000000000, "295147905179352830000"},
             {0x44b52d02c7e14af5, "9.999999999999997e+22"},
             {0x44b52d02c7e14af6, "1e+23"},
             {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
             {0x444b1ae4d6e2ef4e, "999999999999999700000"},
             {0x444b1ae4d6e2ef4f, "999999999999999900000"},
             {0x444b1ae4d6e2ef50, "1e+21"},
             {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
             {0x3eb0c6f7a0b5ed8d, "0.000001"},
             {0x41b3de4355555553, "333333333.3333332"},
             {0x41b3de4355555554, "333333333.33333325"},
             {0x41b3de4355555555, "333333333.3333333"},
             {0x41b3de4355555556, "333333333.3333334"},
             {0x41b3de4355555557, "333333333.33333343"},
             {0xbecbf647612f3696, "-0.0000033333333333333333"},
             {0x43143ff3c1cb0959, "1424953923781206.2"}};
    char out[32];
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) must_be(of_bits(t[i].bits), t[i].want);
    assert_int_equal(ts_es6_number(of_bits(0x7fffffffffffffff), out).n, 0);
    assert_int_equal(ts_es6_number(of_bits(0x7ff0000000000000), out).n, 0);
    assert_int_equal(ts_es6_number(of_bits(0xfff0000000000000), out).n, 0);
}

static void where_the_form_changes(void **state) {
    (void)state;
    must_be(1, "1"), must_be(-1, "-1"), must_be(10, "10"), must_be(0.1, "0.1");
    must_be(123456789012345680000.0, "123456789012345680000");
    must_be(1e20, "100000000000000000000"), must_be(1e21, "1e+21"), must_be(1.5e21, "1.5e+21");
    must_be(1e-6, "0.000001"), must_be(1.5e-6, "0.0000015"), must_be(1e-7, "1e-7");
    must_be(-1.2345678901234567e-6, "-0.0000012345678901234567"); /* the longest: 25 bytes */
    must_be(-2.2250738585072014e-308, "-2.2250738585072014e-308");
    must_be(5e-324, "5e-324"), must_be(1e-323, "1e-323"), must_be(1.5e-323, "1.5e-323");
    must_be(0.1 + 0.2, "0.30000000000000004"), must_be(1.0 / 3, "0.3333333333333333");
    must_be(9007199254740991, "9007199254740991"), must_be(9007199254740994, "9007199254740994");
    must_be(1e22, "1e+22"), must_be(1e100, "1e+100"), must_be(4.35, "4.35");
    must_be(2e-44, "2e-44"), must_be(9.5e-5, "0.000095"), must_be(100.5, "100.5");
}

/* Where the interval that reads back is lopsided. */
static void powers_of_two(void **state) {
    (void)state;
    for (int q = -1074; q <= 1023; q++) check_around(ldexp(1, q), 3);
}

static void powers_of_ten(void **state) {
    (void)state;
    char t[32];
    for (int q = -323; q <= 308; q++)
        for (int d = 1; d <= 9; d++) {
            snprintf(t, sizeof t, "%de%d", d, q);
            double v = strtod(t, 0);
            if (isfinite(v)) check_around(v, d == 1 ? 5 : 1);
        }
}

/* What the comparison is closest to a whole number for, and thus hardest to compute. */
static void the_hardest(void **state) {
    (void)state;
    static const struct {
        int64_t c;
        int q;
    } t[] = {{5592117679628511, 163},  {8887055249355788, 664},   {6685530990800801, -867},
             {6685530990800801, -868}, {4503599627370496, -1074}, {4503599627370497, -1074},
             {9007199254740991, 971},  {9007199254740991, -1074}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        check_around(ldexp((double)t[i].c, t[i].q), 20);
    for (uint64_t bits = 1; bits < 3000; bits++) check(of_bits(bits), FULL); /* subnormal */
    check_around(of_bits((uint64_t)1 << 52), 100);
    for (int k = 0; k < 64; k++) check(of_bits(0x7fefffffffffffff - (uint64_t)k), FULL);
}

static void whole_numbers(void **state) {
    (void)state;
    ts_random r = ts_random_seed(5);
    char want[32];
    for (int i = 0; i < 200000; i++) {
        uint64_t v = ts_random_next(&r) >> (11 + ts_random_below(&r, 53));
        if (i % 3 == 0) v -= v % 1000;
        snprintf(want, sizeof want, "%llu", (unsigned long long)v);
        must_be((double)v, want);
    }
    check_around(9007199254740992, 50);
    check_around(18014398509481984, 50);
    check_around(1e21, 50);
}

static void random_bits(void **state) {
    (void)state;
    ts_random r = ts_random_seed(20260807);
    for (int i = 0; i < RANDOM; i++) check(of_bits(ts_random_next(&r)), QUICK);
}

/* A decimal of up to 15 digits comes back as it was. */
static void random_decimals(void **state) {
    (void)state;
    ts_random r = ts_random_seed(77);
    char t[64];
    for (int i = 0; i < RANDOM / 10; i++) {
        uint64_t n = ts_random_next(&r) % 1000000000000000 >> ts_random_below(&r, 49);
        int places = (int)ts_random_below(&r, 15);
        snprintf(t, sizeof t, "%llue-%d", (unsigned long long)n, places);
        double v = strtod(t, 0);
        check(v, QUICK);
        if (v == 0) continue;
        char out[32], digits[64] = {0};
        ts_str s = ts_es6_number(v, out);
        out[s.n] = 0;
        parts p = take_apart(v, s);
        int zeros = p.point + places - p.n; /* which the text leaves out */
        assert_in_range(zeros, 0, 15);
        memcpy(digits, p.digits, (size_t)p.n);
        memset(digits + p.n, '0', (size_t)zeros);
        snprintf(t, sizeof t, "%llu", (unsigned long long)n);
        assert_string_equal(digits, t);
    }
}

/* $TS_NUMBERS: lines "BITS TEXT", the bits as 16 hexadecimal digits, as JavaScript writes it
 * (test_numbers.sh). */
static void as_javascript_writes_it(void **state) {
    (void)state;
    const char *path = getenv("TS_NUMBERS");
    if (!path) skip();
    ts_arena a = ts_arena_new((size_t)1 << 30);
    ts_str text;
    ts_error e = {0};
    if (!ts_file_read(&a, path, (size_t)1 << 29, &text, &e)) fail_msg("%s", e.msg);
    size_t n = 0;
    while (text.n) {
        ts_str line = ts_str_cut(&text, '\n'), bits = ts_str_cut(&line, ' ');
        char out[32], hex[24];
        snprintf(hex, sizeof hex, "%.*s", TS_P(bits));
        double v = of_bits(strtoull(hex, 0, 16));
        ts_str s = ts_es6_number(v, out);
        if (!ts_str_eq(s, line)) fail_msg("%s: %.*s, not %.*s", hex, TS_P(s), TS_P(line));
        n++;
    }
    print_message("%zu numbers as JavaScript writes them\n", n);
    assert_true(n >= 200000);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_of_ten_are_exact), cmocka_unit_test(appendix_b),
        cmocka_unit_test(where_the_form_changes),  cmocka_unit_test(powers_of_two),
        cmocka_unit_test(powers_of_ten),           cmocka_unit_test(the_hardest),
        cmocka_unit_test(whole_numbers),           cmocka_unit_test(random_bits),
        cmocka_unit_test(random_decimals),         cmocka_unit_test(as_javascript_writes_it),
    };
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, 0, 0);
}
