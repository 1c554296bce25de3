/* One request and its answer, through libcurl. */
#include "transfer.h"

#include <sys/socket.h>

#if LIBCURL_VERSION_NUM < 0x075800
#error "libcurl 7.88 or later is needed"
#endif

/* ---- callbacks ---- */

/* The address is judged here, where the socket to it is made: nothing can come in between. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a) {
    net_transfer *t = ctx;
    (void)purpose;
    bool trusted = t->url->in_house || t->o->proxy.n;
    const char *refused = trusted ? 0 : net_address_refused(&a->addr);
    if (refused) {
        t->refused = refused;
        net_address_text(&a->addr, t->refused_text);
        return CURL_SOCKET_BAD;
    }
    t->sockets++;
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static bool take_header(net_transfer *t, ts_str line) {
    if (t->answered) return true; /* a trailer after the chunks: nothing in it is used */
    if (!net_response_line(&t->response, line, &t->error)) return false;
    if (!net_response_blank(line) || t->response.status < 200) return true;
    t->answered = true;
    t->verdict = net_response_judge(&t->response, &t->asked, &t->error);
    if (t->verdict == NET_NOT_MODIFIED) return true;
    if (t->verdict != NET_ACCEPTED) return false; /* its body is of no interest */
    return t->response.status == 206 || t->sink.start(t->sink.ctx, &t->response, t->url, &t->error);
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx) {
    return take_header(ctx, (ts_str){p, size * n}) ? size * n : 0;
}

/* How long the body must be, by its range or its length; false when nothing says so. */
static bool announced(const net_response *r, uint64_t *n) {
    bool range = r->status == 206, length = r->has_length && !r->chunked;
    *n = range ? r->range_to - r->range_from + 1 : length ? r->length : 0;
    return range || length;
}

static bool take_body(net_transfer *t, ts_str bytes) {
    uint64_t from = t->response.status == 206 ? t->asked.from : 0, n;
    if (!t->answered || t->verdict != NET_ACCEPTED) return false;
    t->received += bytes.n;
    if (from + t->received > t->o->max_bytes)
        return ts_fail(&t->error, TS_E_LIMIT, "sends more than the %llu bytes allowed here",
                       (unsigned long long)t->o->max_bytes);
    if (announced(&t->response, &n) && t->received > n) {
        t->verdict = NET_REFUSED;
        return ts_fail(&t->error, TS_E_NET,
                       "sends more than its Content-Range says; what was kept is dropped, fetch "
                       "again");
    }
    return t->sink.write(t->sink.ctx, bytes, &t->error);
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx) {
    n *= size;
    return take_body(ctx, (ts_str){p, n}) ? n : n + 1; /* any other count ends the transfer */
}

static int on_progress(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now) {
    net_transfer *t = ctx;
    (void)up_total, (void)up_now;
    if (!t->o->progress) return 0;
    uint64_t from = t->answered && t->response.status == 206 ? t->asked.from : 0;
    uint64_t done = now > 0 ? from + (uint64_t)now : from,
             all = total > 0 ? from + (uint64_t)total : 0;
    t->stopped = !t->o->progress(t->o->progress_ctx, done, all);
    return t->stopped;
}

/* ---- the request's header ---- */

static bool token(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_alnum((unsigned char)s.p[i]) && !memchr("!#$%&'*+-.^_`|~", s.p[i], 15))
            return false;
    return s.n > 0;
}

static bool one_line(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f) return false;
    return true;
}

static bool ours(ts_str name) {
    static const char *const set[] = {"host",
                                      "range",
                                      "if-range",
                                      "if-none-match",
                                      "if-modified-since",
                                      "if-match",
                                      "if-unmodified-since",
                                      "accept-encoding",
                                      "content-length",
                                      "content-type",
                                      "transfer-encoding",
                                      "te",
                                      "trailer",
                                      "connection",
                                      "keep-alive",
                                      "upgrade",
                                      "expect",
                                      "user-agent",
                                      "proxy-authorization",
                                      "proxy-connection"};
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        if (ts_str_ieq(name, ts_str_c(set[i]))) return true;
    return false;
}

enum { FIELD_MAX = 8000 };

bool net_fields_check(const ts_fetch_options *o, ts_error *e) {
    for (size_t i = 0; i < o->headers.n; i++) {
        ts_str value = o->headers.v[i], name = ts_str_cut(&value, ':');
        if (!value.p || !token(name) || !one_line(value) || !ts_str_trim(value).n ||
            o->headers.v[i].n > FIELD_MAX)
            return ts_fail(e, TS_E_USAGE, "header field %zu is not of the form 'Name: value'",
                           i + 1);
        if (ours(name))
            return ts_fail(e, TS_E_USAGE, "the header field '%.*s' is not the caller's to set",
                           TS_P(name));
    }
    const ts_str texts[] = {o->user_agent, o->etag, o->last_modified, o->body_type};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!one_line(texts[i]) || texts[i].n > FIELD_MAX)
            return ts_fail(
                e, TS_E_USAGE,
                "a text for the request's header holds control characters or is too long");
    return true;
}

typedef struct fields {
    struct curl_slist *list;
    bool failed;
} fields;

static void add(fields *f, const char *name, ts_str value) {
    char line[FIELD_MAX + 64];
    int n = snprintf(line, sizeof line, "%s%.*s", name, TS_P(value));
    struct curl_slist *longer =
        n > 0 && (size_t)n < sizeof line ? curl_slist_append(f->list, line) : 0;
    if (longer)
        f->list = longer;
    else
        f->failed = true;
}

static void add_validators(fields *f, const net_transfer *t) {
    const net_asked *q = &t->asked;
    if (t->o->etag.n) add(f, "If-None-Match: ", t->o->etag);
    if (t->o->last_modified.n) add(f, "If-Modified-Since: ", t->o->last_modified);
    if (!q->from) return;
    char range[48];
    snprintf(range, sizeof range, "Range: bytes=%llu-", (unsigned long long)q->from);
    add(f, range, TS_NONE);
    add(f, "If-Range: ", ts_str_c(q->etag[0] ? q->etag : q->last_modified));
}

/* On another origin only what says nothing about the caller. */
static void add_callers(fields *f, const net_transfer *t) {
    for (size_t i = 0; i < t->o->headers.n; i++) {
        ts_str line = t->o->headers.v[i], rest = line, name = ts_str_cut(&rest, ':');
        bool harmless =
            ts_str_ieq(name, TS_S("accept")) || ts_str_ieq(name, TS_S("accept-language"));
        if (!t->foreign || harmless) add(f, "", line);
    }
}

static fields make_fields(const net_transfer *t) {
    fields f = {0};
    if (t->o->compress)
        add(&f, "Accept-Encoding: gzip", TS_NONE);
    else
        add(&f, "Accept-Encoding: identity", TS_NONE);
    add_validators(&f, t);
    if (t->o->post) {
        add(&f, "Content-Type: ", t->o->body_type);
        add(&f, "Expect:", TS_NONE); /* no waiting for a "100 Continue" */
    }
    add_callers(&f, t);
    return f;
}

/* ---- the handle ---- */

#define SET(option, value) bad |= curl_easy_setopt(c, option, value) != CURLE_OK

static bool set_request(CURL *c, const net_transfer *t, const fields *f) {
    char agent[FIELD_MAX + 1];
    bool bad = f->failed;
    snprintf(agent, sizeof agent, "%.*s", TS_P(t->o->user_agent));
    SET(CURLOPT_URL, t->url->text);
    SET(CURLOPT_HTTPHEADER, f->list);
    SET(CURLOPT_USERAGENT, agent);
    if (t->o->post) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->o->body.n);
        SET(CURLOPT_POSTFIELDS, t->o->body.n ? t->o->body.p : "");
    }
    return !bad;
}

/* What is not said here stays at libcurl's default, which for cookies, netrc, HSTS, Alt-Svc and
 * redirects is "off". */
static bool set_policy(CURL *c, const net_transfer *t) {
    char proxy[512], ca[NET_URL_MAX];
    bool bad = t->o->proxy.n >= sizeof proxy || t->o->ca_file.n >= sizeof ca;
    snprintf(proxy, sizeof proxy, "%.*s", TS_P(t->o->proxy));
    snprintf(ca, sizeof ca, "%.*s", TS_P(t->o->ca_file));
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_PROXY, proxy); /* empty: none, whatever the environment says */
    SET(CURLOPT_NOPROXY, "");
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (ca[0]) {
        SET(CURLOPT_CAINFO, ca);
        SET(CURLOPT_CAPATH, NULL); /* instead of the system's, not beside them */
    }
    return !bad;
}

static bool set_limits(CURL *c, const net_transfer *t, long left_ms) {
    bool bad = false;
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TIMEOUT_MS, left_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)t->o->connect_ms);
    SET(CURLOPT_LOW_SPEED_LIMIT, (long)t->o->stall_bytes);
    SET(CURLOPT_LOW_SPEED_TIME, (long)t->o->stall_seconds);
    return !bad;
}

static bool set_callbacks(CURL *c, net_transfer *t) {
    bool bad = false;
    SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
    SET(CURLOPT_OPENSOCKETDATA, t);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, t);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, t);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, t);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_ERRORBUFFER, t->curl_text);
    return !bad;
}

/* ---- what went wrong ---- */

/* libcurl's explanation, fit for a terminal. */
static const char *explain(net_transfer *t, CURLcode rc) {
    for (char *p = t->curl_text; *p; p++)
        if (*p < 0x20 || *p > 0x7e) *p = '?';
    return t->curl_text[0] ? t->curl_text : curl_easy_strerror(rc);
}

static net_verdict too_late(const net_transfer *t, ts_error *e) {
    return NET_REFUSE(e, TS_E_NET, "was not done within %u ms; allow more time or try again later",
                      t->o->max_ms);
}

static net_verdict out_of_time(CURL *c, const net_transfer *t, ts_error *e) {
    curl_off_t connected = 0;
    curl_easy_getinfo(c, CURLINFO_PRETRANSFER_TIME_T, &connected);
    if (ts_nanos() + 1000000 >= t->deadline) return too_late(t, e);
    if (!connected)
        return NET_AGAIN(e, TS_E_NET, "no connection within %u ms; try again later",
                         t->o->connect_ms);
    return NET_AGAIN(
        e, TS_E_NET,
        "went slower than %u bytes per second for %u s, after %llu bytes; try again later",
        t->o->stall_bytes, t->o->stall_seconds, (unsigned long long)t->received);
}

static net_verdict not_connected(net_transfer *t, CURLcode rc, ts_error *e) {
    if (t->refused && !t->sockets)
        return NET_REFUSE(e, TS_E_NET,
                          "leads to %s, which is %s; in-house places must be allowed by name in "
                          "the configuration",
                          t->refused_text, t->refused);
    return NET_AGAIN(e, TS_E_NET,
                     "cannot be reached (%.150s); check the address, or try again later",
                     explain(t, rc));
}

static net_verdict broken_off(net_transfer *t, CURLcode rc, ts_error *e) {
    const net_response *r = &t->response;
    unsigned long long got = t->received;
    uint64_t n;
    if (!t->answered)
        return NET_AGAIN(
            e, TS_E_NET,
            "the connection broke before there was an answer (%.150s); try again later",
            explain(t, rc));
    if (announced(r, &n))
        return NET_AGAIN(e, TS_E_NET,
                         "the connection broke after %llu of %llu bytes; try again later", got,
                         (unsigned long long)n);
    return NET_AGAIN(
        e, TS_E_NET,
        "the connection broke after %llu bytes, before the marked end; try again later", got);
}

/* libcurl's word for a header line without an end: a new one since 8.6. */
static bool header_too_large(CURLcode rc) {
#if LIBCURL_VERSION_NUM >= 0x080600
    if (rc == CURLE_TOO_LARGE) return true;
#endif
    return rc == CURLE_OUT_OF_MEMORY;
}

static net_verdict trouble(CURL *c, net_transfer *t, CURLcode rc, ts_error *e) {
    switch (rc) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return not_connected(t, rc, e);
    case CURLE_OPERATION_TIMEDOUT: return out_of_time(c, t, e);
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING: return broken_off(t, rc, e);
    case CURLE_PEER_FAILED_VERIFICATION:
        return NET_REFUSE(e, TS_E_NET,
                          "its certificate is not to be trusted (%.150s); if an authority of your "
                          "own signed it, name that one's certificate file",
                          explain(t, rc));
    case CURLE_SSL_CONNECT_ERROR:
        return NET_AGAIN(e, TS_E_NET,
                         "no encrypted connection could be made (%.150s); try again later",
                         explain(t, rc));
    case CURLE_SSL_CACERT_BADFILE:
        return NET_REFUSE(e, TS_E_USAGE,
                          "the file of certificate authorities cannot be read (%.150s)",
                          explain(t, rc));
    default: break;
    }
    if (header_too_large(rc))
        return NET_REFUSE(e, TS_E_LIMIT, "the answer's header is too large, or memory ran out");
    return NET_REFUSE(e, TS_E_NET, "does not answer in proper HTTP (%.150s)", explain(t, rc));
}

static net_verdict conclude(CURL *c, net_transfer *t, CURLcode rc, ts_error *e) {
    if (t->stopped) return NET_REFUSE(e, TS_E_NET, "was stopped before its end");
    uint64_t n;
    bool final = t->answered && t->verdict != NET_ACCEPTED;
    if (t->error.code) {
        *e = t->error;
        return final ? t->verdict : NET_REFUSED;
    }
    if (final) return t->verdict;
    if (rc != CURLE_OK) return trouble(c, t, rc, e);
    if (!t->answered)
        return NET_REFUSE(e, TS_E_NET, "does not answer in proper HTTP (no final answer)");
    if (announced(&t->response, &n) && t->received != n) return broken_off(t, rc, e);
    return NET_ACCEPTED;
}

/* A POST may have had its effect once it was sent: only where it cannot have is it sent again. */
static bool may_repeat(const net_transfer *t, CURLcode rc) {
    if (!t->o->post) return true;
    if (t->answered) return t->response.status == 429 || t->response.status == 503;
    return rc == CURLE_COULDNT_CONNECT || rc == CURLE_COULDNT_RESOLVE_HOST ||
           rc == CURLE_COULDNT_RESOLVE_PROXY || rc == CURLE_SSL_CONNECT_ERROR;
}

net_verdict net_transfer_run(CURL *c, net_transfer *t, ts_error *e) {
    t->response = net_response_none();
    t->answered = t->stopped = false;
    t->verdict = NET_REFUSED;
    t->received = 0;
    t->error = (ts_error){0};
    t->sockets = 0;
    t->refused = 0;
    t->curl_text[0] = 0;
    uint64_t now = ts_nanos();
    if (now + 1000000 > t->deadline) return too_late(t, e);
    curl_easy_reset(c);
    fields f = make_fields(t);
    bool ready = set_request(c, t, &f) && set_policy(c, t) && set_callbacks(c, t) &&
                 set_limits(c, t, (long)((t->deadline - now) / 1000000));
    CURLcode rc = ready ? curl_easy_perform(c) : CURLE_FAILED_INIT;
    curl_slist_free_all(f.list);
    if (!ready)
        return NET_REFUSE(e, TS_E_USAGE,
                          "the request cannot be put together; check proxy, CA file and fields");
    net_verdict v = conclude(c, t, rc, e);
    return v == NET_TRY_AGAIN && !may_repeat(t, rc) ? NET_REFUSED : v;
}
