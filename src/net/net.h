/* net.h - the one HTTP fetch.
 *
 * Everything the program takes from the network comes through ts_fetch_file or
 * ts_fetch_memory: notice feeds, did:web documents, status lists, replication,
 * captures. HTTP/1.1 (RFC 9110, RFC 9112) through libcurl; TLS 1.2 or later,
 * certificates always verified.
 *
 * The other side is not trusted:
 *
 *   - Where to. http and https only; no user name or password in an address; ports 80 and 443
 *     and those allowed by name. Addresses that are not on the public internet (private,
 *     loopback, link-local, shared, documentation, multicast, mapped, tunnelled ...) are refused
 *     when the socket is opened: after the name was resolved, for every address tried, on every
 *     redirect, so that a name that changes its mind between two look-ups gains nothing.
 *     Redirects never go from https to http, and never from outside to an in-house place.
 *     Neither proxies nor credentials are taken from the environment or from files.
 *   - How much and how long. Caps on the header, the body as sent, the body as decoded, the
 *     seconds in all, redirects, and a floor on speed.
 *   - What. An answer is used only when its status, its length, its range, its coding and its
 *     media type are what was asked for. An error page is never taken for data. What comes beyond
 *     the announced length is no part of the body (RFC 9112 section 6.3) and ends the connection.
 *
 * A fetch that fails says in one sentence what was wrong and what to do. The place in the error
 * is the address as asked for, with its query left out: queries may hold secrets.
 */
#ifndef TS_NET_NET_H
#define TS_NET_NET_H

#include "base/base.h"

/* ---- The room's life ---- */

/* Readies libcurl. Once, by main, before the first fetch and before other threads start; after it
 * every function here may be called from any thread. False with TS_E_VERSION when the libcurl at
 * hand is too old (before 7.88) or lacks TLS. */
bool ts_net_init(ts_error *e);
/* Gives back what ts_net_init took. No fetch may be running. */
void ts_net_done(void);

/* ---- Pace ---- */

/* How fast one run may ask: at least `gap_ms` between the starts of two requests to one host, and
 * at most `max_requests` in all (0 = no limit). Redirects and repeated attempts count as requests.
 * May be shared by threads. Lives in `a`; ts_pace_free gives back what it holds of the system. */
typedef struct ts_pace ts_pace;
ts_pace *ts_pace_new(ts_arena *a, unsigned gap_ms, uint64_t max_requests);
void ts_pace_free(ts_pace *p);     /* NULL is allowed */
uint64_t ts_pace_used(ts_pace *p); /* requests begun so far */

/* ---- What to fetch, and within which limits ---- */

/* Zero means the default everywhere; -1 means "none" where it says so. The strings must live as
 * long as the call. */
typedef struct ts_fetch_options {
    ts_str url; /* absolute; at most 8000 bytes; a fragment is ignored; an international host name
                 * in its ASCII form (RFC 5891) */

    /* The request */
    bool post;         /* POST instead of GET; redirects are then refused */
    ts_str body;       /* POST: what is sent */
    ts_str body_type;  /* POST: its media type; default application/octet-stream */
    ts_strs headers;   /* further fields, "Name: value". Those that this room sets itself (Host,
                        * Range, If-..., Accept-Encoding, framing) are refused as TS_E_USAGE. Once
                        * redirected to another origin only Accept and Accept-Language go along */
    ts_str user_agent; /* default "touchstone/VERSION (+market surveillance)" */
    bool compress;     /* ask for gzip. The result is decoded in any case */
    ts_strs expect;    /* media types that are acceptable: "application/json", "+json" (a suffix,
                        * RFC 6838 section 4.2.8), "text/" (a prefix), "" (no type given). None
                        * listed = any */

    /* Conditional (RFC 9110 section 13.1): only if what is there is not this any more */
    ts_str etag;          /* as it was received, with its quotes */
    ts_str last_modified; /* as it was received */

    /* Limits */
    uint64_t max_bytes;     /* of the body, as sent and as decoded; default 256 MiB */
    unsigned max_ms;        /* for the whole call: redirects, repeats and waits; default 600 000 */
    unsigned connect_ms;    /* for one connection, TLS included; default 15 000 */
    unsigned stall_bytes;   /* slower than so many bytes per second ... default 100 */
    unsigned stall_seconds; /* ... for so long is a failure; default 20. A server that thinks
                             * before it answers counts as slow, too */
    int max_redirects;      /* default 5; -1 = none */

    /* Repeats: after a connection that failed or broke off, and after 429, 502, 503 and 504. The
     * n-th wait is backoff_ms * 2^n, varied by up to a half either way, or what Retry-After asks
     * if that is longer. A POST is repeated only where the server cannot have acted on it. */
    int retries;         /* how many; default 3; -1 = none */
    unsigned backoff_ms; /* default 1000 */
    unsigned max_wait_s; /* a longer Retry-After ends the fetch; default 60 */
    uint64_t seed;       /* of the variation, together with the URL */

    /* Where to. Only main decides these, from what the operator wrote down. */
    ts_strs allow_private;       /* in-house places, "host:port" ("[::1]:8080" for IPv6): any
                                  * address and this port are accepted there */
    const uint16_t *allow_ports; /* further ports on public hosts */
    size_t n_allow_ports;
    ts_str proxy;   /* e.g. "http://proxy.example:3128"; every request then goes through it, and
                     * the addresses behind names are its responsibility. Default: none, whatever
                     * the environment says */
    ts_str ca_file; /* PEM file of certificate authorities, instead of the system's */

    ts_pace *pace; /* NULL = no pace kept */
    /* Called several times a second while bytes come and while waiting, on the calling thread:
     * bytes of the body so far, and of the whole (0 = not known). False ends the fetch. */
    bool (*progress)(void *ctx, uint64_t done, uint64_t total);
    void *progress_ctx;
} ts_fetch_options;

/* ---- What came of it ---- */

/* Strings live in the arena that was handed over. After a failure, status, retry_after, requests,
 * transferred and seconds hold what is known. */
typedef struct ts_fetch_result {
    int status;           /* of the last answer; 0 = there was none */
    bool not_modified;    /* 304: what the caller has is current; nothing was written */
    bool resumed;         /* a part from an earlier call or attempt was completed */
    ts_answer whole;      /* TS_YES: the end was marked, by length or by chunks; TS_OPEN: the
                           * connection just ended, which cannot be told from a loss */
    uint64_t bytes;       /* of the body, decoded */
    uint64_t transferred; /* body bytes received in this call, all attempts together */
    unsigned requests;    /* sent: redirects and repeats included */
    double seconds;       /* waits included */
    int64_t retry_after;  /* seconds the server asked to wait, in its last answer; 0 = it did not */
    ts_str body;          /* ts_fetch_memory alone */
    ts_str etag, last_modified; /* as received, for the next conditional fetch; may be empty */
    ts_str content_type;        /* as received, e.g. "application/json; charset=utf-8" */
    ts_str url;                 /* after redirects. May hold secrets: not for logs */
    ts_str place;               /* the same for people: without query, clipped */
} ts_fetch_result;

/* Fetches into the file `path`, which appears whole or not at all.
 *
 * While the transfer runs its bytes are in PATH.part and what they belong to is in PATH.part.json.
 * When it breaks off and the server gave a strong validator (RFC 9110 section 8.8: an ETag that is
 * not weak, or a Last-Modified a minute older than the Date), both stay, and the next call for the
 * same URL asks only for what is missing (Range with If-Range, section 14). It goes on only if the
 * answer fits in every respect; if the resource has changed it starts over; an answer with a wrong
 * Content-Range is refused by name and the part is dropped. One call at a time may write a PATH;
 * a second one fails with TS_E_IO.
 *
 * Errors: TS_E_USAGE (options), TS_E_NET (address refused, connection, TLS, protocol, status,
 * media type), TS_E_NOT_FOUND (404, 410), TS_E_LIMIT (a cap), TS_E_INPUT (damaged coding),
 * TS_E_IO (disk), TS_E_MEMORY. */
bool ts_fetch_file(ts_arena *a, const ts_fetch_options *o, const char *path, ts_fetch_result *r,
                   ts_error *e);

/* Fetches into memory: r->body lives in `a` and takes no more of it than it is long. Decoding needs
 * room for the coded and the decoded body at once. Errors as above; TS_E_MEMORY when the body does
 * not fit into the arena. */
bool ts_fetch_memory(ts_arena *a, const ts_fetch_options *o, ts_fetch_result *r, ts_error *e);

#endif
