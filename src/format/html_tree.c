#include "html_tree.h"

#include "html_text.h"

/* ---- names ---- */

enum {
    F_VOID = 1, /* has no content and no end tag */
    F_BLOCK = 2,
    F_RAW = 4,     /* content is text without markup */
    F_RCDATA = 8,  /* the same, but references are decoded */
    F_ENDS_P = 16, /* its start ends an open paragraph */
};

/* Sorted by name. */
static const struct tag {
    char name[12];
    uint8_t tag, flags;
} tags[] = {
    {"a", TS_HT_A, 0},
    {"abbr", TS_HT_INLINE, 0},
    {"acronym", TS_HT_INLINE, 0},
    {"address", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"area", TS_HT_AREA, F_VOID},
    {"article", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"aside", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"audio", TS_HT_AUDIO, 0},
    {"b", TS_HT_INLINE, 0},
    {"base", TS_HT_BASE, F_VOID},
    {"bdi", TS_HT_INLINE, 0},
    {"bdo", TS_HT_INLINE, 0},
    {"big", TS_HT_INLINE, 0},
    {"blockquote", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"body", TS_HT_BODY, F_BLOCK},
    {"br", TS_HT_BR, F_VOID},
    {"button", TS_HT_BUTTON, 0},
    {"canvas", TS_HT_INLINE, 0},
    {"caption", TS_HT_BLOCK, F_BLOCK},
    {"center", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"cite", TS_HT_INLINE, 0},
    {"code", TS_HT_INLINE, 0},
    {"col", TS_HT_VOID, F_VOID},
    {"colgroup", TS_HT_BLOCK, F_BLOCK},
    {"data", TS_HT_DATA, 0},
    {"datalist", TS_HT_INLINE, 0},
    {"dd", TS_HT_DD, F_BLOCK | F_ENDS_P},
    {"del", TS_HT_INLINE, 0},
    {"details", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"dfn", TS_HT_INLINE, 0},
    {"dialog", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"dir", TS_HT_LIST, F_BLOCK | F_ENDS_P},
    {"div", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"dl", TS_HT_DL, F_BLOCK | F_ENDS_P},
    {"dt", TS_HT_DT, F_BLOCK | F_ENDS_P},
    {"em", TS_HT_INLINE, 0},
    {"embed", TS_HT_EMBED, F_VOID},
    {"fieldset", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"figcaption", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"figure", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"font", TS_HT_INLINE, 0},
    {"footer", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"form", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"frame", TS_HT_VOID, F_VOID},
    {"frameset", TS_HT_BLOCK, F_BLOCK},
    {"h1", TS_HT_H1, F_BLOCK | F_ENDS_P},
    {"h2", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"h3", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"h4", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"h5", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"h6", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"head", TS_HT_HEAD, F_BLOCK},
    {"header", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"hgroup", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"hr", TS_HT_VOID, F_VOID | F_BLOCK | F_ENDS_P},
    {"html", TS_HT_HTML, F_BLOCK},
    {"i", TS_HT_INLINE, 0},
    {"iframe", TS_HT_RAW, F_RAW},
    {"img", TS_HT_IMG, F_VOID},
    {"input", TS_HT_VOID, F_VOID},
    {"ins", TS_HT_INLINE, 0},
    {"kbd", TS_HT_INLINE, 0},
    {"label", TS_HT_INLINE, 0},
    {"legend", TS_HT_BLOCK, F_BLOCK},
    {"li", TS_HT_LI, F_BLOCK | F_ENDS_P},
    {"link", TS_HT_LINK, F_VOID},
    {"main", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"map", TS_HT_INLINE, 0},
    {"mark", TS_HT_INLINE, 0},
    {"menu", TS_HT_LIST, F_BLOCK | F_ENDS_P},
    {"meta", TS_HT_META, F_VOID},
    {"meter", TS_HT_METER, 0},
    {"nav", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"noembed", TS_HT_RAW, F_RAW},
    {"noframes", TS_HT_RAW, F_RAW},
    {"noscript", TS_HT_INLINE, 0},
    {"object", TS_HT_OBJECT, 0},
    {"ol", TS_HT_LIST, F_BLOCK | F_ENDS_P},
    {"optgroup", TS_HT_OPTGROUP, F_BLOCK},
    {"option", TS_HT_OPTION, F_BLOCK},
    {"output", TS_HT_INLINE, 0},
    {"p", TS_HT_P, F_BLOCK | F_ENDS_P},
    {"param", TS_HT_VOID, F_VOID},
    {"picture", TS_HT_INLINE, 0},
    {"pre", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"progress", TS_HT_INLINE, 0},
    {"q", TS_HT_INLINE, 0},
    {"rp", TS_HT_INLINE, 0},
    {"rt", TS_HT_INLINE, 0},
    {"ruby", TS_HT_INLINE, 0},
    {"s", TS_HT_INLINE, 0},
    {"samp", TS_HT_INLINE, 0},
    {"script", TS_HT_SCRIPT, F_RAW},
    {"section", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"select", TS_HT_SELECT, 0},
    {"small", TS_HT_INLINE, 0},
    {"source", TS_HT_SOURCE, F_VOID},
    {"span", TS_HT_INLINE, 0},
    {"strike", TS_HT_INLINE, 0},
    {"strong", TS_HT_INLINE, 0},
    {"style", TS_HT_STYLE, F_RAW},
    {"sub", TS_HT_INLINE, 0},
    {"summary", TS_HT_BLOCK, F_BLOCK | F_ENDS_P},
    {"sup", TS_HT_INLINE, 0},
    {"svg", TS_HT_SVG, 0},
    {"table", TS_HT_TABLE, F_BLOCK | F_ENDS_P},
    {"tbody", TS_HT_TBODY, F_BLOCK},
    {"td", TS_HT_TD, F_BLOCK},
    {"template", TS_HT_INLINE, 0},
    {"textarea", TS_HT_TEXTAREA, F_RCDATA},
    {"tfoot", TS_HT_TBODY, F_BLOCK},
    {"th", TS_HT_TH, F_BLOCK},
    {"thead", TS_HT_TBODY, F_BLOCK},
    {"time", TS_HT_TIME, 0},
    {"title", TS_HT_TITLE, F_RCDATA},
    {"tr", TS_HT_TR, F_BLOCK},
    {"track", TS_HT_TRACK, F_VOID},
    {"tt", TS_HT_INLINE, 0},
    {"u", TS_HT_INLINE, 0},
    {"ul", TS_HT_LIST, F_BLOCK | F_ENDS_P},
    {"var", TS_HT_INLINE, 0},
    {"video", TS_HT_VIDEO, 0},
    {"wbr", TS_HT_VOID, F_VOID},
    {"xmp", TS_HT_RAW, F_RAW},
};

static int by_tag_name(const void *key, const void *entry) {
    return strcmp(key, ((const struct tag *)entry)->name);
}

static const struct tag *tag_entry(ts_str name) {
    char key[12] = "";
    if (!name.n || name.n >= sizeof key) return 0;
    for (size_t i = 0; i < name.n; i++) key[i] = (char)ts_lower((unsigned char)name.p[i]);
    return bsearch(key, tags, sizeof tags / sizeof *tags, sizeof *tags, by_tag_name);
}

ts_html_tag ts_html_tag_find(ts_str name) {
    const struct tag *t = tag_entry(name);
    return t ? (ts_html_tag)t->tag : TS_HT_UNKNOWN;
}

#define SET(t) (1ull << (t))

bool ts_html_tag_breaks(ts_html_tag tag) {
    const uint64_t breaking = SET(TS_HT_BLOCK) | SET(TS_HT_BODY) | SET(TS_HT_BR) | SET(TS_HT_DD) |
                              SET(TS_HT_DL) | SET(TS_HT_DT) | SET(TS_HT_H1) | SET(TS_HT_LI) |
                              SET(TS_HT_LIST) | SET(TS_HT_OPTION) | SET(TS_HT_P) |
                              SET(TS_HT_TABLE) | SET(TS_HT_TR);
    return breaking >> tag & 1;
}

static const char *const attr_names[TS_HA_ATTRS] = {
    [TS_HA_ABOUT] = "about",
    [TS_HA_ALT] = "alt",
    [TS_HA_CONTENT] = "content",
    [TS_HA_DATA] = "data",
    [TS_HA_DATA_SRC] = "data-src",
    [TS_HA_DATETIME] = "datetime",
    [TS_HA_HREF] = "href",
    [TS_HA_HREFLANG] = "hreflang",
    [TS_HA_HTTP_EQUIV] = "http-equiv",
    [TS_HA_ID] = "id",
    [TS_HA_ITEMID] = "itemid",
    [TS_HA_ITEMPROP] = "itemprop",
    [TS_HA_ITEMREF] = "itemref",
    [TS_HA_ITEMSCOPE] = "itemscope",
    [TS_HA_ITEMTYPE] = "itemtype",
    [TS_HA_LANG] = "lang",
    [TS_HA_NAME] = "name",
    [TS_HA_PROPERTY] = "property",
    [TS_HA_REL] = "rel",
    [TS_HA_RESOURCE] = "resource",
    [TS_HA_SRC] = "src",
    [TS_HA_TYPE] = "type",
    [TS_HA_TYPEOF] = "typeof",
    [TS_HA_VALUE] = "value",
    [TS_HA_VOCAB] = "vocab",
};

static ts_html_attr_name attr_find(ts_str name) {
    if (name.n < 2 || name.n > 10) return TS_HA_ATTRS;
    int first = ts_lower((unsigned char)name.p[0]);
    for (int i = 0; i < TS_HA_ATTRS; i++)
        if (attr_names[i][0] == first && ts_str_ieq(name, ts_str_c(attr_names[i])))
            return (ts_html_attr_name)i;
    return TS_HA_ATTRS;
}

/* ---- building ---- */

typedef struct open_element {
    uint32_t node, name; /* name: hash of the lower-case name */
    uint8_t tag, flags;
} open_element;

typedef struct builder {
    ts_arena *a;
    ts_html_tree *t;
    ts_str s;
    size_t i;
    open_element open[TS_HTML_DEPTH_MAX];
    unsigned depth;
    size_t deeper; /* elements open beyond the limit */
    unsigned svg;  /* open svg elements: there "/>" closes */
} builder;

static uint32_t name_hash(ts_str name) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (uint32_t)ts_lower((unsigned char)name.p[i])) * 16777619u;
    return h;
}

static ts_html_node *add_node(builder *b, ts_html_tag tag) {
    if (b->t->n >= TS_HTML_NODES_MAX) {
        b->t->cut = true;
        return 0;
    }
    uint32_t parent = b->depth ? b->open[b->depth - 1].node : 0;
    ts_html_node *v = ts_push(b->a, b->t);
    v->parent = parent;
    v->end = (uint32_t)b->t->n;
    v->tag = (uint8_t)tag;
    return v;
}

static void add_text(builder *b, size_t from, size_t to) {
    if (from == to) return;
    ts_html_node *v = add_node(b, TS_HT_TEXT);
    if (v) v->text = (ts_str){b->s.p + from, to - from};
}

static void pop(builder *b) {
    open_element *top = &b->open[--b->depth];
    if (top->tag == TS_HT_SVG) b->svg--;
    b->t->v[top->node].end = (uint32_t)b->t->n;
}

/* Ends open elements whose end tag may be left out: all of `ends` above the innermost of `until`,
 * or only the innermost one. */
static void imply_end(builder *b, uint64_t ends, uint64_t until, bool all) {
    unsigned keep = b->depth;
    for (unsigned i = b->depth; i-- > 0;) {
        uint64_t tag = SET(b->open[i].tag);
        if (tag & until) break;
        if (!(tag & ends)) continue;
        keep = i;
        if (!all) break;
    }
    while (b->depth > keep) pop(b);
}

/* What the start of `tag` ends (HTML Living Standard, 13.1.2.4). */
static void before_start(builder *b, ts_html_tag tag, uint8_t flags) {
    const uint64_t cells = SET(TS_HT_TD) | SET(TS_HT_TH), table = SET(TS_HT_TABLE);
    if (flags & F_ENDS_P)
        imply_end(b, SET(TS_HT_P), table | cells | SET(TS_HT_BUTTON) | SET(TS_HT_OBJECT), false);
    switch (tag) {
    case TS_HT_LI: imply_end(b, SET(TS_HT_LI), SET(TS_HT_LIST) | table | cells, false); break;
    case TS_HT_DT:
    case TS_HT_DD:
        imply_end(b, SET(TS_HT_DT) | SET(TS_HT_DD), SET(TS_HT_DL) | table | cells, false);
        break;
    case TS_HT_TD:
    case TS_HT_TH: imply_end(b, cells, SET(TS_HT_TR) | table, true); break;
    case TS_HT_TR: imply_end(b, cells | SET(TS_HT_TR), table, true); break;
    case TS_HT_TBODY: imply_end(b, cells | SET(TS_HT_TR) | SET(TS_HT_TBODY), table, true); break;
    case TS_HT_OPTION:
        imply_end(b, SET(TS_HT_OPTION), SET(TS_HT_SELECT) | SET(TS_HT_OPTGROUP), false);
        break;
    case TS_HT_OPTGROUP:
        imply_end(b, SET(TS_HT_OPTION) | SET(TS_HT_OPTGROUP), SET(TS_HT_SELECT), true);
        break;
    case TS_HT_BODY: imply_end(b, SET(TS_HT_HEAD), 0, false); break;
    default: break;
    }
}

/* An end tag ends the innermost open element of its name, and what is open inside it. It does not
 * reach out of a table cell, and one of a phrase does not reach out of a block. */
static void end_element(builder *b, ts_str name) {
    const struct tag *t = tag_entry(name);
    if (t && t->flags & F_VOID) return;
    if (b->deeper) {
        b->deeper--;
        return;
    }
    const uint64_t tables = SET(TS_HT_TABLE) | SET(TS_HT_TBODY) | SET(TS_HT_TR) | SET(TS_HT_TD) |
                            SET(TS_HT_TH) | SET(TS_HT_BODY) | SET(TS_HT_HTML);
    bool block = t && t->flags & F_BLOCK, tabular = t && tables >> t->tag & 1;
    uint32_t hash = name_hash(name);
    for (unsigned i = b->depth; i-- > 0;) {
        const open_element *o = &b->open[i];
        if (o->name == hash) {
            while (b->depth > i) pop(b);
            return;
        }
        if (!block && o->flags & F_BLOCK) return;
        if (!tabular && tables >> o->tag & 1) return;
    }
}

/* ---- tags ---- */

static void skip_space(builder *b) {
    while (b->i < b->s.n && ts_is_space((unsigned char)b->s.p[b->i])) b->i++;
}

static bool is_name_end(char c) { return c == '>' || c == '/' || ts_is_space((unsigned char)c); }

static ts_str tag_name(builder *b) {
    size_t from = b->i;
    while (b->i < b->s.n && !is_name_end(b->s.p[b->i])) b->i++;
    return (ts_str){b->s.p + from, b->i - from};
}

/* The value behind '='. False when the page ends inside it. */
static bool attr_value(builder *b, ts_str *value) {
    skip_space(b);
    if (b->i >= b->s.n) return false;
    char quote = b->s.p[b->i];
    size_t from = b->i;
    if (quote == '"' || quote == '\'') {
        size_t k = ts_str_chr(ts_str_from(b->s, ++from), quote);
        if (k == TS_NPOS) return false;
        *value = (ts_str){b->s.p + from, k};
        b->i = from + k + 1;
        return true;
    }
    while (b->i < b->s.n && b->s.p[b->i] != '>' && !ts_is_space((unsigned char)b->s.p[b->i]))
        b->i++;
    *value = (ts_str){b->s.p + from, b->i - from};
    return true;
}

static void keep_attr(builder *b, ts_str name, ts_str value, uint32_t *seen, bool keep) {
    ts_html_attr_name k = keep ? attr_find(name) : TS_HA_ATTRS;
    if (k == TS_HA_ATTRS || *seen >> k & 1) return; /* the first of a name counts */
    *seen |= 1u << k;
    *ts_push(b->a, &b->t->attrs) = (ts_html_attr){k, ts_html_decode(b->a, value)};
}

/* Attributes up to and with '>'. False when the page ends before. */
static bool attributes(builder *b, bool keep, bool *self_closing) {
    uint32_t seen = 0;
    *self_closing = false;
    for (;;) {
        skip_space(b);
        if (b->i >= b->s.n) return false;
        char c = b->s.p[b->i];
        if (c == '>') return b->i++, true;
        if (c == '/') {
            b->i++;
            *self_closing = b->i < b->s.n && b->s.p[b->i] == '>';
            continue;
        }
        size_t from = b->i++; /* a name may begin with '=' */
        while (b->i < b->s.n && b->s.p[b->i] != '=' && !is_name_end(b->s.p[b->i])) b->i++;
        ts_str name = {b->s.p + from, b->i - from}, value = {b->s.p + b->i, 0};
        skip_space(b);
        if (b->i < b->s.n && b->s.p[b->i] == '=') {
            b->i++;
            if (!attr_value(b, &value)) return false;
        }
        keep_attr(b, name, value, &seen, keep);
    }
}

/* Where the end tag of an element with raw content begins; the page's end when there is none. */
static size_t raw_end(const builder *b, ts_str name) {
    for (size_t i = b->i; i < b->s.n;) {
        size_t k = ts_str_find(ts_str_from(b->s, i), TS_S("</"));
        if (k == TS_NPOS) break;
        i += k;
        ts_str rest = ts_str_from(b->s, i + 2);
        if (ts_str_istarts(rest, name) && (rest.n == name.n || is_name_end(rest.p[name.n])))
            return i;
        i += 2;
    }
    return b->s.n;
}

static void raw_content(builder *b, ts_str name, ts_html_tag tag) {
    size_t from = b->i, to = raw_end(b, name);
    if (tag == TS_HT_SCRIPT || tag == TS_HT_TITLE || tag == TS_HT_TEXTAREA) add_text(b, from, to);
    b->i = to;
}

static void push(builder *b, uint32_t node, ts_str name, ts_html_tag tag, uint8_t flags) {
    if (b->depth == TS_HTML_DEPTH_MAX) {
        b->deeper++;
        b->t->flat = true;
        return;
    }
    b->svg += tag == TS_HT_SVG;
    b->open[b->depth++] = (open_element){node, name_hash(name), (uint8_t)tag, flags};
}

static void start_tag(builder *b) {
    ts_str name = tag_name(b);
    const struct tag *known = tag_entry(name);
    ts_html_tag tag = known ? (ts_html_tag)known->tag : TS_HT_UNKNOWN;
    uint8_t flags = known ? known->flags : 0;
    uint32_t first = (uint32_t)b->t->attrs.n;
    bool self_closing;
    if (!attributes(b, true, &self_closing)) { /* the page ends inside the tag */
        b->t->attrs.n = first;
        b->i = b->s.n;
        return;
    }
    before_start(b, tag, flags);
    ts_html_node *v = add_node(b, tag);
    if (!v) return;
    v->attrs = first;
    v->attrs_n = (uint8_t)(b->t->attrs.n - first);
    if (flags & F_VOID || (self_closing && b->svg)) return;
    push(b, (uint32_t)b->t->n - 1, name, tag, flags);
    if (flags & (F_RAW | F_RCDATA)) raw_content(b, name, tag);
}

static void end_tag(builder *b) {
    ts_str name = tag_name(b);
    bool ignored;
    if (attributes(b, false, &ignored))
        end_element(b, name);
    else
        b->i = b->s.n;
}

/* Behind the next `close`, or the page's end. */
static void skip_behind(builder *b, ts_str close) {
    size_t k = ts_str_find(ts_str_from(b->s, b->i), close);
    b->i = k == TS_NPOS ? b->s.n : b->i + k + close.n;
}

/* At '<'. */
static void markup(builder *b) {
    ts_str rest = ts_str_from(b->s, b->i);
    unsigned char c = rest.n > 1 ? (unsigned char)rest.p[1] : 0,
                  d = rest.n > 2 ? (unsigned char)rest.p[2] : 0;
    if (ts_is_alpha(c)) {
        b->i++;
        start_tag(b);
    } else if (c == '/' && ts_is_alpha(d)) {
        b->i += 2;
        end_tag(b);
    } else if (ts_str_starts(rest, TS_S("<!--"))) {
        bool empty = ts_str_starts(rest, TS_S("<!-->")) || ts_str_starts(rest, TS_S("<!--->"));
        b->i += empty ? 2 : 4;
        skip_behind(b, empty ? TS_S(">") : TS_S("-->"));
    } else if (c == '!' || c == '?' || c == '/') {
        skip_behind(b, TS_S(">"));
    } else {
        add_text(b, b->i, b->i + 1);
        b->i++;
    }
}

void ts_html_parse(ts_arena *a, ts_str page, ts_html_tree *t) {
    builder b = {.a = a, .t = t, .s = page};
    *t = (ts_html_tree){0};
    ts_push(a, t)->end = 1;
    while (b.i < page.n && !t->cut) {
        size_t lt = ts_str_chr(ts_str_from(page, b.i), '<'), to = lt == TS_NPOS ? page.n : b.i + lt;
        add_text(&b, b.i, to);
        b.i = to;
        if (to < page.n) markup(&b);
    }
    while (b.depth) pop(&b);
    t->v[0].end = (uint32_t)t->n;
}

/* ---- reading ---- */

ts_str ts_html_attr_of(const ts_html_tree *t, uint32_t node, ts_html_attr_name name) {
    const ts_html_node *v = &t->v[node];
    for (uint32_t i = v->attrs; i < v->attrs + v->attrs_n; i++)
        if (t->attrs.v[i].name == name) return t->attrs.v[i].value;
    return TS_NONE;
}

/* The ends of the block elements around the current node: text behind one starts a new line. */
typedef struct blocks {
    uint32_t end[TS_HTML_DEPTH_MAX + 1];
    unsigned n;
} blocks;

static void cross_blocks(blocks *l, ts_html_flow *f, uint32_t i, const ts_html_node *v) {
    while (l->n && l->end[l->n - 1] <= i) l->n--, ts_html_flow_break(f);
    if (!ts_html_tag_breaks((ts_html_tag)v->tag)) return;
    ts_html_flow_break(f);
    if (v->end > i + 1 && l->n <= TS_HTML_DEPTH_MAX) l->end[l->n++] = v->end;
}

ts_str ts_html_text_of(ts_arena *a, const ts_html_tree *t, uint32_t node, size_t max) {
    ts_buf b = ts_buf_new(a, max);
    ts_html_flow f = {.b = &b};
    blocks l = {.n = 0};
    for (uint32_t i = node, end = t->v[node].end; i < end && !b.full && b.n < max;) {
        const ts_html_node *v = &t->v[i];
        cross_blocks(&l, &f, i, v);
        bool hidden = v->tag == TS_HT_SCRIPT || v->tag == TS_HT_STYLE;
        if (v->tag == TS_HT_TEXT) ts_html_flow_raw(&f, ts_str_clip(v->text, max - b.n));
        if (v->tag == TS_HT_TD || v->tag == TS_HT_TH) f.gap = true;
        i = hidden ? v->end : i + 1;
    }
    return ts_buf_str(&b);
}
