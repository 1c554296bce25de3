/* uri.h - URIs and IRIs: their parts, their form, and references against a base (RFC 3986, RFC
 * 3987). */
#ifndef TS_BASE_URI_H
#define TS_BASE_URI_H

#include "buf.h"

typedef struct ts_uri {
    ts_str scheme, authority, path, query, fragment; /* .p == NULL: not there (path: empty) */
} ts_uri;
ts_uri ts_uri_split(ts_str s); /* appendix B; whatever the text is, it has parts */
/* Whether the text keeps to the grammar: with `iri` also characters beyond ASCII (RFC 3987 section
 * 2.2), with `reference` also without a scheme. */
bool ts_uri_valid(ts_str s, bool iri, bool reference);
/* Whether a valid URI, or IRI, says something behind its scheme; of http and https a host. */
bool ts_uri_names(ts_str s, bool iri);
bool ts_uri_is_web(ts_str s);                                /* the scheme is http or https */
ts_str ts_uri_resolve(ts_arena *a, ts_str base, ts_str ref); /* section 5.2 */
/* Adds `s` with everything but unreserved characters (section 2.3) percent-encoded, in capitals. */
void ts_uri_encode(ts_buf *b, ts_str s);
bool ts_ipv4_valid(ts_str s); /* four decimal numbers */
bool ts_ipv6_valid(ts_str s); /* RFC 4291 section 2.2, without a zone */

#endif
