/* Building the notice index. */
#include <math.h>

#include "index_format.h"

/* Every growing array has an address range of its own, so that growing never copies. */
enum { ARRAYS = 16 };
#define ARRAY_RESERVE ((size_t)16 << 30)
enum { JSON_DESCRIPTION = 600, JSON_PROSE = 240 };

typedef struct built_term {
    uint64_t key;
    uint32_t df, first;
    uint8_t cls, cap;
    uint32_t text; /* bytes into strings, for terms that may be misspelt */
    uint8_t text_n;
} built_term;

/* What was added under an id. */
typedef struct known_notice {
    ts_digest own;   /* its part of the set's digest */
    int32_t day;     /* modified, else published; TS_NO_DAY = not stated */
    uint32_t number; /* + 1; 0 = withdrawn */
} known_notice;

typedef struct keys {
    ix_key *v;
    size_t n, cap;
} key_list;

struct ts_index_builder {
    ts_arena array[ARRAYS], base[ARRAYS];
    struct {
        built_term *v;
        size_t n, cap;
    } terms;
    uint32_t *slots; /* over terms: number + 1 */
    size_t slot_count;
    struct {
        uint32_t *v;
        size_t n, cap;
    } forward;
    struct {
        ix_notice *v;
        size_t n, cap;
    } notices;
    key_list brands, models;
    struct {
        uint16_t *v;
        size_t n, cap;
    } types;
    struct {
        ix_quantity *v;
        size_t n, cap;
    } quantities;
    struct {
        uint64_t *v;
        size_t n, cap;
    } idents;
    ts_buf strings, json, sketches;
    ts_map ids; /* id → number in known */
    struct {
        known_notice *v;
        size_t n, cap;
    } known;
    size_t gone, withdrawn;
    ts_digest digest;
};
typedef enum {
    A_TERMS,
    A_SLOTS,
    A_FORWARD,
    A_NOTICES,
    A_BRANDS,
    A_MODELS,
    A_TYPES,
    A_QUANTITIES,
    A_IDENTS,
    A_SKETCHES,
    A_STRINGS,
    A_JSON,
    A_IDS,
    A_KNOWN,
    A_OUT,
    A_SCRATCH
} array_no;

ts_index_builder *ts_index_builder_new(ts_arena *a) {
    ts_index_builder *b = ts_new(a, ts_index_builder);
    for (int i = 0; i < ARRAYS; i++) b->array[i] = b->base[i] = ts_arena_new(ARRAY_RESERVE);
    b->strings = ts_buf_new(&b->array[A_STRINGS], UINT32_MAX);
    b->json = ts_buf_new(&b->array[A_JSON], ARRAY_RESERVE - 1);
    b->sketches = ts_buf_new(&b->array[A_SKETCHES], ARRAY_RESERVE - 1);
    b->slot_count = 1 << 16;
    b->slots = ts_new_n(&b->array[A_SLOTS], uint32_t, b->slot_count);
    return b;
}

void ts_index_builder_free(ts_index_builder *b) {
    for (int i = 0; i < ARRAYS; i++) ts_arena_free(&b->base[i], ARRAY_RESERVE);
}

size_t ts_index_added(const ts_index_builder *b) { return b->notices.n - b->gone; }
size_t ts_index_withdrawn(const ts_index_builder *b) { return b->withdrawn; }

/* ---- terms ---- */

static void grow_slots(ts_index_builder *b) {
    b->array[A_SLOTS] = b->base[A_SLOTS];
    b->slot_count *= 2;
    b->slots = ts_new_n(&b->array[A_SLOTS], uint32_t, b->slot_count);
    for (size_t i = 0; i < b->terms.n; i++) {
        size_t k = b->terms.v[i].key & (b->slot_count - 1);
        while (b->slots[k]) k = (k + 1) & (b->slot_count - 1);
        b->slots[k] = (uint32_t)i + 1;
    }
}

static uint32_t term_number(ts_index_builder *b, const term *t) {
    if (b->terms.n * 2 >= b->slot_count) grow_slots(b);
    size_t k = t->key & (b->slot_count - 1);
    for (; b->slots[k]; k = (k + 1) & (b->slot_count - 1)) {
        built_term *x = &b->terms.v[b->slots[k] - 1];
        if (x->key != t->key) continue;
        if (t->cap > x->cap) x->cap = t->cap;
        return b->slots[k] - 1;
    }
    *ts_push(&b->array[A_TERMS], &b->terms) =
        (built_term){.key = t->key, .cls = t->cls, .cap = t->cap};
    b->slots[k] = (uint32_t)b->terms.n;
    return (uint32_t)b->terms.n - 1;
}

static uint32_t keep_string(ts_index_builder *b, ts_str s) {
    uint32_t at = (uint32_t)b->strings.n;
    ts_buf_put(&b->strings, s);
    return at;
}

/* Remembers how a word or brand is written, so that its misspellings can be listed. */
static void keep_spelling(ts_index_builder *b, term_class c, ts_str text, uint64_t hash) {
    uint64_t key = term_key(c, hash);
    for (size_t k = key & (b->slot_count - 1); b->slots[k]; k = (k + 1) & (b->slot_count - 1)) {
        built_term *x = &b->terms.v[b->slots[k] - 1];
        if (x->key != key) continue;
        if (!x->text_n && text.n >= TYPO_MIN && text.n <= TYPO_MAX) {
            x->text = keep_string(b, text);
            x->text_n = (uint8_t)text.n;
        }
        return;
    }
}

static void spellings(ts_index_builder *b, const notice_profile *p) {
    for (size_t i = 0; i < p->brands.n; i++)
        keep_spelling(b, TERM_BRAND, p->brands.v[i].text, p->brands.v[i].hash);
    static const ts_field fields[] = {TS_F_TITLE, TS_F_BRAND};
    for (int f = 0; f < 2; f++) {
        const ts_tokens *t = &p->view.f[fields[f]];
        for (size_t i = 0; i < t->n; i++)
            if (t->v[i].kind == TS_TOK_WORD && t->v[i].bits > 4 && !t->v[i].typed)
                keep_spelling(b, TERM_WORD, ts_token_text(t, i), t->v[i].hash);
    }
}

/* ---- one notice ---- */

static uint32_t put_keys(ts_index_builder *b, array_no no, key_list *list, const notice_side *s,
                         const ix_key *v, size_t n) {
    uint32_t first = (uint32_t)list->n;
    for (size_t i = 0; i < n; i++) {
        ix_key *k = ts_push(&b->array[no], list);
        *k = v[i];
        k->text = keep_string(b, side_text(s, &v[i]));
    }
    return first;
}

/* Copies the arrays of a side behind those of the notices before it. */
static void put_side(ts_index_builder *b, const notice_side *s, ix_notice *n) {
    n->brands = put_keys(b, A_BRANDS, &b->brands, s, s->brands, s->brands_n);
    n->models = put_keys(b, A_MODELS, &b->models, s, s->models, s->models_n);
    n->types = (uint32_t)b->types.n;
    n->quantities = (uint32_t)b->quantities.n;
    n->idents = (uint32_t)b->idents.n;
    for (size_t i = 0; i < s->types_n; i++) *ts_push(&b->array[A_TYPES], &b->types) = s->types[i];
    for (size_t i = 0; i < s->quantities_n; i++)
        *ts_push(&b->array[A_QUANTITIES], &b->quantities) = s->quantities[i];
    for (size_t i = 0; i < s->idents_n; i++)
        *ts_push(&b->array[A_IDENTS], &b->idents) = s->idents[i];
    n->sketch = b->sketches.n;
    ts_buf_put(&b->sketches, (ts_str){(const char *)s->sketch, s->sketch->size});
    n->brands_n = s->brands_n, n->models_n = s->models_n, n->types_n = s->types_n;
    n->quantities_n = s->quantities_n, n->idents_n = s->idents_n;
    n->variants = s->variants;
    n->counterfeit = s->counterfeit;
    n->goes_with = s->goes_with;
}

static void put_json(ts_index_builder *b, const ts_notice *n, ix_notice *out) {
    ts_notice s = *n;
    s.description = ts_str_clip(s.description, JSON_DESCRIPTION);
    s.hazard = ts_str_clip(s.hazard, JSON_DESCRIPTION);
    s.measures = ts_str_clip(s.measures, JSON_PROSE);
    s.remedy = ts_str_clip(s.remedy, JSON_PROSE);
    s.legal = ts_str_clip(s.legal, JSON_PROSE);
    if (s.images.n > 3) s.images.n = 3;
    if (s.operators.n > 8) s.operators.n = 8;
    out->json = b->json.n;
    ts_jsonw w = ts_jsonw_to(&b->json);
    ts_notice_write(&w, &s);
    out->json_n = (uint32_t)(b->json.n - out->json);
}

/* Takes an earlier version out again: its terms no longer count, and finishing leaves it behind. */
static void forget(ts_index_builder *b, known_notice *k) {
    if (!k->number) {
        b->withdrawn--;
        return;
    }
    ix_notice *n = &b->notices.v[k->number - 1];
    for (unsigned i = 0; i < n->forward_n; i++)
        b->terms.v[b->forward.v[n->forward + i] & ~IX_PART].df--;
    n->json_n = 0; /* a mark: no notice is written with nothing */
    b->gone++;
    b->digest.lo ^= k->own.lo;
    b->digest.hi ^= k->own.hi;
}

static void leave_gone_behind(ts_index_builder *b) {
    size_t w = 0;
    for (size_t i = 0; i < b->notices.n; i++)
        if (b->notices.v[i].json_n) b->notices.v[w++] = b->notices.v[i];
    b->notices.n = w;
    b->gone = 0;
}

/* The place of the notice's id, free for it to take; NULL when a newer version is there. */
static known_notice *place_of(ts_index_builder *b, const ts_notice *n) {
    int32_t day = n->modified != TS_NO_DAY ? n->modified : n->published;
    bool fresh;
    uint64_t *at =
        ts_map_put(&b->array[A_IDS], &b->ids, ts_str_dup(&b->array[A_IDS], n->id), &fresh);
    if (fresh) {
        *at = b->known.n;
        ts_push(&b->array[A_KNOWN], &b->known)->day = day;
        return &b->known.v[*at];
    }
    known_notice *k = &b->known.v[*at];
    if (day != TS_NO_DAY && k->day != TS_NO_DAY && day < k->day) return 0;
    forget(b, k);
    *k = (known_notice){.day = day};
    return k;
}

void ts_index_add(ts_index_builder *b, const ts_notice *n) {
    known_notice *place = place_of(b, n);
    if (!place) return;
    if (n->state == TS_NOTICE_WITHDRAWN) {
        b->withdrawn++;
        return;
    }
    ts_arena scratch = b->base[A_SCRATCH];
    notice_profile p;
    profile_notice(&scratch, n, &p);
    notice_side side;
    side_of_notice(&scratch, n, &p, sketch_build(&scratch, &p.view, TS_NONE, TS_NONE, false),
                   &side);
    ix_notice out = {.forward = (uint32_t)b->forward.n};
    for (size_t i = 0; i < p.terms.n; i++) {
        uint32_t t = term_number(b, &p.terms.v[i]);
        b->terms.v[t].df++;
        *ts_push(&b->array[A_FORWARD], &b->forward) = t | (p.terms.v[i].part ? IX_PART : 0);
    }
    out.forward_n = (uint16_t)p.terms.n;
    spellings(b, &p);
    put_side(b, &side, &out);
    put_json(b, n, &out);
    place->own = ts_notice_set_toggle((ts_digest){0}, n);
    b->digest = ts_notice_set_toggle(b->digest, n);
    *ts_push(&b->array[A_NOTICES], &b->notices) = out;
    place->number = (uint32_t)b->notices.n;
}

/* ---- finishing ---- */

/* Information of a term among the notices, in quarter bits. Counts are smoothed towards a prior: a
 * word nobody uses is worth 17 bits, and a small collection cannot make a common word look rare. */
static uint8_t weight_of(const built_term *t, size_t notices) {
    const double prior_notices = 2000, prior = 1.0 / (1 << 17);
    double p = (t->df + prior_notices * prior) / ((double)notices + prior_notices);
    double bits = -log2(p);
    if (t->cls == TERM_IDENT || t->cls == TERM_NUMBER) bits = t->cap;
    if (bits > t->cap) bits = t->cap;
    return (uint8_t)(bits < 0 ? 0 : bits * 4 + 0.5);
}

/* Whether offers are led to notices by this term: brands, model keys and identifiers always, words
 * only when they are rare among the notices. */
static bool leads(const built_term *t, size_t notices) {
    if (t->cls == TERM_TYPE) return false;
    if (t->cls != TERM_WORD) return true;
    size_t most = notices / 1024 < 16 ? 16 : notices / 1024;
    return t->cap >= CAP_WORD - 2 && t->df <= most;
}

typedef struct sections {
    ts_arena *a;
    char *base;
    ix_header *head;
} sections;

static void *section(sections *s, ix_section no, size_t bytes) {
    char *p = ts_alloc(s->a, 1, 64, bytes ? bytes : 1);
    s->head->section[no].at = (uint64_t)(p - s->base);
    s->head->section[no].bytes = bytes;
    return p;
}

static void copy_section(sections *s, ix_section no, const void *from, size_t bytes) {
    void *to = section(s, no, bytes);
    if (bytes) memcpy(to, from, bytes);
}

static uint32_t power_above(size_t n) {
    size_t p = 64;
    while (p < n) p *= 2;
    return (uint32_t)p;
}

static void filter_add(uint64_t *f, uint32_t bits, uint64_t key) {
    uint32_t a = (uint32_t)(key >> 11) & (bits - 1), b = (uint32_t)(key >> 37) & (bits - 1);
    f[a >> 6] |= 1ull << (a & 63);
    f[b >> 6] |= 1ull << (b & 63);
}

static void slot_add(ix_slot *slots, uint32_t count, uint64_t key, uint32_t number) {
    uint32_t i = (uint32_t)key & (count - 1);
    while (slots[i].term) i = (i + 1) & (count - 1);
    slots[i] = (ix_slot){(uint32_t)(key >> 32), number + 1};
}

static void put_terms(ts_index_builder *b, sections *s) {
    size_t n = b->terms.n, notices = b->notices.n, posts = 0;
    ix_term *table = section(s, IX_TERMS, n * sizeof *table);
    for (size_t i = 0; i < n; i++) {
        const built_term *t = &b->terms.v[i];
        bool led = leads(t, notices);
        table[i] = (ix_term){.first = (uint32_t)posts,
                             .n = 0,
                             .df = t->df,
                             .weight = weight_of(t, notices),
                             .cls = t->cls,
                             .spare = led};
        posts += led ? t->df : 0;
    }
    ix_header *h = s->head;
    h->slot_count = power_above(n * 2);
    h->filter_bits = power_above(n * 16);
    ix_slot *slots = section(s, IX_SLOTS, (size_t)h->slot_count * sizeof *slots);
    uint64_t *filter = section(s, IX_FILTER, h->filter_bits / 8);
    for (size_t i = 0; i < n; i++) {
        slot_add(slots, h->slot_count, b->terms.v[i].key, (uint32_t)i);
        filter_add(filter, h->filter_bits, b->terms.v[i].key);
    }
    uint32_t *postings = section(s, IX_POSTINGS, posts * sizeof *postings);
    for (size_t k = 0; k < notices; k++) {
        const ix_notice *x = &b->notices.v[k];
        for (size_t i = x->forward; i < (size_t)x->forward + x->forward_n; i++) {
            ix_term *t = &table[b->forward.v[i] & ~IX_PART];
            if (t->spare) postings[t->first + t->n++] = (uint32_t)k;
        }
    }
    for (size_t i = 0; i < n; i++) table[i].spare = 0;
}

static void put_typos(ts_index_builder *b, sections *s) {
    uint64_t keys[TYPO_MAX + 1];
    size_t total = 0;
    for (size_t i = 0; i < b->terms.n; i++) {
        built_term *t = &b->terms.v[i];
        if (t->text_n && (!leads(t, b->notices.n) || t->cap < CAP_WORD - 2)) t->text_n = 0;
        if (t->text_n) total += t->text_n + 1u;
    }
    ix_header *h = s->head;
    h->typo_count = power_above(total * 2);
    h->typo_filter_bits = power_above(total * 12);
    ix_slot *slots = section(s, IX_TYPOS, (size_t)h->typo_count * sizeof *slots);
    uint64_t *filter = section(s, IX_TYPO_FILTER, h->typo_filter_bits / 8);
    for (size_t i = 0; i < b->terms.n; i++) {
        const built_term *t = &b->terms.v[i];
        if (!t->text_n) continue;
        size_t n = typo_keys((ts_str){b->strings.p + t->text, t->text_n}, t->cls, keys);
        for (size_t k = 0; k < n; k++) {
            slot_add(slots, h->typo_count, keys[k], (uint32_t)i);
            filter_add(filter, h->typo_filter_bits, keys[k]);
        }
    }
}

/* How rare words are among the notices, and the notices weighed by it. */
static void put_weights(ts_index_builder *b, sections *s) {
    uint8_t *weight = section(s, IX_WEIGHTS, WORDS_SIZE);
    ts_arena scratch = b->base[A_SCRATCH];
    words_counter c = words_counter_new(&scratch);
    for (size_t i = 0; i < b->notices.n; i++)
        sketch_count((const sketch *)(const void *)(b->sketches.p + b->notices.v[i].sketch), &c);
    words_finish(&c, weight);
    for (size_t i = 0; i < b->notices.n; i++)
        sketch_weigh((sketch *)(void *)(b->sketches.p + b->notices.v[i].sketch),
                     (word_weights){weight});
    side_weigh_keys(b->brands.v, b->brands.n, (word_weights){weight});
    side_weigh_keys(b->models.v, b->models.n, (word_weights){weight});
}

bool ts_index_finish(ts_index_builder *b, ts_index *out, ts_error *e) {
    if (b->strings.full || b->json.full || b->sketches.full || b->terms.n >= 1u << 30 ||
        b->forward.n >= UINT32_MAX)
        return ts_fail(e, TS_E_LIMIT, "too many notices for one index (%zu); split the collection",
                       b->notices.n);
    leave_gone_behind(b);
    sections s = {.a = &b->array[A_OUT]};
    s.head = ts_alloc(s.a, sizeof *s.head, 64, 1);
    s.base = (char *)s.head;
    memcpy(s.head->magic, IX_MAGIC, 8);
    s.head->version = IX_VERSION;
    s.head->byte_order = 0x01020304;
    s.head->notice_count = (uint32_t)b->notices.n;
    s.head->term_count = (uint32_t)b->terms.n;
    s.head->lexicon = ts_lexicon_digest();
    s.head->notices = b->digest;
    put_terms(b, &s);
    put_weights(b, &s);
    copy_section(&s, IX_FORWARD, b->forward.v, b->forward.n * sizeof *b->forward.v);
    copy_section(&s, IX_NOTICES, b->notices.v, b->notices.n * sizeof *b->notices.v);
    copy_section(&s, IX_BRANDS, b->brands.v, b->brands.n * sizeof *b->brands.v);
    copy_section(&s, IX_MODELS, b->models.v, b->models.n * sizeof *b->models.v);
    copy_section(&s, IX_TYPES, b->types.v, b->types.n * sizeof *b->types.v);
    copy_section(&s, IX_QUANTITIES, b->quantities.v, b->quantities.n * sizeof *b->quantities.v);
    copy_section(&s, IX_IDENTS, b->idents.v, b->idents.n * sizeof *b->idents.v);
    copy_section(&s, IX_SKETCHES, b->sketches.p, b->sketches.n);
    put_typos(b, &s);
    copy_section(&s, IX_STRINGS, b->strings.p, b->strings.n);
    copy_section(&s, IX_JSON, b->json.p, b->json.n);
    s.head->size = (uint64_t)(s.a->beg - s.base);
    s.head->checksum = ix_checksum((ts_str){s.base, s.head->size});
    *out = (ts_index){.bytes = {s.base, s.head->size}};
    return true;
}
