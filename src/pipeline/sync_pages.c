/* What is new since a day, page by page. */
#include "sync_part.h"

enum { PAGE_MAX = 64 << 20 };

typedef struct page {
    uint64_t offset, n, total;
    int32_t last_day; /* of its last record, where pages are newest first */
    ts_digest digest; /* of the records */
} page;

static ts_str page_url(const syncing *s, int32_t since, uint64_t offset) {
    ts_buf b = ts_buf_new(s->a, 4096);
    ts_buf_put(&b, s->base);
    ts_buf_put(&b, ts_str_c(s->feed->pages));
    ts_buf_c(&b, '?');
    ts_buf_put(&b, sync_dated(s->a, s->feed->since[0], since));
    ts_buf_fmt(&b, "&limit=%d&offset=%llu", TS_FEED_PAGE, (unsigned long long)offset);
    return ts_buf_str(&b);
}

/* {"total_count": 213, "results": [ … ]} */
static bool read_page(const syncing *s, page *p, ts_error *e) {
    ts_arena scratch = *s->a;
    ts_str text;
    int64_t total;
    if (!ts_file_read(&scratch, s->file, PAGE_MAX, &text, e)) return false;
    const ts_json *root = ts_json_parse(&scratch, text, (ts_json_options){0}, e), *last = 0;
    if (!root) return false;
    const ts_json *list = ts_json_member(root, "results");
    if (!ts_json_i64(ts_json_member(root, "total_count"), &total) || total < 0 ||
        !ts_json_is(list, TS_JSON_ARRAY))
        return ts_fail(e, TS_E_INPUT,
                       "is no page of records: \"total_count\" or \"results\" is missing; the "
                       "service may have changed");
    TS_JSON_EACH(v, list) last = v;
    p->n = list->n;
    p->total = (uint64_t)total;
    p->last_day = TS_NO_DAY;
    if (s->feed->newest_first)
        p->last_day =
            ts_day_parse_iso(ts_json_str(ts_json_get(last, ts_str_c(s->feed->newest_first))));
    size_t at = (size_t)(list->p - text.p);
    p->digest = ts_digest_of(ts_str_from(text, at));
    return true;
}

/* A page that does not fit those before it: then nobody can tell what was left out. */
static bool fits(const syncing *s, const page *p, const page *before, ts_error *e) {
    unsigned long long got = p->offset + p->n, all = p->total;
    if (p->n > TS_FEED_PAGE)
        return ts_fail(e, TS_E_INPUT, "holds %llu records where %d were asked for",
                       (unsigned long long)p->n, TS_FEED_PAGE);
    if (p->n && before->n && ts_digest_eq(p->digest, before->digest))
        return ts_fail(e, TS_E_INPUT,
                       "is the page before it once more; the service does not turn pages now, try "
                       "again later or use --full");
    if (p->n < TS_FEED_PAGE && got < all)
        return ts_fail(
            e, TS_E_INPUT,
            "the records end after %llu of the %llu that the service announces; try again later",
            got, all);
    if (s->feed->newest_first && p->n && p->last_day == TS_NO_DAY)
        return ts_fail(
            e, TS_E_INPUT,
            "its last record has no date in '%s'; the service may have changed, use --full",
            s->feed->newest_first);
    return true;
}

static bool more(const syncing *s, const page *p, int32_t since) {
    if (s->feed->newest_first && p->last_day < since) return false;
    return p->offset + p->n < p->total && p->n > 0;
}

/* Too many for pages: in one document, as far as the service can limit that by a day. */
static bool in_one(syncing *s, int32_t since, uint64_t expected, ts_error *e) {
    ts_str url = sync_join(s->a, s->base, s->feed->whole, TS_NONE);
    if (!s->feed->newest_first)
        url = sync_join(s->a, url, "&", sync_dated(s->a, s->feed->since[0], since));
    document d = {
        .url = url, .judged = true, .known = true, .by_store = true, .expected = expected};
    snprintf(d.place, sizeof d.place, "%s, export", s->feed->name);
    ts_log_note("%s: too many records for pages; the export is fetched instead", s->feed->name);
    return sync_document(s, &d, e);
}

/* One page, fetched, looked at and imported. False when the store refused; *ok when the next may
 * follow. */
static bool one_page(syncing *s, int32_t since, page *p, const page *before, bool *ok,
                     ts_error *e) {
    document d = {.url = page_url(s, since, p->offset)};
    ts_error why = {0};
    snprintf(d.place, sizeof d.place, "%s, page %llu", s->feed->name,
             (unsigned long long)p->offset / TS_FEED_PAGE + 1);
    *ok = false;
    if (!sync_fetch(s, &d, PAGE_MAX)) return true;
    bool fine = read_page(s, p, &why) && fits(s, p, before, &why), stored = true;
    if (!fine) {
        snprintf(why.where, sizeof why.where, "%s", d.place);
        why.line = 0;
        sync_failed(s, &why);
    } else if (p->total > TS_FEED_PAGED_MAX && !s->feed->newest_first) {
        *ok = true; /* not this way */
    } else {
        stored = !p->n || sync_import(s, &d, e);
        *ok = !d.f.failed;
    }
    sync_forget_file(s);
    return stored;
}

bool sync_pages(syncing *s, int32_t since, uint64_t expected, ts_error *e) {
    page before = {0}, p = {0};
    for (;;) {
        ts_arena mark = *s->a;
        bool ok;
        if (!one_page(s, since, &p, &before, &ok, e)) return false;
        if (!ok) return true;
        bool paged = p.total <= TS_FEED_PAGED_MAX || s->feed->newest_first;
        if (!paged ||
            (more(s, &p, since) && p.offset + (size_t)2 * TS_FEED_PAGE > TS_FEED_PAGED_MAX))
            return in_one(s, since, expected, e);
        *s->a = mark;
        if (!more(s, &p, since)) break;
        before = p;
        p = (page){.offset = before.offset + before.n};
    }
    if (ts_source_silent(s->sum->notices, true, expected) && !(s->job->accept && s->sum->notices))
        sync_silent(s, s->feed->name, s->sum->notices, expected, true, "notice");
    return true;
}
