/* dossier.h - parties that sign, a web that answers, and credentials made to measure, for tests. */
#ifndef TS_TESTS_PASSPORT_DOSSIER_H
#define TS_TESTS_PASSPORT_DOSSIER_H

#include <stdio.h>

#include "passport/passport.h"
#include "trust/signing.h"

/* 2026-11-22T12:00:00Z */
enum { NOW = 1795348800 };
#define V2 "\"https://www.w3.org/ns/credentials/v2\""
#define UNTP "\"" TS_UNTP_CONTEXT "\""

/* printf into the arena. */
__attribute__((format(printf, 2, 3))) static inline ts_str text_of(ts_arena *a, const char *fmt,
                                                                   ...) {
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(0, 0, fmt, ap);
    char *p = ts_new_n(a, char, n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(ap);
    va_end(again);
    return (ts_str){p, (size_t)n};
}

/* ---- The web ---- */

typedef struct web {
    struct {
        ts_str url, bytes;
    } page[64];
    size_t n, asked;
    bool down;
} web;

static inline void web_put(web *w, ts_str url, ts_str bytes) {
    for (size_t i = 0; i < w->n; i++)
        if (ts_str_eq(w->page[i].url, url)) {
            w->page[i].bytes = bytes;
            return;
        }
    assert_true(w->n < 64);
    w->page[w->n].url = url;
    w->page[w->n++].bytes = bytes;
}

static inline bool web_get(void *ctx, ts_arena *a, ts_want what, ts_str url, ts_str *bytes,
                           ts_error *why) {
    web *w = ctx;
    (void)a;
    if (what == TS_WANT_LIST_AT_HAND) return ts_fail(why, TS_E_NOT_FOUND, "not at hand");
    w->asked++;
    for (size_t i = 0; !w->down && i < w->n; i++)
        if (ts_str_eq(w->page[i].url, url)) return *bytes = w->page[i].bytes, true;
    return ts_fail(why, TS_E_NET, "nobody answers");
}

/* ---- Parties ---- */

/* The keys of all tests, given back after the last by dossier_done, the group's teardown. */
static ts_key *dossier_keys[1024];
static size_t dossier_keys_n;

static inline ts_key *party_key(ts_arena *a, ts_key_kind kind) {
    assert_true(dossier_keys_n < sizeof dossier_keys / sizeof *dossier_keys);
    return dossier_keys[dossier_keys_n++] = fresh_key(a, kind);
}

static inline int dossier_done(void **state) {
    (void)state;
    while (dossier_keys_n) ts_key_free(dossier_keys[--dossier_keys_n]);
    return 0;
}

typedef struct party {
    ts_key *key;
    ts_str did, method;
} party;

static inline party key_party(ts_arena *a, ts_key_kind kind) {
    party p = {.key = party_key(a, kind)};
    p.did = ts_did_key_of(a, ts_key_public_of(p.key));
    p.method = method_of(a, p.key);
    return p;
}

/* What a did:web says of its one key. */
typedef struct listing {
    unsigned purposes; /* 0: both */
    const char *expires, *revoked;
} listing;

static inline ts_str did_document(ts_arena *a, const party *p, const listing *l) {
    ts_did_method m = {.id = p->method,
                       .controller = p->did,
                       .key = *ts_key_public_of(p->key),
                       .purposes = TS_DID_ASSERTION | TS_DID_AUTHENTICATION,
                       .expires = ts_str_c(l->expires),
                       .revoked = ts_str_c(l->revoked)};
    if (!l->purposes) {
        ts_did_document d = {.id = p->did, .methods = {&m, 1, 1}};
        ts_buf b = ts_buf_new(a, 1 << 16);
        ts_jsonw w = ts_jsonw_to(&b);
        ts_did_document_write(&w, &d);
        return ts_buf_str(&b);
    }
    return text_of(
        a,
        "{\"id\":\"%.*s\",\"verificationMethod\":[{\"id\":\"%.*s\",\"type\":\"Multikey\","
        "\"controller\":\"%.*s\",\"publicKeyMultibase\":\"%.*s\"}],\"%s\":[\"%.*s\"]}",
        TS_P(p->did), TS_P(p->method), TS_P(p->did), TS_P(ts_public_key_multikey(a, &m.key)),
        l->purposes == TS_DID_ASSERTION ? "assertionMethod" : "authentication", TS_P(p->method));
}

static inline void publish(ts_arena *a, web *w, const party *p, listing l) {
    ts_str url;
    ts_error e = {0};
    assert_true(ts_did_web_url(a, p->did, &url, &e));
    web_put(w, url, did_document(a, p, &l));
}

/* did:web:NAME, its document on the web. */
static inline party web_party(ts_arena *a, web *w, const char *name, ts_key_kind kind) {
    party p = {.key = party_key(a, kind)};
    p.did = text_of(a, "did:web:%s", name);
    p.method = text_of(a, "did:web:%s#key-1", name);
    publish(a, w, &p, (listing){0});
    return p;
}

/* ---- Signing ---- */

static inline ts_str prove(ts_arena *a, const party *p, ts_str text, ts_proof_options o) {
    ts_str out;
    ts_error e = {0};
    if (!o.verification_method.n) o.verification_method = p->method;
    if (!o.created.n) o.created = TS_S("2026-11-01T00:00:00Z");
    bool ok = ts_proof_add(a, strict(a, text), &o, p->key, &out, &e);
    if (!ok) print_error("%s\n", e.msg);
    assert_true(ok);
    return out;
}

static inline ts_str signed_by(ts_arena *a, const party *p, ts_str text) {
    return prove(a, p, text, (ts_proof_options){0});
}

static inline ts_str token_with(ts_arena *a, const party *p, ts_str payload, ts_jws_header h) {
    ts_str out;
    ts_error e = {0};
    bool ok = ts_jws_sign(a, &h, payload, p->key, &out, &e);
    if (!ok) print_error("%s\n", e.msg);
    assert_true(ok);
    return out;
}

static inline ts_str token_by(ts_arena *a, const party *p, ts_str payload) {
    return token_with(a, p, payload,
                      (ts_jws_header){.typ = TS_S("vc+jwt"), .cty = TS_S("vc"), .kid = p->method});
}

static inline ts_str enveloped(ts_arena *a, ts_str token) {
    return text_of(a,
                   "{\"@context\":[" V2 "],\"type\":\"EnvelopedVerifiableCredential\","
                   "\"id\":\"data:application/vc+jwt,%.*s\"}",
                   TS_P(token));
}

/* ---- Credentials ---- */

/* A plain credential; `more` begins with a comma. */
static inline ts_str plain(ts_arena *a, ts_str issuer, const char *more) {
    return text_of(a,
                   "{\"@context\":[" V2 "],\"type\":[\"VerifiableCredential\"],"
                   "\"id\":\"urn:example:1\",\"issuer\":\"%.*s\","
                   "\"credentialSubject\":{\"id\":\"did:example:s\",\"a\":1}%s}",
                   TS_P(issuer), more);
}

/* A presentation of credentials' texts; `more` begins with a comma. */
static inline ts_str bundle(ts_arena *a, const ts_str *v, size_t n, const char *more) {
    ts_str all = ts_str_join(a, v, n, TS_S(","));
    return text_of(a,
                   "{\"@context\":[" V2 "],\"type\":\"VerifiablePresentation\","
                   "\"verifiableCredential\":[%.*s]%s}",
                   TS_P(all), more);
}
#define BUNDLE(a, ...)                                                                             \
    bundle((a), (const ts_str[]){__VA_ARGS__},                                                     \
           sizeof((const ts_str[]){__VA_ARGS__}) / sizeof(ts_str), "")

/* A status list credential; ones: indices that are set. */
static inline ts_str status_list(ts_arena *a, const party *p, const char *url, const char *purpose,
                                 const size_t *ones, size_t n, int64_t from, int64_t until) {
    ts_str bits = {ts_new_n(a, char, TS_STATUS_LIST_BITS / 8), TS_STATUS_LIST_BITS / 8}, text;
    ts_str purposes = ts_str_c(purpose);
    ts_error e = {0};
    for (size_t i = 0; i < n; i++)
        ((char *)(uintptr_t)bits.p)[ones[i] / 8] |= (char)(0x80 >> ones[i] % 8);
    ts_status_list l = {.id = ts_str_c(url),
                        .issuer = p->did,
                        .purposes = {&purposes, 1, 0},
                        .bits = bits,
                        .from = from,
                        .until = until};
    assert_true(ts_status_list_write(a, &l, &text, &e));
    return text;
}

/* ---- Verifying ---- */

static inline ts_verify_options options(web *w) {
    return (ts_verify_options){.now = NOW, .source = {w ? web_get : 0, w}};
}

static inline ts_report checked(ts_arena *a, ts_str bytes, const ts_verify_options *o) {
    ts_report r;
    ts_verify(a, bytes, o, &r);
    assert_true(r.kind.n > 0);
    for (int s = 0; s < TS_STEPS; s++) assert_true(r.step[s].reason.n > 0);
    return r;
}

/* "y", "n" or "?" for each of the five steps, as in "yy?y?". */
static inline const char *answers(const ts_verdict *steps, char out[6]) {
    for (int s = 0; s < TS_STEPS; s++)
        out[s] = steps[s].answer == TS_YES ? 'y' : steps[s].answer == TS_NO ? 'n' : '?';
    out[5] = 0;
    return out;
}

#define assert_steps(r, expected) test_steps((r).step, (expected), __FILE__, __LINE__)
static inline void test_steps(const ts_verdict *steps, const char *expected, const char *file,
                              int line) {
    char got[6];
    if (strcmp(answers(steps, got), expected) == 0) return;
    print_error("%s:%d: %s is not %s\n", file, line, got, expected);
    for (int s = 0; s < TS_STEPS; s++)
        print_error("  %s: %.*s\n", ts_step_name((ts_step)s), TS_P(steps[s].reason));
    _fail(file, line);
}

/* The step's answer is the first letter of `expected`, and its reason says the rest. */
#define assert_step(r, s, expected, words)                                                         \
    test_step(&(r).step[s], (expected), (words), __FILE__, __LINE__)
static inline void test_step(const ts_verdict *d, char expected, const char *words,
                             const char *file, int line) {
    char got = d->answer == TS_YES ? 'y' : d->answer == TS_NO ? 'n' : '?';
    if (got == expected && ts_str_find(d->reason, ts_str_c(words)) != TS_NPOS) return;
    print_error("%s:%d: '%c' \"%.*s\" is not '%c' \"…%s…\"\n", file, line, got, TS_P(d->reason),
                expected, words);
    _fail(file, line);
}

#endif
