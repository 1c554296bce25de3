/* The self-contained HTML report. It reads each lead's JSON, so that what a store kept looks like
 * what was just found. */
#include <stdio.h>

#include "lead_view.h"
#include "text/text.h"

enum { WORDS_MAX = 512 };

/* ---- words on both sides ---- */

typedef struct word_set {
    uint64_t hash[WORDS_MAX];
    size_t n;
} word_set;

/* Words worth marking: not function words, longer than one letter; pairs of Chinese characters. */
static bool telling(const ts_token *t) {
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, t->hash));
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_COMMON && (ts_lex_value(e.v[m]) & 7) == 0)
            return false;
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
        size_t last = pair ? i + 1 : i, from = t.origin[t.v[i].at],
               to = t.origin[t.v[last].at + t.v[last].n - 1];
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
    if (!ts_share_find(&scratch, name, &path, &e) ||
        !ts_file_read(&scratch, path, 1 << 20, &text, &e)) {
        ts_log_error(&e);
        return false;
    }
    ts_buf_put(b, text); /* trusted: a file of the program */
    return true;
}

static void evidence(ts_buf *b, ts_arena scratch, const ts_catalogue *c, const char *title,
                     const char *cls, const ts_json *list) {
    ts_html(b, "<p class=\"%k\">%h</p><ul>", cls, ts_say(c, title));
    size_t n = 0;
    TS_JSON_EACH(x, list) {
        ts_arena a = scratch;
        ts_html(b, "<li>%h <span class=\"w\">%h</span></li>", lead_reason(&a, x, c),
                lead_weight(&a, x));
        n++;
    }
    if (!n) ts_html(b, "<li>%h</li>", ts_say(c, "lead.none"));
    ts_buf_lit(b, "</ul>");
}

static void side_row(ts_buf *b, ts_arena scratch, const ts_catalogue *c, const char *key, ts_str s,
                     const word_set *other) {
    if (!s.n) return;
    ts_html(b, "<p><span class=\"q\">%h:</span> ", ts_say(c, key));
    marked(b, scratch, s, other);
    ts_buf_lit(b, "</p>");
}

static void shown_side(ts_buf *b, ts_arena scratch, const ts_catalogue *c, const lead_view *l) {
    lead_row rows[LEAD_SHOWN_ROWS];
    size_t n = lead_shown(&scratch, l, c, rows);
    ts_html(b, "<div><h3>%h</h3>", ts_say(c, "offered.shown"));
    for (size_t i = 0; i < n; i++)
        ts_html(b, "<p><span class=\"q\">%h:</span> %h</p>", rows[i].name, rows[i].value);
    ts_buf_lit(b, "</div>");
}

static void sides(ts_buf *b, ts_arena scratch, const ts_catalogue *c, const lead_view *l) {
    ts_arena a = scratch;
    ts_str brands = lead_joined(&a, ts_json_member(l->notice, "brands")),
           models = lead_joined(&a, ts_json_member(l->notice, "models"));
    word_set *mine = ts_new(&a, word_set), *theirs = ts_new(&a, word_set);
    add_words(a, mine, lead_get(l->offer, "title"));
    add_words(a, mine, lead_get(l->offer, "brand"));
    add_words(a, mine, lead_get(l->offer, "model"));
    add_words(a, theirs, lead_get(l->notice, "product"));
    add_words(a, theirs, lead_get(l->notice, "name"));
    add_words(a, theirs, brands);
    add_words(a, theirs, models);
    ts_html(b, "<div class=\"sides\"><div><h3>%h</h3><p>", ts_say(c, "lead.offer"));
    marked(b, a, lead_get(l->offer, "title"), theirs);
    ts_buf_lit(b, "</p>");
    side_row(b, a, c, "lead.brand", lead_get(l->offer, "brand"), theirs);
    side_row(b, a, c, "lead.model", lead_get(l->offer, "model"), theirs);
    side_row(b, a, c, "lead.seller", lead_get(l->offer, "seller"), theirs);
    ts_html(b, "<p class=\"q\">%h %h · %h</p>", lead_get(l->offer, "price"),
            lead_get(l->offer, "currency"), lead_get(l->v, "source"));
    if (lead_get(l->offer, "url").n)
        ts_html(b, "<p><a href=\"%u\" rel=\"noreferrer\">%h</a></p>", lead_get(l->offer, "url"),
                lead_get(l->offer, "url"));
    ts_buf_lit(b, "</div>");
    if (l->shown) shown_side(b, a, c, l);
    if (!l->notice) {
        ts_buf_lit(b, "</div>");
        return;
    }
    ts_html(b, "<div><h3>%h %h</h3><p>", ts_say(c, "lead.notice"), lead_get(l->notice, "number"));
    marked(b, a, lead_get(l->notice, "product"), mine);
    ts_buf_lit(b, " ");
    marked(b, a, lead_get(l->notice, "name"), mine);
    ts_buf_lit(b, "</p>");
    side_row(b, a, c, "lead.brand", brands, mine);
    side_row(b, a, c, "lead.model", ts_str_clip(models, 600), mine);
    ts_html(b, "<p class=\"q\">%h: %h · %h %h</p>", ts_say(c, "lead.risk"), lead_risk(&a, l, c),
            ts_say(c, "lead.published"), lead_get(l->notice, "published"));
    if (lead_get(l->notice, "url").n)
        ts_html(b, "<p><a href=\"%u\" rel=\"noreferrer\">%h</a></p>", lead_get(l->notice, "url"),
                lead_get(l->notice, "url"));
    ts_buf_lit(b, "</div></div>");
}

static void report_row(ts_buf *b, ts_arena scratch, const ts_catalogue *c, ts_str json) {
    ts_arena a = scratch;
    lead_view l;
    if (!lead_view_read(&a, json, &l)) return;
    ts_str grade = lead_get(l.v, "grade");
    ts_html(b,
            "<tr data-grade=\"%h\"><td class=\"n\" data-v=\"%h\">%h</td><td "
            "class=\"g-%h\">%h</td><td>%h<br><span class=\"q\">%h</span></td><td>",
            grade, lead_rank_text(&l), lead_likelihood(&a, &l, c), grade,
            lead_worded(c, "grade", grade), lead_worded(c, "rung", lead_get(l.v, "rung")),
            l.notice ? lead_worded(c, "scope_fit", lead_get(l.v, "scope_fit")) : TS_NONE);
    ts_html(b, "%h<details><summary class=\"q\">%h</summary>",
            ts_str_clip(lead_get(l.offer, "title"), 300), lead_why(&a, &l, 2, c));
    sides(b, a, c, &l);
    evidence(b, a, c, "lead.agrees", "yes", ts_json_member(l.v, "agree"));
    evidence(b, a, c, "lead.conflicts", "no", ts_json_member(l.v, "conflict"));
    ts_buf_lit(b, "<p class=\"q\">");
    if (l.notice)
        ts_html(b, "%h · %h · ", lead_scope_reason(&l, c),
                lead_worded(c, "legal_effect", lead_get(l.v, "legal_effect")));
    ts_html(b,
            "%h %h · %h</p></details></td><td>%h<br><span "
            "class=\"q\">%h</span></td></tr>\n",
            ts_say(c, "lead.id"), lead_get(l.v, "id"), lead_get(l.v, "model"),
            lead_about(&a, &l, c), lead_get(l.notice ? l.notice : l.shown, "id"));
}

/* What was read, folded away; what was not read to its end or gave nothing stands open. */
static void sources(ts_buf *b, const ts_catalogue *c, const ts_screen_summary *sum, ts_str title) {
    for (size_t i = 0; i < sum->sources_n; i++) {
        const ts_screen_source *s = &sum->sources[i];
        if (s->failed || !s->offers)
            ts_html(b, "<p><strong>%h: %h</strong></p>", ts_str_c(s->name),
                    ts_say(c, s->failed ? "report.source_failed" : "report.source_silent"));
    }
    ts_html(b, "<details class=\"q\"><summary>%h</summary><ul>", title);
    for (size_t i = 0; i < sum->sources_n; i++)
        ts_html(b, "<li>%h: %d</li>", ts_str_c(sum->sources[i].name),
                (int64_t)sum->sources[i].offers);
    ts_buf_lit(b, "</ul></details>\n");
}

static void report_head(ts_buf *b, ts_arena scratch, const ts_catalogue *c, size_t n, uint64_t all,
                        const ts_screen_summary *sum) {
    ts_arena a = scratch;
    ts_buf numbers[6];
    const uint64_t values[6] = {all, sum->offers, n, sum->bad, sum->outside, sum->sources_n};
    for (int i = 0; i < 6; i++) numbers[i] = ts_buf_new(&a, 24), ts_buf_u64(&numbers[i], values[i]);
    const ts_fill fill[] = {
        {"leads", ts_buf_str(&numbers[0])},   {"offers", ts_buf_str(&numbers[1])},
        {"shown", ts_buf_str(&numbers[2])},   {"bad", ts_buf_str(&numbers[3])},
        {"outside", ts_buf_str(&numbers[4])}, {"sources", ts_buf_str(&numbers[5])}};
    ts_html(b,
            "<!doctype html>\n<html lang=\"%k\"><head><meta charset=\"utf-8\"><meta "
            "name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'unsafe-inline'; script-src 'unsafe-inline'\">"
            "<title>%h</title>\n<style>",
            c->language, ts_say(c, "report.title"));
    inline_file(b, a, "web/report.css");
    ts_html(b, "</style></head><body>\n<h1>%h</h1><p class=\"caution\">%h</p>\n<p>%h</p>",
            ts_say(c, "report.title"), ts_say(c, "report.caution"),
            ts_say_with(&a, c, "report.summary", fill, 6));
    if (sum->bad) ts_html(b, "<p>%h</p>", ts_say_with(&a, c, "report.not_looked_at", fill, 6));
    if (sum->outside) ts_html(b, "<p>%h</p>", ts_say_with(&a, c, "report.outside", fill, 6));
    sources(b, c, sum, ts_say_with(&a, c, "report.sources", fill, 6));
}

void ts_leads_report(ts_buf *b, ts_arena scratch, const ts_str *json, size_t n, uint64_t all,
                     const ts_screen_summary *sum, const ts_catalogue *c) {
    report_head(b, scratch, c, n, all, sum);
    if (n) {
        ts_html(
            b,
            "<div class=\"tools\"><label>%h <input id=\"filter\" type=\"search\"></label><select "
            "id=\"grade\" aria-label=\"%h\"><option value=\"\">%h</option>"
            "<option value=\"strong\">%h</option><option "
            "value=\"review\">%h</option></select><output "
            "id=\"count\">%d</output></div>\n<table><thead><tr>",
            ts_say(c, "report.filter"), ts_say(c, "lead.grade"), ts_say(c, "report.all_grades"),
            ts_say(c, "grade.strong"), ts_say(c, "grade.review"), (int64_t)n);
        static const char *const heads[] = {"lead.likelihood", "lead.grade", "lead.rung",
                                            "lead.offer", "lead.notice"};
        ts_html(
            b,
            "<th scope=\"col\" aria-sort=\"descending\"><button type=\"button\">%h</button></th>",
            ts_say(c, heads[0]));
        for (int i = 1; i < 5; i++)
            ts_html(b, "<th scope=\"col\"><button type=\"button\">%h</button></th>",
                    ts_say(c, heads[i]));
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
