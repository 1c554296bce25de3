/* Offers from JSON and tables: detection, the mapping of names, chunks, and what is done with bad
 * records. */
#include <zlib.h>
#include <zstd.h>

#include "read_offers.h"

/* ---- JSON ---- */

static void test_json_lines(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l =
        read_text(&a, "{\"id\":\"17\",\"title\":\"Kettle KX "
                      "200\",\"brand\":\"Amberly\",\"model\":\"KX-200\",\"gtin\":\"4006381333931\","
                      "\"price\":24.9,\"currency\":\"EUR\",\"url\":\"https://shop.example/"
                      "17\",\"Farbe\":\"rot\"}\n"
                      "\n"
                      "{\"商品名称\":\"电热水壶\",\"品牌\":\"安贝\",\"型号\":\"KX-200\",\"店铺\":"
                      "\"安贝旗舰店\"}\n");
    assert_int_equal(l.format, TS_OF_JSON_LINES);
    assert_int_equal(l.ok.n, 2);
    assert_int_equal(l.bad.n, 0);
    const ts_offer *o = &l.ok.v[0];
    assert_str(o->id, "17");
    assert_str(o->title, "Kettle KX 200");
    assert_str(o->brand, "Amberly");
    assert_str(o->model, "KX-200");
    assert_str(o->price, "24.9");
    assert_str(o->currency, "EUR");
    assert_str(attribute_of(o, "Farbe"), "rot");
    assert_int_equal(o->record, 1);
    assert_true(has_identifier(o, TS_ID_GTIN, "4006381333931"));
    assert_true(o->identifiers.v[0].labelled);
    o = &l.ok.v[1];
    assert_str(o->title, "电热水壶");
    assert_str(o->brand, "安贝");
    assert_str(o->seller, "安贝旗舰店");
    assert_str(o->id, "test:3"); /* no id and no address: file and line */
}

static void test_json_array_and_wrapper(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(&a, "[\n {\"name\":\"One\"},\n {\"name\":\"Two\"}\n]\n");
    assert_int_equal(l.format, TS_OF_JSON);
    assert_int_equal(l.ok.n, 2);
    assert_str(l.ok.v[1].title, "Two");
    assert_int_equal(l.ok.v[1].record, 2);
    l = read_text(&a, "{\n \"status\": \"ok\",\n \"data\": {\"products\": [{\"name\": \"One\"}, "
                      "{\"name\": \"Two\"}, {\"name\": \"Three\"}]}\n}");
    assert_int_equal(l.format, TS_OF_JSON);
    assert_int_equal(l.ok.n, 3);
    assert_str(l.ok.v[2].title, "Three");
    l = read_text(&a, "[]");
    assert_int_equal(l.ok.n + l.bad.n, 0);
    assert_int_equal(l.failed.code, 0);
}

static void test_broken_lines_are_named(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(&a, "{\"title\":\"One\"}\n{\"title\":\"Two\"\n\"just "
                                 "text\"\n{\"colour\":\"red\"}\n{\"title\":\"Three\"}\n");
    assert_int_equal(l.ok.n, 2);
    assert_str(l.ok.v[1].title, "Three");
    assert_int_equal(l.bad.n, 3);
    says(&l.bad.v[0], "JSON: ',' or '}' expected", 2);
    says(&l.bad.v[1], "an offer is a JSON object", 3);
    says(&l.bad.v[2], "no title, description, model or identifier is known here", 4);
    says(&l.bad.v[2], "(the names are: colour)", 4);
    assert_string_equal(l.bad.v[0].where, "test");
}

static void test_repeated_names(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l =
        read_text(&a, "{\"title\":\"First\",\"brand\":\"A\",\"title\":\"Last\",\"x\":1,\"x\":2}\n");
    const ts_offer *o = only(&l);
    assert_str(o->title, "Last");
    assert_str(o->brand, "A");
    assert_str(attribute_of(o, "x"), "2");
    assert_int_equal(l.repeated, 2);
    /* the same among so many names that they are not compared each with each */
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_lit(&b, "{\"title\":\"First\"");
    for (int i = 0; i < 100; i++) ts_buf_fmt(&b, ",\"n%d\":\"v\"", i);
    ts_buf_lit(&b, ",\"title\":\"Last\"}\n");
    l = read_bytes(&a, ts_buf_str(&b), (ts_offer_options){0});
    assert_str(only(&l)->title, "Last");
}

static void test_malformed_text(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_bytes(
        &a,
        TS_S("{\"title\":\"Caf\xE9 "
             "mill\",\"brand\":\"\\ud800x\"}\n{\"title\":\"a\0b\"}\n{\"title\":\"Fine\"}\n"),
        (ts_offer_options){0});
    assert_int_equal(l.ok.n, 2);
    assert_str(l.ok.v[0].title, "Caf\xEF\xBF\xBD mill");
    assert_str(l.ok.v[0].brand, "\xEF\xBF\xBDx");
    assert_int_equal(l.mended, 2);
    assert_int_equal(l.bad.n, 1);
    says(&l.bad.v[0], "control character in a string", 2);
}

static void test_deep_nesting(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 1 << 20);
    ts_buf_lit(&b, "{\"title\":\"One\"}\n{\"x\":");
    for (int i = 0; i < 100000; i++) ts_buf_c(&b, '[');
    for (int i = 0; i < 100000; i++) ts_buf_c(&b, ']');
    ts_buf_lit(&b, "}\n{\"title\":\"Two\"}\n");
    all_offers l = read_bytes(&a, ts_buf_str(&b), (ts_offer_options){0});
    assert_int_equal(l.ok.n, 2);
    assert_int_equal(l.bad.n, 1);
    assert_int_equal(l.bad.v[0].code, TS_E_LIMIT);
    says(&l.bad.v[0], "nested too deeply", 2);
}

static void test_long_line(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 16 << 20);
    ts_buf_lit(&b, "{\"title\":\"One\"}\n{\"title\":\"");
    size_t n = 10 << 20;
    memset(ts_buf_room(&b, n), 'x', n);
    b.n += n;
    ts_buf_lit(&b, "\"}\n{\"title\":\"Two\"}\n");
    all_offers l = read_bytes(&a, ts_buf_str(&b), (ts_offer_options){0});
    assert_int_equal(l.ok.n, 2);
    assert_str(l.ok.v[1].title, "Two");
    assert_int_equal(l.ok.v[1].record, 3);
    assert_int_equal(l.bad.n, 1);
    assert_int_equal(l.bad.v[0].code, TS_E_LIMIT);
    says(&l.bad.v[0], "a line longer than 8192 KiB is left out", 2);
}

static void test_array_cut_off(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(&a, "[{\"title\":\"One\"},\n{\"title\":\"Tw");
    assert_int_equal(l.ok.n, 1);
    assert_int_equal(l.bad.n, 1);
    assert_int_equal(l.bad.v[0].line, 2);
}

/* ---- schema.org ---- */

static void test_graph_with_references(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l =
        read_text(&a, "{\"@context\":\"https://schema.org\",\"@graph\":[\n"
                      "{\"@type\":\"Organization\",\"@id\":\"#shop\",\"name\":\"Haus & "
                      "Hof\",\"url\":\"https://shop.example/\"},\n"
                      "{\"@type\":\"Brand\",\"@id\":\"#b\",\"name\":\"Amberly\"},\n"
                      "{\"@type\":\"Product\",\"@id\":\"https://shop.example/"
                      "kettle#product\",\"name\":\"Kettle\",\"brand\":{\"@id\":\"#b\"},\n"
                      " \"offers\":{\"@type\":\"Offer\",\"price\":\"24.90\",\"priceCurrency\":"
                      "\"EUR\",\"seller\":{\"@id\":\"#shop\"},\n"
                      " \"itemCondition\":\"https://schema.org/"
                      "NewCondition\",\"availability\":\"http://schema.org/InStock\"}}]}");
    const ts_offer *o = only(&l);
    assert_str(o->title, "Kettle");
    assert_str(o->brand, "Amberly");
    assert_str(o->seller, "Haus & Hof");
    assert_str(o->price, "24.90");
    assert_str(o->condition, "new");
    assert_str(o->availability, "InStock");
    assert_str(o->id, "https://shop.example/kettle#product");
}

static void test_reference_circles_end(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(
        &a, "{\"@graph\":[{\"@type\":\"Product\",\"name\":\"X\",\"offers\":{\"@id\":\"o\"}},\n"
            "{\"@id\":\"o\",\"@type\":\"Offer\",\"price\":1,\"offers\":[{\"@id\":\"o\"},{\"@id\":"
            "\"o\"},{\"@id\":\"o\"}]},\n"
            "{\"@id\":\"unknown\"}]}");
    assert_str(only(&l)->price, "1");
}

static void test_offer_with_item_offered(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(
        &a, "{\"@context\":\"http://"
            "schema.org\",\"@type\":\"Offer\",\"price\":\"9.50\",\"priceCurrency\":\"GBP\",\n"
            "\"seller\":{\"@type\":\"Organization\",\"name\":\"Corner Shop\"},\n"
            "\"itemOffered\":{\"@type\":\"Product\",\"name\":\"Night "
            "light\",\"mpn\":\"NL-3\",\"brand\":[{\"name\":\"Amberly\"},\"Amber\"]}}");
    const ts_offer *o = only(&l);
    assert_str(o->title, "Night light");
    assert_str(o->model, "NL-3");
    assert_str(o->brand, "Amberly");
    assert_str(o->price, "9.50");
    assert_str(o->seller, "Corner Shop");
}

static void test_aggregate_offer_and_properties(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(
        &a, "{\"@type\":[\"Product\",\"Thing\"],\"name\":\"Toy drill\",\"brand\":\"Bastelix\",\n"
            "\"gtin13\":\"4006381333931\",\"gtin8\":\"40170725\",\"sku\":\"TD-9001\",\"productID\":"
            "\"isbn:9780306406157\",\n"
            "\"image\":[{\"@type\":\"ImageObject\",\"name\":\"Front\",\"url\":\"https://x.example/"
            "1.jpg\"},\"https://x.example/2.jpg\",\"data:image/png;base64,AAAA\"],\n"
            "\"weight\":{\"@type\":\"QuantitativeValue\",\"value\":0.4,\"unitCode\":\"KGM\"},\n"
            "\"color\":[\"red\",\"blue\"],\n"
            "\"isRelatedTo\":{\"@type\":\"Product\",\"name\":\"Toy saw\"},\n"
            "\"aggregateRating\":{\"ratingValue\":4},\n"
            "\"additionalProperty\":[{\"@type\":\"PropertyValue\",\"name\":\"Alter\",\"value\":\"3+"
            "\"},{\"name\":\"Hersteller\",\"value\":\"Bastelix Werke\"}],\n"
            "\"manufacturer\":{\"@type\":\"Organization\",\"name\":\"Bastelix "
            "GmbH\",\"email\":\"post@bastelix.example\",\n"
            "  \"address\":{\"streetAddress\":\"Weg "
            "1\",\"postalCode\":\"12345\",\"addressLocality\":\"Ort\",\"addressCountry\":{\"name\":"
            "\"DE\"}}},\n"
            "\"offers\":{\"@type\":\"AggregateOffer\",\"lowPrice\":12,\"priceCurrency\":\"EUR\","
            "\"offers\":[{\"price\":13,\"seller\":\"S1\",\"gtin14\":\"04006381333931\"}]}}");
    const ts_offer *o = only(&l);
    assert_str(o->title, "Toy drill");
    assert_str(o->price, "12");
    assert_str(o->seller, "S1");
    assert_int_equal(o->images.n, 2);
    assert_str(o->images.v[0], "https://x.example/1.jpg");
    assert_str(attribute_of(o, "weight"), "0.4 KGM");
    assert_str(attribute_of(o, "color"), "red, blue");
    assert_str(attribute_of(o, "Alter"), "3+");
    assert_str(attribute_of(o, "isRelatedTo"), "");
    assert_str(o->manufacturer_address, "Weg 1, 12345, Ort, DE");
    assert_str(o->manufacturer_contact, "post@bastelix.example");
    assert_int_equal(o->identifiers.n,
                     4); /* GTIN-14 with a leading zero is the same number as the GTIN-13 */
    assert_true(has_identifier(o, TS_ID_GTIN, "4006381333931"));
    assert_true(has_identifier(o, TS_ID_GTIN, "40170725"));
    assert_true(has_identifier(o, TS_ID_GTIN, "9780306406157"));
    assert_true(has_identifier(o, TS_ID_INTERNAL, "TD-9001"));
}

static void test_group_and_lists(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(
        &a,
        "{\"@type\":\"ProductGroup\",\"name\":\"Raincoat\",\"brand\":\"Nassau\",\"hasVariant\":[\n"
        "{\"@type\":\"Product\",\"name\":\"Raincoat "
        "S\",\"gtin\":\"4006381333931\",\"color\":\"red\",\"offers\":{\"price\":40}},\n"
        "{\"@type\":\"Product\",\"name\":\"Raincoat "
        "M\",\"gtin\":\"9780306406157\",\"mpn\":\"RC-M1\"}]}");
    const ts_offer *o = only(&l);
    assert_str(o->title, "Raincoat");
    assert_str(o->price, "40");
    assert_true(has_identifier(o, TS_ID_GTIN, "4006381333931"));
    assert_true(has_identifier(o, TS_ID_GTIN, "9780306406157"));
    assert_true(has_identifier(o, TS_ID_INTERNAL, "RC-M1"));
    assert_str(attribute_of(o, "color"), "");
    l = read_text(&a, "{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":\"ListItem\","
                      "\"item\":{\"@type\":\"Product\",\"name\":\"A\"}},\n"
                      "{\"@type\":\"ListItem\",\"item\":{\"@type\":\"Product\",\"name\":\"B\"}},{"
                      "\"@type\":\"ListItem\",\"name\":\"no product\"}]}");
    assert_int_equal(l.ok.n, 2);
    assert_str(l.ok.v[1].title, "B");
    l = read_text(&a, "{\"@context\":\"https://"
                      "schema.org\",\"@type\":\"Organization\",\"name\":\"Only a shop\"}");
    assert_int_equal(l.ok.n + l.bad.n, 0);
}

static void test_markup_in_values(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(
        &a, "{\"title\":\"Salt &amp; pepper  mill <b>PM "
            "3</b>\",\"brand\":\"M&uuml;hle\",\"condition\":\"https://schema.org/"
            "RefurbishedCondition\","
            "\"description\":\"<p>Grinds "
            "&lt;5&nbsp;mm</p><ul><li>steel<li>glass</ul><script>alert('x')</script>Fits A&B\","
            "\"price\":\"CHF "
            "7.9E1\",\"category\":\"1604\",\"url\":\"https://x.example/?a=1&amp;copy=2\"}\n");
    const ts_offer *o = only(&l);
    assert_str(o->title, "Salt & pepper mill PM 3");
    assert_str(o->brand, "Mühle");
    assert_str(o->condition, "refurbished");
    assert_str(o->description, "Grinds <5 mm\nsteel\nglass\nFits A&B");
    assert_str(o->url, "https://x.example/?a=1&copy=2");
    assert_str(o->category, "");
    assert_str(attribute_of(o, "category"), "1604");
    l = read_text(
        &a,
        "{\"title\":\"x <5 kg, a<b>c\",\"price\":\"2.8068E3\",\"brand\":\"null\",\"model\":\"Does "
        "not apply\",\"description\":\"&lt;p&gt;Twice&lt;/p&gt; coded\"}\n");
    o = only(&l);
    assert_str(o->price, "2806.8");
    assert_str(o->brand, "");
    assert_str(o->model, "");
    assert_str(o->description, "Twice\ncoded");
    l = read_text(&a, "{\"title\":\"a\",\"price\":\"189.00 "
                      "CHF\"}\n{\"title\":\"b\",\"price\":\"EUR12,99\"}\n{\"title\":\"c\","
                      "\"price\":\"from 12 EUR\"}\n"
                      "{\"title\":\"d\",\"price_cny\":12}\n{\"title\":\"e\",\"price\":\"CHF\"}\n");
    assert_int_equal(l.ok.n, 5);
    assert_str(l.ok.v[0].price, "189.00");
    assert_str(l.ok.v[0].currency, "CHF");
    assert_str(l.ok.v[1].price, "12,99");
    assert_str(l.ok.v[1].currency, "EUR");
    assert_str(l.ok.v[2].price, "from 12");
    assert_str(l.ok.v[3].currency, "CNY");
    assert_str(l.ok.v[4].price, "CHF");
}

static void test_own_format_round_trip(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(
        &a, "{\"id\":\"1\",\"url\":\"https://x.example/"
            "1\",\"title\":\"T\",\"brand\":\"B\",\"model\":\"M-1\",\"category\":\"C > "
            "D\",\"price\":\"1.00\","
            "\"currency\":\"EUR\",\"seller\":\"S\",\"condition\":\"used\",\"availability\":"
            "\"InStock\",\"manufacturer\":\"H\",\"manufacturer_address\":\"HA\","
            "\"manufacturer_contact\":\"HC\",\"responsible\":\"R\",\"responsible_address\":\"RA\","
            "\"responsible_contact\":\"RC\",\"language\":\"de\","
            "\"market\":\"DE\",\"passport\":\"https://id.example/01/"
            "04006381333931\",\"description\":\"D\\nE\",\"identifiers\":[{\"kind\":\"gtin\","
            "\"value\":\"4006381333931\",\"labelled\":true},{\"kind\":\"internal\",\"value\":\"AB-"
            "12\"}],\"attributes\":{\"Farbe\":\"rot\",\"Alter\":\"3+\"},"
            "\"images\":[\"https://x.example/a.jpg\",\"https://x.example/"
            "b.jpg\"],\"notices\":[\"A12/00001/26\"]}\n");
    ts_buf one = ts_buf_new(&a, 1 << 16), two = ts_buf_new(&a, 1 << 16);
    ts_jsonw w = ts_jsonw_to(&one), w2 = ts_jsonw_to(&two);
    ts_offer_write(&w, only(&l));
    all_offers again = read_bytes(&a, ts_buf_str(&one), (ts_offer_options){0});
    ts_offer_write(&w2, only(&again));
    assert_true(ts_str_eq(ts_buf_str(&one), ts_buf_str(&two)));
    const ts_offer *o = only(&again);
    assert_int_equal(o->identifiers.n, 2);
    assert_int_equal(o->images.n, 2);
    assert_int_equal(o->attributes.n, 2);
    assert_str(o->notices.v[0], "A12/00001/26");
    assert_str(o->passport, "https://id.example/01/04006381333931");
    assert_str(o->responsible_contact, "RC");
}

static void test_lists_are_capped(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 8 << 20);
    ts_buf_lit(&b, "{\"title\":\"T\",\"images\":[\"https://x.example/0\"");
    for (int i = 1; i < 20000; i++) ts_buf_fmt(&b, ",\"https://x.example/%d\"", i);
    ts_buf_lit(&b, "],\"sku\":[\"A0\"");
    for (int i = 1; i < 20000; i++) ts_buf_fmt(&b, ",\"A%d\"", i);
    ts_buf_lit(&b, "]");
    for (int i = 1; i < 20000; i++) ts_buf_fmt(&b, ",\"n%d\":\"v\"", i);
    ts_buf_lit(&b, "}\n");
    all_offers l = read_bytes(&a, ts_buf_str(&b), (ts_offer_options){0});
    const ts_offer *o = only(&l);
    assert_int_equal(o->images.n, 50);
    assert_int_equal(o->identifiers.n, 200);
    assert_int_equal(o->attributes.n, 200);
}

/* ---- tables ---- */

static void test_csv(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l =
        read_text(&a, "\xEF\xBB\xBFid,title,brand,EAN,description,Farbe,images,in_stock\r\n"
                      "1,\"Kettle, 1.7 l\",Amberly,4006381333931,\"First line\r\nsecond "
                      "\"\"line\"\"\",rot,\"[\"\"https://x.example/1.jpg\"\",\"\"https://x.example/"
                      "2.jpg\"\"]\",true\r\n"
                      "\r\n"
                      "2,Mill,null,,,,,false");
    assert_int_equal(l.format, TS_OF_CSV);
    assert_int_equal(l.bad.n, 0);
    assert_int_equal(l.ok.n, 2);
    const ts_offer *o = &l.ok.v[0];
    assert_str(o->id, "1");
    assert_str(o->title, "Kettle, 1.7 l");
    assert_str(o->description, "First line\nsecond \"line\"");
    assert_str(attribute_of(o, "Farbe"), "rot");
    assert_int_equal(o->images.n, 2);
    assert_str(o->availability, "InStock");
    assert_int_equal(o->record, 2);
    o = &l.ok.v[1];
    assert_str(o->title, "Mill");
    assert_str(o->brand, "");
    assert_str(o->availability, "OutOfStock");
    assert_int_equal(o->record, 5); /* the line, counting those inside quotes */
}

static void test_other_delimiters(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *tables[] = {"Bezeichnung;Marke;Preis\nM\xC3\xBChle, klein;Amberly;12,50 EUR\n",
                            "title\tbrand\tprice\nMill, small\tAmberly\t12,50 EUR\n",
                            "name|marke|preis\nMill, small|Amberly|12,50 EUR\n"};
    for (size_t i = 0; i < 3; i++) {
        all_offers l = read_text(&a, tables[i]);
        assert_int_equal(l.format, TS_OF_CSV);
        assert_str(only(&l)->brand, "Amberly");
        assert_str(only(&l)->price, "12,50");
        assert_str(only(&l)->currency, "EUR");
    }
}

static void test_wrong_field_counts(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l =
        read_text(&a, "title,brand,price\nOne,A,1\nTwo,B\nThree,C,3,4\nFour,D,4,,\n,,\nFive,E,5\n");
    assert_int_equal(l.ok.n, 3); /* empty fields behind the last are nothing */
    assert_str(l.ok.v[1].title, "Four");
    assert_str(l.ok.v[2].title, "Five");
    assert_int_equal(l.bad.n, 3);
    says(&l.bad.v[0], "the row has 2 fields where the header has 3", 3);
    says(&l.bad.v[1], "the row has 4 fields where the header has 3", 4);
    says(&l.bad.v[2], "the row has no title, description, model or identifier", 6);
}

static void test_open_quote(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 4 << 20);
    ts_buf_lit(&b, "title,brand\nOne,A\n\"Two,B\n");
    for (int i = 0; i < 90000; i++) ts_buf_lit(&b, "Row of a table,C\n");
    all_offers l = read_bytes(&a, ts_buf_str(&b), (ts_offer_options){0});
    assert_int_equal(l.bad.n, 1);
    says(&l.bad.v[0], "a row (or an open quote) longer than 1024 KiB is left out", 3);
    assert_int_equal(l.ok.n, 90001);
}

static void test_no_title_column(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(&a, "Artikelnummer;Marke;Text lang\n1;A;B\n");
    assert_int_equal(l.format, TS_OF_UNKNOWN);
    says(&l.failed,
         "no column is a title: name it with --map title=COLUMN (the columns are: "
         "Artikelnummer;Marke;Text lang)",
         1);
    assert_int_equal(l.failed.code, TS_E_INPUT);
}

static void test_map(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str table = TS_S("Name,Ware,Firma,Preis\nKurzname,Kessel 1,Amberly,12\n");
    all_offers l = read_bytes(
        &a, table,
        (ts_offer_options){.map = TS_S("title=ware, brand = FIRMA"), .market = TS_S("DE")});
    const ts_offer *o = only(&l);
    assert_str(o->title, "Kessel 1");
    assert_str(o->brand, "Amberly");
    assert_str(attribute_of(o, "Name"), "Kurzname"); /* what we would have taken without --map */
    assert_str(o->market, "DE");
    l = read_bytes(&a, TS_S("{\"name\":\"a\",\"ware\":\"b\"}"),
                   (ts_offer_options){.map = TS_S("title=Ware")});
    assert_str(only(&l)->title, "b");
    l = read_bytes(&a, table, (ts_offer_options){.map = TS_S("titel2=Ware")});
    assert_int_equal(l.failed.code, TS_E_USAGE);
    says(&l.failed, "--map: 'titel2' is no field; write FIELD=THEIR_NAME", 0);
    l = read_bytes(&a, table, (ts_offer_options){.map = TS_S("title")});
    assert_int_equal(l.failed.code, TS_E_USAGE);
}

static void test_table_bytes(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l =
        read_bytes(&a, TS_S("title,brand\nM\xFChle,A\nTopf,A\0B\nRad,C\n"), (ts_offer_options){0});
    assert_int_equal(l.ok.n, 2);
    assert_str(l.ok.v[0].title, "M\xEF\xBF\xBDhle");
    assert_int_equal(l.bad.n, 1);
    says(&l.bad.v[0], "a NUL byte stands in the row: the file is damaged", 3);
    assert_int_equal(l.mended, 1);
    l = read_text(&a, "title\n\n\n");
    assert_int_equal(l.ok.n + l.bad.n, 0);
}

/* ---- files ---- */

static void test_empty_and_unknown(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(&a, "");
    assert_int_equal(l.ok.n + l.bad.n + l.failed.code, 0);
    l = read_text(&a, " \n\n");
    assert_int_equal(l.ok.n + l.bad.n + l.failed.code, 0);
    l = read_text(&a, "Dear colleagues,\nplease find enclosed");
    assert_int_equal(l.format, TS_OF_UNKNOWN);
    says(&l.failed, "none of the formats offers come in (jsonl, json, csv, feed, html, warc)", 0);
    l = read_bytes(&a, TS_S("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), (ts_offer_options){0});
    assert_int_equal(l.failed.code, TS_E_INPUT);
    l = read_path(&a, test_temp("missing.jsonl"));
    assert_int_equal(l.failed.code, TS_E_IO);
    for (int f = 1; f < TS_OF_COUNT;
         f++) /* every format takes an empty file, or says what is missing */
        l = read_bytes(&a, TS_NONE, (ts_offer_options){.format = (ts_offer_format)f});
}

static ts_str many_lines(ts_arena *a, int n) {
    ts_buf b = ts_buf_new(a, 64 << 20);
    for (int i = 0; i < n; i++)
        ts_buf_fmt(
            &b,
            "{\"id\":\"%d\",\"title\":\"Lamp number %d of the series\",\"brand\":\"Amberly\"}\n", i,
            i);
    return ts_buf_str(&b);
}

static ts_str gzipped(ts_arena *a, ts_str s) {
    char *p = ts_new_n(a, char, s.n + 1024);
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = (Bytef *)p;
    z.avail_out = (uInt)s.n + 1024;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    ts_str out = {p, z.total_out};
    deflateEnd(&z);
    return out;
}

static void test_compressed(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str plain = many_lines(&a, 40000), gz = gzipped(&a, plain);
    size_t room = ZSTD_compressBound(plain.n);
    char *p = ts_new_n(&a, char, room);
    ts_str zst = {p, ZSTD_compress(p, room, plain.p, plain.n, 3)};
    all_offers l = read_bytes(&a, gz, (ts_offer_options){0});
    assert_int_equal(l.ok.n, 40000);
    assert_true(l.chunks > 3);
    assert_str(l.ok.v[39999].id, "39999");
    assert_int_equal(l.ok.v[39999].record, 40000);
    l = read_bytes(&a, zst, (ts_offer_options){0});
    assert_int_equal(l.ok.n, 40000);
    /* cut off: what came before is read, then the reason is given once */
    l = read_bytes(&a, ts_str_to(gz, gz.n / 2), (ts_offer_options){0});
    assert_int_equal(l.failed.code, TS_E_INPUT);
    says(&l.failed, "the gzip data ends early", 0);
    assert_true(l.ok.n > 10000 && l.ok.n < 40000);
    for (size_t i = 0; i < l.ok.n; i++) assert_int_equal(l.ok.v[i].record, i + 1);
    l = read_bytes(&a, ts_str_to(gz, 200), (ts_offer_options){0});
    assert_int_equal(l.failed.code, TS_E_INPUT);
}

/* Records that lie across the ends of chunks come out whole and in order. */
static void test_chunk_ends(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf b = ts_buf_new(&a, 16 << 20);
    ts_buf_lit(&b, "title,description\n");
    for (int i = 0; i < 3000; i++) {
        ts_buf_fmt(&b, "T%d,\"", i);
        for (int k = 0; k < i % 700; k++) ts_buf_lit(&b, "a\nb \"\"c\"\" ");
        ts_buf_lit(&b, "x\"\n");
    }
    all_offers l = read_bytes(&a, ts_buf_str(&b), (ts_offer_options){0});
    assert_int_equal(l.bad.n, 0);
    assert_int_equal(l.ok.n, 3000);
    assert_true(l.chunks > 5);
    for (int i = 0; i < 3000; i++) {
        char want[16];
        snprintf(want, sizeof want, "T%d", i);
        assert_str(l.ok.v[i].title, want);
    }
}

/* A record that does not fit into memory is passed over, not met again. */
typedef struct small_job {
    ts_offer_reader *r;
    ts_offer o;
    ts_read_result rc;
} small_job;
static bool next_small(void *ctx, ts_arena *a, ts_error *e) {
    small_job *j = ctx;
    j->rc = ts_offers_next(j->r, a, &j->o, e);
    return true;
}

static void test_lack_of_memory(void **state) {
    (void)state;
    ts_arena a = test_arena(), small = ts_arena_new(256 << 10);
    ts_buf b = ts_buf_new(&a, 4 << 20);
    ts_buf_lit(&b, "{\"title\":\"One\"}\n{\"title\":\"Two\",\"x\":[1");
    for (int i = 0; i < 400000; i++) ts_buf_lit(&b, ",1");
    ts_buf_lit(&b, "]}\n{\"title\":\"Three\"}\n");
    ts_error e = {0};
    ts_offer_source *s = ts_offers_memory(&a, ts_buf_str(&b), "test", (ts_offer_options){0}, &e);
    ts_offer_chunk c;
    ts_offer_chunk_init(&c);
    size_t good = 0, short_of = 0;
    while (ts_offers_fill(s, &c, &e) == TS_READ_RECORD) {
        ts_offer_reader r = ts_offers_read(s, &c);
        for (;;) {
            ts_arena job = small;
            small_job j = {.r = &r, .rc = TS_READ_BAD};
            bool ok = ts_arena_guard(next_small, &j, &job, &e);
            if (ok && j.rc == TS_READ_END) break;
            if (ok)
                good++;
            else
                short_of++;
            assert_true(good + short_of < 10);
        }
    }
    assert_int_equal(good, 2);
    assert_int_equal(short_of, 1);
    ts_offers_close(s);
    ts_offer_chunk_free(&c);
}

/* ---- real data ---- */

static void expect_all(const char *name, size_t n, bool brands, bool attributes) {
    const char *path = test_data(name);
    if (!path) skip();
    ts_arena a = test_arena();
    all_offers l = read_path(&a, path);
    assert_int_equal(l.failed.code, 0);
    assert_int_equal(l.bad.n, 0);
    assert_int_equal(l.ok.n, n);
    size_t with_brand = 0, with_attributes = 0;
    for (size_t i = 0; i < n; i++) {
        const ts_offer *o = &l.ok.v[i];
        assert_true(o->title.n > 0 && o->id.n > 0);
        assert_false(ts_str_ieq(o->brand, TS_S("null")));
        assert_true(ts_str_chr(o->title, '\n') == TS_NPOS);
        with_brand += o->brand.n > 0;
        with_attributes += o->attributes.n > 1;
    }
    if (brands) assert_true(with_brand > n / 5);
    if (attributes) assert_true(with_attributes > n / 2);
}

static void test_wdc(void **state) {
    (void)state;
    expect_all("offers/wdc_products/tableA.csv", 4575, true, false);
}
static void test_shein(void **state) {
    (void)state;
    expect_all("offers/local-only/luminati_shein-products.csv", 1000, true, true);
}
static void test_lazada(void **state) {
    (void)state;
    expect_all("offers/local-only/luminati_lazada-products.csv", 1000, true, true);
}
static void test_shopee(void **state) {
    (void)state;
    expect_all("offers/local-only/luminati_shopee-products.csv", 1000, true, true);
}
static void test_taobao(void **state) {
    (void)state;
    expect_all("offers/local-only/cn_taobao_items_2021.jsonl", 4529, false, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_lines),
        cmocka_unit_test(test_json_array_and_wrapper),
        cmocka_unit_test(test_broken_lines_are_named),
        cmocka_unit_test(test_repeated_names),
        cmocka_unit_test(test_malformed_text),
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_array_cut_off),
        cmocka_unit_test(test_graph_with_references),
        cmocka_unit_test(test_reference_circles_end),
        cmocka_unit_test(test_offer_with_item_offered),
        cmocka_unit_test(test_aggregate_offer_and_properties),
        cmocka_unit_test(test_group_and_lists),
        cmocka_unit_test(test_markup_in_values),
        cmocka_unit_test(test_own_format_round_trip),
        cmocka_unit_test(test_lists_are_capped),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_other_delimiters),
        cmocka_unit_test(test_wrong_field_counts),
        cmocka_unit_test(test_open_quote),
        cmocka_unit_test(test_no_title_column),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_table_bytes),
        cmocka_unit_test(test_empty_and_unknown),
        cmocka_unit_test(test_compressed),
        cmocka_unit_test(test_chunk_ends),
        cmocka_unit_test(test_lack_of_memory),
        cmocka_unit_test(test_wdc),
        cmocka_unit_test(test_shein),
        cmocka_unit_test(test_lazada),
        cmocka_unit_test(test_shopee),
        cmocka_unit_test(test_taobao),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
