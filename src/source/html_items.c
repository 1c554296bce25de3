/* Microdata and RDFa Lite to JSON: the same walk, with other attribute names. */
#include "html_page.h"

enum {
    ITEM_DEPTH = 12,      /* items within items */
    PROPERTIES_MAX = 300, /* of one item */
    TEXT_MAX = 64 << 10,  /* bytes of one value */
    REFS_MAX = 64,        /* names in one itemref */
    STEPS_MAX =
        16 << 20, /* nodes looked at in all: itemref may lead to the same ones again and again */
};

typedef struct property {
    ts_str name;
    uint32_t node;
} property;

typedef struct properties {
    property *v;
    size_t n, cap;
} properties;

typedef struct walker {
    html_page *p;
    const ts_html_tree *t;
    html_syntax syntax;
    ts_jsonw w;
    ts_map ids;     /* element id to node; made when first needed */
    uint8_t *state; /* per node */
    size_t items, steps;
} walker;

/* walker.state: is an item; has been written; schema.org's vocabulary holds here (RDFa). */
enum { ITEM = 1, USED = 2, SCHEMA = 4 };

static bool over(walker *w, const char *what) {
    if (!w->p->beyond) w->p->beyond = what;
    return true;
}

static bool tired(walker *w, size_t steps) {
    w->steps += steps;
    return w->steps > STEPS_MAX && over(w, "as many items within items as there are");
}

/* ---- which elements are items and properties ---- */

static ts_str types_of(const walker *w, uint32_t i) {
    return ts_html_attr_of(w->t, i, w->syntax == HTML_MICRODATA ? TS_HA_ITEMTYPE : TS_HA_TYPEOF);
}

static bool is_item(const walker *w, uint32_t i) {
    if (w->syntax == HTML_MICRODATA) return ts_html_has(w->t, i, TS_HA_ITEMSCOPE);
    ts_str type = types_of(w, i);
    if (!type.n) return false;
    return w->state[i] & SCHEMA || ts_str_istarts(type, TS_S("schema:")) ||
           ts_str_ifind(type, TS_S("schema.org/")) != TS_NPOS;
}

/* Sets every node's state; false when the page has no item. */
static bool find_items(walker *w) {
    bool any = false;
    for (uint32_t i = 1; i < w->t->n; i++) {
        ts_str vocab = w->t->v[i].attrs_n ? ts_html_attr_of(w->t, i, TS_HA_VOCAB) : TS_NONE;
        bool schema = vocab.p ? ts_str_ifind(vocab, TS_S("schema.org")) != TS_NPOS
                              : w->state[w->t->v[i].parent] & SCHEMA;
        if (schema) w->state[i] = SCHEMA;
        if (w->t->v[i].attrs_n && is_item(w, i)) w->state[i] |= ITEM, any = true;
    }
    return any;
}

static ts_str names_of(const walker *w, uint32_t i) {
    return ts_html_attr_of(w->t, i, w->syntax == HTML_MICRODATA ? TS_HA_ITEMPROP : TS_HA_PROPERTY);
}

/* schema.org's own name for the property; empty for those of other vocabularies ("og:title"). */
static ts_str local_name(ts_str name) {
    size_t at = ts_str_ifind(name, TS_S("schema.org/"));
    if (at != TS_NPOS) return ts_str_from(name, at + 11);
    if (ts_str_istarts(name, TS_S("schema:"))) return ts_str_from(name, 7);
    return ts_str_chr(name, ':') == TS_NPOS ? name : TS_NONE;
}

/* ---- the properties of an item ---- */

static void add_properties(walker *w, uint32_t i, properties *l) {
    ts_str names = names_of(w, i);
    while (names.n && l->n < PROPERTIES_MAX) {
        ts_str name = local_name(ts_str_cut_any(&names, " \t\n\r\f"));
        if (name.n) *ts_push(w->p->a, l) = (property){name, i};
    }
}

/* Properties among the nodes [from, to); what is inside an item belongs to that item. */
static void crawl(walker *w, uint32_t from, uint32_t to, properties *l) {
    for (uint32_t i = from; i < to;) {
        if (tired(w, 1) || l->n >= PROPERTIES_MAX) return;
        if (w->t->v[i].attrs_n) add_properties(w, i, l);
        i = w->state[i] & ITEM ? w->t->v[i].end : i + 1;
    }
}

static void index_ids(walker *w) {
    for (uint32_t i = 1; i < w->t->n; i++) {
        ts_str id = ts_html_attr_of(w->t, i, TS_HA_ID);
        bool fresh = false;
        uint64_t *at = id.n ? ts_map_put(w->p->a, &w->ids, id, &fresh) : 0;
        if (fresh) *at = i; /* the first of an id counts */
    }
    if (!w->ids.cap) *ts_map_put(w->p->a, &w->ids, TS_S(" "), 0) = 0;
}

/* Elements that the item names by itemref. Where one is itself an item without being a property, it
 * lends what it holds. */
static void crawl_refs(walker *w, uint32_t item, properties *l) {
    ts_str refs = ts_html_attr_of(w->t, item, TS_HA_ITEMREF);
    if (refs.n && !w->ids.cap) index_ids(w);
    for (unsigned k = 0; refs.n && k < REFS_MAX; k++) {
        ts_str id = ts_str_cut_any(&refs, " \t\n\r\f");
        uint64_t *at = id.n ? ts_map_get(&w->ids, id) : 0;
        if (!at || !*at) continue;
        uint32_t i = (uint32_t)*at;
        bool lends = w->state[i] & ITEM && !ts_html_has(w->t, i, TS_HA_ITEMPROP);
        crawl(w, lends ? i + 1 : i, w->t->v[i].end, l);
    }
}

/* ---- values ---- */

/* An attribute that holds the value, by kind of element (HTML Living Standard, 5.2.4). */
static ts_str value_attribute(const ts_html_tree *t, uint32_t i) {
    ts_str content = ts_html_attr_of(t, i, TS_HA_CONTENT);
    if (content.p) return content;
    switch (t->v[i].tag) {
    case TS_HT_AUDIO:
    case TS_HT_EMBED:
    case TS_HT_RAW:
    case TS_HT_SOURCE:
    case TS_HT_TRACK:
    case TS_HT_VIDEO: return ts_html_attr_of(t, i, TS_HA_SRC);
    case TS_HT_IMG: {
        ts_str src = ts_html_attr_of(t, i, TS_HA_SRC),
               later = ts_html_attr_of(t, i, TS_HA_DATA_SRC);
        return later.n && (!src.n || ts_str_istarts(src, TS_S("data:"))) ? later : src;
    }
    case TS_HT_A:
    case TS_HT_AREA:
    case TS_HT_LINK: return ts_html_attr_of(t, i, TS_HA_HREF);
    case TS_HT_OBJECT: return ts_html_attr_of(t, i, TS_HA_DATA);
    case TS_HT_DATA:
    case TS_HT_METER: return ts_html_attr_of(t, i, TS_HA_VALUE);
    case TS_HT_TIME: return ts_html_attr_of(t, i, TS_HA_DATETIME);
    case TS_HT_META: return (ts_str){"", 0};
    default: return TS_NONE;
    }
}

/* Fields that hold words: of a link or a picture, what it shows is meant, not where it leads. */
static bool wants_words(const walker *w, ts_str name) {
    switch (offer_names_find(w->p->names, name)) {
    case OF_TITLE:
    case OF_BRAND:
    case OF_MODEL:
    case OF_DESCRIPTION:
    case OF_CATEGORY:
    case OF_SELLER:
    case OF_MANUFACTURER:
    case OF_PRICE:
    case OF_GTIN:
    case OF_CODE: return true;
    default: return false;
    }
}

static ts_str value_text(walker *w, property q) {
    const ts_html_tree *t = w->t;
    ts_str v = value_attribute(t, q.node);
    unsigned tag = t->v[q.node].tag;
    bool shows = (tag == TS_HT_A || tag == TS_HT_IMG) && !ts_html_has(t, q.node, TS_HA_CONTENT) &&
                 wants_words(w, q.name);
    if (v.p && !shows) return v;
    if (w->w.b->full || tired(w, t->v[q.node].end - q.node)) return TS_NONE;
    ts_str words = tag == TS_HT_IMG ? ts_html_attr_of(t, q.node, TS_HA_ALT)
                                    : ts_html_text_of(w->p->a, t, q.node, TEXT_MAX);
    return words.n || !v.p ? words : v;
}

/* ---- writing ---- */

static void put_types(walker *w, uint32_t i) {
    ts_str types = types_of(w, i);
    if (!types.n) return;
    ts_jsonw_key(&w->w, "@type");
    ts_jsonw_array(&w->w);
    for (unsigned k = 0; types.n && k < 16; k++) {
        ts_str type = ts_str_cut_any(&types, " \t\n\r\f");
        if (type.n) ts_jsonw_str(&w->w, type);
    }
    ts_jsonw_end(&w->w);
}

static void put_item(walker *w, uint32_t i, unsigned depth);

static void put_value(walker *w, property q, unsigned depth) {
    if (!(w->state[q.node] & ITEM)) {
        ts_jsonw_str(&w->w, value_text(w, q));
        return;
    }
    w->state[q.node] |= USED;
    if (depth < ITEM_DEPTH)
        put_item(w, q.node, depth + 1);
    else
        ts_jsonw_null(&w->w);
}

/* All values of one name, as one member. */
static void put_property(walker *w, const properties *l, size_t from, unsigned depth) {
    size_t values = 0;
    for (size_t k = from; k < l->n; k++) values += ts_str_eq(l->v[k].name, l->v[from].name);
    ts_jsonw_key_str(&w->w, l->v[from].name);
    if (values > 1) ts_jsonw_array(&w->w);
    for (size_t k = from; k < l->n; k++)
        if (ts_str_eq(l->v[k].name, l->v[from].name)) put_value(w, l->v[k], depth);
    if (values > 1) ts_jsonw_end(&w->w);
}

static void put_item(walker *w, uint32_t i, unsigned depth) {
    properties l = {0};
    if (w->w.b->full || w->items++ >= HTML_ITEMS_MAX) {
        if (!w->w.b->full) over(w, "2,000 items");
        ts_jsonw_null(&w->w);
        return;
    }
    crawl(w, i + 1, w->t->v[i].end, &l);
    if (w->syntax == HTML_MICRODATA) crawl_refs(w, i, &l);
    ts_jsonw_object(&w->w);
    put_types(w, i);
    ts_str id =
        ts_html_attr_of(w->t, i, w->syntax == HTML_MICRODATA ? TS_HA_ITEMID : TS_HA_RESOURCE);
    ts_jsonw_kstr_opt(&w->w, "@id", id);
    for (size_t k = 0; k < l.n; k++) {
        bool seen = false;
        for (size_t m = 0; m < k && !seen; m++) seen = ts_str_eq(l.v[m].name, l.v[k].name);
        if (!seen) put_property(w, &l, k, depth);
    }
    ts_jsonw_end(&w->w);
}

/* ---- top-level items ---- */

static bool is_product(const walker *w, uint32_t i) {
    return w->state[i] & ITEM && ts_str_ifind(types_of(w, i), TS_S("Product")) != TS_NPOS;
}

/* A name that says that the product is a recommendation. */
static bool recommends(ts_str name) {
    static const char *const words[] = {"related",  "similar", "recommend",
                                        "accessor", "upsell",  "crosssell"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (ts_str_ifind(name, ts_str_c(words[k])) != TS_NPOS) return true;
    return false;
}

/* Items that are no property of another one; `orphans`: those that claim to be but were not reached
 * from any. Recommendations stand under such a name or inside another product's element. */
static void put_top(walker *w, bool orphans, bool recommendations) {
    uint32_t product_end = 0; /* of the products so far */
    for (uint32_t i = 1; i < w->t->n && !w->w.b->full; i++) {
        if (!(w->state[i] & ITEM)) continue;
        bool inside = i < product_end;
        if (is_product(w, i) && w->t->v[i].end > product_end) product_end = w->t->v[i].end;
        if (w->state[i] & USED || (names_of(w, i).n > 0) != orphans) continue;
        if ((inside || recommends(names_of(w, i))) != recommendations) continue;
        if (w->items >= HTML_ITEMS_MAX) {
            over(w, "2,000 items");
            return;
        }
        w->state[i] |= USED;
        put_item(w, i, 0);
    }
}

ts_str html_items(html_page *p, html_syntax syntax) {
    walker w = {.p = p, .t = &p->tree, .syntax = syntax};
    w.state = ts_new_n(p->a, uint8_t, p->tree.n);
    if (!find_items(&w)) return TS_NONE;
    ts_buf b = ts_buf_new(p->a, HTML_JSON_MAX);
    w.w = ts_jsonw_to(&b);
    ts_jsonw_array(&w.w);
    put_top(&w, false, false);
    put_top(&w, true, false);
    ts_jsonw_object(&w.w);
    ts_jsonw_kstr(&w.w, "@type", TS_S("ItemList"));
    ts_jsonw_key(&w.w, "itemListElement");
    ts_jsonw_array(&w.w);
    put_top(&w, false, true);
    put_top(&w, true, true);
    while (w.w.depth) ts_jsonw_end(&w.w);
    if (!b.full) return ts_buf_str(&b);
    over(&w, "32 MiB of item values");
    return TS_NONE;
}
