/* html_tree.h - a page as an array of elements and texts in document order.
 *
 * The reader follows the HTML Living Standard's tokenisation (13.2.5) and, of its tree
 * construction, what decides where an element ends: void elements, end tags that may be left out,
 * raw text. It never fails, looks at each byte a constant number of times, does not recurse, and
 * keeps only the attributes below, so that a page takes memory in proportion to its size whatever
 * is in it. Elements deeper than TS_HTML_DEPTH_MAX become siblings; after TS_HTML_NODES_MAX nodes
 * the rest is left out.
 *
 * libxml2's HTML reader is not used because its limits do not bound its time: it compares each
 * attribute of a tag with every other, so that one tag of half a megabyte takes seconds.
 */
#ifndef TS_FORMAT_HTML_TREE_H
#define TS_FORMAT_HTML_TREE_H

#include "base/base.h"

enum { TS_HTML_DEPTH_MAX = 256, TS_HTML_NODES_MAX = 1 << 20 };

typedef enum {
    TS_HT_TEXT,
    TS_HT_UNKNOWN, /* not one of HTML's elements */
    TS_HT_INLINE,  /* one of HTML's that nothing below needs to know by name */
    TS_HT_BLOCK,
    TS_HT_VOID,
    TS_HT_RAW, /* content is not markup: iframe, noembed, noframes, xmp */
    TS_HT_A,
    TS_HT_AREA,
    TS_HT_AUDIO,
    TS_HT_BASE,
    TS_HT_BODY,
    TS_HT_BR,
    TS_HT_BUTTON,
    TS_HT_DATA,
    TS_HT_DD,
    TS_HT_DL,
    TS_HT_DT,
    TS_HT_EMBED,
    TS_HT_H1,
    TS_HT_HEAD,
    TS_HT_HTML,
    TS_HT_IMG,
    TS_HT_LI,
    TS_HT_LINK,
    TS_HT_LIST,
    TS_HT_META,
    TS_HT_METER,
    TS_HT_OBJECT,
    TS_HT_OPTGROUP,
    TS_HT_OPTION,
    TS_HT_P,
    TS_HT_SCRIPT,
    TS_HT_SELECT,
    TS_HT_SOURCE,
    TS_HT_STYLE,
    TS_HT_SVG,
    TS_HT_TABLE,
    TS_HT_TBODY,
    TS_HT_TD,
    TS_HT_TEXTAREA,
    TS_HT_TH,
    TS_HT_TIME,
    TS_HT_TITLE,
    TS_HT_TR,
    TS_HT_TRACK,
    TS_HT_VIDEO,
    TS_HT_TAGS
} ts_html_tag;

typedef enum {
    TS_HA_ABOUT,
    TS_HA_ALT,
    TS_HA_CONTENT,
    TS_HA_DATA,
    TS_HA_DATA_SRC,
    TS_HA_DATETIME,
    TS_HA_HREF,
    TS_HA_HREFLANG,
    TS_HA_HTTP_EQUIV,
    TS_HA_ID,
    TS_HA_ITEMID,
    TS_HA_ITEMPROP,
    TS_HA_ITEMREF,
    TS_HA_ITEMSCOPE,
    TS_HA_ITEMTYPE,
    TS_HA_LANG,
    TS_HA_NAME,
    TS_HA_PROPERTY,
    TS_HA_REL,
    TS_HA_RESOURCE,
    TS_HA_SRC,
    TS_HA_TYPE,
    TS_HA_TYPEOF,
    TS_HA_VALUE,
    TS_HA_VOCAB,
    TS_HA_ATTRS
} ts_html_attr_name;

typedef struct ts_html_attr {
    ts_html_attr_name name;
    ts_str value; /* references decoded; p is never NULL */
} ts_html_attr;

typedef struct ts_html_node {
    uint32_t parent; /* of the root: 0 */
    uint32_t end;    /* behind the last node inside: i + 1 for a leaf */
    uint32_t attrs;  /* the first of attrs_n in ts_html_tree.attrs */
    uint8_t attrs_n;
    uint8_t tag; /* ts_html_tag */
    ts_str text; /* TEXT: as it stands in the page, references not decoded */
} ts_html_node;

typedef struct ts_html_tree {
    ts_html_node *v; /* v[0] is the document */
    size_t n, cap;
    struct {
        ts_html_attr *v;
        size_t n, cap;
    } attrs;
    bool cut;  /* more than TS_HTML_NODES_MAX nodes */
    bool flat; /* elements deeper than TS_HTML_DEPTH_MAX lost their place */
} ts_html_tree;

/* `page` is well-formed UTF-8 and outlives the tree. */
void ts_html_parse(ts_arena *a, ts_str page, ts_html_tree *t);

/* The attribute's value; p is NULL when the element has none of that name. */
ts_str ts_html_attr_of(const ts_html_tree *t, uint32_t node, ts_html_attr_name name);
static inline bool ts_html_has(const ts_html_tree *t, uint32_t node, ts_html_attr_name name) {
    return ts_html_attr_of(t, node, name).p != 0;
}
/* What a person reads inside the node, at most `max` bytes; see ts_html_flow. */
ts_str ts_html_text_of(ts_arena *a, const ts_html_tree *t, uint32_t node, size_t max);

ts_html_tag ts_html_tag_find(
    ts_str name); /* TS_HT_UNKNOWN for what is not HTML's; case does not matter */
bool ts_html_tag_breaks(
    ts_html_tag tag); /* whether text before and after stands in different lines */

#endif
