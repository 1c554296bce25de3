#include "trust/trust.h"

#include "support/support.h"

static ts_arena a;
static ts_error e;

static int set_up(void **state) {
    (void)state;
    if (!a.beg) a = test_arena();
    e = (ts_error){0};
    return 0;
}

static void assert_refused(bool ok, ts_error_code code, const char *msg) {
    assert_false(ok);
    if (e.code != code || strcmp(e.msg, msg) != 0) fail_msg("%d %s", e.code, e.msg);
    e = (ts_error){0};
}

static ts_str bytes_of(size_t n, uint64_t seed) {
    ts_random r = ts_random_seed(seed);
    char *p = ts_new_raw(&a, char, n);
    for (size_t i = 0; i < n; i++) p[i] = (char)ts_random_next(&r);
    return (ts_str){p, n};
}

/* ---- base64url ---- */

static void test_base64url_known(void **state) {
    (void)state; /* RFC 4648 section 10 */
    assert_str(ts_base64url(&a, TS_NONE), "");
    assert_str(ts_base64url(&a, TS_S("f")), "Zg");
    assert_str(ts_base64url(&a, TS_S("fo")), "Zm8");
    assert_str(ts_base64url(&a, TS_S("foo")), "Zm9v");
    assert_str(ts_base64url(&a, TS_S("foob")), "Zm9vYg");
    assert_str(ts_base64url(&a, TS_S("fooba")), "Zm9vYmE");
    assert_str(ts_base64url(&a, TS_S("foobar")), "Zm9vYmFy");
    assert_str(ts_base64url(&a, TS_S("\xfb\xff\xbf\xfe")), "-_-__g");
}

static void test_base64url_round(void **state) {
    (void)state;
    for (size_t n = 0; n < 300; n++) {
        ts_arena mark = a;
        ts_str b = bytes_of(n, n + 1), text = ts_base64url(&a, b), back;
        assert_int_equal(text.n, (n * 4 + 2) / 3);
        assert_true(ts_base64url_decode(&a, text, &back, &e));
        assert_true(ts_str_eq(b, back));
        a = mark;
    }
}

/* Every byte at every place of a group: only the 64 letters are taken. */
static void test_base64url_letters(void **state) {
    (void)state;
    unsigned taken = 0;
    for (int c = 0; c < 256; c++) {
        for (int at = 0; at < 8; at++) {
            ts_arena mark = a;
            char text[8] = "AAAAAAAA";
            ts_str b;
            text[at] = (char)c;
            bool ok = ts_base64url_decode(&a, (ts_str){text, 8}, &b, 0);
            assert_int_equal(ok, ts_is_alnum(c) || c == '-' || c == '_');
            taken += ok;
            a = mark;
        }
    }
    assert_int_equal(taken, 64 * 8);
}

/* One byte string has one text: of the last letters only those that leave no bits over. */
static void test_base64url_bits(void **state) {
    (void)state;
    for (size_t n = 2; n <= 3; n++) {
        unsigned taken = 0;
        for (int c = 33; c < 127; c++) {
            char text[3] = "AAA";
            ts_str b;
            text[n - 1] = (char)c;
            taken += ts_base64url_decode(&a, (ts_str){text, n}, &b, 0);
        }
        assert_int_equal(taken, n == 2 ? 4 : 16);
    }
}

static void test_base64url_refused(void **state) {
    (void)state;
    ts_str b = TS_S("untouched");
    assert_refused(ts_base64url_decode(&a, TS_S("Zg=="), &b, &e), TS_E_INPUT,
                   "the character at offset 2 does not belong to base64url");
    assert_refused(ts_base64url_decode(&a, TS_S("Zm9vYmFy\n"), &b, &e), TS_E_INPUT,
                   "no bytes have a base64url text of this length");
    assert_refused(ts_base64url_decode(&a, TS_S("Zm9v YmFyAA"), &b, &e), TS_E_INPUT,
                   "the character at offset 4 does not belong to base64url");
    assert_refused(ts_base64url_decode(&a, TS_S("Zm+v"), &b, &e), TS_E_INPUT,
                   "the character at offset 2 does not belong to base64url");
    assert_refused(ts_base64url_decode(&a, TS_S("A"), &b, &e), TS_E_INPUT,
                   "no bytes have a base64url text of this length");
    assert_refused(ts_base64url_decode(&a, TS_S("Zh"), &b, &e), TS_E_INPUT,
                   "the last letter of the base64url text has bits that no byte uses");
    assert_str(b, "untouched");
}

/* ---- base58 ---- */

/* The test vectors of draft-msporny-base58. */
static const struct {
    ts_str bytes;
    const char *text;
} base58[] = {
    {{"Hello World!", 12}, "2NEpo7TZRRrLZSi2U"},
    {{"The quick brown fox jumps over the lazy dog.", 44},
     "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"},
    {{"\0\0\x28\x7f\xb4\xcd", 6}, "11233QC4"},
    {{"", 0}, ""},
    {{"\0", 1}, "1"},
    {{"\0\0\0", 3}, "111"},
    {{"\x39", 1}, "z"},
    {{"\x3a", 1}, "21"},
    {{"\xff\xff\xff\xff", 4}, "7YXq9G"},
};

static void test_base58_known(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof base58 / sizeof *base58; i++) {
        ts_str back;
        assert_str(ts_base58(&a, base58[i].bytes), base58[i].text);
        assert_true(ts_base58_decode(&a, ts_str_c(base58[i].text), &back, &e));
        assert_true(ts_str_eq(back, base58[i].bytes));
    }
}

static void test_base58_letters(void **state) {
    (void)state;
    unsigned taken = 0;
    ts_str b;
    for (int c = 0; c < 256; c++) {
        char text[3] = {'2', (char)c, '2'};
        taken += ts_base58_decode(&a, (ts_str){text, 3}, &b, 0);
    }
    assert_int_equal(taken, 58);
    assert_refused(ts_base58_decode(&a, TS_S("12O4"), &b, &e), TS_E_INPUT,
                   "the character at offset 2 does not belong to base58btc");
    assert_false(ts_base58_decode(&a, TS_S("l"), &b, 0) || ts_base58_decode(&a, TS_S("I"), &b, 0) ||
                 ts_base58_decode(&a, TS_S("0"), &b, 0));
}

static ts_str repeat(char c, size_t n) {
    char *p = ts_new_raw(&a, char, n);
    memset(p, c, n);
    return (ts_str){p, n};
}

static void test_base58_limits(void **state) {
    (void)state;
    const char *too_long = "base58btc text of more than 1024 bytes";
    ts_str back, most = repeat('\xff', 1024), text = ts_base58(&a, most);
    assert_true(ts_base58_decode(&a, text, &back, &e));
    assert_true(ts_str_eq(back, most));
    assert_true(ts_base58_decode(&a, repeat('1', 1024), &back, &e));
    assert_true(ts_str_eq(back, repeat(0, 1024)));
    assert_str(ts_base58(&a, repeat('\xff', 1025)), "");
    assert_refused(ts_base58_decode(&a, repeat('1', 1025), &back, &e), TS_E_LIMIT, too_long);
    assert_refused(ts_base58_decode(&a, repeat('z', 1420), &back, &e), TS_E_LIMIT, too_long);
    assert_refused(ts_base58_decode(&a, repeat('z', 2500), &back, &e), TS_E_LIMIT, too_long);
    assert_refused(ts_base58_decode(&a, repeat('z', 64 << 20), &back, &e), TS_E_LIMIT, too_long);
}

/* ---- multibase ---- */

static const uint32_t prefixes[] = {'0', '7', '9', 'f', 'F', 'v', 'V',    't', 'T',
                                    'b', 'B', 'c', 'C', 'h', 'k', 'K',    'R', 'z',
                                    'Z', 'm', 'M', 'u', 'U', 'p', 0x1F680};
enum { BASES = sizeof prefixes / sizeof *prefixes };

static void assert_multibase(uint32_t prefix, ts_str bytes, const char *text) {
    ts_str out, back;
    assert_true(ts_multibase(&a, prefix, bytes, &out, &e));
    assert_str(out, text);
    assert_true(ts_multibase_decode(&a, out, &back, &e));
    assert_true(ts_str_eq(back, bytes));
}

static void test_multibase_known(void **state) {
    (void)state;
    assert_multibase('R', TS_S("AB"), "RBB8"); /* RFC 9285 section 4.3 */
    assert_multibase('R', TS_S("Hello!!"), "R%69 VD92EX0");
    assert_multibase('R', TS_S("base-45"), "RUJCLQE7W581");
    assert_multibase('R', TS_S("ietf!"), "RQED8WEX0");
    assert_multibase('p', TS_S("\x7f\0\0\1"), "pro-lusab-babad"); /* arXiv:0901.4016 */
    assert_multibase('p', TS_S("\x3f\x54\xdc\xc1"), "pro-gutih-tugad");
    assert_multibase('p', TS_NONE, "pro");
    assert_multibase('c', TS_S("foob"), "cmzxw6yq="); /* RFC 4648 section 10 */
    assert_multibase('C', TS_S("f"), "CMY======");
    assert_multibase('t', TS_S("fooba"), "tcpnmuoj1");
    assert_multibase('T', TS_S("fo"), "TCPNG====");
    assert_multibase('M', TS_S("f"), "MZg==");
    assert_multibase('U', TS_S("\xfb\xff"), "U-_8=");
    assert_multibase('m', TS_S("\xfb\xff"), "m+/8");
    assert_multibase('0', TS_S("\xA5"), "010100101");
    assert_multibase(0x1F680, TS_S("\0\xff"), "\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\xA5\x82");
}

static void test_multibase_round(void **state) {
    (void)state;
    for (size_t i = 0; i < BASES; i++) {
        for (size_t n = 0; n < 140; n += 1 + (prefixes[i] == 'p')) {
            ts_arena mark = a;
            ts_str b = bytes_of(n, n * 100 + i), text, back;
            memset((char *)(uintptr_t)b.p, 0, n % 5 < n ? n % 5 : 0);
            assert_true(ts_multibase(&a, prefixes[i], b, &text, &e));
            assert_true(ts_multibase_decode(&a, text, &back, &e));
            assert_true(ts_str_eq(back, b));
            a = mark;
        }
    }
}

/* A row of the test files: base2, "001111" (the first row: "encoding", "bytes"). */
static ts_str next_cell(ts_str *line) {
    ts_str cell = ts_str_trim(ts_str_cut(line, ','));
    if (cell.n >= 2 && cell.p[0] == '"') cell = (ts_str){cell.p + 1, cell.n - 2};
    return cell;
}

static ts_str unescape(ts_str s) { /* \x00 alone */
    ts_buf b = ts_buf_new(&a, 1000);
    while (ts_str_starts(s, TS_S("\\x00"))) {
        ts_buf_c(&b, 0);
        s = ts_str_from(s, 4);
    }
    ts_buf_put(&b, s);
    return ts_buf_str(&b);
}

static unsigned check_file(const char *name, bool encodes) {
    char path[200];
    snprintf(path, sizeof path, "passport/multiformats/%s", name);
    const char *p = test_data(path);
    ts_str all, out;
    if (!p) skip();
    assert_true(ts_file_read(&a, p, 100000, &all, &e));
    ts_str line = ts_str_cut(&all, '\n');
    next_cell(&line);
    ts_str bytes = unescape(next_cell(&line));
    unsigned rows = 0;
    while (all.n) {
        line = ts_str_cut(&all, '\n');
        if (!next_cell(&line).n) continue;
        ts_str text = next_cell(&line);
        size_t i = 0;
        assert_true(ts_multibase_decode(&a, text, &out, &e));
        assert_true(ts_str_eq(out, bytes));
        if (encodes) assert_true(ts_multibase(&a, ts_utf8_next(text, &i), bytes, &out, &e));
        if (encodes) assert_true(ts_str_eq(out, text));
        rows++;
    }
    return rows;
}

static void test_multibase_files(void **state) {
    (void)state;
    assert_int_equal(check_file("basic.csv", true), 23);
    assert_int_equal(check_file("leading_zero.csv", true), 23);
    assert_int_equal(check_file("two_leading_zeros.csv", true), 23);
    assert_int_equal(check_file("case_insensitivity.csv", false), 12);
}

/* Every row of the table is a base of ours or refused by name. */
static void test_multibase_table(void **state) {
    (void)state;
    const char *p = test_data("passport/multiformats/multibase.csv");
    ts_str all, out;
    unsigned bases = 0, reserved = 0;
    if (!p) skip();
    assert_true(ts_file_read(&a, p, 100000, &all, &e));
    ts_str_cut(&all, '\n');
    while (all.n) {
        ts_str line = ts_str_cut(&all, '\n');
        ts_str code = next_cell(&line);
        next_cell(&line);
        ts_str name = next_cell(&line);
        if (!code.n) continue;
        uint32_t prefix = (uint32_t)strtoul(ts_str_z(&a, ts_str_from(code, 2)), 0, 16);
        bool is_base = !ts_str_is(name, "none");
        assert_int_equal(ts_multibase(&a, prefix, TS_S("ab"), &out, &e), is_base);
        if (is_base) bases++;
        if (!is_base) assert_non_null(strstr(e.msg, "is reserved"));
        if (!is_base) reserved++;
    }
    assert_int_equal(bases, BASES);
    assert_int_equal(reserved, 4);
}

static void test_multibase_refused(void **state) {
    (void)state;
    ts_str b;
    static const struct {
        ts_str text;
        const char *msg;
    } bad[] = {
        {{"", 0}, "empty where a multibase text was expected"},
        {{"\0AA", 3}, "the multibase prefix U+0000 is reserved: it names no base"},
        {{"1A", 2}, "the multibase prefix U+0031 is reserved: it names no base"},
        {{"QA", 2}, "the multibase prefix U+0051 is reserved: it names no base"},
        {{"xA", 2}, "U+0078 'x' is not the prefix of a multibase"},
        {{"\xff\xff", 2}, "U+FFFD is not the prefix of a multibase"},
        {{"02", 2}, "no bytes have a base2 text of this length"},
        {{"000000002", 9}, "the character at offset 7 does not belong to base2"},
        {{"7778", 4}, "the character at offset 2 does not belong to base8"},
        {{"7777", 4}, "the last letter of the base8 text has bits that no byte uses"},
        {{"9a", 2}, "the character at offset 0 does not belong to base10"},
        {{"fabc", 4}, "no bytes have a base16 text of this length"},
        {{"fag", 3}, "the character at offset 1 does not belong to base16"},
        {{"b1", 2}, "no bytes have a base32 text of this length"},
        {{"ba1", 3}, "the character at offset 1 does not belong to base32"},
        {{"bab", 3}, "the last letter of the base32 text has bits that no byte uses"},
        {{"bma======", 9}, "the character at offset 2 does not belong to base32"},
        {{"cmy", 3}, "base32pad text has the wrong length or lacks its padding"},
        {{"cm=======", 9}, "no bytes have a base32pad text of this length"},
        {{"c========", 9}, "no bytes have a base32pad text of this length"},
        {{"cmy=====a", 9}, "the character at offset 2 does not belong to base32pad"},
        {{"hB", 2}, "no bytes have a base32z text of this length"},
        {{"hYY", 3}, "the character at offset 0 does not belong to base32z"},
        {{"M====", 5}, "no bytes have a base64pad text of this length"},
        {{"MZg=", 4}, "base64pad text has the wrong length or lacks its padding"},
        {{"MZ=g=", 5}, "the character at offset 1 does not belong to base64pad"},
        {{"mZg==", 5}, "the character at offset 2 does not belong to base64"},
        {{"uZ/", 3}, "the character at offset 1 does not belong to base64url"},
        {{"R0", 2}, "no bytes have a base45 text of this length"},
        {{"RGGX", 4}, "the base45 letters at offset 0 are no bytes"},
        {{"R::", 3}, "the base45 letters at offset 0 are no bytes"},
        {{"Raa", 3}, "the character at offset 0 does not belong to base45"},
        {{"pq", 2}, "proquint is \"pro\" and words of five letters after '-'"},
        {{"pro-", 4}, "proquint is \"pro\" and words of five letters after '-'"},
        {{"pro_babab", 9}, "the character at offset 2 does not belong to proquint"},
        {{"pro-aabab", 9}, "the character at offset 3 does not belong to proquint"},
        {{"pro-bebab", 9}, "the character at offset 4 does not belong to proquint"},
        {{"\xF0\x9F\x9A\x80z", 5}, "the character at offset 0 does not belong to base256emoji"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(ts_multibase_decode(&a, bad[i].text, &b, &e), TS_E_INPUT, bad[i].msg);
    assert_refused(ts_multibase(&a, 'p', TS_S("odd"), &b, &e), TS_E_INPUT,
                   "proquint writes bytes in pairs only");
    assert_refused(ts_multibase(&a, '=', TS_S("a"), &b, &e), TS_E_INPUT,
                   "U+003D '=' is not the prefix of a multibase");
}

static void test_multibase_limits(void **state) {
    (void)state;
    static const uint32_t capped[] = {'9', 'k', 'K', 'z', 'Z', 0x1F680};
    ts_str out, back;
    for (size_t i = 0; i < 6; i++) {
        ts_str most = repeat('\xff', 1024);
        assert_true(ts_multibase(&a, capped[i], most, &out, &e));
        assert_true(ts_multibase_decode(&a, out, &back, &e));
        assert_true(ts_str_eq(back, most));
        assert_false(ts_multibase(&a, capped[i], repeat('\xff', 1025), &out, &e));
        assert_int_equal(e.code, TS_E_LIMIT);
    }
    ts_str many[] = {out, TS_S("\xF0\x9F\x9A\x80")}; /* one emoji more */
    assert_refused(ts_multibase_decode(&a, ts_str_join(&a, many, 2, TS_NONE), &back, &e),
                   TS_E_LIMIT, "base256emoji text of more than 1024 bytes");
}

/* What grows with the length alone is not capped: a status list is long. */
static void test_multibase_long(void **state) {
    (void)state;
    static const char linear[] = "07fbchmuURp";
    ts_str b = bytes_of(1 << 20, 9), text, back;
    for (size_t i = 0; linear[i]; i++) {
        ts_arena mark = a;
        assert_true(ts_multibase(&a, (uint32_t)linear[i], b, &text, &e));
        assert_true(ts_multibase_decode(&a, text, &back, &e));
        assert_true(ts_str_eq(back, b));
        a = mark;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_base64url_known, set_up),
        cmocka_unit_test_setup(test_base64url_round, set_up),
        cmocka_unit_test_setup(test_base64url_letters, set_up),
        cmocka_unit_test_setup(test_base64url_bits, set_up),
        cmocka_unit_test_setup(test_base64url_refused, set_up),
        cmocka_unit_test_setup(test_base58_known, set_up),
        cmocka_unit_test_setup(test_base58_letters, set_up),
        cmocka_unit_test_setup(test_base58_limits, set_up),
        cmocka_unit_test_setup(test_multibase_known, set_up),
        cmocka_unit_test_setup(test_multibase_round, set_up),
        cmocka_unit_test_setup(test_multibase_files, set_up),
        cmocka_unit_test_setup(test_multibase_table, set_up),
        cmocka_unit_test_setup(test_multibase_refused, set_up),
        cmocka_unit_test_setup(test_multibase_limits, set_up),
        cmocka_unit_test_setup(test_multibase_long, set_up),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
