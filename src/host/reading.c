#include "reading.h"

/* ---- Which passport ---- */

/* The passport of a product, or of what it is one of. */
static bool by_product(ts_arena *a, const ts_reading_job *job, ts_str *id, bool *closest,
                       ts_error *e) {
    ts_product_id product;
    ts_link_levels levels;
    ts_error ignored;
    *id = TS_NONE;
    if (!ts_product_id_read(a, job->id, &product, &ignored)) return true;
    if (!ts_links_find(a, job->store, &product, false, &levels, e)) return false;
    if (levels.rows.n) *id = levels.rows.v[0].id;
    *closest = !levels.exact;
    return true;
}

static bool missing(const ts_reading_job *job, ts_error *e) {
    return ts_fail(e, TS_E_NOT_FOUND, "no passport '%.*s' is kept here%s",
                   TS_P(ts_str_clip(job->id, 500)), job->at == TS_NO_TIME ? "" : " of that time");
}

/* The row of the passport that is meant, as it stood then. */
static bool find_row(ts_arena *a, const ts_reading_job *job, ts_passport_row *row, bool *closest,
                     ts_error *e) {
    bool found;
    int64_t when = job->at == TS_NO_TIME ? INT64_MAX : job->at;
    *closest = false;
    if (!ts_store_passport_at(job->store, a, job->id, when, row, &found, e)) return false;
    if (!found) {
        ts_str id;
        if (!by_product(a, job, &id, closest, e)) return false;
        if (id.n && !ts_store_passport_at(job->store, a, id, when, row, &found, e)) return false;
    }
    return found || missing(job, e);
}

bool ts_reading_which(ts_arena *a, const ts_reading_job *job, ts_str *id, ts_error *e) {
    ts_passport_row row;
    bool closest;
    if (!find_row(a, job, &row, &closest, e)) return false;
    *id = row.id;
    return true;
}

/* ---- What of it can be checked without asking anybody ---- */

typedef struct house {
    const ts_reading_job *job;
    ts_str did_url;
} house;

static bool at_hand(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes,
                    ts_error *why) {
    const house *h = ctx;
    ts_list_row list;
    bool found = false;
    if (what == TS_WANT_DID_DOCUMENT && h->did_url.n && ts_str_eq(url, h->did_url)) {
        *bytes = h->job->did;
        return true;
    }
    if ((what == TS_WANT_STATUS_LIST || what == TS_WANT_LIST_AT_HAND) &&
        !ts_store_list(h->job->store, a, url, &list, &found, why))
        return false;
    if (found && list.secured.n) {
        *bytes = list.secured;
        return true;
    }
    return ts_fail(why, TS_E_NET, "%.*s is not at hand in this house, and a page fetches nothing",
                   TS_P(url));
}

static void check(ts_arena *a, const ts_reading_job *job, ts_str bytes, ts_reading *out) {
    ts_error ignored;
    house h = {.job = job};
    const ts_json *did =
        job->did.n ? ts_json_parse(a, job->did, (ts_json_options){.strict = true}, &ignored) : 0;
    ts_str id = ts_json_str(ts_json_member(did, "id"));
    if (!ts_str_starts(id, TS_S("did:web:")) || !ts_did_web_url(a, id, &h.did_url, &ignored))
        h.did_url = TS_NONE;
    const ts_verify_options o = {.now = job->now,
                                 .source = {at_hand, &h},
                                 .expect_product = out->document.product.kind == TS_PID_GS1
                                                       ? out->document.product.text
                                                       : TS_NONE};
    ts_verify(a, bytes, &o, &out->checked);
}

static bool seal_of(ts_arena *a, const ts_reading_job *job, ts_reading *out, ts_error *e) {
    ts_secured_rows rows = {0};
    if (!ts_store_secured(job->store, a, out->row.id, out->row.version, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++)
        if (ts_str_is(rows.v[i].audience, "public")) {
            out->seal = rows.v[i];
            out->sealed = true;
        }
    if (out->sealed) {
        const ts_hash_value h = ts_sha_of(TS_SHA256, out->seal.bytes);
        out->seal_digest = ts_hash_hex(a, &h);
        check(a, job, out->seal.bytes, out);
    }
    out->seal.bytes = TS_NONE;
    return true;
}

/* ---- The whole ---- */

bool ts_reading_of(ts_arena *a, const ts_reading_job *job, ts_reading *out, ts_error *e) {
    ts_document whole;
    ts_str view;
    *out = (ts_reading){0};
    if (!find_row(a, job, &out->row, &out->closest, e)) return false;
    bool own = job->operator_id.n && ts_str_eq(job->operator_id, out->row.operator_id);
    ts_audiences who = job->who | (own ? job->as_operator : 0);
    if (!ts_document_read(a, out->row.document, &whole, e) ||
        !ts_document_packs(a, &whole, ts_pack_find_shared, job->packs, &out->packs, e) ||
        !ts_document_view(a, &whole, &out->packs, who, &view, &out->omitted, e) ||
        !ts_document_read(a, view, &out->document, e) || !seal_of(a, job, out, e) ||
        !ts_safety_of(a, job->store, out->row.id, &out->safety, e) ||
        !ts_life_of(a, job->store, out->row.id, &out->life, e) ||
        !ts_life_view(a, &out->life, who, e) ||
        !ts_store_passport_versions(job->store, a, out->row.id, &out->versions, e))
        return false;
    out->row.document = TS_NONE;
    out->newest = out->versions.n ? out->versions.v[0].version : out->row.version;
    return true;
}
