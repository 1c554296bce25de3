#include "pipeline/import.h"

#include "cli/run.h"
#include "faults/world.h"

static ts_store *opened(ts_arena *a, const char *path) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, path, TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static ts_import_summary import(ts_arena *a, ts_store *s, const char *source,
                                const char *const *files, size_t n) {
    ts_error e = {0};
    ts_import_summary sum;
    ts_import_job job = {.files = files, .files_n = n, .source = source, .store = s};
    ts_log_quiet(true);
    if (!ts_import(a, &job, &sum, &e)) fail_msg("%s", e.msg);
    return sum;
}

static void again_and_changed(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *store = temp_path(&a, "import.db"), *old = temp_path(&a, "old.csv"),
               *new = temp_path(&a, "new.csv");
    world_notices(old, 1200, 0); /* more than one transaction */
    world_notices(new, 1200, 1);
    ts_store *s = opened(&a, store);
    ts_import_summary sum = import(&a, s, 0, &old, 1);
    assert_int_equal(sum.notices, 1200);
    assert_int_equal(sum.fresh, 1200);
    assert_int_equal(sum.files[0].format, TS_NF_TEMPLATE);
    assert_false(sum.files[0].known_before);
    ts_str before = world_dump(&a, store);
    sum = import(&a, s, 0, &old, 1);
    assert_int_equal(sum.fresh + sum.updated, 0);
    assert_int_equal(sum.unchanged, 1200);
    assert_true(sum.files[0].known_before);
    assert_int_equal(sum.files[0].before, 1200);
    assert_true(ts_str_eq(world_dump(&a, store), before));
    sum = import(&a, s, 0, &new, 1);
    assert_int_equal(sum.fresh, 10);
    assert_int_equal(sum.updated, 171); /* every seventh from the third */
    assert_int_equal(sum.withdrawn, 58);
    assert_int_equal(sum.unchanged, 1210 - 10 - 171);
    ts_notice_versions v = {0};
    ts_error e = {0};
    assert_true(ts_store_notice_versions(s, &a, TS_S("world_office:W-3"), &v, &e));
    assert_int_equal(v.n, 2);
    assert_str(v.v[0].state, "withdrawn");
    assert_says(v.v[0].json, "and the cable too");
    assert_silent_on(v.v[1].json, "and the cable too");
    ts_str after = world_dump(&a, store);
    sum = import(&a, s, 0, &new, 1);
    assert_int_equal(sum.fresh + sum.updated, 0);
    assert_true(ts_str_eq(world_dump(&a, store), after));
    ts_store_close(s);
}

static void bad_and_missing(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *bad = temp_path(&a, "bad.csv"), *good = temp_path(&a, "good.csv"),
               *none = "/no/such/file";
    test_write(bad, TS_S("number,date,authority,product,brand,model,defect\n1,2025-01-01,Office,"
                         "kettle,V,M,d\n2,2025-01-01\n3,2025-01-01,Office,lamp,V,N,d\n"));
    world_notices(good, 7, 0);
    ts_store *s = opened(&a, temp_path(&a, "bad.db"));
    const char *const files[] = {bad, none, good};
    ts_import_summary sum = import(&a, s, 0, files, 3);
    assert_int_equal(sum.notices, 9);
    assert_int_equal(sum.bad, 1);
    assert_int_equal(sum.files[0].bad, 1);
    assert_false(sum.files[0].failed);
    assert_true(sum.files[1].failed);
    assert_false(sum.files[1].silent); /* failed is not silent */
    assert_int_equal(sum.files[1].why.code, TS_E_IO);
    assert_false(sum.files[2].failed);
    assert_true(sum.failed);
    ts_source_rows rows = {0};
    ts_error e = {0};
    assert_true(ts_store_sources(s, &a, &rows, &e));
    assert_int_equal(rows.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(rows.v[i].last.finished > 0);
        assert_int_equal(rows.v[i].last.complete, !ts_str_is(rows.v[i].last.source, none));
    }
    ts_store_close(s);
}

static void silence(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *many = temp_path(&a, "many.csv"), *half = temp_path(&a, "half.csv"),
               *few = temp_path(&a, "few.csv"), *none = temp_path(&a, "none.csv");
    world_notices(many, 100, 0);
    world_notices(half, 50, 0);
    world_notices(few, 49, 0);
    world_notices(none, 0, 0);
    ts_store *s = opened(&a, temp_path(&a, "silence.db"));
    assert_true(import(&a, s, "office", &none, 1).silent); /* nothing, the first time already */
    assert_false(import(&a, s, "office", &many, 1).silent);
    assert_false(import(&a, s, "office", &half, 1).silent);
    assert_false(import(&a, s, "office", &many, 1).silent);
    ts_import_summary sum = import(&a, s, "office", &few, 1);
    assert_true(sum.silent);
    assert_int_equal(sum.files[0].before, 100);
    assert_int_equal(sum.files[0].source_notices, 49);
    assert_true(import(&a, s, "office", &none, 1).silent);
    const char *const parts[] = {many, few}; /* one source in two files: together */
    sum = import(&a, s, "office", parts, 2);
    assert_false(sum.silent);
    assert_int_equal(sum.files[1].source_notices, 149);
    sum = import(&a, s, "office", &many, 1);
    assert_false(sum.silent);
    assert_int_equal(sum.files[0].before, 149);
    assert_false(ts_source_silent(1, false, 0));
    assert_true(ts_source_silent(0, false, 0));
    assert_false(ts_source_silent(50, true, 100));
    assert_true(ts_source_silent(49, true, 100));
    ts_store_close(s);
}

/* Every sample of a format twice: the second time nothing is new. */
static void formats_again(void **state) {
    (void)state;
    static const char *const names[] = {"aggregate.jsonl",        "cpsc_archive.json",
                                        "rapex_weekly.csv",       "rappelconso_v2.json",
                                        "safety_gate_ods.json",   "safety_gate_portal_nested.json",
                                        "safety_gate_weekly.xml", "template_zh.csv"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char file[80], store[80];
        snprintf(file, sizeof file, "data/notices/%s", names[i]);
        snprintf(store, sizeof store, "%s.db", names[i]);
        const char *path = here(&a, file), *db = temp_path(&a, store);
        ts_store *s = opened(&a, db);
        ts_import_summary sum = import(&a, s, 0, &path, 1);
        assert_true(sum.fresh > 0);
        ts_str before = world_dump(&a, db);
        sum = import(&a, s, 0, &path, 1);
        if (sum.fresh + sum.updated) fail_msg("%s: new again", names[i]);
        assert_true(ts_str_eq(world_dump(&a, db), before));
        ts_store_close(s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(again_and_changed),
                                       cmocka_unit_test(bad_and_missing), cmocka_unit_test(silence),
                                       cmocka_unit_test(formats_again)};
    return cmocka_run_group_tests(tests, 0, 0);
}
