/* The multibase table: which base a prefix names, and the bases that are unlike the others. */
#include "encoding_emoji.h"
#include "encoding_part.h"

#define LOWER32 "abcdefghijklmnopqrstuvwxyz234567"
#define UPPER32 "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
#define LOWER32HEX "0123456789abcdefghijklmnopqrstuv"
#define UPPER32HEX "0123456789ABCDEFGHIJKLMNOPQRSTUV"
#define LOWER36 "0123456789abcdefghijklmnopqrstuvwxyz"
#define UPPER36 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define FLICKR "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

#define BITS(...)                                                                                  \
    &(const bit_base) { __VA_ARGS__ }
#define NUMBER(...)                                                                                \
    &(const number_base) { __VA_ARGS__ }

static const struct {
    char prefix;
    const bit_base *base;
} by_bits[] = {
    {'0', BITS("base2", "01", 1, 0, false)},
    {'7', BITS("base8", "01234567", 3, 0, false)},
    {'f', BITS("base16", "0123456789abcdef", 4, 0, true)},
    {'F', BITS("base16upper", "0123456789ABCDEF", 4, 0, true)},
    {'v', BITS("base32hex", LOWER32HEX, 5, 0, true)},
    {'V', BITS("base32hexupper", UPPER32HEX, 5, 0, true)},
    {'t', BITS("base32hexpad", LOWER32HEX, 5, 8, true)},
    {'T', BITS("base32hexpadupper", UPPER32HEX, 5, 8, true)},
    {'b', BITS("base32", LOWER32, 5, 0, true)},
    {'B', BITS("base32upper", UPPER32, 5, 0, true)},
    {'c', BITS("base32pad", LOWER32, 5, 8, true)},
    {'C', BITS("base32padupper", UPPER32, 5, 8, true)},
    {'h', BITS("base32z", "ybndrfg8ejkmcpqxot1uwisza345h769", 5, 0, false)},
    {'m', BITS("base64", BASE64, 6, 0, false)},
    {'M', BITS("base64pad", BASE64, 6, 4, false)},
    {'u', &base64url},
    {'U', BITS("base64urlpad", BASE64URL, 6, 4, false)},
};

static const struct {
    char prefix;
    const number_base *base;
} by_number[] = {
    {'9', NUMBER("base10", "0123456789", 10, 1000000000, 9, false)},
    {'k', NUMBER("base36", LOWER36, 36, 2176782336, 6, true)},
    {'K', NUMBER("base36upper", UPPER36, 36, 2176782336, 6, true)},
    {'z', &base58btc},
    {'Z', NUMBER("base58flickr", FLICKR, 58, 656356768, 5, false)},
};

/* ---- base45 (RFC 9285): two bytes are three letters, the lowest digit first ---- */

#define BASE45 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

static bool base45_encode(ts_arena *a, ts_str bytes, ts_str *text, ts_error *e) {
    (void)e;
    size_t n = bytes.n / 2 * 3 + bytes.n % 2 * 2;
    char *w = ts_new_raw(a, char, n);
    *text = (ts_str){w, n};
    for (size_t i = 0; i < bytes.n; i += 2) {
        bool two = i + 1 < bytes.n;
        unsigned v = (uint8_t)bytes.p[i];
        if (two) v = v << 8 | (uint8_t)bytes.p[i + 1];
        for (int k = 0; k < 2 + two; k++, v /= 45) *w++ = BASE45[v % 45];
    }
    return true;
}

static bool base45_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e) {
    letters l = letters_of(BASE45, false);
    size_t n = text.n / 3 * 2 + text.n % 3 / 2;
    if (text.n % 3 == 1)
        return ts_fail(e, TS_E_INPUT, "no bytes have a base45 text of this length");
    uint8_t *w = ts_new_raw(a, uint8_t, n);
    *bytes = (ts_str){(char *)w, n};
    for (size_t i = 0; i < text.n; i += 3) {
        unsigned v = 0, scale = 1, letters_here = text.n - i < 3 ? 2 : 3;
        for (unsigned k = 0; k < letters_here; k++, scale *= 45) {
            int digit = l.value[(uint8_t)text.p[i + k]];
            if (digit < 0) return not_a_letter(e, "base45", i + k);
            v += (unsigned)digit * scale;
        }
        if (v > (letters_here == 3 ? 0xffff : 0xff))
            return ts_fail(e, TS_E_INPUT, "the base45 letters at offset %zu are no bytes", i);
        if (letters_here == 3) *w++ = (uint8_t)(v >> 8);
        *w++ = (uint8_t)v;
    }
    return true;
}

/* ---- proquint (arXiv:0901.4016): two bytes are five letters that can be spoken; with the prefix
 * the text reads "pro-lusab-babad" ---- */

#define CONSONANTS "bdfghjklmnprstvz"
#define VOWELS "aiou"

static bool proquint_encode(ts_arena *a, ts_str bytes, ts_str *text, ts_error *e) {
    if (bytes.n % 2) return ts_fail(e, TS_E_INPUT, "proquint writes bytes in pairs only");
    size_t n = 2 + bytes.n / 2 * 6;
    char *w = ts_new_raw(a, char, n);
    *text = (ts_str){w, n};
    *w++ = 'r', *w++ = 'o';
    for (size_t i = 0; i < bytes.n; i += 2) {
        unsigned v = (unsigned)(uint8_t)bytes.p[i] << 8 | (uint8_t)bytes.p[i + 1];
        *w++ = '-';
        *w++ = CONSONANTS[v >> 12];
        *w++ = VOWELS[v >> 10 & 3];
        *w++ = CONSONANTS[v >> 6 & 15];
        *w++ = VOWELS[v >> 4 & 3];
        *w++ = CONSONANTS[v & 15];
    }
    return true;
}

static bool proquint_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e) {
    if (!ts_str_starts(text, TS_S("ro")) || (text.n - 2) % 6)
        return ts_fail(e, TS_E_INPUT, "proquint is \"pro\" and words of five letters after '-'");
    const letters consonant = letters_of(CONSONANTS, false), vowel = letters_of(VOWELS, false);
    size_t n = (text.n - 2) / 6 * 2;
    uint8_t *w = ts_new_raw(a, uint8_t, n);
    *bytes = (ts_str){(char *)w, n};
    unsigned v = 0;
    for (size_t i = 2; i < text.n; i++) {
        size_t k = (i - 2) % 6;
        int x = k == 0       ? (text.p[i] == '-' ? 0 : -1)
                : k % 2 == 1 ? consonant.value[(uint8_t)text.p[i]]
                             : vowel.value[(uint8_t)text.p[i]];
        if (x < 0) return not_a_letter(e, "proquint", i);
        v = k == 0 ? 0 : v << (k % 2 == 1 ? 4 : 2) | (unsigned)x;
        if (k == 5) *w++ = (uint8_t)(v >> 8), *w++ = (uint8_t)v;
    }
    return true;
}

/* ---- base256emoji: a code point for every byte ---- */

enum { EMOJI_MAX = NUMBER_MAX }; /* bytes: reading looks through the alphabet for each */

static bool emoji_encode(ts_arena *a, ts_str bytes, ts_str *text, ts_error *e) {
    if (bytes.n > EMOJI_MAX)
        return ts_fail(e, TS_E_LIMIT, "base256emoji writes at most %d bytes", EMOJI_MAX);
    char *w = ts_new_raw(a, char, bytes.n * 4);
    *text = (ts_str){w, 0};
    for (size_t i = 0; i < bytes.n; i++)
        text->n += ts_utf8_put(w + text->n, emoji[(uint8_t)bytes.p[i]]);
    return true;
}

static bool emoji_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e) {
    uint8_t *w = ts_new_raw(a, uint8_t, EMOJI_MAX);
    *bytes = (ts_str){(char *)w, 0};
    for (size_t i = 0; i < text.n;) {
        if (bytes->n == EMOJI_MAX)
            return ts_fail(e, TS_E_LIMIT, "base256emoji text of more than %d bytes", EMOJI_MAX);
        size_t at = i;
        uint32_t c = ts_utf8_next(text, &i);
        unsigned k = 0;
        while (k < 256 && emoji[k] != c) k++;
        if (k == 256) return not_a_letter(e, "base256emoji", at);
        w[bytes->n++] = (uint8_t)k;
    }
    return true;
}

/* ---- the table ---- */

static const struct {
    uint32_t prefix;
    bool (*encode)(ts_arena *a, ts_str bytes, ts_str *text, ts_error *e);
    bool (*decode)(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e);
} by_itself[] = {
    {'R', base45_encode, base45_decode},
    {'p', proquint_encode, proquint_decode},
    {0x1F680, emoji_encode, emoji_decode},
};

#define COUNT(v) (sizeof(v) / sizeof *(v))

static bool no_base(uint32_t prefix, ts_error *e) {
    char sign[4] = {0};
    if (prefix == 0 || prefix == '1' || prefix == 'Q' || prefix == '/')
        return ts_fail(e, TS_E_INPUT, "the multibase prefix U+%04X is reserved: it names no base",
                       (unsigned)prefix);
    if (prefix > ' ' && prefix < 127) snprintf(sign, sizeof sign, "'%c'", (char)prefix);
    return ts_fail(e, TS_E_INPUT, "U+%04X%s%s is not the prefix of a multibase", (unsigned)prefix,
                   sign[0] ? " " : "", sign);
}

static bool encode_with(ts_arena *a, uint32_t prefix, ts_str bytes, ts_str *text, ts_error *e) {
    for (size_t i = 0; i < COUNT(by_bits); i++)
        if ((uint32_t)by_bits[i].prefix == prefix)
            return *text = bits_encode(a, by_bits[i].base, bytes), true;
    for (size_t i = 0; i < COUNT(by_number); i++)
        if ((uint32_t)by_number[i].prefix == prefix)
            return number_encode(a, by_number[i].base, bytes, text, e);
    for (size_t i = 0; i < COUNT(by_itself); i++)
        if (by_itself[i].prefix == prefix) return by_itself[i].encode(a, bytes, text, e);
    return no_base(prefix, e);
}

bool ts_multibase(ts_arena *a, uint32_t prefix, ts_str bytes, ts_str *text, ts_error *e) {
    char sign[4];
    ts_str both[2] = {{sign, ts_utf8_put(sign, prefix)}, TS_NONE};
    if (!encode_with(a, prefix, bytes, &both[1], e)) return false;
    *text = ts_str_join(a, both, 2, TS_NONE);
    return true;
}

bool ts_multibase_decode(ts_arena *a, ts_str text, ts_str *bytes, ts_error *e) {
    if (!text.n) return ts_fail(e, TS_E_INPUT, "empty where a multibase text was expected");
    size_t i = 0;
    uint32_t prefix = ts_utf8_next(text, &i);
    ts_str body = ts_str_from(text, i);
    for (size_t k = 0; k < COUNT(by_bits); k++)
        if ((uint32_t)by_bits[k].prefix == prefix)
            return bits_decode(a, by_bits[k].base, body, bytes, e);
    for (size_t k = 0; k < COUNT(by_number); k++)
        if ((uint32_t)by_number[k].prefix == prefix)
            return number_decode(a, by_number[k].base, body, bytes, e);
    for (size_t k = 0; k < COUNT(by_itself); k++)
        if (by_itself[k].prefix == prefix) return by_itself[k].decode(a, body, bytes, e);
    return no_base(prefix, e);
}
