/* Reading what stands in a filter: logic, comparisons, literals and calls, with their types (RFC
 * 9535 sections 2.3.5 and 2.4.3). */
#include "json_path_part.h"

static const path_expr *logical(path_reader *r);

static path_expr *expr_new(path_reader *r, path_expr_kind kind, const path_expr *one,
                           const path_expr *two) {
    path_expr *x = ts_new(r->a, path_expr);
    *x = (path_expr){.kind = kind, .sides = {one, two}};
    return x;
}

static const path_expr *none(path_reader *r, size_t at, const char *what) {
    r->i = at;
    path_bad(r, what);
    return 0;
}

/* ---- literals ---- */

static const path_expr *literal(path_reader *r, ts_json_type type, ts_str text) {
    path_expr *x = expr_new(r, EXPR_LITERAL, 0, 0);
    x->literal = (ts_json){.p = text.p, .n = (uint32_t)text.n, .span = 1, .type = type};
    return x;
}

static size_t digits(path_reader *r) {
    size_t from = r->i;
    while (ts_is_digit(path_peek(r))) r->i++;
    return r->i - from;
}

static const path_expr *number(path_reader *r) {
    size_t from = r->i;
    double ignored;
    path_take(r, "-");
    bool zero = path_peek(r) == '0';
    size_t n = digits(r);
    bool ok = n == 1 || (n > 1 && !zero);
    if (ok && path_take(r, ".")) ok = digits(r) > 0;
    if (ok && (path_take(r, "e") || path_take(r, "E"))) {
        if (!path_take(r, "-")) path_take(r, "+");
        ok = digits(r) > 0;
    }
    const path_expr *x = literal(r, TS_JSON_NUMBER, (ts_str){r->s.p + from, r->i - from});
    if (!ok) return none(r, from, "no number as JSON writes it");
    return ts_json_f64(&x->literal, &ignored) ? x : none(r, from, "a number that is too large");
}

static const path_expr *query(path_reader *r, bool from_root) {
    path_expr *x = expr_new(r, EXPR_QUERY, 0, 0);
    x->query.from_root = from_root;
    return path_segments(r, &x->query) ? x : 0;
}

/* ---- calls ---- */

typedef enum { TYPE_VALUE, TYPE_NODES, TYPE_LOGICAL } path_type;
static const struct {
    const char *name;
    path_type result, takes[2];
    unsigned n;
} functions[] = {
    [CALL_LENGTH] = {"length", TYPE_VALUE, {TYPE_VALUE}, 1},
    [CALL_COUNT] = {"count", TYPE_VALUE, {TYPE_NODES}, 1},
    [CALL_VALUE] = {"value", TYPE_VALUE, {TYPE_NODES}, 1},
    [CALL_MATCH] = {"match", TYPE_LOGICAL, {TYPE_VALUE, TYPE_VALUE}, 2},
    [CALL_SEARCH] = {"search", TYPE_LOGICAL, {TYPE_VALUE, TYPE_VALUE}, 2},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static bool is_value(const path_expr *x) {
    if (x->kind == EXPR_QUERY) return x->query.singular;
    return x->kind == EXPR_LITERAL ||
           (x->kind == EXPR_CALL && functions[x->function].result == TYPE_VALUE);
}

static const path_expr *operand(path_reader *r);

static bool argument(path_reader *r, path_expr *call, unsigned k) {
    path_blank(r);
    size_t at = r->i;
    const path_expr *x = operand(r);
    if (!x) return false;
    call->sides[k] = x;
    path_blank(r);
    if (functions[call->function].takes[k] == TYPE_NODES)
        return x->kind == EXPR_QUERY || none(r, at, "the function takes a query");
    return is_value(x) || none(r, at, "the function takes one value");
}

static void literal_pattern(path_reader *r, path_expr *call) {
    const path_expr *x = call->sides[1];
    if (functions[call->function].result != TYPE_LOGICAL || x->kind != EXPR_LITERAL ||
        x->literal.type != TS_JSON_STRING)
        return;
    path_pattern *p = ts_new(r->a, path_pattern);
    *p = path_pattern_new(r->a, ts_json_str(&x->literal), call->function == CALL_MATCH);
    call->pattern = p;
}

/* Behind "name(". */
static const path_expr *call(path_reader *r, size_t at, ts_str name) {
    path_expr *x = expr_new(r, EXPR_CALL, 0, 0);
    int f = 0;
    while (f < FUNCTIONS && !ts_str_is(name, functions[f].name)) f++;
    if (f == FUNCTIONS) return none(r, at, "a function that is not known");
    x->function = (path_function)f;
    for (unsigned k = 0; k < functions[f].n; k++) {
        if (k && !path_take(r, ",")) return none(r, r->i, "an argument is missing: no ','");
        if (!argument(r, x, k)) return 0;
    }
    if (!path_take(r, ")")) return none(r, r->i, "')' is missing behind the arguments");
    literal_pattern(r, x);
    if (x->pattern && x->pattern->state == PATTERN_TOO_LARGE)
        return none(r, at, "a pattern that is too large");
    return x;
}

/* true, false, null, or a call. */
static const path_expr *word(path_reader *r) {
    static const char *const words[] = {"null", "false", "true"};
    static const ts_json_type types[] = {TS_JSON_NULL, TS_JSON_FALSE, TS_JSON_TRUE};
    size_t from = r->i;
    int c;
    while ((c = path_peek(r)) == '_' || ts_is_digit(c) || (c >= 'a' && c <= 'z')) r->i++;
    ts_str name = {r->s.p + from, r->i - from};
    if (name.n && name.p[0] >= 'a' && path_take(r, "(")) {
        if (++r->depth > TS_JSON_PATH_NESTED) return none(r, from, "too much within each other");
        const path_expr *x = call(r, from, name);
        r->depth--;
        return x;
    }
    for (int k = 0; k < 3; k++)
        if (ts_str_is(name, words[k])) return literal(r, types[k], name);
    return none(r, from, "no value: a query (@…, $…), a literal or a function is meant");
}

static const path_expr *operand(path_reader *r) {
    int c = path_peek(r);
    if (path_take(r, "@")) return query(r, false);
    if (path_take(r, "$")) return query(r, true);
    if (c == '-' || ts_is_digit(c)) return number(r);
    if (c == '\'' || c == '"') {
        ts_str text;
        return path_string(r, &text) ? literal(r, TS_JSON_STRING, text) : 0;
    }
    return word(r);
}

/* ---- logic ---- */

static bool op(path_reader *r, path_op *out) {
    static const char *const ops[] = {"==", "!=", "<=", ">=", "<", ">"};
    for (int k = 0; k < 6; k++)
        if (path_take(r, ops[k])) return *out = (path_op)k, true;
    return false;
}

static const path_expr *tested(path_reader *r, const path_expr *x, size_t at) {
    if (x->kind == EXPR_QUERY ||
        (x->kind == EXPR_CALL && functions[x->function].result == TYPE_LOGICAL))
        return x;
    return none(r, at, "a value that is neither compared nor a test");
}

static const path_expr *comparison_or_test(path_reader *r) {
    size_t at = r->i;
    path_op o;
    const path_expr *one = operand(r);
    if (!one) return 0;
    size_t mark = r->i;
    path_blank(r);
    if (!op(r, &o)) {
        r->i = mark;
        return tested(r, one, at);
    }
    if (!is_value(one)) return none(r, at, "what is compared is not one value");
    path_blank(r);
    at = r->i;
    const path_expr *two = operand(r);
    if (!two) return 0;
    if (!is_value(two)) return none(r, at, "what is compared is not one value");
    path_expr *x = expr_new(r, EXPR_COMPARE, one, two);
    x->op = o;
    return x;
}

/* Behind '('. */
static const path_expr *parenthesis(path_reader *r) {
    path_blank(r);
    const path_expr *x = logical(r);
    if (!x) return 0;
    path_blank(r);
    return path_take(r, ")") ? x : none(r, r->i, "')' is missing");
}

static const path_expr *basic(path_reader *r) {
    if (path_take(r, "(")) return parenthesis(r);
    if (!path_take(r, "!")) return comparison_or_test(r);
    path_blank(r);
    size_t at = r->i;
    const path_expr *x = path_take(r, "(") ? parenthesis(r) : operand(r);
    if (x && r->s.p[at] != '(') x = tested(r, x, at);
    return x ? expr_new(r, EXPR_NOT, x, 0) : 0;
}

static const path_expr *chain(path_reader *r, const char *sign, path_expr_kind kind,
                              const path_expr *(*next)(path_reader *)) {
    const path_expr *x = next(r);
    for (size_t mark = r->i; x; mark = r->i) {
        path_blank(r);
        if (!path_take(r, sign)) {
            r->i = mark;
            break;
        }
        path_blank(r);
        const path_expr *y = next(r);
        x = y ? expr_new(r, kind, x, y) : 0;
    }
    return x;
}

static const path_expr *conjunction(path_reader *r) { return chain(r, "&&", EXPR_AND, basic); }

static const path_expr *logical(path_reader *r) {
    if (++r->depth > TS_JSON_PATH_NESTED) return none(r, r->i, "too much within each other");
    const path_expr *x = chain(r, "||", EXPR_OR, conjunction);
    r->depth--;
    return x;
}

const path_expr *path_filter(path_reader *r) { return logical(r); }
