/* product_id.h - what may be the unique identifier of a product in a passport (EN 18219 names five
 * schemes; three are read here): a GS1 Digital Link, an identification link by IEC 61406, a DID. */
#ifndef TS_PRODUCT_PRODUCT_ID_H
#define TS_PRODUCT_PRODUCT_ID_H

#include "digital_link.h"

typedef enum {
    TS_PID_GS1,  /* GS1 Digital Link, or AIs as brackets or element string */
    TS_PID_LINK, /* identification link: IEC 61406-1, globally unique http(s) address of one product
                  */
    TS_PID_DID,  /* did:METHOD:… */
} ts_product_id_kind;
const char *ts_product_id_kind_name(ts_product_id_kind k); /* "gs1", "iec61406", "did" */

typedef struct ts_product_id {
    ts_product_id_kind kind;
    ts_str text;          /* the canonical form: equal texts, equal products */
    ts_str given;         /* as it stood */
    ts_digital_link link; /* GS1 alone; from AIs without a link the stem is empty, and behind path_n
                             stands whatever else there was */
} ts_product_id;

/* An http(s) address whose path holds a GS1 key is a Digital Link and must be a valid one; any
 * other is an identification link. A path holds a key when the AI of a key (or the word that once
 * stood for it) comes before a value that begins with four digits, and behind it stand AIs and
 * values alone, or when the value has as many digits as that key. This is asked of the canonical
 * spelling, so that percent-encoding hides no key. Other texts are AIs in brackets or as an element
 * string, or a DID without path, query and fragment (W3C Decentralized Identifiers, section 3.1);
 * a bare GTIN is refused, since its digits can be read as other AIs.
 *
 * The canonical form (it reads as itself):
 *   GS1   https://id.gs1.org with key and qualifiers; data attributes describe the product and are
 *         left out
 *   link  RFC 3986 section 6.2.2: scheme and host in lower case, unreserved characters decoded,
 *         percent-encoding in capitals, default port left out; nothing else
 *   DID   as it stood
 *
 * IEC 61406-1 is sold, and its text was not read. Known of it from its public abstract and table of
 * contents: an address in URL syntax, one per product, never changed or given again; and from
 * secondary sources: printable ASCII, at most 255 characters. Its rules on capitals and on
 * "character combinations with special functions" are not known here and not checked; a fragment is
 * accepted. */
bool ts_product_id_read(ts_arena *a, ts_str text, ts_product_id *out, ts_error *e);

/* What a passport that is issued calls the product: an address as it was given, because it leads to
 * the maker's resolver, else the canonical form. */
ts_str ts_product_id_issued(const ts_product_id *p);

/* A serial number that leaks neither time nor volume: `n` characters (12 to 20) from 29 letters and
 * digits that do not look alike, uniformly from the system's random source; within AI 21's
 * character set. */
bool ts_serial_new(unsigned n, char out[21], ts_error *e);

#endif
