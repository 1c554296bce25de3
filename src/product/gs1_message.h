/* gs1_message.h - AIs as a reader collects them: looked up, each value checked as it comes, then
 * the rules between them. Private to the room.
 */
#ifndef TS_PRODUCT_GS1_MESSAGE_H
#define TS_PRODUCT_GS1_MESSAGE_H

#include "gs1.h"
#include "gs1_dictionary.h"

/* For each AI of a ts_gs1, at the same place, what the dictionary knows of it. */
typedef struct gs1_known {
    const gs1_entry *entry[TS_GS1_MAX];
    gs1_code code[TS_GS1_MAX];
} gs1_known;

/* One AI on its way into a message. */
typedef struct gs1_found {
    ts_str ai, value;
    const gs1_entry *entry;
    gs1_code code;
    size_t at; /* byte of the value in the text, for the error */
} gs1_found;

/* Looks up f->ai; fails when the dictionary does not have it. */
bool gs1_look_up(gs1_found *f, ts_error *e);
/* Length, characters and checks of one value. */
bool gs1_value_check(const gs1_found *f, ts_error *e);
/* Checks the value and adds the AI; once, when it is there with the same value already. */
bool gs1_take(ts_gs1 *g, gs1_known *k, const gs1_found *f, ts_error *e);
/* What the dictionary requires and excludes beside each AI ("req", "ex"). */
bool gs1_rules_check(const ts_gs1 *g, const gs1_known *k, ts_error *e);

/* The AIs in the order of a Digital Link: the key, its qualifiers in their order (path_n with the
 * key), then the rest by AI. Fails without a key or with several. `strict`: fails, too, when the
 * rest holds what may not stand in a query. */
bool gs1_arrange(const ts_gs1 *g, bool strict, ts_gs1 *out, size_t *path_n, ts_error *e);
/* Whether `code` is a qualifier in that sequence of the key. */
bool gs1_in_way(const gs1_key *key, unsigned way, gs1_code code);

/* Whether a path says that it holds a GS1 key, rightly or wrongly: a key's AI before a value that
 * begins with four digits, and behind them nothing but AIs and values; or a key's AI, or the word
 * that once stood for it, before as many digits as that key has. */
bool gs1_path_claims_key(ts_str path);

#endif
