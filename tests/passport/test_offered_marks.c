#include "passport/offered.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_offered_marks in_text(const char *text) {
    ts_offer o = {.description = ts_str_c(text)};
    ts_offered_marks m = {0};
    ts_offered_marks_read(&a, &o, &m);
    return m;
}

#define ITEM "https://id.gs1.org/01/09521234543213/10/B7/21/S1"

/* What a Digital Link says is read, with what it belongs to. */
static void link(void **state) {
    (void)state;
    ts_offered_marks m = in_text("Scan " ITEM ", it says.");
    assert_int_equal(m.n, 1);
    const ts_offered_mark *x = &m.v[0];
    assert_str(x->given, ITEM);
    assert_string_equal(x->where, "description");
    assert_true(x->stated && x->address && x->one_thing);
    assert_int_equal(x->grain, TS_GRAIN_ITEM);
    assert_str(x->product, ITEM);
    assert_str(x->above[0], "https://id.gs1.org/01/09521234543213/10/B7");
    assert_str(x->above[1], "https://id.gs1.org/01/09521234543213");
    assert_str(x->gtin, "09521234543213");
    assert_str(x->lot, "B7");
    assert_str(x->serial, "S1");
}

/* The same product under another host, with other spellings, is the same mark once. */
static void once(void **state) {
    (void)state;
    ts_offered_marks m =
        in_text("HTTPS://Maker.Example/x/01/9521234543213/21/S1?linkType=gs1:dpp "
                "(https://id.gs1.org/01/09521234543213/21/S1) (01)09521234543213(21)S1");
    assert_int_equal(m.n, 1);
    assert_str(m.v[0].given, "HTTPS://Maker.Example/x/01/9521234543213/21/S1?linkType=gs1:dpp");
    assert_str(m.v[0].product, "https://id.gs1.org/01/09521234543213/21/S1");
    assert_str(m.v[0].above[1], "https://id.gs1.org/01/09521234543213");
    assert_int_equal(m.v[0].above[0].n, 0);
}

/* Where an address ends in running text of three languages. */
static void ends(void **state) {
    (void)state;
    static const struct {
        const char *text, *given;
    } table[] = {
        {"see https://m.example/01/09521234543213.", "https://m.example/01/09521234543213"},
        {"(https://m.example/01/09521234543213)", "https://m.example/01/09521234543213"},
        {"<a href=\"https://m.example/01/09521234543213\">", "https://m.example/01/09521234543213"},
        {"护照：https://m.example/01/09521234543213。正品", "https://m.example/01/09521234543213"},
        {"Pass „https://m.example/01/09521234543213“ ansehen",
         "https://m.example/01/09521234543213"},
        {"https://m.example/01/09521234543213, https", "https://m.example/01/09521234543213"},
        {"AIs: (01)09521234543213(21)A/B;", "(01)09521234543213(21)A/B"},
        {"(01)09521234543213", "(01)09521234543213"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ts_offered_marks m = in_text(table[i].text);
        if (m.n != 1) fail_msg("%s: %zu marks", table[i].text, m.n);
        assert_str(m.v[0].given, table[i].given);
    }
}

/* What is no passport, Digital Link or address is passed over. */
static void nothing(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "://",
        "http://",
        "https:// 01/09521234543213",
        "ftp://m.example/01/09521234543213",
        "01/09521234543213",
        "9521234543213",
        "(01)",
        "(01)09521234543214",                        /* check digit */
        "(01)0952",                                  /* too short */
        "(01)09521234543213(21)",                    /* no value */
        "https://m.example/01/09521234543214",       /* check digit: no link, and claims a key */
        "https://m.example/01/09521234543213/99/x/", /* no valid link */
        "https://user@m.example/01/09521234543213",
        "https://m.example/",
        "price: 01, size: 21",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ts_offered_marks m = in_text(texts[i]);
        if (m.n) fail_msg("%s: %.*s", texts[i], TS_P(m.v[0].given));
    }
}

/* Parcels, places and people are no goods; other addresses are only looked up. */
static void not_stated(void **state) {
    (void)state;
    static const char *const texts[] = {"https://m.example/414/9521234543213",
                                        "https://m.example/00/095212345678901234",
                                        "https://shop.example/kettle?id=7"};
    for (size_t i = 0; i < 3; i++) {
        ts_offered_marks m = in_text(texts[i]);
        if (m.n && (m.v[0].stated || m.v[0].one_thing)) fail_msg("%s", texts[i]);
    }
    assert_int_equal(in_text(texts[2]).n, 1);
}

/* The field for the passport counts whatever it says. */
static void field(void **state) {
    (void)state;
    static const char *const values[] = {"https://m.example/passports/7", "did:web:m.example:p:7",
                                         "urn:uuid:7", "no address at all",
                                         "(01)09521234543213(21)S1"};
    for (size_t i = 0; i < 5; i++) {
        ts_offer o = {.passport = ts_str_c(values[i])};
        ts_offered_marks m = {0};
        ts_offered_marks_read(&a, &o, &m);
        assert_int_equal(m.n, 1);
        assert_true(m.v[0].stated);
        assert_string_equal(m.v[0].where, "passport");
        assert_str(m.v[0].given, values[i]);
        assert_int_equal(m.v[0].address, i == 0);
        assert_int_equal(m.v[0].one_thing, i == 4);
    }
    ts_offer o = {.passport = TS_S(" \t ")};
    ts_offered_marks m = {0};
    ts_offered_marks_read(&a, &o, &m);
    assert_int_equal(m.n, 0);
}

/* Everywhere in an offer, the field first; identifiers and attributes, too. */
static void places(void **state) {
    (void)state;
    ts_offer o = {.passport = TS_S("https://m.example/p/1"),
                  .title = TS_S("t https://m.example/01/09521234543213/21/T"),
                  .description = TS_S("d https://m.example/01/09521234543213/21/D")};
    ts_attribute at = {TS_S("Digital Link"), TS_S("https://m.example/01/09521234543213/21/A")};
    *ts_push(&a, &o.attributes) = at;
    *ts_push(&a, &o.identifiers) = (ts_identifier){
        .kind = TS_ID_PROSE, .text = TS_S("https://m.example/01/09521234543213/21/I")};
    ts_offered_marks m = {0};
    ts_offered_marks_read(&a, &o, &m);
    static const char *const want[] = {"passport", "identifiers", "attributes", "title",
                                       "description"};
    assert_int_equal(m.n, 5);
    for (size_t i = 0; i < 5; i++) assert_string_equal(m.v[i].where, want[i]);
}

/* No offer makes more work than it may: what says of itself what it is comes before addresses. */
static void limits(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 1 << 20);
    for (int i = 0; i < 300; i++) ts_buf_fmt(&b, "https://shop.example/p/%d ", i);
    ts_offered_marks m = in_text(ts_str_z(&a, ts_buf_str(&b)));
    assert_int_equal(m.n, TS_OFFERED_MARKS);
    ts_buf_reset(&b);
    for (int i = 0; i < 20; i++) ts_buf_fmt(&b, "https://shop.example/p/%d ", i);
    for (int i = 0; i < 20; i++) ts_buf_fmt(&b, "https://m.example/01/09521234543213/21/%d ", i);
    m = in_text(ts_str_z(&a, ts_buf_str(&b)));
    assert_int_equal(m.n, TS_OFFERED_MARKS);
    for (size_t i = 0; i < m.n; i++) assert_true(m.v[i].stated);
    ts_buf_reset(&b);
    while (b.n < 300000) ts_buf_lit(&b, "://http://(01)https://");
    ts_offered_marks_read(&a, &(ts_offer){.description = ts_buf_str(&b)}, &m);
    ts_buf_reset(&b);
    ts_buf_lit(&b, "https://m.example/");
    while (b.n < 9000) ts_buf_c(&b, 'x');
    assert_int_equal(in_text(ts_str_z(&a, ts_buf_str(&b))).n, 0);
    m.n = 0;
    ts_offered_marks_read(&a, &(ts_offer){.passport = ts_buf_str(&b)}, &m);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.v[0].product.n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(link),       cmocka_unit_test(once),
                                       cmocka_unit_test(ends),       cmocka_unit_test(nothing),
                                       cmocka_unit_test(not_stated), cmocka_unit_test(field),
                                       cmocka_unit_test(places),     cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, setup, 0);
}
