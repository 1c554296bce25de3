#include "retrieve.h"

enum { HITS_MAX = 1024, SET_SLOTS = 4096 };
#define SUMS_RESERVE ((size_t)1 << 30)

static void sums_reserve(retriever *r, size_t cap) {
    r->sums_arena = r->sums_mark;
    r->sum_cap = cap;
    r->sum_notice = ts_new_n(&r->sums_arena, uint32_t, cap);
    r->sum = ts_new_n(&r->sums_arena, uint16_t, cap);
    r->touched = ts_new_n(&r->sums_arena, uint32_t, cap);
    r->touched_n = 0;
}

void retriever_init(retriever *r, ts_arena *a, const ts_index *ix) {
    *r = (retriever){.ix = ix, .arena = a};
    r->hits = ts_new_n(a, hit, HITS_MAX);
    r->set = ts_new_n(a, uint32_t, SET_SLOTS);
    r->sums_arena = r->sums_mark = ts_arena_new(SUMS_RESERVE);
    sums_reserve(r, 1 << 12);
}

void retriever_free(retriever *r) { ts_arena_free(&r->sums_mark, SUMS_RESERVE); }

/* ---- the offer's terms ---- */

static uint32_t set_slot(uint32_t number) { return (uint32_t)ts_mix(number) & (SET_SLOTS - 1); }

const hit *retriever_hit(const retriever *r, uint32_t number) {
    for (uint32_t i = set_slot(number); r->set[i]; i = (i + 1) & (SET_SLOTS - 1))
        if (r->hits[r->set[i] - 1].number == number) return &r->hits[r->set[i] - 1];
    return 0;
}

static void add_hit(retriever *r, uint32_t number, uint8_t weight, uint8_t cls, bool typo) {
    if (r->hits_n == HITS_MAX) return;
    uint32_t i = set_slot(number);
    for (; r->set[i]; i = (i + 1) & (SET_SLOTS - 1)) {
        hit *h = &r->hits[r->set[i] - 1];
        if (h->number != number) continue;
        if (weight > h->weight) h->weight = weight;
        h->typo &= typo;
        return;
    }
    r->hits[r->hits_n++] = (hit){number, weight, cls, typo};
    r->set[i] = (uint32_t)r->hits_n;
}

static void clear(retriever *r) {
    for (size_t i = 0; i < r->hits_n; i++) { /* the slots of all hits, by walking their chains */
        uint32_t k = set_slot(r->hits[i].number);
        while (r->set[k]) r->set[k] = 0, k = (k + 1) & (SET_SLOTS - 1);
    }
    r->hits_n = r->best_n = 0;
}

static void look_up(retriever *r, const terms *l) {
    const ix_header *h = ix_head(r->ix);
    const ix_slot *slots = ix_at(r->ix, IX_SLOTS);
    const ix_term *t = ix_at(r->ix, IX_TERMS);
    const uint64_t *filter = ix_at(r->ix, IX_FILTER);
    enum { AHEAD = 8 };
    for (size_t i = 0; i < l->n; i++) {
        if (i + AHEAD < l->n) ix_filter_fetch(filter, h->filter_bits, l->v[i + AHEAD].key);
        if (!ix_filter_has(filter, h->filter_bits, l->v[i].key)) continue;
        uint32_t number = ix_find(slots, h->slot_count, l->v[i].key);
        if (number == UINT32_MAX) continue;
        unsigned w = t[number].weight, cap = l->v[i].cap * 4u;
        add_hit(r, number, (uint8_t)(w < cap ? w : cap), t[number].cls, false);
    }
}

/* A word that is no term, of letters only and not in the lexicon, may be a brand or name with a
 * typing error. */
static void look_up_typos(retriever *r, const ts_tokens *t) {
    const ix_header *h = ix_head(r->ix);
    const ix_slot *slots = ix_at(r->ix, IX_TYPOS);
    const uint64_t *filter = ix_at(r->ix, IX_TYPO_FILTER);
    const ix_term *terms_v = ix_at(r->ix, IX_TERMS);
    uint64_t keys[TYPO_MAX + 1];
    static const term_class classes[] = {TERM_BRAND, TERM_WORD};
    for (size_t i = 0; i < t->n && i < 24; i++) {
        const ts_token *k = &t->v[i];
        if (k->kind != TS_TOK_WORD || k->bits < 5 || k->typed || k->n < TYPO_MIN || k->n > TYPO_MAX)
            continue;
        for (int c = 0; c < 2; c++) {
            if (ix_filter_has(ix_at(r->ix, IX_FILTER), h->filter_bits,
                              term_key(classes[c], k->hash)) &&
                ix_find(ix_at(r->ix, IX_SLOTS), h->slot_count, term_key(classes[c], k->hash)) !=
                    UINT32_MAX)
                continue; /* spelt right */
            size_t n = typo_keys(ts_token_text(t, i), classes[c], keys);
            for (size_t x = 0; x < n; x++) ix_filter_fetch(filter, h->typo_filter_bits, keys[x]);
            for (size_t x = 0; x < n; x++) {
                if (!ix_filter_has(filter, h->typo_filter_bits, keys[x])) continue;
                uint32_t tag = (uint32_t)(keys[x] >> 32); /* several words may share a spelling */
                for (uint32_t s = (uint32_t)keys[x] & (h->typo_count - 1); slots[s].term;
                     s = (s + 1) & (h->typo_count - 1)) {
                    if (slots[s].tag != tag) continue;
                    uint32_t number = slots[s].term - 1;
                    add_hit(r, number, (uint8_t)(terms_v[number].weight * 3 / 4),
                            terms_v[number].cls, true);
                }
            }
        }
    }
}

/* ---- exact score ---- */

typedef struct parts {
    unsigned ident, number, brand, brand_words, model, type, words;
    bool led;
} parts;

static void count(parts *p, const hit *h, const ix_term *t, bool part) {
    unsigned w = h->weight;
    p->led |= t->n > 0;
    switch (t->cls) {
    case TERM_IDENT: p->ident = w > p->ident ? w : p->ident; break;
    case TERM_NUMBER: p->number = w; break;
    case TERM_BRAND:
    case TERM_BRAND_FIELD: p->brand = w > p->brand ? w : p->brand; break;
    case TERM_MODEL: p->model = w > p->model ? w : p->model; break;
    case TERM_TYPE: p->type = w > p->type ? w : p->type; break;
    default:
        if (part)
            p->brand_words += w;
        else
            p->words += w;
    }
}

static unsigned total(const parts *p) {
    if (!p->led) return 0;
    unsigned by_words = p->brand_words < CAP_BRAND * 4 ? p->brand_words : CAP_BRAND * 4;
    unsigned b = p->brand > by_words ? p->brand : by_words;
    return p->ident + p->number + b + p->model + p->type +
           (p->words < WORDS_MAX ? p->words : WORDS_MAX);
}

static unsigned exact(const retriever *r, uint32_t notice) {
    const ix_notice *n = (const ix_notice *)ix_at(r->ix, IX_NOTICES) + notice;
    const uint32_t *f = (const uint32_t *)ix_at(r->ix, IX_FORWARD) + n->forward;
    const ix_term *t = ix_at(r->ix, IX_TERMS);
    parts p = {0};
    for (unsigned i = 0; i < n->forward_n; i++) {
        const hit *h = retriever_hit(r, f[i] & ~IX_PART);
        if (h) count(&p, h, &t[h->number], f[i] & IX_PART);
    }
    return total(&p);
}

/* Keeps the best, highest score first; of equal ones the lower notice number. */
static void keep(retriever *r, uint32_t notice, unsigned score) {
    size_t i = r->best_n;
    if (i == CANDIDATES) {
        const candidate *last = &r->best[i - 1];
        if (last->score > score || (last->score == score && last->notice < notice)) return;
        i--;
    } else {
        r->best_n++;
    }
    while (i > 0 && (r->best[i - 1].score < score ||
                     (r->best[i - 1].score == score && r->best[i - 1].notice > notice))) {
        r->best[i] = r->best[i - 1];
        i--;
    }
    r->best[i] = (candidate){notice, (uint16_t)(score < UINT16_MAX ? score : UINT16_MAX)};
}

/* ---- walking postings ---- */

static void add_sum(retriever *r, uint32_t notice, unsigned w) {
    size_t k = (size_t)ts_mix(notice) & (r->sum_cap - 1);
    while (r->sum_notice[k] && r->sum_notice[k] != notice + 1) k = (k + 1) & (r->sum_cap - 1);
    if (!r->sum_notice[k]) {
        r->sum_notice[k] = notice + 1;
        r->sum[k] = 0;
        r->touched[r->touched_n++] = (uint32_t)k;
    }
    unsigned s = r->sum[k] + w;
    r->sum[k] = (uint16_t)(s < UINT16_MAX ? s : UINT16_MAX);
}

/* What all hits that are not walked could add to any notice. */
static unsigned rest_bound(const retriever *r) {
    const ix_term *t = ix_at(r->ix, IX_TERMS);
    unsigned words = 0, type = 0;
    for (size_t i = 0; i < r->hits_n; i++) {
        const hit *h = &r->hits[i];
        if (t[h->number].n) continue;
        if (h->cls == TERM_TYPE)
            type = h->weight > type ? h->weight : type;
        else
            words += h->weight;
    }
    return type + words;
}

void retrieve(retriever *r, const offer_profile *o) {
    clear(r);
    look_up(r, &o->terms);
    look_up_typos(r, &o->view.f[TS_F_TITLE]);
    if (!o->view.brand_unknown) look_up_typos(r, &o->view.f[TS_F_BRAND]);
    const ix_term *t = ix_at(r->ix, IX_TERMS);
    const uint32_t *postings = ix_at(r->ix, IX_POSTINGS);
    unsigned rest = rest_bound(r), led = 0;
    size_t most = 0;
    for (size_t i = 0; i < r->hits_n; i++) {
        const ix_term *x = &t[r->hits[i].number];
        most += x->n;
        led += x->n ? r->hits[i].weight : 0;
    }
    if (!most || led + rest < THETA) return; /* most offers leave here */
    if (most * 2 > r->sum_cap) {
        size_t cap = r->sum_cap;
        while (cap < most * 2) cap *= 2;
        sums_reserve(r, cap);
    }
    for (size_t i = 0; i < r->hits_n; i++) {
        const ix_term *x = &t[r->hits[i].number];
        for (uint32_t k = 0; k < x->n; k++) add_sum(r, postings[x->first + k], r->hits[i].weight);
        r->postings_walked += x->n;
    }
    for (size_t i = 0; i < r->touched_n; i++) {
        uint32_t k = r->touched[i], notice = r->sum_notice[k] - 1;
        unsigned bound = r->sum[k] + rest;
        r->sum_notice[k] = 0;
        if (bound < THETA) continue;
        if (i + 1 < r->touched_n)
            __builtin_prefetch((const ix_notice *)ix_at(r->ix, IX_NOTICES) +
                               r->sum_notice[r->touched[i + 1]] - 1);
        r->verified++;
        unsigned s = exact(r, notice);
        if (s >= THETA) keep(r, notice, s);
    }
    r->touched_n = 0;
}

void retrieve_all(retriever *r, const offer_profile *o) {
    clear(r);
    look_up(r, &o->terms);
    look_up_typos(r, &o->view.f[TS_F_TITLE]);
    if (!o->view.brand_unknown) look_up_typos(r, &o->view.f[TS_F_BRAND]);
    for (uint32_t i = 0; i < ix_head(r->ix)->notice_count; i++) {
        unsigned s = exact(r, i);
        if (s >= THETA) keep(r, i, s);
    }
}
