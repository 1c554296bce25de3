/* North American coupons: fields that say their own length, one behind the other. */
#include "gs1_lint.h"

/* What is left of the coupon. */
typedef struct fields {
    ts_str s;
    size_t at;
    gs1_flaw *flaw;
} fields;

static bool flawed(fields *c, const char *what) { return gs1_flawed(c->flaw, c->at, what); }

static bool skip(fields *c, size_t n, const char *what) {
    if (c->s.n - c->at < n) return flawed(c, what);
    c->at += n;
    return true;
}

/* One digit out of `allowed`. */
static bool digit(fields *c, const char *allowed, char *out, const char *what) {
    if (c->at == c->s.n || !strchr(allowed, c->s.p[c->at])) return flawed(c, what);
    *out = c->s.p[c->at++];
    return true;
}

/* A length out of `allowed` (to which `more` is added) and as many digits. */
static bool sized(fields *c, const char *allowed, size_t more, const char *what) {
    char n;
    return digit(c, allowed, &n, what) && skip(c, (size_t)(n - '0') + more, what);
}

/* The optional field that begins with `mark`. */
static bool has(fields *c, char mark) {
    if (c->at == c->s.n || c->s.p[c->at] != mark) return false;
    c->at++;
    return true;
}

static bool requirement(fields *c) {
    char code;
    return sized(c, "12345", 0, "the purchase requirement is wrong or cut off") &&
           digit(c, "012349", &code, "the purchase requirement code is 0 to 4, or 9") &&
           skip(c, 3, "the family code has three digits");
}

/* Company prefix of a further purchase: 9 stands for "the same as the first". */
static bool further_prefix(fields *c) {
    return has(c, '9') || sized(c, "0123456", 6, "the company prefix is wrong or cut off");
}

static bool date(fields *c, ts_str *out) {
    gs1_flaw inner;
    ts_str d = ts_str_to(ts_str_from(c->s, c->at), 6);
    if (d.n < 6) return flawed(c, "the date has six digits");
    if (!gs1_lint_date(d, false, &inner)) return gs1_flawed(c->flaw, c->at + inner.at, inner.what);
    *out = d;
    return skip(c, 6, "");
}

static bool dates(fields *c) {
    ts_str expiry = TS_NONE, start = TS_NONE;
    if (has(c, '3') && !date(c, &expiry)) return false;
    if (!has(c, '4')) return true;
    if (!date(c, &start)) return false;
    return expiry.n == 0 || ts_str_cmp(start, expiry) <= 0 ||
           flawed(c, "the coupon ends before it begins; compare the dates with their source");
}

static bool last_fields(fields *c) {
    char d;
    if (has(c, '5') && !sized(c, "0123456789", 6, "the serial number is cut off")) return false;
    if (has(c, '6') && !sized(c, "1234567", 6, "the retailer's number is wrong or cut off"))
        return false;
    if (!has(c, '9')) return true;
    return digit(c, "01256", &d, "the save value code is 0, 1, 2, 5 or 6") &&
           digit(c, "012", &d, "the item that the value applies to is 0, 1 or 2") &&
           digit(c, "0123456789", &d, "the store coupon flag is missing") &&
           digit(c, "01", &d, "the flag against multiplying is 0 or 1");
}

static bool all_digits(ts_str s, gs1_flaw *f) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return gs1_flawed(f, i, "a coupon holds digits alone");
    return true;
}

static bool ended(fields *c) {
    return c->at == c->s.n || flawed(c, "something stands behind the last field; take it away");
}

bool gs1_lint_coupon(ts_str s, gs1_flaw *f) {
    fields c = {s, 0, f};
    char rules;
    if (!all_digits(s, f)) return false;
    if (!sized(&c, "0123456", 6, "the company prefix is wrong or cut off") ||
        !skip(&c, 6, "the offer code has six digits") ||
        !sized(&c, "12345", 0, "the save value is wrong or cut off") || !requirement(&c))
        return false;
    if (has(&c, '1') && !(digit(&c, "0123", &rules, "the rule for further purchases is 0 to 3") &&
                          requirement(&c) && further_prefix(&c)))
        return false;
    if (has(&c, '2') && !(requirement(&c) && further_prefix(&c))) return false;
    return dates(&c) && last_fields(&c) && ended(&c);
}

bool gs1_lint_coupon_offer(ts_str s, gs1_flaw *f) {
    fields c = {s, 0, f};
    char format;
    return all_digits(s, f) && digit(&c, "01", &format, "the format code is 0 or 1") &&
           sized(&c, "0123456", 6, "the funder's number is wrong or cut off") &&
           skip(&c, 6, "the offer code has six digits") &&
           sized(&c, "0123456789", 6, "the serial number is wrong or cut off") && ended(&c);
}
