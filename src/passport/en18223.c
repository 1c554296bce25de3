/* Writing. The header, and in the compressed form all else, is what a document holds under other
 * names; the full form takes every value apart. */
#include "en18223.h"

#include "en18223_part.h"
#include "envelope.h"
#include "form.h"
#include "tape.h"
#include "value.h"

static bool is(ts_str s, const char *lit) { return ts_str_is(s, lit); }

/* ---- the header ---- */

static ts_str member_str(const ts_json *v, const char *outer, const char *inner) {
    return ts_json_str(ts_json_get(ts_json_get(v, ts_str_c(outer)), ts_str_c(inner)));
}

static ts_str pack_urn(ts_arena *a, const ts_packs *packs, ts_str id) {
    ts_buf b = ts_buf_new(a, 200);
    ts_buf_fmt(&b, EN_PACK_URN "%.*s", TS_P(id));
    for (size_t i = 0; i < packs->n; i++)
        if (ts_str_eq(packs->v[i].id, id)) ts_buf_fmt(&b, ":%.*s", TS_P(packs->v[i].version));
    return ts_buf_str(&b);
}

static void content_specifications(tape *t, const ts_json *list, const ts_packs *packs) {
    if (!list || !list->n) return;
    tape_key(t, TS_S("contentSpecificationIds"));
    tape_array(t);
    TS_JSON_EACH(v, list) {
        tape_str(t, pack_urn(t->a, packs, ts_json_str(ts_json_member(v, "id"))));
    }
    tape_end(t);
}

static void header(tape *t, const ts_json *v, const ts_packs *packs, ts_str updated) {
    tape_kstr(t, "digitalProductPassportId", ts_json_str(ts_json_member(v, "id")));
    tape_kstr(t, "uniqueProductIdentifier", member_str(v, "product", "id"));
    tape_kstr(t, "granularity", ts_json_str(ts_json_member(v, "granularity")));
    tape_kstr(t, "dppSchemaVersion", TS_S("EN 18223:2026"));
    tape_kstr(t, "dppStatus", ts_json_str(ts_json_member(v, "status")));
    tape_kstr(t, "lastUpdated", updated);
    tape_kstr(t, "economicOperatorId", member_str(v, "operator", "id"));
    tape_kstr_opt(t, "facilityId", member_str(v, "facility", "id"));
    content_specifications(t, ts_json_member(v, "packs"), packs);
}

/* ---- what stands beside header and elements ---- */

/* An object without its id, which the header has. */
static void without_id(tape *t, ts_str name, const ts_json *v) {
    if (v->n < 2) return;
    tape_key(t, name);
    tape_object(t);
    TS_JSON_EACH_MEMBER(key, value, v) {
        if (!is(ts_json_str(key), "id")) tape_member(t, ts_json_str(key), value);
    }
    tape_end(t);
}

/* The collection "touchstone": names as in the document. Elements that are there but none at all
 * are told from elements that are not there. */
static void beside(tape *t, const ts_json *v) {
    tape_key(t, TS_S(EN_BESIDE));
    tape_object(t);
    TS_JSON_EACH_MEMBER(key, value, v) {
        ts_str name = ts_json_str(key);
        if (is(name, "product") || is(name, "operator") || is(name, "facility"))
            without_id(t, name, value);
        else if (is(name, "elements") ? !value->n
                                      : !is(name, "format") && !is(name, "id") &&
                                            !is(name, "granularity") && !is(name, "status"))
            tape_member(t, name, value);
    }
    tape_end(t);
}

/* ---- the full form ---- */

typedef struct writing {
    tape t;
    const ts_packs *packs;
} writing;

static void element(writing *w, ts_str id, const ts_json *v, ts_str path);

/* A name that begins with "@" gets another one, as "@value" has a meaning of its own. */
static ts_str element_id(ts_arena *a, ts_str name) {
    if (!name.n || name.p[0] != '@') return name;
    return ts_str_join(a, (ts_str[]){TS_S("@"), name}, 2, TS_NONE);
}

/* The path of a member; empty where no id leads. */
static ts_str path_of(ts_arena *a, ts_str path, ts_str name) {
    if (!path.n || ts_str_chr(name, '.') != TS_NPOS) return TS_NONE;
    return ts_str_join(a, (ts_str[]){path, name}, 2, TS_S("."));
}

static const char *number_type(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] | 32) == 'e') return "xsd:double";
    return ts_str_chr(s, '.') == TS_NPOS ? "xsd:integer" : "xsd:decimal";
}

/* The XSD type of a scalar; NULL for anything else. */
static const char *scalar_type(const ts_json *v, const ts_pack_element *el) {
    ts_str s = ts_json_text(v);
    switch (v->type) {
    case TS_JSON_NUMBER: return number_type(s);
    case TS_JSON_TRUE:
    case TS_JSON_FALSE: return "xsd:boolean";
    case TS_JSON_STRING:
        if (!el || el->type != TS_TYPE_DATE || !value_is_date(s)) return "xsd:string";
        return s.n == 10 ? "xsd:date" : s.n == 7 ? "xsd:gYearMonth" : "xsd:gYear";
    default: return 0;
    }
}

static void members(writing *w, const ts_json *obj, ts_str path) {
    tape_array(&w->t);
    TS_JSON_EACH_MEMBER(key, value, obj) {
        ts_str name = ts_json_str(key);
        element(w, element_id(w->t.a, name), value, path_of(w->t.a, path, name));
    }
    tape_end(&w->t);
}

/* An entry of a list: a scalar as it is, an object as the list of its elements, and what is neither
 * (a list, null) as such a list with the one element "@value". */
static void entry(writing *w, const ts_json *v) {
    if (v->type == TS_JSON_OBJECT) {
        members(w, v, TS_NONE);
    } else if (scalar_type(v, 0)) {
        tape_copy(&w->t, v);
    } else {
        tape_array(&w->t);
        element(w, TS_S(EN_VALUE), v, TS_NONE);
        tape_end(&w->t);
    }
}

static void multi_valued(writing *w, const ts_json *v) {
    const char *type = v->n ? scalar_type(v + 1, 0) : 0;
    TS_JSON_EACH(one, v) {
        const char *other = scalar_type(one, 0);
        if (!other || !type || !is(ts_str_c(type), other)) type = 0;
    }
    tape_kstr(&w->t, "objectType", TS_S("MultiValuedDataElement"));
    if (type) tape_kstr(&w->t, "valueDataType", ts_str_c(type));
    tape_key(&w->t, TS_S("value"));
    tape_array(&w->t);
    TS_JSON_EACH(one, v) entry(w, one);
    tape_end(&w->t);
}

static void multi_language(writing *w, const ts_json *v) {
    tape_kstr(&w->t, "objectType", TS_S("MultiLanguageDataElement"));
    tape_key(&w->t, TS_S("value"));
    tape_array(&w->t);
    TS_JSON_EACH_MEMBER(name, value, v) {
        tape_object(&w->t);
        tape_kstr(&w->t, "language", ts_json_str(name));
        tape_kstr(&w->t, "value", ts_json_str(value));
        tape_end(&w->t);
    }
    tape_end(&w->t);
}

/* An address, or an object that says nothing but what a related resource says; an object with an
 * address alone is not, as it would come back as a text. */
static bool is_resource(const ts_json *v) {
    if (v->type == TS_JSON_STRING) return form_web(ts_json_str(v));
    if (v->type != TS_JSON_OBJECT || v->n < 2 || !ts_json_member(v, "url")) return false;
    TS_JSON_EACH_MEMBER(key, value, v) {
        ts_str name = ts_json_str(key);
        if (value->type != TS_JSON_STRING || (!is(name, "url") && !is(name, "title") &&
                                              !is(name, "contentType") && !is(name, "language")))
            return false;
    }
    return true;
}

static void resource(writing *w, const ts_json *v) {
    tape_kstr(&w->t, "objectType", TS_S("RelatedResource"));
    if (v->type == TS_JSON_STRING) tape_kstr(&w->t, "url", ts_json_str(v));
    TS_JSON_EACH_MEMBER(key, value, v) {
        ts_str name = ts_json_str(key);
        tape_member(&w->t, is(name, "title") ? TS_S("resourceTitle") : name, value);
    }
}

static void single_valued(writing *w, const ts_json *v, const ts_pack_element *el) {
    const char *type = scalar_type(v, el);
    tape_kstr(&w->t, "objectType", TS_S("SingleValuedDataElement"));
    if (!type) return; /* null: no value */
    tape_kstr(&w->t, "valueDataType", ts_str_c(type));
    tape_member(&w->t, TS_S("value"), v);
}

static void collection(writing *w, const ts_json *v, ts_str path) {
    tape_kstr(&w->t, "objectType", TS_S("DataElementCollection"));
    tape_key(&w->t, TS_S("elements"));
    members(w, v, path);
}

/* The first pack's element of that id, or NULL; *way says whether ids lie inside the path. */
static const ts_pack_element *known(const ts_packs *packs, ts_str path, bool *way) {
    *way = false;
    for (size_t i = 0; path.n && i < packs->n; i++) {
        const ts_pack_element *el;
        if (!ts_pack_path(&packs->v[i], path, &el)) continue;
        if (el) return el;
        *way = true;
    }
    return 0;
}

/* `path` is that of the value among the document's elements; empty where no id leads. */
static void element(writing *w, ts_str id, const ts_json *v, ts_str path) {
    bool way;
    const ts_pack_element *el = known(w->packs, path, &way);
    tape_object(&w->t);
    tape_kstr(&w->t, "elementId", id);
    if (el) tape_kstr_opt(&w->t, "dictionaryReference", el->reference);
    if (el && el->type == TS_TYPE_LANGUAGES && value_is_languages(v))
        multi_language(w, v);
    else if (el && el->type == TS_TYPE_LINK && is_resource(v))
        resource(w, v);
    else if (v->type == TS_JSON_ARRAY)
        multi_valued(w, v);
    else if (v->type == TS_JSON_OBJECT)
        collection(w, v, way ? path : TS_NONE);
    else
        single_valued(w, v, el);
    tape_end(&w->t);
}

/* ---- the whole ---- */

static void full(writing *w, const ts_json *v) {
    tape apart = {.a = w->t.a};
    tape_object(&apart);
    beside(&apart, v);
    tape_end(&apart);
    tape_key(&w->t, TS_S("elements"));
    tape_array(&w->t);
    TS_JSON_EACH_MEMBER(key, value, ts_json_member(v, "elements")) {
        element(w, ts_json_str(key), value, ts_json_str(key));
    }
    element(w, TS_S(EN_BESIDE), ts_json_member(apart.v, EN_BESIDE), TS_NONE);
    tape_end(&w->t);
}

static void compressed(writing *w, const ts_json *v) {
    TS_JSON_EACH_MEMBER(key, value, ts_json_member(v, "elements")) {
        tape_member(&w->t, ts_json_str(key), value);
    }
    beside(&w->t, v);
}

static bool is_time(int64_t updated, ts_error *e) {
    const int64_t last = 253402300799; /* of the year 9999 */
    return (updated >= 0 && updated <= last) ||
           ts_fail(e, TS_E_USAGE, "passport: a version's time lies in the years 1970 to 9999");
}

bool ts_en18223_write(ts_arena *a, const ts_document *d, const ts_packs *packs, ts_audiences who,
                      ts_en_form how, int64_t updated, ts_str *out, ts_error *e) {
    char instant[24];
    ts_str view; /* its names are sorted, and so are the elements that the full form lists */
    if (!is_time(updated, e) || !ts_document_view(a, d, packs, who, &view, 0, e)) return false;
    const ts_json *v = ts_json_parse(a, view, (ts_json_options){.strict = true}, e);
    if (!v) return false;
    writing w = {.t = {.a = a}, .packs = packs};
    tape_object(&w.t);
    header(&w.t, v, packs, ts_instant_iso(updated, instant));
    if (how == TS_EN_FULL)
        full(&w, v);
    else
        compressed(&w, v);
    tape_end(&w.t);
    return tape_canonical(a, w.t.v, TS_EN_MAX, out, e);
}

const ts_json *ts_en18223_build(ts_arena *a, const ts_document *d, const ts_packs *packs,
                                ts_audiences who, const ts_credential_terms *o, ts_error *e) {
    const envelope plain = {.context = 0};
    char *instant = ts_new_n(a, char, 24);
    const ts_json *v = ts_document_view_tree(a, d, packs, who, 0);
    writing w = {.t = {.a = a}, .packs = packs};
    if (!is_time(o->from, e) || !envelope_open(&w.t, &plain, o, e)) return 0;
    tape_key(&w.t, TS_S("credentialSubject"));
    tape_object(&w.t);
    tape_kstr(&w.t, "id", ts_product_id_issued(&d->product));
    header(&w.t, v, packs, ts_instant_iso(o->from, instant));
    compressed(&w, v);
    tape_end(&w.t);
    tape_end(&w.t);
    return w.t.v;
}

bool ts_en18223_element_write(ts_arena *a, const ts_packs *packs, ts_str id, ts_str path,
                              const ts_json *value, ts_str *out, ts_error *e) {
    writing w = {.t = {.a = a}, .packs = packs};
    element(&w, element_id(a, id), value, path);
    return tape_canonical(a, w.t.v, TS_EN_MAX, out, e);
}
