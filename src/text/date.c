#include "date.h"

typedef struct scanner {
    ts_str s;
    size_t i;
} scanner;

static void blanks(scanner *c) {
    while (c->i < c->s.n && (c->s.p[c->i] == ' ' || c->s.p[c->i] == '\t')) c->i++;
    if (ts_str_starts(ts_str_from(c->s, c->i), TS_S("\xC2\xA0"))) c->i += 2;
}

static int integer(scanner *c, size_t max_digits) {
    size_t i = c->i;
    int v = 0;
    while (i < c->s.n && i - c->i < max_digits && ts_is_digit(c->s.p[i]))
        v = v * 10 + (c->s.p[i++] - '0');
    if (i == c->i || (i < c->s.n && ts_is_digit(c->s.p[i]))) return -1;
    c->i = i;
    return v;
}

static bool take(scanner *c, const char *lit) {
    ts_str l = ts_str_c(lit);
    if (!ts_str_starts(ts_str_from(c->s, c->i), l)) return false;
    c->i += l.n;
    return true;
}

/* Month names of en, de, fr, es, it, and their abbreviations. */
static const char *const months[12] = {
    "jan january januar jänner jaenner janvier enero gennaio",
    "feb february februar février fevrier febrero febbraio",
    "mar march märz maerz mrz mars marzo",
    "apr april avril abril aprile",
    "may mai mayo maggio",
    "jun june juni juin junio giugno",
    "jul july juli juillet julio luglio",
    "aug august août aout agosto",
    "sep sept september septembre septiembre settembre",
    "oct october okt oktober octobre octubre ottobre",
    "nov november novembre noviembre",
    "dec december dez dezember décembre decembre diciembre dicembre",
};

static bool word_in(ts_str word, const char *list) {
    ts_str l = ts_str_c(list);
    while (l.p)
        if (ts_str_ieq(ts_str_cut(&l, ' '), word)) return true;
    return false;
}

/* The "st" of 1st and its like. */
static void ordinal(scanner *c) {
    if (!take(c, "st") && !take(c, "nd") && !take(c, "rd")) take(c, "th");
}

static int month_name(scanner *c) {
    ts_str rest = ts_str_from(c->s, c->i);
    size_t n = 0;
    while (n < rest.n && n < 16 &&
           (ts_is_alpha((unsigned char)rest.p[n]) || (unsigned char)rest.p[n] >= 0x80))
        n++;
    enum { SHORTEST = 3, LONGEST = 11 };
    if (n < SHORTEST || n > LONGEST ||
        !memchr("adefgjmnos", ts_lower((unsigned char)rest.p[0]), 10))
        return 0;
    for (int m = 0; m < 12; m++) {
        if (!word_in(ts_str_to(rest, n), months[m])) continue;
        c->i += n;
        if (c->i < c->s.n && c->s.p[c->i] == '.') c->i++;
        return m + 1;
    }
    return 0;
}

static int full_year(int y) { return y < 0 ? -1 : y < 70 ? 2000 + y : y < 100 ? 1900 + y : y; }

static bool span(int y, int m, int d, ts_date_span *out) {
    if (y < 1950 || y > 2100) return false;
    if (m == 0)
        *out = (ts_date_span){ts_day_of(y, 1, 1), ts_day_of(y, 12, 31)};
    else if (d == 0)
        *out = (ts_date_span){ts_day_of(y, m, 1), ts_day_of(y, m, ts_days_in_month(y, m))};
    else
        *out = (ts_date_span){ts_day_of(y, m, d), ts_day_of(y, m, d)};
    return out->from != TS_NO_DAY && out->to != TS_NO_DAY;
}

/* 2024年12月31日 | 2024年12月 | 2024年, the scanner behind the year. */
static bool chinese(scanner *c, int y, ts_date_span *out) {
    if (!take(c, "年")) return false;
    scanner save = *c;
    blanks(c);
    int m = integer(c, 2);
    blanks(c);
    if (m < 1 || !take(c, "月")) return *c = save, span(y, 0, 0, out);
    save = *c;
    blanks(c);
    int d = integer(c, 2);
    blanks(c);
    if (d < 1 || !(take(c, "日") || take(c, "号"))) return *c = save, span(y, m, 0, out);
    return span(y, m, d, out);
}

/* Four digits first: ISO, 2024/12/31, 2024.12.31, 2024-12, Chinese, or the year alone. */
static bool year_first(scanner *c, int y, ts_date_span *out) {
    scanner save = *c;
    blanks(c);
    if (chinese(c, y, out)) return true;
    *c = save;
    char sep = c->i < c->s.n ? c->s.p[c->i] : 0;
    if (sep == '-' || sep == '/' || sep == '.') {
        c->i++;
        int m = integer(c, 2);
        if (m >= 1 && m <= 12) {
            scanner after_month = *c;
            if (c->i < c->s.n && c->s.p[c->i] == sep) {
                c->i++;
                int d = integer(c, 2);
                if (d >= 1 && span(y, m, d, out)) return true;
            }
            *c = after_month;
            if (span(y, m, 0, out)) return true;
        }
        *c = save;
    }
    return span(y, 0, 0, out);
}

/* One or two digits first: 31/12/2024, 31. 12. 2024, 12/2024, 31 December 2024. */
static bool day_first(scanner *c, int first, bool us, ts_date_span *out) {
    scanner save = *c;
    char sep = c->i < c->s.n ? c->s.p[c->i] : 0;
    if (sep == '/' || sep == '.' || sep == '-') {
        c->i++;
        blanks(c);
        int m = month_name(c);
        int second = m ? m : integer(c, 4);
        if (!m && second >= 1000)
            return first >= 1 && first <= 12 && span(second, first, 0, out); /* 12/2024 */
        scanner mid = *c;
        blanks(c);
        if (second >= 1 && c->i < c->s.n && (c->s.p[c->i] == sep || m)) {
            if (c->s.p[c->i] == sep) c->i++;
            blanks(c);
            int y = full_year(integer(c, 4));
            bool month_leads = !m && ((us && first <= 12) || second > 12);
            if (y > 0 && span(y, month_leads ? first : second, month_leads ? second : first, out))
                return true;
        }
        *c = mid;
    }
    *c = save;
    ordinal(c);
    blanks(c);
    take(c, "of ");
    int m = month_name(c);
    if (!m) return false;
    take(c, ",");
    blanks(c);
    int y = integer(c, 4);
    return y >= 1000 && span(y, m, first, out);
}

bool ts_date_read(ts_str text, size_t *at, bool us_order, ts_date_span *out) {
    scanner c = {text, *at};
    bool ok = false;
    if (c.i >= text.n) return false;
    if (ts_is_digit(text.p[c.i])) {
        int first = integer(&c, 4);
        size_t digits = c.i - *at;
        ok = first >= 0 && (digits == 4 ? year_first(&c, first, out)
                                        : digits <= 2 && day_first(&c, first, us_order, out));
    } else {
        int m = month_name(&c);
        if (!m) return false;
        blanks(&c);
        int n = integer(&c, 4);
        if (n >= 1000) {
            ok = span(n, m, 0, out);    /* December 2024 */
        } else if (n >= 1 && n <= 31) { /* December 31, 2024 */
            ordinal(&c);
            take(&c, ",");
            blanks(&c);
            int y = integer(&c, 4);
            ok = y >= 1000 && span(y, m, n, out);
        }
    }
    if (ok) *at = c.i;
    return ok;
}
