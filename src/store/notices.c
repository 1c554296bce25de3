#include "notices.h"

#include "sql.h"

static ts_str notice_json(ts_arena *scratch, const ts_notice *n) {
    ts_buf b = ts_buf_new(scratch, 64 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_notice_write(&w, n);
    return ts_buf_str(&b);
}

bool ts_store_notice_set(ts_store *s, ts_notice_set *out, ts_error *e) {
    *out = (ts_notice_set){0};
    sql q = sql_open(s, "SELECT count, lo, hi FROM notice_set WHERE one = 1", e);
    if (sql_step(&q))
        *out = (ts_notice_set){(uint64_t)sql_get_i64(&q, 0),
                               {(uint64_t)sql_get_i64(&q, 1), (uint64_t)sql_get_i64(&q, 2)}};
    return sql_done(&q);
}

bool ts_store_notices_since(ts_store *s, ts_str source, int32_t day, uint64_t *n, ts_error *e) {
    char iso[16];
    *n = 0;
    sql q = sql_open(s,
                     "SELECT count(*) FROM notice WHERE source = ? AND state <> 'withdrawn' AND "
                     "json_extract(json, '$.published') >= ?",
                     e);
    sql_str(&q, source);
    sql_str(&q, ts_day_iso(day, iso));
    if (sql_step(&q)) *n = (uint64_t)sql_get_i64(&q, 0);
    return sql_done(&q);
}

static bool change_set(ts_store *s, const ts_notice *old, const ts_notice *n, ts_error *e) {
    ts_notice_set set;
    if (!ts_store_notice_set(s, &set, e)) return false;
    if (old) set.digest = ts_notice_set_toggle(set.digest, old);
    set.digest = ts_notice_set_toggle(set.digest, n);
    sql q = sql_open(s, "UPDATE notice_set SET count = ?, lo = ?, hi = ? WHERE one = 1", e);
    sql_i64(&q, (int64_t)set.count + !old);
    sql_i64(&q, (int64_t)set.digest.lo);
    sql_i64(&q, (int64_t)set.digest.hi);
    return sql_run(&q);
}

static bool put_version(ts_store *s, const ts_notice *n, int64_t version, int64_t now, ts_str hex,
                        ts_str json, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO notice_version(notice, version, seen, digest, state, json) "
                     "VALUES(?,?,?,?,?,?)",
                     e);
    sql_str(&q, n->id);
    sql_i64(&q, version);
    sql_i64(&q, now);
    sql_str(&q, hex);
    sql_str(&q, ts_str_c(ts_notice_state_name(n->state)));
    sql_str(&q, json);
    return sql_run(&q);
}

static bool insert(ts_store *s, const ts_notice *n, int64_t now, ts_str hex, ts_str json,
                   ts_error *e) {
    sql q = sql_open(s,
                     "INSERT INTO notice(id, source, number, state, version, digest, json, "
                     "first_seen, last_changed) VALUES(?,?,?,?,1,?,?,?,?)",
                     e);
    sql_str(&q, n->id);
    sql_str(&q, n->source);
    sql_str(&q, n->number);
    sql_str(&q, ts_str_c(ts_notice_state_name(n->state)));
    sql_str(&q, hex);
    sql_str(&q, json);
    sql_i64(&q, now);
    sql_i64(&q, now);
    return sql_run(&q) && put_version(s, n, 1, now, hex, json, e) && change_set(s, 0, n, e);
}

static bool update(ts_store *s, const ts_notice *old, const ts_notice *n, int64_t version,
                   int64_t now, ts_str hex, ts_str json, ts_error *e) {
    sql q = sql_open(s,
                     "UPDATE notice SET state = ?, version = ?, digest = ?, json = ?, last_changed "
                     "= ? WHERE id = ?",
                     e);
    sql_str(&q, ts_str_c(ts_notice_state_name(n->state)));
    sql_i64(&q, version);
    sql_str(&q, hex);
    sql_str(&q, json);
    sql_i64(&q, now);
    sql_str(&q, n->id);
    return sql_run(&q) && put_version(s, n, version, now, hex, json, e) && change_set(s, old, n, e);
}

static ts_digest digest_of_hex(ts_str hex) {
    ts_digest d = {0};
    for (size_t i = 0; i < hex.n && i < 32; i++) {
        unsigned c = (unsigned char)hex.p[i], v = ts_is_digit((int)c) ? c - '0' : c - 'a' + 10;
        if (i < 16)
            d.hi = d.hi << 4 | v;
        else
            d.lo = d.lo << 4 | v;
    }
    return d;
}

static ts_notice_state state_of(ts_str s) {
    return ts_str_is(s, "withdrawn") ? TS_NOTICE_WITHDRAWN
           : ts_str_is(s, "updated") ? TS_NOTICE_UPDATED
                                     : TS_NOTICE_PUBLISHED;
}

bool ts_store_put_notice(ts_store *s, const ts_notice *notice, int64_t now, ts_put *what,
                         ts_error *e) {
    enum { ROOM = 256 << 20 };
    ts_arena room = ts_arena_new(ROOM), scratch = room;
    char hex[32];
    ts_notice n = *notice, old = {.id = notice->id};
    ts_digest_hex(n.digest, hex);
    sql q = sql_open(s,
                     "SELECT version, digest, state, coalesce(json_extract(json, '$.modified'), "
                     "json_extract(json, '$.published'), '') FROM notice WHERE id = ?",
                     e);
    sql_str(&q, n.id);
    bool there = sql_step(&q);
    int64_t version = there ? sql_get_i64(&q, 0) : 0;
    if (there)
        old.digest = digest_of_hex(sql_get_str(&q, &scratch, 1)),
        old.state = state_of(sql_get_str(&q, &scratch, 2));
    char iso[16];
    ts_str day = ts_day_iso(n.modified != TS_NO_DAY ? n.modified : n.published, iso),
           stored = there ? ts_str_dup(&scratch, sql_get_str(&q, &scratch, 3)) : TS_NONE;
    bool past = day.n && stored.n &&
                ts_str_cmp(day, stored) <
                    0; /* another feed's copy, or an earlier record of the same file */
    bool ok = sql_done(&q);
    bool same = there && ts_digest_eq(old.digest, n.digest);
    /* A changed notice says "updated" from its second version on, also when its source does not;
     * the same content never turns back from updated to published. */
    if (there && !same && n.state == TS_NOTICE_PUBLISHED) n.state = TS_NOTICE_UPDATED;
    if (same && n.state == TS_NOTICE_PUBLISHED && old.state == TS_NOTICE_UPDATED)
        n.state = TS_NOTICE_UPDATED;
    *what = !there                                   ? TS_PUT_NEW
            : past || (same && n.state == old.state) ? TS_PUT_UNCHANGED
                                                     : TS_PUT_UPDATED;
    if (ok && *what != TS_PUT_UNCHANGED) {
        ts_str json = notice_json(&scratch, &n), h = {hex, 32};
        ok = there ? update(s, &old, &n, version + 1, now, h, json, e)
                   : insert(s, &n, now, h, json, e);
    }
    ts_arena_free(&room, ROOM);
    return ok;
}

static bool parse(ts_arena *a, ts_str json, ts_str hex, ts_notice *out, ts_error *e) {
    const ts_json *v = ts_json_parse(a, json, (ts_json_options){0}, e);
    if (!v || !ts_notice_read(a, v, out, e)) return false;
    out->digest = digest_of_hex(hex);
    return true;
}

bool ts_store_notice(ts_store *s, ts_arena *a, ts_str id, ts_notice *out, bool *found,
                     ts_error *e) {
    sql q = sql_open(s, "SELECT json, digest FROM notice WHERE id = ?", e);
    sql_str(&q, id);
    *found = sql_step(&q);
    bool ok = !*found || parse(a, sql_get_str(&q, a, 0), sql_get_str(&q, a, 1), out, e);
    return sql_done(&q) && ok;
}

static bool each(sql q, ts_arena scratch, ts_notice_fn *fn, void *ctx) {
    bool ok = true, more = true;
    while (ok && more && sql_step(&q)) {
        ts_arena a = scratch;
        ts_notice n;
        ok = parse(&a, sql_get_str(&q, &a, 0), sql_get_str(&q, &a, 1), &n, q.e);
        if (ok) more = fn(ctx, &n);
    }
    return sql_done(&q) && ok;
}

bool ts_store_each_notice(ts_store *s, ts_arena scratch, ts_notice_fn *fn, void *ctx, ts_error *e) {
    return each(sql_open(s, "SELECT json, digest FROM notice ORDER BY id", e), scratch, fn, ctx);
}

bool ts_store_each_withdrawn(ts_store *s, ts_arena scratch, ts_notice_fn *fn, void *ctx,
                             ts_error *e) {
    return each(
        sql_open(s, "SELECT json, digest FROM notice WHERE state = 'withdrawn' ORDER BY id", e),
        scratch, fn, ctx);
}

bool ts_store_notice_versions(ts_store *s, ts_arena *a, ts_str id, ts_notice_versions *out,
                              ts_error *e) {
    sql q = sql_open(s,
                     "SELECT version, seen, digest, state, json FROM notice_version WHERE notice = "
                     "? ORDER BY version DESC",
                     e);
    sql_str(&q, id);
    while (sql_step(&q))
        *ts_push(a, out) =
            (ts_notice_version){sql_get_i64(&q, 0), sql_get_i64(&q, 1), sql_get_str(&q, a, 2),
                                sql_get_str(&q, a, 3), sql_get_str(&q, a, 4)};
    return sql_done(&q);
}
