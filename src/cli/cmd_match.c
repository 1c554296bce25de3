#include <math.h>

#include "cli.h"
#include "learn/learn.h"

bool open_model(cli *c, ts_model *m, ts_error *e) {
    const char *path = option(c, "model");
    return path ? ts_model_open(&c->arena, m, path, e) : ts_model_shipped(&c->arena, m, e);
}

/* ---- training ---- */

static const char *const split_names[] = {"train", "valid", "val"};

/* The split to take when none is named: the usual name, when the folder has just that one. */
static bool usual_split(ts_arena *a, const char *dir, bool train, const char **split, ts_error *e) {
    *split = 0;
    for (int i = train ? 0 : 1; i < (train ? 1 : 3); i++)
        if (pairs_has_split(dir, split_names[i])) *split = split_names[i];
    ts_str all = pairs_splits(a, dir);
    const char *kind = train ? "train" : "valid";
    if (*split || (!train && ts_str_find(all, TS_S("valid")) == TS_NPOS)) return true;
    return ts_fail(e, TS_E_USAGE, "%s has no %s.jsonl; name the split with --%s-split%s (%.*s)",
                   dir, kind, kind, train ? "" : ", or none", all.n ? (int)all.n : 4,
                   all.n ? all.p : "none");
}

static bool parts_of(cli *c, bool train, dataset_part **out, size_t *n, ts_error *e) {
    const char *const *dirs, *const *named;
    size_t dirs_n = option_all(c, "pairs", &dirs),
           named_n = option_all(c, train ? "train-split" : "valid-split", &named);
    *n = 0;
    *out = ts_new_n(&c->arena, dataset_part, dirs_n);
    for (size_t i = 0; i < dirs_n; i++) {
        const char **usual = ts_new_n(&c->arena, const char *, 1);
        if (named_n && strcmp(named[0], "none") == 0) continue;
        if (!named_n && !usual_split(&c->arena, dirs[i], train, usual, e)) return false;
        if (!named_n && !*usual) continue;
        (*out)[(*n)++] = (dataset_part){dirs[i], named_n ? named : usual, named_n ? named_n : 1};
    }
    return true;
}

static bool parts_without(cli *c, unsigned *without, ts_error *e) {
    static const struct {
        const char *name;
        unsigned bit;
    } parts[] = {{"facts", WITHOUT_FACTS}, {"text", WITHOUT_TEXT}, {"evidence", WITHOUT_EVIDENCE},
                 {"rank", WITHOUT_RANK},   {"net", WITHOUT_NET},   {"vectors", WITHOUT_VECTORS}};
    const char *const *named;
    size_t n = option_all(c, "without", &named);
    for (size_t i = 0; i < n; i++) {
        unsigned bit = 0;
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            if (strcmp(named[i], parts[k].name) == 0) bit = parts[k].bit;
        if (!bit)
            return ts_fail(e, TS_E_USAGE,
                           "--without is facts, text, vectors, evidence, rank or net, not '%s'",
                           named[i]);
        *without |= bit;
    }
    return true;
}

static void percent(ts_buf *b, double x) {
    if (isnan(x))
        ts_buf_lit(b, "-");
    else
        ts_buf_fmt(b, "%.2f", 100 * x);
}

static void line_of(ts_buf *b, const char *what, const metrics *m) {
    ts_buf_fmt(b, "%-28s F1 ", what);
    percent(b, m->f1);
    ts_buf_lit(b, "  precision ");
    percent(b, m->precision);
    ts_buf_lit(b, "  recall ");
    percent(b, m->recall);
    ts_buf_fmt(b, "  ECE %.4f\n", m->ece);
}

/* What stands in the model about itself. */
static ts_str card_of(cli *c, const train_options *o, const train_report *r) {
    ts_buf b = ts_buf_new(&c->arena, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "trained_on");
    ts_jsonw_array(&w);
    for (size_t i = 0; i < o->parts; i++) {
        const char *slash = strrchr(o->part[i].dir, '/');
        ts_jsonw_str(&w, ts_str_c(slash && slash[1] ? slash + 1 : o->part[i].dir));
    }
    ts_jsonw_end(&w);
    const struct {
        const char *name;
        double v;
        int decimals;
    } figures[] = {{"pairs", (double)r->pairs, 0},
                   {"matches", (double)r->matches, 0},
                   {"seed", (double)o->seed, 0},
                   {"trees", r->rounds, 0},
                   {"unseen_precision", r->both.precision, 4},
                   {"unseen_recall", r->both.recall, 4},
                   {"unseen_f1", r->both.f1, 4},
                   {"unseen_average_precision", r->both.average_precision, 4},
                   {"unseen_ece", r->both.ece, 4},
                   {"unseen_f1_trees_alone", r->trees.f1, 4},
                   {"unseen_f1_network_always", r->always_f1, 4},
                   {"network_share", r->asked, 4}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        ts_jsonw_key(&w, figures[i].name);
        ts_jsonw_f64(&w, figures[i].v, figures[i].decimals);
    }
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

bool write_model(cli *c, const ts_model *m, const char *path, ts_error *e) {
    ts_buf b = ts_buf_new(&c->arena, TS_MODEL_FILE_MAX);
    ts_model_write(&b, m);
    if (b.full)
        return ts_fail(e, TS_E_LIMIT, "the model is larger than %d bytes", TS_MODEL_FILE_MAX);
    return ts_file_replace(path, ts_buf_str(&b), e);
}

static exit_status run_train(cli *c) {
    ts_error e = {0};
    train_options o = {.monotone = flag(c, "monotone")};
    const char *output = option(c, "output");
    dataset_part *part = 0, *valid = 0;
    size_t valids = 0;
    uint64_t seed = 1, threads = 0, rounds = 0, epochs = 0;
    bool ok = option_number(c, "seed", 0, 1000000, 1, &seed, &e) &&
              option_number(c, "threads", 1, 64, ts_cpu_count(), &threads, &e) &&
              option_number(c, "rounds", 1, 4000, 0, &rounds, &e) &&
              option_number(c, "epochs", 1, 1000, 0, &epochs, &e) &&
              option_fraction(c, "threshold", 0, &o.threshold, &e) &&
              option_fraction(c, "prevalence", 0, &o.prevalence, &e) &&
              parts_without(c, &o.without, &e);
    if (ok && !output) ok = ts_fail(&e, TS_E_USAGE, "name the file to write: --output FILE");
    if (ok && !option(c, "pairs"))
        ok = ts_fail(&e, TS_E_USAGE, "name a folder of labelled pairs: --pairs DIR");
    ok = ok && parts_of(c, true, &part, &o.parts, &e) && parts_of(c, false, &valid, &valids, &e);
    if (!ok) return usage(c, &e);
    double band = 0;
    if (option(c, "band") && (!ts_f64_parse(ts_str_c(option(c, "band")), &band) || band <= 0)) {
        ts_fail(&e, TS_E_USAGE, "--band is a number above 0, not '%s'", option(c, "band"));
        return usage(c, &e);
    }
    o.band = band;
    o.part = part;
    o.seed = seed;
    o.threads = (unsigned)threads;
    o.rounds = (unsigned)rounds;
    o.epochs = (unsigned)epochs;
    o.name = option(c, "name");
    ts_buf path = ts_buf_new(&c->arena, 4096);
    ts_buf_fmt(&path, "%s.part%c", output, 0);
    o.resume = path.p;
    ts_model m;
    train_report r;
    if (!train_model(&c->arena, o, &m, &r, &e)) return failed(&e);
    m.card = card_of(c, &o, &r);
    if (!write_model(c, &m, output, &e)) return failed(&e);
    ts_buf b = ts_buf_new(&c->arena, 1 << 20);
    ts_buf_fmt(&b, "%zu pairs, %zu matches; %u trees; threshold %.3f; %.1f s\n", r.pairs, r.matches,
               r.rounds, m.threshold, r.seconds);
    line_of(&b, "not seen: trees alone", &r.trees);
    line_of(&b, "not seen: the cascade", &r.both);
    if (r.dropped) ts_buf_lit(&b, "the network made nothing better and is left out\n");
    if (m.net)
        ts_buf_fmt(&b, "network asked for %.1f %% of pairs; F1 if it always were %.2f\n",
                   100 * r.asked, 100 * r.always_f1);
    for (size_t i = 0; i < valids; i++) {
        evaluation v;
        if (!evaluate_model(&c->arena, &m, (evaluate_options){.part = valid[i]}, &v, &e))
            return failed(&e);
        line_of(&b, valid[i].dir, &v.all);
    }
    return print(&b);
}

static const option_spec train_options_[] = {
    {"pairs", "DIR", "a folder with labelled pairs, and tableA/tableB.jsonl where it has them",
     true},
    {"output", "FILE", "the model to write", false},
    {"train-split", "NAME", "learn from NAME.jsonl (train)", true},
    {"valid-split", "NAME", "report on NAME.jsonl (valid or val); none: report on none", true},
    {"seed", "N", "the same seed gives the same model (1)", false},
    {"threads", "N", "work with N threads (all processors)", false},
    {"name", "NAME", "what the model is called in leads (matcher)", false},
    {"threshold", "P", "probability that counts as a match (the best on products not seen)", false},
    {"prevalence", "P", "share of matches among the pairs that will be judged (as in training)",
     false},
    {"band", "X",
     "ask the network where the trees' log-odds lie within X of 0 (chosen, at least 3)", false},
    {"monotone", 0, "hold the trees to the direction in which a fact can only speak", false},
    {"without", "PART", "leave out facts, text, vectors, evidence, rank or net", true},
    {"rounds", "N", "trees at most (400)", false},
    {"epochs", "N", "rounds of the network over the pairs (12)", false},
    {0},
};
static const char *const train_examples[] = {
    "touchstone match train --pairs my-pairs --output my.bin",
    "Learn from my-pairs/train.jsonl and report on my-pairs/valid.jsonl.",
    "touchstone match train --pairs wdc --train-split train_medium --valid-split none --output "
    "m.bin",
    "Choose among several sizes, and look at no other split.", 0};
const command cmd_match_train = {
    "match train",
    0,
    "learn from labelled pairs what the same product is",
    "Trains the judge of pairs: token evidence, boosted trees, the alignment network, and what "
    "combines and calibrates them on products that none of them has seen. The same seed gives the "
    "same model. Interrupted training goes on from FILE.part.",
    train_options_,
    train_examples,
    run_train};

/* ---- evaluation ---- */

static void json_interval(ts_jsonw *w, const char *name, interval i) {
    ts_jsonw_key(w, name);
    ts_jsonw_array(w);
    ts_jsonw_f64(w, i.low, 6);
    ts_jsonw_f64(w, i.high, 6);
    ts_jsonw_end(w);
}

static void json_metrics(ts_jsonw *w, const metrics *m, const metric_intervals *i) {
    const struct {
        const char *name;
        double v;
    } figures[] = {{"precision", m->precision},
                   {"recall", m->recall},
                   {"f1", m->f1},
                   {"average_precision", m->average_precision},
                   {"ece", m->ece},
                   {"brier", m->brier},
                   {"recall_at_precision_95", m->recall_at_precision},
                   {"best_f1", m->best_f1}};
    ts_jsonw_key(w, "pairs");
    ts_jsonw_i64(w, (int64_t)m->pairs);
    ts_jsonw_key(w, "matches");
    ts_jsonw_i64(w, (int64_t)m->matches);
    for (size_t k = 0; k < sizeof figures / sizeof *figures; k++) {
        ts_jsonw_key(w, figures[k].name);
        ts_jsonw_f64(w, figures[k].v, 6);
    }
    ts_jsonw_key(w, "intervals_95");
    ts_jsonw_object(w);
    json_interval(w, "precision", i->precision);
    json_interval(w, "recall", i->recall);
    json_interval(w, "f1", i->f1);
    json_interval(w, "average_precision", i->average_precision);
    json_interval(w, "ece", i->ece);
    json_interval(w, "recall_at_precision_95", i->recall_at_precision);
    ts_jsonw_end(w);
}

static void json_groups(ts_jsonw *w, const char *name, const evaluation_group *g, size_t n) {
    ts_jsonw_key(w, name);
    ts_jsonw_object(w);
    for (size_t i = 0; i < n; i++) {
        ts_jsonw_key_str(w, g[i].name);
        ts_jsonw_object(w);
        json_metrics(w, &g[i].m, &g[i].i);
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

static void as_json(ts_buf *b, const ts_model *m, const evaluation *v, double threshold) {
    ts_jsonw w = ts_jsonw_to(b);
    w.pretty = true;
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "model");
    ts_jsonw_str(&w, ts_str_c(m->name));
    ts_jsonw_key(&w, "threshold");
    ts_jsonw_f64(&w, threshold, 6);
    json_metrics(&w, &v->all, &v->intervals);
    ts_jsonw_key(&w, "pairs_per_second");
    ts_jsonw_f64(&w, v->pairs_per_second, 6);
    ts_jsonw_key(&w, "pairs_per_second_trees_only");
    ts_jsonw_f64(&w, v->trees_per_second, 6);
    ts_jsonw_key(&w, "network_share");
    ts_jsonw_f64(&w, v->asked, 6);
    ts_jsonw_key(&w, "f1_network_always");
    ts_jsonw_f64(&w, v->always_f1, 6);
    json_groups(&w, "languages", v->language.v, v->language.n);
    json_groups(&w, "kinds", v->kind.v, v->kind.n);
    ts_jsonw_end(&w);
    ts_buf_c(b, '\n');
}

static void row_of(ts_buf *b, ts_str name, const metrics *m, const metric_intervals *i) {
    ts_buf_fmt(b, "%-22.*s %6zu %6zu  ", TS_P(name), m->pairs, m->matches);
    const double v[] = {m->f1, m->precision, m->recall, m->average_precision,
                        m->recall_at_precision};
    for (size_t k = 0; k < sizeof v / sizeof *v; k++) {
        ts_buf at = ts_buf_new(b->a, 40);
        percent(&at, v[k]);
        ts_buf_fmt(b, "%8.*s", TS_P(ts_buf_str(&at)));
        if (k == 0 && !isnan(i->f1.low))
            ts_buf_fmt(b, " (%5.1f-%5.1f)", 100 * i->f1.low, 100 * i->f1.high);
        if (k == 0 && isnan(i->f1.low)) ts_buf_fmt(b, " %13s", "");
    }
    ts_buf_fmt(b, "  %.4f\n", m->ece);
}

static void as_table(ts_buf *b, const ts_model *m, const evaluation *v, double threshold) {
    ts_buf_fmt(b, "%s, threshold %.3f\n\n%-22s %6s %6s  %8s %13s %8s %8s %8s %8s  %s\n", m->name,
               threshold, "", "pairs", "match", "F1", "(95 %)", "prec", "recall", "AP", "R@P95",
               "ECE");
    row_of(b, TS_S("all"), &v->all, &v->intervals);
    for (size_t i = 0; i < v->language.n; i++)
        row_of(b, v->language.v[i].name, &v->language.v[i].m, &v->language.v[i].i);
    for (size_t i = 0; i < v->kind.n; i++)
        row_of(b, v->kind.v[i].name, &v->kind.v[i].m, &v->kind.v[i].i);
    ts_buf_fmt(b, "\nalone, at the best threshold: trees F1 %.2f, AP %.2f", 100 * v->trees.best_f1,
               100 * v->trees.average_precision);
    if (m->net)
        ts_buf_fmt(b, "; network F1 %.2f, AP %.2f", 100 * v->net.best_f1,
                   100 * v->net.average_precision);
    ts_buf_fmt(b, "\n%.0f pairs/s (features and trees alone %.0f)", v->pairs_per_second,
               v->trees_per_second);
    if (m->net)
        ts_buf_fmt(b, "; network asked for %.1f %%; F1 if always %.2f", 100 * v->asked,
                   100 * v->always_f1);
    ts_buf_c(b, '\n');
}

static exit_status run_evaluate(cli *c) {
    ts_error e = {0};
    const char *dir = option(c, "pairs"), *format = option(c, "format"), *const * split;
    size_t splits = option_all(c, "split", &split);
    evaluate_options o = {0};
    bool ok = option_fraction(c, "threshold", 0, &o.threshold, &e);
    bool json = format && strcmp(format, "json") == 0;
    if (ok && (!dir || !splits))
        ok = ts_fail(&e, TS_E_USAGE, "name the pairs: --pairs DIR --split NAME");
    if (ok && format && !json && strcmp(format, "table") != 0)
        ok = ts_fail(&e, TS_E_USAGE, "--format is json or table, not '%s'", format);
    if (!ok) return usage(c, &e);
    o.part = (dataset_part){dir, split, splits};
    ts_model m;
    evaluation v;
    if (!open_model(c, &m, &e)) return failed(&e);
    if (!evaluate_model(&c->arena, &m, o, &v, &e)) return failed(&e);
    ts_buf b = ts_buf_new(&c->arena, 1 << 22);
    double threshold = o.threshold > 0 ? o.threshold : m.threshold;
    if (json)
        as_json(&b, &m, &v, threshold);
    else
        as_table(&b, &m, &v, threshold);
    return print(&b);
}

static const option_spec evaluate_options_[] = {
    {"pairs", "DIR", "a folder with labelled pairs", false},
    {"split", "NAME", "which file of it: NAME.jsonl", true},
    {"model", "FILE", "the model to measure (the one that comes with the program)", false},
    {"format", "FORMAT", "table or json (table)", false},
    {"threshold", "P", "probability that counts as a match (the model's own)", false},
    {0},
};
static const char *const evaluate_examples[] = {
    "touchstone match evaluate --pairs my-pairs --split test --model my.bin",
    "Precision, recall, F1, average precision and calibration, in all and by language.", 0};
const command cmd_match_evaluate = {
    "match evaluate",
    0,
    "measure a model on labelled pairs",
    "Judges every pair of a split and compares with its label: precision, recall, F1, average "
    "precision, expected calibration error, recall where precision is still 95 %, and pairs per "
    "second on one thread with everything that preparing the records takes; in all, by language "
    "and "
    "by kind of pair, with 95 % intervals from resampling whole products.",
    evaluate_options_,
    evaluate_examples,
    run_evaluate};
