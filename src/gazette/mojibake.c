/* UTF-8 that somebody read as one byte per character, and how to read it again.
 *
 * The damage: each byte of the UTF-8 form was taken for a character of MacRoman or of Windows-1252
 * (Latin-1 where Windows-1252 has a gap), and the result was written as UTF-8. "é" (C3 A9) becomes
 * "√©" or "Ã©".
 *
 * The cure maps every character outside ASCII back to its byte. Text that is right hardly ever
 * survives that: one letter that the code page lacks, or one byte sequence that is no UTF-8, and
 * the text is left as it is. What does survive by chance (a dash before a capital with an accent, a
 * trademark sign behind one) needs another sequence in the same text that cannot be chance.
 */
#include "gazette.h"

enum { ROUNDS = 3 };

/* Bytes 80 to FF of MacRoman as code points (Apple's ROMAN.TXT, with the euro sign at DB). */
static const uint16_t mac_roman[128] = {
    0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4, 0x00E3,
    0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
    0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC, 0x2020, 0x00B0, 0x00A2, 0x00A3,
    0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
    0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA,
    0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
    0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153, 0x2013, 0x2014, 0x201C, 0x201D,
    0x2018, 0x2019, 0x00F7, 0x25CA, 0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
    0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE,
    0x00CF, 0x00CC, 0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
    0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7};

/* Bytes 80 to 9F of Windows-1252; 0 = none. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

typedef enum { MAC_ROMAN, WINDOWS } code_page;

/* The byte behind a character outside ASCII, or -1. */
static int byte_of(code_page page, uint32_t c) {
    if (page == MAC_ROMAN) {
        if (c == 0xA4) return 0xDB; /* the older table */
        for (int i = 0; i < 128; i++)
            if (mac_roman[i] == c) return 0x80 + i;
        return -1;
    }
    if (c >= 0x80 && c <= 0xFF) return (int)c;
    for (int i = 0; i < 32; i++)
        if (c && windows_1252[i] == c) return 0x80 + i;
    return -1;
}

/* Scripts and signs that product texts are made of; chance sequences mostly land elsewhere. */
static bool plausible(uint32_t c) {
    return (c >= 0xA0 && c <= 0x24F) || (c >= 0x300 && c <= 0x36F) || (c >= 0x370 && c <= 0x52F) ||
           (c >= 0x5D0 && c <= 0x6FF) || (c >= 0x0E00 && c <= 0x0E7F) ||
           (c >= 0x1E00 && c <= 0x1FFF) || (c >= 0x2000 && c <= 0x2BFF) ||
           (c >= 0x2C8 && c <= 0x2DD) || (c >= 0x3000 && c <= 0x9FFF) ||
           (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFFEF) ||
           (c >= 0x1F000 && c <= 0x1FAFF);
}

/* Whether people write the two characters side by side: a dash or three dots before a word that
 * starts with an accented letter, or a sign (or a closing quote) behind such a letter. */
static bool chance(code_page page, uint32_t lead, uint32_t second, bool letters_follow) {
    if (page == MAC_ROMAN) {
        bool dash = lead == 0x2013 || lead == 0x2014 || lead == 0x2026;
        bool letter = (second >= 0xC0 && second <= 0xFF) || second == 0x0152 || second == 0x0153;
        return dash && letter && letters_follow;
    }
    bool sign = second == 0xAE || second == 0x2122 || second == 0xA9 || second == 0xBB ||
                second == 0x201D || second == 0x2019 || second == 0x201C || second == 0x2026 ||
                second == 0xB0 || second == 0x2013 || second == 0x2014 || second == 0xA0;
    return sign && lead != 0xC3 && lead != 0xC2 && lead != 0xE2;
}

typedef struct sequence {
    uint32_t cp;
    size_t end; /* byte behind it in the damaged text */
    bool sure;
} sequence;

/* The damaged sequence at s.p[i], if the characters there are the bytes of one UTF-8 sequence. */
static bool sequence_at(ts_str s, size_t i, code_page page, sequence *out) {
    size_t at = i;
    uint32_t lead = ts_utf8_next(s, &at), second = 0;
    int b = byte_of(page, lead);
    int more = b >= 0xC2 && b <= 0xDF   ? 1
               : b >= 0xE0 && b <= 0xEF ? 2
               : b >= 0xF0 && b <= 0xF4 ? 3
                                        : 0;
    if (!more) return false;
    char bytes[4] = {(char)b};
    for (int k = 1; k <= more; k++) {
        if (at >= s.n || (unsigned char)s.p[at] < 0x80) return false;
        uint32_t c = ts_utf8_next(s, &at);
        int x = byte_of(page, c);
        if (x < 0x80 || x > 0xBF) return false;
        if (k == 1) second = c;
        bytes[k] = (char)x;
    }
    ts_str seq = {bytes, (size_t)more + 1};
    if (ts_utf8_bad(seq) != TS_NPOS) return false;
    size_t zero = 0;
    out->cp = ts_utf8_next(seq, &zero);
    out->end = at;
    bool letters = at < s.n && s.p[at] >= 'a' && s.p[at] <= 'z';
    out->sure = more > 1 || !chance(page, lead, second, letters);
    return plausible(out->cp) || (page == WINDOWS && out->cp >= 0x80 && out->cp <= 0x9F);
}

/* The whole text mapped back, or empty when it is not all of one piece. */
static ts_str whole(ts_arena *a, ts_str s, code_page page) {
    char *p = 0, *w = 0;
    bool sure = false;
    size_t copied = 0;
    for (size_t i = 0; i < s.n;) {
        if ((unsigned char)s.p[i] < 0x80) {
            i++;
            continue;
        }
        sequence q;
        if (!sequence_at(s, i, page, &q)) return TS_NONE;
        if (!p) p = w = ts_new_raw(a, char, s.n + 1);
        memcpy(w, s.p + copied, i - copied);
        w += i - copied;
        w += ts_utf8_put(w, q.cp);
        i = copied = q.end;
        sure |= q.sure;
    }
    if (!sure) return TS_NONE;
    memcpy(w, s.p + copied, s.n - copied);
    return (ts_str){p, (size_t)(w - p) + s.n - copied};
}

/* Where other text keeps the whole from being mapped back: typographic quotes and dashes alone,
 * whose three characters
 * ("‚Äô", "â€™") mean nothing else. */
static ts_str punctuation(ts_arena *a, ts_str s) {
    char *p = 0, *w = 0;
    size_t copied = 0;
    for (size_t i = 0; i < s.n;) {
        sequence q = {0};
        bool high = (unsigned char)s.p[i] >= 0x80;
        bool hit = high && (sequence_at(s, i, MAC_ROMAN, &q) || sequence_at(s, i, WINDOWS, &q));
        if (!hit || q.cp < 0x2010 || q.cp > 0x203A) {
            ts_utf8_next(s, &i);
            continue;
        }
        if (!p) p = w = ts_new_raw(a, char, s.n + 1);
        memcpy(w, s.p + copied, i - copied);
        w += i - copied;
        w += ts_utf8_put(w, q.cp);
        i = copied = q.end;
    }
    if (!p) return TS_NONE;
    memcpy(w, s.p + copied, s.n - copied);
    return (ts_str){p, (size_t)(w - p) + s.n - copied};
}

static bool ascii(ts_str s) {
    uint64_t any = 0, word;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) memcpy(&word, s.p + i, 8), any |= word;
    for (; i < s.n; i++) any |= (unsigned char)s.p[i];
    return !(any & 0x8080808080808080u);
}

ts_str ts_mojibake_repair(ts_arena *a, ts_str s) {
    for (int round = 0; round < ROUNDS && !ascii(s); round++) {
        if (ts_utf8_bad(s) != TS_NPOS) return s;
        ts_str t = whole(a, s, MAC_ROMAN);
        if (!t.n) t = whole(a, s, WINDOWS);
        if (!t.n) t = punctuation(a, s);
        if (!t.n) break;
        s = t;
    }
    return s;
}
