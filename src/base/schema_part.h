/* schema_part.h - what the parts of the schema checker share; private to base/.
 *
 *   schema.c          keywords, from a document to nodes
 *   schema_ref.c      $id, $anchor, $ref
 *   schema_check.c    a node against a value: combination, members, elements
 *   schema_scalar.c   a node against a value: type, enum, const, numbers, strings
 *   schema_say.c      faults: places and sentences
 *   schema_value.c    exact numbers, equality
 *   schema_pattern.c  ECMA-262 patterns on PCRE2
 *   schema_format.c   `format`
 */
#ifndef TS_BASE_SCHEMA_PART_H
#define TS_BASE_SCHEMA_PART_H

#include "map.h"
#include "schema.h"
#include "uri.h"

/* ---- What is compiled ---- */

enum schema_draft { DRAFT_04 = 1, DRAFT_07 = 2, DRAFT_2019 = 4, DRAFT_2020 = 8 };

/* An address in a document, innermost first: made on the stack, written out when it is needed. */
typedef struct schema_place {
    const struct schema_place *up; /* NULL: the root itself */
    ts_str name;                   /* a member; name.p == NULL: an element */
    size_t index;
} schema_place;

typedef struct schema_pattern {
    ts_str source;            /* as the schema has it */
    const void *code;         /* pcre2_code, in the arena of the schema */
    size_t stride;            /* bytes that one item may walk and fail */
    struct schema_node *node; /* patternProperties: what the members keep to */
} schema_pattern;

typedef struct schema_nodes {
    struct schema_node **v;
    size_t n, cap;
} schema_nodes;

typedef struct schema_dependent {
    const char *keyword;
    ts_str name; /* when this member is there … */
    ts_strs required;
    struct schema_node *node; /* … the object keeps to this; or NULL */
} schema_dependent;

typedef enum { NODE_RULES, NODE_ANY, NODE_NONE } schema_kind;
/* Beside 1 << ts_json_type: whole numbers; only those written without a fraction or an exponent. */
enum { TYPE_INTEGER = 1 << 7, TYPE_PLAIN = 1 << 8 };

typedef struct schema_node {
    const ts_json *src;
    schema_kind kind;
    bool typed, numeric; /* there is a `type`; one of the keywords for numbers */
    unsigned types;      /* bits */
    const ts_json *values, *constant;
    struct {
        const ts_json *minimum, *maximum, *above, *below, *multiple;
    } number;
    struct {
        uint64_t min, max; /* code points */
        schema_pattern *pattern;
        ts_str format;
        ts_answer (*check)(ts_str s, ts_str *why); /* NULL: the format is an annotation */
    } string;
    struct {
        uint64_t min, max, least, most; /* elements; elements that `contains` finds */
        bool unique, contains_marks;
        schema_nodes prefix;
        struct schema_node *rest, *contains, *unevaluated;
        const char *prefix_keyword, *rest_keyword;
        struct schema_node *additional; /* while compiling */
    } array;
    struct {
        uint64_t min, max;
        ts_strs required;
        ts_map properties; /* name → struct schema_node * */
        struct {
            schema_pattern **v;
            size_t n, cap;
        } patterns;
        struct {
            schema_dependent *v;
            size_t n, cap;
        } dependents;
        struct schema_node *rest, *names, *unevaluated;
    } object;
    struct schema_node *ref, *not, *cond, *then, *otherwise;
    schema_nodes all, any, one;
    uint8_t colour; /* while looking for loops */
} schema_node;

struct ts_schema {
    const schema_node *root;
    enum schema_draft draft;
};

/* ---- Compiling ---- */

typedef struct schema_ref {
    schema_node *node;
    ts_str written, uri; /* as it stands; resolved against the base */
    const char *at;      /* JSON pointer of the keyword, for a message */
} schema_ref;

typedef struct schema_compiler {
    ts_arena *a;
    ts_error *e;
    const ts_json *document;
    enum schema_draft draft;
    bool legacy;
    unsigned depth;
    size_t count;        /* schemas so far */
    uint64_t passed;     /* members, while following references */
    schema_node **nodes; /* by place on the document's tape */
    schema_node *any, *none;
    ts_map names; /* absolute URI, or URI "#" anchor → place on the tape + 1 */
    struct {
        schema_ref *v;
        size_t n, cap;
    } refs;
} schema_compiler;

typedef struct schema_scope {
    const schema_place *at;
    ts_str base; /* absolute URI without fragment; empty when there is none */
} schema_scope;

/* "$id", "$anchor" of the schema v: remembers them and sets the base for what is inside. */
bool schema_identify(schema_compiler *c, const ts_json *v, schema_scope *in);
/* Remembers that n refers to `arg`. */
bool schema_refer(schema_compiler *c, schema_node *n, const ts_json *arg, const schema_scope *in);
/* Once every schema has its node: leads each reference to its node, and refuses loops. */
bool schema_join(schema_compiler *c);

/* ---- Checking ---- */

typedef struct schema_sink {
    ts_arena *a;
    ts_schema_faults *list;
    size_t max; /* the list takes up to this many */
} schema_sink;

typedef struct schema_run {
    ts_arena work;  /* what one part needs while it runs */
    ts_arena notes; /* the faults of branches, until one is chosen */
    uint64_t steps; /* left */
    unsigned depth;
    const schema_place *at; /* where the innermost node looks */
    bool open;              /* it cannot be told: everything returns false as soon as it can */
    schema_sink *sink;      /* NULL: only the answer is wanted */
    ts_error *e;
} schema_run;

/* Which members or elements of one value were evaluated; NULL where nobody asks. */
typedef struct schema_seen {
    uint64_t *bits;
    size_t n;
} schema_seen;

bool schema_node_holds(schema_run *r, const schema_node *n, const ts_json *v,
                       const schema_place *at, schema_seen *seen);
/* type, enum, const, and what numbers and strings keep to. */
bool schema_scalar_holds(schema_run *r, const schema_node *n, const ts_json *v,
                         const schema_place *at);
/* ts_schema_check with a number of steps of the caller's. */
ts_answer schema_check_within(const ts_schema *s, ts_arena *a, const ts_json *instance, size_t max,
                              ts_schema_faults *faults, uint64_t steps, ts_error *e);
/* Ends the run without an answer; returns false. */
bool schema_open(schema_run *r, ts_error_code code, const char *why);
/* Takes `n` steps; false when there are no more. */
bool schema_spend(schema_run *r, uint64_t n);

/* ---- Faults ---- */

/* Adds a fault when faults are wanted; returns false. */
bool schema_fault(schema_run *r, const schema_place *at, const char *keyword, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* A value for a sentence: "model", 12, {"a":1}; and a text without quotes. Cut short, control
 * characters replaced, terminated. Empty when no faults are wanted. */
const char *schema_show(schema_run *r, const ts_json *v);
const char *schema_show_text(schema_run *r, ts_str s);
/* "a, b, c and 4 more": the values of an array. */
const char *schema_show_list(schema_run *r, const ts_json *values);
const char *schema_show_types(schema_run *r, unsigned types); /* "a string or null" */
ts_str schema_pointer(ts_arena *a, const schema_place *at);   /* RFC 6901 */
/* A name or a pointer for a message: cut short at 400 bytes, control characters replaced,
 * terminated. */
const char *schema_plain(ts_arena *a, ts_str s);
const char *schema_plain_pointer(ts_arena *a, const schema_place *at);

/* ---- Values ---- */

/* ±d × 10^exp, d being `digits` decimal digits without zeros at either end; zero has no digits. */
typedef struct schema_decimal {
    const char *p; /* the first digit; a '.' may stand between digits and is skipped */
    size_t digits;
    int64_t exp;
    bool neg, far; /* far: the exponent is beyond counting, exp only says on which side */
} schema_decimal;
enum { SCHEMA_UNKNOWN = 2 };

schema_decimal schema_decimal_of(ts_str number);
/* -1, 0, 1, or SCHEMA_UNKNOWN for two numbers whose exponents are beyond counting. */
int schema_decimal_cmp(schema_decimal x, schema_decimal y);
bool schema_decimal_whole(schema_decimal x);
/* Is x a whole multiple of d? TS_OPEN when d has more than 18 digits, or x is beyond counting. */
ts_answer schema_decimal_multiple(schema_decimal x, schema_decimal d);
/* A whole number of at least 0; what is larger than 64 bits take is UINT64_MAX. */
bool schema_count_of(const ts_json *v, uint64_t *out);
/* Deep equality: numbers by value, members in any order. */
bool schema_equal(schema_run *r, const ts_json *x, const ts_json *y);
/* Are two elements equal? Their places in *i < *j then. */
bool schema_has_twins(schema_run *r, const ts_json *array, size_t *i, size_t *j);

/* ---- Patterns, formats, URIs ---- */

/* NULL with e, without a place, when the pattern is not one, or is not supported. */
schema_pattern *schema_pattern_new(ts_arena *a, ts_str source, ts_error *e);
/* Unanchored search. */
bool schema_pattern_finds(schema_run *r, const schema_pattern *p, ts_str s);
/* Is s a pattern of ECMA-262? TS_OPEN with *why for what is not supported here. */
ts_answer schema_pattern_syntax(ts_str s, ts_str *why);

/* The check of a format, or NULL for one that is an annotation. */
ts_answer (*schema_format_find(ts_str name))(ts_str s, ts_str *why);

#endif
