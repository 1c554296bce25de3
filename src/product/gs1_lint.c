#include "gs1_lint.h"

#include "identifier.h"

/* A sentence that several checks end with. */
#define COMPARE "; compare the value with its source"

static unsigned two(ts_str s, size_t at) { return gs1_digits(s.p + at, 2); }

static bool only(ts_str s, char c) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != c) return false;
    return true;
}

static bool one_of(ts_str s, const char *set, const char *what, gs1_flaw *f) {
    return (s.n == 1 && s.p[0] && strchr(set, s.p[0])) || gs1_flawed(f, 0, what);
}

/* ---- check digits and company prefixes ---- */

static bool lint_csum(ts_str s, gs1_flaw *f) {
    return ts_check_digit(s) || gs1_flawed(f, s.n - 1, "the check digit is wrong" COMPARE);
}

/* GS1 General Specifications 7.9.5: values of character set 82 weighted by primes from the right,
 * modulo 1021, as two characters of character set 32. */
static bool lint_csumalpha(ts_str s, gs1_flaw *f) {
    static const char set82[] = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                "abcdefghijklmnopqrstuvwxyz";
    static const char set32[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    static const uint8_t primes[] = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
                                     41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};
    if (s.n < 2 || s.n - 2 > sizeof primes)
        return gs1_flawed(f, 0, "the two check characters are missing; add them");
    unsigned sum = 0;
    for (size_t i = 0; i < s.n - 2; i++) {
        const char *at = memchr(set82, s.p[i], sizeof set82 - 1);
        sum += at ? (unsigned)(at - set82) * primes[s.n - 3 - i] : 0;
    }
    sum %= 1021;
    bool right = s.p[s.n - 2] == set32[sum >> 5] && s.p[s.n - 1] == set32[sum & 31];
    return right || gs1_flawed(f, s.n - 2, "the two check characters are wrong" COMPARE);
}

/* No list of the prefixes in use is public in full: what can be told is that the shortest has four
 * digits. */
static bool prefix_at(ts_str s, size_t from, gs1_flaw *f) {
    for (size_t i = from; i < from + 4; i++)
        if (i >= s.n || !ts_is_digit(s.p[i]))
            return gs1_flawed(f, i < s.n ? i : s.n,
                              "a GS1 company prefix begins with four digits" COMPARE);
    return true;
}

static bool lint_gcppos1(ts_str s, gs1_flaw *f) { return prefix_at(s, 0, f); }
static bool lint_gcppos2(ts_str s, gs1_flaw *f) { return prefix_at(s, 1, f); }

/* ISO 13616-1: the first four characters go to the end, letters count from 10, modulo 97 is 1. */
static bool lint_iban(ts_str s, gs1_flaw *f) {
    if (s.n < 11) return gs1_flawed(f, s.n - 1, "an IBAN is longer" COMPARE);
    if (!gs1_is_country_letters(ts_str_to(s, 2)))
        return gs1_flawed(f, 0, "an IBAN begins with a country in two letters (ISO 3166-1)");
    unsigned sum = 0;
    for (size_t k = 0; k < s.n; k++) {
        size_t i = (k + 4) % s.n;
        char c = s.p[i];
        if (ts_is_digit(c))
            sum = (sum * 10 + (unsigned)(c - '0')) % 97;
        else if (c >= 'A' && c <= 'Z')
            sum = (sum * 100 + (unsigned)(c - 'A' + 10)) % 97;
        else
            return gs1_flawed(f, i,
                              "an IBAN holds digits and capitals alone; write it without "
                              "blanks");
    }
    return sum == 1 || gs1_flawed(f, 2, "the check digits of the IBAN are wrong" COMPARE);
}

/* ---- dates and times ---- */

static bool day_exists(unsigned year, unsigned month, unsigned day) {
    static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month == 2 && day == 29) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1];
}

static bool date_at(unsigned year, ts_str s, size_t at, bool day_may_be_0, gs1_flaw *f) {
    unsigned month = two(s, at), day = two(s, at + 2);
    if (month < 1 || month > 12) return gs1_flawed(f, at, "there is no such month; write YYMMDD");
    if (day == 0)
        return day_may_be_0 || gs1_flawed(f, at + 2, "the day is missing; this AI wants one");
    return day_exists(year, month, day) ||
           gs1_flawed(f, at + 2, "that month has no such day; write YYMMDD");
}

/* The century matters for one date alone, 29 February of year 00, and that is 2000 until 2049 (GS1
 * General Specifications 7.12). */
bool gs1_lint_date(ts_str s, bool day_may_be_0, gs1_flaw *f) {
    return date_at(2000 + two(s, 0), s, 2, day_may_be_0, f);
}

static bool lint_yymmdd(ts_str s, gs1_flaw *f) { return gs1_lint_date(s, false, f); }
static bool lint_yymmd0(ts_str s, gs1_flaw *f) { return gs1_lint_date(s, true, f); }
static bool lint_yyyymmdd(ts_str s, gs1_flaw *f) {
    return date_at(gs1_digits(s.p, 4), s, 4, false, f);
}

static bool lint_hh(ts_str s, gs1_flaw *f) {
    return two(s, 0) < 24 || gs1_flawed(f, 0, "hours go from 00 to 23");
}
static bool lint_mi(ts_str s, gs1_flaw *f) {
    return two(s, 0) < 60 || gs1_flawed(f, 0, "minutes go from 00 to 59");
}
static bool lint_ss(ts_str s, gs1_flaw *f) {
    return two(s, 0) < 60 || gs1_flawed(f, 0, "seconds go from 00 to 59");
}
static bool lint_hhmi(ts_str s, gs1_flaw *f) {
    if (!lint_hh(s, f)) return false;
    return two(s, 2) < 60 || gs1_flawed(f, 2, "minutes go from 00 to 59");
}

/* ---- codes from lists ---- */

static bool lint_iso3166(ts_str s, gs1_flaw *f) {
    return gs1_is_country_number(s) ||
           gs1_flawed(f, 0, "no country has this number (ISO 3166-1 numeric)");
}
static bool lint_iso3166999(ts_str s, gs1_flaw *f) {
    return ts_str_eq(s, TS_S("999")) || lint_iso3166(s, f);
}
static bool lint_iso3166alpha2(ts_str s, gs1_flaw *f) {
    return gs1_is_country_letters(s) ||
           gs1_flawed(f, 0, "no country has this code (ISO 3166-1, two capitals)");
}
static bool lint_iso4217(ts_str s, gs1_flaw *f) {
    return gs1_is_currency_number(s) ||
           gs1_flawed(f, 0, "no currency has this number (ISO 4217 numeric)");
}
static bool lint_iso5218(ts_str s, gs1_flaw *f) {
    return one_of(s, "0129", "must be 0, 1, 2 or 9 (ISO/IEC 5218)", f);
}
static bool lint_packagetype(ts_str s, gs1_flaw *f) {
    return gs1_is_package_type(s) ||
           gs1_flawed(f, 0, "is no package type (UN/ECE Recommendation 21)");
}
static bool lint_mediatype(ts_str s, gs1_flaw *f) {
    unsigned v = two(s, 0);
    return (v >= 1 && v <= 10) || v >= 80 ||
           gs1_flawed(f, 0, "must be a media type in use: 01 to 10, or 80 to 99");
}
static bool lint_winding(ts_str s, gs1_flaw *f) {
    return one_of(s, "019", "the winding direction is 0, 1 or 9", f);
}
static bool lint_yesno(ts_str s, gs1_flaw *f) {
    return one_of(s, "01", "must be 0 (no) or 1 (yes)", f);
}
static bool lint_importeridx(ts_str s, gs1_flaw *f) {
    bool ok = s.n == 1 && (gs1_byte[(unsigned char)s.p[0]] & GS1_SET_Z);
    return ok || gs1_flawed(f, 0, "the importer index is a letter, a digit, '-' or '_'");
}

/* ---- numbers and characters ---- */

static bool at_most(ts_str s, uint64_t most, const char *what, gs1_flaw *f) {
    uint64_t v;
    return (ts_u64_parse(s, &v) && v <= most) || gs1_flawed(f, 0, what);
}
static bool lint_latitude(ts_str s, gs1_flaw *f) {
    return at_most(s, 1800000000, "the latitude is beyond 1800000000 (90 degrees north)", f);
}
static bool lint_longitude(ts_str s, gs1_flaw *f) {
    return at_most(s, 3600000000, "the longitude is beyond 3600000000", f);
}
static bool lint_nonzero(ts_str s, gs1_flaw *f) {
    return !only(s, '0') || gs1_flawed(f, 0, "must not be zero");
}
static bool lint_zero(ts_str s, gs1_flaw *f) {
    return only(s, '0') || gs1_flawed(f, 0, "must be 0");
}
static bool lint_nozeroprefix(ts_str s, gs1_flaw *f) {
    return s.p[0] != '0' || gs1_flawed(f, 0, "must not begin with 0; leave the zeros out");
}
static bool lint_hyphen(ts_str s, gs1_flaw *f) {
    return only(s, '-') || gs1_flawed(f, 0, "must be '-', the sign of a negative value");
}
static bool lint_hasnondigit(ts_str s, gs1_flaw *f) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return true;
    return gs1_flawed(f, 0, "holds digits alone; one other character is needed");
}
static bool lint_pcenc(ts_str s, gs1_flaw *f) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '%' && (i + 2 >= s.n || !(gs1_byte[(unsigned char)s.p[i + 1]] & URI_HEX) ||
                              !(gs1_byte[(unsigned char)s.p[i + 2]] & URI_HEX)))
            return gs1_flawed(f, i,
                              "'%' wants two hexadecimal digits behind it; write %25 for a "
                              "percent sign");
    return true;
}

static bool lint_pieceoftotal(ts_str s, gs1_flaw *f) {
    unsigned piece = two(s, 0), total = two(s, 2);
    if (piece == 0) return gs1_flawed(f, 0, "pieces are counted from 01");
    return piece <= total || gs1_flawed(f, 0, "the piece's number is above the total");
}

/* "2/3" */
static bool lint_posinseqslash(ts_str s, gs1_flaw *f) {
    ts_str end = s, place = ts_str_cut(&end, '/');
    uint64_t a, b;
    if (!ts_u64_parse(place, &a) || !ts_u64_parse(end, &b))
        return gs1_flawed(f, 0, "must be place/total, such as 2/3");
    if (place.p[0] == '0' || end.p[0] == '0')
        return gs1_flawed(f, place.p[0] == '0' ? 0 : place.n + 1,
                          "places and totals are counted from 1, without leading zeros");
    return a <= b || gs1_flawed(f, 0, "the place is above the total");
}

static bool lint_couponcode(ts_str s, gs1_flaw *f) { return gs1_lint_coupon(s, f); }
static bool lint_couponposoffer(ts_str s, gs1_flaw *f) { return gs1_lint_coupon_offer(s, f); }

bool gs1_lint(unsigned lint, ts_str part, gs1_flaw *f) {
    static bool (*const checks[])(ts_str, gs1_flaw *) = {
#define X(name) lint_##name,
        GS1_LINTERS(X)
#undef X
    };
    return checks[lint](part, f);
}
