#include "match/model.h"

#include <math.h>
#include <time.h>
#include <unistd.h>

#include "match/net_shape.h"
#include "models.h"

#ifdef __SANITIZE_ADDRESS__
#define TEST_SLOW 10
#else
#define TEST_SLOW 1
#endif

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* ---- models ---- */

/* The network's weights and pieces, at random. */
static const ts_net *random_net(unsigned features, uint64_t seed) {
    enum { BUCKETS = 64 };
    ts_random r = ts_random_seed(seed);
    float *w = ts_new_n(&a, float, ts_net_dense(features));
    ts_net_row *rows = ts_new_n(&a, ts_net_row, BUCKETS);
    ts_net *net = ts_new(&a, ts_net);
    for (size_t i = 0; i < ts_net_dense(features); i++) w[i] = (float)ts_random_unit(&r) - 0.5f;
    w[TS_NET_TEMP] = 8;
    for (size_t i = 0; i < BUCKETS; i++) {
        rows[i].scale = 0.01f;
        for (size_t k = 0; k < TS_NET_DIM; k++)
            rows[i].v[k] = (int8_t)((int)ts_random_below(&r, 255) - 127);
    }
    *net = (ts_net){.features = features, .buckets = BUCKETS, .rows = rows, .w = w};
    return net;
}

/* With token evidence that says something, and a combiner that is not the plain sum. */
static ts_model *telling_model(void) {
    ts_model *m = rule_model(&a);
    int8_t *cue = ts_new_n(&a, int8_t, TS_CUE_SLOTS);
    for (int i = 0; i < TS_CUE_SLOTS; i++) cue[i] = (int8_t)(i % 255 - 127);
    m->cue = cue;
    m->cue_scale = 0.25f, m->cue_bias = -0.5f;
    m->alone = (ts_combiner){0.125, 1.5, 0};
    m->both = (ts_combiner){-0.25, 0.5, 0.75};
    m->threshold = 0.625;
    m->groups = 7;
    return m;
}

static ts_str written(const ts_model *m) {
    ts_buf b = ts_buf_new(&a, TS_MODEL_FILE_MAX);
    ts_model_write(&b, m);
    assert_false(b.full);
    char *aligned = ts_alloc_raw(&a, 1, 64, b.n);
    memcpy(aligned, b.p, b.n);
    return (ts_str){aligned, b.n};
}

static ts_model sound_model(ts_str bytes) {
    ts_model m = {0};
    ts_error e = {0};
    if (!ts_model_read(&a, &m, bytes, &e)) print_error("%s\n", e.msg);
    assert_int_equal(e.code, TS_OK);
    return m;
}

/* Random rows of features. */
static float *rows(size_t n, uint64_t seed) {
    ts_random r = ts_random_seed(seed);
    float *x = ts_new_n(&a, float, n *TS_FEATURES);
    for (size_t i = 0; i < n * TS_FEATURES; i++) x[i] = (float)ts_random_below(&r, 21) - 5;
    return x;
}

static void same_model(const ts_model *x, const ts_model *y) {
    assert_string_equal(x->name, y->name);
    assert_int_equal(x->groups, y->groups);
    assert_true(x->threshold == y->threshold && x->open_from == y->open_from &&
                x->open_to == y->open_to);
    assert_memory_equal(&x->alone, &y->alone, sizeof x->alone);
    assert_memory_equal(&x->both, &y->both, sizeof x->both);
    assert_true(x->cue_scale == y->cue_scale && x->cue_bias == y->cue_bias);
    assert_true(ts_str_eq(x->card, y->card));
    assert_int_equal(!x->cue, !y->cue);
    if (x->cue) assert_memory_equal(x->cue, y->cue, TS_CUE_SLOTS);
    assert_int_equal(!x->net, !y->net);
    enum { ROWS = 40 };
    const float *row = rows(ROWS, 1);
    for (size_t i = 0; i < ROWS; i++)
        assert_true(ts_trees_score(&x->trees, row + i * TS_FEATURES) ==
                    ts_trees_score(&y->trees, row + i * TS_FEATURES));
}

/* ---- there and back ---- */

static void round_trip(void **state) {
    (void)state;
    ts_model *made[4];
    for (int i = 0; i < 4; i++) made[i] = telling_model();
    made[1]->cue = 0;
    made[2]->card = TS_NONE;
    made[3]->net = random_net(TS_FEATURES, 2);
    made[3]->open_from = -2, made[3]->open_to = 3;
    memset(made[3]->name, 'n', TS_MODEL_NAME - 1);
    for (int i = 0; i < 4; i++) {
        ts_str bytes = written(made[i]);
        assert_int_equal(bytes.n % 64, 0);
        ts_model m = sound_model(bytes);
        same_model(made[i], &m);
        assert_true(ts_str_eq(written(&m), bytes)); /* and written again it is the same file */
        assert_true(m.digest.lo || m.digest.hi);
    }
    ts_model m = sound_model(written(made[0])), n = sound_model(written(made[1]));
    assert_false(ts_digest_eq(m.digest, n.digest));
}

static void the_network_comes_back(void **state) {
    (void)state;
    ts_model *made = telling_model();
    made->net = random_net(17, 3);
    ts_model m = sound_model(written(made));
    assert_int_equal(ts_net_features(m.net), 17);
    ts_net_token t[2] = {{.pieces = 0}};
    ts_net_pieces(TS_S("kettle"), 0, &t[0]), ts_net_pieces(TS_S("black"), 0, &t[1]);
    float score[2];
    for (int i = 0; i < 2; i++) {
        const ts_net *net = i ? m.net : made->net;
        ts_net_side side;
        const uint32_t same[TS_NET_TOKENS] = {1, 2};
        ts_net_embed(net, t, 2, &side);
        ts_net_pair p = {&side, &side, same, 3, 3, rows(1, 4)};
        score[i] = ts_net_score(net, &p);
    }
    assert_true(isfinite(score[0]) && score[0] == score[1]);
}

/* A buffer that cannot take the file says so, and nothing hangs. */
static void no_room_to_write(void **state) {
    (void)state;
    ts_model *m = telling_model();
    size_t whole = written(m).n;
    static const size_t room[] = {0, 1, 100, 247, 248, 255, 300, 1000, 200000, 262144 + 300};
    for (size_t i = 0; i < sizeof room / sizeof *room; i++) {
        assert_true(room[i] < whole);
        ts_buf b = ts_buf_new(&a, room[i]);
        ts_model_write(&b, m);
        assert_true(b.full);
    }
    ts_buf b = ts_buf_new(&a, whole);
    ts_model_write(&b, m);
    assert_false(b.full);
}

/* ---- files ---- */

static const char *file_of(ts_str bytes) {
    const char *path = test_temp("model.bin");
    test_write(path, bytes);
    return path;
}

static void files(void **state) {
    (void)state;
    ts_model *made = telling_model(), m;
    ts_error e = {0};
    const char *path = file_of(written(made));
    assert_true(ts_model_open(&a, &m, path, &e));
    same_model(made, &m);
    assert_non_null(m.mapping.bytes.p);
    ts_str id = ts_model_id(&a, &m);
    char hex[32];
    assert_true(ts_str_starts(id, TS_S("rules-for-tests@")));
    assert_true(ts_str_eq(ts_str_from(id, 16), ts_str_to(ts_digest_hex(m.digest, hex), 8)));
    ts_model_close(&m);
    assert_null(m.mapping.bytes.p);
    assert_null(m.cue);
    assert_null(m.net);
    assert_int_equal(m.trees.count, 0);
    ts_model_close(&m); /* harmless twice */
    assert_false(ts_model_open(&a, &m, "/no/such/model.bin", &e));
    assert_int_equal(e.code, TS_E_NOT_FOUND);
    assert_null(m.mapping.bytes.p);
    assert_false(ts_model_open(&a, &m, "/", &e));
}

static void says(ts_str bytes, ts_error_code code, const char *text) {
    ts_model m;
    ts_error e = {0};
    const char *path = file_of(bytes);
    assert_false(ts_model_open(&a, &m, path, &e));
    assert_int_equal(e.code, code);
    assert_string_equal(e.msg, text);
    assert_string_equal(e.where, path);
    assert_null(m.mapping.bytes.p);
}
#define NO_MODEL "is no matching model; make one with `touchstone match train`"
#define DAMAGED                                                                                    \
    "is damaged (the checksum or a size does not fit); take a fresh copy of the model, or train "  \
    "it again"
#define OTHER_VERSION                                                                              \
    "was made by another version of touchstone; train it again with `touchstone match train`"
#define OTHER_FEATURES                                                                             \
    "was trained with other features than this version of touchstone makes; train it again with "  \
    "`touchstone match train`"

static void files_of_others(void **state) {
    (void)state;
    says(TS_NONE, TS_E_INPUT, NO_MODEL);
    says(TS_S("{\"name\": \"model\"}"), TS_E_INPUT, NO_MODEL);
    says(TS_S("TSMODEL\n"), TS_E_INPUT, NO_MODEL);
    char zeros[4096] = {0};
    says((ts_str){zeros, sizeof zeros}, TS_E_INPUT, NO_MODEL);
    memcpy(zeros, "TSMODEL\n", 8);
    says((ts_str){zeros, sizeof zeros}, TS_E_VERSION, OTHER_VERSION);
}

/* ---- damage ---- */

enum {
    AT_VERSION = 8,
    AT_ORDER = 12,
    AT_SIZE = 16,
    AT_CHECKSUM = 24,
    AT_FEATURES = 40,
    AT_NAME = 48,
    AT_SCALE = 100,
    AT_NUMBERS = 112,
    AT_PARTS = 184,
    HEADER = 248
};

static char *copy_of(ts_str bytes) {
    char *p = ts_alloc_raw(&a, 1, 64, bytes.n);
    memcpy(p, bytes.p, bytes.n);
    return p;
}

/* The checksum keeps damage out, but not somebody who can compute it. */
static void seal(char *p, size_t n) {
    char header[HEADER];
    ts_digest rest = ts_digest_of((ts_str){p + HEADER, n - HEADER});
    memcpy(header, p, HEADER);
    memcpy(header + AT_CHECKSUM, &rest, sizeof rest);
    ts_digest all = ts_digest_of((ts_str){header, HEADER});
    memcpy(p + AT_CHECKSUM, &all, sizeof all);
}

static ts_error_code reads(ts_str bytes) {
    ts_arena mark = a;
    ts_model m = {0};
    ts_error e = {0};
    bool ok = ts_model_read(&a, &m, bytes, &e);
    assert_int_equal(ok, e.code == TS_OK);
    if (!ok) assert_true(e.msg[0] != 0);
    a = mark;
    return e.code;
}

static void truncated(void **state) {
    (void)state;
    ts_model *made = telling_model();
    made->net = random_net(9, 5);
    ts_str bytes = written(made);
    for (size_t n = 0; n < bytes.n; n += 97)
        assert_int_equal(reads(ts_str_to(bytes, n)), TS_E_INPUT);
    for (size_t n = 0; n < 400; n++) assert_int_equal(reads(ts_str_to(bytes, n)), TS_E_INPUT);
    assert_int_equal(reads(ts_str_to(bytes, bytes.n - 1)), TS_E_INPUT);
    char *longer = ts_alloc(&a, 1, 64, bytes.n + 64);
    memcpy(longer, bytes.p, bytes.n);
    assert_int_equal(reads((ts_str){longer, bytes.n + 64}), TS_E_INPUT);
    assert_int_equal(reads(bytes), TS_OK);
    says(ts_str_to(bytes, bytes.n - 97), TS_E_INPUT, DAMAGED);
}

static void flipped(void **state) {
    (void)state;
    ts_str bytes = written(telling_model());
    char *p = copy_of(bytes);
    for (size_t i = 0; i < bytes.n; i += i < 600 ? 1 : 499) {
        static const unsigned char flips[] = {0x01, 0x40, 0xFF};
        for (size_t k = 0; k < sizeof flips; k++) {
            p[i] = (char)(bytes.p[i] ^ flips[k]);
            ts_error_code got = reads((ts_str){p, bytes.n});
            bool version = i >= AT_VERSION && i < AT_SIZE;
            if (got != (version ? TS_E_VERSION : TS_E_INPUT))
                print_error("byte %zu: answer %d\n", i, (int)got);
            assert_int_equal(got, version ? TS_E_VERSION : TS_E_INPUT);
        }
        p[i] = bytes.p[i];
    }
    assert_int_equal(reads((ts_str){p, bytes.n}), TS_OK);
    p[bytes.n / 2] ^= 1;
    says((ts_str){p, bytes.n}, TS_E_INPUT, DAMAGED);
}

static void other_versions(void **state) {
    (void)state;
    ts_str bytes = written(telling_model());
    char *p = copy_of(bytes);
    p[0] = 'X';
    seal(p, bytes.n);
    says((ts_str){p, bytes.n}, TS_E_INPUT, NO_MODEL);
    p = copy_of(bytes);
    p[AT_VERSION]++;
    seal(p, bytes.n);
    says((ts_str){p, bytes.n}, TS_E_VERSION, OTHER_VERSION);
    p = copy_of(bytes);
    memcpy(p + AT_ORDER, "\1\2\3\4", 4);
    seal(p, bytes.n);
    says((ts_str){p, bytes.n}, TS_E_VERSION, OTHER_VERSION);
    p = copy_of(bytes);
    p[AT_FEATURES] ^= 1;
    seal(p, bytes.n);
    says((ts_str){p, bytes.n}, TS_E_VERSION, OTHER_FEATURES);
}

static void check_forged(ts_str bytes, size_t at, const void *what, size_t n, bool taken) {
    char *p = copy_of(bytes);
    memcpy(p + at, what, n);
    seal(p, bytes.n);
    ts_error_code got = reads((ts_str){p, bytes.n});
    if ((got == TS_OK) != taken) print_error("forged at %zu: answer %d\n", at, (int)got);
    assert_int_equal(got, taken ? TS_OK : TS_E_INPUT);
}

static void forged(void **state) {
    (void)state;
    ts_model *made = telling_model();
    made->net = random_net(9, 5);
    ts_str bytes = written(made);
    check_forged(bytes, AT_NAME, "another name", 12, true);
    char name[TS_MODEL_NAME];
    memset(name, 'x', sizeof name);
    check_forged(bytes, AT_NAME, name, sizeof name, false); /* it does not end */
    static const double numbers[] = {NAN, INFINITY, -INFINITY, 1e300, -1e13};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        for (size_t at = AT_NUMBERS; at < AT_PARTS; at += 8)
            check_forged(bytes, at, &numbers[i], 8, false);
        float f = (float)numbers[i];
        check_forged(bytes, AT_SCALE, &f, 4, false);
        check_forged(bytes, AT_SCALE + 4, &f, 4, false);
    }
    static const double thresholds[] = {0, 1, -0.5, 1.5};
    for (size_t i = 0; i < 4; i++) check_forged(bytes, AT_NUMBERS, &thresholds[i], 8, false);
    static const uint64_t places[] = {0, 8, 64, UINT64_MAX, UINT64_MAX - 63, 1ull << 62};
    for (size_t part = 0; part < 4; part++)
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            size_t at = AT_PARTS + part * 16;
            check_forged(bytes, at, &places[i], 8, false);
            if (part != 3 || places[i] > 64) /* a card of any length is a card */
                if (i || part == 1) check_forged(bytes, at + 8, &places[i], 8, false);
        }
    const uint64_t none = 0; /* a model without token evidence, network or card is one */
    check_forged(bytes, AT_PARTS + 8, &none, 8, true);
    check_forged(bytes, AT_PARTS + 2 * 16 + 8, &none, 8, true);
    check_forged(bytes, AT_PARTS + 3 * 16 + 8, &none, 8, true);
}

/* Trees and network that look at features which do not exist. */
static void too_many_features(void **state) {
    (void)state;
    ts_model *m = telling_model();
    m->trees.features = TS_FEATURES + 1;
    assert_int_equal(reads(written(m)), TS_E_INPUT);
    m->trees.features = TS_FEATURES;
    assert_int_equal(reads(written(m)), TS_OK);
    m->net = random_net(TS_FEATURES + 1, 6);
    assert_int_equal(reads(written(m)), TS_E_INPUT);
    m->net = random_net(TS_FEATURES, 6);
    assert_int_equal(reads(written(m)), TS_OK);
}

/* Parts that are damaged in themselves are refused with what is wrong. */
static void damaged_parts(void **state) {
    (void)state;
    ts_model *m = telling_model();
    ts_error e = {0};
    ts_model back = {0};
    rules *r = plain_rules(&a);
    r->mean[1] = NAN;
    m->trees.means = r->mean, m->trees.nodes = r->node;
    assert_false(ts_model_read(&a, &back, written(m), &e));
    assert_int_equal(e.code, TS_E_INPUT);
    assert_string_equal(e.msg, "the trees of the model are damaged: a value is out of range; fetch "
                               "the model again");
}

/* ---- what the parts say ---- */

static void token_evidence(void **state) {
    (void)state;
    ts_model *m = telling_model();
    const ts_cue v[] = {{.slot = 127, .value = 1},
                        {.slot = 0, .value = 0.5f},
                        {.slot = 254, .value = 1},
                        {.slot = TS_CUE_SLOTS - 1, .value = 1}};
    assert_true(ts_model_evidence(m, v, 0) == -0.5f);
    assert_true(ts_model_evidence(m, v, 1) == -0.5f); /* weight 0 */
    assert_true(ts_model_evidence(m, v, 2) == -0.5f + 0.25f * -63.5f);
    assert_true(ts_model_evidence(m, v, 3) == -0.5f + 0.25f * 63.5f);
    m->cue = 0;
    assert_true(ts_model_evidence(m, v, 4) == 0);
}

static void band_and_combiners(void **state) {
    (void)state;
    ts_model *m = telling_model();
    m->open_from = -1, m->open_to = 2;
    assert_false(ts_model_is_open(m, 0)); /* no network to ask */
    m->net = random_net(3, 7);
    assert_true(ts_model_is_open(m, 0) && ts_model_is_open(m, -1) && ts_model_is_open(m, 2));
    assert_false(ts_model_is_open(m, -1.01) || ts_model_is_open(m, 2.01) ||
                 ts_model_is_open(m, NAN));
    m->open_from = 3;
    assert_false(ts_model_is_open(m, 2.5));
    assert_true(ts_combine(m->alone, 2, 100) == 3.125);
    assert_true(ts_combine(m->both, 2, 4) == 3.75);
    assert_true(ts_probability(0) == 0.5);
    assert_true(ts_probability(1e6) == 1 && ts_probability(-1e6) == 0);
    assert_true(fabs(ts_probability(1) + ts_probability(-1) - 1) < 1e-15);
}

/* What ships is small, quick to open, and judges streams. */
static void the_shipped_one(void **state) {
    (void)state;
    ts_arena mark = a;
    ts_error e = {0};
    ts_model m;
    double best = 1;
    for (int i = 0; i < 5; i++) {
        struct timespec t[2];
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t[0]);
        if (!ts_model_shipped(&a, &m, &e)) fail_msg("%s", e.msg);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t[1]);
        best = fmin(best, (double)(t[1].tv_sec - t[0].tv_sec) +
                              1e-9 * (double)(t[1].tv_nsec - t[0].tv_nsec));
        if (i < 4) ts_model_close(&m);
        a = mark;
    }
    if (!ts_model_shipped(&a, &m, &e)) fail_msg("%s", e.msg);
    print_message("opened in %.1f ms, %.1f MB\n", 1e3 * best, (double)m.mapping.bytes.n / 1e6);
    assert_true(m.mapping.bytes.n <= 16u << 20);
    assert_true(best <= 0.05 * (TEST_SLOW));
    assert_true(m.net && m.cue && m.trees.count > 0);
    assert_false(m.groups >> TS_GROUP_RANK & 1 || m.groups >> TS_GROUP_VECTORS & 1);
    assert_true(m.threshold == 0.5);
    assert_true(ts_str_find(m.card, TS_S("unseen_ece")) != TS_NPOS);
    ts_model_close(&m);
    a = mark;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(the_network_comes_back),
        cmocka_unit_test(no_room_to_write),
        cmocka_unit_test(files),
        cmocka_unit_test(files_of_others),
        cmocka_unit_test(truncated),
        cmocka_unit_test(flipped),
        cmocka_unit_test(other_versions),
        cmocka_unit_test(forged),
        cmocka_unit_test(too_many_features),
        cmocka_unit_test(damaged_parts),
        cmocka_unit_test(token_evidence),
        cmocka_unit_test(band_and_combiners),
        cmocka_unit_test(the_shipped_one),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
