/* uri.h - http and https addresses taken apart, strictly (RFC 3986, sections 3 and 6.2.2). Private
 * to the room.
 */
#ifndef TS_PRODUCT_URI_H
#define TS_PRODUCT_URI_H

#include "base/base.h"

enum { URI_MAX = 8000 };

/* All parts point into the text. */
typedef struct uri {
    ts_str scheme;    /* "https", as it stood */
    ts_str authority; /* host and port */
    ts_str host;      /* with brackets when it is an IPv6 address */
    ts_str port;      /* empty when there is none */
    ts_str path;      /* empty, or from its '/' on */
    ts_str query, fragment;
    bool has_query, has_fragment;
    bool empty_segment; /* "//" in the path */
    bool encoded;       /* there is percent-encoding in path, query or fragment */
} uri;

/* Accepted: scheme http or https in any case; host of letters, digits, hyphens and dots (names in
 * other scripts as "xn--…") or an IPv6 address in brackets; port 1 to 65535. Refused by name: more
 * than 8,000 bytes, user names, characters that no address may hold, malformed percent-encoding,
 * encoded control characters, and segments "." and ".." in any spelling, which every client would
 * resolve away. */
bool uri_split(ts_str text, uri *out, ts_error *e);
/* Whether the text begins with http:// or https://. */
bool uri_is_http(ts_str text);

/* The text with scheme and host in lower case, unreserved characters decoded, percent-encoding in
 * capitals, and without the scheme's own port. The text itself when nothing changes. */
ts_str uri_normal(ts_arena *a, ts_str text, const uri *u);

/* Value of the "%XX" at s[i]. */
unsigned uri_triplet(ts_str s, size_t i);

#endif
