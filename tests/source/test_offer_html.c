/* Offers from pages: the four ways of saying so, what is one product, and pages that mean harm. */
#include "format/html_text.h"
#include "format/html_tree.h"
#include "read_offers.h"
#include "source/offer_fields.h"

/* ---- whole pages ---- */

static void test_everything_at_once(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_sample(&a, "kettle.html");
    assert_int_equal(l.format, TS_OF_HTML);
    const ts_offer *o = only(&l);
    assert_str(o->title, "Wasserkocher KX 200"); /* JSON-LD, not OpenGraph's */
    assert_str(o->brand, "Amberly");
    assert_str(o->model, "KX-200/W"); /* microdata */
    assert_str(o->description, "Fasst 1,7 Liter.\nMit Abschaltung & Kalkfilter.");
    assert_str(o->category, "Küche > Wasserkocher"); /* breadcrumbs without the product itself */
    assert_str(o->price, "24.90");
    assert_str(o->currency, "EUR");
    assert_str(o->seller, "Haus & Hof");
    assert_str(o->condition, "new"); /* OpenGraph */
    assert_str(o->availability, "InStock");
    assert_str(o->manufacturer, "Amberly Werke GmbH");
    assert_str(o->manufacturer_address, "Kesselweg 3, 1010, Wien");
    assert_str(o->manufacturer_contact, "post@amberly.example");
    assert_str(o->url, "https://haus-hof.example/wasserkocher-kx-200");
    assert_str(o->id, "https://haus-hof.example/wasserkocher-kx-200");
    assert_str(o->language, "de-AT");
    assert_str(o->market, "AT");
    assert_str(attribute_of(o, "Leistung"), "2200 W");
    assert_str(attribute_of(o, "Farbe"), "weiß");
    assert_true(has_identifier(o, TS_ID_GTIN, "4006381333931"));
    assert_true(has_identifier(o, TS_ID_INTERNAL, "HH-4711"));
    assert_int_equal(o->images.n, 2);
    assert_str(o->images.v[0], "https://haus-hof.example/bilder/kx200.jpg");
}

static void test_rdfa(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_sample(&a, "rdfa.html");
    const ts_offer *o = only(&l);
    assert_str(o->title, "Night light NL-3");
    assert_str(o->brand, "Amberly"); /* a link: what it shows */
    assert_str(o->description, "Glows in the dark.");
    assert_str(o->price, "9.50");
    assert_str(o->currency, "GBP");
    assert_str(o->condition, "new");
    assert_str(o->seller, "Corner Shop");
    assert_str(o->language, "en");
    assert_true(has_identifier(o, TS_ID_GTIN, "4006381333931"));
}

static void test_list_page(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_sample(&a, "category.html");
    assert_int_equal(l.bad.n, 0);
    assert_int_equal(l.ok.n, 3);
    assert_str(l.ok.v[0].title, "Lamp One");
    assert_str(l.ok.v[0].url, "https://shop.example/lamp-1");
    assert_str(l.ok.v[0].images.v[0], "https://shop.example/i/1.jpg"); /* loaded late */
    assert_str(l.ok.v[0].price, "10.00");
    assert_str(l.ok.v[1].id, "https://shop.example/lamp-2");
    assert_str(l.ok.v[2].url, "https://shop.example/lamps");
    assert_str(l.ok.v[2].id, "https://shop.example/lamps#offer-3");
}

#define PAGE(head, body) "<!DOCTYPE html><html><head>" head "</head><body>" body "</body></html>"
#define LD(json) "<script type='application/ld+json'>" json "</script>"

static void test_no_product(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *pages[] = {
        PAGE("<title>About us</title><meta property=og:type content=website><meta "
             "property=og:title content=Us>",
             "<h1>About</h1>"),
        PAGE("", LD("{\"@type\":\"Organization\",\"name\":\"X\"}") "<div itemscope "
                                                                   "itemtype=http://schema.org/"
                                                                   "Person><b "
                                                                   "itemprop=name>Eve</b></div>"),
        PAGE("", LD("")),
        "<html>",
        "<!doctype html>",
        PAGE("<meta property=og:type content=product.group><meta property=og:title content=Lamps>",
             ""),
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        all_offers l = read_text(&a, pages[i]);
        assert_int_equal(l.format, TS_OF_HTML);
        assert_int_equal(l.ok.n + l.bad.n + l.failed.code, 0);
    }
}

/* ---- which are one product ---- */

static void test_recommendations(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *pages[] = {
        /* named as such in JSON-LD, and in a list beside the product */
        PAGE("", LD("{\"@type\":\"Product\",\"name\":\"Main\",\"isSimilarTo\":[{\"@type\":"
                    "\"Product\",\"name\":\"Other\"}]}")
                     LD("{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":\"Product\","
                        "\"name\":\"A\"},{\"@type\":\"Product\",\"name\":\"B\"}]}")),
        /* microdata only known to be others from JSON-LD */
        PAGE("",
             LD("{\"@type\":\"Product\",\"name\":\"Main\"}") "<p itemscope "
                                                             "itemtype=//schema.org/Product><b "
                                                             "itemprop=name>A</b></p><p itemscope "
                                                             "itemtype=//schema.org/Product><b "
                                                             "itemprop=name>MAIN</b></p>"),
        /* inside the product's element */
        PAGE("", "<div itemscope itemtype=//schema.org/Product><b itemprop=name>Main</b><p "
                 "itemscope itemtype=//schema.org/Product><b itemprop=name>A</b></p></div>"),
        /* by a name, out of reach of any item */
        PAGE("", "<div itemscope itemtype=//schema.org/Product><b itemprop=name>Main</b></div>"
                 "<div itemprop=related_products itemscope itemtype=//schema.org/Product><b "
                 "itemprop=name>A</b></div>"),
        /* by the heading */
        PAGE("",
             "<h1>Main</h1><p itemscope itemtype=//schema.org/Product><b itemprop=name>A</b></p>"
             "<p itemscope itemtype=//schema.org/Product><b itemprop=name>Main</b></p>"),
        /* by the page's address */
        PAGE("<link rel=canonical href=https://x.example/main>",
             LD("[{\"@type\":\"Product\",\"name\":\"A\",\"url\":\"https://x.example/"
                "a\"},{\"@type\":\"Product\",\"name\":\"Main\",\"url\":\"https://x.example/"
                "main\"}]")),
        /* by OpenGraph, whose one product is the main one although the list came first */
        PAGE("<meta property=og:type content=og:product><meta property=og:title content=Main>",
             LD("{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":\"Product\",\"name\":"
                "\"A\"},{\"@type\":\"Product\",\"name\":\"B\"}]}")),
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        all_offers l = read_text(&a, pages[i]);
        assert_str(only(&l)->title, "Main");
    }
}

static void test_same_and_different(void **state) {
    (void)state;
    ts_arena a = test_arena();
    /* the one product in both, under different titles */
    all_offers l = read_text(
        &a, PAGE("", LD("{\"@type\":\"Product\",\"name\":\"Kettle\",\"offers\":{\"price\":\"20\"}"
                        "}") "<div itemscope itemtype=https://schema.org/Product><b "
                             "itemprop=name>Kettle, red</b><i itemprop=mpn>K-1</i></div>"));
    assert_str(only(&l)->title, "Kettle");
    assert_str(only(&l)->model, "K-1");
    /* one in each, but their numbers differ: the second is somebody else's */
    l = read_text(&a, PAGE("", LD("{\"@type\":\"Product\",\"name\":\"Kettle\",\"gtin\":"
                                  "\"4006381333931\"}") "<div itemscope "
                                                        "itemtype=https://schema.org/Product><b "
                                                        "itemprop=name>Mill</b><i "
                                                        "itemprop=gtin13>9780306406157</i></div>"));
    assert_str(only(&l)->title, "Kettle");
    assert_str(only(&l)->model, "");
    assert_int_equal(only(&l)->identifiers.n, 1);
    /* said twice in the same way */
    l = read_text(&a, PAGE("", LD("{\"@type\":\"Product\",\"name\":\"Kettle\"}") LD(
                                   "{\"@type\":\"Product\",\"name\":\"kettle\",\"mpn\":\"K-1\"}")));
    assert_str(only(&l)->model, "K-1");
    /* several */
    l = read_text(&a, PAGE("", LD("[{\"@type\":\"Product\",\"name\":\"Kettle\",\"sku\":\"K1\"},{\"@"
                                  "type\":\"Product\",\"name\":\"Kettle\",\"sku\":\"K2\"}]")));
    assert_int_equal(l.ok.n, 2);
    l = read_text(
        &a,
        PAGE(
            "",
            LD("{\"@type\":\"CollectionPage\",\"mainEntity\":{\"@type\":\"ItemList\","
               "\"itemListElement\":["
               "{\"item\":{\"@type\":\"Product\",\"name\":\"A\"}},{\"item\":{\"@type\":\"Product\","
               "\"name\":\"B\"}}]}}") "<p itemscope itemtype=//schema.org/Product><b "
                                      "itemprop=name>A</b><i itemprop=mpn>A-1</i></p>"
                                      "<p itemscope itemtype=//schema.org/Product><b "
                                      "itemprop=name>B</b><i itemprop=mpn>B-1</i></p>"));
    assert_int_equal(l.ok.n, 2);
    assert_str(l.ok.v[1].model, "B-1");
}

static void test_open_graph(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(
        &a,
        PAGE("<base href='https://x.example/shop/'>"
             "<meta name='og:title' content='Drill &amp; bits'><meta name='og:type' "
             "content='product.item'><meta name='og:image' content='d.jpg'>"
             "<meta property='og:image' content='../e.jpg'><meta property='product:brand' "
             "content='Bastelix'>"
             "<meta property='product:retailer_item_id' content='TD-9001'><meta "
             "property='product:ean' content='4006381333931'>"
             "<meta property='product:mfr_part_no' content='TD9'><meta property='product:color' "
             "content='blue'>"
             "<meta property='product:price:amount' content='12.00'><meta "
             "property='product:price:currency' content='EUR'>"
             "<meta property='product:availability' content='in stock'><meta property='og:locale' "
             "content='de_CH'><meta name=description content='All of it.'>",
             ""));
    const ts_offer *o = only(&l);
    assert_str(o->title, "Drill & bits");
    assert_str(o->brand, "Bastelix");
    assert_str(o->model, "TD9");
    assert_str(o->price, "12.00");
    assert_str(o->availability, "in stock");
    assert_str(o->language, "de-CH");
    assert_str(o->description, "All of it.");
    assert_str(attribute_of(o, "color"), "blue");
    assert_str(o->images.v[0], "https://x.example/shop/d.jpg");
    assert_str(o->images.v[1], "https://x.example/e.jpg");
    assert_true(has_identifier(o, TS_ID_GTIN, "4006381333931"));
    assert_true(has_identifier(o, TS_ID_INTERNAL, "TD-9001"));
}

/* ---- JSON-LD as it is found ---- */

static void test_sloppy_scripts(void **state) {
    (void)state;
    ts_arena a = test_arena();
    const char *scripts[] = {
        LD("<!-- {\"@type\":\"Product\",\"name\":\"X\"} -->"),
        LD("<![CDATA[ {\"@type\":\"Product\",\"name\":\"X\"} ]]>"),
        LD("/* <![CDATA[ */ {\"@type\":\"Product\",\"name\":\"X\"}; /* ]]> */"),
        LD("{&quot;@type&quot;:&quot;Product&quot;,&quot;name&quot;:&quot;X&quot;}"),
        LD("{\"@type\":\"Product\",\"name\":\"X\",\"description\":\"two\nlines\tand \\' a bad "
           "escape\",}"),
        LD("{\"@type\":\"Product\",\"name\":\"X\",\"image\":[\"a\" , \n ] , }"),
        LD("{\"@type\":\"WebSite\"} {\"@type\":\"Product\",\"name\":\"X\"}"),
        LD("\xEF\xBB\xBF{\"@type\":\"Product\",\"name\":\"X\"}"),
        "<SCRIPT TYPE=\"application/ld+json; "
        "charset=utf-8\">{\"@type\":\"http://schema.org/Product\",\"name\":\"X\"}</SCRIPT>",
        LD("{\"@graph\":[{\"@type\":[\"WebPage\",\"ItemPage\"],\"mainEntity\":{\"@type\":"
           "\"Product\",\"name\":\"X\"}}]}"),
        "<template>" LD("{\"@type\":\"Product\",\"name\":\"X\"}"),
    };
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        ts_str parts[] = {TS_S("<html><body>"), ts_str_c(scripts[i])};
        all_offers l = read_bytes(&a, ts_str_join(&a, parts, 2, TS_NONE), (ts_offer_options){0});
        assert_str(only(&l)->title, "X");
    }
}

static void test_unreadable_script(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_text(
        &a, PAGE("", LD("{\"@type\":\"Thing\"}") LD("{\"@type\":\"Product\",\"name\":{{title}}}")));
    assert_int_equal(l.ok.n, 0);
    assert_int_equal(l.bad.n, 1);
    says(
        &l.bad.v[0],
        "script 2 with JSON-LD cannot be read, and the page says nothing else of a product: JSON: ",
        1);
    /* where the page says it otherwise too, nothing is missing */
    l = read_text(
        &a, PAGE("", LD("{\"@type\":\"Product\",") "<p itemscope itemtype=//schema.org/Product><b "
                                                   "itemprop=name>Y</b></p>"));
    assert_str(only(&l)->title, "Y");
}

/* ---- microdata ---- */

static ts_str items_of(ts_arena *a, const char *body) {
    all_offers l = read_text(a, body);
    ts_buf b = ts_buf_new(a, 1 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_offer o = *only(&l);
    o.id = TS_NONE;
    ts_offer_write(&w, &o);
    return ts_buf_str(&b);
}

static void test_values_by_element(void **state) {
    (void)state;
    ts_arena a = test_arena();
    assert_str(
        items_of(
            &a,
            PAGE("", "<div itemscope itemtype='http://schema.org/Product https://schema.org/Thing'>"
                     "<meta itemprop=name content='By &quot;meta&quot;'><a itemprop='url' "
                     "href='https://x.example/?a&amp;b'>link</a>"
                     "<img itemprop='brand' alt='Amberly' src=logo.png><data itemprop=sku "
                     "value=AB-12>number twelve</data>"
                     "<time itemprop=releaseDate datetime=2026-01-05>today</time><meter "
                     "itemprop=power value=5>five</meter>"
                     "<object itemprop=image data='https://x.example/o.svg'></object><video "
                     "itemprop=image src=https://x.example/v.mp4></video>"
                     "<span itemprop=price content=9.90>9,90 €</span><span itemprop='color  "
                     "finish'>red <i>matt</i></span>"
                     "<link itemprop=availability href=https://schema.org/OutOfStock></div>")),
        "{\"url\":\"https://x.example/?a&b\",\"title\":\"By "
        "\\\"meta\\\"\",\"brand\":\"Amberly\",\"price\":\"9.90\",\"availability\":\"OutOfStock\","
        "\"identifiers\":[{\"kind\":\"internal\",\"value\":\"AB-12\"}],\"attributes\":{"
        "\"releaseDate\":\"2026-01-05\",\"power\":\"5\","
        "\"color\":\"red matt\",\"finish\":\"red "
        "matt\"},\"images\":[\"https://x.example/o.svg\",\"https://x.example/v.mp4\"]}");
}

static void test_references_of_items(void **state) {
    (void)state;
    ts_arena a = test_arena();
    assert_str(items_of(&a, PAGE("", "<div itemscope itemtype=//schema.org/Product itemref='one "
                                     "two nowhere one'><b itemprop=name>X</b></div>"
                                     "<div id=one><i itemprop=mpn>M-1</i></div><div id=two "
                                     "itemscope><i itemprop=color>red</i></div>")),
               "{\"title\":\"X\",\"model\":\"M-1\",\"attributes\":{\"color\":\"red\"}}");
    /* items that hold each other */
    assert_str(
        items_of(&a, PAGE("", "<div id=p itemscope itemtype=//schema.org/Product itemref=q><b "
                              "itemprop=name>X</b></div>"
                              "<div id=q itemprop=offers itemscope itemtype=//schema.org/Offer "
                              "itemref=p q><i itemprop=price>1</i></div>")),
        "{\"title\":\"X\",\"price\":\"1\"}");
}

static void test_end_tags_left_out(void **state) {
    (void)state;
    ts_arena a = test_arena();
    assert_str(
        items_of(&a, PAGE("", "<table itemscope itemtype=//schema.org/Product><tr><td>Name<td "
                              "itemprop=name>X<tr><td>Nr<td itemprop=mpn>M-1</table>"
                              "<ul><li>a</b></div><li>b</ul>")),
        "{\"title\":\"X\",\"model\":\"M-1\"}");
    assert_str(
        items_of(&a, PAGE("", "<div itemscope itemtype=//schema.org/Product><dl><dt>Name<dd "
                              "itemprop=name>X<dt>Nr<dd itemprop=mpn>M-1</dl>"
                              "<p itemprop=description>One<p>Two</div><p itemprop=color>outside")),
        "{\"title\":\"X\",\"model\":\"M-1\",\"description\":\"One\"}");
    /* a phrase's end tag does not end the block it stands in; an svg's "/>" does */
    assert_str(
        items_of(&a,
                 PAGE("", "<span><div itemscope itemtype=//schema.org/Product></span><svg><path "
                          "d='M0 0'/><title>icon</title></svg>"
                          "<b itemprop=name>X</b><br/><i itemprop=mpn>M-1</i></div>")),
        "{\"title\":\"X\",\"model\":\"M-1\"}");
}

/* ---- the tree and the text ---- */

static ts_str text_in(ts_arena *a, const char *html) {
    ts_html_tree t;
    ts_html_parse(a, ts_str_c(html), &t);
    for (size_t i = 0; i < t.n; i++) {
        assert_true(t.v[i].end > i && t.v[i].end <= t.n);
        if (i) assert_true(t.v[i].parent < i && t.v[t.v[i].parent].end >= t.v[i].end);
    }
    return ts_html_text_of(a, &t, 0, 1 << 20);
}

static void test_tokens(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const char *const cases[][2] = {
        {"a <b>b</b>c", "a bc"},
        {"a<p>b</p>c<br>d", "a\nb\nc\nd"},
        {"x<!-- <b>y</b> -->z<!-->w<!--->v", "xzwv"},
        {"1 < 2 <3 </ 4> <5", "1 < 2 <3 <5"},
        {"<![CDATA[x]]>y<?pi z?>w<!ELEMENT>", "yw"},
        {"a<script>if (x</b>1) '</scripty>'</script>b<style>p{}</style>c", "abc"},
        {"<title>a<b>&amp;</title>b", "a<b>&b"},
        {"<a href='x>y' title=\"a'b\" z=>t</a>", "t"},
        {"&lt;&#65;&#x42;&euro;&nope;&amp &ampere; &#128;&#0;&#x110000;",
         "<AB€&nope;& &ampere; €\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"a&nbsp;&nbsp; b\n\t c", "a b c"},
        {"<td>a<td>b<tr><td>c", "a b\nc"},
        {"text <unclosed attr='", "text"},
        {"text <!-- never closed", "text"},
        {"<script>never closed <b>x</b>", ""},
        {"<DIV CLASS=a>A</DIV >b", "A\nb"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_str(text_in(&a, cases[i][0]), cases[i][1]);
}

static void test_plain_text(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const char *const cases[][2] = {
        {"nothing to do", "nothing to do"},
        {"<p>a</p><p>b</p>", "a\nb"},
        {"kept <5 kg> <to> <custom-tag> a<b", "kept <5 kg> <to> <custom-tag> a<b"},
        {"&lt;p&gt;twice&lt;/p&gt;", "twice"},
        {"a<script>b</script>c<style>d</style >e<!-- f -->g", "aceg"},
        {"a<script>b", "a"},
        {"<b>a</b> <i>b", "a b"},
        {"lines\nstay\n\n as\r\nthey are", "lines\nstay\nas\nthey are"},
        {"R&D &amp; more", "R&D & more"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_str(ts_html_plain(&a, ts_str_c(cases[i][0])), cases[i][1]);
    assert_str(ts_html_line(&a, TS_S("<h1>Two\n lines</h1><p>more")), "Two lines more");
    ts_str same = TS_S("untouched");
    assert_ptr_equal(ts_html_line(&a, same).p, same.p);
    assert_ptr_equal(ts_html_decode(&a, same).p, same.p);
}

static void test_character_sets(void **state) {
    (void)state;
    ts_arena a = test_arena();
    assert_str(ts_html_utf8(&a, TS_S("\xEF\xBB\xBFM\xC3\xBChle"), TS_NONE), "Mühle");
    assert_str(ts_html_utf8(&a, TS_S("\xFF\xFEM\0\xFC\0"), TS_NONE), "Mü");
    assert_str(ts_html_utf8(&a, TS_S("\xFE\xFF\0M\0\xFC"), TS_NONE), "Mü");
    assert_str(ts_html_utf8(&a, TS_S("M\xFChle \x80"), TS_NONE), "Mühle €");
    assert_str(ts_html_utf8(&a, TS_S("<meta charset=GBK>\xB5\xE7\xCB\xAE\xBA\xF8"), TS_NONE),
               "<meta charset=GBK>电水壶");
    assert_str(
        ts_html_utf8(&a, TS_S("<?xml version='1.0' encoding='Shift_JIS'?>\x93\x64"), TS_NONE),
        "<?xml version='1.0' encoding='Shift_JIS'?>電");
    assert_str(ts_html_utf8(&a, TS_S("\xB5\xE7"), TS_S("gb2312")), "电");
    assert_str(ts_html_utf8(&a, TS_S("\xC4\xC5"), TS_S("windows-1251")), "ДЕ");
    /* declared as something else but well-formed UTF-8; declared UTF-8 with one bad byte */
    assert_str(ts_html_utf8(&a, TS_S("<meta charset=iso-8859-1>M\xC3\xBChle"), TS_NONE),
               "<meta charset=iso-8859-1>Mühle");
    assert_str(ts_html_utf8(&a, TS_S("<meta charset=utf-8>M\xC3\xBChle\xFF"), TS_NONE),
               "<meta charset=utf-8>Mühle\xEF\xBF\xBD");
    /* names that are not in the Encoding Standard are not tried */
    assert_str(ts_html_utf8(&a, TS_S("<meta charset='ISO-2022-CN-EXT//x'>\xFC"), TS_NONE),
               "<meta charset='ISO-2022-CN-EXT//x'>ü");
    assert_str(ts_html_utf8(&a, TS_S("<meta charset=utf-16le>\xFC"), TS_NONE),
               "<meta charset=utf-16le>\xEF\xBF\xBD");
    /* every name we know is one that the C library has */
    static const char *const labels[] = {
        "utf-8",        "latin1",       "gbk",          "big5",         "shift_jis",
        "euc-jp",       "iso-2022-jp",  "euc-kr",       "iso-8859-2",   "iso-8859-3",
        "iso-8859-4",   "iso-8859-5",   "iso-8859-6",   "iso-8859-7",   "iso-8859-8",
        "iso-8859-9",   "iso-8859-10",  "iso-8859-13",  "iso-8859-14",  "iso-8859-15",
        "iso-8859-16",  "windows-1250", "windows-1251", "windows-1253", "windows-1255",
        "windows-1256", "windows-1257", "windows-1258", "windows-874",  "koi8-r",
        "koi8-u",       "ibm866",       "macintosh"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        ts_str got = ts_html_utf8(&a, TS_S("abc \xE4\xE4"), ts_str_c(labels[i]));
        assert_true(ts_str_starts(got, TS_S("abc ")) && ts_utf8_bad(got) == TS_NPOS);
        assert_non_null(ts_html_charset(ts_str_c(labels[i])));
    }
    all_offers l = read_bytes(
        &a,
        TS_S("<html><meta http-equiv=content-type content='text/html; "
             "charset=windows-1252'><h1>M\xFChle</h1>"
             "<div itemscope itemtype=//schema.org/Product><b itemprop=name>M\xFChle</b></div>"),
        (ts_offer_options){0});
    assert_str(only(&l)->title, "Mühle");
}

/* ---- addresses ---- */

static void put_one(void *ctx, const ts_offer *o, bool listed) {
    (void)listed;
    *(ts_offer *)ctx = *o;
}

static ts_offer from_page(ts_arena *a, const char *html, const char *url) {
    offer_names names;
    ts_offer o = {0};
    ts_error e = {0};
    assert_true(offer_names_build(a, TS_NONE, &names, &e));
    assert_true(offers_from_html(a, &names, ts_str_c(html), ts_str_c(url), put_one, &o, &e));
    return o;
}

static void test_addresses(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const char *const cases[][2] = {
        {"/x", "https://s.example/x"},
        {"x", "https://s.example/a/b/x"},
        {"../x", "https://s.example/a/x"},
        {"../../../x", "https://s.example/x"},
        {"./x?y", "https://s.example/a/b/x?y"},
        {"?z", "https://s.example/a/b/c?z"},
        {"#t", "https://s.example/a/b/c?q#t"},
        {"//t.example/x", "https://t.example/x"},
        {"http://u.example", "http://u.example"},
        {" x y ", "https://s.example/a/b/x y"},
        {"javascript:alert(1)", "https://s.example/a/b/c?q"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_buf b = ts_buf_new(&a, 1000);
        ts_buf_fmt(&b,
                   "<div itemscope itemtype=//schema.org/Product><b itemprop=name>X</b><a "
                   "itemprop=url href=\"%s\"></a></div>",
                   cases[i][0]);
        ts_buf_c(&b, 0);
        assert_str(from_page(&a, b.p, "https://s.example/a/b/c?q").url, cases[i][1]);
    }
    const char *plain = "<div itemscope itemtype=//schema.org/Product><b itemprop=name>X</b><img "
                        "itemprop=image src=i.jpg></div>";
    assert_str(from_page(&a, plain, "https://s.example/p").url, "https://s.example/p");
    assert_str(from_page(&a, plain, "https://s.example").images.v[0], "https://s.example/i.jpg");
    assert_str(from_page(&a, plain, "").images.v[0], "i.jpg");
}

/* ---- pages that mean harm ---- */

static ts_str repeat(ts_arena *a, const char *head, const char *part, size_t n, const char *tail) {
    ts_buf b = ts_buf_new(a, 64 << 20);
    ts_buf_put(&b, ts_str_c(head));
    for (size_t i = 0; i < n; i++) ts_buf_put(&b, ts_str_c(part));
    ts_buf_put(&b, ts_str_c(tail));
    return ts_buf_str(&b);
}

#define PRODUCT "<div itemscope itemtype=//schema.org/Product><b itemprop=name>X</b></div>"

static void test_hostile_pages(void **state) {
    (void)state;
    ts_arena a = test_arena();
    uint64_t start = ts_nanos();
    struct {
        ts_str page;
        size_t offers;
        const char *problem;
    } cases[] = {
        {repeat(&a, "<html>" PRODUCT, "<div>", 200000, ""), 1, 0},
        {repeat(&a, "<html>", "<b>", 200000, PRODUCT), 0,
         "elements are nested deeper than 256, and no product could be made out"},
        {repeat(&a, "<html>", "<x></y>", 200000, PRODUCT), 0,
         "elements are nested deeper than 256"},
        {repeat(&a, "<html>" PRODUCT "<a", " b=c", 2000000, ">"), 1, 0},
        {repeat(&a, "<html>" PRODUCT "<a", " href=c", 1000000, ">"), 1, 0},
        {repeat(&a, "<html>" PRODUCT, "<!--", 1000000, ""), 1, 0},
        {repeat(&a, "<html>" PRODUCT, "<script>", 1000000, ""), 1, 0},
        {repeat(&a, "<html>" PRODUCT, "</", 2000000, ""), 1, 0},
        {repeat(&a, "<html>" PRODUCT, "<a b='", 1000000, ""), 1, 0},
        {repeat(&a, "<html>" PRODUCT, "&", 4000000, ""), 1, 0},
        {repeat(&a, "<html>" PRODUCT, "<i>", 1200000, ""), 1,
         "more than 1048576 elements and texts"},
        {repeat(&a, "<html>", PRODUCT, 2500, ""), 1, "more than 2,000 items"},
        {repeat(&a, "<html>", LD("{\"@type\":\"Product\",\"name\":\"X\"}"), 201, ""), 1,
         "more than 200 scripts with JSON-LD"},
        {repeat(&a, "<html><script type=application/ld+json>[",
                "{\"@type\":\"Product\",\"name\":\"X\",\"sku\":\"S1\",\"url\":\"/1\"},", 20000,
                "{}]</script>"),
         1, "more than 2,000 offers"},
        {repeat(&a, "<html><div itemscope itemtype=//schema.org/Product><b itemprop=name>X</b>",
                "<i itemprop=a itemscope>", 200, ""),
         1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_arena work = a;
        all_offers l = read_bytes(&work, cases[i].page, (ts_offer_options){0});
        if (l.ok.n != cases[i].offers) print_error("page %zu\n", i);
        assert_int_equal(l.ok.n, cases[i].offers);
        assert_int_equal(l.bad.n, cases[i].problem != 0);
        if (l.bad.n) says(&l.bad.v[0], cases[i].problem, 1);
        if (l.bad.n) assert_int_equal(l.bad.v[0].code, TS_E_LIMIT);
    }
    assert_true(ts_nanos() - start < 60000000000ull); /* seconds, also under sanitizers */
}

/* itemref that leads from every item to every item */
static void test_items_in_circles(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_buf refs = ts_buf_new(&a, 1 << 16), page = ts_buf_new(&a, 16 << 20);
    for (int i = 0; i < 60; i++) ts_buf_fmt(&refs, "i%d ", i);
    ts_buf_lit(&page, "<html>");
    for (int i = 0; i < 60; i++) {
        ts_buf_fmt(&page,
                   "<div id=i%d itemprop=offers itemscope itemtype=//schema.org/%s "
                   "itemref='%.*s'><b itemprop=name>X</b>",
                   i, i % 2 ? "Product" : "Offer", TS_P(ts_buf_str(&refs)));
        for (int k = 0; k < 2000; k++) ts_buf_lit(&page, "<i>");
        ts_buf_lit(&page, "</div>");
    }
    ts_buf_lit(&page, PRODUCT);
    all_offers l = read_bytes(&a, ts_buf_str(&page), (ts_offer_options){0});
    assert_true(l.ok.n >= 1);
    assert_true(l.bad.n <= 1);
}

static void test_page_too_long(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = read_bytes(&a, repeat(&a, "<html>" PRODUCT, "                ", 2 << 20, "<p>"),
                              (ts_offer_options){0});
    assert_int_equal(l.ok.n, 0);
    assert_int_equal(l.bad.n, 1);
    says(&l.bad.v[0], "a page longer than 32 MiB is left out", 1);
    l = read_bytes(&a, repeat(&a, "<html>" PRODUCT, "                ", (2 << 20) - 1000, "<p>"),
                   (ts_offer_options){0});
    assert_str(only(&l)->title, "X");
}

/* ---- real data ---- */

static all_offers real(ts_arena *a, const char *name) {
    const char *path = test_data(name);
    if (!path) skip();
    return read_path(a, path);
}

static void expect_anvil(const char *name) {
    ts_arena a = test_arena();
    all_offers l = real(&a, name);
    const ts_offer *o = only(&l);
    assert_str(o->title, "Executive Anvil");
    assert_str(o->brand, "ACME");
    assert_str(o->model, "925872");
    assert_str(o->price, "119.99");
    assert_str(o->currency, "USD");
    assert_str(o->seller, "Executive Objects");
    assert_str(o->condition, "used");
    assert_str(o->availability, "InStock");
    assert_true(ts_str_starts(
        o->description, TS_S("Sleeker than ACME's Classic Anvil, the Executive Anvil is perfect")));
    assert_str(o->images.v[0], "anvil_executive.jpg");
}

static void test_anvil(void **state) {
    (void)state;
    expect_anvil("offers/html/product.html");
}
static void test_anvil_with_references(void **state) {
    (void)state;
    expect_anvil("offers/html/product-ref.html");
}
static void test_anvil_fragment(void **state) {
    (void)state;
    expect_anvil("offers/html/product_microdata.html");
}

static void test_real_microdata_page(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = real(&a, "offers/html/microdata-with-description.html");
    const ts_offer *o = only(&l);
    assert_true(ts_str_starts(o->title, TS_S("Johnsons 4 Fleas")));
    assert_str(o->brand, "Johnsons");
    assert_str(o->currency, "GBP");
    assert_true(o->description.n > 500 && ts_str_chr(o->description, '<') == TS_NPOS);
    assert_true(ts_str_starts(o->url, TS_S("https://")));
}

static void test_real_open_graph_page(void **state) {
    (void)state;
    ts_arena a = test_arena();
    all_offers l = real(&a, "offers/html/opengraph_ns_product_test.html");
    const ts_offer *o = only(&l);
    assert_true(ts_str_starts(o->title, TS_S("Better Off Dead")));
    assert_str(o->price, "17.99");
    assert_str(o->currency, "USD");
    assert_str(o->condition, "new");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_at_once),
        cmocka_unit_test(test_rdfa),
        cmocka_unit_test(test_list_page),
        cmocka_unit_test(test_no_product),
        cmocka_unit_test(test_recommendations),
        cmocka_unit_test(test_same_and_different),
        cmocka_unit_test(test_open_graph),
        cmocka_unit_test(test_sloppy_scripts),
        cmocka_unit_test(test_unreadable_script),
        cmocka_unit_test(test_values_by_element),
        cmocka_unit_test(test_references_of_items),
        cmocka_unit_test(test_end_tags_left_out),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_plain_text),
        cmocka_unit_test(test_character_sets),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_hostile_pages),
        cmocka_unit_test(test_items_in_circles),
        cmocka_unit_test(test_page_too_long),
        cmocka_unit_test(test_anvil),
        cmocka_unit_test(test_anvil_with_references),
        cmocka_unit_test(test_anvil_fragment),
        cmocka_unit_test(test_real_microdata_page),
        cmocka_unit_test(test_real_open_graph_page),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
