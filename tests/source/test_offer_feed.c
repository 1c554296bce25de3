/* Offers from Google Merchant feeds: RSS and Atom, shops' own elements, and XML that is not what it
 * should be. */
#include "read_offers.h"

#define RSS(items)                                                                                 \
    "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" "                                               \
    "xmlns:g=\"http://base.google.com/ns/1.0\"><channel><title>Shop</title>\n" items               \
    "\n</channel></rss>\n"

static void test_rss(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_sample(&a, "feed.xml");
    assert_int_equal(l.format, TS_OF_FEED);
    assert_int_equal(l.failed.code, 0);
    assert_int_equal(l.ok.n, 2);
    const ts_offer *o = &l.ok.v[0];
    assert_str(o->id, "HH-4711");
    assert_str(o->title, "Wasserkocher KX 200 & Sieb");
    assert_str(o->url, "https://haus-hof.example/wasserkocher-kx-200");
    assert_str(o->description, "Fasst 1,7 Liter.\nMit Abschaltung.");
    assert_str(o->price, "24.90"); /* not the price of shipping */
    assert_str(o->currency, "EUR");
    assert_str(o->brand, "Amberly");
    assert_str(o->model, "KX-200/W");
    assert_str(o->condition, "new");
    assert_str(o->category, "Küche > Wasserkocher");
    assert_str(o->language, "de-AT");
    assert_str(o->manufacturer, "Amberly Werke GmbH");
    assert_int_equal(o->images.n, 3);
    assert_str(o->images.v[2], "https://haus-hof.example/bilder/3.jpg");
    assert_true(has_identifier(o, TS_ID_GTIN, "4006381333931"));
    assert_str(attribute_of(o, "Leistung"), "2200 W");
    assert_str(attribute_of(o, "Kabellänge"), "75 cm");
    assert_str(attribute_of(o, "lagerort"), "Regal 7");
    assert_str(attribute_of(o, "google_product_category"), "730");
    assert_str(attribute_of(o, "country"), "");
    assert_int_equal(o->record, 1);
    assert_str(l.ok.v[1].title, "Salt & pepper mill µ");
    assert_int_equal(l.ok.v[1].record, 3);
    assert_int_equal(l.bad.n, 1);
    says(&l.bad.v[0], "the item has no title, description, model or identifier", 2);
}

static void test_atom(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_sample(&a, "feed_atom.xml");
    assert_int_equal(l.format, TS_OF_FEED);
    const ts_offer *o = only(&l);
    assert_str(o->id, "NL-3");
    assert_str(o->url, "https://corner.example/nl-3");
    assert_str(o->description, "Glows in the dark.");
    assert_str(o->brand, "Amberly");
    assert_str(o->price, "9.50");
    assert_str(o->currency, "GBP");
    assert_str(o->language, "en-GB");
    assert_str(o->seller, "");
}

static void test_undeclared_prefix(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(&a, "<rss><channel><item><g:title>X</g:title><g:mpn>M-1</"
                                 "g:mpn><s:param name='Alter'>3+</s:param></item></channel></rss>");
    const ts_offer *o = only(&l);
    assert_str(o->title, "X");
    assert_str(o->model, "M-1");
    assert_str(attribute_of(o, "Alter"), "3+");
}

static void test_character_sets(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_bytes(&a,
                              TS_S("<?xml version='1.0' "
                                   "encoding='ISO-8859-1'?><rss><channel><item><title>M\xFChle</"
                                   "title></item></channel></rss>"),
                              (ts_offer_options){0});
    assert_str(only(&l)->title, "Mühle");
    l = read_bytes(&a,
                   TS_S("<?xml version='1.0' "
                        "encoding='GBK'?><rss><channel><item><title>\xB5\xE7\xCB\xAE\xBA\xF8</"
                        "title></item></channel></rss>"),
                   (ts_offer_options){0});
    assert_str(only(&l)->title, "电水壶");
    /* one bad byte and one control character do not end a feed */
    l = read_bytes(
        &a,
        TS_S(
            "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>M\xFChle "
            "\x0Bx</title></item></channel></rss>"),
        (ts_offer_options){0});
    assert_str(only(&l)->title, "M\xEF\xBF\xBDhle x");
    char wide[400];
    const char *text =
        "<?xml version='1.0' "
        "encoding='UTF-16'?><rss><channel><item><title>X</title></item></channel></rss>";
    size_t n = 0;
    wide[n++] = '\xFF', wide[n++] = '\xFE';
    for (const char *p = text; *p; p++) wide[n++] = *p, wide[n++] = 0;
    l = read_bytes(&a, (ts_str){wide, n}, (ts_offer_options){.format = TS_OF_FEED});
    assert_str(only(&l)->title, "X");
}

static void test_broken_xml(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(&a, RSS("<item><title>One</title></item>\n<item><title>Two</title></"
                                     "item>\n<item><title>Three</tilte></item>"));
    assert_int_equal(l.ok.n, 2);
    assert_int_equal(l.failed.code, TS_E_INPUT);
    says(&l.failed,
         "XML: Opening and ending tag mismatch: title line 5 and tilte; what came before was read",
         5);
    assert_string_equal(l.failed.where, "test");
    /* cut off */
    l = read_text(&a, "<rss><channel>\n<item><title>One</title></item>\n<item><title>Two</ti");
    assert_int_equal(l.ok.n, 1);
    assert_int_equal(l.failed.code, TS_E_INPUT);
    assert_int_equal(l.failed.line, 3);
    says(&l.failed, "XML: ", 3);
    l = read_text(&a, "<rss><channel>\n<item><title>One</title></item>\n");
    assert_int_equal(l.ok.n, 1);
    assert_int_equal(l.failed.code, TS_E_INPUT);
    l = read_bytes(&a, TS_S(" "), (ts_offer_options){.format = TS_OF_FEED});
    assert_int_equal(l.failed.code, TS_E_INPUT);
}

static void test_entities(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *declared[] = {
        "<?xml version='1.0'?>\n<!DOCTYPE rss [\n<!ENTITY a 'x'>\n<!ENTITY b "
        "'&a;&a;&a;'>]>\n<rss><channel><item><title>&b;</title></item></channel></rss>",
        "<?xml version='1.0'?>\n<!DOCTYPE rss SYSTEM 'file:///etc/passwd' [ <!ENTITY % p SYSTEM "
        "'http://x.example/'> %p; ]>\n<rss><channel/></rss>",
        "<!-- <rss --><?pi [ ?>\n<!DOCTYPE rss [<!ATTLIST item a CDATA 'x'>]><rss><channel/></rss>",
    };
    for (size_t i = 0; i < 3; i++) {
        all_offers l =
            read_bytes(&a, ts_str_c(declared[i]), (ts_offer_options){.format = TS_OF_FEED});
        assert_int_equal(l.ok.n, 0);
        assert_int_equal(l.failed.code, TS_E_INPUT);
        says(&l.failed, "entity declarations are not accepted", 2);
    }
    all_offers l =
        read_text(&a, RSS("<item><title>One</title></item>\n<item><title>a&nbsp;b</title></item>"));
    assert_int_equal(l.ok.n, 1);
    says(&l.failed, "XML: Entity 'nbsp' not defined", 4);
    /* with an address where it could be declared: not fetched, and not known */
    l = read_text(&a, "<!DOCTYPE rss SYSTEM "
                      "'http://127.0.0.1:9/x.dtd'>\n<rss><channel><item><title>a&nbsp;b</title></"
                      "item></channel></rss>");
    assert_int_equal(l.ok.n, 0);
    says(&l.failed, "entity declarations are not accepted, so &nbsp; is not known", 2);
    /* the words inside other things are no declaration */
    l = read_text(
        &a,
        "<!-- <!DOCTYPE rss [ --><rss><channel><item><title><![CDATA[<!DOCTYPE x [<!ENTITY a "
        "'b'>]> lamp ]]]]></title>"
        "<description>&lt;!DOCTYPE [ &amp;amp; &#x26;amp;</description></item></channel></rss>");
    assert_int_equal(l.failed.code, 0);
    assert_int_equal(l.ok.n, 1);
}

static ts_str repeat(ts_arena *a, const char *head, const char *part, size_t n, const char *tail) {
    ts_buf b = ts_buf_new(a, 64 << 20);
    ts_buf_put(&b, ts_str_c(head));
    for (size_t i = 0; i < n; i++) ts_buf_put(&b, ts_str_c(part));
    ts_buf_put(&b, ts_str_c(tail));
    return ts_buf_str(&b);
}

static void test_hostile_xml(void **state) {
    (void)state;
    ts_arena a = test_arena();
    uint64_t start = ts_nanos();
    ts_buf attributes = ts_buf_new(&a, 16 << 20);
    ts_buf_lit(&attributes, "<rss><channel><item><title>One</title></item>\n<item");
    for (int i = 0; i < 500000; i++) ts_buf_fmt(&attributes, " a%d=''", i);
    ts_buf_lit(&attributes, "/></channel></rss>");
    all_offers l = read_bytes(&a, ts_buf_str(&attributes), (ts_offer_options){0});
    assert_int_equal(l.ok.n, 1);
    says(&l.failed, "XML: a tag has more than 200 attributes", 2);
    l = read_bytes(&a,
                   repeat(&a, "<rss><channel><item><title>One</title></item>", "<a>", 100000, ""),
                   (ts_offer_options){0});
    assert_int_equal(l.ok.n, 1);
    says(&l.failed, "XML: elements are nested deeper than 256", 1);
    l = read_bytes(&a,
                   repeat(&a, "<rss><channel><item><title>One</title><description>", "words and ",
                          4000000, "</description></item></channel></rss>"),
                   (ts_offer_options){0});
    assert_int_equal(only(&l)->description.n, 64 << 10); /* cut */
    l = read_bytes(&a,
                   repeat(&a, "<rss><channel><item><title>One</title>",
                          "<g:x>thirty bytes of a value, or more</g:x>", 900000,
                          "</item><item><title>Two</title></item></channel></rss>"),
                   (ts_offer_options){0});
    assert_int_equal(l.ok.n, 1);
    assert_str(l.ok.v[0].title, "Two");
    says(&l.bad.v[0], "an item longer than 24 MiB is left out", 1);
    l = read_bytes(&a,
                   repeat(&a, "<rss><channel>", "<item/>", 3000,
                          "<item><title>Last</title></item></channel></rss>"),
                   (ts_offer_options){0});
    assert_int_equal(l.ok.n, 1);
    assert_int_equal(l.ok.v[0].record, 3001);
    assert_int_equal(l.bad.n, 3000);
    assert_true(ts_nanos() - start < 60000000000ull);
}

/* Many items come in chunks, in order, and the memory held does not grow with the feed. */
static void test_long_feed(void **state) {
    (void)state;
    enum { ITEMS = 20000 };
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 64 << 20);
    ts_buf_lit(&b, "<rss xmlns:g='http://base.google.com/ns/1.0'><channel>");
    for (int i = 0; i < ITEMS; i++)
        ts_buf_fmt(&b,
                   "<item><g:id>N%d</g:id><g:title>Lamp %d</g:title><g:price>%d.00 "
                   "EUR</g:price><g:x%d>y</g:x%d></item>\n",
                   i, i, i, i % 50, i % 50);
    ts_buf_lit(&b, "</channel></rss>");
    ts_error e = {0};
    ts_offer_source *s = ts_offers_memory(&a, ts_buf_str(&b), "test", (ts_offer_options){0}, &e);
    assert_non_null(s);
    ts_offer_chunk c;
    ts_offer_chunk_init(&c);
    uint64_t seen = 0;
    ts_arena fixed = a;
    while (ts_offers_fill(s, &c, &e) == TS_READ_RECORD) {
        assert_true(c.offers.n > 0 && c.offers.n <= 512);
        assert_int_equal(c.first_record, seen + 1);
        ts_offer_reader r = ts_offers_read(s, &c);
        ts_offer o;
        while (ts_offers_next(&r, &a, &o, &e) == TS_READ_RECORD) {
            char want[16];
            snprintf(want, sizeof want, "N%d", (int)seen);
            assert_str(o.id, want);
            assert_int_equal(o.record, ++seen);
        }
    }
    assert_int_equal(e.code, 0);
    assert_int_equal(seen, ITEMS);
    assert_ptr_equal(a.beg, fixed.beg);
    ts_offers_close(s);
    ts_offer_chunk_free(&c);
}

/* Every allocation of a fill may be the one that fails: nothing is lost but the item, or the
 * reading ends. */
static void test_failing_allocations(void **state) {
    (void)state;
    ts_arena whole = test_arena();
    ts_str feed = TS_S(RSS("<item><title>One</title><g:price>1 EUR</g:price><g:x>y</g:x></item>"
                           "<item><title>Two</title><g:image_link>z</g:image_link></item>"));
    for (long n = 1; n < 120; n++) {
        ts_arena a = whole;
        ts_error e = {0};
        ts_offer_source *s = ts_offers_memory(&a, feed, "test", (ts_offer_options){0}, &e);
        ts_offer_chunk c;
        ts_offer_chunk_init(&c);
        ts_arena_fail_after(n);
        ts_read_result rc = ts_offers_fill(s, &c, &e);
        ts_arena_fail_after(0);
        if (rc == TS_READ_FAILED)
            assert_int_equal(e.code, TS_E_MEMORY);
        else
            assert_true(c.offers.n + c.problems.n > 0);
        ts_offers_close(s);
        ts_offer_chunk_free(&c);
    }
}

static void test_siroop(void **state) {
    (void)state;
    const char *path = test_data("offers/siroop_gsf_sample_de-CH.xml");
    if (!path) skip();
    ts_arena a = test_arena();
    all_offers l = read_path(&a, path);
    const ts_offer *o = only(&l);
    assert_str(o->brand, "LEGO");
    assert_str(o->model, "60090");
    assert_str(o->price, "189.00");
    assert_str(o->currency, "CHF");
    assert_str(o->manufacturer, "Mattel");
    assert_str(attribute_of(o, "Farbe DE"), "Schwarz");
    assert_int_equal(o->images.n, 1);
    assert_true(o->description.n > 100 && ts_str_find(o->description, TS_S("<br>")) == TS_NPOS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rss),
        cmocka_unit_test(test_atom),
        cmocka_unit_test(test_undeclared_prefix),
        cmocka_unit_test(test_character_sets),
        cmocka_unit_test(test_broken_xml),
        cmocka_unit_test(test_entities),
        cmocka_unit_test(test_hostile_xml),
        cmocka_unit_test(test_long_feed),
        cmocka_unit_test(test_failing_allocations),
        cmocka_unit_test(test_siroop),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
