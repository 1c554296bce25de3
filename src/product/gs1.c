#include "gs1.h"

#include "gs1_lint.h"
#include "gs1_message.h"
#include "identifier.h"

#define FNC1 '\x1D'

/* ---- one value ---- */

static bool bad(const gs1_found *f, size_t place, const char *what, ts_error *e) {
    ts_fail(e, TS_E_INPUT, "AI (%.*s), place %zu: %s", TS_P(f->ai), place + 1, what);
    return ts_fail_at(e, 0, 0, f->at);
}

static bool wrong_length(const gs1_found *f, size_t need, const char *how, ts_error *e) {
    if (f->value.n == 0)
        ts_fail(e, TS_E_INPUT, "AI (%.*s) is empty; give it a value or leave it out", TS_P(f->ai));
    else
        ts_fail(e, TS_E_INPUT, "AI (%.*s) has %zu characters, %s %zu", TS_P(f->ai), f->value.n, how,
                need);
    return ts_fail_at(e, 0, 0, f->at);
}

static bool bad_character(const gs1_found *f, size_t place, uint8_t set, ts_error *e) {
    const char *allowed = set == GS1_SET_N   ? "digits"
                          : set == GS1_SET_X ? "letters, digits and !\"%&'()*+,-./:;<=>?_"
                          : set == GS1_SET_Y ? "capitals, digits and #-/"
                                             : "letters, digits, - and _";
    unsigned char c = (unsigned char)f->value.p[place];
    char shown[8];
    snprintf(shown, sizeof shown, c > 0x20 && c < 0x7F ? "'%c'" : "0x%02X", c);
    ts_fail(e, TS_E_INPUT, "AI (%.*s), place %zu: %s is not among what is allowed here: %s",
            TS_P(f->ai), place + 1, shown, allowed);
    return ts_fail_at(e, 0, 0, f->at);
}

/* Base64url may end in one or two '=' that fill up its last group. */
static size_t padding(ts_str part, uint8_t set) {
    size_t n = 0;
    if (set != GS1_SET_Z) return 0;
    while (n < 2 && n < part.n && part.p[part.n - 1 - n] == '=') n++;
    return n;
}

static bool component_check(const gs1_found *f, const gs1_component *c, size_t at, size_t n,
                            ts_error *e) {
    ts_str part = {f->value.p + at, n};
    size_t end = n - padding(part, c->set);
    for (size_t i = 0; i < end; i++)
        if (!(gs1_byte[(unsigned char)part.p[i]] & c->set))
            return bad_character(f, at + i, c->set, e);
    for (unsigned i = 0; i < c->lints; i++) {
        gs1_flaw flaw;
        if (!gs1_lint(c->lint[i], part, &flaw)) return bad(f, at + flaw.at, flaw.what, e);
    }
    return true;
}

bool gs1_value_check(const gs1_found *f, ts_error *e) {
    const gs1_entry *t = f->entry;
    size_t at = 0;
    if (f->value.n > t->max) return wrong_length(f, t->max, "at most", e);
    for (unsigned i = 0; i < t->components; i++) {
        const gs1_component *c = &t->component[i];
        size_t left = f->value.n - at, n = left < c->max ? left : c->max;
        if (left == 0 && c->optional) return true;
        if (n < c->min) return wrong_length(f, at + c->min, "here it needs at least", e);
        if (!component_check(f, c, at, n, e)) return false;
        at += n;
    }
    return true;
}

/* ---- the message ---- */

bool gs1_look_up(gs1_found *f, ts_error *e) {
    f->entry = gs1_find(f->ai, &f->code);
    if (f->entry) return true;
    bool digits = f->ai.n > 0;
    for (size_t i = 0; i < f->ai.n; i++) digits &= ts_is_digit(f->ai.p[i]);
    if (digits)
        ts_fail(e, TS_E_INPUT, "(%.*s) is not a known AI; compare it with its source",
                TS_P(ts_str_to(f->ai, 8)));
    else
        ts_fail(e, TS_E_INPUT, "an AI is two to four digits; write for instance (01) or (10)");
    return ts_fail_at(e, 0, 0, f->at);
}

static bool add(ts_gs1 *g, ts_str ai, ts_str value, ts_error *e) {
    if (g->n == TS_GS1_MAX)
        return ts_fail(e, TS_E_LIMIT, "more than %d AIs in one message", TS_GS1_MAX);
    g->v[g->n++] = (ts_gs1_ai){ai, value};
    return true;
}

static bool differs(ts_str ai, ts_error *e) {
    return ts_fail(e, TS_E_INPUT,
                   "AI (%.*s) is there twice with different values; keep the right one", TS_P(ai));
}

bool gs1_take(ts_gs1 *g, gs1_known *k, const gs1_found *f, ts_error *e) {
    if (!gs1_value_check(f, e)) return false;
    for (size_t i = 0; i < g->n; i++)
        if (k->code[i] == f->code) return ts_str_eq(g->v[i].value, f->value) || differs(f->ai, e);
    if (!add(g, f->ai, f->value, e)) return false;
    k->entry[g->n - 1] = f->entry;
    k->code[g->n - 1] = f->code;
    return true;
}

static bool any_matches(const gs1_known *k, size_t n, const gs1_pattern *p, gs1_code but,
                        size_t *which) {
    for (size_t i = 0; i < n; i++)
        if (k->code[i] >= p->from && k->code[i] <= p->to && k->code[i] != but)
            return *which = i, true;
    return false;
}

/* One of the groups must be there whole. */
static bool required(const gs1_known *k, size_t n, const gs1_pattern *p) {
    for (bool whole = true;; p++) {
        size_t which;
        whole = whole && any_matches(k, n, p, UINT16_MAX, &which);
        if (p->end == GS1_AND) continue;
        if (whole || p->end == GS1_END) return whole;
        whole = true;
    }
}

static bool excluded(const gs1_known *k, size_t n, size_t self, size_t *other) {
    for (const gs1_pattern *p = k->entry[self]->ex; p; p = p->end == GS1_END ? 0 : p + 1)
        if (any_matches(k, n, p, k->code[self], other)) return true;
    return false;
}

bool gs1_rules_check(const ts_gs1 *g, const gs1_known *k, ts_error *e) {
    for (size_t i = 0; i < g->n; i++) {
        const gs1_entry *t = k->entry[i];
        size_t other;
        if (excluded(k, g->n, i, &other))
            return ts_fail(e, TS_E_INPUT, "AI (%.*s) and AI (%.*s) exclude each other; keep one",
                           TS_P(g->v[i].ai), TS_P(g->v[other].ai));
        if (t->req && !required(k, g->n, t->req))
            return ts_fail(e, TS_E_INPUT, "AI (%.*s) needs other AIs beside it; add one of: %s",
                           TS_P(g->v[i].ai), t->req_text);
    }
    return true;
}

bool ts_gs1_validate(const ts_gs1 *g, ts_error *e) {
    ts_gs1 seen;
    gs1_known k;
    seen.n = 0;
    if (g->n == 0)
        return ts_fail(e, TS_E_INPUT, "there is no AI; give at least a key such as (01)");
    for (size_t i = 0; i < g->n; i++) {
        gs1_found f = {.ai = g->v[i].ai, .value = g->v[i].value};
        if (!gs1_look_up(&f, e) || !gs1_take(&seen, &k, &f, e)) return false;
    }
    return gs1_rules_check(&seen, &k, e);
}

/* ---- brackets ---- */

/* The value up to the next AI: `rest` is moved there. `escaped` tells of a "\(" in it. */
static ts_str cut_value(ts_str *rest, bool *escaped) {
    size_t i = 0;
    *escaped = false;
    while (i < rest->n && rest->p[i] != '(') {
        bool pair = rest->p[i] == '\\' && i + 1 < rest->n && rest->p[i + 1] == '(';
        *escaped |= pair;
        i += pair ? 2 : 1;
    }
    ts_str value = ts_str_to(*rest, i);
    *rest = ts_str_from(*rest, i);
    return value;
}

static ts_str without_escapes(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n), *w = p;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\\' || i + 1 == s.n || s.p[i + 1] != '(') *w++ = s.p[i];
    return (ts_str){p, (size_t)(w - p)};
}

static bool read_bracket(ts_arena *a, ts_str text, ts_str *rest, gs1_found *f, ts_error *e) {
    size_t at = text.n - rest->n, close = ts_str_chr(*rest, ')');
    bool escaped;
    if (rest->p[0] != '(' || close == TS_NPOS) {
        ts_fail(e, TS_E_INPUT,
                "an AI in brackets is missing here; write for instance "
                "(01)09521234543213(10)ABC, and \\( for a '(' inside a value");
        return ts_fail_at(e, 0, 0, at);
    }
    f->ai = (ts_str){rest->p + 1, close - 1};
    f->at = at;
    if (!gs1_look_up(f, e)) return false;
    f->at = at + close + 1;
    *rest = ts_str_from(*rest, close + 1);
    f->value = cut_value(rest, &escaped);
    if (escaped) f->value = without_escapes(a, f->value);
    return true;
}

bool ts_gs1_from_brackets(ts_arena *a, ts_str text, ts_gs1 *out, ts_error *e) {
    gs1_known k;
    out->n = 0;
    if (text.n == 0) return ts_fail(e, TS_E_INPUT, "there is no AI; give at least a key");
    for (ts_str rest = text; rest.n;) {
        gs1_found f;
        if (!read_bracket(a, text, &rest, &f, e) || !gs1_take(out, &k, &f, e)) return false;
    }
    return gs1_rules_check(out, &k, e);
}

ts_str ts_gs1_brackets(ts_arena *a, const ts_gs1 *g) {
    ts_buf b = ts_buf_new(a, SIZE_MAX / 4);
    for (size_t i = 0; i < g->n; i++) {
        ts_str s = g->v[i].value;
        ts_buf_c(&b, '(');
        ts_buf_put(&b, g->v[i].ai);
        ts_buf_c(&b, ')');
        for (size_t k = 0; k < s.n; k++) {
            if (s.p[k] == '(') ts_buf_c(&b, '\\');
            ts_buf_c(&b, s.p[k]);
        }
    }
    return ts_buf_str(&b);
}

/* ---- element strings ---- */

static bool is_fnc1(char c) { return c == FNC1 || c == '^'; }

/* ISO/IEC 15424: what kind of symbol it was. Those that hold AIs have one sign more or less than
 * their kind without them. */
static bool skip_symbology(ts_str *rest, ts_error *e) {
    static const char *const with_ais[] = {"]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"};
    if (rest->n == 0 || rest->p[0] != ']') return true;
    ts_str id = ts_str_to(*rest, 3);
    for (size_t i = 0; i < sizeof with_ais / sizeof *with_ais; i++)
        if (ts_str_is(id, with_ais[i])) {
            *rest = ts_str_from(*rest, 3);
            return true;
        }
    return ts_fail(e, TS_E_INPUT,
                   "the scanner's symbology identifier at the beginning does not stand for GS1 AIs "
                   "(]C1, ]d2, ]Q3, ]e0, ]J1); if they are AIs all the same, take it away");
}

/* Up to the FNC1 or, for an AI of predefined length, that many characters. */
static size_t element_length(ts_str rest, const gs1_entry *t) {
    size_t n = 0, most = t->predefined ? t->max : rest.n;
    while (n < rest.n && n < most && !is_fnc1(rest.p[n])) n++;
    return n;
}

static bool read_element(ts_str text, ts_str *rest, gs1_found *f, ts_error *e) {
    size_t n = gs1_ai_length(*rest);
    f->at = text.n - rest->n;
    f->ai = ts_str_to(*rest, n ? n : 2);
    if (!gs1_look_up(f, e)) return false;
    *rest = ts_str_from(*rest, n);
    f->at += n;
    f->value = ts_str_to(*rest, element_length(*rest, f->entry));
    *rest = ts_str_from(*rest, f->value.n);
    if (f->value.n > f->entry->max) {
        ts_fail(e, TS_E_INPUT,
                "AI (%.*s) has %zu characters, at most %u; the FNC1 behind it may be missing",
                TS_P(f->ai), f->value.n, f->entry->max);
        return ts_fail_at(e, 0, 0, f->at);
    }
    if (rest->n && is_fnc1(rest->p[0])) *rest = ts_str_from(*rest, 1);
    return true;
}

bool ts_gs1_from_element_string(ts_arena *a, ts_str text, ts_gs1 *out, ts_error *e) {
    (void)a; /* values point into the text */
    gs1_known k;
    ts_str rest = text;
    out->n = 0;
    if (!skip_symbology(&rest, e)) return false;
    if (rest.n && is_fnc1(rest.p[0])) rest = ts_str_from(rest, 1);
    if (rest.n == 0) return ts_fail(e, TS_E_INPUT, "there is no AI; give at least a key");
    while (rest.n) {
        gs1_found f;
        if (!read_element(text, &rest, &f, e) || !gs1_take(out, &k, &f, e)) return false;
    }
    return gs1_rules_check(out, &k, e);
}

static bool predefined(ts_str ai) {
    gs1_code code;
    const gs1_entry *t = gs1_find(ai, &code);
    return t && t->predefined;
}

ts_str ts_gs1_element_string(ts_arena *a, const ts_gs1 *g) {
    ts_buf b = ts_buf_new(a, SIZE_MAX / 4);
    bool open = false;
    for (int first = 1; first >= 0; first--)
        for (size_t i = 0; i < g->n; i++) {
            if (predefined(g->v[i].ai) != (first == 1)) continue;
            if (open) ts_buf_c(&b, FNC1);
            ts_buf_put(&b, g->v[i].ai);
            ts_buf_put(&b, g->v[i].value);
            open = first == 0;
        }
    return ts_buf_str(&b);
}

/* ---- small things ---- */

ts_str ts_gs1_get(const ts_gs1 *g, const char *ai) {
    for (size_t i = 0; i < g->n; i++)
        if (ts_str_is(g->v[i].ai, ai)) return g->v[i].value;
    return TS_NONE;
}

bool ts_gs1_add(ts_gs1 *g, ts_str ai, ts_str value, ts_error *e) { return add(g, ai, value, e); }

ts_str ts_gs1_title(ts_str ai) {
    gs1_code code;
    const gs1_entry *t = gs1_find(ai, &code);
    return t ? t->title : TS_NONE;
}

bool ts_gtin_as_14(ts_str digits, char out[14], ts_error *e) {
    if (digits.n != 8 && (digits.n < 12 || digits.n > 14))
        return ts_fail(e, TS_E_INPUT, "a GTIN has 8, 12, 13 or 14 digits, not %zu", digits.n);
    if (!ts_gtin_check(digits))
        return ts_fail(e, TS_E_INPUT,
                       "the check digit of the GTIN is wrong; compare the number with its source");
    memset(out, '0', 14 - digits.n);
    memcpy(out + 14 - digits.n, digits.p, digits.n);
    return true;
}
