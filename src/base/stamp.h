/* stamp.h - an instant with its time zone, as credentials, proofs and keys carry it. */
#ifndef TS_BASE_STAMP_H
#define TS_BASE_STAMP_H

#include "str.h"

/* A dateTimeStamp (XML Schema 1.1 part 2, section 3.4.28), "2025-03-01T12:00:00.5+01:00", as UTC
 * seconds (out may be NULL). False for anything else: the time zone is mandatory, "T" and "Z" are
 * capitals, 24:00:00 is the next day's beginning, there are no leap seconds. Years 0001 to 9999;
 * parts of a second are checked and cut off. */
bool ts_stamp_parse(ts_str s, int64_t *out);
/* The same with the part of a second, cut to nanoseconds. */
bool ts_stamp_parse_exact(ts_str s, int64_t *out, uint32_t *nanos);

#endif
