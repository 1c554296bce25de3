/* lead.h - what matching says of one offer and one notice. */
#ifndef TS_MATCH_LEAD_H
#define TS_MATCH_LEAD_H

#include "index.h"
#include "model.h"

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
    double log_odds;    /* of it, before the ladder's cap */
    double base;        /* log-odds before any evidence; base + all weights = log_odds */
    bool capped;        /* the ladder held the probability down */
    ts_rung rung;
    ts_grade grade;
    ts_evidences agree, conflict; /* strongest first */
    ts_str model;                 /* which model said so (ts_model_id) */
} ts_lead;

/* Why the records `left` and `right` are held for the same product, or not: judges the pair and
 * fills in probability, log_odds, base and the reasons; `notice` is the left record's number. A
 * pair outside an index has no place on the ladder: rung and grade stay at their lowest, nothing is
 * capped. TS_E_INPUT for a model that looks at how a pair stands among all others (the RANK group),
 * which is not known of a single one. Strings live in `a` and where the records' own do. */
bool ts_records_judge(const ts_records *r, const ts_model *m, ts_arena *a, uint32_t left,
                      uint32_t right, ts_lead *out, ts_error *e);

/* What the parts of the model say of a pair, in log-odds. */
typedef struct ts_opinion {
    double trees, net; /* net: 0 where it is not asked */
    bool asked;
} ts_opinion;
/* The same without reasons, and with the same errors. */
bool ts_records_ask(const ts_records *r, const ts_model *m, uint32_t left, uint32_t right,
                    ts_opinion *out, ts_error *e);

typedef struct ts_leads {
    ts_lead *v;
    size_t n, cap;
} ts_leads;

/* One thread's matcher. The index must outlive it. */
typedef struct ts_matcher ts_matcher;
typedef struct ts_match_options {
    const ts_model *model; /* who judges; outlives the matcher; NULL: only ts_candidates is used */
    double threshold;      /* 0 = the model's */
    double floor;          /* leads below this probability are not returned; 0 = the threshold */
    unsigned per_offer;    /* at most so many leads for one offer; 0 = 8 */
    bool exhaustive;       /* score every notice in the first stage (for measuring retrieval) */
} ts_match_options;
ts_matcher *ts_matcher_new(ts_arena *a, const ts_index *ix, ts_match_options o);
void ts_matcher_free(ts_matcher *m);
/* Adds the leads of one offer to `out`, most likely first. Strings point into `a`, the offer and
 * the index. */
void ts_match(ts_matcher *m, ts_arena *a, const ts_offer *o, ts_leads *out);
/* The notices that retrieval would give the offer to be judged by, best first: their numbers in the
 * index, at most `most`. Returns how many. Counts as an offer. */
size_t ts_candidates(ts_matcher *m, ts_arena scratch, const ts_offer *o, uint32_t *notice,
                     size_t most);

/* What the matcher has done so far, for reports. */
typedef struct ts_match_counts {
    uint64_t offers, left_early; /* offers without a candidate */
    uint64_t postings, verified, judged;
    uint64_t asked; /* pairs that reached the network */
} ts_match_counts;
ts_match_counts ts_matcher_counts(const ts_matcher *m);

#endif
