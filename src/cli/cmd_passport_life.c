#include "passport.h"

static ts_str say(cli *c, const char *group, ts_str name) {
    ts_buf key = ts_buf_new(&c->arena, 128);
    ts_buf_fmt(&key, "life.%s.%.*s", group, TS_P(name));
    return ts_say(&c->catalogue, ts_str_z(&c->arena, ts_buf_str(&key)));
}

static ts_column column(cli *c, const char *name, size_t most) {
    return (ts_column){say(c, "column", ts_str_c(name)), 0, most, false};
}

static ts_str what(cli *c, const ts_life_line *v) {
    ts_str parts[3] = {say(c, "kind", ts_str_c(ts_life_name(v->event.kind)))};
    size_t n = 1;
    if (v->event.modified != TS_MODIFIED_NOT_ASKED)
        parts[n++] = say(c, "modified", ts_str_c(ts_modified_name(v->event.modified)));
    if (v->event.wrong) parts[n++] = ts_say(&c->catalogue, "life.wrong");
    return ts_str_join(&c->arena, parts, n, TS_S("; "));
}

static void events(ts_buf *b, cli *c, const ts_life *l) {
    ts_str *cells = ts_new_n(&c->arena, ts_str, l->lines.n * 5 + 1);
    for (size_t i = 0; i < l->lines.n; i++) {
        const ts_life_line *v = &l->lines.v[i];
        ts_str *cell = cells + i * 5, of[] = {say(c, "rel", v->relation), v->of};
        char at[24];
        cell[0] = ts_str_dup(&c->arena, ts_instant_iso(v->row.at, at));
        cell[1] = what(c, v);
        if (v->of.n) cell[2] = ts_str_join(&c->arena, of, 2, TS_S(" "));
        cell[3] = v->row.by;
        cell[4] = v->event.note;
    }
    const ts_column columns[] = {column(c, "when", 20), column(c, "what", 60), column(c, "of", 60),
                                 column(c, "by", 40), column(c, "note", 60)};
    if (l->lines.n)
        ts_table(b, columns, 5, cells, l->lines.n);
    else
        ts_buf_put(b, ts_say(&c->catalogue, "life.none"));
    ts_buf_c(b, '\n');
}

static ts_str state(cli *c, const ts_relative *x) {
    ts_str parts[2];
    size_t n = 0;
    if (!x->passport.n) return ts_say(&c->catalogue, "life.absent");
    if (x->safety.n && !ts_str_is(x->safety, "none_known"))
        parts[n++] = say(c, "safety", x->safety);
    if (x->status.n) parts[n++] = say(c, "status", x->status);
    return ts_str_join(&c->arena, parts, n, TS_S(", "));
}

static void family(ts_buf *b, cli *c, const ts_life *l) {
    ts_str *cells = ts_new_n(&c->arena, ts_str, l->family.n * 4 + 1);
    for (size_t i = 0; i < l->family.n; i++) {
        const ts_relative *x = &l->family.v[i];
        ts_str *cell = cells + i * 4;
        cell[0] = say(c, "rel", x->relation);
        cell[1] = x->name;
        cell[2] = state(c, x);
        cell[3] = x->passport.n ? x->passport : x->product;
    }
    const ts_column columns[] = {column(c, "relation", 20), column(c, "name", 40),
                                 column(c, "state", 40), column(c, "passport", 80)};
    ts_buf_c(b, '\n');
    if (l->family.n) ts_table(b, columns, 4, cells, l->family.n);
}

static bool tell(cli *c, const ts_life *l, const char *format, ts_str *out, ts_error *e) {
    ts_buf b = ts_buf_new(&c->arena, (size_t)64 << 20);
    if (strcmp(format, "svg") == 0) return ts_life_picture(&c->arena, l, &c->catalogue, out, e);
    if (strcmp(format, "html") == 0) return ts_life_page(&c->arena, l, &c->catalogue, out, e);
    if (strcmp(format, "epcis") == 0) return ts_life_epcis(&c->arena, l, ts_now(), out, e);
    if (strcmp(format, "json") == 0) {
        ts_jsonw w = ts_jsonw_to(&b);
        w.pretty = true;
        ts_life_write(&w, l);
    } else {
        events(&b, c, l);
        family(&b, c, l);
        if (l->more) {
            ts_buf_put(&b, ts_say(&c->catalogue, "life.more"));
            ts_buf_c(&b, '\n');
        }
    }
    *out = ts_buf_str(&b);
    return !b.full || ts_fail(e, TS_E_LIMIT, "this life is too long to be printed");
}

static exit_status run(cli *c) {
    static const char *const formats[] = {"table", "json", "svg", "html", "epcis", 0};
    ts_error e = {0};
    const char *path = option(c, "store"), *format = passport_format(c, formats, &e);
    ts_audiences who = 0;
    ts_str passport, out;
    ts_life l;
    if (format && !path)
        ts_fail(&e, TS_E_USAGE, "name the store: --store FILE");
    else if (format && c->operands_n != 1)
        ts_fail(&e, TS_E_USAGE, "name one passport, by its id or its product's identifier");
    else if (format)
        passport_audiences(c, &who, &e);
    if (!format || e.code) return usage(c, &e);
    ts_store *s = ts_store_open(&c->arena, path, TS_STORE_READ, &e);
    bool ok = s && ts_life_find(&c->arena, s, ts_str_c(c->operand[0]), &passport, &e) &&
              ts_life_of(&c->arena, s, passport, &l, &e);
    ts_store_close(s);
    if (!ok || !ts_life_view(&c->arena, &l, who ? who : ~(ts_audiences)0, &e) ||
        !tell(c, &l, format, &out, &e))
        return failed(&e);
    return passport_output(c, out, strcmp(format, "epcis") == 0 || strcmp(format, "json") == 0);
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"format", "FORMAT", "table, json, svg, html or epcis (default: table)", false},
    {"audience", "NAME", "what this audience may see (default: operator); repeat", true},
    {"out", "FILE", "write here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport life --store passports.db https://id.gs1.org/01/09521234543213/21/7Q2M",
    "What happened to this item, to what it was made of and to what became of it.",
    "touchstone passport life --store passports.db --format svg --lang de --out life.svg ID",
    "The same as a picture. With --audience public, as everybody may see it.",
    0,
};
const command cmd_passport_life = {
    "passport life",
    "PASSPORT",
    "tell the life of a product: events and family",
    "Lists the events of a product's life, those of its batch and model, of what it was made of "
    "and of what became of it, oldest first, and the passports it belongs together with. As a "
    "picture "
    "(svg, or html with the same in words), as JSON, or as an EPCIS 2.0 document.",
    options,
    examples,
    run};
