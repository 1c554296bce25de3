#include "statements.h"

#include "log.h"
#include "sql.h"

#define STATEMENT                                                                                  \
    "SELECT id, kind, about, passport, notice, author, author_name, at, bytes FROM statement "

static ts_statement_row row_of(sql *q, ts_arena *a) {
    return (ts_statement_row){.id = sql_get_str(q, a, 0),
                              .kind = sql_get_str(q, a, 1),
                              .about = sql_get_str(q, a, 2),
                              .passport = sql_get_str(q, a, 3),
                              .notice = sql_get_str(q, a, 4),
                              .by = sql_get_str(q, a, 5),
                              .by_name = sql_get_str(q, a, 6),
                              .at = sql_get_i64(q, 7),
                              .bytes = sql_get_str(q, a, 8)};
}

ts_str store_statement_body(ts_arena *a, const ts_statement_row *r) {
    ts_buf b = ts_buf_new(a, 6 * (r->bytes.n + r->by_name.n) + (1 << 16));
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr_opt(&w, "about", r->about);
    ts_jsonw_key(&w, "at");
    ts_jsonw_i64(&w, r->at);
    ts_jsonw_kstr(&w, "by", r->by);
    ts_jsonw_kstr(&w, "bytes", r->bytes);
    ts_jsonw_kstr(&w, "id", r->id);
    ts_jsonw_kstr(&w, "kind", r->kind);
    ts_jsonw_kstr_opt(&w, "name", r->by_name);
    ts_jsonw_kstr_opt(&w, "notice", r->notice);
    ts_jsonw_kstr(&w, "passport", r->passport);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

bool store_statement_of(const ts_json *body, ts_statement_row *out, ts_error *e) {
    *out = (ts_statement_row){.id = ts_json_str(ts_json_member(body, "id")),
                              .kind = ts_json_str(ts_json_member(body, "kind")),
                              .about = ts_json_str(ts_json_member(body, "about")),
                              .passport = ts_json_str(ts_json_member(body, "passport")),
                              .notice = ts_json_str(ts_json_member(body, "notice")),
                              .by = ts_json_str(ts_json_member(body, "by")),
                              .by_name = ts_json_str(ts_json_member(body, "name")),
                              .bytes = ts_json_str(ts_json_member(body, "bytes"))};
    if (!ts_json_i64(ts_json_member(body, "at"), &out->at) || !out->id.n || !out->kind.n ||
        !out->passport.n || !out->by.n || !out->bytes.n)
        return ts_fail(e, TS_E_INPUT,
                       "a statement lacks its id, kind, passport, author, time or bytes");
    return true;
}

/* Whether the id is taken, and whether by the same bytes. */
static bool there(ts_store *s, const ts_statement_row *r, bool *taken, ts_error *e) {
    sql q = sql_open(s, "SELECT bytes = ? FROM statement WHERE id = ?", e);
    sql_str(&q, r->bytes);
    sql_str(&q, r->id);
    *taken = sql_step(&q);
    bool same = *taken && sql_get_i64(&q, 0);
    if (!sql_done(&q)) return false;
    return !*taken || same ||
           ts_fail(e, TS_E_INPUT, "another statement with the id %.*s is kept already",
                   TS_P(r->id));
}

static bool put(ts_store *s, const ts_statement_row *r, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO statement(id, kind, about, passport, notice, author, "
                     "author_name, at, bytes) VALUES(?,?,?,?,?,?,?,?,?)",
                     e);
    sql_str(&q, r->id);
    sql_str(&q, r->kind);
    sql_str(&q, r->about);
    sql_str(&q, r->passport);
    sql_str(&q, r->notice);
    sql_str(&q, r->by);
    sql_str(&q, r->by_name);
    sql_i64(&q, r->at);
    sql_str(&q, r->bytes);
    return sql_run(&q);
}

bool ts_store_add_statement(ts_store *s, const ts_statement_row *r, bool *fresh, ts_error *e) {
    bool taken;
    if (!there(s, r, &taken, e)) return false;
    *fresh = !taken;
    if (taken) return true;
    if (!put(s, r, e)) return false;
    size_t room = 8 * (r->bytes.n + r->by_name.n) + (1 << 18);
    ts_arena work = ts_arena_new(room);
    ts_arena used = work;
    bool ok =
        store_log_append(s, TS_LOG_STATEMENT, r->id, 0, r->at, store_statement_body(&used, r), e);
    ts_arena_free(&work, room);
    return ok;
}

bool ts_store_statements(ts_store *s, ts_arena *a, ts_str passport, ts_statement_rows *out,
                         ts_error *e) {
    sql q = sql_open(s, STATEMENT "WHERE passport = ? ORDER BY number", e);
    sql_str(&q, passport);
    while (sql_step(&q)) *ts_push(a, out) = row_of(&q, a);
    return sql_done(&q);
}

bool ts_store_statement(ts_store *s, ts_arena *a, ts_str id, ts_statement_row *out, bool *found,
                        ts_error *e) {
    sql q = sql_open(s, STATEMENT "WHERE id = ?", e);
    sql_str(&q, id);
    *found = sql_step(&q);
    if (*found) *out = row_of(&q, a);
    return sql_done(&q);
}
