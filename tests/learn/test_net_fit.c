#include "learn/net_fit.h"

#include <math.h>

#include "learn/metrics.h"
#include "learn/net_grad.h"
#include "support/support.h"

static ts_arena a, scratch;
static ts_random dice;

static int setup(void **state) {
    (void)state;
    a = ts_arena_new((size_t)1 << 30);
    scratch = ts_arena_new((size_t)1 << 30);
    return 0;
}

/* ---- the gradient ---- */

enum { FEATURES = 5, BUCKETS = 64, PAIRS = 12, SIDES = 10 };

typedef struct tiny {
    net_params p;
    net_batch b;
    net_work *work;
    uint64_t seed;
} tiny;

static float around(float size) { return ((float)ts_random_unit(&dice) * 2 - 1) * size; }

static void fill(float *v, size_t n, float size) {
    for (size_t i = 0; i < n; i++) v[i] = around(size);
}

static net_tokens *random_sides(void) {
    net_tokens *v = ts_new_n(&a, net_tokens, SIDES);
    for (size_t i = 0; i < SIDES; i++) {
        v[i].n = (uint8_t)i; /* the first is empty */
        for (size_t k = 0; k < v[i].n; k++) {
            v[i].v[k].pieces = (uint8_t)(1 + ts_random_below(&dice, 5));
            for (size_t m = 0; m < v[i].v[k].pieces; m++)
                v[i].v[k].piece[m] = ts_random_below(&dice, BUCKETS);
            fill(v[i].v[k].fact, TS_NET_FACTS, 1);
        }
    }
    return v;
}

/* The bits of `same` reach behind the last token, where they must not count. */
static net_sample *random_samples(size_t n) {
    net_sample *v = ts_new_n(&a, net_sample, n);
    for (size_t i = 0; i < n; i++) {
        float *x = ts_new_n(&a, float, FEATURES);
        fill(x, FEATURES, 3);
        v[i] = (net_sample){.a = ts_random_below(&dice, SIDES),
                            .b = (uint32_t)i % SIDES,
                            .found_a = (uint32_t)ts_random_next(&dice),
                            .found_b = (uint32_t)ts_random_next(&dice),
                            .x = x,
                            .y = (float)(i % 2),
                            .weight = 1 + (float)(i % 3)};
        for (size_t k = 0; k < TS_NET_TOKENS; k++)
            v[i].same[k] = (uint32_t)(ts_random_next(&dice) & ts_random_next(&dice) &
                                      ts_random_next(&dice) & ts_random_next(&dice));
    }
    return v;
}

static tiny tiny_network(uint64_t seed, float dropout) {
    dice = ts_random_seed(seed);
    tiny t = {.seed = seed,
              .p = {.features = FEATURES,
                    .buckets = BUCKETS,
                    .w = ts_new_n(&a, float, ts_net_trained(FEATURES)),
                    .rows = ts_new_n(&a, float, BUCKETS *TS_NET_DIM)}};
    uint32_t *pick = ts_new_n(&a, uint32_t, PAIRS);
    float *mean = ts_new_n(&a, float, FEATURES), *unit = ts_new_n(&a, float, FEATURES);
    fill(t.p.w, ts_net_trained(FEATURES), 0.25f);
    fill(t.p.rows, BUCKETS * TS_NET_DIM, 0.3f);
    t.p.w[TS_NET_TEMP] = 3;
    for (size_t i = 0; i < PAIRS; i++) pick[i] = (uint32_t)(PAIRS - 1 - i);
    for (size_t i = 0; i < FEATURES; i++) mean[i] = 0.5f, unit[i] = 0.7f;
    t.b = (net_batch){.sides = random_sides(),
                      .samples = random_samples(PAIRS),
                      .pick = pick,
                      .n = PAIRS,
                      .mean = mean,
                      .unit = unit,
                      .dropout = dropout,
                      .token_dropout = dropout};
    t.work = net_work_new(&a, &t.p, PAIRS);
    return t;
}

/* The same things are left out every time. */
static double loss_of(tiny *t) {
    ts_random r = ts_random_seed(t->seed);
    t->b.random = &r;
    return net_gradient(t->work, &t->p, &t->b);
}

/* How the loss changes when w takes a step along `way` (length 1). */
static double slope(tiny *t, float *w, const float *way, size_t n, double step) {
    ts_arena mark = a;
    float *was = ts_new_n(&a, float, n);
    double here = loss_of(t);
    memcpy(was, w, n * sizeof *w);
    for (size_t i = 0; i < n; i++) w[i] = was[i] + (float)step * way[i];
    double there = loss_of(t);
    memcpy(w, was, n * sizeof *w);
    a = mark;
    return (there - here) / step;
}

/* It must be what the gradient says. The loss is a sum of floats, which disturbs short steps, and
 * bends, which disturbs long ones; and it has edges (ReLU, maxima), so that a step to one side may
 * agree where one to the other side does not. */
static void check_way(tiny *t, const char *name, float *w, const float *g, const float *way,
                      size_t n) {
    static const double steps[] = {1e-3, 3e-4, 3e-3};
    double says = 0, up = 0, down = 0;
    for (size_t i = 0; i < n; i++) says += (double)g[i] * (double)way[i];
    double most = 0.01 * fabs(says) + 2e-4;
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        up = slope(t, w, way, n, steps[s]), down = slope(t, w, way, n, -steps[s]);
        if (fabs((up + down) / 2 - says) < most || fabs(up - says) < most ||
            fabs(down - says) < most)
            return;
    }
    fail_msg("%s: the gradient says %g, the loss changes by %g and %g", name, says, up, down);
}

static bool to_length_one(float *v, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)v[i] * (double)v[i];
    for (size_t i = 0; sum > 0 && i < n; i++) v[i] = (float)((double)v[i] / sqrt(sum));
    return sum > 0;
}

/* Along parts of the gradient, along anything, and along the numbers that matter most. */
static void check_group(tiny *t, const char *name, float *w, const float *gradient, size_t n) {
    float *g = ts_new_n(&a, float, n), *way = ts_new_n(&a, float, n);
    size_t most = 0;
    memcpy(g, gradient, n * sizeof *g);
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < n; i++) way[i] = ts_random_below(&dice, 2) || n == 1 ? g[i] : 0;
        if (to_length_one(way, n)) check_way(t, name, w, g, way, n);
        fill(way, n, 1);
        if (to_length_one(way, n)) check_way(t, name, w, g, way, n);
    }
    for (size_t i = 0; i < n; i++) most = fabsf(g[i]) > fabsf(g[most]) ? i : most;
    if (fabsf(g[most]) < 1e-5f) fail_msg("%s: no gradient", name);
    memset(way, 0, n * sizeof *way);
    way[most] = 1;
    check_way(t, name, w, g, way, n);
}

static const struct {
    const char *name;
    size_t from, n;
} groups[] = {{"comparison 1", TS_NET_W1, TS_NET_IN *TS_NET_HIDDEN},
              {"comparison 1, biases", TS_NET_B1, TS_NET_HIDDEN},
              {"comparison 2", TS_NET_W2, TS_NET_HIDDEN *TS_NET_OUT},
              {"comparison 2, biases", TS_NET_B2, TS_NET_OUT},
              {"gate", TS_NET_WG, TS_NET_OUT},
              {"gate, bias", TS_NET_BG, 1},
              {"joint", TS_NET_W3, TS_NET_JOINT *TS_NET_HIDDEN},
              {"joint, biases", TS_NET_B3, TS_NET_HIDDEN},
              {"last", TS_NET_W4, TS_NET_HIDDEN},
              {"last, bias", TS_NET_B4, 1},
              {"features", TS_NET_WF, FEATURES *TS_NET_HIDDEN},
              {"features, biases", TS_NET_BF, TS_NET_HIDDEN},
              {"temperature", TS_NET_TEMP, 1}};

static void check_gradient(tiny *t) {
    size_t dense = ts_net_trained(FEATURES), vectors = BUCKETS * TS_NET_DIM;
    float *g = ts_new_n(&a, float, dense), *rows = ts_new_n(&a, float, vectors);
    loss_of(t);
    memcpy(g, t->work->grad, dense * sizeof *g);
    for (size_t i = 0; i < t->work->touched_n; i++)
        memcpy(rows + t->work->touched[i] * TS_NET_DIM, t->work->grad_rows + i * TS_NET_DIM,
               TS_NET_DIM * sizeof *rows);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        check_group(t, groups[i].name, t->p.w + groups[i].from, g + groups[i].from, groups[i].n);
    check_group(t, "vectors", t->p.rows, rows, vectors);
}

static void the_gradient_is_right(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        ts_arena mark = a;
        tiny t = tiny_network(seed, 0);
        check_gradient(&t);
        a = mark;
    }
}

static void the_gradient_is_right_when_things_are_left_out(void **state) {
    (void)state;
    for (uint64_t seed = 5; seed <= 8; seed++) {
        ts_arena mark = a;
        tiny t = tiny_network(seed, 0.25f);
        check_gradient(&t);
        a = mark;
    }
}

/* A batch says what its pairs say one by one, with the network that is run. */
static void training_and_running_agree(void **state) {
    (void)state;
    ts_arena mark = a;
    tiny t = tiny_network(9, 0);
    float *w = ts_new_n(&a, float, ts_net_dense(FEATURES));
    ts_net_row *rows = ts_new_n(&a, ts_net_row, BUCKETS);
    ts_net net = {.features = FEATURES, .buckets = BUCKETS, .rows = rows, .w = w};
    for (size_t i = 0; i < BUCKETS; i++) { /* vectors that are stored exactly */
        rows[i].scale = 0.25f;
        for (size_t k = 0; k < TS_NET_DIM; k++) {
            rows[i].v[k] = (int8_t)((int)ts_random_below(&dice, 9) - 4);
            t.p.rows[i * TS_NET_DIM + k] = 0.25f * (float)rows[i].v[k];
        }
    }
    memcpy(w, t.p.w, ts_net_trained(FEATURES) * sizeof *w);
    for (size_t i = 0; i < FEATURES; i++) w[ts_net_trained(FEATURES) + i] = t.b.mean[i];
    for (size_t i = 0; i < FEATURES * TS_NET_HIDDEN; i++) w[TS_NET_WF + i] *= 0.7f;
    double sum = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        const net_sample *s = &t.b.samples[i];
        const net_tokens *x = &t.b.sides[s->a], *y = &t.b.sides[s->b];
        ts_net_side sa, sb;
        ts_net_embed(&net, x->v, x->n, &sa);
        ts_net_embed(&net, y->v, y->n, &sb);
        double z = (double)ts_net_score(
            &net, &(ts_net_pair){&sa, &sb, s->same, s->found_a, s->found_b, s->x});
        sum += (double)s->weight * log1p(exp(s->y > 0.5f ? -z : z)) / PAIRS;
    }
    assert_true(fabs(sum - loss_of(&t)) < 1e-5);
    a = mark;
}

/* ---- a task ---- */

enum { TRAIN = 1600, HELD_OUT = 400 };

typedef struct word {
    char p[12];
    size_t n;
} word;

static word any_word(bool key) {
    word w = {.n = key ? 5 : 4 + ts_random_below(&dice, 4)};
    for (size_t i = 0; i < w.n; i++)
        w.p[i] = (char)(key && i > 1 ? '0' + (int)ts_random_below(&dice, 10)
                                     : 'a' + (int)ts_random_below(&dice, 26));
    return w;
}

static void put_word(net_tokens *t, word w, bool key) {
    ts_net_token *to = &t->v[t->n++];
    ts_net_pieces((ts_str){w.p, w.n}, 0, to);
    to->fact[0] = key;
    to->fact[1] = !key;
    to->fact[2] = (float)w.n / 12;
}

/* Six to ten words, one of them a number; on the other side one is misspelt, one may be missing,
 * and their order is another. When the two are not the same, only the number tells. */
static void put_pair(net_tokens *sides, net_sample *s, const word *words, size_t known) {
    static const float nothing[1] = {0};
    size_t n = 5 + ts_random_below(&dice, 5), first = ts_random_below(&dice, (uint32_t)n);
    word mine[10], theirs[10], key = any_word(true);
    bool match = ts_random_below(&dice, 2) == 0;
    for (size_t i = 0; i < n; i++)
        mine[i] = theirs[i] = words[ts_random_below(&dice, (uint32_t)known)];
    theirs[0].p[ts_random_below(&dice, 4)] = 'q';
    *s = (net_sample){.a = s->a, .b = s->b, .x = nothing, .y = match ? 1.f : 0.f, .weight = 1};
    net_tokens *ta = &sides[s->a], *tb = &sides[s->b];
    for (size_t i = 0; i < n; i++) put_word(ta, mine[i], false);
    put_word(ta, key, true);
    put_word(tb, match ? key : any_word(true), true);
    for (size_t i = ts_random_below(&dice, 2); i < n; i++)
        put_word(tb, theirs[(first + i) % n], false);
    for (size_t i = 0; i < ta->n; i++)
        for (size_t k = 0; k < tb->n; k++)
            if (ta->v[i].piece[0] == tb->v[k].piece[0]) {
                s->same[i] |= 1u << k;
                s->found_a |= 1u << i, s->found_b |= 1u << k;
            }
}

typedef struct task {
    net_tokens *sides;
    net_sample *train, *held_out;
} task;

static task make_task(uint64_t seed) {
    enum { WORDS = 200, N = TRAIN + HELD_OUT };
    dice = ts_random_seed(seed);
    task t = {.sides = ts_new_n(&a, net_tokens, 2 * N), .train = ts_new_n(&a, net_sample, N)};
    word words[WORDS];
    for (size_t i = 0; i < WORDS; i++) words[i] = any_word(false);
    for (uint32_t i = 0; i < N; i++) {
        t.train[i].a = 2 * i, t.train[i].b = 2 * i + 1;
        put_pair(t.sides, &t.train[i], words, WORDS);
    }
    t.held_out = t.train + TRAIN;
    return t;
}

static net_fit_options usual(void) {
    return (net_fit_options){.epochs = 6,
                             .batch = 32,
                             .seed = 1,
                             .features = 1,
                             .rate = 2e-3f,
                             .token_dropout = 0.05f,
                             .dropout = 0.2f,
                             .decay = 0.01f};
}

static float score(const ts_net *net, const task *t, const net_sample *s) {
    ts_net_side sa, sb;
    ts_net_embed(net, t->sides[s->a].v, t->sides[s->a].n, &sa);
    ts_net_embed(net, t->sides[s->b].v, t->sides[s->b].n, &sb);
    return ts_net_score(net, &(ts_net_pair){&sa, &sb, s->same, s->found_a, s->found_b, s->x});
}

static void it_learns_what_tells_products_apart(void **state) {
    (void)state;
    ts_arena mark = a;
    task t = make_task(3);
    const ts_net *net = 0;
    ts_error e = {0};
    if (!net_fit(&a, scratch, t.sides, t.train, TRAIN, 0, 0, usual(), &net, 0, &e))
        fail_msg("%s", e.msg);
    size_t right = 0, matches = 0;
    for (size_t i = 0; i < HELD_OUT; i++) {
        matches += t.held_out[i].y > 0.5f;
        right += (score(net, &t, &t.held_out[i]) > 0) == (t.held_out[i].y > 0.5f);
    }
    print_message("%zu of %d right\n", right, HELD_OUT);
    assert_in_range(matches, HELD_OUT / 3, HELD_OUT * 2 / 3);
    assert_true(right >= HELD_OUT * 9 / 10);
    a = mark;
}

typedef struct course {
    double loss[8], precision[8];
    unsigned epochs;
} course;

static void note(void *ctx, unsigned epoch, double loss, double average_precision) {
    course *c = ctx;
    assert_int_equal(epoch, c->epochs);
    c->loss[epoch] = loss, c->precision[epoch] = average_precision;
    c->epochs++;
}

/* What comes out is what was judged best, rounding included. */
static void the_best_epoch_is_kept(void **state) {
    (void)state;
    ts_arena mark = a;
    task t = make_task(4);
    course c = {.epochs = 0};
    net_fit_options o = usual();
    const ts_net *net = 0;
    unsigned best = 99;
    ts_error e = {0};
    o.epochs = 5, o.progress = note, o.ctx = &c;
    o.rate = 1e-2f; /* too much: the last epoch is not the best by rule */
    assert_true(
        net_fit(&a, scratch, t.sides, t.train, 400, t.held_out, HELD_OUT, o, &net, &best, &e));
    assert_int_equal(c.epochs, 5);
    assert_true(best < 5 && c.loss[4] < c.loss[0]);
    for (unsigned i = 0; i < 5; i++)
        assert_true(c.precision[i] < c.precision[best] ||
                    (i >= best && c.precision[i] <= c.precision[best]));
    judged *v = ts_new_n(&a, judged, HELD_OUT);
    for (size_t i = 0; i < HELD_OUT; i++) {
        float z = score(net, &t, &t.held_out[i]);
        v[i] = (judged){.probability = 0.5f + 0.5f * z / (1 + fabsf(z)),
                        .label = t.held_out[i].y > 0.5f};
    }
    assert_true(fabs(metrics_of(scratch, v, HELD_OUT, 0.5).average_precision - c.precision[best]) <
                1e-9);
    a = mark;
}

static ts_str bytes_of(const task *t, unsigned seed) {
    net_fit_options o = usual();
    const ts_net *net = 0;
    ts_error e = {0};
    o.epochs = 2, o.seed = seed;
    assert_true(net_fit(&a, scratch, t->sides, t->train, 150, 0, 0, o, &net, 0, &e));
    ts_buf b = ts_buf_new(&a, (size_t)16 << 20);
    ts_net_write(&b, net);
    char *p = ts_alloc_raw(&a, 1, 8, b.n);
    memcpy(p, b.p, b.n);
    return (ts_str){p, b.n};
}

static void a_seed_gives_one_network(void **state) {
    (void)state;
    ts_arena mark = a;
    task t = make_task(5);
    ts_str first = bytes_of(&t, 7), again = bytes_of(&t, 7), other = bytes_of(&t, 8);
    assert_true(ts_str_eq(first, again));
    assert_false(ts_str_eq(first, other));
    const ts_net *net = 0;
    ts_error e = {0};
    assert_true(ts_net_read(&a, first, &net, &e));
    assert_int_equal(ts_net_features(net), 1);
    a = mark;
}

static void refused(const task *t, size_t n, net_fit_options o, ts_error_code code,
                    const char *message) {
    const ts_net *net = 0;
    ts_error e = {0};
    ts_arena mark = a;
    assert_false(net_fit(&a, scratch, t->sides, t->train, n, 0, 0, o, &net, 0, &e));
    assert_int_equal(e.code, code);
    assert_string_equal(e.msg, message);
    assert_null(net);
    a = mark;
}

static void nonsense_is_refused(void **state) {
    (void)state;
    ts_arena mark = a;
    task t = make_task(6);
    net_fit_options o = usual();
    refused(&t, 0, o, TS_E_INPUT, "there are 0 pairs to train the network on; give some");
    static const char sizes[] = "the network takes at most 256 features, at least one epoch, and "
                                "batches of 1 to 4096 pairs";
    o.features = 257;
    refused(&t, 10, o, TS_E_USAGE, sizes);
    o = usual(), o.batch = 0;
    refused(&t, 10, o, TS_E_USAGE, sizes);
    o = usual(), o.batch = 5000;
    refused(&t, 10, o, TS_E_USAGE, sizes);
    o = usual(), o.epochs = 0;
    refused(&t, 10, o, TS_E_USAGE, sizes);
    o = usual(), o.dropout = 1;
    refused(&t, 10, o, TS_E_USAGE, "a share that is left out is at least 0 and less than 1");
    o = usual(), o.token_dropout = NAN;
    refused(&t, 10, o, TS_E_USAGE, "a share that is left out is at least 0 and less than 1");
    o = usual(), o.rate = 1e25f;
    refused(&t, 100, o, TS_E_INPUT,
            "training the network went astray in epoch 1; lower the learning rate");
    a = mark;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gradient_is_right),
        cmocka_unit_test(the_gradient_is_right_when_things_are_left_out),
        cmocka_unit_test(training_and_running_agree),
        cmocka_unit_test(it_learns_what_tells_products_apart),
        cmocka_unit_test(the_best_epoch_is_kept),
        cmocka_unit_test(a_seed_gives_one_network),
        cmocka_unit_test(nonsense_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
