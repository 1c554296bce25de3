/* verifying.h - from what a person has (a file, an address, a photograph of a code, the text of a
 * code) to a verdict. */
#ifndef TS_HOST_VERIFYING_H
#define TS_HOST_VERIFYING_H

#include "resolve.h"
#include "store/store.h"

typedef struct ts_verify_job {
    ts_str input;     /* the bytes at hand … */
    const char *name; /* … and where they are from, for errors */
    bool is_address;  /* `input` is an http(s) address or the text of a code, not a document */
    ts_store *store;  /* where a scanned product's passport may be; NULL = nowhere */
    ts_resolve_options resolve;
    const char *schemas; /* folder with UNTP's schema files; NULL = not at hand */
    const ts_str *trusted;
    size_t trusted_n;
    ts_str product; /* what the passport must be about; may be empty */
    ts_str challenge, domain;
    int64_t now;
} ts_verify_job;

typedef struct ts_verified {
    ts_report report;
    ts_str steps; /* how the passport was come by, one sentence a line; may be empty */
    ts_str code;  /* text of the code on the picture; may be empty */
} ts_verified;

/* A picture is read for its code; a code leads to an address or a product; an address is fetched,
 * and a link set there (RFC 9264) is followed once to its gs1:dpp. What cannot be reached makes
 * every step "not checked". False with TS_E_INPUT only when there is nothing to verify: a picture
 * without a code, a code that is no product identifier. */
bool ts_verify_input(ts_arena *a, const ts_verify_job *job, ts_verified *out, ts_error *e);

#endif
