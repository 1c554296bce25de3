#include "support/support.h"
#include "text/view.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_view view_of(const char *title) {
    ts_view v;
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = ts_str_c(title)};
    ts_view_build(&a, f, &v);
    return v;
}

/* "tent! lamp+ phone?" : ! the head, + comes along, ? the type of another product. */
static ts_str types_of(const char *title) {
    ts_view v = view_of(title);
    ts_buf b = ts_buf_new(&a, 4096);
    for (size_t i = 0; i < v.types.n; i++) {
        const ts_type_hit *h = &v.types.v[i];
        ts_buf_fmt(&b, "%s%.*s%s%s%s", i ? " " : "", TS_P(ts_type_id(h->type)), h->head ? "!" : "",
                   h->with ? "+" : "", h->compat ? "?" : "");
        assert_true(h->from < h->to && h->to <= v.f[h->field].n);
    }
    return ts_buf_str(&b);
}

static void check_types(const char *title, const char *want, int line) {
    ts_str got = types_of(title);
    if (ts_str_is(got, want)) return;
    print_error("line %d: \"%s\"\n  gives  %.*s\n  wanted %s\n", line, title, TS_P(got), want);
    fail();
}
#define TYPES(title, want) check_types((title), (want), __LINE__)

/* The words of the title that name another product, with blanks between. */
static ts_str others_of(const char *title) {
    ts_view v = view_of(title);
    ts_buf b = ts_buf_new(&a, 4096);
    for (size_t i = 0; i < v.f[TS_F_TITLE].n; i++)
        if (v.f[TS_F_TITLE].v[i].compat) {
            if (b.n) ts_buf_c(&b, ' ');
            ts_buf_put(&b, ts_token_text(&v.f[TS_F_TITLE], i));
        }
    return ts_buf_str(&b);
}
#define OTHER(title, want) assert_str(others_of(title), want)

static bool says(const char *title, ts_phrase p) {
    ts_view v = view_of(title);
    return v.phrases >> p & 1;
}

static void what_the_thing_is(void **state) {
    (void)state;
    TYPES("tea kettle", "tea-kettle!");
    TYPES("Kerze rot", "candle!");
    TYPES("罗马仕充电宝20000毫安时", "power-bank!");
    TYPES("儿童自行车头盔", "bicycle bicycle-helmet!"); /* in Chinese the last one says it */
    TYPES("fax toner", "fax-machine toner!");
    TYPES("blue and green", "");
    TYPES("", "");
}

static void what_comes_along(void **state) {
    (void)state;
    TYPES("tent with lamp", "tent! lamp+");
    TYPES("Zelt mit Lampe", "tent! lamp+");
    TYPES("toy car + gift bag", "toy-car! gift-bag+");
    TYPES("power bank 20000mAh with cable", "power-bank! data-cable+");
    TYPES("with lamp", "lamp!"); /* nothing it could come along with */
}

static void what_it_goes_with(void **state) {
    (void)state;
    OTHER("battery for Makita XT-9000", "makita xt 9000");
    OTHER("Akku passend für Makita XT-9000", "makita xt 9000");
    OTHER("Akku kompatibel mit Makita XT-9000", "makita xt 9000");
    OTHER("phone case compatible with Samsung Galaxy S21", "samsung galaxy s21");
    OTHER("Handyhülle für iPhone 11", "iphone 11");
    OTHER("Makita compatible battery", "makita");
    OTHER("Dyson V8 专用 电池", "dyson v8");
    OTHER("fits Dyson V8, black", "dyson v8");               /* a comma ends it */
    OTHER("battery for Makita (XT-9000)", "makita xt 9000"); /* brackets go on */
    TYPES("cable for kettle", "data-cable! kettle?");
    TYPES("适用于电钻的电池", "drill? battery!");
    assert_true(says("battery for Makita", TS_PHRASE_COMPAT));
    assert_true(says("适用于小米", TS_PHRASE_COMPAT));
    assert_true(says("Dyson V8 专用 电池", TS_PHRASE_COMPAT_AFTER));
}

/* "for kids" and "for home" name people and places, not a product. */
static void people_and_places_are_no_products(void **state) {
    (void)state;
    static const char *const titles[] = {
        "powerbank for kids", "Helm für Kinder",   "适用于儿童",      "lamp for home",
        "Zelt für Camping",   "kettle for travel", "toy for children"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        OTHER(titles[i], "");
        assert_false(says(titles[i], TS_PHRASE_COMPAT));
    }
    OTHER("trousers for girls", "");
}

static void a_for_at_the_end_says_nothing(void **state) {
    (void)state;
    OTHER("what is it for", "");
    OTHER("for", "");
    OTHER("适用", "");
}

static void phrases_seen(void **state) {
    (void)state;
    assert_true(says("replica watch", TS_PHRASE_REPLICA));
    assert_true(says("used laptop", TS_PHRASE_USED));
    assert_true(says("Staubsauger gebraucht", TS_PHRASE_USED));
    assert_true(says("二手 吸尘器", TS_PHRASE_USED));
    assert_true(says("set of 4 candles", TS_PHRASE_BUNDLE));
    assert_true(says("earbuds pro", TS_PHRASE_VARIANT));
    assert_false(says("kettle", TS_PHRASE_USED));
    assert_false(says("kettle", TS_PHRASE_COMPAT));
}

/* A longer word wins over the words inside it. */
static void words_inside_longer_ones(void **state) {
    (void)state;
    TYPES("power bank", "power-bank!");
    TYPES("bicycle helmet", "bicycle-helmet!");
    TYPES("自行车", "bicycle!");
    TYPES("phone case", "phone-case!");
}

static void empty_fields(void **state) {
    (void)state;
    ts_view v;
    ts_str f[TS_FIELDS] = {0};
    ts_view_build(&a, f, &v);
    for (int i = 0; i < TS_FIELDS; i++) assert_int_equal(v.f[i].n, 0);
    assert_int_equal(v.types.n + v.quantities.n + v.models.n, 0);
    assert_int_equal(v.phrases, 0);
    assert_true(v.brand_unknown);
    static const char *const unknown[] = {"unbranded", "Unknown", "n/a", "ohne Marke", "无"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        f[TS_F_BRAND] = ts_str_c(unknown[i]);
        ts_view_build(&a, f, &v);
        if (!v.brand_unknown) print_error("'%.*s' is taken for a brand\n", TS_P(f[TS_F_BRAND]));
        assert_true(v.brand_unknown);
    }
    f[TS_F_BRAND] = TS_S("Romoss");
    ts_view_build(&a, f, &v);
    assert_false(v.brand_unknown);
}

/* Which field says what: quantities not in the model field, nothing from the category but types,
 * and of a long description the beginning only. */
static void fields_keep_to_themselves(void **state) {
    (void)state;
    ts_view v;
    ts_buf b = ts_buf_new(&a, 8000);
    ts_buf_lit(&b, "detail KX-111 ");
    while (b.n < TS_DETAIL_MAX + 10) ts_buf_lit(&b, "and so on ");
    ts_buf_lit(&b, " KX-222 5 kg");
    const ts_str f[TS_FIELDS] = {[TS_F_TITLE] = TS_S("kettle KX-333 2 kg"),
                                 [TS_F_MODEL] = TS_S("500 ml KX-444"),
                                 [TS_F_CATEGORY] = TS_S("candle KX-555 7 kg"),
                                 [TS_F_DETAIL] = ts_buf_str(&b)};
    ts_view_build(&a, f, &v);
    bool seen[6] = {0};
    for (size_t i = 0; i < v.models.n; i++)
        for (int k = 1; k < 6; k++) {
            char want[48];
            snprintf(want, sizeof want, "kx%d%d%d", k, k, k);
            if (ts_str_is(v.models.v[i].text, want)) seen[k] = true;
        }
    assert_true(seen[1] && !seen[2] && seen[3] && seen[4] && !seen[5]);
    assert_int_equal(v.quantities.n, 1);
    assert_true(v.quantities.v[0].value == 2000);
    bool category = false;
    for (size_t i = 0; i < v.types.n; i++) {
        assert_true(v.types.v[i].field != TS_F_DETAIL);
        category |= v.types.v[i].field == TS_F_CATEGORY;
    }
    assert_true(category);
}

/* The same fields give the same view, whatever was built before. */
static void building_leaves_nothing_behind(void **state) {
    (void)state;
    static const char *const titles[] = {"battery for Makita XT-9000 18V",
                                         "罗马仕ROMOSS充电宝 20000毫安时",
                                         "Kinderfahrradhelm mit LED für Kinder", "x", ""};
    ts_view first[5];
    for (int i = 0; i < 5; i++) first[i] = view_of(titles[i]);
    for (int i = 4; i >= 0; i--) {
        ts_view again = view_of(titles[i]), *v = &first[i];
        assert_int_equal(again.f[0].n, v->f[0].n);
        if (again.f[0].n)
            assert_memory_equal(again.f[0].v, v->f[0].v, again.f[0].n * sizeof *again.f[0].v);
        assert_int_equal(again.types.n, v->types.n);
        if (again.types.n)
            assert_memory_equal(again.types.v, v->types.v, again.types.n * sizeof *again.types.v);
        assert_int_equal(again.models.n, v->models.n);
        for (size_t k = 0; k < again.models.n; k++)
            assert_true(again.models.v[k].hash == v->models.v[k].hash &&
                        again.models.v[k].compat == v->models.v[k].compat);
        assert_int_equal(again.quantities.n, v->quantities.n);
        assert_int_equal(again.phrases, v->phrases);
        assert_memory_equal(again.lang, v->lang, sizeof again.lang);
    }
}

/* Case, width, accents and marks of a title change nothing of what it says. */
static void spelling_does_not_matter(void **state) {
    (void)state;
    static const char *const same[][3] = {
        {"Battery for Makita XT-9000", "BATTERY FOR MAKITA XT-9000",
         "ｂａｔｔｅｒｙ ｆｏｒ Ｍａｋｉｔａ® ＸＴ－９０００"},
        {"Kinderfahrradhelm Größe M", "KINDERFAHRRADHELM GRÖSSE M",
         "kinderfahrradhelm gro\xCC\x88sse m"},
        {"罗马仕 ROMOSS 充电宝 20000毫安时", "罗马仕 romoss 充电宝 ２００００毫安时",
         "罗马仕 Romoss™ 充电宝 20000毫安时"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        ts_view v = view_of(same[i][0]);
        for (int k = 1; k < 3; k++) {
            ts_view w = view_of(same[i][k]);
            assert_int_equal(v.f[0].n, w.f[0].n);
            for (size_t x = 0; x < v.f[0].n; x++)
                assert_true(v.f[0].v[x].hash == w.f[0].v[x].hash &&
                            v.f[0].v[x].compat == w.f[0].v[x].compat);
            assert_int_equal(v.types.n, w.types.n);
            for (size_t x = 0; x < v.types.n; x++)
                assert_true(v.types.v[x].type == w.types.v[x].type &&
                            v.types.v[x].head == w.types.v[x].head);
            assert_int_equal(v.models.n, w.models.n);
            assert_int_equal(v.quantities.n, w.quantities.n);
        }
    }
}

/* At most one thing is what it is: all heads of a field stand at the same place. */
static void hostile_titles(void **state) {
    (void)state;
    static const char *const pieces[] = {"for ",      "with ", "case for ",  "适用",        "专用",
                                         "kettle ",   "+ ",    "model no. ", "power ",      "(",
                                         "for kids ", "电池",  "\xFF",       "und mit für "};
    ts_random r = ts_random_seed(3);
    for (int round = 0; round < 3000; round++) {
        ts_arena mark = a;
        ts_buf b = ts_buf_new(&a, 1 << 16);
        for (unsigned n = round < 14 ? 20000 : ts_random_below(&r, 40); n > 0; n--)
            ts_buf_put(&b,
                       ts_str_c(pieces[round < 14 ? (unsigned)round : ts_random_below(&r, 14)]));
        ts_view v = view_of(ts_str_z(&a, ts_buf_str(&b)));
        assert_true(v.f[TS_F_TITLE].n <= UINT16_MAX);
        const ts_type_hit *head = 0;
        for (size_t i = 0; i < v.types.n; i++) {
            const ts_type_hit *h = &v.types.v[i];
            assert_true(h->from < h->to && h->to <= v.f[TS_F_TITLE].n && h->type < ts_type_count());
            assert_false(h->head && h->compat);
            if (h->head && head) assert_true(h->from == head->from && h->to == head->to);
            if (h->head) head = h;
        }
        assert_true(v.behind_compat_n <= 4);
        for (int i = 0; i < v.behind_compat_n; i++)
            assert_true(v.behind_compat[i] < v.f[TS_F_TITLE].n);
        a = mark;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_thing_is),
        cmocka_unit_test(what_comes_along),
        cmocka_unit_test(what_it_goes_with),
        cmocka_unit_test(people_and_places_are_no_products),
        cmocka_unit_test(a_for_at_the_end_says_nothing),
        cmocka_unit_test(phrases_seen),
        cmocka_unit_test(words_inside_longer_ones),
        cmocka_unit_test(empty_fields),
        cmocka_unit_test(fields_keep_to_themselves),
        cmocka_unit_test(building_leaves_nothing_behind),
        cmocka_unit_test(spelling_does_not_matter),
        cmocka_unit_test(hostile_titles),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
