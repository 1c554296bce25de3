#include "cli.h"

static void tell(const ts_import_file *f, const char *path) {
    if (f->notices || !f->failed)
        ts_log_note("%s: %llu %s: %llu new, %llu updated, %llu unchanged; %llu withdrawn", path,
                    (unsigned long long)f->notices, plural(f->notices, "notice", "notices"),
                    (unsigned long long)f->fresh, (unsigned long long)f->updated,
                    (unsigned long long)f->unchanged, (unsigned long long)f->withdrawn);
    if (f->bad)
        ts_log_problem("%s: %llu %s could not be read and %s left out", path,
                       (unsigned long long)f->bad, plural(f->bad, "record", "records"),
                       plural(f->bad, "was", "were"));
    if (f->failed)
        ts_log_problem("%s: %s", path,
                       f->notices ? "was not read to its end; what came behind was not imported"
                                  : "nothing of it was imported");
    if (!f->silent) return;
    if (f->known_before)
        ts_log_problem("%s: UNDETERMINED: %llu %s where the last complete import had %llu; the "
                       "source may be silent",
                       f->name, (unsigned long long)f->source_notices,
                       plural(f->source_notices, "notice", "notices"),
                       (unsigned long long)f->before);
    else
        ts_log_problem("%s: UNDETERMINED: not a single notice; the source may be silent", f->name);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    const char *path = option(c, "store"), *format = option(c, "notice-format");
    ts_import_job job = {
        .files = c->operand, .files_n = c->operands_n, .source = option(c, "source")};
    if (!path || !c->operands_n) {
        ts_fail(&e, TS_E_USAGE,
                !path ? "name the store: --store FILE"
                      : "name the files to import (- is standard input)");
        return usage(c, &e);
    }
    if (format && !(job.options.format = ts_notice_format_by_name(format))) {
        ts_fail(&e, TS_E_USAGE, "there is no notice format '%s'; docs/formats.md lists them",
                format);
        return usage(c, &e);
    }
    job.store = ts_store_open(&c->arena, path, TS_STORE_WRITE, &e);
    if (!job.store) return failed(&e);
    ts_import_summary sum;
    bool ok = ts_import(&c->arena, &job, &sum, &e);
    for (size_t i = 0; i < sum.n; i++)
        if (sum.files[i].name)
            tell(&sum.files[i], strcmp(job.files[i], "-") == 0 ? "standard input" : job.files[i]);
    if (sum.leads_without_basis)
        ts_log_note("%llu %s no basis any more: the notice was withdrawn",
                    (unsigned long long)sum.leads_without_basis,
                    plural(sum.leads_without_basis, "lead has", "leads have"));
    ts_store_close(job.store);
    if (!ok) return failed(&e);
    exit_status st = sum.failed ? EXIT_FAILED : EXIT_DONE;
    if (sum.bad || sum.mended) st = worse(st, EXIT_PARTLY);
    return sum.silent ? worse(st, EXIT_UNDETERMINED) : st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store to import into; made when it does not exist", false},
    {"source", "NAME", "what to call the source in health records (default: the file's path)",
     false},
    {"notice-format", "NAME", "do not detect: the format of the files (docs/formats.md)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone import --store market.db safety-gate.json cpsc.json",
    "Reads two feeds; their formats are detected and said.",
    "curl -s URL | touchstone import --store market.db --source safety-gate -",
    "From a pipe, under a name of its own.",
    0,
};
const command cmd_import = {
    "import",
    "FILE…",
    "read notices into a store",
    "Reads notices of authorities in any known format (Safety Gate weekly XML, OpenDataSoft export "
    "and portal JSON, CPSC REST and CSV export, RappelConso, "
    "the template for authorities without a feed, and others: docs/formats.md) into a store. A "
    "notice that is there already is updated, with its history "
    "kept; a withdrawn one takes the basis from its leads. Interrupted, the same command goes on "
    "where it stopped and doubles nothing. A source that gives "
    "nothing, or less than half of what it gave last time, is reported as undetermined (exit "
    "status 3).",
    options,
    examples,
    run};
