/* Another provider's log is followed: asked, proven, taken over; what is wrong with it is named. */
#include "log_part.h"

enum { LIMIT = 1000, AHEAD = 600, TWO_DAYS = 2 * 86400 };

typedef struct run {
    const ts_follow_job *job;
    ts_followed *out;
    ts_peer_row peer;
    bool known; /* the peer was seen before */
    bool in_transaction, own_failed, done;
    log_writer writer;
    ts_error own; /* of our own store */
} run;

const char *ts_peer_state_name(ts_peer_state s) {
    static const char *const names[] = {"true", "lags", "forks", "lies", "silent"};
    return names[s];
}

/* Ends the run with a finding. */
static bool found_out(ts_arena *a, run *x, ts_peer_state state, const ts_error *why) {
    x->out->state = state;
    x->out->why = ts_str_dup(a, ts_str_c(why->msg));
    x->done = true;
    return false;
}

static bool own_failure(run *x, const ts_error *e) {
    x->own_failed = true;
    x->own = *e;
    return false;
}

/* ---- Asking ---- */

static bool ask(ts_arena *a, run *x, ts_str path, size_t max, ts_str *bytes, ts_error *e) {
    ts_fetch_options o = x->job->fetch;
    ts_fetch_result r = {0};
    ts_buf b = ts_buf_new(a, 64 << 10);
    ts_buf_put(&b, x->job->url);
    ts_buf_put(&b, path);
    o.url = ts_buf_str(&b);
    o.max_bytes = max;
    o.compress = true;
    if (x->job->token.n) {
        ts_buf h = ts_buf_new(a, 8 << 10);
        ts_buf_lit(&h, "Authorization: Bearer ");
        ts_buf_put(&h, x->job->token);
        *ts_push(a, &o.headers) = ts_buf_str(&h);
    }
    if (!ts_fetch_memory(a, &o, &r, e)) {
        if (r.status == 401 || r.status == 403)
            ts_fail(e, TS_E_NET, "it refuses (%d): a token with the right to replicate is needed",
                    r.status);
        return false;
    }
    *bytes = r.body;
    return true;
}

static ts_str query(ts_arena *a, const run *x) {
    ts_buf b = ts_buf_new(a, 128);
    ts_buf_lit(&b, "?after=");
    ts_buf_u64(&b, x->peer.size);
    ts_buf_lit(&b, "&limit=");
    ts_buf_u64(&b, x->job->limit ? x->job->limit : LIMIT);
    return ts_buf_str(&b);
}

/* ---- Who signs ---- */

static bool is_of(ts_str method, ts_str did) {
    return method.n > did.n && ts_str_starts(method, did) && method.p[did.n] == '#';
}

static ts_str did_of(ts_str method) { return ts_str_to(method, ts_str_chr(method, '#')); }

/* The pinned key, or that of another method of the same DID; at first sight whoever signs. */
static bool key_for(ts_arena *a, run *x, const ts_checkpoint *c, ts_public_key *key, ts_error *e) {
    const ts_peer_row *p = &x->peer;
    ts_str did = x->job->issuer.n ? x->job->issuer : x->known ? did_of(p->method) : TS_NONE;
    if (did.n && !is_of(c->kid, did))
        return ts_fail(e, TS_E_INPUT, "its checkpoint is signed by %.*s, not by %.*s", TS_P(c->kid),
                       TS_P(did));
    if (x->known && ts_str_eq(c->kid, p->method))
        return ts_public_key_from_multikey(p->key, key, e);
    return log_key_of(a, &x->job->source, c->kid, c->at, key, e);
}

static bool checkpoint_sound(ts_arena *a, run *x, ts_str token, ts_checkpoint *c, ts_error *e) {
    ts_public_key key;
    if (!ts_checkpoint_read(a, token, 0, c, e)) return false;
    if (x->known && !ts_str_eq(c->log, x->peer.log))
        return ts_fail(e, TS_E_INPUT, "it serves another log than before: %.*s instead of %.*s",
                       TS_P(c->log), TS_P(x->peer.log));
    if (c->at > x->job->now + AHEAD)
        return ts_fail(e, TS_E_INPUT, "its checkpoint is dated %lld seconds ahead of our clock",
                       (long long)(c->at - x->job->now));
    if (!key_for(a, x, c, &key, e) || !log_signed(a, token, &key, e)) return false;
    x->peer.key = ts_public_key_multikey(a, &key);
    return true;
}

/* ---- Does what it sent follow from what it sent before ---- */

static bool forks(ts_arena *a, run *x, const ts_checkpoint *c, ts_str token) {
    ts_error e;
    char hex[2][65];
    x->out->proof[0] = x->peer.checkpoint;
    x->out->proof[1] = ts_str_dup(a, token);
    ts_fail(&e, TS_E_INPUT,
            "it signed two histories: of its first %llu entries it said %.16s… before and says "
            "%.16s… now",
            (unsigned long long)c->size, ts_chain_hex(&x->peer.hash, hex[0]).p,
            ts_chain_hex(&c->hash, hex[1]).p);
    return found_out(a, x, TS_PEER_FORKS, &e);
}

/* Something does not fit: it is asked to sign what it had signed before. Another hash for the same
 * size is a fork; else what it sent is a lie. */
static bool doubt(ts_arena *a, run *x, const ts_error *why) {
    enum { TOKEN_MAX = 64 << 10 };
    ts_buf b = ts_buf_new(a, 128);
    ts_str token;
    ts_checkpoint c;
    ts_buf_lit(&b, "/checkpoint?size=");
    ts_buf_u64(&b, x->peer.size);
    if (x->known && x->peer.size && ask(a, x, ts_buf_str(&b), TOKEN_MAX, &token, 0)) {
        token = ts_str_trim(token);
        if (checkpoint_sound(a, x, token, &c, 0) && c.size == x->peer.size &&
            !ts_chain_hash_eq(&c.hash, &x->peer.hash))
            return forks(a, x, &c, token);
    }
    return found_out(a, x, TS_PEER_LIES, why);
}

static bool chain_fits(ts_arena *a, run *x, const log_batch *b, ts_log_head *at) {
    ts_error e;
    const ts_checkpoint *c = &b->last.end;
    *at = (ts_log_head){x->peer.size, x->peer.hash};
    if (b->entries.n == 0 && c->size == at->size && !ts_chain_hash_eq(&c->hash, &at->hash))
        return forks(a, x, c, b->last.checkpoint);
    for (size_t i = 0; i < b->entries.n; i++)
        if (!log_chain_on(&b->entries.v[i], at, &e)) return doubt(a, x, &e);
    if (c->size == at->size && ts_chain_hash_eq(&c->hash, &at->hash)) return true;
    ts_fail(&e, TS_E_INPUT, "its checkpoint of %llu entries does not stand for the %llu it sent",
            (unsigned long long)c->size, (unsigned long long)at->size);
    return doubt(a, x, &e);
}

static bool behind(ts_arena *a, run *x, const log_batch *b) {
    ts_error e;
    ts_fail(&e, TS_E_INPUT, "it shows %llu entries, and %llu before",
            (unsigned long long)b->last.head, (unsigned long long)x->peer.size);
    return found_out(a, x, TS_PEER_LAGS, &e);
}

/* ---- A batch ---- */

static bool take(ts_arena *a, run *x, const log_batch *b, const ts_log_head *end) {
    ts_store *s = x->job->store;
    ts_error e = {0};
    bool fresh;
    uint64_t n = 0;
    if (!ts_store_begin(s, &e)) return own_failure(x, &e);
    for (size_t i = 0; i < b->entries.n; i++) {
        ts_arena scratch = *a;
        if (log_apply(&scratch, &x->writer, &b->entries.v[i], &fresh, &e)) {
            n += fresh;
            continue;
        }
        ts_store_rollback(s);
        if (e.code == TS_E_STORE) return own_failure(x, &e);
        ts_error why;
        ts_fail(&why, e.code, "entry %llu: %s", (unsigned long long)b->entries.v[i].row.n, e.msg);
        return found_out(a, x, TS_PEER_LIES, &why);
    }
    x->peer.size = end->size;
    x->peer.hash = end->hash;
    if (!ts_store_end(s, ts_store_put_peer(s, &x->peer, &e), &e)) return own_failure(x, &e);
    x->known = true;
    x->out->taken += b->entries.n;
    x->out->fresh += n;
    x->out->size = end->size;
    return true;
}

static void stale(ts_arena *a, run *x, const ts_checkpoint *c) {
    ts_error e;
    int64_t most = x->job->stale ? x->job->stale : TWO_DAYS;
    x->out->behind = x->job->now > c->at ? x->job->now - c->at : 0;
    if (x->out->behind <= most) return;
    ts_fail(&e, TS_E_INPUT, "its newest checkpoint is %lld seconds old", (long long)x->out->behind);
    found_out(a, x, TS_PEER_LAGS, &e);
}

static bool one_batch(void *ctx, ts_arena *a, ts_error *unused) {
    run *x = ctx;
    ts_str bytes;
    ts_error e = {0};
    log_batch b;
    ts_log_head end;
    ts_checkpoint c;
    (void)unused;
    if (!ask(a, x, query(a, x), LOG_ANSWER_MAX, &bytes, &e))
        return found_out(a, x, e.code == TS_E_INPUT ? TS_PEER_LIES : TS_PEER_SILENT, &e);
    if (!log_batch_read(a, bytes, &b, &e)) return found_out(a, x, TS_PEER_LIES, &e);
    if (!b.last.checkpoint.n) {
        ts_fail(&e, TS_E_INPUT, "it does not sign what it sends: nothing is taken without a proof");
        return found_out(a, x, TS_PEER_LIES, &e);
    }
    if (!checkpoint_sound(a, x, b.last.checkpoint, &c, &e))
        return found_out(a, x, e.code == TS_E_NET ? TS_PEER_SILENT : TS_PEER_LIES, &e);
    if (b.last.head < x->peer.size) return behind(a, x, &b);
    if (!chain_fits(a, x, &b, &end)) return false;
    x->peer.log = c.log;
    x->peer.method = c.kid;
    x->peer.checkpoint = b.last.checkpoint;
    x->peer.checkpoint_at = c.at;
    x->peer.seen = x->job->now;
    x->peer.trouble = TS_NONE;
    if (!take(a, x, &b, &end)) return false;
    if (end.size >= b.last.head) {
        x->done = true;
        stale(a, x, &c);
    } else if (!b.entries.n) {
        ts_fail(&e, TS_E_INPUT, "it says that it has %llu entries, and gives none behind %llu",
                (unsigned long long)b.last.head, (unsigned long long)end.size);
        return found_out(a, x, TS_PEER_LIES, &e);
    }
    return true;
}

/* ---- A run ---- */

static bool load(ts_arena *a, run *x, ts_error *e) {
    if (!ts_store_peer(x->job->store, a, x->job->url, &x->peer, &x->known, e)) return false;
    if (!x->known) x->peer = (ts_peer_row){.url = x->job->url};
    x->known = x->peer.method.n != 0;
    return true;
}

/* What was wrong is kept with the peer; a fork with the checkpoint that proves it. */
static bool keep_trouble(ts_arena *a, run *x, ts_error *e) {
    ts_store *s = x->job->store;
    ts_buf b = ts_buf_new(a, 64 << 10);
    ts_followed *o = x->out;
    if (!load(a, x, e)) return false;
    if (o->state != TS_PEER_TRUE) {
        ts_buf_put(&b, ts_str_c(ts_peer_state_name(o->state)));
        ts_buf_lit(&b, ": ");
        ts_buf_put(&b, o->why);
        if (o->proof[1].n) ts_buf_lit(&b, " "), ts_buf_put(&b, o->proof[1]);
    }
    x->peer.trouble = ts_buf_str(&b);
    if (!o->size) o->size = x->peer.size;
    return ts_store_begin(s, e) && ts_store_end(s, ts_store_put_peer(s, &x->peer, e), e);
}

/* Signed forms are judged by DID documents alone: lists and evidence are not asked for. */
static bool documents_only(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes,
                           ts_error *why) {
    const ts_source_of *s = ctx;
    if (what != TS_WANT_DID_DOCUMENT || !s->get)
        return ts_fail(why, TS_E_NET, "nothing but DID documents is asked for here");
    return s->get(s->ctx, a, what, url, bytes, why);
}

static bool run_batches(ts_arena *a, run *x, ts_error *e) {
    while (!x->done && !x->own_failed) {
        ts_arena mark = *a;
        ts_error memory = {0};
        if (!load(a, x, e)) return false;
        bool ok = ts_arena_guard(one_batch, x, a, &memory);
        if (!ok && !x->done && !x->own_failed) { /* it left the batch in the middle */
            ts_store_rollback(x->job->store);
            found_out(a, x, TS_PEER_LIES, &memory);
        }
        if (!x->done) *a = mark;
    }
    if (x->own_failed && e) *e = x->own;
    return !x->own_failed;
}

bool ts_follow(ts_arena *a, const ts_follow_job *job, ts_followed *out, ts_error *e) {
    ts_source_of source = job->source;
    run x = {.job = job, .out = out};
    *out = (ts_followed){0};
    log_writer_open(a, &x.writer, job->store, (ts_source_of){documents_only, &source}, job->now);
    bool ok = run_batches(a, &x, e) && keep_trouble(a, &x, e);
    log_writer_close(&x.writer);
    return ok;
}
