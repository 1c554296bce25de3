#include "foreign_part.h"

#include <stdio.h>

enum { MEMBERS_MAX = 20000, NODES_MAX = 200000 };

static const ts_json_options strict = {.strict = true, .max_members = MEMBERS_MAX};

/* One payload on its way: what became of each of its nodes. */
typedef struct payload {
    size_t index;
    const ts_json *root;
    const foreign_shape *shape;
    struct mark {
        ts_str to, why;
    } * marks; /* of each node */
} payload;

typedef struct reading {
    ts_arena *a;
    const ts_foreign_job *job;
    ts_foreign *out;
    foreign_shapes shapes;
    foreign_draft draft;
    payload *p;
} reading;

/* ---- Values placed ---- */

static void mark(payload *p, const ts_json *v, ts_str to, ts_str why) {
    for (uint32_t i = 0; i < v->span; i++) {
        struct mark *m = &p->marks[v - p->root + i];
        if (m->to.n) continue; /* what is placed stays placed */
        m->to = to;
        m->why = why;
    }
}

/* Whether what was found has the members asked for; they are placed with it. */
static bool has_members(const foreign_row *row, const ts_json *v) {
    TS_JSON_EACH_MEMBER(name, value, row->where)
    if (!ts_str_eq(ts_json_text(ts_json_get(v, ts_json_str(name))), ts_json_str(value)))
        return false;
    return true;
}

static void put(reading *r, const foreign_row *row, const ts_json *found) {
    ts_str why = TS_NONE;
    const ts_json *v = row->take.n ? ts_json_get(found, row->take) : found;
    if (!v || !has_members(row, found)) return;
    if (!foreign_put(r->a, &r->draft, r->out, r->job, row, v, &why)) {
        mark(r->p, v, TS_NONE, why);
        return;
    }
    mark(r->p, v, row->to, TS_NONE);
    TS_JSON_EACH_MEMBER(name, value, row->where)
    mark(r->p, ts_json_get(found, ts_json_str(name)), row->to, TS_NONE);
}

/* Every place that the pointer names, a "*" standing for each entry of a list. */
static void each_place(reading *r, const foreign_row *row, const ts_json *at, ts_str pointer) {
    if (!at) return;
    if (!pointer.n) {
        put(r, row, at);
        return;
    }
    ts_str rest = ts_str_from(pointer, 1), name = ts_str_cut(&rest, '/');
    ts_str next = rest.p ? (ts_str){rest.p - 1, rest.n + 1} : TS_NONE;
    if (!ts_str_is(name, "*")) {
        each_place(r, row, ts_json_get(at, name), next);
        return;
    }
    TS_JSON_EACH(one, at) each_place(r, row, one, next);
}

/* ---- What became of each leaf ---- */

static void leaf(reading *r, const ts_json *v, ts_str pointer) {
    const struct mark *m = &r->p->marks[v - r->p->root];
    ts_foreign_leaf *x = ts_push(r->a, &r->out->leaves);
    *x = (ts_foreign_leaf){.text = r->p->index,
                           .from = ts_str_dup(r->a, pointer),
                           .to = m->to,
                           .why = m->to.n    ? TS_NONE
                                  : m->why.n ? m->why
                                             : TS_S("has no counterpart here")};
    r->out->placed += m->to.n > 0;
}

/* One segment of a pointer (RFC 6901). */
static void segment(ts_buf *b, ts_str name) {
    ts_buf_c(b, '/');
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '~')
            ts_buf_lit(b, "~0");
        else if (name.p[i] == '/')
            ts_buf_lit(b, "~1");
        else
            ts_buf_c(b, name.p[i]);
}

static void leaves(reading *r, const ts_json *v, ts_buf *b) {
    size_t mark = b->n, i = 0;
    if ((v->type != TS_JSON_OBJECT && v->type != TS_JSON_ARRAY) || !v->n) {
        leaf(r, v, ts_buf_str(b));
        return;
    }
    TS_JSON_EACH_MEMBER(name, value, v) {
        segment(b, ts_json_str(name));
        leaves(r, value, b);
        b->n = mark;
    }
    TS_JSON_EACH(value, v) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i++);
        segment(b, ts_str_c(number));
        leaves(r, value, b);
        b->n = mark;
    }
}

/* ---- The whole ---- */

static ts_str listed(ts_arena *a, const ts_strs *names) {
    return ts_str_join(a, names->v, names->n, TS_S(", "));
}

static bool known(ts_arena *a, ts_str text, ts_str as, const foreign_shapes *shapes, payload *p,
                  ts_error *e) {
    if (!foreign_utf8(a, text, &text, e)) return false;
    p->root = ts_json_parse(a, text, strict, e);
    if (!p->root) return false;
    p->shape = foreign_shape_of(shapes, p->root, as);
    if (p->shape) return true;
    ts_strs names = {0};
    for (size_t i = 0; i < shapes->n; i++)
        if (!shapes->v[i].ask.n) ts_strs_add(a, &names, shapes->v[i].id);
    return ts_fail(e, TS_E_INPUT, "is %s%.*s; known are %.*s",
                   as.n ? "not of the shape " : "of no shape that is known", TS_P(as),
                   TS_P(listed(a, &names)));
}

static bool add_packs(reading *r, const foreign_shape *s, ts_error *e) {
    for (size_t i = 0; i < s->packs.n; i++) {
        size_t n = r->draft.packs.n;
        ts_strs_add(r->a, &r->draft.packs, s->packs.v[i]);
        if (r->draft.packs.n > n && !ts_pack_read(r->a, s->packs.v[i], ts_pack_find_shared, 0,
                                                  ts_push(r->a, &r->draft.read), e))
            return false;
    }
    return true;
}

/* Work that makes another product of one has that as its input. */
static bool begin_event(reading *r, const foreign_shape *s, ts_error *e) {
    ts_life_make *m = &r->out->event;
    ts_product_id p;
    if (!ts_life_by_name(s->event, &m->kind))
        return ts_fail(e, TS_E_INPUT, "the mapping %.*s names no kind of event that is known",
                       TS_P(s->id));
    m->note = s->note;
    if (!r->job->product.n) return true;
    if (!ts_product_id_read(r->a, r->job->product, &p, e)) return false;
    *ts_push(r->a, &m->about) = (ts_life_about){p.text, r->job->product, foreign_role(m->kind)};
    return true;
}

static bool take(reading *r, size_t i, ts_error *e) {
    payload p = {.index = i};
    if (!known(r->a, r->job->texts[i], r->job->as, &r->shapes, &p, e)) return false;
    if (p.shape->ask.n)
        return ts_fail(e, TS_E_USAGE,
                       "several certificates look like this, and it does not say which it is: name "
                       "it with --as, one of %.*s",
                       TS_P(listed(r->a, &p.shape->ask)));
    if (p.root->span > NODES_MAX)
        return ts_fail(e, TS_E_LIMIT, "has more than %d values", NODES_MAX);
    if (p.shape->event.n && r->job->n > 1)
        return ts_fail(e, TS_E_USAGE, "a certificate (%.*s) is imported by itself",
                       TS_P(p.shape->id));
    ts_strs_add(r->a, &r->out->shapes, p.shape->id);
    if (!add_packs(r, p.shape, e)) return false;
    p.marks = ts_new_n(r->a, struct mark, p.root->span);
    r->p = &p;
    r->out->is_event = p.shape->event.n > 0;
    if (r->out->is_event && !begin_event(r, p.shape, e)) return false;
    for (size_t k = 0; k < p.shape->rows.n; k++)
        each_place(r, &p.shape->rows.v[k], p.root, p.shape->rows.v[k].from);
    ts_buf b = ts_buf_new(r->a, 1 << 16);
    leaves(r, p.root, &b);
    return true;
}

static bool finish_event(reading *r, ts_error *e) {
    ts_life_make *m = &r->out->event;
    bool subject = false;
    for (size_t i = 0; i < m->about.n; i++)
        subject |= ts_str_eq(m->about.v[i].role, foreign_role(m->kind));
    if (!m->at) return ts_fail(e, TS_E_INPUT, "it does not say when: there is no date in it");
    return subject ||
           ts_fail(e, TS_E_INPUT,
                   "it does not say which product it is in a form that serves here: give it with "
                   "--product (a Digital Link, an IEC 61406 link or a DID)");
}

bool ts_foreign_read(ts_arena *a, const ts_foreign_job *job, ts_foreign *out, ts_error *e) {
    reading r = {.a = a,
                 .job = job,
                 .out = out,
                 .draft = {.id = job->id,
                           .product = job->product,
                           .name = job->name,
                           .operator_id = job->operator_id,
                           .operator_name = job->operator_name,
                           .category = job->category}};
    *out = (ts_foreign){0};
    if (!job->n || job->n > TS_FOREIGN_TEXTS)
        return ts_fail(e, TS_E_USAGE, "1 to %d payloads make one passport", TS_FOREIGN_TEXTS);
    if (!foreign_shapes_read(a, &r.shapes, e)) return false;
    for (size_t i = 0; i < job->n; i++)
        if (!take(&r, i, e)) return false;
    return out->is_event ? finish_event(&r, e) : foreign_document(a, &r.draft, &out->document, e);
}

bool ts_foreign_known(ts_arena scratch, ts_str text) {
    ts_error e = {0};
    foreign_shapes shapes = {0};
    payload p = {0};
    return foreign_shapes_read(&scratch, &shapes, &e) &&
           known(&scratch, text, TS_NONE, &shapes, &p, &e);
}
