#include "passport/offered.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_known kettle(void) {
    return (ts_known){.gtin = TS_S("09521234543213"),
                      .lot = TS_S("B7"),
                      .serial = TS_S("S1"),
                      .made = TS_NO_DAY,
                      .brand = TS_S("Velmora"),
                      .model = TS_S("VK-1700 A"),
                      .sealed = true};
}

static void with_gtin(ts_offer *o, const char *field) {
    ts_identifiers_from_field(&a, ts_str_c(field), true, &o->identifiers);
}

/* The codes of what differs, joined by blanks. */
static ts_str differences(const ts_offer *o, const ts_scope *stated) {
    ts_offered_findings f = {0};
    ts_strs what = {0};
    ts_known known = kettle();
    ts_offered_compare(&a, o, stated, &known, &f);
    for (size_t i = 0; i < f.n; i++) {
        assert_int_equal(f.v[i].kind, TS_OFFERED_MISMATCH);
        *ts_push(&a, &what) = ts_str_from(ts_str_c(f.v[i].what), strlen("passport_mismatch_"));
    }
    return ts_str_join(&a, what.v, what.n, TS_S(" "));
}

static void gtins(void **state) {
    (void)state;
    static const struct {
        const char *field, *want;
    } table[] = {
        {"9521234543213", ""},                /* the same */
        {"19521234543210", ""},               /* a carton of it */
        {"4006381333931", "gtin"},            /* another article */
        {"4006381333931, 9521234543213", ""}, /* a set: one of them is it */
        {"4006381333932", ""},                /* no GTIN at all: check digit */
        {"B07XYZ1234", ""},                   /* Amazon's own number */
        {"KX-1", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ts_offer o = {0};
        with_gtin(&o, table[i].field);
        ts_str got = differences(&o, &(ts_scope){0});
        if (!ts_str_is(got, table[i].want)) fail_msg("%s: '%.*s'", table[i].field, TS_P(got));
    }
}

static void names(void **state) {
    (void)state;
    static const struct {
        const char *brand, *model, *title, *description, *want;
    } table[] = {
        {"", "", "", "", ""},
        {"Velmora", "VK-1700 A", "", "", ""},
        {"VELMORA®", "vk1700a", "", "", ""},
        {"Velmora GmbH", "VK-1700 A/EU", "", "", ""}, /* one holds the other */
        {"velm", "", "", "", ""},
        {"Bosch", "", "", "", "brand"},
        {"Bosch", "", "Kettle by Velmora", "", ""}, /* the title names it all the same */
        {"博世", "", "", "", "brand"},
        {"Velmora", "TWK 3A011", "", "", "model"},
        {"Velmora", "TWK 3A011", "Kettle VK 1700A", "", ""},
        {"Velmora", "TWK 3A011", "", "fits VK-1700 A", ""},
        {"Velmora", "Sunrise", "", "", ""}, /* a word is no number */
        {"Bosch", "TWK 3A011", "", "", "brand model"},
        {"?", "!", "", "", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ts_offer o = {.brand = ts_str_c(table[i].brand),
                      .model = ts_str_c(table[i].model),
                      .title = ts_str_c(table[i].title),
                      .description = ts_str_c(table[i].description)};
        ts_str got = differences(&o, &(ts_scope){0});
        if (!ts_str_is(got, table[i].want)) fail_msg("%zu: '%.*s'", i, TS_P(got));
    }
}

static void lots(void **state) {
    (void)state;
    ts_offer o = {0};
    ts_scope s = {0};
    *ts_push(&a, &s.lots) = TS_S("C9");
    *ts_push(&a, &s.serials) = TS_S("S2");
    assert_str(differences(&o, &s), "lot serial");
    *ts_push(&a, &s.lots) = TS_S("B7");
    assert_str(differences(&o, &s), "serial");
    s.serial_ranges.n = 0;
    *ts_push(&a, &s.serial_ranges) = (ts_code_range){TS_S("S1"), TS_S("S9")};
    assert_str(differences(&o, &s), "");
    ts_offered_findings f = {0};
    ts_scope other = {0};
    *ts_push(&a, &other.lots) = TS_S("C9");
    ts_known known = kettle();
    ts_offered_compare(&a, &o, &other, &known, &f);
    assert_str(f.v[0].offer, "C9");
    assert_str(f.v[0].passport, "B7");
    /* A passport that states none contradicts none. */
    f.n = 0;
    ts_offered_compare(&a, &o, &other, &(ts_known){.made = TS_NO_DAY}, &f);
    assert_int_equal(f.n, 0);
}

static void open(void **state) {
    (void)state;
    ts_offered o = {0};
    assert_true(ts_offered_open(&o));
    o.source = TS_OFFERED_HERE;
    assert_true(ts_offered_open(&o));
    o.step[TS_STEP_SIGNATURE].answer = o.step[TS_STEP_ISSUER].answer = TS_YES;
    assert_true(ts_offered_open(&o));
    o.step[TS_STEP_STATUS].answer = TS_NO;
    assert_false(ts_offered_open(&o)); /* schema and attestations tell nothing of the passport's own
                                          truth */
    for (int k = 0; k < TS_OFFERED_KINDS; k++)
        assert_true(strncmp(ts_offered_name((ts_offered_kind)k), "passport_", 9) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(gtins), cmocka_unit_test(names),
                                       cmocka_unit_test(lots), cmocka_unit_test(open)};
    return cmocka_run_group_tests(tests, setup, 0);
}
