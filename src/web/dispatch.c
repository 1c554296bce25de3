/* The order in which a request is treated; route.h tells it. */
#include "exchange.h"

const web_route *const web_tables[] = {health_routes, en18222_routes,  did_routes,
                                       life_routes,   safety_routes,   log_routes,
                                       page_routes,   resolver_routes, 0};

bool web_is_long(const web_route *r) {
    static const web_route *const tables[] = {life_routes, safety_routes, log_routes, 0};
    if (strcmp(r->method, "GET") != 0) return true;
    for (const web_route *const *t = tables; *t; t++)
        for (const web_route *k = *t; k->method; k++)
            if (k == r) return true;
    return false;
}

/* ---- who asks ---- */

static bool refuse(web_exchange *x, int status, const char *detail) {
    web_problem(x, status, detail);
    return false;
}

static bool refuse_by(web_exchange *x, const ts_error *e) {
    web_fail(x, e);
    return false;
}

/* Who shows no good token has so many requests and no more. */
static bool within_limit(web_exchange *x) {
    if (!x->server->limit || x->request->counted ||
        web_limit_take(x->server->limit, x->request->from, ts_nanos() / 1000000))
        return true;
    web_set(x, "Retry-After", TS_S("60"));
    return refuse(x, 429, "too many requests from this address without a token; wait a minute");
}

static bool wrong_token(web_exchange *x, const char *detail) {
    if (!within_limit(x)) return false;
    web_set(x, "WWW-Authenticate", TS_S("Bearer realm=\"touchstone\", error=\"invalid_token\""));
    return refuse(x, 401, detail);
}

static bool known(web_exchange *x) {
    ts_error e = {0};
    ts_str shown = ts_str_trim(web_header(x, "Authorization"));
    x->who = 1u << TS_AUD_PUBLIC;
    if (!shown.n) return within_limit(x);
    if (!ts_str_istarts(shown, TS_S("Bearer ")))
        return wrong_token(x, "this server knows bearer tokens only: Authorization: Bearer TOKEN");
    if (!ts_token_check(x->a, x->store, ts_str_trim(ts_str_from(shown, 7)), x->now, &x->token, &e))
        return e.code == TS_E_NOT_FOUND ? wrong_token(x, e.msg) : refuse_by(x, &e);
    x->known = true;
    x->who |= x->token.audiences & ~(1u << TS_AUD_OPERATOR);
    return true;
}

static bool allowed(web_exchange *x) {
    uint32_t lacks = x->route->rights & ~x->token.scopes;
    if (!lacks) return true;
    if (!x->known) {
        web_set(x, "WWW-Authenticate", TS_S("Bearer realm=\"touchstone\""));
        return refuse(x, 401, "this needs a token: Authorization: Bearer TOKEN");
    }
    ts_buf b = ts_buf_new(x->a, 400);
    ts_buf_lit(&b, "this token lacks the right to ");
    for (int i = 0, n = 0; i < TS_RIGHTS; i++)
        if (lacks & 1u << i) ts_buf_fmt(&b, "%s%s", n++ ? ", " : "", ts_right_name((ts_right)i));
    ts_buf_c(&b, '\0');
    web_set(x, "WWW-Authenticate",
            TS_S("Bearer realm=\"touchstone\", error=\"insufficient_scope\""));
    return refuse(x, 403, b.p);
}

/* ---- what is asked for ---- */

static bool options(web_exchange *x, ts_str methods) {
    web_set(x, "Allow", methods);
    web_set(x, "Access-Control-Allow-Methods", methods);
    web_set(x, "Access-Control-Allow-Headers",
            TS_S("Authorization, Content-Type, Accept, Accept-Language, If-Match, If-None-Match"));
    web_set(x, "Access-Control-Max-Age", TS_S("86400"));
    web_reply(x, 204, 0, TS_NONE);
    return false;
}

static bool routed(web_exchange *x) {
    ts_error e = {0};
    ts_str methods;
    if (!web_target(x, x->request->target, &e)) return refuse_by(x, &e);
    x->language = web_language(x);
    web_found found = web_route_find(x, &methods);
    if (found == WEB_FOUND) return true;
    bool asks = strcmp(x->method, "OPTIONS") == 0;
    if (asks && ts_str_is(x->path, "*"))
        return options(x, TS_S("GET, HEAD, POST, PATCH, DELETE, OPTIONS"));
    if (found == WEB_NO_PATH) return refuse(x, 404, "there is nothing at this address");
    if (asks) return options(x, methods);
    web_set(x, "Allow", methods);
    return refuse(x, 405, "this address does not know that method; Allow names those it knows");
}

static bool body_fits(web_exchange *x) {
    const web_request *r = x->request;
    ts_str length = web_header(x, "Content-Length"), coding = web_header(x, "Content-Encoding");
    uint64_t n = r->body.n;
    if (r->body_follows && length.n && !ts_u64_parse(ts_str_trim(length), &n))
        return refuse(x, 400, "Content-Length is not a number");
    if (!n && !r->body_follows) /* nothing came; whether that is enough is the route's business */
        return true;
    if (!x->route->takes) return refuse(x, 415, "this address takes no body");
    if (n > x->server->o.body_max)
        return refuse(x, 413, "the body is larger than this server takes");
    if (coding.n && !ts_str_ieq(ts_str_trim(coding), TS_S("identity")))
        return refuse(x, 415, "the body has a Content-Encoding; send it as it is");
    if (web_media_is(web_header(x, "Content-Type"), x->route->takes)) return true;
    ts_buf b = ts_buf_new(x->a, 1000);
    for (const char *const *t = x->route->takes; *t; t++)
        ts_buf_fmt(&b, "%s%s", b.n ? ", " : "", *t);
    web_set(x, strcmp(x->method, "PATCH") == 0 ? "Accept-Patch" : "Accept", ts_buf_str(&b));
    return refuse(x, 415, "the body's Content-Type is not one that this address takes");
}

static bool with_parameters(web_exchange *x) {
    ts_error e = {0};
    return web_parameters(x, &e) || refuse_by(x, &e);
}

/* False: the answer is there. */
static bool admitted(web_exchange *x) {
    return routed(x) && known(x) && allowed(x) && with_parameters(x) && body_fits(x);
}

static void run(web_exchange *x) {
    ts_error e = {0};
    if (!x->route->run(x, &e)) web_fail(x, &e);
}

static bool postponed(const web_exchange *x) {
    const web_request *r = x->request;
    return r->body_follows || (r->quick_only && web_is_long(x->route));
}

static bool treat(void *ctx, ts_arena *a, ts_error *e) {
    web_exchange *x = ctx;
    (void)a, (void)e;
    if (!admitted(x)) return true;
    if (!postponed(x)) run(x);
    return true;
}

bool web_answer(ts_server *s, web_worker *w, const web_request *r, web_exchange *x) {
    ts_error e = {0};
    *x = (web_exchange){.a = &w->a,
                        .server = s,
                        .request = r,
                        .method = r->method,
                        .body = r->body,
                        .language = "en",
                        .now = ts_now()};
    x->packs = &w->packs;
    x->store = web_worker_store(s, w, &e);
    if (!x->store)
        web_fail(x, &e);
    else if (!ts_arena_guard(treat, x, &w->a, &e)) {
        web_start_again(x, w);
        *x = (web_exchange){.a = &w->a,
                            .server = s,
                            .request = r,
                            .method = r->method,
                            .path = x->path,
                            .language = "en",
                            .writing = x->writing,
                            .now = x->now};
        web_fail(x, &e);
    }
    if (x->writing) web_writer_done(x);
    if (!x->status && postponed(x)) return false;
    if (!x->status) x->status = 200;
    web_finish(x);
    return true;
}

/* ---- for routes ---- */

ts_audiences web_eyes(const web_exchange *x, ts_str operator_id) {
    bool own = x->known && operator_id.n && ts_str_eq(x->token.operator_id, operator_id);
    return x->who | (own ? x->token.audiences & 1u << TS_AUD_OPERATOR : 0);
}

ts_recorder web_recorder(const web_exchange *x) {
    return (ts_recorder){.who = x->who | (x->known ? x->token.audiences : 0),
                         .name = x->token.name,
                         .operator_id = x->token.operator_id};
}

ts_str web_base(const web_exchange *x) { return x->server->base; }
const ts_server_options *web_options(const web_exchange *x) { return &x->server->o; }

const ts_catalogue *web_catalogue(const web_exchange *x) {
    const ts_catalogue *c = x->server->catalogue;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(c[i].language, x->language) == 0) return &c[i];
    return c;
}

void ts_server_routes(ts_buf *b) {
    for (const web_route *const *t = web_tables; *t; t++)
        for (const web_route *r = *t; r->method; r++) {
            ts_buf_fmt(b, "  %-7s %s", r->method, r->path);
            for (int i = 0, n = 0; i < TS_RIGHTS; i++)
                if (r->rights & 1u << i)
                    ts_buf_fmt(b, "%s%s", n++ ? ", " : "  [", ts_right_name((ts_right)i));
            ts_buf_fmt(b, "%s\n          %s\n", r->rights ? "]" : "", r->help ? r->help : "");
        }
}
