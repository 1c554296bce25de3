/* lead.h - what matching says of one offer and one notice. */
#ifndef TS_MATCH_LEAD_H
#define TS_MATCH_LEAD_H

#include "index.h"

/* The evidence ladder, lowest first. A rung says what kind of evidence carries the lead; the
 * likelihood says how much. */
typedef enum {
    TS_RUNG_TEXT,
    TS_RUNG_IMAGE,
    TS_RUNG_BRAND_TEXT,
    TS_RUNG_BRAND_IMAGE,
    TS_RUNG_BRAND_MODEL,
    TS_RUNG_IDENTIFIER,
    TS_RUNG_DECLARED,
} ts_rung;
const char *ts_rung_name(ts_rung r); /* "brand_model" */

typedef enum {
    TS_GRADE_BELOW,  /* below the threshold */
    TS_GRADE_REVIEW, /* at or above it: worth a look */
    TS_GRADE_STRONG, /* declared or by identifier, and no conflict */
} ts_grade;
const char *ts_grade_name(ts_grade g);

/* One reason. `weight` is its part of the log-odds (natural logarithm): positive agrees, negative
 * conflicts. */
typedef struct ts_evidence {
    const char *what;     /* key of the message catalogue: "brand_same", "model_near" … */
    ts_str offer, notice; /* the words on either side; may be empty */
    double weight;
} ts_evidence;

typedef struct ts_evidences {
    ts_evidence *v;
    size_t n, cap;
} ts_evidences;

typedef struct ts_lead {
    uint32_t notice;    /* number in the index */
    double probability; /* that offer and notice concern the same product, 0-1 */
    double base; /* log-odds before any evidence; base + all weights = logit(probability) unless
                    capped */
    bool capped; /* the ladder held the probability down */
    ts_rung rung;
    ts_grade grade;
    ts_evidences agree, conflict; /* strongest first */
} ts_lead;

typedef struct ts_leads {
    ts_lead *v;
    size_t n, cap;
} ts_leads;

/* Which judgement this is, for records: name and version of the scorer. */
ts_str ts_match_model(void);
/* Probability from which a lead is graded `review` when nobody says otherwise. */
double ts_match_threshold(void);

/* One thread's matcher. The index must outlive it. */
typedef struct ts_matcher ts_matcher;
typedef struct ts_match_options {
    double threshold;   /* 0 = the default */
    double floor;       /* leads below this probability are not returned; 0 = the threshold */
    unsigned per_offer; /* at most so many leads for one offer; 0 = 8 */
    bool exhaustive;    /* score every notice in the first stage (for measuring retrieval) */
} ts_match_options;
ts_matcher *ts_matcher_new(ts_arena *a, const ts_index *ix, ts_match_options o);
void ts_matcher_free(ts_matcher *m);
/* Adds the leads of one offer to `out`, most likely first. Strings point into `a`, the offer and
 * the index. */
void ts_match(ts_matcher *m, ts_arena *a, const ts_offer *o, ts_leads *out);

/* What the matcher has done so far, for reports. */
typedef struct ts_match_counts {
    uint64_t offers, left_early; /* offers without a candidate */
    uint64_t postings, verified, judged;
} ts_match_counts;
ts_match_counts ts_matcher_counts(const ts_matcher *m);

#endif
