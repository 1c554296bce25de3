#include "identifier.h"

static const char *const kind_names[] = {
    "none", "gtin", "gtin_bad_check_digit", "asin", "fnsku", "internal", "prose"};

const char *ts_id_kind_name(ts_id_kind k) { return kind_names[k]; }

bool ts_check_digit(ts_str d) {
    unsigned sum = 0;
    for (size_t i = 0; i < d.n; i++) {
        if (!ts_is_digit(d.p[i])) return false;
        sum += (unsigned)(d.p[i] - '0') *
               ((d.n - 1 - i) % 2 ? 3 : 1); /* weights from the right: 1 3 1 3 … */
    }
    return d.n >= 2 && sum % 10 == 0;
}

bool ts_gtin_check(ts_str d) { return (d.n == 8 || (d.n >= 12 && d.n <= 14)) && ts_check_digit(d); }

/* GS1 prefixes (first three digits of the GTIN-13) in use for trade items, as ranges. Source: the
 * list of GS1 prefixes in the GS1 General Specifications, section 1.4.2; restricted circulation
 * (02, 04, 20-29), coupons and refunds (05, 98, 99) and unassigned ones are left out. */
static const struct {
    uint16_t from, to;
} gs1_prefixes[] = {
    {0, 19},    {30, 39},   {60, 139},  {300, 380}, {383, 383}, {385, 385}, {387, 387}, {389, 390},
    {400, 440}, {450, 471}, {474, 491}, {492, 509}, {520, 521}, {528, 531}, {535, 535}, {539, 549},
    {560, 560}, {569, 579}, {590, 590}, {594, 594}, {599, 601}, {603, 604}, {607, 609}, {611, 611},
    {613, 613}, {615, 631}, {640, 649}, {680, 681}, {690, 709}, {729, 746}, {750, 750}, {754, 755},
    {758, 771}, {773, 773}, {775, 775}, {777, 780}, {784, 784}, {786, 786}, {789, 790}, {800, 850},
    {858, 860}, {865, 865}, {867, 880}, {883, 885}, {888, 888}, {890, 890}, {893, 894}, {896, 896},
    {899, 919}, {930, 949}, {955, 955}, {958, 958}, {960, 969}, {977, 979},
};

static unsigned prefix3(uint64_t gtin) { return (unsigned)(gtin / 10000000000ull % 1000); }

bool ts_gtin_prefix_plausible(uint64_t gtin) {
    if (gtin < 100000000ull) { /* GTIN-8: GS1-8 prefixes; 0 and 2 are for use inside a company */
        uint64_t first = gtin / 10000000;
        return first != 0 && first != 2;
    }
    unsigned p = prefix3(gtin);
    for (size_t i = 0; i < sizeof gs1_prefixes / sizeof *gs1_prefixes; i++)
        if (p >= gs1_prefixes[i].from && p <= gs1_prefixes[i].to) return true;
    return false;
}

/* Numbers inside a company, coupons, placeholders: equal ones do not mean equal goods. */
static bool shared_number(uint64_t gtin) {
    if (gtin < 100000000ull) return !ts_gtin_prefix_plausible(gtin);
    unsigned p = prefix3(gtin);
    if ((p >= 20 && p <= 29) || (p >= 40 && p <= 59) || (p >= 200 && p <= 299) || p >= 980)
        return true;
    return gtin == 1234567890128ull || gtin == 123456789012ull || gtin == 1234567891231ull ||
           gtin < 1000000000ull;
}

bool ts_identifier_trusted(const ts_identifier *id) {
    if (id->kind != TS_ID_GTIN || shared_number(id->gtin)) return false;
    return id->labelled || (id->gtin >= 100000000000ull && ts_gtin_prefix_plausible(id->gtin));
}

static bool is_blank(char c) { return c == ' ' || c == '-' || c == '\t'; }

/* The text without blanks and hyphens when nothing but digits is left, else empty. */
static ts_str only_digits(ts_arena *a, ts_str s) {
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (ts_is_digit(s.p[i]))
            digits++;
        else if (!is_blank(s.p[i]))
            return TS_NONE;
    }
    if (digits == s.n) return s;
    char *p = ts_new_raw(a, char, digits + 1), *w = p;
    for (size_t i = 0; i < s.n; i++)
        if (ts_is_digit(s.p[i])) *w++ = s.p[i];
    return (ts_str){p, digits};
}

static bool gtin_length(size_t n) { return n == 8 || (n >= 12 && n <= 14); }

/* Eight letters and digits behind the two: one number in fourteen has no further digit, and is then
 * all capitals. */
static bool amazon_code(ts_str s, char first) {
    if (s.n != 10 || ts_upper(s.p[0]) != first || s.p[1] != '0') return false;
    bool digit = false, capitals = true;
    for (size_t i = 2; i < s.n; i++) {
        if (!ts_is_alnum((unsigned char)s.p[i])) return false;
        digit |= ts_is_digit(s.p[i]);
        capitals &= !(s.p[i] >= 'a' && s.p[i] <= 'z');
    }
    return digit || (capitals && s.p[0] == first);
}

static bool one_token(ts_str s) {
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x80) return false;
        digit |= ts_is_digit(s.p[i]);
    }
    return digit && s.n >= 2 && s.n <= 48;
}

ts_identifier ts_identifier_classify(ts_arena *a, ts_str field, bool labelled) {
    ts_identifier id = {.text = ts_str_trim(field), .labelled = labelled};
    if (id.text.n == 0) return id;
    ts_str d = only_digits(a, id.text);
    if (d.n) {
        id.text = d;
        id.kind = TS_ID_INTERNAL;
        if (gtin_length(d.n)) {
            id.kind = ts_gtin_check(d) ? TS_ID_GTIN : TS_ID_GTIN_BAD;
            if (id.kind == TS_ID_GTIN) ts_u64_parse(d, &id.gtin);
            if (id.gtin == 0 && id.kind == TS_ID_GTIN) id.kind = TS_ID_NONE; /* all zeros */
        }
    } else if (amazon_code(id.text, 'B')) {
        id.kind = TS_ID_ASIN;
    } else if (amazon_code(id.text, 'X')) {
        id.kind = TS_ID_FNSKU;
    } else {
        id.kind = one_token(id.text) ? TS_ID_INTERNAL : TS_ID_PROSE;
    }
    return id;
}

void ts_identifiers_add(ts_arena *a, ts_identifiers *l, ts_identifier id) {
    if (id.kind == TS_ID_NONE) return;
    for (size_t i = 0; i < l->n; i++) {
        ts_identifier *o = &l->v[i];
        bool same = id.kind == TS_ID_GTIN ? o->kind == TS_ID_GTIN && o->gtin == id.gtin
                                          : o->kind == id.kind && ts_str_eq(o->text, id.text);
        if (same) {
            o->labelled |= id.labelled;
            return;
        }
    }
    *ts_push(a, l) = id;
}

/* Digit groups separated by single blanks: "6 438195 000958". Longest reading first that has a
 * right check digit. Returns bytes used at s.p[i], 0 when no GTIN starts there. */
static size_t grouped_gtin(ts_arena *a, ts_str s, size_t i, ts_identifier *out) {
    char digits[15];
    size_t n = 0, best = 0;
    for (size_t k = i; k < s.n && n < 14; k++) {
        if (is_blank(s.p[k]) && k + 1 < s.n && ts_is_digit(s.p[k + 1])) continue;
        if (!ts_is_digit(s.p[k])) break;
        digits[n++] = s.p[k];
        bool group_ends = k + 1 == s.n || !ts_is_digit(s.p[k + 1]);
        if (group_ends && gtin_length(n) && ts_gtin_check((ts_str){digits, n})) {
            *out = ts_identifier_classify(a, ts_str_dup(a, (ts_str){digits, n}), out->labelled);
            best = k + 1 - i;
        }
    }
    return best;
}

void ts_identifiers_from_field(ts_arena *a, ts_str field, bool labelled, ts_identifiers *out) {
    ts_identifier whole = ts_identifier_classify(a, field, labelled);
    if (whole.kind != TS_ID_PROSE && whole.kind != TS_ID_INTERNAL) {
        ts_identifiers_add(a, out, whole);
        return;
    }
    bool found = false, rest = false;
    for (size_t i = 0; i < field.n;) {
        unsigned char c = (unsigned char)field.p[i];
        if (!ts_is_alnum(c)) {
            i++;
            continue;
        }
        ts_identifier id = {.labelled = labelled};
        size_t k = ts_is_digit(c) ? grouped_gtin(a, field, i, &id) : 0;
        if (!k) {
            while (i + k < field.n && ts_is_alnum((unsigned char)field.p[i + k])) k++;
            id = ts_identifier_classify(a, (ts_str){field.p + i, k}, labelled);
        }
        bool code = id.kind != TS_ID_PROSE && id.kind != TS_ID_INTERNAL && id.kind != TS_ID_NONE;
        if (code) ts_identifiers_add(a, out, id);
        found |= code;
        rest |= !code;
        i += k;
    }
    if (rest && !found) ts_identifiers_add(a, out, whole);
}

void ts_identifiers_write(ts_jsonw *w, const ts_identifiers *l) {
    if (!l->n) return;
    ts_jsonw_key(w, "identifiers");
    ts_jsonw_array(w);
    for (size_t i = 0; i < l->n; i++) {
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "kind", ts_str_c(kind_names[l->v[i].kind]));
        ts_jsonw_kstr(w, "value", l->v[i].text);
        if (l->v[i].labelled) ts_jsonw_key(w, "labelled"), ts_jsonw_bool(w, true);
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

void ts_identifiers_read(ts_arena *a, const ts_json *array, ts_identifiers *out) {
    TS_JSON_EACH(x, array) {
        bool labelled = ts_json_is(ts_json_member(x, "labelled"), TS_JSON_TRUE);
        ts_identifier id =
            ts_identifier_classify(a, ts_json_text(ts_json_member(x, "value")), labelled);
        ts_identifiers_add(a, out, id);
    }
}
