/* Pages out of web archives: WARC 1.0 and 1.1 (ISO 28500:2017).
 *
 * The reader thread cuts records apart and hands on those that hold pages, as they stand; workers
 * undo the transfer and content codings. A chunk holds records one after the other, each behind its
 * number and length.
 */
#include <zlib.h>

#include "html_page.h"

enum {
    HEADER_MAX = 64 << 10,
    RECORD_MAX = HTML_PAGE_MAX, /* bytes of a block */
    BYTES_PER_CHUNK = 1 << 20,
    PROBLEMS_PER_CHUNK = 1000,
    HTTP_HEAD_MAX = 64 << 10,
    TAIL = 16, /* bytes looked at behind a record */
};

/* ---- header lines ---- */

/* Length of a header that ends in an empty line, that line included; 0 when the end is not in s. */
static size_t header_length(ts_str s) {
    for (size_t i = 0, k; (k = ts_str_chr(ts_str_from(s, i), '\n')) != TS_NPOS;) {
        i += k + 1;
        if (i < s.n && s.p[i] == '\n') return i + 1;
        if (i + 1 < s.n && s.p[i] == '\r' && s.p[i + 1] == '\n') return i + 2;
    }
    return 0;
}

/* The value of the first field of that name; empty when there is none. */
static ts_str field(ts_str header, const char *name) {
    while (header.n) {
        ts_str value = ts_str_cut(&header, '\n'), key = ts_str_cut(&value, ':');
        if (ts_str_ieq(ts_str_trim(key), ts_str_c(name))) return ts_str_trim(value);
    }
    return TS_NONE;
}

static bool says(ts_str value, const char *word) {
    return ts_str_ifind(ts_str_to(value, 1000), ts_str_c(word)) != TS_NPOS;
}

/* ---- which records hold pages ---- */

static bool is_html(ts_str type) {
    return says(type, "text/html") || says(type, "application/xhtml");
}

/* "HTTP/1.1 200 OK": complete pages only. */
static bool is_success(ts_str http) {
    ts_str line = ts_str_cut(&http, '\n');
    if (!ts_str_istarts(line, TS_S("HTTP/"))) return false;
    ts_str_cut(&line, ' ');
    line = ts_str_trim(line);
    return line.n >= 3 && line.p[0] == '2' && !ts_str_starts(line, TS_S("204")) &&
           !ts_str_starts(line, TS_S("206"));
}

static bool begins_like_html(ts_str s) {
    s = ts_str_trim(ts_str_to(s, 512));
    return ts_str_istarts(s, TS_S("<!doctype html")) || ts_str_istarts(s, TS_S("<html"));
}

/* Whether the record is a page, from its header and the beginning of its block. */
static bool holds_page(ts_str header, ts_str block) {
    ts_str kind = field(header, "WARC-Type"), type = field(header, "Content-Type");
    if (ts_str_ieq(kind, TS_S("resource")))
        return is_html(type) || (!type.n && begins_like_html(block));
    if (!ts_str_ieq(kind, TS_S("response")) || (type.n && !says(type, "application/http")))
        return false;
    if (!is_success(block)) return false;
    size_t n = header_length(ts_str_to(block, HTTP_HEAD_MAX));
    ts_str http = ts_str_to(block, n);
    type = field(http, "Content-Type");
    return type.n ? is_html(type) : begins_like_html(ts_str_from(block, n));
}

/* ---- cutting records apart ---- */

typedef struct cutter {
    ts_offer_source *s;
    ts_offer_chunk *c;
    ts_splitter *in;
    size_t at;  /* bytes of in->held that are done with */
    ts_buf out; /* of the chunk */
} cutter;

/* Makes n bytes visible behind the cursor, if there are as many. */
static ts_str ahead(cutter *k, size_t n) {
    ts_split_peek(k->in, k->at + n);
    return (ts_str){k->in->held + k->at, k->in->held_n - k->at};
}

static void drop_done(cutter *k) {
    k->in->held_n -= k->at;
    memmove(k->in->held, k->in->held + k->at, k->in->held_n);
    k->at = 0;
}

/* Passes over n bytes, however many. False when the input ends before. */
static bool skip(cutter *k, uint64_t n) {
    while (n) {
        ts_str t = ahead(k, 1);
        if (!t.n) return false;
        size_t part = t.n < n ? t.n : (size_t)n;
        k->at += part;
        n -= part;
        if (k->at > RECORD_MAX) drop_done(k);
    }
    return true;
}

static void problem(cutter *k, const char *what) {
    ts_error *e = ts_push(&k->c->arena, &k->c->problems);
    ts_fail(e, TS_E_INPUT, "WARC record %llu: %s", (unsigned long long)k->in->record, what);
    ts_fail_at(e, ts_input_name(k->s->in), k->in->record, 0);
}

/* Passes over the empty lines between records. */
static void skip_blank(cutter *k) {
    for (ts_str t; (t = ahead(k, 2)).n && (t.p[0] == '\n' || t.p[0] == '\r');) k->at++;
}

/* Goes to where a line begins with "WARC/", from `from` bytes behind the cursor on; to the end when
 * there is none. */
static void find_record(cutter *k, size_t from) {
    k->at += from;
    for (;;) {
        ts_str t = ahead(k, 1 << 16);
        size_t hit = ts_str_find(t, TS_S("\nWARC/"));
        if (hit != TS_NPOS) {
            k->at += hit + 1;
            return;
        }
        if (k->in->eof) {
            k->at += t.n;
            return;
        }
        k->at += t.n - 5; /* the mark may lie across the end of what is visible */
        drop_done(k);
    }
}

/* Whether what follows the block is what must follow it: empty lines and the next record, or the
 * end. */
static bool ends_well(ts_str behind) {
    while (behind.n && (behind.p[0] == '\n' || behind.p[0] == '\r'))
        behind = ts_str_from(behind, 1);
    return !behind.n || ts_str_starts(behind, TS_S("WARC/")) ||
           (behind.n < 5 && ts_str_starts(TS_S("WARC/"), behind));
}

static void keep(cutter *k, ts_str record) {
    uint64_t frame[2] = {k->in->record, record.n};
    ts_buf_put(&k->out, (ts_str){(const char *)frame, sizeof frame});
    ts_buf_put(&k->out, record);
}

/* The block of a record whose header is header_n bytes long and lies at the cursor. */
static void one_block(cutter *k, size_t header_n, uint64_t length) {
    size_t block = (size_t)length, whole = header_n + block;
    ts_str t = ahead(k, whole + TAIL);
    if (t.n < whole || !ends_well((ts_str){t.p + whole, t.n - whole < TAIL ? t.n - whole : TAIL})) {
        /* the length is wrong: whether too long or too short, the next record begins at the next
         * mark */
        bool early = k->in->eof && t.n < whole;
        problem(k, early && !k->in->failed
                       ? "the file ends before the record does; left out"
                       : "Content-Length is wrong: no record follows where it says; left out");
        find_record(k, header_n - 1);
        return;
    }
    ts_str header = ts_str_to(t, header_n), body = {t.p + header_n, block};
    if (holds_page(header, body)) keep(k, ts_str_to(t, whole));
    k->at += whole;
}

/* Too long to be held at once: passed over, and named where it would have been a page. */
static void too_long(cutter *k, size_t header_n, uint64_t length) {
    ts_str t = ahead(k, HEADER_MAX);
    if (holds_page(ts_str_to(t, header_n), ts_str_from(t, header_n)))
        problem(k, "longer than 32 MiB; left out");
    k->at += header_n;
    if (!skip(k, length)) {
        if (!k->in->failed) problem(k, "the file ends before the record does; left out");
    } else if (!ends_well(ts_str_to(ahead(k, TAIL), TAIL))) {
        problem(
            k,
            "Content-Length is wrong: no record follows where it says; passed over up to the next");
        find_record(k, 0);
    }
}

/* One record from the cursor on. False at the end. */
static bool one_record(cutter *k) {
    uint64_t length;
    skip_blank(k);
    ts_str t = ahead(k, HEADER_MAX);
    if (!t.n) return false;
    k->in->record++;
    if (!ts_str_starts(t, TS_S("WARC/"))) {
        problem(k, "no record begins here; passed over up to the next");
        find_record(k, 0);
        return true;
    }
    size_t n = header_length(ts_str_to(t, HEADER_MAX));
    if (!n || !ts_u64_parse(field(ts_str_to(t, n), "Content-Length"), &length)) {
        problem(k, n ? "has no Content-Length; left out" : "its header does not end; left out");
        find_record(k, 1);
        return true;
    }
    if (length > RECORD_MAX) {
        too_long(k, n, length);
        return true;
    }
    one_block(k, n, length);
    return true;
}

ts_read_result warc_fill(ts_offer_source *s, ts_offer_chunk *c, ts_error *e) {
    cutter k = {.s = s, .c = c, .in = s->split, .out = ts_buf_new(&c->arena, (size_t)1 << 30)};
    c->first_record = k.in->record + 1;
    while (k.out.n < BYTES_PER_CHUNK && c->problems.n < PROBLEMS_PER_CHUNK && one_record(&k))
        if (k.at > RECORD_MAX) drop_done(&k);
    drop_done(&k);
    c->bytes = ts_buf_str(&k.out);
    if (c->bytes.n || c->problems.n) return TS_READ_RECORD;
    if (!k.in->failed) return TS_READ_END;
    *e = k.in->failure;
    return TS_READ_FAILED;
}

bool warc_take(ts_str *rest, warc_record *r) {
    uint64_t frame[2];
    if (rest->n < sizeof frame) return false;
    memcpy(frame, rest->p, sizeof frame);
    *r = (warc_record){frame[0], {rest->p + sizeof frame, (size_t)frame[1]}};
    *rest = ts_str_from(*rest, sizeof frame + (size_t)frame[1]);
    return true;
}

/* ---- what was sent ---- */

/* Chunked transfer coding (RFC 9112, 7.1). Bodies that are not chunked although the header says so
 * (archivers undo the coding and keep the header) are taken as they are. */
static bool chunk_size(ts_str *s, uint64_t *size) {
    ts_str line = ts_str_cut(s, '\n');
    line = ts_str_trim(ts_str_cut_any(&line, ";\r"));
    *size = 0;
    if (!line.n || line.n > 8) return false;
    for (size_t i = 0; i < line.n; i++) {
        int c = ts_lower((unsigned char)line.p[i]);
        if (!ts_is_digit(c) && (c < 'a' || c > 'f')) return false;
        *size = *size << 4 | (uint64_t)(ts_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

static bool unchunk(ts_arena *a, ts_str *body, ts_error *e) {
    ts_str s = *body;
    uint64_t size;
    if (!chunk_size(&s, &size)) return true;
    char *p = ts_new_raw(a, char, body->n), *w = p;
    while (size) {
        if (size > s.n)
            return ts_fail(e, TS_E_INPUT,
                           "the page's chunked transfer coding ends early; left out");
        memcpy(w, s.p, (size_t)size);
        w += size;
        s = ts_str_from(s, (size_t)size);
        ts_str_cut(&s, '\n'); /* the line end behind the data */
        if (!chunk_size(&s, &size))
            return ts_fail(e, TS_E_INPUT,
                           "the page's chunked transfer coding is damaged; left out");
    }
    a->beg = w;
    *body = (ts_str){p, (size_t)(w - p)};
    return true;
}

/* zlib's working memory comes from the arena: nothing is lost when an allocation does not return.
 */
static void *arena_alloc(void *arena, unsigned n, unsigned size) {
    return ts_alloc(arena, size, 16, n);
}
static void arena_keep(void *arena, void *p) { (void)arena, (void)p; }

static bool inflate_all(z_stream *z, ts_buf *out) {
    enum { STEP = 1 << 16 };
    int rc = Z_OK;
    while (rc == Z_OK && !out->full) {
        char *room = ts_buf_room(out, STEP);
        if (!room) break;
        z->next_out = (Bytef *)room;
        z->avail_out = STEP;
        rc = inflate(z, Z_NO_FLUSH);
        out->n += STEP - z->avail_out;
    }
    return rc == Z_STREAM_END;
}

/* gzip (RFC 1952), zlib (RFC 1950) or bare deflate (RFC 1951), by `bits` of inflateInit2. */
static bool decompress(ts_arena *a, ts_str *body, int bits, ts_error *e) {
    z_stream z = {.zalloc = arena_alloc, .zfree = arena_keep, .opaque = a};
    if (inflateInit2(&z, bits) != Z_OK)
        return ts_fail(e, TS_E_MEMORY, "no memory to decompress the page");
    z.next_in = (Bytef *)(uintptr_t)body->p;
    z.avail_in = (uInt)body->n;
    ts_buf out = ts_buf_new(a, HTML_PAGE_MAX);
    bool ok = inflate_all(&z, &out);
    if (out.full)
        return ts_fail(e, TS_E_LIMIT, "the page is longer than 32 MiB when decompressed; left out");
    if (!ok)
        return ts_fail(e, TS_E_INPUT, "the page's compression is damaged or ends early; left out");
    *body = ts_buf_str(&out);
    return true;
}

/* Text where coded bytes should be: the archiver undid the coding and kept the header. */
static bool looks_plain(ts_str body) {
    ts_str t = ts_str_trim(ts_str_to(body, 512));
    return t.n && t.p[0] == '<';
}

static bool decode_content(ts_arena *a, ts_str coding, ts_str *body, ts_error *e) {
    if (!coding.n || says(coding, "identity") || !body->n) return true;
    if (ts_str_starts(*body, TS_S("\x1f\x8b"))) return decompress(a, body, 16 + MAX_WBITS, e);
    if (says(coding, "deflate")) {
        unsigned char c = (unsigned char)body->p[0],
                      d = body->n > 1 ? (unsigned char)body->p[1] : 0;
        bool zlib = (c & 15) == 8 && (c << 8 | d) % 31 == 0;
        return looks_plain(*body) || decompress(a, body, zlib ? MAX_WBITS : -MAX_WBITS, e);
    }
    if (looks_plain(*body) || says(coding, "gzip")) return true;
    return ts_fail(e, TS_E_INPUT, "content coding '%.*s' is not read; left out",
                   TS_P(ts_str_to(coding, 40)));
}

static ts_str charset_in(ts_str type) {
    size_t at = ts_str_ifind(type, TS_S("charset="));
    if (at == TS_NPOS) return TS_NONE;
    ts_str v = ts_str_from(type, at + 8);
    if (v.n && v.p[0] == '"') v = ts_str_from(v, 1);
    return ts_str_trim(ts_str_cut_any(&v, "\";, "));
}

bool warc_page(ts_arena *a, const warc_record *r, ts_str *url, ts_str *html, ts_error *e) {
    size_t n = header_length(r->bytes);
    ts_str header = ts_str_to(r->bytes, n), body = ts_str_from(r->bytes, n),
           type = field(header, "Content-Type");
    ts_str address = field(header, "WARC-Target-URI");
    if (address.n > 1 && address.p[0] == '<' && address.p[address.n - 1] == '>')
        address = (ts_str){address.p + 1, address.n - 2};
    *url = ts_utf8_mend(a, address);
    if (ts_str_ieq(field(header, "WARC-Type"), TS_S("response"))) {
        size_t http_n = header_length(body);
        ts_str http = ts_str_to(body, http_n);
        body = ts_str_from(body, http_n);
        type = field(http, "Content-Type");
        if (says(field(http, "Transfer-Encoding"), "chunked") && !unchunk(a, &body, e))
            return false;
        if (!decode_content(a, field(http, "Content-Encoding"), &body, e)) return false;
    }
    ts_str charset = charset_in(type);
    *html = charset.n ? ts_html_utf8(a, body, charset) : body;
    return true;
}
