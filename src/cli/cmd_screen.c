#include "screen_passports.h"

#include <unistd.h>

/* ---- where the notices come from ---- */

static bool open_notices(cli *c, ts_store *store, ts_notice_index *ix, ts_error *e) {
    const char *const *files;
    size_t n = option_all(c, "notices", &files);
    const char *index = option(c, "index"), *format = option(c, "notice-format");
    ts_notice_options o = {0};
    if (format && !(o.format = ts_notice_format_by_name(format)))
        return ts_fail(e, TS_E_USAGE, "there is no notice format '%s'; docs/formats.md lists them",
                       format);
    if ((n > 0) + (index != 0) > 1)
        return ts_fail(e, TS_E_USAGE, "give either --notices or --index, not both");
    if (n) return ts_notice_index_from_files(&c->arena, files, n, o, ix, e);
    if (index) return ts_notice_index_from_file(index, ix, e);
    if (store) return ts_notice_index_from_store(&c->arena, store, false, ix, e);
    return ts_fail(e, TS_E_USAGE,
                   "name the notices: --notices FILE, --index FILE, or a --store that holds some");
}

/* ---- summary ---- */

/* `kept`: the runs are in a store, and silent sources have been named against what they gave
 * before. */
static void tell(const ts_screen_summary *sum, const ts_notice_index *ix, bool kept) {
    for (size_t i = 0; i < sum->sources_n; i++) {
        const ts_screen_source *s = &sum->sources[i];
        if (s->bad)
            ts_log_problem("%s: %llu %s could not be read and %s not looked at", s->name,
                           (unsigned long long)s->bad, plural(s->bad, "record", "records"),
                           plural(s->bad, "was", "were"));
        if (s->failed)
            ts_log_problem("%s: %s", s->name,
                           s->offers ? "was not read to its end; what came behind was not looked at"
                                     : "nothing of it was looked at");
        else if (!s->offers && !kept)
            ts_log_problem("%s: UNDETERMINED: not a single offer; the source may be silent",
                           s->name);
    }
    if (ix->bad)
        ts_log_problem("%llu %s could not be read: offers were not compared with %s",
                       (unsigned long long)ix->bad, plural(ix->bad, "notice", "notices"),
                       plural(ix->bad, "it", "them"));
    if (ix->failed)
        ts_log_problem("a file of notices was not read to its end: offers were not compared with "
                       "what is missing");
    if (ix->withdrawn)
        ts_log_note("%llu withdrawn %s left out: there is no basis to act on %s",
                    (unsigned long long)ix->withdrawn,
                    plural(ix->withdrawn, "notice was", "notices were"),
                    plural(ix->withdrawn, "it", "them"));
    if (sum->outside)
        ts_log_note("%llu likely %s a lot or date outside the notice's scope and %s not listed "
                    "(--include-outside lists %s)",
                    (unsigned long long)sum->outside,
                    plural(sum->outside, "offer states", "offers state"),
                    plural(sum->outside, "is", "are"), plural(sum->outside, "it", "them"));
    uint64_t notices = ix->notices - ix->withdrawn;
    ts_log_note("screened %llu %s against %llu %s in %.1f s (%.0f per second): %llu %s, %llu of "
                "them strong",
                (unsigned long long)sum->offers, plural(sum->offers, "offer", "offers"),
                (unsigned long long)notices, plural(notices, "notice", "notices"), sum->seconds,
                sum->seconds > 0 ? (double)sum->offers / sum->seconds : 0,
                (unsigned long long)sum->leads, plural(sum->leads, "lead", "leads"),
                (unsigned long long)sum->strong);
}

static exit_status status_of(const ts_screen_summary *sum, const ts_notice_index *ix) {
    exit_status st = sum->failed || ix->failed ? EXIT_FAILED : EXIT_DONE;
    if (sum->bad || sum->mended || ix->bad || ix->mended) st = worse(st, EXIT_PARTLY);
    if (sum->silent || ix->silent) st = worse(st, EXIT_UNDETERMINED);
    return st;
}

/* ---- the run in the store ---- */

/* One run per source: per file, or one for all files under the name that the user gave. */
typedef struct screen_runs {
    ts_run *v;
    size_t n, files; /* runs; files in each */
    bool silent;     /* a source gave nothing, or less than half of last time */
} screen_runs;

static bool start_runs(ts_arena *a, ts_store *s, const ts_screen_job *job, screen_runs *r,
                       ts_error *e) {
    *r = (screen_runs){.n = job->source ? 1 : job->offers_n,
                       .files = job->source ? job->offers_n : 1};
    r->v = ts_new_n(a, ts_run, r->n);
    if (!ts_store_begin(s, e)) return false;
    for (size_t i = 0; i < r->n; i++) {
        const char *name = job->source                        ? job->source
                           : strcmp(job->offers[i], "-") == 0 ? "standard input"
                                                              : job->offers[i];
        r->v[i] = (ts_run){.kind = TS_RUN_SCREEN,
                           .source = ts_str_c(name),
                           .model = ts_model_id(a, job->match.model),
                           .started = ts_now(),
                           .complete = true};
        if (!ts_store_run_start(s, &r->v[i], e)) return false;
    }
    return ts_store_commit(s, e);
}

static bool finish_run(ts_store *s, ts_run *run, screen_runs *r, ts_error *e) {
    uint64_t before;
    bool known;
    if (!ts_store_last_count(s, TS_RUN_SCREEN, run->source, run->id, &before, &known, e))
        return false;
    if (run->complete && ts_source_silent(run->records, known, before)) {
        r->silent = true;
        if (known)
            ts_log_problem("%.*s: UNDETERMINED: %llu %s where the last complete run had %llu; the "
                           "source may be silent",
                           TS_P(run->source), (unsigned long long)run->records,
                           plural(run->records, "offer", "offers"), (unsigned long long)before);
        else
            ts_log_problem("%.*s: UNDETERMINED: not a single offer; the source may be silent",
                           TS_P(run->source));
    }
    run->finished = ts_now();
    return ts_store_run_finish(s, run, e);
}

/* Closes the runs with their counts. */
static bool finish_runs(ts_store *s, const ts_screen_summary *sum, screen_runs *r, uint64_t fresh,
                        ts_error *e) {
    if (!ts_store_begin(s, e)) return false;
    for (size_t i = 0; i < sum->sources_n; i++) {
        const ts_screen_source *src = &sum->sources[i];
        ts_run *run = &r->v[i / r->files];
        if (src->format) run->format = ts_str_c(ts_offer_format_name(src->format));
        run->records += src->offers;
        run->bad += src->bad;
        run->changed = sum->leads;
        run->fresh = fresh;
        run->complete &= !src->failed;
        if ((i + 1) % r->files == 0 && !finish_run(s, run, r, e)) return false;
    }
    return ts_store_commit(s, e);
}

static exit_status screen(cli *c, ts_screen_job *job, ts_store *store, ts_out_format format,
                          uint64_t top, ts_error *e) {
    ts_notice_index ix;
    ts_model model;
    if (!open_model(c, &model, e)) return failed(e);
    job->match.model = &model;
    if (!open_notices(c, store, &ix, e)) return e->code == TS_E_USAGE ? usage(c, e) : failed(e);
    if (ix.silent)
        ts_log_problem(
            "UNDETERMINED: a source of notices holds none; nothing was compared with it");
    screen_runs runs = {0};
    ts_screen_summary sum;
    screen_passports shown = {0};
    bool ok = screen_passports_open(c, store, &ix.index, &shown, e) &&
              (!store || start_runs(&c->arena, store, job, &runs, e));
    job->index = &ix.index;
    if (shown.desk) job->passports = &shown.hooks;
    ts_sink *out = ts_sink_out(&c->arena, format, 1, &c->catalogue, top), *kept = 0;
    if (store) kept = ts_sink_store(&c->arena, store, ok ? runs.v[0].id : 0, &c->catalogue);
    if (shown.desk && format == TS_OUT_CSV) ts_sink_show_passports(out);
    job->sink = store ? ts_sink_both(&c->arena, kept, out) : out;
    ok = ok && ts_screen(&c->arena, job, &sum, e);
    if (ok && store) ok = finish_runs(store, &sum, &runs, ts_sink_store_fresh(kept), e);
    exit_status st = EXIT_FAILED;
    if (ok) {
        tell(&sum, &ix, store != 0);
        st = worse(status_of(&sum, &ix), runs.silent ? EXIT_UNDETERMINED : EXIT_DONE);
        st = worse(st, screen_passports_tell(&shown, &sum));
    }
    screen_passports_close(&shown);
    ts_notice_index_close(&ix);
    ts_model_close(&model);
    job->index = 0;
    return ok ? st : failed(e);
}

/* A --map that makes no sense is said before anything is opened. */
static bool map_fits(cli *c, const ts_screen_job *job, ts_error *e) {
    ts_offer_source *nothing =
        ts_offers_memory(&c->arena, TS_NONE, "", (ts_offer_options){.map = job->options.map}, e);
    ts_offers_close(nothing);
    return nothing != 0;
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_screen_job job = {0};
    uint64_t threads, top, per_offer, fetches;
    const char *format_name = option(c, "format"), *offer_format = option(c, "offer-format"),
               *store_path = option(c, "store");
    ts_out_format format = isatty(1) ? TS_OUT_TABLE : TS_OUT_JSONL;
    job.offers_n = option_all(c, "offers", &job.offers);
    job.source = option(c, "source");
    job.options = (ts_offer_options){.map = ts_str_c(option(c, "map")),
                                     .market = ts_str_c(option(c, "market"))};
    job.include_outside = flag(c, "include-outside");
    bool ok = option_number(c, "threads", 1, 64, 0, &threads, &e) &&
              option_number(c, "top", 1, 100000, 0, &top, &e) &&
              option_number(c, "per-offer", 1, 100, 0, &per_offer, &e) &&
              option_number(c, "fetch-most", 1, 1000000, 0, &fetches, &e) &&
              option_fraction(c, "threshold", 0, &job.match.threshold, &e);
    if (ok && !job.offers_n)
        ok = ts_fail(&e, TS_E_USAGE, "name the offers: --offers FILE (- is standard input)");
    if (ok && format_name && !ts_out_format_by_name(format_name, &format))
        ok = ts_fail(&e, TS_E_USAGE, "--format is jsonl, json, csv, table or html, not '%s'",
                     format_name);
    if (ok && offer_format && !(job.options.format = ts_offer_format_by_name(offer_format)))
        ok = ts_fail(&e, TS_E_USAGE,
                     "--offer-format is jsonl, json, csv, feed, html or warc, not '%s'",
                     offer_format);
    ok = ok && map_fits(c, &job, &e);
    if (!ok) return usage(c, &e);
    job.threads = (unsigned)threads;
    job.match.per_offer = (unsigned)per_offer;
    ts_store *store = 0;
    if (store_path && !(store = ts_store_open(&c->arena, store_path, TS_STORE_WRITE, &e)))
        return failed(&e);
    exit_status st = screen(c, &job, store, format, top, &e);
    ts_store_close(store);
    return st;
}

static const option_spec options[] = {
    {"offers", "FILE",
     "offers: JSON lines, JSON, CSV, a Google Merchant feed, an HTML page or WARC, also gzip or "
     "zstd; - is standard input",
     true},
    {"notices", "FILE", "notices in any known format; no store is needed then", true},
    {"index", "FILE", "a notice index made by `touchstone index`", false},
    {"store", "FILE",
     "keep runs, leads and source health here; without --notices or --index its notices are used",
     false},
    {"format", "FORMAT",
     "jsonl, json, csv, table or html (default: table on a terminal, else jsonl)", false},
    {"model", "FILE", "the model that judges (the one that comes with the program)", false},
    {"threshold", "P", "likelihood from which an offer is a lead (default: grade review)", false},
    {"market", "CC",
     "country the offers are directed at, where they do not say (ISO 3166-1 code, or EU)", false},
    {"map", "F=NAME,…",
     "columns or keys of the offers: our field = their name, e.g. title=Bezeichnung,brand=Marke",
     false},
    {"offer-format", "NAME", "do not detect: jsonl, json, csv, feed, html or warc", false},
    {"notice-format", "NAME", "do not detect: the format of --notices files (docs/formats.md)",
     false},
    {"include-outside", 0, "also list offers that state a lot or date outside the notice's scope",
     false},
    {"top", "N",
     "at most so many leads in a table (200) or HTML report (5000), the likeliest first", false},
    {"per-offer", "N", "at most so many leads for one offer (8)", false},
    {"source", "NAME",
     "what to call the source of the offers in the store (default: the file's path)", false},
    {"threads", "N", "worker threads (default: as many as processors)", false},
    SCREEN_PASSPORTS_OPTIONS,
    {0},
};
static const char *const examples[] = {
    "touchstone screen --notices safety-gate.json --offers shop.jsonl",
    "A ranked list on the terminal, with reasons.",
    "zcat feed.gz | touchstone screen --notices n.json --offers - --format jsonl | jq .notice.id",
    "As a filter: JSON lines in, JSON lines out.",
    "touchstone screen --store m.db --offers feed.csv --map title=Artikel,brand=Marke --market DE",
    "Against the store's notices; leads are kept.",
    "touchstone screen --store market.db --offers shop.warc.gz --format html > report.html",
    "A report that opens in any browser, without network.",
    "touchstone screen --store market.db --passports passports.db --offers shop.jsonl",
    "Passports and Digital Links in the offers are checked, too.",
    0,
};
const command cmd_screen = {
    "screen",
    0,
    "compare offers with notices and list those that may be of recalled goods",
    "Streams offers and writes one lead for each offer that may be a product of a notice: how "
    "likely it is, what the evidence is (the rung of the ladder: "
    "declared, identifier, brand_model, brand_text, text), what agrees and what conflicts, whether "
    "the offer is inside what the notice covers, and what the "
    "notice means in law where the offer is. It ranks; a person decides. An offer that is not "
    "listed is not thereby safe. Source files that yield nothing are "
    "reported as undetermined (exit status 3); bad records are named and the rest goes on (exit "
    "status 4). With a store of passports, an offer that shows a passport or a Digital Link is "
    "also looked up by identity: a notice that hits the product makes a lead of rung declared; a "
    "passport that is forged, revoked, recalled, of another product, or that contradicts the "
    "offer, and one item in two offers are leads, too. A genuine passport speaks for no offer, "
    "because codes can be copied; one that could not be checked counts as undetermined.",
    options,
    examples,
    run};
