#include "store/tokens.h"

#include "cli/run.h"

static ts_store *open_at(ts_arena *a, const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, temp_path(a, name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static void put(ts_store *s, const ts_token_row *row) {
    ts_error e = {0};
    if (!ts_store_begin(s, &e) || !ts_store_end(s, ts_store_put_token(s, row, &e), &e))
        fail_msg("%s", e.msg);
}

static const ts_token_row row = {.id = {"abc", 3},
                                 .digest = {"00ff", 4},
                                 .name = {"Weber \xe2\x9c\x93", 9},
                                 .audiences = 0x80000001u,
                                 .scopes = 5,
                                 .operator_id = {"did:web:x", 9},
                                 .issued = 100,
                                 .expires = (int64_t)1 << 40};

static void keeps_all(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_at(&a, "keeps.db");
    ts_token_row got = {0};
    ts_error e = {0};
    bool found = true;
    assert_true(ts_store_token(s, &a, row.id, &got, &found, &e));
    assert_false(found);
    put(s, &row);
    assert_true(ts_store_token(s, &a, row.id, &got, &found, &e) && found);
    assert_str(got.name, "Weber \xe2\x9c\x93");
    assert_str(got.digest, "00ff");
    assert_str(got.operator_id, "did:web:x");
    assert_true(got.audiences == row.audiences && got.scopes == 5 && got.issued == 100);
    assert_true(got.expires == row.expires && !got.revoked);
    ts_store_close(s);
}

/* A row that is there changes in one way only: it is revoked, once. */
static void only_revoked(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_at(&a, "revoked.db");
    ts_token_row other = row, got;
    ts_error e = {0};
    bool found;
    put(s, &row);
    other.scopes = 31;
    other.digest = TS_S("other");
    other.revoked = 200;
    put(s, &other);
    assert_true(ts_store_token(s, &a, row.id, &got, &found, &e) && found);
    assert_true(got.scopes == 5 && got.revoked == 200);
    assert_str(got.digest, "00ff");
    other.revoked = 0;
    put(s, &other);
    other.revoked = 300;
    put(s, &other);
    assert_true(ts_store_token(s, &a, row.id, &got, &found, &e));
    assert_int_equal(got.revoked, 200);
    ts_store_close(s);
}

static void in_order(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_at(&a, "order.db");
    static const char *const ids[] = {"c", "a", "b"};
    ts_token_rows all = {0};
    ts_error e = {0};
    for (int i = 0; i < 3; i++) {
        ts_token_row r = row;
        r.id = ts_str_c(ids[i]);
        r.issued = i ? 7 : 9;
        put(s, &r);
    }
    assert_true(ts_store_tokens(s, &a, &all, &e));
    assert_int_equal(all.n, 3);
    assert_str(all.v[0].id, "a");
    assert_str(all.v[1].id, "b");
    assert_str(all.v[2].id, "c");
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_all),
        cmocka_unit_test(only_revoked),
        cmocka_unit_test(in_order),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
