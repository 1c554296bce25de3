/* A life in words: as JSON, and as a page. */
#include <stdio.h>

#include "life.h"

/* ---- JSON ---- */

static void write_line(ts_jsonw *w, const ts_life_line *v) {
    char at[24];
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", v->row.id);
    ts_jsonw_kstr(w, "kind", ts_str_c(ts_life_name(v->event.kind)));
    ts_jsonw_kstr(w, "at", ts_instant_iso(v->row.at, at));
    ts_jsonw_kstr(w, "recorded", ts_instant_iso(v->row.recorded, at));
    ts_jsonw_kstr_opt(w, "by", v->row.by);
    ts_jsonw_kstr_opt(w, "of", v->of);
    ts_jsonw_kstr_opt(w, "relation", v->relation);
    if (v->event.modified != TS_MODIFIED_NOT_ASKED)
        ts_jsonw_kstr(w, "substantial_modification", ts_str_c(ts_modified_name(v->event.modified)));
    if (v->event.wrong) {
        ts_jsonw_key(w, "declared_wrong");
        ts_jsonw_bool(w, true);
    }
    ts_jsonw_kstr_opt(w, "note", v->event.note);
    ts_jsonw_kstr_opt(w, "place", v->event.place);
    ts_jsonw_key(w, "about");
    ts_jsonw_array(w);
    for (size_t i = 0; i < v->row.about.n; i++) {
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "product", v->row.about.v[i].product);
        ts_jsonw_kstr(w, "role", v->row.about.v[i].role);
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
    ts_jsonw_end(w);
}

static void write_relative(ts_jsonw *w, const ts_relative *x) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "relation", x->relation);
    ts_jsonw_kstr_opt(w, "passport", x->passport);
    ts_jsonw_kstr_opt(w, "product", x->product);
    ts_jsonw_kstr_opt(w, "name", x->name);
    ts_jsonw_kstr_opt(w, "operator", x->operator_id);
    ts_jsonw_kstr_opt(w, "status", x->status);
    ts_jsonw_kstr_opt(w, "safety", x->safety);
    ts_jsonw_kstr(w, "through", x->through);
    ts_jsonw_key(w, "depth");
    ts_jsonw_i64(w, x->depth);
    ts_jsonw_end(w);
}

void ts_life_write(ts_jsonw *w, const ts_life *l) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "format", TS_S("touchstone-life-1"));
    ts_jsonw_kstr(w, "passport", l->passport.id);
    ts_jsonw_kstr(w, "product", l->passport.product);
    ts_jsonw_kstr_opt(w, "name", ts_json_str(ts_json_member(l->document.product_node, "name")));
    ts_jsonw_kstr(w, "granularity", l->passport.grain);
    ts_jsonw_kstr(w, "operator", l->passport.operator_id);
    ts_jsonw_kstr(w, "status", l->passport.status);
    ts_jsonw_kstr(w, "safety", l->passport.safety);
    ts_jsonw_key(w, "events");
    ts_jsonw_array(w);
    for (size_t i = 0; i < l->lines.n; i++) write_line(w, &l->lines.v[i]);
    ts_jsonw_end(w);
    ts_jsonw_key(w, "family");
    ts_jsonw_array(w);
    for (size_t i = 0; i < l->family.n; i++) write_relative(w, &l->family.v[i]);
    ts_jsonw_end(w);
    ts_jsonw_key(w, "more");
    ts_jsonw_bool(w, l->more);
    ts_jsonw_end(w);
}

/* ---- A page ---- */

static ts_str say(const ts_catalogue *c, const char *group, ts_str name) {
    char key[100];
    snprintf(key, sizeof key, "life.%s.%.*s", group, TS_P(name)); /* trusted: a key */
    return ts_say(c, key);
}

static void page_events(ts_buf *b, const ts_life *l, const ts_catalogue *c) {
    if (!l->lines.n) ts_html(b, "<p>%h</p>\n", ts_say(c, "life.none"));
    if (l->lines.n) ts_html(b, "<ol>\n");
    for (size_t i = 0; i < l->lines.n; i++) {
        const ts_life_line *v = &l->lines.v[i];
        char at[24];
        ts_str when = ts_instant_iso(v->row.at, at);
        ts_html(b, "<li><time datetime=\"%h\">%h</time> <strong>%h</strong>", when,
                ts_str_to(when, 10), say(c, "kind", ts_str_c(ts_life_name(v->event.kind))));
        if (v->of.n) ts_html(b, " – %h: %h", say(c, "rel", v->relation), ts_life_name_of(l, v->of));
        if (v->event.modified != TS_MODIFIED_NOT_ASKED)
            ts_html(b, " – %h", say(c, "modified", ts_str_c(ts_modified_name(v->event.modified))));
        if (v->event.wrong) ts_html(b, " – <strong>%h</strong>", ts_say(c, "life.wrong"));
        if (v->event.note.n) ts_html(b, " – %h", v->event.note);
        ts_html(b, "</li>\n");
    }
    if (l->lines.n) ts_html(b, "</ol>\n");
}

static void page_family(ts_buf *b, const ts_life *l, const ts_catalogue *c) {
    if (!l->family.n) ts_html(b, "<p>%h</p>\n", ts_say(c, "life.alone"));
    if (l->family.n) ts_html(b, "<ul>\n");
    for (size_t i = 0; i < l->family.n; i++) {
        const ts_relative *x = &l->family.v[i];
        ts_html(b, "<li>%h: <strong>%h</strong>", say(c, "rel", x->relation),
                x->name.n ? x->name : x->product);
        if (x->passport.n)
            ts_html(b, " (%h)", x->passport);
        else
            ts_html(b, " – %h", ts_say(c, "life.absent"));
        if (x->safety.n && !ts_str_is(x->safety, "none_known"))
            ts_html(b, " – <strong>%h</strong>", say(c, "safety", x->safety));
        if (x->status.n) ts_html(b, " – %h", say(c, "status", x->status));
        ts_html(b, "</li>\n");
    }
    if (l->family.n) ts_html(b, "</ul>\n");
}

bool ts_life_page(ts_arena *a, const ts_life *l, const ts_catalogue *c, ts_str *html, ts_error *e) {
    ts_buf b = ts_buf_new(a, 16 << 20);
    ts_str svg;
    const ts_fill fill = {"name", ts_life_name_of(l, TS_NONE)};
    ts_str title = ts_say_with(a, c, "life.title", &fill, 1);
    if (!ts_life_picture(a, l, c, &svg, e)) return false;
    ts_html(&b,
            "<!DOCTYPE html>\n<html lang=\"%k\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>%h</title>\n<style>body{font:16px/1.5 sans-serif;margin:1rem "
            "auto;max-width:45rem;padding:0 1rem;overflow-wrap:anywhere}"
            "svg{max-width:100%%;height:auto}li{margin:.3rem 0}</style>\n</head>\n<body>\n<main>\n"
            "<h1>%h</h1>\n",
            c->language, title, title);
    if (!ts_str_is(l->passport.safety, "none_known"))
        ts_html(&b, "<p role=\"alert\"><strong>%h</strong></p>\n",
                say(c, "safety", l->passport.safety));
    ts_html(&b, "%r", svg); /* trusted: drawn by this program */
    ts_html(&b, "<h2>%h</h2>\n", ts_say(c, "life.timeline"));
    page_events(&b, l, c);
    ts_html(&b, "<h2>%h</h2>\n", ts_say(c, "life.family"));
    page_family(&b, l, c);
    if (l->more) ts_html(&b, "<p>%h</p>\n", ts_say(c, "life.more"));
    ts_html(&b, "</main>\n</body>\n</html>\n");
    *html = ts_buf_str(&b);
    return !b.full || ts_fail(e, TS_E_LIMIT, "the page of this life has grown too large");
}
