#include <math.h>
#include <stdlib.h>

#include "cli.h"
#include "learn/learn.h"

/* ---- reasons of either side in one list, strongest first ---- */

static int by_strength(const void *x, const void *y) {
    double a = fabs(((const ts_evidence *)x)->weight), b = fabs(((const ts_evidence *)y)->weight);
    return (a < b) - (a > b);
}

static ts_evidences reasons_of(ts_arena *a, const ts_lead *l) {
    ts_evidences all = {0};
    for (size_t i = 0; i < l->agree.n; i++) *ts_push(a, &all) = l->agree.v[i];
    for (size_t i = 0; i < l->conflict.n; i++) *ts_push(a, &all) = l->conflict.v[i];
    if (all.n) qsort(all.v, all.n, sizeof *all.v, by_strength);
    return all;
}

/* ---- for people ---- */

static void weight_line(ts_buf *b, double weight, ts_str text) {
    ts_buf_fmt(b, "  %+7.2f  ", weight);
    ts_cell_put(b, text, ts_cells(text), false);
    ts_buf_c(b, '\n');
}

static void product_line(ts_buf *b, const ts_catalogue *c, const char *key, const pair_record *r) {
    ts_str name = ts_say(c, key), title = ts_str_clip(r->title, 300);
    ts_buf_lit(b, "  ");
    ts_cell_put(b, name, ts_cells(name) > 6 ? ts_cells(name) : 6, false);
    ts_buf_lit(b, " ");
    ts_cell_put(b, title, ts_cells(title), false);
    ts_buf_c(b, '\n');
}

static void as_table(ts_buf *b, cli *c, const explained *x) {
    static const char *const labels[] = {"explain.other", "explain.same", "explain.none"};
    char number[24];
    int n = snprintf(number, sizeof number, "%llu", (unsigned long long)x->number);
    ts_fill fill = {"number", {number, (size_t)n}};
    ts_evidences all = reasons_of(&c->arena, &x->lead);
    ts_buf_put(b, ts_say_with(&c->arena, &c->catalogue, "explain.pair", &fill, 1));
    ts_buf_lit(b, ": ");
    ts_buf_put(b, ts_say(&c->catalogue, "lead.likelihood"));
    ts_buf_fmt(b, " %.1f %%, ", 100 * x->lead.probability);
    ts_buf_put(b, ts_say(&c->catalogue, labels[x->label]));
    ts_buf_c(b, '\n');
    product_line(b, &c->catalogue, "explain.left", x->left);
    product_line(b, &c->catalogue, "explain.right", x->right);
    ts_buf_c(b, '\n');
    weight_line(b, x->lead.base, ts_say(&c->catalogue, "explain.base"));
    for (size_t i = 0; i < all.n; i++)
        weight_line(b, all.v[i].weight, ts_evidence_text(&c->arena, &c->catalogue, &all.v[i]));
    weight_line(b, x->lead.log_odds, ts_say(&c->catalogue, "explain.sum"));
}

/* ---- for programs ---- */

static void put_product(ts_jsonw *w, const char *name, const pair_record *r) {
    ts_jsonw_key(w, name);
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "title", r->title);
    ts_jsonw_kstr_opt(w, "brand", r->brand);
    ts_jsonw_kstr_opt(w, "model", r->model);
    ts_jsonw_end(w);
}

static void put_number(ts_jsonw *w, const char *name, double v) {
    ts_jsonw_key(w, name);
    ts_jsonw_f64(w, v, 6);
}

static void as_json(ts_jsonw *w, cli *c, const explained *x) {
    ts_evidences all = reasons_of(&c->arena, &x->lead);
    ts_jsonw_object(w);
    ts_jsonw_key(w, "pair");
    ts_jsonw_i64(w, (int64_t)x->number);
    put_product(w, "left", x->left);
    put_product(w, "right", x->right);
    ts_jsonw_key(w, "label");
    if (x->label == PAIR_NO_LABEL)
        ts_jsonw_null(w);
    else
        ts_jsonw_i64(w, x->label);
    put_number(w, "probability", x->lead.probability);
    put_number(w, "log_odds", x->lead.log_odds);
    put_number(w, "base", x->lead.base);
    ts_jsonw_key(w, "reasons");
    ts_jsonw_array(w);
    for (size_t i = 0; i < all.n; i++) {
        const ts_evidence *r = &all.v[i];
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "what", ts_str_c(r->what));
        ts_jsonw_kstr_opt(w, "offer", r->offer);
        ts_jsonw_kstr_opt(w, "notice", r->notice);
        put_number(w, "weight", r->weight);
        ts_jsonw_kstr(w, "text", ts_evidence_text(&c->arena, &c->catalogue, r));
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
    ts_jsonw_kstr(w, "model", x->lead.model);
    ts_jsonw_end(w);
}

/* ---- the command ---- */

static bool wanted(cli *c, uint64_t **number, size_t *n, ts_error *e) {
    const char *const *named;
    *n = option_all(c, "pair", &named);
    *number = ts_new_n(&c->arena, uint64_t, *n + 1);
    for (size_t i = 0; i < *n; i++)
        if (!ts_u64_parse(ts_str_c(named[i]), &(*number)[i]) || !(*number)[i])
            return ts_fail(e, TS_E_USAGE, "--pair is the number of a pair, from 1 on, not '%s'",
                           named[i]);
    if (!*n) (*number)[(*n)++] = 1;
    return true;
}

static exit_status show(cli *c, const explained *x, size_t n, bool json) {
    ts_buf b = ts_buf_new(&c->arena, 64 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    w.pretty = true;
    if (json) ts_jsonw_array(&w);
    for (size_t i = 0; i < n; i++) {
        if (!json && i) ts_buf_c(&b, '\n');
        if (json)
            as_json(&w, c, &x[i]);
        else
            as_table(&b, c, &x[i]);
    }
    if (json) {
        ts_jsonw_end(&w);
        ts_buf_c(&b, '\n');
    }
    return print(&b);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    const char *dir = option(c, "pairs"), *split = option(c, "split"),
               *format = option(c, "format");
    bool json = format && strcmp(format, "json") == 0, ok = true;
    uint64_t *number = 0;
    size_t n = 0;
    if (!dir || !split) ok = ts_fail(&e, TS_E_USAGE, "name the pairs: --pairs DIR --split NAME");
    if (ok && format && !json && strcmp(format, "table") != 0)
        ok = ts_fail(&e, TS_E_USAGE, "--format is json or table, not '%s'", format);
    ok = ok && wanted(c, &number, &n, &e);
    if (!ok) return usage(c, &e);
    ts_model m;
    if (!open_model(c, &m, &e)) return failed(&e);
    explained *x = ts_new_n(&c->arena, explained, n);
    ok = explain_pairs(&c->arena, &m, dir, split, number, n, x, &e);
    exit_status st = ok ? show(c, x, n, json) : failed(&e);
    ts_model_close(&m);
    return st;
}

static const option_spec options[] = {
    {"pairs", "DIR", "a folder with labelled pairs", false},
    {"split", "NAME", "which file of it: NAME.jsonl", false},
    {"pair", "N", "the N-th pair of the split (1)", true},
    {"model", "FILE", "the model that judges (the one that comes with the program)", false},
    {"format", "FORMAT", "table or json (table)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone match explain --pairs my-pairs --split test --pair 3 --pair 8",
    "Why the third and the eighth pair get their likelihoods.",
    "touchstone match explain --pairs my-pairs --split test --model my.bin --format json --lang de",
    "Another model, as JSON, the reasons in German.", 0};
const command cmd_match_explain = {
    "match explain",
    0,
    "say why labelled pairs get their likelihoods",
    "Judges pairs of a split and shows what speaks for and against each, strongest first. Weights "
    "are parts of the log-odds: the base, which holds before anything is compared, and all reasons "
    "add up to the log-odds that the likelihood is made of.",
    options,
    examples,
    run};
