/* Labels, the words behind them, and the values that follow. */
#include "mention.h"

#include "mention_read.h"

/* ---- the reader's view of the text ---- */

size_t origin_of(const reader *r, size_t token) { return r->t.origin[r->t.v[token].at]; }

size_t origin_end(const reader *r, size_t i) {
    const ts_token *k = &r->t.v[i];
    size_t at = r->t.origin[k->at + k->n - 1];
    ts_str rest = ts_str_from(r->text, at);
    size_t n = 0;
    if (rest.n) ts_utf8_next(rest, &n);
    return at + n;
}

ts_str original(const reader *r, size_t from, size_t to) {
    size_t b = origin_of(r, from), e = origin_end(r, to - 1);
    return (ts_str){r->text.p + b, e - b};
}

ts_str gap_before(const reader *r, size_t i) {
    size_t b = i > 0 ? origin_end(r, i - 1) : 0, e = origin_of(r, i);
    return (ts_str){r->text.p + b, e > b ? e - b : 0};
}

size_t token_behind(const reader *r, size_t i, size_t at) {
    while (i < r->t.n && origin_of(r, i) < at) i++;
    return i;
}

/* The longest phrase of the wanted kinds (a bit each) that starts at token i. */
static size_t longest_phrase(const reader *r, size_t i, uint32_t want, ts_phrase *kind) {
    enum { PHRASE_TOKENS = 6 };
    uint64_t key = TS_SEQ_START;
    size_t best = 0;
    *kind = (ts_phrase)0;
    for (size_t k = i; k < r->t.n && k < i + PHRASE_TOKENS; k++) {
        key = ts_seq_add(key, r->t.v[k].hash);
        ts_lex_entry e = ts_lexicon_find(key);
        for (unsigned m = 0; m < e.n; m++) {
            unsigned p = ts_lex_value(e.v[m]);
            if (ts_lex_kind_of(e.v[m]) == TS_LEX_PHRASE && want >> p & 1 &&
                (best != k + 1 - i || p < *kind))
                *kind = (ts_phrase)p, best = k + 1 - i;
        }
        if (!e.prefix) break;
    }
    return best;
}

size_t label_phrase(const reader *r, size_t i, ts_phrase *kind) {
    const uint32_t labels = 1u << TS_PHRASE_MODEL_LABEL | 1u << TS_PHRASE_LOT_LABEL |
                            1u << TS_PHRASE_SERIAL_LABEL | 1u << TS_PHRASE_MADE_LABEL |
                            1u << TS_PHRASE_SOLD_LABEL | 1u << TS_PHRASE_GTIN_LABEL;
    return r->t.v[i].kind == TS_TOK_NUMBER ? 0 : longest_phrase(r, i, labels, kind);
}

/* Between two ends: a dash, a tilde, a slash, or a range word that cannot also mean a list. */
size_t range_sign(const reader *r, size_t i, bool between) {
    if (i >= r->t.n || i == 0) return TS_NPOS;
    static const char *const signs[] = {"-", "–", "—", "~", "～", "−", "/", "to", "…", "->"};
    ts_str gap = ts_str_trim(gap_before(r, i));
    for (size_t s = 0; s < sizeof signs / sizeof *signs; s++)
        if (ts_str_is(gap, signs[s])) return i;
    if (gap.n && !ts_str_is(gap, ",")) return TS_NPOS; /* "from January 20, 2025, through March" */
    unsigned says = word_says(r, i);
    if (says & WORD_AND) return between && i + 1 < r->t.n ? i + 1 : TS_NPOS;
    ts_phrase p;
    size_t k = longest_phrase(r, i, 1u << TS_PHRASE_RANGE_WORD, &p);
    return k && i + k < r->t.n ? i + k : TS_NPOS;
}

/* ---- labels ---- */

static ts_mention_kind kind_of(ts_phrase p) {
    switch (p) {
    case TS_PHRASE_MODEL_LABEL: return TS_MENTION_MODEL;
    case TS_PHRASE_LOT_LABEL: return TS_MENTION_LOT;
    case TS_PHRASE_SERIAL_LABEL: return TS_MENTION_SERIAL;
    case TS_PHRASE_MADE_LABEL: return TS_MENTION_MADE;
    case TS_PHRASE_SOLD_LABEL: return TS_MENTION_SOLD;
    default: return TS_MENTION_GTIN;
    }
}

static size_t label_at(const reader *r, size_t i, ts_mention_kind *kind) {
    ts_phrase p;
    size_t n = label_phrase(r, i, &p);
    if (!n) return 0;
    *kind = kind_of(p);
    if (n == 1 && ts_str_is(ts_token_text(&r->t, i), "jan") &&
        !ts_str_is(original(r, i, i + 1), "JAN"))
        return 0; /* January */
    const ts_token *last =
        &r->t.v[i + n - 1]; /* in "EAN 8 423599 …" the 8 is the number's first digit */
    return n > 1 && last->kind == TS_TOK_NUMBER && last->glue == TS_GLUE_SPACE ? n - 1 : n;
}

static bool dated(ts_mention_kind k) { return k == TS_MENTION_MADE || k == TS_MENTION_SOLD; }

/* A full stop (or its like) between token i and the one before. A label's own "No." is no stop. */
static bool sentence_ends_before(const reader *r, size_t i) {
    ts_str gap = gap_before(r, i);
    for (size_t k = 0; k < gap.n; k++)
        if (memchr(".!?", gap.p[k], 3) && k + 1 < gap.n) return true;
    return ts_str_find(gap, TS_S("。")) != TS_NPOS;
}

/* "… number (VIN). The 2023 model": the stop behind the label ends its sentence, unlike that of
 * "Art. No. 12". */
static bool new_sentence(const reader *r, size_t i) {
    ts_str w = original(r, i, i + 1);
    bool word = w.n >= 2 && w.p[0] >= 'A' && w.p[0] <= 'Z' && w.p[1] >= 'a' && w.p[1] <= 'z';
    return word && !ts_str_ieq(w, TS_S("no")) && !ts_str_ieq(w, TS_S("nr")) &&
           !ts_str_ieq(w, TS_S("number"));
}

static size_t one_value(reader *r, size_t i, ts_mention_kind kind, bool labelled, unsigned says) {
    if (dated(kind)) return date_mention(r, i, kind, says);
    return kind == TS_MENTION_GTIN ? gtin_mention(r, i, labelled)
                                   : code_mention(r, i, kind, labelled, says);
}

/* "(mauve)" behind a value: the token behind the bracket, or i. */
static size_t remark(const reader *r, size_t i) {
    enum { REMARK = 8 };
    if (i >= r->t.n || !memchr(gap_before(r, i).p, '(', gap_before(r, i).n)) return i;
    for (size_t k = i + 1; k <= r->t.n && k < i + REMARK; k++) {
        ts_str gap = k < r->t.n ? gap_before(r, k) : ts_str_from(r->text, origin_end(r, k - 1));
        if (gap.n && memchr(gap.p, ')', gap.n)) return k;
        if (k < r->t.n && r->t.v[k].kind == TS_TOK_MIXED) return i;
    }
    return i;
}

/* Two codes of one list look alike: both with letters, or numbers of the same length. */
static bool alike(const reader *r, size_t from, size_t to, size_t next) {
    bool letters = false;
    for (size_t i = from; i < to; i++) letters |= r->t.v[i].kind != TS_TOK_NUMBER;
    const ts_token *k = &r->t.v[next];
    if (letters)
        return k->kind == TS_TOK_MIXED ||
               (next + 1 < r->t.n && r->t.v[next + 1].glue > TS_GLUE_NONE);
    return k->kind == TS_TOK_NUMBER && k->n == r->t.v[to - 1].n && k->n >= 4;
}

/* Behind the bracket that opens before token i and holds another code ("93550 (KY-318B), 96775"),
 * or i. */
static size_t behind_bracket(const reader *r, size_t i) {
    enum { INSIDE = 8 };
    ts_str gap = gap_before(r, i);
    if (!memchr(gap.p, '(', gap.n) || memchr(gap.p, ')', gap.n)) return i;
    for (size_t k = i + 1; k < r->t.n && k <= i + INSIDE; k++) {
        gap = gap_before(r, k);
        if (memchr(gap.p, ')', gap.n)) return k;
    }
    return i;
}

/* Where the next value of the list stands: behind a comma, "and", a remark, or one blank when the
 * two look alike. `from` and `i` enclose the value just read. */
static size_t next_in_list(const reader *r, size_t from, size_t i) {
    size_t k = remark(r, i);
    if (k < r->t.n && k == i && !alike(r, from, i, k)) k = behind_bracket(r, i);
    if (k >= r->t.n || sentence_ends_before(r, k)) return TS_NPOS;
    bool separated = k > i;
    ts_str gap = gap_before(r, k);
    for (size_t x = 0; x < gap.n; x++) separated |= memchr(",;|\n&+/", gap.p[x], 7) != 0;
    separated |= ts_str_find(gap, TS_S("、")) != TS_NPOS ||
                 ts_str_find(gap, TS_S("，")) != TS_NPOS ||
                 ts_str_find(gap, TS_S("”")) != TS_NPOS || ts_str_find(gap, TS_S("；")) != TS_NPOS;
    if (ts_str_istarts(ts_str_from(r->text, origin_of(r, k)), TS_S("as well as")))
        k += 3, separated = true;
    while (k < r->t.n && word_says(r, k) & WORD_AND) k++, separated = true;
    if (k >= r->t.n) return TS_NPOS;
    return separated || alike(r, from, i, k) ? k : TS_NPOS;
}

static bool buying(ts_str w) {
    static const char *const verbs[] = {"purchased", "bought",  "gekauft",
                                        "erworben",  "achetes", "acquired"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (ts_str_is(w, verbs[i])) return true;
    return false;
}

static bool may_skip(const reader *r, size_t i, ts_mention_kind kind, unsigned says) {
    if (kind == TS_MENTION_MADE && buying(ts_token_text(&r->t, i))) return false;
    if (r->t.v[i].kind == TS_TOK_NUMBER || r->t.v[i].kind == TS_TOK_MIXED) return false;
    if (says && !(says & (WORD_EXPIRY | WORD_STANDARD | WORD_SIZE))) return true;
    return dated(kind);
}

/* "March and April 2009": the month alone is no date yet. */
static bool shares_a_year(reader *r, size_t i, unsigned says) {
    if (r->t.v[i].kind != TS_TOK_WORD || r->t.v[i].n < 3) return false;
    size_t n = r->out->n, end = date_mention(r, i, TS_MENTION_MADE, says);
    r->out->n = n;
    return end > i;
}

/* Words between the label and its first value: what they say is added to *says. Returns the value's
 * token, or TS_NPOS when none can follow. */
static size_t skip_fillers(reader *r, size_t i, ts_mention_kind kind, unsigned *says) {
    size_t budget = kind == TS_MENTION_SOLD ? 24 : kind == TS_MENTION_MADE ? 7 : 5;
    for (size_t k = i; k < r->t.n && k < i + budget; k++) {
        ts_mention_kind other;
        ts_date_span d;
        size_t at = origin_of(r, k);
        if (sentence_ends_before(r, k) && (k > i || new_sentence(r, k))) return TS_NPOS;
        if (dated(kind) && (ts_date_read(r->text, &at, r->us, &d) || shares_a_year(r, k, *says)))
            return k;
        if (label_at(r, k, &other) && !(dated(kind) && other == TS_MENTION_MODEL) && other != kind)
            return TS_NPOS;
        unsigned w = word_says(r, k);
        *says |= w;
        if (k == i && r->prose && !dated(kind) && w & WORD_AND)
            return TS_NPOS; /* "Pro Series and 4400 PSI" */
        if (!may_skip(r, k, kind, w)) return dated(kind) ? TS_NPOS : k;
    }
    return TS_NPOS;
}

/* The words of the label itself: "manufactured between", "produced before". */
static unsigned label_says(const reader *r, size_t from, size_t to) {
    unsigned says = 0;
    for (size_t i = from; i < to; i++) says |= word_says(r, i);
    ts_str label = original(r, from, to);
    static const char *const vehicle[] = {
        "vin", "chassis", "fahrgestell", "identification", "identifizierung", "frame", "fin"};
    for (size_t i = 0; i < sizeof vehicle / sizeof *vehicle; i++)
        if (ts_str_istarts(label, ts_str_c(vehicle[i])) ||
            (i > 0 && i < 5 && ts_str_ifind(label, ts_str_c(vehicle[i])) != TS_NPOS))
            says |= WORD_VEHICLE;
    return says & (WORD_BETWEEN | WORD_BEFORE | WORD_SINCE | WORD_PART | WORD_VEHICLE);
}

/* Articles of "model year 2023" are made in that year and the one before. */
static void widen_model_years(reader *r, size_t from, size_t to, size_t first) {
    ts_str label = original(r, from, to);
    if (ts_str_ifind(label, TS_S("model")) == TS_NPOS) return;
    for (size_t i = first; i < r->out->n; i++) {
        int y, m, d;
        ts_date_span *s = &r->out->v[i].days;
        if (s->from == TS_NO_DAY) continue;
        ts_day_civil(s->from, &y, &m, &d);
        if (m == 1 && d == 1) s->from = ts_day_of(y - 1, 1, 1);
    }
}

/* "Recall Ref: 9C250", "Test report no. 12": the number of something else than the product. */
static bool foreign_number(const reader *r, size_t from) {
    static const char *const things[] = {"recall",    "campaign", "ruckruf",     "rueckruf",
                                         "rappel",    "report",   "certificate", "invoice",
                                         "patent",    "tracking", "approval",    "registration",
                                         "accession", "case",     "alert"};
    if (from == 0 || !ts_str_is(gap_before(r, from), " ")) return false;
    for (size_t i = 0; i < sizeof things / sizeof *things; i++)
        if (ts_str_is(ts_token_text(&r->t, from - 1), things[i])) return true;
    return false;
}

/* The token behind the one value of such a label, which is not told. */
static size_t foreign_value(reader *r, size_t to, ts_mention_kind kind) {
    unsigned says = 0;
    size_t n = r->out->n, i = skip_fillers(r, to, kind, &says);
    size_t end = i == TS_NPOS ? to : one_value(r, i, kind, true, says);
    r->out->n = n;
    return end > to ? end : to;
}

/* Everything a label at tokens [from, to) introduces; the token behind the last value. */
static size_t labelled_values(reader *r, size_t from, size_t to, ts_mention_kind kind) {
    unsigned says = label_says(r, from, to);
    if (kind == TS_MENTION_MODEL && foreign_number(r, from)) return foreign_value(r, to, kind);
    if (r->table && to < r->t.n && memchr(gap_before(r, to).p, '\n', gap_before(r, to).n) &&
        ts_str_is(ts_token_text(&r->t, to - 1), "series"))
        return to; /* "… PA Series", and the next cell of the row behind it */
    size_t i = skip_fillers(r, to, kind, &says);
    size_t end = to, before = r->out->n;
    while (i != TS_NPOS && i < r->t.n) {
        ts_mention_kind other;
        size_t label = label_at(r, i, &other);
        if (label && other != kind) break;
        if (label) i += label;
        bool first = end == to;
        size_t behind =
            i < r->t.n ? one_value(r, i, kind, first || kind != TS_MENTION_GTIN, says) : i;
        if (behind == i) break;
        end = behind;
        i = next_in_list(r, i, behind);
        if (i != TS_NPOS && dated(kind)) i = skip_fillers(r, i, TS_MENTION_MADE, &says);
    }
    if (kind == TS_MENTION_MADE) widen_model_years(r, from, to, before);
    return end;
}

/* ---- dates with the label behind them: 2023年6月至7月期间生产, "2019-2021 manufactured" ---- */

static size_t label_behind(reader *r, size_t i) {
    if (r->t.v[i].kind != TS_TOK_NUMBER) return i;
    size_t n = r->out->n, end = date_mention(r, i, TS_MENTION_MADE, 0), k = end;
    if (end == i) return i;
    static const char *const between[] = {"期", "间", "之", "前", "后", "起", "的"};
    for (bool skip = true; skip && k < r->t.n && k < end + 4;) {
        skip = false;
        for (size_t x = 0; x < sizeof between / sizeof *between && !skip; x++)
            skip = ts_str_is(ts_token_text(&r->t, k), between[x]);
        k += skip;
    }
    ts_mention_kind kind;
    bool han = k < r->t.n && r->t.v[k].kind == TS_TOK_HAN;
    size_t label = k < r->t.n ? label_at(r, k, &kind) : 0;
    bool model_year = label && !han && kind == TS_MENTION_MADE &&
                      ts_str_ifind(original(r, k, k + label), TS_S("model")) != TS_NPOS;
    if ((label && han && dated(kind)) || model_year) {
        r->out->v[r->out->n - 1].kind = kind;
        if (model_year) widen_model_years(r, k, k + label, n);
        return k + label;
    }
    r->out->n = n;
    return i;
}

/* ---- cells of a table run together ---- */

static bool lower(char c) { return c >= 'a' && c <= 'z'; }
static bool upper(char c) { return c >= 'A' && c <= 'Z'; }

static bool camel(ts_str s, size_t i) {
    return i >= 2 && i + 2 < s.n && lower(s.p[i - 1]) && lower(s.p[i - 2]) && upper(s.p[i]) &&
           (lower(s.p[i + 1]) ? lower(s.p[i + 2]) : upper(s.p[i + 1]));
}

/* "LB16020DENLB16020DMNR": the letters the run began with, again before a digit. */
static bool begins_again(ts_str s, size_t run, size_t i) {
    return i > run + 4 && i + 2 < s.n && upper(s.p[run]) && upper(s.p[run + 1]) &&
           ts_is_digit(s.p[run + 2]) && s.p[i] == s.p[run] && s.p[i + 1] == s.p[run + 1] &&
           ts_is_digit(s.p[i + 2]);
}

/* Whether a blank is missing before s.p[i]: "0880700Bar code", and in text that has lost the
 * borders of a table "NumberDescription", "Color13825". `run`: where the letters and digits began.
 */
static bool glued(ts_str s, size_t i, size_t run, bool table) {
    bool digits =
        i >= 3 && ts_is_digit(s.p[i - 1]) && ts_is_digit(s.p[i - 2]) && ts_is_digit(s.p[i - 3]);
    if (digits && i + 2 < s.n && upper(s.p[i]) && lower(s.p[i + 1]) && lower(s.p[i + 2]))
        return true;
    if (i > 0 && ts_is_digit(s.p[i - 1]) && ts_str_starts(ts_str_from(s, i), TS_S("barcode")))
        return true;
    bool upc = digits && ts_str_starts(ts_str_from(s, i), TS_S("UPC"));
    if (upc && (i + 3 >= s.n || !ts_is_alnum((unsigned char)s.p[i + 3]))) return true;
    if (!table || i < 3) return false;
    bool word = lower(s.p[i - 1]) && lower(s.p[i - 2]) && lower(s.p[i - 3]);
    bool number = word && i + 2 < s.n && ts_is_digit(s.p[i]) && ts_is_digit(s.p[i + 1]);
    number |= word && i + 1 < s.n && upper(s.p[i]) && ts_is_digit(s.p[i + 1]);
    return number || camel(s, i) || begins_again(s, run, i);
}

/* A copy with the missing blanks put in, as line ends; w == NULL only counts them. */
static size_t unglue_into(ts_str s, bool table, char *w) {
    size_t places = 0, run = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (i > 0 && glued(s, i, run, table)) {
            if (w) w[i + places] = '\n';
            places++;
            run = i;
        }
        if (!ts_is_alnum((unsigned char)s.p[i])) run = i + 1;
        if (w) w[i + places] = s.p[i];
    }
    return places;
}

static ts_str unglue(ts_arena *a, ts_str s, bool *table) {
    size_t camels = 0;
    for (size_t i = 2; i < s.n; i++) camels += camel(s, i);
    *table = camels >= 3 && camels * 200 > s.n;
    size_t places = unglue_into(s, *table, 0);
    if (!places) return s;
    char *p = ts_new_raw(a, char, s.n + places);
    unglue_into(s, *table, p);
    return (ts_str){p, s.n + places};
}

static bool line_in(ts_str gap) { return gap.n && memchr(gap.p, '\n', gap.n); }

/* A label that fills a cell of a lost table's head, or stands right before the next label ("Models
 * Manufacturing Dates HW128 …"): remembered for the cells below. */
static void column(reader *r, size_t behind, ts_mention_kind kind) {
    ts_mention_kind next;
    if (behind >= r->t.n) return;
    bool cell_ends = r->table && line_in(gap_before(r, behind));
    bool label_follows = !r->t.v[behind].brk && label_at(r, behind, &next) && next != kind;
    if (cell_ends || label_follows || r->columns) r->columns |= 1u << kind;
}

/* "Drive2": more a word than a code. */
static bool word_in_it(ts_str s) {
    for (size_t i = 2; i < s.n; i++)
        if (lower(s.p[i]) && lower(s.p[i - 1]) && lower(s.p[i - 2])) return true;
    return false;
}

/* A code in the body of a lost table whose head speaks of models alone: a whole cell, or where
 * cells cannot be told apart letters and digits in capitals. */
static size_t cell(reader *r, size_t i) {
    enum { CELL_MIN = 4, CELL_MAX = 16 };
    const unsigned other = 1u << TS_MENTION_LOT | 1u << TS_MENTION_SERIAL | 1u << TS_MENTION_GTIN;
    bool models = r->columns & 1u << TS_MENTION_MODEL && !(r->columns & other);
    if (!models || r->t.v[i].kind == TS_TOK_WORD) return i;
    bool starts = line_in(gap_before(r, i));
    if (r->table ? !starts
                 : r->t.v[i].kind != TS_TOK_MIXED || r->text.p[origin_of(r, i)] < 'A' ||
                       r->text.p[origin_of(r, i)] > 'Z')
        return i;
    size_t n = r->out->n, end = code_mention(r, i, TS_MENTION_MODEL, r->table, 0);
    bool whole = end > i && (!r->table || end == r->t.n || line_in(gap_before(r, end)));
    ts_str code = r->out->n > n ? r->out->v[n].from : TS_NONE;
    if (whole && code.n >= CELL_MIN && code.n <= CELL_MAX && !word_in_it(code)) return end;
    r->out->n = n;
    return i;
}

/* “Model 550”: the sign behind the number closes a quotation and does not mean inches. */
static bool closing_quote(const reader *r, size_t i) {
    ts_str rest = ts_str_from(r->text, origin_end(r, i));
    if (ts_str_starts(rest, TS_S("”"))) return true;
    if (!rest.n || rest.p[0] != '"') return false;
    size_t quotes = 0, end = origin_of(r, i);
    for (size_t k = 0; k < end; k++) quotes += r->text.p[k] == '"';
    return quotes % 2 == 1;
}

/* Takes back quantities that are none: see closing_quote, and "3360 Bar code: …", where the unit is
 * the beginning of a label. */
static void free_labels(reader *r) {
    for (size_t i = 0; i < r->t.n; i++) {
        ts_mention_kind kind;
        if (r->t.v[i].qty && r->t.v[i].kind == TS_TOK_NUMBER && closing_quote(r, i))
            r->t.v[i].qty = 0;
        if (i == 0) continue;
        bool in = r->t.v[i].qty && ts_str_is(ts_token_text(&r->t, i), "in") &&
                  ts_str_is(gap_before(r, i), " ") && i + 1 < r->t.n &&
                  r->t.v[i + 1].kind == TS_TOK_WORD; /* "Item 36390000 in invoice" */
        if (!r->t.v[i].qty || r->t.v[i].kind != TS_TOK_WORD || !(in || label_at(r, i, &kind)))
            continue;
        r->t.v[i].qty = 0;
        for (size_t k = i; k-- > 0 && r->t.v[k].qty && r->t.v[k].kind == TS_TOK_NUMBER;)
            r->t.v[k].qty = 0;
    }
}

/* A field that is nothing but digit groups is one number. */
static bool one_number(ts_str s, ts_mention_kind unlabelled, ts_mentions *out, ts_arena *a) {
    enum { GTIN_DIGITS = 12 };
    size_t digits = 0;
    s = ts_str_trim(s);
    for (size_t i = 0; i < s.n; i++) {
        if (ts_is_digit(s.p[i]))
            digits++;
        else if (s.p[i] != ' ')
            return false;
    }
    if (unlabelled != TS_MENTION_MODEL || digits == s.n || digits < 4 || digits > 14) return false;
    *ts_push(a, out) =
        (ts_mention){.kind = digits >= GTIN_DIGITS ? TS_MENTION_GTIN : TS_MENTION_MODEL, .from = s};
    return true;
}

/* Behind a date of expiry, which is neither a code nor a date of making. */
static size_t expiry(reader *r, size_t i) {
    if (!(word_says(r, i) & WORD_EXPIRY) || i + 1 >= r->t.n) return i;
    size_t k = i + 1, behind = i + 1;
    while (k < r->t.n && k < i + 4 && word_says(r, k) & WORD_FILLER) k++;
    if (k >= r->t.n) return k;
    if (full_date_at(r, k, &behind)) return behind;
    for (k++; k < r->t.n && r->t.v[k].glue > TS_GLUE_NONE && r->t.v[k].kind == TS_TOK_NUMBER;) k++;
    return k;
}

void ts_mentions_read(ts_arena *a, ts_str text, ts_mention_kind unlabelled, bool us_dates,
                      ts_mentions *out) {
    enum { TEXT_MAX = 1 << 20 };
    reader r = {.a = a,
                .text = ts_str_clip(text, TEXT_MAX),
                .us = us_dates,
                .prose = unlabelled == TS_MENTION_NONE,
                .out = out};
    ts_quantities quantities = {0};
    r.text = unglue(a, r.text, &r.table);
    if (one_number(r.text, unlabelled, out, a)) return;
    r.t = ts_tokenise(a, r.text, true);
    ts_quantities_read(a, &r.t, 0, &quantities);
    free_labels(&r);
    /* Behind a label of lots or serials that no value followed ("Batch code: p 10/10, E 10/13
     * D122883"), what comes without a label counts as one of those. */
    ts_mention_kind open = TS_MENTION_NONE;
    unsigned vehicle = 0;
    for (size_t i = 0; i < r.t.n;) {
        ts_mention_kind kind;
        size_t label = label_at(&r, i, &kind), end = expiry(&r, i), behind;
        if (end > i) {
            i = end;
            continue;
        }
        if (sentence_ends_before(&r, i)) open = TS_MENTION_NONE, vehicle = 0;
        if (label) {
            end = labelled_values(&r, i, i + label, kind);
            if (end == i + label)
                column(&r, end, kind);
            else if (r.columns)
                r.columns |= 1u << kind;
            open = end == i + label && (kind == TS_MENTION_LOT || kind == TS_MENTION_SERIAL)
                       ? kind
                       : TS_MENTION_NONE;
            vehicle = open ? label_says(&r, i, i + label) & WORD_VEHICLE : 0;
        } else if (!r.prose) {
            size_t word = i > 1 && ts_str_is(ts_token_text(&r.t, i - 1), "to") ? i - 2 : i - 1;
            unsigned says =
                i > 0 ? word_says(&r, word) & (WORD_BETWEEN | WORD_BEFORE | WORD_SINCE) : 0;
            end = one_value(&r, i, open ? open : unlabelled, false, says | vehicle);
            if (end == i && full_date_at(&r, i, &behind)) end = behind;
        } else {
            end = cell(&r, i);
            if (end == i) end = printed_mention(&r, i);
        }
        if (end == i && !dated(unlabelled)) end = label_behind(&r, i);
        i = end > i ? end : i + 1;
    }
}
