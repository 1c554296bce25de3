#include "profile.h"

enum { TERMS_MAX = 900, BRAND_TOKENS = 6, HAN_BRAND_MAX = 6, LIST_MAX = 400, LARGE_BRAND = 5 };

static void add_term(ts_arena *a, terms *l, term_class c, uint64_t hash, unsigned cap, bool part) {
    if (cap == 0 || l->n >= TERMS_MAX) return;
    *ts_push(a, l) =
        (term){.key = term_key(c, hash), .cls = (uint8_t)c, .cap = (uint8_t)cap, .part = part};
}

/* Each term once, with its highest cap. */
static int by_key(const void *x, const void *y) {
    const term *a = x, *b = y;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return (int)b->cap - (int)a->cap;
}

static void unique(terms *l) {
    if (l->n < 2) return;
    qsort(l->v, l->n, sizeof *l->v, by_key);
    size_t w = 1;
    for (size_t i = 1; i < l->n; i++)
        if (l->v[i].key != l->v[w - 1].key) l->v[w++] = l->v[i];
    l->n = w;
}

static unsigned word_cap(const ts_token *t) {
    unsigned cap = t->bits < CAP_WORD ? t->bits : CAP_WORD;
    if (t->typed && cap > 2) cap = 2; /* the type itself is a term of its own */
    if (t->kind == TS_TOK_NUMBER && cap > 3) cap = 3;
    if (t->n < 3 && cap > 3) cap = 3;
    return cap;
}

/* Words and pairs of Chinese characters of one field. */
static void word_terms(ts_arena *a, const ts_tokens *t, bool skip_compat, bool part, terms *out) {
    for (size_t i = 0; i < t->n; i++) {
        const ts_token *k = &t->v[i];
        if (k->qty || k->label || (skip_compat && k->compat)) continue;
        if (k->kind != TS_TOK_HAN) {
            add_term(a, out, TERM_WORD, k->hash, word_cap(k), part);
            continue;
        }
        if (i + 1 >= t->n || t->v[i + 1].kind != TS_TOK_HAN || t->v[i + 1].brk) continue;
        unsigned cap = k->bits < t->v[i + 1].bits ? k->bits : t->v[i + 1].bits;
        if (cap > CAP_WORD - 2) cap = CAP_WORD - 2; /* neighbouring pairs overlap */
        if (k->typed && t->v[i + 1].typed && cap > 1) cap = 1;
        add_term(a, out, TERM_WORD, pair_hash(k, &t->v[i + 1]), cap, part);
    }
}

static void type_terms(ts_arena *a, const ts_view *v, bool offer, terms *out) {
    for (size_t i = 0; i < v->types.n; i++) {
        const ts_type_hit *h = &v->types.v[i];
        if (!offer && (h->compat || h->field == TS_F_CATEGORY)) continue;
        for (int t = h->type, up = 0; t >= 0; t = ts_type_parent((unsigned)t), up++)
            add_term(a, out, TERM_TYPE, (uint64_t)t + 1,
                     up > CAP_TYPE - 1 ? 1u : (unsigned)(CAP_TYPE - up), false);
    }
}

bool notice_key(const ts_model_key *k) {
    if (k->generic || k->compat) return false;
    return k->field == TS_F_MODEL ||
           (k->field == TS_F_TITLE && !k->joined && !k->numeric && k->to == k->from + 1);
}

static void model_terms(ts_arena *a, const ts_model_keys *m, bool notice, terms *out) {
    for (size_t i = 0; i < m->n; i++) {
        const ts_model_key *k = &m->v[i];
        if (notice ? !notice_key(k) : k->generic) continue;
        add_term(a, out, TERM_MODEL, k->hash, k->bits < CAP_MODEL ? k->bits : CAP_MODEL, false);
    }
}

uint64_t identifier_key(const ts_identifier *id) {
    char code[10];
    if (ts_identifier_trusted(id)) return term_key(TERM_IDENT, ts_mix(id->gtin ^ 0x6774696eull));
    if ((id->kind != TS_ID_ASIN && id->kind != TS_ID_FNSKU) || id->text.n != sizeof code) return 0;
    for (size_t i = 0; i < sizeof code; i++) code[i] = (char)ts_lower((unsigned char)id->text.p[i]);
    return term_key(TERM_IDENT, ts_token_hash(code, sizeof code));
}

static void ident_terms(ts_arena *a, const ts_identifiers *l, terms *out) {
    for (size_t i = 0; i < l->n; i++) {
        uint64_t key = identifier_key(&l->v[i]);
        if (key && out->n < TERMS_MAX)
            *ts_push(a, out) = (term){.key = key, .cls = TERM_IDENT, .cap = CAP_IDENT};
    }
}

uint64_t number_hash(ts_arena scratch, ts_str number) {
    ts_str s = ts_squeeze(&scratch, ts_str_clip(number, 100));
    return s.n >= 5 ? ts_hash(s) : 0;
}

static void number_term(ts_arena *a, ts_str number, terms *out) {
    uint64_t h = number_hash(*a, number);
    if (h) add_term(a, out, TERM_NUMBER, h, CAP_NUMBER, false);
}

static bool large_brand(const ts_tokens *t, size_t from, size_t to) {
    uint64_t key = TS_SEQ_START;
    for (size_t i = from; i < to; i++) key = ts_seq_add(key, t->v[i].hash);
    ts_lex_entry e = ts_lexicon_find(key);
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_BRAND) return true;
    return false;
}

uint8_t brand_bits(const ts_tokens *t, size_t from, size_t to) {
    unsigned bits = 0, letters = 0, han = 0;
    for (size_t i = from; i < to; i++) {
        const ts_token *k = &t->v[i];
        letters += k->kind == TS_TOK_HAN ? 2 : k->n;
        han += k->kind == TS_TOK_HAN;
        unsigned b = k->bits == 0xFF ? CAP_BRAND : k->bits;
        if (k->typed && b > 2) b = 2;
        bits += b;
    }
    if (han >= 2 && bits > 4)
        bits = 5 + 3 * (han - 1); /* characters one by one say nothing of the word */
    if (letters <= 1 && bits > 2) bits = 2;
    if (letters == 2 && bits > 6) bits = 6;
    if (letters == 3 && bits > 9) bits = 9;
    if (to - from > 1) bits += 1; /* in this order, next to each other */
    if (large_brand(t, from, to) && bits > LARGE_BRAND) bits = LARGE_BRAND;
    return (uint8_t)(bits > CAP_BRAND ? CAP_BRAND : bits);
}

/* The squeezed text and hash of tokens [from, to): Chinese as a sequence, else letters and digits.
 */
static brand brand_of(ts_arena *a, const ts_tokens *t, size_t from, size_t to) {
    ts_buf b = ts_buf_new(a, 512);
    for (size_t i = from; i < to; i++) ts_buf_put(&b, ts_token_text(t, i));
    return (brand){ts_token_hash(b.p ? b.p : "", b.n), ts_buf_str(&b), brand_bits(t, from, to),
                   large_brand(t, from, to)};
}

static void add_brand(ts_arena *a, brands *l, brand b) {
    if (!b.text.n || l->n >= LIST_MAX) return;
    if (!b.bits) b.bits = 1;
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].hash == b.hash) return;
    *ts_push(a, l) = b;
}

/* A brand as a whole, and where two scripts meet (罗马仕ROMOSS) each by itself. */
static void brands_of_field(ts_arena *a, const ts_tokens *t, size_t from, size_t to, brands *out) {
    while (to > from && t->v[to - 1].bits == 0 && to - from > 1)
        to--; /* "… Ltd", "… GmbH" are common words */
    if (to - from > BRAND_TOKENS && t->v[from].kind != TS_TOK_HAN) return;
    if (to > from) add_brand(a, out, brand_of(a, t, from, to));
    for (size_t i = from; i < to;) {
        bool han = t->v[i].kind == TS_TOK_HAN;
        size_t k = i;
        while (k < to && (t->v[k].kind == TS_TOK_HAN) == han) k++;
        bool whole = i == from && k == to;
        if (!whole && (!han || k - i >= 2)) add_brand(a, out, brand_of(a, t, i, k));
        i = k;
    }
}

static void split_brands(ts_arena *a, const ts_tokens *t, brands *out) {
    for (size_t i = 0; i < t->n;) {
        size_t k = i + 1;
        while (k < t->n && !t->v[k].brk) k++;
        brands_of_field(a, t, i, k, out);
        i = k;
    }
}

ts_str notice_list(ts_arena *a, const ts_strs *l) {
    return l->n ? ts_str_join(a, l->v, l->n < LIST_MAX ? l->n : LIST_MAX, TS_S(" | ")) : TS_NONE;
}

ts_str notice_title(ts_arena *a, const ts_notice *n) {
    ts_str parts[2] = {n->product, n->name};
    if (!n->product.n && !n->name.n) return n->title;
    if (!n->name.n) return n->product;
    if (!n->product.n) return n->name;
    return ts_str_join(a, parts, 2, TS_S(" | "));
}

static uint32_t variants_in(const ts_tokens *t) {
    uint32_t set = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->v[i].variant && !t->v[i].compat && !t->v[i].with && !t->v[i].typed)
            set |= 1u << (t->v[i].hash >> 59);
    }
    return set;
}

uint32_t variant_words(const ts_view *v) {
    return variants_in(&v->f[TS_F_TITLE]) | variants_in(&v->f[TS_F_MODEL]) |
           variants_in(&v->f[TS_F_BRAND]);
}

void profile_notice_words(ts_arena *a, const ts_notice *n, notice_profile *p) {
    *p = (notice_profile){0};
    const ts_str fields[TS_FIELDS] = {
        [TS_F_TITLE] = notice_title(a, n),
        [TS_F_BRAND] = notice_list(a, &n->brands),
        [TS_F_MODEL] = notice_list(a, &n->models),
        [TS_F_CATEGORY] = n->category,
        [TS_F_DETAIL] = n->description,
    };
    ts_view_build(a, fields, &p->view);
    split_brands(a, &p->view.f[TS_F_BRAND], &p->brands);
    p->variants = variant_words(&p->view);
}

void profile_notice(ts_arena *a, const ts_notice *n, notice_profile *p) {
    profile_notice_words(a, n, p);
    for (size_t i = 0; i < p->brands.n; i++) {
        const brand *b = &p->brands.v[i];
        add_term(a, &p->terms, TERM_BRAND, b->hash, b->bits, false);
        if (b->bits < CAP_BRAND_FIELD && !b->large)
            add_term(a, &p->terms, TERM_BRAND_FIELD, b->hash, CAP_BRAND_FIELD, false);
    }
    word_terms(a, &p->view.f[TS_F_TITLE], true, false, &p->terms);
    word_terms(a, &p->view.f[TS_F_BRAND], false, true, &p->terms);
    type_terms(a, &p->view, false, &p->terms);
    model_terms(a, &p->view.models, true, &p->terms);
    ident_terms(a, &n->identifiers, &p->terms);
    number_term(a, n->number, &p->terms);
    unique(&p->terms);
}

/* ---- offers ---- */

/* Sequences of up to three words, and of up to six Chinese characters, that may be a brand. */
static void brand_sequences(ts_arena *a, offer_profile *p, uint8_t field) {
    char buf[96];
    const ts_tokens *t = &p->view.f[field];
    for (size_t i = 0; i < t->n; i++) {
        bool han = t->v[i].kind == TS_TOK_HAN;
        size_t n = 0, most = han ? HAN_BRAND_MAX : 3;
        for (size_t k = i; k < t->n && k < i + most && !(k > i && t->v[k].brk); k++) {
            if ((t->v[k].kind == TS_TOK_HAN) != han || t->v[k].label || n + t->v[k].n > sizeof buf)
                break;
            memcpy(buf + n, t->text.p + t->v[k].at, t->v[k].n);
            n += t->v[k].n;
            if (han && k == i) continue;
            uint64_t hash = ts_token_hash(buf, n);
            *ts_push(a, &p->sequences) = (sequence){hash, (uint16_t)i, (uint16_t)(k + 1), field};
        }
    }
}

static void read_offer(ts_arena *a, const ts_offer *o, ts_view *v) {
    const ts_str fields[TS_FIELDS] = {
        [TS_F_TITLE] = o->title,       [TS_F_BRAND] = o->brand,        [TS_F_MODEL] = o->model,
        [TS_F_CATEGORY] = o->category, [TS_F_DETAIL] = o->description,
    };
    ts_view_build(a, fields, v);
}

void profile_offer_words(ts_arena *a, const ts_offer *o, const ts_view *view, offer_profile *p) {
    *p = (offer_profile){0};
    if (view)
        p->view = *view;
    else
        read_offer(a, o, &p->view);
    if (!p->view.brand_unknown) {
        split_brands(a, &p->view.f[TS_F_BRAND], &p->brands);
        brand_sequences(a, p, TS_F_BRAND);
    }
    brand_sequences(a, p, TS_F_TITLE);
    for (size_t i = 0; i < o->notices.n; i++) number_term(a, o->notices.v[i], &p->terms);
}

void profile_offer(ts_arena *a, const ts_offer *o, offer_profile *p) {
    profile_offer_words(a, o, 0, p);
    for (size_t i = 0; i < p->sequences.n; i++)
        add_term(a, &p->terms, TERM_BRAND, p->sequences.v[i].hash, CAP_BRAND, false);
    for (size_t i = 0; i < p->brands.n; i++)
        add_term(a, &p->terms, TERM_BRAND_FIELD, p->brands.v[i].hash, CAP_BRAND_FIELD, false);
    if (!p->view.brand_unknown) word_terms(a, &p->view.f[TS_F_BRAND], false, false, &p->terms);
    word_terms(a, &p->view.f[TS_F_TITLE], false, false, &p->terms);
    type_terms(a, &p->view, true, &p->terms);
    model_terms(a, &p->view.models, false, &p->terms);
    ident_terms(a, &o->identifiers, &p->terms);
}

static bool ordinary(const char *p, size_t n) {
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, ts_token_hash(p, n)));
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_COMMON || ts_lex_kind_of(e.v[m]) == TS_LEX_TYPE)
            return true;
    return false;
}

/* An ordinary word with one letter wrong, missing, too many or out of order. */
static bool misspelt_ordinary(ts_str w) {
    enum { LEAST = 6, MOST = 16 };
    char b[MOST + 2];
    if (w.n < LEAST || w.n > MOST) return false;
    for (size_t i = 0; i <= w.n; i++) {
        memcpy(b, w.p, w.n);
        if (i < w.n) memmove(b + i, w.p + i + 1, w.n - i - 1); /* one too many */
        if (i < w.n && ordinary(b, w.n - 1)) return true;
        memcpy(b, w.p, w.n);
        if (i + 1 < w.n) b[i] = w.p[i + 1], b[i + 1] = w.p[i]; /* out of order */
        if (i + 1 < w.n && ordinary(b, w.n)) return true;
        for (int c = 'a'; c <= 'z'; c++) {
            memcpy(b, w.p, w.n);
            if (i < w.n) b[i] = (char)c; /* wrong */
            if (i < w.n && ordinary(b, w.n)) return true;
            memcpy(b, w.p, i);
            b[i] = (char)c; /* missing */
            memcpy(b + i + 1, w.p + i, w.n - i);
            if (ordinary(b, w.n + 1)) return true;
        }
    }
    return false;
}

void profile_strangers(offer_profile *p) {
    const ts_tokens *t = &p->view.f[TS_F_TITLE];
    p->strangers.looked = true;
    for (size_t i = 0, looked = 0; i < t->n && looked < 3 && p->strangers.n < 3; i++) {
        const ts_token *k = &t->v[i];
        if (k->bits == 0 || k->kind == TS_TOK_HAN)
            continue; /* sales talk; in a Chinese title the foreign words are names */
        looked++;
        if (k->compat || k->qty) return;
        if (k->bits == 0xFF && k->kind == TS_TOK_WORD && !k->typed && k->n >= 3 &&
            !misspelt_ordinary(ts_token_text(t, i)))
            p->strangers.token[p->strangers.n++] = (uint16_t)i;
    }
}
