#include "time.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Days from civil and back: era arithmetic over 400-year cycles starting in March. */
static int64_t days_from(int y, int m, int d) {
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return (int64_t)era * 146097 + yoe * 365LL + yoe / 4 - yoe / 100 + doy - 719468;
}

int ts_days_in_month(int y, int m) {
    static const int n[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (m < 1 || m > 12) return 0;
    return m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 29 : n[m - 1];
}

int32_t ts_day_of(int y, int m, int d) {
    if (y < 1 || y > 9999 || d < 1 || d > ts_days_in_month(y, m)) return TS_NO_DAY;
    return (int32_t)days_from(y, m, d);
}

void ts_day_civil(int32_t day, int *year, int *month, int *dom) {
    int64_t z = (int64_t)day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = (int)(z - era * 146097);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *dom = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = (int)(yoe + era * 400) + (*month <= 2);
}

static int digits(ts_str s, size_t at, size_t n) {
    int v = 0;
    if (at + n > s.n) return -1;
    for (size_t i = at; i < at + n; i++) {
        if (!ts_is_digit(s.p[i])) return -1;
        v = v * 10 + (s.p[i] - '0');
    }
    return v;
}

int32_t ts_day_parse_iso(ts_str s) {
    if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-') return TS_NO_DAY;
    if (s.n > 10 && s.p[10] != 'T' && s.p[10] != ' ') return TS_NO_DAY;
    return ts_day_of(digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2));
}

ts_str ts_day_iso(int32_t day, char out[16]) {
    if (day == TS_NO_DAY) return TS_NONE;
    int y, m, d;
    ts_day_civil(day, &y, &m, &d);
    snprintf(out, 16, "%04d-%02d-%02d", y % 10000, m, d);
    return (ts_str){out, 10};
}

int64_t ts_now(void) {
    const char *set = getenv("TOUCHSTONE_NOW");
    if (set) {
        ts_str s = ts_str_c(set);
        int32_t day = ts_day_parse_iso(s);
        int h = digits(s, 11, 2), m = digits(s, 14, 2), sec = digits(s, 17, 2);
        if (day != TS_NO_DAY)
            return (int64_t)day * 86400 +
                   (h < 0 ? 0 : h * 3600 + (m < 0 ? 0 : m * 60) + (sec < 0 ? 0 : sec));
    }
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

ts_str ts_instant_iso(int64_t t, char out[24]) {
    int64_t day = t >= 0 ? t / 86400 : -((-t + 86399) / 86400), s = t - day * 86400;
    int y, m, d;
    ts_day_civil((int32_t)day, &y, &m, &d);
    snprintf(out, 24, "%04d-%02d-%02dT%02d:%02d:%02dZ", y % 10000, m, d, (int)(s / 3600),
             (int)(s / 60 % 60), (int)(s % 60));
    return (ts_str){out, 20};
}

static uint64_t clock_nanos(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t ts_nanos(void) { return clock_nanos(CLOCK_MONOTONIC); }
uint64_t ts_cpu_nanos(void) { return clock_nanos(CLOCK_PROCESS_CPUTIME_ID); }
