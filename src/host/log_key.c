/* Who signs a log's checkpoints. */
#include "log_part.h"

static bool web_document(ts_arena *a, const ts_source_of *source, ts_str did, ts_did_document *out,
                         ts_error *e) {
    ts_str url, bytes;
    if (!ts_did_web_url(a, did, &url, e)) return false;
    if (!source || !source->get)
        return ts_fail(e, TS_E_NET, "%.*s has to be fetched, and nothing may be", TS_P(did));
    if (!source->get(source->ctx, a, TS_WANT_DID_DOCUMENT, url, &bytes, e)) return false;
    const ts_json *root = ts_json_parse(a, bytes, (ts_json_options){.strict = true}, e);
    return root && ts_did_document_read(a, root, did, out, e);
}

static bool ended(ts_str date, int64_t at) {
    int64_t t;
    return date.n && (!ts_stamp_parse(date, &t) || at >= t);
}

bool log_key_of(ts_arena *a, const ts_source_of *source, ts_str method, int64_t at,
                ts_public_key *out, ts_error *e) {
    ts_did_url u;
    ts_did_document d = {0};
    if (!ts_did_parse(method, &u, e)) return false;
    bool web = ts_str_is(u.method, "web");
    if (web ? !web_document(a, source, u.did, &d, e) : !ts_did_resolve_static(a, u.did, &d, e))
        return false;
    const ts_did_method *m = ts_did_find(&d, method);
    if (!m) return ts_fail(e, TS_E_INPUT, "%.*s lists no key %.*s", TS_P(u.did), TS_P(method));
    if (m->key.kind == TS_KEY_NONE)
        return ts_fail(e, TS_E_VERSION, "the key %.*s is of a kind that is not known here",
                       TS_P(method));
    if (!(m->purposes & TS_DID_ASSERTION))
        return ts_fail(e, TS_E_INPUT, "the key %.*s is not for assertions", TS_P(method));
    if (ended(m->expires, at) || ended(m->revoked, at))
        return ts_fail(e, TS_E_INPUT, "the key %.*s was not in use any more", TS_P(method));
    *out = m->key;
    return true;
}

bool log_signed(ts_arena *a, ts_str token, const ts_public_key *key, ts_error *e) {
    ts_checkpoint c;
    ts_key *k = ts_key_public(a, key, e);
    bool ok = k && ts_checkpoint_read(a, token, k, &c, e);
    ts_key_free(k);
    return ok;
}
