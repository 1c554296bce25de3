#include "product/product.h"
#include "support/support.h"

static ts_product_id *read_id(ts_arena *a, const char *text) {
    ts_product_id *id = ts_new(a, ts_product_id);
    ts_error e = {0};
    if (!ts_product_id_read(a, ts_str_c(text), id, &e)) fail_msg("%s: %s", text, e.msg);
    assert_str(id->given, text);
    return id;
}

static void classifies_and_canonises(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const struct {
        const char *given;
        ts_product_id_kind kind;
        const char *text;
    } cases[] = {
        {"https://id.example.com/01/09521234543213/21/7Q2MX9", TS_PID_GS1,
         "https://id.gs1.org/01/09521234543213/21/7Q2MX9"},
        {"HTTP://Brand.example:80/p/01/9521234543213/21/7Q2MX9?17=271231&linkType=gs1:dpp#x",
         TS_PID_GS1, "https://id.gs1.org/01/09521234543213/21/7Q2MX9"},
        {"https://id.example.com/%30%31/%309521234543213/21/%37Q2MX9", TS_PID_GS1,
         "https://id.gs1.org/01/09521234543213/21/7Q2MX9"},
        {"https://id.example.com/01/09521234543213/10/a%2fb", TS_PID_GS1,
         "https://id.gs1.org/01/09521234543213/10/a%2Fb"},
        {"(21)7Q2MX9(01)09521234543213(17)271231", TS_PID_GS1,
         "https://id.gs1.org/01/09521234543213/21/7Q2MX9"},
        {"]d20109521234543213217Q2MX9", TS_PID_GS1,
         "https://id.gs1.org/01/09521234543213/21/7Q2MX9"},
        {"\x1D"
         "0109521234543213217Q2MX9",
         TS_PID_GS1, "https://id.gs1.org/01/09521234543213/21/7Q2MX9"},
        {"^0109521234543213217Q2MX9^17271231", TS_PID_GS1,
         "https://id.gs1.org/01/09521234543213/21/7Q2MX9"},
        {"0109521234543213", TS_PID_GS1, "https://id.gs1.org/01/09521234543213"},
        {"(01)09521234543213(8200)https://example.com", TS_PID_GS1,
         "https://id.gs1.org/01/09521234543213"},
        {"https://example.com/8004/9520614141234567?01=9520123456788", TS_PID_GS1,
         "https://id.gs1.org/8004/9520614141234567"},
        {"https://example.com/8004/9521", TS_PID_GS1, "https://id.gs1.org/8004/9521"},
        {"https://example.com/p/4711", TS_PID_LINK, "https://example.com/p/4711"},
        {"HTTPS://Example.COM:443/P/%34711%7e%2f%c3%a4?Q=%41&b", TS_PID_LINK,
         "https://example.com/P/4711~%2F%C3%A4?Q=A&b"},
        {"http://example.com:8080/x", TS_PID_LINK, "http://example.com:8080/x"},
        {"http://example.com:00080/x", TS_PID_LINK, "http://example.com/x"},
        {"http://example.com:/x?#", TS_PID_LINK, "http://example.com/x?#"},
        {"https://example.com?id=5", TS_PID_LINK, "https://example.com?id=5"},
        {"https://[2001:DB8::1]/x", TS_PID_LINK, "https://[2001:db8::1]/x"},
        {"https://example.com/a//b/", TS_PID_LINK, "https://example.com/a//b/"},
        /* numbers in a path that claim nothing */
        {"https://example.com/01/shoes", TS_PID_LINK, "https://example.com/01/shoes"},
        {"https://example.com/00/12", TS_PID_LINK, "https://example.com/00/12"},
        {"https://example.com/00/2024/07/manual", TS_PID_LINK,
         "https://example.com/00/2024/07/manual"},
        {"https://example.com/2024/01", TS_PID_LINK, "https://example.com/2024/01"},
        {"https://example.com/401/2024/report/x", TS_PID_LINK,
         "https://example.com/401/2024/report/x"},
        {"https://example.com/x?01=09521234543213", TS_PID_LINK,
         "https://example.com/x?01=09521234543213"},
        {"https://example.com/AQnYUc1gmiERBhQ0", TS_PID_LINK,
         "https://example.com/AQnYUc1gmiERBhQ0"},
        {"did:web:example.com:products:4711", TS_PID_DID, "did:web:example.com:products:4711"},
        {"did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", TS_PID_DID,
         "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"},
        {"did:web:localhost%3A8443:p", TS_PID_DID, "did:web:localhost%3A8443:p"},
        {"did:x1:a:::b", TS_PID_DID, "did:x1:a:::b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_product_id *id = read_id(&a, cases[i].given);
        if (id->kind != cases[i].kind)
            fail_msg("%s is %s", cases[i].given, ts_product_id_kind_name(id->kind));
        assert_str(id->text, cases[i].text);
        /* The canonical form is its own. */
        ts_product_id again;
        ts_error e;
        assert_true(ts_product_id_read(&a, id->text, &again, &e));
        assert_int_equal(again.kind, id->kind);
        assert_true(ts_str_eq(again.text, id->text));
    }
}

static void keeps_what_the_link_said(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_product_id *id =
        read_id(&a, "https://id.example.com/x/01/9521234543213/21/A?17=271231&l=de#f");
    assert_str(id->link.stem, "https://id.example.com/x");
    assert_str(id->link.query, "l=de");
    assert_str(id->link.fragment, "f");
    assert_int_equal(id->link.path_n, 2);
    assert_str(ts_gs1_brackets(&a, &id->link.ais), "(01)09521234543213(21)A(17)271231");
    assert_int_equal(ts_gs1_grain(&id->link.ais), TS_GRAIN_ITEM);
    id = read_id(&a, "(17)271231(21)A(01)09521234543213");
    assert_int_equal(id->link.path_n, 2);
    assert_str(id->link.stem, "");
    assert_str(ts_gs1_brackets(&a, &id->link.ais), "(01)09521234543213(21)A(17)271231");
    id = read_id(&a, "did:web:example.com");
    assert_int_equal(id->link.ais.n, 0);
}

static void refuses_by_name(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const char *const cases[][2] = {
        {"", "the product identifier is empty"},
        {"urn:x", "the product identifier is neither a GS1 Digital Link or AIs, nor an http(s)"},
        {" https://example.com/x", "the product identifier is neither"},
        {"4711 blue", "is not a known AI"},
        /* what looks like a GS1 key must be a valid one */
        {"https://example.com/01/1234", "a GTIN has 8, 12, 13 or 14 digits, not 4"},
        {"https://example.com/01/09521234543214", "AI (01), place 14: the check digit is wrong"},
        {"https://example.com/01/09521234543213/", "the path ends in '/'"},
        {"https://example.com/01/09521234543213/21", "there is no GS1 key in the path"},
        {"https://example.com/01/09521234543213/foo/bar", "there is no GS1 key in the path"},
        {"https://example.com/01/09521234543214/foo/bar", "there is no GS1 key in the path"},
        {"https://example.com/01/09521234543213/21/A/10/B", "the wrong order"},
        {"https://example.com/01/09521234543213/lot/A", "the path says 'lot' where an AI is due"},
        {"https://example.com/gtin/09521234543213", "the path says 'gtin' where an AI is due"},
        {"https://example.com/giai/9521ABC", "the path says 'giai' where an AI is due"},
        {"https://example.com/%30%31/1234", "a GTIN has 8, 12, 13 or 14 digits, not 4"},
        {"https://example.com/00/106141412345678909", "AI (00), place 18: the check digit"},
        {"https://example.com/01/09521234543213?10=A", "AI (10) belongs into the path"},
        {"https://example.com/01/09521234543213?%32%31=A", "AI (21) may not stand in the query"},
        /* addresses */
        {"https://example.com", "the address names a site and not one product"},
        {"https://example.com/", "the address names a site and not one product"},
        {"https://example.com/#x", "the address names a site and not one product"},
        {"https://example.com/a/../b", "a segment '.' or '..' in the path"},
        {"https://example.com/a/%2E%2e/b", "a segment '.' or '..' in the path"},
        {"https://example.com/a b", "' ' may not stand in an address"},
        {"https://example.com/\xC3\xA4", "a character outside ASCII"},
        {"https://example.com/%0A", "an encoded control character"},
        {"https://me@example.com/x", "the address holds a user name"},
        /* AIs */
        {"(17)271231", "AI (17) needs other AIs beside it"},
        {"(91)X", "there is no key that a link could be about"},
        {"(8004)9521X(253)9520123456788", "are both keys of a link"},
        {"(01)09521234543213(21).", "AI (21) with the value . cannot stand in a link"},
        {"]Q1https://example.com/x", "symbology identifier"},
        {"4006381333931", "a bare number of 13 digits"},
        {"40112345", "a bare number of 8 digits"},
        {"09521234543213", "a bare number of 14 digits"},
        {"614141123452", "a bare number of 12 digits"},
        /* DIDs */
        {"did:", "a DID is did:METHOD:ID"},
        {"did:web", "a DID is did:METHOD:ID"},
        {"did:web:", "a DID is did:METHOD:ID"},
        {"did::x", "a DID is did:METHOD:ID"},
        {"did:Web:x", "a DID is did:METHOD:ID"},
        {"DID:web:x", "a DID is did:METHOD:ID"},
        {"did:web:x:", "the DID ends in ':'"},
        {"did:web:x/y", "without path, query and fragment"},
        {"did:web:x?y", "without path, query and fragment"},
        {"did:web:x#key-1", "without path, query and fragment"},
        {"did:web:x%2", "a character that no DID may hold"},
        {"did:web:x%GG", "a character that no DID may hold"},
        {"did:web:x y", "a character that no DID may hold"},
        {"did:web:\xC3\xA4", "a character that no DID may hold"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_product_id id;
        ts_error e = {0};
        bool ok = ts_product_id_read(&a, ts_str_c(cases[i][0]), &id, &e);
        if (ok) fail_msg("%s was read", cases[i][0]);
        if (!strstr(e.msg, cases[i][1])) fail_msg("%s: \"%s\"", cases[i][0], e.msg);
    }
}

static void sizes_have_limits(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_product_id id;
    ts_error e;
    char text[8100];
    memset(text, 'x', sizeof text);
    memcpy(text, "https://example.com/", 20);
    assert_true(ts_product_id_read(&a, (ts_str){text, 255}, &id, &e));
    assert_false(ts_product_id_read(&a, (ts_str){text, 256}, &id, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg,
                        "an identification link has at most 255 characters (IEC 61406-1), this "
                        "one has 256");
    assert_false(ts_product_id_read(&a, (ts_str){text, 8001}, &id, &e));
    assert_string_equal(e.msg, "the product identifier has 8001 bytes, at most 8000 are read");
    memcpy(text, "did:web:", 8);
    memset(text + 8, 'x', sizeof text - 8);
    assert_true(ts_product_id_read(&a, (ts_str){text, 2000}, &id, &e));
    assert_false(ts_product_id_read(&a, (ts_str){text, 2001}, &id, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    /* 255 counts what was given, also where decoding makes it shorter. */
    char coded[300] = "https://example.com/";
    for (size_t i = 20; i + 3 <= 260; i += 3) memcpy(coded + i, "%41", 3);
    assert_false(ts_product_id_read(&a, (ts_str){coded, 257}, &id, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
}

static void a_nul_byte_is_refused(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const ts_str cases[] = {{"\0", 1},
                                   {"did:web:x\0y", 11},
                                   {"https://example.com/\0x", 22},
                                   {"(01)09521234543213\0", 19}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_product_id id;
        ts_error e;
        assert_false(ts_product_id_read(&a, cases[i], &id, &e));
    }
}

/* ---- serial numbers ---- */

static const char signs[] = "23456789ABCDEFGHJKMNPRSTVWXYZ";
enum { SERIALS = 20000, LENGTH = 20 };

static int by_text(const void *x, const void *y) { return memcmp(x, y, LENGTH); }

static void serials_are_unlike_each_other(void **s) {
    (void)s;
    static char all[SERIALS][LENGTH + 1];
    size_t count[256] = {0}, first[256] = {0};
    ts_error e;
    for (int i = 0; i < SERIALS; i++) {
        assert_true(ts_serial_new(LENGTH, all[i], &e));
        assert_int_equal(strlen(all[i]), LENGTH);
        first[(unsigned char)all[i][0]]++;
        for (int k = 0; k < LENGTH; k++) count[(unsigned char)all[i][k]]++;
    }
    size_t total = 0;
    double chi = 0, expected = (double)SERIALS * LENGTH / 29;
    for (size_t i = 0; i < sizeof signs - 1; i++) {
        size_t n = count[(unsigned char)signs[i]];
        double d = (double)n - expected;
        total += n;
        chi += d * d / expected;
        assert_true(first[(unsigned char)signs[i]] > SERIALS / 29 / 2);
    }
    assert_int_equal(total, SERIALS * LENGTH); /* no other signs */
    /* 28 degrees of freedom: 85 is passed by chance once in some ten million runs; a remainder
     * instead of rejection would give some 30,000. */
    if (chi > 85) fail_msg("chi-square is %f", chi);
    qsort(all, SERIALS, sizeof *all, by_text);
    for (int i = 1; i < SERIALS; i++) assert_true(memcmp(all[i - 1], all[i], LENGTH) < 0);
}

/* Serials made one after the other do not grow: about half of the neighbours fall. */
static void serials_tell_no_order(void **s) {
    (void)s;
    char now[21], last[21] = "";
    int up = 0;
    ts_error e;
    for (int i = 0; i < 10000; i++) {
        assert_true(ts_serial_new(12, now, &e));
        up += memcmp(last, now, 12) < 0;
        memcpy(last, now, sizeof last);
    }
    assert_in_range(up, 4700, 5300); /* ten standard deviations: the variance is n / 12 */
}

static void serials_fit_ai_21(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    char out[21];
    for (unsigned n = 12; n <= 20; n++) {
        ts_gs1 g = {0};
        assert_true(ts_serial_new(n, out, &e));
        assert_int_equal(strlen(out), n);
        assert_true(ts_gs1_add(&g, TS_S("01"), TS_S("09521234543213"), &e));
        assert_true(ts_gs1_add(&g, TS_S("21"), ts_str_c(out), &e));
        assert_true(ts_gs1_validate(&g, &e));
        ts_str link;
        assert_true(ts_digital_link_build(&a, TS_NONE, &g, &link, &e));
        assert_true(ts_str_chr(link, '%') == TS_NPOS);
    }
    static const unsigned wrong[] = {0, 11, 21, 4000000000u};
    for (size_t i = 0; i < 4; i++) {
        assert_false(ts_serial_new(wrong[i], out, &e));
        assert_int_equal(e.code, TS_E_USAGE);
    }
}

static void names(void **s) {
    (void)s;
    assert_string_equal(ts_product_id_kind_name(TS_PID_GS1), "gs1");
    assert_string_equal(ts_product_id_kind_name(TS_PID_LINK), "iec61406");
    assert_string_equal(ts_product_id_kind_name(TS_PID_DID), "did");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classifies_and_canonises),
        cmocka_unit_test(keeps_what_the_link_said),
        cmocka_unit_test(refuses_by_name),
        cmocka_unit_test(sizes_have_limits),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(serials_are_unlike_each_other),
        cmocka_unit_test(serials_tell_no_order),
        cmocka_unit_test(serials_fit_ai_21),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
