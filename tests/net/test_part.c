/* Files that arrive in parts: what is kept, and when it is gone on with. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "support/support.h"

#include "net/net.h"
#include "net/part.h"
#include "net/server.h"

enum { ARENA = 1 << 28, SIZE = 10000 };

typedef struct world {
    ts_arena first, a;
    test_server *s;
    ts_str places[2];
    ts_fetch_options o; /* one attempt */
    ts_fetch_result r;
    ts_error e;
    char path[1024], part[1040], note[1040];
    char one[SIZE], two[SIZE]; /* two versions of a body */
} world;

static int set_up(void **state) {
    static world w;
    static int n;
    w = (world){0};
    w.first = w.a = ts_arena_new(ARENA);
    w.s = test_server_start(&w.a);
    w.places[0] = test_server_place(w.s);
    w.o = (ts_fetch_options){
        .allow_private = {w.places, 1, 2}, .retries = -1, .backoff_ms = 1, .max_ms = 20000};
    w.o.url = test_server_url(w.s, "/a?key=hunter2");
    char name[32];
    snprintf(name, sizeof name, "file%d", n++);
    snprintf(w.path, sizeof w.path, "%s", test_temp(name));
    snprintf(w.part, sizeof w.part, "%s.part", w.path);
    snprintf(w.note, sizeof w.note, "%s.part.json", w.path);
    for (int i = 0; i < SIZE; i++) {
        w.one[i] = (char)('a' + i * i % 23);
        w.two[i] = (char)('A' + i * i % 19);
    }
    test_server_put(w.s, "/a",
                    (serve_file){.body = {w.one, SIZE}, .etag = "\"v1\"", .type = "text/plain"});
    *state = &w;
    return 0;
}

static int tear_down(void **state) {
    world *w = *state;
    test_server_stop(w->s);
    ts_arena_free(&w->first, ARENA);
    return 0;
}

static bool fetch(world *w) {
    w->e = (ts_error){0};
    return ts_fetch_file(&w->a, &w->o, w->path, &w->r, &w->e);
}

static long size_of(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

#define assert_holds(w, bytes)                                                                     \
    do {                                                                                           \
        ts_str held_;                                                                              \
        assert_true(ts_file_read(&(w)->a, (w)->path, 1 << 26, &held_, &(w)->e));                   \
        assert_true(ts_str_eq(held_, (ts_str){bytes, SIZE}));                                      \
        assert_int_equal(size_of((w)->part), -1);                                                  \
        assert_int_equal(size_of((w)->note), -1);                                                  \
    } while (0)

static void fault(world *w, serve_how how, size_t bytes) {
    test_server_fault(w->s, "/a", (serve_step){.how = how, .bytes = bytes, .times = 1});
}

static bool sent(world *w, const char *line) {
    return ts_str_find(test_server_last(w->s, "/a"), ts_str_c(line)) != TS_NPOS;
}

/* The first 4000 bytes are there, and a note. */
static void break_off(world *w) {
    fault(w, SERVE_TRUNCATE, 4000);
    assert_false(fetch(w));
    assert_int_equal(size_of(w->part), 4000);
    assert_true(size_of(w->note) > 0);
    assert_int_equal(size_of(w->path), -1);
}

static void test_whole(void **state) {
    world *w = *state;
    assert_true(fetch(w));
    assert_holds(w, w->one);
    assert_false(w->r.resumed);
    assert_int_equal(w->r.bytes, SIZE);
    assert_int_equal(w->r.body.n, 0);
    test_server_put(w->s, "/a", (serve_file){.body = {w->two, SIZE}});
    assert_true(fetch(w)); /* over the old file */
    assert_holds(w, w->two);
}

static void test_goes_on(void **state) {
    world *w = *state;
    break_off(w);
    assert_string_equal(
        w->e.msg,
        "the connection broke after 4000 of 10000 bytes; try again later; 4000 bytes are kept, and "
        "the next fetch goes on from there");
    ts_str note;
    assert_true(ts_file_read(&w->a, w->note, 1 << 16, &note, &w->e));
    assert_int_equal(ts_str_find(note, TS_S("hunter2")), TS_NPOS);
    assert_true(fetch(w));
    assert_true(sent(w, "Range: bytes=4000-\r\n"));
    assert_true(sent(w, "If-Range: \"v1\"\r\n"));
    assert_holds(w, w->one);
    assert_true(w->r.resumed);
    assert_int_equal(w->r.status, 206);
    assert_int_equal(w->r.bytes, SIZE);
    assert_int_equal(w->r.transferred, SIZE - 4000);
    assert_str(w->r.etag, "\"v1\"");
    assert_str(w->r.content_type, "text/plain");
    assert_int_equal(w->r.whole, TS_YES);
}

static void test_goes_on_in_one_call(void **state) {
    world *w = *state;
    fault(w, SERVE_TRUNCATE, 3000);
    w->o.retries = 1;
    assert_true(fetch(w));
    assert_holds(w, w->one);
    assert_true(w->r.resumed);
    assert_int_equal(w->r.requests, 2);
    assert_int_equal(w->r.transferred, SIZE);
}

static void test_goes_on_twice(void **state) {
    world *w = *state;
    break_off(w);
    static const char page[] =
        "HTTP/1.1 206 x\r\nETag: \"v1\"\r\nContent-Range: bytes 4000-9999/10000\r\n"
        "Content-Length: 6000\r\n\r\n";
    char raw[sizeof page + 1000];
    memcpy(raw, page, sizeof page - 1);
    memcpy(raw + sizeof page - 1, w->one + 4000, 1000);
    raw[sizeof page - 1 + 1000] = 0;
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_RAW, .text = raw, .times = 1});
    assert_false(fetch(w));
    assert_int_equal(size_of(w->part), 5000);
    assert_non_null(strstr(w->e.msg, "; 5000 bytes are kept"));
    assert_true(fetch(w));
    assert_true(sent(w, "Range: bytes=5000-\r\n"));
    assert_holds(w, w->one);
}

static void test_changed_and_said_so(void **state) {
    world *w = *state;
    break_off(w);
    test_server_put(w->s, "/a", (serve_file){.body = {w->two, SIZE}, .etag = "\"v2\""});
    assert_true(fetch(w)); /* If-Range does not hold: 200 with the whole */
    assert_holds(w, w->two);
    assert_false(w->r.resumed);
    assert_int_equal(w->r.requests, 1);
    assert_str(w->r.etag, "\"v2\"");
}

/* A server that ignores If-Range: the 206 itself shows another ETag. */
static void test_changed_and_sent_in_part(void **state) {
    world *w = *state;
    break_off(w);
    test_server_put(w->s, "/a", (serve_file){.body = {w->two, SIZE}, .etag = "\"v2\""});
    fault(w, SERVE_RANGE_ALWAYS, 0);
    assert_true(fetch(w));
    assert_holds(w, w->two);
    assert_false(w->r.resumed);
    assert_int_equal(w->r.requests, 2);
}

static void test_ranges_not_known(void **state) {
    world *w = *state;
    break_off(w);
    fault(w, SERVE_RANGE_NEVER, 0);
    assert_true(fetch(w));
    assert_holds(w, w->one);
    assert_false(w->r.resumed);
    assert_int_equal(w->r.requests, 1);
}

static void test_wrong_range(void **state) {
    static const char *const wrong[] = {"bytes 0-9999/10000", "bytes 4001-9999/10000",
                                        "bytes 4000-9998/10000", "nonsense", ""};
    world *w = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        break_off(w);
        test_server_fault(w->s, "/a",
                          (serve_step){.how = SERVE_RANGE_WRONG, .text = wrong[i], .times = 1});
        assert_false(fetch(w));
        assert_string_equal(w->e.msg, "sent a wrong Content-Range for the rest from byte 4000; "
                                      "what was kept is dropped, fetch again");
        assert_int_equal(size_of(w->path), -1);
        assert_int_equal(size_of(w->part), -1);
        assert_int_equal(size_of(w->note), -1);
    }
    assert_true(fetch(w)); /* whole again */
    assert_holds(w, w->one);
}

static void test_not_satisfiable(void **state) {
    world *w = *state;
    break_off(w);
    test_server_put(
        w->s, "/a",
        (serve_file){.body = {w->two, 100}, .etag = "\"v1\""}); /* shorter, and the same ETag */
    assert_true(fetch(w));
    assert_int_equal(size_of(w->path), 100);
    assert_int_equal(w->r.requests, 2);
    /* Even when the answer to the request for the whole is 416. */
    test_server_put(w->s, "/a", (serve_file){.body = {w->one, SIZE}, .etag = "\"v1\""});
    unlink(w->path);
    break_off(w);
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STATUS, .status = 416, .times = 2});
    assert_false(fetch(w));
    assert_string_equal(w->e.msg, "refuses the request (status 416); check the address");
}

static void test_no_validator(void **state) {
    world *w = *state;
    static const char *const etags[] = {"", "W/\"weak\"", "unquoted"};
    for (size_t i = 0; i < sizeof etags / sizeof *etags; i++) {
        test_server_put(
            w->s, "/a",
            (serve_file){.body = {w->one, SIZE}, .etag = etags[i], .last_modified = ""});
        fault(w, SERVE_TRUNCATE, 4000);
        assert_false(fetch(w));
        assert_string_equal(w->e.msg,
                            "the connection broke after 4000 of 10000 bytes; try again later");
        assert_int_equal(size_of(w->part), -1);
        assert_int_equal(size_of(w->note), -1);
        assert_true(fetch(w));
        assert_false(sent(w, "Range"));
        assert_holds(w, w->one);
    }
}

static void test_by_date(void **state) {
    world *w = *state;
    test_server_put(w->s, "/a", (serve_file){.body = {w->one, SIZE}, .etag = ""});
    break_off(w);
    assert_true(fetch(w));
    assert_true(sent(w, "If-Range: Mon, 01 Jan 2024 00:00:00 GMT\r\n"));
    assert_true(w->r.resumed);
    assert_holds(w, w->one);
}

static void test_another_url(void **state) {
    world *w = *state;
    break_off(w);
    w->o.url = test_server_url(w->s, "/a?key=other");
    assert_true(fetch(w));
    assert_false(sent(w, "Range"));
    assert_holds(w, w->one);
}

/* The part stays when the server cannot answer, and when an error page comes instead. */
static void test_part_survives_failures(void **state) {
    world *w = *state;
    ts_str types[] = {TS_S("text/plain")};
    break_off(w);
    w->o.expect = (ts_strs){types, 1, 1};
    fault(w, SERVE_CLOSE, 0);
    assert_false(fetch(w));
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_STATUS, .status = 503, .times = 1});
    assert_false(fetch(w));
    test_server_fault(w->s, "/a",
                      (serve_step){.how = SERVE_RAW,
                                   .text = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                           "Content-Length: 5\r\n\r\nsorry",
                                   .times = 1});
    assert_false(fetch(w));
    assert_non_null(strstr(w->e.msg, "sent 'text/html' where 'text/plain' was expected"));
    assert_int_equal(size_of(w->part), 4000);
    assert_true(fetch(w));
    assert_true(w->r.resumed);
    assert_holds(w, w->one);
}

static void test_304_keeps_the_file(void **state) {
    world *w = *state;
    assert_true(fetch(w));
    w->o.etag = TS_S("\"v1\"");
    assert_true(fetch(w));
    assert_true(w->r.not_modified);
    assert_holds(w, w->one);
    /* A part of a version that was taken back. */
    test_server_put(w->s, "/a", (serve_file){.body = {w->two, SIZE}, .etag = "\"v2\""});
    fault(w, SERVE_TRUNCATE, 4000);
    assert_false(fetch(w));
    test_server_put(w->s, "/a", (serve_file){.body = {w->one, SIZE}, .etag = "\"v1\""});
    assert_true(fetch(w));
    assert_true(w->r.not_modified);
    assert_holds(w, w->one);
}

static void test_gzip_goes_on(void **state) {
    world *w = *state;
    z_stream z = {0};
    static char coded[2 * SIZE];
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 9, Z_HUFFMAN_ONLY), Z_OK);
    z.next_in = (Bytef *)w->one;
    z.avail_in = SIZE;
    z.next_out = (Bytef *)coded;
    z.avail_out = sizeof coded;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = sizeof coded - z.avail_out;
    deflateEnd(&z);
    assert_true(n > 4000);
    test_server_put(w->s, "/a",
                    (serve_file){.body = {coded, n}, .etag = "\"v1-gzip\"", .coding = "gzip"});
    w->o.compress = true;
    break_off(w);
    assert_true(fetch(w));
    assert_true(w->r.resumed);
    assert_int_equal(w->r.bytes, SIZE);
    assert_int_equal(w->r.transferred, n - 4000);
    assert_holds(w, w->one);
}

/* The answer to a POST is never completed by asking again. */
static void test_post(void **state) {
    world *w = *state;
    w->o.post = true;
    fault(w, SERVE_TRUNCATE, 4000);
    assert_false(fetch(w));
    assert_string_equal(w->e.msg,
                        "the connection broke after 4000 of 10000 bytes; try again later");
    assert_int_equal(size_of(w->part), -1);
    assert_int_equal(size_of(w->note), -1);
    w->o.post = false;
    break_off(w); /* a part that GET has left is of no use to a POST */
    w->o.post = true;
    assert_true(fetch(w));
    assert_false(sent(w, "Range"));
    assert_holds(w, w->one);
}

/* A mirror behind the same address: parts of two mirrors are not put together. */
static void test_moved(void **state) {
    world *w = *state;
    test_server *other = test_server_start(&w->a);
    test_server_put(other, "/a", (serve_file){.body = {w->two, SIZE}, .etag = "\"v1\""});
    w->places[1] = test_server_place(other);
    w->o.allow_private.n = 2;
    break_off(w);
    test_server_fault(
        w->s, "/a",
        (serve_step){.how = SERVE_REDIRECT, .text = ts_str_z(&w->a, test_server_url(other, "/a"))});
    assert_true(fetch(w));
    assert_false(w->r.resumed);
    assert_holds(w, w->two);
    test_server_stop(other);
}

static void test_caps(void **state) {
    world *w = *state;
    break_off(w);
    w->o.max_bytes = 9999;
    assert_false(fetch(w));
    assert_string_equal(w->e.msg, "announces 10000 bytes, and 9999 are allowed here");
    assert_int_equal(size_of(w->part), -1); /* can never be completed within the cap */
    w->o.max_bytes = 0;
    break_off(w);
    w->o.max_bytes = 4000;
    assert_false(fetch(w));
    assert_false(sent(w, "Range"));
    w->o.max_bytes = 0;
    break_off(w);
    w->o.max_bytes = 4001;
    fault(w, SERVE_ENDLESS, 0);
    assert_false(fetch(w));
    assert_int_equal(w->e.code, TS_E_LIMIT);
    assert_int_equal(size_of(w->part), -1);
}

/* The cap holds for the part and the rest together. */
static void test_cap_counts_the_part(void **state) {
    world *w = *state;
    static const char raw[] =
        "HTTP/1.1 206 x\r\nETag: \"v1\"\r\nContent-Range: bytes 4000-9999/10000\r\n"
        "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n";
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_TRUNCATE, .bytes = 4000, .times = 1});
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_RAW, .text = raw, .times = 1});
    assert_false(fetch(w));
    w->o.max_bytes = 4009;
    assert_false(fetch(w));
    assert_string_equal(w->e.msg, "sends more than the 4009 bytes allowed here");
}

#define REST                                                                                       \
    "HTTP/1.1 206 x\r\nETag: \"v1\"\r\nContent-Range: bytes 4000-9999/10000\r\n"                   \
    "Transfer-Encoding: chunked\r\n\r\n"

/* Chunks that end properly, but before the range does. */
static void test_rest_is_short(void **state) {
    world *w = *state;
    char raw[] = REST "a\r\n0123456789\r\n0\r\n\r\n";
    memcpy(strstr(raw, "0123456789"), w->one + 4000, 10);
    break_off(w);
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_RAW, .text = raw, .times = 1});
    assert_false(fetch(w));
    assert_string_equal(w->e.msg, "the connection broke after 10 of 6000 bytes; try again later; "
                                  "4010 bytes are kept, and the next fetch goes on from there");
    assert_true(fetch(w));
    assert_holds(w, w->one);
}

/* Chunks that go on behind the end of the range. */
static void test_rest_is_long(void **state) {
    world *w = *state;
    static char raw[SIZE] = REST "1771\r\n"; /* 6001 bytes */
    size_t n = strlen(raw);
    memset(raw + n, 'x', 6001);
    memcpy(raw + n + 6001, "\r\n0\r\n\r\n", 8);
    break_off(w);
    test_server_fault(w->s, "/a", (serve_step){.how = SERVE_RAW, .text = raw, .times = 1});
    assert_false(fetch(w));
    assert_string_equal(w->e.msg, "sends more than its Content-Range says; what was kept is "
                                  "dropped, fetch again");
    assert_int_equal(size_of(w->part), -1);
    assert_true(fetch(w));
    assert_holds(w, w->one);
}

/* ---- what is on disk cannot be trusted either ---- */

static void test_damaged_notes(void **state) {
    world *w = *state;
    ts_str good;
    break_off(w);
    assert_true(ts_file_read(&w->a, w->note, 1 << 16, &good, &w->e));
    static const struct {
        const char *old, *new;
    } edits[] = {
        {"\"format\":1", "\"format\":2"},
        {"\"size\":4000", "\"size\":4001"},
        {"\"size\":4000", "\"size\":-1"},
        {"\"size\":4000", "\"size\":0"},
        {"\"size\":4000", "\"size\":1e3"},
        {"\"etag\":\"\\\"v1\\\"\"", "\"etag\":\"v1\""},
        {"\"etag\":\"\\\"v1\\\"\"", "\"etag\":\"\\\"v\\r\\nX: y\\\"\""},
        {"\"total\":10000", "\"total\":3999"},
        {"\"request\":\"", "\"request\":\"0"},
        {"{", "["},
        {"}", ""},
    };
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        size_t at = ts_str_find(good, ts_str_c(edits[i].old));
        assert_int_not_equal(at, TS_NPOS);
        ts_str v[] = {ts_str_to(good, at), ts_str_c(edits[i].new),
                      ts_str_from(good, at + strlen(edits[i].old))};
        test_write(w->note, ts_str_join(&w->a, v, 3, TS_NONE));
        test_write(w->part,
                   (ts_str){w->two, 4000}); /* whoever goes on from here gets a wrong file */
        unlink(w->path);
        if (!fetch(w)) fail_msg("%s: %s", edits[i].new, w->e.msg);
        if (sent(w, "Range")) fail_msg("%s was believed", edits[i].new);
        assert_holds(w, w->one);
    }
}

/* Bytes behind those that were certainly on disk are cut off. */
static void test_longer_part(void **state) {
    world *w = *state;
    break_off(w);
    int fd = open(w->part, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "garbage", 7), 7);
    close(fd);
    assert_true(fetch(w));
    assert_true(w->r.resumed);
    assert_holds(w, w->one);
}

static void test_part_without_note(void **state) {
    world *w = *state;
    test_write(w->part, (ts_str){w->two, 4000});
    assert_true(fetch(w));
    assert_false(sent(w, "Range"));
    assert_holds(w, w->one);
}

/* A program that is killed writes no last note: the last regular one counts. */
static void test_killed(void **state) {
    world *w = *state;
    enum { MIB = 1 << 20 };
    ts_digest d = {1, 2};
    net_part p;
    net_url url = {.show = "http://x.example/", .host = "x.example", .port = 80};
    net_response r = net_response_none();
    snprintf(r.etag, sizeof r.etag, "\"v1\"");
    r.has_length = true;
    r.length = 64 * MIB;
    char *mib = ts_new_n(&w->a, char, MIB);
    assert_true(net_part_open(&p, w->path, d, w->a, &w->e));
    assert_int_equal(p.size, 0);
    assert_true(net_part_start(&p, &r, &url, &w->e));
    for (int i = 0; i < 20; i++) assert_true(net_part_write(&p, (ts_str){mib, MIB}, &w->e));
    close(p.fd);
    assert_true(net_part_open(&p, w->path, d, w->a, &w->e));
    assert_true(p.resumable);
    assert_int_equal(p.size, 16 * MIB);
    assert_int_equal(p.total, 64 * MIB);
    assert_int_equal(size_of(w->part), 16 * MIB);
    assert_string_equal(p.etag, "\"v1\"");
    assert_string_equal(p.origin, "http://x.example:80");
    net_part_drop(&p);
    net_part_close(&p);
    assert_int_equal(size_of(w->part), -1);
}

static void test_one_at_a_time(void **state) {
    world *w = *state;
    net_part p;
    assert_true(net_part_open(&p, w->path, (ts_digest){1, 2}, w->a, &w->e));
    assert_false(fetch(w));
    assert_int_equal(w->e.code, TS_E_IO);
    assert_string_equal(w->e.where, w->path);
    assert_string_equal(w->e.msg, "another fetch is writing this file; wait until it has ended");
    assert_int_equal(test_server_count(w->s, "/a"), 0);
    net_part_close(&p);
    assert_true(fetch(w));
}

static void test_bad_places(void **state) {
    world *w = *state;
    const char *no_folder = test_temp("missing/file");
    assert_false(ts_fetch_file(&w->a, &w->o, no_folder, &w->r, &w->e));
    assert_int_equal(w->e.code, TS_E_IO);
    assert_non_null(strstr(w->e.where, "missing/file.part"));
    char long_path[NET_PATH_MAX + 2];
    memset(long_path, 'x', sizeof long_path);
    long_path[NET_PATH_MAX + 1] = 0;
    assert_false(ts_fetch_file(&w->a, &w->o, long_path, &w->r, &w->e));
    assert_string_equal(w->e.msg, "the path is longer than 1000 bytes");
    assert_int_equal(mkdir(w->path, 0700), 0); /* a folder where the file should go */
    assert_false(fetch(w));
    assert_int_equal(w->e.code, TS_E_IO);
    assert_true(strncmp(w->e.msg, "cannot put the file in its place: ", 34) == 0);
    rmdir(w->path);
    /* A link in place of the part is not written through. */
    unlink(w->part);
    unlink(w->note);
    const char *victim = test_temp("victim");
    test_write(victim, TS_S("precious"));
    assert_int_equal(symlink(victim, w->part), 0);
    assert_false(fetch(w));
    assert_int_equal(size_of(victim), 8);
}

static void test_disk_full(void **state) {
    world *w = *state;
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 5000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool ok = fetch(w);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    assert_false(ok);
    assert_int_equal(w->e.code, TS_E_IO);
    assert_string_equal(w->e.where, w->part);
    assert_int_equal(size_of(w->path), -1);
    assert_true(fetch(w));
    assert_holds(w, w->one);
}

/* ---- a folder of files ---- */

static void test_folder(void **state) {
    world *w = *state;
    char folder[1024], file[1100];
    snprintf(folder, sizeof folder, "%s", test_temp("folder"));
    assert_int_equal(mkdir(folder, 0700), 0);
    snprintf(file, sizeof file, "%s/b.json", folder);
    test_write(file, TS_S("[1]"));
    test_server_folder(w->s, "/files/", folder);
    w->o.url = test_server_url(w->s, "/files/b.json");
    assert_true(fetch(w));
    assert_str(w->r.content_type, "application/json");
    assert_int_equal(w->r.bytes, 3);
    w->o.etag = w->r.etag;
    assert_true(fetch(w));
    assert_true(w->r.not_modified);
    test_write(file, TS_S("[1,2]"));
    assert_true(fetch(w));
    assert_int_equal(w->r.bytes, 5);
    test_server_fault(w->s, "/files/b.json",
                      (serve_step){.how = SERVE_STATUS, .status = 500, .times = 1});
    assert_false(fetch(w));
    w->o.url = test_server_url(w->s, "/files/c.json");
    assert_false(fetch(w));
    assert_int_equal(w->e.code, TS_E_NOT_FOUND);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_whole),
        TEST(test_goes_on),
        TEST(test_goes_on_in_one_call),
        TEST(test_goes_on_twice),
        TEST(test_changed_and_said_so),
        TEST(test_changed_and_sent_in_part),
        TEST(test_ranges_not_known),
        TEST(test_wrong_range),
        TEST(test_not_satisfiable),
        TEST(test_no_validator),
        TEST(test_by_date),
        TEST(test_another_url),
        TEST(test_part_survives_failures),
        TEST(test_304_keeps_the_file),
        TEST(test_gzip_goes_on),
        TEST(test_post),
        TEST(test_moved),
        TEST(test_caps),
        TEST(test_cap_counts_the_part),
        TEST(test_rest_is_short),
        TEST(test_rest_is_long),
        TEST(test_damaged_notes),
        TEST(test_longer_part),
        TEST(test_part_without_note),
        TEST(test_killed),
        TEST(test_one_at_a_time),
        TEST(test_bad_places),
        TEST(test_disk_full),
        TEST(test_folder),
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
