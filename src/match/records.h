/* records.h - products compared without an index: for learning from labelled pairs and for
 * measuring on them. The comparison is the one that screening makes; the left record of a pair
 * takes the notice's place, the right one the offer's.
 */
#ifndef TS_MATCH_RECORDS_H
#define TS_MATCH_RECORDS_H

#include "net.h"
#include "product/product.h"

/* A product as labelled data has it. Empty = not said. */
typedef struct ts_record {
    ts_str title, brand, model, description, price, currency,
        category; /* brand and model on the left may be several, separated by '|' */
    ts_identifiers identifiers;
    ts_str number;    /* left: the authority's own, where it is a notice */
    ts_str notices;   /* right: numbers of notices that the offer names, separated by '|' */
    bool counterfeit; /* left: a notice about imitations of the brand */
} ts_record;

/* What the comparison sees of a notice (for the left) and of an offer (for the right). New strings
 * live in `a`; lists beyond 400 entries are cut. */
ts_record ts_record_of_notice(ts_arena *a, const ts_notice *n);
ts_record ts_record_of_offer(ts_arena *a, const ts_offer *o);

enum { TS_FEATURES = 98, TS_CUES_MAX = 160, TS_CUE_SLOTS = 1 << 18 };

/* The features' names, and which group each belongs to (features.h). */
typedef enum {
    TS_GROUP_FACTS,
    TS_GROUP_TEXT,
    TS_GROUP_EVIDENCE,
    TS_GROUP_RANK,
    TS_GROUP_VECTORS,
    TS_GROUPS
} ts_feature_group;
const char *ts_feature_name(unsigned feature);
ts_feature_group ts_feature_group_of(unsigned feature);
int ts_feature_direction(unsigned feature); /* +1, -1, 0 */
unsigned ts_feature_evidence(void);         /* the one that the token-evidence model fills in */

/* A collection. Add all records, then finish: how rare words are is known only then. */
typedef struct ts_records ts_records;
ts_records *ts_records_new(ts_arena *a);
/* Prepares one record for the places it stands in, and returns its number. Strings must live as
 * long as the collection. */
enum { TS_RECORD_LEFT = 1, TS_RECORD_RIGHT = 2 };
uint32_t ts_records_add(ts_records *r, const ts_record *x, unsigned places);
void ts_records_finish(ts_records *r);
size_t ts_records_count(const ts_records *r);
/* "en", "de", "zh" or "": what the words of its title say (ts_language_of). */
ts_str ts_records_language(const ts_records *r, uint32_t i);

/* One observation of the token-evidence model. */
typedef struct ts_cue {
    uint32_t slot; /* below TS_CUE_SLOTS */
    float value;
    uint8_t a, b; /* tokens of the left and right record, + 1; 0 = none on that side */
} ts_cue;

/* What a pair looks like to the models. */
typedef struct ts_compared {
    float x[TS_FEATURES]; /* facts and text; evidence and rank are 0 */
    ts_cue cue[TS_CUES_MAX];
    size_t cues;
    uint32_t same[TS_NET_TOKENS], found_left, found_right; /* ts_net_pair */
} ts_compared;
void ts_records_compare(const ts_records *r, uint32_t left, uint32_t right, ts_compared *out);
/* The network's view of a record. */
size_t ts_records_tokens(const ts_records *r, uint32_t i, ts_net_token out[TS_NET_TOKENS]);

/* Rank features of the pairs left[i], right[i]: each against all records of the other side, in both
 * directions. The sides are [0, left_n) and [left_n, left_n + right_n); a record outside them is
 * held against them all the same. Fills the RANK features of x[i * TS_FEATURES …]. `scratch` holds
 * an inverted index of both sides. */
void ts_records_rank(const ts_records *r, ts_arena scratch, size_t left_n, size_t right_n,
                     const uint32_t *left, const uint32_t *right, size_t n, float *x);

#endif
