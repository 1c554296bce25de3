#include "features.h"

#include <math.h>

#define F(name, group, direction, reason) {#name, FG_##group, FR_##reason, direction},
const feature_info features[FT_COUNT] = {FEATURES(F)};
#undef F

/* ---- facts ---- */

static float brand_order(brand_relation r) {
    static const float order[] = {
        [BRAND_COMPAT] = -4, [BRAND_OTHER] = -3, [BRAND_MAYBE_OTHER] = -2, [BRAND_FIELD_OTHER] = -1,
        [BRAND_MISSING] = 0, [BRAND_NONE] = 1,   [BRAND_PART] = 2,         [BRAND_TYPO] = 3,
        [BRAND_NAMED] = 4,   [BRAND_SAME] = 5};
    return order[r];
}

static float model_order(model_relation r) {
    static const float order[] = {[MODEL_NEAR] = -4,    [MODEL_COMPAT] = -3, [MODEL_OTHER] = -2,
                                  [MODEL_MISSING] = -1, [MODEL_NONE] = 0,    [MODEL_SAME] = 1};
    return order[r];
}

static float type_order(type_relation r) {
    static const float order[] = {[TYPE_ACCESSORY] = -3, [TYPE_OTHER] = -2, [TYPE_RELATED] = -1,
                                  [TYPE_UNKNOWN] = 0,    [TYPE_NAMED] = 1,  [TYPE_SAME] = 2};
    return order[r];
}

static float count_bits(uint32_t v) { return (float)__builtin_popcount(v); }

void features_facts(const pair *p, const notice_side *n, const offer_side *o, float x[FT_COUNT]) {
    x[FT_declared] = p->declared;
    x[FT_identifier] = p->ident != 0;
    x[FT_brand] = brand_order(p->brand);
    x[FT_brand_bits] = brand_agrees(p) ? p->brand_bits : 0;
    x[FT_brand_seen] = (float)(n->brands_n > 0) + (float)(o->p->brands.n > 0);
    x[FT_model] = model_order(p->model);
    x[FT_model_bits] = p->model == MODEL_SAME ? p->model_bits : 0;
    x[FT_model_said] = n->models_n > 0;
    x[FT_other_models] = (float)p->other_models;
    x[FT_type] = type_order(p->type);
    x[FT_name_bits] = p->name_bits;
    x[FT_name_share] = p->name_share;
    x[FT_extra_bits] = p->extra_bits;
    x[FT_quantity_same] = (float)p->quantities_same;
    x[FT_quantity_other] = (float)p->quantities_other;
    x[FT_version_extra] = count_bits(p->variants_extra);
    x[FT_version_lacking] = count_bits(p->variants_lacking);
    x[FT_spare] = p->spare;
    x[FT_counterfeit] = p->counterfeit;
    x[FT_replica] = p->replica;
    x[FT_behind_compat] = o->p->view.behind_compat_n > 0;
    x[FT_goes_with] = n->goes_with;
}

/* ---- words ---- */

static float nats(uint8_t weight) { return (float)weight / WEIGHT_ONE; }
static float over(float x, float y) { return y > 0 ? x / y : 0; }

/* One side's share. */
typedef struct lone {
    float shared, in_text, rest, rest_best, unfound_best;
    unsigned n, rest_n;
} lone;

static lone lone_of(const sketch *s, uint32_t same, uint32_t found, uint32_t first, uint32_t title,
                    const float *near) {
    const sketch_token *t = sketch_tokens(s);
    lone l = {0};
    for (uint32_t bits = first & title; bits; bits &= bits - 1) {
        int i = __builtin_ctz(bits);
        float w = nats(t[i].weight);
        l.n++;
        if (same >> i & 1) l.shared += w;
        if (found >> i & 1) {
            l.in_text += w;
            continue;
        }
        if (w > l.unfound_best) l.unfound_best = w;
        if (t[i].n >= 4 && near[i] >= 0.75f) continue;
        l.rest += w;
        l.rest_n++;
        if (w > l.rest_best) l.rest_best = w;
    }
    return l;
}

static void shared_words(const alignment *m, float x[FT_COUNT]) {
    const sketch_token *a = sketch_tokens(m->a), *b = sketch_tokens(m->b);
    float best = 0, second = 0, sum = 0;
    for (int side = 0; side < 2; side++) {
        const sketch_token *t = side ? b : a;
        uint32_t bits = side ? m->found_b & m->first_b & m->title_b & ~m->same_b
                             : m->found_a & m->first_a & m->title_a;
        for (; bits; bits &= bits - 1) {
            float w = nats(t[__builtin_ctz(bits)].weight);
            sum += w;
            if (w > best)
                second = best, best = w;
            else if (w > second)
                second = w;
        }
    }
    x[FT_shared_best] = best;
    x[FT_shared_second] = second;
    x[FT_shared_sum] = sum;
}

static void words(const alignment *m, float x[FT_COUNT]) {
    /* counterparts within the other's name */
    uint32_t same_a = 0, same_b = 0;
    for (uint32_t bits = m->same_a & m->title_a; bits; bits &= bits - 1) {
        int i = __builtin_ctz(bits);
        uint32_t other = m->same[i] & m->title_b;
        same_a |= (uint32_t)(other != 0) << i;
        same_b |= other;
    }
    lone a = lone_of(m->a, same_a, m->found_a, m->first_a, m->title_a, m->near_a);
    lone b = lone_of(m->b, same_b, m->found_b, m->first_b, m->title_b, m->near_b);
    float sa = nats(1) * m->a->title_sum + 1e-6f, sb = nats(1) * m->b->title_sum + 1e-6f;
    /* Two words of one side may answer one of the other: 电水 and 水壶 a kettle. */
    float na = (float)a.n, nb = (float)b.n, ca = count_bits(same_a & m->first_a),
          cb = count_bits(same_b & m->first_b), both = fmaxf(ca, cb),
          all = both + (na - ca) + (nb - cb), weight = fmaxf(a.shared, b.shared),
          rest = fmaxf(sa - a.shared, 0) + fmaxf(sb - b.shared, 0);
    x[FT_title_a_in_b] = a.shared / sa;
    x[FT_title_b_in_a] = b.shared / sb;
    x[FT_title_a_in_text] = a.in_text / sa;
    x[FT_title_b_in_text] = b.in_text / sb;
    x[FT_jaccard] = over(both, all);
    x[FT_overlap] = fmaxf(over(ca, na), over(cb, nb));
    x[FT_jaccard_weighted] = over(weight, weight + rest);
    x[FT_lone_best_a] = a.unfound_best;
    x[FT_lone_best_b] = b.unfound_best;
    x[FT_lone_a] = a.rest / sa;
    x[FT_lone_b] = b.rest / sb;
    x[FT_lone_least] = fminf(x[FT_lone_a], x[FT_lone_b]);
    x[FT_lone_most] = fmaxf(x[FT_lone_a], x[FT_lone_b]);
    x[FT_lone_heavy_a] = a.rest_best;
    x[FT_lone_heavy_b] = b.rest_best;
    x[FT_lone_count] = (float)(a.rest_n + b.rest_n);
    x[FT_words_a] = (float)m->a->title_n;
    x[FT_words_b] = (float)m->b->title_n;
    x[FT_words_difference] = fabsf(x[FT_words_a] - x[FT_words_b]);
    x[FT_detail_a] = (float)m->a->detail_n;
    x[FT_detail_b] = (float)m->b->detail_n;
    shared_words(m, x);
}

/* ---- model keys ---- */

static ts_str key_text(const sketch *s, const sketch_model *k) {
    return (ts_str){sketch_text(s) + k->at, k->n};
}

typedef struct key_count {
    float found, lone, found_length, found_weight, lone_length;
} key_count;

/* Keys of `s` that stand somewhere in the other's text. */
static key_count keys_in(const sketch *s, const sketch *other) {
    const sketch_model *k = sketch_models(s);
    key_count c = {0};
    for (unsigned i = 0; i < s->models_n; i++) {
        ts_str text = key_text(s, &k[i]), name = sketch_name(other);
        bool found = sketch_has(other, k[i].hash) ||
                     (text.n >= 4 && text.n <= name.n && memmem(name.p, name.n, text.p, text.n));
        if (!found) {
            c.lone++;
            c.lone_length = fmaxf(c.lone_length, (float)text.n);
            continue;
        }
        c.found++;
        c.found_length = fmaxf(c.found_length, (float)text.n);
        c.found_weight = fmaxf(c.found_weight, nats(k[i].weight));
    }
    return c;
}

static float prefix(ts_str a, ts_str b) {
    size_t least = a.n < b.n ? a.n : b.n, most = a.n < b.n ? b.n : a.n, n = 0;
    while (n < least && a.p[n] == b.p[n]) n++;
    return most ? (float)n / (float)most : 0;
}

static void keys(const alignment *m, float x[FT_COUNT]) {
    enum { COMPARED = 5 };
    const sketch_model *a = sketch_models(m->a), *b = sketch_models(m->b);
    unsigned na = m->a->models_n, nb = m->b->models_n, shared = 0;
    float alike = -1, pre = -1;
    for (unsigned i = 0; i < na; i++)
        for (unsigned k = 0; k < nb; k++) {
            bool equal = a[i].hash == b[k].hash;
            shared += equal;
            if (equal) alike = pre = 1;
            if (alike >= 1 || i >= COMPARED || k >= COMPARED) continue;
            ts_str p = key_text(m->a, &a[i]), q = key_text(m->b, &b[k]);
            alike = fmaxf(alike, likeness(p, q));
            pre = fmaxf(pre, prefix(p, q));
        }
    key_count ca = keys_in(m->a, m->b), cb = keys_in(m->b, m->a);
    x[FT_keys_shared] = (float)shared;
    x[FT_keys_found] = ca.found + cb.found;
    x[FT_keys_found_length] = fmaxf(ca.found_length, cb.found_length);
    x[FT_keys_found_weight] = fmaxf(ca.found_weight, cb.found_weight);
    x[FT_keys_a] = (float)na;
    x[FT_keys_b] = (float)nb;
    x[FT_keys_conflict] = na && nb && ca.found + cb.found == 0;
    x[FT_keys_lone_a] = ca.lone;
    x[FT_keys_lone_b] = cb.lone;
    x[FT_keys_lone_length] = fmaxf(ca.lone_length, cb.lone_length);
    x[FT_keys_alike] = alike;
    x[FT_keys_prefix] = pre;
}

static const sketch_model *field_key(const sketch *s) {
    const sketch_model *k = sketch_models(s);
    for (unsigned i = 0; i < s->models_n; i++)
        if (k[i].field == TS_F_MODEL) return &k[i];
    return 0;
}

static void model_fields(const alignment *m, float x[FT_COUNT]) {
    const sketch_model *a = field_key(m->a), *b = field_key(m->b);
    x[FT_field_equal] = x[FT_field_alike] = -1;
    x[FT_field_in_name] = (a && sketch_has(m->b, a->hash)) || (b && sketch_has(m->a, b->hash));
    if (!a || !b) return;
    x[FT_field_equal] = a->hash == b->hash;
    x[FT_field_alike] = likeness(key_text(m->a, a), key_text(m->b, b));
}

/* ---- quantities and numbers ---- */

static void units(const alignment *m, float x[FT_COUNT]) {
    const sketch_quantity *a = sketch_quantities(m->a), *b = sketch_quantities(m->b);
    uint64_t same = 0, both = 0;
    for (unsigned i = 0; i < m->a->quantities_n; i++)
        for (unsigned k = 0; k < m->b->quantities_n; k++) {
            if (a[i].name != b[k].name) continue;
            uint64_t bit = 1ull << (a[i].name & 63);
            both |= bit;
            if (fabsf(a[i].value - b[k].value) <= 0.02f * fabsf(a[i].value)) same |= bit;
        }
    x[FT_units_same] = (float)__builtin_popcountll(same);
    x[FT_units_other] = (float)__builtin_popcountll(both & ~same);
}

static uint32_t with_flag(const sketch *s, uint16_t flag) {
    const sketch_token *t = sketch_tokens(s);
    uint32_t bits = 0;
    for (unsigned i = 0; i < s->tokens_n; i++) bits |= (uint32_t)((t[i].flags & flag) != 0) << i;
    return bits;
}

static void numbers(const alignment *m, float x[FT_COUNT]) {
    uint32_t a = with_flag(m->a, SK_NUMBER) & m->title_a & m->first_a,
             b = with_flag(m->b, SK_NUMBER) & m->title_b & m->first_b;
    float shared = 0;
    for (uint32_t bits = a & m->same_a; bits; bits &= bits - 1) /* in both names */
        shared += (m->same[__builtin_ctz(bits)] & m->title_b) != 0;
    float all = count_bits(a) + count_bits(b) - shared;
    x[FT_numbers_shared] = shared;
    x[FT_numbers_lone_a] = count_bits(a & ~m->found_a);
    x[FT_numbers_lone_b] = count_bits(b & ~m->found_b);
    x[FT_numbers_conflict] = x[FT_numbers_lone_a] > 0 && x[FT_numbers_lone_b] > 0;
    x[FT_numbers_jaccard] = all > 0 ? shared / all : 0;
}

/* ---- brand, type, price ---- */

static ts_str brand_text(const sketch *s) { return (ts_str){sketch_text(s), s->brand_n}; }

static float brand_in(const sketch *s, const sketch *other) {
    ts_str own = brand_text(s), name = sketch_name(other);
    if (!own.n) return -1;
    return own.n <= name.n && memmem(name.p, name.n, own.p, own.n);
}

static void brand_fields(const alignment *m, float x[FT_COUNT]) {
    ts_str a = brand_text(m->a), b = brand_text(m->b);
    bool both = a.n && b.n;
    x[FT_brands_equal] = both ? (float)ts_str_eq(a, b) : -1;
    x[FT_brands_alike] = both ? likeness(a, b) : -1;
    x[FT_brands_in_text] = brand_in(m->a, m->b) + brand_in(m->b, m->a);
    bool words_there = m->a->title_n && m->b->title_n;
    x[FT_first_equal] = words_there && (m->same[0] & 1);
    x[FT_first_found] =
        (float)(words_there && (m->found_a & 1)) + (float)(words_there && (m->found_b & 1));
}

static uint32_t type_words(const sketch *s) {
    const sketch_token *t = sketch_tokens(s);
    uint32_t bits = 0;
    for (unsigned i = 0; i < s->title_n; i++)
        bits |= (uint32_t)(t[i].type && !(t[i].flags & SK_COMPAT)) << i;
    return bits;
}

static void kinds(const alignment *m, float x[FT_COUNT]) {
    uint32_t a = type_words(m->a), b = type_words(m->b);
    x[FT_category_equal] =
        m->a->category && m->b->category ? (float)(m->a->category == m->b->category) : -1;
    x[FT_types_shared] = (a & m->same_a) != 0;
    x[FT_types_lone] = a && b && !(a & m->same_a) && !(b & m->same_b);
}

static void price(const alignment *m, float x[FT_COUNT]) {
    const sketch *a = m->a, *b = m->b;
    bool known = a->price > 0 && b->price > 0 &&
                 (!a->currency || !b->currency || a->currency == b->currency);
    float r = known ? a->price / b->price : 1;
    x[FT_price_ratio] = known ? fminf(r, 1 / r) : -1;
    x[FT_price_log] = known ? logf(r) : 0;
}

/* ---- likeness as a whole ---- */

static float mean_near(const float *near, unsigned n) {
    float sum = 0;
    for (unsigned i = 0; i < n; i++) sum += near[i];
    return n ? sum / (float)n : 0;
}

static void whole(const alignment *m, float x[FT_COUNT]) {
    const sketch *a = m->a, *b = m->b;
    const sketch_token *t = sketch_tokens(a);
    float shared = 0;
    for (uint32_t bits = m->same_a & m->first_a & m->title_a; bits; bits &= bits - 1) {
        int i = __builtin_ctz(bits);
        if (m->same[i] & m->title_b) shared += (float)t[i].weight * t[i].weight;
    }
    x[FT_spelling] = likeness(sketch_name(a), sketch_name(b));
    x[FT_near_a] = mean_near(m->near_a, a->title_n);
    x[FT_near_b] = mean_near(m->near_b, b->title_n);
    x[FT_cosine_title] = fminf(1, over(shared, a->title_norm * b->title_norm));
}

void features_vectors(const alignment *m, float x[FT_COUNT]) {
    x[FT_cosine_text] = sketch_cosine_text(m->a, m->b);
    x[FT_cosine_grams] = sketch_cosine_grams(m->a, m->b);
    x[FT_cosine_most] = fmaxf(x[FT_cosine_title], x[FT_cosine_text]);
}

void features_text(const alignment *m, float x[FT_COUNT]) {
    words(m, x);
    keys(m, x);
    model_fields(m, x);
    units(m, x);
    numbers(m, x);
    brand_fields(m, x);
    kinds(m, x);
    price(m, x);
    whole(m, x);
}
