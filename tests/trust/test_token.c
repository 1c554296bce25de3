/* Against SoftHSM, a token in software: skipped where it is not installed. */
#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit/p11-kit.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/support.h"
#include "trust/trust.h"

#define PIN "1234"

/* SoftHSM 2.6 loses some bytes for each use of an Ed25519 key. So that the leak checker can tell
 * those from ours, it needs whole stacks, and the module stays loaded. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "fast_unwind_on_malloc=0"; }
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libsofthsm2"; }

static ts_arena a;
static ts_error e;
static const char *module;

static const char *keep(const char *name) { return ts_str_z(&a, ts_str_c(test_temp(name))); }

static int run(const char *const *argv) {
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0), dup2(null, 1), dup2(null, 2);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, 0})

static bool find_module(void) {
    static const char *const places[] = {
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i], R_OK) == 0) module = places[i];
    return module;
}

static void make_token(const char *label) {
    assert_int_equal(RUN("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN,
                         "--so-pin", "5678"),
                     0);
}

/* ---- keys, made on the token ---- */

typedef struct making {
    CK_FUNCTION_LIST *f;
    CK_SESSION_HANDLE session;
} making;

static void begin(making *m, const char *label) {
    CK_SLOT_ID slots[20];
    CK_ULONG n = 20;
    m->f = p11_kit_module_load(module, 0);
    assert_non_null(m->f);
    assert_int_equal(p11_kit_module_initialize(m->f), CKR_OK);
    assert_int_equal(m->f->C_GetSlotList(CK_TRUE, slots, &n), CKR_OK);
    for (CK_ULONG i = 0; i < n; i++) {
        CK_TOKEN_INFO info;
        assert_int_equal(m->f->C_GetTokenInfo(slots[i], &info), CKR_OK);
        if (memcmp(info.label, label, strlen(label)) != 0) continue;
        assert_int_equal(
            m->f->C_OpenSession(slots[i], CKF_SERIAL_SESSION | CKF_RW_SESSION, 0, 0, &m->session),
            CKR_OK);
    }
    assert_int_equal(m->f->C_Login(m->session, CKU_USER, (uint8_t *)(uintptr_t)PIN, 4), CKR_OK);
}

static void end(making *m) {
    m->f->C_CloseSession(m->session);
    p11_kit_module_finalize(m->f);
    p11_kit_module_release(m->f);
}

typedef struct plan {
    const char *label, *id;
    CK_MECHANISM_TYPE mechanism;
    const char *params;
    size_t n;
    bool cannot_sign, no_public;
} plan;

#define P256                                                                                       \
    .mechanism = CKM_EC_KEY_PAIR_GEN, .params = "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", .n = 10
#define P384 .mechanism = CKM_EC_KEY_PAIR_GEN, .params = "\x06\x05\x2b\x81\x04\x00\x22", .n = 7
#define K256 .mechanism = CKM_EC_KEY_PAIR_GEN, .params = "\x06\x05\x2b\x81\x04\x00\x0a", .n = 7
#define EDWARDS                                                                                    \
    .mechanism = CKM_EC_EDWARDS_KEY_PAIR_GEN,                                                      \
    .params = "\x13\x0c"                                                                           \
              "edwards25519",                                                                      \
    .n = 14

static bool make_key(making *m, plan p) {
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_MECHANISM mechanism = {p.mechanism, 0, 0};
    CK_OBJECT_HANDLE public, private;
    CK_ATTRIBUTE name = {CKA_LABEL, (void *)(uintptr_t)p.label, strlen(p.label)};
    CK_ATTRIBUTE id = {CKA_ID, (void *)(uintptr_t)p.id, strlen(p.id)};
    CK_ATTRIBUTE of_public[] = {
        name,
        id,
        {CKA_TOKEN, &yes, 1},
        {CKA_PRIVATE, &no, 1},
        {CKA_VERIFY, &yes, 1},
        {CKA_EC_PARAMS, (void *)(uintptr_t)p.params, p.n},
    };
    CK_ATTRIBUTE of_private[] = {
        name,
        id,
        {CKA_TOKEN, &yes, 1},
        {CKA_PRIVATE, &yes, 1},
        {CKA_SENSITIVE, &yes, 1},
        {CKA_SIGN, p.cannot_sign ? &no : &yes, 1},
        {CKA_DERIVE, p.cannot_sign ? &yes : &no, 1},
    };
    CK_RV rv = m->f->C_GenerateKeyPair(m->session, &mechanism, of_public, 6, of_private, 7, &public,
                                       &private);
    if (rv == CKR_OK && p.no_public) rv = m->f->C_DestroyObject(m->session, public);
    return rv == CKR_OK;
}

static bool edwards;

/* The folder of the tokens and its configuration, before SoftHSM is first loaded. */
static void make_store(void) {
    char text[1200];
    const char *folder = keep("tokens"), *conf = keep("softhsm.conf");
    assert_int_equal(mkdir(folder, 0700), 0);
    int n = snprintf(text, sizeof text, "directories.tokendir = %s\nobjectstore.backend = file\n",
                     folder);
    test_write(conf, (ts_str){text, (size_t)n});
    setenv("SOFTHSM2_CONF", conf, 1);
}

static void fill_store(void) {
    making m = {0};
    make_token("seals");
    make_token("twin");
    make_token("twin");
    begin(&m, "seals");
    assert_true(make_key(&m, (plan){.label = "one", .id = "\x01", P256}));
    assert_true(make_key(&m, (plan){.label = "two", .id = "\x02", P384}));
    edwards = make_key(&m, (plan){.label = "three", .id = "\x03", EDWARDS});
    assert_true(make_key(&m, (plan){.label = "same", .id = "\x04", P256}));
    assert_true(make_key(&m, (plan){.label = "same", .id = "\x05", P256}));
    assert_true(make_key(&m, (plan){.label = "derives", .id = "\x06", P256, .cannot_sign = true}));
    assert_true(make_key(&m, (plan){.label = "alone", .id = "\x07", P256, .no_public = true}));
    assert_true(make_key(&m, (plan){.label = "k1", .id = "\x08", K256}));
    assert_true(make_key(&m, (plan){.label = "both", .id = "\x09", P256}));
    assert_true(make_key(&m, (plan){.label = "copy", .id = "\x09", P256}));
    end(&m);
}

static int set_up(void **state) {
    (void)state;
    e = (ts_error){0};
    if (!a.beg) {
        a = test_arena();
        if (!find_module() || RUN("softhsm2-util", "--version") != 0) {
            print_message("skipped: SoftHSM is not installed\n");
            return 0;
        }
        make_store();
        assert_non_null(dlopen(module, RTLD_NOW | RTLD_NODELETE));
        fill_store();
    }
    return 0;
}

static ts_str uri_with(const char *path, const char *query) {
    ts_buf b = ts_buf_new(&a, 10000);
    ts_buf_fmt(&b, "pkcs11:%s?module-path=%s%s%s", path, module, *query ? "&" : "", query);
    return ts_buf_str(&b);
}

static ts_key *open_key(const char *path) {
    ts_key *k = ts_key_open_pkcs11(&a, uri_with(path, "pin-value=" PIN), &e);
    if (!k) print_error("%s: %s\n", path, e.msg);
    assert_non_null(k);
    return k;
}

static void assert_refused(ts_str uri, ts_error_code code, const char *part) {
    ts_key *k = ts_key_open_pkcs11(&a, uri, &e);
    if (k || e.code != code || !strstr(e.msg, part))
        fail_msg("%.*s: %d %s", TS_P(uri), e.code, e.msg);
    e = (ts_error){0};
}

/* ---- tests ---- */

static void sign_and_verify(const char *path, ts_key_kind kind) {
    ts_key *k = open_key(path);
    assert_int_equal(ts_key_public_of(k)->kind, kind);
    ts_key *verifier = ts_key_public(&a, ts_key_public_of(k), &e);
    for (size_t n = 0; n < 20; n++) {
        ts_signature s;
        ts_str message = {"signed inside the token", n};
        assert_true(ts_key_sign(k, message, &s, &e));
        ts_str text = {(char *)s.b, s.n};
        assert_true(ts_key_verify(verifier, message, text, &e));
        assert_true(ts_key_verify(k, message, text, &e));
        assert_false(ts_key_verify(k, TS_S("another"), text, 0));
    }
    ts_key_free(k);
    ts_key_free(verifier);
}

static void test_signs(void **state) {
    (void)state;
    if (!module) skip();
    sign_and_verify("token=seals;object=one", TS_KEY_P256);
    sign_and_verify("token=seals;object=two;type=private", TS_KEY_P384);
    sign_and_verify("token=seals;id=%01", TS_KEY_P256);
    sign_and_verify("token=seals;object=same;id=%05", TS_KEY_P256);
    if (edwards) sign_and_verify("token=seals;object=three", TS_KEY_ED25519);
    if (!edwards) print_message("this SoftHSM makes no Ed25519 keys\n");
}

static void test_open_by_name(void **state) {
    (void)state;
    if (!module) skip();
    ts_str uri = uri_with("token=seals;object=one", "pin-value=" PIN);
    ts_key *k = ts_key_open(&a, ts_str_z(&a, uri), &e);
    assert_non_null(k);
    ts_key_free(k);
}

/* One key's end does not log the other one out, nor end the module. */
static void test_two_keys(void **state) {
    (void)state;
    ts_signature s;
    if (!module) skip();
    ts_key *x = open_key("token=seals;object=one"), *y = open_key("token=seals;object=two");
    ts_key *z = open_key("token=seals;object=one");
    ts_key_free(x);
    assert_true(ts_key_sign(y, TS_S("m"), &s, &e));
    assert_true(ts_key_sign(z, TS_S("m"), &s, &e));
    ts_key_free(y);
    assert_true(ts_key_sign(z, TS_S("m"), &s, &e));
    ts_key_free(z);
}

static void *sign_often(void *arg) {
    for (int i = 0; i < 50; i++) {
        char text[40];
        ts_signature s;
        ts_str m = {text, (size_t)snprintf(text, sizeof text, "%p %d", (void *)&s, i)};
        if (!ts_key_sign(arg, m, &s, 0)) return (void *)1;
    }
    return 0;
}

static void test_threads(void **state) {
    (void)state;
    pthread_t t[4];
    void *bad;
    if (!module) skip();
    ts_key *k = open_key("token=seals;object=one");
    for (int i = 0; i < 4; i++) assert_true(ts_thread_start(&t[i], sign_often, k, &e));
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], &bad);
        assert_null(bad);
    }
    ts_key_free(k);
}

static void test_pin_source(void **state) {
    (void)state;
    if (!module) skip();
    const char *pin = keep("pin"), *path = "token=seals;object=one";
    char query[1200];
    test_write(pin, TS_S(PIN "\n"));
    assert_int_equal(chmod(pin, 0600), 0);
    static const char *const forms[] = {"pin-source=%s", "pin-source=file:%s",
                                        "pin-source=file://%s"};
    for (size_t i = 0; i < 3; i++) {
        ts_buf b = ts_buf_new(&a, 1200);
        ts_str form = ts_str_c(forms[i]);
        ts_buf_put(&b, ts_str_to(form, form.n - 2));
        ts_buf_put(&b, ts_str_c(pin));
        ts_key *k = ts_key_open_pkcs11(&a, uri_with(path, ts_str_z(&a, ts_buf_str(&b))), &e);
        assert_non_null(k);
        ts_key_free(k);
    }
    snprintf(query, sizeof query, "pin-source=%s", pin);
    assert_int_equal(chmod(pin, 0640), 0);
    assert_refused(uri_with(path, query), TS_E_IO,
                   "the file with the PIN is open to other users (mode 640); close it: `chmod 600");
    assert_int_equal(chmod(pin, 0600), 0);
    test_write(pin, TS_S("\n"));
    assert_refused(uri_with(path, query), TS_E_INPUT, "the file with the PIN is empty");
    test_write(pin, TS_S(PIN " \n"));
    assert_refused(uri_with(path, query), TS_E_INPUT, "the token does not accept the PIN");
    assert_int_equal(unlink(pin), 0);
    assert_refused(uri_with(path, query), TS_E_NOT_FOUND, "cannot open the file with the PIN");
    assert_refused(uri_with(path, "pin-source=%7c/bin/cat%20/etc/hostname"), TS_E_INPUT,
                   "pin-source names a program; only a file is read here");
    assert_refused(uri_with(path, "pin-source=/x&pin-value=1"), TS_E_INPUT,
                   "the PKCS#11 URI has both pin-value and pin-source");
    assert_refused(uri_with(path, ""), TS_E_INPUT, "the token asks for a PIN");
    assert_refused(uri_with(path, "pin-value=4321"), TS_E_INPUT,
                   "the token does not accept the PIN");
    assert_refused(uri_with(path, "pin-value="), TS_E_INPUT, "the token does not accept the PIN");
}

static void test_refused(void **state) {
    (void)state;
    if (!module) skip();
    const char *pin = "pin-value=" PIN;
    assert_refused(uri_with("token=nobody;object=one", pin), TS_E_NOT_FOUND,
                   "there is no token that the PKCS#11 URI names; there is: ");
    assert_refused(uri_with("token=seals;serial=0;object=one", pin), TS_E_NOT_FOUND,
                   "there is no token that the PKCS#11 URI names");
    assert_refused(uri_with("token=seals;slot-id=4711;object=one", pin), TS_E_NOT_FOUND,
                   "there is no token that the PKCS#11 URI names");
    assert_refused(uri_with("token=twin;object=one", pin), TS_E_INPUT,
                   "more than one is the token that the PKCS#11 URI names");
    assert_refused(uri_with("token=seals;library-manufacturer=x;object=one", pin), TS_E_INPUT,
                   "the PKCS#11 URI asks for another module");
    assert_refused(uri_with("token=seals;object=nothing", pin), TS_E_NOT_FOUND,
                   "the token holds no private key that the PKCS#11 URI names");
    assert_refused(uri_with("token=seals;object=one;id=%02", pin), TS_E_NOT_FOUND,
                   "the token holds no private key that the PKCS#11 URI names");
    assert_refused(uri_with("token=seals;object=same", pin), TS_E_INPUT,
                   "the PKCS#11 URI names more than one key; add id=");
    assert_refused(uri_with("token=seals;id=%09", pin), TS_E_INPUT,
                   "the PKCS#11 URI names more than one key; add object=");
    assert_refused(uri_with("token=seals;object=both", pin), TS_E_INPUT,
                   "the token holds several public keys with that key's id");
    assert_refused(uri_with("token=seals", pin), TS_E_INPUT,
                   "the PKCS#11 URI names no key; add object=");
    assert_refused(uri_with("token=seals;object=one;type=public", pin), TS_E_INPUT,
                   "the PKCS#11 URI names no private key; use type=private");
    assert_refused(uri_with("token=seals;object=derives", pin), TS_E_INPUT,
                   "the token's key was made without the permission to sign");
    assert_refused(uri_with("token=seals;object=alone", pin), TS_E_NOT_FOUND,
                   "the token holds no public key with that key's id");
    assert_refused(uri_with("token=seals;object=k1", pin), TS_E_INPUT,
                   "the token's key is of another kind than Ed25519, P-256 and P-384");
    test_signs(state); /* what was refused left nothing open */
}

static void test_uri(void **state) {
    (void)state;
    char *p = ts_new_raw(&a, char, 5000);
    memset(p, 'x', 5000);
    assert_refused(TS_S("pkcs11:object=a"), TS_E_INPUT,
                   "the PKCS#11 URI does not say which module to load; add ?module-path=");
    assert_refused(TS_S("pkcs11:object=a?module-path=libx.so"), TS_E_INPUT,
                   "the PKCS#11 URI does not say which module to load");
    assert_refused(TS_S("pkcs11:object=a?module-path=/nowhere/libx.so"), TS_E_IO,
                   "the PKCS#11 module cannot be loaded: ");
    assert_refused(TS_S("pkcs11:object=a?module-path=/etc/passwd"), TS_E_IO,
                   "the PKCS#11 module cannot be loaded: ");
    assert_refused(TS_S("pkcs12:object=a"), TS_E_INPUT, "the PKCS#11 URI cannot be read: ");
    assert_refused(TS_S("pkcs11:object=%zz"), TS_E_INPUT, "the PKCS#11 URI cannot be read: ");
    assert_refused(TS_S("pkcs11:colour=a?module-path=/x"), TS_E_INPUT,
                   "the PKCS#11 URI has an attribute that is not known");
    assert_refused(TS_S("pkcs11:object=a\0b"), TS_E_INPUT, "the PKCS#11 URI holds a zero byte");
    assert_refused(TS_NONE, TS_E_INPUT, "the PKCS#11 URI cannot be read: ");
    assert_refused((ts_str){p, 5000}, TS_E_LIMIT, "a PKCS#11 URI of more than 4096 bytes");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_signs, set_up),
        cmocka_unit_test_setup(test_open_by_name, set_up),
        cmocka_unit_test_setup(test_two_keys, set_up),
        cmocka_unit_test_setup(test_threads, set_up),
        cmocka_unit_test_setup(test_pin_source, set_up),
        cmocka_unit_test_setup(test_refused, set_up),
        cmocka_unit_test_setup(test_uri, set_up),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
