/* route.h - one declaration per route, and what a route works with. Private to web/.
 *
 * The order in which a request is treated:
 *   method and path are matched (raw: %2F stays one character of a segment) → 404, 405 with Allow
 *   the caller is known by its token (Authorization: Bearer) → 401 for a wrong one, never ignored
 *   rights → 401 without a token, 403 with one
 *   parameters are decoded once and checked → 400 with the name
 *   the body is read up to its cap → 413; its media type → 415
 *   the route runs; whatever it fails with becomes one answer (web_fail)
 * Each worker thread has an arena, reset for each request, and a read-only connection to the store.
 */
#ifndef TS_WEB_ROUTE_H
#define TS_WEB_ROUTE_H

#include "web.h"

enum { WEB_PARAMETERS = 16, WEB_HEADERS = 24 };

typedef struct web_parameter {
    const char *name; /* "dppId" stands in the path as {dppId}; others in the query */
    const char *help;
    bool required;
    const char *const *one_of; /* ended by NULL; NULL = any text */
} web_parameter;

typedef struct web_exchange web_exchange;
typedef struct web_route {
    const char *method; /* "GET" serves HEAD, too */
    const char *path;   /* "/v1/dpps/{dppId}": a segment is literal or one parameter. A last segment
                           "{name*}" takes the rest of the path, raw */
    uint32_t rights;    /* bits 1 << ts_right that are all needed; 0 = everybody */
    const char *const *takes;        /* media types of the body; NULL = no body */
    const web_parameter *parameters; /* ended by a NULL name; NULL = none but those in the path */
    const char *help;
    bool (*run)(web_exchange *x, ts_error *e);
} web_route;
/* A file of routes has one such table, ended by a NULL method; server.c lists the tables in the
 * order in which they are asked. */
extern const web_route en18222_routes[], resolver_routes[], page_routes[], did_routes[],
    life_routes[], safety_routes[], log_routes[], health_routes[];

struct web_exchange {
    ts_arena *a; /* of this request */
    ts_server *server;
    const web_route *route;
    ts_store *store; /* read-only, of this thread */
    const char *method;
    ts_str path;  /* raw, from the first '/' to before '?' */
    ts_str query; /* raw, without '?' */
    struct {
        const char *name;
        ts_str value; /* decoded; of "{name*}" raw */
    } parameter[WEB_PARAMETERS];
    size_t parameters_n;
    ts_str body;
    bool known;           /* a token was shown and is good */
    ts_token_row token;   /* if so */
    ts_audiences who;     /* whose eyes on any passport: the public and the token's audiences, but
                             never the operator's: for those see web_eyes */
    ts_pack_shelf *packs; /* of this thread */
    const char *language; /* "en", "de", "zh": from ?lang=, Accept-Language, else "en" */
    int64_t now;
    const struct web_request *request; /* as it came; for web_header alone */
    bool writing;                      /* the writing connection is held */
    /* The answer */
    int status; /* 200 unless set; 400 and above with an error: what it is answered with */
    struct {
        const char *name;
        ts_str value;
    } header[WEB_HEADERS];
    size_t headers_n;
    ts_str type;
    ts_str answer; /* lives in `a` */
};

/* Of the request. Empty where it is not there. */
ts_str web_parameter_of(const web_exchange *x, const char *name);
ts_str web_header(const web_exchange *x, const char *name);
/* What Accept wants most among the types offered (RFC 9110 section 12.5.1, with q and wildcards);
 * the first where there is no Accept; NULL where none will do. `offered` ends with NULL. */
const char *web_accepts(const web_exchange *x, const char *const *offered);
/* Whose eyes on a passport of this operator: an operator sees everything of its own passports and
 * no more than others of those that are not. */
ts_audiences web_eyes(const web_exchange *x, ts_str operator_id);
/* The public address of the server, no '/' at the end. */
ts_str web_base(const web_exchange *x);
const ts_server_options *web_options(const web_exchange *x);
/* Text percent-encoded as one path segment or query value. */
ts_str web_encode(ts_arena *a, ts_str s);

/* The answer. Names and values are checked: no control characters. */
void web_set(web_exchange *x, const char *name, ts_str value);
void web_json(web_exchange *x, int status, ts_str json); /* application/json */
void web_reply(web_exchange *x, int status, const char *type, ts_str body);
/* Sets ETag ("…" with its quotes). True where the client has that state already (If-None-Match, RFC
 * 9110 section 13.1.2): the answer is 304 then and the route is done. */
bool web_unchanged(web_exchange *x, ts_str etag);
void web_redirect(web_exchange *x, int status, ts_str location);
/* An error in the form that the route's family wants (EN 18222 Result, problem details of RFC 9457
 * else) and with x->status where the route set one of 400 or above, else with the status that goes
 * with e->code: USAGE, INPUT 400; NOT_FOUND 404; LIMIT 413; NET 502; all others 500. Never what
 * lies inside: an internal error is logged and answered without its text. */
void web_fail(web_exchange *x, const ts_error *e);

/* The one writing connection: taken in turn, given back always. Between the two nobody else writes.
 * NULL with TS_E_STORE. An open transaction is rolled back when it is given back. */
ts_store *web_writer(web_exchange *x, ts_error *e);
void web_writer_done(web_exchange *x);
/* Who records, for life and versions: from the token. */
ts_recorder web_recorder(const web_exchange *x);
/* Catalogue of the exchange's language. */
const ts_catalogue *web_catalogue(const web_exchange *x);

#endif
