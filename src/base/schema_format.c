#include "schema_part.h"
#include "time.h"

/* ---- times (RFC 3339) ---- */

/* `n` digits at *s, taken away; -1 when they are not there. */
static int digits(ts_str *s, size_t n) {
    int x = 0;
    if (s->n < n) return -1;
    for (size_t i = 0; i < n; i++) {
        if (!ts_is_digit(s->p[i])) return -1;
        x = x * 10 + (s->p[i] - '0');
    }
    *s = ts_str_from(*s, n);
    return x;
}

static bool byte(ts_str *s, char c) {
    if (!s->n || s->p[0] != c) return false;
    *s = ts_str_from(*s, 1);
    return true;
}

static bool full_date(ts_str *s) {
    int y = digits(s, 4), m = byte(s, '-') ? digits(s, 2) : -1,
        d = byte(s, '-') ? digits(s, 2) : -1;
    return y >= 0 && m >= 1 && m <= 12 && d >= 1 && d <= ts_days_in_month(y, m);
}

/* full-time, to the end. A leap second is one at the end of a day of UTC. */
static bool full_time(ts_str s) {
    int h = digits(&s, 2), m = byte(&s, ':') ? digits(&s, 2) : -1;
    int sec = byte(&s, ':') ? digits(&s, 2) : -1, offset = 0;
    if (h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 60) return false;
    if (byte(&s, '.')) {
        if (digits(&s, 1) < 0) return false;
        while (digits(&s, 1) >= 0) {}
    }
    if (!byte(&s, 'Z') && !byte(&s, 'z')) {
        bool west = s.n && s.p[0] == '-';
        if (!byte(&s, '+') && !byte(&s, '-')) return false;
        int oh = digits(&s, 2), om = byte(&s, ':') ? digits(&s, 2) : -1;
        if (oh < 0 || oh > 23 || om < 0 || om > 59) return false;
        offset = (oh * 60 + om) * (west ? -1 : 1);
    }
    return s.n == 0 && (sec < 60 || (h * 60 + m - offset + 2880) % 1440 == 1439);
}

static bool date(ts_str s) { return full_date(&s) && s.n == 0; }
static bool date_time(ts_str s) {
    return full_date(&s) && (byte(&s, 'T') || byte(&s, 't')) && full_time(s);
}

/* Appendix A: within a part the units follow each other without a gap, "1Y2M", not "1Y2D".
 * -1: malformed; else how many units there were. */
static int units(ts_str *s, const char *names) {
    int n = 0;
    const char *next = 0;
    while (s->n && ts_is_digit(s->p[0])) {
        while (digits(s, 1) >= 0) {}
        const char *unit = s->n && s->p[0] ? strchr(names, s->p[0]) : 0;
        if (!unit || (next && unit != next)) return -1;
        next = unit + 1;
        *s = ts_str_from(*s, 1);
        n++;
    }
    return n;
}

static bool duration(ts_str s) {
    if (!byte(&s, 'P')) return false;
    if (s.n && s.p[s.n - 1] == 'W') return units(&s, "W") == 1 && s.n == 0;
    int days = units(&s, "YMD");
    if (days < 0) return false;
    if (byte(&s, 'T')) return units(&s, "HMS") > 0 && s.n == 0;
    return days > 0 && s.n == 0;
}

/* ---- names and addresses ---- */

/* RFC 1123, 2.1: letters, digits and hyphens, 63 to a label, 253 in all. */
static bool hostname(ts_str s) {
    if (s.n == 0 || s.n > 253 || s.p[s.n - 1] == '.') return false;
    while (s.p) {
        ts_str label = ts_str_cut(&s, '.');
        if (label.n == 0 || label.n > 63) return false;
        if (label.p[0] == '-' || label.p[label.n - 1] == '-') return false;
        for (size_t i = 0; i < label.n; i++)
            if (!ts_is_alnum(label.p[i]) && label.p[i] != '-') return false;
    }
    return true;
}

static bool is_atext(char c) { return c && (ts_is_alnum(c) || strchr("!#$%&'*+-/=?^_`{|}~", c)); }

/* The length of the local part, RFC 5321, 4.1.2, or 0. */
static size_t local_part(ts_str s) {
    size_t i = 0;
    if (s.n && s.p[0] == '"') {
        for (i = 1; i < s.n && s.p[i] != '"'; i++) {
            if (s.p[i] == '\\') i++;
            if (i >= s.n || s.p[i] < 0x20 || s.p[i] > 0x7E) return 0;
        }
        return i < s.n ? i + 1 : 0;
    }
    for (; i < s.n && s.p[i] != '@'; i++) {
        bool dot = s.p[i] == '.';
        if (!dot && !is_atext(s.p[i])) return 0;
        if (dot && (i == 0 || i + 1 == s.n || !is_atext(s.p[i + 1]))) return 0;
    }
    return i;
}

static bool email(ts_str s) {
    size_t n = local_part(s);
    if (n == 0 || n > 64 || n >= s.n || s.p[n] != '@') return false;
    ts_str domain = ts_str_from(s, n + 1);
    if (domain.n > 2 && domain.p[0] == '[' && domain.p[domain.n - 1] == ']') {
        ts_str inside = {domain.p + 1, domain.n - 2};
        if (ts_str_istarts(inside, TS_S("IPv6:"))) return ts_ipv6_valid(ts_str_from(inside, 5));
        return ts_ipv4_valid(inside);
    }
    return hostname(domain);
}

static bool uuid(ts_str s) { /* RFC 4122, 3 */
    if (s.n != 36) return false;
    for (size_t i = 0; i < 36; i++) {
        char c = s.p[i], low = (char)(c | 32);
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? c != '-' : !ts_is_digit(c) && !(low >= 'a' && low <= 'f')) return false;
    }
    return true;
}

static bool json_pointer(ts_str s) {
    if (s.n && s.p[0] != '/') return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '~' && (i + 1 == s.n || (s.p[i + 1] != '0' && s.p[i + 1] != '1')))
            return false;
    return true;
}

/* ---- by name ---- */

static ts_answer answer(bool yes) { return yes ? TS_YES : TS_NO; }

#define FORMAT(name, test)                                                                         \
    static ts_answer check_##name(ts_str s, ts_str *why) {                                         \
        (void)why;                                                                                 \
        return answer(test);                                                                       \
    }
FORMAT(date, date(s))
FORMAT(date_time, date_time(s))
FORMAT(time, full_time(s))
FORMAT(duration, duration(s))
FORMAT(email, email(s))
FORMAT(hostname, hostname(s))
FORMAT(ipv4, ts_ipv4_valid(s))
FORMAT(ipv6, ts_ipv6_valid(s))
FORMAT(uri, ts_uri_valid(s, false, false))
FORMAT(uri_reference, ts_uri_valid(s, false, true))
FORMAT(iri, ts_uri_valid(s, true, false))
FORMAT(iri_reference, ts_uri_valid(s, true, true))
FORMAT(uuid, uuid(s))
FORMAT(json_pointer, json_pointer(s))

ts_answer (*schema_format_find(ts_str name))(ts_str s, ts_str *why) {
    static const struct {
        const char *name;
        ts_answer (*check)(ts_str s, ts_str *why);
    } formats[] = {
        {"date", check_date},
        {"date-time", check_date_time},
        {"time", check_time},
        {"duration", check_duration},
        {"email", check_email},
        {"hostname", check_hostname},
        {"ipv4", check_ipv4},
        {"ipv6", check_ipv6},
        {"uri", check_uri},
        {"uri-reference", check_uri_reference},
        {"iri", check_iri},
        {"iri-reference", check_iri_reference},
        {"uuid", check_uuid},
        {"json-pointer", check_json_pointer},
        {"regex", schema_pattern_syntax},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (ts_str_is(name, formats[i].name)) return formats[i].check;
    return 0;
}
