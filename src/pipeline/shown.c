#include "shown.h"

/* ---- Leads ---- */

static void reason(ts_arena *a, ts_evidences *l, const char *what, ts_str offer, ts_str other) {
    *ts_push(a, l) = (ts_evidence){.what = what, .offer = offer, .notice = other};
}

/* What is wrong with the passport speaks for a lead about the passport; of a notice it tells
 * nothing, unless the passport itself was recalled. */
static bool against_notice(ts_offered_kind k) {
    return k == TS_OFFERED_FORGED || k == TS_OFFERED_FOREIGN || k == TS_OFFERED_MISMATCH;
}

static void put_findings(ts_arena *a, const ts_offered *o, bool notice, ts_lead *out) {
    for (size_t i = 0; i < o->findings.n; i++) {
        const ts_offered_finding *f = &o->findings.v[i];
        bool against = notice && against_notice(f->kind);
        reason(a, against ? &out->conflict : &out->agree, f->what, f->offer, f->passport);
    }
}

/* What needs no second look at the offer itself: bytes and lists have said it. */
static bool grave(const ts_offered *o) {
    for (size_t i = 0; i < o->findings.n; i++) {
        const ts_offered_finding *f = &o->findings.v[i];
        if (f->kind == TS_OFFERED_FORGED || f->kind == TS_OFFERED_REVOKED ||
            (f->kind == TS_OFFERED_RECALLED && strcmp(f->what, "passport_warning") != 0))
            return true;
    }
    return false;
}

static const char *hit_code(const ts_offered *o, const ts_offered_hit *h) {
    if (h->through_as && strcmp(h->through_as, "component") == 0) return "passport_hit_component";
    if (h->through_as && strcmp(h->through_as, "predecessor") == 0)
        return "passport_hit_predecessor";
    return o->source == TS_OFFERED_NOT_CHECKED ? "passport_hit_link" : "passport_hit";
}

static void copy_reasons(ts_arena *a, const ts_evidences *from, ts_evidences *to) {
    for (size_t i = 0; i < from->n; i++) *ts_push(a, to) = from->v[i];
}

void shown_hit_lead(ts_arena *a, const ts_offered *o, const ts_offered_hit *h,
                    const ts_lead *matched, ts_lead *out) {
    *out = matched ? *matched : (ts_lead){.notice = h->notice, .model = TS_S("identity")};
    out->rung = TS_RUNG_DECLARED;
    out->agree = out->conflict = (ts_evidences){0};
    reason(a, &out->agree, hit_code(o, h), o->mark.given, h->through);
    if (h->named) reason(a, &out->agree, "passport_names_notice", TS_NONE, TS_NONE);
    put_findings(a, o, true, out);
    if (matched) {
        copy_reasons(a, &matched->agree, &out->agree);
        copy_reasons(a, &matched->conflict, &out->conflict);
    }
    bool sure = (h->found.inside == TS_YES || h->named) && !out->conflict.n;
    bool strong = sure || grave(o) || (matched && matched->grade == TS_GRADE_STRONG);
    out->grade = strong ? TS_GRADE_STRONG : TS_GRADE_REVIEW;
}

bool shown_own_lead(ts_arena *a, const ts_offered *o, ts_lead *out) {
    if (!o->findings.n) return false;
    *out = (ts_lead){.rung = TS_RUNG_DECLARED, .model = TS_S("identity")};
    put_findings(a, o, false, out);
    out->grade = grave(o) ? TS_GRADE_STRONG : TS_GRADE_REVIEW;
    return true;
}

ts_scope_verdict shown_scope(const ts_offered_hit *h, ts_scope_verdict own) {
    bool says_inside = own.inside == TS_YES && h->found.inside == TS_OPEN;
    return says_inside ? own : (ts_scope_verdict){h->found.inside, h->found.reason};
}

bool shown_hits(const ts_offered_hit *h) {
    return h->named || h->found.inside == TS_YES ||
           (h->found.inside == TS_OPEN && h->found.touch >= TS_TOUCH_MODEL);
}

/* ---- Items in two offers ---- */

enum { ITEMS_MIB = 256, SEEN_MAX = 64 };

void shown_items_begin(shown_items *x, ts_store *store) {
    *x = (shown_items){.store = store};
    x->room = x->arena = ts_arena_new((size_t)ITEMS_MIB << 20);
}

void shown_items_end(shown_items *x) { ts_arena_free(&x->room, (size_t)ITEMS_MIB << 20); }

/* A serial number is one of its trade item number, so the lot that stands between them tells no
 * items apart (GS1 General Specifications, AI 21). */
static ts_str without_lot(ts_arena *a, ts_str product) {
    size_t lot = ts_str_find(product, TS_S("/10/")), serial = ts_str_find(product, TS_S("/21/"));
    if (ts_str_find(product, TS_S("/01/")) == TS_NPOS || lot == TS_NPOS || serial == TS_NPOS ||
        serial < lot)
        return product;
    ts_str parts[2] = {ts_str_to(product, lot), ts_str_from(product, serial)};
    return ts_str_join(a, parts, 2, TS_NONE);
}

ts_str shown_item_of(ts_arena *a, const ts_offered *o) {
    bool item = o->source == TS_OFFERED_HERE && o->grain == TS_GRAIN_ITEM;
    if (o->mark.one_thing) return without_lot(a, o->mark.product);
    return item ? without_lot(a, o->product) : TS_NONE;
}

bool shown_is_other(const ts_sighting *x, const ts_sighting *y) {
    if (ts_str_eq(x->source, y->source) && ts_str_eq(x->offer, y->offer)) return false;
    if (x->seller.n && y->seller.n && !ts_str_ieq(x->seller, y->seller)) return true;
    if (x->url.n && y->url.n) return !ts_str_eq(x->url, y->url);
    return !ts_str_eq(x->offer, y->offer);
}

static bool seen_before(shown_items *x, ts_arena *a, const ts_sighting *now, ts_sighting *other,
                        bool *twice, ts_error *e) {
    ts_sightings rows = {0};
    if (!ts_store_sightings(x->store, a, now->product, SEEN_MAX, &rows, e)) return false;
    for (size_t i = 0; i < rows.n && !*twice; i++)
        if (shown_is_other(&rows.v[i], now)) *other = rows.v[i], *twice = true;
    return true;
}

static size_t cost_of(const ts_sighting *s) {
    return s->product.n + s->source.n + s->offer.n + s->seller.n + s->url.n + 4096;
}

/* The first SEEN_MAX sightings of a product are enough to compare with. */
static void remember(shown_items *x, const ts_sighting *s, size_t known) {
    size_t grows = x->list.cap * sizeof *x->list.v * 2 + x->map.cap * sizeof *x->map.v * 2;
    if (known >= SEEN_MAX) return;
    if ((size_t)(x->arena.end - x->arena.beg) < cost_of(s) + grows) {
        x->full = true;
        return;
    }
    bool fresh;
    ts_str product = ts_str_dup(&x->arena, s->product);
    uint64_t *newest = ts_map_put(&x->arena, &x->map, product, &fresh);
    struct shown_item *item = ts_push(&x->arena, &x->list);
    *item = (struct shown_item){.seen = {.product = product,
                                         .source = s->source, /* lives as long as the run */
                                         .offer = ts_str_dup(&x->arena, s->offer),
                                         .seller = ts_str_dup(&x->arena, s->seller),
                                         .url = ts_str_dup(&x->arena, s->url),
                                         .at = s->at},
                                .before = fresh ? 0 : (size_t)*newest};
    *newest = x->list.n;
}

bool shown_item_see(shown_items *x, ts_arena *a, const ts_sighting *now, ts_sighting *other,
                    bool *twice, ts_error *e) {
    *twice = false;
    if (x->store) return seen_before(x, a, now, other, twice, e);
    const uint64_t *newest = ts_map_get(&x->map, now->product);
    size_t known = 0;
    for (size_t i = newest ? (size_t)*newest : 0; i; i = x->list.v[i - 1].before, known++) {
        if (*twice || !shown_is_other(&x->list.v[i - 1].seen, now)) continue;
        *other = x->list.v[i - 1].seen;
        *twice = true;
    }
    remember(x, now, known);
    return true;
}

void shown_add_twice(ts_arena *a, ts_offered *o, const ts_sighting *other) {
    char day[24];
    ts_str words[4] = {other->seller, other->url.n ? other->url : other->offer, other->source,
                       ts_str_dup(a, ts_instant_iso(other->at, day))};
    size_t from = words[0].n == 0;
    *ts_push(a, &o->findings) =
        (ts_offered_finding){TS_OFFERED_TWICE, "passport_twice", o->mark.given,
                             ts_str_join(a, words + from, 4 - from, TS_S(", "))};
}

/* ---- As JSON ---- */

static const char *answer_name(ts_answer a) {
    return a == TS_YES ? "verified" : a == TS_NO ? "failed" : "not_checked";
}

static void write_steps(ts_jsonw *w, const ts_offered *o) {
    for (int s = TS_STEP_SIGNATURE; s <= TS_STEP_STATUS; s++) {
        ts_jsonw_key(w, ts_step_name((ts_step)s));
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "result", ts_str_c(answer_name(o->step[s].answer)));
        ts_jsonw_kstr_opt(w, "reason", o->step[s].reason);
        ts_jsonw_end(w);
    }
}

static void write_findings(ts_jsonw *w, const ts_offered *o) {
    ts_jsonw_key(w, "findings");
    ts_jsonw_array(w);
    for (size_t i = 0; i < o->findings.n; i++)
        ts_jsonw_str(w, ts_str_c(ts_offered_name(o->findings.v[i].kind)));
    ts_jsonw_end(w);
}

void shown_write(ts_jsonw *w, const ts_offered *o) {
    bool had = o->source != TS_OFFERED_NOT_CHECKED;
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "given", o->mark.given);
    ts_jsonw_kstr(w, "where", ts_str_c(o->mark.where));
    ts_jsonw_kstr(w, "source", ts_str_c(ts_offered_source_name(o->source)));
    ts_jsonw_kstr_opt(w, "why", o->why);
    ts_jsonw_kstr_opt(w, "id", o->id);
    ts_jsonw_kstr_opt(w, "product", had ? o->product : o->mark.product);
    ts_jsonw_kstr(w, "granularity", ts_str_c(ts_grain_name(had ? o->grain : o->mark.grain)));
    ts_jsonw_kstr_opt(w, "name", o->name);
    ts_jsonw_kstr_opt(w, "operator_id", o->operator_id);
    ts_jsonw_kstr_opt(w, "operator_name", o->operator_name);
    ts_jsonw_kstr_opt(w, "issuer_id", o->issuer);
    write_steps(w, o);
    /* A code can be copied: no passport tells whether these goods are its goods. */
    ts_jsonw_kstr(w, "goods", TS_S("not_checked"));
    ts_jsonw_kstr_opt(w, "dpp_status", o->status);
    ts_jsonw_kstr_opt(w, "safety", o->safety);
    write_findings(w, o);
    ts_jsonw_end(w);
}
