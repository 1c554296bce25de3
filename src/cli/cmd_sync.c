#include "cli.h"

static const char *never_or(int64_t t, char out[24]) {
    return t ? ts_instant_iso(t, out).p : "never";
}

static ts_str next_from(int32_t since, char out[16]) {
    return since == TS_NO_DAY ? TS_S("all") : ts_day_iso(since, out);
}

/* ---- --list ---- */

static bool list_rows(cli *c, ts_store *s, ts_buf *b, bool jsonl, ts_error *e) {
    enum { COLUMNS = 5 };
    const ts_column columns[COLUMNS] = {{TS_S("source"), 0, 20, false},
                                        {TS_S("last success (UTC)"), 0, 20, false},
                                        {TS_S("asks since"), 0, 10, false},
                                        {TS_S("what"), 0, 60, false},
                                        {TS_S("address"), 0, 110, false}};
    ts_str *cells = ts_new_n(&c->arena, ts_str, ts_feeds_n * COLUMNS);
    for (size_t i = 0; i < ts_feeds_n; i++) {
        const ts_feed *f = &ts_feeds[i];
        ts_sync_job job = {
            .feed = f, .store = s, .base = option(c, "base-url"), .since = TS_NO_DAY};
        ts_str *x = &cells[i * COLUMNS];
        int64_t last;
        int32_t since;
        char t[24], day[16];
        if (!ts_sync_state(&c->arena, &job, &last, &since, e)) return false;
        x[0] = ts_str_c(f->name);
        x[1] = ts_str_dup(&c->arena, ts_str_to(ts_str_c(never_or(last, t)), 20));
        x[2] = ts_str_dup(&c->arena, next_from(f->list ? TS_NO_DAY : since, day));
        x[3] = ts_str_c(f->says);
        x[4] = ts_str_c(job.base ? job.base : f->base);
        if (!jsonl) continue;
        ts_jsonw w = ts_jsonw_to(b);
        ts_jsonw_object(&w);
        ts_jsonw_kstr(&w, "source", x[0]);
        ts_jsonw_kstr_opt(&w, "last_success", last ? x[1] : TS_NONE);
        ts_jsonw_kstr(&w, "asks_since", x[2]);
        ts_jsonw_kstr(&w, "what", x[3]);
        ts_jsonw_kstr(&w, "address", x[4]);
        ts_jsonw_end(&w);
        ts_buf_c(b, '\n');
    }
    if (!jsonl) ts_table(b, columns, COLUMNS, cells, ts_feeds_n);
    return true;
}

/* ---- what came of it ---- */

static void tell(const ts_feed *f, const ts_sync_summary *s) {
    char standing[64] = "";
    if (s->standing)
        snprintf(standing, sizeof standing, "; %llu more stand as they were",
                 (unsigned long long)s->standing);
    if (s->documents || s->not_modified)
        ts_log_note("%s: %llu %s read: %llu new, %llu updated, %llu unchanged; %llu withdrawn%s",
                    f->name, (unsigned long long)s->notices,
                    plural(s->notices, "record", "records"), (unsigned long long)s->fresh,
                    (unsigned long long)s->updated, (unsigned long long)s->unchanged,
                    (unsigned long long)s->withdrawn, standing);
    ts_log_note("%s: %llu %s, %.1f MB", f->name, (unsigned long long)s->requests,
                plural(s->requests, "request", "requests"), (double)s->transferred / 1e6);
    if (s->bad)
        ts_log_problem("%s: %llu %s could not be read and %s left out", f->name,
                       (unsigned long long)s->bad, plural(s->bad, "record", "records"),
                       plural(s->bad, "was", "were"));
    if (s->failed)
        ts_log_problem(
            "%s: not everything came in; what did is kept, and the same command goes on from there",
            f->name);
    if (s->leads_without_basis)
        ts_log_note("%llu %s no basis any more: the notice was withdrawn",
                    (unsigned long long)s->leads_without_basis,
                    plural(s->leads_without_basis, "lead has", "leads have"));
}

static exit_status status_of(const ts_sync_summary *s) {
    exit_status st = s->failed ? EXIT_FAILED : EXIT_DONE;
    if (s->bad) st = worse(st, EXIT_PARTLY);
    return s->silent ? worse(st, EXIT_UNDETERMINED) : st;
}

/* ---- the options ---- */

static bool read_job(cli *c, ts_sync_job *job, ts_error *e) {
    enum { DAY = 86400 };
    uint64_t seconds, bytes;
    const char *since = option(c, "since");
    *job = (ts_sync_job){.base = option(c, "base-url"),
                         .since = TS_NO_DAY,
                         .full = flag(c, "full"),
                         .accept = flag(c, "accept")};
    if (!option_number(c, "timeout", 1, DAY, 1800, &seconds, e) ||
        !option_number(c, "max-bytes", 1, (uint64_t)1 << 40, 0, &bytes, e))
        return false;
    job->net.max_ms = (unsigned)(seconds * 1000);
    job->net.max_bytes = bytes;
    option_network(c, &job->net);
    if (since &&
        (strlen(since) != 10 || (job->since = ts_day_parse_iso(ts_str_c(since))) == TS_NO_DAY))
        return ts_fail(e, TS_E_USAGE, "--since is a day such as 2024-03-01, not '%s'", since);
    if (since && job->full) return ts_fail(e, TS_E_USAGE, "give either --since DATE or --full");
    return true;
}

static bool choose(cli *c, const ts_feed **chosen, size_t *n, ts_error *e) {
    *n = 0;
    if (flag(c, "all") ? c->operands_n > 0 : !c->operands_n)
        return ts_fail(e, TS_E_USAGE,
                       "name the sources, or --all; `touchstone sync --list` shows them");
    for (size_t i = 0; flag(c, "all") && i < ts_feeds_n; i++) chosen[(*n)++] = &ts_feeds[i];
    for (size_t i = 0; i < c->operands_n; i++) {
        const ts_feed *f = ts_feed_by_name(c->operand[i]);
        if (!f)
            return ts_fail(e, TS_E_USAGE,
                           "there is no source '%s'; `touchstone sync --list` shows them",
                           c->operand[i]);
        chosen[(*n)++] = f;
    }
    if (option(c, "base-url") && *n != 1)
        return ts_fail(e, TS_E_USAGE, "--base-url stands in for one source: name that one");
    return true;
}

/* ---- doing it ---- */

/* A store is opened for reading where nothing is to be changed; one that is not there is as good as
 * empty then. */
static bool open_to_look(cli *c, const char *path, ts_store **s, ts_error *e) {
    ts_error why = {0};
    *s = path ? ts_store_open(&c->arena, path, TS_STORE_READ, &why) : 0;
    if (*s || !path || why.code == TS_E_NOT_FOUND) return true;
    *e = why;
    return false;
}

static exit_status show_list(cli *c, const char *path, ts_error *e) {
    const char *format = option(c, "format");
    bool jsonl = format && strcmp(format, "jsonl") == 0;
    ts_store *s;
    if (format && !jsonl && strcmp(format, "table") != 0) {
        ts_fail(e, TS_E_USAGE, "--format is table or jsonl here");
        return usage(c, e);
    }
    if (!open_to_look(c, path, &s, e)) return failed(e);
    ts_buf b = ts_buf_new(&c->arena, 1 << 20);
    bool ok = list_rows(c, s, &b, jsonl, e);
    ts_store_close(s);
    if (!ok) return failed(e);
    print(&b);
    return EXIT_DONE;
}

static exit_status show_plan(cli *c, const char *path, ts_sync_job *job,
                             const ts_feed *const *feeds, size_t n, ts_error *e) {
    ts_strs lines = {0};
    if (!open_to_look(c, path, &job->store, e)) return failed(e);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        job->feed = feeds[i];
        ok = ts_sync_plan(&c->arena, job, &lines, e);
    }
    ts_store_close(job->store);
    if (!ok) return failed(e);
    ts_buf b = ts_buf_new(&c->arena, 1 << 20);
    for (size_t i = 0; i < lines.n; i++) ts_buf_put(&b, lines.v[i]), ts_buf_c(&b, '\n');
    print(&b);
    return EXIT_DONE;
}

static exit_status sync_all(cli *c, const char *path, ts_sync_job *job, const ts_feed *const *feeds,
                            size_t n, ts_error *e) {
    exit_status st = EXIT_DONE;
    if (!ts_net_init(e)) return failed(e);
    job->store = ts_store_open(&c->arena, path, TS_STORE_WRITE, e);
    bool ok = job->store != 0;
    for (size_t i = 0; ok && i < n; i++) {
        ts_sync_summary sum;
        job->feed = feeds[i];
        ok = ts_sync(&c->arena, job, &sum, e);
        if (!ok) break;
        tell(feeds[i], &sum);
        st = worse(st, status_of(&sum));
    }
    ts_store_close(job->store);
    ts_net_done();
    return ok ? st : worse(st, failed(e));
}

static exit_status run(cli *c) {
    ts_error e = {0};
    const char *path = option(c, "store");
    const ts_feed **feeds = ts_new_n(&c->arena, const ts_feed *, ts_feeds_n + VALUES_MAX);
    size_t n;
    ts_sync_job job;
    if (flag(c, "list")) return show_list(c, path, &e);
    if (!read_job(c, &job, &e) || !choose(c, feeds, &n, &e)) return usage(c, &e);
    if (flag(c, "dry-run")) return show_plan(c, path, &job, feeds, n, &e);
    if (!path) {
        ts_fail(&e, TS_E_USAGE, "name the store: --store FILE");
        return usage(c, &e);
    }
    return sync_all(c, path, &job, feeds, n, &e);
}

static const option_spec options[] = {
    {"store", "FILE",
     "the store to import into; made when it does not exist. What is being fetched is beside it",
     false},
    {"list", 0, "show the sources, when each last came in, and since when it is asked next", false},
    {"all", 0, "all sources, one after the other", false},
    {"since", "DATE", "ask for what is new since this day, instead of since the last success",
     false},
    {"full", 0, "ask for everything again, whatever was fetched before", false},
    {"accept", 0,
     "take what a feed gives as its new measure, even if it is less than half of before", false},
    {"dry-run", 0, "only show the addresses that would be asked first", false},
    {"max-bytes", "N", "size limit for one document (default: that of the source)", false},
    {"timeout", "SECONDS", "time limit for one document (default: 1800)", false},
    {"base-url", "URL", "a mirror to be asked in place of the source's own address", false},
    {"allow-private", "HOST:PORT",
     "let a mirror be at this place in the house; other private addresses are never asked", true},
    {"proxy", "URL", "ask through this proxy", false},
    {"ca-file", "FILE", "certificate authorities to trust instead of the system's (PEM)", false},
    {"format", "FORMAT", "of --list: table or jsonl (default: table)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone sync safety-gate cpsc --store market.db",
    "The daily run, for instance from cron: what is new since the last one.",
    "touchstone sync --list --store market.db",
    "Which sources there are, and when they last came in.",
    "touchstone sync safety-gate-weekly --since 2024-01-01 --store market.db",
    "Weekly reports from a day on.",
    "touchstone sync cpsc --full --store market.db",
    "Now and then: everything again, so that old notices that were corrected are seen.",
    "touchstone sync cpsc --store m.db --base-url http://m:80/cpsc --allow-private m:80",
    "From a copy in the house.",
    0,
};
const command cmd_sync = {
    "sync",
    "[SOURCE…]",
    "fetch the public feeds of notices into a store",
    "Fetches feeds of authorities and imports them as `touchstone import` does. A feed is asked "
    "only for what is new since the last success, with an overlap "
    "so that corrections are seen, only if it has changed where it can say so, and at a polite "
    "pace. A download that breaks off is resumed by the next run. "
    "A document is imported whole or not at all; interrupted at any point, the same command goes "
    "on and doubles nothing. An answer that is not what was "
    "asked for (a web page, half a document, an address in the house) is refused, and nothing "
    "stored is touched. A feed that gives nothing, or less than half "
    "of what it should, is reported as undetermined (exit status 3), and the same is asked for "
    "again next time; damaged records are named (exit status 4).",
    options,
    examples,
    run};
