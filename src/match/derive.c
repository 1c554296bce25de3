#include "derive.h"

#include <stdio.h>

#include "derive_words.h"
#include "text/text.h"

static const char *const kind_names[TS_DERIVE_KINDS] = {
    "positive",   "other_model",   "other_brand", "accessory", "successor",
    "other_size", "outside_scope", "genuine",     "unrelated"};
enum {
    WORD_ORDER,
    TYPO,
    BRAND_GONE,
    MODEL_GLUED,
    MODEL_SPLIT,
    MARKETING,
    TRUNCATION,
    TYPE_TRANSLATED,
    BUNDLE,
    SECOND_HAND,
    NOISE
};
static const char *const perturbation_names[TS_PERTURBATIONS] = {
    "word_order",  "typo",        "brand_missing", "model_glued",
    "model_split", "marketing",   "truncation",    "type_translated",
    "bundle",      "second_hand", "noise"};
const char *ts_derive_kind_name(ts_derive_kind k) { return kind_names[k]; }
const char *ts_perturbation_name(unsigned p) { return perturbation_names[p]; }

/* The offer in the making: a title of pieces that keep their role until they are put together. */
typedef enum { P_BRAND, P_NAME, P_TYPE, P_MODEL, P_LINK, P_OTHER } role;
typedef struct piece {
    role role;
    ts_str text;
} piece;
enum { PIECES = 40 };

typedef struct maker {
    ts_arena *a;
    ts_random r;
    unsigned lang;
    piece piece[PIECES];
    size_t n;
    ts_str brand, model, type; /* as they stand in the notice or were made */
    ts_str mark; /* what makes a hard negative another product: must still stand at the end */
    bool spaced; /* pieces are separated by blanks */
    ts_truth *t;
    ts_offer *o;
} maker;

static ts_str pick(maker *m, const char *const *list) {
    uint32_t n = 0;
    while (list[n]) n++;
    return ts_str_c(list[ts_random_below(&m->r, n)]);
}

static bool chance(maker *m, double p) { return ts_random_unit(&m->r) < p; }

static void put(maker *m, role r, ts_str s) {
    if (s.n && m->n < PIECES) m->piece[m->n++] = (piece){r, s};
}

static void put_front(maker *m, role r, ts_str s) {
    if (!s.n || m->n >= PIECES) return;
    memmove(m->piece + 1, m->piece, m->n * sizeof *m->piece);
    m->piece[0] = (piece){r, s};
    m->n++;
}

/* ---- what the notice says ---- */

bool ts_derivable(const ts_notice *n) {
    bool words = ts_str_trim(n->name).n >= 4 || ts_str_trim(n->product).n >= 4;
    return words && (n->brands.n || n->models.n || n->name.n >= 8);
}

bool ts_derive_in_tuning_half(const ts_notice *n) {
    ts_str key = n->brands.n ? n->brands.v[0] : n->id;
    char fold[64];
    size_t k = 0;
    for (size_t i = 0; i < key.n && k < sizeof fold; i++)
        if (ts_is_alnum((unsigned char)key.p[i]) || (unsigned char)key.p[i] >= 0x80)
            fold[k++] = (char)ts_lower((unsigned char)key.p[i]);
    return ts_mix(ts_hash((ts_str){fold, k})) >> 63;
}

/* The product type of the notice, or -1. */
static int type_of(ts_arena scratch, const ts_notice *n) {
    ts_view v;
    const ts_str fields[TS_FIELDS] = {[TS_F_TITLE] = n->product.n ? n->product
                                                     : n->name.n  ? n->name
                                                                  : n->title};
    ts_view_build(&scratch, fields, &v);
    int type = -1;
    for (size_t i = 0; i < v.types.n; i++)
        if (v.types.v[i].head) type = v.types.v[i].type;
    return type;
}

static ts_str form(maker *m, unsigned type, unsigned lang, bool any) {
    ts_str forms = ts_type_forms(type, (ts_lang3)lang), f = ts_str_cut(&forms, '|');
    while (any && forms.p && chance(m, 0.6)) f = ts_str_cut(&forms, '|');
    return ts_str_trim(f);
}

static ts_str a_model(maker *m, const ts_notice *n) {
    size_t most = n->models.n < 20 ? n->models.n : 20;
    return most ? n->models.v[ts_random_below(&m->r, (uint32_t)most)] : TS_NONE;
}

/* ---- inventing ---- */

static ts_str invented_brand(maker *m) {
    ts_buf b = ts_buf_new(m->a, 64);
    unsigned n = 3 + ts_random_below(&m->r, 2);
    for (unsigned i = 0; i < n; i++) ts_buf_put(&b, pick(m, derive_syllables));
    ts_buf_put(&b, pick(m, derive_endings));
    b.p[0] = (char)ts_upper((unsigned char)b.p[0]);
    if (chance(m, 0.3))
        for (size_t i = 0; i < b.n; i++) b.p[i] = (char)ts_upper((unsigned char)b.p[i]);
    return ts_buf_str(&b);
}

/* Another number of the same pattern: letters for letters, digits for digits. `keep` leading
 * characters stay. */
static ts_str like(maker *m, ts_str s, size_t keep) {
    char *p = ts_new_raw(m->a, char, s.n + 1);
    bool differs = false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        p[i] = (char)c;
        if (i < keep) continue;
        if (ts_is_digit(c))
            p[i] = (char)('0' + ts_random_below(&m->r, 10));
        else if (c >= 'A' && c <= 'Z')
            p[i] = (char)('A' + ts_random_below(&m->r, 26));
        else if (c >= 'a' && c <= 'z')
            p[i] = (char)('a' + ts_random_below(&m->r, 26));
        differs |= p[i] != (char)c;
    }
    if (!differs && s.n) p[s.n - 1] = p[s.n - 1] == '7' ? '4' : '7';
    return (ts_str){p, s.n};
}

static ts_str fresh_gtin(maker *m) {
    char *d = ts_new_raw(m->a, char, 13);
    static const char *const prefixes[] = {"400", "426", "690", "697", "501",
                                           "871", "350", "073", "843"};
    memcpy(d, prefixes[ts_random_below(&m->r, 9)], 3);
    for (int i = 3; i < 12; i++) d[i] = (char)('0' + ts_random_below(&m->r, 10));
    for (int c = '0'; c <= '9'; c++) {
        d[12] = (char)c;
        if (ts_gtin_check((ts_str){d, 13})) break;
    }
    return (ts_str){d, 13};
}

/* ---- kinds ---- */

static bool has_digit(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (ts_is_digit(s.p[i])) return true;
    return false;
}

/* The next model: a digit raised, or a word behind. */
static ts_str successor(maker *m, ts_str model) {
    if (has_digit(model) && chance(m, 0.6)) {
        char *p = ts_new_raw(m->a, char, model.n);
        memcpy(p, model.p, model.n);
        for (size_t i = model.n; i-- > 0;)
            if (ts_is_digit(p[i])) {
                p[i] = p[i] == '9' ? '0' : (char)(p[i] + 1);
                break;
            }
        return (ts_str){p, model.n};
    }
    ts_str parts[2] = {model, pick(m, derive_successor)};
    return ts_str_join(m->a, parts, 2, TS_S(" "));
}

/* Doubles (or halves) the first quantity in a text: "500 ml" becomes "1000 ml". Empty when there is
 * none. */
static ts_str other_size(maker *m, ts_str s) {
    ts_tokens t = ts_tokenise(m->a, s, true);
    ts_quantities q = {0};
    ts_quantities_read(m->a, &t, 0, &q);
    for (size_t i = 0; i < q.n; i++) {
        size_t from = t.origin[t.v[q.v[i].from].at], to = from;
        while (to < s.n && ts_is_digit(s.p[to])) to++;
        uint64_t v;
        if (to == from || !ts_u64_parse((ts_str){s.p + from, to - from}, &v) || v == 0 ||
            v > 100000)
            continue;
        if (q.v[i].dimension > TS_DIM_COUNT || q.v[i].dimension == TS_DIM_TIME ||
            q.v[i].dimension == TS_DIM_VOLTAGE)
            continue;
        ts_buf b = ts_buf_new(m->a, s.n + 32);
        ts_buf_put(&b, ts_str_to(s, from));
        ts_buf_u64(&b, chance(m, 0.5) && v % 2 == 0 && v > 2 ? v / 2 : v * 2 + (v == 1 ? 1 : 0));
        ts_buf_put(&b, ts_str_from(s, to));
        return ts_buf_str(&b);
    }
    return TS_NONE;
}

static bool outside_scope_text(maker *m, const ts_scope *s, ts_buf *b) {
    if (s->lots.n) {
        ts_buf_fmt(b, " %s: ", derive_lot[m->lang]);
        ts_buf_put(b, like(m, s->lots.v[0], 0));
        return true;
    }
    if (s->made.n && s->made.v[0].to != TS_NO_DAY) {
        int32_t latest = s->made.v[0].to;
        for (size_t i = 1; i < s->made.n; i++)
            if (s->made.v[i].to > latest) latest = s->made.v[i].to;
        char iso[16];
        ts_str day = ts_day_iso(latest + 200 + (int32_t)ts_random_below(&m->r, 500), iso);
        ts_buf_fmt(b, " %s: ", derive_made[m->lang]);
        ts_buf_put(b, ts_str_dup(m->a, day));
        return true;
    }
    return false;
}

static int an_accessory(maker *m) {
    for (int tries = 0; tries < 2000; tries++) {
        unsigned t = ts_random_below(&m->r, ts_type_count());
        if (ts_type_kind_of(t) != TS_TYPE_PRODUCT) return (int)t;
    }
    return -1;
}

/* ---- the undamaged title ---- */

static void compose(maker *m, const ts_notice *n, int type, bool translated) {
    bool unrelated =
        m->t->kind ==
        TS_DERIVE_UNRELATED; /* a name of its own, of which only the kind of product is borrowed */
    ts_str name = unrelated ? TS_NONE : ts_str_clip(n->name, 80);
    if ((translated || unrelated) && type >= 0) {
        m->type = form(m, (unsigned)type, m->lang, false);
        if (m->lang == TS_ZH) name = name.n && chance(m, 0.5) ? name : TS_NONE;
    } else {
        m->type = ts_str_clip(n->product, 80);
        if (!m->type.n) m->type = name, name = TS_NONE;
    }
    if (name.n && ts_str_ifind(m->type, name) != TS_NPOS) name = TS_NONE;
    if (m->brand.n && ts_str_istarts(name, m->brand))
        name = ts_str_trim(ts_str_from(name, m->brand.n));
    put(m, P_BRAND, m->brand);
    bool model_early = chance(m, 0.3);
    if (model_early) put(m, P_MODEL, m->model);
    put(m, P_NAME, name);
    put(m, P_TYPE, m->type);
    if (!model_early) put(m, P_MODEL, m->model);
    if (chance(m, 0.5)) put(m, P_OTHER, pick(m, derive_traits[m->lang]));
    if (chance(m, 0.5)) put(m, P_OTHER, pick(m, derive_colours[m->lang]));
}

/* ---- perturbations ---- */

static void swap_pieces(maker *m, unsigned times) {
    for (unsigned i = 0; i < times && m->n > 1; i++) {
        uint32_t x = ts_random_below(&m->r, (uint32_t)m->n),
                 y = ts_random_below(&m->r, (uint32_t)m->n);
        piece t = m->piece[x];
        m->piece[x] = m->piece[y];
        m->piece[y] = t;
    }
}

static bool typo_in(maker *m, piece *p) {
    if (p->role == P_MODEL || p->role == P_LINK || p->text.n < 5) return false;
    char *w = ts_new_raw(m->a, char, p->text.n + 2);
    for (int tries = 0; tries < 12; tries++) {
        size_t i = 1 + ts_random_below(&m->r, (uint32_t)p->text.n - 2);
        const char *s = p->text.p;
        if (!ts_is_alpha((unsigned char)s[i]) || !ts_is_alpha((unsigned char)s[i - 1]) ||
            !ts_is_alpha((unsigned char)s[i + 1]))
            continue;
        size_t n = p->text.n;
        memcpy(w, s, n);
        switch (ts_random_below(&m->r, 4)) {
        case 0: w[i] = (char)('a' + ts_random_below(&m->r, 26)); break;
        case 1: memmove(w + i, s + i + 1, n - i - 1), n--; break;
        case 2: memmove(w + i + 1, s + i, n - i), n++; break;
        default: w[i] = s[i + 1], w[i + 1] = s[i];
        }
        if (n == p->text.n && memcmp(w, s, n) == 0) continue;
        if (p->role == P_BRAND) m->t->brand = false;
        p->text = (ts_str){w, n};
        return true;
    }
    return false;
}

static void typos(maker *m, unsigned letters) {
    for (unsigned i = 0; i < letters; i++)
        for (int tries = 0;
             tries < 10 && !typo_in(m, &m->piece[ts_random_below(&m->r, (uint32_t)m->n)]);
             tries++) {}
}

static void remove_role(maker *m, role r) {
    size_t w = 0;
    for (size_t i = 0; i < m->n; i++)
        if (m->piece[i].role != r) m->piece[w++] = m->piece[i];
    m->n = w;
}

static bool separator(char c) { return c == '-' || c == '/' || c == '.' || c == '_' || c == ' '; }

static ts_str reseparate(maker *m, ts_str s, const char *with, bool at_digits, bool lower) {
    ts_buf b = ts_buf_new(m->a, s.n * 3 + 8);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool boundary = i > 0 && ((ts_is_digit(c) && ts_is_alpha((unsigned char)s.p[i - 1])) ||
                                  (ts_is_alpha(c) && ts_is_digit((unsigned char)s.p[i - 1])));
        if (separator((char)c)) {
            ts_buf_put(&b, ts_str_c(with));
            continue;
        }
        if (at_digits && boundary && i < 6) ts_buf_c(&b, ' ');
        ts_buf_c(&b, (char)(lower ? ts_lower(c) : c));
    }
    return ts_buf_str(&b);
}

static void change_models(maker *m, unsigned what, unsigned strength) {
    for (size_t i = 0; i < m->n; i++) {
        if (m->piece[i].role != P_MODEL) continue;
        ts_str *s = &m->piece[i].text;
        if (what == MODEL_GLUED) {
            *s = reseparate(m, *s, strength == 1 ? "-" : "", false, false);
            if (strength == 3 && i > 0 && m->piece[i - 1].role == P_OTHER && m->lang != TS_ZH) {
                ts_str both[2] = {m->piece[i - 1].text, *s};
                *s = ts_str_join(m->a, both, 2, TS_S("-"));
                memmove(m->piece + i - 1, m->piece + i, (m->n - i) * sizeof *m->piece);
                m->n--;
            }
        } else {
            *s = reseparate(m, *s, " ", strength >= 2, strength == 3);
        }
    }
}

static void sell(maker *m, unsigned words) {
    for (unsigned i = 0; i < words; i++) {
        ts_str w = pick(m, derive_marketing[m->lang]);
        if (chance(m, 0.4))
            put_front(m, P_OTHER, w);
        else
            put(m, P_OTHER, w);
    }
}

static void bundle(maker *m, unsigned strength) {
    if (strength != 2) put(m, P_OTHER, ts_str_c(derive_count[m->lang][ts_random_below(&m->r, 3)]));
    if (strength != 1) put(m, P_OTHER, ts_str_c(derive_gift[m->lang][ts_random_below(&m->r, 3)]));
}

static void noise(maker *m, unsigned strength) {
    if (strength != 2) {
        ts_buf b = ts_buf_new(m->a, 32);
        ts_buf_fmt(&b, "%c%c%05u", 'A' + (int)ts_random_below(&m->r, 26),
                   'A' + (int)ts_random_below(&m->r, 26), ts_random_below(&m->r, 100000));
        put(m, P_OTHER, ts_buf_str(&b));
    }
    if (strength != 1) {
        put_front(m, P_OTHER, pick(m, derive_signs));
        put(m, P_OTHER, pick(m, derive_signs));
        piece *p = &m->piece[ts_random_below(&m->r, (uint32_t)m->n)];
        char *w = ts_new_raw(m->a, char, p->text.n + 1);
        for (size_t i = 0; i < p->text.n; i++) w[i] = (char)ts_upper((unsigned char)p->text.p[i]);
        p->text = (ts_str){w, p->text.n};
    }
    if (strength == 3 && m->type.n) put(m, P_OTHER, m->type);
}

static void perturb(maker *m, unsigned what, unsigned strength, int type) {
    m->t->strength[what] = (uint8_t)strength;
    switch (what) {
    case WORD_ORDER: swap_pieces(m, strength); break;
    case TYPO: typos(m, strength); break;
    case BRAND_GONE:
        if (strength != 1) remove_role(m, P_BRAND), m->t->brand = strength == 2 && m->o->brand.n;
        if (strength != 2) m->o->brand = TS_NONE;
        if (strength == 3) m->t->brand = false;
        break;
    case MODEL_GLUED:
    case MODEL_SPLIT: change_models(m, what, strength); break;
    case MARKETING: sell(m, strength == 1 ? 2 : strength == 2 ? 5 : 9); break;
    case TYPE_TRANSLATED:
        for (size_t i = 0; i < m->n && type >= 0; i++)
            if (m->piece[i].role == P_TYPE) {
                unsigned t = strength == 3 && ts_type_parent((unsigned)type) >= 0
                                 ? (unsigned)ts_type_parent((unsigned)type)
                                 : (unsigned)type;
                m->piece[i].text = form(m, t, m->lang, strength >= 2);
            }
        break;
    case BUNDLE: bundle(m, strength); break;
    case SECOND_HAND: put_front(m, P_OTHER, ts_str_c(derive_used[m->lang][strength - 1])); break;
    case NOISE: noise(m, strength); break;
    default: break;
    }
}

/* Whether a perturbation can be applied to what is there. */
static bool applies(const maker *m, unsigned what, int type) {
    switch (what) {
    case BRAND_GONE: return m->brand.n > 0;
    case MODEL_GLUED:
    case MODEL_SPLIT:
        return m->model.n > 2 && has_digit(m->model) &&
               m->t->strength[MODEL_GLUED] + m->t->strength[MODEL_SPLIT] == 0;
    case TYPE_TRANSLATED: return type >= 0;
    default: return true;
    }
}

static ts_str title_of(maker *m) {
    ts_buf b = ts_buf_new(m->a, 2000);
    for (size_t i = 0; i < m->n; i++) {
        bool close = m->lang == TS_ZH && i > 0 &&
                     ((unsigned char)m->piece[i].text.p[0] >= 0xE0 ||
                      (unsigned char)m->piece[i - 1].text.p[m->piece[i - 1].text.n - 1] >= 0x80);
        if (i && !close) ts_buf_c(&b, ' ');
        ts_buf_put(&b, m->piece[i].text);
    }
    return ts_buf_str(&b);
}

static ts_str cut(maker *m, ts_str title, unsigned strength) {
    static const unsigned latin[] = {80, 60, 45}, han[] = {40, 30, 22};
    unsigned chars = m->lang == TS_ZH ? han[strength - 1] : latin[strength - 1];
    size_t i = 0;
    while (i < title.n && chars--) ts_utf8_next(title, &i);
    return ts_str_to(title, i);
}

/* Whether all of a notice's key still stands in the title, separators aside. */
static bool stands(maker *m, ts_str title, ts_str key) {
    ts_str t = ts_squeeze(m->a, title), k = ts_squeeze(m->a, key);
    return k.n >= 2 && ts_str_find(t, k) != TS_NPOS;
}

/* Words of the title that tell, and that the notice has in brand, product or name. */
static unsigned telling_words(maker *m, const ts_notice *n) {
    ts_view v, w;
    const ts_str fields[TS_FIELDS] = {[TS_F_TITLE] = m->o->title};
    const ts_str notice[TS_FIELDS] = {[TS_F_TITLE] = n->name,
                                      [TS_F_BRAND] = n->brands.n ? n->brands.v[0] : TS_NONE,
                                      [TS_F_MODEL] = n->product};
    ts_view_build(m->a, fields, &v);
    ts_view_build(m->a, notice, &w);
    unsigned count = 0;
    for (size_t i = 0; i < v.f[TS_F_TITLE].n; i++) {
        const ts_token *t = &v.f[TS_F_TITLE].v[i];
        bool there = false;
        if (t->bits < 5 || t->typed || t->qty || t->n < 3) continue;
        for (int f = TS_F_TITLE; f <= TS_F_MODEL; f++)
            for (size_t k = 0; k < w.f[f].n && !there; k++) there = w.f[f].v[k].hash == t->hash;
        count += there;
    }
    return count;
}

static bool names_any_brand(maker *m, const ts_notice *n) {
    for (size_t i = 0; i < n->brands.n; i++)
        if (stands(m, m->o->title, n->brands.v[i]) || stands(m, m->o->description, n->brands.v[i]))
            return true;
    return false;
}

/* Whether what makes the offer another product than the notice's can still be seen. */
static bool keeps_mark(maker *m, ts_derive_kind kind) {
    const ts_offer *o = m->o;
    bool field = kind == TS_DERIVE_OTHER_BRAND
                     ? ts_str_eq(o->brand, m->mark)
                     : kind != TS_DERIVE_OTHER_SIZE && kind != TS_DERIVE_ACCESSORY &&
                           ts_str_eq(o->model, m->mark);
    return field || stands(m, o->title, m->mark);
}

/* Whether brand, name or type of the title give the notice's own model number all the same. */
static bool names_true_model(maker *m, const ts_notice *n) {
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < n->models.n && m->piece[i].role != P_MODEL; k++)
            if (has_digit(n->models.v[k]) && stands(m, m->piece[i].text, n->models.v[k]))
                return true;
    return false;
}

/* ---- putting it together ---- */

static void fill_offer(maker *m, const ts_notice *n, ts_derive_kind kind, uint64_t seed) {
    ts_offer *o = m->o;
    ts_buf id = ts_buf_new(m->a, 64), url = ts_buf_new(m->a, 128), price = ts_buf_new(m->a, 32);
    ts_buf_fmt(&id, "d%016llx", (unsigned long long)seed);
    ts_buf_fmt(&url, "https://shop.example/item/%016llx", (unsigned long long)seed);
    ts_buf_fmt(&price, "%u.%02u", 3 + ts_random_below(&m->r, 300), ts_random_below(&m->r, 100));
    o->id = ts_buf_str(&id);
    o->url = ts_buf_str(&url);
    o->price = ts_buf_str(&price);
    static const char *const currencies[] = {"GBP", "EUR", "CNY"},
                             *const markets[] = {"IE", "DE", "CN"},
                             *const langs[] = {"en", "de", "zh"};
    o->currency = ts_str_c(currencies[m->lang]);
    o->market = ts_str_c(markets[m->lang]);
    o->language = ts_str_c(langs[m->lang]);
    bool same_goods = kind == TS_DERIVE_POSITIVE || kind == TS_DERIVE_OUTSIDE_SCOPE;
    for (size_t i = 0; i < n->identifiers.n && same_goods && chance(m, 0.5); i++) {
        if (!ts_identifier_trusted(&n->identifiers.v[i])) continue;
        ts_identifiers_add(m->a, &o->identifiers, n->identifiers.v[i]);
        m->t->identifier = true;
        break;
    }
    if (!same_goods && chance(m, 0.3))
        ts_identifiers_add(m->a, &o->identifiers,
                           ts_identifier_classify(m->a, fresh_gtin(m), true));
    if (m->brand.n && chance(m, 0.6)) o->brand = m->brand;
    if (m->model.n && chance(m, 0.3) && m->n) o->model = m->model;
}

static void describe(maker *m, ts_str extra) {
    ts_buf b = ts_buf_new(m->a, 2000);
    const char *template = derive_description[m->lang][ts_random_below(&m->r, 4)];
    ts_str t = ts_str_c(template), type = m->type.n ? m->type : TS_S("item");
    size_t at = ts_str_find(t, TS_S("%s"));
    ts_buf_put(&b, ts_str_to(t, at));
    ts_buf_put(&b, type);
    ts_buf_put(&b, ts_str_from(t, at + 2));
    ts_buf_put(&b, extra);
    if (m->t->strength[SECOND_HAND] == 3) {
        ts_buf_c(&b, ' ');
        ts_buf_put(&b, ts_str_c(derive_used_story[m->lang]));
    }
    m->o->description = ts_buf_str(&b);
}

static unsigned choose_language(maker *m, const ts_notice *n, int type) {
    unsigned own = ts_str_is(n->language, "zh")   ? TS_ZH
                   : ts_str_is(n->language, "de") ? TS_DE
                                                  : TS_EN;
    if (type < 0) return own;
    double x = ts_random_unit(&m->r);
    return x < 0.4 ? own : x < 0.6 ? TS_EN : x < 0.8 ? TS_DE : TS_ZH;
}

static bool is_model_of(maker *m, const ts_notice *n, ts_str model) {
    ts_str k = ts_squeeze(m->a, model);
    for (size_t i = 0; i < n->models.n; i++)
        if (ts_str_eq(ts_squeeze(m->a, n->models.v[i]), k)) return true;
    return false;
}

/* Changes brand, model or title for a kind that is not the product. False when the notice does not
 * allow it. */
static bool make_kind(maker *m, const ts_notice *n, const ts_notice *other, ts_derive_kind kind,
                      ts_buf *extra) {
    switch (kind) {
    case TS_DERIVE_POSITIVE: return true;
    case TS_DERIVE_OTHER_MODEL:
        if (!m->brand.n || !has_digit(m->model) || m->model.n < 4) return false;
        m->mark = m->model = like(m, m->model, chance(m, 0.5) ? m->model.n / 3 : 0);
        return !is_model_of(m, n, m->model);
    case TS_DERIVE_OTHER_BRAND:
        if (!has_digit(m->model) || !m->brand.n) return false;
        m->brand =
            other && other->brands.n && chance(m, 0.6) && !ts_str_ieq(other->brands.v[0], m->brand)
                ? other->brands.v[0]
                : invented_brand(m);
        m->mark = m->o->brand = m->brand;
        return true;
    case TS_DERIVE_SUCCESSOR:
        if (!m->brand.n || m->model.n < 3) return false;
        m->mark = m->model = successor(m, m->model);
        return !is_model_of(m, n, m->model);
    case TS_DERIVE_OTHER_SIZE: return true; /* done on the pieces */
    case TS_DERIVE_OUTSIDE_SCOPE: return outside_scope_text(m, &n->scope, extra);
    case TS_DERIVE_ACCESSORY: return m->brand.n || has_digit(m->model);
    case TS_DERIVE_GENUINE:
        if (n->counterfeit != TS_YES || !m->brand.n) return false;
        m->mark = m->model =
            has_digit(m->model) ? like(m, m->model, 0) : like(m, TS_S("AB1234"), 0);
        return !is_model_of(m, n, m->model);
    case TS_DERIVE_UNRELATED:
        m->brand = invented_brand(m);
        m->model = has_digit(m->model) ? like(m, m->model, 0)
                   : chance(m, 0.4)    ? like(m, TS_S("KX-482"), 0)
                                       : TS_NONE;
        return true;
    default: return false;
    }
}

static bool finish_kind(maker *m, ts_derive_kind kind) {
    if (kind == TS_DERIVE_OTHER_SIZE) {
        for (size_t i = 0; i < m->n; i++) {
            ts_str s = m->piece[i].role == P_NAME || m->piece[i].role == P_TYPE
                           ? other_size(m, m->piece[i].text)
                           : TS_NONE;
            if (s.n) return m->type = m->mark = m->piece[i].text = s, true;
        }
        return false;
    }
    if (kind == TS_DERIVE_GENUINE) put(m, P_OTHER, ts_str_c(derive_genuine[m->lang]));
    if (kind == TS_DERIVE_ACCESSORY) {
        int t = an_accessory(m);
        if (t < 0) return false;
        remove_role(m, P_OTHER);
        ts_str link = ts_str_c(derive_for[m->lang][ts_random_below(&m->r, 3)]),
               what = form(m, (unsigned)t, m->lang, true);
        put_front(m, P_LINK, link);
        if (m->lang == TS_ZH)
            put(m, P_OTHER, what);
        else
            put_front(m, P_OTHER, what);
        m->mark = m->type = what;
        m->o->brand = chance(m, 0.5) ? invented_brand(m) : TS_NONE;
        m->o->model = TS_NONE;
    }
    return true;
}

/* Applies two to four perturbations; a translated type counts as one. */
static void damage(maker *m, ts_derive_kind kind, int type, bool translated) {
    ts_truth *t = m->t;
    unsigned applied = translated, want = 2 + ts_random_below(&m->r, 3);
    for (int tries = 0; applied < want && tries < 60; tries++) {
        unsigned what = ts_random_below(&m->r, TS_PERTURBATIONS);
        if (t->strength[what] || !applies(m, what, type) ||
            (kind == TS_DERIVE_ACCESSORY && what == WORD_ORDER))
            continue;
        perturb(m, what, 1 + ts_random_below(&m->r, 3), type);
        applied++;
    }
    m->o->title = title_of(m);
    if (t->strength[TRUNCATION]) m->o->title = cut(m, m->o->title, t->strength[TRUNCATION]);
}

/* Writes down what of the notice's brand and number the finished offer still has. */
static void note_survivors(maker *m, ts_str brand, ts_str model) {
    const ts_offer *o = m->o;
    bool field_brand = o->brand.n && ts_str_eq(o->brand, brand),
         field_model = o->model.n && ts_str_eq(o->model, model);
    m->t->brand = brand.n && (field_brand || stands(m, o->title, brand));
    m->t->model = model.n && has_digit(model) && (field_model || stands(m, o->title, model));
}

/* Whether the damage left what makes the offer of its kind: else nobody could tell. */
static bool still_tells(maker *m, const ts_notice *n, ts_derive_kind kind) {
    const ts_truth *t = m->t;
    if (!m->o->title.n || (m->mark.n && !keeps_mark(m, kind))) return false;
    switch (kind) {
    case TS_DERIVE_OTHER_MODEL:
    case TS_DERIVE_SUCCESSOR: return !names_true_model(m, n);
    case TS_DERIVE_OTHER_BRAND:
    case TS_DERIVE_UNRELATED: return !names_any_brand(m, n); /* the name repeats the real brand */
    case TS_DERIVE_POSITIVE:
        return t->identifier || t->brand || t->model || telling_words(m, n) >= 2;
    default: return true;
    }
}

bool ts_derive_offer(ts_arena *a, const ts_notice *n, const ts_notice *other, ts_derive_kind kind,
                     uint64_t seed, ts_offer *o, ts_truth *t) {
    if (!ts_derivable(n)) return false;
    *o = (ts_offer){0};
    *t = (ts_truth){.kind = kind};
    maker m = {.a = a, .r = ts_random_seed(seed ^ ts_hash(n->id)), .t = t, .o = o};
    int type = type_of(*a, n);
    t->language = (uint8_t)(m.lang = choose_language(&m, n, type));
    m.brand =
        n->brands.n
            ? ts_str_clip(
                  n->brands.v[ts_random_below(&m.r, n->brands.n < 3 ? (uint32_t)n->brands.n : 3)],
                  60)
            : TS_NONE;
    m.model = ts_str_clip(a_model(&m, n), 40);
    ts_str true_brand = m.brand, true_model = m.model;
    ts_buf extra = ts_buf_new(a, 200);
    if (!make_kind(&m, n, other, kind, &extra) || (kind == TS_DERIVE_UNRELATED && type < 0))
        return false;
    bool foreign = m.lang != (ts_str_is(n->language, "zh")   ? TS_ZH
                              : ts_str_is(n->language, "de") ? TS_DE
                                                             : TS_EN);
    compose(&m, n, type, foreign);
    if (foreign) t->strength[TYPE_TRANSLATED] = 1;
    t->brand = m.brand.n && kind != TS_DERIVE_OTHER_BRAND && kind != TS_DERIVE_UNRELATED;
    fill_offer(&m, n, kind, seed ^ ts_hash(n->id));
    if (!finish_kind(&m, kind)) return false;
    damage(&m, kind, type, foreign);
    describe(&m, ts_buf_str(&extra));
    note_survivors(&m, true_brand, true_model);
    return still_tells(&m, n, kind);
}

/* s with every occurrence of `old` (in any case) replaced. */
static ts_str replaced(ts_arena *a, ts_str s, ts_str old, ts_str with) {
    if (old.n < 2 || ts_str_ifind(s, old) == TS_NPOS) return s;
    ts_buf b = ts_buf_new(a, s.n * 8 + 4096);
    for (size_t at; (at = ts_str_ifind(s, old)) != TS_NPOS; s = ts_str_from(s, at + old.n)) {
        ts_buf_put(&b, ts_str_to(s, at));
        ts_buf_put(&b, with);
    }
    ts_buf_put(&b, s);
    return ts_buf_str(&b);
}

void ts_derive_notice(ts_arena *a, const ts_notice *n, uint64_t seed, ts_notice *out) {
    maker m = {.a = a, .r = ts_random_seed(seed ^ ts_hash(n->id))};
    *out = *n;
    ts_buf id = ts_buf_new(a, 300);
    ts_buf_put(&id, n->id);
    ts_buf_fmt(&id, "~%llx", (unsigned long long)seed);
    out->id = out->number = ts_buf_str(&id);
    out->brands = out->models = (ts_strs){0};
    out->identifiers = (ts_identifiers){0};
    ts_str brand = invented_brand(&m);
    for (size_t i = 0; i < (n->brands.n < 3 ? n->brands.n : 3); i++)
        ts_strs_add(a, &out->brands, i ? invented_brand(&m) : brand);
    if (!n->brands.n && chance(&m, 0.5)) ts_strs_add(a, &out->brands, brand);
    for (size_t i = 0; i < n->models.n; i++)
        ts_strs_add(a, &out->models, like(&m, n->models.v[i], 0));
    for (size_t i = 0; i < n->identifiers.n; i++)
        if (n->identifiers.v[i].kind == TS_ID_GTIN)
            ts_identifiers_add(a, &out->identifiers,
                               ts_identifier_classify(a, fresh_gtin(&m), true));
    out->title = TS_NONE; /* headings repeat the real brand */
    for (size_t i = 0; i < n->brands.n; i++) {
        out->name = replaced(a, out->name, n->brands.v[i], brand);
        out->product = replaced(a, out->product, n->brands.v[i], brand);
    }
    ts_notice_seal(*a, out);
}

void ts_derive_write(ts_jsonw *w, const ts_offer *o, const ts_truth *t, ts_str notice_id) {
    static const char *const langs[] = {"en", "de", "zh"};
    ts_jsonw_object(w);
    const struct {
        const char *name;
        ts_str v;
    } strings[] = {{"id", o->id},         {"url", o->url},
                   {"title", o->title},   {"brand", o->brand},
                   {"model", o->model},   {"description", o->description},
                   {"price", o->price},   {"currency", o->currency},
                   {"market", o->market}, {"language", o->language}};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        ts_jsonw_kstr_opt(w, strings[i].name, strings[i].v);
    if (o->identifiers.n) ts_jsonw_kstr(w, "gtin", o->identifiers.v[0].text);
    ts_jsonw_key(w, "_truth");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "kind", ts_str_c(kind_names[t->kind]));
    ts_jsonw_kstr_opt(w, "notice", t->kind == TS_DERIVE_UNRELATED ? TS_NONE : notice_id);
    ts_jsonw_key(w, "match");
    ts_jsonw_bool(w, t->kind == TS_DERIVE_POSITIVE);
    ts_jsonw_kstr(w, "language", ts_str_c(langs[t->language]));
    ts_jsonw_key(w, "survives");
    ts_jsonw_array(w);
    if (t->identifier) ts_jsonw_str(w, TS_S("identifier"));
    if (t->brand) ts_jsonw_str(w, TS_S("brand"));
    if (t->model) ts_jsonw_str(w, TS_S("model"));
    ts_jsonw_end(w);
    ts_jsonw_key(w, "perturbations");
    ts_jsonw_object(w);
    for (unsigned p = 0; p < TS_PERTURBATIONS; p++)
        if (t->strength[p]) ts_jsonw_key(w, perturbation_names[p]), ts_jsonw_i64(w, t->strength[p]);
    ts_jsonw_end(w);
    ts_jsonw_end(w);
    ts_jsonw_end(w);
}
