#include "host/tokens.h"

#include "cli/run.h"

enum { AT = 1764000000 };

static ts_store *open_at(ts_arena *a, const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, temp_path(a, name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static const ts_token_job job = {.name = {"press", 5},
                                 .operator_id = {"did:web:m.example", 17},
                                 .audiences = 1u << TS_AUD_OPERATOR,
                                 .scopes = 1u << TS_RIGHT_WRITE,
                                 .now = AT,
                                 .expires = AT + 100};

static ts_str issued(ts_arena *a, ts_store *s, const ts_token_job *j) {
    ts_error e = {0};
    ts_str text;
    if (!ts_token_issue(a, s, j, &text, &e)) fail_msg("%s", e.msg);
    return text;
}

static void shape(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_at(&a, "shape.db");
    ts_token_rows rows = {0};
    ts_error e = {0};
    ts_map seen = {0};
    for (int i = 0; i < 200; i++) {
        ts_str t = issued(&a, s, &job), rest = t, bytes;
        bool fresh;
        ts_map_put(&a, &seen, t, &fresh);
        assert_true(fresh);
        assert_str(ts_str_cut(&rest, '_'), "tst");
        assert_true(ts_base58_decode(&a, ts_str_cut(&rest, '_'), &bytes, &e));
        assert_int_equal(bytes.n, 16);
        assert_true(ts_base58_decode(&a, rest, &bytes, &e));
        assert_int_equal(bytes.n, 32);
    }
    /* nothing of the secret is kept */
    ts_str t = issued(&a, s, &job), secret = t, file;
    ts_str_cut(&secret, '_');
    ts_str_cut(&secret, '_');
    assert_true(ts_store_tokens(s, &a, &rows, &e));
    assert_int_equal(rows.n, 201);
    ts_store_close(s);
    assert_true(ts_file_read(&a, temp_path(&a, "shape.db"), 1 << 24, &file, &e));
    assert_int_equal(ts_str_find(file, secret), TS_NPOS);
    assert_int_not_equal(ts_str_find(file, rows.v[0].id), TS_NPOS);
}

#define SAME_WORDS "the token is not valid: it is unknown, expired or revoked"

static void refused(ts_arena *a, ts_store *s, ts_str text, int64_t now) {
    ts_error e = {0};
    ts_token_row row = {.scopes = 77};
    assert_false(ts_token_check(a, s, text, now, &row, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    assert_string_equal(e.msg, SAME_WORDS);
    assert_int_equal(row.scopes, 77);
}

static void checked(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_at(&a, "checked.db");
    ts_error e = {0};
    ts_token_row row;
    ts_str t = issued(&a, s, &job), other = issued(&a, s, &job);
    assert_true(ts_token_check(&a, s, t, AT, &row, &e));
    assert_str(row.name, "press");
    assert_str(row.operator_id, "did:web:m.example");
    assert_int_equal(row.scopes, 1u << TS_RIGHT_WRITE);
    assert_int_equal(row.audiences, 1u << TS_AUD_OPERATOR | 1u << TS_AUD_PUBLIC);
    assert_true(ts_token_check(&a, s, t, AT + 99, &row, &e));
    refused(&a, s, t, AT + 100);
    refused(&a, s, t, AT - 1); /* a clock that was set back makes no token older than itself */
    /* every byte of it counts */
    for (size_t i = 0; i < t.n; i++) {
        char *p = ts_new_raw(&a, char, t.n);
        memcpy(p, t.p, t.n);
        p[i] = p[i] == 'x' ? 'y' : 'x';
        refused(&a, s, (ts_str){p, t.n}, AT);
        refused(&a, s, ts_str_to(t, i), AT);
    }
    /* the id of the one with the secret of the other */
    ts_str secret = other, id = t;
    ts_str_cut(&secret, '_');
    ts_str_cut(&secret, '_');
    id = ts_str_to(t, 4 + ts_str_chr(ts_str_from(t, 4), '_'));
    ts_str mixed[] = {id, secret};
    refused(&a, s, ts_str_join(&a, mixed, 2, TS_S("_")), AT);
    refused(&a, s, TS_NONE, AT);
    refused(&a, s, TS_S("tst__"), AT);
    refused(&a, s, TS_S("tst_' OR 1=1 --_x"), AT);
    char *large = ts_new_n(&a, char, 1 << 20);
    refused(&a, s, (ts_str){large, 1 << 20}, AT);
    ts_store_close(s);
}

static void revoked(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_at(&a, "revoked.db");
    ts_error e = {0};
    ts_token_row row;
    ts_str t = issued(&a, s, &job), other = issued(&a, s, &job), id = ts_str_from(t, 4);
    id = ts_str_cut(&id, '_');
    assert_true(ts_token_revoke(&a, s, id, AT + 1, &e));
    refused(&a, s, t, AT + 2);
    assert_true(ts_token_check(&a, s, other, AT + 2, &row, &e));
    assert_true(ts_token_revoke(&a, s, id, AT + 3, &e)); /* twice is once */
    assert_false(ts_token_revoke(&a, s, TS_S("nobody"), AT, &e));
    assert_string_equal(e.msg, "there is no token nobody; `touchstone token list` names them");
    ts_store_close(s);
}

static void refused_job(ts_arena *a, ts_store *s, ts_token_job j, const char *says) {
    ts_error e = {0};
    ts_str text;
    assert_false(ts_token_issue(a, s, &j, &text, &e));
    assert_int_equal(e.code, TS_E_USAGE);
    assert_says(ts_str_c(e.msg), says);
}

static void jobs(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_store *s = open_at(&a, "jobs.db");
    ts_token_rows rows = {0};
    ts_error e = {0};
    ts_token_job j = job;
    j.name = TS_NONE;
    refused_job(&a, s, j, "needs a name");
    j.name = TS_S("a\xff");
    refused_job(&a, s, j, "needs a name");
    j = job;
    j.expires = j.now;
    refused_job(&a, s, j, "would have expired");
    j = job;
    j.operator_id = TS_NONE;
    refused_job(&a, s, j, "needs the operator");
    j.scopes = 0;
    refused_job(&a, s, j, "needs the operator"); /* operator's eyes */
    j.audiences = 0;
    issued(&a, s, &j);
    assert_true(ts_store_tokens(s, &a, &rows, &e));
    assert_int_equal(rows.n, 1);
    ts_store_close(s);
}

static void names(void **state) {
    (void)state;
    ts_right r;
    for (int i = 0; i < TS_RIGHTS; i++) {
        assert_true(ts_right_by_name(ts_str_c(ts_right_name((ts_right)i)), &r));
        assert_int_equal(r, i);
    }
    assert_false(ts_right_by_name(TS_S("everything"), &r));
    assert_false(ts_right_by_name(TS_NONE, &r));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shape), cmocka_unit_test(checked), cmocka_unit_test(revoked),
        cmocka_unit_test(jobs),  cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
