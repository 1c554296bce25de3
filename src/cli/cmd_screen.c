#include "cli.h"

#include <unistd.h>

/* ---- where the notices come from ---- */

static bool open_notices(cli *c, ts_store *store, ts_notice_index *ix, ts_error *e) {
    const char *const *files;
    size_t n = option_all(c, "notices", &files);
    const char *index = option(c, "index"), *format = option(c, "notice-format");
    ts_notice_options o = {0};
    if (format && !(o.format = ts_notice_format_by_name(format)))
        return ts_fail(e, TS_E_USAGE, "there is no notice format '%s'; docs/formats.md lists them", format);
    if ((n > 0) + (index != 0) > 1) return ts_fail(e, TS_E_USAGE, "give either --notices or --index, not both");
    if (n) return ts_notice_index_from_files(&c->arena, files, n, o, ix, e);
    if (index) return ts_notice_index_from_file(index, ix, e);
    if (store) return ts_notice_index_from_store(&c->arena, store, false, ix, e);
    return ts_fail(e, TS_E_USAGE, "name the notices: --notices FILE, --index FILE, or a --store that holds some");
}

/* ---- summary ---- */

static void tell(const ts_screen_summary *sum, const ts_notice_index *ix) {
    for (size_t i = 0; i < sum->sources_n; i++) {
        const ts_screen_source *s = &sum->sources[i];
        if (s->bad) ts_log_problem("%s: %llu records could not be read and were not looked at", s->name, (unsigned long long)s->bad);
        if (s->failed) ts_log_problem("%s: was not read to its end; what came behind was not looked at", s->name);
        else if (!s->offers) ts_log_problem("%s: UNDETERMINED: not a single offer; the source may be silent", s->name);
    }
    if (ix->bad) ts_log_problem("%llu notices could not be read: offers were not compared with them", (unsigned long long)ix->bad);
    if (ix->withdrawn) ts_log_note("%llu withdrawn notices were left out: there is no basis to act on them", (unsigned long long)ix->withdrawn);
    if (sum->outside)
        ts_log_note("%llu likely offers state a lot or date outside their notice's scope and are not listed (--include-outside lists them)",
                    (unsigned long long)sum->outside);
    ts_log_note("screened %llu offers against %llu notices in %.1f s (%.0f per second): %llu leads, %llu of them strong", (unsigned long long)sum->offers,
                (unsigned long long)(ix->notices - ix->withdrawn), sum->seconds, sum->seconds > 0 ? (double)sum->offers / sum->seconds : 0,
                (unsigned long long)sum->leads, (unsigned long long)sum->strong);
}

static exit_status status_of(const ts_screen_summary *sum, const ts_notice_index *ix) {
    exit_status st = sum->failed ? EXIT_FAILED : EXIT_DONE;
    if (sum->bad || sum->mended || ix->bad) st = worse(st, EXIT_PARTLY);
    if (sum->silent || ix->silent) st = worse(st, EXIT_UNDETERMINED);
    return st;
}

/* ---- the run in the store ---- */

static bool start_runs(cli *c, ts_store *s, ts_screen_job *job, ts_run *runs, ts_error *e) {
    if (!ts_store_begin(s, e)) return false;
    for (size_t i = 0; i < job->offers_n; i++) {
        runs[i] = (ts_run){.kind = TS_RUN_SCREEN, .source = ts_str_c(job->source ? job->source : job->offers[i]), .model = ts_match_model(), .started = ts_now()};
        if (!ts_store_run_start(s, &runs[i], e)) return false;
    }
    (void)c;
    return ts_store_commit(s, e);
}

/* Closes the runs with their counts; *silent when a source gave less than half of last time. */
static bool finish_runs(ts_store *s, const ts_screen_summary *sum, ts_run *runs, uint64_t fresh, bool *silent, ts_error *e) {
    if (!ts_store_begin(s, e)) return false;
    for (size_t i = 0; i < sum->sources_n; i++) {
        const ts_screen_source *src = &sum->sources[i];
        uint64_t before;
        bool known;
        if (!ts_store_last_count(s, TS_RUN_SCREEN, runs[i].source, runs[i].id, &before, &known, e)) return false;
        if (!src->failed && ts_source_silent(src->offers, known, before)) {
            *silent = true;
            if (known)
                ts_log_problem("%s: UNDETERMINED: %llu offers where the last complete run had %llu; the source may be silent", src->name,
                               (unsigned long long)src->offers, (unsigned long long)before);
        }
        runs[i].format = ts_str_c(ts_offer_format_name(src->format));
        runs[i].finished = ts_now();
        runs[i].records = src->offers;
        runs[i].bad = src->bad;
        runs[i].changed = sum->leads;
        runs[i].fresh = fresh;
        runs[i].complete = !src->failed;
        if (!ts_store_run_finish(s, &runs[i], e)) return false;
    }
    return ts_store_commit(s, e);
}

static exit_status screen(cli *c, ts_screen_job *job, ts_store *store, ts_out_format format, uint64_t top, ts_error *e) {
    ts_notice_index ix;
    if (!open_notices(c, store, &ix, e)) return e->code == TS_E_USAGE ? usage(c, e) : failed(e);
    if (ix.silent) ts_log_problem("UNDETERMINED: a source of notices holds none; nothing was compared with it");
    ts_run *runs = ts_new_n(&c->arena, ts_run, job->offers_n);
    ts_screen_summary sum;
    bool silent = false, ok = !store || start_runs(c, store, job, runs, e);
    job->index = &ix.index;
    ts_sink *out = ts_sink_out(&c->arena, format, 1, &c->catalogue, top), *kept = 0;
    if (store) kept = ts_sink_store(&c->arena, store, ok ? runs[0].id : 0, &c->catalogue);
    job->sink = store ? ts_sink_both(&c->arena, kept, out) : out;
    ok = ok && ts_screen(&c->arena, job, &sum, e);
    if (ok && store) ok = finish_runs(store, &sum, runs, ts_sink_store_fresh(kept), &silent, e);
    exit_status st = EXIT_FAILED;
    if (ok) {
        tell(&sum, &ix);
        st = worse(status_of(&sum, &ix), silent ? EXIT_UNDETERMINED : EXIT_DONE);
    }
    ts_notice_index_close(&ix);
    return ok ? st : failed(e);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_screen_job job = {0};
    uint64_t threads, top, per_offer;
    const char *format_name = option(c, "format"), *offer_format = option(c, "offer-format"), *store_path = option(c, "store");
    ts_out_format format = isatty(1) ? TS_OUT_TABLE : TS_OUT_JSONL;
    job.offers_n = option_all(c, "offers", &job.offers);
    job.source = option(c, "source");
    job.options = (ts_offer_options){.map = ts_str_c(option(c, "map")), .market = ts_str_c(option(c, "market"))};
    job.include_outside = flag(c, "include-outside");
    bool ok = option_number(c, "threads", 1, 64, 0, &threads, &e) && option_number(c, "top", 1, 100000, 0, &top, &e) &&
              option_number(c, "per-offer", 1, 100, 0, &per_offer, &e) && option_fraction(c, "threshold", 0, &job.match.threshold, &e);
    if (ok && !job.offers_n) ok = ts_fail(&e, TS_E_USAGE, "name the offers: --offers FILE (- is standard input)");
    if (ok && format_name && !ts_out_format_by_name(format_name, &format))
        ok = ts_fail(&e, TS_E_USAGE, "--format is jsonl, json, csv, table or html, not '%s'", format_name);
    if (ok && offer_format && !(job.options.format = ts_offer_format_by_name(offer_format)))
        ok = ts_fail(&e, TS_E_USAGE, "--offer-format is jsonl, json, csv, feed, html or warc, not '%s'", offer_format);
    if (!ok) return usage(c, &e);
    job.threads = (unsigned)threads;
    job.match.per_offer = (unsigned)per_offer;
    ts_store *store = 0;
    if (store_path && !(store = ts_store_open(&c->arena, store_path, TS_STORE_WRITE, &e))) return failed(&e);
    exit_status st = screen(c, &job, store, format, top, &e);
    ts_store_close(store);
    return st;
}

static const option_spec options[] = {
    {"offers", "FILE", "offers: JSON lines, JSON, CSV, a Google Merchant feed, an HTML page or WARC, also gzip or zstd; - is standard input", true},
    {"notices", "FILE", "notices in any known format; no store is needed then", true},
    {"index", "FILE", "a notice index made by `touchstone index`", false},
    {"store", "FILE", "keep runs, leads and source health here; without --notices or --index its notices are used", false},
    {"format", "FORMAT", "jsonl, json, csv, table or html (default: table on a terminal, else jsonl)", false},
    {"threshold", "P", "likelihood from which an offer is a lead (default: grade review)", false},
    {"market", "CC", "country the offers are directed at, where they do not say (ISO 3166-1 code, or EU)", false},
    {"map", "F=NAME,…", "columns or keys of the offers: our field = their name, e.g. title=Bezeichnung,brand=Marke", false},
    {"offer-format", "NAME", "do not detect: jsonl, json, csv, feed, html or warc", false},
    {"notice-format", "NAME", "do not detect: the format of --notices files (docs/formats.md)", false},
    {"include-outside", 0, "also list offers that state a lot or date outside the notice's scope", false},
    {"top", "N", "at most so many leads in a table (200) or HTML report (5000), the likeliest first", false},
    {"per-offer", "N", "at most so many leads for one offer (8)", false},
    {"source", "NAME", "what to call the source of the offers in the store (default: the file's path)", false},
    {"threads", "N", "worker threads (default: as many as processors)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone screen --notices safety-gate.json --offers shop.jsonl", "A ranked list on the terminal, with reasons.",
    "zcat feed.gz | touchstone screen --notices n.json --offers - --format jsonl | jq .notice.id", "As a filter: JSON lines in, JSON lines out.",
    "touchstone screen --store market.db --offers feed.csv --map title=Artikel,brand=Marke --market DE", "Against the store's notices; leads are kept.",
    "touchstone screen --store market.db --offers shop.warc.gz --format html > report.html", "A report that opens in any browser, without network.",
    0,
};
const command cmd_screen = {
    "screen", 0, "compare offers with notices and list those that may be of recalled goods",
    "Streams offers and writes one lead for each offer that may be a product of a notice: how likely it is, what the evidence is (the rung of the ladder: "
    "declared, identifier, brand_model, brand_text, text), what agrees and what conflicts, whether the offer is inside what the notice covers, and what the "
    "notice means in law where the offer is. It ranks; a person decides. An offer that is not listed is not thereby safe. Source files that yield nothing are "
    "reported as undetermined (exit status 3); bad records are named and the rest goes on (exit status 4).",
    options, examples, run};
