/* What is said of a product's safety: what stands first of all, then everything, with who says so
 * and what became of it. */
#include "page.h"

static bool is_grave(const ts_standing *s) {
    return ts_str_is(s->kind, "recalled") || ts_str_is(s->kind, "withdrawn") ||
           ts_str_is(s->kind, "warning");
}

static bool stands(const ts_standing *s) { return ts_standing_stands(s) && is_grave(s); }

/* What it was said of, as a noun: "This product", "The batch of this product". */
static ts_str said_of(const page *p, const ts_standing *s) {
    if (strcmp(s->through, "self") != 0) return page_say(p, page_key(p, "page.of.", s->through));
    return page_say(p, page_key(p, "page.of.self_", ts_grain_name(p->r->document.grain)));
}

static ts_str kind_of(const page *p, const ts_standing *s) {
    return page_say(p, page_key(p, "page.kind.", ts_str_z(p->a, s->kind)));
}

static ts_str who_says(const ts_standing *s) { return s->by_name.n ? s->by_name : s->by; }

/* The text in the reader's language, else in English, else the first; *language is which. */
static ts_str words_of(const page *p, const ts_json *text, ts_str *language) {
    const char *const wish[] = {p->x->language, "en"};
    for (int i = 0; i < 2; i++) {
        ts_str t = ts_json_str(ts_json_get(text, ts_str_c(wish[i])));
        *language = ts_str_c(wish[i]);
        if (t.n) return t;
    }
    TS_JSON_EACH_MEMBER(name, value, text) {
        *language = ts_json_str(name);
        if (ts_json_str(value).n) return ts_json_str(value);
    }
    return TS_NONE;
}

static void words(page *p, const ts_standing *s) {
    ts_str language, text = words_of(p, s->text, &language);
    for (ts_str rest = text; rest.n;) {
        ts_str line = ts_str_trim(ts_str_cut(&rest, '\n'));
        if (line.n) ts_html(p->b, "<p class=\"says\" lang=\"%h\">%h</p>\n", language, line);
    }
}

/* Of a name only its bearer's own word is known, unless a web address stands behind it: so whoever
 * is no issuer is named with that address, or said to be unknown. */
static bool is_named(ts_str did) { return ts_str_starts(did, TS_S("did:web:")); }

static void said(page *p, const ts_standing *s) {
    ts_str at = page_day(p, s->at);
    if (s->by_issuer) {
        ts_html(p->b, "%h", page_say2(p, "page.said.issuer", "by", who_says(s), "at", at));
        return;
    }
    ts_html(p->b, "%h <span class=\"code\">%h</span>.",
            page_say2(p, is_named(s->by) ? "page.said.other" : "page.said.unknown", "by",
                      who_says(s), "at", at),
            s->by);
}

static void who(page *p, const ts_standing *s) {
    ts_html(p->b, "<p class=\"who\">");
    said(p, s);
    if (s->notice.n) {
        bool web = ts_str_starts(s->notice, TS_S("https://"));
        ts_html(p->b, " %h ", page_say(p, "page.said.notice"));
        if (web) ts_html(p->b, "<a href=\"%u\">", s->notice);
        ts_html(p->b, "<span class=\"code\">%h</span>", s->notice);
        if (web) ts_html(p->b, "</a>");
    }
    ts_html(p->b, "</p>\n");
    if (s->contested)
        ts_html(p->b, "<p class=\"contest\">%h</p>\n",
                page_say2(p, is_named(s->contest_did) ? "page.said.contested" : "page.said.doubted",
                          "by", s->contest_by, "reason", s->contest));
}

/* ---- before anything else ---- */

/* Whether the operator says something as grave itself. */
static bool operator_says(const page *p) {
    for (size_t i = 0; i < p->r->safety.n; i++)
        if (stands(&p->r->safety.v[i]) && p->r->safety.v[i].by_issuer) return true;
    return false;
}

static void one_alert(page *p, const ts_standing *s, bool first) {
    const char *kind = ts_str_z(p->a, s->kind);
    ts_str title = page_say1(p, page_key(p, "page.alert.", kind), "what", said_of(p, s));
    if (first)
        ts_html(p->b, "<h2><span class=\"sign\" aria-hidden=\"true\"></span>%h</h2>\n", title);
    else
        ts_html(p->b, "<h3>%h</h3>\n", title);
    words(p, s);
    if (first)
        ts_html(p->b, "<p class=\"todo\">%h</p>\n", page_say(p, page_key(p, "page.todo.", kind)));
    who(p, s);
    if (!s->by_issuer && !operator_says(p))
        ts_html(p->b, "<p class=\"who\">%h</p>\n", page_say(p, "page.said.not_issuer"));
}

void page_alert(page *p) {
    enum { SHOWN = 3 };
    size_t n = 0;
    const ts_standings *all = &p->r->safety;
    for (size_t i = 0; i < all->n; i++) {
        if (!stands(&all->v[i])) continue;
        if (n == 0)
            ts_html(p->b, "<section class=\"alert %k\" role=\"alert\">\n",
                    ts_str_z(p->a, all->v[i].kind));
        if (n < SHOWN) one_alert(p, &all->v[i], n == 0);
        n++;
    }
    if (n > SHOWN)
        ts_html(p->b, "<p><a href=\"#safety\">%h</a></p>\n", page_say(p, "page.alert.more"));
    if (n) ts_html(p->b, "</section>\n");
}

/* ---- everything ---- */

static void one_entry(page *p, const ts_standing *s) {
    bool grave = stands(s);
    ts_html(p->b, "<li class=\"%k\"><p class=\"what\"><strong>%h</strong> · %h",
            grave ? "on" : "off", kind_of(p, s), said_of(p, s));
    if (s->lifted)
        ts_html(p->b, " <span class=\"tag\">%h</span>",
                page_say1(p, "page.said.lifted", "at", page_day(p, s->lifted_at)));
    else if (s->replaced)
        ts_html(p->b, " <span class=\"tag\">%h</span>", page_say(p, "page.said.replaced"));
    ts_html(p->b, "</p>\n");
    who(p, s);
    if (!grave) words(p, s);
    ts_html(p->b, "</li>\n");
}

void page_safety(page *p) {
    const ts_standings *all = &p->r->safety;
    bool grave = false;
    for (size_t i = 0; i < all->n; i++) grave |= stands(&all->v[i]);
    ts_html(p->b, "<section id=\"safety\">\n<h2>%h</h2>\n", page_say(p, "page.safety.title"));
    if (!grave) ts_html(p->b, "<p>%h</p>\n", page_say(p, "page.safety.none"));
    if (all->n) ts_html(p->b, "<ul class=\"standings\">\n");
    for (size_t i = 0; i < all->n; i++) one_entry(p, &all->v[i]);
    if (all->n) ts_html(p->b, "</ul>\n");
    for (size_t i = 0; i < all->unknown.n && i < 20; i++)
        ts_html(p->b, "<p class=\"open\">%h</p>\n",
                page_say1(p, "page.safety.unknown", "id", all->unknown.v[i]));
    if (all->cut) ts_html(p->b, "<p class=\"open\">%h</p>\n", page_say(p, "page.safety.cut"));
    ts_html(p->b, "</section>\n");
}
