/* Bytes as text: letters for groups of bits, and digits of a big number. */
#include "encoding_part.h"

letters letters_of(const char *alphabet, bool fold) {
    letters l;
    memset(l.value, -1, sizeof l.value);
    for (int i = 0; alphabet[i]; i++) {
        l.value[(uint8_t)alphabet[i]] = (int8_t)i;
        if (!fold) continue;
        l.value[(uint8_t)ts_lower(alphabet[i])] = (int8_t)i;
        l.value[(uint8_t)ts_upper(alphabet[i])] = (int8_t)i;
    }
    return l;
}

bool not_a_letter(ts_error *e, const char *name, size_t at) {
    return ts_fail(e, TS_E_INPUT, "the character at offset %zu does not belong to %s", at, name);
}

/* ---- letters for groups of bits ---- */

const bit_base base64url = {
    "base64url", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6, 0, false};

/* Whole groups of three bytes in base 64, which is what long texts are written in. */
static size_t encode_threes(const char *alphabet, const uint8_t *p, size_t n, char *w) {
    size_t i = 0;
    for (; i + 3 <= n; i += 3, w += 4) {
        uint32_t v = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];
        w[0] = alphabet[v >> 18];
        w[1] = alphabet[v >> 12 & 63];
        w[2] = alphabet[v >> 6 & 63];
        w[3] = alphabet[v & 63];
    }
    return i;
}

ts_str bits_encode(ts_arena *a, const bit_base *b, ts_str bytes) {
    size_t n = bytes.n / b->bits * 8 + (bytes.n % b->bits * 8 + b->bits - 1) / b->bits;
    size_t padded = b->group ? (n + b->group - 1) / b->group * b->group : n;
    const uint8_t *p = (const uint8_t *)bytes.p;
    char *text = ts_new_raw(a, char, padded);
    size_t i = b->bits == 6 ? encode_threes(b->alphabet, p, bytes.n, text) : 0;
    char *w = text + i / 3 * 4;
    uint32_t held = 0, mask = (1U << b->bits) - 1;
    unsigned have = 0;
    for (; i < bytes.n; i++) {
        held = held << 8 | p[i];
        for (have += 8; have >= b->bits; have -= b->bits)
            *w++ = b->alphabet[held >> (have - b->bits) & mask];
    }
    if (have) *w++ = b->alphabet[held << (b->bits - have) & mask];
    while (w < text + padded) *w++ = '=';
    return (ts_str){text, padded};
}

/* How many letters are left without the padding, which must be there where the base has it. */
static bool strip_padding(const bit_base *b, ts_str *text, ts_error *e) {
    if (!b->group) return true;
    if (text->n % b->group)
        return ts_fail(e, TS_E_INPUT, "%s text has the wrong length or lacks its padding", b->name);
    for (unsigned pads = 0; pads + 1 < b->group && text->n && text->p[text->n - 1] == '='; pads++)
        text->n--;
    return true;
}

/* Whole groups of four letters in base 64; stops at a group that holds another character. */
static size_t decode_fours(const letters *l, ts_str text, uint8_t *w) {
    const uint8_t *p = (const uint8_t *)text.p;
    size_t i = 0;
    for (; i + 4 <= text.n; i += 4, w += 3) {
        int x = l->value[p[i]], y = l->value[p[i + 1]];
        int z = l->value[p[i + 2]], u = l->value[p[i + 3]];
        if ((x | y | z | u) < 0) break;
        uint32_t v = (uint32_t)x << 18 | (uint32_t)y << 12 | (uint32_t)z << 6 | (uint32_t)u;
        w[0] = (uint8_t)(v >> 16);
        w[1] = (uint8_t)(v >> 8);
        w[2] = (uint8_t)v;
    }
    return i;
}

bool bits_decode(ts_arena *a, const bit_base *b, ts_str text, ts_str *bytes, ts_error *e) {
    if (!strip_padding(b, &text, e)) return false;
    size_t n = text.n / 8 * b->bits + text.n % 8 * b->bits / 8;
    if (text.n % 8 * b->bits % 8 >= b->bits)
        return ts_fail(e, TS_E_INPUT, "no bytes have a %s text of this length", b->name);
    letters l = letters_of(b->alphabet, b->fold);
    uint8_t *out = ts_new_raw(a, uint8_t, n), *w = out;
    size_t i = b->bits == 6 ? decode_fours(&l, text, out) : 0;
    w += i / 4 * 3;
    uint32_t held = 0;
    unsigned have = 0;
    for (; i < text.n; i++) {
        int v = l.value[(uint8_t)text.p[i]];
        if (v < 0) return not_a_letter(e, b->name, i);
        held = held << b->bits | (uint32_t)v;
        have += b->bits;
        if (have >= 8) *w++ = (uint8_t)(held >> (have -= 8));
    }
    if (held & ((1U << have) - 1))
        return ts_fail(e, TS_E_INPUT, "the last letter of the %s text has bits that no byte uses",
                       b->name);
    *bytes = (ts_str){(char *)out, n};
    return true;
}

ts_str ts_base64url(ts_arena *a, ts_str bytes) { return bits_encode(a, &base64url, bytes); }

bool ts_base64url_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e) {
    return bits_decode(a, &base64url, text, bytes, e);
}

/* ---- digits of a big number ---- */

const number_base base58btc = {
    "base58btc", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    58,          656356768, /* 58^5 */
    5,           false};

/* Base 10 needs the most digits for a byte, base 58 holds the most in a digit: 2,500 digits of any
 * base write 1,024 bytes and are a number of at most 458 words. */
enum { DIGITS_MAX = 2500, WORDS_MAX = 460 };

typedef struct number {
    uint32_t word[WORDS_MAX]; /* the lowest first */
    size_t n;
} number;

static void number_multiply_add(number *x, uint32_t factor, uint32_t carry) {
    for (size_t i = 0; i < x->n; i++) {
        uint64_t v = (uint64_t)x->word[i] * factor + carry;
        x->word[i] = (uint32_t)v;
        carry = (uint32_t)(v >> 32);
    }
    if (carry) x->word[x->n++] = carry;
}

static uint32_t number_divide(number *x, uint32_t by) {
    uint64_t rest = 0;
    for (size_t i = x->n; i-- > 0;) {
        uint64_t v = rest << 32 | x->word[i];
        x->word[i] = (uint32_t)(v / by);
        rest = v % by;
    }
    while (x->n && !x->word[x->n - 1]) x->n--;
    return (uint32_t)rest;
}

static number number_of_bytes(ts_str bytes) {
    number x;
    x.n = (bytes.n + 3) / 4;
    memset(x.word, 0, x.n * sizeof *x.word);
    for (size_t i = 0; i < bytes.n; i++)
        x.word[i / 4] |= (uint32_t)(uint8_t)bytes.p[bytes.n - 1 - i] << 8 * (i % 4);
    return x;
}

static size_t count_front(ts_str s, char c) {
    size_t n = 0;
    while (n < s.n && s.p[n] == c) n++;
    return n;
}

bool number_encode(ts_arena *a, const number_base *b, ts_str bytes, ts_str *text, ts_error *e) {
    if (bytes.n > NUMBER_MAX)
        return ts_fail(e, TS_E_LIMIT, "%s writes at most %d bytes", b->name, NUMBER_MAX);
    size_t zeros = count_front(bytes, 0), n = 0;
    char digit[DIGITS_MAX]; /* the lowest first */
    for (number x = number_of_bytes(ts_str_from(bytes, zeros)); x.n;) {
        uint32_t part = number_divide(&x, b->step);
        for (unsigned k = 0; k < b->step_digits && (x.n || part); k++, part /= b->base)
            digit[n++] = b->alphabet[part % b->base];
    }
    char *w = ts_new_raw(a, char, zeros + n);
    *text = (ts_str){w, zeros + n};
    memset(w, b->alphabet[0], zeros);
    for (w += zeros; n; n--) *w++ = digit[n - 1];
    return true;
}

static bool number_read(const number_base *b, ts_str text, size_t at, number *x, ts_error *e) {
    letters l = letters_of(b->alphabet, b->fold);
    uint32_t part = 0, scale = 1;
    for (; at < text.n; at++) {
        int v = l.value[(uint8_t)text.p[at]];
        if (v < 0) return not_a_letter(e, b->name, at);
        part = part * b->base + (uint32_t)v;
        scale *= b->base;
        if (scale != b->step && at + 1 < text.n) continue;
        number_multiply_add(x, scale, part);
        part = 0, scale = 1;
    }
    return true;
}

bool number_decode(ts_arena *a, const number_base *b, ts_str text, ts_str *bytes, ts_error *e) {
    number x;
    x.n = 0;
    size_t zeros = count_front(text, b->alphabet[0]);
    bool long_text = text.n > DIGITS_MAX;
    if (!long_text && !number_read(b, text, zeros, &x, e)) return false;
    size_t n = long_text ? 0 : x.n * 4;
    while (n && !(x.word[(n - 1) / 4] >> 8 * ((n - 1) % 4) & 255)) n--;
    if (long_text || zeros + n > NUMBER_MAX)
        return ts_fail(e, TS_E_LIMIT, "%s text of more than %d bytes", b->name, NUMBER_MAX);
    uint8_t *w = ts_new_n(a, uint8_t, zeros + n);
    *bytes = (ts_str){(char *)w, zeros + n};
    for (w += zeros; n; n--) *w++ = (uint8_t)(x.word[(n - 1) / 4] >> 8 * ((n - 1) % 4));
    return true;
}

ts_str ts_base58(ts_arena *a, ts_str bytes) {
    ts_str text = TS_NONE;
    number_encode(a, &base58btc, bytes, &text, 0);
    return text;
}

bool ts_base58_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e) {
    return number_decode(a, &base58btc, text, bytes, e);
}
