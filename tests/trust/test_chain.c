#include "trust/chain.h"

#include "support/support.h"
#include "trust/trust.h"

static ts_arena a;
static ts_key *key, *other;

static int setup(void **state) {
    (void)state;
    ts_error e = {0};
    a = test_arena();
    key = ts_key_generate(&a, TS_KEY_ED25519, test_temp("chain.pem"), &e);
    other = ts_key_generate(&a, TS_KEY_P256, test_temp("chain2.pem"), &e);
    assert_true(key && other);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    ts_key_free(key);
    ts_key_free(other);
    return 0;
}

/* Computed by other means from the bytes that chain.h names. */
static void by_the_book(void **state) {
    (void)state;
    char hex[65];
    ts_chain_hash digest = ts_chain_digest(TS_S("{}")), hash = {{0}};
    assert_str(ts_chain_hex(&digest, hex),
               "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    hash = ts_chain_next(&hash, 1, &digest);
    assert_str(ts_chain_hex(&hash, hex),
               "6b6b6b0ef5a5c075faef51c3b3f33fd946b783ea89fc7d87eaf802ae3d23b1f7");
    hash = ts_chain_next(&hash, 258, &digest);
    assert_str(ts_chain_hex(&hash, hex),
               "18cf4ac591fbcd395125ac040a9e2e2144b5643de744d1d23a28b90946f1f754");
}

static void hexadecimal(void **state) {
    (void)state;
    ts_chain_hash h, back;
    char hex[65];
    for (int i = 0; i < 32; i++) h.b[i] = (uint8_t)(i * 9 + 3);
    ts_str text = ts_chain_hex(&h, hex);
    assert_true(ts_chain_read_hex(text, &back) && ts_chain_hash_eq(&h, &back));
    back.b[31] ^= 1;
    assert_false(ts_chain_hash_eq(&h, &back));
    assert_false(ts_chain_read_hex(ts_str_to(text, 63), &back));
    for (size_t i = 0; i < 64; i += 7) {
        char c = hex[i];
        static const char bad[] = "gA/:` ";
        for (size_t k = 0; k < sizeof bad; k++) {
            hex[i] = bad[k];
            assert_false(ts_chain_read_hex(text, &back));
        }
        hex[i] = c;
    }
}

static ts_checkpoint sample(void) {
    ts_checkpoint c = {.log = TS_S("did:web:m.example"), .size = 3, .at = 1764000000};
    c.hash = ts_chain_digest(TS_S("x"));
    return c;
}

static void signed_and_read(void **state) {
    (void)state;
    ts_checkpoint c = sample(), back;
    ts_str token, method = TS_S("did:web:m.example#1");
    ts_error e = {0};
    ts_jws j;
    assert_true(ts_checkpoint_sign(&a, &c, method, key, &token, &e));
    assert_true(ts_jws_parse(&a, token, 1 << 16, &j, &e));
    assert_str(j.typ, "touchstone-checkpoint+jwt");
    assert_str(j.payload,
               "{\"at\":\"2025-11-24T16:00:00Z\",\"format\":\"touchstone-checkpoint-1\",\"hash\":"
               "\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\",\"log\":"
               "\"did:web:m.example\",\"size\":3}");
    assert_true(ts_checkpoint_read(&a, token, key, &back, &e));
    assert_true(ts_str_eq(back.log, c.log) && back.size == 3 && back.at == c.at);
    assert_true(ts_chain_hash_eq(&back.hash, &c.hash));
    assert_str(back.kid, "did:web:m.example#1");
    assert_true(ts_checkpoint_read(&a, token, 0, &back, &e));
    assert_false(ts_checkpoint_read(&a, token, other, &back, &e)); /* another kind of key */
    for (size_t i = 0; i < token.n; i++) {                         /* any one letter changed */
        ts_arena mark = a;
        ts_str changed = ts_str_dup(&a, token);
        char *p = (char *)(uintptr_t)changed.p;
        p[i] = p[i] == 'A' ? 'B' : 'A';
        if (!ts_str_eq(changed, token))
            assert_false(ts_checkpoint_read(&a, changed, key, &back, &e));
        a = mark;
    }
    c.size = 0; /* an empty log has the hash of nothing */
    assert_false(ts_checkpoint_sign(&a, &c, method, key, &token, &e));
    c.hash = (ts_chain_hash){{0}};
    assert_true(ts_checkpoint_sign(&a, &c, method, key, &token, &e));
    assert_true(ts_checkpoint_read(&a, token, key, &back, &e));
    c.log = TS_NONE;
    assert_false(ts_checkpoint_sign(&a, &c, method, key, &token, &e));
}

/* Payloads that somebody with the right key signed, and that are no checkpoint all the same. */
static void not_checkpoints(void **state) {
    (void)state;
#define HASH "\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\""
#define AT "\"2025-11-24T16:00:00Z\""
#define F "\"touchstone-checkpoint-1\""
    static const struct {
        const char *payload, *why;
    } rows[] = {
        {"{}", "lacks format"},
        {"[]", "lacks format"},
        {"{\"at\":" AT ",\"format\":\"touchstone-checkpoint-2\",\"hash\":" HASH
         ",\"log\":\"x\",\"size\":3}",
         "not touchstone-checkpoint-1"},
        {"{\"at\":" AT ",\"format\":" F ",\"hash\":" HASH ",\"log\":\"x\",\"more\":1,\"size\":3}",
         "have no place"},
        {"{\"format\":" F ",\"at\":" AT ",\"hash\":" HASH ",\"log\":\"x\",\"size\":3}",
         "not its canonical text"},
        {"{\"at\":" AT ",\"format\":" F ",\"hash\":" HASH ",\"log\":\"x\",\"size\":3} ",
         "not its canonical text"},
        {"{\"at\":\"2025-11-24T17:00:00+01:00\",\"format\":" F ",\"hash\":" HASH
         ",\"log\":\"x\",\"size\":3}",
         "no instant"},
        {"{\"at\":" AT ",\"format\":" F ",\"hash\":\"2D\",\"log\":\"x\",\"size\":3}",
         "64 lower-case"},
        {"{\"at\":" AT ",\"format\":" F ",\"hash\":" HASH ",\"log\":\"x\",\"size\":-3}",
         "no count"},
        {"{\"at\":" AT ",\"format\":" F ",\"hash\":" HASH ",\"log\":\"x\",\"size\":1e+21}",
         "no count"},
        {"{\"at\":" AT ",\"format\":" F ",\"hash\":" HASH ",\"log\":\"x\",\"size\":0}",
         "exactly when its log is empty"},
        {"{\"at\":" AT ",\"format\":" F ",\"hash\":" HASH ",\"log\":\"\",\"size\":3}",
         "names its log"},
        {"{\"at\":" AT ",\"format\":" F ",\"hash\":" HASH ",\"log\":3,\"size\":3}", "lacks log"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const ts_jws_header h = {.typ = TS_S("touchstone-checkpoint+jwt"), .kid = TS_S("k")};
        ts_checkpoint c;
        ts_str token;
        ts_error e = {0};
        assert_true(ts_jws_sign(&a, &h, ts_str_c(rows[i].payload), key, &token, &e));
        assert_false(ts_checkpoint_read(&a, token, key, &c, &e));
        if (!strstr(e.msg, rows[i].why)) fail_msg("%s: %s", rows[i].payload, e.msg);
    }
    const ts_jws_header types[] = {{.typ = TS_S("vc+jwt"), .kid = TS_S("k")},
                                   {.typ = TS_S("touchstone-checkpoint+jwt")}};
    for (int i = 0; i < 2; i++) {
        ts_checkpoint c;
        ts_str token;
        ts_error e = {0};
        assert_true(ts_jws_sign(&a, &types[i], TS_S("{}"), key, &token, &e));
        assert_false(ts_checkpoint_read(&a, token, key, &c, &e));
        assert_non_null(strstr(e.msg, i ? "which key signed it" : "its typ is 'vc+jwt'"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_the_book),
        cmocka_unit_test(hexadecimal),
        cmocka_unit_test(signed_and_read),
        cmocka_unit_test(not_checkpoints),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
