/* form.h - the form of our own JSON documents: which members an object may have, how texts in it
 * are written, and what is said of what is refused: place, fault, cure.
 */
#ifndef TS_PASSPORT_FORM_H
#define TS_PASSPORT_FORM_H

#include "base/base.h"

/* What is being read, for messages: "passport: /product/id: …", "pack battery: /elements/3: …". */
typedef struct form {
    const char *what;
    ts_str name; /* may be empty */
    const ts_json *root;
    ts_error *e;
} form;

/* Fills the error with the place of `at` in front of the message. Always false. */
bool form_bad(const form *f, const ts_json *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A text from outside for a message: at most 60 bytes, control characters as '?'. */
typedef struct form_text {
    char c[72];
} form_text;
form_text form_show(ts_str s);
#define FORM_SHOW(s) form_show(s).c

typedef struct form_member {
    const char *name;
    unsigned types; /* bits 1 << ts_json_type */
    bool required;  /* and neither an empty text nor an empty container */
} form_member;
enum {
    FORM_STRING = 1 << TS_JSON_STRING,
    FORM_NUMBER = 1 << TS_JSON_NUMBER,
    FORM_OBJECT = 1 << TS_JSON_OBJECT,
    FORM_ARRAY = 1 << TS_JSON_ARRAY,
    FORM_BOOLEAN = 1 << TS_JSON_TRUE | 1 << TS_JSON_FALSE,
};
/* Whether v is an object with these members: others are refused with the nearest known name. */
bool form_members(const form *f, const ts_json *v, const form_member *known, size_t n);
#define FORM_MEMBERS(f, v, table) form_members((f), (v), (table), sizeof(table) / sizeof *(table))
/* Whether the value is one of these JSON types. */
bool form_type(const form *f, const ts_json *v, unsigned types);

/* Of names, the one most like `name`, at most two letters off; empty when none is. */
ts_str form_nearest(ts_str name, const ts_str *names, size_t n);
/* Index of a name among `n`; -1, and refused with the list of them, when it is none. */
int form_choice(const form *f, const ts_json *v, const char *const *names, int n);

bool form_name(ts_str s); /* [a-z][a-z0-9_]*, at most 64 */
enum { FORM_PATH_MAX = 200 };
/* One to eight names [A-Za-z][A-Za-z0-9_]* joined by dots, at most FORM_PATH_MAX bytes. */
bool form_path(ts_str s);
/* An absolute URI (RFC 3986 section 4.3) by its characters: scheme, colon, something; at most 2,000
 * bytes. http and https need a host. */
bool form_uri(ts_str s);
bool form_web(ts_str s); /* an absolute http or https address */
/* A language tag by its shape (RFC 5646): "en", "zh-Hans". */
bool form_language(ts_str s);
/* A text whose bytes are no control characters, not blank, at most `max` bytes. */
bool form_line(ts_str s, size_t max);

/* ---- ids that are paths ---- */

typedef enum {
    FORM_PATH_NONE,
    FORM_PATH_BEGINNING, /* ids lie inside it: "manufacturer" of "manufacturer.name" */
    FORM_PATH_ID,
} form_path_kind;
/* Adds an id and its beginnings. False, and nothing added, when it is there already, lies inside an
 * id, or has ids inside it; *why says which, for a message, and *other is the id it lies inside. */
bool form_paths_add(ts_arena *a, ts_map *m, ts_str id, uint64_t value, const char **why,
                    ts_str *other);
form_path_kind form_paths_get(const ts_map *m, ts_str path, uint64_t *value);

#endif
