/* schema.org and flat JSON to offers. */
#include "offer_fields.h"

enum {
    DEPTH = 12, /* containers walked into in search of products, and offers within offers */
    LIST_TEXT_MAX = 4000,
    LOOKUPS_MAX = 1 << 20, /* tape nodes of what references lead to, in all */
};

typedef struct reader {
    ts_arena *a;
    const offer_names *names;
    offer_sink *put;
    void *ctx;
    const ts_json *root; /* of the document, for references; NULL: there are none */
    ts_map *ids;         /* "@id" to the node's place in the document, made when first needed */
    size_t lookups;
} reader;

/* ---- types ---- */

static const ts_json *type_of(const ts_json *v) {
    const ts_json *t = ts_json_member(v, "@type");
    return t ? t : ts_json_member(v, "type");
}

/* The last part of a type: "http://schema.org/Product" and "schema:Product" are Product. */
static bool type_is(ts_str t, const char *name) {
    for (size_t i = t.n; i-- > 0;)
        if (t.p[i] == '/' || t.p[i] == '#' || t.p[i] == ':') {
            t = ts_str_from(t, i + 1);
            break;
        }
    return ts_str_ieq(t, ts_str_c(name));
}

static bool has_type(const ts_json *v, const char *name) {
    const ts_json *t = type_of(v);
    if (ts_json_is(t, TS_JSON_STRING)) return type_is(ts_json_str(t), name);
    TS_JSON_EACH(x, t)
    if (type_is(ts_json_str(x), name)) return true;
    return false;
}

static bool has_type_of(const ts_json *v, const char *const *kinds) {
    if (!type_of(v)) return false;
    for (; *kinds; kinds++)
        if (has_type(v, *kinds)) return true;
    return false;
}

static const char *const products[] = {"Product",
                                       "ProductModel",
                                       "IndividualProduct",
                                       "SomeProducts",
                                       "ProductGroup",
                                       "Vehicle",
                                       "Car",
                                       "Motorcycle",
                                       "MotorizedBicycle",
                                       "Book",
                                       "DietarySupplement",
                                       "SoftwareApplication",
                                       "MobileApplication",
                                       "VideoGame",
                                       0};
static const char *const lists[] = {"ItemList",          "OfferCatalog",      "CollectionPage",
                                    "SearchResultsPage", "ProductCollection", 0};

/* ---- references within a document ---- */

static void index_ids(reader *r) {
    r->ids = ts_new(r->a, ts_map);
    for (const ts_json *x = r->root, *end = r->root + r->root->span; x < end; x++) {
        if (x->type != TS_JSON_OBJECT || x->n < 2) continue;
        ts_str id = ts_json_str(ts_json_member(x, "@id"));
        bool fresh;
        uint64_t *at = id.n ? ts_map_put(r->a, r->ids, id, &fresh) : 0;
        /* the node that says most is the one that others mean */
        if (at && (fresh || r->root[*at].n < x->n)) *at = (uint64_t)(x - r->root);
    }
}

/* The node that {"@id": …} stands for; v itself where it is no reference. */
static const ts_json *target(reader *r, const ts_json *v) {
    if (!r->root || !ts_json_is(v, TS_JSON_OBJECT) || v->n > 2 || r->lookups >= LOOKUPS_MAX)
        return v;
    ts_str id = ts_json_str(ts_json_member(v, "@id"));
    if (!id.n || (v->n == 2 && !type_of(v))) return v;
    if (!r->ids) index_ids(r);
    uint64_t *at = ts_map_get(r->ids, id);
    r->lookups += at ? r->root[*at].span : 1;
    return at && r->lookups < LOOKUPS_MAX ? r->root + *at : v;
}

/* ---- values ---- */

static ts_str member_text(const ts_json *v, const char *const *names) {
    ts_str t = TS_NONE;
    for (; *names && !t.n; names++) t = ts_json_text(ts_json_get(v, ts_str_c(*names)));
    return t;
}

/* Fields whose value is an address, not a name. */
static bool is_address(offer_field f) {
    return f == OF_URL || f == OF_IMAGE || f == OF_PASSPORT || f == OF_CONDITION ||
           f == OF_AVAILABILITY;
}

/* One text from a value that is no list: itself, or what an object is called (where it is, for an
 * address). */
static ts_str text_of(reader *r, const ts_json *v, offer_field f) {
    static const char *const called[] = {"@value", "value", "name", "title", "text", "label", 0};
    static const char *const placed[] = {"url",    "contentUrl", "src",  "@id",
                                         "@value", "value",      "name", 0};
    if (ts_json_is(v, TS_JSON_TRUE)) return TS_S("true");
    if (ts_json_is(v, TS_JSON_FALSE)) return TS_S("false");
    if (!ts_json_is(v, TS_JSON_OBJECT)) return ts_json_text(v);
    v = target(r, v);
    ts_str t = member_text(v, is_address(f) ? placed : called);
    if (f != OF_ATTRIBUTE) return t;
    static const char *const units[] = {"unitText", "unitCode", 0};
    ts_str parts[2] = {t, member_text(v, units)};
    return t.n && parts[1].n ? ts_str_join(r->a, parts, 2, TS_S(" ")) : t;
}

/* The texts of a list, in one. */
static ts_str list_text(reader *r, const ts_json *v, offer_field f, ts_str between) {
    if (!ts_json_is(v, TS_JSON_ARRAY)) return text_of(r, v, f);
    ts_buf b = ts_buf_new(r->a, LIST_TEXT_MAX);
    TS_JSON_EACH(x, v) {
        ts_str t = text_of(r, x, f);
        if (!t.n || b.full) continue;
        if (b.n) ts_buf_put(&b, between);
        ts_buf_put(&b, t);
    }
    return ts_buf_str(&b);
}

/* Each value of a list, or the one. Where a field holds one value, the first stands. */
static void put_each(reader *r, ts_offer *o, offer_field f, ts_str name, const ts_json *v) {
    if (!ts_json_is(v, TS_JSON_ARRAY)) {
        offer_put(r->a, o, f, name, text_of(r, v, f));
        return;
    }
    TS_JSON_EACH(x, v) offer_put(r->a, o, f, name, text_of(r, x, f));
}

/* ---- attributes ---- */

/* JSON inside a string. */
static const ts_json *unwrapped(reader *r, const ts_json *v) {
    ts_str inner = ts_str_trim(ts_json_str(v));
    if (inner.n < 2 || (inner.p[0] != '[' && inner.p[0] != '{')) return v;
    const ts_json *parsed = ts_json_parse(r->a, inner, (ts_json_options){0}, 0);
    return parsed ? parsed : v;
}

static void put_pair(reader *r, ts_offer *o, ts_str name, const ts_json *value) {
    offer_put_pair(r->a, r->names, o, name, list_text(r, value, OF_ATTRIBUTE, TS_S(", ")));
}

/* [{"name": …, "value": …}], {"name": "value"}, or such JSON inside a string. */
static void put_attributes(reader *r, ts_offer *o, const ts_json *v, ts_str name) {
    static const char *const keys[] = {
        "name",      "propertyID",         "key", "label", "attribute_name",
        "attr_name", "specification_name", 0};
    static const char *const values[] = {
        "value", "attribute_value", "attr_value", "specification_value", "values", 0};
    v = unwrapped(r, v);
    if (ts_json_is(v, TS_JSON_STRING)) offer_put(r->a, o, OF_ATTRIBUTE, name, ts_json_text(v));
    bool single =
        ts_json_is(v, TS_JSON_OBJECT) && ts_json_member(v, "name") && ts_json_member(v, "value");
    const ts_json *end = ts_json_is(v, TS_JSON_ARRAY) ? ts_json_end(v, TS_JSON_ARRAY)
                         : single                     ? v + v->span
                                                      : v;
    for (const ts_json *x = single ? v : v + 1; x < end; x += x->span) {
        ts_str key = member_text(x, keys);
        const ts_json *value = 0;
        for (size_t i = 0; values[i] && !value; i++) value = ts_json_get(x, ts_str_c(values[i]));
        if (key.n && value) put_pair(r, o, key, value);
    }
    if (single) return;
    TS_JSON_EACH_MEMBER(k, value, v) put_pair(r, o, ts_json_str(k), value);
}

/* ---- operators ---- */

static ts_str address_text(reader *r, const ts_json *v) {
    static const char *const parts[] = {"name",          "streetAddress",
                                        "postalCode",    "addressLocality",
                                        "addressRegion", "addressCountry"};
    v = target(r, v);
    if (!ts_json_is(v, TS_JSON_OBJECT)) return ts_json_text(v);
    ts_buf b = ts_buf_new(r->a, 1000);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ts_str t = text_of(r, ts_json_get(v, ts_str_c(parts[i])), OF_MANUFACTURER);
        if (t.n && b.n) ts_buf_lit(&b, ", ");
        ts_buf_put(&b, t);
    }
    return ts_buf_str(&b);
}

/* Organisation or person: name, address, e-mail, phone or site. */
static void put_operator(reader *r, ts_offer *o, const ts_json *v, offer_field name) {
    offer_field address = name + 1, contact = name + 2;
    if (ts_json_is(v, TS_JSON_ARRAY)) v = ts_json_at(v, 0);
    v = target(r, v);
    offer_put(r->a, o, name, TS_NONE, text_of(r, v, name));
    if (!ts_json_is(v, TS_JSON_OBJECT)) return;
    offer_put(r->a, o, address, TS_NONE, address_text(r, ts_json_member(v, "address")));
    static const char *const reach[] = {"email", "telephone", "url", 0};
    offer_put(r->a, o, contact, TS_NONE, member_text(v, reach));
    offer_put(r->a, o, contact, TS_NONE,
              member_text(target(r, ts_json_member(v, "contactPoint")), reach));
}

/* ---- offers within products ---- */

/* schema.org Offer / AggregateOffer, or a list of them: the first value of each member counts. */
static void put_offers(reader *r, ts_offer *o, const ts_json *v, unsigned depth) {
    static const struct {
        const char *name;
        offer_field f;
    } members[] = {
        {"price", OF_PRICE},
        {"lowPrice", OF_PRICE},
        {"priceCurrency", OF_CURRENCY},
        {"itemCondition", OF_CONDITION},
        {"availability", OF_AVAILABILITY},
        {"seller", OF_SELLER},
        {"offeredBy", OF_SELLER},
        {"url", OF_URL},
        {"sku", OF_CODE},
        {"mpn", OF_MODEL},
        {"areaServed", OF_MARKET},
        {"eligibleRegion", OF_MARKET},
    };
    if (depth > DEPTH) return;
    TS_JSON_EACH(x, v) put_offers(r, o, x, depth + 1);
    v = target(r, v);
    if (!ts_json_is(v, TS_JSON_OBJECT)) return;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        put_each(r, o, members[i].f, TS_NONE, ts_json_get(v, ts_str_c(members[i].name)));
    TS_JSON_EACH_MEMBER(k, value, v)
    if (offer_names_find(r->names, ts_json_str(k)) == OF_GTIN)
        put_each(r, o, OF_GTIN, TS_NONE, value);
    put_offers(r, o, ts_json_member(v, "priceSpecification"), depth + 1);
    put_offers(r, o, ts_json_member(v, "offers"), depth + 1);
}

/* ---- members of a product ---- */

/* "isbn:9780306406157", "ean:…": true when the prefix names a kind of GTIN. */
static bool put_prefixed(reader *r, ts_offer *o, ts_str value) {
    ts_str rest = value, kind = ts_str_cut(&rest, ':');
    if (!rest.n || offer_names_find(r->names, kind) != OF_GTIN) return false;
    offer_put(r->a, o, OF_GTIN, kind, rest);
    return true;
}

/* Objects under an unknown name say something of the product when they are a measure or a plain
 * term; others are things of their own (related products, reviews, return policies). */
static bool is_measure(const ts_json *v) {
    static const char *const kinds[] = {"QuantitativeValue", "SizeSpecification", "DefinedTerm",
                                        "PropertyValue", 0};
    return has_type_of(v, kinds);
}

static void put_unknown(reader *r, ts_offer *o, ts_str name, const ts_json *v) {
    if (!name.n || name.p[0] == '_' || name.p[0] == '@') return;
    if (ts_json_is(v, TS_JSON_OBJECT) && !is_measure(v)) return;
    if (ts_json_is(ts_json_at(v, 0), TS_JSON_OBJECT) && !is_measure(ts_json_at(v, 0))) return;
    offer_put(r->a, o, OF_ATTRIBUTE, name, list_text(r, v, OF_ATTRIBUTE, TS_S(", ")));
}

/* A node's own address identifies it when it is one on the web, not a label inside the document. */
static bool is_inner_label(ts_str name, const ts_json *v) {
    return ts_str_is(name, "@id") && !ts_str_istarts(ts_json_str(v), TS_S("http"));
}

static void put_member(reader *r, ts_offer *o, ts_str name, const ts_json *v) {
    offer_field f = offer_names_find(r->names, name);
    switch (f) {
    case OF_IGNORE: return;
    case OF_ATTRIBUTE: put_unknown(r, o, name, v); return;
    case OF_ATTRIBUTES: put_attributes(r, o, v, name); return;
    case OF_IDENTIFIERS: ts_identifiers_read(r->a, v, &o->identifiers); return;
    case OF_OFFERS: put_offers(r, o, v, 0); return;
    case OF_MANUFACTURER:
    case OF_RESPONSIBLE: put_operator(r, o, v, f); return;
    case OF_CATEGORY: offer_put(r->a, o, f, name, list_text(r, v, f, TS_S(" > "))); return;
    case OF_ID:
        if (is_inner_label(name, v) || put_prefixed(r, o, ts_json_str(v))) return;
        break;
    default: break;
    }
    put_each(r, o, f, name, v);
}

void offer_put_json(ts_arena *a, const offer_names *n, ts_offer *o, ts_str name, const ts_json *v) {
    reader r = {.a = a, .names = n};
    put_member(&r, o, name, v);
}

/* ---- products ---- */

/* Which members to read: where a name is repeated, its last. */
static bool stands(const ts_json *obj, const ts_json *name, ts_map *last) {
    ts_str k = {name->p, name->n};
    if (last->cap) return *ts_map_get(last, k) == (uint64_t)(name - obj);
    for (const ts_json *x = name + 1 + name[1].span, *end = obj + obj->span; x < end;
         x += 1 + x[1].span)
        if (x->n == k.n && memcmp(x->p, k.p, k.n) == 0) return false;
    return true;
}

static void put_members(reader *r, ts_offer *o, const ts_json *v) {
    enum { FEW = 48 };
    ts_map last = {0};
    if (v->n > FEW) /* too many to compare each with each */
        TS_JSON_EACH_MEMBER(k, value, v) * ts_map_put(r->a, &last, (ts_str){k->p, k->n}, 0) =
            (uint64_t)(k - v);
    TS_JSON_EACH_MEMBER(k, value, v)
    if (stands(v, k, &last)) put_member(r, o, ts_json_str(k), value);
}

/* A variant gives the group its identifiers, and what the group does not say itself. Its model
 * number is one of several and so an identifier. */
static void put_variant(reader *r, ts_offer *group, const ts_json *v) {
    ts_offer o = {0};
    v = target(r, v);
    if (!ts_json_is(v, TS_JSON_OBJECT)) return;
    put_members(r, &o, v);
    offer_put(r->a, &o, OF_CODE, TS_NONE, o.model);
    o.attributes.n = 0; /* this variant's size or colour is not the group's */
    o.id = o.url = TS_NONE;
    offer_fill(r->a, group, &o);
}

static void one_product(reader *r, const ts_json *v, const ts_json *outer_offer, bool listed) {
    ts_offer o = {0};
    put_members(r, &o, v);
    if (outer_offer) put_offers(r, &o, outer_offer, 0);
    const ts_json *variants = ts_json_member(v, "hasVariant");
    if (ts_json_is(variants, TS_JSON_OBJECT)) put_variant(r, &o, variants);
    TS_JSON_EACH(x, variants) put_variant(r, &o, x);
    bool anything = o.title.n || o.identifiers.n || o.description.n || o.model.n;
    if (anything) r->put(r->ctx, &o, listed);
}

static void walk(reader *r, const ts_json *v, unsigned depth, bool listed);

/* {"@type": "Offer", "itemOffered": …}: true when it was one. */
static bool outer_offer(reader *r, const ts_json *v, unsigned depth, bool listed) {
    const ts_json *offered = target(r, ts_json_member(v, "itemOffered"));
    if (ts_json_is(offered, TS_JSON_ARRAY)) {
        walk(r, offered, depth + 1, true);
        return true;
    }
    bool offer = has_type(v, "Offer") || has_type(v, "AggregateOffer");
    if (ts_json_is(offered, TS_JSON_OBJECT) && (offer || has_type_of(offered, products))) {
        one_product(r, offered, v, listed);
        return true;
    }
    if (!offer || !ts_json_member(v, "name")) return false;
    one_product(r, v, v, listed);
    return true;
}

static void walk(reader *r, const ts_json *v, unsigned depth, bool listed) {
    static const char *const inside[] = {"@graph",     "itemListElement",  "item",
                                         "mainEntity", "mainEntityOfPage", "about",
                                         "makesOffer", "hasOfferCatalog",  0};
    if (depth > DEPTH) return;
    TS_JSON_EACH(x, v) walk(r, x, depth + 1, listed);
    if (!ts_json_is(v, TS_JSON_OBJECT)) return;
    if (has_type_of(v, products)) {
        one_product(r, v, 0, listed);
        return;
    }
    if (outer_offer(r, v, depth, listed)) return;
    listed |= has_type_of(v, lists) || ts_json_member(v, "itemListElement") ||
              ts_json_member(v, "makesOffer");
    for (size_t i = 0; inside[i]; i++)
        walk(r, ts_json_get(v, ts_str_c(inside[i])), depth + 1, listed);
}

/* Wrappers of lists without schema.org types. */
static const ts_json *records_in(const ts_json *v) {
    static const char *const names[] = {"offers",  "products", "items",    "results",
                                        "records", "data",     "listings", "hits"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const ts_json *x = ts_json_get(v, ts_str_c(names[i]));
        if (ts_json_is(x, TS_JSON_ARRAY) && ts_json_is(ts_json_at(x, 0), TS_JSON_OBJECT)) return x;
        bool wrapper = ts_json_is(x, TS_JSON_OBJECT) && !ts_json_member(x, "title") &&
                       !ts_json_member(x, "name");
        const ts_json *inner = wrapper ? records_in(x) : 0;
        if (inner) return inner;
    }
    return 0;
}

static void read_value(reader *r, const ts_json *v, bool schema, unsigned depth) {
    if (depth > DEPTH) return;
    TS_JSON_EACH(x, v) read_value(r, x, schema, depth + 1);
    if (!ts_json_is(v, TS_JSON_OBJECT)) return;
    bool typed =
        ts_json_member(v, "@type") || ts_json_member(v, "@graph") || ts_json_member(v, "@context");
    if (schema || typed) {
        walk(r, v, 0, false);
        return;
    }
    const ts_json *list =
        ts_json_member(v, "title") || ts_json_member(v, "name") ? 0 : records_in(v);
    if (list)
        read_value(r, list, schema, depth + 1);
    else
        one_product(r, v, 0, false);
}

void offers_from_json(ts_arena *a, const offer_names *n, const ts_json *v, bool schema,
                      offer_sink *put, void *ctx) {
    reader r = {.a = a, .names = n, .put = put, .ctx = ctx, .root = v};
    read_value(&r, v, schema, 0);
}

void offer_breadcrumb(ts_arena *a, const ts_json *v, ts_strs *out) {
    static const char *const names[] = {"name", "title", 0};
    if (out->n) return;
    for (const ts_json *x = v, *end = v + v->span; x < end; x++) {
        if (x->type != TS_JSON_OBJECT || !has_type(x, "BreadcrumbList")) continue;
        TS_JSON_EACH(item, ts_json_member(x, "itemListElement")) {
            ts_str name = member_text(item, names);
            if (!name.n) name = member_text(ts_json_member(item, "item"), names);
            if (out->n < 20) ts_strs_add(a, out, ts_html_line(a, name));
        }
        return;
    }
}
