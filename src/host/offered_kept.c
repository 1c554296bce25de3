/* One passport, of the store or fetched: what stands in it, what it is worth, what is said of its
 * safety, and which notices hit it. */
#include "offered_part.h"

#include "place.h"

enum { FORMS = 4, SAID = 4, DEPTH = 16, FAMILY = 2000 };

/* ---- Verdicts ---- */

static void find(ts_arena *a, ts_offered *o, ts_offered_kind kind, const char *what, ts_str offer,
                 ts_str passport) {
    *ts_push(a, &o->findings) = (ts_offered_finding){kind, what, offer, passport};
}

static bool is_did(ts_str s) { return ts_str_starts(s, TS_S("did:")); }

void offered_judge(ts_arena *a, ts_offered *o, bool is_signed) {
    const ts_verdict *signature = &o->step[TS_STEP_SIGNATURE], *issuer = &o->step[TS_STEP_ISSUER],
                     *status = &o->step[TS_STEP_STATUS];
    if (is_signed && signature->answer == TS_NO)
        find(a, o, TS_OFFERED_FORGED, "passport_forged", TS_NONE, signature->reason);
    else if (is_signed && issuer->answer == TS_NO)
        find(a, o, TS_OFFERED_FORGED, "passport_forged", TS_NONE, issuer->reason);
    if (status->answer == TS_NO)
        find(a, o, TS_OFFERED_REVOKED, "passport_revoked", TS_NONE, status->reason);
    if (is_did(o->issuer) && is_did(o->operator_id) && !ts_str_eq(o->issuer, o->operator_id))
        find(a, o, TS_OFFERED_FOREIGN, "passport_foreign_issuer", o->issuer, o->operator_id);
    if (o->status.n && !ts_str_is(o->status, "active"))
        find(a, o, TS_OFFERED_REVOKED, "passport_inactive", TS_NONE, o->status);
}

static ts_verdict kept_verdict(ts_arena *a, const ts_verdict *v) {
    return (ts_verdict){v->answer, ts_str_dup(a, v->reason), ts_str_dup(a, v->cure),
                        ts_str_dup(a, v->at)};
}

static bool failed_none(const ts_report *r) {
    for (int s = TS_STEP_SIGNATURE; s <= TS_STEP_STATUS; s++)
        if (r->step[s].answer == TS_NO) return false;
    return true;
}

/* The public forms of the newest version, the latest first: the first that nothing is wrong with,
 * else the latest. */
static bool verify_kept(ts_offered_checker *c, ts_arena *a, ts_arena scratch,
                        const ts_passport_row *row, offered_kept *k, ts_error *e) {
    ts_secured_rows forms = {0};
    bool any = false, good = false;
    if (!ts_store_secured(c->store, &scratch, row->id, row->version, &forms, e)) return false;
    for (size_t i = forms.n, n = 0; i-- > 0 && n < FORMS && !good;) {
        ts_report r;
        ts_arena work = scratch;
        if (!ts_str_is(forms.v[i].audience, "public")) continue;
        ts_verify(&work, forms.v[i].bytes, &c->options, &r);
        n++;
        good = failed_none(&r);
        if (any && !good) continue;
        any = true;
        for (int s = 0; s < TS_STEPS; s++) k->found.step[s] = kept_verdict(a, &r.step[s]);
        k->found.issuer = ts_str_dup(a, r.credentials.n ? r.credentials.v[0].credential.issuer
                                                        : forms.v[i].issuer);
    }
    offered_judge(a, &k->found, any);
    if (any) return true;
    for (int s = 0; s < TS_STEPS; s++)
        k->found.step[s] = (ts_verdict){.reason = TS_S("no signed public form of it is kept")};
    return true;
}

/* ---- What is said of its safety ---- */

static ts_str said_by(ts_arena *a, const ts_standing *x) {
    char at[24];
    ts_str words[4] = {x->by_name.n ? x->by_name : x->by, ts_str_to(ts_instant_iso(x->at, at), 10),
                       x->notice, TS_NONE};
    size_t n = x->notice.n ? 3 : 2;
    if (x->contested) words[n++] = TS_S("contested");
    return ts_str_join(a, words, n, TS_S(", "));
}

static const char *standing_code(const ts_standing *x) {
    if (ts_str_is(x->kind, "recalled")) return "passport_recalled";
    if (ts_str_is(x->kind, "withdrawn")) return "passport_withdrawn";
    return ts_str_is(x->kind, "warning") ? "passport_warning" : 0;
}

static void put_named(ts_offered_checker *c, ts_arena *a, const ts_standing *x, ts_offered *o) {
    uint32_t number;
    if (!offered_notice_named(c->notices, x->notice, &number)) return;
    for (size_t i = 0; i < o->hits.n; i++)
        if (o->hits.v[i].notice == number) return;
    *ts_push(a, &o->hits) = (ts_offered_hit){.notice = number, .named = true};
}

static bool read_safety(ts_offered_checker *c, ts_arena *a, ts_arena scratch, ts_offered *o,
                        ts_error *e) {
    ts_standings said = {0};
    size_t n = 0;
    if (!ts_safety_of(&scratch, c->store, o->id, &said, e)) return false;
    o->safety = ts_str_c(ts_safety_status_name(ts_safety_worst(&said)));
    for (size_t i = 0; i < said.n; i++) {
        const ts_standing *x = &said.v[i];
        const char *code = standing_code(x);
        if (!ts_standing_stands(x) || !code) continue;
        put_named(c, a, x, o);
        if (n++ < SAID) find(a, o, TS_OFFERED_RECALLED, code, TS_NONE, said_by(a, x));
    }
    return true;
}

/* ---- By itself, its batch and its model ---- */

static void fill(ts_str *to, ts_str from) {
    if (!to->n) *to = from;
}

static ts_known known_of(const ts_place *p) {
    return (ts_known){.gtin = p->gtin,
                      .lot = p->lot,
                      .serial = p->serial,
                      .made = p->made,
                      .brand = p->brand,
                      .model = p->model_name,
                      .name = p->name,
                      .operator_name = p->operator_name,
                      .sealed = p->sealed};
}

/* What the one above states of its kind holds for the one below, where that is silent. */
static void fill_known(ts_known *k, const ts_place *above) {
    fill(&k->gtin, above->gtin);
    fill(&k->lot, above->lot);
    fill(&k->brand, above->brand);
    fill(&k->model, above->model_name);
    fill(&k->name, above->name);
    fill(&k->operator_name, above->operator_name);
    if (k->made == TS_NO_DAY) k->made = above->made;
    k->sealed &= above->sealed;
}

static ts_known known_kept(ts_arena *a, const ts_known *k) {
    return (ts_known){.gtin = ts_str_dup(a, k->gtin),
                      .lot = ts_str_dup(a, k->lot),
                      .serial = ts_str_dup(a, k->serial),
                      .made = k->made,
                      .brand = ts_str_dup(a, k->brand),
                      .model = ts_str_dup(a, k->model),
                      .name = ts_str_dup(a, k->name),
                      .operator_name = ts_str_dup(a, k->operator_name),
                      .sealed = k->sealed};
}

/* ---- Which notices may hit it, or what it is made of ---- */

typedef struct family {
    ts_offered_checker *c;
    ts_arena *a;    /* for the work */
    ts_arena *keep; /* for the numbers */
    ts_map seen;
    struct {
        struct member {
            ts_str id; /* of a passport or product */
            unsigned depth;
        } * v;
        size_t n, cap;
    } todo;
    offered_numbers numbers;
} family;

static void to_do(family *f, ts_str id, unsigned depth) {
    bool fresh;
    if (!id.n || depth > DEPTH || f->todo.n >= FAMILY) return;
    ts_map_put(f->a, &f->seen, id, &fresh);
    if (fresh) *ts_push(f->a, &f->todo) = (struct member){id, depth};
}

static void look_for(family *f, const ts_known *k) {
    offered_notices_find(f->keep, *f->a, f->c->notices, k, &f->numbers);
}

/* What the passports that a link means state, for the one below it. */
static bool fill_from(family *f, ts_str id, ts_known *k, ts_str *above, ts_error *e) {
    ts_place_numbers numbers = {0};
    if (!id.n) return true;
    if (!ts_store_place_numbers(f->c->store, f->a, id, &numbers, e)) return false;
    for (size_t i = 0; i < numbers.n; i++) {
        ts_place p;
        bool found;
        if (!ts_store_place_numbered(f->c->store, f->a, numbers.v[i], &p, &found, e)) return false;
        if (!found) continue;
        fill_known(k, &p);
        fill(above, p.model);
    }
    return true;
}

/* One passport: by itself, because what it states may contradict what is above it; with what is
 * above it; and then what it is made of. */
static bool add_place(family *f, const ts_place *p, unsigned depth, ts_known *k, ts_error *e) {
    ts_place_edges edges = {0};
    ts_str model = p->model;
    *k = known_of(p);
    look_for(f, k);
    if (!fill_from(f, p->batch, k, &model, e) || !fill_from(f, model, k, &(ts_str){0}, e) ||
        !ts_store_edges(f->c->store, f->a, p->id, false, &edges, e))
        return false;
    look_for(f, k);
    to_do(f, p->batch, depth + 1);
    to_do(f, model, depth + 1);
    for (size_t i = 0; i < edges.n; i++) to_do(f, edges.v[i].to, depth + 1);
    return true;
}

/* A part without a passport here is known by its identifier. */
static void add_identifier(family *f, ts_str id) {
    ts_product_id product;
    ts_place p;
    ts_error ignored;
    if (!ts_product_id_read(f->a, id, &product, &ignored)) return;
    ts_place_of_id(f->a, &product, &p);
    const ts_known k = known_of(&p);
    look_for(f, &k);
}

static bool add_member(family *f, struct member m, ts_known *k, ts_error *e) {
    ts_place_numbers numbers = {0};
    *k = (ts_known){.made = TS_NO_DAY};
    if (!ts_store_place_numbers(f->c->store, f->a, m.id, &numbers, e)) return false;
    for (size_t i = 0; i < numbers.n; i++) {
        ts_place p;
        bool found;
        if (!ts_store_place_numbered(f->c->store, f->a, numbers.v[i], &p, &found, e)) return false;
        if (found && !add_place(f, &p, m.depth, k, e)) return false;
    }
    if (!numbers.n) add_identifier(f, m.id);
    return true;
}

static int surest_first(const void *x, const void *y) {
    static const int order[] = {[TS_YES] = 0, [TS_OPEN] = 1, [TS_NO] = 2};
    const ts_offered_hit *l = x, *r = y;
    int a = order[l->found.inside], b = order[r->found.inside];
    if (a != b) return a - b;
    if (l->found.touch != r->found.touch) return l->found.touch > r->found.touch ? -1 : 1;
    return (l->notice > r->notice) - (l->notice < r->notice);
}

static bool put_hit(ts_offered_checker *c, ts_arena *a, ts_arena scratch, ts_offered *o,
                    uint32_t number, ts_error *e) {
    ts_affected_row row = {0};
    ts_notice n;
    if (!ts_index_notice(c->desk->job.index, number, &scratch, &n, e) ||
        !ts_passport_affected(&scratch, c->store, o->id, &n, &row, e))
        return false;
    ts_offered_hit *h = 0;
    for (size_t i = 0; i < o->hits.n; i++)
        if (o->hits.v[i].notice == number) h = &o->hits.v[i];
    if (!h) h = ts_push(a, &o->hits);
    *h = (ts_offered_hit){.notice = number,
                          .found = row.found,
                          .named = h->named,
                          .through = ts_str_dup(a, row.through),
                          .through_as = row.through_as};
    h->found.by = ts_str_dup(a, row.found.by);
    return true;
}

static bool read_notices(ts_offered_checker *c, ts_arena *a, ts_arena scratch, offered_kept *k,
                         ts_error *e) {
    family f = {.c = c, .a = &scratch, .keep = a};
    to_do(&f, k->found.id, 0);
    for (size_t i = 0; i < f.todo.n; i++) {
        ts_known known;
        if (!add_member(&f, f.todo.v[i], &known, e)) return false;
        if (!i) k->known = known_kept(a, &known);
    }
    for (size_t i = 0; i < f.numbers.n; i++) *ts_push(a, &k->touched) = f.numbers.v[i];
    for (size_t i = 0; i < k->found.hits.n; i++) { /* those that a status names */
        bool there = false;
        for (size_t n = 0; n < f.numbers.n; n++)
            there |= f.numbers.v[n] == k->found.hits.v[i].notice;
        if (!there) *ts_push(a, &f.numbers) = k->found.hits.v[i].notice;
    }
    for (size_t i = 0; i < f.numbers.n; i++)
        if (!put_hit(c, a, scratch, &k->found, f.numbers.v[i], e)) return false;
    if (k->found.hits.n)
        qsort(k->found.hits.v, k->found.hits.n, sizeof *k->found.hits.v, surest_first);
    return true;
}

/* ---- The whole ---- */

static void put_names(ts_arena *a, ts_arena scratch, const ts_passport_row *row, ts_offered *o) {
    ts_document d;
    ts_error ignored;
    if (!ts_document_read(&scratch, row->document, &d, &ignored)) return;
    o->name = ts_str_dup(a, ts_json_str(ts_json_member(d.product_node, "name")));
    o->operator_name = ts_str_dup(a, d.operator_name);
}

bool offered_keep(ts_offered_checker *c, ts_arena *a, ts_arena scratch, ts_str id,
                  offered_kept *out, bool *found, ts_error *e) {
    ts_passport_row row;
    *out = (offered_kept){.known.made = TS_NO_DAY};
    if (!ts_store_passport(c->store, &scratch, id, &row, found, e)) return false;
    if (!*found) return true;
    ts_offered *o = &out->found;
    o->source = TS_OFFERED_HERE;
    o->id = ts_str_dup(a, row.id);
    o->product = ts_str_dup(a, row.product);
    o->operator_id = ts_str_dup(a, row.operator_id);
    o->status = ts_str_dup(a, row.status);
    ts_grain_by_name(row.grain, &o->grain);
    put_names(a, scratch, &row, o);
    if (!verify_kept(c, a, scratch, &row, out, e) || !read_safety(c, a, scratch, o, e) ||
        !read_notices(c, a, scratch, out, e))
        return false;
    return true;
}
