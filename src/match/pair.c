#include "pair.h"

#include <math.h>

enum { LISTED = 8 }; /* a description with more numbers than this lists what a thing goes with */

typedef struct comparing {
    const notice_side *n;
    const ts_offer *o;
    offer_profile *p;
    const sketch *words; /* the offer's */
    pair *out;
} comparing;

/* Whether the notice's text has that word. */
static bool notice_has(const comparing *c, uint64_t hash) {
    return sketch_has(c->n->sketch, (uint32_t)hash);
}

static ts_str key_text(const comparing *c, const ix_key *k) { return side_text(c->n, k); }

/* ---- brand ---- */

/* Edits (insert, delete, replace, swap neighbours) between two short words, or 3 when more than
 * two. */
static unsigned edits(ts_str a, ts_str b) {
    enum { MAX = 24 };
    if (a.n > MAX || b.n > MAX || (a.n > b.n ? a.n - b.n : b.n - a.n) > 2) return 3;
    uint8_t d[MAX + 1][MAX + 1];
    for (size_t i = 0; i <= a.n; i++) d[i][0] = (uint8_t)i;
    for (size_t k = 0; k <= b.n; k++) d[0][k] = (uint8_t)k;
    for (size_t i = 1; i <= a.n; i++)
        for (size_t k = 1; k <= b.n; k++) {
            bool same = a.p[i - 1] == b.p[k - 1];
            unsigned v = d[i - 1][k - 1] + !same;
            if (d[i - 1][k] + 1u < v) v = d[i - 1][k] + 1u;
            if (d[i][k - 1] + 1u < v) v = d[i][k - 1] + 1u;
            if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] && a.p[i - 2] == b.p[k - 1] &&
                d[i - 2][k - 2] + 1u < v)
                v = d[i - 2][k - 2] + 1u;
            d[i][k] = (uint8_t)v;
        }
    return d[a.n][b.n] > 2 ? 3 : d[a.n][b.n];
}

/* The notice's own product is one that goes with others ("battery for …"), and the offer is such a
 * thing, too: then "for …" is no conflict. */
static bool goes_with(const comparing *c) {
    return c->n->goes_with && c->out->type != TYPE_ACCESSORY && c->out->type != TYPE_OTHER;
}

static bool compat_at(const comparing *c, const sequence *s) {
    const ts_tokens *t = &c->p->view.f[s->field];
    for (unsigned i = 0; i < c->p->view.behind_compat_n; i++) /* "for Baby Mix …" */
        if (s->field == TS_F_TITLE && c->p->view.behind_compat[i] == s->from) return true;
    for (unsigned i = s->from; i < s->to; i++)
        if (!t->v[i].compat) return false;
    return true;
}

static bool at_start(const comparing *c, const sequence *s) {
    const ts_tokens *t = &c->p->view.f[TS_F_TITLE];
    unsigned before = 0; /* sales talk in front does not count */
    for (unsigned i = 0; i < s->from; i++) before += t->v[i].bits > 0 && !t->v[i].brk;
    return before == 0;
}

static void found_brand(comparing *c, brand_relation rel, float bits, const ix_key *key,
                        const sequence *at) {
    static const uint8_t rank[] = {
        [BRAND_NONE] = 0,   [BRAND_MISSING] = 1,     [BRAND_OTHER] = 1, [BRAND_MAYBE_OTHER] = 1,
        [BRAND_COMPAT] = 2, [BRAND_FIELD_OTHER] = 2, [BRAND_PART] = 3,  [BRAND_TYPO] = 4,
        [BRAND_NAMED] = 5,  [BRAND_SAME] = 6};
    pair *o = c->out;
    if (rank[rel] < rank[o->brand] || (rank[rel] == rank[o->brand] && bits <= o->brand_bits))
        return;
    o->brand = rel;
    o->brand_bits = bits;
    o->brand_key = key;
    o->brand_at = at ? *at : (sequence){.field = TS_F_BRAND};
}

/* A word of the offer that is the brand but for a letter or two. */
static void misspelt_brand(comparing *c, const ix_key *k, float bits) {
    ts_str want = key_text(c, k);
    if (want.n < TYPO_MIN) return;
    unsigned allowed = want.n >= 11 ? 2 : 1;
    for (size_t i = 0; i < c->p->sequences.n; i++) {
        const sequence *s = &c->p->sequences.v[i];
        const ts_tokens *t = &c->p->view.f[s->field];
        if (s->to != s->from + 1 || t->v[s->from].kind != TS_TOK_WORD || t->v[s->from].bits < 5 ||
            t->v[s->from].typed)
            continue;
        ts_str word = ts_token_text(t, s->from);
        if (word.p[0] != want.p[0] && word.p[word.n - 1] != want.p[want.n - 1]) continue;
        if (edits(word, want) <= allowed)
            found_brand(c, compat_at(c, s) ? BRAND_COMPAT : BRAND_TYPO, bits * 0.75f, k, s);
    }
}

/* Whether a word stands in the offer's name or brand. */
static bool offer_names(const comparing *c, uint32_t hash) {
    const sketch_token *t = sketch_tokens(c->words);
    for (unsigned i = 0; i < c->words->title_n; i++)
        if (t[i].hash == hash) return true;
    return false;
}

static float bits_of(const sketch_token *t) {
    float bits = (float)t->weight * 0.0902f; /* from sixteenths of a natural logarithm */
    return bits < CAP_WORD ? bits : CAP_WORD;
}

static void brand_words(comparing *c, const ix_key *k) {
    const sketch_token *t = sketch_tokens(c->n->sketch);
    float bits = 0;
    for (unsigned i = 0; i < c->n->sketch->title_n; i++)
        if ((t[i].flags & SK_BRAND) && !(t[i].flags & SK_COMMON) && offer_names(c, t[i].hash))
            bits += bits_of(&t[i]);
    if (bits >= 5) found_brand(c, BRAND_PART, bits > 9 ? 9 : bits, k, 0);
}

/* The title begins with a word that neither the lexicon nor the notice knows: perhaps another
 * brand. */
static bool unknown_first_word(const comparing *c) {
    if (!c->p->strangers.looked) profile_strangers(c->p);
    for (unsigned i = 0; i < c->p->strangers.n; i++)
        if (!notice_has(c, c->p->view.f[TS_F_TITLE].v[c->p->strangers.token[i]].hash)) return true;
    return false;
}

/* Whether the brand field holds any brand of the notice, or words of it. */
static bool brand_in_field(const comparing *c, const ix_key *keys) {
    const ts_tokens *t = &c->p->view.f[TS_F_BRAND];
    for (unsigned i = 0; i < c->n->brands_n; i++) {
        ts_str want = key_text(c, &keys[i]);
        for (size_t b = 0; b < c->p->brands.n; b++) {
            ts_str have = c->p->brands.v[b].text;
            if (ts_str_find(have, want) != TS_NPOS || ts_str_find(want, have) != TS_NPOS ||
                edits(have, want) <= 1)
                return true;
        }
        for (size_t k = 0; k < t->n; k++)
            if (t->v[k].bits >= 5 && ts_str_find(want, ts_token_text(t, k)) != TS_NPOS) return true;
    }
    return false;
}

static void compare_brand(comparing *c) {
    const ix_key *keys = c->n->brands;
    for (unsigned i = 0; i < c->n->brands_n; i++) {
        const ix_key *k = &keys[i];
        float bits = k->bits;
        bool seen = false;
        for (size_t b = 0; b < c->p->brands.n; b++)
            if (c->p->brands.v[b].hash == k->hash) {
                found_brand(c, BRAND_SAME, k->chunk > k->bits ? k->chunk : bits, k, 0);
                seen = true;
            }
        for (size_t s = 0; s < c->p->sequences.n; s++) {
            const sequence *q = &c->p->sequences.v[s];
            if (q->hash != k->hash) continue;
            brand_relation rel = !goes_with(c) && compat_at(c, q)           ? BRAND_COMPAT
                                 : q->field == TS_F_BRAND || at_start(c, q) ? BRAND_SAME
                                                                            : BRAND_NAMED;
            found_brand(c, rel, bits, k, q);
            seen = true;
        }
        if (!seen && k->bits >= 6) misspelt_brand(c, k, bits);
    }
    if (!c->n->brands_n) return;
    /* The brand field names another brand than the title does: "for" in other words. */
    bool other = c->p->brands.n && !brand_in_field(c, keys);
    bool field_says_other = other && c->out->brand_at.to > 0 &&
                            c->out->brand_at.field == TS_F_TITLE &&
                            (c->out->brand == BRAND_SAME || c->out->brand == BRAND_NAMED);
    if (field_says_other) c->out->brand = BRAND_FIELD_OTHER;
    if (c->out->brand == BRAND_NONE && !other) brand_words(c, keys);
    if (c->out->brand == BRAND_NONE)
        found_brand(c,
                    c->p->brands.n          ? BRAND_OTHER
                    : unknown_first_word(c) ? BRAND_MAYBE_OTHER
                                            : BRAND_MISSING,
                    0.01f, keys, 0);
}

/* ---- model ---- */

static bool near(ts_str a, ts_str b) {
    if (a.n < 4 || b.n < 4) return false;
    size_t same = 0, least = a.n < b.n ? a.n : b.n, most = a.n > b.n ? a.n : b.n;
    while (same < least && a.p[same] == b.p[same]) same++;
    return same * 10 >= most * 6 || edits(a, b) <= 1;
}

/* Whether words of the notice (name, brand) say the same as this key: "400" in a name, "3M", "Fjell
 * 200". */
static bool in_words(const comparing *c, const ts_model_key *k) {
    const ts_tokens *t = &c->p->view.f[k->field];
    if (notice_has(c, k->hash)) return true;
    for (size_t i = k->from; i < k->to; i++)
        if (!notice_has(c, t->v[i].hash)) return false;
    return true;
}

static bool is_variant(const char *p, size_t n) {
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, ts_token_hash(p, n)));
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_PHRASE && ts_lex_value(e.v[m]) == TS_PHRASE_VARIANT)
            return true;
    return false;
}

/* The whole of the number that an offer's key is a part of. */
static const ts_model_key *whole_of(const ts_model_keys *m, const ts_model_key *part) {
    for (size_t i = 0; i < m->n; i++)
        if (m->v[i].chunk == part->chunk && m->v[i].whole) return &m->v[i];
    return part;
}

static const ix_key *notice_whole_of(const ix_key *keys, unsigned n, const ix_key *part) {
    for (unsigned i = 0; i < n; i++)
        if (keys[i].chunk == (part->chunk | IX_WHOLE)) return &keys[i];
    return part;
}

/* Both numbers go on differently behind what they share: 2YN139-3 and 2YN139-4. */
static bool goes_on_differently(const comparing *c, const ts_model_key *mine, const ix_key *theirs,
                                const ix_key *keys) {
    const ts_model_key *w = whole_of(&c->p->view.models, mine);
    const ix_key *nw = notice_whole_of(keys, c->n->models_n, theirs);
    if (w->hash == nw->hash || w->text.n <= mine->text.n) return false;
    if (nw->n <= theirs->n) { /* 92-802878Q50-V2: the notice's number, and a variant glued to it */
        ts_str all = key_text(c, nw),
               rest = ts_str_starts(w->text, all) ? ts_str_from(w->text, all.n) : TS_NONE;
        return rest.n && (rest.n == 1 ? ts_is_digit(rest.p[0]) : is_variant(rest.p, rest.n));
    }
    return ts_str_find(key_text(c, nw), w->text) == TS_NPOS &&
           ts_str_find(w->text, key_text(c, nw)) == TS_NPOS;
}

static bool variant_word(const comparing *c, const ts_tokens *t, size_t i) {
    const ts_token *k = &t->v[i];
    bool alone = i + 1 >= t->n || t->v[i + 1].glue <= TS_GLUE_NONE;
    bool variant =
        k->kind == TS_TOK_NUMBER && k->n == 1 && t->text.p[k->at] == '2' && !k->qty && alone;
    variant |= k->variant && !k->typed;
    return variant && !(c->n->variants >> (k->hash >> 59) & 1);
}

/* What stands behind the offer's number makes it another one: "12054 V2", "A12E Max", "437261 6556"
 * where the notice says 437261-6555. */
static bool another_behind(const comparing *c, const ts_model_key *mine, const ix_key *whole) {
    const ts_model_key *k = whole_of(&c->p->view.models, mine);
    const ts_tokens *t = &c->p->view.f[k->field];
    ts_str rest = key_text(c, whole);
    rest = ts_str_starts(rest, k->text) ? ts_str_from(rest, k->text.n) : TS_NONE;
    size_t i = k->to;
    for (; i < t->n && !t->v[i].brk && rest.n; i++) { /* 1178 8 35 is 1178-8-35 */
        ts_str word = ts_token_text(t, i);
        if (ts_str_starts(rest, word))
            rest = ts_str_from(rest, word.n);
        else
            return t->v[i].n <= rest.n + 1 && rest.n <= t->v[i].n + 1u &&
                   (t->v[i].kind == TS_TOK_NUMBER || t->v[i].kind == TS_TOK_MIXED) && !t->v[i].qty;
    }
    return i < t->n && !t->v[i].brk && variant_word(c, t, i);
}

typedef struct model_hit {
    const ts_model_key *mine;
    const ix_key *theirs;
    float bits;
    model_relation rel;
} model_hit;

static int model_rank(model_relation r) {
    return r == MODEL_SAME ? 3 : r == MODEL_NEAR ? 2 : r == MODEL_COMPAT ? 1 : 0;
}

/* The best key that both sides have; *matched gets the offer's chunks that have one. */
static model_hit shared_model(const comparing *c, const ix_key *keys, uint32_t *matched) {
    const ts_model_keys *m = &c->p->view.models;
    model_hit best = {.rel = MODEL_MISSING};
    for (size_t i = 0; i < m->n; i++)
        for (unsigned k = 0; k < c->n->models_n; k++) {
            if (keys[k].hash != m->v[i].hash || m->v[i].generic) continue;
            if (m->v[i].chunk < 32) *matched |= 1u << m->v[i].chunk;
            model_hit h = {&m->v[i], &keys[k], keys[k].bits, MODEL_SAME};
            bool both_whole = m->v[i].whole && (keys[k].chunk & IX_WHOLE);
            if (m->v[i].compat && !goes_with(c))
                h.rel = MODEL_COMPAT;
            else if (another_behind(c, h.mine, notice_whole_of(keys, c->n->models_n, h.theirs)) ||
                     goes_on_differently(c, h.mine, h.theirs, keys))
                h.rel = MODEL_NEAR;
            else if (m->v[i].field == TS_F_DETAIL && m->chunks > LISTED)
                h.bits *= 0.4f; /* a list of what it fits, more likely */
            else if (!both_whole)
                h.bits *= notice_whole_of(keys, c->n->models_n, h.theirs)->n * 6 > h.theirs->n * 10
                              ? 0.4f
                              : 0.8f;
            int better = model_rank(h.rel) - model_rank(best.rel);
            if (better > 0 || (better == 0 && h.bits > best.bits)) best = h;
        }
    return best;
}

/* Letters where letters are and digits where digits are: 3758 and 1733, LL540 and LL549. */
static bool same_shape(ts_str a, ts_str b) {
    if (a.n != b.n || a.n < 3) return false;
    for (size_t i = 0; i < a.n; i++)
        if ((ts_is_digit(a.p[i]) != 0) != (ts_is_digit(b.p[i]) != 0)) return false;
    return true;
}

/* How a number of the offer that the notice does not have stands to the notice's numbers. */
typedef enum { FOREIGN, SHAPED, SISTER } kinship;
static kinship kin_of(const comparing *c, const ix_key *keys, const ts_model_key *x,
                      const ix_key **nearest) {
    kinship best = FOREIGN;
    for (unsigned k = 0; k < c->n->models_n; k++) {
        if (!(keys[k].chunk & IX_WHOLE) || (keys[k].chunk & IX_TITLED)) continue;
        ts_str theirs = key_text(c, &keys[k]);
        bool variant = ts_str_starts(x->text, theirs) &&
                       is_variant(x->text.p + theirs.n, x->text.n - theirs.n);
        kinship now = variant || near(x->text, theirs) ? SISTER
                      : same_shape(x->text, theirs)    ? SHAPED
                                                       : FOREIGN;
        if (now > best) best = now, *nearest = &keys[k];
    }
    return best;
}

/* Numbers in title and model field that the notice does not have. One that is near to the notice's,
 * or of their shape, or called a model number by the offer, makes it another model; others may be a
 * shop's own. */
static void other_models(comparing *c, const ix_key *keys, uint32_t matched) {
    const ts_model_keys *m = &c->p->view.models;
    pair *o = c->out;
    uint32_t counted = 0;
    bool by_name = o->model == MODEL_SAME && (o->notice_model->chunk & IX_TITLED);
    for (size_t i = 0; i < m->n; i++) {
        const ts_model_key *x = &m->v[i];
        if (x->field == TS_F_DETAIL || x->generic || x->compat || (!x->whole && !x->joined))
            continue;
        if (x->chunk >= 32 || ((matched | counted) >> x->chunk & 1) || in_words(c, x)) continue;
        const ix_key *nearest = 0;
        kinship kin = kin_of(c, keys, x, &nearest);
        bool said = x->field == TS_F_MODEL || x->labelled;
        if (kin == FOREIGN && x->bits < 5 && !said) continue;
        counted |= 1u << x->chunk;
        o->other_models++;
        bool open =
            o->model == MODEL_MISSING || o->model == MODEL_OTHER || (by_name && kin != FOREIGN);
        if (!open) continue;
        o->model = kin == FOREIGN && !said ? MODEL_OTHER : MODEL_NEAR;
        o->offer_model = x;
        o->notice_model = nearest;
        by_name = false;
    }
}

/* Tokens from i on, read together, against a number of the notice: the token behind them when they
 * are as long and differ in digits only
 * (*wrong says in how many), else 0. */
static size_t spelt_apart(const ts_tokens *t, size_t i, ts_str want, unsigned *wrong) {
    size_t at = 0, k = i;
    *wrong = 0;
    for (; k < t->n && at < want.n; k++) {
        ts_str word = ts_token_text(t, k);
        if ((k > i && t->v[k].brk) || t->v[k].compat || at + word.n > want.n) return 0;
        for (size_t x = 0; x < word.n; x++, at++) {
            bool digits = ts_is_digit(word.p[x]) && ts_is_digit(want.p[at]);
            if (word.p[x] != want.p[at] && (!digits || ++*wrong > 2)) return 0;
        }
    }
    return at == want.n && (size_t)*wrong * 3 <= at ? k : 0;
}

/* A number of the notice that title or model field spell apart ("AF 45 L", where 45 l is no
 * quantity), or nearly so: "xb 482c" where the notice says XB-481C is another model, whatever parts
 * of the number agree. */
static void compare_apart(comparing *c, const ix_key *keys) {
    static const uint8_t fields[] = {TS_F_TITLE, TS_F_MODEL};
    pair *o = c->out;
    for (unsigned k = 0; k < c->n->models_n; k++) {
        ts_str want = key_text(c, &keys[k]);
        if (!(keys[k].chunk & IX_WHOLE) || (keys[k].chunk & IX_TITLED) || want.n < 4) continue;
        for (size_t f = 0; f < sizeof fields; f++) {
            const ts_tokens *t = &c->p->view.f[fields[f]];
            for (size_t i = 0; i < t->n; i++) {
                unsigned wrong;
                size_t end =
                    t->text.p[t->v[i].at] == want.p[0] ? spelt_apart(t, i, want, &wrong) : 0;
                if (!end || (wrong == 0 && end == i + 1)) continue;
                if (wrong == 0 && end < t->n && !t->v[end].brk && variant_word(c, t, end))
                    wrong = 1;
                o->model = wrong ? MODEL_NEAR : MODEL_SAME;
                o->notice_model = &keys[k];
                o->offer_model = 0;
                o->model_at =
                    (sequence){.from = (uint16_t)i, .to = (uint16_t)end, .field = fields[f]};
                if (wrong) continue;
                o->model_bits = keys[k].bits;
                return;
            }
        }
    }
}

static void compare_model(comparing *c) {
    const ix_key *keys = c->n->models;
    uint32_t matched = 0;
    pair *o = c->out;
    if (!c->n->models_n) return;
    model_hit h = shared_model(c, keys, &matched);
    o->model = h.rel;
    o->model_bits = h.bits;
    o->offer_model = h.mine;
    o->notice_model = h.theirs;
    other_models(c, keys, matched);
    bool whole = h.theirs && h.mine &&
                 notice_whole_of(keys, c->n->models_n, h.theirs)->hash ==
                     whole_of(&c->p->view.models, h.mine)->hash;
    if (o->model == MODEL_MISSING || o->model == MODEL_OTHER || (o->model == MODEL_SAME && !whole))
        compare_apart(c, keys);
}

/* ---- type ---- */

static int rank_of(ts_answer a) { return a == TS_YES ? 2 : a == TS_OPEN ? 1 : 0; }

static void compare_type(comparing *c) {
    const uint16_t *nt = c->n->types;
    const ts_type_hits *ot = &c->p->view.types;
    pair *o = c->out;
    o->offer_type = o->notice_type = -1;
    int best = -1;
    bool head_known = false, notice_product = false, offer_accessory = false,
         other_than_with = false;
    for (size_t i = 0; i < ot->n; i++) other_than_with |= !ot->v[i].compat && !ot->v[i].with;
    for (unsigned k = 0; k < c->n->types_n; k++)
        notice_product |= (nt[k] & IX_HEAD) && ts_type_kind_of(nt[k] & ~IX_HEAD) == TS_TYPE_PRODUCT;
    for (size_t i = 0; i < ot->n; i++) {
        const ts_type_hit *h = &ot->v[i];
        if (h->compat) continue;
        bool title_head = h->head && h->field == TS_F_TITLE;
        head_known |= title_head;
        offer_accessory |= title_head && ts_type_kind_of(h->type) != TS_TYPE_PRODUCT;
        for (unsigned k = 0; k < c->n->types_n; k++) {
            int score = rank_of(ts_type_relation(h->type, nt[k] & ~IX_HEAD)) * 4 +
                        (title_head ? 2 : 0) + (nt[k] & IX_HEAD ? 1 : 0);
            if (h->with && other_than_with) score -= 3;
            if (score <= best) continue;
            best = score;
            o->offer_type = h->type;
            o->notice_type = nt[k] & ~IX_HEAD;
        }
    }
    if (!c->n->types_n || o->offer_type < 0) return;
    if (best < 8 && !other_than_with) return; /* only what comes along is known */
    if (best >= 10)
        o->type = TYPE_SAME;
    else if (best >= 8)
        o->type = TYPE_NAMED;
    else if (best >= 4)
        o->type = TYPE_RELATED;
    else
        o->type = TYPE_OTHER;
    if (o->type != TYPE_SAME && offer_accessory && notice_product && head_known)
        o->type = TYPE_ACCESSORY;
}

/* ---- words, quantities, variants ---- */

/* Words of the notice's name, its brand apart, that the offer's name has. */
static void compare_words(comparing *c) {
    const sketch_token *t = sketch_tokens(c->n->sketch);
    float have = 0, all = 0;
    for (unsigned i = 0; i < c->n->sketch->title_n; i++) {
        if (t[i].flags & (SK_BRAND | SK_MODEL | SK_COMPAT)) continue;
        float bits = bits_of(&t[i]);
        all += bits;
        if (offer_names(c, t[i].hash)) have += bits;
    }
    c->out->name_bits = have;
    c->out->name_share = all > 0 ? have / all : 0;
}

/* Words of the title that neither the lexicon nor the notice knows. */
static void compare_extra(comparing *c) {
    const ts_tokens *t = &c->p->view.f[TS_F_TITLE];
    for (size_t i = 0; i < t->n && i < 40; i++) {
        const ts_token *k = &t->v[i];
        if (k->kind != TS_TOK_WORD || k->bits < 5 || k->typed || k->compat || k->qty || k->n < 3)
            continue;
        bool in_brand = c->out->brand_at.field == TS_F_TITLE && i >= c->out->brand_at.from &&
                        i < c->out->brand_at.to;
        if (in_brand || notice_has(c, k->hash)) continue;
        c->out->extra_bits += k->bits == 0xFF ? 7 : k->bits;
    }
}

/* Dimensions in which different values mean different goods. */
static bool telling(uint8_t dimension) {
    return dimension != TS_DIM_TIME && dimension != TS_DIM_OTHER && dimension != TS_DIM_FREQUENCY &&
           dimension != TS_DIM_VOLTAGE;
}

/* A dimension in which the notice's title names values conflicts when the offer names other ones
 * only. */
static void compare_quantities(comparing *c) {
    const ix_quantity *nq = c->n->quantities;
    const ts_quantities *oq = &c->p->view.quantities;
    pair *o = c->out;
    uint64_t same = 0, other = 0; /* bit per dimension's name */
    for (unsigned k = 0; k < c->n->quantities_n; k++) {
        if (!telling(nq[k].dimension)) continue;
        uint64_t bit = 1ull << (nq[k].name & 63);
        for (size_t i = 0; i < oq->n; i++) {
            const ts_quantity *q = &oq->v[i];
            if (q->name != nq[k].name || q->field == TS_F_DETAIL) continue;
            if (q->field == o->model_at.field && q->from < o->model_at.to &&
                q->to > o->model_at.from)
                continue; /* "AF 45 L" */
            if (fabs(q->value - nq[k].value) <= 0.02 * fabs((double)nq[k].value)) {
                same |= bit;
            } else if (nq[k].field != TS_F_DETAIL && !(other & bit)) {
                other |= bit;
                if (!o->offer_quantity) o->offer_quantity = q, o->notice_quantity = &nq[k];
            }
        }
    }
    other &= ~same;
    o->quantities_same = (unsigned)__builtin_popcountll(same);
    o->quantities_other = (unsigned)__builtin_popcountll(other);
    if (!other) o->offer_quantity = 0;
}

static bool notice_names(const comparing *c, uint64_t key) {
    for (unsigned i = 0; key && i < c->n->idents_n; i++)
        if (c->n->idents[i] == key) return true;
    return false;
}

static void compare_identifiers(comparing *c) {
    const ts_identifiers *l = &c->o->identifiers;
    const terms *t = &c->p->terms;
    for (size_t i = 0; i < t->n && c->o->notices.n; i++)
        c->out->declared |= t->v[i].cls == TERM_NUMBER && notice_names(c, t->v[i].key);
    for (size_t k = 0; k < l->n; k++) /* which of the offer's it is */
        if (notice_names(c, identifier_key(&l->v[k]))) c->out->ident = &l->v[k];
}

void pair_compare(const notice_side *n, const offer_side *o, pair *out) {
    *out = (pair){0};
    comparing c = {n, o->o, o->p, o->sketch, out};
    compare_identifiers(&c);
    compare_type(&c);
    compare_brand(&c);
    compare_model(&c);
    compare_words(&c);
    compare_extra(&c);
    compare_quantities(&c);
    uint32_t v = variant_words(&o->p->view);
    out->variants_extra = v & ~n->variants;
    out->variants_lacking = n->variants & ~v;
    out->counterfeit = n->counterfeit;
    out->replica = o->p->view.phrases >> TS_PHRASE_REPLICA & 1;
    out->spare = o->p->view.phrases >> TS_PHRASE_SPARE & 1;
}
