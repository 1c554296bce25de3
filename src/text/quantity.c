#include "quantity.h"

#include <math.h>

static double digits_value(ts_str s) {
    double v = 0;
    for (size_t i = 0; i < s.n && i < 15; i++) v = v * 10 + (s.p[i] - '0');
    return v;
}

/* Whether nothing but that sign stands between token i and the one before it. The tokeniser knows
 * no comma as a connector. */
static bool only_between(const ts_tokens *t, size_t i, char sign) {
    size_t end = i ? (size_t)t->v[i - 1].at + t->v[i - 1].n : 0;
    return i > 0 && t->v[i].at == end + 1 && t->text.p[end] == sign;
}

static bool point(const ts_tokens *t, size_t i) {
    return only_between(t, i, '.') || only_between(t, i, ',');
}

/* What `digits` behind a point or comma make of the number before it, of `n` digits: 3.7, or 1.000.
 */
static double behind_point(double value, size_t n, ts_str digits, bool *thousands) {
    *thousands = n <= 3 && digits.n == 3 && value >= 1;
    return *thousands ? value * 1000 + digits_value(digits)
                      : value + digits_value(digits) / pow(10, (double)digits.n);
}

/* 1/2, 3/4, 5/16: the fractions that sizes are given in; 0 for others. */
static double fraction(double above, ts_str digits) {
    double below = digits_value(digits);
    bool usual = below == 2 || below == 3 || below == 4 || below == 8 || below == 16 ||
                 below == 32 || below == 64;
    return usual && above > 0 && above < below ? above / below : 0;
}

/* "1/2" at token i; 0 when there is none. */
static double fraction_at(const ts_tokens *t, size_t i) {
    bool both = i + 1 < t->n && t->v[i].kind == TS_TOK_NUMBER &&
                t->v[i + 1].kind == TS_TOK_NUMBER && only_between(t, i + 1, '/');
    bool longer =
        (i + 2 < t->n && only_between(t, i + 2, '/')) || only_between(t, i, '/'); /* a date */
    return both && !longer ? fraction(digits_value(ts_token_text(t, i)), ts_token_text(t, i + 1))
                           : 0;
}

/* A number over tokens: 12 | 1,000 | 3.7 | 1.000.000 | 1/2 | 1 1/2. Returns the token behind it. */
static size_t number_at(const ts_tokens *t, size_t i, double *value) {
    size_t k = i + 1, first = t->v[i].n;
    double part = fraction_at(t, i);
    *value = part > 0 ? part : digits_value(ts_token_text(t, i));
    if (part > 0) return i + 2;
    for (bool thousands = true;
         thousands && k < t->n && t->v[k].kind == TS_TOK_NUMBER && point(t, k); k++)
        *value = behind_point(*value, first, ts_token_text(t, k), &thousands);
    part = k == i + 1 && k < t->n && !t->v[k].brk ? fraction_at(t, k) : 0;
    if (part <= 0 || (!only_between(t, k, ' ') && !only_between(t, k, '-'))) return k;
    *value += part;
    return k + 2;
}

/* The longest unit whose words start at token i; returns the token behind it, or i when none. */
static size_t unit_at(const ts_tokens *t, size_t i, unsigned *unit) {
    uint64_t key = TS_SEQ_START;
    size_t end = i;
    for (size_t k = i; k < t->n && k < i + 4 && !(k > i && t->v[k].brk); k++) {
        key = ts_seq_add(key, t->v[k].hash);
        ts_lex_entry e = ts_lexicon_find(key);
        for (unsigned m = 0; m < e.n; m++)
            if (ts_lex_kind_of(e.v[m]) == TS_LEX_UNIT) *unit = ts_lex_value(e.v[m]), end = k + 1;
        if (!e.prefix) break;
    }
    return end;
}

static bool unit_of(const char *p, size_t n, unsigned *unit) {
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, ts_token_hash(p, n)));
    bool any = false; /* of several meanings the last one, as in unit_at */
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_UNIT) *unit = ts_lex_value(e.v[m]), any = true;
    return any;
}

/* The "220" of "220-240 V" and of "110/220V" is no number of a model. */
static void mark_lower_end(ts_tokens *t, size_t from) {
    bool range = from > 0 && t->v[from - 1].kind == TS_TOK_NUMBER &&
                 (only_between(t, from, '-') || only_between(t, from, '/'));
    if (range && t->v[from - 1].glue <= TS_GLUE_NONE &&
        digits_value(ts_token_text(t, from - 1)) < digits_value(ts_token_text(t, from)))
        t->v[from - 1].qty = 1;
}

static void add(ts_arena *a, ts_tokens *t, uint8_t field, ts_quantities *out, size_t from,
                size_t to, double value, unsigned unit) {
    ts_quantity *q = ts_push(a, out);
    *q = (ts_quantity){.value = value * ts_unit_factor(unit),
                       .dimension = (uint8_t)ts_unit_dimension(unit),
                       .name = (uint8_t)ts_unit_dimension_name(unit),
                       .field = field,
                       .from = (uint16_t)from,
                       .to = (uint16_t)to};
    for (size_t i = from; i < to; i++) t->v[i].qty = 1;
    mark_lower_end(t, from);
}

static void add_count(ts_arena *a, ts_tokens *t, uint8_t field, ts_quantities *out, size_t from,
                      size_t to, double n) {
    *ts_push(a, out) = (ts_quantity){.value = n,
                                     .dimension = TS_DIM_COUNT,
                                     .name = TS_DIM_COUNT,
                                     .field = field,
                                     .from = (uint16_t)from,
                                     .to = (uint16_t)to};
    for (size_t i = from; i < to; i++) t->v[i].qty = 1;
}

/* Glued to letters before it, a number belongs to a name: HS-120C is no temperature. */
static bool part_of_a_name(const ts_tokens *t, size_t i) {
    const ts_token *k = &t->v[i];
    bool connected = k->glue == '-' || k->glue == '/' || k->glue == '_' || k->glue == '.';
    return i > 0 && connected &&
           (t->v[i - 1].kind == TS_TOK_WORD || t->v[i - 1].kind == TS_TOK_MIXED) &&
           !t->v[i - 1].qty;
}

/* 1125A is a number of somebody's, not eleven hundred amperes; the same for 301CL and 600L. */
static bool plausible(unsigned unit, ts_str digits) {
    double v = digits_value(digits);
    double base = v * ts_unit_factor(unit);
    if (digits.n > 1 && digits.p[0] == '0') return false;
    switch (ts_unit_dimension(unit)) {
    case TS_DIM_CURRENT: return base <= 64;
    case TS_DIM_VOLUME:
        return base <= (ts_unit_factor(unit) >= 1000 ? 250000
                        : ts_unit_factor(unit) >= 10 ? 1000
                                                     : 100000);
    case TS_DIM_LENGTH: return base <= 500000;
    case TS_DIM_OTHER: return v < 1000 || ts_unit_factor(unit) >= 1;
    default: return true;
    }
}

/* "1/2in" and "1 1/2in", whose last token is i with `digits` in front: sets *value and returns the
 * first token, or i when it is none. */
static size_t slashed(const ts_tokens *t, size_t i, ts_str digits, double *value) {
    double part = fraction(digits_value(ts_token_text(t, i - 1)), digits);
    if (part <= 0) return i;
    bool mixed_number = i > 1 && t->v[i - 2].kind == TS_TOK_NUMBER &&
                        (only_between(t, i - 1, ' ') || only_between(t, i - 1, '-'));
    *value = part + (mixed_number ? digits_value(ts_token_text(t, i - 2)) : 0);
    return mixed_number ? i - 2 : i - 1;
}

enum { TIMES_MAX = 100 }; /* "x4" is a count, X371 a name */

static void times(ts_arena *a, ts_tokens *t, size_t i, uint8_t field, ts_quantities *out) {
    ts_str s = ts_token_text(t, i);
    bool all = s.n >= 2 && s.n <= 4 && s.p[0] == 'x' && t->v[i].glue != '-';
    for (size_t k = 1; k < s.n; k++) all &= ts_is_digit(s.p[k]);
    if (all && digits_value(ts_str_from(s, 1)) <= TIMES_MAX)
        add_count(a, t, field, out, i, i + 1, digits_value(ts_str_from(s, 1)));
}

/* "500ml", "12v", "x4", "4x", "10x20x30": one token of digits and letters. */
static void mixed(ts_arena *a, ts_tokens *t, size_t i, uint8_t field, ts_quantities *out) {
    ts_str s = ts_token_text(t, i);
    size_t d = 0;
    while (d < s.n && ts_is_digit(s.p[d])) d++;
    unsigned unit;
    bool number_before = i > 0 && t->v[i - 1].kind == TS_TOK_NUMBER,
         after_point = number_before && point(t, i);
    if (d == 0) {
        times(a, t, i, field, out);
        return;
    }
    bool letters = true, dims = true;
    for (size_t k = d; k < s.n; k++) {
        letters &= !ts_is_digit(s.p[k]);
        dims &= ts_is_digit(s.p[k]) || s.p[k] == 'x' || s.p[k] == '*';
    }
    if (letters && unit_of(s.p + d, s.n - d, &unit) &&
        (after_point || plausible(unit, ts_str_to(s, d)))) {
        double v = digits_value(ts_str_to(s, d));
        double before = number_before ? digits_value(ts_token_text(t, i - 1)) : 0;
        size_t from = after_point ? i - 1 : i;
        bool thousands;
        if (after_point)
            v = behind_point(before, t->v[i - 1].n, ts_str_to(s, d), &thousands);
        else if (number_before && only_between(t, i, '/'))
            from = slashed(t, i, ts_str_to(s, d), &v);
        add(a, t, field, out, from, i + 1, v, unit);
    } else if (letters && s.n - d == 1 && s.p[d] == 'x' &&
               digits_value(ts_str_to(s, d)) <= TIMES_MAX) {
        add_count(a, t, field, out, i, i + 1, digits_value(ts_str_to(s, d)));
    } else if (dims) {
        t->v[i].qty = 1; /* 10x20x30: a size without one value */
    } else {
        size_t x = d; /* 10x20cm */
        while (x < s.n && (ts_is_digit(s.p[x]) || s.p[x] == 'x')) x++;
        if (x > d + 1 && x < s.n && ts_is_digit(s.p[x - 1]) && unit_of(s.p + x, s.n - x, &unit))
            t->v[i].qty = 1;
    }
}

/* "pack of 4", "set of 6" */
static bool pack_of(const ts_tokens *t, size_t i) {
    if (i < 2 || !ts_str_is(ts_token_text(t, i - 1), "of")) return false;
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, t->v[i - 2].hash));
    unsigned unit;
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_PHRASE && ts_lex_value(e.v[m]) == TS_PHRASE_BUNDLE)
            return true;
    return unit_of(t->text.p + t->v[i - 2].at, t->v[i - 2].n, &unit) &&
           ts_unit_dimension(unit) == TS_DIM_COUNT;
}

/* 65" and 65'' */
static bool inch_sign(ts_str behind) {
    return ts_str_starts(behind, TS_S("\"")) || ts_str_starts(behind, TS_S("''"));
}

/* "WT 2000 S" is a name: one letter behind a blank, and a short word that nobody knows before the
 * number. */
static bool letters_around(const ts_tokens *t, size_t i, size_t unit) {
    if (i == 0 || t->v[i].brk || t->v[i - 1].brk || t->v[unit].n != 1 ||
        t->v[unit].glue != TS_GLUE_SPACE)
        return false;
    const ts_token *before = &t->v[i - 1];
    return before->kind == TS_TOK_WORD && before->n <= 3 && before->bits == 0xFF;
}

void ts_quantities_read(ts_arena *a, ts_tokens *t, uint8_t field, ts_quantities *out) {
    if (t->n > UINT16_MAX) return;
    for (size_t i = 0; i < t->n; i++) {
        if (part_of_a_name(t, i)) continue;
        if (t->v[i].kind == TS_TOK_MIXED) mixed(a, t, i, field, out);
        if (t->v[i].kind != TS_TOK_NUMBER || t->v[i].qty) continue;
        double value;
        unsigned unit;
        size_t end = number_at(t, i, &value);
        size_t last = t->v[end - 1].at + t->v[end - 1].n;
        if (inch_sign(ts_str_from(t->text, last)) && unit_of("inch", 4, &unit)) {
            add(a, t, field, out, i, end, value, unit);
        } else if (end < t->n && !t->v[end].brk && t->v[end].glue != '/' && t->v[end].glue != '.') {
            bool named = t->v[end].kind == TS_TOK_HAN &&
                         t->v[end].typed; /* 38930台灯 is a lamp, not 38930 of something */
            size_t behind = named ? end : unit_at(t, end, &unit);
            if (behind == end + 1 && letters_around(t, i, end)) continue;
            if (behind > end)
                add(a, t, field, out, i, behind, value, unit);
            else if (pack_of(t, i))
                add_count(a, t, field, out, i, end, value);
        } else if (pack_of(t, i)) {
            add_count(a, t, field, out, i, end, value);
        }
        i = end - 1;
    }
}
