/* resolve.h - where what verification asks for comes from: files the user names, what was fetched
 * before, and the network.
 *
 * A did:web is only as good as the last look at it. The keys of a document are pinned when it is
 * first seen; a later document that has dropped one of them without ending it (expires, revoked) is
 * refused by name until the user accepts it.
 */
#ifndef TS_HOST_RESOLVE_H
#define TS_HOST_RESOLVE_H

#include "net/net.h"
#include "passport/passport.h"

typedef struct ts_resolve_options {
    const char *const *files; /* DID documents, credentials, status lists that the user has */
    size_t files_n;
    const char *cache; /* folder for what is fetched, and for pins; made when missing. NULL: nothing
                          is kept */
    const ts_str *accept; /* DIDs whose changed document is accepted and pinned anew */
    size_t accept_n;
    bool
        offline; /* nothing is fetched; what was kept is used however old, and the reason says so */
    ts_fetch_options fetch; /* limits, allow_private, ca_file; url and the like are set here */
} ts_resolve_options;

typedef struct ts_resolver ts_resolver;
/* Reads the files. Lives in `a`. */
ts_resolver *ts_resolver_new(ts_arena *a, const ts_resolve_options *o, ts_error *e);
ts_source_of ts_resolver_source(ts_resolver *r);
/* Fetches an address within the resolver's limits, at most `max` bytes; `accept` is the field's
 * value. Nothing is kept. Offline, TS_E_NET. */
bool ts_resolver_fetch(const ts_resolver *r, ts_arena *a, ts_str url, const char *accept,
                       size_t max, ts_fetch_result *out, ts_error *e);

#endif
