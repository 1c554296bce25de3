#include "support/support.h"
#include "text/mention.h"
#include "text/mention_read.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* "MODEL 901, LOT A1..A9, MADE 2024-01-01..2024-01-31" */
static ts_str said(ts_str text, ts_mention_kind unlabelled, bool us) {
    static const char *const names[] = {"NONE", "MODEL", "LOT", "SERIAL", "GTIN", "MADE", "SOLD"};
    ts_mentions m = {0};
    ts_mentions_read(&a, text, unlabelled, us, &m);
    ts_buf b = ts_buf_new(&a, 1 << 16);
    for (size_t i = 0; i < m.n; i++) {
        char day[16];
        ts_buf_fmt(&b, "%s%s ", i ? ", " : "", names[m.v[i].kind]);
        bool dated = m.v[i].kind >= TS_MENTION_MADE;
        ts_str from = dated ? ts_day_iso(m.v[i].days.from, day) : m.v[i].from;
        ts_buf_put(&b, from);
        ts_str to = dated ? ts_day_iso(m.v[i].days.to, day) : m.v[i].to;
        bool range = dated ? m.v[i].days.from != m.v[i].days.to : to.n > 0;
        if (range) ts_buf_lit(&b, "..");
        if (range) ts_buf_put(&b, to);
    }
    return ts_buf_str(&b);
}

static void check(const char *text, ts_mention_kind unlabelled, bool us, const char *want,
                  int line) {
    ts_str got = said(ts_str_c(text), unlabelled, us);
    if (ts_str_is(got, want)) return;
    print_error("line %d: \"%s\"\n  gives  %.*s\n  wanted %s\n", line, text, TS_P(got), want);
    fail();
}
#define PROSE(text, want) check((text), TS_MENTION_NONE, false, (want), __LINE__)
#define FIELD(text, want) check((text), TS_MENTION_MODEL, false, (want), __LINE__)
#define LOTS(text, want) check((text), TS_MENTION_LOT, false, (want), __LINE__)
#define MADE(text, want) check((text), TS_MENTION_MADE, false, (want), __LINE__)
#define SOLD(text, want) check((text), TS_MENTION_SOLD, true, (want), __LINE__)

static void models_in_prose(void **state) {
    (void)state;
    PROSE("“Model No: 901,” “SKU: GX030AP” and “Date of Production: November 2025” are printed on "
          "a label.",
          "MODEL 901, MODEL GX030AP, MADE 2025-11-01..2025-11-30");
    PROSE("Models EV-HF032, EV-HF044, and EV-HF045 are included in this recall. Model EV-HF032 "
          "measures 16 feet.",
          "MODEL EV-HF032, MODEL EV-HF044, MODEL EV-HF045, MODEL EV-HF032");
    PROSE("Safe model number QC01. The gray steel safe has 2 keys.", "MODEL QC01");
    PROSE("model numbers AB100, AB200 (Generation 2) and AB300 (black)",
          "MODEL AB100, MODEL AB200, MODEL AB300");
    PROSE("The label says “Model: PS 550” in white.", "MODEL PS 550");
    PROSE("with item number 157310, sold in blue", "MODEL 157310");
    PROSE("Artikelnummer 4711-B und Modell TX 300", "MODEL 4711-B, MODEL TX 300");
    PROSE("型号为A1642、A1647和PAC20-272的移动电源", "MODEL A1642, MODEL A1647, MODEL PAC20-272");
    PROSE("HI13_13 or HI13_09 are printed on a label located on the box.",
          "MODEL HI13_13, MODEL HI13_09");
}

static void what_is_no_model_in_prose(void **state) {
    (void)state;
    PROSE("models 2-panel, 3-panel, and 4-panel sliding doors", "");
    PROSE("a 12-speed lever, 500 ml, 110 cm, 13-inch, 20000 mAh", "");
    PROSE("complies with EN 71-1, IEC 60335 and ASTM F963-17", "");
    PROSE("The 4-liter model in pink and the 10-liter model", "");
    PROSE("the Pro Series and 4400 PSI are printed on the handle", "");
    PROSE("The model number is printed on the back. The 5 feet are black.", "");
    PROSE("call 800-555-0100 or see www.shop2000.com/x123", "");
    PROSE("tracking number FO031124 is printed on the back", "");
    PROSE("sizes 2T through 6T, 7/8, and 9/10", "");
    PROSE("It costs $2000.", "");
}

static void models_in_a_field(void **state) {
    (void)state;
    FIELD("FY-77", "MODEL FY-77");
    FIELD("1) Item number 72500 2) Item number 72503", "MODEL 72500, MODEL 72503");
    FIELD("11831 and 11829", "MODEL 11831, MODEL 11829");
    FIELD("SM 2188", "MODEL SM 2188");
    FIELD("POW 4730 SC", "MODEL POW 4730 SC");
    FIELD("No.114581,", "MODEL 114581");
    FIELD("SC-2076, KT-600G", "MODEL SC-2076, MODEL KT-600G");
    FIELD("32 503", "MODEL 32 503");
    FIELD("Code: WW92901 (mauve), WW92902 (pink)", "MODEL WW92901, MODEL WW92902");
    FIELD("Model number IPTC", "MODEL IPTC");
    FIELD("Size: 39, Model 303, 24 inches", "MODEL 303");
    FIELD("Model: A-1889-NTK", "MODEL A-1889-NTK");
    FIELD("Type: IN-GX10-3A, LA-300", "MODEL IN-GX10-3A, MODEL LA-300");
    FIELD("Ref.: 23 802 Barcode: 8412842238008", "MODEL 23 802, GTIN 8412842238008");
    FIELD("Internal reference: 55 452 002, size 12", "MODEL 55 452 002");
    FIELD("Type: 1374barcodes: 5 414847 250651", "MODEL 1374, GTIN 5 414847 250651");
    FIELD("Ref: 74, 75, 62HP, 534S", "MODEL 62HP, MODEL 534S");
    FIELD("XB12Scg/US and MX725adve", "MODEL XB12Scg/US, MODEL MX725adve");
    FIELD("91236/FC04R033", "MODEL 91236/FC04R033");
    FIELD("Model: 0880700Bar code: 8420068807007", "MODEL 0880700, GTIN 8420068807007");
    FIELD("Type: TC60 /CST-60 Bar Code: 6 438195 000958",
          "MODEL TC60, MODEL CST-60, GTIN 6 438195 000958");
}

static void what_is_no_model_in_a_field(void **state) {
    (void)state;
    FIELD("2008 to 2010", "");
    FIELD("240V, 50 Hz, 2.0R, 500 ml, 12\"", "");
    FIELD("e1*2007/46*0301*02", "");
    FIELD("3W-GU10", "");
    FIELD("Season: 111", "");
    FIELD("Unknown", "");
    FIELD("", "");
    FIELD("Fab: 07/01/2011, Exp: 07/01/2013", "");
    FIELD("Expiration date: EX.02-15", "");
}

static void dates_places_and_quantities_are_no_models(void **state) {
    (void)state;
    FIELD("Colour 33 - pink, DMT: 03.2013", "");
    FIELD("Set of cards, No 7/2011", "");
    FIELD("Fab: 03/2010, Exp: 02/2014", "");
    FIELD("20160318", "");
    FIELD("Veloce 9-3 Cabriolet. MY 2010.", "");
    FIELD("Models 1200 MY2010, 1300 SR MY09", "MODEL 1200, MODEL 1300");
    FIELD("MY-Z4", "MODEL MY-Z4"); /* and this is one */
    FIELD("5-digit code on lighter base: 39023", "MODEL 39023");
    FIELD("LX 22W AC 170-265V, 50-60 Hz", "");
    FIELD("CE 0589", "");
    FIELD("Style No 86562, colour 654 ROSSO", "MODEL 86562");
    FIELD("children's bikini art. P1983, size134/140 cm", "MODEL P1983");
    FIELD("model: III Series", "");
    FIELD("B6 787 4124 MB", "");
    FIELD("model Transita (Recall Ref: 9C250)", "");
    FIELD("Bar code 502 9306", "");
    FIELD("model year Corvo D vehicles, with VINs from B 4 185570 to C 4 000027.", "");
    FIELD("CZC43Red, DescriptionUPC25069, 18319xxxxxx", "");
    PROSE("“Lead Int’l Ltd. 31 Glen Ave., Dallas, TX 75233 (302) 448-4207” is printed on the box.",
          "");
    PROSE("Only model AB100 is included. “MADE FOR: CVX INC, 15 S, LOGAN, UT 84321” is printed on "
          "it.",
          "MODEL AB100");
    PROSE("with manufacturing date codes between 4350 and 6018.", "LOT 4350..6018");
}

static void lists_go_on_behind_what_is_no_model(void **state) {
    (void)state;
    PROSE("Vacuum cleaners models 1985, 19851 (also called Multi), 19859, 1985T and 2151.",
          "MODEL 19851, MODEL 19859, MODEL 1985T, MODEL 2151");
    PROSE("with model numbers 93550 (KY-318B), 96775 (KY-318A), and 98527 (6L-PC).",
          "MODEL 93550, MODEL 96775, MODEL 98527");
    PROSE("Models 2019, 2020 and 2021 are included.", "");
}

static void barcodes_lots_and_serials_are_not_models(void **state) {
    (void)state;
    FIELD("Ref.: 64356 Barcode: 8820106435677", "MODEL 64356, GTIN 8820106435677");
    FIELD("EAN 4 005558 000416 Art. No. 100045", "GTIN 4 005558 000416, MODEL 100045");
    FIELD("EAN 8 423599 037608", "GTIN 8 423599 037608");
    FIELD("EAN4006381333931", "GTIN 4006381333931");
    FIELD("code: 4 006381 333931", "GTIN 4 006381 333931");
    FIELD("Bar code 91028", "GTIN 91028");
    FIELD("BATCH: 1984HO41", "LOT 1984HO41");
    FIELD("Batch No LVF E25", "LOT LVFE25");
    PROSE("Batch numbers L 24a, L24B.", "LOT L24A, LOT L24B");
    PROSE("Model: JM 167A. Model No. SKIL 40V", "MODEL JM 167A");
    PROSE("SKU Number as 1DFL42LLA", "MODEL 1DFL42LLA");
    PROSE("model number Y-C51 as well as model number C52", "MODEL Y-C51, MODEL C52");
    PROSE("sold from January 20, 2025, through March 2025", "SOLD 2025-01-20..2025-03-31");
    FIELD("Batch code: p 10/10, E 10/13 D122883", "LOT 10/10, LOT E10/13, LOT D122883");
    FIELD("AMF310, with VINs from MA3GFC31S00117403 to MA3GFC31S00193450.",
          "MODEL AMF310, SERIAL MA3GFC31S00117403..MA3GFC31S00193450");
    PROSE("Jan. 2019 through Nov. 2021", "");
}

static void lots_and_serials(void **state) {
    (void)state;
    PROSE("Date codes range from 031924 to 060524.", "LOT 031924..060524");
    PROSE("date codes: 2310, 2308 and 2305. The steamer is white.", "LOT 2310, LOT 2308, LOT 2305");
    PROSE("marked with batch 05a0722.", "LOT 05A0722");
    PROSE("serial range: SQC202121000 through SQC202247603.", "SERIAL SQC202121000..SQC202247603");
    PROSE("serial numbers between A10001 and A10999", "SERIAL A10001..A10999");
    PROSE("serial numbers beginning with FC32 or ZF", "");
    LOTS("23W17 - 23W46", "LOT 23W17..23W46");
    LOTS("B17061, 4814; 0120221206", "LOT B17061, LOT 4814, LOT 0120221206");
    LOTS("REF 3985250", "MODEL 3985250");
    LOTS("C14-P6/P7、M20-Q1/Q2", "LOT C14-P6/P7, LOT M20-Q1/Q2");
    PROSE("批次：C14-P6/P7、M14", "LOT C14-P6/P7, LOT M14");
    PROSE("Chargennummern 4711A und 4711B", "LOT 4711A, LOT 4711B");
    PROSE("n° de lot : L2104", "LOT L2104");
}

static void spans_of_making(void **state) {
    (void)state;
    PROSE("manufactured between 1 January 2007 and 9 July 2008", "MADE 2007-01-01..2008-07-09");
    PROSE("produced from March 2007 to May 2008", "MADE 2007-03-01..2008-05-31");
    PROSE("manufactured between March and April 2009", "MADE 2009-03-01..2009-04-30");
    PROSE(
        "produced in Japan between 08.03.2010-12.05.2011 and in UK between 23.03.2010-14.11.2011.",
        "MADE 2010-03-08..2011-05-12, MADE 2010-03-23..2011-11-14");
    PROSE("units manufactured prior to August 2024", "MADE ..2024-08-31");
    PROSE("manufactured on or after June 23, 2022, and purchased on or after November 12, 2022",
          "MADE 2022-06-23..");
    PROSE("hergestellt zwischen Januar 2024 und März 2024", "MADE 2024-01-01..2024-03-31");
    PROSE("2023年6月5日至7月28日期间生产", "MADE 2023-06-05..2023-07-28");
    PROSE("生产日期：2023年8月至2024年1月", "MADE 2023-08-01..2024-01-31");
    PROSE("model year 2023 vehicles", "MADE 2022-01-01..2023-12-31");
    PROSE("2008 - 2009 model year", "MADE 2007-01-01..2009-12-31");
    PROSE("made of metal and 30 cm high", "");
    MADE("28.08.2024 - 08.10.2024", "MADE 2024-08-28..2024-10-08");
    MADE("2023-06-05/2023-07-28; 2024-01-05/2024-02-08",
         "MADE 2023-06-05..2023-07-28, MADE 2024-01-05..2024-02-08");
    MADE("until June 2020", "MADE ..2020-06-30");
}

static void spans_open_at_their_beginning(void **state) {
    (void)state;
    PROSE("vehicles from the start of production up to 24 August 2009.", "MADE ..2009-08-24");
    MADE("up to 06/2010", "MADE ..2010-06-30");
    MADE("from 01/2005 up to 03/2009", "MADE 2005-01-01..2009-03-31");
}

static void spans_of_sale(void **state) {
    (void)state;
    SOLD("Amazon.com from December 2022 through July 2023 for between $50 and $175.",
         "SOLD 2022-12-01..2023-07-31");
    SOLD("Online from 03/04/2024 through 05/04/2024 for about $2,000",
         "SOLD 2024-03-04..2024-05-04");
    SOLD("Stores nationwide from March through May 2024.", "SOLD 2024-03-01..2024-05-31");
    SOLD("at August 8-13, 2016", "SOLD 2016-08-08..2016-08-13");
    PROSE("verkauft seit Mai 2024", "SOLD 2024-05-01..");
}

static void tables_that_lost_their_borders(void **state) {
    (void)state;
    PROSE("The model number is on a label. Model NumberDescriptionColor13825Balko Crib with "
          "HeightPure White13824Balko Crib HeightPure White and "
          "Wood12937Balko CribPure White",
          "MODEL 13825, MODEL 13824, MODEL 12937");
    PROSE("Models Manufacturing Dates HW128 01-Mar-21 through 29-Feb-24 HW132BP 01-Mar-21",
          "MODEL HW128, MODEL HW132BP");
    PROSE("ProductNameModelNumber Serial Number ShapeColor Drive2Blue Drive3Red BigWhite", "");
}

static void the_little_words_are_in_order(void **state) {
    (void)state;
    static const struct {
        const char *word;
        unsigned says;
    } some[] = {{"a", WORD_FILLER},      {"and", WORD_AND},    {"between", WORD_BETWEEN},
                {"bis", WORD_BEFORE},    {"exp", WORD_EXPIRY}, {"iec", WORD_STANDARD},
                {"nummer", WORD_FILLER}, {"seit", WORD_SINCE}, {"size", WORD_SIZE},
                {"starting", WORD_PART}, {"y", WORD_AND},      {"zwischen", WORD_BETWEEN}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_int_equal(little_word(ts_str_c(some[i].word)), some[i].says);
    assert_int_equal(little_word(TS_S("walker")), 0);
    assert_int_equal(little_word(TS_NONE), 0);
}

/* Nothing in the text makes the reader go round in circles or take longer than the text is long. */
static void hostile_text_ends(void **state) {
    (void)state;
    static const char *const pieces[] = {"model ", "(",      "from 1 to ", "lot,",
                                         "1-",     "A1/",    "between ",   "\xF0\x9F",
                                         "型号、", "EAN 8 ", "Jan ",       "*1"};
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        ts_arena mark = a;
        ts_buf b = ts_buf_new(&a, 1 << 17);
        while (!b.full) ts_buf_put(&b, ts_str_c(pieces[p]));
        clock_t t0 = clock(); /* of this process: others may be busy */
        for (int k = TS_MENTION_NONE; k <= TS_MENTION_SOLD; k++) {
            ts_mentions m = {0};
            ts_mentions_read(&a, ts_buf_str(&b), (ts_mention_kind)k, true, &m);
            assert_true(m.n <= b.n);
        }
        assert_true(clock() - t0 < 8 * CLOCKS_PER_SEC);
        a = mark;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_in_prose),
        cmocka_unit_test(what_is_no_model_in_prose),
        cmocka_unit_test(models_in_a_field),
        cmocka_unit_test(what_is_no_model_in_a_field),
        cmocka_unit_test(dates_places_and_quantities_are_no_models),
        cmocka_unit_test(lists_go_on_behind_what_is_no_model),
        cmocka_unit_test(barcodes_lots_and_serials_are_not_models),
        cmocka_unit_test(lots_and_serials),
        cmocka_unit_test(spans_of_making),
        cmocka_unit_test(spans_open_at_their_beginning),
        cmocka_unit_test(spans_of_sale),
        cmocka_unit_test(tables_that_lost_their_borders),
        cmocka_unit_test(the_little_words_are_in_order),
        cmocka_unit_test(hostile_text_ends),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
