#include "sketch.h"

#include <math.h>

enum { RAW_WORDS = 3 * SKETCH_VOCABULARY, RAW_GRAMS = 3 * SKETCH_GRAMS };

/* What is neither is no price that two products could be compared by. */
#define PRICE_LEAST 1e-6f
#define PRICE_MOST 1e12f

/* The block while it grows. */
typedef struct drawing {
    sketch head;
    sketch_token token[SKETCH_TOKENS];
    sketch_model model[SKETCH_MODELS];
    sketch_quantity quantity[SKETCH_QUANTITIES];
    uint32_t vocabulary[RAW_WORDS], gram[RAW_GRAMS];
    char text[SKETCH_TEXT];
    size_t vocabulary_n, gram_n;
} drawing;

static uint32_t low(uint64_t h) { return (uint32_t)h; }

/* ---- tokens ---- */

static uint16_t put_text(drawing *d, ts_str s) {
    uint16_t at = d->head.text_n;
    if (at + s.n > SKETCH_TEXT) return UINT16_MAX;
    memcpy(d->text + at, s.p, s.n);
    d->head.text_n = (uint16_t)(at + s.n);
    return at;
}

static void put_word(drawing *d, uint64_t hash) {
    if (d->vocabulary_n < RAW_WORDS) d->vocabulary[d->vocabulary_n++] = sketch_key(low(hash));
}

static uint16_t flags_of(const ts_token *k) {
    static const uint16_t kind[] = {[TS_TOK_WORD] = SK_WORD,
                                    [TS_TOK_NUMBER] = SK_NUMBER,
                                    [TS_TOK_MIXED] = SK_MIXED,
                                    [TS_TOK_HAN] = SK_HAN};
    return (uint16_t)(kind[k->kind] | (k->compat ? SK_COMPAT : 0) | (k->qty ? SK_QTY : 0) |
                      (k->variant ? SK_VARIANT : 0) | (k->with ? SK_WITH : 0) |
                      (k->bits <= 1 ? SK_COMMON : 0));
}

static bool neighbour_han(const ts_tokens *t, size_t i) {
    return i + 1 < t->n && t->v[i + 1].kind == TS_TOK_HAN && !t->v[i + 1].brk;
}

/* Two or three neighbours written as one word, where one of them holds a digit. */
static void put_joined(drawing *d, const ts_tokens *t, size_t i) {
    char b[48];
    size_t n = 0;
    bool digit = false;
    for (size_t k = i; k < t->n && k < i + 3 && t->v[k].kind != TS_TOK_HAN; k++) {
        if (n + t->v[k].n > sizeof b || (k > i && t->v[k].brk)) return;
        memcpy(b + n, t->text.p + t->v[k].at, t->v[k].n);
        n += t->v[k].n;
        digit |= ts_token_has_digit(&t->v[k]);
        if (k > i && digit && n >= 4) put_word(d, ts_token_hash(b, n));
    }
}

/* The product type that a token is part of the name of, + 1. */
static uint16_t type_at(const ts_view *v, ts_field f, size_t i) {
    for (size_t k = 0; k < v->types.n; k++) {
        const ts_type_hit *h = &v->types.v[k];
        if (h->field == f && h->from <= i && i < h->to) return (uint16_t)(h->type + 1);
    }
    return 0;
}

static bool known_token(const drawing *d, uint32_t hash) {
    for (unsigned i = 0; i < d->head.tokens_n; i++)
        if (d->token[i].hash == hash) return true;
    return false;
}

/* Both or nothing, one behind the other. */
static uint16_t put_two(drawing *d, ts_str first, ts_str second) {
    if (d->head.text_n + first.n + second.n > SKETCH_TEXT) return UINT16_MAX;
    uint16_t at = d->head.text_n;
    if (first.n) put_text(d, first);
    if (second.n) put_text(d, second);
    return at;
}

/* Whether the text ends with that character, as the end of a pair of the same field. */
static bool ends_with(const drawing *d, uint16_t flag, ts_str c) {
    if (!d->head.tokens_n) return false;
    const sketch_token *last = &d->token[d->head.tokens_n - 1];
    if (!(last->flags & SK_HAN) || !(last->flags & flag)) return false;
    return d->head.text_n >= c.n && memcmp(d->text + d->head.text_n - c.n, c.p, c.n) == 0;
}

/* Adds the words of a field to the vocabulary, and as tokens while there is room. `once` leaves out
 * words that are tokens already. */
static void put_field(drawing *d, const ts_view *v, ts_field f, uint16_t flag, bool once) {
    const ts_tokens *t = &v->f[f];
    unsigned room = f == TS_F_DETAIL ? SKETCH_FILL : SKETCH_TOKENS;
    size_t most = f == TS_F_DETAIL && t->n > SKETCH_DETAIL ? SKETCH_DETAIL : t->n;
    for (size_t i = 0; i < most; i++) {
        const ts_token *k = &t->v[i];
        bool han = k->kind == TS_TOK_HAN, two = han && neighbour_han(t, i);
        if (han && !two && i > 0 && t->v[i - 1].kind == TS_TOK_HAN && !k->brk) continue;
        uint64_t hash = two ? pair_hash(k, &t->v[i + 1]) : k->hash;
        put_word(d, hash);
        if (!han) put_joined(d, t, i);
        bool again = known_token(d, low(hash));
        if (d->head.tokens_n >= room || (once && again)) continue;
        ts_str word = ts_token_text(t, i), rest = two ? ts_token_text(t, i + 1) : TS_NONE;
        if (word.n > 60) continue;
        bool there =
            two && i > 0 && !k->brk && t->v[i - 1].kind == TS_TOK_HAN && ends_with(d, flag, word);
        uint16_t at = put_two(d, there ? TS_NONE : word, rest);
        if (at == UINT16_MAX) continue; /* no room: the vocabulary goes on */
        if (there) at = (uint16_t)(at - word.n);
        d->token[d->head.tokens_n++] =
            (sketch_token){.hash = low(hash),
                           .at = at,
                           .n = (uint8_t)(word.n + rest.n),
                           .type = k->typed ? type_at(v, f, i) : 0,
                           .flags = (uint16_t)(flags_of(k) | flag | (again ? SK_AGAIN : 0))};
    }
}

/* ---- grams ---- */

static void put_grams(drawing *d, const sketch_token *t) {
    char b[66];
    size_t n = 0;
    uint8_t at[66];
    size_t chars = 0;
    b[n] = '<';
    at[chars++] = (uint8_t)n++;
    for (size_t i = 0; i < t->n; i++, n++) {
        b[n] = d->text[t->at + i];
        if (((unsigned char)b[n] & 0xC0) != 0x80) at[chars++] = (uint8_t)n;
    }
    b[n] = '>';
    at[chars++] = (uint8_t)n++;
    at[chars] = (uint8_t)n;
    for (size_t i = 0; i < chars; i++)
        for (size_t w = 3; w <= 4 && i + w <= chars; w++)
            if (d->gram_n < RAW_GRAMS)
                d->gram[d->gram_n++] =
                    sketch_key((uint32_t)ts_token_hash(b + at[i], (size_t)(at[i + w] - at[i])));
}

/* Sorts by the 24 bits of the key (radix, three passes of 8 bits). */
static void sort_keys(uint32_t *v, size_t n, uint32_t *other) {
    for (unsigned shift = 8; shift < 32; shift += 8) {
        uint16_t at[257] = {0};
        for (size_t i = 0; i < n; i++) at[(v[i] >> shift & 0xFF) + 1]++;
        for (size_t i = 1; i < 256; i++) at[i] = (uint16_t)(at[i] + at[i - 1]);
        for (size_t i = 0; i < n; i++) other[at[v[i] >> shift & 0xFF]++] = v[i];
        memcpy(v, other, n * sizeof *v);
    }
}

/* Sorts, counts repetitions into the low byte, cuts. */
static uint16_t sort_counted(uint32_t *v, size_t n, size_t most) {
    uint32_t other[RAW_WORDS > RAW_GRAMS ? RAW_WORDS : RAW_GRAMS];
    sort_keys(v, n, other);
    size_t w = 0;
    for (size_t i = 0; i < n; i++) {
        if (w && (v[w - 1] >> 8) == (v[i] >> 8))
            v[w - 1] += (v[w - 1] & 0xFF) < 255;
        else if (w < most)
            v[w++] = v[i] | 1;
    }
    return (uint16_t)w;
}

/* ---- models, quantities, price ---- */

static void put_models(drawing *d, const ts_view *v) {
    for (size_t i = 0; i < v->models.n; i++) {
        const ts_model_key *m = &v->models.v[i];
        put_word(d, m->hash);
        bool field = m->field == TS_F_TITLE || m->field == TS_F_MODEL;
        if (!field || !m->whole || m->generic || d->head.models_n == SKETCH_MODELS) continue;
        bool known = false;
        for (unsigned k = 0; k < d->head.models_n; k++) known |= d->model[k].hash == low(m->hash);
        uint16_t at = known ? UINT16_MAX : put_text(d, m->text);
        if (at == UINT16_MAX) continue;
        d->model[d->head.models_n++] = (sketch_model){.hash = low(m->hash),
                                                      .at = at,
                                                      .n = (uint8_t)m->text.n,
                                                      .bits = m->bits,
                                                      .field = m->field,
                                                      .compat = m->compat};
    }
}

static void put_quantities(drawing *d, const ts_view *v) {
    for (size_t i = 0; i < v->quantities.n && d->head.quantities_n < SKETCH_QUANTITIES; i++) {
        const ts_quantity *q = &v->quantities.v[i];
        d->quantity[d->head.quantities_n++] =
            (sketch_quantity){.value = (float)q->value, .name = q->name, .field = q->field};
    }
}

/* Where the decimals of a number begin: at its last point or comma, unless that one marks
 * thousands. s.n: nowhere. */
static size_t decimal_mark(ts_str s) {
    size_t points = 0, commas = 0, last = s.n;
    for (size_t i = 0; i < s.n; i++) {
        if (ts_is_digit(s.p[i])) continue;
        last = i;
        if (s.p[i] == '.')
            points++;
        else
            commas++;
    }
    if (last == s.n) return last;
    bool comma = s.p[last] == ',', thousands = comma && !points && s.n - last == 4;
    return thousands || (comma ? commas : points) > 1 ? s.n : last;
}

/* "E3", "e+03" */
static size_t exponent_length(ts_str s) {
    if (s.n < 2 || (s.p[0] | 32) != 'e') return 0;
    size_t n = s.p[1] == '+' || s.p[1] == '-' ? 2 : 1, digits = n;
    while (n < s.n && n < 8 && ts_is_digit(s.p[n])) n++;
    return n > digits ? n : 0;
}

/* The first number of a price as shops write it: "1,299.00", "1.299,00", "24,99 €", "4.3769E3". */
static float price_of(ts_str s) {
    char b[48];
    size_t n = 0, end = 0;
    while (s.n && !ts_is_digit(*s.p)) s = ts_str_from(s, 1);
    while (end < s.n && (ts_is_digit(s.p[end]) || s.p[end] == '.' || s.p[end] == ',')) end++;
    while (end && !ts_is_digit(s.p[end - 1])) end--;
    size_t mark = decimal_mark(ts_str_to(s, end));
    for (size_t i = 0; i < end && n < 40; i++)
        if (ts_is_digit(s.p[i]) || i == mark) b[n++] = i == mark ? '.' : s.p[i];
    ts_str behind = ts_str_from(s, end);
    behind = ts_str_to(behind, exponent_length(behind));
    if (behind.n) memcpy(b + n, behind.p, behind.n);
    double v;
    bool there = n && ts_f64_parse((ts_str){b, n + behind.n}, &v);
    return there && v >= PRICE_LEAST && v <= PRICE_MOST ? (float)v : -1;
}

static uint32_t hash_of(ts_arena scratch, ts_str s) {
    ts_str folded = ts_squeeze(&scratch, ts_str_clip(s, 60));
    return folded.n ? (uint32_t)ts_hash(folded) | 1 : 0;
}

/* ---- the block ---- */

static void finish_vectors(drawing *d) {
    for (unsigned i = 0; d->head.vectors && i < d->head.title_n; i++) put_grams(d, &d->token[i]);
    d->head.grams_n = sort_counted(d->gram, d->gram_n, SKETCH_GRAMS);
    d->head.vocabulary_n = sort_counted(d->vocabulary, d->vocabulary_n, SKETCH_VOCABULARY);
    for (unsigned i = 0; i < d->head.vocabulary_n; i++) {
        uint32_t h = d->vocabulary[i] >> 8;
        d->head.bloom[h >> 6 & 3] |= 1ull << (h & 63);
    }
}

static char *append(char *to, const void *from, size_t bytes) {
    memcpy(to, from, bytes);
    return to + bytes;
}

static sketch *pack(ts_arena *a, drawing *d) {
    sketch *h = &d->head;
    size_t size = sizeof *h + h->tokens_n * sizeof *d->token + h->models_n * sizeof *d->model +
                  h->quantities_n * sizeof *d->quantity +
                  (h->vocabulary_n + (size_t)h->grams_n) * 4 + h->text_n;
    size = (size + 7) & ~(size_t)7;
    h->size = (uint32_t)size;
    char *block = ts_alloc(a, 1, 8, size), *p = append(block, h, sizeof *h);
    p = append(p, d->token, h->tokens_n * sizeof *d->token);
    p = append(p, d->model, h->models_n * sizeof *d->model);
    p = append(p, d->quantity, h->quantities_n * sizeof *d->quantity);
    p = append(p, d->vocabulary, (size_t)h->vocabulary_n * 4);
    p = append(p, d->gram, (size_t)h->grams_n * 4);
    append(p, d->text, h->text_n);
    return (sketch *)(void *)block;
}

static bool brand_in_title(const ts_view *v) {
    const ts_tokens *b = &v->f[TS_F_BRAND], *t = &v->f[TS_F_TITLE];
    for (size_t i = 0; i < b->n; i++) {
        bool found = false;
        for (size_t k = 0; k < t->n && !found; k++) found = t->v[k].hash == b->v[i].hash;
        if (!found) return false;
    }
    return true;
}

/* Words of the brand, where they stand in the title. */
static void mark_brand(drawing *d, const ts_view *v) {
    const ts_tokens *b = &v->f[TS_F_BRAND];
    for (unsigned i = 0; i < d->head.tokens_n; i++)
        for (size_t k = 0; k < b->n; k++) {
            bool two = b->v[k].kind == TS_TOK_HAN && neighbour_han(b, k);
            uint64_t hash = two ? pair_hash(&b->v[k], &b->v[k + 1]) : b->v[k].hash;
            if (d->token[i].hash == low(hash)) d->token[i].flags |= SK_BRAND;
        }
}

sketch *sketch_build(ts_arena *a, const ts_view *v, ts_str price, ts_str currency, bool vectors) {
    drawing *d;
    ts_arena scratch = *a;
    char *room = (char *)ts_new_raw(&scratch, drawing, 1);
    d = (drawing *)(void *)room;
    memset(&d->head, 0, sizeof d->head);
    d->vocabulary_n = d->gram_n = 0;
    d->head.vectors = vectors;
    bool branded = !v->brand_unknown && v->f[TS_F_BRAND].n;
    if (branded) {
        ts_str squeezed = ts_squeeze(&scratch, ts_str_clip(v->f[TS_F_BRAND].text, 60));
        d->head.brand_n = (uint8_t)squeezed.n; /* stands at the start of the text */
        put_text(d, squeezed);
        put_word(d, ts_token_hash(squeezed.p, squeezed.n));
    }
    uint16_t before = d->head.text_n;
    if (branded && !brand_in_title(v)) put_field(d, v, TS_F_BRAND, SK_BRAND, false);
    put_field(d, v, TS_F_TITLE, SK_TITLE, false);
    if (branded) mark_brand(d, v);
    put_field(d, v, TS_F_MODEL, SK_MODEL, true);
    d->head.title_n = d->head.tokens_n;
    d->head.title_bytes = (uint16_t)(d->head.text_n - before);
    d->head.detail_n = (uint16_t)(v->f[TS_F_DETAIL].n < 1000 ? v->f[TS_F_DETAIL].n : 1000);
    put_models(d, v);
    put_field(d, v, TS_F_DETAIL, SK_DETAIL, true);
    put_quantities(d, v);
    d->head.price = price_of(price);
    d->head.currency = hash_of(scratch, currency);
    d->head.category = hash_of(scratch, v->f[TS_F_CATEGORY].text);
    finish_vectors(d);
    /* The block may take the place of the drawing: pack into a copy of the arena behind it. */
    ts_arena behind = scratch;
    sketch *made = pack(&behind, d);
    char *to = ts_alloc_raw(a, 1, 8, made->size);
    memmove(to, made, made->size);
    return (sketch *)(void *)to;
}

/* ---- weights ---- */

void sketch_count(const sketch *s, words_counter *c) {
    words_next_product(c);
    const uint32_t *v = sketch_vocabulary(s), *g = sketch_grams(s);
    for (unsigned i = 0; i < s->vocabulary_n; i++) words_count(c, v[i]);
    for (unsigned i = 0; i < s->grams_n; i++) words_count(c, g[i] ^ SKETCH_GRAM_SALT);
}

static float weigh_vector(uint32_t *v, unsigned n, word_weights w, uint32_t salt) {
    float sum = 0;
    for (unsigned i = 0; i < n; i++) {
        float count = (float)(v[i] & 0xFF), tf = count > 1 ? 1 + logf(count) : 1;
        float x = (float)words_weight(w, v[i] ^ salt) * tf;
        uint32_t q = x > 255 ? 255 : (uint32_t)(x + 0.5f);
        v[i] = (v[i] & ~0xFFu) | q;
        sum += (float)(q * q);
    }
    return sqrtf(sum);
}

void sketch_weigh(sketch *s, word_weights w) {
    sketch_token *t = (sketch_token *)(uintptr_t)sketch_tokens(s);
    sketch_model *m = (sketch_model *)(uintptr_t)sketch_models(s);
    float squares = 0, sum = 0;
    for (unsigned i = 0; i < s->tokens_n; i++) {
        uint8_t x = words_weight(w, sketch_key(t[i].hash));
        if ((t[i].flags & SK_COMMON) && x > WEIGHT_ONE) x = WEIGHT_ONE;
        t[i].weight = x;
        if (i >= s->title_n || (t[i].flags & SK_AGAIN)) continue;
        squares += (float)x * x;
        sum += x;
    }
    for (unsigned i = 0; i < s->models_n; i++) m[i].weight = words_weight(w, sketch_key(m[i].hash));
    s->title_norm = sqrtf(squares);
    s->title_sum = sum;
    if (!s->vectors) return;
    s->vocabulary_norm =
        weigh_vector((uint32_t *)(uintptr_t)sketch_vocabulary(s), s->vocabulary_n, w, 0);
    s->grams_norm =
        weigh_vector((uint32_t *)(uintptr_t)sketch_grams(s), s->grams_n, w, SKETCH_GRAM_SALT);
}

/* Inner product of two sorted vectors. */
static float dot(const uint32_t *a, unsigned na, const uint32_t *b, unsigned nb) {
    uint64_t sum = 0;
    for (unsigned i = 0, k = 0; i < na && k < nb;) {
        uint32_t x = a[i] >> 8, y = b[k] >> 8;
        if (x == y) sum += (uint64_t)(a[i] & 0xFF) * (b[k] & 0xFF);
        i += x <= y;
        k += y <= x;
    }
    return (float)sum;
}

static float cosine(float product, float norms) { return norms > 0 ? product / norms : 0; }

float sketch_cosine_text(const sketch *a, const sketch *b) {
    return cosine(dot(sketch_vocabulary(a), a->vocabulary_n, sketch_vocabulary(b), b->vocabulary_n),
                  a->vocabulary_norm * b->vocabulary_norm);
}

float sketch_cosine_grams(const sketch *a, const sketch *b) {
    return cosine(dot(sketch_grams(a), a->grams_n, sketch_grams(b), b->grams_n),
                  a->grams_norm * b->grams_norm);
}

bool sketch_has(const sketch *s, uint32_t hash) {
    uint32_t key = sketch_key(hash) >> 8;
    if (!(s->bloom[key >> 6 & 3] >> (key & 63) & 1)) return false;
    const uint32_t *v = sketch_vocabulary(s);
    unsigned low_end = 0, n = s->vocabulary_n;
    while (n) {
        unsigned half = n / 2;
        if ((v[low_end + half] >> 8) < key)
            low_end += half + 1, n -= half + 1;
        else
            n = half;
    }
    return low_end < s->vocabulary_n && (v[low_end] >> 8) == key;
}

/* Of a vector of whole numbers. */
static bool norm_holds(float x) { return x == 0 || (x >= 1 && isfinite(x)); }

bool sketch_sound(const sketch *s, size_t room) {
    if (room < sizeof *s || s->size > room || s->size % 8 || s->tokens_n > SKETCH_TOKENS ||
        s->title_n > s->tokens_n || s->models_n > SKETCH_MODELS ||
        s->quantities_n > SKETCH_QUANTITIES || s->vocabulary_n > SKETCH_VOCABULARY ||
        s->grams_n > SKETCH_GRAMS)
        return false;
    size_t used = sizeof *s + s->tokens_n * sizeof(sketch_token) +
                  s->models_n * sizeof(sketch_model) + s->quantities_n * sizeof(sketch_quantity) +
                  ((size_t)s->vocabulary_n + s->grams_n) * 4 + s->text_n;
    if (used > s->size || (size_t)s->brand_n + s->title_bytes > s->text_n) return false;
    const sketch_token *t = sketch_tokens(s);
    const sketch_model *m = sketch_models(s);
    for (unsigned i = 0; i < s->tokens_n; i++)
        if (t[i].at > s->text_n || t[i].n > s->text_n - t[i].at || t[i].type > ts_type_count())
            return false;
    for (unsigned i = 0; i < s->models_n; i++)
        if (m[i].at > s->text_n || m[i].n > s->text_n - m[i].at) return false;
    bool priced = s->price >= PRICE_LEAST && s->price <= PRICE_MOST;
    return norm_holds(s->title_norm) && norm_holds(s->vocabulary_norm) &&
           norm_holds(s->grams_norm) && s->title_sum >= 0 && isfinite(s->title_sum) &&
           (priced || s->price == -1);
}

size_t sketch_net_tokens(const sketch *s, ts_net_token out[TS_NET_TOKENS]) {
    const sketch_token *t = sketch_tokens(s);
    for (unsigned i = 0; i < s->tokens_n; i++) {
        uint64_t type = t[i].type ? ts_mix(t[i].type ^ 0x74797065ull << 16) : 0;
        ts_net_pieces(sketch_word(s, &t[i]), type, &out[i]);
        float *f = out[i].fact;
        f[0] = (t[i].flags & SK_MIXED) != 0;
        f[1] = (t[i].flags & SK_NUMBER) != 0;
        f[2] = (t[i].flags & SK_WORD) != 0;
        f[3] = (float)(t[i].n < 12 ? t[i].n : 12) / 12;
        f[4] = (float)t[i].weight / WEIGHT_MAX;
        f[5] = !(t[i].flags & SK_DETAIL);
        f[6] = t[i].type != 0;
        f[7] = (t[i].flags & (SK_COMPAT | SK_WITH)) != 0;
    }
    return s->tokens_n;
}
