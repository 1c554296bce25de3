#include "samples.h"
#include "text/text.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_str written(const ts_offer *o, const ts_truth *t, ts_str id) {
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_derive_write(&w, o, t, id);
    return ts_buf_str(&b);
}

/* Calls fn for every offer that can be derived from the samples with some seeds. */
static void each(void (*fn)(const ts_notice *n, const ts_notice *other, ts_derive_kind k,
                            uint64_t seed, const ts_offer *o, const ts_truth *t),
                 unsigned seeds) {
    for (uint64_t seed = 0; seed < seeds; seed++)
        for (int i = 0; i < SAMPLES; i++)
            for (int k = 0; k < TS_DERIVE_KINDS; k++) {
                ts_arena mark = a;
                ts_notice n, other;
                ts_offer o;
                ts_truth t;
                sample_notice(&a, &samples[i], &n);
                sample_notice(&a, &samples[(i + 5) % SAMPLES], &other);
                if (ts_derive_offer(&a, &n, &other, (ts_derive_kind)k, seed, &o, &t))
                    fn(&n, &other, (ts_derive_kind)k, seed, &o, &t);
                a = mark;
            }
}

static unsigned made[TS_DERIVE_KINDS], of_language[3], strengths[TS_PERTURBATIONS][4];

static void count_it(const ts_notice *n, const ts_notice *other, ts_derive_kind k, uint64_t seed,
                     const ts_offer *o, const ts_truth *t) {
    (void)n, (void)other, (void)seed;
    unsigned applied = 0;
    assert_true(o->title.n > 0 && o->id.n > 0 && o->url.n > 0);
    assert_int_equal(ts_utf8_bad(o->title), TS_NPOS);
    assert_int_equal(ts_utf8_bad(o->description), TS_NPOS);
    assert_int_equal(t->kind, k);
    assert_true(t->language < 3);
    made[k]++;
    of_language[t->language]++;
    for (unsigned p = 0; p < TS_PERTURBATIONS; p++) {
        assert_true(t->strength[p] <= 3);
        strengths[p][t->strength[p]]++;
        applied += t->strength[p] > 0;
    }
    assert_true(applied >= 2);
}

static void at_least_two_perturbations_each(void **state) {
    (void)state;
    memset(made, 0, sizeof made);
    each(count_it, 40);
    for (int k = 0; k < TS_DERIVE_KINDS; k++) {
        if (!made[k]) print_error("no offer of kind %s\n", ts_derive_kind_name((ts_derive_kind)k));
        assert_true(made[k] > 0);
    }
    for (int l = 0; l < 3; l++) assert_true(of_language[l] > 300);
    for (unsigned p = 0; p < TS_PERTURBATIONS; p++)
        for (int s = 1; s <= 3; s++)
            assert_true(strengths[p][s] > 20); /* every perturbation occurs in every strength */
}

/* For each offer of the product there are two that are not, whatever the seed. */
static void two_hard_negatives_for_each(void **state) {
    (void)state;
    static const ts_derive_kind hard[] = {
        TS_DERIVE_OTHER_MODEL, TS_DERIVE_OTHER_BRAND,   TS_DERIVE_ACCESSORY, TS_DERIVE_SUCCESSOR,
        TS_DERIVE_OTHER_SIZE,  TS_DERIVE_OUTSIDE_SCOPE, TS_DERIVE_GENUINE};
    unsigned positives = 0, with_two = 0;
    for (int i = 0; i < SAMPLES; i++)
        for (uint64_t seed = 0; seed < 10; seed++) {
            ts_notice n;
            ts_offer o;
            ts_truth t;
            unsigned negatives = 0;
            sample_notice(&a, &samples[i], &n);
            if (!ts_derive_offer(&a, &n, 0, TS_DERIVE_POSITIVE, seed, &o, &t)) continue;
            positives++;
            for (uint64_t more = 0; more < 12 && negatives < 2; more++)
                for (size_t k = 0; k < sizeof hard / sizeof *hard; k++)
                    negatives += ts_derive_offer(&a, &n, 0, hard[k], seed * 100 + more, &o, &t);
            with_two += negatives >= 2;
        }
    assert_true(positives > 150);
    assert_true(with_two * 100 >= positives * 95);
}

static void again(const ts_notice *n, const ts_notice *other, ts_derive_kind k, uint64_t seed,
                  const ts_offer *o, const ts_truth *t) {
    ts_offer o2;
    ts_truth t2;
    assert_true(ts_derive_offer(&a, n, other, k, seed, &o2, &t2));
    assert_true(ts_str_eq(written(o, t, n->id), written(&o2, &t2, n->id)));
    assert_memory_equal(t, &t2, sizeof t2);
}

static void the_same_seed_gives_the_same_offer(void **state) {
    (void)state;
    each(again, 6);
}

static void other_seeds_give_other_offers(void **state) {
    (void)state;
    ts_notice n;
    sample_notice(&a, &samples[0], &n);
    ts_map seen = {0};
    unsigned offers = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        ts_offer o;
        ts_truth t;
        if (!ts_derive_offer(&a, &n, 0, TS_DERIVE_POSITIVE, seed, &o, &t)) continue;
        offers++;
        ts_map_put(&a, &seen, o.title, 0);
    }
    assert_true(offers > 100 && seen.n * 10 > offers * 9);
}

/* What the truth says survives can be found in the offer. */
static bool in_text(ts_str text, ts_str what) {
    return ts_str_find(ts_squeeze(&a, text), ts_squeeze(&a, what)) != TS_NPOS;
}

static void truth_holds(const ts_notice *n, const ts_notice *other, ts_derive_kind k, uint64_t seed,
                        const ts_offer *o, const ts_truth *t) {
    (void)other, (void)seed;
    bool brand = false, model = false, identifier = false;
    for (size_t i = 0; i < n->brands.n; i++)
        brand |= in_text(o->title, n->brands.v[i]) || ts_str_eq(o->brand, n->brands.v[i]);
    for (size_t i = 0; i < n->models.n; i++)
        model |= in_text(o->title, n->models.v[i]) || ts_str_eq(o->model, n->models.v[i]);
    for (size_t i = 0; i < n->identifiers.n; i++)
        for (size_t x = 0; x < o->identifiers.n; x++)
            identifier |= n->identifiers.v[i].gtin == o->identifiers.v[x].gtin;
    if (t->identifier) assert_true(identifier);
    if (k == TS_DERIVE_POSITIVE && t->brand) assert_true(brand);
    if (k == TS_DERIVE_POSITIVE && t->model) assert_true(model);
    if (k == TS_DERIVE_OTHER_BRAND || k == TS_DERIVE_UNRELATED) assert_false(brand);
    if (k != TS_DERIVE_POSITIVE && k != TS_DERIVE_OUTSIDE_SCOPE) assert_false(identifier);
    if (k == TS_DERIVE_OUTSIDE_SCOPE)
        for (size_t i = 0; i < n->scope.lots.n; i++)
            assert_true(ts_str_find(o->description, n->scope.lots.v[i]) == TS_NPOS);
}

static void the_truth_is_true(void **state) {
    (void)state;
    each(truth_holds, 25);
}

static void the_written_offer_is_json_with_its_truth(void **state) {
    (void)state;
    ts_notice n;
    ts_offer o;
    ts_truth t;
    ts_error e;
    sample_notice(&a, &samples[0], &n);
    for (uint64_t seed = 0; seed < 50; seed++) {
        if (!ts_derive_offer(&a, &n, 0, TS_DERIVE_POSITIVE, seed, &o, &t)) continue;
        ts_str s = written(&o, &t, n.id);
        const ts_json *v = ts_json_parse(&a, s, (ts_json_options){.strict = true}, &e);
        assert_non_null(v);
        const ts_json *truth = ts_json_member(v, "_truth");
        assert_true(ts_str_eq(ts_json_str(ts_json_member(v, "title")), o.title));
        assert_str(ts_json_str(ts_json_member(truth, "kind")), "positive");
        assert_true(ts_str_eq(ts_json_str(ts_json_member(truth, "notice")), n.id));
        assert_true(ts_json_is(ts_json_member(truth, "match"), TS_JSON_TRUE));
        unsigned applied = 0;
        TS_JSON_EACH_MEMBER(k, x, ts_json_member(truth, "perturbations")) applied++;
        assert_true(applied >= 2);
    }
    bool unrelated = false;
    for (uint64_t seed = 0; seed < 20 && !unrelated; seed++)
        unrelated = ts_derive_offer(&a, &n, 0, TS_DERIVE_UNRELATED, seed, &o, &t);
    assert_true(unrelated);
    const ts_json *truth = ts_json_member(
        ts_json_parse(&a, written(&o, &t, n.id), (ts_json_options){.strict = true}, &e), "_truth");
    assert_null(ts_json_member(truth, "notice")); /* a product of no notice */
    assert_true(ts_json_is(ts_json_member(truth, "match"), TS_JSON_FALSE));
}

/* Notices of one brand are in one half, however the brand is written; and neither half is much the
 * smaller. */
static void the_halves_are_disjoint_by_brand(void **state) {
    (void)state;
    static const char *const spellings[][3] = {{"Kelvano", "KELVANO", "kelvano "},
                                               {"Black & Decker", "BLACK&DECKER", "black decker"},
                                               {"凯华诺", "凯华诺", "凯华诺 "},
                                               {"AEG-X", "aeg x", "AEGX"}};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        ts_notice n[3] = {0};
        for (int k = 0; k < 3; k++) {
            n[k].id = ts_str_c(spellings[2 - i % 3][k]);
            ts_strs_add(&a, &n[k].brands, ts_str_c(spellings[i][k]));
        }
        assert_true(ts_derive_in_tuning_half(&n[0]) == ts_derive_in_tuning_half(&n[1]) &&
                    ts_derive_in_tuning_half(&n[0]) == ts_derive_in_tuning_half(&n[2]));
    }
    unsigned tuning = 0;
    for (int i = 0; i < 1000; i++) {
        ts_notice n = {.id = TS_S("x")};
        ts_buf b = ts_buf_new(&a, 40);
        ts_buf_fmt(&b, "Brand%d", i);
        ts_strs_add(&a, &n.brands, ts_buf_str(&b));
        tuning += ts_derive_in_tuning_half(&n);
    }
    assert_true(tuning > 400 && tuning < 600);
}

static void derived_notices_are_others(void **state) {
    (void)state;
    for (int i = 0; i < SAMPLES; i++) {
        ts_notice n, d, d2, d3;
        sample_notice(&a, &samples[i], &n);
        ts_derive_notice(&a, &n, 1, &d);
        ts_derive_notice(&a, &n, 1, &d2);
        ts_derive_notice(&a, &n, 2, &d3);
        assert_true(ts_str_eq(d.id, d2.id) && ts_digest_eq(d.digest, d2.digest));
        assert_false(ts_str_eq(d.id, d3.id));
        assert_false(ts_str_eq(d.id, n.id));
        assert_int_equal(d.models.n, n.models.n);
        for (size_t k = 0; k < n.models.n; k++) {
            assert_false(ts_str_eq(d.models.v[k], n.models.v[k]));
            assert_int_equal(d.models.v[k].n, n.models.v[k].n);
        }
        for (size_t k = 0; k < n.brands.n; k++)
            for (size_t x = 0; x < d.brands.n; x++)
                assert_false(ts_str_ieq(n.brands.v[k], d.brands.v[x]));
        for (size_t k = 0; k < d.identifiers.n; k++)
            assert_int_equal(d.identifiers.v[k].kind, TS_ID_GTIN);
    }
}

static void what_nobody_could_tell_is_not_made(void **state) {
    (void)state;
    ts_notice n = {.id = TS_S("x:1")};
    ts_offer o;
    ts_truth t;
    assert_false(ts_derivable(&n));
    for (int k = 0; k < TS_DERIVE_KINDS; k++)
        assert_false(ts_derive_offer(&a, &n, 0, (ts_derive_kind)k, 1, &o, &t));
    n.product = TS_S("toy"); /* too short, and no brand */
    assert_false(ts_derivable(&n));
    sample_notice(&a, &samples[1], &n);
    assert_true(ts_derivable(&n));
    for (uint64_t seed = 0; seed < 30;
         seed++) { /* no size, lots or imitation in it: those kinds are not possible */
        assert_false(ts_derive_offer(&a, &n, 0, TS_DERIVE_OTHER_SIZE, seed, &o, &t));
        assert_false(ts_derive_offer(&a, &n, 0, TS_DERIVE_OUTSIDE_SCOPE, seed, &o, &t));
        assert_false(ts_derive_offer(&a, &n, 0, TS_DERIVE_GENUINE, seed, &o, &t));
    }
}

static void names(void **state) {
    (void)state;
    assert_string_equal(ts_derive_kind_name(TS_DERIVE_POSITIVE), "positive");
    assert_string_equal(ts_derive_kind_name(TS_DERIVE_UNRELATED), "unrelated");
    for (unsigned p = 0; p < TS_PERTURBATIONS; p++)
        for (unsigned q = 0; q < p; q++)
            assert_string_not_equal(ts_perturbation_name(p), ts_perturbation_name(q));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_least_two_perturbations_each),
        cmocka_unit_test(two_hard_negatives_for_each),
        cmocka_unit_test(the_same_seed_gives_the_same_offer),
        cmocka_unit_test(other_seeds_give_other_offers),
        cmocka_unit_test(the_truth_is_true),
        cmocka_unit_test(the_written_offer_is_json_with_its_truth),
        cmocka_unit_test(the_halves_are_disjoint_by_brand),
        cmocka_unit_test(derived_notices_are_others),
        cmocka_unit_test(what_nobody_could_tell_is_not_made),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
