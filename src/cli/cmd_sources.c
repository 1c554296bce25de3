#include "cli.h"

static const char *health(const ts_source_row *r) {
    if (!r->last.finished) return "interrupted";
    if (!r->last.complete) return "failed";
    if (r->last.kind == TS_RUN_SYNC)
        return r->last.silent ? "silent" : "ok"; /* what a sync asks for differs from run to run */
    return ts_source_silent(r->last.records, r->known_before, r->before) ? "silent" : "ok";
}

static const char *const kinds[] = {
    [TS_RUN_IMPORT] = "import", [TS_RUN_SCREEN] = "screen", [TS_RUN_SYNC] = "sync"};

static void as_json(ts_buf *b, const ts_source_rows *rows) {
    for (size_t i = 0; i < rows->n; i++) {
        const ts_run *r = &rows->v[i].last;
        char t[24];
        ts_jsonw w = ts_jsonw_to(b);
        ts_jsonw_object(&w);
        ts_jsonw_kstr(&w, "kind", ts_str_c(kinds[r->kind]));
        ts_jsonw_kstr(&w, "source", r->source);
        ts_jsonw_kstr(&w, "format", r->format);
        ts_jsonw_kstr(&w, "health", ts_str_c(health(&rows->v[i])));
        ts_jsonw_kstr(&w, "started", ts_instant_iso(r->started, t));
        ts_jsonw_key(&w, "records");
        ts_jsonw_i64(&w, (int64_t)r->records);
        ts_jsonw_key(&w, "bad");
        ts_jsonw_i64(&w, (int64_t)r->bad);
        ts_jsonw_key(&w, "before");
        if (rows->v[i].known_before)
            ts_jsonw_i64(&w, (int64_t)rows->v[i].before);
        else
            ts_jsonw_null(&w);
        ts_jsonw_end(&w);
        ts_buf_c(b, '\n');
    }
}

static ts_str number(ts_arena *a, uint64_t n) {
    ts_buf b = ts_buf_new(a, 24);
    ts_buf_u64(&b, n);
    return ts_buf_str(&b);
}

static void as_table(cli *c, ts_buf *b, const ts_source_rows *rows) {
    enum { COLUMNS = 7 };
    const ts_column columns[COLUMNS] = {
        {TS_S("health"), 0, 12, false},         {TS_S("what"), 0, 8, false},
        {TS_S("last run (UTC)"), 0, 20, false}, {TS_S("records"), 0, 12, true},
        {TS_S("before"), 0, 12, true},          {TS_S("left out"), 0, 9, true},
        {TS_S("source"), 0, 60, false}};
    ts_str *cells = ts_new_n(&c->arena, ts_str, rows->n * COLUMNS + 1);
    for (size_t i = 0; i < rows->n; i++) {
        const ts_source_row *r = &rows->v[i];
        char t[24];
        ts_str *x = &cells[i * COLUMNS];
        x[0] = ts_str_c(health(r));
        x[1] = r->last.kind == TS_RUN_SCREEN ? TS_S("offers") : TS_S("notices");
        x[2] = ts_str_dup(&c->arena, ts_instant_iso(r->last.started, t));
        x[3] = number(&c->arena, r->last.records);
        x[4] = r->known_before ? number(&c->arena, r->before) : TS_S("-");
        x[5] = number(&c->arena, r->last.bad);
        x[6] = r->last.source;
    }
    ts_table(b, columns, COLUMNS, cells, rows->n);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    const char *path = option(c, "store"), *f = option(c, "format");
    if (!path || (f && strcmp(f, "table") != 0 && strcmp(f, "jsonl") != 0)) {
        ts_fail(&e, TS_E_USAGE,
                path ? "--format is table or jsonl here" : "name the store: --store FILE");
        return usage(c, &e);
    }
    ts_store *s = ts_store_open(&c->arena, path, TS_STORE_READ, &e);
    ts_source_rows rows = {0};
    if (!s || !ts_store_sources(s, &c->arena, &rows, &e)) {
        ts_store_close(s);
        return failed(&e);
    }
    ts_buf b = ts_buf_new(&c->arena, 64 << 20);
    if (f && strcmp(f, "jsonl") == 0)
        as_json(&b, &rows);
    else
        as_table(c, &b, &rows);
    exit_status st = print(&b);
    for (size_t i = 0; i < rows.n; i++)
        if (strcmp(health(&rows.v[i]), "ok") != 0) st = worse(st, EXIT_UNDETERMINED);
    ts_store_close(s);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"format", "FORMAT", "table or jsonl (default: table)", false},
    {0},
};
static const char *const examples[] = {"touchstone sources --store market.db",
                                       "Which sources were read when, and which have gone silent.",
                                       0};
const command cmd_sources = {
    "sources",
    0,
    "how the sources of notices and offers are",
    "Lists every source that was imported, synced or screened, with its last run, how many records "
    "it gave and how many the complete run before gave. "
    "A source that gave nothing, or less than half of before, is silent; an interrupted or failed "
    "run says so. Exit status 3 when any is not ok.",
    options,
    examples,
    run};
