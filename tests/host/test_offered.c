#include "host/offered.h"

#include "maker.h"
#include "net/server.h"

static ts_arena a;
static test_server *server;
static ts_store *store;
static const char *path;
static ts_key *key, *other;
static ts_index index_;
static ts_index_builder *builder;

#define GTIN "09521234543213"
#define AT "https://id.gs1.org/01/" GTIN
#define LIST "https://maker.example/status/1"

/* ---- Passports ---- */

/* A document; `more` are further members, each with a comma before it. */
static ts_str document(const char *id, const char *grain, const char *product, const char *more,
                       ts_key *operator_key) {
    ts_buf b = ts_buf_new(&a, 8000);
    ts_str did = ts_did_key_of(&a, ts_key_public_of(operator_key));
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"%s\",\"granularity\":\"%s\","
               "\"product\":{\"id\":\"%s\",\"name\":\"Velmora kettle\",\"modelNumber\":\"VK-1700\","
               "\"productCategory\":[{\"code\":\"1\",\"name\":\"Kettles\",\"schemeId\":"
               "\"https://c.example\",\"schemeName\":\"C\"}],"
               "\"countryOfProduction\":{\"countryCode\":\"DE\"}},"
               "\"facility\":{\"id\":\"https://maker.example/f\",\"name\":\"Works\"},"
               "\"operator\":{\"id\":\"%.*s\",\"name\":\"Velmora\"},\"packs\":[{\"id\":"
               "\"generic\"}]%s,\"elements\":{\"manufacturer\":{\"name\":\"Velmora\"}}}",
               id, grain, product, TS_P(did), more);
    return ts_buf_str(&b);
}

static ts_issued issue_into(ts_store *s, ts_str text, ts_key *by, const char *list) {
    const ts_issue_job job = {.store = s,
                              .by = {.key = by},
                              .document = text,
                              .list = ts_str_c(list),
                              .now = NOW,
                              .until = TS_NO_TIME};
    return must_issue(&a, &job);
}

#define ACTIVE ",\"status\":\"active\""
static ts_issued put(const char *id, const char *grain, const char *product, const char *more) {
    return issue_into(store, document(id, grain, product, more, key), key, LIST);
}

/* ---- Notices ---- */

static void add_notice(const char *id, const char *brand, const char *model, const char *lot) {
    ts_notice n = {.id = ts_str_c(id),
                   .source = TS_S("office"),
                   .number = ts_str_c(id),
                   .product = TS_S("Kettle"),
                   .country = TS_S("DE"),
                   .url = TS_S("https://office.example/1"),
                   .published = TS_NO_DAY,
                   .modified = TS_NO_DAY};
    *ts_push(&a, &n.brands) = ts_str_c(brand);
    *ts_push(&a, &n.models) = ts_str_c(model);
    if (lot) *ts_push(&a, &n.scope.lots) = ts_str_c(lot);
    ts_notice_seal(a, &n);
    ts_index_add(builder, &n);
}

static int setup(void **state) {
    (void)state;
    ts_error e = {0};
    a = test_arena();
    server = test_server_start(&a);
    path = temp_path(&a, "offered.db");
    store = maker_store(&a, "offered.db");
    key = maker_key(&a, "maker.pem", TS_KEY_ED25519);
    other = maker_key(&a, "other.pem", TS_KEY_ED25519);
    put("urn:m", "model", AT, ACTIVE);
    put("urn:b7", "batch", AT "/10/B7", ACTIVE ",\"links\":{\"model\":\"urn:m\"}");
    put("urn:s1", "item", AT "/10/B7/21/S1",
        ACTIVE ",\"links\":{\"model\":\"urn:m\",\"batch\":\"urn:b7\"}");
    put("https://maker.example/p/s2", "item", AT "/10/C9/21/S2",
        ACTIVE ",\"links\":{\"model\":\"urn:m\"}");
    builder = ts_index_builder_new(&a);
    add_notice("office:1", "Velmora", "VK-1700", "B7");
    add_notice("office:2", "Quadrill", "QX-100", 0);
    if (!ts_index_finish(builder, &index_, &e)) return -1;
    return ts_net_init(&e) ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    ts_index_builder_free(builder);
    test_server_stop(server);
    ts_store_close(store);
    ts_key_free(key);
    ts_key_free(other);
    ts_net_done();
    return 0;
}

/* ---- Asking ---- */

static ts_offered_job usual(void) {
    ts_offered_job j = {
        .store = path,
        .index = &index_,
        .verify = {.now = NOW + 10, .resolve = {.fetch = {.max_ms = 3000, .retries = -1}}},
        .fetch_gap_ms = 1};
    *ts_push(&a, &j.verify.resolve.fetch.allow_private) = test_server_place(server);
    return j;
}

/* What is told of an offer must last when whoever told it is gone. */
static ts_offereds shown_with(const ts_offered_job *job, const ts_offer *o) {
    ts_offereds out = {0};
    ts_error e = {0};
    ts_offered_desk *d = ts_offered_desk_new(&a, job, &e);
    ts_offered_checker *c = d ? ts_offered_checker_new(d, &e) : 0;
    if (!c || !ts_offered_check(c, &a, o, &out, &e)) fail_msg("%s", e.msg);
    ts_offered_checker_free(c);
    ts_offered_desk_free(d);
    return out;
}

static ts_offereds shown(const char *passport) {
    ts_offered_job job = usual();
    ts_offer o = {.passport = ts_str_c(passport)};
    return shown_with(&job, &o);
}

static const ts_offered *only(const ts_offereds *l) {
    if (l->n != 1) fail_msg("%zu passports", l->n);
    return &l->v[0];
}

static ts_str found(const ts_offered *o) {
    ts_strs what = {0};
    for (size_t i = 0; i < o->findings.n; i++)
        *ts_push(&a, &what) = ts_str_from(ts_str_c(o->findings.v[i].what), 9);
    return ts_str_join(&a, what.v, what.n, TS_S(" "));
}

/* "1:yes:model …": the notices that hit, by their place in the index. */
static ts_str hits(const ts_offered *o) {
    static const char *const answers[] = {"open", "yes", "no"};
    ts_buf b = ts_buf_new(&a, 1000);
    for (size_t i = 0; i < o->hits.n; i++) {
        const ts_offered_hit *h = &o->hits.v[i];
        ts_notice n;
        ts_error e;
        assert_true(ts_index_notice(&index_, h->notice, &a, &n, &e));
        ts_buf_fmt(&b, "%s%.*s=%s%s", i ? " " : "", TS_P(n.id), answers[h->found.inside],
                   h->named ? "+named" : "");
    }
    return ts_buf_str(&b);
}

/* ---- Here ---- */

static void genuine(void **state) {
    (void)state;
    ts_offereds l = shown(AT "/10/C9/21/S2");
    const ts_offered *o = only(&l);
    assert_int_equal(o->source, TS_OFFERED_HERE);
    assert_str(o->id, "https://maker.example/p/s2");
    assert_str(o->name, "Velmora kettle");
    assert_str(o->operator_name, "Velmora");
    assert_int_equal(o->grain, TS_GRAIN_ITEM);
    for (int s = TS_STEP_SIGNATURE; s <= TS_STEP_STATUS; s++)
        if (o->step[s].answer != TS_YES) fail_msg("%.*s", TS_P(o->step[s].reason));
    assert_false(ts_offered_open(o));
    assert_str(found(o), "");
    assert_str(o->status, "active");
    assert_str(o->safety, "none_known");
    /* its lot, which its operator signed, is not the notice's */
    assert_str(hits(o), "office:1=no");
    /* by its own address it is the same */
    l = shown("https://maker.example/p/s2");
    assert_str(only(&l)->product, AT "/10/C9/21/S2");
}

static void hit(void **state) {
    (void)state;
    static const struct {
        const char *link, *passport, *want;
    } table[] = {
        {AT "/10/B7/21/S1", "urn:s1", "office:1=yes"},
        {AT "/10/B7", "urn:b7", "office:1=yes"},
        {AT, "urn:m", "office:1=open"},
        /* no passport of the item here: its batch's, its model's */
        {AT "/10/B7/21/NEW", "urn:b7", "office:1=yes"},
        {AT "/10/D1/21/NEW", "urn:m", "office:1=open"}, /* the seller's lot excludes nothing */
        {AT "/21/NEW", "urn:m", "office:1=open"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ts_offereds l = shown(table[i].link);
        const ts_offered *o = only(&l);
        if (!ts_str_is(o->id, table[i].passport) || !ts_str_is(hits(o), table[i].want))
            fail_msg("%s: %.*s %.*s", table[i].link, TS_P(o->id), TS_P(hits(o)));
    }
}

/* The model is all that is kept, and the link names the lot: inside by the seller's own word. */
static void lot_of_the_link(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "models.db");
    issue_into(s, document("urn:only", "model", AT, ACTIVE, key), key, LIST);
    ts_store_close(s);
    ts_offered_job job = usual();
    job.store = temp_path(&a, "models.db");
    ts_offer o = {.description = TS_S("Code: " AT "/10/b7/21/S9.")};
    ts_offereds l = shown_with(&job, &o);
    assert_str(hits(only(&l)), "office:1=yes");
    assert_str(only(&l)->hits.v[0].found.by, "B7");
    o.description = TS_S("Code: " AT "/10/D1/21/S9.");
    l = shown_with(&job, &o);
    assert_str(hits(only(&l)), "office:1=open");
}

static void recalled(void **state) {
    (void)state;
#define SAID(status, notice)                                                                       \
    ACTIVE ",\"safety\":[{\"status\":\"" status "\",\"by\":{\"id\":\"did:web:office.example\","    \
           "\"name\":\"Office\"},\"at\":\"2025-11-20T10:00:00Z\"" notice "}]"
    put("urn:r1", "item", AT "/21/R1", SAID("recalled", ",\"notice\":\"office:2\""));
    put("urn:r2", "item", AT "/21/R2", SAID("withdrawn", ""));
    put("urn:r3", "item", AT "/21/R3", SAID("warning", ",\"notice\":\"office:9\""));
    put("urn:r4", "item", AT "/21/R4", SAID("lifted", ""));
    ts_offereds l = shown(AT "/21/R1");
    const ts_offered *o = only(&l);
    assert_str(found(o), "recalled");
    assert_str(o->safety, "recalled");
    assert_says(o->findings.v[0].passport, "Office, 2025-11-20, office:2");
    assert_says(hits(o), "office:2=no+named"); /* the status says so, whatever the notice says */
    l = shown(AT "/21/R2");
    assert_str(found(only(&l)), "withdrawn");
    l = shown(AT "/21/R3");
    assert_str(found(only(&l)), "warning");
    assert_silent_on(hits(only(&l)), "named"); /* no such notice here */
    l = shown(AT "/21/R4");
    assert_str(found(only(&l)), "");
}

static void no_longer_good(void **state) {
    (void)state;
    ts_str list;
    ts_error e = {0};
    const ts_signer by = {.key = key};
    ts_issued x = put("urn:v1", "item", AT "/21/V1", ACTIVE);
    if (!ts_set_status(&a, store, &by, x.credential, true, NOW + 5, &list, &e))
        fail_msg("%s", e.msg);
    ts_offereds l = shown(AT "/21/V1");
    assert_str(found(only(&l)), "revoked");
    assert_int_equal(only(&l)->step[TS_STEP_STATUS].answer, TS_NO);
    put("urn:v2", "item", AT "/21/V2", ",\"status\":\"archived\"");
    l = shown(AT "/21/V2");
    assert_str(found(only(&l)), "inactive");
    assert_str(only(&l)->findings.v[0].passport, "archived");
}

/* Signed by a stranger in the operator's name; and bytes that do not fit their signature. */
static void not_the_makers(void **state) {
    (void)state;
    issue_into(store, document("urn:f1", "item", AT "/21/F1", ACTIVE, key), other, "");
    ts_offereds l = shown(AT "/21/F1");
    assert_str(found(only(&l)), "foreign_issuer");
    assert_int_equal(only(&l)->findings.v[0].kind, TS_OFFERED_FOREIGN);

    ts_issued good = issue_into(0, document("urn:f2", "item", AT "/21/F2", ACTIVE, key), key, "");
    ts_document d;
    ts_version_put version;
    ts_error e = {0};
    char *bytes = (char *)(uintptr_t)ts_str_z(&a, good.bytes);
    bytes[good.bytes.n - 3] = bytes[good.bytes.n - 3] == 'A' ? 'B' : 'A';
    ts_secured_row row = {.passport = TS_S("urn:f2"),
                          .version = 1,
                          .audience = TS_S("public"),
                          .form = TS_S("received"),
                          .credential = good.credential,
                          .issuer = TS_S("did:key:x"),
                          .at = NOW,
                          .bytes = {bytes, good.bytes.n}};
    assert_true(ts_document_read(&a, document("urn:f2", "item", AT "/21/F2", ACTIVE, key), &d, &e));
    bool ok = ts_store_begin(store, &e) && ts_put_version(&a, store, &d, NOW, &version, &e) &&
              ts_store_add_secured(store, &row, &e);
    if (!ts_store_end(store, ok, &e)) fail_msg("%s", e.msg);
    l = shown(AT "/21/F2");
    assert_str(found(only(&l)), "forged");
    assert_int_equal(only(&l)->step[TS_STEP_SIGNATURE].answer, TS_NO);
}

/* One that nobody signed is not forged: it is not checked. */
static void unsigned_one(void **state) {
    (void)state;
    ts_imported in;
    ts_error e = {0};
    const ts_verify_options how = {.now = NOW};
    ts_str text = document("urn:u1", "item", AT "/21/U1", ACTIVE, key);
    if (!ts_import_passport(&a, store, text, &how, &in, &e)) fail_msg("%s", e.msg);
    ts_offereds l = shown(AT "/21/U1");
    assert_str(found(only(&l)), "");
    assert_true(ts_offered_open(only(&l)));
    assert_says(only(&l)->step[TS_STEP_SIGNATURE].reason, "no signed public form");
}

static void mismatch(void **state) {
    (void)state;
    ts_offered_job job = usual();
    ts_offer o = {.passport = TS_S(AT "/10/C9/21/S2"),
                  .title = TS_S("Kettle, lot B7"),
                  .model = TS_S("TWK-3")};
    ts_identifiers_from_field(&a, TS_S("4006381333931"), true, &o.identifiers);
    ts_offereds l = shown_with(&job, &o);
    assert_str(found(only(&l)), "mismatch_gtin mismatch_model mismatch_lot");
    o = (ts_offer){.passport = TS_S(AT "/10/C9/21/S2"),
                   .title = TS_S("Kettle, lot C9"),
                   .model = TS_S("vk 1700")};
    l = shown_with(&job, &o);
    assert_str(found(only(&l)), "");
}

/* A link without the lot, or with another one, leads to the same item. */
static void other_lot_in_the_link(void **state) {
    (void)state;
    ts_offereds l = shown(AT "/21/S1");
    assert_str(only(&l)->id, "urn:s1");
    assert_str(hits(only(&l)), "office:1=yes");
    assert_str(found(only(&l)), "");
    l = shown(AT "/10/D4/21/S1");
    assert_str(only(&l)->id, "urn:s1");
    assert_str(hits(only(&l)), "office:1=yes");
    assert_str(found(only(&l)), "mismatch_lot");
    l = shown(AT "/21/S1X");
    assert_str(only(&l)->id, "urn:m");
}

/* What the product is made of. */
static void parts(void **state) {
    (void)state;
    put("urn:p1", "item", "https://id.gs1.org/01/04006381333931/21/P1",
        ACTIVE ",\"components\":[{\"id\":\"urn:s1\"}]");
    put("urn:p2", "item", "https://id.gs1.org/01/04006381333931/21/P2",
        ACTIVE ",\"predecessors\":[{\"id\":\"urn:s1\",\"relation\":\"reused\"}]");
    ts_offereds l = shown("https://id.gs1.org/01/04006381333931/21/P1");
    const ts_offered *o = only(&l);
    assert_says(hits(o), "office:1=yes");
    assert_string_equal(o->hits.v[0].through_as, "component");
    assert_str(o->hits.v[0].through, "urn:s1");
    l = shown("https://id.gs1.org/01/04006381333931/21/P2");
    assert_string_equal(only(&l)->hits.v[0].through_as, "predecessor");
}

/* ---- Elsewhere ---- */

static void not_here(void **state) {
    (void)state;
    ts_offereds l = shown("https://elsewhere.example/p/1");
    const ts_offered *o = only(&l);
    assert_int_equal(o->source, TS_OFFERED_NOT_CHECKED);
    assert_says(o->why, "--fetch-passports");
    assert_true(ts_offered_open(o));
    assert_str(found(o), "");
    l = shown("scan me");
    assert_int_equal(only(&l)->source, TS_OFFERED_NOT_CHECKED);
    /* an address in running text that is no passport here is nothing */
    ts_offered_job job = usual();
    ts_offer offer = {.description = TS_S("our shop: https://elsewhere.example/p/1")};
    assert_int_equal(shown_with(&job, &offer).n, 0);
    offer.description = TS_S("passport: https://maker.example/p/s2");
    l = shown_with(&job, &offer);
    assert_int_equal(only(&l)->source, TS_OFFERED_HERE);
    /* without any store */
    job.store = 0;
    offer.description = TS_S("passport: " AT "/10/B7/21/S1");
    l = shown_with(&job, &offer);
    assert_int_equal(only(&l)->source, TS_OFFERED_NOT_CHECKED);
}

static ts_offereds fetched(ts_offered_job *job, const char *name) {
    ts_offer o = {.passport = test_server_url(server, name)};
    job->fetch = true;
    return shown_with(job, &o);
}

static void from_the_network(void **state) {
    (void)state;
    ts_offered_job job = usual();
    ts_issued x = issue_into(
        0,
        document("urn:n1", "item", "https://id.gs1.org/01/04006381333931/10/B7/21/N1", ACTIVE, key),
        key, "");
    serve_file file = {.body = x.bytes, .type = "application/vc+jwt"};
    test_server_put(server, "/n1", file);
    ts_offereds l = fetched(&job, "/n1");
    const ts_offered *o = only(&l);
    assert_int_equal(o->source, TS_OFFERED_FETCHED);
    assert_int_equal(o->step[TS_STEP_SIGNATURE].answer, TS_YES);
    assert_str(o->product, "https://id.gs1.org/01/04006381333931/10/B7/21/N1");
    assert_str(found(o), "");
    assert_str(hits(o), "office:1=yes"); /* brand, model and lot */
    /* a link that leads to another product's passport */
    test_server_put(server, "/01/" GTIN "/21/N9", file);
    l = fetched(&job, "/01/" GTIN "/21/N9");
    assert_str(found(only(&l)), "foreign_product");
    /* to that of the model it belongs to is no fault */
    test_server_put(server, "/01/04006381333931", file);
    l = fetched(&job, "/01/04006381333931");
    assert_str(found(only(&l)), "");
    /* forged */
    char *bytes = (char *)(uintptr_t)ts_str_z(&a, x.bytes);
    bytes[x.bytes.n - 3] = bytes[x.bytes.n - 3] == 'A' ? 'B' : 'A';
    test_server_put(server, "/forged",
                    (serve_file){.body = {bytes, x.bytes.n}, .type = "application/vc+jwt"});
    l = fetched(&job, "/forged");
    assert_says(found(only(&l)), "forged");
}

/* What cannot be had is not checked, and never forged. */
static void not_had(void **state) {
    (void)state;
    ts_offered_job job = usual();
    test_server_put(server, "/page",
                    (serve_file){.body = TS_S("<!doctype html><p>Kettle"), .type = "text/html"});
    test_server_put(server, "/plain",
                    (serve_file){.body = document("urn:x", "model", AT, ACTIVE, key),
                                 .type = "application/json"});
    test_server_put(server, "/rubbish", (serve_file){.body = TS_S("{{{{")});
    static const char *const names[] = {"/page", "/plain", "/rubbish", "/nothing"};
    for (size_t i = 0; i < 4; i++) {
        ts_offereds l = fetched(&job, names[i]);
        const ts_offered *o = only(&l);
        if (o->source != TS_OFFERED_NOT_CHECKED || o->findings.n || !o->why.n)
            fail_msg("%s: %.*s", names[i], TS_P(found(o)));
    }
    /* the house next door is not asked */
    job.verify.resolve.fetch.allow_private.n = 0;
    ts_offereds l = fetched(&job, "/plain2");
    assert_int_equal(only(&l)->source, TS_OFFERED_NOT_CHECKED);
    assert_int_equal(test_server_count(server, "/plain2"), 0);
}

/* The same address is asked once, and no more requests are made than were allowed. */
static void sparing(void **state) {
    (void)state;
    ts_offered_job job = usual();
    ts_error e = {0};
    job.fetch = true;
    job.fetch_most = 3;
    ts_offered_desk *d = ts_offered_desk_new(&a, &job, &e);
    ts_offered_checker *c = ts_offered_checker_new(d, &e);
    for (int i = 0; i < 20; i++) {
        char name[24];
        ts_offereds out = {0};
        snprintf(name, sizeof name, "/many%d", i / 2);
        ts_offer o = {.passport = test_server_url(server, name)};
        assert_true(ts_offered_check(c, &a, &o, &out, &e));
        assert_int_equal(out.v[0].source, TS_OFFERED_NOT_CHECKED);
    }
    unsigned asked = 0;
    for (int i = 0; i < 10; i++) {
        char name[24];
        snprintf(name, sizeof name, "/many%d", i);
        asked += test_server_count(server, name);
    }
    assert_int_equal(asked, 3);
    ts_offered_checker_free(c);
    ts_offered_desk_free(d);
}

/* ---- Many ---- */

/* What is remembered starts over, and what was told stays true. */
static void for_long(void **state) {
    (void)state;
    ts_offered_job job = usual();
    ts_error e = {0};
    ts_offered_desk *d = ts_offered_desk_new(&a, &job, &e);
    ts_offered_checker *c = ts_offered_checker_new(d, &e);
    ts_offereds first = {0};
    ts_offer o = {.passport = TS_S(AT "/10/B7/21/S1")};
    assert_true(ts_offered_check(c, &a, &o, &first, &e));
    char *filler = ts_new_n(&a, char, 1600);
    memset(filler, 'x', 1500);
    for (int i = 0; i < 60000; i++) {
        ts_arena mark = a;
        ts_offereds out = {0};
        ts_buf b = ts_buf_new(&a, 2000);
        ts_buf_fmt(&b, "https://x.example/%d/%s", i, filler);
        ts_offer x = {.passport = ts_buf_str(&b)};
        assert_true(ts_offered_check(c, &a, &x, &out, &e));
        assert_int_equal(out.n, 1);
        a = mark;
    }
    assert_str(hits(only(&first)), "office:1=yes");
    ts_offereds again = {0};
    assert_true(ts_offered_check(c, &a, &o, &again, &e));
    assert_str(hits(only(&again)), "office:1=yes");
    ts_offered_checker_free(c);
    ts_offered_desk_free(d);
}

typedef struct asking {
    ts_offered_desk *desk;
    int wrong;
} asking;

static void *ask_often(void *arg) {
    asking *x = arg;
    ts_error e = {0};
    ts_arena mine = ts_arena_new((size_t)256 << 20);
    ts_offered_checker *c = ts_offered_checker_new(x->desk, &e);
    for (int i = 0; c && i < 200; i++) {
        ts_arena work = mine;
        ts_offereds out = {0};
        ts_offer o = {.passport = i % 2 ? TS_S(AT "/10/B7/21/S1") : TS_S(AT "/10/C9/21/S2")};
        bool ok = ts_offered_check(c, &work, &o, &out, &e) && out.n == 1 && out.v[0].hits.n == 1 &&
                  out.v[0].hits.v[0].found.inside == (i % 2 ? TS_YES : TS_NO);
        x->wrong += !ok;
    }
    x->wrong += !c;
    ts_offered_checker_free(c);
    return 0;
}

static void several_threads(void **state) {
    (void)state;
    enum { N = 6 };
    ts_offered_job job = usual();
    ts_error e = {0};
    asking x[N];
    pthread_t t[N];
    ts_offered_desk *d = ts_offered_desk_new(&a, &job, &e);
    for (int i = 0; i < N; i++) {
        x[i] = (asking){d, 0};
        assert_true(ts_thread_start(&t[i], ask_often, &x[i], &e));
    }
    for (int i = 0; i < N; i++) {
        pthread_join(t[i], 0);
        assert_int_equal(x[i].wrong, 0);
    }
    ts_offered_desk_free(d);
}

static void no_store(void **state) {
    (void)state;
    ts_offered_job job = usual();
    ts_error e = {0};
    job.store = temp_path(&a, "nowhere.db");
    ts_offered_desk *d = ts_offered_desk_new(&a, &job, &e);
    assert_null(ts_offered_checker_new(d, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    ts_offered_desk_free(d);
    ts_offered_checker_free(0);
    ts_offered_desk_free(0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(genuine),
        cmocka_unit_test(hit),
        cmocka_unit_test(lot_of_the_link),
        cmocka_unit_test(recalled),
        cmocka_unit_test(no_longer_good),
        cmocka_unit_test(not_the_makers),
        cmocka_unit_test(unsigned_one),
        cmocka_unit_test(mismatch),
        cmocka_unit_test(other_lot_in_the_link),
        cmocka_unit_test(parts),
        cmocka_unit_test(not_here),
        cmocka_unit_test(from_the_network),
        cmocka_unit_test(not_had),
        cmocka_unit_test(sparing),
        cmocka_unit_test(for_long),
        cmocka_unit_test(several_threads),
        cmocka_unit_test(no_store),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
