#include "sync_part.h"

ts_str sync_join(ts_arena *a, ts_str x, const char *y, ts_str z) {
    ts_str parts[] = {x, ts_str_c(y), z};
    return ts_str_join(a, parts, 3, TS_NONE);
}

ts_str sync_dated(ts_arena *a, const char *text, int32_t day) {
    char iso[16];
    ts_str t = ts_str_c(text), mark = TS_S("{day}");
    size_t at = ts_str_find(t, mark);
    if (at == TS_NPOS) return t;
    ts_str parts[] = {ts_str_to(t, at), ts_day_iso(day, iso), ts_str_from(t, at + mark.n)};
    return ts_str_join(a, parts, 3, TS_NONE);
}

static ts_str base_of(const ts_sync_job *job) {
    ts_str base = ts_str_c(job->base ? job->base : job->feed->base);
    while (base.n && base.p[base.n - 1] == '/') base.n--;
    return base;
}

/* ---- since when ---- */

/* Where the day of the last success is kept: a list's is its own, the others have one per source
 * and address. */
static ts_str day_key(ts_arena *a, const ts_sync_job *job) {
    ts_str base = base_of(job);
    return job->feed->list ? sync_join(a, base, job->feed->whole, TS_NONE)
                           : sync_join(a, base, "#", ts_str_c(job->feed->name));
}

bool ts_sync_state(ts_arena *a, const ts_sync_job *job, int64_t *last, int32_t *since,
                   ts_error *e) {
    ts_feed_state st = {0};
    if (job->store && !ts_store_feed_state(job->store, a, day_key(a, job), &st, e)) return false;
    *last = st.fetched;
    *since =
        st.fetched ? (int32_t)(st.fetched / 86400) - (int32_t)job->feed->overlap_days : TS_NO_DAY;
    return true;
}

/* The day to ask from; TS_NO_DAY = everything. *moves: whether success moves the day on: not when a
 * gap would stay. */
static bool ask_from(ts_arena *a, const ts_sync_job *job, int32_t *since, bool *moves,
                     ts_error *e) {
    int64_t last;
    if (!ts_sync_state(a, job, &last, since, e)) return false;
    *moves = true;
    if (job->full) *since = TS_NO_DAY;
    if (job->full || job->since == TS_NO_DAY) return true;
    *moves = *since != TS_NO_DAY && job->since <= (int32_t)(last / 86400);
    *since = job->since;
    return true;
}

/* ---- what is asked ---- */

static document everything(const syncing *s) {
    document d = {.url = sync_join(s->a, s->base, s->feed->whole, TS_NONE),
                  .conditional = !s->job->full,
                  .judged = true};
    d.key = d.mark = d.url;
    snprintf(d.place, sizeof d.place, "%s", s->feed->name);
    return d;
}

/* The state is kept under the question, whatever the day; the validators are those of the very
 * address. */
static document question(const syncing *s, const char *since, int32_t day) {
    ts_str whole = sync_join(s->a, s->base, s->feed->whole, TS_S("&"));
    document d = {.url = sync_join(s->a, whole, "", sync_dated(s->a, since, day)),
                  .key = sync_join(s->a, whole, since, TS_NONE),
                  .conditional = true,
                  .judged = true,
                  .known = true,
                  .by_store = true};
    d.mark = d.url;
    snprintf(d.place, sizeof d.place, "%s, %.*s", s->feed->name,
             TS_P(ts_str_to(ts_str_c(since), ts_str_chr(ts_str_c(since), '='))));
    return d;
}

/* What is new since a day; a feed that gives less than half of what the store has from that time is
 * not to be believed. */
static bool ask_since(syncing *s, int32_t since, ts_error *e) {
    uint64_t expected;
    if (!ts_store_notices_since(s->store, ts_str_c(s->feed->source), since, &expected, e))
        return false;
    if (s->feed->pages) return sync_pages(s, since, expected, e);
    for (size_t i = 0; i < TS_FEED_QUESTIONS && s->feed->since[i]; i++) {
        document d = question(s, s->feed->since[i], since);
        d.expected = expected;
        if (!sync_document(s, &d, e)) return false;
        if (s->sum->failed) break;
    }
    return true;
}

static bool ask(syncing *s, int32_t since, ts_error *e) {
    if (s->feed->list) return sync_reports(s, e);
    if (since != TS_NO_DAY) return ask_since(s, since, e);
    document d = everything(s);
    return sync_document(s, &d, e);
}

/* ---- the run ---- */

static bool start_run(syncing *s, ts_run *run, ts_error *e) {
    *run = (ts_run){.kind = TS_RUN_SYNC,
                    .source = ts_str_c(s->feed->name),
                    .format = ts_str_c(ts_notice_format_name(s->feed->format)),
                    .started = s->started};
    return ts_store_begin(s->store, e) && ts_store_run_start(s->store, run, e) &&
           ts_store_commit(s->store, e);
}

/* The end of the run, and the day of success, in one transaction. */
static bool finish_run(syncing *s, ts_run *run, bool moves, ts_error *e) {
    const ts_sync_summary *sum = s->sum;
    ts_feed_state day = {.fetched = s->started, .records = -1};
    run->finished = ts_now();
    run->records = sum->notices + sum->standing;
    run->bad = sum->bad;
    run->fresh = sum->fresh;
    run->changed = sum->updated;
    run->complete = !sum->failed;
    run->silent = sum->silent;
    if (!ts_store_begin(s->store, e) || !ts_store_run_finish(s->store, run, e)) return false;
    if (moves && !sum->failed && !sum->silent) {
        bool kept = s->feed->list
                        ? !s->list_key.n ||
                              ts_store_put_feed_state(s->store, s->list_key, &s->list_state, e)
                        : ts_store_put_feed_state(s->store, day_key(s->a, s->job), &day, e);
        if (!kept) return false;
    }
    return ts_store_commit(s->store, e);
}

/* "STORE.sync-NAME" */
static const char *file_beside(ts_arena *a, const ts_sync_job *job) {
    ts_str name =
        sync_join(a, ts_str_c(ts_store_path(job->store)), ".sync-", ts_str_c(job->feed->name));
    return sync_join(a, name, "", (ts_str){"", 1}).p;
}

static bool run_sync(syncing *s, ts_error *e) {
    ts_run run;
    int32_t since;
    bool moves;
    return ask_from(s->a, s->job, &since, &moves, e) && start_run(s, &run, e) && ask(s, since, e) &&
           finish_run(s, &run, moves, e) &&
           ts_store_leads_without_basis(s->store, &s->sum->leads_without_basis, e);
}

bool ts_sync(ts_arena *a, const ts_sync_job *job, ts_sync_summary *sum, ts_error *e) {
    *sum = (ts_sync_summary){0};
    syncing s = {.job = job,
                 .feed = job->feed,
                 .sum = sum,
                 .store = job->store,
                 .a = a,
                 .base = base_of(job),
                 .file = file_beside(a, job),
                 .started = ts_now()};
    s.pace = ts_pace_new(a, job->gap_ms ? job->gap_ms : job->feed->gap_ms, 0);
    bool ok = run_sync(&s, e);
    ts_pace_free(s.pace);
    if (!ok) ts_store_rollback(job->store);
    return ok;
}

bool ts_sync_plan(ts_arena *a, const ts_sync_job *job, ts_strs *lines, ts_error *e) {
    int32_t since;
    bool moves;
    syncing s = {.job = job, .feed = job->feed, .a = a, .base = base_of(job)};
    if (!ask_from(a, job, &since, &moves, e)) return false;
    ts_str whole = sync_join(a, s.base, s.feed->whole, TS_NONE);
    if (s.feed->list || since == TS_NO_DAY) {
        *ts_push(a, lines) = whole;
        return true;
    }
    for (size_t i = 0; i < TS_FEED_QUESTIONS && s.feed->since[i]; i++) {
        if (s.feed->pages)
            *ts_push(a, lines) = sync_join(a, sync_join(a, s.base, s.feed->pages, TS_S("?")), "",
                                           sync_dated(a, s.feed->since[i], since));
        else
            *ts_push(a, lines) = question(&s, s.feed->since[i], since).url;
    }
    return true;
}
