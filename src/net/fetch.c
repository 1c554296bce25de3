/* The fetch: redirects, repeats and waits around single transfers; into a file, into memory. */
#include "net.h"

#include <errno.h>
#include <time.h>

#include "coding.h"
#include "pace.h"
#include "part.h"
#include "transfer.h"

/* ---- the room's life ---- */

bool ts_net_init(ts_error *e) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ts_fail(e, TS_E_NET, "libcurl cannot be started");
    const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);
    if (v->version_num < 0x075800 || !(v->features & CURL_VERSION_SSL) ||
        !(v->features & CURL_VERSION_ASYNCHDNS))
        return ts_fail(
            e, TS_E_VERSION,
            "libcurl %s is at hand; 7.88 or later with TLS and a threaded resolver is needed",
            v->version);
    return true;
}

void ts_net_done(void) { curl_global_cleanup(); }

/* ---- options ---- */

#define OR(value, otherwise) ((value) ? (value) : (otherwise))

static int count(int given, int otherwise) { return given < 0 ? 0 : OR(given, otherwise); }

static ts_fetch_options complete(const ts_fetch_options *given) {
    ts_fetch_options o = *given;
    if (!o.user_agent.n) o.user_agent = TS_S("touchstone/" TS_VERSION " (+market surveillance)");
    if (!o.body_type.n) o.body_type = TS_S("application/octet-stream");
    o.max_bytes = OR(o.max_bytes, (uint64_t)256 << 20);
    if (o.max_bytes > INT64_MAX) o.max_bytes = INT64_MAX;
    o.max_ms = OR(o.max_ms, 600000);
    o.connect_ms = OR(o.connect_ms, 15000);
    o.stall_bytes = OR(o.stall_bytes, 100);
    o.stall_seconds = OR(o.stall_seconds, 20);
    o.max_redirects = count(o.max_redirects, 5);
    o.retries = count(o.retries, 3);
    o.backoff_ms = OR(o.backoff_ms, 1000);
    o.max_wait_s = OR(o.max_wait_s, 60);
    return o;
}

/* ---- one fetch ---- */

typedef struct fetch {
    ts_fetch_options o;
    net_url first, url;
    net_transfer t;
    net_part *part; /* NULL: into memory */
    CURL *c;
    int hops, tries, restarts;
    bool strayed; /* some redirect led to another origin */
    unsigned requests;
    uint64_t begun, deadline, transferred;
    ts_random dice;
} fetch;

static bool begin(fetch *f, const ts_fetch_options *o, ts_error *e) {
    f->begun = ts_nanos();
    f->o = complete(o);
    f->deadline = f->begun + (uint64_t)f->o.max_ms * 1000000;
    if (!net_url_parse(&f->first, &f->o, e)) return ts_fail_at(e, f->first.show, 0, 0);
    if (!net_fields_check(&f->o, e)) return ts_fail_at(e, f->first.show, 0, 0);
    f->url = f->first;
    f->dice = ts_random_seed(f->o.seed ^ ts_hash(ts_str_c(f->first.text)));
    return true;
}

/* The place is the address as asked for; where a redirect led is said in the message. */
static bool blame(const fetch *f, ts_error *e) {
    ts_error inner = *e;
    if (f->hops > 0) ts_fail(e, inner.code, "redirected to %s: %s", f->url.show, inner.msg);
    return ts_fail_at(e, f->first.show, 0, 0);
}

/* ---- waiting ---- */

static bool wait_until(const fetch *f, uint64_t at, ts_error *e) {
    enum { SLICE = 100000000 };
    for (uint64_t now = ts_nanos(); now < at; now = ts_nanos()) {
        if (f->o.progress && !f->o.progress(f->o.progress_ctx, f->part ? f->part->size : 0, 0))
            return ts_fail(e, TS_E_NET, "was stopped before its end");
        uint64_t left = at - now < SLICE ? at - now : SLICE;
        struct timespec t = {0, (long)left};
        nanosleep(&t, 0);
    }
    return true;
}

static bool keep_pace(const fetch *f, ts_error *e) {
    uint64_t at = 0;
    if (!f->o.pace) return true;
    if (!net_pace_take(f->o.pace, ts_str_c(f->url.host), &at, e)) return false;
    if (at > f->deadline)
        return ts_fail(e, TS_E_NET,
                       "its turn would come after the %u ms this fetch may take; allow more time",
                       f->o.max_ms);
    return wait_until(f, at, e);
}

/* backoff * 2^tries, times a factor from 0.5 to 1.5 */
static uint64_t backoff_ms(fetch *f) {
    uint64_t ms = (uint64_t)f->o.backoff_ms << (f->tries < 10 ? f->tries : 10);
    return ms / 2 + (uint64_t)(ts_random_unit(&f->dice) * (double)ms);
}

/* Waits before another attempt. False when there is none: *e then stays as it is, or says more. */
static bool another_try(fetch *f, ts_error *e) {
    int64_t asked = f->t.answered ? f->t.response.retry_after : -1;
    if (f->tries >= f->o.retries) return false;
    if (asked > (int64_t)f->o.max_wait_s) {
        size_t n = strlen(e->msg);
        snprintf(e->msg + n, sizeof e->msg - n, "; it asks to wait %lld s", (long long)asked);
        return false;
    }
    uint64_t ms = backoff_ms(f);
    if (asked > 0 && (uint64_t)asked * 1000 > ms) ms = (uint64_t)asked * 1000;
    uint64_t at = ts_nanos() + ms * 1000000;
    if (at >= f->deadline) return false;
    if (asked > 0 && f->o.pace) net_pace_hold(f->o.pace, ts_str_c(f->url.host), at);
    if (!wait_until(f, at, e)) return false;
    f->tries++;
    f->hops = 0;
    f->strayed = false;
    f->url = f->first;
    return true;
}

/* ---- transfers ---- */

static void ask_for_the_rest(fetch *f) {
    net_asked *q = &f->t.asked;
    net_part *p = f->part;
    char origin[NET_ORIGIN_MAX + 1];
    q->from = 0;
    if (!p || !p->resumable || f->o.post) return;
    if (p->size >= f->o.max_bytes) {
        net_part_drop(p);
        return;
    }
    net_origin(&f->url, origin);
    q->from = p->size;
    q->total = p->total;
    q->coding = p->coding;
    q->etag = p->etag;
    q->last_modified = p->last_modified;
    q->moved = strcmp(origin, p->origin) != 0;
}

static net_verdict transfer(fetch *f, ts_error *e) {
    net_transfer *t = &f->t;
    if (!keep_pace(f, e)) return NET_REFUSED;
    t->o = &f->o;
    t->url = &f->url;
    t->foreign = f->strayed;
    t->deadline = f->deadline;
    t->asked = (net_asked){.post = f->o.post,
                           .conditional = f->o.etag.n || f->o.last_modified.n,
                           .max_bytes = f->o.max_bytes,
                           .expect = f->o.expect};
    ask_for_the_rest(f);
    f->requests++;
    net_verdict v = net_transfer_run(f->c, t, e);
    f->transferred += t->received;
    return v;
}

static bool follow(fetch *f, ts_error *e) {
    if (f->hops >= f->o.max_redirects)
        return ts_fail(e, TS_E_NET,
                       "there are more than %d redirects; ask for the last address itself",
                       f->o.max_redirects);
    ts_error why = {0};
    if (!net_url_follow(&f->url, &f->url, ts_str_c(f->t.response.location), &f->o, &why))
        return ts_fail(e, TS_E_NET, "redirects to where this program does not go: %s", why.msg);
    f->hops++;
    f->strayed = f->strayed || !net_url_same_origin(&f->first, &f->url);
    return true;
}

/* The part is of another version, or longer than the resource: once, then something is wrong. */
static bool start_over(fetch *f, ts_error *e) {
    if (f->restarts++ > 0)
        return ts_fail(e, TS_E_NET,
                       "answers requests for the rest of a file inconsistently; what was kept is "
                       "dropped, fetch again");
    net_part_drop(f->part);
    return true;
}

static void after_refusal(fetch *f) {
    const net_response *r = &f->t.response;
    bool useless = f->t.answered && ((r->status == 206 && f->t.verdict != NET_ACCEPTED) ||
                                     f->t.error.code == TS_E_LIMIT);
    if (f->part && useless) net_part_drop(f->part);
}

/* Until there is an answer that is used, or a reason why not (in *e, with its place). */
static bool run(fetch *f, ts_error *e) {
    for (;;) {
        bool on = false;
        switch (transfer(f, e)) {
        case NET_ACCEPTED:
        case NET_NOT_MODIFIED: return true;
        case NET_REDIRECTED: on = follow(f, e); break;
        case NET_START_OVER: on = start_over(f, e); break;
        case NET_TRY_AGAIN: on = another_try(f, e); break;
        case NET_REFUSED: after_refusal(f); break;
        }
        if (!on) return blame(f, e);
    }
}

/* libcurl's handle is held only here, where nothing is allocated from an arena. */
static bool run_with_handle(fetch *f, ts_error *e) {
    f->c = curl_easy_init();
    if (!f->c) return ts_fail(e, TS_E_MEMORY, "no memory for a connection");
    bool ok = run(f, e);
    curl_easy_cleanup(f->c);
    f->c = 0;
    return ok;
}

/* ---- what came of it ---- */

static void fill_numbers(const fetch *f, ts_fetch_result *r) {
    const net_response *h = &f->t.response;
    r->status = h->status;
    r->retry_after = f->t.answered && h->retry_after > 0 ? h->retry_after : 0;
    r->requests = f->requests;
    r->transferred = f->transferred;
    r->seconds = (double)(ts_nanos() - f->begun) / 1e9;
}

static void fill_texts(ts_arena *a, const fetch *f, ts_fetch_result *r) {
    const net_response *h = &f->t.response;
    bool part = h->status == 206; /* which may leave out what the first part said */
    const char *type = part && !h->type[0] ? f->part->type : h->type;
    const char *modified = part && !h->last_modified[0] ? f->part->last_modified : h->last_modified;
    r->not_modified = h->status == 304;
    r->resumed = part;
    r->whole = h->has_length || h->chunked || part || r->not_modified ? TS_YES : TS_OPEN;
    r->etag = ts_str_dup(a, ts_str_c(h->etag));
    r->last_modified = ts_str_dup(a, ts_str_c(modified));
    r->content_type = ts_str_dup(a, ts_str_c(type));
    r->url = ts_str_dup(a, ts_str_c(f->url.text));
    r->place = ts_str_dup(a, ts_str_c(f->url.show));
}

/* ---- into a file ---- */

static bool file_start(void *ctx, const net_response *r, const net_url *url, ts_error *e) {
    fetch *f = ctx;
    if (!net_part_start(f->part, r, url, e)) return false;
    if (f->o.post) f->part->resumable = false; /* the rest of an answer cannot be posted for */
    return true;
}

static bool file_write(void *ctx, ts_str bytes, ts_error *e) {
    return net_part_write(((fetch *)ctx)->part, bytes, e);
}

/* Says what became of the bytes that did come. */
static void tell_kept(const net_part *p, ts_error *e) {
    size_t n = strlen(e->msg);
    if (p->done || !p->resumable || !p->size || e->code != TS_E_NET) return;
    snprintf(e->msg + n, sizeof e->msg - n,
             "; %llu bytes are kept, and the next fetch goes on from there",
             (unsigned long long)p->size);
}

static bool run_file(fetch *f, ts_fetch_result *r, ts_arena scratch, ts_error *e) {
    net_part *p = f->part;
    f->t.sink = (net_sink){file_start, file_write, f};
    if (!run_with_handle(f, e)) {
        tell_kept(p, e);
        return false;
    }
    if (f->t.response.status == 304) {
        net_part_drop(p);
        return true;
    }
    return net_part_finish(p, f->o.max_bytes, &r->bytes, scratch, e);
}

static ts_digest request_digest(const fetch *f) {
    ts_digest d = ts_digest_of(ts_str_c(f->first.text));
    if (f->o.compress) d.hi = ts_mix(d.hi + 1); /* another representation */
    return d;
}

bool ts_fetch_file(ts_arena *a, const ts_fetch_options *o, const char *path, ts_fetch_result *r,
                   ts_error *e) {
    ts_error why = {0};
    fetch f = {0};
    net_part part;
    *r = (ts_fetch_result){0};
    bool ok = begin(&f, o, &why) && net_part_open(&part, path, request_digest(&f), *a, &why);
    if (ok) {
        f.part = &part;
        ok = run_file(&f, r, *a, &why);
        net_part_close(&part);
    }
    fill_numbers(&f, r);
    if (ok)
        fill_texts(a, &f, r);
    else if (e)
        *e = why;
    return ok;
}

/* ---- into memory ---- */

typedef struct memory {
    char *p;
    size_t n, cap;
} memory;

static bool memory_start(void *ctx, const net_response *r, const net_url *url, ts_error *e) {
    memory *m = ctx;
    (void)r, (void)url, (void)e;
    m->n = 0;
    return true;
}

static bool memory_write(void *ctx, ts_str bytes, ts_error *e) {
    memory *m = ctx;
    if (bytes.n > m->cap - m->n)
        return ts_fail(e, TS_E_MEMORY,
                       "the body does not fit into the %zu MiB of working memory a job has left",
                       m->cap >> 20);
    memcpy(m->p + m->n, bytes.p, bytes.n);
    m->n += bytes.n;
    return true;
}

/* The body stays where it was received, at the front of what the arena had free. */
static bool take_body(ts_arena *a, const fetch *f, const memory *m, ts_fetch_result *r,
                      ts_error *e) {
    ts_arena behind = {m->p + m->n, a->end, a->land};
    ts_str body = {m->p, m->n};
    if (f->t.response.coding == NET_CODING_GZIP) {
        net_coded coded = {body, f->first.show, f->o.max_bytes};
        if (!net_decode_memory(&behind, &coded, &body, e)) return false;
        body.p = memmove(m->p, body.p, body.n);
    }
    r->body = body;
    r->bytes = body.n;
    a->beg = m->p + body.n;
    return true;
}

bool ts_fetch_memory(ts_arena *a, const ts_fetch_options *o, ts_fetch_result *r, ts_error *e) {
    ts_error why = {0};
    fetch f = {0};
    memory m = {.p = a->beg, .cap = (size_t)(a->end - a->beg)};
    *r = (ts_fetch_result){0};
    f.t.sink = (net_sink){memory_start, memory_write, &m};
    bool ok = begin(&f, o, &why) && run_with_handle(&f, &why);
    fill_numbers(&f, r);
    ok = ok && (f.t.response.status == 304 || take_body(a, &f, &m, r, &why));
    if (ok)
        fill_texts(a, &f, r);
    else if (e)
        *e = why;
    return ok;
}
