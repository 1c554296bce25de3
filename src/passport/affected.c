#include "affected_part.h"

enum { WORK = 1 << 18 };

const char *ts_touch_name(ts_touch t) {
    static const char *const names[] = {"other_product", "perhaps", "model", "gtin", "serial"};
    return names[t];
}

const char *ts_why_name(ts_why w) {
    static const char *const names[TS_WHYS] = {
        "other_brand",    "other_model",   "other_gtin",   "other_kind",       "nothing_to_compare",
        "same_brand",     "same_operator", "model_alone",  "gtin_other_brand", "gtin_differs",
        "counterfeit",    "contradiction", "not_sealed",   "not_stated",       "code_unclear",
        "no_limit",       "lot_named",     "serial_named", "date_named",       "lot_outside",
        "serial_outside", "date_outside",  "through",      "too_many"};
    return names[w];
}

/* ---- the notice ---- */

ts_affect *ts_affect_new(ts_arena *a, const ts_notice *n) {
    ts_affect *x = ts_new(a, ts_affect);
    x->notice = n;
    x->limited = ts_scope_limited(&n->scope);
    affect_read_names(a, x);
    affect_read_codes(a, &n->scope.lots, n->scope.lot_ranges.v, n->scope.lot_ranges.n, &x->lots);
    affect_read_codes(a, &n->scope.serials, n->scope.serial_ranges.v, n->scope.serial_ranges.n,
                      &x->serials);
    char *room = ts_new_raw(a, char, WORK);
    x->work = (ts_arena){.beg = room, .end = room + WORK, .land = a->land};
    return x;
}

bool ts_affect_has_serials(const ts_affect *x) {
    return x->notice->scope.serials.n > 0 || x->notice->scope.serial_ranges.n > 0;
}

/* ---- lots, serials, days ---- */

static ts_answer day_fits(const ts_scope *s, int32_t day) {
    bool backwards = false; /* ends before it begins: it says nothing that would exclude */
    if (!s->made.n || day == TS_NO_DAY) return TS_OPEN;
    for (size_t i = 0; i < s->made.n; i++) {
        const ts_day_range *r = &s->made.v[i];
        backwards |= r->to != TS_NO_DAY && r->to < r->from;
        if (r->from <= day && (r->to == TS_NO_DAY || day <= r->to)) return TS_YES;
    }
    return backwards ? TS_OPEN : TS_NO;
}

typedef struct fit {
    ts_answer inside, code; /* code: by lot or serial alone */
    ts_why why;
    ts_str by;
    bool named; /* the very lot or serial stands in the notice */
} fit;

static fit fit_of(const ts_affect *x, const ts_known *p) {
    const ts_scope *s = &x->notice->scope;
    if (!x->limited) return (fit){.inside = TS_YES, .why = TS_WHY_NO_LIMIT};
    affect_code lot = affect_code_fits(x->work, &x->lots, p->lot),
                serial = affect_code_fits(x->work, &x->serials, p->serial);
    ts_answer made = day_fits(s, p->made);
    if (lot == AFFECT_ANOTHER) return (fit){TS_NO, TS_NO, TS_WHY_LOT_OUTSIDE, p->lot, false};
    if (serial == AFFECT_ANOTHER)
        return (fit){TS_NO, TS_NO, TS_WHY_SERIAL_OUTSIDE, p->serial, false};
    if (made == TS_NO) return (fit){TS_NO, TS_OPEN, TS_WHY_DATE_OUTSIDE, TS_NONE, false};
    if (lot >= AFFECT_IN_RANGE)
        return (fit){TS_YES, TS_YES, TS_WHY_LOT_NAMED, p->lot, lot == AFFECT_NAMED};
    if (serial >= AFFECT_IN_RANGE)
        return (fit){TS_YES, TS_YES, TS_WHY_SERIAL_NAMED, p->serial, serial == AFFECT_NAMED};
    if (made == TS_YES) return (fit){TS_YES, TS_OPEN, TS_WHY_DATE_NAMED, TS_NONE, false};
    if (lot == AFFECT_UNCLEAR) return (fit){.why = TS_WHY_CODE_UNCLEAR, .by = p->lot};
    if (serial == AFFECT_UNCLEAR) return (fit){.why = TS_WHY_CODE_UNCLEAR, .by = p->serial};
    return (fit){.why = TS_WHY_NOT_STATED};
}

/* ---- the answer ---- */

static ts_affected answer(ts_answer inside, ts_touch touch, ts_why why, ts_str by) {
    return (ts_affected){inside, touch, ts_why_name(why), by};
}

/* What is not signed by its operator excludes nothing. */
static ts_affected outside(const ts_known *p, ts_touch touch, ts_why why, ts_str by) {
    return p->sealed ? answer(TS_NO, touch, why, by)
                     : answer(TS_OPEN, touch, TS_WHY_NOT_SEALED, by);
}

ts_affected ts_affect_fit(const ts_affect *x, const ts_identity *who, const ts_known *p) {
    if (who->other) return outside(p, TS_TOUCH_NO, who->why, who->by);
    fit f = fit_of(x, p);
    if (f.inside == TS_NO) return outside(p, who->touch, f.why, f.by);
    bool sure = who->touch >= TS_TOUCH_MODEL;
    bool fake = x->notice->counterfeit == TS_YES;
    if (f.named && who->maker && !fake) return answer(TS_YES, TS_TOUCH_SERIAL, f.why, f.by);
    if (fake && who->touch != TS_TOUCH_NO)
        return answer(TS_OPEN, who->touch, TS_WHY_COUNTERFEIT, who->by);
    if (!sure) return answer(TS_OPEN, who->touch, who->why, who->by);
    if (f.inside == TS_OPEN) return answer(TS_OPEN, who->touch, f.why, f.by);
    if (who->doubtful_gtin && (who->touch == TS_TOUCH_GTIN || f.code != TS_YES))
        return answer(TS_OPEN, who->touch, who->why, who->by);
    return answer(TS_YES, who->touch, f.why, f.by);
}

ts_affected ts_affect_check(const ts_affect *x, const ts_known *p) {
    ts_identity who = ts_affect_identity(x, p);
    return ts_affect_fit(x, &who, p);
}

/* ---- a product known by several passports ---- */

/* The facts that only one value can be right of. */
enum { GTIN, BRAND, MODEL, LOT, MADE, FACTS };

typedef struct facts {
    size_t level[FACTS][TS_KNOWN_LEVELS]; /* where values differ: the levels that state them */
    size_t n[FACTS];
} facts;

static ts_str *text_of(ts_known *p, int fact) {
    ts_str *const v[] = {&p->gtin, &p->brand, &p->model, &p->lot};
    return v[fact];
}

static bool stated(const ts_known *p, int fact) {
    return fact == MADE ? p->made != TS_NO_DAY : text_of((ts_known *)(uintptr_t)p, fact)->n > 0;
}

static bool same_fact(ts_arena scratch, const ts_known *p, const ts_known *q, int fact) {
    if (fact == MADE) return p->made == q->made;
    ts_str x = *text_of((ts_known *)(uintptr_t)p, fact),
           y = *text_of((ts_known *)(uintptr_t)q, fact);
    if (ts_str_eq(x, y)) return true;
    if (fact == BRAND || fact == MODEL) {
        x = ts_squeeze(&scratch, ts_str_clip(x, AFFECT_TEXT));
        y = ts_squeeze(&scratch, ts_str_clip(y, AFFECT_TEXT));
    }
    return ts_str_eq(x, y);
}

static void take_fact(ts_known *p, const ts_known *from, int fact) {
    if (fact == MADE)
        p->made = from->made;
    else
        *text_of(p, fact) = *text_of((ts_known *)(uintptr_t)from, fact);
}

/* The levels that state a fact, each value once, the nearest first. */
static void find_values(const ts_affect *x, const ts_known *v, size_t n, int fact, facts *f) {
    for (size_t i = 0; i < n; i++) {
        bool fresh = stated(&v[i], fact);
        for (size_t k = 0; fresh && k < f->n[fact]; k++)
            fresh = !same_fact(x->work, &v[f->level[fact][k]], &v[i], fact);
        if (fresh) f->level[fact][f->n[fact]++] = i;
    }
}

static ts_known merged(const ts_known *v, size_t n, facts *f, const ts_affect *x) {
    ts_known p = {.made = TS_NO_DAY, .sealed = true, .serial = v[0].serial};
    for (int fact = 0; fact < FACTS; fact++) {
        find_values(x, v, n, fact, f);
        if (f->n[fact]) take_fact(&p, &v[f->level[fact][0]], fact);
    }
    for (size_t i = 0; i < n; i++) {
        p.sealed &= v[i].sealed;
        if (!p.name.n) p.name = v[i].name;
        if (!p.operator_name.n) p.operator_name = v[i].operator_name;
    }
    return p;
}

/* The fact by which an answer differs when another level is right of it; FACTS: by none. All
 * choices of values are tried: there are at most TS_KNOWN_LEVELS of each. */
static int deciding_contradiction(const ts_affect *x, const ts_known *v, const facts *f,
                                  const ts_known *first, ts_answer given) {
    size_t choice[FACTS] = {0};
    for (;;) {
        int at = 0;
        while (at < FACTS && (f->n[at] == 0 || ++choice[at] == f->n[at])) choice[at++] = 0;
        if (at == FACTS) return FACTS;
        ts_known p = *first;
        for (int fact = 0; fact < FACTS; fact++)
            if (f->n[fact]) take_fact(&p, &v[f->level[fact][choice[fact]]], fact);
        if (ts_affect_check(x, &p).inside == given) continue;
        for (int fact = 0; fact < FACTS; fact++)
            if (choice[fact]) return fact;
    }
}

static ts_str both(ts_arena *a, const ts_known *v, const facts *f, int fact) {
    ts_buf b = ts_buf_new(a, 1 << 12);
    for (size_t i = 0; i < f->n[fact]; i++) {
        const ts_known *p = &v[f->level[fact][i]];
        char day[16];
        if (i) ts_buf_lit(&b, " / ");
        ts_buf_put(&b, fact == MADE ? ts_day_iso(p->made, day)
                                    : *text_of((ts_known *)(uintptr_t)p, fact));
    }
    return ts_buf_str(&b);
}

/* Which level states what decided. */
static size_t level_of(const ts_affected *r, const facts *f) {
    static const struct {
        ts_why why;
        int fact;
    } by[] = {{TS_WHY_LOT_NAMED, LOT},
              {TS_WHY_LOT_OUTSIDE, LOT},
              {TS_WHY_DATE_NAMED, MADE},
              {TS_WHY_DATE_OUTSIDE, MADE}};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (strcmp(r->reason, ts_why_name(by[i].why)) == 0)
            return f->n[by[i].fact] ? f->level[by[i].fact][0] : 0;
    bool serial = strcmp(r->reason, ts_why_name(TS_WHY_SERIAL_NAMED)) == 0 ||
                  strcmp(r->reason, ts_why_name(TS_WHY_SERIAL_OUTSIDE)) == 0;
    int fact = r->touch == TS_TOUCH_GTIN ? GTIN : r->touch == TS_TOUCH_MODEL ? MODEL : FACTS;
    return !serial && fact < FACTS && f->n[fact] ? f->level[fact][0] : 0;
}

static bool contradictory(const facts *f) {
    for (int fact = 0; fact < FACTS; fact++)
        if (f->n[fact] > 1) return true;
    return false;
}

bool ts_known_merge(const ts_affect *x, const ts_known *v, size_t n, ts_known *out) {
    facts f = {0};
    *out = merged(v, n, &f, x);
    return !contradictory(&f);
}

ts_affected ts_affect_levels(ts_arena *a, const ts_affect *x, const ts_known *v, size_t n,
                             size_t *level) {
    facts f = {0};
    ts_known p = merged(v, n, &f, x);
    ts_affected r = ts_affect_check(x, &p);
    int fact = contradictory(&f) ? deciding_contradiction(x, v, &f, &p, r.inside) : FACTS;
    if (fact < FACTS)
        r = answer(TS_OPEN, r.touch > TS_TOUCH_PERHAPS ? r.touch : TS_TOUCH_PERHAPS,
                   TS_WHY_CONTRADICTION, both(a, v, &f, fact));
    *level = level_of(&r, &f);
    if (p.made != TS_NO_DAY && !r.by.n && strstr(r.reason, "date_")) {
        char day[16];
        r.by = ts_str_dup(a, ts_day_iso(p.made, day));
    }
    return r;
}
