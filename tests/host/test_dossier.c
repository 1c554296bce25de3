#include "host/dossier.h"

#include "maker.h"

static ts_arena a;
static ts_key *key;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "dossier.pem", TS_KEY_ED25519);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_key_free(key);
    return 0;
}

static ts_issued put(ts_store *s, const char *serial, const char *colour, ts_form form,
                     int64_t now) {
    const ts_issue_job job = {.store = s,
                              .by = {.key = key},
                              .document = kettle(&a, serial, colour),
                              .form = form,
                              .now = now,
                              .until = TS_NO_TIME,
                              .list = TS_S("https://m.example/status/1")};
    return must_issue(&a, &job);
}

static ts_str exported(ts_store *s, const char *id, ts_export_kind kind, int64_t at) {
    const ts_export_job job = {
        .store = s, .passport = ts_str_c(id), .kind = kind, .at = at, .now = NOW + 50};
    ts_str out;
    ts_error e = {0};
    if (!ts_export(&a, &job, &out, &e)) fail_msg("%s", e.msg);
    return out;
}

static void what_comes_out(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "out.db");
    ts_issued one = put(s, "D1D1D1D1D1D1", "red", TS_FORM_UNTP_JOSE, NOW);
    put(s, "D1D1D1D1D1D1", "blue", TS_FORM_UNTP_DI, NOW + 10);
    assert_true(
        ts_str_eq(exported(s, "urn:kettle:D1D1D1D1D1D1", TS_OUT_SIGNED, NOW + 5), one.bytes));
    /* by its product as well */
    assert_says(exported(s, "https://id.gs1.org/01/09521234543213/21/D1D1D1D1D1D1", TS_OUT_DOCUMENT,
                         TS_NO_TIME),
                "KX-blue");
    assert_says(exported(s, "(01)09521234543213(21)D1D1D1D1D1D1", TS_OUT_EN18223, NOW + 5),
                "KX-red");
    assert_says(exported(s, "urn:kettle:D1D1D1D1D1D1", TS_OUT_EN18223_FULL, TS_NO_TIME),
                "SingleValuedDataElement");
    const ts_export_job none = {.store = s, .passport = TS_S("urn:none"), .at = TS_NO_TIME};
    const ts_export_job unsigned_view = {.store = s,
                                         .passport = TS_S("urn:kettle:D1D1D1D1D1D1"),
                                         .at = TS_NO_TIME,
                                         .kind = TS_OUT_SIGNED,
                                         .who = 1u << TS_AUD_AUTHORITY};
    ts_str out;
    ts_error e = {0};
    assert_false(ts_export(&a, &none, &out, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    e = (ts_error){0};
    assert_false(ts_export(&a, &unsigned_view, &out, &e));
    assert_non_null(strstr(e.msg, "never signed for the audience authority"));
    ts_store_close(s);
}

/* With its status list inside a dossier needs no network. */
static void dossier_stands_alone(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "alone.db");
    for (int f = 0; f < 2; f++) {
        char serial[40];
        snprintf(serial, sizeof serial, "E%dE1E1E1E1E1", f);
        put(s, serial, "red", (ts_form)f, NOW);
        char id[80];
        snprintf(id, sizeof id, "urn:kettle:%s", serial);
        ts_str d = exported(s, id, TS_OUT_DOSSIER, TS_NO_TIME);
        ts_report r = verified(&a, d, NOW + 60);
        assert_int_equal(r.step[TS_STEP_SIGNATURE].answer, TS_YES);
        assert_int_equal(r.step[TS_STEP_ISSUER].answer, TS_YES);
        if (r.step[TS_STEP_STATUS].answer != TS_YES)
            fail_msg("%.*s", TS_P(r.step[TS_STEP_STATUS].reason));
        assert_int_equal(r.credentials.v[0].type, TS_UNTP_DPP);
    }
    ts_store_close(s);
}

static void signed_presentation(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "vp.db");
    ts_key *holder_key = maker_key(&a, "holder.pem", TS_KEY_P256);
    const ts_signer holder = {.key = holder_key};
    put(s, "H1H1H1H1H1H1", "red", TS_FORM_UNTP_JOSE, NOW);
    const ts_export_job job = {.store = s,
                               .passport = TS_S("urn:kettle:H1H1H1H1H1H1"),
                               .kind = TS_OUT_DOSSIER,
                               .at = TS_NO_TIME,
                               .holder = &holder,
                               .challenge = TS_S("c-1"),
                               .domain = TS_S("m.example"),
                               .now = NOW + 50};
    ts_str d;
    ts_error e = {0};
    if (!ts_export(&a, &job, &d, &e)) fail_msg("%s", e.msg);
    ts_report r;
    ts_verify_options o = {.now = NOW + 60, .challenge = TS_S("c-1"), .domain = TS_S("m.example")};
    ts_verify(&a, d, &o, &r);
    if (r.step[TS_STEP_SIGNATURE].answer != TS_YES)
        fail_msg("%.*s", TS_P(r.step[TS_STEP_SIGNATURE].reason));
    o.challenge = TS_S("c-2");
    ts_verify(&a, d, &o, &r);
    assert_int_equal(r.step[TS_STEP_SIGNATURE].answer, TS_NO);
    ts_key_free(holder_key);
    ts_store_close(s);
}

static void round_trips(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "from.db"), *t = maker_store(&a, "to.db");
    ts_issued one = put(s, "T1T1T1T1T1T1", "red", TS_FORM_UNTP_JOSE, NOW);
    const ts_verify_options o = {.now = NOW + 60};
    ts_imported in;
    ts_error e = {0};
    if (!ts_import_passport(&a, t, one.bytes, &o, &in, &e)) fail_msg("%s", e.msg);
    assert_true(in.is_signed && in.new_version && in.version == 1);
    assert_str(in.passport, "urn:kettle:T1T1T1T1T1T1");
    assert_true(
        ts_str_eq(exported(t, "urn:kettle:T1T1T1T1T1T1", TS_OUT_SIGNED, TS_NO_TIME), one.bytes));
    assert_true(ts_str_eq(exported(t, "urn:kettle:T1T1T1T1T1T1", TS_OUT_DOCUMENT, TS_NO_TIME),
                          exported(s, "urn:kettle:T1T1T1T1T1T1", TS_OUT_DOCUMENT, TS_NO_TIME)));
    if (!ts_import_passport(&a, t, one.bytes, &o, &in, &e)) fail_msg("%s", e.msg);
    assert_false(in.new_version);
    static const ts_export_kind kinds[] = {TS_OUT_DOCUMENT, TS_OUT_EN18223, TS_OUT_EN18223_FULL};
    for (int i = 0; i < 3; i++) {
        ts_str text = exported(s, "urn:kettle:T1T1T1T1T1T1", kinds[i], TS_NO_TIME);
        if (!ts_import_passport(&a, t, text, &o, &in, &e))
            fail_msg("%s: %s", ts_export_kind_name(kinds[i]), e.msg);
        if (in.new_version) fail_msg("%s is another version", ts_export_kind_name(kinds[i]));
    }
    /* one letter in the token, and nothing is taken */
    int open = 0;
    for (size_t i = 0; i < one.bytes.n; i += 37) {
        char *bent = (char *)(uintptr_t)ts_str_z(&a, one.bytes);
        bent[i] = bent[i] == 'A' ? 'B' : 'A';
        e = (ts_error){0};
        if (bent[i] == one.bytes.p[i]) continue;
        if (!ts_import_passport(&a, t, (ts_str){bent, one.bytes.n}, &o, &in, &e)) continue;
        /* the name of a key that nobody can look up: taken, and said */
        assert_int_equal(in.report.step[TS_STEP_SIGNATURE].answer, TS_OPEN);
        assert_false(in.new_version);
        open++;
    }
    static const char *const bad[] = {"",
                                      "  ",
                                      "{",
                                      "[]",
                                      "{}",
                                      "x.y.z",
                                      "{\"@context\":[]}",
                                      "{\"digitalProductPassportId\":1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (ts_error){0};
        assert_false(ts_import_passport(&a, t, ts_str_c(bad[i]), &o, &in, &e));
        assert_true(e.msg[0]);
    }
    ts_passport_rows all = {0};
    assert_true(ts_store_passport_versions(t, &a, TS_S("urn:kettle:T1T1T1T1T1T1"), &all, &e));
    assert_int_equal(all.n, 1);
    ts_store_close(s);
    ts_store_close(t);
}

/* A stranger's key, and nobody's, add no version to a passport that somebody signed; its own do. */
static void goes_on_by_its_own(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "own.db"), *t = maker_store(&a, "own-to.db");
    ts_issued one = put(s, "T2T2T2T2T2T2", "red", TS_FORM_UNTP_JOSE, NOW);
    const ts_verify_options o = {.now = NOW + 60};
    ts_imported in;
    ts_error e = {0};
    ts_key *strange = maker_key(&a, "strange.pem", TS_KEY_ED25519);
    const ts_issue_job theirs = {.by = {.key = strange},
                                 .document = kettle(&a, "T2T2T2T2T2T2", "blue"),
                                 .form = TS_FORM_UNTP_JOSE,
                                 .now = NOW + 10,
                                 .until = TS_NO_TIME};
    ts_str forged = must_issue(&a, &theirs).bytes;
    assert_true(ts_import_passport(&a, t, one.bytes, &o, &in, &e));
    const ts_str bad[] = {forged, theirs.document};
    for (int i = 0; i < 2; i++) {
        e = (ts_error){0};
        assert_false(ts_import_passport(&a, t, bad[i], &o, &in, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        assert_non_null(strstr(e.msg, "a further version must be signed"));
    }
    ts_issued two = put(s, "T2T2T2T2T2T2", "green", TS_FORM_UNTP_JOSE, NOW + 20);
    if (!ts_import_passport(&a, t, two.bytes, &o, &in, &e)) fail_msg("%s", e.msg);
    assert_int_equal(in.version, 2);
    ts_key_free(strange);
    ts_store_close(s);
    ts_store_close(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_out),      cmocka_unit_test(dossier_stands_alone),
        cmocka_unit_test(signed_presentation), cmocka_unit_test(round_trips),
        cmocka_unit_test(goes_on_by_its_own),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
