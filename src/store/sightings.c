#include "sightings.h"

#include "sql.h"

bool ts_store_put_sighting(ts_store *s, const ts_sighting *x, ts_error *e) {
    sql q = sql_open(s,
                     "INSERT OR REPLACE INTO sighting(product, source, offer, seller, url, at) "
                     "VALUES(?,?,?,?,?,?)",
                     e);
    sql_str(&q, x->product);
    sql_str(&q, x->source);
    sql_str(&q, x->offer);
    sql_str(&q, x->seller);
    sql_str(&q, x->url);
    sql_i64(&q, x->at);
    return sql_run(&q);
}

bool ts_store_sightings(ts_store *s, ts_arena *a, ts_str product, size_t limit, ts_sightings *out,
                        ts_error *e) {
    sql q = sql_open(s,
                     "SELECT source, offer, seller, url, at FROM sighting WHERE product = ? "
                     "ORDER BY at DESC, source, offer LIMIT ?",
                     e);
    sql_str(&q, product);
    sql_i64(&q, (int64_t)limit);
    while (sql_step(&q))
        *ts_push(a, out) = (ts_sighting){.product = product,
                                         .source = sql_get_str(&q, a, 0),
                                         .offer = sql_get_str(&q, a, 1),
                                         .seller = sql_get_str(&q, a, 2),
                                         .url = sql_get_str(&q, a, 3),
                                         .at = sql_get_i64(&q, 4)};
    return sql_done(&q);
}
