#include "match/index_format.h"
#include "match/pair.h"
#include "samples.h"

static ts_arena a;
static ts_index ix;
static ts_index_builder *builder;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    builder = sample_index(&a, &ix);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    ts_index_builder_free(builder);
    return 0;
}

/* An offer against a notice of an index, weighed with the index's words. What is pointed to lives
 * in the arena. */
static pair compared_with(const ts_index *from, uint32_t number, const ts_offer *o) {
    notice_side *n = ts_new(&a, notice_side);
    offer_profile *p = ts_new(&a, offer_profile);
    pair out;
    *n = ix_side(from, number);
    profile_offer(&a, o, p);
    sketch *words = sketch_build(&a, &p->view, o->price, o->currency, false);
    sketch_weigh(words, (word_weights){ix_at(from, IX_WEIGHTS)});
    pair_compare(n, &(offer_side){o, p, words}, &out);
    return out;
}

static pair compared(const ts_offer *o, const char *notice) {
    return compared_with(&ix, sample_number(notice), o);
}

static pair titled(const char *title, const char *notice) {
    ts_offer o = {.title = ts_str_c(title)};
    return compared(&o, notice);
}

static void check_brand(const char *title, const char *field, const char *notice,
                        brand_relation want, int line) {
    ts_offer o = {.title = ts_str_c(title), .brand = ts_str_c(field)};
    pair p = compared(&o, notice);
    if (p.brand == want) return;
    print_error("line %d: \"%.*s\": brand %d, wanted %d\n", line, TS_P(o.title), (int)p.brand,
                (int)want);
    fail();
}
#define BRAND(title, field, notice, want) check_brand((title), (field), (notice), (want), __LINE__)

static void the_brand(void **state) {
    (void)state;
    BRAND("Kelvano power bank", "", "TS/0001/26", BRAND_SAME);
    BRAND("power bank", "Kelvano", "TS/0001/26", BRAND_SAME);
    BRAND("power bank", "KELVANO", "TS/0001/26", BRAND_SAME);
    BRAND("凯华诺充电宝", "", "TS/0001/26", BRAND_SAME);
    BRAND("New Hot Sale Kelvano power bank", "", "TS/0001/26",
          BRAND_SAME); /* sales talk in front does not count */
    BRAND("power bank 20000mAh black Kelvano", "", "TS/0001/26", BRAND_NAMED);
    BRAND("Keelvano power bank", "", "TS/0001/26", BRAND_TYPO);
    BRAND("Kelvnao power bank", "", "TS/0001/26", BRAND_TYPO);
    BRAND("power bank 20000mAh", "", "TS/0001/26", BRAND_MISSING);
    BRAND("power bank", "unbranded", "TS/0001/26", BRAND_MISSING);
    BRAND("power bank", "Romtek", "TS/0001/26", BRAND_OTHER);
    BRAND("Romtekko power bank", "", "TS/0001/26", BRAND_MAYBE_OTHER);
    BRAND("Kelvano power bank", "Romtek", "TS/0001/26", BRAND_FIELD_OTHER);
    BRAND("case for Kelvano KV-2080", "", "TS/0001/26", BRAND_COMPAT);
    BRAND("Schutzhülle passend für Kelvano KV-2080", "", "TS/0001/26", BRAND_COMPAT);
    BRAND("适用于凯华诺KV-2080的保护套", "", "TS/0001/26", BRAND_COMPAT);
    BRAND("WAERMOTEC Heizlüfter", "", "DE-2026-0016", BRAND_TYPO);
    BRAND("WÄRMOTEC Heizlüfter", "", "DE-2026-0016", BRAND_SAME);
    BRAND("hoverboard R8-652199", "", "TS/0012/26", BRAND_NONE);
}

static void check_model(const char *title, const char *notice, model_relation want, int line) {
    pair p = titled(title, notice);
    if (p.model == want) return;
    print_error("line %d: \"%.*s\": model %d, wanted %d\n", line, TS_P(ts_str_c(title)),
                (int)p.model, (int)want);
    fail();
}
#define MODEL(title, notice, want) check_model((title), (notice), (want), __LINE__)

static void models(void **state) {
    (void)state;
    MODEL("Kelvano KV-2080 power bank", "TS/0001/26", MODEL_SAME);
    MODEL("Kelvano KV2080 power bank", "TS/0001/26", MODEL_SAME);
    MODEL("kelvano kv-2090 power bank", "TS/0001/26", MODEL_SAME);
    MODEL("Brunelka BK 1702 kettle", "TS/0003/26", MODEL_SAME);
    MODEL("Zandoro ZH310 helmet", "TS/0002/26", MODEL_SAME);
    MODEL("Zandoro ZH-310 helmet", "TS/0002/26", MODEL_SAME);
    MODEL("Kelvano power bank", "TS/0001/26", MODEL_MISSING);
    MODEL("Kelvano KV-2085 power bank", "TS/0001/26", MODEL_NEAR);
    MODEL("Solvenix SX4472 hair dryer", "TS/0004/26", MODEL_NEAR);
    MODEL("Kelvano KV-2080 Pro power bank", "TS/0001/26", MODEL_NEAR);
    MODEL("case for Kelvano KV-2080", "TS/0001/26", MODEL_COMPAT);
    MODEL("适用于凯华诺KV-2080的保护套", "TS/0001/26", MODEL_COMPAT);
    MODEL("Mirabelo plush rabbit X-4711", "TS/0005/26", MODEL_NONE); /* the notice names none */
    MODEL("LED lamp E27 Nordiqua", "TS/0009/26", MODEL_MISSING); /* E27 is nobody's model number */
    MODEL("Ostavia 13INCH laptop", "TS/0018/26", MODEL_MISSING); /* and 13INCH is a size */
}

static void check_type(const char *title, const char *notice, type_relation want, int line) {
    pair p = titled(title, notice);
    if (p.type == want) return;
    print_error("line %d: \"%.*s\": type %d, wanted %d\n", line, TS_P(ts_str_c(title)), (int)p.type,
                (int)want);
    fail();
}
#define TYPE(title, notice, want) check_type((title), (notice), (want), __LINE__)

static void types(void **state) {
    (void)state;
    TYPE("Kelvano power bank", "TS/0001/26", TYPE_SAME);
    TYPE("Kelvano Powerbank", "TS/0001/26", TYPE_SAME);
    TYPE("凯华诺 充电宝", "TS/0001/26", TYPE_SAME);
    TYPE("Brunelka Wasserkocher", "TS/0003/26", TYPE_SAME);
    TYPE("Brunelka 电热水壶", "TS/0003/26", TYPE_SAME);
    TYPE("Zandoro Kinderfahrradhelm", "TS/0002/26", TYPE_SAME);
    TYPE("暖阳佳 electric blanket", "SAMR-2026-015", TYPE_SAME);
    TYPE("Kelvano tent", "TS/0001/26", TYPE_OTHER);
    TYPE("Kelvano KV-2080", "TS/0001/26", TYPE_UNKNOWN);
    TYPE("Kelvano power bank with cable", "TS/0001/26",
         TYPE_SAME); /* what comes along is not what it is */
    TYPE("phone case Kelvano", "TS/0001/26", TYPE_ACCESSORY);
}

static void quantities(void **state) {
    (void)state;
    pair p = titled("Brunelka kettle 1,7 Liter", "TS/0003/26");
    assert_int_equal(p.quantities_same, 1);
    assert_int_equal(p.quantities_other, 0);
    p = titled("Brunelka kettle 0.5 l", "TS/0003/26");
    assert_int_equal(p.quantities_other, 1);
    assert_non_null(p.offer_quantity);
    assert_true(p.offer_quantity->value == 500 && p.notice_quantity->value == 1700);
    p = titled("Brunelka kettle 1.7L 2200W 220V",
               "TS/0003/26"); /* what the notice does not say is no conflict */
    assert_int_equal(p.quantities_same, 1);
    assert_int_equal(p.quantities_other, 0);
    p = titled("Lumoveta candles set of 12", "TS/0007/26");
    assert_int_equal(p.quantities_other, 1);
    p = titled("Kuhndahl 高压锅 6升", "TS/0017/26");
    assert_int_equal(p.quantities_same, 1);
}

static void variants_and_imitations(void **state) {
    (void)state;
    pair p = titled("Kelvano KV-2080 Max power bank", "TS/0001/26");
    assert_true(p.variants_extra != 0);
    p = titled("Fumarek FR-30 Pro smoke detector", "TS/0026/26");
    assert_int_equal(p.variants_extra, 0);
    assert_int_equal(p.variants_lacking, 0);
    p = titled("Fumarek FR-30 smoke detector", "TS/0026/26");
    assert_true(p.variants_lacking != 0);
    p = titled("Velonda VL-770 replica", "TS/0008/26");
    assert_true(p.counterfeit && p.replica);
    p = titled("Kelvano KV-2080", "TS/0001/26");
    assert_false(p.counterfeit || p.replica || p.spare);
}

static void identifiers_and_references(void **state) {
    (void)state;
    ts_notice n;
    sample_notice(&a, &samples[0], &n);
    ts_offer o = {.title = TS_S("something")};
    ts_identifiers_add(&a, &o.identifiers, n.identifiers.v[0]);
    pair p = compared(&o, "TS/0001/26");
    assert_ptr_equal(p.ident, &o.identifiers.v[0]);
    assert_false(p.declared);
    p = compared(&o, "TS/0002/26");
    assert_null(p.ident);
    o.identifiers.n = 0;
    ts_strs_add(&a, &o.notices, TS_S("ts 0001-26"));
    p = compared(&o, "TS/0001/26");
    assert_true(p.declared);
    p = compared(&o, "TS/0002/26");
    assert_false(p.declared);
}

static void words_of_the_name(void **state) {
    (void)state;
    pair p = titled("Mirabelo Hoppelino Dreamear plush rabbit", "TS/0005/26"),
         q = titled("Mirabelo plush rabbit", "TS/0005/26"),
         s = titled("Mirabelo plush bear Brummbaro", "TS/0005/26");
    assert_true(p.name_bits > q.name_bits && q.name_bits >= 0);
    assert_true(p.name_share > q.name_share && p.name_share <= 1);
    assert_true(s.extra_bits > p.extra_bits);
}

/* A battery "for" something is compared with a notice about batteries without holding the "for"
 * against it. */
static void things_that_go_with_others(void **state) {
    (void)state;
    ts_notice n = {.id = TS_S("x:1"),
                   .number = TS_S("X-00001"),
                   .product = TS_S("Battery for drills Makivanto"),
                   .published = TS_NO_DAY,
                   .modified = TS_NO_DAY};
    ts_strs_add(&a, &n.brands, TS_S("Cellorio"));
    ts_strs_add(&a, &n.models, TS_S("CB-4410"));
    ts_index own;
    ts_error e;
    ts_index_builder *b = ts_index_builder_new(&a);
    ts_index_add(b, &n);
    assert_true(ts_index_finish(b, &own, &e));
    ts_offer o = {.title = TS_S("battery for Cellorio CB-4410")};
    pair out = compared_with(&own, 0, &o);
    assert_int_equal(out.model, MODEL_SAME);
    assert_true(out.brand == BRAND_SAME || out.brand == BRAND_NAMED);
    ts_index_builder_free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_brand),
        cmocka_unit_test(models),
        cmocka_unit_test(types),
        cmocka_unit_test(quantities),
        cmocka_unit_test(variants_and_imitations),
        cmocka_unit_test(identifiers_and_references),
        cmocka_unit_test(words_of_the_name),
        cmocka_unit_test(things_that_go_with_others),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
