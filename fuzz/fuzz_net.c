/* What comes from outside before a body does: header lines, URLs and Location fields, the note of a
 * part on disk. The first byte says which. */
#include <assert.h>

#include "base/base.h"
#include "net/address.h"
#include "net/part.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool printable(const char *s) {
    for (; *s; s++)
        if (*s < 0x20 || *s > 0x7e) return false;
    return true;
}

/* A header, judged as the answer to a plain request and to one for the rest from byte 10. */
static void fuzz_head(ts_str text) {
    net_response r = net_response_none();
    ts_error e = {0};
    while (text.n) {
        const char *end = memchr(text.p, '\n', text.n);
        ts_str line = ts_str_to(text, end ? (size_t)(end - text.p) + 1 : text.n);
        if (!net_response_line(&r, line, &e)) return;
        text = ts_str_from(text, line.n);
    }
    net_asked q = {.max_bytes = 1000};
    assert(net_response_judge(&r, &q, &e) != NET_START_OVER);
    q = (net_asked){.max_bytes = 1000,
                    .from = 10,
                    .total = 100,
                    .etag = "\"a\"",
                    .last_modified = "",
                    .conditional = true};
    if (net_response_judge(&r, &q, &e) == NET_ACCEPTED && r.status == 206)
        assert(r.range_from == 10 && r.range_to == 99 && strcmp(r.etag, "\"a\"") == 0);
    assert(printable(e.msg));
    assert(r.retry_after >= -1 && r.retry_after <= INT32_MAX);
    assert(!*net_response_validator(&r) || printable(net_response_validator(&r)));
}

/* What passes is plain, reads the same when read again, and shows no query. */
static void check_url(const net_url *u) {
    ts_fetch_options o = {.url = ts_str_c(u->text)};
    net_url again;
    ts_error e;
    assert(printable(u->text) && printable(u->show) && !strchr(u->text, ' ') &&
           !strchr(u->text, '#'));
    assert(ts_str_starts(ts_str_c(u->text), u->https ? TS_S("https://") : TS_S("http://")));
    assert(u->port == 80 || u->port == 443);
    assert(!net_host_refused(ts_str_c(u->host)));
    const char *query = strchr(u->show, '?');
    assert(!query || strcmp(query, "?...") == 0);
    if (!net_url_parse(&again, &o, &e)) abort();
    assert(strcmp(again.text, u->text) == 0 && strcmp(again.host, u->host) == 0 &&
           again.port == u->port);
}

/* "URL\nLocation" */
static void fuzz_url(ts_str text) {
    ts_str location = text;
    ts_fetch_options o = {.url = ts_str_cut(&location, '\n')};
    net_url u, next;
    ts_error e = {0};
    if (!net_url_parse(&u, &o, &e)) {
        assert(e.code && printable(e.msg));
        return;
    }
    check_url(&u);
    if (net_url_follow(&next, &u, location, &o, &e)) {
        check_url(&next);
        assert(next.https || !u.https);
    } else
        assert(printable(e.msg));
}

static void fuzz_note(ts_str text, ts_arena scratch) {
    net_part p = {.fd = -1};
    if (!net_part_note_read(&p, text, scratch)) return;
    assert(p.size > 0 && (!p.total || p.size <= p.total));
    assert(printable(p.etag) && printable(p.last_modified));
    assert(net_etag_strong(p.etag) || (!p.etag[0] && p.last_modified[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena arena;
    if (!arena.beg) arena = ts_arena_new((size_t)64 << 20);
    if (!size) return 0;
    ts_str text = {(const char *)data + 1, size - 1};
    switch (data[0]) {
    case 'h': fuzz_head(text); break;
    case 'u': fuzz_url(text); break;
    case 'n': fuzz_note(text, arena); break;
    }
    return 0;
}
