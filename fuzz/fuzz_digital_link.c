/* Digital Links and product identifiers. What is accepted is written again and reads the same; a
 * canonical form is its own canonical form. */
#include <assert.h>

#include "product/product.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use_link(ts_arena *a, const ts_digital_link *l) {
    ts_digital_link m;
    ts_error e;
    ts_str again;
    assert(l->path_n >= 1 && l->path_n <= l->ais.n && ts_gs1_validate(&l->ais, &e));
    if (!ts_digital_link_build(a, l->stem, &l->ais, &again, &e))
        return; /* several keys, too long */
    assert(ts_digital_link_parse(a, again, &m, &e));
    assert(l->ais.n == m.ais.n && l->path_n == m.path_n && ts_str_eq(l->stem, m.stem));
    for (size_t i = 0; i < l->path_n; i++) {
        assert(ts_str_eq(l->ais.v[i].ai, m.ais.v[i].ai));
        assert(ts_str_eq(l->ais.v[i].value, m.ais.v[i].value));
    }
}

static void use_id(ts_arena *a, const ts_product_id *id) {
    ts_product_id again;
    ts_error e;
    assert(id->text.n > 0 && ts_product_id_kind_name(id->kind)[0]);
    assert((id->kind == TS_PID_GS1) == (id->link.path_n > 0));
    assert(ts_product_id_read(a, id->text, &again, &e));
    assert(again.kind == id->kind && ts_str_eq(again.text, id->text));
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
    ts_digital_link l;
    ts_product_id id;
    ts_error e = {0};
    bool is_link = ts_digital_link_parse(&a, text, &l, &e);
    assert(is_link || (e.msg[0] && e.byte <= size));
    if (is_link) use_link(&a, &l);
    e = (ts_error){0};
    if (ts_product_id_read(&a, text, &id, &e))
        use_id(&a, &id);
    else
        assert(e.msg[0]);
    free(copy);
    return 0;
}
