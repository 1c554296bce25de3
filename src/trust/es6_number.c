/* The shortest decimal text of a double, after R. Giulietti, "The Schubfach way to render doubles":
 * of all decimals that read back as v take the shortest, and of those the closest to v.
 *
 * Let v = c * 2^q and 10^k <= 2^q < 10^(k+1). Then v / 10^k and the two ends of the interval that
 * reads back as v are computed with a power of ten of 128 bits, to two binary places and a bit that
 * says whether anything was cut off. At most one multiple of ten lies in the interval, and at least
 * one whole number: what is wanted is among the neighbours of v / 10^k.
 *
 * Why 128 bits are enough: for all doubles, what is compared is a whole number or at least 2^-63.6
 * away from one, except for 8887055249355788 * 2^664 (2^-65.4), where the bit that may get lost
 * decides nothing. Found with continued fractions, for each q.
 */
#include "canonical.h"

#include <math.h>

__extension__ typedef unsigned __int128 u128;

typedef struct power {
    uint64_t hi, lo; /* 10^m times a power of two, rounded up, its highest bit set */
} power;

/* 10^(27 i) for i from -11 to 12, to 192 bits, rounded down. With these and the small powers of
 * five below, every power comes out exact to 128 bits (tests/trust/test_es6_number.c). */
static const uint64_t wide[24][3] = {
    {0xa76c582338ed2621, 0xaf2af2b80af6f24e, 0x657c8f4d43323a36},
    {0x873e4f75e2224e68, 0x5a7744a6e804a291, 0xcc35eddfcf0996d7},
    {0xda7f5bf590966848, 0xaf39a475506a899e, 0xa30294cc2934e662},
    {0xb080392cc4349dec, 0xbd8d794d96aacfb3, 0xfe13a5c86af64418},
    {0x8e938662882af53e, 0x547eb47b7282ee9c, 0x41b0230e1421487d},
    {0xe65829b3046b0afa, 0x0cb4a5a3112a5112, 0xa3b561b1cb208396},
    {0xba121a4650e4ddeb, 0x92f34d62616ce413, 0x21a0183e10583cd3},
    {0x964e858c91ba2655, 0x3a6a07f8d510f86f, 0xe9082f25e9c5e9ec},
    {0xf2d56790ab41c2a2, 0xfae27299423fb9c3, 0x3695dad7e8858901},
    {0xc428d05aa4751e4c, 0xaa97e14c3c26b886, 0x96842dc95323f5a8},
    {0x9e74d1b791e07e48, 0x775ea264cf55347d, 0xca49f1c05120c9c7},
    {0x8000000000000000, 0x0000000000000000, 0x0000000000000000},
    {0xcecb8f27f4200f3a, 0x0000000000000000, 0x0000000000000000},
    {0xa70c3c40a64e6c51, 0x999090b65f67d924, 0x0000000000000000},
    {0x86f0ac99b4e8dafd, 0x69a028bb3ded71a3, 0xdf9f915627c04e28},
    {0xda01ee641a708de9, 0xe80e6f4820cc9495, 0xd74baad03bc1d8d3},
    {0xb01ae745b101e9e4, 0x5ec05dcff72e7f8f, 0xc04c79ffe324301f},
    {0x8e41ade9fbebc27d, 0x14588f13be847307, 0x23bd6a2059c002f5},
    {0xe5d3ef282a242e81, 0x8f1668c8a86da5fa, 0xf0b5ccf5176ecc7c},
    {0xb9a74a0637ce2ee1, 0x6d953e2bd7173692, 0x88efb0037ac08bde},
    {0x95f83d0a1fb69cd9, 0x4abdaf101564f98e, 0x0d5a4af7b3a98e47},
    {0xf24a01a73cf2dccf, 0xbc633b39673c8cec, 0x3d9c44cd2f36917c},
    {0xc3b8358109e84f07, 0x0a862f80ec4700c8, 0x02606ea01029dc37},
    {0x9e19db92b4e31ba9, 0x6c07a2c26a8346d1, 0x4944d9f52cd0dec2},
};

static const uint64_t fives[27] = {
    1,
    5,
    25,
    125,
    625,
    3125,
    15625,
    78125,
    390625,
    1953125,
    9765625,
    48828125,
    244140625,
    1220703125,
    6103515625,
    30517578125,
    152587890625,
    762939453125,
    3814697265625,
    19073486328125,
    95367431640625,
    476837158203125,
    2384185791015625,
    11920928955078125,
    59604644775390625,
    298023223876953125,
    1490116119384765625,
};

/* 10^m for m from -292 to 324. */
static power power_of_ten(int m) {
    int i = (m + 297) / 27, j = (m + 297) % 27;
    const uint64_t *w = wide[i];
    u128 lo = (u128)w[2] * fives[j];
    u128 mid = (u128)w[1] * fives[j] + (uint64_t)(lo >> 64);
    u128 hi = (u128)w[0] * fives[j] + (uint64_t)(mid >> 64);
    uint64_t a = (uint64_t)(hi >> 64), b = (uint64_t)hi, c = (uint64_t)mid, rest = (uint64_t)lo;
    if (!a) { /* only for j = 0, where it is all in the lower three */
        u128 g = ((u128)b << 64 | c) + (rest != 0);
        return (power){(uint64_t)(g >> 64), (uint64_t)g};
    }
    int up = __builtin_clzll(a);
    rest |= up ? c << up : c;
    u128 g = up ? (u128)a << (64 + up) | (u128)b << up | c >> (64 - up) : (u128)a << 64 | b;
    g += rest != 0;
    return (power){(uint64_t)(g >> 64), (uint64_t)g};
}

/* x * g / 2^128, whose lowest bit is set when anything was cut off. */
static uint64_t round_to_odd(power g, uint64_t x) {
    u128 lo = (u128)g.lo * x, hi = (u128)g.hi * x + (uint64_t)(lo >> 64);
    return (uint64_t)(hi >> 64) | ((uint64_t)hi != 0);
}

typedef struct decimal {
    uint64_t digits;
    int exponent; /* digits * 10^exponent */
} decimal;

/* c * 2^q; `edge` says that the double below is half as far away as the one above. */
static decimal shortest(uint64_t c, int q, bool edge) {
    /* floor(log10(2^q)), for an edge floor(log10(3/4 * 2^q)); floor(log2(10^-k)) */
    int k = (int)((q * 1292913986LL - (edge ? 536607789 : 0)) >> 32);
    int h = q + (int)((-k * 14267572527LL) >> 32) + 1;
    power g = power_of_ten(-k);
    uint64_t low = round_to_odd(g, (4 * c - (edge ? 1 : 2)) << h), v = round_to_odd(g, 4 * c << h),
             high = round_to_odd(g, (4 * c + 2) << h);
    low += c & 1, high -= c & 1; /* the ends themselves read back as v when c is even */
    uint64_t s = v >> 2, ten = s / 10 * 10;
    bool below = low <= 4 * ten, above = 4 * (ten + 10) <= high;
    if (below != above) return (decimal){above ? s / 10 + 1 : s / 10, k + 1};
    below = low <= 4 * s, above = 4 * (s + 1) <= high;
    if (below != above) return (decimal){s + above, k};
    uint64_t middle = 4 * s + 2;
    return (decimal){s + (v > middle || (v == middle && s & 1)), k};
}

static decimal decimal_of(double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7FF);
    uint64_t c = exponent ? fraction | (uint64_t)1 << 52 : fraction;
    int q = exponent ? exponent - 1075 : -1074;
    if (q <= 0 && q > -53 && (c & (((uint64_t)1 << -q) - 1)) == 0) /* a whole number up to 2^53 */
        return (decimal){c >> -q, 0};
    return shortest(c, q, fraction == 0 && exponent > 1);
}

/* From the front, not from the back of a buffer: clang 14 loses the latter at -O2. */
static int in_digits(uint64_t v, char out[20]) {
    int n = 1;
    for (uint64_t rest = v / 10; rest; rest /= 10) n++;
    for (int i = n; i--; v /= 10) out[i] = (char)('0' + v % 10);
    return n;
}

/* ECMA-262, Number::toString, steps 6 to 12: n digits, value 0.DIGITS * 10^point. */
static char *place_point(char *w, const char *digits, int n, int point) {
    if (point > 21 || point < -5) {
        *w++ = digits[0];
        if (n > 1) {
            *w++ = '.';
            memcpy(w, digits + 1, (size_t)n - 1);
            w += n - 1;
        }
        int e = point - 1, size = e < 0 ? -e : e;
        *w++ = 'e', *w++ = e < 0 ? '-' : '+';
        if (size >= 100) *w++ = (char)('0' + size / 100);
        if (size >= 10) *w++ = (char)('0' + size / 10 % 10);
        *w++ = (char)('0' + size % 10);
        return w;
    }
    if (point <= 0) {
        memcpy(w, "0.00000", (size_t)(2 - point));
        w += 2 - point;
        memcpy(w, digits, (size_t)n);
        return w + n;
    }
    int whole = n < point ? n : point;
    memcpy(w, digits, (size_t)whole);
    memset(w + whole, '0', (size_t)(point - whole));
    w += point;
    if (n <= point) return w;
    *w++ = '.';
    memcpy(w, digits + point, (size_t)(n - point));
    return w + (n - point);
}

ts_str ts_es6_number(double v, char out[32]) {
    if (!isfinite(v)) return TS_NONE;
    char *w = out;
    if (v == 0) return *w = '0', (ts_str){out, 1};
    if (v < 0) *w++ = '-', v = -v;
    decimal d = decimal_of(v);
    char digits[20] = {0}; /* gcc at -O1 does not see that in_digits writes at least one */
    for (; d.digits % 10 == 0; d.exponent++) d.digits /= 10;
    int n = in_digits(d.digits, digits);
    w = place_point(w, digits, n, n + d.exponent);
    return (ts_str){out, (size_t)(w - out)};
}
