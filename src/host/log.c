#include "log_part.h"

/* ---- Proof ---- */

static bool wrong(ts_store *s, uint64_t n, const char *what, ts_error *e) {
    ts_fail(
        e, TS_E_STORE,
        "entry %llu of the log: %s. The store was changed by other hands or is damaged: restore "
        "a back-up, or follow the provider that has a copy",
        (unsigned long long)n, what);
    return ts_fail_at(e, ts_store_path(s), 0, 0);
}

static bool prove_row(ts_store *s, const ts_log_row *r, ts_chain_hash *hash, ts_error *e) {
    ts_chain_hash digest = ts_chain_digest(r->body);
    if (!ts_chain_hash_eq(&digest, &r->digest))
        return wrong(s, r->n, "its row is not as it was when it was written", e);
    *hash = ts_chain_next(hash, r->n, &digest);
    return ts_chain_hash_eq(hash, &r->hash) || wrong(s, r->n, "its hash does not follow", e);
}

bool ts_log_prove(ts_arena scratch, ts_store *s, ts_log_proof *out, ts_error *e) {
    enum { ENTRIES = 1000, BYTES = 8 << 20 };
    ts_log_head head;
    *out = (ts_log_proof){0};
    if (!ts_store_log_head(s, &head, e)) return false;
    while (out->entries < head.size) {
        ts_arena a = scratch;
        ts_log_rows rows = {0};
        if (!ts_store_log(s, &a, out->entries, ENTRIES, BYTES, &rows, e)) return false;
        if (!rows.n) return wrong(s, out->entries + 1, "it is missing", e);
        for (size_t i = 0; i < rows.n; i++)
            if (!prove_row(s, &rows.v[i], &out->hash, e)) return false;
        out->entries += rows.n;
    }
    return true;
}

/* ---- Checkpoints ---- */

static bool sign_at(ts_arena *a, const ts_log_head *head, const ts_signer *by, ts_str log,
                    int64_t now, ts_str *token, ts_error *e) {
    if (!by->key) return ts_fail(e, TS_E_USAGE, "a checkpoint is signed: there is no key at hand");
    const ts_signer who = ts_signer_complete(a, *by);
    const ts_checkpoint c = {
        .log = log.n ? log : who.issuer, .size = head->size, .hash = head->hash, .at = now};
    return ts_checkpoint_sign(a, &c, who.method, who.key, token, e);
}

bool ts_log_checkpoint_at(ts_arena *a, ts_store *s, const ts_signer *by, ts_str log, uint64_t size,
                          int64_t now, ts_str *token, ts_error *e) {
    ts_log_head head = {.size = size};
    return ts_store_log_hash(s, size, &head.hash, e) && sign_at(a, &head, by, log, now, token, e);
}

/* The last checkpoint, where it says the same and is young enough. */
static bool still_good(ts_arena *a, ts_store *s, const ts_log_head *head, const ts_signer *by,
                       ts_str log, int64_t since, ts_str *token, bool *good, ts_error *e) {
    ts_checkpoint c;
    uint64_t size;
    if (!ts_store_last_checkpoint(s, a, &size, token, good, e)) return false;
    const ts_signer who = ts_signer_complete(a, *by);
    *good = *good && size == head->size && ts_checkpoint_read(a, *token, 0, &c, 0) &&
            ts_chain_hash_eq(&c.hash, &head->hash) && ts_str_eq(c.kid, who.method) &&
            ts_str_eq(c.log, log.n ? log : who.issuer) && c.at >= since;
    return true;
}

bool ts_log_checkpoint(ts_arena *a, ts_store *s, const ts_signer *by, ts_str log, int64_t now,
                       int64_t fresh, ts_str *token, ts_error *e) {
    ts_log_head head = {0};
    bool good = false;
    if (!by->key) return sign_at(a, &head, by, log, now, token, e);
    if (!ts_store_begin(s, e)) return false;
    bool ok = ts_store_log_head(s, &head, e) &&
              still_good(a, s, &head, by, log, now - fresh, token, &good, e);
    if (ok && !good)
        ok = sign_at(a, &head, by, log, now, token, e) &&
             ts_store_add_checkpoint(s, head.size, now, *token, e);
    return ts_store_end(s, ok, e);
}

/* ---- The stream ---- */

void log_write_entry(ts_buf *out, const ts_log_row *r) {
    char hex[65];
    ts_jsonw w = ts_jsonw_to(out);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "digest", ts_chain_hex(&r->digest, hex));
    ts_jsonw_kstr(&w, "hash", ts_chain_hex(&r->hash, hex));
    ts_jsonw_kstr(&w, "kind", ts_str_c(ts_log_kind_name(r->kind)));
    ts_jsonw_key(&w, "n");
    ts_jsonw_i64(&w, (int64_t)r->n);
    ts_jsonw_key(&w, "body"); /* last, so that its bytes are found again */
    ts_jsonw_raw(&w, r->body);
    ts_jsonw_end(&w);
    ts_buf_c(out, '\n');
}

static bool write_end(ts_arena *a, const ts_log_head *end, uint64_t head, const ts_signer *by,
                      ts_str log, int64_t now, ts_jsonw *w, ts_error *e) {
    char hex[65];
    ts_str token;
    if (by->key && !sign_at(a, end, by, log, now, &token, e)) return false;
    ts_jsonw_object(w);
    if (by->key) {
        ts_jsonw_kstr(w, "checkpoint", token);
    } else {
        ts_jsonw_key(w, "end");
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "hash", ts_chain_hex(&end->hash, hex));
        ts_jsonw_key(w, "size");
        ts_jsonw_i64(w, (int64_t)end->size);
        ts_jsonw_end(w);
    }
    ts_jsonw_key(w, "head");
    ts_jsonw_i64(w, (int64_t)head);
    ts_jsonw_end(w);
    return true;
}

/* Entries of a slice; `end` moves to the last one. */
static bool write_entries(ts_arena *a, ts_store *s, const ts_log_slice *slice, ts_log_head *end,
                          ts_buf *out, ts_error *e) {
    ts_log_rows rows = {0};
    if (!ts_store_log(s, a, slice->after, slice->limit, slice->bytes, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++) {
        log_write_entry(out, &rows.v[i]);
        *end = (ts_log_head){rows.v[i].n, rows.v[i].hash};
    }
    return true;
}

static bool too_long(ts_error *e) {
    return ts_fail(e, TS_E_LIMIT, "the entries do not fit into one answer: ask for fewer");
}

bool ts_log_write(ts_arena *a, ts_store *s, const ts_log_slice *slice, const ts_signer *by,
                  ts_str log, int64_t now, ts_buf *out, ts_error *e) {
    ts_log_head head, end;
    if (!ts_store_log_head(s, &head, e)) return false;
    end.size = slice->after < head.size ? slice->after : head.size;
    if (!ts_store_log_hash(s, end.size, &end.hash, e) || !write_entries(a, s, slice, &end, out, e))
        return false;
    if (head.size < end.size) head = end; /* something was written meanwhile */
    ts_jsonw w = ts_jsonw_to(out);
    if (!write_end(a, &end, head.size, by, log, now, &w, e)) return false;
    ts_buf_c(out, '\n');
    return !out->full || too_long(e);
}
