#include "match/align.h"

#include <math.h>

#include "sketches.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* ---- likeness ---- */

/* The definition: longest common subsequence by dynamic programming. */
static float plain_likeness(ts_str x, ts_str y) {
    unsigned row[2][129] = {{0}};
    if (x.n > 128) x.n = 128;
    if (y.n > 128) y.n = 128;
    if (!x.n || !y.n) return 0;
    for (size_t i = 1; i <= x.n; i++) {
        const unsigned *up = row[(i - 1) & 1];
        unsigned *now = row[i & 1];
        for (size_t k = 1; k <= y.n; k++)
            now[k] = x.p[i - 1] == y.p[k - 1] ? up[k - 1] + 1
                     : up[k] > now[k - 1]     ? up[k]
                                              : now[k - 1];
    }
    return 2 * (float)row[x.n & 1][y.n] / (float)(x.n + y.n);
}

static void check_likeness(ts_str x, ts_str y) {
    float got = likeness(x, y), want = plain_likeness(x, y);
    if (got != want)
        print_error("'%.*s' and '%.*s': %f, wanted %f\n", TS_P(x), TS_P(y), (double)got,
                    (double)want);
    assert_true(got == want);
    assert_true(likeness(y, x) == want);
}

static void likeness_by_hand(void **state) {
    (void)state;
    assert_true(likeness(TS_NONE, TS_NONE) == 0);
    assert_true(likeness(TS_S("kettle"), TS_NONE) == 0);
    assert_true(likeness(TS_S("kettle"), TS_S("kettle")) == 1);
    assert_true(likeness(TS_S("abcd"), TS_S("wxyz")) == 0);
    assert_true(likeness(TS_S("abcd"), TS_S("acbd")) == 0.75f); /* abd */
    assert_true(likeness(TS_S("kv2080"), TS_S("kv2085")) == 10.f / 12);
    assert_true(likeness(TS_S("ab"), TS_S("ba")) == 0.5f);
    assert_true(likeness(TS_S("\x00\xFF"), TS_S("\xFF\x00")) == 0.5f); /* any bytes */
}

/* Around the ends of the machine words that it counts in. */
static void likeness_of_random_strings(void **state) {
    (void)state;
    static const size_t lengths[] = {1,  2,   31,  32,  62,  63,  64,  65,  66,
                                     96, 126, 127, 128, 129, 130, 200, 1000};
    enum { LENGTHS = sizeof lengths / sizeof *lengths };
    ts_random r = ts_random_seed(4);
    char x[1000], y[1000];
    for (int round = 0; round < 6; round++) {
        const uint32_t letters = round < 2 ? 2 : round < 4 ? 5 : 256;
        for (size_t i = 0; i < LENGTHS * LENGTHS; i++) {
            size_t nx = lengths[i / LENGTHS], ny = lengths[i % LENGTHS];
            for (size_t k = 0; k < nx; k++) x[k] = (char)('a' + ts_random_below(&r, letters));
            for (size_t k = 0; k < ny; k++)
                y[k] = k < nx && ts_random_below(&r, 3)
                           ? x[k]
                           : (char)('a' + ts_random_below(&r, letters));
            check_likeness((ts_str){x, nx}, (ts_str){y, ny});
            check_likeness((ts_str){x, nx}, (ts_str){x, nx});
        }
    }
    memset(x, 'q', sizeof x);
    for (size_t i = 0; i < LENGTHS; i++) {
        check_likeness((ts_str){x, lengths[i]}, (ts_str){x, 64});
        check_likeness((ts_str){x, lengths[i]}, (ts_str){x, 128});
    }
}

/* What stands behind the 128th byte does not count. */
static void likeness_looks_at_the_start(void **state) {
    (void)state;
    char x[300], y[300];
    memset(x, 'a', sizeof x);
    memset(y, 'a', sizeof y);
    memset(y + 128, 'b', sizeof y - 128);
    assert_true(likeness((ts_str){x, 300}, (ts_str){y, 300}) == 1);
}

/* ---- words ---- */

static alignment aligned(product x, product y) {
    alignment m;
    align(weighed(&a, x), weighed(&a, y), &m);
    return m;
}
static alignment titles(const char *x, const char *y) {
    return aligned((product){.title = x}, (product){.title = y});
}

/* The number of a word among a sketch's tokens. */
static unsigned at(const sketch *s, const char *word) {
    for (unsigned i = 0; i < s->tokens_n; i++)
        if (ts_str_is(sketch_word(s, &sketch_tokens(s)[i]), word)) return i;
    print_error("there is no token '%.*s'\n", TS_P(ts_str_c(word)));
    fail();
    return 0;
}
static bool bit(uint32_t set, unsigned i) { return set >> i & 1; }
static bool same_a(const alignment *m, const char *w) { return bit(m->same_a, at(m->a, w)); }
static bool same_b(const alignment *m, const char *w) { return bit(m->same_b, at(m->b, w)); }
static bool found_a(const alignment *m, const char *w) { return bit(m->found_a, at(m->a, w)); }
static bool found_b(const alignment *m, const char *w) { return bit(m->found_b, at(m->b, w)); }
static float near_a(const alignment *m, const char *w) { return m->near_a[at(m->a, w)]; }
static float near_b(const alignment *m, const char *w) { return m->near_b[at(m->b, w)]; }

static void same_words(void **state) {
    (void)state;
    alignment m = aligned((product){.title = "Kelvano tent, tent blue", .description = "pegs"},
                          (product){.title = "Green tent Kelvano", .description = "pegs and rope"});
    assert_int_equal(m.title_a, 0xF);
    assert_int_equal(m.title_b, 0x7);
    assert_int_equal(m.first_a, 0x1B); /* kelvano tent - blue pegs */
    assert_int_equal(m.same[0], 1u << at(m.b, "kelvano"));
    assert_int_equal(m.same[1], 1u << at(m.b, "tent"));
    assert_int_equal(m.same[2], m.same[1]);
    assert_int_equal(m.same[3], 0);
    assert_true(same_a(&m, "pegs") && same_b(&m, "pegs"));
    assert_false(same_a(&m, "blue") || same_b(&m, "green") || same_b(&m, "rope"));
    assert_false(found_a(&m, "blue") || found_b(&m, "green") || found_b(&m, "rope"));
}

/* Words that name the same type are the same, in whatever language. */
static void types_across_languages(void **state) {
    (void)state;
    static const char *const kettles[] = {"Brunelka kettle", "Brunelka Wasserkocher",
                                          "Brunelka 电水壶", "Brunelka Electric Kettle",
                                          "Brunelka Teewasserkocher"};
    enum { N = sizeof kettles / sizeof *kettles };
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) {
            alignment m = titles(kettles[i], kettles[k]);
            uint32_t all_a = (1u << m.a->tokens_n) - 1, all_b = (1u << m.b->tokens_n) - 1;
            if (m.same_a != all_a || m.same_b != all_b)
                print_error("'%s' and '%s'\n", kettles[i], kettles[k]);
            assert_int_equal(m.same_a, all_a);
            assert_int_equal(m.same_b, all_b);
        }
    alignment m = titles("Brunelka kettle", "Brunelka Toaster");
    assert_false(same_a(&m, "kettle") || same_b(&m, "toaster"));
    /* the type of the thing that this one goes with is no counterpart */
    m = titles("Brunelka kettle", "Filter für Brunelka Wasserkocher");
    assert_false(same_a(&m, "kettle") || same_b(&m, "wasserkocher"));
    assert_true(same_a(&m, "brunelka"));
    /* but the same word is */
    m = titles("Brunelka kettle", "filter for Brunelka kettle");
    assert_true(same_a(&m, "kettle"));
}

static void found_elsewhere(void **state) {
    (void)state;
    /* glued, both ways */
    alignment m = titles("Panafono KX-FA 83 toner", "Panafono kxfa83 black");
    assert_true(found_b(&m, "kxfa83"));
    assert_false(same_b(&m, "kxfa83") || found_b(&m, "black"));
    m = titles("Quorvexa flaskora carrier", "Quorvexa flaskoracarrier");
    assert_true(found_a(&m, "flaskora") && found_a(&m, "carrier"));
    assert_true(found_b(&m, "flaskoracarrier"));
    assert_false(same_a(&m, "flaskora") || same_b(&m, "flaskoracarrier"));
    /* less than four letters are found in anything */
    m = titles("Quorvexa fla", "Quorvexa flaskoracarrier");
    assert_false(found_a(&m, "fla"));
    /* in the description, behind what is a token */
    ts_buf b = ts_buf_new(&a, 4096);
    for (int i = 0; i < 60; i++) ts_buf_fmt(&b, "wort%c%c ", 'a' + i / 26, 'a' + i % 26);
    ts_buf_lit(&b, "lanyard ");
    ts_buf_c(&b, 0);
    m = aligned((product){.title = "Kelvano lanyard ropes"},
                (product){.title = "Kelvano strap", .description = b.p});
    assert_true(found_a(&m, "lanyard"));
    assert_false(same_a(&m, "lanyard") || found_a(&m, "ropes"));
    /* words of a description are looked for as words only, not inside of others */
    m = aligned((product){.title = "Kelvano", .description = "carrier"},
                (product){.title = "flaskoracarrier"});
    assert_false(found_a(&m, "carrier"));
}

static void spelt_alike(void **state) {
    (void)state;
    alignment m = titles("Brunelka galaxy quorvexa lok", "Brunelko galaxyseven ystum lok");
    assert_true(near_a(&m, "lok") == 1 && near_b(&m, "lok") == 1);
    assert_true(near_a(&m, "brunelka") >= 0.7f && near_a(&m, "brunelka") < 1);
    assert_true(near_a(&m, "brunelka") == near_b(&m, "brunelko"));
    assert_true(near_a(&m, "galaxy") >= 0.8f && near_b(&m, "galaxyseven") >= 0.8f);
    assert_true(near_a(&m, "quorvexa") < 0.4f && near_b(&m, "ystum") < 0.4f);
    /* words that have a counterpart are no one else's */
    m = titles("Brunelka tent", "Brunelka Brunelko tent");
    assert_true(near_b(&m, "brunelko") == 0);
    for (unsigned i = 0; i < m.a->title_n; i++) assert_true(m.near_a[i] >= 0 && m.near_a[i] <= 1);
    for (unsigned i = 0; i < m.b->title_n; i++) assert_true(m.near_b[i] >= 0 && m.near_b[i] <= 1);
}

static void with_nothing(void **state) {
    (void)state;
    alignment m = titles("", "Kelvano kettle");
    assert_int_equal(m.same_a | m.same_b | m.found_a | m.found_b | m.title_a | m.first_a, 0);
    assert_int_equal(m.title_b, 3);
    m = titles("", "");
    assert_int_equal(m.same_a | m.same_b | m.found_a | m.found_b | m.title_b | m.first_b, 0);
}

/* ---- what must hold for any two ---- */

static ts_str random_text(ts_random *r, unsigned most) {
    static const char *const pieces[] = {
        "Kelvano ", "kettle ", "Wasserkocher ", "电水壶",   "KX-FA ",  "83 ",
        "kxfa83 ",  "for ",    "black ",        "schwarz ", "1.7 l ",  "水壶",
        "with ",    "cable ",  "Pro ",          ", ",       "Kelvan ", "tent",
        "QX",       "-",       "\xFF",          "套",       "500ml ",  "a "};
    ts_buf b = ts_buf_new(&a, 1 << 14);
    for (unsigned n = ts_random_below(r, most); n > 0; n--)
        ts_buf_put(&b, ts_str_c(pieces[ts_random_below(r, sizeof pieces / sizeof *pieces)]));
    return ts_buf_str(&b);
}

static sketch *random_sketch(ts_random *r) {
    ts_str f[TS_FIELDS];
    for (int i = 0; i < TS_FIELDS; i++) f[i] = random_text(r, i == TS_F_TITLE ? 40 : 6);
    sketch *s = sketched_fields(&a, f, TS_NONE, TS_NONE);
    sketch_weigh(s, even_weights(&a, 32));
    return s;
}

static void check_pair(const sketch *x, const sketch *y) {
    alignment m, back;
    align(x, y, &m);
    align(y, x, &back);
    uint32_t some_a = 0, some_b = 0;
    for (unsigned i = 0; i < x->tokens_n; i++) {
        some_b |= m.same[i];
        some_a |= (uint32_t)(m.same[i] != 0) << i;
        for (unsigned k = 0; k < y->tokens_n; k++)
            assert_int_equal(bit(m.same[i], k), bit(back.same[k], i));
    }
    assert_int_equal(m.same_a, some_a);
    assert_int_equal(m.same_b, some_b);
    assert_int_equal(m.same_a, back.same_b);
    assert_int_equal(m.found_a, back.found_b);
    assert_int_equal(m.found_b, back.found_a);
    assert_int_equal(m.first_a, back.first_b);
    assert_int_equal(m.found_a & m.same_a, m.same_a); /* what is the same is found */
    for (unsigned i = 0; i < x->title_n; i++) assert_true(m.near_a[i] == back.near_b[i]);
    for (unsigned k = 0; k < y->title_n; k++) assert_true(m.near_b[k] == back.near_a[k]);
    if (x->tokens_n < 32) assert_int_equal((m.same_a | m.found_a | m.first_a) >> x->tokens_n, 0);
}

static void either_way_round(void **state) {
    (void)state;
    ts_random r = ts_random_seed(6);
    for (int round = 0; round < 2000; round++) {
        ts_arena mark = a;
        const sketch *x = random_sketch(&r), *y = random_sketch(&r);
        check_pair(x, y);
        alignment own;
        align(x, x, &own);
        for (unsigned i = 0; i < x->tokens_n; i++) assert_true(bit(own.same[i], i));
        for (unsigned i = 0; i < x->title_n; i++) assert_true(own.near_a[i] == 1);
        a = mark;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likeness_by_hand),
        cmocka_unit_test(likeness_of_random_strings),
        cmocka_unit_test(likeness_looks_at_the_start),
        cmocka_unit_test(same_words),
        cmocka_unit_test(types_across_languages),
        cmocka_unit_test(found_elsewhere),
        cmocka_unit_test(spelt_alike),
        cmocka_unit_test(with_nothing),
        cmocka_unit_test(either_way_round),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
