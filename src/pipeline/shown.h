/* shown.h - leads by identity: what an offer shows, a passport or a Digital Link, and what was
 * found behind it. Private to pipeline/.
 */
#ifndef TS_PIPELINE_SHOWN_H
#define TS_PIPELINE_SHOWN_H

#include "lead_out.h"
#include "store/store.h"

/* The lead that a notice makes which hits the product shown. `matched` is what matching said of the
 * same pair; NULL where it said nothing: then no likelihood was calculated. Rung declared. */
void shown_hit_lead(ts_arena *a, const ts_offered *o, const ts_offered_hit *h,
                    const ts_lead *matched, ts_lead *out);
/* The lead that a passport makes by itself: false when there is nothing wrong with it. */
bool shown_own_lead(ts_arena *a, const ts_offered *o, ts_lead *out);
/* Whether the product is inside what the notice covers. `own` is what the offer's text says, which
 * may say "inside", but never takes anything out. */
ts_scope_verdict shown_scope(const ts_offered_hit *h, ts_scope_verdict own);
/* Whether the hit makes a lead: by identity, not by a likeness that only a person can judge. */
bool shown_hits(const ts_offered_hit *h);

/* Items that are one of their kind, seen in the offers of this run and, with a store, before. */
typedef struct shown_items {
    ts_store *store; /* NULL: only this run's, as many as fit in memory */
    ts_arena room, arena;
    ts_map map; /* product -> number of its newest sighting, from 1 */
    struct shown_list {
        struct shown_item {
            ts_sighting seen;
            size_t before; /* of the same product; 0 = none */
        } * v;
        size_t n, cap;
    } list;
    bool full; /* more items came than fit: of those it cannot be told whether they came twice */
} shown_items;
void shown_items_begin(shown_items *x, ts_store *store);
void shown_items_end(shown_items *x);
/* The single item that an offer shows: what the link names, else the product of the passport in the
 * store; empty where it is no single item. The lot is left out, so that one serial number is one
 * item in every link. */
ts_str shown_item_of(ts_arena *a, const ts_offered *o);
/* Whether the item was seen in another offer: *other gets which, in `a`. Without a store it is
 * remembered; with one, the sink keeps it. */
bool shown_item_see(shown_items *x, ts_arena *a, const ts_sighting *now, ts_sighting *other,
                    bool *twice, ts_error *e);
/* Another offer: of another seller, or at another address; where neither tells, another id. */
bool shown_is_other(const ts_sighting *x, const ts_sighting *y);
void shown_add_twice(ts_arena *a, ts_offered *o, const ts_sighting *other);

/* The key of the message catalogue for a reason: "evidence.…", or "offered.…" for "passport_…". */
void lead_reason_key(char out[64], const char *what);
/* The same for why the scope fits or not: "scope.…", or "affected.why.…" for "passport_…". */
void lead_scope_key(char out[64], const char *why);
/* "passport": {…} of a lead (docs/formats.md, "Leads by passport"). */
void shown_write(ts_jsonw *w, const ts_offered *o);

#endif
