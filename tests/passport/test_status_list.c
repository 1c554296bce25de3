#include <zlib.h>

#include "passport/status_list.h"
#include "support/support.h"

#define V2 "\"https://www.w3.org/ns/credentials/v2\""

enum { LEAST = TS_STATUS_LIST_BITS / 8 };

static ts_str zeros(ts_arena *a, size_t n) { return (ts_str){ts_new_n(a, char, n), n}; }

static void set_bit(ts_str bits, size_t i) {
    ((char *)(uintptr_t)bits.p)[i / 8] |= (char)(0x80 >> i % 8);
}

/* gzip of parts, one member each. */
static ts_str gzip(ts_arena *a, const ts_str *parts, size_t n, int window) {
    ts_buf b = ts_buf_new(a, 64u << 20);
    for (size_t i = 0; i < n; i++) {
        z_stream z = {0};
        assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
        size_t room = deflateBound(&z, (uLong)parts[i].n) + 64;
        char *p = ts_buf_room(&b, room);
        z.next_in = (Bytef *)(uintptr_t)parts[i].p;
        z.avail_in = (uInt)parts[i].n;
        z.next_out = (Bytef *)p;
        z.avail_out = (uInt)room;
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        b.n += room - z.avail_out;
        deflateEnd(&z);
    }
    return ts_buf_str(&b);
}

static ts_str multibase(ts_arena *a, ts_str bytes) {
    const ts_str parts[] = {TS_S("u"), ts_base64url(a, bytes)};
    return ts_str_join(a, parts, 2, TS_NONE);
}

static ts_str list_text(ts_arena *a, const char *subject_rest, ts_str encoded) {
    ts_buf b = ts_buf_new(a, 64u << 20);
    ts_buf_fmt(&b,
               "{\"@context\":[" V2 "],\"type\":[\"VerifiableCredential\","
               "\"BitstringStatusListCredential\"],\"id\":\"https://a.example/l\","
               "\"issuer\":\"did:web:a.example\",\"credentialSubject\":{\"id\":\"https://a.example/"
               "l#list\",\"type\":\"BitstringStatusList\"%s,\"encodedList\":\"",
               subject_rest);
    ts_buf_put(&b, encoded);
    ts_buf_lit(&b, "\"}}");
    assert_false(b.full);
    return ts_buf_str(&b);
}

static ts_credential credential(ts_arena *a, ts_str text) {
    ts_credential c = {0};
    ts_error e = {0};
    const ts_json *v = ts_json_parse(a, text, (ts_json_options){.strict = true}, &e);
    if (!v || !ts_credential_read(a, v, &c, &e)) print_error("%s\n", e.msg);
    assert_non_null(v);
    assert_int_equal(e.code, TS_OK);
    return c;
}

static void refused(ts_arena a, const char *rest, ts_str encoded, const char *said) {
    ts_credential c = credential(&a, list_text(&a, rest, encoded));
    ts_status_list l;
    ts_error e = {0};
    assert_false(ts_status_list_read(&a, &c, &l, &e));
    if (!strstr(e.msg, said)) print_error("'%s' lacks '%s'\n", e.msg, said);
    assert_non_null(strstr(e.msg, said));
}

static ts_status_list accepted(ts_arena *a, const char *rest, ts_str encoded) {
    ts_credential c = credential(a, list_text(a, rest, encoded));
    ts_status_list l;
    ts_error e = {0};
    if (!ts_status_list_read(a, &c, &l, &e)) print_error("%s\n", e.msg);
    assert_int_equal(e.code, TS_OK);
    return l;
}

#define REVOCATION ",\"statusPurpose\":\"revocation\""

/* ---- Reading ---- */

static void bits_from_the_left(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str bits = zeros(&a, LEAST), text;
    ts_error e = {0};
    set_bit(bits, 0);
    set_bit(bits, 10);
    set_bit(bits, TS_STATUS_LIST_BITS - 1);
    assert_true(ts_status_list_encode(&a, bits, &text, &e));
    ts_status_list l = accepted(&a, REVOCATION ",\"ttl\":60000", text);
    assert_str(l.id, "https://a.example/l");
    assert_str(l.issuer, "did:web:a.example");
    assert_int_equal(l.ttl_ms, 60000);
    assert_true(ts_str_eq(l.bits, bits));
    static const size_t at[] = {
        0, 1, 7, 8, 9, 10, 11, TS_STATUS_LIST_BITS - 2, TS_STATUS_LIST_BITS - 1};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        ts_status_entry entry = {.purpose = TS_S("revocation"), .index = at[i], .size = 1};
        uint64_t value = 77;
        assert_true(ts_status_list_get(&l, &entry, &value, &e));
        assert_int_equal(value, at[i] == 0 || at[i] == 10 || at[i] == TS_STATUS_LIST_BITS - 1);
    }
}

/* The empty list that the recommendation prints. */
static void example_of_the_recommendation(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_status_list l =
        accepted(&a, REVOCATION,
                 TS_S("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"));
    assert_int_equal(l.bits.n, LEAST);
    for (size_t i = 0; i < l.bits.n; i++) assert_int_equal(l.bits.p[i], 0);
}

static void wrong_lists(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str bits = zeros(&a, LEAST), good, packed = gzip(&a, &bits, 1, 16 + MAX_WBITS);
    ts_error e = {0};
    assert_true(ts_status_list_encode(&a, bits, &good, &e));
    refused(a, REVOCATION, ts_str_from(good, 1), "does not begin with \"u\"");
    refused(a, REVOCATION, TS_S(""), "does not begin with \"u\"");
    refused(a, REVOCATION, TS_S("u"), "it is no gzip stream");
    refused(a, REVOCATION, TS_S("u!!!!"), "is not base64url");
    refused(a, REVOCATION, ts_str_to(good, good.n - 1), "");
    refused(a, "", good, "no statusPurpose");
    refused(a, ",\"statusPurpose\":[]", good, "no statusPurpose");
    refused(a, ",\"statusPurpose\":[1]", good, "something else than text");
    refused(a, REVOCATION ",\"ttl\":\"soon\"", good, "ttl is no number");
    refused(a, REVOCATION ",\"ttl\":-1", good, "ttl is no number");

    ts_str shortened = zeros(&a, LEAST - 1), raw = gzip(&a, &bits, 1, -MAX_WBITS),
           zlib = gzip(&a, &bits, 1, MAX_WBITS);
    refused(a, REVOCATION, multibase(&a, gzip(&a, &shortened, 1, 16 + MAX_WBITS)),
            "fewer than 131072 tell who is asked about");
    refused(a, REVOCATION, multibase(&a, TS_NONE), "no gzip stream");
    refused(a, REVOCATION, multibase(&a, raw), "does not unpack");
    refused(a, REVOCATION, multibase(&a, zlib), "does not unpack");

    const ts_str twice[] = {bits, bits}, behind[] = {packed, TS_S("x")};
    refused(a, REVOCATION, multibase(&a, gzip(&a, twice, 2, 16 + MAX_WBITS)),
            "bytes behind the end");
    refused(a, REVOCATION, multibase(&a, ts_str_join(&a, behind, 2, TS_NONE)),
            "1 bytes behind the end");
}

/* Cut anywhere or changed anywhere, the list is refused or is the same list. */
static void damaged_lists(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str bits = zeros(&a, LEAST);
    for (size_t i = 0; i < 300; i++) set_bit(bits, i * 97);
    ts_str packed = gzip(&a, &bits, 1, 16 + MAX_WBITS);
    char *copy = ts_new_n(&a, char, packed.n);
    for (size_t i = 0; i < packed.n; i++) {
        ts_arena mark = a;
        refused(a, REVOCATION, multibase(&a, ts_str_to(packed, i)), "");
        memcpy(copy, packed.p, packed.n);
        copy[i] ^= 0x10;
        ts_credential c =
            credential(&a, list_text(&a, REVOCATION, multibase(&a, (ts_str){copy, packed.n})));
        ts_status_list l;
        if (ts_status_list_read(&a, &c, &l, 0)) assert_true(ts_str_eq(l.bits, bits));
        a = mark;
    }
}

/* One GiB of zeros in about one MiB: it is read no further than to the cap. */
static void bomb(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 4u << 20);
    static char block[1 << 20];
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    for (int i = 0; i <= 1024; i++) {
        char *p = ts_buf_room(&b, 1 << 16);
        z.next_in = (Bytef *)block;
        z.avail_in = i < 1024 ? sizeof block : 0;
        z.next_out = (Bytef *)p;
        z.avail_out = 1 << 16;
        deflate(&z, i < 1024 ? Z_NO_FLUSH : Z_FINISH);
        b.n += (1 << 16) - z.avail_out;
    }
    deflateEnd(&z);
    assert_true(b.n > 900000 && b.n < 2000000);
    uint64_t begin = ts_cpu_nanos();
    refused(a, REVOCATION, multibase(&a, ts_buf_str(&b)), "unpacks to more than 16777216 bytes");
    assert_true(ts_cpu_nanos() - begin < 2000000000u);

    ts_str most = zeros(&a, TS_STATUS_LIST_MAX), text;
    ts_error e = {0};
    assert_true(ts_status_list_encode(&a, most, &text, &e));
    assert_int_equal(accepted(&a, REVOCATION, text).bits.n, TS_STATUS_LIST_MAX);
    ts_str over = zeros(&a, TS_STATUS_LIST_MAX + 1);
    refused(a, REVOCATION, multibase(&a, gzip(&a, &over, 1, 16 + MAX_WBITS)), "unpacks to more");
    assert_false(ts_status_list_encode(&a, over, &text, &e));
    assert_int_equal(e.code, TS_E_USAGE);
}

static void other_credentials(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{\"@context\":[" V2 "],\"type\":\"VerifiableCredential\",\"issuer\":\"did:a:b\","
        "\"credentialSubject\":{\"type\":\"BitstringStatusList\"}}",
        "{\"@context\":[" V2 "],\"type\":[\"VerifiableCredential\","
        "\"BitstringStatusListCredential\"],\"issuer\":\"did:a:b\","
        "\"credentialSubject\":{\"type\":\"StatusList2021\"}}",
        "{\"@context\":[" V2 "],\"type\":[\"VerifiableCredential\","
        "\"BitstringStatusListCredential\"],\"issuer\":\"did:a:b\","
        "\"credentialSubject\":[{\"type\":\"BitstringStatusList\"},"
        "{\"type\":\"BitstringStatusList\"}]}",
    };
    static const char *const said[] = {"it is no BitstringStatusListCredential",
                                       "not one BitstringStatusList",
                                       "not one BitstringStatusList"};
    ts_arena a = test_arena();
    for (size_t i = 0; i < 3; i++) {
        ts_credential c = credential(&a, ts_str_c(texts[i]));
        ts_status_list l;
        ts_error e = {0};
        assert_false(ts_status_list_read(&a, &c, &l, &e));
        assert_non_null(strstr(e.msg, said[i]));
    }
}

/* ---- Looking up ---- */

static void outside_and_other_purposes(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str text;
    ts_error e = {0};
    assert_true(ts_status_list_encode(&a, zeros(&a, LEAST), &text, &e));
    ts_status_list l = accepted(&a, ",\"statusPurpose\":[\"revocation\",\"suspension\"]", text);
    ts_status_entry entry = {
        .purpose = TS_S("suspension"), .index = TS_STATUS_LIST_BITS - 1, .size = 1};
    uint64_t value = 77;
    assert_true(ts_status_list_get(&l, &entry, &value, &e));
    assert_int_equal(value, 0);
    static const uint64_t outside[] = {TS_STATUS_LIST_BITS, UINT64_MAX, UINT64_MAX / 8 + 1};
    for (size_t i = 0; i < 3; i++) {
        value = 77;
        entry.index = outside[i];
        assert_false(ts_status_list_get(&l, &entry, &value, &e));
        assert_non_null(strstr(e.msg, "is outside the list of 131072 entries"));
        assert_int_equal(value, 77);
    }
    entry = (ts_status_entry){.purpose = TS_S("refresh"), .size = 1};
    assert_false(ts_status_list_get(&l, &entry, &value, &e));
    assert_non_null(strstr(e.msg, "not for the purpose"));
    entry = (ts_status_entry){.purpose = TS_S("revocation"), .size = 2};
    assert_false(ts_status_list_get(&l, &entry, &value, &e));
    assert_non_null(strstr(e.msg, "65536 entries of 2 bits"));
    entry = (ts_status_entry){.purpose = TS_S("revocation"), .size = 1, .fault = TS_S("no index")};
    assert_false(ts_status_list_get(&l, &entry, &value, &e));
    assert_string_equal(e.msg, "no index");
}

static void several_bits(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str text, bits = zeros(&a, 3 * LEAST);
    ts_error e = {0};
    /* Entry 2 of three bits each is 101, across the first two bytes; the last is 011. */
    set_bit(bits, 6);
    set_bit(bits, 8);
    set_bit(bits, bits.n * 8 - 2);
    set_bit(bits, bits.n * 8 - 1);
    assert_true(ts_status_list_encode(&a, bits, &text, &e));
    ts_status_list l = accepted(&a, ",\"statusPurpose\":\"message\"", text);
    ts_status_entry entry = {.purpose = TS_S("message"), .index = 2, .size = 3};
    uint64_t value;
    assert_true(ts_status_list_get(&l, &entry, &value, &e));
    assert_int_equal(value, 5);
    entry.index = TS_STATUS_LIST_BITS - 1;
    assert_true(ts_status_list_get(&l, &entry, &value, &e));
    assert_int_equal(value, 3);
    entry.index = TS_STATUS_LIST_BITS;
    assert_false(ts_status_list_get(&l, &entry, &value, &e));
}

/* ---- Writing ---- */

static void written_and_read_back(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str one = TS_S("revocation"), both[] = {TS_S("revocation"), TS_S("suspension")}, text, again;
    ts_error e = {0};
    for (int i = 0; i < 2; i++) {
        ts_status_list l = {.id = TS_S("https://a.example/l"),
                            .issuer = TS_S("did:web:a.example"),
                            .purposes = {i ? both : &one, i ? 2 : 1, 0},
                            .bits = zeros(&a, LEAST),
                            .from = 1767225600,
                            .until = i ? 1767225600 + 86400 : TS_NO_TIME,
                            .ttl_ms = i ? 300000 : 0},
                       back;
        set_bit(l.bits, 94567);
        assert_true(ts_status_list_write(&a, &l, &text, &e));
        assert_true(ts_status_list_write(&a, &l, &again, &e));
        assert_true(ts_str_eq(text, again));
        ts_credential c = credential(&a, text);
        assert_true(ts_status_list_read(&a, &c, &back, &e));
        assert_true(ts_str_eq(back.id, l.id) && ts_str_eq(back.issuer, l.issuer));
        assert_true(ts_str_eq(back.bits, l.bits));
        assert_int_equal(back.purposes.n, l.purposes.n);
        assert_true(back.from == l.from && back.until == l.until && back.ttl_ms == l.ttl_ms);
    }
}

static void not_written(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str one = TS_S("revocation"), text;
    ts_error e = {0};
    ts_status_list whole = {.id = TS_S("https://a.example/l"),
                            .issuer = TS_S("did:web:a.example"),
                            .purposes = {&one, 1, 0},
                            .bits = zeros(&a, LEAST),
                            .from = 0,
                            .until = TS_NO_TIME},
                   l = whole;
    l.id = TS_NONE;
    assert_false(ts_status_list_write(&a, &l, &text, &e));
    l = whole, l.issuer = TS_NONE;
    assert_false(ts_status_list_write(&a, &l, &text, &e));
    l = whole, l.purposes.n = 0;
    assert_false(ts_status_list_write(&a, &l, &text, &e));
    assert_non_null(strstr(e.msg, "needs an id, an issuer and a purpose"));
    l = whole, l.bits.n = LEAST - 1;
    assert_false(ts_status_list_write(&a, &l, &text, &e));
    assert_non_null(strstr(e.msg, "131072 entries at least"));
    assert_true(ts_status_list_write(&a, &whole, &text, &e));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_from_the_left),
        cmocka_unit_test(example_of_the_recommendation),
        cmocka_unit_test(wrong_lists),
        cmocka_unit_test(damaged_lists),
        cmocka_unit_test(bomb),
        cmocka_unit_test(other_credentials),
        cmocka_unit_test(outside_and_other_purposes),
        cmocka_unit_test(several_bits),
        cmocka_unit_test(written_and_read_back),
        cmocka_unit_test(not_written),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
