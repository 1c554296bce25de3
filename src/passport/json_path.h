/* json_path.h - JSONPath (RFC 9535): a query that selects values of a JSON tree.
 *
 * The whole grammar: names, wildcards, indexes, slices, filters, descendants, and the functions
 * length, count, match, search and value, well-typed as section 2.4.3 asks. Patterns of match and
 * search are I-Regexp (RFC 9485); '^' and '$' in them hold at the ends of the text, as the
 * mappings of its section 5 have it.
 */
#ifndef TS_PASSPORT_JSON_PATH_H
#define TS_PASSPORT_JSON_PATH_H

#include "base/base.h"

enum {
    TS_JSON_PATH_MAX = 8000,    /* bytes of a query */
    TS_JSON_PATH_NESTED = 32,   /* filters, parentheses and calls within each other */
    TS_JSON_PATH_PATTERN = 1000 /* bytes of a pattern */
};

typedef struct ts_json_path ts_json_path;

/* Reads a query, UTF-8, not percent-encoded. NULL with TS_E_INPUT (e->byte is the place) or
 * TS_E_LIMIT. The query lives in `a` and points into `text`; several threads may use it at once. */
const ts_json_path *ts_json_path_read(ts_arena *a, ts_str text, ts_error *e);
/* Whether it is a singular query (section 2.3.5.1): it selects at most one value, whatever the
 * tree. */
bool ts_json_path_singular(const ts_json_path *p);

typedef struct ts_json_nodes {
    const ts_json **v;
    size_t n, cap;
} ts_json_nodes;
/* The values it selects, in the order of section 2.1.2; one that is selected twice stands there
 * twice. The members of an object come in the order of the tree, which was read strictly. Numbers
 * are compared as doubles. Work is counted, and ends after some ten million steps: TS_E_LIMIT. The
 * list lives in `a`. */
bool ts_json_path_select(ts_arena *a, const ts_json_path *p, const ts_json *root,
                         ts_json_nodes *out, ts_error *e);

/* The normalized path (section 2.7) of a value in its tree: "$['light']['tested'][0]". */
ts_str ts_json_path_of(ts_arena *a, const ts_json *root, const ts_json *at);

#endif
