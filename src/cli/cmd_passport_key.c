#include "passport.h"

static bool read_change(cli *c, ts_key_change *change, ts_error *e) {
    bool rotate = flag(c, "rotate"), revoke = flag(c, "revoke");
    *change = revoke ? TS_KEY_REVOKE : rotate ? TS_KEY_ROTATE : TS_KEY_ADD;
    if (rotate && revoke) return ts_fail(e, TS_E_USAGE, "give either --rotate or --revoke");
    if ((rotate || revoke) && !option(c, "did-document"))
        return ts_fail(e, TS_E_USAGE,
                       "name the DID document that is to change: --did-document FILE");
    ts_str did = ts_str_c(option(c, "did")), url;
    if (did.n && !ts_did_web_url(&c->arena, did, &url, e)) return false;
    if (c->operands_n != 1)
        return ts_fail(e, TS_E_USAGE,
                       "name the key: a file that will be made, or one that is there");
    return true;
}

/* The key that is there, or a new one. */
static ts_key *open_key(cli *c, bool *made, ts_error *e) {
    const char *name = c->operand[0], *kind = option(c, "kind");
    ts_key_kind k = TS_KEY_ED25519;
    if (kind && !ts_key_kind_by_name(kind, &k)) {
        ts_fail(e, TS_E_USAGE, "--kind is Ed25519, P-256 or P-384, not '%s'", kind);
        return 0;
    }
    *made = kind || flag(c, "new");
    return *made ? ts_key_generate(&c->arena, k, name, e) : ts_key_open(&c->arena, name, e);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_key_change change;
    bool made;
    const char *document = option(c, "did-document");
    if (!read_change(c, &change, &e)) return usage(c, &e);
    ts_key *k = open_key(c, &made, &e);
    if (!k) return failed(&e);
    const ts_public_key public = *ts_key_public_of(k);
    ts_key_free(k);
    ts_str method = TS_NONE;
    if (document && !ts_did_file_change(&c->arena, document, ts_str_c(option(c, "did")), &public,
                                        change, ts_now(), &method, &e))
        return failed(&e);
    ts_buf b = ts_buf_new(&c->arena, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&b);
    w.pretty = true;
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "key", ts_str_c(c->operand[0]));
    ts_jsonw_kstr(&w, "kind", ts_str_c(ts_key_kind_name(public.kind)));
    ts_jsonw_kstr(&w, "did_key", ts_did_key_of(&c->arena, &public));
    ts_jsonw_kstr_opt(&w, "method", method);
    ts_jsonw_key(&w, "public_jwk");
    ts_public_key_write_jwk(&w, &public);
    ts_jsonw_end(&w);
    ts_buf_c(&b, '\n');
    if (made) ts_log_note("%s: made, for your eyes alone (mode 0600)", c->operand[0]);
    if (document) ts_log_note("%s: publish it at the address of the DID", document);
    return print(&b);
}

static const option_spec options[] = {
    {"new", 0, "make the key; the file must not exist", false},
    {"kind", "KIND", "make it of this kind: Ed25519 (default), P-256 or P-384", false},
    {"did-document", "FILE", "list the key in this DID document; made when it does not exist",
     false},
    {"did", "DID", "whose document that is, for a new one: did:web:HOST", false},
    {"rotate", 0, "this key takes over: the document's others expire now", false},
    {"revoke", 0, "this key is revoked in the document: it fell into other hands", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport key --new maker.pem",
    "A new Ed25519 key, and the did:key it stands for.",
    "touchstone passport key --kind P-256 --did did:web:maker.example --did-document did.json "
    "seal.pem",
    "A key for an issuer with a web address; publish did.json at "
    "https://maker.example/.well-known/did.json.",
    "touchstone passport key --new --rotate --did-document did.json maker-2027.pem",
    "Next year's key takes over; what the old one signed stays verifiable.",
    0,
};
const command cmd_passport_key = {
    "passport key",
    "KEY",
    "make a key, show one, and keep the DID document that publishes it",
    "Makes a private key in a file, or opens one there or in a PKCS#11 token, and prints what may "
    "be "
    "published of it. With --did-document, lists it in the issuer's did:web document; --rotate "
    "ends "
    "the other keys from now on, --revoke withdraws one.",
    options,
    examples,
    run};
