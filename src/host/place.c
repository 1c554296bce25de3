#include "place.h"

enum { TEXT_MAX = 400 }; /* of a name or number; longer ones are cut */

ts_str ts_place_code(ts_arena *a, ts_str code) {
    code = ts_str_clip(code, TEXT_MAX);
    char *to = ts_new_raw(a, char, code.n);
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++)
        if (!ts_is_space(code.p[i])) to[n++] = (char)ts_upper(code.p[i]);
    return (ts_str){to, n};
}

/* ---- the identifier ---- */

static int two(const char *p) { return 10 * (p[0] - '0') + (p[1] - '0'); }

/* YYMMDD of AI 11. A day 00 names a month alone, and that is no day. Goods of before 1951 have no
 * passport, so the century needs no clock. */
static int32_t day_of_ai(ts_str v) {
    if (v.n != 6) return TS_NO_DAY;
    for (size_t i = 0; i < v.n; i++)
        if (!ts_is_digit(v.p[i])) return TS_NO_DAY;
    int year = two(v.p);
    return ts_day_of(year + (year > 50 ? 1900 : 2000), two(v.p + 2), two(v.p + 4));
}

static ts_str gtin14(ts_arena *a, ts_str digits) {
    char out[14];
    ts_error ignored = {0};
    ts_str s = ts_place_code(a, digits);
    return ts_gtin_as_14(s, out, &ignored) ? ts_str_dup(a, (ts_str){out, sizeof out}) : TS_NONE;
}

void ts_place_of_id(ts_arena *a, const ts_product_id *id, ts_place *out) {
    *out = (ts_place){.product = id->text, .made = TS_NO_DAY, .grain = TS_GRAIN_ITEM};
    if (id->kind != TS_PID_GS1) return;
    const ts_gs1 *g = &id->link.ais;
    out->gtin = gtin14(a, ts_gs1_get(g, "01"));
    out->lot = ts_place_code(a, ts_gs1_get(g, "10"));
    out->serial = ts_place_code(a, ts_gs1_get(g, "21"));
    out->made = day_of_ai(ts_gs1_get(g, "11"));
    out->grain = (int)ts_gs1_grain(g);
}

/* ---- the document ---- */

/* A class of the document's own that is not the public one hides the element from a notice. */
static bool hidden(const ts_document *d, ts_str id) {
    for (size_t n = id.n; n; n--) {
        if (n < id.n && id.p[n] != '.') continue;
        const ts_json *class = ts_json_get(d->classes, ts_str_to(id, n));
        if (class && !ts_str_is(ts_json_str(class), "public")) return true;
    }
    return false;
}

static ts_str element(const ts_document *d, const char *id) {
    const ts_json *v = ts_document_element(d, ts_str_c(id));
    return v && v->type == TS_JSON_STRING && !hidden(d, ts_str_c(id)) ? ts_str_trim(ts_json_str(v))
                                                                      : TS_NONE;
}

static ts_str member(const ts_json *object, const char *name) {
    const ts_json *v = ts_json_get(object, ts_str_c(name));
    return v && v->type == TS_JSON_STRING ? ts_str_trim(ts_json_str(v)) : TS_NONE;
}

/* The name of the party in a role. */
static ts_str party(const ts_document *d, const char *role) {
    TS_JSON_EACH(v, ts_json_member(d->product_node, "relatedParty")) {
        if (ts_str_is(member(v, "role"), role)) return member(ts_json_member(v, "party"), "name");
    }
    return TS_NONE;
}

/* The first that is there. */
static ts_str first(const ts_str *v, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (v[i].n) return ts_str_clip(v[i], TEXT_MAX);
    return TS_NONE;
}
#define FIRST(...)                                                                                 \
    first((const ts_str[]){__VA_ARGS__}, sizeof((const ts_str[]){__VA_ARGS__}) / sizeof(ts_str))

static int32_t day_stated(ts_str s) {
    return s.n >= 10 ? ts_day_parse_iso(s) : TS_NO_DAY; /* "2026-11" is no day */
}

static void names(const ts_document *d, ts_place *p) {
    p->brand = FIRST(party(d, "brandOwner"), element(d, "identification.brand"),
                     element(d, "brand"), element(d, "brand.name"), element(d, "brandName"));
    p->model_name =
        FIRST(member(d->product_node, "modelNumber"), element(d, "identification.model"),
              element(d, "identification.modelNumber"));
    p->name = FIRST(member(d->product_node, "name"));
    p->operator_name = FIRST(element(d, "manufacturer.name"), party(d, "manufacturer"),
                             party(d, "producer"), d->operator_name);
}

static void numbers(ts_arena *a, const ts_document *d, ts_place *p) {
    if (!p->gtin.n) p->gtin = gtin14(a, element(d, "identification.gtin"));
    p->lot = FIRST(p->lot, ts_place_code(a, member(d->product_node, "batchNumber")),
                   ts_place_code(a, element(d, "identification.batchNumber")));
    if (d->grain == TS_GRAIN_ITEM)
        p->serial = FIRST(p->serial, ts_place_code(a, member(d->product_node, "itemNumber")),
                          ts_place_code(a, element(d, "identification.serialNumber")));
    int32_t said = day_stated(member(d->product_node, "productionDate"));
    if (said == TS_NO_DAY) said = day_stated(element(d, "manufacturingDate"));
    if (said != TS_NO_DAY) p->made = said;
}

static void add_edge(ts_arena *a, const ts_document *d, ts_str to, bool predecessor,
                     ts_place_edges *out) {
    ts_product_id id = {0};
    ts_error ignored = {0};
    ts_str canonical = ts_product_id_read(a, to, &id, &ignored) ? id.text : to;
    *ts_push(a, out) = (ts_place_edge){.from = d->id, .to = canonical, .predecessor = predecessor};
}

void ts_place_of(ts_arena *a, const ts_document *d, ts_place *out, ts_place_edges *edges) {
    ts_place_of_id(a, &d->product, out);
    out->id = d->id;
    out->model = d->model;
    out->batch = d->batch;
    out->grain = (int)d->grain;
    out->operator_id = d->operator_id;
    out->sealed = true;
    names(d, out);
    numbers(a, d, out);
    for (size_t i = 0; i < d->components.n; i++)
        add_edge(a, d, d->components.v[i].id, false, edges);
    for (size_t i = 0; i < d->predecessors.n; i++)
        add_edge(a, d, d->predecessors.v[i].id, true, edges);
}
