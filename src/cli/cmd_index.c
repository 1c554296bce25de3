#include "cli.h"

static exit_status run(cli *c) {
    ts_error e = {0};
    const char *const *files, *store_path = option(c, "store"), *output = option(c, "output"),
                              *format = option(c, "notice-format");
    size_t n = option_all(c, "notices", &files);
    ts_notice_options o = {0};
    ts_notice_index ix;
    ts_store *s = 0;
    bool ok = true;
    if ((n > 0) == (store_path != 0))
        ok = ts_fail(&e, TS_E_USAGE,
                     "give either --store FILE, or --notices FILE and --output FILE");
    else if (n && !output)
        ok = ts_fail(&e, TS_E_USAGE, "name the file to write: --output FILE");
    else if (format && !(o.format = ts_notice_format_by_name(format)))
        ok = ts_fail(&e, TS_E_USAGE, "there is no notice format '%s'", format);
    if (!ok) return usage(c, &e);
    if (store_path && !(s = ts_store_open(&c->arena, store_path, TS_STORE_READ, &e)))
        return failed(&e);
    ok = n ? ts_notice_index_from_files(&c->arena, files, n, o, &ix, &e)
           : ts_notice_index_from_store(&c->arena, s, true, &ix, &e);
    exit_status st = EXIT_DONE;
    if (ok && ix.failed) { /* an index does not say what it lacks: better none than half */
        ok = ts_fail(&e, TS_E_INPUT,
                     "no index was made, because not every file could be read to its end");
        ts_notice_index_close(&ix);
    } else if (ok) {
        if (output) ok = ts_index_write(&ix.index, output, &e);
        ts_log_note("%u notices, %u terms, %.1f MB, made in %.2f s", ts_index_notices(&ix.index),
                    ts_index_terms(&ix.index), (double)ix.index.bytes.n / 1e6, ix.seconds);
        if (ix.silent)
            ts_log_problem("UNDETERMINED: a source of notices holds none"), st = EXIT_UNDETERMINED;
        if (ix.bad)
            ts_log_problem("%llu %s could not be read and %s left out", (unsigned long long)ix.bad,
                           plural(ix.bad, "notice", "notices"), plural(ix.bad, "was", "were"));
        if (ix.bad || ix.mended) st = worse(st, EXIT_PARTLY);
        ts_notice_index_close(&ix);
    }
    ts_store_close(s);
    return ok ? st : failed(&e);
}

static const option_spec options[] = {
    {"store", "FILE", "make the index of this store anew (FILE.notices.idx)", false},
    {"notices", "FILE", "or: make an index of these notices", true},
    {"output", "FILE", "where to write it", false},
    {"notice-format", "NAME", "do not detect: the format of --notices files", false},
    {0},
};
static const char *const examples[] = {
    "touchstone index --notices safety-gate.json --notices cpsc.csv --output notices.idx",
    "An index that `screen --index` maps in milliseconds.", "touchstone index --store market.db",
    "Rebuild a store's index; `screen` does so by itself when it is out of date.", 0};
const command cmd_index = {
    "index",
    0,
    "make the notice index",
    "Makes the index that offers are compared with: from the notices of a store, or from notice "
    "files. The index is derived and can be thrown away at any "
    "time; it is checked when it is opened, and rebuilt where it does not fit.",
    options,
    examples,
    run};
