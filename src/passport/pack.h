/* pack.h - what a product group's passport must carry, as data (rules/passport/NAME.json).
 *
 * A pack lists elements with a disclosure class, an article, since when and for which categories
 * they are asked for, and how far the text of the law was read. docs/formats.md has the format;
 * rules/passport/pack.schema.json its JSON Schema.
 */
#ifndef TS_PASSPORT_PACK_H
#define TS_PASSPORT_PACK_H

#include "access.h"

typedef enum {
    TS_SOURCE_OFFICIAL,   /* "official_text": the article itself was read */
    TS_SOURCE_QUOTATION,  /* "verbatim_quotation": read as quoted by another */
    TS_SOURCE_PARAPHRASE, /* "paraphrase": read in another's words */
    TS_SOURCE_OWN,        /* "own_knowledge": nobody has read it; to be checked */
} ts_source_status;
const char *ts_source_status_name(ts_source_status s);

typedef enum {
    TS_NEED_REQUIRED,
    TS_NEED_CONDITIONAL, /* only where `condition` holds, which a person must judge */
    TS_NEED_OPTIONAL,
} ts_need;

typedef enum {
    TS_TYPE_TEXT,
    TS_TYPE_LANGUAGES, /* {"en": "…", "de": "…"} */
    TS_TYPE_NUMBER,
    TS_TYPE_INTEGER,
    TS_TYPE_BOOLEAN,
    TS_TYPE_DATE,
    TS_TYPE_LINK,
    TS_TYPE_MEASURE, /* {"value": 3.2, "unit": "kWh"} */
    TS_TYPE_LIST,
    TS_TYPE_OBJECT,
} ts_value_type;

typedef struct ts_pack_element {
    ts_str id;      /* "manufacturer.name": a path of names, each [A-Za-z][A-Za-z0-9_]* */
    ts_str name[3]; /* en, de, zh */
    ts_value_type type;
    ts_str unit; /* the unit a measure must have; may be empty */
    const ts_disclosure_class *class;
    ts_need need;
    ts_str condition[3]; /* en, de, zh; conditional alone */
    ts_strs categories;  /* of the pack's categories; none = all */
    unsigned grains;     /* bits 1 << ts_grain of the levels at which it is asked for */
    ts_str act, article; /* "Regulation (EU) 2023/1542", "Annex XIII point 1(a)" */
    ts_str url;
    ts_source_status status;
    int32_t from, to; /* days; TS_NO_DAY = not bounded */
    ts_str reference; /* address of the element's definition in a dictionary; may be empty */
    ts_str note[3];   /* en, de, zh; may be empty */
} ts_pack_element;

typedef struct ts_pack {
    ts_str id, version; /* "battery" */
    ts_str title[3];
    ts_str note[3]; /* what the pack does not claim */
    struct {
        ts_disclosure_class *v;
        size_t n, cap;
    } classes;
    struct {
        ts_str *v;
        size_t n, cap;
    } categories; /* "ev", "lmt", "industrial" */
    struct {
        ts_str *v;
        size_t n, cap;
    } category_names; /* en, de, zh of each category: three times as many */
    struct {
        ts_pack_element *v;
        size_t n, cap;
    } elements;     /* those of extended packs first */
    ts_map by_path; /* for ts_pack_path */
} ts_pack;

const char *ts_value_type_name(ts_value_type t); /* "text", "languages", … */
const char *ts_need_name(ts_need n);             /* "required", … */

/* Reads a pack and everything it extends ("extends": ["generic"]; found by `find`, which gives the
 * text of a pack by name). Classes, categories and elements of an extended pack come first and are
 * not redefined; a class may be repeated where it is open to the same. Strict: unknown members,
 * unknown classes, an element twice or inside another, a circle are refused with the JSON pointer
 * of the place and the cure. */
typedef bool ts_pack_find(void *ctx, ts_arena *a, ts_str name, ts_str *text, ts_error *e);
bool ts_pack_read(ts_arena *a, ts_str name, ts_pack_find *find, void *ctx, ts_pack *out,
                  ts_error *e);
/* Packs that were read and are kept, for whoever reads many documents. Not for several threads at
 * once, unless nothing new is read any more. */
typedef struct ts_pack_shelf {
    ts_arena *a; /* where they live */
    struct {
        ts_str name;
        ts_pack pack;
    } * v;
    size_t n, cap;
} ts_pack_shelf;
/* ts_pack_find over rules/passport/ of the program's read-only data; ctx is NULL, or a
 * ts_pack_shelf for ts_document_packs. */
bool ts_pack_find_shared(void *ctx, ts_arena *a, ts_str name, ts_str *text, ts_error *e);
const ts_pack_element *ts_pack_element_by_id(const ts_pack *p, ts_str id);
/* Whether the pack knows a path: as an element (given back in *element), or as the beginning of
 * elements' ids, "manufacturer" of "manufacturer.name" (*element is NULL). */
bool ts_pack_path(const ts_pack *p, ts_str path, const ts_pack_element **element);

/* First names that no element may have: the header of EN 18223, and what stands beside it. */
bool ts_pack_reserved(ts_str first_name);

#endif
