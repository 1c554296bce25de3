/* Leads for a terminal: a ranked table, and one lead in full. Both read the lead's JSON, so that
 * what a store kept looks like what was just found.
 */
#include "lead_view.h"

/* ---- table ---- */

/* Reasons separated by "; ", on as many lines as they need; one that is wider than the line is cut.
 */
static void put_reasons(ts_buf *b, ts_str reasons, size_t indent, size_t width) {
    for (size_t column = 0; reasons.n;) {
        size_t at = ts_str_find(reasons, TS_S("; "));
        ts_str one =
            ts_str_to(reasons, at == TS_NPOS ? reasons.n : at + 1); /* with its semicolon */
        size_t n = ts_cells(one);
        if (column && column + 1 + n > width) ts_buf_c(b, '\n'), column = 0;
        for (size_t k = column ? indent - 1 : 0; k < indent; k++, column++) ts_buf_c(b, ' ');
        ts_cell_put(b, one, n < width - indent ? n : width - indent, false);
        column += n;
        reasons = at == TS_NPOS ? TS_NONE : ts_str_from(reasons, at + 2);
    }
    ts_buf_c(b, '\n');
}

void ts_leads_table(ts_buf *b, ts_arena scratch, const ts_str *json, size_t n, uint64_t all,
                    const ts_catalogue *c) {
    enum { COLUMNS = 5, FIXED = 42, INDENT = 6 };
    ts_arena a = scratch;
    if (!n) {
        ts_buf_put(b, ts_say(c, "report.none"));
        ts_buf_c(b, '\n');
        return;
    }
    size_t width = ts_terminal_width(), rest = width > FIXED + 34 ? width - FIXED : 34;
    const ts_column columns[COLUMNS] = {
        {ts_say(c, "lead.likelihood"), 0, 18, true},
        {ts_say(c, "lead.grade"), 0, 12, false},
        {ts_say(c, "lead.id"), 0, 10, false},
        {ts_say(c, "lead.offer"), 0, rest - rest * 4 / 10, false},
        {ts_say(c, "lead.notice"), 0, rest * 4 / 10, false},
    };
    ts_str *why = ts_new_n(&a, ts_str, n), *cells = ts_new_n(&a, ts_str, n * COLUMNS);
    for (size_t i = 0; i < n; i++) {
        lead_view l;
        ts_str *x = &cells[i * COLUMNS];
        if (!lead_view_read(&a, json[i], &l)) continue;
        x[0] = lead_likelihood(&a, &l, c);
        x[1] = lead_worded(c, "grade",
                           ts_json_is(ts_json_member(l.v, "basis_gone"), TS_JSON_TRUE)
                               ? TS_S("basis_gone")
                               : lead_get(l.v, "grade"));
        x[2] = lead_get(l.v, "id");
        x[3] = lead_get(l.offer, "title");
        x[4] = lead_about(&a, &l, c);
        why[i] = lead_why(&a, &l, 3, c);
    }
    ts_buf rows = ts_buf_new(&a, b->max);
    ts_table(&rows, columns, COLUMNS, cells, n);
    ts_str lines = ts_buf_str(&rows);
    for (size_t i = 0; i <= n; i++) { /* the heading, then each lead with its reasons below it */
        ts_buf_put(b, ts_str_cut(&lines, '\n'));
        ts_buf_c(b, '\n');
        if (!i) continue;
        put_reasons(b, why[i - 1], INDENT, width);
    }
    if (n == all) return;
    ts_buf shown = ts_buf_new(&a, 24), total = ts_buf_new(&a, 24);
    ts_buf_u64(&shown, n);
    ts_buf_u64(&total, all);
    const ts_fill fill[] = {{"shown", ts_buf_str(&shown)}, {"all", ts_buf_str(&total)}};
    ts_buf_put(b, ts_say_with(&a, c, "report.table_more", fill, 2));
    ts_buf_c(b, '\n');
}

/* ---- one lead on a terminal ---- */

static void row(ts_buf *b, ts_str name, ts_str value) {
    if (!value.n) return;
    ts_buf_lit(b, "  ");
    ts_cell_put(b, name, 20, false);
    ts_cell_put(b, value, ts_cells(value) < 400 ? ts_cells(value) : 400, false);
    ts_buf_c(b, '\n');
}

static void reasons(ts_buf *b, ts_arena scratch, ts_str title, const ts_json *list,
                    const ts_catalogue *c) {
    size_t n = 0;
    ts_buf_put(b, title);
    ts_buf_c(b, '\n');
    TS_JSON_EACH(x, list) {
        ts_arena a = scratch;
        ts_str w = lead_weight(&a, x), t = lead_reason(&a, x, c);
        ts_buf_fmt(b, "  %6.*s  ", TS_P(w));
        ts_cell_put(b, t, ts_cells(t), false);
        ts_buf_c(b, '\n');
        n++;
    }
    if (n) return;
    ts_buf_lit(b, "          ");
    ts_buf_put(b, ts_say(c, "lead.none"));
    ts_buf_c(b, '\n');
}

static void notice_part(ts_buf *b, ts_arena a, const lead_view *l, const ts_catalogue *c) {
    ts_buf_put(b, ts_say(c, "lead.notice"));
    ts_buf_c(b, '\n');
    row(b, ts_say(c, "lead.number"), lead_get(l->notice, "id"));
    row(b, ts_say(c, "lead.notice"), lead_get(l->notice, "label"));
    row(b, ts_say(c, "lead.model"), lead_joined(&a, ts_json_member(l->notice, "models")));
    row(b, ts_say(c, "lead.risk"), lead_risk(&a, l, c));
    row(b, ts_say(c, "lead.published"), lead_get(l->notice, "published"));
    row(b, ts_say(c, "lead.url"), lead_get(l->notice, "url"));
    ts_buf_c(b, '\n');
}

static void shown_part(ts_buf *b, ts_arena a, const lead_view *l, const ts_catalogue *c) {
    lead_row rows[LEAD_SHOWN_ROWS];
    size_t n = lead_shown(&a, l, c, rows);
    ts_buf_put(b, ts_say(c, "offered.shown"));
    ts_buf_c(b, '\n');
    for (size_t i = 0; i < n; i++) row(b, rows[i].name, rows[i].value);
    ts_buf_c(b, '\n');
}

void ts_lead_show(ts_buf *b, ts_arena scratch, ts_str json, const ts_catalogue *c) {
    ts_arena a = scratch;
    lead_view l;
    if (!lead_view_read(&a, json, &l)) return;
    ts_str head[5] = {lead_get(l.v, "id"), lead_likelihood(&a, &l, c),
                      lead_worded(c, "grade", lead_get(l.v, "grade")),
                      lead_worded(c, "rung", lead_get(l.v, "rung")), lead_get(l.v, "model")};
    ts_buf_put(b, ts_str_join(&a, head, 5, TS_S("  ")));
    ts_buf_lit(b, "\n\n");
    ts_buf_put(b, ts_say(c, "lead.offer"));
    ts_buf_c(b, '\n');
    static const char *const offer_rows[] = {"title", "brand",  "model", "seller",
                                             "price", "market", "url",   "description"};
    static const char *const offer_keys[] = {"lead.title",  "lead.brand",      "lead.model",
                                             "lead.seller", "lead.price",      "lead.market",
                                             "lead.url",    "lead.description"};
    for (size_t i = 0; i < 8; i++) {
        ts_str price[2] = {lead_get(l.offer, "price"), lead_get(l.offer, "currency")};
        bool money = strcmp(offer_rows[i], "price") == 0 && price[0].n && price[1].n;
        row(b, ts_say(c, offer_keys[i]),
            money ? ts_str_join(&a, price, 2, TS_S(" ")) : lead_get(l.offer, offer_rows[i]));
    }
    row(b, ts_say(c, "lead.source"), lead_get(l.v, "source"));
    ts_buf_c(b, '\n');
    if (l.shown) shown_part(b, a, &l, c);
    if (l.notice) notice_part(b, a, &l, c);
    reasons(b, a, ts_say(c, "lead.agrees"), ts_json_member(l.v, "agree"), c);
    reasons(b, a, ts_say(c, "lead.conflicts"), ts_json_member(l.v, "conflict"), c);
    ts_buf_c(b, '\n');
    if (!l.notice) return;
    row(b, ts_say(c, "lead.scope"), lead_scope_reason(&l, c));
    row(b, ts_say(c, "lead.effect"), lead_worded(c, "legal_effect", lead_get(l.v, "legal_effect")));
}
