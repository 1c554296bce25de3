/* passport_sign - what verifying and issuing a passport cost beside the signature alone, on one
 * core: the same bytes through OpenSSL's EVP_DigestVerify and EVP_DigestSign, in turns in one run.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include "host/host.h"
#include "passport_bench.h"

enum { ROUND = 200, ELEMENTS = 56 };

static void die(const ts_error *e) { fprintf(stderr, "bench_passport: %s\n", e->msg), exit(1); }

/* A kettle with much to say: its credential has about 10 kB. */
static ts_str document_text(ts_arena *a) {
    ts_buf b = ts_buf_new(a, 1 << 20);
    ts_buf_lit(&b, "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:uuid:7a1c8f7e-4a9e-4c1b-"
                   "9d52-0f6a1b2c3d4e\","
                   "\"granularity\":\"item\",\"product\":{\"id\":\"https://id.gs1.org/01/"
                   "09521234543213/21/7Q2MX9HDKCW4\","
                   "\"name\":\"Kettle 1.7 "
                   "l\",\"productCategory\":[{\"code\":\"47114\",\"name\":\"Kettles\",\"schemeId\":"
                   "\"https://unstats.un.org/"
                   "cpc\",\"schemeName\":\"CPC\"}],\"producedAtFacility\":{\"id\":\"https://maker."
                   "example/plant/1\",\"name\":\"Plant "
                   "1\"},\"countryOfProduction\":{\"countryCode\":\"DE\"}},\"operator\":"
                   "{\"id\":\"did:web:maker.example\",\"name\":\"Maker "
                   "GmbH\"},\"packs\":[{\"id\":\"generic\"}],\"status\":"
                   "\"active\",\"classes\":{");
    for (int i = 0; i < ELEMENTS; i++)
        ts_buf_fmt(&b, "%s\"detail.part%d\":\"public\"", i ? "," : "", i);
    ts_buf_lit(&b, "},\"elements\":{\"identification\":{\"model\":\"KX-17\"},\"detail\":{");
    for (int i = 0; i < ELEMENTS; i++)
        ts_buf_fmt(&b,
                   "%s\"part%d\":{\"name\":\"Part number %d of the "
                   "kettle\",\"mass\":{\"value\":%d.25,\"unit\":\"g\"},"
                   "\"recycled\":%s,\"note\":\"Gehäuse, Zulieferung\"}",
                   i ? "," : "", i, i, 10 + i, i & 1 ? "true" : "false");
    ts_buf_lit(&b, "}}}");
    return ts_buf_str(&b);
}

/* ---- what both measure ---- */

typedef struct bench {
    ts_arena *a;
    ts_key *key;
    EVP_PKEY *raw;
    ts_document document;
    ts_packs packs;
    ts_signer by;
    ts_form form;
    ts_str credential; /* signed */
    unsigned char signature[256];
    size_t signature_n;
    ts_verify_options verify;
} bench;

static void open_key(bench *x, ts_key_kind kind) {
    char path[] = "/tmp/bench-passport-XXXXXX";
    ts_error e = {0};
    int fd = mkstemp(path);
    if (fd >= 0) close(fd), unlink(path);
    if (fd < 0 || !(x->key = ts_key_generate(x->a, kind, path, &e))) die(&e);
    FILE *f = fopen(path, "re");
    if (!f || !(x->raw = PEM_read_PrivateKey(f, 0, 0, 0))) exit(1);
    fclose(f);
    unlink(path);
    x->by = ts_signer_complete(x->a, (ts_signer){.key = x->key, .name = TS_S("Maker GmbH")});
}

static void sign_raw(bench *x) {
    bool ed = EVP_PKEY_get_base_id(x->raw) == EVP_PKEY_ED25519;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    x->signature_n = sizeof x->signature;
    if (!EVP_DigestSignInit(c, 0, ed ? 0 : EVP_sha256(), 0, x->raw) ||
        !EVP_DigestSign(c, x->signature, &x->signature_n, (const unsigned char *)x->credential.p,
                        x->credential.n))
        exit(1);
    EVP_MD_CTX_free(c);
}

static void verify_raw(bench *x) {
    bool ed = EVP_PKEY_get_base_id(x->raw) == EVP_PKEY_ED25519;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (!EVP_DigestVerifyInit(c, 0, ed ? 0 : EVP_sha256(), 0, x->raw) ||
        EVP_DigestVerify(c, x->signature, x->signature_n, (const unsigned char *)x->credential.p,
                         x->credential.n) != 1)
        exit(1);
    EVP_MD_CTX_free(c);
}

static void issue_ours(bench *x) {
    ts_arena job = *x->a;
    ts_error e = {0};
    ts_str text;
    const ts_credential_terms how = {.id = TS_S("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"),
                                     .issuer = x->by.issuer,
                                     .issuer_name = x->by.name,
                                     .from = 1764000000,
                                     .until = TS_NO_TIME};
    const ts_json *root =
        ts_untp_build(&job, &x->document, &x->packs, 1u << TS_AUD_PUBLIC, &how, &e);
    if (!root ||
        !ts_secure_tree(&job, root, &x->by, x->form == TS_FORM_UNTP_JOSE, 1764000000, &text, &e))
        die(&e);
    if (!x->credential.n) *x->a = job, x->credential = text;
}

static void verify_ours(bench *x) {
    ts_arena job = *x->a;
    ts_report r;
    ts_verify(&job, x->credential, &x->verify, &r);
    if (r.step[TS_STEP_SIGNATURE].answer != TS_YES) {
        fprintf(stderr, "bench_passport: %.*s\n", TS_P(r.step[TS_STEP_SIGNATURE].reason));
        exit(1);
    }
}

/* Nanoseconds of one call, the fastest round. */
static void in_turns(bench *x, void (*ours)(bench *), void (*raw)(bench *), double seconds,
                     double ns[2]) {
    uint64_t begin = ts_nanos(), best[2] = {UINT64_MAX, UINT64_MAX};
    do
        for (int which = 0; which < 2; which++) {
            uint64_t t = ts_nanos();
            for (int i = 0; i < ROUND; i++) (which ? raw : ours)(x);
            t = ts_nanos() - t;
            if (t < best[which]) best[which] = t;
        }
    while ((double)(ts_nanos() - begin) < seconds * 2e9);
    for (int i = 0; i < 2; i++) ns[i] = (double)best[i] / ROUND;
}

static void prepare(bench *x, ts_arena *a, ts_key_kind kind, ts_form form) {
    ts_error e = {0};
    *x = (bench){.a = a, .form = form};
    open_key(x, kind);
    if (!ts_document_read(a, document_text(a), &x->document, &e) ||
        !ts_document_packs(a, &x->document, ts_pack_find_shared, 0, &x->packs, &e))
        die(&e);
    x->verify = (ts_verify_options){
        .now = 1764000010, .ring = ts_key_ring_new(a), .cache = ts_verify_cache_new(a)};
    issue_ours(x);
    sign_raw(x);
}

static int run(ts_arena *a, double seconds, const char *what, void (*ours)(bench *),
               void (*raw)(bench *)) {
    static const ts_key_kind kinds[] = {TS_KEY_ED25519, TS_KEY_P256};
    static const ts_form forms[] = {TS_FORM_UNTP_DI, TS_FORM_UNTP_JOSE};
    printf("%-10s %-10s %9s %12s %12s %8s\n", what, "", "bytes", "us, whole", "us, raw",
           "raw/whole");
    for (int k = 0; k < 2; k++)
        for (int f = 0; f < 2; f++) {
            ts_arena mark = *a;
            bench *x = ts_new(a, bench);
            double ns[2];
            prepare(x, a, kinds[k], forms[f]);
            in_turns(x, ours, raw, seconds, ns);
            printf("%-10s %-10s %9zu %12.1f %12.1f %7.0f%%\n", ts_key_kind_name(kinds[k]),
                   ts_form_name(forms[f]), x->credential.n, ns[0] / 1e3, ns[1] / 1e3,
                   100 * ns[1] / ns[0]);
            ts_verify_cache_free(x->verify.cache);
            ts_key_ring_free(x->verify.ring);
            ts_key_free(x->key);
            EVP_PKEY_free(x->raw);
            *a = mark;
        }
    return 0;
}

int run_verify(ts_arena *a, double seconds) {
    return run(a, seconds, "verify", verify_ours, verify_raw);
}
int run_issue(ts_arena *a, double seconds) {
    return run(a, seconds, "issue", issue_ours, sign_raw);
}
