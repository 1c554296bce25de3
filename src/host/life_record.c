/* Events recorded, with what they change: passports that end, and passports of what comes of them.
 */
#include <stdarg.h>
#include <stdio.h>

#include "issue_part.h"
#include "life.h"

enum { NOTES_MAX = 1000, ALIKE_MAX = 8, DOCUMENT_CAP = 4 << 20 };

/* What a document names, in the spelling in which products are compared. */
typedef struct kinship {
    ts_map before, parts;
} kinship;

typedef struct recording {
    ts_arena *a;
    const ts_life_job *job;
    ts_str passport; /* document of a second life; empty = none */
    ts_life_done *done;
    ts_life_events events;
    ts_document next;    /* it */
    kinship next_kin;    /* what it names */
    bool next_is_of_one; /* an event is about it */
} recording;

__attribute__((format(printf, 2, 3))) static void note(recording *r, const char *fmt, ...) {
    char text[1200];
    va_list v;
    if (r->done->notes.n >= NOTES_MAX) return;
    va_start(v, fmt);
    vsnprintf(text, sizeof text, fmt, v);
    va_end(v);
    ts_strs_add(r->a, &r->done->notes, ts_str_dup(r->a, ts_str_c(text)));
}

/* ---- Passports of what an event is about ---- */

/* The canonical identifier without its last qualifier: the batch of an item, the model of a batch.
 */
static ts_str wider(ts_arena *a, ts_str product) {
    ts_product_id id;
    ts_error none = {0};
    ts_str out = TS_NONE;
    if (!ts_product_id_read(a, product, &id, &none) || id.kind != TS_PID_GS1 || id.link.path_n < 2)
        return TS_NONE;
    ts_gs1 g = {.n = id.link.path_n - 1};
    memcpy(g.v, id.link.ais.v, g.n * sizeof *g.v);
    return ts_digital_link_build(a, TS_S("https://id.gs1.org"), &g, &out, &none) ? out : TS_NONE;
}

static bool passports_of(recording *r, ts_str product, ts_passport_rows *out, ts_error *e) {
    return ts_store_passports(r->job->store, r->a, product, TS_NONE, ALIKE_MAX, out, e);
}

/* Those of the product itself, else of its batch, else of its model. */
static bool nearest(recording *r, ts_str product, ts_passport_rows *out, ts_error *e) {
    *out = (ts_passport_rows){0};
    while (product.n && out->n == 0) {
        if (!passports_of(r, product, out, e)) return false;
        product = wider(r->a, product);
    }
    return true;
}

static bool is_role(const ts_life_about *x, const char *role) { return ts_str_is(x->role, role); }

/* ---- Who may ---- */

static bool names_all(recording *r, const ts_life_event *v, ts_error *e) {
    ts_str operator_id = r->job->by.operator_id;
    for (size_t i = 0; i < v->about.n; i++) {
        const ts_life_about *x = &v->about.v[i];
        ts_passport_rows rows;
        if (!nearest(r, x->product, &rows, e)) return false;
        if (rows.n == 0 && (is_role(x, "output") || is_role(x, "child"))) continue;
        if (rows.n == 0)
            return ts_fail(e, TS_E_USAGE,
                           "%s is for the responsible operator to record, and no passport of %.*s "
                           "is here that says who that is",
                           ts_life_name(v->kind), TS_P(x->product));
        for (size_t k = 0; k < rows.n; k++)
            if (!operator_id.n || !ts_str_eq(rows.v[k].operator_id, operator_id))
                return ts_fail(e, TS_E_USAGE,
                               "%s is for the responsible operator of %.*s to record, %.*s; who "
                               "records is %.*s",
                               ts_life_name(v->kind), TS_P(x->product), TS_P(rows.v[k].operator_id),
                               TS_P(operator_id.n ? operator_id : TS_S("the operator of none")));
    }
    return true;
}

static bool may(recording *r, const ts_life_event *v, ts_error *e) {
    const ts_audiences operator= 1u << TS_AUD_OPERATOR;
    ts_audiences open = ts_life_open_to(v->kind);
    if (r->job->by.who & open & ~operator) return true;
    if (r->job->by.who & open & operator) {
        bool ok = names_all(r, v, e);
        r->done->forbidden = !ok && e->code == TS_E_USAGE;
        return ok;
    }
    r->done->forbidden = true;
    return ts_fail(e, TS_E_USAGE, "%s is for %.*s to record; who records is %.*s",
                   ts_life_name(v->kind), TS_P(ts_audience_names(r->a, open)),
                   TS_P(ts_audience_names(r->a, r->job->by.who)));
}

/* Regulation (EU) 2023/988 Article 13: whoever modifies a product substantially is its
 * manufacturer.
 */
static bool asked(recording *r, const ts_life_event *v, ts_error *e) {
    if (ts_life_asks_modified(v->kind) && v->modified == TS_MODIFIED_NOT_ASKED)
        return ts_fail(e, TS_E_USAGE,
                       "%s: whether the product was substantially modified (Regulation (EU) "
                       "2023/988 Article 13) is not answered; say touchstone:"
                       "substantialModification not_substantial, substantial or cannot_be_told",
                       ts_life_name(v->kind));
    if (v->modified == TS_MODIFIED_SUBSTANTIAL && r->passport.n == 0 &&
        (v->kind == TS_LIFE_REPAIR || v->kind == TS_LIFE_REFURBISH))
        note(
            r,
            "%s modified a product substantially: who did it counts as its manufacturer "
            "(Regulation (EU) 2023/988 Article 13) and owes it a passport of its own, with the one "
            "before as predecessor",
            ts_life_name(v->kind));
    return true;
}

/* ---- A passport that changes ---- */

static bool with_status(ts_arena *a, const ts_document *d, ts_dpp_status status, ts_str *out,
                        ts_error *e) {
    ts_buf b = ts_buf_new(a, DOCUMENT_CAP), text = ts_buf_new(a, DOCUMENT_CAP);
    const ts_str without = TS_S("status");
    if (!ts_canonical_without(&b, *a, d->root, &without, 1, e)) return false;
    ts_buf_fmt(&text, "{\"status\":\"%s\",", ts_dpp_status_name(status));
    ts_buf_put(&text, ts_str_from(ts_buf_str(&b), 1)); /* a document has other members */
    *out = ts_buf_str(&text);
    return true;
}

static bool needs_key(const ts_life_job *job, ts_str passport, ts_error *e) {
    return job->sign.key ||
           ts_fail(e, TS_E_USAGE,
                   "the passport %.*s changes, and no key was given that signs its new version",
                   TS_P(passport));
}

static bool sign(recording *r, ts_str document, ts_error *e) {
    const ts_life_job *job = r->job;
    const ts_issue_job issue = {.store = job->store,
                                .by = job->sign,
                                .document = document,
                                .form = job->form,
                                .now = job->now,
                                .until = TS_NO_TIME};
    ts_issued out;
    if (!issue_change(r->a, &issue, &out, e)) return false;
    if (out.new_version) {
        r->done->changed++;
        ts_strs_add(r->a, &r->done->passports, out.passport);
    }
    return true;
}

/* Ends a passport by its operator's word: inactive, or archived, which is more. By somebody else's
 * it stays, and its operator is asked. */
static bool end_passport(recording *r, const ts_passport_row *row, ts_dpp_status status,
                         const ts_life_event *v, ts_error *e) {
    ts_passport_row full;
    ts_document d;
    bool found;
    ts_str document;
    if (!ts_store_passport(r->job->store, r->a, row->id, &full, &found, e) ||
        !ts_document_read(r->a, full.document, &d, e))
        return false;
    if (d.status >= status) return true;
    if (!ts_str_eq(d.operator_id, r->job->by.operator_id)) {
        note(r,
             "%s of %.*s is recorded; its passport %.*s is that of %.*s and stays %s until that "
             "operator records the same event",
             ts_life_name(v->kind), TS_P(full.product), TS_P(full.id), TS_P(d.operator_id),
             ts_dpp_status_name(d.status));
        return true;
    }
    return needs_key(r->job, full.id, e) && with_status(r->a, &d, status, &document, e) &&
           sign(r, document, e);
}

static bool end_all(recording *r, const ts_life_event *v, const ts_life_about *x,
                    ts_dpp_status status, ts_error *e) {
    ts_passport_rows rows = {0};
    if (!passports_of(r, x->product, &rows, e)) return false;
    if (rows.n == 0)
        note(r, "%s: no passport of %.*s is here", ts_life_name(v->kind), TS_P(x->product));
    for (size_t i = 0; i < rows.n; i++) {
        if (!ts_str_is(rows.v[i].grain, "item")) {
            note(r,
                 "%s of %.*s: its passport is one of a %.*s, which other items go on using, and "
                 "stays as it is",
                 ts_life_name(v->kind), TS_P(x->product), TS_P(rows.v[i].grain));
            continue;
        }
        if (!end_passport(r, &rows.v[i], status, v, e)) return false;
    }
    return true;
}

/* ---- A second life ---- */

static ts_str canonical(ts_arena *a, ts_str id) {
    ts_product_id p;
    ts_error none = {0};
    return ts_product_id_read(a, id, &p, &none) ? p.text : id;
}

static void add_kin(recording *r, ts_map *m, const ts_edge *v, size_t n) {
    for (size_t i = 0; i < n; i++) {
        ts_map_put(r->a, m, v[i].id, 0);
        ts_map_put(r->a, m, canonical(r->a, v[i].id), 0);
    }
}

static void add_kinship(recording *r, kinship *k, const ts_document *d) {
    add_kin(r, &k->before, d->predecessors.v, d->predecessors.n);
    add_kin(r, &k->parts, d->components.v, d->components.n);
}

/* Whether a product is named, by its identifier or that of one of its passports. */
static bool named_in(recording *r, const kinship *k, ts_str product, bool *before, bool *part,
                     ts_error *e) {
    ts_passport_rows rows = {0};
    if (!passports_of(r, product, &rows, e)) return false;
    *before = ts_map_get(&k->before, product);
    *part = ts_map_get(&k->parts, product);
    for (size_t i = 0; i < rows.n; i++) {
        *before |= ts_map_get(&k->before, rows.v[i].id) != 0;
        *part |= ts_map_get(&k->parts, rows.v[i].id) != 0;
    }
    return true;
}

static bool makes_another(ts_life_kind k) {
    return k == TS_LIFE_REMANUFACTURE || k == TS_LIFE_REPURPOSE;
}

/* Regulation (EU) 2023/1542 Article 77(7): the new passport is linked to that of the original
 * battery or to those of all of them. */
static bool linked(recording *r, const ts_life_event *v, ts_error *e) {
    const ts_document *d = &r->next;
    for (size_t i = 0; i < v->about.n; i++) {
        const ts_life_about *x = &v->about.v[i];
        bool before, part;
        if (!is_role(x, "input")) continue;
        if (!named_in(r, &r->next_kin, x->product, &before, &part, e)) return false;
        if (!before && !part)
            return ts_fail(e, TS_E_USAGE,
                           "the new passport %.*s names %.*s, which went into its product, neither "
                           "among its predecessors nor among its components",
                           TS_P(d->id), TS_P(x->product));
    }
    return true;
}

static bool is_about(const ts_life_event *v, ts_str product, const char *role) {
    for (size_t i = 0; i < v->about.n; i++)
        if (ts_str_eq(v->about.v[i].product, product) && (!role || is_role(&v->about.v[i], role)))
            return true;
    return false;
}

/* What was taken out is a component of the document's product. */
static bool took_parts(recording *r, const ts_life_event *v, bool *yes, ts_error *e) {
    bool before;
    *yes = false;
    for (size_t i = 0; i < v->about.n && !*yes; i++)
        if (!named_in(r, &r->next_kin, v->about.v[i].product, &before, yes, e)) return false;
    return true;
}

static bool second_life(recording *r, const ts_life_event *v, ts_error *e) {
    const ts_document *d = &r->next;
    bool yes = false;
    if (makes_another(v->kind) && is_about(v, d->product.text, "output")) {
        r->next_is_of_one = true;
        if (d->predecessors.n == 0)
            return ts_fail(e, TS_E_USAGE,
                           "the new passport %.*s has no predecessors: what is remanufactured or "
                           "repurposed is linked to the passports it comes from",
                           TS_P(d->id));
        return linked(r, v, e);
    }
    if (v->kind == TS_LIFE_HARVEST && !took_parts(r, v, &yes, e)) return false;
    r->next_is_of_one |= yes;
    return true;
}

/* Responsibility moves with the new passport: it is that of who records, and of nobody else. */
static bool responsible(recording *r, ts_error *e) {
    const ts_document *d = &r->next;
    ts_passport_row row;
    bool found;
    r->done->forbidden = true;
    if (!ts_str_eq(d->operator_id, r->job->by.operator_id))
        return ts_fail(
            e, TS_E_USAGE,
            "responsibility has not moved: the new passport %.*s names %.*s as its "
            "operator, who records is %.*s",
            TS_P(d->id), TS_P(d->operator_id),
            TS_P(r->job->by.operator_id.n ? r->job->by.operator_id : TS_S("the operator of none")));
    if (!ts_store_passport(r->job->store, r->a, d->id, &row, &found, e)) return false;
    if (found && !ts_str_eq(row.operator_id, r->job->by.operator_id))
        return ts_fail(e, TS_E_USAGE, "the passport %.*s is that of %.*s", TS_P(d->id),
                       TS_P(row.operator_id));
    ts_passport_rows rows = {0};
    if (!passports_of(r, d->product.text, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++)
        if (ts_str_is(rows.v[i].status, "active") &&
            !ts_str_eq(rows.v[i].operator_id, d->operator_id))
            return ts_fail(e, TS_E_USAGE,
                           "the product of the new passport %.*s has one already, %.*s, that is "
                           "%.*s's and active: a second life is another product",
                           TS_P(d->id), TS_P(rows.v[i].id), TS_P(rows.v[i].operator_id));
    r->done->forbidden = false;
    return true;
}

static bool put_second_life(recording *r, ts_error *e) {
    if (!r->passport.n) return true;
    if (!ts_document_read(r->a, r->passport, &r->next, e)) return false;
    add_kinship(r, &r->next_kin, &r->next);
    for (size_t i = 0; i < r->events.n; i++)
        if (!second_life(r, &r->events.v[i], e)) return false;
    if (!r->next_is_of_one)
        return ts_fail(e, TS_E_USAGE,
                       "no event says how the product of the passport %.*s came about: it is no "
                       "output of a remanufacture or repurpose, and nothing that was harvested is "
                       "among its components",
                       TS_P(r->next.id));
    return responsible(r, e) && needs_key(r->job, r->next.id, e) && sign(r, r->passport, e);
}

/* What the passports of what came of it name. */
static bool kinship_of(recording *r, const ts_life_event *v, kinship *k, ts_error *e) {
    for (size_t i = 0; i < v->about.n; i++) {
        ts_passport_rows rows = {0};
        if (!is_role(&v->about.v[i], "output")) continue;
        if (!passports_of(r, v->about.v[i].product, &rows, e)) return false;
        if (rows.n == 0)
            note(r, "%s: the passport of %.*s, which came of it, is not here",
                 ts_life_name(v->kind), TS_P(v->about.v[i].product));
        for (size_t n = 0; n < rows.n; n++) {
            ts_passport_row row;
            ts_document d;
            bool found;
            if (!ts_store_passport(r->job->store, r->a, rows.v[n].id, &row, &found, e) ||
                !ts_document_read(r->a, row.document, &d, e))
                return false;
            add_kinship(r, k, &d);
        }
    }
    return true;
}

/* What went in as a part, and not as what was before, goes on as it is. */
static bool end_inputs(recording *r, const ts_life_event *v, ts_error *e) {
    kinship k = {0};
    if (!kinship_of(r, v, &k, e)) return false;
    for (size_t i = 0; i < v->about.n; i++) {
        const ts_life_about *x = &v->about.v[i];
        bool before, part;
        if (!is_role(x, "input")) continue;
        if (!named_in(r, &k, x->product, &before, &part, e)) return false;
        if ((before || !part) && !end_all(r, v, x, TS_DPP_INACTIVE, e)) return false;
    }
    return true;
}

static bool gone(recording *r, const ts_life_event *v, ts_error *e) {
    for (size_t i = 0; i < v->about.n; i++) {
        const ts_life_about *x = &v->about.v[i];
        if ((is_role(x, "subject") || is_role(x, "input")) && !end_all(r, v, x, TS_DPP_ARCHIVED, e))
            return false;
    }
    return true;
}

static bool effect(recording *r, const ts_life_event *v, ts_error *e) {
    switch (v->kind) {
    case TS_LIFE_REMANUFACTURE:
    case TS_LIFE_REPURPOSE: return end_inputs(r, v, e);
    case TS_LIFE_RECYCLE:
    case TS_LIFE_DESTROY: return gone(r, v, e);
    case TS_LIFE_RECALL:
    case TS_LIFE_LIFT:
        note(r,
             "%s is recorded as an event; the passport's safety status is set by its operator with "
             "`touchstone passport safety`, an authority states its own with `touchstone passport "
             "statement`",
             ts_life_name(v->kind));
        return true;
    default: return true;
    }
}

/* ---- All of it ---- */

static bool add(recording *r, const ts_life_event *v, ts_error *e) {
    bool fresh;
    ts_event_row row = {.id = ts_life_event_id(r->a, v),
                        .kind = ts_str_c(ts_life_name(v->kind)),
                        .at = v->at,
                        .recorded = r->job->now,
                        .by = r->job->by.name,
                        .body = v->body};
    for (size_t i = 0; i < v->about.n; i++) {
        __typeof__(*row.about.v) *x = ts_push(r->a, &row.about);
        x->product = v->about.v[i].product;
        x->role = v->about.v[i].role;
    }
    if (!ts_store_add_event(r->job->store, &row, &fresh, e)) return false;
    *ts_push(r->a, &r->done->ids) = row.id;
    r->done->events++;
    r->done->fresh += fresh;
    return true;
}

static bool known(recording *r, const ts_life_event *v, ts_error *e) {
    bool any = false;
    for (size_t i = 0; i < v->about.n && !any; i++) {
        ts_passport_rows rows;
        if (!nearest(r, v->about.v[i].product, &rows, e)) return false;
        any = rows.n > 0;
    }
    if (!any)
        note(r, "no passport is here of what the event %.*s is about",
             TS_P(ts_life_event_id(r->a, v)));
    return true;
}

static bool record_one(recording *r, const ts_life_event *v, ts_error *e) {
    if (v->at > r->job->now + 86400)
        return ts_fail(e, TS_E_INPUT,
                       "the event lies more than a day ahead: what will happen is not recorded");
    return may(r, v, e) && asked(r, v, e) && add(r, v, e) && known(r, v, e) && effect(r, v, e);
}

static bool within(recording *r, ts_error *e) {
    if (!put_second_life(r, e)) return false;
    for (size_t i = 0; i < r->events.n; i++) {
        ts_error why = {0};
        if (record_one(r, &r->events.v[i], &why)) continue;
        if (r->events.n == 1) return *e = why, false;
        return ts_fail(e, why.code, "event %zu of %zu: %s", i + 1, r->events.n, why.msg);
    }
    return true;
}

/* The document of a second life that came with its events. */
static bool enclosed(recording *r, ts_error *e) {
    const ts_json_options strict = {.strict = true};
    r->passport = r->job->passport;
    if (r->passport.n) return true;
    const ts_json *root = ts_json_parse(r->a, r->job->events, strict, e);
    if (!root) return false;
    const ts_json *v = ts_json_member(root, "touchstone:passport");
    if (!v) v = ts_json_member(root, TS_LIFE_PREFIX "passport");
    if (!v) return true;
    ts_buf b = ts_buf_new(r->a, DOCUMENT_CAP);
    if (!ts_canonical(&b, *r->a, v, e)) return false;
    r->passport = ts_buf_str(&b);
    return true;
}

bool ts_life_record(ts_arena *a, const ts_life_job *job, ts_life_done *out, ts_error *e) {
    recording r = {.a = a, .job = job, .done = out};
    ts_error why = {0};
    *out = (ts_life_done){0};
    if (!job->by.name.n)
        return ts_fail(e, TS_E_USAGE, "an event is recorded by somebody: give a name or DID");
    if (!ts_epcis_read(a, job->events, &r.events, e) || !enclosed(&r, e)) return false;
    if (r.events.n == 0) return ts_fail(e, TS_E_INPUT, "the document holds no events");
    if (!ts_store_begin(job->store, e)) return false;
    bool ok = ts_store_end(job->store, within(&r, &why), &why);
    if (!ok && e) *e = why;
    return ok;
}
