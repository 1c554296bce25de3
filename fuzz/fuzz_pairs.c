/* One line of a file of labelled pairs. The first byte chooses whether the sides are apart. */
#include "learn/pairs.h"

static void must(bool holds) {
    if (!holds) abort();
}

static void check_record(const pair_record *r) {
    const ts_str all[] = {r->title, r->brand, r->desc, r->price,  r->model,  r->cat,
                          r->cur,   r->gtin,  r->lang, r->number, r->notices};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) must(ts_utf8_bad(all[i]) == TS_NPOS);
}

static void check_folds(const pairs *p) {
    enum { FOLDS = 3 };
    uint8_t fold[2];
    pairs_folds(p, FOLDS, 1, fold);
    for (size_t i = 0; i < p->records.n; i++) {
        must(p->product.v[i] <= i && fold[i] < FOLDS && fold[i] == fold[p->product.v[i]]);
        check_record(&p->records.v[i]);
    }
    const labelled_pair *x = p->list.v;
    if (x->label == 1) must(p->product.v[x->left] == p->product.v[x->right]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole, work;
    if (!whole.beg) {
        whole = ts_arena_new((size_t)1 << 30);
        work = ts_arena_new((size_t)1 << 28);
    }
    if (size == 0) return 0;
    ts_arena a = whole;
    ts_error e = {0};
    pairs p = {.tables = data[0] & 1};
    ts_str line = {(const char *)data + 1, size - 1};
    if (!pairs_add_line(&a, work, line, &p, &e)) {
        must(e.code != TS_OK && e.msg[0] && !e.line && !p.records.n && !p.list.n);
        return 0;
    }
    size_t n = p.records.n;
    must(p.list.n == 1 && n >= 1 && n <= 2);
    must(p.list.v->left < n && p.list.v->right < n && p.list.v->label <= PAIR_NO_LABEL);
    must(pairs_add_line(&a, work, line, &p, &e)); /* the same again is nothing new */
    must(p.records.n == n && p.list.n == 2 && p.list.v[1].left == p.list.v->left &&
         p.list.v[1].right == p.list.v->right);
    pairs_products(&a, &p);
    check_folds(&p);
    return 0;
}
