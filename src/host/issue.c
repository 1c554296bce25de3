#include "issue_part.h"

#include "place.h"

enum { CANONICAL_CAP = 8 << 20 };

static const char *const form_names[TS_FORMS] = {"untp-jose", "untp-di", "en18223-jose",
                                                 "en18223-di"};

const char *ts_form_name(ts_form f) { return form_names[f]; }

bool ts_form_by_name(const char *name, ts_form *f) {
    for (int i = 0; i < TS_FORMS; i++)
        if (strcmp(form_names[i], name) == 0) return *f = (ts_form)i, true;
    return false;
}

static bool form_is_jose(ts_form f) { return f == TS_FORM_UNTP_JOSE || f == TS_FORM_EU_JOSE; }

/* ---- Who signs ---- */

ts_signer ts_signer_complete(ts_arena *a, ts_signer by) {
    const ts_public_key *k = ts_key_public_of(by.key);
    if (!by.issuer.n) by.issuer = ts_did_key_of(a, k);
    if (!by.method.n) {
        ts_buf b = ts_buf_new(a, 4096);
        ts_buf_put(&b, by.issuer);
        ts_buf_c(&b, '#');
        ts_buf_put(&b, ts_str_starts(by.issuer, TS_S("did:jwk:")) ? TS_S("0")
                                                                  : ts_public_key_multikey(a, k));
        by.method = ts_buf_str(&b);
    }
    return by;
}

/* Whether what is said of the signer can be: a did:key or did:jwk is of this key, and the method is
 * the issuer's own. */
static bool speaks_for(ts_arena *a, const ts_signer *by, ts_error *e) {
    const ts_public_key *k = ts_key_public_of(by->key);
    bool key = ts_str_starts(by->issuer, TS_S("did:key:")),
         jwk = ts_str_starts(by->issuer, TS_S("did:jwk:"));
    if ((key && !ts_str_eq(by->issuer, ts_did_key_of(a, k))) ||
        (jwk && !ts_str_eq(by->issuer, ts_did_jwk_of(a, k))))
        return ts_fail(e, TS_E_USAGE, "the issuer %.*s is another key than the one that signs",
                       TS_P(by->issuer));
    if (!ts_str_starts(by->method, by->issuer) || by->method.n <= by->issuer.n ||
        by->method.p[by->issuer.n] != '#')
        return ts_fail(e, TS_E_USAGE, "the verification method %.*s is not one of the issuer %.*s",
                       TS_P(by->method), TS_P(by->issuer));
    return true;
}

bool ts_urn_new(ts_arena *a, ts_str *out, ts_error *e) {
    uint8_t r[16];
    if (!ts_random_secret(r, sizeof r, e)) return false;
    r[6] = (uint8_t)((r[6] & 0x0F) | 0x40);
    r[8] = (uint8_t)((r[8] & 0x3F) | 0x80);
    ts_buf b = ts_buf_new(a, 64);
    ts_buf_lit(&b, "urn:uuid:");
    for (int i = 0; i < 16; i++)
        ts_buf_fmt(&b, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", r[i]);
    *out = ts_buf_str(&b);
    return true;
}

/* ---- One credential ---- */

static bool as_token(ts_arena *a, ts_str text, const ts_signer *by, ts_str *out, ts_error *e) {
    const ts_jws_header h = {.typ = TS_S("vc+jwt"), .cty = TS_S("vc"), .kid = by->method};
    return ts_jws_sign(a, &h, text, by->key, out, e);
}

bool ts_secure_tree(ts_arena *a, const ts_json *root, const ts_signer *by, bool jose, int64_t now,
                    ts_str *out, ts_error *e) {
    if (jose) {
        ts_buf b = ts_buf_new(a, CANONICAL_CAP);
        return ts_canonical(&b, *a, root, e) && as_token(a, ts_buf_str(&b), by, out, e);
    }
    char created[24];
    const ts_proof_options o = {.verification_method = by->method,
                                .created = ts_str_dup(a, ts_instant_iso(now, created))};
    return ts_proof_add(a, root, &o, by->key, out, e);
}

bool ts_secure(ts_arena *a, ts_str text, const ts_signer *by, bool jose, int64_t now, ts_str *out,
               ts_error *e) {
    if (jose) return as_token(a, text, by, out, e);
    const ts_json *root = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    return root && ts_secure_tree(a, root, by, false, now, out, e);
}

/* ---- Status lists ---- */

static const int64_t list_days = 30; /* a list that was not signed anew for so long is stale */

static bool sign_row(ts_arena *a, const ts_signer *by, ts_list_row *row, int64_t now, ts_error *e) {
    ts_status_list l = {.id = row->url,
                        .issuer = by->issuer,
                        .bits = row->bits,
                        .from = now,
                        .until = now + list_days * 86400};
    *ts_push(a, &l.purposes) = row->purpose;
    ts_str text;
    row->at = now;
    return ts_status_list_write(a, &l, &text, e) &&
           ts_secure(a, text, by, true, now, &row->secured, e);
}

/* The list; made when it is not there. */
static bool list_row(ts_arena *a, ts_store *s, const ts_signer *by, ts_str url, int64_t now,
                     ts_list_row *row, ts_error *e) {
    bool found;
    if (!ts_store_list(s, a, url, row, &found, e)) return false;
    if (found) return true;
    if (!ts_str_starts(url, TS_S("https://")))
        return ts_fail(e, TS_E_USAGE,
                       "a status list is fetched by whoever verifies: its address begins with "
                       "https://, unlike '%.*s'",
                       TS_P(url));
    *row = (ts_list_row){.url = url, .purpose = TS_S("revocation")};
    row->bits = (ts_str){ts_new_n(a, char, TS_STATUS_LIST_BITS / 8), TS_STATUS_LIST_BITS / 8};
    return sign_row(a, by, row, now, e) && ts_store_put_list(s, row, e);
}

/* A free entry, drawn at random: neighbours in the list tell nothing about time or number. */
static bool take_entry(ts_arena *a, const ts_issue_job *job, const ts_signer *by,
                       ts_status_entry *out, ts_error *e) {
    ts_list_row row;
    int64_t used;
    bool taken = false;
    if (!list_row(a, job->store, by, job->list, job->now, &row, e) ||
        !ts_store_list_used(job->store, job->list, &used, e))
        return false;
    uint64_t size = row.bits.n * 8;
    if ((uint64_t)used >= size - size / 8)
        return ts_fail(e, TS_E_LIMIT,
                       "%lld of %llu entries of the list %.*s are taken: name a new list",
                       (long long)used, (unsigned long long)size, TS_P(job->list));
    *out = (ts_status_entry){.type = TS_S("BitstringStatusListEntry"),
                             .purpose = row.purpose,
                             .list = job->list,
                             .size = 1};
    while (!taken) {
        uint64_t r;
        if (!ts_random_secret(&r, sizeof r, e)) return false;
        out->index = r % size;
        if (!ts_store_take_index(job->store, job->list, (int64_t)out->index, &taken, e))
            return false;
    }
    return true;
}

bool ts_sign_list(ts_arena *a, ts_store *s, const ts_signer *signer, ts_str url, int64_t now,
                  ts_str *list, ts_error *e) {
    const ts_signer by = ts_signer_complete(a, *signer);
    ts_list_row row;
    if (!ts_store_begin(s, e)) return false;
    bool ok = list_row(a, s, &by, url, now, &row, e) && sign_row(a, &by, &row, now, e) &&
              ts_store_put_list(s, &row, e);
    *list = row.secured;
    return ts_store_end(s, ok, e);
}

static bool set_bit(ts_arena *a, ts_list_row *row, int64_t index, bool set, ts_error *e) {
    if (index < 0 || (uint64_t)index / 8 >= row->bits.n)
        return ts_fail(e, TS_E_STORE, "entry %lld lies outside the list %.*s", (long long)index,
                       TS_P(row->url));
    if (!set && ts_str_is(row->purpose, "revocation"))
        return ts_fail(e, TS_E_USAGE, "a revocation is not taken back: issue the passport anew");
    char *bits = (char *)ts_str_z(a, row->bits);
    char mask = (char)(0x80 >> (index & 7));
    if (set)
        bits[index / 8] |= mask;
    else
        bits[index / 8] &= (char)~mask;
    row->bits.p = bits;
    return true;
}

/* What a passport states no longer stands where a signed form of its newest version is revoked. */
static bool unseal(ts_arena *a, ts_store *s, const ts_secured_row *r, ts_error *e) {
    ts_passport_row row;
    bool found;
    return ts_store_passport(s, a, r->passport, &row, &found, e) &&
           (!found || row.version != r->version || ts_store_seal_place(s, r->passport, false, e));
}

static bool set_status(ts_arena *a, ts_store *s, const ts_signer *by, ts_str credential, bool set,
                       int64_t now, ts_str *list, ts_error *e) {
    ts_secured_row secured;
    ts_list_row row;
    bool found;
    if (!ts_store_secured_by_id(s, a, credential, &secured, &found, e)) return false;
    if (!found)
        return ts_fail(e, TS_E_NOT_FOUND,
                       "the store holds no credential %.*s; `touchstone passport show` lists them",
                       TS_P(credential));
    if (!secured.list.n)
        return ts_fail(e, TS_E_USAGE,
                       "the credential %.*s was issued without a status list: it cannot be revoked",
                       TS_P(credential));
    if (!ts_str_eq(secured.issuer, by->issuer))
        return ts_fail(e, TS_E_USAGE, "the credential was issued by %.*s, the key is of %.*s",
                       TS_P(secured.issuer), TS_P(by->issuer));
    if (!list_row(a, s, by, secured.list, now, &row, e) ||
        !set_bit(a, &row, secured.index, set, e) || !sign_row(a, by, &row, now, e) ||
        !ts_store_put_list(s, &row, e) || (set && !unseal(a, s, &secured, e)))
        return false;
    *list = row.secured;
    return true;
}

bool ts_set_status(ts_arena *a, ts_store *s, const ts_signer *signer, ts_str credential, bool set,
                   int64_t now, ts_str *list, ts_error *e) {
    const ts_signer by = ts_signer_complete(a, *signer);
    return ts_store_begin(s, e) &&
           ts_store_end(s, set_status(a, s, &by, credential, set, now, list, e), e);
}

/* ---- Issue ---- */

typedef struct issuing {
    const ts_issue_job *job;
    ts_signer by;
    ts_document document;
    ts_packs packs;
    ts_str audience;
    ts_audiences who;
} issuing;

bool ts_put_version(ts_arena *a, ts_store *s, const ts_document *d, int64_t now,
                    ts_version_put *out, ts_error *e) {
    ts_passport_row row;
    bool found;
    ts_buf b = ts_buf_new(a, CANONICAL_CAP);
    if (!ts_canonical(&b, *a, d->root, e) || !ts_store_passport(s, a, d->id, &row, &found, e))
        return false;
    ts_hash_value h = ts_sha_of(TS_SHA256, ts_buf_str(&b));
    ts_str digest = ts_hash_hex(a, &h);
    *out = (ts_version_put){row.version, !found || !ts_str_eq(row.digest, digest)};
    if (!out->is_new) return true;
    if (found) {
        ts_document before;
        if (!ts_document_read(a, row.document, &before, e) ||
            !ts_document_may_follow(&before, d, e))
            return false;
    }
    const ts_safety_entry *safety = ts_document_safety(d);
    ts_place place;
    ts_place_edges edges = {0};
    ts_place_of(a, d, &place, &edges);
    row = (ts_passport_row){
        .id = d->id,
        .product = d->product.text,
        .grain = ts_str_c(ts_grain_name(d->grain)),
        .model = d->model,
        .batch = d->batch,
        .status = ts_str_c(ts_dpp_status_name(d->status)),
        .safety = ts_str_c(ts_safety_status_name(safety ? safety->status : TS_SAFETY_NONE_KNOWN)),
        .operator_id = d->operator_id,
        .digest = digest,
        .document = ts_buf_str(&b),
        .place = &place,
        .edges = edges.v,
        .edges_n = edges.n};
    if (!ts_store_add_passport(s, &row, now, e)) return false;
    out->version = row.version;
    return true;
}

static bool record(ts_arena *a, issuing *x, ts_issued *out, ts_error *e) {
    ts_version_put put;
    if (!ts_put_version(a, x->job->store, &x->document, x->job->now, &put, e)) return false;
    out->version = put.version;
    out->new_version = put.is_new;
    return true;
}

/* Whether this version was signed in this form, for this audience, by this issuer before. */
static bool signed_before(ts_arena *a, const issuing *x, ts_issued *out, ts_error *e) {
    ts_secured_rows rows = {0};
    if (!ts_store_secured(x->job->store, a, x->document.id, out->version, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++) {
        const ts_secured_row *r = &rows.v[i];
        if (!ts_str_is(r->form, ts_form_name(x->job->form)) ||
            !ts_str_eq(r->audience, x->audience) || !ts_str_eq(r->issuer, x->by.issuer) ||
            !ts_str_eq(r->list, x->job->list))
            continue;
        out->again = true;
        out->bytes = r->bytes;
        out->credential = r->credential;
    }
    return true;
}

static bool sign(ts_arena *a, issuing *x, ts_issued *out, ts_error *e) {
    const ts_issue_job *job = x->job;
    ts_status_entry entry;
    if (!ts_urn_new(a, &out->credential, e)) return false;
    if (job->list.n && !take_entry(a, job, &x->by, &entry, e)) return false;
    const ts_credential_terms how = {.id = out->credential,
                                     .issuer = x->by.issuer,
                                     .issuer_name =
                                         x->by.name.n ? x->by.name : x->document.operator_name,
                                     .from = job->now,
                                     .until = job->until,
                                     .status = job->list.n ? &entry : 0};
    bool untp = job->form == TS_FORM_UNTP_JOSE || job->form == TS_FORM_UNTP_DI;
    ts_document_view_tree(a, &x->document, &x->packs, x->who, &out->omitted);
    const ts_json *root =
        (untp ? ts_untp_build : ts_en18223_build)(a, &x->document, &x->packs, x->who, &how, e);
    if (!root ||
        !ts_secure_tree(a, root, &x->by, form_is_jose(job->form), job->now, &out->bytes, e))
        return false;
    if (!job->store) return true;
    const ts_secured_row row = {.passport = x->document.id,
                                .version = out->version,
                                .audience = x->audience,
                                .form = ts_str_c(ts_form_name(job->form)),
                                .credential = out->credential,
                                .issuer = x->by.issuer,
                                .list = job->list,
                                .index = job->list.n ? (int64_t)entry.index : 0,
                                .at = job->now,
                                .bytes = out->bytes};
    return ts_store_add_secured(job->store, &row, e) &&
           ts_store_seal_place(job->store, x->document.id, true, e);
}

static bool prepare(ts_arena *a, issuing *x, ts_error *e) {
    const ts_issue_job *job = x->job;
    x->by = ts_signer_complete(a, job->by);
    x->who = job->who ? job->who : 1u << TS_AUD_PUBLIC;
    x->audience = ts_audience_names(a, x->who);
    if (!speaks_for(a, &x->by, e)) return false;
    if (job->until != TS_NO_TIME && job->until <= job->now)
        return ts_fail(e, TS_E_USAGE, "its validity would have ended before it was issued");
    if (job->list.n && !job->store)
        return ts_fail(e, TS_E_USAGE,
                       "an entry in a status list is kept in a store: name one with --store");
    return ts_document_read(a, job->document, &x->document, e) &&
           ts_document_packs(a, &x->document, ts_pack_find_shared, job->packs, &x->packs, e);
}

bool issue_within(ts_arena *a, const ts_issue_job *job, ts_issued *out, ts_error *e) {
    issuing x = {.job = job};
    *out = (ts_issued){0};
    if (!prepare(a, &x, e)) return false;
    out->passport = x.document.id;
    if (!job->store) return sign(a, &x, out, e);
    return record(a, &x, out, e) && signed_before(a, &x, out, e) &&
           (out->again || sign(a, &x, out, e));
}

bool ts_issue(ts_arena *a, const ts_issue_job *job, ts_issued *out, ts_error *e) {
    if (!job->store) return issue_within(a, job, out, e);
    return ts_store_begin(job->store, e) &&
           ts_store_end(job->store, issue_within(a, job, out, e), e);
}
