#include "host/issue.h"

#include "maker.h"

static ts_arena a;
static ts_key *key;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "issue.pem", TS_KEY_ED25519);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_key_free(key);
    return 0;
}

static ts_issue_job job_of(ts_store *s, ts_str document) {
    return (ts_issue_job){
        .store = s, .by = {.key = key}, .document = document, .now = NOW, .until = TS_NO_TIME};
}

static void every_form_verifies(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "forms.db");
    static const ts_key_kind kinds[] = {TS_KEY_ED25519, TS_KEY_P256, TS_KEY_P384};
    for (int k = 0; k < 3; k++)
        for (int f = 0; f < TS_FORMS; f++) {
            char name[40];
            snprintf(name, sizeof name, "forms-%d-%d.pem", k, f);
            ts_issue_job job = job_of(s, kettle(&a, "AAAABBBBCCCC", "red"));
            job.by.key = maker_key(&a, name, kinds[k]);
            job.form = (ts_form)f;
            ts_issued out = must_issue(&a, &job);
            assert_int_equal(out.version, 1); /* the content is the same each time */
            assert_true(out.new_version == (k == 0 && f == 0));
            ts_report r = verified(&a, out.bytes, NOW + 1);
            assert_int_equal(r.step[TS_STEP_SIGNATURE].answer, TS_YES);
            assert_int_equal(r.step[TS_STEP_ISSUER].answer, TS_YES);
            assert_int_equal(r.step[TS_STEP_STATUS].answer, TS_OPEN); /* in no list */
            ts_key_free((ts_key *)(uintptr_t)job.by.key);
        }
    ts_store_close(s);
}

static void versions(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "versions.db");
    ts_passport_row row;
    bool found;
    ts_error e = {0};
    ts_issue_job job = job_of(s, kettle(&a, "V1V1V1V1V1V1", "red"));
    ts_issued one = must_issue(&a, &job), again = must_issue(&a, &job);
    assert_true(one.new_version && !one.again);
    assert_true(again.again && !again.new_version);
    assert_true(ts_str_eq(one.bytes, again.bytes));
    /* the same content in other words is the same version */
    ts_str spaced[] = {TS_S(" \n"), job.document, TS_S(" ")};
    job.document = ts_str_join(&a, spaced, 3, TS_NONE);
    assert_true(must_issue(&a, &job).again);
    job.document = kettle(&a, "V1V1V1V1V1V1", "blue");
    job.now = NOW + 100;
    ts_issued two = must_issue(&a, &job);
    assert_int_equal(two.version, 2);
    assert_true(two.new_version && !ts_str_eq(two.credential, one.credential));
    /* any time can be read */
    assert_true(ts_store_passport_at(s, &a, one.passport, NOW + 99, &row, &found, &e) && found);
    assert_int_equal(row.version, 1);
    assert_true(ts_store_passport_at(s, &a, one.passport, NOW + 100, &row, &found, &e) && found);
    assert_int_equal(row.version, 2);
    assert_true(ts_store_passport_at(s, &a, one.passport, NOW - 1, &row, &found, &e) && !found);
    /* going back is a third version, not the first again */
    job.document = kettle(&a, "V1V1V1V1V1V1", "red");
    assert_int_equal(must_issue(&a, &job).version, 3);
    ts_passport_rows all = {0};
    assert_true(ts_store_passport_versions(s, &a, one.passport, &all, &e));
    assert_int_equal(all.n, 3);
    assert_true(ts_str_eq(all.v[0].digest, all.v[2].digest));
    ts_store_close(s);
}

static void refuses(const ts_issue_job *job, ts_error_code code, const char *says) {
    ts_issued out;
    ts_error e = {0};
    assert_false(ts_issue(&a, job, &out, &e));
    if (e.code != code || !strstr(e.msg, says)) fail_msg("%d: %s", e.code, e.msg);
}

static void what_is_refused(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "refused.db");
    ts_passport_rows all = {0};
    ts_error e = {0};
    ts_issue_job job = job_of(s, TS_S("{\"format\":\"touchstone-passport-1\"}"));
    refuses(&job, TS_E_INPUT, "");
    job = job_of(NULL, kettle(&a, "R1R1R1R1R1R1", "red"));
    job.list = TS_S("https://m.example/status/1");
    refuses(&job, TS_E_USAGE, "name one with --store");
    job.store = s;
    job.list = TS_S("http://m.example/status/1");
    refuses(&job, TS_E_USAGE, "https://");
    /* what could not be verified is not signed */
    job = job_of(s, kettle(&a, "R1R1R1R1R1R1", "red"));
    job.by.issuer = TS_S("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
    refuses(&job, TS_E_USAGE, "another key than the one that signs");
    job.by.issuer = TS_S("did:web:m.example");
    job.by.method = TS_S("did:web:m.example.org#1");
    refuses(&job, TS_E_USAGE, "not one of the issuer");
    job.by = (ts_signer){.key = key};
    job.until = NOW;
    refuses(&job, TS_E_USAGE, "ended before it was issued");
    /* nothing of them is there */
    assert_true(ts_store_passports(s, &a, TS_NONE, TS_NONE, 10, &all, &e));
    assert_int_equal(all.n, 0);
    /* a clock that goes backwards, and another product under the same id */
    job = job_of(s, kettle(&a, "R1R1R1R1R1R1", "red"));
    must_issue(&a, &job);
    job.document = kettle(&a, "R1R1R1R1R1R1", "blue");
    job.now = NOW - 1;
    refuses(&job, TS_E_USAGE, "later than now");
    job.now = NOW + 1;
    ts_str other = kettle(&a, "R2R2R2R2R2R2", "red");
    char *bent = (char *)(uintptr_t)ts_str_z(&a, other);
    memcpy(strstr(bent, "urn:kettle:R2") + 11, "R1R1R1R1R1R1", 12);
    job.document = (ts_str){bent, other.n};
    refuses(&job, TS_E_INPUT, "");
    ts_store_close(s);
}

static void without_a_store(void **state) {
    (void)state;
    ts_issue_job job = job_of(NULL, kettle(&a, "N1N1N1N1N1N1", "red"));
    ts_issued out = must_issue(&a, &job);
    assert_int_equal(out.version, 0);
    assert_int_equal(verified(&a, out.bytes, NOW + 1).step[TS_STEP_SIGNATURE].answer, TS_YES);
}

/* ---- status lists ---- */

typedef struct given {
    ts_str list;
} given;
static bool get(void *ctx, ts_arena *to, ts_want what, ts_str url, ts_str *bytes, ts_error *why) {
    given *g = ctx;
    (void)to;
    if (what != TS_WANT_STATUS_LIST || !ts_str_is(url, "https://m.example/status/1") || !g->list.n)
        return ts_fail(why, TS_E_NET, "not there");
    *bytes = g->list;
    return true;
}

static ts_answer status_of(ts_str bytes, ts_str list, int64_t now) {
    given g = {list};
    ts_report r;
    const ts_verify_options o = {.now = now, .source = {get, &g}};
    ts_verify(&a, bytes, &o, &r);
    return r.step[TS_STEP_STATUS].answer;
}

static void revocation(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "lists.db");
    const ts_signer by = {.key = key};
    ts_error e = {0};
    ts_str list, later;
    ts_issue_job job = job_of(s, kettle(&a, "L1L1L1L1L1L1", "red"));
    job.list = TS_S("https://m.example/status/1");
    ts_issued one = must_issue(&a, &job);
    job.document = kettle(&a, "L2L2L2L2L2L2", "red");
    ts_issued two = must_issue(&a, &job);
    assert_true(ts_sign_list(&a, s, &by, job.list, NOW + 5, &list, &e));
    assert_int_equal(status_of(one.bytes, list, NOW + 10), TS_YES);
    assert_int_equal(status_of(one.bytes, TS_NONE, NOW + 10), TS_OPEN); /* out of reach */
    assert_true(ts_set_status(&a, s, &by, one.credential, true, NOW + 20, &later, &e));
    assert_int_equal(status_of(one.bytes, later, NOW + 30), TS_NO);
    assert_int_equal(status_of(two.bytes, later, NOW + 30), TS_YES);
    assert_int_equal(status_of(two.bytes, later, NOW + 60 * 86400),
                     TS_OPEN); /* the list is stale */
    assert_false(ts_set_status(&a, s, &by, one.credential, false, NOW + 40, &later, &e));
    assert_non_null(strstr(e.msg, "not taken back"));
    assert_false(ts_set_status(&a, s, &by, TS_S("urn:none"), true, NOW + 40, &later, &e));
    ts_key *other = maker_key(&a, "other.pem", TS_KEY_P256);
    const ts_signer foreign = {.key = other};
    e = (ts_error){0};
    assert_false(ts_set_status(&a, s, &foreign, two.credential, true, NOW + 40, &later, &e));
    assert_non_null(strstr(e.msg, "the key is of"));
    ts_key_free(other);
    ts_store_close(s);
}

/* Entries are drawn from the whole list: their order says nothing about that of the passports. */
static void entries_are_scattered(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "scatter.db");
    int64_t last = -1, rises = 0, largest = 0;
    for (int i = 0; i < 40; i++) {
        char serial[40];
        snprintf(serial, sizeof serial, "SC%010d", i);
        ts_issue_job job = job_of(s, kettle(&a, serial, "red"));
        job.list = TS_S("https://m.example/status/9");
        ts_issued out = must_issue(&a, &job);
        ts_secured_row row;
        bool found;
        ts_error e = {0};
        assert_true(ts_store_secured_by_id(s, &a, out.credential, &row, &found, &e) && found);
        assert_true(row.index >= 0 && row.index < TS_STATUS_LIST_BITS);
        rises += row.index > last;
        last = row.index;
        if (last > largest) largest = last;
    }
    assert_true(rises > 5 && rises < 35);
    assert_true(largest > TS_STATUS_LIST_BITS / 2);
    ts_store_close(s);
}

static void urns(void **state) {
    (void)state;
    ts_error e = {0};
    ts_str x, y;
    for (int i = 0; i < 100; i++) {
        assert_true(ts_urn_new(&a, &x, &e) && ts_urn_new(&a, &y, &e));
        assert_int_equal(x.n, 45);
        assert_true(ts_str_starts(x, TS_S("urn:uuid:")) && x.p[9 + 14] == '4' && x.p[9 + 8] == '-');
        assert_non_null(strchr("89ab", x.p[9 + 19]));
        assert_false(ts_str_eq(x, y));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_verifies),
        cmocka_unit_test(versions),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(without_a_store),
        cmocka_unit_test(revocation),
        cmocka_unit_test(entries_are_scattered),
        cmocka_unit_test(urns),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
