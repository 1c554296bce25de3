#include "host/reading.h"

#include "family.h"

static ts_arena a;
static ts_store *store;
static ts_key *key;

#define LIST "https://m.example/status/1"

static int setup(void **state) {
    (void)state;
    a = test_arena();
    store = maker_store(&a, "reading.db");
    key = maker_key(&a, "reading.pem", TS_KEY_ED25519);
    lamp_family(&a, store, key, NOW);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_store_close(store);
    ts_key_free(key);
    return 0;
}

static ts_reading_job usual(const char *id) {
    return (ts_reading_job){.store = store,
                            .id = ts_str_c(id),
                            .who = 1u << TS_AUD_PUBLIC,
                            .at = TS_NO_TIME,
                            .now = NOW + 10};
}

static ts_reading must(const ts_reading_job *job) {
    ts_reading r;
    ts_error e = {0};
    if (!ts_reading_of(&a, job, &r, &e)) fail_msg("%s", e.msg);
    return r;
}

static void by_id_and_product(void **state) {
    (void)state;
    static const struct {
        const char *asked, *id;
        bool closest;
    } cases[] = {
        {"urn:lamp:a1", "urn:lamp:a1", false},
        {LAMP_GTIN "/10/B1/21/A1", "urn:lamp:a1", false},
        {"https://shop.example/01/09521234543213/21/A2", "urn:lamp:a2", false},
        {LAMP_GTIN "/10/B1/21/NEW", "urn:lamp:batch", true},
        {LAMP_GTIN "/21/NEW", "urn:lamp:model", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_reading_job job = usual(cases[i].asked);
        ts_reading r = must(&job);
        assert_str(r.row.id, cases[i].id);
        assert_str(r.document.id, cases[i].id);
        assert_int_equal(r.closest, cases[i].closest);
        assert_true(r.sealed && r.versions.n == 1 && r.newest == 1);
    }
    static const char *const missing[] = {"urn:none", "", "(01)04012345999990", "\x01\xff"};
    for (size_t i = 0; i < 4; i++) {
        ts_reading_job job = usual(missing[i]);
        ts_reading r;
        ts_error e = {0};
        ts_str id;
        assert_false(ts_reading_of(&a, &job, &r, &e));
        assert_int_equal(e.code, TS_E_NOT_FOUND);
        assert_false(ts_reading_which(&a, &job, &id, &e));
    }
    ts_reading_job job = usual("urn:lamp:a1");
    ts_reading r;
    ts_error e = {0};
    job.at = NOW - 1;
    assert_false(ts_reading_of(&a, &job, &r, &e));
    assert_non_null(strstr(e.msg, "of that time"));
}

/* The house's own document and lists settle what they can; nothing else is asked. */
static void what_is_at_hand(void **state) {
    (void)state;
    const ts_signer by = {.key = key, .issuer = TS_S("did:web:m.example")};
    const ts_issue_job issue = {.store = store,
                                .by = by,
                                .document = lamp_document(&a, (lamp){"urn:lamp:listed", "item",
                                                                     LAMP_GTIN "/21/L1", "", ""}),
                                .list = TS_S(LIST),
                                .now = NOW,
                                .until = TS_NO_TIME};
    ts_issued issued = must_issue(&a, &issue);
    ts_error e = {0};
    ts_str method, list;
    const char *path = temp_path(&a, "reading-did.json");
    ts_reading_job job = usual("urn:lamp:listed");
    ts_reading r = must(&job);
    assert_int_equal(r.checked.step[TS_STEP_SIGNATURE].answer, TS_OPEN);
    assert_true(ts_did_file_change(&a, path, by.issuer, ts_key_public_of(key), TS_KEY_ADD,
                                   NOW - 100, &method, &e));
    assert_true(ts_file_read(&a, path, 1 << 20, &job.did, &e));
    r = must(&job);
    assert_int_equal(r.checked.step[TS_STEP_SIGNATURE].answer, TS_YES);
    assert_int_equal(r.checked.step[TS_STEP_ISSUER].answer, TS_YES);
    assert_int_equal(r.checked.step[TS_STEP_STATUS].answer, TS_YES);
    assert_true(ts_set_status(&a, store, &by, issued.credential, true, NOW + 5, &list, &e));
    r = must(&job);
    assert_int_equal(r.checked.step[TS_STEP_STATUS].answer, TS_NO);
    /* another house's document is not ours to speak for it */
    job = usual("urn:lamp:a1");
    job.did = TS_S("{\"id\":\"did:web:other.example\"}");
    r = must(&job);
    assert_int_equal(r.checked.step[TS_STEP_ISSUER].answer, TS_OPEN);
    job.did = TS_S("no json");
    assert_int_equal(must(&job).checked.step[TS_STEP_ISSUER].answer, TS_OPEN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_id_and_product),
        cmocka_unit_test(what_is_at_hand),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
