/* Feeds into the store, from a server that behaves well, and badly. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "support/support.h"

#include "net/server.h"
#include "pipeline/pipeline.h"

extern char **environ;

typedef struct world {
    ts_arena first, a;
    test_server *s;
    ts_str places[1];
    char store_path[256], base[64];
    ts_store *store;
    ts_sync_job job;
    ts_sync_summary sum;
    ts_error e;
} world;

static const size_t room = (size_t)2 << 30;
static const char *self; /* this program, for children that are killed */

static void open_store(world *w) {
    w->store = w->job.store = ts_store_open(&w->a, w->store_path, TS_STORE_WRITE, &w->e);
    assert_non_null(w->store);
}

static void day_is(const char *iso) { setenv("TOUCHSTONE_NOW", iso, 1); }

static int set_up(void **state) {
    static world w;
    static unsigned number;
    w = (world){0};
    w.first = w.a = ts_arena_new(room);
    w.s = test_server_start(&w.a);
    w.places[0] = test_server_place(w.s);
    snprintf(w.store_path, sizeof w.store_path, "%s-%u", test_temp("store.db"), ++number);
    snprintf(w.base, sizeof w.base, "http://%.*s/f", TS_P(w.places[0]));
    w.job = (ts_sync_job){
        .feed = ts_feed_by_name("cpsc"),
        .base = w.base,
        .since = TS_NO_DAY,
        .gap_ms = 1,
        .net = {
            .allow_private = {w.places, 1, 1}, .retries = -1, .backoff_ms = 1, .max_ms = 20000}};
    day_is("2025-06-30T12:00:00Z");
    open_store(&w);
    *state = &w;
    return 0;
}

static int tear_down(void **state) {
    world *w = *state;
    ts_store_close(w->store);
    test_server_stop(w->s);
    ts_arena_free(&w->first, room);
    return 0;
}

/* ---- what the tests say and see ---- */

static void use(world *w, const char *feed) { w->job.feed = ts_feed_by_name(feed); }

static void sync_now(world *w) {
    w->e = (ts_error){0};
    if (!ts_sync(&w->a, &w->job, &w->sum, &w->e)) {
        ts_log_error(&w->e);
        fail_msg("the store refused");
    }
}

#define assert_counts(w, fresh_, updated_, unchanged_)                                             \
    do {                                                                                           \
        assert_int_equal((w)->sum.fresh, fresh_);                                                  \
        assert_int_equal((w)->sum.updated, updated_);                                              \
        assert_int_equal((w)->sum.unchanged, unchanged_);                                          \
    } while (0)
#define assert_good(w)                                                                             \
    do {                                                                                           \
        if ((w)->sum.failed) print_error("%s\n", (w)->sum.why.msg);                                \
        assert_false((w)->sum.failed);                                                             \
        assert_false((w)->sum.silent);                                                             \
        assert_int_equal((w)->sum.bad, 0);                                                         \
    } while (0)

static uint64_t stored(world *w) {
    ts_notice_set set;
    assert_true(ts_store_notice_set(w->store, &set, &w->e));
    return set.count;
}

static int64_t last_success(world *w) {
    int64_t last;
    int32_t since;
    assert_true(ts_sync_state(&w->a, &w->job, &last, &since, &w->e));
    return last;
}

static ts_notice notice(world *w, const char *id) {
    ts_notice n;
    bool found;
    assert_true(ts_store_notice(w->store, &w->a, ts_str_c(id), &n, &found, &w->e));
    if (!found) fail_msg("there is no %s", id);
    return n;
}

static bool asked(world *w, const char *path, const char *text) {
    return ts_str_find(test_server_last(w->s, path), ts_str_c(text)) != TS_NPOS;
}

static bool exists(const world *w, const char *tail) {
    char path[400];
    snprintf(path, sizeof path, "%s%s", w->store_path, tail);
    return access(path, F_OK) == 0;
}

/* The server's port differs from run to run. */
static const char *without_port(const world *w, const char *text) {
    static char out[2048];
    char port[16], *at;
    snprintf(out, sizeof out, "%s", text);
    int n = snprintf(port, sizeof port, ":%u", (unsigned)test_server_port(w->s));
    while ((at = strstr(out, port))) {
        memmove(at + 5, at + n, strlen(at + n) + 1);
        memcpy(at, ":PORT", 5);
    }
    return out;
}

static void assert_refused(world *w, const char *text) {
    char all[2048];
    assert_true(w->sum.failed);
    assert_string_equal(without_port(w, ts_error_text(&w->sum.why, all, sizeof all)), text);
}

/* ---- what is served ---- */

static void put_json(world *w, const char *path, ts_str body) {
    test_server_put(w->s, path, (serve_file){.body = body, .type = "application/json"});
}

static void add_recall(ts_buf *b, unsigned i, const char *day, const char *more) {
    ts_buf_fmt(b,
               "%s{\"RecallID\": %u, \"RecallNumber\": \"%u\", \"RecallDate\": \"%sT00:00:00\", "
               "\"Title\": \"Maker%u Recalls Kettles\", "
               "\"Description\": \"This recall involves Maker%u kettles, model KT-%u. %s\", "
               "\"Products\": [{\"Name\": \"Maker%u Kettle\", \"Model\": \"KT-%u\"}], \"Hazards\": "
               "[{\"Name\": \"It burns.\"}]}",
               i ? ",\n" : "", 9000 + i, 25100 + i, day, i, i, i, more, i, i);
}

static ts_str recalls(world *w, unsigned n, const char *day, unsigned changed, const char *more) {
    ts_buf b = ts_buf_new(&w->a, 16 << 20);
    ts_buf_lit(&b, "[");
    for (unsigned i = 0; i < n; i++) add_recall(&b, i, day, i == changed ? more : "");
    ts_buf_lit(&b, "]");
    return ts_buf_str(&b);
}

enum { NONE = 1000000 };

static void serve_recalls(world *w, unsigned n, unsigned changed, const char *more) {
    put_json(w, "/f/Recall", recalls(w, n, "2025-06-20", changed, more));
}

/* ---- one document ---- */

static void test_story(void **state) {
    world *w = *state;
    serve_recalls(w, 20, NONE, "");
    sync_now(w); /* everything, the first time */
    assert_good(w);
    assert_counts(w, 20, 0, 0);
    assert_int_equal(w->sum.documents, 1);
    assert_true(asked(w, "/f/Recall", "GET /f/Recall?format=json HTTP/1.1"));
    assert_true(asked(w, "/f/Recall", "Accept-Encoding: gzip"));
    assert_false(asked(w, "/f/Recall", "If-"));
    assert_false(exists(w, ".sync-cpsc"));
    assert_false(exists(w, ".sync-cpsc.part"));
    assert_true(last_success(w) > 0);

    day_is("2025-07-01T06:00:00Z");
    sync_now(w); /* two questions, 60 days back from the last success */
    assert_good(w);
    assert_counts(w, 0, 0, 40);
    assert_int_equal(test_server_count(w->s, "/f/Recall"), 3);
    assert_true(asked(w, "/f/Recall",
                      "GET /f/Recall?format=json&LastPublishDateStart=2025-05-01 HTTP/1.1"));

    sync_now(w); /* the day has moved on by one */
    assert_true(asked(w, "/f/Recall", "&LastPublishDateStart=2025-05-02 "));
    assert_int_equal(w->sum.not_modified, 0);
    sync_now(w); /* the same day again: the same question, and the same answer */
    assert_good(w);
    assert_int_equal(w->sum.not_modified, 2);
    assert_int_equal(w->sum.documents, 0);
    assert_int_equal(w->sum.standing, 40);
    assert_true(asked(w, "/f/Recall", "If-None-Match: \""));

    serve_recalls(w, 21, 3, "Sold at fairs.");
    sync_now(w);
    assert_good(w);
    assert_counts(w, 1, 1, 40);
    assert_int_equal(notice(w, "cpsc:25-103").state, TS_NOTICE_UPDATED);
    ts_notice_versions v = {0};
    assert_true(ts_store_notice_versions(w->store, &w->a, TS_S("cpsc:25-103"), &v, &w->e));
    assert_int_equal(v.n, 2);
    assert_int_equal(stored(w), 21);
}

static void test_withdrawn(void **state) {
    world *w = *state;
    serve_recalls(w, 5, NONE, "");
    sync_now(w);
    bool fresh;
    char id[10];
    ts_lead_row l = {.source = TS_S("shop"),
                     .offer_id = TS_S("o1"),
                     .notice_id = TS_S("cpsc:25-102"),
                     .probability = 0.9,
                     .json = TS_S("{}")};
    l.id = ts_lead_id(l.source, l.offer_id, l.notice_id, id);
    assert_true(ts_store_begin(w->store, &w->e) && ts_store_put_lead(w->store, &l, &fresh, &w->e) &&
                ts_store_commit(w->store, &w->e));
    serve_recalls(w, 5, 2, "This notice has been withdrawn.");
    sync_now(w);
    assert_good(w);
    assert_int_equal(w->sum.leads_without_basis, 1);
    assert_true(w->sum.withdrawn > 0);
    assert_int_equal(notice(w, "cpsc:25-102").state, TS_NOTICE_WITHDRAWN);
}

static void test_resumed(void **state) {
    world *w = *state;
    serve_recalls(w, 400, NONE, "");
    test_server_fault(w->s, "/f/Recall",
                      (serve_step){.how = SERVE_TRUNCATE, .bytes = 50000, .times = 1});
    sync_now(w);
    assert_true(w->sum.failed);
    assert_non_null(
        strstr(w->sum.why.msg, "50000 bytes are kept, and the next fetch goes on from there"));
    assert_int_equal(stored(w), 0);
    assert_int_equal(last_success(w), 0);
    assert_true(exists(w, ".sync-cpsc.part"));
    sync_now(w);
    assert_good(w);
    assert_true(asked(w, "/f/Recall", "Range: bytes=50000-"));
    assert_counts(w, 400, 0, 0);
    assert_false(exists(w, ".sync-cpsc.part"));
    assert_false(exists(w, ".sync-cpsc.part.json"));
}

/* Another version in between: the part is not patched together with it. */
static void test_changed_while_broken(void **state) {
    world *w = *state;
    serve_recalls(w, 400, NONE, "");
    test_server_fault(w->s, "/f/Recall",
                      (serve_step){.how = SERVE_TRUNCATE, .bytes = 50000, .times = 1});
    sync_now(w);
    serve_recalls(w, 399, 1, "More.");
    sync_now(w);
    assert_good(w);
    assert_counts(w, 399, 0, 0);
}

static void test_since_and_full(void **state) {
    world *w = *state;
    serve_recalls(w, 20, NONE, "");
    w->job.since = ts_day_of(2025, 6, 1);
    sync_now(w);
    assert_good(w);
    assert_true(asked(w, "/f/Recall", "LastPublishDateStart=2025-06-01 "));
    assert_int_equal(last_success(w), 0); /* what is older is not there */
    w->job.since = TS_NO_DAY;
    sync_now(w);
    assert_true(asked(w, "/f/Recall", "GET /f/Recall?format=json HTTP/1.1"));
    int64_t first = last_success(w);
    assert_true(first > 0);
    day_is("2025-07-10T06:00:00Z");
    w->job.since = ts_day_of(2025, 7, 5); /* leaves a gap */
    put_json(w, "/f/Recall", recalls(w, 20, "2025-07-06", NONE, ""));
    sync_now(w);
    assert_good(w);
    assert_int_equal(last_success(w), first);
    w->job.since = ts_day_of(2025, 6, 29); /* does not */
    sync_now(w);
    assert_true(last_success(w) > first);
    w->job.since = TS_NO_DAY;
    w->job.full = true;
    sync_now(w);
    assert_true(asked(w, "/f/Recall", "GET /f/Recall?format=json HTTP/1.1"));
    assert_false(asked(w, "/f/Recall", "If-"));
}

static void test_plan(void **state) {
    world *w = *state;
    ts_strs lines = {0};
    w->job.base = 0;
    w->job.store = 0;
    assert_true(ts_sync_plan(&w->a, &w->job, &lines, &w->e));
    assert_int_equal(lines.n, 1);
    assert_str(lines.v[0], "https://www.saferproducts.gov/RestWebServices/Recall?format=json");
    w->job.since = ts_day_of(2025, 3, 1);
    assert_true(ts_sync_plan(&w->a, &w->job, &lines, &w->e));
    assert_int_equal(lines.n, 3);
    assert_str(lines.v[1], "https://www.saferproducts.gov/RestWebServices/"
                           "Recall?format=json&RecallDateStart=2025-03-01");
    use(w, "safety-gate");
    assert_true(ts_sync_plan(&w->a, &w->job, &lines, &w->e));
    assert_str(lines.v[3], "https://public.opendatasoft.com/api/explore/v2.1/catalog/datasets/"
                           "healthref-europe-rapex-en/records?"
                           "where=modification_date%20%3E%3D%20date%272025-03-01%27&order_by="
                           "modification_date,alert_number");
}

/* ---- silence, and damaged records ---- */

static void test_silent(void **state) {
    world *w = *state;
    serve_recalls(w, 20, NONE, "");
    sync_now(w);
    int64_t first = last_success(w);
    day_is("2025-07-01T06:00:00Z");
    serve_recalls(w, 9, 1, "Sold at fairs."); /* the store has 20 from that time */
    sync_now(w);
    assert_true(w->sum.silent);
    assert_false(w->sum.failed);
    assert_int_equal(stored(w), 20);
    assert_int_equal(notice(w, "cpsc:25-101").state, TS_NOTICE_UPDATED); /* what came is kept */
    assert_int_equal(last_success(w), first);
    sync_now(w); /* and nothing is thought unchanged */
    assert_true(w->sum.silent);
    assert_int_equal(w->sum.not_modified, 0);
    ts_source_rows rows = {0};
    assert_true(ts_store_sources(w->store, &w->a, &rows, &w->e));
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.v[0].last.kind, TS_RUN_SYNC);
    assert_true(rows.v[0].last.silent && rows.v[0].last.complete);
    w->job.accept = true;
    sync_now(w);
    assert_good(w);
    assert_true(last_success(w) > first);
    put_json(w, "/f/Recall", TS_S(" [ ]\n"));
    sync_now(w); /* nothing cannot be accepted */
    assert_true(w->sum.silent);
    assert_int_equal(w->sum.notices, 0);
    assert_int_equal(stored(w), 20);
}

static void test_silent_whole(void **state) {
    world *w = *state;
    put_json(w, "/f/Recall", TS_S("[]"));
    sync_now(w);
    assert_true(w->sum.silent && !w->sum.failed);
    assert_int_equal(last_success(w), 0);
    serve_recalls(w, 20, NONE, "");
    sync_now(w);
    assert_good(w);
    w->job.full = true;
    serve_recalls(w, 10, NONE, ""); /* half is not less than half */
    sync_now(w);
    assert_good(w);
    serve_recalls(w, 4, NONE, "");
    sync_now(w);
    assert_true(w->sum.silent);
    sync_now(w); /* the measure stays the one before */
    assert_true(w->sum.silent);
    w->job.accept = true;
    sync_now(w);
    assert_good(w);
    w->job.accept = false;
    sync_now(w);
    assert_good(w);
}

static void test_bad_record(void **state) {
    world *w = *state;
    ts_buf b = ts_buf_new(&w->a, 1 << 20);
    ts_buf_lit(&b, "[");
    for (unsigned i = 0; i < 5; i++) add_recall(&b, i, "2025-06-20", "");
    ts_buf_lit(&b, ", {\"RecallID\": 1, \"Title\": \"broken \x01\"}, \"no object\"]");
    put_json(w, "/f/Recall", ts_buf_str(&b));
    sync_now(w);
    assert_false(w->sum.failed);
    assert_int_equal(w->sum.bad, 2);
    assert_counts(w, 5, 0, 0);
    assert_true(last_success(w) > 0);
    day_is("2025-07-01T06:00:00Z");
    sync_now(w);
    sync_now(w); /* with a damaged record in it, it is read anew */
    assert_int_equal(w->sum.bad, 4);
    assert_int_equal(w->sum.not_modified, 0);
    assert_false(asked(w, "/f/Recall", "If-None-Match"));
}

/* ---- a feed that lies ---- */

#define LIE(w, text)                                                                               \
    do {                                                                                           \
        sync_now(w);                                                                               \
        assert_refused(w, text);                                                                   \
        lie_over(w);                                                                               \
    } while (0)

/* Whatever was told, what was stored stands, and the next run does what this one could not. */
static void lie_over(world *w) {
    assert_int_equal(w->sum.documents, 0);
    assert_int_equal(stored(w), 20);
    assert_false(exists(w, ".sync-cpsc"));
    int64_t before = last_success(w);
    test_server_well(w->s, "/f/Recall");
    serve_recalls(w, 20, NONE, "");
    sync_now(w);
    assert_good(w);
    assert_true(last_success(w) == before + 60);
}

static void minute(world *w) {
    static unsigned n;
    char now[32];
    n++;
    snprintf(now, sizeof now, "2025-07-%02uT%02u:%02u:00Z", 1 + n / 1440, n / 60 % 24, n % 60);
    day_is(now);
    (void)w;
}

static void lying(world *w) {
    serve_recalls(w, 20, NONE, "");
    minute(w);
    sync_now(w);
    assert_int_equal(stored(w), 20);
    minute(w);
}

static void lie_as(world *w, serve_step step) {
    lying(w);
    test_server_fault(w->s, "/f/Recall", step);
}

static void lie_with(world *w, serve_file f) {
    lying(w);
    test_server_put(w->s, "/f/Recall", f);
}

#define ADDRESS "http://127.0.0.1:PORT/f/Recall?...: "

static void test_lies_in_http(void **state) {
    world *w = *state;
    serve_recalls(w, 20, NONE, "");
    sync_now(w);
    lie_as(w, (serve_step){.how = SERVE_STATUS, .status = 500});
    LIE(w, ADDRESS "failed by itself (status 500); try again later");
    lie_as(w, (serve_step){.how = SERVE_STATUS, .status = 429, .text = "Retry-After: 3600\r\n"});
    LIE(w, ADDRESS "has had too many requests (status 429); ask more slowly");
    lie_as(w, (serve_step){.how = SERVE_REDIRECT, .text = "http://192.168.0.1/"});
    LIE(w, ADDRESS "redirects to where this program does not go: 192.168.0.1 is an address in a "
                   "private network; in-house places must be allowed by name in the configuration");
    lie_as(w, (serve_step){.how = SERVE_REDIRECT, .text = "/f/Recall"});
    LIE(w, ADDRESS "redirected to http://127.0.0.1:PORT/f/Recall: there are more than 5 redirects; "
                   "ask for the last address itself");
    w->job.net.stall_seconds = 1;
    lie_as(w, (serve_step){.how = SERVE_STALL, .bytes = 100});
    sync_now(w);
    assert_true(w->sum.failed);
    assert_int_equal(w->sum.why.code, TS_E_NET);
    lie_over(w);
    w->job.net.max_bytes = 100000;
    lie_as(w, (serve_step){.how = SERVE_ENDLESS});
    sync_now(w);
    assert_true(w->sum.failed);
    lie_over(w);
    lie_as(w, (serve_step){.how = SERVE_TWO_LENGTHS});
    sync_now(w);
    assert_true(w->sum.failed);
    lie_over(w);
    lie_as(w, (serve_step){.how = SERVE_CHUNKED_TRUNCATE, .bytes = 2000});
    sync_now(w);
    assert_true(w->sum.failed);
    lie_over(w);
    lie_with(w, (serve_file){.body = recalls(w, 400, "2025-06-20", NONE, ""),
                             .type = "application/json"});
    sync_now(w);
    assert_int_equal(w->sum.why.code, TS_E_LIMIT);
    assert_true(w->sum.failed);
    lie_over(w);
}

static ts_str gzipped(world *w, ts_str s) {
    size_t cap = s.n + (s.n >> 8) + 200;
    char *out = ts_new_raw(&w->a, char, cap);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)s.p,
                  .avail_in = (uInt)s.n,
                  .next_out = (Bytef *)out,
                  .avail_out = (uInt)cap};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    return (ts_str){out, n};
}

static void test_lies_in_content(void **state) {
    world *w = *state;
    ts_str page = TS_S("<!DOCTYPE html><html><body>Access denied</body></html>"),
           good = recalls(w, 20, "2025-06-20", NONE, "");
    char *blanks = ts_new_raw(&w->a, char, 50 << 20);
    memset(blanks, ' ', 50 << 20);
    serve_recalls(w, 20, NONE, "");
    sync_now(w);
    lie_with(w, (serve_file){.body = page, .type = "text/html"});
    LIE(w,
        ADDRESS "sent 'text/html' where 'application/json' was expected; it may be an error page");
    lie_with(w, (serve_file){.body = page, .type = "application/json"});
    LIE(w, "cpsc, RecallDateStart: answers with a web page instead of JSON; the service may be "
           "down or closed to programs: look at it with a browser, or try again later");
    lie_with(w, (serve_file){.body = TS_S("sorry"), .type = "application/json"});
    LIE(w, "cpsc, RecallDateStart: answers with something that is not JSON; try again later");
    lie_with(w, (serve_file){.body = TS_NONE, .type = "application/json"});
    LIE(w, "cpsc, RecallDateStart: the answer is empty; try again later");
    lie_with(w, (serve_file){.body = gzipped(w, good), .type = "application/json"});
    LIE(w, "cpsc, RecallDateStart: answers with something that is not JSON; try again later");
    lie_with(w, (serve_file){.body = TS_S("{\"error\": \"too many\", \"code\": 7}"),
                             .type = "application/json"});
    LIE(w, "cpsc, RecallDateStart: this is not cpsc_rest. Names seen: error, code");
    w->job.net.max_bytes = 1 << 20;
    lie_with(w, (serve_file){.body = gzipped(w, (ts_str){blanks, 50 << 20}),
                             .type = "application/json",
                             .coding = "gzip"});
    sync_now(w);
    assert_int_equal(w->sum.why.code, TS_E_LIMIT);
    assert_true(w->sum.failed);
    lie_over(w);
    lie_as(w, (serve_step){.how = SERVE_SHORT_LENGTH,
                           .bytes = good.n - 700}); /* cut off inside a record */
    LIE(w, "cpsc, RecallDateStart: is cut off: the JSON ends before it is closed; try again later");
    lie_as(w, (serve_step){.how = SERVE_SHORT_LENGTH,
                           .bytes = good.n - 1}); /* nothing but the end is missing */
    LIE(w, "cpsc, RecallDateStart: is cut off: the JSON ends before it is closed; try again later");
    lie_with(w, (serve_file){.body = TS_S("[{\"RecallID\": 1, \"Title\": \"a ] \\\" ]\"}] [1]"),
                             .type = "application/json"});
    LIE(w, "cpsc, RecallDateStart: goes on behind the end of its JSON; try again later");
    lie_with(w, (serve_file){.body = gzipped(w, good),
                             .type = "application/json",
                             .coding = "gzip"}); /* no lie */
    sync_now(w);
    assert_good(w);
}

static void test_private_by_default(void **state) {
    world *w = *state;
    serve_recalls(w, 3, NONE, "");
    w->job.net.allow_private.n = 0;
    sync_now(w);
    assert_true(w->sum.failed);
    assert_int_equal(test_server_count(w->s, "/f/Recall"), 0);
    assert_int_equal(w->sum.why.code, TS_E_NET);
}

/* ---- pages ---- */

#define CLAUSE(day)                                                                                \
    "where=modification_date%20%3E%3D%20date%27" day "%27&order_by=modification_date,alert_number"

static ts_str alerts(world *w, unsigned from, unsigned n, unsigned total, const char *day) {
    ts_buf b = ts_buf_new(&w->a, 16 << 20);
    if (total != NONE) ts_buf_fmt(&b, "{\"total_count\": %u, \"results\": ", total);
    ts_buf_lit(&b, "[");
    for (unsigned i = from; i < from + n; i++)
        ts_buf_fmt(
            &b,
            "%s{\"alert_number\": \"SR/%05u/25\", \"product_type\": \"Kettle\", \"product_brand\": "
            "\"Maker%u\", \"product_model_type\": \"KT-%u\", "
            "\"alert_date\": \"%s\", \"modification_date\": \"%s\", \"alert_level\": \"Serious\"}",
            i > from ? "," : "", i, i, i, day, day);
    ts_buf_lit(&b, "]");
    if (total != NONE) ts_buf_lit(&b, "}");
    return ts_buf_str(&b);
}

static const char *page_path(const char *day, unsigned offset) {
    static char path[256];
    snprintf(path, sizeof path,
             "/f/"
             "records?where=modification_date%%20%%3E%%3D%%20date%%27%s%%27&order_by=modification_"
             "date,alert_number&limit=100&offset=%u",
             day, offset);
    return path;
}

static void serve_page(world *w, unsigned offset, unsigned n, unsigned total) {
    put_json(w, page_path("2025-06-01", offset), alerts(w, offset, n, total, "2025-06-10"));
}

static void test_pages(void **state) {
    world *w = *state;
    use(w, "safety-gate");
    put_json(w, "/f/exports/json", alerts(w, 0, 120, NONE, "2025-06-10"));
    sync_now(w);
    assert_good(w);
    assert_counts(w, 120, 0, 0);
    assert_true(asked(w, "/f/exports/json", "GET /f/exports/json?limit=-1 HTTP"));
    int64_t first = last_success(w);

    day_is("2025-07-31T12:00:00Z");
    w->job.since = ts_day_of(2025, 6, 1);
    w->job.since = TS_NO_DAY;
    day_is("2025-07-31T06:00:00Z");
    int64_t last;
    int32_t since;
    assert_true(ts_sync_state(&w->a, &w->job, &last, &since, &w->e));
    assert_int_equal(since, ts_day_of(2025, 5, 1));
    w->job.since = ts_day_of(2025, 6, 1);
    serve_page(w, 0, 100, 250);
    serve_page(w, 100, 100, 250);
    serve_page(w, 200, 50, 250);
    test_server_fault(w->s, page_path("2025-06-01", 100),
                      (serve_step){.how = SERVE_STATUS, .status = 503, .times = 1});
    sync_now(w);
    assert_true(w->sum.failed); /* the first page stays, the day does not move */
    assert_counts(w, 0, 0, 100);
    assert_int_equal(last_success(w), first);
    sync_now(w);
    assert_good(w);
    assert_counts(w, 130, 0, 120);
    assert_int_equal(stored(w), 250);
    assert_true(last_success(w) > first);
    assert_int_equal(w->sum.requests, 3);

    serve_page(w, 200, 49, 250); /* a page ends early */
    sync_now(w);
    assert_refused(w, "safety-gate, page 3: the records end after 249 of the 250 that the service "
                      "announces; try again later");
    put_json(w, page_path("2025-06-01", 100),
             alerts(w, 0, 100, 250, "2025-06-10")); /* a server that does not turn pages */
    sync_now(w);
    assert_refused(w, "safety-gate, page 2: is the page before it once more; the service does not "
                      "turn pages now, try again later or use --full");
    put_json(w, page_path("2025-06-01", 0), TS_S("{\"results\": []}"));
    sync_now(w);
    assert_refused(w, "safety-gate, page 1: is no page of records: \"total_count\" or \"results\" "
                      "is missing; the service may have changed");
    put_json(w, page_path("2025-06-01", 0), TS_S("{\"total_count\": 0, \"results\": []}"));
    sync_now(w);
    assert_true(w->sum.silent && !w->sum.failed);
    put_json(w, page_path("2025-06-01", 0),
             alerts(w, 0, 80, 80, "2025-06-10")); /* less than half of 250 */
    sync_now(w);
    assert_true(w->sum.silent && !w->sum.failed);
    assert_int_equal(stored(w), 250);
}

static void test_too_many_pages(void **state) {
    world *w = *state;
    use(w, "safety-gate");
    w->job.since = ts_day_of(2025, 6, 1);
    serve_page(w, 0, 100, 10001);
    put_json(w, "/f/exports/json?limit=-1&" CLAUSE("2025-06-01"),
             alerts(w, 0, 300, NONE, "2025-06-10"));
    sync_now(w);
    assert_good(w);
    assert_counts(w, 300, 0, 0);
    assert_int_equal(w->sum.requests, 2);
}

static ts_str rappels(world *w, unsigned from, unsigned n, unsigned total, const char *day) {
    ts_buf b = ts_buf_new(&w->a, 4 << 20);
    ts_buf_fmt(&b, "{\"total_count\": %u, \"results\": [", total);
    for (unsigned i = from; i < from + n; i++)
        ts_buf_fmt(&b,
                   "%s{\"numero_fiche\": \"2025-06-%04u\", \"libelle\": \"bouilloire\", "
                   "\"categorie_produit\": \"maison\", \"marque_produit\": \"faiseur %u\", "
                   "\"date_publication\": %s%s%s}",
                   i > from ? "," : "", i, i, day ? "\"" : "", day ? day : "null",
                   day ? "T00:00:00+00:00\"" : "");
    ts_buf_lit(&b, "]}");
    return ts_buf_str(&b);
}

static void test_newest_first(void **state) {
    world *w = *state;
    const char *first = "/f/records?order_by=date_publication%20desc&limit=100&offset=0",
               *second = "/f/records?order_by=date_publication%20desc&limit=100&offset=100";
    use(w, "rappelconso");
    w->job.since = ts_day_of(2025, 6, 1);
    put_json(w, first, rappels(w, 0, 100, 18000, "2025-06-20"));
    put_json(w, second, rappels(w, 100, 100, 18000, "2025-05-31"));
    sync_now(w);
    assert_good(w);
    assert_counts(w, 200, 0, 0);
    assert_int_equal(w->sum.requests, 2);
    put_json(w, second, rappels(w, 100, 100, 18000, 0));
    sync_now(w);
    assert_refused(w, "rappelconso, page 2: its last record has no date in 'date_publication'; the "
                      "service may have changed, use --full");
}

/* ---- weekly reports ---- */

static void put_xml(world *w, const char *path, ts_str body) {
    test_server_put(w->s, path, (serve_file){.body = body, .type = "application/xml"});
}

static void serve_report(world *w, unsigned week, unsigned n, const char *more) {
    ts_buf b = ts_buf_new(&w->a, 1 << 20);
    char path[64];
    ts_buf_fmt(&b,
               "<?xml version=\"1.0\" "
               "encoding=\"UTF-8\"?><Safety-Gate><report_date>01/01/2025</"
               "report_date><report_year>2025</report_year><report_week>%u</report_week>",
               week);
    for (unsigned i = 0; i < n; i++)
        ts_buf_fmt(&b,
                   "<notifications><caseNumber>SR/%05u/25</caseNumber><product><![CDATA[Kettle]]></"
                   "product><brand>Maker%u</brand>"
                   "<type_numberOfModel>KT-%u</type_numberOfModel><description>%s</description></"
                   "notifications>",
                   week * 100 + i, i, i, more);
    ts_buf_lit(&b, "</Safety-Gate>");
    snprintf(path, sizeof path, "/f/weeklyReport/detail/xml/%u", week);
    put_xml(w, path, ts_buf_str(&b));
}

static void add_report(ts_buf *b, const char *base, unsigned week, const char *day) {
    ts_buf_fmt(b,
               "<weeklyReport><reference>Report-2025-%02u</reference><publicationDate>%s</"
               "publicationDate><year>2025</year><week>%u</week>"
               "<URL><![CDATA[%s/weeklyReport/detail/xml/"
               "%u?language=en&search=WEB_REPORT|:|%u,]]></URL></weeklyReport>",
               week, day, week, base, week, week);
}

#define LIST "/f/weeklyReport/list/xml/en"
#define OFFICIAL "https://ec.europa.eu/safety-gate-alerts/api/download"

/* Three reports: one of January, two of June. */
static void serve_list(world *w, const char *more) {
    ts_buf b = ts_buf_new(&w->a, 1 << 20);
    ts_buf_lit(&b, "<?xml version=\"1.0\"?>\n<Safety-Gate>\n");
    add_report(&b, OFFICIAL, 25, "20/06/2025");
    add_report(&b, w->base, 24, "13/06/2025");
    add_report(&b, OFFICIAL, 3, "17/01/2025");
    ts_buf_put(&b, ts_str_c(more));
    ts_buf_lit(&b, "</Safety-Gate>\n");
    put_xml(w, LIST, ts_buf_str(&b));
}

static void serve_weekly(world *w) {
    use(w, "safety-gate-weekly");
    serve_list(w, "");
    serve_report(w, 25, 10, "");
    serve_report(w, 24, 8, "");
    serve_report(w, 3, 6, "");
}

static unsigned reports_asked(world *w, unsigned week) {
    char path[64];
    snprintf(path, sizeof path, "/f/weeklyReport/detail/xml/%u", week);
    return test_server_count(w->s, path);
}

static void test_weekly(void **state) {
    world *w = *state;
    serve_weekly(w);
    sync_now(w);
    assert_good(w);
    assert_counts(w, 24, 0, 0);
    assert_int_equal(w->sum.documents, 3);
    assert_true(
        asked(w, "/f/weeklyReport/detail/xml/25",
              "GET /f/weeklyReport/detail/xml/25?language=en&search=WEB_REPORT%7C:%7C25 HTTP"));
    int64_t first = last_success(w);
    assert_true(first > 0);

    day_is("2025-07-01T06:00:00Z");
    sync_now(w); /* nothing new: the list, and the reports of the last weeks, have not changed */
    assert_good(w);
    assert_int_equal(w->sum.not_modified, 3);
    assert_int_equal(w->sum.standing, 24);
    assert_int_equal(reports_asked(w, 3), 1);
    assert_true(last_success(w) > first);

    serve_report(w, 24, 8, "Sold at fairs."); /* a report that was corrected */
    sync_now(w);
    assert_good(w);
    assert_counts(w, 0, 8, 0);

    serve_report(w, 26, 5, "");
    serve_report(w, 3, 6, "The alert has been withdrawn.");
    ts_buf b = ts_buf_new(&w->a, 1 << 16);
    add_report(&b, OFFICIAL, 26, "27/06/2025");
    serve_list(w,
               ts_buf_str(&b).p ? ts_str_dup(&w->a, (ts_str){b.p, (ts_buf_c(&b, 0), b.n)}).p : "");
    sync_now(w); /* a new one; the old one is not asked for */
    assert_good(w);
    assert_counts(w, 5, 0, 0);
    assert_int_equal(reports_asked(w, 3), 1);
    w->job.full = true;
    sync_now(w);
    assert_good(w);
    assert_int_equal(w->sum.withdrawn, 6);
    assert_int_equal(notice(w, "safety_gate:SR/00300/25").state, TS_NOTICE_WITHDRAWN);
    assert_int_equal(stored(w), 29);
}

static void test_weekly_since(void **state) {
    world *w = *state;
    serve_weekly(w);
    w->job.since = ts_day_of(2025, 6, 1);
    sync_now(w);
    assert_good(w);
    assert_counts(w, 18, 0, 0);
    assert_int_equal(reports_asked(w, 3), 0);
    assert_int_equal(last_success(w), 0);
    w->job.since = TS_NO_DAY;
    sync_now(w);
    assert_counts(w, 6, 0, 0);
    assert_true(last_success(w) > 0);
}

/* One report that cannot be had does not keep the others away, and is asked for again. */
static void test_weekly_faults(void **state) {
    world *w = *state;
    serve_weekly(w);
    put_xml(w, "/f/weeklyReport/detail/xml/24",
            TS_S("<!doctype html><html><head></head><body><app-root></app-root></body></html>"));
    sync_now(w);
    assert_refused(w, "safety-gate-weekly, Report-2025-24: answers with a web page instead of XML; "
                      "the service may be down or closed to programs: look at it with a "
                      "browser, or try again later");
    assert_counts(w, 16, 0, 0);
    assert_int_equal(last_success(w), 0);
    serve_report(w, 24, 8, "");
    test_server_fault(w->s, "/f/weeklyReport/detail/xml/24",
                      (serve_step){.how = SERVE_SHORT_LENGTH, .bytes = 900, .times = 1});
    sync_now(w); /* half a report is none */
    assert_true(w->sum.failed);
    assert_counts(w, 0, 0, 0);
    assert_int_equal(stored(w), 16);
    serve_report(w, 24, 0, "");
    sync_now(w);
    assert_true(w->sum.silent && !w->sum.failed);
    assert_int_equal(last_success(w), 0);
    serve_report(w, 24, 8, "");
    sync_now(w);
    assert_good(w);
    assert_counts(w, 8, 0, 0);
    assert_int_equal(reports_asked(w, 3), 1); /* never again */
    assert_true(last_success(w) > 0);
}

static void test_weekly_bad_record(void **state) {
    world *w = *state;
    serve_weekly(w);
    put_xml(w, "/f/weeklyReport/detail/xml/24",
            TS_S("<Safety-Gate><report_week>24</report_week><notifications><caseNumber>SR/02400/"
                 "25</caseNumber><product>Kettle</product></notifications>"
                 "<notifications><product>No number</product></notifications></Safety-Gate>"));
    sync_now(w);
    assert_false(w->sum.failed);
    assert_int_equal(w->sum.bad, 1);
    assert_counts(w, 17, 0, 0);
}

static void test_weekly_list_lies(void **state) {
    world *w = *state;
    serve_weekly(w);
    serve_list(w, "<weeklyReport><reference>Report-X</reference><publicationDate>20/06/2025</"
                  "publicationDate><URL>http://192.168.0.1/x</URL></weeklyReport>"
                  "<weeklyReport><reference>Report-Y</reference><URL>https://ec.europa.eu.example/"
                  "safety-gate-alerts/api/download/weeklyReport/detail/xml/1</URL></weeklyReport>"
                  "<weeklyReport><reference>Report-Z</reference><URL/></weeklyReport>");
    sync_now(w);
    assert_false(w->sum.failed);
    assert_int_equal(w->sum.bad, 3); /* named; the rest is read */
    assert_counts(w, 24, 0, 0);
    w->job.full = true;
    put_xml(w, LIST,
            TS_S("<!DOCTYPE x [<!ENTITY a "
                 "\"b\">]><Safety-Gate><weeklyReport><URL>&a;</URL></weeklyReport></Safety-Gate>"));
    sync_now(w);
    assert_true(w->sum.failed);
    assert_string_equal(w->sum.why.where, "safety-gate-weekly, the list of reports");
    put_xml(w, LIST, TS_S("<Safety-Gate><weeklyReport><reference>Report-2025-24</refer"));
    sync_now(w);
    assert_true(w->sum.failed);
    put_xml(w, LIST, TS_S("<Safety-Gate></Safety-Gate>"));
    sync_now(w);
    assert_true(w->sum.silent && !w->sum.failed);
    ts_buf b = ts_buf_new(&w->a, 1 << 16);
    ts_buf_lit(&b, "<Safety-Gate>");
    add_report(&b, OFFICIAL, 25, "20/06/2025");
    ts_buf_lit(&b, "</Safety-Gate>");
    put_xml(w, LIST, ts_buf_str(&b));
    w->job.full = false;
    sync_now(w); /* one report where there were six entries */
    assert_true(w->sum.silent && !w->sum.failed);
    assert_int_equal(stored(w), 24);
}

static void test_weekly_gives_up(void **state) {
    world *w = *state;
    ts_buf b = ts_buf_new(&w->a, 1 << 16);
    use(w, "safety-gate-weekly");
    ts_buf_lit(&b, "<Safety-Gate>");
    for (unsigned i = 1; i < 20; i++) add_report(&b, OFFICIAL, i, "20/06/2025");
    ts_buf_lit(&b, "</Safety-Gate>");
    put_xml(w, LIST, ts_buf_str(&b));
    sync_now(w);
    assert_true(w->sum.failed);
    assert_int_equal(w->sum.requests, 4); /* the list, and three that are not there */
}

/* ---- killed ---- */

static void run_child(world *w, const char *feed, unsigned kill_ms) {
    char ms[16];
    snprintf(ms, sizeof ms, "%u", kill_ms);
    char *const argv[] = {(char *)(uintptr_t)self, (char *)(uintptr_t) "--child",
                          (char *)(uintptr_t)feed, w->base,
                          w->store_path,           0};
    pid_t pid;
    posix_spawn_file_actions_t f;
    posix_spawn_file_actions_init(&f);
    posix_spawn_file_actions_addopen(&f, 2, "/dev/null", O_WRONLY, 0);
    assert_int_equal(posix_spawn(&pid, self, &f, 0, argv, environ), 0);
    posix_spawn_file_actions_destroy(&f);
    struct timespec t = {kill_ms / 1000, (long)(kill_ms % 1000) * 1000000};
    nanosleep(&t, 0);
    kill(pid, SIGKILL);
    waitpid(pid, 0, 0);
}

static int child(char **argv) {
    ts_arena a = ts_arena_new(room);
    ts_error e = {0};
    ts_sync_summary sum;
    ts_str place = ts_str_from(ts_str_c(argv[3]), 7);
    place = ts_str_to(place, ts_str_chr(place, '/'));
    ts_sync_job job = {.feed = ts_feed_by_name(argv[2]),
                       .base = argv[3],
                       .since = TS_NO_DAY,
                       .gap_ms = 1,
                       .net = {.allow_private = {&place, 1, 1}, .retries = -1}};
    job.store = ts_store_open(&a, argv[4], TS_STORE_WRITE, &e);
    return job.store && ts_net_init(&e) && ts_sync(&a, &job, &sum, &e) ? 0 : 1;
}

/* Killed in the middle of the second report: the first stays and is not fetched again. */
static void test_killed_between_reports(void **state) {
    world *w = *state;
    serve_weekly(w);
    test_server_fault(w->s, "/f/weeklyReport/detail/xml/24",
                      (serve_step){.how = SERVE_STALL, .bytes = 300, .times = 1});
    ts_store_close(w->store);
    for (unsigned ms = 300; reports_asked(w, 24) == 0 && ms < 20000; ms *= 2)
        run_child(w, "safety-gate-weekly", ms);
    open_store(w);
    assert_int_equal(stored(w), 6);
    assert_int_equal(last_success(w), 0);
    unsigned before = reports_asked(w, 3);
    ts_source_rows rows = {0};
    assert_true(ts_store_sources(w->store, &w->a, &rows, &w->e));
    assert_int_equal(rows.v[0].last.finished, 0); /* "interrupted" */
    sync_now(w);
    assert_good(w);
    assert_counts(w, 18, 0, 0);
    assert_int_equal(reports_asked(w, 3), before);
    assert_false(exists(w, ".sync-safety-gate-weekly"));
}

/* Killed anywhere, again and again: nothing is lost, nothing doubled, and one more run completes
 * it. */
static void test_killed_anywhere(void **state) {
    world *w = *state;
    enum { RUNS = 24, RECORDS = 3000 };
    serve_recalls(w, RECORDS, NONE, "");
    ts_store_close(w->store);
    for (unsigned i = 0; i < RUNS; i++) {
        run_child(w, "cpsc", 5 + i * 23);
        open_store(w);
        uint64_t n = stored(w);
        bool done = last_success(w) > 0;
        ts_store_close(w->store);
        assert_true(n == 0 || n == RECORDS); /* the document is one transaction */
        if (done) assert_int_equal(n, RECORDS);
    }
    open_store(w);
    w->job.full = true;
    sync_now(w);
    assert_good(w);
    assert_int_equal(stored(w), RECORDS);
    ts_notice_versions v = {0};
    assert_true(ts_store_notice_versions(w->store, &w->a, TS_S("cpsc:25-103"), &v, &w->e));
    assert_int_equal(v.n, 1);
}

/* ---- the table ---- */

static void test_table(void **state) {
    (void)state;
    assert_null(ts_feed_by_name("nix"));
    for (size_t i = 0; i < ts_feeds_n; i++) {
        const ts_feed *f = &ts_feeds[i];
        assert_ptr_equal(ts_feed_by_name(f->name), f);
        assert_true(ts_str_starts(ts_str_c(f->base), TS_S("https://")));
        assert_true(f->list || f->since[0]);
        assert_true(f->format && f->overlap_days && f->gap_ms >= 1000 && f->max_bytes);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv) {
    if (argc == 5 && strcmp(argv[1], "--child") == 0) return child(argv);
    const struct CMUnitTest tests[] = {
        TEST(test_table),
        TEST(test_story),
        TEST(test_withdrawn),
        TEST(test_resumed),
        TEST(test_changed_while_broken),
        TEST(test_since_and_full),
        TEST(test_plan),
        TEST(test_silent),
        TEST(test_silent_whole),
        TEST(test_bad_record),
        TEST(test_lies_in_http),
        TEST(test_lies_in_content),
        TEST(test_private_by_default),
        TEST(test_pages),
        TEST(test_too_many_pages),
        TEST(test_newest_first),
        TEST(test_weekly),
        TEST(test_weekly_since),
        TEST(test_weekly_faults),
        TEST(test_weekly_bad_record),
        TEST(test_weekly_list_lies),
        TEST(test_weekly_gives_up),
        TEST(test_killed_between_reports),
        TEST(test_killed_anywhere),
    };
    ts_error e;
    self = argv[0];
    if (!ts_net_init(&e)) {
        ts_log_error(&e);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, 0, 0);
    ts_net_done();
    return failed;
}
