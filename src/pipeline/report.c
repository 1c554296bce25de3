/* Leads for people: a ranked table, one lead in full, and the self-contained HTML report. All three read the lead's JSON, so that what a
 * store kept looks like what was just found.
 */
#include <stdio.h>

#include "screen.h"
#include "text/text.h"

enum { WORDS_MAX = 512 };

/* ---- reading a lead ---- */

typedef struct lead_view {
    const ts_json *v, *offer, *notice;
} lead_view;

static bool read_lead(ts_arena *a, ts_str json, lead_view *l) {
    *l = (lead_view){.v = ts_json_parse(a, json, (ts_json_options){0}, 0)};
    l->offer = ts_json_member(l->v, "offer");
    l->notice = ts_json_member(l->v, "notice");
    return l->v != 0;
}

static ts_str get(const ts_json *v, const char *name) { return ts_json_text(ts_json_get(v, ts_str_c(name))); }

static double likelihood(const lead_view *l) {
    double p = 0;
    ts_json_f64(ts_json_member(l->v, "probability"), &p);
    return p;
}

static ts_str joined(ts_arena *a, const ts_json *list) {
    ts_buf b = ts_buf_new(a, 2000);
    TS_JSON_EACH(x, list) {
        if (b.n) ts_buf_lit(&b, ", ");
        ts_buf_put(&b, ts_json_text(x));
    }
    return ts_buf_str(&b);
}

static ts_str worded(const ts_catalogue *c, const char *group, ts_str key) {
    char full[80];
    snprintf(full, sizeof full, "%s.%.*s", group, TS_P(ts_str_clip(key, 40)));
    return ts_say(c, full);
}

static ts_str percent(ts_arena *a, double p) {
    ts_buf b = ts_buf_new(a, 16);
    ts_buf_fmt(&b, "%.0f %%", p >= 0.995 && p < 1 ? 99.0 : p * 100);
    return ts_buf_str(&b);
}

/* The strongest reasons in one line. */
static ts_str why(ts_arena *a, const lead_view *l, size_t most) {
    ts_buf b = ts_buf_new(a, 2000);
    static const char *const lists[] = {"agree", "conflict"};
    for (int k = 0; k < 2; k++) {
        size_t n = 0;
        TS_JSON_EACH(x, ts_json_get(l->v, ts_str_c(lists[k]))) {
            if (n++ == most) break;
            if (b.n) ts_buf_lit(&b, "; ");
            if (k) ts_buf_lit(&b, "(!) ");
            ts_buf_put(&b, get(x, "text"));
        }
    }
    return ts_buf_str(&b);
}

/* ---- table ---- */

void ts_leads_table(ts_buf *b, ts_arena scratch, const ts_str *json, size_t n, uint64_t all, const ts_catalogue *c) {
    enum { COLUMNS = 6 };
    ts_arena a = scratch;
    if (!n) {
        ts_buf_put(b, ts_say(c, "report.none"));
        ts_buf_c(b, '\n');
        return;
    }
    size_t width = ts_terminal_width(), rest = width > 60 ? width - 46 : 40;
    const ts_column columns[COLUMNS] = {
        {ts_say(c, "lead.likelihood"), 0, 18, true}, {ts_say(c, "lead.grade"), 0, 12, false},   {ts_say(c, "lead.id"), 0, 10, false},
        {ts_say(c, "lead.offer"), 0, rest * 4 / 10, false}, {ts_say(c, "lead.notice"), 0, rest * 3 / 10, false}, {ts_say(c, "lead.why"), 0, rest, false},
    };
    ts_str *cells = ts_new_n(&a, ts_str, n * COLUMNS);
    for (size_t i = 0; i < n; i++) {
        lead_view l;
        ts_str *x = &cells[i * COLUMNS];
        if (!read_lead(&a, json[i], &l)) continue;
        x[0] = percent(&a, likelihood(&l));
        x[1] = worded(c, "grade", get(l.v, "grade"));
        x[2] = get(l.v, "id");
        x[3] = get(l.offer, "title");
        x[4] = get(l.notice, "label");
        x[5] = why(&a, &l, 3);
    }
    ts_table(b, columns, COLUMNS, cells, n);
    if (n == all) return;
    ts_buf shown = ts_buf_new(&a, 24), total = ts_buf_new(&a, 24);
    ts_buf_u64(&shown, n);
    ts_buf_u64(&total, all);
    const ts_fill fill[] = {{"shown", ts_buf_str(&shown)}, {"all", ts_buf_str(&total)}};
    ts_buf_put(b, ts_say_with(&a, c, "report.table_more", fill, 2));
    ts_buf_c(b, '\n');
}

/* ---- words on both sides ---- */

typedef struct word_set {
    uint64_t hash[WORDS_MAX];
    size_t n;
} word_set;

/* Words worth marking: not function words, longer than one letter; pairs of Chinese characters. */
static bool telling(const ts_token *t) {
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, t->hash));
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_COMMON && (ts_lex_value(e.v[m]) & 7) == 0) return false;
    return t->n >= 2;
}

static uint64_t unit(const ts_tokens *t, size_t i) {
    if (t->v[i].kind != TS_TOK_HAN) return telling(&t->v[i]) ? t->v[i].hash : 0;
    bool pair = i + 1 < t->n && t->v[i + 1].kind == TS_TOK_HAN;
    return pair ? ts_seq_add(ts_seq_add(TS_SEQ_START, t->v[i].hash), t->v[i + 1].hash) : 0;
}

static void add_words(ts_arena scratch, word_set *w, ts_str s) {
    ts_tokens t = ts_tokenise(&scratch, ts_str_clip(s, 4000), false);
    for (size_t i = 0; i < t.n && w->n < WORDS_MAX; i++) {
        uint64_t h = unit(&t, i);
        if (h) w->hash[w->n++] = h;
    }
}

static bool has_word(const word_set *w, uint64_t h) {
    for (size_t i = 0; h && i < w->n; i++)
        if (w->hash[i] == h) return true;
    return false;
}

/* Escaped text with the words of `other` marked. */
static void marked(ts_buf *b, ts_arena scratch, ts_str s, const word_set *other) {
    ts_tokens t = ts_tokenise(&scratch, s, true);
    size_t done = 0;
    for (size_t i = 0; i < t.n; i++) {
        bool hit = has_word(other, unit(&t, i));
        bool pair = hit && t.v[i].kind == TS_TOK_HAN;
        if (!hit) continue;
        size_t last = pair ? i + 1 : i, from = t.origin[t.v[i].at], to = t.origin[t.v[last].at + t.v[last].n - 1];
        ts_str rest = ts_str_from(s, to);
        size_t k = 0;
        if (rest.n) ts_utf8_next(rest, &k);
        to += k;
        if (from < done) from = done;
        if (to <= from) continue;
        ts_html_text(b, (ts_str){s.p + done, from - done});
        ts_html(b, "<mark>%h</mark>", (ts_str){s.p + from, to - from});
        done = to;
    }
    ts_html_text(b, ts_str_from(s, done));
}

/* ---- HTML ---- */

static bool inline_file(ts_buf *b, ts_arena scratch, const char *name) {
    const char *path;
    ts_str text;
    ts_error e;
    if (!ts_share_find(&scratch, name, &path, &e) || !ts_file_read(&scratch, path, 1 << 20, &text, &e)) {
        ts_log_error(&e);
        return false;
    }
    ts_buf_put(b, text);
    return true;
}

static void evidence(ts_buf *b, const ts_catalogue *c, const char *title, const char *cls, const ts_json *list) {
    ts_html(b, "<p class=\"%k\">%h</p><ul>", cls, ts_say(c, title));
    size_t n = 0;
    TS_JSON_EACH(x, list) {
        double w = 0;
        ts_json_f64(ts_json_member(x, "weight"), &w);
        char text[32];
        snprintf(text, sizeof text, "%+.1f", w);
        ts_html(b, "<li>%h <span class=\"w\">%h</span></li>", get(x, "text"), ts_str_c(text));
        n++;
    }
    if (!n) ts_html(b, "<li>%h</li>", ts_say(c, "lead.none"));
    ts_buf_lit(b, "</ul>");
}

static void side_row(ts_buf *b, ts_arena scratch, const ts_catalogue *c, const char *key, ts_str s, const word_set *other) {
    if (!s.n) return;
    ts_html(b, "<p><span class=\"q\">%h:</span> ", ts_say(c, key));
    marked(b, scratch, s, other);
    ts_buf_lit(b, "</p>");
}

static void sides(ts_buf *b, ts_arena scratch, const ts_catalogue *c, const lead_view *l) {
    ts_arena a = scratch;
    ts_str brands = joined(&a, ts_json_member(l->notice, "brands")), models = joined(&a, ts_json_member(l->notice, "models"));
    word_set *mine = ts_new(&a, word_set), *theirs = ts_new(&a, word_set);
    add_words(a, mine, get(l->offer, "title"));
    add_words(a, mine, get(l->offer, "brand"));
    add_words(a, mine, get(l->offer, "model"));
    add_words(a, theirs, get(l->notice, "product"));
    add_words(a, theirs, get(l->notice, "name"));
    add_words(a, theirs, brands);
    add_words(a, theirs, models);
    ts_html(b, "<div class=\"sides\"><div><h3>%h</h3><p>", ts_say(c, "lead.offer"));
    marked(b, a, get(l->offer, "title"), theirs);
    ts_buf_lit(b, "</p>");
    side_row(b, a, c, "lead.brand", get(l->offer, "brand"), theirs);
    side_row(b, a, c, "lead.model", get(l->offer, "model"), theirs);
    side_row(b, a, c, "lead.seller", get(l->offer, "seller"), theirs);
    ts_html(b, "<p class=\"q\">%h %h · %h</p>", get(l->offer, "price"), get(l->offer, "currency"), get(l->v, "source"));
    if (get(l->offer, "url").n) ts_html(b, "<p><a href=\"%u\" rel=\"noreferrer\">%h</a></p>", get(l->offer, "url"), get(l->offer, "url"));
    ts_html(b, "</div><div><h3>%h %h</h3><p>", ts_say(c, "lead.notice"), get(l->notice, "number"));
    marked(b, a, get(l->notice, "product"), mine);
    ts_buf_lit(b, " ");
    marked(b, a, get(l->notice, "name"), mine);
    ts_buf_lit(b, "</p>");
    side_row(b, a, c, "lead.brand", brands, mine);
    side_row(b, a, c, "lead.model", ts_str_clip(models, 600), mine);
    ts_html(b, "<p class=\"q\">%h: %h %h · %h %h</p>", ts_say(c, "lead.risk"), worded(c, "risk", get(l->notice, "risk_level")),
            joined(&a, ts_json_member(l->notice, "risks")), ts_say(c, "lead.published"), get(l->notice, "published"));
    if (get(l->notice, "url").n) ts_html(b, "<p><a href=\"%u\" rel=\"noreferrer\">%h</a></p>", get(l->notice, "url"), get(l->notice, "url"));
    ts_buf_lit(b, "</div></div>");
}

static void report_row(ts_buf *b, ts_arena scratch, const ts_catalogue *c, ts_str json) {
    ts_arena a = scratch;
    lead_view l;
    if (!read_lead(&a, json, &l)) return;
    ts_str grade = get(l.v, "grade");
    ts_html(b, "<tr data-grade=\"%h\"><td class=\"n\" data-v=\"%h\">%h</td><td class=\"g-%h\">%h</td><td>%h<br><span class=\"q\">%h</span></td><td>", grade,
            get(l.v, "probability"), percent(&a, likelihood(&l)), grade, worded(c, "grade", grade), worded(c, "rung", get(l.v, "rung")),
            worded(c, "scope_fit", get(l.v, "scope_fit")));
    ts_html(b, "%h<details><summary class=\"q\">%h</summary>", ts_str_clip(get(l.offer, "title"), 300), why(&a, &l, 2));
    sides(b, a, c, &l);
    evidence(b, c, "lead.agrees", "yes", ts_json_member(l.v, "agree"));
    evidence(b, c, "lead.conflicts", "no", ts_json_member(l.v, "conflict"));
    ts_html(b, "<p class=\"q\">%h · %h · %h %h · %h</p></details></td><td>%h<br><span class=\"q\">%h</span></td></tr>\n", get(l.v, "scope_reason"),
            worded(c, "legal_effect", get(l.v, "legal_effect")), ts_say(c, "lead.id"), get(l.v, "id"), get(l.v, "model"), get(l.notice, "label"),
            get(l.notice, "id"));
}

static void report_head(ts_buf *b, ts_arena scratch, const ts_catalogue *c, size_t n, uint64_t all, const ts_screen_summary *sum) {
    ts_arena a = scratch;
    ts_buf numbers[4];
    const uint64_t values[4] = {all, sum->offers, n, sum->bad};
    for (int i = 0; i < 4; i++) numbers[i] = ts_buf_new(&a, 24), ts_buf_u64(&numbers[i], values[i]);
    const ts_fill fill[] = {{"leads", ts_buf_str(&numbers[0])}, {"offers", ts_buf_str(&numbers[1])}, {"shown", ts_buf_str(&numbers[2])}, {"bad", ts_buf_str(&numbers[3])}};
    ts_html(b, "<!doctype html>\n<html lang=\"%k\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
               "<title>%h</title>\n<style>",
            c->language, ts_say(c, "report.title"));
    inline_file(b, a, "web/report.css");
    ts_html(b, "</style></head><body>\n<h1>%h</h1><p>%h</p>", ts_say(c, "report.title"), ts_say_with(&a, c, "report.summary", fill, 4));
    if (sum->bad) ts_html(b, "<p>%h</p>", ts_say_with(&a, c, "report.not_looked_at", fill, 4));
    for (size_t i = 0; i < sum->sources_n; i++)
        ts_html(b, "<p class=\"q\">%h: %d</p>", ts_str_c(sum->sources[i].name), (int64_t)sum->sources[i].offers);
    ts_html(b, "<p class=\"caution\">%h</p>\n", ts_say(c, "report.caution"));
}

void ts_leads_report(ts_buf *b, ts_arena scratch, const ts_str *json, size_t n, uint64_t all, const ts_screen_summary *sum, const ts_catalogue *c) {
    report_head(b, scratch, c, n, all, sum);
    if (n) {
        ts_html(b, "<div class=\"tools\"><label>%h <input id=\"filter\" type=\"search\"></label><select id=\"grade\" aria-label=\"%h\"><option value=\"\">%h</option>"
                   "<option value=\"strong\">%h</option><option value=\"review\">%h</option></select><output id=\"count\">%d</output></div>\n<table><thead><tr>",
                ts_say(c, "report.filter"), ts_say(c, "lead.grade"), ts_say(c, "report.all_grades"), ts_say(c, "grade.strong"), ts_say(c, "grade.review"), (int64_t)n);
        static const char *const heads[] = {"lead.likelihood", "lead.grade", "lead.rung", "lead.offer", "lead.notice"};
        for (int i = 0; i < 5; i++) ts_html(b, "<th scope=\"col\"><button type=\"button\">%h</button></th>", ts_say(c, heads[i]));
        ts_buf_lit(b, "</tr></thead><tbody>\n");
        for (size_t i = 0; i < n; i++) report_row(b, scratch, c, json[i]);
        ts_buf_lit(b, "</tbody></table>\n<script>");
        inline_file(b, scratch, "web/report.js");
        ts_buf_lit(b, "</script>");
    } else {
        ts_html(b, "<p>%h</p>", ts_say(c, "report.none"));
    }
    ts_buf_lit(b, "</body></html>\n");
}

/* ---- one lead on a terminal ---- */

static void row(ts_buf *b, ts_str name, ts_str value) {
    if (!value.n) return;
    ts_buf_lit(b, "  ");
    ts_cell_put(b, name, 20, false);
    ts_cell_put(b, value, ts_cells(value) < 400 ? ts_cells(value) : 400, false);
    ts_buf_c(b, '\n');
}

static void reasons(ts_buf *b, ts_str title, const ts_json *list) {
    ts_buf_put(b, title);
    ts_buf_c(b, '\n');
    TS_JSON_EACH(x, list) {
        double w = 0;
        ts_json_f64(ts_json_member(x, "weight"), &w);
        ts_buf_fmt(b, "  %+5.1f  ", w);
        ts_str t = get(x, "text");
        ts_cell_put(b, t, ts_cells(t), false);
        ts_buf_c(b, '\n');
    }
}

void ts_lead_show(ts_buf *b, ts_arena scratch, ts_str json, const ts_catalogue *c) {
    ts_arena a = scratch;
    lead_view l;
    if (!read_lead(&a, json, &l)) return;
    ts_str head[5] = {get(l.v, "id"), percent(&a, likelihood(&l)), worded(c, "grade", get(l.v, "grade")), worded(c, "rung", get(l.v, "rung")), get(l.v, "model")};
    ts_buf_put(b, ts_str_join(&a, head, 5, TS_S("  ")));
    ts_buf_lit(b, "\n\n");
    ts_buf_put(b, ts_say(c, "lead.offer"));
    ts_buf_c(b, '\n');
    static const char *const offer_rows[] = {"title", "brand", "model", "seller", "price", "market", "url", "description"};
    static const char *const offer_keys[] = {"lead.offer", "lead.brand", "lead.model", "lead.seller", "lead.price", "lead.market", "lead.source", "lead.source"};
    for (size_t i = 0; i < 8; i++) row(b, ts_say(c, offer_keys[i]), get(l.offer, offer_rows[i]));
    ts_buf_c(b, '\n');
    ts_buf_put(b, ts_say(c, "lead.notice"));
    ts_buf_c(b, '\n');
    row(b, ts_say(c, "lead.number"), get(l.notice, "id"));
    row(b, ts_say(c, "lead.notice"), get(l.notice, "label"));
    row(b, ts_say(c, "lead.model"), joined(&a, ts_json_member(l.notice, "models")));
    row(b, ts_say(c, "lead.risk"), worded(c, "risk", get(l.notice, "risk_level")));
    row(b, ts_say(c, "lead.published"), get(l.notice, "published"));
    row(b, ts_say(c, "lead.source"), get(l.notice, "url"));
    ts_buf_c(b, '\n');
    reasons(b, ts_say(c, "lead.agrees"), ts_json_member(l.v, "agree"));
    reasons(b, ts_say(c, "lead.conflicts"), ts_json_member(l.v, "conflict"));
    ts_buf_c(b, '\n');
    row(b, ts_say(c, "lead.scope"), get(l.v, "scope_reason"));
    row(b, ts_say(c, "lead.effect"), worded(c, "legal_effect", get(l.v, "legal_effect")));
}
