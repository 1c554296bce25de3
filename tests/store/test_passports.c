#include "store/store.h"

#include "cli/run.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_store *opened(const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(&a, temp_path(&a, name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static ts_passport_row passport(const char *id, const char *document) {
    return (ts_passport_row){.id = ts_str_c(id),
                             .product = TS_S("https://id.gs1.org/01/09521234543213"),
                             .grain = TS_S("model"),
                             .status = TS_S("active"),
                             .safety = TS_S("none_known"),
                             .operator_id = TS_S("did:web:m.example"),
                             .digest = TS_S("00"),
                             .document = ts_str_c(document)};
}

static int64_t add(ts_store *s, const char *id, const char *document, int64_t at) {
    ts_error e = {0};
    ts_passport_row r = passport(id, document);
    assert_true(ts_store_begin(s, &e));
    if (!ts_store_add_passport(s, &r, at, &e)) fail_msg("%s", e.msg);
    assert_true(ts_store_commit(s, &e));
    return r.version;
}

static void history(void **state) {
    (void)state;
    ts_store *s = opened("history.db");
    ts_passport_row r;
    ts_error e = {0};
    bool found;
    assert_int_equal(add(s, "urn:a", "one", 100), 1);
    assert_int_equal(add(s, "urn:a", "two", 200), 2);
    assert_int_equal(add(s, "urn:a", "three", 200), 3); /* in the same second */
    static const struct {
        int64_t at;
        const char *document;
    } rows[] = {{99, 0}, {100, "one"}, {199, "one"}, {200, "three"}, {INT64_MAX, "three"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(ts_store_passport_at(s, &a, TS_S("urn:a"), rows[i].at, &r, &found, &e));
        assert_int_equal(found, rows[i].document != 0);
        if (found) assert_str(r.document, rows[i].document);
    }
    assert_true(ts_store_passport_version(s, &a, TS_S("urn:a"), 2, &r, &found, &e) && found);
    assert_str(r.document, "two");
    assert_true(ts_store_passport_version(s, &a, TS_S("urn:a"), 4, &r, &found, &e) && !found);
    assert_true(ts_store_passport(s, &a, TS_S("urn:b"), &r, &found, &e) && !found);
    r = passport("urn:a", "four");
    assert_true(ts_store_begin(s, &e));
    assert_false(ts_store_add_passport(s, &r, 150, &e));
    assert_non_null(strstr(e.msg, "1970-01-01T00:03:20Z"));
    ts_store_rollback(s);
    ts_store_close(s);
}

static void lists_of_them(void **state) {
    (void)state;
    ts_store *s = opened("many.db");
    ts_passport_rows rows = {0};
    ts_error e = {0};
    char id[40];
    for (int i = 0; i < 25; i++) {
        snprintf(id, sizeof id, "urn:%02d", i);
        add(s, id, "x", 100 + i);
    }
    add(s, "urn:03", "y", 500);
    ts_str after = TS_NONE;
    size_t seen = 0;
    do {
        rows.n = 0;
        assert_true(ts_store_passports(s, &a, TS_NONE, after, 7, &rows, &e));
        for (size_t i = 0; i < rows.n; i++) {
            assert_true(ts_str_cmp(rows.v[i].id, after) > 0);
            assert_int_equal(rows.v[i].version, ts_str_is(rows.v[i].id, "urn:03") ? 2 : 1);
            assert_int_equal(rows.v[i].document.n, 0);
            after = rows.v[i].id;
            seen++;
        }
    } while (rows.n);
    assert_int_equal(seen, 25);
    rows.n = 0;
    assert_true(ts_store_passports(s, &a, TS_S("https://id.gs1.org/01/09521234543213"), TS_NONE,
                                   100, &rows, &e));
    assert_int_equal(rows.n, 25);
    rows.n = 0;
    assert_true(
        ts_store_passports(s, &a, TS_S("https://id.gs1.org/01/0"), TS_NONE, 100, &rows, &e));
    assert_int_equal(rows.n, 0);
    ts_store_close(s);
}

static ts_secured_row signed_row(const char *credential, int64_t version) {
    return (ts_secured_row){.passport = TS_S("urn:a"),
                            .version = version,
                            .audience = TS_S("public"),
                            .form = TS_S("untp-jose"),
                            .credential = ts_str_c(credential),
                            .issuer = TS_S("did:key:z"),
                            .at = 1,
                            .bytes = TS_S("a.b.c")};
}

/* A signature is of a version that is there, and has an id of its own. */
static void signatures(void **state) {
    (void)state;
    ts_store *s = opened("signed.db");
    ts_secured_rows rows = {0};
    ts_secured_row r = signed_row("urn:c1", 1);
    ts_error e = {0};
    bool found;
    assert_true(ts_store_begin(s, &e));
    assert_false(ts_store_add_secured(s, &r, &e)); /* no such passport */
    ts_store_rollback(s);
    add(s, "urn:a", "one", 100);
    add(s, "urn:a", "two", 200);
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_add_secured(s, &r, &e));
    r = signed_row("urn:c2", 2);
    assert_true(ts_store_add_secured(s, &r, &e));
    assert_true(ts_store_commit(s, &e));
    assert_true(ts_store_begin(s, &e));
    assert_false(ts_store_add_secured(s, &r, &e)); /* the same id again */
    ts_store_rollback(s);
    assert_true(ts_store_secured(s, &a, TS_S("urn:a"), 0, &rows, &e));
    assert_int_equal(rows.n, 2);
    rows.n = 0;
    assert_true(ts_store_secured(s, &a, TS_S("urn:a"), 2, &rows, &e));
    assert_int_equal(rows.n, 1);
    assert_str(rows.v[0].bytes, "a.b.c");
    assert_true(ts_store_secured_by_id(s, &a, TS_S("urn:c1"), &r, &found, &e) && found);
    assert_int_equal(r.version, 1);
    assert_true(ts_store_secured_by_id(s, &a, TS_S("urn:c9"), &r, &found, &e) && !found);
    ts_store_close(s);
}

static void status_lists(void **state) {
    (void)state;
    ts_store *s = opened("lists.db");
    char bits[64] = {0, 1, 0, (char)0x80};
    ts_list_row l = {.url = TS_S("https://m.example/1"),
                     .purpose = TS_S("revocation"),
                     .bits = {bits, sizeof bits},
                     .secured = TS_S("x"),
                     .at = 5},
                back;
    ts_error e = {0};
    bool found, taken;
    int64_t n;
    assert_true(ts_store_begin(s, &e));
    assert_false(ts_store_take_index(s, l.url, 7, TS_S("urn:c"), &taken, &e)); /* no such list */
    ts_store_rollback(s);
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_put_list(s, &l, &e));
    assert_true(ts_store_take_index(s, l.url, 7, TS_S("urn:c"), &taken, &e) && taken);
    assert_true(ts_store_take_index(s, l.url, 7, TS_S("urn:d"), &taken, &e) && !taken);
    assert_true(ts_store_take_index(s, l.url, 8, TS_S("urn:d"), &taken, &e) && taken);
    assert_true(ts_store_commit(s, &e));
    assert_true(ts_store_list_used(s, l.url, &n, &e));
    assert_int_equal(n, 2);
    assert_true(ts_store_list(s, &a, l.url, &back, &found, &e) && found);
    assert_int_equal(back.bits.n, sizeof bits);
    assert_memory_equal(back.bits.p, bits, sizeof bits);
    assert_true(ts_store_list(s, &a, TS_S("https://m.example/2"), &back, &found, &e) && !found);
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history),
        cmocka_unit_test(lists_of_them),
        cmocka_unit_test(signatures),
        cmocka_unit_test(status_lists),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
