#include "support/support.h"
#include "text/view.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_view view_of(ts_field field, const char *text) {
    ts_view v;
    ts_str f[TS_FIELDS] = {0};
    f[field] = ts_str_c(text);
    ts_view_build(&a, f, &v);
    return v;
}

static const ts_model_key *key_of(const ts_view *v, const char *text) {
    for (size_t i = 0; i < v->models.n; i++)
        if (ts_str_is(v->models.v[i].text, text)) return &v->models.v[i];
    return 0;
}

static bool has(ts_field field, const char *text, const char *key) {
    ts_view v = view_of(field, text);
    const ts_model_key *k = key_of(&v, key);
    if (!k) return false;
    assert_true(k->hash == ts_token_hash(key, strlen(key)));
    assert_int_equal(k->field, field);
    assert_true(k->from < k->to && k->to <= v.f[field].n);
    return true;
}
#define TITLE(text, key) assert_true(has(TS_F_TITLE, (text), (key)))
#define MODEL(text, key) assert_true(has(TS_F_MODEL, (text), (key)))

/* Every usual way to write a model number gives one key that all ways share. */
static void spellings_share_a_key(void **state) {
    (void)state;
    static const char *const sony[] = {
        "WH-1000 XM3",          "WH1000XM3",   "wh-1000-xm3", "WH-1000XM3",
        "ＷＨ－１０００ＸＭ３", "WH_1000/XM3", "wh 1000xm3"};
    for (size_t i = 0; i < sizeof sony / sizeof *sony; i++) {
        MODEL(sony[i], "wh1000xm3");
        TITLE(sony[i], "wh1000xm3");
    }
    static const char *const others[][2] = {{"KX-FA 83", "kxfa83"},       {"KX FA83", "kxfa83"},
                                            {"POW 4730 SC", "pow4730sc"},

                                            {"PW 1580", "pw1580"},        {"32 503", "32503"},
                                            {"59 03 718", "5903718"},     {"JM 167A", "jm167a"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) MODEL(others[i][0], others[i][1]);
}

static void parts_of_a_chunk_are_keys_of_one_thing(void **state) {
    (void)state;
    ts_view v = view_of(TS_F_TITLE, "ABC-123/DEF-456 lamp");
    const ts_model_key *whole = key_of(&v, "abc123def456"), *first = key_of(&v, "abc123"),
                       *second = key_of(&v, "def456");
    assert_non_null(whole);
    assert_non_null(first);
    assert_non_null(second);
    assert_true(whole->whole && !first->whole && !second->whole);
    assert_int_equal(whole->chunk, first->chunk);
    assert_int_equal(whole->chunk, second->chunk);
    v = view_of(TS_F_TITLE, "ABC-123 lamp, DEF-456");
    assert_true(key_of(&v, "abc123")->chunk != key_of(&v, "def456")->chunk);
    for (size_t i = 0; i < v.models.n; i++) assert_true(v.models.v[i].chunk < v.models.chunks);
}

static void next_to_chinese(void **state) {
    (void)state;
    TITLE("罗马仕A1642移动电源", "a1642");
    TITLE("型号PAC20-272充电宝", "pac20272");
}

/* Whatever says how much is never a model number, in no field but that for model numbers, nor
 * joined to one. */
static void units_are_never_model_keys(void **state) {
    (void)state;
    static const char *const quantities[] = {
        "13INCH",    "13-inch",  "500ML",       "500 ml", "220V",    "220-240V",
        "100-240 V", "20000mAh", "1.5L",        "1,5 l",  "1.000ml", "2.05kg",
        "50Hz",      "60W",      "3er",         "x4",     "2x",      "10x20x30",
        "10x20cm",   "5件",      "20000毫安时", "256GB",  "65\"",    "1/2 inch"};
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
        ts_view v = view_of(TS_F_TITLE, quantities[i]);
        if (v.models.n)
            print_error("\"%s\" gives the key %.*s\n", quantities[i], TS_P(v.models.v[0].text));
        assert_int_equal(v.models.n, 0);
        ts_buf b = ts_buf_new(&a, 200);
        ts_buf_fmt(&b, "kettle %s KX-482", quantities[i]);
        v = view_of(TS_F_TITLE, ts_str_z(&a, ts_buf_str(&b)));
        assert_non_null(key_of(&v, "kx482"));
        for (size_t k = 0; k < v.models.n; k++)
            for (size_t t = v.models.v[k].from; t < v.models.v[k].to; t++)
                assert_false(v.f[TS_F_TITLE].v[t].qty);
    }
}

static void years_and_words_are_no_keys(void **state) {
    (void)state;
    static const char *const none[] = {
        "2024", "1999", "kettle", "X", "12", "a very long text of words only", "", "-", "A/B-C"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        ts_view v = view_of(TS_F_TITLE, none[i]);
        assert_int_equal(v.models.n, 0);
    }
}

static void generic_designations_are_marked(void **state) {
    (void)state;
    static const char *const generic[][2] = {{"CR2032", "cr2032"}, {"GU10", "gu10"},
                                             {"E27", "e27"},       {"CR-2032", "cr2032"},
                                             {"IP67", "ip67"},     {"1080P", "1080p"}};
    for (size_t i = 0; i < sizeof generic / sizeof *generic; i++) {
        ts_view v = view_of(TS_F_TITLE, generic[i][0]);
        const ts_model_key *k = key_of(&v, generic[i][1]);
        assert_non_null(k);
        assert_true(k->generic);
    }
    ts_view v = view_of(TS_F_TITLE, "KX-482");
    assert_false(key_of(&v, "kx482")->generic);
}

static void labels_are_noted_and_no_part_of_the_number(void **state) {
    (void)state;
    static const char *const said[][2] = {{"Model no. 12345", "12345"},
                                          {"Artikelnummer 4711-B", "4711b"},
                                          {"型号 A1263", "a1263"},
                                          {"Model: TX300", "tx300"},
                                          {"Item number 72500", "72500"}};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        ts_view v = view_of(TS_F_TITLE, said[i][0]);
        const ts_model_key *k = key_of(&v, said[i][1]);
        assert_non_null(k);
        assert_true(k->labelled);
        for (size_t x = 0; x < v.models.n; x++)
            assert_true(ts_str_find(v.models.v[x].text, TS_S("no")) == TS_NPOS &&
                        ts_str_find(v.models.v[x].text, TS_S("nummer")) == TS_NPOS);
    }
    ts_view v = view_of(TS_F_TITLE, "kettle 12345");
    assert_false(key_of(&v, "12345")->labelled);
}

static void keys_of_another_product_are_marked(void **state) {
    (void)state;
    ts_view v = view_of(TS_F_TITLE, "battery B77 for Makita XT-9000");
    assert_false(key_of(&v, "b77")->compat);
    assert_true(key_of(&v, "xt9000")->compat);
    v = view_of(TS_F_TITLE, "Akku passend für Makita XT-9000");
    assert_true(key_of(&v, "xt9000")->compat);
    v = view_of(TS_F_TITLE, "适用于小米XT9000的充电器");
    assert_true(key_of(&v, "xt9000")->compat);
}

static void bits_grow_with_length(void **state) {
    (void)state;
    assert_int_equal(ts_model_bits(TS_S("abc")), 0);
    assert_int_equal(ts_model_bits(TS_NONE), 0);
    assert_int_equal(ts_model_bits(TS_S("a")), 0);
    assert_int_equal(ts_model_bits(TS_S("12")), 0);
    static const char *const longer[] = {"a1",     "a12",     "a123",    "a1234",
                                         "a12345", "a123456", "a1234567"},
                             *const numbers[] = {"123",    "1234",    "12345",
                                                 "123456", "1234567", "12345678"};
    for (size_t i = 1; i < 7; i++)
        assert_true(ts_model_bits(ts_str_c(longer[i])) > ts_model_bits(ts_str_c(longer[i - 1])));
    for (size_t i = 1; i < 6; i++)
        assert_true(ts_model_bits(ts_str_c(numbers[i])) > ts_model_bits(ts_str_c(numbers[i - 1])));
    for (size_t i = 0; i < 6; i++) /* letters and digits say more than digits alone */
        assert_true(ts_model_bits(ts_str_c(longer[i + 1])) > ts_model_bits(ts_str_c(numbers[i])));
    assert_int_equal(ts_model_bits(TS_S("a1234567890123456789012345678")),
                     0); /* longer than any model number */
}

static void hostile_numbers_end(void **state) {
    (void)state;
    static const char *const pieces[] = {"A1-", "A1/", "1 ", "a ", "A1 ", "1.", "1-", "XM 3 "};
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        ts_arena mark = a;
        ts_buf b = ts_buf_new(&a, 1 << 15);
        while (!b.full) ts_buf_put(&b, ts_str_c(pieces[p]));
        ts_view v = view_of(TS_F_TITLE, ts_str_z(&a, ts_buf_str(&b)));
        assert_true(v.models.n <= v.f[TS_F_TITLE].n * 12);
        for (size_t i = 0; i < v.models.n; i++)
            assert_true(v.models.v[i].text.n >= 3 && v.models.v[i].text.n <= 28);
        a = mark;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_share_a_key),
        cmocka_unit_test(parts_of_a_chunk_are_keys_of_one_thing),
        cmocka_unit_test(next_to_chinese),
        cmocka_unit_test(units_are_never_model_keys),
        cmocka_unit_test(years_and_words_are_no_keys),
        cmocka_unit_test(generic_designations_are_marked),
        cmocka_unit_test(labels_are_noted_and_no_part_of_the_number),
        cmocka_unit_test(keys_of_another_product_are_marked),
        cmocka_unit_test(bits_grow_with_length),
        cmocka_unit_test(hostile_numbers_end),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
