#include "digital_link.h"

#include "gs1_message.h"
#include "identifier.h"
#include "uri.h"

/* A link while it is read. */
typedef struct reading {
    ts_arena *a;
    ts_str text;
    uri u;
    gs1_known known;
    ts_digital_link *out;
    ts_error *e;
} reading;

static bool fail_at(reading *r, ts_str where, const char *what) {
    ts_fail(r->e, TS_E_INPUT, "%s", what);
    return ts_fail_at(r->e, 0, 0, (uint64_t)(where.p - r->text.p));
}

/* ---- finding the key ---- */

static size_t slash_before(ts_str path, size_t end) {
    while (end > 0)
        if (path.p[--end] == '/') return end;
    return TS_NPOS;
}

/* Where the '/' before the key's AI stands. The path is read in pairs from its end; the first pair
 * whose AI is a primary key begins the GS1 part, and what is left of it is the stem, whatever it
 * holds. A pair without an AI before such a key ends the search. */
static size_t find_key(ts_str path) {
    for (size_t end = path.n; end;) {
        size_t value = slash_before(path, end), ai = TS_NPOS;
        if (value != TS_NPOS) ai = slash_before(path, value);
        if (ai == TS_NPOS) break;
        gs1_code code;
        const gs1_entry *t = gs1_find((ts_str){path.p + ai + 1, value - ai - 1}, &code);
        if (!t) break;
        if (t->key) return ai;
        end = ai;
    }
    return TS_NPOS;
}

/* The words that stood for AIs up to version 1.2 of the standard. */
static const struct {
    const char *word, *ai;
} alphas[] = {
    {"gtin", "01"},   {"itip", "8006"},  {"gmn", "8013"},   {"cpid", "8010"}, {"gln", "414"},
    {"payTo", "415"}, {"party", "417"},  {"gsrnp", "8017"}, {"gsrn", "8018"}, {"gcn", "255"},
    {"sscc", "00"},   {"gdti", "253"},   {"ginc", "401"},   {"gsin", "402"},  {"grai", "8003"},
    {"giai", "8004"}, {"cpv", "22"},     {"lot", "10"},     {"ser", "21"},    {"cpsn", "8011"},
    {"glnx", "254"},  {"refno", "8020"}, {"srin", "8019"},
};

static const char *alpha_ai(ts_str segment) {
    if (segment.n == 0 || ts_is_digit(segment.p[0])) return 0;
    for (size_t i = 0; i < sizeof alphas / sizeof *alphas; i++)
        if (ts_str_is(segment, alphas[i].word)) return alphas[i].ai;
    return 0;
}

/* The next segment of a path that begins with '/'; false at its end. */
static bool next_segment(ts_str *path, ts_str *segment) {
    if (path->n == 0) return false;
    size_t end = 1;
    while (end < path->n && path->p[end] != '/') end++;
    *segment = (ts_str){path->p + 1, end - 1};
    *path = (ts_str){path->p + end, path->n - end};
    return true;
}

static size_t leading_digits(ts_str s) {
    size_t n = 0;
    while (n < s.n && ts_is_digit(s.p[n])) n++;
    return n;
}

static bool fits_key(const gs1_entry *t, gs1_code code, ts_str value, bool by_word) {
    size_t digits = leading_digits(value), need = 0;
    if (code == 1) return digits == value.n && (digits == 8 || (digits >= 12 && digits <= 14));
    if (t->component[0].set != GS1_SET_N) return by_word && digits >= 4;
    for (unsigned i = 0; i < t->components; i++)
        if (!t->component[i].optional) need += t->component[i].min;
    return digits >= need && value.n <= t->max;
}

bool gs1_path_claims_key(ts_str path) {
    size_t aligned = find_key(path);
    ts_str rest = path, segment, value;
    while (next_segment(&rest, &segment) && rest.n) {
        ts_str after = rest;
        const char *ai = alpha_ai(segment);
        gs1_code code;
        const gs1_entry *t = gs1_find(ai ? ts_str_c(ai) : segment, &code);
        if (!t || !t->key || !next_segment(&after, &value)) continue;
        bool here = aligned != TS_NPOS && segment.p == path.p + aligned + 1;
        if ((here && leading_digits(value) >= 4) || fits_key(t, code, value, ai != 0)) return true;
    }
    return false;
}

/* ---- why there is no key ---- */

static bool looks_compressed(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!(gs1_byte[(unsigned char)s.p[i]] & GS1_SET_Z)) return false;
    return s.n >= 10 && leading_digits(s) < s.n;
}

static bool no_key(reading *r) {
    ts_str rest = r->u.path, segment = TS_NONE;
    while (next_segment(&rest, &segment)) {
        const char *ai = rest.n ? alpha_ai(segment) : 0;
        if (!ai) continue;
        ts_fail(r->e, TS_E_INPUT,
                "the path says '%.*s' where an AI is due; GS1 withdrew these words, write /%s/",
                TS_P(segment), ai);
        return ts_fail_at(r->e, 0, 0, (uint64_t)(segment.p - r->text.p));
    }
    if (r->u.path.n > 1 && segment.n == 0)
        return fail_at(r, r->u.path, "the path ends in '/'; a Digital Link does not, take it away");
    if (looks_compressed(segment))
        return fail_at(r, segment,
                       "there is no GS1 key in the path; if its end is a compressed Digital Link, "
                       "expand it first: compressed links are not read");
    return fail_at(r, r->u.authority,
                   "there is no GS1 key in the path; it would end in pairs such as "
                   "/01/09521234543213 or /01/09521234543213/21/12345");
}

/* ---- values ---- */

/* The triplets were found to be well formed; what they stand for is checked as part of the value.
 */
static ts_str decode(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n), *w = p;
    for (size_t i = 0; i < s.n; i++) {
        *w++ = s.p[i] == '%' ? (char)uri_triplet(s, i) : s.p[i];
        if (s.p[i] == '%') i += 2;
    }
    return (ts_str){p, (size_t)(w - p)};
}

/* GTINs of 8, 12 and 13 digits become 14. */
static bool widen(reading *r, gs1_found *f, ts_str raw) {
    if (f->value.n == 14) return true; /* the check digit is looked at with the value */
    char *out = ts_new_raw(r->a, char, 14);
    if (!ts_gtin_as_14(f->value, out, r->e))
        return ts_fail_at(r->e, 0, 0, (uint64_t)(raw.p - r->text.p));
    f->value = (ts_str){out, 14};
    return true;
}

static bool take(reading *r, gs1_found *f, ts_str raw) {
    f->at = (size_t)(raw.p - r->text.p);
    f->value = r->u.encoded && ts_str_chr(raw, '%') != TS_NPOS ? decode(r->a, raw) : raw;
    if (f->code == 1 && f->value.n && !widen(r, f, raw)) return false;
    return gs1_take(&r->out->ais, &r->known, f, r->e);
}

/* ---- path ---- */

/* The qualifiers read so far are a subsequence of this one. */
static bool follows_way(const reading *r, unsigned way) {
    const gs1_key *key = r->known.entry[0]->key;
    size_t i = 1;
    for (unsigned q = 0; q < key->way[way].n && i < r->out->path_n; q++)
        i += r->known.code[i] == key->way[way].ai[q];
    return i == r->out->path_n;
}

static bool qualifier_of_any(const gs1_key *key, gs1_code code) {
    for (unsigned w = 0; w < key->ways; w++)
        if (gs1_in_way(key, w, code)) return true;
    return false;
}

static bool wrong_order(reading *r) {
    const ts_gs1 *g = &r->out->ais;
    const gs1_key *key = r->known.entry[0]->key;
    for (size_t i = 1; i < g->n; i++)
        if (!qualifier_of_any(key, r->known.code[i]))
            return ts_fail(r->e, TS_E_INPUT,
                           "AI (%.*s) is no qualifier of AI (%.*s) and may not stand in the path%s",
                           TS_P(g->v[i].ai), TS_P(g->v[0].ai),
                           r->known.entry[i]->attribute ? "; put it into the query" : "");
    return ts_fail(r->e, TS_E_INPUT,
                   "the qualifiers in the path stand in the wrong order, or exclude each other; "
                   "GTIN: 22, 10, 21, or 235 alone; GLN: 254 or 7040");
}

static bool read_path(reading *r, ts_str path) {
    ts_digital_link *out = r->out;
    ts_str raw;
    for (gs1_found f; next_segment(&path, &f.ai);) {
        f.at = (size_t)(f.ai.p - r->text.p);
        if (!gs1_look_up(&f, r->e) || !next_segment(&path, &raw)) return false;
        size_t before = out->ais.n;
        if (!take(r, &f, raw)) return false;
        if (out->ais.n == before) return fail_at(r, f.ai, "an AI stands twice in the path");
    }
    out->path_n = out->ais.n;
    if (out->path_n == 1) return true;
    for (unsigned w = 0; w < r->known.entry[0]->key->ways; w++)
        if (follows_way(r, w)) return true;
    return wrong_order(r);
}

/* ---- query ---- */

/* An AI that could stand in the path as it is belongs there: else one product had several links. */
static bool belongs_in_path(const reading *r, gs1_code code) {
    const gs1_key *key = r->known.entry[0]->key;
    for (unsigned w = 0; w < key->ways; w++)
        if (gs1_in_way(key, w, code) && follows_way(r, w)) return true;
    return false;
}

static bool in_path(const reading *r, gs1_code code) {
    for (size_t i = 0; i < r->out->path_n; i++)
        if (r->known.code[i] == code) return true;
    return false;
}

static bool take_attribute(reading *r, gs1_found *f, ts_str raw) {
    if (!f->entry->attribute) {
        ts_fail(r->e, TS_E_INPUT, "AI (%.*s) may not stand in the query of a link; leave it out",
                TS_P(f->ai));
        return ts_fail_at(r->e, 0, 0, (uint64_t)(f->ai.p - r->text.p));
    }
    if (!in_path(r, f->code) && belongs_in_path(r, f->code)) {
        ts_fail(r->e, TS_E_INPUT, "AI (%.*s) belongs into the path, as a qualifier of the key",
                TS_P(f->ai));
        return ts_fail_at(r->e, 0, 0, (uint64_t)(f->ai.p - r->text.p));
    }
    if (ts_str_chr(raw, '+') != TS_NPOS || ts_str_chr(raw, ';') != TS_NPOS)
        return fail_at(r, raw,
                       "'+' and ';' in the query are read in two ways; write %2B and %3B in the "
                       "value of an AI");
    return take(r, f, raw);
}

/* Pairs that are no AIs: one piece of the text as long as they stand together. */
typedef struct others {
    ts_str piece;
    ts_buf joined;
} others;

static void keep_other(reading *r, others *o, ts_str pair) {
    bool first = o->piece.n == 0 && o->joined.n == 0;
    if (first) {
        o->piece = pair;
    } else if (o->joined.n == 0 && pair.p == o->piece.p + o->piece.n + 1) {
        o->piece.n += pair.n + 1;
    } else {
        if (o->joined.n == 0) {
            o->joined = ts_buf_new(r->a, r->u.query.n + 1);
            ts_buf_put(&o->joined, o->piece);
        }
        ts_buf_c(&o->joined, '&');
        ts_buf_put(&o->joined, pair);
    }
}

/* A name of digits alone is an AI or an error, also when it hides behind percent-encoding. */
static bool is_ai_name(reading *r, ts_str name, bool *is_ai) {
    *is_ai = name.n > 0 && leading_digits(name) == name.n;
    if (*is_ai || !r->u.encoded || ts_str_chr(name, '%') == TS_NPOS) return true;
    ts_arena mark = *r->a;
    ts_str plain = decode(r->a, name);
    bool hidden = plain.n > 0 && leading_digits(plain) == plain.n;
    *r->a = mark;
    return !hidden || fail_at(r, name, "an AI in the query is percent-encoded; write its digits");
}

static bool read_pair(reading *r, others *o, ts_str pair) {
    ts_str raw = pair, name = ts_str_cut(&raw, '=');
    bool is_ai;
    if (!is_ai_name(r, name, &is_ai)) return false;
    if (!is_ai) {
        keep_other(r, o, pair);
        return true;
    }
    gs1_found f = {.ai = name, .at = (size_t)(name.p - r->text.p)};
    if (!gs1_look_up(&f, r->e)) return false;
    return take_attribute(r, &f, raw.p ? raw : ts_str_from(name, name.n));
}

static bool read_query(reading *r) {
    others o = {0};
    for (ts_str rest = r->u.query; rest.n;) {
        ts_str pair = ts_str_cut(&rest, '&');
        if (pair.n && !read_pair(r, &o, pair)) return false;
    }
    r->out->query = o.joined.n ? ts_buf_str(&o.joined) : o.piece;
    return true;
}

bool ts_digital_link_parse(ts_arena *a, ts_str text, ts_digital_link *out, ts_error *e) {
    reading r;
    r.a = a, r.text = text, r.out = out, r.e = e;
    if (!uri_split(text, &r.u, e)) return false;
    out->ais.n = out->path_n = 0;
    out->fragment = r.u.fragment;
    size_t key = find_key(r.u.path);
    if (key == TS_NPOS) return no_key(&r);
    if (r.u.empty_segment) return fail_at(&r, r.u.path, "an empty segment ('//') in the path");
    out->stem = ts_str_to(text, (size_t)(r.u.path.p - text.p) + key);
    return read_path(&r, ts_str_from(r.u.path, key)) && read_query(&r) &&
           gs1_rules_check(&out->ais, &r.known, e);
}

/* ---- building ---- */

static bool check_stem(ts_str stem, ts_error *e) {
    uri u;
    if (!uri_split(stem, &u, e)) return false;
    if (u.has_query || u.has_fragment || u.empty_segment)
        return ts_fail(e, TS_E_INPUT,
                       "the stem of a link is scheme, host and path alone: without '?', '#' and "
                       "'//'");
    return true;
}

static bool put_path(ts_buf *b, const ts_gs1 *g, size_t path_n, ts_error *e) {
    for (size_t i = 0; i < path_n; i++) {
        ts_str v = g->v[i].value;
        if (ts_str_eq(v, TS_S(".")) || ts_str_eq(v, TS_S("..")))
            return ts_fail(e, TS_E_INPUT,
                           "AI (%.*s) with the value %.*s has no place in a path: every client "
                           "resolves it away; give it another value",
                           TS_P(g->v[i].ai), TS_P(v));
        ts_buf_c(b, '/');
        ts_buf_put(b, g->v[i].ai);
        ts_buf_c(b, '/');
        ts_uri_encode(b, v);
    }
    return true;
}

static void put_query(ts_buf *b, const ts_gs1 *g, size_t path_n) {
    for (size_t i = path_n; i < g->n; i++) {
        ts_buf_c(b, i == path_n ? '?' : '&');
        ts_buf_put(b, g->v[i].ai);
        ts_buf_c(b, '=');
        ts_uri_encode(b, g->v[i].value);
    }
}

bool ts_digital_link_build(ts_arena *a, ts_str stem, const ts_gs1 *g, ts_str *out, ts_error *e) {
    ts_gs1 sorted;
    size_t path_n;
    if (stem.n == 0) stem = TS_S("https://id.gs1.org");
    if (!check_stem(stem, e) || !ts_gs1_validate(g, e) ||
        !gs1_arrange(g, true, &sorted, &path_n, e))
        return false;
    if (stem.p[stem.n - 1] == '/') stem.n--;
    ts_buf b = ts_buf_new(a, URI_MAX);
    ts_buf_put(&b, stem);
    if (!put_path(&b, &sorted, path_n, e)) return false;
    put_query(&b, &sorted, path_n);
    if (b.full) return ts_fail(e, TS_E_LIMIT, "the link would have more than %d bytes", URI_MAX);
    *out = ts_buf_str(&b);
    return true;
}
