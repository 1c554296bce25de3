/* feeds.h - the public feeds of notices: where they are and how they are asked. docs/formats.md,
 * "Feeds". */
#ifndef TS_PIPELINE_FEEDS_H
#define TS_PIPELINE_FEEDS_H

#include "gazette/gazette.h"

enum { TS_FEED_QUESTIONS = 2, TS_FEED_PAGE = 100, TS_FEED_PAGED_MAX = 10000 };

/* Addresses are `base` + `whole` for everything there is; what is new since a day is asked either
 * in documents, `base` + `whole` + "&" + `since[i]`, or, where `pages` is given, page by page:
 * `base` + `pages` + "?" + `since[0]` + "&limit=100&offset=0". "{day}" in `since` stands for the
 * day. */
typedef struct ts_feed {
    const char *name; /* for the command line: "safety-gate" */
    const char *says; /* one line for people */
    const char *base, *whole, *pages;
    const char *since[TS_FEED_QUESTIONS];
    const char *newest_first; /* pages are not limited by a day, but sorted by this field: reading
                                 ends behind the day */
    bool list;                /* `whole` is a list of weekly reports, each a document of its own */
    const char *source;       /* of its notices: "safety_gate" */
    ts_notice_format format;
    unsigned overlap_days; /* asked again, so that corrections are seen; for a list, how far back
                              reports are checked again */
    unsigned gap_ms;       /* between two requests */
    uint64_t max_bytes;    /* of one document */
} ts_feed;

extern const ts_feed ts_feeds[];
extern const size_t ts_feeds_n;
const ts_feed *ts_feed_by_name(const char *name); /* NULL when there is none */

#endif
