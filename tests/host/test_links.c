#include "host/links.h"

#include "host/host.h"

#include "family.h"

static ts_arena a;
static ts_store *store;
static ts_key *key;
static ts_catalogue catalogue;

static int setup(void **state) {
    (void)state;
    ts_error e = {0};
    a = test_arena();
    store = maker_store(&a, "links.db");
    key = maker_key(&a, "links.pem", TS_KEY_ED25519);
    lamp_family(&a, store, key, NOW);
    return ts_catalogue_load(&a, "de", &catalogue, &e) ? 0 : -1;
}
static int teardown(void **state) {
    (void)state;
    ts_store_close(store);
    ts_key_free(key);
    return 0;
}

static ts_link_levels find(const char *code, bool all) {
    ts_link_levels l;
    ts_product_id id;
    ts_error e = {0};
    if (!ts_product_id_read(&a, ts_str_c(code), &id, &e) ||
        !ts_links_find(&a, store, &id, all, &l, &e))
        fail_msg("%s: %s", code, e.msg);
    return l;
}

static ts_str ids(const ts_link_levels *l) {
    ts_strs s = {0};
    for (size_t i = 0; i < l->rows.n; i++) *ts_push(&a, &s) = l->rows.v[i].id;
    return ts_str_join(&a, s.v, s.n, TS_S(" "));
}

static void levels(void **state) {
    (void)state;
    static const struct {
        const char *code, *closest, *all;
        bool exact;
    } cases[] = {
        {LAMP_GTIN "/10/B1/21/A1", "urn:lamp:a1", "urn:lamp:a1 urn:lamp:batch urn:lamp:model",
         true},
        {"https://any.example/some/stem/01/09521234543213/10/B1/21/A1", "urn:lamp:a1",
         "urn:lamp:a1 urn:lamp:batch urn:lamp:model", true},
        {LAMP_GTIN "/21/A2", "urn:lamp:a2", "urn:lamp:a2 urn:lamp:batch urn:lamp:model", true},
        /* the passport's identifier states a lot that the code does not; serials keep their case */
        {LAMP_GTIN "/21/A1", "urn:lamp:a1", "urn:lamp:a1 urn:lamp:batch urn:lamp:model", true},
        {LAMP_GTIN "/21/a1", "urn:lamp:model", "urn:lamp:model", false},
        /* the code states a lot that the passport's does not */
        {LAMP_GTIN "/10/B1/21/A2", "urn:lamp:a2", "urn:lamp:a2 urn:lamp:batch urn:lamp:model",
         true},
        /* an item that is known through its batch, one through its model */
        {LAMP_GTIN "/10/B1/21/NEW", "urn:lamp:batch", "urn:lamp:batch urn:lamp:model", false},
        {LAMP_GTIN "/10/B9/21/NEW", "urn:lamp:model", "urn:lamp:model", false},
        {LAMP_GTIN "/22/V1/10/B1", "urn:lamp:batch", "urn:lamp:batch urn:lamp:model", false},
        {LAMP_GTIN, "urn:lamp:model", "urn:lamp:model", true},
        {"(01)09521234543213(10)B1", "urn:lamp:batch", "urn:lamp:batch urn:lamp:model", true},
        {"https://id.gs1.org/01/09506000134352", "", "", false},
        {"did:web:nobody.example", "", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_link_levels one = find(cases[i].code, false), all = find(cases[i].code, true);
        assert_str(one.rows.n ? one.rows.v[0].id : TS_NONE, cases[i].closest);
        assert_int_equal(one.exact, cases[i].exact);
        assert_str(ids(&all), cases[i].all);
    }
}

static ts_link_set links(const char *code) {
    ts_link_levels l = find(code, true);
    ts_link_set s;
    ts_error e = {0};
    ts_product_id id;
    assert_true(ts_product_id_read(&a, ts_str_c(code), &id, &e));
    const ts_links_job job = {store, TS_S("https://id.m.example"), id.text, &catalogue};
    if (!ts_links_of(&a, &job, &l, &s, &e)) fail_msg("%s", e.msg);
    return s;
}

static size_t count(const ts_link_context *c, const char *type) {
    size_t n = 0;
    for (size_t i = 0; i < c->links.n; i++) n += ts_str_is(c->links.v[i].relation, type);
    return n;
}

static void sets(void **state) {
    (void)state;
    ts_link_set s = links(LAMP_GTIN "/10/B1/21/A1");
    assert_int_equal(s.contexts.n, 3);
    assert_str(s.contexts.v[0].anchor, "https://id.m.example/01/09521234543213/10/B1/21/A1");
    assert_str(s.contexts.v[1].anchor, "https://id.m.example/01/09521234543213/10/B1");
    assert_str(s.contexts.v[2].anchor, "https://id.m.example/01/09521234543213");
    for (size_t i = 0; i < s.contexts.n; i++) {
        const ts_link_context *c = &s.contexts.v[i];
        assert_str(c->description, "Lamp <b>&");
        assert_int_equal(count(c, TS_GS1_VOC "defaultLink"), 1);
        assert_int_equal(count(c, TS_GS1_VOC "dpp"), 5);
        assert_int_equal(count(c, TS_GS1_VOC "recallStatus"), 1);
        assert_int_equal(count(c, TS_GS1_VOC "safetyInfo"), 1);
        assert_int_equal(count(c, TS_GS1_VOC "certificationInfo"), 1);
        assert_int_equal(count(c, TS_GS1_VOC "traceability"), 1);
    }
    const ts_link *d = &s.contexts.v[0].links.v[0];
    assert_str(d->href, "https://id.m.example/passport?id=urn%3Alamp%3Aa1");
    assert_true(!d->media.n && !d->language.n && !d->context.n && !d->bare && d->title.n);
    ts_link_choice c = ts_link_choose(&s, TS_S(TS_GS1_VOC "dpp"),
                                      &(ts_link_wish){.accept = TS_S("application/vc+jwt")});
    assert_str(c.link->href, "https://id.m.example/passport?id=urn%3Alamp%3Aa1&format=signed");
    c = ts_link_choose(&s, TS_S(TS_GS1_VOC "recallStatus"), &(ts_link_wish){0});
    assert_str(c.link->href, "https://id.m.example/recall-status?product=https%3A%2F%2Fid.gs1.org"
                             "%2F01%2F09521234543213%2F10%2FB1%2F21%2FA1");
}

/* An item without a passport of its own: its batch's links, and first the page that says so. */
static void through_the_batch(void **state) {
    (void)state;
    ts_link_set s = links(LAMP_GTIN "/10/B1/21/NEW");
    const char *page = "https://id.m.example/passport?id=https%3A%2F%2Fid.gs1.org%2F01%2F"
                       "09521234543213%2F10%2FB1%2F21%2FNEW";
    assert_int_equal(s.contexts.n, 3);
    assert_str(s.contexts.v[0].anchor, "https://id.m.example/01/09521234543213/10/B1/21/NEW");
    assert_int_equal(count(&s.contexts.v[0], TS_GS1_VOC "defaultLink"), 1);
    assert_int_equal(count(&s.contexts.v[0], TS_GS1_VOC "dpp"), 0);
    assert_str(s.contexts.v[0].links.v[0].href, page);
    assert_str(s.contexts.v[1].anchor, "https://id.m.example/01/09521234543213/10/B1");
    assert_str(s.contexts.v[2].anchor, "https://id.m.example/01/09521234543213");
    ts_link_choice c =
        ts_link_choose(&s, TS_S(TS_GS1_VOC "dpp"), &(ts_link_wish){.language = TS_S("de")});
    assert_str(c.link->href, "https://id.m.example/passport?id=urn%3Alamp%3Abatch&lang=de");
}

/* What we write keeps to the rules that we hold others to, and to GS1's own schema. */
static void sets_by_the_rules(void **state) {
    (void)state;
    ts_link_set s = links(LAMP_GTIN "/21/NEW"), again;
    ts_error e = {0};
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_link_set_write(&w, &s);
    if (!ts_link_set_read(&a, ts_buf_str(&b), TS_LINKS_GS1, &again, &e)) fail_msg("%s", e.msg);
    ts_str text;
    const char *path = test_data("passport/gs1/gs1-linkset-schema.json");
    if (!path) skip();
    assert_true(ts_file_read(&a, path, 1 << 20, &text, &e));
    const ts_json *schema = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    ts_schema *compiled = ts_schema_compile(&a, schema, &e);
    ts_schema_faults faults = {0};
    const ts_json *own = ts_json_parse(&a, ts_buf_str(&b), (ts_json_options){.strict = true}, &e);
    if (ts_schema_check(compiled, &a, own, 10, &faults, &e) != TS_YES)
        fail_msg("%.*s: %.*s", TS_P(faults.v[0].at), TS_P(faults.v[0].text));
    ts_schema_free(compiled);
}

/* A second passport of the same product: the active one answers, the other one is listed. */
static void two_of_one(void **state) {
    (void)state;
    const char *gtin = "https://id.gs1.org/01/09506000134352";
    lamp_issue(&a, store, key, (lamp){"urn:x:1", "model", gtin, "", ""}, NOW);
    lamp_issue(&a, store, key, (lamp){"urn:x:2", "model", gtin, "", ""}, NOW + 5);
    ts_link_levels l = find(gtin, false);
    assert_str(ids(&l), "urn:x:2 urn:x:1");
    ts_str later = lamp_document(&a, (lamp){"urn:x:2", "model", gtin, "", ""});
    size_t at = ts_str_find(later, TS_S("\"active\""));
    ts_str parts[] = {ts_str_to(later, at), TS_S("\"archived\""), ts_str_from(later, at + 8)};
    const ts_issue_job job = {.store = store,
                              .by = {.key = key, .issuer = TS_S("did:web:m.example")},
                              .document = ts_str_join(&a, parts, 3, TS_NONE),
                              .now = NOW + 9,
                              .until = TS_NO_TIME};
    must_issue(&a, &job);
    l = find(gtin, true);
    assert_str(ids(&l), "urn:x:1 urn:x:2");
    ts_link_set s = links(gtin);
    assert_int_equal(s.contexts.n, 1);
    assert_str(s.contexts.v[0].links.v[0].href, "https://id.m.example/passport?id=urn%3Ax%3A1");
    assert_int_equal(count(&s.contexts.v[0], TS_GS1_VOC "dpp"), 6);
    /* which of them is meant can be told */
    assert_false(
        ts_link_choose(&s, TS_S(TS_GS1_VOC "dpp"), &(ts_link_wish){.accept_language = TS_S("zh")})
            .tie);
}

/* What kind of signed form there is: by what it was made as, or came as. */
static void signed_forms(void **state) {
    (void)state;
    static const struct {
        const char *id, *product, *media;
        ts_form form;
    } cases[] = {
        {"urn:f:1", "https://id.gs1.org/01/04012345999990", "application/vc+jwt", TS_FORM_EU_JOSE},
        {"urn:f:2", "https://id.gs1.org/01/04012345999969", "application/vc", TS_FORM_UNTP_DI},
    };
    for (size_t i = 0; i < 2; i++) {
        const ts_issue_job job = {
            .store = store,
            .by = {.key = key, .issuer = TS_S("did:web:m.example")},
            .document = lamp_document(&a, (lamp){cases[i].id, "model", cases[i].product, "", ""}),
            .form = cases[i].form,
            .now = NOW,
            .until = TS_NO_TIME};
        must_issue(&a, &job);
        ts_link_set s = links(cases[i].product);
        ts_link_choice c =
            ts_link_choose(&s, TS_S(TS_GS1_VOC "dpp"),
                           &(ts_link_wish){.accept = TS_S("application/vc+jwt, application/vc")});
        assert_str(c.link->media, cases[i].media);
    }
    /* as it was received from another house: a second store without the first one's word for it */
    const ts_issue_job alone = {
        .by = {.key = key},
        .document = lamp_document(
            &a, (lamp){"urn:f:3", "model", "https://id.gs1.org/01/09506000134369", "", ""}),
        .form = TS_FORM_UNTP_DI,
        .now = NOW,
        .until = TS_NO_TIME};
    ts_issued issued = must_issue(&a, &alone);
    ts_imported in;
    ts_error e = {0};
    const ts_verify_options o = {.now = NOW + 1};
    if (!ts_import_passport(&a, store, issued.bytes, &o, &in, &e)) fail_msg("%s", e.msg);
    ts_link_set s = links("https://id.gs1.org/01/09506000134369");
    ts_link_choice c = ts_link_choose(&s, TS_S(TS_GS1_VOC "dpp"),
                                      &(ts_link_wish){.accept = TS_S("application/vc")});
    assert_str(c.link->media, "application/vc");
}

static void addresses(void **state) {
    (void)state;
    ts_str base = TS_S("https://id.m.example");
    assert_str(ts_passport_address(&a, base, TS_S("urn:a b?&#"), 0, 0),
               "https://id.m.example/passport?id=urn%3Aa%20b%3F%26%23");
    assert_str(ts_passport_address(&a, base, TS_S("https://id.m.example/p/1"), "signed", "zh"),
               "https://id.m.example/p/1?format=signed&lang=zh");
    assert_str(ts_passport_address(&a, base, TS_S("https://id.m.example/p?x=1"), 0, "zh"),
               "https://id.m.example/passport?id=https%3A%2F%2Fid.m.example%2Fp%3Fx%3D1&lang=zh");
    /* a passport whose id is its product's code: the code leads to it, and not to itself */
    assert_str(ts_passport_address(&a, base, TS_S("https://id.m.example/01/09521234543213"), 0, 0),
               "https://id.m.example/passport?id=https%3A%2F%2Fid.m.example%2F01%2F09521234543213");
    assert_str(ts_passport_address(&a, base, TS_S("https://id.m.example/%30%31/1"), 0, 0),
               "https://id.m.example/passport?id=https%3A%2F%2Fid.m.example%2F%2530%2531%2F1");
    assert_str(ts_passport_address(&a, base, TS_S("https://id.m.example.evil/p"), 0, 0),
               "https://id.m.example/passport?id=https%3A%2F%2Fid.m.example.evil%2Fp");
    assert_str(ts_link_anchor(&a, base, TS_S("https://id.gs1.org/01/09521234543213")),
               "https://id.m.example/01/09521234543213");
    assert_str(ts_link_anchor(&a, base, TS_S("did:web:x.example")), "did:web:x.example");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels),
        cmocka_unit_test(sets),
        cmocka_unit_test(through_the_batch),
        cmocka_unit_test(sets_by_the_rules),
        cmocka_unit_test(two_of_one),
        cmocka_unit_test(signed_forms),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
