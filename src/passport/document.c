#include "document.h"

#include "form.h"
#include "tape.h"

enum {
    MAX_MEMBERS = 100000,
    MAX_ELEMENTS = 4000,
    MAX_SAFETY = 1000,
    MAX_LANGUAGES = 100,
    MAX_PREDECESSORS = 1000,
    MAX_COMPONENTS = 10000,
    MAX_PACKS = 16,
    MAX_ID = 2000
};

static const char *const status_names[] = {"active", "inactive", "archived", "invalid"};
static const char *const safety_names[] = {"none_known", "warning", "recalled", "withdrawn",
                                           "lifted"};
static const char *const grain_names[] = {"model", "batch", "item"};
#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

const char *ts_dpp_status_name(ts_dpp_status s) { return status_names[s]; }
const char *ts_safety_status_name(ts_safety_status s) { return safety_names[s]; }

typedef struct reading {
    ts_arena *a;
    ts_document *d;
    form f;
} reading;

static bool uri(const reading *r, const ts_json *v, ts_str *out) {
    *out = ts_json_str(v);
    bool kind =
        form_web(*out) || ts_str_starts(*out, TS_S("did:")) || ts_str_istarts(*out, TS_S("urn:"));
    return (kind && form_uri(*out)) ||
           form_bad(&r->f, v,
                    "\"%s\" is no absolute URI; write an address (https://…), a DID (did:…) or a "
                    "URN (urn:…)",
                    FORM_SHOW(*out));
}

static bool line(const reading *r, const ts_json *v, ts_str *out) {
    *out = ts_json_str(v);
    return !v || form_line(*out, MAX_ID) ||
           form_bad(&r->f, v, "must be a text in one line, not blank, at most %d bytes", MAX_ID);
}

static bool at_most(const reading *r, const ts_json *v, size_t max, const char *what) {
    if (!v || v->n <= max) return true;
    return ts_fail(r->f.e, TS_E_LIMIT, "passport: more than %zu %s", max, what);
}

/* ---- header ---- */

static const form_member members[] = {
    {"format", FORM_STRING, true},       {"id", FORM_STRING, true},
    {"granularity", FORM_STRING, true},  {"product", FORM_OBJECT, true},
    {"operator", FORM_OBJECT, true},     {"facility", FORM_OBJECT, false},
    {"links", FORM_OBJECT, false},       {"packs", FORM_ARRAY, false},
    {"status", FORM_STRING, true},       {"elements", FORM_OBJECT, false},
    {"classes", FORM_OBJECT, false},     {"safety", FORM_ARRAY, false},
    {"predecessors", FORM_ARRAY, false}, {"components", FORM_ARRAY, false},
    {"sbom", FORM_OBJECT, false},
};

static bool status(const reading *r, const ts_json *v) {
    ts_safety_status s;
    for (s = TS_SAFETY_WARNING; s <= TS_SAFETY_LIFTED; s++)
        if (ts_str_is(ts_json_str(v), safety_names[s]))
            return form_bad(&r->f, v,
                            "\"%s\" is said by an entry in \"safety\"; the status is one of: "
                            "active, inactive, archived, invalid",
                            safety_names[s]);
    int i = form_choice(&r->f, v, status_names, COUNT(status_names));
    r->d->status = (ts_dpp_status)i;
    return i >= 0;
}

static bool header(const reading *r) {
    const ts_json *root = r->d->root, *format = ts_json_member(root, "format");
    /* The format first: of another one, the members are others, too. */
    if (format && !ts_str_is(ts_json_str(format), "touchstone-passport-1"))
        return form_bad(&r->f, format,
                        "\"%s\" is not known; this program reads \"touchstone-passport-1\"",
                        FORM_SHOW(ts_json_str(format)));
    if (!FORM_MEMBERS(&r->f, root, members)) return false;
    int grain =
        form_choice(&r->f, ts_json_member(root, "granularity"), grain_names, COUNT(grain_names));
    r->d->grain = (ts_grain)grain;
    return grain >= 0 && uri(r, ts_json_member(root, "id"), &r->d->id) &&
           status(r, ts_json_member(root, "status"));
}

/* ---- product and parties ---- */

/* The members of UNTP 0.7's Product. */
static const form_member product_members[] = {
    {"id", FORM_STRING, true},
    {"name", FORM_STRING, true},
    {"type", FORM_ARRAY, false},
    {"description", FORM_STRING, false},
    {"idScheme", FORM_OBJECT, false},
    {"modelNumber", FORM_STRING, false},
    {"batchNumber", FORM_STRING, false},
    {"itemNumber", FORM_STRING, false},
    {"idGranularity", FORM_STRING, false},
    {"productImage", FORM_OBJECT, false},
    {"characteristics", FORM_OBJECT, false},
    {"productCategory", FORM_ARRAY, false},
    {"relatedDocument", FORM_ARRAY, false},
    {"relatedParty", FORM_ARRAY, false},
    {"producedAtFacility", FORM_OBJECT, false},
    {"productionDate", FORM_STRING, false},
    {"expiryDate", FORM_STRING, false},
    {"countryOfProduction", FORM_OBJECT, false},
    {"dimensions", FORM_OBJECT, false},
    {"materialProvenance", FORM_ARRAY, false},
    {"packaging", FORM_OBJECT, false},
    {"productLabel", FORM_ARRAY, false},
    {"performanceClaim", FORM_ARRAY, false},
};

static bool date(const reading *r, const ts_json *v) {
    ts_str s = ts_json_str(v);
    return !v || (s.n == 10 && ts_day_parse_iso(s) != TS_NO_DAY) ||
           form_bad(&r->f, v, "\"%s\" is no date; write YYYY-MM-DD", FORM_SHOW(s));
}

/* Whether what the product says of itself is what the identifier says. */
static bool agrees(const reading *r, const ts_json *v, const char *ai) {
    ts_str code = ts_gs1_get(&r->d->product.link.ais, ai), said = ts_json_str(v);
    return !v || !code.n || ts_str_eq(code, said) ||
           form_bad(&r->f, v, "\"%s\" is not \"%s\", as AI %s of the product's identifier says",
                    FORM_SHOW(said), FORM_SHOW(code), ai);
}

static bool gs1_grain(const reading *r, const ts_json *id) {
    static const char *const cures[] = {
        "it names a model, neither batch (AI 10) nor serial number (AI 21)",
        "it names a batch (AI 10) without serial number (AI 21)", "it names an item"};
    const ts_json *product = r->d->product_node;
    if (r->d->product.kind != TS_PID_GS1) return true;
    ts_grain grain = ts_gs1_grain(&r->d->product.link.ais);
    if (grain != r->d->grain)
        return form_bad(&r->f, id,
                        "does not fit \"granularity\": \"%s\": %s; change one of the two",
                        grain_names[r->d->grain], cures[grain]);
    return agrees(r, ts_json_member(product, "batchNumber"), "10") &&
           agrees(r, ts_json_member(product, "itemNumber"), "21");
}

static bool product_id(const reading *r, const ts_json *id) {
    ts_error why = {0};
    if (!ts_product_id_read(r->a, ts_json_str(id), &r->d->product, &why))
        return form_bad(&r->f, id, "%s", why.msg);
    if (!form_uri(ts_json_str(id)))
        return form_bad(&r->f, id, "must be an address or a DID; write it as %s",
                        FORM_SHOW(r->d->product.text));
    return gs1_grain(r, id);
}

static bool product(const reading *r) {
    const ts_json *v = r->d->product_node = ts_json_member(r->d->root, "product");
    const ts_json *grain = ts_json_member(v, "idGranularity");
    ts_str name;
    if (!FORM_MEMBERS(&r->f, v, product_members) || !line(r, ts_json_member(v, "name"), &name) ||
        !product_id(r, ts_json_member(v, "id")) || !date(r, ts_json_member(v, "productionDate")) ||
        !date(r, ts_json_member(v, "expiryDate")))
        return false;
    return !grain || ts_str_is(ts_json_str(grain), grain_names[r->d->grain]) ||
           form_bad(&r->f, grain, "is not the passport's granularity, \"%s\"; leave it out",
                    grain_names[r->d->grain]);
}

static bool parties(const reading *r) {
    static const form_member known[] = {{"id", FORM_STRING, true}, {"name", FORM_STRING, false}};
    ts_document *d = r->d;
    ts_str id, name;
    d->operator_node = ts_json_member(d->root, "operator");
    d->facility_node = ts_json_member(d->root, "facility");
    if (!FORM_MEMBERS(&r->f, d->operator_node, known) ||
        !uri(r, ts_json_member(d->operator_node, "id"), &d->operator_id) ||
        !line(r, ts_json_member(d->operator_node, "name"), &d->operator_name))
        return false;
    return !d->facility_node || (FORM_MEMBERS(&r->f, d->facility_node, known) &&
                                 uri(r, ts_json_member(d->facility_node, "id"), &id) &&
                                 line(r, ts_json_member(d->facility_node, "name"), &name));
}

/* ---- links to other passports ---- */

static bool one_link(const reading *r, const ts_json *v, ts_grain to, ts_str *out) {
    if (!v) return true;
    if (!uri(r, v, out)) return false;
    if (r->d->grain <= to)
        return form_bad(&r->f, v,
                        "a passport at %s level has no link to a %s: an item links its batch or "
                        "model, a batch its model",
                        grain_names[r->d->grain], grain_names[to]);
    return !ts_str_eq(*out, r->d->id) || form_bad(&r->f, v, "is this passport itself");
}

static bool links(const reading *r) {
    static const form_member known[] = {{"model", FORM_STRING, false},
                                        {"batch", FORM_STRING, false}};
    const ts_json *v = ts_json_member(r->d->root, "links");
    if (!v) return true;
    if (!FORM_MEMBERS(&r->f, v, known) ||
        !one_link(r, ts_json_member(v, "model"), TS_GRAIN_MODEL, &r->d->model) ||
        !one_link(r, ts_json_member(v, "batch"), TS_GRAIN_BATCH, &r->d->batch))
        return false;
    return !r->d->model.n || !ts_str_eq(r->d->model, r->d->batch) ||
           form_bad(&r->f, v, "model and batch are the same passport");
}

static bool is_itself(const reading *r, ts_str id) {
    return ts_str_eq(id, r->d->id) || ts_str_eq(id, r->d->product.text) ||
           ts_str_eq(id, r->d->product.given);
}

static bool one_predecessor(const reading *r, const ts_json *v, ts_map *seen) {
    static const form_member known[] = {
        {"id", FORM_STRING, true}, {"name", FORM_STRING, false}, {"relation", FORM_STRING, true}};
    ts_edge edge;
    bool fresh;
    const ts_json *id = ts_json_member(v, "id"), *relation = ts_json_member(v, "relation");
    if (!FORM_MEMBERS(&r->f, v, known) || !uri(r, id, &edge.id) ||
        !line(r, ts_json_member(v, "name"), &edge.name))
        return false;
    edge.relation = ts_json_str(relation);
    if (!form_name(edge.relation))
        return form_bad(&r->f, relation,
                        "\"%s\" is no relation: one word of small letters, digits and _, such as "
                        "repurposed",
                        FORM_SHOW(edge.relation));
    if (is_itself(r, edge.id)) return form_bad(&r->f, id, "is this passport itself");
    ts_map_put(r->a, seen, edge.id, &fresh);
    if (!fresh) return form_bad(&r->f, id, "stands here twice; leave one out");
    *ts_push(r->a, &r->d->predecessors) = edge;
    return true;
}

static bool one_component(const reading *r, const ts_json *v) {
    static const form_member known[] = {{"id", FORM_STRING, true}, {"name", FORM_STRING, false}};
    ts_edge edge = {0};
    const ts_json *id = ts_json_member(v, "id");
    if (!FORM_MEMBERS(&r->f, v, known) || !line(r, id, &edge.id) ||
        !line(r, ts_json_member(v, "name"), &edge.name))
        return false;
    if (is_itself(r, edge.id)) return form_bad(&r->f, id, "is this passport itself");
    *ts_push(r->a, &r->d->components) = edge;
    return true;
}

static bool edges(const reading *r) {
    const ts_json *before = ts_json_member(r->d->root, "predecessors"),
                  *parts = ts_json_member(r->d->root, "components");
    ts_map seen = {0};
    if (!at_most(r, before, MAX_PREDECESSORS, "predecessors") ||
        !at_most(r, parts, MAX_COMPONENTS, "components"))
        return false;
    TS_JSON_EACH(v, before) {
        if (!one_predecessor(r, v, &seen)) return false;
    }
    TS_JSON_EACH(v, parts) {
        if (!one_component(r, v)) return false;
    }
    return true;
}

/* ---- packs, elements, classes ---- */

static bool one_pack(const reading *r, const ts_json *v) {
    static const form_member known[] = {{"id", FORM_STRING, true},
                                        {"category", FORM_STRING, false}};
    const ts_json *id = ts_json_member(v, "id"), *category = ts_json_member(v, "category");
    if (!FORM_MEMBERS(&r->f, v, known)) return false;
    ts_pack_use use = {ts_json_str(id), ts_json_str(category)};
    if (!form_name(use.id))
        return form_bad(&r->f, id, "\"%s\" is no name of a pack", FORM_SHOW(use.id));
    if (category && !form_name(use.category))
        return form_bad(&r->f, category, "\"%s\" is no name of a category",
                        FORM_SHOW(use.category));
    for (size_t i = 0; i < r->d->packs.n; i++)
        if (ts_str_eq(r->d->packs.v[i].id, use.id))
            return form_bad(&r->f, id, "stands here twice; leave one out");
    *ts_push(r->a, &r->d->packs) = use;
    return true;
}

static bool packs(const reading *r) {
    const ts_json *v = ts_json_member(r->d->root, "packs");
    if (!at_most(r, v, MAX_PACKS, "packs")) return false;
    TS_JSON_EACH(one, v) {
        if (!one_pack(r, one)) return false;
    }
    return true;
}

static bool element_name(const reading *r, const ts_json *name, ts_map *seen) {
    ts_str id = ts_json_str(name), rest = id, other;
    const char *why;
    if (!form_path(id))
        return form_bad(&r->f, name,
                        "is no name of an element: letters, digits and _, beginning with a letter, "
                        "joined by dots");
    ts_str first = ts_str_cut(&rest, '.');
    if (ts_pack_reserved(first))
        return form_bad(&r->f, name,
                        "the name \"%.*s\" belongs to the header of EN 18223 or to what stands "
                        "beside it; choose another",
                        TS_P(first));
    return form_paths_add(r->a, seen, id, 0, &why, &other) ||
           form_bad(&r->f, name, "%s%s%.*s; write one into the other, as objects", why,
                    ts_str_eq(id, other) ? "" : ": ", ts_str_eq(id, other) ? 0 : (int)other.n,
                    other.p);
}

static bool elements(const reading *r) {
    const ts_json *v = r->d->elements = ts_json_member(r->d->root, "elements");
    ts_map seen = {0};
    if (!at_most(r, v, MAX_ELEMENTS, "members directly in \"elements\"")) return false;
    TS_JSON_EACH_MEMBER(name, value, v) {
        if (!element_name(r, name, &seen)) return false;
    }
    return true;
}

static bool classes(const reading *r) {
    const ts_json *v = r->d->classes = ts_json_member(r->d->root, "classes");
    if (!at_most(r, v, MAX_ELEMENTS, "entries in \"classes\"")) return false;
    TS_JSON_EACH_MEMBER(name, value, v) {
        const char *why;
        ts_str id = ts_json_str(name), rest = id, other;
        if (!form_path(id) || (ts_pack_reserved(ts_str_cut(&rest, '.')) && !ts_str_is(id, "sbom")))
            return form_bad(&r->f, name, "is no id of an element, nor \"sbom\"");
        if (!form_type(&r->f, value, FORM_STRING)) return false;
        if (!form_name(ts_json_str(value)))
            return form_bad(&r->f, value, "\"%s\" is no name of a class",
                            FORM_SHOW(ts_json_str(value)));
        if (!form_paths_add(r->a, &r->d->class_paths, id, (uint64_t)(value - r->d->root), &why,
                            &other))
            return form_bad(&r->f, name, "%s; leave one of them out", why);
    }
    return true;
}

/* ---- safety ---- */

static bool languages(const reading *r, const ts_json *v) {
    if (v && !v->n) return form_bad(&r->f, v, "must not be empty");
    if (!at_most(r, v, MAX_LANGUAGES, "languages in one text")) return false;
    TS_JSON_EACH_MEMBER(name, value, v) {
        if (!form_language(ts_json_str(name)))
            return form_bad(&r->f, name, "is no language tag, such as en, de or zh");
        if (!form_type(&r->f, value, FORM_STRING)) return false;
        if (!ts_str_trim(ts_json_str(value)).n) return form_bad(&r->f, value, "must not be blank");
    }
    return true;
}

static bool safety_status(const reading *r, const ts_json *v, ts_safety_entry *x) {
    int i = form_choice(&r->f, v, safety_names + 1, COUNT(safety_names) - 1);
    if (i < 0 && ts_str_is(ts_json_str(v), safety_names[0]))
        form_bad(&r->f, v,
                 "is what holds without entries; to take a warning or recall back, write "
                 "an entry \"lifted\"");
    x->status = (ts_safety_status)(i + 1);
    return i >= 0;
}

static bool safety_by(const reading *r, const ts_json *v, ts_safety_entry *x) {
    static const form_member known[] = {{"id", FORM_STRING, true}, {"name", FORM_STRING, false}};
    return FORM_MEMBERS(&r->f, v, known) && line(r, ts_json_member(v, "id"), &x->by_id) &&
           line(r, ts_json_member(v, "name"), &x->by_name);
}

static bool one_safety(const reading *r, const ts_json *v, ts_safety_entry *x) {
    static const form_member known[] = {{"status", FORM_STRING, true},
                                        {"by", FORM_OBJECT, true},
                                        {"at", FORM_STRING, true},
                                        {"notice", FORM_STRING, false},
                                        {"text", FORM_OBJECT, false}};
    const ts_json *at = ts_json_member(v, "at");
    if (!FORM_MEMBERS(&r->f, v, known) || !safety_status(r, ts_json_member(v, "status"), x) ||
        !safety_by(r, ts_json_member(v, "by"), x) ||
        !line(r, ts_json_member(v, "notice"), &x->notice))
        return false;
    if (!ts_stamp_parse(ts_json_str(at), &x->at))
        return form_bad(&r->f, at, "\"%s\" is no instant; write 2026-11-20T10:00:00Z",
                        FORM_SHOW(ts_json_str(at)));
    x->node = v;
    x->text = ts_json_member(v, "text");
    return languages(r, x->text);
}

static bool safety(const reading *r) {
    const ts_json *list = ts_json_member(r->d->root, "safety");
    if (!at_most(r, list, MAX_SAFETY, "entries in \"safety\"")) return false;
    TS_JSON_EACH(v, list) {
        ts_safety_entry x = {0}, *to = ts_push(r->a, &r->d->safety);
        if (!one_safety(r, v, &x)) return false;
        /* Into its place by time; behind those of the same instant. */
        for (; to > r->d->safety.v && to[-1].at > x.at; to--) to[0] = to[-1];
        *to = x;
    }
    return true;
}

static bool sbom(const reading *r) {
    static const form_member known[] = {{"digest", FORM_STRING, true}, {"url", FORM_STRING, false}};
    const ts_json *v = r->d->sbom = ts_json_member(r->d->root, "sbom");
    if (!v) return true;
    if (!FORM_MEMBERS(&r->f, v, known)) return false;
    const ts_json *digest = ts_json_member(v, "digest"), *url = ts_json_member(v, "url");
    ts_str hex = ts_json_str(digest);
    bool ok = hex.n == 64;
    for (size_t i = 0; ok && i < hex.n; i++)
        ok = ts_is_digit(hex.p[i]) || (hex.p[i] >= 'a' && hex.p[i] <= 'f');
    if (!ok)
        return form_bad(&r->f, digest, "is no SHA-256: 64 hexadecimal digits in small letters");
    return !url || form_web(ts_json_str(url)) ||
           form_bad(&r->f, url, "is no absolute http or https address");
}

/* ---- the whole ---- */

/* What is signed is the canonical text, which knows numbers as doubles alone. */
static bool numbers(const reading *r) {
    const ts_json *root = r->d->root;
    double ignored;
    for (uint32_t i = 0; i < root->span; i++)
        if (root[i].type == TS_JSON_NUMBER && !ts_json_f64(&root[i], &ignored))
            return form_bad(&r->f, &root[i], "is too large a number; write it as a text");
    return true;
}

bool ts_document_read(ts_arena *a, ts_str text, ts_document *out, ts_error *e) {
    *out = (ts_document){0};
    if (text.n > TS_DOCUMENT_MAX)
        return ts_fail(e, TS_E_LIMIT,
                       "passport: more than %d bytes; keep long texts elsewhere and "
                       "link them",
                       TS_DOCUMENT_MAX);
    const ts_json_options strict = {.strict = true, .max_depth = 64, .max_members = MAX_MEMBERS};
    out->root = ts_json_parse(a, text, strict, e);
    if (!out->root) return false;
    reading r = {a, out, {"passport", TS_NONE, out->root, e}};
    return numbers(&r) && header(&r) && product(&r) && parties(&r) && links(&r) && packs(&r) &&
           elements(&r) && classes(&r) && safety(&r) && edges(&r) && sbom(&r);
}

static const ts_json *nested(const ts_json *v, ts_str path) {
    while (v && path.p) v = ts_json_get(v, ts_str_cut(&path, '.'));
    return v;
}

const ts_json *ts_document_element(const ts_document *d, ts_str id) {
    const ts_json *v = ts_json_get(d->elements, id);
    for (size_t i = id.n; !v && i-- > 0;)
        if (id.p[i] == '.')
            v = nested(ts_json_get(d->elements, ts_str_to(id, i)), ts_str_from(id, i + 1));
    return v;
}
