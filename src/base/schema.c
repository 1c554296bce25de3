#include "schema_part.h"

enum { MAX_SCHEMAS = 100000, MAX_NESTING = 200 };

/* ---- errors ---- */

/* "schema: <keyword> at <pointer> <what>" */
static bool refuse(schema_compiler *c, const schema_scope *in, const char *what) {
    return ts_fail(c->e, TS_E_INPUT, "schema: '%s' at %s %s",
                   schema_plain(c->a, in->at ? in->at->name : TS_NONE),
                   schema_plain_pointer(c->a, in->at), what);
}

/* ---- schemas ---- */

typedef struct keyword {
    const char *name;
    unsigned drafts;
    bool (*take)(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in);
    size_t field; /* offset in schema_node of what `take` gets */
} keyword;

static bool schema(schema_compiler *c, const ts_json *v, const schema_scope *in, schema_node **out);

static bool take_keyword(schema_compiler *c, schema_node *n, const ts_json *name,
                         const ts_json *arg, const schema_scope *in);

static schema_node *new_node(schema_compiler *c, const ts_json *v) {
    schema_node *n = ts_new(c->a, schema_node);
    n->src = v;
    n->string.max = n->array.max = n->object.max = n->array.most = UINT64_MAX;
    n->array.least = 1;
    n->array.prefix_keyword = c->draft < DRAFT_2020 ? "items" : "prefixItems";
    n->array.contains_marks = c->draft >= DRAFT_2020;
    return n;
}

/* What depends on more than one keyword. */
static void settle(schema_compiler *c, schema_node *n) {
    const ts_json *items = ts_json_member(n->src, "items");
    if (c->draft < DRAFT_2020 && ts_json_is(items, TS_JSON_ARRAY))
        n->array.rest = n->array.additional, n->array.rest_keyword = "additionalItems";
    const ts_json *above = ts_json_member(n->src, "exclusiveMinimum"),
                  *below = ts_json_member(n->src, "exclusiveMaximum");
    if (ts_json_is(above, TS_JSON_TRUE)) /* draft-04 */
        n->number.above = n->number.minimum, n->number.minimum = 0;
    if (ts_json_is(below, TS_JSON_TRUE)) n->number.below = n->number.maximum, n->number.maximum = 0;
    n->numeric = n->number.minimum || n->number.maximum || n->number.above || n->number.below ||
                 n->number.multiple;
    /* Up to draft-07 nothing beside $ref counts. */
    if (c->draft < DRAFT_2019 && ts_json_member(n->src, "$ref"))
        *n = (schema_node){.src = n->src,
                           .string.max = UINT64_MAX,
                           .array.max = UINT64_MAX,
                           .object.max = UINT64_MAX};
}

static bool rules(schema_compiler *c, const ts_json *v, const schema_scope *in, schema_node **out) {
    schema_scope inner = *in;
    schema_node *n = *out = new_node(c, v);
    if (++c->count > MAX_SCHEMAS)
        return ts_fail(c->e, TS_E_LIMIT, "schema: more than 100,000 schemas in one document");
    if (!schema_identify(c, v, &inner)) return false;
    TS_JSON_EACH_MEMBER(name, arg, v) {
        schema_place here = {.up = in->at, .name = ts_json_str(name)};
        if (!take_keyword(c, n, name, arg, &(schema_scope){&here, inner.base})) return false;
    }
    settle(c, n);
    return true;
}

/* `in` is where v stands. */
static bool schema(schema_compiler *c, const ts_json *v, const schema_scope *in,
                   schema_node **out) {
    if (v->type == TS_JSON_TRUE || v->type == TS_JSON_FALSE) {
        *out = v->type == TS_JSON_TRUE ? c->any : c->none;
    } else if (v->type != TS_JSON_OBJECT) {
        return ts_fail(c->e, TS_E_INPUT, "schema: what stands at '%s' is not a schema",
                       schema_plain_pointer(c->a, in->at));
    } else if (c->depth == MAX_NESTING) {
        return ts_fail(c->e, TS_E_LIMIT, "schema: more than 200 schemas within each other");
    } else {
        c->depth++;
        if (!rules(c, v, in, out)) return false;
        c->depth--;
    }
    c->nodes[v - c->document] = *out;
    return true;
}

/* ---- what keywords take ---- */

/* Known, and without effect. */
static bool annotation(schema_compiler *c, void *field, const ts_json *arg,
                       const schema_scope *in) {
    (void)c, (void)field, (void)arg, (void)in;
    return true;
}

/* The same, for what is a misplaced member unless it is text. */
static bool label(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    (void)field;
    return arg->type == TS_JSON_STRING || refuse(c, in, "is not a text");
}

static bool one_schema(schema_compiler *c, void *field, const ts_json *arg,
                       const schema_scope *in) {
    return schema(c, arg, in, field);
}

static bool schema_list(schema_compiler *c, void *field, const ts_json *arg,
                        const schema_scope *in) {
    schema_nodes *l = field;
    size_t i = 0;
    if (arg->type != TS_JSON_ARRAY || !arg->n) return refuse(c, in, "is not a list of schemas");
    *l = (schema_nodes){0};
    TS_JSON_EACH(x, arg) {
        schema_place here = {.up = in->at, .index = i++};
        schema_node *n = 0;
        if (!schema(c, x, &(schema_scope){&here, in->base}, &n)) return false;
        *ts_push(c->a, l) = n;
    }
    return true;
}

static bool no_members(schema_compiler *c, const schema_scope *in) {
    return refuse(c, in, "is not an object");
}

static schema_place member_place(const schema_scope *in, const ts_json *name) {
    ts_str s = ts_json_str(name);
    return (schema_place){.up = in->at, .name = {s.p ? s.p : "", s.n}};
}

static bool schema_map(schema_compiler *c, void *field, const ts_json *arg,
                       const schema_scope *in) {
    if (arg->type != TS_JSON_OBJECT) return no_members(c, in);
    TS_JSON_EACH_MEMBER(name, x, arg) {
        schema_place here = member_place(in, name);
        schema_node *n = 0;
        if (!schema(c, x, &(schema_scope){&here, in->base}, &n)) return false;
        *ts_map_put(c->a, field, here.name, 0) = (uintptr_t)n;
    }
    return true;
}

/* $defs, definitions: compiled, and found by references alone. */
static bool definitions(schema_compiler *c, void *field, const ts_json *arg,
                        const schema_scope *in) {
    ts_map unused = {0};
    (void)field;
    return schema_map(c, &unused, arg, in);
}

/* OpenAPI's place for definitions. */
static bool components(schema_compiler *c, void *field, const ts_json *arg,
                       const schema_scope *in) {
    if (!c->legacy) return refuse(c, in, "is not a keyword that is supported");
    if (arg->type != TS_JSON_OBJECT) return no_members(c, in);
    TS_JSON_EACH_MEMBER(name, x, arg) {
        schema_place here = member_place(in, name);
        schema_scope inner = {&here, in->base};
        if (!ts_str_is(here.name, "schemas"))
            return refuse(c, &inner, "is not a keyword that is supported");
        if (!definitions(c, field, x, &inner)) return false;
    }
    return true;
}

static bool pattern(schema_compiler *c, ts_str source, const schema_scope *in,
                    schema_pattern **out) {
    ts_error e = {0};
    *out = schema_pattern_new(c->a, source, &e);
    if (*out) return true;
    return ts_fail(c->e, e.code, "schema: '%s' at %s %s", schema_plain(c->a, source),
                   schema_plain_pointer(c->a, in->at), e.msg);
}

static bool pattern_map(schema_compiler *c, void *field, const ts_json *arg,
                        const schema_scope *in) {
    schema_node *n = field;
    if (arg->type != TS_JSON_OBJECT) return no_members(c, in);
    TS_JSON_EACH_MEMBER(name, x, arg) {
        schema_place here = member_place(in, name);
        schema_scope inner = {&here, in->base};
        schema_pattern *p = 0;
        if (!pattern(c, here.name, &inner, &p) || !schema(c, x, &inner, &p->node)) return false;
        *ts_push(c->a, &n->object.patterns) = p;
    }
    return true;
}

static bool one_pattern(schema_compiler *c, void *field, const ts_json *arg,
                        const schema_scope *in) {
    if (arg->type != TS_JSON_STRING) return refuse(c, in, "is not a text");
    return pattern(c, ts_json_str(arg), in, field);
}

static bool count(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    return schema_count_of(arg, field) || refuse(c, in, "is not a whole number of at least 0");
}

static bool number(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    if (arg->type != TS_JSON_NUMBER) return refuse(c, in, "is not a number");
    *(const ts_json **)field = arg;
    return true;
}

/* exclusiveMinimum, exclusiveMaximum: in draft-04 true or false, see settle(). */
static bool exclusive(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    if (c->draft != DRAFT_04) return number(c, field, arg, in);
    return arg->type == TS_JSON_TRUE || arg->type == TS_JSON_FALSE ||
           refuse(c, in, "is neither true nor false");
}

static bool divisor(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    if (arg->type != TS_JSON_NUMBER) return refuse(c, in, "is not a number");
    schema_decimal d = schema_decimal_of(ts_json_text(arg));
    if (!d.digits || d.neg) return refuse(c, in, "is not more than 0");
    if (d.digits > 18 || d.far) return refuse(c, in, "has more than 18 digits: not supported");
    return number(c, field, arg, in);
}

static bool flag(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    if (arg->type != TS_JSON_TRUE && arg->type != TS_JSON_FALSE)
        return refuse(c, in, "is neither true nor false");
    *(bool *)field = arg->type == TS_JSON_TRUE;
    return true;
}

static bool any_value(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    (void)c, (void)in;
    *(const ts_json **)field = arg;
    return true;
}

static bool value_list(schema_compiler *c, void *field, const ts_json *arg,
                       const schema_scope *in) {
    if (arg->type != TS_JSON_ARRAY) return refuse(c, in, "is not a list");
    return any_value(c, field, arg, in);
}

static bool name_list(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    ts_strs *l = field;
    if (arg->type != TS_JSON_ARRAY) return refuse(c, in, "is not a list of names");
    *l = (ts_strs){0};
    TS_JSON_EACH(x, arg) {
        if (x->type != TS_JSON_STRING) return refuse(c, in, "is not a list of names");
        *ts_push(c->a, l) = ts_json_str(x);
    }
    return true;
}

static bool add_type(schema_compiler *c, schema_node *n, const ts_json *v) {
    static const struct {
        const char *name;
        unsigned bits;
    } types[] = {
        {"null", 1u << TS_JSON_NULL},     {"boolean", 1u << TS_JSON_FALSE | 1u << TS_JSON_TRUE},
        {"number", 1u << TS_JSON_NUMBER}, {"string", 1u << TS_JSON_STRING},
        {"array", 1u << TS_JSON_ARRAY},   {"object", 1u << TS_JSON_OBJECT},
        {"integer", TYPE_INTEGER},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!ts_str_is(ts_json_str(v), types[i].name)) continue;
        n->types |= types[i].bits;
        if (types[i].bits == TYPE_INTEGER && c->draft == DRAFT_04) n->types |= TYPE_PLAIN;
        return true;
    }
    return false;
}

static bool type(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    schema_node *n = field;
    n->typed = true;
    n->types = 0;
    if (arg->type != TS_JSON_ARRAY)
        return add_type(c, n, arg) || refuse(c, in, "is not a type of JSON Schema");
    TS_JSON_EACH(x, arg)
    if (!add_type(c, n, x)) return refuse(c, in, "is not a list of types of JSON Schema");
    return true;
}

static bool format(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    schema_node *n = field;
    if (arg->type != TS_JSON_STRING) return refuse(c, in, "is not a text");
    n->string.format = ts_json_str(arg);
    n->string.check = schema_format_find(n->string.format);
    return true;
}

static bool items(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    schema_node *n = field;
    n->array.rest_keyword = "items";
    if (c->draft < DRAFT_2020 && arg->type == TS_JSON_ARRAY)
        return !arg->n || schema_list(c, &n->array.prefix, arg, in);
    return schema(c, arg, in, &n->array.rest);
}

/* dependencies (draft-07), dependentRequired, dependentSchemas. */
static bool dependents(schema_compiler *c, void *field, const ts_json *arg,
                       const schema_scope *in) {
    schema_node *n = field;
    static const char *const names[] = {"dependencies", "dependentRequired", "dependentSchemas"};
    size_t kind = 0;
    while (kind < 2 && !ts_str_is(in->at->name, names[kind])) kind++;
    if (arg->type != TS_JSON_OBJECT) return no_members(c, in);
    TS_JSON_EACH_MEMBER(name, x, arg) {
        schema_place here = member_place(in, name);
        schema_scope inner = {&here, in->base};
        schema_dependent d = {.keyword = names[kind], .name = here.name};
        bool list = kind == 1 || (kind == 0 && x->type == TS_JSON_ARRAY);
        if (!(list ? name_list(c, &d.required, x, &inner) : schema(c, x, &inner, &d.node)))
            return false;
        *ts_push(c->a, &n->object.dependents) = d;
    }
    return true;
}

static bool reference(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    if (arg->type != TS_JSON_STRING) return refuse(c, in, "is not a text");
    return schema_refer(c, field, arg, in);
}

/* ---- drafts ---- */

static enum schema_draft draft_of(const schema_compiler *c, ts_str uri) {
    static const struct {
        const char *uri;
        enum schema_draft draft;
    } drafts[] = {
        {"https://json-schema.org/draft/2020-12/schema", DRAFT_2020},
        {"https://json-schema.org/draft/2019-09/schema", DRAFT_2019},
        {"http://json-schema.org/draft-07/schema", DRAFT_07},
        {"http://json-schema.org/draft-04/schema", DRAFT_04},
    };
    if (uri.n && uri.p[uri.n - 1] == '#') uri.n--;
    for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++)
        if (ts_str_is(uri, drafts[i].uri) && (drafts[i].draft != DRAFT_04 || c->legacy))
            return drafts[i].draft;
    return 0;
}

/* "$schema": one draft for the whole document. */
static bool dialect(schema_compiler *c, void *field, const ts_json *arg, const schema_scope *in) {
    (void)field;
    enum schema_draft d = arg->type == TS_JSON_STRING ? draft_of(c, ts_json_str(arg)) : 0;
    if (!d) return refuse(c, in, "names a draft that is not supported");
    return d == c->draft || refuse(c, in, "names another draft than the document");
}

static bool vocabulary(schema_compiler *c, void *field, const ts_json *arg,
                       const schema_scope *in) {
    static const char *const known[] = {"core",       "applicator",       "unevaluated",
                                        "validation", "meta-data",        "format-annotation",
                                        "content",    "format-assertion", "format"};
    (void)field;
    if (arg->type != TS_JSON_OBJECT) return no_members(c, in);
    TS_JSON_EACH_MEMBER(name, x, arg) {
        ts_str s = ts_json_str(name), prefix = TS_S("https://json-schema.org/draft/2020-12/vocab/");
        bool found = x->type == TS_JSON_FALSE;
        for (size_t i = 0; !found && i < sizeof known / sizeof *known; i++)
            found = ts_str_starts(s, prefix) && ts_str_is(ts_str_from(s, prefix.n), known[i]);
        if (!found) return refuse(c, in, "asks for a vocabulary that is not known");
    }
    return true;
}

/* ---- the keywords ---- */

enum {
    FROM_04 = DRAFT_04 | DRAFT_07 | DRAFT_2019 | DRAFT_2020,
    FROM_07 = DRAFT_07 | DRAFT_2019 | DRAFT_2020,
    FROM_2019 = DRAFT_2019 | DRAFT_2020,
    UNTIL_07 = DRAFT_04 | DRAFT_07,
    UNTIL_2019 = DRAFT_04 | DRAFT_07 | DRAFT_2019,
};
#define AT(field) offsetof(schema_node, field)

static const keyword keywords[] = {
    {"$schema", FROM_04, dialect, 0},
    {"$id", FROM_07, label, 0}, /* schema_identify() reads these three first */
    {"id", DRAFT_04, label, 0},
    {"$anchor", FROM_2019, label, 0},
    {"$ref", FROM_04, reference, 0},
    {"$vocabulary", FROM_2019, vocabulary, 0},
    {"$defs", FROM_07, definitions, 0},
    {"definitions", FROM_04, definitions, 0},
    {"components", FROM_04, components, 0},
    {"type", FROM_04, type, 0},
    {"enum", FROM_04, value_list, AT(values)},
    {"const", FROM_07, any_value, AT(constant)},
    {"multipleOf", FROM_04, divisor, AT(number.multiple)},
    {"minimum", FROM_04, number, AT(number.minimum)},
    {"maximum", FROM_04, number, AT(number.maximum)},
    {"exclusiveMinimum", FROM_04, exclusive, AT(number.above)},
    {"exclusiveMaximum", FROM_04, exclusive, AT(number.below)},
    {"minLength", FROM_04, count, AT(string.min)},
    {"maxLength", FROM_04, count, AT(string.max)},
    {"pattern", FROM_04, one_pattern, AT(string.pattern)},
    {"format", FROM_04, format, 0},
    {"minItems", FROM_04, count, AT(array.min)},
    {"maxItems", FROM_04, count, AT(array.max)},
    {"uniqueItems", FROM_04, flag, AT(array.unique)},
    {"prefixItems", DRAFT_2020, schema_list, AT(array.prefix)},
    {"items", FROM_04, items, 0},
    {"additionalItems", UNTIL_2019, one_schema, AT(array.additional)},
    {"contains", FROM_07, one_schema, AT(array.contains)},
    {"minContains", FROM_2019, count, AT(array.least)},
    {"maxContains", FROM_2019, count, AT(array.most)},
    {"unevaluatedItems", DRAFT_2020, one_schema, AT(array.unevaluated)},
    {"properties", FROM_04, schema_map, AT(object.properties)},
    {"patternProperties", FROM_04, pattern_map, 0},
    {"additionalProperties", FROM_04, one_schema, AT(object.rest)},
    {"propertyNames", FROM_07, one_schema, AT(object.names)},
    {"required", FROM_04, name_list, AT(object.required)},
    {"dependencies", UNTIL_07, dependents, 0},
    {"dependentRequired", FROM_2019, dependents, 0},
    {"dependentSchemas", FROM_2019, dependents, 0},
    {"minProperties", FROM_04, count, AT(object.min)},
    {"maxProperties", FROM_04, count, AT(object.max)},
    {"unevaluatedProperties", FROM_2019, one_schema, AT(object.unevaluated)},
    {"allOf", FROM_04, schema_list, AT(all)},
    {"anyOf", FROM_04, schema_list, AT(any)},
    {"oneOf", FROM_04, schema_list, AT(one)},
    {"not", FROM_04, one_schema, AT(not )},
    {"if", FROM_07, one_schema, AT(cond)},
    {"then", FROM_07, one_schema, AT(then)},
    {"else", FROM_07, one_schema, AT(otherwise)},
    {"title", FROM_04, annotation, 0},
    {"description", FROM_04, annotation, 0},
    {"$comment", FROM_04, annotation, 0},
    {"default", FROM_04, annotation, 0},
    {"examples", FROM_04, annotation, 0},
    {"example", FROM_04, annotation, 0},
    {"deprecated", FROM_04, annotation, 0},
    {"readOnly", FROM_04, annotation, 0},
    {"writeOnly", FROM_04, annotation, 0},
    {"contentEncoding", FROM_04, annotation, 0},
    {"contentMediaType", FROM_04, annotation, 0},
    {"contentSchema", FROM_04, annotation, 0},
    {"name", FROM_04, label, 0}, /* of no standard, in published schemas: a title, */
    {"url", FROM_04, label, 0},  /* where the data is, */
    {"@id", FROM_04, label, 0},  /* and a name in JSON-LD, which is not $id */
};

static bool take_keyword(schema_compiler *c, schema_node *n, const ts_json *name,
                         const ts_json *arg, const schema_scope *in) {
    ts_str s = ts_json_str(name);
    if (ts_str_starts(s, TS_S("x-"))) return true;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if ((keywords[i].drafts & c->draft) && ts_str_is(s, keywords[i].name))
            return keywords[i].take(c, (char *)n + keywords[i].field, arg, in);
    return refuse(c, in, "is not a keyword that is supported");
}

/* ---- documents ---- */

static ts_schema *compile(ts_arena *a, const ts_json *document, bool legacy, ts_error *e) {
    schema_compiler c = {.a = a, .e = e, .document = document, .legacy = legacy};
    const ts_json *named = ts_json_member(document, "$schema");
    ts_schema *s = ts_new(a, ts_schema);
    schema_node *root = 0;
    c.draft = named ? draft_of(&c, ts_json_str(named)) : DRAFT_2020;
    if (!c.draft) {
        ts_fail(e, TS_E_INPUT,
                "schema: '$schema' at /$schema names '%s', a draft that is not supported",
                schema_plain(a, ts_json_text(named)));
        return 0;
    }
    c.nodes = ts_new_n(a, schema_node *, document->span);
    c.any = new_node(&c, 0), c.any->kind = NODE_ANY;
    c.none = new_node(&c, 0), c.none->kind = NODE_NONE;
    if (!schema(&c, document, &(schema_scope){0}, &root) || !schema_join(&c)) return 0;
    *s = (ts_schema){root, c.draft};
    return s;
}

ts_schema *ts_schema_compile(ts_arena *a, const ts_json *document, ts_error *e) {
    return compile(a, document, false, e);
}

ts_schema *ts_schema_compile_legacy(ts_arena *a, const ts_json *document, ts_error *e) {
    return compile(a, document, true, e);
}

/* Nodes and patterns lie in the arena of the schema. What is given back is not to be used again. */
void ts_schema_free(ts_schema *s) {
    if (s) *s = (ts_schema){0};
}
