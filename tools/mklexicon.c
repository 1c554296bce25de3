/* mklexicon - compiles lexicon/ into src/text/lexicon.c's table.
 *
 *   mklexicon LEXICON_DIR > lexicon_table.h
 *
 * Stops at the first malformed line and names it. Forms are folded and tokenised by the program's
 * own src/text/token.c, so that what is looked up and what is stored agree by construction.
 */
#include "base/base.h"
#include "text/lexicon.h"

typedef struct row {
    ts_str f[8];
    size_t n;
    uint64_t line;
} row;

typedef struct rows {
    row *v;
    size_t n, cap;
} rows;

typedef struct slot {
    uint64_t key;
    ts_lex v[24];
    unsigned n;
    bool prefix, used;
} slot;

static ts_arena arena;
static const char *dir;
static slot *table;
static size_t slots_used;
enum { SLOTS = 1 << 20 };

static void die(const char *file, uint64_t line, const char *what, ts_str s) {
    fprintf(stderr, "lexicon/%s:%llu: %s: '%.*s'\n", file, (unsigned long long)line, what, TS_P(s));
    exit(1);
}

static rows read_file(const char *name, size_t fields) {
    ts_error e;
    ts_str text;
    ts_buf path = ts_buf_new(&arena, 4096);
    ts_buf_fmt(&path, "%s/%s", dir, name);
    if (!ts_file_read(&arena, ts_str_z(&arena, ts_buf_str(&path)), 64 << 20, &text, &e)) {
        fprintf(stderr, "mklexicon: %s: %s\n", name, e.msg);
        exit(1);
    }
    if (ts_utf8_bad(text) != TS_NPOS) die(name, 0, "is not UTF-8", TS_NONE);
    rows r = {0};
    for (uint64_t line = 1; text.n; line++) {
        ts_str l = ts_str_cut(&text, '\n'), whole = l;
        if (l.n == 0 || l.p[0] == '#') continue;
        row *w = ts_push(&arena, &r);
        w->line = line;
        while (l.p && w->n < 8) w->f[w->n++] = ts_str_trim(ts_str_cut(&l, '\t'));
        if (w->n != fields || l.p) die(name, line, "wrong number of fields", whole);
    }
    return r;
}

static slot *find(uint64_t key) {
    for (size_t i = key & (SLOTS - 1);; i = (i + 1) & (SLOTS - 1)) {
        if (table[i].used && table[i].key != key) continue;
        if (!table[i].used) {
            if (++slots_used > SLOTS / 2) die("", 0, "too many forms for the table", TS_NONE);
            table[i].used = true;
            table[i].key = key;
        }
        return &table[i];
    }
}

static void add_meaning(slot *s, ts_lex l, const char *file, uint64_t line, ts_str form) {
    for (unsigned i = 0; i < s->n; i++)
        if ((s->v[i] & ~TS_LEX_SUFFIX) == (l & ~TS_LEX_SUFFIX)) {
            s->v[i] |= l;
            return;
        }
    if (s->n == 24) die(file, line, "more than 24 meanings for one form", form);
    s->v[s->n++] = l;
}

/* One spelling: its key, and the keys of its beginnings. */
static void add_spelling(ts_str form, ts_lex l, const char *file, uint64_t line) {
    ts_tokens t = ts_tokenise(&arena, form, false);
    if (t.n == 0) {
        if (form.n) return; /* "-" and the like */
        die(file, line, "empty form", form);
    }
    uint64_t key = TS_SEQ_START;
    for (size_t i = 0; i < t.n; i++) {
        key = ts_seq_add(key, t.v[i].hash);
        slot *s = find(key);
        if (i + 1 < t.n)
            s->prefix = true;
        else
            add_meaning(s, t.n == 1 ? l : l & ~TS_LEX_SUFFIX, file, line, form);
    }
    if (t.n < 2 || t.n > 3) return; /* "power bank" is also written "powerbank" */
    ts_buf b = ts_buf_new(&arena, 256);
    for (size_t i = 0; i < t.n; i++) {
        if (t.v[i].kind == TS_TOK_HAN || t.v[i].kind == TS_TOK_NUMBER) return;
        ts_buf_put(&b, ts_token_text(&t, i));
    }
    if (b.n < 6) return;
    key = ts_seq_add(TS_SEQ_START, ts_token_hash(b.p, b.n));
    add_meaning(find(key), l, file, line, form);
}

/* ä ö ü written ae oe ue (ß is ss by case folding). */
static ts_str umlauts(ts_str s) {
    ts_buf b = ts_buf_new(&arena, 4096);
    bool any = false;
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t c = ts_utf8_next(s, &i);
        const char *two = c == 0xE4   ? "ae"
                          : c == 0xF6 ? "oe"
                          : c == 0xFC ? "ue"
                          : c == 0xC4 ? "Ae"
                          : c == 0xD6 ? "Oe"
                          : c == 0xDC ? "Ue"
                                      : 0;
        any |= two != 0;
        ts_buf_put(&b, two ? ts_str_c(two) : (ts_str){s.p + at, i - at});
    }
    return any ? ts_buf_str(&b) : TS_NONE;
}

static ts_str with_ending(ts_str s, const char *ending) {
    ts_str both[2] = {s, ts_str_c(ending)};
    return ts_str_join(&arena, both, 2, TS_NONE);
}

static void add_endings(ts_str form, ts_str lang, ts_lex l, const char *file, uint64_t line) {
    char last = (char)ts_lower((unsigned char)form.p[form.n - 1]);
    if (!ts_is_alpha((unsigned char)last)) return;
    if (ts_str_is(lang, "en")) {
        if (last == 's') return;
        bool es = last == 'x' || last == 'z' || ts_str_ends(form, TS_S("ch")) ||
                  ts_str_ends(form, TS_S("sh"));
        add_spelling(with_ending(form, es ? "es" : "s"), l, file, line);
        bool consonant_y = last == 'y' && form.n > 2 && !memchr("aeiou", form.p[form.n - 2], 5);
        if (consonant_y)
            add_spelling(with_ending(ts_str_to(form, form.n - 1), "ies"), l, file, line);
    } else if (ts_str_is(lang, "de")) {
        static const char *const ends[] = {"e", "n", "en", "s", "er", "es"};
        for (size_t i = 0; i < 6; i++) add_spelling(with_ending(form, ends[i]), l, file, line);
    }
}

/* All forms of a field, with what the language adds. */
static void add_forms(ts_str forms, const char *lang_code, ts_lex l, bool endings, const char *file,
                      uint64_t line) {
    ts_str lang = ts_str_c(lang_code);
    while (forms.p) {
        ts_str form = ts_str_trim(ts_str_cut(&forms, '|'));
        if (form.n == 0) die(file, line, "empty form", form);
        add_spelling(form, l, file, line);
        if (endings) add_endings(form, lang, l, file, line);
        ts_str alt = ts_str_is(lang, "de") ? umlauts(form) : TS_NONE;
        if (!alt.n) continue;
        add_spelling(alt, l, file, line);
        if (endings) add_endings(alt, lang, l, file, line);
    }
}

static ts_lex lex(ts_lex_kind k, size_t v) { return (ts_lex)k << 24 | (ts_lex)v; }

static void quoted(ts_str s) {
    putchar('"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\') putchar('\\');
        putchar(s.p[i]);
    }
    putchar('"');
}

static void print_str(ts_str s) {
    printf("{");
    quoted(s);
    printf(",%zu},", s.n);
}

static ts_str first_form(ts_str forms) { return ts_str_trim(ts_str_cut(&forms, '|')); }

static size_t index_of(const rows *r, ts_str id) {
    for (size_t i = 0; i < r->n; i++)
        if (ts_str_eq(r->v[i].f[0], id)) return i;
    return TS_NPOS;
}

static void unique_ids(const rows *r, const char *file) {
    for (size_t i = 0; i < r->n; i++)
        if (index_of(r, r->v[i].f[0]) != i)
            die(file, r->v[i].line, "this id is there already", r->v[i].f[0]);
}

static void categories(const rows *cats) {
    unique_ids(cats, "categories.tsv");
    printf("static const struct { ts_str id, name[3]; } categories[] = {\n");
    for (size_t i = 0; i < cats->n; i++) {
        const row *r = &cats->v[i];
        for (int k = 0; k < 3; k++)
            add_forms(r->f[1 + k], "xx", lex(TS_LEX_CATEGORY, i), false, "categories.tsv", r->line);
        printf("{");
        print_str(r->f[0]);
        printf("{");
        for (int k = 0; k < 3; k++) print_str(first_form(r->f[1 + k]));
        printf("}},\n");
    }
    printf("};\n");
}

static void types(const rows *cats) {
    static const char *const kinds[] = {"product", "accessory", "part", "consumable"};
    static const char *const langs[] = {"en", "de", "zh"};
    rows t = read_file("types.tsv", 7);
    unique_ids(&t, "types.tsv");
    printf("static const struct { ts_str id, forms[3]; uint16_t category; int16_t parent; uint8_t "
           "kind; } types[] = {\n");
    for (size_t i = 0; i < t.n; i++) {
        const row *r = &t.v[i];
        size_t cat = index_of(cats, r->f[1]), parent = index_of(&t, r->f[3]), kind = 0;
        if (cat == TS_NPOS) die("types.tsv", r->line, "no such category", r->f[1]);
        while (kind < 4 && !ts_str_is(r->f[2], kinds[kind])) kind++;
        if (kind == 4)
            die("types.tsv", r->line, "kind is product, accessory, part or consumable", r->f[2]);
        if (parent == TS_NPOS && !ts_str_is(r->f[3], "-"))
            die("types.tsv", r->line, "no such parent", r->f[3]);
        size_t up = parent, steps = 0;
        while (up != TS_NPOS && steps++ < 16) up = index_of(&t, t.v[up].f[3]);
        if (up != TS_NPOS) die("types.tsv", r->line, "the parents go round in a circle", r->f[0]);
        for (int k = 0; k < 3; k++) {
            ts_lex l = lex(TS_LEX_TYPE, i) | (k == 1 ? TS_LEX_SUFFIX : 0);
            add_forms(r->f[4 + k], langs[k], l, true, "types.tsv", r->line);
        }
        printf("{");
        print_str(r->f[0]);
        printf("{");
        for (int k = 0; k < 3; k++) print_str(r->f[4 + k]);
        printf("},%zu,%d,%zu},\n", cat, parent == TS_NPOS ? -1 : (int)parent, kind);
    }
    printf("};\n");
}

static void common_words(void) {
    rows r = read_file("common.tsv", 3);
    for (size_t i = 0; i < r.n; i++) {
        uint64_t bits;
        if (!ts_u64_parse(r.v[i].f[1], &bits) || bits > 6)
            die("common.tsv", r.v[i].line, "bits are 0 to 6", r.v[i].f[1]);
        const char *lang = ts_str_z(&arena, r.v[i].f[0]);
        size_t l = strcmp(lang, "en") == 0   ? TS_EN
                   : strcmp(lang, "de") == 0 ? TS_DE
                   : strcmp(lang, "zh") == 0 ? TS_ZH
                                             : TS_COMMON_OTHER;
        add_forms(r.v[i].f[2], lang, lex(TS_LEX_COMMON, bits | l << 3),
                  bits > 0 && strcmp(lang, "zh") != 0, "common.tsv", r.v[i].line);
    }
}

static void phrases(void) {
    static const char *const kinds[TS_PHRASES] = {
        "compat",     "compat_after", "audience",   "with",        "bundle",    "used",
        "replica",    "genuine",      "spare",      "model_label", "lot_label", "serial_label",
        "made_label", "sold_label",   "range_word", "gtin_label",  "variant",   "unknown",
    };
    rows r = read_file("phrases.tsv", 3);
    for (size_t i = 0; i < r.n; i++) {
        size_t k = 0;
        while (k < TS_PHRASES && !ts_str_is(r.v[i].f[0], kinds[k])) k++;
        if (k == TS_PHRASES) die("phrases.tsv", r.v[i].line, "no such kind of phrase", r.v[i].f[0]);
        bool plural = k == TS_PHRASE_AUDIENCE || k == TS_PHRASE_LOT_LABEL ||
                      k == TS_PHRASE_SERIAL_LABEL || k == TS_PHRASE_MODEL_LABEL;
        add_forms(r.v[i].f[2], ts_str_z(&arena, r.v[i].f[1]), lex(TS_LEX_PHRASE, k), plural,
                  "phrases.tsv", r.v[i].line);
    }
}

static void units(void) {
    static const char *const dims[] = {"mass",      "volume",  "length", "area",   "power",
                                       "voltage",   "current", "charge", "energy", "memory",
                                       "frequency", "time",    "count"};
    rows r = read_file("units.tsv", 4);
    ts_map names = {0};
    printf("static const struct { uint8_t dimension; uint8_t name; double factor; } units[] = {\n");
    for (size_t i = 0; i < r.n; i++) {
        double factor;
        size_t d = 0;
        if (!ts_f64_parse(r.v[i].f[1], &factor) || factor <= 0)
            die("units.tsv", r.v[i].line, "the factor is a positive number", r.v[i].f[1]);
        while (d < 13 && !ts_str_is(r.v[i].f[0], dims[d])) d++;
        bool fresh;
        uint64_t *name = ts_map_put(&arena, &names, r.v[i].f[0], &fresh);
        if (fresh) *name = names.n;
        add_forms(r.v[i].f[3], ts_str_z(&arena, r.v[i].f[2]), lex(TS_LEX_UNIT, i), false,
                  "units.tsv", r.v[i].line);
        printf("{%zu,%u,%.17g},\n", d, (unsigned)*name, factor);
    }
    printf("};\n");
}

static void generic_codes(void) {
    rows r = read_file("generic.tsv", 2);
    for (size_t i = 0; i < r.n; i++) {
        ts_str s = ts_squeeze(&arena, r.v[i].f[0]);
        uint64_t key = ts_seq_add(TS_SEQ_START, ts_token_hash(s.p, s.n));
        bool device = ts_str_is(r.v[i].f[1], "device named in accessory lists");
        add_meaning(find(key), lex(TS_LEX_GENERIC, device), "generic.tsv", r.v[i].line,
                    r.v[i].f[0]);
    }
}

static void large_brands(void) {
    rows r = read_file("brands.tsv", 2);
    for (size_t i = 0; i < r.n; i++)
        add_forms(r.v[i].f[1], "de", lex(TS_LEX_BRAND, 0), false, "brands.tsv", r.v[i].line);
}

static void hazards(void) {
    rows r = read_file("hazards.tsv", 4);
    unique_ids(&r, "hazards.tsv");
    printf("static const struct { ts_str id, name[3]; } hazards[] = {\n");
    for (size_t i = 0; i < r.n; i++) {
        for (int k = 0; k < 3; k++)
            add_forms(r.v[i].f[1 + k], "xx", lex(TS_LEX_HAZARD, i), false, "hazards.tsv",
                      r.v[i].line);
        printf("{");
        print_str(r.v[i].f[0]);
        printf("{");
        for (int k = 0; k < 3; k++) print_str(first_form(r.v[i].f[1 + k]));
        printf("}},\n");
    }
    printf("};\n");
}

static void countries(void) {
    rows r = read_file("countries.tsv", 6);
    unique_ids(&r, "countries.tsv");
    printf("static const struct { ts_str code, name[3]; bool eu; } countries[] = {\n");
    for (size_t i = 0; i < r.n; i++) {
        for (int k = 0; k < 6; k++)
            if (k != 1 && r.v[i].f[k].n && !ts_str_is(r.v[i].f[k], "-"))
                add_forms(r.v[i].f[k], "xx", lex(TS_LEX_COUNTRY, i), false, "countries.tsv",
                          r.v[i].line);
        printf("{");
        print_str(r.v[i].f[0]);
        printf("{");
        for (int k = 0; k < 3; k++) print_str(first_form(r.v[i].f[2 + k]));
        printf("},%d},\n", ts_str_is(r.v[i].f[1], "eu"));
    }
    printf("};\n");
}

static void print_table(void) {
    size_t size = 64, values = 0;
    while (size < slots_used * 2) size *= 2;
    slot **order = ts_new_n(&arena, slot *, size);
    for (size_t i = 0; i < SLOTS; i++) {
        if (!table[i].used) continue;
        size_t k = table[i].key & (size - 1);
        while (order[k]) k = (k + 1) & (size - 1);
        order[k] = &table[i];
    }
    printf("enum { LEX_SLOTS = %zu };\nstatic const ts_lex lex_values[] = {", size);
    for (size_t i = 0; i < size; i++)
        for (unsigned k = 0; order[i] && k < order[i]->n; k++)
            printf("%s%u,", values++ % 12 ? "" : "\n", order[i]->v[k]);
    printf("\n0};\nstatic const struct { uint64_t key; uint32_t first; uint16_t n, prefix; } "
           "lex_slots[LEX_SLOTS] = {\n");
    values = 0;
    for (size_t i = 0; i < size; i++) {
        if (!order[i]) {
            printf("{0},");
            continue;
        }
        printf("{%lluu,%zu,%u,%u},\n", (unsigned long long)order[i]->key, values, order[i]->n,
               order[i]->prefix);
        values += order[i]->n;
    }
    printf("};\nstatic const uint8_t lex_tags[LEX_SLOTS] = {");
    for (size_t i = 0; i < size; i++)
        printf("%s%u,", i % 40 ? "" : "\n", order[i] ? (unsigned)(order[i]->key >> 56) | 1 : 0);
    printf("};\n");
}

int main(int argc, char **argv) {
    if (argc != 2) return fputs("usage: mklexicon LEXICON_DIR\n", stderr), 2;
    dir = argv[1];
    arena = ts_arena_new((size_t)4 << 30);
    table = ts_new_n(&arena, slot, SLOTS);
    printf("/* Made by tools/mklexicon.c from lexicon/. Do not edit. */\n");
    rows cats = read_file("categories.tsv", 4);
    categories(&cats);
    types(&cats);
    common_words();
    phrases();
    units();
    generic_codes();
    large_brands();
    hazards();
    countries();
    print_table();
    uint64_t digest[2] = {0, 0};
    for (size_t i = 0; i < SLOTS; i++)
        if (table[i].used)
            for (unsigned k = 0; k <= table[i].n; k++) {
                digest[0] += ts_mix(table[i].key ^ ts_mix(k ? table[i].v[k - 1] : table[i].prefix));
                digest[1] ^= ts_mix(table[i].key + 31 * (k ? table[i].v[k - 1] : 7));
            }
    printf("static const ts_digest lex_digest = {%lluu, %lluu};\n", (unsigned long long)digest[0],
           (unsigned long long)digest[1]);
    return 0;
}
