#include "align.h"

/* ---- spelling ---- */

/* Ones in a word; the plain instruction set has none that counts them. */
static unsigned ones(uint64_t x) {
    x -= x >> 1 & 0x5555555555555555ull;
    x = (x & 0x3333333333333333ull) + (x >> 2 & 0x3333333333333333ull);
    return (unsigned)(((x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Full) * 0x0101010101010101ull >> 56);
}

/* The pairs of neighbouring bytes in a word, as bits; pairs may share a bit. */
static uint64_t bigrams(ts_str w) {
    uint64_t set = 0;
    for (size_t i = 0; i + 1 < w.n; i++) {
        uint32_t x = (uint32_t)(unsigned char)w.p[i] << 8 | (unsigned char)w.p[i + 1];
        set |= 1ull << (x * 0x9E3779B1u >> 26);
    }
    return set;
}

float likeness(ts_str a, ts_str b) {
    enum { MOST = 128 };
    static const uint64_t none[2];
    uint64_t mask[256][2], v[2] = {~0ull, ~0ull};
    uint8_t seen[256 / 8] = {0};
    if (a.n > MOST) a.n = MOST;
    if (b.n > MOST) b.n = MOST;
    if (!a.n || !b.n) return 0;
    for (size_t i = 0; i < a.n; i++) {
        unsigned c = (unsigned char)a.p[i];
        if (!(seen[c >> 3] >> (c & 7) & 1)) mask[c][0] = mask[c][1] = 0;
        seen[c >> 3] |= (uint8_t)(1u << (c & 7));
        mask[c][i >> 6] |= 1ull << (i & 63);
    }
    for (size_t i = 0; i < b.n; i++) { /* bit-parallel: H. Hyyrö, 2004 */
        unsigned c = (unsigned char)b.p[i];
        const uint64_t *m = seen[c >> 3] >> (c & 7) & 1 ? mask[c] : none;
        uint64_t u0 = v[0] & m[0], u1 = v[1] & m[1], sum0 = v[0] + u0;
        uint64_t sum1 = v[1] + u1 + (sum0 < u0);
        v[0] = sum0 | (v[0] - u0);
        v[1] = sum1 | (v[1] - u1);
    }
    uint64_t used0 = a.n >= 64 ? ~0ull : (1ull << a.n) - 1, used1 = a.n <= 64 ? 0
                                                                    : a.n == MOST
                                                                        ? ~0ull
                                                                        : (1ull << (a.n - 64)) - 1;
    unsigned common = ones(~v[0] & used0) + ones(~v[1] & used1);
    return 2 * (float)common / (float)(a.n + b.n);
}

/* ---- tokens ---- */

/* For each of 64 groups of hashes, the tokens in it. */
typedef struct groups {
    uint32_t words[64], types[64];
} groups;

static void group_tokens(const sketch *s, groups *g) {
    const sketch_token *t = sketch_tokens(s);
    memset(g, 0, sizeof *g);
    for (unsigned i = 0; i < s->tokens_n; i++) {
        g->words[t[i].hash & 63] |= 1u << i;
        if (t[i].type && !(t[i].flags & SK_COMPAT)) g->types[t[i].type & 63] |= 1u << i;
    }
}

static void same_words(alignment *m) {
    const sketch_token *a = sketch_tokens(m->a), *b = sketch_tokens(m->b);
    groups g;
    group_tokens(m->b, &g);
    for (unsigned i = 0; i < m->a->tokens_n; i++) {
        uint32_t bits = 0;
        for (uint32_t c = g.words[a[i].hash & 63]; c; c &= c - 1) {
            int k = __builtin_ctz(c);
            if (b[k].hash == a[i].hash) bits |= 1u << k;
        }
        bool typed = a[i].type && !(a[i].flags & SK_COMPAT);
        for (uint32_t c = typed ? g.types[a[i].type & 63] : 0; c; c &= c - 1) {
            int k = __builtin_ctz(c);
            if (b[k].type == a[i].type) bits |= 1u << k;
        }
        m->same[i] = bits;
        m->same_b |= bits;
        m->same_a |= (uint32_t)(bits != 0) << i;
    }
}

static uint32_t first_ones(const sketch *s) {
    const sketch_token *t = sketch_tokens(s);
    uint32_t first = 0;
    for (unsigned i = 0; i < s->tokens_n; i++) first |= (uint32_t) !(t[i].flags & SK_AGAIN) << i;
    return first;
}

/* A word without a counterpart, prepared. */
typedef struct loner {
    ts_str text;
    uint64_t bigrams;
    float count; /* of bigrams */
    uint8_t at;
} loner;

static unsigned loners(const sketch *s, uint32_t same, float *near, loner *out) {
    const sketch_token *t = sketch_tokens(s);
    unsigned n = 0;
    for (unsigned i = 0; i < s->title_n; i++) {
        near[i] = (float)(same >> i & 1);
        if (same >> i & 1) continue;
        ts_str text = sketch_word(s, &t[i]);
        uint64_t set = bigrams(text);
        out[n++] = (loner){text, set, (float)ones(set), (uint8_t)i};
    }
    return n;
}

static float nearness(const loner *x, const loner *y) {
    size_t least = x->text.n < y->text.n ? x->text.n : y->text.n;
    uint64_t both = x->bigrams & y->bigrams;
    if (!both) return 0;
    float dice = 2 * (float)ones(both) / (x->count + y->count);
    if (least >= 4 && dice < 0.8f && memcmp(x->text.p, y->text.p, least) == 0) return 0.8f;
    return dice;
}

/* How like each other the words without a counterpart are spelt. */
static void near_words(alignment *m, const loner *a, unsigned na, const loner *b, unsigned nb) {
    for (unsigned i = 0; i < na; i++)
        for (unsigned k = 0; k < nb; k++) {
            float x = nearness(&a[i], &b[k]);
            if (x > m->near_a[a[i].at]) m->near_a[a[i].at] = x;
            if (x > m->near_b[b[k].at]) m->near_b[b[k].at] = x;
        }
}

/* Tokens of `s` that have no counterpart among the tokens, but stand in the other's text: as a
 * word, or as a part of its name. */
static uint32_t found_in(const sketch *s, uint32_t same, const loner *lone, unsigned n,
                         const sketch *other) {
    const sketch_token *t = sketch_tokens(s);
    ts_str name = sketch_name(other);
    uint64_t in_name = bigrams(name);
    uint32_t found = same;
    for (unsigned i = 0; i < s->tokens_n; i++)
        if (!(same >> i & 1) && sketch_has(other, t[i].hash)) found |= 1u << i;
    for (unsigned i = 0; i < n; i++)
        if (lone[i].text.n >= 4 && !(lone[i].bigrams & ~in_name) &&
            ts_str_find(name, lone[i].text) != TS_NPOS)
            found |= 1u << lone[i].at;
    return found;
}

static uint32_t low_bits(unsigned n) { return n >= 32 ? ~0u : (1u << n) - 1; }

void align(const sketch *a, const sketch *b, alignment *m) {
    m->a = a, m->b = b;
    m->same_a = m->same_b = 0;
    same_words(m);
    m->title_a = low_bits(a->title_n);
    m->title_b = low_bits(b->title_n);
    m->first_a = first_ones(a);
    m->first_b = first_ones(b);
    loner lone_a[SKETCH_TOKENS], lone_b[SKETCH_TOKENS];
    unsigned na = loners(a, m->same_a, m->near_a, lone_a),
             nb = loners(b, m->same_b, m->near_b, lone_b);
    m->found_a = found_in(a, m->same_a, lone_a, na, b);
    m->found_b = found_in(b, m->same_b, lone_b, nb, a);
    near_words(m, lone_a, na, lone_b, nb);
}
