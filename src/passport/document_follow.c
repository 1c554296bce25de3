/* Whether one version of a passport may come after another. */
#include "document.h"
#include "form.h"

static bool equal(const ts_json *x, const ts_json *y);

static bool equal_members(const ts_json *x, const ts_json *y) {
    TS_JSON_EACH_MEMBER(name, value, x) {
        const ts_json *other = ts_json_get(y, ts_json_str(name));
        if (!other || !equal(value, other)) return false;
    }
    return true;
}

/* Of the values that a safety entry holds: texts and objects. */
static bool equal(const ts_json *x, const ts_json *y) {
    if (x->type != y->type || x->n != y->n) return false;
    if (x->type == TS_JSON_OBJECT) return equal_members(x, y);
    return ts_str_eq(ts_json_str(x), ts_json_str(y));
}

/* Both lists are in the order of time. */
static bool safety_kept(const ts_document *now, const ts_document *next, const form *f) {
    size_t k = 0;
    for (size_t i = 0; i < now->safety.n; i++, k++) {
        const ts_safety_entry *x = &now->safety.v[i];
        while (k < next->safety.n && !equal(x->node, next->safety.v[k].node)) k++;
        if (k == next->safety.n)
            return form_bad(f, x->node,
                            "the safety entry of the version before (\"%s\", by %s) is missing or "
                            "changed; entries are only added",
                            ts_safety_status_name(x->status), FORM_SHOW(x->by_id));
    }
    return true;
}

static bool has_predecessor(const ts_document *d, const ts_edge *x, size_t hint) {
    for (size_t i = 0; i < d->predecessors.n; i++) {
        const ts_edge *y = &d->predecessors.v[(hint + i) % d->predecessors.n];
        if (ts_str_eq(x->id, y->id)) return ts_str_eq(x->relation, y->relation);
    }
    return false;
}

static bool predecessors_kept(const ts_document *now, const ts_document *next, const form *f) {
    const ts_json *list = ts_json_member(now->root, "predecessors");
    for (size_t i = 0; i < now->predecessors.n; i++)
        if (!has_predecessor(next, &now->predecessors.v[i], i))
            return form_bad(f, ts_json_at(list, i),
                            "the predecessor of the version before is missing or has another "
                            "relation; predecessors are only added");
    return true;
}

bool ts_document_may_follow(const ts_document *now, const ts_document *next, ts_error *e) {
    form f = {"passport", TS_NONE, next->root, e};
    if (!ts_str_eq(now->id, next->id))
        return form_bad(&f, ts_json_member(next->root, "id"),
                        "the passport is \"%s\"; another id is another passport",
                        FORM_SHOW(now->id));
    if (!ts_str_eq(now->product.text, next->product.text))
        return form_bad(&f, ts_json_member(next->product_node, "id"),
                        "the passport is that of \"%s\"; another product needs a passport of its "
                        "own",
                        FORM_SHOW(now->product.given));
    if (now->grain != next->grain)
        return form_bad(&f, ts_json_member(next->root, "granularity"),
                        "the passport is one of a %s, and stays so", ts_grain_name(now->grain));
    f.root = now->root;
    return safety_kept(now, next, &f) && predecessors_kept(now, next, &f);
}
