/* boost_export.c - reads the JSON of an XGBoost model.
 *
 * A tree is there a set of arrays with one element per node, the root first: left_children (-1 in a
 * leaf), right_children, split_indices, split_conditions (in a leaf its value), sum_hessian.
 */
#include "boost_export.h"

#include <fenv.h>
#include <math.h>

enum { TREE_NODES = (2 << TS_TREES_DEPTH) - 1 };

typedef struct xgb_tree {
    const ts_json *left, *right, *feature, *split, *cover;
} xgb_tree;

static bool not_understood(ts_error *e, const char *what) {
    return ts_fail(e, TS_E_INPUT, "the model that XGBoost saved is not understood: %s", what);
}

/* The float nearest to a decimal number. Rounding twice, to double and to float, could end one
 * float off; of the two doubles around a number, though, the one with the odd last bit rounds to
 * float as the number itself does. */
static bool nearest_float(const ts_json *v, float *out) {
    double low = 0, high = 0;
    int mode = fegetround();
    fesetround(FE_DOWNWARD);
    bool ok = ts_json_f64(v, &low);
    fesetround(FE_UPWARD);
    ok = ok && ts_json_f64(v, &high);
    fesetround(mode);
    uint64_t bits;
    memcpy(&bits, &low, sizeof bits);
    *out = (float)(bits & 1 ? low : high);
    return ok && isfinite(*out);
}

/* Element i of an array of numbers: they follow the array on the tape one by one. */
static const ts_json *element(const ts_json *array, uint32_t i) {
    return ts_json_is(array, TS_JSON_ARRAY) && i < array->n && array->span == array->n + 1
               ? array + 1 + i
               : NULL;
}

static bool integer(const ts_json *array, uint32_t i, int64_t *out) {
    return ts_json_i64(element(array, i), out);
}

static xgb_tree tree_of(const ts_json *v) {
    return (xgb_tree){.left = ts_json_member(v, "left_children"),
                      .right = ts_json_member(v, "right_children"),
                      .feature = ts_json_member(v, "split_indices"),
                      .split = ts_json_member(v, "split_conditions"),
                      .cover = ts_json_member(v, "sum_hessian")};
}

typedef struct flat_tree {
    uint32_t id[TREE_NODES]; /* numbers of XGBoost, breadth first */
    uint8_t depth[TREE_NODES];
    uint16_t child[TREE_NODES]; /* place of the left child, 0 for a leaf */
    uint32_t n;
} flat_tree;

static bool put_child(flat_tree *f, int64_t id, unsigned depth, ts_error *e) {
    if (id <= 0 || id > UINT32_MAX) return not_understood(e, "a child has no number");
    if (depth > TS_TREES_DEPTH)
        return ts_fail(e, TS_E_LIMIT, "a tree is deeper than %d questions", TS_TREES_DEPTH);
    f->id[f->n] = (uint32_t)id;
    f->depth[f->n++] = (uint8_t)depth;
    return true;
}

/* Puts the nodes in breadth-first order. The depth keeps their number within the arrays, also where
 * the links are wrong. */
static bool flatten(const xgb_tree *t, flat_tree *f, ts_error *e) {
    *f = (flat_tree){.n = 1};
    for (uint32_t i = 0; i < f->n; i++) {
        int64_t left, right;
        if (!integer(t->left, f->id[i], &left) || !integer(t->right, f->id[i], &right))
            return not_understood(e, "a node has no left_children or right_children");
        if (left == -1) continue;
        f->child[i] = (uint16_t)f->n;
        unsigned depth = f->depth[i] + 1u;
        if (!put_child(f, left, depth, e) || !put_child(f, right, depth, e)) return false;
    }
    return true;
}

static bool take_node(const xgb_tree *t, const flat_tree *f, uint32_t i, ts_tree_node *node,
                      float *leaf, ts_error *e) {
    int64_t feature;
    float split;
    if (!nearest_float(element(t->split, f->id[i]), &split) ||
        !integer(t->feature, f->id[i], &feature))
        return not_understood(e, "a node has no split_conditions or split_indices");
    *leaf = 0;
    if (!f->child[i]) {
        *leaf = split;
        *node = (ts_tree_node){.split = NAN};
        return true;
    }
    if (feature < 0 || feature >= TS_TREES_FEATURES)
        return ts_fail(e, TS_E_LIMIT, "a tree asks for a feature beyond %d", TS_TREES_FEATURES);
    *node = (ts_tree_node){
        .split = split, .feature = (uint16_t)feature, .child = (uint16_t)(f->child[i] - i)};
    return true;
}

/* Means of inner nodes, from the back: the children stand behind their parent. */
static bool take_means(const xgb_tree *t, const flat_tree *f, float *means, ts_error *e) {
    double mean[TREE_NODES], cover[TREE_NODES];
    for (uint32_t i = f->n; i-- > 0;) {
        if (!ts_json_f64(element(t->cover, f->id[i]), &cover[i]) || !(cover[i] >= 0))
            return not_understood(e, "a node has no sum_hessian");
        uint32_t l = f->child[i], r = l + 1;
        mean[i] = means[i];
        if (!l) continue;
        double both = cover[l] + cover[r];
        mean[i] =
            both > 0 ? (mean[l] * cover[l] + mean[r] * cover[r]) / both : (mean[l] + mean[r]) / 2;
        means[i] = (float)mean[i];
    }
    return true;
}

/* Appends one tree; room for it is there. */
static bool take_tree(const xgb_tree *t, ts_trees *to, ts_tree_node *nodes, float *means,
                      uint8_t *depth, ts_error *e) {
    flat_tree f;
    if (!flatten(t, &f, e)) return false;
    if (f.n > t->left->n) return not_understood(e, "a node has two parents");
    for (uint32_t i = 0; i < f.n; i++)
        if (!take_node(t, &f, i, &nodes[i], &means[i], e)) return false;
    if (!take_means(t, &f, means, e)) return false;
    *depth = f.depth[f.n - 1];
    to->nodes_n += f.n;
    return true;
}

typedef struct xgb_model {
    const ts_json *trees;
    float base;
    uint32_t features;
} xgb_model;

static bool model_numbers(const ts_json *learner, xgb_model *m, ts_error *e) {
    const ts_json *p = ts_json_member(learner, "learner_model_param");
    ts_str base = ts_json_str(ts_json_member(p, "base_score"));
    ts_json number = {.p = base.p, .n = (uint32_t)base.n, .span = 1, .type = TS_JSON_NUMBER};
    float probability;
    if (!nearest_float(&number, &probability) || !(probability > 0 && probability < 1))
        return not_understood(e, "base_score is no probability");
    m->base = -logf(1.0f / probability - 1.0f);
    uint64_t features;
    if (!ts_u64_parse(ts_json_str(ts_json_member(p, "num_feature")), &features) || !features)
        return not_understood(e, "num_feature is missing");
    if (features > TS_TREES_FEATURES)
        return ts_fail(e, TS_E_LIMIT, "the model has more than %d features", TS_TREES_FEATURES);
    m->features = (uint32_t)features;
    return true;
}

/* The tape lies in `a`. */
static bool read_model(ts_arena *a, ts_str json, xgb_model *m, ts_error *e) {
    const ts_json *root = ts_json_parse(a, json, (ts_json_options){0}, e);
    if (!root) return false;
    const ts_json *learner = ts_json_member(root, "learner");
    const ts_json *booster = ts_json_member(learner, "gradient_booster");
    if (!ts_str_is(ts_json_str(ts_json_member(booster, "name")), "gbtree"))
        return not_understood(e, "it is not of the kind gbtree");
    m->trees = ts_json_member(ts_json_member(booster, "model"), "trees");
    if (!ts_json_is(m->trees, TS_JSON_ARRAY)) return not_understood(e, "it has no trees");
    return model_numbers(learner, m, e);
}

/* How many nodes the kept trees have at most. */
static bool count_nodes(ts_arena scratch, ts_str json, unsigned kept, size_t *nodes, ts_error *e) {
    xgb_model m;
    if (!read_model(&scratch, json, &m, e)) return false;
    if (m.trees->n < kept || kept > TS_TREES_MAX)
        return not_understood(e, "it does not have as many trees as there were rounds");
    unsigned i = 0;
    TS_JSON_EACH(tree, m.trees) {
        if (i++ == kept) break;
        xgb_tree t = tree_of(tree);
        size_t n = ts_json_is(t.left, TS_JSON_ARRAY) ? t.left->n : 0;
        *nodes += n < TREE_NODES ? n : TREE_NODES;
    }
    return true;
}

static bool take_trees(ts_arena scratch, ts_str json, unsigned kept, ts_trees *out,
                       ts_tree_node *nodes, float *means, uint32_t *roots, uint8_t *depths,
                       ts_error *e) {
    xgb_model m;
    if (!read_model(&scratch, json, &m, e)) return false;
    out->base = m.base;
    out->features = m.features;
    TS_JSON_EACH(tree, m.trees) {
        if (out->count == kept) break;
        xgb_tree t = tree_of(tree);
        uint32_t at = roots[out->count] = out->nodes_n;
        if (!take_tree(&t, out, nodes + at, means + at, &depths[out->count], e)) return false;
        out->count++;
    }
    return true;
}

/* The JSON is read twice, once to learn the sizes: what is read lies where the trees are to be. */
bool boost_export(ts_arena *a, ts_str json, unsigned kept, ts_trees *out, ts_error *e) {
    size_t n = 0;
    if (!count_nodes(*a, json, kept, &n, e)) return false;
    ts_tree_node *nodes = ts_new_n(a, ts_tree_node, n);
    float *means = ts_new_n(a, float, n);
    uint32_t *roots = ts_new_n(a, uint32_t, kept);
    uint8_t *depths = ts_new_n(a, uint8_t, kept);
    ts_trees t = {.nodes = nodes, .means = means, .roots = roots, .depths = depths};
    if (!take_trees(*a, json, kept, &t, nodes, means, roots, depths, e)) return false;
    *out = t;
    return true;
}
