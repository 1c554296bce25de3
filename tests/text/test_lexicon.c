#include "support/support.h"
#include "text/view.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static uint64_t key_of(ts_str form) {
    ts_tokens t = ts_tokenise(&a, form, false);
    uint64_t key = TS_SEQ_START;
    for (size_t i = 0; i < t.n; i++) key = ts_seq_add(key, t.v[i].hash);
    return t.n ? key : 0;
}

static bool means_type(ts_str form, unsigned type) {
    ts_lex_entry e = ts_lexicon_find(key_of(form));
    for (unsigned i = 0; i < e.n; i++)
        if (ts_lex_kind_of(e.v[i]) == TS_LEX_TYPE && ts_lex_value(e.v[i]) == type) return true;
    return false;
}

static int type_by_id(const char *id) {
    for (unsigned t = 0; t < ts_type_count(); t++)
        if (ts_str_is(ts_type_id(t), id)) return (int)t;
    return -1;
}

/* The type that says what a title is, or an empty string. */
static ts_str head_of(const char *title) {
    ts_view v;
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = ts_str_c(title)};
    ts_view_build(&a, f, &v);
    for (size_t i = 0; i < v.types.n; i++)
        if (v.types.v[i].head) return ts_type_id(v.types.v[i].type);
    return TS_NONE;
}

static void check_head(const char *title, const char *type, int line) {
    ts_str got = head_of(title);
    if (ts_str_is(got, type)) return;
    print_error("line %d: \"%s\" is '%.*s', wanted '%s'\n", line, title, TS_P(got), type);
    fail();
}
#define HEAD(title, type) check_head((title), (type), __LINE__)

typedef struct row {
    ts_str f[8];
    size_t n, line;
} row;
typedef struct rows {
    row *v;
    size_t n, cap;
} rows;

static rows table(const char *name) {
    char path[512];
    ts_error e;
    ts_str text;
    rows r = {0};
    snprintf(path, sizeof path, "%s/lexicon/%s", TS_SOURCE_DIR, name);
    assert_true(ts_file_read(&a, path, 32 << 20, &text, &e));
    assert_int_equal(ts_utf8_bad(text), TS_NPOS);
    for (size_t line = 1; text.n; line++) {
        ts_str l = ts_str_cut(&text, '\n');
        if (!l.n || l.p[0] == '#') continue;
        row *w = ts_push(&a, &r);
        w->line = line;
        while (l.p && w->n < 8) w->f[w->n++] = ts_str_cut(&l, '\t');
    }
    return r;
}

static size_t forms_in(ts_str s) {
    size_t n = 0;
    while (s.p) n += ts_str_trim(ts_str_cut(&s, '|')).n > 0;
    return n;
}

/* At least 600 types, each with words in three languages, a category that is there, and a parent
 * that is there. */
static void types_are_many_and_whole(void **state) {
    (void)state;
    rows types = table("types.tsv"), categories = table("categories.tsv");
    unsigned products = 0;
    assert_true(types.n >= 600);
    assert_int_equal(types.n, ts_type_count());
    for (size_t i = 0; i < types.n; i++) {
        const row *r = &types.v[i];
        bool category = false;
        assert_int_equal(r->n, 7);
        for (int k = 4; k < 7; k++)
            if (!forms_in(r->f[k]) || ts_str_is(ts_str_trim(r->f[k]), "-")) {
                print_error("types.tsv:%zu: no words in one language\n", r->line);
                fail();
            }
        for (size_t c = 0; c < categories.n; c++)
            category |= ts_str_eq(categories.v[c].f[0], r->f[1]);
        assert_true(category);
        assert_true(ts_str_eq(ts_category_id(ts_type_category((unsigned)i)), r->f[1]));
        assert_true(ts_str_eq(ts_type_id((unsigned)i), r->f[0]));
        products += ts_type_kind_of((unsigned)i) == TS_TYPE_PRODUCT;
        int parent = ts_type_parent((unsigned)i);
        assert_true(parent < 0 ? ts_str_is(r->f[3], "-")
                               : ts_str_eq(ts_type_id((unsigned)parent), r->f[3]));
    }
    assert_true(products >= 400);
}

/* The words of a type are Chinese characters in the Chinese column and nowhere else. */
static void types_are_in_the_right_language(void **state) {
    (void)state;
    for (unsigned t = 0; t < ts_type_count(); t++)
        for (int lang = TS_EN; lang <= TS_ZH; lang++) {
            ts_str forms = ts_type_forms(t, (ts_lang3)lang);
            bool any = false;
            while (forms.p) {
                ts_str form = ts_str_trim(ts_str_cut(&forms, '|'));
                bool han = false;
                for (size_t i = 0; i < form.n;) han |= ts_is_han(ts_utf8_next(form, &i));
                any |= han;
                if (lang != TS_ZH && han)
                    print_error("'%.*s' of %.*s\n", TS_P(form), TS_P(ts_type_id(t)));
                assert_true(lang == TS_ZH || !han);
            }
            assert_true(any == (lang == TS_ZH));
        }
}

/* Every word of every type is found again, in any case. */
static void every_word_leads_to_its_type(void **state) {
    (void)state;
    for (unsigned t = 0; t < ts_type_count(); t++)
        for (int lang = TS_EN; lang <= TS_ZH; lang++) {
            ts_str forms = ts_type_forms(t, (ts_lang3)lang);
            while (forms.p) {
                ts_arena mark = a;
                ts_str form = ts_str_trim(ts_str_cut(&forms, '|'));
                char *upper = ts_new_raw(&a, char, form.n);
                for (size_t i = 0; i < form.n; i++)
                    upper[i] = (char)ts_upper((unsigned char)form.p[i]);
                if (!means_type(form, t) || !means_type((ts_str){upper, form.n}, t)) {
                    print_error("'%.*s' is not found as %.*s\n", TS_P(form), TS_P(ts_type_id(t)));
                    fail();
                }
                a = mark;
            }
        }
}

/* A word stands in one line of the table only, within a language: two lines would contradict each
 * other. */
static void no_word_is_given_to_two_types(void **state) {
    (void)state;
    unsigned twice = 0;
    for (int lang = TS_EN; lang <= TS_ZH; lang++) {
        ts_map seen = {0};
        for (unsigned t = 0; t < ts_type_count(); t++) {
            ts_str forms = ts_type_forms(t, (ts_lang3)lang);
            while (forms.p) {
                ts_str form = ts_str_trim(ts_str_cut(&forms, '|'));
                bool fresh;
                uint64_t *owner = ts_map_put(&a, &seen, ts_fold(&a, form), &fresh);
                if (fresh) *owner = t;
                if (*owner == t) continue;
                print_error("'%.*s' is %.*s and %.*s\n", TS_P(form),
                            TS_P(ts_type_id((unsigned)*owner)), TS_P(ts_type_id(t)));
                twice++;
            }
        }
    }
    assert_int_equal(twice, 0);
}

static void no_other_table_contradicts_itself(void **state) {
    (void)state;
    static const struct {
        const char *file;
        int key, from, to;
    } files[] = {{"categories.tsv", 0, 1, 3}, {"hazards.tsv", 0, 1, 3}, {"countries.tsv", 0, 2, 5}};
    for (size_t x = 0; x < sizeof files / sizeof *files; x++) {
        rows r = table(files[x].file);
        ts_map seen = {0};
        for (size_t i = 0; i < r.n; i++)
            for (int k = files[x].from; k <= files[x].to; k++) {
                ts_str forms = r.v[i].f[k];
                while (forms.p) {
                    ts_str form = ts_fold(&a, ts_str_trim(ts_str_cut(&forms, '|')));
                    if (form.n < 2) continue;
                    bool fresh;
                    uint64_t *owner = ts_map_put(&a, &seen, form, &fresh);
                    if (fresh) *owner = i;
                    if (*owner != i)
                        print_error("%s:%zu: '%.*s' stands for another line, too\n", files[x].file,
                                    r.v[i].line, TS_P(form));
                    assert_true(*owner == i);
                }
            }
    }
}

/* A designation that stands twice says the same twice; codes are written without blanks. */
static void generic_designations_are_clean(void **state) {
    (void)state;
    rows r = table("generic.tsv");
    ts_map seen = {0};
    assert_true(r.n > 100);
    for (size_t i = 0; i < r.n; i++) {
        bool fresh;
        uint64_t *says = ts_map_put(&a, &seen, ts_squeeze(&a, r.v[i].f[0]), &fresh),
                 device = ts_str_is(r.v[i].f[1], "device named in accessory lists");
        if (!fresh && *says != device)
            print_error("generic.tsv:%zu: '%.*s' is there already with another meaning\n",
                        r.v[i].line, TS_P(r.v[i].f[0]));
        assert_true(fresh || *says == device);
        *says = device;
        assert_true(ts_str_chr(r.v[i].f[0], ' ') == TS_NPOS);
    }
}

static void words_of_three_languages_are_one_type(void **state) {
    (void)state;
    static const char *const same[][4] = {
        {"power-bank", "power bank", "Powerbank", "充电宝"},
        {"kettle", "kettle", "Wasserkocher", "电热水壶"},
        {"bicycle-helmet", "bicycle helmet", "Fahrradhelm", "自行车头盔"},
        {"vacuum-cleaner", "vacuum cleaner", "Staubsauger", "吸尘器"},
        {"candle", "candle", "Kerze", "蜡烛"},
        {"television", "television", "Fernseher", "电视机"},
        {"phone-case", "phone case", "Handyhülle", "手机壳"},
        {"tent", "tent", "Zelt", "帐篷"},
        {"drill", "drill", "Bohrmaschine", "电钻"},
        {"laptop", "laptop", "Laptop", "笔记本电脑"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        for (int k = 1; k < 4; k++) {
            int type = type_by_id(same[i][0]);
            assert_true(type >= 0);
            if (!means_type(ts_str_c(same[i][k]), (unsigned)type))
                print_error("%.*s is no %.*s\n", TS_P(ts_str_c(same[i][k])),
                            TS_P(ts_str_c(same[i][0])));
            assert_true(means_type(ts_str_c(same[i][k]), (unsigned)type));
        }
}

static void plurals_cases_and_spellings(void **state) {
    (void)state;
    HEAD("candles", "candle");
    HEAD("Kerzen", "candle");
    HEAD("batteries", "battery");
    HEAD("Staubsaugers", "vacuum-cleaner");
    HEAD("Fahrradhelme", "bicycle-helmet");
    HEAD("STAUBSAUGER", "vacuum-cleaner");
    HEAD("Handyhuelle", "phone-case"); /* ue for ü */
    HEAD("powerbank", "power-bank");
    HEAD("power-bank", "power-bank");
    HEAD("ＰＯＷＥＲ　ＢＡＮＫ", "power-bank");
}

static const char *head_z(const char *title) { return ts_str_z(&a, head_of(title)); }

/* The end of a German compound says what it is. */
static void german_compounds(void **state) {
    (void)state;
    HEAD("Kinderfahrradhelm", "bicycle-helmet");
    HEAD("Kinderfahrradhelme", "bicycle-helmet");
    HEAD("Akkubohrschrauber 18V", "drill");
    HEAD("Luxusduftkerzen", "candle");
    HEAD("Reisewasserkocher", "kettle");
    HEAD("Kerzenhalter", head_z("candle holder")); /* its beginning does not count */
    HEAD("Brandmarke", "");
    HEAD("xyzzyplugh", "");
}

static void relations(void **state) {
    (void)state;
    int helmet = type_by_id("bicycle-helmet"), candle = type_by_id("candle");
    assert_true(helmet >= 0 && candle >= 0);
    assert_int_equal(ts_type_relation((unsigned)helmet, (unsigned)helmet), TS_YES);
    assert_int_equal(ts_type_relation((unsigned)helmet, (unsigned)candle), TS_NO);
    for (unsigned t = 0; t < ts_type_count(); t++) {
        int p = ts_type_parent(t);
        if (p < 0) continue;
        assert_int_equal(ts_type_relation(t, (unsigned)p), TS_YES);
        assert_int_equal(ts_type_relation((unsigned)p, t), TS_YES);
        for (unsigned u = 0; u < ts_type_count(); u++) {
            ts_answer x = ts_type_relation(t, u);
            assert_true(x == ts_type_relation(u, t));
            if (u != t && ts_type_parent(u) == p && x == TS_NO) fail();
        }
    }
}

static void phrases(void **state) {
    (void)state;
    static const struct {
        const char *text;
        ts_phrase phrase;
    } some[] = {{"for", TS_PHRASE_COMPAT},
                {"passend für", TS_PHRASE_COMPAT},
                {"passend fuer", TS_PHRASE_COMPAT},
                {"kompatibel mit", TS_PHRASE_COMPAT},
                {"适用于", TS_PHRASE_COMPAT},
                {"compatible with", TS_PHRASE_COMPAT},
                {"专用", TS_PHRASE_COMPAT_AFTER},
                {"kids", TS_PHRASE_AUDIENCE},
                {"儿童", TS_PHRASE_AUDIENCE},
                {"with", TS_PHRASE_WITH},
                {"mit", TS_PHRASE_WITH},
                {"gebraucht", TS_PHRASE_USED},
                {"二手", TS_PHRASE_USED},
                {"replica", TS_PHRASE_REPLICA},
                {"Model No.", TS_PHRASE_MODEL_LABEL},
                {"型号", TS_PHRASE_MODEL_LABEL},
                {"批号", TS_PHRASE_LOT_LABEL},
                {"n/a", TS_PHRASE_UNKNOWN},
                {"unbekannt", TS_PHRASE_UNKNOWN},
                {"Pro", TS_PHRASE_VARIANT},
                {"升级版", TS_PHRASE_VARIANT}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        if (!ts_lexicon_is_phrase(a, ts_str_c(some[i].text), some[i].phrase))
            print_error("'%.*s'\n", TS_P(ts_str_c(some[i].text)));
        assert_true(ts_lexicon_is_phrase(a, ts_str_c(some[i].text), some[i].phrase));
    }
    assert_false(ts_lexicon_is_phrase(a, TS_S("for Sony"),
                                      TS_PHRASE_COMPAT)); /* the whole, not its beginning */
    assert_false(ts_lexicon_is_phrase(a, TS_NONE, TS_PHRASE_UNKNOWN));
    assert_false(ts_lexicon_is_phrase(a, TS_S("Sony"), TS_PHRASE_UNKNOWN));
}

static void brands_and_common_words(void **state) {
    (void)state;
    unsigned v;
    assert_true(ts_lexicon_whole(a, TS_S("Samsung"), TS_LEX_BRAND, &v));
    assert_true(ts_lexicon_whole(a, TS_S("BLACK & DECKER"), TS_LEX_BRAND, &v));
    assert_true(ts_lexicon_whole(a, TS_S("小米"), TS_LEX_BRAND, &v));
    assert_false(ts_lexicon_whole(a, TS_S("Romossxyz"), TS_LEX_BRAND, &v));
    assert_true(ts_lexicon_whole(a, TS_S("and"), TS_LEX_COMMON, &v));
    assert_int_equal(v & 7, 0);
    assert_int_equal(v >> 3, TS_EN);
    assert_true(ts_lexicon_whole(a, TS_S("schwarz"), TS_LEX_COMMON, &v));
    assert_int_equal(v >> 3, TS_DE);
    assert_true((v & 7) <= 2);
}

static void countries_and_hazards(void **state) {
    (void)state;
    static const char *const names[][2] = {
        {"Germany", "DE"}, {"Deutschland", "DE"}, {"德国", "DE"}, {"DEUTSCHLAND", "DE"},
        {"China", "CN"},   {"中国", "CN"},        {"USA", "US"},  {"Österreich", "AT"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_str(ts_country_find(a, ts_str_c(names[i][0])), names[i][1]);
    assert_str(ts_country_find(a, TS_S("Atlantis")), "");
    assert_str(ts_country_find(a, TS_NONE), "");
    assert_true(ts_country_in_eu(TS_S("DE")));
    assert_true(ts_country_in_eu(TS_S("de")));
    assert_false(ts_country_in_eu(TS_S("NO")));
    assert_false(ts_country_in_eu(TS_S("GB")));
    assert_false(ts_country_in_eu(TS_S("CN")));
    assert_false(ts_country_in_eu(TS_NONE));
    unsigned h;
    assert_true(ts_lexicon_whole(a, TS_S("Erstickungsgefahr"), TS_LEX_HAZARD, &h));
    assert_str(ts_hazard_id(h), "suffocation");
    assert_true(ts_lexicon_whole(a, TS_S("choking hazard"), TS_LEX_HAZARD, &h));
    assert_str(ts_hazard_id(h), "choking");
    assert_true(ts_hazard_name(h, TS_DE).n && ts_hazard_name(h, TS_ZH).n);
}

static void units_convert(void **state) {
    (void)state;
    static const struct {
        const char *unit;
        ts_dimension d;
        double factor;
    } some[] = {
        {"kg", TS_DIM_MASS, 1000},  {"l", TS_DIM_VOLUME, 1000},  {"cm", TS_DIM_LENGTH, 10},
        {"V", TS_DIM_VOLTAGE, 1},   {"Ah", TS_DIM_CHARGE, 1000}, {"GB", TS_DIM_MEMORY, 1024},
        {"毫升", TS_DIM_VOLUME, 1}, {"Stück", TS_DIM_COUNT, 1},  {"inch", TS_DIM_LENGTH, 25.4},
        {"m", TS_DIM_LENGTH, 1000}, {"min", TS_DIM_TIME, 60}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        unsigned u;
        assert_true(ts_lexicon_whole(a, ts_str_c(some[i].unit), TS_LEX_UNIT, &u));
        assert_int_equal(ts_unit_dimension(u), some[i].d);
        assert_true(ts_unit_factor(u) > some[i].factor * 0.999 &&
                    ts_unit_factor(u) < some[i].factor * 1.001);
    }
}

static void nothing_is_found_for_nothing(void **state) {
    (void)state;
    unsigned v;
    assert_int_equal(ts_lexicon_find(0).n, 0);
    assert_int_equal(ts_lexicon_find(TS_SEQ_START).n, 0);
    assert_false(ts_lexicon_whole(a, TS_NONE, TS_LEX_TYPE, &v));
    assert_false(ts_lexicon_whole(a, TS_S("\xFF\xFE"), TS_LEX_TYPE, &v));
    ts_digest d = ts_lexicon_digest();
    assert_true(d.lo && d.hi);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_many_and_whole),
        cmocka_unit_test(types_are_in_the_right_language),
        cmocka_unit_test(every_word_leads_to_its_type),
        cmocka_unit_test(no_word_is_given_to_two_types),
        cmocka_unit_test(no_other_table_contradicts_itself),
        cmocka_unit_test(generic_designations_are_clean),
        cmocka_unit_test(words_of_three_languages_are_one_type),
        cmocka_unit_test(plurals_cases_and_spellings),
        cmocka_unit_test(german_compounds),
        cmocka_unit_test(relations),
        cmocka_unit_test(phrases),
        cmocka_unit_test(brands_and_common_words),
        cmocka_unit_test(countries_and_hazards),
        cmocka_unit_test(units_convert),
        cmocka_unit_test(nothing_is_found_for_nothing),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
