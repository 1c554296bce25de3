#include "passport.h"

static bool read_with(cli *c, ts_export_job *job, ts_error *e) {
    ts_strs paths = option_strs(c, "with"), bytes = {0};
    for (size_t i = 0; i < paths.n; i++)
        if (!ts_file_read(&c->arena, ts_str_z(&c->arena, paths.v[i]), PASSPORT_FILE_MAX,
                          ts_push(&c->arena, &bytes), e))
            return false;
    job->with = bytes.v;
    job->with_n = bytes.n;
    return true;
}

static exit_status export_to(cli *c, ts_export_job *job, ts_error *e) {
    ts_str out;
    const char *list = option(c, "status-list");
    if (list) {
        ts_list_row row;
        bool found;
        if (!ts_store_list(job->store, &c->arena, ts_str_c(list), &row, &found, e))
            return failed(e);
        if (!found)
            return ts_fail(e, TS_E_NOT_FOUND, "the store keeps no status list %s", list), failed(e);
        return passport_output(c, row.secured, true);
    }
    if (!ts_export(&c->arena, job, &out, e)) return failed(e);
    return passport_output(c, out, true);
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_signer by;
    const char *path = option(c, "store"), *as = option(c, "as");
    ts_export_job job = {.now = ts_now(),
                         .kind = TS_OUT_DOSSIER,
                         .challenge = ts_str_c(option(c, "challenge")),
                         .domain = ts_str_c(option(c, "domain"))};
    if (!path)
        ts_fail(&e, TS_E_USAGE, "name the store: --store FILE");
    else if (c->operands_n != (option(c, "status-list") ? 0 : 1))
        ts_fail(&e, TS_E_USAGE,
                "name one passport, by its id or its product's, or a --status-list");
    else if (as && !ts_export_kind_by_name(as, &job.kind))
        ts_fail(&e, TS_E_USAGE,
                "--as is dossier, signed, document, en18223 or en18223-full, not '%s'", as);
    else if (passport_audiences(c, &job.who, &e))
        passport_instant(c, "at", TS_NO_TIME, &job.at, &e);
    if (e.code) return usage(c, &e);
    if (c->operands_n) job.passport = ts_str_c(c->operand[0]);
    if (!read_with(c, &job, &e)) return failed(&e);
    if (option(c, "key")) {
        if (!passport_signer(c, &by, &e)) return failed(&e);
        job.holder = &by;
    }
    job.store = ts_store_open(&c->arena, path, TS_STORE_READ, &e);
    exit_status st = job.store ? export_to(c, &job, &e) : failed(&e);
    ts_store_close(job.store);
    if (job.holder) ts_key_free((ts_key *)(uintptr_t)by.key);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"as", "KIND", "dossier, signed, document, en18223 or en18223-full (default: dossier)", false},
    {"audience", "NAME", "for whom (default: public); repeat for several at once", true},
    {"at", "TIME", "as it stood then (default: now)", false},
    {"with", "FILE", "dossier: an attestation or accreditation to add; repeat as needed", true},
    {"status-list", "URL", "the signed status list of this address, for publication", false},
    PASSPORT_SIGNER_OPTIONS,
    {"challenge", "TEXT", "dossier with --key: the challenge it answers", false},
    {"domain", "TEXT", "dossier with --key: whom it is meant for", false},
    {"out", "FILE", "write here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport export --store passports.db --with certificate.jwt --out kettle.json "
    "https://id.example.com/01/09521234543213/21/7Q2MX9HDKCW4",
    "A dossier: the signed passport, those of its batch and model, status lists, and the "
    "attestation.",
    "touchstone passport export --store passports.db --as en18223 --audience authority ID",
    "EN 18223 JSON with what an authority may see.",
    0,
};
const command cmd_passport_export = {
    "passport export",
    "[PASSPORT]",
    "carry a passport out of a store",
    "Writes a passport as the document it was made from, as EN 18223 JSON, as its signed "
    "credential, "
    "or as a dossier: a presentation that holds everything needed to verify it without a network, "
    "but for "
    "the documents of did:web issuers. Each audience gets the elements it may see.",
    options,
    examples,
    run};
