/* A token-alignment network from bytes: as they are, or as changes to a sound one ("p", then groups
 * of a 3-byte place and a byte). What is accepted embeds, scores and explains. */
#include <assert.h>
#include <math.h>

#include "match/match.h"

enum { FEATURES = 9, BUCKETS = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void side_of(const ts_net *net, ts_str text, ts_net_side *out) {
    ts_net_token t[TS_NET_TOKENS] = {{{0}, 0, {0}}};
    size_t n = 0;
    for (; text.n && n < TS_NET_TOKENS; n++) {
        ts_net_pieces(ts_str_cut(&text, ' '), n % 3, &t[n]);
        assert(t[n].pieces > 0 && t[n].pieces <= TS_NET_PIECES);
        for (size_t f = 0; f < TS_NET_FACTS; f++) t[n].fact[f] = (float)((n + f) % 3) / 2;
    }
    ts_net_embed(net, t, n, out);
}

static void use(const ts_net *net, ts_str text) {
    ts_net_side a, b;
    uint32_t same[TS_NET_TOKENS];
    float x[TS_NET_FEATURES], in_a[TS_NET_TOKENS], in_b[TS_NET_TOKENS], in_x[TS_NET_FEATURES];
    side_of(net, ts_str_to(text, text.n / 2), &a);
    side_of(net, ts_str_from(text, text.n / 2), &b);
    for (uint32_t i = 0; i < TS_NET_TOKENS; i++) same[i] = i * 0x9e3779b9u & i * 0x85ebca6bu;
    for (size_t i = 0; i < TS_NET_FEATURES; i++) x[i] = (float)i - 100;
    ts_net_pair p = {
        .a = &a, .b = &b, .same = same, .found_a = same[5], .found_b = same[7], .x = x};
    assert(isfinite(ts_net_score(net, &p)));
    assert(isfinite(ts_net_explain(net, &p, in_a, in_b, in_x)));
    for (size_t i = 0; i < a.n; i++) assert(isfinite(in_a[i]));
    for (size_t i = 0; i < b.n; i++) assert(isfinite(in_b[i]));
    for (size_t i = 0; i < ts_net_features(net); i++) assert(isfinite(in_x[i]));
}

/* A sound network, the same every time. */
static ts_str sound(ts_arena *a) {
    ts_random r = ts_random_seed(1);
    float *w = ts_new_n(a, float, ts_net_dense(FEATURES));
    ts_net_row *rows = ts_new_n(a, ts_net_row, BUCKETS);
    for (size_t i = 0; i < ts_net_dense(FEATURES); i++) w[i] = (float)ts_random_unit(&r) - 0.5f;
    w[TS_NET_TEMP] = 8;
    for (size_t i = 0; i < BUCKETS; i++) {
        rows[i].scale = 0.01f;
        for (size_t k = 0; k < TS_NET_DIM; k++)
            rows[i].v[k] = (int8_t)((int)ts_random_below(&r, 255) - 127);
    }
    ts_net net = {.features = FEATURES, .buckets = BUCKETS, .rows = rows, .w = w};
    ts_buf b = ts_buf_new(a, (size_t)1 << 20);
    ts_net_write(&b, &net);
    return ts_buf_str(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena arena;
    if (!arena.beg) arena = ts_arena_new((size_t)64 << 20);
    ts_arena mark = arena;
    ts_str bytes = {(const char *)data, size}, text = bytes;
    if (size && data[0] == 'p') bytes = sound(&arena);
    char *copy = ts_alloc_raw(&arena, 1, 8, bytes.n);
    if (bytes.n) memcpy(copy, bytes.p, bytes.n);
    for (size_t i = 1; size && data[0] == 'p' && i + 4 <= size; i += 4)
        copy[((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % bytes.n] =
            (char)data[i + 3];
    const ts_net *net = 0;
    ts_error e = {0};
    if (ts_net_read(&arena, (ts_str){copy, bytes.n}, &net, &e))
        use(net, text);
    else
        assert(e.code == TS_E_INPUT && e.msg[0]);
    arena = mark;
    return 0;
}
