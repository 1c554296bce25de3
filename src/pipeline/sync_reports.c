/* The Safety Gate's weekly reports: the list, then each report that is due. */
#include "sync_part.h"

enum { IN_A_ROW = 3, LIST_MAX = 32 << 20 };

/* What was fetched before, by address. */
typedef struct memory {
    ts_feed_rows rows;
    ts_map at; /* address → its row + 1; 0 = dealt with in this run */
} memory;

static bool remember(syncing *s, memory *m, ts_error *e) {
    ts_str prefix = sync_join(s->a, s->base, "/", TS_NONE);
    if (!ts_store_feed_states(s->store, s->a, prefix, TS_NONE, &m->rows, e)) return false;
    for (size_t i = 0; i < m->rows.n; i++) *ts_map_put(s->a, &m->at, m->rows.v[i].url, 0) = i + 1;
    return true;
}

static const ts_feed_state *remembered(const memory *m, ts_str url) {
    static const ts_feed_state none = {.records = -1};
    const uint64_t *at = ts_map_get(&m->at, url);
    return at && *at ? &m->rows.v[*at - 1].state : &none;
}

/* ---- the list ---- */

/* The list says where its reports are. They are asked for only below the feed's own address, or the
 * mirror's that stands for it. */
static ts_str below_base(const syncing *s, ts_str url) {
    ts_str bases[] = {s->base, ts_str_c(s->feed->base)};
    for (size_t i = 0; i < 2; i++) {
        ts_str base = bases[i], u = url;
        if (ts_str_istarts(u, TS_S("http://")) && ts_str_istarts(base, TS_S("https://"))) {
            u = ts_str_from(u, 4);
            base = ts_str_from(base, 5);
        }
        if (u.n > base.n && ts_str_ieq(ts_str_to(u, base.n), base) && u.p[base.n] == '/')
            return ts_str_from(u, base.n);
    }
    return TS_NONE;
}

/* "|" and the like stand unescaped in the list. */
static ts_str escaped(ts_arena *a, ts_str s) {
    ts_buf b = ts_buf_new(a, 8192);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c >= 0x7F || memchr("|\"<>^`{}\\", c, 9))
            ts_buf_fmt(&b, "%%%02X", c);
        else
            ts_buf_c(&b, (char)c);
    }
    return ts_buf_str(&b);
}

static void name_report(const syncing *s, const ts_report_ref *r, char place[120]) {
    char iso[16];
    ts_str day = ts_day_iso(r->published, iso);
    if (r->reference.n)
        snprintf(place, 120, "%s, %.*s", s->feed->name, TS_P(ts_str_clip(r->reference, 60)));
    else
        snprintf(place, 120, "%s, report of %.*s", s->feed->name, TS_P(day));
}

/* Addresses as they will be asked; what leads elsewhere is named and left out. */
static ts_report_refs settle(syncing *s, const ts_report_refs *listed) {
    ts_report_refs out = {0};
    for (size_t i = 0; i < listed->n; i++) {
        ts_report_ref r = listed->v[i];
        ts_str rest = below_base(s, r.url);
        if (rest.n && rest.n < 2000) {
            r.url = sync_join(s->a, s->base, "", escaped(s->a, rest));
            *ts_push(s->a, &out) = r;
            continue;
        }
        ts_error why = {0};
        char place[120];
        name_report(s, &r, place);
        ts_fail(&why, TS_E_INPUT,
                "the list leads to %.*s, which is not below %.*s; it is not followed",
                TS_P(ts_str_clip(r.url, 100)), TS_P(s->base));
        ts_fail_at(&why, place, 0, 0);
        ts_log_error(&why);
        s->sum->bad++;
    }
    return out;
}

static bool list_silent(syncing *s, const document *d, uint64_t n) {
    if (!ts_source_silent(n, d->state.records >= 0, (uint64_t)d->state.records) ||
        (s->job->accept && n))
        return false;
    sync_silent(s, d->place, n, (uint64_t)d->state.records, false, "report");
    return true;
}

/* Fetches and reads the list. Nothing in `out` when it could not be had; the reports fetched before
 * when it has not changed. */
static bool get_list(syncing *s, const memory *m, ts_report_refs *out, ts_error *e) {
    ts_str url = sync_join(s->a, s->base, s->feed->whole, TS_NONE);
    document d = {.url = url,
                  .key = url,
                  .mark = url,
                  .conditional = !s->job->full && s->job->since == TS_NO_DAY};
    snprintf(d.place, sizeof d.place, "%s, the list of reports", s->feed->name);
    if (!ts_store_feed_state(s->store, s->a, url, &d.state, e)) return false;
    uint64_t standing = s->sum->standing;
    if (!sync_fetch(s, &d, LIST_MAX)) return true;
    s->sum->standing = standing; /* the list's records are reports */
    if (d.not_modified) {
        for (size_t i = 0; i < m->rows.n; i++) {
            const ts_feed_row *row = &m->rows.v[i];
            if (!ts_str_eq(row->url, url))
                *ts_push(s->a, out) = (ts_report_ref){
                    .url = row->url, .published = ts_day_parse_iso(row->state.mark)};
        }
        s->list_key = url;
        s->list_state = d.state;
        s->list_state.fetched = s->started;
        return true;
    }
    ts_report_refs listed = {0};
    uint64_t bad = 0;
    ts_error why = {0};
    bool ok = ts_report_list_read(s->a, s->file, &listed, &bad, &why);
    sync_forget_file(s);
    if (!ok) {
        snprintf(why.where, sizeof why.where, "%s", d.place);
        sync_failed(s, &why);
        return true;
    }
    if (bad)
        ts_log_problem("%s: %llu entries have no address and were left out", d.place,
                       (unsigned long long)bad);
    s->sum->bad += bad;
    *out = settle(s, &listed);
    if (list_silent(s, &d, listed.n) || s->job->since != TS_NO_DAY) return true;
    s->list_key = url;
    s->list_state =
        (ts_feed_state){.mark = url, .fetched = s->started, .records = (int64_t)listed.n};
    if (!s->sum->bad)
        s->list_state.etag = d.r.etag, s->list_state.last_modified = d.r.last_modified;
    return true;
}

/* ---- the reports ---- */

static int by_day(const void *x, const void *y) {
    const ts_report_ref *a = x, *b = y;
    if (a->published != b->published) return a->published < b->published ? -1 : 1;
    return ts_str_cmp(a->url, b->url);
}

/* A report that is not there yet, whose date in the list has changed, or that is recent. */
static bool due(const syncing *s, const ts_report_ref *r, const ts_feed_state *st, int32_t newest) {
    char iso[16];
    if (s->job->since != TS_NO_DAY && r->published < s->job->since) return false;
    if (s->job->full || !st->fetched || !ts_str_eq(st->mark, ts_day_iso(r->published, iso)))
        return true;
    return r->published != TS_NO_DAY && newest - r->published < (int32_t)s->feed->overlap_days;
}

static bool one_report(syncing *s, const ts_report_ref *r, ts_error *e) {
    char iso[16];
    document d = {.url = r->url,
                  .key = r->url,
                  .mark = ts_day_iso(r->published, iso),
                  .conditional = !s->job->full,
                  .judged = true};
    name_report(s, r, d.place);
    return sync_document(s, &d, e);
}

/* Oldest first, so that where two reports have the same alert, the later one has the last word. */
static bool read_reports(syncing *s, memory *m, ts_report_refs *refs, ts_error *e) {
    if (refs->n) qsort(refs->v, refs->n, sizeof *refs->v, by_day);
    int32_t newest = refs->n ? refs->v[refs->n - 1].published : 0;
    ts_progress p = ts_progress_start("looked at", "reports");
    s->problems = 0;
    for (size_t i = 0; i < refs->n; i++) {
        ts_arena mark = *s->a;
        const ts_report_ref *r = &refs->v[i];
        const uint64_t *seen = ts_map_get(&m->at, r->url);
        const ts_feed_state *st = remembered(m, r->url);
        if (seen && !*seen) continue; /* listed twice */
        if (!due(s, r, st, newest)) {
            if (st->records > 0) s->sum->standing += (uint64_t)st->records;
            continue;
        }
        if (!one_report(s, r, e)) return false;
        *s->a = mark;
        *ts_map_put(s->a, &m->at, r->url, 0) = 0;
        ts_progress_show(&p, i + 1, i + 1, refs->n);
        if (s->problems < IN_A_ROW) continue;
        ts_log_problem(
            "%s: %d reports in a row could not be had; the rest is left for the next run",
            s->feed->name, IN_A_ROW);
        break;
    }
    ts_progress_clear(&p);
    return true;
}

bool sync_reports(syncing *s, ts_error *e) {
    memory m = {0};
    ts_report_refs refs = {0};
    return remember(s, &m, e) && get_list(s, &m, &refs, e) && read_reports(s, &m, &refs, e);
}
