#include "passport/cast.h"

/* ---- Accreditation ---- */

#define AUTHORISED(url)                                                                            \
    "{\"name\":\"Accredited\",\"issuingAuthority\":{\"type\":[\"Party\"],"                         \
    "\"id\":\"did:web:body.example\",\"name\":\"Body\"},\"endorsementEvidence\":" LINK(url,        \
                                                                                       "") "}"

static void authorisations(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    ts_str passport = dpp(x, claim(a, "1", CRITERION, LINK(DCC_ID, "")));
    ts_str cert = dcc(x, &x->lab, (certificate){.authorisation = AUTHORISED(DIA_ID)});
    party other = web_party(a, &x->w, "other.example", TS_KEY_ED25519);
    ts_str expired = anchor(x, &x->body, x->lab.did, DIA_ID, "accreditation",
                            ",\"validUntil\":\"2026-11-01T00:00:00Z\"");
    const struct {
        ts_str dia;
        char answer;
        const char *said;
    } cases[] = {
        {accreditation(x), 'y', "1 attested"},
        {expired, 'n', "the accreditation that it names is wrong: its status failed: it expired"},
        {anchor(x, &other, x->lab.did, DIA_ID, "accreditation", ""), 'n', "it is by did:web:other"},
        {anchor(x, &x->body, other.did, DIA_ID, "accreditation", ""), 'n', "does not accredit"},
        {anchor(x, &x->body, x->lab.did, DIA_ID, "business", ""), 'n', "does not accredit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_report r = checked(a, BUNDLE(a, passport, cert, cases[i].dia), &x->o);
        assert_step(r, ATTESTATIONS, cases[i].answer, cases[i].said);
        web_put(&x->w, TS_S(DIA_ID), cases[i].dia); /* the same when it has to be fetched */
        r = checked(a, BUNDLE(a, passport, cert), &x->o);
        assert_step(r, ATTESTATIONS, cases[i].answer, cases[i].said);
        x->w.n--;
    }
    assert_step(checked(a, BUNDLE(a, passport, cert), &x->o), ATTESTATIONS, '?', "could not be");
}

/* A chain of bodies, each accredited by the next. */
static ts_str chain(cast *x, size_t length, party *top) {
    ts_str v[16];
    party below = x->lab;
    ts_arena *a = &x->a;
    size_t n = 0;
    v[n++] = dpp(x, claim(a, "1", CRITERION, LINK(DCC_ID, "")));
    v[n++] = dcc(x, &x->lab, (certificate){0});
    for (size_t i = 0; i < length; i++) {
        party p = key_party(a, TS_KEY_ED25519);
        const char *id = ts_str_z(a, text_of(a, "https://chain.example/%zu", i));
        v[n++] = anchor(x, &p, below.did, id, "accreditation", "");
        below = p;
    }
    *top = below;
    return bundle(a, v, n, "");
}

static void chains(void **state) {
    (void)state;
    cast *x = new_cast();
    party top;
    for (size_t n = 1; n <= 10; n++) {
        ts_str d = chain(x, n, &top);
        x->trusted[0] = top.did;
        ts_report r = checked(&x->a, d, &x->o);
        bool reached = n <= TS_ACCREDITATION_DEPTH;
        assert_step(r, ATTESTATIONS, reached ? 'y' : '?', reached ? "1 attested" : "could not be");
        assert_int_equal(r.credentials.v[1].below.n, reached ? n : 0);
    }
}

static void circles(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    party p = key_party(a, TS_KEY_ED25519), q = key_party(a, TS_KEY_ED25519);
    ts_str passport = dpp(x, claim(a, "1", CRITERION, LINK(DCC_ID, "")));
    ts_str cert = dcc(x, &x->lab, (certificate){0});
    ts_str one = anchor(x, &p, x->lab.did, "urn:x:1", "accreditation", ""),
           two = anchor(x, &q, p.did, "urn:x:2", "accreditation", ""),
           three = anchor(x, &p, q.did, "urn:x:3", "accreditation", ""),
           self = anchor(x, &x->lab, x->lab.did, "urn:x:4", "accreditation", "");
    ts_report r = checked(a, BUNDLE(a, passport, cert, one, two, three, self), &x->o);
    assert_step(r, ATTESTATIONS, '?', "nobody trusted stands behind it");
    assert_null(edge(&r, TS_EDGE_ACCREDITS, "urn:x:4")); /* nobody accredits itself */
    assert_int_equal(edge(&r, TS_EDGE_ACCREDITS, "urn:x:3")->verdict.answer, TS_OPEN);
    x->trusted[0] = q.did;
    r = checked(a, BUNDLE(a, passport, cert, one, two, three, self), &x->o);
    assert_step(r, ATTESTATIONS, 'y', "1 attested");
    assert_int_equal(edge(&r, TS_EDGE_ACCREDITS, "urn:x:1")->verdict.answer, TS_YES);
    assert_int_equal(edge(&r, TS_EDGE_ACCREDITS, "urn:x:2")->verdict.answer, TS_YES);
}

/* A certificate about an organisation accredits it only when a trusted body issued it: an
 * accredited laboratory's customers are no laboratories. */
static void certificates_about_organisations(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    party shop = key_party(a, TS_KEY_ED25519);
    const char *about =
        ts_str_z(a, text_of(a,
                            ",\"conformance\":true,\"assessedOrganisation\":{\"type\":[\"Party\"],"
                            "\"id\":\"%.*s\",\"name\":\"Shop\"}",
                            TS_P(shop.did)));
    certificate c = {.id = "urn:x:iso", .product = "", .conformance = about};
    ts_str passport = dpp(x, claim(a, "1", CRITERION, LINK(DCC_ID, "")));
    ts_str cert = dcc(x, &shop, (certificate){0});
    ts_report r =
        checked(a, BUNDLE(a, passport, cert, dcc(x, &x->lab, c), accreditation(x)), &x->o);
    assert_step(r, ATTESTATIONS, '?', "could not be checked");
    r = checked(a, BUNDLE(a, passport, cert, dcc(x, &x->body, c)), &x->o);
    assert_step(r, ATTESTATIONS, 'y', "1 attested");
}

/* Everybody accredits everybody: the search ends. */
static void a_thicket(void **state) {
    (void)state;
    enum { BODIES = 12 };
    cast *x = new_cast();
    ts_arena *a = &x->a;
    party p[BODIES];
    ts_str v[2 + BODIES * (BODIES - 1) + BODIES];
    size_t n = 0;
    v[n++] = dpp(x, claim(a, "1", CRITERION, LINK(DCC_ID, "")));
    v[n++] = dcc(x, &x->lab, (certificate){0});
    for (size_t i = 0; i < BODIES; i++) p[i] = key_party(a, TS_KEY_ED25519);
    for (size_t i = 0; i < BODIES; i++)
        for (size_t k = 0; k <= BODIES; k++)
            if (k != i)
                v[n++] =
                    anchor(x, &p[i], k < BODIES ? p[k].did : x->lab.did,
                           ts_str_z(a, text_of(a, "urn:x:%zu:%zu", i, k)), "accreditation", "");
    ts_str d = bundle(a, v, n, "");
    uint64_t begin = ts_cpu_nanos();
    assert_step(checked(a, d, &x->o), ATTESTATIONS, '?', "could not be checked");
    assert_true(ts_cpu_nanos() - begin < 5000000000u);
}

/* ---- Identity ---- */

static void registered_names(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    ts_str passport = dpp(x, TS_NONE),
           entry = anchor(x, &x->body, x->maker.did, "urn:x:hrb", "business", "");
    ts_report r = checked(a, BUNDLE(a, passport, entry), &x->o);
    assert_step(r, TS_STEP_ISSUER, 'y',
                "registered as Registered Ltd (Register, R-77), says "
                "did:web:body.example");
    const ts_trust_edge *e = edge(&r, TS_EDGE_IDENTIFIES, "urn:x:hrb");
    assert_non_null(e);
    assert_int_equal(e->verdict.answer, TS_YES);
    assert_str(e->to, "did:web:maker.example");
    x->o.trusted_n = 0;
    r = checked(a, BUNDLE(a, passport, entry), &x->o);
    assert_true(ts_str_find(r.step[TS_STEP_ISSUER].reason, TS_S("Registered")) == TS_NPOS);
    assert_int_equal(edge(&r, TS_EDGE_IDENTIFIES, "urn:x:hrb")->verdict.answer, TS_OPEN);
    x->o.trusted_n = 1;
    ts_str other = anchor(x, &x->body, x->lab.did, "urn:x:other", "business", "");
    r = checked(a, BUNDLE(a, passport, other), &x->o);
    assert_null(edge(&r, TS_EDGE_IDENTIFIES, "urn:x:other"));
    char *copy = (char *)(uintptr_t)ts_str_dup(a, entry).p;
    copy[ts_str_find(entry, TS_S("Registered Ltd"))] = 'X';
    r = checked(a, BUNDLE(a, passport, (ts_str){copy, entry.n}), &x->o);
    assert_true(ts_str_find(r.step[TS_STEP_ISSUER].reason, TS_S("egistered Ltd")) == TS_NPOS);
    assert_int_equal(edge(&r, TS_EDGE_IDENTIFIES, "urn:x:hrb")->verdict.answer, TS_NO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorisations), cmocka_unit_test(chains),
        cmocka_unit_test(circles),        cmocka_unit_test(certificates_about_organisations),
        cmocka_unit_test(a_thicket),      cmocka_unit_test(registered_names),
    };
    return cmocka_run_group_tests(tests, 0, dossier_done);
}
