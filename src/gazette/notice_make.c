/* Identity, dates, countries, and what words say about a notice. */
#include "notice_make.h"

/* ---- identity ---- */

static size_t digits_in(ts_str s) {
    size_t n = 0;
    while (n < s.n && ts_is_digit(s.p[n])) n++;
    return n;
}

/* "A12/0912/19" of a weekly report is "A12/00912/19" on the portal: the id has five digits. */
static size_t zeros_missing(ts_str number, size_t *at) {
    enum { DIGITS = 5 };
    *at = ts_str_chr(number, '/');
    if (*at == TS_NPOS || !ts_is_alpha((unsigned char)number.p[0])) return 0;
    (*at)++;
    size_t n = digits_in(ts_str_from(number, *at));
    ts_str rest = ts_str_from(number, *at + n);
    bool alert = n >= 1 && n < DIGITS && rest.n == 3 && rest.p[0] == '/' &&
                 digits_in(ts_str_from(rest, 1)) == 2;
    return alert ? DIGITS - n : 0;
}

void make_id(maker *m, const char *source, ts_str number) {
    m->n->source = ts_str_c(source);
    m->n->number = number;
    if (!number.n) return;
    ts_buf b = ts_buf_new(m->a, 1024);
    ts_buf_put(&b, m->n->source);
    ts_buf_c(&b, ':');
    number = ts_str_clip(number, 400);
    size_t at, zeros = strcmp(source, "safety_gate") == 0 ? zeros_missing(number, &at) : 0;
    if (zeros) ts_buf_put(&b, ts_str_to(number, at));
    for (size_t i = 0; i < zeros; i++) ts_buf_c(&b, '0');
    ts_buf_put(&b, zeros ? ts_str_from(number, at) : number);
    m->n->id = ts_buf_str(&b);
}

ts_str cpsc_number(ts_arena *a, ts_str s) {
    s = ts_str_trim(s);
    size_t n = digits_in(s);
    bool plain = n == 5 && (s.n == 5 || (s.n == 6 && ts_is_alpha((unsigned char)s.p[5])));
    if (!plain) return s;
    ts_buf b = ts_buf_new(a, 16);
    ts_buf_put(&b, ts_str_to(s, 2));
    ts_buf_c(&b, '-');
    for (size_t i = 2; i < s.n; i++) ts_buf_c(&b, (char)ts_lower((unsigned char)s.p[i]));
    return ts_buf_str(&b);
}

ts_str safety_gate_number(ts_arena *a, ts_str s) {
    enum { NUMBER_MAX = 200 };
    s = ts_str_clip(ts_str_trim(s), NUMBER_MAX);
    ts_buf b = ts_buf_new(a, NUMBER_MAX);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '/' && b.n && b.p[b.n - 1] == '/') continue;
        if (s.p[i] != ' ') ts_buf_c(&b, (char)ts_upper((unsigned char)s.p[i]));
    }
    return ts_buf_str(&b);
}

/* The numbers in s, separated by single blanks, slashes or points; 0 when there is anything else.
 */
static size_t parts_of(ts_str s, uint64_t part[3], char sep[2]) {
    size_t n = 0;
    while (n < 3) {
        size_t d = digits_in(s);
        if (d == 0 || d > 6 || !ts_u64_parse(ts_str_to(s, d), &part[n])) return 0;
        n++;
        s = ts_str_from(s, d);
        if (!s.n) return n;
        if (n == 3 || !memchr(" /.", s.p[0], 3)) return 0;
        sep[n - 1] = s.p[0];
        s = ts_str_from(s, 1);
    }
    return 0;
}

/* whole + top/bottom, times the year's two digits, is the number: a spreadsheet took "0351/10" for
 * a fraction. The first weeks of a year still list numbers of the year before. */
static bool unfraction(uint64_t whole, uint64_t top, uint64_t bottom, int year, uint64_t *number,
                       int *of) {
    for (int y = year; y >= year - 1 && bottom; y--) {
        uint64_t k = (uint64_t)(y % 100);
        if (!k || k % bottom) continue;
        *number = whole * k + top * (k / bottom);
        *of = y;
        return *number > 0 && *number < 10000;
    }
    return false;
}

static bool ungarble(ts_str s, int year, uint64_t *number, int *of) {
    uint64_t p[3];
    char sep[2] = {0, 0};
    size_t n = parts_of(s, p, sep);
    *of = year;
    if (n == 1) return unfraction(p[0], 0, 1, year, number, of);
    if (n == 2 && sep[0] == '/') return *number = p[0], p[1] == (uint64_t)(year % 100);
    if (n == 2 && sep[0] == '.' && p[1] > 99) /* 55.911 is 55 9/11 */
        return unfraction(p[0], p[1] / 100, p[1] % 100, year, number, of);
    if (n == 3 && sep[0] == ' ' && sep[1] == '/')
        return unfraction(p[0], p[1], p[2], year, number, of);
    if (n == 3 && sep[0] == '.' && sep[1] == '.')
        return *number = p[0], p[1] == (uint64_t)(year % 100);
    if (n != 3 || sep[0] != '/' || sep[1] != '/') return false;
    if (p[2] >= 1900) return unfraction(p[0], p[1], p[2] % 100, year, number, of);
    return unfraction(p[2], p[0], p[1], year, number, of);
}

ts_str rapex_number(ts_arena *a, ts_str s, int year) {
    uint64_t number;
    int of;
    s = ts_str_trim(s);
    while (s.n && s.p[s.n - 1] == '.') s.n--;
    if (s.n && !ts_is_digit(s.p[0]))
        return ts_str_is(s, "null") ? TS_NONE : safety_gate_number(a, s);
    if (year < 2000 || !ungarble(s, year, &number, &of)) return TS_NONE;
    ts_buf b = ts_buf_new(a, 32);
    ts_buf_fmt(&b, "%04u/%02d", (unsigned)number, of % 100);
    return ts_buf_str(&b);
}

/* ---- dates ---- */

int32_t make_day(ts_str s, bool us) {
    s = ts_str_trim(s);
    int32_t day = ts_day_parse_iso(s);
    if (day != TS_NO_DAY) return day;
    size_t at = 0;
    ts_date_span span;
    return ts_date_read(s, &at, us, &span) ? span.from : TS_NO_DAY;
}

int32_t friday_of_week(int year, int week) {
    if (year < 1970 || year > 2200 || week < 1 || week > 53) return TS_NO_DAY;
    int32_t fourth = ts_day_of(year, 1, 4); /* always in week 1 */
    int32_t weekday = (fourth + 3) % 7;     /* 0 = Monday: 1970-01-01 was a Thursday */
    return fourth - weekday + (week - 1) * 7 + 4;
}

/* ---- countries ---- */

ts_str make_country(maker *m, ts_str name) {
    name = ts_str_trim(name);
    bool not_given =
        ts_str_ieq(name, TS_S("na")); /* and not Namibia; "no" is Norway all the same */
    ts_str code = not_given ? TS_NONE : ts_country_find(*m->a, name);
    return code.n ? code : make_unknown(m, name) ? TS_NONE : name;
}

static bool letter_before(ts_str s, size_t i) {
    return i > 0 && ts_is_alnum((unsigned char)s.p[i - 1]);
}

/* The next name of "Ireland, Greece and Poland". */
static ts_str next_name(ts_str *rest) {
    static const char *const and_words[] = {" and ", " und ", " et ", " & ", " or ", ". "};
    size_t cut = rest->n, skip = 0;
    for (size_t i = 0; i < rest->n && !skip; i++) {
        if (memchr(",;/|\n", rest->p[i], 5)) cut = i, skip = 1;
        for (size_t k = 0; k < 6 && !skip && letter_before(*rest, i); k++)
            if (ts_str_istarts(ts_str_from(*rest, i), ts_str_c(and_words[k])))
                cut = i, skip = strlen(and_words[k]);
    }
    ts_str name = ts_str_trim(ts_str_to(*rest, cut));
    *rest = skip ? ts_str_from(*rest, cut + skip) : TS_NONE;
    return name;
}

/* "Denmark Sweden", "Slovenia Czech Republic": names with nothing but blanks between. */
static void add_countries(maker *m, ts_strs *out, ts_str s) {
    enum { WORDS = 5 };
    if (ts_country_find(*m->a, s).n || ts_str_chr(s, ' ') == TS_NPOS) {
        record_add(m->a, out, make_country(m, s));
        return;
    }
    for (ts_str rest = s; rest.n;) {
        size_t best = 0, words = 0;
        ts_str code = TS_NONE;
        for (size_t end = 0; end <= rest.n && words < WORDS; end++) {
            if (end < rest.n && rest.p[end] != ' ') continue;
            ts_str found = ts_country_find(*m->a, ts_str_to(rest, end));
            if (found.n) code = found, best = end;
            words++;
        }
        if (!best) { /* no country begins here: the word as written */
            size_t blank = ts_str_chr(rest, ' ');
            best = blank == TS_NPOS ? rest.n : blank;
            code = ts_str_to(rest, best);
        }
        record_add(m->a, out, code);
        rest = ts_str_trim(ts_str_from(rest, best));
    }
}

void make_countries(maker *m, ts_strs *out, ts_str list) {
    ts_str whole = ts_country_find(*m->a, list);
    if (whole.n) {
        record_add(m->a, out, whole);
        return;
    }
    while (list.p) {
        ts_str name = next_name(&list);
        while (name.n && memchr("().", name.p[name.n - 1], 3)) name.n--;
        if (name.n && !make_unknown(m, name)) add_countries(m, out, name);
    }
}

void make_risks(maker *m, ts_str list) {
    enum { RISK_MAX = 80 };
    while (list.p) {
        ts_str name = next_name(&list);
        if (ts_str_istarts(name, TS_S("type of risk:"))) name = ts_str_trim(ts_str_from(name, 13));
        while (name.n && name.p[name.n - 1] == '.') name.n--;
        if (name.n > RISK_MAX || make_unknown(m, name)) continue;
        if (name.p[0] >= 'a' && name.p[0] <= 'z') {
            char *p = ts_new_raw(m->a, char, name.n);
            memcpy(p, name.p, name.n);
            p[0] = (char)ts_upper((unsigned char)p[0]);
            name.p = p;
        }
        record_add(m->a, &m->n->risks, name);
    }
}

/* ---- words ---- */

/* Whether lower-case text holds one of the words. */
static bool any_of(ts_str s, const char *const *words, size_t n) {
    for (size_t i = 0; i < n && s.n; i++)
        if (ts_str_find(s, ts_str_c(words[i])) != TS_NPOS) return true;
    return false;
}

static ts_str lowered(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n + 1);
    for (size_t i = 0; i < s.n; i++) p[i] = (char)ts_lower((unsigned char)s.p[i]);
    return (ts_str){p, s.n};
}

#define ANY(s, ...)                                                                                \
    any_of((s), (const char *const[]){__VA_ARGS__},                                                \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

bool says_yes(ts_str s) {
    static const char *const words[] = {"yes", "true", "1",          "ja", "oui",
                                        "是",  "y",    "option.yes", "si", "sí"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ts_str_ieq(s, ts_str_c(words[i]))) return true;
    return false;
}

bool says_no(ts_str s) {
    static const char *const words[] = {"no", "false", "0",         "nein", "non",
                                        "否", "n",     "option.no", "不是"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ts_str_ieq(s, ts_str_c(words[i]))) return true;
    return false;
}

void make_risk_level(maker *m, ts_str s) {
    s = lowered(m->a, s);
    ts_risk_level level = ANY(s, "serious", "ernst", "grave", "严重", "critical") ? TS_RISK_SERIOUS
                          : ANY(s, "high", "hoch", "élevé", "高")                 ? TS_RISK_HIGH
                          : ANY(s, "medium", "moderate", "mittel", "moyen", "中") ? TS_RISK_MEDIUM
                          : ANY(s, "low", "niedrig", "gering", "faible", "低")    ? TS_RISK_LOW
                                                                                  : TS_RISK_UNKNOWN;
    if (ANY(s, "not serious", "less than serious", "non-serious", "不严重", "below")) return;
    if (!m->n->risk_level) m->n->risk_level = level;
}

void make_kind(maker *m, ts_str s) {
    s = lowered(m->a, s);
    if (ANY(s, "recall", "rückruf", "rueckruf", "rappel", "召回"))
        m->n->kind = TS_NOTICE_RECALL;
    else if (ANY(s, "warn", "avertissement", "警示", "预警", "消费提示"))
        m->n->kind = TS_NOTICE_WARNING;
    else if (ANY(s, "corrective", "korrektur", "überprüfung", "ueberpruefung", "nachrüst",
                 "nachruest", "inspection", "改正", "repair"))
        m->n->kind = TS_NOTICE_CORRECTIVE;
    else if (ANY(s, "information", "info", "信息", "通报"))
        m->n->kind = TS_NOTICE_INFORMATION;
    else if (ANY(s, "alert", "notification", "meldung", "alerte"))
        m->n->kind = TS_NOTICE_ALERT;
}

void make_compulsion(maker *m, ts_str s) {
    s = lowered(m->a, s);
    bool forced = ANY(s, "ordered by", "compulsory", "mandatory", "rejected by the customs",
                      "rejected by custom", "imposed by", "ordered buy", "seized by", "seizure",
                      "seizures", "imposé", "arrêté préfectoral", "behördlich", "angeordnet",
                      "责令", "强制", "ordered to");
    bool free = ANY(s, "voluntar", "volontaire", "freiwillig", "主动召回", "自愿");
    if (ANY(s, "sans arrêté")) forced = ANY(s, "imposé");
    if (ANY(s, "involuntar", "非自愿")) free = false;
    ts_compulsion c = forced && free ? TS_MEASURE_BOTH
                      : forced       ? TS_MEASURE_COMPULSORY
                      : free         ? TS_MEASURE_VOLUNTARY
                                     : TS_MEASURE_UNKNOWN;
    if (c == TS_MEASURE_UNKNOWN) return;
    if (m->n->compulsion != TS_MEASURE_UNKNOWN && m->n->compulsion != c) c = TS_MEASURE_BOTH;
    m->n->compulsion = c;
}

void make_counterfeit(maker *m, ts_str column) {
    if (says_yes(column))
        m->n->counterfeit = TS_YES;
    else if (says_no(column))
        m->n->counterfeit = TS_NO;
    column = lowered(m->a, column);
    if (m->n->counterfeit) return;
    if (ANY(column, "not counterfeit", "genuine", "正品"))
        m->n->counterfeit = TS_NO;
    else if (ANY(column, "counterfeit", "fake", "假冒", "fälschung"))
        m->n->counterfeit = TS_YES;
}

/* Whether the notice itself, and not the product, was taken back. */
static bool notice_taken_back(ts_str s) {
    return ANY(s, "notification withdrawn", "notification has been withdrawn",
               "notification was withdrawn", "alert withdrawn", "alert has been withdrawn",
               "notice withdrawn", "notice has been withdrawn", "notice was withdrawn",
               "recall has been revoked", "notification removed", "alert removed",
               "notice has been removed", "meldung zurückgezogen", "meldung wurde zurückgezogen",
               "rückruf aufgehoben", "撤销召回", "召回公告已撤销", "公告撤销", "召回撤销",
               "rappel annulé", "annule le rappel");
}

void make_state(maker *m, ts_str column) {
    column = lowered(m->a, column);
    if (ANY(column, "withdrawn", "removed", "revoked", "deleted", "cancelled", "zurückgezogen",
            "aufgehoben", "撤销", "废止", "annul", "retiré"))
        m->n->state = TS_NOTICE_WITHDRAWN;
    else if (ANY(column, "updated", "amended", "aktualisiert", "geändert", "更新", "mis à jour"))
        m->n->state = TS_NOTICE_UPDATED;
}

/* "counterfeit", and "fake" where it is the product that is fake and not its fur. */
static bool text_says_counterfeit(ts_str s) {
    if (ANY(s, "not counterfeit", "no counterfeit", "non-counterfeit", "anti-counterfeit",
            "avoid counterfeit"))
        return false;
    return ANY(s, "counterfeit", "假冒", "仿冒", "fälschung", "gefälscht", "contrefa",
               "fake product", "fake brand", "fake version", "is a fake", "are fake", "fake good");
}

/* ---- language ---- */

static ts_str language_of(ts_arena scratch, const ts_notice *n) {
    const ts_str texts[] = {n->title,  n->product, n->description,
                            n->hazard, n->remedy,  n->measures};
    enum { ENOUGH = 1500 };
    ts_buf b = ts_buf_new(&scratch, ENOUGH);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !b.full; i++) {
        ts_buf_put(&b, ts_str_clip(texts[i], ENOUGH / 3));
        ts_buf_c(&b, '\n');
    }
    ts_tokens t = ts_tokenise(&scratch, ts_buf_str(&b), false);
    unsigned seen[4] = {0}, han = 0;
    for (size_t i = 0; i < t.n; i++) {
        han += t.v[i].kind == TS_TOK_HAN;
        ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, t.v[i].hash));
        for (unsigned k = 0; k < e.n; k++)
            if (ts_lex_kind_of(e.v[k]) == TS_LEX_COMMON && !(ts_lex_value(e.v[k]) & 7))
                seen[ts_lex_value(e.v[k]) >> 3 & 3]++;
    }
    if ((size_t)han * 3 > t.n && han >= 2) return TS_S("zh");
    if (seen[TS_DE] > seen[TS_EN] && seen[TS_DE] > seen[TS_COMMON_OTHER]) return TS_S("de");
    if (seen[TS_EN] > seen[TS_DE] && seen[TS_EN] > seen[TS_COMMON_OTHER]) return TS_S("en");
    return TS_NONE;
}

/* ---- the end ---- */

/* From what the authority wrote and no reading of ours can change. */
static void id_from_content(maker *m) {
    const ts_notice *n = m->n;
    char day[16], hex[32];
    const ts_str facts[] = {ts_day_iso(n->published, day),
                            n->title,
                            n->product,
                            n->name,
                            n->url,
                            n->units,
                            ts_str_join(m->a, n->operators.v, n->operators.n, TS_S("\x1f")),
                            ts_str_join(m->a, n->brands.v, n->brands.n, TS_S("\x1f"))};
    ts_digest digest =
        ts_digest_of(ts_str_join(m->a, facts, sizeof facts / sizeof *facts, TS_S("\x1e")));
    ts_buf b = ts_buf_new(m->a, 256);
    ts_buf_put(&b, n->source);
    ts_buf_lit(&b, ":~");
    ts_buf_put(&b, ts_str_to(ts_digest_hex(digest, hex), 16));
    m->n->id = ts_buf_str(&b);
}

/* Article 12 of Directive 2001/95/EC and its successor are notifications of a serious risk. */
static void level_from_number(ts_notice *n) {
    bool serious = ts_str_starts(n->number, TS_S("A12/")) || ts_str_starts(n->number, TS_S("SR/"));
    if (serious && !n->risk_level && ts_str_is(n->source, "safety_gate"))
        n->risk_level = TS_RISK_SERIOUS;
}

/* What the notice says of the product, lower case. */
static ts_str all_text(ts_arena *a, const ts_notice *n) {
    const ts_str texts[] = {n->title,
                            n->product,
                            n->name,
                            n->description,
                            n->hazard,
                            n->measures,
                            ts_str_join(a, n->brands.v, n->brands.n, TS_S(", "))};
    return lowered(a, ts_str_join(a, texts, sizeof texts / sizeof *texts, TS_S("\n")));
}

void make_finish(maker *m) {
    ts_notice *n = m->n;
    ts_arena mark = *m->a;
    ts_str text = all_text(m->a, n);
    if (n->counterfeit == TS_OPEN && text_says_counterfeit(text)) n->counterfeit = TS_YES;
    if (notice_taken_back(text)) n->state = TS_NOTICE_WITHDRAWN;
    *m->a = mark;
    make_compulsion(m, n->measures);
    level_from_number(n);
    bool later =
        n->modified != TS_NO_DAY && n->published != TS_NO_DAY && n->modified > n->published;
    if (n->state == TS_NOTICE_PUBLISHED && later) n->state = TS_NOTICE_UPDATED;
    if (!n->language.n) n->language = language_of(*m->a, n);
    if (!n->id.n) id_from_content(m);
    ts_notice_seal(*m->a, n);
}
