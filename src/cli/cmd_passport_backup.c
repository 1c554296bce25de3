#include "passport.h"

enum { ROOM_BITS = 32 };

static exit_status out(cli *c, ts_store *s, ts_arena *work, const char *path) {
    ts_error e = {0};
    ts_signer by = {0};
    uint64_t n;
    if (option(c, "key") && !passport_signer(c, &by, &e)) return failed(&e);
    bool ok = ts_log_backup(work, s, path, &by, ts_str_c(option(c, "log")), ts_now(), &n, &e);
    ts_key_free((ts_key *)(uintptr_t)by.key);
    if (!ok) return failed(&e);
    ts_log_note("%s: %llu %s%s", path, (unsigned long long)n, plural(n, "entry", "entries"),
                by.key ? ", signed" : ", not signed: it shows damage, not a forger");
    return EXIT_DONE;
}

static exit_status in(cli *c, ts_store *s, ts_arena *work, const char *path) {
    ts_error e = {0};
    ts_verify_job verify = {0};
    ts_restored r;
    if (!passport_verify_job(c, &verify, &e)) return failed(&e);
    ts_resolver *resolver = ts_resolver_new(&c->arena, &verify.resolve, &e);
    if (!resolver) return failed(&e);
    const ts_source_of source = ts_resolver_source(resolver);
    if (!ts_log_restore(work, s, path, &source, ts_now(), &r, &e)) return failed(&e);
    ts_log_note("%s: %llu %s, %llu of them new here", path, (unsigned long long)r.entries,
                plural(r.entries, "entry", "entries"), (unsigned long long)r.fresh);
    if (r.signed_by.n)
        ts_log_note("signed by %.*s", TS_P(r.signed_by));
    else
        ts_log_problem("nobody signed this back-up: that it is whole is sure, by whom it is not");
    return EXIT_DONE;
}

static exit_status run(cli *c) {
    ts_error e = {0};
    const char *path = option(c, "store"), *to = option(c, "out"), *from = option(c, "restore");
    if (!path || c->operands_n || !to == !from)
        ts_fail(&e, TS_E_USAGE,
                path ? "say where to: --out FILE, or where from: --restore FILE"
                     : "name the store: --store FILE");
    if (e.code) return usage(c, &e);
    ts_arena work = ts_arena_new((size_t)1 << ROOM_BITS), mark = work;
    ts_store *s = ts_store_open(&c->arena, path, to ? TS_STORE_READ : TS_STORE_WRITE, &e);
    exit_status st = !s ? failed(&e) : to ? out(c, s, &work, to) : in(c, s, &work, from);
    ts_store_close(s);
    ts_arena_free(&mark, (size_t)1 << ROOM_BITS);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"out", "FILE", "write the back-up here, whole or not at all", false},
    {"restore", "FILE", "read a back-up into the store, which may be new", false},
    {"log", "ID", "identifier of the log in the checkpoint (default: the issuer)", false},
    PASSPORT_SIGNER_OPTIONS,
    PASSPORT_VERIFY_OPTIONS,
    {0},
};
static const char *const examples[] = {
    "touchstone passport backup --store passports.db --key maker.pem --out passports.log.zst",
    "Everything ever written about passports, in order, with a signed checkpoint.",
    "touchstone passport backup --store new.db --restore passports.log.zst",
    "Proves the file as a whole, then writes what it holds.",
    0,
};
const command cmd_passport_backup = {
    .name = "passport backup",
    .summary = "carry the whole log out into a file, or back in",
    .text =
        "A back-up is the replication stream in one file (JSON lines, zstd): documents, signed "
        "forms, events, statements, status lists, registrations, and the hash chain over them. "
        "With --key its end is a signed checkpoint. A restore proves the whole file before it "
        "writes anything; it may be interrupted and repeated. Tokens, notices and leads are not "
        "part of it.",
    .options = options,
    .examples = examples,
    .run = run};
