/* web.h - passports over HTTP/1.1: the EN 18222 interface, a GS1-conformant resolver, pages for
 * people, life events, statements and the log. No SQL and no domain rules: each route reads its
 * parameters, calls one use case of host/ and writes the answer.
 *
 * The room's one public header. TLS and HTTP/2 are a front's business (packaging/nginx).
 */
#ifndef TS_WEB_WEB_H
#define TS_WEB_WEB_H

#include "host/host.h"

typedef struct ts_server ts_server;

typedef struct ts_server_options {
    const char *store;   /* path; made when missing */
    const char *address; /* to listen on: "127.0.0.1" */
    uint16_t port;       /* 0 = any; ts_server_port says which */
    ts_str base;         /* public address without '/' at the end: "https://id.example.com"; empty =
                            http://ADDRESS:PORT */
    ts_signer sign;      /* key NULL: nothing can be written that has to be signed */
    ts_form form;        /* what is signed on every write */
    ts_str status_list;  /* address of the list new credentials are entered in; may be empty */
    const char *did;     /* file with the did:web document; NULL = made of the signer's key */
    ts_str log;          /* identifier of the log; empty = the signer's issuer, else base */
    unsigned threads;    /* 0 = as many as processors */
    unsigned connections;     /* at most so many at once; 0 = 4,096 */
    unsigned per_address;     /* from one address; 0 = no limit of its own */
    unsigned timeout_seconds; /* idle; 0 = 30 */
    size_t body_max;          /* bytes of a request's body; 0 = 16 MiB */
    unsigned rate;            /* requests a minute without a token from one address; 0 = no limit */
    bool behind_front; /* requests come through a front on this machine, which says for whom in
                          X-Forwarded-For: its last address counts for `rate` */
    bool verbose;      /* a note for each request: method, path, status, bytes, time; who asked is
                          never noted */
} ts_server_options;

/* Starts; the server's threads run until ts_server_stop. Lives in `a`. */
ts_server *ts_server_start(ts_arena *a, const ts_server_options *o, ts_error *e);
uint16_t ts_server_port(const ts_server *s);
/* Takes no more connections, lets running requests end (at most `seconds`), closes the store. */
void ts_server_stop(ts_server *s, unsigned seconds);
/* One line a route: method, path, rights, what it is for; for --help and docs. */
void ts_server_routes(ts_buf *b);

#endif
