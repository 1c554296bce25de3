/* leads.h - leads: an offer and a notice worth an officer's look. */
#ifndef TS_STORE_LEADS_H
#define TS_STORE_LEADS_H

#include "database.h"

typedef struct ts_lead_row {
    ts_str id; /* ten hexadecimal digits, made from source, offer and notice: the same lead has the
                  same id in every run */
    ts_str source;              /* of the offer */
    ts_str offer_id, notice_id; /* notice_id empty: about the passport that the offer shows */
    double
        probability; /* the likelihood; 1 for a lead by identity, which comes before all others */
    ts_str grade, rung, scope_fit, legal_effect, model;
    ts_str json; /* the lead as it was last written out */
    int64_t run; /* the run that saw it last */
    int64_t first_seen, last_seen;
    bool basis_gone; /* the notice has been withdrawn since (read only) */
} ts_lead_row;

typedef struct ts_lead_rows {
    ts_lead_row *v;
    size_t n, cap;
} ts_lead_rows;

/* The id for a lead, in out. */
ts_str ts_lead_id(ts_str source, ts_str offer_id, ts_str notice_id, char out[10]);

/* Inserts or updates by id; *fresh says which. */
bool ts_store_put_lead(ts_store *s, const ts_lead_row *l, bool *fresh, ts_error *e);
/* One lead by its id or an unambiguous beginning of it; *found 0 none, 1 one, 2 several. */
bool ts_store_lead(ts_store *s, ts_arena *a, ts_str id, ts_lead_row *out, int *found, ts_error *e);
/* Leads in the order of likelihood; run 0 = of all runs. */
bool ts_store_leads(ts_store *s, ts_arena *a, int64_t run, size_t limit, ts_lead_rows *out,
                    ts_error *e);
bool ts_store_lead_count(ts_store *s, uint64_t *n, ts_error *e);
/* Leads whose notice has been withdrawn since. */
bool ts_store_leads_without_basis(ts_store *s, uint64_t *n, ts_error *e);

#endif
