#include "support/support.h"
#include "text/quantity.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static const char *const dimensions[] = {"mass",      "volume",  "length", "area",   "power",
                                         "voltage",   "current", "charge", "energy", "memory",
                                         "frequency", "time",    "count",  "other"};

/* "volume 1500, count 2", and the quantities' tokens with their qty bit checked. */
static ts_str said(ts_str text) {
    ts_tokens t = ts_tokenise(&a, text, false);
    ts_quantities q = {0};
    ts_quantities_read(&a, &t, 0, &q);
    ts_buf b = ts_buf_new(&a, 1 << 16);
    for (size_t i = 0; i < q.n; i++) {
        ts_buf_fmt(&b, "%s%s %.6g", i ? ", " : "", dimensions[q.v[i].dimension], q.v[i].value);
        assert_true(q.v[i].from < q.v[i].to && q.v[i].to <= t.n);
        for (size_t k = q.v[i].from; k < q.v[i].to; k++) assert_true(t.v[k].qty);
    }
    return ts_buf_str(&b);
}

static void check(const char *text, const char *want, int line) {
    ts_str got = said(ts_str_c(text));
    if (ts_str_is(got, want)) return;
    print_error("line %d: \"%s\"\n  gives  %.*s\n  wanted %s\n", line, text, TS_P(got), want);
    fail();
}
#define SAYS(text, want) check((text), (want), __LINE__)

static void units_glued_and_apart(void **state) {
    (void)state;
    SAYS("500 ml", "volume 500");
    SAYS("500ml", "volume 500");
    SAYS("500ML 500 Milliliter", "volume 500, volume 500");
    SAYS("2 kg 500g", "mass 2000, mass 500");
    SAYS("220V 60W 5A 3000mAh 10Wh", "voltage 220, power 60, current 5, charge 3000, energy 10");
    SAYS("18 V", "voltage 18");
    SAYS("256GB", "memory 262144");
    SAYS("50Hz", "frequency 50");
    SAYS("2lb 16 oz", "mass 907.185, mass 453.592");
    SAYS("12 fl oz", "volume 354.882");
    SAYS("13-inch laptop", "length 330.2");
    SAYS("13INCH 13 inches", "length 330.2, length 330.2");
    SAYS("65\" 65'' 65” 65 Zoll", "length 1651, length 1651, length 1651, length 1651");
    SAYS("２０ｃｍ", "length 200");
    SAYS("5m cable 5 m",
         "length 5000, length 5000"); /* glued or apart, a short unit says the same */
    SAYS("30min 30 min", "time 1800, time 1800");
    SAYS("24ct 24 ct", "count 24, count 24");
}

static void chinese_units(void **state) {
    (void)state;
    SAYS("20000毫安时", "charge 20000");
    SAYS("500毫升 1升 1.5升", "volume 500, volume 1000, volume 1500");
    SAYS("2公斤 500克", "mass 2000, mass 500");
    SAYS("5件", "count 5");
    SAYS("10个 5只装 3盒", "count 10, count 5, count 3");
    SAYS("１８伏", "voltage 18");
}

static void decimals_and_thousands(void **state) {
    (void)state;
    SAYS("1,5 l", "volume 1500");
    SAYS("1.5L", "volume 1500");
    SAYS("1,5l", "volume 1500");
    SAYS("0,7 l", "volume 700");
    SAYS("1.05 kg", "mass 1050");
    SAYS("2.05kg", "mass 2050");
    SAYS("1,000 ml", "volume 1000");
    SAYS("1.000 ml", "volume 1000");
    SAYS("1.000ml", "volume 1000");
    SAYS("1,000,000 ml", "volume 1e+06");
    SAYS("0.500 l", "volume 500");
    SAYS("sizes 1, 2, 3 cm", "length 30"); /* a list: only the last has a unit */
}

static void fractions(void **state) {
    (void)state;
    SAYS("1/2 inch", "length 12.7");
    SAYS("1/2in", "length 12.7");
    SAYS("1 1/2 inch", "length 38.1");
    SAYS("1-1/2 inch", "length 38.1");
    SAYS("1 1/2in", "length 38.1");
    SAYS("1½\"", "length 38.1");
    SAYS("½ inch", "length 12.7");
    SAYS("7/8 inch 3/4\"", "length 22.225, length 19.05");
    SAYS("2⅜ inch", "length 60.325");
    SAYS("16/5/8 cm", "length 80"); /* no fraction */
    SAYS("110/220V", "voltage 220");
    SAYS("3/0 cm", "length 0");
}

static void ranges_give_the_upper_end(void **state) {
    (void)state;
    SAYS("220-240 V", "voltage 240");
    SAYS("100-240V", "voltage 240");
    SAYS("10-20 kg", "mass 20000");
    ts_tokens t = ts_tokenise(&a, TS_S("220-240 V"), false);
    ts_quantities q = {0};
    ts_quantities_read(&a, &t, 0, &q);
    assert_true(t.v[0].qty); /* the lower end is no number of a model either */
}

static void counts(void **state) {
    (void)state;
    SAYS("3er Pack Kerzen", "count 3");
    SAYS("4er Set", "count 4");
    SAYS("2 pcs", "count 2");
    SAYS("10 Stück 6 Stk", "count 10, count 6");
    SAYS("pack of 4", "count 4");
    SAYS("set of 12", "count 12");
    SAYS("3-pack", "count 3");
    SAYS("2x 500 ml", "count 2, volume 500");
    SAYS("x4", "count 4");
}

static void what_is_no_quantity(void **state) {
    (void)state;
    SAYS("HS-120C", "");
    SAYS("1125A", ""); /* eleven hundred amperes are a number of somebody's */
    SAYS("0500ml", "");
    SAYS("KX-FA83 WH-1000XM3 A1263", "");
    SAYS("X-4", "");
    SAYS("ml kg V", "");
    SAYS("12345", "");
    SAYS("12, kg", "");     /* a break between */
    SAYS("10x20x30cm", ""); /* several values, and none of them is the size */
    SAYS("", "");
}

static void sizes_of_several_values_are_no_model_numbers(void **state) {
    (void)state;
    static const char *const sizes[] = {"10x20x30", "10x20cm", "10x20x30cm", "1000x500"};
    for (size_t i = 0; i < 4; i++) {
        ts_tokens t = ts_tokenise(&a, ts_str_c(sizes[i]), false);
        ts_quantities q = {0};
        ts_quantities_read(&a, &t, 0, &q);
        assert_int_equal(q.n, 0);
        assert_true(t.v[0].qty);
    }
}

static void the_field_is_kept(void **state) {
    (void)state;
    ts_tokens t = ts_tokenise(&a, TS_S("5 kg, 2 m"), false);
    ts_quantities q = {0};
    ts_quantities_read(&a, &t, TS_F_DETAIL, &q);
    assert_int_equal(q.n, 2);
    assert_int_equal(q.v[0].field, TS_F_DETAIL);
    assert_int_equal(q.v[0].from, 0);
    assert_int_equal(q.v[0].to, 2);
    assert_int_equal(q.v[1].from, 2);
}

/* The same amount in other words is the same number. */
static void units_agree_across_languages(void **state) {
    (void)state;
    static const char *const same[][4] = {
        {"500 ml", "0,5 Liter", "500毫升", "0.5 l"}, {"2 kg", "2000 g", "2公斤", "2 Kilogramm"},
        {"20 cm", "200 mm", "20厘米", "0.2 m"},      {"5 Stück", "5 pcs", "5件", "5 pieces"},
        {"60 W", "60 Watt", "60瓦", "60watts"},      {"12 V", "12 Volt", "12伏", "12volts"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        ts_str first = said(ts_str_c(same[i][0]));
        assert_true(first.n > 0);
        for (int k = 1; k < 4; k++) check(same[i][k], ts_str_z(&a, first), __LINE__);
    }
}

static void hostile_numbers(void **state) {
    (void)state;
    SAYS("99999999999999999999999999 kg",
         "mass 1e+18"); /* digits behind the fifteenth are not looked at */
    ts_arena mark = a;
    static const char *const pieces[] = {"1,",     "1.",    "1/2 ",     "1 ", "x",   "1x",
                                         "1.000.", "5 kg ", "pack of ", "1-", "9\"", "0/0 "};
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        ts_buf b = ts_buf_new(&a, 1 << 17);
        while (!b.full) ts_buf_put(&b, ts_str_c(pieces[p]));
        ts_tokens t = ts_tokenise(&a, ts_buf_str(&b), false);
        if (t.n > UINT16_MAX) t.n = UINT16_MAX;
        ts_quantities q = {0};
        ts_quantities_read(&a, &t, 0, &q);
        assert_true(q.n <= t.n);
        for (size_t i = 0; i < q.n; i++) assert_true(q.v[i].value >= 0 && q.v[i].value < 1e300);
        a = mark;
    }
    /* More tokens than a place can be written down for: nothing is read, nothing is damaged. */
    ts_buf b = ts_buf_new(&a, 1 << 20);
    while (!b.full) ts_buf_lit(&b, "5 kg ");
    ts_tokens t = ts_tokenise(&a, ts_buf_str(&b), false);
    ts_quantities q = {0};
    ts_quantities_read(&a, &t, 0, &q);
    assert_int_equal(q.n, 0);
    a = mark;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_glued_and_apart),
        cmocka_unit_test(chinese_units),
        cmocka_unit_test(decimals_and_thousands),
        cmocka_unit_test(fractions),
        cmocka_unit_test(ranges_give_the_upper_end),
        cmocka_unit_test(counts),
        cmocka_unit_test(what_is_no_quantity),
        cmocka_unit_test(sizes_of_several_values_are_no_model_numbers),
        cmocka_unit_test(the_field_is_kept),
        cmocka_unit_test(units_agree_across_languages),
        cmocka_unit_test(hostile_numbers),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
