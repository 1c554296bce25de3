#include <errno.h>
#include <sys/stat.h>

#include "passport.h"

enum { ROOM_BITS = 30 };

typedef struct folder {
    const char *path;
    bool xml;
} folder;

static bool put_file(void *ctx, size_t number, ts_str bytes, ts_error *e) {
    const folder *f = ctx;
    char path[1000];
    snprintf(path, sizeof path, "%s/registration-%05zu.%s", f->path, number,
             f->xml ? "xml" : "json");
    return ts_file_replace(path, bytes, e);
}

static exit_status say(const ts_strs *v, exit_status st) {
    for (size_t i = 0; i < v->n; i++) ts_log_problem("%.*s", TS_P(v->v[i]));
    return v->n ? st : EXIT_DONE;
}

/* The Harmonized System has two to six digits, the Combined Nomenclature eight, TARIC ten. */
static bool is_commodity(const char *code) {
    size_t n = 0;
    while (ts_is_digit(code[n]) && n < 11) n++;
    return !code[n] && n >= 2 && n <= 10 && n % 2 == 0;
}

static exit_status out(cli *c, ts_store *s, ts_arena *work, const char *path, bool xml) {
    ts_error e = {0};
    folder f = {path, xml};
    ts_registry_exported done;
    ts_str *ids = ts_new_n(&c->arena, ts_str, c->operands_n);
    for (size_t i = 0; i < c->operands_n; i++) ids[i] = ts_str_c(c->operand[i]);
    const ts_registry_job job = {.store = s,
                                 .passports = ids,
                                 .passports_n = c->operands_n,
                                 .xml = xml,
                                 .endpoint = ts_str_c(option(c, "endpoint")),
                                 .backup = ts_str_c(option(c, "backup-provider")),
                                 .commodity = ts_str_c(option(c, "commodity")),
                                 .file = put_file,
                                 .ctx = &f};
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        ts_fail_errno(&e, TS_E_IO, errno, "cannot make the folder %s", path);
        return failed(&e);
    }
    if (!ts_registry_export(work, &job, &done, &e)) return failed(&e);
    ts_log_note("%zu %s in %zu %s of at most %d", done.entries,
                plural(done.entries, "passport", "passports"), done.files,
                plural(done.files, "file", "files"), (int)TS_REGISTRY_FILE_MAX);
    return say(&done.notes, EXIT_PARTLY);
}

static exit_status in(cli *c, ts_store *s, ts_arena *work, const char *path) {
    ts_error e = {0};
    ts_str bytes;
    ts_registered r;
    (void)c;
    if (!ts_file_read(work, path, PASSPORT_FILE_MAX, &bytes, &e)) return failed(&e);
    if (!ts_registry_proof(work, s, bytes, ts_now(), &r, &e)) {
        ts_fail_at(&e, path, 0, 0);
        return failed(&e);
    }
    ts_log_note("%zu %s kept, %zu known before; seals of the registry are kept and not judged",
                r.kept, plural(r.kept, "proof", "proofs"), r.known);
    return say(&r.refused, EXIT_FAILED);
}

static exit_status run(cli *c) {
    static const char *const formats[] = {"json", "xml", 0};
    ts_error e = {0};
    const char *path = option(c, "store"), *to = option(c, "out"), *proof = option(c, "proof"),
               *format = passport_format(c, formats, &e);
    if (format && (!path || !to == !proof || (to && !option(c, "endpoint"))))
        ts_fail(&e, TS_E_USAGE,
                !path           ? "name the store: --store FILE"
                : !to == !proof ? "say where the files go, --out DIR, or name a --proof FILE"
                                : "say where the passports are served: --endpoint URL");
    const char *code = option(c, "commodity");
    if (!e.code && code && !is_commodity(code))
        ts_fail(&e, TS_E_USAGE,
                "--commodity is a code of two to ten digits (HS, CN or TARIC), not '%s'", code);
    if (e.code) return usage(c, &e);
    ts_arena work = ts_arena_new((size_t)1 << ROOM_BITS), mark = work;
    ts_store *s = ts_store_open(&c->arena, path, to ? TS_STORE_READ : TS_STORE_WRITE, &e);
    exit_status st = !s   ? failed(&e)
                     : to ? out(c, s, &work, to, strcmp(format, "xml") == 0)
                          : in(c, s, &work, proof);
    ts_store_close(s);
    ts_arena_free(&mark, (size_t)1 << ROOM_BITS);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"out", "DIR", "write files for the registry into this folder", false},
    {"endpoint", "URL", "where the passports are served (dppApiEndpoint)", false},
    {"backup-provider", "ID", "operator identifier of the back-up provider", false},
    {"commodity", "CODE", "commodity code of passports that state none", false},
    {"proof", "FILE", "keep proofs of registration that came back", false},
    {"format", "FORMAT", "of the files: json or xml (default: json)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport register --store passports.db --endpoint https://dpp.maker.example/v1 "
    "--out registry",
    "Every passport without a proof for its newest version, a hundred to a file.",
    "touchstone passport register --store passports.db --proof proof.json",
    "Keeps the proof, where its hash is that of a version here.",
    0,
};
const command cmd_passport_register = {
    .name = "passport register",
    .operands = "[PASSPORT…]",
    .summary = "files for the EU registry of passports, and the proofs that come back",
    .text =
        "Writes what the registry of Implementing Regulation (EU) 2026/1778 is told: at most 100 "
        "passports in a file, each with its identifiers, granularity, links to batch and model, "
        "commodity code and the SHA-256 of its newest version. The registry's own format for "
        "uploads is not published; the names are those of EN 18222. A proof of registration "
        "(Art. 9) is kept, and logged, when its hash is that of a version in the store.",
    .options = options,
    .examples = examples,
    .run = run};
