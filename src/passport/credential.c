#include "credential.h"

#include <stdio.h>

enum { MEMBERS_MAX = 100000, STATUS_MAX = 64, STATUS_BITS = 16 };

/* ---- What is there, right or wrong ---- */

static bool among(const ts_strs *l, const char *s) {
    for (size_t i = 0; i < l->n; i++)
        if (ts_str_is(l->v[i], s)) return true;
    return false;
}

bool ts_credential_is(const ts_credential *c, const char *type) { return among(&c->types, type); }

/* A string, or the strings among an array's elements. */
static void gather_strings(ts_arena *a, const ts_json *v, ts_strs *out) {
    if (ts_json_is(v, TS_JSON_STRING)) *ts_push(a, out) = ts_json_str(v);
    TS_JSON_EACH(item, v)
    if (item->type == TS_JSON_STRING) *ts_push(a, out) = ts_json_str(item);
}

#define gather_objects(a, v, list)                                                                 \
    do {                                                                                           \
        if (ts_json_is((v), TS_JSON_OBJECT)) *ts_push((a), (list)) = (v);                          \
        TS_JSON_EACH(object_, (v)) {                                                               \
            if (object_->type == TS_JSON_OBJECT) *ts_push((a), (list)) = object_;                  \
        }                                                                                          \
    } while (0)

/* The text of a name: a string, a language object's, or the first of several. */
static ts_str shown_name(const ts_json *v) {
    if (ts_json_is(v, TS_JSON_ARRAY)) v = ts_json_at(v, 0);
    return ts_json_is(v, TS_JSON_OBJECT) ? ts_json_str(ts_json_member(v, "@value"))
                                         : ts_json_str(v);
}

static int64_t time_of(const ts_json *v) {
    int64_t t;
    return ts_stamp_parse(ts_json_str(v), &t) ? t : TS_NO_TIME;
}

/* W3C writes the index as a string of digits, UNTP as a number. */
static bool read_index(const ts_json *v, uint64_t *out) {
    return v && ts_u64_parse(ts_json_text(v), out);
}

/* One message per value: 2^statusSize of them, each with its value and text. */
static const char *messages_fault(const ts_status_entry *s) {
    if (!s->messages)
        return s->size > 1 || ts_str_is(s->purpose, "message") ? "statusMessage is missing" : 0;
    if (s->messages->type != TS_JSON_ARRAY) return "statusMessage is no array";
    if (s->messages->n != 1u << s->size)
        return "statusMessage does not have one message for each value of statusSize bits";
    TS_JSON_EACH(m, s->messages) {
        if (!ts_json_str(ts_json_member(m, "status")).n || !ts_json_member(m, "message"))
            return "a statusMessage has no status or no message";
    }
    return 0;
}

static const char *entry_fault(const ts_json *node, ts_status_entry *s) {
    const ts_json *size = ts_json_member(node, "statusSize");
    int64_t bits = 1;
    if (size && (!ts_json_i64(size, &bits) || bits < 1)) return "statusSize is no positive integer";
    if (bits > STATUS_BITS) return "statusSize is more than the 16 bits that are read here";
    s->size = (unsigned)bits;
    if (!s->purpose.n) return "statusPurpose is missing";
    if (!s->list.n) return "statusListCredential is missing";
    if (!read_index(ts_json_member(node, "statusListIndex"), &s->index))
        return "statusListIndex is no integer of 0 or more";
    return messages_fault(s);
}

static ts_status_entry read_entry(const ts_json *node) {
    const ts_json *type = ts_json_member(node, "type");
    const ts_json *messages = ts_json_member(node, "statusMessage");
    if (!messages) messages = ts_json_member(node, "statusMessages");
    ts_status_entry s = {
        .id = ts_json_str(ts_json_member(node, "id")),
        .type = ts_json_str(ts_json_is(type, TS_JSON_ARRAY) ? ts_json_at(type, 0) : type),
        .purpose = ts_json_str(ts_json_member(node, "statusPurpose")),
        .list = ts_json_str(ts_json_member(node, "statusListCredential")),
        .size = 1,
        .messages = messages};
    TS_JSON_EACH(t, type)
    if (ts_str_is(ts_json_str(t), "BitstringStatusListEntry")) s.type = ts_json_str(t);
    const char *fault = ts_str_is(s.type, "BitstringStatusListEntry") ? entry_fault(node, &s) : 0;
    s.fault = ts_str_c(fault);
    return s;
}

static void gather_status(ts_arena *a, const ts_json *v, ts_credential *c) {
    if (ts_json_is(v, TS_JSON_OBJECT)) *ts_push(a, &c->status) = read_entry(v);
    TS_JSON_EACH(entry, v)
    if (entry->type == TS_JSON_OBJECT && c->status.n < STATUS_MAX)
        *ts_push(a, &c->status) = read_entry(entry);
}

static ts_vc_kind kind_of(const ts_credential *c) {
    if (ts_credential_is(c, "VerifiablePresentation")) return TS_VC_PRESENTATION;
    if (ts_credential_is(c, "EnvelopedVerifiableCredential") ||
        ts_credential_is(c, "EnvelopedVerifiablePresentation"))
        return TS_VC_ENVELOPED;
    return TS_VC_CREDENTIAL;
}

static void gather(ts_arena *a, const ts_json *root, ts_credential *c) {
    gather_strings(a, ts_json_member(root, "type"), &c->types);
    gather_strings(a, ts_json_member(root, "@context"), &c->contexts);
    c->kind = kind_of(c);
    const ts_json *who = c->kind == TS_VC_PRESENTATION ? ts_json_member(root, "holder")
                                                       : ts_json_member(root, "issuer");
    bool object = ts_json_is(who, TS_JSON_OBJECT);
    c->id = ts_json_str(ts_json_member(root, "id"));
    c->issuer = ts_json_str(object ? ts_json_member(who, "id") : who);
    c->issuer_name = object ? shown_name(ts_json_member(who, "name")) : TS_NONE;
    c->from = time_of(ts_json_member(root, "validFrom"));
    c->until = time_of(ts_json_member(root, "validUntil"));
    gather_objects(a, ts_json_member(root, "credentialSubject"), &c->subjects);
    gather_objects(a, ts_json_member(root, "credentialSchema"), &c->schemas);
    gather_objects(a, ts_json_member(root, "verifiableCredential"), &c->within);
    gather_status(a, ts_json_member(root, "credentialStatus"), c);
}

/* ---- The rules ---- */

/* Where a rule is being looked at, for the message. */
typedef struct place {
    ts_error *e;
    const char *section, *name; /* "4.8", "credentialSubject" */
    size_t index;               /* of an array's element */
    bool listed;
} place;

static bool refuse(const place *p, const char *sub, const char *what) {
    char at[128], number[24] = "";
    if (p->listed) snprintf(number, sizeof number, "/%zu", p->index);
    snprintf(at, sizeof at, "/%s%s%s%s", p->name, number, sub ? "/" : "", sub ? sub : "");
    ts_fail(p->e, TS_E_INPUT, "VCDM 2.0 section %s: %s%s%s %s", p->section, p->name, sub ? "." : "",
            sub ? sub : "", what);
    return ts_fail_at(p->e, at, 0, 0);
}

static bool is_url(ts_str s) { return ts_uri_names(s, true); }

static bool url_member(const place *p, const ts_json *object, const char *name, bool needed) {
    const ts_json *v = ts_json_get(object, ts_str_c(name));
    if (!v) return !needed || refuse(p, name, "is missing");
    if (v->type != TS_JSON_STRING) return refuse(p, name, "is not one string");
    return is_url(ts_json_str(v)) || refuse(p, name, "is no URL");
}

/* A term or an absolute URL: nothing with blanks in it. */
static bool is_type(ts_str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 0 && (s.p[i] <= ' ' || s.p[i] == 127)) return false;
    return s.n > 0;
}

static bool types(const place *p, const char *sub, const ts_json *v) {
    if (!v) return refuse(p, sub, "is missing");
    if (v->type == TS_JSON_STRING)
        return is_type(ts_json_str(v)) || refuse(p, sub, "is neither a term nor a URL");
    if (v->type != TS_JSON_ARRAY || v->n == 0)
        return refuse(p, sub, "is neither a string nor a set of strings");
    TS_JSON_EACH(t, v)
    if (t->type != TS_JSON_STRING || !is_type(ts_json_str(t)))
        return refuse(p, sub, "holds something that is neither a term nor a URL");
    return true;
}

static bool type_member(const place *p, const ts_json *object) {
    return types(p, "type", ts_json_member(object, "type"));
}

typedef bool object_rule(const place *p, const ts_json *object);

/* One object, or a set of one or more. */
static bool each_object(place p, const ts_json *v, object_rule *rule) {
    if (ts_json_is(v, TS_JSON_OBJECT)) return rule(&p, v);
    if (!ts_json_is(v, TS_JSON_ARRAY))
        return refuse(&p, 0, "is neither an object nor a set of them");
    if (v->n == 0) return refuse(&p, 0, "is an empty set");
    p.listed = true;
    p.index = 0;
    TS_JSON_EACH(item, v) {
        if (item->type != TS_JSON_OBJECT) return refuse(&p, 0, "is no object");
        if (!rule(&p, item)) return false;
        p.index++;
    }
    return true;
}

/* ---- Section 4.3: contexts ---- */

/* What the base context protects (VCDM section 5.2, JSON-LD 1.1 section 4.1.11): a context of one's
 * own may not give it another meaning. */
static bool is_protected(ts_str name) {
    static const char *const terms[] = {"id",
                                        "type",
                                        "name",
                                        "description",
                                        "VerifiableCredential",
                                        "VerifiablePresentation",
                                        "EnvelopedVerifiableCredential",
                                        "EnvelopedVerifiablePresentation",
                                        "issuer",
                                        "credentialSubject",
                                        "validFrom",
                                        "validUntil",
                                        "proof",
                                        "holder",
                                        "verifiableCredential",
                                        "credentialStatus",
                                        "credentialSchema",
                                        "evidence",
                                        "termsOfUse",
                                        "refreshService",
                                        "relatedResource",
                                        "digestSRI",
                                        "digestMultibase",
                                        "DataIntegrityProof",
                                        "BitstringStatusList",
                                        "BitstringStatusListEntry",
                                        "BitstringStatusListCredential",
                                        "confidenceMethod",
                                        "renderMethod"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        if (ts_str_is(name, terms[i])) return true;
    return false;
}

static bool context_object(const place *p, const ts_json *v) {
    TS_JSON_EACH_MEMBER(name, value, v) {
        (void)value;
        if (is_protected(ts_json_str(name)))
            return refuse(p, 0, "gives another meaning to a term that the base context protects");
    }
    return true;
}

static bool context_item(const place *p, const ts_json *v) {
    if (v->type == TS_JSON_OBJECT) return context_object(p, v);
    if (v->type != TS_JSON_STRING) return refuse(p, 0, "is neither a URL nor an object");
    return is_url(ts_json_str(v)) || refuse(p, 0, "is no URL");
}

static bool check_context(ts_error *e, const ts_json *root) {
    place p = {.e = e, .section = "4.3", .name = "@context"};
    const ts_json *v = ts_json_member(root, "@context");
    const ts_json *first = ts_json_is(v, TS_JSON_ARRAY) ? ts_json_at(v, 0) : v;
    if (!v) return refuse(&p, 0, "is missing");
    if (ts_str_is(ts_json_str(first), "https://www.w3.org/2018/credentials/v1"))
        return refuse(&p, 0,
                      "is that of VCDM 1.1; only 2.0 is read here: have it issued anew with "
                      "\"" TS_VC_CONTEXT "\" first");
    if (v->type != TS_JSON_ARRAY)
        return refuse(&p, 0, "is no array; it is one even when it has a single item");
    if (!ts_str_is(ts_json_str(first), TS_VC_CONTEXT))
        return refuse(&p, 0, "does not begin with \"" TS_VC_CONTEXT "\"");
    p.listed = true;
    TS_JSON_EACH(item, v) {
        if (!context_item(&p, item)) return false;
        p.index++;
    }
    return true;
}

/* ---- Sections 4.6 and 11.1: names and descriptions ---- */

/* Subtags of one to eight letters and digits; the first begins with a letter (BCP 47's shape). */
static bool is_language(ts_str s) {
    if (!s.n || !ts_is_alpha(s.p[0])) return false;
    size_t run = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '-' && !ts_is_alnum(s.p[i])) return false;
        run = s.p[i] == '-' ? 0 : run + 1;
        if (run > 8 || (run == 0 && (i + 1 == s.n || s.p[i + 1] == '-'))) return false;
    }
    return true;
}

static bool language_object(const place *p, const char *sub, const ts_json *v) {
    TS_JSON_EACH_MEMBER(name, value, v) {
        ts_str key = ts_json_str(name), text = ts_json_str(value);
        bool string = value->type == TS_JSON_STRING;
        if (ts_str_is(key, "@value")) {
            if (!string) return refuse(p, sub, "has an @value that is no string");
        } else if (ts_str_is(key, "@language")) {
            if (!string || !is_language(text))
                return refuse(p, sub, "has an @language that is no language tag");
        } else if (ts_str_is(key, "@direction")) {
            if (!ts_str_is(text, "ltr") && !ts_str_is(text, "rtl"))
                return refuse(p, sub, "has an @direction that is neither ltr nor rtl");
        } else {
            return refuse(p, sub,
                          "is a language object with members other than @value, @language and "
                          "@direction");
        }
    }
    return ts_json_member(v, "@value") || refuse(p, sub, "is a language object without @value");
}

static bool words(const place *p, const char *sub, const ts_json *v) {
    if (!v || v->type == TS_JSON_STRING) return true;
    if (v->type == TS_JSON_OBJECT) return language_object(p, sub, v);
    if (v->type != TS_JSON_ARRAY || v->n == 0)
        return refuse(p, sub, "is neither a string nor a language object");
    TS_JSON_EACH(item, v) {
        if (item->type != TS_JSON_OBJECT)
            return refuse(p, sub, "holds something that is no language object");
        if (!language_object(p, sub, item)) return false;
    }
    return true;
}

static bool check_words(ts_error *e, const ts_json *root) {
    const place name = {.e = e, .section = "4.6", .name = "name"};
    const place description = {.e = e, .section = "4.6", .name = "description"};
    return words(&name, 0, ts_json_member(root, "name")) &&
           words(&description, 0, ts_json_member(root, "description"));
}

/* ---- Sections 4.4 to 4.9 ---- */

static bool check_id(ts_error *e, const ts_json *root) {
    const place p = {.e = e, .section = "4.4", .name = "id"};
    const ts_json *v = ts_json_member(root, "id");
    if (!v) return true;
    if (v->type != TS_JSON_STRING) return refuse(&p, 0, "is not one string");
    return is_url(ts_json_str(v)) || refuse(&p, 0, "is no URL");
}

static bool check_type(ts_error *e, const ts_credential *c) {
    static const char *const kinds[] = {"VerifiableCredential", "VerifiablePresentation",
                                        "EnvelopedVerifiableCredential",
                                        "EnvelopedVerifiablePresentation"};
    const place p = {.e = e, .section = "4.5", .name = "type"};
    size_t n = 0;
    if (!types(&p, 0, ts_json_member(c->root, "type"))) return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) n += ts_credential_is(c, kinds[i]);
    if (n == 0)
        return refuse(&p, 0, "names neither VerifiableCredential nor VerifiablePresentation");
    return n == 1 || refuse(&p, 0, "says that it is a credential and a presentation at once");
}

/* The issuer, or the holder of a presentation. */
static bool check_party(ts_error *e, const ts_json *root, const char *section, const char *name,
                        bool needed) {
    const place p = {.e = e, .section = section, .name = name};
    const ts_json *v = ts_json_get(root, ts_str_c(name));
    if (!v) return !needed || refuse(&p, 0, "is missing");
    if (v->type == TS_JSON_STRING) return is_url(ts_json_str(v)) || refuse(&p, 0, "is no URL");
    if (v->type != TS_JSON_OBJECT) return refuse(&p, 0, "is neither a URL nor an object");
    return url_member(&p, v, "id", true) && words(&p, "name", ts_json_member(v, "name")) &&
           words(&p, "description", ts_json_member(v, "description"));
}

static bool subject_rule(const place *p, const ts_json *object) {
    if (object->n == 0) return refuse(p, 0, "makes no claim");
    return url_member(p, object, "id", false);
}

static bool instant(ts_error *e, const ts_json *root, const char *name, int64_t *s, uint32_t *ns) {
    const place p = {.e = e, .section = "4.9", .name = name};
    const ts_json *v = ts_json_get(root, ts_str_c(name));
    if (!v) return true;
    if (v->type != TS_JSON_STRING) return refuse(&p, 0, "is no string");
    return ts_stamp_parse_exact(ts_json_str(v), s, ns) ||
           refuse(&p, 0, "is no dateTimeStamp such as 2026-11-22T10:00:00Z");
}

static bool check_validity(ts_error *e, const ts_json *root) {
    int64_t from = TS_NO_TIME, until = TS_NO_TIME;
    uint32_t from_ns = 0, until_ns = 0;
    const place p = {.e = e, .section = "4.9", .name = "validUntil"};
    if (!instant(e, root, "validFrom", &from, &from_ns) ||
        !instant(e, root, "validUntil", &until, &until_ns))
        return false;
    if (from == TS_NO_TIME || until == TS_NO_TIME) return true;
    bool ordered = until > from || (until == from && until_ns >= from_ns);
    return ordered || refuse(&p, 0, "is before validFrom");
}

/* Members of VCDM 1.1 that mean nothing in 2.0: a reader would take them for the validity. */
static bool check_old_names(ts_error *e, const ts_json *root) {
    const place from = {.e = e, .section = "4.9", .name = "issuanceDate"};
    const place until = {.e = e, .section = "4.9", .name = "expirationDate"};
    if (ts_json_member(root, "issuanceDate"))
        return refuse(&from, 0, "is a member of VCDM 1.1; 2.0 has validFrom");
    return !ts_json_member(root, "expirationDate") ||
           refuse(&until, 0, "is a member of VCDM 1.1; 2.0 has validUntil");
}

/* ---- Objects with a type ---- */

static bool typed_rule(const place *p, const ts_json *object) {
    return type_member(p, object) && url_member(p, object, "id", false);
}
static bool only_typed_rule(const place *p, const ts_json *object) {
    return type_member(p, object);
}
static bool identified_rule(const place *p, const ts_json *object) {
    return type_member(p, object) && url_member(p, object, "id", true);
}

static bool resource_rule(const place *p, const ts_json *object) {
    const ts_json *sri = ts_json_member(object, "digestSRI");
    const ts_json *multibase = ts_json_member(object, "digestMultibase");
    const ts_json *media = ts_json_member(object, "mediaType");
    if (!url_member(p, object, "id", true)) return false;
    if (!sri && !multibase) return refuse(p, 0, "has neither digestSRI nor digestMultibase");
    if (sri && !ts_json_str(sri).n) return refuse(p, "digestSRI", "is no string");
    if (multibase && !ts_json_str(multibase).n) return refuse(p, "digestMultibase", "is no string");
    return !media || media->type == TS_JSON_STRING || refuse(p, "mediaType", "is no string");
}

/* Each resource is named once. */
static bool check_resources(ts_arena scratch, ts_error *e, const ts_json *root) {
    place p = {.e = e, .section = "5.3", .name = "relatedResource"};
    const ts_json *v = ts_json_member(root, "relatedResource");
    ts_map seen = {0};
    if (!v) return true;
    if (!each_object(p, v, resource_rule)) return false;
    p.listed = true;
    TS_JSON_EACH(item, v) {
        bool fresh = false;
        ts_map_put(&scratch, &seen, ts_json_str(ts_json_member(item, "id")), &fresh);
        if (!fresh) return refuse(&p, "id", "is that of another related resource");
        p.index++;
    }
    return true;
}

/* "id" is optional and a URL where it is there, unless the rule says otherwise. */
static bool check_typed(ts_error *e, const ts_json *root) {
    static const struct {
        const char *name, *section;
        object_rule *rule;
    } members[] = {
        {"credentialStatus", "4.10", typed_rule},
        {"credentialSchema", "4.11", identified_rule},
        {"proof", "4.12", only_typed_rule},
        {"refreshService", "5.4", typed_rule},
        {"termsOfUse", "5.5", typed_rule},
        {"evidence", "5.6", typed_rule},
        {"confidenceMethod", "5.10", only_typed_rule},
        {"renderMethod", "5.10", only_typed_rule},
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const place p = {.e = e, .section = members[i].section, .name = members[i].name};
        const ts_json *v = ts_json_get(root, ts_str_c(members[i].name));
        if (v && !each_object(p, v, members[i].rule)) return false;
    }
    return true;
}

/* ---- Section 4.13: presentations and envelopes ---- */

static bool within_rule(const place *p, const ts_json *object) {
    const ts_json *type = ts_json_member(object, "type");
    bool known = ts_str_is(ts_json_str(type), "VerifiableCredential") ||
                 ts_str_is(ts_json_str(type), "EnvelopedVerifiableCredential");
    if (!type_member(p, object)) return false;
    TS_JSON_EACH(t, type)
    known |= ts_str_is(ts_json_str(t), "VerifiableCredential") ||
             ts_str_is(ts_json_str(t), "EnvelopedVerifiableCredential");
    if (!known) return refuse(p, "type", "is not that of a credential");
    return ts_json_member(object, "@context") || refuse(p, "@context", "is missing");
}

static bool check_presentation(ts_error *e, const ts_json *root) {
    const place p = {.e = e, .section = "4.13", .name = "verifiableCredential"};
    const ts_json *within = ts_json_member(root, "verifiableCredential");
    return check_party(e, root, "4.13", "holder", false) &&
           (!within || each_object(p, within, within_rule));
}

static bool check_envelope(ts_error *e, const ts_credential *c) {
    const place context = {.e = e, .section = "4.13.1", .name = "@context"};
    const place type = {.e = e, .section = "4.13.1", .name = "type"};
    const place id = {.e = e, .section = "4.13.1", .name = "id"};
    if (!among(&c->contexts, TS_VC_CONTEXT))
        return refuse(&context, 0, "does not hold \"" TS_VC_CONTEXT "\"");
    if (c->types.n != 1) return refuse(&type, 0, "is more than that of an envelope");
    return ts_str_istarts(c->id, TS_S("data:")) ||
           refuse(&id, 0, "is no data: URL with a token in it");
}

/* ---- All of it ---- */

static bool check_size(ts_error *e, const ts_json *root) {
    for (const ts_json *v = root; v < root + root->span; v++) {
        if (v->type == TS_JSON_OBJECT && v->n > MEMBERS_MAX)
            return ts_fail(e, TS_E_LIMIT, "more than 100,000 members in one object");
        if (v->type == TS_JSON_ARRAY && v->n > MEMBERS_MAX)
            return ts_fail(e, TS_E_LIMIT, "more than 100,000 elements in one array");
    }
    return true;
}

static bool check_status_count(ts_error *e, const ts_json *root) {
    const place p = {.e = e, .section = "4.10", .name = "credentialStatus"};
    const ts_json *v = ts_json_member(root, "credentialStatus");
    return !ts_json_is(v, TS_JSON_ARRAY) || v->n <= STATUS_MAX ||
           refuse(&p, 0, "has more than the 64 entries that are read here");
}

static bool check_credential(ts_error *e, const ts_json *root) {
    const place p = {.e = e, .section = "4.8", .name = "credentialSubject"};
    const ts_json *subject = ts_json_member(root, "credentialSubject");
    if (!check_party(e, root, "4.7", "issuer", true)) return false;
    if (!subject) return refuse(&p, 0, "is missing");
    return each_object(p, subject, subject_rule) && check_old_names(e, root) &&
           check_validity(e, root) && check_status_count(e, root);
}

static bool check_all(ts_arena scratch, ts_error *e, const ts_credential *c) {
    const ts_json *root = c->root;
    if (c->kind == TS_VC_ENVELOPED) return check_type(e, c) && check_envelope(e, c);
    return check_context(e, root) && check_type(e, c) && check_id(e, root) &&
           check_words(e, root) &&
           (c->kind == TS_VC_PRESENTATION ? check_presentation(e, root)
                                          : check_credential(e, root)) &&
           check_typed(e, root) && check_resources(scratch, e, root);
}

bool ts_credential_read(ts_arena *a, const ts_json *root, ts_credential *out, ts_error *e) {
    *out = (ts_credential){.root = root, .from = TS_NO_TIME, .until = TS_NO_TIME};
    if (!ts_json_is(root, TS_JSON_OBJECT))
        return ts_fail(e, TS_E_INPUT, "VCDM 2.0 section 4.2: a credential is a JSON object");
    if (!check_size(e, root)) return false;
    gather(a, root, out);
    return check_all(*a, e, out);
}
