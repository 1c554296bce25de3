#include "log.h"
#include "rows.h"

/* ---- Signed forms ---- */

typedef struct version_ref {
    int64_t row, base;
} version_ref;

static bool version_of(ts_store *s, const ts_secured_row *r, version_ref *out, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT v.row, v.base FROM passport p JOIN passport_version v ON v.passport = "
                     "p.number WHERE p.id = ? AND v.version = ?",
                     e);
    sql_id(&q, r->passport);
    sql_i64(&q, r->version);
    bool found = sql_step(&q);
    if (found) *out = (version_ref){sql_get_i64(&q, 0), sql_get_i64(&q, 1)};
    if (!sql_done(&q)) return false;
    return found || ts_fail(e, TS_E_NOT_FOUND,
                            "a signed form is of a version that is there: the store holds no "
                            "version %lld of %.*s",
                            (long long)r->version, TS_P(r->passport));
}

/* The like signed form of the version that this one's document is packed against. */
static bool find_like(ts_store *s, const version_ref *v, int64_t form, int64_t audience,
                      store_put *out, ts_error *e) {
    if (!v->base) return true;
    sql q = sql_open(s,
                     "SELECT row, depth FROM passport_secured WHERE version = ? AND form = ? AND "
                     "audience = ? ORDER BY row LIMIT 1",
                     e);
    sql_i64(&q, v->base);
    sql_i64(&q, form);
    sql_i64(&q, audience);
    if (sql_step(&q) && sql_get_i64(&q, 1) < STORE_DEPTH_MAX) {
        out->base = sql_get_i64(&q, 0);
        out->depth = sql_get_i64(&q, 1) + 1;
    }
    return sql_done(&q);
}

static bool pack_signed(ts_store *s, ts_arena *a, const ts_secured_row *r, const version_ref *v,
                        store_put *put, ts_error *e) {
    ts_str like = TS_NONE, document;
    if ((put->base && !store_signed(s, a, put->base, &like, e)) ||
        !store_document(s, a, v->row, &document, e))
        return false;
    put->text = r->bytes;
    put->packed = store_pack(s, a, r->bytes, store_signed_prefix(a, like, document));
    return true;
}

static bool put_signed(ts_store *s, const ts_secured_row *r, int64_t version, const int64_t *words,
                       const store_put *put, int64_t *row, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO passport_secured(credential, version, audience, form, issuer, "
                     "list, idx, at, base, depth, bytes) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                     e);
    sql_id(&q, r->credential);
    sql_i64(&q, version);
    for (int i = 0; i < 4; i++) sql_i64(&q, words[i]);
    sql_i64(&q, r->index);
    sql_i64(&q, r->at);
    sql_put(&q, put);
    if (!sql_run(&q)) return false;
    *row = sqlite3_last_insert_rowid(s->db);
    return true;
}

/* The entry in the list that was taken for it gets its row. */
static bool name_entry(ts_store *s, const ts_secured_row *r, int64_t row, ts_error *e) {
    if (!r->list.n) return true;
    sql q = sql_open(s,
                     "UPDATE status_entry SET secured = ? WHERE list = (SELECT number FROM "
                     "status_list WHERE url = ?) AND idx = ?",
                     e);
    sql_i64(&q, row);
    sql_str(&q, r->list);
    sql_i64(&q, r->index);
    return sql_run(&q);
}

bool ts_store_add_secured(ts_store *s, const ts_secured_row *r, ts_error *e) {
    enum { AUDIENCE, FORM, ISSUER, LIST };
    version_ref v = {0};
    store_put put = {0};
    int64_t word[4], row;
    ts_arena work = s->work;
    if (r->bytes.n > STORE_TEXT_MAX)
        return ts_fail(e, TS_E_LIMIT, "the signed form of %.*s is longer than %d bytes",
                       TS_P(r->passport), (int)STORE_TEXT_MAX);
    return version_of(s, r, &v, e) && store_word(s, r->audience, &word[AUDIENCE], e) &&
           store_word(s, r->form, &word[FORM], e) && store_word(s, r->issuer, &word[ISSUER], e) &&
           store_word(s, r->list, &word[LIST], e) &&
           find_like(s, &v, word[FORM], word[AUDIENCE], &put, e) &&
           pack_signed(s, &work, r, &v, &put, e) && put_signed(s, r, v.row, word, &put, &row, e) &&
           (store_keep_recent(s, STORE_SECURED, row, r->bytes), true) && name_entry(s, r, row, e) &&
           store_log_secured(s, row, r, e);
}

#define SECURED                                                                                    \
    "SELECT c.credential, p.id, v.version, " STORE_WORD("c.audience") ", " STORE_WORD(             \
        "c.form") ", " STORE_WORD("c.issuer") ", " STORE_WORD("c.list") ", c.idx, c.at, c.row "    \
                                                                        "FROM passport_secured c " \
                                                                        "JOIN passport_version v " \
                                                                        "ON v.row = c.version "    \
                                                                        "JOIN passport p ON "      \
                                                                        "p.number = v.passport "

static int64_t secured_of(sql *q, ts_arena *a, ts_secured_row *out) {
    *out = (ts_secured_row){.credential = sql_get_id(q, a, 0),
                            .passport = sql_get_id(q, a, 1),
                            .version = sql_get_i64(q, 2),
                            .audience = sql_get_str(q, a, 3),
                            .form = sql_get_str(q, a, 4),
                            .issuer = sql_get_str(q, a, 5),
                            .list = sql_get_str(q, a, 6),
                            .index = sql_get_i64(q, 7),
                            .at = sql_get_i64(q, 8)};
    return sql_get_i64(q, 9);
}

static bool one_signed(sql *q, ts_arena *a, ts_secured_row *out, bool *found) {
    *found = sql_step(q);
    int64_t row = *found ? secured_of(q, a, out) : 0;
    return sql_done(q) && (!*found || store_signed(q->s, a, row, &out->bytes, q->e));
}

static bool signed_rows(ts_store *s, ts_arena *a, ts_str passport, int64_t version, bool bytes,
                        ts_secured_rows *out, ts_error *e) {
    struct {
        int64_t *v;
        size_t n, cap;
    } rows = {0};
    size_t first = out->n;
    sql q = version ? sql_open(s, SECURED "WHERE p.id = ? AND v.version = ? ORDER BY c.row", e)
                    : sql_open(s, SECURED "WHERE p.id = ? ORDER BY c.row", e);
    sql_id(&q, passport);
    if (version) sql_i64(&q, version);
    while (sql_step(&q)) {
        int64_t row = secured_of(&q, a, ts_push(a, out));
        *ts_push(a, &rows) = row;
    }
    bool ok = sql_done(&q);
    for (size_t i = 0; ok && bytes && i < rows.n; i++)
        ok = store_signed(s, a, rows.v[i], &out->v[first + i].bytes, e);
    return ok;
}

bool ts_store_secured(ts_store *s, ts_arena *a, ts_str passport, int64_t version,
                      ts_secured_rows *out, ts_error *e) {
    return signed_rows(s, a, passport, version, true, out, e);
}

bool ts_store_secured_heads(ts_store *s, ts_arena *a, ts_str passport, int64_t version,
                            ts_secured_rows *out, ts_error *e) {
    return signed_rows(s, a, passport, version, false, out, e);
}

bool ts_store_secured_by_id(ts_store *s, ts_arena *a, ts_str credential, ts_secured_row *out,
                            bool *found, ts_error *e) {
    sql q = sql_open(s, SECURED "WHERE c.credential = ?", e);
    sql_id(&q, credential);
    return one_signed(&q, a, out, found);
}

bool ts_store_secured_in_list(ts_store *s, ts_arena *a, ts_str url, int64_t index,
                              ts_secured_row *out, bool *found, ts_error *e) {
    sql q = sql_open(s,
                     SECURED "WHERE c.row = (SELECT x.secured FROM status_entry x JOIN status_list "
                             "l ON l.number = x.list WHERE l.url = ? AND x.idx = ?)",
                     e);
    sql_str(&q, url);
    sql_i64(&q, index);
    return one_signed(&q, a, out, found);
}

bool store_secured_row(ts_store *s, ts_arena *a, int64_t row, ts_secured_row *out, bool *found,
                       ts_error *e) {
    sql q = sql_open(s, SECURED "WHERE c.row = ?", e);
    sql_i64(&q, row);
    return one_signed(&q, a, out, found);
}

/* ---- Status lists ---- */

static bool list_number(ts_store *s, ts_str url, int64_t *number, ts_error *e) {
    sql q = sql_open(s, "SELECT number FROM status_list WHERE url = ?", e);
    sql_str(&q, url);
    *number = sql_step(&q) ? sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}

bool store_list_known(ts_store *s, ts_str url, bool *known, ts_error *e) {
    int64_t number;
    bool ok = list_number(s, url, &number, e);
    *known = ok && number;
    return ok;
}

#define LIST                                                                                       \
    "SELECT l.url, l.purpose, b.bits, v.secured, v.at FROM status_list l JOIN status_bits b ON "   \
    "b.list = l.number JOIN status_version v "

static bool one_list(sql *q, ts_arena *a, ts_list_row *out, bool *found) {
    *found = sql_step(q);
    if (*found)
        *out = (ts_list_row){.url = sql_get_str(q, a, 0),
                             .purpose = sql_get_str(q, a, 1),
                             .bits = sql_get_blob(q, a, 2),
                             .secured = sql_get_str(q, a, 3),
                             .at = sql_get_i64(q, 4)};
    return sql_done(q);
}

bool ts_store_list(ts_store *s, ts_arena *a, ts_str url, ts_list_row *out, bool *found,
                   ts_error *e) {
    sql q = sql_open(s, LIST "ON v.row = l.newest WHERE l.url = ?", e);
    sql_str(&q, url);
    return one_list(&q, a, out, found);
}

bool store_list_version(ts_store *s, ts_arena *a, int64_t row, ts_list_row *out, bool *found,
                        ts_error *e) {
    sql q = sql_open(s, LIST "ON v.list = l.number WHERE v.row = ?", e);
    sql_i64(&q, row);
    return one_list(&q, a, out, found);
}

bool ts_store_list_has(ts_store *s, ts_str url, ts_str secured, bool *has, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT 1 FROM status_list l JOIN status_version v ON v.list = l.number WHERE "
                     "l.url = ? AND v.secured = ? LIMIT 1",
                     e);
    sql_str(&q, url);
    sql_str(&q, secured);
    *has = sql_step(&q);
    return sql_done(&q);
}

static bool new_list(ts_store *s, const ts_list_row *r, int64_t *number, ts_error *e) {
    sql q = sql_open(s, "INSERT INTO status_list(url, purpose, used, newest) VALUES(?,?,0,0)", e);
    sql_str(&q, r->url);
    sql_str(&q, r->purpose);
    if (!sql_run(&q)) return false;
    *number = sqlite3_last_insert_rowid(s->db);
    return true;
}

static bool add_list_version(ts_store *s, const ts_list_row *r, int64_t number, int64_t *row,
                             ts_error *e) {
    sql q = sql_open(s, "INSERT INTO status_version(list, at, secured) VALUES(?,?,?)", e);
    sql_i64(&q, number);
    sql_i64(&q, r->at);
    sql_str(&q, r->secured);
    if (!sql_run(&q)) return false;
    *row = sqlite3_last_insert_rowid(s->db);
    q = sql_open(s, "UPDATE status_list SET newest = ? WHERE number = ?", e);
    sql_i64(&q, *row);
    sql_i64(&q, number);
    if (!sql_run(&q)) return false;
    q = sql_open(s, "INSERT OR REPLACE INTO status_bits(list, bits) VALUES(?,?)", e);
    sql_i64(&q, number);
    sql_blob(&q, r->bits);
    return sql_run(&q);
}

bool ts_store_put_list(ts_store *s, const ts_list_row *r, ts_error *e) {
    int64_t number, row;
    return list_number(s, r->url, &number, e) && (number || new_list(s, r, &number, e)) &&
           add_list_version(s, r, number, &row, e) && store_log_list(s, row, r, e);
}

bool ts_store_take_index(ts_store *s, ts_str url, int64_t wanted, bool *taken, ts_error *e) {
    int64_t number;
    if (!list_number(s, url, &number, e)) return false;
    if (!number)
        return ts_fail(e, TS_E_NOT_FOUND, "the store keeps no status list %.*s", TS_P(url));
    sql q = sql_open(s, "INSERT OR IGNORE INTO status_entry(list, idx, secured) VALUES(?,?,0)", e);
    sql_i64(&q, number);
    sql_i64(&q, wanted);
    if (!sql_run(&q)) return false;
    *taken = sqlite3_changes(s->db) == 1;
    if (!*taken) return true;
    q = sql_open(s, "UPDATE status_list SET used = used + 1 WHERE number = ?", e);
    sql_i64(&q, number);
    return sql_run(&q);
}

bool ts_store_list_used(ts_store *s, ts_str url, int64_t *n, ts_error *e) {
    sql q = sql_open(s, "SELECT used FROM status_list WHERE url = ?", e);
    sql_str(&q, url);
    *n = sql_step(&q) ? sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}
