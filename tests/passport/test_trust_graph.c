#include "passport/cast.h"

/* ---- The whole chain ---- */

static void attested_and_accredited(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_str passport = dpp(x, claim(&x->a, "1", CRITERION, LINK(DCC_ID, "")));
    ts_str cert = dcc(x, &x->lab, (certificate){0});
    ts_report r = checked(&x->a, BUNDLE(&x->a, cert, accreditation(x), passport), &x->o);
    assert_steps(r, "yy??y");
    assert_str(r.kind, "dossier");
    assert_str(r.of, DPP_ID);
    assert_non_null(r.passport);
    assert_int_equal(r.credentials.n, 3);
    assert_int_equal(r.credentials.v[0].type, TS_UNTP_DPP); /* the passport first */
    assert_step(r, ATTESTATIONS, 'y', "1 claim, 1 attested by third parties");
    const ts_trust_edge *claims = edge(&r, TS_EDGE_CLAIMS, DPP_ID),
                        *attests = edge(&r, TS_EDGE_ATTESTS, DCC_ID),
                        *accredits = edge(&r, TS_EDGE_ACCREDITS, DIA_ID);
    assert_non_null(claims);
    assert_str(claims->what, "Claim 1");
    assert_str(claims->from, "did:web:maker.example");
    assert_str(claims->to, ITEM);
    assert_int_equal(claims->verdict.answer, TS_YES);
    assert_non_null(attests);
    assert_str(attests->from, "did:web:lab.example");
    assert_str(attests->to, "https://maker.example/claims/1");
    assert_str(attests->what, "Scheme");
    assert_int_equal(attests->verdict.answer, TS_YES);
    assert_non_null(accredits);
    assert_str(accredits->from, "did:web:body.example");
    assert_str(accredits->to, "did:web:lab.example");
    assert_str(accredits->what, "Register, R-77");
    assert_int_equal(accredits->verdict.answer, TS_YES);
    assert_str(r.credentials.v[1].of, "https://maker.example/claims/1");
    assert_int_equal(r.credentials.v[1].below.n, 1);
    assert_str(r.credentials.v[1].below.v[0], DIA_ID);

    ts_buf b = ts_buf_new(&x->a, 1 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_report_write(&w, &r);
    const ts_json *v = strict(&x->a, ts_buf_str(&b));
    assert_str(ts_json_str(ts_json_member(v, "product")), ITEM);
    assert_str(ts_json_str(ts_json_member(v, "issuer_name")), "Issuer");
    assert_int_equal(ts_json_member(v, "trust")->n, 3);
    assert_int_equal(ts_json_member(v, "credentials")->n, 3);

    /* Without the accreditation, and with trust in the laboratory itself. */
    ts_str two = BUNDLE(&x->a, passport, cert);
    r = checked(&x->a, two, &x->o);
    assert_step(r, ATTESTATIONS, '?', "1 claim, 0 attested by third parties, 1 not: ");
    assert_step(r, ATTESTATIONS, '?', "accreditation of did:web:lab.example could not be checked");
    assert_true(ts_str_find(r.step[ATTESTATIONS].cure, TS_S("--trust did:web:lab.example")) !=
                TS_NPOS);
    x->trusted[0] = x->lab.did;
    assert_step(checked(&x->a, two, &x->o), ATTESTATIONS, 'y', "1 attested");
    x->o.trusted_n = 0;
    assert_int_equal(checked(&x->a, BUNDLE(&x->a, cert, accreditation(x), passport), &x->o)
                         .step[ATTESTATIONS]
                         .answer,
                     TS_OPEN);
}

/* ---- What certificates may say ---- */

static void certificates(void **state) {
    (void)state;
    static const struct {
        certificate c;
        char answer;
        const char *said;
    } cases[] = {
        {{0}, 'y', "1 claim, 1 attested"},
        {{.product = ASSESSED(MODEL)}, 'y', "1 attested"}, /* the model of this item */
        {{.product = ASSESSED("https://id.gs1.org/01/09521234543213/21/7Q2MX9")},
         'y',
         "1 attested"},
        {{.product = ASSESSED("HTTPS://ID.EXAMPLE.COM/01/9521234543213/21/7Q2MX9")},
         'y',
         "1 attested"},
        {{.product = ASSESSED(MODEL "/21/OTHER") "," ASSESSED(ITEM)}, 'y', "1 attested"},
        {{.product = ASSESSED(MODEL "/21/OTHER")},
         'n',
         "about another product, " MODEL "/21/OTHER"},
        {{.product = ASSESSED("https://id.example.com/01/00012345678905")}, 'n', "another product"},
        {{.product = ASSESSED("https://maker.example/kettle")}, 'n', "another product"},
        {{.product = ASSESSED("did:web:maker.example")}, 'n', "another product"},
        {{.product = ASSESSED("https://id.example.com/01/09521234543210")}, '?', "cannot be told"},
        {{.product = ""}, '?', "names no product"},
        {{.product = "null"}, '?', ""},
        {{.conformance = ",\"conformance\":false"}, 'n', "attested as NOT conforming"},
        {{.conformance = ",\"conformance\":\"true\""}, '?', "does not say whether"},
        {{.conformance = ",\"x\":1"}, '?', "does not say whether the product conforms"},
        {{.criterion = OTHER_CRITERION}, '?', "says nothing on some of what the claim is about"},
        {{.criterion = OTHER_CRITERION, .conformance = ",\"conformance\":false"},
         '?',
         "says nothing"},
        {{.level = "self"}, '?', "the issuer's own declaration"},
        {{.more = ",\"validUntil\":\"2026-11-01T00:00:00Z\""},
         'n',
         "its status failed: it expired"},
        {{.more = ",\"credentialStatus\":{\"type\":\"BitstringStatusListEntry\","
                  "\"statusPurpose\":\"revocation\",\"statusListIndex\":1,"
                  "\"statusListCredential\":\"https://lab.example/l\"}"},
         '?',
         "its status was not checked"},
        {{.more = ",\"description\":7"}, 'n', "its schema failed"},
    };
    cast *x = new_cast();
    ts_str passport = dpp(x, claim(&x->a, "1", CRITERION, LINK(DCC_ID, "")));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str cert = dcc(x, &x->lab, cases[i].c);
        ts_report r = checked(&x->a, BUNDLE(&x->a, passport, cert, accreditation(x)), &x->o);
        assert_step(r, ATTESTATIONS, cases[i].answer, cases[i].said);
        ts_str token = enveloped(&x->a, token_by(&x->a, &x->lab, dcc_text(x, &x->lab, cases[i].c)));
        r = checked(&x->a, BUNDLE(&x->a, passport, token, accreditation(x)), &x->o);
        assert_step(r, ATTESTATIONS, cases[i].answer, cases[i].said);
    }
}

static void wrong_certificates(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    ts_str passport = dpp(x, claim(a, "1", CRITERION, LINK(DCC_ID, "")));
    ts_str good = dcc(x, &x->lab, (certificate){0});
    party thief = key_party(a, TS_KEY_ED25519);
    thief.did = x->lab.did;
    char *tampered = (char *)(uintptr_t)ts_str_dup(a, good).p;
    tampered[ts_str_find(good, TS_S("Scheme\""))] = 's';
    const struct {
        ts_str cert;
        char answer;
        const char *said;
    } cases[] = {
        {(ts_str){tampered, good.n}, 'n', "its signature failed"},
        {dcc_text(x, &x->lab, (certificate){0}), 'n', "its signature failed: it carries no"},
        {dcc(x, &thief, (certificate){0}), 'n', "its issuer failed"},
        {dcc(x, &x->maker, (certificate){0}), '?', "the issuer's own declaration"},
        {signed_by(a, &x->lab,
                   untp(a, "DigitalFacilityRecord", DCC_ID, &x->lab, TS_S("{\"a\":1}"), "")),
         '?', "it is no conformity credential"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_report r = checked(a, BUNDLE(a, passport, cases[i].cert, accreditation(x)), &x->o);
        assert_step(r, ATTESTATIONS, cases[i].answer, cases[i].said);
        /* A wrong copy beside the right one harms nobody. */
        r = checked(a, BUNDLE(a, passport, cases[i].cert, good, accreditation(x)), &x->o);
        assert_step(r, ATTESTATIONS, 'y', "1 attested");
    }
    web_put(&x->w, TS_S("https://lab.example/.well-known/did.json"), TS_S("{}"));
    assert_step(checked(a, BUNDLE(a, passport, good, accreditation(x)), &x->o), ATTESTATIONS, '?',
                "its signature was not checked");
}

/* Revoked by a list of the laboratory's. */
static void revoked_certificate(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    ts_str passport = dpp(x, claim(a, "1", CRITERION, LINK(DCC_ID, "")));
    ts_str cert = dcc(x, &x->lab,
                      (certificate){.more = ",\"credentialStatus\":{\"type\":"
                                            "\"BitstringStatusListEntry\",\"statusPurpose\":"
                                            "\"revocation\",\"statusListIndex\":1,"
                                            "\"statusListCredential\":\"https://lab.example/l\"}"});
    for (size_t one = 0; one < 2; one++) {
        ts_str list = status_list(a, &x->lab, "https://lab.example/l", "revocation", &one, 1,
                                  NOW - 60, TS_NO_TIME);
        web_put(&x->w, TS_S("https://lab.example/l"), signed_by(a, &x->lab, list));
        ts_report r = checked(a, BUNDLE(a, passport, cert, accreditation(x)), &x->o);
        assert_step(r, ATTESTATIONS, one ? 'n' : 'y', one ? "it is revoked" : "1 attested");
    }
}

/* ---- Several claims ---- */

static void some_of_several(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    const ts_str claims[] = {claim(a, "1", CRITERION, LINK(DCC_ID, "")),
                             claim(a, "2", CRITERION, LINK(DCC_ID, "")),
                             claim(a, "3", CRITERION, LINK(DCC_ID, "")),
                             claim(a, "4", OTHER_CRITERION, LINK(DCC_ID, "")),
                             claim(a, "5", CRITERION, ""),
                             claim(a, "6", CRITERION, LINK("https://lab.example/no", ""))};
    ts_str cert = dcc(x, &x->lab, (certificate){0}), acc = accreditation(x);
#define OF(from, n) dpp(x, ts_str_join(a, claims + (from), (n), TS_S(",")))
    ts_report r = checked(a, BUNDLE(a, OF(0, 4), cert, acc), &x->o);
    assert_step(r, ATTESTATIONS, '?', "4 claims, 3 attested by third parties, 1 not: ");
    r = checked(a, BUNDLE(a, OF(0, 3), cert, acc), &x->o);
    assert_step(r, ATTESTATIONS, 'y', "3 claims, 3 attested by third parties");
    r = checked(a, BUNDLE(a, OF(4, 1), cert, acc), &x->o);
    assert_step(r, ATTESTATIONS, '?', "1 claim, none with evidence");
    r = checked(a, BUNDLE(a, OF(2, 3), cert, acc), &x->o);
    assert_step(r, ATTESTATIONS, '?', "3 claims, 1 attested by third parties, 1 not, 1 without");
    r = checked(a, BUNDLE(a, OF(5, 1), cert, acc), &x->o);
    assert_step(r, ATTESTATIONS, '?', "the evidence https://lab.example/no is not in the dossier");
    assert_str(r.step[ATTESTATIONS].cure, "add the credential to the dossier");
    r = checked(a, OF(0, 0), &x->o);
    assert_step(r, ATTESTATIONS, '?', "makes no claim that could be attested");
    const ts_str with_bare[] = {claims[0], claims[4]};
    r = checked(a, BUNDLE(a, dpp(x, ts_str_join(a, with_bare, 2, TS_S(","))), cert, acc), &x->o);
    assert_step(r, ATTESTATIONS, 'y', "2 claims, 1 attested by third parties, 1 without evidence");

    /* Two pieces of evidence for one claim: one that is wrong is enough. */
    ts_str both =
        claim(a, "7", CRITERION, LINK(DCC_ID, "") "," LINK("https://lab.example/dcc/2", ""));
    ts_str second = dcc(
        x, &x->lab,
        (certificate){.id = "https://lab.example/dcc/2", .conformance = ",\"conformance\":false"});
    r = checked(a, BUNDLE(a, dpp(x, both), cert, second, acc), &x->o);
    assert_step(r, ATTESTATIONS, 'n', "1 claim, 0 attested by third parties, 1 failed: ");
    r = checked(a, BUNDLE(a, dpp(x, both), cert, acc), &x->o);
    assert_step(r, ATTESTATIONS, 'y',
                "1 attested"); /* one is enough where the other is not there */
}

/* Claims on a topic alone, and evidence among the product's documents. */
static void topics_and_documents(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    ts_str cert = dcc(x, &x->lab, (certificate){.criterion = OTHER_CRITERION}),
           acc = accreditation(x);
    ts_str topical = text_of(a, "{\"id\":\"https://maker.example/claims/t\",\"name\":\"T\","
                                "\"referenceCriteria\":[],\"conformityTopic\":[{\"id\":\"" TOPIC
                                "\"}],\"evidence\":[" LINK(DCC_ID, "") "]}");
    assert_step(checked(a, BUNDLE(a, dpp(x, topical), cert, acc), &x->o), ATTESTATIONS, 'y', "");
    ts_str empty =
        TS_S("{\"id\":\"https://maker.example/claims/e\",\"evidence\":[" LINK(DCC_ID, "") "]}");
    assert_step(checked(a, BUNDLE(a, dpp(x, empty), cert, acc), &x->o), ATTESTATIONS, '?',
                "names neither criterion nor topic");
    ts_str bare = claim(a, "1", OTHER_CRITERION, "");
    static const struct {
        const char *type;
        char answer;
    } types[] = {{"https://test.uncefact.org/vocabulary/linkTypes/dcc", 'y'},
                 {"untp:dcc", 'y'},
                 {"https://a.example/ConformityCertificate", 'y'},
                 {"https://a.example/manual", '?'}};
    for (size_t i = 0; i < 4; i++) {
        ts_str more =
            text_of(a,
                    ",\"relatedDocument\":[{\"linkURL\":\"" DCC_ID "\",\"linkName\":\"D\","
                    "\"linkType\":\"%s\"}]",
                    types[i].type);
        ts_str passport = dpp_of(x, ITEM, bare, ts_str_z(a, more));
        assert_step(checked(a, BUNDLE(a, passport, cert, acc), &x->o), ATTESTATIONS,
                    types[i].answer, "");
    }
}

/* ---- Other dossiers ---- */

static void several_passports(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_str one = dpp_of(x, MODEL, TS_NONE, ""), two = dpp(x, TS_NONE);
    ts_report r = checked(&x->a, BUNDLE(&x->a, two, one), &x->o);
    assert_step(r, TS_STEP_SIGNATURE, 'y',
                "the dossier holds 2 passports; this is about the first");
    assert_str(ts_json_str(ts_json_member(ts_json_member(r.passport, "credentialSubject"), "id")),
               ITEM);
}

/* A certificate alone tells who stands behind it. */
static void certificate_alone(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_str cert = dcc(x, &x->lab, (certificate){0});
    assert_step(checked(&x->a, cert, &x->o), ATTESTATIONS, '?', "could not be checked");
    ts_report r = checked(&x->a, BUNDLE(&x->a, cert, accreditation(x)), &x->o);
    assert_step(r, ATTESTATIONS, 'y', "is accredited, up to did:web:body.example");
    assert_str(r.kind, "presentation");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attested_and_accredited), cmocka_unit_test(certificates),
        cmocka_unit_test(wrong_certificates),      cmocka_unit_test(revoked_certificate),
        cmocka_unit_test(some_of_several),         cmocka_unit_test(topics_and_documents),
        cmocka_unit_test(several_passports),       cmocka_unit_test(certificate_alone),
    };
    return cmocka_run_group_tests(tests, 0, dossier_done);
}
