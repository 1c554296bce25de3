/* One document of a feed: asked for, looked at, imported. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "sync_part.h"

enum { HEAD = 1024 };

void sync_failed(syncing *s, const ts_error *why) {
    if (!s->sum->failed) s->sum->why = *why;
    s->sum->failed = true;
    s->problems++;
    ts_log_error(why);
}

void sync_silent(syncing *s, const char *place, uint64_t n, uint64_t expected, bool by_store,
                 const char *what) {
    s->sum->silent = true;
    if (!n)
        ts_log_problem("%s: UNDETERMINED: not a single %s; the feed may be silent. The same is "
                       "asked for again next time",
                       place, what);
    else
        ts_log_problem(
            "%s: UNDETERMINED: %llu %s%s where %llu %s; the feed may be silent. What came "
            "is kept, and the same is asked for again next time; if the authority itself "
            "publishes less now, --accept makes this the new measure",
            place, (unsigned long long)n, what, n == 1 ? "" : "s", (unsigned long long)expected,
            by_store ? "of that time are in the store" : "came last time");
}

void sync_forget_file(const syncing *s) { unlink(s->file); }

/* ---- fetching ---- */

static bool show(void *ctx, uint64_t done, uint64_t total) {
    ts_progress_show(ctx, done, done, total);
    return true;
}

static bool is_xml(const syncing *s) { return s->feed->format == TS_NF_SAFETY_GATE_XML; }

static ts_fetch_options options_of(const syncing *s, const document *d, uint64_t max_bytes) {
    static const char *const json[] = {"application/json", "+json", "text/json", 0};
    static const char *const xml[] = {"application/xml", "text/xml", "+xml",
                                      "application/octet-stream", 0};
    ts_fetch_options o = s->job->net;
    o.url = d->url;
    o.expect = (ts_strs){0};
    for (const char *const *t = is_xml(s) ? xml : json; *t; t++)
        *ts_push(s->a, &o.expect) = ts_str_c(*t);
    o.compress = true;
    o.pace = s->pace;
    if (!o.max_bytes) o.max_bytes = max_bytes;
    if (d->conditional && ts_str_eq(d->state.mark, d->mark)) {
        o.etag = d->state.etag;
        o.last_modified = d->state.last_modified;
    }
    return o;
}

/* The first bytes as they are: whatever is compressed must not be unpacked here. */
static ts_str head_of(const char *path, char buf[HEAD]) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, buf, HEAD) : -1;
    if (fd >= 0) close(fd);
    ts_str head = {buf, n > 0 ? (size_t)n : 0};
    if (ts_str_starts(head, TS_S("\xEF\xBB\xBF"))) head = ts_str_from(head, 3);
    return ts_str_trim(head);
}

/* Where a reader stands in a JSON text, by its brackets alone. */
typedef struct brackets {
    uint64_t depth;
    bool string, escape; /* inside a string; behind a backslash */
    bool ended, beyond;  /* the value is closed; something comes behind it */
} brackets;

static void follow(brackets *b, ts_str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (b->string) {
            if (b->escape)
                b->escape = false;
            else if (c == '\\')
                b->escape = true;
            else if (c == '"')
                b->string = false;
        } else if (b->ended) {
            b->beyond |= !ts_is_space((unsigned char)c);
        } else if (c == '"') {
            b->string = true;
        } else if (c == '[' || c == '{') {
            b->depth++;
        } else if ((c == ']' || c == '}') && b->depth) {
            b->ended = --b->depth == 0;
        }
    }
}

/* Whether the file is one JSON value with its end. A length that was announced too short cuts a
 * document off without anybody else noticing; its whole records are no whole answer. */
static bool whole_json(const char *path, ts_error *e) {
    enum { STEP = 1 << 16 };
    char buf[STEP];
    brackets b = {0};
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return ts_fail_errno(e, TS_E_IO, errno, "cannot be read back from %s", path);
    while ((n = read(fd, buf, STEP)) > 0) follow(&b, (ts_str){buf, (size_t)n});
    close(fd);
    if (n < 0) return ts_fail_errno(e, TS_E_IO, errno, "cannot be read back from %s", path);
    if (!b.ended)
        return ts_fail(e, TS_E_INPUT,
                       "is cut off: the JSON ends before it is closed; try again later");
    return !b.beyond ||
           ts_fail(e, TS_E_INPUT, "goes on behind the end of its JSON; try again later");
}

/* Whether the answer can be what was asked for. A page in its place is what services give that are
 * down, or that want a browser. */
static bool looks_right(const syncing *s, ts_error *e) {
    char buf[HEAD];
    ts_str head = head_of(s->file, buf);
    const char *want = is_xml(s) ? "XML" : "JSON";
    if (!head.n) return ts_fail(e, TS_E_INPUT, "the answer is empty; try again later");
    bool page = ts_str_istarts(head, TS_S("<!doctype html")) || ts_str_istarts(head, TS_S("<html"));
    bool right = is_xml(s) ? head.p[0] == '<' : head.p[0] == '[' || head.p[0] == '{';
    if (page || (!right && head.p[0] == '<'))
        return ts_fail(e, TS_E_INPUT,
                       "answers with a web page instead of %s; the service may be down or closed "
                       "to programs: look at it with a browser, or try again later",
                       want);
    if (!right)
        return ts_fail(e, TS_E_INPUT, "answers with something that is not %s; try again later",
                       want);
    return is_xml(s) || whole_json(s->file, e);
}

bool sync_fetch(syncing *s, document *d, uint64_t max_bytes) {
    ts_fetch_options o = options_of(s, d, max_bytes);
    ts_progress p = ts_progress_start("fetched", "bytes");
    ts_error why = {0};
    if (!o.progress) o.progress = show, o.progress_ctx = &p;
    bool ok = ts_fetch_file(s->a, &o, s->file, &d->r, &why);
    ts_progress_clear(&p);
    s->sum->requests += d->r.requests;
    s->sum->transferred += d->r.transferred;
    if (ok && d->r.not_modified) {
        d->not_modified = true;
        s->problems = 0;
        s->sum->not_modified++;
        if (d->state.records > 0) s->sum->standing += (uint64_t)d->state.records;
        return true;
    }
    if (ok && !looks_right(s, &why)) {
        ok = ts_fail_at(&why, d->place, 0, 0);
        sync_forget_file(s);
    }
    if (!ok) sync_failed(s, &why);
    return ok;
}

/* ---- importing ---- */

typedef struct sealing {
    syncing *s;
    document *d;
} sealing;

static bool too_few(const syncing *s, const document *d, uint64_t n) {
    return d->judged && ts_source_silent(n, d->known, d->expected) && !(s->job->accept && n);
}

/* With a damaged record in it, a document is read anew next time. */
static bool keep_state(void *ctx, ts_import_file *f, ts_error *e) {
    sealing *x = ctx;
    document *d = x->d;
    d->silent = too_few(x->s, d, f->notices);
    if (!d->key.n || d->silent) return true;
    ts_feed_state st = {.mark = d->mark, .fetched = x->s->started, .records = (int64_t)f->notices};
    if (!f->bad) st.etag = d->r.etag, st.last_modified = d->r.last_modified;
    return ts_store_put_feed_state(x->s->store, d->key, &st, e);
}

/* "[]": nothing, which is no format. */
static bool empty_list(const syncing *s) {
    char buf[HEAD];
    ts_str head = head_of(s->file, buf);
    return head.n >= 2 && head.p[0] == '[' && ts_str_trim(ts_str_from(head, 1)).p[0] == ']';
}

/* What the file is not is enough; the list of all that it might have been is not for here. */
static void shorten(ts_error *e) {
    char *at = strstr(e->msg, ". Formats known:");
    if (at) *at = 0;
}

bool sync_import(syncing *s, document *d, ts_error *e) {
    ts_sync_summary *sum = s->sum;
    sealing x = {s, d};
    ts_import_piece p = {.path = s->file,
                         .place = d->place,
                         .options = {.format = s->feed->format},
                         .store = s->store,
                         .whole = true,
                         .seal = keep_state,
                         .ctx = &x};
    if (!is_xml(s) && empty_list(s)) {
        d->silent = d->judged;
    } else {
        if (!ts_import_piece_read(&p, &d->f, e)) return false;
        sum->bad += d->f.bad;
        if (d->f.failed) {
            shorten(&d->f.why);
            sync_failed(s, &d->f.why);
            return true;
        }
    }
    s->problems = 0;
    sum->documents++;
    sum->notices += d->f.notices;
    sum->fresh += d->f.fresh;
    sum->updated += d->f.updated;
    sum->unchanged += d->f.unchanged;
    sum->withdrawn += d->f.withdrawn;
    if (d->silent) sync_silent(s, d->place, d->f.notices, d->expected, d->by_store, "notice");
    return true;
}

bool sync_document(syncing *s, document *d, ts_error *e) {
    if (d->key.n && !ts_store_feed_state(s->store, s->a, d->key, &d->state, e)) return false;
    if (!d->known && d->state.records >= 0) {
        d->known = true;
        d->expected = (uint64_t)d->state.records;
    }
    if (!sync_fetch(s, d, s->feed->max_bytes) || d->not_modified) return true;
    bool ok = sync_import(s, d, e);
    sync_forget_file(s);
    return ok;
}
