/* A version that follows another is signed for everybody the one before was signed for. */
#include "issue_part.h"

static bool audiences_of(ts_str names, ts_audiences *who) {
    ts_audience one;
    *who = 0;
    while (names.p) {
        if (!ts_audience_by_name(ts_str_cut(&names, '+'), &one)) return false;
        *who |= 1u << one;
    }
    return true;
}

/* The job that signs like `before` did; false for what came from elsewhere. */
static bool job_like(ts_arena *a, const ts_secured_row *before, const ts_issue_job *job,
                     ts_issue_job *out) {
    *out = *job;
    out->list = before->list;
    return ts_form_by_name(ts_str_z(a, before->form), &out->form) &&
           audiences_of(before->audience, &out->who);
}

bool issue_change(ts_arena *a, const ts_issue_job *job, ts_issued *out, ts_error *e) {
    ts_document d;
    ts_passport_row row;
    ts_secured_rows before = {0};
    ts_issue_job main_one = *job, other;
    ts_issued also;
    bool found;
    ts_signer by = ts_signer_complete(a, job->by);
    if (!ts_document_read(a, job->document, &d, e) ||
        !ts_store_passport(job->store, a, d.id, &row, &found, e) ||
        (found && !ts_store_secured(job->store, a, d.id, row.version, &before, e)))
        return false;
    ts_audiences who = job->who ? job->who : 1u << TS_AUD_PUBLIC;
    for (size_t i = 0; i < before.n; i++) /* it keeps its place in a status list */
        if (ts_str_eq(before.v[i].issuer, by.issuer) && job_like(a, &before.v[i], job, &other) &&
            other.form == job->form && other.who == who && !job->list.n)
            main_one.list = other.list;
    if (!issue_within(a, &main_one, out, e)) return false;
    for (size_t i = 0; i < before.n; i++)
        if (ts_str_eq(before.v[i].issuer, by.issuer) && job_like(a, &before.v[i], job, &other) &&
            !(other.form == job->form && other.who == who) && !issue_within(a, &other, &also, e))
            return false;
    return true;
}
