#include "schema_part.h"

enum { MAX_DEPTH = 1000, BRANCH_FAULTS = 8 };
/* A step is about 50 ns; see budget(). */
static const uint64_t MIN_STEPS = 20000000, MAX_STEPS = 200000000;

bool schema_open(schema_run *r, ts_error_code code, const char *why) {
    ts_arena scratch = r->work;
    if (!r->open && r->e) {
        const char *at = schema_plain_pointer(&scratch, r->at);
        ts_fail(r->e, code, "it cannot be told whether the schema is kept: %s%s%s", why,
                *at ? ", at " : "", at);
    }
    r->open = true;
    return false;
}

bool schema_spend(schema_run *r, uint64_t n) {
    if (r->open) return false;
    if (n > r->steps)
        return r->steps = 0, schema_open(r, TS_E_LIMIT, "checking takes more steps than allowed");
    r->steps -= n;
    return true;
}

/* ---- what was evaluated ---- */

static schema_seen seen_new(schema_run *r, const ts_json *v) {
    size_t words = (v->n + 63) / 64;
    if (!schema_spend(r, words / 8)) return (schema_seen){0};
    return (schema_seen){ts_new_n(&r->work, uint64_t, words), words};
}
static void mark_seen(schema_seen *s, size_t i) {
    if (s && i / 64 < s->n) s->bits[i / 64] |= 1ull << (i % 64);
}
static bool was_seen(const schema_seen *s, size_t i) {
    return i / 64 < s->n && s->bits[i / 64] >> (i % 64) & 1;
}
static void merge_seen(schema_seen *to, const schema_seen *from) {
    for (size_t i = 0; to && i < to->n && i < from->n; i++) to->bits[i] |= from->bits[i];
}

/* Does v keep to n? Asked beside the way: no faults, and what n evaluates counts when it does. */
static bool tries(schema_run *r, const schema_node *n, const ts_json *v, const schema_place *at,
                  schema_seen *seen) {
    ts_arena mark = r->work;
    schema_sink *sink = r->sink;
    schema_seen own = {0};
    if (seen) own = seen_new(r, v);
    r->sink = 0;
    bool ok = schema_node_holds(r, n, v, at, seen ? &own : 0);
    r->sink = sink;
    if (ok) merge_seen(seen, &own);
    r->work = mark;
    return ok;
}

/* ---- combination ---- */

/* After a rule that is not kept: is there no point in going on? */
static bool stops(const schema_run *r) {
    return !r->sink || r->open || r->sink->list->n >= r->sink->max;
}

/* How far a branch is from being kept, for choosing the one to talk about. Another kind of thing
 * altogether weighs more than a thing with a gap. `here` is the size of the pointer to the value.
 */
static unsigned distance(const ts_schema_faults *l, size_t here) {
    unsigned d = 0;
    for (size_t i = 0; i < l->n; i++) {
        ts_str k = l->v[i].keyword;
        if (ts_str_is(k, "type") || ts_str_is(k, "const") || ts_str_is(k, "enum"))
            d += l->v[i].at.n == here ? 100 : 8;
        else
            d += ts_str_is(k, "required") ? 4 : 2;
    }
    return d;
}

/* A branch's name for people: its title, or the end of its reference. */
static ts_str branch_name(const schema_node *n) {
    ts_str title = ts_json_str(ts_json_member(n->src, "title"));
    if (title.n) return title;
    ts_str ref = ts_json_str(ts_json_member(n->src, "$ref"));
    for (size_t i = ref.n; i--;)
        if (ref.p[i] == '/' || ref.p[i] == '#') return ts_str_from(ref, i + 1);
    return ref;
}

typedef struct branch {
    size_t number; /* from 1 */
    const schema_node *node;
    ts_schema_faults faults;
} branch;

/* The branch of l that v comes closest to. */
static branch closest(schema_run *r, const schema_nodes *l, const ts_json *v,
                      const schema_place *at, size_t here) {
    branch best = {0};
    schema_sink *outer = r->sink;
    for (size_t i = 0; i < l->n && !r->open; i++) {
        branch b = {.number = i + 1, .node = l->v[i]};
        schema_sink inner = {&r->notes, &b.faults, BRANCH_FAULTS};
        r->sink = &inner;
        schema_node_holds(r, l->v[i], v, at, 0);
        if (!best.number || distance(&b.faults, here) < distance(&best.faults, here)) best = b;
    }
    r->sink = outer;
    return best;
}

/* None of the branches is kept: says so, and which was closest and why not. */
static bool none_fits(schema_run *r, const char *keyword, const schema_nodes *l, const ts_json *v,
                      const schema_place *at) {
    if (stops(r)) return false;
    ts_arena work = r->work, notes = r->notes;
    ts_str here = schema_pointer(&r->work, at);
    branch b = closest(r, l, v, at, here.n);
    if (b.number && b.faults.n) {
        const ts_schema_fault *f = &b.faults.v[0];
        const char *name = schema_show_text(r, branch_name(b.node));
        ts_str where = ts_str_from(f->at, here.n);
        schema_fault(r, at, keyword,
                     "none of the %zu alternatives is kept; number %zu%s%s%s comes closest: "
                     "%s%s%s%.*s",
                     l->n, b.number, *name ? " (" : "", name, *name ? ")" : "",
                     where.n ? "at " : "", schema_show_text(r, where), where.n ? ": " : "",
                     TS_P(f->text));
    } else {
        schema_fault(r, at, keyword, "none of the %zu alternatives is kept", l->n);
    }
    r->work = work;
    if (r->sink->a != &r->notes) r->notes = notes;
    return false;
}

static bool any_holds(schema_run *r, const schema_node *n, const ts_json *v, const schema_place *at,
                      schema_seen *seen) {
    bool ok = false;
    for (size_t i = 0; i < n->any.n && (!ok || seen) && !r->open; i++)
        ok |= tries(r, n->any.v[i], v, at, seen);
    return ok || none_fits(r, "anyOf", &n->any, v, at);
}

static bool one_holds(schema_run *r, const schema_node *n, const ts_json *v, const schema_place *at,
                      schema_seen *seen) {
    size_t first = 0, hits = 0;
    for (size_t i = 0; i < n->one.n && !r->open; i++) {
        if (!tries(r, n->one.v[i], v, at, seen)) continue;
        if (++hits == 2)
            return schema_fault(r, at, "oneOf",
                                "number %zu and number %zu of the alternatives are both kept, "
                                "where exactly one must be",
                                first, i + 1);
        first = i + 1;
    }
    return hits == 1 || none_fits(r, "oneOf", &n->one, v, at);
}

static bool all_hold(schema_run *r, const schema_node *n, const ts_json *v, const schema_place *at,
                     schema_seen *seen) {
    bool ok = !n->ref || schema_node_holds(r, n->ref, v, at, seen);
    for (size_t i = 0; i < n->all.n && (ok || !stops(r)); i++)
        ok &= schema_node_holds(r, n->all.v[i], v, at, seen);
    return ok;
}

static bool combination_holds(schema_run *r, const schema_node *n, const ts_json *v,
                              const schema_place *at, schema_seen *seen) {
    bool ok = all_hold(r, n, v, at, seen);
    if (n->any.n && (ok || !stops(r))) ok &= any_holds(r, n, v, at, seen);
    if (n->one.n && (ok || !stops(r))) ok &= one_holds(r, n, v, at, seen);
    if (n->not &&(ok || !stops(r)) && tries(r, n->not, v, at, 0))
        ok = schema_fault(r, at, "not", "%s is what the schema excludes here", schema_show(r, v));
    if (n->cond && (ok || !stops(r))) {
        const schema_node *next = tries(r, n->cond, v, at, seen) ? n->then : n->otherwise;
        if (next && !r->open) ok &= schema_node_holds(r, next, v, at, seen);
    }
    return ok;
}

/* ---- objects ---- */

static const char *plural(uint64_t n) { return n == 1 ? "" : "s"; }

/* One member against its schema. A member that nothing is allowed for is named. */
static bool member_holds(schema_run *r, const schema_node *n, const char *keyword, ts_str name,
                         const ts_json *v, const schema_place *at) {
    schema_place here = {.up = at, .name = {name.p ? name.p : "", name.n}};
    if (n->kind == NODE_NONE)
        return schema_fault(r, &here, keyword, "the member '%s' is not allowed here",
                            schema_show_text(r, name));
    return schema_node_holds(r, n, v, &here, 0);
}

static bool name_holds(schema_run *r, const schema_node *n, const ts_json *name,
                       const schema_place *at) {
    schema_place here = {.up = at, .name = ts_json_str(name)};
    if (!n->object.names || tries(r, n->object.names, name, &here, 0)) return true;
    return schema_fault(r, &here, "propertyNames", "'%s' is not allowed as the name of a member",
                        schema_show_text(r, ts_json_str(name)));
}

/* One member against properties, patternProperties and additionalProperties. */
static bool known_member_holds(schema_run *r, const schema_node *n, ts_str name, const ts_json *v,
                               const schema_place *at, bool *known) {
    const uint64_t *hit = ts_map_get(&n->object.properties, name);
    bool ok = true;
    *known = hit != 0;
    if (hit) ok = member_holds(r, (const schema_node *)(uintptr_t)*hit, "properties", name, v, at);
    for (size_t i = 0; i < n->object.patterns.n && (ok || !stops(r)); i++) {
        const schema_pattern *p = n->object.patterns.v[i];
        if (!schema_pattern_finds(r, p, name)) continue;
        *known = true;
        ok &= member_holds(r, p->node, "patternProperties", name, v, at);
    }
    if (r->open) return false;
    if (!*known && n->object.rest) {
        *known = true;
        ok &= member_holds(r, n->object.rest, "additionalProperties", name, v, at);
    }
    return ok;
}

static bool members_hold(schema_run *r, const schema_node *n, const ts_json *v,
                         const schema_place *at, schema_seen *seen) {
    bool ok = true, known;
    size_t i = 0;
    if (!n->object.properties.n && !n->object.patterns.n && !n->object.rest && !n->object.names)
        return true;
    TS_JSON_EACH_MEMBER(name, x, v) {
        if (!schema_spend(r, 1)) return false;
        ok &= name_holds(r, n, name, at);
        if (!ok && stops(r)) return false;
        ok &= known_member_holds(r, n, ts_json_str(name), x, at, &known);
        if (!ok && stops(r)) return false;
        if (known) mark_seen(seen, i);
        i++;
    }
    return ok;
}

static bool has_member(schema_run *r, const ts_json *v, ts_str name) {
    return schema_spend(r, 1 + v->n / 16) && ts_json_get(v, name);
}

static bool required_hold(schema_run *r, const ts_strs *l, const char *keyword, ts_str because,
                          const ts_json *v, const schema_place *at) {
    bool ok = true;
    for (size_t i = 0; i < l->n && (ok || !stops(r)); i++) {
        if (has_member(r, v, l->v[i]) || r->open) continue;
        if (because.p)
            ok = schema_fault(r, at, keyword, "the member '%s' is missing beside '%s'",
                              schema_show_text(r, l->v[i]), schema_show_text(r, because));
        else
            ok = schema_fault(r, at, keyword, "the member '%s' is missing",
                              schema_show_text(r, l->v[i]));
    }
    return ok && !r->open;
}

static bool dependents_hold(schema_run *r, const schema_node *n, const ts_json *v,
                            const schema_place *at, schema_seen *seen) {
    bool ok = true;
    for (size_t i = 0; i < n->object.dependents.n && (ok || !stops(r)); i++) {
        const schema_dependent *d = &n->object.dependents.v[i];
        if (!has_member(r, v, d->name)) continue;
        ok &= required_hold(r, &d->required, d->keyword, d->name, v, at);
        if (d->node && (ok || !stops(r))) ok &= schema_node_holds(r, d->node, v, at, seen);
    }
    return ok && !r->open;
}

static bool object_holds(schema_run *r, const schema_node *n, const ts_json *v,
                         const schema_place *at, schema_seen *seen) {
    bool ok = required_hold(r, &n->object.required, "required", TS_NONE, v, at);
    if (!ok && stops(r)) return false;
    if (v->n < n->object.min)
        ok = schema_fault(r, at, "minProperties", "has %u member%s, fewer than %llu", v->n,
                          plural(v->n), (unsigned long long)n->object.min);
    if (v->n > n->object.max)
        ok = schema_fault(r, at, "maxProperties", "has %u member%s, more than %llu", v->n,
                          plural(v->n), (unsigned long long)n->object.max);
    if (!ok && stops(r)) return false;
    ok &= members_hold(r, n, v, at, seen);
    if (!ok && stops(r)) return false;
    return dependents_hold(r, n, v, at, seen) && ok;
}

/* ---- arrays ---- */

static bool element_holds(schema_run *r, const schema_node *n, const char *keyword, size_t i,
                          const ts_json *v, const schema_place *at) {
    schema_place here = {.up = at, .index = i};
    if (n->kind == NODE_NONE)
        return schema_fault(r, &here, keyword, "element number %zu is not allowed here", i + 1);
    return schema_node_holds(r, n, v, &here, 0);
}

static bool elements_hold(schema_run *r, const schema_node *n, const ts_json *v,
                          const schema_place *at, schema_seen *seen) {
    bool ok = true;
    size_t i = 0;
    if (!n->array.prefix.n && !n->array.rest) return true;
    TS_JSON_EACH(x, v) {
        const schema_node *of = i < n->array.prefix.n ? n->array.prefix.v[i] : n->array.rest;
        if (!of) break;
        if (!schema_spend(r, 1)) return false;
        const char *keyword =
            i < n->array.prefix.n ? n->array.prefix_keyword : n->array.rest_keyword;
        ok &= element_holds(r, of, keyword, i, x, at);
        if (!ok && stops(r)) return false;
        mark_seen(seen, i++);
    }
    return ok;
}

static bool contains_holds(schema_run *r, const schema_node *n, const ts_json *v,
                           const schema_place *at, schema_seen *seen) {
    const schema_node *wanted = n->array.contains;
    uint64_t hits = 0, least = n->array.least, most = n->array.most;
    size_t i = 0;
    if (!wanted) return true;
    TS_JSON_EACH(x, v) {
        schema_place here = {.up = at, .index = i};
        if (tries(r, wanted, x, &here, 0)) {
            hits++;
            if (n->array.contains_marks) mark_seen(seen, i);
        }
        i++;
        if (r->open) return false;
        if (!seen && hits >= least && most == UINT64_MAX) return true;
    }
    if (hits > most)
        return schema_fault(r, at, "maxContains",
                            "has %llu element%s of the kind that is counted, more than %llu",
                            (unsigned long long)hits, plural(hits), (unsigned long long)most);
    if (hits >= least) return true;
    if (least > 1)
        return schema_fault(r, at, "minContains",
                            "has %llu element%s of the kind that is asked for, fewer than %llu",
                            (unsigned long long)hits, plural(hits), (unsigned long long)least);
    if (wanted->constant)
        return schema_fault(r, at, "contains", "no element is %s",
                            schema_show(r, wanted->constant));
    return schema_fault(r, at, "contains", "no element is of the kind that is asked for");
}

static bool unique_holds(schema_run *r, const ts_json *v, const schema_place *at) {
    size_t i, j;
    if (!schema_has_twins(r, v, &i, &j)) return !r->open;
    return schema_fault(r, at, "uniqueItems", "the elements number %zu and %zu are the same", i + 1,
                        j + 1);
}

static bool array_holds(schema_run *r, const schema_node *n, const ts_json *v,
                        const schema_place *at, schema_seen *seen) {
    bool ok = true;
    if (v->n < n->array.min)
        ok = schema_fault(r, at, "minItems", "has %u element%s, fewer than %llu", v->n,
                          plural(v->n), (unsigned long long)n->array.min);
    if (v->n > n->array.max)
        ok = schema_fault(r, at, "maxItems", "has %u element%s, more than %llu", v->n, plural(v->n),
                          (unsigned long long)n->array.max);
    if (!ok && stops(r)) return false;
    if (n->array.unique) ok &= unique_holds(r, v, at);
    if (!ok && stops(r)) return false;
    ok &= elements_hold(r, n, v, at, seen);
    if (!ok && stops(r)) return false;
    return contains_holds(r, n, v, at, seen) && ok;
}

/* ---- what nothing else looked at ---- */

static bool unevaluated_hold(schema_run *r, const schema_node *n, const ts_json *v,
                             const schema_place *at, schema_seen *seen) {
    bool ok = true;
    size_t i = 0;
    if (!schema_spend(r, v->n)) return false;
    TS_JSON_EACH_MEMBER(name, x, v) {
        if (!was_seen(seen, i))
            ok &= member_holds(r, n->object.unevaluated, "unevaluatedProperties", ts_json_str(name),
                               x, at);
        if (!ok && stops(r)) return false;
        mark_seen(seen, i++);
    }
    TS_JSON_EACH(x, v) {
        if (!was_seen(seen, i))
            ok &= element_holds(r, n->array.unevaluated, "unevaluatedItems", i, x, at);
        if (!ok && stops(r)) return false;
        mark_seen(seen, i++);
    }
    return ok;
}

/* ---- nodes ---- */

static bool rules_hold(schema_run *r, const schema_node *n, const ts_json *v,
                       const schema_place *at, schema_seen *seen) {
    bool ok = schema_scalar_holds(r, n, v, at);
    if (!ok && stops(r)) return false;
    if (v->type == TS_JSON_OBJECT) ok &= object_holds(r, n, v, at, seen);
    if (v->type == TS_JSON_ARRAY) ok &= array_holds(r, n, v, at, seen);
    if (!ok && stops(r)) return false;
    return combination_holds(r, n, v, at, seen) && ok;
}

static bool rules_and_rest_hold(schema_run *r, const schema_node *n, const ts_json *v,
                                const schema_place *at, schema_seen *seen) {
    ts_arena mark = r->work;
    schema_seen own = seen_new(r, v);
    bool ok = !r->open && rules_hold(r, n, v, at, &own) && unevaluated_hold(r, n, v, at, &own);
    if (ok) merge_seen(seen, &own);
    r->work = mark;
    return ok;
}

bool schema_node_holds(schema_run *r, const schema_node *n, const ts_json *v,
                       const schema_place *at, schema_seen *seen) {
    if (!schema_spend(r, 1)) return false;
    if (n->kind == NODE_ANY) return true;
    if (n->kind == NODE_NONE) return schema_fault(r, at, "false", "nothing is allowed here");
    if (r->depth == MAX_DEPTH)
        return schema_open(r, TS_E_LIMIT, "more than 1,000 schemas lie within each other");
    if (v->type != TS_JSON_OBJECT && v->type != TS_JSON_ARRAY) seen = 0;
    const schema_place *outer = r->at;
    r->at = at;
    r->depth++;
    bool rest = (v->type == TS_JSON_OBJECT && n->object.unevaluated) ||
                (v->type == TS_JSON_ARRAY && n->array.unevaluated);
    bool ok = rest ? rules_and_rest_hold(r, n, v, at, seen) : rules_hold(r, n, v, at, seen);
    r->depth--;
    r->at = outer;
    return ok && !r->open;
}

/* Steps for one run: many for each value and byte of the instance, and a floor and a ceiling. */
static uint64_t budget(const ts_json *instance) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < instance->span; i++)
        if (instance[i].type == TS_JSON_STRING || instance[i].type == TS_JSON_NUMBER)
            bytes += instance[i].n;
    uint64_t steps = MIN_STEPS + bytes * 64 + (uint64_t)instance->span * 512;
    return steps < MAX_STEPS ? steps : MAX_STEPS;
}

/* It is a no: once more, for the reasons. Should they take too many steps or too much room, what
 * was found until then has to do. */
static void explain(const ts_schema *s, ts_arena *a, const ts_json *instance, size_t max,
                    ts_schema_faults *faults, uint64_t steps) {
    /* What is kept grows from the front of the room, what only works from its middle. */
    size_t quarter = (size_t)(a->end - a->beg) / 4, before = faults->n;
    ts_arena keep = {a->beg, a->beg + 2 * quarter, a->land};
    schema_sink sink = {&keep, faults, max < SIZE_MAX - before ? before + max : SIZE_MAX};
    schema_run r = {.work = {keep.end, keep.end + quarter, a->land},
                    .notes = {keep.end + quarter, a->end, a->land},
                    .steps = steps,
                    .sink = &sink};
    schema_node_holds(&r, s->root, instance, 0, 0);
    if (faults->n == before)
        *ts_push(&keep, faults) =
            (ts_schema_fault){TS_S(""), TS_S(""), TS_S("does not keep to the schema")};
    a->beg = keep.beg;
}

ts_answer schema_check_within(const ts_schema *s, ts_arena *a, const ts_json *instance, size_t max,
                              ts_schema_faults *faults, uint64_t steps, ts_error *e) {
    schema_run r = {.work = *a, .steps = steps, .e = e};
    if (schema_node_holds(&r, s->root, instance, 0, 0)) return TS_YES;
    if (r.open) return TS_OPEN;
    if (faults && max) explain(s, a, instance, max, faults, steps);
    return TS_NO;
}

ts_answer ts_schema_check(const ts_schema *s, ts_arena *a, const ts_json *instance, size_t max,
                          ts_schema_faults *faults, ts_error *e) {
    return schema_check_within(s, a, instance, max, faults, budget(instance), e);
}
