#include "passport.h"

/* The credentials meant: the one of that id, or all of a passport that are in a list. */
static bool credentials_of(cli *c, ts_store *s, ts_str id, ts_strs *out, ts_error *e) {
    ts_secured_row one;
    ts_secured_rows rows = {0};
    bool found;
    if (!ts_store_secured_by_id(s, &c->arena, id, &one, &found, e)) return false;
    if (found) return *ts_push(&c->arena, out) = id, true;
    if (!ts_store_secured(s, &c->arena, id, 0, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].list.n) *ts_push(&c->arena, out) = rows.v[i].credential;
    return out->n || ts_fail(e, TS_E_NOT_FOUND,
                             "the store has no credential %.*s, and no passport of that id with an "
                             "entry in a status list",
                             TS_P(id));
}

static exit_status revoke(cli *c, ts_store *s, const ts_signer *by, ts_error *e) {
    ts_strs ids = {0};
    ts_str list = TS_NONE, url = ts_str_c(option(c, "renew"));
    if (url.n) {
        if (!ts_sign_list(&c->arena, s, by, url, ts_now(), &list, e)) return failed(e);
        return passport_output(c, list, true);
    }
    if (!credentials_of(c, s, ts_str_c(c->operand[0]), &ids, e)) return failed(e);
    for (size_t i = 0; i < ids.n; i++) {
        if (!ts_set_status(&c->arena, s, by, ids.v[i], true, ts_now(), &list, e)) return failed(e);
        ts_log_note("%.*s: revoked", TS_P(ids.v[i]));
    }
    ts_log_note("publish the list at its address: until then nobody can see it");
    return passport_output(c, list, true);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_signer by;
    const char *path = option(c, "store");
    if (!path || c->operands_n != (option(c, "renew") ? 0 : 1)) {
        ts_fail(&e, TS_E_USAGE,
                !path ? "name the store: --store FILE"
                      : "name one passport or credential, or a list with --renew");
        return usage(c, &e);
    }
    if (!passport_signer(c, &by, &e)) return failed(&e);
    ts_store *s = ts_store_open(&c->arena, path, TS_STORE_WRITE, &e);
    exit_status st = s ? revoke(c, s, &by, &e) : failed(&e);
    ts_store_close(s);
    ts_key_free((ts_key *)(uintptr_t)by.key);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store it was issued from", false},
    PASSPORT_SIGNER_OPTIONS,
    {"renew", "URL", "change nothing; sign this status list anew, for the next 30 days", false},
    {"out", "FILE", "write the signed list here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport revoke --store passports.db --key maker.pem --out status-1.jwt urn:uuid:…",
    "Revokes one credential and writes the status list to publish.",
    "touchstone passport revoke --store passports.db --key maker.pem --renew "
    "https://maker.example/status/1 --out status-1.jwt",
    "Signs the list anew before its validity ends.",
    0,
};
const command cmd_passport_revoke = {
    "passport revoke",
    "[PASSPORT|CREDENTIAL]",
    "revoke what was signed, and sign the status list that says so",
    "Sets the entry of a credential, or of every credential of a passport, in its Bitstring Status "
    "List and signs the list anew. A revocation is not taken back. Revoking says that the signed "
    "statement no longer "
    "holds; a recall of the product is another thing and is said in the passport itself.",
    options,
    examples,
    run};
