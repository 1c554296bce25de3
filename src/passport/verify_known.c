/* DID documents, status lists and credentials from elsewhere: asked for once in a run, and kept
 * between runs while they are fresh. */
#include "verify_part.h"

enum {
    CACHE_SIZE = 256 << 20,
    CACHE_CHAINS = 1024,
    DOCUMENT_MAX = 1 << 20,
    DOCUMENT_SECONDS = 900,
    LIST_SECONDS = 300,
    DAY = 86400
};

typedef enum { KEPT_DOCUMENT, KEPT_LIST } kept_kind;

typedef struct kept {
    struct kept *next;
    kept_kind kind;
    ts_str key; /* DID, or address of the list */
    int64_t at, until;
    ts_did_document document;
    ts_status_list list;
} kept;

struct ts_verify_cache {
    ts_arena whole, mem;
    kept *chain[CACHE_CHAINS];
};

/* What this run asked for; also what could not be had. */
typedef enum { ASKED_DOCUMENT, ASKED_LIST, ASKED_LOCAL, ASKED_CARRIED, ASKED_CREDENTIAL } asked;
typedef struct memo {
    verify_document document;
    verify_list list;
    verify_item *item;
    ts_error why;
} memo;

/* ---- The cache ---- */

ts_verify_cache *ts_verify_cache_new(ts_arena *a) {
    ts_verify_cache *c = ts_new(a, ts_verify_cache);
    c->whole = c->mem = ts_arena_new(CACHE_SIZE);
    return c;
}

void ts_verify_cache_free(ts_verify_cache *c) {
    if (!c) return;
    ts_arena_free(&c->whole, CACHE_SIZE);
    *c = (ts_verify_cache){0};
}

void verify_known_begin(ts_verify_cache *c) {
    if (!c || (size_t)(c->mem.beg - c->whole.beg) / 3 < CACHE_SIZE / 4) return;
    c->mem = c->whole;
    ts_arena_trim(c->mem);
    memset(c->chain, 0, sizeof c->chain);
}

static kept **chain_of(ts_verify_cache *c, ts_str key) {
    return &c->chain[ts_hash(key) % CACHE_CHAINS];
}

/* The newest of that key, if it is fresh. */
static const kept *kept_get(ts_verify_cache *c, kept_kind kind, ts_str key, int64_t now) {
    if (!c) return 0;
    for (const kept *k = *chain_of(c, key); k; k = k->next)
        if (k->kind == kind && ts_str_eq(k->key, key))
            return now >= k->at && now < k->until ? k : 0;
    return 0;
}

static void kept_put(ts_verify_cache *c, kept *k) {
    kept **first = chain_of(c, k->key);
    k->next = *first;
    *first = k;
}

/* ---- This run ---- */

/* The memo of one question; *fresh when it is asked for the first time. */
static memo *memo_of(verify_run *r, asked what, ts_str key, bool *fresh) {
    const ts_str parts[] = {{&"dlvc"[what], 1}, key};
    ts_arena mark = *r->a;
    ts_str name = ts_str_join(r->a, parts, 2, TS_NONE);
    uint64_t *at = ts_map_get(&r->memos, name);
    *fresh = !at;
    if (at) return *r->a = mark, (memo *)(uintptr_t)*at;
    memo *m = ts_new(r->a, memo);
    *ts_map_put(r->a, &r->memos, name, 0) = (uint64_t)(uintptr_t)m;
    return m;
}

static bool fetch(verify_run *r, ts_want what, ts_str url, ts_str *bytes, ts_error *why) {
    const ts_source_of *s = &r->o->source;
    if (!s->get) return ts_fail(why, TS_E_NET, "nothing is fetched in this run");
    if (r->fetches++ >= TS_DOSSIER_FETCHES)
        return ts_fail(why, TS_E_LIMIT, "this run has asked for %d addresses already",
                       TS_DOSSIER_FETCHES);
    if (!s->get(s->ctx, r->a, what, url, bytes, why)) return false;
    r->bytes += bytes->n;
    return r->bytes <= TS_DOSSIER_MAX ||
           ts_fail(why, TS_E_LIMIT, "it would make the dossier larger than %d MiB",
                   TS_DOSSIER_MAX >> 20);
}

static ts_str fetch_cure(const verify_run *r, ts_str url) {
    return r->o->source.get ? verify_say(r->a, "try again when %s answers", SHOW(url))
                            : verify_say(r->a, "allow that %s be fetched", SHOW(url));
}

/* ---- DID documents ---- */

/* Bytes to a document, all of it in `a`; did:key and did:jwk need no bytes. */
typedef struct reading {
    ts_str did, bytes;
    bool from_bytes;
    int64_t now;
    kept *out;
} reading;

static bool read_document(void *ctx, ts_arena *a, ts_error *e) {
    reading *g = ctx;
    kept *k = ts_new(a, kept);
    *k = (kept){
        .kind = KEPT_DOCUMENT, .key = ts_str_dup(a, g->did), .at = INT64_MIN, .until = INT64_MAX};
    g->out = k;
    if (!g->from_bytes) return ts_did_resolve_static(a, k->key, &k->document, e);
    ts_str text = ts_str_dup(a, g->bytes);
    const ts_json *root = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    k->at = g->now;
    k->until = g->now + DOCUMENT_SECONDS;
    return root && ts_did_document_read(a, root, k->key, &k->document, e);
}

/* In the cache where there is one and it has room, else in the run's arena. */
static const kept *read_kept(verify_run *r, reading *g, ts_error *e) {
    ts_verify_cache *c = r->o->cache;
    ts_arena mark = c ? c->mem : *r->a;
    if (c && ts_arena_guard(read_document, g, &c->mem, e)) {
        kept_put(c, g->out);
        return g->out;
    }
    if (c) c->mem = mark;
    if (c && e->code != TS_E_MEMORY) return 0;
    return read_document(g, r->a, e) ? g->out : 0;
}

static const kept *resolve_web(verify_run *r, ts_str did, verify_document *d) {
    reading g = {.did = did, .from_bytes = true, .now = r->o->now};
    ts_str url;
    ts_error e = {0};
    if (!ts_did_web_url(r->a, did, &url, &e)) {
        d->why = verify_say(r->a, "%s has no address: %s", SHOW(did), e.msg);
        return 0;
    }
    if (!fetch(r, TS_WANT_DID_DOCUMENT, url, &g.bytes, &e)) {
        d->why = verify_say(r->a, "the document of %s is not at hand: %s", SHOW(did), e.msg);
        d->cure = fetch_cure(r, url);
        return 0;
    }
    const kept *k = 0;
    if (g.bytes.n > DOCUMENT_MAX)
        ts_fail(&e, TS_E_LIMIT, "it is larger than 1 MiB");
    else
        k = read_kept(r, &g, &e);
    if (!k) d->why = verify_say(r->a, "the document of %s is not usable: %s", SHOW(did), e.msg);
    return k;
}

static const kept *resolve(verify_run *r, ts_str did, verify_document *d) {
    reading g = {.did = did};
    ts_did_url u;
    ts_error e = {0};
    if (!ts_did_parse(did, &u, &e) || !ts_str_eq(u.did, did)) {
        d->why = verify_say(r->a, "%s is no DID", SHOW(did));
        return 0;
    }
    if (ts_str_is(u.method, "web")) return resolve_web(r, did, d);
    if (!ts_str_is(u.method, "key") && !ts_str_is(u.method, "jwk")) {
        d->why = verify_say(r->a, "did:%s is not known here; did:web, did:key and did:jwk are",
                            SHOW(u.method));
        return 0;
    }
    const kept *k = read_kept(r, &g, &e);
    if (!k) d->why = verify_say(r->a, "%s is not usable: %s", SHOW(did), e.msg);
    return k;
}

verify_document verify_did(verify_run *r, ts_str did) {
    const kept *k = kept_get(r->o->cache, KEPT_DOCUMENT, did, r->o->now);
    if (k) return (verify_document){.document = &k->document};
    bool fresh;
    memo *m = memo_of(r, ASKED_DOCUMENT, did, &fresh);
    if (!fresh) return m->document;
    k = resolve(r, did, &m->document);
    if (k) m->document.document = &k->document;
    return m->document;
}

/* ---- Status lists ---- */

/* Why a list credential does not tell; empty when it does. */
static ts_str list_fault(verify_run *r, verify_item *it, ts_str url) {
    const ts_credential *c = &it->c.credential;
    ts_verdict d;
    if (it->broken.n) return it->broken;
    if (!ts_str_eq(c->id, url))
        return verify_say(r->a, "the list has the id \"%s\", not its address", SHOW(c->id));
    if (it->rule.n) return verify_say(r->a, "the list is malformed: %s", SHOW(it->rule));
    verify_secured(r, it);
    for (int s = TS_STEP_SIGNATURE; s <= TS_STEP_ISSUER; s++)
        if (it->c.step[s].answer != TS_YES)
            return verify_say(r->a, "the list's %s %s: %.*s", ts_step_name((ts_step)s),
                              it->c.step[s].answer == TS_NO ? "failed" : "was not checked",
                              TS_P(it->c.step[s].reason));
    if (!verify_in_time(r, it, &d))
        return verify_say(r->a, "the list tells nothing now: %.*s", TS_P(d.reason));
    return TS_NONE;
}

/* A token's own end bounds what it holds. */
static void bound_by_token(const verify_item *it, ts_status_list *l) {
    int64_t iat, nbf, exp;
    if (!it->token || !verify_token_times(it, &iat, &nbf, &exp) || exp == TS_NO_TIME) return;
    if (l->until == TS_NO_TIME || exp < l->until) l->until = exp;
}

static verify_list judge_list(verify_run *r, verify_item *it, ts_str url) {
    verify_list l = {.why = list_fault(r, it, url)};
    ts_status_list *list = ts_new(r->a, ts_status_list);
    ts_error e = {0};
    if (l.why.n) return l;
    bool ok = r->unpacked < TS_DOSSIER_UNPACKED
                  ? ts_status_list_read(r->a, &it->c.credential, list, &e)
                  : ts_fail(&e, TS_E_LIMIT, "the lists before it were larger than %d MiB",
                            TS_DOSSIER_UNPACKED >> 20);
    if (!ok) return l.why = verify_say(r->a, "%s", e.msg), l;
    r->unpacked += list->bits.n;
    bound_by_token(it, list);
    l.list = list;
    return l;
}

static bool is_list_of(const verify_item *it, ts_str url) {
    return !it->broken.n && ts_str_eq(it->c.credential.id, url) &&
           ts_credential_is(&it->c.credential, "BitstringStatusListCredential");
}

/* Whether list x is to be asked rather than y: one that is usable, by the credential's issuer,
 * newer. */
static bool is_better(const verify_list *x, const verify_list *y, ts_str issuer) {
    if (!x->list || !y->list) return x->list != 0;
    bool own = ts_str_eq(x->list->issuer, issuer), other = ts_str_eq(y->list->issuer, issuer);
    return own != other ? own : x->list->from > y->list->from;
}

/* The newest usable list of that address in the dossier. Without a validUntil of its own it may be
 * as old as whoever brought it along likes. NULL: none was brought along. */
static const verify_list *carried_list(verify_run *r, ts_str url, ts_str issuer) {
    bool fresh, found = false;
    memo *m = memo_of(r, ASKED_CARRIED, url, &fresh);
    verify_list *best = &m->list;
    for (size_t i = 0; fresh && i < r->items.n; i++) {
        if (!is_list_of(r->items.v[i], url)) continue;
        verify_list l = judge_list(r, r->items.v[i], url);
        if (!found || is_better(&l, best, issuer)) *best = l;
        found = true;
    }
    best->old = best->list && best->list->until == TS_NO_TIME;
    return best->list || best->why.n ? best : 0;
}

/* A copy that outlives the run. */
static bool copy_list(void *ctx, ts_arena *a, ts_error *e) {
    reading *g = ctx;
    const ts_status_list *from = &g->out->list;
    kept *k = ts_new(a, kept);
    (void)e;
    *k = *g->out;
    k->key = ts_str_dup(a, g->did);
    k->list.id = ts_str_dup(a, from->id);
    k->list.issuer = ts_str_dup(a, from->issuer);
    k->list.bits = ts_str_dup(a, from->bits);
    k->list.purposes = (ts_strs){0};
    for (size_t i = 0; i < from->purposes.n; i++)
        *ts_push(a, &k->list.purposes) = ts_str_dup(a, from->purposes.v[i]);
    g->out = k;
    return true;
}

static void keep_list(verify_run *r, ts_str url, const ts_status_list *l) {
    ts_verify_cache *c = r->o->cache;
    int64_t now = r->o->now;
    uint64_t ttl = l->ttl_ms ? l->ttl_ms / 1000 : LIST_SECONDS;
    kept k = {.kind = KEPT_LIST, .at = now, .until = now + (int64_t)(ttl < DAY ? ttl : DAY)};
    reading g = {.did = url, .out = &k};
    ts_error e = {0};
    k.list = *l;
    if (l->until != TS_NO_TIME && l->until < k.until) k.until = l->until;
    ts_arena mark = c ? c->mem : *r->a;
    if (!c) return;
    if (ts_arena_guard(copy_list, &g, &c->mem, &e))
        kept_put(c, g.out);
    else
        c->mem = mark;
}

static verify_list fetch_list(verify_run *r, ts_str url, ts_want want) {
    ts_str bytes = TS_NONE;
    ts_error e = {0};
    bool fresh;
    memo *m = memo_of(r, want == TS_WANT_STATUS_LIST ? ASKED_LIST : ASKED_LOCAL, url, &fresh);
    if (!fresh) return m->list;
    if (fetch(r, want, url, &bytes, &e)) {
        m->list = judge_list(r, verify_read(r, bytes), url);
        if (m->list.list) keep_list(r, url, m->list.list);
    } else {
        m->list.why = verify_say(r->a, "the list %s is not at hand: %s", SHOW(url), e.msg);
        m->list.cure = fetch_cure(r, url);
    }
    return m->list;
}

verify_list verify_status_list(verify_run *r, ts_str url, ts_str issuer) {
    const verify_list *carried = carried_list(r, url, issuer);
    const kept *k = kept_get(r->o->cache, KEPT_LIST, url, r->o->now);
    if (!carried && k) return (verify_list){.list = &k->list};
    bool current =
        carried && carried->list && !carried->old && ts_str_eq(carried->list->issuer, issuer);
    /* beside one that is current, what the user has at hand is looked at, too: it may be newer */
    verify_list other =
        k ? (verify_list){.list = &k->list}
          : fetch_list(r, url, current ? TS_WANT_LIST_AT_HAND : TS_WANT_STATUS_LIST);
    if (!carried) return other;
    /* of two of the same second the one that was not brought along */
    bool as_new = other.list && carried->list && other.list->from == carried->list->from &&
                  ts_str_eq(other.list->issuer, issuer);
    bool rather = as_new || is_better(&other, carried, issuer) || (carried->old && other.list);
    return rather ? other : *carried;
}

/* ---- Credentials ---- */

/* Evidence may be a picture or a page of text: that is none, rather than a broken one. */
static bool looks_like_credential(ts_str bytes) {
    ts_str text = ts_str_trim(bytes);
    if (!text.n) return false;
    size_t dots = 0;
    if (text.p[0] == '{') return true;
    for (size_t i = 0; i < text.n; i++) dots += text.p[i] == '.';
    return ts_str_starts(text, TS_S("ey")) && dots == 2;
}

verify_item *verify_fetch_credential(verify_run *r, ts_str url, ts_error *why) {
    ts_str bytes = TS_NONE;
    bool fresh;
    memo *m = memo_of(r, ASKED_CREDENTIAL, url, &fresh);
    if (fresh) {
        if (!fetch(r, TS_WANT_CREDENTIAL, url, &bytes, &m->why)) return *why = m->why, NULL;
        if (looks_like_credential(bytes))
            m->item = verify_add(r, bytes, &m->why);
        else
            ts_fail(&m->why, TS_E_INPUT, "what is there is no credential");
        if (m->item) m->item->url = url;
    }
    if (!m->item) *why = m->why;
    return m->item;
}
