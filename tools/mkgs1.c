/* mkgs1 - compiles gs1/gs1-syntax-dictionary.txt into src/product/gs1_dictionary.c's tables.
 *
 *   mkgs1 DICTIONARY > gs1_ais.h
 *
 * Stops at the first line that it does not understand to the last word, and names it: a new check,
 * flag or attribute must be written into the program before the dictionary that uses it is taken.
 */
#include "base/base.h"
#include "product/gs1_dictionary.h"

enum { ENTRIES = 1000, PREFIXES = 100, SLOTS = 100 * 100 };

static ts_arena arena;
static uint64_t line_number;
static ts_buf components, patterns, keys, entries;
static size_t n_components, n_patterns, n_keys, n_entries;
static uint8_t prefix_digits[PREFIXES];
static uint16_t slots[PREFIXES][100];

static const char *const linter_names[] = {
#define X(name) #name,
    GS1_LINTERS(X)
#undef X
};

static void die(const char *what, ts_str s) {
    fprintf(stderr, "gs1-syntax-dictionary.txt:%llu: %s: '%.*s'\n", (unsigned long long)line_number,
            what, TS_P(s));
    exit(1);
}

static bool all_digits(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return false;
    return s.n > 0;
}

static unsigned number(ts_str s, unsigned max) {
    if (!all_digits(s) || s.n > 4 || gs1_digits(s.p, s.n) > max) die("is not a number", s);
    return gs1_digits(s.p, s.n);
}

static ts_str word(ts_str *rest) {
    *rest = ts_str_trim(*rest);
    return ts_str_cut_any(rest, " \t");
}

/* ---- the AIs that a line is about ---- */

static void check_ai(ts_str ai) {
    if (!all_digits(ai) || ai.n < 2 || ai.n > 4) die("an AI has two to four digits", ai);
}

static void take_ai(ts_str ai) {
    unsigned prefix = gs1_digits(ai.p, 2), rest = gs1_digits(ai.p + 2, ai.n - 2);
    if (prefix_digits[prefix] && prefix_digits[prefix] != ai.n)
        die("AIs that begin alike have different lengths", ai);
    prefix_digits[prefix] = (uint8_t)ai.n;
    if (slots[prefix][rest]) die("is there twice", ai);
    slots[prefix][rest] = (uint16_t)(n_entries + 1);
}

static void take_ais(ts_str range) {
    ts_str first = ts_str_cut(&range, '-'), last = range.p ? range : first;
    check_ai(first);
    check_ai(last);
    if (first.n != last.n || ts_str_cmp(first, last) > 0 ||
        !ts_str_eq(ts_str_to(first, first.n - 1), ts_str_to(last, last.n - 1)))
        die("a range differs in its last digit", last);
    char digits[4];
    memcpy(digits, first.p, first.n);
    for (char c = first.p[first.n - 1]; c <= last.p[last.n - 1]; c++) {
        digits[first.n - 1] = c;
        take_ai((ts_str){digits, first.n});
    }
}

/* ---- the parts of the value ---- */

typedef struct spec {
    size_t first, n;
    unsigned max;
    bool varies, optional;
} spec;

static unsigned linter(ts_str name) {
    for (unsigned i = 0; i < sizeof linter_names / sizeof *linter_names; i++)
        if (ts_str_is(name, linter_names[i])) return i;
    die("a linter that the program does not have; write it in src/product/gs1_lint.c", name);
    return 0;
}

static void take_linters(ts_str names) {
    unsigned n = 0, v[GS1_LINTS_MAX] = {0};
    while (names.p) {
        if (n == GS1_LINTS_MAX) die("more linters than a component can hold", names);
        v[n++] = linter(ts_str_cut(&names, ','));
    }
    ts_buf_fmt(&components, "%u,{%u,%u,%u}},\n", n, v[0], v[1], v[2]);
}

/* "X..20", "N13,csum,gcppos1", "[X1],hyphen" */
static void take_component(ts_str whole, spec *s) {
    ts_str names = whole, type = ts_str_cut(&names, ',');
    bool optional = type.n > 2 && type.p[0] == '[' && type.p[type.n - 1] == ']';
    if (optional) type = (ts_str){type.p + 1, type.n - 2};
    if (type.n < 2 || !memchr("NXYZ", type.p[0], 4)) die("is no component", whole);
    ts_str length = ts_str_from(type, 1);
    bool varies = ts_str_starts(length, TS_S(".."));
    unsigned max = number(varies ? ts_str_from(length, 2) : length, 100);
    if (max == 0) die("a component without length", whole);
    if (s->varies) die("only the last component may vary in length", whole);
    if (s->optional && !optional) die("a mandatory component behind an optional one", whole);
    ts_buf_fmt(&components, "{GS1_SET_%c,%u,%u,%d,", type.p[0], varies ? 1 : max, max, optional);
    take_linters(names);
    *s = (spec){s->first, s->n + 1, s->max + max, varies, optional};
    n_components++;
}

/* ---- attributes ---- */

/* "310n" */
static void take_pattern(ts_str p, const char *end) {
    char low[4], high[4];
    if (p.n < 2 || p.n > 4) die("is no AI and no pattern", p);
    for (size_t i = 0; i < p.n; i++) {
        bool any = p.p[i] == 'n';
        low[i] = any ? '0' : p.p[i];
        high[i] = any ? '9' : p.p[i];
    }
    check_ai((ts_str){low, p.n});
    ts_buf_fmt(&patterns, "{%u,%u,%s},\n", gs1_code_of((ts_str){low, p.n}),
               gs1_code_of((ts_str){high, p.n}), end);
    n_patterns++;
}

/* "01+21,02,35nn". Returns where it starts. */
static size_t take_list(ts_str list, bool and_allowed) {
    size_t first = n_patterns;
    while (list.p) {
        ts_str group = ts_str_cut(&list, ',');
        while (group.p) {
            ts_str p = ts_str_cut(&group, '+');
            if (group.p && !and_allowed) die("'+' has no meaning here", group);
            take_pattern(p, group.p ? "GS1_AND" : list.p ? "GS1_OR" : "GS1_END");
        }
    }
    return first;
}

/* "22,10,21|235" */
static void take_key(ts_str ways) {
    size_t n = 0;
    ts_buf b = ts_buf_new(&arena, 4096);
    while (ways.p) {
        ts_str way = ts_str_cut(&ways, '|');
        ts_buf q = ts_buf_new(&arena, 4096);
        size_t k = 0;
        for (; way.p; k++) {
            ts_str ai = ts_str_cut(&way, ',');
            check_ai(ai);
            ts_buf_fmt(&q, "%u,", gs1_code_of(ai));
        }
        if (k > GS1_QUALIFIERS_MAX || ++n > GS1_WAYS_MAX) die("too many qualifiers", way);
        ts_buf_fmt(&b, "{%zu,{%.*s}},", k, TS_P(ts_buf_str(&q)));
    }
    if (n == 0) ts_buf_lit(&b, "{0,{0}}");
    ts_buf_fmt(&keys, "{%zu,{%.*s}},\n", n, TS_P(ts_buf_str(&b)));
    n_keys++;
}

typedef struct attributes {
    size_t req, ex, key; /* place + 1; 0 = not there */
    ts_str req_text;
} attributes;

static void take_attribute(ts_str whole, attributes *t) {
    ts_str value = whole, name = ts_str_cut(&value, '=');
    bool twice = false;
    if (ts_str_is(name, "req") && value.n) {
        twice = t->req != 0;
        t->req = take_list(value, true) + 1;
        t->req_text = value;
    } else if (ts_str_is(name, "ex") && value.n) {
        twice = t->ex != 0;
        t->ex = take_list(value, false) + 1;
    } else if (ts_str_is(name, "dlpkey")) {
        twice = t->key != 0;
        take_key(value);
        t->key = n_keys;
    } else {
        die("an attribute that the program does not know", whole);
    }
    if (twice) die("an attribute that is repeated; the tables hold one of each", whole);
}

/* ---- a line ---- */

static void put_pointer(const char *array, size_t place) {
    if (place)
        ts_buf_fmt(&entries, "%s+%zu,", array, place - 1);
    else
        ts_buf_lit(&entries, "0,");
}

static void put_literal(ts_str s) {
    ts_buf_c(&entries, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\') ts_buf_c(&entries, '\\');
        ts_buf_c(&entries, s.p[i]);
    }
    ts_buf_c(&entries, '"');
}

static void put_entry(const spec *s, const attributes *t, ts_str flags, ts_str title) {
    bool predefined = ts_str_chr(flags, '*') != TS_NPOS;
    if (predefined && (s->varies || s->optional)) die("predefined length that varies", flags);
    ts_buf_c(&entries, '{');
    put_pointer("gs1_components", s->first + 1);
    put_pointer("gs1_patterns", t->req);
    put_pointer("gs1_patterns", t->ex);
    put_pointer("gs1_keys", t->key);
    put_literal(t->req_text);
    ts_buf_lit(&entries, ",{");
    put_literal(title);
    ts_buf_fmt(&entries, ",%zu},%zu,%u,%d,%d},\n", title.n, s->n, s->max, predefined,
               ts_str_chr(flags, '?') != TS_NPOS);
    n_entries++;
}

static bool is_flags(ts_str w) {
    for (size_t i = 0; i < w.n; i++)
        if (ts_is_alnum((unsigned char)w.p[i])) return false;
    return w.n > 0;
}

static void take_line(ts_str l) {
    ts_str title = l, body = ts_str_trim(ts_str_cut(&title, '#'));
    if (body.n == 0) return;
    if (n_entries == ENTRIES) die("more lines than the table holds", body);
    ts_str flags = TS_NONE;
    spec s = {.first = n_components};
    attributes t = {0};
    take_ais(word(&body));
    while (body.n) {
        ts_str w = word(&body);
        if (w.n == 0) continue;
        if (is_flags(w) && s.n == 0 && flags.n == 0)
            flags = w;
        else if (w.p[0] >= 'a' && w.p[0] <= 'z')
            take_attribute(w, &t);
        else
            take_component(w, &s);
    }
    for (size_t i = 0; i < flags.n; i++)
        if (!memchr("*?", flags.p[i], 2)) die("a flag that the program does not know", flags);
    if (s.n == 0 || s.max > 255) die("no components, or too long ones", l);
    put_entry(&s, &t, flags, ts_str_trim(title));
}

/* ---- tables that are not in the dictionary's lines ---- */

static bool among(unsigned c, const char *set) { return c && strchr(set, (int)c); }

static unsigned byte_class(unsigned c) {
    bool digit = ts_is_digit((int)c), upper = c >= 'A' && c <= 'Z', alnum = ts_is_alnum((int)c);
    bool plain = alnum || among(c, "-._~");
    return (digit ? GS1_SET_N : 0) | (alnum || among(c, "!\"%&'()*+,-./:;<=>?_") ? GS1_SET_X : 0) |
           (digit || upper || among(c, "#-/") ? GS1_SET_Y : 0) |
           (alnum || among(c, "-_") ? GS1_SET_Z : 0) | (plain ? URI_PLAIN : 0) |
           (plain || among(c, "!$&'()*+,;=:@") ? URI_SEGMENT : 0) |
           (digit || among(c, "abcdefABCDEF") ? URI_HEX : 0) | (among(c, "/?") ? URI_DIVIDER : 0);
}

static void print_bytes(void) {
    printf("const uint8_t gs1_byte[256] = {");
    for (unsigned c = 0; c < 256; c++) printf("%s%u,", c % 16 ? "" : "\n", byte_class(c));
    printf("\n};\n");
}

static void print_slots(void) {
    size_t n = 0;
    printf("static const uint16_t gs1_slots[] = {");
    for (size_t p = 0; p < PREFIXES; p++)
        for (size_t i = 0; prefix_digits[p] && i < (size_t[]){1, 10, 100}[prefix_digits[p] - 2];
             i++)
            printf("%s%u,", n++ % 20 ? "" : "\n", slots[p][i]);
    printf("\n};\nstatic const struct { uint16_t slot; uint8_t digits; } gs1_prefixes[100] = {\n");
    n = 0;
    for (size_t p = 0; p < PREFIXES; p++) {
        printf("{%zu,%u},\n", n, prefix_digits[p]);
        if (prefix_digits[p]) n += (size_t[]){1, 10, 100}[prefix_digits[p] - 2];
    }
    printf("};\n");
}

static void print_array(const char *type, const char *name, const ts_buf *b) {
    if (b->full) die("the tables are too large", TS_NONE);
    printf("static const %s %s[] = {\n%.*s};\n", type, name, TS_P(ts_buf_str(b)));
}

int main(int argc, char **argv) {
    ts_error e;
    ts_str text;
    if (argc != 2) return fputs("usage: mkgs1 DICTIONARY\n", stderr), 2;
    arena = ts_arena_new((size_t)64 << 20);
    if (!ts_file_read(&arena, argv[1], 1 << 20, &text, &e))
        return fprintf(stderr, "mkgs1: %s: %s\n", argv[1], e.msg), 1;
    if (ts_utf8_bad(text) != TS_NPOS) die("is not UTF-8", TS_NONE);
    components = patterns = keys = entries = ts_buf_new(&arena, 4 << 20);
    while (text.n) {
        line_number++;
        take_line(ts_str_cut(&text, '\n'));
    }
    printf("/* Made by tools/mkgs1.c from gs1/gs1-syntax-dictionary.txt. Do not edit. */\n");
    print_bytes();
    print_array("gs1_component", "gs1_components", &components);
    print_array("gs1_pattern", "gs1_patterns", &patterns);
    print_array("gs1_key", "gs1_keys", &keys);
    print_array("gs1_entry", "gs1_entries", &entries);
    print_slots();
    return 0;
}
