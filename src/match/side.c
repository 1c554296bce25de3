#include "side.h"

enum { NOTICE_LIST = 2000, TYPES_MAX = 64, QUANTITIES_MAX = 200, STRINGS_MAX = 1 << 20 };

static uint32_t keep(ts_buf *strings, ts_str s) {
    uint32_t at = (uint32_t)strings->n;
    ts_buf_put(strings, s);
    return at;
}

static void put_brands(ts_arena *a, const notice_profile *p, ts_buf *strings, notice_side *s) {
    ix_key *v = ts_new_n(a, ix_key, p->brands.n);
    for (size_t i = 0; i < p->brands.n; i++) {
        const brand *x = &p->brands.v[i];
        ts_str text = ts_str_clip(x->text, 255);
        bool field = x->bits < CAP_BRAND_FIELD && !x->large;
        v[i] = (ix_key){.hash = x->hash,
                        .text = keep(strings, text),
                        .n = (uint8_t)text.n,
                        .bits = x->bits,
                        .chunk = field ? CAP_BRAND_FIELD : x->bits};
    }
    s->brands = v;
    s->brands_n = (uint16_t)p->brands.n;
}

static void put_models(ts_arena *a, const ts_model_keys *m, ts_buf *strings, notice_side *s) {
    size_t most = m->n < NOTICE_LIST ? m->n : NOTICE_LIST;
    ix_key *v = ts_new_n(a, ix_key, most);
    for (size_t i = 0; i < most; i++) {
        const ts_model_key *x = &m->v[i];
        if (!notice_key(x)) continue;
        v[s->models_n++] =
            (ix_key){.hash = x->hash,
                     .text = keep(strings, x->text),
                     .n = (uint8_t)x->text.n,
                     .bits = x->bits,
                     .chunk = (uint16_t)((x->chunk & 0x3FFF) | (x->whole ? IX_WHOLE : 0) |
                                         (x->field == TS_F_TITLE ? IX_TITLED : 0))};
    }
    s->models = v;
}

static void put_types(ts_arena *a, const ts_type_hits *t, notice_side *s) {
    uint16_t *v = ts_new_n(a, uint16_t, t->n < TYPES_MAX ? t->n : TYPES_MAX);
    bool titled = false; /* the category says what the thing is only when nothing else does */
    for (size_t i = 0; i < t->n; i++) titled |= t->v[i].field == TS_F_TITLE && !t->v[i].compat;
    for (size_t i = 0; i < t->n && s->types_n < TYPES_MAX; i++) {
        const ts_type_hit *h = &t->v[i];
        if (h->compat || (titled && h->field == TS_F_CATEGORY)) continue;
        v[s->types_n++] = (uint16_t)(h->type | (h->head && h->field == TS_F_TITLE ? IX_HEAD : 0));
    }
    s->types = v;
}

static void put_quantities(ts_arena *a, const ts_quantities *q, notice_side *s) {
    size_t most = q->n < QUANTITIES_MAX ? q->n : QUANTITIES_MAX;
    ix_quantity *v = ts_new_n(a, ix_quantity, most);
    for (size_t i = 0; i < most; i++)
        v[i] = (ix_quantity){.value = (float)q->v[i].value,
                             .dimension = q->v[i].dimension,
                             .name = q->v[i].name,
                             .field = q->v[i].field};
    s->quantities = v;
    s->quantities_n = (uint16_t)most;
}

static void put_idents(ts_arena *a, const ts_notice *n, notice_side *s) {
    size_t most = n->identifiers.n < NOTICE_LIST ? n->identifiers.n : NOTICE_LIST;
    uint64_t *v = ts_new_n(a, uint64_t, most + 1), number = number_hash(*a, n->number);
    for (size_t i = 0; i < most; i++) {
        uint64_t key = identifier_key(&n->identifiers.v[i]);
        if (key) v[s->idents_n++] = key;
    }
    if (number) v[s->idents_n++] = term_key(TERM_NUMBER, number);
    s->idents = v;
}

void side_of_notice(ts_arena *a, const ts_notice *n, const notice_profile *p, const sketch *words,
                    notice_side *out) {
    *out = (notice_side){.sketch = words,
                         .variants = p->variants,
                         .counterfeit = n->counterfeit == TS_YES,
                         .goes_with = p->view.phrases >> TS_PHRASE_COMPAT & 1};
    ts_buf strings = ts_buf_new(a, STRINGS_MAX);
    put_brands(a, p, &strings, out);
    put_models(a, &p->view.models, &strings, out);
    put_types(a, &p->view.types, out);
    put_quantities(a, &p->view.quantities, out);
    put_idents(a, n, out);
    out->strings = strings.p ? strings.p : "";
}

void side_weigh_keys(ix_key *keys, size_t n, word_weights w) {
    for (size_t i = 0; i < n; i++) { /* from sixteenths of a natural logarithm to bits */
        uint8_t weight = words_weight(w, sketch_key((uint32_t)keys[i].hash));
        if (weight < WEIGHT_MAX && keys[i].bits > weight * 0.0902f)
            keys[i].bits = (uint8_t)(weight * 0.0902f);
    }
}

void side_weigh(notice_side *s, word_weights w) {
    side_weigh_keys((ix_key *)(uintptr_t)s->brands, s->brands_n, w);
    side_weigh_keys((ix_key *)(uintptr_t)s->models, s->models_n, w);
    sketch_weigh((sketch *)(uintptr_t)s->sketch, w);
}
