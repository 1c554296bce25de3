#include "passport.h"

/* What is signed must be a credential: the form is checked, and UNTP's schema where it is at hand.
 */
static bool is_credential(cli *c, const ts_json *root, ts_error *e) {
    ts_credential credential;
    ts_schema_faults faults = {0};
    const char *folder = option(c, "schemas");
    if (!ts_credential_read(&c->arena, root, &credential, e)) return false;
    ts_untp_type type = ts_untp_type_of(&credential);
    if (!folder || type == TS_UNTP_NONE) return true;
    ts_str text, parts[] = {ts_str_c(folder), ts_str_c(ts_untp_schema_file(type))};
    const char *path = ts_str_z(&c->arena, ts_str_join(&c->arena, parts, 2, TS_S("/")));
    if (!ts_file_read(&c->arena, path, PASSPORT_FILE_MAX, &text, e)) return false;
    const ts_json *document = ts_json_parse(&c->arena, text, (ts_json_options){.strict = true}, e);
    ts_schema *s = document ? ts_schema_compile(&c->arena, document, e) : 0;
    if (!s) return ts_fail_at(e, path, 0, 0);
    ts_answer fits = ts_schema_check(s, &c->arena, root, 1, &faults, e);
    ts_schema_free(s);
    if (fits == TS_NO)
        ts_fail(e, TS_E_INPUT, "%.*s: %.*s", TS_P(faults.v[0].at), TS_P(faults.v[0].text));
    return fits == TS_YES;
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_str text, out;
    ts_signer by;
    const char *as = option(c, "as");
    bool jose = !as || strcmp(as, "jose") == 0;
    if (!jose && strcmp(as, "di") != 0) {
        ts_fail(&e, TS_E_USAGE, "--as is jose or di, not '%s'", as);
        return usage(c, &e);
    }
    if (!passport_input(c, "the credential to sign", &text, &e))
        return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    const ts_json *root = ts_json_parse(&c->arena, text, (ts_json_options){.strict = true}, &e);
    if (!root || !is_credential(c, root, &e)) {
        ts_fail_at(&e, c->operand[0], e.line, e.byte);
        return failed(&e);
    }
    if (!passport_signer(c, &by, &e)) return failed(&e);
    const ts_json *issuer = ts_json_member(root, "issuer");
    ts_str named = ts_json_is(issuer, TS_JSON_OBJECT) ? ts_json_str(ts_json_member(issuer, "id"))
                                                      : ts_json_str(issuer);
    bool ok = ts_str_eq(named, by.issuer) ||
              ts_fail(&e, TS_E_USAGE, "the credential says that %.*s issues it, the key is of %.*s",
                      TS_P(named), TS_P(by.issuer));
    ok = ok && ts_secure_tree(&c->arena, root, &by, jose, ts_now(), &out, &e);
    ts_key_free((ts_key *)(uintptr_t)by.key);
    return ok ? passport_output(c, out, true) : failed(&e);
}

static const option_spec options[] = {
    PASSPORT_SIGNER_OPTIONS,
    {"as", "HOW", "jose (a token) or di (with one more Data Integrity proof) (default: jose)",
     false},
    {"schemas", "DIR", "folder with UNTP's schema files: what does not keep to them is not signed",
     false},
    {"out", "FILE", "write here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport sign --key laboratory.pem --out certificate.jwt certificate.json",
    "A laboratory signs its conformity credential.",
    "touchstone passport sign --key second.pem --as di --out both.json first.json",
    "A second proof beside the one that is there.",
    0,
};
const command cmd_passport_sign = {
    "passport sign",
    "FILE",
    "sign a credential: a certificate, an accreditation, an identity anchor",
    "Signs a credential written as JSON (VCDM 2.0; for instance UNTP's conformity credential or "
    "identity "
    "anchor), whose issuer must be that of the key. For laboratories, certifiers, accreditors and "
    "registrars; passports are issued with `passport issue`, which records them.",
    options,
    examples,
    run};
