#include "gazette/gazette.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* ---- reading whole files ---- */

typedef struct notices {
    ts_notice_format format;
    struct {
        ts_notice *v;
        size_t n, cap;
    } all;
    struct {
        ts_error *v;
        size_t n, cap;
    } bad;
    bool failed;
    ts_error failure;
} notices;

static notices drain(ts_notice_reader *r) {
    notices out = {.format = ts_notices_format(r)};
    for (;;) {
        ts_notice n;
        ts_error e = {0};
        ts_read_result rc = ts_notices_next(r, &a, &n, &e);
        if (rc == TS_READ_RECORD)
            *ts_push(&a, &out.all) = n;
        else if (rc == TS_READ_BAD)
            *ts_push(&a, &out.bad) = e;
        else {
            out.failed = rc == TS_READ_FAILED;
            out.failure = e;
            break;
        }
    }
    ts_notices_close(r);
    return out;
}

static notices read_path(const char *path) {
    ts_error e = {0};
    ts_notice_reader *r = ts_notices_open(&a, path, (ts_notice_options){0}, &e);
    if (!r) print_error("%s\n", e.msg);
    assert_non_null(r);
    return drain(r);
}

static notices sample(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/data/notices/%s", TS_SOURCE_DIR, name);
    return read_path(path);
}

static notices text(const char *bytes) {
    ts_error e = {0};
    ts_notice_reader *r =
        ts_notices_memory(&a, ts_str_c(bytes), "test", (ts_notice_options){0}, &e);
    if (!r) print_error("%s\n", e.msg);
    assert_non_null(r);
    return drain(r);
}

static ts_error refused(const char *bytes, ts_notice_format format) {
    ts_error e = {0};
    assert_null(
        ts_notices_memory(&a, ts_str_c(bytes), "test", (ts_notice_options){.format = format}, &e));
    return e;
}

static bool says(const ts_error *e, const char *part) { return strstr(e->msg, part) != 0; }

static void assert_list(const ts_strs *l, const char *joined, int line) {
    ts_str s = ts_str_join(&a, l->v, l->n, TS_S("|"));
    if (ts_str_is(s, joined)) return;
    print_error("line %d: '%.*s' is not '%s'\n", line, TS_P(s), joined);
    fail();
}
#define LIST(l, joined) assert_list(&(l), (joined), __LINE__)

static void assert_day(int32_t day, const char *iso) {
    char buf[16];
    assert_str(ts_day_iso(day, buf), iso);
}

static bool has_gtin(const ts_notice *n, uint64_t gtin) {
    for (size_t i = 0; i < n->identifiers.n; i++)
        if (n->identifiers.v[i].kind == TS_ID_GTIN && n->identifiers.v[i].gtin == gtin) return true;
    return false;
}

static size_t count_kind(const ts_notice *n, ts_id_kind kind) {
    size_t k = 0;
    for (size_t i = 0; i < n->identifiers.n; i++) k += n->identifiers.v[i].kind == kind;
    return k;
}

/* ---- Safety Gate ---- */

static void weekly_report(void **state) {
    (void)state;
    notices s = sample("safety_gate_weekly.xml");
    assert_int_equal(s.format, TS_NF_SAFETY_GATE_XML);
    assert_int_equal(s.all.n, 3);
    assert_int_equal(s.bad.n, 0);
    const ts_notice *n = &s.all.v[0];
    assert_str(n->id, "safety_gate:SR/00417/25");
    assert_str(n->number, "SR/00417/25");
    assert_str(n->product, "USB charger");
    assert_str(n->name, "Fast Charge Duo");
    LIST(n->brands, "Voltara|Lumex & Co|Voltara / Lumex & Co");
    LIST(n->models, "VX-20D|88213");
    LIST(n->risks, "Electric shock|Fire");
    LIST(n->scope.lots, "B24-0117");
    LIST(n->sellers, "shop.example.com|Temu");
    LIST(n->images, "https://gate.example/image/1|https://gate.example/image/2");
    assert_true(has_gtin(n, 4006381333931));
    assert_day(n->scope.made.v[0].from, "2024-01-01");
    assert_day(n->scope.made.v[0].to, "2024-06-30");
    assert_day(n->published, "2025-03-14");
    assert_str(n->country, "DE");
    assert_str(n->origin, "CN");
    assert_str(n->language, "en");
    assert_str(n->description,
               "White plug-in charger with two USB sockets, 20 W.\nCompany recall code: RC 77");
    assert_true(ts_str_find(n->measures, TS_S("Retailer\nCategory")) != TS_NPOS);
    assert_int_equal(n->risk_level, TS_RISK_SERIOUS);
    assert_int_equal(n->kind, TS_NOTICE_ALERT);
    assert_int_equal(n->counterfeit, TS_OPEN);
    n = &s.all.v[1];
    assert_str(n->product, "Soft toy");
    assert_str(n->name, "Zottel Bear");
    assert_int_equal(n->brands.n, 0);
    assert_int_equal(n->models.n, 0);
    assert_int_equal(n->origin.n, 0);
    assert_int_equal(count_kind(n, TS_ID_ASIN), 1);
    assert_int_equal(n->counterfeit, TS_YES);
    assert_int_equal(n->risk_level, TS_RISK_UNKNOWN);
    n = &s.all.v[2];
    assert_int_equal(n->models.n, 0); /* a type approval is no model number */
    assert_int_equal(count_kind(n, TS_ID_GTIN), 2);
    assert_day(n->scope.made.v[0].to, "2024-03-06");
    assert_int_equal(n->kind, TS_NOTICE_INFORMATION);
}

static void ods_export(void **state) {
    (void)state;
    static const char *const files[] = {"safety_gate_ods.json", "safety_gate_ods.csv"};
    for (size_t i = 0; i < 2; i++) {
        notices s = sample(files[i]);
        assert_int_equal(s.format, TS_NF_SAFETY_GATE_ODS);
        assert_int_equal(s.all.n, 2);
        const ts_notice *n = &s.all.v[0];
        assert_str(n->id, "safety_gate:A12/00077/22");
        assert_str(n->product, "Lipstick");
        assert_str(n->name, "Rouge Nuit");
        assert_str(n->brands.v[0], "Belmira");
        assert_str(n->brands.v[1], "Noira");
        LIST(n->models, "RN-04|RN-05");
        LIST(n->risks, "Chemical|Environment");
        LIST(n->scope.lots, "L0421|L0422");
        assert_str(n->origin, "TR");
        assert_int_equal(n->counterfeit, TS_NO);
        assert_int_equal(n->state, TS_NOTICE_UPDATED);
        assert_int_equal(count_kind(n, TS_ID_GTIN_BAD), 1);
        n = &s.all.v[1];
        assert_str(n->product, "Hair dryer"); /* "Consumers" is no product */
        LIST(n->models, "HD 2200");
        assert_int_equal(n->counterfeit, TS_YES);
        assert_int_equal(n->state, TS_NOTICE_PUBLISHED);
        assert_int_equal(n->risk_level, TS_RISK_UNKNOWN);
    }
}

static void portal_record(void **state) {
    (void)state;
    notices s = sample("safety_gate_portal_nested.json");
    assert_int_equal(s.format, TS_NF_SAFETY_GATE_PORTAL);
    assert_int_equal(s.all.n, 2);
    const ts_notice *n = &s.all.v[0];
    assert_str(n->product, "Desk fan"); /* the English version, not the first */
    assert_str(n->name, "Turbo Breeze");
    LIST(n->brands, "Windola");
    LIST(n->models, "WB-330|WB-331");
    LIST(n->measure_countries, "AT|PL");
    assert_str(n->measures, "Recall of product from consumers; Withdrawal of product from market");
    assert_int_equal(n->compulsion, TS_MEASURE_BOTH);
    assert_int_equal(n->counterfeit, TS_NO);
    assert_str(n->recall_url, "https://windola.example/recall");
    assert_str(
        n->url,
        "https://ec.europa.eu/safety-gate-alerts/screen/webReport/alertDetail/10099001?lang=en");
    assert_int_equal(n->images.n, 1);
    assert_int_equal(n->state, TS_NOTICE_UPDATED);
    s = sample("safety_gate_portal_flat.jsonl");
    assert_int_equal(s.format, TS_NF_SAFETY_GATE_PORTAL);
    assert_int_equal(s.all.n, 2);
    n = &s.all.v[0];
    assert_str(n->product, "Bubble gun");
    assert_str(n->category, "Toys");
    assert_str(n->measures, "Product withdrawal from market");
    LIST(n->models, "BG5521");
    LIST(n->risks, "Choking");
    assert_str(n->legal, "Toy Safety Directive, EN 71-1");
}

static void rapex_tables(void **state) {
    (void)state;
    notices s = sample("rapex_weekly.csv");
    assert_int_equal(s.format, TS_NF_RAPEX_WEEKLY);
    assert_int_equal(s.all.n, 4);
    const ts_notice *n = &s.all.v[0];
    assert_str(n->id, "safety_gate:0351/10");
    assert_str(n->product, "Children’s drum");
    assert_str(n->description, "“Bumm” is printed on the drum.");
    LIST(n->models, "4711");
    LIST(n->risks, "Choking|Injuries");
    LIST(n->measure_countries, "SI|DK|SE");
    assert_day(n->published, "2010-02-26");
    assert_int_equal(n->compulsion, TS_MEASURE_VOLUNTARY);
    assert_str(s.all.v[1].number, "1319/09");
    assert_str(s.all.v[1].country, "SI"); /* the code column says SV */
    LIST(s.all.v[1].models, "LL 20");
    assert_str(s.all.v[2].number, "A12/0862/12");
    LIST(s.all.v[2].brands, "Gaudi");
    LIST(s.all.v[2].models, "R-1177"); /* had run into the brand */
    assert_int_equal(s.all.v[2].compulsion, TS_MEASURE_BOTH);
    assert_str(s.all.v[3].number, "0030/12");
    assert_str(s.all.v[3].name, "Adler Falke");
    assert_day(s.all.v[3].scope.made.v[0].from, "2007-01-01"); /* model year 2008 begins in 2007 */
    notices j = sample("rapex_weekly.jsonl");
    assert_str(j.all.v[0].id, "safety_gate:0351/10");
    assert_true(
        ts_digest_eq(j.all.v[0].digest, s.all.v[0].digest)); /* CSV and JSONL say the same */
    assert_true(ts_str_starts(j.all.v[1].id,
                              TS_S("safety_gate:0351/10~"))); /* the same number, another product */
    assert_str(j.all.v[1].number, "0351/10");
}

static void alert_table(void **state) {
    (void)state;
    notices s = sample("safety_gate_table.jsonl");
    assert_int_equal(s.format, TS_NF_SAFETY_GATE_TABLE);
    const ts_notice *n = &s.all.v[0];
    assert_str(n->name, "Notte Blu");
    assert_int_equal(count_kind(n, TS_ID_GTIN), 1);
    assert_int_equal(count_kind(n, TS_ID_FNSKU), 1);
    assert_int_equal(n->scope.lot_ranges.n, 1);
    assert_str(n->scope.lot_ranges.v[0].from, "23W17");
    LIST(n->measure_countries, "GR|CY");
    assert_int_equal(n->compulsion, TS_MEASURE_COMPULSORY);
    assert_str(n->description, "Company recall code: PB-1");
    assert_int_equal(s.all.v[1].compulsion, TS_MEASURE_VOLUNTARY);
    assert_int_equal(s.all.v[1].origin.n, 0);
}

/* ---- CPSC ---- */

static void cpsc_rest(void **state) {
    (void)state;
    notices s = sample("cpsc_rest.json");
    assert_int_equal(s.format, TS_NF_CPSC_REST);
    assert_int_equal(s.all.n, 2);
    const ts_notice *n = &s.all.v[0];
    assert_str(n->id, "cpsc:25-123");
    assert_str(n->product,
               "Norvello Step Stools; Norvello Benches"); /* several products, one notice */
    LIST(n->brands, "Norvello");
    LIST(n->models, "NV-300|NV-210|NV-211");
    LIST(n->scope.lots, "2411A");
    LIST(n->operators, "Norvello Inc.");
    LIST(n->measure_countries, "CA|US");
    assert_true(has_gtin(n, 36000291452));
    assert_day(n->scope.sold.v[0].to, "2024-06-30");
    assert_int_equal(n->state, TS_NOTICE_UPDATED);
    assert_int_equal(n->kind, TS_NOTICE_RECALL);
    assert_int_equal(n->compulsion, TS_MEASURE_UNKNOWN); /* nothing says that it is voluntary */
    assert_str(s.all.v[1].id, "cpsc:id-11000");
    assert_int_equal(s.all.v[1].kind, TS_NOTICE_WARNING);
    assert_int_equal(s.all.v[1].brands.n, 0);
}

static void cpsc_export(void **state) {
    (void)state;
    notices s = sample("cpsc_export.csv");
    assert_int_equal(s.format, TS_NF_CPSC_EXPORT);
    assert_int_equal(s.all.n, 3);
    const ts_notice *n = &s.all.v[0];
    assert_str(n->id, "cpsc:25-123"); /* as in the REST form */
    LIST(n->models, "901|GX030AP");
    assert_day(n->scope.made.v[0].from, "2024-03-04"); /* the month leads */
    assert_day(n->published, "2025-02-06");
    assert_str(n->units, "About 1,200");
    assert_str(s.all.v[1].id, "cpsc:26-077");
    assert_int_equal(s.all.v[1].kind, TS_NOTICE_WARNING);
    assert_true(ts_str_ieq(s.all.v[1].brands.v[0], TS_S("Quibbly")));
    assert_int_equal(s.all.v[2].scope.serial_ranges.n, 1);
}

static void cpsc_archive(void **state) {
    (void)state;
    notices s = sample("cpsc_archive.json");
    assert_int_equal(s.format, TS_NF_CPSC_ARCHIVE);
    assert_str(s.all.v[0].id, "cpsc:94-999");
    LIST(s.all.v[0].brands, "Tumbolo");
    assert_str(s.all.v[0].origin, "MX");
    assert_str(s.all.v[1].id, "cpsc:07-123a");
    LIST(s.all.v[1].brands, "Jon Kestrell"); /* a shop is no brand */
    LIST(s.all.v[1].models, "KT 200");
    assert_true(has_gtin(&s.all.v[1], 36000291452));
}

static ts_notice one_cpsc(const char *title, const char *product, const char *description,
                          const char *importers) {
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "Recall Number", TS_S("25-001"));
    ts_jsonw_kstr(&w, "Recall Heading", ts_str_c(title));
    ts_jsonw_kstr(&w, "Name of product", ts_str_c(product));
    ts_jsonw_kstr(&w, "Description", ts_str_c(description));
    ts_jsonw_kstr(&w, "Importers", ts_str_c(importers));
    ts_jsonw_end(&w);
    notices s = text(ts_str_z(&a, ts_buf_str(&b)));
    assert_int_equal(s.all.n, 1);
    return s.all.v[0];
}

/* There is no brand column: what counts is what two places agree on. */
static void cpsc_brands(void **state) {
    (void)state;
    static const struct {
        const char *title, *product, *description, *importers, *brands;
    } cases[] = {
        {"High Chairs Recalled Due to Fall Hazard", "High Chairs",
         "“ZWICKO” is printed on the front of the tray.", "", "ZWICKO"},
        {"Safes Recalled Due to Injury Hazard; Sold Exclusively on Amazon.com by Brinko",
         "Moutello brand Gun Safes", "x", "", "Moutello"},
        {"Glimmer & Smith Recalls Lamps Due to Fire Hazard", "Lamps",
         "This recall involves Glimmer & Smith-branded lamps.", "", "Glimmer & Smith"},
        {"Varkon Industries Recalls Heaters Due to Fire Hazard", "Heaters",
         "The heaters are black.", "", "Varkon"},
        {"Tents Recalled Due to Fire Hazard", "Tents",
         "The brand name “Zeltona” appears on the bag.", "Import Co., of Reno", "Zeltona"},
        {"Glimmora Outdoor Recalls Lamps Due to Fire Hazard", "Zornik® Corvo series lamps",
         "“Zornik” is printed on the lamp.", "", "Zornik"},
        {"Essmed Supply Reannounces Recall of Bed Rails Due to Entrapment", "Bed Rails",
         "The rails are white.", "", "Essmed Supply"},
        {"Compare Brands Recalls Bottles Due to Poisoning", "Bottles", "The bottles are white.", "",
         "Compare Brands"},
        {"Blankets Recalled Due to Burn Hazard", "MaxZaro Electric Blankets",
         "Model numbers HB18A-7284-1 and HB18A-6284-1. The brand name “MaxZaro” is printed.", "",
         "MaxZaro"},
        {"Tezlar Recalls Bicycles Due to Fall Hazard", "Tezlar Corvona bicycles",
         "The model name Corvona is printed on the frame.", "", "Tezlar"},
        {"Zolt Recalls Bicycle Lights Due to Fire Hazard",
         "Zolt Blinq 900 and Blinq 1300 Bicycle Lights",
         "The word “Blinq” is printed on the light.", "", "Zolt"},
        {"Kasumo Motors Recalls Motorcycles Due to Crash Hazard", "KX450 motorcycles",
         "The motorcycles are green.", "", "Kasumo Motors"},
        {"Infant Swings Recalled Due to Suffocation Hazard", "Zool Baby Infant Swings",
         "“Zool Baby” is printed on the swing.", "Zool Products LLC, dba Zool Baby", "Zool Baby"},
        {"Toys Recalled Due to Choking Hazard", "Toys",
         "The toys are red. “WARNING” is printed on the box.", "Import Co., of Reno", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_notice n =
            one_cpsc(cases[i].title, cases[i].product, cases[i].description, cases[i].importers);
        assert_list(&n.brands, cases[i].brands, (int)i);
        for (size_t k = 0; k < n.operators.n; k++)
            assert_false(ts_str_is(n.operators.v[k], "Import Co., of Reno"));
    }
}

/* ---- France, the template, lists ---- */

static void rappelconso(void **state) {
    (void)state;
    notices s = sample("rappelconso_v1.json");
    assert_int_equal(s.format, TS_NF_RAPPELCONSO);
    assert_int_equal(s.all.n, 2);
    const ts_notice *n = &s.all.v[0];
    assert_str(n->id, "rappelconso:2021-04-0012");
    LIST(n->brands, "Pomelou");
    LIST(n->models, "167999");
    LIST(n->scope.lots, "L2104|L2105");
    assert_int_equal(n->scope.made.n, 0); /* a date of expiry is none of making */
    assert_int_equal(count_kind(n, TS_ID_GTIN), 2);
    assert_int_equal(n->compulsion, TS_MEASURE_COMPULSORY);
    assert_int_equal(s.all.v[1].brands.n, 0); /* "Sans marque" */
    assert_int_equal(s.all.v[1].compulsion, TS_MEASURE_VOLUNTARY);
    notices v2 = sample("rappelconso_v2.json"), csv = sample("rappelconso_v2.csv");
    assert_int_equal(v2.all.n, 2);
    n = &v2.all.v[0];
    assert_str(n->product, "trottinette électrique");
    LIST(n->models, "RT-500");
    LIST(n->scope.lots, "2302");
    assert_day(n->scope.made.v[0].from, "2024-02-01");
    assert_day(n->scope.sold.v[0].to, "2025-01-31");
    LIST(n->images, "https://img.example/a.jpg|https://img.example/b.jpg");
    assert_str(n->remedy,
               "Ne plus utiliser le produit\nContacter le service consommateur\nremboursement");
    assert_str(v2.all.v[1].number, "SR/01361/26");
    assert_int_equal(v2.all.v[1].scope.lots.n, 0);
    assert_str(csv.all.v[0].id, n->id.p ? "rappelconso:2025-02-0250" : "");
    LIST(csv.all.v[0].scope.lots, "2302");
    LIST(csv.all.v[0].models, "RT-500");
}

static void template_in_three_languages(void **state) {
    (void)state;
    notices en = sample("template_en.csv"), de = sample("template_de.csv"),
            zh = sample("template_zh.csv"), jsonl = sample("template_zh.jsonl");
    assert_int_equal(en.format, TS_NF_TEMPLATE);
    assert_int_equal(jsonl.format, TS_NF_TEMPLATE);
    assert_int_equal(en.all.n, 2);
    const ts_notice *n = &en.all.v[0];
    assert_str(n->id, "office_for_made_up_goods:R-2025-7");
    assert_str(n->country, "NO");
    LIST(n->models, "QX-100|QX-200");
    LIST(n->scope.lots, "L24A|L24B");
    assert_str(n->hazard, "Wires too thin\nFire");
    assert_str(n->remedy, "Return to the shop\n0800 1");
    assert_int_equal(n->compulsion, TS_MEASURE_COMPULSORY);
    assert_int_equal(n->counterfeit, TS_NO);
    assert_int_equal(n->risk_level, TS_RISK_HIGH);
    assert_str(en.all.v[1].country, "NO"); /* Norway, not "no" */
    assert_int_equal(en.all.v[1].state, TS_NOTICE_WITHDRAWN);
    assert_int_equal(en.all.v[1].compulsion, TS_MEASURE_VOLUNTARY);
    n = &de.all.v[0];
    assert_str(n->id, "amt_fur_erfundenes:17/2025");
    LIST(n->models, "WK 500|WK 501");
    assert_str(n->country, "DE");
    assert_str(n->language, "de");
    assert_day(n->scope.made.v[0].to, "2024-03-31");
    assert_int_equal(n->risk_level, TS_RISK_HIGH);
    n = &zh.all.v[0];
    assert_str(n->id, "samr:2025-01");
    LIST(n->models, "LY-100|LY-200");
    LIST(n->scope.lots, "A01|A02");
    assert_day(n->published, "2025-03-01");
    assert_str(n->country, "CN");
    assert_str(n->url, "https://samr.example/1");
    assert_true(ts_str_starts(zh.all.v[1].id, TS_S("samr:~")));
    n = &jsonl.all.v[0];
    LIST(n->models, "LY-20A|LY-30");
    LIST(n->scope.lots, "C14-P6/P7|M14");
    assert_int_equal(n->scope.made.n, 3);
    assert_str(n->units, "377"); /* the models' units added up */
    assert_str(n->url, "https://samr.example/2");
    LIST(jsonl.all.v[1].models, "runner pro|0517A");
}

/* A notice without a number keeps its id when it is read again, in whatever shape. */
static void ids_without_numbers_are_stable(void **state) {
    (void)state;
    notices csv = text("date,authority,producer,product,defect\n2025-03-02,Office,Maker,Toy,"
                       "sharp\n2025-03-03,Office,Maker,Toy,sharp\n");
    notices json = text("{\"defect\":\"sharp\",\"product\":\"Toy\",\"authority\":\"Office\","
                        "\"date\":\"2025-03-02\",\"producer\":\"Maker\"}\n");
    assert_int_equal(csv.all.n, 2);
    assert_true(ts_str_eq(csv.all.v[0].id, json.all.v[0].id));
    assert_false(ts_str_eq(csv.all.v[0].id, csv.all.v[1].id));
    assert_int_equal(csv.all.v[0].number.n, 0);
}

static void aggregate_lists(void **state) {
    (void)state;
    notices s = sample("aggregate.jsonl");
    assert_int_equal(s.format, TS_NF_AGGREGATE);
    assert_int_equal(s.all.n, 3);
    assert_str(s.all.v[0].id, "safety_gate:SR/00417/25");
    LIST(s.all.v[0].risks, "Electric shock|Fire");
    assert_str(s.all.v[1].id, "opss:2501-0007");
    assert_int_equal(s.all.v[1].kind, TS_NOTICE_RECALL);
    assert_int_equal(s.all.v[1].risks.n, 0); /* "Recall" is no risk */
    assert_str(s.all.v[2].id, "cpsc:25-123");
    LIST(s.all.v[2].models, "NV-210");
}

/* ---- our own format, and the way there and back ---- */

static ts_str written(const ts_notice *n) {
    ts_buf b = ts_buf_new(&a, 1 << 22);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_notice_write(&w, n);
    return ts_buf_str(&b);
}

static void assert_round_trip(const notices *s) {
    for (size_t i = 0; i < s->all.n; i++) {
        ts_arena mark = a;
        ts_notice back;
        ts_error e;
        const ts_json *v =
            ts_json_parse(&a, written(&s->all.v[i]), (ts_json_options){.strict = true}, &e);
        assert_non_null(v);
        assert_true(ts_notice_read(&a, v, &back, &e));
        if (!ts_digest_eq(back.digest, s->all.v[i].digest))
            print_error("%.*s\n%.*s\n", TS_P(written(&s->all.v[i])), TS_P(written(&back)));
        assert_true(ts_digest_eq(back.digest, s->all.v[i].digest));
        assert_int_equal(back.state, s->all.v[i].state);
        a = mark;
    }
}

static void our_own_notices_come_back(void **state) {
    (void)state;
    static const char *const files[] = {
        "safety_gate_weekly.xml", "safety_gate_ods.json",    "safety_gate_portal_nested.json",
        "rapex_weekly.csv",       "safety_gate_table.jsonl", "cpsc_rest.json",
        "cpsc_export.csv",        "cpsc_archive.json",       "rappelconso_v1.json",
        "rappelconso_v2.json",    "template_en.csv",         "template_zh.jsonl",
        "aggregate.jsonl"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        notices s = sample(files[i]);
        assert_round_trip(&s);
        ts_buf b = ts_buf_new(&a, 1 << 22);
        for (size_t k = 0; k < s.all.n; k++) {
            ts_buf_put(&b, written(&s.all.v[k]));
            ts_buf_c(&b, '\n');
        }
        notices again = text(ts_str_z(&a, ts_buf_str(&b)));
        assert_int_equal(again.format, TS_NF_TOUCHSTONE);
        assert_int_equal(again.all.n, s.all.n);
        for (size_t k = 0; k < s.all.n; k++)
            assert_true(ts_str_eq(again.all.v[k].id, s.all.v[k].id));
    }
}

/* ---- detection ---- */

static void detection_is_by_content(void **state) {
    (void)state;
    assert_int_equal(
        text("{\"refnr\":\"1\",\"descript_product\":\"Toy\",\"report_year\":\"2011\"}").format,
        TS_NF_RAPEX_WEEKLY);
    assert_int_equal(text("[{\"RecallID\":1,\"Title\":\"x\"}]").format, TS_NF_CPSC_REST);
    assert_int_equal(
        text("{\"data\":{\"items\":[{\"alert_number\":\"A12/1/20\",\"product_type\":\"Toy\"}]}}")
            .format,
        TS_NF_SAFETY_GATE_ODS);
    assert_int_equal(
        text("{\"records\":[{\"record\":{\"fields\":{\"numero_fiche\":\"1\",\"libelle\":\"x\"}}}]}")
            .format,
        TS_NF_RAPPELCONSO);
    assert_int_equal(text("\xEF\xBB\xBF[{\"RecallID\":1,\"Title\":\"x\"}]").format,
                     TS_NF_CPSC_REST);
    assert_int_equal(text("\xEF\xBB\xBFrefnr;descript_product\n1;Toy\n").format,
                     TS_NF_RAPEX_WEEKLY);
    assert_int_equal(text("refnr\tdescript_product\n1\tToy\n").all.n, 1);
    /* a name missing from the first record may stand in the next */
    assert_int_equal(text("{\"recall_number\":\"1\"}\n{\"recall_number\":\"2\",\"manufacturers\":["
                          "\"x\"],\"descriptions\":[\"y\"]}\n")
                         .format,
                     TS_NF_CPSC_ARCHIVE);
}

static void unknown_input_is_refused_with_the_list(void **state) {
    (void)state;
    ts_error e = refused("{\"foo\":1,\"bar\":2}", TS_NF_UNKNOWN);
    assert_int_equal(e.code, TS_E_INPUT);
    assert_true(says(&e, "Names seen: foo, bar."));
    assert_string_equal(e.where, "test");
    for (int f = 1; f < TS_NF_COUNT; f++) {
        assert_true(says(&e, ts_notice_format_name((ts_notice_format)f)));
        assert_true(says(&e, ts_notice_format_says((ts_notice_format)f)));
        assert_int_equal(ts_notice_format_by_name(ts_notice_format_name((ts_notice_format)f)), f);
    }
    assert_int_equal(ts_notice_format_by_name("nonsense"), TS_NF_UNKNOWN);
    e = refused("title,brand,price\nx,y,1\n", TS_NF_UNKNOWN); /* an offer feed is no notice list */
    assert_true(says(&e, "title, brand, price"));
    e = refused("{\"title\":\"x\",\"brand\":\"y\",\"model\":\"z\",\"product\":\"p\"}",
                TS_NF_UNKNOWN);
    assert_true(says(&e, "none of the formats"));
    refused("<html><body>x</body></html>", TS_NF_UNKNOWN);
    refused("{\"format\":\"touchstone-notice-9\",\"id\":\"x\"}", TS_NF_UNKNOWN);
    refused("[1,2,3]", TS_NF_UNKNOWN);
    refused("{", TS_NF_UNKNOWN);
    refused("\xFF\xFE\x00", TS_NF_UNKNOWN);
    e = refused(
        "<?xml "
        "version=\"1.0\"?><Safety-Gate><weeklyReport><URL>x</URL></weeklyReport></Safety-Gate>",
        TS_NF_UNKNOWN);
    assert_true(says(&e, "list of weekly reports"));
}

static void nothing_at_all_is_no_notice_and_no_error(void **state) {
    (void)state;
    static const char *const empty[] = {"", "\n", "[]", " [ ] "};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        notices s = text(empty[i]);
        assert_int_equal(s.all.n, 0);
        assert_int_equal(s.bad.n, 0);
    }
}

/* One alert as the weekly report, the export, the portal, the table and a list of several agencies
 * have it. */
static void one_alert_has_one_id_in_every_format(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        ts_notice_format format;
        ts_notice_state state;
    } shapes[] = {
        {"<?xml "
         "version=\"1.0\"?><Safety-Gate><notifications><caseNumber>A12/0912/19</"
         "caseNumber><product>Toy</product>"
         "</notifications></Safety-Gate>",
         TS_NF_SAFETY_GATE_XML, TS_NOTICE_PUBLISHED},
        {"[{\"alert_number\":\"A12/00912/19\",\"product_type\":\"Toy\",\"alert_level\":\"Serious "
         "risk\","
         "\"alert_date\":\"2019-06-14\",\"modification_date\":\"2019-07-01\"}]",
         TS_NF_SAFETY_GATE_ODS, TS_NOTICE_UPDATED},
        {"{\"id\":7,\"reference\":\"A12/00912/"
         "19\",\"publicationDate\":\"2019-06-14\",\"modificationDate\":\"2019-06-14\","
         "\"product\":{\"versions\":[{\"language\":{\"key\":\"EN\"},\"name\":\"Toy\"}]},\"risk\":{}"
         "}",
         TS_NF_SAFETY_GATE_PORTAL, TS_NOTICE_PUBLISHED},
        {"{\"alert_number\":\"A12//0912/"
         "19\",\"model_type_number\":null,\"product_name\":\"Toy\"}\n",
         TS_NF_SAFETY_GATE_TABLE, TS_NOTICE_PUBLISHED},
        {"[{\"source\":\"EU Safety "
         "Gate\",\"title\":\"Toy\",\"id\":\"eu-A12/00912/19\",\"hazard\":\"Choking\"}]",
         TS_NF_AGGREGATE, TS_NOTICE_PUBLISHED},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        notices s = text(shapes[i].bytes);
        assert_int_equal(s.format, shapes[i].format);
        assert_int_equal(s.all.n, 1);
        assert_str(s.all.v[0].id, "safety_gate:A12/00912/19");
        assert_int_equal(s.all.v[0].state, shapes[i].state);
    }
}

/* An alert that comes twice in one file with another text is a new version; two of the old
 * overviews' garbled numbers are two alerts. */
static void an_alert_that_comes_again_keeps_its_id(void **state) {
    (void)state;
    notices s = text(
        "{\"alert_number\":\"SR/00077/25\",\"model_type_number\":null,\"product_name\":\"Toy\"}\n"
        "{\"alert_number\":\"SR/00077/25\",\"model_type_number\":null,\"product_name\":\"Toy "
        "drum\"}\n");
    assert_int_equal(s.all.n, 2);
    assert_str(s.all.v[0].id, "safety_gate:SR/00077/25");
    assert_str(s.all.v[1].id, "safety_gate:SR/00077/25");
    s = text("{\"refnr\":\"0351/10\",\"descript_product\":\"Toy\",\"report_year\":\"2010\"}\n"
             "{\"refnr\":\"0351/10\",\"descript_product\":\"Lamp\",\"report_year\":\"2010\"}\n");
    assert_str(s.all.v[0].id, "safety_gate:0351/10");
    assert_false(ts_str_eq(s.all.v[0].id, s.all.v[1].id));
}

static void names_of_columns_may_begin_with_an_umlaut(void **state) {
    (void)state;
    notices s =
        text("Nummer;ÜBERSCHRIFT;Produkt;Mangel\n7;Rückruf von Kochern;Wasserkocher;Deckel\n");
    assert_int_equal(s.format, TS_NF_TEMPLATE);
    assert_str(s.all.v[0].title, "Rückruf von Kochern");
}

static void our_own_notices_are_held_to_the_limits(void **state) {
    (void)state;
    notices s =
        text("{\"format\":\"touchstone-notice-1\",\"id\":\"office:7\",\"product\":\"Kettle\"}\n"
             "{\"format\":\"touchstone-notice-1\",\"id\":\"7\",\"product\":\"Kettle\"}\n"
             "{\"format\":\"touchstone-notice-1\",\"product\":\"Kettle\"}\n"
             "{\"format\":\"other\",\"id\":\"office:8\"}\n");
    assert_int_equal(s.all.n, 1);
    assert_str(s.all.v[0].source, "office");
    assert_int_equal(s.bad.n, 3);
    assert_true(says(&s.bad.v[0], "no \"source\""));
    assert_true(says(&s.bad.v[1], "no \"id\""));
    assert_true(says(&s.bad.v[2], "not touchstone-notice-1"));
    enum { LONG = 70000 };
    ts_buf b = ts_buf_new(&a, LONG + 200);
    ts_buf_lit(&b, "{\"format\":\"touchstone-notice-1\",\"id\":\"office:9\",\"description\":\"");
    for (int i = 0; i < LONG; i++) ts_buf_c(&b, 'x');
    ts_buf_lit(&b, "\"}\n");
    s = text(ts_str_z(&a, ts_buf_str(&b)));
    assert_int_equal(s.all.n, 1);
    assert_int_equal(s.all.v[0].description.n, 64 << 10);
    ts_digest sealed = s.all.v[0].digest;
    ts_notice_seal(a, &s.all.v[0]);
    assert_true(ts_digest_eq(sealed, s.all.v[0].digest));
}

/* A number longer than any is cut between characters. */
static void long_numbers_stay_text(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 2048);
    ts_buf_lit(&b, "{\"alert_number\":\"A12/00912/2");
    for (int i = 0; i < 150; i++) ts_buf_lit(&b, "\xEF\xBF\xBD");
    ts_buf_lit(&b, "\",\"model_type_number\":null,\"product_name\":\"Toy\"}\n");
    notices s = text(ts_str_z(&a, ts_buf_str(&b)));
    assert_int_equal(s.all.n, 1);
    assert_int_equal(ts_utf8_bad(s.all.v[0].number), TS_NPOS);
    assert_int_equal(ts_utf8_bad(s.all.v[0].id), TS_NPOS);
}

static void a_format_that_does_not_fit_is_refused(void **state) {
    (void)state;
    ts_error e = refused("{\"refnr\":\"1\",\"descript_product\":\"Toy\"}", TS_NF_CPSC_REST);
    assert_true(says(&e, "this is not cpsc_rest, but looks like rapex_weekly"));
    e = refused("a,b\n1,2\n", TS_NF_TEMPLATE);
    assert_true(says(&e, "this is not template"));
    ts_error none = {0};
    ts_notice_reader *r =
        ts_notices_memory(&a, TS_S("{\"refnr\":\"1\",\"descript_product\":\"Toy\"}"), "t",
                          (ts_notice_options){.format = TS_NF_RAPEX_WEEKLY}, &none);
    assert_non_null(r);
    ts_notices_close(r);
}

/* ---- bad input ---- */

static void bad_records_are_named_and_left_out(void **state) {
    (void)state;
    notices s =
        text("{\"refnr\":\"A12/0001/12\",\"descript_product\":\"Toy\",\"report_year\":\"2012\"}\n"
             "{\"refnr\": oops}\n"
             "\n"
             "[1]\n"
             "{\"refnr\":\"A12/0002/12\",\"descript_product\":\"Toy\",\"report_year\":\"2012\"}\n"
             "{\"refnr\":\"\",\"descript_product\":\"\"}\n");
    assert_int_equal(s.all.n, 2);
    assert_int_equal(s.bad.n, 3);
    assert_int_equal(s.bad.v[0].line, 2);
    assert_string_equal(s.bad.v[0].where, "test");
    assert_int_equal(s.bad.v[1].line, 4);
    assert_true(says(&s.bad.v[1], "a notice is a JSON object"));
    assert_int_equal(s.bad.v[2].line, 6);
    assert_true(says(&s.bad.v[2], "neither a number nor a product"));
    s = text("recall_number,manufacturers,descriptions\n1,a,b\n2\n3,a,b,c,d,e\n4,a,b\n");
    assert_int_equal(s.all.n, 2);
    assert_int_equal(s.bad.n, 2);
    assert_true(says(&s.bad.v[0], "the row has 1 fields where the header has 3"));
    assert_int_equal(s.bad.v[0].line, 3);
    s = text("[{\"RecallID\":1,\"Title\":\"x\"},5,{\"RecallID\":2,\"Title\":\"y\"}]");
    assert_int_equal(s.all.n, 2);
    assert_int_equal(s.bad.n, 1);
    assert_int_equal(s.bad.v[0].line, 2);
}

static void damaged_xml_ends_with_the_reason(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_buf_lit(&b, "<Safety-Gate><report_week>1</report_week>");
    for (int i = 1; i <= 20; i++)
        ts_buf_fmt(&b,
                   "<notifications><caseNumber>SR/%d/25</caseNumber><product>Toy</product></"
                   "notifications>",
                   i);
    ts_buf_lit(&b, "\n<notifications><caseNumber>SR/99/25</caseNumber><product>Toy</"
                   "notifications></Safety-Gate>");
    notices s = text(ts_str_z(&a, ts_buf_str(&b)));
    assert_true(s.all.n >= 10 && s.all.n <= 20); /* libxml2 reads half a KiB ahead */
    assert_true(s.failed);
    assert_true(says(&s.failure, "XML: "));
    assert_int_equal(s.failure.line, 2);
    s = text("<Safety-Gate><notifications><caseNumber>SR/1/25</caseNumber></"
             "notifications><notifications><product>x</product></notifications>"
             "</Safety-Gate>");
    assert_int_equal(s.all.n, 1);
    assert_int_equal(s.bad.n, 1);
    assert_true(says(&s.bad.v[0], "<caseNumber>"));
    s = text(
        "<Safety-Gate><report_week>1</report_week><report_year>2025</report_year></Safety-Gate>");
    assert_int_equal(s.all.n, 0); /* a week without alerts */
    assert_false(s.failed);
}

static void entities_are_refused_by_name(void **state) {
    (void)state;
    ts_error e = refused("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY "
                         "lol2 \"&lol;&lol;\">]><Safety-Gate/>",
                         TS_NF_UNKNOWN);
    assert_true(says(&e, "DOCTYPE 'lolz' with the entity 'lol'"));
    e = refused(
        "<!-- c --><!DOCTYPE Safety-Gate SYSTEM \"http://evil.example/x.dtd\"><Safety-Gate/>",
        TS_NF_UNKNOWN);
    assert_true(says(&e, "DOCTYPE 'Safety-Gate'"));
    notices s = text("<Safety-Gate><notifications><caseNumber>SR/1/25</caseNumber><product>&nope;</"
                     "product></notifications></Safety-Gate>");
    assert_true(s.failed);
    assert_int_equal(s.all.n, 0);
}

static void depth_and_size_are_limited(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 1 << 24);
    ts_buf_lit(&b, "<Safety-Gate><notifications><caseNumber>SR/1/25</caseNumber>");
    for (int i = 0; i < 300; i++) ts_buf_lit(&b, "<x>");
    notices s = text(ts_str_z(&a, ts_buf_str(&b)));
    assert_true(s.failed);
    assert_true(says(&s.failure, "nested deeper"));
    ts_buf_reset(&b);
    ts_buf_lit(&b, "<Safety-Gate><notifications><caseNumber>SR/1/25</caseNumber><product>");
    for (int i = 0; i < 100000; i++) ts_buf_lit(&b, "abc ");
    ts_buf_lit(&b, "</product></notifications></Safety-Gate>");
    s = text(ts_str_z(&a, ts_buf_str(&b)));
    assert_int_equal(s.all.n, 1);
    assert_true(s.all.v[0].product.n <= 65536 && s.all.v[0].product.n > 60000);
    ts_buf_reset(&b);
    ts_buf_lit(&b, "{\"refnr\":\"A12/0001/12\",\"descript_product\":\"Toy\",\"descript_type\":\"");
    for (int i = 0; i < 20000; i++) ts_buf_fmt(&b, "K-%d, ", 10000 + i);
    ts_buf_lit(&b, "\"}\n");
    s = text(ts_str_z(&a, ts_buf_str(&b)));
    assert_int_equal(s.all.n, 1);
    assert_true(s.all.v[0].models.n <= 2000 && s.all.v[0].models.n > 1000);
}

static void a_missing_file_is_an_error(void **state) {
    (void)state;
    ts_error e = {0};
    assert_null(ts_notices_open(&a, "/nonexistent/x", (ts_notice_options){0}, &e));
    assert_int_equal(e.code, TS_E_IO);
    ts_notices_close(0);
}

static bool read_all(void *ctx, ts_arena *arena, ts_error *e) {
    ts_notice_reader **r = ctx;
    *r = ts_notices_memory(arena,
                           TS_S("[{\"RecallNumber\":\"25123\",\"Title\":\"Voltara Recalls "
                                "Lamps\",\"Description\":\"model VX-20\"}]"),
                           "t", (ts_notice_options){0}, e);
    ts_notice n;
    ts_read_result rc = TS_READ_FAILED;
    while (*r && (rc = ts_notices_next(*r, arena, &n, e)) == TS_READ_RECORD) {}
    return *r && rc == TS_READ_END;
}

/* Whichever allocation fails, the reader says so and can be closed. */
static void running_out_of_memory_is_an_error(void **state) {
    (void)state;
    for (long k = 1; k < 400; k++) {
        ts_error e = {0};
        ts_notice_reader *r = 0;
        ts_arena mark = a;
        ts_arena_fail_after(k);
        bool ok = ts_arena_guard(read_all, &r, &a, &e);
        ts_arena_fail_after(0);
        ts_notices_close(r);
        a = mark;
        if (!ok) assert_true(e.code == TS_E_MEMORY || e.code == TS_E_INPUT);
    }
}

static void numbers_are_canonical(void **state) {
    (void)state;
    static const struct {
        const char *ref, *year, *number;
    } cases[] = {
        {"16 11/12", "2012", "0203/12"},
        {"17", "2012", "0204/12"},
        {"5/9/0146", "2009", "1319/09"},
        {"3/4/2009", "2009", "0031/09"},
        {"3/2/2003", "2009", "0033/09"},
        {"01.09.2012", "2009", "0001/09"},
        {"5/9/0170", "2010", "1535/09"},
        {"0806/10.", "2010", "0806/10"},
        {"55.911", "2011", "0614/11"},
        {"A12//0862/12", "2012", "A12/0862/12"},
        {"a12/0862/12", "2012", "A12/0862/12"},
        {"x", "2010", "X"},
        {"99 1/7", "2010", ""},
        {"null", "2009", ""},
        {"17", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_buf b = ts_buf_new(&a, 512);
        ts_buf_fmt(&b, "{\"refnr\":\"%s\",\"descript_product\":\"Toy\",\"report_year\":\"%s\"}",
                   cases[i].ref, cases[i].year);
        assert_str(text(ts_str_z(&a, ts_buf_str(&b))).all.v[0].number, cases[i].number);
    }
}

static void brands_are_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *field, *brands;
    } cases[] = {
        {"Unknown", ""},
        {"n/a", ""},
        {"-", ""},
        {"OMERTA® & WEALTH™", "OMERTA & WEALTH"},
        {"Black & Decker", "Black & Decker"},
        {"Johnson and Johnson", "Johnson and Johnson"},
        {"Star and Rose", "Star and Rose"},
        {"Electrolia / Zanuffi / Moffatto.", "Electrolia|Zanuffi|Moffatto"},
        {"Dentimo, Dentylo, Asdana and Tescoro", "Dentimo|Dentylo|Asdana|Tescoro"},
        {"Indrea A/S", "Indrea A/S"},
        {"Kögler GmbH & Co. KG", "Kögler GmbH & Co. KG"},
        {"Sanvo Co., Ltd", "Sanvo Co., Ltd"},
        {"Fyrverko (manufacturer)", "Fyrverko"},
        {"Akton Sport Gimes (ASG)", "Akton Sport Gimes|ASG"},
        {"My Little Horse (counterfeit)", "My Little Horse"},
        {"1. Nethu, 2. Nethu Royal.", "Nethu|Nethu Royal"},
        {"Unknown; Voltara", "Voltara"},
        {"\"Lovely\"", "Lovely"},
        {"VX - Volkswerk", "VX - Volkswerk|VX|Volkswerk"},
        {"\"A\" Sportiva", "A Sportiva"},
        {"A", ""},
        {"1) Bokolla 2) M.N.M. 3) Merraga", "Bokolla|M.N.M.|Merraga"},
        {"Casatta Navidad [Casatta Christmas Collection]", "Casatta Navidad"},
        {"BLX /BaoLaBo/", "BLX|BaoLaBo|BLX /BaoLaBo"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_buf b = ts_buf_new(&a, 512);
        ts_jsonw w = ts_jsonw_to(&b);
        ts_jsonw_object(&w);
        ts_jsonw_kstr(&w, "refnr", TS_S("A12/0001/12"));
        ts_jsonw_kstr(&w, "descript_product", TS_S("Toy"));
        ts_jsonw_kstr(&w, "descript_brand", ts_str_c(cases[i].field));
        ts_jsonw_end(&w);
        notices s = text(ts_str_z(&a, ts_buf_str(&b)));
        assert_list(&s.all.v[0].brands, cases[i].brands, (int)i);
    }
}

static ts_notice rapex_measures(const char *measures, const char *description) {
    ts_buf b = ts_buf_new(&a, 2048);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "refnr", TS_S("A12/0001/12"));
    ts_jsonw_kstr(&w, "descript_product", TS_S("Toy"));
    ts_jsonw_kstr(&w, "measures", ts_str_c(measures));
    ts_jsonw_kstr(&w, "descript_descr", ts_str_c(description));
    ts_jsonw_end(&w);
    return text(ts_str_z(&a, ts_buf_str(&b))).all.v[0];
}

static void words_say_what_they_say_and_no_more(void **state) {
    (void)state;
    ts_notice n =
        rapex_measures("Withdrawal of the product from the market ordered by the authorities.",
                       "A hat of fake fur.");
    assert_int_equal(n.state, TS_NOTICE_PUBLISHED); /* the product was withdrawn, not the notice */
    assert_int_equal(n.compulsion, TS_MEASURE_COMPULSORY);
    assert_int_equal(n.counterfeit, TS_OPEN); /* fake fur is no counterfeit */
    n = rapex_measures("", "The notification has been withdrawn. The toy is counterfeit.");
    assert_int_equal(n.state, TS_NOTICE_WITHDRAWN);
    assert_int_equal(n.counterfeit, TS_YES);
    assert_int_equal(n.compulsion, TS_MEASURE_UNKNOWN);
}

/* ---- the real files ---- */

static void assert_unique(const notices *s) {
    ts_map seen = {0};
    for (size_t i = 0; i < s->all.n; i++) {
        bool fresh;
        ts_map_put(&a, &seen, s->all.v[i].id, &fresh);
        if (!fresh) print_error("%.*s\n", TS_P(s->all.v[i].id));
        assert_true(fresh);
    }
}

typedef struct real {
    const char *file;
    ts_notice_format format;
    size_t count, brands, models, gtins, products; /* at least so many have one */
} real;

static void assert_real(const real *f) {
    const char *path = test_data(f->file);
    if (!path) return;
    notices s = read_path(path);
    size_t brands = 0, models = 0, gtins = 0, products = 0;
    for (size_t i = 0; i < s.all.n; i++) {
        const ts_notice *n = &s.all.v[i];
        brands += n->brands.n > 0;
        models += n->models.n > 0;
        gtins += count_kind(n, TS_ID_GTIN) > 0;
        products += n->product.n > 0;
        assert_true(n->models.n <= 200);
    }
    if (s.all.n != f->count || brands < f->brands || models < f->models || gtins < f->gtins ||
        products < f->products)
        print_error("%s: %zu notices, brands %zu, models %zu, gtins %zu, products %zu\n", f->file,
                    s.all.n, brands, models, gtins, products);
    assert_int_equal(s.format, f->format);
    assert_int_equal(s.all.n, f->count);
    assert_int_equal(s.bad.n, 0);
    assert_false(s.failed);
    assert_true(brands >= f->brands && models >= f->models && gtins >= f->gtins &&
                products >= f->products);
    assert_unique(&s);
    assert_round_trip(&s);
}

static void real_files(void **state) {
    (void)state;
    static const real files[] = {
        {"notices/safety_gate_2009_2012.jsonl", TS_NF_RAPEX_WEEKLY, 5983, 5450, 3800, 1980, 5978},
        {"notices/safety_gate_2009_2012_raw_mojibake.csv", TS_NF_RAPEX_WEEKLY, 5983, 5450, 3800,
         1980, 5978},
        {"notices/safety_gate_2022_2024.jsonl", TS_NF_SAFETY_GATE_TABLE, 352, 318, 0, 103, 352},
        {"notices/safety_gate_weekly_xml_RECONSTRUCTED.xml", TS_NF_SAFETY_GATE_XML, 6, 5, 0, 5, 6},
        {"notices/safety_gate_json_api_flat_sample.json", TS_NF_SAFETY_GATE_PORTAL, 1, 0, 1, 0, 1},
        {"notices/cpsc_2023_2026.jsonl", TS_NF_CPSC_EXPORT, 902, 800, 380, 12, 902},
        {"notices/cpsc_2023_2026_official_export.csv", TS_NF_CPSC_EXPORT, 902, 800, 380, 12, 902},
        {"notices/cpsc_to_2013.json", TS_NF_CPSC_ARCHIVE, 3153, 2700, 45, 90, 3150},
        {"notices/cpsc_normalised_sample.json", TS_NF_AGGREGATE, 1, 1, 1, 0, 1},
        {"notices/fr_rappelconso_sample.json", TS_NF_RAPPELCONSO, 1, 1, 0, 1, 1},
        {"notices/multi_agency_2026_samples.jsonl", TS_NF_AGGREGATE, 5, 2, 0, 0, 5},
        {"notices/rueckrufe_de_2026.json", TS_NF_AGGREGATE, 78, 78, 5, 0, 78},
        {"notices/samr_samples_zh.jsonl", TS_NF_TEMPLATE, 8, 6, 6, 0, 8},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ts_arena mark = a;
        assert_real(&files[i]);
        a = mark;
    }
}

/* The same table as CSV and as JSON lines, broken and right, gives the same notices. */
static void both_shapes_of_the_real_tables_agree(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"notices/safety_gate_2009_2012.jsonl", "notices/safety_gate_2009_2012_raw_mojibake.csv"},
        {"notices/cpsc_2023_2026.jsonl", "notices/cpsc_2023_2026_official_export.csv"},
    };
    for (size_t p = 0; p < 2; p++) {
        const char *path = test_data(pairs[p][0]);
        if (!path) return;
        notices x = read_path(path), y = read_path(test_data(pairs[p][1]));
        size_t same = 0;
        assert_int_equal(x.all.n, y.all.n);
        for (size_t i = 0; i < x.all.n; i++)
            same += ts_str_eq(x.all.v[i].id, y.all.v[i].id) &&
                    ts_digest_eq(x.all.v[i].digest, y.all.v[i].digest);
        if (same * 1000 < x.all.n * 998)
            print_error("%s: %zu of %zu agree\n", pairs[p][0], same, x.all.n);
        assert_true(same * 1000 >= x.all.n * 998);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weekly_report),
        cmocka_unit_test(ods_export),
        cmocka_unit_test(portal_record),
        cmocka_unit_test(rapex_tables),
        cmocka_unit_test(alert_table),
        cmocka_unit_test(cpsc_rest),
        cmocka_unit_test(cpsc_export),
        cmocka_unit_test(cpsc_archive),
        cmocka_unit_test(cpsc_brands),
        cmocka_unit_test(rappelconso),
        cmocka_unit_test(template_in_three_languages),
        cmocka_unit_test(ids_without_numbers_are_stable),
        cmocka_unit_test(aggregate_lists),
        cmocka_unit_test(our_own_notices_come_back),
        cmocka_unit_test(detection_is_by_content),
        cmocka_unit_test(unknown_input_is_refused_with_the_list),
        cmocka_unit_test(nothing_at_all_is_no_notice_and_no_error),
        cmocka_unit_test(one_alert_has_one_id_in_every_format),
        cmocka_unit_test(an_alert_that_comes_again_keeps_its_id),
        cmocka_unit_test(names_of_columns_may_begin_with_an_umlaut),
        cmocka_unit_test(our_own_notices_are_held_to_the_limits),
        cmocka_unit_test(long_numbers_stay_text),
        cmocka_unit_test(a_format_that_does_not_fit_is_refused),
        cmocka_unit_test(bad_records_are_named_and_left_out),
        cmocka_unit_test(damaged_xml_ends_with_the_reason),
        cmocka_unit_test(entities_are_refused_by_name),
        cmocka_unit_test(depth_and_size_are_limited),
        cmocka_unit_test(a_missing_file_is_an_error),
        cmocka_unit_test(running_out_of_memory_is_an_error),
        cmocka_unit_test(numbers_are_canonical),
        cmocka_unit_test(brands_are_told_apart),
        cmocka_unit_test(words_say_what_they_say_and_no_more),
        cmocka_unit_test(real_files),
        cmocka_unit_test(both_shapes_of_the_real_tables_agree),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
