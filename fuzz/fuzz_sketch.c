/* A product from bytes: its fields on a line each (title, brand, model, description, category,
 * price, currency), sketched, aligned with itself and with a fixed product, and put into numbers.
 * Then the sketch's own bytes with changes: what follows a zero byte is groups of a 2-byte place
 * and a byte. */
#include <assert.h>
#include <math.h>

#include "match/evidence.h"
#include "match/features.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sketch *sketch_of(ts_arena *a, ts_str lines) {
    ts_str field[TS_FIELDS] = {{0}};
    static const ts_field order[TS_FIELDS] = {TS_F_TITLE, TS_F_BRAND, TS_F_MODEL, TS_F_DETAIL,
                                              TS_F_CATEGORY};
    for (int i = 0; i < TS_FIELDS; i++) field[order[i]] = ts_str_cut(&lines, '\n');
    ts_str price = ts_str_cut(&lines, '\n');
    ts_view v;
    ts_view_build(a, field, &v);
    return sketch_build(a, &v, price, lines, true);
}

static void weigh(ts_arena scratch, sketch *s, uint8_t weight) {
    uint8_t *w = ts_new_raw(&scratch, uint8_t, WORDS_SIZE);
    memset(w, weight, WORDS_SIZE);
    sketch_weigh(s, (word_weights){w});
}

static void compare(const sketch *a, const sketch *b) {
    alignment m;
    float x[FT_COUNT] = {0};
    ts_cue item[EVIDENCE_MOST];
    align(a, b, &m);
    features_text(&m, x);
    features_vectors(&m, x);
    for (int i = 0; i < FT_COUNT; i++) assert(isfinite(x[i]));
    size_t n = evidence_items(&m, item);
    assert(n <= EVIDENCE_MOST);
    for (size_t i = 0; i < n; i++) assert(item[i].slot < EVIDENCE_SLOTS);
}

static void use(const sketch *s, const sketch *fixed) {
    ts_net_token t[TS_NET_TOKENS];
    compare(s, s);
    compare(s, fixed);
    compare(fixed, s);
    assert(sketch_net_tokens(s, t) == s->tokens_n);
    for (unsigned i = 0; i < s->tokens_n; i++) assert(t[i].pieces && t[i].pieces <= TS_NET_PIECES);
}

static void changed(const sketch *s, const sketch *fixed, ts_str changes) {
    /* A block of its own, of the exact size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(s->size);
    if (!copy) return;
    memcpy(copy, s, s->size);
    for (; changes.n >= 3; changes = ts_str_from(changes, 3)) {
        const unsigned char *c = (const unsigned char *)changes.p;
        copy[((unsigned)c[0] << 8 | c[1]) % s->size] = changes.p[2];
    }
    const sketch *t = (const sketch *)(const void *)copy;
    if (sketch_sound(t, s->size)) use(t, fixed);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena arena;
    static sketch *fixed;
    if (!fixed) {
        arena = ts_arena_new((size_t)256 << 20);
        fixed = sketch_of(&arena, TS_S("Kelvano KX-FA 83 kettle 1.7 l 电水壶\nKelvano\nKX-FA83\n"
                                       "a steel kettle\nKitchen\n24,99\nEUR"));
        weigh(arena, fixed, 30);
    }
    ts_arena a = arena;
    ts_str bytes = {(const char *)data, size}, lines = ts_str_cut(&bytes, 0);
    sketch *s = sketch_of(&a, lines);
    weigh(a, s, (uint8_t)(size ? data[size - 1] : 40));
    assert(sketch_sound(s, s->size));
    use(s, fixed);
    changed(s, fixed, bytes);
    return 0;
}
