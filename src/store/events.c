#include "events.h"

#include "log.h"
#include "sql.h"

#define EVENT "SELECT e.id, e.kind, e.at, e.recorded, e.author, e.body, e.number FROM event e "

/* ---- Body of a log entry ---- */

static size_t room_of(const ts_event_row *r) {
    size_t n = r->body.n + r->id.n + r->by.n + r->kind.n;
    for (size_t i = 0; i < r->about.n; i++) n += r->about.v[i].product.n + 64;
    return 8 * n + (1 << 18);
}

ts_str store_event_body(ts_arena *a, const ts_event_row *r) {
    ts_buf b = ts_buf_new(a, room_of(r));
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "about");
    ts_jsonw_array(&w);
    for (size_t i = 0; i < r->about.n; i++) {
        ts_jsonw_object(&w);
        ts_jsonw_kstr(&w, "product", r->about.v[i].product);
        ts_jsonw_kstr(&w, "role", r->about.v[i].role);
        ts_jsonw_end(&w);
    }
    ts_jsonw_end(&w);
    ts_jsonw_key(&w, "at");
    ts_jsonw_i64(&w, r->at);
    ts_jsonw_kstr(&w, "by", r->by);
    ts_jsonw_kstr(&w, "bytes", r->body);
    ts_jsonw_kstr(&w, "id", r->id);
    ts_jsonw_kstr(&w, "kind", r->kind);
    ts_jsonw_key(&w, "recorded");
    ts_jsonw_i64(&w, r->recorded);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

bool store_event_of(ts_arena *a, const ts_json *body, ts_event_row *out, ts_error *e) {
    *out = (ts_event_row){.id = ts_json_str(ts_json_member(body, "id")),
                          .kind = ts_json_str(ts_json_member(body, "kind")),
                          .by = ts_json_str(ts_json_member(body, "by")),
                          .body = ts_json_str(ts_json_member(body, "bytes"))};
    TS_JSON_EACH(v, ts_json_member(body, "about")) {
        ts_str product = ts_json_str(ts_json_member(v, "product")),
               role = ts_json_str(ts_json_member(v, "role"));
        if (!product.n || !role.n)
            return ts_fail(e, TS_E_INPUT, "an event is about a product that has no name or role");
        *ts_push(a, &out->about) = (__typeof__(*out->about.v)){product, role};
    }
    if (!ts_json_i64(ts_json_member(body, "at"), &out->at) ||
        !ts_json_i64(ts_json_member(body, "recorded"), &out->recorded) || !out->id.n ||
        !out->kind.n || !out->by.n || !out->body.n)
        return ts_fail(e, TS_E_INPUT, "an event lacks its id, kind, author, times or bytes");
    return true;
}

/* ---- Adding ---- */

/* Whether the id is taken, and whether by the same event. */
static bool there(ts_store *s, const ts_event_row *r, bool *taken, ts_error *e) {
    sql q = sql_open(s, "SELECT body = ? FROM event WHERE id = ?", e);
    sql_str(&q, r->body);
    sql_str(&q, r->id);
    *taken = sql_step(&q);
    bool same = *taken && sql_get_i64(&q, 0);
    if (!sql_done(&q)) return false;
    return !*taken || same ||
           ts_fail(e, TS_E_INPUT,
                   "another event with the id %.*s is recorded already; give this one an id of its "
                   "own",
                   TS_P(r->id));
}

static bool put(ts_store *s, const ts_event_row *r, ts_error *e) {
    sql q = sql_open(
        s, "INSERT INTO event(id, kind, at, recorded, author, body) VALUES(?,?,?,?,?,?)", e);
    sql_str(&q, r->id);
    sql_str(&q, r->kind);
    sql_i64(&q, r->at);
    sql_i64(&q, r->recorded);
    sql_str(&q, r->by);
    sql_str(&q, r->body);
    return sql_run(&q);
}

static bool put_about(ts_store *s, const ts_event_row *r, ts_error *e) {
    for (size_t i = 0; i < r->about.n; i++) {
        sql q = sql_open(s,
                         "INSERT OR IGNORE INTO event_about(product, at, event, role) "
                         "SELECT ?, at, number, ? FROM event WHERE id = ?",
                         e);
        sql_str(&q, r->about.v[i].product);
        sql_str(&q, r->about.v[i].role);
        sql_str(&q, r->id);
        if (!sql_run(&q)) return false;
    }
    return true;
}

/* The body is made of what was written, in the order in which it is read again. */
static bool log_it(ts_store *s, const ts_event_row *r, ts_error *e) {
    size_t room = 4 * room_of(r); /* a buffer that grows is copied */
    ts_arena work = ts_arena_new(room), used = work;
    ts_event_row kept;
    bool found, ok = ts_store_event(s, &used, r->id, &kept, &found, e) && found &&
                     store_log_append(s, TS_LOG_EVENT, r->id, 0, r->recorded,
                                      store_event_body(&used, &kept), e);
    ts_arena_free(&work, room);
    return ok;
}

bool ts_store_add_event(ts_store *s, const ts_event_row *r, bool *fresh, ts_error *e) {
    bool taken;
    if (!r->id.n || !r->kind.n || !r->by.n || !r->body.n)
        return ts_fail(e, TS_E_USAGE, "an event needs an id, a kind, an author and a body");
    if (!there(s, r, &taken, e)) return false;
    *fresh = !taken;
    return taken || (put(s, r, e) && put_about(s, r, e) && log_it(s, r, e));
}

/* ---- Reading ---- */

static int64_t row_of(sql *q, ts_arena *a, ts_event_row *out) {
    *out = (ts_event_row){.id = sql_get_str(q, a, 0),
                          .kind = sql_get_str(q, a, 1),
                          .at = sql_get_i64(q, 2),
                          .recorded = sql_get_i64(q, 3),
                          .by = sql_get_str(q, a, 4),
                          .body = sql_get_str(q, a, 5)};
    return sql_get_i64(q, 6);
}

static bool about_of(ts_store *s, ts_arena *a, ts_event_row *r, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT product, role FROM event_about WHERE event = (SELECT number FROM "
                     "event WHERE id = ?) ORDER BY role, product",
                     e);
    sql_str(&q, r->id);
    while (sql_step(&q))
        *ts_push(a, &r->about) =
            (__typeof__(*r->about.v)){sql_get_str(&q, a, 0), sql_get_str(&q, a, 1)};
    return sql_done(&q);
}

/* Where `after` stands: its number and time. An id that is not there is refused: whoever goes on
 * from it would silently begin anew. */
static bool place_of(ts_store *s, ts_str after, int64_t *number, int64_t *at, ts_error *e) {
    *number = 0;
    *at = INT64_MIN;
    if (!after.n) return true;
    sql q = sql_open(s, "SELECT number, at FROM event WHERE id = ?", e);
    sql_str(&q, after);
    bool found = sql_step(&q);
    if (found) *number = sql_get_i64(&q, 0), *at = sql_get_i64(&q, 1);
    if (!sql_done(&q)) return false;
    return found || ts_fail(e, TS_E_NOT_FOUND, "there is no event %.*s to go on from", TS_P(after));
}

bool ts_store_events(ts_store *s, ts_arena *a, ts_str product, ts_str after, size_t limit,
                     ts_event_rows *out, ts_error *e) {
    int64_t number, at;
    size_t before = out->n;
    if (!place_of(s, after, &number, &at, e)) return false;
    sql q =
        product.n
            ? sql_open(s,
                       EVENT "JOIN (SELECT DISTINCT at, event FROM event_about WHERE product = ? "
                             "AND (at, event) > (?, ?) ORDER BY at, event LIMIT ?) w ON e.number = "
                             "w.event ORDER BY w.at, w.event",
                       e)
            : sql_open(s, EVENT "WHERE e.number > ? ORDER BY e.number LIMIT ?", e);
    if (product.n) sql_str(&q, product), sql_i64(&q, at);
    sql_i64(&q, number);
    sql_i64(&q, limit > INT64_MAX ? INT64_MAX : (int64_t)limit);
    while (sql_step(&q)) row_of(&q, a, ts_push(a, out));
    if (!sql_done(&q)) return false;
    for (size_t i = before; i < out->n; i++)
        if (!about_of(s, a, &out->v[i], e)) return false;
    return true;
}

bool ts_store_event(ts_store *s, ts_arena *a, ts_str id, ts_event_row *out, bool *found,
                    ts_error *e) {
    sql q = sql_open(s, EVENT "WHERE e.id = ?", e);
    sql_str(&q, id);
    *found = sql_step(&q);
    if (*found) row_of(&q, a, out);
    return sql_done(&q) && (!*found || about_of(s, a, out, e));
}
