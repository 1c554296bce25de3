/* mkfold - prints the folding table of src/text/fold.c, from ICU's NFKC_Casefold data.
 *
 * Folding a code point: NFKC_Casefold, then canonical decomposition without its marks, with
 * typographic quotes and dashes as ASCII. The result is at most eight UTF-16 units, all in the BMP;
 * what folds to something else (there is nothing in use) is left as it is.
 *
 * Table entries: 0 = dropped; below 0xF000 the one resulting code point; from 0xF000 on an index
 * into the table of longer results.
 */
#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { LONG_MAX_UNITS = 8 };
static UChar longs[4096][LONG_MAX_UNITS];
static int long_n[4096], longs_used;

static int punctuation(UChar32 c) {
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
    case 0x00B4:
    case 0x02BC: return '\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x2033:
    case 0x3003: return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
    case 0xFE63:
    case 0xFF0D: return '-';
    case 0x00D7:
    case 0x2715:
    case 0x2716: return 'x';
    case 0x2044:
    case 0x2215: return '/';
    case 0x2122:
    case 0x00AE:
    case 0x00A9:
    case 0x2120:
    case 0x00AD: return -1; /* dropped */
    }
    return 0;
}

/* Writes the folded units of c to out and returns their number, or -1 for "leave it". */
static int fold(const UNormalizer2 *kccf, const UNormalizer2 *nfd, UChar32 c,
                UChar out[LONG_MAX_UNITS]) {
    UErrorCode ec = U_ZERO_ERROR;
    UChar in[4], a[32], b[64];
    int32_t n = 0;
    int p = punctuation(c);
    if (p) return out[0] = (UChar)p, p > 0;
    U16_APPEND_UNSAFE(in, n, c);
    int32_t an = unorm2_normalize(kccf, in, n, a, 32, &ec);
    int32_t bn = unorm2_normalize(nfd, a, an, b, 64, &ec);
    if (U_FAILURE(ec)) return -1;
    int k = 0;
    for (int32_t i = 0; i < bn;) {
        UChar32 x;
        U16_NEXT(b, i, bn, x);
        if (x < 0x3000 && u_charType(x) == U_NON_SPACING_MARK)
            continue; /* accents of Latin, Greek, Cyrillic */
        int q = punctuation(x);
        if (q < 0) continue;
        if (q > 0) x = q;
        if (x > 0xEFFF || k == LONG_MAX_UNITS) return -1;
        out[k++] = (UChar)x;
    }
    return k;
}

static unsigned entry(const UNormalizer2 *kccf, const UNormalizer2 *nfd, UChar32 c) {
    UChar out[LONG_MAX_UNITS];
    /* Scripts whose letters decompose into pieces that mean little alone stay whole. */
    if (c >= 0xAC00 && c <= 0xD7A3) return (unsigned)c;
    int n = fold(kccf, nfd, c, out);
    if (n == 0) return 0;
    if (n == 1) return out[0];
    if (n < 0) return c <= 0xEFFF ? (unsigned)c : ' ';
    for (int i = 0; i < longs_used; i++)
        if (long_n[i] == n && memcmp(longs[i], out, (size_t)n * sizeof *out) == 0)
            return 0xF000u + (unsigned)i;
    memcpy(longs[longs_used], out, (size_t)n * sizeof *out);
    long_n[longs_used] = n;
    return 0xF000u + (unsigned)longs_used++;
}

static void table(const char *name, const UNormalizer2 *kccf, const UNormalizer2 *nfd, UChar32 from,
                  UChar32 to) {
    printf("static const uint16_t %s[%d] = {", name, (int)(to - from));
    for (UChar32 c = from; c < to; c++) {
        int surrogate = c >= 0xD800 && c <= 0xDFFF;
        printf("%s%u,", (c - from) % 16 ? "" : "\n", surrogate ? ' ' : entry(kccf, nfd, c));
    }
    printf("\n};\n");
}

int main(void) {
    UErrorCode ec = U_ZERO_ERROR;
    const UNormalizer2 *kccf = unorm2_getNFKCCasefoldInstance(&ec),
                       *nfd = unorm2_getNFDInstance(&ec);
    if (U_FAILURE(ec)) return fprintf(stderr, "mkfold: %s\n", u_errorName(ec)), 1;
    printf("/* Made by tools/mkfold.c from ICU %s (Unicode %s). Do not edit. */\n", U_ICU_VERSION,
           U_UNICODE_VERSION);
    table("fold_bmp", kccf, nfd, 0, 0x10000);
    table("fold_alnum", kccf, nfd, 0x1D400,
          0x1D800); /* mathematical letters and digits, seen in sales talk */
    printf("static const uint16_t fold_long[%d][%d] = {\n", longs_used ? longs_used : 1,
           LONG_MAX_UNITS + 1);
    for (int i = 0; i < longs_used; i++) {
        printf("{%d", long_n[i]);
        for (int k = 0; k < long_n[i]; k++) printf(",%d", longs[i][k]);
        printf("},\n");
    }
    if (!longs_used) printf("{0}");
    printf("};\n");
    return 0;
}
