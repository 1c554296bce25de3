#include <stdio.h>

#include "exchange.h"

/* ---- headers ---- */

static bool header_text(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F) return false;
    return true;
}

static bool is_set(const web_exchange *x, const char *name) {
    for (size_t i = 0; i < x->headers_n; i++)
        if (ts_str_ieq(ts_str_c(x->header[i].name), ts_str_c(name))) return true;
    return false;
}

void web_set(web_exchange *x, const char *name, ts_str value) {
    if (x->headers_n == WEB_HEADERS || !header_text(value)) return;
    x->header[x->headers_n].name = name;
    x->header[x->headers_n++].value = value;
}

static void set_unless(web_exchange *x, const char *name, ts_str value) {
    if (!is_set(x, name)) web_set(x, name, value);
}

/* A page loads nothing but our own style and pictures, runs nothing, and is in nobody's frame. */
static void for_browsers(web_exchange *x) {
    set_unless(x, "X-Content-Type-Options", TS_S("nosniff"));
    set_unless(x, "Referrer-Policy", TS_S("no-referrer"));
    if (ts_str_starts(x->type, TS_S("text/html")) || ts_str_starts(x->type, TS_S("image/svg")))
        set_unless(x, "Content-Security-Policy",
                   TS_S("default-src 'none'; style-src 'self'; img-src 'self' data:; form-action "
                        "'self'; base-uri 'none'; frame-ancestors 'none'"));
}

void web_finish(web_exchange *x) {
    for_browsers(x);
    set_unless(x, "Access-Control-Allow-Origin", TS_S("*"));
    set_unless(x, "Access-Control-Expose-Headers", TS_S("ETag, Link, Location, Retry-After"));
    if (x->known) /* what was made for one caller is nobody else's */
        for (size_t i = 0; i < x->headers_n; i++)
            if (ts_str_ieq(ts_str_c(x->header[i].name), TS_S("Cache-Control")))
                x->header[i].value = TS_S("private, no-store");
    if (x->known || x->status >= 400) set_unless(x, "Cache-Control", TS_S("private, no-store"));
    if (x->type.n) web_set(x, "Content-Type", x->type);
}

/* ---- bodies ---- */

void web_reply(web_exchange *x, int status, const char *type, ts_str body) {
    x->status = status;
    x->type = ts_str_c(type);
    x->answer = body;
}

void web_json(web_exchange *x, int status, ts_str json) {
    web_reply(x, status, "application/json", json);
}

void web_redirect(web_exchange *x, int status, ts_str location) {
    web_set(x, "Location", location);
    web_reply(x, status, 0, TS_NONE);
}

/* Whether a list of entity tags names this one; weak comparison (RFC 9110 section 8.8.3.2). */
static bool names_tag(ts_str list, ts_str etag) {
    if (ts_str_is(ts_str_trim(list), "*")) return true;
    while (list.n) {
        ts_str t = ts_str_trim(ts_str_cut(&list, ','));
        if (ts_str_starts(t, TS_S("W/"))) t = ts_str_from(t, 2);
        if (ts_str_eq(t, etag)) return true;
    }
    return false;
}

bool web_unchanged(web_exchange *x, ts_str etag) {
    ts_str known = web_header(x, "If-None-Match");
    web_set(x, "ETag", etag);
    if (ts_str_starts(etag, TS_S("W/"))) etag = ts_str_from(etag, 2);
    if (!known.n || !names_tag(known, etag)) return false;
    web_reply(x, 304, 0, TS_NONE);
    return true;
}

/* ---- errors ---- */

typedef struct reason {
    int status;
    const char *title, *en18222; /* EN 18222 table 15 */
} reason;

static const reason reasons[] = {
    {400, "Bad Request", "ClientErrorBadRequest"},
    {401, "Unauthorized", "ClientNotAuthorized"},
    {403, "Forbidden", "ClientForbidden"},
    {404, "Not Found", "ClientErrorResourceNotFound"},
    {405, "Method Not Allowed", "ClientMethodNotAllowed"},
    {406, "Not Acceptable", "ClientErrorBadRequest"},
    {409, "Conflict", "ClientResourceConflict"},
    {410, "Gone", "ClientErrorResourceNotFound"},
    {412, "Precondition Failed", "ClientErrorBadRequest"},
    {413, "Content Too Large", "ClientErrorBadRequest"},
    {414, "URI Too Long", "ClientErrorBadRequest"},
    {415, "Unsupported Media Type", "ClientErrorBadRequest"},
    {422, "Unprocessable Content", "ClientErrorBadRequest"},
    {428, "Precondition Required", "ClientErrorBadRequest"},
    {429, "Too Many Requests", "ClientErrorBadRequest"},
    {500, "Internal Server Error", "ServerInternalError"},
    {501, "Not Implemented", "ServerNotImplemented"},
    {502, "Bad Gateway", "ServerErrorBadGateway"},
    {503, "Service Unavailable", "ServerInternalError"},
};

static const reason *reason_of(int status) {
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status) return &reasons[i];
    return reason_of(status >= 500 ? 500 : 400);
}

/* RFC 9457 */
static void problem_details(ts_jsonw *w, const reason *r, int status, ts_str detail) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "type", TS_S("about:blank"));
    ts_jsonw_kstr(w, "title", ts_str_c(r->title));
    ts_jsonw_key(w, "status");
    ts_jsonw_i64(w, status);
    ts_jsonw_kstr_opt(w, "detail", detail);
    ts_jsonw_end(w);
}

/* EN 18222 tables 12 and 13 */
static void result(ts_jsonw *w, const reason *r, int status, ts_str detail, int64_t now) {
    char code[16], at[24];
    snprintf(code, sizeof code, "%d", status);
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "statusCode", ts_str_c(r->en18222));
    ts_jsonw_key(w, "message");
    ts_jsonw_array(w);
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "messageType", TS_S("Error"));
    ts_jsonw_kstr(w, "text", detail.n ? detail : ts_str_c(r->title));
    ts_jsonw_kstr(w, "code", ts_str_c(code));
    ts_jsonw_kstr(w, "timestamp", ts_instant_iso(now, at));
    ts_jsonw_end(w);
    ts_jsonw_end(w);
    ts_jsonw_end(w);
}

static bool is_en18222(const web_exchange *x) {
    return ts_str_starts(x->path, TS_S("/v1/")) || ts_str_is(x->path, "/v1");
}

void web_problem(web_exchange *x, int status, const char *detail) {
    ts_buf b = ts_buf_new(x->a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    if (is_en18222(x))
        result(&w, reason_of(status), status, ts_str_c(detail), x->now);
    else
        problem_details(&w, reason_of(status), status, ts_str_c(detail));
    web_reply(x, status, is_en18222(x) ? "application/json" : "application/problem+json",
              ts_buf_str(&b));
}

static int status_of(ts_error_code c) {
    switch (c) {
    case TS_E_USAGE:
    case TS_E_INPUT: return 400;
    case TS_E_NOT_FOUND: return 404;
    case TS_E_LIMIT: return 413;
    case TS_E_NET: return 502;
    default: return 500;
    }
}

void web_fail(web_exchange *x, const ts_error *e) {
    int status = x->status >= 400 ? x->status : status_of(e->code);
    if (status == 500) ts_log_error(e);
    web_problem(x, status,
                status == 500 ? "the server failed; its operator finds the reason in the log"
                              : e->msg);
}

/* ---- small things for routes ---- */

ts_str web_encode(ts_arena *a, ts_str s) {
    ts_buf b = ts_buf_new(a, 3 * s.n + 1);
    ts_uri_encode(&b, s);
    return ts_buf_str(&b);
}
