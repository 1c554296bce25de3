#include "trust/trust.h"

#include "support/support.h"

static void hashes(ts_sha which, ts_str s, const char *hex) {
    ts_arena a = test_arena();
    ts_hash_value h = ts_sha_of(which, s);
    assert_str(ts_hash_hex(&a, &h), hex);
    ts_arena_free(&a, (size_t)1 << 32);
}

/* The examples that NIST publishes for FIPS 180-4, and the empty message. */
static void test_known(void **state) {
    (void)state;
    hashes(TS_SHA256, TS_S("abc"),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hashes(TS_SHA256, TS_NONE, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hashes(TS_SHA256, TS_S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    hashes(TS_SHA384, TS_S("abc"),
           "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
           "8086072ba1e7cc2358baeca134c825a7");
    hashes(TS_SHA384, TS_NONE,
           "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
           "274edebfe76f65fbd51ad2f14898b95b");
    hashes(TS_SHA512, TS_S("abc"),
           "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
           "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    hashes(TS_SHA512, TS_NONE,
           "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
           "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
}

static void test_long(void **state) {
    (void)state;
    ts_arena a = test_arena();
    char *p = ts_new_raw(&a, char, 1000000);
    memset(p, 'a', 1000000);
    hashes(TS_SHA256, (ts_str){p, 1000000},
           "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    ts_arena_free(&a, (size_t)1 << 32);
}

static void test_lengths(void **state) {
    (void)state;
    assert_int_equal(ts_sha_of(TS_SHA256, TS_S("x")).n, 32);
    assert_int_equal(ts_sha_of(TS_SHA384, TS_S("x")).n, 48);
    assert_int_equal(ts_sha_of(TS_SHA512, TS_S("x")).n, 64);
}

static void *hash_often(void *arg) {
    (void)arg;
    for (int i = 0; i < 2000; i++) {
        ts_hash_value h = ts_sha_of((ts_sha)(i % 3), TS_S("abc"));
        static const uint8_t first[] = {0xba, 0xcb, 0xdd};
        if (h.b[0] != first[i % 3]) return (void *)1;
    }
    return 0;
}

static void test_threads(void **state) {
    (void)state;
    pthread_t t[4];
    void *bad;
    for (int i = 0; i < 4; i++) assert_true(ts_thread_start(&t[i], hash_often, 0, 0));
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], &bad);
        assert_null(bad);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads), /* first: nothing is looked up yet */
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
