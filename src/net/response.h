/* response.h - reading an answer's header, and judging whether the answer is usable.
 *
 * Pure: bytes in, verdict out. Nothing here touches the network.
 */
#ifndef TS_NET_RESPONSE_H
#define TS_NET_RESPONSE_H

#include "net.h"

enum {
    NET_HEAD_BYTES_MAX = 64 * 1024, /* all header lines of one exchange, interim answers included */
    NET_HEAD_LINES_MAX = 256,
    NET_FIELD_MAX = 255,
    NET_LOCATION_MAX = 4096,
};

typedef enum { NET_CODING_NONE, NET_CODING_GZIP, NET_CODING_OTHER } net_coding;

typedef struct net_response {
    int status; /* 0 until a status line was read */
    size_t head_bytes, head_lines;
    bool chunked;
    bool has_length, bad_length; /* bad: no number, or two that differ */
    uint64_t length;
    bool has_range, bad_range, total_known;
    uint64_t range_from, range_to, total; /* Content-Range: bytes from-to/total */
    net_coding coding;
    int64_t date, modified; /* Date and Last-Modified as instants; -1 = none */
    int64_t retry_after;    /* seconds; -1 = none */
    bool two_locations;
    char retry_text[64];
    char etag[NET_FIELD_MAX + 1];
    char last_modified[NET_FIELD_MAX + 1];
    char type[NET_FIELD_MAX + 1];
    char location[NET_LOCATION_MAX + 1];
} net_response;

net_response net_response_none(void);

/* Takes one header line, with or without its line end. A status line starts over, so that interim
 * answers (1xx) leave nothing behind. False with TS_E_LIMIT when the header is larger than the
 * limits above. A field whose value is too long or holds control characters counts as absent. */
bool net_response_line(net_response *r, ts_str line, ts_error *e);

/* True when the line ends the header. */
bool net_response_blank(ts_str line);

/* An HTTP date (RFC 9110 section 5.6.7) as an instant; -1 when it is none. */
int64_t net_http_date(ts_str s);

/* The validator under which a part of this answer may be completed later (RFC 9110 sections
 * 8.8.2.2 and 8.8.3.2): the ETag if it is strong, else the Last-Modified if it is a minute older
 * than the Date; else "". */
const char *net_response_validator(const net_response *r);
bool net_etag_strong(const char *etag);

/* Does the media type fit one of the entries (see ts_fetch_options.expect)? An empty list fits. */
bool net_type_fits(ts_str type, ts_strs expect);

/* What was asked, as far as the judgement needs it. */
typedef struct net_asked {
    bool post, conditional;
    uint64_t max_bytes;
    ts_strs expect;
    /* When a range was asked for: from where (> 0), and what is known of the part at hand. */
    uint64_t from, total; /* total 0 = not known */
    net_coding coding;
    const char *etag, *last_modified; /* of the part */
    bool moved;                       /* the answer comes from another origin than the part */
} net_asked;

typedef enum {
    NET_ACCEPTED,     /* the body is what was asked for */
    NET_NOT_MODIFIED, /* 304 */
    NET_REDIRECTED,   /* r->location */
    NET_START_OVER,   /* the part at hand is of no use: ask again for the whole */
    NET_TRY_AGAIN,    /* an error that may pass; *e says which */
    NET_REFUSED,      /* an error; *e says which */
} net_verdict;

/* The verdict together with its error. */
#define NET_REFUSE(e, ...) (ts_fail((e), __VA_ARGS__), NET_REFUSED)
#define NET_AGAIN(e, ...) (ts_fail((e), __VA_ARGS__), NET_TRY_AGAIN)

net_verdict net_response_judge(const net_response *r, const net_asked *q, ts_error *e);

#endif
