/* Offers from any format: detection, chunks, records. */
#include "offer_fields.h"

enum { CHUNK_RESERVE_GIB = 2, CHUNK_TARGET = 1 << 19, PEEK = 1 << 16 };

static const char *const format_names[TS_OF_COUNT] = {"unknown", "jsonl", "json", "csv",
                                                      "feed",    "html",  "warc"};

const char *ts_offer_format_name(ts_offer_format f) { return format_names[f]; }

ts_offer_format ts_offer_format_by_name(const char *s) {
    for (int f = 1; f < TS_OF_COUNT; f++)
        if (strcmp(s, format_names[f]) == 0) return (ts_offer_format)f;
    return TS_OF_UNKNOWN;
}

/* ---- detection ---- */

static ts_str without_bom(ts_str s) {
    return ts_str_starts(s, TS_S("\xEF\xBB\xBF")) ? ts_str_from(s, 3) : s;
}

static bool looks_like_lines(ts_str head, bool all) {
    size_t at = 0, end;
    size_t nl = ts_str_chr(head, '\n');
    ts_json_split_result r = ts_json_split(head, &at, &end, all);
    if (nl == TS_NPOS) return r == TS_JSON_SPLIT_VALUE || !all; /* one line so far */
    if (r == TS_JSON_SPLIT_VALUE && end <= nl + 1) return true;
    ts_str line = ts_str_trim(ts_str_to(head, nl)), next = ts_str_trim(ts_str_from(head, nl));
    char last = line.n ? line.p[line.n - 1]
                       : 0; /* a first line that is broken, before others that are not */
    return next.n && next.p[0] == '{' && !memchr(",{[:", last, 4);
}

static bool is_html(ts_str s) {
    if (ts_str_istarts(s, TS_S("<!doctype html")) || ts_str_istarts(s, TS_S("<html"))) return true;
    static const char *const other[] = {"<?xml", "<rss", "<feed", "<rdf"};
    if (!s.n || s.p[0] != '<') return false;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (ts_str_istarts(s, ts_str_c(other[i]))) return false;
    ts_str head = ts_str_to(s, 4096);
    return ts_str_ifind(head, TS_S("<head")) != TS_NPOS ||
           ts_str_ifind(head, TS_S("<body")) != TS_NPOS ||
           ts_str_ifind(head, TS_S("<div")) != TS_NPOS ||
           ts_str_ifind(head, TS_S("itemscope")) != TS_NPOS ||
           ts_str_ifind(head, TS_S("<html")) != TS_NPOS;
}

static ts_offer_format detect(ts_offer_source *s, ts_arena scratch) {
    ts_split_peek(s->split, PEEK);
    ts_str head = without_bom((ts_str){s->split->held, s->split->held_n});
    bool all = s->split->eof;
    ts_str t = ts_str_trim(head);
    if (t.n == 0) return TS_OF_JSON_LINES; /* empty: nothing to read in any format */
    if (ts_str_starts(t, TS_S("WARC/"))) return TS_OF_WARC;
    if (t.p[0] == '[') return TS_OF_JSON;
    if (t.p[0] == '{') return looks_like_lines(t, all) ? TS_OF_JSON_LINES : TS_OF_JSON;
    if (is_html(t)) return TS_OF_HTML;
    if (t.p[0] == '<') {
        ts_str h = ts_str_to(t, 8192);
        if (ts_str_ifind(h, TS_S("<rss")) != TS_NPOS || ts_str_ifind(h, TS_S("<feed")) != TS_NPOS ||
            ts_str_ifind(h, TS_S("<channel")) != TS_NPOS)
            return TS_OF_FEED;
        return TS_OF_UNKNOWN;
    }
    ts_strs header = {0};
    ts_str rest = t;
    uint64_t lines;
    char d = ts_split_delimiter(scratch, t);
    bool text = ts_str_chr(ts_str_to(t, ts_str_chr(t, '\n')), 0) == TS_NPOS;
    bool table = text && ts_split_row(&scratch, d, &rest, &header, &lines) &&
                 offer_names_known(&s->names, &header) > 0;
    return table ? TS_OF_CSV : TS_OF_UNKNOWN;
}

/* ---- opening ---- */

static bool read_header(ts_arena *a, ts_offer_source *s, ts_error *e) {
    ts_split_peek(s->split, PEEK);
    ts_str head = {s->split->held, s->split->held_n}, t = without_bom(head);
    s->delimiter = s->split->delimiter = ts_split_delimiter(*a, t);
    ts_strs fields = {0};
    ts_str rest = t;
    uint64_t lines = 0;
    ts_split_row(a, s->delimiter, &rest, &fields, &lines);
    for (size_t i = 0; i < fields.n; i++)
        *ts_push(a, &s->header) = ts_str_trim(ts_utf8_mend(a, ts_str_dup(a, fields.v[i])));
    s->columns = ts_new_n(a, offer_field, s->header.n ? s->header.n : 1);
    bool title = false;
    for (size_t i = 0; i < s->header.n; i++) {
        s->columns[i] = offer_names_find(&s->names, s->header.v[i]);
        title |= s->columns[i] == OF_TITLE;
    }
    if (!title) {
        ts_fail(e, TS_E_INPUT,
                "no column is a title: name it with --map title=COLUMN (the columns are: %.*s)",
                TS_P(ts_str_clip(ts_str_to(t, ts_str_chr(t, '\n')), 200)));
        return ts_fail_at(e, ts_input_name(s->in), 1, 0);
    }
    size_t used = head.n - rest.n;
    s->split->held_n -= used;
    memmove(s->split->held, s->split->held + used, s->split->held_n);
    s->split->line += lines;
    return true;
}

static bool open_format(ts_arena *a, ts_offer_source *s, ts_error *e) {
    switch (s->format) {
    case TS_OF_JSON_LINES: s->split->mode = TS_SPLIT_LINES; return true;
    case TS_OF_JSON: {
        ts_str t = ts_str_trim(without_bom((ts_str){s->split->held, s->split->held_n}));
        s->split->mode = t.n && t.p[0] == '[' ? TS_SPLIT_VALUES : TS_SPLIT_WHOLE;
        return true;
    }
    case TS_OF_CSV: s->split->mode = TS_SPLIT_ROWS; return read_header(a, s, e);
    case TS_OF_HTML:
    case TS_OF_WARC: s->split->mode = TS_SPLIT_WHOLE; return true;
    case TS_OF_FEED: return feed_open(a, s, e);
    default: break;
    }
    ts_fail(e, TS_E_INPUT,
            "this is none of the formats offers come in (jsonl, json, csv, feed, html, warc); if "
            "it is one, name it with "
            "--offer-format, and for a table the columns with --map");
    return ts_fail_at(e, ts_input_name(s->in), 0, 0);
}

static ts_offer_source *start(ts_arena *a, ts_input *in, ts_offer_options o, ts_error *e) {
    ts_offer_source *s = ts_new(a, ts_offer_source);
    s->o = o;
    s->in = in;
    s->arena = a;
    s->split = ts_new(a, ts_splitter);
    ts_split_start(a, s->split, in);
    bool ok = offer_names_build(a, o.map, &s->names, e);
    if (ok) {
        ts_split_peek(s->split, PEEK);
        ok = !(s->split->failed && s->split->held_n == 0);
        if (!ok) *e = s->split->failure;
    }
    if (ok) {
        s->format = o.format ? o.format : detect(s, *a);
        ok = open_format(a, s, e);
    }
    if (ok) return s;
    ts_input_close(in);
    return 0;
}

ts_offer_source *ts_offers_open(ts_arena *a, const char *path, ts_offer_options o, ts_error *e) {
    ts_input *in = ts_input_open(a, path, e);
    return in ? start(a, in, o, e) : 0;
}

ts_offer_source *ts_offers_memory(ts_arena *a, ts_str bytes, const char *name, ts_offer_options o,
                                  ts_error *e) {
    return start(a, ts_input_memory(a, bytes, name), o, e);
}

void ts_offers_close(ts_offer_source *s) {
    if (!s) return;
    if (s->format == TS_OF_FEED) feed_close(s);
    ts_input_close(s->in);
}

ts_offer_format ts_offers_format(const ts_offer_source *s) { return s->format; }
const char *ts_offers_name(const ts_offer_source *s) { return ts_input_name(s->in); }

/* ---- chunks ---- */

void ts_offer_chunk_init(ts_offer_chunk *c) {
    *c = (ts_offer_chunk){0};
    c->mark = c->arena = ts_arena_new((size_t)CHUNK_RESERVE_GIB << 30);
}

void ts_offer_chunk_free(ts_offer_chunk *c) {
    ts_arena_free(&c->mark, (size_t)CHUNK_RESERVE_GIB << 30);
}

static void reset(ts_offer_chunk *c) {
    enum { KEEP = 8 << 20 };
    if ((size_t)(c->arena.beg - c->mark.beg) > KEEP) ts_arena_trim(c->mark);
    c->arena = c->mark;
    c->bytes = TS_NONE;
    c->offers.v = 0, c->offers.n = c->offers.cap = 0;
    c->problems.v = 0, c->problems.n = c->problems.cap = 0;
}

static ts_read_result fill_split(ts_offer_source *s, ts_offer_chunk *c, ts_error *e) {
    ts_split_piece piece;
    ts_split_problems problems = {0};
    bool any = ts_split_next(s->split, &c->arena, CHUNK_TARGET, &piece, &problems);
    c->problems.v = problems.v, c->problems.n = problems.n;
    if (any) {
        c->bytes =
            s->chunks == 0 && s->format != TS_OF_CSV ? without_bom(piece.bytes) : piece.bytes;
        c->first_record = piece.first;
        return TS_READ_RECORD;
    }
    if (problems.n) return TS_READ_RECORD; /* a chunk of problems only */
    if (!s->split->failed) return TS_READ_END;
    *e = s->split->failure;
    return TS_READ_FAILED;
}

ts_read_result ts_offers_fill(ts_offer_source *s, ts_offer_chunk *c, ts_error *e) {
    reset(c);
    ts_read_result r = s->format == TS_OF_FEED   ? feed_fill(s, c, e)
                       : s->format == TS_OF_WARC ? warc_fill(s, c, e)
                                                 : fill_split(s, c, e);
    c->sequence = s->chunks++;
    c->position = ts_input_position(s->in);
    c->size = ts_input_size(s->in);
    return r;
}

/* ---- records ---- */

ts_offer_reader ts_offers_read(const ts_offer_source *s, const ts_offer_chunk *c) {
    return (ts_offer_reader){.source = s, .chunk = c, .record = c->first_record};
}

/* Offers that one record yielded, waiting to be handed out. */
typedef struct batch {
    ts_arena *a;
    ts_offer_reader *r;
    struct {
        ts_offer *v;
        size_t n, cap;
    } list;
    uint64_t record;
} batch;

static void collect(void *ctx, const ts_offer *o, bool listed) {
    batch *b = ctx;
    (void)listed;
    ts_offer *slot = ts_push(b->a, &b->list);
    *slot = *o;
    const ts_offer_source *s = b->r->source;
    offer_finish(b->a, slot, ts_input_name(s->in), b->record, s->o.market);
}

static bool name_place(const batch *b, ts_error *e) {
    return ts_fail_at(e, ts_input_name(b->r->source->in), b->record, 0);
}

/* A record from which nothing could be taken, although it says something. */
static bool nothing_known(const batch *b, ts_str names, ts_error *e) {
    ts_fail(e, TS_E_INPUT,
            "no title, description, model or identifier is known here; name it with --map "
            "title=NAME (the names are: %.*s)",
            TS_P(ts_str_clip(names, 200)));
    return name_place(b, e);
}

static ts_str names_of(ts_arena *a, const ts_json *v) {
    ts_buf b = ts_buf_new(a, 300);
    TS_JSON_EACH_MEMBER(k, value, v) {
        if (b.n) ts_buf_lit(&b, ", ");
        ts_buf_put(&b, (ts_str){k->p, k->n});
    }
    return ts_buf_str(&b);
}

static bool one_json(ts_offer_reader *r, ts_arena *a, ts_str text, batch *b, ts_error *e) {
    const ts_json *v = ts_json_parse(
        a, text, (ts_json_options){.mended = &r->mended, .repeated = &r->repeated}, e);
    if (e && !v) e->line = 0;
    if (!v) return name_place(b, e);
    if (!ts_json_is(v, TS_JSON_OBJECT) && !ts_json_is(v, TS_JSON_ARRAY)) {
        ts_fail(e, TS_E_INPUT, "an offer is a JSON object; this is something else");
        return name_place(b, e);
    }
    offers_from_json(a, &r->source->names, v, false, collect, b);
    bool typed =
        ts_json_member(v, "@type") || ts_json_member(v, "@graph") || ts_json_member(v, "@context");
    if (!b->list.n && !typed && ts_json_is(v, TS_JSON_OBJECT))
        return nothing_known(b, names_of(a, v), e);
    return true;
}

/* A cell may hold a list or an object as JSON; texts that only look so stay text. */
static const ts_json *cell_json(ts_arena *a, offer_field f, ts_str v) {
    bool text = f == OF_TITLE || f == OF_DESCRIPTION || f == OF_IGNORE;
    if (text || v.n < 2 || (v.p[0] != '[' && v.p[0] != '{')) return 0;
    return ts_json_parse(a, v, (ts_json_options){0}, 0);
}

/* As many fields as the header has, or empty ones behind. */
static bool fields_fit(const batch *b, const ts_strs *fields, uint64_t lines, ts_error *e) {
    size_t want = b->r->source->header.n, n = fields->n;
    while (n > want && !fields->v[n - 1].n) n--;
    if (n == want) return true;
    ts_fail(e, TS_E_INPUT, "the row has %zu fields where the header has %zu%s", fields->n, want,
            lines > 1 ? ", over several lines: is a quote not closed?" : "");
    return name_place(b, e);
}

static bool one_row(ts_offer_reader *r, ts_arena *a, ts_strs *fields, uint64_t lines, batch *b,
                    ts_error *e) {
    const ts_offer_source *s = r->source;
    if (fields->n == 1 && !ts_str_trim(fields->v[0]).n) return true; /* an empty line */
    for (size_t i = 0; i < fields->n; i++)
        if (ts_str_chr(fields->v[i], 0) != TS_NPOS) {
            ts_fail(e, TS_E_INPUT, "a NUL byte stands in the row: the file is damaged");
            return name_place(b, e);
        }
    if (!fields_fit(b, fields, lines, e)) return false;
    ts_offer o = {0};
    for (size_t i = 0; i < s->header.n; i++) {
        ts_str v = ts_utf8_mend(a, fields->v[i]);
        r->mended += v.p != fields->v[i].p;
        const ts_json *json = cell_json(a, s->columns[i], v);
        if (json)
            offer_put_json(a, &s->names, &o, s->header.v[i], json);
        else
            offer_put(a, &o, s->columns[i], s->header.v[i], v);
    }
    if (!o.title.n && !o.description.n && !o.model.n && !o.identifiers.n) {
        ts_fail(e, TS_E_INPUT, "the row has no title, description, model or identifier");
        return name_place(b, e);
    }
    collect(b, &o, false);
    return true;
}

static bool one_page(ts_offer_reader *r, ts_arena *a, ts_str html, ts_str url, batch *b,
                     ts_error *e) {
    return offers_from_html(a, &r->source->names, html, url, collect, b, e) || name_place(b, e);
}

/* What is read next starts behind `rest`. Said before a record is looked into: that may end in a
 * lack of memory. */
static void advance(ts_offer_reader *r, ts_str rest, uint64_t lines) {
    r->at = r->chunk->bytes.n - rest.n;
    r->record += lines;
}

/* Reads one record of the chunk into b. RECORD also when it yielded no offer; BAD may come with
 * offers. */
static ts_read_result next_record(ts_offer_reader *r, ts_arena *a, batch *b, ts_error *e) {
    ts_str rest = ts_str_from(r->chunk->bytes, r->at), text = rest;
    ts_split_mode mode = r->source->split->mode;
    b->record = r->record;
    if (mode == TS_SPLIT_ROWS) {
        uint64_t lines = 1;
        ts_strs fields = {0};
        if (!ts_split_row(a, r->source->delimiter, &rest, &fields, &lines)) return TS_READ_END;
        advance(r, rest, lines);
        return one_row(r, a, &fields, lines, b, e) ? TS_READ_RECORD : TS_READ_BAD;
    }
    bool any = mode == TS_SPLIT_LINES    ? ts_split_line(&rest, &text)
               : mode == TS_SPLIT_VALUES ? ts_split_value(&rest, &text)
                                         : rest.n > 0;
    if (!any) return TS_READ_END;
    if (mode == TS_SPLIT_WHOLE) rest = ts_str_from(rest, rest.n);
    advance(r, rest, 1);
    if (mode == TS_SPLIT_LINES && !ts_str_trim(text).n) return TS_READ_RECORD;
    bool page = r->source->format == TS_OF_HTML;
    bool ok = page ? one_page(r, a, text, TS_NONE, b, e) : one_json(r, a, text, b, e);
    return ok ? TS_READ_RECORD : TS_READ_BAD;
}

/* The same for the next page of an archive. */
static ts_read_result next_archived(ts_offer_reader *r, ts_arena *a, batch *b, ts_error *e) {
    ts_str rest = ts_str_from(r->chunk->bytes, r->at), url, html;
    warc_record record;
    if (!warc_take(&rest, &record)) return TS_READ_END;
    advance(r, rest, 0);
    r->record = b->record = record.number;
    if (warc_page(a, &record, &url, &html, e))
        return one_page(r, a, html, url, b, e) ? TS_READ_RECORD : TS_READ_BAD;
    name_place(b, e);
    return TS_READ_BAD;
}

ts_read_result ts_offers_next(ts_offer_reader *r, ts_arena *a, ts_offer *o, ts_error *e) {
    if (r->next_problem < r->chunk->problems.n) {
        *e = r->chunk->problems.v[r->next_problem++];
        return TS_READ_BAD;
    }
    const ts_offer_chunk *c = r->chunk;
    if (r->next_offer < c->offers.n) {
        *o = c->offers.v[r->next_offer++];
        return TS_READ_RECORD;
    }
    if (r->pending_n > r->pending_at) {
        *o = r->pending[r->pending_at++];
        return TS_READ_RECORD;
    }
    for (;;) {
        batch b = {.a = a, .r = r};
        ts_read_result rc =
            r->source->format == TS_OF_WARC ? next_archived(r, a, &b, e) : next_record(r, a, &b, e);
        r->pending = b.list.v;
        r->pending_n = b.list.n;
        r->pending_at = 0;
        if (rc != TS_READ_RECORD) return rc; /* the problem first, then what was found before it */
        if (!b.list.n) continue;
        *o = r->pending[r->pending_at++];
        return TS_READ_RECORD;
    }
}
