#include <math.h>

#include "models.h"
#include "samples.h"

static ts_arena a;
static ts_index ix;
static ts_index_builder *builder;
static ts_model *model;
static ts_matcher *matcher, *low; /* low: shows leads below the threshold, too */

static int setup(void **state) {
    (void)state;
    a = test_arena();
    builder = sample_index(&a, &ix);
    model = rule_model(&a);
    matcher = ts_matcher_new(&a, &ix, (ts_match_options){.model = model});
    low = ts_matcher_new(&a, &ix, (ts_match_options){.model = model, .floor = 1e-6});
    return 0;
}

static int teardown(void **state) {
    (void)state;
    ts_matcher_free(matcher);
    ts_matcher_free(low);
    ts_index_builder_free(builder);
    return 0;
}

static const ts_lead *lead_for(const ts_leads *l, const char *notice) {
    uint32_t number = sample_number(notice);
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].notice == number) return &l->v[i];
    return 0;
}

static const ts_lead *lead_of(const ts_offer *o, const char *notice) {
    ts_leads out = {0};
    ts_match(low, &a, o, &out);
    return lead_for(&out, notice);
}

static const ts_lead *titled(const char *title, const char *notice) {
    ts_offer o = {.title = ts_str_c(title)};
    return lead_of(&o, notice);
}

static bool conflicts(const ts_lead *l, const char *what) {
    for (size_t i = 0; i < l->conflict.n; i++)
        if (strcmp(l->conflict.v[i].what, what) == 0) return true;
    return false;
}
static bool agrees(const ts_lead *l, const char *what) {
    for (size_t i = 0; i < l->agree.n; i++)
        if (strcmp(l->agree.v[i].what, what) == 0) return true;
    return false;
}

static ts_identifier gtin_of(const char *notice) {
    ts_notice n;
    sample_notice(&a, &samples[sample_number(notice)], &n);
    assert_int_equal(n.identifiers.n, 1);
    return n.identifiers.v[0];
}

/* An offer, a notice, and whether an officer should see the pair. Without a notice: no lead at all.
 */
typedef struct triplet {
    const char *title, *brand, *notice;
    bool lead;
} triplet;

static const triplet triplets[] = {
    /* English */
    {"Kelvano KV-2080 power bank 20000mAh black", "", "TS/0001/26", true},
    {"Kelvano KV2080 20000mAh 2 pcs", "", "TS/0001/26", true},
    {"Used Kelvano KV-2080 power bank second hand", "", "TS/0001/26", true},
    {"Keelvano KV-2080 power bank", "", "TS/0001/26", true},
    {"Power bank KV2090, black", "Kelvano", "TS/0001/26", true},
    {"Zandoro ZH310 kids bike helmet blue", "", "TS/0002/26", true},
    {"Brunelka AquaSwift BK-1702 kettle 1.7L", "", "TS/0003/26", true},
    {"BRUNELKA BK 1702 KETTLE", "", "TS/0003/26", true},
    {"Solvenix SX4471 hair dryer 2000W", "", "TS/0004/26", true},
    {"Mirabelo Hoppelino Dreamear plush rabbit 30 cm", "", "TS/0005/26", true},
    {"Tervolt TV-C65 FastPort USB charger 65W", "", "TS/0006/26", true},
    {"Lumoveta Vanilla Dreams scented candles set of 4", "", "TS/0007/26", true},
    {"Velonda VL-770 AirGlide running shoes", "", "TS/0008/26", true},
    {"Nordiqua NQ-8812 LED bulb E27", "", "TS/0009/26", true},
    {"Celltrona CT-5543 battery for Asprano laptops", "", "TS/0010/26", true},
    {"Bambinuva CuddleWrap baby carrier BC-41 grey", "", "TS/0013/26", true},
    {"Dremalto DM-18-440 cordless drill 18V", "", "TS/0014/26", true},
    {"Kuhndahl KD600 pressure cooker 6L", "", "TS/0017/26", true},
    {"Ostavia OS-M1377 laptop", "", "TS/0018/26", true},
    {"Clarissima Bella Clara skin cream 300ml", "", "TS/0019/26", true},
    {"Stromvik SV-6620 extension lead", "", "TS/0020/26", true},
    {"Schlumiko Nidobello bunk bed 884512", "", "TS/0021/26", true},
    {"Orvellane Nuit Bleuette perfume 100ml", "", "TS/0022/26", true},
    {"Ruichiton RC10086 power bank", "", "SAMR-2026-024", true},
    {"Radlinger RL 112 balance bike", "", "DE-2026-0025", true},
    {"Fumarek FR-30 Pro smoke detector", "", "TS/0026/26", true},
    {"NY1508 electric blanket 暖阳佳", "", "SAMR-2026-015", true},
    /* German */
    {"Kelvano KV2080 Powerbank schwarz neu OVP", "", "TS/0001/26", true},
    {"Powerbank Kelvano KV-2090 mit Kabel", "", "TS/0001/26", true},
    {"Zandoro ZH-310 Kinderhelm Größe S", "", "TS/0002/26", true},
    {"Brunelka Wasserkocher BK 1702 1,7 Liter Edelstahl", "", "TS/0003/26", true},
    {"Wasserkocher BK-1702 von Brunelka, 1,7 l", "", "TS/0003/26", true},
    {"Solvenix Haartrockner SX-4471 ionic", "", "TS/0004/26", true},
    {"Kuscheltier Hase Mirabelo Hoppelino Dreamear", "", "TS/0005/26", true},
    {"Tervolt Ladegerät TVC65", "", "TS/0006/26", true},
    {"Lumoveta Duftkerzen Vanilla Dreams 4er Set", "", "TS/0007/26", true},
    {"Velonda AirGlide Laufschuhe VL770", "", "TS/0008/26", true},
    {"Nordiqua LED-Lampe NQ8812", "", "TS/0009/26", true},
    {"Celltrona CT5543 Laptop-Akku", "", "TS/0010/26", true},
    {"Dremalto Akkuschrauber DM18-440", "", "TS/0014/26", true},
    {"WAERMOTEC WT2150 Heizlüfter gebraucht", "", "DE-2026-0016", true},
    {"Kuhndahl KD 600 Schnellkochtopf 6 Liter", "", "TS/0017/26", true},
    {"Stromvik Verlängerungskabel SV6620", "", "TS/0020/26", true},
    {"Schlumiko 884512 Hochbett", "", "TS/0021/26", true},
    {"Radlinger Laufrad RL112 Flitzolino", "", "DE-2026-0025", true},
    {"Rauchmelder Fumarek FR30 Pro 3er Pack", "", "TS/0026/26", true},
    /* Chinese */
    {"凯华诺 KV-2080 移动电源 20000毫安时 正品 包邮", "", "TS/0001/26", true},
    {"Zandoro 儿童头盔 ZH310", "", "TS/0002/26", true},
    {"Brunelka 电热水壶 BK1702", "", "TS/0003/26", true},
    {"吹风机 Solvenix SX4471", "", "TS/0004/26", true},
    {"Lumoveta 香薰蜡烛 Vanilla Dreams", "", "TS/0007/26", true},
    {"Nordiqua LED 灯泡 NQ-8812", "", "TS/0009/26", true},
    {"Dremalto 电钻 DM-18-440 18V", "", "TS/0014/26", true},
    {"暖阳佳电热毯 NY-1508 双人", "", "SAMR-2026-015", true},
    {"Kuhndahl 高压锅 KD600 6升", "", "TS/0017/26", true},
    {"锐驰通 RC-10086 充电宝", "", "SAMR-2026-024", true},
    {"二手 锐驰通 RC-10086 移动电源", "", "SAMR-2026-024", true},
    {"Fumarek 烟雾报警器 FR-30 Pro", "", "TS/0026/26", true},
    {"Kelvano KV 2080 Powerbank mit Kabel", "", "TS/0001/26",
     true}, /* apart, and the notice has a sister of it */
    {"Kelvano KV-2080 power bank for iPhone 11", "", "TS/0001/26", true},
    {"正品凯华诺KV-2080充电宝适用于苹果手机", "", "TS/0001/26", true},
    /* things that go with the product */
    {"Case for Kelvano KV-2080 power bank", "", 0, false},
    {"USB cable compatible with Kelvano KV-2080", "", 0, false},
    {"Schutzhülle passend für Kelvano KV-2080 Powerbank", "", 0, false},
    {"Ersatzakku kompatibel mit Kelvano KV-2080", "", 0, false},
    {"Kelvano KV-2080 Ladekabel", "", "TS/0001/26", false},
    {"适用于凯华诺KV-2080移动电源的保护套", "", 0, false},
    {"适用锐驰通RC-10086的充电线", "", 0, false},
    {"Replacement pads for Zandoro ZH 310 helmet", "", 0, false},
    {"Descaler for Brunelka BK-1702 kettle", "", 0, false},
    {"Hairdryer nozzle fits Solvenix SX4471", "", 0, false},
    {"Halterung für Nordiqua NQ-8812", "", 0, false},
    {"Battery for Dremalto DM-18-440 drill", "", 0, false},
    {"Akku 18V für Dremalto DM-18-440", "", 0, false},
    {"Sealing ring for Kuhndahl KD600", "", 0, false},
    {"Reifen für Radlinger Laufrad RL 112", "", 0, false},
    {"Ersatzteil Brunelka BK-1702", "", "TS/0003/26", false},
    /* another model */
    {"Kelvano KV-2085 power bank", "", 0, false},
    {"Kelvano KV-2080 Pro power bank", "", 0, false},
    {"凯华诺 充电宝 KV2085", "", 0, false},
    {"Zandoro bicycle helmet ZH 315", "", 0, false},
    {"Solvenix SX4472 hair dryer", "", 0, false},
    {"Velonda running shoes VL-990", "", 0, false},
    {"Nordiqua NQ-8813 LED lamp", "", 0, false},
    {"暖阳佳电热毯 NY-1608", "", 0, false},
    {"锐驰通 RC-10087 充电宝", "", 0, false},
    {"Kuhndahl pressure cooker 4L KD400", "", 0, false},
    {"Stromvik SV-6620 Pro extension lead", "", 0, false},
    {"Brunelka BK-1702-2 kettle", "", 0, false},
    {"Kelvano KV2080C power bank", "", 0, false},
    /* another size, brand or thing */
    {"Brunelka BK-1702 kettle 0.5 l", "", "TS/0003/26", false},
    {"Lumoveta Vanilla Dreams candles set of 12", "", 0, false},
    {"Clarissima Bella Clara skin cream 50 ml", "", 0, false},
    {"Perfume Orvellane 50 ml", "", 0, false},
    {"Romtek KV-2080 power bank", "Romtek", 0, false},
    {"Solvenix SX4471 hair dryer", "Romtek", 0, false},
    {"Brunelka toaster BT-900", "", 0, false},
    {"Clarissima shampoo", "", 0, false},
    {"Solvenix hair straightener", "", 0, false},
    {"Zandoro kids scooter", "", 0, false},
    {"Kissenbezug Kelvano", "", 0, false},
    {"R8-652199 screwdriver bits set", "", 0, false},
    {"Asprano laptop 15.6 inch CT-5543", "", 0, false},
    {"Screw 884512", "", 0, false},
    {"LED bulb E27 warm white 9W", "", 0, false},
    {"Philips LED E27 lamp", "Philips", 0, false},
    {"13INCH laptop Dellora i5 8GB", "", 0, false},
    {"TV stand 65 inch black", "", 0, false},
    {"Toy slime green", "", 0, false},
    {"cotton t-shirt men black XL", "", 0, false},
    {"iPhone 11 case", "", 0, false},
    {"蓝牙耳机 无线 运动", "", 0, false},
    {"Kerzenset 4er rot", "", 0, false},
};

static void offers_and_notices(void **state) {
    (void)state;
    unsigned wrong = 0, n = sizeof triplets / sizeof *triplets;
    assert_true(n >= 60);
    for (unsigned i = 0; i < n; i++) {
        const triplet *t = &triplets[i];
        ts_offer o = {.title = ts_str_c(t->title), .brand = ts_str_c(t->brand)};
        ts_leads out = {0};
        ts_match(matcher, &a, &o, &out);
        bool got = t->notice ? lead_for(&out, t->notice) != 0 : out.n > 0;
        if (got == t->lead) continue;
        print_error("\"%.*s\" and %.*s: %s\n", TS_P(o.title),
                    TS_P(ts_str_c(t->notice ? t->notice : "any notice")),
                    got ? "a lead, wanted none" : "no lead, wanted one");
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void the_ladder_is_in_order(void **state) {
    (void)state;
    static const char *const names[] = {"text",        "image",      "brand_text", "brand_image",
                                        "brand_model", "identifier", "declared"};
    for (int i = 0; i <= TS_RUNG_DECLARED; i++)
        assert_string_equal(ts_rung_name((ts_rung)i), names[i]);
    assert_true(TS_RUNG_DECLARED > TS_RUNG_IDENTIFIER && TS_RUNG_IDENTIFIER > TS_RUNG_BRAND_MODEL &&
                TS_RUNG_BRAND_MODEL > TS_RUNG_BRAND_TEXT && TS_RUNG_BRAND_TEXT > TS_RUNG_TEXT);
    assert_string_equal(ts_grade_name(TS_GRADE_BELOW), "below");
    assert_string_equal(ts_grade_name(TS_GRADE_REVIEW), "review");
    assert_string_equal(ts_grade_name(TS_GRADE_STRONG), "strong");
}

static void every_rung(void **state) {
    (void)state;
    ts_offer o = {.title = TS_S("Kelvano KV-2080 power bank")};
    assert_int_equal(lead_of(&o, "TS/0001/26")->rung, TS_RUNG_BRAND_MODEL);
    ts_identifiers_add(&a, &o.identifiers, gtin_of("TS/0001/26"));
    assert_int_equal(lead_of(&o, "TS/0001/26")->rung, TS_RUNG_IDENTIFIER);
    ts_strs_add(&a, &o.notices, TS_S("TS/0001/26"));
    assert_int_equal(lead_of(&o, "TS/0001/26")->rung, TS_RUNG_DECLARED);
    assert_int_equal(titled("Mirabelo Hoppelino Dreamear plush rabbit", "TS/0005/26")->rung,
                     TS_RUNG_BRAND_TEXT);
    assert_int_equal(titled("Galaktogoo Blubbermonsta toy slime", "TS/0011/26")->rung,
                     TS_RUNG_TEXT);
    assert_int_equal(titled("Kelvano power bank", "TS/0001/26")->rung, TS_RUNG_BRAND_TEXT);
    assert_int_equal(titled("power bank KV-2080", "TS/0001/26")->rung, TS_RUNG_TEXT);
}

static void only_identifier_and_reference_are_strong(void **state) {
    (void)state;
    ts_offer o = {.title = TS_S("Solvenix SX4471 hair dryer")};
    assert_int_equal(lead_of(&o, "TS/0004/26")->grade, TS_GRADE_REVIEW);
    ts_identifiers_add(&a, &o.identifiers, gtin_of("TS/0004/26"));
    const ts_lead *l = lead_of(&o, "TS/0004/26");
    assert_int_equal(l->grade, TS_GRADE_STRONG);
    assert_true(agrees(l, "identifier_same"));
    o.title = TS_S("Solvenix SX4472 hair dryer"); /* the number and the title disagree */
    l = lead_of(&o, "TS/0004/26");
    assert_true(l->conflict.n > 0);
    assert_true(l->grade != TS_GRADE_STRONG);
}

/* An offer that names the notice's own number. */
static void declared(void **state) {
    (void)state;
    static const char *const spellings[] = {"TS/0001/26", "ts-0001-26", "TS 0001 26", "ts000126"};
    for (size_t i = 0; i < 4; i++) {
        ts_offer o = {.title = TS_S("Kelvano power bank, recalled")};
        ts_strs_add(&a, &o.notices, ts_str_c(spellings[i]));
        const ts_lead *l = lead_of(&o, "TS/0001/26");
        assert_non_null(l);
        assert_int_equal(l->rung, TS_RUNG_DECLARED);
        assert_int_equal(l->grade, TS_GRADE_STRONG);
        assert_true(agrees(l, "declared"));
    }
    ts_offer o = {.title = TS_S("wooden spoon")};
    ts_strs_add(&a, &o.notices, TS_S("TS/0001/27")); /* another notice's number */
    ts_leads out = {0};
    ts_match(matcher, &a, &o, &out);
    assert_int_equal(out.n, 0);
}

static void a_model_number_alone_is_never_above_review(void **state) {
    (void)state;
    static const char *const titles[][2] = {{"R8-652199 hoverboard", "TS/0012/26"},
                                            {"power bank KV-2080", "TS/0001/26"},
                                            {"Hair dryer SX4471", "TS/0004/26"},
                                            {"hoverboard R8 652199", "TS/0012/26"}};
    for (size_t i = 0; i < 4; i++) {
        const ts_lead *l = titled(titles[i][0], titles[i][1]);
        if (!l) continue;
        assert_int_equal(l->rung, TS_RUNG_TEXT);
        assert_true(l->grade <= TS_GRADE_REVIEW);
    }
}

/* Brand, model and name of the genuine maker: never above review, and the officer is told. */
static void imitations_stay_at_review(void **state) {
    (void)state;
    static const char *const titles[] = {"Velonda VL-770 AirGlide sports shoes",
                                         "Velonda AirGlide Laufschuhe VL770",
                                         "Velonda 运动鞋 VL-770"};
    for (size_t i = 0; i < 3; i++) {
        ts_offer o = {.title = ts_str_c(titles[i])};
        const ts_lead *l = lead_of(&o, "TS/0008/26");
        assert_non_null(l);
        assert_int_equal(l->grade, TS_GRADE_REVIEW);
        assert_true(conflicts(l, "counterfeit_of_brand"));
        ts_strs_add(&a, &o.notices, TS_S("TS/0008/26")); /* even when it names the notice */
        l = lead_of(&o, "TS/0008/26");
        assert_int_equal(l->rung, TS_RUNG_DECLARED);
        assert_int_equal(l->grade, TS_GRADE_REVIEW);
    }
}

static void two_numbers_that_disagree(void **state) {
    (void)state;
    ts_offer o = {.title = TS_S("Kelvano KV-2080 power bank")};
    ts_identifiers_add(&a, &o.identifiers, gtin_of("TS/0004/26"));
    ts_identifiers_add(&a, &o.identifiers, gtin_of("TS/0001/26"));
    ts_leads out = {0};
    ts_match(low, &a, &o, &out);
    const ts_lead *right = lead_for(&out, "TS/0001/26"), *wrong = lead_for(&out, "TS/0004/26");
    assert_non_null(right);
    assert_int_equal(right->rung, TS_RUNG_IDENTIFIER);
    assert_ptr_equal(right, &out.v[0]);
    if (wrong) { /* the other number's notice is of another brand and thing: shown with that, and
                    not as strong */
        assert_true(wrong->conflict.n > 0 && wrong->probability < right->probability);
        assert_true(wrong->grade != TS_GRADE_STRONG);
    }
}

static void numbers_nobody_can_trust_do_not_link(void **state) {
    (void)state;
    static const char *const bad[] = {"4006381333930", "12345678", "0000000000000",
                                      "2001234567893", "n/a",      "SX4471"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_offer o = {.title = TS_S("wooden spoon")};
        ts_identifiers_add(&a, &o.identifiers, ts_identifier_classify(&a, ts_str_c(bad[i]), false));
        ts_leads out = {0};
        ts_match(matcher, &a, &o, &out);
        assert_int_equal(out.n, 0);
    }
}

/* Sizes, voltages and sockets that offer and notice share are no evidence. */
static void units_and_generic_designations_never_link(void **state) {
    (void)state;
    static const char *const titles[] = {
        "13INCH laptop",      "13INCH",      "Dellora 13INCH laptop sleeve",
        "LED lamp E27",       "E27 E27 E27", "bulb GU10 E27 220V",
        "1.7 l kettle 220V",  "18 V drill",  "perfume 100 ml",
        "6 L pressure cooker"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        ts_offer o = {.title = ts_str_c(titles[i])}, with_model = o;
        if (i > 2) with_model.model = ts_str_c(titles[i]);
        for (int k = 0; k < 2; k++) {
            ts_leads out = {0};
            ts_match(matcher, &a, k ? &with_model : &o, &out);
            if (out.n)
                print_error("\"%.*s\" links to %s\n", TS_P(o.title),
                            samples[out.v[0].notice].number);
            assert_int_equal(out.n, 0);
        }
    }
}

/* base + all weights = logit of the probability, unless capped; reasons stand strongest first. */
static void reasons_add_up(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof triplets / sizeof *triplets; i++) {
        ts_offer o = {.title = ts_str_c(triplets[i].title), .brand = ts_str_c(triplets[i].brand)};
        ts_leads out = {0};
        ts_match(low, &a, &o, &out);
        for (size_t k = 0; k < out.n; k++) {
            const ts_lead *l = &out.v[k];
            double z = l->base;
            assert_true(l->probability > 0 && l->probability < 1);
            for (size_t x = 0; x < l->agree.n; x++) {
                z += l->agree.v[x].weight;
                assert_true(l->agree.v[x].weight >= 0);
                if (x) assert_true(l->agree.v[x - 1].weight >= l->agree.v[x].weight);
            }
            for (size_t x = 0; x < l->conflict.n; x++) {
                z += l->conflict.v[x].weight;
                assert_true(l->conflict.v[x].weight <= 0);
                if (x) assert_true(l->conflict.v[x - 1].weight <= l->conflict.v[x].weight);
            }
            double said = 1 / (1 + exp(-z));
            if (l->capped ? said + 1e-9 < l->probability : fabs(said - l->probability) > 1e-6)
                print_error("\"%.*s\": reasons say %f, the lead %f\n", TS_P(o.title), said,
                            l->probability);
            assert_true(l->capped ? said + 1e-9 >= l->probability
                                  : fabs(said - l->probability) < 1e-6);
            assert_int_equal(l->grade == TS_GRADE_BELOW, l->probability < model->threshold);
            if (k) assert_true(out.v[k - 1].probability >= l->probability);
        }
    }
}

static void options(void **state) {
    (void)state;
    ts_offer o = {.title = TS_S("Bambinuva CuddleWrap baby carrier BC-41 baby bottle")};
    ts_arena mark = a;
    ts_leads none = {0}, one = {0}, all = {0};
    ts_matcher *strict =
                   ts_matcher_new(&a, &ix, (ts_match_options){.model = model, .threshold = 0.9999}),
               *first = ts_matcher_new(
                   &a, &ix, (ts_match_options){.model = model, .floor = 1e-6, .per_offer = 1}),
               *every = ts_matcher_new(
                   &a, &ix, (ts_match_options){.model = model, .floor = 1e-6, .exhaustive = true});
    ts_match(strict, &a, &o, &none);
    assert_int_equal(none.n, 0);
    ts_match(first, &a, &o, &one);
    assert_int_equal(one.n, 1);
    ts_match(every, &a, &o, &all);
    assert_true(all.n >= 2);
    assert_int_equal(all.v[0].notice, one.v[0].notice);
    ts_leads added = all; /* leads are added to what is there */
    ts_match(first, &a, &o, &added);
    assert_int_equal(added.n, all.n + 1);
    ts_matcher_free(strict), ts_matcher_free(first), ts_matcher_free(every);
    a = mark;
}

static void counts(void **state) {
    (void)state;
    ts_arena mark = a;
    ts_matcher *m = ts_matcher_new(&a, &ix, (ts_match_options){.model = model});
    ts_offer with = {.title = TS_S("Kelvano KV-2080 power bank")},
             without = {.title = TS_S("wooden spoon")};
    ts_leads out = {0};
    for (int i = 0; i < 3; i++) ts_match(m, &a, &with, &out);
    for (int i = 0; i < 4; i++) ts_match(m, &a, &without, &out);
    ts_match_counts c = ts_matcher_counts(m);
    assert_int_equal(c.offers, 7);
    assert_int_equal(c.left_early, 4);
    assert_true(c.judged >= 3 && c.verified >= 3 && c.postings >= 3);
    ts_matcher_free(m);
    a = mark;
}

/* Whatever an offer says, in any field: an answer, in bounds, the same again. */
static void hostile_offers(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "Kelvano ", "KV-2080 ",    "for ", "\xFF",   "凯华诺",  "适用", "13INCH ",
        "(",        "power bank ", "E27",  "1,5 l ", "Zandoro", "-",    "Velonda VL-770 ",
        "\n",       "mit "};
    ts_random r = ts_random_seed(8);
    for (int round = 0; round < 2000; round++) {
        ts_arena mark = a;
        ts_str text[5];
        for (int f = 0; f < 5; f++) {
            ts_buf b = ts_buf_new(&a, 1 << 17);
            for (unsigned n = ts_random_below(&r, round < 5 ? 9000 : 12); n > 0; n--)
                ts_buf_put(&b,
                           ts_str_c(pieces[ts_random_below(&r, sizeof pieces / sizeof *pieces)]));
            text[f] = ts_buf_str(&b);
        }
        ts_offer o = {.title = text[0],
                      .brand = text[1],
                      .model = text[2],
                      .description = text[3],
                      .category = text[4]};
        ts_leads first = {0}, again = {0};
        ts_match(low, &a, &o, &first);
        ts_match(low, &a, &o, &again);
        assert_int_equal(first.n, again.n);
        assert_true(first.n <= 8);
        for (size_t i = 0; i < first.n; i++)
            assert_true(first.v[i].notice == again.v[i].notice &&
                        first.v[i].probability == again.v[i].probability);
        a = mark;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_and_notices),
        cmocka_unit_test(the_ladder_is_in_order),
        cmocka_unit_test(every_rung),
        cmocka_unit_test(only_identifier_and_reference_are_strong),
        cmocka_unit_test(declared),
        cmocka_unit_test(a_model_number_alone_is_never_above_review),
        cmocka_unit_test(imitations_stay_at_review),
        cmocka_unit_test(two_numbers_that_disagree),
        cmocka_unit_test(numbers_nobody_can_trust_do_not_link),
        cmocka_unit_test(units_and_generic_designations_never_link),
        cmocka_unit_test(reasons_add_up),
        cmocka_unit_test(options),
        cmocka_unit_test(counts),
        cmocka_unit_test(hostile_offers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
