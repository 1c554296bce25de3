#include "passport.h"

/* What its packs ask for and it does not carry is said, not refused: the maker may know why. */
static void tell_absent(cli *c, ts_str bytes) {
    ts_error ignored;
    ts_document d;
    ts_packs packs = {0};
    ts_element_answers answers = {0};
    if (!ts_document_read(&c->arena, bytes, &d, &ignored) ||
        !ts_document_packs(&c->arena, &d, ts_pack_find_shared, 0, &packs, &ignored))
        return;
    ts_completeness(&c->arena, &d, &packs, 0, 0, (int32_t)(ts_now() / 86400), &answers);
    if (answers.absent)
        ts_log_problem(
            "%zu of the elements asked for %s absent; `touchstone passport check` lists them",
            answers.absent, plural(answers.absent, "is", "are"));
}

static bool read_terms(cli *c, ts_issue_job *job, ts_error *e) {
    const char *form = option(c, "form");
    *job = (ts_issue_job){.now = ts_now(), .list = ts_str_c(option(c, "status-list"))};
    if (form && !ts_form_by_name(form, &job->form))
        return ts_fail(e, TS_E_USAGE,
                       "--form is untp-jose, untp-di, en18223-jose or en18223-di, not '%s'", form);
    return passport_audiences(c, &job->who, e) &&
           passport_instant(c, "until", TS_NO_TIME, &job->until, e);
}

static bool read_job(cli *c, ts_issue_job *job, ts_error *e) {
    return read_terms(c, job, e) && passport_input(c, "the passport to issue", &job->document, e);
}

static void tell_progress(void *ctx, uint64_t lines) {
    (void)ctx;
    if (lines % 100000 == 0) ts_log_note("%llu passports", (unsigned long long)lines);
}

/* One passport in each line, in group commits. */
static exit_status run_lines(cli *c) {
    enum { ROOM_BITS = 30 };
    ts_error e = {0};
    ts_issue_lines_job job = {.committed = tell_progress};
    ts_issued_lines n;
    const char *store = option(c, "store");
    if (!store || c->operands_n != 1 || option(c, "out"))
        ts_fail(&e, TS_E_USAGE,
                !store ? "--lines needs a store: --store FILE"
                       : "--lines takes one file, and writes to the store alone");
    if (e.code || !read_terms(c, &job.issue, &e)) return usage(c, &e);
    if (!passport_signer(c, &job.issue.by, &e)) return failed(&e);
    ts_arena work = ts_arena_new((size_t)1 << ROOM_BITS), mark = work;
    job.path = c->operand[0];
    job.issue.store = ts_store_open(&c->arena, store, TS_STORE_WRITE, &e);
    bool ok = job.issue.store && ts_issue_lines(&work, &job, &n, &e);
    ts_store_close(job.issue.store);
    ts_key_free((ts_key *)(uintptr_t)job.issue.by.key);
    ts_arena_free(&mark, (size_t)1 << ROOM_BITS);
    if (!ok) return failed(&e);
    ts_log_note("%llu %s: %llu newly signed, %llu signed before", (unsigned long long)n.lines,
                plural(n.lines, "passport", "passports"), (unsigned long long)n.fresh,
                (unsigned long long)n.again);
    return EXIT_DONE;
}

static exit_status run(cli *c) {
    ts_error e = {0};
    ts_issue_job job;
    ts_issued issued;
    const char *store = option(c, "store");
    if (flag(c, "lines")) return run_lines(c);
    if (!read_job(c, &job, &e)) return e.code == TS_E_USAGE ? usage(c, &e) : failed(&e);
    if (!passport_signer(c, &job.by, &e)) return failed(&e);
    if (store) job.store = ts_store_open(&c->arena, store, TS_STORE_WRITE, &e);
    bool ok = (!store || job.store) && ts_issue(&c->arena, &job, &issued, &e);
    ts_store_close(job.store);
    ts_key_free((ts_key *)(uintptr_t)job.by.key);
    if (!ok) {
        if (!e.where[0]) ts_fail_at(&e, c->operand[0], 0, 0);
        return failed(&e);
    }
    tell_absent(c, job.document);
    if (store)
        ts_log_note("%.*s: version %lld, %s; credential %.*s", TS_P(issued.passport),
                    (long long)issued.version,
                    issued.again         ? "signed before, the same again"
                    : issued.new_version ? "new"
                                         : "as recorded before",
                    TS_P(issued.credential));
    if (issued.omitted)
        ts_log_note("%zu %s for other eyes and %s left out", issued.omitted,
                    plural(issued.omitted, "element is", "elements are"),
                    plural(issued.omitted, "was", "were"));
    return passport_output(c, issued.bytes, true);
}

static const option_spec options[] = {
    PASSPORT_SIGNER_OPTIONS,
    {"store", "FILE", "record the version and its signature here", false},
    {"form", "FORM", "untp-jose, untp-di, en18223-jose or en18223-di (default: untp-jose)", false},
    {"audience", "NAME", "whose view is signed (default: public); repeat for several at once",
     true},
    {"status-list", "URL", "enter it in this status list, so that it can be revoked", false},
    {"until", "DATE", "end of validity (default: none)", false},
    {"lines", 0, "FILE holds one passport in each line; all are issued into the store", false},
    {"out", "FILE", "write here instead of to standard output", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport issue --key maker.pem --store passports.db kettle.json",
    "Records the next version and prints the signed public passport.",
    "touchstone passport issue --key 'pkcs11:token=maker;object=seal?module-path=…' --issuer "
    "did:web:maker.example --form untp-di kettle.json",
    "Signed by a key in a token, with a Data Integrity proof.",
    "touchstone passport issue --key maker.pem --store passports.db --lines batch-2026-11.jsonl",
    "Issues a whole batch, a thousand to a commit. After an interruption, the same again.",
    0,
};
const command cmd_passport_issue = {
    "passport issue",
    "FILE",
    "record a version of a passport and sign it",
    "Signs a passport document for an audience: as a UNTP 0.7 DigitalProductPassport or with the "
    "EN "
    "18223 JSON as its subject, as a token (vc+jwt) or with a Data Integrity proof. With --store, "
    "version and signature are recorded in one step: a kill at any moment leaves both or neither, "
    "and the same command again gives the same bytes. Versions are append-only; a document that is "
    "not a successor of the last one is refused.",
    options,
    examples,
    run};
