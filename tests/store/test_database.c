#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/run.h"
#include "faults/world.h"
#include "store/store.h"

static ts_store *opened(ts_arena *a, const char *path, ts_store_mode mode) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, path, mode, &e);
    if (!s) fail_msg("%s: %s", e.where, e.msg);
    return s;
}

static void refused(ts_arena *a, const char *path, ts_store_mode mode, ts_error_code code,
                    const char *msg) {
    ts_error e = {0};
    assert_null(ts_store_open(a, path, mode, &e));
    assert_int_equal(e.code, code);
    assert_says(ts_str_c(e.msg), msg);
}

static void sql(const char *path, const char *text) {
    sqlite3 *db;
    char *why = 0;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, 0, 0, &why) != SQLITE_OK) fail_msg("%s", why);
    sqlite3_close(db);
}

static int64_t number(const char *path, const char *text) {
    sqlite3 *db;
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &q, 0), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

static void fresh(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *path = temp_path(&a, "fresh.db");
    refused(&a, path, TS_STORE_READ, TS_E_NOT_FOUND,
            "there is no such store; `touchstone import --store ");
    ts_store *s = opened(&a, path, TS_STORE_WRITE);
    assert_string_equal(ts_store_path(s), path);
    ts_store_close(s);
    ts_store_close(0);
    assert_int_equal(number(path, "PRAGMA application_id"), 0x74735354);
    assert_true(number(path, "PRAGMA user_version") >= 2);
    ts_store_close(opened(&a, path, TS_STORE_READ));
    ts_store_close(opened(&a, path, TS_STORE_WRITE));
    sqlite3 *db; /* WAL is a property of the file */
    sqlite3_stmt *q;
    sqlite3_open(path, &db);
    sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &q, 0);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(q, 0), "wal");
    sqlite3_finalize(q);
    sqlite3_close(db);
}

/* A store as the first version of the schema left it (store/version1.sql) is read on with
 * everything in it. */
static void from_version_1(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *path = temp_path(&a, "v1.db");
    ts_error e = {0};
    ts_str text;
    assert_true(ts_file_read(&a, here(&a, "store/version1.sql"), 1 << 20, &text, &e));
    ts_buf b = ts_buf_new(&a, text.n + 1);
    ts_buf_put(&b, text);
    ts_buf_c(&b, 0);
    sql(path, b.p);
    assert_int_equal(number(path, "PRAGMA user_version"), 1);
    refused(&a, path, TS_STORE_READ, TS_E_VERSION, "open it once for writing");
    ts_store *s = opened(&a, path, TS_STORE_WRITE);
    ts_notice n;
    bool found;
    assert_true(ts_store_notice(s, &a, TS_S("office:1"), &n, &found, &e));
    assert_true(found);
    assert_str(n.product, "kettle");
    ts_source_rows rows = {0};
    assert_true(ts_store_sources(s, &a, &rows, &e));
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.v[0].last.records, 1);
    assert_false(rows.v[0].last.silent);
    ts_lead_row lead;
    int leads;
    assert_true(ts_store_lead(s, &a, TS_S("0123"), &lead, &leads, &e));
    assert_int_equal(leads, 1);
    assert_str(lead.offer_id, "o1");
    ts_store_close(s);
    ts_store_close(opened(&a, path, TS_STORE_READ));
    const char *new = temp_path(&a, "new.db"); /* the same tables as a store made today */
    ts_store_close(opened(&a, new, TS_STORE_WRITE));
    const char *count = "SELECT count(*) FROM sqlite_master m, pragma_table_info(m.name)";
    assert_int_equal(number(path, count), number(new, count));
}

static void newer(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *path = temp_path(&a, "newer.db");
    ts_store_close(opened(&a, path, TS_STORE_WRITE));
    sql(path, "PRAGMA user_version = 1000");
    for (int mode = 0; mode < 2; mode++)
        refused(&a, path, (ts_store_mode)mode, TS_E_VERSION,
                "newer touchstone (store version 1000, this one knows ");
    refused(&a, path, TS_STORE_WRITE, TS_E_VERSION, "use that program, or name another file");
    assert_int_equal(number(path, "PRAGMA user_version"), 1000);
}

static void not_a_store(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *text = temp_path(&a, "text.db"), *other = temp_path(&a, "other.db"),
               *empty = temp_path(&a, "empty.db");
    test_write(text, TS_S("number,date,product\n1,2025-01-01,kettle and more and more and more and "
                          "more and more and more and more\n"));
    refused(&a, text, TS_STORE_READ, TS_E_STORE,
            "file is not a database; the file is damaged or is no store: restore a copy, or name "
            "another file");
    refused(&a, text, TS_STORE_WRITE, TS_E_STORE, "name another file");
    ts_str bytes;
    ts_error e;
    assert_true(ts_file_read(&a, text, 1000, &bytes, &e)); /* and it is as it was */
    assert_int_equal(bytes.n, 103);
    sql(other, "CREATE TABLE guests(name TEXT)");
    refused(&a, other, TS_STORE_WRITE, TS_E_STORE,
            "is an SQLite database, but no touchstone store; name another file");
    assert_int_equal(number(other, "SELECT count(*) FROM sqlite_master"), 1);
    test_write(empty, TS_NONE);
    refused(&a, empty, TS_STORE_READ, TS_E_STORE, "is empty: no store has been made here yet");
    ts_store_close(opened(&a, empty, TS_STORE_WRITE));
    refused(&a, "", TS_STORE_WRITE, TS_E_USAGE, "the store's path is empty; name a file");
    refused(&a, "/", TS_STORE_WRITE, TS_E_STORE,
            "check that file and folder exist and are writable");
    refused(&a, "/no/such/folder/s.db", TS_STORE_WRITE, TS_E_STORE,
            "check that file and folder exist and are writable");
    char longest[2000];
    memset(longest, 'x', sizeof longest);
    longest[1999] = 0;
    refused(&a, longest, TS_STORE_WRITE, TS_E_USAGE, "the store's path is longer than 1023 bytes");
}

static void damaged(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *path = temp_path(&a, "damaged.db");
    ts_store *s = opened(&a, path, TS_STORE_WRITE);
    ts_error e = {0};
    ts_put what;
    assert_true(ts_store_begin(s, &e));
    for (unsigned i = 0; i < 300; i++) {
        char id[16];
        snprintf(id, sizeof id, "w:%u", i);
        ts_notice n = world_notice(&a, id, i);
        assert_true(ts_store_put_notice(s, &n, 1, &what, &e));
    }
    assert_true(ts_store_commit(s, &e));
    ts_store_close(s);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    for (long at = 4096 + 5; at < 40 * 4096; at += 4096) { /* every page but the first is hurt */
        fseek(f, at - 5, SEEK_SET);
        fwrite("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 1, 12, f);
    }
    fclose(f);
    ts_notice n;
    bool found, ok;
    s = ts_store_open(&a, path, TS_STORE_READ, &e);
    ok = s && ts_store_notice(s, &a, TS_S("w:7"), &n, &found, &e);
    assert_false(ok);
    assert_int_equal(e.code, TS_E_STORE);
    assert_says(ts_str_c(e.msg),
                "the file is damaged or is no store: restore a copy, or name another file");
    ts_store_close(s);
}

static bool put_one(ts_store *s, const char *id, ts_error *e) {
    ts_arena a = ts_arena_new(1 << 20), mark = a;
    ts_notice n = world_notice(&a, id, 0);
    ts_put what;
    bool ok =
        ts_store_begin(s, e) && ts_store_put_notice(s, &n, 1, &what, e) && ts_store_commit(s, e);
    if (!ok) ts_store_rollback(s);
    ts_arena_free(&mark, 1 << 20);
    return ok;
}

/* In a child that is not root: a folder without the right to write. */
static int as_reader(const char *path) {
    ts_arena a = test_arena();
    ts_error e = {0};
    if (geteuid() == 0 &&
        (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0))
        return 10;
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
    if (s) return 11;
    if (e.code != TS_E_STORE || !strstr(e.msg, "check that file and folder exist and are writable"))
        return 12;
    s = ts_store_open(&a, path, TS_STORE_READ, &e);
    /* WAL needs its two files beside the store, for readers too (SQLite, "Write-Ahead Logging",
     * read-only databases) */
    if (s) return 13;
    if (e.code != TS_E_STORE || !strstr(e.msg, "check that file and folder exist and are writable"))
        return fprintf(stderr, "%s\n", e.msg), 14;
    return 0;
}

static void read_only(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    const char *folder = temp_path(&a, "readonly"), *path = temp_path(&a, "readonly/s.db");
    assert_int_equal(mkdir(folder, 0755), 0);
    ts_store *s = opened(&a, path, TS_STORE_WRITE);
    assert_true(put_one(s, "w:1", &e));
    ts_store_close(s);
    s = opened(&a, path, TS_STORE_READ);
    assert_false(put_one(s, "w:2", &e));
    assert_int_equal(e.code, TS_E_STORE);
    ts_store_close(s);
    chmod(path, 0444);
    chmod(folder, 0555);
    char top[1024];
    snprintf(top, sizeof top, "%s", folder);
    *strrchr(top, '/') = 0;
    chmod(top, 0755);
    pid_t child = fork();
    if (child == 0) _exit(as_reader(path));
    int st;
    waitpid(child, &st, 0);
    chmod(folder, 0755);
    assert_true(WIFEXITED(st));
    assert_int_equal(WEXITSTATUS(st), 0);
}

static void rolled_back(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    const char *path = temp_path(&a, "rollback.db");
    ts_store *s = opened(&a, path, TS_STORE_WRITE);
    ts_notice n = world_notice(&a, "w:1", 0);
    ts_put what;
    ts_notice_set set;
    for (int way = 0; way < 2; way++) { /* said, and by closing */
        assert_true(ts_store_begin(s, &e));
        assert_true(ts_store_put_notice(s, &n, 1, &what, &e));
        assert_int_equal(what, TS_PUT_NEW);
        if (way == 0)
            ts_store_rollback(s);
        else
            ts_store_close(s), s = opened(&a, path, TS_STORE_WRITE);
        assert_true(ts_store_notice_set(s, &set, &e));
        assert_int_equal(set.count, 0);
        assert_true(ts_digest_eq(set.digest, (ts_digest){0}));
    }
    ts_store_rollback(s); /* none open: harmless */
    assert_false(ts_store_commit(s, &e));
    assert_int_equal(e.code, TS_E_STORE);
    ts_store_close(s);
}

/* Makes the store and puts notices into it in small transactions, at the same time as others do. */
static int writer(const char *path, unsigned number_of, unsigned n) {
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
    if (!s) return fprintf(stderr, "%s\n", e.msg), 20;
    for (unsigned i = 0; i < n; i++) {
        char id[32];
        snprintf(id, sizeof id, "w:%u-%u", number_of, i);
        if (!put_one(s, id, &e)) return fprintf(stderr, "%s\n", e.msg), 21;
    }
    ts_store_close(s);
    return 0;
}

static void two_processes(void **state) {
    (void)state;
    enum { WRITERS = 3, EACH = 20, ROUNDS = 5 };
    ts_arena a = test_arena();
    ts_error e = {0};
    for (int round = 0; round < ROUNDS; round++) {
        char name[32];
        snprintf(name, sizeof name, "shared-%d.db", round);
        const char *path = temp_path(&a, name);
        pid_t child[WRITERS];
        for (unsigned w = 0; w < WRITERS; w++)
            if ((child[w] = fork()) == 0) _exit(writer(path, w, EACH));
        for (unsigned w = 0; w < WRITERS; w++) {
            int st;
            waitpid(child[w], &st, 0);
            assert_true(WIFEXITED(st));
            assert_int_equal(WEXITSTATUS(st), 0);
        }
        ts_store *s = opened(&a, path, TS_STORE_READ);
        ts_notice_set set;
        assert_true(ts_store_notice_set(s, &set, &e));
        assert_int_equal(set.count, WRITERS * EACH);
        ts_store_close(s);
    }
}

/* A reader sees what was committed before, and a second writer waits and is told why in the end. */
static void reader_beside_writer(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    const char *path = temp_path(&a, "beside.db");
    ts_store *s = opened(&a, path, TS_STORE_WRITE);
    assert_true(put_one(s, "w:1", &e));
    assert_true(ts_store_begin(s, &e));
    ts_notice n = world_notice(&a, "w:2", 0);
    ts_put what;
    assert_true(ts_store_put_notice(s, &n, 1, &what, &e));
    ts_store *reader = opened(&a, path, TS_STORE_READ);
    ts_notice_set set;
    assert_true(ts_store_notice_set(reader, &set, &e));
    assert_int_equal(set.count, 1);
    assert_true(ts_store_commit(s, &e));
    assert_true(ts_store_notice_set(reader, &set, &e));
    assert_int_equal(set.count, 2);
    ts_store_close(reader);
    ts_store *second = opened(&a, path, TS_STORE_WRITE);
    assert_true(ts_store_begin(s, &e));
    if (getenv("TS_KILLS")) { /* takes the whole ten seconds */
        assert_false(ts_store_begin(second, &e));
        assert_says(ts_str_c(e.msg),
                    "another process is writing: wait for it and run the same command again");
    }
    ts_store_rollback(s);
    assert_true(ts_store_begin(second, &e));
    ts_store_rollback(second);
    ts_store_close(second);
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fresh),
        cmocka_unit_test(from_version_1),
        cmocka_unit_test(newer),
        cmocka_unit_test(not_a_store),
        cmocka_unit_test(damaged),
        cmocka_unit_test(read_only),
        cmocka_unit_test(rolled_back),
        cmocka_unit_test(two_processes),
        cmocka_unit_test(reader_beside_writer),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
