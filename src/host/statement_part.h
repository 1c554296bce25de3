/* statement_part.h - what a statement's credential says. Private to host/. */
#ifndef TS_HOST_STATEMENT_PART_H
#define TS_HOST_STATEMENT_PART_H

#include "safety.h"

#define STATEMENT_TYPE "SafetyNoticeCredential"

enum { STATEMENT_MAX = 1 << 20 }; /* bytes of one, as signed */

typedef struct statement_facts {
    ts_str id, kind;
    ts_str passport; /* that it is about; empty in an answer */
    ts_str about;    /* statement that it answers; empty otherwise */
    ts_str notice, by, by_name, reason;
    int64_t at;
    const ts_json *text; /* by language; may be NULL */
} statement_facts;

/* From the credential's tree, whatever secures it. TS_E_INPUT with what is wrong. */
bool statement_read(ts_arena *a, const ts_credential *c, statement_facts *out, ts_error *e);
/* From bytes whose signature was verified when they came. */
bool statement_of_bytes(ts_arena *a, ts_str bytes, statement_facts *out, ts_error *e);

/* Whether a row that came from another provider is what its bytes say, and their signature is not a
 * wrong one. A key that cannot be had leaves it to the peer's word. TS_E_INPUT. */
bool statement_fits(ts_arena *a, const ts_statement_row *row, const ts_verify_options *o,
                    ts_error *e);

#endif
