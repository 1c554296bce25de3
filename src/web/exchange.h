/* exchange.h - a request treated from its bytes to its answer, without sockets. Private to web/.
 *
 * server.c feeds it from libmicrohttpd; tests and the fuzz target feed it from memory.
 */
#ifndef TS_WEB_EXCHANGE_H
#define TS_WEB_EXCHANGE_H

#include <pthread.h>

#include "limit.h"
#include "route.h"

enum {
    WEB_TARGET_MAX = 8000,    /* bytes of path and query; longer ones are 414 (RFC 9112 section 3
                                 asks for 8,000 at least) */
    WEB_ASIDE = 4,            /* threads for what may take long */
    WEB_WAIT_SECONDS = 10,    /* for the writing connection */
    WEB_ARENA_KEPT = 4 << 20, /* pages of a worker's arena that stay after a request */
};
#define WEB_ARENA_SIZE ((size_t)1 << 30)

/* A request as received. Everything lives until the answer was taken. */
typedef struct web_request {
    const char *method;
    ts_str target;                                                   /* as in the request line */
    ts_str (*header)(const struct web_request *r, const char *name); /* empty: not there */
    void *source;                                                    /* of `header` */
    ts_str body;
    bool body_follows; /* it is not here yet: decide what can be decided without it */
    bool quick_only;   /* not now, where it may take long */
    bool counted;      /* for the rate limit, when it was asked before */
    ts_str from;       /* the caller's address: any bytes; for the rate limit */
} web_request;

/* What one thread works with. */
typedef struct web_worker {
    struct web_worker *next;
    ts_arena a, first;         /* of requests; as it was made */
    ts_arena keep, keep_first; /* of the connection to the store */
    ts_store *store;
    ts_arena shelf, shelf_first; /* of the packs */
    ts_pack_shelf packs;
} web_worker;

typedef struct web_front web_front;
struct ts_server {
    ts_server_options o; /* with defaults filled in */
    ts_str base;
    const web_route *const *tables; /* web_tables; a test's own */
    pthread_mutex_t lock;           /* of the list of idle workers */
    web_worker *workers, *idle;
    size_t workers_n; /* a thread of sockets or aside takes one at a time */
    pthread_mutex_t writing;
    ts_store *writer;
    ts_arena keep, keep_first; /* of the writing connection */
    ts_catalogue catalogue[3];
    web_limit *limit; /* NULL: none */
    web_front *front; /* sockets; NULL: there are none */
};

/* Opens the store, makes the workers. Nothing listens yet. */
bool web_open(ts_arena *a, const ts_server_options *o, ts_server **out, ts_error *e);
void web_close(ts_server *s);

web_worker *web_worker_take(ts_server *s); /* waits for none: NULL when all are busy */
void web_worker_give(ts_server *s, web_worker *w);

/* The worker's connection, opened again where it was lost. */
ts_store *web_worker_store(ts_server *s, web_worker *w, ts_error *e);
/* After a route that ran out of memory. */
void web_start_again(web_exchange *x, web_worker *w);

/* Treats the request. The answer in `x` lives until the worker is given back. False where nothing
 * is wrong so far: with body_follows the body is to be read now, with quick_only the same is to be
 * asked again where it may take long. */
bool web_answer(ts_server *s, web_worker *w, const web_request *r, web_exchange *x);

/* ---- request.c ---- */

typedef enum { WEB_NO_PATH, WEB_NO_METHOD, WEB_FOUND } web_found;
/* The route for method and path, and the methods that the path knows ("GET, HEAD"). */
web_found web_route_find(web_exchange *x, ts_str *allowed);
/* Splits the target into path and query; 400 and 414 by name. */
bool web_target(web_exchange *x, ts_str target, ts_error *e);
/* Fills x->parameter by x->route, decoded and checked. */
bool web_parameters(web_exchange *x, ts_error *e);
/* "en", "de" or "zh" */
const char *web_language(const web_exchange *x);
/* Percent-decoded; false where that makes no text. '+' stays '+'. */
bool web_decode(ts_arena *a, ts_str s, ts_str *out);
/* The first value of a name in the query, still encoded. */
bool web_query(ts_str query, ts_str name, ts_str *value, size_t *times);
/* Whether the media type of a Content-Type is one of those. */
bool web_media_is(ts_str content_type, const char *const *types);

/* ---- reply.c ---- */

/* What every answer carries: for browsers, for caches, for other origins. */
void web_finish(web_exchange *x);
/* An error of the server's own making. */
void web_problem(web_exchange *x, int status, const char *detail);

extern const web_route *const web_tables[]; /* ended by NULL */
/* Whether a route may take long: what writes, and what reads much. */
bool web_is_long(const web_route *r);

#endif
