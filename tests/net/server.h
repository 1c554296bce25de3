/* server.h - a small HTTP/1.1 server on 127.0.0.1 for tests: it serves what it is told, well or
 * badly.
 *
 *   test_server *s = test_server_start(&arena);
 *   test_server_put(s, "/feed.json", (serve_file){.body = TS_S("[]"), .type = "application/json"});
 *   test_server_folder(s, "/files/", "/tmp/feed");
 *   test_server_fault(s, "/feed.json", (serve_step){.how = SERVE_STATUS, .status = 503, .times =
 * 2});
 *   ... ts_fetch_memory() from test_server_url(s, "/feed.json") ...
 *   test_server_stop(s);
 *
 * Served well, a file has an ETag (of its bytes), a Last-Modified, ranges (one, from-to or from-),
 * If-None-Match, If-Modified-Since (equality) and If-Range. Each path has a script of steps: a step
 * holds for its number of requests, then the next one does; after the last, the file is served
 * well. A thread serves each connection; the calls below may be made while requests run. They
 * belong to the thread of the test and end the program when a limit of the server is reached.
 */
#ifndef TS_TESTS_NET_SERVER_H
#define TS_TESTS_NET_SERVER_H

#include "base/base.h"

typedef struct test_server test_server;

/* Listens on a free port of 127.0.0.1. The server's state lives in `a`. */
test_server *test_server_start(ts_arena *a);
/* Ends all connections at once and waits for the threads. */
void test_server_stop(test_server *s);

uint16_t test_server_port(const test_server *s);
/* "127.0.0.1:PORT", for ts_fetch_options.allow_private. */
ts_str test_server_place(const test_server *s);
/* "http://127.0.0.1:PORT" + path, in the server's arena. */
ts_str test_server_url(test_server *s, const char *path);

/* ---- What is served ---- */

typedef struct serve_file {
    ts_str body;               /* copied; NULL bytes and any length are fine */
    const char *type;          /* Content-Type; NULL = application/octet-stream, "" = none */
    const char *etag;          /* with its quotes; NULL = a digest of the bytes, "" = none */
    const char *last_modified; /* NULL = a fixed day in 2024, "" = none */
    const char *coding;        /* Content-Encoding; NULL = none */
    const char *headers;       /* more header lines, each with "\r\n"; NULL = none */
} serve_file;

/* Puts a file at `path`, or a new version in its place. Its script stays. A path with a query is
 * served for exactly this query, one without for any that is not served by itself. */
void test_server_put(test_server *s, const char *path, serve_file f);
/* Serves the files of `folder` under `prefix` ("/files/"): read anew for each request; JSON by the
 * name's end, else application/octet-stream. A path that was put goes before. */
void test_server_folder(test_server *s, const char *prefix, const char *folder);

/* ---- Faults ---- */

typedef enum {
    SERVE_WELL,
    SERVE_STATUS,   /* `status`; `text` = further header lines ("Retry-After: 1\r\n") or NULL */
    SERVE_REDIRECT, /* `status` (0 = 302), `text` = Location */
    SERVE_SILENCE,  /* takes the request and says nothing */
    SERVE_STALL,    /* header and `bytes` of the body, then nothing more */
    SERVE_TRICKLE,  /* one byte of the body every `ms` */
    SERVE_TRUNCATE, /* closes after `bytes` of the body; the length was announced */
    SERVE_RESET,    /* the same, but resets the connection */
    SERVE_CLOSE,    /* closes without a byte of answer */
    SERVE_CHUNKED,  /* in chunks of `bytes` (0 = 1000), without a length */
    SERVE_CHUNKED_TRUNCATE, /* in chunks, closes after the first `bytes` without the last chunk */
    SERVE_UNTIL_CLOSE,      /* no length, no chunks: the end of the connection is the end */
    SERVE_SHORT_LENGTH,     /* announces `bytes` and sends the whole body */
    SERVE_TWO_LENGTHS,      /* two Content-Length fields that differ */
    SERVE_RANGE_WRONG,      /* answers a range with 206 and `text` as Content-Range */
    SERVE_RANGE_ALWAYS,     /* heeds Range and ignores If-Range */
    SERVE_RANGE_NEVER,      /* ignores Range: 200 with the whole */
    SERVE_BIG_HEADER,       /* `bytes` of header fields, then the file; SIZE_MAX = without end */
    SERVE_LONG_LINE,        /* one header line of `bytes`; SIZE_MAX = without end */
    SERVE_INTERIM,          /* 103 answers without end */
    SERVE_ENDLESS,          /* a body in chunks without end */
    SERVE_RAW,              /* `text` as it is, then closes */
} serve_how;

typedef struct serve_step {
    serve_how how;
    unsigned times; /* for how many requests; 0 = for all that follow */
    int status;
    const char *text; /* must outlive the server */
    size_t bytes;
    unsigned ms;
} serve_step;

void test_server_fault(test_server *s, const char *path, serve_step step); /* at the script's end */
void test_server_well(test_server *s, const char *path);                   /* empties the script */

/* ---- What was asked ---- */

unsigned test_server_count(test_server *s, const char *path); /* requests for this path so far */
/* The last request for the path, request line and header as they came, and its body; empty when
 * there was none. In the server's arena. */
ts_str test_server_last(test_server *s, const char *path);
ts_str test_server_last_body(test_server *s, const char *path);

#endif
