/* lead_out.h - a lead as it leaves the program: offer, notice, what matching said, scope fit, legal
 * effect. */
#ifndef TS_PIPELINE_LEAD_OUT_H
#define TS_PIPELINE_LEAD_OUT_H

#include "match/match.h"
#include "passport/passport.h"
#include "render/render.h"

/* What the notice means in law where the offer is. */
typedef enum {
    TS_EFFECT_UNKNOWN,      /* the offer's market is not known */
    TS_EFFECT_OWN_DECISION, /* an authority of that market's own */
    TS_EFFECT_PRESUMED,     /* another Member State's: non-compliance presumed (Regulation (EU)
                               2019/1020, Art. 11(9)) */
    TS_EFFECT_FOREIGN,      /* information from abroad only */
} ts_legal_effect;
const char *ts_legal_effect_name(
    ts_legal_effect e); /* "own_decision", "presumed_noncompliant", … */

/* From who published the notice and the country (ISO 3166-1) or "EU" the offer is directed at. */
ts_legal_effect ts_legal_effect_of(const ts_notice *n, ts_str market);

typedef struct ts_lead_record {
    char id[10];
    ts_str source; /* the file or feed the offer came from */
    const ts_offer *offer;
    const ts_notice *notice; /* NULL: the lead is about the passport that the offer shows */
    const ts_lead *lead;
    ts_scope_verdict scope;
    ts_legal_effect effect;
    const ts_offered *shown; /* the passport that the lead rests on; NULL = none */
    bool unjudged;           /* by identity alone: no model was asked, there is no likelihood */
} ts_lead_record;

const char *ts_scope_fit_name(ts_answer inside); /* "inside", "outside", "cannot_be_told" */
/* One JSON object (docs/formats.md, "lead"). Reasons are worded from the catalogue. `scratch` must
 * not be where w's buffer grows. */
void ts_lead_write(ts_jsonw *w, ts_arena scratch, const ts_lead_record *r, const ts_catalogue *c);
/* For ranking: a lead by identity comes before all likelihoods. */
double ts_lead_rank(const ts_lead_record *r);
/* One reason in words. */
ts_str ts_evidence_text(ts_arena *a, const ts_catalogue *c, const ts_evidence *e);
/* "Brand: product (name)" of a notice, for people. */
ts_str ts_notice_label(ts_arena *a, const ts_notice *n);

#endif
