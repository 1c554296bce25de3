#include "keys.h"

#include <unistd.h>

enum { DOCUMENT_MAX = 1 << 20 };

static bool read_file(ts_arena *a, const char *path, ts_str did, ts_did_document *d, ts_error *e) {
    ts_str text;
    if (!ts_file_read(a, path, DOCUMENT_MAX, &text, e)) return false;
    const ts_json *root = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    if (!root) return ts_fail_at(e, path, 0, 0);
    if (!did.n) did = ts_json_str(ts_json_member(root, "id"));
    return ts_did_document_read(a, root, did, d, e) || ts_fail_at(e, path, 0, 0);
}

static ts_did_method *method_of(ts_did_document *d, const ts_public_key *key) {
    for (size_t i = 0; i < d->methods.n; i++)
        if (ts_public_key_eq(&d->methods.v[i].key, key)) return &d->methods.v[i];
    return 0;
}

static ts_did_method *add_method(ts_arena *a, ts_did_document *d, const ts_public_key *key) {
    ts_buf b = ts_buf_new(a, 4096);
    ts_buf_put(&b, d->id);
    ts_buf_c(&b, '#');
    ts_buf_put(&b, ts_public_key_multikey(a, key));
    ts_did_method *m = ts_push(a, &d->methods);
    *m = (ts_did_method){.id = ts_buf_str(&b),
                         .controller = d->id,
                         .key = *key,
                         .purposes = TS_DID_ASSERTION | TS_DID_AUTHENTICATION};
    return m;
}

/* Applies the change; the method of the key, or NULL with the reason. */
static const ts_did_method *change_methods(ts_arena *a, ts_did_document *d,
                                           const ts_public_key *key, ts_key_change change,
                                           ts_str now, ts_error *e) {
    ts_did_method *m = method_of(d, key);
    if (change == TS_KEY_REVOKE) {
        if (!m)
            ts_fail(e, TS_E_NOT_FOUND, "the document does not list this key");
        else if (!m->revoked.n)
            m->revoked = now;
        return m;
    }
    if (m && (m->expires.n || m->revoked.n)) {
        ts_fail(e, TS_E_USAGE, "this key was ended already: take a new one");
        return 0;
    }
    if (!m) m = add_method(a, d, key);
    for (size_t i = 0; change == TS_KEY_ROTATE && i < d->methods.n; i++) {
        ts_did_method *other = &d->methods.v[i];
        if (other != m && !other->expires.n && !other->revoked.n) other->expires = now;
    }
    return m;
}

bool ts_did_file_change(ts_arena *a, const char *path, ts_str did, const ts_public_key *key,
                        ts_key_change change, int64_t now, ts_str *method, ts_error *e) {
    ts_did_document d = {.id = did};
    ts_str url;
    char at[24];
    bool there = access(path, F_OK) == 0;
    if (there && !read_file(a, path, did, &d, e)) return false;
    if (!there && (change == TS_KEY_REVOKE || !did.n))
        return ts_fail(e, TS_E_NOT_FOUND, "there is no %s%s", path,
                       did.n ? "" : "; say whose it is to be: --did did:web:HOST");
    if (!ts_did_web_url(a, d.id, &url, e))
        return false; /* other methods keep no document in a file */
    const ts_did_method *m =
        change_methods(a, &d, key, change, ts_str_dup(a, ts_instant_iso(now, at)), e);
    if (!m) return false;
    *method = m->id;
    ts_buf b = ts_buf_new(a, DOCUMENT_MAX);
    ts_jsonw w = ts_jsonw_to(&b);
    w.pretty = true;
    ts_did_document_write(&w, &d);
    ts_buf_c(&b, '\n');
    if (b.full) return ts_fail(e, TS_E_LIMIT, "the document would be larger than 1 MiB");
    return ts_file_replace(path, ts_buf_str(&b), e);
}
