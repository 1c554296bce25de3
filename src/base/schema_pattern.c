/* Patterns of JSON Schema are those of ECMA-262. They are read here and written anew for PCRE2, so
 * that what the two read differently means what ECMA-262 says, and what PCRE2 alone knows is
 * refused. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "schema_part.h"

enum {
    MAX_PATTERN = 1 << 16, /* bytes, as written and as translated */
    MAX_GROUP_DEPTH = 100, /* PCRE2 itself stops at 250 */
    MAX_REPEAT = 65535,    /* PCRE2's own limit */
    MATCH_HEAP = 32 << 10, /* KiB */
    MATCH_DEPTH = 1 << 18,
};

/* ---- translation ---- */

typedef struct open_group {
    const struct open_group *up;
    unsigned number; /* 0: does not capture */
} open_group;

typedef struct reader {
    ts_str s;
    size_t i;
    ts_buf *out; /* NULL: only the syntax is wanted */
    unsigned depth, groups, highest_reference, most_at_once;
    bool repeats_groups, looks_behind;
    const char *wrong;       /* not ECMA-262 */
    const char *unsupported; /* ECMA-262, and not done here */
} reader;

static bool stop(reader *r) { return r->wrong || r->unsupported; }
static bool wrong(reader *r, const char *what) {
    if (!stop(r)) r->wrong = what;
    return false;
}
static bool unsupported(reader *r, const char *what) {
    if (!stop(r)) r->unsupported = what;
    return false;
}
static int peek(const reader *r) { return r->i < r->s.n ? (unsigned char)r->s.p[r->i] : -1; }
static bool take(reader *r, char c) { return peek(r) == c ? r->i++, true : false; }
static bool take_text(reader *r, const char *text) {
    ts_str t = ts_str_c(text);
    if (!ts_str_starts((ts_str){r->s.p + r->i, r->s.n - r->i}, t)) return false;
    r->i += t.n;
    return true;
}
static void put(reader *r, const char *text) {
    if (r->out) ts_buf_put(r->out, ts_str_c(text));
}
static void put_char(reader *r, uint32_t c) {
    if (!r->out) return;
    if (c < 0x80 && ts_is_alnum((int)c))
        ts_buf_c(r->out, (char)c);
    else
        ts_buf_fmt(r->out, "\\x{%X}", c);
}

/* White space of ECMA-262 and what lies between, for use in a class. */
#define SPACES                                                                                     \
    "\\x{9}-\\x{D}\\x{20}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}"  \
    "\\x{3000}\\x{FEFF}"
#define NOT_SPACES                                                                                 \
    "\\x{0}-\\x{8}\\x{E}-\\x{1F}\\x{21}-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}"               \
    "\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}"                 \
    "\\x{3001}-\\x{FEFE}\\x{FF00}-\\x{10FFFF}"

/* Exactly n hexadecimal digits, or -1 with nothing taken. */
static int32_t hex_digits(reader *r, size_t n) {
    int32_t x = 0;
    if (r->s.n - r->i < n) return -1;
    for (size_t k = 0; k < n; k++) {
        int c = (unsigned char)r->s.p[r->i + k], low = c | 32;
        if (!ts_is_digit(c) && !(low >= 'a' && low <= 'f')) return -1;
        x = x * 16 + (ts_is_digit(c) ? c - '0' : low - 'a' + 10);
    }
    r->i += n;
    return x;
}

/* Behind "\u". */
static int32_t unicode_escape(reader *r) {
    int32_t x = 0;
    if (take(r, '{')) {
        size_t from = r->i;
        for (int32_t d; x <= 0x10FFFF && (d = hex_digits(r, 1)) >= 0;) x = x * 16 + d;
        if (r->i == from || !take(r, '}') || x > 0x10FFFF)
            return wrong(r, "\\u{…} without a code point"), 0;
    } else if ((x = hex_digits(r, 4)) < 0) {
        return wrong(r, "\\u without four hexadecimal digits"), 0;
    }
    if (x >= 0xD800 && x <= 0xDBFF && take_text(r, "\\u")) {
        int32_t low = hex_digits(r, 4);
        if (low < 0xDC00 || low > 0xDFFF) return unsupported(r, "a lone surrogate"), 0;
        return 0x10000 + ((x - 0xD800) << 10) + (low - 0xDC00);
    }
    if (x >= 0xD800 && x <= 0xDFFF) return unsupported(r, "a lone surrogate"), 0;
    return x;
}

/* A character written as an escape; `c` is the byte behind the backslash, already taken. */
static int32_t character_escape(reader *r, int c) {
    static const char from[] = "fnrtv", to[] = "\f\n\r\t\v";
    const char *k = c > 0 ? strchr(from, c) : 0;
    if (k) return to[k - from];
    if (c == '0') {
        if (ts_is_digit(peek(r))) wrong(r, "an octal escape");
        return 0;
    }
    if (c == 'c') {
        int letter = peek(r);
        if (!ts_is_alpha(letter)) return wrong(r, "\\c without a letter"), 0;
        r->i++;
        return letter % 32;
    }
    if (c == 'x') {
        int32_t x = hex_digits(r, 2);
        return x < 0 ? wrong(r, "\\x without two hexadecimal digits"), 0 : x;
    }
    if (c == 'u') return unicode_escape(r);
    if (c > 0x20 && c < 0x7F && !ts_is_alnum(c)) return c;
    wrong(r, c < 0 ? "a backslash at the end" : "an escape that ECMA-262 does not have");
    return 0;
}

/* General categories by their long names (UAX #44, table 12; ECMA-262 takes these alone or after
 * "General_Category="), with what PCRE2 calls them. */
static const char *const categories[][3] = {
    {"Cased_Letter", "LC", "L&"},
    {"Close_Punctuation", "Pe", "Pe"},
    {"Connector_Punctuation", "Pc", "Pc"},
    {"Control", "Cc", "Cc"},
    {"cntrl", "Cc", "Cc"},
    {"Currency_Symbol", "Sc", "Sc"},
    {"Dash_Punctuation", "Pd", "Pd"},
    {"Decimal_Number", "Nd", "Nd"},
    {"digit", "Nd", "Nd"},
    {"Enclosing_Mark", "Me", "Me"},
    {"Final_Punctuation", "Pf", "Pf"},
    {"Format", "Cf", "Cf"},
    {"Initial_Punctuation", "Pi", "Pi"},
    {"Letter", "L", "L"},
    {"Letter_Number", "Nl", "Nl"},
    {"Line_Separator", "Zl", "Zl"},
    {"Lowercase_Letter", "Ll", "Ll"},
    {"Mark", "M", "M"},
    {"Combining_Mark", "M", "M"},
    {"Math_Symbol", "Sm", "Sm"},
    {"Modifier_Letter", "Lm", "Lm"},
    {"Modifier_Symbol", "Sk", "Sk"},
    {"Nonspacing_Mark", "Mn", "Mn"},
    {"Number", "N", "N"},
    {"Open_Punctuation", "Ps", "Ps"},
    {"Other", "C", "C"},
    {"Other_Letter", "Lo", "Lo"},
    {"Other_Number", "No", "No"},
    {"Other_Punctuation", "Po", "Po"},
    {"Other_Symbol", "So", "So"},
    {"Paragraph_Separator", "Zp", "Zp"},
    {"Private_Use", "Co", "Co"},
    {"Punctuation", "P", "P"},
    {"punct", "P", "P"},
    {"Separator", "Z", "Z"},
    {"Space_Separator", "Zs", "Zs"},
    {"Spacing_Mark", "Mc", "Mc"},
    {"Surrogate", "Cs", "Cs"},
    {"Symbol", "S", "S"},
    {"Titlecase_Letter", "Lt", "Lt"},
    {"Unassigned", "Cn", "Cn"},
    {"Uppercase_Letter", "Lu", "Lu"},
};
/* The binary properties of ECMA-262 that PCRE2 knows by the same name. */
static const char *const binary_properties[] = {
    "ASCII",       "Alphabetic", "Any",          "Default_Ignorable_Code_Point",
    "Dash",        "Emoji",      "ID_Start",     "ID_Continue",
    "Ideographic", "Lowercase",  "Math",         "Uppercase",
    "White_Space", "XID_Start",  "XID_Continue",
};

static const char *category(ts_str name) {
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
        if (ts_str_is(name, categories[i][0]) || ts_str_is(name, categories[i][1]))
            return categories[i][2];
    return 0;
}

static ts_str property_word(reader *r) {
    size_t from = r->i;
    while (ts_is_alnum(peek(r)) || peek(r) == '_') r->i++;
    return (ts_str){r->s.p + from, r->i - from};
}

/* Behind "\p" or "\P"; written for inside or outside a class. */
static bool property(reader *r, char p) {
    if (!take(r, '{')) return wrong(r, "\\p without {…}");
    ts_str name = property_word(r), value = TS_NONE;
    const char *as = 0, *prefix = "";
    if (take(r, '=')) {
        value = property_word(r);
        if (ts_str_is(name, "General_Category") || ts_str_is(name, "gc"))
            as = category(value);
        else if (ts_str_is(name, "Script") || ts_str_is(name, "sc"))
            prefix = "sc:";
        else if (ts_str_is(name, "Script_Extensions") || ts_str_is(name, "scx"))
            prefix = "scx:";
        else
            return wrong(r, "a property that ECMA-262 does not have");
    } else {
        as = category(name);
        for (size_t i = 0; !as && i < sizeof binary_properties / sizeof *binary_properties; i++)
            if (ts_str_is(name, binary_properties[i])) as = binary_properties[i];
    }
    if (!take(r, '}') || !name.n) return wrong(r, "\\p{…} is not closed");
    if (!as && (!*prefix || !value.n)) return unsupported(r, "this property of characters");
    if (r->out && as)
        ts_buf_fmt(r->out, "\\%c{%s}", p, as);
    else if (r->out)
        ts_buf_fmt(r->out, "\\%c{%s%.*s}", p, prefix, TS_P(value));
    return true;
}

/* \d \D \w \W \s \S \p \P: written out, true; anything else: nothing taken, false. `c` is the byte
 * behind the backslash. */
static bool class_escape(reader *r, int c, bool in_class) {
    if (c <= 0 || !strchr("dDwWsSpP", c)) return false;
    r->i++;
    switch (c) {
    case 'd': put(r, "\\d"); break; /* without PCRE2_UCP these are ASCII, as in ECMA-262 */
    case 'D': put(r, "\\D"); break;
    case 'w': put(r, "\\w"); break;
    case 'W': put(r, "\\W"); break;
    case 's': put(r, in_class ? SPACES : "[" SPACES "]"); break;
    case 'S': put(r, in_class ? NOT_SPACES : "[^" SPACES "]"); break;
    default: property(r, (char)c);
    }
    return true;
}

/* One character of a class, or -1 when it was a class escape, which is written already. */
static int32_t class_atom(reader *r) {
    if (!take(r, '\\')) return (int32_t)ts_utf8_next(r->s, &r->i);
    int c = peek(r);
    if (class_escape(r, c, true)) return -1;
    if (c >= 0) r->i++;
    if (c == 'b') return '\b';
    return character_escape(r, c);
}

static void class_range(reader *r) {
    int32_t lo = class_atom(r);
    if (stop(r) || peek(r) != '-' || r->i + 1 >= r->s.n || r->s.p[r->i + 1] == ']') {
        if (lo >= 0) put_char(r, (uint32_t)lo);
        return;
    }
    r->i++;
    /* "\w-." is three things: ECMA-262, annex B. */
    if (lo < 0) {
        put_char(r, '-');
        return;
    }
    put_char(r, (uint32_t)lo);
    size_t mark = r->i;
    if (peek(r) == '\\' && r->i + 1 < r->s.n && strchr("dDwWsSpP", r->s.p[mark + 1])) {
        put_char(r, '-');
        return;
    }
    int32_t hi = class_atom(r);
    if (hi < lo) wrong(r, "a range out of order");
    put(r, "-");
    put_char(r, (uint32_t)hi);
}

/* Behind '['. */
static bool class(reader *r) {
    bool negated = take(r, '^');
    if (take(r, ']')) {
        put(r, negated ? "[\\x{0}-\\x{10FFFF}]" : "(?!)");
        return true;
    }
    put(r, negated ? "[^" : "[");
    while (!stop(r) && !take(r, ']')) {
        if (peek(r) < 0) return wrong(r, "a '[' that is not closed");
        class_range(r);
    }
    put(r, "]");
    return !stop(r);
}

/* Behind a backslash and with a digit from 1 to 9 ahead. */
static bool back_reference(reader *r, const open_group *in) {
    unsigned n = 0;
    while (ts_is_digit(peek(r)) && n < 100000) n = n * 10 + (unsigned)(r->s.p[r->i++] - '0');
    for (; in; in = in->up)
        if (in->number == n) return unsupported(r, "a group that refers to itself");
    if (n > r->highest_reference) r->highest_reference = n;
    if (r->out) ts_buf_fmt(r->out, "\\g{%u}", n);
    return true;
}

/* Behind a backslash, outside a class. *atom: may be repeated. */
static bool escape(reader *r, const open_group *in, bool *atom) {
    int c = peek(r);
    if (c == 'b' || c == 'B') {
        r->i++;
        put(r, c == 'b' ? "\\b" : "\\B");
        *atom = false;
        return true;
    }
    if (class_escape(r, c, false)) return !stop(r);
    if (c >= '1' && c <= '9') return back_reference(r, in);
    if (c == 'k') return unsupported(r, "a reference by name");
    if (c >= 0) r->i++;
    put_char(r, (uint32_t)character_escape(r, c));
    return !stop(r);
}

static bool group_name(reader *r) {
    size_t from = r->i;
    while (ts_is_alnum(peek(r)) || peek(r) == '_' || peek(r) == '$') r->i++;
    if (peek(r) >= 0x80 || peek(r) == '\\') return unsupported(r, "a name outside ASCII");
    if (r->i == from || ts_is_digit(r->s.p[from]) || !take(r, '>'))
        return wrong(r, "a group without a proper name");
    return true;
}

static bool alternatives(reader *r, const open_group *in);

/* Behind '('. */
static bool group(reader *r, const open_group *up, bool *atom) {
    static const char *const kinds[] = {"?:", "?=", "?!", "?<=", "?<!"};
    open_group in = {up, 0};
    size_t kind = 0;
    while (kind < 5 && !take_text(r, kinds[kind])) kind++;
    if (kind == 5) {
        if (take_text(r, "?<")) {
            if (!group_name(r)) return false;
        } else if (peek(r) == '?') {
            return wrong(r, "a kind of group that ECMA-262 does not have");
        }
        in.number = ++r->groups;
    } else if (kind > 0) {
        *atom = false;
        r->looks_behind |= kind >= 3;
    }
    if (++r->depth > MAX_GROUP_DEPTH) return unsupported(r, "groups nested this deeply");
    put(r, "(");
    if (kind < 5) put(r, kinds[kind]);
    if (!alternatives(r, &in)) return false;
    if (!take(r, ')')) return wrong(r, "a '(' that is not closed");
    put(r, ")");
    r->depth--;
    return true;
}

/* "3}", "3,}", "3,5}" behind a '{'; false with nothing taken when it is something else. */
static bool braces(reader *r, unsigned *lo, unsigned *hi) {
    size_t mark = r->i;
    unsigned *n = lo, seen = 0;
    *lo = 0, *hi = UINT32_MAX;
    for (;; r->i++) {
        int c = peek(r);
        if (ts_is_digit(c)) {
            if (!seen++) *n = 0;
            if (*n <= MAX_REPEAT) *n = *n * 10 + (unsigned)(c - '0');
        } else if (c == ',' && n == lo && seen) {
            n = hi, seen = 0;
        } else if (c == '}' && (seen || n == hi)) {
            r->i++;
            if (n == lo) *hi = *lo;
            return true;
        } else {
            return r->i = mark, false;
        }
    }
}

/* What follows an atom. *many: it may come more than once. */
static bool quantifier(reader *r, bool *many) {
    unsigned lo, hi;
    *many = false;
    int c = peek(r);
    if (c == '*' || c == '+' || c == '?') {
        char text[2] = {(char)c, 0};
        r->i++;
        put(r, text);
        *many = c != '?';
    } else if (c == '{') {
        r->i++;
        if (!braces(r, &lo, &hi)) return r->i--, true; /* a plain brace */
        if (lo > MAX_REPEAT || (hi > MAX_REPEAT && hi != UINT32_MAX))
            return unsupported(r, "more than 65,535 repetitions");
        if (hi < lo) return wrong(r, "repetitions out of order");
        if (r->out && hi == UINT32_MAX)
            ts_buf_fmt(r->out, "{%u,}", lo);
        else if (r->out)
            ts_buf_fmt(r->out, "{%u,%u}", lo, hi);
        *many = hi > 1;
        if (lo > r->most_at_once) r->most_at_once = lo;
    } else {
        return true;
    }
    if (take(r, '?')) put(r, "?");
    return true;
}

/* One term and its quantifier. */
static bool term(reader *r, const open_group *in) {
    bool atom = true, many = false;
    unsigned groups = r->groups, lo, hi;
    bool own = peek(r) == '(';
    if (take(r, '^') || take(r, '$')) {
        put(r, r->s.p[r->i - 1] == '^' ? "^" : "$");
        atom = false;
    } else if (take(r, '(')) {
        if (!group(r, in, &atom)) return false;
    } else if (take(r, '[')) {
        if (!class(r)) return false;
    } else if (take(r, '\\')) {
        if (!escape(r, in, &atom)) return false;
    } else if (take(r, '.')) {
        put(r, "[^\\n\\r\\x{2028}\\x{2029}]");
    } else {
        int c = peek(r);
        if (c == '*' || c == '+' || c == '?') return wrong(r, "nothing to repeat");
        if (take(r, '{')) {
            if (braces(r, &lo, &hi)) return wrong(r, "nothing to repeat");
            put_char(r, '{'); /* a plain brace: annex B */
        } else {
            put_char(r, ts_utf8_next(r->s, &r->i));
        }
    }
    size_t before = r->i;
    if (!quantifier(r, &many)) return false;
    if (!atom && r->i > before) return wrong(r, "nothing to repeat");
    /* Groups inside what is repeated begin empty each time in ECMA-262, and do not in PCRE2. */
    r->repeats_groups |= many && own && r->groups > groups;
    return true;
}

static bool alternatives(reader *r, const open_group *in) {
    for (;;) {
        int c = peek(r);
        if (c < 0 || c == ')') return true;
        if (take(r, '|'))
            put(r, "|");
        else if (!term(r, in))
            return false;
    }
}

static void translate(reader *r) {
    if (r->s.n > MAX_PATTERN) {
        unsupported(r, "a pattern of more than 65,536 bytes");
        return;
    }
    if (!alternatives(r, 0)) return;
    if (r->i < r->s.n)
        wrong(r, "a ')' without its '('");
    else if (r->highest_reference > r->groups)
        wrong(r, "a reference to a group that is not there");
    else if (r->highest_reference && (r->repeats_groups || r->looks_behind))
        unsupported(r, "a back reference beside repeated groups or looking behind");
    else if (r->out && r->out->full)
        unsupported(r, "a pattern as long as this");
}

ts_answer schema_pattern_syntax(ts_str s, ts_str *why) {
    reader r = {.s = s};
    translate(&r);
    if (r.unsupported) *why = ts_str_c(r.unsupported);
    return r.unsupported ? TS_OPEN : r.wrong ? TS_NO : TS_YES;
}

/* ---- PCRE2 ---- */

/* PCRE2 takes its memory from an arena, so that there is nothing to give back, and what was taken
 * goes away when an allocation elsewhere is abandoned. Running out is an error that PCRE2 reports:
 * nothing jumps across its frames. */
static void *from_arena(PCRE2_SIZE n, void *arena) {
    ts_arena *a = arena;
    if (n > (size_t)(a->end - a->beg) || (size_t)(a->end - a->beg) - n < 64) return 0;
    return ts_alloc_raw(a, n, 16, 1);
}
static void to_arena(void *p, void *arena) { (void)p, (void)arena; }

static pcre2_code *compile(ts_arena *a, ts_str pattern, int *code) {
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF |
                       PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
    PCRE2_SIZE at = 0;
    *code = PCRE2_ERROR_NOMEMORY;
    pcre2_general_context *g = pcre2_general_context_create(from_arena, to_arena, a);
    pcre2_compile_context *cc = g ? pcre2_compile_context_create(g) : 0;
    if (!cc) return 0;
    pcre2_set_newline(cc, PCRE2_NEWLINE_LF);
    return pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n, options, code, &at,
                         cc);
}

schema_pattern *schema_pattern_new(ts_arena *a, ts_str source, ts_error *e) {
    schema_pattern *p = ts_new(a, schema_pattern);
    ts_buf out = ts_buf_new(a, (size_t)MAX_PATTERN * 4);
    reader r = {.s = source, .out = &out};
    int code = 0;
    translate(&r);
    if (stop(&r)) {
        ts_fail(e, TS_E_INPUT,
                r.wrong ? "is not a pattern of ECMA-262: %s at its byte %zu"
                        : "is a pattern with %s at its byte %zu, which is not "
                          "supported",
                r.wrong ? r.wrong : r.unsupported, r.i);
        return 0;
    }
    *p = (schema_pattern){.source = source, .code = compile(a, ts_buf_str(&out), &code)};
    p->stride = r.highest_reference ? SIZE_MAX : r.most_at_once;
    if (p->code) return p;
    char text[120] = "";
    pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof text);
    if (code == PCRE2_ERROR_NOMEMORY || code == PCRE2_ERROR_HEAP_FAILED)
        ts_fail(e, TS_E_MEMORY, "is a pattern that needs more than the working memory a job has");
    else
        ts_fail(e, TS_E_INPUT, "is a pattern that is not supported: %s", text);
    return 0;
}

/* What a match may take. */
typedef struct meter {
    uint64_t steps; /* left */
    size_t at, stride;
} meter;

/* PCRE2 calls this before each item of a pattern that it tries. Its own match limit begins anew at
 * each place a search starts from; this count does not. What an item walks shows as the way to the
 * next one, but for an item that fails: the stride is what that may walk. */
static int count_item(pcre2_callout_block *b, void *of) {
    meter *m = of;
    size_t at = b->current_position, way = at > m->at ? at - m->at : m->at - at;
    uint64_t cost = 1 + (way + m->stride) / 32;
    m->at = at;
    if (m->steps < cost) return PCRE2_ERROR_CALLOUT;
    m->steps -= cost;
    return 0;
}

static int match(ts_arena scratch, const schema_pattern *p, ts_str s, meter *steps) {
    pcre2_general_context *g = pcre2_general_context_create(from_arena, to_arena, &scratch);
    pcre2_match_context *m = g ? pcre2_match_context_create(g) : 0;
    pcre2_match_data *d = m ? pcre2_match_data_create(1, g) : 0;
    if (!d) return PCRE2_ERROR_NOMEMORY;
    pcre2_set_callout(m, count_item, steps);
    pcre2_set_depth_limit(m, MATCH_DEPTH);
    pcre2_set_heap_limit(m, MATCH_HEAP);
    return pcre2_match(p->code, (PCRE2_SPTR)(s.p ? s.p : ""), s.n, 0, 0, d, m);
}

bool schema_pattern_finds(schema_run *r, const schema_pattern *p, ts_str s) {
    if (!schema_spend(r, 1 + s.n / 64)) return false;
    meter m = {r->steps, 0, p->stride < s.n ? p->stride : s.n};
    int rc = match(r->work, p, s, &m);
    r->steps = m.steps;
    switch (rc) {
    case PCRE2_ERROR_NOMATCH: return false;
    case PCRE2_ERROR_CALLOUT:
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
        return schema_open(r, TS_E_LIMIT, "a pattern takes too long to match");
    case PCRE2_ERROR_NOMEMORY:
        return schema_open(r, TS_E_MEMORY, "a pattern takes too much memory to match");
    default: return rc >= 0 || schema_open(r, TS_E_INPUT, "a text is not UTF-8");
    }
}
