#include "tokens.h"

#include "sql.h"

#define TOKEN                                                                                      \
    "SELECT id, digest, name, audiences, scopes, operator, issued, expires, revoked FROM token "

static ts_token_row row_of(sql *q, ts_arena *a) {
    return (ts_token_row){.id = sql_get_str(q, a, 0),
                          .digest = sql_get_str(q, a, 1),
                          .name = sql_get_str(q, a, 2),
                          .audiences = (uint32_t)sql_get_i64(q, 3),
                          .scopes = (uint32_t)sql_get_i64(q, 4),
                          .operator_id = sql_get_str(q, a, 5),
                          .issued = sql_get_i64(q, 6),
                          .expires = sql_get_i64(q, 7),
                          .revoked = sql_get_i64(q, 8)};
}

bool ts_store_put_token(ts_store *s, const ts_token_row *row, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO token(id, digest, name, audiences, scopes, operator, issued, "
                     "expires, revoked) VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
                     "revoked = excluded.revoked WHERE revoked = 0",
                     e);
    sql_str(&q, row->id);
    sql_str(&q, row->digest);
    sql_str(&q, row->name);
    sql_i64(&q, row->audiences);
    sql_i64(&q, row->scopes);
    sql_str(&q, row->operator_id);
    sql_i64(&q, row->issued);
    sql_i64(&q, row->expires);
    sql_i64(&q, row->revoked);
    return sql_run(&q);
}

bool ts_store_token(ts_store *s, ts_arena *a, ts_str id, ts_token_row *out, bool *found,
                    ts_error *e) {
    sql q = sql_open(s, TOKEN "WHERE id = ?", e);
    sql_str(&q, id);
    *found = sql_step(&q);
    if (*found) *out = row_of(&q, a);
    return sql_done(&q);
}

bool ts_store_tokens(ts_store *s, ts_arena *a, ts_token_rows *out, ts_error *e) {
    sql q = sql_open(s, TOKEN "ORDER BY issued, id", e);
    while (sql_step(&q)) *ts_push(a, out) = row_of(&q, a);
    return sql_done(&q);
}
