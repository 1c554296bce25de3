#include "model.h"

enum {
    KEY_MIN = 3,
    KEY_MAX = 28,
    CHUNK_TOKENS = 6,
    LETTERS_BEFORE = 6,
    LETTERS_BEHIND = 3,
    DEVICE_BITS = 6
};

uint8_t ts_model_bits(ts_str s) {
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < s.n; i++)
        if (ts_is_digit(s.p[i]))
            digits++;
        else
            letters++;
    if (digits == 0 || s.n > KEY_MAX) return 0;
    if (letters == 0) {
        static const uint8_t numeric[] = {0, 0, 0, 2, 4, 7, 10, 12, 13, 14};
        return s.n < sizeof numeric ? numeric[s.n] : 14;
    }
    static const uint8_t mixed[] = {0, 0, 2, 5, 8, 11, 13, 14, 15};
    return s.n < sizeof mixed ? mixed[s.n] : 16;
}

static bool year(ts_str s) {
    return s.n == 4 && (memcmp(s.p, "19", 2) == 0 || (memcmp(s.p, "20", 2) == 0 && s.p[2] < '4'));
}

static bool connects(uint8_t glue) {
    return glue == '-' || glue == '/' || glue == '.' || glue == '_' || glue == '+';
}

/* 13inch, 220v, 20000mah: a quantity, also where it stands as a model number. */
static bool unit_behind_digits(ts_str s) {
    size_t d = 0;
    while (d < s.n && ts_is_digit(s.p[d])) d++;
    if (d == 0 || d == s.n || (s.n - d == 1 && s.p[d] != 'v' && s.p[d] != 'w')) return false;
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, ts_token_hash(s.p + d, s.n - d)));
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_UNIT) return true;
    return false;
}

typedef struct reader {
    ts_arena *a;
    const ts_tokens *t;
    ts_model_keys *out;
    uint8_t field;
    bool labelled;
} reader;

/* The key of tokens [from, to). */
static void add_key(reader *r, size_t from, size_t to, bool joined, bool whole) {
    char buf[KEY_MAX + 1];
    size_t n = 0;
    bool compat = true;
    for (size_t i = from; i < to; i++) {
        ts_str s = ts_token_text(r->t, i);
        if (n + s.n > KEY_MAX || r->t->v[i].kind == TS_TOK_HAN) return;
        memcpy(buf + n, s.p, s.n);
        n += s.n;
        compat &= r->t->v[i].compat;
    }
    ts_str key = {buf, n};
    uint8_t bits = ts_model_bits(key);
    if (n < KEY_MIN || bits == 0 || year(key)) return;
    bool declared = r->field == TS_F_MODEL;
    for (size_t i = from; joined && !declared && i < to; i++)
        if (year(ts_token_text(r->t, i))) return; /* "Bj. 2024" */
    uint64_t hash = ts_token_hash(buf, n);
    for (size_t i = r->out->n; i-- > 0 && r->out->v[i].chunk == r->out->chunks;)
        if (r->out->v[i].hash == hash) return;
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, hash));
    bool generic = unit_behind_digits(key), numeric = true;
    for (unsigned m = 0; m < e.n; m++) {
        if (ts_lex_kind_of(e.v[m]) != TS_LEX_GENERIC) continue;
        if (ts_lex_value(e.v[m]) == 0)
            generic = true;
        else if (bits > DEVICE_BITS)
            bits = DEVICE_BITS;
    }
    for (size_t i = 0; i < n; i++) numeric &= ts_is_digit(buf[i]) != 0;
    *ts_push(r->a, r->out) = (ts_model_key){.hash = hash,
                                            .text = ts_str_dup(r->a, key),
                                            .chunk = r->out->chunks,
                                            .from = (uint16_t)from,
                                            .to = (uint16_t)to,
                                            .field = r->field,
                                            .bits = bits,
                                            .joined = joined,
                                            .whole = whole,
                                            .numeric = numeric,
                                            .generic = generic,
                                            .compat = compat,
                                            .labelled = r->labelled};
}

/* A word or number that may belong to the number behind it across a blank: "F 800 GS", "PW 1580",
 * "59 03 718", but not "with 49" or "glue 502". In a field of model numbers any short word does. */
static bool joins_before(const reader *r, size_t i) {
    const ts_token *k = &r->t->v[i];
    if (k->kind == TS_TOK_HAN || k->n > LETTERS_BEFORE || k->qty || k->label || k->compat)
        return false;
    return r->field == TS_F_MODEL || k->kind != TS_TOK_WORD ||
           (!k->typed && (k->bits > 3 || k->n <= 2));
}

/* Glued tokens [from, to) that hold a digit: the whole, the parts at slashes, each part, and joined
 * with its neighbours across a blank. */
static void chunk(reader *r, size_t from, size_t to) {
    const ts_token *v = r->t->v;
    size_t before = r->out->n;
    add_key(r, from, to, false, true);
    for (size_t i = from, part = from; i < to; i++) {
        if (i + 1 < to && v[i + 1].glue != '/') continue;
        if (i + 1 - part < to - from) add_key(r, part, i + 1, false, false);
        part = i + 1;
    }
    for (size_t i = from; i < to && to - from > 1; i++)
        if (ts_token_has_digit(&v[i]) && v[i].n >= 4) add_key(r, i, i + 1, false, false);
    bool before_ok = from > 0 && !v[from].brk && joins_before(r, from - 1);
    bool behind_ok = to < r->t->n && !v[to].brk && !v[to].qty && !v[to].typed &&
                     v[to].kind != TS_TOK_HAN &&
                     (ts_token_has_digit(&v[to]) ||
                      (v[to].n <= LETTERS_BEHIND && (v[to].bits > 3 || r->field == TS_F_MODEL)));
    if (before_ok) add_key(r, from - 1, to, true, false);
    if (before_ok && from > 1 && !v[from - 1].brk && v[from - 2].n <= LETTERS_BEHIND &&
        joins_before(r, from - 2))
        add_key(r, from - 2, to, true, false);
    if (behind_ok) add_key(r, from, to + 1, true, false);
    if (before_ok && behind_ok) add_key(r, from - 1, to + 1, true, false);
    if (r->out->n > before) r->out->chunks++;
}

void ts_model_keys_read(ts_arena *a, const ts_tokens *t, uint8_t field, ts_model_keys *out) {
    reader r = {.a = a, .t = t, .out = out, .field = field};
    if (t->n > UINT16_MAX) return;
    for (size_t i = 0; i < t->n;) {
        size_t end = i + 1;
        bool digit = ts_token_has_digit(&t->v[i]);
        if (t->v[i].kind == TS_TOK_HAN || t->v[i].qty) {
            i++;
            continue;
        }
        while (end < t->n && end - i < CHUNK_TOKENS && connects(t->v[end].glue) &&
               t->v[end].kind != TS_TOK_HAN && !t->v[end].qty)
            digit |= ts_token_has_digit(&t->v[end++]);
        r.labelled = i > 0 && t->v[i - 1].label;
        if (digit) chunk(&r, i, end); /* of "XM 3" only the joined forms are long enough */
        i = end;
    }
}
