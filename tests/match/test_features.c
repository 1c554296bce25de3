#include "match/features.h"

#include <math.h>

#include "match/records.h"
#include "sketches.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* ---- the list ---- */

static void names_and_groups(void **state) {
    (void)state;
    assert_int_equal((int)FT_COUNT, (int)TS_FEATURES);
    unsigned groups[FG_GROUPS] = {0};
    for (unsigned i = 0; i < FT_COUNT; i++) {
        const feature_info *f = &features[i];
        assert_true(f->name[0] != 0);
        assert_true(f->group < FG_GROUPS && f->reason < FR_REASONS);
        assert_true(f->direction >= -1 && f->direction <= 1);
        groups[f->group]++;
        for (unsigned k = 0; k < i; k++) assert_string_not_equal(features[k].name, f->name);
        assert_ptr_equal(ts_feature_name(i), f->name);
        assert_int_equal(ts_feature_group_of(i), f->group);
        assert_int_equal(ts_feature_direction(i), f->direction);
    }
    assert_int_equal(groups[FG_FACTS], 22);
    assert_int_equal(groups[FG_EVIDENCE], 1);
    assert_int_equal(groups[FG_RANK], 12);
    assert_int_equal(groups[FG_VECTORS], 3);
    for (unsigned i = FT_grams_rank_ab; i < FT_COUNT; i++)
        assert_int_equal(features[i].group, FG_RANK);
    assert_string_equal(ts_feature_name(ts_feature_evidence()), "evidence");
    assert_int_equal(ts_feature_group_of(ts_feature_evidence()), TS_GROUP_EVIDENCE);
}

/* ---- single pairs ---- */

/* All that is said of two products, without a collection: every word weighs 2. */
typedef struct numbers {
    float x[FT_COUNT];
} numbers;

static numbers of_text(const sketch *x, const sketch *y) {
    numbers n = {{0}};
    alignment m;
    align(x, y, &m);
    features_text(&m, n.x);
    features_vectors(&m, n.x);
    return n;
}

static numbers text_of(product x, product y) { return of_text(weighed(&a, x), weighed(&a, y)); }

static numbers titles(const char *x, const char *y) {
    return text_of((product){.title = x}, (product){.title = y});
}

static void check_near(float got, double want, const char *name, int line) {
    if (fabs((double)got - want) <= 1e-4) return;
    print_error("line %d: %s is %g, wanted %g\n", line, name, (double)got, want);
    fail();
}
#define IS(n, feature, want) check_near((n).x[FT_##feature], (want), #feature, __LINE__)

/* Whatever is compared, all features of the two groups are filled in, and no others. */
static void who_fills_in_what(void **state) {
    (void)state;
    numbers n;
    alignment m;
    for (int i = 0; i < FT_COUNT; i++) n.x[i] = NAN;
    align(weighed(&a, (product){0}), weighed(&a, (product){0}), &m);
    features_text(&m, n.x);
    for (int i = 0; i < FT_COUNT; i++)
        assert_int_equal(isnan(n.x[i]) != 0, features[i].group != FG_TEXT);
    features_vectors(&m, n.x);
    for (int i = 0; i < FT_COUNT; i++) {
        bool filled = features[i].group == FG_TEXT || features[i].group == FG_VECTORS;
        assert_int_equal(isnan(n.x[i]) != 0, !filled);
    }
    notice_side side = {0};
    ts_offer o = {.title = TS_NONE};
    offer_profile p;
    profile_offer(&a, &o, &p);
    side.sketch = m.a;
    offer_side offer = {&o, &p, m.b};
    pair facts;
    pair_compare(&side, &offer, &facts);
    features_facts(&facts, &side, &offer, n.x);
    for (int i = 0; i < FT_COUNT; i++) {
        bool later = features[i].group == FG_EVIDENCE || features[i].group == FG_RANK;
        assert_int_equal(isnan(n.x[i]) != 0, later);
    }
}

static void equal_products(void **state) {
    (void)state;
    const product p = {.title = "Kelvano KV-2080 travel kettle 1.7 l",
                       .brand = "Kelvano",
                       .model = "KV-2080",
                       .category = "Kitchen",
                       .description = "steel, with a lid",
                       .price = "24,99 €",
                       .currency = "EUR"};
    numbers n = text_of(p, p);
    IS(n, title_a_in_b, 1), IS(n, title_b_in_a, 1);
    IS(n, title_a_in_text, 1), IS(n, title_b_in_text, 1);
    IS(n, jaccard, 1), IS(n, jaccard_weighted, 1), IS(n, overlap, 1);
    IS(n, lone_best_a, 0), IS(n, lone_best_b, 0), IS(n, lone_a, 0), IS(n, lone_b, 0);
    IS(n, lone_least, 0), IS(n, lone_most, 0), IS(n, lone_count, 0);
    IS(n, lone_heavy_a, 0), IS(n, lone_heavy_b, 0);
    IS(n, keys_conflict, 0), IS(n, keys_alike, 1), IS(n, keys_prefix, 1);
    IS(n, keys_lone_a, 0), IS(n, keys_lone_b, 0), IS(n, keys_lone_length, 0);
    IS(n, keys_found_length, 6);
    IS(n, units_same, 1), IS(n, units_other, 0);
    IS(n, numbers_conflict, 0), IS(n, numbers_jaccard, 1);
    IS(n, brands_equal, 1), IS(n, brands_alike, 1), IS(n, brands_in_text, 2);
    IS(n, first_equal, 1), IS(n, first_found, 2);
    IS(n, category_equal, 1), IS(n, types_shared, 1), IS(n, types_lone, 0);
    IS(n, price_ratio, 1), IS(n, price_log, 0);
    IS(n, spelling, 1), IS(n, near_a, 1), IS(n, near_b, 1);
    IS(n, cosine_title, 1), IS(n, cosine_text, 1), IS(n, cosine_grams, 1), IS(n, cosine_most, 1);
    IS(n, words_difference, 0), IS(n, detail_a, 4), IS(n, detail_b, 4);
}

static void unlike_products(void **state) {
    (void)state;
    numbers n = titles("Quorvexa yurt", "Zzandoro mufti lok");
    IS(n, title_a_in_b, 0), IS(n, title_b_in_a, 0), IS(n, jaccard, 0), IS(n, overlap, 0);
    IS(n, jaccard_weighted, 0), IS(n, shared_best, 0), IS(n, shared_sum, 0);
    IS(n, lone_a, 1), IS(n, lone_b, 1), IS(n, lone_count, 5);
    IS(n, lone_best_a, 2), IS(n, lone_heavy_b, 2);
    IS(n, cosine_title, 0), IS(n, cosine_text, 0), IS(n, words_difference, 1);
    IS(n, words_a, 2), IS(n, words_b, 3);
    IS(n, first_equal, 0), IS(n, first_found, 0);
    /* nothing is known of what is not said */
    IS(n, brands_equal, -1), IS(n, brands_alike, -1), IS(n, brands_in_text, -2);
    IS(n, field_equal, -1), IS(n, field_alike, -1), IS(n, field_in_name, 0);
    IS(n, category_equal, -1), IS(n, price_ratio, -1), IS(n, price_log, 0);
    IS(n, keys_alike, -1), IS(n, keys_prefix, -1), IS(n, keys_a, 0), IS(n, keys_conflict, 0);
    IS(n, numbers_jaccard, 0);
}

static void shared_and_lone_words(void **state) {
    (void)state;
    numbers n = titles("Quorvexa yurt mufti", "Quorvexa yurt lok okk"); /* 2 of 3, 2 of 4 */
    IS(n, title_a_in_b, 2. / 3), IS(n, title_b_in_a, 0.5);
    IS(n, jaccard, 2. / 5), IS(n, jaccard_weighted, 2. / 5), IS(n, overlap, 2. / 3);
    IS(n, lone_a, 1. / 3), IS(n, lone_b, 0.5), IS(n, lone_least, 1. / 3), IS(n, lone_most, 0.5);
    IS(n, lone_count, 3);
    IS(n, shared_best, 2), IS(n, shared_second, 2), IS(n, shared_sum, 4);
    IS(n, cosine_title, 2 / sqrt(12));
    /* one that the description has is found, but not in the name */
    n = text_of((product){.title = "Quorvexa yurt"},
                (product){.title = "Quorvexa", .description = "a yurt"});
    IS(n, title_a_in_b, 0.5), IS(n, title_a_in_text, 1), IS(n, lone_a, 0), IS(n, lone_best_a, 0);
    /* one with a letter wrong is not as lone as others */
    n = titles("Quorvexa yurtland", "Quorvexa yurtlang");
    IS(n, title_a_in_b, 0.5), IS(n, lone_a, 0), IS(n, lone_best_a, 2), IS(n, lone_count, 0);
}

static void models(void **state) {
    (void)state;
    const product a_kettle = {.title = "Kelvano kettle", .model = "KV-2080"},
                  other = {.title = "Kelvano kettle", .model = "KV-2085"},
                  in_title = {.title = "Kelvano KV2080 kettle"}, none = {.title = "Kelvano kettle"};
    numbers n = text_of(a_kettle, other);
    IS(n, field_equal, 0), IS(n, field_alike, 10. / 12), IS(n, field_in_name, 0);
    IS(n, keys_shared, 0), IS(n, keys_found, 0), IS(n, keys_conflict, 1);
    IS(n, keys_a, 1), IS(n, keys_b, 1), IS(n, keys_lone_a, 1), IS(n, keys_lone_b, 1);
    IS(n, keys_alike, 10. / 12), IS(n, keys_prefix, 5. / 6), IS(n, keys_lone_length, 6);
    n = text_of(a_kettle, in_title);
    IS(n, field_equal, -1), IS(n, field_in_name, 1), IS(n, keys_shared, 1);
    IS(n, keys_conflict, 0), IS(n, keys_found, 2), IS(n, keys_found_length, 6);
    n = text_of(a_kettle, none);
    IS(n, keys_conflict, 0), IS(n, keys_lone_a, 1), IS(n, keys_b, 0), IS(n, keys_alike, -1);
    n = text_of(a_kettle, a_kettle);
    IS(n, field_equal, 1), IS(n, field_alike, 1);
}

static void price_ratio(void **state) {
    (void)state;
    static const struct {
        const char *a, *in_a, *b, *in_b;
        double ratio, log;
    } c[] = {
        {"20", "EUR", "10", "EUR", 0.5, 0.6931},
        {"10", "EUR", "20.00", "EUR", 0.5, -0.6931},
        {"10", "", "40", "USD", 0.25, -1.3863}, /* a currency that is not said may be the same */
        {"1.299,00 €", "", "1,299.00", "", 1, 0},
        {"10", "EUR", "20", "USD", -1, 0},
        {"10", "EUR", "", "EUR", -1, 0},
        {"0", "", "10", "", -1, 0},
        {"0.000001", "", "1E11", "", 0, -39.1439},
        {"0.00000000000000000000000000000000001", "", "999999999999", "", -1, 0},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        numbers n = text_of((product){.title = "yurt", .price = c[i].a, .currency = c[i].in_a},
                            (product){.title = "yurt", .price = c[i].b, .currency = c[i].in_b});
        IS(n, price_ratio, c[i].ratio), IS(n, price_log, c[i].log);
    }
}

static void units(void **state) {
    (void)state;
    numbers n = titles("kettle 1.7 l", "Wasserkocher 1,7 Liter");
    IS(n, units_same, 1), IS(n, units_other, 0);
    n = titles("kettle 1.7 l", "kettle 1700 ml");
    IS(n, units_same, 1), IS(n, units_other, 0);
    n = titles("kettle 1.7 l", "kettle 0.5 l");
    IS(n, units_same, 0), IS(n, units_other, 1);
    n = titles("kettle 1.7 l 2200 W", "kettle 0.5 l 2200 W");
    IS(n, units_same, 1), IS(n, units_other, 1);
    n = titles("kettle 1.7 l", "kettle 2200 W"); /* different things are said */
    IS(n, units_same, 0), IS(n, units_other, 0);
    n = titles("kettle 1.7 l", "kettle 0.5 l or 1.7 l"); /* one of them agrees */
    IS(n, units_same, 1), IS(n, units_other, 0);
    n = titles("kettle 1.7 l", "kettle");
    IS(n, units_same, 0), IS(n, units_other, 0);
}

static void plain_numbers(void **state) {
    (void)state;
    numbers n = titles("Quorvexa 4711 99", "Quorvexa 4711 88");
    IS(n, numbers_shared, 1), IS(n, numbers_lone_a, 1), IS(n, numbers_lone_b, 1);
    IS(n, numbers_conflict, 1), IS(n, numbers_jaccard, 1. / 3);
    n = titles("Quorvexa 4711 99", "Quorvexa 4711");
    IS(n, numbers_conflict, 0), IS(n, numbers_jaccard, 0.5), IS(n, numbers_lone_b, 0);
    n = titles("Quorvexa", "Quorvexa");
    IS(n, numbers_conflict, 0), IS(n, numbers_jaccard, 0);
    /* in the description a number is found, but it is not shared by the names */
    n = text_of((product){.title = "Quorvexa 4711 99 88"},
                (product){.title = "Quorvexa 4711", .description = "99 or 88"});
    IS(n, numbers_shared, 1), IS(n, numbers_lone_a, 0), IS(n, numbers_jaccard, 1. / 3);
}

static void brands_and_kinds(void **state) {
    (void)state;
    numbers n = text_of((product){.title = "kettle", .brand = "Brunelka"},
                        (product){.title = "kettle brunelka", .brand = "Brunelko"});
    IS(n, brands_equal, 0), IS(n, brands_alike, 14. / 16), IS(n, brands_in_text, 1);
    n = text_of((product){.title = "kettle", .brand = "Brunel-Ka"},
                (product){.title = "BRUNELKA kettle", .brand = "BRUNELKA"});
    IS(n, brands_equal, 1);
    n = titles("kettle", "Toaster");
    IS(n, types_shared, 0), IS(n, types_lone, 1);
    n = titles("kettle", "Wasserkocher");
    IS(n, types_shared, 1), IS(n, types_lone, 0), IS(n, jaccard, 1);
    n = titles("Brunelka kettle", "Brunelka 电水壶"); /* three words answer two */
    IS(n, jaccard, 1), IS(n, jaccard_weighted, 1), IS(n, overlap, 1), IS(n, title_b_in_a, 1);
    n = titles("Brunelka kettle Quorvexa", "Brunelka 电水壶");
    IS(n, jaccard, 0.75), IS(n, jaccard_weighted, 0.75), IS(n, overlap, 1);
    n = text_of((product){.title = "yurt", .category = "Toys"},
                (product){.title = "yurt", .category = "Tools"});
    IS(n, category_equal, 0);
}

/* ---- facts ---- */

static numbers facts_of(const ts_notice *n, const ts_offer *o) {
    numbers out = {{0}};
    notice_profile np;
    notice_side side;
    offer_profile op;
    profile_notice(&a, n, &np);
    side_of_notice(&a, n, &np, sketch_build(&a, &np.view, TS_NONE, TS_NONE, false), &side);
    side_weigh(&side, even_weights(&a, 100));
    profile_offer(&a, o, &op);
    sketch *words = sketch_build(&a, &op.view, o->price, o->currency, false);
    sketch_weigh(words, even_weights(&a, 100));
    offer_side offer = {o, &op, words};
    pair p;
    pair_compare(&side, &offer, &p);
    features_facts(&p, &side, &offer, out.x);
    return out;
}

static void facts(void **state) {
    (void)state;
    ts_notice n = {.number = TS_S("TS/0001/26"), .product = TS_S("Kettle 1.7 l")};
    ts_strs_add(&a, &n.brands, TS_S("Brunelka"));
    ts_strs_add(&a, &n.models, TS_S("BK-1702"));
    ts_offer o = {.title = TS_S("Brunelka BK-1702 kettle 1.7 l")};
    numbers x = facts_of(&n, &o);
    IS(x, declared, 0), IS(x, identifier, 0), IS(x, brand, 5), IS(x, brand_bits, 9);
    IS(x, brand_seen, 1), IS(x, model, 1), IS(x, model_said, 1), IS(x, other_models, 0);
    IS(x, type, 2), IS(x, name_share, 1), IS(x, extra_bits, 0), IS(x, quantity_same, 1);
    IS(x, quantity_other, 0), IS(x, version_extra, 0), IS(x, spare, 0), IS(x, behind_compat, 0);
    assert_true(x.x[FT_model_bits] > 5 && x.x[FT_name_bits] > 5);
    o.title = TS_S("Brunelka BK-1703 Pro kettle 0.5 l");
    ts_strs_add(&a, &o.notices, TS_S("ts 0001 26"));
    x = facts_of(&n, &o);
    IS(x, declared, 1), IS(x, model, -4), IS(x, model_bits, 0), IS(x, quantity_other, 1);
    IS(x, other_models, 1), IS(x, version_extra, 1), IS(x, version_lacking, 0);
    o = (ts_offer){.title = TS_S("Filter for Brunelka BK-1702 kettle")};
    x = facts_of(&n, &o);
    IS(x, brand, -4), IS(x, brand_bits, 0), IS(x, model, -3), IS(x, behind_compat, 1);
    o = (ts_offer){.title = TS_S("Tent"), .brand = TS_S("Romtek")};
    x = facts_of(&n, &o);
    IS(x, brand, -3), IS(x, model, -1), IS(x, type, -2), IS(x, name_share, 0), IS(x, brand_seen, 2);
}

/* ---- anything ---- */

static ts_str random_text(ts_random *r, unsigned most) {
    static const char *const pieces[] = {
        "Kelvano ", "kettle ", "电水壶", "KX-FA ",  "83 ",      "for ",        "1.7 l ", "Pro ",
        ", ",       "\xFF",    "QX",     "-",       "套",       "(",           "E27 ",   "0 ",
        "99999999", "1e",      ".",      "€ ",      "replica ", "spare part ", "n/a",    "\n",
        "500 ml ",  "00000",   "x",      "Kelvan ", "| ",       "with ",       "für ",   "𝕂"};
    ts_buf b = ts_buf_new(&a, 1 << 16);
    for (unsigned n = ts_random_below(r, most); n > 0; n--)
        ts_buf_put(&b, ts_str_c(pieces[ts_random_below(r, sizeof pieces / sizeof *pieces)]));
    return ts_buf_str(&b);
}

static ts_record random_record(ts_random *r, int i) {
    static const char *const prices[] = {
        "0",      "1e38",         "0.000001",
        "1E-300", "999999999999", "-5",
        "1e400",  "NaN",          "24,99 €",
        "",       "1E-38",        "0.0000000000000000000000000000000000001"};
    unsigned most = i % 10 == 0 ? 3000 : 12;
    return (ts_record){.title = random_text(r, most),
                       .brand = random_text(r, 3),
                       .model = random_text(r, i % 7 ? 4 : 60),
                       .description = random_text(r, most),
                       .price =
                           ts_str_c(prices[ts_random_below(r, sizeof prices / sizeof *prices)]),
                       .currency = random_text(r, 2),
                       .category = random_text(r, 4)};
}

static void always_finite(void **state) {
    (void)state;
    enum { N = 120 };
    ts_random r = ts_random_seed(9);
    ts_records *all = ts_records_new(&a);
    for (int i = 0; i < N; i++) {
        ts_record x = random_record(&r, i);
        ts_records_add(all, &x, TS_RECORD_LEFT | TS_RECORD_RIGHT);
    }
    ts_records_finish(all);
    ts_compared *c = ts_new(&a, ts_compared);
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t k = 0; k < N; k++) {
            ts_records_compare(all, i, k, c);
            assert_true(c->cues <= TS_CUES_MAX);
            for (int f = 0; f < FT_COUNT; f++) {
                if (!isfinite(c->x[f]))
                    print_error("%u and %u: %s is %g\n", i, k, features[f].name, (double)c->x[f]);
                assert_true(isfinite(c->x[f]));
                if (features[f].group == FG_EVIDENCE || features[f].group == FG_RANK)
                    assert_true(c->x[f] == 0);
            }
            static const int shares[] = {FT_title_a_in_b,    FT_title_b_in_a, FT_title_a_in_text,
                                         FT_title_b_in_text, FT_jaccard,      FT_jaccard_weighted,
                                         FT_overlap,         FT_lone_a,       FT_lone_b,
                                         FT_spelling,        FT_near_a,       FT_near_b,
                                         FT_cosine_title,    FT_cosine_text,  FT_cosine_grams,
                                         FT_numbers_jaccard, FT_name_share};
            for (size_t f = 0; f < sizeof shares / sizeof *shares; f++) {
                float v = c->x[shares[f]];
                if (!(v >= 0 && v <= 1.0001f))
                    print_error("%u and %u: %s is %g\n", i, k, features[shares[f]].name, (double)v);
                assert_true(v >= 0 && v <= 1.0001f);
            }
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_groups),
        cmocka_unit_test(who_fills_in_what),
        cmocka_unit_test(equal_products),
        cmocka_unit_test(unlike_products),
        cmocka_unit_test(shared_and_lone_words),
        cmocka_unit_test(models),
        cmocka_unit_test(price_ratio),
        cmocka_unit_test(units),
        cmocka_unit_test(plain_numbers),
        cmocka_unit_test(brands_and_kinds),
        cmocka_unit_test(facts),
        cmocka_unit_test(always_finite),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
