/* json.h - one JSON reader and one JSON writer (RFC 8259).
 *
 * Reading makes a tape: an array of nodes in document order, in the caller's
 * arena. A container is followed by its content; an object's members are a
 * string node (the name) and the value's nodes. Strings point into the input
 * unless they held escapes. Numbers keep their exact text.
 *
 *   [ {"a": [1, true]} , "x" ]
 *   ARRAY n=2 span=7 | OBJECT n=1 span=5 | STRING "a" | ARRAY n=2 span=3 | NUMBER 1 | TRUE | STRING
 * "x"
 *
 * The input must live as long as the tape.
 */
#ifndef TS_BASE_JSON_H
#define TS_BASE_JSON_H

#include "buf.h"

typedef enum {
    TS_JSON_NULL,
    TS_JSON_FALSE,
    TS_JSON_TRUE,
    TS_JSON_NUMBER,
    TS_JSON_STRING,
    TS_JSON_ARRAY,
    TS_JSON_OBJECT,
} ts_json_type;

typedef struct ts_json {
    const char *p;      /* string: its bytes (UTF-8); number: its text; container: its bracket */
    uint32_t n;         /* bytes of a string or number; members or elements of a container */
    uint32_t span : 28; /* nodes of this value, itself included: v + v->span is what follows */
    uint32_t type : 3;
    /* Set by the reader: what stands in the input is the canonical text already (RFC 8785). A
     * string without escapes, in quotes; a number in its shortest form. At least 15 more bytes of
     * the input follow, so that it may be copied in steps of 16. Not set where that is not known;
     * who makes nodes leaves it out. */
    uint32_t plain : 1;
} ts_json;

/* How forgiving the reader is. Both refuse: anything outside the grammar, control characters in
 * strings, nesting deeper than the limit, bytes after the value.
 *   strict    refuses repeated names (also one that is written with escapes), lone surrogates,
 *             malformed UTF-8 and a byte order mark: for signed documents, rules and configuration.
 *   tolerant  takes the last of repeated names and puts U+FFFD for what is not text, and counts
 *             both: for offers. */
typedef struct ts_json_options {
    bool strict;
    unsigned max_depth;   /* 0 = 64; at most 1024 */
    uint32_t max_members; /* of one object or array; 0 = no limit of its own */
    uint32_t *repeated;   /* tolerant: how many names were repeated, added up; may be NULL */
    uint32_t *mended;     /* tolerant: how many strings held malformed text; may be NULL */
} ts_json_options;

/* The root of the tape, or NULL with TS_E_INPUT (e->byte is the offset, e->line the line) or
 * TS_E_LIMIT (depth, members; more than 512 MiB of text). Time grows with the length of the text,
 * for objects of more than 64 members with its logarithm on top, whatever the names. */
const ts_json *ts_json_parse(ts_arena *a, ts_str text, ts_json_options o, ts_error *e);

/* Members of an object / elements of an array, in order:
 *   TS_JSON_EACH_MEMBER(name, value, obj) { … }     `name` and `value` are const ts_json *
 *   TS_JSON_EACH(value, arr) { … }
 * Both run zero times when v is NULL or of another type. */
#define TS_JSON_EACH_MEMBER(name, value, v)                                                        \
    for (const ts_json *name = ts_json_begin((v), TS_JSON_OBJECT), *value = name + 1,              \
                       *name##_end = ts_json_end((v), TS_JSON_OBJECT);                             \
         name != name##_end; name = value + value->span, value = name + 1)
#define TS_JSON_EACH(value, v)                                                                     \
    for (const ts_json *value = ts_json_begin((v), TS_JSON_ARRAY),                                 \
                       *value##_end = ts_json_end((v), TS_JSON_ARRAY);                             \
         value != value##_end; value += value->span)
static inline const ts_json *ts_json_begin(const ts_json *v, ts_json_type t) {
    static const ts_json none[2];
    return v && v->type == t ? v + 1 : none;
}
static inline const ts_json *ts_json_end(const ts_json *v, ts_json_type t) {
    return v && v->type == t ? v + v->span : ts_json_begin(v, t);
}

static inline ts_str ts_json_str(const ts_json *v) {
    return v && v->type == TS_JSON_STRING ? (ts_str){v->p, v->n} : TS_NONE;
}
/* A string's bytes or a number's text; empty for anything else. */
static inline ts_str ts_json_text(const ts_json *v) {
    return v && (v->type == TS_JSON_STRING || v->type == TS_JSON_NUMBER) ? (ts_str){v->p, v->n}
                                                                         : TS_NONE;
}
/* The member's value, the last one where a name is repeated; NULL when absent or v is no object. */
const ts_json *ts_json_get(const ts_json *v, ts_str name);
#define ts_json_member(v, lit) ts_json_get((v), TS_S(lit))
/* The i-th element of an array, or NULL. Linear. */
const ts_json *ts_json_at(const ts_json *v, size_t i);
/* A number that is finite as a double; the double nearest to it (of two as near, the even one). */
bool ts_json_f64(const ts_json *v, double *out);
bool ts_json_i64(const ts_json *v, int64_t *out); /* a number written as an integer in range */
static inline bool ts_json_is(const ts_json *v, ts_json_type t) { return v && v->type == t; }

/* ---- Finding values in a stream ---- */

/* One value out of a buffer that may hold many, or an incomplete one. */
typedef enum {
    TS_JSON_SPLIT_VALUE, /* a whole value was found */
    TS_JSON_SPLIT_MORE,  /* the buffer ends before the value does */
    TS_JSON_SPLIT_END,   /* nothing but white space is left */
    TS_JSON_SPLIT_BAD,   /* no value can start here */
} ts_json_split_result;
/* Looks for the value that starts at or after text[*at] (white space is skipped) by counting
 * brackets outside strings, without checking it further. On VALUE, [*at, *end) is the value. On
 * MORE and BAD, *at is where it starts. `eof` says that no more bytes follow. */
ts_json_split_result ts_json_split(ts_str text, size_t *at, size_t *end, bool eof);

/* ---- Writing ---- */

/* Commas and quotes are the writer's business:
 *   ts_jsonw w = ts_jsonw_to(&buf); ts_jsonw_object(&w); ts_jsonw_key(&w, "id");
 *   ts_jsonw_str(&w, id); ts_jsonw_end(&w);
 * Malformed UTF-8 is written as U+FFFD. */
typedef struct ts_jsonw {
    ts_buf *b;
    uint64_t is_object; /* bit per open container */
    unsigned depth;
    bool comma, pretty;
} ts_jsonw;
ts_jsonw ts_jsonw_to(ts_buf *b);
void ts_jsonw_object(ts_jsonw *w);
void ts_jsonw_array(ts_jsonw *w);
void ts_jsonw_end(ts_jsonw *w); /* closes the innermost container */
void ts_jsonw_key(ts_jsonw *w, const char *name);
void ts_jsonw_key_str(ts_jsonw *w, ts_str name);
void ts_jsonw_str(ts_jsonw *w, ts_str s);
void ts_jsonw_i64(ts_jsonw *w, int64_t v);
void ts_jsonw_f64(ts_jsonw *w, double v, int decimals); /* not finite: null */
void ts_jsonw_bool(ts_jsonw *w, bool v);
void ts_jsonw_null(ts_jsonw *w);
void ts_jsonw_raw(ts_jsonw *w, ts_str json); /* a value that is JSON text already */
/* Key and value in one; the _opt form leaves the member out when s is empty. */
void ts_jsonw_kstr(ts_jsonw *w, const char *name, ts_str s);
void ts_jsonw_kstr_opt(ts_jsonw *w, const char *name, ts_str s);
void ts_jsonw_kstrs_opt(ts_jsonw *w, const char *name, const ts_strs *l);

#endif
