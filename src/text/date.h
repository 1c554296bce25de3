/* date.h - dates as people write them. */
#ifndef TS_TEXT_DATE_H
#define TS_TEXT_DATE_H

#include "base/base.h"

typedef struct ts_date_span {
    int32_t from, to; /* days since 1970-01-01, both included; TS_NO_DAY = open at that end */
} ts_date_span;

/* One date or month or year at text[*at]; moves *at behind it. Gives the whole span a coarse date
 * covers ("June 2019" = 1 to 30 June). Forms: ISO, 31/12/2024 and 31.12.2024 (or US order),
 * 31 December 2024, December 31, 2024, Dezember 2024, 2024年12月31日, 12/2024, 2024. False when no
 * date starts there. */
bool ts_date_read(ts_str text, size_t *at, bool us_order, ts_date_span *out);

#endif
