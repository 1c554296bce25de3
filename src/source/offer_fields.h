/* offer_fields.h - which of the many names for a thing is which field of an offer. Private to
 * source/. */
#ifndef TS_SOURCE_OFFER_FIELDS_H
#define TS_SOURCE_OFFER_FIELDS_H

#include "source.h"

typedef enum {
    OF_ATTRIBUTE, /* a name we do not know: kept as an attribute */
    OF_IGNORE,
    OF_ID,
    OF_URL,
    OF_TITLE,
    OF_BRAND,
    OF_MODEL,
    OF_DESCRIPTION,
    OF_CATEGORY,
    OF_GTIN, /* a field that says GTIN, EAN, UPC, ISBN or barcode */
    OF_ASIN,
    OF_CODE, /* SKU, item number: an identifier of unknown kind */
    OF_PRICE,
    OF_CURRENCY,
    OF_SELLER,
    OF_CONDITION,
    OF_AVAILABILITY,
    OF_MANUFACTURER,
    OF_MANUFACTURER_ADDRESS,
    OF_MANUFACTURER_CONTACT,
    OF_RESPONSIBLE,
    OF_RESPONSIBLE_ADDRESS,
    OF_RESPONSIBLE_CONTACT,
    OF_IMAGE,
    OF_LANGUAGE,
    OF_MARKET,
    OF_NOTICE,
    OF_PASSPORT,
    OF_ATTRIBUTES,  /* a list or object of attributes */
    OF_OFFERS,      /* schema.org "offers": price, seller … */
    OF_IDENTIFIERS, /* our own list of {kind, value, labelled} */
    OF_FIELDS
} offer_field;

/* Names to fields, with the user's --map on top. */
typedef struct offer_names {
    ts_map map;
} offer_names;

/* `map` is "title=Bezeichnung,brand=Marke"; false with TS_E_USAGE when it names no field of ours.
 */
bool offer_names_build(ts_arena *a, ts_str map, offer_names *n, ts_error *e);
/* Spelling, case, "g:" and separators do not matter. */
offer_field offer_names_find(const offer_names *n, ts_str name);
/* How many of the names are known fields other than attributes; for detecting a header. */
size_t offer_names_known(const offer_names *n, const ts_strs *header);

/* Puts a value into the offer: the first value of a field stands, lists grow. Markup and references
 * are taken off (html_text.h), words for "none" are no value, what is longer than the field's limit
 * is cut. */
void offer_put(ts_arena *a, ts_offer *o, offer_field f, ts_str name, ts_str value);
/* An attribute; where its name is one of a field that says who or what the product is, that field
 * too. */
void offer_put_pair(ts_arena *a, const offer_names *n, ts_offer *o, ts_str name, ts_str value);
/* What `o` does not say, `from` does: fields that are empty, and identifiers, attributes and images
 * that are not there. */
void offer_fill(ts_arena *a, ts_offer *o, const ts_offer *from);
/* The same offer with its strings in `a`. */
ts_offer offer_copy(ts_arena *a, const ts_offer *o);
/* Gives an offer without id its URL or "file:record", and reads the rest of what fields imply. */
void offer_finish(ts_arena *a, ts_offer *o, const char *file, uint64_t record, ts_str market);

/* schema.org (and flat) JSON to offers; docs/formats.md, "Offers". Calls put for each product found
 * in v; `listed` says that it stood in a list of products (ItemList and its kin), not by itself.
 * `schema` says that types matter: only Product and its kin count (a page's JSON-LD). */
typedef void offer_sink(void *ctx, const ts_offer *o, bool listed);
void offers_from_json(ts_arena *a, const offer_names *n, const ts_json *v, bool schema,
                      offer_sink *put, void *ctx);

/* The names along the first BreadcrumbList in v, into an empty list. */
void offer_breadcrumb(ts_arena *a, const ts_json *v, ts_strs *out);

/* The source behind the public type. */
struct ts_offer_source {
    ts_offer_format format;
    ts_offer_options o;
    offer_names names;
    struct ts_splitter *split;
    ts_input *in;
    ts_strs header; /* CSV */
    offer_field *columns;
    char delimiter;
    void *state; /* feed and WARC readers keep theirs here */
    uint64_t chunks;
    ts_arena *arena;
};

/* One member of a flat record whose value is JSON (a CSV cell may hold a list). */
void offer_put_json(ts_arena *a, const offer_names *n, ts_offer *o, ts_str name, const ts_json *v);

/* Fills a chunk from a feed: offers in chunk->offers. */
bool feed_open(ts_arena *a, ts_offer_source *s, ts_error *e);
void feed_close(ts_offer_source *s);
ts_read_result feed_fill(ts_offer_source *s, ts_offer_chunk *c, ts_error *e);
/* Fills a chunk with the WARC records that hold pages; the worker takes them out one by one. */
ts_read_result warc_fill(ts_offer_source *s, ts_offer_chunk *c, ts_error *e);
/* The next of them from *rest; false at the end of the chunk. */
typedef struct warc_record {
    uint64_t number; /* of the record in its file, from 1 */
    ts_str bytes;    /* header and block */
} warc_record;
bool warc_take(ts_str *rest, warc_record *r);
/* Its page as the shop sent it, transfer and content coding undone, and its address. False when
 * they cannot be. Safe in any thread. */
bool warc_page(ts_arena *a, const warc_record *r, ts_str *url, ts_str *html, ts_error *e);
/* All offers in one page; `url` is where it was found, or empty. False when the page cannot be read
 * at all, or not to its end: what was found has been put. */
bool offers_from_html(ts_arena *a, const offer_names *n, ts_str html, ts_str url, offer_sink *put,
                      void *ctx, ts_error *e);

#endif
