/* Third parties' statements on the safety of passports: made, answered, taken in. */
#include "statement_part.h"

enum { TEXT_CAP = 1 << 16, LINE_CAP = 1500 };

/* ---- Made ---- */

static const char *const contexts[] = {"https://www.w3.org/ns/credentials/v2",
                                       "https://www.w3.org/ns/credentials/undefined-terms/v2"};

static void strings(ts_jsonw *w, const char *name, const char *const *v, size_t n) {
    ts_jsonw_key(w, name);
    ts_jsonw_array(w);
    for (size_t i = 0; i < n; i++) ts_jsonw_str(w, ts_str_c(v[i]));
    ts_jsonw_end(w);
}

/* The credential up to its subject, which the caller writes and closes with it. */
static bool open_credential(ts_arena *a, ts_jsonw *w, const ts_signer *by, int64_t now,
                            ts_error *e) {
    static const char *const types[] = {"VerifiableCredential", STATEMENT_TYPE};
    char at[24];
    ts_str id;
    if (!ts_urn_new(a, &id, e)) return false;
    ts_jsonw_object(w);
    strings(w, "@context", contexts, 2);
    ts_jsonw_kstr(w, "id", id);
    strings(w, "type", types, 2);
    ts_jsonw_key(w, "issuer");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", by->issuer);
    ts_jsonw_kstr_opt(w, "name", by->name);
    ts_jsonw_end(w);
    ts_jsonw_kstr(w, "validFrom", ts_instant_iso(now, at));
    ts_jsonw_key(w, "credentialSubject");
    ts_jsonw_object(w);
    return true;
}

static bool sealed(ts_arena *a, ts_jsonw *w, const ts_signer *by, int64_t now, ts_str *out,
                   ts_error *e) {
    statement_facts ignored;
    ts_jsonw_end(w);
    ts_jsonw_end(w);
    if (w->b->full) return ts_fail(e, TS_E_LIMIT, "the statement is too long");
    return ts_secure(a, ts_buf_str(w->b), by, true, now, out, e) &&
           statement_of_bytes(a, *out, &ignored, e);
}

bool ts_notice_says(ts_arena *a, const ts_notice *n, ts_str *text, ts_error *e) {
    ts_str head = n->title.n ? n->title : n->name.n ? n->name : n->product;
    ts_str parts[] = {head, n->hazard, n->remedy.n ? n->remedy : n->measures};
    ts_buf line = ts_buf_new(a, TEXT_CAP), b = ts_buf_new(a, TEXT_CAP);
    for (int i = 0; i < 3; i++) {
        ts_str part = ts_str_clip(ts_str_trim(parts[i]), LINE_CAP);
        if (!part.n) continue;
        if (line.n) ts_buf_c(&line, ' ');
        ts_buf_put(&line, part);
        if (!ts_str_ends(part, TS_S(".")) && !ts_str_ends(part, TS_S("。"))) ts_buf_c(&line, '.');
    }
    *text = TS_NONE;
    if (!line.n) return true;
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_key_str(&w, n->language.n ? n->language : TS_S("und"));
    ts_jsonw_str(&w, ts_buf_str(&line));
    ts_jsonw_end(&w);
    *text = ts_buf_str(&b);
    return !b.full || ts_fail(e, TS_E_LIMIT, "the notice's text is too long");
}

static bool write_text(ts_arena *a, ts_jsonw *w, const ts_safety_job *job, ts_error *e) {
    ts_str text = TS_NONE;
    if (job->text) {
        ts_buf b = ts_buf_new(a, TEXT_CAP);
        if (!ts_canonical(&b, *a, job->text, e)) return false;
        text = ts_buf_str(&b);
    } else if (job->notice && !ts_notice_says(a, job->notice, &text, e))
        return false;
    if (!text.n) return true;
    ts_jsonw_key(w, "text");
    ts_jsonw_raw(w, text);
    return true;
}

static void write_notice(ts_jsonw *w, const ts_safety_job *job) {
    ts_str id = job->notice ? job->notice->id : job->notice_id;
    if (!id.n) return;
    ts_jsonw_key(w, "notice");
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", id);
    if (job->notice) {
        ts_jsonw_kstr_opt(w, "title", job->notice->title);
        ts_jsonw_kstr_opt(w, "url", job->notice->url);
    }
    ts_jsonw_end(w);
}

bool ts_statement_make(ts_arena *a, const ts_safety_job *job, ts_str *credential, ts_error *e) {
    if (!job->by.key) return ts_fail(e, TS_E_USAGE, "a statement is signed: no key was given");
    if (job->status != TS_SAFETY_RECALLED && job->status != TS_SAFETY_WARNING &&
        job->status != TS_SAFETY_WITHDRAWN)
        return ts_fail(e, TS_E_USAGE,
                       "a statement says recalled, warning or withdrawn; one that was made is "
                       "lifted by naming it");
    if (!job->passport.n) return ts_fail(e, TS_E_USAGE, "a statement names the passport");
    const ts_signer by = ts_signer_complete(a, job->by);
    ts_buf b = ts_buf_new(a, STATEMENT_MAX / 2);
    ts_jsonw w = ts_jsonw_to(&b);
    if (!open_credential(a, &w, &by, job->now, e)) return false;
    ts_jsonw_kstr(&w, "id", job->passport);
    ts_jsonw_kstr(&w, "status", ts_str_c(ts_safety_status_name(job->status)));
    write_notice(&w, job);
    return write_text(a, &w, job, e) && sealed(a, &w, &by, job->now, credential, e);
}

bool ts_statement_answer(ts_arena *a, const ts_signer *signer, ts_str statement, const char *kind,
                         ts_str reason, int64_t now, ts_str *credential, ts_error *e) {
    if (!signer->key) return ts_fail(e, TS_E_USAGE, "an answer is signed: no key was given");
    if (strcmp(kind, "contested") != 0 && strcmp(kind, "lifted") != 0)
        return ts_fail(e, TS_E_USAGE, "a statement is contested or lifted, not '%s'", kind);
    if (strcmp(kind, "contested") == 0 && !ts_str_trim(reason).n)
        return ts_fail(e, TS_E_USAGE, "who contests a statement says why: give the reason");
    const ts_signer by = ts_signer_complete(a, *signer);
    ts_buf b = ts_buf_new(a, TEXT_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    if (!open_credential(a, &w, &by, now, e)) return false;
    ts_jsonw_kstr(&w, "id", statement);
    ts_jsonw_kstr(&w, "status", ts_str_c(kind));
    ts_jsonw_kstr_opt(&w, "reason", reason);
    return sealed(a, &w, &by, now, credential, e);
}

/* ---- Taken in ---- */

static bool step_is(const ts_report *r, ts_step step, bool must, ts_error *e) {
    const ts_verdict *v = &r->step[step];
    if (v->answer == TS_YES || (!must && v->answer == TS_OPEN)) return true;
    return ts_fail(e, TS_E_INPUT, "the statement's %s %s: %.*s; nothing was taken",
                   ts_step_name(step), v->answer == TS_NO ? "failed" : "could not be checked",
                   TS_P(v->reason));
}

bool ts_statement_verify(ts_arena *a, ts_str credential, const ts_verify_options *o,
                         ts_statement_row *out, ts_error *e) {
    ts_report r;
    statement_facts f;
    ts_str bytes = ts_str_trim(credential);
    if (!statement_of_bytes(a, bytes, &f, e)) return false;
    ts_verify(a, bytes, o, &r);
    if (!step_is(&r, TS_STEP_SIGNATURE, true, e) || !step_is(&r, TS_STEP_ISSUER, true, e) ||
        !step_is(&r, TS_STEP_STATUS, false, e) || !step_is(&r, TS_STEP_SCHEMA, false, e))
        return false;
    if (r.credentials.n != 1 || !ts_str_eq(r.credentials.v[0].credential.id, f.id) ||
        !ts_str_eq(r.credentials.v[0].credential.issuer, f.by))
        return ts_fail(e, TS_E_INPUT, "a statement comes by itself, one credential at a time");
    *out = (ts_statement_row){.id = f.id,
                              .kind = f.kind,
                              .about = f.about,
                              .passport = f.passport,
                              .notice = f.notice,
                              .by = f.by,
                              .by_name = f.by_name,
                              .at = f.at,
                              .bytes = bytes};
    return true;
}

bool statement_fits(ts_arena *a, const ts_statement_row *row, const ts_verify_options *o,
                    ts_error *e) {
    statement_facts f;
    ts_report r;
    if (!statement_of_bytes(a, row->bytes, &f, e)) return false;
    bool answer = row->about.n > 0;
    if (!ts_str_eq(f.id, row->id) || !ts_str_eq(f.kind, row->kind) || !ts_str_eq(f.by, row->by) ||
        !ts_str_eq(f.about, row->about) || f.at != row->at ||
        (!answer && (!ts_str_eq(f.passport, row->passport) || !ts_str_eq(f.notice, row->notice))))
        return ts_fail(e, TS_E_INPUT, "the statement %.*s is not the one that was signed",
                       TS_P(row->id));
    ts_verify(a, row->bytes, o, &r);
    const ts_verdict *v = &r.step[TS_STEP_SIGNATURE];
    if (v->answer != TS_NO) v = &r.step[TS_STEP_ISSUER];
    return v->answer != TS_NO ||
           ts_fail(e, TS_E_INPUT, "the signature of the statement %.*s is wrong: %.*s",
                   TS_P(row->id), TS_P(v->reason));
}

/* An answer is about the passport of what it answers. */
static bool answers(ts_arena *a, ts_store *s, ts_statement_row *row, ts_error *e) {
    ts_statement_row first;
    bool found;
    if (!ts_store_statement(s, a, row->about, &first, &found, e)) return false;
    if (!found || first.about.n)
        return ts_fail(e, TS_E_NOT_FOUND, "there is no statement %.*s here that could be %.*s",
                       TS_P(row->about), TS_P(row->kind));
    if (ts_str_is(row->kind, "lifted") && !ts_str_eq(first.by, row->by))
        return ts_fail(e, TS_E_USAGE,
                       "the statement is that of %.*s, who alone lifts it; %.*s may contest it",
                       TS_P(first.by), TS_P(row->by));
    if (row->at < first.at)
        return ts_fail(e, TS_E_INPUT, "the answer is older than the statement it answers");
    row->passport = first.passport;
    row->notice = first.notice;
    return true;
}

static bool passport_is_here(ts_arena *a, ts_store *s, ts_str id, ts_error *e) {
    ts_passport_row row;
    bool found;
    if (!ts_store_passport(s, a, id, &row, &found, e)) return false;
    return found || ts_fail(e, TS_E_NOT_FOUND, "there is no passport %.*s here", TS_P(id));
}

bool ts_statement_keep(ts_arena *a, ts_store *s, ts_statement_row *row, bool *fresh, ts_error *e) {
    if (!ts_store_begin(s, e)) return false;
    bool ok = (row->about.n ? answers(a, s, row, e) : passport_is_here(a, s, row->passport, e)) &&
              ts_store_add_statement(s, row, fresh, e);
    return ts_store_end(s, ok, e);
}

bool ts_statement_add(ts_arena *a, ts_store *s, ts_str credential, const ts_verify_options *o,
                      ts_statement_row *out, bool *fresh, ts_error *e) {
    return ts_statement_verify(a, credential, o, out, e) && ts_statement_keep(a, s, out, fresh, e);
}
