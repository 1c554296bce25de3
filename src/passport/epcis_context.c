/* Contexts of JSON-LD, as far as keeping an event whole needs them: which prefixes and terms it
 * uses. Nothing is expanded beyond that. */
#include "epcis_part.h"

/* ---- Taking in ---- */

static bool is_standard(ts_str address) {
    return ts_str_is(address, TS_EPCIS_CONTEXT) ||
           ts_str_is(address, "https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld") ||
           ts_str_is(address, "https://ref.gs1.org/standards/epcis/epcis-context.jsonld") ||
           ts_str_is(address, "https://gs1.github.io/EPCIS/epcis-context.jsonld");
}

/* Schemes and prefixes that stand in values everywhere: given another meaning, every name of a
 * product would be another. */
static bool is_reserved(ts_str name) {
    static const char *const fixed[] = {"http", "https", "urn", "did", "ni", "epcis", "cbv"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (ts_str_is(name, fixed[i])) return true;
    return false;
}

static size_t bytes_of(const ts_json *v) {
    size_t n = 0;
    for (uint32_t i = 0; i < v->span; i++) n += v[i].type >= TS_JSON_ARRAY ? 2 : v[i].n + 3;
    return n;
}

static bool too_much(const epcis_context *c, ts_error *e) {
    if (c->n <= EPCIS_CONTEXTS && c->terms_n <= EPCIS_TERMS && c->bytes <= EPCIS_CONTEXT_MAX)
        return false;
    ts_fail(e, TS_E_LIMIT,
            "the @context has more than %d parts, %d terms or %d bytes; leave out what no event "
            "uses",
            EPCIS_CONTEXTS, EPCIS_TERMS, EPCIS_CONTEXT_MAX);
    return true;
}

static bool add_term(ts_arena *a, epcis_context *c, epcis_terms *l, ts_str name,
                     const ts_json *value, ts_error *e) {
    if (is_reserved(name) || epcis_is_member(name))
        return ts_fail(e, TS_E_INPUT,
                       "the @context gives '%.*s' a meaning of its own; the standard has one for "
                       "it: use another name",
                       TS_P(name));
    bool fresh;
    uint64_t *at = ts_map_put(a, &l->at, name, &fresh);
    if (fresh) {
        *at = l->n;
        ts_push(a, l)->name = name;
        c->terms_n++;
    }
    l->v[*at].value = value;
    c->bytes += name.n + bytes_of(value);
    return !too_much(c, e);
}

static bool add_part(epcis_context *c, ts_error *e) {
    c->n++;
    if (!too_much(c, e)) return true;
    c->n--;
    return false;
}

static bool add_terms(ts_arena *a, epcis_context *c, const ts_json *node, ts_error *e) {
    if ((c->n == 0 || c->part[c->n - 1].address) && !add_part(c, e)) return false;
    epcis_terms *l = &c->part[c->n - 1].terms;
    TS_JSON_EACH_MEMBER(name, value, node)
    if (!add_term(a, c, l, ts_json_str(name), value, e)) return false;
    return true;
}

static bool add_one(ts_arena *a, epcis_context *c, const ts_json *node, ts_error *e) {
    if (ts_json_is(node, TS_JSON_OBJECT)) return add_terms(a, c, node, e);
    if (!ts_json_is(node, TS_JSON_STRING))
        return ts_fail(e, TS_E_INPUT, "a part of @context is neither an address nor an object");
    if (is_standard(ts_json_str(node))) return c->standard = true;
    if (!add_part(c, e)) return false;
    c->part[c->n - 1].address = node;
    c->bytes += node->n;
    return !too_much(c, e);
}

bool epcis_context_add(ts_arena *a, epcis_context *c, const ts_json *node, ts_error *e) {
    if (!node) return true;
    if (!ts_json_is(node, TS_JSON_ARRAY)) return add_one(a, c, node, e);
    TS_JSON_EACH(v, node)
    if (!add_one(a, c, v, e)) return false;
    return true;
}

bool epcis_context_knows(const epcis_context *c, ts_str name) {
    for (size_t i = 0; i < c->n; i++)
        if (c->part[i].address || ts_map_get(&c->part[i].terms.at, name) ||
            ts_map_get(&c->part[i].terms.at, TS_S("@vocab")))
            return true;
    return false;
}

/* ---- What is used ---- */

typedef struct marking {
    epcis_context *c;
    const ts_json *todo[EPCIS_TERMS]; /* values of terms that are used: they use others */
    size_t n;
} marking;

static void mark_name(marking *m, ts_str name) {
    for (size_t i = 0; i < m->c->n; i++) {
        epcis_terms *l = &m->c->part[i].terms;
        const uint64_t *at = ts_map_get(&l->at, name);
        if (!at || l->v[*at].used) continue;
        l->v[*at].used = true;
        m->todo[m->n++] = l->v[*at].value; /* each term once: never more than EPCIS_TERMS */
    }
}

/* A compact IRI uses its prefix; behind an address's scheme stands "//". */
static void mark_prefix(marking *m, ts_str s) {
    size_t colon = ts_str_chr(s, ':');
    if (colon == TS_NPOS || ts_str_starts(ts_str_from(s, colon + 1), TS_S("//"))) return;
    mark_name(m, ts_str_to(s, colon));
}

/* Names and values of a tree: strings both. */
static void mark_tree(marking *m, const ts_json *v) {
    for (uint32_t i = 0; i < v->span; i++)
        if (v[i].type == TS_JSON_STRING) {
            mark_prefix(m, (ts_str){v[i].p, v[i].n});
            mark_name(m, (ts_str){v[i].p, v[i].n});
        }
}

static void mark(epcis_context *c, const ts_json *event) {
    marking m = {.c = c};
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->part[i].terms.n; k++) c->part[i].terms.v[k].used = false;
    TS_JSON_EACH_MEMBER(name, value, event) {
        if (ts_str_is(ts_json_str(name), "@context")) continue;
        mark_prefix(&m, ts_json_str(name));
        mark_name(&m, ts_json_str(name));
        mark_tree(&m, value);
    }
    for (size_t i = 0; i < c->n; i++) /* @vocab, @base … hold for everything */
        for (size_t k = 0; k < c->part[i].terms.n; k++)
            if (ts_str_starts(c->part[i].terms.v[k].name, TS_S("@")))
                mark_name(&m, c->part[i].terms.v[k].name);
    while (m.n > 0) mark_tree(&m, m.todo[--m.n]);
}

const ts_json *epcis_context_used(ts_arena *a, epcis_context *c, const ts_json *event) {
    tape t = {.a = a};
    if (c->n) mark(c, event);
    tape_array(&t);
    tape_str(&t, TS_S(TS_EPCIS_CONTEXT));
    for (size_t i = 0; i < c->n; i++) {
        const epcis_terms *l = &c->part[i].terms;
        size_t used = 0;
        if (c->part[i].address) tape_copy(&t, c->part[i].address);
        for (size_t k = 0; k < l->n; k++) {
            if (!l->v[k].used) continue;
            if (used++ == 0) tape_object(&t);
            tape_member(&t, l->v[k].name, l->v[k].value);
        }
        if (used) tape_end(&t);
    }
    tape_end(&t);
    return t.v;
}

static ts_str prefix_of(const ts_json *context, ts_str prefix) {
    ts_str iri = TS_NONE;
    TS_JSON_EACH(part, context) {
        const ts_json *v = ts_json_get(part, prefix);
        if (ts_json_is(v, TS_JSON_OBJECT)) v = ts_json_member(v, "@id");
        if (v) iri = ts_json_str(v);
    }
    return iri;
}

ts_str epcis_expand(ts_arena *a, const ts_json *context, ts_str s) {
    size_t colon = ts_str_chr(s, ':');
    if (colon == TS_NPOS) return s;
    ts_str rest = ts_str_from(s, colon + 1), iri = ts_str_starts(rest, TS_S("//"))
                                                       ? TS_NONE
                                                       : prefix_of(context, ts_str_to(s, colon));
    return iri.n ? ts_str_join(a, (const ts_str[]){iri, rest}, 2, TS_NONE) : s;
}
