/* offered.h - offers that show a passport or a Digital Link, checked by identity: the passport is
 * looked up, verified, held against the offer and against the notices.
 */
#ifndef TS_HOST_OFFERED_H
#define TS_HOST_OFFERED_H

#include "match/match.h"

#include "affected.h"
#include "resolve.h"
#include "safety.h"
#include "verifying.h"

typedef struct ts_offered_job {
    const char *store;     /* path of the store that may hold the passports; NULL = none */
    const ts_index *index; /* the notices */
    ts_verify_job verify;  /* who is trusted, what is at hand, the limits of the network, `now`; its
                              input and store are not used */
    bool fetch;            /* passports that are not in the store are fetched */
    uint64_t fetch_most;   /* requests in all; 0 = 1,000 */
    unsigned fetch_gap_ms; /* between two requests to one host; 0 = 500 */
} ts_offered_job;

/* What all threads share. Notices are prepared when the first passport is met. Lives in `a` until
 * _free. */
typedef struct ts_offered_desk ts_offered_desk;
ts_offered_desk *ts_offered_desk_new(ts_arena *a, const ts_offered_job *job, ts_error *e);
void ts_offered_desk_free(ts_offered_desk *d); /* NULL is allowed */
/* Notices that could not be prepared, and that nothing is held against therefore. */
uint64_t ts_offered_desk_left_out(const ts_offered_desk *d);

/* One thread's own: a read-only connection to the store, and what it found before. */
typedef struct ts_offered_checker ts_offered_checker;
ts_offered_checker *ts_offered_checker_new(ts_offered_desk *d, ts_error *e);
void ts_offered_checker_free(ts_offered_checker *c); /* NULL is allowed */

/* Adds what the offer shows. What is behind each mark, in this order:
 *
 *   kept here   by the address as the passport's id, or by the product: its signed public form is
 *               verified; its standing (ts_safety_of), its status, and the notices that hit it or
 *               what it is made of (ts_passport_affected) are told
 *   elsewhere   fetched (ts_verify_input), where the job says so
 *   above it    the passport of its batch or its model, kept here
 *   nowhere     not checked; what stands in a Digital Link is still held against the notices
 *
 * An address in running text that leads to no passport here is passed over. What the link itself
 * says (lot, serial) may bring the product inside what a notice covers, and never takes it out.
 * Strings live in `a`. False only where the store failed. */
bool ts_offered_check(ts_offered_checker *c, ts_arena *a, const ts_offer *o, ts_offereds *out,
                      ts_error *e);

#endif
