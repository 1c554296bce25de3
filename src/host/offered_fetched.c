/* A passport that is not kept here: fetched, and held against what the link says. */
#include "offered_part.h"

#include "place.h"

static void not_had(ts_arena *a, offered_kept *k, ts_str why) {
    k->found.source = TS_OFFERED_NOT_CHECKED;
    k->found.why = ts_str_dup(a, why);
    for (int s = 0; s < TS_STEPS; s++) k->found.step[s] = (ts_verdict){.reason = TS_NONE};
}

/* The passport among what was fetched. */
static const ts_checked *passport_of(const ts_report *r) {
    for (size_t i = 0; i < r->credentials.n; i++)
        if (r->credentials.v[i].type == TS_UNTP_DPP) return &r->credentials.v[i];
    return 0;
}

static bool same_line(const ts_offered_mark *m, const ts_product_id *p) {
    ts_str text = p->text;
    if (ts_str_eq(text, m->product) || ts_str_eq(text, m->above[0]) || ts_str_eq(text, m->above[1]))
        return true;
    /* The link names a model or batch, the passport an item of it. */
    return ts_str_starts(text, m->product) && text.n > m->product.n && text.p[m->product.n] == '/';
}

/* What the link names must be what the passport is about. */
static void compare_product(ts_arena *a, const ts_offered_mark *m, const ts_product_id *p,
                            ts_offered *o) {
    if (!m->gtin.n || p->kind != TS_PID_GS1 || same_line(m, p)) return;
    *ts_push(a, &o->findings) = (ts_offered_finding){TS_OFFERED_FOREIGN, "passport_foreign_product",
                                                     m->given, ts_str_dup(a, p->text)};
}

void offered_hold(ts_offered_checker *c, ts_arena *a, ts_arena scratch, const ts_known *known,
                  ts_offered *o, offered_numbers *touched) {
    offered_notices_find(a, scratch, c->notices, known, touched);
    for (size_t i = 0; i < touched->n; i++) {
        ts_offered_hit h = {.notice = touched->v[i]};
        if (offered_notice_check(c->notices, a, scratch, h.notice, known, &h.found))
            *ts_push(a, &o->hits) = h;
    }
}

/* What a status of the passport itself says. */
static void put_safety(ts_offered_checker *c, ts_arena *a, ts_arena scratch, const ts_document *d,
                       offered_kept *k) {
    ts_offered *o = &k->found;
    const ts_safety_entry *s = ts_document_safety(d);
    static const char *const codes[] = {[TS_SAFETY_WARNING] = "passport_warning",
                                        [TS_SAFETY_RECALLED] = "passport_recalled",
                                        [TS_SAFETY_WITHDRAWN] = "passport_withdrawn",
                                        [TS_SAFETY_LIFTED] = 0};
    char at[24];
    uint32_t number;
    o->safety = ts_str_c(ts_safety_status_name(s->status));
    if (!codes[s->status]) return;
    ts_str words[3] = {s->by_name.n ? s->by_name : s->by_id,
                       ts_str_to(ts_instant_iso(s->at, at), 10), s->notice};
    *ts_push(a, &o->findings) =
        (ts_offered_finding){TS_OFFERED_RECALLED, codes[s->status], TS_NONE,
                             ts_str_join(a, words, s->notice.n ? 3 : 2, TS_S(", "))};
    if (!offered_notice_named(c->notices, s->notice, &number)) return;
    for (size_t i = 0; i < o->hits.n; i++)
        if (o->hits.v[i].notice == number) {
            o->hits.v[i].named = true;
            return;
        }
    ts_offered_hit h = {.notice = number, .named = true};
    if (offered_notice_check(c->notices, a, scratch, number, &k->known, &h.found))
        *ts_push(a, &o->hits) = h;
}

static bool read_document(ts_offered_checker *c, ts_arena *a, ts_arena scratch,
                          const ts_offered_mark *m, const ts_checked *p, offered_kept *k,
                          ts_error *e) {
    ts_str text;
    ts_document d;
    ts_place place;
    ts_place_edges edges = {0};
    ts_offered *o = &k->found;
    if (!ts_untp_read(&scratch, &p->credential, &text, e) ||
        !ts_document_read(&scratch, text, &d, e))
        return false;
    ts_place_of(&scratch, &d, &place, &edges);
    o->product = ts_str_dup(a, d.product.text);
    o->grain = d.grain;
    o->operator_id = ts_str_dup(a, d.operator_id);
    o->operator_name = ts_str_dup(a, place.operator_name);
    o->name = ts_str_dup(a, place.name);
    o->status = ts_str_c(ts_dpp_status_name(d.status));
    k->known = (ts_known){.gtin = ts_str_dup(a, place.gtin),
                          .lot = ts_str_dup(a, place.lot),
                          .serial = ts_str_dup(a, place.serial),
                          .made = place.made,
                          .brand = ts_str_dup(a, place.brand),
                          .model = ts_str_dup(a, place.model_name),
                          .name = o->name,
                          .operator_name = o->operator_name,
                          .sealed = o->step[TS_STEP_SIGNATURE].answer == TS_YES &&
                                    o->step[TS_STEP_ISSUER].answer == TS_YES};
    compare_product(a, m, &d.product, o);
    offered_hold(c, a, scratch, &k->known, o, &k->touched);
    put_safety(c, a, scratch, &d, k);
    return true;
}

/* What came: a passport that can be read, or the reason why not. */
static void take(ts_offered_checker *c, ts_arena *a, ts_arena scratch, const ts_offered_mark *m,
                 const ts_verified *v, offered_kept *k) {
    const ts_checked *p = passport_of(&v->report);
    ts_offered *o = &k->found;
    ts_error e = {0};
    bool is_signed = p && p->secured_by.n;
    if (!is_signed) {
        const ts_verdict *s = &v->report.step[TS_STEP_SIGNATURE];
        not_had(a, k, s->reason.n ? s->reason : TS_S("no signed passport is there"));
        return;
    }
    o->source = TS_OFFERED_FETCHED;
    o->id = ts_str_dup(a, p->credential.id);
    o->issuer = ts_str_dup(a, p->credential.issuer);
    for (int s = 0; s < TS_STEPS; s++) {
        const ts_verdict *x = &p->step[s];
        o->step[s] = (ts_verdict){x->answer, ts_str_dup(a, x->reason), ts_str_dup(a, x->cure),
                                  ts_str_dup(a, x->at)};
    }
    if (!read_document(c, a, scratch, m, p, k, &e))
        o->why = ts_str_dup(a, ts_str_c(e.msg)); /* its signature tells all the same */
    offered_judge(a, o, true);
}

void offered_fetch(ts_offered_checker *c, ts_arena *a, ts_arena scratch, const ts_offered_mark *m,
                   offered_kept *out) {
    ts_verify_job job = c->desk->job.verify;
    ts_verified v;
    ts_error e = {0};
    *out = (offered_kept){.known.made = TS_NO_DAY};
    job.input = m->address ? m->given : m->product;
    job.name = "offer";
    job.is_address = true;
    job.store = 0;
    job.resolve.offline = false;
    job.resolve.fetch.pace = c->desk->pace;
    if (ts_verify_input(&scratch, &job, &v, &e))
        take(c, a, scratch, m, &v, out);
    else
        not_had(a, out, ts_str_c(e.msg));
}
