/* What counts as a code in running text, and what only looks like one. */
#include "mention_read.h"

enum { CODE_TOKENS = 8, CODE_BYTES = 48, TOKEN_BYTES = 26, JOIN_LETTERS = 5, VIN_BYTES = 17 };

static const ts_token *token(const reader *r, size_t i) { return &r->t.v[i]; }

static bool all_in(ts_str s, char from, char to) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < from || s.p[i] > to) return false;
    return s.n > 0;
}

static bool all_of(ts_str s, const char *bytes) {
    for (size_t i = 0; i < s.n; i++)
        if (!strchr(bytes, s.p[i])) return false;
    return s.n > 0;
}

static bool capitals(const reader *r, size_t i) { return all_in(original(r, i, i + 1), 'A', 'Z'); }

/* "panel" in "2-panel": an ordinary word, no part of a code. */
static bool small_word(const reader *r, size_t i) {
    ts_str s = original(r, i, i + 1);
    return token(r, i)->kind == TS_TOK_WORD && s.n >= 3 && all_in(ts_str_from(s, 1), 'a', 'z');
}

static bool connects(uint8_t glue) {
    return glue > TS_GLUE_NONE && glue != '&' && glue != '\'' && glue != ':';
}

/* Behind the glued tokens from i that may belong to one code. */
static size_t glued_end(const reader *r, size_t i) {
    size_t end = i + 1;
    while (end < r->t.n && end - i < CODE_TOKENS && connects(token(r, end)->glue) &&
           token(r, end)->kind != TS_TOK_HAN && !small_word(r, end))
        end++;
    return end;
}

static bool label_at(const reader *r, size_t i) {
    ts_phrase p;
    return label_phrase(r, i, &p) > 0;
}

static bool one_blank_before(const reader *r, size_t i) {
    return i < r->t.n && ts_str_is(gap_before(r, i), " ");
}

static bool joining_word(const reader *r, size_t i) {
    const ts_token *k = token(r, i);
    if (k->kind != TS_TOK_WORD || k->n > JOIN_LETTERS || !capitals(r, i) || label_at(r, i))
        return false;
    ts_str word = ts_token_text(&r->t, i);
    if (ts_str_is(word, "my") || ts_str_is(word, "mj")) return false; /* model year */
    return !(word_says(r, i) & (WORD_STANDARD | WORD_EXPIRY | WORD_SIZE | WORD_AND));
}

/* "JM 167A" is no current: three digits and a letter. "ERC 35mm" and "SKIL 40V" are not like it. */
static bool one_letter_behind(const reader *r, size_t i) {
    ts_str s = ts_token_text(&r->t, i);
    return s.n == 4 && all_in(ts_str_to(s, 3), '0', '9') && !ts_is_digit(s.p[3]);
}

/* How much the label before a code says of it. */
typedef enum trust { TRUST_NONE, TRUST_MODEL, TRUST_ITEM } trust;

static bool may_be_code(const reader *r, size_t i, trust t) {
    return !token(r, i)->qty || t == TRUST_ITEM || (t == TRUST_MODEL && one_letter_behind(r, i));
}

static bool year(ts_str s) {
    if (s.n != 4 || !all_in(s, '0', '9')) return false;
    return s.p[0] == '1' ? s.p[1] == '9' : s.p[0] == '2' && s.p[1] == '0' && s.p[2] < '3';
}

/* "MY2010", "MJ09": a model year; "size134". */
static bool year_or_size_in_one(ts_str s) {
    static const char *const sizes[] = {"size", "taille", "grosse", "groesse"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ts_str w = ts_str_c(sizes[i]);
        if (s.n > w.n && ts_str_starts(s, w) && ts_is_digit(s.p[w.n])) return true;
    }
    if (!ts_str_starts(s, TS_S("my")) && !ts_str_starts(s, TS_S("mj"))) return false;
    ts_str rest = ts_str_from(s, 2);
    return year(rest) || (rest.n == 2 && all_in(rest, '0', '9'));
}

/* ", TX 75233": the end of an address in the United States. */
static bool postal_code(const reader *r, size_t state, size_t number) {
    ts_str gap = ts_str_trim(gap_before(r, state));
    return number == state + 1 && token(r, state)->n == 2 && token(r, number)->n == 5 &&
           token(r, number)->kind == TS_TOK_NUMBER && gap.n && gap.p[gap.n - 1] == ',';
}

/* "AC 170-265V", "DC 12/24 V". */
static bool voltage(const reader *r, size_t i, size_t end) {
    ts_str word = ts_token_text(&r->t, i);
    return (ts_str_is(word, "ac") || ts_str_is(word, "dc")) && token(r, end - 1)->qty;
}

/* "EJ HF032", "SM 2188", "LCBSL E 31": capitals, one blank, a code. The token of the code, or i. */
static size_t joins_next(const reader *r, size_t i, trust t) {
    enum { JOIN_DIGITS = 8 };
    if (!joining_word(r, i) || !one_blank_before(r, i + 1)) return i;
    size_t k = i + 1;
    if (token(r, k)->n <= 2 && joining_word(r, k) && one_blank_before(r, k + 1)) k++;
    if (year_or_size_in_one(ts_token_text(&r->t, k))) return i;
    if (!ts_token_has_digit(token(r, k)) || !may_be_code(r, k, t) || token(r, k)->n < 2 ||
        token(r, k)->n > JOIN_DIGITS)
        return i;
    if ((r->prose && postal_code(r, i, k)) || voltage(r, i, glued_end(r, k))) return i;
    return k;
}

/* "POW 4730 SC": a short tail of capitals that ends the phrase. */
static size_t with_tail(const reader *r, size_t end) {
    if (!one_blank_before(r, end) || token(r, end)->kind != TS_TOK_WORD) return end;
    if (token(r, end)->n > 3 || !capitals(r, end) || label_at(r, end)) return end;
    if (word_says(r, end)) return end;
    ts_str gap = end + 1 < r->t.n ? ts_str_trim(gap_before(r, end + 1)) : TS_S(".");
    return gap.n && memchr(",.;)", gap.p[0], 4) ? end + 1 : end;
}

/* "No.114581": a word of the label, stuck to the code. */
static bool stuck_label(const reader *r, size_t i) {
    if (i + 1 >= r->t.n || token(r, i)->kind != TS_TOK_WORD) return false;
    uint8_t glue = token(r, i + 1)->glue;
    if (glue != '.' && glue != '#' && glue != '_') return false;
    return (word_says(r, i) & (WORD_FILLER | WORD_EXPIRY | WORD_STANDARD)) || label_at(r, i);
}

/* Where a code that starts at token i ends, or i. */
static size_t code_at(const reader *r, size_t i, trust t) {
    if (i >= r->t.n || token(r, i)->kind == TS_TOK_HAN || small_word(r, i)) return i;
    if (stuck_label(r, i)) return i;
    size_t end = glued_end(r, i);
    bool digit = false;
    for (size_t k = i; k < end; k++) digit |= ts_token_has_digit(token(r, k));
    size_t code = !digit && end == i + 1 ? joins_next(r, i, t) : i;
    if (code > i) return with_tail(r, glued_end(r, code));
    if (!digit) return i;
    return end == i + 1 && i > 0 && one_blank_before(r, i) ? with_tail(r, end) : end;
}

/* ---- what only looks like a model number ---- */

/* "2019", "2019-2021", "DE/2012", "18-24", "7/8": years, sizes, ages. */
static bool years_or_sizes(const reader *r, size_t from, size_t to) {
    bool years = true, small = to > from + 1;
    for (size_t i = from; i < to; i++) {
        ts_str s = ts_token_text(&r->t, i);
        bool country = to == from + 2 && i == from && s.n <= 3 && token(r, to - 1)->glue == '/';
        years &= year(s) || (country && token(r, i)->kind == TS_TOK_WORD);
        small &= token(r, i)->kind == TS_TOK_NUMBER && s.n <= 2;
    }
    return years || small;
}

/* "03.2013", "7/2011", "12-2014": a month, whatever stood before it; "20160318": a day. */
static bool month_or_day(const reader *r, size_t from, size_t to) {
    ts_str last = ts_token_text(&r->t, to - 1);
    uint64_t v;
    if (to == from + 2 && token(r, from)->n <= 2 && year(last))
        return ts_u64_parse(ts_token_text(&r->t, from), &v) && v >= 1 && v <= 12;
    if (to != from + 1 || last.n != 8 || !year(ts_str_to(last, 4)) || !ts_u64_parse(last, &v))
        return false;
    return v / 100 % 100 >= 1 && v / 100 % 100 <= 12 && v % 100 >= 1 && v % 100 <= 31;
}

/* A capital stuck to a digit or capital, and letters behind it that make a word: the "Red" of
 * "CZC43Red", but not the "Scg" of "XB12Scg". */
static bool word_begins(ts_str s, size_t i) {
    enum { LONGEST = 16 };
    if (i == 0 || !ts_is_alnum((unsigned char)s.p[i - 1]) ||
        (s.p[i - 1] >= 'a' && s.p[i - 1] <= 'z'))
        return false;
    size_t n = 1;
    char word[LONGEST] = {(char)ts_lower((unsigned char)s.p[i])};
    for (; n < LONGEST && i + n < s.n && s.p[i + n] >= 'a' && s.p[i + n] <= 'z'; n++)
        word[n] = s.p[i + n];
    if (n != 3) return n > 3;
    return ts_lexicon_find(ts_seq_add(TS_SEQ_START, ts_token_hash(word, n))).n > 0;
}

/* "CZC43Red", "NumbersSize2512": words of other cells stuck to the code; "18319xxxxxx": a code that
 * is not told. */
static bool words_in_it(ts_str s) {
    enum { MASK = 4 };
    for (size_t i = 0, lower = 0, mask = 0; i < s.n; i++) {
        bool capital = s.p[i] >= 'A' && s.p[i] <= 'Z';
        if (capital && (lower >= 3 || word_begins(s, i))) return true;
        lower = s.p[i] >= 'a' && s.p[i] <= 'z' ? lower + 1 : 0;
        mask = s.p[i] == 'x' ? mask + 1 : 0;
        if (mask >= MASK) return true;
    }
    return false;
}

/* "EN71-1", "IEC60335": the letters of a standard and its number in one token. */
static bool standard(ts_str s) {
    static const char *const bodies[] = {"en", "iec", "iso", "din", "astm", "gb", "ul", "bs"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        ts_str b = ts_str_c(bodies[i]), rest = ts_str_from(s, b.n);
        if (ts_str_starts(s, b) && rest.n >= 2 && rest.n <= 5 && all_in(rest, '0', '9'))
            return true;
    }
    return false;
}

/* A quantity before any letters: "13-inch", "3W-GU10", "2900-3100K", but not KT-600G; or a decimal
 * such as 2.0R. */
static bool measured(const reader *r, size_t from, size_t to) {
    for (size_t i = from; i < to && token(r, i)->kind != TS_TOK_WORD; i++) {
        if (token(r, i)->qty) return true;
        if (!ts_is_digit(ts_token_text(&r->t, i).p[0])) break;
    }
    if (to - from != 2 || token(r, from + 1)->glue != '.') return false;
    return token(r, from)->kind == TS_TOK_NUMBER && token(r, from)->n <= 2 &&
           token(r, from + 1)->n <= 2;
}

static bool generic(const reader *r, size_t from, size_t to) {
    char buf[CODE_BYTES];
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        ts_str s = ts_token_text(&r->t, i);
        if (n + s.n > sizeof buf) return false;
        memcpy(buf + n, s.p, s.n);
        n += s.n;
    }
    ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, ts_token_hash(buf, n)));
    for (unsigned m = 0; m < e.n; m++)
        if (ts_lex_kind_of(e.v[m]) == TS_LEX_GENERIC && ts_lex_value(e.v[m]) == 0) return true;
    return false;
}

/* What stands right before or behind says: money, an address, a type approval, a list's own number.
 */
static bool foreign_sign(const reader *r, size_t from, size_t to) {
    ts_str before = gap_before(r, from);
    char last = before.n ? before.p[before.n - 1] : 0, first = 0;
    size_t end = origin_end(r, to - 1);
    if (end < r->text.n) first = r->text.p[end];
    if (last == '$' || last == '*' || last == '@' || last == '+' || first == '*' || first == '@')
        return true;
    if (ts_str_ends(before, TS_S("€")) || ts_str_ends(before, TS_S("£"))) return true;
    if (first == '%' || ts_str_starts(ts_str_from(r->text, end), TS_S("°"))) return true;
    if (first == '"' && to == from + 1 && token(r, from)->kind == TS_TOK_NUMBER && last != '"')
        return true;
    return first == ')' && last != '(' && !memchr(before.p ? before.p : "", '(', before.n) &&
           to == from + 1 && token(r, from)->n <= 2;
}

static bool phone(const reader *r, size_t from, size_t to) {
    if (to - from < 3) return false;
    return token(r, to - 1)->n == 4 && token(r, to - 2)->n == 3 && token(r, to - 3)->n == 3 &&
           token(r, to - 1)->kind == TS_TOK_NUMBER && token(r, to - 2)->kind == TS_TOK_NUMBER;
}

static bool web_address(ts_str s) {
    static const char *const marks[] = {".com", "www.", ".org", ".net", ".de/", ".gov", "://"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (ts_str_ifind(s, ts_str_c(marks[i])) != TS_NPOS) return true;
    return false;
}

/* Letters and digits without what joins them. */
static size_t alnum_count(const reader *r, size_t from, size_t to) {
    size_t n = 0;
    for (size_t i = from; i < to; i++) n += token(r, i)->n;
    return n;
}

/* A chassis number, or two codes that have lost the blank between them: long, and letters and
 * digits by turns. */
static bool run_together(ts_str s) {
    size_t runs = 1;
    for (size_t i = 1; i < s.n; i++) runs += ts_is_digit(s.p[i]) != ts_is_digit(s.p[i - 1]);
    bool again = s.n > 14 && ts_str_find(ts_str_from(s, 2), ts_str_to(s, 2)) != TS_NPOS &&
                 ts_is_alpha((unsigned char)s.p[1]);
    return s.n > TOKEN_BYTES || (runs >= 4 && (s.n >= VIN_BYTES || again));
}

/* Years, months and numbers of a digit or two: no models, but models may follow in the same list.
 */
static bool passed_over(const reader *r, size_t from, size_t to) {
    enum { SHORT = 2 };
    const ts_token *k = token(r, from);
    bool number = to == from + 1 && k->kind == TS_TOK_NUMBER;
    return number ? k->n <= SHORT || year(ts_token_text(&r->t, from)) || month_or_day(r, from, to)
                  : month_or_day(r, from, to) || year_or_size_in_one(ts_token_text(&r->t, from));
}

static bool never_a_model(const reader *r, size_t from, size_t to) {
    ts_str s = original(r, from, to);
    if (s.n > CODE_BYTES || web_address(s)) return true;
    for (size_t i = from; i < to; i++)
        if (run_together(ts_token_text(&r->t, i))) return true;
    if (words_in_it(s) || passed_over(r, from, to)) return true;
    return years_or_sizes(r, from, to) || foreign_sign(r, from, to) || phone(r, from, to) ||
           standard(ts_token_text(&r->t, from)) || generic(r, from, to);
}

/* "787" in "B6 787 4124": digits beside other digits, with one blank before token `gap`. */
static bool part_of_groups(const reader *r, size_t gap, size_t other) {
    return gap > 0 && one_blank_before(r, gap) && ts_token_has_digit(token(r, other)) &&
           !token(r, other)->qty;
}

static bool model_like(const reader *r, size_t from, size_t to, bool labelled) {
    if (never_a_model(r, from, to)) return false;
    size_t behind;
    if (full_date_at(r, from, &behind) && behind >= to) return false;
    unsigned before = from > 0 && !token(r, from)->brk ? word_says(r, from - 1) : 0;
    if (before & WORD_STANDARD) return false;
    size_t n = alnum_count(r, from, to);
    bool number = to == from + 1 && token(r, from)->kind == TS_TOK_NUMBER;
    bool colon = from > 0 && memchr(gap_before(r, from).p, ':', gap_before(r, from).n);
    if (!labelled && number && n <= 4 &&
        (part_of_groups(r, from, from - 1) || part_of_groups(r, from + 1, from + 1)))
        return false;
    if (!labelled && number && n <= 4 && colon) return false; /* "Season: 111" */
    if (labelled)
        return r->prose && number ? true
                                  : !measured(r, from, to) || (to == from + 1 && n >= 3 && !number);
    return n >= 3 && !measured(r, from, to) && !(before & (WORD_SIZE | WORD_EXPIRY));
}

/* ---- mentions ---- */

/* Upper case without blanks, for lots and serials. */
static ts_str folded_code(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n + 1), *w = p;
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_space((unsigned char)s.p[i])) *w++ = (char)ts_upper((unsigned char)s.p[i]);
    return (ts_str){p, (size_t)(w - p)};
}

/* "Model number IPTC": capitals alone, behind a label that says number or has a colon, and nothing
 * behind them that would make them a word of a sentence. */
static size_t letters_model(reader *r, size_t i) {
    enum { LETTERS_MIN = 3, LETTERS_MAX = 12 };
    if (r->prose || i == 0 || i >= r->t.n || token(r, i)->kind != TS_TOK_WORD || !capitals(r, i))
        return i;
    if (token(r, i)->n < LETTERS_MIN || token(r, i)->n > LETTERS_MAX || label_at(r, i)) return i;
    bool colon =
        memchr(gap_before(r, i).p, ':', gap_before(r, i).n) || (word_says(r, i - 1) & WORD_FILLER);
    bool ends = i + 1 >= r->t.n || token(r, i + 1)->brk || label_at(r, i + 1);
    if (all_of(original(r, i, i + 1), "IVX")) return i; /* "model: III series" */
    if (!colon || !ends || ts_lexicon_is_phrase(*r->a, original(r, i, i + 1), TS_PHRASE_UNKNOWN))
        return i;
    *ts_push(r->a, r->out) = (ts_mention){.kind = TS_MENTION_MODEL, .from = original(r, i, i + 1)};
    return i + 1;
}

static bool is_number_word(const reader *r, size_t i) {
    ts_str w = ts_token_text(&r->t, i);
    return ts_str_is(w, "number") || ts_str_is(w, "code") || ts_str_is(w, "no") ||
           ts_str_is(w, "numbers");
}

/* "HI1382_13 is printed on a label": codes in running text that the sentence itself says stand on
 * the product. */
size_t printed_mention(reader *r, size_t i) {
    enum { PRINTED_MIN = 5, WORDS = 12 };
    static const char *const verbs =
        "printed marked stamped engraved embossed etched written stitched molded displayed";
    size_t end = code_at(r, i, TRUST_NONE);
    if (end == i || !model_like(r, i, end, false) || alnum_count(r, i, end) < PRINTED_MIN) return i;
    if (i > 0 && (is_number_word(r, i - 1) || word_says(r, i - 1) & WORD_STANDARD))
        return i; /* "tracking number FO0311" */
    bool letters = false;
    ts_str code = original(r, i, end);
    for (size_t k = 0; k < code.n; k++) {
        letters |= code.p[k] >= 'A' && code.p[k] <= 'Z';
        if (code.p[k] >= 'a' && code.p[k] <= 'z') return i;
    }
    for (size_t k = end; letters && k < r->t.n && k < end + WORDS; k++) {
        ts_str gap = gap_before(r, k), l = ts_str_c(verbs);
        if (gap.n > 1 && memchr(".;", gap.p[0], 2)) break;
        while (l.p)
            if (ts_str_eq(ts_str_cut(&l, ' '), ts_token_text(&r->t, k))) {
                *ts_push(r->a, r->out) = (ts_mention){.kind = TS_MENTION_MODEL, .from = code};
                return end;
            }
        if (!ts_token_has_digit(token(r, k)) && !(word_says(r, k) & (WORD_FILLER | WORD_AND)) &&
            token(r, k)->glue == TS_GLUE_SPACE)
            break;
    }
    return i;
}

static void add_gtin(reader *r, ts_str digits) {
    *ts_push(r->a, r->out) = (ts_mention){.kind = TS_MENTION_GTIN, .from = digits};
}

/* "EAN8850714220599": the label stuck to the number; its length, or 0. */
static size_t stuck_gtin(ts_str s) {
    static const char *const labels[] = {"ean", "gtin", "upc", "isbn", "barcode"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        ts_str l = ts_str_c(labels[i]), rest = ts_str_from(s, l.n);
        if (ts_str_istarts(s, l) && rest.n >= 8 && rest.n <= 14 && all_in(rest, '0', '9'))
            return l.n;
    }
    return 0;
}

/* Check digit of GS1 numbers (General Specifications 7.9) over the digits of s. */
static bool check_digit(ts_str s, size_t digits) {
    unsigned sum = 0;
    size_t left = digits;
    for (size_t i = 0; i < s.n; i++)
        if (ts_is_digit(s.p[i])) sum += (unsigned)(s.p[i] - '0') * (--left % 2 ? 3 : 1);
    return sum % 10 == 0;
}

/* "8 698285 003117" without a label: digit groups that make a trade item number. */
static size_t grouped_gtin(reader *r, size_t i) {
    size_t end = i, digits = 0;
    while (end < r->t.n && token(r, end)->kind == TS_TOK_NUMBER && digits < 14 &&
           (end == i || one_blank_before(r, end)))
        digits += token(r, end++)->n;
    if (end < i + 2 || digits < 12 || digits > 14 || !check_digit(original(r, i, end), digits))
        return i;
    add_gtin(r, original(r, i, end));
    return end;
}

size_t gtin_mention(reader *r, size_t i, bool labelled) {
    size_t end = i, digits = 0;
    while (end < r->t.n && token(r, end)->kind == TS_TOK_NUMBER && digits < 14 &&
           (end == i || !token(r, end)->brk))
        digits += token(r, end++)->n;
    if (end > i && digits >= 8) {
        add_gtin(r, original(r, i, end));
        return end;
    }
    size_t code = labelled ? code_at(r, i, TRUST_ITEM) : i; /* a shop's own code under the label */
    if (code > i && alnum_count(r, i, code) >= 4) add_gtin(r, original(r, i, code));
    return code;
}

/* "128035-139368": a range of serial numbers in one piece. */
static bool range_in_one(const reader *r, size_t from, size_t to) {
    enum { SERIAL_MIN = 5 };
    if (to != from + 2 || token(r, from + 1)->glue != '-') return false;
    const ts_token *a = token(r, from), *b = token(r, from + 1);
    return a->n == b->n && a->n >= SERIAL_MIN && ts_token_has_digit(a) && ts_token_has_digit(b);
}

/* Lots and serials, each with its range. */
static size_t code_of_items(reader *r, size_t i, size_t end, ts_mention_kind kind, unsigned says) {
    enum { VIN_MIN = 11, SERIAL_MIN = 4 };
    ts_mention m = {.kind = kind, .from = folded_code(r->a, original(r, i, end))};
    bool serial = kind == TS_MENTION_SERIAL;
    bool digits =
        end == i + 1 && token(r, i)->kind == TS_TOK_NUMBER && m.from.n >= 12 && m.from.n <= 14;
    if (kind == TS_MENTION_LOT && digits &&
        check_digit(m.from, m.from.n)) { /* "all lots  5713795220922": the next product */
        add_gtin(r, m.from);
        return end;
    }
    size_t n = alnum_count(r, i, end), second = range_sign(r, end, says & WORD_BETWEEN);
    size_t end2 = second != TS_NPOS ? code_at(r, second, TRUST_ITEM) : second;
    if (serial && range_in_one(r, i, end)) {
        m.from = folded_code(r->a, original(r, i, i + 1));
        m.to = folded_code(r->a, original(r, i + 1, end));
        n /= 2;
    } else if (second != TS_NPOS && end2 > second) {
        m.to = folded_code(r->a, original(r, second, end2));
        end = end2;
    }
    /* the last digits of a chassis number cannot be compared with a whole one */
    if (serial ? n >= (says & WORD_VEHICLE ? VIN_MIN : SERIAL_MIN) : n >= 2)
        *ts_push(r->a, r->out) = m;
    return end;
}

/* "55 452 002", "23 802" behind a label: a number written in groups. Behind it, or i. */
static size_t digit_groups(reader *r, size_t i) {
    enum { FIRST = 2, SMALLEST = 3, LARGEST = 4, GROUPS = 4 };
    if (i >= r->t.n || token(r, i)->kind != TS_TOK_NUMBER || token(r, i)->n > FIRST) return i;
    size_t end = i + 1;
    while (end < r->t.n && end - i < GROUPS && one_blank_before(r, end) && !token(r, end)->qty &&
           token(r, end)->kind == TS_TOK_NUMBER && token(r, end)->n >= SMALLEST &&
           token(r, end)->n <= LARGEST && !year(ts_token_text(&r->t, end)))
        end++;
    bool ends = end == r->t.n || token(r, end)->glue == TS_GLUE_SPACE;
    if (end == i + 1 || !ends) return i;
    *ts_push(r->a, r->out) = (ts_mention){.kind = TS_MENTION_MODEL, .from = original(r, i, end)};
    return end;
}

size_t code_mention(reader *r, size_t i, ts_mention_kind kind, bool labelled, unsigned says) {
    bool model = kind == TS_MENTION_MODEL;
    size_t group = model ? grouped_gtin(r, i) : i;
    if (model && labelled && group == i) group = digit_groups(r, i);
    if (group > i) return group;
    trust t = !labelled ? TRUST_NONE : model ? TRUST_MODEL : TRUST_ITEM;
    size_t end = code_at(r, i, t), stuck;
    if (end == i) return model && labelled ? letters_model(r, i) : i;
    if (says & WORD_PART) return end;
    ts_str text = original(r, i, end);
    if ((stuck = stuck_gtin(text)) > 0) {
        add_gtin(r, ts_str_from(text, stuck));
        return end;
    }
    if (!model) {
        if (foreign_sign(r, i, end) || (!labelled && measured(r, i, end))) return i;
        return code_of_items(r, i, end, kind, says);
    }
    if (passed_over(r, i, end)) return end;
    if (!model_like(r, i, end, labelled)) return i;
    *ts_push(r->a, r->out) = (ts_mention){.kind = kind, .from = text};
    return end;
}
