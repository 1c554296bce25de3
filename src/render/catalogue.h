/* catalogue.h - every string that a person reads, by key and language (i18n/LANG.json). */
#ifndef TS_RENDER_CATALOGUE_H
#define TS_RENDER_CATALOGUE_H

#include "base/base.h"

typedef struct ts_catalogue {
    char language[3]; /* "en", "de", "zh" */
    ts_map map;       /* key → index into text */
    struct {
        ts_str *v;
        size_t n, cap;
    } text;
} ts_catalogue;

/* Reads i18n/LANG.json (an object of strings; nested objects make dotted keys). TS_E_NOT_FOUND for
 * a language there is no catalogue of. */
bool ts_catalogue_load(ts_arena *a, const char *language, ts_catalogue *c, ts_error *e);
/* The language to use when nobody says: from LC_ALL, LC_MESSAGES, LANG; "en" when none of ours. */
const char *ts_catalogue_default(void);
/* The text for a key; the key itself when there is none (tests check that there is). */
ts_str ts_say(const ts_catalogue *c, const char *key);
/* The text with {name} replaced: pairs of name and value, ended by NULL. Missing names stay as they
 * are. */
typedef struct ts_fill {
    const char *name;
    ts_str value;
} ts_fill;
ts_str ts_say_with(ts_arena *a, const ts_catalogue *c, const char *key, const ts_fill *fill,
                   size_t n);

#endif
