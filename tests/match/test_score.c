#include <math.h>

#include "match/score.h"
#include "support/support.h"

static double total(const pair *p) {
    double part[SCORE_PARTS], sum = 0, z = pair_score(p, part);
    for (int i = 0; i < SCORE_PARTS; i++) {
        assert_true(isfinite(part[i]));
        sum += part[i];
    }
    assert_true(fabs(sum - z) < 1e-9); /* what is said is what counts */
    return z;
}

static pair nothing(void) {
    return (pair){.brand = BRAND_NONE,
                  .model = MODEL_NONE,
                  .type = TYPE_UNKNOWN,
                  .offer_type = -1,
                  .notice_type = -1};
}

static void nothing_known_is_no_lead(void **state) {
    (void)state;
    pair p = nothing();
    double z = total(&p);
    assert_true(z < 0 && 1 / (1 + exp(-z)) < SCORE_THRESHOLD);
}

/* Each agreement raises, each conflict lowers, whatever else is known. */
static void agreement_raises_and_conflict_lowers(void **state) {
    (void)state;
    for (int b = BRAND_NONE; b <= BRAND_COMPAT; b++)
        for (int m = MODEL_NONE; m <= MODEL_COMPAT; m++)
            for (int t = TYPE_UNKNOWN; t <= TYPE_ACCESSORY; t++) {
                pair p = nothing(), q;
                p.brand = (brand_relation)b, p.brand_bits = 9, p.model = (model_relation)m,
                p.model_bits = 9, p.type = (type_relation)t;
                double z = total(&p);
                q = p, q.declared = true;
                assert_true(total(&q) > z);
                ts_identifier id = {0};
                q = p, q.ident = &id;
                assert_true(total(&q) > z);
                q = p, q.quantities_other = 1;
                assert_true(total(&q) < z);
                q = p, q.quantities_same = 1;
                assert_true(total(&q) > z);
                q = p, q.variants_extra = 1;
                assert_true(total(&q) < z);
                q = p, q.name_bits = 12, q.name_share = 0.8f;
                assert_true(total(&q) > z);
                q = p, q.extra_bits = 14;
                assert_true(total(&q) < z);
                q = p, q.extra_bits = 1e9f; /* words alone never decide */
                assert_true(total(&q) > z - 3);
            }
}

static double with_brand(brand_relation r) {
    pair p = nothing();
    p.brand = r, p.brand_bits = 9;
    return total(&p);
}
static double with_model(model_relation r) {
    pair p = nothing();
    p.model = r, p.model_bits = 9;
    return total(&p);
}
static double with_type(type_relation r) {
    pair p = nothing();
    p.type = r;
    return total(&p);
}

static void relations_are_in_order(void **state) {
    (void)state;
    assert_true(with_brand(BRAND_SAME) > with_brand(BRAND_NAMED));
    assert_true(with_brand(BRAND_NAMED) > with_brand(BRAND_TYPO));
    assert_true(with_brand(BRAND_TYPO) > with_brand(BRAND_MISSING));
    assert_true(with_brand(BRAND_PART) > with_brand(BRAND_MISSING));
    assert_true(with_brand(BRAND_MISSING) > with_brand(BRAND_FIELD_OTHER));
    assert_true(with_brand(BRAND_MISSING) > with_brand(BRAND_MAYBE_OTHER));
    assert_true(with_brand(BRAND_MAYBE_OTHER) > with_brand(BRAND_OTHER));
    assert_true(with_brand(BRAND_COMPAT) < with_brand(BRAND_MISSING));
    assert_true(with_model(MODEL_SAME) > with_model(MODEL_NONE));
    assert_true(with_model(MODEL_NONE) > with_model(MODEL_MISSING));
    assert_true(with_model(MODEL_MISSING) > with_model(MODEL_OTHER));
    assert_true(with_model(MODEL_OTHER) > with_model(MODEL_COMPAT));
    assert_true(with_model(MODEL_OTHER) >
                with_model(MODEL_NEAR)); /* a sister model is surely another product */
    assert_true(with_type(TYPE_SAME) > with_type(TYPE_NAMED));
    assert_true(with_type(TYPE_NAMED) > with_type(TYPE_UNKNOWN));
    assert_true(with_type(TYPE_UNKNOWN) > with_type(TYPE_RELATED));
    assert_true(with_type(TYPE_RELATED) > with_type(TYPE_OTHER));
    assert_true(with_type(TYPE_OTHER) > with_type(TYPE_ACCESSORY));
}

/* Brand and model together make a lead; another brand undoes it. */
static void brand_and_model(void **state) {
    (void)state;
    pair p = nothing();
    p.brand = BRAND_SAME, p.brand_bits = 11, p.model = MODEL_SAME, p.model_bits = 11;
    assert_true(total(&p) > 0);
    p.brand = BRAND_OTHER;
    assert_true(total(&p) < 0);
    p.brand = BRAND_SAME, p.model = MODEL_NEAR;
    assert_true(total(&p) < 0);
    p.model = MODEL_SAME, p.type = TYPE_ACCESSORY;
    assert_true(total(&p) < 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_known_is_no_lead),
                                       cmocka_unit_test(agreement_raises_and_conflict_lowers),
                                       cmocka_unit_test(relations_are_in_order),
                                       cmocka_unit_test(brand_and_model)};
    return cmocka_run_group_tests(tests, 0, 0);
}
