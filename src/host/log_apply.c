/* Entries of another provider's log become rows here. */
#include "log_part.h"
#include "statement_part.h"

static ts_str text(const ts_json *body, const char *name) {
    return ts_json_str(ts_json_get(body, ts_str_c(name)));
}

static bool incomplete(const char *kind, ts_error *e) {
    return ts_fail(e, TS_E_INPUT,
                   "an entry of the kind %s lacks a member, or one is of another type", kind);
}

/* ---- Versions ---- */

static bool here_already(ts_arena *a, ts_store *s, const ts_document *d, int64_t version,
                         bool *there, ts_error *e) {
    ts_passport_row row;
    ts_buf b = ts_buf_new(a, 64 << 20);
    if (!ts_store_passport_version(s, a, d->id, version, &row, there, e)) return false;
    if (!*there) return true;
    return ts_canonical(&b, *a, d->root, e) &&
           (ts_str_eq(row.document, ts_buf_str(&b)) ||
            ts_fail(e, TS_E_INPUT, "version %lld of %.*s is here with another content",
                    (long long)version, TS_P(d->id)));
}

/* What nobody signed yet is not sealed: its signed forms follow as entries of their own. */
static bool apply_version(ts_arena *a, log_writer *w, const log_line *l, bool *fresh, ts_error *e) {
    const ts_json *document = ts_json_member(l->body, "document");
    int64_t at, version;
    bool there;
    ts_document d;
    ts_version_put put;
    ts_buf b = ts_buf_new(a, 64 << 20);
    if (!ts_json_is(document, TS_JSON_OBJECT) || !ts_json_i64(ts_json_member(l->body, "at"), &at) ||
        !ts_json_i64(ts_json_member(l->body, "version"), &version))
        return incomplete("version", e);
    if (!ts_canonical(&b, *a, document, e) || !ts_document_read(a, ts_buf_str(&b), &d, e))
        return false;
    if (!ts_str_eq(d.id, text(l->body, "passport")))
        return ts_fail(e, TS_E_INPUT, "the document of %.*s names itself %.*s",
                       TS_P(text(l->body, "passport")), TS_P(d.id));
    if (!here_already(a, w->store, &d, version, &there, e)) return false;
    *fresh = !there;
    if (there) return true;
    if (!ts_put_version(a, w->store, &d, at, &put, e)) return false;
    if (!put.is_new || put.version != version)
        return ts_fail(e, TS_E_INPUT,
                       "version %lld of %.*s does not follow the one that is here, %lld",
                       (long long)version, TS_P(d.id),
                       (long long)(put.is_new ? put.version - 1 : put.version));
    return ts_store_seal_place(w->store, d.id, false, e);
}

/* ---- Signed forms ---- */

static bool audiences_of(ts_str names, ts_audiences *who) {
    ts_audience one;
    *who = 0;
    while (names.p) {
        if (!ts_audience_by_name(ts_str_cut(&names, '+'), &one)) return false;
        *who |= 1u << one;
    }
    return true;
}

static bool same_tree(ts_arena *a, const ts_json *signed_tree, const ts_json *made) {
    static const ts_str proof[] = {{"proof", 5}};
    ts_buf x = ts_buf_new(a, 64 << 20), y = ts_buf_new(a, 64 << 20);
    return ts_canonical_without(&x, *a, signed_tree, proof, 1, 0) &&
           ts_canonical(&y, *a, made, 0) && ts_str_eq(ts_buf_str(&x), ts_buf_str(&y));
}

/* Whether what was signed is what the document says: it is made again from the document. A form
 * that came from elsewhere is read into a document instead. */
static bool says_the_same(ts_arena *a, log_writer *w, const ts_credential *c,
                          const ts_passport_row *row, const log_line *l) {
    ts_document d;
    ts_packs packs = {0};
    ts_audiences who;
    ts_form form;
    ts_str read;
    const char *name = ts_str_z(a, text(l->body, "form"));
    const ts_credential_terms how = {.id = c->id,
                                     .issuer = c->issuer,
                                     .issuer_name = c->issuer_name,
                                     .from = c->from,
                                     .until = c->until,
                                     .status = c->status.n == 1 ? c->status.v : 0};
    if (!ts_form_by_name(name, &form)) {
        const ts_json *v = ts_untp_read(a, c, &read, 0)
                               ? ts_json_parse(a, read, (ts_json_options){.strict = true}, 0)
                               : 0;
        const ts_json *own = ts_json_parse(a, row->document, (ts_json_options){.strict = true}, 0);
        return v && own && same_tree(a, own, v);
    }
    if (!ts_document_read(a, row->document, &d, 0) ||
        !ts_document_packs(a, &d, ts_pack_find_shared, &w->packs, &packs, 0) ||
        !audiences_of(text(l->body, "audience"), &who))
        return false;
    bool untp = form == TS_FORM_UNTP_JOSE || form == TS_FORM_UNTP_DI;
    const ts_json *made = (untp ? ts_untp_build : ts_en18223_build)(a, &d, &packs, who, &how, 0);
    return made && same_tree(a, c->root, made);
}

/* A further version stands sealed by who signed one before, or by who was its operator. */
static bool goes_on(ts_arena *a, log_writer *w, const ts_passport_row *row, ts_str issuer,
                    bool *yes, ts_error *e) {
    ts_secured_rows before = {0};
    ts_passport_row last;
    bool found;
    if (!ts_store_secured_heads(w->store, a, row->id, 0, &before, e) ||
        !ts_store_passport_version(w->store, a, row->id, row->version - 1, &last, &found, e))
        return false;
    *yes = found && ts_str_eq(issuer, last.operator_id);
    for (size_t i = 0; i < before.n && !*yes; i++)
        *yes = before.v[i].version < row->version && ts_str_eq(issuer, before.v[i].issuer);
    return true;
}

/* A signature that is wrong is a lie; one that cannot be told is kept, and seals nothing. */
static bool judge(ts_arena *a, log_writer *w, const log_line *l, bool *sealed, ts_error *e) {
    ts_report r;
    ts_passport_row row;
    bool found;
    int64_t version = 0;
    *sealed = false;
    ts_verify(a, text(l->body, "bytes"), &w->verify, &r);
    const ts_verdict *v = &r.step[TS_STEP_SIGNATURE];
    if (v->answer == TS_NO)
        return ts_fail(e, TS_E_INPUT, "the signature of %.*s is wrong: %.*s",
                       TS_P(text(l->body, "credential")), TS_P(v->reason));
    if (v->answer != TS_YES || r.step[TS_STEP_ISSUER].answer != TS_YES || r.credentials.n != 1)
        return true;
    ts_json_i64(ts_json_member(l->body, "version"), &version);
    if (!ts_store_passport(w->store, a, text(l->body, "passport"), &row, &found, e)) return false;
    *sealed = found && row.version == version &&
              says_the_same(a, w, &r.credentials.v[0].credential, &row, l);
    return !*sealed || version == 1 ||
           goes_on(a, w, &row, r.credentials.v[0].credential.issuer, sealed, e);
}

static bool apply_secured(ts_arena *a, log_writer *w, const log_line *l, bool *fresh, ts_error *e) {
    bool sealed;
    ts_str passport = text(l->body, "passport");
    if (!judge(a, w, l, &sealed, e) ||
        !ts_store_log_apply(w->store, a, TS_LOG_SECURED, l->body, fresh, e))
        return false;
    return !sealed || ts_store_seal_place(w->store, passport, true, e);
}

/* ---- Status lists ---- */

static bool read_list(ts_arena *a, ts_str token, ts_status_list *out, ts_error *e) {
    ts_jws j;
    ts_credential c;
    if (!ts_jws_parse(a, token, LOG_LINE_MAX, &j, e)) return false;
    const ts_json *root = ts_json_parse(a, j.payload, (ts_json_options){.strict = true}, e);
    return root && ts_credential_read(a, root, &c, e) && ts_status_list_read(a, &c, out, e);
}

/* What a passport states no longer stands where a signed form of its newest version is revoked. */
static bool unseal(ts_arena scratch, log_writer *w, ts_str url, int64_t index, ts_error *e) {
    ts_secured_row r;
    ts_passport_row row;
    bool found;
    if (!ts_store_secured_in_list(w->store, &scratch, url, index, &r, &found, e)) return false;
    if (!found) return true;
    if (!ts_store_passport(w->store, &scratch, r.passport, &row, &found, e)) return false;
    return !found || row.version != r.version ||
           ts_store_seal_place(w->store, r.passport, false, e);
}

static bool unseal_revoked(ts_arena scratch, log_writer *w, const ts_list_row *old,
                           const ts_list_row *now, ts_error *e) {
    if (!ts_str_is(now->purpose, "revocation")) return true;
    for (size_t i = 0; i < now->bits.n; i++) {
        unsigned was = i < old->bits.n ? (unsigned char)old->bits.p[i] : 0;
        unsigned fresh = (unsigned char)now->bits.p[i] & ~was;
        for (unsigned k = 0; fresh && k < 8; k++)
            if (fresh & (0x80u >> k) && !unseal(scratch, w, now->url, (int64_t)(i * 8 + k), e))
                return false;
    }
    return true;
}

static bool apply_list(ts_arena *a, log_writer *w, const log_line *l, bool *fresh, ts_error *e) {
    ts_list_row row = {.url = text(l->body, "url"),
                       .purpose = text(l->body, "purpose"),
                       .secured = text(l->body, "bytes")},
                old;
    ts_status_list list;
    ts_report r;
    bool found, there;
    if (!ts_json_i64(ts_json_member(l->body, "at"), &row.at) || !row.url.n || !row.purpose.n)
        return incomplete("list", e);
    if (!ts_store_list_has(w->store, row.url, row.secured, &there, e)) return false;
    *fresh = !there;
    if (there) return true;
    if (!read_list(a, row.secured, &list, e)) return false;
    if (!ts_str_eq(list.id, row.url) || !list.purposes.n ||
        !ts_str_eq(list.purposes.v[0], row.purpose))
        return ts_fail(e, TS_E_INPUT, "the status list %.*s is not the one that was signed",
                       TS_P(row.url));
    ts_verify(a, row.secured, &w->verify, &r);
    if (r.step[TS_STEP_SIGNATURE].answer == TS_NO)
        return ts_fail(e, TS_E_INPUT, "the signature of the status list %.*s is wrong: %.*s",
                       TS_P(row.url), TS_P(r.step[TS_STEP_SIGNATURE].reason));
    if (!ts_store_list(w->store, a, row.url, &old, &found, e)) return false;
    if (found && old.at > row.at)
        return ts_fail(e, TS_E_INPUT, "a newer state of the status list %.*s is here",
                       TS_P(row.url));
    row.bits = list.bits;
    if (!found) old.bits = TS_NONE;
    return ts_store_put_list(w->store, &row, e) && unseal_revoked(*a, w, &old, &row, e);
}

/* ---- Statements ---- */

static bool apply_statement(ts_arena *a, log_writer *w, const log_line *l, bool *fresh,
                            ts_error *e) {
    ts_statement_row row = {.id = text(l->body, "id"),
                            .kind = text(l->body, "kind"),
                            .about = text(l->body, "about"),
                            .passport = text(l->body, "passport"),
                            .notice = text(l->body, "notice"),
                            .by = text(l->body, "by"),
                            .bytes = text(l->body, "bytes")};
    if (!ts_json_i64(ts_json_member(l->body, "at"), &row.at)) return incomplete("statement", e);
    return statement_fits(a, &row, &w->verify, e) &&
           ts_store_log_apply(w->store, a, TS_LOG_STATEMENT, l->body, fresh, e);
}

void log_writer_open(ts_arena *a, log_writer *w, ts_store *s, ts_source_of source, int64_t now) {
    enum { PACKS = 64 << 20 };
    char *room = ts_new_raw(a, char, PACKS);
    *w = (log_writer){
        .store = s,
        .verify = {.now = now,
                   .source = source,
                   .ring = ts_key_ring_new(a),
                   .cache = ts_verify_cache_new(a)},
        .packs_in = {room, room + PACKS, a->land},
    };
    w->packs.a = &w->packs_in;
}

void log_writer_close(log_writer *w) {
    ts_key_ring_free(w->verify.ring);
    ts_verify_cache_free(w->verify.cache);
}

bool log_apply(ts_arena *a, log_writer *w, const log_line *l, bool *fresh, ts_error *e) {
    *fresh = false;
    switch (l->row.kind) {
    case TS_LOG_VERSION: return apply_version(a, w, l, fresh, e);
    case TS_LOG_SECURED: return apply_secured(a, w, l, fresh, e);
    case TS_LOG_LIST: return apply_list(a, w, l, fresh, e);
    case TS_LOG_STATEMENT: return apply_statement(a, w, l, fresh, e);
    default: return ts_store_log_apply(w->store, a, l->row.kind, l->body, fresh, e);
    }
}
