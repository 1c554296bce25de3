#include "log.h"

#include "events.h"
#include "rows.h"
#include "statements.h"

static const char *const names[TS_LOG_KINDS] = {"version",   "secured", "event",
                                                "statement", "list",    "registration"};

const char *ts_log_kind_name(ts_log_kind k) { return names[k]; }

bool ts_log_kind_by_name(ts_str name, ts_log_kind *k) {
    for (int i = 0; i < TS_LOG_KINDS; i++)
        if (ts_str_is(name, names[i])) return *k = (ts_log_kind)i, true;
    return false;
}

/* ---- Bodies: one JSON object for each kind of row, members in the order of their names ---- */

static size_t room_for(size_t bytes) { return 7 * bytes + (64 << 10); }

/* Takes the room at once, so that the buffer is never copied. */
static ts_buf body_buf(ts_arena *a, size_t bytes) {
    ts_buf b = ts_buf_new(a, room_for(bytes));
    ts_buf_room(&b, bytes + bytes / 8 + 1024);
    return b;
}

static void number(ts_jsonw *w, const char *name, int64_t v) {
    ts_jsonw_key(w, name);
    ts_jsonw_i64(w, v);
}

static ts_str version_body(ts_arena *a, const ts_passport_row *r) {
    ts_buf b = body_buf(a, r->document.n + r->id.n);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    number(&w, "at", r->at);
    ts_jsonw_key(&w, "document");
    if (r->document.n && r->document.p[0] == '{')
        ts_jsonw_raw(&w, r->document);
    else
        ts_jsonw_str(&w, r->document);
    ts_jsonw_kstr(&w, "passport", r->id);
    number(&w, "version", r->version);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

static ts_str secured_body(ts_arena *a, const ts_secured_row *r) {
    ts_buf b = body_buf(a, r->bytes.n + r->passport.n + r->credential.n + r->issuer.n + r->list.n);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    number(&w, "at", r->at);
    ts_jsonw_kstr(&w, "audience", r->audience);
    ts_jsonw_kstr(&w, "bytes", r->bytes);
    ts_jsonw_kstr(&w, "credential", r->credential);
    ts_jsonw_kstr(&w, "form", r->form);
    number(&w, "index", r->index);
    ts_jsonw_kstr(&w, "issuer", r->issuer);
    ts_jsonw_kstr(&w, "list", r->list);
    ts_jsonw_kstr(&w, "passport", r->passport);
    number(&w, "version", r->version);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

static ts_str list_body(ts_arena *a, const ts_list_row *r) {
    ts_buf b = body_buf(a, r->secured.n + r->url.n);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    number(&w, "at", r->at);
    ts_jsonw_kstr(&w, "bytes", r->secured);
    ts_jsonw_kstr(&w, "purpose", r->purpose);
    ts_jsonw_kstr(&w, "url", r->url);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

static ts_str registration_body(ts_arena *a, const ts_registration_row *r) {
    ts_buf b = body_buf(a, r->proof.n + r->passport.n + r->number.n);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    number(&w, "at", r->at);
    ts_jsonw_kstr(&w, "bytes", r->proof);
    ts_jsonw_kstr(&w, "hash", r->hash);
    ts_jsonw_kstr(&w, "number", r->number);
    ts_jsonw_kstr(&w, "passport", r->passport);
    number(&w, "until", r->until);
    number(&w, "version", r->version);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

/* ---- Appending ---- */

static ts_chain_hash hash_column(sql *q, int column) {
    ts_chain_hash h = {{0}};
    const void *p = sqlite3_column_blob(q->stmt, column);
    if (p && sqlite3_column_bytes(q->stmt, column) == sizeof h.b) memcpy(h.b, p, sizeof h.b);
    return h;
}

static ts_str hash_bytes(const ts_chain_hash *h) {
    return (ts_str){(const char *)h->b, sizeof h->b};
}

bool ts_store_log_head(ts_store *s, ts_log_head *out, ts_error *e) {
    sql q = sql_open(s, "SELECT n, hash FROM log ORDER BY n DESC LIMIT 1", e);
    *out = (ts_log_head){0};
    if (sql_step(&q)) *out = (ts_log_head){(uint64_t)sql_get_i64(&q, 0), hash_column(&q, 1)};
    return sql_done(&q);
}

/* By the row's number, or by its id where that is 0. */
static bool append(ts_store *s, ts_log_kind kind, int64_t row, ts_str id, int64_t at, ts_str body,
                   ts_error *e) {
    ts_log_head head;
    if (!ts_store_log_head(s, &head, e)) return false;
    ts_chain_hash digest = ts_chain_digest(body),
                  hash = ts_chain_next(&head.hash, head.size + 1, &digest);
    sql q =
        sql_open(s, "INSERT INTO log(n, kind, subject, at, digest, hash) VALUES(?,?,?,?,?,?)", e);
    sql_i64(&q, (int64_t)head.size + 1);
    sql_i64(&q, kind);
    if (row)
        sql_i64(&q, row);
    else
        sql_id(&q, id);
    sql_i64(&q, at);
    sql_blob(&q, hash_bytes(&digest));
    sql_blob(&q, hash_bytes(&hash));
    return sql_run(&q);
}

bool store_log_append(ts_store *s, ts_log_kind kind, ts_str subject, int64_t n, int64_t at,
                      ts_str body, ts_error *e) {
    (void)n;
    return append(s, kind, 0, subject, at, body, e);
}

bool store_log_version(ts_store *s, int64_t row, const ts_passport_row *r, ts_error *e) {
    ts_arena w = s->work;
    return append(s, TS_LOG_VERSION, row, TS_NONE, r->at, version_body(&w, r), e);
}

bool store_log_secured(ts_store *s, int64_t row, const ts_secured_row *r, ts_error *e) {
    ts_arena w = s->work;
    return append(s, TS_LOG_SECURED, row, TS_NONE, r->at, secured_body(&w, r), e);
}

bool store_log_registration(ts_store *s, int64_t row, const ts_registration_row *r, int64_t now,
                            ts_error *e) {
    ts_arena w = s->work;
    return append(s, TS_LOG_REGISTRATION, row, TS_NONE, now, registration_body(&w, r), e);
}

bool store_log_list(ts_store *s, int64_t row, const ts_list_row *r, ts_error *e) {
    ts_arena w = s->work;
    return append(s, TS_LOG_LIST, row, TS_NONE, r->at, list_body(&w, r), e);
}

/* ---- Reading ---- */

bool ts_store_log_hash(ts_store *s, uint64_t n, ts_chain_hash *out, ts_error *e) {
    *out = (ts_chain_hash){{0}};
    if (!n) return true;
    sql q = sql_open(s, "SELECT hash FROM log WHERE n = ?", e);
    sql_i64(&q, n <= INT64_MAX ? (int64_t)n : INT64_MAX);
    bool found = sql_step(&q);
    if (found) *out = hash_column(&q, 0);
    return sql_done(&q) && (found || ts_fail(e, TS_E_NOT_FOUND, "the log has no entry %llu",
                                             (unsigned long long)n));
}

static bool gone(ts_store *s, const ts_log_row *r, ts_error *e) {
    ts_fail(e, TS_E_STORE,
            "the row that entry %llu of the log stands for is gone: the store was changed by other "
            "hands or is damaged",
            (unsigned long long)r->n);
    return ts_fail_at(e, s->path, 0, 0);
}

static bool version_at(ts_store *s, ts_arena *a, int64_t row, ts_passport_row *out, bool *found,
                       ts_error *e) {
    sql q = sql_open(s,
                     "SELECT p.id, v.version, v.at FROM passport_version v JOIN passport p ON "
                     "p.number = v.passport WHERE v.row = ?",
                     e);
    sql_i64(&q, row);
    *found = sql_step(&q);
    if (*found)
        *out = (ts_passport_row){
            .id = sql_get_id(&q, a, 0), .version = sql_get_i64(&q, 1), .at = sql_get_i64(&q, 2)};
    return sql_done(&q) && (!*found || store_document(s, a, row, &out->document, e));
}

/* Each makes the body of an entry anew, and says what it is about. */
static bool of_version(ts_store *s, ts_arena *a, int64_t row, ts_log_row *r, bool *found,
                       ts_error *e) {
    ts_passport_row v = {0};
    bool ok = version_at(s, a, row, &v, found, e);
    r->subject = v.id;
    r->number = v.version;
    r->body = version_body(a, &v);
    return ok;
}

static bool of_secured(ts_store *s, ts_arena *a, int64_t row, ts_log_row *r, bool *found,
                       ts_error *e) {
    ts_secured_row v = {0};
    bool ok = store_secured_row(s, a, row, &v, found, e);
    r->subject = v.credential;
    r->number = v.version;
    r->body = secured_body(a, &v);
    return ok;
}

static bool of_event(ts_store *s, ts_arena *a, int64_t row, ts_log_row *r, bool *found,
                     ts_error *e) {
    (void)row;
    ts_event_row v = {0};
    bool ok = ts_store_event(s, a, r->subject, &v, found, e);
    r->body = store_event_body(a, &v);
    return ok;
}

static bool of_statement(ts_store *s, ts_arena *a, int64_t row, ts_log_row *r, bool *found,
                         ts_error *e) {
    (void)row;
    ts_statement_row v = {0};
    bool ok = ts_store_statement(s, a, r->subject, &v, found, e);
    r->body = store_statement_body(a, &v);
    return ok;
}

static bool of_list(ts_store *s, ts_arena *a, int64_t row, ts_log_row *r, bool *found,
                    ts_error *e) {
    ts_list_row v = {0};
    bool ok = store_list_version(s, a, row, &v, found, e);
    r->subject = v.url;
    r->body = list_body(a, &v);
    return ok;
}

static bool of_registration(ts_store *s, ts_arena *a, int64_t row, ts_log_row *r, bool *found,
                            ts_error *e) {
    ts_registration_row v = {0};
    bool ok = store_registration_row(s, a, row, &v, found, e);
    r->subject = v.passport;
    r->number = v.version;
    r->body = registration_body(a, &v);
    return ok;
}

static bool fill(ts_store *s, ts_arena *a, int64_t row, ts_log_row *r, ts_error *e) {
    static bool (*const of[TS_LOG_KINDS])(ts_store *, ts_arena *, int64_t, ts_log_row *, bool *,
                                          ts_error *) = {of_version,   of_secured, of_event,
                                                         of_statement, of_list,    of_registration};
    bool found = false;
    if ((unsigned)r->kind >= TS_LOG_KINDS) return gone(s, r, e);
    return of[r->kind](s, a, row, r, &found, e) && (found || gone(s, r, e));
}

/* Entry n without its body; `row` is the number of its row, 0 where the row is found by its id. */
static bool entry(ts_store *s, ts_arena *a, uint64_t n, ts_log_row *out, int64_t *row, bool *found,
                  ts_error *e) {
    sql q = sql_open(s, "SELECT kind, subject, at, digest, hash FROM log WHERE n = ?", e);
    sql_i64(&q, n <= INT64_MAX ? (int64_t)n : INT64_MAX);
    *found = sql_step(&q);
    if (*found) {
        *out = (ts_log_row){.n = n,
                            .kind = (ts_log_kind)sql_get_i64(&q, 0),
                            .at = sql_get_i64(&q, 2),
                            .digest = hash_column(&q, 3),
                            .hash = hash_column(&q, 4)};
        bool by_row = sqlite3_column_type(q.stmt, 1) == SQLITE_INTEGER;
        *row = by_row ? sql_get_i64(&q, 1) : 0;
        if (!by_row) out->subject = sql_get_id(&q, a, 1);
    }
    return sql_done(&q);
}

bool ts_store_log(ts_store *s, ts_arena *a, uint64_t after, size_t limit, size_t bytes,
                  ts_log_rows *out, ts_error *e) {
    size_t taken = 0;
    for (uint64_t n = after + 1; n && limit && taken < bytes; n++, limit--) {
        ts_log_row r;
        int64_t row;
        bool found;
        if (!entry(s, a, n, &r, &row, &found, e)) return false;
        if (!found) break;
        if (!fill(s, a, row, &r, e)) return false;
        taken += r.body.n;
        *ts_push(a, out) = r;
    }
    return true;
}
