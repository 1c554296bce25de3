/* Offers that show passports, as somebody at a terminal meets them. */
#include "host/maker.h"

static ts_arena a;
static ts_key *key;
static const char *notices, *offers, *passports;

#define MADE "https://maker.example/01/09521234543213"

/* Three offers in three languages: one of a recalled lot, one of a passport that says so itself,
 * one that is somebody else's goods; a genuine one; and a stranger's. */
static const char offer_lines[] =
    "{\"id\":\"1\",\"title\":\"Wasserkocher, neu\",\"seller\":\"Eins\",\"url\":\"https://"
    "eins.example/1\",\"description\":\"Digitaler Produktpass: " MADE
    "/10/B7/21/S1.\",\"market\":\"DE\"}\n"
    "{\"id\":\"2\",\"title\":\"全新电热水壶\",\"seller\":\"二号店\",\"url\":\"https://er.example/"
    "2\",\"description\":\"数字护照：" MADE "/10/C9/21/S2。正品\"}\n"
    "{\"id\":\"3\",\"title\":\"Kettle\",\"seller\":\"Three\",\"url\":\"https://three.example/3\","
    "\"gtin\":\"4006381333931\",\"passport\":\"" MADE "/10/C9/21/S3\"}\n"
    "{\"id\":\"4\",\"title\":\"Kettle\",\"seller\":\"Four\",\"url\":\"https://four.example/4\","
    "\"passport\":\"" MADE "/10/C9/21/S4\"}\n";
static const char stranger[] =
    "{\"id\":\"5\",\"title\":\"Kettle\",\"passport\":\"https://stranger.example/p\"}\n";

static ts_str document(const char *serial, const char *lot, const char *more) {
    ts_buf b = ts_buf_new(&a, 8000);
    ts_str did = ts_did_key_of(&a, ts_key_public_of(key));
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:%s\",\"granularity\":\"item\","
               "\"product\":{\"id\":\"" MADE "/10/%s/21/%s\",\"name\":\"Velmora kettle\","
               "\"productCategory\":[{\"code\":\"1\",\"name\":\"Kettles\",\"schemeId\":"
               "\"https://c.example\",\"schemeName\":\"C\"}],"
               "\"countryOfProduction\":{\"countryCode\":\"DE\"}},"
               "\"facility\":{\"id\":\"https://maker.example/f\",\"name\":\"Works\"},"
               "\"operator\":{\"id\":\"%.*s\",\"name\":\"Velmora\"},\"packs\":[{\"id\":"
               "\"generic\"}],\"status\":\"active\",\"elements\":{\"manufacturer\":{\"name\":"
               "\"Velmora\"},\"identification\":{\"model\":\"VK-1700\"}}%s}",
               serial, lot, serial, TS_P(did), more);
    return ts_buf_str(&b);
}

static void issue(ts_store *s, const char *serial, const char *lot, const char *more) {
    const ts_issue_job job = {.store = s,
                              .by = {.key = key},
                              .document = document(serial, lot, more),
                              .list = TS_S("https://maker.example/status/1"),
                              .now = ts_now() - 60,
                              .until = TS_NO_TIME};
    must_issue(&a, &job);
}

static int setup(void **state) {
    (void)state;
    a = test_arena();
    key = maker_key(&a, "shown.pem", TS_KEY_ED25519);
    notices = temp_path(&a, "notices.csv");
    offers = temp_path(&a, "offers.jsonl");
    passports = temp_path(&a, "passports.db");
    test_write(offers, ts_str_c(offer_lines));
    test_write(notices,
               TS_S("number,date,authority,producer,brand,product,model,lot,defect,country,state\n"
                    "R-1,2026-03-01,office,Velmora Ltd,Velmora,Electric "
                    "kettle,VK-1700,B7,Hot,DE,published\n"));
    ts_store *s = maker_store(&a, "passports.db");
    issue(s, "S1", "B7", "");
    issue(s, "S2", "C9",
          ",\"safety\":[{\"status\":\"recalled\",\"by\":{\"id\":\"did:web:office.example\","
          "\"name\":\"Amt\"},\"at\":\"2026-01-02T10:00:00Z\"}]");
    issue(s, "S3", "C9", "");
    issue(s, "S4", "C9", "");
    ts_store_close(s);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    ts_key_free(key);
    return 0;
}

#define SCREEN(...)                                                                                \
    RUN(&a, "screen", "--notices", notices, "--offers", offers, "--passports", passports,          \
        __VA_ARGS__)

static void lines(void **state) {
    (void)state;
    ran r = SCREEN("--format", "jsonl");
    assert_status(r, 0);
    assert_int_equal(run_count(r.out, "\n"), 3);
    assert_int_equal(run_count(r.out, "\"basis\":\"passport\""), 3);
    assert_int_equal(run_count(r.out, "\"rung\":\"declared\""), 3);
    assert_int_equal(run_count(r.out, "\"notice\":null"), 2);
    assert_int_equal(run_count(r.out, "\"probability\":null"), 3);
    assert_int_equal(run_count(r.out, "\"goods\":\"not_checked\""), 3);
    assert_says(r.out, "\"findings\":[\"passport_recalled\"]");
    assert_says(r.out, "\"findings\":[\"passport_mismatch\"]");
    assert_says(r.out, "\"scope_fit\":\"inside\",\"scope_why\":\"passport_lot_named\"");
    assert_silent_on(r.out, "four.example");
    assert_says(r.err, "offers show 4 passports and Digital Links; 3 leads rest on them");
    for (ts_str rest = r.out; rest.n;) { /* every line is JSON of its own */
        ts_error e = {0};
        ts_str line = ts_str_cut(&rest, '\n');
        if (line.n && !ts_json_parse(&a, line, (ts_json_options){.strict = true}, &e))
            fail_msg("%s", e.msg);
    }
}

static void people(void **state) {
    (void)state;
    static const struct {
        const char *lang, *by, *said[3];
    } table[] = {
        {"en",
         "by identity",
         {"the passport says: recalled (Amt, 2026-01-02)", "trade item number is not",
          "the passport: Velmora kettle"}},
        {"de",
         "über Identität",
         {"der Pass sagt: zurückgerufen (Amt, 2026-01-02)", "die Artikelnummer des Angebots",
          "der Pass: Velmora kettle"}},
        {"zh", "按标识", {"护照载明：已召回", "贸易项目代码与护照不符", "护照：Velmora kettle"}},
    };
    for (size_t i = 0; i < 3; i++) {
        ran t = SCREEN("--format", "table", "--lang", table[i].lang),
            h = SCREEN("--format", "html", "--lang", table[i].lang);
        assert_status(t, 0);
        assert_status(h, 0);
        assert_says(t.out, table[i].by);
        assert_says(h.out, table[i].by);
        for (int k = 0; k < 3; k++) {
            if (k < 2) assert_says(t.out, table[i].said[k]);
            assert_says(h.out, table[i].said[k]);
        }
        static const char *const groups[] = {"offered.", "affected.", "evidence.",
                                             "scope.",   "risk.",     "verify."};
        for (size_t g = 0; g < 6; g++) { /* no key stands in place of its words */
            assert_silent_on(t.out, groups[g]);
            assert_silent_on(h.out, groups[g]);
        }
    }
}

static void columns(void **state) {
    (void)state;
    ran r = SCREEN("--format", "csv");
    assert_status(r, 0);
    ts_str rest = r.out, head = ts_str_cut(&rest, '\n'), line = ts_str_cut(&rest, '\n');
    assert_says(head, ",model,passport_source,passport_given,passport_id,passport_signature,"
                      "passport_issuer,passport_status,passport_findings");
    assert_says(line, ",identity,here," MADE "/10/B7/21/S1,urn:S1,verified,verified,verified,");
    /* without passports there are no such columns */
    r = RUN(&a, "screen", "--notices", notices, "--offers", offers, "--format", "csv");
    assert_status(r, 0);
    assert_silent_on(r.out, "passport_source");
}

/* What nobody has here is not checked, and that is no success. */
static void not_checked(void **state) {
    (void)state;
    const char *file = temp_path(&a, "stranger.jsonl");
    test_write(file, ts_str_c(stranger));
    ran r = RUN(&a, "screen", "--notices", notices, "--offers", file, "--passports", passports);
    assert_status(r, 3);
    assert_int_equal(r.out.n, 0);
    assert_says(r.err, "1 of 1 passports shown: NOT CHECKED");
    r = RUN(&a, "screen", "--notices", notices, "--offers", file);
    assert_status(r, 0);
    r = RUN(&a, "screen", "--notices", notices, "--offers", file, "--passports",
            temp_path(&a, "none.db"));
    assert_status(r, 1);
    assert_says(r.err, "no such store");
    r = RUN(&a, "screen", "--notices", notices, "--offers", file, "--passports", notices);
    assert_status(r, 1);
    r = RUN(&a, "screen", "--notices", notices, "--offers", file, "--fetch-most", "0");
    assert_status(r, 2);
}

/* Leads are kept and shown again; the store of the leads may be that of the passports. An item that
 * comes in another offer on another day is told. */
static void kept(void **state) {
    (void)state;
    const char *again = temp_path(&a, "again.jsonl");
    ran r = RUN(&a, "screen", "--notices", notices, "--offers", offers, "--store", passports);
    assert_status(r, 0);
    assert_int_equal(run_count(r.out, "\n"), 3);
    r = RUN(&a, "show", "--store", passports, "--format", "jsonl");
    assert_status(r, 0);
    assert_int_equal(run_count(r.out, "\"basis\":\"passport\""), 3);
    assert_silent_on(r.out, "basis_gone");
    r = RUN(&a, "screen", "--notices", notices, "--offers", offers, "--store", passports);
    assert_status(r, 0);
    assert_int_equal(run_count(r.out, "\n"), 3); /* the same offers again are no second ones */
    test_write(again, TS_S("{\"id\":\"9\",\"title\":\"Kettle, used\",\"seller\":\"Nine\",\"url\":"
                           "\"https://nine.example/9\",\"passport\":\"" MADE "/10/C9/21/S4\"}\n"));
    r = RUN(&a, "screen", "--notices", notices, "--offers", again, "--store", passports);
    assert_status(r, 0);
    assert_says(r.out, "passport_twice");
    assert_says(r.out, "Four, https://four.example/4");
    ts_str id = ts_str_from(r.out, ts_str_find(r.out, TS_S("\"id\":\"")) + 6);
    r = RUN(&a, "show", "--store", passports, ts_str_z(&a, ts_str_to(id, 10)));
    assert_status(r, 0);
    assert_says(r.out, "passport shown");
    assert_says(r.out, "not checked: a code can be copied");
    assert_says(r.out, "urn:S4");
    assert_silent_on(r.out, "legal effect"); /* there is no notice */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),       cmocka_unit_test(people), cmocka_unit_test(columns),
        cmocka_unit_test(not_checked), cmocka_unit_test(kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
