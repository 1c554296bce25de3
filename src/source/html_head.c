/* What a page says of itself outside its content: head elements and OpenGraph. */
#include "html_page.h"

enum { TITLE_MAX = 1000 };

/* ---- addresses ---- */

/* Length of "scheme:" at the start; 0 when there is none. */
static size_t scheme_of(ts_str s) {
    for (size_t i = 0; i < s.n && i < 20; i++) {
        if (s.p[i] == ':') return i ? i + 1 : 0;
        bool more = i && (ts_is_digit(s.p[i]) || s.p[i] == '+' || s.p[i] == '-' || s.p[i] == '.');
        if (!ts_is_alpha((unsigned char)s.p[i]) && !more) return 0;
    }
    return 0;
}

/* Where the path begins: behind "scheme://host". */
static size_t path_start(ts_str base) {
    size_t i = scheme_of(base);
    if (!ts_str_starts(ts_str_from(base, i), TS_S("//"))) return i;
    size_t slash = ts_str_chr(ts_str_from(base, i + 2), '/');
    return slash == TS_NPOS ? base.n : i + 2 + slash;
}

/* The folder that base ends in, one up; not above the root. */
static ts_str folder_above(ts_str base, size_t path) {
    if (base.n > path + 1) base.n--;
    while (base.n > path + 1 && base.p[base.n - 1] != '/') base.n--;
    return base;
}

/* Takes "./" and "../" off ref and finds the folder it is in. */
static ts_str folder_of(ts_str base, size_t path, ts_str *ref) {
    while (base.n > path && base.p[base.n - 1] != '/') base.n--;
    for (;;) {
        bool up = ts_str_starts(*ref, TS_S("../"));
        if (!up && !ts_str_starts(*ref, TS_S("./"))) return base;
        *ref = ts_str_from(*ref, up ? 3 : 2);
        if (up) base = folder_above(base, path);
    }
}

ts_str html_resolve(ts_arena *a, ts_str base, ts_str ref) {
    ref = ts_str_trim(ref);
    if (!ref.n || scheme_of(ref) || !ts_str_istarts(base, TS_S("http"))) return ref;
    ts_str rest = base;
    base = ts_str_cut_any(&rest, "#");
    if (ref.p[0] != '#') {
        rest = base;
        base = ts_str_cut_any(&rest, "?");
    }
    size_t path = path_start(base);
    if (ts_str_starts(ref, TS_S("//")))
        base = ts_str_to(base, scheme_of(base));
    else if (ref.p[0] == '/')
        base = ts_str_to(base, path);
    else if (ref.p[0] != '?' && ref.p[0] != '#')
        base = folder_of(base, path, &ref);
    bool slash = base.n == path && ref.n && !memchr("/?#", ref.p[0], 3);
    ts_str parts[] = {base, slash ? TS_S("/") : TS_NONE, ref};
    return ts_str_join(a, parts, 3, TS_NONE);
}

/* ---- head ---- */

static bool has_word(ts_str list, const char *word) {
    while (list.n)
        if (ts_str_ieq(ts_str_cut_any(&list, " \t\n\r\f"), ts_str_c(word))) return true;
    return false;
}

static void read_meta(html_page *p, uint32_t i) {
    ts_str name = ts_html_attr_of(&p->tree, i, TS_HA_PROPERTY),
           content = ts_html_attr_of(&p->tree, i, TS_HA_CONTENT);
    if (!name.n) name = ts_html_attr_of(&p->tree, i, TS_HA_NAME);
    if (!name.n) name = ts_html_attr_of(&p->tree, i, TS_HA_HTTP_EQUIV);
    content = ts_str_trim(content);
    if (!name.n || !content.n || p->metas.n >= HTML_METAS_MAX) return;
    *ts_push(p->a, &p->metas) = (html_meta){ts_str_trim(name), content};
}

static bool same_address(ts_str x, ts_str y) { return x.n && ts_str_eq(x, y); }

/* <link rel=alternate hreflang=de-AT href=…> that names this very page says its language and
 * market. */
static void read_alternate(html_page *p, uint32_t i, ts_str href) {
    ts_str lang = ts_html_attr_of(&p->tree, i, TS_HA_HREFLANG);
    if (lang.n < 2 || !(same_address(href, p->canonical) || same_address(href, p->url))) return;
    if (ts_str_ieq(lang, TS_S("x-default"))) return;
    if (!p->language.n) p->language = lang;
    if (lang.n == 5 && lang.p[2] == '-' && !p->market.n) {
        char *m = ts_new_raw(p->a, char, 2);
        m[0] = (char)ts_upper((unsigned char)lang.p[3]);
        m[1] = (char)ts_upper((unsigned char)lang.p[4]);
        p->market = (ts_str){m, 2};
    }
}

static void read_link(html_page *p, uint32_t i, bool alternates) {
    ts_str rel = ts_html_attr_of(&p->tree, i, TS_HA_REL),
           href = ts_html_attr_of(&p->tree, i, TS_HA_HREF);
    if (!href.n) return;
    if (alternates) {
        if (has_word(rel, "alternate")) read_alternate(p, i, html_resolve(p->a, p->base, href));
    } else if (has_word(rel, "canonical") && !p->canonical.n) {
        p->canonical = html_resolve(p->a, p->base, href);
    }
}

static void read_script(html_page *p, uint32_t i) {
    ts_str type = ts_html_attr_of(&p->tree, i, TS_HA_TYPE);
    if (ts_str_ifind(type, TS_S("ld+json")) == TS_NPOS || i + 1 >= p->tree.v[i].end) return;
    if (p->scripts.n >= HTML_SCRIPTS_MAX)
        p->beyond = "200 scripts with JSON-LD";
    else
        *ts_push(p->a, &p->scripts) = i;
}

static void read_base(html_page *p, uint32_t i) {
    ts_str href = ts_html_attr_of(&p->tree, i, TS_HA_HREF);
    if (href.n) p->base = html_resolve(p->a, p->url, href);
}

/* The title stands in the head; drawings have titles of their own. */
static bool is_page_title(const html_page *p, uint32_t i) {
    return p->tree.v[p->tree.v[i].parent].tag != TS_HT_SVG;
}

static void read_element(html_page *p, uint32_t i) {
    const ts_html_tree *t = &p->tree;
    switch (t->v[i].tag) {
    case TS_HT_HTML: p->language = ts_html_attr_of(t, i, TS_HA_LANG); break;
    case TS_HT_META: read_meta(p, i); break;
    case TS_HT_LINK: read_link(p, i, false); break;
    case TS_HT_SCRIPT: read_script(p, i); break;
    case TS_HT_TITLE:
        if (!p->title.n && is_page_title(p, i)) p->title = ts_html_text_of(p->a, t, i, TITLE_MAX);
        break;
    case TS_HT_H1:
        if (!p->heading.n) p->heading = ts_html_text_of(p->a, t, i, TITLE_MAX);
        break;
    default: break;
    }
}

ts_str html_meta_of(const html_page *p, const char *name) {
    for (size_t i = 0; i < p->metas.n; i++)
        if (ts_str_ieq(p->metas.v[i].name, ts_str_c(name))) return p->metas.v[i].content;
    return TS_NONE;
}

/* "de_AT" is de-AT. */
static ts_str locale_tag(html_page *p, ts_str l) {
    if (l.n != 5 || l.p[2] != '_') return l;
    char *t = ts_new_raw(p->a, char, 5);
    memcpy(t, l.p, 5);
    t[2] = '-';
    return (ts_str){t, 5};
}

static bool absolute(ts_str url) {
    return ts_str_istarts(url, TS_S("http://")) || ts_str_istarts(url, TS_S("https://"));
}

void html_head(html_page *p) {
    p->base = p->url;
    for (uint32_t i = 1; i < p->tree.n; i++)
        if (p->tree.v[i].tag == TS_HT_BASE) {
            read_base(p, i);
            break;
        }
    for (uint32_t i = 1; i < p->tree.n; i++) read_element(p, i);
    if (!p->base.n) p->base = absolute(p->canonical) ? p->canonical : html_meta_of(p, "og:url");
    p->canonical = html_resolve(p->a, p->base, p->canonical);
    for (uint32_t i = 1; i < p->tree.n; i++)
        if (p->tree.v[i].tag == TS_HT_LINK) read_link(p, i, true);
    p->language = ts_str_trim(p->language);
    if (!p->language.n) p->language = html_meta_of(p, "content-language");
    if (!p->language.n) p->language = locale_tag(p, html_meta_of(p, "og:locale"));
}

/* ---- OpenGraph ---- */

/* Properties by another name than the mapping knows them by. NULL: left out. */
static const struct {
    const char *property, *member;
} graph[] = {
    {"og:title", "name"},
    {"og:description", "description"},
    {"og:url", "url"},
    {"og:image", "image"},
    {"og:image:url", "image"},
    {"og:image:secure_url", "image"},
    {"og:brand", "brand"},
    {"og:upc", "upc"},
    {"og:ean", "ean"},
    {"og:isbn", "isbn"},
    {"og:availability", "availability"},
    {"og:condition", "condition"},
    {"og:price:amount", "price"},
    {"og:price:currency", "priceCurrency"},
    {"product:price:amount", "price"},
    {"product:price:currency", "priceCurrency"},
    {"product:price", "price"},
    {"product:retailer_item_id", "sku"},
    {"product:retailer_part_no", "sku"},
    {"product:mfr_part_no", "mpn"},
    {"product:retailer_title", "seller"},
    {"product:retailer", 0},
    {"product:plural_title", 0},
    {"product:catalog_id", 0},
    {"product:product_link", "url"},
};

/* The member of a Product that the property is; empty when it is none. */
static ts_str graph_member(ts_str property) {
    for (size_t i = 0; i < sizeof graph / sizeof *graph; i++)
        if (ts_str_ieq(property, ts_str_c(graph[i].property))) return ts_str_c(graph[i].member);
    if (!ts_str_istarts(property, TS_S("product:"))) return TS_NONE;
    property = ts_str_from(property, 8);
    return ts_str_chr(property, ':') == TS_NPOS ? property : TS_NONE;
}

static bool is_product_page(const html_page *p) {
    ts_str type = html_meta_of(p, "og:type");
    if (ts_str_ieq(type, TS_S("product.group"))) return false;
    if (ts_str_istarts(type, TS_S("product")) || ts_str_ends(type, TS_S(":product"))) return true;
    return html_meta_of(p, "product:price:amount").n ||
           html_meta_of(p, "product:retailer_item_id").n;
}

/* All contents of the properties that are this member. */
static void put_member(ts_jsonw *w, const html_page *p, const ts_str *members, size_t from) {
    ts_jsonw_key_str(w, members[from]);
    ts_jsonw_array(w);
    for (size_t k = from; k < p->metas.n; k++)
        if (ts_str_eq(members[k], members[from])) ts_jsonw_str(w, p->metas.v[k].content);
    ts_jsonw_end(w);
}

ts_str html_open_graph(html_page *p) {
    if (!is_product_page(p)) return TS_NONE;
    ts_buf b = ts_buf_new(p->a, HTML_JSON_MAX);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_str *members = ts_new_n(p->a, ts_str, p->metas.n);
    for (size_t i = 0; i < p->metas.n; i++) members[i] = graph_member(p->metas.v[i].name);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "@type", TS_S("Product"));
    for (size_t i = 0; i < p->metas.n; i++) {
        bool seen = !members[i].n;
        for (size_t k = 0; k < i && !seen; k++) seen = ts_str_eq(members[k], members[i]);
        if (!seen) put_member(&w, p, members, i);
    }
    ts_jsonw_end(&w);
    return b.full ? TS_NONE : ts_buf_str(&b);
}
