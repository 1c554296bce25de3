/* The Safety Gate (RAPEX until 2018) in its five shapes. docs/formats.md has the columns. */
#include "notice_make.h"

#define PORTAL "https://ec.europa.eu/safety-gate-alerts/"

/* Keys where a portal has names: "measure.category.recall.of.product" and PRODUCT_RECALL as words.
 */
static ts_str in_words(ts_arena *a, ts_str s) {
    static const char *const heads[] = {
        "measure.category.", "measure.type.",     "risktype.",          "productcategory.",
        "product.category.", "notificationtype.", "notification.type.", "option."};
    bool key = s.n > 0;
    for (size_t i = 0; i < s.n; i++)
        key &= ts_is_alnum((unsigned char)s.p[i]) || s.p[i] == '_' || s.p[i] == '.';
    bool upper = key;
    for (size_t i = 0; i < s.n; i++) upper &= !(s.p[i] >= 'a' && s.p[i] <= 'z');
    if (!key ||
        (ts_str_chr(s, '_') == TS_NPOS && ts_str_chr(s, '.') == TS_NPOS && !(upper && s.n > 3)))
        return s;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (ts_str_istarts(s, ts_str_c(heads[i]))) s = ts_str_from(s, strlen(heads[i]));
    char *p = ts_new_raw(a, char, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i] == '_' || s.p[i] == '.' ? ' ' : s.p[i];
        p[i] = (char)(i == 0 ? ts_upper((unsigned char)c) : upper ? ts_lower((unsigned char)c) : c);
    }
    return (ts_str){p, s.n};
}

static bool numbered(maker *m, ts_str number, ts_error *e) {
    if (!number.n && !m->n->product.n && !m->n->brands.n && !m->n->description.n)
        return ts_fail(e, TS_E_INPUT, "the record has neither a number nor a product");
    make_id(m, "safety_gate", number);
    if (ts_str_starts(number, TS_S("INFO/"))) m->n->kind = TS_NOTICE_INFORMATION;
    return true;
}

static void add_line(maker *m, ts_str *slot, const char *label, ts_str s) {
    if (make_unknown(m, s)) return;
    ts_buf b = ts_buf_new(m->a, RECORD_TEXT_MAX);
    ts_buf_put(&b, *slot);
    if (b.n) ts_buf_c(&b, '\n');
    ts_buf_put(&b, ts_str_c(label));
    ts_buf_put(&b, s);
    *slot = ts_buf_str(&b);
}

/* The measures column runs its labels together: "…: ManufacturerCategory of measure(s): Recall…".
 */
static ts_str measures_apart(ts_arena *a, ts_str s) {
    static const char *const labels[] = {"Type of economic operator", "Category of measure(s)",
                                         "Date of entry into force"};
    ts_buf b = ts_buf_new(a, s.n + 400);
    for (size_t i = 0; i < s.n; i++) {
        for (size_t k = 0; k < sizeof labels / sizeof *labels; k++)
            if (i > 0 && s.p[i - 1] != '\n' &&
                ts_str_starts(ts_str_from(s, i), ts_str_c(labels[k])))
                ts_buf_c(&b, '\n');
        ts_buf_c(&b, s.p[i]);
    }
    return record_clean(a, ts_buf_str(&b));
}

static void images(maker *m, const char *path) { record_all(m->r, path, &m->n->images); }

/* "Consumer", "Professional": for whom it is, not what it is. */
static bool user_type(ts_str s) {
    return ts_str_istarts(s, TS_S("consumer")) || ts_str_istarts(s, TS_S("professional")) ||
           ts_str_istarts(s, TS_S("both"));
}

/* ---- weekly report, XML ---- */

bool read_safety_gate_xml(maker *m, ts_error *e) {
    enum { SHOP_NAME = 60 };
    const record *r = m->r;
    ts_notice *n = m->n;
    make_text(&n->name, record_text(r, "name"));
    if (make_unknown(m, n->name)) n->name = TS_NONE;
    make_product(m, record_text(r, "product"));
    make_brands(m, record_text(r, "brand"));
    make_text(&n->category, record_text(r, "category"));
    make_text(&n->description, record_text(r, "description"));
    make_text(&n->hazard, record_text(r, "danger"));
    make_text(&n->measures, measures_apart(m->a, record_text(r, "measures")));
    make_text(&n->url, record_text(r, "reference"));
    make_text(&n->recall_url, record_text(r, "URLrecall"));
    make_models(m, record_text(r, "type_numberOfModel"));
    make_lots(m, record_first(r, "batchNumber batchNumber_barcode"));
    make_barcodes(m, record_text(r, "barcode"));
    make_made(m, record_text(r, "productionDates"));
    make_prose(m, n->description);
    make_risks(m, record_text(r, "riskType"));
    make_risk_level(m, record_text(r, "level"));
    n->country = make_country(m, record_text(r, "notifyingCountry"));
    n->origin = make_country(m, record_text(r, "countryOfOrigin"));
    make_counterfeit(m, record_text(r, "counterfeit"));
    ts_str trader = record_text(r, "onlineTrader");
    if (trader.n <= SHOP_NAME && ts_str_ifind(trader, TS_S("sold ")) == TS_NPOS &&
        !make_unknown(m, trader))
        record_add(m->a, &n->sellers, trader);
    make_sellers(m, trader);
    images(m, "picture");
    add_line(m, &n->description, "Company recall code: ", record_text(r, "companyRecallCode"));
    n->published = make_day(record_text(r, "report_date"), false);
    if (n->published == TS_NO_DAY) n->published = friday_of_week(m->year, m->week);
    ts_str number = safety_gate_number(m->a, record_text(r, "caseNumber"));
    if (!number.n) return ts_fail(e, TS_E_INPUT, "the notification has no <caseNumber>");
    return numbered(m, number, e);
}

/* ---- OpenDataSoft export ---- */

bool read_safety_gate_ods(maker *m, ts_error *e) {
    const record *r = m->r;
    ts_notice *n = m->n;
    ts_str type = record_text(r, "product_type"), name = record_text(r, "product_name");
    if (!type.n || user_type(type)) {
        make_product(m, name);
    } else {
        if (!make_unknown(m, name)) make_text(&n->name, name);
        make_product(m, type);
    }
    make_brands(m, record_text(r, "product_brand"));
    make_text(&n->category, record_first(r, "product_category oecd_portal_category"));
    make_text(&n->description, record_text(r, "product_description"));
    make_text(&n->hazard, record_first(r, "alert_description technical_defect"));
    make_text(&n->legal, record_text(r, "risk_legal_provision"));
    make_text(&n->measures, record_first(r, "measures measures_description"));
    make_text(&n->url, record_text(r, "rapex_url"));
    make_text(&n->recall_url, record_text(r, "product_recall_url"));
    make_models(m, record_text(r, "product_model_type"));
    make_lots(m, record_text(r, "product_batch_number"));
    make_barcodes(m, record_text(r, "product_barcode"));
    make_made(m, record_text(r, "product_production_date"));
    make_prose(m, n->description);
    make_risks(m, record_text(r, "alert_type"));
    make_risk_level(m, record_text(r, "alert_level"));
    make_counterfeit(m, record_text(r, "product_counterfeit"));
    n->country = make_country(m, record_text(r, "alert_country"));
    n->origin = make_country(m, record_text(r, "product_country"));
    make_countries(m, &n->measure_countries, record_text(r, "measures_country"));
    make_countries(m, &n->measure_countries, record_text(r, "alert_other_countries"));
    images(m, "product_image");
    images(m, "product_other_images");
    add_line(m, &n->description, "Company recall code: ", record_text(r, "product_recall_code"));
    add_line(m, &n->description, "Packaging: ", record_text(r, "product_packaging_description"));
    n->published = make_day(record_text(r, "alert_date"), false);
    n->modified = make_day(record_text(r, "modification_date"), false);
    return numbered(m, safety_gate_number(m->a, record_text(r, "alert_number")), e);
}

/* ---- the portal's own JSON ---- */

/* The English version of a list of versions, else the first. */
static record version(maker *m, const char *path) {
    const ts_json *list = m->r->json, *chosen = 0;
    ts_str rest = ts_str_c(path);
    while (rest.p) list = ts_json_get(list, ts_str_cut(&rest, '.'));
    TS_JSON_EACH(v, list) {
        record one = record_of(m->a, v);
        ts_str language = record_first(&one, "language.key language.code language");
        if (!chosen || ts_str_ieq(language, TS_S("en"))) chosen = v;
    }
    return record_of(m->a, chosen ? chosen : list);
}

static void words_of(maker *m, const char *names, const char *keys, ts_strs *out) {
    ts_strs found = {0};
    record_all(m->r, names, &found);
    if (!found.n) record_all(m->r, keys, &found);
    for (size_t i = 0; i < found.n; i++) record_add(m->a, out, in_words(m->a, found.v[i]));
}

static ts_str joined(maker *m, const ts_strs *l) {
    return ts_str_clip(ts_str_join(m->a, l->v, l->n, TS_S("; ")), RECORD_TEXT_MAX);
}

static void each(maker *m, const char *path, void (*make)(maker *, ts_str)) {
    ts_strs found = {0};
    record_all(m->r, path, &found);
    for (size_t i = 0; i < found.n; i++) make(m, found.v[i]);
}

static void portal_images(maker *m, const char *path) {
    ts_strs ids = {0};
    record_all(m->r, path, &ids);
    for (size_t i = 0; i < ids.n; i++) {
        ts_buf b = ts_buf_new(m->a, 256);
        ts_buf_lit(&b, PORTAL "public/api/notification/image/");
        ts_buf_put(&b, ts_str_clip(ids.v[i], 20));
        record_add(m->a, &m->n->images, ts_buf_str(&b));
    }
}

static void portal_url(maker *m, ts_str id) {
    uint64_t number;
    if (!ts_u64_parse(id, &number)) return;
    ts_buf b = ts_buf_new(m->a, 256);
    ts_buf_fmt(&b, PORTAL "screen/webReport/alertDetail/%llu?lang=en", (unsigned long long)number);
    m->n->url = ts_buf_str(&b);
}

static void portal_flat(maker *m) {
    const record *r = m->r;
    ts_notice *n = m->n;
    ts_strs measures = {0};
    if (!make_unknown(m, record_text(r, "product_name_specific")))
        make_text(&n->name, record_text(r, "product_name_specific"));
    make_product(m, record_text(r, "product_name"));
    each(m, "brands", make_brands);
    each(m, "model_types", make_models);
    each(m, "barcodes", make_barcodes);
    each(m, "batch_numbers", make_lots);
    n->category = in_words(m->a, record_text(r, "product_category"));
    make_text(&n->description, record_text(r, "product_description"));
    make_text(&n->hazard, record_text(r, "risk_description"));
    make_text(&n->legal, record_text(r, "legal_provision"));
    words_of(m, "risk_types", "risk_type", &n->risks);
    words_of(m, "measures", "measure", &measures);
    make_text(&n->measures, joined(m, &measures));
    n->country = make_country(m, record_text(r, "country"));
    n->origin = make_country(m, record_text(r, "country_of_origin"));
    portal_images(m, "photos.photo_id");
    n->published = make_day(record_text(r, "publication_date"), false);
    n->modified = make_day(record_text(r, "modification_date"), false);
    if (ts_str_is(record_text(r, "notification_type"), "ARTICLE_12"))
        n->risk_level = TS_RISK_SERIOUS;
}

static void portal_nested(maker *m) {
    const record *r = m->r;
    ts_notice *n = m->n;
    record product = version(m, "product.versions"), risk = version(m, "risk.versions");
    ts_strs measures = {0};
    ts_str specific = record_text(r, "product.nameSpecific");
    if (!make_unknown(m, specific)) make_text(&n->name, specific);
    make_product(m, record_text(&product, "name"));
    make_text(&n->description, record_text(&product, "description"));
    each(m, "product.brands.brand", make_brands);
    each(m, "product.modelTypes.modelType", make_models);
    each(m, "product.barcodes.barcode", make_barcodes);
    each(m, "product.batchNumbers.batchNumber", make_lots);
    each(m, "product.productionDates.productionDate", make_made);
    make_made(m, record_first(&product, "productionDates productionDate"));
    n->category =
        in_words(m->a, record_first(r, "product.productCategory.name product.productCategory.key"));
    make_counterfeit(
        m, record_first(
               r, "product.isCounterfeit.key product.isCounterfeit.name product.isCounterfeit"));
    make_text(&n->hazard, record_text(&risk, "riskDescription"));
    make_text(&n->legal, record_text(&risk, "legalProvision"));
    words_of(m, "risk.riskType.name", "risk.riskType.key", &n->risks);
    words_of(m, "measureTaken.measures.measureCategory.name",
             "measureTaken.measures.measureCategory.key", &measures);
    make_text(&n->measures, joined(m, &measures));
    each(m, "measureTaken.measures.measureType.key", make_compulsion);
    each(m, "measureTaken.measures.measureType.name", make_compulsion);
    make_text(&n->recall_url,
              record_first(r, "measureTaken.companyRecalls.link measureTaken.companyRecalls.url"));
    n->country = make_country(m, record_first(r, "country.name country.key"));
    n->origin = make_country(
        m, record_first(r, "traceability.countryOrigin.name traceability.countryOrigin.key"));
    make_countries(m, &n->measure_countries,
                   record_first(r, "reactingCountries.country.name reactingCountries.country.key"));
    add_line(m, &n->description, "Packaging: ", record_text(&product, "packageDescription"));
    portal_images(m, "product.photos.id");
    n->published = make_day(record_text(r, "publicationDate"), false);
    n->modified = make_day(record_text(r, "modificationDate"), false);
    make_risk_level(m, record_first(r, "notificationType.name notificationType.key"));
}

bool read_safety_gate_portal(maker *m, ts_error *e) {
    if (ts_json_is(record_json(m->r, "product"), TS_JSON_OBJECT))
        portal_nested(m);
    else
        portal_flat(m);
    portal_url(m, record_text(m->r, "id"));
    make_prose(m, m->n->description);
    return numbered(m, safety_gate_number(m->a, record_text(m->r, "reference")), e);
}

/* ---- weekly overviews 2009 to 2012 ---- */

static int small_number(ts_str s) {
    uint64_t v;
    return ts_u64_parse(s, &v) && v < 3000 ? (int)v : 0;
}

bool read_rapex_weekly(maker *m, ts_error *e) {
    const record *r = m->r;
    ts_notice *n = m->n;
    int year = small_number(record_text(r, "report_year")),
        week = small_number(record_text(r, "report_week"));
    make_product(m, record_text(r, "descript_product"));
    make_brands(m, record_text(r, "descript_brand"));
    make_text(&n->category, record_text(r, "descript_category"));
    make_text(&n->description, record_text(r, "descript_descr"));
    if (make_unknown(m, n->description)) n->description = TS_NONE;
    make_text(&n->hazard, record_text(r, "danger_short"));
    make_text(&n->measures, record_text(r, "measures"));
    make_models(m, record_text(r, "descript_type"));
    make_prose(m, n->description);
    make_risks(m, n->hazard);
    n->country = make_country(m, record_first(r, "country country_code"));
    n->origin = make_country(m, record_text(r, "countryoforigin"));
    make_countries(m, &n->measure_countries, record_text(r, "reactingcountry"));
    n->published = friday_of_week(year, week);
    return numbered(m, rapex_number(m->a, record_text(r, "refnr"), year), e);
}

/* ---- alert table 2022 to 2024 ---- */

bool read_safety_gate_table(maker *m, ts_error *e) {
    enum { NAME_LIKE = 120 };
    const record *r = m->r;
    ts_notice *n = m->n;
    ts_str text = record_text(r, "product_description"),
           compulsory = record_text(r, "compulsory_measures");
    ts_str voluntary = record_text(r, "voluntary_measures");
    if (text.n <= NAME_LIKE && !make_unknown(m, text)) make_text(&n->name, text);
    make_product(m, record_text(r, "product_name"));
    if (text.n > NAME_LIKE) make_text(&n->description, text);
    make_brands(m, record_text(r, "brand"));
    make_text(&n->category, record_text(r, "product_category"));
    make_text(&n->legal, record_text(r, "risk_legal_provision"));
    make_models(m, record_text(r, "model_type_number"));
    make_lots(m, record_text(r, "batch_number"));
    make_barcodes(m, record_text(r, "barcode"));
    make_made(m, record_text(r, "production_dates"));
    make_prose(m, text);
    make_risks(m, record_text(r, "risk_type"));
    add_line(m, &n->measures, "Compulsory: ", compulsory);
    add_line(m, &n->measures, "Voluntary: ", voluntary);
    if (compulsory.n || voluntary.n)
        n->compulsion = compulsory.n && voluntary.n ? TS_MEASURE_BOTH
                        : compulsory.n              ? TS_MEASURE_COMPULSORY
                                                    : TS_MEASURE_VOLUNTARY;
    make_counterfeit(m, record_text(r, "counterfeit"));
    make_kind(m, record_text(r, "type_of_alert"));
    make_risk_level(m, record_text(r, "type_of_alert"));
    n->country = make_country(m, record_text(r, "alert_submitted_by"));
    n->origin = make_country(m, record_text(r, "country_of_origin"));
    make_countries(m, &n->measure_countries, record_text(r, "found_and_measures_taken_in"));
    make_text(&n->recall_url, record_text(r, "company_recall_page"));
    make_text(&n->url, record_text(r, "case_url"));
    add_line(m, &n->description, "Company recall code: ", record_text(r, "company_recall_code"));
    add_line(m, &n->description, "Packaging: ", record_text(r, "packaging_description"));
    return numbered(m, safety_gate_number(m->a, record_text(r, "alert_number")), e);
}
