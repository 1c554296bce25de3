/* sql.h - the little we need between SQLite's C interface and the rest. Private to store/. */
#ifndef TS_STORE_SQL_H
#define TS_STORE_SQL_H

#include <sqlite3.h>

#include "database.h"

enum { STATEMENTS = 200 };

struct ts_store {
    sqlite3 *db;
    char path[1024];
    bool writable, in_transaction;
    struct {
        const char *sql;
        sqlite3_stmt *stmt;
    } cached[STATEMENTS];
    size_t cached_n;
    struct store_packing *packing; /* packed.c */
    ts_arena work;                 /* for what one call works with: taken by value */
};

/* A statement in use. Steps are taken until `row` is false; `ok` says whether all went well. Always
 * ended with sql_done. */
typedef struct sql {
    ts_store *s;
    sqlite3_stmt *stmt;
    ts_error *e;
    bool ok, row;
    int at;
} sql;

/* Prepares (once per text: `text` is a literal) and resets. */
sql sql_open(ts_store *s, const char *text, ts_error *e);
/* Bind the next parameter. */
void sql_str(sql *q, ts_str v);
void sql_blob(sql *q, ts_str v);
void sql_i64(sql *q, int64_t v);
void sql_f64(sql *q, double v);
bool sql_step(sql *q);                               /* true: a row */
ts_str sql_get_str(sql *q, ts_arena *a, int column); /* copied */
ts_str sql_get_blob(sql *q, ts_arena *a, int column);
int64_t sql_get_i64(sql *q, int column);
double sql_get_f64(sql *q, int column);
bool sql_done(sql *q); /* resets; gives q->ok */
/* Runs to the end. */
bool sql_run(sql *q);
/* Fills e from the connection's last error, with what to do about it. */
bool sql_fail(ts_store *s, ts_error *e, const char *doing);

#endif
