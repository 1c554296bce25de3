/* url.h - addresses that may be fetched, and how they are shown. */
#ifndef TS_NET_URL_H
#define TS_NET_URL_H

#include "net.h"

enum { NET_URL_MAX = 8000, NET_HOST_MAX = 255, NET_SHOW_MAX = 120 };

/* A URL that has passed the policy. Everything in it is printable ASCII. */
typedef struct net_url {
    char text[NET_URL_MAX + 1];  /* canonical, without fragment: what libcurl is given */
    char show[NET_SHOW_MAX + 1]; /* for people: no query ("?..." in its place), clipped */
    char host[NET_HOST_MAX + 1]; /* lower case */
    uint16_t port;
    bool https;
    bool in_house; /* listed in allow_private */
} net_url;

/* Reads and judges the URL to start from. False with TS_E_USAGE (not a URL) or TS_E_NET (a URL
 * that is not fetched); neither message repeats credentials or the query. */
bool net_url_parse(net_url *u, const ts_fetch_options *o, ts_error *e);

/* Resolves the value of a Location field against `from` and judges where it leads
 * (RFC 9110 section 10.2.2). */
bool net_url_follow(net_url *to, const net_url *from, ts_str location, const ts_fetch_options *o,
                    ts_error *e);

/* The same scheme, host and port (RFC 6454). */
bool net_url_same_origin(const net_url *a, const net_url *b);

#endif
