/* The fetch against a server that behaves well, and badly. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "support/support.h"

#include "net/net.h"
#include "net/server.h"

typedef struct world {
    ts_arena first, a;
    test_server *s;
    ts_str places[2];
    ts_fetch_options o; /* one attempt, small limits */
    ts_fetch_result r;
    ts_error e;
} world;

enum { ARENA = 1 << 30 };

static int set_up(void **state) {
    static world w;
    w = (world){0};
    w.first = w.a = ts_arena_new(ARENA);
    w.s = test_server_start(&w.a);
    w.places[0] = test_server_place(w.s);
    w.o = (ts_fetch_options){
        .allow_private = {w.places, 1, 2}, .retries = -1, .backoff_ms = 1, .max_ms = 20000};
    *state = &w;
    return 0;
}

static int tear_down(void **state) {
    world *w = *state;
    test_server_stop(w->s);
    ts_arena_free(&w->first, ARENA);
    return 0;
}

static bool get(world *w, const char *path) {
    w->o.url = test_server_url(w->s, path);
    w->e = (ts_error){0};
    return ts_fetch_memory(&w->a, &w->o, &w->r, &w->e);
}

/* Replaces the port, which differs from run to run, by PORT. */
static const char *message(world *w) {
    static char out[512];
    char port[8], *at;
    ts_error_text(&w->e, out, sizeof out);
    int n = snprintf(port, sizeof port, "%u", (unsigned)test_server_port(w->s));
    while ((at = strstr(out, port))) {
        memmove(at + 4, at + n, strlen(at + n) + 1);
        memcpy(at, "PORT", 4);
    }
    return out;
}

#define assert_fails(w, path, code_, text)                                                         \
    do {                                                                                           \
        assert_false(get(w, path));                                                                \
        assert_string_equal(message(w), text);                                                     \
        assert_int_equal((w)->e.code, code_);                                                      \
    } while (0)

static bool sent(world *w, const char *path, const char *line) {
    return ts_str_find(test_server_last(w->s, path), ts_str_c(line)) != TS_NPOS;
}

/* ---- well ---- */

static void test_ok(void **state) {
    world *w = *state;
    test_server_put(
        w->s, "/a.json",
        (serve_file){.body = TS_S("{\"a\":1}"), .type = "application/json", .etag = "\"v1\""});
    w->e = (ts_error){.line = 77};
    w->o.url = test_server_url(w->s, "/a.json?key=secret#x");
    assert_true(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
    assert_int_equal(w->e.line, 77); /* untouched on success */
    assert_int_equal(w->r.status, 200);
    assert_str(w->r.body, "{\"a\":1}");
    assert_str(w->r.etag, "\"v1\"");
    assert_str(w->r.last_modified, "Mon, 01 Jan 2024 00:00:00 GMT");
    assert_str(w->r.content_type, "application/json");
    assert_true(ts_str_ends(w->r.url, TS_S("/a.json?key=secret")));
    assert_true(ts_str_ends(w->r.place, TS_S("/a.json?...")));
    assert_int_equal(w->r.bytes, 7);
    assert_int_equal(w->r.transferred, 7);
    assert_int_equal(w->r.requests, 1);
    assert_int_equal(w->r.whole, TS_YES);
    assert_false(w->r.not_modified || w->r.resumed);
    assert_true(w->r.seconds > 0 && w->r.seconds < 20);
    assert_true(sent(w, "/a.json", "GET /a.json?key=secret HTTP/1.1\r\n"));
    assert_true(
        sent(w, "/a.json", "User-Agent: touchstone/" TS_VERSION " (+market surveillance)\r\n"));
    assert_true(sent(w, "/a.json", "Accept-Encoding: identity\r\n"));
    assert_false(sent(w, "/a.json", "Range"));
    assert_false(sent(w, "/a.json", "If-"));
}

static void test_conditional(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("one"), .etag = "\"v1\""});
    w->o.etag = TS_S("\"v1\"");
    assert_true(get(w, "/a"));
    assert_true(w->r.not_modified);
    assert_int_equal(w->r.status, 304);
    assert_int_equal(w->r.body.n, 0);
    assert_str(w->r.etag, "\"v1\"");
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("two"), .etag = "\"v2\""});
    assert_true(get(w, "/a"));
    assert_false(w->r.not_modified);
    assert_str(w->r.body, "two");
    w->o.etag = TS_NONE;
    w->o.last_modified = TS_S("Mon, 01 Jan 2024 00:00:00 GMT");
    assert_true(get(w, "/a"));
    assert_true(w->r.not_modified);
    assert_true(sent(w, "/a", "If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT\r\n"));
    w->o.last_modified = TS_NONE;
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STATUS, .status = 304});
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: gave an answer that was not asked for (status 304)");
}

static void test_post(void **state) {
    world *w = *state;
    char big[20000];
    memset(big, 'x', sizeof big);
    test_server_put(w->s, "/search", (serve_file){.body = TS_S("[]"), .type = "application/json"});
    w->o.post = true;
    w->o.body = (ts_str){big, sizeof big};
    w->o.body_type = TS_S("application/json");
    assert_true(get(w, "/search"));
    assert_str(w->r.body, "[]");
    assert_true(sent(w, "/search", "POST /search HTTP/1.1\r\n"));
    assert_true(sent(w, "/search", "Content-Type: application/json\r\n"));
    assert_false(sent(w, "/search", "Expect"));
    assert_int_equal(test_server_last_body(w->s, "/search").n, sizeof big);
    w->o.body = TS_NONE;
    assert_true(get(w, "/search"));
    assert_true(sent(w, "/search", "Content-Length: 0\r\n"));
    test_server_fault(w->s, "/search",
                      (serve_step){.how = SERVE_REDIRECT, .status = 307, .text = "/other"});
    assert_fails(w, "/search", TS_E_NET,
                 "http://127.0.0.1:PORT/search: redirects a POST (status 307); ask for the new "
                 "address itself");
    assert_int_equal(test_server_count(w->s, "/other"), 0);
}

/* A POST is sent again only where the server cannot have acted on it. */
static void test_post_repeats(void **state) {
    world *w = *state;
    w->o.post = true;
    w->o.retries = 3;
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("x")});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_CLOSE});
    assert_false(get(w, "/a"));
    assert_int_equal(test_server_count(w->s, "/a"), 1);
    test_server_put(w->s, "/b", (serve_file){.body = TS_S("x")});
    test_server_fault(w->s, "/b", (serve_step){.how = SERVE_STATUS, .status = 502});
    assert_false(get(w, "/b"));
    assert_int_equal(test_server_count(w->s, "/b"), 1);
    test_server_put(w->s, "/c", (serve_file){.body = TS_S("x")});
    test_server_fault(w->s, "/c", (serve_step){.how = SERVE_STATUS, .status = 429, .times = 2});
    assert_true(get(w, "/c"));
    assert_int_equal(test_server_count(w->s, "/c"), 3);
}

static void test_header_fields(void **state) {
    world *w = *state;
    ts_str v[] = {TS_S("Accept: application/json"), TS_S("X-Key: abc")};
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("x")});
    w->o.headers = (ts_strs){v, 2, 2};
    w->o.user_agent = TS_S("other/1");
    assert_true(get(w, "/a"));
    assert_true(sent(w, "/a", "Accept: application/json\r\n"));
    assert_true(sent(w, "/a", "X-Key: abc\r\n"));
    assert_true(sent(w, "/a", "User-Agent: other/1\r\n"));
    static const char *const bad[] = {"X",
                                      ": y",
                                      "X: ",
                                      "X y: z",
                                      "X: a\r\nY: b",
                                      "X: a\x7f",
                                      "Host: x",
                                      "range: bytes=0-",
                                      "Accept-Encoding: br",
                                      "Content-Length: 5",
                                      "Transfer-Encoding: chunked"};
    unsigned before = test_server_count(w->s, "/a");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        v[1] = ts_str_c(bad[i]);
        assert_false(get(w, "/a"));
        assert_int_equal(w->e.code, TS_E_USAGE);
    }
    w->o.headers.n = 0;
    w->o.etag = TS_S("\"a\"\r\nX: y");
    assert_fails(w, "/a", TS_E_USAGE,
                 "http://127.0.0.1:PORT/a: a text for the request's header holds control "
                 "characters or is too long");
    assert_int_equal(test_server_count(w->s, "/a"), before);
}

static void test_empty_body(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = TS_NONE});
    assert_true(get(w, "/a"));
    assert_int_equal(w->r.bytes, 0);
    const char *path = test_temp("empty");
    assert_true(ts_fetch_file(&w->a, &w->o, path, &w->r, &w->e));
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 0);
}

/* ---- framing ---- */

static void test_chunked(void **state) {
    world *w = *state;
    char body[2500];
    for (size_t i = 0; i < sizeof body; i++) body[i] = (char)('a' + i % 26);
    test_server_put(w->s, "/a", (serve_file){.body = {body, sizeof body}});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_CHUNKED});
    assert_true(get(w, "/a"));
    assert_true(ts_str_eq(w->r.body, (ts_str){body, sizeof body}));
    assert_int_equal(w->r.whole, TS_YES);
}

static void test_until_close(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("hello")});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_UNTIL_CLOSE});
    assert_true(get(w, "/a"));
    assert_str(w->r.body, "hello");
    assert_int_equal(w->r.whole, TS_OPEN); /* nobody can tell whether that was all */
}

static void test_breaks_off(void **state) {
    world *w = *state;
    char body[5000];
    memset(body, 'x', sizeof body);
    test_server_put(w->s, "/a", (serve_file){.body = {body, sizeof body}});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_TRUNCATE, .bytes = 1234, .times = 1});
    test_server_fault(w->s, "/a",
                      (serve_step){.how = SERVE_CHUNKED_TRUNCATE, .bytes = 2000, .times = 1});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_RESET, .bytes = 100, .times = 1});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_TRUNCATE, .bytes = 0, .times = 1});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_CLOSE, .times = 1});
    assert_fails(
        w, "/a", TS_E_NET,
        "http://127.0.0.1:PORT/a: the connection broke after 1234 of 5000 bytes; try again later");
    assert_int_equal(w->r.status, 200);
    assert_int_equal(w->r.transferred, 1234);
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: the connection broke after 2000 bytes, before the "
                 "marked end; try again later");
    assert_false(get(w, "/a")); /* how much arrives before a reset is a matter of timing */
    assert_non_null(strstr(w->e.msg, "the connection broke "));
    assert_fails(
        w, "/a", TS_E_NET,
        "http://127.0.0.1:PORT/a: the connection broke after 0 of 5000 bytes; try again later");
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: the connection broke before there was an answer (Empty "
                 "reply from server); try "
                 "again later");
    assert_int_equal(w->r.status, 0);
}

/* What is sent beyond the announced length is not part of the body, nor of the next answer. */
static void test_short_length(void **state) {
    world *w = *state;
    test_server_put(
        w->s, "/a",
        (serve_file){.body = TS_S("12345HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_SHORT_LENGTH, .bytes = 5});
    test_server_put(w->s, "/from", (serve_file){.body = TS_S("x")});
    assert_true(get(w, "/a"));
    assert_str(w->r.body, "12345");
    test_server_well(w->s, "/a");
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("good")});
    assert_true(get(w, "/a"));
    assert_str(w->r.body, "good");
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_TWO_LENGTHS});
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: gives a length that is no number, or two that differ; "
                 "the answer is not used");
}

static void test_caps(void **state) {
    world *w = *state;
    char body[4000];
    memset(body, 'x', sizeof body);
    test_server_put(w->s, "/a", (serve_file){.body = {body, sizeof body}});
    w->o.max_bytes = 4000;
    assert_true(get(w, "/a"));
    w->o.max_bytes = 3999;
    assert_fails(w, "/a", TS_E_LIMIT,
                 "http://127.0.0.1:PORT/a: announces 4000 bytes, and 3999 are allowed here");
    assert_int_equal(w->r.transferred, 0);
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_CHUNKED, .times = 1});
    assert_fails(w, "/a", TS_E_LIMIT,
                 "http://127.0.0.1:PORT/a: sends more than the 3999 bytes allowed here");
    w->o.max_bytes = 1 << 20;
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_ENDLESS, .times = 1});
    assert_fails(w, "/a", TS_E_LIMIT,
                 "http://127.0.0.1:PORT/a: sends more than the 1048576 bytes allowed here");
    assert_true(w->r.transferred > 1 << 20 && w->r.transferred < (1 << 20) + 100000);
}

static void test_small_arena(void **state) {
    world *w = *state;
    static char body[3 << 20];
    test_server_put(w->s, "/a", (serve_file){.body = {body, sizeof body}});
    ts_arena first = ts_arena_new(2 << 20), a = first;
    w->o.url = test_server_url(w->s, "/a");
    assert_false(ts_fetch_memory(&a, &w->o, &w->r, &w->e));
    assert_string_equal(
        message(w),
        "http://127.0.0.1:PORT/a: the body does not fit into the 2 MiB of working memory a job "
        "has left");
    assert_int_equal(w->e.code, TS_E_MEMORY);
    assert_ptr_equal(a.beg, first.beg);
    ts_arena_free(&first, 2 << 20);
}

/* ---- headers ---- */

static void test_big_headers(void **state) {
    world *w = *state;
    const char *limit = "http://127.0.0.1:PORT/a: the answer's header is larger than 64 KiB or 256 "
                        "lines; the server misbehaves";
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("x")});
    test_server_fault(w->s, "/a",
                      (serve_step){.how = SERVE_BIG_HEADER, .bytes = 16000, .times = 1});
    test_server_fault(w->s, "/a",
                      (serve_step){.how = SERVE_BIG_HEADER, .bytes = 80000, .times = 1});
    test_server_fault(w->s, "/a",
                      (serve_step){.how = SERVE_BIG_HEADER, .bytes = SIZE_MAX - 1000, .times = 1});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_INTERIM, .times = 1});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_LONG_LINE, .bytes = 90000, .times = 1});
    test_server_fault(w->s, "/a",
                      (serve_step){.how = SERVE_LONG_LINE, .bytes = SIZE_MAX - 1000, .times = 1});
    assert_true(get(w, "/a"));
    for (int i = 0; i < 4; i++) assert_fails(w, "/a", TS_E_LIMIT, limit);
    assert_fails(w, "/a", TS_E_LIMIT,
                 "http://127.0.0.1:PORT/a: the answer's header is too large, or memory ran out");
}

static void test_not_http(void **state) {
    world *w = *state;
    static const char *const raw[] = {
        "hello there, this is not HTTP at all\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5",
        "",
    };
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        char path[16];
        snprintf(path, sizeof path, "/raw%zu", i);
        test_server_fault(w->s, path, (serve_step){.how = SERVE_RAW, .text = raw[i]});
        if (get(w, path)) fail_msg("accepted: %s", raw[i]);
        assert_int_equal(w->e.code, TS_E_NET);
    }
    assert_fails(w, "/raw0", TS_E_NET,
                 "http://127.0.0.1:PORT/raw0: does not answer in proper HTTP (Received HTTP/0.9 "
                 "when not allowed)");
}

static void test_wrong_type(void **state) {
    world *w = *state;
    ts_str v[] = {TS_S("application/json"), TS_S("+json")};
    w->o.expect = (ts_strs){v, 2, 2};
    test_server_put(w->s, "/a",
                    (serve_file){.body = TS_S("<html>sorry"), .type = "text/html; charset=utf-8"});
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: sent 'text/html; charset=utf-8' where "
                 "'application/json' was expected; it may be "
                 "an error page");
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("{}"), .type = ""});
    assert_false(get(w, "/a"));
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("{}"), .type = "application/ld+json"});
    assert_true(get(w, "/a"));
}

static void test_status(void **state) {
    world *w = *state;
    assert_fails(
        w, "/nothing?key=secret", TS_E_NOT_FOUND,
        "http://127.0.0.1:PORT/nothing?...: there is nothing at this address (status 404)");
    assert_int_equal(w->r.status, 404);
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STATUS, .status = 500});
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: failed by itself (status 500); try again later");
}

/* ---- content coding ---- */

static ts_str gzip(ts_arena *a, ts_str plain) {
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    uLong cap = deflateBound(&z, plain.n);
    char *p = ts_new_raw(a, char, cap);
    z.next_in = (Bytef *)(uintptr_t)plain.p;
    z.avail_in = (uInt)plain.n;
    z.next_out = (Bytef *)p;
    z.avail_out = (uInt)cap;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    ts_str out = {p, cap - z.avail_out};
    deflateEnd(&z);
    return out;
}

static void test_gzip(void **state) {
    world *w = *state;
    char body[30000];
    for (size_t i = 0; i < sizeof body; i++) body[i] = (char)('a' + i * i % 26);
    ts_str plain = {body, sizeof body}, coded = gzip(&w->a, plain), read;
    const char *path = test_temp("gzip");
    test_server_put(w->s, "/a", (serve_file){.body = coded, .coding = "gzip"});
    w->o.compress = true;
    assert_true(get(w, "/a"));
    assert_true(sent(w, "/a", "Accept-Encoding: gzip\r\n"));
    assert_true(ts_str_eq(w->r.body, plain));
    assert_int_equal(w->r.bytes, plain.n);
    assert_int_equal(w->r.transferred, coded.n);
    assert_true(ts_fetch_file(&w->a, &w->o, path, &w->r, &w->e));
    assert_true(ts_file_read(&w->a, path, 1 << 20, &read, &w->e));
    assert_true(ts_str_eq(read, plain));
    assert_int_equal(w->r.bytes, plain.n);
    w->o.compress = false; /* not asked for, decoded all the same */
    assert_true(get(w, "/a"));
    assert_true(ts_str_eq(w->r.body, plain));
    /* A file that is gzip by itself is left as it is. */
    test_server_put(w->s, "/a.gz", (serve_file){.body = coded, .type = "application/gzip"});
    assert_true(get(w, "/a.gz"));
    assert_true(ts_str_eq(w->r.body, coded));
    /* Announced as gzip and plain after all. */
    test_server_put(w->s, "/b", (serve_file){.body = plain, .coding = "gzip"});
    assert_true(get(w, "/b"));
    assert_true(ts_str_eq(w->r.body, plain));
}

static void test_gzip_damaged(void **state) {
    world *w = *state;
    char body[30000];
    for (size_t i = 0; i < sizeof body; i++) body[i] = (char)('a' + i * i % 26);
    ts_str coded = gzip(&w->a, (ts_str){body, sizeof body});
    test_server_put(w->s, "/a",
                    (serve_file){.body = ts_str_to(coded, coded.n - 9), .coding = "gzip"});
    assert_false(get(w, "/a"));
    assert_int_equal(w->e.code, TS_E_INPUT);
    assert_true(strncmp(message(w), "http://127.0.0.1:PORT/a: ", 25) == 0);
    const char *path = test_temp("damaged");
    assert_false(ts_fetch_file(&w->a, &w->o, path, &w->r, &w->e));
    assert_int_equal(w->e.code, TS_E_INPUT);
    assert_int_not_equal(access(path, F_OK), 0);
    char part[1100];
    snprintf(part, sizeof part, "%s.part", path);
    assert_int_not_equal(access(part, F_OK), 0); /* whole and damaged: of no use */
}

static void test_gzip_bomb(void **state) {
    world *w = *state;
    ts_arena mark = w->a;
    ts_str zeros = {ts_new_n(&w->a, char, 50 << 20), 50 << 20};
    ts_str coded = gzip(&w->a, zeros);
    assert_true(coded.n < 100000);
    test_server_put(w->s, "/a", (serve_file){.body = coded, .coding = "gzip"});
    w->o.max_bytes = 1 << 20;
    assert_fails(w, "/a", TS_E_LIMIT,
                 "http://127.0.0.1:PORT/a: unpacks to more than the 1048576 bytes allowed here");
    const char *path = test_temp("bomb");
    assert_false(ts_fetch_file(&w->a, &w->o, path, &w->r, &w->e));
    assert_string_equal(
        message(w), "http://127.0.0.1:PORT/a: unpacks to more than the 1048576 bytes allowed here");
    assert_int_not_equal(access(path, F_OK), 0);
    ts_arena_trim(mark);
}

/* ---- time ---- */

static void test_stall(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("0123456789")});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STALL, .bytes = 4, .times = 1});
    w->o.stall_seconds = 1;
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: went slower than 100 bytes per second for 1 s, after 4 "
                 "bytes; try again later");
}

static void test_trickle(void **state) {
    world *w = *state;
    char body[4000];
    memset(body, 'x', sizeof body);
    test_server_put(w->s, "/a", (serve_file){.body = {body, sizeof body}});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_TRICKLE, .ms = 20});
    w->o.stall_seconds = 1;
    w->o.stall_bytes = 1000;
    assert_false(get(w, "/a"));
    assert_non_null(strstr(w->e.msg, "went slower than 1000 bytes per second for 1 s, after "));
}

static void test_silence_and_total_time(void **state) {
    world *w = *state;
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_SILENCE});
    w->o.max_ms = 150;
    w->o.retries = 3;
    assert_fails(
        w, "/a", TS_E_NET,
        "http://127.0.0.1:PORT/a: was not done within 150 ms; allow more time or try again later");
    assert_true(test_server_count(w->s, "/a") <= 1);
    assert_true(w->r.seconds >= 0.14);
}

static bool stop_at_once(void *ctx, uint64_t done, uint64_t total) {
    uint64_t *seen = ctx;
    if (done) seen[0] = done, seen[1] = total;
    return done == 0;
}

static void test_progress_stops(void **state) {
    world *w = *state;
    char body[1000];
    uint64_t seen[2] = {0};
    memset(body, 'x', sizeof body);
    test_server_put(w->s, "/a", (serve_file){.body = {body, sizeof body}});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STALL, .bytes = 600});
    w->o.progress = stop_at_once;
    w->o.progress_ctx = seen;
    assert_fails(w, "/a", TS_E_NET, "http://127.0.0.1:PORT/a: was stopped before its end");
    assert_int_equal(seen[0], 600);
    assert_int_equal(seen[1], 1000);
}

/* ---- repeats ---- */

static void test_503_then_ok(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("x")});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STATUS, .status = 503, .times = 2});
    w->o.retries = 2;
    w->e = (ts_error){.line = 77};
    w->o.url = test_server_url(w->s, "/a");
    assert_true(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
    assert_int_equal(w->e.line, 77);
    assert_int_equal(w->r.requests, 3);
    assert_int_equal(w->r.status, 200);
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STATUS, .status = 503, .times = 3});
    assert_fails(
        w, "/a", TS_E_NET,
        "http://127.0.0.1:PORT/a: cannot answer at the moment (status 503); try again later");
    assert_int_equal(w->r.requests, 3);
}

static void test_retry_after(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("x")});
    test_server_fault(
        w->s, "/a",
        (serve_step){.how = SERVE_STATUS, .status = 429, .text = "Retry-After: 1\r\n", .times = 1});
    w->o.retries = 3;
    assert_true(get(w, "/a"));
    assert_true(w->r.seconds >= 1);
    assert_int_equal(w->r.retry_after, 0);
    test_server_fault(w->s, "/a",
                      (serve_step){.how = SERVE_STATUS,
                                   .status = 503,
                                   .text = "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\nRetry-After: "
                                           "Mon, 01 Jan 2024 00:10:00 GMT\r\n"});
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: cannot answer at the moment (status 503); try again "
                 "later; it asks to wait 600 s");
    assert_int_equal(w->r.retry_after, 600);
    assert_int_equal(w->r.requests, 1);
    /* Longer than the whole fetch may take: there is no point in waiting. */
    w->o.max_wait_s = 3600;
    assert_false(get(w, "/a"));
    assert_int_equal(w->r.requests, 1);
    assert_true(w->r.seconds < 10);
}

static void test_repeats_after_breaks(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("0123456789")});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_CLOSE, .times = 1});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_TRUNCATE, .bytes = 5, .times = 1});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_RESET, .bytes = 7, .times = 1});
    w->o.retries = 3;
    assert_true(get(w, "/a"));
    assert_str(w->r.body, "0123456789"); /* from the start each time */
    assert_int_equal(w->r.requests, 4);
    assert_true(w->r.transferred >= 15 && w->r.transferred <= 22);
}

/* A port where nobody listens. */
static uint16_t free_port(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof here;
    assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&here, n) == 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &n), 0);
    close(fd);
    return ntohs(here.sin_port);
}

static void test_nobody_listens(void **state) {
    world *w = *state;
    char url[64], place[32];
    unsigned port = free_port();
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    snprintf(place, sizeof place, "127.0.0.1:%u", port);
    w->places[0] = ts_str_c(place);
    w->o.url = ts_str_c(url);
    w->o.retries = 2;
    assert_false(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
    assert_int_equal(w->e.code, TS_E_NET);
    assert_int_equal(w->r.requests, 3);
    assert_non_null(strstr(w->e.msg, "cannot be reached ("));
}

static void test_same_seed_same_waits(void **state) {
    world *w = *state;
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STATUS, .status = 503});
    w->o.retries = 2;
    w->o.backoff_ms = 40;
    w->o.seed = 7;
    assert_false(get(w, "/a"));
    /* 40 and 80 ms, each at least halved by the variation. */
    assert_true(w->r.seconds >= 0.06);
}

/* ---- redirects ---- */

static void test_redirects(void **state) {
    world *w = *state;
    test_server_put(w->s, "/end", (serve_file){.body = TS_S("here")});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_REDIRECT, .text = "/b?token=secret"});
    test_server_fault(w->s, "/b",
                      (serve_step){.how = SERVE_REDIRECT, .status = 308, .text = "end#top"});
    assert_true(get(w, "/a"));
    assert_str(w->r.body, "here");
    assert_true(ts_str_ends(w->r.url, TS_S("/end")));
    assert_int_equal(w->r.requests, 3);
    w->o.max_redirects = 1;
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: redirected to http://127.0.0.1:PORT/b?...: there are "
                 "more than 1 redirects; ask "
                 "for the last address itself");
    w->o.max_redirects = -1;
    assert_false(get(w, "/a"));
    assert_int_equal(w->r.requests, 1);
}

static void test_redirect_loop(void **state) {
    world *w = *state;
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_REDIRECT, .text = "/b"});
    test_server_fault(w->s, "/b", (serve_step){.how = SERVE_REDIRECT, .text = "/a"});
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: redirected to http://127.0.0.1:PORT/b: there are more "
                 "than 5 redirects; ask for "
                 "the last address itself");
    assert_int_equal(w->r.requests, 6);
}

static void test_redirects_refused(void **state) {
    world *w = *state;
    static const struct {
        const char *to, *text;
    } cases[] = {
        {"http://10.0.0.1/x?key=secret", "10.0.0.1 is an address in a private network; in-house "
                                         "places must be allowed by name in the configuration"},
        {"http://127.0.0.1/", "127.0.0.1 is a loopback address; in-house places must be allowed by "
                              "name in the configuration"},
        {"http://169.254.169.254/latest/meta-data/",
         "169.254.169.254 is a link-local address; in-house places must be allowed by name in the "
         "configuration"},
        {"file:///etc/passwd", "only http and https are fetched, not 'file'"},
        {"ftp://example.org/", "only http and https are fetched, not 'ftp'"},
        {"http://example.org:22/",
         "port 22 is not fetched from; only 80, 443 and ports allowed by the configuration are"},
        {"http://me:hunter2@example.org/",
         "the address holds a user name or password; take it out"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[16], expected[512];
        snprintf(path, sizeof path, "/r%zu", i);
        snprintf(expected, sizeof expected,
                 "http://127.0.0.1:PORT%s: redirects to where this program does not go: %s", path,
                 cases[i].text);
        test_server_fault(w->s, path, (serve_step){.how = SERVE_REDIRECT, .text = cases[i].to});
        assert_fails(w, path, TS_E_NET, expected);
        assert_int_equal(w->r.requests, 1);
    }
}

/* What identifies the caller stays with the first origin. */
static void test_redirect_to_another_origin(void **state) {
    world *w = *state;
    ts_str v[] = {TS_S("Authorization: Bearer abc"), TS_S("X-Key: abc"),
                  TS_S("Accept: text/plain")};
    test_server *other = test_server_start(&w->a);
    test_server_put(other, "/end", (serve_file){.body = TS_S("there")});
    ts_str end = test_server_url(other, "/end");
    test_server_fault(w->s, "/a",
                      (serve_step){.how = SERVE_REDIRECT, .text = ts_str_z(&w->a, end)});
    test_server_fault(w->s, "/same", (serve_step){.how = SERVE_REDIRECT, .text = "/a"});
    w->o.headers = (ts_strs){v, 3, 3};
    assert_false(get(w, "/a")); /* the other port is not allowed */
    w->places[1] = test_server_place(other);
    w->o.allow_private.n = 2;
    assert_true(get(w, "/same"));
    assert_str(w->r.body, "there");
    assert_true(sent(w, "/a", "Authorization: Bearer abc\r\n"));
    ts_str head = test_server_last(other, "/end");
    assert_int_equal(ts_str_find(head, TS_S("Bearer")), TS_NPOS);
    assert_int_equal(ts_str_find(head, TS_S("X-Key")), TS_NPOS);
    assert_int_not_equal(ts_str_find(head, TS_S("Accept: text/plain\r\n")), TS_NPOS);
    /* Another origin may not send the caller back with its key either. */
    ts_str home = test_server_url(w->s, "/home");
    test_server_fault(other, "/end",
                      (serve_step){.how = SERVE_REDIRECT, .text = ts_str_z(&w->a, home)});
    test_server_put(w->s, "/home", (serve_file){.body = TS_S("home")});
    assert_true(get(w, "/a"));
    assert_str(w->r.body, "home");
    assert_false(sent(w, "/home", "X-Key"));
    test_server_stop(other);
}

/* ---- address policy ---- */

/* A name that resolves to a private address is let through by the URL's judgement, and refused at
 * the socket. */
static void test_name_leads_to_private(void **state) {
    world *w = *state;
    char url[64];
    uint16_t port = test_server_port(w->s);
    snprintf(url, sizeof url, "http://localhost:%u/a", (unsigned)port);
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("x")});
    w->o.url = ts_str_c(url);
    w->o.allow_private.n = 0;
    w->o.allow_ports = &port;
    w->o.n_allow_ports = 1;
    w->o.retries = 3;
    assert_false(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
    assert_int_equal(w->e.code, TS_E_NET);
    assert_non_null(
        strstr(w->e.msg, "which is a loopback address; in-house places must be allowed by name"));
    assert_int_equal(w->r.requests, 1); /* refused for good, not repeated */
    assert_int_equal(test_server_count(w->s, "/a"), 0);
    /* Allowed by address, not by this name: still refused. */
    w->o.allow_private.n = 1;
    assert_false(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
    char place[32];
    snprintf(place, sizeof place, "localhost:%u", (unsigned)port);
    w->places[0] = ts_str_c(place);
    assert_true(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
}

/* The same through the system's resolver. */
static void test_host_name_leads_to_private(void **state) {
    world *w = *state;
    char url[300];
    ts_str hosts, name = TS_NONE;
    if (!ts_file_read(&w->a, "/etc/hosts", 1 << 20, &hosts, &w->e)) skip();
    while (hosts.n && !name.n) { /* names of this file need no network */
        ts_str line = ts_str_cut(&hosts, '\n'), address = ts_str_cut_any(&line, " \t");
        ts_str found = ts_str_trim(line);
        found = ts_str_cut_any(&found, " \t");
        bool loopback = ts_str_is(address, "127.0.0.1") || ts_str_is(address, "127.0.1.1");
        if (loopback && !ts_str_is(found, "localhost")) name = found;
    }
    if (!name.n) skip();
    snprintf(url, sizeof url, "http://%.*s/", TS_P(name));
    w->o.url = ts_str_c(url);
    w->o.allow_private.n = 0;
    assert_false(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
    assert_non_null(strstr(w->e.msg, "leads to 127.0."));
    assert_non_null(strstr(w->e.msg, "in-house places must be allowed by name"));
}

static void test_environment_is_ignored(void **state) {
    world *w = *state;
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY",
                                        "all_proxy"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        setenv(names[i], "http://127.0.0.1:1", 1);
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("direct")});
    assert_true(get(w, "/a"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unsetenv(names[i]);
    assert_str(w->r.body, "direct");
}

static void test_proxy(void **state) {
    world *w = *state;
    setenv("no_proxy", "*", 1);
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("through the proxy")});
    w->o.proxy = test_server_url(w->s, "");
    w->o.url = TS_S("http://nowhere.invalid/a");
    w->o.allow_private.n = 0;
    bool ok = ts_fetch_memory(&w->a, &w->o, &w->r, &w->e);
    unsetenv("no_proxy");
    assert_true(ok);
    assert_str(w->r.body, "through the proxy");
    assert_true(sent(w, "/a", "GET http://nowhere.invalid/a HTTP/1.1\r\n"));
    w->o.url = TS_S("http://10.0.0.1/a"); /* what is written down is judged all the same */
    assert_false(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
}

static void test_no_such_host(void **state) {
    world *w = *state; /* a label longer than DNS has: no network is needed to know that */
    w->o.url =
        TS_S("https://a123456789012345678901234567890123456789012345678901234567890123.invalid/"
             "a?key=secret");
    w->o.retries = 1;
    assert_false(ts_fetch_memory(&w->a, &w->o, &w->r, &w->e));
    assert_int_equal(w->e.code, TS_E_NET);
    assert_int_equal(w->r.requests, 2);
    assert_non_null(strstr(w->e.msg, "cannot be reached (Could not resolve host: a1234"));
    assert_null(strstr(message(w), "secret"));
}

/* ---- pace ---- */

static void test_pace(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("x")});
    w->o.pace = ts_pace_new(&w->a, 50, 4);
    uint64_t start = ts_nanos();
    for (int i = 0; i < 4; i++) assert_true(get(w, "/a"));
    assert_true(ts_nanos() - start >= 150000000);
    assert_int_equal(ts_pace_used(w->o.pace), 4);
    assert_fails(
        w, "/a", TS_E_LIMIT,
        "http://127.0.0.1:PORT/a: this run's 4 requests are used up; go on in another run");
    assert_int_equal(test_server_count(w->s, "/a"), 4);
    ts_pace_free(w->o.pace);
    /* A turn that comes too late is not waited for. */
    w->o.pace = ts_pace_new(&w->a, 60000, 0);
    assert_true(get(w, "/a"));
    w->o.max_ms = 500;
    assert_fails(w, "/a", TS_E_NET,
                 "http://127.0.0.1:PORT/a: its turn would come after the 500 ms this fetch may "
                 "take; allow more time");
    ts_pace_free(w->o.pace);
}

/* ---- many at once ---- */

typedef struct job {
    world *w;
    ts_pace *pace;
    unsigned done;
} job;

static void *fetch_many(void *ctx) {
    job *j = ctx;
    ts_arena first = ts_arena_new(1 << 24);
    ts_fetch_options o = j->w->o;
    o.pace = j->pace;
    for (int i = 0; i < 10; i++) {
        ts_arena a = first;
        ts_fetch_result r;
        ts_error e;
        if (ts_fetch_memory(&a, &o, &r, &e) && ts_str_is(r.body, "shared")) j->done++;
    }
    ts_arena_free(&first, 1 << 24);
    return 0;
}

static void test_threads(void **state) {
    world *w = *state;
    job jobs[4];
    pthread_t threads[4];
    test_server_put(w->s, "/a", (serve_file){.body = TS_S("shared")});
    w->o.url = test_server_url(w->s, "/a");
    ts_pace *pace = ts_pace_new(&w->a, 1, 39);
    for (size_t i = 0; i < 4; i++) {
        jobs[i] = (job){w, pace, 0};
        assert_true(ts_thread_start(&threads[i], fetch_many, &jobs[i], &w->e));
    }
    unsigned done = 0;
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], 0);
        done += jobs[i].done;
    }
    assert_int_equal(done, 39); /* one of the forty was over the run's allowance */
    ts_pace_free(pace);
}

/* ---- the program's own resources ---- */

/* Descriptors that are neither the server's listener and pipe nor the standard ones. The server's
 * side of a connection closes a moment after ours, hence the waiting. */
static int open_files(int wanted) {
    int n = 0;
    for (int round = 0; round < 100; round++) {
        n = 0;
        for (int fd = 0; fd < 256; fd++) n += fcntl(fd, F_GETFD) >= 0;
        if (n <= wanted) return n;
        usleep(10000);
    }
    return n;
}

typedef struct attempt {
    world *w;
    const char *path;
} attempt;

static bool fetch_guarded(void *ctx, ts_arena *a, ts_error *e) {
    attempt *t = ctx;
    ts_fetch_result r;
    return t->path ? ts_fetch_file(a, &t->w->o, t->path, &r, e)
                   : ts_fetch_memory(a, &t->w->o, &r, e);
}

/* The n-th allocation fails, for every n: an error each time, and nothing stays open. */
static void test_memory_runs_out(void **state) {
    world *w = *state;
    char body[3000];
    memset(body, 'x', sizeof body);
    ts_str coded = gzip(&w->a, (ts_str){body, sizeof body});
    test_server_put(w->s, "/a", (serve_file){.body = coded, .coding = "gzip"});
    test_server_put(w->s, "/b", (serve_file){.body = {body, sizeof body}});
    for (int way = 0; way < 4; way++) {
        attempt t = {w, way & 1 ? test_temp("memory") : 0};
        w->o.url = test_server_url(w->s, way & 2 ? "/a" : "/b");
        int before = open_files(INT32_MAX);
        bool ok = false;
        for (long n = 1; !ok; n++) {
            assert_true(n < 100);
            ts_arena a = w->a;
            ts_error e = {0};
            ts_arena_fail_after(n);
            ok = ts_arena_guard(fetch_guarded, &t, &a, &e);
            ts_arena_fail_after(0);
            if (!ok) assert_int_equal(e.code, TS_E_MEMORY);
        }
        assert_int_equal(open_files(before), before);
    }
}

/* ---- TLS ---- */

/* openssl s_server with a certificate of its own, answering with files that hold whole answers. */
typedef struct tls_server {
    pid_t pid;
    uint16_t port;
    char dir[1024];
} tls_server;

static bool run_program(char *const argv[], const char *dir, pid_t *pid) {
    posix_spawn_file_actions_t f;
    posix_spawn_file_actions_init(&f);
    posix_spawn_file_actions_addchdir_np(&f, dir);
    posix_spawn_file_actions_addopen(&f, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&f, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&f, 2, "/dev/null", O_WRONLY, 0);
    char *const env[] = {(char[]){"PATH=/usr/bin:/bin"}, 0};
    int rc = posix_spawnp(pid, argv[0], &f, 0, argv, env);
    posix_spawn_file_actions_destroy(&f);
    return rc == 0;
}

#define ARG(s) ((char[]){s})

static bool make_certificate(const tls_server *t) {
    char *argv[] = {ARG("openssl"),
                    ARG("req"),
                    ARG("-x509"),
                    ARG("-newkey"),
                    ARG("ec"),
                    ARG("-pkeyopt"),
                    ARG("ec_paramgen_curve:P-256"),
                    ARG("-nodes"),
                    ARG("-keyout"),
                    ARG("key.pem"),
                    ARG("-out"),
                    ARG("cert.pem"),
                    ARG("-days"),
                    ARG("2"),
                    ARG("-subj"),
                    ARG("/CN=localhost"),
                    ARG("-addext"),
                    ARG("subjectAltName=DNS:localhost"),
                    0};
    pid_t pid;
    int status;
    return run_program(argv, t->dir, &pid) && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool connectable(uint16_t port) {
    struct sockaddr_in there = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool ok = fd >= 0 && connect(fd, (struct sockaddr *)&there, sizeof there) == 0;
    if (fd >= 0) close(fd);
    return ok;
}

static bool tls_start(tls_server *t) {
    char accept[32];
    snprintf(t->dir, sizeof t->dir, "%s", test_temp("tls"));
    t->port = free_port();
    snprintf(accept, sizeof accept, "127.0.0.1:%u", (unsigned)t->port);
    if (mkdir(t->dir, 0700) != 0 || !make_certificate(t)) return false;
    char *argv[] = {ARG("openssl"),
                    ARG("s_server"),
                    ARG("-accept"),
                    accept,
                    ARG("-cert"),
                    ARG("cert.pem"),
                    ARG("-key"),
                    ARG("key.pem"),
                    ARG("-HTTP"),
                    ARG("-quiet"),
                    0};
    if (!run_program(argv, t->dir, &t->pid)) return false;
    for (int i = 0; i < 200; i++) {
        if (connectable(t->port)) return true;
        usleep(10000);
    }
    kill(t->pid, SIGKILL);
    return false;
}

static bool get_tls(world *w, const tls_server *t, const char *host, const char *name) {
    char url[64];
    snprintf(url, sizeof url, "https://%s:%u/%s", host, (unsigned)t->port, name);
    w->o.url = ts_str_c(url);
    w->e = (ts_error){0};
    return ts_fetch_memory(&w->a, &w->o, &w->r, &w->e);
}

static void test_tls(void **state) {
    world *w = *state;
    tls_server t = {0};
    char place[2][32], path[1100], ca[1100];
    if (!tls_start(&t)) {
        print_message("skipped: openssl is not at hand\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/a", t.dir);
    test_write(path, TS_S("HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nsecret"));
    snprintf(path, sizeof path, "%s/down", t.dir);
    test_write(
        path,
        TS_S("HTTP/1.0 302 Found\r\nLocation: http://example.org/\r\nContent-Length: 0\r\n\r\n"));
    snprintf(ca, sizeof ca, "%s/cert.pem", t.dir);
    snprintf(place[0], sizeof place[0], "localhost:%u", (unsigned)t.port);
    snprintf(place[1], sizeof place[1], "127.0.0.1:%u", (unsigned)t.port);
    w->places[0] = ts_str_c(place[0]);
    w->places[1] = ts_str_c(place[1]);
    w->o.allow_private.n = 2;

    bool untrusted = get_tls(w, &t, "localhost", "a");
    ts_error untrusted_e = w->e;
    w->o.ca_file = ts_str_c(ca);
    bool trusted = get_tls(w, &t, "localhost", "a");
    ts_str body = w->r.body;
    bool other_name = get_tls(w, &t, "127.0.0.1", "a"); /* not the name in the certificate */
    ts_error other_e = w->e;
    bool down = get_tls(w, &t, "localhost", "down");
    ts_error down_e = w->e;
    w->o.ca_file = TS_S("/nonexistent/ca.pem");
    bool no_ca = get_tls(w, &t, "localhost", "a");
    kill(t.pid, SIGKILL);
    waitpid(t.pid, 0, 0);

    assert_false(untrusted);
    assert_non_null(strstr(untrusted_e.msg, "its certificate is not to be trusted ("));
    assert_true(trusted);
    assert_str(body, "secret");
    assert_false(other_name);
    assert_non_null(strstr(other_e.msg, "its certificate is not to be trusted ("));
    assert_false(down);
    assert_string_equal(
        down_e.msg,
        "redirects to where this program does not go: http://example.org/ has no encryption, "
        "though the redirecting page had");
    assert_false(no_ca);
    assert_int_equal(w->e.code, TS_E_USAGE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_ok),
        TEST(test_conditional),
        TEST(test_post),
        TEST(test_post_repeats),
        TEST(test_header_fields),
        TEST(test_empty_body),
        TEST(test_chunked),
        TEST(test_until_close),
        TEST(test_breaks_off),
        TEST(test_short_length),
        TEST(test_caps),
        TEST(test_small_arena),
        TEST(test_big_headers),
        TEST(test_not_http),
        TEST(test_wrong_type),
        TEST(test_status),
        TEST(test_gzip),
        TEST(test_gzip_damaged),
        TEST(test_gzip_bomb),
        TEST(test_stall),
        TEST(test_trickle),
        TEST(test_silence_and_total_time),
        TEST(test_progress_stops),
        TEST(test_503_then_ok),
        TEST(test_retry_after),
        TEST(test_repeats_after_breaks),
        TEST(test_nobody_listens),
        TEST(test_same_seed_same_waits),
        TEST(test_redirects),
        TEST(test_redirect_loop),
        TEST(test_redirects_refused),
        TEST(test_redirect_to_another_origin),
        TEST(test_name_leads_to_private),
        TEST(test_host_name_leads_to_private),
        TEST(test_environment_is_ignored),
        TEST(test_proxy),
        TEST(test_no_such_host),
        TEST(test_pace),
        TEST(test_threads),
        TEST(test_memory_runs_out),
        TEST(test_tls),
    };
    ts_error e;
    if (!ts_net_init(&e)) {
        ts_log_error(&e);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, 0, 0);
    ts_net_done();
    return failed;
}
