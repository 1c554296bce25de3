/* One passport against one notice, asked of the store itself: what a page or an offer needs. */
#include "affected.h"
#include "affected_index.h"
#include "affected_part.h"
#include "place.h"

enum { NODES_MAX = 5000 };

/* A product on the way: the passport asked for, its batch and model, its parts and origins, theirs.
 */
typedef struct node {
    ts_place place;
    ts_str up[2];   /* passports of its batch and model; empty = not here */
    ts_str through; /* first step of the way here */
    affected_as as;
    bool whole; /* a batch or model of another node: its parts count, its own answer does not */
} node;

typedef struct walk {
    ts_arena *a;
    ts_store *s;
    const ts_affect *affect;
    ts_map seen[2]; /* ids; [1]: as the batch or model of another */
    struct {
        node *v;
        size_t n, cap;
    } nodes;
    bool too_many;
    ts_error *e;
} walk;

static ts_known known_of(const ts_place *p) {
    return (ts_known){p->gtin,       p->lot,  p->serial,        p->made,  p->brand,
                      p->model_name, p->name, p->operator_name, p->sealed};
}

/* The passport of a level that a link means. */
static bool level_at(walk *w, ts_str id, ts_grain grain, ts_place *out, bool *found) {
    ts_place_numbers n = {0};
    *found = false;
    if (!id.n) return true;
    if (!ts_store_place_numbers(w->s, w->a, id, &n, w->e)) return false;
    for (size_t i = 0; i < n.n && !*found; i++) {
        if (!ts_store_place_numbered(w->s, w->a, n.v[i], out, found, w->e)) return false;
        *found = *found && out->grain == (int)grain;
    }
    return true;
}

/* Batch and model of a node; the batch's model where its own is not here. */
static bool find_up(walk *w, node *x, ts_place up[2], bool found[2]) {
    if (!level_at(w, x->place.batch, TS_GRAIN_BATCH, &up[0], &found[0]) ||
        !level_at(w, x->place.model, TS_GRAIN_MODEL, &up[1], &found[1]))
        return false;
    if (!found[1] && found[0] && !level_at(w, up[0].model, TS_GRAIN_MODEL, &up[1], &found[1]))
        return false;
    for (int i = 0; i < 2; i++) x->up[i] = found[i] ? up[i].id : TS_NONE;
    return true;
}

/* The node's own answer, by what it, its batch and its model state; *level gets 0 for itself, 1
 * for its batch, 2 for its model. */
static bool own_answer(walk *w, node *x, ts_affected *out, size_t *level) {
    ts_place up[2];
    ts_known known[TS_KNOWN_LEVELS] = {known_of(&x->place)};
    size_t n = 1, at, level_of[TS_KNOWN_LEVELS] = {0};
    bool found[2];
    if (!find_up(w, x, up, found)) return false;
    for (size_t i = 0; i < 2; i++) {
        if (!found[i]) continue;
        level_of[n] = i + 1;
        known[n++] = known_of(&up[i]);
        known[n - 1].serial = TS_NONE;
    }
    *out = ts_affect_levels(w->a, w->affect, known, n, &at);
    *level = level_of[at];
    return true;
}

static void add_node(walk *w, const ts_place *p, const node *from, ts_str through, affected_as as,
                     bool whole) {
    bool fresh;
    ts_map_put(w->a, &w->seen[whole], p->id, &fresh);
    if (!fresh) return;
    if (w->nodes.n >= NODES_MAX) {
        w->too_many = true;
        return;
    }
    bool first = !from || !from->through.n;
    *ts_push(w->a, &w->nodes) = (node){.place = *p,
                                       .through = first ? through : from->through,
                                       .as = first ? as : from->as,
                                       .whole = whole};
}

bool affected_meant(ts_arena *a, ts_store *s, ts_str id, ts_place_numbers *out, ts_error *e) {
    enum { ITEMS_MAX = 16 };
    ts_place part;
    ts_strs products = {0};
    if (!ts_store_place_numbers(s, a, id, out, e)) return false;
    if (out->n || !affected_part(a, id, &part) || !part.serial.n) return true;
    if (!ts_store_items(s, a, part.gtin, part.serial, ITEMS_MAX, &products, e)) return false;
    for (size_t i = 0; i < products.n; i++)
        if (!ts_store_place_numbers(s, a, products.v[i], out, e)) return false;
    return true;
}

static bool add_edge(walk *w, const ts_place_edge *edge, node from) {
    affected_as as = edge->predecessor ? AFFECTED_PREDECESSOR : AFFECTED_COMPONENT;
    ts_place_numbers n = {0};
    ts_place p;
    if (!affected_meant(w->a, w->s, edge->to, &n, w->e)) return false;
    for (size_t i = 0; i < n.n; i++) {
        bool found;
        if (!ts_store_place_numbered(w->s, w->a, n.v[i], &p, &found, w->e)) return false;
        if (found && !ts_str_eq(p.id, from.place.id)) add_node(w, &p, &from, p.id, as, false);
    }
    if (!n.n && affected_part(w->a, edge->to, &p)) {
        affected_above(w->a, &p, &p.model, &p.batch);
        p.id = edge->to;
        add_node(w, &p, &from, p.id, as, false);
    }
    return true;
}

/* The parts and origins of a node, and its batch and model, whose parts it has, too. */
static bool add_next(walk *w, size_t at) {
    node x = w->nodes.v[at];
    ts_place_edges edges = {0};
    for (size_t i = 0; i < 2; i++) {
        int64_t number;
        ts_place p;
        bool found;
        if (!x.up[i].n) continue;
        if (!ts_store_place(w->s, w->a, x.up[i], &number, &p, &found, w->e)) return false;
        if (found) add_node(w, &p, &x, p.id, i ? AFFECTED_MODEL : AFFECTED_BATCH, true);
    }
    if (!ts_store_edges(w->s, w->a, x.place.id, false, &edges, w->e)) return false;
    for (size_t i = 0; i < edges.n; i++)
        if (!add_edge(w, &edges.v[i], x)) return false;
    return true;
}

static void take(const node *x, const ts_affected *r, ts_affected_row *out) {
    bool weak = r->inside == TS_OPEN && r->touch == TS_TOUCH_NO;
    bool better =
        r->inside == TS_YES ||
        (r->inside == TS_OPEN && (out->found.inside == TS_NO || out->found.touch == TS_TOUCH_NO));
    if (weak || !better) return;
    out->found = (ts_affected){
        .inside = r->inside, .touch = r->touch, .reason = ts_why_name(TS_WHY_THROUGH)};
    out->through = x->through;
    out->through_as = affected_as_name(x->as);
}

static bool go(walk *w, ts_affected_row *out) {
    for (size_t i = 0; i < w->nodes.n && out->found.inside != TS_YES; i++) {
        ts_affected r;
        size_t level;
        if (!own_answer(w, &w->nodes.v[i], &r, &level)) return false;
        if (i == 0) {
            out->found = r;
            out->through = level ? w->nodes.v[0].up[level - 1] : TS_NONE;
            out->through_as = level ? affected_as_name((affected_as)(level - 1)) : 0;
        } else if (!w->nodes.v[i].whole) {
            take(&w->nodes.v[i], &r, out);
        }
        if (!add_next(w, i)) return false;
    }
    if (w->too_many && out->found.inside == TS_NO)
        out->found = (ts_affected){.reason = ts_why_name(TS_WHY_TOO_MANY)};
    return true;
}

typedef struct asking {
    ts_store *s;
    ts_str passport;
    const ts_notice *notice;
    ts_affected_row *out;
} asking;

static bool ask(void *ctx, ts_arena *a, ts_error *e) {
    asking *q = ctx;
    walk w = {.a = a, .s = q->s, .affect = ts_affect_new(a, q->notice), .e = e};
    int64_t number;
    ts_place p;
    bool found;
    if (!ts_store_place(q->s, a, q->passport, &number, &p, &found, e)) return false;
    if (!found)
        return ts_fail(e, TS_E_NOT_FOUND, "the store holds no passport %.*s", TS_P(q->passport));
    q->out->product = p.product;
    q->out->grain = (ts_grain)p.grain;
    add_node(&w, &p, 0, TS_NONE, AFFECTED_BATCH, false);
    return go(&w, q->out);
}

/* Memory that runs out ends here, where the store is released. */
bool ts_passport_affected(ts_arena *a, ts_store *s, ts_str passport, const ts_notice *n,
                          ts_affected_row *out, ts_error *e) {
    asking q = {s, passport, n, out};
    bool held;
    *out = (ts_affected_row){.passport = passport};
    if (!ts_places_complete(a, s, e) || !ts_store_hold(s, &held, e)) return false;
    bool ok = ts_arena_guard(ask, &q, a, e);
    ts_store_release(s, held);
    return ok;
}

/* ---- Passports written without their places ---- */

static bool complete_one(ts_arena *a, ts_store *s, ts_str id, ts_error *e) {
    ts_passport_row row;
    ts_document d;
    ts_place p;
    ts_place_edges edges = {0};
    ts_secured_rows forms = {0};
    bool found;
    if (!ts_store_passport(s, a, id, &row, &found, e) || !found) return found;
    if (!ts_document_read(a, row.document, &d, e) ||
        !ts_store_secured(s, a, id, row.version, &forms, e))
        return false;
    ts_place_of(a, &d, &p, &edges);
    p.sealed = forms.n > 0;
    return ts_store_put_place(s, &p, edges.v, edges.n, e);
}

static bool complete_all(ts_arena *a, ts_store *s, ts_error *e) {
    enum { AT_ONCE = 1000 };
    for (;;) {
        ts_arena mark = *a;
        ts_strs ids = {0};
        if (!ts_store_missing_places(s, a, AT_ONCE, &ids, e)) return false;
        for (size_t i = 0; i < ids.n; i++) {
            ts_arena work = *a;
            if (!complete_one(a, s, ids.v[i], e)) return false;
            *a = work;
        }
        *a = mark;
        if (!ids.n) return true;
    }
}

bool ts_places_complete(ts_arena *a, ts_store *s, ts_error *e) {
    ts_arena work = *a;
    ts_strs one = {0};
    if (!ts_store_missing_places(s, &work, 1, &one, e)) return false;
    if (!one.n) return true;
    ts_error why = {0};
    if (ts_store_begin(s, &why) && ts_store_end(s, complete_all(a, s, &why), &why)) return true;
    return ts_fail(e, why.code,
                   "passports came without what a notice finds them by, and it cannot be recorded "
                   "(%s); `touchstone passport affected` does it where it may write",
                   why.msg);
}
