#include "host/registry.h"

#include "maker.h"

static ts_arena a;
static ts_key *key;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "registry.pem", TS_KEY_ED25519);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_key_free(key);
    return 0;
}

#define PRODUCT(NAME)                                                                              \
    "\"name\":\"" NAME                                                                             \
    "\",\"productCategory\":[{\"code\":\"1\",\"name\":\"Kettles\",\"schemeId\":"                   \
    "\"https://c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":"                 \
    "\"https://m.example/1\",\"name\":\"One\"},\"countryOfProduction\":{\"countryCode\":\"DE\"}}," \
    "\"operator\":{\"id\":\"https://m.example/?a=1&b=2\",\"name\":\"Maker\"},\"packs\":["          \
    "{\"id\":\"espr\"}],\"status\":\"active\""

/* A model with a commodity code, a batch of it, items of that. */
static ts_str of_family(const char *grain, const char *id, const char *links) {
    ts_buf b = ts_buf_new(&a, 4000);
    const char *key_of = strcmp(grain, "model") == 0   ? ""
                         : strcmp(grain, "batch") == 0 ? "/10/L1"
                                                       : "/21/";
    ts_buf_fmt(
        &b,
        "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:%s\",\"granularity\":\"%s\","
        "\"product\":{\"id\":\"https://id.gs1.org/01/09521234543213%s%s\"," PRODUCT(
            "Kettle") "%s%s,\"elements\":{%s}}",
        id, grain, key_of, strcmp(grain, "item") == 0 ? id : "", *links ? ",\"links\":" : "", links,
        strcmp(grain, "model") == 0 ? "\"identification\":{\"commodityCodes\":[\"85167970\"]}"
                                    : "");
    return ts_buf_str(&b);
}

static void issue(ts_store *s, ts_str document, int64_t now) {
    const ts_issue_job job = {
        .store = s, .by = {.key = key}, .document = document, .now = now, .until = TS_NO_TIME};
    must_issue(&a, &job);
}

typedef struct files {
    ts_str v[20];
    size_t n;
} files;

static bool keep(void *ctx, size_t number, ts_str bytes, ts_error *e) {
    files *f = ctx;
    (void)e;
    assert_int_equal(number, f->n + 1);
    f->v[f->n++] = ts_str_dup(&a, bytes);
    return true;
}

/* Tests run in an arena from which each file's text is taken anew: what is kept lives elsewhere. */
static files exported(ts_store *s, ts_registry_job job, ts_registry_exported *out) {
    files f = {0};
    ts_error e = {0};
    ts_arena work = ts_arena_new((size_t)1 << 28);
    job.store = s;
    job.file = keep;
    job.ctx = &f;
    if (!job.endpoint.n) job.endpoint = TS_S("https://dpp.m.example/v1");
    if (!ts_registry_export(&work, &job, out, &e)) fail_msg("%s", e.msg);
    return f;
}

static ts_store *family(const char *name, int items) {
    ts_store *s = maker_store(&a, name);
    issue(s, of_family("model", "m", ""), NOW);
    issue(s, of_family("batch", "b", "{\"model\":\"urn:m\"}"), NOW);
    for (int i = 0; i < items; i++) {
        char id[20];
        snprintf(id, sizeof id, "i%03d", i);
        issue(s, of_family("item", id, "{\"model\":\"urn:m\",\"batch\":\"urn:b\"}"), NOW);
    }
    return s;
}

static void goes_out(void **state) {
    (void)state;
    ts_store *s = family("out.db", 1);
    ts_registry_exported x;
    files f = exported(s, (ts_registry_job){.backup = TS_S("did:web:b.example")}, &x);
    ts_error e = {0};
    ts_passport_row row;
    bool found;
    assert_int_equal(f.n, 1);
    assert_int_equal(x.entries, 3);
    assert_int_equal(x.notes.n, 0);
    const ts_json *root = ts_json_parse(&a, f.v[0], (ts_json_options){.strict = true}, &e);
    const ts_json *item = ts_json_at(ts_json_member(root, "registrations"), 1);
    assert_str(ts_json_str(ts_json_member(item, "digitalProductPassportId")), "urn:i000");
    assert_str(ts_json_str(ts_json_member(item, "uniqueProductIdentifier")),
               "https://id.gs1.org/01/09521234543213/21/i000");
    assert_str(ts_json_str(ts_json_member(item, "uniqueEconomicOperatorIdentifier")),
               "https://m.example/?a=1&b=2");
    assert_str(ts_json_str(ts_json_member(item, "backupUniqueEconomicOperatorIdentifier")),
               "did:web:b.example");
    assert_str(ts_json_str(ts_json_member(item, "dppApiEndpoint")), "https://dpp.m.example/v1");
    assert_str(ts_json_str(ts_json_member(item, "granularity")), "item");
    assert_str(ts_json_str(ts_json_member(item, "modelPassportId")), "urn:m");
    assert_str(ts_json_str(ts_json_member(item, "batchPassportId")), "urn:b");
    assert_str(ts_json_str(ts_json_member(item, "commodityCode")), "85167970"); /* its model's */
    assert_true(ts_store_passport(s, &a, TS_S("urn:i000"), &row, &found, &e) && found);
    assert_true(ts_str_eq(ts_json_str(ts_json_member(item, "dppVersionHash")), row.digest));
    ts_hash_value h = ts_sha_of(TS_SHA256, row.document);
    assert_true(ts_str_eq(ts_hash_hex(&a, &h), row.digest));
    f = exported(s, (ts_registry_job){.xml = true}, &x);
    assert_true(ts_str_find(f.v[0], TS_S("<uniqueEconomicOperatorIdentifier>https://m.example/?a=1&"
                                         "amp;b=2</uniqueEconomicOperatorIdentifier>")) != TS_NPOS);
    assert_true(ts_str_find(f.v[0], TS_S("backup")) == TS_NPOS);
    ts_registry_job bad = {.store = s, .file = keep, .endpoint = TS_S("http://dpp.m.example")};
    assert_false(ts_registry_export(&a, &bad, &x, &e));
    assert_non_null(strstr(e.msg, "an https:// address"));
    ts_store_close(s);
}

static void a_hundred_to_a_file(void **state) {
    (void)state;
    ts_store *s = family("many.db", 200);
    ts_registry_exported x;
    files f = exported(s, (ts_registry_job){0}, &x);
    ts_error e = {0};
    size_t all = 0;
    assert_int_equal(f.n, 3);
    for (size_t i = 0; i < f.n; i++) {
        const ts_json *root = ts_json_parse(&a, f.v[i], (ts_json_options){.strict = true}, &e);
        const ts_json *list = ts_json_member(root, "registrations");
        assert_true(list && list->n <= TS_REGISTRY_FILE_MAX);
        all += list->n;
    }
    assert_int_equal(all, 202);
    ts_store_close(s);
}

/* An item without its batch, a batch without its model: the registry takes neither. */
static void links(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "links.db");
    ts_registry_exported x;
    issue(s, of_family("batch", "b", ""), NOW);
    issue(s, of_family("item", "i1", "{\"model\":\"urn:m\"}"), NOW);
    issue(s, of_family("item", "i2", "{\"batch\":\"urn:b\"}"), NOW);
    issue(s, of_family("item", "i3", "{\"batch\":\"urn:b\",\"model\":\"urn:m\"}"), NOW);
    files f = exported(s, (ts_registry_job){0}, &x);
    assert_int_equal(f.n, 1);
    assert_int_equal(x.entries, 1);
    assert_int_equal(x.notes.n, 4); /* three left out, and one without a commodity code */
    assert_true(ts_str_find(x.notes.v[0], TS_S("urn:b: a batch is registered with")) == 0);
    assert_true(ts_str_find(x.notes.v[1], TS_S("urn:i1: an item is registered with")) == 0);
    assert_true(ts_str_find(x.notes.v[3], TS_S("urn:i3: it states no commodity code")) == 0);
    f = exported(s, (ts_registry_job){.commodity = TS_S("85")}, &x);
    assert_int_equal(x.notes.n, 3);
    ts_store_close(s);
}

static ts_str proof_of(ts_store *s, const char *id, const char *number, bool xml) {
    ts_passport_row row;
    ts_error e = {0};
    bool found;
    ts_buf b = ts_buf_new(&a, 2000);
    assert_true(ts_store_passport(s, &a, ts_str_c(id), &row, &found, &e) && found);
    ts_buf_fmt(&b,
               xml ? "<registrations><registration><digitalProductPassportId>%s</"
                     "digitalProductPassportId><registrationId>%s</registrationId><dppVersionHash>"
                     "%.*s</dppVersionHash><registeredAt>2026-11-23T10:00:00Z</registeredAt></"
                     "registration></registrations>"
                   : "{\"digitalProductPassportId\":\"%s\",\"registrationId\":\"%s\","
                     "\"dppVersionHash\":\"%.*s\",\"registeredAt\":\"2026-11-23T10:00:00Z\"}",
               id, number, TS_P(row.digest));
    return ts_buf_str(&b);
}

static ts_registered taken(ts_store *s, ts_str bytes) {
    ts_registered r;
    ts_error e = {0};
    if (!ts_registry_proof(&a, s, bytes, NOW, &r, &e)) fail_msg("%s", e.msg);
    return r;
}

static void comes_back(void **state) {
    (void)state;
    ts_store *s = family("back.db", 3);
    ts_registration_rows rows = {0};
    ts_registry_exported x;
    ts_error e = {0};
    ts_log_head before, after;
    assert_true(ts_store_log_head(s, &before, &e));
    assert_int_equal(taken(s, proof_of(s, "urn:i000", "R1", false)).kept, 1);
    assert_int_equal(taken(s, proof_of(s, "urn:i000", "R1", false)).known, 1);
    assert_int_equal(taken(s, proof_of(s, "urn:i001", "R2", true)).kept, 1);
    ts_str token;
    assert_true(ts_jws_sign(&a, &(ts_jws_header){.typ = TS_S("JWT")},
                            proof_of(s, "urn:i002", "R3", false), key, &token, &e));
    assert_int_equal(taken(s, token).kept, 1);
    assert_true(ts_store_log_head(s, &after, &e)); /* each is in the log */
    assert_int_equal(after.size, before.size + 3);
    assert_true(ts_store_registrations(s, &a, TS_S("urn:i001"), &rows, &e));
    assert_int_equal(rows.n, 1);
    assert_str(rows.v[0].number, "R2");
    assert_int_equal(rows.v[0].version, 1);
    assert_int_equal(rows.v[0].until - rows.v[0].at, 90 * 86400);
    files f = exported(s, (ts_registry_job){0}, &x); /* what has a proof is not exported again */
    assert_int_equal(f.n, 1);
    assert_int_equal(x.entries, 2);
    /* a new version has to be registered anew, and the old proof is not one of it */
    ts_str text = of_family("item", "i000", "{\"model\":\"urn:m\",\"batch\":\"urn:b\"}");
    ts_str old = proof_of(s, "urn:i000", "R9", false);
    const ts_str part[] = {ts_str_to(text, text.n - 2),
                           TS_S("\"identification\":{\"model\":\"n\"}}}")};
    issue(s, ts_str_join(&a, part, 2, TS_NONE), NOW + 9);
    exported(s, (ts_registry_job){0}, &x);
    assert_int_equal(x.entries, 3);
    assert_int_equal(taken(s, old).kept, 1); /* of version 1, as before */
    exported(s, (ts_registry_job){0}, &x);
    assert_int_equal(x.entries, 3);
    ts_store_close(s);
}

static void refused(void **state) {
    (void)state;
    ts_store *s = family("refused.db", 1);
    static const struct {
        const char *bytes, *why;
    } whole[] = {
        {"", "is empty"},
        {"{", ""},
        {"[]", "holds no proof"},
        {"[1]", "is an object"},
        {"{\"registrations\":{}}", "is no array"},
        {"<a>", "no well-formed XML"},
        {"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "a DOCTYPE is not read"},
        {"<a/>", "holds no proof"},
        {"a.b", ""},
    };
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        ts_registered r;
        ts_error e = {0};
        assert_false(ts_registry_proof(&a, s, ts_str_c(whole[i].bytes), NOW, &r, &e));
        if (!strstr(e.msg, whole[i].why)) fail_msg("%s: %s", whole[i].bytes, e.msg);
    }
    static const struct {
        const char *bytes, *why;
    } each[] = {
        {"{\"digitalProductPassportId\":\"urn:i000\"}", "it lacks"},
        {"{\"digitalProductPassportId\":\"urn:i000\",\"registrationId\":\"1\",\"hash\":\"00\"}",
         "another content"},
        {"{\"digitalProductPassportId\":\"urn:x\",\"registrationId\":\"1\",\"hash\":\"00\"}",
         "no such passport"},
        {"{\"digitalProductPassportId\":\"urn:i000\",\"registrationId\":\"1\",\"hash\":\"00\","
         "\"registeredAt\":\"yesterday\"}",
         "the time of registration is none"},
    };
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        ts_registered r = taken(s, ts_str_c(each[i].bytes));
        assert_int_equal(r.kept, 0);
        assert_int_equal(r.refused.n, 1);
        if (ts_str_find(r.refused.v[0], ts_str_c(each[i].why)) == TS_NPOS)
            fail_msg("%.*s", TS_P(r.refused.v[0]));
    }
    /* the same number with another proof */
    ts_str one = proof_of(s, "urn:i000", "R1", false), two = proof_of(s, "urn:i000", "R1", true);
    assert_int_equal(taken(s, one).kept, 1);
    assert_int_equal(taken(s, two).refused.n, 1);
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_out), cmocka_unit_test(a_hundred_to_a_file),
        cmocka_unit_test(links),    cmocka_unit_test(comes_back),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
