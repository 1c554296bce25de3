/* Little words that stand around codes and dates, and what each says. Folded, in byte order. */
#include "mention_read.h"

static const struct {
    const char *word;
    unsigned says;
} little_words[] = {
    {"a", WORD_FILLER},
    {"ab", WORD_SINCE},
    {"ablaufdatum", WORD_EXPIRY},
    {"after", WORD_SINCE},
    {"age", WORD_SIZE},
    {"aged", WORD_SIZE},
    {"ages", WORD_SIZE},
    {"all", WORD_FILLER},
    {"als", WORD_FILLER},
    {"an", WORD_FILLER},
    {"and", WORD_AND},
    {"anfang", WORD_PART},
    {"ansi", WORD_STANDARD},
    {"are", WORD_FILLER},
    {"as", WORD_FILLER},
    {"astm", WORD_STANDARD},
    {"avant", WORD_BEFORE},
    {"before", WORD_BEFORE},
    {"begin", WORD_PART},
    {"beginnend", WORD_PART},
    {"beginning", WORD_PART},
    {"begins", WORD_PART},
    {"begint", WORD_PART},
    {"below", WORD_FILLER},
    {"between", WORD_BETWEEN},
    {"bis", WORD_BEFORE},
    {"both", WORD_FILLER},
    {"bs", WORD_STANDARD},
    {"ce", WORD_STANDARD},
    {"cfr", WORD_STANDARD},
    {"code", WORD_FILLER},
    {"codes", WORD_FILLER},
    {"color", WORD_SIZE},
    {"colori", WORD_SIZE},
    {"colour", WORD_SIZE},
    {"commencant", WORD_PART},
    {"contain", WORD_PART},
    {"containing", WORD_PART},
    {"contains", WORD_PART},
    {"couleur", WORD_SIZE},
    {"cpsc", WORD_STANDARD},
    {"dal", WORD_SINCE},
    {"das", WORD_FILLER},
    {"date", WORD_FILLER},
    {"dates", WORD_FILLER},
    {"ddm", WORD_EXPIRY},
    {"de", WORD_FILLER},
    {"den", WORD_FILLER},
    {"depuis", WORD_SINCE},
    {"der", WORD_FILLER},
    {"des", WORD_FILLER},
    {"desde", WORD_SINCE},
    {"die", WORD_FILLER},
    {"din", WORD_STANDARD},
    {"directive", WORD_STANDARD},
    {"dlc", WORD_EXPIRY},
    {"dluo", WORD_EXPIRY},
    {"du", WORD_SINCE},
    {"e", WORD_AND},
    {"earlier", WORD_BEFORE},
    {"ec", WORD_STANDARD},
    {"ed", WORD_AND},
    {"eec", WORD_STANDARD},
    {"eg", WORD_STANDARD},
    {"either", WORD_FILLER},
    {"en", WORD_STANDARD},
    {"end", WORD_PART},
    {"endend", WORD_PART},
    {"ending", WORD_PART},
    {"ends", WORD_PART},
    {"entre", WORD_BETWEEN},
    {"est", WORD_FILLER},
    {"et", WORD_AND},
    {"eu", WORD_STANDARD},
    {"ex", WORD_EXPIRY},
    {"example", WORD_PART},
    {"examples", WORD_PART},
    {"exp", WORD_EXPIRY},
    {"expiration", WORD_EXPIRY},
    {"expire", WORD_EXPIRY},
    {"expires", WORD_EXPIRY},
    {"expiry", WORD_EXPIRY},
    {"farbe", WORD_SIZE},
    {"folgende", WORD_FILLER},
    {"folgenden", WORD_FILLER},
    {"following", WORD_FILLER},
    {"format", WORD_PART},
    {"from", WORD_SINCE},
    {"gb", WORD_STANDARD},
    {"gr", WORD_SIZE},
    {"groesse", WORD_SIZE},
    {"grosse", WORD_SIZE},
    {"grossen", WORD_SIZE},
    {"has", WORD_FILLER},
    {"have", WORD_FILLER},
    {"having", WORD_FILLER},
    {"iata", WORD_STANDARD},
    {"iec", WORD_STANDARD},
    {"in", WORD_FILLER},
    {"include", WORD_FILLER},
    {"included", WORD_FILLER},
    {"includes", WORD_FILLER},
    {"including", WORD_FILLER},
    {"ip", WORD_STANDARD},
    {"is", WORD_FILLER},
    {"iso", WORD_STANDARD},
    {"ist", WORD_FILLER},
    {"its", WORD_FILLER},
    {"jis", WORD_STANDARD},
    {"jusqu", WORD_BEFORE},
    {"la", WORD_FILLER},
    {"later", WORD_SINCE},
    {"lauten", WORD_FILLER},
    {"lautet", WORD_FILLER},
    {"le", WORD_FILLER},
    {"les", WORD_FILLER},
    {"listed", WORD_FILLER},
    {"maat", WORD_SIZE},
    {"marked", WORD_FILLER},
    {"mhd", WORD_EXPIRY},
    {"mit", WORD_FILLER},
    {"nach", WORD_SINCE},
    {"nf", WORD_STANDARD},
    {"no", WORD_FILLER},
    {"norm", WORD_STANDARD},
    {"nos", WORD_FILLER},
    {"nr", WORD_FILLER},
    {"nrs", WORD_FILLER},
    {"num", WORD_FILLER},
    {"number", WORD_FILLER},
    {"numbers", WORD_FILLER},
    {"nummer", WORD_FILLER},
    {"nummern", WORD_FILLER},
    {"o", WORD_AND},
    {"oder", WORD_AND},
    {"of", WORD_FILLER},
    {"on", WORD_FILLER},
    {"only", WORD_FILLER},
    {"onward", WORD_SINCE},
    {"onwards", WORD_SINCE},
    {"or", WORD_AND},
    {"ou", WORD_AND},
    {"pantone", WORD_STANDARD},
    {"per", WORD_FILLER},
    {"prefix", WORD_PART},
    {"prefixes", WORD_PART},
    {"printed", WORD_FILLER},
    {"prior", WORD_BEFORE},
    {"ral", WORD_STANDARD},
    {"range", WORD_FILLER},
    {"ranges", WORD_FILLER},
    {"regulation", WORD_STANDARD},
    {"richtlinie", WORD_STANDARD},
    {"rn", WORD_STANDARD},
    {"seit", WORD_SINCE},
    {"since", WORD_SINCE},
    {"sind", WORD_FILLER},
    {"size", WORD_SIZE},
    {"sizes", WORD_SIZE},
    {"sont", WORD_FILLER},
    {"sowie", WORD_AND},
    {"standard", WORD_STANDARD},
    {"standards", WORD_STANDARD},
    {"start", WORD_PART},
    {"starting", WORD_PART},
    {"starts", WORD_PART},
    {"taille", WORD_SIZE},
    {"tailles", WORD_SIZE},
    {"talla", WORD_SIZE},
    {"tallas", WORD_SIZE},
    {"tamanho", WORD_SIZE},
    {"that", WORD_FILLER},
    {"the", WORD_FILLER},
    {"their", WORD_FILLER},
    {"these", WORD_FILLER},
    {"this", WORD_FILLER},
    {"those", WORD_FILLER},
    {"through", WORD_BEFORE},
    {"thru", WORD_BEFORE},
    {"till", WORD_BEFORE},
    {"tra", WORD_BETWEEN},
    {"tussen", WORD_BETWEEN},
    {"ul", WORD_STANDARD},
    {"und", WORD_AND},
    {"until", WORD_BEFORE},
    {"up", WORD_BEFORE},
    {"uv", WORD_STANDARD},
    {"verfallsdatum", WORD_EXPIRY},
    {"verordnung", WORD_STANDARD},
    {"vin", WORD_STANDARD},
    {"von", WORD_FILLER},
    {"vor", WORD_BEFORE},
    {"was", WORD_FILLER},
    {"well", WORD_FILLER},
    {"were", WORD_FILLER},
    {"which", WORD_FILLER},
    {"with", WORD_FILLER},
    {"y", WORD_AND},
    {"zwischen", WORD_BETWEEN},
};

static unsigned han_says(ts_str word) {
    static const struct {
        unsigned says;
        const char *words;
    } han[] = {
        {WORD_FILLER, "为 是 的 于 在 含 等 号"}, {WORD_AND, "和 及 与 或"}, {WORD_SINCE, "自 从"}};
    for (size_t k = 0; k < sizeof han / sizeof *han; k++) {
        ts_str l = ts_str_c(han[k].words);
        while (l.p)
            if (ts_str_eq(ts_str_cut(&l, ' '), word)) return han[k].says;
    }
    return 0;
}

unsigned little_word(ts_str word) {
    size_t lo = 0, hi = sizeof little_words / sizeof *little_words;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = ts_str_cmp(word, ts_str_c(little_words[mid].word));
        if (c == 0) return little_words[mid].says;
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return 0;
}

/* The "A" of "A-1889" and the "IN" of "IN-300" begin a code; "NO-12" and "EN-71" say what they say.
 */
static bool hyphenated_capitals(const reader *r, size_t i) {
    enum { LETTERS = 2 };
    const ts_token *k = &r->t.v[i];
    ts_str word = ts_token_text(&r->t, i);
    const char *as_written = r->text.p + r->t.origin[k->at];
    if (k->n > LETTERS || r->t.v[i + 1].glue != '-' || ts_str_is(word, "no") ||
        ts_str_is(word, "nr"))
        return false;
    if (little_word(word) & (WORD_STANDARD | WORD_EXPIRY | WORD_SIZE)) return false;
    for (size_t c = 0; c < k->n; c++)
        if (as_written[c] < 'A' || as_written[c] > 'Z') return false;
    return true;
}

unsigned word_says(const reader *r, size_t i) {
    enum { LONGEST = 14 };
    if (i >= r->t.n) return 0;
    const ts_token *k = &r->t.v[i];
    if (k->kind == TS_TOK_HAN) return han_says(ts_token_text(&r->t, i));
    if (k->kind != TS_TOK_WORD || k->n > LONGEST) return 0;
    unsigned says = little_word(ts_token_text(&r->t, i));
    bool code = i + 1 < r->t.n && r->t.v[i + 1].glue > TS_GLUE_NONE;
    if (code && hyphenated_capitals(r, i)) return 0;
    bool letter = k->n == 1 && says & WORD_AND; /* "y", "o", "e", but not the Y of "Y-C51" */
    return letter && (code || r->text.p[r->t.origin[k->at]] != ts_token_text(&r->t, i).p[0]) ? 0
                                                                                             : says;
}
