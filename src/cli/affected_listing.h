/* affected_listing.h - what `passport affected` tells, on its way to the reader. Private to cli/.
 */
#ifndef TS_CLI_AFFECTED_LISTING_H
#define TS_CLI_AFFECTED_LISTING_H

#include "passport.h"

enum { AFFECTED_REASONS = 3 * TS_WHYS, AFFECTED_COLUMNS = 6 };

typedef enum { AS_TABLE, AS_JSON, AS_JSONL, AS_CSV, AS_HTML, FORMATS } affected_format;

/* How many have the same answer for the same reason. */
typedef struct affected_reason {
    ts_answer inside;
    const char *why;
    uint64_t n;
} affected_reason;

typedef struct affected_listing {
    cli *c;
    ts_buf b;
    affected_format f;
    exit_status st; /* of writing so far */
    uint64_t top, n;
    affected_reason why[AFFECTED_REASONS];
    size_t whys;
    ts_strs cells; /* of the rows that are shown */
} affected_listing;

extern const char *const affected_columns[AFFECTED_COLUMNS]; /* keys below "affected.column." */

ts_str affected_say(cli *c, const char *group, const char *name); /* "affected.GROUP.NAME" */
ts_str affected_say_answer(cli *c, ts_answer a);
ts_str affected_number(cli *c, uint64_t n);
ts_str affected_sentence(cli *c, const char *key, const ts_notice *n, uint64_t count);

/* The listing as one page of HTML, into l->b. */
void affected_page(affected_listing *l, const ts_notice *n, const ts_affected_counts *k);

#endif
