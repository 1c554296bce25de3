/* digital_link.h - GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax 1.4 and later,
 * uncompressed). */
#ifndef TS_PRODUCT_DIGITAL_LINK_H
#define TS_PRODUCT_DIGITAL_LINK_H

#include "gs1.h"

typedef struct ts_digital_link {
    ts_gs1 ais;    /* key first, its qualifiers in order, then data attributes in the order of the
                      query */
    size_t path_n; /* how many of them stand in the path: key and qualifiers */
    ts_str stem;  /* "https://id.example.com/some/path": what comes before the key, without the last
                     '/' */
    ts_str query; /* pairs that are no AIs ("linkType=gs1:dpp&context=de"), joined, still
                     percent-encoded */
    ts_str fragment;
} ts_digital_link;

/* Parses and validates: scheme http or https (any case), a host, a primary key, only its
 * qualifiers, in their order, from one of its alternatives; percent-encoding well formed and
 * decoded to the AI's character set; GTIN of 8, 12, 13 or 14 digits brought to 14; data attributes
 * only those that the dictionary permits; the rules of ts_gs1_validate. Values that needed no
 * change point into `text`. At most 8,000 bytes.
 *
 * The key is found from the path's end, in pairs: the first pair whose AI is a primary key begins
 * the GS1 part, all before it is the stem and may hold anything, other keys and numbers included.
 * So everything behind the stem is AIs and values, and no path can be read in two ways.
 *
 * Refused by name, besides what breaks the rules: the words that stood for AIs up to version 1.2
 * ("/gtin/", "/lot/"); compressed links; user names in the address; a '/' at the end; segments ".",
 * ".." and empty ones; an AI in the query that is unknown, percent-encoded, or could stand in the
 * path as a qualifier of the key; '+' and ';' in the query value of an AI, which software reads in
 * two ways. An AI that comes again with the same value counts once; in the path it is refused.
 *
 * The error's byte is the place in `text`. */
bool ts_digital_link_parse(ts_arena *a, ts_str text, ts_digital_link *out, ts_error *e);

/* The canonical URI: https://id.gs1.org, key and qualifiers in order, data attributes sorted by AI,
 * no other parameters (section "Canonical GS1 Digital Link URIs"), GTIN of 14 digits; everything
 * but the unreserved characters of RFC 3986 percent-encoded, in capitals. With a stem of one's own:
 * that stem instead (one '/' at its end is dropped). The AIs are validated; what is built is read
 * back as the same AIs. Fails where they hold no key, several keys, or AIs that have no place in a
 * link; and for the values "." and ".." in the path, which no client would send. */
bool ts_digital_link_build(ts_arena *a, ts_str stem, const ts_gs1 *g, ts_str *out, ts_error *e);

/* Granularity of the AIs: item with a serial (21, 235, 8011), with a key that is one instance by
 * itself (00, 401, 402, 414, 415, 417, 8004, 8017, 8018), or with a serial inside the key's value
 * (253, 255, 8003); else batch with 10; else model. */
typedef enum { TS_GRAIN_MODEL, TS_GRAIN_BATCH, TS_GRAIN_ITEM } ts_grain;
const char *ts_grain_name(ts_grain g); /* "model", "batch", "item" */
bool ts_grain_by_name(ts_str name, ts_grain *g);
ts_grain ts_gs1_grain(const ts_gs1 *g);

#endif
