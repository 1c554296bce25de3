/* sync.h - public feeds into the store.
 *
 * Each document (an export, a page, a weekly report) is fetched into a file beside the store,
 * looked at, and imported in one transaction together with what is kept of it: its validators, and
 * how much it held. So a crash or a lost connection costs a fetch and never data, and what is half
 * there is never taken for the whole. A feed is asked for what is new since the last success, with
 * an overlap; that day moves only when everything that was asked for has been committed.
 */
#ifndef TS_PIPELINE_SYNC_H
#define TS_PIPELINE_SYNC_H

#include "feeds.h"
#include "net/net.h"
#include "store/store.h"

typedef struct ts_sync_job {
    const ts_feed *feed;
    ts_store *store;      /* may be NULL for a plan */
    const char *base;     /* a mirror, in place of the feed's own; NULL = the feed's own */
    int32_t since;        /* TS_NO_DAY = since the last success, or everything */
    bool full;            /* everything, whatever was fetched before */
    bool accept;          /* take what the feed gives, unless it is nothing, as its new measure */
    unsigned gap_ms;      /* between two requests; 0 = as the feed wants it */
    ts_fetch_options net; /* limits, allow_private and the like; what is asked is set here.
                             max_bytes 0 = as the feed wants it */
} ts_sync_job;

typedef struct ts_sync_summary {
    uint64_t notices, fresh, updated, unchanged, withdrawn, bad;
    uint64_t standing;  /* notices of documents that had not changed, or were not due */
    uint64_t documents; /* read */
    uint64_t not_modified;
    uint64_t requests, transferred; /* bytes */
    uint64_t leads_without_basis;
    bool failed;  /* something asked for was not got, or not read to its end */
    bool silent;  /* something gave nothing, or less than half of what it should */
    ts_error why; /* failed: the first reason */
} ts_sync_summary;

/* Fetches what the feed has and imports it. What fails is named through ts_log and sum->failed;
 * what was committed before stands. False when the store refused. ts_net_init must have been
 * called. */
bool ts_sync(ts_arena *a, const ts_sync_job *job, ts_sync_summary *sum, ts_error *e);

/* The addresses that ts_sync would ask first, without asking. */
bool ts_sync_plan(ts_arena *a, const ts_sync_job *job, ts_strs *lines, ts_error *e);

/* When everything that was asked for last came in from this feed: UTC seconds; 0 = never. And the
 * day since which it is asked next; TS_NO_DAY = everything. */
bool ts_sync_state(ts_arena *a, const ts_sync_job *job, int64_t *last, int32_t *since, ts_error *e);

#endif
