/* The US Consumer Product Safety Commission: REST, the site's export, and the older list. */
#include "notice_cpsc.h"

static bool identified(maker *m, ts_str recall, ts_str warning, ts_str id, ts_error *e) {
    m->n->kind = TS_NOTICE_RECALL;
    m->n->country = TS_S("US");
    record_add(m->a, &m->n->measure_countries, TS_S("US"));
    if (recall.n) {
        make_id(m, "cpsc", cpsc_number(m->a, recall));
    } else if (warning.n) {
        m->n->kind = TS_NOTICE_WARNING;
        make_id(m, "cpsc", cpsc_number(m->a, warning));
    } else if (id.n) { /* the database's own number, which is no recall number */
        ts_buf b = ts_buf_new(m->a, 64);
        ts_buf_lit(&b, "id-");
        ts_buf_put(&b, ts_str_clip(id, 32));
        make_id(m, "cpsc", ts_buf_str(&b));
    } else {
        if (!m->n->title.n && !m->n->product.n && !m->n->description.n)
            return ts_fail(e, TS_E_INPUT, "the record has neither a recall number nor a product");
        make_id(m, "cpsc", TS_NONE);
    }
    bool warns = ts_str_ifind(m->n->url, TS_S("/warnings/")) != TS_NPOS ||
                 ts_str_istarts(m->n->title, TS_S("CPSC Warns"));
    if (warns) m->n->kind = TS_NOTICE_WARNING;
    return true;
}

/* "Softfunch, of South Korea": the name without the place. */
static void operator_at(maker *m, ts_str s) {
    static const char *const places[] = {", of ", ", from "};
    for (size_t i = 0; i < 2; i++) {
        size_t at = ts_str_find(s, ts_str_c(places[i]));
        if (at != TS_NPOS) s = ts_str_to(s, at);
    }
    make_operator(m, s);
}

static void operators(maker *m, const char *path) {
    ts_strs found = {0};
    record_split(m->r, path, ";\n|", &found);
    for (size_t i = 0; i < found.n; i++) operator_at(m, found.v[i]);
}

/* ---- REST ---- */

static void joint(maker *m) {
    ts_strs urls = {0};
    record_all(m->r, "Inconjunctions.URL", &urls);
    record_all(m->r, "InConjunctions.URL", &urls);
    for (size_t i = 0; i < urls.n; i++) {
        if (ts_str_ifind(urls.v[i], TS_S("canad")) != TS_NPOS)
            record_add(m->a, &m->n->measure_countries, TS_S("CA"));
        if (ts_str_ifind(urls.v[i], TS_S("gob.mx")) != TS_NPOS)
            record_add(m->a, &m->n->measure_countries, TS_S("MX"));
    }
}

bool read_cpsc_rest(maker *m, ts_error *e) {
    const record *r = m->r;
    ts_notice *n = m->n;
    m->us = true;
    make_text(&n->title, record_text(r, "Title"));
    make_text(&n->product, record_text(r, "Products.Name"));
    make_text(&n->category, record_text(r, "Products.Type"));
    make_text(&n->description, record_first(r, "Description Products.Description"));
    make_text(&n->hazard, record_text(r, "Hazards.Name"));
    make_risks(m, record_text(r, "Hazards.HazardType"));
    make_text(&n->remedy, record_text(r, "Remedies.Name"));
    make_text(&n->measures, record_text(r, "RemedyOptions.Option"));
    make_text(&n->units, record_text(r, "Products.NumberOfUnits"));
    make_text(&n->url, record_text(r, "URL"));
    record_all(r, "Images.URL", &n->images);
    ts_strs models = {0}, upcs = {0};
    record_all(r, "Products.Model", &models);
    record_all(r, "ProductUPCs.UPC", &upcs);
    for (size_t i = 0; i < models.n; i++) make_models(m, models.v[i]);
    for (size_t i = 0; i < upcs.n; i++) make_barcodes(m, upcs.v[i]);
    make_prose(m, n->description);
    make_prose(m, n->title);
    operators(m, "Manufacturers.Name");
    operators(m, "Importers.Name");
    operators(m, "Distributors.Name");
    ts_str sold = record_text(r, "Retailers.Name");
    make_sellers(m, sold);
    make_sold(m, sold);
    ts_strs countries = {0};
    record_all(r, "ManufacturerCountries.Country", &countries);
    if (countries.n) n->origin = make_country(m, countries.v[0]);
    joint(m);
    cpsc_names(m);
    n->published = make_day(record_text(r, "RecallDate"), true);
    n->modified = make_day(record_text(r, "LastPublishDate"), true);
    return identified(m, record_text(r, "RecallNumber"), TS_NONE, record_text(r, "RecallID"), e);
}

/* ---- export of cpsc.gov/Recalls ---- */

static void custom_field(maker *m) {
    ts_str label = record_text(m->r, "Custom Label"), value = record_text(m->r, "Custom Field");
    bool seller = ts_str_istarts(label, TS_S("retailer")) || ts_str_istarts(label, TS_S("seller"));
    bool firm = ts_str_istarts(label, TS_S("recalling firm")) ||
                ts_str_istarts(label, TS_S("importer")) ||
                ts_str_istarts(label, TS_S("manufacturer"));
    if (seller || firm) operators(m, "Custom Field");
    if (seller) {
        size_t at = ts_str_find(value, TS_S(", of "));
        record_add(m->a, &m->n->sellers, ts_str_clip(ts_str_to(value, at), 200));
    }
}

bool read_cpsc_export(maker *m, ts_error *e) {
    const record *r = m->r;
    ts_notice *n = m->n;
    m->us = true;
    make_text(&n->title, record_text(r, "Recall Heading"));
    make_text(&n->product, record_text(r, "Name of product"));
    make_text(&n->description, record_text(r, "Description"));
    make_text(&n->hazard, record_text(r, "Hazard Description"));
    make_text(&n->remedy, record_text(r, "Remedy"));
    make_text(&n->measures, record_text(r, "Remedy Type"));
    make_text(&n->units, record_text(r, "Units"));
    make_text(&n->url, record_first(r, "URL"));
    ts_strs categories = {0};
    record_split(r, "_source_categories", "|", &categories);
    n->category = ts_str_join(m->a, categories.v, categories.n, TS_S("; "));
    make_prose(m, n->description);
    make_prose(m, n->product);
    operators(m, "Importers");
    operators(m, "Manufacturers");
    operators(m, "Distributors");
    custom_field(m);
    ts_str sold = record_text(r, "Sold At");
    make_sellers(m, sold);
    make_sold(m, sold);
    n->origin = make_country(m, record_text(r, "Manufactured In"));
    cpsc_names(m);
    n->published = make_day(record_first(r, "_iso_date Date"), true);
    if (n->published == TS_NO_DAY)
        n->published = make_day(record_text(r, "Product Safety Warning Date"), true);
    return identified(m, record_text(r, "Recall Number"),
                      record_text(r, "Product Safety Warning Number"), TS_NONE, e);
}

/* ---- list to 2013 ---- */

/* The address ends in the heading: ".../Recalls/1994/Certain-Rope-Hammocks-May-Collapse/". */
static ts_str heading_of(ts_arena *a, ts_str url) {
    while (url.n && url.p[url.n - 1] == '/') url.n--;
    size_t from = url.n;
    while (from > 0 && url.p[from - 1] != '/') from--;
    ts_str slug = ts_str_from(url, from);
    if (ts_str_chr(slug, '?') != TS_NPOS || ts_str_chr(slug, '-') == TS_NPOS) return TS_NONE;
    char *p = ts_new_raw(a, char, slug.n + 1);
    for (size_t i = 0; i < slug.n; i++) p[i] = slug.p[i] == '-' ? ' ' : slug.p[i];
    return record_clean(a, (ts_str){p, slug.n});
}

bool read_cpsc_archive(maker *m, ts_error *e) {
    const record *r = m->r;
    ts_notice *n = m->n;
    m->us = true;
    make_text(&n->url, record_text(r, "recall_url"));
    make_text(&n->title, heading_of(m->a, n->url));
    make_text(&n->category, record_text(r, "product_types"));
    make_text(&n->product, record_text(r, "descriptions"));
    if (!n->product.n) make_text(&n->product, n->category);
    record_all(r, "hazards", &n->risks);
    ts_strs upcs = {0}, makers = {0}, countries = {0};
    record_all(r, "upcs", &upcs);
    for (size_t i = 0; i < upcs.n; i++) make_barcodes(m, upcs.v[i]);
    record_all(r, "manufacturers", &makers);
    for (size_t i = 0; i < makers.n; i++) make_operator(m, makers.v[i]);
    record_all(r, "countries", &countries);
    if (countries.n) n->origin = make_country(m, countries.v[0]);
    make_prose(m, n->product);
    cpsc_archive_names(m, &makers);
    n->published = make_day(record_text(r, "recall_date"), true);
    return identified(m, record_text(r, "recall_number"), TS_NONE, TS_NONE, e);
}
