#include "events.h"
#include "log.h"
#include "rows.h"
#include "statements.h"

/* ---- Checkpoints ---- */

bool ts_store_add_checkpoint(ts_store *s, uint64_t size, int64_t at, ts_str token, ts_error *e) {
    sql q = sql_open(s, "INSERT INTO checkpoint(size, at, token) VALUES(?,?,?)", e);
    sql_i64(&q, (int64_t)size);
    sql_i64(&q, at);
    sql_str(&q, token);
    return sql_run(&q);
}

bool ts_store_last_checkpoint(ts_store *s, ts_arena *a, uint64_t *size, ts_str *token, bool *found,
                              ts_error *e) {
    sql q = sql_open(s, "SELECT size, token FROM checkpoint ORDER BY rowid DESC LIMIT 1", e);
    *found = sql_step(&q);
    if (*found) {
        *size = (uint64_t)sql_get_i64(&q, 0);
        *token = sql_get_str(&q, a, 1);
    }
    return sql_done(&q);
}

/* ---- Peers ---- */

#define PEER                                                                                       \
    "SELECT url, log, method, key, size, hash, checkpoint_at, seen, checkpoint, trouble FROM "     \
    "peer "

static ts_peer_row peer_of(sql *q, ts_arena *a) {
    ts_peer_row r = {.url = sql_get_str(q, a, 0),
                     .log = sql_get_str(q, a, 1),
                     .method = sql_get_str(q, a, 2),
                     .key = sql_get_str(q, a, 3),
                     .size = (uint64_t)sql_get_i64(q, 4),
                     .checkpoint_at = sql_get_i64(q, 6),
                     .seen = sql_get_i64(q, 7),
                     .checkpoint = sql_get_str(q, a, 8),
                     .trouble = sql_get_str(q, a, 9)};
    ts_str hash = sql_get_blob(q, a, 5);
    if (hash.n == sizeof r.hash.b) memcpy(r.hash.b, hash.p, hash.n);
    return r;
}

bool ts_store_peer(ts_store *s, ts_arena *a, ts_str url, ts_peer_row *out, bool *found,
                   ts_error *e) {
    sql q = sql_open(s, PEER "WHERE url = ?", e);
    sql_str(&q, url);
    *found = sql_step(&q);
    if (*found) *out = peer_of(&q, a);
    return sql_done(&q);
}

bool ts_store_put_peer(ts_store *s, const ts_peer_row *r, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT OR REPLACE INTO peer(url, log, method, key, size, hash, "
                     "checkpoint_at, seen, checkpoint, trouble) VALUES(?,?,?,?,?,?,?,?,?,?)",
                     e);
    sql_str(&q, r->url);
    sql_str(&q, r->log);
    sql_str(&q, r->method);
    sql_str(&q, r->key);
    sql_i64(&q, (int64_t)r->size);
    sql_blob(&q, (ts_str){(const char *)r->hash.b, sizeof r->hash.b});
    sql_i64(&q, r->checkpoint_at);
    sql_i64(&q, r->seen);
    sql_str(&q, r->checkpoint);
    sql_str(&q, r->trouble);
    return sql_run(&q);
}

bool ts_store_peers(ts_store *s, ts_arena *a, ts_peer_rows *out, ts_error *e) {
    sql q = sql_open(s, PEER "ORDER BY url", e);
    while (sql_step(&q)) *ts_push(a, out) = peer_of(&q, a);
    return sql_done(&q);
}

/* ---- Registrations ---- */

#define REGISTRATION "SELECT passport, version, hash, number, at, until, proof FROM registration "

static ts_registration_row registration_of(sql *q, ts_arena *a) {
    return (ts_registration_row){sql_get_str(q, a, 0), sql_get_i64(q, 1), sql_get_str(q, a, 2),
                                 sql_get_str(q, a, 3), sql_get_i64(q, 4), sql_get_i64(q, 5),
                                 sql_get_str(q, a, 6)};
}

/* Whether the registry's number is taken for this version, and by the same proof. */
static bool registered(ts_store *s, const ts_registration_row *r, bool *taken, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT proof = ? FROM registration WHERE passport = ? AND version = ? AND "
                     "number = ?",
                     e);
    sql_str(&q, r->proof);
    sql_str(&q, r->passport);
    sql_i64(&q, r->version);
    sql_str(&q, r->number);
    *taken = sql_step(&q);
    bool same = *taken && sql_get_i64(&q, 0);
    if (!sql_done(&q)) return false;
    return !*taken || same ||
           ts_fail(e, TS_E_INPUT,
                   "another proof of registration %.*s of version %lld of %.*s is kept already",
                   TS_P(r->number), (long long)r->version, TS_P(r->passport));
}

bool ts_store_add_registration(ts_store *s, const ts_registration_row *r, bool *fresh,
                               ts_error *e) {
    bool taken;
    if (!registered(s, r, &taken, e)) return false;
    *fresh = !taken;
    if (taken) return true;
    sql q = sql_open(s,
                     "INSERT INTO registration(passport, version, hash, number, at, until, proof) "
                     "VALUES(?,?,?,?,?,?,?)",
                     e);
    sql_str(&q, r->passport);
    sql_i64(&q, r->version);
    sql_str(&q, r->hash);
    sql_str(&q, r->number);
    sql_i64(&q, r->at);
    sql_i64(&q, r->until);
    sql_str(&q, r->proof);
    return sql_run(&q) && store_log_registration(s, sqlite3_last_insert_rowid(s->db), r, r->at, e);
}

bool ts_store_registrations(ts_store *s, ts_arena *a, ts_str passport, ts_registration_rows *out,
                            ts_error *e) {
    sql q = sql_open(s, REGISTRATION "WHERE passport = ? ORDER BY row", e);
    sql_str(&q, passport);
    while (sql_step(&q)) *ts_push(a, out) = registration_of(&q, a);
    return sql_done(&q);
}

bool store_registration_row(ts_store *s, ts_arena *a, int64_t row, ts_registration_row *out,
                            bool *found, ts_error *e) {
    sql q = sql_open(s, REGISTRATION "WHERE row = ?", e);
    sql_i64(&q, row);
    *found = sql_step(&q);
    if (*found) *out = registration_of(&q, a);
    return sql_done(&q);
}

/* ---- Rows that came from another provider ---- */

static ts_str text(const ts_json *body, const char *name) {
    return ts_json_str(ts_json_get(body, ts_str_c(name)));
}

static bool number(const ts_json *body, const char *name, int64_t *out) {
    return ts_json_i64(ts_json_get(body, ts_str_c(name)), out);
}

static bool incomplete(ts_log_kind kind, ts_error *e) {
    return ts_fail(e, TS_E_INPUT,
                   "an entry of the kind %s lacks a member, or one is of another type",
                   ts_log_kind_name(kind));
}

/* A signed form that is there must be the same bytes of the same version. */
static bool same_signed(ts_store *s, ts_arena *a, const ts_secured_row *r, bool *there,
                        ts_error *e) {
    ts_secured_row old;
    if (!ts_store_secured_by_id(s, a, r->credential, &old, there, e)) return false;
    return !*there ||
           (ts_str_eq(old.bytes, r->bytes) && ts_str_eq(old.passport, r->passport) &&
            old.version == r->version) ||
           ts_fail(e, TS_E_INPUT, "another signed form with the id %.*s is here already",
                   TS_P(r->credential));
}

/* A provider that takes over goes on with the issuer's list: what is taken there is taken here. */
static bool note_index(ts_store *s, const ts_secured_row *r, ts_error *e) {
    bool known, taken;
    if (!r->list.n) return true;
    if (!store_list_known(s, r->list, &known, e)) return false;
    return !known || ts_store_take_index(s, r->list, r->index, &taken, e);
}

static bool apply_secured(ts_store *s, ts_arena *a, const ts_json *body, bool *fresh, ts_error *e) {
    ts_secured_row r = {.audience = text(body, "audience"),
                        .bytes = text(body, "bytes"),
                        .credential = text(body, "credential"),
                        .form = text(body, "form"),
                        .issuer = text(body, "issuer"),
                        .list = text(body, "list"),
                        .passport = text(body, "passport")};
    bool there;
    if (!number(body, "at", &r.at) || !number(body, "index", &r.index) ||
        !number(body, "version", &r.version) || !r.bytes.n || !r.credential.n || !r.form.n ||
        !r.audience.n || !r.issuer.n || !r.passport.n)
        return incomplete(TS_LOG_SECURED, e);
    if (!same_signed(s, a, &r, &there, e)) return false;
    *fresh = !there;
    return there || (note_index(s, &r, e) && ts_store_add_secured(s, &r, e));
}

static bool apply_registration(ts_store *s, const ts_json *body, bool *fresh, ts_error *e) {
    ts_registration_row r = {.passport = text(body, "passport"),
                             .hash = text(body, "hash"),
                             .number = text(body, "number"),
                             .proof = text(body, "bytes")};
    if (!number(body, "at", &r.at) || !number(body, "until", &r.until) ||
        !number(body, "version", &r.version) || !r.passport.n || !r.hash.n || !r.proof.n)
        return incomplete(TS_LOG_REGISTRATION, e);
    return ts_store_add_registration(s, &r, fresh, e);
}

bool ts_store_log_apply(ts_store *s, ts_arena *a, ts_log_kind kind, const ts_json *body,
                        bool *fresh, ts_error *e) {
    ts_event_row event;
    ts_statement_row statement;
    switch (kind) {
    case TS_LOG_SECURED: return apply_secured(s, a, body, fresh, e);
    case TS_LOG_REGISTRATION: return apply_registration(s, body, fresh, e);
    case TS_LOG_EVENT:
        return store_event_of(a, body, &event, e) && ts_store_add_event(s, &event, fresh, e);
    case TS_LOG_STATEMENT:
        return store_statement_of(body, &statement, e) &&
               ts_store_add_statement(s, &statement, fresh, e);
    default:
        return ts_fail(e, TS_E_USAGE, "an entry of the kind %s is not written by this function",
                       ts_log_kind_name(kind));
    }
}
