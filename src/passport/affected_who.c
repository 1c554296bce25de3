/* Which product a notice names, and whether a passport is of it. */
#include "affected_part.h"

typedef enum { UNKNOWN, SAME, NEAR, OTHER } likeness;

/* ---- names ---- */

static const char *const legal_forms[] = {
    "gmbh", "ag",  "kg",   "ohg", "ug",  "mbh",  "co",  "ltd",         "limited", "inc",
    "llc",  "plc", "corp", "sa",  "sas", "sarl", "srl", "spa",         "bv",      "nv",
    "oy",   "ab",  "as",   "aps", "se",  "sro",  "kft", "corporation", "company", "pty",
    "pte",  "eg",  "ek",   "sl",  "ev",  "sp",   "oyj", "incorporated"};

static bool legal_form(ts_str token) {
    for (size_t i = 0; i < sizeof legal_forms / sizeof *legal_forms; i++)
        if (ts_str_is(token, legal_forms[i])) return true;
    return false;
}

static ts_str without_end(ts_str s) {
    static const ts_str ends[] = {{"股份有限公司", 18}, {"有限责任公司", 18}, {"有限公司", 12}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (s.n > ends[i].n && ts_str_ends(s, ends[i])) return ts_str_to(s, s.n - ends[i].n);
    return s;
}

ts_str affect_maker(ts_arena *a, ts_str name) {
    ts_tokens t = ts_tokenise(a, ts_str_clip(name, AFFECT_TEXT), false);
    while (t.n > 1 && legal_form(ts_token_text(&t, t.n - 1))) t.n--;
    ts_buf b = ts_buf_new(a, 1 << 14);
    for (size_t i = 0; i < t.n; i++) ts_buf_put(&b, ts_token_text(&t, i));
    return without_end(ts_buf_str(&b));
}

static ts_str squeezed(ts_arena *a, ts_str s) { return ts_squeeze(a, ts_str_clip(s, AFFECT_TEXT)); }

static bool has_digit(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (ts_is_digit(s.p[i])) return true;
    return false;
}

static bool listed(const ts_strs *l, ts_str s) {
    for (size_t i = 0; i < l->n; i++)
        if (ts_str_eq(l->v[i], s)) return true;
    return false;
}

/* One is part of the other, and long enough to say something. */
static bool part_of(ts_str x, ts_str y) {
    return x.n >= 3 && y.n >= 3 && (ts_str_find(x, y) != TS_NPOS || ts_str_find(y, x) != TS_NPOS);
}

/* One letter more, less or other: a slip of the pen, in names that are not too short. */
static bool slip(ts_str x, ts_str y) {
    if (x.n > y.n) return slip(y, x);
    if (x.n < 5 || y.n - x.n > 1) return false;
    size_t i = 0;
    while (i < x.n && x.p[i] == y.p[i]) i++;
    ts_str rest = ts_str_from(y, i + 1);
    return ts_str_eq(ts_str_from(x, x.n == y.n ? i + 1 : i), rest) || i == x.n;
}

/* ---- the notice ---- */

static affect_kinds kinds_of(const ts_view *v) {
    affect_kinds k = {.n = 0};
    for (size_t i = 0; i < v->types.n && k.n < AFFECT_TYPES; i++)
        if (!v->types.v[i].compat && !v->types.v[i].with) k.v[k.n++] = v->types.v[i].type;
    return k;
}

static void view_of(ts_arena *a, ts_str text, ts_field field, ts_view *v) {
    ts_str fields[TS_FIELDS] = {{0}};
    fields[field] = ts_str_clip(text, AFFECT_TEXT);
    ts_view_build(a, fields, v);
}

/* A word that tells products apart: no number, and not one that everything is called. */
static bool telling(const ts_tokens *t, size_t i) {
    const ts_token *k = &t->v[i];
    return k->kind == TS_TOK_WORD && k->n >= 4 && k->bits >= 4 && !k->compat;
}

static void add_words(ts_arena *a, ts_affect *x, const ts_tokens *t) {
    for (size_t i = 0; i < t->n; i++) {
        ts_str w = ts_token_text(t, i);
        if (telling(t, i) && !listed(&x->brands, w)) ts_map_put(a, &x->words, ts_str_dup(a, w), 0);
    }
}

static void add_name(ts_arena *a, ts_affect *x, ts_str text) {
    ts_view v;
    view_of(a, text, TS_F_TITLE, &v);
    affect_kinds k = kinds_of(&v);
    for (size_t i = 0; i < k.n && x->kinds.n < AFFECT_TYPES; i++) x->kinds.v[x->kinds.n++] = k.v[i];
    add_words(a, x, &v.f[TS_F_TITLE]);
}

/* A model number counts when it is one: not a unit ("220V"), a year, a plain word, or shorter than
 * says anything. */
static void add_model(ts_arena *a, ts_affect *x, ts_str text) {
    enum { BITS_MIN = 4 };
    ts_view v;
    ts_str key = squeezed(a, text);
    bool strong = false;
    view_of(a, text, TS_F_MODEL, &v);
    for (size_t i = 0; i < v.models.n; i++) {
        const ts_model_key *k = &v.models.v[i];
        strong |= ts_str_eq(k->text, key) && !k->generic && k->bits >= BITS_MIN;
    }
    if (key.n) *ts_push(a, strong ? &x->models : &x->weak_models) = key;
}

void affect_read_names(ts_arena *a, ts_affect *x) {
    const ts_notice *n = x->notice;
    for (size_t i = 0; i < n->brands.n; i++) {
        ts_str key = squeezed(a, n->brands.v[i]);
        if (key.n > 1 && !ts_lexicon_is_phrase(*a, n->brands.v[i], TS_PHRASE_UNKNOWN))
            *ts_push(a, &x->brands) = key;
    }
    for (size_t i = 0; i < n->operators.n; i++) {
        ts_str key = affect_maker(a, n->operators.v[i]);
        if (key.n > 1) *ts_push(a, &x->operators) = key;
    }
    for (size_t i = 0; i < n->models.n; i++) add_model(a, x, n->models.v[i]);
    add_name(a, x, n->product);
    add_name(a, x, n->name);
    if (!x->kinds.n) add_name(a, x, n->title);
}

/* ---- a passport against it ---- */

static uint64_t article_of(uint64_t gtin) { return gtin / 10 % 1000000000000ull; }

/* The indicator of a GTIN-14 tells packages of one article apart (GS1 General Specifications,
 * GTIN-14), so it and the check digit are left out; a notice's number that cannot be trusted names
 * no other article, but the very same one. */
static likeness gtin_likeness(const ts_affect *x, const ts_known *p) {
    uint64_t mine;
    bool other = false;
    if (!ts_u64_parse(p->gtin, &mine) || !mine) return UNKNOWN;
    for (size_t i = 0; i < x->notice->identifiers.n; i++) {
        const ts_identifier *id = &x->notice->identifiers.v[i];
        if (id->kind != TS_ID_GTIN) continue;
        bool trusted = ts_identifier_trusted(id);
        if (id->gtin == mine || (trusted && article_of(id->gtin) == article_of(mine))) return SAME;
        other |= trusted;
    }
    return other ? OTHER : UNKNOWN;
}

/* A passport that states no brand is sold under its maker's name (Regulation (EU) 2023/988 Art.
 * 9(6): "name, registered trade name or registered trade mark" are one of another). */
static likeness brand_likeness(ts_arena a, const ts_affect *x, const ts_known *p, ts_str maker) {
    ts_str mine = squeezed(&a, p->brand);
    if (!x->brands.n) return UNKNOWN;
    if (mine.n ? listed(&x->brands, mine) : listed(&x->brands, maker)) return SAME;
    if (!mine.n || listed(&x->brands, maker)) return UNKNOWN;
    for (size_t i = 0; i < x->brands.n; i++)
        if (part_of(mine, x->brands.v[i]) || slip(mine, x->brands.v[i])) return NEAR;
    return OTHER;
}

/* Whether `part` stands in `s` as a number of its own: "kx100" does in "kx100b", not in "kx1000".
 */
static bool stands_in(ts_str s, ts_str part) {
    for (size_t at = 0; part.n && at + part.n <= s.n; at++) {
        size_t end = at + part.n;
        if (!ts_str_starts(ts_str_from(s, at), part)) continue;
        bool before = at > 0 && ts_is_digit(s.p[at - 1]) && ts_is_digit(part.p[0]),
             behind = end < s.n && ts_is_digit(s.p[end]) && ts_is_digit(part.p[part.n - 1]);
        if (!before && !behind) return true;
    }
    return false;
}

static bool names_model(const ts_affect *x, ts_str name) {
    for (size_t i = 0; i < x->models.n; i++)
        if (x->models.v[i].n >= 4 && stands_in(name, x->models.v[i])) return true;
    return false;
}

static bool variant_of(ts_str x, ts_str y) {
    return x.n >= 3 && y.n >= 3 && (stands_in(x, y) || stands_in(y, x));
}

/* Numbers of two kinds (a type's name, an article number) cannot be held against each other: other
 * are only two that both have digits and of which none holds the other. */
static likeness model_likeness(ts_arena a, const ts_affect *x, const ts_known *p) {
    ts_str mine = squeezed(&a, p->model);
    if (!x->models.n && !x->weak_models.n) return UNKNOWN;
    if (mine.n && listed(&x->models, mine)) return SAME;
    if (mine.n && listed(&x->weak_models, mine)) return NEAR;
    if (names_model(x, squeezed(&a, p->name))) return NEAR;
    if (!has_digit(mine)) return UNKNOWN;
    bool other = x->models.n > 0;
    for (size_t i = 0; i < x->models.n; i++)
        if (variant_of(mine, x->models.v[i])) return NEAR;
    return other ? OTHER : UNKNOWN;
}

/* By the types of product that either names; where that says nothing, by a telling word of both. */
static likeness kind_likeness(ts_arena a, const ts_affect *x, const ts_known *p) {
    ts_view v;
    bool differ = x->kinds.n > 0;
    view_of(&a, p->name, TS_F_TITLE, &v);
    affect_kinds mine = kinds_of(&v);
    for (size_t i = 0; i < mine.n; i++)
        for (size_t k = 0; k < x->kinds.n; k++) {
            ts_answer r = ts_type_relation(mine.v[i], x->kinds.v[k]);
            if (r == TS_YES) return SAME;
            differ &= r == TS_NO;
        }
    const ts_tokens *t = &v.f[TS_F_TITLE];
    for (size_t i = 0; i < t->n; i++)
        if (telling(t, i) && ts_map_get(&x->words, ts_token_text(t, i))) return SAME;
    return mine.n && differ ? OTHER : UNKNOWN;
}

static ts_identity another(ts_why why, ts_str by, bool maker) {
    return (ts_identity){.touch = TS_TOUCH_NO, .why = why, .by = by, .other = true, .maker = maker};
}

static ts_identity perhaps(ts_why why, ts_str by, bool maker) {
    return (ts_identity){.touch = TS_TOUCH_PERHAPS, .why = why, .by = by, .maker = maker};
}

/* Neither number nor brand and model decide it. */
static ts_identity undecided(const ts_affect *x, const ts_known *p, likeness gtin, likeness brand,
                             likeness model, bool operator_same) {
    bool maker = brand == SAME || operator_same, number = model == SAME || model == NEAR;
    likeness kind = kind_likeness(x->work, x, p);
    if (kind == OTHER && !number) return another(TS_WHY_OTHER_KIND, p->name, maker);
    if (gtin == OTHER && kind != SAME && !number) return another(TS_WHY_OTHER_GTIN, p->gtin, maker);
    if (brand == SAME) return perhaps(TS_WHY_SAME_BRAND, p->brand, true);
    if (number && (model == SAME || operator_same || brand == NEAR))
        return perhaps(TS_WHY_MODEL_ALONE, p->model, maker);
    if (operator_same && kind == SAME) return perhaps(TS_WHY_SAME_OPERATOR, p->operator_name, true);
    if (brand == NEAR && kind == SAME) return perhaps(TS_WHY_SAME_BRAND, p->brand, false);
    if (gtin == OTHER) return another(TS_WHY_OTHER_GTIN, p->gtin, maker);
    return (ts_identity){.why = TS_WHY_NOTHING_TO_COMPARE, .maker = maker};
}

ts_identity ts_affect_identity(const ts_affect *x, const ts_known *p) {
    ts_arena work = x->work;
    ts_str maker = affect_maker(&work, p->operator_name);
    bool operator_same = maker.n > 1 && listed(&x->operators, maker);
    likeness gtin = gtin_likeness(x, p), brand = brand_likeness(work, x, p, maker);
    if (brand == OTHER && operator_same) brand = UNKNOWN;
    if (gtin == SAME)
        return (ts_identity){.touch = TS_TOUCH_GTIN,
                             .why = TS_WHY_GTIN_OTHER_BRAND,
                             .maker = brand != OTHER,
                             .doubtful_gtin = brand == OTHER,
                             .by = p->gtin};
    if (brand == OTHER) return another(TS_WHY_OTHER_BRAND, p->brand, false);
    likeness model = model_likeness(work, x, p);
    if (brand == SAME && model == SAME)
        return (ts_identity){.touch = TS_TOUCH_MODEL,
                             .why = TS_WHY_GTIN_DIFFERS,
                             .maker = true,
                             .doubtful_gtin = gtin == OTHER,
                             .by = p->model};
    if (model == OTHER) return another(TS_WHY_OTHER_MODEL, p->model, brand == SAME);
    return undecided(x, p, gtin, brand, model, operator_same);
}
