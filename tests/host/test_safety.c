#include "host/statement_part.h"

#include "maker.h"

static ts_arena a;
static ts_key *maker, *authority, *stranger;
static const ts_verify_options offline = {.now = NOW + 5000};

static int setup(void **state) {
    (void)state;
    a = test_arena();
    maker = maker_key(&a, "maker.pem", TS_KEY_ED25519);
    authority = maker_key(&a, "authority.pem", TS_KEY_P256);
    stranger = maker_key(&a, "stranger.pem", TS_KEY_ED25519);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_key_free(maker);
    ts_key_free(authority);
    ts_key_free(stranger);
    return 0;
}

static ts_str did_of(const ts_key *k) { return ts_did_key_of(&a, ts_key_public_of(k)); }

/* A document at any level: `more` is put in behind its status. */
static ts_str thing(const char *grain, const char *id, const char *product, const char *more) {
    ts_buf b = ts_buf_new(&a, 8000);
    ts_buf_fmt(
        &b,
        "{\"format\":\"touchstone-passport-1\",\"id\":\"%s\",\"granularity\":\"%s\","
        "\"product\":{\"id\":\"https://id.gs1.org/01/09521234543213%s\",\"name\":\"Battery\","
        "\"productCategory\":[{\"code\":\"1\",\"name\":\"B\",\"schemeId\":"
        "\"https://c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":"
        "\"https://m.example/1\",\"name\":\"One\"},\"countryOfProduction\":{\"countryCode\":"
        "\"DE\"}},\"operator\":{\"id\":\"%.*s\",\"name\":\"Maker\"},\"packs\":[{\"id\":"
        "\"generic\"}],\"status\":\"active\",\"elements\":{\"identification\":{\"model\":"
        "\"B1\"}}%s}",
        id, grain, product, TS_P(did_of(maker)), more);
    return ts_buf_str(&b);
}

static void issue(ts_store *s, ts_str document) {
    ts_issue_job job = {
        .store = s, .by = {.key = maker}, .document = document, .now = NOW, .until = TS_NO_TIME};
    must_issue(&a, &job);
}

static ts_safety_job job_of(ts_store *s, const char *passport, ts_safety_status status) {
    return (ts_safety_job){.store = s,
                           .by = {.key = maker},
                           .passport = ts_str_c(passport),
                           .status = status,
                           .notice_id = TS_S("safety_gate:A12/00001/26"),
                           .now = NOW + 10};
}

static ts_issued must_set(const ts_safety_job *job) {
    ts_issued out;
    ts_error e = {0};
    if (!ts_safety_set(&a, job, &out, &e)) fail_msg("%s", e.msg);
    return out;
}

static ts_standings standings(ts_store *s, const char *passport) {
    ts_standings out;
    ts_error e = {0};
    if (!ts_safety_of(&a, s, ts_str_c(passport), &out, &e)) fail_msg("%s", e.msg);
    return out;
}

/* ---- the issuer's own ---- */

static void set_and_lifted(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "own.db");
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    ts_standings none = standings(s, "urn:i:1");
    assert_int_equal(none.n, 0);
    assert_int_equal(ts_safety_worst(&none), TS_SAFETY_NONE_KNOWN);
    ts_safety_job job = job_of(s, "urn:i:1", TS_SAFETY_RECALLED);
    ts_issued one = must_set(&job);
    assert_true(one.new_version);
    assert_int_equal(one.version, 2);
    assert_int_equal(verified(&a, one.bytes, NOW + 20).step[TS_STEP_SIGNATURE].answer, TS_YES);
    assert_true(ts_str_find(one.bytes, TS_S(".")) != TS_NPOS);
    ts_issued again = must_set(&job); /* said already: no further version, the same bytes */
    assert_true(!again.new_version && again.again && again.version == 2);
    ts_standings now = standings(s, "urn:i:1");
    assert_int_equal(now.n, 1);
    assert_true(now.v[0].by_issuer && ts_standing_stands(&now.v[0]));
    assert_str(now.v[0].kind, "recalled");
    assert_string_equal(now.v[0].through, "self");
    assert_int_equal(ts_safety_worst(&now), TS_SAFETY_RECALLED);
    /* with it a credential that verifies by itself and says the same */
    statement_facts f;
    ts_error why = {0};
    assert_true(statement_of_bytes(&a, now.v[0].credential, &f, &why));
    assert_true(ts_str_eq(f.by, did_of(maker)) && ts_str_eq(f.id, now.v[0].id));
    assert_str(f.kind, "recalled");
    assert_str(f.passport, "urn:i:1");
    assert_int_equal(verified(&a, now.v[0].credential, NOW + 20).step[TS_STEP_SIGNATURE].answer,
                     TS_YES);
    job.status = TS_SAFETY_LIFTED;
    job.now += 100;
    assert_int_equal(must_set(&job).version, 3);
    assert_true(must_set(&job).again);
    now = standings(s, "urn:i:1");
    assert_int_equal(now.n, 2); /* history stays */
    assert_int_equal(ts_safety_worst(&now), TS_SAFETY_LIFTED);
    for (size_t i = 0; i < 2; i++)
        if (ts_str_is(now.v[i].kind, "recalled")) {
            assert_true(now.v[i].lifted);
            assert_int_equal(now.v[i].lifted_at, NOW + 110);
        }
    ts_statement_rows rows = {0};
    assert_true(ts_store_statements(s, &a, TS_S("urn:i:1"), &rows, &why));
    assert_int_equal(rows.n, 2); /* the credential, and that it is lifted; once each */
    assert_str(rows.v[1].kind, "lifted");
    ts_passport_row row;
    bool found;
    ts_error e = {0};
    assert_true(ts_store_passport_version(s, &a, TS_S("urn:i:1"), 2, &row, &found, &e) && found);
    assert_str(row.safety, "recalled");
    assert_true(ts_store_passport(s, &a, TS_S("urn:i:1"), &row, &found, &e) && found);
    assert_str(row.safety, "lifted");
    ts_store_close(s);
}

static void an_event_goes_with_it(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "event.db");
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    ts_safety_job job = job_of(s, "urn:i:1", TS_SAFETY_RECALLED);
    must_set(&job);
    must_set(&job);
    ts_event_rows rows = {0};
    ts_error e = {0};
    assert_true(ts_store_events(s, &a, TS_S("https://id.gs1.org/01/09521234543213/21/A1"), TS_NONE,
                                10, &rows, &e));
    assert_int_equal(rows.n, 1);
    assert_str(rows.v[0].kind, "recall");
    assert_true(ts_str_find(rows.v[0].body, TS_S("\"recalled\"")) != TS_NPOS);
    job.status = TS_SAFETY_LIFTED;
    job.now++;
    must_set(&job);
    job.status = TS_SAFETY_WARNING; /* of the goods a warning says nothing to EPCIS */
    job.now++;
    must_set(&job);
    rows.n = 0;
    assert_true(ts_store_events(s, &a, TS_S("https://id.gs1.org/01/09521234543213/21/A1"), TS_NONE,
                                10, &rows, &e));
    assert_int_equal(rows.n, 2);
    assert_str(rows.v[1].kind, "lift");
    ts_store_close(s);
}

/* Two notices: lifting the one leaves the other. */
static void notices_stand_by_themselves(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "two.db");
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    ts_safety_job job = job_of(s, "urn:i:1", TS_SAFETY_RECALLED);
    must_set(&job);
    job.notice_id = TS_S("cpsc:1");
    job.status = TS_SAFETY_WARNING;
    job.now++;
    must_set(&job);
    ts_standings now = standings(s, "urn:i:1");
    assert_int_equal(ts_safety_worst(&now), TS_SAFETY_RECALLED);
    ts_passport_row row;
    bool found;
    ts_error e = {0};
    assert_true(ts_store_passport(s, &a, TS_S("urn:i:1"), &row, &found, &e));
    assert_str(row.safety, "recalled"); /* the later, lesser word does not hide it */
    job.notice_id = TS_S("safety_gate:A12/00001/26");
    job.status = TS_SAFETY_LIFTED;
    job.now++;
    must_set(&job);
    now = standings(s, "urn:i:1");
    assert_int_equal(ts_safety_worst(&now), TS_SAFETY_WARNING);
    assert_str(now.v[0].kind, "warning"); /* what stands comes first */
    job.notice_id = TS_S("cpsc:1");
    job.status = TS_SAFETY_RECALLED; /* a graver word of the same notice replaces the lesser */
    job.now++;
    must_set(&job);
    now = standings(s, "urn:i:1");
    assert_int_equal(ts_safety_worst(&now), TS_SAFETY_RECALLED);
    size_t replaced = 0;
    for (size_t i = 0; i < now.n; i++) replaced += now.v[i].replaced;
    assert_int_equal(replaced, 1);
    ts_store_close(s);
}

static void every_seal_is_renewed(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "seals.db");
    ts_error e = {0};
    ts_issue_job job = {.store = s,
                        .by = {.key = maker},
                        .document = thing("item", "urn:i:1", "/21/A1", ""),
                        .now = NOW,
                        .until = TS_NO_TIME};
    must_issue(&a, &job);
    job.form = TS_FORM_EU_JOSE;
    job.who = 1u << TS_AUD_AUTHORITY | 1u << TS_AUD_COMMISSION;
    job.list = TS_S("https://m.example/status/1");
    must_issue(&a, &job);
    job.by.key = stranger; /* another issuer's seal is not ours to renew */
    must_issue(&a, &job);
    ts_safety_job set = job_of(s, "urn:i:1", TS_SAFETY_RECALLED);
    must_set(&set);
    ts_secured_rows rows = {0};
    assert_true(ts_store_secured(s, &a, TS_S("urn:i:1"), 2, &rows, &e));
    assert_int_equal(rows.n, 2);
    bool both = ts_str_is(rows.v[0].form, "untp-jose") && ts_str_is(rows.v[1].form, "en18223-jose");
    assert_true(both);
    assert_str(rows.v[1].audience, "authority+commission");
    assert_str(rows.v[1].list, "https://m.example/status/1");
    ts_store_close(s);
}

static void set_refused(const ts_safety_job *job, ts_error_code code, const char *says) {
    ts_issued out;
    ts_error e = {0};
    assert_false(ts_safety_set(&a, job, &out, &e));
    if (e.code != code || !strstr(e.msg, says)) fail_msg("%d: %s", e.code, e.msg);
}

static void what_cannot_be_set(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "refused.db");
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    ts_safety_job job = job_of(s, "urn:i:1", TS_SAFETY_RECALLED);
    job.by.key = authority;
    set_refused(&job, TS_E_USAGE, "passport statement");
    job.by.key = 0;
    set_refused(&job, TS_E_USAGE, "no key");
    job = job_of(s, "urn:i:9", TS_SAFETY_RECALLED);
    set_refused(&job, TS_E_NOT_FOUND, "urn:i:9");
    job = job_of(s, "urn:i:1", TS_SAFETY_LIFTED);
    set_refused(&job, TS_E_USAGE, "nothing stands");
    job.status = TS_SAFETY_NONE_KNOWN;
    set_refused(&job, TS_E_USAGE, "none_known");
    ts_passport_row row;
    bool found;
    ts_error e = {0};
    assert_true(ts_store_passport(s, &a, TS_S("urn:i:1"), &row, &found, &e));
    assert_int_equal(row.version, 1);
    ts_store_close(s);
}

/* ---- third parties ---- */

static ts_statement_row must_state(ts_store *s, const ts_key *by, const char *passport,
                                   ts_safety_status status) {
    ts_safety_job job = job_of(s, passport, status);
    ts_statement_row row;
    ts_str credential;
    ts_error e = {0};
    bool fresh;
    job.by = (ts_signer){.key = by, .name = TS_S("Authority")};
    if (!ts_statement_make(&a, &job, &credential, &e) ||
        !ts_statement_add(&a, s, credential, &offline, &row, &fresh, &e))
        fail_msg("%s", e.msg);
    assert_true(fresh);
    return row;
}

static bool answer(ts_store *s, const ts_key *by, ts_str id, const char *kind, ts_error *e) {
    ts_statement_row row;
    ts_str credential;
    bool fresh;
    const ts_signer signer = {.key = by, .name = TS_S("Somebody")};
    return ts_statement_answer(&a, &signer, id, kind, TS_S("The lot is another one."), NOW + 50,
                               &credential, e) &&
           ts_statement_add(&a, s, credential, &offline, &row, &fresh, e);
}

static void stated_contested_lifted(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "stated.db");
    ts_error e = {0};
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    ts_statement_row row = must_state(s, authority, "urn:i:1", TS_SAFETY_RECALLED);
    ts_standings now = standings(s, "urn:i:1");
    assert_int_equal(now.n, 1);
    assert_true(!now.v[0].by_issuer && ts_standing_stands(&now.v[0]));
    assert_true(ts_str_eq(now.v[0].by, did_of(authority)));
    assert_str(now.v[0].by_name, "Authority");
    assert_str(now.v[0].notice, "safety_gate:A12/00001/26");
    assert_true(now.v[0].credential.n > 100);
    assert_int_equal(ts_safety_worst(&now), TS_SAFETY_RECALLED);
    /* contested by anybody: it stands nevertheless */
    assert_true(answer(s, maker, row.id, "contested", &e));
    now = standings(s, "urn:i:1");
    assert_true(now.v[0].contested && ts_standing_stands(&now.v[0]));
    assert_str(now.v[0].contest, "The lot is another one.");
    assert_str(now.v[0].contest_by, "Somebody");
    assert_int_equal(ts_safety_worst(&now), TS_SAFETY_RECALLED);
    /* lifted by its maker alone */
    assert_false(answer(s, maker, row.id, "lifted", &e));
    assert_int_equal(e.code, TS_E_USAGE);
    assert_non_null(strstr(e.msg, "who alone lifts it"));
    assert_true(answer(s, authority, row.id, "lifted", &e));
    now = standings(s, "urn:i:1");
    assert_int_equal(now.n, 1);
    assert_true(now.v[0].lifted && now.v[0].contested);
    assert_int_equal(now.v[0].lifted_at, NOW + 50);
    assert_int_equal(ts_safety_worst(&now), TS_SAFETY_LIFTED);
    /* an answer to nothing, and to an answer */
    e = (ts_error){0};
    assert_false(answer(s, stranger, TS_S("urn:none"), "contested", &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    ts_store_close(s);
}

static void add_refused(ts_store *s, ts_str credential, ts_error_code code, const char *says) {
    ts_statement_row row;
    ts_error e = {0};
    bool fresh;
    assert_false(ts_statement_add(&a, s, credential, &offline, &row, &fresh, &e));
    if (e.code != code || !strstr(e.msg, says)) fail_msg("%d: %s", e.code, e.msg);
}

static void what_is_not_kept(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "not-kept.db");
    ts_error e = {0};
    ts_str good;
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    ts_safety_job job = job_of(s, "urn:i:1", TS_SAFETY_RECALLED);
    job.by = (ts_signer){.key = authority};
    assert_true(ts_statement_make(&a, &job, &good, &e));
    add_refused(s, TS_NONE, TS_E_INPUT, "");
    add_refused(s, TS_S("x"), TS_E_INPUT, "");
    /* one bit of the signature, and of the payload */
    for (int part = 1; part <= 2; part++) {
        char *bent = (char *)(uintptr_t)ts_str_z(&a, good);
        char *at = strchr(bent, '.') + 20;
        if (part == 2) at = strrchr(bent, '.') + 20;
        *at = *at == 'A' ? 'B' : 'A';
        add_refused(s, (ts_str){bent, good.n}, TS_E_INPUT, "");
    }
    /* signed by one key in the name of an issuer whose keys cannot be had */
    job.by.issuer = TS_S("did:web:authority.example");
    ts_str far;
    assert_true(ts_statement_make(&a, &job, &far, &e));
    add_refused(s, far, TS_E_INPUT, "could not be checked");
    /* a passport that is not here; a passport as such; one that begins later */
    job.by = (ts_signer){.key = authority};
    job.passport = TS_S("urn:i:7");
    assert_true(ts_statement_make(&a, &job, &far, &e));
    add_refused(s, far, TS_E_NOT_FOUND, "urn:i:7");
    job.passport = TS_S("urn:i:1");
    job.now = NOW + 100000;
    assert_true(ts_statement_make(&a, &job, &far, &e));
    add_refused(s, far, TS_E_INPUT, "status failed");
    ts_secured_rows rows = {0};
    assert_true(ts_store_secured(s, &a, TS_S("urn:i:1"), 1, &rows, &e));
    add_refused(s, rows.v[0].bytes, TS_E_INPUT, "SafetyNoticeCredential");
    ts_standings now = standings(s, "urn:i:1");
    assert_int_equal(now.n, 0);
    /* makes no sense: not made */
    job.status = TS_SAFETY_LIFTED;
    assert_false(ts_statement_make(&a, &job, &far, &e));
    const ts_signer by = {.key = authority};
    assert_false(
        ts_statement_answer(&a, &by, TS_S("urn:x"), "contested", TS_S(" "), NOW, &far, &e));
    assert_false(ts_statement_answer(&a, &by, TS_S("urn:x"), "denied", TS_S("r"), NOW, &far, &e));
    ts_store_close(s);
}

static void again_is_once(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "again.db");
    ts_statement_row row;
    ts_error e = {0};
    bool fresh;
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    ts_statement_row first = must_state(s, authority, "urn:i:1", TS_SAFETY_WARNING);
    assert_true(ts_statement_add(&a, s, first.bytes, &offline, &row, &fresh, &e));
    assert_false(fresh);
    ts_standings now = standings(s, "urn:i:1");
    assert_int_equal(now.n, 1);
    ts_store_close(s);
}

/* What is shown is what the signed bytes say, whatever a row claims. */
static void rows_are_not_believed(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "rows.db");
    ts_error e = {0};
    bool fresh;
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    issue(s, thing("item", "urn:i:2", "/21/A2", ""));
    ts_statement_row row = must_state(s, authority, "urn:i:1", TS_SAFETY_WARNING);
    row.id = TS_S("urn:slipped-in");
    row.passport = TS_S("urn:i:2");
    assert_true(ts_store_begin(s, &e) &&
                ts_store_end(s, ts_store_add_statement(s, &row, &fresh, &e), &e));
    ts_standings now = standings(s, "urn:i:2");
    assert_int_equal(now.n, 0);
    assert_int_equal(now.unknown.n, 1);
    assert_str(now.unknown.v[0], "urn:slipped-in");
    ts_store_close(s);
}

/* What a provider that is followed sends: the row must be what was signed. */
static void rows_of_peers(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "peers.db");
    ts_error e = {0};
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    const ts_statement_row good = must_state(s, authority, "urn:i:1", TS_SAFETY_WARNING);
    assert_true(statement_fits(&a, &good, &offline, &e));
    for (int i = 0; i < 8; i++) {
        ts_statement_row row = good;
        char *bent = (char *)(uintptr_t)ts_str_z(&a, row.bytes);
        switch (i) {
        case 0: row.id = TS_S("urn:other"); break;
        case 1: row.kind = TS_S("recalled"); break;
        case 2: row.passport = TS_S("urn:i:2"); break;
        case 3: row.notice = TS_S("other"); break;
        case 4: row.by = did_of(stranger); break;
        case 5: row.at++; break;
        case 6: row.about = TS_S("urn:x"); break;
        default:
            bent[row.bytes.n - 20] = bent[row.bytes.n - 20] == 'A' ? 'B' : 'A';
            row.bytes.p = bent;
        }
        e = (ts_error){0};
        assert_false(statement_fits(&a, &row, &offline, &e));
        assert_int_equal(e.code, TS_E_INPUT);
    }
    /* a key that cannot be had here is left to the peer's word */
    ts_safety_job job = job_of(s, "urn:i:1", TS_SAFETY_WARNING);
    ts_statement_row far = {.kind = TS_S("warning"),
                            .passport = TS_S("urn:i:1"),
                            .notice = job.notice_id,
                            .by = TS_S("did:web:authority.example"),
                            .at = job.now};
    job.by = (ts_signer){.key = authority, .issuer = far.by};
    statement_facts f;
    assert_true(ts_statement_make(&a, &job, &far.bytes, &e));
    assert_true(statement_of_bytes(&a, far.bytes, &f, &e));
    far.id = f.id;
    assert_true(statement_fits(&a, &far, &offline, &e));
    ts_store_close(s);
}

/* ---- for all that a notice hits ---- */

static ts_notice lot_notice(void) {
    ts_notice n = {.id = TS_S("t:1"), .title = TS_S("Battery"), .language = TS_S("en")};
    ts_identifiers_from_field(&a, TS_S("9521234543213"), true, &n.identifiers);
    *ts_push(&a, &n.scope.lots) = TS_S("L1");
    return n;
}

static ts_safety_done must_set_affected(const ts_safety_job *job, bool directly) {
    ts_safety_done done;
    ts_error e = {0};
    if (!ts_safety_set_affected(&a, job, directly, &done, &e)) fail_msg("%s", e.msg);
    return done;
}

static void all_that_are_hit(void **state) {
    (void)state;
    ts_notice notice = lot_notice();
    for (int directly = 0; directly < 2; directly++) {
        ts_store *s = maker_store(&a, directly ? "directly.db" : "hit.db");
        issue(s, thing("model", "urn:m", "", ""));
        issue(s, thing("batch", "urn:b:1", "/10/L1", ",\"links\":{\"model\":\"urn:m\"}"));
        issue(s, thing("batch", "urn:b:2", "/10/L2", ",\"links\":{\"model\":\"urn:m\"}"));
        for (int i = 0; i < 450; i++) { /* more than one group */
            char id[40], product[40];
            snprintf(id, sizeof id, "urn:i:%d", i);
            snprintf(product, sizeof product, "/10/L%d/21/A%d", i % 3 ? 1 : 2, i);
            issue(s, thing("item", id, product,
                           i % 3 ? ",\"links\":{\"batch\":\"urn:b:1\"}"
                                 : ",\"links\":{\"batch\":\"urn:b:2\"}"));
        }
        issue(s, thing("item", "urn:x", "/21/X", ",\"links\":{\"model\":\"urn:m\"}"));
        ts_safety_job job = job_of(s, "", TS_SAFETY_RECALLED);
        job.notice = &notice;
        ts_safety_done done = must_set_affected(&job, directly);
        assert_true(done.set >= 1 && done.set <= 301);
        if (!directly) assert_int_equal(done.set, 301);
        assert_true(done.open >= 1 && done.others == 0 && done.already == 0);
        ts_safety_done again = must_set_affected(&job, directly);
        assert_true(again.set == 0 && again.already == done.set && again.open == done.open);
        ts_standings one = standings(s, "urn:i:1"), two = standings(s, "urn:i:3"),
                     open = standings(s, "urn:x");
        assert_int_equal(ts_safety_worst(&one), TS_SAFETY_RECALLED);
        assert_int_equal(ts_safety_worst(&two), TS_SAFETY_NONE_KNOWN);
        assert_int_equal(ts_safety_worst(&open), TS_SAFETY_NONE_KNOWN);
        job.status = TS_SAFETY_LIFTED; /* of those that say it; again it changes nothing */
        job.now++;
        ts_safety_done lifted = must_set_affected(&job, false);
        assert_int_equal(lifted.set, done.set);
        assert_int_equal(lifted.set + lifted.already, 301);
        lifted = must_set_affected(&job, false);
        assert_true(lifted.set == 0 && lifted.already == 301);
        one = standings(s, "urn:i:1");
        assert_int_equal(ts_safety_worst(&one), TS_SAFETY_LIFTED);
        job.status = TS_SAFETY_RECALLED;
        job.by.key = stranger; /* nobody else's passports */
        done = must_set_affected(&job, directly);
        assert_true(done.set == 0 && done.others > 0);
        job.by.key = 0;
        ts_error e = {0};
        assert_false(ts_safety_set_affected(&a, &job, directly, &done, &e));
        job.by.key = maker;
        job.notice = 0;
        assert_false(ts_safety_set_affected(&a, &job, directly, &done, &e));
        ts_store_close(s);
    }
}

/* ---- through batch, model, components, predecessors ---- */

static void through_others(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "through.db");
    issue(s, thing("model", "urn:m", "", ""));
    issue(s, thing("batch", "urn:b", "/10/L1", ",\"links\":{\"model\":\"urn:m\"}"));
    issue(s, thing("item", "urn:i:1", "/10/L1/21/A1",
                   ",\"links\":{\"batch\":\"urn:b\",\"model\":\"urn:m\"}"));
    issue(s, thing("item", "urn:i:2", "/21/A2",
                   ",\"components\":[{\"id\":\"urn:i:1\"},{\"id\":\"urn:elsewhere\"}]"));
    issue(s, thing("item", "urn:i:3", "/21/A3",
                   ",\"predecessors\":[{\"id\":\"urn:i:2\",\"relation\":\"repurposed\"}]"));
    /* by the product's identifier instead of the passport's */
    issue(s, thing("item", "urn:i:4", "/21/A4",
                   ",\"components\":[{\"id\":\"https://id.gs1.org/01/09521234543213/10/L1/21/"
                   "A1\"}]"));
    ts_safety_job job = job_of(s, "urn:b", TS_SAFETY_RECALLED);
    must_set(&job);
    must_state(s, authority, "urn:m", TS_SAFETY_WARNING);
    static const struct {
        const char *passport, *through;
    } cases[] = {{"urn:b", "self"},
                 {"urn:i:1", "batch"},
                 {"urn:i:2", "component"},
                 {"urn:i:3", "predecessor"},
                 {"urn:i:4", "component"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_standings now = standings(s, cases[i].passport);
        assert_int_equal(now.n, 2);
        assert_int_equal(ts_safety_worst(&now), TS_SAFETY_RECALLED);
        assert_str(now.v[0].passport, "urn:b");
        assert_string_equal(now.v[0].through, cases[i].through);
        assert_str(now.v[1].kind, "warning");
        assert_str(now.v[1].passport, "urn:m");
    }
    ts_standings model = standings(s, "urn:m"); /* a batch's recall is not the model's */
    assert_int_equal(ts_safety_worst(&model), TS_SAFETY_WARNING);
    ts_standings second = standings(s, "urn:i:2");
    assert_int_equal(second.unknown.n, 1);
    assert_str(second.unknown.v[0], "urn:elsewhere");
    ts_store_close(s);
}

static void circles_and_long_ways_end(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "circle.db");
    issue(s, thing("item", "urn:i:1", "/21/A1", ",\"components\":[{\"id\":\"urn:i:2\"}]"));
    issue(s, thing("item", "urn:i:2", "/21/A2", ",\"components\":[{\"id\":\"urn:i:1\"}]"));
    ts_standings now = standings(s, "urn:i:1");
    assert_true(now.n == 0 && !now.cut);
    for (int i = 10; i < 40; i++) {
        char id[40], product[40], more[80];
        snprintf(id, sizeof id, "urn:i:%d", i);
        snprintf(product, sizeof product, "/21/A%d", i);
        snprintf(more, sizeof more, ",\"components\":[{\"id\":\"urn:i:%d\"}]", i + 1);
        issue(s, thing("item", id, product, more));
    }
    now = standings(s, "urn:i:10");
    assert_true(now.cut); /* and it says so */
    ts_buf b = ts_buf_new(&a, 100000);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_safety_write(&w, TS_S("p"), &now);
    assert_true(ts_str_find(ts_buf_str(&b), TS_S("\"not_all_looked_at\":true")) != TS_NPOS);
    ts_error e = {0};
    assert_false(ts_safety_of(&a, s, TS_S("urn:i:99"), &now, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    ts_store_close(s);
}

static void as_json(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "json.db");
    ts_error e = {0};
    issue(s, thing("item", "urn:i:1", "/21/A1", ""));
    ts_notice n = {.id = TS_S("safety_gate:A1"),
                   .title = TS_S("Batterie <b>"),
                   .hazard = TS_S("Brand"),
                   .remedy = TS_S("Nicht laden."),
                   .language = TS_S("de")};
    ts_safety_job job = job_of(s, "urn:i:1", TS_SAFETY_RECALLED);
    job.notice = &n;
    must_set(&job);
    ts_statement_row row = must_state(s, authority, "urn:i:1", TS_SAFETY_WARNING);
    assert_true(answer(s, stranger, row.id, "contested", &e));
    ts_standings now = standings(s, "urn:i:1");
    ts_buf b = ts_buf_new(&a, 100000);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_safety_write(&w, TS_S("https://id.gs1.org/01/09521234543213/21/A1"), &now);
    const ts_json *v = ts_json_parse(&a, ts_buf_str(&b), (ts_json_options){.strict = true}, &e);
    assert_non_null(v);
    assert_str(ts_json_str(ts_json_member(v, "status")), "recalled");
    const ts_json *list = ts_json_member(v, "statements");
    assert_int_equal(list->n, 2);
    const ts_json *own = ts_json_at(list, 0), *other = ts_json_at(list, 1);
    assert_str(ts_json_str(ts_json_member(own, "said_by")), "issuer");
    assert_true(ts_json_str(ts_json_member(own, "credential")).n > 100);
    assert_str(ts_json_str(ts_json_member(ts_json_member(own, "text"), "de")),
               "Batterie <b>. Brand. Nicht laden.");
    assert_str(ts_json_str(ts_json_member(other, "said_by")), "third_party");
    assert_str(ts_json_str(ts_json_member(ts_json_member(other, "contested"), "reason")),
               "The lot is another one.");
    assert_true(ts_str_eq(ts_json_str(ts_json_member(other, "credential")), row.bytes));
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_and_lifted),
        cmocka_unit_test(an_event_goes_with_it),
        cmocka_unit_test(notices_stand_by_themselves),
        cmocka_unit_test(every_seal_is_renewed),
        cmocka_unit_test(what_cannot_be_set),
        cmocka_unit_test(stated_contested_lifted),
        cmocka_unit_test(what_is_not_kept),
        cmocka_unit_test(again_is_once),
        cmocka_unit_test(rows_are_not_believed),
        cmocka_unit_test(rows_of_peers),
        cmocka_unit_test(all_that_are_hit),
        cmocka_unit_test(through_others),
        cmocka_unit_test(circles_and_long_ways_end),
        cmocka_unit_test(as_json),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
