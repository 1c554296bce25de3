/* Pages out of web archives: which records count, codings undone, and records that are not what
 * they say. */
#include <zlib.h>

#include "read_offers.h"

static ts_str record(ts_arena *a, const char *kind, const char *uri, const char *type, ts_str block,
                     long length_off) {
    ts_buf b = ts_buf_new(a, 80 << 20);
    ts_buf_fmt(&b,
               "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nContent-Type: "
               "%s\r\nContent-Length: %ld\r\n\r\n",
               kind, uri, type, (long)block.n + length_off);
    ts_buf_put(&b, block);
    ts_buf_lit(&b, "\r\n\r\n");
    return ts_buf_str(&b);
}

static ts_str http(ts_arena *a, const char *head, ts_str body) {
    ts_str parts[] = {ts_str_c(head), TS_S("\r\n\r\n"), body};
    return ts_str_join(a, parts, 3, TS_NONE);
}

static ts_str page(ts_arena *a, const char *title) {
    ts_buf b = ts_buf_new(a, 4096);
    ts_buf_fmt(&b,
               "<html><div itemscope itemtype='http://schema.org/Product'><b "
               "itemprop=name>%s</b></div></html>",
               title);
    return ts_buf_str(&b);
}

#define HTML "HTTP/1.1 200 OK\r\nContent-Type: text/html"

static ts_str response(ts_arena *a, const char *title, long length_off) {
    return record(a, "response", "https://shop.example/x", "application/http; msgtype=response",
                  http(a, HTML, page(a, title)), length_off);
}

static all_offers read_records(ts_arena *a, const ts_str *v, size_t n) {
    return read_bytes(a, ts_str_join(a, v, n, TS_NONE), (ts_offer_options){0});
}

static void test_sample(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_sample(&a, "pages.warc");
    assert_int_equal(l.format, TS_OF_WARC);
    assert_int_equal(l.bad.n + l.failed.code, 0);
    assert_int_equal(l.ok.n, 6);
    static const char *const titles[] = {"Lamp One",  "Lamp Two",  "Lamp Three",
                                         "Lamp Four", "Lamp Five", "Stehlampe grün"};
    static const unsigned records[] = {3, 4, 5, 6, 9, 10};
    for (size_t i = 0; i < 6; i++) {
        assert_str(l.ok.v[i].title, titles[i]);
        assert_int_equal(l.ok.v[i].record, records[i]);
    }
    assert_str(l.ok.v[5].url, "https://shop.example/6");
    l = read_sample(&a, "pages.warc.gz"); /* one gzip member per record */
    assert_int_equal(l.format, TS_OF_WARC);
    assert_int_equal(l.ok.n, 2);
    assert_str(l.ok.v[1].id, "https://shop.example/2");
}

static void test_what_is_no_page(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str p = page(&a, "X");
    const char *http_type = "application/http; msgtype=response";
    ts_str v[] = {
        record(&a, "response", "u", http_type,
               http(&a, "HTTP/1.1 301 Moved\r\nContent-Type: text/html", p), 0),
        record(&a, "response", "u", http_type,
               http(&a, "HTTP/1.1 206 Partial Content\r\nContent-Type: text/html", p), 0),
        record(&a, "response", "u", http_type,
               http(&a, "HTTP/1.1 200 OK\r\nContent-Type: application/json", p), 0),
        record(&a, "response", "u", "text/dns", p, 0),
        record(&a, "request", "u", "application/http; msgtype=request", p, 0),
        record(&a, "conversion", "u", "text/html", p, 0),
        record(&a, "revisit", "u", http_type, http(&a, HTML, p), 0),
        record(&a, "resource", "u", "image/png", p, 0),
        record(&a, "response", "u", http_type, TS_S(""), 0),
        /* and two that are, by their looks */
        record(&a, "response", "u", http_type, http(&a, "HTTP/1.0 200", p), 0),
        record(&a, "RESOURCE", "u", "application/xhtml+xml", p, 0),
    };
    all_offers l = read_records(&a, v, sizeof v / sizeof *v);
    assert_int_equal(l.bad.n + l.failed.code, 0);
    assert_int_equal(l.ok.n, 2);
    assert_int_equal(l.ok.v[0].record, 10);
}

static void test_wrong_lengths(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str v[] = {response(&a, "One", 0),      response(&a, "Long", 50), response(&a, "Two", 0),
                  response(&a, "Longer", 400), response(&a, "Three", 0), response(&a, "Short", -20),
                  response(&a, "Four", 0)};
    all_offers l = read_records(&a, v, 7);
    assert_int_equal(l.failed.code, 0);
    assert_int_equal(l.ok.n, 4);
    assert_str(l.ok.v[1].title, "Two");
    assert_str(l.ok.v[2].title, "Three");
    assert_str(l.ok.v[3].title, "Four");
    assert_int_equal(l.bad.n, 3);
    says(&l.bad.v[0],
         "WARC record 2: Content-Length is wrong: no record follows where it says; left out", 2);
    says(&l.bad.v[1], "WARC record 4: ", 4);
    says(&l.bad.v[2], "WARC record 6: ", 6);
    assert_int_equal(l.ok.v[3].record, 7);
}

static void test_broken_frames(void **state) {
    (void)state;
    ts_arena a = test_arena();
    /* blank lines missing between records, or too many: nothing is wrong with what is in them */
    ts_str one = response(&a, "One", 0), two = response(&a, "Two", 0);
    ts_str v[] = {ts_str_to(one, one.n - 4), two,
                  TS_S("\r\n\r\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"),
                  response(&a, "Three", 0)};
    all_offers l = read_records(&a, v, 4);
    assert_int_equal(l.bad.n + l.failed.code, 0);
    assert_int_equal(l.ok.n, 3);
    /* bytes that belong to no record; no length; a header that does not end */
    ts_str w[] = {one,
                  TS_S("what is this\r\nhere?\r\n"),
                  two,
                  TS_S("WARC/1.0\r\nWARC-Type: response\r\n\r\nxx\r\n\r\n"),
                  response(&a, "Three", 0),
                  TS_S("WARC/1.0\r\nWARC-Type: response\r\n")};
    l = read_records(&a, w, 6);
    assert_int_equal(l.ok.n, 2);
    assert_int_equal(l.bad.n, 3);
    says(&l.bad.v[0], "WARC record 1: Content-Length is wrong", 1); /* the stray bytes make it so */
    says(&l.bad.v[1], "WARC record 3: has no Content-Length; left out", 3);
    says(&l.bad.v[2], "WARC record 5: its header does not end; left out", 5);
}

static void test_address_that_is_no_text(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str v[] = {
        record(&a, "resource", "https://shop.example/\xFF", "text/html", page(&a, "X"), 0)};
    all_offers l = read_records(&a, v, 1);
    assert_str(only(&l)->url, "https://shop.example/\xEF\xBF\xBD");
}

static void test_cut_off(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str one = response(&a, "One", 0), two = response(&a, "Two", 0);
    ts_str v[] = {one, ts_str_to(two, two.n - 20)};
    all_offers l = read_records(&a, v, 2);
    assert_int_equal(l.ok.n, 1);
    assert_int_equal(l.bad.n, 1);
    says(&l.bad.v[0], "WARC record 2: the file ends before the record does; left out", 2);
}

static void test_too_long(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf big = ts_buf_new(&a, 40 << 20);
    ts_buf_put(&big, TS_S(HTML "\r\n\r\n<html>"));
    size_t n = 33 << 20;
    memset(ts_buf_room(&big, n), ' ', n);
    big.n += n;
    ts_str v[] = {response(&a, "One", 0),
                  record(&a, "response", "u", "application/http", ts_buf_str(&big), 0),
                  record(&a, "resource", "u", "video/mp4", ts_buf_str(&big), 0),
                  response(&a, "Two", 0)};
    all_offers l = read_records(&a, v, 4);
    assert_int_equal(l.ok.n, 2);
    assert_int_equal(l.ok.v[1].record, 4);
    assert_int_equal(l.bad.n, 1); /* the film would have been no page anyway */
    says(&l.bad.v[0], "WARC record 2: longer than 32 MiB; left out", 2);
}

/* ---- codings ---- */

static ts_str packed(ts_arena *a, ts_str s, int bits) {
    size_t room = s.n + 4096;
    char *p = ts_new_n(a, char, room);
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = (Bytef *)p;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    ts_str out = {p, z.total_out};
    deflateEnd(&z);
    return out;
}

static all_offers coded(ts_arena *a, const char *headers, ts_str body) {
    ts_buf head = ts_buf_new(a, 1000);
    ts_buf_fmt(&head, HTML "\r\n%s", headers);
    ts_buf_c(&head, 0);
    ts_str v[] = {record(a, "response", "https://shop.example/x", "application/http",
                         http(a, head.p, body), 0),
                  response(a, "After", 0)};
    return read_records(a, v, 2);
}

static void test_codings(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str p = page(&a, "X");
    ts_str bodies[] = {packed(&a, p, 16 + MAX_WBITS), packed(&a, p, MAX_WBITS),
                       packed(&a, p, -MAX_WBITS), p};
    static const struct {
        const char *headers;
        int body;
    } good[] = {
        {"Content-Encoding: gzip", 0},     {"content-encoding:x-gzip", 0},
        {"Content-Encoding: deflate", 1},  {"Content-Encoding: deflate", 2},
        {"Content-Encoding: identity", 3}, {"Content-Encoding: gzip", 3},
        {"Content-Encoding: br", 3},       {"Content-Encoding: deflate", 3},
        {"Transfer-Encoding: chunked", 3},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        all_offers l = coded(&a, good[i].headers, bodies[good[i].body]);
        assert_int_equal(l.bad.n, 0);
        assert_int_equal(l.ok.n, 2);
        assert_str(l.ok.v[0].title, "X");
    }
    const struct {
        const char *headers;
        ts_str body;
        const char *problem;
    } bad[] = {
        {"Content-Encoding: br", TS_S("\x8b\x02\x80"), "content coding 'br' is not read; left out"},
        {"Content-Encoding: gzip", TS_S("\x1f\x8b\x08\0\0\0\0\0\0\0rubbish"),
         "the page's compression is damaged or ends early; left out"},
        {"Content-Encoding: gzip", TS_S("\x1f\x8b"),
         "the page's compression is damaged or ends early; left out"},
        {"Transfer-Encoding: chunked", TS_S("5\r\n<html\r\nffff\r\n>"),
         "the page's chunked transfer coding ends early; left out"},
        {"Transfer-Encoding: chunked", TS_S("5\r\n<html\r\nxyz\r\n>"),
         "the page's chunked transfer coding is damaged; left out"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        all_offers l = coded(&a, bad[i].headers, bad[i].body);
        assert_int_equal(l.bad.n, 1);
        says(&l.bad.v[0], bad[i].problem, 1);
        assert_int_equal(l.ok.n, 1);
        assert_str(l.ok.v[0].title, "After");
        assert_int_equal(l.ok.v[0].record, 2);
    }
}

static void test_bomb(void **state) {
    (void)state;
    ts_arena a = test_arena();
    size_t n = 300 << 20;
    char *zeros = ts_new_n(&a, char, n);
    all_offers l =
        coded(&a, "Content-Encoding: gzip", packed(&a, (ts_str){zeros, n}, 16 + MAX_WBITS));
    assert_int_equal(l.ok.n, 1);
    assert_int_equal(l.bad.n, 1);
    assert_int_equal(l.bad.v[0].code, TS_E_LIMIT);
    says(&l.bad.v[0], "the page is longer than 32 MiB when decompressed; left out", 1);
}

static void test_many_records(void **state) {
    (void)state;
    enum { RECORDS = 3000 };
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 64 << 20);
    char title[32];
    for (int i = 0; i < RECORDS; i++) {
        snprintf(title, sizeof title, "Lamp %d", i);
        ts_str pad[] = {page(&a, title),
                        ts_str_to((ts_str){ts_new_n(&a, char, 2000), 2000}, (size_t)i % 2000)};
        ts_buf_put(&b, record(&a, i % 3 ? "response" : "resource", "https://shop.example/x",
                              i % 3 ? "application/http" : "text/html",
                              i % 3 ? http(&a, HTML, ts_str_join(&a, pad, 2, TS_NONE)) : pad[0],
                              i % 100 == 99 ? 7777 : 0));
    }
    all_offers l = read_bytes(&a, ts_buf_str(&b), (ts_offer_options){0});
    assert_true(l.chunks > 2);
    assert_int_equal(l.bad.n, RECORDS / 100);
    assert_int_equal(l.ok.n, RECORDS - RECORDS / 100);
    for (size_t i = 0; i < l.ok.n; i++) {
        snprintf(title, sizeof title, "Lamp %llu", (unsigned long long)l.ok.v[i].record - 1);
        assert_str(l.ok.v[i].title, title);
    }
}

/* Every allocation of reading a page may be the one that fails: that page alone is lost. */
typedef struct job {
    ts_offer_reader *r;
    ts_read_result rc;
} job;
static bool next(void *ctx, ts_arena *a, ts_error *e) {
    job *j = ctx;
    ts_offer o;
    j->rc = ts_offers_next(j->r, a, &o, e);
    return true;
}

static void test_failing_allocations(void **state) {
    (void)state;
    ts_arena whole = test_arena();
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/data/offers/pages.warc", TS_SOURCE_DIR);
    for (long n = 1; n < 300; n++) {
        ts_arena a = whole;
        ts_error e = {0};
        ts_offer_source *s = ts_offers_open(&a, path, (ts_offer_options){0}, &e);
        assert_non_null(s);
        ts_offer_chunk c;
        ts_offer_chunk_init(&c);
        size_t good = 0, lost = 0;
        while (ts_offers_fill(s, &c, &e) == TS_READ_RECORD) {
            ts_offer_reader r = ts_offers_read(s, &c);
            ts_arena_fail_after(n);
            for (job j = {&r, TS_READ_RECORD}; j.rc != TS_READ_END;) {
                if (!ts_arena_guard(next, &j, &a, &e))
                    lost++, j.rc = TS_READ_BAD;
                else
                    good += j.rc == TS_READ_RECORD;
            }
            ts_arena_fail_after(0);
        }
        assert_true(lost <= 1);
        assert_int_equal(good + lost, 6);
        ts_offers_close(s);
        ts_offer_chunk_free(&c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_what_is_no_page),
        cmocka_unit_test(test_wrong_lengths),
        cmocka_unit_test(test_broken_frames),
        cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_address_that_is_no_text),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_codings),
        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_many_records),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
