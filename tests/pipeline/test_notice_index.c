#include "pipeline/notice_index.h"

#include <unistd.h>

#include "cli/run.h"
#include "faults/world.h"
#include "pipeline/import.h"

static void import(ts_arena *a, ts_store *s, const char *file) {
    ts_error e = {0};
    ts_import_summary sum;
    ts_import_job job = {.files = &file, .files_n = 1, .store = s};
    ts_log_quiet(true);
    assert_true(ts_import(a, &job, &sum, &e));
}

static void ways(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    const char *store = temp_path(&a, "ways.db"), *file = temp_path(&a, "n.csv"),
               *changed = temp_path(&a, "c.csv"), *idx = temp_path(&a, "ways.db.notices.idx");
    world_notices(file, 100, 0);
    world_notices(changed, 100, 1);
    ts_store *s = ts_store_open(&a, store, TS_STORE_WRITE, &e);
    ts_notice_index ix, files, alone;
    assert_true(ts_notice_index_from_store(&a, s, false, &ix, &e)); /* nothing in it */
    assert_true(ix.silent);
    ts_notice_index_close(&ix);
    import(&a, s, file);
    assert_true(ts_notice_index_from_store(&a, s, false, &ix, &e));
    assert_true(ix.rebuilt);
    assert_int_equal(ix.notices, 100);
    ts_notice_index_close(&ix);
    assert_true(ts_notice_index_from_store(&a, s, false, &ix, &e));
    assert_false(ix.rebuilt); /* mapped */
    assert_int_equal(ix.notices, 100);
    assert_true(ts_notice_index_from_files(&a, &file, 1, (ts_notice_options){0}, &files, &e));
    assert_true(ts_notice_index_from_file(idx, &alone, &e));
    assert_true(ts_digest_eq(ts_index_digest(&files.index), ts_index_digest(&ix.index)));
    assert_true(ts_digest_eq(ts_index_digest(&alone.index), ts_index_digest(&ix.index)));
    assert_int_equal(ts_index_notices(&alone.index), 100);
    ts_notice_index_close(&alone);
    ts_notice_index_close(&files);
    ts_notice_index_close(&ix);

    import(&a, s, changed); /* stale: made anew, without the withdrawn */
    assert_true(ts_notice_index_from_store(&a, s, false, &ix, &e));
    assert_true(ix.rebuilt);
    assert_int_equal(ix.notices, 110);
    assert_int_equal(ix.withdrawn, 6);
    assert_int_equal(ts_index_notices(&ix.index), 104);
    ts_notice_index_close(&ix);
    assert_true(ts_notice_index_from_store(&a, s, false, &ix, &e));
    assert_false(ix.rebuilt);
    assert_int_equal(ix.withdrawn, 6);
    ts_notice_index_close(&ix);
    assert_true(ts_notice_index_from_store(&a, s, true, &ix, &e)); /* asked for */
    assert_true(ix.rebuilt);
    ts_notice_index_close(&ix);

    test_write(idx, TS_S("no index at all")); /* damaged: made anew, too */
    assert_true(ts_notice_index_from_store(&a, s, false, &ix, &e));
    assert_true(ix.rebuilt);
    assert_int_equal(ts_index_notices(&ix.index), 104);
    ts_notice_index_close(&ix);
    test_write(idx, TS_S("no index at all"));
    assert_false(ts_notice_index_from_file(idx, &ix, &e));
    assert_true(e.code == TS_E_INPUT || e.code == TS_E_VERSION);
    unlink(idx);
    assert_false(ts_notice_index_from_file(idx, &ix, &e));
    ts_store_close(s);
}

static void files(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_notice_index ix;
    const char *good = temp_path(&a, "good.csv"), *none = "/no/such/file",
               *empty = temp_path(&a, "empty.csv");
    world_notices(good, 20, 1);
    world_notices(empty, 0, 0);
    ts_log_quiet(true);
    const char *const mixed[] = {none, good, empty};
    assert_true(ts_notice_index_from_files(&a, mixed, 3, (ts_notice_options){0}, &ix, &e));
    assert_true(ix.failed);
    assert_true(ix.silent);
    assert_int_equal(ix.notices, 30);
    assert_int_equal(ix.withdrawn, 2);
    ts_notice_index_close(&ix);
    assert_false(ts_notice_index_from_files(&a, &none, 1, (ts_notice_options){0}, &ix, &e));
    assert_int_equal(e.code, TS_E_IO);
    assert_says(ts_str_c(e.where), none);
    assert_true(ts_notice_index_from_files(&a, &empty, 1, (ts_notice_options){0}, &ix, &e));
    assert_false(ix.failed);
    assert_true(ix.silent);
    ts_notice_index_close(&ix);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ways), cmocka_unit_test(files)};
    return cmocka_run_group_tests(tests, 0, 0);
}
