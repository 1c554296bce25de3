/* bench.h - making offers to measure on, and measuring.
 *
 * Derived offers carry their truth in the member "_truth", which readers of offers pass over.
 * Figures on them are figures on derived offers, not on real ones.
 */
#ifndef TS_PIPELINE_BENCH_H
#define TS_PIPELINE_BENCH_H

#include "screen.h"

typedef enum { TS_HALF_ALL, TS_HALF_TUNE, TS_HALF_REPORT } ts_half;

/* For each derivable notice of the half: `positives` offers of it and twice as many hard negatives,
 * as JSON lines to fd. */
typedef struct ts_derive_job {
    const char *const *notices;
    size_t notices_n;
    ts_notice_options options;
    ts_half half;
    uint64_t seed;
    unsigned positives; /* per notice */
    int fd;
} ts_derive_job;
typedef struct ts_derive_counts {
    uint64_t notices, derivable, by_kind[TS_DERIVE_KINDS];
} ts_derive_counts;
bool ts_bench_derive(ts_arena *a, const ts_derive_job *job, ts_derive_counts *out, ts_error *e);

/* Labelled pairs of a notice and an offer, for learning, as JSON lines to fd (learn/pairs.h has the
 * format). The half's notices, each in its newest version, are made into an index in memory. For
 * each derivable notice, `positives` offers of it, twice as many hard negatives and `positives`
 * unrelated offers are derived, and looked up there. An offer makes a pair with
 *
 *   its own notice, when retrieval finds it, under its kind: label 1 for an offer of the product, 0
 *   for all hard negatives (also another lot, and the genuine article: bench_screen takes both so);
 *   each other notice among the best few that retrieval finds, label 0: "other_notice", or
 *   "unrelated" for an unrelated offer. Left out are notices that may be of the same product.
 *
 * Two notices may be of the same product when they share a trusted identifier or a model number,
 * call the product exactly the same under brands that do not differ, or share a brand and one's
 * model number stands in the other's name, or (where one gives no model number) they share a
 * telling word of the name. A notice is left out also when the offer names one of its brands and
 * one of its model numbers. */
typedef struct ts_pairs_job {
    const char *const *notices;
    size_t notices_n;
    ts_notice_options options;
    ts_half half;
    uint64_t seed, most;       /* stops after about `most` pairs; 0 = no limit */
    unsigned positives;        /* per notice */
    const char *const *others; /* files of offers that are of none of the notices' products */
    size_t others_n;
    int fd;
} ts_pairs_job;
typedef struct ts_pairs_counts {
    uint64_t notices, derivable;      /* in the half */
    uint64_t offers[TS_DERIVE_KINDS]; /* derived */
    uint64_t own[TS_DERIVE_KINDS]; /* pairs with the offer's own notice; for unrelated ones all */
    uint64_t other, left_out;      /* pairs with other notices; such that may be of the product */
    uint64_t swapped;              /* pairs with other goods of the brand, or of the number */
    uint64_t others, stranger;     /* offers of no notice; pairs with them */
    uint64_t pairs, matches;
} ts_pairs_counts;
bool ts_bench_pairs(ts_arena *a, const ts_pairs_job *job, ts_pairs_counts *out, ts_error *e);

/* A collection larger than the real ones: `count` notices (the real ones, then copies with fresh
 * brands and model numbers) as JSON lines to notices_fd, and `offers` offers to offers_fd: 2 % of a
 * notice's product, 10 % hard negatives, the rest unrelated. */
typedef struct ts_world_job {
    const char *const *notices;
    size_t notices_n;
    ts_notice_options options;
    uint64_t seed, count, offers;
    int notices_fd, offers_fd;
} ts_world_job;
bool ts_bench_world(ts_arena *a, const ts_world_job *job, ts_error *e);

/* Right and wrong for one group of offers. The truth of a derived offer is known for the notice it
 * was made from: a positive is found when it is listed with that notice, a hard negative is wrong
 * when it is listed with that notice. An unrelated offer is wrong when it is listed at all. Leads
 * with other notices (which may well be of the same product: authorities notify goods more than
 * once) are counted apart. */
typedef struct ts_tally {
    uint64_t positives, found;  /* offers of a notice's product; listed with that notice */
    uint64_t negatives, listed; /* offers that are not; listed with it all the same */
    uint64_t astray;            /* either kind listed, but only with other notices */
} ts_tally;
double ts_tally_recall(const ts_tally *t); /* NAN when there are no positives */
double ts_tally_precision(
    const ts_tally *t); /* found / (found + listed); NAN when nothing was listed */
double ts_tally_strict_precision(const ts_tally *t); /* the same with `astray` counted as wrong */

typedef struct ts_bench_result {
    ts_screen_summary screen;
    uint64_t notices;
    double index_seconds,
        index_load_ms; /* making it (NAN: it was opened); opening and checking it from a file */
    uint64_t index_bytes, peak_rss;
    uint64_t with_truth;    /* offers that carry a truth */
    ts_tally all, survives; /* survives: an identifier, or brand and model, still stands */
    ts_tally kind[TS_DERIVE_KINDS], language[3], perturbation[TS_PERTURBATIONS][4];
    uint64_t checked, check_leads, check_same; /* retrieval against scoring every notice */
} ts_bench_result;

/* Screens the offers against the index and compares with their truths. `check` offers are also
 * screened with every notice scored in the first stage (0 = none). Wrong verdicts go to `errors_fd`
 * as JSON lines unless it is negative. */
bool ts_bench_screen(ts_arena *a, ts_screen_job *job, const ts_notice_index *ix, uint64_t check,
                     int errors_fd, ts_bench_result *out, ts_error *e);

#endif
