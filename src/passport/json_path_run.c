/* Selecting. Everything that is looked at, and every value that is put on a list, is counted, so
 * that a query ends. */
#include "json_path_part.h"

enum { WORK = 10 << 20, PER_NODE = 8 };

typedef struct run {
    const ts_json *root;
    uint64_t work; /* left */
    bool over;
} run;

static bool spend(run *r, uint64_t n) {
    if (r->work < n) r->over = true;
    if (r->over) return false;
    r->work -= n;
    return true;
}

static void add(run *r, ts_arena *a, ts_json_nodes *to, const ts_json *v) {
    if (v && spend(r, PER_NODE)) *ts_push(a, to) = v;
}

static void query(run *r, ts_arena *a, const path_query *q, const ts_json *current,
                  ts_json_nodes *out);

/* ---- values ---- */

/* What an operand of a comparison, or an argument, is: Nothing where both are not set. */
typedef struct value {
    const ts_json *node;
    bool is_count;
    double count;
} value;

static bool number_of(value v, double *out) {
    if (v.is_count) return *out = v.count, true;
    return ts_json_is(v.node, TS_JSON_NUMBER) && ts_json_f64(v.node, out);
}

static bool equal_nodes(run *r, const ts_json *x, const ts_json *y);

static bool equal_members(run *r, const ts_json *x, const ts_json *y) {
    TS_JSON_EACH_MEMBER(name, one, x) {
        const ts_json *two = spend(r, y->n) ? ts_json_get(y, ts_json_str(name)) : 0;
        if (!two || !equal_nodes(r, one, two)) return false;
    }
    return true;
}

static bool equal_elements(run *r, const ts_json *x, const ts_json *y) {
    const ts_json *two = y + 1;
    TS_JSON_EACH(one, x) {
        if (!equal_nodes(r, one, two)) return false;
        two += two->span;
    }
    return true;
}

static bool equal_nodes(run *r, const ts_json *x, const ts_json *y) {
    double one, two;
    if (x->type != y->type || !spend(r, 1 + x->n / 64)) return false;
    switch ((ts_json_type)x->type) {
    case TS_JSON_NUMBER:
        if (!ts_json_f64(x, &one) || !ts_json_f64(y, &two))
            return ts_str_eq(ts_json_text(x), ts_json_text(y));
        return !(one < two) && !(two < one);
    case TS_JSON_STRING: return ts_str_eq(ts_json_str(x), ts_json_str(y));
    case TS_JSON_ARRAY: return x->n == y->n && equal_elements(r, x, y);
    case TS_JSON_OBJECT: return x->n == y->n && equal_members(r, x, y);
    default: return true;
    }
}

static bool equal(run *r, value x, value y) {
    double one, two;
    if (number_of(x, &one) && number_of(y, &two)) return !(one < two) && !(two < one);
    if (x.is_count || y.is_count) return false;
    if (!x.node || !y.node) return x.node == y.node;
    return equal_nodes(r, x.node, y.node);
}

static bool less(value x, value y) {
    double one, two;
    if (number_of(x, &one) && number_of(y, &two)) return one < two;
    return ts_json_is(x.node, TS_JSON_STRING) && ts_json_is(y.node, TS_JSON_STRING) &&
           ts_str_cmp(ts_json_str(x.node), ts_json_str(y.node)) < 0;
}

/* What looking at a text or a numeral costs. */
static uint64_t size_of(value v) { return v.node ? v.node->n / 64 : 0; }

static bool compared(run *r, path_op op, value x, value y) {
    if (!spend(r, 1 + size_of(x) + size_of(y))) return false;
    switch (op) {
    case OP_EQ: return equal(r, x, y);
    case OP_NE: return !equal(r, x, y);
    case OP_LT: return less(x, y);
    case OP_GT: return less(y, x);
    case OP_LE: return less(x, y) || equal(r, x, y);
    default: return less(y, x) || equal(r, x, y);
    }
}

/* ---- functions ---- */

static value value_of(run *r, ts_arena scratch, const path_expr *x, const ts_json *current);

static value counted(double n) { return (value){.is_count = true, .count = n}; }

static double letters(ts_str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return (double)n;
}

static value length_of(run *r, value v) {
    if (ts_json_is(v.node, TS_JSON_STRING) && spend(r, v.node->n / 16))
        return counted(letters(ts_json_str(v.node)));
    if (ts_json_is(v.node, TS_JSON_ARRAY) || ts_json_is(v.node, TS_JSON_OBJECT))
        return counted(v.node->n);
    return (value){0};
}

static bool matched(run *r, ts_arena scratch, const path_expr *x, const ts_json *current) {
    value text = value_of(r, scratch, x->sides[0], current);
    path_pattern one;
    const path_pattern *p = x->pattern;
    if (!ts_json_is(text.node, TS_JSON_STRING) || !spend(r, 1 + size_of(text))) return false;
    if (!p) {
        value source = value_of(r, scratch, x->sides[1], current);
        if (!ts_json_is(source.node, TS_JSON_STRING) || !spend(r, 1000 + source.node->n))
            return false;
        one = path_pattern_new(&scratch, ts_json_str(source.node), x->function == CALL_MATCH);
        p = &one;
    }
    if (p->state == PATTERN_TOO_LARGE) r->over = true;
    if (p->state != PATTERN_GOOD || r->over) return false;
    path_pattern_found found = path_pattern_finds(scratch, p, ts_json_str(text.node), &r->work);
    if (found == PATTERN_OVER) r->over = true;
    return found == PATTERN_YES;
}

static value call(run *r, ts_arena scratch, const path_expr *x, const ts_json *current) {
    ts_json_nodes nodes = {0};
    if (x->function == CALL_LENGTH) return length_of(r, value_of(r, scratch, x->sides[0], current));
    query(r, &scratch, &x->sides[0]->query, current, &nodes);
    if (x->function == CALL_COUNT) return counted((double)nodes.n);
    return (value){.node = nodes.n == 1 ? nodes.v[0] : 0};
}

static value value_of(run *r, ts_arena scratch, const path_expr *x, const ts_json *current) {
    ts_json_nodes nodes = {0};
    if (x->kind == EXPR_LITERAL) return (value){.node = &x->literal};
    if (x->kind == EXPR_CALL) return call(r, scratch, x, current);
    query(r, &scratch, &x->query, current, &nodes);
    return (value){.node = nodes.n ? nodes.v[0] : 0};
}

/* ---- filters ---- */

static bool exists(run *r, ts_arena scratch, const path_query *q, const ts_json *current) {
    ts_json_nodes nodes = {0};
    query(r, &scratch, q, current, &nodes);
    return nodes.n > 0;
}

static bool holds(run *r, ts_arena scratch, const path_expr *x, const ts_json *current) {
    if (!spend(r, 1)) return false;
    switch (x->kind) {
    case EXPR_OR:
        return holds(r, scratch, x->sides[0], current) || holds(r, scratch, x->sides[1], current);
    case EXPR_AND:
        return holds(r, scratch, x->sides[0], current) && holds(r, scratch, x->sides[1], current);
    case EXPR_NOT: return !holds(r, scratch, x->sides[0], current);
    case EXPR_COMPARE:
        return compared(r, x->op, value_of(r, scratch, x->sides[0], current),
                        value_of(r, scratch, x->sides[1], current));
    case EXPR_QUERY: return exists(r, scratch, &x->query, current);
    default: return matched(r, scratch, x, current);
    }
}

/* ---- selectors ---- */

static bool is_container(const ts_json *v) {
    return v->type == TS_JSON_ARRAY || v->type == TS_JSON_OBJECT;
}

/* The children of a container, in order: TS_JSON_EACH for both kinds. */
#define EACH_CHILD(child, v)                                                                       \
    for (const ts_json *child = (v) + 1 + ((v)->type == TS_JSON_OBJECT),                           \
                       *child##_end = (v) + (v)->span + ((v)->type == TS_JSON_OBJECT);             \
         child < child##_end; child += child->span + ((v)->type == TS_JSON_OBJECT))

static void filter(run *r, ts_arena *a, const path_expr *x, const ts_json *v, ts_json_nodes *out) {
    EACH_CHILD(child, v) {
        if (r->over) return;
        if (holds(r, *a, x, child)) add(r, a, out, child);
    }
}

static int64_t clipped(int64_t i, int64_t lo, int64_t hi) { return i < lo ? lo : i > hi ? hi : i; }

/* Section 2.3.4.2.2: bounds from the front, then within what there is. */
static void slice(run *r, ts_arena *a, const path_selector *s, const ts_json *v,
                  ts_json_nodes *out) {
    int64_t n = v->n, step = s->step;
    if (!step || !spend(r, 4 * (uint64_t)v->n)) return;
    int64_t from = s->has_from ? s->from
                   : step > 0  ? 0
                               : n - 1,
            to = s->has_to  ? s->to
                 : step > 0 ? n
                            : -n - 1;
    if (from < 0) from += n;
    if (to < 0) to += n;
    int64_t lo = step > 0 ? 0 : -1, hi = step > 0 ? n : n - 1;
    from = clipped(from, lo, hi);
    to = clipped(to, lo, hi);
    const ts_json **all = ts_new_raw(a, const ts_json *, v->n);
    size_t k = 0;
    TS_JSON_EACH(one, v) all[k++] = one;
    for (int64_t i = from; (step > 0 ? i < to : i > to) && !r->over; i += step)
        add(r, a, out, all[i]);
}

static void index_of(run *r, ts_arena *a, const path_selector *s, const ts_json *v,
                     ts_json_nodes *out) {
    int64_t i = s->from < 0 ? s->from + v->n : s->from;
    if (i >= 0 && i < v->n && spend(r, (uint64_t)i)) add(r, a, out, ts_json_at(v, (size_t)i));
}

static void select_from(run *r, ts_arena *a, const path_selector *s, const ts_json *v,
                        ts_json_nodes *out) {
    if (!is_container(v) || !spend(r, 1)) return;
    switch (s->kind) {
    case PATH_NAME:
        if (v->type == TS_JSON_OBJECT && spend(r, v->n)) add(r, a, out, ts_json_get(v, s->name));
        break;
    case PATH_WILDCARD:
        EACH_CHILD(child, v) {
            if (r->over) break;
            add(r, a, out, child);
        }
        break;
    case PATH_INDEX:
        if (v->type == TS_JSON_ARRAY) index_of(r, a, s, v, out);
        break;
    case PATH_SLICE:
        if (v->type == TS_JSON_ARRAY) slice(r, a, s, v, out);
        break;
    case PATH_FILTER: filter(r, a, s->filter, v, out); break;
    }
}

static void select_all(run *r, ts_arena *a, const path_segment *g, const ts_json *v,
                       ts_json_nodes *out) {
    for (size_t i = 0; i < g->selectors.n && !r->over; i++)
        select_from(r, a, &g->selectors.v[i], v, out);
}

static void descend(run *r, ts_arena *a, const path_segment *g, const ts_json *v,
                    ts_json_nodes *out) {
    if (!is_container(v)) return;
    select_all(r, a, g, v, out);
    EACH_CHILD(child, v) {
        if (!spend(r, 1)) return;
        descend(r, a, g, child, out);
    }
}

static void query(run *r, ts_arena *a, const path_query *q, const ts_json *current,
                  ts_json_nodes *out) {
    add(r, a, out, q->from_root ? r->root : current);
    for (size_t i = 0; i < q->segments.n && out->n && !r->over; i++) {
        const path_segment *g = &q->segments.v[i];
        ts_json_nodes next = {0};
        for (size_t k = 0; k < out->n && !r->over; k++)
            (g->descendant ? descend : select_all)(r, a, g, out->v[k], &next);
        *out = next;
    }
}

bool ts_json_path_select(ts_arena *a, const ts_json_path *p, const ts_json *root,
                         ts_json_nodes *out, ts_error *e) {
    run r = {.root = root, .work = WORK};
    ts_json_nodes found = {0};
    query(&r, a, &p->query, root, &found);
    if (r.over)
        return ts_fail(e, TS_E_LIMIT,
                       "JSONPath: the query takes too much work on this passport; name what is "
                       "wanted more closely");
    *out = found;
    return true;
}
