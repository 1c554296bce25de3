#include "cli.h"

/* The stored lead; where its notice has been withdrawn since, with a member that says so. */
static void put_json(ts_buf *b, const ts_lead_row *row) {
    ts_str json = ts_str_trim(row->json);
    if (row->basis_gone && json.n > 1) {
        ts_buf_put(b, ts_str_to(json, json.n - 1));
        ts_buf_lit(b, ",\"basis_gone\":true}");
    } else {
        ts_buf_put(b, json);
    }
}

static exit_status list(cli *c, ts_store *s, uint64_t top, ts_out_format format, ts_error *e) {
    ts_lead_rows rows = {0};
    uint64_t all;
    if (!ts_store_leads(s, &c->arena, 0, top, &rows, e) || !ts_store_lead_count(s, &all, e))
        return failed(e);
    ts_arena out = ts_arena_new((size_t)1 << 30);
    ts_buf b = ts_buf_new(&out, (size_t)1 << 29);
    if (format == TS_OUT_TABLE) {
        ts_str *json = ts_new_n(&c->arena, ts_str, rows.n ? rows.n : 1);
        for (size_t i = 0; i < rows.n; i++) {
            ts_buf one = ts_buf_new(&c->arena, rows.v[i].json.n + 64);
            put_json(&one, &rows.v[i]);
            json[i] = ts_buf_str(&one);
        }
        ts_leads_table(&b, c->arena, json, rows.n, all, &c->catalogue);
        return print(&b);
    }
    bool array = format == TS_OUT_JSON;
    if (array) ts_buf_lit(&b, "[");
    for (size_t i = 0; i < rows.n; i++) {
        if (array) ts_buf_put(&b, i ? TS_S(",\n") : TS_S("\n"));
        put_json(&b, &rows.v[i]);
        if (!array) ts_buf_c(&b, '\n');
    }
    if (array) ts_buf_put(&b, rows.n ? TS_S("\n]\n") : TS_S("]\n"));
    return print(&b);
}

static exit_status one(cli *c, ts_store *s, const char *id, ts_out_format format, ts_error *e) {
    ts_lead_row row;
    int found;
    if (!ts_store_lead(s, &c->arena, ts_str_c(id), &row, &found, e)) return failed(e);
    if (found != 1) {
        ts_fail(e, TS_E_NOT_FOUND,
                found ? "several leads begin with '%s'; give more of the id"
                      : "there is no lead '%s'; `touchstone show` lists them",
                id);
        return failed(e);
    }
    ts_arena out = ts_arena_new((size_t)1 << 28);
    ts_buf b = ts_buf_new(&out, 1 << 27);
    if (format != TS_OUT_TABLE) {
        put_json(&b, &row);
        ts_buf_c(&b, '\n');
        return print(&b);
    }
    if (row.basis_gone) {
        ts_buf_put(&b, ts_say(&c->catalogue, "lead.basis_gone"));
        ts_buf_lit(&b, "\n\n");
    }
    ts_lead_show(&b, c->arena, row.json, &c->catalogue);
    char first[24], last[24];
    const ts_fill fill[] = {{"first", ts_instant_iso(row.first_seen, first)},
                            {"last", ts_instant_iso(row.last_seen, last)}};
    ts_buf_put(&b, ts_say_with(&c->arena, &c->catalogue, "lead.seen", fill, 2));
    ts_buf_c(&b, '\n');
    return print(&b);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    uint64_t top;
    ts_out_format format = TS_OUT_TABLE;
    const char *path = option(c, "store"), *f = option(c, "format");
    bool ok = option_number(c, "top", 1, 100000, 50, &top, &e);
    if (ok && !path) ok = ts_fail(&e, TS_E_USAGE, "name the store: --store FILE");
    if (ok && f &&
        (!ts_out_format_by_name(f, &format) || format == TS_OUT_CSV || format == TS_OUT_HTML))
        ok = ts_fail(&e, TS_E_USAGE, "--format is table, json or jsonl here, not '%s'", f);
    if (ok && c->operands_n > 1) ok = ts_fail(&e, TS_E_USAGE, "one lead at a time");
    if (!ok) return usage(c, &e);
    ts_store *s = ts_store_open(&c->arena, path, TS_STORE_READ, &e);
    if (!s) return failed(&e);
    exit_status st =
        c->operands_n ? one(c, s, c->operand[0], format, &e) : list(c, s, top, format, &e);
    ts_store_close(s);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"format", "FORMAT", "table, json or jsonl (default: table)", false},
    {"top", "N", "how many leads to list (50)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone show --store market.db",
    "The likeliest leads.",
    "touchstone show --store market.db 3f9a2c",
    "One lead in full: offer, notice, every reason with its weight.",
    0,
};
const command cmd_show = {
    "show",
    "[LEAD]",
    "list the leads of a store, or show one in full",
    "Without a LEAD, lists the likeliest leads that the store keeps. With the id of one (or an "
    "unambiguous beginning of it), shows offer and notice "
    "side by side, each reason with its weight, the scope fit and the legal effect. A lead whose "
    "notice has been withdrawn says so.",
    options,
    examples,
    run};
