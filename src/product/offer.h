/* offer.h - a product offered on an online interface. */
#ifndef TS_PRODUCT_OFFER_H
#define TS_PRODUCT_OFFER_H

#include "identifier.h"
#include "scope.h"

typedef struct ts_attribute {
    ts_str name, value;
} ts_attribute;

typedef struct ts_attributes {
    ts_attribute *v;
    size_t n, cap;
} ts_attributes;

/* All strings are UTF-8 and live in the arena the offer was read into (or in its raw record).
 * Empty = not given. */
typedef struct ts_offer {
    ts_str id; /* the source's own; where it has none, the URL, else "file:record" */
    ts_str url;
    ts_str title;
    ts_str brand;
    ts_str model; /* model or manufacturer part number (MPN) */
    ts_str description;
    ts_str category;
    ts_identifiers identifiers;
    ts_attributes attributes;
    ts_str price, currency; /* as written; ISO 4217 where given */
    ts_str seller;
    ts_str condition; /* new, used, refurbished, as written */
    ts_str availability;
    ts_str manufacturer, manufacturer_address, manufacturer_contact;
    ts_str responsible, responsible_address, responsible_contact; /* Reg. (EU) 2023/988 Art. 16 */
    ts_strs images;
    ts_str language; /* BCP 47, if the source says */
    ts_str market;   /* country the offer is directed at, ISO 3166-1, if the source says */
    ts_strs notices; /* numbers or addresses of notices that the offer itself names */
    ts_str passport; /* address of a digital product passport or Digital Link, if given */
    uint64_t record; /* 1-based record (or line) in its file */
} ts_offer;

/* The offer as one JSON object (docs/formats.md, "offer"). */
void ts_offer_write(ts_jsonw *w, const ts_offer *o);

#endif
