#include "dossier.h"

static const char *const kinds[TS_OUT_KINDS] = {"document", "en18223", "en18223-full", "signed",
                                                "dossier"};

const char *ts_export_kind_name(ts_export_kind k) { return kinds[k]; }

bool ts_export_kind_by_name(const char *name, ts_export_kind *k) {
    for (int i = 0; i < TS_OUT_KINDS; i++)
        if (strcmp(kinds[i], name) == 0) return *k = (ts_export_kind)i, true;
    return false;
}

/* ---- Finding ---- */

/* The id of the only passport of a product, where the text is a product's identifier. */
static bool by_product(ts_arena *a, ts_store *s, ts_str text, ts_str *id, ts_error *e) {
    ts_product_id product;
    ts_passport_rows rows = {0};
    ts_error ignored;
    if (!ts_product_id_read(a, text, &product, &ignored)) return true;
    if (!ts_store_passports(s, a, product.text, TS_NONE, 2, &rows, e)) return false;
    if (rows.n > 1)
        return ts_fail(
            e, TS_E_USAGE,
            "the product %.*s has several passports, %.*s and %.*s among them: name one by "
            "its id",
            TS_P(product.text), TS_P(rows.v[0].id), TS_P(rows.v[1].id));
    if (rows.n) *id = rows.v[0].id;
    return true;
}

/* The row alone, as it stood then. */
static bool find_row(ts_arena *a, ts_store *store, ts_str id, int64_t at, ts_passport_row *row,
                     ts_error *e) {
    bool found;
    int64_t when = at == TS_NO_TIME ? INT64_MAX : at;
    if (!ts_store_passport_at(store, a, id, when, row, &found, e)) return false;
    if (!found) {
        ts_str other = TS_NONE;
        if (!by_product(a, store, id, &other, e)) return false;
        if (other.n && !ts_store_passport_at(store, a, other, when, row, &found, e)) return false;
    }
    return found || ts_fail(e, TS_E_NOT_FOUND,
                            "the store has no passport '%.*s'%s; `touchstone passport "
                            "show` lists them",
                            TS_P(id), at == TS_NO_TIME ? "" : " of that time");
}

static bool open_row(ts_arena *a, const ts_passport_row *row, ts_pack_shelf *shelf, ts_document *d,
                     ts_packs *packs, ts_error *e) {
    return ts_document_read(a, row->document, d, e) &&
           ts_document_packs(a, d, ts_pack_find_shared, shelf, packs, e);
}

bool ts_find_passport(ts_arena *a, ts_store *store, ts_str id, int64_t at, ts_passport_row *row,
                      ts_document *d, ts_packs *packs, ts_error *e) {
    return find_row(a, store, id, at, row, e) && open_row(a, row, 0, d, packs, e);
}

/* ---- Out ---- */

/* The newest signed form of a version for an audience. */
static bool signed_form(ts_arena *a, ts_store *s, const ts_passport_row *row, ts_audiences who,
                        ts_secured_row *out, ts_error *e) {
    ts_secured_rows rows = {0};
    ts_str audience = ts_audience_names(a, who);
    bool found = false;
    if (!ts_store_secured(s, a, row->id, row->version, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++)
        if (ts_str_eq(rows.v[i].audience, audience)) *out = rows.v[i], found = true;
    return found ||
           ts_fail(
               e, TS_E_NOT_FOUND,
               "version %lld of %.*s was never signed for the audience %.*s; `touchstone passport "
               "issue` does that",
               (long long)row->version, TS_P(row->id), TS_P(audience));
}

bool ts_envelope(ts_arena *a, ts_str bytes, ts_str *object, ts_error *e) {
    bytes = ts_str_trim(bytes);
    if (bytes.n && bytes.p[0] == '{') {
        if (!ts_json_parse(a, bytes, (ts_json_options){.strict = true}, e)) return false;
        *object = bytes;
        return true;
    }
    ts_jws j;
    if (!ts_jws_parse(a, bytes, bytes.n, &j, e)) return false;
    ts_buf b = ts_buf_new(a, bytes.n + 512), id = ts_buf_new(a, bytes.n + 64);
    ts_buf_lit(&id, "data:application/vc+jwt,");
    ts_buf_put(&id, bytes);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "@context", TS_S("https://www.w3.org/ns/credentials/v2"));
    ts_jsonw_kstr(&w, "id", ts_buf_str(&id));
    ts_jsonw_kstr(&w, "type", TS_S("EnvelopedVerifiableCredential"));
    ts_jsonw_end(&w);
    *object = ts_buf_str(&b);
    return true;
}

typedef struct bundle {
    ts_arena *a;
    const ts_export_job *job;
    ts_strs objects; /* JSON texts */
} bundle;

static bool put_in(bundle *x, ts_str bytes, ts_error *e) {
    ts_str object;
    if (!ts_envelope(x->a, bytes, &object, e)) return false;
    for (size_t i = 0; i < x->objects.n; i++)
        if (ts_str_eq(x->objects.v[i], object)) return true;
    *ts_push(x->a, &x->objects) = object;
    return true;
}

/* A signed version, and the status list it is entered in. */
static bool put_signed(bundle *x, const ts_secured_row *r, ts_error *e) {
    ts_list_row list;
    bool found = false;
    if (!put_in(x, r->bytes, e)) return false;
    if (r->list.n && !ts_store_list(x->job->store, x->a, r->list, &list, &found, e)) return false;
    return !found || !list.secured.n || put_in(x, list.secured, e);
}

/* The passports of batch and model go along where they were signed for the public. */
static bool put_above(bundle *x, ts_str id, ts_error *e) {
    ts_passport_row row;
    ts_secured_row form;
    ts_error ignored;
    bool found;
    int64_t at = x->job->at == TS_NO_TIME ? INT64_MAX : x->job->at;
    if (!id.n) return true;
    if (!ts_store_passport_at(x->job->store, x->a, id, at, &row, &found, e)) return false;
    return !found ||
           !signed_form(x->a, x->job->store, &row, 1u << TS_AUD_PUBLIC, &form, &ignored) ||
           put_signed(x, &form, e);
}

static bool write_presentation(bundle *x, ts_str *out, ts_error *e) {
    const ts_export_job *job = x->job;
    size_t room = 1 << 16;
    for (size_t i = 0; i < x->objects.n; i++) room += x->objects.v[i].n + 16;
    ts_buf b = ts_buf_new(x->a, room);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_key(&w, "@context");
    ts_jsonw_array(&w);
    ts_jsonw_str(&w, TS_S("https://www.w3.org/ns/credentials/v2"));
    ts_jsonw_end(&w);
    ts_jsonw_key(&w, "type");
    ts_jsonw_array(&w);
    ts_jsonw_str(&w, TS_S("VerifiablePresentation"));
    ts_jsonw_end(&w);
    if (job->holder) ts_jsonw_kstr(&w, "holder", job->holder->issuer);
    ts_jsonw_key(&w, "verifiableCredential");
    ts_jsonw_array(&w);
    for (size_t i = 0; i < x->objects.n; i++) ts_jsonw_raw(&w, x->objects.v[i]);
    ts_jsonw_end(&w);
    ts_jsonw_end(&w);
    *out = ts_buf_str(&b);
    if (b.full) return ts_fail(e, TS_E_LIMIT, "the dossier is too large");
    if (!job->holder) return true;
    char created[24];
    const ts_json *root = ts_json_parse(x->a, *out, (ts_json_options){.strict = true}, e);
    const ts_proof_options o = {.verification_method = job->holder->method,
                                .purpose = TS_S("authentication"),
                                .created = ts_str_dup(x->a, ts_instant_iso(job->now, created)),
                                .challenge = job->challenge,
                                .domain = job->domain};
    return root && ts_proof_add(x->a, root, &o, job->holder->key, out, e);
}

static bool export_dossier(ts_arena *a, const ts_export_job *job, const ts_passport_row *row,
                           const ts_document *d, ts_audiences who, ts_str *out, ts_error *e) {
    bundle x = {.a = a, .job = job};
    ts_secured_row form;
    if (!signed_form(a, job->store, row, who, &form, e) || !put_signed(&x, &form, e) ||
        !put_above(&x, d->batch, e) || !put_above(&x, d->model, e))
        return false;
    for (size_t i = 0; i < job->with_n; i++)
        if (!put_in(&x, job->with[i], e)) return false;
    ts_export_job signed_by = *job;
    ts_signer holder;
    if (job->holder) {
        holder = ts_signer_complete(a, *job->holder);
        signed_by.holder = &holder;
        x.job = &signed_by;
    }
    return write_presentation(&x, out, e);
}

bool ts_export(ts_arena *a, const ts_export_job *job, ts_str *out, ts_error *e) {
    ts_passport_row row;
    ts_document d;
    ts_packs packs = {0};
    ts_secured_row form;
    size_t omitted;
    ts_audiences who = job->who ? job->who : 1u << TS_AUD_PUBLIC;
    if (job->kind == TS_OUT_SIGNED) { /* as it was signed: nothing of it is read */
        if (!find_row(a, job->store, job->passport, job->at, &row, e) ||
            !signed_form(a, job->store, &row, who, &form, e))
            return false;
        *out = form.bytes;
        return true;
    }
    if (!find_row(a, job->store, job->passport, job->at, &row, e) ||
        !open_row(a, &row, job->packs, &d, &packs, e))
        return false;
    switch (job->kind) {
    case TS_OUT_DOCUMENT: return ts_document_view(a, &d, &packs, who, out, &omitted, e);
    case TS_OUT_EN18223:
    case TS_OUT_EN18223_FULL:
        return ts_en18223_write(a, &d, &packs, who,
                                job->kind == TS_OUT_EN18223 ? TS_EN_COMPRESSED : TS_EN_FULL, row.at,
                                out, e);
    default: return export_dossier(a, job, &row, &d, who, out, e);
    }
}

/* ---- In ---- */

static const ts_checked *first_passport(const ts_report *r) {
    for (size_t i = 0; i < r->credentials.n; i++)
        if (r->credentials.v[i].type == TS_UNTP_DPP) return &r->credentials.v[i];
    return 0;
}

/* A document out of a signed form. */
static bool from_signed(ts_arena *a, ts_str bytes, const ts_verify_options *o, ts_imported *out,
                        ts_error *e) {
    out->is_signed = true;
    ts_verify(a, bytes, o, &out->report);
    const ts_verdict *v = &out->report.step[TS_STEP_SIGNATURE];
    if (v->answer == TS_NO)
        return ts_fail(e, TS_E_INPUT, "the signature failed: %.*s; nothing was taken",
                       TS_P(v->reason));
    const ts_checked *c = first_passport(&out->report);
    if (!c)
        return ts_fail(e, TS_E_INPUT,
                       "holds no DigitalProductPassport credential that can be read");
    return ts_untp_read(a, &c->credential, &out->document, e);
}

static bool to_document(ts_arena *a, ts_str bytes, const ts_verify_options *o, ts_imported *out,
                        ts_error *e) {
    ts_str text = ts_str_trim(bytes);
    if (!text.n) return ts_fail(e, TS_E_INPUT, "is empty");
    if (text.p[0] != '{') return from_signed(a, bytes, o, out, e);
    const ts_json *root = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    if (!root) return false;
    if (ts_json_member(root, "digitalProductPassportId"))
        return ts_en18223_read(a, text, &out->document, e);
    if (ts_json_member(root, "@context")) return from_signed(a, bytes, o, out, e);
    out->document = text;
    return true;
}

/* Whether the one who is responsible for the passport, so far as that can be told, stands behind
 * what came in. */
static bool vouched(const ts_imported *x, const ts_document *d) {
    return x->is_signed && x->report.step[TS_STEP_SIGNATURE].answer == TS_YES &&
           x->report.step[TS_STEP_ISSUER].answer == TS_YES &&
           (!ts_str_starts(d->operator_id, TS_S("did:")) ||
            ts_str_eq(first_passport(&x->report)->credential.issuer, d->operator_id));
}

/* A passport that was signed here goes on by the word of those who signed it, or of its operator,
 * alone. */
static bool may_go_on(ts_arena *a, ts_store *s, const ts_document *d, int64_t version,
                      const ts_imported *x, ts_error *e) {
    ts_secured_rows before = {0};
    ts_passport_row row;
    bool found;
    if (!ts_store_secured_heads(s, a, d->id, 0, &before, e) ||
        !ts_store_passport_version(s, a, d->id, version - 1, &row, &found, e))
        return false;
    if (!before.n) return true;
    if (x->is_signed && x->report.step[TS_STEP_SIGNATURE].answer == TS_YES) {
        ts_str issuer = first_passport(&x->report)->credential.issuer;
        if (found && ts_str_eq(issuer, row.operator_id)) return true;
        for (size_t i = 0; i < before.n; i++)
            if (ts_str_eq(issuer, before.v[i].issuer)) return true;
    }
    return ts_fail(e, TS_E_INPUT,
                   "%.*s is here and signed; a further version must be signed, verifiably, by who "
                   "signed it before or by its operator",
                   TS_P(ts_str_clip(d->id, 300)));
}

static bool record(ts_arena *a, ts_store *s, const ts_document *d, ts_str bytes, int64_t now,
                   ts_imported *out, ts_error *e) {
    ts_version_put put;
    if (!ts_put_version(a, s, d, now, &put, e)) return false;
    out->version = put.version;
    out->new_version = put.is_new;
    if (put.is_new && put.version > 1 && !may_go_on(a, s, d, put.version, out, e)) return false;
    if (put.is_new && !vouched(out, d) && !ts_store_seal_place(s, d->id, false, e)) return false;
    if (!out->is_signed || !put.is_new) return true;
    const ts_checked *c = first_passport(&out->report);
    ts_secured_row row = {.passport = d->id,
                          .version = put.version,
                          .audience = TS_S("public"),
                          .form = TS_S("received"),
                          .credential = c->credential.id,
                          .issuer = c->credential.issuer,
                          .at = now,
                          .bytes = bytes};
    return (row.credential.n || ts_urn_new(a, &row.credential, e)) &&
           ts_store_add_secured(s, &row, e);
}

bool ts_import_passport(ts_arena *a, ts_store *s, ts_str bytes, const ts_verify_options *o,
                        ts_imported *out, ts_error *e) {
    ts_document d;
    *out = (ts_imported){0};
    if (!to_document(a, bytes, o, out, e) || !ts_document_read(a, out->document, &d, e))
        return false;
    out->passport = d.id;
    if (!s) return true;
    if (!ts_store_begin(s, e)) return false;
    bool ok = record(a, s, &d, bytes, o->now, out, e);
    return ts_store_end(s, ok, e);
}
