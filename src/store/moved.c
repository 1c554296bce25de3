#include "log.h"
#include "rows.h"

/* Passports of a store that kept them by their texts go through the functions that add them, in the
 * order in which they were written: they are packed, and the log begins with them. */

static bool move_lists(ts_store *s, ts_arena scratch, ts_error *e) {
    sql q = sql_open(s, "SELECT url, purpose, bits, secured, at FROM old_list ORDER BY at, url", e);
    bool ok = true;
    while (ok && sql_step(&q)) {
        ts_arena a = scratch;
        const ts_list_row r = {.url = sql_get_str(&q, &a, 0),
                               .purpose = sql_get_str(&q, &a, 1),
                               .bits = sql_get_blob(&q, &a, 2),
                               .secured = sql_get_str(&q, &a, 3),
                               .at = sql_get_i64(&q, 4)};
        ok = ts_store_put_list(s, &r, e);
    }
    if (!sql_done(&q) || !ok) return false;
    q = sql_open(s, "SELECT list, idx FROM old_entry", e);
    while (ok && sql_step(&q)) {
        ts_arena a = scratch;
        bool taken;
        ok = ts_store_take_index(s, sql_get_str(&q, &a, 0), sql_get_i64(&q, 1), &taken, e);
    }
    return sql_done(&q) && ok;
}

static bool move_signed(ts_store *s, ts_arena scratch, ts_str passport, int64_t version,
                        ts_error *e) {
    sql q = sql_open(s,
                     "SELECT audience, form, credential, issuer, list, idx, at, bytes FROM "
                     "old_secured WHERE passport = ? AND version = ? ORDER BY rowid",
                     e);
    bool ok = true;
    sql_str(&q, passport);
    sql_i64(&q, version);
    while (ok && sql_step(&q)) {
        ts_arena a = scratch;
        const ts_secured_row r = {.passport = passport,
                                  .version = version,
                                  .audience = sql_get_str(&q, &a, 0),
                                  .form = sql_get_str(&q, &a, 1),
                                  .credential = sql_get_str(&q, &a, 2),
                                  .issuer = sql_get_str(&q, &a, 3),
                                  .list = sql_get_str(&q, &a, 4),
                                  .index = sql_get_i64(&q, 5),
                                  .at = sql_get_i64(&q, 6),
                                  .bytes = sql_get_str(&q, &a, 7)};
        ok = ts_store_add_secured(s, &r, e);
    }
    return sql_done(&q) && ok;
}

static bool move_versions(ts_store *s, ts_arena scratch, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT p.id, p.product, p.grain, p.model, p.batch, v.at, v.status, v.safety, "
                     "v.operator, v.digest, v.document, v.version FROM old_version v JOIN "
                     "old_passport p ON p.id = v.passport ORDER BY v.at, v.version, v.passport",
                     e);
    bool ok = true;
    while (ok && sql_step(&q)) {
        ts_arena a = scratch;
        ts_passport_row r = {.id = sql_get_str(&q, &a, 0),
                             .product = sql_get_str(&q, &a, 1),
                             .grain = sql_get_str(&q, &a, 2),
                             .model = sql_get_str(&q, &a, 3),
                             .batch = sql_get_str(&q, &a, 4),
                             .status = sql_get_str(&q, &a, 6),
                             .safety = sql_get_str(&q, &a, 7),
                             .operator_id = sql_get_str(&q, &a, 8),
                             .digest = sql_get_str(&q, &a, 9),
                             .document = sql_get_str(&q, &a, 10)};
        ok = ts_store_add_passport(s, &r, sql_get_i64(&q, 5), e);
        if (ok && r.version != sql_get_i64(&q, 11))
            ok = ts_fail(e, TS_E_STORE, "version %lld of %.*s is missing in the older store",
                         (long long)r.version, TS_P(r.id));
        ok = ok && move_signed(s, a, r.id, r.version, e);
    }
    return sql_done(&q) && ok;
}

static bool drop_old(ts_store *s, ts_error *e) {
    static const char text[] = "DROP TABLE old_entry; DROP TABLE old_list; DROP TABLE old_secured; "
                               "DROP TABLE old_version; DROP TABLE old_passport;";
    return sqlite3_exec(s->db, text, 0, 0, 0) == SQLITE_OK ||
           sql_fail(s, e, "cannot migrate the store");
}

bool store_move_passports(ts_store *s, ts_error *e) {
    enum { ROOM = 512 << 20 };
    ts_arena whole = ts_arena_new(ROOM), work = whole;
    bool ok = move_lists(s, work, e) && move_versions(s, work, e);
    ts_arena_free(&whole, ROOM);
    /* A statement that is at hand keeps its table from going. */
    for (size_t i = 0; i < s->cached_n; i++) sqlite3_finalize(s->cached[i].stmt);
    s->cached_n = 0;
    return ok && drop_old(s, e);
}
