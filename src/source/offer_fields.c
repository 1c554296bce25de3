#include "offer_fields.h"

/* Squeezed names, lower case. Google Merchant (support.google.com/merchants, product data
 * specification), schema.org, common export columns in en/de/zh and a few others. */
static const struct {
    offer_field f;
    const char *names;
} known[] = {
    {OF_ID,
     "id itemid offerid productid listingid asinid 商品id 宝贝id identifier artikelid angebotsid"},
    {OF_URL, "url link producturl itemurl weburl productlink 链接 商品链接 宝贝链接 produktlink "
             "deeplink pageurl"},
    {OF_TITLE,
     "title name productname producttitle itemtitle itemname titel bezeichnung produktname "
     "artikelname artikelbezeichnung 标题 名称 商品名称 商品标题 宝贝名称 产品名称 品名 headline"},
    {OF_BRAND, "brand brandname marke 品牌 marque marca marcas markenname merek merk jenama "
               "thươnghiệu แบรนด์ ยี่ห้อ"},
    {OF_MODEL, "model mpn modelnumber modelname manufacturerpartnumber partnumber modell "
               "modellnummer herstellernummer herstellerartikelnummer 型号 款号 货号 规格型号 "
               "modele modelo modeltype herstellernr"},
    {OF_DESCRIPTION,
     "description desc productdescription longdescription beschreibung produktbeschreibung 描述 "
     "详情 商品描述 产品描述 shortdescription details text bodyhtml"},
    {OF_CATEGORY, "category producttype googleproductcategory cat breadcrumb breadcrumbs "
                  "categorytree rootcategory kategorie warengruppe 类目 分类 类别 categorypath"},
    {OF_GTIN, "gtin gtin8 gtin12 gtin13 gtin14 ean ean13 upc barcode isbn isbn13 strichcode 条码 "
              "条形码 商品条码 国际条码 gtins eans jan"},
    {OF_ASIN, "asin fnsku"},
    {OF_CODE,
     "sku artikelnummer artnr bestellnummer itemnumber articlenumber 编号 商品编号 productcode"},
    {OF_PRICE,
     "price preis 价格 saleprice finalprice pricecny pricevalue lowprice prix precio amount 售价"},
    {OF_CURRENCY, "currency cur pricecurrency waehrung währung 币种 currencycode"},
    {OF_SELLER, "seller sellername store storename shop shopname haendler händler verkäufer "
                "verkaeufer anbieter 店铺 店铺名称 卖家 merchant vendor 店名"},
    {OF_CONDITION, "condition itemcondition zustand 成色 新旧程度"},
    {OF_AVAILABILITY, "availability verfügbarkeit verfuegbarkeit instock 库存状态"},
    {OF_MANUFACTURER,
     "manufacturer manufacturername hersteller 生产厂家 生产商 生产者 制造商 厂家 厂名 producer"},
    {OF_MANUFACTURER_ADDRESS,
     "manufactureraddress herstelleradresse herstelleranschrift 厂址 生产厂址 生产地址"},
    {OF_MANUFACTURER_CONTACT, "manufacturercontact manufactureremail manufacturerurl "
                              "manufacturerphone herstellerkontakt herstelleremail 联系方式"},
    {OF_RESPONSIBLE, "responsibleperson responsible responsiblepersonname euresponsibleperson "
                     "authorisedrepresentative authorizedrepresentative importer "
                     "verantwortlicheperson bevollmächtigter importeur 进口商 欧盟负责人"},
    {OF_RESPONSIBLE_ADDRESS, "responsiblepersonaddress responsibleaddress importeraddress"},
    {OF_RESPONSIBLE_CONTACT,
     "responsiblepersonemail responsiblecontact responsibleemail responsiblepersoncontact"},
    {OF_IMAGE, "image images imagelink imageurl imageurls additionalimagelink mainimage bild "
               "bilder bildlink 图片 主图 img picture pictures"},
    {OF_LANGUAGE, "language lang inlanguage contentlanguage sprache 语言"},
    {OF_MARKET, "market country countrycode targetcountry land 国家 marktplatzland"},
    {OF_NOTICE, "notice notices recall recallnumber alertnumber casenumber noticenumber rueckruf "
                "rückruf 召回编号"},
    {OF_PASSPORT,
     "passport digitalproductpassport dpp digitallink passporturl 数字产品护照 produktpass"},
    {OF_ATTRIBUTES,
     "attributes additionalproperty specifications productspecifications specs spectablecontent "
     "otherattributes productdetail 属性 参数 规格参数 merkmale eigenschaften"},
    {OF_OFFERS, "offers offer variants"},
    {OF_IDENTIFIERS, "identifiers"},
    {OF_IGNORE,
     "type context graph aggregaterating review reviews rating ratings relatedproducts topreviews "
     "videos video sales salesvolume sold stock reviewscount imagecount hard cluster clusterid "
     "label gmv gmvcal timestamp month itemgroupid initialprice originalprice listprice "
     "pricevaliduntil domain numbersold favorite vouchers promotions flashsale flashsaletime "
     "categoryurl categoryid isavailable sellerrating sellerratings sellerproducts sellerfollowers "
     "sellerjoineddate sellerchattimereply sellerchatsrespondedpercentage sellerchatresponse "
     "sellershipontime issuperseller lazmall productratings ratingvalue ratingcount reviewcount "
     "bestrating worstrating"},
};

/* Letters, digits and bytes outside ASCII, lower case; "g:" and "@" dropped. */
static ts_str squeeze_name(ts_str s, char buf[64]) {
    if (ts_str_istarts(s, TS_S("g:"))) s = ts_str_from(s, 2);
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < 64; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (ts_is_alnum(c) || c >= 0x80) buf[n++] = (char)ts_lower(c);
    }
    return (ts_str){buf, n};
}

static bool field_by_name(ts_str name, offer_field *f) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ts_str l = ts_str_c(known[i].names);
        while (l.p)
            if (ts_str_eq(ts_str_cut(&l, ' '), name)) return *f = known[i].f, true;
    }
    return false;
}

/* Fields of which an offer has several, from as many columns. */
static bool grows(offer_field f) {
    return f == OF_GTIN || f == OF_ASIN || f == OF_CODE || f == OF_IMAGE || f == OF_NOTICE ||
           f == OF_ATTRIBUTES || f == OF_ATTRIBUTE;
}

/* The names we know; those of a field that the user named a column for are ordinary attributes
 * then. */
static void put_known(ts_arena *a, offer_names *n, uint64_t mapped) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        offer_field f = known[i].f;
        if (mapped >> f & 1 && !grows(f)) f = OF_ATTRIBUTE;
        ts_str l = ts_str_c(known[i].names);
        while (l.p) *ts_map_put(a, &n->map, ts_str_cut(&l, ' '), 0) = f;
    }
}

bool offer_names_build(ts_arena *a, ts_str map, offer_names *n, ts_error *e) {
    struct {
        offer_field f;
        ts_str name;
    } pairs[OF_FIELDS * 2];
    size_t count = 0;
    uint64_t mapped = 0;
    *n = (offer_names){0};
    while (map.n) {
        ts_str theirs = ts_str_cut(&map, ','), ours = ts_str_trim(ts_str_cut(&theirs, '='));
        char buf[64];
        offer_field f;
        if (!field_by_name(squeeze_name(ours, buf), &f) || !squeeze_name(theirs, buf).n)
            return ts_fail(e, TS_E_USAGE,
                           "--map: '%.*s' is no field; write FIELD=THEIR_NAME with a field such as "
                           "title, brand, model, gtin, "
                           "description, category, price, seller, url, id",
                           TS_P(ours));
        if (count == sizeof pairs / sizeof *pairs)
            return ts_fail(e, TS_E_USAGE, "--map: more than %zu pairs", count);
        pairs[count].f = f;
        pairs[count++].name = ts_str_dup(a, squeeze_name(theirs, buf));
        mapped |= 1ull << f;
    }
    put_known(a, n, mapped);
    for (size_t i = 0; i < count; i++) *ts_map_put(a, &n->map, pairs[i].name, 0) = pairs[i].f;
    return true;
}

offer_field offer_names_find(const offer_names *n, ts_str name) {
    char buf[64];
    uint64_t *f = ts_map_get(&n->map, squeeze_name(name, buf));
    return f ? (offer_field)*f : OF_ATTRIBUTE;
}

size_t offer_names_known(const offer_names *n, const ts_strs *header) {
    size_t k = 0;
    for (size_t i = 0; i < header->n; i++) k += offer_names_find(n, header->v[i]) > OF_IGNORE;
    return k;
}

/* ---- values ---- */

enum {
    SHORT_MAX = 2000, /* bytes of a title, name, price … */
    URL_MAX = 4096,
    DESCRIPTION_MAX = 64 << 10,
    FIELD_MAX = 256 << 10, /* bytes of a raw value that are looked at */
    ATTRIBUTES_MAX = 200,
    IDENTIFIERS_MAX = 200,
    LIST_MAX = 50, /* images, notices */
};

static bool one_of(ts_str s, const char *const *words) {
    for (; *words; words++)
        if (ts_str_ieq(s, ts_str_c(*words))) return true;
    return false;
}

static bool says_nothing(offer_field f, ts_str s) {
    static const char *const none[] = {"null", "none", "nan", "n/a", "undefined",
                                       "-",    "--",   "[]",  "{}",  0};
    static const char *const no_brand[] = {"no brand",
                                           "nobrand",
                                           "unbranded",
                                           "not applicable",
                                           "does not apply",
                                           "unknown",
                                           "na",
                                           "no-brand",
                                           "ohne marke",
                                           "markenlos",
                                           "nicht zutreffend",
                                           "unbekannt",
                                           "无品牌",
                                           "无",
                                           "其他",
                                           "其它",
                                           "other",
                                           "others",
                                           "sin marca",
                                           "sans marque",
                                           "tidak ada merek",
                                           "tidak bermerek",
                                           "tidak ada merk",
                                           "no brands",
                                           "không có thương hiệu",
                                           "no model",
                                           "default",
                                           0};
    if (!s.n || one_of(s, none)) return true;
    return (f == OF_BRAND || f == OF_MODEL || f == OF_MANUFACTURER) && one_of(s, no_brand);
}

static bool is_place(offer_field f) { return f == OF_URL || f == OF_IMAGE || f == OF_PASSPORT; }

/* The value as an offer holds it: plain text in one line; lines are kept in a description alone. */
static ts_str clean(ts_arena *a, offer_field f, ts_str v) {
    v = ts_str_trim(ts_str_clip(ts_str_trim(v), FIELD_MAX));
    if (!v.n) return v;
    if (f == OF_DESCRIPTION) return ts_str_clip(ts_html_plain(a, v), DESCRIPTION_MAX);
    if (f == OF_MANUFACTURER_CONTACT || f == OF_RESPONSIBLE_CONTACT) {
        if (ts_str_istarts(v, TS_S("mailto:"))) v = ts_str_from(v, 7);
        if (ts_str_istarts(v, TS_S("tel:"))) v = ts_str_from(v, 4);
    }
    if (!is_place(f)) return ts_str_clip(ts_html_line(a, v), SHORT_MAX);
    v = ts_html_decode(a, v);
    bool inside = ts_str_istarts(v, TS_S("data:")) || ts_str_istarts(v, TS_S("javascript:")) ||
                  ts_str_istarts(v, TS_S("about:"));
    return inside || v.n > URL_MAX ? TS_NONE : v;
}

static void first(ts_str *slot, ts_str value) {
    if (!slot->n) *slot = value;
}

static bool is_iso_code(ts_str s) {
    if (s.n != 3) return false;
    for (size_t i = 0; i < 3; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z') return false;
    return true;
}

/* "7.9E2" is what a program wrote where a person wrote 790. */
static ts_str plain_number(ts_arena *a, ts_str v) {
    double x;
    if ((ts_str_chr(v, 'e') == TS_NPOS && ts_str_chr(v, 'E') == TS_NPOS) || !ts_f64_parse(v, &x) ||
        x < 0 || x > 1e12)
        return v;
    ts_buf b = ts_buf_new(a, 64);
    ts_buf_fmt(&b, "%.4f", x);
    while (b.n && b.p[b.n - 1] == '0') b.n--;
    if (b.n && b.p[b.n - 1] == '.') b.n--;
    return ts_buf_str(&b);
}

/* The currency that a column's own name says: "price_cny". */
static ts_str currency_in(ts_str name) {
    static const char *const codes[] = {"CNY", "EUR", "USD", "GBP", "CHF", "JPY"};
    ts_str tail = name.n > 4 ? ts_str_from(name, name.n - 3) : TS_NONE;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (ts_str_ieq(tail, ts_str_c(codes[i]))) return ts_str_c(codes[i]);
    return TS_NONE;
}

/* "189.00 CHF", "CHF 189.00", "EUR12,99": amount and currency. */
static void put_price(ts_arena *a, ts_offer *o, ts_str name, ts_str v) {
    o->price = v = plain_number(a, v);
    first(&o->currency, currency_in(name));
    if (v.n < 4) return;
    ts_str head = ts_str_to(v, 3), tail = ts_str_from(v, v.n - 3);
    bool behind = is_iso_code(tail);
    if (!behind && !is_iso_code(head)) return;
    ts_str amount = ts_str_trim(behind ? ts_str_to(v, v.n - 3) : ts_str_from(v, 3));
    if (!amount.n || !ts_is_digit(behind ? amount.p[amount.n - 1] : amount.p[0])) return;
    o->price = amount;
    first(&o->currency, behind ? tail : head);
}

/* schema.org's address of a term: "https://schema.org/UsedCondition" is "used", ".../InStock" is
 * "InStock". Tables say whether something is in stock by yes and no. */
static ts_str term(ts_arena *a, ts_str v, offer_field f) {
    if (f == OF_AVAILABILITY && (ts_str_ieq(v, TS_S("true")) || ts_str_is(v, "1")))
        return TS_S("InStock");
    if (f == OF_AVAILABILITY && (ts_str_ieq(v, TS_S("false")) || ts_str_is(v, "0")))
        return TS_S("OutOfStock");
    size_t at = ts_str_ifind(v, TS_S("schema.org/"));
    if (at != TS_NPOS)
        v = ts_str_from(v, at + 11);
    else if (ts_str_istarts(v, TS_S("schema:")))
        v = ts_str_from(v, 7);
    if (f != OF_CONDITION || v.n <= 9 || !ts_str_ends(v, TS_S("Condition"))) return v;
    char *p = ts_new_raw(a, char, v.n - 9);
    for (size_t i = 0; i < v.n - 9; i++) p[i] = (char)ts_lower((unsigned char)v.p[i]);
    return (ts_str){p, v.n - 9};
}

static void put_attribute(ts_arena *a, ts_offer *o, ts_str name, ts_str value) {
    enum { NAME_MAX_BYTES = 200 };
    name = ts_str_clip(ts_html_line(a, ts_str_trim(ts_str_clip(name, SHORT_MAX))), NAME_MAX_BYTES);
    if (o->attributes.n >= ATTRIBUTES_MAX || !name.n) return;
    for (size_t i = 0; i < o->attributes.n; i++)
        if (ts_str_ieq(o->attributes.v[i].name, name) && ts_str_eq(o->attributes.v[i].value, value))
            return;
    *ts_push(a, &o->attributes) = (ts_attribute){name, value};
}

static bool all_digits(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return false;
    return s.n > 0;
}

/* A number of a taxonomy says nothing to a reader. */
static void put_category(ts_arena *a, ts_offer *o, ts_str name, ts_str value) {
    if (all_digits(value))
        put_attribute(a, o, name.n ? name : TS_S("category"), value);
    else
        first(&o->category, value);
}

static void put_identifier(ts_arena *a, ts_offer *o, offer_field f, ts_str value) {
    if (o->identifiers.n >= IDENTIFIERS_MAX) return;
    if (f == OF_GTIN) {
        ts_identifiers_from_field(a, value, true, &o->identifiers);
        return;
    }
    ts_identifier id = ts_identifier_classify(a, value, f == OF_ASIN);
    if (f == OF_ASIN || id.kind != TS_ID_PROSE) ts_identifiers_add(a, &o->identifiers, id);
}

static ts_str *slot_of(ts_offer *o, offer_field f) {
    switch (f) {
    case OF_ID: return &o->id;
    case OF_URL: return &o->url;
    case OF_TITLE: return &o->title;
    case OF_BRAND: return &o->brand;
    case OF_MODEL: return &o->model;
    case OF_DESCRIPTION: return &o->description;
    case OF_CATEGORY: return &o->category;
    case OF_PRICE: return &o->price;
    case OF_CURRENCY: return &o->currency;
    case OF_SELLER: return &o->seller;
    case OF_CONDITION: return &o->condition;
    case OF_AVAILABILITY: return &o->availability;
    case OF_MANUFACTURER: return &o->manufacturer;
    case OF_MANUFACTURER_ADDRESS: return &o->manufacturer_address;
    case OF_MANUFACTURER_CONTACT: return &o->manufacturer_contact;
    case OF_RESPONSIBLE: return &o->responsible;
    case OF_RESPONSIBLE_ADDRESS: return &o->responsible_address;
    case OF_RESPONSIBLE_CONTACT: return &o->responsible_contact;
    case OF_LANGUAGE: return &o->language;
    case OF_MARKET: return &o->market;
    case OF_PASSPORT: return &o->passport;
    default: return 0;
    }
}

void offer_put(ts_arena *a, ts_offer *o, offer_field f, ts_str name, ts_str value) {
    ts_str *slot = slot_of(o, f);
    if (f == OF_IGNORE || f == OF_OFFERS || (slot && slot->n)) return;
    value = clean(a, f, value);
    if (says_nothing(f, value)) return;
    switch (f) {
    case OF_PRICE: put_price(a, o, name, value); break;
    case OF_CATEGORY: put_category(a, o, name, value); break;
    case OF_CONDITION:
    case OF_AVAILABILITY: *slot = term(a, value, f); break;
    case OF_GTIN:
    case OF_ASIN:
    case OF_CODE:
    case OF_IDENTIFIERS: put_identifier(a, o, f, value); break;
    case OF_IMAGE:
        if (o->images.n < LIST_MAX) ts_strs_add(a, &o->images, value);
        break;
    case OF_NOTICE:
        if (o->notices.n < LIST_MAX) ts_strs_add(a, &o->notices, value);
        break;
    case OF_ATTRIBUTE:
    case OF_ATTRIBUTES: put_attribute(a, o, name, value); break;
    default:
        if (slot) *slot = value;
    }
}

void offer_put_pair(ts_arena *a, const offer_names *n, ts_offer *o, ts_str name, ts_str value) {
    offer_put(a, o, OF_ATTRIBUTE, name, value);
    offer_field f = offer_names_find(n, name);
    bool fills = f == OF_BRAND || f == OF_MODEL || f == OF_GTIN || f == OF_ASIN ||
                 (f >= OF_MANUFACTURER && f <= OF_RESPONSIBLE_CONTACT);
    if (fills) offer_put(a, o, f, name, value);
}

static bool has_attribute(const ts_offer *o, ts_str name) {
    for (size_t i = 0; i < o->attributes.n; i++)
        if (ts_str_ieq(o->attributes.v[i].name, name)) return true;
    return false;
}

void offer_fill(ts_arena *a, ts_offer *o, const ts_offer *from) {
    ts_offer copy = *from;
    if (o->price.n && !ts_str_eq(o->price, from->price))
        copy.currency = TS_NONE; /* a currency belongs to its price */
    for (int f = OF_ID; f < OF_FIELDS; f++) {
        ts_str *slot = slot_of(o, (offer_field)f);
        if (slot) first(slot, *slot_of(&copy, (offer_field)f));
    }
    for (size_t i = 0; i < from->identifiers.n && o->identifiers.n < IDENTIFIERS_MAX; i++)
        ts_identifiers_add(a, &o->identifiers, from->identifiers.v[i]);
    for (size_t i = 0; i < from->images.n && o->images.n < LIST_MAX; i++)
        ts_strs_add(a, &o->images, from->images.v[i]);
    for (size_t i = 0; i < from->notices.n && o->notices.n < LIST_MAX; i++)
        ts_strs_add(a, &o->notices, from->notices.v[i]);
    for (size_t i = 0; i < from->attributes.n && o->attributes.n < ATTRIBUTES_MAX; i++)
        if (!has_attribute(o, from->attributes.v[i].name))
            *ts_push(a, &o->attributes) = from->attributes.v[i];
}

static ts_strs copy_list(ts_arena *a, const ts_strs *l) {
    ts_strs out = {0};
    for (size_t i = 0; i < l->n; i++) *ts_push(a, &out) = ts_str_dup(a, l->v[i]);
    return out;
}

ts_offer offer_copy(ts_arena *a, const ts_offer *o) {
    ts_offer out = *o;
    for (int f = OF_ID; f < OF_FIELDS; f++) {
        ts_str *slot = slot_of(&out, (offer_field)f);
        if (slot) *slot = ts_str_dup(a, *slot);
    }
    out.images = copy_list(a, &o->images);
    out.notices = copy_list(a, &o->notices);
    out.identifiers = (ts_identifiers){0};
    out.attributes = (ts_attributes){0};
    for (size_t i = 0; i < o->identifiers.n; i++) {
        ts_identifier id = o->identifiers.v[i];
        id.text = ts_str_dup(a, id.text);
        *ts_push(a, &out.identifiers) = id;
    }
    for (size_t i = 0; i < o->attributes.n; i++)
        *ts_push(a, &out.attributes) = (ts_attribute){ts_str_dup(a, o->attributes.v[i].name),
                                                      ts_str_dup(a, o->attributes.v[i].value)};
    return out;
}

void offer_finish(ts_arena *a, ts_offer *o, const char *file, uint64_t record, ts_str market) {
    o->record = record;
    first(&o->market, market);
    first(&o->id, o->url);
    if (o->id.n) return;
    ts_buf b = ts_buf_new(a, 512);
    ts_buf_fmt(&b, "%s:%llu", file, (unsigned long long)record);
    o->id = ts_buf_str(&b);
}
