#include "match/evidence.h"
#include "match/model.h"

#include "sketches.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

typedef struct observed {
    alignment m;
    ts_cue v[EVIDENCE_MOST];
    size_t n;
} observed;

static observed *observe(const sketch *x, const sketch *y) {
    observed *o = ts_new(&a, observed);
    align(x, y, &o->m);
    o->n = evidence_items(&o->m, o->v);
    return o;
}
static observed *pair_of(product x, product y) { return observe(weighed(&a, x), weighed(&a, y)); }
static observed *titles(const char *x, const char *y) {
    return pair_of((product){.title = x}, (product){.title = y});
}

static ts_str word(const sketch *s, unsigned token) {
    return token ? sketch_word(s, &sketch_tokens(s)[token - 1]) : TS_NONE;
}

/* The item that stands for these two words; "" is none. */
static const ts_cue *item(const observed *o, const char *x, const char *y) {
    for (size_t i = 0; i < o->n; i++)
        if (ts_str_is(word(o->m.a, o->v[i].a), x) && ts_str_is(word(o->m.b, o->v[i].b), y))
            return &o->v[i];
    return 0;
}
static uint32_t slot(const observed *o, const char *x, const char *y) {
    const ts_cue *v = item(o, x, y);
    if (!v) print_error("no item for '%.*s' and '%.*s'\n", TS_P(ts_str_c(x)), TS_P(ts_str_c(y)));
    assert_non_null(v);
    return v->slot;
}

static void a_pair_by_hand(void **state) {
    (void)state;
    observed *o = titles("Kelvano kettle black", "Kelvano kettle red large");
    assert_int_equal(o->n, 2 + 1 + 2 + 2);
    assert_true(item(o, "kelvano", "kelvano")->value == 1);
    assert_true(item(o, "kettle", "kettle")->value == 1);
    assert_true(item(o, "black", "")->value == 1);
    assert_true(item(o, "", "red")->value == 1);
    assert_true(item(o, "", "large")->value == 1);
    assert_true(item(o, "black", "red")->value == 0.5f);
    assert_true(item(o, "black", "large")->value == 0.5f);
    for (size_t i = 0; i < o->n; i++)
        for (size_t k = 0; k < i; k++) assert_int_not_equal(o->v[i].slot, o->v[k].slot);
}

/* What an observation stands for does not depend on what else the pair has, or on the side. */
static void slots(void **state) {
    (void)state;
    observed *o = titles("Kelvano kettle black", "Kelvano kettle red"),
             *other = titles("Zandoro helmet red", "Zandoro helmet black blue");
    assert_int_equal(slot(o, "black", "red"), slot(other, "red", "black"));
    assert_int_equal(slot(o, "black", ""), slot(other, "", "black"));
    assert_int_not_equal(slot(o, "black", ""), slot(o, "", "red"));
    assert_int_not_equal(slot(o, "black", "red"), slot(other, "red", "blue"));
    /* shared is another observation than lone */
    observed *shared = titles("black tent", "black roof");
    assert_int_not_equal(slot(shared, "black", "black"), slot(o, "black", ""));
    /* and so is a word that the other side's description has */
    observed *told = pair_of((product){.title = "Kelvano kettle black"},
                             (product){.title = "Kelvano kettle", .description = "it is black"});
    assert_null(item(told, "black", "black"));
    assert_int_not_equal(slot(told, "black", ""), slot(o, "black", ""));
}

/* Lone numbers count by their shape, shared ones by themselves. */
static void digits_are_masked(void **state) {
    (void)state;
    observed *o = titles("Kelvano 2080 a7", "Kelvano 55 b8"),
             *p = titles("Kelvano 1990 a3", "Kelvano 710 qq8");
    assert_int_equal(slot(o, "2080", ""), slot(p, "1990", ""));
    assert_int_equal(slot(o, "a7", ""), slot(p, "a3", ""));
    assert_int_not_equal(slot(o, "", "55"), slot(p, "", "710"));
    assert_int_not_equal(slot(o, "", "b8"), slot(p, "", "qq8"));
    assert_null(item(o, "2080", "55")); /* numbers take no one's place */
    assert_null(item(o, "a7", "b8"));
    observed *both = titles("tent 2080", "roof 2080"), *and = titles("tent 1990", "roof 1990");
    assert_int_not_equal(slot(both, "2080", "2080"), slot(and, "1990", "1990"));
}

static void repeated_words_count_once(void **state) {
    (void)state;
    observed *o = titles("tent tent blue blue", "tent red red tent"),
             *once = titles("tent blue", "tent red");
    assert_int_equal(o->n, once->n);
    for (size_t i = 0; i < o->n; i++) assert_int_equal(o->v[i].slot, once->v[i].slot);
}

/* Only names are looked at: a word of the description by itself is no observation. */
static void descriptions_are_not_observed(void **state) {
    (void)state;
    observed *o = pair_of((product){.title = "tent", .description = "with pegs and a lanyard"},
                          (product){.title = "tent", .description = "green"}),
             *bare = titles("tent", "tent");
    assert_int_equal(o->n, 1);
    assert_int_equal(o->v[0].slot, bare->v[0].slot);
}

static void same_types(void **state) {
    (void)state;
    observed *o = titles("Brunelka kettle", "Brunelka Wasserkocher");
    assert_int_equal(o->n, 2);
    assert_non_null(item(o, "kettle", "wasserkocher"));
}

static ts_str numbered(char from, unsigned n) {
    ts_buf b = ts_buf_new(&a, 1 << 14);
    for (unsigned i = 0; i < n; i++) ts_buf_fmt(&b, "%cort%c%c ", from, 'a' + i / 26, 'a' + i % 26);
    return ts_buf_str(&b);
}
static sketch *of_title(ts_str title) {
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = title};
    return sketched_fields(&a, f, TS_NONE, TS_NONE);
}

static void never_more_than_there_is_room_for(void **state) {
    (void)state;
    observed *o = observe(of_title(numbered('v', 100)), of_title(numbered('w', 100)));
    assert_int_equal(o->n, 2 * SKETCH_TOKENS + EVIDENCE_SWAPS * EVIDENCE_SWAPS);
    assert_true(o->n <= EVIDENCE_MOST);
    o = observe(of_title(numbered('v', 100)), of_title(numbered('v', 100)));
    assert_int_equal(o->n, SKETCH_TOKENS);
    o = observe(of_title(TS_NONE), of_title(numbered('v', 100)));
    assert_int_equal(o->n, SKETCH_TOKENS);
    o = observe(of_title(TS_NONE), of_title(TS_NONE));
    assert_int_equal(o->n, 0);
}

static int by_slot(const void *x, const void *y) {
    const ts_cue *p = x, *q = y;
    if (p->slot != q->slot) return p->slot < q->slot ? -1 : 1;
    return (p->value > q->value) - (p->value < q->value);
}

/* Any pair: within bounds, the same again; and the same with the sides changed, as long as no two
 * words of a side name one type. */
static void random_pairs(void **state) {
    (void)state;
    static const char *const words[] = {"Kelvano ", "tent ",  "red ", "blue ", "KX-83 ", "12 ",
                                        "500 ml ",  "mini ",  "云杉", "红色",  "for ",   "roof ",
                                        "pegs ",    "large ", "kxa ", "7b ",   "\xFF",   "oak "};
    ts_random r = ts_random_seed(3);
    for (int round = 0; round < 3000; round++) {
        ts_arena mark = a;
        sketch *s[2];
        for (int side = 0; side < 2; side++) {
            ts_buf b = ts_buf_new(&a, 1 << 12);
            for (unsigned n = ts_random_below(&r, 40); n > 0; n--)
                ts_buf_put(&b, ts_str_c(words[ts_random_below(&r, sizeof words / sizeof *words)]));
            s[side] = of_title(ts_buf_str(&b));
        }
        observed *o = observe(s[0], s[1]), *again = observe(s[0], s[1]),
                 *back = observe(s[1], s[0]);
        assert_true(o->n <= EVIDENCE_MOST);
        assert_int_equal(o->n, again->n);
        assert_int_equal(o->n, back->n);
        for (size_t i = 0; i < o->n; i++) {
            assert_true(o->v[i].slot < EVIDENCE_SLOTS);
            assert_true(o->v[i].a <= s[0]->title_n && o->v[i].b <= s[1]->title_n);
            assert_true(o->v[i].a || o->v[i].b);
            assert_true(o->v[i].slot == again->v[i].slot && o->v[i].value == again->v[i].value);
            assert_true(o->v[i].a == again->v[i].a && o->v[i].b == again->v[i].b);
        }
        if (o->n) qsort(o->v, o->n, sizeof *o->v, by_slot);
        if (o->n) qsort(back->v, back->n, sizeof *back->v, by_slot);
        for (size_t i = 0; i < o->n; i++) assert_int_equal(o->v[i].slot, back->v[i].slot);
        a = mark;
    }
}

static void the_score(void **state) {
    (void)state;
    int8_t *weight = ts_new_n(&a, int8_t, EVIDENCE_SLOTS);
    weight[7] = 100, weight[EVIDENCE_SLOTS - 1] = -127;
    const ts_cue v[] = {{7, 1, 1, 1}, {EVIDENCE_SLOTS - 1, 0.5f, 1, 0}, {8, 1, 0, 1}};
    ts_model m = {.cue = weight, .cue_scale = 0.5f, .cue_bias = -2};
    assert_true(ts_model_evidence(&m, v, 0) == -2);
    assert_true(ts_model_evidence(&m, v, 1) == 48);
    assert_true(ts_model_evidence(&m, v, 3) == 16.25f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_by_hand),
        cmocka_unit_test(slots),
        cmocka_unit_test(digits_are_masked),
        cmocka_unit_test(repeated_words_count_once),
        cmocka_unit_test(descriptions_are_not_observed),
        cmocka_unit_test(same_types),
        cmocka_unit_test(never_more_than_there_is_room_for),
        cmocka_unit_test(random_pairs),
        cmocka_unit_test(the_score),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
