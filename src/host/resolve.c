#include "resolve.h"

#include <errno.h>
#include <sys/stat.h>

enum {
    FILE_CAP = 16 << 20,
    DID_CAP = 1 << 20,
    LIST_CAP = 4 << 20,
    DID_SECONDS = 24 * 3600, /* how long a copy is taken without asking again */
    LIST_SECONDS = 300,
    CREDENTIAL_SECONDS = 3600,
};

struct ts_resolver {
    ts_arena *a;
    ts_resolve_options o;
    struct {
        struct given {
            ts_str url, bytes;
            int64_t from; /* validFrom of a credential: of several, the newest counts */
        } * v;
        size_t n, cap;
    } given;
};

/* ---- Files of the user ---- */

/* The address under which a credential, token or DID document would be fetched. */
static bool address_of(ts_arena *a, ts_str bytes, ts_str *url, int64_t *from) {
    ts_error ignored;
    ts_jws j;
    bytes = ts_str_trim(bytes);
    ts_str json = bytes;
    if (bytes.n && bytes.p[0] != '{') {
        if (!ts_jws_parse(a, bytes, FILE_CAP, &j, &ignored)) return false;
        json = j.payload;
    }
    const ts_json *root = ts_json_parse(a, json, (ts_json_options){.strict = true}, &ignored);
    *url = ts_json_str(ts_json_member(root, "id"));
    *from = TS_NO_TIME;
    ts_stamp_parse(ts_json_str(ts_json_member(root, "validFrom")), from);
    if (ts_str_starts(*url, TS_S("did:"))) return ts_did_web_url(a, *url, url, &ignored);
    return url->n > 0;
}

static bool read_given(ts_resolver *r, const char *path, ts_error *e) {
    struct given *g = ts_push(r->a, &r->given);
    if (!ts_file_read(r->a, path, FILE_CAP, &g->bytes, e)) return false;
    if (address_of(r->a, g->bytes, &g->url, &g->from)) return true;
    ts_fail(e, TS_E_INPUT,
            "is neither a DID document of a did:web nor a credential with an id: nothing can refer "
            "to it");
    return ts_fail_at(e, path, 0, 0);
}

ts_resolver *ts_resolver_new(ts_arena *a, const ts_resolve_options *o, ts_error *e) {
    ts_resolver *r = ts_new(a, ts_resolver);
    r->a = a;
    r->o = *o;
    for (size_t i = 0; i < o->files_n; i++)
        if (!read_given(r, o->files[i], e)) return 0;
    if (o->cache && mkdir(o->cache, 0700) != 0 && errno != EEXIST) {
        ts_fail_errno(e, TS_E_IO, errno, "cannot make the folder");
        ts_fail_at(e, o->cache, 0, 0);
        return 0;
    }
    return r;
}

/* ---- What was kept ---- */

/* A kept answer is its address, when it was fetched (UTC), and the bytes, in lines. */
static const char *kept_path(ts_arena *a, const ts_resolver *r, ts_str url, const char *end) {
    ts_hash_value h = ts_sha_of(TS_SHA256, url);
    ts_buf b = ts_buf_new(a, 4096);
    ts_buf_fmt(&b, "%s/%.*s%s", r->o.cache, TS_P(ts_hash_hex(a, &h)), end);
    return ts_str_z(a, ts_buf_str(&b));
}

static bool read_kept(ts_arena *a, const ts_resolver *r, ts_str url, int64_t seconds,
                      ts_str *bytes) {
    ts_error ignored;
    ts_str text;
    int64_t at;
    if (!r->o.cache || !ts_file_read(a, kept_path(a, r, url, ""), FILE_CAP, &text, &ignored))
        return false;
    ts_str address = ts_str_cut(&text, '\n'), when = ts_str_cut(&text, '\n');
    if (!ts_str_eq(address, url) || !ts_i64_parse(when, &at)) return false;
    int64_t age = ts_now() - at;
    *bytes = text;
    return r->o.offline || (age >= 0 && age <= seconds);
}

/* What cannot be kept is fetched again next time. */
static void keep(ts_arena scratch, const ts_resolver *r, ts_str url, ts_str bytes) {
    ts_error ignored;
    if (!r->o.cache || ts_str_chr(url, '\n') != TS_NPOS) return;
    ts_buf b = ts_buf_new(&scratch, bytes.n + url.n + 64);
    ts_buf_put(&b, url);
    ts_buf_fmt(&b, "\n%lld\n", (long long)ts_now());
    ts_buf_put(&b, bytes);
    if (!b.full) ts_file_replace(kept_path(&scratch, r, url, ""), ts_buf_str(&b), &ignored);
}

/* ---- Pins ---- */

static bool accepted(const ts_resolver *r, ts_str did) {
    for (size_t i = 0; i < r->o.accept_n; i++)
        if (ts_str_eq(r->o.accept[i], did)) return true;
    return false;
}

static bool lists_key(const ts_did_document *d, ts_arena scratch, ts_str multikey) {
    for (size_t i = 0; i < d->methods.n; i++)
        if (d->methods.v[i].key.kind != TS_KEY_NONE &&
            ts_str_eq(ts_public_key_multikey(&scratch, &d->methods.v[i].key), multikey))
            return true;
    return false;
}

/* The pin file lists the keys seen, one a line. */
static bool check_pin(ts_arena scratch, const ts_resolver *r, ts_str url, ts_str bytes,
                      ts_error *e) {
    ts_error why;
    ts_did_document d;
    ts_str pinned = TS_NONE;
    if (!r->o.cache) return true;
    const ts_json *root = ts_json_parse(&scratch, bytes, (ts_json_options){.strict = true}, &why);
    ts_str did = ts_json_str(ts_json_member(root, "id"));
    if (!root || !ts_did_document_read(&scratch, root, did, &d, &why))
        return true; /* whoever reads it says what is wrong with it */
    const char *path = kept_path(&scratch, r, url, ".pin");
    if (ts_file_read(&scratch, path, DID_CAP, &pinned, &why) && !accepted(r, did))
        for (ts_str rest = pinned; rest.n;) {
            ts_str key = ts_str_cut(&rest, '\n');
            if (key.n && !lists_key(&d, scratch, key))
                return ts_fail(
                    e, TS_E_INPUT,
                    "the document of %.*s no longer lists the key %.*s, which it had when it "
                    "was first seen: ask the issuer by another way, then accept the new "
                    "document with --accept-did %.*s",
                    TS_P(did), TS_P(key), TS_P(did));
        }
    ts_buf b = ts_buf_new(&scratch, DID_CAP);
    for (size_t i = 0; i < d.methods.n; i++)
        if (d.methods.v[i].key.kind != TS_KEY_NONE) {
            ts_buf_put(&b, ts_public_key_multikey(&scratch, &d.methods.v[i].key));
            ts_buf_c(&b, '\n');
        }
    return ts_str_eq(ts_buf_str(&b), pinned) || ts_file_replace(path, ts_buf_str(&b), e);
}

/* ---- Fetching ---- */

bool ts_resolver_fetch(const ts_resolver *r, ts_arena *a, ts_str url, const char *accept,
                       size_t max, ts_fetch_result *out, ts_error *e) {
    ts_fetch_options o = r->o.fetch;
    ts_str field[] = {TS_S("Accept: "), ts_str_c(accept)};
    if (r->o.offline) return ts_fail(e, TS_E_NET, "%.*s was not fetched: --offline", TS_P(url));
    o.url = url;
    o.max_bytes = max;
    if (!o.max_ms) o.max_ms = 20000;
    if (!o.retries) o.retries = 1;
    *ts_push(a, &o.headers) = ts_str_join(a, field, 2, TS_NONE);
    return ts_fetch_memory(a, &o, out, e);
}

/* What decides whom to believe comes from somebody whose name was checked, or from in the house. */
static bool fetch(ts_arena *a, const ts_resolver *r, ts_want what, ts_str url, ts_str *bytes,
                  ts_error *e) {
    bool document = what == TS_WANT_DID_DOCUMENT;
    const char *accept =
        document ? "application/did+json, application/did+ld+json, application/json;q=0.9"
                 : "application/vc+jwt, application/vc, application/json;q=0.9";
    ts_fetch_result result = {0};
    if (!ts_str_starts(url, TS_S("https://")) && !r->o.fetch.allow_private.n)
        return ts_fail(e, TS_E_NET, "%.*s is no https address: who answers there cannot be told",
                       TS_P(url));
    if (!ts_resolver_fetch(r, a, url, accept, document ? DID_CAP : LIST_CAP, &result, e))
        return false;
    *bytes = result.body;
    return true;
}

static bool get(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes, ts_error *why) {
    static const int64_t seconds[] = {DID_SECONDS, LIST_SECONDS, CREDENTIAL_SECONDS, LIST_SECONDS};
    const ts_resolver *r = ctx;
    const struct given *best = 0;
    for (size_t i = 0; i < r->given.n; i++) {
        const struct given *g = &r->given.v[i];
        if (ts_str_eq(g->url, url) && (!best || g->from > best->from)) best = g;
    }
    if (best) return *bytes = best->bytes, true;
    if (read_kept(a, r, url, seconds[what], bytes)) return true;
    if (what == TS_WANT_LIST_AT_HAND)
        return ts_fail(why, TS_E_NOT_FOUND, "%.*s is not at hand", TS_P(url));
    if (r->o.offline)
        return ts_fail(
            why, TS_E_NET,
            "%.*s was not fetched: --offline, and no copy is at hand; give it with --with "
            "FILE",
            TS_P(url));
    if (!fetch(a, r, what, url, bytes, why)) return false;
    if (what == TS_WANT_DID_DOCUMENT && !check_pin(*a, r, url, *bytes, why)) return false;
    keep(*a, r, url, *bytes);
    return true;
}

ts_source_of ts_resolver_source(ts_resolver *r) { return (ts_source_of){get, r}; }
