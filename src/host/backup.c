/* The whole log in a file, and back. */
#include <zstd.h>

#include "lines.h"
#include "log_part.h"

/* ---- Out ---- */

enum { SLICE_ENTRIES = 1000, SLICE_BYTES = 4 << 20, LEVEL = 9, WINDOW = 25 };

typedef struct packer {
    ZSTD_CCtx *z;
    int fd;
    const char *path;
    char *room;
    size_t room_n;
} packer;

static bool pack(packer *p, ts_str bytes, bool last, ts_error *e) {
    ZSTD_inBuffer in = {bytes.p ? bytes.p : "", bytes.n, 0};
    for (;;) {
        ZSTD_outBuffer out = {p->room, p->room_n, 0};
        size_t left = ZSTD_compressStream2(p->z, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return ts_fail(e, TS_E_MEMORY, "cannot pack the back-up: %s", ZSTD_getErrorName(left));
        if (!ts_fd_write(p->fd, (ts_str){p->room, out.pos}, p->path, e)) return false;
        if (last ? left == 0 : in.pos == in.size) return true;
    }
}

/* One slice after the other; each but the last without its end. */
static bool pack_entries(ts_arena *a, ts_store *s, packer *p, uint64_t *n, ts_error *e) {
    for (;;) {
        ts_arena w = *a;
        ts_buf b = ts_buf_new(&w, (size_t)LOG_LINE_MAX * 4);
        ts_log_rows rows = {0};
        if (!ts_store_log(s, &w, *n, SLICE_ENTRIES, SLICE_BYTES, &rows, e)) return false;
        if (!rows.n) return true;
        for (size_t i = 0; i < rows.n; i++) log_write_entry(&b, &rows.v[i]);
        if (b.full) return ts_fail(e, TS_E_LIMIT, "entries of the log are too long for a back-up");
        if (!pack(p, ts_buf_str(&b), false, e)) return false;
        *n += rows.n;
    }
}

static bool pack_end(ts_arena *a, ts_store *s, packer *p, uint64_t n, const ts_signer *by,
                     ts_str log, int64_t now, ts_error *e) {
    const ts_log_slice none = {.after = n, .limit = 0};
    ts_buf b = ts_buf_new(a, 64 << 10);
    return ts_log_write(a, s, &none, by, log, now, &b, e) && pack(p, ts_buf_str(&b), true, e);
}

bool ts_log_backup(ts_arena *a, ts_store *s, const char *path, const ts_signer *by, ts_str log,
                   int64_t now, uint64_t *entries, ts_error *e) {
    ts_replacement r;
    packer p = {.path = path, .room_n = 1 << 20};
    *entries = 0;
    p.room = ts_new_raw(a, char, p.room_n);
    if (!ts_replace_begin(&r, path, e)) return false;
    p.fd = r.fd;
    p.z = ZSTD_createCCtx();
    bool ok = p.z || ts_fail(e, TS_E_MEMORY, "there is no memory to pack the back-up");
    if (ok) {
        ZSTD_CCtx_setParameter(p.z, ZSTD_c_compressionLevel, LEVEL);
        ZSTD_CCtx_setParameter(p.z, ZSTD_c_checksumFlag, 1);
        ZSTD_CCtx_setParameter(p.z, ZSTD_c_windowLog, WINDOW);
        ok = pack_entries(a, s, &p, entries, e) && pack_end(a, s, &p, *entries, by, log, now, e);
    }
    ZSTD_freeCCtx(p.z);
    ok = ok && ts_replace_commit(&r, e);
    if (!ok) ts_replace_abandon(&r);
    return ok;
}

/* ---- In ---- */

/* Every line of a file. `fn` gets those that are not empty. */
typedef bool line_fn(void *ctx, ts_arena *a, const log_line *l, ts_error *e);
static bool each_line(ts_arena *a, const char *path, line_fn *fn, void *ctx, ts_error *e) {
    ts_arena held = *a, work;
    size_t half = (size_t)(a->end - a->beg) / 2;
    held.end = a->beg + half;
    work = (ts_arena){held.end, a->end, a->land};
    lines l = {.in = ts_input_open(&held, path, e), .max = LOG_LINE_MAX};
    ts_str line;
    bool ok = l.in != 0;
    while (ok && (ok = lines_next(&held, &l, &line, e)) && line.p) {
        ts_arena w = work;
        log_line x;
        if (!ts_str_trim(line).n) continue;
        ok = log_line_read(&w, line, &x, e) && fn(ctx, &w, &x, e);
        if (!ok) ts_fail_at(e, path, l.number, 0);
    }
    ts_input_close(l.in);
    return ok;
}

typedef struct restoring {
    ts_store *store;
    const ts_source_of *source;
    ts_arena *names; /* what outlives a line */
    ts_restored *out;
    ts_log_head at;
    bool ended;
    log_writer writer;
} restoring;

static bool check_end(ts_arena *a, restoring *x, const log_line *l, ts_error *e) {
    ts_public_key key;
    x->ended = true;
    if (l->end.size != x->at.size || l->head != x->at.size ||
        !ts_chain_hash_eq(&l->end.hash, &x->at.hash))
        return ts_fail(e, TS_E_INPUT,
                       "the end stands for %llu entries, and %llu came before it: the back-up is "
                       "not whole, or was changed",
                       (unsigned long long)l->end.size, (unsigned long long)x->at.size);
    if (!l->checkpoint.n) return true;
    if (!log_key_of(a, x->source, l->end.kid, l->end.at, &key, e) ||
        !log_signed(a, l->checkpoint, &key, e))
        return false;
    x->out->signed_by = ts_str_dup(x->names, l->end.kid);
    x->out->log = ts_str_dup(x->names, l->end.log);
    return true;
}

static bool check_line(void *ctx, ts_arena *a, const log_line *l, ts_error *e) {
    restoring *x = ctx;
    if (x->ended) return ts_fail(e, TS_E_INPUT, "there are lines behind the end of the log");
    return l->is_entry ? log_chain_on(l, &x->at, e) : check_end(a, x, l, e);
}

/* Entries are committed in groups: what is there stays when it breaks off, and the same command
 * again goes on. */
static bool apply_line(void *ctx, ts_arena *a, const log_line *l, ts_error *e) {
    restoring *x = ctx;
    bool fresh;
    if (!l->is_entry) return true;
    if (!log_apply(a, &x->writer, l, &fresh, e)) return false;
    x->out->entries++;
    x->out->fresh += fresh;
    return x->out->entries % SLICE_ENTRIES ||
           (ts_store_commit(x->store, e) && ts_store_begin(x->store, e));
}

static bool prove_file(ts_arena *a, restoring *x, const char *path, ts_error *e) {
    if (!each_line(a, path, check_line, x, e)) return false;
    if (x->ended) return true;
    ts_fail(e, TS_E_INPUT, "the back-up has no end: a part of it is missing");
    return ts_fail_at(e, path, 0, 0);
}

static bool no_source(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes,
                      ts_error *why) {
    (void)ctx, (void)a, (void)what, (void)url, (void)bytes;
    return ts_fail(why, TS_E_NET, "nothing is fetched here");
}

bool ts_log_restore(ts_arena *a, ts_store *s, const char *path, const ts_source_of *source,
                    int64_t now, ts_restored *out, ts_error *e) {
    const ts_source_of nowhere = {no_source, 0};
    enum { NAMES = 16 << 10 };
    char *room = ts_new_raw(a, char, NAMES); /* the rest of `a` is taken again for each line */
    ts_arena names = {room, room + NAMES, a->land};
    restoring x = {.store = s, .source = source ? source : &nowhere, .names = &names, .out = out};
    *out = (ts_restored){0};
    if (!prove_file(a, &x, path, e)) return false;
    log_writer_open(a, &x.writer, s, *x.source, now);
    bool ok = ts_store_begin(s, e) && ts_store_end(s, each_line(a, path, apply_line, &x, e), e);
    log_writer_close(&x.writer);
    return ok;
}
