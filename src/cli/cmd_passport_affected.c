#include "affected_listing.h"

enum { FLUSH = 1 << 20, PAGE_ROWS = 10000 };
static const char *const formats[] = {"table", "json", "jsonl", "csv", "html", 0};

static const char *answer_name(ts_answer a) {
    return a == TS_YES ? "inside" : a == TS_NO ? "outside" : "cannot_be_excluded";
}

ts_str affected_say(cli *c, const char *group, const char *name) {
    ts_buf key = ts_buf_new(&c->arena, 80);
    ts_buf_fmt(&key, "affected.%s.%s", group, name);
    return ts_say(&c->catalogue, ts_str_z(&c->arena, ts_buf_str(&key)));
}

ts_str affected_say_answer(cli *c, ts_answer a) {
    return affected_say(c, "answer", a == TS_OPEN ? "open" : answer_name(a));
}

const char *const affected_columns[AFFECTED_COLUMNS] = {"answer", "passport", "level",
                                                        "why",    "by",       "through"};

/* ---- rows ---- */

static void flush(affected_listing *l, size_t least) {
    if (l->b.n < least) return;
    l->st = worse(l->st, print(&l->b));
    ts_buf_reset(&l->b);
}

static void json_row(affected_listing *l, const ts_affected_row *r) {
    ts_jsonw w = ts_jsonw_to(&l->b);
    if (l->f == AS_JSON && l->n > 1) ts_buf_lit(&l->b, ",\n");
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "passport", r->passport);
    ts_jsonw_kstr(&w, "product", r->product);
    ts_jsonw_kstr(&w, "granularity", ts_str_c(ts_grain_name(r->grain)));
    ts_jsonw_kstr(&w, "answer", ts_str_c(answer_name(r->found.inside)));
    ts_jsonw_kstr(&w, "touch", ts_str_c(ts_touch_name(r->found.touch)));
    ts_jsonw_kstr(&w, "reason", ts_str_c(r->found.reason));
    ts_jsonw_kstr_opt(&w, "by", r->found.by);
    if (r->through.n) {
        ts_jsonw_kstr(&w, "through", r->through);
        ts_jsonw_kstr(&w, "through_as", ts_str_c(r->through_as));
    }
    ts_jsonw_end(&w);
    if (l->f == AS_JSONL) ts_buf_c(&l->b, '\n');
}

static void csv_row(affected_listing *l, const ts_affected_row *r) {
    const ts_str cells[] = {r->passport,
                            r->product,
                            ts_str_c(ts_grain_name(r->grain)),
                            ts_str_c(answer_name(r->found.inside)),
                            ts_str_c(ts_touch_name(r->found.touch)),
                            ts_str_c(r->found.reason),
                            r->found.by,
                            r->through,
                            r->through.n ? ts_str_c(r->through_as) : TS_NONE};
    ts_csv_row(&l->b, cells, sizeof cells / sizeof *cells);
}

static void keep_row(affected_listing *l, const ts_affected_row *r) {
    ts_arena *a = &l->c->arena;
    if (l->n > l->top) return;
    ts_str as = r->through.n ? affected_say(l->c, "as", r->through_as) : TS_NONE;
    ts_str parts[] = {as, r->through};
    const ts_str cells[AFFECTED_COLUMNS] = {affected_say_answer(l->c, r->found.inside),
                                            ts_str_dup(a, r->passport),
                                            ts_str_c(ts_grain_name(r->grain)),
                                            affected_say(l->c, "why", r->found.reason),
                                            ts_str_dup(a, r->found.by),
                                            r->through.n ? ts_str_join(a, parts, 2, TS_S(": "))
                                                         : TS_NONE};
    for (int i = 0; i < AFFECTED_COLUMNS; i++) *ts_push(a, &l->cells) = cells[i];
}

static void count_reason(affected_listing *l, const ts_affected_row *r) {
    for (size_t i = 0; i < l->whys; i++)
        if (l->why[i].inside == r->found.inside && strcmp(l->why[i].why, r->found.reason) == 0) {
            l->why[i].n++;
            return;
        }
    if (l->whys < AFFECTED_REASONS)
        l->why[l->whys++] = (affected_reason){r->found.inside, r->found.reason, 1};
}

static bool take(void *ctx, const ts_affected_row *r) {
    affected_listing *l = ctx;
    l->n++;
    if (l->f == AS_JSON || l->f == AS_JSONL)
        json_row(l, r);
    else if (l->f == AS_CSV)
        csv_row(l, r);
    else
        keep_row(l, r);
    count_reason(l, r);
    flush(l, FLUSH);
    return l->st == EXIT_DONE;
}

/* ---- for people ---- */

ts_str affected_number(cli *c, uint64_t n) {
    ts_buf b = ts_buf_new(&c->arena, 32);
    ts_buf_u64(&b, n);
    return ts_buf_str(&b);
}

ts_str affected_sentence(cli *c, const char *key, const ts_notice *n, uint64_t count) {
    char day[16];
    ts_str product = n->product.n ? n->product : n->title.n ? n->title : n->name;
    const ts_fill fill[] = {{"id", n->id},
                            {"state", ts_str_c(ts_notice_state_name(n->state))},
                            {"date", ts_str_dup(&c->arena, ts_day_iso(n->published, day))},
                            {"product", product},
                            {"n", affected_number(c, count)}};
    return ts_say_with(&c->arena, &c->catalogue, key, fill, sizeof fill / sizeof *fill);
}

/* The counts, and under each the reasons. */
static void counts_table(affected_listing *l, const ts_affected_counts *k) {
    const struct {
        ts_answer a;
        uint64_t n;
    } v[] = {{TS_YES, k->inside}, {TS_OPEN, k->open}, {TS_NO, k->outside}};
    for (int i = 0; i < 3; i++) {
        ts_cell_put(&l->b, affected_number(l->c, v[i].n), 12, true);
        ts_buf_lit(&l->b, "  ");
        ts_buf_put(&l->b, affected_say_answer(l->c, v[i].a));
        ts_buf_c(&l->b, '\n');
        for (size_t r = 0; r < l->whys; r++) {
            if (l->why[r].inside != v[i].a) continue;
            ts_cell_put(&l->b, affected_number(l->c, l->why[r].n), 16, true);
            ts_buf_lit(&l->b, "  ");
            ts_buf_put(&l->b, affected_say(l->c, "why", l->why[r].why));
            ts_buf_c(&l->b, '\n');
        }
    }
}

static void line(affected_listing *l, ts_str text) {
    ts_cell_put(&l->b, text, ts_cells(text), false);
    ts_buf_c(&l->b, '\n');
}

static void as_table(affected_listing *l, const ts_notice *n, const ts_affected_counts *k) {
    ts_column columns[AFFECTED_COLUMNS];
    for (int i = 0; i < AFFECTED_COLUMNS; i++)
        columns[i] = (ts_column){.title = affected_say(l->c, "column", affected_columns[i]),
                                 .most = i == 3 ? 48 : 60};
    line(l, affected_sentence(l->c, "affected.of", n, 0));
    if (n->state == TS_NOTICE_WITHDRAWN)
        line(l, affected_sentence(l->c, "affected.withdrawn", n, 0));
    line(l, affected_sentence(l->c, "affected.looked_at", n, k->looked_at));
    counts_table(l, k);
    if (!k->inside && !k->open) line(l, affected_sentence(l->c, "affected.none", n, 0));
    if (!l->cells.n) return;
    ts_buf_c(&l->b, '\n');
    ts_table(&l->b, columns, AFFECTED_COLUMNS, l->cells.v, l->cells.n / AFFECTED_COLUMNS);
    if (l->n > l->top) line(l, affected_sentence(l->c, "affected.more", n, l->n - l->top));
}

/* ---- the command ---- */

static void head(affected_listing *l, const ts_notice *n) {
    static const ts_str names[] = {{"passport", 8}, {"product", 7}, {"granularity", 11},
                                   {"answer", 6},   {"touch", 5},   {"reason", 6},
                                   {"by", 2},       {"through", 7}, {"through_as", 10}};
    char now[24];
    if (l->f == AS_CSV) ts_csv_row(&l->b, names, sizeof names / sizeof *names);
    if (l->f != AS_JSON) return;
    ts_jsonw w = ts_jsonw_to(&l->b);
    ts_buf_lit(&l->b, "{\"format\":\"touchstone-affected-1\",\"notice\":");
    ts_jsonw_str(&w, n->id);
    ts_buf_fmt(&l->b, ",\"notice_state\":\"%s\",\"at\":\"%.*s\",\"passports\":[\n",
               ts_notice_state_name(n->state), TS_P(ts_instant_iso(ts_now(), now)));
}

static void foot(affected_listing *l, const ts_notice *n, const ts_affected_counts *k) {
    if (l->f == AS_JSON)
        ts_buf_fmt(&l->b,
                   "\n],\"counts\":{\"looked_at\":%llu,\"inside\":%llu,\"cannot_be_excluded\":%llu,"
                   "\"outside\":%llu},\"more\":false}\n",
                   (unsigned long long)k->looked_at, (unsigned long long)k->inside,
                   (unsigned long long)k->open, (unsigned long long)k->outside);
    else if (l->f == AS_TABLE)
        as_table(l, n, k);
    else if (l->f == AS_HTML)
        affected_page(l, n, k);
}

static exit_status affected(cli *c, ts_store *s, affected_format f, ts_error *e) {
    ts_notice n;
    bool given;
    ts_affected_counts k;
    ts_arena out = ts_arena_new((size_t)1 << 30);
    affected_listing l = {.c = c, .f = f, .b = ts_buf_new(&out, (size_t)1 << 29)};
    if (!option_number(c, "top", 1, 100000, f == AS_HTML ? PAGE_ROWS : 40, &l.top, e))
        return usage(c, e);
    if (!passport_notice(c, s, &n, &given, e)) return failed(e);
    if (!given) {
        ts_fail(e, TS_E_NOT_FOUND,
                "the store holds no notice '%s'; `touchstone import` reads notices in, or name a "
                "file with --notices",
                option(c, "notice"));
        return failed(e);
    }
    const ts_affected_job job = {
        .store = s, .notice = &n, .all = flag(c, "all"), .each = take, .ctx = &l};
    head(&l, &n);
    if (!ts_passports_affected(&c->arena, &job, &k, e)) return failed(e);
    foot(&l, &n, &k);
    flush(&l, 1);
    return worse(l.st, k.open ? EXIT_UNDETERMINED : EXIT_DONE);
}

/* For reading; for writing where passports came without their places, which are recorded first. */
static ts_store *open_store(cli *c, const char *path, ts_error *e) {
    ts_strs missing = {0};
    ts_store *s = ts_store_open(&c->arena, path, TS_STORE_READ, e);
    if (!s || !ts_store_missing_places(s, &c->arena, 1, &missing, e) || !missing.n) return s;
    ts_store_close(s);
    return ts_store_open(&c->arena, path, TS_STORE_WRITE, e);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    const char *path = option(c, "store"), *name = passport_format(c, formats, &e);
    int f = 0;
    if (!name) return usage(c, &e);
    if (!path || c->operands_n || (!option(c, "notice") && !option(c, "notices"))) {
        ts_fail(&e, TS_E_USAGE,
                !path           ? "name the store: --store FILE"
                : c->operands_n ? "it takes no operands: the notice is named with --notice"
                                : "name a notice: --notice ID, --notices FILE, or both");
        return usage(c, &e);
    }
    while (strcmp(formats[f], name) != 0) f++;
    ts_store *s = open_store(c, path, &e);
    if (!s) return failed(&e);
    exit_status st = affected(c, s, (affected_format)f, &e);
    ts_store_close(s);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store with the passports", false},
    {"notice", "ID", "the notice: one in the store, or of several in --notices", false},
    {"notices", "FILE", "a file with the notice, in any format that `import` reads", false},
    {"all", 0, "tell of passports outside the notice's scope, too, and why", false},
    {"top", "N", "how many passports a table or page lists (40; html 10000)", false},
    {"format", "FORMAT", "table, json, jsonl, csv or html (default: table)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport affected --store passports.db --notice safety_gate:A12/00001/27",
    "Counts with their reasons, then the passports that are inside or cannot be excluded.",
    "touchstone passport affected --store passports.db --notices recall.json --format csv",
    "All of them, for a notice out of a file.",
    0,
};
const command cmd_passport_affected = {
    "passport affected",
    0,
    "tell which passports a notice hits",
    "Holds trade item numbers, brand and model, lots, serial numbers and days of production that a "
    "notice names against every passport of the store: what it states itself, what its batch and "
    "model state, what it is made of and comes from. Outside is only what the notice and the "
    "passport, signed by its operator, tell apart. Everything else cannot be excluded, with the "
    "reason; exit status 3 where there is any such passport. Nothing here says that a product is "
    "safe.",
    options,
    examples,
    run};
