/* affected_oracle.h - the same question answered anew and slowly: which products of a small world a
 * notice hits. Written from docs/passports.md, with nothing of the program's but its types.
 */
#ifndef TS_TESTS_AFFECTED_ORACLE_H
#define TS_TESTS_AFFECTED_ORACLE_H

#include <stdio.h>

#include "support/support.h"

#include "host/host.h"

enum { THINGS = 1000, EDGES = 2000, LINKS = 400000 };

typedef struct thing {
    char id[32], product[120], model_ref[32], batch_ref[32];
    const char *gtin, *brand, *model, *name, *maker; /* "" = not stated */
    char lot[16], serial[16];
    int32_t made;
    ts_grain grain;
    bool sealed, part; /* part: known by an identifier alone */
} thing;

typedef struct world {
    thing v[THINGS * 2];
    size_t n, passports;
    struct {
        size_t from;
        char to[120];
        bool predecessor;
    } edge[EDGES];
    size_t edges;
    /* worked out */
    int batch[THINGS * 2], model[THINGS * 2];
    struct {
        size_t source, target;
    } link[LINKS];
    size_t links;
} world;

/* ---- words: what the generator uses, and what each is ---- */

static const char *const w_brands[] = {"",       "Aquila",  "AQUILA",     "Borealis",
                                       "Corvid", "Aquilla", "Aquila Home"};
static const char *const w_makers[] = {"", "Aquila GmbH", "Borealis Ltd.", "Dorado AG"};
static const char *const w_models[] = {"",       "KX-200", "kx 200", "KX-300",
                                       "PW1580", "220 V",  "Aurora"};
static const char *const w_names[] = {"Kettle", "Wasserkocher", "Table lamp", "Zqxw 9"};
static const char *const w_gtins[] = {"", "04006381333931", "04012345678901", "09501101530003",
                                      "14006381333938"}; /* the last: a case of the first */
#define W_COUNT(t) (sizeof(t) / sizeof *(t))

typedef enum { W_UNKNOWN, W_SAME, W_NEAR, W_OTHER } w_like;

static inline void w_norm(const char *s, char *out) {
    for (; *s; s++)
        if (ts_is_alnum(*s)) *out++ = (char)ts_lower(*s);
    *out = 0;
}

static inline bool w_equal(const char *x, const char *y) {
    char a[64], b[64];
    w_norm(x, a);
    w_norm(y, b);
    return strcmp(a, b) == 0;
}

/* The maker without GmbH and its likes. */
static inline void w_maker(const char *s, char *out) {
    snprintf(out, 64, "%s", s);
    char *blank = strrchr(out, ' ');
    if (blank) *blank = 0;
}

static inline bool w_named(const ts_strs *l, const char *s, bool maker) {
    for (size_t i = 0; i < l->n; i++) {
        char one[64], bare[64];
        snprintf(one, sizeof one, "%.*s", TS_P(l->v[i]));
        w_maker(one, bare);
        if (w_equal(maker ? bare : one, s)) return true;
    }
    return false;
}

/* Strong model numbers are KX… and PW…; "220 V" is a unit and "Aurora" a word. */
static inline bool w_strong(const char *m) { return m[0] == 'K' || m[0] == 'k' || m[0] == 'P'; }
static inline bool w_digits(const char *m) { return strpbrk(m, "0123456789") != 0; }
static inline int w_kind(const char *name) {
    return name[0] == 'K' || name[0] == 'W' ? 1 : name[0] == 'T' ? 2 : 0;
}

typedef struct w_facts {
    const char *gtin, *brand, *model, *name, *maker, *lot, *serial;
    int32_t made;
    bool sealed;
} w_facts;

typedef struct w_answer {
    ts_answer inside;
    bool nothing; /* open, since nothing could be compared */
} w_answer;

static inline w_like w_gtin(const ts_notice *n, const char *gtin) {
    if (!*gtin || !n->identifiers.n) return W_UNKNOWN;
    for (size_t i = 0; i < n->identifiers.n; i++) {
        char one[32];
        snprintf(one, sizeof one, "%014llu", (unsigned long long)n->identifiers.v[i].gtin);
        if (memcmp(one + 1, gtin + 1, 12) == 0) return W_SAME;
    }
    return W_OTHER;
}

static inline w_like w_brand(const ts_notice *n, const w_facts *f) {
    char maker[64];
    w_maker(f->maker, maker);
    if (!n->brands.n) return W_UNKNOWN;
    if (*f->brand ? w_named(&n->brands, f->brand, false)
                  : *maker && w_named(&n->brands, maker, false))
        return W_SAME;
    if (!*f->brand || (*maker && w_named(&n->brands, maker, false))) return W_UNKNOWN;
    /* Aquila, Aquilla and Aquila Home are like each other, but for the last two. */
    for (size_t i = 0; i < n->brands.n; i++) {
        bool home = w_equal(f->brand, "Aquila Home"), typo = w_equal(f->brand, "Aquilla"),
             plain = w_equal(f->brand, "Aquila");
        if ((home || typo) && ts_str_ieq(n->brands.v[i], TS_S("aquila"))) return W_NEAR;
        if (plain &&
            (ts_str_is(n->brands.v[i], "Aquilla") || ts_str_is(n->brands.v[i], "Aquila Home")))
            return W_NEAR;
    }
    return W_OTHER;
}

static inline w_like w_model(const ts_notice *n, const w_facts *f) {
    bool strong = false;
    if (!n->models.n) return W_UNKNOWN;
    if (*f->model && w_named(&n->models, f->model, false))
        return w_strong(f->model) ? W_SAME : W_NEAR;
    for (size_t i = 0; i < n->models.n; i++) strong |= w_strong(n->models.v[i].p);
    return w_digits(f->model) && strong ? W_OTHER : W_UNKNOWN;
}

static inline bool w_range(const ts_code_range *r, const char *code) {
    return strlen(code) == r->from.n && strcmp(r->from.p, code) <= 0 &&
           strcmp(code, r->to.p) <= 0 && code[0] == r->from.p[0];
}

/* What the lists say of one code: 1 not among them, 0 not known, 2 in a range, 3 named itself. */
static inline int w_code(const ts_strs *list, const ts_code_range *r, size_t n, const char *code) {
    if ((!list->n && !n) || !*code) return 0;
    for (size_t i = 0; i < list->n; i++)
        if (ts_str_is(list->v[i], code)) return 3;
    for (size_t i = 0; i < n; i++)
        if (w_range(&r[i], code)) return 2;
    return 1;
}

static inline int w_day(const ts_scope *s, int32_t day) {
    if (!s->made.n || day == TS_NO_DAY) return 0;
    for (size_t i = 0; i < s->made.n; i++)
        if (day >= s->made.v[i].from && (s->made.v[i].to == TS_NO_DAY || day <= s->made.v[i].to))
            return 2;
    return 1;
}

static inline w_answer w_no(const w_facts *f) {
    return (w_answer){f->sealed ? TS_NO : TS_OPEN, !f->sealed};
}
static inline w_answer w_out(const w_facts *f, bool nothing) {
    return (w_answer){f->sealed ? TS_NO : TS_OPEN, nothing && !f->sealed};
}

static inline w_answer w_judge(const ts_notice *n, const w_facts *f) {
    const ts_scope *s = &n->scope;
    char maker_name[64];
    w_maker(f->maker, maker_name);
    bool same_operator = *maker_name && w_named(&n->operators, maker_name, true);
    w_like g = w_gtin(n, f->gtin), b = w_brand(n, f), m = w_model(n, f);
    if (b == W_OTHER && same_operator) b = W_UNKNOWN;
    bool maker = b == W_SAME || same_operator, number = m == W_SAME || m == W_NEAR;
    int k = 0, mine = w_kind(f->name), theirs = 0;
    char product[64];
    snprintf(product, sizeof product, "%.*s", TS_P(n->product));
    theirs = n->product.n ? w_kind(product) : 0;
    if (mine && theirs) k = mine == theirs ? 1 : -1;
    if (n->product.n && strcmp(product, f->name) == 0) k = 1;

    bool sure = false, perhaps = false, other = false, doubt = false;
    if (g == W_SAME) {
        sure = true;
        doubt = b == W_OTHER;
        maker = b != W_OTHER;
    } else if (b == W_OTHER) {
        other = true;
    } else if (b == W_SAME && m == W_SAME) {
        sure = true;
        doubt = g == W_OTHER;
    } else if (m == W_OTHER) {
        other = true;
    } else if (k < 0 && !number) {
        other = true;
    } else if (g == W_OTHER && k <= 0 && !number) {
        other = true;
    } else if (b == W_SAME || (number && (m == W_SAME || same_operator || b == W_NEAR)) ||
               ((same_operator || b == W_NEAR) && k > 0)) {
        perhaps = true;
    } else if (g == W_OTHER) {
        other = true;
    }
    if (other) return w_no(f);
    int lot = w_code(&s->lots, s->lot_ranges.v, s->lot_ranges.n, f->lot),
        serial = w_code(&s->serials, s->serial_ranges.v, s->serial_ranges.n, f->serial),
        day = w_day(s, f->made);
    bool limited = s->lots.n || s->lot_ranges.n || s->serials.n || s->serial_ranges.n || s->made.n;
    bool nothing = !sure && !perhaps;
    if (lot == 1 || serial == 1 || day == 1) return w_out(f, nothing);
    /* The first kind that says yes is the one that decides; of it, whether it names the code. */
    int decided = lot ? lot : serial;
    bool named = decided == 3;
    if (n->counterfeit == TS_YES) return (w_answer){TS_OPEN, nothing};
    if (named && maker) return (w_answer){TS_YES, false};
    if (!sure) return (w_answer){TS_OPEN, nothing};
    if (limited && !lot && !serial && !day) return (w_answer){TS_OPEN, false};
    if (doubt && (g == W_SAME || !decided)) return (w_answer){TS_OPEN, false};
    return (w_answer){TS_YES, false};
}

/* ---- levels ---- */

static inline w_facts w_take(const thing *const t[3], const int pick[5], size_t n) {
    w_facts f = {"", "", "", "", "", "", t[0]->serial, TS_NO_DAY, true};
    f.gtin = t[pick[0]]->gtin;
    f.brand = t[pick[1]]->brand;
    f.model = t[pick[2]]->model;
    f.lot = t[pick[3]]->lot;
    f.made = t[pick[4]]->made;
    for (size_t i = 0; i < n; i++) {
        f.sealed &= t[i]->sealed;
        if (!*f.name) f.name = t[i]->name;
        if (!*f.maker) f.maker = t[i]->maker;
    }
    return f;
}

static inline bool w_has(const thing *t, int fact) {
    const char *v[] = {t->gtin, t->brand, t->model, t->lot};
    return fact == 4 ? t->made != TS_NO_DAY : *v[fact] != 0;
}

/* Every choice of a level for each fact, of those that state it. If all say the same, that. */
static inline w_answer w_levels(const world *w, size_t at, const ts_notice *n) {
    const thing *t[3] = {&w->v[at]};
    size_t levels = 1;
    if (w->batch[at] >= 0) t[levels++] = &w->v[w->batch[at]];
    if (w->model[at] >= 0) t[levels++] = &w->v[w->model[at]];
    int choice[5][3], count[5] = {0}, pick[5];
    for (int fact = 0; fact < 5; fact++) {
        for (size_t i = 0; i < levels; i++)
            if (w_has(t[i], fact)) choice[fact][count[fact]++] = (int)i;
        if (!count[fact]) choice[fact][count[fact]++] = 0;
    }
    w_answer first = {0};
    int total = 1;
    for (int fact = 0; fact < 5; fact++) total *= count[fact];
    for (int i = 0; i < total; i++) {
        int rest = i;
        for (int fact = 0; fact < 5; fact++) {
            pick[fact] = choice[fact][rest % count[fact]];
            rest /= count[fact];
        }
        w_facts f = w_take(t, pick, levels);
        w_answer one = w_judge(n, &f);
        if (i == 0) first = one;
        if (one.inside != first.inside) return (w_answer){TS_OPEN, false};
    }
    return first;
}

/* ---- the world's links ---- */

static inline int w_find(const world *w, const char *id, ts_grain grain) {
    for (size_t i = 0; i < w->passports; i++)
        if ((strcmp(w->v[i].id, id) == 0 || strcmp(w->v[i].product, id) == 0) &&
            w->v[i].grain == grain)
            return (int)i;
    return -1;
}

static inline void w_part_of(world *w, const char *to) {
    thing *t = &w->v[w->n];
    static char gtins[THINGS][16];
    *t = (thing){.gtin = "",
                 .brand = "",
                 .model = "",
                 .name = "",
                 .maker = "",
                 .made = TS_NO_DAY,
                 .sealed = true,
                 .part = true};
    snprintf(t->product, sizeof t->product, "%s", to);
    const char *p = strstr(to, "/01/"), *lot = strstr(to, "/10/"), *serial = strstr(to, "/21/");
    snprintf(gtins[w->n % THINGS], 16, "%.14s", p + 4);
    t->gtin = gtins[w->n % THINGS];
    if (lot) snprintf(t->lot, sizeof t->lot, "%.*s", (int)strcspn(lot + 4, "/"), lot + 4);
    if (serial) snprintf(t->serial, sizeof t->serial, "%s", serial + 4);
    char up[120];
    snprintf(up, sizeof up, "https://id.gs1.org/01/%s", t->gtin);
    w->model[w->n] = w_find(w, up, TS_GRAIN_MODEL);
    snprintf(up, sizeof up, "https://id.gs1.org/01/%s/10/%s", t->gtin, t->lot);
    w->batch[w->n] = lot ? w_find(w, up, TS_GRAIN_BATCH) : -1;
    w->n++;
}

static inline void w_link(world *w) {
    for (size_t i = 0; i < w->passports; i++) {
        thing *t = &w->v[i];
        w->batch[i] = *t->batch_ref ? w_find(w, t->batch_ref, TS_GRAIN_BATCH) : -1;
        w->model[i] = *t->model_ref ? w_find(w, t->model_ref, TS_GRAIN_MODEL) : -1;
    }
    for (size_t i = 0; i < w->passports; i++)
        if (w->model[i] < 0 && w->batch[i] >= 0) {
            int b = w->batch[i];
            w->model[i] = *w->v[b].model_ref ? w_find(w, w->v[b].model_ref, TS_GRAIN_MODEL) : -1;
        }
    for (size_t i = 0; i < w->edges; i++) {
        bool any = false;
        const char *to = w->edge[i].to;
        for (size_t k = 0; k < w->n; k++)
            if (strcmp(w->v[k].part ? "" : w->v[k].id, to) == 0 ||
                strcmp(w->v[k].product, to) == 0) {
                any = true;
                assert_true(w->links < LINKS - 1);
                if (k != w->edge[i].from) {
                    w->link[w->links].source = w->edge[i].from;
                    w->link[w->links++].target = k;
                }
            }
        if (!any && strstr(to, "/01/")) {
            w_part_of(w, to);
            w->link[w->links].source = w->edge[i].from;
            w->link[w->links++].target = w->n - 1;
        }
    }
}

/* ---- the answers: round and round until nothing changes ---- */

static inline bool w_hit(const ts_answer *out, const bool *nothing, size_t i, ts_answer what) {
    return out[i] == what && !nothing[i];
}

static inline void w_ask(const world *w, const ts_notice *n, ts_answer *out) {
    static bool nothing[THINGS * 2], has[THINGS * 2]; /* has: a part or origin that is hit */
    for (size_t i = 0; i < w->n; i++) {
        w_answer a = w_levels(w, i, n);
        out[i] = a.inside;
        nothing[i] = a.nothing;
    }
    for (int round = 0; round < 2; round++) {
        ts_answer what = round ? TS_OPEN : TS_YES;
        memset(has, 0, sizeof has);
        for (bool changed = w->links > 0; changed;) {
            changed = false;
            for (size_t k = 0; k < w->links; k++)
                if (!has[w->link[k].source] && w_hit(out, nothing, w->link[k].target, what))
                    has[w->link[k].source] = changed = true;
            for (size_t i = 0; i < w->n; i++) { /* what a batch or model has, its members have */
                bool above = (w->batch[i] >= 0 && has[w->batch[i]]) ||
                             (w->model[i] >= 0 && has[w->model[i]]);
                if (above && !has[i]) has[i] = changed = true;
                if (!has[i] || out[i] == TS_YES ||
                    (w_hit(out, nothing, i, TS_OPEN) && what == TS_OPEN))
                    continue;
                out[i] = what;
                nothing[i] = false;
                changed = true;
            }
        }
    }
}

#endif
