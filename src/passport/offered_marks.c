/* Where an offer names a passport, or a product by identity. */
#include "offered.h"

enum { TEXT_MAX = 20000, ADDRESS_MAX = 2000, LOOKED_AT = 256 };

/* Keys of what is traded. The others name parcels, places, documents and people. */
static bool of_goods(ts_str ai) {
    static const char *const keys[] = {"01", "8006", "8010", "8013", "8003", "8004"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (ts_str_is(ai, keys[i])) return true;
    return false;
}

/* Upper case and without blanks, as scopes are written. */
static ts_str as_code(ts_arena *a, ts_str s) {
    char *out = ts_new_n(a, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_space(s.p[i])) out[n++] = (char)ts_upper((unsigned char)s.p[i]);
    return (ts_str){out, n};
}

/* The canonical identifier of what has the key and, where there is one, the lot alone; empty where
 * that is the product itself. */
static ts_str above(ts_arena *a, const ts_digital_link *l, bool lot) {
    ts_gs1 g = {0};
    ts_str uri;
    ts_error e;
    ts_product_id id;
    for (size_t i = 0; i < l->path_n; i++)
        if (!i || (lot && ts_str_is(l->ais.v[i].ai, "10"))) g.v[g.n++] = l->ais.v[i];
    if (g.n == l->path_n || (lot && g.n < 2)) return TS_NONE;
    if (!ts_digital_link_build(a, TS_NONE, &g, &uri, &e) || !ts_product_id_read(a, uri, &id, &e))
        return TS_NONE;
    return id.text;
}

static void put_gs1(ts_arena *a, const ts_product_id *id, ts_offered_mark *m) {
    const ts_gs1 *g = &id->link.ais;
    ts_str serial = ts_gs1_get(g, "21");
    m->grain = ts_gs1_grain(g);
    m->one_thing = m->grain == TS_GRAIN_ITEM && of_goods(g->v[0].ai);
    m->gtin = ts_gs1_get(g, "01");
    m->lot = as_code(a, ts_gs1_get(g, "10"));
    m->serial = as_code(a, serial.n ? serial : ts_gs1_get(g, "235"));
    m->above[0] = above(a, &id->link, true);
    m->above[1] = above(a, &id->link, false);
}

static void add(ts_arena *a, ts_offered_marks *out, const ts_offered_mark *m) {
    for (size_t i = 0; i < out->n; i++) {
        const ts_offered_mark *x = &out->v[i];
        if (m->product.n ? ts_str_eq(x->product, m->product) : ts_str_eq(x->given, m->given))
            return;
    }
    size_t at = out->n;
    if (m->stated) /* before those that are not */
        for (at = 0; at < out->n && out->v[at].stated;) at++;
    if (out->n == TS_OFFERED_MARKS && at == out->n) return;
    if (out->n < TS_OFFERED_MARKS) ts_push(a, out);
    memmove(&out->v[at + 1], &out->v[at], (out->n - 1 - at) * sizeof *out->v);
    out->v[at] = *m;
}

/* What the offer calls its passport may be anything; elsewhere it must say of itself what it is. */
static void add_text(ts_arena *a, ts_offered_marks *out, ts_str given, const char *where,
                     bool called) {
    ts_offered_mark m = {.given = given, .where = where, .stated = called};
    ts_arena mark = *a;
    ts_product_id id;
    ts_error e;
    m.address = ts_str_istarts(given, TS_S("http"));
    bool read = given.n <= ADDRESS_MAX && ts_product_id_read(a, given, &id, &e);
    bool gs1 = read && id.kind == TS_PID_GS1 && of_goods(id.link.ais.v[0].ai);
    if (read && (gs1 || called || m.address)) m.product = id.text;
    if (gs1) put_gs1(a, &id, &m);
    if (read && called && id.kind == TS_PID_DID) m.address = false;
    m.stated |= gs1;
    if (called || gs1 || (m.address && m.product.n))
        add(a, out, &m);
    else
        *a = mark;
}

/* ---- In running text ---- */

static bool ends_address(unsigned char c) {
    return c <= ' ' || c >= 0x7F || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' ||
           c == '\\' || c == '|' || c == '^' || c == '{' || c == '}';
}

/* Without the punctuation of the sentence around it; a bracket that it opened itself stays. */
static ts_str without_tail(ts_str s) {
    while (s.n) {
        char c = s.p[s.n - 1];
        bool shut = c == ')' || c == ']';
        if (!shut && !(c && strchr(".,;:!?*", c))) break;
        if (shut && ts_str_chr(s, c == ')' ? '(' : '[') != TS_NPOS) break;
        s.n--;
    }
    return s;
}

static ts_str word_at(ts_str text, size_t at) {
    size_t end = at;
    while (end < text.n && !ends_address((unsigned char)text.p[end])) end++;
    return without_tail((ts_str){text.p + at, end - at});
}

/* Where "http" begins of the "://" at `at`; TS_NPOS when it is no web address. */
static size_t scheme_before(ts_str text, size_t at) {
    for (size_t n = 4; n <= 5; n++)
        if (at >= n &&
            ts_str_ieq((ts_str){text.p + at - n, n}, n == 4 ? TS_S("http") : TS_S("https")))
            return at - n;
    return TS_NPOS;
}

/* A text full of addresses is no work without end. */
static void read_text(ts_arena *a, ts_str text, const char *where, ts_offered_marks *out) {
    text = ts_str_clip(text, TEXT_MAX);
    size_t left = LOOKED_AT;
    for (size_t i = 0; i + 4 < text.n && left;) {
        const char *p = memchr(text.p + i, ':', text.n - i);
        if (!p) break;
        size_t at = (size_t)(p - text.p), from;
        i = at + 1;
        if (!ts_str_starts(ts_str_from(text, at), TS_S("://"))) continue;
        if ((from = scheme_before(text, at)) == TS_NPOS) continue;
        ts_str address = word_at(text, from);
        add_text(a, out, address, where, false);
        if (from + address.n > i) i = from + address.n;
        left--;
    }
    for (size_t i = 0; left--;) {
        size_t at = ts_str_find(ts_str_from(text, i), TS_S("(01)"));
        if (at == TS_NPOS) break;
        ts_str ais = word_at(text, i + at);
        add_text(a, out, ais, where, false);
        i += at + (ais.n > 4 ? ais.n : 4);
    }
}

void ts_offered_marks_read(ts_arena *a, const ts_offer *o, ts_offered_marks *out) {
    ts_str called = ts_str_trim(o->passport);
    if (called.n) add_text(a, out, called, "passport", true);
    for (size_t i = 0; i < o->identifiers.n && i < LOOKED_AT; i++)
        read_text(a, o->identifiers.v[i].text, "identifiers", out);
    for (size_t i = 0; i < o->attributes.n && i < LOOKED_AT; i++)
        read_text(a, o->attributes.v[i].value, "attributes", out);
    read_text(a, o->title, "title", out);
    read_text(a, o->description, "description", out);
}
