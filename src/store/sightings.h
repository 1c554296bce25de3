/* sightings.h - where an item that is one of its kind was offered: a serial number that turns up in
 * two offers was copied, or the article was sold twice. */
#ifndef TS_STORE_SIGHTINGS_H
#define TS_STORE_SIGHTINGS_H

#include "database.h"

typedef struct ts_sighting {
    ts_str product;       /* canonical identifier of the item */
    ts_str source, offer; /* as in leads: what the source is called, the offer's id there */
    ts_str seller, url;   /* as the offer has them; may be empty */
    int64_t at;           /* UTC seconds when it was seen last */
} ts_sighting;
typedef struct ts_sightings {
    ts_sighting *v;
    size_t n, cap;
} ts_sightings;

/* Keeps it; the same item in the same offer of the same source again replaces what was known.
 * Within a transaction. */
bool ts_store_put_sighting(ts_store *s, const ts_sighting *x, ts_error *e);
/* Those of an item, the latest first, at most `limit`. */
bool ts_store_sightings(ts_store *s, ts_arena *a, ts_str product, size_t limit, ts_sightings *out,
                        ts_error *e);

#endif
