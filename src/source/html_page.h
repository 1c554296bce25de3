/* html_page.h - what one page says of the products on it. Private to source/.
 *
 * A page may describe its product four times over: JSON-LD, microdata, RDFa, OpenGraph. Each is
 * turned into the same JSON and read by the same mapping (offer_json.c); offer_html.c then decides
 * which of them are one.
 */
#ifndef TS_SOURCE_HTML_PAGE_H
#define TS_SOURCE_HTML_PAGE_H

#include "offer_fields.h"

enum {
    HTML_PAGE_MAX = 32 << 20,
    HTML_ITEMS_MAX = 2000,  /* items of microdata and RDFa, and offers, of a page */
    HTML_SCRIPTS_MAX = 200, /* scripts with JSON-LD */
    HTML_METAS_MAX = 500,
    HTML_JSON_MAX = 32 << 20, /* bytes of the JSON that is made of a page's items */
};

typedef struct html_meta {
    ts_str name, content;
} html_meta;

typedef struct html_page {
    ts_arena *a;
    const offer_names *names;
    ts_html_tree tree;
    ts_str url;  /* where the page was found; may be empty */
    ts_str base; /* what its addresses are relative to */
    ts_str canonical, title, heading, language, market;
    struct {
        html_meta *v;
        size_t n, cap;
    } metas;
    struct {
        uint32_t *v;
        size_t n, cap;
    } scripts; /* nodes */
    ts_strs crumbs;
    const char *beyond; /* the limit that was reached first, in words; NULL: none */
} html_page;

/* Reads what the page says of itself: base, canonical, language, title, h1, meta elements; and
 * finds the scripts. */
void html_head(html_page *p);
/* The content of the first meta element of that name or property; empty when there is none. */
ts_str html_meta_of(const html_page *p, const char *name);
/* OpenGraph (ogp.me, with the product: properties of Facebook's catalogue) as one schema.org
 * Product; empty when the page is no product's. */
ts_str html_open_graph(html_page *p);

/* The page's items as a JSON array of schema.org nodes; those that stand in the page as
 * recommendations are inside an ItemList. Microdata: HTML Living Standard, 5.2. RDFa Lite 1.1
 * (W3C). */
typedef enum { HTML_MICRODATA, HTML_RDFA } html_syntax;
ts_str html_items(html_page *p, html_syntax syntax);

/* `ref` made absolute (RFC 3986, 5.2); as it is when that is not possible. */
ts_str html_resolve(ts_arena *a, ts_str base, ts_str ref);

#endif
