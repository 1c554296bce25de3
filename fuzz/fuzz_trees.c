/* Trees of a model, as bytes. What is accepted scores and explains rows inside its arrays, with
 * finite results, and is written again as it was. */
#include <assert.h>
#include <math.h>

#include "match/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 3 };

/* Numbers from the input itself, of any kind: not finite ones, too. */
static float *rows_of(ts_arena *a, ts_str bytes, size_t n) {
    float *x = ts_new_n(a, float, n);
    for (size_t i = 0; i < n; i++)
        memcpy(&x[i], bytes.p + i * sizeof *x % (bytes.n - sizeof *x), sizeof *x);
    return x;
}

static void check_row(ts_arena scratch, const ts_trees *t, const float *x, float score) {
    float *part = ts_new_n(&scratch, float, t->features);
    float rest = ts_trees_explain(t, x, part), single = ts_trees_score(t, x);
    assert(isfinite(score) && isfinite(rest) && single == score);
    for (uint32_t f = 0; f < t->features; f++) assert(isfinite(part[f]));
}

static void check(ts_arena scratch, ts_str bytes) {
    ts_trees t;
    ts_error e = {0};
    if (!ts_trees_read(bytes, &t, &e)) {
        assert(e.code == TS_E_INPUT && e.msg[0]);
        return;
    }
    float *x = rows_of(&scratch, bytes, (size_t)t.features * ROWS), score[ROWS];
    ts_trees_score_many(&t, x, t.features, ROWS, score);
    for (size_t i = 0; i < ROWS; i++) check_row(scratch, &t, x + i * t.features, score[i]);
    ts_buf b = ts_buf_new(&scratch, (size_t)1 << 20);
    ts_trees_write(&b, &t);
    assert(ts_str_eq(ts_buf_str(&b), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena arena;
    if (!arena.beg) arena = ts_arena_new((size_t)16 << 20);
    /* A block of its own, of the exact size, so that the sanitizer sees a read behind it. */
    void *copy = malloc(size ? size : 1);
    if (!copy) return 0;
    if (size) memcpy(copy, data, size);
    check(arena, (ts_str){copy, size});
    free(copy);
    return 0;
}
