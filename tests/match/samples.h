/* samples.h - notices written for the tests of matching, and an index of them. All brands, numbers
 * and products are invented. */
#ifndef TS_TESTS_MATCH_SAMPLES_H
#define TS_TESTS_MATCH_SAMPLES_H

#include "match/match.h"
#include "support/support.h"

typedef struct sample {
    const char *number, *language, *product, *name, *brands, *models, *gtin, *category,
        *lots; /* lists separated by '|' */
    bool counterfeit;
} sample;

static const sample samples[] = {
    {"TS/0001/26", "en", "Power bank", "PB 20", "Kelvano|凯华诺", "KV-2080|KV-2090",
     "4006381333931", "Electrical appliances and equipment", "L24-01|L24-02", false},
    {"TS/0002/26", "en", "Bicycle helmet for children", "Junior Star", "Zandoro", "ZH 310", "",
     "Protective equipment", "", false},
    {"TS/0003/26", "en", "Electric kettle 1.7 l", "AquaSwift", "Brunelka", "BK-1702", "",
     "Electrical appliances and equipment", "", false},
    {"TS/0004/26", "en", "Hair dryer", "", "Solvenix", "SX4471", "5012345678900",
     "Electrical appliances and equipment", "", false},
    {"TS/0005/26", "en", "Plush rabbit", "Hoppelino Dreamear", "Mirabelo", "", "", "Toys", "",
     false},
    {"TS/0006/26", "en", "USB charger", "FastPort", "Tervolt", "TV-C65", "",
     "Electrical appliances and equipment", "", false},
    {"TS/0007/26", "en", "Scented candles, set of 4", "Vanilla Dreams", "Lumoveta", "", "",
     "Decorative articles", "", false},
    {"TS/0008/26", "en", "Sports shoes", "AirGlide", "Velonda", "VL-770", "",
     "Clothing, textiles and fashion items", "", true},
    {"TS/0009/26", "en", "LED lamp", "Warmglow", "Nordiqua", "NQ-8812|E27", "",
     "Lighting equipment", "", false},
    {"TS/0010/26", "en", "Battery for laptop computers", "", "Celltrona", "CT-5543", "",
     "Electrical appliances and equipment", "", false},
    {"TS/0011/26", "en", "Toy slime", "Galaktogoo Blubbermonsta", "", "", "", "Toys", "", false},
    {"TS/0012/26", "en", "Hoverboard", "", "", "R8-652199", "", "Hobby/sports equipment", "",
     false},
    {"TS/0013/26", "en", "Baby carrier", "CuddleWrap", "Bambinuva", "BC-41", "",
     "Childcare articles and children's equipment", "", false},
    {"TS/0014/26", "en", "Cordless drill 18 V", "", "Dremalto", "DM-18-440", "", "Hand tools", "",
     false},
    {"SAMR-2026-015", "zh", "电热毯", "", "暖阳佳", "NY-1508", "", "家用电器", "", false},
    {"DE-2026-0016", "de", "Heizlüfter", "", "Wärmotec", "WT-2150", "", "Elektrogeräte", "", false},
    {"TS/0017/26", "en", "Pressure cooker 6 L", "", "Kuhndahl", "KD600", "",
     "Kitchen/cooking accessories", "", false},
    {"TS/0018/26", "en", "Laptop", "", "Ostavia", "13INCH|OS-M1377", "",
     "Communication and media equipment", "", false},
    {"TS/0019/26", "en", "Skin cream 300 ml", "Bella Clara", "Clarissima", "", "4012345123456",
     "Cosmetics", "", false},
    {"TS/0020/26", "en", "Extension lead", "", "Stromvik", "SV-6620", "",
     "Electrical appliances and equipment", "", false},
    {"TS/0021/26", "en", "Bunk bed", "Nidobello", "Schlumiko", "884512", "", "Furniture", "",
     false},
    {"TS/0022/26", "en", "Perfume 100 ml", "Nuit Bleuette", "Orvellane", "", "", "Cosmetics", "",
     true},
    {"TS/0023/26", "en", "Baby bottle", "SipSoft", "Bambinuva", "BB-240", "",
     "Childcare articles and children's equipment", "", false},
    {"SAMR-2026-024", "zh", "移动电源", "", "锐驰通|Ruichiton", "RC-10086", "6901234567892",
     "电子电器", "", false},
    {"DE-2026-0025", "de", "Laufrad", "Flitzolino", "Radlinger", "RL 112", "", "Spielzeug", "",
     false},
    {"TS/0026/26", "en", "Smoke detector", "", "Fumarek", "FR-30 Pro", "",
     "Electrical appliances and equipment", "", false},
    {"TS/0027/26", "en", "Adapter", "", "", "884512", "", "Electrical appliances and equipment", "",
     false},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static inline void sample_list(ts_arena *a, ts_strs *l, const char *s) {
    ts_str rest = ts_str_c(s);
    while (rest.n) ts_strs_add(a, l, ts_str_cut(&rest, '|'));
}

static inline void sample_notice(ts_arena *a, const sample *s, ts_notice *n) {
    const ts_str id[2] = {TS_S("test"), ts_str_c(s->number)};
    *n = (ts_notice){.id = ts_str_join(a, id, 2, TS_S(":")),
                     .source = TS_S("test"),
                     .number = ts_str_c(s->number),
                     .product = ts_str_c(s->product),
                     .name = ts_str_c(s->name),
                     .category = ts_str_c(s->category),
                     .language = ts_str_c(s->language),
                     .published = TS_NO_DAY,
                     .modified = TS_NO_DAY,
                     .counterfeit = s->counterfeit ? TS_YES : TS_OPEN};
    sample_list(a, &n->brands, s->brands);
    sample_list(a, &n->models, s->models);
    sample_list(a, &n->scope.lots, s->lots ? s->lots : "");
    if (s->gtin && *s->gtin) {
        char *d = ts_new_raw(a, char, 13); /* the tables above need no right check digit */
        memcpy(d, s->gtin, 13);
        for (d[12] = '0'; !ts_gtin_check((ts_str){d, 13}); d[12]++) {}
        ts_identifiers_add(a, &n->identifiers, ts_identifier_classify(a, (ts_str){d, 13}, true));
    }
    ts_notice_seal(*a, n);
}

/* The index of all samples; the builder owns it. */
static inline ts_index_builder *sample_index(ts_arena *a, ts_index *ix) {
    ts_index_builder *b = ts_index_builder_new(a);
    ts_error e;
    for (int i = 0; i < SAMPLES; i++) {
        ts_notice n;
        sample_notice(a, &samples[i], &n);
        ts_index_add(b, &n);
    }
    assert_true(ts_index_finish(b, ix, &e));
    return b;
}

static inline uint32_t sample_number(const char *number) {
    for (uint32_t i = 0; i < SAMPLES; i++)
        if (strcmp(samples[i].number, number) == 0) return i;
    print_error("there is no sample %.*s\n", TS_P(ts_str_c(number)));
    fail();
    return 0;
}

#endif
