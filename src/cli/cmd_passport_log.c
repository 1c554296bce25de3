#include "passport.h"

enum { ROOM_BITS = 31 };

/* ---- Parts of the command ---- */

static exit_status prove(cli *c, ts_store *s, ts_arena work, ts_error *e) {
    ts_log_proof p;
    char hex[65];
    ts_buf b = ts_buf_new(&c->arena, 4096);
    if (!ts_log_prove(work, s, &p, e)) return failed(e);
    ts_buf_fmt(&b, "%llu %s; every row is as it was written, and every hash follows\n%s\n",
               (unsigned long long)p.entries, plural(p.entries, "entry", "entries"),
               ts_chain_hex(&p.hash, hex).p);
    return print(&b);
}

static exit_status checkpoint(cli *c, ts_store *s, ts_error *e) {
    ts_signer by;
    ts_str token;
    if (!passport_signer(c, &by, e)) return failed(e);
    bool ok =
        ts_log_checkpoint(&c->arena, s, &by, ts_str_c(option(c, "log")), ts_now(), 0, &token, e);
    ts_key_free((ts_key *)(uintptr_t)by.key);
    return ok ? passport_output(c, token, true) : failed(e);
}

static bool table(cli *c, ts_arena *a, ts_store *s, uint64_t after, uint64_t top, ts_buf *b,
                  ts_error *e) {
    enum { COLUMNS = 5, BYTES = 64 << 20 };
    static const ts_column columns[] = {{{"n", 1}, 0, 10, true},
                                        {{"at", 2}, 0, 20, false},
                                        {{"kind", 4}, 0, 12, false},
                                        {{"about", 5}, 0, 60, false},
                                        {{"hash", 4}, 0, 16, false}};
    ts_log_rows rows = {0};
    (void)c;
    if (!ts_store_log(s, a, after, (size_t)top, BYTES, &rows, e)) return false;
    ts_str *cells = ts_new_n(a, ts_str, rows.n * COLUMNS);
    for (size_t i = 0; i < rows.n; i++) {
        const ts_log_row *r = &rows.v[i];
        ts_buf n = ts_buf_new(a, 32), about = ts_buf_new(a, 4096);
        char at[24], hex[65];
        ts_buf_u64(&n, r->n);
        ts_buf_put(&about, ts_str_clip(r->subject, 3000));
        if (r->number) ts_buf_fmt(&about, " (%lld)", (long long)r->number);
        ts_str *cell = &cells[i * COLUMNS];
        cell[0] = ts_buf_str(&n);
        cell[1] = ts_str_dup(a, ts_instant_iso(r->at, at));
        cell[2] = ts_str_c(ts_log_kind_name(r->kind));
        cell[3] = ts_buf_str(&about);
        cell[4] = ts_str_dup(a, ts_str_to(ts_chain_hex(&r->hash, hex), 16));
    }
    ts_table(b, columns, COLUMNS, cells, rows.n);
    return true;
}

static exit_status show(cli *c, ts_store *s, ts_arena *work, bool lines, ts_error *e) {
    uint64_t after, top;
    ts_buf b = ts_buf_new(work, (size_t)512 << 20);
    if (!option_number(c, "after", 0, INT64_MAX, 0, &after, e) ||
        !option_number(c, "top", 1, 1000000, 100, &top, e))
        return usage(c, e);
    const ts_log_slice slice = {.after = after, .limit = (size_t)top, .bytes = (size_t)256 << 20};
    const ts_signer nobody = {0};
    bool ok = lines ? ts_log_write(work, s, &slice, &nobody, TS_NONE, ts_now(), &b, e)
                    : table(c, work, s, after, top, &b, e);
    return ok ? print(&b) : failed(e);
}

static exit_status peers(cli *c, ts_store *s, ts_error *e) {
    ts_peer_rows rows = {0};
    ts_buf b = ts_buf_new(&c->arena, 1 << 20);
    if (!ts_store_peers(s, &c->arena, &rows, e)) return failed(e);
    for (size_t i = 0; i < rows.n; i++) {
        const ts_peer_row *r = &rows.v[i];
        char at[24];
        ts_buf_fmt(&b, "%.*s: %llu %s of %.*s, signed by %.*s, checkpoint of %s\n", TS_P(r->url),
                   (unsigned long long)r->size, plural(r->size, "entry", "entries"), TS_P(r->log),
                   TS_P(r->method),
                   r->checkpoint_at ? ts_instant_iso(r->checkpoint_at, at).p : "-");
        if (r->trouble.n) ts_buf_fmt(&b, "  %.*s\n", TS_P(r->trouble));
    }
    return print(&b);
}

static exit_status run(cli *c) {
    static const char *const formats[] = {"table", "jsonl", 0};
    ts_error e = {0};
    const char *path = option(c, "store"), *format = passport_format(c, formats, &e);
    bool sign = flag(c, "checkpoint");
    if (format && (!path || c->operands_n))
        ts_fail(&e, TS_E_USAGE, path ? "it takes no operand" : "name the store: --store FILE");
    if (e.code) return usage(c, &e);
    ts_arena work = ts_arena_new((size_t)1 << ROOM_BITS), mark = work;
    ts_store *s = ts_store_open(&c->arena, path, sign ? TS_STORE_WRITE : TS_STORE_READ, &e);
    exit_status st = !s                 ? failed(&e)
                     : sign             ? checkpoint(c, s, &e)
                     : flag(c, "prove") ? prove(c, s, work, &e)
                     : flag(c, "peers") ? peers(c, s, &e)
                                        : show(c, s, &work, strcmp(format, "jsonl") == 0, &e);
    ts_store_close(s);
    ts_arena_free(&mark, (size_t)1 << ROOM_BITS);
    return st;
}

static const option_spec options[] = {
    {"store", "FILE", "the store", false},
    {"prove", 0, "read everything and recompute every hash", false},
    {"checkpoint", 0, "sign the log's size and hash (with --key), keep it and print it", false},
    {"log", "ID", "identifier of the log in the checkpoint (default: the issuer)", false},
    PASSPORT_SIGNER_OPTIONS,
    {"out", "FILE", "write the checkpoint here instead of to standard output", false},
    {"peers", 0, "whose logs are followed, and what was wrong with them", false},
    {"after", "N", "show entries behind number N", false},
    {"top", "N", "how many entries to show (100)", false},
    {"format", "FORMAT", "table or jsonl, the replication stream (default: table)", false},
    {0},
};
static const char *const examples[] = {
    "touchstone passport log --store passports.db",
    "What was written, in order.",
    "touchstone passport log --store passports.db --prove",
    "Whether all of it is as it was when it was written.",
    "touchstone passport log --store passports.db --checkpoint --key maker.pem --out "
    "checkpoint.jwt",
    "A signed statement of the log's size and hash, to publish or to hand to somebody else.",
    0,
};
const command cmd_passport_log = {
    .name = "passport log",
    .summary = "the hash chain of everything written: show, prove, sign",
    .text =
        "Every version, signed form, life event, statement, status list and registration is an "
        "entry of one hash chain, written in the same step as the row itself. --prove recomputes "
        "it from the rows: what was changed, taken out or slipped in since shows, with the "
        "number of the entry. A checkpoint is signed; who holds an older one can show that the "
        "log was not rewritten, or that it was.",
    .options = options,
    .examples = examples,
    .run = run};
