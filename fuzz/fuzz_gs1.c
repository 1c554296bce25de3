/* AIs in brackets and as an element string. What is accepted is valid, and reads back from every
 * notation as the same AIs. */
#include <assert.h>

#include "product/product.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_all(const ts_gs1 *some, const ts_gs1 *all) {
    for (size_t i = 0; i < some->n; i++) {
        bool found = false;
        for (size_t k = 0; k < all->n; k++)
            found |= ts_str_eq(all->v[k].ai, some->v[i].ai) &&
                     ts_str_eq(all->v[k].value, some->v[i].value);
        if (!found) return false;
    }
    return some->n == all->n;
}

static void use(ts_arena *a, const ts_gs1 *g) {
    ts_gs1 back;
    ts_digital_link l;
    ts_error e;
    ts_str link;
    assert(g->n > 0 && ts_gs1_validate(g, &e));
    assert(ts_gs1_from_brackets(a, ts_gs1_brackets(a, g), &back, &e) && has_all(g, &back));
    assert(ts_gs1_from_element_string(a, ts_gs1_element_string(a, g), &back, &e) &&
           has_all(g, &back));
    assert(ts_grain_name(ts_gs1_grain(g))[0]);
    for (size_t i = 0; i < g->n; i++) (void)ts_gs1_title(g->v[i].ai);
    if (!ts_digital_link_build(a, TS_NONE, g, &link, &e)) return;
    assert(ts_digital_link_parse(a, link, &l, &e) && has_all(g, &l.ais));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena arena;
    if (!arena.beg) arena = ts_arena_new((size_t)64 << 20);
    ts_arena a = arena;
    /* A block of its own, of the exact size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(size ? size : 1);
    if (!copy) return 0;
    if (size) memcpy(copy, data, size);
    ts_str text = {copy, size};
    ts_gs1 g;
    ts_error e = {0};
    char gtin[14];
    if (ts_gs1_from_brackets(&a, text, &g, &e))
        use(&a, &g);
    else
        assert(e.msg[0] && e.byte <= size);
    e = (ts_error){0};
    if (ts_gs1_from_element_string(&a, text, &g, &e))
        use(&a, &g);
    else
        assert(e.msg[0] && e.byte <= size);
    ts_gtin_as_14(text, gtin, &e);
    free(copy);
    return 0;
}
