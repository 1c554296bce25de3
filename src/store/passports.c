#include "passports.h"

#include "log.h"
#include "rows.h"

#define NEWEST                                                                                     \
    "SELECT p.id, p.product, " STORE_WORD("p.grain") ", " STORE_WORD("p.model") ", " STORE_WORD(   \
        "p.batch") ", " STORE_WORD("v.status") ", " STORE_WORD("v.safety") ", " STORE_WORD("v."    \
                                                                                           "opera" \
                                                                                           "tor") ", v.version, v.at, v.digest, v.row "

static ts_passport_row row_of(sql *q, ts_arena *a) {
    return (ts_passport_row){.id = sql_get_id(q, a, 0),
                             .product = sql_get_str(q, a, 1),
                             .grain = sql_get_str(q, a, 2),
                             .model = sql_get_id(q, a, 3),
                             .batch = sql_get_id(q, a, 4),
                             .status = sql_get_str(q, a, 5),
                             .safety = sql_get_str(q, a, 6),
                             .operator_id = sql_get_str(q, a, 7),
                             .version = sql_get_i64(q, 8),
                             .at = sql_get_i64(q, 9),
                             .digest = sql_get_hex(q, a, 10)};
}

/* One row with its document. */
static bool one(sql *q, ts_arena *a, ts_passport_row *out, bool *found) {
    *found = sql_step(q);
    if (*found) *out = row_of(q, a);
    int64_t row = *found ? sql_get_i64(q, 11) : 0;
    return sql_done(q) && (!*found || store_document(q->s, a, row, &out->document, q->e));
}

bool store_passport_number(ts_store *s, ts_str id, int64_t *number, ts_error *e) {
    sql q = sql_open(s, "SELECT number FROM passport WHERE id = ?", e);
    sql_id(&q, id);
    *number = sql_step(&q) ? sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}

/* ---- A version is added ---- */

/* What is known before: the newest version, if any. */
typedef struct before {
    int64_t number, version, at, row, depth;
} before;

static bool newest(ts_store *s, ts_str id, before *out, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT p.number, v.version, v.at, v.row, v.depth FROM passport p JOIN "
                     "passport_version v ON v.row = p.newest WHERE p.id = ?",
                     e);
    *out = (before){0};
    sql_id(&q, id);
    if (sql_step(&q))
        *out = (before){sql_get_i64(&q, 0), sql_get_i64(&q, 1), sql_get_i64(&q, 2),
                        sql_get_i64(&q, 3), sql_get_i64(&q, 4)};
    return sql_done(&q);
}

typedef struct words {
    int64_t grain, model, batch, status, safety, operator_id;
} words;

static bool words_of(ts_store *s, const ts_passport_row *r, words *w, ts_error *e) {
    return store_word(s, r->grain, &w->grain, e) && store_word(s, r->model, &w->model, e) &&
           store_word(s, r->batch, &w->batch, e) && store_word(s, r->status, &w->status, e) &&
           store_word(s, r->safety, &w->safety, e) &&
           store_word(s, r->operator_id, &w->operator_id, e);
}

static bool base_row(sql *q, store_put *out) {
    if (sql_step(q) && sql_get_i64(q, 1) < STORE_DEPTH_MAX) {
        out->base = sql_get_i64(q, 0);
        out->depth = sql_get_i64(q, 1) + 1;
    }
    return sql_done(q);
}

/* What a document resembles most: the version before; the first passport of the same grain in its
 * batch, or of its model; the batch's or the model's own. */
static bool find_base(ts_store *s, const ts_passport_row *r, const words *w, const before *b,
                      store_put *out, ts_error *e) {
    if (b->row && b->depth < STORE_DEPTH_MAX) {
        out->base = b->row;
        out->depth = b->depth + 1;
        return true;
    }
    int64_t parent = w->batch ? w->batch : w->model;
    if (!parent) return true;
    sql q =
        w->batch
            ? sql_open(s,
                       "SELECT v.row, v.depth FROM passport p JOIN passport_version v ON "
                       "v.passport = p.number AND v.version = 1 WHERE p.batch = ? AND "
                       "p.batch <> 0 AND p.grain = ? AND p.number <> ? ORDER BY p.number LIMIT 1",
                       e)
            : sql_open(s,
                       "SELECT v.row, v.depth FROM passport p JOIN passport_version v ON "
                       "v.passport = p.number AND v.version = 1 WHERE p.model = ? AND "
                       "p.model <> 0 AND p.grain = ? AND p.number <> ? ORDER BY p.number LIMIT 1",
                       e);
    sql_i64(&q, parent);
    sql_i64(&q, w->grain);
    sql_i64(&q, b->number);
    if (!base_row(&q, out)) return false;
    if (out->base) return true;
    q = sql_open(s,
                 "SELECT v.row, v.depth FROM passport p JOIN passport_version v ON v.row = "
                 "p.newest WHERE p.id = ?",
                 e);
    sql_id(&q, w->batch ? r->batch : r->model);
    return base_row(&q, out);
}

static bool pack_document(ts_store *s, ts_arena *a, const ts_passport_row *r, const words *w,
                          const before *b, store_put *out, ts_error *e) {
    ts_str prefix = TS_NONE;
    *out = (store_put){.text = r->document};
    if (!find_base(s, r, w, b, out, e)) return false;
    if (out->base && !store_document(s, a, out->base, &prefix, e)) return false;
    out->packed = store_pack(s, a, r->document, prefix);
    return true;
}

static bool put_version(ts_store *s, const ts_passport_row *r, const words *w, int64_t number,
                        const store_put *put, int64_t *row, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO passport_version(passport, version, at, status, safety, "
                     "operator, digest, base, depth, document) VALUES(?,?,?,?,?,?,?,?,?,?)",
                     e);
    sql_i64(&q, number);
    sql_i64(&q, r->version);
    sql_i64(&q, r->at);
    sql_i64(&q, w->status);
    sql_i64(&q, w->safety);
    sql_i64(&q, w->operator_id);
    sql_hex(&q, r->digest);
    sql_put(&q, put);
    if (!sql_run(&q)) return false;
    *row = sqlite3_last_insert_rowid(s->db);
    return true;
}

/* The passport's row before its version's, so that the version can name it. */
static bool put_head(ts_store *s, const ts_passport_row *r, const words *w, int64_t *number,
                     ts_error *e) {
    if (*number) return true;
    sql q = sql_open(s,
                     "INSERT INTO passport(id, product, grain, model, batch, version, newest) "
                     "VALUES(?,?,?,?,?,0,0)",
                     e);
    sql_id(&q, r->id);
    sql_str(&q, r->product);
    sql_i64(&q, w->grain);
    sql_i64(&q, w->model);
    sql_i64(&q, w->batch);
    if (!sql_run(&q)) return false;
    *number = sqlite3_last_insert_rowid(s->db);
    return true;
}

static bool put_newest(ts_store *s, const ts_passport_row *r, const words *w, int64_t number,
                       int64_t row, ts_error *e) {
    sql q = sql_open(
        s, "UPDATE passport SET model = ?, batch = ?, version = ?, newest = ? WHERE number = ?", e);
    sql_i64(&q, w->model);
    sql_i64(&q, w->batch);
    sql_i64(&q, r->version);
    sql_i64(&q, row);
    sql_i64(&q, number);
    return sql_run(&q);
}

bool ts_store_add_passport(ts_store *s, ts_passport_row *r, int64_t now, ts_error *e) {
    before b;
    words w;
    store_put put;
    int64_t row;
    ts_arena work = s->work;
    if (r->document.n > STORE_TEXT_MAX)
        return ts_fail(e, TS_E_LIMIT, "the passport %.*s is longer than %d bytes", TS_P(r->id),
                       (int)STORE_TEXT_MAX);
    if (!newest(s, r->id, &b, e)) return false;
    if (b.version && now < b.at) {
        char then[24];
        ts_instant_iso(b.at, then);
        return ts_fail(e, TS_E_USAGE,
                       "the last version of %.*s is of %s, which is later than now: set the clock",
                       TS_P(r->id), then);
    }
    r->version = b.version + 1;
    r->at = now;
    if (!words_of(s, r, &w, e) || !pack_document(s, &work, r, &w, &b, &put, e) ||
        !put_head(s, r, &w, &b.number, e) || !put_version(s, r, &w, b.number, &put, &row, e) ||
        !put_newest(s, r, &w, b.number, row, e))
        return false;
    store_keep_recent(s, STORE_DOCUMENT, row, r->document);
    return store_log_version(s, row, r, e) &&
           store_put_place(s, r->id, r->place, r->edges, r->edges_n, e);
}

/* ---- Read ---- */

bool ts_store_passport(ts_store *s, ts_arena *a, ts_str id, ts_passport_row *out, bool *found,
                       ts_error *e) {
    sql q = sql_open(
        s, NEWEST "FROM passport p JOIN passport_version v ON v.row = p.newest WHERE p.id = ?", e);
    sql_id(&q, id);
    return one(&q, a, out, found);
}

bool ts_store_passport_at(ts_store *s, ts_arena *a, ts_str id, int64_t at, ts_passport_row *out,
                          bool *found, ts_error *e) {
    sql q = sql_open(s,
                     NEWEST "FROM passport p JOIN passport_version v ON v.passport = "
                            "p.number WHERE p.id = ? AND v.at <= ? ORDER BY v.version DESC LIMIT 1",
                     e);
    sql_id(&q, id);
    sql_i64(&q, at);
    return one(&q, a, out, found);
}

bool ts_store_passport_version(ts_store *s, ts_arena *a, ts_str id, int64_t number,
                               ts_passport_row *out, bool *found, ts_error *e) {
    sql q = sql_open(s,
                     NEWEST "FROM passport p JOIN passport_version v ON v.passport = "
                            "p.number WHERE p.id = ? AND v.version = ?",
                     e);
    sql_id(&q, id);
    sql_i64(&q, number);
    return one(&q, a, out, found);
}

bool ts_store_passports(ts_store *s, ts_arena *a, ts_str product, ts_str after, size_t limit,
                        ts_passport_rows *out, ts_error *e) {
    sql q = product.n
                ? sql_open(s,
                           NEWEST "FROM passport p JOIN passport_version v ON v.row = p.newest "
                                  "WHERE p.product = ? AND p.id > ? "
                                  "ORDER BY p.id LIMIT ?",
                           e)
                : sql_open(s,
                           NEWEST "FROM passport p JOIN passport_version v ON v.row = p.newest "
                                  "WHERE p.id > ? ORDER BY p.id LIMIT ?",
                           e);
    if (product.n) sql_str(&q, product);
    sql_id(&q, after);
    sql_i64(&q, limit < INT64_MAX ? (int64_t)limit : INT64_MAX);
    while (sql_step(&q)) *ts_push(a, out) = row_of(&q, a);
    return sql_done(&q);
}

bool ts_store_only_passport(ts_store *s, ts_arena *a, ts_str product, ts_str *id, bool *one,
                            ts_error *e) {
    sql q = sql_open(s, "SELECT id FROM passport WHERE product = ? LIMIT 2", e);
    sql_str(&q, product);
    *one = sql_step(&q);
    if (*one) {
        *id = sql_get_id(&q, a, 0);
        *one = !sql_step(&q);
    }
    return sql_done(&q);
}

bool ts_store_passport_versions(ts_store *s, ts_arena *a, ts_str id, ts_passport_rows *out,
                                ts_error *e) {
    sql q = sql_open(s,
                     NEWEST "FROM passport p JOIN passport_version v ON v.passport = "
                            "p.number WHERE p.id = ? ORDER BY v.version DESC",
                     e);
    sql_id(&q, id);
    while (sql_step(&q)) *ts_push(a, out) = row_of(&q, a);
    return sql_done(&q);
}
