/* A small HTTP/1.1 server for tests. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATHS = 256, STEPS = 16, CONNECTIONS = 128, HEAD = 16384, BODY = 65536, NAME = 256 };

typedef struct place {
    char path[NAME];
    bool put;
    ts_str body;
    char type[128], etag[128], last_modified[64], coding[32], headers[512];
    serve_step steps[STEPS];
    size_t n_steps, step;
    unsigned served; /* requests the current step has had */
    unsigned count;
    char head[HEAD], sent[BODY];
    size_t head_n, sent_n;
} place;

typedef struct connection {
    struct test_server *s;
    pthread_t thread;
    int fd;
    bool used, reset; /* reset: no orderly end */
    atomic_bool ended;
} connection;

struct test_server {
    ts_arena *a;
    int listener, stop[2]; /* the pipe becomes readable when the server stops */
    uint16_t port;
    char address[32];
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    place *places;
    size_t n_places;
    char prefix[NAME], folder[1024];
    connection connections[CONNECTIONS];
};

static void must(bool ok, const char *what) {
    if (ok) return;
    fprintf(stderr, "test server: %s: %s\n", what, strerror(errno));
    abort();
}

/* ---- sending ---- */

/* Waits; false when the server stops meanwhile. ms < 0: until then. */
static bool rest(const test_server *s, int ms) {
    struct pollfd p = {.fd = s->stop[0], .events = POLLIN};
    return poll(&p, 1, ms) == 0;
}

static bool put(int fd, ts_str bytes) {
    while (bytes.n) {
        ssize_t k = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (k < 0 && errno == EINTR) continue;
        if (k <= 0) return false;
        bytes = ts_str_from(bytes, (size_t)k);
    }
    return true;
}

static bool put_chunk(int fd, ts_str bytes) {
    char size[32];
    snprintf(size, sizeof size, "%zx\r\n", bytes.n);
    return put(fd, ts_str_c(size)) && put(fd, bytes) && put(fd, TS_S("\r\n"));
}

static bool put_chunks(int fd, ts_str body, size_t step) {
    while (body.n) {
        ts_str one = ts_str_to(body, step);
        if (!put_chunk(fd, one)) return false;
        body = ts_str_from(body, one.n);
    }
    return true;
}

/* ---- requests ---- */

typedef struct request {
    ts_str head;   /* request line and fields */
    ts_str target; /* of an absolute form the part behind the host */
    ts_str path;   /* the same without query */
    ts_str body;
} request;

static ts_str field(const request *q, const char *name) {
    ts_str rest_of = q->head;
    while (rest_of.n) {
        ts_str value = ts_str_trim(ts_str_cut(&rest_of, '\n')), key = ts_str_cut(&value, ':');
        if (value.p && ts_str_ieq(key, ts_str_c(name))) return ts_str_trim(value);
    }
    return TS_NONE;
}

static ts_str request_target(ts_str head) {
    ts_str line = ts_str_cut(&head, '\r');
    ts_str_cut(&line, ' ');
    ts_str target = ts_str_cut(&line, ' ');
    if (ts_str_istarts(target, TS_S("http://"))) {
        ts_str host = ts_str_from(target, 7);
        size_t slash = ts_str_chr(host, '/');
        target = slash == TS_NPOS ? TS_S("/") : ts_str_from(host, slash);
    }
    return target;
}

/* Reads one request into buf. False at the end of the connection. */
static bool read_request(int fd, char *buf, size_t cap, size_t *have, request *q) {
    size_t end = TS_NPOS, need = 0;
    for (;;) {
        if (end == TS_NPOS) {
            end = ts_str_find((ts_str){buf, *have}, TS_S("\r\n\r\n"));
            if (end != TS_NPOS) {
                q->head = (ts_str){buf, end + 4};
                uint64_t n = 0;
                ts_u64_parse(field(q, "content-length"), &n);
                need = end + 4 + (size_t)n;
            }
        }
        if (end != TS_NPOS && *have >= need) break;
        if (*have == cap) return false;
        ssize_t k = recv(fd, buf + *have, cap - *have, 0);
        if (k < 0 && errno == EINTR) continue;
        if (k <= 0) return false;
        *have += (size_t)k;
    }
    q->body = (ts_str){buf + end + 4, need - end - 4};
    q->path = q->target = request_target(q->head);
    q->path = ts_str_cut(&q->path, '?');
    return need <= cap;
}

/* ---- what is to be answered ---- */

typedef struct answer {
    int fd;
    const test_server *s;
    const request *q;
    serve_step step;
    ts_str body;
    char type[128], etag[128], last_modified[64], coding[32], headers[512];
} answer;

static place *find(test_server *s, ts_str path, bool make) {
    for (size_t i = 0; i < s->n_places; i++)
        if (ts_str_is(path, s->places[i].path)) return &s->places[i];
    if (!make) return 0;
    must(s->n_places < PATHS && path.n < NAME, "too many paths");
    place *p = &s->places[s->n_places++];
    memcpy(p->path, path.p, path.n);
    return p;
}

static void tag(char out[128], ts_str bytes) {
    char hex[32];
    snprintf(out, 128, "\"%.*s\"", 32, ts_digest_hex(ts_digest_of(bytes), hex).p);
}

static const char old_day[] = "Mon, 01 Jan 2024 00:00:00 GMT";

static void note_request(place *p, const request *q) {
    p->count++;
    p->head_n = q->head.n < HEAD ? q->head.n : HEAD;
    memcpy(p->head, q->head.p, p->head_n);
    p->sent_n = q->body.n < BODY ? q->body.n : BODY;
    if (p->sent_n) memcpy(p->sent, q->body.p, p->sent_n);
}

static serve_step next_step(place *p) {
    if (p->step >= p->n_steps) return (serve_step){.how = SERVE_WELL};
    serve_step step = p->steps[p->step];
    p->served++;
    if (step.times && p->served >= step.times) {
        p->step++;
        p->served = 0;
    }
    return step;
}

static bool from_folder(const test_server *s, answer *r, ts_arena *a) {
    ts_str path = r->q->path;
    char file[2048];
    if (!s->prefix[0] || !ts_str_starts(path, ts_str_c(s->prefix)) ||
        ts_str_find(path, TS_S("..")) != TS_NPOS)
        return false;
    snprintf(file, sizeof file, "%s/%.*s", s->folder, TS_P(ts_str_from(path, strlen(s->prefix))));
    FILE *f = fopen(file, "rb"); /* as it is: ts_file_read would unpack it */
    if (!f) return false;
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *p = n >= 0 ? ts_new_raw(a, char, n) : 0;
    bool ok = p && fread(p, 1, (size_t)n, f) == (size_t)n;
    fclose(f);
    if (!ok) return false;
    r->body = (ts_str){p, (size_t)n};
    tag(r->etag, r->body);
    snprintf(r->last_modified, sizeof r->last_modified, "%s", old_day);
    snprintf(r->type, sizeof r->type, "%s",
             ts_str_ends(path, TS_S(".json")) ? "application/json" : "application/octet-stream");
    return true;
}

/* Takes the script's next step and a view of the file. The file's bytes are never changed or
 * freed while the server runs: a new version is put beside them. */
static void decide(test_server *s, answer *r, ts_arena *a) {
    pthread_mutex_lock(&s->lock);
    place *p = find(s, r->q->target, false);
    if (!p) p = find(s, r->q->path, true);
    note_request(p, r->q);
    r->step = next_step(p);
    bool put_here = p->put;
    if (put_here) {
        r->body = p->body;
        memcpy(r->type, p->type, sizeof r->type);
        memcpy(r->etag, p->etag, sizeof r->etag);
        memcpy(r->last_modified, p->last_modified, sizeof r->last_modified);
        memcpy(r->coding, p->coding, sizeof r->coding);
        memcpy(r->headers, p->headers, sizeof r->headers);
    }
    bool found = put_here || from_folder(s, r, a);
    pthread_mutex_unlock(&s->lock);
    if (!found && r->step.how == SERVE_WELL)
        r->step = (serve_step){.how = SERVE_STATUS, .status = 404};
}

/* ---- answering ---- */

static const char *reason(int status) {
    switch (status) {
    case 200: return "OK";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 404: return "Not Found";
    case 416: return "Range Not Satisfiable";
    default: return "As Told";
    }
}

/* The header up to, but without, the fields that frame the body. */
static ts_buf head_start(const answer *r, ts_arena *a, int status) {
    ts_buf b = ts_buf_new(a, 1 << 16);
    char date[64];
    time_t now = time(0);
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    ts_buf_fmt(&b, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status, reason(status), date);
    if (r->etag[0]) ts_buf_fmt(&b, "ETag: %s\r\n", r->etag);
    if (r->last_modified[0]) ts_buf_fmt(&b, "Last-Modified: %s\r\n", r->last_modified);
    if (status == 304 || status == 416) return b;
    if (r->type[0]) ts_buf_fmt(&b, "Content-Type: %s\r\n", r->type);
    if (r->coding[0]) ts_buf_fmt(&b, "Content-Encoding: %s\r\n", r->coding);
    ts_buf_put(&b, ts_str_c(r->headers));
    return b;
}

static bool put_head(const answer *r, ts_arena scratch, int status, size_t length) {
    ts_buf b = head_start(r, &scratch, status);
    ts_buf_fmt(&b, "Content-Length: %zu\r\n\r\n", length);
    return put(r->fd, ts_buf_str(&b));
}

static bool unchanged(const answer *r) {
    ts_str none_match = field(r->q, "if-none-match"), since = field(r->q, "if-modified-since");
    if (none_match.n) return r->etag[0] && ts_str_is(none_match, r->etag);
    return since.n && ts_str_is(since, r->last_modified);
}

/* "bytes=10-99" or "bytes=10-", if the file may be served in parts. */
static bool wanted_range(const answer *r, size_t *from, size_t *to) {
    ts_str range = field(r->q, "range"), condition = field(r->q, "if-range");
    if (!ts_str_starts(range, TS_S("bytes=")) || r->step.how == SERVE_RANGE_NEVER) return false;
    bool holds =
        !condition.n || ts_str_is(condition, r->etag) || ts_str_is(condition, r->last_modified);
    if (!holds && r->step.how != SERVE_RANGE_ALWAYS) return false;
    ts_str last = ts_str_from(range, 6), first = ts_str_cut(&last, '-');
    uint64_t a, b = r->body.n - 1;
    if (!ts_u64_parse(first, &a) || (last.n && !ts_u64_parse(last, &b))) return false;
    *from = (size_t)a;
    *to = b < r->body.n ? (size_t)b : r->body.n - 1;
    return true;
}

static bool put_range(const answer *r, ts_arena scratch, size_t from, size_t to, const char *told) {
    ts_buf b;
    if (from >= r->body.n) {
        b = head_start(r, &scratch, 416);
        ts_buf_fmt(&b, "Content-Range: bytes */%zu\r\nContent-Length: 0\r\n\r\n", r->body.n);
        return put(r->fd, ts_buf_str(&b));
    }
    b = head_start(r, &scratch, 206);
    if (told)
        ts_buf_fmt(&b, "%s%s%s", *told ? "Content-Range: " : "", told, *told ? "\r\n" : "");
    else
        ts_buf_fmt(&b, "Content-Range: bytes %zu-%zu/%zu\r\n", from, to, r->body.n);
    ts_buf_fmt(&b, "Content-Length: %zu\r\n\r\n", to - from + 1);
    return put(r->fd, ts_buf_str(&b)) && put(r->fd, (ts_str){r->body.p + from, to - from + 1});
}

static bool serve_well(const answer *r, ts_arena scratch) {
    size_t from, to;
    if (unchanged(r)) {
        ts_buf b = head_start(r, &scratch, 304);
        ts_buf_lit(&b, "\r\n");
        return put(r->fd, ts_buf_str(&b));
    }
    if (r->body.n && wanted_range(r, &from, &to))
        return put_range(r, scratch, from, to, r->step.how == SERVE_RANGE_WRONG ? r->step.text : 0);
    return put_head(r, scratch, 200, r->body.n) && put(r->fd, r->body);
}

static bool serve_status(const answer *r, ts_arena scratch) {
    static const char page[] = "<html><body>an error page</body></html>";
    ts_buf b = ts_buf_new(&scratch, 8192);
    bool redirect = r->step.how == SERVE_REDIRECT;
    int status = redirect && !r->step.status ? 302 : r->step.status;
    ts_buf_fmt(&b, "HTTP/1.1 %d %s\r\nContent-Type: text/html\r\n", status, reason(status));
    if (redirect)
        ts_buf_fmt(&b, "Location: %s\r\n", r->step.text);
    else if (r->step.text)
        ts_buf_put(&b, ts_str_c(r->step.text));
    ts_buf_fmt(&b, "Content-Length: %zu\r\n\r\n%s", sizeof page - 1, page);
    return put(r->fd, ts_buf_str(&b));
}

static bool serve_chunked(const answer *r, ts_arena scratch) {
    ts_buf b = head_start(r, &scratch, 200);
    ts_buf_lit(&b, "Transfer-Encoding: chunked\r\n\r\n");
    if (!put(r->fd, ts_buf_str(&b))) return false;
    if (r->step.how == SERVE_CHUNKED_TRUNCATE)
        return put_chunks(r->fd, ts_str_to(r->body, r->step.bytes), 1000) && false;
    return put_chunks(r->fd, r->body, r->step.bytes ? r->step.bytes : 1000) &&
           put(r->fd, TS_S("0\r\n\r\n"));
}

static bool serve_slowly(const answer *r, ts_arena scratch) {
    if (!put_head(r, scratch, 200, r->body.n)) return false;
    if (r->step.how == SERVE_STALL) {
        put(r->fd, ts_str_to(r->body, r->step.bytes));
        return rest(r->s, -1);
    }
    for (size_t i = 0; i < r->body.n; i++)
        if (!put(r->fd, (ts_str){r->body.p + i, 1}) || !rest(r->s, (int)r->step.ms)) return false;
    return true;
}

static bool serve_cut(const answer *r, ts_arena scratch) {
    put_head(r, scratch, 200, r->body.n);
    put(r->fd, ts_str_to(r->body, r->step.bytes));
    if (r->step.how != SERVE_RESET) return false;
    rest(r->s, 50); /* so that the bytes arrive before the reset throws them away */
    struct linger now = {.l_onoff = 1};
    setsockopt(r->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    return false;
}

static bool serve_lengths(const answer *r, ts_arena scratch) {
    ts_buf b = head_start(r, &scratch, 200);
    if (r->step.how == SERVE_SHORT_LENGTH) ts_buf_fmt(&b, "Content-Length: %zu\r\n", r->step.bytes);
    if (r->step.how == SERVE_TWO_LENGTHS)
        ts_buf_fmt(&b, "Content-Length: %zu\r\nContent-Length: %zu\r\n", r->body.n, r->body.n + 1);
    if (r->step.how == SERVE_UNTIL_CLOSE) ts_buf_lit(&b, "Connection: close\r\n");
    ts_buf_lit(&b, "\r\n");
    return put(r->fd, ts_buf_str(&b)) && put(r->fd, r->body) && r->step.how != SERVE_UNTIL_CLOSE;
}

static bool serve_big_header(const answer *r, ts_arena scratch) {
    char line[128];
    memset(line, 'x', sizeof line);
    bool one = r->step.how == SERVE_LONG_LINE;
    if (!put(r->fd, TS_S("HTTP/1.1 200 OK\r\n")) || (one && !put(r->fd, TS_S("X-Long: "))))
        return false;
    for (size_t n = 0; n < r->step.bytes; n += sizeof line) {
        if (!one)
            snprintf(line, sizeof line, "X-Filler-%0*zu: %0*d", 60, n, 55, 0),
                memcpy(line + 126, "\r\n", 2);
        if (!put(r->fd, (ts_str){line, sizeof line})) return false;
    }
    ts_buf b = ts_buf_new(&scratch, 4096);
    ts_buf_fmt(&b, "%sContent-Length: %zu\r\n\r\n", one ? "\r\n" : "", r->body.n);
    return put(r->fd, ts_buf_str(&b)) && put(r->fd, r->body);
}

static bool serve_endless(const answer *r, ts_arena scratch) {
    static const char zeros[4096];
    if (r->step.how == SERVE_INTERIM) {
        while (put(r->fd, TS_S("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"))) {}
        return false;
    }
    ts_buf b = head_start(r, &scratch, 200);
    ts_buf_lit(&b, "Transfer-Encoding: chunked\r\n\r\n");
    if (!put(r->fd, ts_buf_str(&b))) return false;
    while (put_chunk(r->fd, (ts_str){zeros, sizeof zeros})) {}
    return false;
}

/* True when the connection may serve another request. */
static bool serve(const answer *r, ts_arena scratch) {
    switch (r->step.how) {
    case SERVE_WELL:
    case SERVE_RANGE_WRONG:
    case SERVE_RANGE_ALWAYS:
    case SERVE_RANGE_NEVER: return serve_well(r, scratch);
    case SERVE_STATUS:
    case SERVE_REDIRECT: return serve_status(r, scratch);
    case SERVE_SILENCE: return rest(r->s, -1);
    case SERVE_STALL:
    case SERVE_TRICKLE: return serve_slowly(r, scratch);
    case SERVE_TRUNCATE:
    case SERVE_RESET: return serve_cut(r, scratch);
    case SERVE_CLOSE: return false;
    case SERVE_CHUNKED:
    case SERVE_CHUNKED_TRUNCATE: return serve_chunked(r, scratch);
    case SERVE_UNTIL_CLOSE:
    case SERVE_SHORT_LENGTH:
    case SERVE_TWO_LENGTHS: return serve_lengths(r, scratch);
    case SERVE_BIG_HEADER:
    case SERVE_LONG_LINE: return serve_big_header(r, scratch);
    case SERVE_INTERIM:
    case SERVE_ENDLESS: return serve_endless(r, scratch);
    case SERVE_RAW: put(r->fd, ts_str_c(r->step.text)); return false;
    }
    return false;
}

/* ---- connections ---- */

static void serve_connection(connection *c, ts_arena scratch) {
    enum { CAP = HEAD + BODY };
    char *buf = ts_new_raw(&scratch, char, CAP);
    size_t have = 0;
    for (bool on = true; on;) {
        request q;
        if (!read_request(c->fd, buf, CAP, &have, &q)) return;
        ts_arena work = scratch;
        answer r = {.fd = c->fd, .s = c->s, .q = &q};
        decide(c->s, &r, &work);
        on = serve(&r, work);
        c->reset = r.step.how == SERVE_RESET;
        size_t used = q.head.n + q.body.n;
        memmove(buf, buf + used, have - used);
        have -= used;
    }
}

static void *connection_main(void *ctx) {
    connection *c = ctx;
    const size_t size = (size_t)256 << 20;
    ts_arena a = ts_arena_new(size), first = a;
    serve_connection(c, a);
    if (!c->reset) shutdown(c->fd, SHUT_WR);
    ts_arena_free(&first, size);
    atomic_store(&c->ended, true);
    return 0;
}

/* The listening thread alone joins and closes, so that a descriptor is never closed while another
 * thread uses it. */
static void reap(connection *c, bool all) {
    if (!c->used || (!all && !atomic_load(&c->ended))) return;
    if (all) shutdown(c->fd, SHUT_RDWR);
    pthread_join(c->thread, 0);
    close(c->fd);
    c->used = false;
}

static void take_connection(test_server *s) {
    int fd = accept4(s->listener, 0, 0, SOCK_CLOEXEC);
    if (fd < 0) return;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        connection *c = &s->connections[i];
        if (c->used) continue;
        ts_error e;
        c->s = s;
        c->fd = fd;
        c->reset = false;
        atomic_store(&c->ended, false);
        c->used = ts_thread_start(&c->thread, connection_main, c, &e);
        must(c->used, "no thread");
        return;
    }
    close(fd);
}

static void *listen_main(void *ctx) {
    test_server *s = ctx;
    for (;;) {
        struct pollfd p[2] = {{.fd = s->listener, .events = POLLIN},
                              {.fd = s->stop[0], .events = POLLIN}};
        poll(p, 2, 20); /* ended connections are closed soon, for those who wait for the end */
        for (size_t i = 0; i < CONNECTIONS; i++) reap(&s->connections[i], p[1].revents != 0);
        if (p[1].revents) return 0;
        if (p[0].revents) take_connection(s);
    }
}

/* ---- the interface ---- */

test_server *test_server_start(ts_arena *a) {
    test_server *s = ts_new(a, test_server);
    s->a = a;
    s->places = ts_new_n(a, place, PATHS);
    pthread_mutex_init(&s->lock, 0);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof here;
    must(s->listener >= 0 && bind(s->listener, (struct sockaddr *)&here, n) == 0 &&
             listen(s->listener, 64) == 0 &&
             getsockname(s->listener, (struct sockaddr *)&here, &n) == 0 &&
             pipe2(s->stop, O_CLOEXEC) == 0,
         "cannot listen");
    s->port = ntohs(here.sin_port);
    snprintf(s->address, sizeof s->address, "127.0.0.1:%u", (unsigned)s->port);
    ts_error e;
    must(ts_thread_start(&s->thread, listen_main, s, &e), "no thread");
    return s;
}

void test_server_stop(test_server *s) {
    must(write(s->stop[1], "", 1) == 1, "cannot stop");
    pthread_join(s->thread, 0);
    close(s->listener);
    close(s->stop[0]);
    close(s->stop[1]);
    pthread_mutex_destroy(&s->lock);
}

uint16_t test_server_port(const test_server *s) { return s->port; }
ts_str test_server_place(const test_server *s) { return ts_str_c(s->address); }

ts_str test_server_url(test_server *s, const char *path) {
    ts_str parts[] = {TS_S("http://"), ts_str_c(s->address), ts_str_c(path)};
    return ts_str_join(s->a, parts, 3, TS_NONE);
}

static void text(char *out, size_t cap, const char *given, const char *otherwise) {
    snprintf(out, cap, "%s", given ? given : otherwise);
}

void test_server_put(test_server *s, const char *path, serve_file f) {
    ts_str body = ts_str_dup(s->a, f.body);
    pthread_mutex_lock(&s->lock);
    place *p = find(s, ts_str_c(path), true);
    p->put = true;
    p->body = body;
    text(p->type, sizeof p->type, f.type, "application/octet-stream");
    if (f.etag)
        text(p->etag, sizeof p->etag, f.etag, "");
    else
        tag(p->etag, body);
    text(p->last_modified, sizeof p->last_modified, f.last_modified, old_day);
    text(p->coding, sizeof p->coding, f.coding, "");
    text(p->headers, sizeof p->headers, f.headers, "");
    pthread_mutex_unlock(&s->lock);
}

void test_server_folder(test_server *s, const char *prefix, const char *folder) {
    pthread_mutex_lock(&s->lock);
    snprintf(s->prefix, sizeof s->prefix, "%s", prefix);
    snprintf(s->folder, sizeof s->folder, "%s", folder);
    pthread_mutex_unlock(&s->lock);
}

void test_server_fault(test_server *s, const char *path, serve_step step) {
    pthread_mutex_lock(&s->lock);
    place *p = find(s, ts_str_c(path), true);
    must(p->n_steps < STEPS, "too many steps");
    p->steps[p->n_steps++] = step;
    pthread_mutex_unlock(&s->lock);
}

void test_server_well(test_server *s, const char *path) {
    pthread_mutex_lock(&s->lock);
    place *p = find(s, ts_str_c(path), true);
    p->n_steps = p->step = 0;
    p->served = 0;
    pthread_mutex_unlock(&s->lock);
}

unsigned test_server_count(test_server *s, const char *path) {
    pthread_mutex_lock(&s->lock);
    const place *p = find(s, ts_str_c(path), false);
    unsigned n = p ? p->count : 0;
    pthread_mutex_unlock(&s->lock);
    return n;
}

static ts_str last(test_server *s, const char *path, bool body) {
    pthread_mutex_lock(&s->lock);
    const place *p = find(s, ts_str_c(path), false);
    ts_str out = TS_NONE;
    if (p)
        out = ts_str_dup(s->a, body ? (ts_str){p->sent, p->sent_n} : (ts_str){p->head, p->head_n});
    pthread_mutex_unlock(&s->lock);
    return out;
}

ts_str test_server_last(test_server *s, const char *path) { return last(s, path, false); }
ts_str test_server_last_body(test_server *s, const char *path) { return last(s, path, true); }
