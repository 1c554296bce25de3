/* kill -9 at seeded random instants during `passport issue` and `passport revoke`: never a version
 * without its signature or a signature without its version, and the same command again ends well.
 * TS_KILLS says how often. */
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include "host/maker.h"

static int64_t count(const char *path, const char *text) {
    sqlite3 *db;
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, 0), SQLITE_OK);
    if (sqlite3_prepare_v2(db, text, -1, &q, 0) !=
        SQLITE_OK) { /* killed before there were tables */
        sqlite3_close(db);
        return 0;
    }
    int64_t n = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

static void check_store(const char *path) {
    if (access(path, F_OK) != 0) return;
    assert_int_equal(count(path, "SELECT count(*) FROM passport_version v WHERE NOT EXISTS (SELECT "
                                 "1 FROM passport_secured s WHERE s.version = v.row)"),
                     0);
    assert_int_equal(count(path, "SELECT count(*) FROM passport_secured s WHERE NOT EXISTS (SELECT "
                                 "1 FROM passport_version v WHERE s.version = v.row)"),
                     0);
    assert_int_equal(count(path, "SELECT count(*) FROM passport p WHERE p.version <> (SELECT "
                                 "max(version) FROM passport_version v WHERE v.passport = "
                                 "p.number) OR p.newest <> (SELECT max(row) FROM passport_version "
                                 "v WHERE v.passport = p.number)"),
                     0);
    assert_int_equal(count(path, "SELECT count(*) FROM passport_secured s WHERE s.list <> 0 AND "
                                 "NOT EXISTS (SELECT 1 FROM status_entry e JOIN status_list l ON "
                                 "l.number = e.list JOIN word w ON w.text = l.url WHERE w.number = "
                                 "s.list AND e.idx = s.idx)"),
                     0);
    assert_int_equal(count(path, "SELECT (SELECT count(*) FROM status_entry) - (SELECT count(*) "
                                 "FROM passport_secured WHERE list <> 0)"),
                     0);
}

static void kills(void **state) {
    (void)state;
    ts_arena a = test_arena();
    uint64_t n = 12, killed = 0, versions = 0;
    if (getenv("TS_KILLS")) assert_true(ts_u64_parse(ts_str_c(getenv("TS_KILLS")), &n));
    ts_random random = ts_random_seed(20260202);
    const char *store = temp_path(&a, "kill.db"), *key = temp_path(&a, "kill.pem"),
               *out = temp_path(&a, "kill.jwt"), *file = temp_path(&a, "kettle.json");
    ts_key_free(maker_key(&a, "kill.pem", TS_KEY_ED25519));
    const char *const args[] = {"touchstone",
                                "passport",
                                "issue",
                                "--quiet",
                                "--key",
                                key,
                                "--store",
                                store,
                                "--status-list",
                                "https://m.example/s/1",
                                "--out",
                                out,
                                file,
                                NULL};
    test_write(file, kettle(&a, "KILLKILLKILL", "first"));
    ran r = run_list(&a, (run_how){0}, args);
    if (r.status != 1) assert_status(r, 0);
    double seconds = r.seconds;
    for (uint64_t i = 0; i < n; i++) {
        ts_arena mark = a;
        char colour[30];
        snprintf(colour, sizeof colour, "colour-%llu", (unsigned long long)i);
        test_write(file, kettle(&a, "KILLKILLKILL", colour));
        uint64_t at = 1 + (uint64_t)(seconds * 1.2e9 * ts_random_unit(&random));
        r = run_list(&a, (run_how){.signal = SIGKILL, .signal_at = at}, args);
        killed += r.status == 128 + SIGKILL;
        check_store(store);
        r = run_list(&a, (run_how){0}, args);
        assert_status(r, 0);
        check_store(store);
        ts_str bytes;
        ts_error e = {0};
        assert_true(ts_file_read(&a, out, 1 << 20, &bytes, &e));
        assert_int_equal(verified(&a, bytes, ts_now() + 1).step[TS_STEP_SIGNATURE].answer, TS_YES);
        versions = (uint64_t)count(store, "SELECT count(*) FROM passport_version");
        assert_int_equal(versions, i + 2); /* one for each content, killed or not */
        assert_int_equal(count(store, "SELECT count(*) FROM passport_secured"), i + 2);
        a = mark;
    }
    print_message("%llu kills landed of %llu\n", (unsigned long long)killed, (unsigned long long)n);
    assert_true(killed * 4 >= n);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kills)};
    return cmocka_run_group_tests(tests, 0, 0);
}
