#include "schema_part.h"

static bool fits_type(schema_run *r, const schema_node *n, const ts_json *v) {
    if (n->types & 1u << v->type) return true;
    if (v->type != TS_JSON_NUMBER || !(n->types & TYPE_INTEGER)) return false;
    if (!schema_spend(r, v->n / 64)) return false;
    ts_str text = ts_json_text(v);
    if (n->types & TYPE_PLAIN) /* draft-04: how it is written counts */
        return ts_str_chr(text, '.') == TS_NPOS && ts_str_chr(text, 'e') == TS_NPOS &&
               ts_str_chr(text, 'E') == TS_NPOS;
    return schema_decimal_whole(schema_decimal_of(text));
}

static bool type_holds(schema_run *r, const schema_node *n, const ts_json *v,
                       const schema_place *at) {
    static const char *const is[] = {"null",     "false",  "true",     "a number",
                                     "a string", "a list", "an object"};
    if (!n->typed || fits_type(r, n, v)) return true;
    bool number = v->type == TS_JSON_NUMBER && n->types & TYPE_INTEGER;
    return schema_fault(r, at, "type", "is %s, where %s is expected",
                        number ? schema_show(r, v) : is[v->type], schema_show_types(r, n->types));
}

static bool values_hold(schema_run *r, const schema_node *n, const ts_json *v,
                        const schema_place *at) {
    if (n->constant && !schema_equal(r, v, n->constant))
        return schema_fault(r, at, "const", "%s is not %s", schema_show(r, v),
                            schema_show(r, n->constant));
    if (!n->values) return true;
    if (!schema_spend(r, n->values->n / 16)) return false;
    TS_JSON_EACH(x, n->values) {
        bool far = x->type != v->type || (v->type >= TS_JSON_STRING && x->n != v->n);
        if (!far && schema_equal(r, v, x)) return true;
    }
    if (!n->values->n)
        return schema_fault(r, at, "enum", "%s: no value at all is allowed", schema_show(r, v));
    return schema_fault(r, at, "enum", "%s is none of %s", schema_show(r, v),
                        schema_show_list(r, n->values));
}

/* ---- numbers ---- */

/* The comparison x ? limit, or SCHEMA_UNKNOWN with the run left open. */
static int against(schema_run *r, schema_decimal x, const ts_json *limit) {
    int c = schema_decimal_cmp(x, schema_decimal_of(ts_json_text(limit)));
    if (c == SCHEMA_UNKNOWN)
        schema_open(r, TS_E_LIMIT, "a number's exponent is too large to compare it");
    return c;
}

static bool multiple_holds(schema_run *r, schema_decimal x, const schema_node *n, const ts_json *v,
                           const schema_place *at) {
    const ts_json *d = n->number.multiple;
    switch (schema_decimal_multiple(x, schema_decimal_of(ts_json_text(d)))) {
    case TS_YES: return true;
    case TS_NO:
        return schema_fault(r, at, "multipleOf", "%s is not a whole multiple of %s",
                            schema_show(r, v), schema_show(r, d));
    default: return schema_open(r, TS_E_LIMIT, "a number's exponent is too large to divide it");
    }
}

static bool number_holds(schema_run *r, const schema_node *n, const ts_json *v,
                         const schema_place *at) {
    struct {
        const char *keyword;
        const ts_json *limit;
        int side; /* where v must not stand */
        bool equal;
        const char *text;
    } bounds[] = {
        {"minimum", n->number.minimum, -1, true, "is less than"},
        {"maximum", n->number.maximum, 1, true, "is more than"},
        {"exclusiveMinimum", n->number.above, -1, false, "is not more than"},
        {"exclusiveMaximum", n->number.below, 1, false, "is not less than"},
    };
    if (!n->numeric) return true;
    if (!schema_spend(r, v->n / 16)) return false;
    schema_decimal x = schema_decimal_of(ts_json_text(v));
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        if (!bounds[i].limit) continue;
        int c = against(r, x, bounds[i].limit);
        if (c == SCHEMA_UNKNOWN) return false;
        if (c == bounds[i].side || (c == 0 && !bounds[i].equal))
            return schema_fault(r, at, bounds[i].keyword, "%s %s %s", schema_show(r, v),
                                bounds[i].text, schema_show(r, bounds[i].limit));
    }
    return !n->number.multiple || multiple_holds(r, x, n, v, at);
}

/* ---- strings ---- */

static uint64_t code_points(ts_str s) {
    uint64_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static const char *characters(uint64_t n) { return n == 1 ? "character" : "characters"; }

static bool length_holds(schema_run *r, const schema_node *n, ts_str s, const schema_place *at) {
    uint64_t min = n->string.min, max = n->string.max, have = code_points(s);
    if (have < min && have == 0) return schema_fault(r, at, "minLength", "is empty");
    if (have < min)
        return schema_fault(r, at, "minLength", "has %llu %s, fewer than %llu",
                            (unsigned long long)have, characters(have), (unsigned long long)min);
    if (have > max)
        return schema_fault(r, at, "maxLength", "has %llu %s, more than %llu",
                            (unsigned long long)have, characters(have), (unsigned long long)max);
    return true;
}

static bool format_holds(schema_run *r, const schema_node *n, const ts_json *v,
                         const schema_place *at) {
    ts_str why = TS_NONE;
    switch (n->string.check(ts_json_str(v), &why)) {
    case TS_YES: return true;
    case TS_NO:
        return schema_fault(r, at, "format", "%s is not of the format %s", schema_show(r, v),
                            schema_show_text(r, n->string.format));
    default:
        return schema_open(r, TS_E_LIMIT, "a text holds a pattern of a kind that is not supported");
    }
}

static bool string_holds(schema_run *r, const schema_node *n, const ts_json *v,
                         const schema_place *at) {
    if (!schema_spend(r, v->n / 64)) return false;
    if ((n->string.min || n->string.max != UINT64_MAX) && !length_holds(r, n, ts_json_str(v), at))
        return false;
    const schema_pattern *p = n->string.pattern;
    if (p && !schema_pattern_finds(r, p, ts_json_str(v)))
        return schema_fault(r, at, "pattern", "%s does not match the pattern %s", schema_show(r, v),
                            schema_show_text(r, p->source));
    return !n->string.check || format_holds(r, n, v, at);
}

bool schema_scalar_holds(schema_run *r, const schema_node *n, const ts_json *v,
                         const schema_place *at) {
    if (!type_holds(r, n, v, at) || !values_hold(r, n, v, at)) return false;
    if (v->type == TS_JSON_NUMBER) return number_holds(r, n, v, at);
    return v->type != TS_JSON_STRING || string_holds(r, n, v, at);
}
