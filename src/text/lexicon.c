#include "lexicon.h"

#include "lexicon_table.h"

/* Most words asked for are not in the lexicon: a byte of each key, kept apart, tells so without
 * touching the large table. */
ts_lex_entry ts_lexicon_find(uint64_t key) {
    uint8_t tag = (uint8_t)(key >> 56) | 1;
    for (size_t i = key & (LEX_SLOTS - 1); lex_tags[i]; i = (i + 1) & (LEX_SLOTS - 1))
        if (lex_tags[i] == tag && lex_slots[i].key == key)
            return (ts_lex_entry){&lex_values[lex_slots[i].first], lex_slots[i].n,
                                  lex_slots[i].prefix};
    return (ts_lex_entry){0};
}

void ts_lexicon_fetch(uint64_t key) { __builtin_prefetch(&lex_tags[key & (LEX_SLOTS - 1)]); }

static ts_lex_entry whole(ts_arena scratch, ts_str s) {
    ts_tokens t = ts_tokenise(&scratch, ts_str_clip(s, 400), false);
    uint64_t key = TS_SEQ_START;
    for (size_t i = 0; i < t.n; i++) key = ts_seq_add(key, t.v[i].hash);
    return t.n ? ts_lexicon_find(key) : (ts_lex_entry){0};
}

bool ts_lexicon_whole(ts_arena scratch, ts_str s, ts_lex_kind kind, unsigned *value) {
    ts_lex_entry e = whole(scratch, s);
    for (unsigned i = 0; i < e.n; i++)
        if (ts_lex_kind_of(e.v[i]) == kind) return *value = ts_lex_value(e.v[i]), true;
    return false;
}

bool ts_lexicon_is_phrase(ts_arena scratch, ts_str s, ts_phrase p) {
    ts_lex_entry e = whole(scratch, s);
    for (unsigned i = 0; i < e.n; i++)
        if (ts_lex_kind_of(e.v[i]) == TS_LEX_PHRASE && ts_lex_value(e.v[i]) == p) return true;
    return false;
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

unsigned ts_type_count(void) { return COUNT(types); }
ts_str ts_type_id(unsigned t) { return types[t].id; }
ts_str ts_type_forms(unsigned t, ts_lang3 lang) { return types[t].forms[lang]; }
ts_str ts_type_name(unsigned t, ts_lang3 lang) {
    ts_str forms = types[t].forms[lang];
    return ts_str_cut(&forms, '|');
}
ts_type_kind ts_type_kind_of(unsigned t) { return (ts_type_kind)types[t].kind; }
unsigned ts_type_category(unsigned t) { return types[t].category; }
int ts_type_parent(unsigned t) { return types[t].parent; }

static bool is_ancestor(unsigned up, unsigned t) {
    for (int p = (int)t; p >= 0; p = types[p].parent)
        if ((unsigned)p == up) return true;
    return false;
}

ts_answer ts_type_relation(unsigned a, unsigned b) {
    if (is_ancestor(a, b) || is_ancestor(b, a)) return TS_YES;
    for (int p = types[a].parent; p >= 0; p = types[p].parent)
        if (is_ancestor((unsigned)p, b)) return TS_OPEN;
    return TS_NO;
}

ts_str ts_category_id(unsigned c) { return categories[c].id; }
ts_str ts_category_name(unsigned c, ts_lang3 lang) { return categories[c].name[lang]; }
ts_str ts_hazard_id(unsigned h) { return hazards[h].id; }
ts_str ts_hazard_name(unsigned h, ts_lang3 lang) { return hazards[h].name[lang]; }
ts_str ts_country_code(unsigned c) { return countries[c].code; }
ts_str ts_country_name(unsigned c, ts_lang3 lang) { return countries[c].name[lang]; }

ts_str ts_country_find(ts_arena scratch, ts_str name) {
    unsigned c;
    return ts_lexicon_whole(scratch, name, TS_LEX_COUNTRY, &c) ? countries[c].code : TS_NONE;
}

bool ts_country_in_eu(ts_str code) {
    for (size_t i = 0; i < COUNT(countries); i++)
        if (ts_str_ieq(countries[i].code, code)) return countries[i].eu;
    return false;
}

ts_dimension ts_unit_dimension(unsigned u) { return (ts_dimension)units[u].dimension; }
double ts_unit_factor(unsigned u) { return units[u].factor; }
unsigned ts_unit_dimension_name(unsigned u) { return units[u].name; }

ts_digest ts_lexicon_digest(void) { return lex_digest; }
