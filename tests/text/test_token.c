#include "support/support.h"
#include "text/token.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* Tokens as text, each behind what stood before it: " " a blank, "" nothing, the connector's sign,
 * and "|" for a break. */
static ts_str shape(ts_str s) {
    ts_tokens t = ts_tokenise(&a, s, false);
    ts_buf b = ts_buf_new(&a, 1 << 20);
    for (size_t i = 0; i < t.n; i++) {
        if (i && t.v[i].brk)
            ts_buf_c(&b, '|');
        else if (i && t.v[i].glue == TS_GLUE_SPACE)
            ts_buf_c(&b, ' ');
        else if (i && t.v[i].glue != TS_GLUE_NONE)
            ts_buf_c(&b, (char)t.v[i].glue);
        else if (i)
            ts_buf_lit(&b, "^");
        ts_buf_put(&b, ts_token_text(&t, i));
    }
    return ts_buf_str(&b);
}

#define SHAPE(text, want) assert_str(shape(TS_S(text)), want)
#define FOLD(text, want) assert_str(ts_fold(&a, TS_S(text)), want)
#define SQUEEZE(text, want) assert_str(ts_squeeze(&a, TS_S(text)), want)

static void folding_makes_spellings_equal(void **state) {
    (void)state;
    FOLD("WÄRMFLASCHE", "warmflasche");
    FOLD("Wa\xCC\x88rmflasche", "warmflasche"); /* the umlaut as a mark of its own */
    FOLD("Straße ẞ", "strasse ss");
    FOLD("ﬁlter", "filter");
    FOLD("ＲＯＭＯＳＳ　２００００", "romoss 20000"); /* full width, with its blank */
    FOLD("ｶﾞｲﾄﾞ", "カ\xE3\x82\x99イト\xE3\x82\x99");
    FOLD("ガイド", "カ\xE3\x82\x99イト\xE3\x82\x99");
    FOLD("İstanbul ıI", "istanbul ıi");
    FOLD("ΣΊΣΥΦΟΣ ς", "σισυφοσ σ");
    FOLD("Ёлка й", "елка и");
    FOLD("№ 5 ℃ Å", "no 5 °c a");
    FOLD("It’s “new” – good—bad", "it's \"new\" - good-bad");
    FOLD("Brand™ Name® ©", "brand name ");
    FOLD("Wasch\xC2\xADmaschine", "waschmaschine");
    FOLD("3×4 ✕", "3x4 x");
    FOLD("①②Ⅳ", "12iv");
    FOLD("\xF0\x9D\x97\x95\xF0\x9D\x97\xBC\xF0\x9D\x98\x80\xF0\x9D\x98\x80",
         "boss"); /* mathematical bold letters */
    FOLD("한국", "한국");
    FOLD("a\xE2\x80\x8B"
         "b\xEF\xBB\xBF"
         "c",
         "abc"); /* zero width space and byte order mark */
    FOLD("", "");
}

static void vulgar_fractions_stay_apart_from_the_number_before(void **state) {
    (void)state;
    FOLD("1½ inch", "1 1/2 inch");
    FOLD("½ inch", "1/2 inch");
    FOLD("2⅜in", "2 3/8in");
    FOLD("m² CO₂", "m2 co2");
}

static void tokens_and_what_stands_between(void **state) {
    (void)state;
    SHAPE("KX-FA83", "kx-fa83");
    SHAPE("A12/0833_12+X#1", "a12/0833_12+x#1");
    SHAPE("A B", "a b");
    SHAPE("A - B", "a|b");
    SHAPE("A -B", "a b");
    SHAPE("A- B", "a b");
    SHAPE("A – B", "a|b");
    SHAPE("a,b;c(d)[e]", "a|b|c|d|e");
    SHAPE("1.5 L", "1.5 l");
    SHAPE("1,5 L", "1|5 l");
    SHAPE("Model: X1", "model x1");
    SHAPE("a\nb\tc\rd", "a|b c d");
    SHAPE("a\xC2\xA0"
          "b",
          "a b");
    SHAPE("--a--", "a");
    SHAPE("  \t ", "");
    SHAPE("a · b • c", "a|b|c");
    SHAPE("De'Longhi De’Longhi", "de'longhi de'longhi");
    SHAPE("🔥Hot🔥", "hot");
    SHAPE("a❤b", "a|b");
    SHAPE("Black+Decker Black & Decker H&M", "black+decker black|decker h&m");
}

static void one_chinese_character_is_one_token(void **state) {
    (void)state;
    SHAPE("罗马仕ROMOSS充电宝", "罗^马^仕^romoss^充^电^宝");
    SHAPE("20000毫安时", "20000^毫^安^时");
    SHAPE("【正品】小米，手机。壳、套", "正^品|小^米|手^机|壳|套");
    SHAPE("ひらカナ", "ひ^ら^カ^ナ");
    SHAPE("\xF0\xA0\x80\x80\xF0\xA0\x80\x81",
          "\xF0\xA0\x80\x80^\xF0\xA0\x80\x81"); /* extension B */
    assert_true(ts_is_han(0x4E00));
    assert_true(ts_is_han(0x3042));
    assert_true(ts_is_han(0x20000));
    assert_false(ts_is_han('a'));
    assert_false(ts_is_han(0x3002));
    assert_false(ts_is_han(0xAC00));
}

static void kinds(void **state) {
    (void)state;
    ts_tokens t = ts_tokenise(&a, TS_S("kettle 1500 a1263 ５ 米 fa83b"), false);
    static const ts_token_kind want[] = {TS_TOK_WORD,   TS_TOK_NUMBER, TS_TOK_MIXED,
                                         TS_TOK_NUMBER, TS_TOK_HAN,    TS_TOK_MIXED};
    assert_int_equal(t.n, 6);
    for (size_t i = 0; i < t.n; i++) assert_int_equal(t.v[i].kind, want[i]);
    assert_true(t.v[0].brk);
    for (size_t i = 1; i < t.n; i++) assert_false(t.v[i].brk);
}

static void squeezing(void **state) {
    (void)state;
    SQUEEZE("KX-FA 83", "kxfa83");
    SQUEEZE("WH-1000 XM3", "wh1000xm3");
    SQUEEZE("wh1000xm3", "wh1000xm3");
    SQUEEZE("小米 Mi-11", "小米mi11");
    SQUEEZE(" -/.", "");
    SQUEEZE("", "");
}

static void equal_words_have_equal_hashes(void **state) {
    (void)state;
    ts_tokens t = ts_tokenise(&a, TS_S("Größe GRÖSSE grosse ｇｒｏｓｓｅ gross"), false);
    assert_int_equal(t.n, 5);
    for (size_t i = 1; i < 4; i++) assert_true(t.v[i].hash == t.v[0].hash);
    assert_true(t.v[4].hash != t.v[0].hash);
    for (size_t i = 0; i < t.n; i++)
        assert_true(t.v[i].hash == ts_token_hash(t.text.p + t.v[i].at, t.v[i].n));
    uint64_t ab = ts_seq_add(ts_seq_add(TS_SEQ_START, t.v[0].hash), t.v[4].hash),
             ba = ts_seq_add(ts_seq_add(TS_SEQ_START, t.v[4].hash), t.v[0].hash);
    assert_true(ab != ba);
}

/* Hashes of short words are made from two halves that overlap: lengths 0 to 40 and every place of
 * one changed letter. */
static void hashes_tell_neighbours_apart(void **state) {
    (void)state;
    char w[41];
    for (size_t n = 1; n <= 40; n++) {
        memset(w, 'a', n);
        uint64_t h = ts_token_hash(w, n);
        assert_true(h != ts_token_hash(w, n - 1));
        for (size_t i = 0; i < n; i++) {
            w[i] = 'b';
            assert_true(ts_token_hash(w, n) != h);
            for (size_t k = 0; k < i; k++) {
                char other[41];
                memset(other, 'a', n);
                other[k] = 'b';
                assert_true(ts_token_hash(w, n) != ts_token_hash(other, n));
            }
            w[i] = 'a';
        }
    }
}

static void malformed_bytes_are_breaks(void **state) {
    (void)state;
    SHAPE("ab\xFF"
          "cd",
          "ab|cd");
    SHAPE("ab\xC3", "ab"); /* cut */
    SHAPE("\xE5\xB0", ""); /* cut */
    SHAPE("a\xC0\xAF"
          "b",
          "a|b"); /* overlong */
    SHAPE("a\xED\xA0\x80"
          "b",
          "a|b"); /* surrogate */
    SHAPE("a\xF4\x90\x80\x80"
          "b",
          "a|b"); /* beyond the range */
    SHAPE("a\xEF\xBF\xBD"
          "b",
          "a|b");
    ts_tokens t = ts_tokenise(&a, (ts_str){"a\0b", 3}, false);
    assert_int_equal(t.n, 2);
    assert_int_equal(ts_utf8_bad(ts_fold(&a, TS_S("\xFF\xC3\x28\xE5\xB0"))), TS_NPOS);
}

static void long_words_are_cut_at_a_whole_character(void **state) {
    (void)state;
    char text[1200];
    for (size_t i = 0; i < 600; i++)
        memcpy(text + 2 * i, "\xD0\xB6", 2); /* ж: two bytes, and 255 is odd */
    ts_tokens t = ts_tokenise(&a, (ts_str){text, sizeof text}, false);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.v[0].n, 254);
    assert_int_equal(ts_utf8_bad(ts_token_text(&t, 0)), TS_NPOS);
    ts_str squeezed = ts_squeeze(&a, (ts_str){text, sizeof text});
    assert_true(ts_str_eq(ts_squeeze(&a, squeezed), squeezed));
    memset(text, 'x', sizeof text);
    t = ts_tokenise(&a, (ts_str){text, sizeof text}, false);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.v[0].n, 255);
    assert_int_equal(t.text.n, sizeof text); /* the text itself is kept */
}

static void origins_lead_back_to_the_input(void **state) {
    (void)state;
    ts_str in = TS_S("Wärme™ ﬁx １２ 罗马 \xFF Straße 1½");
    ts_tokens t = ts_tokenise(&a, in, true);
    assert_non_null(t.origin);
    for (size_t i = 1; i < t.text.n; i++)
        assert_true(t.origin[i] >= t.origin[i - 1] && t.origin[i] < in.n);
    static const struct {
        const char *word;
        const char *from;
    } want[] = {{"warme", "Wärme"},    {"fix", "ﬁx"}, {"12", "１２"}, {"罗", "罗"}, {"马", "马"},
                {"strasse", "Straße"}, {"1", "1½"},   {"1", "½"},     {"2", "½"}};
    assert_int_equal(t.n, sizeof want / sizeof *want);
    for (size_t i = 0; i < t.n; i++) {
        assert_str(ts_token_text(&t, i), want[i].word);
        assert_true(ts_str_starts(ts_str_from(in, t.origin[t.v[i].at]), ts_str_c(want[i].from)));
    }
}

/* Folding what is folded changes nothing, whatever the character. */
static void folding_every_character_twice(void **state) {
    (void)state;
    ts_arena mark = a;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char p[4];
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        ts_str once = ts_fold(&a, (ts_str){p, ts_utf8_put(p, c)}), twice = ts_fold(&a, once);
        if (!ts_str_eq(once, twice)) {
            print_error("U+%04X folds to '%.*s' and then to '%.*s'\n", (unsigned)c, TS_P(once),
                        TS_P(twice));
            fail();
        }
        assert_int_equal(ts_utf8_bad(once), TS_NPOS);
        a = mark;
    }
}

static ts_str random_text(ts_random *r) {
    static const char *const pieces[] = {
        "a",    "B",        "7",   "19", "ß",  "Ä",  "e\xCC\x81", "ﬃ", "Ａ", "９",
        "½",    "①",        "罗",  "马", "が", "ｶﾞ", "한",        "ж", " ",  " ",
        "  ",   "-",        " - ", "/",  ".",  ",",  "'",         "’", "&",  "™",
        "\xFF", "\xE5\xB0", "🔥",   "\n", "№",  "ﷺ",  "x",         ":", "(",  "\xC2\xAD"};
    ts_buf b = ts_buf_new(&a, 4096);
    for (unsigned n = ts_random_below(r, 30); n > 0; n--)
        ts_buf_put(&b, ts_str_c(pieces[ts_random_below(r, sizeof pieces / sizeof *pieces)]));
    return ts_buf_str(&b);
}

static void normalisation_is_idempotent(void **state) {
    (void)state;
    ts_random r = ts_random_seed(1);
    ts_arena mark = a;
    for (int round = 0; round < 20000; round++) {
        ts_str s = random_text(&r);
        ts_tokens t = ts_tokenise(&a, s, true), u = ts_tokenise(&a, t.text, false);
        assert_true(ts_str_eq(t.text, u.text));
        assert_int_equal(t.n, u.n);
        for (size_t i = 0; i < t.n; i++) {
            assert_true(t.v[i].hash == u.v[i].hash && t.v[i].kind == u.v[i].kind &&
                        t.v[i].brk == u.v[i].brk && t.v[i].glue == u.v[i].glue);
            assert_true(t.v[i].n > 0 && t.v[i].at + t.v[i].n <= t.text.n);
            assert_true(t.origin[t.v[i].at] < s.n);
        }
        ts_str k = ts_squeeze(&a, s);
        assert_true(ts_str_eq(ts_squeeze(&a, k), k));
        a = mark;
    }
}

/* Folded text may be longer than its source; the room for it must hold whatever comes. */
static void growth_is_bounded(void **state) {
    (void)state;
    static const char *const grows[] = {"ﷺ", "½", "㍿", "㌔", "ﬃ", "ΐ", "\xFF", "ᾷ", "㈱"};
    for (size_t i = 0; i < sizeof grows / sizeof *grows; i++) {
        ts_arena mark = a;
        ts_buf b = ts_buf_new(&a, 60000);
        while (!b.full) ts_buf_put(&b, ts_str_c(grows[i]));
        ts_tokens t = ts_tokenise(&a, ts_buf_str(&b), true);
        assert_true(t.text.n <= b.n * 13 + 8);
        assert_int_equal(ts_utf8_bad(t.text), TS_NPOS);
        a = mark;
    }
}

static void a_long_input_is_cut(void **state) {
    (void)state;
    ts_arena mark = a;
    size_t n = ((size_t)16 << 20) + 100;
    char *p = ts_new_raw(&a, char, n);
    memset(p, ' ', n);
    memcpy(p, "first", 5);
    memcpy(p + n - 4, "last", 4);
    ts_tokens t = ts_tokenise(&a, (ts_str){p, n}, false);
    assert_int_equal(t.n, 1);
    assert_str(ts_token_text(&t, 0), "first");
    a = mark;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_makes_spellings_equal),
        cmocka_unit_test(vulgar_fractions_stay_apart_from_the_number_before),
        cmocka_unit_test(tokens_and_what_stands_between),
        cmocka_unit_test(one_chinese_character_is_one_token),
        cmocka_unit_test(kinds),
        cmocka_unit_test(squeezing),
        cmocka_unit_test(equal_words_have_equal_hashes),
        cmocka_unit_test(hashes_tell_neighbours_apart),
        cmocka_unit_test(malformed_bytes_are_breaks),
        cmocka_unit_test(long_words_are_cut_at_a_whole_character),
        cmocka_unit_test(origins_lead_back_to_the_input),
        cmocka_unit_test(folding_every_character_twice),
        cmocka_unit_test(normalisation_is_idempotent),
        cmocka_unit_test(growth_is_bounded),
        cmocka_unit_test(a_long_input_is_cut),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
