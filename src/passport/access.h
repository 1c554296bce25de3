/* access.h - who may see which element: a matrix of audiences and disclosure classes.
 *
 * Rights are no ladder. Regulation (EU) 2023/1542, Article 77(2) with Annex XIII, opens point 1 to
 * everybody, point 2 to persons with a legitimate interest, notified bodies, market surveillance
 * authorities and the Commission, point 3 to notified bodies, market surveillance authorities and
 * the Commission, point 4 to persons with a legitimate interest alone: an authority does not see
 * point 4, and who has a legitimate interest does not see point 3. Which class is open to whom is
 * data: a pack's "classes".
 */
#ifndef TS_PASSPORT_ACCESS_H
#define TS_PASSPORT_ACCESS_H

#include "base/base.h"

typedef enum {
    TS_AUD_PUBLIC,
    TS_AUD_LEGITIMATE_INTEREST, /* repairers, remanufacturers, recyclers … as the acts name them */
    TS_AUD_AUTHORITY,           /* market surveillance and customs authorities */
    TS_AUD_NOTIFIED_BODY,
    TS_AUD_COMMISSION,
    TS_AUD_OPERATOR, /* the economic operator responsible for the passport */
    TS_AUDS
} ts_audience;
const char *ts_audience_name(ts_audience a); /* "public", "legitimate_interest", … */
bool ts_audience_by_name(ts_str name, ts_audience *a);

/* One who asks may be several at once: a set. What is public is everybody's. */
typedef unsigned ts_audiences;                           /* bit 1 << ts_audience */
ts_str ts_audience_names(ts_arena *a, ts_audiences who); /* "authority+commission" */

typedef struct ts_disclosure_class {
    ts_str name;          /* "annex_xiii_3" */
    ts_audiences open_to; /* as the pack states it */
    ts_str article;       /* where the law says so; may be empty */
} ts_disclosure_class;

/* Whether one of `who` may see the class. Everybody is the public, also with an empty set; the
 * operator sees everything of its own passport. */
bool ts_may_see(const ts_disclosure_class *c, ts_audiences who);

#endif
