/* asking.h - a server without sockets, asked from memory. */
#ifndef TS_TESTS_WEB_ASKING_H
#define TS_TESTS_WEB_ASKING_H

#include "cli/run.h"
#include "web/exchange.h"

typedef struct asking {
    const char *method, *target;
    const char *header[17]; /* name, value, …, NULL */
    ts_str body;
    bool body_follows;
    const char *from;
} asking;

static inline ts_str asking_header(const web_request *r, const char *name) {
    const asking *q = r->source;
    for (const char *const *h = q->header; *h; h += 2)
        if (ts_str_ieq(ts_str_c(h[0]), ts_str_c(name))) return ts_str_c(h[1]);
    return TS_NONE;
}

static inline ts_server *asking_server(ts_arena *a, ts_server_options o, const char *name) {
    ts_error e = {0};
    ts_server *s;
    o.store = temp_path(a, name);
    o.threads = 1;
    if (!web_open(a, &o, &s, &e)) fail_msg("%s", e.msg);
    return s;
}

/* The answer's texts are copied into `a`. False: the body is wanted. */
static inline bool asking_ask(ts_arena *a, ts_server *s, asking q, web_exchange *x) {
    web_request r = {.method = q.method ? q.method : "GET",
                     .target = ts_str_c(q.target),
                     .header = asking_header,
                     .source = &q,
                     .body = q.body,
                     .body_follows = q.body_follows,
                     .from = ts_str_c(q.from)};
    web_worker *w = web_worker_take(s);
    assert_non_null(w);
    bool done = web_answer(s, w, &r, x);
    x->answer = ts_str_dup(a, x->answer);
    x->type = ts_str_dup(a, x->type);
    for (size_t i = 0; i < x->headers_n; i++)
        x->header[i].value = ts_str_dup(a, x->header[i].value);
    web_worker_give(s, w);
    return done;
}

static inline ts_str asking_has(const web_exchange *x, const char *name) {
    for (size_t i = 0; i < x->headers_n; i++)
        if (ts_str_ieq(ts_str_c(x->header[i].name), ts_str_c(name))) return x->header[i].value;
    return TS_NONE;
}

static inline ts_str asking_token(ts_arena *a, ts_server *s, ts_token_job job) {
    ts_error e = {0};
    ts_str text;
    if (!job.name.n) job.name = TS_S("somebody");
    job.now = ts_now();
    job.expires = job.now + 1000;
    if (!ts_token_issue(a, s->writer, &job, &text, &e)) fail_msg("%s", e.msg);
    ts_str bearer[] = {TS_S("Bearer"), text};
    return ts_str_join(a, bearer, 2, TS_S(" "));
}

static inline int asking_status(ts_arena *a, ts_server *s, web_exchange *x, asking q) {
    assert_true(asking_ask(a, s, q, x));
    return x->status;
}
#define ASK(...) asking_status(&a, server, &x, (asking){__VA_ARGS__})

#endif
