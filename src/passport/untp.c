#include "untp.h"

#include <stdio.h>

#include "envelope.h"
#include "tape.h"

#define SAFETY "safetyStatus"
#define BESIDE "touchstone"
#define ADDED "added" /* in BESIDE: what the subject has beyond the document's product */
#define OWN "product" /* of BESIDE */

/* ---- Types ---- */

static const struct {
    const char *name, *file;
} untp_types[] = {
    [TS_UNTP_NONE] = {"", ""},
    [TS_UNTP_DPP] = {"DigitalProductPassport", "DigitalProductPassport.json"},
    [TS_UNTP_DCC] = {"DigitalConformityCredential", "ConformityCredential.json"},
    [TS_UNTP_DTE] = {"DigitalTraceabilityEvent", "DigitalTraceabilityEvent.json"},
    [TS_UNTP_DFR] = {"DigitalFacilityRecord", "DigitalFacilityRecord.json"},
    [TS_UNTP_DIA] = {"DigitalIdentityAnchor", "DigitalIdentityAnchor.json"},
};

const char *ts_untp_type_name(ts_untp_type t) { return untp_types[t].name; }
const char *ts_untp_schema_file(ts_untp_type t) { return untp_types[t].file; }

ts_untp_type ts_untp_type_of(const ts_credential *c) {
    for (ts_untp_type t = TS_UNTP_DPP; t <= TS_UNTP_DIA; t++)
        if (ts_credential_is(c, untp_types[t].name)) return t;
    return TS_UNTP_NONE;
}

/* ---- Writing ---- */

typedef struct writing {
    const ts_document *d;
    ts_credential_terms terms; /* the issuer filled in */
    const ts_json *view;       /* the document as `who` may see it */
    const char *added[8];      /* members of the subject that the document's product has not */
    size_t added_n;
    tape t;
    ts_error *e;
} writing;

static bool missing(const writing *w, const char *what, const char *cure) {
    return ts_fail(w->e, TS_E_INPUT, "UNTP wants %s, and the passport has none: %s", what, cure);
}

static const ts_json *product_member(const writing *w, const char *name) {
    return ts_json_get(w->d->product_node, ts_str_c(name));
}

/* {"type": [TYPE], "id": …, "name": …} */
static void write_party(tape *t, const char *name, const char *type, ts_str id, ts_str called) {
    tape_key(t, ts_str_c(name));
    tape_object(t);
    tape_type(t, type);
    tape_kstr(t, "id", id);
    tape_kstr(t, "name", called);
    tape_end(t);
}

/* What must be there before anything is written. */
static bool complete(const writing *w) {
    const ts_document *d = w->d;
    ts_did_url u;
    if (!w->terms.id.n) return missing(w, "an id for the credential", "give one");
    if (w->terms.from == TS_NO_TIME) return missing(w, "a time from which it is valid", "give one");
    if (!ts_did_parse(w->terms.issuer, &u, 0))
        return missing(w, "an issuer that is a DID", "give one, or make it the operator's id");
    if (!w->terms.issuer_name.n)
        return missing(w, "the name of the issuer", "give one, or the operator's name");
    if (!ts_json_str(product_member(w, "name")).n)
        return missing(w, "the product's name", "add product.name");
    if (!product_member(w, "productCategory"))
        return missing(w, "the product's category",
                       "add product.productCategory, a list of {code, name, schemeId, schemeName}");
    if (!product_member(w, "countryOfProduction"))
        return missing(w, "the country of production",
                       "add product.countryOfProduction, {\"countryCode\": \"DE\"}");
    if (!product_member(w, "producedAtFacility") &&
        !ts_json_str(ts_json_member(d->facility_node, "name")).n)
        return missing(w, "the facility of production", "add facility, {id, name}");
    return true;
}

/* ---- Parts of the subject ---- */

/* Whether the product lacks a member, which is then added, and named as added. */
static bool lacks(writing *w, const char *name) {
    if (product_member(w, name)) return false;
    w->added[w->added_n++] = name;
    return true;
}

static void write_scheme(writing *w) {
    if (!lacks(w, "idScheme")) return;
    if (w->d->product.kind == TS_PID_GS1)
        write_party(&w->t, "idScheme", "IdentifierScheme", TS_S("https://id.gs1.org"),
                    TS_S("GS1 Digital Link"));
    else
        write_party(&w->t, "idScheme", "IdentifierScheme", w->terms.issuer, w->terms.issuer_name);
}

static void write_number_of(writing *w, const char *name, const char *ai) {
    ts_str value =
        w->d->product.kind == TS_PID_GS1 ? ts_gs1_get(&w->d->product.link.ais, ai) : TS_NONE;
    if (value.n && lacks(w, name)) tape_kstr(&w->t, name, value);
}

static void write_facility(writing *w) {
    const ts_json *f = w->d->facility_node;
    if (!lacks(w, "producedAtFacility")) return;
    write_party(&w->t, "producedAtFacility", "Facility", ts_json_str(ts_json_member(f, "id")),
                ts_json_str(ts_json_member(f, "name")));
}

/* The members of the document that UNTP has no place for. */
static const char *const beside[] = {"id",    "status",   "packs",        "classes",
                                     "links", "safety",   "predecessors", "components",
                                     "sbom",  "operator", "facility"};

/* The names of the product's own characteristics, to tell them from elements again. */
static void write_own_names(writing *w, const ts_json *own) {
    if (!own || !own->n) return;
    tape_key(&w->t, TS_S(OWN));
    tape_array(&w->t);
    TS_JSON_EACH_MEMBER(name, value, own) {
        (void)value;
        tape_str(&w->t, ts_json_str(name));
    }
    tape_end(&w->t);
}

static void write_beside(writing *w, const ts_json *own) {
    tape_key(&w->t, TS_S(BESIDE));
    tape_object(&w->t);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        tape_member(&w->t, ts_str_c(beside[i]), ts_json_get(w->view, ts_str_c(beside[i])));
    write_own_names(w, own);
    if (w->added_n) tape_strings(&w->t, ADDED, w->added, w->added_n);
    tape_end(&w->t);
}

/* Members of characteristics; `before` has some already. */
static bool write_members(writing *w, const ts_json *members, const ts_json *before) {
    TS_JSON_EACH_MEMBER(name, value, members) {
        ts_str key = ts_json_str(name);
        if (ts_str_is(key, SAFETY) || ts_str_is(key, BESIDE) || ts_json_get(before, key))
            return ts_fail(w->e, TS_E_INPUT,
                           "\"%.*s\" would stand twice in UNTP's characteristics, which hold the "
                           "elements, the product's own, " SAFETY " and " BESIDE
                           "; choose another name",
                           TS_P(ts_str_clip(key, 200)));
        tape_member(&w->t, key, value);
    }
    return true;
}

static bool write_characteristics(writing *w) {
    const ts_json *own = product_member(w, "characteristics");
    tape_key(&w->t, TS_S("characteristics"));
    tape_object(&w->t);
    if (!write_members(w, own, 0) || !write_members(w, ts_json_member(w->view, "elements"), own))
        return false;
    tape_member(&w->t, TS_S(SAFETY), ts_document_safety(w->d)->node);
    write_beside(w, own);
    tape_end(&w->t);
    return true;
}

static bool write_subject(writing *w) {
    tape *t = &w->t;
    tape_key(t, TS_S("credentialSubject"));
    tape_object(t);
    if (lacks(w, "type")) tape_type(t, "Product");
    tape_kstr(t, "id", ts_product_id_issued(&w->d->product));
    tape_kstr(t, "idGranularity", ts_str_c(ts_grain_name(w->d->grain)));
    TS_JSON_EACH_MEMBER(name, value, w->d->product_node) {
        ts_str key = ts_json_str(name);
        bool elsewhere = ts_str_is(key, "id") || ts_str_is(key, "idGranularity") ||
                         ts_str_is(key, "characteristics");
        if (!elsewhere) tape_member(t, key, value);
    }
    write_scheme(w);
    write_number_of(w, "batchNumber", "10");
    write_number_of(w, "itemNumber", "21");
    write_facility(w);
    if (!write_characteristics(w)) return false;
    tape_end(t);
    return true;
}

/* ---- The credential ---- */

static bool write_credential(writing *w) {
    const envelope v = {.context = TS_UNTP_CONTEXT,
                        .type = untp_types[TS_UNTP_DPP].name,
                        .issuer_type = "CredentialIssuer",
                        .name = ts_json_str(product_member(w, "name")),
                        .number_index = true};
    if (!envelope_open(&w->t, &v, &w->terms, w->e) || !write_subject(w)) return false;
    tape_end(&w->t);
    return true;
}

const ts_json *ts_untp_build(ts_arena *a, const ts_document *d, const ts_packs *packs,
                             ts_audiences who, const ts_credential_terms *o, ts_error *e) {
    writing w = {.d = d, .terms = *o, .t = {.a = a}, .e = e};
    if (!o->issuer.n) w.terms.issuer = d->operator_id;
    if (!o->issuer_name.n) w.terms.issuer_name = d->operator_name;
    if (!complete(&w)) return 0;
    w.view = ts_document_view_tree(a, d, packs, who, 0);
    return write_credential(&w) ? w.t.v : 0;
}

bool ts_untp_write(ts_arena *a, const ts_document *d, const ts_packs *packs, ts_audiences who,
                   const ts_credential_terms *o, ts_str *out, ts_error *e) {
    const ts_json *root = ts_untp_build(a, d, packs, who, o, e);
    return root && tape_canonical(a, root, SIZE_MAX, out, e);
}

/* ---- Reading ---- */

static const ts_json *beside_of(const ts_json *subject, const char *name) {
    const ts_json *all = ts_json_member(ts_json_member(subject, "characteristics"), BESIDE);
    return ts_json_get(all, ts_str_c(name));
}

/* A facility that is told by id and name alone is the document's; one with more stays where it is.
 */
static bool is_plain_facility(const ts_json *f) {
    TS_JSON_EACH_MEMBER(name, value, f) {
        ts_str key = ts_json_str(name);
        (void)value;
        if (!ts_str_is(key, "type") && !ts_str_is(key, "id") && !ts_str_is(key, "name"))
            return false;
    }
    return ts_json_str(ts_json_member(f, "id")).n && ts_json_str(ts_json_member(f, "name")).n;
}

/* Whether a characteristic is the product's own, no element. */
static bool is_own(const ts_json *subject, ts_str name) {
    TS_JSON_EACH(v, beside_of(subject, OWN))
    if (ts_str_eq(ts_json_str(v), name)) return true;
    return false;
}

/* The characteristics that are elements, or those that are not. */
static void read_characteristics(tape *t, const char *as, const ts_json *subject, bool own) {
    tape_key(t, ts_str_c(as));
    tape_object(t);
    TS_JSON_EACH_MEMBER(name, value, ts_json_member(subject, "characteristics")) {
        ts_str key = ts_json_str(name);
        bool ours = ts_str_is(key, SAFETY) || ts_str_is(key, BESIDE);
        if (!ours && is_own(subject, key) == own) tape_member(t, key, value);
    }
    tape_end(t);
}

/* Whether a member of the subject was made when it was written here. */
static bool was_added(const ts_json *subject, ts_str name) {
    TS_JSON_EACH(v, beside_of(subject, ADDED))
    if (ts_str_eq(ts_json_str(v), name)) return true;
    return false;
}

static void read_product(tape *t, const ts_json *subject) {
    bool plain = !beside_of(subject, "id") &&
                 is_plain_facility(ts_json_member(subject, "producedAtFacility"));
    tape_key(t, TS_S("product"));
    tape_object(t);
    TS_JSON_EACH_MEMBER(name, value, subject) {
        ts_str key = ts_json_str(name);
        bool elsewhere = ts_str_is(key, "characteristics") || ts_str_is(key, "idGranularity") ||
                         (plain && ts_str_is(key, "producedAtFacility")) || was_added(subject, key);
        if (!elsewhere) tape_member(t, key, value);
    }
    if (beside_of(subject, OWN)) read_characteristics(t, "characteristics", subject, true);
    tape_end(t);
}

static void read_party(tape *t, const char *name, ts_str id, ts_str called) {
    tape_key(t, ts_str_c(name));
    tape_object(t);
    tape_kstr(t, "id", id);
    tape_kstr_opt(t, "name", called);
    tape_end(t);
}

static void read_facility(tape *t, const ts_json *subject) {
    const ts_json *f = ts_json_member(subject, "producedAtFacility");
    if (!beside_of(subject, "id") && is_plain_facility(f))
        read_party(t, "facility", ts_json_str(ts_json_member(f, "id")),
                   ts_json_str(ts_json_member(f, "name")));
}

static void read_safety(tape *t, const ts_json *subject) {
    const ts_json *last = ts_json_member(ts_json_member(subject, "characteristics"), SAFETY);
    if (beside_of(subject, "safety") || !last) return;
    tape_key(t, TS_S("safety"));
    tape_array(t);
    tape_copy(t, last);
    tape_end(t);
}

static void read_beside(tape *t, const ts_credential *c, const ts_json *subject) {
    if (!beside_of(subject, "id")) tape_kstr(t, "id", c->id);
    if (!beside_of(subject, "status"))
        tape_kstr(t, "status", ts_str_c(ts_dpp_status_name(TS_DPP_ACTIVE)));
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        tape_member(t, ts_str_c(beside[i]), beside_of(subject, beside[i]));
}

static void read_grain(ts_arena scratch, tape *t, const ts_json *subject) {
    ts_str stated = ts_json_str(ts_json_member(subject, "idGranularity"));
    ts_product_id id;
    ts_grain grain = TS_GRAIN_MODEL;
    if (!stated.n &&
        ts_product_id_read(&scratch, ts_json_str(ts_json_member(subject, "id")), &id, 0) &&
        id.kind == TS_PID_GS1)
        grain = ts_gs1_grain(&id.link.ais);
    tape_kstr(t, "granularity", stated.n ? stated : ts_str_c(ts_grain_name(grain)));
}

bool ts_untp_read(ts_arena *a, const ts_credential *c, ts_str *document, ts_error *e) {
    tape t = {.a = a};
    ts_document check;
    ts_str text;
    if (!ts_credential_is(c, untp_types[TS_UNTP_DPP].name))
        return ts_fail(e, TS_E_INPUT, "it is no DigitalProductPassport");
    if (c->subjects.n != 1)
        return ts_fail(e, TS_E_INPUT, "a passport is about one product, and this has %zu subjects",
                       c->subjects.n);
    const ts_json *subject = c->subjects.v[0];
    if (!c->id.n && !beside_of(subject, "id"))
        return ts_fail(e, TS_E_INPUT, "the credential has no id, and a passport needs one");
    if (!c->issuer.n) return ts_fail(e, TS_E_INPUT, "the credential has no issuer");
    tape_object(&t);
    tape_kstr(&t, "format", TS_S("touchstone-passport-1"));
    read_grain(*a, &t, subject);
    read_product(&t, subject);
    if (!beside_of(subject, "operator")) read_party(&t, "operator", c->issuer, c->issuer_name);
    read_facility(&t, subject);
    read_characteristics(&t, "elements", subject, false);
    read_safety(&t, subject);
    read_beside(&t, c, subject);
    tape_end(&t);
    if (!tape_canonical(a, t.v, TS_DOCUMENT_MAX, &text, e)) return false;
    ts_arena scratch = *a;
    if (!ts_document_read(&scratch, text, &check, e)) return false;
    *document = text;
    return true;
}
