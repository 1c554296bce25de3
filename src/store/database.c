#include "database.h"

#include <stdio.h>
#include <unistd.h>

#include "rows.h"
#include "sql.h"

enum { APPLICATION_ID = 0x74735354 }; /* "tsST" in the file's header */

/* Migrations, in order; user_version counts the ones applied. A published one is never changed. */
static const char *const migrations[] = {
    "CREATE TABLE notice("
    "  id TEXT PRIMARY KEY, source TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL, "
    "version INTEGER NOT NULL,"
    "  digest TEXT NOT NULL, json TEXT NOT NULL, first_seen INTEGER NOT NULL, last_changed INTEGER "
    "NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE notice_version("
    "  notice TEXT NOT NULL REFERENCES notice(id), version INTEGER NOT NULL, seen INTEGER NOT "
    "NULL, digest TEXT NOT NULL,"
    "  state TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY(notice, version)) WITHOUT ROWID;"
    "CREATE TABLE notice_set(one INTEGER PRIMARY KEY CHECK(one = 1), count INTEGER NOT NULL, lo "
    "INTEGER NOT NULL, hi INTEGER NOT NULL);"
    "INSERT INTO notice_set VALUES(1, 0, 0, 0);"
    "CREATE TABLE run("
    "  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, source TEXT NOT NULL, format TEXT NOT NULL, "
    "model TEXT NOT NULL,"
    "  started INTEGER NOT NULL, finished INTEGER NOT NULL, records INTEGER NOT NULL, bad INTEGER "
    "NOT NULL, fresh INTEGER NOT NULL,"
    "  changed INTEGER NOT NULL, complete INTEGER NOT NULL);"
    "CREATE INDEX run_by_source ON run(kind, source, id);"
    "CREATE TABLE feed(url TEXT PRIMARY KEY, etag TEXT NOT NULL, last_modified TEXT NOT NULL, "
    "fetched INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE lead("
    "  id TEXT PRIMARY KEY, source TEXT NOT NULL, offer TEXT NOT NULL, notice TEXT NOT NULL, "
    "probability REAL NOT NULL,"
    "  grade TEXT NOT NULL, rung TEXT NOT NULL, scope_fit TEXT NOT NULL, legal_effect TEXT NOT "
    "NULL, model TEXT NOT NULL,"
    "  json TEXT NOT NULL, run INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER "
    "NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX lead_by_run ON lead(run, probability);"
    "CREATE INDEX lead_by_notice ON lead(notice);",
    "ALTER TABLE feed ADD COLUMN mark TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE feed ADD COLUMN records INTEGER NOT NULL DEFAULT -1;"
    "ALTER TABLE run ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;",
    "CREATE TABLE passport("
    "  id TEXT PRIMARY KEY, product TEXT NOT NULL, grain TEXT NOT NULL, model TEXT NOT NULL, "
    "batch TEXT NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX passport_by_product ON passport(product);"
    "CREATE INDEX passport_by_model ON passport(model) WHERE model <> '';"
    "CREATE INDEX passport_by_batch ON passport(batch) WHERE batch <> '';"
    "CREATE TABLE passport_version("
    "  passport TEXT NOT NULL REFERENCES passport(id), version INTEGER NOT NULL, at INTEGER NOT "
    "NULL, status TEXT NOT NULL, safety TEXT NOT NULL, operator TEXT NOT NULL, digest TEXT NOT "
    "NULL, document TEXT NOT NULL, PRIMARY KEY(passport, version)) WITHOUT ROWID;"
    "CREATE TABLE passport_secured("
    "  credential TEXT NOT NULL UNIQUE, passport TEXT NOT NULL, version INTEGER NOT NULL, audience "
    "TEXT NOT NULL, form TEXT NOT NULL, issuer TEXT NOT NULL, list TEXT NOT NULL, idx INTEGER NOT "
    "NULL, at INTEGER NOT NULL, bytes TEXT NOT NULL,"
    "  FOREIGN KEY(passport, version) REFERENCES passport_version(passport, version));"
    "CREATE INDEX secured_by_version ON passport_secured(passport, version);"
    "CREATE TABLE status_list("
    "  url TEXT PRIMARY KEY, purpose TEXT NOT NULL, bits BLOB NOT NULL, secured TEXT NOT NULL, at "
    "INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE status_entry("
    "  list TEXT NOT NULL REFERENCES status_list(url), idx INTEGER NOT NULL, credential TEXT NOT "
    "NULL, PRIMARY KEY(list, idx)) WITHOUT ROWID;",
    /* Passports by number: words that repeat are kept once, texts against what they resemble. The
       rows themselves are carried over by store_move_passports. */
    "ALTER TABLE passport RENAME TO old_passport;"
    "ALTER TABLE passport_version RENAME TO old_version;"
    "ALTER TABLE passport_secured RENAME TO old_secured;"
    "ALTER TABLE status_list RENAME TO old_list;"
    "ALTER TABLE status_entry RENAME TO old_entry;"
    "DROP INDEX passport_by_product; DROP INDEX passport_by_model; DROP INDEX passport_by_batch;"
    "DROP INDEX secured_by_version;"
    "CREATE TABLE word(number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
    "CREATE TABLE passport("
    "  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, product TEXT NOT NULL, grain INTEGER "
    "NOT NULL, model INTEGER NOT NULL, batch INTEGER NOT NULL, version INTEGER NOT NULL, newest "
    "INTEGER NOT NULL);"
    "CREATE INDEX passport_by_product ON passport(product);"
    "CREATE INDEX passport_by_model ON passport(model, grain) WHERE model <> 0;"
    "CREATE INDEX passport_by_batch ON passport(batch, grain) WHERE batch <> 0;"
    "CREATE TABLE passport_version("
    "  row INTEGER PRIMARY KEY, passport INTEGER NOT NULL, version INTEGER NOT NULL, at INTEGER "
    "NOT NULL, status INTEGER NOT NULL, safety INTEGER NOT NULL, operator INTEGER NOT NULL, digest "
    "NOT NULL, base INTEGER NOT NULL, depth INTEGER NOT NULL, document NOT NULL);"
    "CREATE UNIQUE INDEX version_of_passport ON passport_version(passport, version);"
    "CREATE TABLE passport_secured("
    "  row INTEGER PRIMARY KEY, credential NOT NULL, version INTEGER NOT NULL, audience INTEGER "
    "NOT "
    "NULL, form INTEGER NOT NULL, issuer INTEGER NOT NULL, list INTEGER NOT NULL, idx INTEGER NOT "
    "NULL, at INTEGER NOT NULL, base INTEGER NOT NULL, depth INTEGER NOT NULL, bytes NOT NULL);"
    "CREATE UNIQUE INDEX secured_by_credential ON passport_secured(credential);"
    "CREATE INDEX secured_by_version ON passport_secured(version);"
    "CREATE TABLE status_list("
    "  number INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, purpose TEXT NOT NULL, used INTEGER "
    "NOT NULL, newest INTEGER NOT NULL);"
    "CREATE TABLE status_bits(list INTEGER PRIMARY KEY, bits BLOB NOT NULL);"
    "CREATE TABLE status_version("
    "  row INTEGER PRIMARY KEY, list INTEGER NOT NULL, at INTEGER NOT NULL, secured NOT NULL);"
    "CREATE INDEX status_version_of_list ON status_version(list);"
    "CREATE TABLE status_entry("
    "  list INTEGER NOT NULL, idx INTEGER NOT NULL, secured INTEGER NOT NULL, PRIMARY KEY(list, "
    "idx)) WITHOUT ROWID;",
    /* What finds a passport, the log and who follows it. */
    "CREATE TABLE place("
    "  number INTEGER PRIMARY KEY, sealed INTEGER NOT NULL, gtin INTEGER NOT NULL, lot INTEGER NOT "
    "NULL, serial TEXT NOT NULL, made INTEGER NOT NULL, brand INTEGER NOT NULL, model_name INTEGER "
    "NOT NULL, name INTEGER NOT NULL, operator_id INTEGER NOT NULL, operator_name INTEGER NOT "
    "NULL);"
    "CREATE INDEX place_by_serial ON place(serial, gtin) WHERE serial <> '';"
    "CREATE TABLE place_missing(number INTEGER PRIMARY KEY);"
    "CREATE TABLE place_edge("
    "  source INTEGER NOT NULL, target INTEGER NOT NULL, predecessor INTEGER NOT NULL, "
    "PRIMARY KEY(source, target, predecessor)) WITHOUT ROWID;"
    "CREATE INDEX edge_by_target ON place_edge(target);"
    "CREATE TABLE place_mark(one INTEGER PRIMARY KEY CHECK(one = 1), mark INTEGER NOT NULL);"
    "INSERT INTO place_mark VALUES(1, 0);"
    "CREATE TABLE log("
    "  n INTEGER PRIMARY KEY, kind INTEGER NOT NULL, subject NOT NULL, at INTEGER NOT NULL, "
    "digest BLOB NOT NULL, hash BLOB NOT NULL);"
    "CREATE TABLE checkpoint(size INTEGER NOT NULL, at INTEGER NOT NULL, token TEXT NOT NULL);"
    "CREATE TABLE peer("
    "  url TEXT PRIMARY KEY, log TEXT NOT NULL, method TEXT NOT NULL, key TEXT NOT NULL, size "
    "INTEGER NOT NULL, hash BLOB NOT NULL, checkpoint_at INTEGER NOT NULL, seen INTEGER NOT NULL, "
    "checkpoint TEXT NOT NULL, trouble TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE registration("
    "  row INTEGER PRIMARY KEY, passport TEXT NOT NULL, version INTEGER NOT NULL, hash TEXT NOT "
    "NULL, number TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, proof TEXT NOT NULL, "
    "UNIQUE(passport, version, number));",
    /* Events of products' lives. */
    "CREATE TABLE event("
    "  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, at INTEGER NOT "
    "NULL, recorded INTEGER NOT NULL, author TEXT NOT NULL, body TEXT NOT NULL);"
    "CREATE TABLE event_about("
    "  product TEXT NOT NULL, at INTEGER NOT NULL, event INTEGER NOT NULL REFERENCES "
    "event(number), role TEXT NOT NULL, PRIMARY KEY(product, at, event, role)) WITHOUT ROWID;"
    "CREATE INDEX about_by_event ON event_about(event);",
    /* What others say of a passport's safety. */
    "CREATE TABLE statement("
    "  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, about TEXT NOT "
    "NULL, passport TEXT NOT NULL, notice TEXT NOT NULL, author TEXT NOT NULL, author_name TEXT "
    "NOT NULL, at INTEGER NOT NULL, bytes TEXT NOT NULL);"
    "CREATE INDEX statement_by_passport ON statement(passport);"
    "CREATE INDEX statement_by_about ON statement(about) WHERE about <> '';",
    /* Who may do what over the network. */
    "CREATE TABLE token("
    "  id TEXT PRIMARY KEY, digest TEXT NOT NULL, name TEXT NOT NULL, audiences INTEGER NOT NULL, "
    "scopes INTEGER NOT NULL, operator TEXT NOT NULL, issued INTEGER NOT NULL, expires INTEGER NOT "
    "NULL, revoked INTEGER NOT NULL) WITHOUT ROWID;",
    /* Where items were offered. */
    "CREATE TABLE sighting("
    "  product TEXT NOT NULL, source TEXT NOT NULL, offer TEXT NOT NULL, seller TEXT NOT NULL, url "
    "TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(product, source, offer)) WITHOUT ROWID;",
};
enum {
    VERSION = sizeof migrations / sizeof *migrations,
    BY_NUMBER = 4 /* the version that keeps passports by number */
};

static bool execute(ts_store *s, const char *text, ts_error *e, const char *doing) {
    return sqlite3_exec(s->db, text, 0, 0, 0) == SQLITE_OK || sql_fail(s, e, doing);
}

static bool pragma(ts_store *s, const char *text, int64_t *value, ts_error *e) {
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(s->db, text, -1, &q, 0) != SQLITE_OK)
        return sql_fail(s, e, "cannot read the store");
    int rc = sqlite3_step(q);
    *value = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
    sqlite3_finalize(q);
    return rc == SQLITE_ROW || rc == SQLITE_DONE || sql_fail(s, e, "cannot read the store");
}

/* All migrations that are missing, in one transaction with the version number. */
static bool migrate(ts_store *s, int64_t have, ts_error *e) {
    char set[96];
    if (have == VERSION) return true;
    if (!s->writable) {
        ts_fail(e, TS_E_VERSION,
                "the store was made by an older touchstone: open it once for writing (any import "
                "does)");
        return ts_fail_at(e, s->path, 0, 0);
    }
    if (!execute(s, "BEGIN IMMEDIATE", e, "cannot lock the store")) return false;
    bool ok =
        pragma(s, "PRAGMA user_version", &have, e); /* another process may have been quicker */
    for (int64_t v = have; ok && v < VERSION; v++)
        ok = execute(s, migrations[v], e, "cannot migrate the store");
    if (ok && have < BY_NUMBER) ok = store_move_passports(s, e);
    snprintf(set, sizeof set, "PRAGMA user_version = %d; PRAGMA application_id = %d;", VERSION,
             APPLICATION_ID);
    ok = ok && execute(s, set, e, "cannot migrate the store") &&
         execute(s, "COMMIT", e, "cannot migrate the store");
    if (!ok) sqlite3_exec(s->db, "ROLLBACK", 0, 0, 0);
    return ok;
}

/* Turning the log on waits for nobody: while another process makes or recovers the store it fails
 * at once, whatever the busy timeout. */
static bool turn_log_on(ts_store *s, ts_error *e) {
    enum { TRIES = 500, PAUSE_MS = 20 };
    int rc = SQLITE_BUSY;
    for (int i = 0; i < TRIES && (rc & 0xFF) == SQLITE_BUSY; i++) {
        if (i) sqlite3_sleep(PAUSE_MS);
        rc = sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", 0, 0, 0);
    }
    return rc == SQLITE_OK || sql_fail(s, e, "cannot set up the store");
}

static bool prepare(ts_store *s, ts_error *e) {
    int64_t version = 0, application = 0, tables = 0;
    sqlite3_busy_timeout(s->db, 10000);
    sqlite3_extended_result_codes(s->db, 1);
    /* The tables first: another process that makes the store at this moment sets the other two
     * together with them. */
    if (!pragma(s, "SELECT count(*) FROM sqlite_master", &tables, e) ||
        !pragma(s, "PRAGMA application_id", &application, e) ||
        !pragma(s, "PRAGMA user_version", &version, e))
        return false;
    if (tables == 0 && !s->writable) {
        ts_fail(e, TS_E_STORE,
                "is empty: no store has been made here yet; `touchstone import --store %s FILE` "
                "makes one",
                s->path);
        return ts_fail_at(e, s->path, 0, 0);
    }
    if (tables > 0 && application != APPLICATION_ID) {
        ts_fail(e, TS_E_STORE, "is an SQLite database, but no touchstone store; name another file");
        return ts_fail_at(e, s->path, 0, 0);
    }
    if (version > VERSION) {
        ts_fail(e, TS_E_VERSION,
                "was made by a newer touchstone (store version %lld, this one knows %d): use that "
                "program, or name another file",
                (long long)version, VERSION);
        return ts_fail_at(e, s->path, 0, 0);
    }
    if (s->writable &&
        (!turn_log_on(s, e) || !execute(s, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", e,
                                        "cannot set up the store")))
        return false;
    return migrate(s, version, e) &&
           (s->writable || execute(s, "PRAGMA query_only = ON", e, "cannot set up the store"));
}

ts_store *ts_store_open(ts_arena *a, const char *path, ts_store_mode mode, ts_error *e) {
    ts_store *s = ts_new(a, ts_store);
    if (!*path || strlen(path) >= sizeof s->path) { /* SQLite takes an empty name for a store that
                                                       vanishes with the program */
        ts_fail(e, TS_E_USAGE,
                *path ? "the store's path is longer than %zu bytes"
                      : "the store's path is empty; name a file",
                sizeof s->path - 1);
        return 0;
    }
    snprintf(s->path, sizeof s->path, "%s", path);
    s->writable = mode == TS_STORE_WRITE;
    if (!s->writable && access(path, F_OK) != 0) {
        ts_fail(e, TS_E_NOT_FOUND,
                "there is no such store; `touchstone import --store %s FILE` makes one", path);
        ts_fail_at(e, path, 0, 0);
        return 0;
    }
    int flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (s->writable ? SQLITE_OPEN_CREATE : 0);
    bool ok = sqlite3_open_v2(path, &s->db, flags, 0) == SQLITE_OK ||
              sql_fail(s, e, "cannot open the store");
    if (ok && store_packing_open(s, e) && prepare(s, e)) return s;
    ts_store_close(s);
    return 0;
}

void ts_store_close(ts_store *s) {
    if (!s || !s->db) return;
    for (size_t i = 0; i < s->cached_n; i++) sqlite3_finalize(s->cached[i].stmt);
    if (s->in_transaction) ts_store_rollback(s);
    sqlite3_close_v2(s->db);
    store_packing_close(s);
    s->db = 0;
}

const char *ts_store_path(const ts_store *s) { return s->path; }

bool ts_store_begin(ts_store *s, ts_error *e) {
    s->in_transaction = execute(s, "BEGIN IMMEDIATE", e, "cannot lock the store");
    return s->in_transaction;
}

bool ts_store_commit(ts_store *s, ts_error *e) {
    bool ok = execute(s, "COMMIT", e, "cannot commit");
    if (ok) s->in_transaction = false;
    return ok;
}

void ts_store_rollback(ts_store *s) {
    if (s->in_transaction) sqlite3_exec(s->db, "ROLLBACK", 0, 0, 0);
    store_forget_recent(s);
    s->in_transaction = false;
}

bool ts_store_end(ts_store *s, bool ok, ts_error *e) {
    ok = ok && ts_store_commit(s, e);
    if (!ok) ts_store_rollback(s);
    return ok;
}
