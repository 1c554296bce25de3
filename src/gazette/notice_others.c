/* RappelConso and lists of several agencies. */
#include "notice_cpsc.h"

/* ---- RappelConso ---- */

static bool all_digits(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ts_is_digit(s.p[i])) return false;
    return s.n > 0;
}

static bool expiry_type(ts_str s) {
    static const char *const types[] = {
        "date limite", "date de durabilit", "date de consommation", "dlc", "ddm", "dluo"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ts_str_istarts(s, ts_str_c(types[i]))) return true;
    return false;
}

/* "tous les lots", "non concerné": no lot. */
static bool no_lot(maker *m, ts_str s) {
    static const char *const words[] = {"tous", "toutes",     "non concern",      "gtin",
                                        "lot",  "sans objet", "ensemble des lots"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ts_str_ieq(s, ts_str_c(words[i])) || (i < 3 && ts_str_istarts(s, ts_str_c(words[i]))))
            return true;
    return make_unknown(m, s);
}

/* Whether s is dates and nothing else: 2 for a span, 1 for one date, 0 for other text. */
static int only_dates(ts_str s) {
    size_t at = 0;
    ts_date_span d;
    if (!ts_date_read(s, &at, false, &d)) return 0;
    ts_str rest = ts_str_trim(ts_str_from(s, at));
    if (!rest.n) return 1;
    while (rest.n && !ts_is_digit(rest.p[0])) rest = ts_str_from(rest, 1);
    at = 0;
    return rest.n && ts_date_read(rest, &at, false, &d) && !ts_str_trim(ts_str_from(rest, at)).n
               ? 2
               : 0;
}

/* [gtin, lot, kind of date, from, to, "|", gtin …]: the last dates belong to the kind named before
 * them. */
static void identification(maker *m, const ts_strs *tokens) {
    bool expiry = false;
    for (size_t i = 0; i < tokens->n; i++) {
        ts_str t = ts_str_trim(tokens->v[i]);
        if (expiry_type(t)) {
            expiry = true;
        } else if (all_digits(t) && (t.n == 8 || (t.n >= 12 && t.n <= 14))) {
            expiry = false;
            ts_identifiers_from_field(m->a, t, true, &m->n->identifiers);
        } else if (only_dates(t)) {
            if (!expiry && only_dates(t) == 2) make_made(m, t); /* one date alone may be anything */
        } else if (ts_str_chr(t, ' ') != TS_NPOS && t.n > 24) { /* prose of the older records */
            ts_identifiers_from_field(m->a, t, true, &m->n->identifiers);
            make_prose(m, t);
        } else if (!no_lot(m, t)) {
            make_lots(m, t);
        }
    }
}

static void joined_line(maker *m, ts_str *slot, ts_str s) {
    if (!s.n || make_unknown(m, s)) return;
    ts_buf b = ts_buf_new(m->a, RECORD_TEXT_MAX);
    ts_buf_put(&b, *slot);
    if (b.n) ts_buf_c(&b, '\n');
    ts_buf_put(&b, s);
    *slot = ts_buf_str(&b);
}

static ts_str upper_text(ts_arena *a, ts_str s) {
    char *p = ts_new_raw(a, char, s.n + 1);
    for (size_t i = 0; i < s.n; i++) p[i] = (char)ts_upper((unsigned char)s.p[i]);
    return (ts_str){p, s.n};
}

static void sold_between(maker *m) {
    ts_str both = record_text(m->r, "date_debut_fin_de_commercialisation");
    make_sold(m, both);
    int32_t from = make_day(record_text(m->r, "date_debut_commercialisation"), false);
    int32_t to = make_day(
        record_first(m->r, "date_date_fin_commercialisation date_fin_commercialisation"), false);
    if (from != TS_NO_DAY || to != TS_NO_DAY)
        *ts_push(m->a, &m->n->scope.sold) = (ts_day_range){from, to};
}

static void rappelconso_texts(maker *m) {
    const record *r = m->r;
    ts_notice *n = m->n;
    make_text(&n->hazard, record_first(r, "motif_rappel motif_du_rappel"));
    joined_line(
        m, &n->hazard,
        record_first(r, "description_complementaire_risque description_complementaire_du_risque"));
    ts_strs duties = {0};
    record_split(r, "conduites_a_tenir_par_le_consommateur", "|", &duties);
    n->remedy = ts_str_join(m->a, duties.v, duties.n, TS_S("\n"));
    joined_line(m, &n->remedy, record_text(r, "modalites_de_compensation"));
    make_text(&n->measures, record_first(r, "nature_juridique_rappel nature_juridique_du_rappel"));
    make_text(&n->description, record_text(r, "conditionnements"));
    joined_line(m, &n->description, record_text(r, "informations_complementaires"));
    joined_line(m, &n->description, record_text(r, "informations_complementaires_publiques"));
    record_split(r, "risques_encourus", "|", &n->risks);
    record_split(r, "risques_encourus_par_le_consommateur", "|", &n->risks);
    record_split(r, "liens_vers_les_images", "| ", &n->images);
    record_split(r, "distributeurs", "|\n;", &n->sellers);
}

bool read_rappelconso(maker *m, ts_error *e) {
    const record *r = m->r;
    ts_notice *n = m->n;
    ts_str models = record_first(r, "modeles_ou_references noms_des_modeles_ou_references");
    ts_str group = record_first(r, "sous_categorie_produit sous_categorie_de_produit");
    n->kind = TS_NOTICE_RECALL;
    n->country = TS_S("FR");
    n->language = TS_S("fr");
    record_add(m->a, &n->measure_countries, TS_S("FR"));
    make_text(&n->product, record_text(r, "libelle"));
    if (!n->product.n) n->product = group;
    make_text(&n->name, ts_str_clip(models, 300));
    make_brands(m, record_first(r, "marque_produit nom_de_la_marque_du_produit"));
    make_text(&n->category, record_first(r, "categorie_produit categorie_de_produit"));
    joined_line(m, &n->category, group);
    rappelconso_texts(m);
    make_models(m, models);
    ts_strs tokens = {0};
    bool row = !r->json;
    record_split(r, "identification_produits", row ? "|,;$" : "|$", &tokens);
    record_split(r, "identification_des_produits", "|$", &tokens);
    record_split(r, "gtin", "|,; ", &tokens);
    identification(m, &tokens);
    sold_between(m);
    make_text(
        &n->url,
        record_first(
            r, "lien_vers_la_fiche_rappel lien_vers_affichette_pdf lien_vers_l_affichette_pdf"));
    n->published = make_day(
        record_first(r, "date_publication date_de_publication date_de_publication_de_la_fiche"),
        false);
    n->modified = make_day(record_first(r, "date_modification date_de_modification"), false);
    ts_str number = record_first(r, "numero_fiche reference_fiche numero_de_la_fiche");
    if (!number.n && !n->product.n)
        return ts_fail(e, TS_E_INPUT, "the record has neither a numero_fiche nor a product");
    make_id(m, "rappelconso", upper_text(m->a, number));
    return true;
}

/* ---- lists of several agencies ---- */

static const struct {
    const char *prefix, *source, *country;
} agencies[] = {{"eu-", "safety_gate", ""},     {"opss-", "opss", "GB"}, {"mbie-", "mbie", "NZ"},
                {"fr-", "rappelconso", "FR"},   {"cpsc-", "cpsc", "US"}, {"accc-", "accc", "AU"},
                {"ca-", "health_canada", "CA"}, {"it-", "italy", "IT"},  {"de-", "germany", "DE"}};

/* A name as a key: "EU Safety Gate" → "eu_safety_gate". */
static ts_str key_of(ts_arena *a, ts_str s) {
    enum { KEY_MAX = 40 };
    ts_tokens t = ts_tokenise(a, s, false);
    ts_buf b = ts_buf_new(a, KEY_MAX);
    for (size_t i = 0; i < t.n && !b.full; i++) {
        if (b.n && t.v[i].kind != TS_TOK_HAN) ts_buf_c(&b, '_');
        ts_buf_put(&b, ts_token_text(&t, i));
    }
    return ts_buf_str(&b);
}

static const char *key_z(ts_arena *a, ts_str s) {
    ts_str key = key_of(a, s);
    return key.n ? ts_str_z(a, key) : "unnamed";
}

/* "eu-SR/02645/26", "CPSC:10775": agency and number in one. */
static void split_id(maker *m, ts_str id, ts_str source) {
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++) {
        ts_str p = ts_str_c(agencies[i].prefix);
        if (!ts_str_istarts(id, p)) continue;
        ts_str number = ts_str_from(id, p.n);
        if (i == 0) number = safety_gate_number(m->a, number);
        if (i == 4) number = cpsc_number(m->a, number);
        make_id(m, agencies[i].source, number);
        if (!m->n->country.n) m->n->country = ts_str_c(agencies[i].country);
        return;
    }
    size_t colon = ts_str_chr(id, ':');
    ts_str number =
        colon != TS_NPOS && colon <= source.n && ts_str_istarts(id, ts_str_to(source, colon))
            ? ts_str_from(id, colon + 1)
            : id;
    if (ts_str_ieq(source, TS_S("CPSC")) &&
        all_digits(number)) { /* the database's own number, no recall number */
        ts_buf b = ts_buf_new(m->a, 64);
        ts_buf_lit(&b, "id-");
        ts_buf_put(&b, ts_str_clip(number, 32));
        number = ts_buf_str(&b);
    }
    make_id(m, ts_str_ieq(source, TS_S("CPSC")) ? "cpsc" : key_z(m->a, source), number);
}

static void aggregate_kind(maker *m, ts_str title) {
    m->n->kind = TS_NOTICE_RECALL;
    if (ts_str_is(m->n->source, "safety_gate"))
        m->n->kind = TS_NOTICE_ALERT;
    else
        make_kind(m, title);
}

/* The list's own grading, or kinds of risk, or a kind of notice: the column has held all three. */
static void aggregate_severity(maker *m, ts_str s) {
    static const char *const grades[] = {"high", "medium", "low", "serious", "info"};
    for (size_t i = 0; i < sizeof grades / sizeof *grades; i++)
        if (ts_str_ieq(s, ts_str_c(grades[i]))) {
            make_risk_level(m, s);
            return;
        }
    if (!ts_str_ieq(s, TS_S("recall"))) make_risks(m, s);
}

/* For the CPSC where it was made, for others where it was sold. */
static void aggregate_countries(maker *m) {
    ts_strs found = {0};
    record_all(m->r, "countries", &found);
    for (size_t i = 0; i < found.n; i++) {
        ts_str c = make_country(m, found.v[i]);
        if (m->us)
            make_text(&m->n->origin, c);
        else
            record_add(m->a, &m->n->measure_countries, c);
    }
}

bool read_aggregate(maker *m, ts_error *e) {
    const record *r = m->r;
    ts_notice *n = m->n;
    ts_str source = record_text(r, "source");
    m->us = ts_str_ieq(source, TS_S("CPSC"));
    make_text(&n->title, record_first(r, "title heading"));
    make_product(m, record_first(r, "product products product_name"));
    if (!n->product.n) n->product = n->title;
    make_text(&n->description, record_first(r, "summary description"));
    make_text(&n->hazard, record_first(r, "hazard risk"));
    make_text(&n->remedy, record_first(r, "remedy action"));
    make_text(&n->units, record_text(r, "units"));
    make_text(&n->category, record_text(r, "category"));
    make_text(&n->url, record_first(r, "url sourceUrl link"));
    record_all(r, "images", &n->images);
    record_all(r, "image", &n->images);
    make_brands(m, record_first(r, "brand manufacturerName"));
    make_operator(m, record_text(r, "manufacturer"));
    make_models(m, record_first(r, "model model_number modelNumber"));
    ts_strs values = {0};
    TS_JSON_EACH(x, record_json(r, "identifiers")) {
        record one = record_of(m->a, x);
        ts_str value = record_first(&one, "value");
        if (ts_str_is(record_first(&one, "kind"), "model"))
            make_models(m, value);
        else
            record_add(m->a, &values, value);
    }
    for (size_t i = 0; i < values.n; i++) make_barcodes(m, values.v[i]);
    make_prose(m, n->description);
    if (m->us) make_prose(m, n->product);
    n->country = make_country(m, record_text(r, "country"));
    if (m->us) n->country = TS_S("US");
    if (m->us && !n->brands.n) cpsc_names(m);
    aggregate_countries(m);
    aggregate_severity(m, record_text(r, "severity"));
    n->published = make_day(record_first(r, "date recallDate published"), m->us);
    ts_str id = record_text(r, "id"), recall = record_text(r, "recallNumber");
    if (recall.n)
        make_id(m, m->us ? "cpsc" : key_z(m->a, source),
                m->us ? cpsc_number(m->a, recall) : recall);
    else if (id.n)
        split_id(m, id, source);
    else
        return ts_fail(e, TS_E_INPUT, "the record has neither an \"id\" nor a \"recallNumber\"");
    aggregate_kind(m, n->title);
    return true;
}
