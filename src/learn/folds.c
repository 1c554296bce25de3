/* Products among the records of pairs, and their folds. */
#include "pairs.h"

/* ---- connected components ---- */

/* parent[] leads to the least record of a component. */
static uint32_t root_of(uint32_t *parent, uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

static void unite(uint32_t *parent, uint32_t i, uint32_t k) {
    i = root_of(parent, i), k = root_of(parent, k);
    if (i < k)
        parent[k] = i;
    else
        parent[i] = k;
}

/* ---- texts ---- */

static uint64_t text_hash(const pair_record *r) {
    const ts_str all[] = {r->title, r->brand, r->desc, r->price, r->model,
                          r->cat,   r->cur,   r->gtin, r->lang};
    uint64_t h = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) h = ts_hash_seed(all[i], h);
    return h;
}

/* Of each product the least hash of its records. */
static void set_keys(pairs *p) {
    const uint32_t *product = p->product.v;
    memset(p->key.v, 0xff, p->key.n * sizeof *p->key.v);
    for (size_t i = 0; i < p->records.n; i++) {
        uint64_t h = text_hash(&p->records.v[i]), *key = &p->key.v[product[i]];
        if (h < *key) *key = h;
    }
    for (size_t i = 0; i < p->records.n; i++) p->key.v[i] = p->key.v[product[i]];
}

void pairs_products(ts_arena *a, pairs *p) {
    while (p->product.n < p->records.n) ts_push(a, &p->product);
    while (p->key.n < p->records.n) ts_push(a, &p->key);
    for (size_t i = 0; i < p->product.n; i++) p->product.v[i] = (uint32_t)i;
    for (size_t i = 0; i < p->same.n; i++)
        unite(p->product.v, p->same.v[i].first, p->same.v[i].other);
    for (size_t i = 0; i < p->list.n; i++)
        if (p->list.v[i].label == 1) unite(p->product.v, p->list.v[i].left, p->list.v[i].right);
    for (size_t i = 0; i < p->product.n; i++) p->product.v[i] = root_of(p->product.v, (uint32_t)i);
    if (p->key.n) set_keys(p);
}

void pairs_folds(const pairs *p, unsigned folds, uint64_t seed, uint8_t *record_fold) {
    uint64_t salt = ts_mix(seed + 0x9e3779b97f4a7c15ull);
    for (size_t i = 0; i < p->key.n; i++)
        record_fold[i] = folds ? (uint8_t)(ts_mix(p->key.v[i] ^ salt) % folds) : 0;
}
