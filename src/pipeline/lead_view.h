/* lead_view.h - a lead's JSON read for people: what a table, a page and a terminal show of it.
 * Private to pipeline/. */
#ifndef TS_PIPELINE_LEAD_VIEW_H
#define TS_PIPELINE_LEAD_VIEW_H

#include "screen.h"

typedef struct lead_view {
    const ts_json *v, *offer, *notice;
    const ts_json
        *shown; /* the passport that the lead rests on, or NULL; then notice may be NULL */
} lead_view;

/* False when it is no JSON. */
bool lead_view_read(ts_arena *a, ts_str json, lead_view *l);
ts_str lead_get(const ts_json *v,
                const char *name); /* a member as text; empty when it is not there */
/* "87 %"; for a lead by identity, which has no likelihood, in words. */
ts_str lead_likelihood(ts_arena *a, const lead_view *l, const ts_catalogue *c);
/* The notice's label; of a lead about a passport, that and the passport's name. */
ts_str lead_about(ts_arena *a, const lead_view *l, const ts_catalogue *c);
ts_str lead_joined(ts_arena *a, const ts_json *list);
/* What is known of the passport shown, a name and a value each, at most LEAD_SHOWN_ROWS. */
enum { LEAD_SHOWN_ROWS = 16 };
typedef struct lead_row {
    ts_str name, value;
} lead_row;
size_t lead_shown(ts_arena *a, const lead_view *l, const ts_catalogue *c,
                  lead_row rows[LEAD_SHOWN_ROWS]);
/* The member "probability" as it stands; 1 for a lead by identity, which is ranked before others.
 */
ts_str lead_rank_text(const lead_view *l);
/* What the catalogue says for a key of a group: "grade", "strong". */
ts_str lead_worded(const ts_catalogue *c, const char *group, ts_str key);
/* One reason, and why the scope fits or not, in the words of this catalogue, whatever language the
 * lead was written in. */
ts_str lead_reason(ts_arena *a, const ts_json *evidence, const ts_catalogue *c);
ts_str lead_scope_reason(const lead_view *l, const ts_catalogue *c);
/* "+1.2"; empty for what counts nothing. */
ts_str lead_weight(ts_arena *a, const ts_json *evidence);
/* Level of the risk, and what can happen as the notice says it. */
ts_str lead_risk(ts_arena *a, const lead_view *l, const ts_catalogue *c);
/* The strongest reasons in one line, at most so many on either side. */
ts_str lead_why(ts_arena *a, const lead_view *l, size_t most, const ts_catalogue *c);

#endif
