#include "passports.h"

#include "sql.h"

#define NEWEST                                                                                     \
    "SELECT p.id, p.product, p.grain, p.model, p.batch, v.status, v.safety, v.operator, "          \
    "v.version, "                                                                                  \
    "v.at, v.digest"

static ts_passport_row row_of(sql *q, ts_arena *a, bool document) {
    ts_passport_row r = {.id = sql_get_str(q, a, 0),
                         .product = sql_get_str(q, a, 1),
                         .grain = sql_get_str(q, a, 2),
                         .model = sql_get_str(q, a, 3),
                         .batch = sql_get_str(q, a, 4),
                         .status = sql_get_str(q, a, 5),
                         .safety = sql_get_str(q, a, 6),
                         .operator_id = sql_get_str(q, a, 7),
                         .version = sql_get_i64(q, 8),
                         .at = sql_get_i64(q, 9),
                         .digest = sql_get_str(q, a, 10)};
    if (document) r.document = sql_get_str(q, a, 11);
    return r;
}

static bool one(sql *q, ts_arena *a, ts_passport_row *out, bool *found) {
    *found = sql_step(q);
    if (*found) *out = row_of(q, a, true);
    return sql_done(q);
}

/* The number and the instant of the newest version; 0 when there is none. */
static bool newest(ts_store *s, ts_str id, int64_t *version, int64_t *at, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT version, at FROM passport_version WHERE passport = ? "
                     "ORDER BY version DESC LIMIT 1",
                     e);
    sql_str(&q, id);
    bool any = sql_step(&q);
    *version = any ? sql_get_i64(&q, 0) : 0;
    *at = any ? sql_get_i64(&q, 1) : 0;
    return sql_done(&q);
}

static bool put_head(ts_store *s, const ts_passport_row *r, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO passport(id, product, grain, model, batch, version) "
                     "VALUES(?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET model = excluded.model, "
                     "batch = excluded.batch, version = excluded.version",
                     e);
    sql_str(&q, r->id);
    sql_str(&q, r->product);
    sql_str(&q, r->grain);
    sql_str(&q, r->model);
    sql_str(&q, r->batch);
    sql_i64(&q, r->version);
    return sql_run(&q);
}

bool ts_store_add_passport(ts_store *s, ts_passport_row *r, int64_t now, ts_error *e) {
    int64_t last, at;
    if (!newest(s, r->id, &last, &at, e)) return false;
    if (last && now < at) {
        char then[24];
        ts_instant_iso(at, then);
        return ts_fail(e, TS_E_USAGE,
                       "the last version of %.*s is of %s, which is later than now: set the clock",
                       TS_P(r->id), then);
    }
    r->version = last + 1;
    r->at = now;
    if (!put_head(s, r, e)) return false;
    sql q =
        sql_open(s,
                 "INSERT INTO passport_version(passport, version, at, status, safety, operator, "
                 "digest, document) VALUES(?,?,?,?,?,?,?,?)",
                 e);
    sql_str(&q, r->id);
    sql_i64(&q, r->version);
    sql_i64(&q, r->at);
    sql_str(&q, r->status);
    sql_str(&q, r->safety);
    sql_str(&q, r->operator_id);
    sql_str(&q, r->digest);
    sql_str(&q, r->document);
    return sql_run(&q);
}

bool ts_store_passport(ts_store *s, ts_arena *a, ts_str id, ts_passport_row *out, bool *found,
                       ts_error *e) {
    return ts_store_passport_at(s, a, id, INT64_MAX, out, found, e);
}

bool ts_store_passport_at(ts_store *s, ts_arena *a, ts_str id, int64_t at, ts_passport_row *out,
                          bool *found, ts_error *e) {
    sql q = sql_open(s,
                     NEWEST ", v.document FROM passport p JOIN passport_version v ON v.passport = "
                            "p.id WHERE p.id = ? AND v.at <= ? ORDER BY v.version DESC LIMIT 1",
                     e);
    sql_str(&q, id);
    sql_i64(&q, at);
    return one(&q, a, out, found);
}

bool ts_store_passport_version(ts_store *s, ts_arena *a, ts_str id, int64_t number,
                               ts_passport_row *out, bool *found, ts_error *e) {
    sql q = sql_open(s,
                     NEWEST ", v.document FROM passport p JOIN passport_version v ON v.passport = "
                            "p.id WHERE p.id = ? AND v.version = ?",
                     e);
    sql_str(&q, id);
    sql_i64(&q, number);
    return one(&q, a, out, found);
}

bool ts_store_passports(ts_store *s, ts_arena *a, ts_str product, ts_str after, size_t limit,
                        ts_passport_rows *out, ts_error *e) {
    sql q = product.n
                ? sql_open(s,
                           NEWEST " FROM passport p JOIN passport_version v ON v.passport = p.id "
                                  "AND v.version = p.version WHERE p.product = ? AND p.id > ? "
                                  "ORDER BY p.id LIMIT ?",
                           e)
                : sql_open(s,
                           NEWEST " FROM passport p JOIN passport_version v ON v.passport = p.id "
                                  "AND v.version = p.version WHERE p.id > ? ORDER BY p.id LIMIT ?",
                           e);
    if (product.n) sql_str(&q, product);
    sql_str(&q, after);
    sql_i64(&q, limit < INT64_MAX ? (int64_t)limit : INT64_MAX);
    while (sql_step(&q)) *ts_push(a, out) = row_of(&q, a, false);
    return sql_done(&q);
}

bool ts_store_passport_versions(ts_store *s, ts_arena *a, ts_str id, ts_passport_rows *out,
                                ts_error *e) {
    sql q = sql_open(s,
                     NEWEST " FROM passport p JOIN passport_version v ON v.passport = p.id "
                            "WHERE p.id = ? ORDER BY v.version DESC",
                     e);
    sql_str(&q, id);
    while (sql_step(&q)) *ts_push(a, out) = row_of(&q, a, false);
    return sql_done(&q);
}

/* ---- signed forms ---- */

bool ts_store_add_secured(ts_store *s, const ts_secured_row *r, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO passport_secured(credential, passport, version, audience, form, "
                     "issuer, list, idx, at, bytes) VALUES(?,?,?,?,?,?,?,?,?,?)",
                     e);
    sql_str(&q, r->credential);
    sql_str(&q, r->passport);
    sql_i64(&q, r->version);
    sql_str(&q, r->audience);
    sql_str(&q, r->form);
    sql_str(&q, r->issuer);
    sql_str(&q, r->list);
    sql_i64(&q, r->index);
    sql_i64(&q, r->at);
    sql_str(&q, r->bytes);
    return sql_run(&q);
}

#define SECURED                                                                                    \
    "SELECT credential, passport, version, audience, form, issuer, list, idx, at, bytes "          \
    "FROM passport_secured "

static ts_secured_row secured_of(sql *q, ts_arena *a) {
    return (ts_secured_row){.credential = sql_get_str(q, a, 0),
                            .passport = sql_get_str(q, a, 1),
                            .version = sql_get_i64(q, 2),
                            .audience = sql_get_str(q, a, 3),
                            .form = sql_get_str(q, a, 4),
                            .issuer = sql_get_str(q, a, 5),
                            .list = sql_get_str(q, a, 6),
                            .index = sql_get_i64(q, 7),
                            .at = sql_get_i64(q, 8),
                            .bytes = sql_get_str(q, a, 9)};
}

bool ts_store_secured(ts_store *s, ts_arena *a, ts_str passport, int64_t version,
                      ts_secured_rows *out, ts_error *e) {
    sql q = sql_open(s, SECURED "WHERE passport = ? AND (? = 0 OR version = ?) ORDER BY rowid", e);
    sql_str(&q, passport);
    sql_i64(&q, version);
    sql_i64(&q, version);
    while (sql_step(&q)) *ts_push(a, out) = secured_of(&q, a);
    return sql_done(&q);
}

bool ts_store_secured_by_id(ts_store *s, ts_arena *a, ts_str credential, ts_secured_row *out,
                            bool *found, ts_error *e) {
    sql q = sql_open(s, SECURED "WHERE credential = ?", e);
    sql_str(&q, credential);
    *found = sql_step(&q);
    if (*found) *out = secured_of(&q, a);
    return sql_done(&q);
}

/* ---- status lists ---- */

bool ts_store_list(ts_store *s, ts_arena *a, ts_str url, ts_list_row *out, bool *found,
                   ts_error *e) {
    sql q = sql_open(s, "SELECT url, purpose, bits, secured, at FROM status_list WHERE url = ?", e);
    sql_str(&q, url);
    *found = sql_step(&q);
    if (*found)
        *out = (ts_list_row){.url = sql_get_str(&q, a, 0),
                             .purpose = sql_get_str(&q, a, 1),
                             .bits = sql_get_blob(&q, a, 2),
                             .secured = sql_get_str(&q, a, 3),
                             .at = sql_get_i64(&q, 4)};
    return sql_done(&q);
}

bool ts_store_put_list(ts_store *s, const ts_list_row *r, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO status_list(url, purpose, bits, secured, at) VALUES(?,?,?,?,?) "
                     "ON CONFLICT(url) DO UPDATE SET bits = excluded.bits, secured = "
                     "excluded.secured, at = excluded.at",
                     e);
    sql_str(&q, r->url);
    sql_str(&q, r->purpose);
    sql_blob(&q, r->bits);
    sql_str(&q, r->secured);
    sql_i64(&q, r->at);
    return sql_run(&q);
}

bool ts_store_take_index(ts_store *s, ts_str url, int64_t wanted, ts_str credential, bool *taken,
                         ts_error *e) {
    sql q =
        sql_open(s, "INSERT OR IGNORE INTO status_entry(list, idx, credential) VALUES(?,?,?)", e);
    sql_str(&q, url);
    sql_i64(&q, wanted);
    sql_str(&q, credential);
    if (!sql_run(&q)) return false;
    *taken = sqlite3_changes(s->db) == 1;
    return true;
}

bool ts_store_list_used(ts_store *s, ts_str url, int64_t *n, ts_error *e) {
    sql q = sql_open(s, "SELECT count(*) FROM status_entry WHERE list = ?", e);
    sql_str(&q, url);
    *n = sql_step(&q) ? sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}
