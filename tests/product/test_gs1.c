#include "gs1_samples.h"

/* ---- what is refused, and in which words ---- */

static const char *brackets_error(const char *text) {
    static ts_error e;
    ts_arena a = test_arena();
    ts_gs1 g;
    e = (ts_error){0};
    if (ts_gs1_from_brackets(&a, ts_str_c(text), &g, &e)) return "";
    assert_true(e.code == TS_E_INPUT || e.code == TS_E_LIMIT);
    return e.msg;
}

static void refuses_by_name(void **s) {
    (void)s;
    static const char *const cases[][2] = {
        {"", "there is no AI; give at least a key"},
        {"01",
         "an AI in brackets is missing here; write for instance (01)09521234543213(10)ABC, and "
         "\\( for a '(' inside a value"},
        {"(01", "an AI in brackets is missing here; write for instance (01)09521234543213(10)ABC, "
                "and \\( for a '(' inside a value"},
        {"()1", "an AI is two to four digits; write for instance (01) or (10)"},
        {"(1)1", "(1) is not a known AI; compare it with its source"},
        {"(0x)1", "an AI is two to four digits; write for instance (01) or (10)"},
        {"(89)1", "(89) is not a known AI; compare it with its source"},
        {"(3106)000001", "(3106) is not a known AI; compare it with its source"},
        {"(00001)1", "(00001) is not a known AI; compare it with its source"},
        {"(01)", "AI (01) is empty; give it a value or leave it out"},
        {"(01)09521234543214",
         "AI (01), place 14: the check digit is wrong; compare the value with its source"},
        {"(01)9521234543213", "AI (01) has 13 characters, here it needs at least 14"},
        {"(01)095212345432130", "AI (01) has 15 characters, at most 14"},
        {"(01)0952123454321X", "AI (01), place 14: 'X' is not among what is allowed here: digits"},
        {"(01)09521234543213(10)AB C", "AI (10), place 3: 0x20 is not among what is allowed here: "
                                       "letters, digits and !\"%&'()*+,-./:;<=>?_"},
        {"(01)09521234543213(10)A\\B", "AI (10), place 2: '\\' is not among what is allowed here: "
                                       "letters, digits and !\"%&'()*+,-./:;<=>?_"},
        {"(01)09521234543213(10)\xC3\xA4", "AI (10), place 1: 0xC3 is not among what is allowed "
                                           "here: letters, digits and !\"%&'()*+,-./:;<=>?_"},
        {"(01)09521234543213(10)123456789012345678901", "AI (10) has 21 characters, at most 20"},
        {"(01)09521234543213(17)271301", "AI (17), place 3: there is no such month; write YYMMDD"},
        {"(01)09521234543213(17)270230",
         "AI (17), place 5: that month has no such day; write YYMMDD"},
        {"(01)09521234543213(21)A(235)B", "AI (21) and AI (235) exclude each other; keep one"},
        {"(01)09521234543213(37)2", "AI (01) and AI (37) exclude each other; keep one"},
        {"(10)ABC", "AI (10) needs other AIs beside it; add one of: 01,02,03,8006,8026"},
        {"(01)09521234543213(250)A",
         "AI (250) needs other AIs beside it; add one of: 01+21,03+21,8006+21"},
        {"(01)09521234543213(10)A(10)B",
         "AI (10) is there twice with different values; keep the right one"},
        {"(01)09521234543213(3103)000195(3102)001950",
         "AI (3103) and AI (3102) exclude each other; keep one"},
        {"(8010)95212abc",
         "AI (8010), place 6: 'a' is not among what is allowed here: capitals, digits and #-/"},
        {"(8004)95X1", "AI (8004), place 3: a GS1 company prefix begins with four digits; compare "
                       "the value with its source"},
        {"(8003)195212345432134", "AI (8003), place 1: must be 0"},
        {"(8013)1987654Ad4X4bL5ttr2310c2L", "AI (8013), place 24: the two check characters are "
                                            "wrong; compare the value with its source"},
        {"(01)09521234543213(422)001",
         "AI (422), place 1: no country has this number (ISO 3166-1 numeric)"},
        {"(01)09521234543213(423)27627", "AI (423) has 5 characters, here it needs at least 6"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(brackets_error(cases[i][0]), cases[i][1]) != 0)
            fail_msg("%s: \"%s\"", cases[i][0], brackets_error(cases[i][0]));
}

static void places_are_bytes_of_the_text(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_gs1 g;
    ts_error e = {0};
    assert_false(ts_gs1_from_brackets(&a, TS_S("(01)09521234543213(10)"), &g, &e));
    assert_int_equal(e.byte, 22);
    e = (ts_error){0};
    assert_false(ts_gs1_from_brackets(&a, TS_S("(01)09521234543213(89)1"), &g, &e));
    assert_int_equal(e.byte, 18);
    e = (ts_error){0};
    assert_false(ts_gs1_from_element_string(&a, TS_S("]C10109521234543214"), &g, &e));
    assert_int_equal(e.byte, 5);
}

static void a_nul_byte_is_no_character(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_gs1 g;
    ts_error e = {0};
    ts_str t = TS_S("(01)09521234543213(10)A\0B");
    assert_false(ts_gs1_from_brackets(&a, t, &g, &e));
    assert_non_null(strstr(e.msg, "AI (10), place 2: 0x00"));
    assert_false(ts_gs1_from_element_string(&a, TS_S("01095212345432\0003"), &g, &e));
    assert_false(ts_gs1_from_element_string(&a, TS_S("\0"), &g, &e));
    assert_int_equal(gs1_ai_length(TS_S("0\0")), 0);
}

static void more_than_64_ais_are_refused(void **s) {
    (void)s;
    ts_gs1 g = {0};
    ts_error e;
    for (int i = 0; i < TS_GS1_MAX; i++) assert_true(ts_gs1_add(&g, TS_S("90"), TS_S("x"), &e));
    assert_false(ts_gs1_add(&g, TS_S("90"), TS_S("x"), &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg, "more than 64 AIs in one message");
    assert_true(ts_gs1_validate(&g, &e)); /* the same AI with the same value */
    g.n = 0;
    assert_false(ts_gs1_validate(&g, &e));
}

/* ---- what is read ---- */

static void reads_brackets(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_gs1 g;
    ts_error e;
    ts_str t = TS_S("(01)09521234543213(10)ABC\\(1)(21)12345(17)271231");
    assert_true(ts_gs1_from_brackets(&a, t, &g, &e));
    assert_int_equal(g.n, 4);
    assert_str(ts_gs1_get(&g, "01"), "09521234543213");
    assert_str(ts_gs1_get(&g, "10"), "ABC(1)");
    assert_str(ts_gs1_get(&g, "17"), "271231");
    assert_str(ts_gs1_get(&g, "22"), "");
    assert_true(g.v[0].value.p == t.p + 4); /* not copied */
    assert_str(ts_gs1_brackets(&a, &g), "(01)09521234543213(10)ABC\\(1)(21)12345(17)271231");
    assert_str(ts_gs1_element_string(&a, &g), "010952123454321317271231"
                                              "10ABC(1)\x1D"
                                              "2112345");
}

static void reads_what_scanners_send(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    static const char *const same[] = {
        "]C10109521234543213"
        "10ABC\x1D"
        "17271231",
        "]d20109521234543213"
        "10ABC\x1D"
        "17271231",
        "]Q3\x1D"
        "0109521234543213"
        "10ABC\x1D"
        "17271231\x1D",
        "^0109521234543213^10ABC^17271231",
        "010952123454321310ABC^17271231^",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        ts_gs1 g;
        e = (ts_error){0};
        if (!ts_gs1_from_element_string(&a, ts_str_c(same[i]), &g, &e)) fail_msg("%s", e.msg);
        assert_str(ts_gs1_brackets(&a, &g), "(01)09521234543213(10)ABC(17)271231");
    }
}

static void refuses_what_scanners_do_not_send(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const char *const cases[][2] = {
        {"", "there is no AI"},
        {"^", "there is no AI"},
        {"]C1", "there is no AI"},
        {"]Q1https://id.gs1.org/01/09521234543213", "symbology identifier"},
        {"]", "symbology identifier"},
        {"^^0109521234543213", "an AI is two to four digits"},
        {"0109521234543213^^10ABC", "an AI is two to four digits"},
        {"0", "(0) is not a known AI"},
        {"010952123454321", "AI (01) has 13 characters, here it needs at least 14"},
        {"01095212345^10ABC", "AI (01) has 9 characters, here it needs at least 14"},
        {"0109521234543213"
         "10ABCDEFGHIJ17271231"
         "2112345",
         "AI (10) has 25 characters, at most 20; the FNC1 behind it may be missing"},
        {"0109521234543213"
         "10",
         "AI (10) is empty"},
        {"0109521234543213"
         "422",
         "AI (422) is empty"},
        {"0109521234543213"
         "4",
         "(4) is not a known AI"},
        {"0109521234543213"
         "3106000001",
         "(3106) is not a known AI"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_gs1 g;
        ts_error e = {0};
        if (ts_gs1_from_element_string(&a, ts_str_c(cases[i][0]), &g, &e))
            fail_msg("%s was read", cases[i][0]);
        if (!strstr(e.msg, cases[i][1])) fail_msg("%s: \"%s\"", cases[i][0], e.msg);
    }
}

static void a_repeated_ai_counts_once(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_gs1 g;
    ts_error e;
    ts_str t = TS_S("(01)09521234543213(10)A(01)09521234543213(10)A");
    assert_true(ts_gs1_from_brackets(&a, t, &g, &e));
    assert_str(ts_gs1_brackets(&a, &g), "(01)09521234543213(10)A");
}

/* ---- the dictionary ---- */

static void knows_the_dictionary(void **s) {
    (void)s;
    static const char *const titles[][2] = {{"01", "GTIN"},
                                            {"00", "SSCC"},
                                            {"3100", "NET WEIGHT (kg)"},
                                            {"3105", "NET WEIGHT (kg)"},
                                            {"3145", "AREA (m\xC2\xB2)"},
                                            {"8110", ""},
                                            {"91", "INTERNAL"},
                                            {"99", "INTERNAL"},
                                            {"3106", ""},
                                            {"89", ""},
                                            {"8013", "GMN"},
                                            {"235", "TPX"}};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        assert_str(ts_gs1_title(ts_str_c(titles[i][0])), titles[i][1]);
    static const char *const none[] = {"",    "0",   "1",     "001", "0001",
                                       "01x", "310", "31000", "x1",  "235 "};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_str(ts_gs1_title(ts_str_c(none[i])), "");
}

static void the_copy_is_unmodified(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    ts_str ours, theirs;
    const char *p = test_data("passport/gs1/gs1-syntax-dictionary.txt");
    if (!p) skip();
    assert_true(ts_file_read(&a, p, 1 << 20, &theirs, &e));
    assert_true(
        ts_file_read(&a, TS_SOURCE_DIR "/gs1/gs1-syntax-dictionary.txt", 1 << 20, &ours, &e));
    assert_true(ts_str_eq(ours, theirs));
}

/* Counts from the text of the dictionary, read in the simplest way. */
static void every_line_is_in_the_tables(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    ts_str text;
    sample_list all = {0};
    size_t n = 0;
    each_ai(sample_note, &all);
    assert_true(
        ts_file_read(&a, TS_SOURCE_DIR "/gs1/gs1-syntax-dictionary.txt", 1 << 20, &text, &e));
    while (text.n) {
        ts_str l = ts_str_cut(&text, '\n'), range = ts_str_cut_any(&l, " \t");
        if (range.n == 0 || range.p[0] == '#') continue;
        ts_str first = ts_str_cut(&range, '-');
        n += range.n ? (size_t)(range.p[range.n - 1] - first.p[first.n - 1] + 1) : 1;
        gs1_code code;
        const gs1_entry *t = gs1_find(first, &code);
        assert_non_null(t);
        ts_str flags = ts_str_to(ts_str_trim(l), 2);
        assert_int_equal(t->predefined, ts_str_starts(flags, TS_S("*")));
        assert_int_equal(t->attribute, ts_str_starts(flags, TS_S("?")) || ts_str_is(flags, "*?"));
        assert_int_equal(t->key != 0, ts_str_find(l, TS_S("dlpkey")) != TS_NPOS);
        assert_int_equal(t->req != 0, ts_str_find(l, TS_S("req=")) != TS_NPOS);
        assert_int_equal(t->ex != 0, ts_str_find(l, TS_S(" ex=")) != TS_NPOS);
    }
    assert_int_equal(all.n, n);
    assert_true(n > 500);
}

/* GS1 General Specifications, figure "predefined length": these first two digits and no others. */
static void predefined_length_goes_by_the_first_two_digits(ts_str ai, const gs1_entry *t,
                                                           void *ctx) {
    static const char starts[] =
        "00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 31 32 33 34 35 36 41";
    (void)ctx;
    char two[3] = {ai.p[0], ai.p[1], 0};
    if (t->predefined != (strstr(starts, two) != 0)) fail_msg("%.*s", TS_P(ai));
}

static void predefined_lengths(void **s) {
    (void)s;
    each_ai(predefined_length_goes_by_the_first_two_digits, 0);
}

/* ---- every AI, random values ---- */

static bool checks(ts_str ai, const gs1_entry *t, ts_str value) {
    ts_error e = {0};
    gs1_found f = {.ai = ai, .value = value, .entry = t};
    bool ok = gs1_value_check(&f, &e);
    assert_true(ok || (e.code == TS_E_INPUT && strstr(e.msg, "AI (")));
    return ok;
}

static void attack_one(ts_str ai, const gs1_entry *t, void *ctx) {
    ts_random *r = ctx;
    ts_arena a = ts_arena_new(1 << 20), mark = a;
    for (int k = 0; k < 20; k++, a = mark) {
        ts_str v = sample_value(&a, r, t);
        if (!checks(ai, t, v)) fail_msg("(%.*s)%.*s should be valid", TS_P(ai), TS_P(v));
        char longer[SAMPLE_MAX];
        memset(longer, '1', sizeof longer);
        memcpy(longer, v.p, v.n);
        assert_false(checks(ai, t, (ts_str){longer, t->max + 1u}));
        assert_false(checks(ai, t, TS_NONE));
        if (t->component[0].min > 1)
            assert_false(checks(ai, t, ts_str_to(v, t->component[0].min - 1u)));
        size_t at = ts_random_below(r, (uint32_t)v.n);
        for (unsigned c = 0; c < 256; c++) { /* one character that no set holds */
            if (c != 0 && c != ' ' && c != '^' && c != '\\' && c != 0x1D && c != 0x7F && c < 0x80)
                continue;
            char keep = v.p[at];
            ((char *)(uintptr_t)v.p)[at] = (char)c;
            assert_false(checks(ai, t, v));
            ((char *)(uintptr_t)v.p)[at] = keep;
        }
    }
    ts_arena_free(&mark, 1 << 20);
}

static void every_ai_takes_its_values_and_no_others(void **s) {
    (void)s;
    ts_random r = ts_random_seed(1);
    each_ai(attack_one, &r);
}

static bool same(const ts_gs1 *x, const ts_gs1 *y) {
    if (x->n != y->n) return false;
    for (size_t i = 0; i < x->n; i++)
        if (!ts_str_eq(x->v[i].ai, y->v[i].ai) || !ts_str_eq(x->v[i].value, y->v[i].value))
            return false;
    return true;
}

static bool same_set(const ts_gs1 *x, const ts_gs1 *y) {
    char ai[5];
    for (size_t i = 0; i < x->n; i++) {
        snprintf(ai, sizeof ai, "%.*s", TS_P(x->v[i].ai));
        if (!ts_str_eq(ts_gs1_get(y, ai), x->v[i].value)) return false;
    }
    return x->n == y->n;
}

static void messages_survive_both_notations(void **s) {
    (void)s;
    ts_arena arena = test_arena();
    ts_random r = ts_random_seed(2);
    sample_list all = {0};
    each_ai(sample_note, &all);
    for (int i = 0; i < 4000; i++) {
        ts_arena a = arena;
        ts_gs1 g, back;
        ts_error e;
        sample_message(&a, &r, &all, &g);
        ts_str text = ts_gs1_brackets(&a, &g);
        if (!ts_gs1_from_brackets(&a, text, &back, &e)) fail_msg("%.*s: %s", TS_P(text), e.msg);
        assert_true(same(&g, &back));
        ts_str elements = ts_gs1_element_string(&a, &g);
        if (!ts_gs1_from_element_string(&a, elements, &back, &e))
            fail_msg("%.*s: %s", TS_P(text), e.msg);
        assert_true(same_set(&g, &back));
    }
}

/* ---- the checks, one by one ---- */

static bool passes(unsigned lint, const char *text) {
    gs1_flaw f;
    ts_str s = ts_str_c(text);
    bool ok = gs1_lint(lint, s, &f);
    assert_true(ok || (f.at <= s.n && f.what[0]));
    return ok;
}

static void checks_pass_and_fail(void **s) {
    (void)s;
    static const struct {
        unsigned lint;
        const char *good, *bad; /* parted by blanks */
    } cases[] = {
        {GS1_LINT_csum, "00 24 95012346 9521234543213 106141412345678908",
         "01 95012345 9521234543214 106141412345678909"},
        {GS1_LINT_csumalpha, "22 !22 1987654Ad4X4bL5ttr2310c2K 12345678901234567890123NT",
         "2 33 1987654Ad4X4bL5ttr2310cXK 1987654Ad4X4bL5ttr2310c2k"},
        {GS1_LINT_gcppos1, "9521 0000A", "952 952A A9521"},
        {GS1_LINT_gcppos2, "A9521 10000A", "9521 9952A"},
        {GS1_LINT_hasnondigit, "A 1A 12-", "1 123"},
        {GS1_LINT_hh, "00 23", "24 99"},
        {GS1_LINT_hhmi, "0000 2359", "2400 0060"},
        {GS1_LINT_mi, "00 59", "60"},
        {GS1_LINT_ss, "00 59", "60"},
        {GS1_LINT_hyphen, "-", "A +"},
        {GS1_LINT_iban, "DE89370400440532013000 GB82WEST12345698765432",
         "DE88370400440532013000 XX36123456789012 DE8937040044053201300a DE89"},
        {GS1_LINT_importeridx, "- _ 0 z", "! . /"},
        {GS1_LINT_iso3166, "004 276 894", "000 001 280 999"},
        {GS1_LINT_iso3166999, "276 999", "000 998"},
        {GS1_LINT_iso3166alpha2, "DE CN ZW", "de XX ZZ AA XK"},
        {GS1_LINT_iso4217, "008 156 978 924 396 999", "000 001 280 998"},
        {GS1_LINT_iso5218, "0 1 2 9", "3 8"},
        {GS1_LINT_latitude, "0000000000 1800000000", "1800000001 9999999999"},
        {GS1_LINT_longitude, "0000000000 3600000000", "3600000001"},
        {GS1_LINT_mediatype, "01 10 80 99", "00 11 79"},
        {GS1_LINT_nonzero, "1 0001", "0 0000"},
        {GS1_LINT_nozeroprefix, "1 10", "0 01"},
        {GS1_LINT_packagetype, "1A 8 200 BX ZZ", "1 20 B BXX zz 2000"},
        {GS1_LINT_pcenc, "A %20 A%c3%A4B", "% %2 A% %GG A%0"},
        {GS1_LINT_pieceoftotal, "0101 0102 9999", "0001 0000 0201"},
        {GS1_LINT_posinseqslash, "1/1 2/3 9/9", "0/1 1/0 3/2 1// /12 123 1/a"},
        {GS1_LINT_winding, "0 1 9", "2 8"},
        {GS1_LINT_yesno, "0 1", "2 9"},
        {GS1_LINT_yymmd0, "270100 000229 991231", "271301 270001 270132 010229"},
        {GS1_LINT_yymmdd, "270131 240229", "270100 230229 270431"},
        {GS1_LINT_yyyymmdd, "20000229 19991231 20240229", "19000229 20230229 20231301 20230100"},
        {GS1_LINT_zero, "0", "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int good = 0; good < 2; good++) {
            char one[64];
            ts_str list = ts_str_c(good ? cases[i].good : cases[i].bad);
            while (list.p) {
                ts_str word = ts_str_cut(&list, ' ');
                snprintf(one, sizeof one, "%.*s", TS_P(word));
                if (passes(cases[i].lint, one) != good)
                    fail_msg("check %u: %s", cases[i].lint, one);
            }
        }
}

/* Prefix 614141 is the one that GS1 US uses in examples. */
static void coupons(void **s) {
    (void)s;
    static const char *const good[] = {
        "0614141123456250"
        "110123", /* the fields that must be there */
        "0614141123456250"
        "110123"
        "1"
        "0"
        "110123"
        "9", /* second purchase, same company */
        "0614141123456250"
        "110123"
        "1"
        "0"
        "110123"
        "0614141"
        "2"
        "110123"
        "9",
        "0614141123456250"
        "110123"
        "3"
        "271231"
        "4"
        "270101",
        "0614141123456250"
        "110123"
        "5"
        "0"
        "123456",
        "0614141123456250"
        "110123"
        "6"
        "1"
        "6141410",
        "0614141123456250"
        "110123"
        "9"
        "0"
        "0"
        "0"
        "1",
    };
    static const char *const bad[] = {
        "",
        "0",
        "7614141",
        "061414112345",
        "0614141123456",
        "06141411234560",
        "061414112345620",
        "0614141123456250"
        "11012", /* family code cut off */
        "0614141123456250"
        "115123", /* requirement code 5 */
        "0614141123456250"
        "110123"
        "7", /* no such field */
        "0614141123456250"
        "110123"
        "3"
        "271301", /* month 13 */
        "0614141123456250"
        "110123"
        "3"
        "27120", /* date cut off */
        "0614141123456250"
        "110123"
        "3"
        "270101"
        "4"
        "271231",
        "0614141123456250"
        "110123"
        "4"
        "270101"
        "3"
        "271231", /* wrong order */
        "0614141123456250"
        "110123"
        "9"
        "3"
        "0"
        "0"
        "1",
        "0614141123456250"
        "110123"
        "9"
        "0"
        "0"
        "0"
        "2",
        "0614141123456250"
        "11012a",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!passes(GS1_LINT_couponcode, good[i])) fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (passes(GS1_LINT_couponcode, bad[i])) fail_msg("%s", bad[i]);
    assert_true(passes(GS1_LINT_couponposoffer, "00"
                                                "614141"
                                                "123456"
                                                "0"
                                                "123456"));
    assert_true(passes(GS1_LINT_couponposoffer, "16"
                                                "614141000000"
                                                "123456"
                                                "9"
                                                "123456789012345"));
    static const char *const offers[] = {"",
                                         "2",
                                         "07",
                                         "00614141",
                                         "0061414112345",
                                         "00614141123456",
                                         "00"
                                         "614141"
                                         "123456"
                                         "1"
                                         "123456",
                                         "00"
                                         "614141"
                                         "123456"
                                         "0"
                                         "1234567",
                                         "00"
                                         "614141"
                                         "123456"
                                         "0"
                                         "12345x"};
    for (size_t i = 0; i < sizeof offers / sizeof *offers; i++)
        if (passes(GS1_LINT_couponposoffer, offers[i])) fail_msg("%s", offers[i]);
}

static void lists_of_codes_are_whole(void **s) {
    (void)s;
    char code[16];
    size_t numbers = 0, letters = 0, currencies = 0;
    for (int i = 0; i < 1000; i++) {
        snprintf(code, sizeof code, "%03d", i);
        numbers += gs1_is_country_number(ts_str_c(code));
        currencies += gs1_is_currency_number(ts_str_c(code));
    }
    for (int i = 0; i < 26 * 26; i++) {
        snprintf(code, sizeof code, "%c%c", 'A' + i / 26, 'A' + i % 26);
        letters += gs1_is_country_letters(ts_str_c(code));
    }
    assert_int_equal(numbers, 249); /* ISO 3166-1 */
    assert_int_equal(letters, 249);
    assert_int_equal(currencies, 183);
}

static void gtins_become_14_digits(void **s) {
    (void)s;
    char out[14];
    ts_error e;
    static const char *const cases[][2] = {{"95012346", "00000095012346"},
                                           {"614141123452", "00614141123452"},
                                           {"9521234543213", "09521234543213"},
                                           {"19521234543210", "19521234543210"}};
    for (size_t i = 0; i < 4; i++) {
        assert_true(ts_gtin_as_14(ts_str_c(cases[i][0]), out, &e));
        assert_str(((ts_str){out, 14}), cases[i][1]);
    }
    assert_false(ts_gtin_as_14(TS_S("95012345"), out, &e));
    assert_string_equal(e.msg,
                        "the check digit of the GTIN is wrong; compare the number with its source");
    assert_false(ts_gtin_as_14(TS_S("123456789"), out, &e));
    assert_string_equal(e.msg, "a GTIN has 8, 12, 13 or 14 digits, not 9");
    assert_false(ts_gtin_as_14(TS_S("9501234a"), out, &e));
    assert_false(ts_gtin_as_14(TS_NONE, out, &e));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_by_name),
        cmocka_unit_test(places_are_bytes_of_the_text),
        cmocka_unit_test(a_nul_byte_is_no_character),
        cmocka_unit_test(more_than_64_ais_are_refused),
        cmocka_unit_test(reads_brackets),
        cmocka_unit_test(reads_what_scanners_send),
        cmocka_unit_test(refuses_what_scanners_do_not_send),
        cmocka_unit_test(a_repeated_ai_counts_once),
        cmocka_unit_test(knows_the_dictionary),
        cmocka_unit_test(the_copy_is_unmodified),
        cmocka_unit_test(every_line_is_in_the_tables),
        cmocka_unit_test(predefined_lengths),
        cmocka_unit_test(every_ai_takes_its_values_and_no_others),
        cmocka_unit_test(messages_survive_both_notations),
        cmocka_unit_test(checks_pass_and_fail),
        cmocka_unit_test(coupons),
        cmocka_unit_test(lists_of_codes_are_whole),
        cmocka_unit_test(gtins_become_14_digits),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
