#include "match/records.h"

#include <math.h>

#include "match/features.h"
#include "sketches.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

enum { N = 50, LEFT = 22, RIGHT = N - LEFT, BOTH = TS_RECORD_LEFT | TS_RECORD_RIGHT };

/* Products that resemble each other: few brands, types and colours, and now and then the same
 * model. */
static ts_record made(ts_random *r) {
    static const char *const makers[] = {"Kelvano", "Zandoro", "Brunelka", "暖阳佳"};
    static const char *const types[] = {"kettle", "Wasserkocher", "电水壶", "tent", "LED lamp"};
    static const char *const words[] = {"black",  "red",      "large",    "Pro",
                                        "steel",  "travel",   "quorvexa", "1.7 l",
                                        "500 ml", "set of 4", "家用",     "mit Kabel"};
    ts_buf title = ts_buf_new(&a, 400), model = ts_buf_new(&a, 40), price = ts_buf_new(&a, 40),
           description = ts_buf_new(&a, 400);
    const char *maker = makers[ts_random_below(r, 4)];
    ts_buf_put(&title, ts_str_c(maker));
    ts_buf_c(&title, ' ');
    ts_buf_put(&title, ts_str_c(types[ts_random_below(r, 5)]));
    ts_buf_fmt(&model, "KX-%u", 80 + ts_random_below(r, 12));
    if (ts_random_below(r, 2)) ts_buf_fmt(&title, " %.*s", TS_P(ts_buf_str(&model)));
    for (unsigned i = ts_random_below(r, 6); i > 0; i--) {
        ts_buf *to = ts_random_below(r, 3) ? &title : &description;
        ts_buf_c(to, ' ');
        ts_buf_put(to, ts_str_c(words[ts_random_below(r, 12)]));
    }
    ts_buf_fmt(&price, "%u.95", 5 + ts_random_below(r, 90));
    ts_record x = {.title = ts_buf_str(&title), .description = ts_buf_str(&description)};
    if (ts_random_below(r, 2)) x.brand = ts_str_c(maker);
    if (ts_random_below(r, 2)) x.model = ts_buf_str(&model);
    if (ts_random_below(r, 2)) x.price = ts_buf_str(&price), x.currency = TS_S("EUR");
    return x;
}

static ts_record *many(uint64_t seed) {
    ts_random r = ts_random_seed(seed);
    ts_record *x = ts_new_n(&a, ts_record, N);
    for (int i = 0; i < N; i++) x[i] = made(&r);
    return x;
}

/* Record i of the collection is x[order[i]], or x[i]. */
static ts_records *collected(const ts_record *x, const uint32_t *order) {
    ts_records *r = ts_records_new(&a);
    for (uint32_t i = 0; i < N; i++)
        assert_int_equal(ts_records_add(r, &x[order ? order[i] : i], BOTH), i);
    ts_records_finish(r);
    assert_int_equal(ts_records_count(r), N);
    return r;
}

static void same_comparison(const ts_compared *x, const ts_compared *y, size_t tokens) {
    for (int f = 0; f < FT_COUNT; f++) {
        if (x->x[f] != y->x[f])
            print_error("%s is %g and %g\n", ts_feature_name((unsigned)f), (double)x->x[f],
                        (double)y->x[f]);
        assert_true(x->x[f] == y->x[f]);
    }
    assert_int_equal(x->cues, y->cues);
    for (size_t i = 0; i < x->cues; i++)
        assert_true(x->cue[i].slot == y->cue[i].slot && x->cue[i].value == y->cue[i].value);
    for (size_t i = 0; i < tokens; i++) assert_int_equal(x->same[i], y->same[i]);
    assert_int_equal(x->found_left, y->found_left);
    assert_int_equal(x->found_right, y->found_right);
}

/* Nothing but what a product says of itself can be learned from: the number that it gets in the
 * collection, and where it stands there, tell nothing. */
static void numbers_and_places_do_not_matter(void **state) {
    (void)state;
    const ts_record *x = many(1);
    uint32_t order[N], place[N];
    ts_random r = ts_random_seed(2);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t k = ts_random_below(&r, i + 1);
        order[i] = order[k];
        order[k] = i;
    }
    for (uint32_t i = 0; i < N; i++) place[order[i]] = i;
    const ts_records *one = collected(x, 0), *other = collected(x, order);
    ts_compared *p = ts_new(&a, ts_compared), *q = ts_new(&a, ts_compared);
    ts_net_token t[TS_NET_TOKENS];
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t k = 0; k < N; k++) {
            ts_records_compare(one, i, k, p);
            ts_records_compare(other, place[i], place[k], q);
            same_comparison(p, q, ts_records_tokens(one, i, t));
        }
}

/* The same pair twice, whatever was compared in between and lay in the result before. */
static void the_same_again(void **state) {
    (void)state;
    const ts_records *r = collected(many(3), 0);
    ts_compared *p = ts_new(&a, ts_compared), *q = ts_new(&a, ts_compared);
    ts_net_token t[TS_NET_TOKENS];
    for (uint32_t i = 0; i < N; i++) {
        uint32_t k = (i * 7 + 3) % N;
        memset(p, 0, sizeof *p);
        memset(q, 0xFF, sizeof *q);
        ts_records_compare(r, i, k, p);
        ts_records_compare(r, k, i, q);
        memset(q, 0x5A, sizeof *q);
        ts_records_compare(r, i, k, q);
        same_comparison(p, q, ts_records_tokens(r, i, t));
        assert_true(p->cues > 0 && p->cues <= TS_CUES_MAX);
        for (size_t c = 0; c < p->cues; c++) assert_true(p->cue[c].slot < TS_CUE_SLOTS);
        for (int f = 0; f < FT_COUNT; f++)
            if (features[f].group == FG_EVIDENCE || features[f].group == FG_RANK)
                assert_true(p->x[f] == 0);
    }
}

static void a_product_and_itself(void **state) {
    (void)state;
    const ts_records *r = collected(many(4), 0);
    ts_compared *c = ts_new(&a, ts_compared);
    ts_net_token t[TS_NET_TOKENS];
    for (uint32_t i = 0; i < N; i++) {
        ts_records_compare(r, i, i, c);
        assert_true(c->x[FT_jaccard] == 1 && c->x[FT_spelling] == 1 && c->x[FT_lone_count] == 0);
        assert_true(fabsf(c->x[FT_cosine_text] - 1) < 1e-4f);
        assert_true(fabsf(c->x[FT_cosine_grams] - 1) < 1e-4f);
        assert_true(c->x[FT_price_log] == 0);
        for (unsigned k = 0; k < ts_records_tokens(r, i, t); k++)
            assert_true(c->same[k] >> k & c->found_left >> k & c->found_right >> k & 1);
    }
}

/* The left record is taken for a notice, the right one for an offer: so "for" on the right is held
 * against it, and several model numbers on the left are a list. */
static void left_and_right(void **state) {
    (void)state;
    const ts_record kettle = {.title = TS_S("Brunelka kettle"),
                              .brand = TS_S("Brunelka"),
                              .model = TS_S("BK-1702")},
                    filter = {.title = TS_S("Filter for Brunelka kettle BK-1702")},
                    list = {.title = TS_S("kettle"),
                            .brand = TS_S("Zandoro|Brunelka"),
                            .model = TS_S("BK-1701| BK-1702 |")};
    ts_records *r = ts_records_new(&a);
    uint32_t k = ts_records_add(r, &kettle, BOTH), f = ts_records_add(r, &filter, TS_RECORD_RIGHT),
             l = ts_records_add(r, &list, TS_RECORD_LEFT);
    ts_records_finish(r);
    ts_compared *c = ts_new(&a, ts_compared);
    ts_records_compare(r, k, f, c);
    assert_true(c->x[FT_behind_compat] == 1 && c->x[FT_brand] == -4 && c->x[FT_model] == -3);
    ts_records_compare(r, k, k, c);
    assert_true(c->x[FT_behind_compat] == 0 && c->x[FT_brand] == 5 && c->x[FT_model] == 1);
    ts_records_compare(r, l, k, c);
    assert_true(c->x[FT_model] == 1 && c->x[FT_brand] == 5);
}

/* A notice's number, and an offer that names it. */
static void numbers_of_notices(void **state) {
    (void)state;
    const ts_record notice = {.title = TS_S("kettle"), .number = TS_S("TS/0001/26")},
                    names = {.title = TS_S("kettle"), .notices = TS_S("X-000 | ts 0001 26")},
                    other = {.title = TS_S("kettle"), .notices = TS_S("TS/0001/27")};
    ts_records *r = ts_records_new(&a);
    ts_records_add(r, &notice, BOTH), ts_records_add(r, &names, BOTH);
    ts_records_add(r, &other, BOTH);
    ts_records_finish(r);
    ts_compared *c = ts_new(&a, ts_compared);
    for (uint32_t i = 0; i < 3; i++) {
        ts_records_compare(r, 0, i, c);
        assert_true(c->x[FT_declared] == (i == 1));
    }
}

static void of_notices_and_offers(void **state) {
    (void)state;
    ts_notice n = {.product = TS_S("Kettle"),
                   .name = TS_S("AquaSwift"),
                   .number = TS_S("TS/0001/26"),
                   .description = TS_S("steel"),
                   .category = TS_S("Kitchen"),
                   .counterfeit = TS_YES};
    ts_strs_add(&a, &n.brands, TS_S("Brunelka")), ts_strs_add(&a, &n.brands, TS_S("Aquano"));
    ts_strs_add(&a, &n.models, TS_S("BK-1702")), ts_strs_add(&a, &n.models, TS_S("BK-1703"));
    ts_offer o = {.title = TS_S("Aquano AquaSwift kettle"),
                  .brand = TS_S("Aquano"),
                  .model = TS_S("BK 1703"),
                  .description = TS_S("new"),
                  .price = TS_S("19.95"),
                  .currency = TS_S("EUR"),
                  .category = TS_S("Home")};
    ts_strs_add(&a, &o.notices, TS_S("TS/0001/26"));
    ts_identifiers_add(&a, &o.identifiers, ts_identifier_classify(&a, TS_S("4006381333931"), true));
    const ts_record left = ts_record_of_notice(&a, &n), right = ts_record_of_offer(&a, &o);
    assert_str(left.number, "TS/0001/26");
    assert_true(left.counterfeit && !right.counterfeit);
    assert_str(right.title, "Aquano AquaSwift kettle");
    assert_str(right.price, "19.95");
    assert_int_equal(right.identifiers.n, 1);
    ts_records *r = ts_records_new(&a);
    ts_records_add(r, &left, TS_RECORD_LEFT), ts_records_add(r, &right, TS_RECORD_RIGHT);
    ts_records_finish(r);
    ts_compared *c = ts_new(&a, ts_compared);
    ts_records_compare(r, 0, 1, c);
    assert_true(c->x[FT_declared] == 1 && c->x[FT_counterfeit] == 1 && c->x[FT_brand] == 5);
    assert_true(c->x[FT_model] == 1 && c->x[FT_type] == 2 && c->x[FT_category_equal] == 0);
}

static void identifiers(void **state) {
    (void)state;
    ts_record x = {.title = TS_S("kettle")}, y = {.title = TS_S("tent")}, z = y;
    const ts_str gtin = TS_S("4006381333931");
    assert_true(ts_gtin_check(gtin));
    ts_identifiers_add(&a, &x.identifiers, ts_identifier_classify(&a, gtin, true));
    ts_identifiers_add(&a, &y.identifiers, ts_identifier_classify(&a, gtin, false));
    ts_records *r = ts_records_new(&a);
    ts_records_add(r, &x, BOTH), ts_records_add(r, &y, BOTH), ts_records_add(r, &z, BOTH);
    ts_records_finish(r);
    ts_compared *c = ts_new(&a, ts_compared);
    ts_records_compare(r, 0, 1, c);
    assert_true(c->x[FT_identifier] == 1 && c->x[FT_declared] == 0);
    ts_records_compare(r, 0, 2, c);
    assert_true(c->x[FT_identifier] == 0);
    ts_records_compare(r, 2, 2, c);
    assert_true(c->x[FT_identifier] == 0);
}

/* How rare a word is depends on all records that stand on the left. */
static void rarity(void **state) {
    (void)state;
    const ts_record x = {.title = TS_S("quorvexa yurt")}, y = {.title = TS_S("quorvexa lok")};
    float best[2];
    for (int often = 0; often < 2; often++) {
        ts_records *r = ts_records_new(&a);
        ts_records_add(r, &x, BOTH), ts_records_add(r, &y, BOTH);
        for (int i = 0; i < 3000; i++) {
            ts_record other = {.title = often ? TS_S("quorvexa") : TS_S("mufti")};
            ts_records_add(r, &other, TS_RECORD_LEFT);
        }
        ts_records_finish(r);
        ts_compared *c = ts_new(&a, ts_compared);
        ts_records_compare(r, 0, 1, c);
        best[often] = c->x[FT_shared_best];
    }
    assert_true(best[0] > 6 && best[1] < 0.5f);
}

static void languages(void **state) {
    (void)state;
    static const struct {
        const char *title, *want;
    } c[] = {{"Electric kettle made of steel, with a lid", "en"},
             {"Wasserkocher aus Edelstahl mit Deckel und Kabel", "de"},
             {"家用电热水壶 不锈钢 大容量", "zh"},
             {"Quorvexa QX-99", ""},
             {"", ""}};
    ts_records *r = ts_records_new(&a);
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        ts_record x = {.title = ts_str_c(c[i].title)};
        for (unsigned places = TS_RECORD_LEFT; places <= BOTH; places++) {
            uint32_t n = ts_records_add(r, &x, places);
            assert_str(ts_records_language(r, n), c[i].want);
        }
    }
    ts_records_finish(r);
    assert_str(ts_records_language(r, 0), "en");
}

/* ---- rank ---- */

static sketch *sketch_of_record(const ts_record *x) {
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = x->title,
                                 [TS_F_BRAND] = x->brand,
                                 [TS_F_MODEL] = x->model,
                                 [TS_F_CATEGORY] = x->category,
                                 [TS_F_DETAIL] = x->description};
    return sketched_fields(&a, f, x->price, x->currency);
}

/* The inverted index knows 20 bits of a key. */
static double plain_cosine(const sketch *x, const sketch *y, bool grams) {
    const uint32_t *p = grams ? sketch_grams(x) : sketch_vocabulary(x),
                   *q = grams ? sketch_grams(y) : sketch_vocabulary(y);
    unsigned np = grams ? x->grams_n : x->vocabulary_n, nq = grams ? y->grams_n : y->vocabulary_n;
    double norms = grams ? (double)x->grams_norm * (double)y->grams_norm
                         : (double)x->vocabulary_norm * (double)y->vocabulary_norm,
           sum = 0;
    for (unsigned i = 0; i < np; i++)
        for (unsigned k = 0; k < nq; k++)
            if ((p[i] >> 8 & 0xFFFFF) == (q[k] >> 8 & 0xFFFFF))
                sum += (double)(p[i] & 0xFF) * (double)(q[k] & 0xFF);
    return norms > 0 ? sum / norms : 0;
}

/* Rank, gap and share of `mine` among the scores, against what was said; rounding may put two
 * scores that are all but equal in either order. */
static void check_standing(const double *score, size_t n, size_t mine, const float got[3]) {
    const double near = 1e-5;
    double best = -1, other = -1;
    unsigned least = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        best = fmax(best, score[i]);
        if (i != mine) other = fmax(other, score[i]);
        least += i != mine && score[i] > score[mine] + near;
        most += i != mine && score[i] > score[mine] - near;
    }
    double ahead = exp((double)got[0]) - 1;
    assert_true(ahead > least - 0.01 && ahead < most + 0.01);
    assert_true(fabs((double)got[1] - (score[mine] - other)) < 1e-4);
    assert_true(fabs((double)got[2] - score[mine] / (best + 1e-6)) < 1e-4);
}

typedef struct ranked {
    const ts_records *r;
    sketch *words[N];
    float x[LEFT * RIGHT * FT_COUNT];
    uint32_t left[LEFT * RIGHT], right[LEFT * RIGHT];
    size_t n;
} ranked;

static ranked *rank_all(uint64_t seed) {
    ranked *k = ts_new(&a, ranked);
    const ts_record *x = many(seed);
    k->r = collected(x, 0);
    words_counter c = words_counter_new(&a);
    uint8_t *weight = ts_new_n(&a, uint8_t, WORDS_SIZE);
    for (int i = 0; i < N; i++) sketch_count(k->words[i] = sketch_of_record(&x[i]), &c);
    words_finish(&c, weight);
    for (int i = 0; i < N; i++) sketch_weigh(k->words[i], (word_weights){weight});
    ts_random r = ts_random_seed(seed);
    for (uint32_t i = 0; i < LEFT; i++)
        for (uint32_t j = LEFT; j < N; j++) {
            uint32_t at = ts_random_below(&r, (uint32_t)++k->n); /* in no order */
            k->left[k->n - 1] = k->left[at], k->right[k->n - 1] = k->right[at];
            k->left[at] = i, k->right[at] = j;
        }
    for (size_t i = 0; i < k->n * FT_COUNT; i++) k->x[i] = 77;
    ts_records_rank(k->r, a, LEFT, RIGHT, k->left, k->right, k->n, k->x);
    return k;
}

static void rank_is_what_counting_says(void **state) {
    (void)state;
    const ranked *k = rank_all(5);
    for (size_t i = 0; i < k->n; i++) {
        const float *x = k->x + i * FT_COUNT;
        for (int f = 0; f < FT_COUNT; f++)
            assert_int_equal(x[f] != 77, features[f].group == FG_RANK);
        for (int grams = 0; grams < 2; grams++) {
            double ab[RIGHT], ba[LEFT];
            for (uint32_t j = 0; j < RIGHT; j++)
                ab[j] = plain_cosine(k->words[k->left[i]], k->words[LEFT + j], grams);
            for (uint32_t j = 0; j < LEFT; j++)
                ba[j] = plain_cosine(k->words[k->right[i]], k->words[j], grams);
            check_standing(ab, RIGHT, k->right[i] - LEFT,
                           x + (grams ? FT_grams_rank_ab : FT_text_rank_ab));
            check_standing(ba, LEFT, k->left[i], x + (grams ? FT_grams_rank_ba : FT_text_rank_ba));
        }
    }
}

/* A pair by itself gets what it gets among all of them. */
static void rank_of_some(void **state) {
    (void)state;
    const ranked *k = rank_all(6);
    for (size_t i = 0; i < k->n; i += 37) {
        float x[FT_COUNT] = {0};
        ts_records_rank(k->r, a, LEFT, RIGHT, &k->left[i], &k->right[i], 1, x);
        for (int f = FT_grams_rank_ab; f < FT_COUNT; f++)
            assert_true(x[f] == k->x[i * FT_COUNT + (size_t)f]);
    }
    ts_records_rank(k->r, a, LEFT, RIGHT, 0, 0, 0, 0); /* nobody asks */
}

/* Records that say nothing, and sides of one record. */
static void rank_at_the_edge(void **state) {
    (void)state;
    const ts_record none = {.title = TS_NONE}, some = {.title = TS_S("Quorvexa yurt")};
    ts_records *r = ts_records_new(&a);
    ts_records_add(r, &some, BOTH), ts_records_add(r, &none, BOTH), ts_records_add(r, &none, BOTH);
    ts_records_add(r, &some, BOTH);
    ts_records_finish(r);
    const uint32_t left[] = {0, 1, 1, 0}, right[] = {3, 2, 3, 2};
    float x[4 * FT_COUNT];
    ts_records_rank(r, a, 2, 2, left, right, 4, x);
    for (int i = 0; i < 4; i++)
        for (int f = FT_grams_rank_ab; f < FT_COUNT; f++)
            assert_true(isfinite(x[i * FT_COUNT + f]));
    assert_true(x[FT_text_rank_ab] == 0 && fabsf(x[FT_text_gap_ab] - 1) < 1e-4f);
    assert_true(x[FT_COUNT + FT_text_share_ab] == 0);
    const uint32_t one[] = {0}, other[] = {1};
    ts_records_rank(r, a, 1, 1, one, other, 1, x); /* without a competitor */
    for (int f = FT_grams_rank_ab; f < FT_COUNT; f++) assert_true(isfinite(x[f]));
    assert_true(x[FT_text_rank_ab] == 0 && x[FT_text_rank_ba] == 0);
}

/* A record that is on neither side is held against them by its own cosine. */
static void rank_of_outsiders(void **state) {
    (void)state;
    const ranked *k = rank_all(7);
    const uint32_t left_n = 8, right_n = 9, last = N - 1;
    const uint32_t left[] = {2, last, last - 1}, right[] = {last, 12, last};
    float x[3 * FT_COUNT];
    ts_records_rank(k->r, a, left_n, right_n, left, right, 3, x);
    for (int i = 0; i < 3; i++) {
        double score[RIGHT + 1];
        for (uint32_t j = 0; j < right_n; j++)
            score[j] = plain_cosine(k->words[left[i]], k->words[left_n + j], false);
        bool within = right[i] >= left_n && right[i] < left_n + right_n;
        double mine = plain_cosine(k->words[left[i]], k->words[right[i]], false);
        score[right_n] = mine;
        check_standing(score, right_n + !within, within ? right[i] - left_n : right_n,
                       x + i * FT_COUNT + FT_text_rank_ab);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_places_do_not_matter),
        cmocka_unit_test(the_same_again),
        cmocka_unit_test(a_product_and_itself),
        cmocka_unit_test(left_and_right),
        cmocka_unit_test(numbers_of_notices),
        cmocka_unit_test(of_notices_and_offers),
        cmocka_unit_test(identifiers),
        cmocka_unit_test(rarity),
        cmocka_unit_test(languages),
        cmocka_unit_test(rank_is_what_counting_says),
        cmocka_unit_test(rank_of_some),
        cmocka_unit_test(rank_at_the_edge),
        cmocka_unit_test(rank_of_outsiders),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
