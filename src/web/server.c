/* Sockets: libmicrohttpd in front of exchange.h.
 *
 * Each thread of the library looks after its connections by epoll and answers what is quick to
 * answer. What may take long (a commit waits for the disk) is done by threads beside them, while
 * the connection is suspended, so that it keeps no other one waiting. A connection has a slot with
 * a small arena for the request's target and body. What a slow or silent client may hold is
 * bounded: the library closes a connection that stands still, and a watch ends those that move too
 * slowly to ever be done.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"

enum {
    HEAD_MAX = 16 << 10,    /* bytes of request line and header fields */
    TARGET_ROOM = HEAD_MAX, /* of a slot's arena */
    LEAST_RATE = 4096,      /* bytes a second that a body or an answer has to move on average */
    SWALLOW = 1 << 20,      /* bytes of a body that is too large that are read on before the end */
    BACKLOG = 1024,
};
#define HELD_MAX ((size_t)1 << 30) /* bytes of bodies and answers at any time */

typedef struct slot {
    struct slot *next, *before; /* of those in use; `next` of those free */
    int fd;
    ts_arena a, first;
    ts_str target;
    char *body;
    size_t body_n, body_cap, swallowed;
    enum { IDLE, HEAD_READ, BODY_COMES, REFUSED, ASIDE, ANSWERED } stage;
    bool counted;
    struct MHD_Connection *connection; /* while it is suspended */
    const char *method;
    struct MHD_Response *response; /* made aside */
    int status;
    struct slot *waiting;   /* the next one for a thread aside */
    _Atomic uint64_t since; /* milliseconds: when what is going on began; 0 = our own work */
    _Atomic uint64_t moves; /* bytes to be moved in it */
    size_t held;            /* bytes counted in the front's `held` */
} slot;

struct web_front {
    struct MHD_Daemon *daemon;
    ts_server *server;
    uint16_t port;
    size_t slot_size;
    pthread_mutex_t lock; /* of the two lists */
    slot *used, *free;
    slot *all;
    size_t made;
    atomic_size_t held;
    atomic_uint busy; /* requests whose answer is not sent yet */
    pthread_t watch;
    pthread_cond_t stop;
    bool stopping;
    pthread_t aside[WEB_ASIDE];
    unsigned asides;
    pthread_mutex_t queue;
    pthread_cond_t queued;
    slot *first, *last; /* that wait for a thread aside */
    bool closed;
};

static uint64_t millis(void) { return ts_nanos() / 1000000; }

/* ---- slots ---- */

static slot *slot_take(web_front *f, int fd) {
    pthread_mutex_lock(&f->lock);
    slot *s = f->free;
    if (s) {
        f->free = s->next;
    } else if (f->made < f->server->o.connections) {
        s = &f->all[f->made++];
        s->first = ts_arena_new(f->slot_size);
    }
    if (s) {
        s->next = f->used;
        s->before = 0;
        if (f->used) f->used->before = s;
        f->used = s;
        s->fd = fd;
        s->a = s->first;
        s->stage = IDLE;
        s->since = millis();
        s->moves = 0;
    }
    pthread_mutex_unlock(&f->lock);
    return s;
}

static void slot_empty(web_front *f, slot *s) {
    atomic_fetch_sub(&f->held, s->held);
    s->held = 0;
    if (s->response) MHD_destroy_response(s->response); /* made, and nobody is there any more */
    s->response = 0;
    if (s->body_cap > WEB_ARENA_KEPT / 16) ts_arena_trim(s->first);
    s->a = s->first;
    s->body = 0;
    s->body_n = s->body_cap = s->swallowed = 0;
    s->counted = false;
    s->stage = IDLE;
    s->moves = 0;
    s->since = millis();
}

static void slot_give(web_front *f, slot *s) {
    pthread_mutex_lock(&f->lock);
    slot_empty(f, s);
    if (s->before) s->before->next = s->next;
    if (!s->before) f->used = s->next;
    if (s->next) s->next->before = s->before;
    s->next = f->free;
    f->free = s;
    pthread_mutex_unlock(&f->lock);
}

static slot *slot_of(struct MHD_Connection *c) {
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i ? i->socket_context : 0;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **context,
                          enum MHD_ConnectionNotificationCode what) {
    web_front *f = cls;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context) slot_give(f, *context);
        *context = 0;
        return;
    }
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    *context = slot_take(f, i ? i->connect_fd : -1);
}

/* The request line, before the library cuts it up. */
static void *on_target(void *cls, const char *uri, struct MHD_Connection *c) {
    slot *s = slot_of(c);
    if (!s) return 0;
    slot_empty(cls, s);
    s->target = ts_str_dup(&s->a, ts_str_c(uri));
    /* The library would take the query apart next, a record for each parameter, and leave a
     * connection whose memory they fill without an answer. The query is read by request.c: here it
     * ends where it begins, in the library's own buffer. */
    char *query = strchr((char *)(uintptr_t)uri, '?');
    if (query) query[1] = 0;
    return s;
}

/* A connection that has not got on with its request or answer for longer than its size explains is
 * ended; the library notices and cleans up. */
static void *watch(void *arg) {
    web_front *f = arg;
    pthread_mutex_lock(&f->lock);
    while (!f->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&f->stop, &f->lock, &until);
        uint64_t now = millis();
        for (slot *s = f->used; s; s = s->next) {
            uint64_t since = s->since,
                     may = 1000ull * (f->server->o.timeout_seconds + s->moves / LEAST_RATE);
            if (since && now > since + may && s->fd >= 0) shutdown(s->fd, SHUT_RDWR);
        }
    }
    pthread_mutex_unlock(&f->lock);
    return 0;
}

/* ---- what the library tells of a request ---- */

typedef struct asked {
    web_request request; /* first: `header` gets its address */
    char address[16];
} asked;

static ts_str header_of(const web_request *r, const char *name) {
    return ts_str_c(MHD_lookup_connection_value(r->source, MHD_HEADER_KIND, name));
}

/* The caller's network: an IPv4 address, or the 64 bits of an IPv6 one that a household gets. */
static ts_str network_of_6(const struct in6_addr *b, char out[16]) {
    if (IN6_IS_ADDR_V4MAPPED(b)) return memcpy(out, b->s6_addr + 12, 4), (ts_str){out, 4};
    return memcpy(out, b, 8), (ts_str){out, 8};
}

static ts_str network_of(const struct sockaddr *a, char out[16]) {
    if (a && a->sa_family == AF_INET) {
        memcpy(out, &((const struct sockaddr_in *)(const void *)a)->sin_addr, 4);
        return (ts_str){out, 4};
    }
    if (a && a->sa_family == AF_INET6)
        return network_of_6(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, out);
    return TS_NONE;
}

static bool is_this_machine(const struct sockaddr *a) {
    char b[16];
    ts_str network = network_of(a, b);
    if (network.n == 4) return b[0] == 127;
    return a && a->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

/* What the front added last: what stands before it is the caller's own word. */
static ts_str forwarded(ts_str list, char out[16]) {
    char text[INET6_ADDRSTRLEN] = "";
    struct in6_addr b;
    size_t from = list.n;
    while (from && list.p[from - 1] != ',') from--;
    ts_str last = ts_str_trim(ts_str_from(list, from));
    if (last.n && last.n < sizeof text) memcpy(text, last.p, last.n);
    if (inet_pton(AF_INET, text, &b) == 1) return memcpy(out, &b, 4), (ts_str){out, 4};
    return inet_pton(AF_INET6, text, &b) == 1 ? network_of_6(&b, out) : TS_NONE;
}

static void read_request(web_front *f, struct MHD_Connection *c, const slot *s, const char *method,
                         asked *q) {
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    q->request = (web_request){.method = method,
                               .target = s->target,
                               .header = header_of,
                               .source = c,
                               .body = {s->body, s->body_n}};
    const struct sockaddr *peer = i ? i->client_addr : 0;
    if (!f->server->limit) return;
    if (f->server->o.behind_front && is_this_machine(peer))
        q->request.from = forwarded(header_of(&q->request, "X-Forwarded-For"), q->address);
    if (!q->request.from.n) q->request.from = network_of(peer, q->address);
}

static bool has_body(struct MHD_Connection *c) {
    const char *n = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING) ||
           (n && !ts_str_is(ts_str_trim(ts_str_c(n)), "0"));
}

static enum MHD_Result count_lengths(void *cls, enum MHD_ValueKind kind, const char *name,
                                     const char *value) {
    ts_str n = ts_str_c(name);
    *(int *)cls += ts_str_ieq(n, TS_S(MHD_HTTP_HEADER_TRANSFER_ENCODING)) ||
                   ts_str_ieq(n, TS_S(MHD_HTTP_HEADER_CONTENT_LENGTH));
    return (void)kind, (void)value, MHD_YES;
}

/* Two ways of saying where a request ends are how requests are smuggled past a front. */
static bool ambiguous(struct MHD_Connection *c) {
    int said = 0;
    MHD_get_connection_values(c, MHD_HEADER_KIND, count_lengths, &said);
    return said > 1;
}

/* ---- answers ---- */

static bool hold(web_front *f, slot *s, size_t n) {
    if (atomic_fetch_add(&f->held, n) + n > HELD_MAX) {
        atomic_fetch_sub(&f->held, n);
        return false;
    }
    s->held += n;
    return true;
}

static struct MHD_Response *empty(bool again) {
    struct MHD_Response *r =
        MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    if (r && again) MHD_add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER, "5");
    if (r) MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
    return r;
}

static enum MHD_Result send_it(struct MHD_Connection *c, int status, struct MHD_Response *r) {
    if (!r) return MHD_NO;
    enum MHD_Result queued = MHD_queue_response(c, (unsigned)status, r);
    MHD_destroy_response(r);
    return queued;
}

static enum MHD_Result plain(struct MHD_Connection *c, int status, bool again) {
    return send_it(c, status, empty(again));
}

/* The answer as the library wants it; its bytes are counted as long as they are held. */
static struct MHD_Response *response_of(web_front *f, slot *s, web_exchange *x, bool last) {
    if (!hold(f, s, x->answer.n)) return x->status = 503, empty(true);
    s->moves = x->answer.n;
    struct MHD_Response *r = MHD_create_response_from_buffer(
        x->answer.n, (void *)(uintptr_t)x->answer.p, MHD_RESPMEM_MUST_COPY);
    for (size_t i = 0; r && i < x->headers_n; i++)
        MHD_add_response_header(r, x->header[i].name, ts_str_z(x->a, x->header[i].value));
    if (r && last) MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
    return r;
}

static void tell(const web_front *f, const web_exchange *x, uint64_t began) {
    if (!f->server->o.verbose) return;
    ts_log_note("%s %.*s %d %zu %.3f ms", x->method, TS_P(x->path), x->status, x->answer.n,
                (double)(ts_nanos() - began) / 1e6);
}

typedef enum { ASK_ALL, ASK_QUICK, ASK_BEFORE_BODY } asking;

/* Asks exchange.h. False: not yet; see web_answer. */
static bool ask(web_front *f, slot *s, struct MHD_Connection *c, const char *method, asking how,
                int *status, struct MHD_Response **r) {
    web_worker *w = web_worker_take(f->server);
    web_exchange x;
    asked q;
    uint64_t began = ts_nanos();
    if (!w) return *status = 503, *r = empty(true), true;
    read_request(f, c, s, method, &q);
    q.request.body_follows = how == ASK_BEFORE_BODY;
    q.request.quick_only = how == ASK_QUICK;
    q.request.counted = s->counted;
    s->counted = true;
    bool done = web_answer(f->server, w, &q.request, &x);
    if (done) {
        tell(f, &x, began);
        *r = response_of(f, s, &x, how == ASK_BEFORE_BODY);
        *status = x.status;
    }
    web_worker_give(f->server, w);
    return done;
}

/* ---- threads aside ---- */

static void *aside(void *arg) {
    enum { NICE = 19 }; /* on Linux of this thread alone: those who read go before */
    web_front *f = arg;
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICE);
    pthread_mutex_lock(&f->queue);
    for (;;) {
        while (!f->first && !f->closed) pthread_cond_wait(&f->queued, &f->queue);
        slot *s = f->first;
        if (!s) break;
        f->first = s->waiting;
        pthread_mutex_unlock(&f->queue);
        ask(f, s, s->connection, s->method, ASK_ALL, &s->status, &s->response);
        MHD_resume_connection(s->connection);
        pthread_mutex_lock(&f->queue);
    }
    pthread_mutex_unlock(&f->queue);
    return 0;
}

/* The library calls on_request again when the answer is there. False: the server is ending. */
static bool hand_over(web_front *f, slot *s, struct MHD_Connection *c, const char *method) {
    pthread_mutex_lock(&f->queue);
    bool open = !f->closed;
    if (open) {
        s->stage = ASIDE;
        s->connection = c;
        s->method = method;
        s->waiting = 0;
        MHD_suspend_connection(c);
        if (f->first)
            f->last->waiting = s;
        else
            f->first = s;
        f->last = s;
        pthread_cond_signal(&f->queued);
    }
    pthread_mutex_unlock(&f->queue);
    return open;
}

static void start_sending(slot *s) {
    s->stage = ANSWERED;
    s->since = millis();
}

static enum MHD_Result send_made(slot *s, struct MHD_Connection *c) {
    struct MHD_Response *r = s->response;
    s->response = 0;
    start_sending(s);
    return send_it(c, s->status, r);
}

static bool may_be_quick(const char *method) {
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
           strcmp(method, "OPTIONS") == 0;
}

static enum MHD_Result answer(web_front *f, slot *s, struct MHD_Connection *c, const char *method) {
    int status = 0;
    struct MHD_Response *r = 0;
    s->since = 0;
    if (!may_be_quick(method) || !ask(f, s, c, method, ASK_QUICK, &status, &r))
        if (hand_over(f, s, c, method)) return MHD_YES;
    start_sending(s);
    return r ? send_it(c, status, r) : plain(c, 503, true);
}

/* ---- the library's calls ---- */

static enum MHD_Result on_head(web_front *f, slot *s, struct MHD_Connection *c,
                               const char *method) {
    int status;
    struct MHD_Response *r;
    s->stage = HEAD_READ;
    atomic_fetch_add(&f->busy, 1);
    if (!has_body(c)) return MHD_YES;
    if (ambiguous(c)) return start_sending(s), plain(c, 400, false);
    s->stage = BODY_COMES;
    s->since = 0;
    if (ask(f, s, c, method, ASK_BEFORE_BODY, &status, &r))
        return start_sending(s), send_it(c, status, r);
    s->since = millis();
    return MHD_YES;
}

static enum MHD_Result on_body(web_front *f, slot *s, const char *p, size_t *n) {
    size_t room = f->server->o.body_max, came = *n;
    *n = 0;
    if (s->stage == BODY_COMES && (came > room - s->body_n || !hold(f, s, came))) {
        s->status = came > room - s->body_n ? 413 : 503;
        s->stage = REFUSED;
    } else if (s->stage == BODY_COMES) {
        if (s->body_n + came > s->body_cap)
            s->body = ts_grow(&s->a, s->body, 1, 1, &s->body_cap, s->body_n + came);
        memcpy(s->body + s->body_n, p, came);
        s->body_n += came;
        s->moves = s->body_n;
        return MHD_YES;
    }
    s->swallowed += came;
    return s->swallowed > SWALLOW ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **context) {
    web_front *f = cls;
    slot *s = slot_of(c);
    (void)url, (void)version, (void)context;
    if (!s) return MHD_NO;
    if (s->stage == IDLE) return on_head(f, s, c, method);
    if (*upload_n) return on_body(f, s, upload, upload_n);
    if (s->stage == REFUSED) return start_sending(s), plain(c, s->status, s->status == 503);
    if (s->stage == ASIDE) return send_made(s, c);
    return s->stage == ANSWERED ? MHD_YES : answer(f, s, c, method);
}

static void on_done(void *cls, struct MHD_Connection *c, void **context,
                    enum MHD_RequestTerminationCode why) {
    web_front *f = cls;
    slot *s = slot_of(c);
    (void)context, (void)why;
    if (!s || s->stage == IDLE) return;
    atomic_fetch_sub(&f->busy, 1);
    slot_empty(f, s);
}

/* A name in the path stays as it was sent: %2F is no '/'. */
static size_t as_it_is(void *cls, struct MHD_Connection *c, char *s) {
    (void)cls, (void)c;
    return strlen(s);
}

/* ---- start and stop ---- */

static int listen_at(const char *address, uint16_t port, ts_error *e) {
    char service[8];
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV | AI_NUMERICHOST,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    snprintf(service, sizeof service, "%u", port);
    if (getaddrinfo(strcmp(address, "localhost") == 0 ? "127.0.0.1" : address, service, &hints,
                    &found) != 0) {
        ts_fail(e, TS_E_USAGE, "%s is no address to listen on; such as 127.0.0.1, 0.0.0.0 or ::1",
                address);
        return -1;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        ts_fail_errno(e, TS_E_IO, errno, "cannot listen on %s port %u", address, port);
        if (fd >= 0) close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static uint16_t port_of(int fd) {
    struct sockaddr_storage a = {0};
    socklen_t n = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &n) != 0) return 0;
    return a.ss_family == AF_INET6
               ? ntohs(((const struct sockaddr_in6 *)(const void *)&a)->sin6_port)
               : ntohs(((const struct sockaddr_in *)(const void *)&a)->sin_port);
}

static bool start_daemon(web_front *f, int fd, ts_error *e) {
    const ts_server_options *o = &f->server->o;
    bool one = o->threads == 1; /* the library's pool begins at two */
    const struct MHD_OptionItem pool[] = {
        {one ? MHD_OPTION_END : MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)o->threads, 0},
        {MHD_OPTION_END, 0, 0}};
    f->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME, 0, 0, 0,
        on_request, f, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)fd, MHD_OPTION_CONNECTION_LIMIT,
        o->connections, MHD_OPTION_CONNECTION_TIMEOUT, o->timeout_seconds,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->per_address, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEAD_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, as_it_is,
        (void *)0, MHD_OPTION_URI_LOG_CALLBACK, on_target, f, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, f, MHD_OPTION_NOTIFY_COMPLETED, on_done, f, MHD_OPTION_ARRAY, pool,
        MHD_OPTION_END);
    if (f->daemon) return true;
    return ts_fail(e, TS_E_IO,
                   "cannot start the server's threads; are there enough file numbers "
                   "(ulimit -n) for %u connections?",
                   o->connections);
}

static void destroy(web_front *f) {
    pthread_cond_destroy(&f->stop);
    pthread_mutex_destroy(&f->lock);
    pthread_cond_destroy(&f->queued);
    pthread_mutex_destroy(&f->queue);
}

/* What waits is still done. */
static void end_asides(web_front *f) {
    pthread_mutex_lock(&f->queue);
    f->closed = true;
    pthread_cond_broadcast(&f->queued);
    pthread_mutex_unlock(&f->queue);
    while (f->asides) pthread_join(f->aside[--f->asides], 0);
}

static bool start_asides(web_front *f, ts_error *e) {
    while (f->asides < WEB_ASIDE) {
        if (!ts_thread_start(&f->aside[f->asides], aside, f, e)) return false;
        f->asides++;
    }
    return true;
}

static void end_watch(web_front *f) {
    pthread_mutex_lock(&f->lock);
    f->stopping = true;
    pthread_cond_signal(&f->stop);
    pthread_mutex_unlock(&f->lock);
    pthread_join(f->watch, 0);
}

/* The listening socket is the library's from here on. */
static bool start_threads(web_front *f, int fd, ts_error *e) {
    if (start_asides(f, e) && ts_thread_start(&f->watch, watch, f, e)) {
        if (start_daemon(f, fd, e)) return true;
        end_watch(f);
    }
    end_asides(f);
    return false;
}

static void name_base(ts_arena *a, ts_server *s) {
    ts_buf b = ts_buf_new(a, 300);
    bool six = strchr(s->o.address, ':') != 0;
    if (s->base.n) return;
    ts_buf_fmt(&b, "http://%s%s%s:%u", six ? "[" : "", s->o.address, six ? "]" : "",
               s->front->port);
    s->base = ts_buf_str(&b);
}

static bool start_front(ts_arena *a, ts_server *s, ts_error *e) {
    web_front *f = s->front = ts_new(a, web_front);
    f->server = s;
    f->slot_size = s->o.body_max * 2 + TARGET_ROOM;
    f->all = ts_new_n(a, slot, s->o.connections);
    int fd = listen_at(s->o.address, s->o.port, e);
    if (fd < 0) return false;
    f->port = port_of(fd);
    name_base(a, s);
    pthread_mutex_init(&f->lock, 0);
    pthread_cond_init(&f->stop, 0);
    pthread_mutex_init(&f->queue, 0);
    pthread_cond_init(&f->queued, 0);
    if (start_threads(f, fd, e)) return true;
    destroy(f);
    return false;
}

ts_server *ts_server_start(ts_arena *a, const ts_server_options *o, ts_error *e) {
    ts_server *s;
    if (!web_open(a, o, &s, e)) return 0;
    if (!start_front(a, s, e)) {
        web_close(s);
        return 0;
    }
    return s;
}

uint16_t ts_server_port(const ts_server *s) { return s->front->port; }

void ts_server_stop(ts_server *s, unsigned seconds) {
    web_front *f = s->front;
    int fd = MHD_quiesce_daemon(f->daemon);
    uint64_t until = millis() + 1000ull * seconds;
    while (atomic_load(&f->busy) && millis() < until) usleep(2000);
    end_asides(f);
    MHD_stop_daemon(f->daemon);
    if (fd >= 0) close(fd);
    end_watch(f);
    for (size_t i = 0; i < f->made; i++) ts_arena_free(&f->all[i].first, f->slot_size);
    destroy(f);
    web_close(s);
}
