/* models.h - a judge made of rules, for tests that need one: trees of one question each, token
 * evidence that says nothing, no network. */
#ifndef TS_TESTS_MATCH_MODELS_H
#define TS_TESTS_MATCH_MODELS_H

#include <math.h>

#include "match/model.h"
#include "support/support.h"

enum { RULES_MAX = 200 };

typedef struct rules {
    ts_tree_node node[3 * RULES_MAX];
    float mean[3 * RULES_MAX];
    uint32_t root[RULES_MAX], n;
    uint8_t depth[RULES_MAX];
    float base;
} rules;

static inline uint16_t feature_named(const char *name) {
    for (uint16_t i = 0; i < TS_FEATURES; i++)
        if (strcmp(ts_feature_name(i), name) == 0) return i;
    print_error("there is no feature %.*s\n", TS_P(ts_str_c(name)));
    fail();
    return 0;
}

/* From `split` on the feature is worth that much more; what is `usual` is held neither for nor
 * against. */
static inline void rule(rules *r, const char *feature, float usual, float split, float worth) {
    uint32_t at = 3 * r->n;
    assert_true(r->n < RULES_MAX);
    r->node[at] = (ts_tree_node){.split = split, .feature = feature_named(feature), .child = 1};
    r->node[at + 1] = r->node[at + 2] = (ts_tree_node){.split = NAN};
    r->mean[at] = usual >= split ? worth : 0;
    r->mean[at + 2] = worth;
    r->root[r->n] = at;
    r->depth[r->n++] = 1;
}

/* So much for each whole step up to `most`. */
static inline void ramp(rules *r, const char *feature, float usual, int most, float step, float w) {
    for (int i = 1; i <= most; i++) rule(r, feature, usual, (float)i * step, w);
}

/* Values of a feature that counts in whole numbers from `first` on, worth[0] being what lies below.
 */
static inline void stairs(rules *r, const char *feature, float usual, int first, int n,
                          const float *worth) {
    r->base += worth[0];
    for (int i = 1; i < n; i++)
        rule(r, feature, usual, (float)(first + i) - 0.5f, worth[i] - worth[i - 1]);
}

static inline rules *plain_rules(ts_arena *a) {
    /* compat other maybe field missing none part typo named same */
    static const float by_brand[] = {-4, -5, -3, -3, -0.5f, 0, 0, 0, 0.2f, 0.4f};
    /* near compat other missing none same */
    static const float by_model[] = {-5.5f, -4, -2.8f, -1, 0, 0};
    /* accessory other related unknown named same */
    static const float by_type[] = {-4.5f, -2.6f, -0.7f, 0, 0.7f, 1.2f};
    rules *r = ts_new(a, rules);
    r->base = -3;
    stairs(r, "brand", 1, -4, 10, by_brand);
    stairs(r, "model", 0, -4, 6, by_model);
    stairs(r, "type", 0, -3, 6, by_type);
    ramp(r, "brand_bits", 0, 12, 1, 0.2f);
    ramp(r, "model_bits", 0, 16, 1, 0.3f);
    ramp(r, "name_bits", 0, 10, 2, 0.16f);
    ramp(r, "extra_bits", 0, 10, 3, -0.15f);
    rule(r, "declared", 0, 0.5f, 8);
    rule(r, "identifier", 0, 0.5f, 9);
    rule(r, "quantity_other", 0, 0.5f, -6);
    rule(r, "quantity_same", 0, 0.5f, 0.5f);
    rule(r, "version_extra", 0, 0.5f, -3);
    rule(r, "version_lacking", 0, 0.5f, -0.7f);
    rule(r, "spare", 0, 0.5f, -1);
    return r;
}

/* In `a`; not from a file. */
static inline ts_model *rule_model(ts_arena *a) {
    rules *r = plain_rules(a);
    ts_model *m = ts_new(a, ts_model);
    *m = (ts_model){.name = "rules-for-tests",
                    .groups = 1u << TS_GROUP_FACTS,
                    .threshold = 0.5,
                    .alone = {.trees = 1},
                    .both = {.trees = 1},
                    .open_from = 1,
                    .open_to = -1,
                    .cue = ts_new_n(a, int8_t, TS_CUE_SLOTS),
                    .trees = {.nodes = r->node,
                              .means = r->mean,
                              .roots = r->root,
                              .depths = r->depth,
                              .count = r->n,
                              .nodes_n = 3 * r->n,
                              .features = TS_FEATURES,
                              .base = r->base},
                    .card = TS_S("{\"trained_on\": \"nothing\"}"),
                    .digest = {.lo = 0x123456789abcdef0ull, .hi = 1}};
    return m;
}

#endif
