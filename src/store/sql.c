#include "sql.h"

#include <stdio.h>

bool sql_fail(ts_store *s, ts_error *e, const char *doing) {
    int rc = sqlite3_extended_errcode(s->db), primary = rc & 0xFF;
    const char *cure = "";
    switch (primary) {
    case SQLITE_FULL:
        cure = "; the disk is full: make room and run the same command again, what was committed "
               "stands";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        cure = "; another process is writing: wait for it and run the same command again";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        cure = "; the file is damaged or is no store: restore a copy, or name another file";
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN: cure = "; check that file and folder exist and are writable"; break;
    case SQLITE_IOERR:
        cure =
            "; the disk or file system reported an error: check it and run the same command again";
        break;
    default: break;
    }
    ts_fail(e, TS_E_STORE, "%s: %s%s", doing, sqlite3_errmsg(s->db), cure);
    return ts_fail_at(e, s->path, 0, 0);
}

sql sql_open(ts_store *s, const char *text, ts_error *e) {
    sql q = {.s = s, .e = e, .ok = true};
    for (size_t i = 0; i < s->cached_n; i++)
        if (s->cached[i].sql == text) {
            q.stmt = s->cached[i].stmt;
            sqlite3_reset(q.stmt);
            sqlite3_clear_bindings(q.stmt);
            return q;
        }
    if (sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT, &q.stmt, 0) != SQLITE_OK) {
        q.ok = false;
        sql_fail(s, e, "cannot prepare a statement");
    } else if (s->cached_n < STATEMENTS) {
        s->cached[s->cached_n].sql = text;
        s->cached[s->cached_n++].stmt = q.stmt;
    } else {
        q.ok = ts_fail(e, TS_E_STORE, "too many kinds of statements");
        sqlite3_finalize(q.stmt);
        q.stmt = 0;
    }
    return q;
}

void sql_str(sql *q, ts_str v) {
    if (q->ok)
        sqlite3_bind_text64(q->stmt, ++q->at, v.p ? v.p : "", v.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}
void sql_blob(sql *q, ts_str v) {
    if (q->ok) sqlite3_bind_blob64(q->stmt, ++q->at, v.p ? v.p : "", v.n, SQLITE_TRANSIENT);
}
void sql_i64(sql *q, int64_t v) {
    if (q->ok) sqlite3_bind_int64(q->stmt, ++q->at, v);
}
void sql_f64(sql *q, double v) {
    if (q->ok) sqlite3_bind_double(q->stmt, ++q->at, v);
}

bool sql_step(sql *q) {
    q->row = false;
    if (!q->ok) return false;
    int rc = sqlite3_step(q->stmt);
    q->row = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) q->ok = sql_fail(q->s, q->e, "the store refused");
    return q->row;
}

ts_str sql_get_str(sql *q, ts_arena *a, int column) {
    const char *p = (const char *)sqlite3_column_text(q->stmt, column);
    int n = sqlite3_column_bytes(q->stmt, column);
    return p && n > 0 ? ts_str_dup(a, (ts_str){p, (size_t)n}) : TS_NONE;
}
ts_str sql_get_blob(sql *q, ts_arena *a, int column) {
    const char *p = sqlite3_column_blob(q->stmt, column);
    int n = sqlite3_column_bytes(q->stmt, column);
    return p && n > 0 ? ts_str_dup(a, (ts_str){p, (size_t)n}) : TS_NONE;
}
int64_t sql_get_i64(sql *q, int column) { return sqlite3_column_int64(q->stmt, column); }
double sql_get_f64(sql *q, int column) { return sqlite3_column_double(q->stmt, column); }

bool sql_done(sql *q) {
    if (q->stmt) sqlite3_reset(q->stmt);
    return q->ok;
}

bool sql_run(sql *q) {
    while (sql_step(q)) {}
    return sql_done(q);
}
