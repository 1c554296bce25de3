/* What an offer shows: the text is cut into an offer's field for a passport, its title, an
 * attribute and its description. Marks keep their limits; a product that was read reads as itself;
 * held against a passport, nothing but contradictions comes out. */
#include <assert.h>

#include "passport/offered.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use_mark(ts_arena *a, const ts_offer *o, const ts_offered_mark *m) {
    ts_product_id id;
    ts_error e;
    assert(m->given.n && m->where);
    assert(m->stated || m->address);
    assert(!m->one_thing || (m->stated && m->grain == TS_GRAIN_ITEM));
    if (m->product.n) {
        assert(ts_product_id_read(a, m->product, &id, &e) && ts_str_eq(id.text, m->product));
    }
    for (int i = 0; i < 2; i++) {
        if (!m->above[i].n) continue;
        assert(ts_product_id_read(a, m->above[i], &id, &e) && ts_str_eq(id.text, m->above[i]));
        assert(ts_str_starts(m->product, m->above[1]));
    }
    ts_offered_findings f = {0};
    ts_scope s = {0};
    *ts_push(a, &s.lots) = o->title;
    const ts_known k = {.gtin = m->gtin,
                        .lot = m->lot,
                        .serial = m->serial,
                        .made = TS_NO_DAY,
                        .brand = o->title,
                        .model = o->passport};
    ts_offered_compare(a, o, &s, &k, &f);
    for (size_t i = 0; i < f.n; i++) assert(f.v[i].kind == TS_OFFERED_MISMATCH && f.v[i].what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena arena;
    if (!arena.beg) arena = ts_arena_new((size_t)256 << 20);
    ts_arena a = arena;
    /* A block of its own, of the exact size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(size ? size : 1);
    if (!copy) return 0;
    if (size) memcpy(copy, data, size);
    ts_str rest = {copy, size};
    ts_offer o = {0};
    o.passport = ts_str_cut(&rest, '\n');
    o.title = ts_str_cut(&rest, '\n');
    ts_attribute at = {TS_S("link"), ts_str_cut(&rest, '\n')};
    *ts_push(&a, &o.attributes) = at;
    o.brand = o.model = ts_str_cut(&rest, '\n');
    o.description = rest;
    ts_identifiers_from_field(&a, at.value, false, &o.identifiers);
    ts_offered_marks m = {0};
    ts_offered_marks_read(&a, &o, &m);
    assert(m.n <= TS_OFFERED_MARKS);
    for (size_t i = 0; i < m.n; i++) {
        ts_arena work = a;
        use_mark(&work, &o, &m.v[i]);
        for (size_t k = 0; k < i; k++)
            assert(!m.v[i].product.n || !ts_str_eq(m.v[i].product, m.v[k].product));
    }
    free(copy);
    return 0;
}
