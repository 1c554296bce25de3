#include "explained.h"

#include "dataset.h"

static bool numbers_fit(const pairs *p, const char *dir, const char *split, const uint64_t *number,
                        size_t n, ts_error *e) {
    for (size_t i = 0; i < n; i++)
        if (!number[i] || number[i] > p->list.n)
            return ts_fail(e, TS_E_USAGE, "%s/%s.jsonl has no pair %llu; its pairs are 1 to %zu",
                           dir, split, (unsigned long long)number[i], p->list.n);
    return true;
}

bool explain_pairs(ts_arena *a, const ts_model *m, const char *dir, const char *split,
                   const uint64_t *number, size_t n, explained *out, ts_error *e) {
    pairs p = {0};
    uint32_t *record;
    if (!pairs_read(a, dir, split, true, &p, e) || !numbers_fit(&p, dir, split, number, n, e))
        return false;
    const ts_records *r = dataset_records(a, &p, &record);
    for (size_t i = 0; i < n; i++) {
        const labelled_pair *l = &p.list.v[number[i] - 1];
        out[i] = (explained){.number = number[i],
                             .left = &p.records.v[l->left],
                             .right = &p.records.v[l->right],
                             .label = l->label};
        if (!ts_records_judge(r, m, a, record[l->left], record[l->right], &out[i].lead, e))
            return false;
    }
    return true;
}
