#include "places.h"

#include "rows.h"
#include "sql.h"

/* ---- Writing ---- */

static bool next_mark(ts_store *s, ts_error *e) {
    sql q = sql_open(s, "UPDATE place_mark SET mark = mark + 1", e);
    return sql_run(&q);
}

static bool with_number(ts_store *s, const char *text, int64_t number, ts_error *e) {
    sql q = sql_open(s, text, e);
    sql_i64(&q, number);
    return sql_run(&q);
}

static bool put_row(ts_store *s, const ts_place *p, int64_t number, ts_error *e) {
    const ts_str texts[] = {p->gtin, p->lot,         p->brand,        p->model_name,
                            p->name, p->operator_id, p->operator_name};
    enum { TEXTS = sizeof texts / sizeof *texts };
    int64_t words[TEXTS];
    for (size_t i = 0; i < TEXTS; i++)
        if (!store_word(s, texts[i], &words[i], e)) return false;
    sql q = sql_open(s,
                     "INSERT OR REPLACE INTO place(number, sealed, serial, made, gtin, lot, brand, "
                     "model_name, name, operator_id, operator_name) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                     e);
    sql_i64(&q, number);
    sql_i64(&q, p->sealed);
    sql_str(&q, p->serial);
    sql_i64(&q, p->made);
    for (size_t i = 0; i < TEXTS; i++) sql_i64(&q, words[i]);
    return sql_run(&q);
}

static bool put_edges(ts_store *s, int64_t from, const ts_place_edge *v, size_t n, ts_error *e) {
    for (size_t i = 0; i < n; i++) {
        int64_t to;
        if (!store_word(s, v[i].to, &to, e)) return false;
        sql q = sql_open(
            s, "INSERT OR IGNORE INTO place_edge(source, target, predecessor) VALUES(?,?,?)", e);
        sql_i64(&q, from);
        sql_i64(&q, to);
        sql_i64(&q, v[i].predecessor);
        if (!sql_run(&q)) return false;
    }
    return true;
}

/* Whether a place is recorded; one noted as missing counts, since it is changed by being found. */
static bool is_there(ts_store *s, int64_t number, bool *there, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT 1 FROM place WHERE number = ? UNION ALL SELECT 1 FROM place_missing "
                     "WHERE number = ?",
                     e);
    sql_i64(&q, number);
    sql_i64(&q, number);
    *there = sql_step(&q);
    return sql_done(&q);
}

static bool forget(ts_store *s, int64_t number, ts_error *e) {
    return with_number(s, "DELETE FROM place_edge WHERE source = ?", number, e) &&
           with_number(s, "DELETE FROM place_missing WHERE number = ?", number, e) &&
           with_number(s, "DELETE FROM place WHERE number = ?", number, e);
}

bool store_put_place(ts_store *s, ts_str passport, const ts_place *place,
                     const ts_place_edge *edges, size_t edges_n, ts_error *e) {
    int64_t number;
    bool there;
    if (!store_passport_number(s, passport, &number, e) || !is_there(s, number, &there, e) ||
        (there && !forget(s, number, e)) || !next_mark(s, e))
        return false;
    if (!place) return with_number(s, "INSERT INTO place_missing(number) VALUES(?)", number, e);
    return put_row(s, place, number, e) && put_edges(s, number, edges, edges_n, e);
}

bool ts_store_put_place(ts_store *s, const ts_place *place, const ts_place_edge *edges,
                        size_t edges_n, ts_error *e) {
    return store_put_place(s, place->id, place, edges, edges_n, e);
}

bool ts_store_seal_place(ts_store *s, ts_str id, bool sealed, ts_error *e) {
    int64_t number;
    if (!store_passport_number(s, id, &number, e)) return false;
    sql q = sql_open(s, "UPDATE place SET sealed = ? WHERE number = ? AND sealed <> ?", e);
    sql_i64(&q, sealed);
    sql_i64(&q, number);
    sql_i64(&q, sealed);
    if (!sql_run(&q)) return false;
    return sqlite3_changes(s->db) == 0 || next_mark(s, e);
}

bool ts_store_missing_places(ts_store *s, ts_arena *a, size_t limit, ts_strs *ids, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT (SELECT p.id FROM passport p WHERE p.number = m.number) FROM "
                     "place_missing m LIMIT ?",
                     e);
    sql_i64(&q, (int64_t)limit);
    while (sql_step(&q)) *ts_push(a, ids) = sql_get_id(&q, a, 0);
    return sql_done(&q);
}

/* ---- Reading ---- */

#define PLACE                                                                                      \
    "SELECT p.number, p.id, p.product, p.grain, p.model, p.batch, l.gtin, l.lot, l.brand, "        \
    "l.model_name, l.name, l.operator_id, l.operator_name, l.sealed, l.serial, l.made "            \
    "FROM place l JOIN passport p ON p.number = l.number "

static int grain_of(ts_str name) {
    return ts_str_is(name, "item") ? 2 : ts_str_is(name, "batch") ? 1 : 0;
}

/* Words by number, each read once. */
typedef struct words {
    ts_store *s;
    ts_arena *a;
    ts_error *e;
    ts_str *v; /* p NULL: not read yet */
    size_t n;
} words;

static bool words_begin(words *w) {
    sql q = sql_open(w->s, "SELECT coalesce(max(number), 0) FROM word", w->e);
    w->n = sql_step(&q) ? (size_t)sql_get_i64(&q, 0) + 1 : 1;
    w->v = ts_new_n(w->a, ts_str, w->n);
    return sql_done(&q);
}

static bool word_at(words *w, int64_t number, ts_str *out) {
    *out = TS_NONE;
    if (number <= 0) return true;
    if ((uint64_t)number < w->n && w->v[number].p) return *out = w->v[number], true;
    sql q = sql_open(w->s, "SELECT text FROM word WHERE number = ?", w->e);
    sql_i64(&q, number);
    if (sql_step(&q)) *out = sql_get_str(&q, w->a, 0);
    if ((uint64_t)number < w->n) w->v[number] = *out;
    return sql_done(&q);
}

/* The row's own texts go to `a`, words to w->a. */
static bool row_of(sql *q, ts_arena *a, words *w, ts_place *p) {
    ts_str grain = TS_NONE;
    *p = (ts_place){.id = sql_get_id(q, a, 1),
                    .product = sql_get_str(q, a, 2),
                    .sealed = sql_get_i64(q, 13),
                    .serial = sql_get_str(q, a, 14),
                    .made = (int32_t)sql_get_i64(q, 15)};
    ts_str *const to[] = {&grain,    &p->model,      &p->batch, &p->gtin,        &p->lot,
                          &p->brand, &p->model_name, &p->name,  &p->operator_id, &p->operator_name};
    bool ok = true;
    for (size_t i = 0; i < sizeof to / sizeof *to; i++)
        ok = ok && word_at(w, sql_get_i64(q, 3 + (int)i), to[i]);
    p->grain = grain_of(grain);
    return ok;
}

/* All rows of q, one after another: words in the lower half of the memory, which stay, and each
 * row's own texts in the upper. */
static bool each(sql *q, ts_arena scratch, ts_place_each_fn *fn, void *ctx) {
    ts_arena low = scratch, high = scratch;
    low.end = high.beg = scratch.beg + (scratch.end - scratch.beg) / 2;
    words w = {.s = q->s, .a = &low, .e = q->e};
    bool ok = words_begin(&w), on = true;
    while (ok && on && sql_step(q)) {
        ts_arena work = high;
        ts_place p;
        ok = row_of(q, &work, &w, &p);
        on = ok && fn(ctx, sql_get_i64(q, 0), &p);
    }
    return sql_done(q) && ok;
}

bool ts_store_each_place(ts_store *s, ts_arena scratch, int64_t after, ts_place_each_fn *fn,
                         void *ctx, ts_error *e) {
    sql q = sql_open(s, PLACE "WHERE l.number > ? ORDER BY l.number", e);
    sql_i64(&q, after);
    return each(&q, scratch, fn, ctx);
}

static bool one(sql *q, ts_arena *a, int64_t *number, ts_place *out, bool *found) {
    words w = {.s = q->s, .a = a, .e = q->e};
    bool ok = true;
    *out = (ts_place){.made = TS_NO_DAY};
    *found = sql_step(q);
    if (*found) {
        *number = sql_get_i64(q, 0);
        ok = row_of(q, a, &w, out);
    }
    return sql_done(q) && ok;
}

bool ts_store_place(ts_store *s, ts_arena *a, ts_str id, int64_t *number, ts_place *out,
                    bool *found, ts_error *e) {
    sql q = sql_open(s, PLACE "WHERE p.id = ?", e);
    sql_id(&q, id);
    return one(&q, a, number, out, found);
}

bool ts_store_place_numbered(ts_store *s, ts_arena *a, int64_t number, ts_place *out, bool *found,
                             ts_error *e) {
    int64_t same;
    sql q = sql_open(s, PLACE "WHERE l.number = ?", e);
    sql_i64(&q, number);
    return one(&q, a, &same, out, found);
}

bool ts_store_edges(ts_store *s, ts_arena *a, ts_str id, bool back, ts_place_edges *out,
                    ts_error *e) {
#define EDGE                                                                                       \
    "SELECT p.id, w.text, x.predecessor FROM place_edge x JOIN passport p ON p.number = x.source " \
    "JOIN word w ON w.number = x.target "
    sql q =
        !id.n  ? sql_open(s, EDGE "ORDER BY x.source, x.target", e)
        : back ? sql_open(s, EDGE "WHERE x.target = (SELECT number FROM word WHERE text = ?)", e)
               : sql_open(s, EDGE "WHERE x.source = (SELECT number FROM passport WHERE id = ?)", e);
    if (back && id.n) sql_str(&q, id);
    if (!back && id.n) sql_id(&q, id);
    while (sql_step(&q))
        *ts_push(a, out) = (ts_place_edge){.from = sql_get_id(&q, a, 0),
                                           .to = sql_get_str(&q, a, 1),
                                           .predecessor = sql_get_i64(&q, 2)};
    return sql_done(&q);
}

bool ts_store_edges_to(ts_store *s, ts_arena *a, ts_str id, size_t limit, ts_place_edges *out,
                       ts_error *e) {
    sql q =
        sql_open(s, EDGE "WHERE x.target = (SELECT number FROM word WHERE text = ?) LIMIT ?", e);
    sql_str(&q, id);
    sql_i64(&q, (int64_t)limit);
    while (sql_step(&q))
        *ts_push(a, out) = (ts_place_edge){.from = sql_get_id(&q, a, 0),
                                           .to = sql_get_str(&q, a, 1),
                                           .predecessor = sql_get_i64(&q, 2)};
    return sql_done(&q);
}

bool ts_store_each_edge(ts_store *s, ts_arena scratch, ts_place_edge_fn *fn, void *ctx,
                        ts_error *e) {
    bool on = true;
    sql q = sql_open(s,
                     "SELECT x.source, w.text, x.predecessor FROM place_edge x JOIN word w ON "
                     "w.number = x.target ORDER BY x.source, x.target, x.predecessor",
                     e);
    while (on && sql_step(&q)) {
        ts_arena work = scratch;
        on = fn(ctx, sql_get_i64(&q, 0), sql_get_str(&q, &work, 1), sql_get_i64(&q, 2));
    }
    return sql_done(&q);
}

bool ts_store_place_numbers(ts_store *s, ts_arena *a, ts_str id, ts_place_numbers *out,
                            ts_error *e) {
    sql q = sql_open(s,
                     "SELECT p.number FROM passport p JOIN place l ON l.number = p.number WHERE "
                     "p.id = ? UNION SELECT p.number FROM passport p JOIN place l ON l.number = "
                     "p.number WHERE p.product = ? ORDER BY 1",
                     e);
    sql_id(&q, id);
    sql_str(&q, id);
    while (sql_step(&q)) *ts_push(a, out) = sql_get_i64(&q, 0);
    return sql_done(&q);
}

bool ts_store_items(ts_store *s, ts_arena *a, ts_str gtin, ts_str serial, size_t limit,
                    ts_strs *products, ts_error *e) {
    sql q =
        sql_open(s,
                 "SELECT DISTINCT p.product FROM place l JOIN passport p ON p.number = l.number "
                 "WHERE l.serial <> '' AND l.serial = ? AND l.gtin = (SELECT number FROM word "
                 "WHERE text = ?) LIMIT ?",
                 e);
    sql_str(&q, serial);
    sql_str(&q, gtin);
    sql_i64(&q, (int64_t)limit);
    while (sql_step(&q)) *ts_push(a, products) = sql_get_str(&q, a, 0);
    return sql_done(&q);
}

bool ts_store_place_names(ts_store *s, ts_arena *a, int64_t number, ts_str *id, ts_str *product,
                          ts_error *e) {
    sql q = sql_open(s, "SELECT id, product FROM passport WHERE number = ?", e);
    sql_i64(&q, number);
    bool found = sql_step(&q);
    if (found) {
        *id = sql_get_id(&q, a, 0);
        *product = sql_get_str(&q, a, 1);
    }
    return sql_done(&q) && (found || ts_fail(e, TS_E_NOT_FOUND, "no passport has the number %lld",
                                             (long long)number));
}

bool ts_store_hold(ts_store *s, bool *held, ts_error *e) {
    *held = !s->in_transaction;
    if (s->in_transaction) return true;
    if (sqlite3_exec(s->db, "BEGIN", 0, 0, 0) != SQLITE_OK)
        return sql_fail(s, e, "cannot read the store");
    s->in_transaction = true;
    return true;
}

void ts_store_release(ts_store *s, bool held) {
    if (held) ts_store_rollback(s);
}

bool ts_store_place_mark(ts_store *s, int64_t *mark, ts_error *e) {
    sql q = sql_open(s, "SELECT mark FROM place_mark", e);
    *mark = sql_step(&q) ? sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}
