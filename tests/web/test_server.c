/* The server over sockets: what libmicrohttpd and server.c make of well- and ill-behaved clients.
 */
#include "web/web.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "asking.h"

static ts_arena a;

/* ---- routes ---- */

static bool echo(web_exchange *x, ts_error *e) {
    (void)e;
    ts_str parts[] = {web_parameter_of(x, "id"), x->body};
    web_reply(x, 200, "text/plain", ts_str_join(x->a, parts, 2, TS_S(":")));
    return true;
}

static bool slow(web_exchange *x, ts_error *e) {
    (void)e;
    usleep(400000);
    web_reply(x, 200, "text/plain", TS_S("done"));
    return true;
}

enum { LARGE = 32 << 20 };
static bool large(web_exchange *x, ts_error *e) {
    (void)e;
    char *p = ts_new_raw(x->a, char, LARGE);
    memset(p, 'x', LARGE);
    web_reply(x, 200, "text/plain", (ts_str){p, LARGE});
    return true;
}

/* Adds one to a number kept as a token's scopes: lost where two write at once. */
static bool count(web_exchange *x, ts_error *e) {
    ts_token_row row = {.digest = TS_S("x"), .name = TS_S("x"), .operator_id = TS_S("x")};
    char id[32];
    ts_store *s = web_writer(x, e);
    ts_token_rows rows = {0};
    if (!s || !ts_store_begin(s, e)) return false;
    bool ok = ts_store_tokens(s, x->a, &rows, e);
    snprintf(id, sizeof id, "%06zu", rows.n);
    row.id = ts_str_c(id);
    row.issued = (int64_t)rows.n;
    ok = ts_store_end(s, ok && ts_store_put_token(s, &row, e), e);
    web_writer_done(x);
    if (ok) web_json(x, 200, ts_str_dup(x->a, row.id));
    return ok;
}

static const char *const any[] = {"text/plain", 0};
static const web_route routes[] = {
    {"GET", "/echo/{id}", 0, 0, 0, "", echo},
    {"POST", "/echo/{id}", 0, any, 0, "", echo},
    {"POST", "/closed", 1u << TS_RIGHT_WRITE, any, 0, "", echo},
    {"GET", "/slow", 0, 0, 0, "", slow},
    {"GET", "/large", 0, 0, 0, "", large},
    {"POST", "/slow", 0, 0, 0, "", slow},
    {"POST", "/count", 0, 0, 0, "", count},
    {0},
};
static const web_route *const tables[] = {routes, 0};

/* ---- a client that may be rude ---- */

static ts_server *start(ts_server_options o, const char *name) {
    ts_error e = {0};
    o.store = temp_path(&a, name);
    ts_server *s = ts_server_start(&a, &o, &e);
    if (!s) fail_msg("%s", e.msg);
    s->tables = tables;
    return s;
}

static int dial(const ts_server *s) {
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(ts_server_port(s)),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void say(int fd, const char *text) {
    size_t n = strlen(text);
    assert_int_equal(send(fd, text, n, MSG_NOSIGNAL), (ssize_t)n);
}

/* What comes until `part` was seen, the other side closes, or `millis` are over. */
static ts_str hear(int fd, const char *part, int millis, bool *closed) {
    ts_buf b = ts_buf_new(&a, 64 << 20);
    uint64_t until = ts_nanos() + (uint64_t)millis * 1000000;
    if (closed) *closed = false;
    while (ts_nanos() < until) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, 20) <= 0) continue;
        char *room = ts_buf_room(&b, 1 << 16);
        ssize_t n = recv(fd, room, 1 << 16, 0);
        if (n <= 0) {
            if (closed) *closed = true;
            break;
        }
        b.n += (size_t)n;
        if (part && ts_str_find(ts_buf_str(&b), ts_str_c(part)) != TS_NPOS) break;
    }
    return ts_buf_str(&b);
}

/* One request on a connection of its own that is closed behind it. */
static ts_str once(const ts_server *s, const char *request) {
    int fd = dial(s);
    say(fd, request);
    shutdown(fd, SHUT_WR);
    ts_str out = hear(fd, 0, 5000, 0);
    close(fd);
    return out;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

static void well(void **state) {
    (void)state;
    ts_server *s = start((ts_server_options){.threads = 2}, "well.db");
    ts_str got = once(s, GET("/echo/a%2Fb%252F?x=%41"));
    assert_says(got, "HTTP/1.1 200 OK\r\n");
    assert_says(got, "\r\n\r\na/b%2F:");
    assert_says(got, "Content-Type: text/plain\r\n");
    /* two at once on one connection, answered in order */
    int fd = dial(s);
    say(fd, "GET /echo/one HTTP/1.1\r\nHost: h\r\n\r\nGET /echo/two HTTP/1.1\r\nHost: h\r\n\r\n");
    got = hear(fd, "two:", 3000, 0);
    assert_true(ts_str_find(got, TS_S("one:")) < ts_str_find(got, TS_S("two:")));
    assert_int_not_equal(ts_str_find(got, TS_S("two:")), TS_NPOS);
    /* HEAD: the length without the body */
    say(fd, "HEAD /echo/three HTTP/1.1\r\nHost: h\r\n\r\n");
    got = hear(fd, "\r\n\r\n", 3000, 0);
    assert_says(got, "Content-Length: 6\r\n");
    assert_true(ts_str_ends(got, TS_S("\r\n\r\n")));
    close(fd);
    ts_server_stop(s, 1);
}

static void bodies(void **state) {
    (void)state;
    ts_server *s = start((ts_server_options){.threads = 2, .body_max = 100000}, "bodies.db");
    assert_says(once(s, "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
                        "Content-Length: 5\r\nConnection: close\r\n\r\nhello"),
                "\r\n\r\na:hello");
    assert_says(once(s, "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
                        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"),
                "\r\n\r\na:hello");
    int fd = dial(s);
    say(fd, "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
            "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    assert_says(hear(fd, "\r\n\r\n", 3000, 0), "HTTP/1.1 100 Continue");
    say(fd, "hello");
    assert_says(hear(fd, "hello", 3000, 0), "\r\n\r\na:hello");
    /* and the connection goes on */
    say(fd, "GET /echo/b HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_says(hear(fd, "b:", 3000, 0), "\r\n\r\nb:");
    close(fd);
    /* a body of many pieces */
    enum { MUCH = 99000 };
    char *much = ts_new_raw(&a, char, MUCH + 1), head[200];
    memset(much, 'm', MUCH);
    much[MUCH] = 0;
    snprintf(head, sizeof head,
             "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
             "Content-Length: %d\r\nConnection: close\r\n\r\n",
             MUCH);
    fd = dial(s);
    say(fd, head);
    for (int i = 0; i < MUCH; i += 1000) say(fd, ts_str_z(&a, (ts_str){much, 1000}));
    assert_true(ts_str_ends(hear(fd, 0, 5000, 0), (ts_str){much, MUCH}));
    close(fd);
    ts_server_stop(s, 1);
}

/* Refused before the body was sent, or as soon as it is too long. */
static void bodies_refused(void **state) {
    (void)state;
    ts_server *s = start((ts_server_options){.threads = 2, .body_max = 1000}, "refused.db");
    static const struct {
        const char *request, *says;
    } cases[] = {
        {"POST /closed HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: "
         "900\r\n\r\n",
         "HTTP/1.1 401"},
        {"POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n", "HTTP/1.1 404"},
        {"POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: "
         "1001\r\n\r\n",
         "HTTP/1.1 413"},
        {"POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 415"},
        {"GET /echo/a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 415"},
        {"POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /echo/smuggled HTTP/1.1\r\n\r\n",
         "HTTP/1.1 400"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int fd = dial(s);
        bool closed;
        say(fd, cases[i].request);
        ts_str got = hear(fd, 0, 3000, &closed);
        assert_says(got, cases[i].says);
        assert_silent_on(got, "smuggled");
        assert_true(closed);
        close(fd);
    }
    int fd = dial(s);
    char chunk[700];
    memset(chunk, 'c', sizeof chunk - 1);
    memcpy(chunk, "2b0\r\n", 5); /* 688 bytes */
    memcpy(chunk + 5 + 688, "\r\n", 3);
    say(fd, "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 3; i++) say(fd, chunk);
    say(fd, "0\r\n\r\n");
    assert_says(hear(fd, "\r\n\r\n", 3000, 0), "HTTP/1.1 413");
    close(fd);
    /* without an end: not read for ever */
    fd = dial(s);
    bool closed = false;
    say(fd, "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
    size_t sent = 0;
    while (!closed && sent < (64 << 20)) {
        ssize_t n = send(fd, chunk, strlen(chunk), MSG_NOSIGNAL);
        closed = n <= 0;
        sent += n > 0 ? (size_t)n : 0;
    }
    assert_true(closed);
    close(fd);
    ts_server_stop(s, 1);
}

static void nonsense(void **state) {
    (void)state;
    ts_server *s = start((ts_server_options){.threads = 2, .timeout_seconds = 2}, "nonsense.db");
    char *many = ts_new_raw(&a, char, 80000);
    size_t n = (size_t)snprintf(many, 100, "GET /echo/a HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; n < 70000; i++) n += (size_t)snprintf(many + n, 100, "X-%d: %060d\r\n", i, i);
    memcpy(many + n, "\r\n", 3);
    int fd = dial(s);
    send(fd, many, strlen(many), MSG_NOSIGNAL);
    assert_says(hear(fd, 0, 4000, 0), "HTTP/1.1 431");
    close(fd);
    static const char *const bad[] = {
        "\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET /echo/a\r\n\r\n",
        "GET /echo/a HTTP/1.1\r\n\r\n", /* without Host */
        "GET /echo/a HTTP/9.9\r\nHost: h\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", /* TLS on a port without */
        "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n",
        "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 6\r\n\r\nhello",
        "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
        "Content-Length: 6\r\n\r\nhello!",
        "POST /echo/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_silent_on(once(s, bad[i]), "HTTP/1.1 200");
    assert_says(once(s, GET("/echo/still")), "still:");
    /* more parameters than the library has room for */
    n = (size_t)snprintf(many, 100, "GET /echo/a?x=1");
    for (int i = 0; i < 1500; i++) n += (size_t)snprintf(many + n, 100, "&a=b");
    snprintf(many + n, 100, " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_says(once(s, many), "HTTP/1.1 200");
    ts_server_stop(s, 1);
}

/* Seconds until the other side ends it, saying one byte every 100 ms. */
static double trickle(const ts_server *s, const char *begin, const char *again) {
    int fd = dial(s);
    uint64_t began = ts_nanos();
    bool closed = false;
    say(fd, begin);
    while (!closed && ts_nanos() - began < 20000000000ull) {
        send(fd, again, 1, MSG_NOSIGNAL);
        hear(fd, 0, 100, &closed);
    }
    close(fd);
    return (double)(ts_nanos() - began) / 1e9;
}

static void slow_clients(void **state) {
    (void)state;
    ts_server *s = start((ts_server_options){.threads = 2, .timeout_seconds = 1}, "slow.db");
    assert_true(trickle(s, "GET /echo/a", "a") < 5);
    assert_true(trickle(s, "GET /echo/a HTTP/1.1\r\nHost: h\r\nX: ", "a") < 6);
    assert_true(trickle(s,
                        "POST /echo/a HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
                        "Content-Length: 5000\r\n\r\n",
                        "a") < 6);
    /* one that says nothing, and one that does not read */
    int quiet = dial(s), deaf = dial(s);
    bool closed;
    say(deaf, GET("/large"));
    hear(quiet, 0, 5000, &closed);
    assert_true(closed);
    usleep(2500000);
    size_t got = 0;
    char *p = ts_new_raw(&a, char, 1 << 20);
    for (ssize_t n; (n = recv(deaf, p, 1 << 20, 0)) > 0;) got += (size_t)n;
    assert_true(got < LARGE);
    close(quiet);
    close(deaf);
    /* a long piece of work of our own is no slow client */
    assert_says(once(s, GET("/slow")), "done");
    ts_server_stop(s, 1);
}

static void many_connections(void **state) {
    (void)state;
    enum { MOST = 8 };
    ts_server *s = start((ts_server_options){.threads = 2, .connections = MOST}, "many.db");
    int fd[MOST * 4];
    for (int i = 0; i < MOST * 4; i++) fd[i] = dial(s);
    usleep(200000);
    for (int i = 0; i < MOST * 4; i++) close(fd[i]);
    usleep(200000);
    for (int i = 0; i < MOST * 4; i++) assert_says(once(s, GET("/echo/a")), "a:");
    ts_server_stop(s, 1);
}

/* ---- several at once ---- */

typedef struct caller {
    const ts_server *s;
    const char *method, *path, *says;
    int times;
    int failed;
    ts_str got;
} caller;

static void *call(void *arg) {
    caller *c = arg;
    char request[200], in[4096];
    snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
             c->method, c->path);
    for (int i = 0; i < c->times; i++) {
        int fd = dial(c->s);
        size_t n = 0;
        send(fd, request, strlen(request), MSG_NOSIGNAL);
        for (ssize_t k; n < sizeof in - 1 && (k = recv(fd, in + n, sizeof in - 1 - n, 0)) > 0;)
            n += (size_t)k;
        close(fd);
        c->failed += ts_str_find((ts_str){in, n}, ts_str_c(c->says)) == TS_NPOS;
    }
    return 0;
}

static void at_once(void **state) {
    (void)state;
    enum { CALLERS = 8, TIMES = 25 };
    ts_server *s = start((ts_server_options){.threads = 4}, "once.db");
    caller callers[CALLERS];
    pthread_t threads[CALLERS];
    ts_error e = {0};
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (caller){.s = s,
                              .method = i % 2 ? "POST" : "GET",
                              .path = i % 2 ? "/count" : "/echo/a",
                              .says = i % 2 ? "application/json" : "a:",
                              .times = TIMES};
        assert_true(ts_thread_start(&threads[i], call, &callers[i], &e));
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], 0);
        assert_int_equal(callers[i].failed, 0);
    }
    ts_token_rows rows = {0};
    assert_true(ts_store_tokens(s->writer, &a, &rows, &e));
    assert_int_equal(rows.n, CALLERS / 2 * TIMES); /* none was lost */
    ts_server_stop(s, 1);
}

/* What takes long is done aside: it keeps nobody waiting, not even on the only thread. */
static void aside(void **state) {
    (void)state;
    enum { LONG = 6 };
    ts_server *s = start((ts_server_options){.threads = 1, .timeout_seconds = 1}, "aside.db");
    caller callers[LONG];
    pthread_t threads[LONG];
    ts_error e = {0};
    int gone = dial(s);
    say(gone, "POST /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    usleep(50000);
    close(gone); /* nobody is there to read the answer */
    for (int i = 0; i < LONG; i++) {
        callers[i] =
            (caller){.s = s, .method = "POST", .path = "/slow", .says = "\r\n\r\ndone", .times = 2};
        assert_true(ts_thread_start(&threads[i], call, &callers[i], &e));
    }
    for (int i = 0; i < 20; i++) {
        uint64_t began = ts_nanos();
        assert_says(once(s, GET("/echo/a")), "a:");
        assert_true(sanitized() || ts_nanos() - began < 300000000ull);
    }
    for (int i = 0; i < LONG; i++) {
        pthread_join(threads[i], 0);
        assert_int_equal(callers[i].failed, 0);
    }
    /* one after another on the same connection */
    int fd = dial(s);
    say(fd, "POST /slow HTTP/1.1\r\nHost: h\r\n\r\nGET /echo/after HTTP/1.1\r\nHost: h\r\n\r\n");
    ts_str got = hear(fd, "after:", 5000, 0);
    assert_true(ts_str_find(got, TS_S("done")) < ts_str_find(got, TS_S("after:")));
    assert_says(got, "after:");
    close(fd);
    ts_server_stop(s, 1);
}

static void stops(void **state) {
    (void)state;
    ts_server *s = start((ts_server_options){.threads = 2}, "stops.db");
    caller c = {.s = s, .method = "GET", .path = "/slow", .says = "\r\n\r\ndone", .times = 1},
           d = c;
    d.method = "POST";
    pthread_t t, u;
    ts_error e = {0};
    int idle = dial(s);
    assert_true(ts_thread_start(&t, call, &c, &e));
    assert_true(ts_thread_start(&u, call, &d, &e));
    usleep(150000);
    uint16_t port = ts_server_port(s);
    uint64_t began = ts_nanos();
    ts_server_stop(s, 5); /* the running one ends well; the idle one is not waited for */
    assert_true(ts_nanos() - began < 3000000000ull);
    pthread_join(t, 0);
    pthread_join(u, 0);
    assert_int_equal(c.failed + d.failed, 0);
    close(idle);
    /* the port is free again at once */
    s = start((ts_server_options){.threads = 1, .port = port}, "stops.db");
    assert_int_equal(ts_server_port(s), port);
    assert_says(once(s, GET("/echo/again")), "again:");
    ts_error taken = {0};
    const ts_server_options o = {.store = temp_path(&a, "taken.db"), .port = port};
    assert_null(ts_server_start(&a, &o, &taken));
    assert_int_equal(taken.code, TS_E_IO);
    assert_says(ts_str_c(taken.msg), "cannot listen on 127.0.0.1 port");
    ts_server_stop(s, 1);
}

static void addresses(void **state) {
    (void)state;
    ts_error e = {0};
    ts_server_options o = {.store = temp_path(&a, "addresses.db"), .address = "not an address"};
    assert_null(ts_server_start(&a, &o, &e));
    assert_says(ts_str_c(e.msg), "not an address is no address to listen on");
    o.address = "::1";
    ts_server *s = ts_server_start(&a, &o, &e);
    if (s) { /* a machine may have no IPv6 */
        assert_says(s->base, "http://[::1]:");
        ts_server_stop(s, 1);
    }
    o.base = TS_S("https://id.example.com");
    o.address = "localhost";
    s = ts_server_start(&a, &o, &e);
    assert_str(s->base, "https://id.example.com");
    ts_server_stop(s, 1);
}

static void behind_front(void **state) {
    (void)state;
    ts_server *s =
        start((ts_server_options){.threads = 1, .rate = 2, .behind_front = true}, "front.db");
#define FOR(who)                                                                                   \
    "GET /echo/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Forwarded-For: " who "\r\n\r\n"
    assert_says(once(s, FOR("192.0.2.1")), "200 OK");
    assert_says(once(s, FOR("198.51.100.7, 192.0.2.1")), "200 OK");
    assert_says(once(s, FOR("203.0.113.9, 192.0.2.1")),
                "429"); /* what the caller says is no help */
    assert_says(once(s, FOR("192.0.2.2")), "200 OK");
    assert_says(once(s, FOR("2001:db8:1:2::1")), "200 OK");
    assert_says(once(s, FOR("2001:db8:1:2::ffff")), "200 OK");
    assert_says(once(s, FOR("2001:db8:1:2:3:4:5:6")), "429"); /* the same network */
    assert_says(once(s, FOR("2001:db8:1:3::1")), "200 OK");
    assert_says(once(s, FOR("::ffff:198.51.100.1")), "200 OK"); /* IPv4 in the clothes of IPv6 */
    assert_says(once(s, FOR("::ffff:198.51.100.2")), "200 OK");
    assert_says(once(s, FOR("198.51.100.1")), "200 OK");
    assert_says(once(s, FOR("::ffff:198.51.100.1")), "429");
    assert_says(once(s, FOR("nonsense")), "200 OK"); /* counted for who is really there */
    assert_says(once(s, FOR("")), "200 OK");
    assert_says(once(s, FOR("1.2.3.4,")), "429");
    ts_server_stop(s, 1);
}

/* `touchstone serve` until it is told to end. */
static void command(void **state) {
    (void)state;
    const run_how until = {.signal = SIGTERM, .signal_at = 4000000000ull};
    ran r = run_program(&a, until, "serve", "--store", temp_path(&a, "command.db"), "--listen",
                        "127.0.0.1:0", NULL);
    assert_status(r, 0);
    assert_says(r.err, "listening on http://127.0.0.1:");
    assert_says(r.err, "ending");
    r = RUN(&a, "serve");
    assert_status(r, 2);
    assert_says(r.err, "name the store: --store FILE");
    static const char *const bad[] = {"127.0.0.1:x", "127.0.0.1:70000", "[::1", "70000", "::1:x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        r = RUN(&a, "serve", "--store", temp_path(&a, "command.db"), "--listen", bad[i]);
        assert_status(r, 2);
    }
    r = RUN(&a, "serve", "--help");
    assert_says(r.out, "GET     /healthz");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well),           cmocka_unit_test(bodies),
        cmocka_unit_test(bodies_refused), cmocka_unit_test(nonsense),
        cmocka_unit_test(slow_clients),   cmocka_unit_test(many_connections),
        cmocka_unit_test(at_once),        cmocka_unit_test(aside),
        cmocka_unit_test(stops),          cmocka_unit_test(addresses),
        cmocka_unit_test(behind_front),   cmocka_unit_test(command),
    };
    a = test_arena();
    return cmocka_run_group_tests(tests, 0, 0);
}
