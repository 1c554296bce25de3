/* A pack, from any bytes; it may extend two that are known. */
#include "passport_packs.h"

static void check_element(const ts_pack *p, const ts_pack_element *el) {
    const ts_pack_element *found;
    must(el->class >= p->classes.v && el->class < p->classes.v + p->classes.n);
    must(ts_pack_element_by_id(p, el->id) == el && el->grains && el->grains < 8);
    must(el->name[0].n && el->name[2].n && el->act.n && el->article.n);
    must((el->need == TS_NEED_CONDITIONAL) == (el->condition[0].n != 0));
    must(el->to == TS_NO_DAY || el->from == TS_NO_DAY || el->from <= el->to);
    for (size_t i = 0; i < el->id.n; i++)
        if (el->id.p[i] == '.') must(ts_pack_path(p, ts_str_to(el->id, i), &found) && !found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)1 << 28);
    ts_arena a = first;
    ts_str text = {(const char *)data, size};
    ts_pack p;
    ts_error e = {0};
    if (!ts_pack_read(&a, TS_S("fuzz"), find_pack, &text, &p, &e)) {
        must(e.code != TS_OK && e.msg[0]);
        return 0;
    }
    must(ts_str_is(p.id, "fuzz") && p.version.n && p.elements.n);
    must(p.category_names.n == 3 * p.categories.n);
    for (size_t i = 0; i < p.elements.n; i++) check_element(&p, &p.elements.v[i]);
    return 0;
}
