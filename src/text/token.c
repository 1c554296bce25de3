#include "token.h"

#include "fold_table.h"

enum { INPUT_MAX = 16 << 20 };
typedef enum { SEP, LETTER, DIGIT, HAN } char_class;

bool ts_is_han(uint32_t c) {
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x30FF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

static char_class class_of(uint32_t c) {
    if (c < 0x80) return ts_is_digit((int)c) ? DIGIT : ts_is_alpha((int)c) ? LETTER : SEP;
    if (c <= 0xBF || (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x3040) ||
        (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE6F) ||
        (c >= 0xFFF0 && c <= 0x1FFFF && !(c >= 0x10000 && c <= 0x1BFFF)) || c > 0x3FFFF ||
        c == 0xF7)
        return SEP;
    return ts_is_han(c) ? HAN : LETTER;
}

uint64_t ts_token_hash(const char *p, size_t n) {
    uint64_t a = 0, b = 0;
    if (n <= 8) {
        memcpy(&a, p, n);
    } else if (n <= 16) {
        memcpy(&a, p, 8);
        memcpy(&b, p + n - 8, 8);
    } else {
        return ts_hash((ts_str){p, n});
    }
    return ts_mix((a ^ n * 0x9e3779b97f4a7c15ull) + ts_mix(b + 0x2545f4914f6cdd1dull));
}

/* ---- one pass over the input: fold a code point, hand its result to the splitter ---- */

typedef struct splitter {
    ts_arena *a;
    ts_tokens t;
    char *w, *base; /* where folded text is written, and its start */
    uint32_t from;  /* byte of the input the current code point started at */
    size_t start;   /* start of the open token in the folded text; TS_NPOS = none */
    unsigned digits, letters;
    unsigned gap; /* separators since the last token */
    uint8_t glue; /* the connector, if the gap is one */
    bool brk, blank;
} splitter;

static void close_token(splitter *s) {
    if (s->start == TS_NPOS) return;
    ts_str whole = {s->base + s->start, (size_t)(s->w - s->base) - s->start};
    size_t n = ts_str_clip(whole, 0xFF).n;
    ts_token *t = ts_push(s->a, &s->t);
    t->at = (uint32_t)s->start;
    t->n = (uint8_t)n;
    t->bits = 0xFF;
    t->hash = ts_token_hash(s->base + s->start, n);
    t->kind = s->letters && s->digits ? TS_TOK_MIXED : s->digits ? TS_TOK_NUMBER : TS_TOK_WORD;
    t->brk = s->brk;
    t->glue = s->glue;
    s->start = TS_NPOS;
    s->gap = s->digits = s->letters = 0;
    s->glue = TS_GLUE_NONE;
    s->brk = s->blank = false;
}

static bool is_break(uint32_t c) {
    if (c < 0x80) return memchr(",;|()[]{}!?:\n*~<>=\"", (int)c, 20) != 0;
    return c == 0x3001 || c == 0x3002 || c == 0x3010 || c == 0x3011 || c == 0x2022 || c == 0xB7 ||
           c == 0xFFFD || (c >= 0x3008 && c <= 0x301B) || c >= 0x2190;
}

static void separator(splitter *s, uint32_t c) {
    bool space = c == ' ' || c == '\t' || c == '\r' || c == 0xA0;
    bool connects = c < 0x80 && memchr("-/._+&'#:", (int)c, 9);
    s->glue = s->gap == 0 && connects ? (uint8_t)c : TS_GLUE_SPACE;
    if (is_break(c) && c != ':') s->brk = true;
    if (space && s->blank && s->gap) s->brk |= s->gap >= 2; /* " - " and the like */
    s->gap++;
    s->blank |= space;
    if (!connects && !space && !is_break(c)) s->glue = TS_GLUE_SPACE;
}

static void emit(splitter *s, uint32_t c) {
    char_class k = class_of(c);
    if (k != LETTER && k != DIGIT) close_token(s);
    size_t at = (size_t)(s->w - s->base);
    size_t n = 1;
    if (c < 0x80)
        *s->w = (char)c;
    else
        n = ts_utf8_put(s->w, c);
    if (s->t.origin)
        for (size_t i = 0; i < n; i++) s->t.origin[at + i] = s->from;
    s->w += n;
    if (k == SEP) {
        separator(s, c);
        return;
    }
    if (s->start == TS_NPOS) s->start = at;
    s->digits += k == DIGIT;
    s->letters += k == LETTER;
    if (k == HAN) {
        close_token(s);
        s->t.v[s->t.n - 1].kind = TS_TOK_HAN;
    }
}

static void fold_into(splitter *s, uint32_t c) {
    uint32_t f = c < 0x10000                   ? fold_bmp[c]
                 : c >= 0x1D400 && c < 0x1D800 ? fold_alnum[c - 0x1D400]
                                               : c;
    if (f == 0) return;
    if (f < 0xF000 || f >= 0x10000 || c == 0xFFFD) {
        emit(s, c == 0xFFFD ? c : f);
        return;
    }
    const uint16_t *l = fold_long[f - 0xF000];
    bool fraction = (c >= 0xBC && c <= 0xBE) || (c >= 0x2150 && c <= 0x215F);
    if (fraction && s->start != TS_NPOS) emit(s, ' '); /* one and a half, not eleven halves */
    for (int i = 1; i <= l[0]; i++) emit(s, l[i]);
}

ts_tokens ts_tokenise(ts_arena *a, ts_str in, bool origin) {
    in = ts_str_clip(in, INPUT_MAX);
    /* A folded code point is at most 8 units of 3 bytes, from 2 input bytes at least. */
    size_t high = 0;
    for (size_t i = 0; i < in.n; i++) high += (unsigned char)in.p[i] >> 7;
    size_t room = in.n + high * 12 + 8;
    splitter s = {.a = a, .start = TS_NPOS, .brk = true};
    s.base = s.w = ts_new_raw(a, char, room);
    if (origin) s.t.origin = ts_new_raw(a, uint32_t, room);
    for (size_t i = 0; i < in.n;) {
        unsigned char c = (unsigned char)in.p[i];
        s.from = (uint32_t)i;
        if (c < 0x80) {
            i++;
            emit(&s, (uint32_t)ts_lower(c ? c : ' '));
        } else {
            fold_into(&s, ts_utf8_next(in, &i));
        }
    }
    close_token(&s);
    s.t.text = (ts_str){s.base, (size_t)(s.w - s.base)};
    return s.t;
}

ts_str ts_fold(ts_arena *a, ts_str s) { return ts_tokenise(a, s, false).text; }

ts_str ts_squeeze(ts_arena *a, ts_str s) {
    ts_tokens t = ts_tokenise(a, s, false);
    char *p = ts_new_raw(a, char, t.text.n + 1), *w = p;
    for (size_t i = 0; i < t.n; i++) {
        memcpy(w, t.text.p + t.v[i].at, t.v[i].n);
        w += t.v[i].n;
    }
    return (ts_str){p, (size_t)(w - p)};
}
