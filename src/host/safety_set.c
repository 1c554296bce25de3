/* The issuer's own word on safety: a further entry of the document, signed, and its event. */
#include "issue_part.h"
#include "statement_part.h"

enum { DOCUMENT_CAP = 2 << 20, GROUP = 200 };

/* The document with one more safety entry; other members as they were. */
typedef struct entry {
    ts_str status, by, by_name, notice, at, text;
} entry;

static void write_entry(ts_jsonw *w, const entry *x) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "status", x->status);
    ts_jsonw_key(w, "by");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", x->by);
    ts_jsonw_kstr_opt(w, "name", x->by_name);
    ts_jsonw_end(w);
    ts_jsonw_kstr(w, "at", x->at);
    ts_jsonw_kstr_opt(w, "notice", x->notice);
    if (x->text.n) {
        ts_jsonw_key(w, "text");
        ts_jsonw_raw(w, x->text);
    }
    ts_jsonw_end(w);
}

static bool value_text(ts_arena *a, const ts_json *v, ts_str *out, ts_error *e) {
    ts_buf b = ts_buf_new(a, DOCUMENT_CAP);
    *out = TS_NONE;
    if (!ts_canonical(&b, *a, v, e)) return false;
    *out = ts_buf_str(&b);
    return true;
}

static bool write_safety(ts_arena *a, ts_jsonw *w, const ts_json *list, const entry *x,
                         ts_error *e) {
    ts_jsonw_key(w, "safety");
    ts_jsonw_array(w);
    TS_JSON_EACH(old, list) {
        ts_str text;
        if (!value_text(a, old, &text, e)) return false;
        ts_jsonw_raw(w, text);
    }
    write_entry(w, x);
    ts_jsonw_end(w);
    return true;
}

static bool with_entry(ts_arena *a, const ts_document *d, const entry *x, ts_str *out,
                       ts_error *e) {
    ts_buf b = ts_buf_new(a, DOCUMENT_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    TS_JSON_EACH_MEMBER(name, value, d->root) {
        ts_str text;
        if (ts_str_is(ts_json_str(name), "safety")) continue;
        if (!value_text(a, value, &text, e)) return false;
        ts_jsonw_key_str(&w, ts_json_str(name));
        ts_jsonw_raw(&w, text);
    }
    if (!write_safety(a, &w, ts_json_member(d->root, "safety"), x, e)) return false;
    ts_jsonw_end(&w);
    *out = ts_buf_str(&b);
    return !b.full || ts_fail(e, TS_E_LIMIT, "the passport has grown too large");
}

static bool entry_of(ts_arena *a, const ts_safety_job *job, const ts_document *d, entry *x,
                     ts_error *e) {
    char at[24];
    *x = (entry){.status = ts_str_c(ts_safety_status_name(job->status)),
                 .by = d->operator_id,
                 .by_name = job->by.name.n ? job->by.name : d->operator_name,
                 .notice = job->notice ? job->notice->id : job->notice_id,
                 .at = ts_str_dup(a, ts_instant_iso(job->now, at))};
    if (job->text) return value_text(a, job->text, &x->text, e);
    return !job->notice || job->status == TS_SAFETY_LIFTED ||
           ts_notice_says(a, job->notice, &x->text, e);
}

/* Whether that is what the passport says already. */
static bool says_so(const ts_document *d, const entry *x) {
    for (size_t i = 0; i < d->safety.n; i++)
        if (ts_str_eq(d->safety.v[i].notice, x->notice) &&
            ts_str_is(x->status, ts_safety_status_name(d->safety.v[i].status)) &&
            !ts_document_safety_end(d, i))
            return true;
    return false;
}

static bool something_stands(const ts_document *d, ts_str notice) {
    for (size_t i = 0; i < d->safety.n; i++)
        if (d->safety.v[i].status != TS_SAFETY_LIFTED && !ts_document_safety_end(d, i) &&
            (!notice.n || ts_str_eq(d->safety.v[i].notice, notice)))
            return true;
    return false;
}

/* EPCIS: recalled, or that it is no longer. A warning alone is no disposition of the goods. */
static bool add_event(ts_arena *a, const ts_safety_job *job, const ts_document *d, ts_error *e) {
    bool lifts = job->status == TS_SAFETY_LIFTED, fresh;
    if (job->status == TS_SAFETY_WARNING) return true;
    ts_life_make m = {.kind = lifts ? TS_LIFE_LIFT : TS_LIFE_RECALL,
                      .at = job->now,
                      .by = d->operator_id,
                      .note = job->notice ? job->notice->id : job->notice_id};
    *ts_push(a, &m.about) = (ts_life_about){
        .product = d->product.text, .given = d->product.given, .role = TS_S("subject")};
    ts_str body;
    if (!ts_life_event_make(a, &m, &body, e)) return false;
    ts_life_event made;
    if (!ts_epcis_read_event(a, body, &made, e)) return false;
    ts_event_row row = {.id = made.id,
                        .kind = ts_str_c(ts_life_name(m.kind)),
                        .at = job->now,
                        .recorded = job->now,
                        .by = d->operator_id,
                        .body = body};
    ts_push(a, &row.about)->product = d->product.text;
    row.about.v[0].role = TS_S("subject");
    return ts_store_add_event(job->store, &row, &fresh, e);
}

/* ---- The notice credential that goes with it ---- */

static bool keep_statement(ts_arena *a, const ts_safety_job *job, ts_str credential,
                           const ts_statement_row *answers, ts_error *e) {
    statement_facts f;
    bool fresh;
    if (!statement_of_bytes(a, credential, &f, e)) return false;
    ts_statement_row row = {.id = f.id,
                            .kind = f.kind,
                            .about = f.about,
                            .passport = job->passport,
                            .notice = answers ? answers->notice : f.notice,
                            .by = f.by,
                            .by_name = f.by_name,
                            .at = f.at,
                            .bytes = credential};
    return ts_store_add_statement(job->store, &row, &fresh, e);
}

static bool answered(const ts_statement_rows *rows, ts_str id) {
    for (size_t i = 0; i < rows->n; i++)
        if (ts_str_eq(rows->v[i].about, id) && ts_str_is(rows->v[i].kind, "lifted")) return true;
    return false;
}

/* Lifts the credentials that the operator gave out on this notice, or on all where none is named.
 */
static bool lift_credentials(ts_arena *a, const ts_safety_job *job, const ts_document *d,
                             ts_error *e) {
    ts_statement_rows rows = {0};
    ts_str notice = job->notice ? job->notice->id : job->notice_id, credential;
    if (!ts_store_statements(job->store, a, d->id, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++) {
        const ts_statement_row *r = &rows.v[i];
        if (r->about.n || !ts_str_eq(r->by, d->operator_id) || answered(&rows, r->id) ||
            (notice.n && !ts_str_eq(notice, r->notice)))
            continue;
        if (!ts_statement_answer(a, &job->by, r->id, "lifted", TS_NONE, job->now, &credential, e) ||
            !keep_statement(a, job, credential, r, e))
            return false;
    }
    return true;
}

/* What the passport says now, as a credential by itself: to be handed on, and verified without the
 * passport. */
static bool add_credential(ts_arena *a, const ts_safety_job *job, const ts_document *d,
                           ts_error *e) {
    ts_str credential;
    ts_safety_job named = *job;
    if (!named.by.name.n) named.by.name = d->operator_name;
    if (job->status == TS_SAFETY_LIFTED) return lift_credentials(a, &named, d, e);
    return ts_statement_make(a, &named, &credential, e) &&
           keep_statement(a, &named, credential, 0, e);
}

/* ---- One passport ---- */

static bool is_operator(ts_arena *a, const ts_safety_job *job, const ts_document *d, ts_error *e) {
    if (!job->by.key) return ts_fail(e, TS_E_USAGE, "a safety status is signed: no key was given");
    const ts_signer by = ts_signer_complete(a, job->by);
    return ts_str_eq(by.issuer, d->operator_id) ||
           ts_fail(e, TS_E_USAGE,
                   "the passport %.*s is that of %.*s, the signer is %.*s: make a statement "
                   "instead (`touchstone passport statement`)",
                   TS_P(d->id), TS_P(d->operator_id), TS_P(by.issuer));
}

static bool can_be_said(const ts_safety_job *job, const ts_document *d, ts_error *e) {
    ts_str notice = job->notice ? job->notice->id : job->notice_id;
    if (job->status == TS_SAFETY_NONE_KNOWN)
        return ts_fail(e, TS_E_USAGE,
                       "\"none_known\" is what holds without a word: lift what was said");
    return job->status != TS_SAFETY_LIFTED || something_stands(d, notice) ||
           ts_fail(e, TS_E_USAGE, "nothing stands in the passport %.*s%s%.*s that could be lifted",
                   TS_P(d->id), notice.n ? " of notice " : "", TS_P(notice));
}

static bool set_within(ts_arena *a, const ts_safety_job *job, bool credential, ts_issued *out,
                       ts_error *e) {
    ts_passport_row row;
    ts_document d;
    entry x;
    ts_issue_job issue = {.store = job->store,
                          .by = job->by,
                          .form = job->form,
                          .now = job->now,
                          .until = TS_NO_TIME};
    bool found;
    if (!ts_store_passport(job->store, a, job->passport, &row, &found, e)) return false;
    if (!found)
        return ts_fail(e, TS_E_NOT_FOUND, "the store has no passport '%.*s'", TS_P(job->passport));
    if (!ts_document_read(a, row.document, &d, e) || !is_operator(a, job, &d, e) ||
        !entry_of(a, job, &d, &x, e))
        return false;
    if (says_so(&d, &x)) {
        issue.document = row.document;
        return issue_change(a, &issue, out, e);
    }
    return can_be_said(job, &d, e) && with_entry(a, &d, &x, &issue.document, e) &&
           issue_change(a, &issue, out, e) && add_event(a, job, &d, e) &&
           (!credential || add_credential(a, job, &d, e));
}

bool ts_safety_set(ts_arena *a, const ts_safety_job *job, ts_issued *out, ts_error *e) {
    *out = (ts_issued){0};
    return ts_store_begin(job->store, e) &&
           ts_store_end(job->store, set_within(a, job, true, out, e), e);
}

/* ---- For all that a notice hits ---- */

typedef struct hits {
    ts_arena *a;
    struct {
        struct hit {
            ts_str id;
            bool by_itself;
        } * v;
        size_t n, cap;
    } inside;
    bool directly;
    uint64_t open;
} hits;

static bool collect(void *ctx, const ts_affected_row *row) {
    hits *h = ctx;
    h->open += row->found.inside == TS_OPEN;
    if (row->found.inside == TS_YES && (!h->directly || !row->through.n))
        *ts_push(h->a, &h->inside) = (struct hit){ts_str_dup(h->a, row->passport), !row->through.n};
    return true;
}

/* Whether there is something that can be lifted; what was never said is not lifted. */
static bool liftable(ts_arena *a, const ts_safety_job *job, const ts_passport_row *row, bool *yes,
                     ts_error *e) {
    ts_document d;
    *yes = job->status != TS_SAFETY_LIFTED;
    if (*yes) return true;
    if (!ts_document_read(a, row->document, &d, e)) return false;
    *yes = something_stands(&d, job->notice->id);
    return true;
}

/* One of those hit: set, there already, or another operator's. */
static bool set_one(ts_arena *a, const ts_safety_job *job, bool by_itself, ts_safety_done *out,
                    ts_error *e) {
    ts_issued issued;
    ts_passport_row row;
    bool found, can;
    ts_signer by = ts_signer_complete(a, job->by);
    if (!ts_store_passport(job->store, a, job->passport, &row, &found, e)) return false;
    if (!found || !ts_str_eq(row.operator_id, by.issuer)) return out->others++, true;
    if (!liftable(a, job, &row, &can, e)) return false;
    if (!can) return out->already++, true;
    if (!set_within(a, job, by_itself, &issued, e)) return false;
    *(issued.new_version ? &out->set : &out->already) += 1;
    return true;
}

static bool set_group(ts_arena scratch, const ts_safety_job *job, const hits *h, size_t from,
                      size_t to, ts_safety_done *out, ts_error *e) {
    ts_safety_done done = *out;
    ts_safety_job one = *job;
    if (!ts_store_begin(job->store, e)) return false;
    bool ok = true;
    for (size_t i = from; ok && i < to; i++) {
        ts_arena work = scratch;
        one.passport = h->inside.v[i].id;
        ok = set_one(&work, &one, h->inside.v[i].by_itself, &done, e);
    }
    if (!ts_store_end(job->store, ok, e)) return false;
    *out = done;
    return true;
}

bool ts_safety_set_affected(ts_arena *a, const ts_safety_job *job, bool directly,
                            ts_safety_done *out, ts_error *e) {
    hits h = {.a = a, .directly = directly};
    ts_affected_counts counts;
    *out = (ts_safety_done){0};
    if (!job->notice) return ts_fail(e, TS_E_USAGE, "name the notice that hits them");
    if (!job->by.key) return ts_fail(e, TS_E_USAGE, "a safety status is signed: no key was given");
    const ts_affected_job find = {
        .store = job->store, .notice = job->notice, .each = collect, .ctx = &h};
    if (!ts_passports_affected(a, &find, &counts, e)) return false;
    out->open = h.open;
    for (size_t i = 0; i < h.inside.n; i += GROUP) {
        size_t to = i + GROUP < h.inside.n ? i + GROUP : h.inside.n;
        if (!set_group(*a, job, &h, i, to, out, e)) return false;
    }
    return true;
}
