#include "dataset.h"

#include <math.h>

/* A folder's pairs, and which record of the collection each of its records became. */
typedef struct folder {
    pairs p;
    ts_records *r;
    uint32_t *number; /* per record of p; UINT32_MAX: not used */
    uint8_t *fold;    /* per record of p */
    size_t first_side, first_row;
} folder;

static bool read_part(ts_arena *a, const dataset_part *part, folder *f, ts_error *e) {
    for (size_t i = 0; i < part->splits_n; i++)
        if (!pairs_read(a, part->dir, part->splits[i], i == 0, &f->p, e)) return false;
    for (size_t i = 0; i < f->p.list.n; i++)
        if (f->p.list.v[i].label == PAIR_NO_LABEL)
            return ts_fail(e, TS_E_INPUT, "%s: pair %zu has no label (0 or 1)", part->dir, i + 1);
    return true;
}

ts_record dataset_record(ts_arena *a, const pair_record *x) {
    ts_record r = {.title = x->title,
                   .brand = x->brand,
                   .model = x->model,
                   .description = x->desc,
                   .price = x->price,
                   .currency = x->cur,
                   .category = x->cat,
                   .number = x->number,
                   .notices = x->notices,
                   .counterfeit = x->counterfeit};
    if (x->gtin.n) ts_identifiers_from_field(a, x->gtin, true, &r.identifiers);
    return r;
}

ts_records *dataset_records(ts_arena *a, const pairs *p, uint32_t **number) {
    uint8_t *places = ts_new_n(a, uint8_t, p->records.n);
    for (size_t i = 0; i < p->list.n; i++) {
        places[p->list.v[i].left] |= TS_RECORD_LEFT;
        places[p->list.v[i].right] |= TS_RECORD_RIGHT;
    }
    for (size_t i = 0; i < p->table_a; i++) places[i] |= TS_RECORD_LEFT;
    for (size_t i = p->table_a; i < p->table_a + p->table_b; i++) places[i] |= TS_RECORD_RIGHT;
    ts_records *r = ts_records_new(a);
    *number = ts_new_n(a, uint32_t, p->records.n);
    for (size_t i = 0; i < p->records.n; i++) {
        (*number)[i] = UINT32_MAX;
        if (!places[i]) continue;
        ts_record x = dataset_record(a, &p->records.v[i]);
        (*number)[i] = ts_records_add(r, &x, places[i]);
    }
    ts_records_finish(r);
    return r;
}

static uint8_t language_of(const folder *f, uint32_t record) {
    static const char *const codes[] = {"en", "de", "zh"};
    ts_str lang = ts_str_to(f->p.records.v[record].lang, 2);
    if (!lang.n) lang = ts_records_language(f->r, f->number[record]);
    for (uint8_t i = 0; i < TS_LANGS; i++)
        if (ts_str_is(lang, codes[i])) return i;
    return TS_LANGS;
}

static void fill_row(dataset *d, const folder *f, size_t i) {
    const labelled_pair *l = &f->p.list.v[i];
    size_t k = f->first_row + i;
    ts_compared c;
    ts_records_compare(f->r, f->number[l->left], f->number[l->right], &c);
    memcpy(d->x + k * TS_FEATURES, c.x, sizeof c.x);
    memcpy(d->cue + d->cue_at[k], c.cue, c.cues * sizeof *c.cue);
    d->cue_at[k + 1] = d->cue_at[k] + c.cues;
    d->y[k] = l->label;
    d->matches += l->label;
    net_sample *s = &d->sample[k];
    *s = (net_sample){.a = (uint32_t)(f->first_side + f->number[l->left]),
                      .b = (uint32_t)(f->first_side + f->number[l->right]),
                      .found_a = c.found_left,
                      .found_b = c.found_right,
                      .x = d->x + k * TS_FEATURES,
                      .y = l->label,
                      .weight = 1};
    memcpy(s->same, c.same, sizeof s->same);
    uint8_t fl = f->fold[l->left], fr = f->fold[l->right];
    uint64_t toss = ts_mix((uint64_t)l->left << 32 | l->right);
    d->row[k] = (dataset_row){.left = s->a,
                              .right = s->b,
                              .product = (uint32_t)(f->first_side + f->p.product.v[l->left]),
                              .label = l->label,
                              .fold_left = fl,
                              .fold_right = fr,
                              .part_left = (uint8_t)(ts_mix(s->a + 1) % FOLDS),
                              .part_right = (uint8_t)(ts_mix(s->b + 1) % FOLDS),
                              .fold = toss & 1 ? fl : fr,
                              .lang_left = language_of(f, l->left),
                              .lang_right = language_of(f, l->right),
                              .kind = l->kind};
}

static void rank(dataset *d, ts_arena scratch, const folder *f) {
    uint32_t *left = ts_new_n(&scratch, uint32_t, f->p.list.n),
             *right = ts_new_n(&scratch, uint32_t, f->p.list.n);
    for (size_t i = 0; i < f->p.list.n; i++) {
        left[i] = f->number[f->p.list.v[i].left];
        right[i] = f->number[f->p.list.v[i].right];
    }
    ts_records_rank(f->r, scratch, f->p.table_a, f->p.table_b, left, right, f->p.list.n,
                    d->x + f->first_row * TS_FEATURES);
}

static void allocate(ts_arena *a, dataset *d, size_t rows, size_t sides, bool tokens) {
    *d = (dataset){.n = rows, .sides = sides};
    d->row = ts_new_n(a, dataset_row, rows);
    d->x = ts_new_n(a, float, rows *TS_FEATURES);
    d->y = ts_new_n(a, float, rows);
    d->cue_at = ts_new_n(a, uint64_t, rows + 1);
    d->sample = ts_new_n(a, net_sample, rows);
    if (tokens) d->side = ts_new_n(a, net_tokens, sides);
}

static void weigh_folders(const folder *f, size_t n, dataset *d) {
    size_t most = 0;
    for (size_t i = 0; i < n; i++) most = f[i].p.list.n > most ? f[i].p.list.n : most;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < f[i].p.list.n; k++)
            d->row[f[i].first_row + k].weight = sqrtf((float)most / (float)f[i].p.list.n);
}

static void compare_all(ts_arena *a, ts_arena scratch, folder *f, size_t n, dataset *d) {
    d->cue = ts_new_raw(a, ts_cue, d->n * TS_CUES_MAX); /* pages are taken as they are filled */
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < f[i].p.list.n; k++) fill_row(d, &f[i], k);
        for (size_t k = 0; d->side && k < ts_records_count(f[i].r); k++) {
            net_tokens *t = &d->side[f[i].first_side + k];
            t->n = (uint8_t)ts_records_tokens(f[i].r, (uint32_t)k, t->v);
        }
        if (d->ranked) rank(d, scratch, &f[i]);
    }
    weigh_folders(f, n, d);
}

bool dataset_load(ts_arena *a, ts_arena scratch, const dataset_part *part, size_t n,
                  uint64_t fold_seed, bool tokens, dataset *out, ts_error *e) {
    folder *f = ts_new_n(a, folder, n);
    size_t rows = 0, sides = 0;
    bool ranked = n > 0;
    for (size_t i = 0; i < n; i++) {
        if (!read_part(a, &part[i], &f[i], e)) return false;
        pairs_products(a, &f[i].p);
        f[i].fold = ts_new_n(a, uint8_t, f[i].p.records.n);
        pairs_folds(&f[i].p, FOLDS, fold_seed, f[i].fold);
        ranked &= f[i].p.tables;
    }
    uint64_t start = ts_cpu_nanos();
    for (size_t i = 0; i < n; i++) {
        f[i].r = dataset_records(a, &f[i].p, &f[i].number);
        f[i].first_side = sides;
        f[i].first_row = rows;
        sides += f[i].p.records.n; /* room also for products: their numbers are records */
        rows += f[i].p.list.n;
    }
    allocate(a, out, rows, sides, tokens);
    out->records = n ? f[0].r : 0;
    out->ranked = ranked;
    compare_all(a, scratch, f, n, out);
    out->seconds = 1e-9 * (double)(ts_cpu_nanos() - start);
    return true;
}
