#include "signing.h"

#include "trust/integrity_part.h"

#define CREATED "2025-03-01T12:00:00Z"
#define CONTEXT "\"@context\":[\"https://a.example/v2\",\"https://b.example/v1\"]"
#define SAMPLE                                                                                     \
    "{" CONTEXT                                                                                    \
    ",\"id\":\"urn:uuid:1\",\"type\":[\"A\",\"B\"],\"mass\":{\"value\":12.5,\"unit\":\"kg\"},"     \
    "\"parts\":[1,-2,1e3,true,false,null,\"\\u00e4\\n\"],\"empty\":{},\"none\":[]}"

/* ---- Making and judging ---- */

static ts_str signed_with(ts_arena *a, ts_str document, const ts_key *k, ts_proof_options o) {
    ts_error e = {0};
    ts_str out;
    if (!o.verification_method.n) o.verification_method = method_of(a, k);
    if (!o.created.n) o.created = TS_S(CREATED);
    if (!ts_proof_add(a, strict(a, document), &o, k, &out, &e)) fail_msg("%s", e.msg);
    return out;
}

static ts_str signed_by(ts_arena *a, const char *document, const ts_key *k) {
    return signed_with(a, ts_str_c(document), k, (ts_proof_options){0});
}

/* Whether there is a proof i and it fits. */
static bool verified(ts_arena a, ts_str text, size_t i, const ts_key *k, ts_error *e) {
    ts_proofs p;
    const ts_json *v = ts_json_parse(&a, text, (ts_json_options){.strict = true}, e);
    if (!v || !ts_proofs_read(&a, v, &p, e)) return false;
    if (i >= p.n) return ts_fail(e, TS_E_NOT_FOUND, "no proof %zu", i);
    return ts_proof_verify(a, v, &p, i, k, e);
}

/* `text` with the first `from` replaced. */
static ts_str replaced(ts_arena *a, ts_str text, const char *from, const char *to) {
    size_t at = ts_str_find(text, ts_str_c(from));
    if (at == TS_NPOS) fail_msg("'%s' is not in %.*s", from, TS_P(text));
    const ts_str parts[] = {ts_str_to(text, at), ts_str_c(to),
                            ts_str_from(text, at + strlen(from))};
    return ts_str_join(a, parts, 3, TS_NONE);
}

static ts_str canonical_of(ts_arena *a, const ts_json *v) {
    ts_buf b = ts_buf_new(a, 1 << 20);
    ts_arena scratch = ts_arena_new(1 << 24);
    assert_true(ts_canonical(&b, scratch, v, 0));
    ts_arena_free(&scratch, 1 << 24);
    return ts_buf_str(&b);
}

static void signs_and_verifies(void **s) {
    (void)s;
    ts_arena a = test_arena();
    for (ts_key_kind kind = TS_KEY_ED25519; kind <= TS_KEY_P384; kind++) {
        ts_key *k = fresh_key(&a, kind), *other = fresh_key(&a, kind);
        ts_error e = {0};
        ts_str t = signed_by(&a, SAMPLE, k);
        const ts_json *v = strict(&a, t), *proof = ts_json_member(v, "proof");
        assert_true(ts_str_eq(canonical_of(&a, v), t));
        assert_str(ts_json_str(ts_json_member(proof, "type")), "DataIntegrityProof");
        assert_str(ts_json_str(ts_json_member(proof, "cryptosuite")),
                   kind == TS_KEY_ED25519 ? "eddsa-jcs-2022" : "ecdsa-jcs-2019");
        assert_str(ts_json_str(ts_json_member(proof, "proofPurpose")), "assertionMethod");
        assert_str(ts_json_str(ts_json_member(proof, "created")), CREATED);
        assert_int_equal(ts_json_member(proof, "@context")->n, 2);
        assert_int_equal(proof->n, 7);
        assert_true(verified(a, t, 0, k, &e));
        assert_false(verified(a, t, 0, other, &e));
        assert_int_equal(e.code, TS_E_INPUT);
        ts_key_free(k), ts_key_free(other);
    }
}

static void writes_the_options(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    const ts_proof_options o = {.purpose = TS_S("authentication"),
                                .expires = TS_S("2026-01-01T00:00:00+01:00"),
                                .domain = TS_S("a.example \"q\""),
                                .challenge = TS_S("1\n2"),
                                .id = TS_S("urn:p:1")};
    ts_str t = signed_with(&a, TS_S("{}"), k, o);
    const ts_json *v = strict(&a, t);
    ts_proofs p;
    assert_true(ts_proofs_read(&a, v, &p, 0));
    assert_int_equal(p.n, 1);
    assert_str(p.v[0].purpose, "authentication");
    assert_str(p.v[0].expires, "2026-01-01T00:00:00+01:00");
    assert_str(p.v[0].domain, "a.example \"q\"");
    assert_str(p.v[0].challenge, "1\n2");
    assert_str(p.v[0].id, "urn:p:1");
    assert_int_equal(p.v[0].value.p[0], 'z');
    assert_int_equal(p.v[0].previous.n, 0);
    assert_ptr_equal(p.v[0].node, ts_json_member(v, "proof"));
    assert_null(ts_json_member(p.v[0].node, "@context"));
    assert_true(verified(a, t, 0, k, 0));
    setenv("TOUCHSTONE_NOW", "2025-06-07T08:09:10Z", 1);
    ts_proof_options now = {.verification_method = method_of(&a, k)};
    assert_true(ts_proof_add(&a, strict(&a, TS_S("{}")), &now, k, &t, 0));
    unsetenv("TOUCHSTONE_NOW");
    assert_int_not_equal(ts_str_find(t, TS_S("\"created\":\"2025-06-07T08:09:10Z\"")), TS_NPOS);
    ts_key_free(k);
}

static void refuses_options(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519), *only = ts_key_public(&a, ts_key_public_of(k), 0);
    ts_str one = signed_with(&a, TS_S("{}"), k, (ts_proof_options){.id = TS_S("urn:p:1")});
    const ts_json *v = strict(&a, one);
    ts_str name = TS_S("urn:p:2"), twice[] = {TS_S("urn:p:1"), TS_S("urn:p:1")};
    const struct {
        ts_proof_options o;
        const char *words;
    } bad[] = {
        {{.purpose = TS_S("x")}, "verification method"},
        {{TS_S("k"), .created = TS_S("2025-01-01")}, "created is \"2025-01-01\""},
        {{TS_S("k"), .expires = TS_S("tomorrow")}, "expires"},
        {{TS_S("k"), .id = TS_S("urn:p:1")}, "has a proof with the id \"urn:p:1\""},
        {{TS_S("k"), .previous = {&name, 1, 1}}, "not in the document"},
        {{TS_S("k"), .previous = {twice, 2, 2}}, "not in the document"},
        {{TS_S("\xff"), .id = TS_NONE}, "verificationMethod is not UTF-8"},
        {{TS_S("k"), .domain = TS_S("\xC3")}, "domain is not UTF-8"},
        {{TS_S("k"), .challenge = TS_S("\xED\xA0\x80")}, "challenge is not UTF-8"},
    };
    ts_str out = TS_S("untouched");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_error e = {0};
        assert_false(ts_proof_add(&a, v, &bad[i].o, k, &out, &e));
        assert_error(e, TS_E_USAGE, bad[i].words);
    }
    ts_error e = {0};
    ts_str two = signed_with(&a, one, k, (ts_proof_options){.id = TS_S("urn:p:2")});
    const ts_proof_options doubled = {TS_S("k"), .previous = {twice, 2, 2}};
    assert_false(ts_proof_add(&a, strict(&a, two), &doubled, k, &out, &e));
    assert_error(e, TS_E_USAGE, "not in the document");
    const ts_proof_options good = {TS_S("k"), .created = TS_S(CREATED)};
    assert_false(ts_proof_add(&a, v, &good, only, &out, &e));
    assert_int_equal(e.code, TS_E_USAGE);
    assert_false(ts_proof_add(&a, strict(&a, TS_S("[]")), &good, k, &out, &e));
    assert_error(e, TS_E_INPUT, "no JSON object");
    assert_false(ts_proof_add(&a, strict(&a, TS_S("{\"proof\":1}")), &good, k, &out, &e));
    assert_error(e, TS_E_INPUT, "proof is no object");
    assert_str(out, "untouched");
    ts_key_free(k), ts_key_free(only);
}

/* ---- Published vectors ---- */

static bool vector(ts_arena *a, const char *folder, const char *name, ts_str *out) {
    char path[256];
    snprintf(path, sizeof path, "passport/w3c/%s/%s", folder, name);
    const char *p = test_data(path);
    return p && ts_file_read(a, p, 1 << 20, out, 0);
}

typedef struct suite_files {
    const char *folder, *options, *options_text, *document_text, *options_hash, *document_hash,
        *hash, *document;
    ts_key_kind kind;
} suite_files;

static void has_text(ts_arena *a, const suite_files *f, const char *name, ts_str is) {
    ts_str want;
    assert_true(vector(a, f->folder, name, &want));
    assert_str(is, ts_str_z(a, ts_str_trim(want)));
}

static void check_texts(ts_arena *a, const suite_files *f, const ts_json *v) {
    ts_arena scratch = test_arena();
    const ts_json *proof = ts_json_member(v, "proof");
    ts_buf options = ts_buf_new(a, 1 << 16), document = ts_buf_new(a, 1 << 16);
    const proof_view view = {0};
    const proof_suite *suite = proof_suite_of(f->kind);
    proof_message m;
    assert_true(proof_options_text(&options, scratch, proof, 0));
    has_text(a, f, f->options_text, ts_buf_str(&options));
    assert_true(proof_document_text(&document, scratch, v, &view, 0));
    has_text(a, f, f->document_text, ts_buf_str(&document));
    ts_hash_value of_options = ts_sha_of(suite->sha, ts_buf_str(&options));
    ts_hash_value of_document = ts_sha_of(suite->sha, ts_buf_str(&document));
    has_text(a, f, f->options_hash, ts_hash_hex(a, &of_options));
    has_text(a, f, f->document_hash, ts_hash_hex(a, &of_document));
    assert_true(proof_message_of(scratch, suite, proof, v, &view, &m, 0));
    assert_int_equal(m.n, 2 * (size_t)of_options.n);
    assert_memory_equal(m.b, of_options.b, of_options.n);
    assert_memory_equal(m.b + of_options.n, of_document.b, of_options.n);
}

static void agrees_with_the_vectors(void **s) {
    (void)s;
    static const suite_files all[] = {
        {"vc-di-eddsa/eddsa-jcs-2022", "proofConfigJCS.json", "proofCanonJCS.txt",
         "canonDocJCS.txt", "proofHashJCS.txt", "docHashJCS.txt", "combinedHashJCS.txt",
         "signedJCS.json", TS_KEY_ED25519},
        {"vc-di-ecdsa/ecdsa-jcs-2019-p256", "proofConfigJCSECDSAP256.json",
         "proofCanonJCSECDSAP256.txt", "canonDocJCSECDSAP256.txt", "proofHashJCSECDSAP256.txt",
         "docHashJCSECDSAP256.txt", "combinedHashJCSECDSAP256.txt", "signedJCSECDSAP256.json",
         TS_KEY_P256},
        {"vc-di-ecdsa/ecdsa-jcs-2019-p384", "proofConfigJCSECDSAP384.json",
         "proofCanonJCSECDSAP384.txt", "canonDocJCSECDSAP384.txt", "proofHashJCSECDSAP384.txt",
         "docHashJCSECDSAP384.txt", "combinedHashJCSECDSAP384.txt", "signedJCSECDSAP384.json",
         TS_KEY_P384},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const suite_files *f = &all[i];
        ts_str text;
        ts_proofs p;
        ts_did_url u;
        ts_did_document d;
        ts_error e = {0};
        if (!vector(&a, f->folder, f->document, &text)) skip();
        const ts_json *v = strict(&a, text);
        check_texts(&a, f, v);
        assert_true(ts_proofs_read(&a, v, &p, &e));
        assert_int_equal(p.n, 1);
        assert_true(ts_did_parse(p.v[0].verification_method, &u, &e));
        assert_true(ts_did_resolve_static(&a, u.did, &d, &e));
        const ts_did_method *m = ts_did_find(&d, p.v[0].verification_method);
        assert_int_equal(m->key.kind, f->kind);
        ts_key *k = ts_key_public(&a, &m->key, &e);
        if (!ts_proof_verify(a, v, &p, 0, k, &e)) fail_msg("%s: %s", f->folder, e.msg);
        assert_false(verified(a, replaced(&a, text, "School", "Schoof"), 0, k, &e));
        assert_false(verified(a, replaced(&a, text, "36:38Z\"", "36:37Z\""), 0, k, &e));
        ts_key_free(k);
    }
}

/* Ed25519 leaves no choice: the published proof comes out byte for byte. */
static void makes_the_published_proof(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_str keys, unsigned_text = TS_NONE, signed_text = TS_NONE, secret;
    if (!vector(&a, "vc-di-eddsa", "keyPair.json", &keys) ||
        !vector(&a, "vc-di-eddsa", "unsigned.json", &unsigned_text) ||
        !vector(&a, "vc-di-eddsa/eddsa-jcs-2022", "signedJCS.json", &signed_text))
        skip();
    const ts_json *pair = strict(&a, keys), *want = strict(&a, signed_text);
    assert_true(ts_multibase_decode(&a, ts_json_str(ts_json_member(pair, "privateKeyMultibase")),
                                    &secret, 0));
    ts_key *k = ed25519_of(&a, ts_str_from(secret, 2));
    ts_str t = signed_with(&a, unsigned_text, k,
                           (ts_proof_options){.created = TS_S("2023-02-24T23:36:38Z")});
    assert_str(t, ts_str_z(&a, canonical_of(&a, want)));
    ts_key_free(k);
}

/* Suites that need RDF cannot be told, and are not failed. */
static void other_suites_of_the_vectors_cannot_be_told(void **s) {
    (void)s;
    static const char *const files[][2] = {
        {"vc-di-eddsa/eddsa-rdfc-2022", "signedDataInt.json"},
        {"vc-di-eddsa/Ed25519Signature2020", "signedEdSig.json"},
        {"vc-di-eddsa/proof-set-chain", "signedProofChain2.json"},
        {"vc-di-ecdsa/ecdsa-rdfc-2019-p384", "signedECDSAP384.json"},
        {"vc-di-ecdsa/ecdsa-sd-2023/prc", "addSignedSDBase.json"},
    };
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ts_str text;
        ts_proofs p;
        ts_error e = {0};
        if (!vector(&a, files[i][0], files[i][1], &text)) skip();
        const ts_json *v = strict(&a, text);
        if (!ts_proofs_read(&a, v, &p, &e)) fail_msg("%s: %s", files[i][0], e.msg);
        assert_true(p.n > 0);
        for (size_t n = 0; n < p.n; n++) {
            assert_false(ts_proof_verify(a, v, &p, n, k, &e));
            assert_error(e, TS_E_VERSION, "not known here");
        }
    }
    ts_key_free(k);
}

/* ---- Changed documents ---- */

/* A changed text is refused, unless it says the very same in other words. */
static void judge_change(ts_arena a, ts_str text, ts_str whole, const ts_key *k, size_t *same,
                         size_t *sound) {
    ts_arena before = a;
    const ts_json *v = ts_json_parse(&a, text, (ts_json_options){.strict = true}, 0);
    if (!v) return;
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_arena scratch = a;
    scratch.beg += 1 << 20;
    if (!ts_canonical(&b, scratch, v, 0)) return;
    bool equal = ts_str_eq(ts_buf_str(&b), whole);
    *same += equal;
    *sound += !equal;
    if (verified(before, text, 0, k, 0) != equal) fail_msg("%.*s", TS_P(text));
}

static void no_byte_can_be_changed(void **s) {
    (void)s;
    static const char others[] = " \"0aZ\\,:}]{[.-\x80\n";
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    ts_str t = signed_by(&a, SAMPLE, k), whole = t;
    char *b = ts_new_n(&a, char, t.n + 1);
    size_t same = 0, sound = 0;
    for (size_t i = 0; i <= t.n; i++)
        for (const char *c = others; *c; c++) {
            memcpy(b, t.p, i);
            b[i] = *c;
            if (i < t.n) memcpy(b + i + 1, t.p + i, t.n - i);
            judge_change(a, (ts_str){b, t.n + 1}, whole, k, &same, &sound); /* one more */
            if (i == t.n) continue;
            memcpy(b + i + 1, t.p + i + 1, t.n - i - 1);
            judge_change(a, (ts_str){b, t.n}, whole, k, &same, &sound); /* another */
        }
    for (size_t i = 0; i < t.n; i++) {
        memcpy(b, t.p, i);
        memcpy(b + i, t.p + i + 1, t.n - i - 1);
        judge_change(a, (ts_str){b, t.n - 1}, whole, k, &same, &sound); /* one less */
        for (int bit = 0; bit < 8; bit++) {
            memcpy(b, t.p, t.n);
            b[i] ^= (char)(1 << bit);
            judge_change(a, (ts_str){b, t.n}, whole, k, &same, &sound);
        }
    }
    print_message("%zu changes of nothing, %zu of something\n", same, sound);
    assert_true(same > 100 && sound > 5000);
    ts_key_free(k);
}

static void members_cannot_come_or_go(void **s) {
    (void)s;
    static const struct {
        const char *from, *to;
    } changes[] = {
        {"\"id\":\"urn:uuid:1\"", "\"id\":\"urn:uuid:1\",\"more\":null"},
        {"\"none\":[],", ""},
        {"\"empty\":{}", "\"empty\":[]"},
        {"12.5", "\"12.5\""},
        {"1000", "1001"},
        {"\"proof\":{", "\"proof\":{\"nonce\":\"x\","},
        {"\"created\":\"" CREATED "\",", ""},
        {"\"created\":\"2025", "\"expires\":\"2099"},
        {"assertionMethod", "authentication"},
        {"\"proof\":{", "\"proof\":{\"domain\":\"a\","},
        {"#z", "#x"},
        {"{\"@context\":[\"https://a.example/v2\",\"https://b.example/v1\"],\"e", "{\"e"},
    };
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_P256);
    ts_str t = signed_by(&a, SAMPLE, k);
    assert_true(verified(a, t, 0, k, 0));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        ts_error e = {0};
        ts_str changed = replaced(&a, t, changes[i].from, changes[i].to);
        if (verified(a, changed, 0, k, &e)) fail_msg("taken: %.*s", TS_P(changed));
        assert_int_equal(e.code, TS_E_INPUT);
    }
    /* the same as a set of one, and with the members in another order */
    ts_str set = replaced(&a, t, "\"proof\":{", "\"proof\":[{");
    set = replaced(&a, set, "},\"type\":[\"A\"", "}],\"type\":[\"A\"");
    assert_true(verified(a, set, 0, k, 0));
    ts_str order = replaced(&a, t, "\"empty\":{},", "");
    order = replaced(&a, order, "{", "{ \"\\u0065mpty\" : { } , ");
    assert_true(verified(a, order, 0, k, 0));
    ts_key_free(k);
}

/* Proofs of two documents by one key, exchanged. */
static void proofs_belong_to_their_document(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    ts_str one = signed_by(&a, "{\"a\":1}", k), other = signed_by(&a, "{\"a\":2}", k);
    ts_str swapped = replaced(&a, one, "\"a\":1", "\"a\":2");
    ts_error e = {0};
    assert_true(verified(a, one, 0, k, &e) && verified(a, other, 0, k, &e));
    assert_false(verified(a, swapped, 0, k, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    ts_key_free(k);
}

/* ---- Values and kinds ---- */

static ts_str value_of(ts_arena *a, ts_str text) {
    return ts_json_str(ts_json_member(ts_json_member(strict(a, text), "proof"), "proofValue"));
}

static void refuses_values(void **s) {
    (void)s;
    ts_arena a = test_arena();
    for (ts_key_kind kind = TS_KEY_ED25519; kind <= TS_KEY_P384; kind++) {
        ts_key *k = fresh_key(&a, kind);
        ts_str t = signed_by(&a, SAMPLE, k), value = value_of(&a, t), bytes, u, f, m;
        const char *was = ts_str_z(&a, value);
        assert_true(ts_base58_decode(&a, ts_str_from(value, 1), &bytes, 0));
        assert_int_equal(bytes.n, kind == TS_KEY_P384 ? 96 : 64);
        assert_true(ts_multibase(&a, 'u', bytes, &u, 0));
        assert_true(ts_multibase(&a, 'f', bytes, &f, 0));
        assert_true(ts_multibase(&a, 'm', bytes, &m, 0));
        char *zeros = ts_new_n(&a, char, 97), *many = ts_new_n(&a, char, 100001);
        memset(many, '2', 100000);
        many[0] = 'z';
        ts_str zero = ts_base58(&a, (ts_str){zeros, bytes.n}),
               shorter = ts_base58(&a, ts_str_to(bytes, bytes.n - 1));
        const ts_str padded[] = {TS_S("z1"), ts_str_from(value, 1)}, of_zeros[] = {TS_S("z"), zero},
                     short_one[] = {TS_S("z"), shorter};
        const struct {
            ts_str value;
            const char *words;
        } bad[] = {
            {u, "base58btc"},
            {f, "base58btc"},
            {m, "base58btc"},
            {ts_str_from(value, 1), ""},
            {TS_S("z"), "0 bytes"},
            {TS_S("z0"), "proofValue"},
            {TS_S(""), "proofValue is empty"},
            {ts_str_join(&a, padded, 2, TS_NONE), "a signature has"},
            {ts_str_join(&a, of_zeros, 2, TS_NONE), ""},
            {ts_str_join(&a, short_one, 2, TS_NONE), "a signature has"},
            {{many, 100000}, "longer than any signature"},
        };
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            ts_error e = {0};
            ts_str changed = replaced(&a, t, was, ts_str_z(&a, bad[i].value));
            assert_false(verified(a, changed, 0, k, &e));
            assert_error(e, TS_E_INPUT, bad[i].words);
        }
        ts_key_free(k);
    }
}

static void suite_must_fit_the_key(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *key[4] = {0};
    for (ts_key_kind i = TS_KEY_ED25519; i <= TS_KEY_P384; i++) key[i] = fresh_key(&a, i);
    for (ts_key_kind i = TS_KEY_ED25519; i <= TS_KEY_P384; i++) {
        ts_str t = signed_by(&a, SAMPLE, key[i]);
        for (ts_key_kind k = TS_KEY_ED25519; k <= TS_KEY_P384; k++) {
            ts_error e = {0};
            assert_int_equal(verified(a, t, 0, key[k], &e), i == k);
            if (i == k) continue;
            bool one_suite = i != TS_KEY_ED25519 && k != TS_KEY_ED25519;
            assert_error(e, TS_E_INPUT, one_suite ? "bytes" : "which is not for");
        }
    }
    ts_error e = {0};
    ts_str t = signed_by(&a, SAMPLE, key[TS_KEY_ED25519]);
    ts_str renamed = replaced(&a, t, "eddsa-jcs-2022", "ecdsa-jcs-2019");
    assert_false(verified(a, renamed, 0, key[TS_KEY_ED25519], &e));
    assert_error(e, TS_E_INPUT, "which is not for Ed25519 keys");
    assert_false(verified(a, renamed, 0, key[TS_KEY_P256], &e));
    assert_int_equal(e.code, TS_E_INPUT);
    for (ts_key_kind i = TS_KEY_ED25519; i <= TS_KEY_P384; i++) ts_key_free(key[i]);
}

static void unknown_suites_cannot_be_told(void **s) {
    (void)s;
    static const char *const names[] = {"eddsa-rdfc-2022", "ecdsa-rdfc-2019", "ecdsa-sd-2023",
                                        "bbs-2023",        "EDDSA-JCS-2022",  "eddsa-jcs-2022 "};
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    ts_str t = signed_by(&a, SAMPLE, k);
    ts_error e = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_false(verified(a, replaced(&a, t, "eddsa-jcs-2022", names[i]), 0, k, &e));
        assert_error(e, TS_E_VERSION, names[i]);
    }
    ts_str type = replaced(&a, t, "DataIntegrityProof", "Ed25519Signature2020");
    assert_false(verified(a, type, 0, k, &e));
    assert_error(e, TS_E_VERSION, "Ed25519Signature2020");
    ts_key_free(k);
}

/* ---- @context ---- */

/* A document with one @context and a proof that is made over another, or none (""). */
static ts_str with_contexts(ts_arena *a, const char *made, const char *shown, const ts_key *k) {
    ts_buf b = ts_buf_new(a, 4096);
    ts_buf_fmt(&b, "{%s%s%s\"name\":\"x\"}", *made ? "\"@context\":" : "", made, *made ? "," : "");
    ts_str t = signed_with(a, ts_buf_str(&b), k, (ts_proof_options){0});
    ts_str proof = ts_str_from(t, ts_str_find(t, TS_S("\"name\"")));
    ts_buf_reset(&b);
    ts_buf c = ts_buf_new(a, 8192);
    ts_buf_fmt(&c, "{%s%s%s%.*s", *shown ? "\"@context\":" : "", shown, *shown ? "," : "",
               TS_P(proof));
    return ts_buf_str(&c);
}

static void context_begins_with_the_proofs(void **s) {
    (void)s;
    static const struct {
        const char *made, *shown;
        bool fits;
    } pairs[] = {
        {"[\"a\",\"b\"]", "[\"a\",\"b\"]", true},
        {"[\"a\",\"b\"]", "[\"a\",\"\\u0062\"]", true},
        {"[\"a\",\"b\"]", "[\"a\",\"b\",\"c\"]", true},
        {"[\"a\",\"b\"]", "[\"a\",\"b\",{\"x\":1}]", true},
        {"[\"a\"]", "\"a\"", true},
        {"\"a\"", "[\"a\"]", true},
        {"\"a\"", "[\"a\",\"b\"]", true},
        {"\"a\"", "\"a\"", true},
        {"[{\"x\":1,\"y\":[2]}]", "[{\"y\":[2.0],\"x\":1e0},\"b\"]", true},
        {"{\"x\":1}", "{\"x\":1}", true},
        {"[1]", "[1.0]", true},
        {"[]", "[]", true},
        {"null", "null", true},
        {"", "", true},
        {"[\"a\",\"b\"]", "[\"b\",\"a\"]", false},
        {"[\"a\",\"b\"]", "[\"c\",\"a\",\"b\"]", false},
        {"[\"a\",\"b\"]", "[\"a\",\"c\",\"b\"]", false},
        {"[\"a\",\"b\"]", "[\"a\"]", false},
        {"[\"a\",\"b\"]", "\"a\"", false},
        {"[\"a\",\"b\"]", "[[\"a\",\"b\"]]", false},
        {"[\"a\",\"b\"]", "[]", false},
        {"[\"a\",\"b\"]", "null", false},
        {"[\"a\",\"b\"]", "", false},
        {"[\"a\",\"b\"]", "{\"a\":\"b\"}", false},
        {"[]", "[\"a\"]", false},
        {"[]", "\"a\"", false},
        {"", "[\"a\"]", false},
        {"", "[]", false},
        {"[{\"x\":1}]", "[{\"x\":2}]", false},
        {"[{\"x\":1}]", "[{\"x\":1,\"y\":1}]", false},
        {"[true]", "[false]", false},
        {"[\"1\"]", "[1]", false},
        {"{\"x\":1}", "[\"x\",1]", false},
    };
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        ts_error e = {0};
        ts_str t = with_contexts(&a, pairs[i].made, pairs[i].shown, k);
        if (verified(a, t, 0, k, &e) != pairs[i].fits)
            fail_msg("%s shown as %s: %s", pairs[i].made, pairs[i].shown, e.msg);
        if (!pairs[i].fits) assert_int_equal(e.code, TS_E_INPUT);
    }
    ts_key_free(k);
}

/* A proof without @context is over the document with its own. */
static void a_proof_needs_no_context(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    const ts_str options = TS_S("{\"type\":\"DataIntegrityProof\",\"cryptosuite\":"
                                "\"eddsa-jcs-2022\",\"verificationMethod\":\"k\","
                                "\"proofPurpose\":\"assertionMethod\"}");
    const ts_json *document = strict(&a, TS_S("{\"@context\":[\"a\",\"b\"],\"x\":1}"));
    const proof_view view = {0};
    proof_message m;
    ts_signature sig;
    assert_true(proof_message_of(a, proof_suite_of(TS_KEY_ED25519), strict(&a, options), document,
                                 &view, &m, 0));
    assert_true(ts_key_sign(k, (ts_str){m.b, m.n}, &sig, 0));
    ts_buf b = ts_buf_new(&a, 4096);
    ts_buf_fmt(&b, "{\"@context\":[\"a\",\"b\"],\"x\":1,\"proof\":%.*s,\"proofValue\":\"z%.*s\"}}",
               (int)options.n - 1, options.p, TS_P(ts_base58(&a, (ts_str){(char *)sig.b, sig.n})));
    ts_str t = ts_buf_str(&b);
    ts_error e = {0};
    if (!verified(a, t, 0, k, &e)) fail_msg("%s", e.msg);
    assert_false(verified(a, replaced(&a, t, "[\"a\",\"b\"]", "[\"a\"]"), 0, k, &e));
    assert_false(verified(a, replaced(&a, t, "[\"a\",\"b\"]", "[\"a\",\"b\",\"c\"]"), 0, k, &e));
    ts_key_free(k);
}

/* ---- Sets and chains ---- */

static void a_set_has_independent_proofs(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *key[3];
    ts_str t = TS_S(SAMPLE);
    for (int i = 0; i < 3; i++) {
        key[i] = fresh_key(&a, (ts_key_kind)(TS_KEY_ED25519 + i));
        t = signed_with(&a, t, key[i], (ts_proof_options){0});
    }
    assert_int_equal(ts_json_member(strict(&a, t), "proof")->n, 3);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) assert_int_equal(verified(a, t, i, key[k], 0), i == k);
    ts_str changed = replaced(&a, t, "12.5", "12.6");
    for (size_t i = 0; i < 3; i++) assert_false(verified(a, changed, i, key[i], 0));
    /* one proof spoilt: the others stay */
    ts_str spoilt = replaced(&a, t, CREATED, "2025-03-01T12:00:01Z");
    for (size_t i = 0; i < 3; i++) assert_int_equal(verified(a, spoilt, i, key[i], 0), i != 0);
    for (int i = 0; i < 3; i++) ts_key_free(key[i]);
}

/* Two proofs, a third that covers both, a fourth that covers the third. */
static ts_str chain(ts_arena *a, ts_key **key, bool backwards) {
    ts_str name[] = {TS_S("urn:p:0"), TS_S("urn:p:1"), TS_S("urn:p:2")},
           both[] = {name[0], name[1]};
    if (backwards) both[0] = name[1], both[1] = name[0];
    ts_str t = TS_S(SAMPLE);
    t = signed_with(a, t, key[0], (ts_proof_options){.id = name[0]});
    t = signed_with(a, t, key[1], (ts_proof_options){.id = name[1]});
    t = signed_with(a, t, key[2], (ts_proof_options){.id = name[2], .previous = {both, 2, 2}});
    return signed_with(a, t, key[3], (ts_proof_options){.previous = {&name[2], 1, 1}});
}

static void a_chain_covers_its_proofs(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *key[4];
    for (int i = 0; i < 4; i++) key[i] = fresh_key(&a, i == 1 ? TS_KEY_P384 : TS_KEY_ED25519);
    ts_str t = chain(&a, key, false);
    ts_proofs p;
    assert_true(ts_proofs_read(&a, strict(&a, t), &p, 0));
    assert_int_equal(p.n, 4);
    assert_int_equal(p.v[2].previous.n, 2);
    assert_str(p.v[2].previous.v[1], "urn:p:1");
    assert_str(p.v[3].previous.v[0], "urn:p:2");
    assert_int_equal(ts_json_member(p.v[3].node, "previousProof")->type, TS_JSON_STRING);
    for (size_t i = 0; i < 4; i++) assert_true(verified(a, t, i, key[i], 0));
    assert_true(ts_proofs_read(&a, strict(&a, chain(&a, key, true)), &p, 0));
    assert_str(p.v[2].previous.v[0], "urn:p:0"); /* the document's order all the same */

    /* Which proofs still fit after a change; bit i for proof i. */
    static const struct {
        const char *from, *to;
        unsigned fit;
    } changes[] = {
        {"\"id\":\"urn:p:0\"", "\"id\":\"urn:p:0\",\"x\":1", 0xA},
        {"\"id\":\"urn:p:1\"", "\"x\":1,\"id\":\"urn:p:1\"", 0x9},
        {"\"id\":\"urn:p:2\"", "\"x\":1,\"id\":\"urn:p:2\"", 0x3},
        {"\"previousProof\":\"urn:p:2\"", "\"previousProof\":[\"urn:p:2\"]", 0x7},
        {"\"previousProof\":\"urn:p:2\"", "\"previousProof\":\"urn:p:1\"", 0x7},
        {",\"previousProof\":\"urn:p:2\"", "", 0x7},
        {"[\"urn:p:0\",\"urn:p:1\"]", "[\"urn:p:0\"]", 0x3},
        {"\"mass\":", "\"mass2\":", 0},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        ts_str changed = replaced(&a, t, changes[i].from, changes[i].to);
        for (size_t n = 0; n < 4; n++)
            if (verified(a, changed, n, key[n], 0) != (changes[i].fit >> n & 1))
                fail_msg("%s: proof %zu", changes[i].to, n);
    }
    for (int i = 0; i < 4; i++) ts_key_free(key[i]);
}

/* A chained proof whose maker put the covered ones in the order of previousProof. */
static void a_chain_may_have_either_order(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519), *other = fresh_key(&a, TS_KEY_ED25519);
    ts_str t = TS_S("{\"@context\":\"c\",\"x\":1}");
    t = signed_with(&a, t, k, (ts_proof_options){.id = TS_S("urn:p:0")});
    t = signed_with(&a, t, k, (ts_proof_options){.id = TS_S("urn:p:1")});
    const ts_json *document = strict(&a, t), *proof = ts_json_member(document, "proof");
    const ts_str options = TS_S("{\"type\":\"DataIntegrityProof\",\"cryptosuite\":"
                                "\"eddsa-jcs-2022\",\"verificationMethod\":\"k\","
                                "\"proofPurpose\":\"assertionMethod\",\"previousProof\":"
                                "[\"urn:p:1\",\"urn:p:0\"]}");
    for (size_t first = 0; first < 2; first++) {
        const ts_json *covered[] = {ts_json_at(proof, first), ts_json_at(proof, 1 - first)};
        const proof_view view = {.covered = covered, .covered_n = 2};
        proof_message m;
        ts_signature sig;
        assert_true(proof_message_of(a, proof_suite_of(TS_KEY_ED25519), strict(&a, options),
                                     document, &view, &m, 0));
        assert_true(ts_key_sign(k, (ts_str){m.b, m.n}, &sig, 0));
        ts_buf b = ts_buf_new(&a, 8192);
        ts_buf_put(&b, ts_str_to(t, ts_str_find(t, TS_S("],\"x\""))));
        ts_buf_fmt(&b, ",%.*s,\"proofValue\":\"z%.*s\"}],\"x\":1}", (int)options.n - 1, options.p,
                   TS_P(ts_base58(&a, (ts_str){(char *)sig.b, sig.n})));
        ts_str whole = ts_buf_str(&b);
        ts_error e = {0};
        if (!verified(a, whole, 2, k, &e)) fail_msg("first %zu: %s", first, e.msg);
        assert_int_equal(e.code, TS_OK);
        assert_false(verified(a, whole, 2, other, &e));
        assert_int_equal(e.code, TS_E_INPUT);
    }
    ts_key_free(k), ts_key_free(other);
}

/* ---- Reading ---- */

#define PROOF(more)                                                                                \
    "{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-jcs-2022\",\"verificationMethod\":"  \
    "\"k\",\"proofPurpose\":\"p\",\"proofValue\":\"z1\"" more "}"

static void reads_proofs(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_proofs p = {.n = 7};
    ts_error e = {0};
    assert_true(ts_proofs_read(&a, strict(&a, TS_S("{}")), &p, &e));
    assert_int_equal(p.n, 0);
    assert_true(ts_proofs_read(&a, strict(&a, TS_S("{\"proof\":[]}")), &p, &e));
    assert_int_equal(p.n, 0);
    assert_true(ts_proofs_read(
        &a,
        strict(
            &a,
            TS_S("{\"proof\":[" PROOF(
                ",\"id\":\"i\",\"domain\":[\"d\",\"f\"],\"created\":"
                "\"2025-01-01T00:00:00+14:00\",\"previousProof\":[]") "," PROOF(",\"domain\":\"d\","
                                                                                "\"previousProof\":"
                                                                                "[\"i\"]") ",{"
                                                                                           "\"type"
                                                                                           "\":"
                                                                                           "\"Old20"
                                                                                           "18\","
                                                                                           "\"jws\""
                                                                                           ":\".."
                                                                                           "x\"}]"
                                                                                           "}")),
        &p, &e));
    assert_int_equal(p.n, 3);
    assert_str(p.v[0].domain, "d");
    assert_int_equal(p.v[0].domains.n, 2);
    assert_str(p.v[0].created, "2025-01-01T00:00:00+14:00");
    assert_int_equal(p.v[1].domains.n, 1);
    assert_str(p.v[1].previous.v[0], "i");
    assert_str(p.v[2].type, "Old2018");
}

static void refuses_proofs(void **s) {
    (void)s;
    static const struct {
        const char *proof, *words;
    } bad[] = {
        {"null", "no object"},
        {"\"x\"", "no object"},
        {"[[]]", "no object"},
        {"[" PROOF("") ",1]", "no object"},
        {"{}", "no type"},
        {"{\"type\":[\"DataIntegrityProof\"]}", "type is no string"},
        {"{\"type\":\"DataIntegrityProof\"}", "no cryptosuite"},
        {"{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"x\"}", "no verificationMethod"},
        {"{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"x\",\"verificationMethod\":{}"
         "}",
         "verificationMethod is no string"},
        {"{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"x\",\"verificationMethod\":"
         "\"x\"}",
         "no proofPurpose"},
        {"{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"x\",\"verificationMethod\":"
         "\"x\","
         "\"proofPurpose\":\"x\"}",
         "no proofValue"},
        {"{\"type\":\"DataIntegrityProof\",\"cryptosuite\":7}", "cryptosuite is no string"},
        {"{\"type\":\"\"}", "type is empty"},
        {PROOF(",\"id\":1"), "id is no string"},
        {PROOF(",\"id\":\"\""), "id is empty"},
        {PROOF(",\"created\":\"2025-01-01T00:00:00\""), "created is \"2025-01-01T00:00:00\""},
        {PROOF(",\"created\":\"2025-01-01\""), "created is"},
        {PROOF(",\"created\":\"\""), "created is empty"},
        {PROOF(",\"created\":null"), "created is no string"},
        {PROOF(",\"expires\":\"2025-02-30T00:00:00Z\""), "expires is"},
        {PROOF(",\"domain\":1"), "domain is no string"},
        {PROOF(",\"domain\":[\"a\",1]"), "domain is no string"},
        {PROOF(",\"domain\":[\"a\",\"a\"]"), "\"a\" is twice in domain"},
        {PROOF(",\"domain\":\"\""), "domain is no string"},
        {PROOF(",\"challenge\":[\"a\"]"), "challenge is no string"},
        {PROOF(",\"previousProof\":{}"), "previousProof is no string"},
        {PROOF(",\"previousProof\":\"x\""), "names \"x\", which is not there"},
        {PROOF(",\"id\":\"i\",\"previousProof\":\"i\""), "goes in a circle"},
        {"[" PROOF(",\"id\":\"i\"") "," PROOF(",\"id\":\"i\"") "]", "two proofs have the id \"i\""},
        {"[" PROOF(",\"id\":\"i\"") "," PROOF(",\"previousProof\":[\"i\",\"i\"]") "]",
         "\"i\" is twice in previousProof"},
        {"[" PROOF(",\"id\":\"i\"") "," PROOF(",\"previousProof\":[\"i\",\"j\"]") "]",
         "names \"j\""},
        {"[" PROOF(",\"id\":\"i\",\"previousProof\":\"j\"") "," PROOF(
             ",\"id\":\"j\",\"previousProof\":\"i\"") "]",
         "circle"},
        {"[" PROOF(",\"id\":\"a\",\"previousProof\":\"c\"") "," PROOF(
             ",\"id\":\"b\","
             "\"previousProof\":"
             "\"a\"") "," PROOF(",\"id\":\"c\",\"previousProof\":"
                                "[\"d\",\"b\"]") "," PROOF(",\"id\":\"d\"") "]",
         "previousProof of \"a\" goes in a circle"},
        {"[{\"type\":\"Old\",\"id\":\"i\"}," PROOF(",\"id\":\"i\"") "]", "two proofs"},
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const ts_str parts[] = {TS_S("{\"proof\":"), ts_str_c(bad[i].proof), TS_S("}")};
        ts_proofs p = {.n = 7};
        ts_error e = {0};
        if (ts_proofs_read(&a, strict(&a, ts_str_join(&a, parts, 3, TS_NONE)), &p, &e))
            fail_msg("taken: %s", bad[i].proof);
        assert_error(e, TS_E_INPUT, bad[i].words);
        assert_int_equal(p.n, 7);
    }
    ts_error e = {0};
    ts_proofs p;
    assert_false(ts_proofs_read(&a, strict(&a, TS_S("[]")), &p, &e));
    assert_false(ts_proofs_read(&a, 0, &p, &e));
    assert_error(e, TS_E_INPUT, "no JSON object");
}

/* The longest chain there may be, first to last or last to first. */
static ts_str long_chain(ts_arena *a, int n, bool backwards) {
    ts_buf b = ts_buf_new(a, 1 << 20);
    ts_buf_lit(&b, "{\"proof\":[");
    for (int i = 0; i < n; i++) {
        int previous = backwards ? i + 1 : i - 1;
        ts_buf_fmt(&b, "%s" PROOF(",\"id\":\"%d\""), i ? "," : "", i);
        b.n--;
        if (previous >= 0 && previous < n) ts_buf_fmt(&b, ",\"previousProof\":\"%d\"", previous);
        ts_buf_c(&b, '}');
    }
    ts_buf_lit(&b, "]}");
    return ts_buf_str(&b);
}

static void has_limits(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_proofs p;
    ts_error e = {0};
    for (int backwards = 0; backwards < 2; backwards++) {
        assert_true(ts_proofs_read(&a, strict(&a, long_chain(&a, 32, backwards)), &p, &e));
        assert_int_equal(p.n, 32);
        assert_false(ts_proofs_read(&a, strict(&a, long_chain(&a, 33, backwards)), &p, &e));
        assert_error(e, TS_E_LIMIT, "more than 32 proofs");
    }
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_lit(&b, "{\"proof\":");
    ts_buf_lit(&b, PROOF(",\"previousProof\":["));
    b.n--;
    for (int i = 0; i < 33; i++) ts_buf_fmt(&b, "%s\"%d\"", i ? "," : "", i);
    ts_buf_lit(&b, "]}}");
    assert_false(ts_proofs_read(&a, strict(&a, ts_buf_str(&b)), &p, &e));
    assert_error(e, TS_E_LIMIT, "more than 32 entries in previousProof");
}

static void no_proof_too_many_is_made(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    const ts_proof_options o = {TS_S("k"), .created = TS_S(CREATED)};
    ts_error e = {0};
    ts_str out;
    ts_str few = signed_with(&a, long_chain(&a, 31, false), k, (ts_proof_options){0});
    assert_true(verified(a, few, 31, k, &e));
    assert_false(ts_proof_add(&a, strict(&a, few), &o, k, &out, &e));
    assert_error(e, TS_E_LIMIT, "has 32 proofs already");
    ts_key_free(k);
}

/* ---- Little memory ---- */

typedef struct job {
    ts_str text;
    const ts_key *k;
} job;

static bool verify_job(void *ctx, ts_arena *a, ts_error *e) {
    const job *j = ctx;
    return verified(*a, j->text, 0, j->k, e);
}

/* With any amount of memory the answer is right or says that there was too little. */
static void memory_may_be_short(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_key *k = fresh_key(&a, TS_KEY_ED25519);
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_lit(&b, "{\"@context\":[\"a\"],\"list\":[");
    for (int i = 0; i < 400; i++) ts_buf_fmt(&b, "%s\"number %d\\n\"", i ? "," : "", i);
    ts_buf_lit(&b, "]}");
    ts_str t = signed_with(&a, ts_buf_str(&b), k, (ts_proof_options){0});
    job j = {replaced(&a, t, "{\"@context\":[\"a\"]", "{\"@context\":[\"a\",\"b\"]"), k};
    char *room = ts_new_n(&a, char, 1 << 18);
    size_t good = 0, bad = 0;
    for (size_t n = 0; n < 1 << 18; n += 251) {
        ts_arena small = {room, room + n, 0};
        ts_error e = {0};
        if (ts_arena_guard(verify_job, &j, &small, &e)) {
            good++;
        } else {
            bad++;
            if (e.code != TS_E_MEMORY && e.code != TS_E_LIMIT) fail_msg("%zu: %s", n, e.msg);
        }
    }
    assert_true(good > 10 && bad > 10);
    ts_key_free(k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_and_verifies),
        cmocka_unit_test(writes_the_options),
        cmocka_unit_test(refuses_options),
        cmocka_unit_test(agrees_with_the_vectors),
        cmocka_unit_test(makes_the_published_proof),
        cmocka_unit_test(other_suites_of_the_vectors_cannot_be_told),
        cmocka_unit_test(no_byte_can_be_changed),
        cmocka_unit_test(members_cannot_come_or_go),
        cmocka_unit_test(proofs_belong_to_their_document),
        cmocka_unit_test(refuses_values),
        cmocka_unit_test(suite_must_fit_the_key),
        cmocka_unit_test(unknown_suites_cannot_be_told),
        cmocka_unit_test(context_begins_with_the_proofs),
        cmocka_unit_test(a_proof_needs_no_context),
        cmocka_unit_test(a_set_has_independent_proofs),
        cmocka_unit_test(a_chain_covers_its_proofs),
        cmocka_unit_test(a_chain_may_have_either_order),
        cmocka_unit_test(reads_proofs),
        cmocka_unit_test(refuses_proofs),
        cmocka_unit_test(has_limits),
        cmocka_unit_test(no_proof_too_many_is_made),
        cmocka_unit_test(memory_may_be_short),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
