/* A passport document put together out of mapped values. */
#include "foreign_part.h"
#include "form.h"

enum { DRAFT_CAP = 2 << 20 };

static bool no(ts_str *why, const char *text) { return *why = ts_str_c(text), false; }

/* ---- Header ---- */

static ts_str as_uri(ts_arena *a, const foreign_row *row, ts_str s) {
    if (ts_str_is(row->as, "uuid") && s.n == 36)
        return ts_str_join(a, (ts_str[]){TS_S("urn:uuid:"), s}, 2, TS_NONE);
    return s;
}

static bool set(ts_str *to, ts_str value, bool fits, ts_str *why, const char *not_fitting) {
    if (!fits) return no(why, not_fitting);
    if (to->n) return no(why, ts_str_eq(*to, value) ? "is said already" : "another value is given");
    *to = value;
    return true;
}

static bool put_predecessor(ts_arena *a, foreign_draft *d, ts_str s, ts_str *why) {
    if (!form_uri(s)) return no(why, "is no identifier of a passport");
    if (ts_str_is(s, "urn:uuid:00000000-0000-0000-0000-000000000000"))
        return no(why, "stands for none");
    size_t n = d->predecessors.n;
    ts_strs_add(a, &d->predecessors, s);
    return d->predecessors.n > n ? true : no(why, "is said already");
}

/* Whether the product's identifier, where it is a GS1 one, says the same serial or batch. */
static bool agrees(ts_arena *a, const foreign_draft *d, const char *ai, ts_str s) {
    ts_product_id p;
    ts_error e = {0};
    if (!d->product.n || !ts_product_id_read(a, d->product, &p, &e) || p.kind != TS_PID_GS1)
        return true;
    return ts_str_eq(ts_gs1_get(&p.link.ais, ai), s);
}

static bool is_product(ts_arena *a, ts_str s) {
    ts_product_id p;
    ts_error e = {0};
    return ts_product_id_read(a, s, &p, &e) && form_uri(s);
}

static bool put_header(ts_arena *a, foreign_draft *d, const foreign_row *row, ts_str s,
                       ts_str *why) {
    static const char not_uri[] = "is no address or identifier in the form of a URI";
    static const char not_line[] = "is no text in one line";
    static const char not_in_id[] = "the product's identifier does not say the same";
    ts_str to = ts_str_from(row->to, 1), uri = as_uri(a, row, s);
    bool line = form_line(s, 2000);
    if (ts_str_is(to, "id")) return set(&d->id, uri, form_uri(uri), why, not_uri);
    if (ts_str_is(to, "product"))
        return set(&d->product, s, is_product(a, s), why,
                   "is no product identifier (Digital Link, IEC 61406 link or DID)");
    if (ts_str_is(to, "operator")) return set(&d->operator_id, uri, form_uri(uri), why, not_uri);
    if (ts_str_is(to, "facility")) return set(&d->facility, uri, form_uri(uri), why, not_uri);
    if (ts_str_is(to, "predecessor")) return put_predecessor(a, d, uri, why);
    if (ts_str_is(to, "name")) return set(&d->name, s, line, why, not_line);
    if (ts_str_is(to, "model")) return set(&d->model, s, line, why, not_line);
    if (ts_str_is(to, "serial"))
        return set(&d->serial, s, line && agrees(a, d, "21", s), why, not_in_id);
    if (ts_str_is(to, "batch"))
        return set(&d->batch, s, line && agrees(a, d, "10", s), why, not_in_id);
    if (ts_str_is(to, "made"))
        return set(&d->made, ts_str_to(s, 10), ts_day_parse_iso(ts_str_to(s, 10)) != TS_NO_DAY, why,
                   "is no date");
    if (ts_str_is(to, "operator_name")) return set(&d->operator_name, s, line, why, not_line);
    if (ts_str_is(to, "status")) return set(&d->status, s, line, why, not_line);
    if (ts_str_is(to, "category")) return set(&d->category, s, line, why, not_line);
    return no(why, "the mapping names a place that is not known");
}

/* ---- Event ---- */

ts_str foreign_role(ts_life_kind k) {
    return k == TS_LIFE_REMANUFACTURE || k == TS_LIFE_REPURPOSE ? TS_S("output") : TS_S("subject");
}

/* A day stands for its beginning. */
static bool instant(ts_str s, int64_t *out) {
    int32_t day = ts_day_parse_iso(ts_str_to(s, 10));
    if (ts_stamp_parse(s, out)) return true;
    if (day == TS_NO_DAY) return false;
    *out = (int64_t)day * 86400;
    return true;
}

static bool put_about(ts_arena *a, ts_life_make *m, ts_str s, ts_str role, ts_str *why) {
    ts_product_id p;
    ts_error e = {0};
    if (!form_uri(s)) return no(why, "is no identifier in the form of a URI");
    for (size_t i = 0; i < m->about.n; i++)
        if (ts_str_eq(m->about.v[i].given, s)) return no(why, "is the product itself");
    ts_life_about x = {.product = s, .given = s, .role = role};
    if (ts_product_id_read(a, s, &p, &e)) x.product = p.text;
    *ts_push(a, &m->about) = x;
    return true;
}

static bool put_note(ts_arena *a, ts_life_make *m, const foreign_row *row, ts_str s, ts_str *why) {
    if (!form_line(s, 500)) return no(why, "is no text in one line");
    ts_str one[] = {row->label, row->label.n ? TS_S(" ") : TS_NONE, s};
    ts_str all[] = {m->note, ts_str_join(a, one, 3, TS_NONE)};
    m->note = m->note.n ? ts_str_join(a, all, 2, TS_S("; ")) : all[1];
    return true;
}

static bool put_event(ts_arena *a, ts_life_make *m, const foreign_row *row, ts_str s,
                      const ts_foreign_job *job, ts_str *why) {
    ts_str to = ts_str_from(row->to, 7), uri = as_uri(a, row, s);
    if (ts_str_is(to, "at")) {
        int64_t at;
        if (!instant(s, &at)) return no(why, "is no date or time");
        if (m->at) return no(why, "the event has its time already");
        m->at = at;
        return true;
    }
    if (ts_str_is(to, "product")) {
        if (job->product.n) return put_note(a, m, row, s, why);
        return put_about(a, m, uri, foreign_role(m->kind), why);
    }
    if (ts_str_is(to, "previous"))
        return ts_str_is(foreign_role(m->kind), "output") ? put_about(a, m, uri, TS_S("input"), why)
                                                          : put_note(a, m, row, s, why);
    if (ts_str_is(to, "by"))
        return set(&m->by, s, form_line(s, 500), why, "is no text in one line");
    if (ts_str_is(to, "note")) return put_note(a, m, row, s, why);
    return no(why, "the mapping names a place that is not known");
}

/* ---- Elements ---- */

static const ts_pack_element *element_of(const foreign_draft *d, ts_str id) {
    for (size_t i = 0; i < d->read.n; i++) {
        const ts_pack_element *el = ts_pack_element_by_id(&d->read.v[i], id);
        if (el) return el;
    }
    return 0;
}

static foreign_entry *entry_of(ts_arena *a, foreign_draft *d, const ts_pack_element *el) {
    for (size_t i = 0; i < d->entries.n; i++)
        if (ts_str_eq(d->entries.v[i].element->id, el->id)) return &d->entries.v[i];
    foreign_entry *x = ts_push(a, &d->entries);
    x->element = el;
    return x;
}

static bool put_element(ts_arena *a, foreign_draft *d, const foreign_row *row, const ts_json *v,
                        ts_str *why) {
    ts_str json;
    const ts_pack_element *el = element_of(d, row->to);
    if (!el) return no(why, "no pack of the passport has the element it is mapped to");
    if (!foreign_value(a, row, el, v, &json, why)) return false;
    foreign_entry *x = entry_of(a, d, el);
    for (size_t i = 0; i < x->parts.n; i++)
        if (el->type != TS_TYPE_LIST && ts_str_eq(x->parts.v[i].member, row->member))
            return no(why, "the element has a value already");
    __typeof__(x->parts.v) part = ts_push(a, &x->parts);
    part->member = row->member;
    part->json = json;
    return true;
}

bool foreign_put(ts_arena *a, foreign_draft *d, ts_foreign *out, const ts_foreign_job *job,
                 const foreign_row *row, const ts_json *v, ts_str *why) {
    if (!row->to.n) return *why = row->why, false;
    if (!ts_str_starts(row->to, TS_S("@"))) return put_element(a, d, row, v, why);
    ts_str s = ts_json_text(v);
    if (row->values) s = ts_json_str(ts_json_get(row->values, s));
    if (!s.n) return no(why, row->values ? "is a word that has no counterpart here" : "is no text");
    return ts_str_starts(row->to, TS_S("@event.")) ? put_event(a, &out->event, row, s, job, why)
                                                   : put_header(a, d, row, s, why);
}

/* ---- Written ---- */

static void write_entry(ts_jsonw *w, const foreign_entry *x) {
    bool list = x->element->type == TS_TYPE_LIST, composed = x->parts.v[0].member.n > 0;
    if (list) ts_jsonw_array(w);
    if (composed && !list) ts_jsonw_object(w);
    for (size_t i = 0; i < x->parts.n; i++) {
        if (composed && !list) ts_jsonw_key_str(w, x->parts.v[i].member);
        ts_jsonw_raw(w, x->parts.v[i].json);
    }
    if (composed || list) ts_jsonw_end(w);
}

/* Whether an entry before the i-th has the same way down to `n` bytes of its id. */
static bool seen(const foreign_draft *d, size_t i, size_t n) {
    for (size_t k = 0; k < i; k++) {
        ts_str id = d->entries.v[k].element->id;
        if (id.n > n && id.p[n] == '.' && memcmp(id.p, d->entries.v[i].element->id.p, n) == 0)
            return true;
    }
    return false;
}

/* Elements whose id begins with `prefix`, nested by the names of their ids. */
static void write_level(ts_jsonw *w, const foreign_draft *d, ts_str prefix) {
    ts_jsonw_object(w);
    for (size_t i = 0; i < d->entries.n; i++) {
        const foreign_entry *x = &d->entries.v[i];
        if (!x->parts.n || !ts_str_starts(x->element->id, prefix)) continue;
        ts_str rest = ts_str_from(x->element->id, prefix.n), name = ts_str_cut(&rest, '.');
        size_t n = prefix.n + name.n;
        if (rest.n && seen(d, i, n)) continue;
        ts_jsonw_key_str(w, name);
        if (rest.n)
            write_level(w, d, ts_str_to(x->element->id, n + 1));
        else
            write_entry(w, x);
    }
    ts_jsonw_end(w);
}

static void write_named(ts_jsonw *w, const char *key, ts_str id, ts_str name) {
    ts_jsonw_key(w, key);
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", id);
    ts_jsonw_kstr_opt(w, "name", name);
    ts_jsonw_end(w);
}

static ts_grain grain_of(const foreign_draft *d, const ts_product_id *p) {
    if (p->kind == TS_PID_GS1) return ts_gs1_grain(&p->link.ais);
    return d->serial.n ? TS_GRAIN_ITEM : d->batch.n ? TS_GRAIN_BATCH : TS_GRAIN_MODEL;
}

/* What the identifier says of batch and serial goes before what else was said of them. */
static void write_product(ts_jsonw *w, const foreign_draft *d, const ts_product_id *p,
                          ts_grain grain) {
    bool gs1 = p->kind == TS_PID_GS1;
    ts_str batch = gs1 ? ts_gs1_get(&p->link.ais, "10") : TS_NONE,
           serial = gs1 ? ts_gs1_get(&p->link.ais, "21") : TS_NONE;
    ts_jsonw_key(w, "product");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", d->product);
    ts_jsonw_kstr(w, "name", d->name.n ? d->name : d->model.n ? d->model : d->product);
    ts_jsonw_kstr_opt(w, "modelNumber", d->model);
    if (grain != TS_GRAIN_MODEL) ts_jsonw_kstr_opt(w, "batchNumber", batch.n ? batch : d->batch);
    if (grain == TS_GRAIN_ITEM) ts_jsonw_kstr_opt(w, "itemNumber", serial.n ? serial : d->serial);
    ts_jsonw_kstr_opt(w, "productionDate", d->made);
    ts_jsonw_end(w);
}

static void write_packs(ts_jsonw *w, const foreign_draft *d) {
    ts_jsonw_key(w, "packs");
    ts_jsonw_array(w);
    for (size_t i = 0; i < d->packs.n; i++) {
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "id", d->packs.v[i]);
        if (d->read.v[i].categories.n) ts_jsonw_kstr_opt(w, "category", d->category);
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

static void write_predecessors(ts_jsonw *w, const foreign_draft *d) {
    if (!d->predecessors.n) return;
    ts_jsonw_key(w, "predecessors");
    ts_jsonw_array(w);
    for (size_t i = 0; i < d->predecessors.n; i++) {
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "id", d->predecessors.v[i]);
        ts_jsonw_kstr(w, "relation", TS_S("predecessor"));
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

bool foreign_document(ts_arena *a, const foreign_draft *d, ts_str *out, ts_error *e) {
    ts_product_id p;
    ts_document check;
    ts_packs packs = {0};
    if (!d->id.n || !d->product.n || !d->operator_id.n)
        return ts_fail(e, TS_E_INPUT,
                       "it does not say %s in a form that serves here: give it with %s",
                       !d->product.n       ? "which product it is"
                       : !d->operator_id.n ? "which operator is responsible"
                                           : "the passport's id",
                       !d->product.n ? "--product (a Digital Link, an IEC 61406 link or a DID)"
                       : !d->operator_id.n ? "--operator (a DID or an address)"
                                           : "--id");
    if (!ts_product_id_read(a, d->product, &p, e)) return false;
    ts_grain grain = grain_of(d, &p);
    ts_buf b = ts_buf_new(a, DRAFT_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    w.pretty = true;
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "format", TS_S("touchstone-passport-1"));
    ts_jsonw_kstr(&w, "id", d->id);
    ts_jsonw_kstr(&w, "granularity", ts_str_c(ts_grain_name(grain)));
    write_product(&w, d, &p, grain);
    write_named(&w, "operator", d->operator_id, d->operator_name);
    if (d->facility.n) write_named(&w, "facility", d->facility, TS_NONE);
    write_packs(&w, d);
    ts_jsonw_kstr(&w, "status", d->status.n ? d->status : TS_S("active"));
    ts_jsonw_key(&w, "elements");
    write_level(&w, d, TS_NONE);
    write_predecessors(&w, d);
    ts_jsonw_end(&w);
    *out = ts_buf_str(&b);
    if (b.full) return ts_fail(e, TS_E_LIMIT, "what came of it is too large for a passport");
    return ts_document_read(a, *out, &check, e) &&
           ts_document_packs(a, &check, ts_pack_find_shared, 0, &packs, e);
}
