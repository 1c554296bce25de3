/* tokens.h - random tokens for people and programs that come over the network. */
#ifndef TS_HOST_TOKENS_H
#define TS_HOST_TOKENS_H

#include "passport/passport.h"
#include "store/store.h"

typedef enum {
    TS_RIGHT_READ,      /* see what its audiences may */
    TS_RIGHT_WRITE,     /* create and change passports of its operator */
    TS_RIGHT_EVENTS,    /* add life events */
    TS_RIGHT_STATEMENT, /* add statements on safety */
    TS_RIGHT_REPLICATE, /* follow the log */
    TS_RIGHTS
} ts_right;                            /* bit 1 << … in scopes */
const char *ts_right_name(ts_right r); /* "read", "write", "events", "statement", "replicate" */
bool ts_right_by_name(ts_str name, ts_right *r);

typedef struct ts_token_job {
    ts_str name, operator_id;
    ts_audiences audiences;
    uint32_t scopes;
    int64_t now, expires;
} ts_token_job;
/* "tst_" ID "_" SECRET: 128 random bits of id and 256 of secret, base58 without look-alikes. The
 * text is given out once; the store has its digest. */
bool ts_token_issue(ts_arena *a, ts_store *s, const ts_token_job *job, ts_str *text, ts_error *e);
/* Whose it is. TS_E_NOT_FOUND for one that is unknown, wrong, expired or revoked, all in the same
 * words and the same time. */
bool ts_token_check(ts_arena *a, ts_store *s, ts_str text, int64_t now, ts_token_row *out,
                    ts_error *e);
bool ts_token_revoke(ts_arena *a, ts_store *s, ts_str id, int64_t now, ts_error *e);

#endif
