#include "passport/affected.h"

#include "gazette/gazette.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* ---- short hands ---- */

static ts_notice notice(const char *product, const char *brand, const char *model) {
    ts_notice n = {.id = TS_S("t:1"), .modified = TS_NO_DAY, .product = ts_str_c(product)};
    if (*brand) *ts_push(&a, &n.brands) = ts_str_c(brand);
    if (*model) *ts_push(&a, &n.models) = ts_str_c(model);
    return n;
}

static void add_gtin(ts_notice *n, const char *gtin) {
    ts_identifier id = ts_identifier_classify(&a, ts_str_c(gtin), true);
    assert_int_equal(id.kind, TS_ID_GTIN);
    ts_identifiers_add(&a, &n->identifiers, id);
}

static void add_lot(ts_notice *n, const char *lot) { *ts_push(&a, &n->scope.lots) = ts_str_c(lot); }

static ts_known battery(void) {
    return (ts_known){.gtin = TS_S("04006381333931"),
                      .lot = TS_S("L7"),
                      .serial = TS_S("S100"),
                      .made = 20000,
                      .brand = TS_S("Voltara"),
                      .model = TS_S("KX-200"),
                      .name = TS_S("Traction battery"),
                      .operator_name = TS_S("Voltara Batteries GmbH"),
                      .sealed = true};
}

static ts_affected with_lots(const char *stated, const char *lot) {
    ts_notice n = notice("Traction battery", "Voltara", "KX-200");
    ts_known p = battery();
    add_lot(&n, stated);
    p.lot = ts_str_c(lot);
    return ts_affect_check(ts_affect_new(&a, &n), &p);
}

static ts_affected with_range(const char *from, const char *to, const char *serial) {
    ts_notice n = notice("Traction battery", "Voltara", "KX-200");
    ts_known p = battery();
    *ts_push(&a, &n.scope.serial_ranges) = (ts_code_range){ts_str_c(from), ts_str_c(to)};
    p.serial = ts_str_c(serial);
    return ts_affect_check(ts_affect_new(&a, &n), &p);
}

static void expect_at(int line, const ts_notice *n, ts_known p, ts_answer inside, ts_touch touch,
                      ts_why why) {
    ts_affected r = ts_affect_check(ts_affect_new(&a, n), &p);
    if (r.inside == inside && r.touch == touch && strcmp(r.reason, ts_why_name(why)) == 0) return;
    print_error("line %d: answer %d, %s, %s; not %d, %s, %s\n", line, r.inside,
                ts_touch_name(r.touch), r.reason, inside, ts_touch_name(touch), ts_why_name(why));
    fail();
}
#define expect(...) expect_at(__LINE__, __VA_ARGS__)

/* ---- which product ---- */

static void numbers(void **state) {
    (void)state;
    ts_notice n = notice("", "", "");
    add_gtin(&n, "4006381333931");
    ts_known p = battery();
    expect(&n, p, TS_YES, TS_TOUCH_GTIN, TS_WHY_NO_LIMIT);
    p.gtin = TS_S("14006381333938"); /* a case of the same */
    expect(&n, p, TS_YES, TS_TOUCH_GTIN, TS_WHY_NO_LIMIT);
    p.gtin = TS_S("04012345678901");
    expect(&n, p, TS_NO, TS_TOUCH_NO, TS_WHY_OTHER_GTIN);
    p.sealed = false; /* the seller's word alone excludes nothing */
    expect(&n, p, TS_OPEN, TS_TOUCH_NO, TS_WHY_NOT_SEALED);
    /* the number agrees and the brand does not */
    n = notice("", "Corvid", "");
    add_gtin(&n, "4006381333931");
    expect(&n, battery(), TS_OPEN, TS_TOUCH_GTIN, TS_WHY_GTIN_OTHER_BRAND);
}

static void brand_and_model(void **state) {
    (void)state;
    static const char *const spellings[] = {"KX-200", "kx 200", "KX200", "Kx_200"};
    ts_notice n;
    for (size_t i = 0; i < 4; i++) {
        n = notice("", "VOLTARA", spellings[i]);
        expect(&n, battery(), TS_YES, TS_TOUCH_MODEL, TS_WHY_NO_LIMIT);
    }
    n = notice("", "Voltara", "KX-300");
    expect(&n, battery(), TS_NO, TS_TOUCH_NO, TS_WHY_OTHER_MODEL);
    n = notice("", "Voltara", "KX-2000"); /* a number is no part of a longer one … */
    expect(&n, battery(), TS_NO, TS_TOUCH_NO, TS_WHY_OTHER_MODEL);
    n = notice("", "Voltara", "KX-20");
    expect(&n, battery(), TS_NO, TS_TOUCH_NO, TS_WHY_OTHER_MODEL);
    n = notice("", "Voltara", "KX-200B"); /* … but may be a variant's */
    expect(&n, battery(), TS_OPEN, TS_TOUCH_PERHAPS, TS_WHY_SAME_BRAND);
    n = notice("", "Corvid", "KX-200");
    expect(&n, battery(), TS_NO, TS_TOUCH_NO, TS_WHY_OTHER_BRAND);
    /* notices list some numbers only */
    n = notice("", "Voltara", "KX-200");
    add_gtin(&n, "4012345678901");
    expect(&n, battery(), TS_OPEN, TS_TOUCH_MODEL, TS_WHY_GTIN_DIFFERS);
    add_lot(&n, "L7");
    expect(&n, battery(), TS_YES, TS_TOUCH_SERIAL, TS_WHY_LOT_NAMED);
    n.scope.lots.v[0] = TS_S("L8");
    expect(&n, battery(), TS_NO, TS_TOUCH_MODEL, TS_WHY_LOT_OUTSIDE);
}

static void words_and_units_are_no_models(void **state) {
    (void)state;
    static const char *const weak[] = {"220V", "13 inch", "2024", "Deluxe", "XL", "12"};
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        ts_notice n = notice("", "Voltara", weak[i]);
        ts_known p = battery();
        p.model = ts_str_c(weak[i]);
        p.gtin = TS_NONE;
        ts_affected r = ts_affect_check(ts_affect_new(&a, &n), &p);
        if (r.inside != TS_OPEN || r.touch != TS_TOUCH_PERHAPS) fail_msg("%s counted", weak[i]);
        /* nor does one tell another product apart */
        p.model = TS_S("KX-200");
        r = ts_affect_check(ts_affect_new(&a, &n), &p);
        assert_int_equal(r.inside, TS_OPEN);
    }
}

static void brands_that_are_nearly_the_same(void **state) {
    (void)state;
    static const char *const near_ones[] = {"Voltera", "Voltara Home", "Voltaraa"};
    for (size_t i = 0; i < 3; i++) {
        ts_notice n = notice("", near_ones[i], "KX-200");
        expect(&n, battery(), TS_OPEN, TS_TOUCH_PERHAPS, TS_WHY_MODEL_ALONE);
    }
    ts_notice n = notice("", "unknown", "KX-200");
    expect(&n, battery(), TS_OPEN, TS_TOUCH_PERHAPS, TS_WHY_MODEL_ALONE);
}

/* A passport that states no brand is sold under its maker's name. */
static void the_maker_is_the_brand_where_none_is_stated(void **state) {
    (void)state;
    static const char *const makers[] = {"Voltara GmbH", "VOLTARA Ltd.", "Voltara Co., Ltd.",
                                         "Voltara"};
    for (size_t i = 0; i < 4; i++) {
        ts_known p = battery();
        p.brand = TS_NONE;
        p.operator_name = ts_str_c(makers[i]);
        ts_notice n = notice("", "Voltara", "KX-200");
        expect(&n, p, TS_YES, TS_TOUCH_MODEL, TS_WHY_NO_LIMIT);
    }
    ts_known p = battery();
    p.brand = TS_NONE;
    p.operator_name = TS_S("南京沃尔塔有限公司");
    ts_notice n = notice("", "南京沃尔塔", "KX-200");
    expect(&n, p, TS_YES, TS_TOUCH_MODEL, TS_WHY_NO_LIMIT);
}

static void the_operator_alone_is_not_enough(void **state) {
    (void)state;
    ts_known p = battery();
    p.brand = p.model = p.gtin = TS_NONE;
    ts_notice n = notice("Table lamp", "", "");
    *ts_push(&a, &n.operators) = TS_S("Voltara Batteries GmbH");
    p.name = TS_S("Kettle");
    expect(&n, p, TS_NO, TS_TOUCH_NO, TS_WHY_OTHER_KIND);
    n.product = TS_S("Kettle");
    expect(&n, p, TS_OPEN, TS_TOUCH_PERHAPS, TS_WHY_SAME_OPERATOR);
    n.product = TS_S("Wasserkocher"); /* the kind survives translation */
    expect(&n, p, TS_OPEN, TS_TOUCH_PERHAPS, TS_WHY_SAME_OPERATOR);
    n.product = TS_NONE;
    expect(&n, p, TS_OPEN, TS_TOUCH_NO, TS_WHY_NOTHING_TO_COMPARE);
}

static void a_named_lot_of_the_same_maker(void **state) {
    (void)state;
    ts_known p = battery();
    p.model = p.gtin = TS_NONE;
    ts_notice n = notice("", "Voltara", "");
    add_lot(&n, "L7");
    expect(&n, p, TS_YES, TS_TOUCH_SERIAL, TS_WHY_LOT_NAMED);
    n.brands.n = 0; /* whose lot it is, is not said */
    expect(&n, p, TS_OPEN, TS_TOUCH_NO, TS_WHY_NOTHING_TO_COMPARE);
    n = notice("", "Voltara", "KX-300"); /* of another model */
    add_lot(&n, "L7");
    expect(&n, battery(), TS_NO, TS_TOUCH_NO, TS_WHY_OTHER_MODEL);
}

static void imitations(void **state) {
    (void)state;
    ts_notice n = notice("", "Voltara", "KX-200");
    n.counterfeit = TS_YES;
    expect(&n, battery(), TS_OPEN, TS_TOUCH_MODEL, TS_WHY_COUNTERFEIT);
    add_lot(&n, "L7");
    expect(&n, battery(), TS_OPEN, TS_TOUCH_MODEL, TS_WHY_COUNTERFEIT);
}

/* ---- limits ---- */

static void limits(void **state) {
    (void)state;
    ts_notice n = notice("", "Voltara", "KX-200");
    ts_known p = battery();
    add_lot(&n, "L7");
    expect(&n, p, TS_YES, TS_TOUCH_SERIAL, TS_WHY_LOT_NAMED);
    p.lot = TS_S("L77");
    expect(&n, p, TS_NO, TS_TOUCH_MODEL, TS_WHY_LOT_OUTSIDE);
    p.sealed = false;
    expect(&n, p, TS_OPEN, TS_TOUCH_MODEL, TS_WHY_NOT_SEALED);
    p = battery();
    p.lot = TS_NONE;
    expect(&n, p, TS_OPEN, TS_TOUCH_MODEL, TS_WHY_NOT_STATED);
    n.scope.lots.n = 0;
    *ts_push(&a, &n.scope.serial_ranges) = (ts_code_range){TS_S("S050"), TS_S("S150")};
    expect(&n, p, TS_YES, TS_TOUCH_MODEL, TS_WHY_SERIAL_NAMED);
    p.serial = TS_S("S151");
    expect(&n, p, TS_NO, TS_TOUCH_MODEL, TS_WHY_SERIAL_OUTSIDE);
    n.scope.serial_ranges.n = 0;
    *ts_push(&a, &n.scope.made) = (ts_day_range){TS_NO_DAY, 19999};
    expect(&n, p, TS_NO, TS_TOUCH_MODEL, TS_WHY_DATE_OUTSIDE);
    n.scope.made.v[0] = (ts_day_range){20000, TS_NO_DAY};
    expect(&n, p, TS_YES, TS_TOUCH_MODEL, TS_WHY_DATE_NAMED);
    p.made = TS_NO_DAY;
    expect(&n, p, TS_OPEN, TS_TOUCH_MODEL, TS_WHY_NOT_STATED);
}

/* The quick way says what ts_scope_fit says. */
static void agrees_with_scope_fit(void **state) {
    (void)state;
    ts_random r = ts_random_seed(7);
    for (int i = 0; i < 20000; i++) {
        ts_arena mark = a;
        ts_notice n = notice("", "Voltara", "KX-200");
        ts_known p = battery();
        ts_scope item = {0};
        char room[8][8];
        for (int k = 0; k < 8; k++)
            snprintf(room[k], 8, "%c%02u", k % 2 ? 'S' : 'l', ts_random_below(&r, 12));
        if (ts_random_below(&r, 2)) add_lot(&n, room[0]);
        if (ts_random_below(&r, 2)) *ts_push(&a, &n.scope.serials) = ts_str_c(room[1]);
        if (ts_random_below(&r, 3) == 0)
            *ts_push(&a, &n.scope.serial_ranges) = (ts_code_range){TS_S("S03"), TS_S("S06")};
        int32_t from = (int32_t)ts_random_below(&r, 9);
        if (ts_random_below(&r, 3) == 0)
            *ts_push(&a, &n.scope.made) =
                (ts_day_range){from, from + (int32_t)ts_random_below(&r, 9)};
        room[2][0] = 'L';
        p.lot = ts_random_below(&r, 3) ? ts_str_c(room[2]) : TS_NONE;
        p.serial = ts_random_below(&r, 3) ? ts_str_c(room[3]) : TS_NONE;
        p.made = ts_random_below(&r, 3) ? (int32_t)ts_random_below(&r, 9) : TS_NO_DAY;
        if (p.lot.n) *ts_push(&a, &item.lots) = p.lot;
        if (p.serial.n) *ts_push(&a, &item.serials) = p.serial;
        if (p.made != TS_NO_DAY) *ts_push(&a, &item.made) = (ts_day_range){p.made, p.made};
        ts_scope_verdict v = ts_scope_fit(&n.scope, &item);
        assert_int_equal(ts_affect_check(ts_affect_new(&a, &n), &p).inside, v.inside);
        a = mark;
    }
}

/* ---- levels ---- */

/* Only a code that can be no other spelling of what the notice names is outside. */
static void spellings(void **state) {
    (void)state;
    static const char *const open[][2] = {
        {"L-24-A", "L24A"},    {"l 24a", "L24A"},  {"L24A", "L-24A"},
        {"00123", "123"},      {"123", "000123"},  {"L24*", "L24A"},
        {"all", "L24A"},       {"ALL LOTS", "7"},  {"L24A, L24B", "L24A"},
        {"L24A-L24C", "L24B"}, {"LOT 24A", "24A"}, {"L24A and L24B", "L24A"},
        {"全部", "L24A"},      {"-", "L24A"},      {"100-200", "150"},
        {"n/a", "L24A"}};
    static const char *const out[][2] = {{"L24A", "L24B"},   {"L-24-A", "L24AB"}, {"123", "1230"},
                                         {"LOT 24A", "24B"}, {"2024-0315", "L7"}, {"A", "B"},
                                         {"0", "1"},         {"ALLOY7", "L7"}};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        ts_affected r = with_lots(open[i][0], open[i][1]);
        if (r.inside != TS_OPEN || strcmp(r.reason, "code_unclear") != 0)
            fail_msg("%s, %s: %d, %s", open[i][0], open[i][1], r.inside, r.reason);
        assert_str(r.by, open[i][1]);
    }
    for (size_t i = 0; i < sizeof out / sizeof *out; i++) {
        ts_affected r = with_lots(out[i][0], out[i][1]);
        if (r.inside != TS_NO) fail_msg("%s, %s: %d, %s", out[i][0], out[i][1], r.inside, r.reason);
    }
    assert_int_equal(with_lots("L24A", "L24A").inside, TS_YES);
}

static void spellings_in_ranges(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *serial;
        ts_answer inside;
    } t[] = {{"100", "200", "150", TS_YES},
             {"100", "200", "0150", TS_OPEN},
             {"100", "200", "0201", TS_NO},
             {"100", "200", "SN150", TS_NO},
             {"SN-100", "SN-200", "SN150", TS_OPEN},
             {"99", "200", "150", TS_OPEN},
             {"99", "200", "201", TS_NO},
             {"100", "", "150", TS_OPEN},
             {"100", "", "99", TS_NO},
             {"", "100", "99", TS_OPEN},
             {"", "100", "101", TS_NO},
             {"", "", "7", TS_OPEN},
             {"A24", "C24", "B24", TS_OPEN},
             {"200", "100", "150", TS_OPEN},
             {"S1X", "S9X", "S-05-X", TS_OPEN},
             {"S1X", "S9X", "S5Y", TS_NO},
             {"99999999999999999998", "99999999999999999999", "7", TS_OPEN}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        ts_affected r = with_range(t[i].from, t[i].to, t[i].serial);
        if (r.inside != t[i].inside)
            fail_msg("%s to %s, %s: %d, %s", t[i].from, t[i].to, t[i].serial, r.inside, r.reason);
    }
}

/* A stretch of days that ends before it begins excludes nothing. */
static void days_backwards(void **state) {
    (void)state;
    ts_notice n = notice("Traction battery", "Voltara", "KX-200");
    *ts_push(&a, &n.scope.made) = (ts_day_range){20100, 19900};
    expect(&n, battery(), TS_OPEN, TS_TOUCH_MODEL, TS_WHY_NOT_STATED);
    *ts_push(&a, &n.scope.made) = (ts_day_range){19999, 20001};
    expect(&n, battery(), TS_YES, TS_TOUCH_MODEL, TS_WHY_DATE_NAMED);
}

static void nearer_levels_hold(void **state) {
    (void)state;
    ts_known v[3] = {battery(), battery(), battery()};
    size_t level;
    ts_notice n = notice("", "Voltara", "KX-200");
    add_lot(&n, "L7");
    v[0].lot = v[2].lot = TS_NONE;
    ts_affected r = ts_affect_levels(&a, ts_affect_new(&a, &n), v, 3, &level);
    assert_int_equal(r.inside, TS_YES);
    assert_int_equal(level, 1);
    assert_str(r.by, "L7");
    v[1].sealed = false; /* nobody signed the batch */
    v[1].lot = TS_S("L9");
    r = ts_affect_levels(&a, ts_affect_new(&a, &n), v, 3, &level);
    assert_int_equal(r.inside, TS_OPEN);
    assert_string_equal(r.reason, "not_sealed");
}

static void contradictions(void **state) {
    (void)state;
    ts_known v[2] = {battery(), battery()};
    size_t level;
    ts_notice n = notice("", "Voltara", "KX-200");
    add_lot(&n, "L7");
    v[1].lot = TS_S("L8");
    ts_affected r = ts_affect_levels(&a, ts_affect_new(&a, &n), v, 2, &level);
    assert_int_equal(r.inside, TS_OPEN);
    assert_string_equal(r.reason, "contradiction");
    assert_str(r.by, "L7 / L8");
    add_lot(&n, "L8"); /* whichever is right, it is named */
    r = ts_affect_levels(&a, ts_affect_new(&a, &n), v, 2, &level);
    assert_int_equal(r.inside, TS_YES);
    /* another spelling is no contradiction */
    v[1] = battery();
    v[1].model = TS_S("kx 200");
    assert_true(ts_known_merge(ts_affect_new(&a, &n), v, 2, &v[0]));
    /* days */
    n = notice("", "Voltara", "KX-200");
    *ts_push(&a, &n.scope.made) = (ts_day_range){20000, 20000};
    v[0] = v[1] = battery();
    v[1].made = 20001;
    r = ts_affect_levels(&a, ts_affect_new(&a, &n), v, 2, &level);
    assert_string_equal(r.reason, "contradiction");
    assert_str(r.by, "2024-10-04 / 2024-10-05");
}

/* ---- hostile ---- */

static void long_and_strange_texts(void **state) {
    (void)state;
    static const char *const units[] = {"\xEF\xB7\xBA", "a",   "9 ",       "沃",
                                        "\xFF",         "x1-", "batterie "};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        ts_arena mark = a;
        ts_buf b = ts_buf_new(&a, 1 << 20);
        while (b.n < 100000) ts_buf_put(&b, ts_str_c(units[u]));
        ts_str s = ts_buf_str(&b);
        ts_notice n = {.id = TS_S("t:1"), .product = s, .name = s, .title = s};
        for (int i = 0; i < 50; i++) *ts_push(&a, &n.brands) = s;
        for (int i = 0; i < 50; i++) *ts_push(&a, &n.models) = s;
        *ts_push(&a, &n.operators) = s;
        *ts_push(&a, &n.scope.lots) = s;
        ts_known p = {.gtin = s,
                      .lot = s,
                      .serial = s,
                      .made = TS_NO_DAY,
                      .brand = s,
                      .model = s,
                      .name = s,
                      .operator_name = s,
                      .sealed = true};
        ts_known v[3] = {p, battery(), p};
        size_t level;
        ts_affected r = ts_affect_levels(&a, ts_affect_new(&a, &n), v, 3, &level);
        assert_true(r.reason != 0);
        ts_affect_check(ts_affect_new(&a, &n), &p);
        a = mark;
    }
}

/* Against thousands of notices as authorities write them: a passport that states what it should is
 * inside none that is not its own, and few cannot be excluded. */
static void real_notices(void **state) {
    (void)state;
    const char *path = test_data("notices/cpsc_2023_2026.jsonl");
    ts_error e = {0};
    ts_notice n;
    unsigned count[3] = {0}, weak = 0;
    if (!path) skip();
    ts_notice_reader *r = ts_notices_open(&a, path, (ts_notice_options){0}, &e);
    if (!r) fail_msg("%s", e.msg);
    ts_known p = battery();
    for (;;) {
        ts_arena mark = a;
        ts_read_result got = ts_notices_next(r, &a, &n, &e);
        if (got == TS_READ_END || got == TS_READ_FAILED) break;
        if (got == TS_READ_RECORD) {
            ts_affected x = ts_affect_check(ts_affect_new(&a, &n), &p);
            count[x.inside]++;
            weak += x.inside == TS_OPEN && x.touch == TS_TOUCH_NO;
        }
        a = mark;
    }
    ts_notices_close(r);
    print_message("%u inside, %u cannot be excluded (%u with nothing to compare), %u outside\n",
                  count[TS_YES], count[TS_OPEN], weak, count[TS_NO]);
    assert_int_equal(count[TS_YES], 0);
    assert_true(count[TS_NO] > 100);
    assert_int_equal(count[TS_OPEN], weak); /* nothing points at it */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(brand_and_model),
        cmocka_unit_test(words_and_units_are_no_models),
        cmocka_unit_test(brands_that_are_nearly_the_same),
        cmocka_unit_test(the_maker_is_the_brand_where_none_is_stated),
        cmocka_unit_test(the_operator_alone_is_not_enough),
        cmocka_unit_test(a_named_lot_of_the_same_maker),
        cmocka_unit_test(imitations),
        cmocka_unit_test(limits),
        cmocka_unit_test(spellings),
        cmocka_unit_test(spellings_in_ranges),
        cmocka_unit_test(days_backwards),
        cmocka_unit_test(agrees_with_scope_fit),
        cmocka_unit_test(nearer_levels_hold),
        cmocka_unit_test(contradictions),
        cmocka_unit_test(long_and_strange_texts),
        cmocka_unit_test(real_notices),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
