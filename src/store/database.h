/* database.h - opening a store, and its transactions. */
#ifndef TS_STORE_DATABASE_H
#define TS_STORE_DATABASE_H

#include "base/base.h"

typedef struct ts_store ts_store;

typedef enum {
    TS_STORE_READ,  /* read-only; the file must exist */
    TS_STORE_WRITE, /* made when missing, migrated when older */
} ts_store_mode;

/* The connection lives in `a` until ts_store_close. TS_E_STORE when it is no store of ours,
 * damaged, of a newer version, or locked by another writer for longer than ten seconds. */
ts_store *ts_store_open(ts_arena *a, const char *path, ts_store_mode mode, ts_error *e);
void ts_store_close(ts_store *s); /* NULL is allowed; an open transaction is rolled back */
const char *ts_store_path(const ts_store *s);

/* Writes happen between begin and commit. After a failed write or commit: roll back; nothing of the
 * transaction is kept. */
bool ts_store_begin(ts_store *s, ts_error *e);
bool ts_store_commit(ts_store *s, ts_error *e);
void ts_store_rollback(ts_store *s);
/* Ends a transaction: commits where all went well so far, else rolls back. Whether it was
 * committed. */
bool ts_store_end(ts_store *s, bool ok, ts_error *e);

#endif
