/* tokens.h - who may do what over the network. The secret itself is not kept, only its SHA-256. */
#ifndef TS_STORE_TOKENS_H
#define TS_STORE_TOKENS_H

#include "database.h"

typedef struct ts_token_row {
    ts_str id;                  /* public part: to name, list and revoke it by */
    ts_str digest;              /* SHA-256 of the secret, hexadecimal */
    ts_str name;                /* who it was given to, for people and for records */
    uint32_t audiences, scopes; /* bits: passport/access.h; host/tokens.h */
    ts_str operator_id; /* whose passports it may write; empty = those of nobody in particular */
    int64_t issued, expires, revoked; /* UTC seconds; revoked 0 = it is not */
} ts_token_row;
typedef struct ts_token_rows {
    ts_token_row *v;
    size_t n, cap;
} ts_token_rows;

bool ts_store_put_token(ts_store *s, const ts_token_row *row, ts_error *e);
bool ts_store_token(ts_store *s, ts_arena *a, ts_str id, ts_token_row *out, bool *found,
                    ts_error *e);
bool ts_store_tokens(ts_store *s, ts_arena *a, ts_token_rows *out, ts_error *e);

#endif
