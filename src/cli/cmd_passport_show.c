#include "passport.h"

/* ---- all of them ---- */

static exit_status list(cli *c, ts_store *s, uint64_t top, ts_error *e) {
    ts_passport_rows rows = {0};
    if (!ts_store_passports(s, &c->arena, TS_NONE, TS_NONE, top, &rows, e)) return failed(e);
    ts_str *cells = ts_new_n(&c->arena, ts_str, rows.n * 6 + 6);
    for (size_t i = 0; i < rows.n; i++) {
        const ts_passport_row *r = &rows.v[i];
        ts_buf number = ts_buf_new(&c->arena, 24);
        char at[24];
        ts_buf_i64(&number, r->version);
        ts_str *cell = cells + i * 6;
        cell[0] = r->id;
        cell[1] = r->product;
        cell[2] = r->grain;
        cell[3] = ts_buf_str(&number);
        cell[4] = ts_str_dup(&c->arena, ts_instant_iso(r->at, at));
        cell[5] = ts_str_is(r->safety, "none_known") ? r->status : r->safety;
    }
    const ts_column columns[] = {{ts_say(&c->catalogue, "passport.column.id"), 0, 60, false},
                                 {ts_say(&c->catalogue, "passport.column.product"), 0, 70, false},
                                 {ts_say(&c->catalogue, "passport.column.level"), 0, 8, false},
                                 {ts_say(&c->catalogue, "passport.column.version"), 0, 8, true},
                                 {ts_say(&c->catalogue, "passport.column.at"), 0, 20, false},
                                 {ts_say(&c->catalogue, "passport.column.status"), 0, 12, false}};
    ts_buf b = ts_buf_new(&c->arena, (size_t)64 << 20);
    ts_table(&b, columns, 6, cells, rows.n);
    return print(&b);
}

/* ---- one ---- */

static void field(ts_buf *b, cli *c, const char *key, ts_str value) {
    ts_str name = ts_say(&c->catalogue, key);
    if (!value.n) return;
    ts_buf_lit(b, "  ");
    ts_cell_put(b, name, ts_cells(name) > 16 ? ts_cells(name) : 16, false);
    ts_buf_c(b, ' ');
    ts_cell_put(b, value, ts_cells(value), false);
    ts_buf_c(b, '\n');
}

/* What others say of it, and what is said of what it belongs to, is made of or comes from. */
static void said_elsewhere(ts_buf *b, cli *c, const ts_standings *s) {
    for (size_t i = 0; i < s->n; i++) {
        const ts_standing *x = &s->v[i];
        char at[24];
        if ((x->by_issuer && strcmp(x->through, "self") == 0) || !ts_standing_stands(x)) continue;
        ts_buf key = ts_buf_new(&c->arena, 64), way = ts_buf_new(&c->arena, 64);
        ts_buf_fmt(&key, "safety.status.%.*s", TS_P(x->kind));
        ts_buf_fmt(&way, "safety.through.%s", x->through);
        const ts_fill fill[] = {
            {"status", ts_say(&c->catalogue, ts_str_z(&c->arena, ts_buf_str(&key)))},
            {"by", x->by_name.n ? x->by_name : x->by},
            {"who", ts_say(&c->catalogue, x->by_issuer ? "safety.issuer" : "safety.third_party")},
            {"at", ts_instant_iso(x->at, at)},
            {"through", ts_say(&c->catalogue, ts_str_z(&c->arena, ts_buf_str(&way)))},
            {"passport", x->passport},
            {"notice", x->notice.n ? x->notice : TS_S("-")}};
        static const char *const lines[] = {"safety.entry", "safety.about"};
        for (int k = 0; k < 2; k++) {
            ts_str line = ts_say_with(&c->arena, &c->catalogue, lines[k], fill, 7);
            ts_buf_fmt(b, "%*s", 2 + 2 * k, "");
            ts_cell_put(b, line, ts_cells(line), false);
            ts_buf_c(b, '\n');
        }
    }
}

/* What is said of its safety stands before anything else. */
static void safety(ts_buf *b, cli *c, const ts_document *d, const ts_standings *s) {
    ts_safety_status now = ts_document_safety(d)->status, worst = ts_safety_worst(s);
    ts_buf key = ts_buf_new(&c->arena, 64);
    ts_buf_fmt(&key, "passport.safety.%s",
               ts_safety_status_name(ts_safety_graver(worst, now) ? worst : now));
    ts_str text = ts_say(&c->catalogue, ts_str_z(&c->arena, ts_buf_str(&key)));
    ts_cell_put(b, text, ts_cells(text), false);
    ts_buf_c(b, '\n');
    said_elsewhere(b, c, s);
    for (size_t i = d->safety.n; i-- > 0;) {
        const ts_safety_entry *x = &d->safety.v[i];
        char at[24];
        const ts_fill fill[] = {{"status", ts_str_c(ts_safety_status_name(x->status))},
                                {"by", x->by_name.n ? x->by_name : x->by_id},
                                {"at", ts_instant_iso(x->at, at)},
                                {"notice", x->notice.n ? x->notice : TS_S("-")}};
        ts_str line = ts_say_with(&c->arena, &c->catalogue, "passport.safety.entry", fill, 4);
        ts_buf_lit(b, "  ");
        ts_cell_put(b, line, ts_cells(line), false);
        ts_buf_c(b, '\n');
        ts_str words = ts_json_str(ts_json_get(x->text, ts_str_c(c->catalogue.language)));
        if (!words.n) words = ts_json_str(ts_json_member(x->text, "en"));
        if (!words.n) continue;
        ts_buf_lit(b, "    ");
        ts_cell_put(b, words, ts_cells(words), false);
        ts_buf_c(b, '\n');
    }
}

static void element_lines(ts_buf *b, cli *c, const ts_json *v, ts_str path) {
    if (ts_json_is(v, TS_JSON_OBJECT)) {
        TS_JSON_EACH_MEMBER(name, value, v) {
            ts_str parts[] = {path, ts_json_str(name)};
            element_lines(b, c, value,
                          path.n ? ts_str_join(&c->arena, parts, 2, TS_S(".")) : parts[1]);
        }
        return;
    }
    ts_error ignored;
    ts_buf text = ts_buf_new(&c->arena, 1 << 20);
    ts_str value = ts_json_text(v);
    if (!value.n && ts_canonical(&text, c->arena, v, &ignored)) value = ts_buf_str(&text);
    ts_buf_lit(b, "  ");
    ts_cell_put(b, path, ts_cells(path) > 40 ? ts_cells(path) : 40, false);
    ts_buf_c(b, ' ');
    ts_cell_put(b, value, ts_cells(value), false);
    ts_buf_c(b, '\n');
}

static void edges(ts_buf *b, cli *c, const char *key, const ts_edge *v, size_t n) {
    for (size_t i = 0; i < n; i++) {
        ts_str text = v[i].id;
        if (v[i].relation.n || v[i].name.n) {
            ts_str parts[] = {v[i].id, v[i].relation.n ? v[i].relation : v[i].name};
            text = ts_str_join(&c->arena, parts, 2, TS_S(" · "));
        }
        field(b, c, key, text);
    }
}

static void as_table(ts_buf *b, cli *c, ts_store *s, const ts_passport_row *row,
                     const ts_document *d, size_t omitted, const ts_standings *said, ts_error *e) {
    ts_secured_rows forms = {0};
    char at[24];
    ts_buf version = ts_buf_new(&c->arena, 64);
    safety(b, c, d, said);
    ts_buf_fmt(&version, "%lld · %.*s", (long long)row->version, TS_P(ts_instant_iso(row->at, at)));
    ts_buf_c(b, '\n');
    field(b, c, "passport.column.id", d->id);
    field(b, c, "passport.column.product", d->product.text);
    field(b, c, "passport.name", ts_json_str(ts_json_member(d->product_node, "name")));
    field(b, c, "passport.column.level", ts_str_c(ts_grain_name(d->grain)));
    field(b, c, "passport.column.version", ts_buf_str(&version));
    field(b, c, "passport.column.status", ts_str_c(ts_dpp_status_name(d->status)));
    field(b, c, "passport.operator", d->operator_name.n ? d->operator_name : d->operator_id);
    field(b, c, "passport.model", d->model);
    field(b, c, "passport.batch", d->batch);
    edges(b, c, "passport.predecessor", d->predecessors.v, d->predecessors.n);
    edges(b, c, "passport.component", d->components.v, d->components.n);
    ts_buf_c(b, '\n');
    element_lines(b, c, d->elements, TS_NONE);
    if (omitted) {
        ts_buf count = ts_buf_new(&c->arena, 24);
        ts_buf_u64(&count, omitted);
        const ts_fill fill = {"count", ts_buf_str(&count)};
        ts_buf_c(b, '\n');
        ts_buf_put(b, ts_say_with(&c->arena, &c->catalogue, "passport.omitted", &fill, 1));
        ts_buf_c(b, '\n');
    }
    if (!ts_store_secured(s, &c->arena, row->id, row->version, &forms, e)) return;
    ts_buf_c(b, '\n');
    for (size_t i = 0; i < forms.n; i++) {
        ts_str parts[] = {forms.v[i].credential, forms.v[i].form, forms.v[i].audience,
                          forms.v[i].issuer};
        field(b, c, "passport.signed", ts_str_join(&c->arena, parts, 4, TS_S(" · ")));
    }
}

static exit_status one(cli *c, ts_store *s, bool json, ts_error *e) {
    ts_audiences who;
    int64_t at;
    ts_passport_row row;
    ts_document whole, d;
    ts_packs packs = {0};
    ts_str view;
    size_t omitted;
    ts_standings said = {0};
    if (!passport_audiences(c, &who, e) || !passport_instant(c, "at", TS_NO_TIME, &at, e))
        return usage(c, e);
    if (!who) who = 1u << TS_AUD_OPERATOR;
    if (!ts_find_passport(&c->arena, s, ts_str_c(c->operand[0]), at, &row, &whole, &packs, e) ||
        !ts_document_view(&c->arena, &whole, &packs, who, &view, &omitted, e) ||
        !ts_document_read(&c->arena, view, &d, e) ||
        (at == TS_NO_TIME && !ts_safety_of(&c->arena, s, row.id, &said, e)))
        return failed(e);
    ts_buf b = ts_buf_new(&c->arena, (size_t)32 << 20);
    if (json) {
        ts_buf_put(&b, view);
        ts_buf_c(&b, '\n');
    } else {
        as_table(&b, c, s, &row, &d, omitted, &said, e);
        if (e->code) return failed(e);
    }
    return print(&b);
}

static exit_status versions(cli *c, ts_store *s, ts_error *e) {
    ts_passport_rows rows = {0};
    if (!ts_store_passport_versions(s, &c->arena, ts_str_c(c->operand[0]), &rows, e))
        return failed(e);
    if (!rows.n) {
        ts_fail(e, TS_E_NOT_FOUND, "the store has no passport '%s'", c->operand[0]);
        return failed(e);
    }
    ts_str *cells = ts_new_n(&c->arena, ts_str, rows.n * 4);
    for (size_t i = 0; i < rows.n; i++) {
        ts_buf number = ts_buf_new(&c->arena, 24);
        char at[24];
        ts_buf_i64(&number, rows.v[i].version);
        cells[i * 4] = ts_buf_str(&number);
        cells[i * 4 + 1] = ts_str_dup(&c->arena, ts_instant_iso(rows.v[i].at, at));
        cells[i * 4 + 2] =
            ts_str_is(rows.v[i].safety, "none_known") ? rows.v[i].status : rows.v[i].safety;
        cells[i * 4 + 3] = rows.v[i].digest;
    }
    const ts_column columns[] = {{ts_say(&c->catalogue, "passport.column.version"), 0, 8, true},
                                 {ts_say(&c->catalogue, "passport.column.at"), 0, 20, false},
                                 {ts_say(&c->catalogue, "passport.column.status"), 0, 12, false},
                                 {TS_S("SHA-256"), 0, 64, false}};
    ts_buf b = ts_buf_new(&c->arena, (size_t)32 << 20);
    ts_table(&b, columns, 4, cells, rows.n);
    return print(&b);
}

static exit_status run(cli *c) {
    static const char *const formats[] = {"table", "json", 0};
    ts_error e = {0};
    uint64_t top;
    const char *path = option(c, "store"), *format = passport_format(c, formats, &e);
    if (format && !path)
        ts_fail(&e, TS_E_USAGE, "name the store: --store FILE");
    else if (format && c->operands_n > 1)
        ts_fail(&e, TS_E_USAGE, "one passport at a time");
    else if (format)
        option_number(c, "top", 1, 1000000, 100, &top, &e);
    if (e.code) return usage(c, &e);
    ts_store *s = ts_store_open(&c->arena, path, TS_STORE_READ, &e);
    if (!s) return failed(&e);
    exit_status st = !c->operands_n        ? list(c, s, top, &e)
                     : flag(c, "versions") ? versions(c, s, &e)
                                           : one(c, s, strcmp(format, "json") == 0, &e);
    ts_store_close(s);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"format", "FORMAT", "table or json (default: table)", false},
    {"audience", "NAME", "what this audience may see (default: operator); repeat", true},
    {"at", "TIME", "as it stood then (default: now)", false},
    {"versions", 0, "list its versions", false},
    {"top", "N", "how many passports to list (100)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport show --store passports.db",
    "All passports.",
    "touchstone passport show --store passports.db --audience legitimate_interest --at 2026-06-30 "
    "ID",
    "What a repairer could read in it at the end of June.",
    0,
};
const command cmd_passport_show = {
    "passport show",
    "[PASSPORT]",
    "list passports, or read one as of any time with anybody's eyes",
    "Without a PASSPORT, lists them. With the id of one, or of its product, shows what it says: "
    "what "
    "is said of its safety first, then header and elements, then what was signed. --audience "
    "leaves out "
    "what that audience may not see, --at reads it as it stood.",
    options,
    examples,
    run};
