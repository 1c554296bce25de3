/* What happened to a product, and what it belongs together with. */
#include "page.h"

enum { EVENTS_SHOWN = 200, FAMILY_SHOWN = 100 };

static void event(page *p, const ts_life_line *l) {
    char at[24];
    ts_html(p->b, "<li><time datetime=\"%h\">%h</time> <strong>%h</strong>",
            ts_instant_iso(l->event.at, at), page_day(p, l->event.at),
            page_say(p, page_key(p, "life.kind.", ts_life_name(l->event.kind))));
    if (l->event.modified != TS_MODIFIED_NOT_ASKED)
        ts_html(p->b, " <small>%h</small>",
                page_say(p, page_key(p, "life.modified.", ts_modified_name(l->event.modified))));
    ts_html(p->b, "</li>\n");
}

static void events(page *p) {
    const ts_life *l = &p->r->life;
    if (!l->lines.n) {
        ts_html(p->b, "<p>%h</p>\n", page_say(p, "page.life.none"));
        return;
    }
    ts_html(p->b, "<ol class=\"timeline\">\n");
    size_t from = l->lines.n > EVENTS_SHOWN ? l->lines.n - EVENTS_SHOWN : 0;
    for (size_t i = from; i < l->lines.n; i++) event(p, &l->lines.v[i]);
    ts_html(p->b, "</ol>\n");
}

static bool is_grave(ts_str safety) {
    return ts_str_is(safety, "recalled") || ts_str_is(safety, "withdrawn") ||
           ts_str_is(safety, "warning");
}

/* What tells a batch or an item from others of its name: the last value of its Digital Link. */
static ts_str mark_of(const page *p, ts_str product) {
    ts_product_id id;
    ts_error ignored;
    if (!ts_product_id_read(p->a, product, &id, &ignored) || id.kind != TS_PID_GS1) return TS_NONE;
    return id.link.ais.v[id.link.path_n - 1].value;
}

static void relative(page *p, const ts_relative *x) {
    ts_str name = x->name.n ? x->name : x->product.n ? x->product : x->passport;
    ts_html(p->b, "<li><span class=\"rel\">%h</span> ",
            page_say(p, page_key(p, "life.rel.", ts_str_z(p->a, x->relation))));
    if (x->passport.n)
        ts_html(p->b, "<a href=\"%u\">%h</a>", page_of(p, x->passport), name);
    else
        ts_html(p->b, "%h", name);
    ts_html(p->b, " <small class=\"code\">%h</small>", mark_of(p, x->product));
    if (is_grave(x->safety))
        ts_html(p->b, " <strong class=\"tag grave\">%h</strong>",
                page_say(p, page_key(p, "page.kind.", ts_str_z(p->a, x->safety))));
    ts_html(p->b, "</li>\n");
}

static void family(page *p) {
    const ts_life *l = &p->r->life;
    if (!l->family.n) return;
    ts_html(p->b, "<h3>%h</h3>\n<ul class=\"family\">\n", page_say(p, "page.family.title"));
    for (size_t i = 0; i < l->family.n && i < FAMILY_SHOWN; i++) relative(p, &l->family.v[i]);
    ts_html(p->b, "</ul>\n");
}

/* The picture says what the lists say, to those who would rather look. */
static void picture(page *p) {
    ts_error ignored;
    ts_str svg;
    const ts_life *l = &p->r->life;
    if (l->lines.n + l->family.n < 2 || !ts_life_picture(p->a, l, p->c, &svg, &ignored)) return;
    ts_html(p->b, "<details class=\"picture\">\n<summary>%h</summary>\n",
            page_say(p, "page.life.picture"));
    ts_html(p->b, "<div class=\"wide\">%r</div>\n</details>\n", /* trusted: drawn by this program */
            svg);
}

void page_life(page *p) {
    ts_html(p->b, "<section id=\"life\">\n<h2>%h</h2>\n", page_say(p, "page.life.title"));
    events(p);
    family(p);
    picture(p);
    ts_html(p->b, "</section>\n");
}
