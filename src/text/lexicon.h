/* lexicon.h - what touchstone knows about words: the folder lexicon/ as one read-only table.
 *
 * The table maps token sequences (ts_seq_add) to what they mean. One form may mean several things.
 * It is compiled into the program by tools/mklexicon.c and is the same for every thread.
 */
#ifndef TS_TEXT_LEXICON_H
#define TS_TEXT_LEXICON_H

#include "token.h"

typedef enum {
    TS_LEX_TYPE,   /* value: product type */
    TS_LEX_COMMON, /* value: bits a match on this word may count at most (0-6) | ts_common_lang << 3
                    */
    TS_LEX_PHRASE, /* value: ts_phrase */
    TS_LEX_UNIT,   /* value: unit */
    TS_LEX_GENERIC,  /* value 0: a designation many makers share; 1: a device that accessories name
                      */
    TS_LEX_HAZARD,   /* value: hazard */
    TS_LEX_COUNTRY,  /* value: country */
    TS_LEX_CATEGORY, /* value: product category */
    TS_LEX_BRAND,    /* a brand of so many products that its name says little about which one */
} ts_lex_kind;

typedef enum {
    TS_PHRASE_COMPAT,       /* "for", 适用: another product's name follows */
    TS_PHRASE_COMPAT_AFTER, /* "compatible", 专用: another product's name came before */
    TS_PHRASE_AUDIENCE,     /* people, occasions, places: "for kids" names no product */
    TS_PHRASE_WITH,
    TS_PHRASE_BUNDLE,
    TS_PHRASE_USED,
    TS_PHRASE_REPLICA,
    TS_PHRASE_GENUINE,
    TS_PHRASE_SPARE,
    TS_PHRASE_MODEL_LABEL,
    TS_PHRASE_LOT_LABEL,
    TS_PHRASE_SERIAL_LABEL,
    TS_PHRASE_MADE_LABEL,
    TS_PHRASE_SOLD_LABEL,
    TS_PHRASE_RANGE_WORD,
    TS_PHRASE_GTIN_LABEL,
    TS_PHRASE_VARIANT, /* tells one version of a model from the next: pro, plus, 2nd, 升级版 */
    TS_PHRASE_UNKNOWN, /* a field that says "not known" */
    TS_PHRASES
} ts_phrase;

typedef enum { TS_TYPE_PRODUCT, TS_TYPE_ACCESSORY, TS_TYPE_PART, TS_TYPE_CONSUMABLE } ts_type_kind;
typedef enum { TS_EN, TS_DE, TS_ZH, TS_LANGS } ts_lang3;

/* One meaning: kind in the top byte, a flag, the value below. */
typedef uint32_t ts_lex;
#define TS_LEX_SUFFIX 0x00800000u /* may also be the end of a longer German compound */
static inline ts_lex_kind ts_lex_kind_of(ts_lex l) { return (ts_lex_kind)(l >> 24); }
static inline unsigned ts_lex_value(ts_lex l) { return l & 0x7FFFFF; }
enum { TS_COMMON_OTHER = 3 }; /* languages of common words: TS_EN, TS_DE, TS_ZH, other */

typedef struct ts_lex_entry {
    const ts_lex *v; /* meanings */
    unsigned n;      /* 0: nothing has exactly this key */
    bool prefix;     /* some longer form starts with this key */
} ts_lex_entry;

/* Looks a key up. An entry with n == 0 and no prefix: walk no further. */
ts_lex_entry ts_lexicon_find(uint64_t key);
/* Begins to load what ts_lexicon_find will look at first. */
void ts_lexicon_fetch(uint64_t key);
/* The first meaning of the given kind that the whole of `s` has; false when none. */
bool ts_lexicon_whole(ts_arena scratch, ts_str s, ts_lex_kind kind, unsigned *value);
/* The first phrase of that kind for which `s` as a whole stands ("n/a", "unbekannt"). */
bool ts_lexicon_is_phrase(ts_arena scratch, ts_str s, ts_phrase p);

/* Product types. Ids are stable for one build only; names are what files and people see. */
unsigned ts_type_count(void);
ts_str ts_type_id(unsigned type);                  /* "power-bank" */
ts_str ts_type_name(unsigned type, ts_lang3 lang); /* first form in that language */
/* All forms in that language, separated by '|'. */
ts_str ts_type_forms(unsigned type, ts_lang3 lang);
ts_type_kind ts_type_kind_of(unsigned type);
unsigned ts_type_category(unsigned type);
int ts_type_parent(unsigned type); /* -1 = none */
/* yes: the same, or one is an ancestor of the other; open: they share an ancestor; no: neither. */
ts_answer ts_type_relation(unsigned a, unsigned b);

ts_str ts_category_name(unsigned category, ts_lang3 lang);
ts_str ts_category_id(unsigned category);
ts_str ts_hazard_id(unsigned hazard);
ts_str ts_hazard_name(unsigned hazard, ts_lang3 lang);
ts_str ts_country_code(unsigned country); /* ISO 3166-1 alpha-2 */
ts_str ts_country_name(unsigned country, ts_lang3 lang);
/* The code for a name or code in use ("Germany", "DE", "德国"); empty when not known. */
ts_str ts_country_find(ts_arena scratch, ts_str name);
bool ts_country_in_eu(ts_str code);

typedef enum {
    TS_DIM_MASS,
    TS_DIM_VOLUME,
    TS_DIM_LENGTH,
    TS_DIM_AREA,
    TS_DIM_POWER,
    TS_DIM_VOLTAGE,
    TS_DIM_CURRENT,
    TS_DIM_CHARGE,
    TS_DIM_ENERGY,
    TS_DIM_MEMORY,
    TS_DIM_FREQUENCY,
    TS_DIM_TIME,
    TS_DIM_COUNT,
    TS_DIM_OTHER,
} ts_dimension;
ts_dimension ts_unit_dimension(unsigned unit);
double ts_unit_factor(unsigned unit); /* to the dimension's base: g, ml, mm, cm2, W, V, A, mAh, Wh,
                                         MB, Hz, s, pieces */
unsigned ts_unit_dimension_name(
    unsigned unit); /* distinguishes the dimensions that are TS_DIM_OTHER */

/* Digest of the lexicon's text: an index made with another lexicon is rebuilt. */
ts_digest ts_lexicon_digest(void);

#endif
