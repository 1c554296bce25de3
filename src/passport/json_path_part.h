/* json_path_part.h - a query taken apart, and what its parts share. Private to passport/. */
#ifndef TS_PASSPORT_JSON_PATH_PART_H
#define TS_PASSPORT_JSON_PATH_PART_H

#include "json_path.h"

typedef struct path_expr path_expr;

typedef enum { PATH_NAME, PATH_WILDCARD, PATH_INDEX, PATH_SLICE, PATH_FILTER } path_selector_kind;
typedef struct path_selector {
    path_selector_kind kind;
    ts_str name;
    int64_t from, to, step; /* index: from */
    bool has_from, has_to;
    const path_expr *filter;
} path_selector;

typedef struct path_segment {
    bool descendant;
    struct {
        path_selector *v;
        size_t n, cap;
    } selectors;
} path_segment;

typedef struct path_query {
    bool from_root; /* "$", else "@" */
    bool singular;
    struct {
        path_segment *v;
        size_t n, cap;
    } segments;
} path_query;

struct ts_json_path {
    path_query query;
};

/* ---- patterns ---- */

typedef enum { PATTERN_GOOD, PATTERN_NONE, PATTERN_TOO_LARGE } path_pattern_state;
typedef struct path_pattern {
    path_pattern_state state; /* NONE: it is no I-Regexp, so that it matches nothing */
    const void *code;         /* pcre2_code; in the arena */
} path_pattern;
/* `whole`: the text as a whole has to match. */
path_pattern path_pattern_new(ts_arena *a, ts_str source, bool whole);
typedef enum { PATTERN_YES, PATTERN_NO, PATTERN_OVER } path_pattern_found;
/* Takes what it did from *work; OVER: more would have been needed, or more memory. */
path_pattern_found path_pattern_finds(ts_arena scratch, const path_pattern *p, ts_str s,
                                      uint64_t *work);

/* ---- expressions of filters ---- */

typedef enum { CALL_LENGTH, CALL_COUNT, CALL_VALUE, CALL_MATCH, CALL_SEARCH } path_function;
typedef enum { OP_EQ, OP_NE, OP_LE, OP_GE, OP_LT, OP_GT } path_op;
typedef enum {
    EXPR_OR, /* sides[0] and sides[1], of all that have sides */
    EXPR_AND,
    EXPR_NOT, /* sides[0] */
    EXPR_COMPARE,
    EXPR_LITERAL,
    EXPR_QUERY, /* whether it selects anything; in a comparison, what it selects */
    EXPR_CALL,
} path_expr_kind;
struct path_expr {
    path_expr_kind kind;
    path_op op;
    path_function function;
    const path_expr *sides[2];   /* of a call: its arguments */
    const path_pattern *pattern; /* match and search with a literal pattern */
    path_query query;
    ts_json literal;
};

/* ---- reading ---- */

typedef struct path_reader {
    ts_arena *a;
    ts_str s;
    size_t i;
    unsigned depth;
    ts_error *e;
} path_reader;
/* Fills the error with the place the reader is at. Always false. */
bool path_bad(path_reader *r, const char *what);
int path_peek(const path_reader *r); /* -1 at the end */
bool path_take(path_reader *r, const char *text);
void path_blank(path_reader *r); /* S of the grammar */
bool path_string(path_reader *r, ts_str *out);
/* Behind '$' or '@'. */
bool path_segments(path_reader *r, path_query *q);
/* Behind '?'. NULL with the error. */
const path_expr *path_filter(path_reader *r);

#endif
