#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "cli.h"

static bool open_output(const char *path, int *fd, ts_error *e) {
    *fd = strcmp(path, "-") == 0 ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (*fd >= 0) return true;
    ts_fail(e, TS_E_IO, "cannot create the file");
    return ts_fail_at(e, path, 0, 0);
}

/* ---- derive ---- */

static exit_status run_derive(cli *c) {
    ts_error e = {0};
    ts_derive_job job = {0};
    uint64_t positives = 1;
    const char *half = option(c, "half"), *output = option(c, "output");
    job.notices_n = option_all(c, "notices", &job.notices);
    bool ok = option_number(c, "seed", 0, UINT32_MAX, 1, &job.seed, &e) &&
              option_number(c, "positives", 1, 100, 1, &positives, &e);
    job.positives = (unsigned)positives;
    if (ok && !job.notices_n) ok = ts_fail(&e, TS_E_USAGE, "name the notices: --notices FILE");
    if (ok && half) {
        job.half = strcmp(half, "tune") == 0     ? TS_HALF_TUNE
                   : strcmp(half, "report") == 0 ? TS_HALF_REPORT
                                                 : TS_HALF_ALL;
        if (job.half == TS_HALF_ALL && strcmp(half, "all") != 0)
            ok = ts_fail(&e, TS_E_USAGE, "--half is tune, report or all, not '%s'", half);
    }
    if (!ok) return usage(c, &e);
    ts_derive_counts n;
    if (!open_output(output ? output : "-", &job.fd, &e) ||
        !ts_bench_derive(&c->arena, &job, &n, &e))
        return failed(&e);
    ts_log_note("%llu of %llu notices", (unsigned long long)n.derivable,
                (unsigned long long)n.notices);
    for (int k = 0; k < TS_DERIVE_KINDS; k++)
        if (n.by_kind[k])
            ts_log_note("  %-14s %llu", ts_derive_kind_name((ts_derive_kind)k),
                        (unsigned long long)n.by_kind[k]);
    return EXIT_DONE;
}

static const option_spec derive_options[] = {
    {"notices", "FILE", "notices to derive from", true},
    {"output", "FILE", "where to write the offers (default: standard output)", false},
    {"half", "HALF",
     "tune, report or all: notices are in one half or the other by their brand (all)", false},
    {"positives", "N", "offers of each notice's product (1); twice as many hard negatives are made",
     false},
    {"seed", "N", "the same seed gives the same offers (1)", false},
    {0},
};
static const char *const derive_examples[] = {
    "touchstone bench derive --notices safety-gate.json --half report --output derived.jsonl",
    "Offers to report figures on; tune on --half tune.", 0};
const command cmd_bench_derive = {
    "bench derive",
    0,
    "make offers from notices, damaged on purpose, to measure on",
    "Writes JSON lines of offers made from notices: of the notice's product (each with at least "
    "two perturbations such as typing errors, a missing brand, split model "
    "numbers, the product type in another language, truncation) and of products that resemble it "
    "and are not (another model, another brand, an accessory, the successor, "
    "another size, another lot, the genuine article of an imitated brand). The truth stands under "
    "\"_truth\". These offers are derived, not real: docs/benchmarks.md.",
    derive_options,
    derive_examples,
    run_derive};

/* ---- world ---- */

static exit_status run_world(cli *c) {
    ts_error e = {0};
    ts_world_job job = {0};
    const char *notices = option(c, "output-notices"), *offers = option(c, "output-offers");
    job.notices_n = option_all(c, "notices", &job.notices);
    bool ok = option_number(c, "seed", 0, UINT32_MAX, 1, &job.seed, &e) &&
              option_number(c, "count", 1, 10000000, 100000, &job.count, &e) &&
              option_number(c, "offers", 0, 1000000000, 1000000, &job.offers, &e);
    if (ok && (!job.notices_n || !notices || !offers))
        ok = ts_fail(&e, TS_E_USAGE, "name --notices, --output-notices and --output-offers");
    if (!ok) return usage(c, &e);
    if (!open_output(notices, &job.notices_fd, &e) || !open_output(offers, &job.offers_fd, &e) ||
        !ts_bench_world(&c->arena, &job, &e))
        return failed(&e);
    return EXIT_DONE;
}

static const option_spec world_options[] = {
    {"notices", "FILE", "real notices to start from", true},
    {"count", "N",
     "notices to write (100000): the real ones, then copies with fresh brands and model numbers",
     false},
    {"offers", "N",
     "offers to write (1000000): 2 % of a notice's product, 10 % hard negatives, the rest "
     "unrelated",
     false},
    {"output-notices", "FILE", "where to write the notices", false},
    {"output-offers", "FILE", "where to write the offers", false},
    {"seed", "N", "the same seed gives the same files (1)", false},
    {0},
};
static const char *const world_examples[] = {
    "touchstone bench world --notices a.json --notices b.csv --output-notices n.jsonl "
    "--output-offers o.jsonl",
    "100,000 notices and 1,000,000 offers.", 0};
const command cmd_bench_world = {
    "bench world",
    0,
    "make a large collection of notices and offers for measuring speed",
    "Writes notices (the real ones and copies with fresh brands and model numbers, their words at "
    "real frequency) and offers in English, German and "
    "Chinese. Everything is seeded.",
    world_options,
    world_examples,
    run_world};

/* ---- screen ---- */

static void put_tally(ts_jsonw *w, const char *name, const ts_tally *t) {
    ts_jsonw_key(w, name);
    ts_jsonw_object(w);
    ts_jsonw_key(w, "positives"), ts_jsonw_i64(w, (int64_t)t->positives);
    ts_jsonw_key(w, "negatives"), ts_jsonw_i64(w, (int64_t)t->negatives);
    ts_jsonw_key(w, "found"), ts_jsonw_i64(w, (int64_t)t->found);
    ts_jsonw_key(w, "astray"), ts_jsonw_i64(w, (int64_t)t->astray);
    ts_jsonw_key(w, "listed_negatives"), ts_jsonw_i64(w, (int64_t)t->listed);
    ts_jsonw_key(w, "recall"), ts_jsonw_f64(w, ts_tally_recall(t), 4);
    ts_jsonw_key(w, "precision"), ts_jsonw_f64(w, ts_tally_precision(t), 4);
    ts_jsonw_key(w, "strict_precision"), ts_jsonw_f64(w, ts_tally_strict_precision(t), 4);
    ts_jsonw_end(w);
}

static void put_number(ts_jsonw *w, const char *name, double v, int decimals) {
    ts_jsonw_key(w, name);
    ts_jsonw_f64(w, v, decimals);
}

static void as_json(ts_buf *b, const ts_bench_result *r, unsigned threads, ts_str model) {
    static const char *const langs[] = {"en", "de", "zh"};
    ts_jsonw w = ts_jsonw_to(b);
    w.pretty = true;
    ts_jsonw_object(&w);
    put_number(&w, "offers_per_second", (double)r->screen.offers / r->screen.seconds, 0);
    put_number(&w, "offers_per_cpu_second", (double)r->screen.offers / r->screen.cpu_seconds, 0);
    put_number(&w, "peak_rss_bytes", (double)r->peak_rss, 0);
    put_number(&w, "recall", ts_tally_recall(&r->all), 4);
    put_number(&w, "precision", ts_tally_precision(&r->all), 4);
    put_number(&w, "strict_precision", ts_tally_strict_precision(&r->all), 4);
    put_number(&w, "recall_where_identifier_or_brand_and_model_survive",
               ts_tally_recall(&r->survives), 4);
    put_number(&w, "notices", (double)r->notices, 0);
    put_number(&w, "offers", (double)r->screen.offers, 0);
    put_number(&w, "leads", (double)r->screen.leads, 0);
    put_number(&w, "threads", threads, 0);
    put_number(&w, "seconds", r->screen.seconds, 3);
    put_number(&w, "left_early_share",
               (double)r->screen.screened_early / (double)(r->screen.offers ? r->screen.offers : 1),
               4);
    put_number(&w, "pairs_judged", (double)r->screen.judged, 0);
    put_number(&w, "network_share",
               r->screen.judged ? (double)r->screen.asked / (double)r->screen.judged : NAN, 4);
    put_number(&w, "index_bytes", (double)r->index_bytes, 0);
    put_number(&w, "index_build_seconds", r->index_seconds, 3);
    put_number(&w, "index_load_ms", r->index_load_ms, 1);
    if (r->checked) {
        put_number(&w, "retrieval_checked_offers", (double)r->checked, 0);
        put_number(&w, "retrieval_recall",
                   r->check_leads ? (double)r->check_same / (double)r->check_leads : NAN, 4);
    }
    ts_jsonw_kstr(&w, "model", model);
    ts_jsonw_key(&w, "offers_are"),
        ts_jsonw_str(&w, r->with_truth ? TS_S("derived") : TS_S("without truth"));
    if (r->with_truth) {
        put_tally(&w, "all", &r->all);
        put_tally(&w, "survives", &r->survives);
        for (int k = 0; k < TS_DERIVE_KINDS; k++)
            put_tally(&w, ts_derive_kind_name((ts_derive_kind)k), &r->kind[k]);
        for (int k = 0; k < 3; k++) put_tally(&w, langs[k], &r->language[k]);
        for (unsigned p = 0; p < TS_PERTURBATIONS; p++)
            for (int s = 1; s <= 3; s++) {
                char name[40];
                snprintf(name, sizeof name, "%s_%d", ts_perturbation_name(p), s);
                put_tally(&w, name, &r->perturbation[p][s]);
            }
    }
    ts_jsonw_end(&w);
    ts_buf_c(b, '\n');
}

static ts_str figure(ts_arena *a, double v) {
    ts_buf b = ts_buf_new(a, 24);
    if (isnan(v))
        ts_buf_lit(&b, "-");
    else
        ts_buf_fmt(&b, "%.4f", v);
    return ts_buf_str(&b);
}

static ts_str whole(ts_arena *a, uint64_t v) {
    ts_buf b = ts_buf_new(a, 24);
    ts_buf_u64(&b, v);
    return ts_buf_str(&b);
}

enum { TALLY_COLUMNS = 8 };
static void tally_row(ts_arena *a, ts_str *x, const char *name, const ts_tally *t) {
    x[0] = ts_str_dup(a, ts_str_c(name));
    x[1] = whole(a, t->positives);
    x[2] = whole(a, t->found);
    x[3] = figure(a, ts_tally_recall(t));
    x[4] = whole(a, t->negatives);
    x[5] = whole(a, t->listed);
    x[6] = figure(a, ts_tally_precision(t));
    x[7] = figure(a, ts_tally_strict_precision(t));
}

static void as_table(ts_arena *a, ts_buf *b, const ts_bench_result *r) {
    static const char *const langs[] = {"en", "de", "zh"};
    const ts_column columns[TALLY_COLUMNS] = {
        {TS_S("derived offers"), 0, 30, false}, {TS_S("of the product"), 0, 16, true},
        {TS_S("found"), 0, 12, true},           {TS_S("recall"), 0, 8, true},
        {TS_S("others"), 0, 12, true},          {TS_S("listed"), 0, 12, true},
        {TS_S("precision"), 0, 9, true},        {TS_S("strict"), 0, 9, true}};
    ts_str *cells = ts_new_n(a, ts_str, TALLY_COLUMNS * 80);
    size_t n = 0;
    ts_buf_fmt(b,
               "%.0f offers/s (%.0f per CPU second), peak %.0f MB, %llu notices, index %.1f MB, "
               "load %.1f ms\n\n",
               (double)r->screen.offers / r->screen.seconds,
               (double)r->screen.offers / r->screen.cpu_seconds, (double)r->peak_rss / 1e6,
               (unsigned long long)r->notices, (double)r->index_bytes / 1e6, r->index_load_ms);
    if (r->checked)
        ts_buf_fmt(b, "retrieval: %llu of %llu leads of exhaustive scoring found (%llu offers)\n\n",
                   (unsigned long long)r->check_same, (unsigned long long)r->check_leads,
                   (unsigned long long)r->checked);
    if (!r->with_truth) return;
    tally_row(a, &cells[n++ * TALLY_COLUMNS], "all", &r->all);
    tally_row(a, &cells[n++ * TALLY_COLUMNS], "identifier or brand+model", &r->survives);
    for (int k = 0; k < 3; k++)
        tally_row(a, &cells[n++ * TALLY_COLUMNS], langs[k], &r->language[k]);
    for (int k = 1; k < TS_DERIVE_KINDS; k++)
        tally_row(a, &cells[n++ * TALLY_COLUMNS], ts_derive_kind_name((ts_derive_kind)k),
                  &r->kind[k]);
    for (unsigned p = 0; p < TS_PERTURBATIONS; p++)
        for (int s = 1; s <= 3; s++) {
            char name[40];
            snprintf(name, sizeof name, "%s %d", ts_perturbation_name(p), s);
            tally_row(a, &cells[n++ * TALLY_COLUMNS], name, &r->perturbation[p][s]);
        }
    ts_table(b, columns, TALLY_COLUMNS, cells, n);
}

static exit_status run_screen(cli *c) {
    ts_error e = {0};
    ts_screen_job job = {0};
    ts_notice_index ix;
    uint64_t threads, check;
    const char *const *files, *index = option(c, "index"), *format = option(c, "format"),
                              *errors = option(c, "errors");
    size_t n = option_all(c, "notices", &files);
    job.offers_n = option_all(c, "offers", &job.offers);
    bool ok = option_number(c, "threads", 1, 64, ts_cpu_count(), &threads, &e) &&
              option_number(c, "check-retrieval", 0, 1000000, 0, &check, &e) &&
              option_fraction(c, "threshold", 0, &job.match.threshold, &e);
    if (ok && (n > 0) == (index != 0))
        ok = ts_fail(&e, TS_E_USAGE, "give either --notices or --index");
    if (ok && !job.offers_n) ok = ts_fail(&e, TS_E_USAGE, "name the offers: --offers FILE");
    if (ok && format && strcmp(format, "json") != 0 && strcmp(format, "table") != 0)
        ok = ts_fail(&e, TS_E_USAGE, "--format is json or table here");
    if (!ok) return usage(c, &e);
    job.threads = (unsigned)threads;
    ts_model model;
    if (!open_model(c, &model, &e)) return failed(&e);
    job.match.model = &model;
    if (!(n ? ts_notice_index_from_files(&c->arena, files, n, (ts_notice_options){0}, &ix, &e)
            : ts_notice_index_from_file(index, &ix, &e)))
        return failed(&e);
    ts_bench_result r;
    int fd = -1;
    ok = (!errors || open_output(errors, &fd, &e)) &&
         ts_bench_screen(&c->arena, &job, &ix, check, fd, &r, &e);
    if (fd > 1) close(fd);
    ts_notice_index_close(&ix);
    if (!ok) return failed(&e);
    ts_buf b = ts_buf_new(&c->arena, 1 << 22);
    if (format && strcmp(format, "json") == 0)
        as_json(&b, &r, job.threads, ts_model_id(&c->arena, &model));
    else
        as_table(&c->arena, &b, &r);
    print(&b);
    return r.screen.failed   ? EXIT_FAILED
           : r.screen.bad    ? EXIT_PARTLY
           : r.screen.silent ? EXIT_UNDETERMINED
                             : EXIT_DONE;
}

static const option_spec screen_options[] = {
    {"notices", "FILE", "notices in any known format", true},
    {"index", "FILE", "or an index made before", false},
    {"offers", "FILE", "offers, as `bench derive` and `bench world` write them", true},
    {"format", "FORMAT", "json or table (table)", false},
    {"threads", "N", "worker threads (as many as processors)", false},
    {"model", "FILE", "the model that judges (the one that comes with the program)", false},
    {"threshold", "P", "likelihood from which an offer is listed (grade review)", false},
    {"check-retrieval", "N",
     "screen the first N offers also with every notice scored, and compare the leads", false},
    {"errors", "FILE", "write the offers that were judged wrongly here", false},
    {0},
};
static const char *const screen_examples[] = {
    "touchstone bench screen --notices n.jsonl --offers o.jsonl --format json",
    "Speed, memory, recall and precision in one object.", 0};
const command cmd_bench_screen = {
    "bench screen",
    0,
    "measure speed, memory, recall and precision",
    "Screens the offers and prints offers per second (parsing included), peak memory, size and "
    "load time of the index and, where the offers carry their "
    "truth, recall and precision in all and by language, kind, perturbation and strength. An offer "
    "counts as found when it is listed with its own notice; "
    "a hard negative is wrong when it is listed with the notice it resembles, an unrelated offer "
    "when it is listed at all. Strict precision also "
    "counts leads with other notices as wrong, though these may be of the same product.",
    screen_options,
    screen_examples,
    run_screen};
