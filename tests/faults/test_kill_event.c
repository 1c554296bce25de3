/* kill -9 at seeded random instants during `passport event`: an event, the archived version that it
 * brings and that version's signature are there together or not at all, each with its entry in the
 * log; and the same command again ends well. TS_KILLS says how often. */
#include <signal.h>

#include "host/maker.h"

#define MAKER "did:web:m.example"

enum { LIVE = 3 };

/* Whether the event is there; what goes with it is. */
static bool check(ts_arena a, const char *path, const char *passport) {
    ts_error e = {0};
    ts_life l;
    ts_log_proof proof;
    ts_log_rows log = {0};
    size_t events = 0, versions = 0, forms = 0;
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
    if (!s || !ts_life_of(&a, s, ts_str_c(passport), &l, &e)) fail_msg("%s", e.msg);
    bool there = l.lines.n == 1;
    assert_true(l.lines.n <= 1);
    assert_str(l.passport.status, there ? "archived" : "active");
    assert_int_equal(l.passport.version, there ? 2 : 1);
    ts_secured_rows signed_forms = {0};
    assert_true(ts_store_secured(s, &a, l.passport.id, l.passport.version, &signed_forms, &e));
    assert_int_equal(signed_forms.n, 1);
    assert_int_equal(
        verified(&a, signed_forms.v[0].bytes, ts_now() + 1).step[TS_STEP_SIGNATURE].answer, TS_YES);
    if (!ts_log_prove(a, s, &proof, &e) || !ts_store_log(s, &a, 0, 10000, 64 << 20, &log, &e))
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < log.n; i++)
        versions += ts_str_eq(log.v[i].subject, l.passport.id) && log.v[i].kind == TS_LOG_VERSION;
    for (size_t i = 0; i < log.n; i++) {
        events += there && log.v[i].kind == TS_LOG_EVENT &&
                  ts_str_eq(log.v[i].subject, l.lines.v[0].row.id);
        forms += log.v[i].kind == TS_LOG_SECURED &&
                 ts_str_eq(log.v[i].subject, signed_forms.v[0].credential);
    }
    assert_int_equal(events, there);
    assert_int_equal(versions, there ? 2 : 1);
    assert_int_equal(forms, 1);
    ts_store_close(s);
    return there;
}

static void kills(void **state) {
    (void)state;
    ts_arena a = test_arena();
    uint64_t n = 12, killed = 0;
    double seconds = 0;
    if (getenv("TS_KILLS")) assert_true(ts_u64_parse(ts_str_c(getenv("TS_KILLS")), &n));
    ts_random random = ts_random_seed(20260505);
    const char *store = temp_path(&a, "kill-event.db"), *pem = temp_path(&a, "kill-event.pem");
    ts_key *key = maker_key(&a, "kill-event.pem", TS_KEY_ED25519);
    for (uint64_t i = 0; i < n + LIVE; i++) {
        ts_arena mark = a;
        char serial[30], passport[60], product[100];
        snprintf(serial, sizeof serial, "E%llu", (unsigned long long)i);
        snprintf(passport, sizeof passport, "urn:kettle:%s", serial);
        snprintf(product, sizeof product, "https://id.gs1.org/01/09521234543213/21/%s", serial);
        ts_store *s = maker_store(&a, "kill-event.db");
        must_issue(&a, &(ts_issue_job){.store = s,
                                       .by = {.key = key},
                                       .document = kettle(&a, serial, "red"),
                                       .now = ts_now() - 100,
                                       .until = TS_NO_TIME});
        ts_store_close(s);
        const char *const args[] = {"touchstone", "passport",   "event",     "--quiet", "--key",
                                    pem,          "--operator", MAKER,       "--store", store,
                                    "--kind",     "destroy",    "--product", product,   "--at",
                                    "2025-11-24", NULL};
        /* The first ones are let live, to learn how long it takes. */
        uint64_t at = i < LIVE ? 0 : 1 + (uint64_t)(seconds * 1e9 * ts_random_unit(&random));
        ran r = run_list(&a, (run_how){.signal = i < LIVE ? 0 : SIGKILL, .signal_at = at}, args);
        if (i == 0 || (i < LIVE && r.seconds < seconds)) seconds = r.seconds;
        bool acknowledged = r.status == 0;
        killed += r.status == 128 + SIGKILL;
        bool there = check(a, store, passport);
        assert_true(there || !acknowledged);
        r = run_list(&a, (run_how){0}, args);
        assert_status(r, 0);
        assert_true(check(a, store, passport));
        a = mark;
    }
    ts_key_free(key);
    print_message("%llu kills landed of %llu\n", (unsigned long long)killed, (unsigned long long)n);
    assert_true(killed * 6 >= n);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kills)};
    return cmocka_run_group_tests(tests, 0, 0);
}
