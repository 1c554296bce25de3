/* record.h - one record as named values, whether it stood in JSON, in a table or in XML. Private to
 * gazette/.
 *
 * One mapping serves every spelling of the same columns: it asks for names and gets text that is
 * already fit for a notice (see record_clean).
 */
#ifndef TS_GAZETTE_RECORD_H
#define TS_GAZETTE_RECORD_H

#include "base/base.h"

enum {
    RECORD_TEXT_MAX = 64 << 10, /* bytes of one value */
    RECORD_LIST_MAX = 2000,     /* values of one list */
};

typedef struct record {
    ts_arena *a;                  /* where cleaned text goes */
    const ts_json *json;          /* an object, or NULL: then */
    const ts_strs *names, *cells; /* the row; a name may stand several times (XML) */
} record;

/* The value's text, cleaned; empty when absent, null or an object. `path` is a name or names joined
 * by dots ("product.versions.name"); a list on the way stands for its first element that has the
 * rest. A list of texts at the end is joined with "; ". */
ts_str record_text(const record *r, const char *path);
/* The first of several paths, separated by blanks in `paths`, that has text. */
ts_str record_first(const record *r, const char *paths);
/* Every text reached by the path, through all lists on the way; a cell that holds a JSON list gives
 * its elements. Never repeats a text. */
void record_all(const record *r, const char *path, ts_strs *out);
/* The same, split at any byte of `separators` as well. */
void record_split(const record *r, const char *path, const char *separators, ts_strs *out);
/* The JSON value at the path (lists on the way: their first element), or NULL. */
const ts_json *record_json(const record *r, const char *path);
/* An object inside the record as a record of its own. */
record record_of(ts_arena *a, const ts_json *object);

/* Adds to a list that is kept short: RECORD_LIST_MAX values, none twice, none empty. */
void record_add(ts_arena *a, ts_strs *l, ts_str s);

/* Text fit for a notice: at most RECORD_TEXT_MAX bytes of UTF-8, mis-decoded text put right, line
 * breaks of HTML as line ends, its commonest entities as characters, runs of blanks as one blank.
 * `s` itself when there is nothing to do. */
ts_str record_clean(ts_arena *a, ts_str s);

#endif
