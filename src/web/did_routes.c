/* The house's own DID document and the status lists its issuers keep. */
#include "page.h"

enum { DID_CAP = 1 << 20 };

/* ---- DID document ---- */

/* Made of the signer's key, where its issuer is a did:web. */
static bool made(web_exchange *x, ts_str *bytes, ts_error *e) {
    const ts_server_options *o = web_options(x);
    *bytes = TS_NONE;
    if (!o->sign.key || !ts_str_starts(o->sign.issuer, TS_S("did:web:"))) return true;
    const ts_signer by = ts_signer_complete(x->a, o->sign);
    ts_did_document d = {.id = by.issuer};
    ts_did_method *m = ts_push(x->a, &d.methods);
    *m = (ts_did_method){.id = by.method,
                         .controller = by.issuer,
                         .key = *ts_key_public_of(by.key),
                         .purposes = TS_DID_ASSERTION | TS_DID_AUTHENTICATION};
    ts_buf b = ts_buf_new(x->a, DID_CAP);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_did_document_write(&w, &d);
    *bytes = ts_buf_str(&b);
    return !b.full || ts_fail(e, TS_E_LIMIT, "the DID document is too large");
}

bool web_did_document(web_exchange *x, ts_str *bytes, ts_error *e) {
    const char *path = web_options(x)->did;
    if (!path) return made(x, bytes, e);
    if (ts_file_read(x->a, path, DID_CAP, bytes, e)) return true;
    x->status = 500;
    return false;
}

bool web_is_did_path(web_exchange *x) {
    ts_str bytes, url;
    ts_error ignored;
    if (!ts_str_ends(x->path, TS_S("/did.json")) || !web_did_document(x, &bytes, &ignored)) {
        x->status = 0;
        return false;
    }
    const ts_json *root = ts_json_parse(x->a, bytes, (ts_json_options){.strict = true}, &ignored);
    return ts_did_web_url(x->a, ts_json_str(ts_json_member(root, "id")), &url, &ignored) &&
           ts_str_eq(ts_uri_split(url).path, x->path);
}

bool web_show_did(web_exchange *x, ts_error *e) {
    static const char *const types[] = {"application/did+json", "application/json",
                                        "application/did+ld+json", 0};
    ts_str bytes;
    if (!web_did_document(x, &bytes, e)) return false;
    if (!bytes.n)
        return ts_fail(e, TS_E_NOT_FOUND,
                       "there is no did:web here: what is signed here names the key itself");
    const char *type = web_accepts(x, types);
    web_set(x, "Cache-Control", TS_S("public, max-age=300"));
    web_set(x, "Vary", TS_S("Accept"));
    if (!web_unchanged(x, web_tag(x->a, bytes))) web_reply(x, 200, type ? type : types[0], bytes);
    return true;
}

/* ---- status lists ---- */

bool web_show_list(web_exchange *x, ts_str url, bool *found, ts_error *e) {
    ts_list_row row;
    if (!ts_store_list(x->store, x->a, url, &row, found, e)) return false;
    *found = *found && row.secured.n;
    if (!*found) return true;
    bool json = ts_str_starts(row.secured, TS_S("{"));
    web_set(x, "Cache-Control", TS_S("public, max-age=60"));
    if (!web_unchanged(x, web_tag(x->a, row.secured)))
        web_reply(x, 200, json ? "application/vc" : "application/vc+jwt", row.secured);
    return true;
}

const web_route did_routes[] = {
    {"GET", "/.well-known/did.json", 0, 0, 0, "The DID document of who signs here", web_show_did},
    {0},
};
