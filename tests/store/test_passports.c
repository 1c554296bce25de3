#include <sqlite3.h>

#include "store/store.h"

#include "cli/run.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_store *opened(const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(&a, temp_path(&a, name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static ts_passport_row passport(const char *id, const char *document) {
    return (ts_passport_row){.id = ts_str_c(id),
                             .product = TS_S("https://id.gs1.org/01/09521234543213"),
                             .grain = TS_S("model"),
                             .status = TS_S("active"),
                             .safety = TS_S("none_known"),
                             .operator_id = TS_S("did:web:m.example"),
                             .digest = TS_S("00"),
                             .document = ts_str_c(document)};
}

static int64_t add(ts_store *s, const char *id, const char *document, int64_t at) {
    ts_error e = {0};
    ts_passport_row r = passport(id, document);
    assert_true(ts_store_begin(s, &e));
    if (!ts_store_add_passport(s, &r, at, &e)) fail_msg("%s", e.msg);
    assert_true(ts_store_commit(s, &e));
    return r.version;
}

static void history(void **state) {
    (void)state;
    ts_store *s = opened("history.db");
    ts_passport_row r;
    ts_error e = {0};
    bool found;
    assert_int_equal(add(s, "urn:a", "one", 100), 1);
    assert_int_equal(add(s, "urn:a", "two", 200), 2);
    assert_int_equal(add(s, "urn:a", "three", 200), 3); /* in the same second */
    static const struct {
        int64_t at;
        const char *document;
    } rows[] = {{99, 0}, {100, "one"}, {199, "one"}, {200, "three"}, {INT64_MAX, "three"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(ts_store_passport_at(s, &a, TS_S("urn:a"), rows[i].at, &r, &found, &e));
        assert_int_equal(found, rows[i].document != 0);
        if (found) assert_str(r.document, rows[i].document);
    }
    assert_true(ts_store_passport_version(s, &a, TS_S("urn:a"), 2, &r, &found, &e) && found);
    assert_str(r.document, "two");
    assert_true(ts_store_passport_version(s, &a, TS_S("urn:a"), 4, &r, &found, &e) && !found);
    assert_true(ts_store_passport(s, &a, TS_S("urn:b"), &r, &found, &e) && !found);
    r = passport("urn:a", "four");
    assert_true(ts_store_begin(s, &e));
    assert_false(ts_store_add_passport(s, &r, 150, &e));
    assert_non_null(strstr(e.msg, "1970-01-01T00:03:20Z"));
    ts_store_rollback(s);
    ts_store_close(s);
}

static void lists_of_them(void **state) {
    (void)state;
    ts_store *s = opened("many.db");
    ts_passport_rows rows = {0};
    ts_error e = {0};
    char id[40];
    for (int i = 0; i < 25; i++) {
        snprintf(id, sizeof id, "urn:%02d", i);
        add(s, id, "x", 100 + i);
    }
    add(s, "urn:03", "y", 500);
    ts_str after = TS_NONE;
    size_t seen = 0;
    do {
        rows.n = 0;
        assert_true(ts_store_passports(s, &a, TS_NONE, after, 7, &rows, &e));
        for (size_t i = 0; i < rows.n; i++) {
            assert_true(ts_str_cmp(rows.v[i].id, after) > 0);
            assert_int_equal(rows.v[i].version, ts_str_is(rows.v[i].id, "urn:03") ? 2 : 1);
            assert_int_equal(rows.v[i].document.n, 0);
            after = rows.v[i].id;
            seen++;
        }
    } while (rows.n);
    assert_int_equal(seen, 25);
    rows.n = 0;
    assert_true(ts_store_passports(s, &a, TS_S("https://id.gs1.org/01/09521234543213"), TS_NONE,
                                   100, &rows, &e));
    assert_int_equal(rows.n, 25);
    rows.n = 0;
    assert_true(
        ts_store_passports(s, &a, TS_S("https://id.gs1.org/01/0"), TS_NONE, 100, &rows, &e));
    assert_int_equal(rows.n, 0);
    ts_store_close(s);
}

static ts_secured_row signed_row(const char *credential, int64_t version) {
    return (ts_secured_row){.passport = TS_S("urn:a"),
                            .version = version,
                            .audience = TS_S("public"),
                            .form = TS_S("untp-jose"),
                            .credential = ts_str_c(credential),
                            .issuer = TS_S("did:key:z"),
                            .at = 1,
                            .bytes = TS_S("a.b.c")};
}

/* A signature is of a version that is there, and has an id of its own. */
static void the_only_one(void **state) {
    (void)state;
    ts_store *s = opened("only.db");
    ts_str product = TS_S("https://id.gs1.org/01/09521234543213"), id = TS_NONE;
    ts_error e = {0};
    bool one = true;
    assert_true(ts_store_only_passport(s, &a, product, &id, &one, &e) && !one);
    add(s, "urn:a", "one", 100);
    add(s, "urn:a", "two", 200);
    assert_true(ts_store_only_passport(s, &a, product, &id, &one, &e) && one);
    assert_str(id, "urn:a");
    assert_true(ts_store_only_passport(s, &a, TS_S("other"), &id, &one, &e) && !one);
    add(s, "urn:b", "one", 300);
    assert_true(ts_store_only_passport(s, &a, product, &id, &one, &e) && !one);
    ts_store_close(s);
}

static void signatures(void **state) {
    (void)state;
    ts_store *s = opened("signed.db");
    ts_secured_rows rows = {0};
    ts_secured_row r = signed_row("urn:c1", 1);
    ts_error e = {0};
    bool found;
    assert_true(ts_store_begin(s, &e));
    assert_false(ts_store_add_secured(s, &r, &e)); /* no such passport */
    ts_store_rollback(s);
    add(s, "urn:a", "one", 100);
    add(s, "urn:a", "two", 200);
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_add_secured(s, &r, &e));
    r = signed_row("urn:c2", 2);
    assert_true(ts_store_add_secured(s, &r, &e));
    assert_true(ts_store_commit(s, &e));
    assert_true(ts_store_begin(s, &e));
    assert_false(ts_store_add_secured(s, &r, &e)); /* the same id again */
    ts_store_rollback(s);
    assert_true(ts_store_secured(s, &a, TS_S("urn:a"), 0, &rows, &e));
    assert_int_equal(rows.n, 2);
    rows.n = 0;
    assert_true(ts_store_secured(s, &a, TS_S("urn:a"), 2, &rows, &e));
    assert_int_equal(rows.n, 1);
    assert_str(rows.v[0].bytes, "a.b.c");
    assert_true(ts_store_secured_by_id(s, &a, TS_S("urn:c1"), &r, &found, &e) && found);
    assert_int_equal(r.version, 1);
    assert_true(ts_store_secured_by_id(s, &a, TS_S("urn:c9"), &r, &found, &e) && !found);
    ts_store_close(s);
}

static void status_lists(void **state) {
    (void)state;
    ts_store *s = opened("lists.db");
    char bits[64] = {0, 1, 0, (char)0x80};
    ts_list_row l = {.url = TS_S("https://m.example/1"),
                     .purpose = TS_S("revocation"),
                     .bits = {bits, sizeof bits},
                     .secured = TS_S("x"),
                     .at = 5},
                back;
    ts_error e = {0};
    bool found, taken;
    int64_t n;
    assert_true(ts_store_begin(s, &e));
    assert_false(ts_store_take_index(s, l.url, 7, &taken, &e)); /* no such list */
    ts_store_rollback(s);
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_put_list(s, &l, &e));
    assert_true(ts_store_take_index(s, l.url, 7, &taken, &e) && taken);
    assert_true(ts_store_take_index(s, l.url, 7, &taken, &e) && !taken);
    assert_true(ts_store_take_index(s, l.url, 8, &taken, &e) && taken);
    assert_true(ts_store_commit(s, &e));
    assert_true(ts_store_list_used(s, l.url, &n, &e));
    assert_int_equal(n, 2);
    assert_true(ts_store_list(s, &a, l.url, &back, &found, &e) && found);
    assert_int_equal(back.bits.n, sizeof bits);
    assert_memory_equal(back.bits.p, bits, sizeof bits);
    assert_true(ts_store_list(s, &a, TS_S("https://m.example/2"), &back, &found, &e) && !found);
    ts_store_close(s);
}

static ts_store *store_of_version_3(const char *name) {
    const char *path = temp_path(&a, name);
    ts_error e = {0};
    ts_str text;
    sqlite3 *db;
    assert_true(ts_file_read(&a, here(&a, "store/version3.sql"), 1 << 20, &text, &e));
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, ts_str_z(&a, text), 0, 0, 0) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

/* A store that kept passports by their texts is carried over: every text to the byte, every number,
 * and the log begins with them in the order in which they were written. */
static void from_version_3(void **state) {
    (void)state;
    ts_store *s = store_of_version_3("v3.db");
    ts_passport_row r;
    ts_secured_rows forms = {0};
    ts_list_row list;
    ts_log_rows log = {0};
    ts_error e = {0};
    bool found, taken;
    int64_t used;
    assert_true(ts_store_passport(s, &a, TS_S("urn:item"), &r, &found, &e) && found);
    assert_int_equal(r.version, 2);
    assert_int_equal(r.at, 300);
    assert_str(r.document, "{\"document\":\"of the item, second, with some length to it so that "
                           "there is something to pack\"}");
    assert_str(r.product, "https://id.gs1.org/01/09521234543213/21/S1");
    assert_str(r.model, "urn:uuid:00000000-0000-4000-8000-00000000000a");
    assert_str(r.batch, "urn:batch");
    assert_str(r.status, "archived");
    assert_str(r.operator_id, "did:web:other.example");
    assert_str(r.digest, "cd");
    assert_true(ts_store_passport_at(s, &a, TS_S("urn:item"), 250, &r, &found, &e) && found);
    assert_str(r.document, "{\"document\":\"of the item, with some length to it so that there is "
                           "something to pack\"}");
    assert_true(ts_store_passport(s, &a, TS_S("urn:batch"), &r, &found, &e) && found);
    assert_str(r.safety, "recalled");
    assert_str(r.digest, "AB"); /* not as we write them: kept as it is */
    assert_true(ts_store_passport(s, &a, r.model, &r, &found, &e) && found);
    assert_str(r.grain, "model");
    assert_str(r.digest, "0f1e2d");
    assert_true(ts_store_secured(s, &a, TS_S("urn:item"), 0, &forms, &e));
    assert_int_equal(forms.n, 2);
    assert_str(forms.v[0].bytes, "eyJhIjoxfQ.eyJkb2N1bWVudCI6Im9mIHRoZSBpdGVtLCB3aXRoIHNvbWUgbGVu"
                                 "Z3RoIHRvIGl0In0.c2lnbmF0dXJl");
    assert_str(forms.v[0].credential, "urn:uuid:00000000-0000-4000-8000-00000000000b");
    assert_str(forms.v[0].list, "https://m.example/s/1");
    assert_int_equal(forms.v[0].index, 8);
    assert_str(forms.v[1].bytes, "{\"proof\":1}");
    assert_str(forms.v[1].audience, "authority+public");
    assert_str(forms.v[1].form, "untp-di");
    assert_true(ts_store_list(s, &a, forms.v[0].list, &list, &found, &e) && found);
    assert_int_equal(list.bits.n, 5);
    assert_int_equal((unsigned char)list.bits.p[1], 0x80);
    assert_int_equal(list.at, 150);
    assert_true(ts_store_list_used(s, list.url, &used, &e));
    assert_int_equal(used, 1);
    assert_true(ts_store_begin(s, &e));
    assert_true(ts_store_take_index(s, list.url, 8, &taken, &e) && !taken);
    ts_store_rollback(s);
    static const ts_log_kind kinds[] = {TS_LOG_LIST,    TS_LOG_VERSION, TS_LOG_VERSION,
                                        TS_LOG_VERSION, TS_LOG_SECURED, TS_LOG_VERSION,
                                        TS_LOG_SECURED};
    assert_true(ts_store_log(s, &a, 0, 100, 1 << 20, &log, &e));
    assert_int_equal(log.n, sizeof kinds / sizeof *kinds);
    for (size_t i = 0; i < log.n; i++) {
        ts_chain_hash digest = ts_chain_digest(log.v[i].body);
        assert_int_equal(log.v[i].kind, kinds[i]);
        assert_true(ts_chain_hash_eq(&digest, &log.v[i].digest));
    }
    ts_store_close(s);
}

/* ---- packing ---- */

/* Documents of a family: alike but for what makes each one its own. */
static ts_str member(int model, int batch, int item, int version) {
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_buf_fmt(&b, "{\"batch\":%d,\"elements\":{", batch);
    for (int i = 0; i < 30; i++)
        ts_buf_fmt(&b, "\"element%d\":{\"unit\":\"KGM\",\"value\":%d},", i, i * model * 7);
    ts_buf_fmt(&b, "\"last\":%d},\"item\":\"%08x\",\"version\":%d}", version,
               (unsigned)(item * 2654435761u), version);
    return ts_buf_str(&b);
}

static ts_str token_of(ts_str payload, int seed) {
    char seal[64];
    for (size_t i = 0; i < sizeof seal; i++) seal[i] = (char)(seed * 31 + (int)(i * i));
    const ts_str part[] = {ts_base64url(&a, TS_S("{\"alg\":\"EdDSA\",\"typ\":\"vc+jwt\"}")),
                           ts_base64url(&a, payload),
                           ts_base64url(&a, (ts_str){seal, sizeof seal})};
    return ts_str_join(&a, part, 3, TS_S("."));
}

static int64_t number_in(const char *path, const char *text) {
    sqlite3 *db;
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &q, 0), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

static void put_member(ts_store *s, const char *id, const char *grain, const char *model,
                       const char *batch, ts_str document) {
    ts_error e = {0};
    ts_passport_row r = passport(id, "");
    r.grain = ts_str_c(grain);
    r.model = ts_str_c(model);
    r.batch = ts_str_c(batch);
    r.document = document;
    if (!ts_store_add_passport(s, &r, 100, &e)) fail_msg("%s", e.msg);
    char credential[60];
    snprintf(credential, sizeof credential, "urn:c:%s:%lld", id, (long long)r.version);
    ts_secured_row form = signed_row(credential, r.version);
    form.passport = ts_str_c(id);
    form.bytes = token_of(document, (int)r.version);
    if (!ts_store_add_secured(s, &form, &e)) fail_msg("%s", e.msg);
}

static void check_member(ts_store *s, const char *id, int64_t version, ts_str document) {
    ts_passport_row r;
    ts_secured_rows forms = {0};
    ts_error e = {0};
    bool found;
    if (!ts_store_passport_version(s, &a, ts_str_c(id), version, &r, &found, &e) || !found)
        fail_msg("%s: %s", id, e.msg);
    assert_true(ts_str_eq(r.document, document));
    if (!ts_store_secured(s, &a, ts_str_c(id), version, &forms, &e)) fail_msg("%s", e.msg);
    assert_int_equal(forms.n, 1);
    assert_true(ts_str_eq(forms.v[0].bytes, token_of(document, (int)version)));
}

/* Two models, five batches each, twenty items each, and one item in twenty versions: every text
 * comes back to the byte, also by a reader that never saw it before, none lies too deep, and an
 * item takes a small part of its length. */
static void packed(void **state) {
    (void)state;
    enum { BATCHES = 5, ITEMS = 20, VERSIONS = 20 };
    const char *path = temp_path(&a, "packed.db");
    ts_error e = {0};
    char model[40], batch[60], item[80];
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
    assert_true(ts_store_begin(s, &e));
    for (int m = 1; m < 3; m++) {
        snprintf(model, sizeof model, "urn:m%d", m);
        put_member(s, model, "model", "", "", member(m, 0, 0, 1));
        for (int k = 1; k <= BATCHES; k++) {
            snprintf(batch, sizeof batch, "urn:m%d:b%d", m, k);
            put_member(s, batch, "batch", model, "", member(m, k, 0, 1));
            for (int i = 1; i <= ITEMS; i++) {
                snprintf(item, sizeof item, "urn:m%d:b%d:i%d", m, k, i);
                put_member(s, item, "item", model, batch, member(m, k, i, 1));
            }
        }
    }
    for (int v = 2; v <= VERSIONS; v++)
        put_member(s, "urn:m1:b1:i1", "item", "urn:m1", "urn:m1:b1", member(1, 1, 1, v));
    assert_true(ts_store_commit(s, &e));
    ts_store *reader = ts_store_open(&a, path, TS_STORE_READ, &e);
    assert_non_null(reader);
    for (int m = 2; m > 0; m--)
        for (int k = BATCHES; k > 0; k--)
            for (int i = ITEMS; i > 0; i--) {
                ts_arena mark = a;
                snprintf(item, sizeof item, "urn:m%d:b%d:i%d", m, k, i);
                check_member(reader, item, 1, member(m, k, i, 1));
                a = mark;
            }
    for (int v = VERSIONS; v > 0; v--) check_member(reader, "urn:m1:b1:i1", v, member(1, 1, 1, v));
    ts_store_close(reader);
    ts_store_close(s);
    assert_true(number_in(path, "SELECT max(depth) FROM passport_version") <= 6);
    assert_true(number_in(path, "SELECT max(depth) FROM passport_secured") <= 7);
    assert_true(number_in(path,
                          "SELECT max(length(document)) FROM passport_version v JOIN "
                          "passport p ON p.number = v.passport WHERE p.batch <> 0 AND "
                          "v.version = 1 AND v.row > 3") < (int64_t)member(1, 1, 1, 1).n / 10);
    assert_true(number_in(path, "SELECT max(length(bytes)) FROM passport_secured WHERE row > 3") <
                64 + (int64_t)member(1, 1, 1, 1).n / 10);
}

/* What a text may be: nothing is lost on the way. */
static void any_text(void **state) {
    (void)state;
    const char *path = temp_path(&a, "texts.db");
    ts_error e = {0};
    ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
    ts_random random = ts_random_seed(3);
    static const char *const tokens[] = {
        "a.b.c",         "..",           "eyJ9.eyJ9.",   ".eyJ9.eyJ9", "eyJ9..eyJ9",
        "ey%9.e.e",      "e30.e30.e30",  "e30.e30.e31",  "e30.e30",    "e30.e30.e30.e30",
        "{\"a\":\".\"}", "e30=.e30.e30", "e30.e30.e30\n"};
    ts_str noise = {ts_new_n(&a, char, 70000), 70000};
    for (size_t i = 0; i < noise.n; i++)
        ((char *)(uintptr_t)noise.p)[i] = (char)(32 + ts_random_below(&random, 90));
    assert_true(ts_store_begin(s, &e));
    for (size_t i = 0; i < 40; i++) {
        char id[20];
        snprintf(id, sizeof id, "urn:t%zu", i);
        ts_passport_row r = passport(id, "");
        r.model = TS_S("urn:m");
        r.document = ts_str_to(noise, i * i * 40);
        if (!ts_store_add_passport(s, &r, 100, &e)) fail_msg("%s", e.msg);
        ts_secured_row form = signed_row(id, 1);
        const char *t = tokens[i % (sizeof tokens / sizeof *tokens)];
        form.passport = ts_str_c(id);
        const ts_str part[] = {ts_str_c(t), i > 20 ? ts_str_to(noise, i * 100) : TS_NONE};
        form.bytes = ts_str_join(&a, part, 2, TS_NONE);
        if (!ts_store_add_secured(s, &form, &e)) fail_msg("%s", e.msg);
    }
    assert_true(ts_store_commit(s, &e));
    ts_store_close(s);
    s = ts_store_open(&a, path, TS_STORE_READ, &e);
    for (size_t i = 0; i < 40; i++) {
        char id[20];
        ts_passport_row r;
        ts_secured_row form;
        bool found;
        snprintf(id, sizeof id, "urn:t%zu", i);
        assert_true(ts_store_passport(s, &a, ts_str_c(id), &r, &found, &e) && found);
        assert_true(ts_str_eq(r.document, ts_str_to(noise, i * i * 40)));
        assert_true(ts_store_secured_by_id(s, &a, ts_str_c(id), &form, &found, &e) && found);
        const char *t = tokens[i % (sizeof tokens / sizeof *tokens)];
        assert_true(ts_str_starts(form.bytes, ts_str_c(t)));
        assert_int_equal(form.bytes.n, strlen(t) + (i > 20 ? i * 100 : 0));
    }
    ts_store_close(s);
}

/* A packed text that was damaged, whose base is gone, or that leads to itself is an error by name:
 * no crash, and no text that was never written as if it had been. */
static void damaged(void **state) {
    (void)state;
    static const char *const damages[] = {
        "DELETE FROM passport_version WHERE row = 2",
        "UPDATE passport_version SET digest = zeroblob(32) WHERE row = 3",
        "UPDATE passport_version SET base = row WHERE row = 3",
        "UPDATE passport_version SET base = 3 WHERE row = 2",
        "UPDATE passport_version SET document = x'' WHERE row = 3",
        "UPDATE passport_version SET document = x'01' WHERE row = 3",
        "UPDATE passport_version SET document = x'01ffffffffffff' WHERE row = 3",
        "UPDATE passport_version SET document = x'030a28b52ffd0001020304' WHERE row = 3",
        "UPDATE passport_version SET document = x'020a7f7f28b52ffd0001020304' WHERE row = 3",
        "UPDATE passport_version SET document = substr(document, 1, length(document) - 3) WHERE "
        "row = 3",
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        char name[30];
        ts_error e = {0};
        ts_passport_row r;
        bool found;
        sqlite3 *db;
        snprintf(name, sizeof name, "damage%zu.db", i);
        const char *path = temp_path(&a, name);
        ts_store *s = ts_store_open(&a, path, TS_STORE_WRITE, &e);
        assert_true(ts_store_begin(s, &e));
        put_member(s, "urn:m", "model", "", "", member(1, 0, 0, 1));
        put_member(s, "urn:b", "batch", "urn:m", "", member(1, 1, 0, 1));
        put_member(s, "urn:i", "item", "urn:m", "urn:b", member(1, 1, 1, 1));
        assert_true(ts_store_commit(s, &e));
        ts_store_close(s);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, damages[i], 0, 0, 0), SQLITE_OK);
        assert_int_equal(sqlite3_changes(db), 1);
        sqlite3_close(db);
        s = ts_store_open(&a, path, TS_STORE_READ, &e);
        if (ts_store_passport(s, &a, TS_S("urn:i"), &r, &found, &e))
            fail_msg("'%s' does not show", damages[i]);
        assert_int_equal(e.code, TS_E_STORE);
        assert_non_null(strstr(e.msg, "restore a back-up"));
        ts_store_close(s);
    }
}

/* What was rolled back is forgotten: its row's number is given again, to another text. */
static void rolled_back(void **state) {
    (void)state;
    ts_store *s = opened("rolled.db");
    ts_error e = {0};
    assert_true(ts_store_begin(s, &e));
    put_member(s, "urn:m", "model", "", "", member(1, 0, 0, 1));
    put_member(s, "urn:i", "item", "urn:m", "", member(1, 1, 1, 1));
    ts_store_rollback(s);
    assert_true(ts_store_begin(s, &e));
    put_member(s, "urn:m", "model", "", "", member(2, 0, 0, 1));
    put_member(s, "urn:j", "item", "urn:m", "", member(2, 1, 9, 1));
    put_member(s, "urn:k", "item", "urn:m", "", member(2, 1, 10, 1));
    assert_true(ts_store_commit(s, &e));
    check_member(s, "urn:j", 1, member(2, 1, 9, 1));
    check_member(s, "urn:k", 1, member(2, 1, 10, 1));
    ts_store_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history),      cmocka_unit_test(lists_of_them),
        cmocka_unit_test(the_only_one), cmocka_unit_test(signatures),
        cmocka_unit_test(status_lists), cmocka_unit_test(from_version_3),
        cmocka_unit_test(packed),       cmocka_unit_test(any_text),
        cmocka_unit_test(damaged),      cmocka_unit_test(rolled_back),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
