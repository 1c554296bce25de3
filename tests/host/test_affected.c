/* Passports as they are issued, and the table that is derived from them. The answers themselves are
 * compared in test_affected_oracle.c. */
#include <sys/stat.h>
#include <unistd.h>

#include "maker.h"

static ts_arena a;
static ts_key *key;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "affected.pem", TS_KEY_ED25519);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_key_free(key);
    return 0;
}

/* ---- a small world ---- */

#define GTIN "04006381333931"

static ts_str document(const char *id, const char *grain, const char *product, const char *rest) {
    ts_buf b = ts_buf_new(&a, 8000);
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:p:%s\",\"granularity\":\"%s\","
               "\"product\":{\"id\":\"https://id.gs1.org/01/%s\",\"name\":\"Traction battery\","
               "\"productCategory\":[{\"code\":\"1\",\"name\":\"Batteries\",\"schemeId\":"
               "\"https://c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":"
               "\"https://m.example/1\",\"name\":\"One\"},\"countryOfProduction\":{"
               "\"countryCode\":\"DE\"}},\"operator\":{\"id\":\"did:web:m.example\",\"name\":"
               "\"Voltara GmbH\"},\"packs\":[{\"id\":\"generic\"}],\"status\":\"active\"%s}",
               id, grain, product, rest);
    return ts_buf_str(&b);
}

static void issue(ts_store *s, const char *id, const char *grain, const char *product,
                  const char *rest, int64_t now) {
    const ts_issue_job job = {.store = s,
                              .by = {.key = key},
                              .document = document(id, grain, product, rest),
                              .now = now,
                              .until = TS_NO_TIME};
    must_issue(&a, &job);
}

#define MODEL_ELEMENTS ",\"elements\":{\"identification\":{\"model\":\"KX-200\"}}"

/* A model, two batches of it, an item of either, one of which only the model is known; a second
 * life made of an item of batch A; one of a part that has no passport here. */
static ts_store *make(const char *name) {
    ts_store *s = maker_store(&a, name);
    issue(s, "m", "model", GTIN, MODEL_ELEMENTS, NOW);
    issue(s, "ba", "batch", GTIN "/10/A", ",\"links\":{\"model\":\"urn:p:m\"}", NOW);
    issue(s, "bb", "batch", GTIN "/10/B", ",\"links\":{\"model\":\"urn:p:m\"}", NOW);
    issue(s, "i1", "item", GTIN "/21/1", ",\"links\":{\"batch\":\"urn:p:ba\"}", NOW);
    issue(s, "i2", "item", GTIN "/21/2", ",\"links\":{\"batch\":\"urn:p:bb\"}", NOW);
    issue(s, "i3", "item", GTIN "/21/3", ",\"links\":{\"model\":\"urn:p:m\"}", NOW);
    issue(s, "s1", "item", "04012345678901/21/1",
          ",\"predecessors\":[{\"id\":\"urn:p:i1\",\"relation\":\"repurposed\"}]", NOW);
    issue(s, "s2", "item", "04012345678901/21/2",
          ",\"components\":[{\"id\":\"https://x.example/01/" GTIN "/10/A/21/77\"}]", NOW);
    issue(s, "s3", "item", "04012345678901/21/3", ",\"components\":[{\"id\":\"urn:p:s1\"}]", NOW);
    return s;
}

static ts_notice of_lot_a(void) {
    ts_notice n = {.id = TS_S("t:1"), .modified = TS_NO_DAY, .product = TS_S("Traction battery")};
    *ts_push(&a, &n.brands) = TS_S("Voltara");
    *ts_push(&a, &n.models) = TS_S("KX 200");
    *ts_push(&a, &n.scope.lots) = TS_S("A");
    ts_identifiers_add(&a, &n.identifiers, ts_identifier_classify(&a, TS_S(GTIN), true));
    return n;
}

/* ---- asking ---- */

typedef struct told {
    ts_buf b;
} told;

static bool tell(void *ctx, const ts_affected_row *r) {
    told *t = ctx;
    ts_buf_fmt(&t->b, "%.*s%s%.*s", TS_P(ts_str_from(r->passport, 6)),
               r->found.inside == TS_YES  ? "+"
               : r->found.inside == TS_NO ? "-"
                                          : "?",
               TS_P(ts_str_from(r->through, 6)));
    ts_buf_c(&t->b, ' ');
    return true;
}

/* Everything that is told, in its order: passport, answer, and through what. */
static ts_str ask(ts_store *s, const ts_notice *n) {
    told t = {.b = ts_buf_new(&a, 1 << 16)};
    ts_affected_counts c;
    ts_error e = {0};
    const ts_affected_job job = {.store = s, .notice = n, .all = true, .each = tell, .ctx = &t};
    if (!ts_passports_affected(&a, &job, &c, &e)) fail_msg("%s", e.msg);
    return ts_buf_str(&t.b);
}

/* Whether a word stands in it. */
static bool has(ts_str told_text, const char *word) {
    ts_buf b = ts_buf_new(&a, 200);
    ts_buf_c(&b, ' ');
    ts_buf_put(&b, ts_str_c(word));
    ts_buf_c(&b, ' ');
    ts_str parts[] = {TS_S(" "), told_text};
    return ts_str_find(ts_str_join(&a, parts, 2, TS_NONE), ts_buf_str(&b)) != TS_NPOS;
}

static void says(ts_str told_text, const char *const *words) {
    for (; *words; words++)
        if (!has(told_text, *words)) fail_msg("%s is not in: %.*s", *words, TS_P(told_text));
}

static void exactly_the_right_items(void **state) {
    (void)state;
    ts_store *s = make("right.db");
    ts_notice n = of_lot_a();
    ts_str t = ask(s, &n);
    says(t, (const char *const[]){"ba+", "i1+ba", "s1+i1", "s3+s1", "m?", "i3?", "bb-", 0});
    assert_true(has(t, "i2-bb") && ts_str_find(t, TS_S("s2+//id.gs1.org/01/")) != TS_NPOS);
    /* what is inside comes first, what is outside last */
    assert_true(ts_str_find(t, TS_S("? ")) > ts_str_find(t, TS_S("s3+")));
    assert_true(ts_str_find(t, TS_S("- ")) == TS_NPOS || ts_str_find(t, TS_S("bb-")) > 20);
    ts_store_close(s);
}

static void one_passport(void **state) {
    (void)state;
    ts_store *s = make("one.db");
    ts_notice n = of_lot_a();
    ts_affected_row row;
    ts_error e = {0};
    assert_true(ts_passport_affected(&a, s, TS_S("urn:p:s3"), &n, &row, &e));
    assert_int_equal(row.found.inside, TS_YES);
    assert_str(row.through, "urn:p:s1");
    assert_string_equal(row.through_as, "component");
    assert_true(ts_passport_affected(&a, s, TS_S("urn:p:i1"), &n, &row, &e));
    assert_str(row.through, "urn:p:ba");
    assert_string_equal(row.found.reason, "lot_named");
    assert_str(row.found.by, "A");
    assert_false(ts_passport_affected(&a, s, TS_S("urn:p:none"), &n, &row, &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    ts_store_close(s);
}

/* ---- the table ---- */

static const char *table_of(ts_store *s) {
    ts_str parts[] = {ts_str_c(ts_store_path(s)), TS_S(".passports.idx")};
    return ts_str_z(&a, ts_str_join(&a, parts, 2, TS_NONE));
}

/* A part is named by its trade item number and serial number, whatever lot stands between them. */
static void parts_named_with_another_lot(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "parts.db");
    ts_notice n = of_lot_a();
    n.identifiers.n = 0;
    issue(s, "c1", "item", GTIN "/10/A/21/1", MODEL_ELEMENTS, NOW);
    issue(s, "w1", "item", "04012345678901/21/1",
          ",\"components\":[{\"id\":\"https://x.example/01/" GTIN "/21/1\"}]", NOW);
    issue(s, "w2", "item", "04012345678901/21/2",
          ",\"predecessors\":[{\"id\":\"https://x.example/01/" GTIN
          "/10/Z/21/1\",\"relation\":\"reused\"}]",
          NOW);
    issue(s, "w3", "item", "04012345678901/21/3",
          ",\"components\":[{\"id\":\"https://x.example/01/" GTIN "/21/2\"}]", NOW);
    const char *const words[] = {"c1+", "w1+c1", "w2+c1", 0};
    says(ask(s, &n), words);
    ts_affected_row row;
    ts_error e = {0};
    assert_true(ts_passport_affected(&a, s, TS_S("urn:p:w2"), &n, &row, &e));
    assert_int_equal(row.found.inside, TS_YES);
    assert_true(ts_passport_affected(&a, s, TS_S("urn:p:w3"), &n, &row, &e));
    assert_int_not_equal(row.found.inside, TS_YES);
    ts_store_close(s);
}

static void new_versions_are_seen(void **state) {
    (void)state;
    ts_store *s = make("new.db");
    ts_notice n = of_lot_a();
    assert_true(has(ask(s, &n), "i3?"));
    issue(s, "i3", "item", GTIN "/21/3", ",\"links\":{\"batch\":\"urn:p:ba\"}", NOW + 1);
    assert_true(has(ask(s, &n), "i3+ba"));
    issue(s, "i4", "item", GTIN "/21/4", ",\"links\":{\"batch\":\"urn:p:ba\"}", NOW + 2);
    assert_true(has(ask(s, &n), "i4+ba"));
    /* a part is taken out again */
    issue(s, "s3", "item", "04012345678901/21/3", "", NOW + 3);
    ts_str t = ask(s, &n);
    assert_true(has(t, "s3?")); /* the same maker, another number, a like product */
    ts_store_close(s);
}

static void a_revoked_passport_excludes_nothing(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "revoked.db");
    ts_notice n = of_lot_a();
    ts_str list;
    ts_error e = {0};
    ts_issue_job job = {.store = s,
                        .by = {.key = key},
                        .document = document("i", "item", GTIN "/10/B/21/1", ""),
                        .list = TS_S("https://m.example/status/1"),
                        .now = NOW,
                        .until = TS_NO_TIME};
    ts_issued out = must_issue(&a, &job);
    assert_true(has(ask(s, &n), "i-"));
    assert_true(ts_set_status(&a, s, &job.by, out.credential, true, NOW + 1, &list, &e));
    assert_true(has(ask(s, &n), "i?"));
    job.document = document("i", "item", GTIN "/10/B/21/1",
                            ",\"elements\":{\"identification\":{\"model\":\"KX-200\"}}");
    job.now = NOW + 2;
    must_issue(&a, &job);
    assert_true(has(ask(s, &n), "i-"));
    ts_store_close(s);
}

/* What came in without a signature that verifies excludes nothing. */
static void an_unsigned_passport_excludes_nothing(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "unsigned.db");
    ts_notice n = of_lot_a();
    const ts_verify_options o = {.now = NOW};
    ts_imported in;
    ts_error e = {0};
    if (!ts_import_passport(&a, s, document("i", "item", GTIN "/10/B/21/1", ""), &o, &in, &e))
        fail_msg("%s", e.msg);
    assert_true(has(ask(s, &n), "i?"));
    ts_store_close(s);
}

static void a_damaged_table_is_made_anew(void **state) {
    (void)state;
    ts_store *s = make("damaged.db");
    ts_notice n = of_lot_a();
    ts_error e = {0};
    ts_log_quiet(true);
    ts_str want = ask(s, &n), whole;
    const char *path = table_of(s);
    assert_true(ts_file_read(&a, path, 1 << 20, &whole, &e));
    for (size_t at = 0; at < whole.n; at += at < 400 ? 7 : 61) {
        ts_arena mark = a;
        char *bytes = (char *)(uintptr_t)ts_str_z(&a, whole);
        bytes[at] = (char)(bytes[at] ^ 0x41);
        assert_true(ts_file_replace(path, (ts_str){bytes, whole.n}, &e));
        assert_true(ts_str_eq(ask(s, &n), want));
        assert_true(ts_file_replace(path, ts_str_to(whole, at), &e));
        assert_true(ts_str_eq(ask(s, &n), want));
        a = mark;
    }
    ts_str again;
    assert_true(ts_file_read(&a, path, 1 << 20, &again, &e));
    assert_true(ts_str_eq(again, whole)); /* the same store gives the same bytes */
    ts_store_close(s);
}

/* Another store's table under this one's name, as many passports and writes though it has. */
static void the_table_of_another_store_is_not_taken(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "mine.db"), *other = maker_store(&a, "other.db");
    ts_notice n = of_lot_a();
    ts_str bytes;
    ts_error e = {0};
    issue(s, "i", "item", GTIN "/10/A/21/1", "", NOW);
    issue(other, "i", "item", GTIN "/10/B/21/1", "", NOW);
    assert_true(has(ask(other, &n), "i-"));
    assert_true(ts_file_read(&a, table_of(other), 1 << 20, &bytes, &e));
    assert_true(ts_file_replace(table_of(s), bytes, &e));
    assert_true(has(ask(s, &n), "i+"));
    ts_store_close(s);
    ts_store_close(other);
}

static void without_a_place_for_the_table(void **state) {
    (void)state;
    ts_store *s = make("folder.db");
    ts_notice n = of_lot_a();
    assert_int_equal(mkdir(table_of(s), 0700), 0); /* a folder where the file would be */
    assert_true(has(ask(s, &n), "i1+ba"));
    assert_int_equal(rmdir(table_of(s)), 0);
    ts_store_close(s);
}

static void places_that_were_not_recorded(void **state) {
    (void)state;
    ts_store *s = maker_store(&a, "missing.db");
    ts_notice n = of_lot_a();
    ts_error e = {0};
    ts_passport_row row = {.id = TS_S("urn:p:i"),
                           .product = TS_S("https://id.gs1.org/01/" GTIN "/10/A/21/1"),
                           .grain = TS_S("item"),
                           .status = TS_S("active"),
                           .safety = TS_S("none_known"),
                           .operator_id = TS_S("did:web:m.example"),
                           .digest = TS_S("00"),
                           .document = document("i", "item", GTIN "/10/A/21/1", "")};
    assert_true(ts_store_begin(s, &e) && ts_store_add_passport(s, &row, NOW, &e));
    assert_true(ts_store_end(s, true, &e));
    assert_true(has(ask(s, &n), "i+"));
    ts_store_close(s);
}

/* ---- what is asked while it is told ---- */

static bool first_only(void *ctx, const ts_affected_row *r) {
    ts_str *kept = ctx;
    *kept = ts_str_dup(&a, r->passport);
    return false;
}

static void an_end_is_an_end(void **state) {
    (void)state;
    ts_store *s = make("end.db");
    ts_notice n = of_lot_a();
    ts_str kept = TS_NONE;
    ts_affected_counts c;
    ts_error e = {0};
    const ts_affected_job job = {
        .store = s, .notice = &n, .all = true, .each = first_only, .ctx = &kept};
    assert_true(ts_passports_affected(&a, &job, &c, &e));
    assert_str(kept, "urn:p:ba");
    assert_int_equal(c.looked_at, 9);
    assert_int_equal(c.inside, 5);
    assert_int_equal(c.open, 2);
    assert_int_equal(c.outside, 2);
    ts_store_close(s);
}

/* Wherever memory runs out, the store is left as it was. */
static void memory_that_runs_out_is_an_error(void **state) {
    (void)state;
    ts_store *s = make("memory.db");
    ts_notice n = of_lot_a();
    unsigned failed = 0, done = 0;
    for (long at = 1; at < 600; at += 1 + at / 20) {
        ts_arena mark = a;
        ts_affected_row row;
        ts_affected_counts c;
        ts_error e = {0};
        const ts_affected_job job = {.store = s, .notice = &n};
        ts_arena_fail_after(at);
        bool ok = ts_passport_affected(&a, s, TS_S("urn:p:s3"), &n, &row, &e);
        ts_arena_fail_after(0);
        *(ok ? &done : &failed) += 1;
        if (!ok) assert_int_equal(e.code, TS_E_MEMORY);
        if (ok) assert_int_equal(row.found.inside, TS_YES);
        assert_true(ts_passports_affected(&a, &job, &c, &e));
        assert_int_equal(c.inside, 5);
        assert_true(ts_store_begin(s, &e)); /* nothing is held any more */
        ts_store_rollback(s);
        a = mark;
    }
    assert_true(failed > 20 && done > 5);
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_right_items),
        cmocka_unit_test(one_passport),
        cmocka_unit_test(parts_named_with_another_lot),
        cmocka_unit_test(new_versions_are_seen),
        cmocka_unit_test(a_revoked_passport_excludes_nothing),
        cmocka_unit_test(an_unsigned_passport_excludes_nothing),
        cmocka_unit_test(a_damaged_table_is_made_anew),
        cmocka_unit_test(the_table_of_another_store_is_not_taken),
        cmocka_unit_test(without_a_place_for_the_table),
        cmocka_unit_test(places_that_were_not_recorded),
        cmocka_unit_test(an_end_is_an_end),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
