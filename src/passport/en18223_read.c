/* Reading. The full form is first put together to the compressed one. */
#include "en18223.h"
#include "en18223_part.h"
#include "form.h"
#include "tape.h"

static bool is(ts_str s, const char *lit) { return ts_str_is(s, lit); }

/* ---- from the full form to the compressed one ---- */

typedef struct joining {
    ts_arena *a;
    tape t;
    form f;
} joining;

static bool value_of(joining *j, const ts_json *v);

static const form_member element_members[] = {
    {"elementId", FORM_STRING, false},
    {"objectType", FORM_STRING, true},
    {"dictionaryReference", FORM_STRING, false},
    {"valueDataType", FORM_STRING, false},
    {"value", FORM_STRING | FORM_NUMBER | FORM_BOOLEAN | FORM_ARRAY, false},
    {"elements", FORM_ARRAY, false},
    {"resourceTitle", FORM_STRING, false},
    {"contentType", FORM_STRING, false},
    {"url", FORM_STRING, false},
    {"language", FORM_STRING, false},
};

static const char *const object_types[] = {"SingleValuedDataElement", "MultiValuedDataElement",
                                           "MultiLanguageDataElement", "DataElementCollection",
                                           "RelatedResource"};
typedef enum { SINGLE, MULTI, LANGUAGES, COLLECTION, RESOURCE } object_type;

static bool no_member(const joining *j, const ts_json *v, const char *name) {
    return !ts_json_get(v, ts_str_c(name)) ||
           form_bad(&j->f, ts_json_get(v, ts_str_c(name)), "does not belong to this objectType");
}

/* The name of an element's member; two of a name are refused. */
static bool key_of(joining *j, const ts_json *v, ts_map *seen) {
    const ts_json *id = ts_json_member(v, "elementId");
    bool fresh;
    ts_str name = ts_json_str(id);
    if (!id) return form_bad(&j->f, v, "the member \"elementId\" is missing");
    ts_map_put(j->a, seen, name, &fresh);
    if (!fresh) return form_bad(&j->f, id, "\"%s\" stands here twice", FORM_SHOW(name));
    if (name.n > 1 && name.p[0] == '@') {
        if (name.p[1] != '@')
            return form_bad(&j->f, id, "\"%s\" has no meaning here", FORM_SHOW(name));
        name = ts_str_from(name, 1);
    }
    tape_key(&j->t, name);
    return true;
}

static bool group(joining *j, const ts_json *list) {
    ts_map seen = {0};
    TS_JSON_EACH(v, list) {
        if (!FORM_MEMBERS(&j->f, v, element_members) || !key_of(j, v, &seen) || !value_of(j, v))
            return false;
    }
    return true;
}

static bool object_of(joining *j, const ts_json *list) {
    tape_object(&j->t);
    if (!group(j, list)) return false;
    tape_end(&j->t);
    return true;
}

/* A list of one element "@value": what it holds; any other list of elements: an object. */
static bool entry(joining *j, const ts_json *v) {
    if (v->type != TS_JSON_ARRAY)
        return form_type(&j->f, v, FORM_STRING | FORM_NUMBER | FORM_BOOLEAN | FORM_ARRAY) &&
               (tape_copy(&j->t, v), true);
    const ts_json *only = v->n == 1 ? v + 1 : 0;
    if (!is(ts_json_str(ts_json_member(only, "elementId")), EN_VALUE)) return object_of(j, v);
    return FORM_MEMBERS(&j->f, only, element_members) && value_of(j, only);
}

static bool multi(joining *j, const ts_json *v) {
    const ts_json *list = ts_json_member(v, "value");
    if (!ts_json_is(list, TS_JSON_ARRAY))
        return form_bad(&j->f, v, "must have a \"value\" that is a list");
    tape_array(&j->t);
    TS_JSON_EACH(one, list) {
        if (!entry(j, one)) return false;
    }
    tape_end(&j->t);
    return true;
}

static bool languages(joining *j, const ts_json *v) {
    static const form_member known[] = {{"language", FORM_STRING, true},
                                        {"value", FORM_STRING, false}};
    const ts_json *list = ts_json_member(v, "value");
    ts_map seen = {0};
    if (!ts_json_is(list, TS_JSON_ARRAY))
        return form_bad(&j->f, v, "must have a \"value\" that is a list");
    tape_object(&j->t);
    TS_JSON_EACH(one, list) {
        bool fresh;
        if (!FORM_MEMBERS(&j->f, one, known)) return false;
        const ts_json *tag = ts_json_member(one, "language"), *text = ts_json_member(one, "value");
        if (!text) return form_bad(&j->f, one, "the member \"value\" is missing");
        ts_map_put(j->a, &seen, ts_json_str(tag), &fresh);
        if (!fresh) return form_bad(&j->f, tag, "stands here twice");
        tape_member(&j->t, ts_json_str(tag), text);
    }
    tape_end(&j->t);
    return true;
}

static bool resource(joining *j, const ts_json *v) {
    const ts_json *url = ts_json_member(v, "url"), *title = ts_json_member(v, "resourceTitle"),
                  *type = ts_json_member(v, "contentType"),
                  *language = ts_json_member(v, "language");
    if (!url) return form_bad(&j->f, v, "the member \"url\" is missing");
    if (!title && !type && !language) return tape_copy(&j->t, url), true;
    tape_object(&j->t);
    tape_member(&j->t, TS_S("url"), url);
    tape_member(&j->t, TS_S("title"), title);
    tape_member(&j->t, TS_S("contentType"), type);
    tape_member(&j->t, TS_S("language"), language);
    tape_end(&j->t);
    return true;
}

static bool single(joining *j, const ts_json *v) {
    const ts_json *value = ts_json_member(v, "value");
    if (ts_json_is(value, TS_JSON_ARRAY))
        return form_bad(&j->f, value, "a single-valued element has no list");
    if (value)
        tape_copy(&j->t, value);
    else
        tape_null(&j->t);
    return true;
}

static bool collection(joining *j, const ts_json *v) {
    const ts_json *list = ts_json_member(v, "elements");
    if (!list) return form_bad(&j->f, v, "the member \"elements\" is missing");
    return object_of(j, list);
}

static bool value_of(joining *j, const ts_json *v) {
    int type = form_choice(&j->f, ts_json_member(v, "objectType"), object_types, 5);
    if (type < 0 || (type != COLLECTION && !no_member(j, v, "elements")) ||
        ((type == COLLECTION || type == RESOURCE) && !no_member(j, v, "value")) ||
        (type != RESOURCE && !(no_member(j, v, "url") && no_member(j, v, "resourceTitle") &&
                               no_member(j, v, "contentType") && no_member(j, v, "language"))))
        return false;
    switch ((object_type)type) {
    case SINGLE: return single(j, v);
    case MULTI: return multi(j, v);
    case LANGUAGES: return languages(j, v);
    case COLLECTION: return collection(j, v);
    default: return resource(j, v);
    }
}

/* ---- the header ---- */

static const form_member header_members[] = {
    {"digitalProductPassportId", FORM_STRING, true},
    {"uniqueProductIdentifier", FORM_STRING, true},
    {"granularity", FORM_STRING, true},
    {"dppSchemaVersion", FORM_STRING, true},
    {"dppStatus", FORM_STRING, true},
    {"lastUpdated", FORM_STRING, true},
    {"economicOperatorId", FORM_STRING, true},
    {"facilityId", FORM_STRING, false},
    {"contentSpecificationIds", FORM_ARRAY, false},
};
enum { HEADER_N = sizeof header_members / sizeof *header_members };

static const form_member *header_member(ts_str name) {
    for (size_t i = 0; i < HEADER_N; i++)
        if (is(name, header_members[i].name)) return &header_members[i];
    return 0;
}

static bool header(const form *f, const ts_json *v) {
    int64_t at;
    if (!form_type(f, v, FORM_OBJECT)) return false;
    for (size_t i = 0; i < HEADER_N; i++) {
        const form_member *m = &header_members[i];
        const ts_json *value = ts_json_get(v, ts_str_c(m->name));
        if (!value && m->required)
            return form_bad(f, v, "the member \"%s\" of EN 18223's header is missing", m->name);
        if (value && !form_type(f, value, m->types)) return false;
        if (value && m->required && !value->n) return form_bad(f, value, "must not be empty");
    }
    const ts_json *updated = ts_json_member(v, "lastUpdated");
    return ts_stamp_parse(ts_json_str(updated), &at) ||
           form_bad(f, updated, "\"%s\" is no instant; write 2026-11-20T10:00:00Z",
                    FORM_SHOW(ts_json_str(updated)));
}

/* Header and elements as one object: the compressed form. */
static bool put_together(joining *j, const ts_json *v, const ts_json *elements) {
    ts_map seen = {0};
    if (!form_type(&j->f, elements, FORM_ARRAY)) return false;
    tape_object(&j->t);
    TS_JSON_EACH_MEMBER(key, value, v) {
        ts_str name = ts_json_str(key);
        if (value == elements || (name.n && name.p[0] == '@')) continue;
        if (!header_member(name))
            return form_bad(&j->f, key,
                            "is no member of EN 18223's header; it belongs into "
                            "\"elements\"");
        tape_member(&j->t, name, value);
    }
    TS_JSON_EACH(one, elements) {
        const ts_json *id = ts_json_member(one, "elementId");
        if (!FORM_MEMBERS(&j->f, one, element_members)) return false;
        if (header_member(ts_json_str(id)) || is(ts_json_str(id), "elements"))
            return form_bad(&j->f, id, "\"%s\" belongs to the header", FORM_SHOW(ts_json_str(id)));
        if (!key_of(j, one, &seen) || !value_of(j, one)) return false;
    }
    tape_end(&j->t);
    return true;
}

/* ---- parts ---- */

const ts_json *ts_en18223_fold(ts_arena *a, const ts_json *part, ts_error *e) {
    const ts_json *elements = ts_json_member(part, "elements");
    joining j = {.a = a, .t = {.a = a}, .f = {"EN 18223", TS_NONE, part, e}};
    if (!form_type(&j.f, part, FORM_OBJECT)) return 0;
    if (!elements) return part;
    return put_together(&j, part, elements) ? j.t.v : 0;
}

const ts_json *ts_en18223_element_read(ts_arena *a, const ts_json *element, ts_error *e) {
    joining j = {.a = a, .t = {.a = a}, .f = {"EN 18223", TS_NONE, element, e}};
    return FORM_MEMBERS(&j.f, element, element_members) && value_of(&j, element) ? j.t.v : 0;
}

/* ---- from the compressed form to a document ---- */

typedef struct unfolding {
    ts_arena *a;
    tape t;
    form f;
    const ts_json *v, *beside;
} unfolding;

static const form_member beside_members[] = {
    {"product", FORM_OBJECT, false},   {"operator", FORM_OBJECT, false},
    {"facility", FORM_OBJECT, false},  {"links", FORM_OBJECT, false},
    {"packs", FORM_ARRAY, false},      {"classes", FORM_OBJECT, false},
    {"safety", FORM_ARRAY, false},     {"predecessors", FORM_ARRAY, false},
    {"components", FORM_ARRAY, false}, {"sbom", FORM_OBJECT, false},
    {"elements", FORM_OBJECT, false},
};

/* An object with the id that the header has, and the rest from beside. */
static bool party(unfolding *u, const char *name, const char *id, bool named) {
    const ts_json *rest = ts_json_get(u->beside, ts_str_c(name)),
                  *value = ts_json_get(u->v, ts_str_c(id));
    if (ts_json_member(rest, "id"))
        return form_bad(&u->f, ts_json_member(rest, "id"), "stands in the header; leave it out");
    if (!value) return !rest || form_bad(&u->f, rest, "the header's member \"%s\" is missing", id);
    tape_key(&u->t, ts_str_c(name));
    tape_object(&u->t);
    tape_member(&u->t, TS_S("id"), value);
    if (named && !ts_json_member(rest, "name")) tape_member(&u->t, TS_S("name"), value);
    TS_JSON_EACH_MEMBER(key, one, rest) tape_member(&u->t, ts_json_str(key), one);
    tape_end(&u->t);
    return true;
}

/* Packs by the names that this program gives them. */
static void packs_from_header(unfolding *u) {
    tape_key(&u->t, TS_S("packs"));
    tape_array(&u->t);
    TS_JSON_EACH(v, ts_json_member(u->v, "contentSpecificationIds")) {
        ts_str urn = ts_json_str(v);
        if (!ts_str_starts(urn, TS_S(EN_PACK_URN))) continue;
        urn = ts_str_from(urn, sizeof EN_PACK_URN - 1);
        tape_object(&u->t);
        tape_kstr(&u->t, "id", ts_str_cut(&urn, ':'));
        tape_end(&u->t);
    }
    tape_end(&u->t);
}

static void elements_of(unfolding *u) {
    size_t before = u->t.n;
    tape_key(&u->t, TS_S("elements"));
    tape_object(&u->t);
    TS_JSON_EACH_MEMBER(key, value, u->v) {
        ts_str name = ts_json_str(key);
        if (header_member(name) || value == u->beside || (name.n && name.p[0] == '@')) continue;
        tape_member(&u->t, name, value);
    }
    bool none = u->t.v[u->t.open[u->t.depth - 1]].n == 0;
    tape_end(&u->t);
    if (none && u->beside && !ts_json_member(u->beside, "elements")) tape_undo(&u->t, before);
}

static bool beside_ok(const unfolding *u) {
    const ts_json *none = ts_json_member(u->beside, "elements");
    if (!u->beside) return true;
    if (!FORM_MEMBERS(&u->f, u->beside, beside_members)) return false;
    return !none || !none->n || form_bad(&u->f, none, "must be empty: elements stand at the top");
}

static bool unfold(unfolding *u) {
    u->beside = ts_json_member(u->v, EN_BESIDE);
    if (!beside_ok(u)) return false;
    tape_object(&u->t);
    tape_kstr(&u->t, "format", TS_S("touchstone-passport-1"));
    tape_member(&u->t, TS_S("id"), ts_json_member(u->v, "digitalProductPassportId"));
    tape_member(&u->t, TS_S("granularity"), ts_json_member(u->v, "granularity"));
    tape_member(&u->t, TS_S("status"), ts_json_member(u->v, "dppStatus"));
    if (!party(u, "product", "uniqueProductIdentifier", true) ||
        !party(u, "operator", "economicOperatorId", false) ||
        !party(u, "facility", "facilityId", false))
        return false;
    TS_JSON_EACH_MEMBER(key, value, u->beside) {
        ts_str name = ts_json_str(key);
        if (!is(name, "product") && !is(name, "operator") && !is(name, "facility") &&
            !is(name, "elements"))
            tape_member(&u->t, name, value);
    }
    if (!u->beside) packs_from_header(u);
    elements_of(u);
    tape_end(&u->t);
    return true;
}

bool ts_en18223_read(ts_arena *a, ts_str text, ts_str *document, ts_error *e) {
    enum { DEEP = 256 }; /* a list in a list of a document is three levels of the full form */
    ts_document d;
    if (text.n > TS_EN_MAX)
        return ts_fail(e, TS_E_LIMIT, "EN 18223: more than %d bytes", TS_EN_MAX);
    const ts_json *v =
        ts_json_parse(a, text, (ts_json_options){.strict = true, .max_depth = DEEP}, e);
    if (!v) return false;
    joining j = {.a = a, .t = {.a = a}, .f = {"EN 18223", TS_NONE, v, e}};
    if (!header(&j.f, v)) return false;
    const ts_json *elements = ts_json_member(v, "elements");
    if (elements && !put_together(&j, v, elements)) return false;
    unfolding u = {.a = a, .t = {.a = a}, .v = elements ? j.t.v : v, .f = j.f};
    u.f.root = u.v;
    return unfold(&u) && tape_canonical(a, u.t.v, TS_DOCUMENT_MAX, document, e) &&
           ts_document_read(a, *document, &d, e);
}
