#include "explain.h"

#include <math.h>
#include <stdlib.h>

enum { WORDS_SAID = 4 }; /* single words named on each side of the balance */

static ts_str offer_span(const offer_profile *p, const sequence *s) {
    const ts_tokens *t = &p->view.f[s->field];
    if (s->to <= s->from || !t->n) return TS_NONE;
    size_t from = t->v[s->from].at, to = t->v[s->to - 1].at + t->v[s->to - 1].n;
    return (ts_str){t->text.p + from, to - from};
}

static void say(ts_arena *a, ts_lead *l, const char *what, double w, ts_str offer, ts_str notice) {
    ts_evidences *list = w >= 0 ? &l->agree : &l->conflict;
    *ts_push(a, list) = (ts_evidence){what, offer, notice, w};
}

static const char *brand_says(brand_relation r) {
    static const char *const keys[] = {"",
                                       "brand_same",
                                       "brand_named",
                                       "brand_typo",
                                       "brand_part",
                                       "brand_missing",
                                       "brand_other",
                                       "brand_maybe_other",
                                       "brand_field_other",
                                       "brand_compat"};
    return keys[r];
}

static const char *model_says(model_relation r) {
    static const char *const keys[] = {"",           "model_same",  "model_missing", "model_other",
                                       "model_near", "model_compat"};
    return keys[r];
}

static const char *type_says(type_relation r) {
    static const char *const keys[] = {"",           "type_same",     "type_named", "type_related",
                                       "type_other", "type_accessory"};
    return keys[r];
}

static ts_str quantity_text(ts_arena *a, double v) {
    ts_buf b = ts_buf_new(a, 40);
    ts_buf_fmt(&b, "%g", v);
    return ts_buf_str(&b);
}

/* What is said, and what is left unsaid because there is nothing to name, which goes with the
 * general likeness. */
typedef struct telling {
    ts_arena *a;
    const notice_side *n;
    const offer_side *o;
    const judgement *j;
    judge_parts *p;
    ts_lead *l;
} telling;

static void tell(telling *t, feature_reason r, const char *what, ts_str offer, ts_str notice) {
    if (t->p->reason[r] != 0) say(t->a, t->l, what, t->p->reason[r], offer, notice);
    t->p->reason[r] = 0;
}

static void tell_identity(telling *t) {
    const pair *p = &t->j->facts;
    if (p->declared)
        tell(t, FR_IDENTIFIER, "declared", t->o->o->notices.n ? t->o->o->notices.v[0] : TS_NONE,
             TS_NONE);
    else if (p->ident)
        tell(t, FR_IDENTIFIER, "identifier_same", p->ident->text, TS_NONE);
}

static void tell_brand(telling *t) {
    const pair *p = &t->j->facts;
    if (p->brand == BRAND_NONE) {
        tell(t, FR_BRAND, "brand_none", TS_NONE, TS_NONE);
        return;
    }
    ts_str words = offer_span(t->o->p, &p->brand_at);
    if (!words.n && p->brand != BRAND_MISSING) words = t->o->o->brand;
    tell(t, FR_BRAND, brand_says(p->brand), words, side_text(t->n, p->brand_key));
}

static void tell_model(telling *t) {
    const pair *p = &t->j->facts;
    if (p->model == MODEL_NONE) {
        tell(t, FR_MODEL, "model_none", TS_NONE, TS_NONE);
        return;
    }
    tell(t, FR_MODEL, model_says(p->model),
         p->offer_model ? p->offer_model->text : offer_span(t->o->p, &p->model_at),
         side_text(t->n, p->notice_model));
}

static void tell_rest(telling *t) {
    const pair *p = &t->j->facts;
    if (p->type != TYPE_UNKNOWN)
        tell(t, FR_TYPE, type_says(p->type), ts_type_id((unsigned)p->offer_type),
             ts_type_id((unsigned)p->notice_type));
    if (p->quantities_other)
        tell(t, FR_QUANTITY, "quantity_other", quantity_text(t->a, p->offer_quantity->value),
             quantity_text(t->a, (double)p->notice_quantity->value));
    else if (p->quantities_same)
        tell(t, FR_QUANTITY, "quantity_same", TS_NONE, TS_NONE);
    else
        tell(t, FR_QUANTITY, "numbers", TS_NONE, TS_NONE);
    if (p->variants_extra | p->variants_lacking)
        tell(t, FR_VERSION, "variant_other", TS_NONE, TS_NONE);
    if (p->spare) tell(t, FR_SPARE, "spare_part", TS_NONE, TS_NONE);
    if (p->replica) tell(t, FR_REPLICA, "replica", TS_NONE, TS_NONE);
    tell(t, FR_PRICE, "price", TS_NONE, TS_NONE);
    tell(t, FR_RANK, "rank", TS_NONE, TS_NONE);
}

/* Gives the part of a group of features to the words it was made of, by their weight. */
static void share_out(double part, const sketch *s, uint32_t bits, double total, double *word) {
    const sketch_token *t = sketch_tokens(s);
    for (; total > 0 && bits; bits &= bits - 1) {
        int i = __builtin_ctz(bits);
        word[i] += part * t[i].weight / total;
    }
}

static double weight_of(const sketch *s, uint32_t bits) {
    const sketch_token *t = sketch_tokens(s);
    double sum = 0;
    for (; bits; bits &= bits - 1) sum += t[__builtin_ctz(bits)].weight;
    return sum;
}

/* Takes what speaks for the pair (or against it) from a group of features. */
static double take(double *part, bool positive) {
    double x = *part;
    if ((x > 0) != positive) return 0;
    *part = 0;
    return x;
}

/* Words of the name: what speaks for the pair is carried by those that both have, what speaks
 * against it by those that only one has. That few are lone is owed to the shared ones. */
static void words_carry(judge_parts *p, const alignment *m) {
    uint32_t a = m->title_a & m->first_a, b = m->title_b & m->first_b;
    double *words = &p->reason[FR_WORDS], *other = &p->reason[FR_OTHER];
    double shared = weight_of(m->a, a & m->found_a),
           lone = weight_of(m->a, a & ~m->found_a) + weight_of(m->b, b & ~m->found_b);
    if (shared > 0) {
        double part = take(words, true) + take(other, true);
        share_out(part, m->a, a & m->found_a, shared, p->word_a);
    }
    if (lone > 0) {
        double part = take(words, false) + take(other, false);
        share_out(part, m->a, a & ~m->found_a, lone, p->word_a);
        share_out(part, m->b, b & ~m->found_b, lone, p->word_b);
    }
}

/* The token of b that answers token i of a: the same word, before another word of the same type. */
static unsigned counterpart(const alignment *m, unsigned i) {
    const sketch_token *a = sketch_tokens(m->a), *b = sketch_tokens(m->b);
    for (uint32_t bits = m->same[i]; bits; bits &= bits - 1)
        if (b[__builtin_ctz(bits)].hash == a[i].hash) return (unsigned)__builtin_ctz(bits);
    return (unsigned)__builtin_ctz(m->same[i]);
}

/* Both spellings of a shared word are one word. */
static void join_words(judge_parts *p, const alignment *m) {
    for (uint32_t bits = m->same_a; bits; bits &= bits - 1) {
        unsigned i = (unsigned)__builtin_ctz(bits), k = counterpart(m, i);
        p->word_a[i] += p->word_b[k];
        p->word_b[k] = 0;
    }
}

/* Shared words that spell the model number, or the brand, speak under its name. */
static void name_words(telling *t) {
    const alignment *m = &t->j->words;
    const pair *f = &t->j->facts;
    ts_str model = f->model == MODEL_SAME ? side_text(t->n, f->notice_model) : TS_NONE,
           named = brand_agrees(f) ? side_text(t->n, f->brand_key) : TS_NONE;
    for (uint32_t bits = m->same_a; bits; bits &= bits - 1) {
        int i = __builtin_ctz(bits);
        ts_str word = sketch_word(m->a, &sketch_tokens(m->a)[i]);
        feature_reason r = ts_str_find(model, word) != TS_NPOS   ? FR_MODEL
                           : ts_str_find(named, word) != TS_NPOS ? FR_BRAND
                                                                 : FR_REASONS;
        if (r == FR_REASONS) continue;
        t->p->reason[r] += t->p->word_a[i];
        t->p->word_a[i] = 0;
    }
}

/* The strongest word with that sign, or false: one that both have speaks for the pair, one that
 * only one has against it; what is otherwise stays in the remainder. */
static bool strongest(const judge_parts *p, const alignment *m, bool positive, bool *second,
                      unsigned *at) {
    double best = 0.02;
    bool found = false;
    for (int side = 0; side < 2; side++) {
        const double *w = side ? p->word_b : p->word_a;
        unsigned n = side ? m->b->tokens_n : m->a->tokens_n;
        for (unsigned i = 0; i < n; i++) {
            double x = positive ? w[i] : -w[i];
            bool shared = (side ? m->found_b : m->found_a) >> i & 1;
            if (x <= best || shared != positive) continue;
            best = x, *second = side, *at = i, found = true;
        }
    }
    return found;
}

/* One word, as either side writes it: 'Kerze' is 'candle' where both name a type of product. */
static void say_word(telling *t, bool second, unsigned at, double weight) {
    const alignment *m = &t->j->words;
    const sketch *s = second ? m->b : m->a;
    ts_str word = ts_str_dup(t->a, sketch_word(s, &sketch_tokens(s)[at])), theirs = word;
    bool shared = (second ? m->found_b : m->found_a) >> at & 1;
    if (!second && m->same[at])
        theirs = ts_str_dup(t->a, sketch_word(m->b, &sketch_tokens(m->b)[counterpart(m, at)]));
    if (shared && !ts_str_eq(word, theirs))
        say(t->a, t->l, "word_means", weight, theirs, word);
    else if (shared)
        say(t->a, t->l, "word_both", weight, word, word);
    else if (second)
        say(t->a, t->l, "word_offer", weight, word, TS_NONE);
    else
        say(t->a, t->l, "word_notice", weight, TS_NONE, word);
}

static void tell_words(telling *t) {
    const alignment *m = &t->j->words;
    judge_parts *p = t->p;
    for (int positive = 0; positive < 2; positive++)
        for (int i = 0; i < WORDS_SAID; i++) {
            bool second;
            unsigned at;
            if (!strongest(p, m, positive, &second, &at)) break;
            double *w = second ? &p->word_b[at] : &p->word_a[at];
            say_word(t, second, at, *w);
            *w = 0;
        }
    double rest = p->reason[FR_WORDS] + p->reason[FR_OTHER];
    for (unsigned i = 0; i < SKETCH_TOKENS; i++) rest += p->word_a[i] + p->word_b[i];
    p->reason[FR_WORDS] = p->reason[FR_OTHER] = 0;
    if (rest != 0) say(t->a, t->l, rest > 0 ? "name_words" : "other_words", rest, TS_NONE, TS_NONE);
}

static int by_weight(const void *x, const void *y) {
    double a = fabs(((const ts_evidence *)x)->weight), b = fabs(((const ts_evidence *)y)->weight);
    return (a < b) - (a > b);
}

bool conflicts(const pair *p) {
    return p->brand == BRAND_OTHER || p->brand == BRAND_MAYBE_OTHER ||
           p->brand == BRAND_FIELD_OTHER || p->brand == BRAND_COMPAT || p->model == MODEL_NEAR ||
           p->model == MODEL_OTHER || p->model == MODEL_COMPAT || p->type == TYPE_OTHER ||
           p->type == TYPE_ACCESSORY || p->type == TYPE_RELATED || p->quantities_other ||
           p->variants_extra || (p->counterfeit && brand_agrees(p));
}

void explain(ts_arena *a, const ts_model *m, const notice_side *n, const offer_side *o,
             const judgement *j, ts_lead *l) {
    judge_parts parts;
    judge_explain(m, j, &parts);
    telling t = {.a = a, .n = n, .o = o, .j = j, .p = &parts, .l = l};
    l->base = parts.base;
    words_carry(&parts, &j->words);
    join_words(&parts, &j->words);
    name_words(&t);
    tell_identity(&t);
    tell_brand(&t);
    tell_model(&t);
    tell_rest(&t);
    tell_words(&t);
    double rest = 0;
    for (unsigned i = 0; i < FR_REASONS; i++) rest += parts.reason[i];
    if (rest != 0) say(a, l, rest > 0 ? "likeness" : "unlikeness", rest, TS_NONE, TS_NONE);
    const pair *p = &j->facts;
    if (p->counterfeit && brand_agrees(p) && !p->replica)
        *ts_push(a, &l->conflict) =
            (ts_evidence){"counterfeit_of_brand", TS_NONE, side_text(n, p->brand_key), 0};
    if (l->agree.n) qsort(l->agree.v, l->agree.n, sizeof *l->agree.v, by_weight);
    if (l->conflict.n) qsort(l->conflict.v, l->conflict.n, sizeof *l->conflict.v, by_weight);
}
