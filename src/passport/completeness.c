#include "completeness.h"

#include "value.h"

typedef struct judging {
    ts_arena *a;
    const ts_document *d;
    const ts_document *const *above;
    size_t above_n;
    int32_t day;
    const ts_pack *pack;
    ts_str category; /* of the document, for this pack */
} judging;

/* ---- is it asked for? ---- */

static bool grain_in(const ts_pack_element *el, ts_grain g) { return el->grains >> g & 1; }

/* The passport that the document links at that level. */
static ts_str link_to(const ts_document *d, ts_grain g) {
    return g == TS_GRAIN_MODEL ? d->model : g == TS_GRAIN_BATCH ? d->batch : TS_NONE;
}

static const ts_document *above_at(const judging *j, ts_grain g) {
    for (size_t i = 0; i < j->above_n; i++)
        if (j->above[i]->grain == g) return j->above[i];
    return 0;
}

/* Whether the element is asked for at a level above, and that passport is linked but not at hand.
 */
static bool elsewhere(const judging *j, const ts_pack_element *el) {
    for (ts_grain g = TS_GRAIN_MODEL; g < j->d->grain; g++)
        if (grain_in(el, g) && link_to(j->d, g).n && !above_at(j, g)) return true;
    return false;
}

/* Whether the document, or one that it belongs to, is of a level at which it is asked for. */
static bool at_level(const judging *j, const ts_pack_element *el) {
    if (grain_in(el, j->d->grain)) return true;
    for (ts_grain g = TS_GRAIN_MODEL; g < j->d->grain; g++)
        if (grain_in(el, g) && (above_at(j, g) || link_to(j->d, g).n)) return true;
    return false;
}

static ts_answer in_category(const judging *j, const ts_pack_element *el) {
    if (!el->categories.n) return TS_YES;
    if (!j->category.n) return TS_OPEN;
    for (size_t i = 0; i < el->categories.n; i++)
        if (ts_str_eq(el->categories.v[i], j->category)) return TS_YES;
    return TS_NO;
}

/* The key of the reason why it is not asked for, or NULL. */
static const char *not_asked(const judging *j, const ts_pack_element *el) {
    if (el->need == TS_NEED_OPTIONAL) return "passport.optional";
    if (in_category(j, el) == TS_NO) return "passport.not_this_category";
    if (el->from != TS_NO_DAY && j->day < el->from) return "passport.not_yet";
    if (el->to != TS_NO_DAY && j->day > el->to) return "passport.no_longer";
    if (!at_level(j, el)) return "passport.not_this_level";
    return 0;
}

/* ---- is it there? ---- */

/* Of the document, else of one above it at whose level the element is asked for. */
static const ts_json *find(const judging *j, const ts_pack_element *el, bool *above) {
    const ts_json *v = ts_document_element(j->d, el->id);
    *above = false;
    if (!value_empty(v)) return v;
    for (ts_grain g = j->d->grain; g-- > TS_GRAIN_MODEL;) {
        const ts_document *d = grain_in(el, g) ? above_at(j, g) : 0;
        v = d ? ts_document_element(d, el->id) : 0;
        *above = true;
        if (!value_empty(v)) return v;
    }
    return 0;
}

static const char *why_absent(const judging *j, const ts_pack_element *el) {
    if (elsewhere(j, el)) return "passport.elsewhere";
    if (in_category(j, el) == TS_OPEN) return "passport.category_open";
    if (el->need == TS_NEED_CONDITIONAL) return "passport.conditional";
    return "passport.absent";
}

static void answer(const judging *j, const ts_pack_element *el, ts_element_answer *x) {
    bool above;
    const char *unasked = not_asked(j, el), *reason;
    const ts_json *v = find(j, el, &above);
    *x = (ts_element_answer){.pack = j->pack, .element = el, .asked = !unasked};
    if (v && value_fits(j->a, v, el->type, el->unit, &x->detail)) {
        x->present = TS_YES;
        reason = above ? "passport.present_above" : "passport.present";
    } else if (v) {
        x->present = TS_OPEN;
        reason = "passport.unreadable";
    } else {
        reason = unasked ? unasked : why_absent(j, el);
        bool absent = unasked || ts_str_is(ts_str_c(reason), "passport.absent");
        x->present = absent ? TS_NO : TS_OPEN;
    }
    x->reason = ts_str_c(reason);
}

/* ---- all of them ---- */

static ts_str category_for(const ts_document *d, ts_str pack) {
    for (size_t i = 0; i < d->packs.n; i++)
        if (ts_str_eq(d->packs.v[i].id, pack)) return d->packs.v[i].category;
    return TS_NONE;
}

/* An element that two packs have from a third is one. */
static bool shared(const ts_packs *packs, size_t i, const ts_pack_element *el) {
    for (size_t k = 0; k < i; k++) {
        const ts_pack_element *x = ts_pack_element_by_id(&packs->v[k], el->id);
        if (x && ts_str_eq(x->act, el->act) && ts_str_eq(x->article, el->article) &&
            x->need == el->need && x->grains == el->grains && x->from == el->from &&
            x->to == el->to && x->categories.n == el->categories.n)
            return true;
    }
    return false;
}

static void count(ts_element_answers *out, const ts_element_answer *x) {
    if (!x->asked) return;
    out->present += x->present == TS_YES;
    out->absent += x->present == TS_NO;
    out->open += x->present == TS_OPEN;
}

void ts_completeness(ts_arena *a, const ts_document *d, const ts_packs *packs,
                     const ts_document *const *above, size_t above_n, int32_t day,
                     ts_element_answers *out) {
    *out = (ts_element_answers){0};
    judging j = {.a = a, .d = d, .above = above, .above_n = above_n, .day = day};
    for (size_t i = 0; i < packs->n; i++) {
        j.pack = &packs->v[i];
        j.category = category_for(d, j.pack->id);
        for (size_t k = 0; k < j.pack->elements.n; k++) {
            const ts_pack_element *el = &j.pack->elements.v[k];
            if (shared(packs, i, el)) continue;
            ts_element_answer *x = ts_push(a, out);
            answer(&j, el, x);
            count(out, x);
        }
    }
}
