/* Trees made by hand and at random: scores against a plain walk, bytes against attack. */
#include "match/match.h"

#include <math.h>

#include "support/support.h"

enum { FEATURES = 5, ROWS = 131, MANY = 300 };

typedef struct made {
    ts_tree_node nodes[MANY * 511];
    float means[MANY * 511];
    uint32_t roots[MANY];
    uint8_t depths[MANY];
} made;

static const ts_tree_node leaf = {.split = NAN};

/* Two trees over three features:
 *
 *     x1 < 0.5                     2.5, always
 *     |- x0 < -1
 *     |  |- 1
 *     |  `- 2
 *     `- -4
 */
static ts_trees two_trees(made *m) {
    *m = (made){.nodes = {{0.5f, 1, 1}, {-1, 0, 2}, leaf, leaf, leaf, leaf},
                .means = {-1, 1.75f, -4, 1, 2, 2.5f},
                .roots = {0, 5},
                .depths = {2, 0}};
    return (ts_trees){.nodes = m->nodes,
                      .means = m->means,
                      .roots = m->roots,
                      .depths = m->depths,
                      .count = 2,
                      .nodes_n = 6,
                      .features = 3,
                      .base = 0.25f};
}

static made *new_made(ts_arena *a) { return ts_new(a, made); }

/* Trees of any shape up to `deepest`. A mean of an inner node is the plain mean of its children's.
 */
static ts_trees random_trees(made *m, uint32_t count, unsigned deepest, uint64_t seed) {
    ts_random r = ts_random_seed(seed);
    uint32_t n = 0;
    for (uint32_t tree = 0; tree < count; tree++) {
        uint32_t root = m->roots[tree] = n, next = n + 1;
        uint8_t depth[511] = {0};
        for (; n < next; n++) {
            unsigned d = depth[n - root];
            m->means[n] = (float)ts_random_unit(&r) - 0.5f;
            m->nodes[n] = leaf;
            m->depths[tree] = (uint8_t)d;
            if (d == deepest || ts_random_below(&r, 5) == 0) continue;
            m->nodes[n] = (ts_tree_node){.split = (float)ts_random_below(&r, 9) / 8,
                                         .feature = (uint16_t)ts_random_below(&r, FEATURES),
                                         .child = (uint16_t)(next - n)};
            depth[next - root] = depth[next + 1 - root] = (uint8_t)(d + 1);
            next += 2;
        }
        for (uint32_t i = n; i-- > root;)
            if (m->nodes[i].child) {
                const float *of = m->means + i + m->nodes[i].child;
                m->means[i] = (of[0] + of[1]) / 2;
            }
    }
    return (ts_trees){.nodes = m->nodes,
                      .means = m->means,
                      .roots = m->roots,
                      .depths = m->depths,
                      .count = count,
                      .nodes_n = n,
                      .features = FEATURES,
                      .base = -0.75f};
}

/* Rows whose numbers often lie exactly on a split. */
static float *random_rows(ts_arena *a, size_t n, size_t stride, uint64_t seed) {
    ts_random r = ts_random_seed(seed);
    float *x = ts_new_n(a, float, n *stride);
    for (size_t i = 0; i < n * stride; i++) x[i] = (float)ts_random_below(&r, 17) / 16;
    return x;
}

/* The definition, word for word. */
static float plain_score(const ts_trees *t, const float *x) {
    float sum = t->base;
    for (uint32_t tree = 0; tree < t->count; tree++) {
        uint32_t i = t->roots[tree];
        while (t->nodes[i].child)
            i += t->nodes[i].child + (x[t->nodes[i].feature] < t->nodes[i].split ? 0u : 1u);
        sum += t->means[i];
    }
    return sum;
}

static void hand_made(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_trees t = two_trees(new_made(&a));
    const struct {
        float x[3], score;
    } c[] = {
        {{-2, 0, 0}, 3.75f},          {{-1, 0, 0}, 4.75f},  {{0, 0.4999f, 0}, 4.75f},
        {{0, 0.5f, 0}, -1.25f},       {{-9, 7, 0}, -1.25f}, {{-0.0f, -0.0f, 0}, 4.75f},
        {{-1e30f, -1e30f, 0}, 3.75f},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        float many;
        ts_trees_score_many(&t, c[i].x, 3, 1, &many);
        assert_true(ts_trees_score(&t, c[i].x) == c[i].score && many == c[i].score);
    }
    ts_trees none = {.features = 1, .base = 0.5f};
    assert_true(ts_trees_score(&none, c[0].x) == 0.5f);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* What is no finite number ends in some leaf, too. */
static void odd_numbers(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_trees t = random_trees(new_made(&a), 50, 8, 3);
    const float odd[] = {NAN, -NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 4; i++) {
        float x[FEATURES], part[FEATURES] = {0}, many;
        for (int f = 0; f < FEATURES; f++) x[f] = odd[i];
        ts_trees_score_many(&t, x, FEATURES, 1, &many);
        float sum = ts_trees_explain(&t, x, part);
        for (int f = 0; f < FEATURES; f++) sum += part[f];
        assert_true(isfinite(many) && many == ts_trees_score(&t, x));
        assert_float_equal(sum, many, 1e-4f);
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

static void many_is_single(void **state) {
    (void)state;
    ts_arena a = test_arena();
    made *m = new_made(&a);
    enum { STRIDE = FEATURES + 2 };
    float *x = random_rows(&a, ROWS, STRIDE, 1);
    for (uint32_t count = 1; count <= 20; count++) {
        ts_trees t = random_trees(m, count, count % 9, count);
        for (size_t n = 0; n <= ROWS; n += n < 20 ? 1 : 37) {
            float out[ROWS + 1];
            for (size_t i = 0; i <= n; i++) out[i] = 12345;
            ts_trees_score_many(&t, x, STRIDE, n, out);
            assert_true(out[n] == 12345);
            for (size_t i = 0; i < n; i++) {
                assert_true(out[i] == plain_score(&t, x + i * STRIDE));
                assert_true(out[i] == ts_trees_score(&t, x + i * STRIDE));
            }
        }
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

static void explanation_by_hand(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_trees t = two_trees(new_made(&a));
    float part[3] = {0, 100, 0}; /* parts are added to */
    float rest = ts_trees_explain(&t, (const float[]){-2, 0, 0}, part);
    assert_true(rest == 0.25f - 1 + 2.5f);
    assert_true(part[1] == 100 + 2.75f && part[0] == -0.75f && part[2] == 0);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void explanation_sums_up(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_trees t = random_trees(new_made(&a), MANY, 8, 9);
    float *x = random_rows(&a, ROWS, FEATURES, 2);
    float rest = 0;
    for (size_t i = 0; i < ROWS; i++) {
        float part[FEATURES] = {0}, sum = 0;
        float left = ts_trees_explain(&t, x + i * FEATURES, part);
        for (int f = 0; f < FEATURES; f++) sum += part[f];
        assert_float_equal(sum + left, ts_trees_score(&t, x + i * FEATURES), 1e-4f);
        assert_true(i == 0 || left == rest); /* what is left does not depend on the row */
        rest = left;
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

/* ---- Bytes ---- */

/* Written behind `before` bytes; copied to where nothing but the bytes is readable for a sanitizer.
 */
static ts_str written(ts_arena *a, const ts_trees *t, size_t before) {
    ts_buf b = ts_buf_new(a, (size_t)64 << 20);
    for (size_t i = 0; i < before; i++) ts_buf_c(&b, 'x');
    ts_trees_write(&b, t);
    assert_false(b.full);
    assert_int_equal(b.n % 8, 0);
    ts_str bytes = ts_str_from(ts_buf_str(&b), (before + 7) / 8 * 8);
    return (ts_str){memcpy(ts_new_n(a, uint64_t, bytes.n / 8), bytes.p, bytes.n), bytes.n};
}

static bool reads(const char *p, size_t n, ts_trees *out, ts_error *e) {
    *e = (ts_error){0};
    bool ok = ts_trees_read((ts_str){p, n}, out, e);
    assert_int_equal(ok, e->code == TS_OK);
    if (!ok) assert_int_equal(e->code, TS_E_INPUT);
    return ok;
}

static void round_trip(void **state) {
    (void)state;
    ts_arena a = test_arena();
    made *m = new_made(&a);
    float *x = random_rows(&a, 20, FEATURES, 4);
    for (uint32_t count = 0; count < 12; count++) {
        ts_trees t = random_trees(m, count, 8, count), back;
        ts_str bytes = written(&a, &t, count);
        char *p = test_malloc(bytes.n);
        ts_error e;
        memcpy(p, bytes.p, bytes.n);
        if (!reads(p, bytes.n, &back, &e)) fail_msg("%s", e.msg);
        assert_true(back.count == count && back.features == FEATURES && back.base == t.base);
        for (int i = 0; i < 20; i++)
            assert_true(ts_trees_score(&back, x + i * FEATURES) ==
                        ts_trees_score(&t, x + i * FEATURES));
        assert_true(ts_str_eq(written(&a, &back, 0), bytes));
        test_free(p);
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

/* The format is what it says, byte for byte. */
static void known_bytes(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_trees t = two_trees(new_made(&a));
    ts_str b = written(&a, &t, 0);
    static const uint8_t head[] = {'T', 'T', 'R',  '1',  2, 0, 0, 0, 6, 0, 0,    0,    3, 0, 0, 0,
                                   0,   0,   0x80, 0x3E, 0, 0, 0, 0, 0, 0, 0,    0,    0, 0, 0, 0,
                                   0,   0,   0,    0x3F, 1, 0, 1, 0, 0, 0, 0x80, 0xBF, 0, 0, 2, 0,
                                   0,   0,   0xC0, 0x7F, 0, 0, 0, 0};
    static const uint8_t tail[] = {0, 0, 0x20, 0x40, 2, 0, 0, 0, 0, 0, 0, 0};
    assert_int_equal(b.n, 32 + 6 * 8 + 2 * 4 + 6 * 4 + 2 + 6);
    assert_memory_equal(b.p, head, sizeof head);
    assert_memory_equal(b.p + b.n - sizeof tail, tail, sizeof tail);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void truncated(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_trees t = random_trees(new_made(&a), 7, 4, 5), back;
    ts_str bytes = written(&a, &t, 0);
    ts_error e;
    for (size_t n = 0; n < bytes.n; n++) {
        char *p = test_malloc(n ? n : 1);
        memcpy(p, bytes.p, n);
        assert_false(reads(p, n, &back, &e));
        test_free(p);
    }
    char *longer = test_calloc(1, bytes.n + 8);
    memcpy(longer, bytes.p, bytes.n);
    assert_true(reads(longer, bytes.n, &back, &e));
    assert_false(reads(longer, bytes.n + 1, &back, &e));
    assert_false(reads(longer, bytes.n + 8, &back, &e));
    assert_false(ts_trees_read((ts_str){longer + 4, bytes.n - 4}, &back, &e));
    assert_int_equal(e.code, TS_E_USAGE);
    test_free(longer);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* Scores and explains, so that a sanitizer sees every step outside the arrays. */
static void use(const ts_trees *t) {
    float *x = test_malloc(t->features * 9 * sizeof *x), out[9];
    for (size_t i = 0; i < t->features * (size_t)9; i++) x[i] = (float)(i * 7 % 16) / 8 - 0.5f;
    ts_trees_score_many(t, x, t->features, 9, out);
    for (size_t i = 0; i < 9; i++) {
        float *part = test_calloc(t->features, sizeof *part);
        float sum = ts_trees_explain(t, x + i * t->features, part);
        for (uint32_t f = 0; f < t->features; f++) sum += part[f];
        assert_true(isfinite(sum) && isfinite(out[i]));
        assert_true(out[i] == plain_score(t, x + i * t->features));
        test_free(part);
    }
    test_free(x);
}

static void flipped(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_trees t = random_trees(new_made(&a), 5, 4, 6), back;
    ts_str bytes = written(&a, &t, 0);
    char *p = test_malloc(bytes.n);
    unsigned accepted = 0, refused = 0;
    for (size_t at = 0; at < bytes.n; at++)
        for (int bit = 0; bit < 9; bit++) {
            ts_error e;
            memcpy(p, bytes.p, bytes.n);
            p[at] = (char)(bit < 8 ? p[at] ^ 1 << bit : ~p[at]);
            bool ok = reads(p, bytes.n, &back, &e);
            if (ok) use(&back);
            *(ok ? &accepted : &refused) += 1;
        }
    assert_true(accepted > 0 &&
                refused > accepted / 2); /* other values pass, other shapes do not */
    test_free(p);
    ts_arena_free(&a, (size_t)1 << 32);
}

static void refused(made *m, const ts_trees *t, const char *what) {
    ts_arena a = test_arena();
    ts_error e = {0};
    ts_trees back;
    char want[200];
    snprintf(want, sizeof want, "the trees of the model are damaged: %s; fetch the model again",
             what);
    assert_false(ts_trees_read(written(&a, t, 0), &back, &e));
    assert_str(ts_str_c(e.msg), want);
    ts_arena_free(&a, (size_t)1 << 32);
    two_trees(m);
}

static void wrong_nodes(void **state) {
    (void)state;
    ts_arena a = test_arena();
    made *m = new_made(&a);
    ts_trees t = two_trees(m);
    m->nodes[0].child = 0;
    refused(m, &t, "a leaf asks a question");
    m->nodes[2].feature = 1;
    refused(m, &t, "a leaf asks a question");
    m->nodes[2].split = -NAN;
    refused(m, &t, "a leaf asks a question");
    m->nodes[0].split = NAN;
    refused(m, &t, "a split is not a finite number");
    m->nodes[0].split = INFINITY;
    refused(m, &t, "a split is not a finite number");
    m->nodes[1].feature = 3;
    refused(m, &t, "a node asks for a feature that does not exist");
    m->nodes[1].child = 3;
    refused(m, &t, "a child is in the wrong place");
    m->nodes[1].child = 1;
    refused(m, &t, "a child is in the wrong place");
    m->nodes[4] = (ts_tree_node){0, 0, 1}; /* its children would lie in the next tree */
    refused(m, &t, "a child is in the wrong place");
    m->nodes[1] = leaf;
    refused(m, &t, "a node has no parent");
    m->means[3] = 1.1e6f;
    refused(m, &t, "a value is out of range");
    m->means[3] = NAN;
    refused(m, &t, "a value is out of range");
    ts_arena_free(&a, (size_t)1 << 32);
}

static void wrong_counts(void **state) {
    (void)state;
    ts_arena a = test_arena();
    made *m = new_made(&a);
    const ts_trees good = two_trees(m);
    ts_trees t = good;
    m->depths[0] = 1;
    refused(m, &t, "the depth of a tree is wrong");
    m->depths[1] = 1;
    refused(m, &t, "the depth of a tree is wrong");
    m->roots[0] = 1;
    refused(m, &t, "the first tree is missing");
    m->roots[1] = 0;
    refused(m, &t, "a tree has no nodes");
    m->roots[1] = 6;
    refused(m, &t, "a node has no parent");
    m->roots[1] = UINT32_MAX;
    refused(m, &t, "a tree has no nodes");
    m->roots[1] = 4;
    refused(m, &t, "a child is in the wrong place");
    t.count = 0;
    t.nodes_n = 0;
    t.features = 0;
    refused(m, &t, "the number of features is out of range");
    t.features = TS_TREES_FEATURES + 1;
    refused(m, &t, "the number of features is out of range");
    t = good;
    t.base = NAN;
    refused(m, &t, "the base score is out of range");
    t.base = 2e6f;
    refused(m, &t, "the base score is out of range");
    ts_arena_free(&a, (size_t)1 << 32);
}

/* A chain of nine questions, each at the right child of the one before. */
static void too_deep(void **state) {
    (void)state;
    ts_arena a = test_arena();
    made *m = new_made(&a);
    for (unsigned deep = TS_TREES_DEPTH; deep <= TS_TREES_DEPTH + 1; deep++) {
        *m = (made){.depths = {(uint8_t)deep}};
        for (unsigned i = 0; i <= 2 * deep; i++)
            m->nodes[i] = i < 2 * deep && i % 2 == 0 ? (ts_tree_node){0.5f, 0, 1} : leaf;
        ts_trees t = {.nodes = m->nodes,
                      .means = m->means,
                      .roots = m->roots,
                      .depths = m->depths,
                      .count = 1,
                      .nodes_n = 2 * deep + 1,
                      .features = 1};
        ts_trees back;
        ts_error e = {0};
        ts_str bytes = written(&a, &t, 0);
        bool ok = ts_trees_read(bytes, &back, &e);
        if (deep == TS_TREES_DEPTH)
            assert_true(ok);
        else {
            assert_false(ok);
            assert_non_null(strstr(e.msg, "a tree is too deep"));
        }
    }
    ts_arena_free(&a, (size_t)1 << 32);
}

/* Counts that overflow, or ask for more than there is. */
static void huge_counts(void **state) {
    (void)state;
    ts_arena a = test_arena();
    made *m = new_made(&a);
    ts_trees t = two_trees(m), back;
    ts_str bytes = written(&a, &t, 0);
    const uint32_t huge[] = {1,         3,          7,          4096,       4097,
                             0x7FFFFFF, 0x20000000, 0x7FFFFFFF, 0x80000000, UINT32_MAX};
    for (size_t at = 4; at < 16; at += 4)
        for (size_t i = 0; i < sizeof huge / sizeof *huge; i++) {
            ts_error e;
            uint32_t was;

            uint64_t aligned[32];
            assert_true(bytes.n <= sizeof aligned);
            memcpy(aligned, bytes.p, bytes.n);
            memcpy(&was, (char *)aligned + at, 4);
            memcpy((char *)aligned + at, &huge[i], 4);
            bool ok = reads((const char *)aligned, bytes.n, &back, &e);
            assert_int_equal(ok, huge[i] == was || (at == 12 && huge[i] == 7));
        }
    ts_arena_free(&a, (size_t)1 << 32);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hand_made),
        cmocka_unit_test(odd_numbers),
        cmocka_unit_test(many_is_single),
        cmocka_unit_test(explanation_by_hand),
        cmocka_unit_test(explanation_sums_up),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(known_bytes),
        cmocka_unit_test(truncated),
        cmocka_unit_test(flipped),
        cmocka_unit_test(wrong_nodes),
        cmocka_unit_test(wrong_counts),
        cmocka_unit_test(too_deep),
        cmocka_unit_test(huge_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
