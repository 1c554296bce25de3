#include "passport/cast.h"

/* ---- Digests ---- */

static ts_str digest(ts_arena *a, ts_sha which, ts_str text, uint32_t base) {
    ts_hash_value h = ts_sha_of(which, text);
    const char code = which == TS_SHA256 ? 0x12 : which == TS_SHA384 ? 0x20 : 0x13, n = (char)h.n;
    const ts_str parts[] = {{&code, 1}, {&n, 1}, {(const char *)h.b, h.n}};
    ts_str out;
    assert_true(ts_multibase(a, base, ts_str_join(a, parts, 3, TS_NONE), &out, 0));
    return out;
}

static ts_str passport_with_digest(cast *x, ts_str d) {
    ts_str link = text_of(&x->a,
                          "{\"linkURL\":\"" DCC_ID "\",\"linkName\":\"E\",\"digestMultibase\":"
                          "\"%.*s\"}",
                          TS_P(d));
    return dpp(x, claim(&x->a, "1", CRITERION, ts_str_z(&x->a, link)));
}

static void digests(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    ts_str cert = dcc(x, &x->lab, (certificate){0}), acc = accreditation(x),
           token = token_by(a, &x->lab, dcc_text(x, &x->lab, (certificate){0}));
    ts_str spaced = text_of(a, "{ %.*s", TS_P(ts_str_from(cert, 1))),
           file = text_of(a, "%.*s\n", TS_P(cert));
    const struct {
        ts_str digest, held;
        char answer;
        const char *said;
    } cases[] = {
        {digest(a, TS_SHA256, token, 'u'), enveloped(a, token), 'y', "1 attested"},
        {digest(a, TS_SHA384, token, 'z'), enveloped(a, token), 'y', "1 attested"},
        {digest(a, TS_SHA512, token, 'f'), enveloped(a, token), 'y', "1 attested"},
        {digest(a, TS_SHA256, cert, 'u'), enveloped(a, token), 'n', "not what the link's digest"},
        {digest(a, TS_SHA256, cert, 'u'), cert, 'y', "1 attested"},
        {digest(a, TS_SHA256, spaced, 'u'), spaced, 'y', "1 attested"},
        {digest(a, TS_SHA256, cert, 'u'), spaced, 'y', "1 attested"}, /* its canonical form */
        {digest(a, TS_SHA256, spaced, 'u'), cert, '?', "spells the credential in another way"},
        {TS_S("sha256-abc"), cert, '?', "is not understood here"},
        {TS_S("uEhA"), cert, '?', "is not understood here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str d = BUNDLE(a, passport_with_digest(x, cases[i].digest), cases[i].held, acc);
        assert_step(checked(a, d, &x->o), ATTESTATIONS, cases[i].answer, cases[i].said);
    }
    /* Fetched bytes count as they come, with the line end of a file. */
    ts_str d = BUNDLE(a, passport_with_digest(x, digest(a, TS_SHA256, file, 'u')), acc);
    web_put(&x->w, TS_S(DCC_ID), file);
    assert_step(checked(a, d, &x->o), ATTESTATIONS, 'y', "1 attested");
    web_put(&x->w, TS_S(DCC_ID), spaced);
    assert_step(checked(a, d, &x->o), ATTESTATIONS, 'n', "not what the link's digest");
}

/* ---- The product in hand ---- */

static void product_in_hand(void **state) {
    (void)state;
    static const struct {
        const char *passport, *hand;
        char answer;
    } cases[] = {
        {ITEM, ITEM, 'y'},
        {ITEM, "https://id.gs1.org/01/09521234543213/21/7Q2MX9", 'y'},
        {ITEM, "(01)09521234543213(21)7Q2MX9", 'y'},
        {MODEL, ITEM, 'y'},
        {MODEL, MODEL "/10/LOT/21/7Q2MX9", 'y'},
        {MODEL "/10/LOT", MODEL "/10/LOT/21/7Q2MX9", 'y'},
        {MODEL "/10/LOT", MODEL "/10/TOL/21/7Q2MX9", 'n'},
        {ITEM, MODEL, '?'},
        {ITEM, MODEL "/21/OTHER", 'n'},
        {ITEM, "https://id.example.com/01/00012345678905", 'n'},
        {ITEM, "did:web:maker.example", 'n'},
        {"did:web:maker.example:kettle", "did:web:maker.example:kettle", 'y'},
        {"https://maker.example/kettle", "HTTPS://MAKER.EXAMPLE:443/kettle", 'y'},
        {"https://maker.example/kettle", "https://maker.example/Kettle", 'n'},
        {"kettle", ITEM, '?'},
    };
    cast *x = new_cast();
    const char *file = test_data("passport/untp/schema/DigitalProductPassport.json");
    ts_schemas *s = 0;
    if (file) {
        ts_str folder =
            ts_str_to(ts_str_c(file), strlen(file) - strlen("/DigitalProductPassport.json"));
        s = ts_schemas_open(&x->a, ts_str_z(&x->a, folder), 0);
        assert_non_null(s);
        x->o.schemas = s;
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str passport = dpp_of(x, cases[i].passport, TS_NONE, "");
        x->o.expect_product = ts_str_c(cases[i].hand);
        ts_report r = checked(&x->a, passport, &x->o);
        char expected = cases[i].answer == 'y' && !s ? '?' : cases[i].answer;
        if (ts_str_is(ts_str_c(cases[i].passport), "kettle") && s) expected = 'n'; /* no URI */
        assert_step(r, TS_STEP_SCHEMA, expected,
                    cases[i].answer == 'n' ? "another product than the code in hand" : "");
    }
    x->o.expect_product = TS_S(ITEM);
    party p = key_party(&x->a, TS_KEY_ED25519);
    assert_step(checked(&x->a, signed_by(&x->a, &p, plain(&x->a, p.did, "")), &x->o),
                TS_STEP_SCHEMA, '?', "it is no passport");
    ts_schemas_close(s);
}

/* ---- Limits ---- */

/* A thousand claims with sixteen links each, every one with a digest of its own, to one large
 * certificate of many assessments: it ends soon, and nothing is verified. */
static void a_flood_of_links(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    ts_buf claims = ts_buf_new(a, 12 << 20), links = ts_buf_new(a, 1 << 16);
    for (int i = 0; i < 1000; i++) {
        ts_buf_reset(&links);
        for (int k = 0; k < 16; k++) {
            ts_str d = digest(a, TS_SHA256, text_of(a, "%d %d", i, k), 'u');
            ts_buf_fmt(&links, "%s{\"linkURL\":\"" DCC_ID "\",\"digestMultibase\":\"%.*s\"}",
                       k ? "," : "", TS_P(d));
        }
        ts_str all = text_of(a, "%.*s", TS_P(ts_buf_str(&links)));
        ts_str one = claim(a, ts_str_z(a, text_of(a, "%d", i)), CRITERION, ts_str_z(a, all));
        ts_buf_fmt(&claims, "%s%.*s", i ? "," : "", TS_P(one));
    }
    ts_buf products = ts_buf_new(a, 4 << 20);
    for (int i = 0; i < 9000; i++)
        ts_buf_fmt(&products, "%s{\"product\":{\"id\":\"https://a.example/%d\",\"name\":\"P\"}}",
                   i ? "," : "", i);
    certificate c = {.product = ts_str_z(a, ts_buf_str(&products))};
    ts_str cert = dcc(x, &x->lab, c), passport = dpp(x, ts_buf_str(&claims));
    uint64_t begin = ts_cpu_nanos();
    ts_report r = checked(a, BUNDLE(a, passport, cert, accreditation(x)), &x->o);
    assert_true(r.step[ATTESTATIONS].answer != TS_YES);
    assert_true(ts_cpu_nanos() - begin < 20000000000u);
}

/* Many credentials that each name many lists. */
static void a_flood_of_lists(void **state) {
    (void)state;
    cast *x = new_cast();
    ts_arena *a = &x->a;
    ts_str v[250];
    for (int i = 0; i < 250; i++) {
        ts_buf b = ts_buf_new(a, 1 << 16);
        for (int k = 0; k < 64; k++)
            ts_buf_fmt(
                &b,
                "%s{\"type\":\"BitstringStatusListEntry\",\"statusPurpose\":\"revocation\","
                "\"statusListIndex\":1,\"statusListCredential\":\"https://l.example/%d/%d\"}",
                k ? "," : "", i, k);
        ts_str more = text_of(a, ",\"credentialStatus\":[%.*s]", TS_P(ts_buf_str(&b)));
        v[i] = plain(a, x->maker.did, ts_str_z(a, more));
    }
    uint64_t begin = ts_cpu_nanos();
    checked(a, bundle(a, v, 250, ""), &x->o);
    assert_true(x->w.asked <= TS_DOSSIER_FETCHES);
    assert_true(ts_cpu_nanos() - begin < 10000000000u);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests),
        cmocka_unit_test(product_in_hand),
        cmocka_unit_test(a_flood_of_links),
        cmocka_unit_test(a_flood_of_lists),
    };
    return cmocka_run_group_tests(tests, 0, dossier_done);
}
