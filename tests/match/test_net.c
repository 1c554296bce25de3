#include "match/match.h"

#include <math.h>

#include "support/support.h"

enum { FEATURES = 7, BUCKETS = 64, HEADER = 48 };

static ts_arena a;
static ts_random dice;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    dice = ts_random_seed(11);
    return 0;
}

static float around(float size) { return ((float)ts_random_unit(&dice) * 2 - 1) * size; }

/* A network of random weights, about as large as training leaves them. */
static const ts_net *random_net(unsigned features, uint32_t buckets) {
    float *w = ts_new_n(&a, float, ts_net_dense(features));
    ts_net_row *rows = ts_new_n(&a, ts_net_row, buckets);
    for (size_t i = 0; i < ts_net_trained(features); i++) w[i] = around(0.2f);
    for (size_t i = 0; i < features; i++) w[ts_net_trained(features) + i] = around(1);
    w[TS_NET_TEMP] = 8;
    for (size_t i = 0; i < buckets; i++) {
        rows[i].scale = 0.01f + (float)i * 1e-4f;
        for (size_t k = 0; k < TS_NET_DIM; k++)
            rows[i].v[k] = (int8_t)((int)ts_random_below(&dice, 255) - 127);
    }
    ts_net *net = ts_new(&a, ts_net);
    *net = (ts_net){.features = features, .buckets = buckets, .rows = rows, .w = w};
    return net;
}

typedef struct trial {
    ts_net_side a, b;
    uint32_t same[TS_NET_TOKENS], back[TS_NET_TOKENS];
    float x[TS_NET_FEATURES];
    ts_net_pair pair, swapped;
} trial;

static void random_side(const ts_net *net, size_t n, ts_net_side *out) {
    ts_net_token t[TS_NET_TOKENS] = {{{0}, 0, {0}}};
    for (size_t i = 0; i < n; i++) {
        char word[24];
        int len = snprintf(word, sizeof word, "w%ux", (unsigned)ts_random_below(&dice, 10000));
        ts_net_pieces((ts_str){word, (size_t)len}, i == 1 ? 77 : 0, &t[i]);
        for (size_t f = 0; f < TS_NET_FACTS; f++) t[i].fact[f] = around(1);
    }
    ts_net_embed(net, t, n, out);
}

/* `same` has bits behind the end of b as well, which must not count. */
static trial *random_trial(const ts_net *net, size_t na, size_t nb) {
    trial *t = ts_new(&a, trial);
    random_side(net, na, &t->a);
    random_side(net, nb, &t->b);
    for (size_t i = 0; i < na; i++) {
        t->same[i] =
            (uint32_t)(ts_random_next(&dice) & ts_random_next(&dice) & ts_random_next(&dice));
        for (size_t k = 0; k < nb; k++) t->back[k] |= (t->same[i] >> k & 1) << i;
    }
    for (size_t i = 0; i < FEATURES; i++) t->x[i] = around(3);
    uint32_t found = (uint32_t)ts_random_next(&dice), met = (uint32_t)ts_random_next(&dice);
    t->pair = (ts_net_pair){&t->a, &t->b, t->same, found, met, t->x};
    t->swapped = (ts_net_pair){&t->b, &t->a, t->back, met, found, t->x};
    return t;
}

static const struct {
    size_t a, b;
} sizes[] = {{9, 12}, {1, 1}, {32, 32}, {31, 2}, {0, 5}, {5, 0}, {0, 0}, {16, 17}};

/* ---- pieces ---- */

static void pieces_are_the_word_and_its_grams(void **state) {
    (void)state;
    ts_net_token t, u;
    ts_net_pieces(TS_S("nike"), 0, &t);
    assert_int_equal(t.pieces, 1 + 4 + 3); /* <ni nik ike ke>, <nik nike ike> */
    ts_net_pieces(TS_S("nikes"), 0, &u);
    assert_int_equal(u.pieces, 1 + 5 + 4);
    for (int i = 1; i <= 3; i++) assert_int_equal(t.piece[i], u.piece[i]);
    assert_int_not_equal(t.piece[0], u.piece[0]);
    assert_int_not_equal(t.piece[4], u.piece[4]);
    ts_net_pieces(TS_S("nike"), 5, &u);
    assert_int_equal(u.pieces, 1 + 1 + 4 + 3);
    assert_int_equal(u.piece[1], t.piece[0]);
    ts_net_pieces(TS_S(""), 0, &u);
    assert_int_equal(u.pieces, 1);
}

static void grams_are_of_characters(void **state) {
    (void)state;
    ts_net_token t;
    ts_net_pieces(TS_S("\xe7\x94\xb5"), 0, &t); /* one Chinese character */
    assert_int_equal(t.pieces, 1 + 1);
    ts_net_pieces(TS_S("\xe7\x94\xb5\xe6\xb1\xa0"), 0, &t);
    assert_int_equal(t.pieces, 1 + 2 + 1);
}

static void any_word_has_pieces_within_bounds(void **state) {
    (void)state;
    char word[400];
    ts_net_token t;
    for (size_t n = 0; n <= sizeof word; n += 7) {
        for (int kind = 0; kind < 3; kind++) {
            for (size_t i = 0; i < n; i++)
                word[i] = kind == 0 ? 'a' : kind == 1 ? (char)0xff : (char)ts_random_next(&dice);
            ts_net_pieces((ts_str){word, n}, n & 1, &t);
            assert_in_range(t.pieces, 1, TS_NET_PIECES);
            assert_true(n < 30 || t.pieces == TS_NET_PIECES);
            for (int i = 0; i < t.pieces; i++) assert_true(t.piece[i] < TS_NET_BUCKETS);
        }
    }
}

/* ---- vectors ---- */

static void vectors_have_length_one(void **state) {
    (void)state;
    const ts_net *net = random_net(FEATURES, BUCKETS);
    ts_net_token t[40] = {{{0}, 0, {0}}};
    ts_net_side side;
    for (size_t i = 0; i < 40; i++) ts_net_pieces(TS_S("power"), i, &t[i]);
    t[2].pieces = 0;
    t[3].pieces = 255; /* more than there can be */
    ts_net_embed(net, t, 40, &side);
    assert_int_equal(side.n, TS_NET_TOKENS);
    for (size_t i = 0; i < side.n; i++) {
        float length = ts_net_dot(side.v[i], side.v[i], TS_NET_DIM);
        assert_float_equal(length, i == 2 ? 0 : 1, 1e-4);
    }
}

/* ---- products of matrices ---- */

static void products_are_right(void **state) {
    (void)state;
    static const struct {
        size_t m, k, n;
    } v[] = {{1, 5, 16},  {1, 64, 64},  {3, 7, 48},  {8, 1, 16}, {9, 164, 64},
             {17, 3, 80}, {30, 64, 48}, {13, 0, 32}, {0, 9, 16}, {7, 33, 176}};
    for (size_t s = 0; s < sizeof v / sizeof *v; s++)
        for (int turned = 0; turned < 2; turned++) {
            size_t m = v[s].m, k = v[s].k, n = v[s].n, rs = turned ? 1 : k, cs = turned ? m : 1;
            float *x = ts_new_n(&a, float, m *k), *y = ts_new_n(&a, float, k *n),
                  *c = ts_new_n(&a, float, m *n + 1), *bias = ts_new_n(&a, float, n);
            for (size_t i = 0; i < m * k; i++) x[i] = around(1);
            for (size_t i = 0; i < k * n; i++) y[i] = around(1);
            for (size_t i = 0; i < n; i++) bias[i] = around(1);
            c[m * n] = 5;
            ts_net_multiply(&(ts_net_product){.c = c,
                                              .a = x,
                                              .b = y,
                                              .bias = s & 1 ? bias : 0,
                                              .ldc = n,
                                              .rs = rs,
                                              .cs = cs,
                                              .ldb = n,
                                              .m = m,
                                              .k = k,
                                              .n = n});
            for (size_t i = 0; i < m; i++)
                for (size_t j = 0; j < n; j++) {
                    float sum = s & 1 ? bias[j] : 0;
                    for (size_t p = 0; p < k; p++) sum += x[i * rs + p * cs] * y[p * n + j];
                    assert_float_equal(c[i * n + j], sum, 1e-4);
                }
            assert_float_equal(c[m * n], 5, 0);
        }
}

/* ---- scores ---- */

static void each_row_of_weights_sums_to_one(void **state) {
    (void)state;
    const ts_net *net = random_net(FEATURES, BUCKETS);
    ts_net_alignment al;
    float *in = ts_new_n(&a, float, 2 * TS_NET_TOKENS * TS_NET_IN);
    trial *t = random_trial(net, 11, 20);
    ts_net_align(&t->pair, 8, &al, in);
    for (size_t i = 0; i < 11; i++) {
        double sum = 0, all = 0, by_hand = 0;
        for (size_t k = 0; k < TS_NET_WIDE; k++) all += (double)al.w[0][i][k];
        for (size_t k = 0; k < 20; k++) {
            sum += (double)al.w[0][i][k];
            by_hand += exp(8 * (double)(al.s[0][i][k] - al.s[0][i][3]));
            assert_float_equal(al.s[0][i][k], al.s[1][k][i], 0);
            float s =
                ts_net_dot(t->a.v[i], t->b.v[k], TS_NET_DIM) + 2 * (float)(t->same[i] >> k & 1);
            assert_float_equal(al.s[0][i][k], s, 1e-5);
        }
        assert_true(fabs(sum - 1) < 1e-5 && fabs(all - 1) < 1e-5);
        assert_true(fabs((double)al.w[0][i][3] * by_hand - 1) < 1e-4);
    }
}

static void swapping_the_sides_changes_nothing(void **state) {
    (void)state;
    const ts_net *net = random_net(FEATURES, BUCKETS);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        trial *t = random_trial(net, sizes[s].a, sizes[s].b);
        float z = ts_net_score(net, &t->pair), back = ts_net_score(net, &t->swapped);
        assert_true(isfinite(z));
        assert_float_equal(z, back, 1e-5);
    }
}

static void all_that_is_compared_counts(void **state) {
    (void)state;
    const ts_net *net = random_net(FEATURES, BUCKETS);
    trial *t = random_trial(net, 9, 8);
    float z = ts_net_score(net, &t->pair);
    ts_net_pair p = t->pair;
    p.found_a ^= 1;
    assert_float_not_equal(z, ts_net_score(net, &p), 1e-6);
    p = t->pair;
    p.found_b ^= 1u << 7;
    assert_float_not_equal(z, ts_net_score(net, &p), 1e-6);
    p.found_b = t->pair.found_b ^ 1u << 8; /* there is no such token */
    assert_float_equal(z, ts_net_score(net, &p), 0);
    t->same[3] ^= 1u << 2;
    assert_float_not_equal(z, ts_net_score(net, &t->pair), 1e-6);
    t->same[3] ^= 1u << 2 | 1u << 8;
    assert_float_equal(z, ts_net_score(net, &t->pair), 0);
    for (int f = 0; f < FEATURES; f++) {
        t->x[f] += 1;
        assert_float_not_equal(z, ts_net_score(net, &t->pair), 1e-6);
        t->x[f] -= 1;
    }
    t->x[0] = 50;
    z = ts_net_score(net, &t->pair);
    t->x[0] = 1e30f; /* clipped */
    assert_float_equal(z, ts_net_score(net, &t->pair), 0);
    t->x[0] = NAN;
    assert_true(isfinite(ts_net_score(net, &t->pair)));
}

static void explanations_sum_to_the_score(void **state) {
    (void)state;
    for (int round = 0; round < 20; round++) {
        const ts_net *net = random_net(FEATURES, BUCKETS);
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            trial *t = random_trial(net, sizes[s].a, sizes[s].b);
            float in_a[TS_NET_TOKENS], in_b[TS_NET_TOKENS], in_x[TS_NET_FEATURES];
            float sum = ts_net_explain(net, &t->pair, in_a, in_b, in_x);
            for (size_t i = 0; i < sizes[s].a; i++) sum += in_a[i];
            for (size_t i = 0; i < sizes[s].b; i++) sum += in_b[i];
            for (size_t i = 0; i < FEATURES; i++) sum += in_x[i];
            assert_float_equal(sum, ts_net_score(net, &t->pair), 1e-3);
        }
    }
}

/* With a network that only sees one thing, that thing gets all of the credit. */
static void the_credit_goes_where_it_is_due(void **state) {
    (void)state;
    ts_net *net = (ts_net *)random_net(FEATURES, BUCKETS);
    float *w = (float *)net->w, in_a[TS_NET_TOKENS], in_b[TS_NET_TOKENS], in_x[FEATURES];
    memset(w, 0, ts_net_dense(FEATURES) * sizeof *w);
    w[TS_NET_TEMP] = 8;
    w[TS_NET_W1 + (TS_NET_IN - 2) * TS_NET_HIDDEN] = 1; /* found in the other text */
    w[TS_NET_W2] = 1;
    w[TS_NET_W3] = 1; /* the first sum */
    w[TS_NET_WF + 2 * TS_NET_HIDDEN] = 2;
    w[TS_NET_W3 + 4 * TS_NET_OUT * TS_NET_HIDDEN] = 1;
    w[TS_NET_W4] = 1;
    w[TS_NET_B4] = 0.25f;
    trial *t = random_trial(net, 6, 4);
    t->pair.found_a = 1u << 4;
    t->pair.found_b = 0;
    t->x[2] = 1.5f;
    float rest = ts_net_explain(net, &t->pair, in_a, in_b, in_x);
    assert_float_equal(rest, 0.25, 1e-6);
    for (int i = 0; i < 6; i++) assert_float_equal(in_a[i], i == 4 ? 1. / 6 : 0, 1e-6);
    for (int i = 0; i < 4; i++) assert_float_equal(in_b[i], 0, 1e-6);
    for (int i = 0; i < FEATURES; i++) assert_float_equal(in_x[i], i == 2 ? 3 : 0, 1e-6);
    assert_float_equal(ts_net_score(net, &t->pair), 3 + 1. / 6 + 0.25, 1e-5);
}

/* ---- bytes ---- */

static ts_str written(const ts_net *net) {
    ts_buf b = ts_buf_new(&a, (size_t)8 << 20);
    ts_net_write(&b, net);
    assert_false(b.full);
    char *copy = ts_alloc_raw(&a, 1, 8, b.n); /* where read wants it */
    memcpy(copy, b.p, b.n);
    return (ts_str){copy, b.n};
}

static void what_is_read_scores_the_same(void **state) {
    (void)state;
    static const unsigned features[] = {0, 1, FEATURES, 16, TS_NET_FEATURES};
    for (size_t s = 0; s < sizeof features / sizeof *features; s++) {
        const ts_net *net = random_net(features[s], BUCKETS << s), *again = 0;
        ts_error e = {0};
        ts_str bytes = written(net);
        assert_int_equal(bytes.n % 8, 0);
        assert_true(ts_net_read(&a, bytes, &again, &e));
        assert_int_equal(ts_net_features(again), features[s]);
        assert_true(ts_str_eq(written(again), bytes));
        dice = ts_random_seed(s);
        trial *t = random_trial(net, 13, 9);
        dice = ts_random_seed(s);
        trial *u = random_trial(again, 13, 9);
        assert_float_equal(ts_net_score(net, &t->pair), ts_net_score(again, &u->pair), 0);
    }
}

static void a_full_buffer_is_said(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 1000);
    ts_net_write(&b, random_net(FEATURES, BUCKETS));
    assert_true(b.full && b.n <= 1000);
}

static void refused(ts_str bytes, const char *message) {
    ts_error e = {0};
    const ts_net *net = 0;
    assert_false(ts_net_read(&a, bytes, &net, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_string_equal(e.msg, message);
    assert_null(net);
}

static void put_u32(ts_str bytes, size_t at, uint32_t v) { memcpy((char *)bytes.p + at, &v, 4); }

static void bad_bytes_are_refused(void **state) {
    (void)state;
    static const char fit[] = "the sizes of the network do not fit together",
                      version[] = "is no network of this version of touchstone",
                      numbers[] = "the network holds numbers that no training gives";
    ts_str good = written(random_net(FEATURES, BUCKETS));
    for (size_t n = 0; n < good.n; n += n < 100 ? 1 : 997)
        refused(ts_str_to(good, n), n < HEADER ? "the network is cut short" : fit);
    for (size_t at = 0; at < 12; at++) {
        ((char *)good.p)[at] ^= 4;
        refused(good, version);
        ((char *)good.p)[at] ^= 4;
    }
    static const struct {
        size_t at;
        uint32_t v;
        const char *message;
    } cases[] = {{12, TS_NET_DIM + 1, fit},
                 {32, FEATURES + 1, fit},
                 {32, 257,
                  "the network has 257 features and 64 buckets; at most 256 and 131072 (a power of "
                  "two) are possible"},
                 {36, 63,
                  "the network has 7 features and 63 buckets; at most 256 and 131072 (a power of "
                  "two) are possible"},
                 {36, 0,
                  "the network has 7 features and 0 buckets; at most 256 and 131072 (a power of "
                  "two) are possible"},
                 {36, 1u << 18,
                  "the network has 7 features and 262144 buckets; at most 256 and 131072 (a power "
                  "of two) are possible"},
                 {36, BUCKETS * 2, fit},
                 {44, 1, fit},
                 {HEADER, 0x7fc00000, numbers}, /* not a number */
                 {HEADER + 4 * 4000, 0x7f800000, numbers},
                 {HEADER + 4 * TS_NET_TEMP, 0xbf800000, numbers},
                 {HEADER + 4 * TS_NET_TEMP, 0x43000000, numbers},
                 {HEADER + 4 * 9000, 0xc9742400, numbers}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t was;
        memcpy(&was, good.p + cases[i].at, 4);
        put_u32(good, cases[i].at, cases[i].v);
        refused(good, cases[i].message);
        put_u32(good, cases[i].at, was);
    }
    size_t row = HEADER + ts_net_dense(FEATURES) * 4 + 5 * sizeof(ts_net_row);
    put_u32(good, row, 0xff800000);
    refused(good, numbers);
}

static void flipped_bits_are_refused_or_harmless(void **state) {
    (void)state;
    ts_str good = written(random_net(FEATURES, BUCKETS));
    size_t taken = 0;
    for (int round = 0; round < 300; round++) {
        ts_arena mark = a;
        ts_error e = {0};
        const ts_net *net = 0;
        char *copy = ts_alloc_raw(&a, 1, 8, good.n);
        memcpy(copy, good.p, good.n);
        for (int i = 0; i < 8; i++) {
            uint32_t at = ts_random_below(&dice, (uint32_t)good.n - HEADER) + HEADER;
            copy[at] = (char)(copy[at] ^ 1 << ts_random_below(&dice, 8));
        }
        if (ts_net_read(&a, (ts_str){copy, good.n}, &net, &e)) {
            trial *t = random_trial(net, 7, 9);
            float parts[3][TS_NET_FEATURES];
            assert_true(isfinite(ts_net_score(net, &t->pair)));
            assert_true(isfinite(ts_net_explain(net, &t->pair, parts[0], parts[1], parts[2])));
            taken++;
        } else
            assert_int_equal(e.code, TS_E_INPUT);
        a = mark;
    }
    assert_true(taken > 10 && taken < 300);
}

/* The largest weights that are allowed do not overflow. */
static void the_worst_network_scores_finite(void **state) {
    (void)state;
    ts_net *net = (ts_net *)random_net(TS_NET_FEATURES, BUCKETS);
    float *w = (float *)net->w;
    const ts_net *again = 0;
    ts_error e = {0};
    for (size_t i = 0; i < ts_net_dense(TS_NET_FEATURES); i++) w[i] = TS_NET_WEIGHT_MAX;
    w[TS_NET_TEMP] = TS_NET_TEMP_MAX;
    assert_true(ts_net_read(&a, written(net), &again, &e));
    trial *t = random_trial(again, 32, 32);
    for (size_t i = 0; i < TS_NET_FEATURES; i++) t->x[i] = -1e30f;
    float parts[3][TS_NET_FEATURES];
    assert_true(isfinite(ts_net_score(again, &t->pair)));
    assert_true(isfinite(ts_net_explain(again, &t->pair, parts[0], parts[1], parts[2])));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_the_word_and_its_grams),
        cmocka_unit_test(grams_are_of_characters),
        cmocka_unit_test(any_word_has_pieces_within_bounds),
        cmocka_unit_test(vectors_have_length_one),
        cmocka_unit_test(products_are_right),
        cmocka_unit_test(each_row_of_weights_sums_to_one),
        cmocka_unit_test(swapping_the_sides_changes_nothing),
        cmocka_unit_test(all_that_is_compared_counts),
        cmocka_unit_test(explanations_sum_to_the_score),
        cmocka_unit_test(the_credit_goes_where_it_is_due),
        cmocka_unit_test(what_is_read_scores_the_same),
        cmocka_unit_test(a_full_buffer_is_said),
        cmocka_unit_test(bad_bytes_are_refused),
        cmocka_unit_test(flipped_bits_are_refused_or_harmless),
        cmocka_unit_test(the_worst_network_scores_finite),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
