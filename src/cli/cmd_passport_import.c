#include "passport.h"

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_str bytes;
    ts_verify_job job = {0};
    ts_imported in;
    const char *path = option(c, "store");
    if (!passport_input(c, "the passport to import", &bytes, &e))
        return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    if (!passport_verify_job(c, &job, &e)) return failed(&e);
    ts_resolver *r = ts_resolver_new(&c->arena, &job.resolve, &e);
    if (!r) return failed(&e);
    ts_store *s = path ? ts_store_open(&c->arena, path, TS_STORE_WRITE, &e) : 0;
    if (path && !s) return failed(&e);
    const ts_verify_options o = {.now = job.now,
                                 .source = ts_resolver_source(r),
                                 .trusted = job.trusted,
                                 .trusted_n = job.trusted_n};
    bool ok = ts_import_passport(&c->arena, s, bytes, &o, &in, &e);
    ts_store_close(s);
    if (!ok) {
        if (!e.where[0]) ts_fail_at(&e, c->operand[0], 0, 0);
        return failed(&e);
    }
    if (path)
        ts_log_note("%.*s: version %lld, %s", TS_P(in.passport), (long long)in.version,
                    in.new_version ? "new" : "there already");
    exit_status st = EXIT_DONE;
    if (in.is_signed && in.report.step[TS_STEP_SIGNATURE].answer != TS_YES) {
        ts_log_problem("the signature was not checked: %.*s",
                       TS_P(in.report.step[TS_STEP_SIGNATURE].reason));
        st = EXIT_UNDETERMINED;
    }
    return worse(st, path ? EXIT_DONE : passport_output(c, in.document, true));
}

static const option_spec options[] = {
    {"store", "FILE",
     "record it here as a version, with its signature; else the document is printed", false},
    PASSPORT_VERIFY_OPTIONS,
    {"out", "FILE", "without a store: write the document here", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport import --store passports.db received.jwt",
    "Takes over a signed passport of somebody else, as it was signed.",
    "touchstone passport import en18223.json --out kettle.json",
    "Turns EN 18223 JSON into a document that can be edited and issued.",
    0,
};
const command cmd_passport_import = {
    "passport import",
    "FILE",
    "take a passport over: signed, as EN 18223 JSON, or as a document",
    "Reads a passport in any form that export writes. A signed one whose signature fails is "
    "refused, "
    "and one whose signature could not be checked is taken and said (exit status 3); the signed "
    "bytes are kept "
    "as they came.",
    options,
    examples,
    run};
