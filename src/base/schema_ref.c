#include "schema_part.h"

/* ---- names ---- */

static bool duplicate(schema_compiler *c, const schema_scope *in, ts_str name) {
    const char *at = schema_plain_pointer(c->a, in->at);
    return ts_fail(c->e, TS_E_INPUT, "schema: %s gives the name '%s', which another one has", at,
                   schema_plain(c->a, name));
}

static bool remember(schema_compiler *c, const ts_json *v, const schema_scope *in, ts_str name) {
    bool fresh;
    uint64_t *slot = ts_map_put(c->a, &c->names, name, &fresh);
    uint64_t here = (uint64_t)(v - c->document) + 1;
    if (!fresh && *slot != here) return duplicate(c, in, name);
    *slot = here;
    return true;
}

static ts_str anchored(ts_arena *a, ts_str base, ts_str anchor) {
    ts_buf b = ts_buf_new(a, base.n + anchor.n + 1);
    ts_buf_put(&b, base);
    ts_buf_c(&b, '#');
    ts_buf_put(&b, anchor);
    return ts_buf_str(&b);
}

static bool is_anchor(ts_str s) {
    if (!s.n || !(ts_is_alpha(s.p[0]) || s.p[0] == '_')) return false;
    for (size_t i = 1; i < s.n; i++)
        if (!ts_is_alnum(s.p[i]) && s.p[i] != '_' && s.p[i] != '-' && s.p[i] != '.' &&
            s.p[i] != ':')
            return false;
    return true;
}

static bool anchor(schema_compiler *c, const ts_json *v, const schema_scope *in, ts_str name) {
    if (is_anchor(name)) return remember(c, v, in, anchored(c->a, in->base, name));
    return ts_fail(c->e, TS_E_INPUT, "schema: '%s' at %s is not a name for an anchor",
                   schema_plain(c->a, name), schema_plain_pointer(c->a, in->at));
}

static bool identify(schema_compiler *c, const ts_json *v, schema_scope *in, ts_str id) {
    if (!ts_uri_valid(id, true, true))
        return ts_fail(c->e, TS_E_INPUT, "schema: the id '%s' at %s is not a URI",
                       schema_plain(c->a, id), schema_plain_pointer(c->a, in->at));
    size_t hash = ts_str_chr(id, '#');
    ts_str fragment = hash == TS_NPOS ? TS_NONE : ts_str_from(id, hash + 1);
    if (hash == TS_NPOS) hash = id.n;
    if (fragment.n && c->draft >= DRAFT_2019)
        return ts_fail(c->e, TS_E_INPUT, "schema: the id '%s' at %s has a fragment",
                       schema_plain(c->a, id), schema_plain_pointer(c->a, in->at));
    if (hash) {
        in->base = ts_uri_resolve(c->a, in->base, ts_str_to(id, hash));
        if (!remember(c, v, in, in->base)) return false;
    }
    return !fragment.n || anchor(c, v, in, fragment); /* draft-07 and before: "#name" */
}

bool schema_identify(schema_compiler *c, const ts_json *v, schema_scope *in) {
    const ts_json *id = c->draft == DRAFT_04 ? ts_json_member(v, "id") : ts_json_member(v, "$id");
    const ts_json *name = c->draft >= DRAFT_2019 ? ts_json_member(v, "$anchor") : 0;
    bool hidden = c->draft < DRAFT_2019 && ts_json_is(ts_json_member(v, "$ref"), TS_JSON_STRING);
    if (id && !hidden && id->type == TS_JSON_STRING && !identify(c, v, in, ts_json_str(id)))
        return false;
    if (v == c->document && !in->base.n && !remember(c, v, in, TS_S(""))) return false;
    return !name || name->type != TS_JSON_STRING || anchor(c, v, in, ts_json_str(name));
}

/* ---- references ---- */

bool schema_refer(schema_compiler *c, schema_node *n, const ts_json *arg, const schema_scope *in) {
    ts_str written = ts_json_str(arg);
    const char *at = schema_plain_pointer(c->a, in->at);
    if (!ts_uri_valid(written, true, true))
        return ts_fail(c->e, TS_E_INPUT, "schema: the reference '%s' at %s is not a URI",
                       schema_plain(c->a, written), at);
    *ts_push(c->a, &c->refs) =
        (schema_ref){n, written, ts_uri_resolve(c->a, in->base, written), at};
    return true;
}

static int hex(char x) { return ts_is_digit(x) ? x - '0' : (x | 32) - 'a' + 10; }

/* The URI was found valid: a '%' is followed by two digits. */
static ts_str unescape_percent(ts_arena *a, ts_str s) {
    if (ts_str_chr(s, '%') == TS_NPOS) return s;
    char *p = ts_new_raw(a, char, s.n), *w = p;
    for (size_t i = 0; i < s.n; i++) {
        bool escape = s.p[i] == '%' && i + 2 < s.n;
        *w++ = escape ? (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2])) : s.p[i];
        if (escape) i += 2;
    }
    return (ts_str){p, (size_t)(w - p)};
}

static ts_str unescape_tilde(ts_arena *a, ts_str s) {
    if (ts_str_chr(s, '~') == TS_NPOS) return s;
    char *p = ts_new_raw(a, char, s.n), *w = p;
    for (size_t i = 0; i < s.n; i++) {
        bool escape = s.p[i] == '~' && i + 1 < s.n;
        *w++ = escape ? (s.p[++i] == '1' ? '/' : '~') : s.p[i];
    }
    return (ts_str){p, (size_t)(w - p)};
}

/* RFC 6901, 4. `pointer` begins with '/'. Counts what it passes. */
static const ts_json *walk(ts_arena scratch, const ts_json *v, ts_str pointer, uint64_t *passed) {
    ts_str rest = ts_str_from(pointer, 1);
    do {
        *passed += v->n;
        ts_str token = unescape_tilde(&scratch, ts_str_cut(&rest, '/'));
        uint64_t i = 0;
        if (ts_json_is(v, TS_JSON_OBJECT))
            v = ts_json_get(v, token);
        else if (ts_json_is(v, TS_JSON_ARRAY) && ts_u64_parse(token, &i) &&
                 (token.n == 1 || token.p[0] != '0'))
            v = ts_json_at(v, i);
        else
            return 0;
    } while (v && rest.p);
    return v;
}

static bool astray(schema_compiler *c, const schema_ref *r, const char *why) {
    return ts_fail(c->e, TS_E_INPUT, "schema: the reference '%s' at %s %s",
                   schema_plain(c->a, r->written), r->at, why);
}

static const uint64_t MAX_PASSED = 100000000; /* members, while following references */

static bool join(schema_compiler *c, const schema_ref *r) {
    size_t hash = ts_str_chr(r->uri, '#');
    ts_str base = ts_str_to(r->uri, hash);
    ts_str fragment = hash == TS_NPOS ? TS_NONE : ts_str_from(r->uri, hash + 1);
    const uint64_t *root = ts_map_get(&c->names, base);
    if (!root) return astray(c, r, "leads to another document; other documents are not fetched");
    const ts_json *v = c->document + (*root - 1);
    if (fragment.n) {
        fragment = unescape_percent(c->a, fragment);
        if (fragment.p[0] == '/') {
            v = walk(*c->a, v, fragment, &c->passed);
        } else {
            const uint64_t *named = ts_map_get(&c->names, anchored(c->a, base, fragment));
            v = named ? c->document + (*named - 1) : 0;
        }
    }
    if (!v) return astray(c, r, "leads nowhere");
    if (c->passed > MAX_PASSED)
        return ts_fail(c->e, TS_E_LIMIT, "schema: its references take too long to follow");
    r->node->ref = c->nodes[v - c->document];
    return r->node->ref || astray(c, r, "leads to something that is not a schema");
}

/* ---- loops ---- */

enum { WHITE, GREY, BLACK, MAX_CHAIN = 1000 };

static bool no_loop(schema_compiler *c, schema_node *n, unsigned depth);

static bool no_loops_in(schema_compiler *c, const schema_nodes *l, unsigned depth) {
    for (size_t i = 0; i < l->n; i++)
        if (!no_loop(c, l->v[i], depth)) return false;
    return true;
}

/* A schema that comes back to itself without a step into the value would never end. */
static bool no_loop(schema_compiler *c, schema_node *n, unsigned depth) {
    if (!n || n->colour == BLACK || n->kind != NODE_RULES) return true;
    if (n->colour == GREY)
        return ts_fail(c->e, TS_E_INPUT,
                       "schema: references go round in a circle, which no value would end");
    if (depth > MAX_CHAIN)
        return ts_fail(c->e, TS_E_LIMIT, "schema: more than 1,000 schemas lie within each other");
    n->colour = GREY;
    schema_node *const single[] = {n->ref, n->not, n->cond, n->then, n->otherwise};
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (!no_loop(c, single[i], depth + 1)) return false;
    for (size_t i = 0; i < n->object.dependents.n; i++)
        if (!no_loop(c, n->object.dependents.v[i].node, depth + 1)) return false;
    if (!no_loops_in(c, &n->all, depth + 1) || !no_loops_in(c, &n->any, depth + 1) ||
        !no_loops_in(c, &n->one, depth + 1))
        return false;
    n->colour = BLACK;
    return true;
}

bool schema_join(schema_compiler *c) {
    for (size_t i = 0; i < c->refs.n; i++)
        if (!join(c, &c->refs.v[i])) return false;
    for (uint32_t i = 0; i < c->document->span; i++)
        if (!no_loop(c, c->nodes[i], 0)) return false;
    return true;
}
