/* Brands and sellers out of headings and descriptions.
 *
 * A heading such as "Goregent Infant Walkers Recalled Due to …; Sold on Amazon by Goregent Store"
 * names the brand before the product type, a description says "Goregent-branded" or that a name is
 * printed on the product. A word is taken for a brand when two such places agree; when nothing
 * agrees, only a word that ordinary language does not have.
 */
#include "notice_cpsc.h"

enum { LEAD_TOKENS = 6, BRAND_TOKENS = 4, TEXT_MAX = 20000 };

typedef struct words {
    ts_str s;
    ts_tokens t;
} words;

static words words_of(ts_arena *a, ts_str s) {
    words w = {.s = ts_str_clip(s, TEXT_MAX)};
    w.t = ts_tokenise(a, w.s, true);
    return w;
}

static size_t starts(const words *w, size_t i) { return w->t.origin[w->t.v[i].at]; }

static size_t ends(const words *w, size_t i) {
    const ts_token *k = &w->t.v[i];
    size_t at = w->t.origin[k->at + k->n - 1], n = 0;
    ts_utf8_next(ts_str_from(w->s, at), &n);
    return at + n;
}

static ts_str slice(const words *w, size_t from, size_t to) {
    size_t b = starts(w, from);
    return (ts_str){w->s.p + b, ends(w, to - 1) - b};
}

static ts_str gap(const words *w, size_t i) {
    size_t b = i ? ends(w, i - 1) : 0, e = starts(w, i);
    return (ts_str){w->s.p + b, e > b ? e - b : 0};
}

static bool capital(const words *w, size_t i) {
    ts_str rest = ts_str_from(w->s, starts(w, i));
    unsigned char c = (unsigned char)rest.p[0], d = rest.n > 1 ? (unsigned char)rest.p[1] : 0;
    return (c >= 'A' && c <= 'Z') || ts_is_digit(c) || c >= 0x80 ||
           (d >= 'A' && d <= 'Z'); /* iStore */
}

static bool is(const words *w, size_t i, const char *word) {
    return i < w->t.n && ts_str_is(ts_token_text(&w->t, i), word);
}

/* Whether two words belong to one name: "South Shore", "Fisher-Price", "Oliver & Smith", "R.X.Y".
 */
static bool one_name(const words *w, size_t i) {
    static const char *const joins[] = {" ", "-",   "’",   "'",   " & ", "&", ".",
                                        "+", " + ", " - ", "®  ", "® ",  "™ "};
    ts_str g = gap(w, i);
    for (size_t k = 0; k < sizeof joins / sizeof *joins; k++)
        if (ts_str_is(g, joins[k])) return true;
    return ts_str_is(g, ". ") && i > 0 && w->t.v[i - 1].n == 1 &&
           w->t.v[i - 1].kind == TS_TOK_WORD; /* "P.J. Salvage" */
}

static ts_lex_entry known(const words *w, size_t i) {
    return ts_lexicon_find(ts_seq_add(TS_SEQ_START, w->t.v[i].hash));
}

/* A word of ordinary language: no brand by itself. */
static bool ordinary(const words *w, size_t i) {
    ts_lex_entry e = known(w, i);
    for (unsigned k = 0; k < e.n; k++) {
        ts_lex_kind kind = ts_lex_kind_of(e.v[k]);
        if (kind == TS_LEX_TYPE || kind == TS_LEX_COUNTRY || kind == TS_LEX_UNIT ||
            kind == TS_LEX_COMMON)
            return true;
    }
    ts_token_kind kind = (ts_token_kind)w->t.v[i].kind;
    return kind == TS_TOK_NUMBER || w->t.v[i].n < 2;
}

/* Tokens of the product type that starts at i; 0 = none does. */
static size_t type_at(const words *w, size_t i) {
    uint64_t key = TS_SEQ_START;
    size_t best = 0;
    for (size_t k = i; k < w->t.n && k < i + 8; k++) {
        key = ts_seq_add(key, w->t.v[k].hash);
        ts_lex_entry e = ts_lexicon_find(key);
        for (unsigned x = 0; x < e.n; x++)
            if (ts_lex_kind_of(e.v[x]) == TS_LEX_TYPE) best = k + 1 - i;
        if (!e.prefix) break;
    }
    return best;
}

/* A trademark sign before token i: the mark ends there. */
static bool mark_ends(const words *w, size_t i) {
    ts_str g = gap(w, i);
    return ts_str_find(g, TS_S("®")) != TS_NPOS || ts_str_find(g, TS_S("™")) != TS_NPOS;
}

/* Words that open a product's name without being part of a brand. */
static bool opening(const words *w, size_t i) {
    static const char *const opening_words[] = {
        "model",    "year",    "years",    "certain",   "various",  "all",       "select",
        "selected", "the",     "a",        "an",        "only",     "two",       "three",
        "four",     "five",    "six",      "seven",     "children", "childrens", "infant",
        "infants",  "toddler", "toddlers", "adult",     "adults",   "men",       "women",
        "mens",     "womens",  "baby",     "kids",      "youth",    "girls",     "boys",
        "s",        "and",     "of",       "following", "some",     "different", "styles",
        "models",   "several", "types",    "brands",    "multiple", "recalled",  "new",
        "sets",     "lots"};
    for (size_t k = 0; k < sizeof opening_words / sizeof *opening_words; k++)
        if (is(w, i, opening_words[k])) return true;
    return w->t.v[i].kind == TS_TOK_NUMBER && w->t.v[i].n == 4;
}

static bool verb_of_recall(const words *w, size_t i) {
    return is(w, i, "recalls") || is(w, i, "recalled") || is(w, i, "recall") || is(w, i, "due");
}

typedef struct span {
    size_t from, to;
} span;

/* The capitalised words from token i on that stand before a product type. */
static span lead(const words *w, size_t i) {
    while (i < w->t.n && opening(w, i)) i++;
    span l = {i, i};
    if (is(w, i, "cpsc")) return l;                /* "CPSC Warns Consumers …" */
    if (i < w->t.n && type_at(w, i) > 1) return l; /* "Power Adapters sold with …" */
    while (l.to < w->t.n && l.to - i < LEAD_TOKENS && capital(w, l.to) &&
           (l.to == i || one_name(w, l.to))) {
        if (l.to > i && type_at(w, l.to)) break;
        if (verb_of_recall(w, l.to) || (l.to > i && mark_ends(w, l.to))) break;
        l.to++;
    }
    return l;
}

/* ---- what confirms a name ---- */

static bool word_end(ts_str s, size_t at) {
    return at >= s.n || !ts_is_alnum((unsigned char)s.p[at]);
}

static bool any_prefix(ts_str s, const char *const *v, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (ts_str_istarts(s, ts_str_c(v[i]))) return true;
    return false;
}

/* "The model name Corvo is printed on …": a name, but not the maker's. */
static bool model_name(ts_str s, size_t at) {
    static const char *const says[] = {"model name ", "model name “", "model name, “", "model “",
                                       "model names "};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
        ts_str b = ts_str_c(says[i]);
        if (at >= b.n && ts_str_ieq((ts_str){s.p + at - b.n, b.n}, b)) return true;
    }
    return false;
}

/* What stands behind or before a name where it is said to be the product's mark: 2 in so many
 * words, 1 in quotes. */
static int marked(ts_str s, size_t at, size_t n) {
    static const char *const behind[] = {
        "-brand",       " brand",      " logo",       "’s logo",     "'s logo",
        "” logo",       "\" logo",     " is printed", " is stamped", " is embossed",
        " is engraved", " is written", " is marked",  " branding"};
    static const char *const before[] = {"brand name “", "brand name ", "logo “", "branded as ",
                                         "brand “"};
    static const char *const quotes[] = {"“", "\""}, *const closed[] = {"”", "\"", ",”", ",\""};
    if (any_prefix(ts_str_from(s, at + n), behind, sizeof behind / sizeof *behind)) return 2;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        ts_str b = ts_str_c(before[i]);
        if (at >= b.n && ts_str_ieq((ts_str){s.p + at - b.n, b.n}, b)) return 2;
    }
    bool closes = any_prefix(ts_str_from(s, at + n), closed, sizeof closed / sizeof *closed);
    for (size_t i = 0; closes && i < 2; i++) {
        ts_str q = ts_str_c(quotes[i]);
        if (at >= q.n && ts_str_eq((ts_str){s.p + at - q.n, q.n}, q)) return 1;
    }
    return any_prefix(ts_str_from(s, at + n), (const char *const[]){"’s ", "'s "}, 2) ? 1 : 0;
}

/* How surely the text says that the name is a mark; a name of several words that stands there again
 * and again, always with its capitals, counts as said. */
static int marked_anywhere(ts_str s, ts_str name) {
    enum { OFTEN = 3 };
    int best = 0;
    unsigned times = 0;
    for (size_t from = 0;;) {
        size_t at = ts_str_ifind(ts_str_from(s, from), name);
        if (at == TS_NPOS) break;
        at += from;
        from = at + name.n;
        if ((at > 0 && ts_is_alnum((unsigned char)s.p[at - 1])) || !word_end(s, from)) continue;
        if (model_name(s, at)) return 0;
        int k = marked(s, at, name.n);
        if (k > best) best = k;
        times += ts_str_eq((ts_str){s.p + at, name.n}, name);
    }
    return best < 2 && times >= OFTEN && ts_str_chr(name, ' ') != TS_NPOS ? 2 : best;
}

/* An operator or seller of that name: "Evajoy" in "Shenzhen Danya Tech Co., Ltd. d/b/a Evajoy". */
static bool named_by(const ts_strs *l, ts_str name) {
    static const char *const dba[] = {"dba ", "d/b/a ", "dba. ", "doing business as "};
    for (size_t i = 0; i < l->n; i++) {
        if (ts_str_istarts(l->v[i], name) && word_end(l->v[i], name.n)) return true;
        for (size_t k = 0; k < sizeof dba / sizeof *dba; k++) {
            size_t at = ts_str_ifind(l->v[i], ts_str_c(dba[k]));
            ts_str rest = at == TS_NPOS ? TS_NONE : ts_str_from(l->v[i], at + strlen(dba[k]));
            if (rest.n && ts_str_istarts(rest, name) && word_end(rest, name.n)) return true;
        }
    }
    return false;
}

/* Shops that sell everybody's brands: their names say nothing of who made a thing. */
static bool platform(ts_str name) {
    static const char *const shops[] = {"amazon", "temu",  "walmart",    "aliexpress", "alibaba",
                                        "ebay",   "shein", "wayfair",    "tiktok",     "etsy",
                                        "target", "cpsc",  "amazon.com", "home depot", "lowe’s",
                                        "costco", "qvc",   "hsn"};
    for (size_t i = 0; i < sizeof shops / sizeof *shops; i++)
        if (ts_str_ieq(name, ts_str_c(shops[i]))) return true;
    return false;
}

/* 3 = somebody's name, 2 = said to be the brand, 1 = stands in quotes, 0 = nothing says so. */
static int confirmed(const maker *m, ts_str name, ts_str firm) {
    const ts_notice *n = m->n;
    if (name.n < 2 || platform(name)) return 0;
    if (named_by(&n->operators, name) || named_by(&n->sellers, name)) return 3;
    if (firm.n && ts_str_istarts(firm, name) && word_end(firm, name.n)) return 3;
    return marked_anywhere(n->description, name);
}

static ts_str off_apostrophe(ts_str s) {
    static const char *const tails[] = {"’s", "'s", "’", "'"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        if (ts_str_ends(s, ts_str_c(tails[i]))) return ts_str_to(s, s.n - strlen(tails[i]));
    return s;
}

static bool all_ordinary(const words *w, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (!ordinary(w, i)) return false;
    return true;
}

/* "Klein Tools", "Quad Lock": the type word behind the lead belongs to it when that is what the
 * firm is called. */
static bool take_firm_with_type(maker *m, const words *w, span l, ts_str firm) {
    if (l.to == l.from || l.to >= w->t.n || !capital(w, l.to) || !one_name(w, l.to)) return false;
    bool family = is(w, l.to, "baby") || is(w, l.to, "kids"); /* "Jool Baby" */
    if (verb_of_recall(w, l.to) || (opening(w, l.to) && !family)) return false;
    ts_str name = slice(w, l.from, l.to + 1);
    if (confirmed(m, name, firm) < 3) return false;
    make_brand(m, name);
    return all_ordinary(w, l.from, l.to);
}

/* "Bambu Lab A1", "SKIL 40V", "Lakewood 5101": a model behind the name, told by its digits. */
static bool ends_in_code(const words *w, size_t from, size_t to) {
    enum { CODE_DIGITS = 3 };
    if (to < from + 2 || !ts_str_is(gap(w, to - 1), " ")) return false;
    const ts_token *k = &w->t.v[to - 1];
    return k->kind == TS_TOK_MIXED || (k->kind == TS_TOK_NUMBER && k->n >= CODE_DIGITS);
}

/* How sure (see confirmed) a name made of tokens [from, to) must be. Ordinary words want more than
 * quotes, unless several of them open a text that does not quote them itself; behind a brand that
 * is known, only somebody's name is another. */
static int needed(const maker *m, const words *w, size_t from, size_t to) {
    bool one = to == from + 1, plain = all_ordinary(w, from, to), known_brand = m->n->brands.n > 0;
    bool number = !one && w->t.v[to - 1].kind == TS_TOK_NUMBER;
    if (number && (w->t.v[from].n < 3 || known_brand)) return 3; /* "BR 800" is a model */
    if (plain && known_brand) return 3;                          /* "Wolf … Dual Fuel Ranges" */
    if (!one && opening(w, to - 1)) return 3;                    /* "Jool Baby" */
    bool quoted = ts_str_find(gap(w, from), TS_S("“")) != TS_NPOS;
    bool code = one && w->t.v[from].kind != TS_TOK_WORD;
    return code || (plain && (one || quoted || from > 0)) ? 2 : 1;
}

/* The longest beginning of the lead that something else confirms. With a product's name ("Yoto
 * Mini") goes the maker's. */
static bool take_confirmed(maker *m, const words *w, span l, ts_str firm) {
    enum { SHORTEST = 4 };
    bool found = false;
    if (take_firm_with_type(m, w, l, firm)) return true;
    for (size_t to = l.to < l.from + BRAND_TOKENS ? l.to : l.from + BRAND_TOKENS; to > l.from;
         to--) {
        ts_str name = off_apostrophe(slice(w, l.from, to));
        bool the_firm = ts_str_ieq(name, firm) && w->t.v[l.from].kind != TS_TOK_NUMBER;
        bool weak = to == l.from + 1 && name.n < SHORTEST && ordinary(w, l.from);
        if (!the_firm && (weak || ends_in_code(w, l.from, to))) continue;
        int is_sure = confirmed(m, name, firm);
        if (is_sure < (found ? 3 : needed(m, w, l.from, to))) continue;
        make_brand(m, name);
        if (is_sure == 3) return true;
        found = true;
    }
    return found;
}

/* ---- where names stand ---- */

/* "X-branded", "X brand": the capitalised words before it. */
static void take_branded(maker *m, ts_str text) {
    words w = words_of(m->a, text);
    for (size_t i = 1; i < w.t.n; i++) {
        if (!is(&w, i, "brand") && !is(&w, i, "branded")) continue;
        size_t from = i;
        if (opening(&w, i - 1)) continue; /* "The brand name …" */
        while (from > 0 && i - from < BRAND_TOKENS && capital(&w, from - 1) && one_name(&w, from) &&
               !verb_of_recall(&w, from - 1))
            from--;
        while (from < i && opening(&w, from)) from++;
        if (from < i && !(from + 1 == i && ordinary(&w, from) && w.t.v[from].n < 4))
            make_brand(m, slice(&w, from, i));
    }
}

/* The brand name “MouTec” appears on … */
static void take_brand_name(maker *m, ts_str text) {
    static const char *const says[] = {"brand name “", "brand name \"", "brand “",
                                       "brand \"",     "brand name, “", "brand names “"};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
        size_t at = ts_str_ifind(text, ts_str_c(says[i]));
        if (at == TS_NPOS) continue;
        ts_str rest = ts_str_from(text, at + strlen(says[i]));
        size_t end = ts_str_find(rest, TS_S("”")), plain = ts_str_chr(rest, '"');
        if (plain < end) end = plain;
        if (end < 40) make_brand(m, ts_str_to(rest, end));
    }
}

/* Names in quotes that the text says are printed on the product, when the title names none. */
static void take_printed(maker *m, ts_str text) {
    static const char *const verbs[] = {"printed",     "logo",        "displayed", "embossed",
                                        "stamped",     "engraved",    "written",   "stitched",
                                        "embroidered", "appears",     "marked",    "on the front",
                                        "etched",      "on the label"};
    for (ts_str rest = text;;) {
        size_t open = ts_str_find(rest, TS_S("“"));
        if (open == TS_NPOS) return;
        rest = ts_str_from(rest, open + 3);
        size_t close = ts_str_find(rest, TS_S("”"));
        if (close == TS_NPOS || close > 200) continue;
        ts_str name = ts_str_trim(ts_str_to(rest, close)),
               behind = ts_str_to(ts_str_from(rest, close), 90);
        words w = words_of(m->a, name);
        bool good = w.t.n >= 1 && w.t.n <= 3 && capital(&w, 0);
        for (size_t i = 0; i < w.t.n; i++) good &= w.t.v[i].kind == TS_TOK_WORD;
        bool unusual = false, said = false;
        for (size_t i = 0; i < w.t.n; i++) unusual |= !ordinary(&w, i);
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
            said |= ts_str_ifind(behind, ts_str_c(verbs[i])) != TS_NPOS;
        if (good && unusual && said) make_brand(m, name);
    }
}

/* "Vanilla Underground Recalls …": who recalls. */
static ts_str recalling_firm(ts_str title) {
    static const char *const verbs[] = {" Recalls ",     " Recall ",    " Expands ",
                                        " Reannounces ", " Announces ", " Reissues "};
    size_t end = TS_NPOS;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t at = ts_str_find(title, ts_str_c(verbs[i]));
        if (at < end) end = at;
    }
    if (end == TS_NPOS || ts_str_istarts(title, TS_S("CPSC"))) return TS_NONE;
    if (ts_str_find(title, TS_S(" Recall")) == TS_NPOS) return TS_NONE;
    ts_str firm = ts_str_to(title, end);
    return ts_str_to(firm, ts_str_find(firm, TS_S(" ("))); /* "Bombardier … (BRP) Recalls" */
}

static size_t behind_word(const words *w, const char *word, size_t within) {
    for (size_t i = 0; i < w->t.n && i < within; i++)
        if (is(w, i, word)) return i + 1;
    return w->t.n;
}

/* "; Sold on Amazon by Goregent Official Store", "; Imported by Premier P": the name at the end of
 * the title. */
static void title_roles(maker *m) {
    ts_str title = m->n->title;
    static const struct {
        const char *verb;
        bool seller;
    } roles[] = {{"sold ", true},
                 {"imported by ", false},
                 {"manufactured by ", false},
                 {"distributed by ", false},
                 {"made by ", false}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        size_t at = ts_str_ifind(title, ts_str_c(roles[i].verb));
        if (at == TS_NPOS) continue;
        ts_str rest = ts_str_from(title, at + strlen(roles[i].verb));
        ts_str part = ts_str_cut_any(&rest, ";(");
        part = ts_str_to(part, ts_str_find(part, TS_S(" Due to")));
        make_sellers(m, part);
        if (roles[i].seller) {
            size_t by = ts_str_ifind(part, TS_S(" by "));
            part = by == TS_NPOS && !ts_str_istarts(part, TS_S("by "))
                       ? TS_NONE
                       : ts_str_from(part, by == TS_NPOS ? 3 : by + 4);
            if (part.n) record_add(m->a, &m->n->sellers, ts_str_clip(ts_str_trim(part), 120));
        } else {
            make_operator(m, part);
        }
    }
}

/* A shop's name that is no platform's: the last thing to go by. */
static void take_seller(maker *m) {
    for (size_t i = 0; i < m->n->sellers.n; i++) {
        words w = words_of(m->a, m->n->sellers.v[i]);
        bool host = ts_str_chr(m->n->sellers.v[i], '.') != TS_NPOS;
        if (host || w.t.n == 0 || w.t.n > 3 || ordinary(&w, 0) || w.t.v[0].kind != TS_TOK_WORD)
            continue;
        if (!platform(slice(&w, 0, 1))) make_brand(m, slice(&w, 0, 1));
    }
}

/* Behind the first word, with what is stuck to it: "Temp-tations". */
static size_t whole_word(const words *w, size_t i) {
    size_t to = i + 1;
    while (to < w->t.n && w->t.v[to].glue > TS_GLUE_NONE && w->t.v[to].glue != '/' &&
           w->t.v[to].glue != ':')
        to++;
    return to;
}

/* "KX450", "EC8": capitals and a number behind them. */
static bool code_like(ts_str s) {
    size_t letters = 0;
    while (letters < s.n && s.p[letters] >= 'A' && s.p[letters] <= 'Z') letters++;
    return letters >= 1 && letters <= 4 && letters < s.n && ts_is_digit(s.p[letters]);
}

/* Words of the lead that no dictionary has ("PurSteam" of "PurSteam Mighty Lil"), or all of a lead
 * whose capitals end before the type does ("Living Glow portable waist fan"). */
static void take_unusual(maker *m, const words *w, span l) {
    enum { NAME_TOKENS = 3, SHORTEST = 3 };
    if (l.from >= l.to) return;
    bool stands_out = l.to < w->t.n && !capital(w, l.to) && ts_str_is(gap(w, l.to), " ") &&
                      l.to - l.from >= 2 && l.to - l.from <= NAME_TOKENS && !type_at(w, l.to - 1) &&
                      !is(w, l.to, "with") && !is(w, l.to, "and") && !is(w, l.to, "for");
    if (stands_out) {
        make_brand(m, off_apostrophe(slice(w, l.from, l.to)));
        return;
    }
    size_t to = l.from;
    while (to < l.to && to - l.from < NAME_TOKENS && !ordinary(w, to)) to++;
    size_t first = whole_word(w, l.from);
    ts_str name = off_apostrophe(slice(w, l.from, first));
    unsigned char c = (unsigned char)name.p[0];
    bool glued = first > l.from + 1 && !all_ordinary(w, l.from, first); /* BLACK+DECKER */
    if ((to == l.from && !glued) || name.n < SHORTEST || ts_is_digit(c)) return;
    if (first == l.from + 1 && code_like(name)) return;
    while (to > first && ends_in_code(w, l.from, to)) to--;
    make_brand(m, name);
    if (to > first) make_brand(m, off_apostrophe(slice(w, l.from, to)));
}

/* The first word of several, when it is one that brands like to use. */
static void take_first_word(maker *m, const words *w, span l) {
    enum { BRAND_LIKE = 5, SHORTEST = 4 };
    if (l.to < l.from + 2 || w->t.v[l.from].n < SHORTEST || type_at(w, l.from)) return;
    ts_lex_entry e = known(w, l.from);
    for (unsigned k = 0; k < e.n; k++)
        if (ts_lex_kind_of(e.v[k]) == TS_LEX_COMMON && (ts_lex_value(e.v[k]) & 7) < BRAND_LIKE)
            return;
    make_brand(m, off_apostrophe(slice(w, l.from, whole_word(w, l.from))));
}

/* A firm without the words that only say what kind of firm: "Black Diamond Equipment" is Black
 * Diamond. */
static void take_firm(maker *m, ts_str firm) {
    static const char *const tails[] = {
        "equipment",   "sports",      "industries",    "industry",   "america",
        "usa",         "us",          "north",         "group",      "international",
        "corporation", "corp",        "technologies",  "technology", "company",
        "co",          "brands",      "inc",           "llc",        "ltd",
        "enterprises", "products",    "manufacturing", "stores",     "stores",
        "fitness",     "cooling",     "trading",       "designs",    "specialized",
        "vehicles",    "of",          "motor",         "health",     "tech",
        "outdoor",     "electronics", "home",          "global",     "limited"};
    enum { FIRM_TOKENS = 4 };
    words w = words_of(m->a, ts_str_clip(firm, 200));
    size_t to = w.t.n;
    for (bool again = true; again && to > 1;) {
        again = false;
        for (size_t i = 0; i < sizeof tails / sizeof *tails && !again; i++)
            again = is(&w, to - 1, tails[i]);
        to -= again;
    }
    if (to == 1 && w.t.n > 1 && ordinary(&w, 0)) to = w.t.n; /* "Compare Brands" is not Compare */
    if (to == 0 || to > FIRM_TOKENS || platform(slice(&w, 0, to)) ||
        (to == 1 && (ordinary(&w, 0) && w.t.v[0].n < 5)))
        return;
    make_brand(m, off_apostrophe(slice(&w, 0, to)));
}

/* "; Manufactured by IBC Technologies": the maker as the title ends. */
static ts_str maker_in_title(ts_str title) {
    static const char *const verbs[] = {"manufactured by ", "made by "};
    for (size_t i = 0; i < 2; i++) {
        size_t at = ts_str_ifind(title, ts_str_c(verbs[i]));
        if (at == TS_NPOS) continue;
        ts_str rest = ts_str_from(title, at + strlen(verbs[i]));
        return ts_str_trim(ts_str_cut_any(&rest, ";("));
    }
    return TS_NONE;
}

/* The names of a product that stand in a row: "BRS and BULin Liquid Fuel Bottles". */
static bool each_lead(maker *m, const words *w, ts_str firm, bool confirm) {
    enum { LEADS = 6 };
    size_t before = m->n->brands.n, i = 0;
    for (int k = 0; k < LEADS && i < w->t.n; k++) {
        span l = lead(w, i);
        if (confirm)
            take_confirmed(m, w, l, firm);
        else
            take_unusual(m, w, l);
        if (!confirm && m->n->brands.n == before) break; /* "Stealth and Covert Kayak Paddles" */
        size_t next = l.to > i ? l.to : i + 1;
        bool by_the_firm = firm.n && m->n->brands.n && ts_str_istarts(firm, m->n->brands.v[0]);
        if (by_the_firm) break; /* "Knog Blinder 900 and Blinder 1300": one maker, two models */
        bool more = next < w->t.n && l.to > l.from &&
                    (is(w, next, "and") || ts_str_starts(gap(w, next), TS_S(",")));
        if (!more) break;
        i = is(w, next, "and") ? next + 1 : next;
    }
    return m->n->brands.n > before;
}

void cpsc_names(maker *m) {
    ts_notice *n = m->n;
    title_roles(m);
    ts_str firm = recalling_firm(n->title);
    words name = words_of(m->a, n->product), title = words_of(m->a, n->title);
    words text = words_of(m->a, ts_str_clip(n->description, 400));
    take_branded(m, n->product);
    take_branded(m, n->title);
    take_branded(m, n->description);
    take_brand_name(m, n->description);
    size_t involves = behind_word(&text, "involves", 12);
    span in_title = lead(&title, firm.n ? behind_word(&title, "recalls", 14) : 0),
         in_text = lead(&text, involves);
    each_lead(m, &name, firm, true);
    take_confirmed(m, &title, in_title, firm);
    if (involves < text.t.n) take_confirmed(m, &text, in_text, firm);
    if (n->brands.n) return;
    if (!each_lead(m, &name, firm, false)) {
        take_unusual(m, &title, in_title);
        if (!n->brands.n && involves < text.t.n) take_unusual(m, &text, in_text);
    }
    take_firm(m, firm);
    take_firm(m, maker_in_title(n->title));
    if (!n->brands.n) take_printed(m, n->description);
    if (!n->brands.n) take_first_word(m, &name, lead(&name, 0));
    if (!n->brands.n) take_seller(m);
}

/* "Deere & Company (John Deere)": the names outside and inside the brackets; slashes separate more.
 */
static void maker_names(maker *m, ts_str s, ts_strs *out) {
    while (s.p) {
        ts_str name = ts_str_trim(ts_str_cut_any(&s, "()/"));
        if (name.n > 1) record_add(m->a, out, name);
    }
}

static bool holds_name(const maker *m, ts_str text, ts_str name) {
    ts_arena scratch = *m->a;
    ts_str t = ts_squeeze(&scratch, text), k = ts_squeeze(&scratch, name);
    return k.n >= 2 && ts_str_find(t, k) != TS_NPOS;
}

void cpsc_archive_names(maker *m, const ts_strs *makers) {
    ts_notice *n = m->n;
    ts_strs names = {0};
    for (size_t i = 0; i < makers->n; i++) maker_names(m, makers->v[i], &names);
    ts_str title = ts_str_to(n->title, ts_str_ifind(n->title, TS_S(" sold at ")));
    for (size_t i = 0; i < names.n; i++)
        if (holds_name(m, n->product, names.v[i]) || holds_name(m, title, names.v[i]))
            make_brand(m, names.v[i]);
    words name = words_of(m->a, n->product);
    if (!n->brands.n) take_unusual(m, &name, lead(&name, 0));
}
