#include "passport.h"

/* The credential that the options ask for: taken from a file, an answer, or a new statement. */
static bool credential_of(cli *c, ts_store *s, const ts_signer *by, ts_str *out, ts_error *e) {
    const char *add = option(c, "add"), *contest = option(c, "contest"), *lift = option(c, "lift");
    ts_str reason = ts_str_c(option(c, "reason"));
    ts_safety_job job = {.by = *by};
    ts_notice notice;
    if (add) return ts_file_read(&c->arena, add, PASSPORT_FILE_MAX, out, e);
    if (contest || lift)
        return ts_statement_answer(&c->arena, by, ts_str_c(contest ? contest : lift),
                                   contest ? "contested" : "lifted", reason, ts_now(), out, e);
    if (!passport_safety_job(c, s, &notice, &job, e)) return false;
    ts_passport_row row;
    ts_document d;
    ts_packs packs = {0};
    job.passport = ts_str_c(c->operand[0]);
    if (s) {
        if (!ts_find_passport(&c->arena, s, job.passport, TS_NO_TIME, &row, &d, &packs, e))
            return false;
        job.passport = row.id;
    }
    return ts_statement_make(&c->arena, &job, out, e);
}

static bool keep(cli *c, ts_store *s, ts_str credential, ts_error *e) {
    ts_verify_job job = {0};
    ts_statement_row row;
    bool fresh;
    if (!passport_verify_job(c, &job, e)) return false;
    ts_resolver *r = ts_resolver_new(&c->arena, &job.resolve, e);
    if (!r) return false;
    const ts_verify_options o = {.now = job.now, .source = ts_resolver_source(r)};
    if (!ts_statement_add(&c->arena, s, credential, &o, &row, &fresh, e)) return false;
    ts_log_note("%.*s: %.*s, about %.*s, %s", TS_P(row.id), TS_P(row.kind), TS_P(row.passport),
                fresh ? "kept" : "there already");
    return true;
}

static exit_status work(cli *c, ts_store *s, const ts_signer *by, ts_error *e) {
    ts_str credential;
    if (!credential_of(c, s, by, &credential, e) || (s && !keep(c, s, credential, e)))
        return failed(e);
    return option(c, "add") ? EXIT_DONE : passport_output(c, credential, true);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_signer by = {0};
    const char *path = option(c, "store");
    int asked =
        !!option(c, "add") + !!option(c, "contest") + !!option(c, "lift") + !!option(c, "status");
    if (asked != 1)
        ts_fail(&e, TS_E_USAGE,
                "say one of: --status with a PASSPORT, --contest or --lift with a statement's id, "
                "--add FILE");
    else if (option(c, "status") && c->operands_n != 1)
        ts_fail(&e, TS_E_USAGE, "name the passport that the statement is about");
    else if (!path && option(c, "add"))
        ts_fail(&e, TS_E_USAGE, "name the store to keep it in: --store FILE");
    else if (!option(c, "add"))
        passport_signer(c, &by, &e);
    if (e.code) return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    ts_store *s = path ? ts_store_open(&c->arena, path, TS_STORE_WRITE, &e) : 0;
    exit_status st = path && !s ? failed(&e) : work(c, s, &by, &e);
    ts_store_close(s);
    ts_key_free((ts_key *)(uintptr_t)by.key);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "keep it here, beside the passport", false},
    {"status", "STATUS", "state this of the passport: recalled, warning or withdrawn", false},
    {"notice", "ID", "the notice it is about", false},
    {"notices", "FILE", "a file with the notice", false},
    {"text", "LANG=TEXT", "what people are told, e.g. en=… (default: made of the notice); repeat",
     true},
    {"contest", "STATEMENT", "contest this one, with --reason", false},
    {"lift", "STATEMENT", "lift this one of your own", false},
    {"reason", "TEXT", "why", false},
    {"add", "FILE", "take over a signed statement that came from somebody else", false},
    PASSPORT_SIGNER_OPTIONS,
    PASSPORT_VERIFY_OPTIONS,
    {"out", "FILE", "write the signed statement here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport statement --store passports.db --key authority.pem --issuer "
    "did:web:authority.example --status recalled --notice safety_gate:A12/00001/27 PASSPORT",
    "An authority's word, signed, beside the issuer's own.",
    "touchstone passport statement --store passports.db --key maker.pem --contest urn:uuid:… "
    "--reason 'The lot is another one.'",
    "What the maker says against it.",
    "touchstone passport statement --store passports.db --add statement.jwt",
    "Takes over what came by another way, when its signature fits.",
    0,
};
const command cmd_passport_statement = {
    "passport statement",
    "[PASSPORT]",
    "state something on a product's safety; contest or lift that",
    "Makes a signed credential (vc+jwt, type SafetyNoticeCredential) that names passport and "
    "notice, and keeps it beside the passport, whose own content does not change. Anybody who "
    "signs may contest a statement; its maker alone lifts it; neither takes it out of history. "
    "Kept is only what verifies: where the key of an issuer cannot be had, give its DID document "
    "with --with.",
    options,
    examples,
    run};
