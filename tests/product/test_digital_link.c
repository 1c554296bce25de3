#include "gs1_samples.h"

/* ---- what is read ---- */

static const ts_digital_link *parse(ts_arena *a, const char *text) {
    ts_digital_link *l = ts_new(a, ts_digital_link);
    ts_error e = {0};
    if (!ts_digital_link_parse(a, ts_str_c(text), l, &e)) fail_msg("%s: %s", text, e.msg);
    return l;
}

static void reads_a_link(void **s) {
    (void)s;
    ts_arena a = test_arena();
    const ts_digital_link *l =
        parse(&a, "https://id.example.com/some/path/01/09521234543213/10/ABC123/21/12345"
                  "?linkType=gs1:dpp&17=271231&context=de#top");
    assert_int_equal(l->ais.n, 4);
    assert_int_equal(l->path_n, 3);
    assert_str(ts_gs1_brackets(&a, &l->ais), "(01)09521234543213(10)ABC123(21)12345(17)271231");
    assert_str(l->stem, "https://id.example.com/some/path");
    assert_str(l->query, "linkType=gs1:dpp&context=de");
    assert_str(l->fragment, "top");
}

static void copies_nothing_that_needs_no_change(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_str t = TS_S("https://id.example.com/01/09521234543213/21/A%2FB?a=1&b=2");
    ts_digital_link l;
    ts_error e;
    ts_arena before = a;
    assert_true(ts_digital_link_parse(&a, t, &l, &e));
    assert_true(a.beg - before.beg <= 8); /* the decoded serial alone */
    assert_true(l.ais.v[0].value.p > t.p && l.ais.v[0].value.p < t.p + t.n);
    assert_true(l.query.p > t.p && l.query.p < t.p + t.n);
    assert_str(l.query, "a=1&b=2");
    assert_str(ts_gs1_get(&l.ais, "21"), "A/B");
}

/* Examples of the standard's text and of GS1's guides. */
static void reads_published_examples(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const char *const cases[][2] = {
        {"https://id.gs1.org/01/09520123456788", "(01)09520123456788"},
        {"https://brand.example.com/01/9520123456788", "(01)09520123456788"},
        {"https://brand.example.com/some-extra/pathinfo/01/9520123456788", "(01)09520123456788"},
        {"https://id.gs1.org/01/09520123456788/22/2A", "(01)09520123456788(22)2A"},
        {"https://id.gs1.org/01/09520123456788/10/ABC123", "(01)09520123456788(10)ABC123"},
        {"https://id.gs1.org/01/09520123456788/21/12345", "(01)09520123456788(21)12345"},
        {"https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426",
         "(01)09520123456788(10)ABC1(21)12345(17)180426"},
        {"https://id.gs1.org/01/09520123456788/22/2A/10/ABC/21/1234?3103=000195",
         "(01)09520123456788(22)2A(10)ABC(21)1234(3103)000195"},
        {"https://example.com/01/9520123456788?3103=000195&3922=0299&17=201225",
         "(01)09520123456788(3103)000195(3922)0299(17)201225"},
        {"https://id.gs1.org/00/106141412345678908?02=09520123456788&37=25&10=ABC123",
         "(00)106141412345678908(02)09520123456788(37)25(10)ABC123"},
        {"https://id.gs1.org/414/9520123456788/254/32a%2Fb", "(414)9520123456788(254)32a/b"},
        {"https://id.gs1.org/414/9520123456788", "(414)9520123456788"},
        {"https://example.com/8004/9520614141234567?01=9520123456788",
         "(8004)9520614141234567(01)09520123456788"},
        {"https://example.com/8010/9520614ABC%23DEF/8011/123456",
         "(8010)9520614ABC#DEF(8011)123456"},
        {"https://id.gs1.org/8018/952012345678912345/8019/123",
         "(8018)952012345678912345(8019)123"},
        {"https://id.gs1.org/253/9520123456788ABC", "(253)9520123456788ABC"},
        {"https://id.gs1.org/8003/09520123456788SER1", "(8003)09520123456788SER1"},
        {"https://id.gs1.org/8006/095201234567880102/21/7", "(8006)095201234567880102(21)7"},
        {"https://id.gs1.org/415/9520123456788/8020/ABC123", "(415)9520123456788(8020)ABC123"},
        {"https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K", "(8013)1987654Ad4X4bL5ttr2310c2K"},
        {"https://id.gs1.org/01/09520123456788/235/2A-7", "(01)09520123456788(235)2A-7"},
        {"https://id.gs1.org/01/09520123456788/235/2A-7?10=L1",
         "(01)09520123456788(235)2A-7(10)L1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_str(ts_gs1_brackets(&a, &parse(&a, cases[i][0])->ais), cases[i][1]);
}

static void reads_odd_but_valid_spellings(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const char *const cases[][3] = {
        /* link, AIs, stem */
        {"HTTPS://ID.GS1.ORG/01/09520123456788", "(01)09520123456788", "HTTPS://ID.GS1.ORG"},
        {"http://a/01/95012346", "(01)00000095012346", "http://a"},
        {"http://a:8080/01/614141123452", "(01)00614141123452", "http://a:8080"},
        {"http://[2001:db8::1]:80/01/614141123452", "(01)00614141123452",
         "http://[2001:db8::1]:80"},
        {"https://xn--mller-kva.example/01/95012346", "(01)00000095012346",
         "https://xn--mller-kva.example"},
        {"https://a/01/09520123456788?", "(01)09520123456788", "https://a"},
        {"https://a/01/09520123456788#", "(01)09520123456788", "https://a"},
        {"https://a/01/09520123456788?&&17=271231&&", "(01)09520123456788(17)271231", "https://a"},
        {"https://a/01/09520123456788/10/%41%2d%2E", "(01)09520123456788(10)A-.", "https://a"},
        {"https://a/01/09520123456788/10/!'()*+,:;=", "(01)09520123456788(10)!'\\()*+,:;=",
         "https://a"},
        {"https://a/01/09520123456788/10/...", "(01)09520123456788(10)...", "https://a"},
        {"https://a/01/09520123456788/21/%2531", "(01)09520123456788(21)%31", "https://a"},
        /* an AI in a value, and keys and numbers in the stem */
        {"https://a/01/09520123456788/21/01", "(01)09520123456788(21)01", "https://a"},
        {"https://a/01/09520123456788/10/21/21/10", "(01)09520123456788(10)21(21)10", "https://a"},
        {"https://a/00/faux/01/09520123456788", "(01)09520123456788", "https://a/00/faux"},
        {"https://a/01/01/09520123456788", "(01)09520123456788", "https://a/01"},
        {"https://a/01/09520123456788/00/106141412345678908", "(00)106141412345678908",
         "https://a/01/09520123456788"},
        {"https://a/2024/7/01/09520123456788", "(01)09520123456788", "https://a/2024/7"},
        /* the same again does no harm */
        {"https://a/01/09520123456788?01=9520123456788&17=271231&17=271231",
         "(01)09520123456788(17)271231", "https://a"},
        {"https://a/01/09520123456788/10/A?10=A", "(01)09520123456788(10)A", "https://a"},
        {"https://a/01/09520123456788?240=a/b?c", "(01)09520123456788(240)a/b?c", "https://a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ts_digital_link *l = parse(&a, cases[i][0]);
        assert_str(ts_gs1_brackets(&a, &l->ais), cases[i][1]);
        assert_str(l->stem, cases[i][2]);
    }
}

static void other_parameters_are_kept_as_they_are(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const char *const cases[][2] = {
        {"", ""},
        {"?17=271231", ""},
        {"?a", "a"},
        {"?a=%2f&17=271231", "a=%2f"},
        {"?17=271231&a=1&b", "a=1&b"},
        {"?a=1&17=271231&b=2&11=250101&c=3", "a=1&b=2&c=3"},
        {"?a&&b", "a&b"},
        {"?exp=271231&=x&1x=2", "exp=271231&=x&1x=2"},
        {"?%41=1&17=271231", "%41=1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        snprintf(text, sizeof text, "https://a/01/09520123456788%s", cases[i][0]);
        assert_str(parse(&a, text)->query, cases[i][1]);
    }
}

/* ---- what is refused, and in which words ---- */

static void refuses_by_name(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const char *const cases[][2] = {
        /* the address */
        {"", "the address does not begin with http:// or https://"},
        {"ftp://a/01/09520123456788", "the address does not begin with http:// or https://"},
        {"httpss://a/01/09520123456788", "the address does not begin with http:// or https://"},
        {"https:/a/01/09520123456788", "the address does not begin with http:// or https://"},
        {" https://a/01/09520123456788", "the address does not begin with http:// or https://"},
        {"https:///01/09520123456788", "the address has no valid host"},
        {"https://-a/01/09520123456788", "the address has no valid host"},
        {"https://a-/01/09520123456788", "the address has no valid host"},
        {"https://a..b/01/09520123456788", "the address has no valid host"},
        {"https://a./01/09520123456788", "the address has no valid host"},
        {"https://a_b/01/09520123456788", "the address has no valid host"},
        {"https://a%2Eb/01/09520123456788", "the address has no valid host"},
        {"https://[::1/01/09520123456788", "the address has no valid host"},
        {"https://[::1]x/01/09520123456788", "the address has no valid host"},
        {"https://[fe80::1%25eth0]/01/09520123456788", "the address has no valid host"},
        {"https://[12]/01/09520123456788", "the address has no valid host"},
        {"https://a:0/01/09520123456788", "the port is no number from 1 to 65535"},
        {"https://a:65536/01/09520123456788", "the port is no number from 1 to 65535"},
        {"https://a:8o/01/09520123456788", "the port is no number from 1 to 65535"},
        {"https://user@a/01/09520123456788", "the address holds a user name"},
        {"https://id.gs1.org:443@evil.example/01/09520123456788", "the address holds a user name"},
        {"https://a/01/09520123456788/10/A B", "' ' may not stand in an address; write %20"},
        {"https://a/01/09520123456788/10/A\"B", "'\"' may not stand in an address; write %22"},
        {"https://a/01/09520123456788/10/<", "'<' may not stand in an address; write %3C"},
        {"https://a/01/09520123456788/10/\xC3\xA4", "a character outside ASCII"},
        {"https://a/01/09520123456788/10/A\x1F", "a control character in the address"},
        {"https://a/01/09520123456788/10/%", "'%' wants two hexadecimal digits"},
        {"https://a/01/09520123456788/10/%4", "'%' wants two hexadecimal digits"},
        {"https://a/01/09520123456788/10/%4?17=271231", "'%' wants two hexadecimal digits"},
        {"https://a/01/09520123456788/10/%GG", "'%' wants two hexadecimal digits"},
        {"https://a/01/09520123456788?x=%4", "'%' wants two hexadecimal digits"},
        {"https://a/01/09520123456788#%4", "'%' wants two hexadecimal digits"},
        {"https://a/01/09520123456788#a#b", "'#' may not stand in an address; write %23"},
        {"https://a/01/09520123456788/10/A%00", "an encoded NUL in the address"},
        {"https://a/01/09520123456788/10/A%1D", "an encoded control character"},
        {"https://a/01/09520123456788/10/A%7f", "an encoded control character"},
        {"https://a/01/09520123456788/10/%E4",
         "AI (10), place 1: 0xE4 is not among what is allowed here"},
        {"https://a/01/09520123456788/10/A%20B", "AI (10), place 2: 0x20 is not among"},
        {"https://a/x/../01/09520123456788", "a segment '.' or '..' in the path"},
        {"https://a/01/09520123456788/10/..", "a segment '.' or '..' in the path"},
        {"https://a/01/09520123456788/10/%2e%2E", "a segment '.' or '..' in the path"},
        {"https://a/01/09520123456788/10/.?17=271231", "a segment '.' or '..' in the path"},
        {"https://a//01/09520123456788", "an empty segment ('//') in the path"},
        {"https://a/01//09520123456788", "there is no GS1 key in the path"},
        /* the key */
        {"https://a", "there is no GS1 key in the path"},
        {"https://a/", "there is no GS1 key in the path"},
        {"https://01/09520123456788", "there is no GS1 key in the path"},
        {"https://a/01", "there is no GS1 key in the path"},
        {"https://a/?01=09520123456788", "there is no GS1 key in the path"},
        {"https://a/01/09520123456788/", "the path ends in '/'; a Digital Link does not"},
        {"https://a/01/09520123456788/10", "there is no GS1 key in the path"},
        {"https://a/01/09520123456788/89/ABC", "there is no GS1 key in the path"},
        {"https://a/%30%31/09520123456788", "there is no GS1 key in the path"},
        {"https://a/02/09520123456788", "there is no GS1 key in the path"},
        {"https://a/gtin/09520123456788",
         "the path says 'gtin' where an AI is due; GS1 withdrew these words, write /01/"},
        {"https://a/01/09520123456788/lot/ABC", "the path says 'lot' where an AI is due"},
        {"https://a/01/09520123456788/10/A/ser/1", "the path says 'ser' where an AI is due"},
        {"https://id.gs1.org/AQnYUc1gmiERBhQ0ENGyVpEUbc", "compressed links are not read"},
        {"https://a/01/", "AI (01) is empty"},
        {"https://a/01/09520123456788/10/", "AI (10) is empty"},
        {"https://a/01/1234", "a GTIN has 8, 12, 13 or 14 digits, not 4"},
        {"https://a/01/95201234567", "a GTIN has 8, 12, 13 or 14 digits, not 11"},
        {"https://a/01/009520123456788", "a GTIN has 8, 12, 13 or 14 digits, not 15"},
        {"https://a/01/09520123456789", "AI (01), place 14: the check digit is wrong"},
        {"https://a/01/9520123456789", "the check digit of the GTIN is wrong"},
        {"https://a/01/0952012345678X", "AI (01), place 14: 'X' is not among"},
        {"https://a/00/106141412345678909", "AI (00), place 18: the check digit is wrong"},
        {"https://a/8010/9520614abc", "AI (8010), place 8: 'a' is not among"},
        /* qualifiers */
        {"https://a/01/09520123456788/21/1/10/A", "the qualifiers in the path stand in the wrong"},
        {"https://a/01/09520123456788/10/A/22/B", "the qualifiers in the path stand in the wrong"},
        {"https://a/01/09520123456788/10/A/235/B", "the qualifiers in the path stand in the wrong"},
        {"https://a/414/9520123456788/254/A/7040/1ABC", "the qualifiers in the path stand in the"},
        {"https://a/01/09520123456788/17/271231",
         "AI (17) is no qualifier of AI (01) and may not stand in the path; put it into the query"},
        {"https://a/00/106141412345678908/21/A",
         "AI (21) is no qualifier of AI (00) and may not stand in the path"},
        {"https://a/01/09520123456788/10/A/10/A", "an AI stands twice in the path"},
        {"https://a/01/09520123456788/10/A/10/B", "AI (10) is there twice with different values"},
        {"https://a/01/09520123456788/21/123456789012345678901", "AI (21) has 21 characters"},
        /* query */
        {"https://a/01/09520123456788?21=1", "AI (21) may not stand in the query of a link"},
        {"https://a/01/09520123456788?8200=x", "AI (8200) may not stand in the query of a link"},
        {"https://a/01/09520123456788?10=A", "AI (10) belongs into the path"},
        {"https://a/01/09520123456788/21/1?10=A", "AI (10) belongs into the path"},
        {"https://a/01/09520123456788/10/A?10=B", "AI (10) is there twice with different values"},
        {"https://a/01/09520123456788?01=09521234543213", "AI (01) is there twice with different"},
        {"https://a/01/09520123456788?17=271231&17=271230",
         "AI (17) is there twice with different"},
        {"https://a/01/09520123456788?89=1", "(89) is not a known AI"},
        {"https://a/01/09520123456788?3106=000001", "(3106) is not a known AI"},
        {"https://a/01/09520123456788?1=1", "(1) is not a known AI"},
        {"https://a/01/09520123456788?12345678901234567890=1", "(12345678) is not a known AI"},
        {"https://a/01/09520123456788?%31%37=271231", "an AI in the query is percent-encoded"},
        {"https://a/01/09520123456788?1%37", "an AI in the query is percent-encoded"},
        {"https://a/01/09520123456788?17", "AI (17) is empty"},
        {"https://a/01/09520123456788?17=", "AI (17) is empty"},
        {"https://a/01/09520123456788?17=271301", "AI (17), place 3: there is no such month"},
        {"https://a/01/09520123456788?240=a+b", "'+' and ';' in the query are read in two ways"},
        {"https://a/01/09520123456788?240=a;17=271231", "'+' and ';' in the query are read in two"},
        {"https://a/01/09520123456788?240=a%5B", "AI (240), place 2: '[' is not among"},
        /* rules between AIs */
        {"https://a/01/09520123456788?37=2", "AI (01) and AI (37) exclude each other"},
        {"https://a/00/106141412345678908?02=09520123456788",
         "AI (02) needs other AIs beside it; add one of: 37"},
        {"https://a/415/9520123456788", "AI (415) needs other AIs beside it; add one of: 8020"},
        {"https://a/01/09520123456788?3103=000195&3100=000195", "exclude each other; keep one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_digital_link l;
        ts_error e = {0};
        if (ts_digital_link_parse(&a, ts_str_c(cases[i][0]), &l, &e))
            fail_msg("%s was read", cases[i][0]);
        if (strncmp(e.msg, cases[i][1], strlen(cases[i][1])) != 0 && !strstr(e.msg, cases[i][1]))
            fail_msg("%s: \"%s\"", cases[i][0], e.msg);
        assert_int_equal(e.code, TS_E_INPUT);
    }
}

static void places_are_bytes_of_the_text(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const struct {
        const char *text;
        uint64_t byte;
    } cases[] = {
        {"https://a/01/09520123456789", 13},          {"https://a/01/9520123456789", 13},
        {"https://a/01/09520123456788/10/A%1D", 32},  {"https://a/01/09520123456788?a=1&89=1", 32},
        {"https://a/01/09520123456788?a=1&17=2", 35}, {"https://a/gtin/09520123456788", 10},
        {"https://a:99999/01/09520123456788", 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_digital_link l;
        ts_error e = {0};
        assert_false(ts_digital_link_parse(&a, ts_str_c(cases[i].text), &l, &e));
        if (e.byte != cases[i].byte) fail_msg("%s: %d", cases[i].text, (int)e.byte);
    }
}

static void sizes_have_limits(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 20000);
    ts_digital_link l;
    ts_error e;
    ts_buf_lit(&b, "https://a/01/09520123456788?x=");
    while (b.n < 8000) ts_buf_c(&b, 'y');
    assert_true(ts_digital_link_parse(&a, ts_buf_str(&b), &l, &e));
    ts_buf_c(&b, 'y');
    assert_false(ts_digital_link_parse(&a, ts_buf_str(&b), &l, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg, "the address has 8001 bytes, at most 8000 are read");

    /* Every AI there is would be more than one message holds. */
    ts_buf_reset(&b);
    ts_buf_lit(&b, "https://a/01/09520123456788?90=x");
    for (int ai = 91; ai < 100; ai++) ts_buf_fmt(&b, "&%d=x", ai);
    for (int ai = 7230; ai < 7240; ai++) ts_buf_fmt(&b, "&%d=ABx", ai);
    for (int ai = 7030; ai < 7040; ai++) ts_buf_fmt(&b, "&%d=276x", ai);
    for (int ai = 310; ai < 358; ai++)
        if (ts_gs1_title(ts_str_c((char[]){(char)('0' + ai / 100), (char)('0' + ai / 10 % 10),
                                           (char)('0' + ai % 10), '0', 0}))
                .n)
            ts_buf_fmt(&b, "&%d0=000001", ai);
    assert_false(ts_digital_link_parse(&a, ts_buf_str(&b), &l, &e));
    assert_string_equal(e.msg, "more than 64 AIs in one message");

    /* A path of many segments takes no more time than its length. */
    ts_buf_reset(&b);
    ts_buf_lit(&b, "https://a");
    while (b.n + 10 < 8000) ts_buf_lit(&b, "/10/A");
    assert_false(ts_digital_link_parse(&a, ts_buf_str(&b), &l, &e));
}

static void a_nul_byte_is_refused(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const ts_str cases[] = {
        {"https://a/01/09520123456788\0", 28},  {"https://a\0/01/09520123456788", 28},
        {"https://a/01/09520123456788?\0", 29}, {"https://a/01/09520123456788#\0", 29},
        {"https://a/\0/01/09520123456788", 29}, {"\0", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_digital_link l;
        ts_error e;
        assert_false(ts_digital_link_parse(&a, cases[i], &l, &e));
    }
}

/* ---- building ---- */

static ts_str build(ts_arena *a, const char *stem, const char *brackets, ts_error *e) {
    ts_gs1 g;
    ts_str out = TS_NONE;
    *e = (ts_error){0};
    if (!ts_gs1_from_brackets(a, ts_str_c(brackets), &g, e)) fail_msg("%s: %s", brackets, e->msg);
    return ts_digital_link_build(a, ts_str_c(stem), &g, &out, e) ? out : TS_NONE;
}

static void builds_canonical_links(void **s) {
    (void)s;
    ts_arena a = test_arena();
    ts_error e;
    static const char *const cases[][3] = {
        {"", "(01)09520123456788", "https://id.gs1.org/01/09520123456788"},
        {"", "(17)271231(21)1(01)09520123456788(3103)000195(10)A(22)2A(11)250101",
         "https://id.gs1.org/01/09520123456788/22/2A/10/A/21/1?11=250101&17=271231&3103=000195"},
        {"", "(01)09520123456788(10)-._!\"%&'\\()*+,/:;<=>?",
         "https://id.gs1.org/01/09520123456788/10/"
         "-._%21%22%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F"},
        {"https://example.com/", "(8010)9520614A#B/(8011)12",
         "https://example.com/8010/9520614A%23B%2F/8011/12"},
        {"http://example.com:8080/dpp", "(01)09520123456788(235)X(10)A",
         "http://example.com:8080/dpp/01/09520123456788/235/X?10=A"},
        {"", "(414)9520123456788(7040)1ABC", "https://id.gs1.org/414/9520123456788/7040/1ABC"},
        {"", "(8020)REF1(415)9520123456788", "https://id.gs1.org/415/9520123456788/8020/REF1"},
        {"", "(00)106141412345678908(37)25(02)09520123456788(10)A",
         "https://id.gs1.org/00/106141412345678908?02=09520123456788&10=A&37=25"},
        {"", "(01)09520123456788(10)...", "https://id.gs1.org/01/09520123456788/10/..."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_str(build(&a, cases[i][0], cases[i][1], &e), cases[i][2]);
}

static void refuses_to_build(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const char *const cases[][3] = {
        {"", "(91)X",
         "there is no key that a link could be about; add one, such as (01) or (8004)"},
        {"", "(8004)9520X(253)9520123456788",
         "AI (8004) and AI (253) are both keys of a link; keep "
         "the one that it is about"},
        {"", "(01)09520123456788(8200)x",
         "AI (8200) has no place in a link about AI (01); leave it out"},
        {"", "(414)9520123456788(254)A(7040)1ABC", "has no place in a link about AI (414)"},
        {"", "(8004)9520X(01)09520123456788(21)A", "are both keys of a link"},
        {"", "(01)09520123456788(10).", "AI (10) with the value . has no place in a path"},
        {"", "(01)09520123456788(21)..", "AI (21) with the value .. has no place in a path"},
        {"example.com", "(01)09520123456788", "the address does not begin with http"},
        {"https://example.com?x", "(01)09520123456788",
         "the stem of a link is scheme, host and path"},
        {"https://example.com/#", "(01)09520123456788",
         "the stem of a link is scheme, host and path"},
        {"https://example.com//", "(01)09520123456788",
         "the stem of a link is scheme, host and path"},
        {"https://u@example.com", "(01)09520123456788", "the address holds a user name"},
        {"https://example.com/a b", "(01)09520123456788", "' ' may not stand in an address"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_error e;
        assert_int_equal(build(&a, cases[i][0], cases[i][1], &e).n, 0);
        if (!strstr(e.msg, cases[i][2])) fail_msg("%s: \"%s\"", cases[i][1], e.msg);
    }
    ts_gs1 g = {0};
    ts_str out;
    ts_error e;
    assert_false(ts_digital_link_build(&a, TS_NONE, &g, &out, &e));
    assert_true(ts_gs1_add(&g, TS_S("01"), TS_S("09520123456789"), &e));
    assert_false(ts_digital_link_build(&a, TS_NONE, &g, &out, &e));
    assert_non_null(strstr(e.msg, "the check digit is wrong"));
}

static void a_link_has_at_most_8000_bytes(void **s) {
    (void)s;
    ts_arena a = test_arena();
    char value[91];
    memset(value, '/', 90);
    value[90] = 0;
    ts_gs1 g = {0};
    ts_str out;
    ts_error e;
    ts_buf stem = ts_buf_new(&a, 8000);
    ts_buf_lit(&stem, "https://a/");
    while (stem.n < 7000) ts_buf_c(&stem, 'x');
    assert_true(ts_gs1_add(&g, TS_S("01"), TS_S("09520123456788"), &e));
    for (int ai = 91; ai < 95; ai++) {
        char *digits = ts_new_n(&a, char, 12);
        snprintf(digits, 12, "%d", ai);
        assert_true(ts_gs1_add(&g, ts_str_c(digits), ts_str_c(value), &e));
    }
    assert_false(ts_digital_link_build(&a, ts_buf_str(&stem), &g, &out, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg, "the link would have more than 8000 bytes");
    g.n = 4;
    assert_true(ts_digital_link_build(&a, ts_buf_str(&stem), &g, &out, &e));
}

/* ---- round trips ---- */

static bool same(const ts_gs1 *x, const ts_gs1 *y) {
    if (x->n != y->n) return false;
    for (size_t i = 0; i < x->n; i++)
        if (!ts_str_eq(x->v[i].ai, y->v[i].ai) || !ts_str_eq(x->v[i].value, y->v[i].value))
            return false;
    return true;
}

static bool one_link(ts_arena *a, const ts_gs1 *g) {
    ts_str link, again;
    ts_digital_link l;
    ts_gs1 sorted;
    size_t path_n;
    ts_error e;
    if (!ts_digital_link_build(a, TS_S("https://a.example/x"), g, &link, &e)) return false;
    if (!ts_digital_link_parse(a, link, &l, &e)) fail_msg("%.*s: %s", TS_P(link), e.msg);
    assert_true(gs1_arrange(g, true, &sorted, &path_n, &e));
    assert_true(same(&sorted, &l.ais));
    assert_int_equal(path_n, l.path_n);
    assert_str(l.stem, "https://a.example/x");
    assert_true(ts_digital_link_build(a, l.stem, &l.ais, &again, &e));
    assert_true(ts_str_eq(link, again));
    return true;
}

static void messages_survive_a_link(void **s) {
    (void)s;
    ts_arena arena = test_arena();
    ts_random r = ts_random_seed(3);
    sample_list all = {0};
    each_ai(sample_note, &all);
    int built = 0;
    for (int i = 0; i < 6000; i++) {
        ts_arena a = arena;
        ts_gs1 g;
        sample_message(&a, &r, &all, &g);
        built += one_link(&a, &g);
    }
    assert_true(built > 2000);
}

/* A changed byte either leaves a link that is read and written the same again, or an error. */
static void changed_links_never_confuse(void **s) {
    (void)s;
    ts_arena arena = test_arena();
    ts_random r = ts_random_seed(4);
    static const char good[] =
        "https://id.example.com/01/09521234543213/10/A%2FC/21/12345?17=271231&x=1#f";
    static const char bytes[] = "/?#%&=+.:@[]0123456789AZaz\"\\ \x01\x7F\xC3";
    for (int i = 0; i < 200000; i++) {
        ts_arena a = arena;
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        for (unsigned k = 1 + ts_random_below(&r, 3); k > 0; k--)
            text[ts_random_below(&r, sizeof good - 1)] = bytes[ts_random_below(&r, sizeof bytes)];
        ts_digital_link l, m;
        ts_str again;
        ts_error e = {0};
        if (!ts_digital_link_parse(&a, (ts_str){text, sizeof good - 1}, &l, &e)) {
            assert_true(e.msg[0] != 0);
            continue;
        }
        if (!ts_digital_link_build(&a, l.stem, &l.ais, &again, &e)) fail_msg("%s: %s", text, e.msg);
        assert_true(ts_digital_link_parse(&a, again, &m, &e));
        assert_int_equal(l.ais.n, m.ais.n);
        assert_int_equal(l.path_n, m.path_n);
        for (size_t k = 0; k < l.path_n; k++)
            assert_true(ts_str_eq(l.ais.v[k].value, m.ais.v[k].value));
    }
}

/* ---- granularity ---- */

static void grains(void **s) {
    (void)s;
    ts_arena a = test_arena();
    static const struct {
        const char *ais;
        ts_grain grain;
    } cases[] = {
        {"(01)09520123456788", TS_GRAIN_MODEL},
        {"(01)09520123456788(22)2A", TS_GRAIN_MODEL},
        {"(01)09520123456788(10)A", TS_GRAIN_BATCH},
        {"(01)09520123456788(10)A(21)1", TS_GRAIN_ITEM},
        {"(01)09520123456788(235)1", TS_GRAIN_ITEM},
        {"(8004)9520X", TS_GRAIN_ITEM},
        {"(8003)09520123456788", TS_GRAIN_MODEL},
        {"(8003)09520123456788S", TS_GRAIN_ITEM},
        {"(8006)095201234567880102", TS_GRAIN_MODEL},
        {"(8006)095201234567880102(10)A", TS_GRAIN_BATCH},
        {"(8006)095201234567880102(21)A", TS_GRAIN_ITEM},
        {"(8010)9520X", TS_GRAIN_MODEL},
        {"(8010)9520X(8011)1", TS_GRAIN_ITEM},
        {"(253)9520123456788", TS_GRAIN_MODEL},
        {"(253)9520123456788S", TS_GRAIN_ITEM},
        {"(8013)1987654Ad4X4bL5ttr2310c2K", TS_GRAIN_MODEL},
        {"(00)106141412345678908", TS_GRAIN_ITEM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_gs1 g;
        ts_error e;
        if (!ts_gs1_from_brackets(&a, ts_str_c(cases[i].ais), &g, &e)) fail_msg("%s", e.msg);
        if (ts_gs1_grain(&g) != cases[i].grain) fail_msg("%s", cases[i].ais);
        ts_grain back;
        assert_true(ts_grain_by_name(ts_str_c(ts_grain_name(cases[i].grain)), &back));
        assert_int_equal(back, cases[i].grain);
    }
    ts_grain g;
    assert_false(ts_grain_by_name(TS_S("Item"), &g));
    assert_false(ts_grain_by_name(TS_NONE, &g));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_link),
        cmocka_unit_test(copies_nothing_that_needs_no_change),
        cmocka_unit_test(reads_published_examples),
        cmocka_unit_test(reads_odd_but_valid_spellings),
        cmocka_unit_test(other_parameters_are_kept_as_they_are),
        cmocka_unit_test(refuses_by_name),
        cmocka_unit_test(places_are_bytes_of_the_text),
        cmocka_unit_test(sizes_have_limits),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(builds_canonical_links),
        cmocka_unit_test(refuses_to_build),
        cmocka_unit_test(a_link_has_at_most_8000_bytes),
        cmocka_unit_test(messages_survive_a_link),
        cmocka_unit_test(changed_links_never_confuse),
        cmocka_unit_test(grains),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
