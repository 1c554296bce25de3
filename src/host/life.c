/* A life told: the family of a passport, and what happened to all of it. */
#include "life.h"

#include <stdlib.h>

enum { PER_PRODUCT = 500, PAGE = 20, BYTES_MAX = 16 << 20 };

typedef struct telling {
    ts_arena *a;
    ts_store *s;
    ts_life *out;
    ts_map seen;  /* passports and products of the family */
    ts_map told;  /* ids of events */
    size_t bytes; /* of their bodies */
} telling;

/* ---- Family ---- */

static bool full(telling *t) {
    if (t->out->family.n < TS_LIFE_FAMILY) return false;
    return t->out->more = true;
}

static bool fresh(telling *t, ts_str key) {
    bool is;
    ts_map_put(t->a, &t->seen, key, &is);
    return is;
}

/* The passport that an edge or link leads to: by its id, or by its product's. */
static bool find(telling *t, ts_str id, ts_passport_row *row, bool *found, ts_error *e) {
    ts_passport_rows rows = {0};
    *row = (ts_passport_row){0};
    ts_product_id p;
    ts_error none = {0};
    bool ok = ts_store_passport(t->s, t->a, id, row, found, e);
    if (!ok || *found) return ok;
    if (!ts_product_id_read(t->a, id, &p, &none)) return true;
    if (!ts_store_passports(t->s, t->a, p.text, TS_NONE, 1, &rows, e)) return false;
    return rows.n == 0 || ts_store_passport(t->s, t->a, rows.v[0].id, row, found, e);
}

typedef struct kin {
    ts_str id, name;
    const char *relation;
    ts_str through;
    unsigned depth;
} kin;

static ts_relative of_row(const kin *k, const ts_passport_row *row, const ts_document *d) {
    ts_str name = ts_json_str(ts_json_member(d->product_node, "name"));
    return (ts_relative){.passport = row->id,
                         .product = row->product,
                         .name = name.n ? name : k->name,
                         .relation = ts_str_c(k->relation),
                         .through = k->through,
                         .operator_id = d->operator_id,
                         .operator_name = d->operator_name.n ? d->operator_name : d->operator_id,
                         .safety = row->safety,
                         .status = row->status,
                         .depth = k->depth};
}

/* Adds one of the family; *row and *d are filled and *go says whether its own family is asked next.
 */
static bool add(telling *t, const kin *k, ts_passport_row *row, ts_document *d, bool *go,
                ts_error *e) {
    bool found = false;
    *go = false;
    if (!k->id.n || full(t)) return true;
    if (!find(t, k->id, row, &found, e)) return false;
    if (!found) {
        if (fresh(t, k->id))
            *ts_push(t->a, &t->out->family) = (ts_relative){.product = k->id,
                                                            .name = k->name,
                                                            .relation = ts_str_c(k->relation),
                                                            .through = k->through,
                                                            .depth = k->depth};
        return true;
    }
    if (!fresh(t, row->id)) return true;
    if (!ts_document_read(t->a, row->document, d, e)) return false;
    *ts_push(t->a, &t->out->family) = of_row(k, row, d);
    *go = true;
    return true;
}

typedef struct queue {
    struct waiting {
        ts_passport_row row;
        ts_document document;
        unsigned depth;
        bool down, up; /* what it came from; what became of it */
    } * v;
    size_t n, cap;
} queue;

static bool ask(telling *t, queue *q, const kin *k, bool down, bool up, ts_error *e) {
    struct waiting w = {.depth = k->depth, .down = down, .up = up};
    bool go;
    if (!add(t, k, &w.row, &w.document, &go, e)) return false;
    if (go && k->depth < TS_LIFE_DEPTH) *ts_push(t->a, q) = w;
    return true;
}

static bool ask_down(telling *t, queue *q, const struct waiting *w, ts_error *e) {
    const ts_document *d = &w->document;
    for (size_t i = 0; i < d->predecessors.n; i++)
        if (!ask(t, q,
                 &(kin){d->predecessors.v[i].id, d->predecessors.v[i].name, "predecessor", d->id,
                        w->depth + 1},
                 true, false, e))
            return false;
    for (size_t i = 0; i < d->components.n; i++)
        if (!ask(t, q,
                 &(kin){d->components.v[i].id, d->components.v[i].name, "component", d->id,
                        w->depth + 1},
                 true, false, e))
            return false;
    return true;
}

static bool ask_up(telling *t, queue *q, const struct waiting *w, ts_error *e) {
    ts_place_edges edges = {0};
    if (!ts_store_edges_to(t->s, t->a, w->row.id, TS_LIFE_FAMILY + 1, &edges, e) ||
        !ts_store_edges_to(t->s, t->a, w->row.product, TS_LIFE_FAMILY + 1, &edges, e))
        return false;
    for (size_t i = 0; i < edges.n; i++)
        if (!ask(t, q,
                 &(kin){edges.v[i].from, TS_NONE, edges.v[i].predecessor ? "successor" : "part_of",
                        w->row.id, w->depth + 1},
                 false, true, e))
            return false;
    return true;
}

/* Batch and model of the passport itself; its ancestors and parts; its descendants and wholes. */
static bool family(telling *t, ts_error *e) {
    queue q = {0};
    const ts_document *d = &t->out->document;
    struct waiting self = {t->out->passport, *d, 0, true, true};
    if (!ask(t, &q, &(kin){d->batch, TS_NONE, "batch", d->id, 1}, false, false, e) ||
        !ask(t, &q, &(kin){d->model, TS_NONE, "model", d->id, 1}, false, false, e))
        return false;
    q.n = 0;
    *ts_push(t->a, &q) = self;
    for (size_t i = 0; i < q.n && !t->out->more; i++) {
        struct waiting w = q.v[i];
        if ((w.down && !ask_down(t, &q, &w, e)) || (w.up && !ask_up(t, &q, &w, e))) return false;
    }
    return true;
}

/* ---- Events ---- */

static bool add_line(telling *t, const ts_event_row *row, const ts_relative *of, ts_error *e) {
    bool is_new;
    ts_life_line line = {.row = *row};
    ts_map_put(t->a, &t->told, row->id, &is_new);
    if (!is_new) return true;
    if (t->out->lines.n >= TS_LIFE_LINES) return t->out->more = true;
    if (!ts_epcis_read_event(t->a, row->body, &line.event, e)) return false;
    if (of) line.of = of->passport, line.relation = of->relation;
    *ts_push(t->a, &t->out->lines) = line;
    return true;
}

/* In pages: one event may be large. */
static bool add_lines(telling *t, ts_str product, const ts_relative *of, ts_error *e) {
    ts_event_rows rows = {.n = PAGE};
    ts_str after = TS_NONE;
    for (size_t all = 0; rows.n == PAGE && !t->out->more; all += rows.n) {
        rows = (ts_event_rows){0};
        if (!ts_store_events(t->s, t->a, product, after, PAGE, &rows, e)) return false;
        for (size_t i = 0; i < rows.n; i++) {
            t->bytes += rows.v[i].body.n;
            if (!add_line(t, &rows.v[i], of, e)) return false;
        }
        if (rows.n) after = rows.v[rows.n - 1].id;
        t->out->more |= all + rows.n >= PER_PRODUCT || t->bytes > BYTES_MAX;
    }
    return true;
}

static int by_time(const void *x, const void *y) {
    const ts_life_line *a = x, *b = y;
    if (a->row.at != b->row.at) return a->row.at < b->row.at ? -1 : 1;
    if (a->row.recorded != b->row.recorded) return a->row.recorded < b->row.recorded ? -1 : 1;
    return ts_str_cmp(a->row.id, b->row.id);
}

bool ts_life_of(ts_arena *a, ts_store *s, ts_str passport, ts_life *out, ts_error *e) {
    telling t = {.a = a, .s = s, .out = out};
    bool found;
    *out = (ts_life){0};
    if (!ts_store_passport(s, a, passport, &out->passport, &found, e)) return false;
    if (!found) return ts_fail(e, TS_E_NOT_FOUND, "no passport %.*s is here", TS_P(passport));
    if (!ts_document_read(a, out->passport.document, &out->document, e)) return false;
    fresh(&t, out->passport.id);
    if (!family(&t, e)) return false;
    bool more = out->more;
    for (size_t i = 0; i <= out->family.n; i++) { /* its own first */
        const ts_relative *of = i ? &out->family.v[i - 1] : 0;
        out->more = t.bytes > BYTES_MAX || out->lines.n >= TS_LIFE_LINES;
        if (!add_lines(&t, of ? of->product : out->passport.product, of, e)) return false;
        more |= out->more;
    }
    out->more = more;
    if (out->lines.n) qsort(out->lines.v, out->lines.n, sizeof *out->lines.v, by_time);
    return true;
}

bool ts_life_find(ts_arena *a, ts_store *s, ts_str named, ts_str *passport, ts_error *e) {
    telling t = {.a = a, .s = s};
    ts_passport_row row;
    bool found = false;
    if (!find(&t, named, &row, &found, e)) return false;
    *passport = row.id;
    return found || ts_fail(e, TS_E_NOT_FOUND,
                            "neither a passport %.*s nor one of a product of that name is here",
                            TS_P(named));
}

ts_str ts_life_named(const ts_life *l, ts_str id) {
    const ts_document *d = &l->document;
    if (!id.n) return TS_NONE;
    if (ts_str_eq(id, d->operator_id)) return d->operator_name.n ? d->operator_name : id;
    for (size_t i = 0; i < l->family.n; i++)
        if (ts_str_eq(id, l->family.v[i].operator_id)) return l->family.v[i].operator_name;
    return TS_NONE;
}

ts_str ts_life_name_of(const ts_life *l, ts_str passport) {
    ts_str name = ts_json_str(ts_json_member(l->document.product_node, "name"));
    if (!passport.n) return name.n ? name : l->passport.product;
    for (size_t i = 0; i < l->family.n; i++) {
        const ts_relative *x = &l->family.v[i];
        if (ts_str_eq(x->passport, passport)) return x->name.n ? x->name : x->product;
    }
    return passport;
}

/* The operator of one passport is nobody more to the products of others that hang together with
 * it: such links are its own to state. */
static bool is_public(const ts_life *l, const ts_life_line *v, ts_audiences who) {
    const ts_audiences operator= 1u << TS_AUD_OPERATOR;
    if (who & ~(operator| 1u << TS_AUD_PUBLIC)) return false;
    if (!(who & operator)) return true;
    for (size_t i = 0; v->relation.n && i < l->family.n; i++)
        if (v->of.n && ts_str_eq(l->family.v[i].passport, v->of))
            return !ts_str_eq(l->family.v[i].operator_id, l->passport.operator_id);
    return v->relation.n > 0;
}

bool ts_life_view(ts_arena *a, ts_life *l, ts_audiences who, ts_error *e) {
    size_t kept = 0;
    for (size_t i = 0; i < l->lines.n; i++) {
        ts_life_line v = l->lines.v[i];
        if (!is_public(l, &v, who)) {
            l->lines.v[kept++] = v;
            continue;
        }
        if (!ts_epcis_view(a, v.row.body, 1u << TS_AUD_PUBLIC, &v.row.body, e)) return false;
        v.event.by = v.event.note = v.event.place = TS_NONE;
        if (!ts_life_named(l, v.row.by).n) v.row.by = TS_NONE;
        if (v.row.body.n) l->lines.v[kept++] = v;
    }
    l->lines.n = kept;
    return true;
}

bool ts_life_epcis(ts_arena *a, const ts_life *l, int64_t now, ts_str *out, ts_error *e) {
    ts_str *bodies = ts_new_n(a, ts_str, l->lines.n + 1);
    for (size_t i = 0; i < l->lines.n; i++) bodies[i] = l->lines.v[i].row.body;
    return ts_epcis_write(a, bodies, l->lines.n, now, out, e);
}
