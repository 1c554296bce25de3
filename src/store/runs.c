#include "runs.h"

#include "sql.h"

bool ts_store_run_start(ts_store *s, ts_run *r, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO run(kind, source, format, model, started, finished, records, "
                     "bad, fresh, changed, complete) "
                     "VALUES(?,?,?,?,?,0,0,0,0,0,0)",
                     e);
    sql_i64(&q, r->kind);
    sql_str(&q, r->source);
    sql_str(&q, r->format);
    sql_str(&q, r->model);
    sql_i64(&q, r->started);
    if (!sql_run(&q)) return false;
    r->id = sqlite3_last_insert_rowid(s->db);
    return true;
}

bool ts_store_run_finish(ts_store *s, const ts_run *r, ts_error *e) {
    sql q = sql_open(s,
                     "UPDATE run SET format = ?, finished = ?, records = ?, bad = ?, fresh = ?, "
                     "changed = ?, complete = ?, silent = ? "
                     "WHERE id = ?",
                     e);
    sql_str(&q, r->format);
    sql_i64(&q, r->finished);
    sql_i64(&q, (int64_t)r->records);
    sql_i64(&q, (int64_t)r->bad);
    sql_i64(&q, (int64_t)r->fresh);
    sql_i64(&q, (int64_t)r->changed);
    sql_i64(&q, r->complete);
    sql_i64(&q, r->silent);
    sql_i64(&q, r->id);
    return sql_run(&q);
}

bool ts_store_last_count(ts_store *s, ts_run_kind kind, ts_str source, int64_t before,
                         uint64_t *records, bool *found, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT records FROM run WHERE kind = ? AND source = ? AND complete = 1 AND "
                     "records > 0 AND (? = 0 OR id < ?) "
                     "ORDER BY id DESC LIMIT 1",
                     e);
    sql_i64(&q, kind);
    sql_str(&q, source);
    sql_i64(&q, before);
    sql_i64(&q, before);
    *found = sql_step(&q);
    *records = *found ? (uint64_t)sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}

bool ts_store_sources(ts_store *s, ts_arena *a, ts_source_rows *out, ts_error *e) {
    sql q = sql_open(
        s,
        "SELECT id, kind, source, format, model, started, finished, records, bad, fresh, changed, "
        "complete, silent FROM run "
        "WHERE id IN (SELECT max(id) FROM run GROUP BY kind, source) ORDER BY kind, source",
        e);
    while (sql_step(&q)) {
        ts_run *r = &ts_push(a, out)->last;
        r->id = sql_get_i64(&q, 0);
        r->kind = (ts_run_kind)sql_get_i64(&q, 1);
        r->source = sql_get_str(&q, a, 2);
        r->format = sql_get_str(&q, a, 3);
        r->model = sql_get_str(&q, a, 4);
        r->started = sql_get_i64(&q, 5);
        r->finished = sql_get_i64(&q, 6);
        r->records = (uint64_t)sql_get_i64(&q, 7);
        r->bad = (uint64_t)sql_get_i64(&q, 8);
        r->fresh = (uint64_t)sql_get_i64(&q, 9);
        r->changed = (uint64_t)sql_get_i64(&q, 10);
        r->complete = sql_get_i64(&q, 11) != 0;
        r->silent = sql_get_i64(&q, 12) != 0;
    }
    bool ok = sql_done(&q);
    for (size_t i = 0; ok && i < out->n; i++)
        ok = ts_store_last_count(s, out->v[i].last.kind, out->v[i].last.source, out->v[i].last.id,
                                 &out->v[i].before, &out->v[i].known_before, e);
    return ok;
}

static ts_feed_state feed_state(sql *q, ts_arena *a) {
    return (ts_feed_state){.etag = sql_get_str(q, a, 0),
                           .last_modified = sql_get_str(q, a, 1),
                           .mark = sql_get_str(q, a, 2),
                           .fetched = sql_get_i64(q, 3),
                           .records = sql_get_i64(q, 4)};
}

bool ts_store_feed_state(ts_store *s, ts_arena *a, ts_str url, ts_feed_state *out, ts_error *e) {
    *out = (ts_feed_state){.records = -1};
    sql q = sql_open(
        s, "SELECT etag, last_modified, mark, fetched, records FROM feed WHERE url = ?", e);
    sql_str(&q, url);
    if (sql_step(&q)) *out = feed_state(&q, a);
    return sql_done(&q);
}

bool ts_store_put_feed_state(ts_store *s, ts_str url, const ts_feed_state *st, ts_error *e) {
    sql q = sql_open(
        s,
        "INSERT INTO feed(url, etag, last_modified, mark, fetched, records) VALUES(?,?,?,?,?,?) "
        "ON CONFLICT(url) DO UPDATE SET etag = excluded.etag, last_modified = "
        "excluded.last_modified, mark = excluded.mark, "
        "fetched = excluded.fetched, records = excluded.records",
        e);
    sql_str(&q, url);
    sql_str(&q, st->etag);
    sql_str(&q, st->last_modified);
    sql_str(&q, st->mark);
    sql_i64(&q, st->fetched);
    sql_i64(&q, st->records);
    return sql_run(&q);
}

bool ts_store_feed_states(ts_store *s, ts_arena *a, ts_str prefix, ts_str mark, ts_feed_rows *out,
                          ts_error *e) {
    sql q = sql_open(s,
                     "SELECT etag, last_modified, mark, fetched, records, url FROM feed "
                     "WHERE substr(url, 1, length(?)) = ? AND mark >= ? ORDER BY mark, url",
                     e);
    sql_str(&q, prefix);
    sql_str(&q, prefix);
    sql_str(&q, mark);
    while (sql_step(&q)) {
        ts_feed_row *r = ts_push(a, out);
        r->state = feed_state(&q, a);
        r->url = sql_get_str(&q, a, 5);
    }
    return sql_done(&q);
}
