/* Reading an answer's header, and judging whether the answer is usable. */
#include "support/support.h"

#include "net/response.h"

static ts_error why;

/* Lines end with "\n" here; the blank line is added. */
static net_response read_head(const char *head) {
    net_response r = net_response_none();
    ts_str rest = ts_str_c(head);
    while (rest.n) {
        ts_str line = ts_str_cut(&rest, '\n');
        assert_true(net_response_line(&r, line, &why));
    }
    assert_true(net_response_line(&r, TS_S("\r\n"), &why));
    return r;
}

static net_verdict judge(const char *head, net_asked q) {
    net_response r = read_head(head);
    if (!q.max_bytes) q.max_bytes = 1000000;
    why = (ts_error){0};
    return net_response_judge(&r, &q, &why);
}

#define assert_verdict(head, asked, verdict, message)                                              \
    do {                                                                                           \
        assert_int_equal(judge(head, asked), verdict);                                             \
        assert_string_equal(why.msg, message);                                                     \
    } while (0)

static const net_asked get = {0};

static void test_fields(void **state) {
    (void)state;
    net_response r = read_head(
        "HTTP/1.1 200 OK\r\nETag:  \"abc\" \r\nlast-modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "CONTENT-TYPE:application/json; charset=utf-8\r\nContent-Length: 12\r\nX: y\r\n");
    assert_int_equal(r.status, 200);
    assert_string_equal(r.etag, "\"abc\"");
    assert_string_equal(r.last_modified, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_int_equal(r.modified, 784111777);
    assert_string_equal(r.type, "application/json; charset=utf-8");
    assert_true(r.has_length && !r.bad_length && r.length == 12);
    assert_int_equal(r.coding, NET_CODING_NONE);
    assert_int_equal(r.retry_after, -1);
}

/* An interim answer, or a redirect's header, leaves nothing behind. */
static void test_status_starts_over(void **state) {
    (void)state;
    net_response r = read_head(
        "HTTP/1.1 103 Early Hints\r\nETag: \"old\"\r\nContent-Length: 5\r\nLocation: /x\r\n\r\n"
        "HTTP/1.1 404\r\nX: y\r\n");
    assert_int_equal(r.status, 404);
    assert_string_equal(r.etag, "");
    assert_string_equal(r.location, "");
    assert_false(r.has_length);
    assert_int_equal(read_head("HTTP/1.1 20\r\n").status, 0);
    assert_int_equal(read_head("HTTP/1.1 2000 OK\r\n").status, 0);
    assert_int_equal(read_head("HTTP/1.1 099 OK\r\n").status, 0);
    assert_int_equal(read_head("HTTP/1.1\r\n").status, 0);
    assert_int_equal(read_head("HTTP/2 200\r\n").status, 200);
}

static void test_hostile_values(void **state) {
    (void)state;
    char line[600];
    net_response r;
    snprintf(line, sizeof line, "HTTP/1.1 200 OK\r\nETag: \"%0300d\"\r\n", 7);
    r = read_head(line);
    assert_string_equal(r.etag, ""); /* too long to be kept whole: better none than another */
    r = read_head("HTTP/1.1 200 OK\r\nETag: \"a\x01\"\r\nContent-Type: "
                  "text/\x1b[31mhtml\r\nLast-Modified: \x80\r\n");
    assert_string_equal(r.etag, "");
    assert_string_equal(r.type, "");
    assert_string_equal(r.last_modified, "");
    assert_int_equal(r.modified, -1);
}

static void test_lengths(void **state) {
    (void)state;
    assert_true(
        read_head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n").bad_length);
    assert_false(
        read_head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n").bad_length);
    static const char *const bad[] = {
        "-1", "+1", "0x10", "5, 5", "five", "", "99999999999999999999", "9223372036854775808"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char head[128];
        snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n", bad[i]);
        assert_true(read_head(head).bad_length);
        assert_verdict(
            head, get, NET_REFUSED,
            "gives a length that is no number, or two that differ; the answer is not used");
    }
}

static void test_head_limits(void **state) {
    (void)state;
    net_response r = net_response_none();
    size_t n = 0;
    while (net_response_line(&r, TS_S("X: y\r\n"), &why)) n++;
    assert_int_equal(n, NET_HEAD_LINES_MAX);
    assert_int_equal(why.code, TS_E_LIMIT);
    assert_string_equal(
        why.msg, "the answer's header is larger than 64 KiB or 256 lines; the server misbehaves");
    r = net_response_none();
    static char line[1024];
    for (n = 0; net_response_line(&r, (ts_str){line, sizeof line}, &why); n++) {}
    assert_int_equal(n, NET_HEAD_BYTES_MAX / sizeof line);
    /* Interim answers count together. */
    r = net_response_none();
    for (n = 0; net_response_line(&r, TS_S("HTTP/1.1 100 Continue\r\n"), &why); n++) {}
    assert_int_equal(n, NET_HEAD_LINES_MAX);
}

static void test_dates(void **state) {
    (void)state;
    assert_int_equal(net_http_date(TS_S("Sun, 06 Nov 1994 08:49:37 GMT")), 784111777);
    assert_int_equal(net_http_date(TS_S("Sunday, 06-Nov-94 08:49:37 GMT")), 784111777);
    assert_int_equal(net_http_date(TS_S("Sun Nov  6 08:49:37 1994")), 784111777);
    static const char *const bad[] = {
        "",
        "0",
        "120",
        "yesterday",
        "Sun, 99 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 GMT Sun, 06 Nov 1994 08:49:37 GMT and more of it"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (net_http_date(ts_str_c(bad[i])) != -1) fail_msg("'%s' is taken for a date", bad[i]);
}

static int64_t retry_after(const char *value) {
    char head[256];
    snprintf(head, sizeof head,
             "HTTP/1.1 503 x\r\nRetry-After: %s\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n", value);
    return read_head(head).retry_after;
}

static void test_retry_after(void **state) {
    (void)state;
    assert_int_equal(retry_after("120"), 120);
    assert_int_equal(retry_after("0"), 0);
    assert_int_equal(retry_after("Sun, 06 Nov 1994 08:50:07 GMT"),
                     30); /* by the server's clock, not ours */
    assert_int_equal(retry_after("Sun, 06 Nov 1994 08:40:00 GMT"), 0);
    assert_int_equal(retry_after("99999999999"), INT32_MAX);
    assert_int_equal(retry_after("Sun, 06 Nov 2094 08:49:37 GMT"), INT32_MAX);
    assert_int_equal(retry_after("soon"), -1);
    assert_int_equal(retry_after("-5"), -1);
    assert_int_equal(retry_after("1.5"), -1);
    assert_int_equal(read_head("HTTP/1.1 503 x\r\n").retry_after, -1);
}

static const char *validator(const char *fields) {
    static net_response r;
    char head[512];
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\n%s", fields);
    r = read_head(head);
    return net_response_validator(&r);
}

static void test_validators(void **state) {
    (void)state;
    assert_string_equal(validator("ETag: \"a\"\r\n"), "\"a\"");
    assert_string_equal(validator("ETag: \"\"\r\n"), "\"\"");
    assert_string_equal(validator("ETag: W/\"a\"\r\n"), "");
    assert_string_equal(validator("ETag: a\r\n"), "");
    assert_string_equal(validator("ETag: \"\r\n"), "");
    assert_string_equal(validator("ETag: \"a\"b\"\r\n"), "");
    assert_string_equal(validator("ETag: \"a b\"\r\n"), "");
    const char old[] =
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:48:37 GMT\r\n";
    const char fresh[] =
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:48:38 GMT\r\n";
    assert_string_equal(validator(old), "Sun, 06 Nov 1994 08:48:37 GMT");
    assert_string_equal(validator(fresh), "");
    assert_string_equal(validator("Last-Modified: Sun, 06 Nov 1994 08:48:38 GMT\r\n"),
                        ""); /* no Date */
    char both[256];
    snprintf(both, sizeof both, "ETag: W/\"a\"\r\n%s", old);
    assert_string_equal(validator(both),
                        ""); /* the server itself says that versions may be alike */
}

static bool fits(const char *type, const char *a, const char *b) {
    ts_str v[] = {ts_str_c(a), ts_str_c(b)};
    return net_type_fits(ts_str_c(type), (ts_strs){v, b ? 2 : 1, 2});
}

static void test_types(void **state) {
    (void)state;
    assert_true(net_type_fits(TS_S("anything/at-all"), (ts_strs){0}));
    assert_true(fits("application/json", "application/json", 0));
    assert_true(fits("Application/JSON ; charset=utf-8", "application/json", 0));
    assert_false(fits("application/jsonp", "application/json", 0));
    assert_false(fits("text/html", "application/json", "+json"));
    assert_true(fits("application/did+json", "application/json", "+json"));
    assert_false(fits("+json", "+json", 0));
    assert_false(fits("application/json", "+json", 0));
    assert_true(fits("text/csv", "text/", 0));
    assert_false(fits("texts/csv", "text/", 0));
    assert_false(fits("", "application/json", 0));
    assert_true(fits("", "application/json", ""));
    assert_false(fits("text/html", "application/json", ""));
    assert_false(fits("text/html; x=application/json", "application/json", 0));
}

static void test_judge_whole(void **state) {
    (void)state;
    ts_str json[] = {TS_S("application/json")};
    net_asked q = {.expect = {json, 1, 1}, .max_bytes = 100};
    assert_verdict("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", q, NET_ACCEPTED, "");
    assert_verdict("HTTP/1.1 203 x\r\nContent-Type: application/json\r\n", q, NET_ACCEPTED, "");
    assert_verdict(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", q, NET_REFUSED,
        "sent 'text/html' where 'application/json' was expected; it may be an error page");
    assert_verdict(
        "HTTP/1.1 200 OK\r\n", q, NET_REFUSED,
        "sent 'no media type' where 'application/json' was expected; it may be an error page");
    assert_verdict("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 101\r\n",
                   q, NET_REFUSED, "announces 101 bytes, and 100 are allowed here");
    assert_int_equal(why.code, TS_E_LIMIT);
    assert_verdict("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n", get, NET_REFUSED,
                   "sent a content coding that was not asked for; the answer is not used");
    assert_int_equal(judge("HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n", get),
                     NET_REFUSED);
    assert_int_equal(judge("HTTP/1.1 200 OK\r\nContent-Encoding: identity, x-gzip\r\n", get),
                     NET_ACCEPTED);
    assert_verdict("HTTP/1.1 204 x\r\n", get, NET_REFUSED,
                   "gave an answer that was not asked for (status 204)");
    assert_int_equal(judge("HTTP/1.1 204 x\r\n", (net_asked){.post = true}), NET_ACCEPTED);
    assert_verdict("HTTP/1.1 206 x\r\nContent-Range: bytes 0-4/5\r\n", get, NET_REFUSED,
                   "sent a part (status 206) though the whole was asked for");
}

static void test_judge_failures(void **state) {
    (void)state;
    assert_verdict("HTTP/1.1 404 x\r\n", get, NET_REFUSED,
                   "there is nothing at this address (status 404)");
    assert_int_equal(why.code, TS_E_NOT_FOUND);
    assert_verdict("HTTP/1.1 403 x\r\n", get, NET_REFUSED,
                   "does not let this program in (status 403); ask its operator for access");
    assert_verdict("HTTP/1.1 429 x\r\n", get, NET_TRY_AGAIN,
                   "has had too many requests (status 429); ask more slowly");
    assert_verdict("HTTP/1.1 503 x\r\n", get, NET_TRY_AGAIN,
                   "cannot answer at the moment (status 503); try again later");
    assert_verdict("HTTP/1.1 500 x\r\n", get, NET_REFUSED,
                   "failed by itself (status 500); try again later");
    assert_verdict("HTTP/1.1 418 x\r\n", get, NET_REFUSED,
                   "refuses the request (status 418); check the address");
    assert_verdict("HTTP/1.1 304 x\r\n", get, NET_REFUSED,
                   "gave an answer that was not asked for (status 304)");
    assert_int_equal(judge("HTTP/1.1 304 x\r\n", (net_asked){.conditional = true}),
                     NET_NOT_MODIFIED);
    assert_int_equal(judge("HTTP/1.1 416 x\r\n", get), NET_REFUSED);
    assert_verdict("HTTP/1.1 410 x\r\n", get, NET_REFUSED,
                   "there is nothing at this address any more (status 410)");
    assert_int_equal(why.code, TS_E_NOT_FOUND);
    for (int status = 0; status < 1000; status++) { /* every number has its answer */
        char head[64];
        snprintf(head, sizeof head, "HTTP/1.1 %03d x\r\n", status);
        net_verdict v = judge(head, get);
        bool passes = status == 429 || (status >= 502 && status <= 504);
        bool good = status == 200 || status == 203;
        assert_int_equal(v, good ? NET_ACCEPTED : passes ? NET_TRY_AGAIN : NET_REFUSED);
        assert_int_equal(why.msg[0] != 0, !good);
    }
}

static void test_judge_redirects(void **state) {
    (void)state;
    assert_int_equal(judge("HTTP/1.1 302 x\r\nLocation: /y\r\n", get), NET_REDIRECTED);
    assert_int_equal(judge("HTTP/1.1 308 x\r\nLocation: /y\r\nLocation: /y\r\n", get),
                     NET_REDIRECTED);
    assert_verdict("HTTP/1.1 301 x\r\n", get, NET_REFUSED,
                   "redirects (status 301) but does not say where to");
    assert_verdict("HTTP/1.1 301 x\r\nLocation: /y\r\nLocation: /z\r\n", get, NET_REFUSED,
                   "redirects to several places at once, or to one that cannot be read");
    assert_verdict("HTTP/1.1 307 x\r\nLocation: /y\r\n", (net_asked){.post = true}, NET_REFUSED,
                   "redirects a POST (status 307); ask for the new address itself");
    static char head[NET_LOCATION_MAX + 100];
    int n = snprintf(head, sizeof head, "HTTP/1.1 302 x\r\nLocation: ");
    memset(head + n, 'a', NET_LOCATION_MAX);
    assert_int_equal(judge(head, get), NET_REDIRECTED);
    head[n + NET_LOCATION_MAX] = 'a';
    assert_int_equal(judge(head, get), NET_REFUSED);
}

#define REST "HTTP/1.1 206 x\r\nETag: \"a\"\r\n"
static const char wrong_range[] =
    "sent a wrong Content-Range for the rest from byte 10; what was kept is dropped, fetch again";

static void test_judge_rest(void **state) {
    (void)state;
    const net_asked q = {.from = 10, .total = 100, .etag = "\"a\"", .last_modified = ""};
    assert_int_equal(judge(REST "Content-Range: bytes 10-99/100\r\n", q), NET_ACCEPTED);
    assert_int_equal(judge(REST "Content-Range: bytes 10-99/100\r\nContent-Length: 90\r\n", q),
                     NET_ACCEPTED);
    assert_int_equal(judge(REST "Content-Range: Bytes 10-99/*\r\n", q), NET_ACCEPTED);
    static const char *const wrong[] = {
        "",
        "Content-Range: bytes 0-99/100\r\n",  /* from the start */
        "Content-Range: bytes 11-99/100\r\n", /* a byte is missing */
        "Content-Range: bytes 9-99/100\r\n",  /* a byte twice */
        "Content-Range: bytes 10-98/100\r\n", /* not to the end */
        "Content-Range: bytes 10-98/*\r\n",
        "Content-Range: bytes 10-100/101\r\n", /* another length */
        "Content-Range: bytes 10-99/99\r\n",   /* beyond the end */
        "Content-Range: bytes 99-10/100\r\n",
        "Content-Range: bytes */100\r\n",
        "Content-Range: bytes 10-99\r\n",
        "Content-Range: bytes 10-99/x\r\n",
        "Content-Range: bytes -10-99/100\r\n",
        "Content-Range: bytes 10-9223372036854775808/*\r\n",
        "Content-Range: lines 10-99/100\r\n",
        "Content-Range: bytes=10-99/100\r\n",
        "Content-Range: bytes 10-99/100\r\nContent-Range: bytes 10-99/100\r\n",
        "Content-Range: bytes 10-99/100\r\nContent-Length: 100\r\n",
        "Content-Type: multipart/byteranges; boundary=x\r\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char head[256];
        snprintf(head, sizeof head, REST "%s", wrong[i]);
        if (judge(head, q) != NET_REFUSED) fail_msg("accepted: %s", wrong[i]);
        assert_string_equal(why.msg, wrong_range);
    }
    /* The same when the part's note does not know how long the whole is. */
    net_asked unknown = q;
    unknown.total = 0;
    assert_int_equal(judge(REST "Content-Range: bytes 10-99/100\r\n", unknown), NET_ACCEPTED);
    assert_int_equal(judge(REST "Content-Range: bytes 10-98/100\r\n", unknown), NET_REFUSED);
    /* Too long for what is allowed, counted from the first byte. */
    net_asked tight = q;
    tight.max_bytes = 99;
    assert_verdict(REST "Content-Range: bytes 10-99/100\r\nContent-Length: 90\r\n", tight,
                   NET_REFUSED, "announces 100 bytes, and 99 are allowed here");
}

static void test_judge_rest_of_another_version(void **state) {
    (void)state;
    const char range[] = "Content-Range: bytes 10-99/100\r\n";
    net_asked q = {.from = 10, .etag = "\"a\"", .last_modified = ""};
    char head[256];
    snprintf(head, sizeof head, "HTTP/1.1 206 x\r\nETag: \"b\"\r\n%s", range);
    assert_int_equal(judge(head, q), NET_START_OVER);
    snprintf(head, sizeof head, "HTTP/1.1 206 x\r\nETag: W/\"a\"\r\n%s", range);
    assert_int_equal(judge(head, q), NET_START_OVER);
    snprintf(head, sizeof head, "HTTP/1.1 206 x\r\n%s", range); /* says nothing of its version */
    assert_int_equal(judge(head, q), NET_START_OVER);
    snprintf(head, sizeof head, REST "Content-Encoding: gzip\r\n%s", range);
    assert_int_equal(judge(head, q), NET_START_OVER);
    q.moved = true;
    snprintf(head, sizeof head, REST "%s", range);
    assert_int_equal(judge(head, q), NET_START_OVER);
    net_asked dated = {.from = 10, .etag = "", .last_modified = "Sun, 06 Nov 1994 08:48:37 GMT"};
    snprintf(head, sizeof head, "HTTP/1.1 206 x\r\n%s", range);
    assert_int_equal(judge(head, dated), NET_ACCEPTED);
    snprintf(head, sizeof head,
             "HTTP/1.1 206 x\r\nLast-Modified: Sun, 06 Nov 1994 08:48:37 GMT\r\n%s", range);
    assert_int_equal(judge(head, dated), NET_ACCEPTED);
    snprintf(head, sizeof head,
             "HTTP/1.1 206 x\r\nLast-Modified: Sun, 06 Nov 1994 08:48:38 GMT\r\n%s", range);
    assert_int_equal(judge(head, dated), NET_START_OVER);
    assert_int_equal(judge("HTTP/1.1 416 x\r\n", dated), NET_START_OVER);
    assert_int_equal(judge("HTTP/1.1 200 x\r\n", dated),
                     NET_ACCEPTED); /* the whole: the part is replaced */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),         cmocka_unit_test(test_status_starts_over),
        cmocka_unit_test(test_hostile_values), cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_head_limits),    cmocka_unit_test(test_dates),
        cmocka_unit_test(test_retry_after),    cmocka_unit_test(test_validators),
        cmocka_unit_test(test_types),          cmocka_unit_test(test_judge_whole),
        cmocka_unit_test(test_judge_failures), cmocka_unit_test(test_judge_redirects),
        cmocka_unit_test(test_judge_rest),     cmocka_unit_test(test_judge_rest_of_another_version),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
