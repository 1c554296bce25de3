/* The offers of one page: what its four ways of saying so have in common, and what is beside the
 * point. */
#include "html_page.h"

typedef enum { JSON_LD, MICRODATA, RDFA, OPEN_GRAPH } syntax;

typedef struct candidate {
    ts_offer o;
    uint64_t title; /* hash without case: there may be 2,000 to compare with each other */
    syntax from;
    bool listed;
} candidate;

typedef struct collector {
    html_page page;
    struct {
        candidate *v;
        size_t n, cap;
    } found;
    syntax from;   /* being read */
    size_t before; /* candidates found in earlier syntaxes */
    ts_error why;  /* the first script that cannot be read */
    bool unreadable;
} collector;

/* ---- JSON-LD ---- */

/* Takes comment and CDATA marks, also behind "//" or inside comment stars, off both ends. */
static ts_str without_wrapping(ts_str s) {
    static const char *const before[] = {
        "<!--",          "<![CDATA[",       "//<![CDATA[", "// <![CDATA[",
        "/*<![CDATA[*/", "/* <![CDATA[ */", "*/",          0};
    static const char *const after[] = {"-->",     "]]>",       "//]]>", "// ]]>",
                                        "/*]]>*/", "/* ]]> */", "//-->", "// -->",
                                        "//",      "/*",        ";",     0};
    for (bool more = true; more;) {
        more = false;
        s = ts_str_trim(s);
        for (size_t i = 0; before[i]; i++)
            if (ts_str_istarts(s, ts_str_c(before[i])))
                s = ts_str_from(s, strlen(before[i])), more = true;
        for (size_t i = 0; after[i]; i++)
            if (ts_str_ends(s, ts_str_c(after[i]))) s.n -= strlen(after[i]), more = true;
    }
    return s;
}

/* What shops' templates get wrong most: line ends and tabs inside strings, commas before a closing
 * bracket, escapes that JSON does not know. */
static ts_str repaired(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n), *w = p, *comma = 0;
    bool inside = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (inside && c == '\\' && i + 1 < s.n) {
            if (!memchr("\"\\/bfnrtu", s.p[i + 1], 9))
                continue; /* the backslash alone is dropped */
            *w++ = c;
            *w++ = s.p[++i];
            continue;
        }
        if (c == '"')
            inside = !inside;
        else if (inside && (unsigned char)c < ' ')
            c = ' ';
        else if (!inside && c == ',')
            comma = w;
        else if (!inside && (c == '}' || c == ']') && comma)
            *comma = ' ';
        if (!inside && c != ',' && !ts_is_space((unsigned char)c)) comma = 0;
        *w++ = c;
    }
    return (ts_str){p, (size_t)(w - p)};
}

static const ts_json *parse_script(ts_arena *a, ts_str text, ts_error *e) {
    const ts_json *v = ts_json_parse(a, text, (ts_json_options){0}, e);
    if (v) return v;
    if (ts_str_ifind(ts_str_to(text, 64), TS_S("&quot;")) != TS_NPOS ||
        ts_str_ifind(ts_str_to(text, 64), TS_S("&#34;")) != TS_NPOS)
        text = ts_html_decode(a, text);
    return ts_json_parse(a, repaired(a, text), (ts_json_options){0}, 0);
}

static uint64_t title_hash(ts_str s) {
    uint64_t h = 14695981039346656037ull;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (uint64_t)ts_lower((unsigned char)s.p[i])) * 1099511628211ull;
    return h;
}

static void collect(void *ctx, const ts_offer *o, bool listed) {
    collector *c = ctx;
    if (c->found.n >= HTML_ITEMS_MAX) {
        c->page.beyond = "2,000 offers";
        return;
    }
    *ts_push(c->page.a, &c->found) = (candidate){*o, title_hash(o->title), c->from, listed};
}

static void read_json(collector *c, const ts_json *v) {
    offer_breadcrumb(c->page.a, v, &c->page.crumbs);
    offers_from_json(c->page.a, c->page.names, v, true, collect, c);
}

/* One script may hold several values one after the other. */
static void read_script(collector *c, size_t number, ts_str text) {
    ts_arena *a = c->page.a;
    ts_error e = {0};
    text = without_wrapping(text);
    if (!text.n) return;
    const ts_json *v = parse_script(a, text, &e);
    if (v) {
        read_json(c, v);
        return;
    }
    size_t read = 0, end;
    for (size_t at = 0; ts_json_split(text, &at, &end, true) == TS_JSON_SPLIT_VALUE; at = end) {
        v = parse_script(a, (ts_str){text.p + at, end - at}, &e);
        if (!v) break;
        read++;
        read_json(c, v);
    }
    if (read || c->unreadable || ts_str_find(text, TS_S("Product")) == TS_NPOS) return;
    c->unreadable = true;
    ts_fail(
        &c->why, TS_E_INPUT,
        "script %zu with JSON-LD cannot be read, and the page says nothing else of a product: %s",
        number, e.msg);
}

static void read_scripts(collector *c) {
    const ts_html_tree *t = &c->page.tree;
    c->from = JSON_LD;
    for (size_t i = 0; i < c->page.scripts.n; i++)
        read_script(c, i + 1, t->v[c->page.scripts.v[i] + 1].text);
}

static void read_made(collector *c, syntax from, ts_str json) {
    c->from = from;
    c->before = c->found.n;
    const ts_json *v = json.n ? ts_json_parse(c->page.a, json, (ts_json_options){0}, 0) : 0;
    if (v) read_json(c, v);
}

/* ---- which are the same ---- */

static bool is_code(const ts_identifier *id) {
    return id->kind == TS_ID_INTERNAL || id->kind == TS_ID_ASIN || id->kind == TS_ID_GTIN;
}

static bool same_code(const ts_identifier *x, const ts_identifier *y) {
    if (x->kind == TS_ID_GTIN || y->kind == TS_ID_GTIN)
        return x->kind == y->kind && x->gtin == y->gtin;
    return ts_str_ieq(x->text, y->text);
}

/* Whether they share an identifier (yes), both have some of the one kind and share none (no), or
 * cannot be compared (open). */
static ts_answer same_identifiers(const ts_offer *x, const ts_offer *y, bool gtin) {
    enum { COMPARED_MAX = 8 };
    bool both = false;
    for (size_t i = 0; i < x->identifiers.n && i < COMPARED_MAX; i++)
        for (size_t k = 0; k < y->identifiers.n && k < COMPARED_MAX; k++) {
            const ts_identifier *p = &x->identifiers.v[i], *q = &y->identifiers.v[k];
            if (!is_code(p) || !is_code(q) || (p->kind == TS_ID_GTIN) != gtin ||
                (q->kind == TS_ID_GTIN) != gtin)
                continue;
            if (same_code(p, q)) return TS_YES;
            both = true;
        }
    return both ? TS_NO : TS_OPEN;
}

static bool differ(ts_str x, ts_str y) { return x.n && y.n && !ts_str_eq(x, y); }
static bool other_brand(ts_str x, ts_str y) {
    return x.n && y.n && !ts_str_ieq(ts_str_to(x, 100), ts_str_to(y, 100));
}

static bool same_title(const candidate *x, const candidate *y) {
    return x->o.title.n && x->title == y->title && ts_str_ieq(x->o.title, y->o.title);
}

static bool same_product(const candidate *x, const candidate *y) {
    ts_answer gtin = same_identifiers(&x->o, &y->o, true);
    if (gtin == TS_NO) return false;
    if (x->from != y->from) {
        if (gtin == TS_YES || same_title(x, y)) return true;
        return same_identifiers(&x->o, &y->o, false) == TS_YES &&
               !other_brand(x->o.brand, y->o.brand);
    }
    if (!same_title(x, y) || same_identifiers(&x->o, &y->o, false) == TS_NO) return false;
    return !differ(x->o.url, y->o.url) &&
           !differ(x->o.price, y->o.price); /* else they are variants */
}

typedef struct candidates {
    candidate *v;
    size_t n, cap;
} candidates;

static size_t count_alone(const candidate *v, size_t n, size_t *last) {
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (!v[i].listed) k++, *last = i;
    return k;
}

static void absorb(ts_arena *a, candidate *into, const candidate *c) {
    offer_fill(a, &into->o, &c->o);
    into->title = title_hash(into->o.title);
    into->listed &= c->listed;
}

/* Adds one syntax's candidates to the products known from the ones before. */
static void add_syntax(ts_arena *a, candidates *l, const candidate *v, size_t n) {
    size_t known = l->n, main = 0, own = 0;
    size_t alone_before = count_alone(l->v, known, &main), alone_now = count_alone(v, n, &own);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < l->n && !same_product(&l->v[k], &v[i])) k++;
        bool the_one = k == l->n && alone_before == 1 && alone_now == 1 && !v[i].listed &&
                       same_identifiers(&l->v[main].o, &v[i].o, true) != TS_NO;
        if (the_one) k = main;
        if (k < l->n)
            absorb(a, &l->v[k], &v[i]);
        else
            *ts_push(a, l) = v[i];
        /* beside the one product that the page names first, others are recommendations */
        if (k + 1 == l->n && k >= known && alone_before == 1) l->v[k].listed = true;
    }
}

/* ---- which one the page is about ---- */

static bool is_here(const html_page *p, ts_str url) {
    return url.n && (ts_str_eq(url, p->canonical) || ts_str_eq(url, p->url) ||
                     ts_str_eq(url, html_meta_of(p, "og:url")));
}

enum { SIGNS = 3 };

/* Signs that the page is about this very product, the strongest first. */
static bool shows(const html_page *p, const ts_offer *o, unsigned sign) {
    if (sign == 0) return is_here(p, o->url);
    ts_str title = sign == 1 ? html_meta_of(p, "og:title") : p->heading;
    if (sign == 1 && !ts_str_istarts(html_meta_of(p, "og:type"), TS_S("product"))) return false;
    return title.n && ts_str_ieq(o->title, title);
}

/* Where several products stand alone but one of them is the page's, the others are recommendations.
 */
static void find_main(const html_page *p, candidates *l) {
    for (unsigned sign = 0; sign < SIGNS; sign++) {
        size_t hits = 0, at = 0;
        for (size_t i = 0; i < l->n; i++)
            if (!l->v[i].listed && shows(p, &l->v[i].o, sign)) hits++, at = i;
        if (hits != 1) continue;
        for (size_t i = 0; i < l->n; i++) l->v[i].listed = i != at;
        return;
    }
}

/* Leaves the product or products that the page is about. */
static void settle(const html_page *p, candidates *l) {
    size_t last, alone = count_alone(l->v, l->n, &last), kept = 0;
    if (!alone) return; /* a list: each counts */
    if (alone > 1) find_main(p, l);
    for (size_t i = 0; i < l->n; i++)
        if (!l->v[i].listed) l->v[kept++] = l->v[i];
    l->n = kept;
}

/* ---- filling gaps ---- */

static void resolve_all(html_page *p, ts_offer *o) {
    o->url = html_resolve(p->a, p->base, o->url);
    o->passport = html_resolve(p->a, p->base, o->passport);
    for (size_t i = 0; i < o->images.n; i++)
        o->images.v[i] = html_resolve(p->a, p->base, o->images.v[i]);
}

/* The way to the product, without the product itself. */
static ts_str category_of(html_page *p, const ts_offer *o) {
    size_t n = p->crumbs.n;
    if (n && ts_str_ieq(p->crumbs.v[n - 1], o->title)) n--;
    return ts_str_join(p->a, p->crumbs.v, n, TS_S(" > "));
}

/* What the page says of itself, where the product's own markup does not. */
static void fill_alone(html_page *p, ts_offer *o) {
    ts_str heading = p->heading.n ? p->heading : p->title;
    offer_put(p->a, o, OF_TITLE, TS_NONE, heading);
    offer_put(p->a, o, OF_DESCRIPTION, TS_NONE, html_meta_of(p, "description"));
    offer_put(p->a, o, OF_DESCRIPTION, TS_NONE, html_meta_of(p, "og:description"));
    offer_put(p->a, o, OF_CATEGORY, TS_NONE, category_of(p, o));
    offer_put(p->a, o, OF_URL, TS_NONE, p->canonical);
    offer_put(p->a, o, OF_URL, TS_NONE, html_resolve(p->a, p->base, html_meta_of(p, "og:url")));
    offer_put(p->a, o, OF_URL, TS_NONE, p->url);
    offer_put(p->a, o, OF_MARKET, TS_NONE, p->market);
}

/* One of several: without an address of its own it has the page's, and a number behind it for an
 * id. */
static void fill_listed(html_page *p, ts_offer *o, size_t number) {
    if (o->url.n) return;
    o->url = p->canonical.n ? p->canonical : p->url;
    if (o->id.n || !o->url.n) return;
    ts_buf b = ts_buf_new(p->a, o->url.n + 32);
    ts_buf_put(&b, o->url);
    ts_buf_fmt(&b, "#offer-%zu", number);
    o->id = ts_buf_str(&b);
}

static bool say_limit(const html_page *p, ts_error *e) {
    if (p->tree.cut)
        return ts_fail(
            e, TS_E_LIMIT,
            "the page has more than %d elements and texts: what comes behind was left out",
            TS_HTML_NODES_MAX);
    return ts_fail(e, TS_E_LIMIT, "the page has more than %s: what comes behind was left out",
                   p->beyond);
}

/* A page without an offer, where something may have been missed. True when nothing may. */
static bool say_doubt(const collector *c, ts_error *e) {
    if (c->unreadable && e) *e = c->why;
    if (c->unreadable) return false;
    if (!c->page.tree.flat) return true;
    return ts_fail(e, TS_E_LIMIT,
                   "elements are nested deeper than %d, and no product could be made out",
                   TS_HTML_DEPTH_MAX);
}

bool offers_from_html(ts_arena *a, const offer_names *n, ts_str html, ts_str url, offer_sink *put,
                      void *ctx, ts_error *e) {
    if (html.n > HTML_PAGE_MAX)
        return ts_fail(e, TS_E_LIMIT, "a page longer than %d MiB is left out", HTML_PAGE_MAX >> 20);
    collector c = {.page = {.a = a, .names = n, .url = url}};
    html_page *p = &c.page;
    ts_html_parse(a, ts_html_utf8(a, html, TS_NONE), &p->tree);
    html_head(p);
    candidates l = {0};
    read_scripts(&c);
    add_syntax(a, &l, c.found.v, c.found.n);
    ts_str made[] = {html_items(p, HTML_MICRODATA), html_items(p, HTML_RDFA), html_open_graph(p)};
    for (unsigned k = 0; k < 3; k++) {
        read_made(&c, MICRODATA + k, made[k]);
        size_t last; /* OpenGraph knows one product only: beside several it does not say which */
        bool several = k == 2 && count_alone(l.v, l.n, &last) > 1;
        for (size_t i = c.before; i < c.found.n; i++) c.found.v[i].listed |= several;
        if (c.found.n > c.before) add_syntax(a, &l, c.found.v + c.before, c.found.n - c.before);
    }
    for (size_t i = 0; i < l.n; i++) resolve_all(p, &l.v[i].o);
    settle(p, &l);
    for (size_t i = 0; i < l.n; i++) {
        if (l.n == 1)
            fill_alone(p, &l.v[i].o);
        else
            fill_listed(p, &l.v[i].o, i + 1);
        offer_put(a, &l.v[i].o, OF_LANGUAGE, TS_NONE, p->language);
        put(ctx, &l.v[i].o, false);
    }
    if (p->tree.cut || p->beyond) return say_limit(p, e);
    return l.n || say_doubt(&c, e);
}
