/* signing.h - keys for tests: from known secrets, and fresh ones. */
#ifndef TS_TESTS_TRUST_SIGNING_H
#define TS_TESTS_TRUST_SIGNING_H

#include <sys/stat.h>

#include "support/support.h"
#include "trust/trust.h"

/* A key from the 32 bytes of an Ed25519 secret: as the PKCS#8 file that touchstone reads. */
static inline ts_key *ed25519_of(ts_arena *a, ts_str secret) {
    static const char front[] = "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    const ts_str der[] = {TS_S(front), secret};
    ts_str text;
    ts_error e = {0};
    assert_int_equal(secret.n, 32);
    assert_true(ts_multibase(a, 'M', ts_str_join(a, der, 2, TS_NONE), &text, &e));
    const ts_str pem[] = {TS_S("-----BEGIN PRIVATE KEY-----\n"), ts_str_from(text, 1),
                          TS_S("\n-----END PRIVATE KEY-----\n")};
    const char *path = test_temp("known.pem");
    test_write(path, ts_str_join(a, pem, 3, TS_NONE));
    assert_int_equal(chmod(path, 0600), 0);
    ts_key *k = ts_key_open_file(a, path, &e);
    if (!k) print_error("%s\n", e.msg);
    assert_non_null(k);
    return k;
}

static inline ts_key *fresh_key(ts_arena *a, ts_key_kind kind) {
    static unsigned number;
    char name[32];
    ts_error e = {0};
    snprintf(name, sizeof name, "fresh-%u.pem", number++);
    ts_key *k = ts_key_generate(a, kind, test_temp(name), &e);
    if (!k) print_error("%s\n", e.msg);
    assert_non_null(k);
    return k;
}

/* "DID#fragment" of a key's did:key. */
static inline ts_str method_of(ts_arena *a, const ts_key *k) {
    const ts_str parts[] = {ts_did_key_of(a, ts_key_public_of(k)),
                            ts_public_key_multikey(a, ts_key_public_of(k))};
    return ts_str_join(a, parts, 2, TS_S("#"));
}

static inline const ts_json *strict(ts_arena *a, ts_str text) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(a, text, (ts_json_options){.strict = true}, &e);
    if (!v) print_error("%s in %.*s\n", e.msg, TS_P(text));
    assert_non_null(v);
    return v;
}

#define assert_error(e, code_, words)                                                              \
    do {                                                                                           \
        if ((e).code != (code_) || !strstr((e).msg, (words)))                                      \
            print_error("%d: '%s' lacks '%s'\n", (e).code, (e).msg, (words));                      \
        assert_int_equal((e).code, (code_));                                                       \
        assert_non_null(strstr((e).msg, (words)));                                                 \
    } while (0)

#endif
