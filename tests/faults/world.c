#include "world.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

static const char *const kinds[] = {"electric kettle", "cordless drill", "hair dryer", "toaster",
                                    "baby walker",     "night light",    "scooter",    "desk lamp"};
static const char *const syllables[] = {"vel", "mo", "ra",  "tik", "us",  "bren",
                                        "ol",  "ca", "dix", "for", "len", "mir"};

/* A brand and a model that belong to number i alone. */
static void names_of(unsigned i, char brand[40], char model[40]) {
    uint64_t h = ts_mix(i + 1u);
    snprintf(brand, 40, "%s%s%s%s", syllables[h % 12], syllables[h / 12 % 12],
             syllables[h / 144 % 12], syllables[h / 1728 % 12]);
    brand[0] = (char)(brand[0] - 'a' + 'A');
    snprintf(model, 40, "%c%c-%u", 'A' + (int)(h >> 40) % 26, 'A' + (int)(h >> 50) % 26,
             1000 + i * 7);
}

static void save(const char *path, ts_buf *b) {
    assert_false(b->full);
    test_write(path, ts_buf_str(b));
}

void world_notices(const char *path, unsigned n, unsigned edition) {
    ts_arena a = ts_arena_new((size_t)1 << 30), mark = a;
    ts_buf b = ts_buf_new(&a, (size_t)1 << 29);
    ts_buf_lit(&b, "number,date,authority,producer,brand,product,model,defect,consequence,remedy,"
                   "country,state\n");
    for (unsigned i = 0; i < n + 10 * edition; i++) {
        char brand[40], model[40];
        names_of(i, brand, model);
        bool changed = edition && i % 7 == 3, gone = edition && i % 21 == 3;
        ts_buf_fmt(&b,
                   "W-%u,2025-0%u-1%u,World Office,%s Ltd,%s,%s,%s,The housing number %u "
                   "breaks%s,Burns,Refund,DE,%s\n",
                   i, 1 + i % 9, i % 10, brand, brand, kinds[i % 8], model, i,
                   changed ? " and the cable too" : "", gone ? "withdrawn" : "published");
    }
    save(path, &b);
    ts_arena_free(&mark, (size_t)1 << 30);
}

void world_offers(const char *path, unsigned n, unsigned notices, unsigned hit) {
    ts_arena a = ts_arena_new((size_t)1 << 30), mark = a;
    ts_buf b = ts_buf_new(&a, (size_t)1 << 29);
    for (unsigned i = 0; i < n; i++) {
        char brand[40], model[40];
        unsigned of = i % hit == 0 ? (unsigned)(ts_mix(i) % notices) : 1000000 + i;
        names_of(of, brand, model);
        ts_buf_fmt(
            &b,
            "{\"id\":\"f%u\",\"title\":\"%s %s "
            "%s\",\"brand\":\"%s\",\"market\":\"DE\",\"price\":\"%u.90\",\"currency\":\"EUR\"}\n",
            i, brand, model, kinds[of % 8], brand, i % 90);
    }
    save(path, &b);
    ts_arena_free(&mark, (size_t)1 << 30);
}

ts_notice world_notice(ts_arena *a, const char *id, unsigned change) {
    ts_notice n = {.id = ts_str_c(id),
                   .source = TS_S("world"),
                   .number = ts_str_c(id),
                   .product = TS_S("kettle"),
                   .country = TS_S("DE"),
                   .published = 20000,
                   .modified = TS_NO_DAY,
                   .kind = TS_NOTICE_RECALL};
    ts_buf b = ts_buf_new(a, 100);
    ts_buf_fmt(&b, "It breaks in %u places.", change);
    n.hazard = ts_buf_str(&b);
    *ts_push(a, &n.brands) = TS_S("Velmora");
    *ts_push(a, &n.models) = TS_S("VK-1700");
    ts_notice_seal(*a, &n);
    return n;
}

static void put_rows(sqlite3 *db, ts_buf *b, const char *query) {
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_prepare_v2(db, query, -1, &q, 0), SQLITE_OK);
    int rc;
    while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(q); i++) {
            const char *text = (const char *)sqlite3_column_text(q, i);
            ts_buf_put(b, ts_str_c(text ? text : "NULL"));
            ts_buf_c(b, '|');
        }
        ts_buf_c(b, '\n');
    }
    assert_int_equal(rc, SQLITE_DONE);
    sqlite3_finalize(q);
}

ts_str world_dump(ts_arena *a, const char *path) {
    sqlite3 *db;
    ts_buf b = ts_buf_new(a, (size_t)1 << 30);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, 0), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    put_rows(db, &b, "PRAGMA integrity_check");
    put_rows(db, &b, "PRAGMA user_version");
    sqlite3_stmt *q;
    bool made = sqlite3_prepare_v2(db, "SELECT 1 FROM notice", -1, &q, 0) == SQLITE_OK;
    sqlite3_finalize(q);
    if (!made) { /* nothing has been committed yet, not even the tables */
        sqlite3_close(db);
        return ts_buf_str(&b);
    }
    put_rows(db, &b, "PRAGMA foreign_key_check");
    put_rows(db, &b,
             "SELECT id, source, number, state, version, digest, json FROM notice ORDER BY id");
    put_rows(
        db, &b,
        "SELECT notice, version, digest, state, json FROM notice_version ORDER BY notice, version");
    put_rows(db, &b, "SELECT count, lo, hi FROM notice_set");
    put_rows(db, &b, "SELECT count(*) - (SELECT count FROM notice_set) FROM notice");
    put_rows(db, &b,
             "SELECT id, source, offer, notice, probability, grade, rung, scope_fit, legal_effect, "
             "model, json FROM lead ORDER BY id");
    sqlite3_close(db);
    assert_false(b.full);
    return ts_buf_str(&b);
}
