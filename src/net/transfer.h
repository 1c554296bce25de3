/* transfer.h - one request and its answer, through libcurl. */
#ifndef TS_NET_TRANSFER_H
#define TS_NET_TRANSFER_H

#include <curl/curl.h>

#include "address.h"
#include "response.h"
#include "url.h"

/* Where a body goes. Both run inside libcurl's callbacks: no allocation from an arena. */
typedef struct net_sink {
    bool (*start)(void *ctx, const net_response *r, const net_url *url,
                  ts_error *e); /* from byte 0 */
    bool (*write)(void *ctx, ts_str bytes, ts_error *e);
    void *ctx;
} net_sink;

typedef struct net_transfer {
    /* The request */
    const ts_fetch_options *o; /* complete: no defaults left */
    const net_url *url;
    bool foreign; /* another origin was on the way: the caller's fields stay behind */
    net_asked asked;
    net_sink sink;
    uint64_t deadline; /* ts_nanos */

    /* The answer */
    net_response response;
    bool answered; /* its header is complete */
    net_verdict verdict;
    uint64_t received; /* bytes of the body */

    /* While it runs */
    ts_error error;      /* set inside a callback */
    bool stopped;        /* by the caller's progress function */
    unsigned sockets;    /* addresses tried */
    const char *refused; /* why an address was refused */
    char refused_text[NET_ADDRESS_TEXT];
    char curl_text[CURL_ERROR_SIZE];
} net_transfer;

/* Sends the request and takes the answer. `c` may have served other transfers of the same fetch.
 * The request fields of t are set; the others are filled here. *e is set for NET_TRY_AGAIN and
 * NET_REFUSED, without the place. */
net_verdict net_transfer_run(CURL *c, net_transfer *t, ts_error *e);

/* Checks the caller's header fields; TS_E_USAGE for those that are malformed or not the caller's
 * to set. */
bool net_fields_check(const ts_fetch_options *o, ts_error *e);

#endif
