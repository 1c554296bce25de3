#include "leads.h"

#include "sql.h"

ts_str ts_lead_id(ts_str source, ts_str offer_id, ts_str notice_id, char out[10]) {
    char hex[32];
    uint64_t h = ts_hash_seed(notice_id, ts_hash_seed(offer_id, ts_hash(source)));
    ts_digest_hex((ts_digest){.hi = h}, hex);
    memcpy(out, hex, 10);
    return (ts_str){out, 10};
}

bool ts_store_put_lead(ts_store *s, const ts_lead_row *l, bool *fresh, ts_error *e) {
    sql q = sql_open(s, "SELECT 1 FROM lead WHERE id = ?", e);
    sql_str(&q, l->id);
    *fresh = !sql_step(&q);
    if (!sql_done(&q)) return false;
    q = sql_open(s,
                 "INSERT INTO lead(id, source, offer, notice, probability, grade, rung, scope_fit, "
                 "legal_effect, model, json, run, first_seen, last_seen) "
                 "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET probability = "
                 "excluded.probability, grade = excluded.grade, "
                 "rung = excluded.rung, scope_fit = excluded.scope_fit, legal_effect = "
                 "excluded.legal_effect, model = excluded.model, "
                 "json = excluded.json, run = excluded.run, last_seen = excluded.last_seen",
                 e);
    sql_str(&q, l->id);
    sql_str(&q, l->source);
    sql_str(&q, l->offer_id);
    sql_str(&q, l->notice_id);
    sql_f64(&q, l->probability);
    sql_str(&q, l->grade);
    sql_str(&q, l->rung);
    sql_str(&q, l->scope_fit);
    sql_str(&q, l->legal_effect);
    sql_str(&q, l->model);
    sql_str(&q, l->json);
    sql_i64(&q, l->run);
    sql_i64(&q, l->first_seen);
    sql_i64(&q, l->last_seen);
    return sql_run(&q);
}

#define LEAD_COLUMNS                                                                               \
    "l.id, l.source, l.offer, l.notice, l.probability, l.grade, l.rung, l.scope_fit, "             \
    "l.legal_effect, l.model, l.json, l.run, "                                                     \
    "l.first_seen, l.last_seen, coalesce(n.state, '') FROM lead l LEFT JOIN notice n ON n.id = "   \
    "l.notice "

static ts_lead_row row(sql *q, ts_arena *a) {
    ts_lead_row l = {
        .id = sql_get_str(q, a, 0),
        .source = sql_get_str(q, a, 1),
        .offer_id = sql_get_str(q, a, 2),
        .notice_id = sql_get_str(q, a, 3),
        .probability = sql_get_f64(q, 4),
        .grade = sql_get_str(q, a, 5),
        .rung = sql_get_str(q, a, 6),
        .scope_fit = sql_get_str(q, a, 7),
        .legal_effect = sql_get_str(q, a, 8),
        .model = sql_get_str(q, a, 9),
        .json = sql_get_str(q, a, 10),
        .run = sql_get_i64(q, 11),
        .first_seen = sql_get_i64(q, 12),
        .last_seen = sql_get_i64(q, 13),
        .basis_gone = ts_str_is(sql_get_str(q, a, 14), "withdrawn"),
    };
    return l;
}

bool ts_store_lead(ts_store *s, ts_arena *a, ts_str id, ts_lead_row *out, int *found, ts_error *e) {
    sql q = sql_open(s,
                     "SELECT " LEAD_COLUMNS
                     "WHERE l.id >= ? AND substr(l.id, 1, ?) = ? ORDER BY l.id LIMIT 2",
                     e);
    sql_str(&q, id);
    sql_i64(&q, (int64_t)id.n);
    sql_str(&q, id);
    *found = 0;
    while (sql_step(&q))
        if (++*found == 1) *out = row(&q, a);
    return sql_done(&q);
}

bool ts_store_leads(ts_store *s, ts_arena *a, int64_t run, size_t limit, ts_lead_rows *out,
                    ts_error *e) {
    sql q = sql_open(s,
                     "SELECT " LEAD_COLUMNS
                     "WHERE ? = 0 OR l.run = ? ORDER BY l.probability DESC, l.id LIMIT ?",
                     e);
    sql_i64(&q, run);
    sql_i64(&q, run);
    sql_i64(&q, (int64_t)limit);
    while (sql_step(&q)) *ts_push(a, out) = row(&q, a);
    return sql_done(&q);
}

bool ts_store_lead_count(ts_store *s, uint64_t *n, ts_error *e) {
    sql q = sql_open(s, "SELECT count(*) FROM lead", e);
    *n = sql_step(&q) ? (uint64_t)sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}

bool ts_store_leads_without_basis(ts_store *s, uint64_t *n, ts_error *e) {
    sql q = sql_open(
        s,
        "SELECT count(*) FROM lead l JOIN notice n ON n.id = l.notice WHERE n.state = 'withdrawn'",
        e);
    *n = sql_step(&q) ? (uint64_t)sql_get_i64(&q, 0) : 0;
    return sql_done(&q);
}
