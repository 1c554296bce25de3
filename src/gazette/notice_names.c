/* Brands, product and name, operators and sellers: what stands in fields meant for names. */
#include "notice_make.h"

enum { BRAND_MAX = 80, BRANDS_MAX = 40, NAME_MAX = 300 };

bool make_unknown(maker *m, ts_str s) {
    s = ts_str_trim(s);
    while (s.n && memchr(".,;:", s.p[s.n - 1], 4)) s.n--;
    return !s.n || ts_lexicon_is_phrase(*m->a, s, TS_PHRASE_UNKNOWN);
}

void make_text(ts_str *slot, ts_str s) {
    s = ts_str_trim(s);
    if (!slot->n && s.n && !ts_str_is(s, "-")) *slot = s;
}

/* ---- brands ---- */

/* Quotes, trademark signs, points and commas off both ends. */
static ts_str bare(ts_str s) {
    static const char *const off[] = {"\"", "'", "“", "”",        "„", "‘", "’",  "«", "»",
                                      "®",  "™", "©", "`",        "´", ".", ",",  ";", ":",
                                      "-",  "–", " ", "\xC2\xA0", "(", "*", "\n", "/"};
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
            ts_str o = ts_str_c(off[i]);
            bool keep_point = o.p[0] == '.' && s.n > 2 && s.p[s.n - 3] == '.'; /* "Y.X.L." */
            if (ts_str_starts(s, o)) s = ts_str_from(s, o.n), again = true;
            if (s.n && !keep_point && ts_str_ends(s, o)) s.n -= o.n, again = true;
        }
    }
    return s;
}

/* Trademark signs inside are dropped too: "OMERTA® & WEALTH". */
static ts_str without_marks(ts_arena *a, ts_str s) {
    static const char *const marks[] = {"®", "™", "©", "(R)", "(r)", "(TM)", "(tm)"};
    ts_buf b = ts_buf_new(a, s.n + 1);
    for (size_t i = 0; i < s.n;) {
        size_t k = 0;
        for (size_t x = 0; x < sizeof marks / sizeof *marks && !k; x++)
            if (ts_str_starts(ts_str_from(s, i), ts_str_c(marks[x]))) k = strlen(marks[x]);
        if (!k) ts_buf_c(&b, s.p[i]);
        i += k ? k : 1;
    }
    return record_clean(a, ts_buf_str(&b));
}

/* Behind "1. ", "2) ": the number of a list. */
static ts_str behind_number(ts_str s) {
    size_t i = 0;
    while (i < s.n && i < 2 && ts_is_digit(s.p[i])) i++;
    if (i == 0 || i + 1 >= s.n || (s.p[i] != '.' && s.p[i] != ')') || s.p[i + 1] != ' ') return s;
    return ts_str_trim(ts_str_from(s, i + 1));
}

/* `"A" Active sports` has lost the first of its quotation marks: the other goes too. */
static ts_str without_lone_quote(ts_arena *a, ts_str s) {
    size_t at = ts_str_chr(s, '"');
    if (at == TS_NPOS || ts_str_chr(ts_str_from(s, at + 1), '"') != TS_NPOS) return s;
    ts_buf b = ts_buf_new(a, s.n + 1);
    ts_buf_put(&b, ts_str_to(s, at));
    ts_buf_put(&b, ts_str_from(s, at + 1));
    return record_clean(a, ts_buf_str(&b));
}

void make_brand(maker *m, ts_str s) {
    s = bare(behind_number(ts_str_trim(s)));
    s = without_lone_quote(m->a, bare(ts_str_to(s, ts_str_find(s, TS_S(" [")))));
    if (s.n == 1 && !((unsigned char)s.p[0] & 0x80)) return; /* one letter names nobody */
    if (!s.n || s.n > BRAND_MAX || m->n->brands.n >= BRANDS_MAX || make_unknown(m, s)) return;
    if (ts_str_ifind(s, TS_S("counterfeit")) != TS_NPOS) return;
    for (size_t i = 0; i < m->n->brands.n; i++)
        if (ts_str_ieq(m->n->brands.v[i], s)) return;
    record_add(m->a, &m->n->brands, s);
}

static bool company_form(ts_str s) {
    static const char *const forms[] = {"ltd",  "ltd.",    "inc",  "inc.",  "llc",    "l.l.c.",
                                        "s.a.", "s.l.",    "gmbh", "co.kg", "co. kg", "co., ltd",
                                        "kg",   "b.v.",    "corp", "corp.", "s.r.l.", "lda",
                                        "lda.", "limited", "co.",  "co"};
    s = ts_str_trim(s);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (ts_str_ieq(s, ts_str_c(forms[i]))) return true;
    return false;
}

/* " 2) ", " 3) ": the next of a numbered list. */
static size_t list_number(ts_str s, size_t i) {
    ts_str t = ts_str_from(s, i);
    bool number = i > 0 && t.n > 4 && t.p[0] == ' ' && t.p[1] >= '2' && t.p[1] <= '9';
    return number && t.p[2] == ')' && t.p[3] == ' ' ? 4 : 0;
}

/* Bytes of the sign that separates two brands at s.p[i]; 0 = none. */
static size_t separator(ts_str s, size_t i) {
    unsigned char c = (unsigned char)s.p[i];
    ts_str rest = ts_str_from(s, i + 1);
    if (c == ';' || c == '\n' || c == '|') return 1;
    if (c == ' ' && list_number(s, i)) return list_number(s, i);
    if (ts_str_starts(ts_str_from(s, i), TS_S("、")) ||
        ts_str_starts(ts_str_from(s, i), TS_S("；")) ||
        ts_str_starts(ts_str_from(s, i), TS_S("，")))
        return 3;
    if (c == ',') {
        ts_str next = ts_str_trim(rest), piece = ts_str_cut(&next, ',');
        return company_form(piece) ||
                       (rest.n && ts_is_digit(rest.p[0]) && i && ts_is_digit(s.p[i - 1]))
                   ? 0
                   : 1;
    }
    if (c == '/') { /* not A/S, AC/DC, I/O */
        size_t before = i, behind = 0;
        while (before > 0 && ts_is_alnum((unsigned char)s.p[before - 1])) before--;
        while (behind < rest.n && ts_is_alnum((unsigned char)rest.p[behind])) behind++;
        bool blanks = (i && s.p[i - 1] == ' ') || (rest.n && rest.p[0] == ' ');
        return blanks || (i - before >= 3 && behind >= 3) ? 1 : 0;
    }
    return 0;
}

static bool has_separator(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (separator(s, i)) return true;
    return false;
}

static size_t and_at(ts_str s, size_t *len) {
    static const char *const words[] = {" and ", " und ", " or ", " oder ", " et "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t at = ts_str_ifind(s, ts_str_c(words[i]));
        if (at != TS_NPOS) return *len = strlen(words[i]), at;
    }
    return TS_NPOS;
}

/* A word that ordinary language has too: no reason to take it for a brand of its own. */
static bool ordinary(ts_arena scratch, ts_str s) {
    ts_tokens t = ts_tokenise(&scratch, s, false);
    for (size_t i = 0; i < t.n; i++) {
        ts_lex_entry e = ts_lexicon_find(ts_seq_add(TS_SEQ_START, t.v[i].hash));
        bool common = false;
        for (unsigned k = 0; k < e.n; k++)
            common |=
                ts_lex_kind_of(e.v[k]) == TS_LEX_COMMON || ts_lex_kind_of(e.v[k]) == TS_LEX_TYPE;
        if (!common) return false;
    }
    return true;
}

/* "Argos and Homebase" are two; "Johnson and Johnson", "Star and Rose" are one. */
static bool two_brands(maker *m, ts_str a, ts_str b) {
    bool capital = b.n && !(b.p[0] >= 'a' && b.p[0] <= 'z');
    return a.n >= 3 && b.n >= 3 && capital && !ts_str_ieq(a, b) && !ordinary(*m->a, a) &&
           !ordinary(*m->a, b);
}

static bool upper_case_in(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= 'A' && s.p[i] <= 'Z') || (unsigned char)s.p[i] >= 0x80) return true;
    return false;
}

/* What stands in brackets behind a brand: another name for it, or a remark. */
static void bracket(maker *m, ts_str outside, ts_str inside) {
    inside = ts_str_trim(inside);
    if (ts_str_ifind(inside, TS_S("counterfeit")) != TS_NPOS) {
        m->n->counterfeit = TS_YES;
        return;
    }
    static const char *const roles[] = {"manufacturer", "importer", "distributor", "hersteller",
                                        "producer"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (ts_str_ieq(inside, ts_str_c(roles[i]))) make_operator(m, outside);
    size_t words = 1;
    for (size_t i = 0; i < inside.n; i++) words += inside.p[i] == ' ';
    bool prose = words > 3 || !upper_case_in(inside) || ts_str_chr(inside, ',') != TS_NPOS ||
                 ts_str_ifind(inside, TS_S("europe")) != TS_NPOS ||
                 ts_str_ifind(inside, TS_S("label")) != TS_NPOS;
    if (prose || ts_country_find(*m->a, inside).n || ordinary(*m->a, inside)) return;
    make_brand(m, inside);
}

static void piece(maker *m, ts_str s, bool list) {
    size_t open = ts_str_chr(s, '('), len, at;
    ts_str inside = TS_NONE;
    if (open != TS_NPOS) {
        inside = ts_str_from(s, open + 1);
        s = ts_str_trim(ts_str_to(s, open));
        inside = ts_str_cut(&inside, ')');
    }
    at = and_at(s, &len);
    if (at != TS_NPOS) {
        ts_str a = ts_str_trim(ts_str_to(s, at)), b = ts_str_trim(ts_str_from(s, at + len));
        bool others = ts_str_ieq(b, TS_S("others")) || ts_str_ieq(b, TS_S("other"));
        if (!list && !others) make_brand(m, s);
        if (list || others || two_brands(m, a, b)) {
            make_brand(m, a);
            make_brand(m, b);
        }
    } else {
        make_brand(m, s);
        size_t dash = ts_str_find(s, TS_S(" - "));
        if (dash == TS_NPOS) dash = ts_str_find(s, TS_S(" – "));
        if (dash != TS_NPOS && !list) {
            ts_str head = ts_str_to(s, dash),
                   tail = ts_str_from(s, dash + (s.p[dash + 1] == '-' ? 3 : 5));
            if (!ordinary(*m->a, head)) make_brand(m, head);
            if (!ordinary(*m->a, tail)) make_brand(m, tail);
        }
    }
    if (inside.n) bracket(m, s, inside);
}

/* Labels of other fields that have run into this one. */
static size_t run_on(ts_str s) {
    static const char *const labels[] = {"Type/number of model",
                                         "Type/Number of model",
                                         "Description:",
                                         "Country of origin:",
                                         "Name:",
                                         "Model:",
                                         "Model year:",
                                         "Barcode:",
                                         "Bar code:"};
    size_t at = s.n;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        size_t k = ts_str_find(s, ts_str_c(labels[i]));
        if (k < at) at = k;
    }
    return at;
}

void make_brands(maker *m, ts_str s) {
    size_t at = run_on(s);
    if (at < s.n) {
        ts_str rest = ts_str_from(s, at);
        ts_str_cut(&rest, ':');
        size_t next = run_on(rest);
        make_models(m, ts_str_trim(ts_str_to(rest, next)));
        if (next < rest.n) make_text(&m->n->description, ts_str_from(rest, next));
        s = ts_str_to(s, at);
    }
    s = bare(ts_str_trim(without_marks(m->a, s)));
    if (make_unknown(m, s)) return;
    bool list = has_separator(s);
    size_t from = 0, parts = 1, depth = 0;
    for (size_t i = 0; list && i < s.n; i++) {
        depth += s.p[i] == '(';
        depth -= depth && s.p[i] == ')';
        size_t k = depth ? 0 : separator(s, i);
        if (!k) continue;
        piece(m, ts_str_trim((ts_str){s.p + from, i - from}), true);
        from = i + k;
        parts++;
        i += k - 1;
    }
    piece(m, ts_str_trim(ts_str_from(s, from)), list && parts > 1);
    if (parts == 2 && m->n->brands.n == 2 && behind_number(s).p == s.p && s.n <= BRAND_MAX / 2 &&
        ts_str_chr(s, '(') == TS_NPOS)
        make_brand(m, s);
}

/* ---- product and name ---- */

/* An opening quotation mark behind some text; *len is its length. */
static size_t quote_at(ts_str s, size_t *len) {
    static const char *const quotes[] = {"\"", "“", "”", "„", "«"};
    size_t best = TS_NPOS;
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        size_t at = ts_str_find(s, ts_str_c(quotes[i]));
        if (at != TS_NPOS && at > 0 && at < best) best = at, *len = strlen(quotes[i]);
    }
    /* 12" is a size */
    if (best != TS_NPOS && s.p[best] == '"' && ts_is_digit(s.p[best - 1])) return TS_NPOS;
    return best;
}

/* A"B, C "D": the quotes around each of several names go, the size in inches stays. */
static ts_str without_quotes(ts_arena *a, ts_str s) {
    static const char *const quotes[] = {"\"", "“", "”", "„", "«", "»"};
    ts_buf b = ts_buf_new(a, s.n + 1);
    for (size_t i = 0; i < s.n;) {
        size_t k = 0;
        for (size_t x = 0; x < sizeof quotes / sizeof *quotes && !k; x++)
            if (ts_str_starts(ts_str_from(s, i), ts_str_c(quotes[x]))) k = strlen(quotes[x]);
        if (k == 1 && i > 0 && ts_is_digit(s.p[i - 1])) k = 0;
        if (!k) ts_buf_c(&b, s.p[i]);
        i += k ? k : 1;
    }
    return record_clean(a, ts_buf_str(&b));
}

void make_product(maker *m, ts_str s) {
    s = ts_str_trim(s);
    if (!s.n || m->n->product.n) return;
    size_t len = 0, at = quote_at(s, &len), dash = ts_str_find(s, TS_S(" - "));
    size_t dash_len = 3, long_dash = ts_str_find(s, TS_S(" – "));
    if (long_dash < dash) dash = long_dash, dash_len = 5;
    if (dash != TS_NPOS && dash > 0 && (at == TS_NPOS || dash < at)) at = dash, len = dash_len;
    if (at == TS_NPOS || m->n->name.n) {
        m->n->product = s;
        return;
    }
    ts_str head = ts_str_trim(ts_str_to(s, at));
    if (ts_str_ends(head, TS_S(" and")) || ts_str_ends(head, TS_S(" or")) ||
        ts_str_ends(head, TS_S(" &"))) { /* `Corvo and "Corvo Belt" lamps` */
        m->n->product = s;
        return;
    }
    m->n->product = head;
    ts_str name = without_quotes(m->a, bare(ts_str_from(s, at + len)));
    if (name.n && !make_unknown(m, name)) m->n->name = ts_str_clip(name, NAME_MAX);
}

/* ---- operators and sellers ---- */

void make_operator(maker *m, ts_str s) {
    s = ts_str_trim(s);
    if (!make_unknown(m, s)) record_add(m->a, &m->n->operators, ts_str_clip(s, NAME_MAX));
}

static bool address_char(char c) { return ts_is_alnum((unsigned char)c) || c == '.' || c == '-'; }

/* "Amazon.com", "www.shop.example": a host name with one of the endings shops use. */
static bool shop_address(ts_str s) {
    static const char *const ends[] = {".com", ".net",  ".org",   ".co", ".us", ".de", ".fr",
                                       ".eu",  ".shop", ".store", ".cn", ".uk", ".ca", ".it",
                                       ".es",  ".nl",   ".pl",    ".ch", ".at"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        ts_str e = ts_str_c(ends[i]);
        if (s.n > e.n + 1 && ts_str_ieq(ts_str_from(s, s.n - e.n), e)) return true;
    }
    return false;
}

void make_sellers(maker *m, ts_str s) {
    static const char *const shops[] = {
        "Amazon", "Temu", "Walmart", "AliExpress", "Alibaba", "eBay", "SHEIN", "Wayfair",
        "TikTok", "Etsy", "Target",  "拼多多",     "淘宝",    "天猫", "京东",  "抖音"};
    enum { SELLERS_MAX = 60 };
    for (size_t i = 0; i < s.n && m->n->sellers.n < SELLERS_MAX;) {
        size_t k = i;
        while (k < s.n && address_char(s.p[k])) k++;
        ts_str word = {s.p + i, k - i};
        while (word.n && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == '-')) word.n--;
        if (ts_str_istarts(word, TS_S("www."))) word = ts_str_from(word, 4);
        if (shop_address(word)) record_add(m->a, &m->n->sellers, word);
        i = k > i ? k : i + 1;
    }
    for (size_t i = 0; i < sizeof shops / sizeof *shops; i++) {
        size_t at = ts_str_ifind(s, ts_str_c(shops[i]));
        if (at == TS_NPOS) continue;
        size_t end = at + strlen(shops[i]);
        bool whole = end >= s.n || !(ts_is_alnum((unsigned char)s.p[end]) || s.p[end] == '.');
        if (whole && (at == 0 || !ts_is_alnum((unsigned char)s.p[at - 1]) ||
                      (unsigned char)shops[i][0] >= 0x80))
            record_add(m->a, &m->n->sellers, ts_str_c(shops[i]));
    }
}
