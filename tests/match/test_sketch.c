#include "match/sketch.h"

#include <math.h>
#include <stdlib.h>

#include "match/align.h"
#include "match/features.h"
#include "sketches.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static const sketch_token *token(const sketch *s, const char *word) {
    for (unsigned i = 0; i < s->tokens_n; i++)
        if (ts_str_is(sketch_word(s, &sketch_tokens(s)[i]), word)) return &sketch_tokens(s)[i];
    print_error("there is no token '%.*s'\n", TS_P(ts_str_c(word)));
    fail();
    return 0;
}

static bool flagged(const sketch *s, const char *word, unsigned flags) {
    return (token(s, word)->flags & flags) == flags;
}

static ts_str text_of(const sketch *s) { return (ts_str){sketch_text(s), s->text_n}; }

static void check(const sketch *s) {
    assert_true(sketch_sound(s, s->size));
    assert_int_equal(s->size % 8, 0);
    const uint32_t *v = sketch_vocabulary(s), *g = sketch_grams(s);
    for (unsigned i = 1; i < s->vocabulary_n; i++) assert_true(v[i - 1] >> 8 < v[i] >> 8);
    for (unsigned i = 1; i < s->grams_n; i++) assert_true(g[i - 1] >> 8 < g[i] >> 8);
    for (unsigned i = 0; i < s->tokens_n; i++) { /* what is a token is a word of the vocabulary */
        const sketch_token *t = &sketch_tokens(s)[i];
        assert_true(s->vocabulary_n == SKETCH_VOCABULARY || sketch_has(s, t->hash));
        assert_int_equal(!(t->flags & SK_DETAIL), i < s->title_n);
    }
}

static void latin_words(void **state) {
    (void)state;
    sketch *s = sketched(&a, (product){.title = "Kélvano KV-2080 power bank, 20000mAh for Zandoro",
                                       .model = "KV-2080 X",
                                       .description = "A power bank with a lanyard"});
    check(s);
    assert_str(sketch_words(&a, s),
               "kelvano kv 2080 power bank 20000mah for zandoro x a with lanyard");
    assert_int_equal(s->title_n, 9);
    assert_int_equal(s->brand_n, 0);
    assert_str(ts_str_to(text_of(s), s->title_bytes), "kelvanokv2080powerbank20000mahforzandorox");
    assert_true(flagged(s, "kelvano", SK_TITLE | SK_WORD));
    assert_true(flagged(s, "2080", SK_TITLE | SK_NUMBER));
    assert_true(flagged(s, "20000mah", SK_TITLE | SK_MIXED | SK_QTY));
    assert_true(flagged(s, "zandoro", SK_TITLE | SK_COMPAT));
    assert_true(flagged(s, "for", SK_COMMON));
    assert_true(flagged(s, "x", SK_MODEL));
    assert_false(flagged(s, "x", SK_TITLE));
    assert_true(flagged(s, "lanyard", SK_DETAIL | SK_WORD));
    assert_false(flagged(s, "kelvano", SK_COMPAT) || flagged(s, "kelvano", SK_COMMON));
    assert_true(token(s, "power")->type != 0);
    assert_int_equal(token(s, "power")->type, token(s, "bank")->type);
    assert_str(ts_type_id(token(s, "bank")->type - 1u), "power-bank");
    assert_int_equal(token(s, "kelvano")->type, 0);
    assert_int_equal(s->detail_n, 6);
}

/* Two neighbouring characters are a token; its text overlaps its neighbour's, so that the text
 * reads as it was written. */
static void chinese_pairs(void **state) {
    (void)state;
    sketch *s = sketched(&a, (product){.title = "电热水壶Brunelka"});
    check(s);
    assert_str(sketch_words(&a, s), "电热 热水 水壶 brunelka");
    assert_str(text_of(s), "电热水壶brunelka");
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(sketch_tokens(s)[i].at, 3 * i);
        assert_int_equal(sketch_tokens(s)[i].n, 6);
        assert_true(sketch_tokens(s)[i].flags & SK_HAN);
    }
    /* blanks between the characters are not part of the words */
    sketch *apart = sketched(&a, (product){.title = "电 热 水 壶 Brunelka"});
    check(apart);
    assert_str(text_of(apart), "电热水壶brunelka");
    assert_str(sketch_words(&a, apart), "电热 热水 水壶 brunelka");
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(sketch_tokens(apart)[i].hash, sketch_tokens(s)[i].hash);
    /* one alone is a token; across a break there is no pair */
    s = sketched(&a, (product){.title = "壶 Brunelka，水，杯"});
    check(s);
    assert_str(sketch_words(&a, s), "壶 brunelka 水 杯");
    assert_str(text_of(s), "壶brunelka水杯");
}

/* A pair said before is no token again, and the next one's text stays whole. */
static void chinese_repeated(void **state) {
    (void)state;
    sketch *s = sketched(
        &a, (product){.title = "电热水壶", .description = "电热水壶 家用电热水瓶 水壶水壶水壶"});
    check(s);
    for (unsigned i = 0; i < s->tokens_n; i++) {
        ts_str word = sketch_word(s, &sketch_tokens(s)[i]);
        assert_int_equal(word.n, 6);
        assert_true(ts_utf8_bad(word) == TS_NPOS);
        for (unsigned k = 0; k < i; k++)
            assert_int_not_equal(sketch_tokens(s)[k].hash, sketch_tokens(s)[i].hash);
    }
    assert_true(flagged(s, "家用", SK_DETAIL | SK_HAN));
    assert_true(flagged(s, "水瓶", SK_DETAIL | SK_HAN));
    assert_int_equal(s->title_n, 3);
    assert_int_equal(s->title_bytes, 12);
}

static void the_brand(void **state) {
    (void)state;
    sketch *in = sketched(&a, (product){.title = "Kettle by Brunelka, steel", .brand = "BRUNELKA"});
    check(in);
    assert_str(sketch_words(&a, in), "kettle by brunelka steel");
    assert_true(flagged(in, "brunelka", SK_BRAND | SK_TITLE));
    assert_false(flagged(in, "kettle", SK_BRAND));
    assert_int_equal(in->brand_n, 8);
    assert_str(text_of(in), "brunelkakettlebybrunelkasteel");
    assert_int_equal(in->title_bytes, 21);

    sketch *out = sketched(&a, (product){.title = "Kettle, steel", .brand = "Brunelka & Söhne"});
    check(out);
    assert_str(sketch_words(&a, out), "brunelka sohne kettle steel");
    assert_true(flagged(out, "brunelka", SK_BRAND) && flagged(out, "sohne", SK_BRAND));
    assert_false(flagged(out, "brunelka", SK_TITLE));
    assert_int_equal(out->brand_n, 13);
    assert_int_equal(out->title_bytes, 24);
    assert_true(sketch_has_word(out, "brunelkasohne") && sketch_has_word(out, "brunelka"));

    /* part of the brand in the title: the whole of it in front */
    out = sketched(&a, (product){.title = "Brunelka kettle", .brand = "Brunelka Home"});
    assert_str(sketch_words(&a, out), "brunelka home brunelka kettle");
    assert_true(flagged(out, "home", SK_BRAND));

    sketch *han = sketched(&a, (product){.title = "暖阳佳电热毯", .brand = "暖阳佳"});
    check(han);
    assert_str(sketch_words(&a, han), "暖阳 阳佳 佳电 电热 热毯");
    assert_true(flagged(han, "暖阳", SK_BRAND) && flagged(han, "阳佳", SK_BRAND));
    assert_false(flagged(han, "佳电", SK_BRAND));
    assert_int_equal(han->brand_n, 9);

    static const char *const none[] = {"", "unbranded", "n/a", "--", "无"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        sketch *s = sketched(&a, (product){.title = "Kettle, steel", .brand = none[i]});
        check(s);
        assert_int_equal(s->brand_n, 0);
        assert_str(sketch_words(&a, s), "kettle steel");
    }
}

/* "KX-FA 83" and "kxfa83" find each other, whoever writes which. */
static void joined_forms(void **state) {
    (void)state;
    static const char *const spellings[] = {"Panafono KX-FA 83 toner", "Panafono KX FA 83",
                                            "Panafono kxfa 83", "Panafono KX-FA83", "KXFA83"};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        sketch *s = sketched(&a, (product){.title = spellings[i]});
        check(s);
        if (!sketch_has_word(s, "kxfa83")) print_error("not in '%s'\n", spellings[i]);
        assert_true(sketch_has_word(s, "kxfa83"));
        assert_false(sketch_has_word(s, "kxfa84") || sketch_has_word(s, ""));
    }
    sketch *s = sketched(&a, (product){.title = "red 4711 box, 22 blue", .description = "oak 99"});
    assert_true(sketch_has_word(s, "red4711") && sketch_has_word(s, "4711box"));
    assert_true(sketch_has_word(s, "red4711box") && sketch_has_word(s, "22blue"));
    assert_true(sketch_has_word(s, "oak99"));
    assert_false(sketch_has_word(s, "box22"));  /* a comma is between them */
    assert_false(sketch_has_word(s, "redbox")); /* no neighbours */
    s = sketched(&a, (product){.title = "red oak box"});
    assert_false(sketch_has_word(s, "redoak")); /* no digit in it */
}

static void prices(void **state) {
    (void)state;
    static const struct {
        const char *said;
        float want;
    } c[] = {
        {"", -1},
        {"19", 19},
        {"19.95", 19.95f},
        {"$19.95", 19.95f},
        {"EUR 19.95", 19.95f},
        {"24,99 €", 24.99f},
        {"24,99", 24.99f},
        {"€24,9", 24.9f},
        {"1,299.00", 1299},
        {"1,299", 1299},
        {"1,299 USD", 1299},
        {"1.299,00 €", 1299},
        {"1.299.000", 1299000},
        {"1,299,000.50", 1299000.5f},
        {"12,345,678", 12345678},
        {"4.3769E3", 4376.9f},
        {"4.3769e+03", 4376.9f},
        {"25E-1", 2.5f},
        {"￥128", 128},
        {"128元", 128},
        {"128,- €", 128},
        {"19 Euro", 19},
        {"from 19.95 to 24.95", 19.95f},
        {".5", 5}, /* a number begins with a digit */
        {"12 E5", 12},
        {"0", -1},
        {"0.00", -1},
        {"free", -1},
        {"n/a", -1},
        {"NaN", -1},
        {"inf", -1},
        {"-", -1},
        {",.,.", -1},
        {"1e400", -1},
        {"9999999999999", -1},
        {"99999999999999999999999999999999999999999999999999999999999999999", -1},
        {"0.0000000000000000000000000000000000001", -1},
        {"1E-30", -1},
        {"19.950000000000000000000000000000000000000000000000000000", 19.95f},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        sketch *s = sketched(&a, (product){.title = "kettle", .price = c[i].said});
        if (fabsf(s->price - c[i].want) > 1e-6f * fabsf(c[i].want))
            print_error("'%s' is %g, wanted %g\n", c[i].said, (double)s->price, (double)c[i].want);
        assert_true(fabsf(s->price - c[i].want) <= 1e-6f * fabsf(c[i].want));
        check(s);
    }
}

static void currency_and_category(void **state) {
    (void)state;
    sketch *s = sketched(&a, (product){.title = "kettle"}),
           *eur = sketched(&a, (product){.title = "kettle", .currency = "EUR", .category = "Toys"}),
           *low = sketched(&a, (product){.title = "mug", .currency = " eur", .category = "TOYS "}),
           *usd = sketched(&a, (product){.title = "mug", .currency = "USD", .category = "Tools"});
    assert_int_equal(s->currency, 0);
    assert_int_equal(s->category, 0);
    assert_true(eur->currency && eur->category);
    assert_int_equal(eur->currency, low->currency);
    assert_int_equal(eur->category, low->category);
    assert_int_not_equal(eur->currency, usd->currency);
    assert_int_not_equal(eur->category, usd->category);
}

static void models_and_quantities(void **state) {
    (void)state;
    sketch *s = sketched(&a, (product){.title = "Kelvano KV-2080 kettle 1.7 l 2200 W",
                                       .model = "KV-2080 | QX-17B",
                                       .description = "fits ZZ-9931, 0.5 kg"});
    check(s);
    bool kv = false, qx = false, zz = false;
    unsigned kvs = 0;
    for (unsigned i = 0; i < s->models_n; i++) {
        const sketch_model *m = &sketch_models(s)[i];
        ts_str text = {sketch_text(s) + m->at, m->n};
        kvs += ts_str_is(text, "kv2080");
        kv |= ts_str_is(text, "kv2080") && m->field == TS_F_TITLE;
        qx |= ts_str_is(text, "qx17b") && m->field == TS_F_MODEL;
        zz |= ts_str_is(text, "zz9931");
        assert_int_equal(m->hash, (uint32_t)ts_token_hash(text.p, text.n));
        assert_true(m->bits > 0);
    }
    assert_true(kv && qx && !zz); /* the description's are words only */
    assert_int_equal(kvs, 1);
    assert_true(sketch_has_word(s, "zz9931"));
    bool litres = false, watts = false, grams = false;
    for (unsigned i = 0; i < s->quantities_n; i++) {
        const sketch_quantity *q = &sketch_quantities(s)[i];
        litres |= q->value == 1700;
        watts |= q->value == 2200 && q->field == TS_F_TITLE;
        grams |= q->value == 500 && q->field == TS_F_DETAIL;
    }
    assert_true(litres && watts && grams);
}

static void nothing_at_all(void **state) {
    (void)state;
    sketch *s = weighed(&a, (product){.title = ""});
    check(s);
    assert_int_equal(s->size, (sizeof *s + 7) / 8 * 8);
    assert_int_equal(s->tokens_n + s->models_n + s->quantities_n + s->text_n, 0);
    assert_int_equal(s->vocabulary_n + s->grams_n, 0);
    assert_true(s->title_norm == 0 && s->title_sum == 0 && s->vocabulary_norm == 0 &&
                s->grams_norm == 0 && s->price == -1);
    assert_false(sketch_has_word(s, "kettle"));
    ts_net_token t[TS_NET_TOKENS];
    assert_int_equal(sketch_net_tokens(s, t), 0);
    s = weighed(&a,
                (product){.title = " ,;- ()", .brand = "!!!", .model = "-", .description = "."});
    check(s);
    assert_int_equal(s->tokens_n, 0);
    s = weighed(&a, (product){.title = "\xFF\xFE\xC3", .brand = "\xE7\x94", .model = "\x80"});
    check(s);
    assert_int_equal(s->tokens_n, 0);
}

/* ---- limits ---- */

static ts_str many_words(const char *form, int n) {
    ts_buf b = ts_buf_new(&a, (size_t)1 << 24);
    for (int i = 0; i < n; i++)
        for (const char *p = form; *p; p++)
            if (*p == '#')
                ts_buf_u64(&b, (uint64_t)i);
            else
                ts_buf_c(&b, *p);
    assert_false(b.full);
    return ts_buf_str(&b);
}

enum {
    LARGEST = sizeof(sketch) + SKETCH_TOKENS * sizeof(sketch_token) +
              SKETCH_MODELS * sizeof(sketch_model) + SKETCH_QUANTITIES * sizeof(sketch_quantity) +
              (SKETCH_VOCABULARY + SKETCH_GRAMS) * 4 + SKETCH_TEXT + 8
};

static void huge_fields(void **state) {
    (void)state;
    static const char *const forms[] = {"word# ",   "KX-#/B 5 ml ",     "电热#水壶", "字",
                                        "# # ",     "\xFFQ#\xC0",       "Zandoro,",  "a",
                                        "12 kg # ", "𝕂elvano# ｋｖ-# ", "ﷺ# "};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        for (int f = 0; f < TS_FIELDS; f++) {
            ts_arena mark = a;
            ts_str text = many_words(forms[i], 60000), fields[TS_FIELDS] = {{0}};
            fields[f] = text;
            sketch *s = sketched_fields(&a, fields, text, text);
            check(s);
            assert_true(s->size <= LARGEST);
            assert_true(s->detail_n <= 1000);
            sketch_weigh(s, even_weights(&a, 255));
            assert_true(sketch_sound(s, s->size));
            a = mark;
        }
}

/* Of a long title the first words are tokens, and all of them are found. */
static void long_titles(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 1 << 16);
    for (int i = 0; i < 100; i++) ts_buf_fmt(&b, "wort%c%c ", 'a' + i / 26, 'a' + i % 26);
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = ts_buf_str(&b)};
    sketch *s = sketched_fields(&a, f, TS_NONE, TS_NONE);
    check(s);
    assert_int_equal(s->tokens_n, SKETCH_TOKENS);
    assert_int_equal(s->title_n, SKETCH_TOKENS);
    assert_true(sketch_has_word(s, "wortaa") && sketch_has_word(s, "wortdv"));
    assert_false(sketch_has_word(s, "wortdw"));
}

/* When the text is full, shorter words still find room, and the vocabulary goes on. */
static void long_words(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 1 << 16);
    for (int i = 0; i < 25; i++) {
        for (int k = 0; k < 56; k++) ts_buf_c(&b, (char)('a' + i));
        ts_buf_c(&b, ' ');
    }
    ts_buf_lit(&b, "yurt oz");
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = ts_buf_str(&b)};
    sketch *s = sketched_fields(&a, f, TS_NONE, TS_NONE);
    check(s);
    assert_int_equal(s->text_n, 18 * 56 + 4 + 2);
    assert_int_equal(s->tokens_n, 20);
    assert_true(sketch_has_word(s, "yurt"));
    char last[56];
    memset(last, 'y', sizeof last);
    assert_true(sketch_has(s, (uint32_t)ts_token_hash(last, sizeof last)));
    /* a word of more than 60 bytes is no token, but it is a word */
    char *word = ts_new_raw(&a, char, 100);
    memset(word, 'q', 100);
    const ts_str g[TS_FIELDS] = {[TS_F_TITLE] = {word, 100}};
    s = sketched_fields(&a, g, TS_NONE, TS_NONE);
    check(s);
    assert_int_equal(s->tokens_n, 0);
    assert_true(sketch_has(s, (uint32_t)ts_token_hash(word, 100)));
}

static void long_descriptions(void **state) {
    (void)state;
    ts_buf b = ts_buf_new(&a, 1 << 20);
    for (int i = 0; i < 10000; i++)
        ts_buf_fmt(&b, "w%c%c%c ", 'a' + i / 676, 'a' + i / 26 % 26, 'a' + i % 26);
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = TS_S("tent"), [TS_F_DETAIL] = ts_buf_str(&b)};
    sketch *s = sketched_fields(&a, f, TS_NONE, TS_NONE);
    check(s);
    assert_int_equal(s->title_n, 1);
    assert_int_equal(s->tokens_n, SKETCH_FILL);
    assert_int_equal(s->vocabulary_n, 1 + SKETCH_DETAIL);
    assert_true(sketch_has_word(s, "waaa") && sketch_has_word(s, "wafj")); /* the 140th */
    assert_false(sketch_has_word(s, "wafk"));
    assert_int_equal(s->detail_n, (TS_DETAIL_MAX + 4) / 5);
}

/* ---- weights ---- */

static void weighing(void **state) {
    (void)state;
    uint8_t *table = ts_new_raw(&a, uint8_t, WORDS_SIZE);
    memset(table, 40, WORDS_SIZE);
    table[words_place(sketch_key((uint32_t)ts_token_hash("quorvexa", 8)))] = 90;
    sketch *s = sketched(
        &a, (product){.title = "Quorvexa tent tent new", .description = "tent pegs pegs pegs"});
    sketch_weigh(s, (word_weights){table});
    check(s);
    assert_int_equal(token(s, "quorvexa")->weight, 90);
    assert_int_equal(token(s, "tent")->weight, 40);
    assert_int_equal(token(s, "new")->weight, WEIGHT_ONE); /* sales talk counts little */
    assert_int_equal(token(s, "pegs")->weight, 40);
    assert_true(s->title_sum == 90 + 40 + WEIGHT_ONE);
    assert_true(fabsf(s->title_norm - sqrtf(90 * 90 + 40 * 40 + WEIGHT_ONE * WEIGHT_ONE)) < 1e-3f);
    /* in the vocabulary the number of times counts, by its logarithm */
    float want = 90 * 90 + 40 * 40, tent = roundf(40 * (1 + logf(3)));
    want += 2 * tent * tent; /* "tent" and "pegs" three times each, "new" once */
    assert_true(fabsf(s->vocabulary_norm - sqrtf(want)) < 1e-2f);
    float squares = 0;
    for (unsigned i = 0; i < s->grams_n; i++) {
        float w = (float)(sketch_grams(s)[i] & 0xFF);
        assert_true(w >= 40);
        squares += w * w;
    }
    assert_true(fabsf(s->grams_norm - sqrtf(squares)) < 1e-2f);
}

static void repeated_words(void **state) {
    (void)state;
    sketch *s = sketched(&a, (product){.title = "tent Kelvano tent, tent 电水壶 电水壶",
                                       .brand = "Zandoro Tent",
                                       .model = "tent X",
                                       .description = "a tent with x"});
    check(s);
    assert_str(sketch_words(&a, s),
               "zandoro tent tent kelvano tent tent 电水 水壶 壶电 电水 水壶 x a with");
    for (unsigned i = 0; i < s->tokens_n; i++) {
        const sketch_token *t = sketch_tokens(s);
        bool again = false;
        for (unsigned k = 0; k < i; k++) again |= t[k].hash == t[i].hash;
        assert_int_equal((t[i].flags & SK_AGAIN) != 0, again);
    }
}

/* A table of zeroes: what is in every product says nothing. */
static void weightless(void **state) {
    (void)state;
    sketch *s = sketched(&a, (product){.title = "Quorvexa KX-99 tent", .description = "pegs"});
    sketch_weigh(s, even_weights(&a, 0));
    check(s);
    assert_true(s->title_norm == 0 && s->title_sum == 0 && s->vocabulary_norm == 0 &&
                s->grams_norm == 0);
}

/* Without vectors: the same words, found in the same way, and nothing for cosines. */
static void without_vectors(void **state) {
    (void)state;
    const ts_str f[TS_FIELDS] = {
        [TS_F_TITLE] = TS_S("Quorvexa tent KX-99, tent"), [TS_F_DETAIL] = TS_S("with pegs")};
    ts_view v;
    ts_view_build(&a, f, &v);
    sketch *with = sketch_build(&a, &v, TS_NONE, TS_NONE, true),
           *without = sketch_build(&a, &v, TS_NONE, TS_NONE, false);
    sketch_weigh(with, even_weights(&a, 40));
    sketch_weigh(without, even_weights(&a, 40));
    check(without);
    assert_true(with->vectors && !without->vectors);
    assert_true(with->grams_n > 0 && with->grams_norm > 0 && with->vocabulary_norm > 0);
    assert_true(without->grams_n == 0 && without->grams_norm == 0 && without->vocabulary_norm == 0);
    assert_int_equal(with->tokens_n, without->tokens_n);
    assert_memory_equal(sketch_tokens(with), sketch_tokens(without),
                        with->tokens_n * sizeof(sketch_token));
    assert_true(with->title_sum == without->title_sum && with->title_norm == without->title_norm);
    assert_int_equal(with->vocabulary_n, without->vocabulary_n);
    assert_true(sketch_has_word(without, "kx99") && sketch_has_word(without, "pegs"));
}

static void counting(void **state) {
    (void)state;
    words_counter c = words_counter_new(&a);
    sketch *s = sketched(&a, (product){.title = "tent tent tent", .description = "tent pegs"}),
           *t = sketched(&a, (product){.title = "tent"});
    sketch_count(s, &c);
    sketch_count(t, &c);
    assert_int_equal(c.products, 2);
    assert_int_equal(c.df[words_place(sketch_key((uint32_t)ts_token_hash("tent", 4)))], 2);
    assert_int_equal(c.df[words_place(sketch_key((uint32_t)ts_token_hash("pegs", 4)))], 1);
    uint32_t all = 0;
    for (uint32_t i = 0; i < WORDS_SIZE; i++) all += c.df[i] != 0;
    assert_int_equal(all, s->vocabulary_n + s->grams_n);
}

static void the_same_again(void **state) {
    (void)state;
    const product p = {.title = "Kelvano 电热水壶 KV-2080 1.7 l",
                       .brand = "Kelvano Home",
                       .model = "KV 2080",
                       .category = "Kitchen",
                       .description = "a kettle, 电水壶",
                       .price = "24,99 €",
                       .currency = "EUR"};
    sketch *s = weighed(&a, p);
    memset(a.beg, 0xA5, 1 << 16); /* what lay in the memory before is not in it */
    sketch *t = weighed(&a, p);
    assert_int_equal(s->size, t->size);
    assert_memory_equal(s, t, s->size);
}

/* ---- the network's view ---- */

static void network_tokens(void **state) {
    (void)state;
    static ts_net_token x[TS_NET_TOKENS], y[TS_NET_TOKENS];
    sketch *s = weighed(
               &a, (product){.title = "Kelvano kettle 1702 for KX9", .description = "lanyard"}),
           *t = weighed(&a, (product){.title = "Wasserkocher Kelvano"});
    assert_int_equal(sketch_net_tokens(s, x), s->tokens_n);
    assert_int_equal(sketch_net_tokens(t, y), t->tokens_n);
    assert_int_equal(s->tokens_n, 6);
    for (unsigned i = 0; i < s->tokens_n; i++) {
        assert_in_range(x[i].pieces, 1, TS_NET_PIECES);
        for (unsigned k = 0; k < x[i].pieces; k++) assert_true(x[i].piece[k] < TS_NET_BUCKETS);
        for (unsigned k = 0; k < TS_NET_FACTS; k++)
            assert_true(x[i].fact[k] >= 0 && x[i].fact[k] <= 1);
    }
    /* the same word has the same pieces; of the same type the first one is the same */
    assert_int_equal(x[0].pieces, y[1].pieces);
    assert_memory_equal(x[0].piece, y[1].piece, x[0].pieces * sizeof *x[0].piece);
    assert_int_equal(x[1].piece[0], y[0].piece[0]);
    assert_int_not_equal(x[1].piece[1], y[0].piece[1]);
    const float kettle[TS_NET_FACTS] = {0, 0, 1, 0.5f, 0.25f, 1, 1, 0},
                number[TS_NET_FACTS] = {0, 1, 0, 4.f / 12, 0.25f, 1, 0, 0},
                other[TS_NET_FACTS] = {1, 0, 0, 0.25f, 0.25f, 1, 0, 1},
                detail[TS_NET_FACTS] = {0, 0, 1, 7.f / 12, 0.25f, 0, 0, 0};
    assert_memory_equal(x[1].fact, kettle, sizeof kettle);
    assert_memory_equal(x[2].fact, number, sizeof number);
    assert_memory_equal(x[4].fact, other, sizeof other);
    assert_memory_equal(x[5].fact, detail, sizeof detail);
}

/* ---- blocks from outside ---- */

static const product full = {.title = "Kelvano KV-2080 kettle 1.7 l 电热水壶",
                             .brand = "Kelvano",
                             .model = "QX-17 B",
                             .description = "steel, for KX-99 bases",
                             .price = "19.95",
                             .currency = "EUR"};

static sketch *copy_of(const sketch *s) {
    sketch *c = ts_alloc_raw(&a, 1, 8, s->size);
    memcpy(c, s, s->size);
    return c;
}

static void less_room_than_it_says(void **state) {
    (void)state;
    const sketch *s = weighed(&a, full);
    assert_true(sketch_sound(s, s->size) && sketch_sound(s, SIZE_MAX));
    for (size_t room = 0; room < s->size; room++) {
        char *exact = malloc(room ? room : 1); /* so that the sanitizer sees a read behind it */
        memcpy(exact, s, room);
        bool sound = sketch_sound((const sketch *)(const void *)exact, room);
        free(exact);
        assert_false(sound);
    }
}

static void tamper(sketch *s, int what) {
    sketch_token *t = (sketch_token *)(uintptr_t)sketch_tokens(s), *last = t + s->tokens_n - 1;
    sketch_model *m = (sketch_model *)(uintptr_t)sketch_models(s), *end = m + s->models_n - 1;
    const float bad[] = {NAN, INFINITY, -INFINITY, -1, 1e-30f};
    float *const norm[] = {&s->title_norm, &s->vocabulary_norm, &s->grams_norm};
    switch (what) {
    case 0: s->size = 0; break;
    case 1: s->size -= 8; break;
    case 2: s->size += 8; break;
    case 3: s->size -= 1; break;
    case 4: s->size = UINT32_MAX; break;
    case 5: s->size = UINT32_MAX - 7; break;
    case 6: s->tokens_n++; break;
    case 7: s->tokens_n = SKETCH_TOKENS + 1; break;
    case 8: s->tokens_n = 255; break;
    case 9: s->models_n = SKETCH_MODELS + 1; break;
    case 10: s->models_n++; break;
    case 11: s->quantities_n = SKETCH_QUANTITIES + 1; break;
    case 12: s->quantities_n++; break;
    case 13: s->vocabulary_n = SKETCH_VOCABULARY + 1; break;
    case 14: s->vocabulary_n = UINT16_MAX; break;
    case 15: s->vocabulary_n += 2; break;
    case 16: s->grams_n = SKETCH_GRAMS + 1; break;
    case 17: s->grams_n += 2; break;
    case 18: s->text_n = UINT16_MAX; break;
    case 19: s->text_n = (uint16_t)(s->text_n + 8); break;
    case 20: s->title_n = (uint8_t)(s->tokens_n + 1); break;
    case 21: s->title_n = 255; break;
    case 22: s->title_bytes = (uint16_t)(s->text_n - s->brand_n + 1); break;
    case 23: s->title_bytes = UINT16_MAX; break;
    case 24: s->brand_n = 255; break;
    case 25: t->at = (uint16_t)(s->text_n + 1); break;
    case 26: last->at = s->text_n; break;
    case 27: last->n = (uint8_t)(s->text_n - last->at + 1); break;
    case 28: t->at = UINT16_MAX, t->n = 255; break;
    case 29: t->type = (uint16_t)(ts_type_count() + 1); break;
    case 30: last->type = UINT16_MAX; break;
    case 31: m->at = (uint16_t)(s->text_n + 1); break;
    case 32: end->at = s->text_n; break;
    case 33: end->n = 255; break;
    case 34: s->price = NAN; break;
    case 35: s->price = INFINITY; break;
    case 36: s->price = 1e-30f; break;
    case 37: s->price = 0; break;
    case 38: s->price = -2; break;
    case 39: s->title_sum = NAN; break;
    case 40: s->title_sum = INFINITY; break;
    case 41: s->title_sum = -1; break;
    default: *norm[(what - 42) / 5] = bad[(what - 42) % 5];
    }
}
enum { TAMPERINGS = 42 + 15 };

static void tampered(void **state) {
    (void)state;
    const sketch *s = weighed(&a, full);
    assert_true(s->tokens_n > 4 && s->models_n >= 2 && s->quantities_n && s->brand_n);
    for (int i = 0; i < TAMPERINGS; i++) {
        ts_arena mark = a;
        sketch *c = copy_of(s);
        tamper(c, i);
        if (sketch_sound(c, s->size)) print_error("tampering %d is taken\n", i);
        assert_false(sketch_sound(c, s->size));
        a = mark;
    }
}

/* One changed byte anywhere: refused, or harmless and with numbers that are numbers. */
static void flipped_bytes(void **state) {
    (void)state;
    const sketch *s = weighed(&a, full),
                 *t = weighed(&a, (product){.title = "QX-17 kettle 电水壶"});
    static const unsigned char flips[] = {0x01, 0x10, 0x40, 0x80, 0xFF};
    unsigned refused = 0;
    for (size_t i = 0; i < s->size * sizeof flips; i++) {
        unsigned char *block = malloc(s->size);
        memcpy(block, s, s->size);
        block[i / sizeof flips] ^= flips[i % sizeof flips];
        const sketch *c = (const sketch *)(const void *)block;
        bool sound = sketch_sound(c, s->size);
        refused += !sound;
        for (int turned = 0; turned < 3 && sound; turned++) {
            alignment m;
            float x[FT_COUNT] = {0};
            align(turned == 1 ? t : c, turned == 0 ? t : c, &m);
            features_text(&m, x);
            features_vectors(&m, x);
            for (int f = 0; f < FT_COUNT; f++)
                if (!isfinite(x[f])) {
                    print_error("byte %zu: %s is not finite\n", i / sizeof flips, features[f].name);
                    fail();
                }
        }
        if (sound) {
            ts_net_token n[TS_NET_TOKENS];
            assert_int_equal(sketch_net_tokens(c, n), c->tokens_n);
        }
        free(block);
    }
    assert_true(refused > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latin_words),
        cmocka_unit_test(chinese_pairs),
        cmocka_unit_test(chinese_repeated),
        cmocka_unit_test(the_brand),
        cmocka_unit_test(joined_forms),
        cmocka_unit_test(prices),
        cmocka_unit_test(currency_and_category),
        cmocka_unit_test(models_and_quantities),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(huge_fields),
        cmocka_unit_test(long_titles),
        cmocka_unit_test(long_words),
        cmocka_unit_test(long_descriptions),
        cmocka_unit_test(weighing),
        cmocka_unit_test(repeated_words),
        cmocka_unit_test(weightless),
        cmocka_unit_test(without_vectors),
        cmocka_unit_test(counting),
        cmocka_unit_test(the_same_again),
        cmocka_unit_test(network_tokens),
        cmocka_unit_test(less_room_than_it_says),
        cmocka_unit_test(tampered),
        cmocka_unit_test(flipped_bytes),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
