/* kill -9 at seeded random instants during `passport safety --affected`: a passport that says
 * recalled has its signature, its event and its notice credential, each with its entry in the log,
 * or none of them; and the same command again goes on from there. TS_KILLS says how often. */
#include <signal.h>

#include "host/maker.h"

enum { ITEMS = 420 };

static const char notice[] =
    "{\"format\":\"touchstone-notice-1\",\"id\":\"t:1\",\"source\":\"t\",\"number\":\"1\","
    "\"title\":\"Kettle\",\"product\":\"Kettle\",\"identifiers\":[{\"type\":\"gtin13\",\"value\":"
    "\"9521234543213\"}],\"language\":\"en\"}\n";

/* A kettle of the one whose key signs. */
static ts_str own_kettle(ts_arena *a, const char *serial, ts_str did) {
    ts_str text = kettle(a, serial, "red"), maker = TS_S("did:web:m.example");
    size_t at = ts_str_find(text, maker);
    ts_str parts[] = {ts_str_to(text, at), did, ts_str_from(text, at + maker.n)};
    return ts_str_join(a, parts, 3, TS_NONE);
}

static void make_store(ts_arena a, const char *name, ts_key *key) {
    ts_store *s = maker_store(&a, name);
    ts_str did = ts_did_key_of(&a, ts_key_public_of(key));
    for (int i = 0; i < ITEMS; i++) {
        ts_arena mark = a;
        char serial[30];
        snprintf(serial, sizeof serial, "S%d", i);
        must_issue(&a, &(ts_issue_job){.store = s,
                                       .by = {.key = key},
                                       .document = own_kettle(&a, serial, did),
                                       .now = ts_now() - 100,
                                       .until = TS_NO_TIME});
        a = mark;
    }
    ts_store_close(s);
}

/* Whether the passport says recalled; all that goes with it is there then, and else nothing. */
static bool recalled(ts_arena a, ts_store *s, int i) {
    char id[40], product[100];
    ts_error e = {0};
    ts_passport_row row;
    ts_secured_rows forms = {0};
    ts_event_rows events = {0};
    ts_statement_rows statements = {0};
    bool found;
    snprintf(id, sizeof id, "urn:kettle:S%d", i);
    snprintf(product, sizeof product, "https://id.gs1.org/01/09521234543213/21/S%d", i);
    assert_true(ts_store_passport(s, &a, ts_str_c(id), &row, &found, &e) && found);
    bool is = ts_str_is(row.safety, "recalled");
    assert_true(ts_store_secured(s, &a, row.id, row.version, &forms, &e));
    assert_true(ts_store_events(s, &a, ts_str_c(product), TS_NONE, 10, &events, &e));
    assert_true(ts_store_statements(s, &a, row.id, &statements, &e));
    assert_int_equal(row.version, is ? 2 : 1);
    assert_int_equal(forms.n, 1);
    assert_int_equal(events.n, is);
    assert_int_equal(statements.n, is);
    if (i % 40 == 0)
        assert_int_equal(
            verified(&a, forms.v[0].bytes, ts_now() + 1).step[TS_STEP_SIGNATURE].answer, TS_YES);
    return is;
}

static int check(ts_arena a, const char *path) {
    ts_error e = {0};
    ts_log_proof proof;
    int n = 0;
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
    if (!s || !ts_log_prove(a, s, &proof, &e)) fail_msg("%s", e.msg);
    for (int i = 0; i < ITEMS; i++) n += recalled(a, s, i);
    assert_int_equal(proof.entries, 2 * ITEMS + 4 * n); /* version, form; event and credential */
    ts_store_close(s);
    return n;
}

static void kills(void **state) {
    (void)state;
    ts_arena a = test_arena();
    uint64_t n = 6, killed = 0, partly = 0;
    double seconds = 0;
    if (getenv("TS_KILLS")) assert_true(ts_u64_parse(ts_str_c(getenv("TS_KILLS")), &n));
    ts_random random = ts_random_seed(20260606);
    ts_key *key = maker_key(&a, "kill-safety.pem", TS_KEY_ED25519);
    const char *pem = temp_path(&a, "kill-safety.pem"), *file = temp_path(&a, "kill-safety.jsonl");
    ts_str fresh;
    ts_error e = {0};
    test_write(file, ts_str_c(notice));
    make_store(a, "kill-safety.db", key);
    assert_true(ts_file_read(&a, temp_path(&a, "kill-safety.db"), 64 << 20, &fresh, &e));
    for (uint64_t i = 0; i <= n; i++) {
        ts_arena mark = a;
        char name[40];
        snprintf(name, sizeof name, "kill-safety-%llu.db", (unsigned long long)i);
        const char *store = temp_path(&a, name);
        test_write(store, fresh);
        const char *const args[] = {"touchstone", "passport", "safety",     "--quiet",   "--key",
                                    pem,          "--store",  store,        "--notices", file,
                                    "--status",   "recalled", "--affected", NULL};
        /* The first is let live, to learn how long it takes. */
        uint64_t at = i ? 1 + (uint64_t)(seconds * 1.1e9 * ts_random_unit(&random)) : 0;
        ran r = run_list(&a, (run_how){.signal = i ? SIGKILL : 0, .signal_at = at}, args);
        if (i == 0) seconds = r.seconds;
        bool acknowledged = r.status == 0;
        killed += r.status == 128 + SIGKILL;
        int before = check(a, store);
        partly += before > 0 && before < ITEMS;
        assert_true(before == ITEMS || !acknowledged);
        r = run_list(&a, (run_how){0}, args);
        assert_status(r, 0);
        assert_int_equal(check(a, store), ITEMS);
        a = mark;
    }
    ts_key_free(key);
    print_message("%llu kills landed of %llu, %llu of them half-way\n", (unsigned long long)killed,
                  (unsigned long long)n, (unsigned long long)partly);
    assert_true(killed * 4 >= n);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kills)};
    return cmocka_run_group_tests(tests, 0, 0);
}
