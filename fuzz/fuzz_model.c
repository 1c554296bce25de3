/* A matching model from bytes: as they are, or as changes to a sound one ("p", then groups of a
 * 3-byte place and a byte; "s" does the same and puts the checksum right again). What is accepted
 * scores rows, weighs observations and is written again. */
#include <assert.h>
#include <math.h>

#include "match/match.h"

enum { TREES = 3, CHECKSUM = 24, HEADER = 248 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A sound model without a network, the same every time. */
static ts_str sound(ts_arena *a) {
    static const uint32_t roots[TREES] = {0, 3, 4};
    static const uint8_t depths[TREES] = {1, 0, 2};
    const ts_tree_node leaf = {.split = NAN};
    const ts_tree_node nodes[] = {{0.5f, 3, 1}, leaf,      leaf, leaf, {-1, TS_FEATURES - 1, 1},
                                  leaf,         {2, 0, 1}, leaf, leaf};
    const float means[] = {0.25f, -1, 1, 0.5f, 0, -2, 1, 0.5f, 3};
    ts_model m = {.name = "seed",
                  .threshold = 0.5,
                  .alone = {.trees = 1},
                  .both = {.trees = 1},
                  .open_from = 1,
                  .open_to = -1,
                  .trees = {nodes, means, roots, depths, TREES, 9, TS_FEATURES, -1},
                  .card = TS_S("{}")};
    ts_buf b = ts_buf_new(a, 1 << 16);
    ts_model_write(&b, &m);
    return ts_buf_str(&b);
}

static void seal(char *p, size_t n) {
    char header[HEADER];
    if (n < HEADER) return;
    ts_digest rest = ts_digest_of((ts_str){p + HEADER, n - HEADER});
    memcpy(header, p, HEADER);
    memcpy(header + CHECKSUM, &rest, sizeof rest);
    ts_digest all = ts_digest_of((ts_str){header, HEADER});
    memcpy(p + CHECKSUM, &all, sizeof all);
}

static void use(ts_arena scratch, const ts_model *m, ts_str bytes, ts_str text) {
    float x[TS_FEATURES], part[TS_FEATURES] = {0};
    ts_cue cue[3];
    for (size_t i = 0; i < TS_FEATURES; i++)
        x[i] = text.n ? (float)(unsigned char)text.p[i % text.n] / 4 - 20 : 0;
    for (uint32_t i = 0; i < 3; i++)
        cue[i] = (ts_cue){.slot = (i * 131071 + (uint32_t)text.n) % TS_CUE_SLOTS, .value = 1};
    float evidence = ts_model_evidence(m, cue, 3), trees = ts_trees_score(&m->trees, x);
    assert(isfinite(evidence) && isfinite(trees));
    assert(isfinite(ts_trees_explain(&m->trees, x, part)));
    double net = ts_model_is_open(m, (double)trees) ? 1 : 0;
    double p = ts_probability(ts_combine(net > 0 ? m->both : m->alone, (double)trees, net));
    assert(p >= 0 && p <= 1);
    assert(m->threshold > 0 && m->threshold < 1 && memchr(m->name, 0, sizeof m->name));
    assert(ts_model_id(&scratch, m).n >= 9);
    assert(m->card.n <= bytes.n);
    ts_buf b = ts_buf_new(&scratch, 2 * bytes.n + (1 << 20));
    ts_model_write(&b, m);
    assert(!b.full);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena arena;
    if (!arena.beg) arena = ts_arena_new((size_t)64 << 20);
    ts_arena a = arena;
    ts_str text = {(const char *)data, size}, bytes = text;
    bool patch = size && (data[0] == 'p' || data[0] == 's');
    if (patch) bytes = sound(&a);
    /* A block of its own, of the exact size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(bytes.n ? bytes.n : 1);
    if (!copy) return 0;
    if (bytes.n) memcpy(copy, bytes.p, bytes.n);
    for (size_t i = 1; patch && i + 4 <= size; i += 4)
        copy[((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % bytes.n] =
            (char)data[i + 3];
    if (patch && data[0] == 's') seal(copy, bytes.n);
    bytes.p = copy;
    ts_model m = {0};
    ts_error e = {0};
    if (ts_model_read(&a, &m, bytes, &e))
        use(a, &m, bytes, text);
    else
        assert((e.code == TS_E_INPUT || e.code == TS_E_VERSION) && e.msg[0]);
    free(copy);
    return 0;
}
