/* time.h - days and instants. Days are counted from 1970-01-01 in the proleptic Gregorian
 * calendar; instants are UTC seconds since then. */
#ifndef TS_BASE_TIME_H
#define TS_BASE_TIME_H

#include "str.h"

#define TS_NO_DAY INT32_MIN

int32_t ts_day_of(int year, int month, int day); /* TS_NO_DAY when there is no such date */
void ts_day_civil(int32_t day, int *year, int *month, int *dom);
int ts_days_in_month(int year, int month);

/* "2024-03-01" or an RFC 3339 / ISO 8601 time that starts so; TS_NO_DAY when it does not. */
int32_t ts_day_parse_iso(ts_str s);
/* "YYYY-MM-DD" in out (10 bytes); empty for TS_NO_DAY. */
ts_str ts_day_iso(int32_t day, char out[16]);

int64_t ts_now(void); /* UTC seconds; TOUCHSTONE_NOW (ISO date-time) overrides it for tests */
/* "YYYY-MM-DDTHH:MM:SSZ" in out. */
ts_str ts_instant_iso(int64_t t, char out[24]);
uint64_t ts_nanos(void);     /* monotonic clock, for durations */
uint64_t ts_cpu_nanos(void); /* CPU time of the process */

#endif
