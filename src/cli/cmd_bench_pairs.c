#include <fcntl.h>
#include <unistd.h>

#include "cli.h"

static bool half_of(const char *s, ts_half *out, ts_error *e) {
    static const char *const names[] = {
        [TS_HALF_ALL] = "all", [TS_HALF_TUNE] = "tune", [TS_HALF_REPORT] = "report"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(s, names[i]) != 0) continue;
        *out = (ts_half)i;
        return true;
    }
    return ts_fail(e, TS_E_USAGE, "--half is tune, report or all, not '%s'", s);
}

static bool job_of(cli *c, ts_pairs_job *job, ts_error *e) {
    uint64_t positives = 1;
    const char *half = option(c, "half");
    job->notices_n = option_all(c, "notices", &job->notices);
    job->others_n = option_all(c, "others", &job->others);
    if (!option_number(c, "seed", 0, UINT32_MAX, 1, &job->seed, e) ||
        !option_number(c, "positives", 1, 100, 1, &positives, e) ||
        !option_number(c, "count-most", 1, UINT32_MAX, 0, &job->most, e))
        return false;
    job->positives = (unsigned)positives;
    if (!job->notices_n) return ts_fail(e, TS_E_USAGE, "name the notices: --notices FILE");
    return half_of(half ? half : "all", &job->half, e);
}

static void say(const ts_pairs_counts *n) {
    ts_log_note("%llu of %llu notices, %llu pairs, %llu of them of one product",
                (unsigned long long)n->derivable, (unsigned long long)n->notices,
                (unsigned long long)n->pairs, (unsigned long long)n->matches);
    for (int k = 0; k < TS_DERIVE_KINDS; k++)
        if (n->offers[k])
            ts_log_note("  %-14s %llu (of %llu offers)", ts_derive_kind_name((ts_derive_kind)k),
                        (unsigned long long)n->own[k], (unsigned long long)n->offers[k]);
    ts_log_note("  %-14s %llu", "elsewhere", (unsigned long long)n->swapped);
    if (n->others)
        ts_log_note("  %-14s %llu (of %llu offers)", "stranger", (unsigned long long)n->stranger,
                    (unsigned long long)n->others);
    ts_log_note("  %-14s %llu (%llu more may be of the product: left out)", "other_notice",
                (unsigned long long)n->other, (unsigned long long)n->left_out);
}

static exit_status run_pairs(cli *c) {
    ts_error e = {0};
    ts_pairs_job job = {0};
    ts_pairs_counts n;
    const char *output = option(c, "output");
    if (!job_of(c, &job, &e)) return usage(c, &e);
    bool file = output && strcmp(output, "-") != 0;
    job.fd = file ? open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : STDOUT_FILENO;
    if (job.fd < 0) {
        ts_fail(&e, TS_E_IO, "cannot create the file");
        ts_fail_at(&e, output, 0, 0);
        return failed(&e);
    }
    bool ok = ts_bench_pairs(&c->arena, &job, &n, &e);
    if (file && close(job.fd) != 0 && ok) {
        ok = ts_fail(&e, TS_E_IO, "could not be written");
        ts_fail_at(&e, output, 0, 0);
    }
    if (!ok) return failed(&e);
    say(&n);
    return EXIT_DONE;
}

static const option_spec pairs_options[] = {
    {"notices", "FILE", "notices to derive from", true},
    {"others", "FILE", "offers that are known to be of none of the notices' products", true},
    {"output", "FILE", "where to write the pairs (default: standard output)", false},
    {"half", "HALF",
     "tune, report or all: notices are in one half or the other by their brand (all)", false},
    {"positives", "N",
     "offers of each notice's product (1); twice as many hard negatives and as many unrelated "
     "offers are made",
     false},
    {"count-most", "N", "stop after about N pairs; notices are taken in random order", false},
    {"seed", "N", "the same seed gives the same pairs (1)", false},
    {0},
};
static const char *const pairs_examples[] = {
    "touchstone bench pairs --notices a.jsonl --notices b.csv --half tune --output train.jsonl",
    "Pairs to learn from; report on --half report.",
    "touchstone bench pairs --notices a.jsonl --positives 3 --count-most 20000 --seed 2",
    "Some 20,000 pairs, with three offers of each notice's product.", 0};
const command cmd_bench_pairs = {
    "bench pairs",
    0,
    "make labelled pairs of a notice and an offer, to learn from",
    "Derives offers from notices as `bench derive` does, and unrelated ones, looks each up among "
    "the notices, and writes a JSON line for each pair that screening would judge: the offer with "
    "its own notice (label 1 for an offer of the product, 0 for one that only resembles it) and "
    "with up to six others that it was found to resemble (label 0). Notices that may be of the "
    "same product are left out: they share an identifier, a model number, or a brand and a name. "
    "The offers are derived, not real: docs/benchmarks.md.",
    pairs_options,
    pairs_examples,
    run_pairs};
