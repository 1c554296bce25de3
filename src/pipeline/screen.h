/* screen.h - offers against notices.
 *
 * One reader cuts the input into chunks, workers parse and match, one writer hands the leads to the
 * sink in the order of the offers. Queues are bounded: a slow sink slows the reader. Memory is the
 * index plus a constant per worker.
 */
#ifndef TS_PIPELINE_SCREEN_H
#define TS_PIPELINE_SCREEN_H

#include "notice_index.h"
#include "sink.h"

/* Passports and Digital Links that offers show, looked at by who stands above: what is a passport's
 * is known there. */
typedef struct ts_screen_passports {
    void *ctx;
    /* For one worker, before it starts; NULL with the reason. */
    void *(*open)(void *ctx, unsigned worker, ts_error *e);
    void (*close)(void *checker);
    /* Adds what the offer shows and what was found behind it; strings live in `a` and the offer.
     * False, with the reason, when it could not be looked at. */
    bool (*check)(void *checker, ts_arena *a, const ts_offer *o, ts_offereds *out, ts_error *e);
    ts_store *seen; /* where items were offered in earlier runs; NULL: only this run is looked at.
                       The sink keeps what is new */
} ts_screen_passports;

typedef struct ts_screen_job {
    const char *const *offers; /* files; "-" is standard input */
    size_t offers_n;
    const char *source; /* name for records; NULL = the file's path */
    ts_offer_options options;
    const ts_index *index;
    ts_match_options match;
    bool include_outside; /* also leads whose offer states a lot or date outside the notice's scope
                           */
    unsigned threads;     /* 0 = as many as processors */
    ts_sink *sink;
    const ts_screen_passports *passports; /* NULL: not looked for */
    /* Called by the worker for every offer with its leads, before they are handed on; for
     * measuring. May be NULL. */
    void (*watch)(void *ctx, unsigned worker, const ts_offer *o, const ts_leads *l);
    void *watch_ctx;
} ts_screen_job;

typedef struct ts_screen_source {
    const char *name;
    ts_offer_format format;
    uint64_t offers, bad,
        mended;  /* mended: texts that were not UTF-8 and were put right as far as possible */
    bool failed; /* could not be read to its end */
} ts_screen_source;

typedef struct ts_screen_summary {
    uint64_t offers, bad, mended, leads, strong,
        outside;             /* outside: leads held back because of lots or dates */
    uint64_t screened_early; /* offers that left at the first stage */
    uint64_t judged, asked;  /* pairs judged; of these, pairs that reached the network */
    double seconds, cpu_seconds;
    ts_screen_source *sources;
    size_t sources_n;
    bool failed, silent; /* a source failed; a source had no offers */
    /* Passports and Digital Links shown; those of which signature, issuer or status could not be
     * checked; leads that rest on one. */
    uint64_t shown, shown_open, shown_leads;
    bool items_full; /* not all items could be remembered: which came twice cannot be told */
} ts_screen_summary;

/* Screens. Bad records and unreadable files are named through ts_log and counted; the rest goes on.
 * False only when the work as a whole cannot go on (the sink failed, no threads). */
/* job->match.model must be set; TS_E_USAGE when it cannot judge a stream (trained with ranks or
 * cosines). */
bool ts_screen(ts_arena *a, const ts_screen_job *job, ts_screen_summary *sum, ts_error *e);

#endif
