#include <time.h>

#include "exchange.h"

/* ---- workers ---- */

static bool reopen(ts_arena *keep, ts_arena first, ts_store **store, const char *path,
                   ts_store_mode mode, ts_error *e) {
    ts_store_close(*store);
    *keep = first;
    *store = ts_store_open(keep, path, mode, e);
    return *store != 0;
}

/* A route that ran out of memory left statements half read on its connections: they are opened
 * anew, so that none goes on seeing an old state of the store. */
void web_start_again(web_exchange *x, web_worker *w) {
    ts_server *s = x->server;
    ts_error e = {0};
    if (!reopen(&w->keep, w->keep_first, &w->store, s->o.store, TS_STORE_READ, &e))
        ts_log_error(&e);
    if (x->writing && !reopen(&s->keep, s->keep_first, &s->writer, s->o.store, TS_STORE_WRITE, &e))
        ts_log_error(&e);
}

ts_store *web_worker_store(ts_server *s, web_worker *w, ts_error *e) {
    if (!w->store) reopen(&w->keep, w->keep_first, &w->store, s->o.store, TS_STORE_READ, e);
    return w->store;
}

web_worker *web_worker_take(ts_server *s) {
    pthread_mutex_lock(&s->lock);
    web_worker *w = s->idle;
    if (w) s->idle = w->next;
    pthread_mutex_unlock(&s->lock);
    return w;
}

void web_worker_give(ts_server *s, web_worker *w) {
    if (w->a.beg - w->first.beg > WEB_ARENA_KEPT) {
        ts_arena kept = w->first;
        kept.beg += WEB_ARENA_KEPT;
        ts_arena_trim(kept);
    }
    w->a = w->first;
    pthread_mutex_lock(&s->lock);
    w->next = s->idle;
    s->idle = w;
    pthread_mutex_unlock(&s->lock);
}

/* ---- the one who writes ---- */

ts_store *web_writer(web_exchange *x, ts_error *e) {
    ts_server *s = x->server;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WEB_WAIT_SECONDS;
    if (pthread_mutex_timedlock(&s->writing, &until) != 0) {
        x->status = 503;
        web_set(x, "Retry-After", TS_S("10"));
        ts_fail(e, TS_E_STORE, "others are writing; ask again");
        return 0;
    }
    x->writing = true;
    if (!s->writer) reopen(&s->keep, s->keep_first, &s->writer, s->o.store, TS_STORE_WRITE, e);
    if (!s->writer) web_writer_done(x);
    return s->writer;
}

void web_writer_done(web_exchange *x) {
    if (!x->writing) return;
    if (x->server->writer) ts_store_rollback(x->server->writer);
    x->writing = false;
    pthread_mutex_unlock(&x->server->writing);
}

/* ---- the whole ---- */

enum { KEEP_SIZE = 1 << 20, SHELF_SIZE = 64 << 20 };
enum { CONNECTIONS = 4096, TIMEOUT = 30, BODY_MAX = 16 << 20 };

static ts_server_options with_defaults(const ts_server_options *o) {
    ts_server_options d = *o;
    if (!d.threads) d.threads = ts_cpu_count();
    if (!d.connections) d.connections = CONNECTIONS;
    if (!d.timeout_seconds) d.timeout_seconds = TIMEOUT;
    if (!d.body_max) d.body_max = BODY_MAX;
    if (!d.address) d.address = "127.0.0.1";
    return d;
}

static bool options_valid(const ts_server_options *o, ts_error *e) {
    enum { THREADS_MAX = 1024 };
    if (o->threads > THREADS_MAX) return ts_fail(e, TS_E_USAGE, "at most %d threads", THREADS_MAX);
    if (o->connections < o->threads)
        return ts_fail(e, TS_E_USAGE, "fewer connections (%u) than threads (%u)", o->connections,
                       o->threads);
    if (o->body_max > WEB_ARENA_SIZE / 4)
        return ts_fail(e, TS_E_USAGE, "a body has at most %zu MiB", WEB_ARENA_SIZE >> 22);
    if (!o->base.n) return true;
    if (ts_uri_is_web(o->base) && ts_uri_valid(o->base, false, false) &&
        !ts_str_ends(o->base, TS_S("/")) && ts_str_chr(o->base, '?') == TS_NPOS &&
        ts_str_chr(o->base, '#') == TS_NPOS)
        return true;
    return ts_fail(e, TS_E_USAGE,
                   "the public address is http:// or https:// with a host and without '/' at the "
                   "end, such as https://id.example.com");
}

static bool catalogues(ts_arena *a, ts_server *s, ts_error *e) {
    static const char *const languages[] = {"en", "de", "zh"};
    for (size_t i = 0; i < 3; i++)
        if (!ts_catalogue_load(a, languages[i], &s->catalogue[i], e)) return false;
    return true;
}

static bool make_workers(ts_arena *a, ts_server *s, ts_error *e) {
    s->workers_n = s->o.threads + WEB_ASIDE;
    s->workers = ts_new_n(a, web_worker, s->workers_n);
    for (size_t i = 0; i < s->workers_n; i++) {
        web_worker *w = &s->workers[i];
        w->a = w->first = ts_arena_new(WEB_ARENA_SIZE);
        w->keep = w->keep_first = ts_arena_new(KEEP_SIZE);
        w->shelf = w->shelf_first = ts_arena_new(SHELF_SIZE);
        w->packs.a = &w->shelf;
        w->next = s->idle;
        s->idle = w;
        if (!web_worker_store(s, w, e)) return false;
    }
    return true;
}

bool web_open(ts_arena *a, const ts_server_options *o, ts_server **out, ts_error *e) {
    ts_server *s = ts_new(a, ts_server);
    s->o = with_defaults(o);
    s->base = s->o.base;
    s->tables = web_tables;
    if (!options_valid(&s->o, e) || !catalogues(a, s, e)) return false;
    if (s->o.rate && !(s->limit = web_limit_new(a, s->o.rate, e))) return false;
    pthread_mutex_init(&s->lock, 0);
    pthread_mutex_init(&s->writing, 0);
    s->keep = s->keep_first = ts_arena_new(KEEP_SIZE);
    *out = s;
    if (reopen(&s->keep, s->keep_first, &s->writer, s->o.store, TS_STORE_WRITE, e) &&
        make_workers(a, s, e))
        return true;
    web_close(s);
    return false;
}

void web_close(ts_server *s) {
    for (size_t i = 0; i < s->workers_n; i++) {
        web_worker *w = &s->workers[i];
        ts_store_close(w->store);
        ts_arena_free(&w->first, WEB_ARENA_SIZE);
        ts_arena_free(&w->keep_first, KEEP_SIZE);
        ts_arena_free(&w->shelf_first, SHELF_SIZE);
    }
    ts_store_close(s->writer);
    ts_arena_free(&s->keep_first, KEEP_SIZE);
    web_limit_free(s->limit);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->writing);
}
