#include <math.h>
#include <sys/stat.h>

#include "cli.h"
#include "learn/learn.h"

/* ---- where it may be written ---- */

static bool same_file(const struct stat *x, const char *path) {
    struct stat y;
    return path && stat(path, &y) == 0 && x->st_dev == y.st_dev && x->st_ino == y.st_ino;
}

/* Neither the model that is read nor the one that comes with the program is ever written over. */
static bool may_write(cli *c, const char *output, ts_error *e) {
    struct stat there;
    const char *shipped;
    ts_error none;
    if (stat(output, &there) != 0) return true;
    if (!ts_share_find(&c->arena, "models/matcher-1.bin", &shipped, &none)) shipped = 0;
    if (same_file(&there, option(c, "model")) || same_file(&there, shipped))
        return ts_fail(e, TS_E_USAGE,
                       "%s is the model that is learnt from; name another file with --output",
                       output);
    if (flag(c, "replace")) return true;
    return ts_fail(e, TS_E_USAGE, "%s is there already; --replace writes over it", output);
}

/* ---- what came of it ---- */

static void tell_reading(const decisions *d, const char *path) {
    for (size_t i = 0; i < d->problems.n; i++) ts_log_error(&d->problems.v[i]);
    if (d->bad)
        ts_log_problem("%s: %zu %s could not be read and %s left out", path, d->bad,
                       plural(d->bad, "line", "lines"), plural(d->bad, "was", "were"));
    if (d->passed_over)
        ts_log_note("%s: %zu %s without a decision to learn from", path, d->passed_over,
                    plural(d->passed_over, "lead", "leads"));
    if (d->changed)
        ts_log_note("%s: %zu %s decided again; the last decision counts", path, d->changed,
                    plural(d->changed, "lead was", "leads were"));
}

static void line(ts_buf *b, const char *what, double before, double after) {
    const double v[2] = {before, after};
    ts_buf_fmt(b, "%-22s", what);
    for (int i = 0; i < 2; i++) {
        if (isnan(v[i]))
            ts_buf_fmt(b, " %9s", "-");
        else
            ts_buf_fmt(b, " %9.4f", v[i]);
    }
    ts_buf_c(b, '\n');
}

static void table(ts_buf *b, const ts_model *m, const relearn_report *r) {
    ts_buf_fmt(b, "%zu decisions on %zu notices: %zu confirmed, %zu rejected\n\n", r->decisions,
               r->notices, r->confirmed, r->decisions - r->confirmed);
    ts_buf_fmt(b, "%-22s %9s %9s\n", "on notices not seen", "before", "after");
    char f1[24];
    snprintf(f1, sizeof f1, "F1 at %.3f", m->threshold);
    line(b, "log-loss", r->before.log_loss, r->after.log_loss);
    line(b, "Brier score", r->before.m.brier, r->after.m.brier);
    line(b, "calibration error", r->before.m.ece, r->after.m.ece);
    line(b, f1, r->before.m.f1, r->after.m.f1);
    ts_buf_fmt(b, "\nlog-loss after less before: %+.4f (95 %%: %+.4f to %+.4f)\n",
               r->after.log_loss - r->before.log_loss, r->difference.low, r->difference.high);
}

static void refuse(const relearn_report *r, const char *output) {
    if (r->after.log_loss >= r->before.log_loss)
        ts_log_problem("the log-loss on notices not seen is not lower after learning; %s was not "
                       "written",
                       output);
    else
        ts_log_problem("the decisions do not go with what the model sees: one likelihood for all "
                       "leads, the share confirmed, would fit as well; %s was not written",
                       output);
}

/* ---- the command ---- */

static exit_status learn(cli *c, const ts_model *m, const decisions *d, const ts_notice_index *ix) {
    ts_error e = {0};
    const char *output = option(c, "output");
    ts_model learnt;
    relearn_report r;
    if (!relearn(&c->arena, m, d, ix ? &ix->index : 0, &learnt, &r, &e)) return failed(&e);
    if (r.complete < r.decisions)
        ts_log_note("%zu of %zu decisions are about notices that are known only as far as the "
                    "leads tell, without identifiers and description; --notices gives the rest",
                    r.decisions - r.complete, r.decisions);
    if (r.better && !write_model(c, &learnt, output, &e)) return failed(&e);
    ts_buf b = ts_buf_new(&c->arena, 1 << 16);
    table(&b, m, &r);
    if (r.better) ts_buf_fmt(&b, "%s: model %s\n", output, learnt.name);
    exit_status st = print(&b);
    if (r.better) return st;
    refuse(&r, output);
    return EXIT_FAILED;
}

static exit_status run(cli *c) {
    ts_error e = {0};
    const char *path = option(c, "decisions"), *output = option(c, "output"), *const * files;
    size_t files_n = option_all(c, "notices", &files);
    bool ok = true;
    if (!path) ok = ts_fail(&e, TS_E_USAGE, "name the decided leads: --decisions FILE");
    if (ok && !output) ok = ts_fail(&e, TS_E_USAGE, "name the file to write: --output FILE");
    ok = ok && may_write(c, output, &e);
    if (!ok) return usage(c, &e);
    ts_model m;
    decisions d = {0};
    ts_notice_index ix;
    if (!open_model(c, &m, &e)) return failed(&e);
    exit_status st = EXIT_FAILED;
    if (!decisions_read(&c->arena, path, &d, &e) ||
        (files_n &&
         !ts_notice_index_from_files(&c->arena, files, files_n, (ts_notice_options){0}, &ix, &e))) {
        st = failed(&e);
    } else {
        tell_reading(&d, strcmp(path, "-") == 0 ? "standard input" : path);
        st = learn(c, &m, &d, files_n ? &ix : 0);
        if (d.bad || (files_n && (ix.bad || ix.mended))) st = worse(st, EXIT_PARTLY);
        if (files_n && ix.failed) st = EXIT_FAILED;
        if (files_n) ts_notice_index_close(&ix);
    }
    ts_model_close(&m);
    return st;
}

static const option_spec options[] = {
    {"decisions", "FILE", "leads as JSON lines, each with a \"decision\" (- is standard input)",
     false},
    {"output", "FILE", "the model to write", false},
    {"model", "FILE", "the model that learns (the one that comes with the program)", false},
    {"notices", "FILE", "the notices that were screened against, to compare with them whole", true},
    {"replace", 0, "write over FILE when it is there", false},
    {0},
};
static const char *const examples[] = {
    "touchstone match learn --decisions decided.jsonl --notices notices.xml --output ours.bin",
    "Learn from decided leads; the model that comes with the program stays as it is.",
    "touchstone screen --model ours.bin --notices notices.xml --offers offers.jsonl",
    "Screen with what was learnt.", 0};
const command cmd_match_learn = {
    "match learn",
    0,
    "learn from what officers decided about leads",
    "Reads leads as `screen --format jsonl` writes them, each with a member \"decision\": "
    "\"confirmed\" or \"rejected\"; other leads are passed over. It fits anew how the parts of the "
    "model make the likelihood; the parts themselves stay. It takes 100 decisions or more, 20 of "
    "either kind, on 20 notices. What it is worth is measured on notices that were not learnt "
    "from, "
    "and unless the log-loss there is lower than before, nothing is written (exit status 1). Only "
    "leads that were listed can be learnt from: offers that were missed stay missed.",
    options,
    examples,
    run};
