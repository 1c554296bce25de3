/* Reads EPCIS 2.0 in JSON-LD: what each type of event may and must hold (EPCIS 2.0 section 7.4),
 * and what of it is ours to understand. */
#include <stdarg.h>
#include <stdio.h>

#include "epcis_part.h"

/* ---- Members ---- */

enum { OBJECT = 1, AGGREGATION = 2, TRANSACTION = 4, TRANSFORMATION = 8, ASSOCIATION = 16 };
enum { SIMPLE = OBJECT | AGGREGATION | TRANSACTION | ASSOCIATION, ANY = SIMPLE | TRANSFORMATION };

typedef enum {
    IS_ANYTHING,
    IS_TEXT,
    IS_URI,
    IS_TIME,
    IS_ZONE,
    IS_ACTION,
    IS_PLACE,
    IS_OBJECT,
    IS_OBJECTS,
    IS_URIS,
    IS_QUANTITIES
} member_is;

static const struct member {
    const char *name;
    unsigned types;
    member_is is;
    const char *role; /* what is named there, to the event */
} members[] = {
    {"@context", ANY, IS_ANYTHING, 0},
    {"type", ANY, IS_TEXT, 0},
    {"eventID", ANY, IS_URI, 0},
    {"eventTime", ANY, IS_TIME, 0},
    {"recordTime", ANY, IS_TIME, 0},
    {"eventTimeZoneOffset", ANY, IS_ZONE, 0},
    {"certificationInfo", ANY, IS_ANYTHING, 0},
    {"errorDeclaration", ANY, IS_OBJECT, 0},
    {"action", SIMPLE, IS_ACTION, 0},
    {"bizStep", ANY, IS_TEXT, 0},
    {"disposition", ANY, IS_TEXT, 0},
    {"persistentDisposition", ANY, IS_OBJECT, 0},
    {"readPoint", ANY, IS_PLACE, 0},
    {"bizLocation", ANY, IS_PLACE, 0},
    {"bizTransactionList", ANY, IS_OBJECTS, 0},
    {"sourceList", ANY, IS_OBJECTS, 0},
    {"destinationList", ANY, IS_OBJECTS, 0},
    {"sensorElementList", ANY, IS_OBJECTS, 0},
    {"ilmd", OBJECT | TRANSFORMATION, IS_OBJECT, 0},
    {"transformationID", TRANSFORMATION, IS_URI, 0},
    {"epcList", OBJECT | TRANSACTION, IS_URIS, "subject"},
    {"quantityList", OBJECT | TRANSACTION, IS_QUANTITIES, "subject"},
    {"parentID", AGGREGATION | TRANSACTION | ASSOCIATION, IS_URI, "parent"},
    {"childEPCs", AGGREGATION | ASSOCIATION, IS_URIS, "child"},
    {"childQuantityList", AGGREGATION | ASSOCIATION, IS_QUANTITIES, "child"},
    {"inputEPCList", TRANSFORMATION, IS_URIS, "input"},
    {"inputQuantityList", TRANSFORMATION, IS_QUANTITIES, "input"},
    {"outputEPCList", TRANSFORMATION, IS_URIS, "output"},
    {"outputQuantityList", TRANSFORMATION, IS_QUANTITIES, "output"},
};
enum { MEMBERS = sizeof members / sizeof *members };

static const struct member *member_of(ts_str name) {
    for (size_t i = 0; i < MEMBERS; i++)
        if (ts_str_is(name, members[i].name)) return &members[i];
    return 0;
}

bool epcis_is_member(ts_str name) { return ts_str_is(name, "id") || member_of(name); }

/* 0: a type that somebody else defined. */
static unsigned type_of(ts_str name) {
    static const struct {
        const char *name;
        unsigned type;
    } types[] = {{"ObjectEvent", OBJECT},
                 {"AggregationEvent", AGGREGATION},
                 {"TransactionEvent", TRANSACTION},
                 {"TransformationEvent", TRANSFORMATION},
                 {"AssociationEvent", ASSOCIATION}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ts_str_is(name, types[i].name)) return types[i].type;
    return 0;
}

/* ---- Reading ---- */

enum { EPCIS_AGAIN = 1 << 20 };

typedef struct reading {
    ts_arena *a;
    const ts_json *root;
    const epcis_context *outer; /* of the document; NULL for an event by itself */
    ts_life_events *out;
    size_t bytes; /* of bodies so far */
    size_t terms; /* read again for events with a context of their own */
} reading;

__attribute__((format(printf, 4, 5))) static bool refuse(const reading *r, const ts_json *at,
                                                         ts_error *e, const char *fmt, ...) {
    char pointer[300], text[400];
    va_list v;
    va_start(v, fmt);
    vsnprintf(text, sizeof text, fmt, v);
    va_end(v);
    tape_pointer(r->root, at, pointer, sizeof pointer);
    return ts_fail(e, TS_E_INPUT, "%s: %s", *pointer ? pointer : "the document", text);
}

/* Adds the place to an error from below that has none. */
static bool refused(const reading *r, const ts_json *at, ts_error *e) {
    char pointer[300], text[sizeof e->msg];
    if (!e) return false;
    tape_pointer(r->root, at, pointer, sizeof pointer);
    snprintf(text, sizeof text, "%s", e->msg);
    return ts_fail(e, e->code, "%s: %s", *pointer ? pointer : "the document", text);
}

static bool is_uri(const ts_json *v) {
    return ts_json_is(v, TS_JSON_STRING) && v->n > 0 && ts_uri_valid(ts_json_str(v), false, false);
}

static bool is_zone(ts_str s) {
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':') return false;
    for (size_t i = 1; i < 6; i++)
        if (i != 3 && !ts_is_digit(s.p[i])) return false;
    int hours = (s.p[1] - '0') * 10 + s.p[2] - '0';
    return s.p[4] < '6' && (hours < 14 || (hours == 14 && s.p[4] == '0' && s.p[5] == '0'));
}

static bool is_action(ts_str s) {
    return ts_str_is(s, "OBSERVE") || ts_str_is(s, "ADD") || ts_str_is(s, "DELETE");
}

static bool check_list(const reading *r, const ts_json *list, member_is is, ts_error *e) {
    if (!ts_json_is(list, TS_JSON_ARRAY)) return refuse(r, list, e, "is no list");
    TS_JSON_EACH(v, list) {
        if (is == IS_URIS && !is_uri(v)) return refuse(r, v, e, "is no URI");
        if (is != IS_URIS && !ts_json_is(v, TS_JSON_OBJECT)) return refuse(r, v, e, "is no object");
        if (is == IS_QUANTITIES && !is_uri(ts_json_member(v, "epcClass")))
            return refuse(r, v, e, "lacks its epcClass, a URI");
    }
    return true;
}

static bool check_value(const reading *r, const ts_json *v, member_is is, ts_error *e) {
    ts_str s = ts_json_str(v);
    switch (is) {
    case IS_TEXT: return s.n ? true : refuse(r, v, e, "is no text, or an empty one");
    case IS_URI: return is_uri(v) ? true : refuse(r, v, e, "is no URI");
    case IS_TIME:
        return ts_stamp_parse(s, 0)
                   ? true
                   : refuse(r, v, e,
                            "is no time with a time zone, like 2026-11-20T10:00:00.000+01:00");
    case IS_ZONE:
        return is_zone(s) ? true : refuse(r, v, e, "is no offset between -14:00 and +14:00");
    case IS_ACTION: return is_action(s) ? true : refuse(r, v, e, "is not OBSERVE, ADD or DELETE");
    case IS_PLACE:
        return is_uri(ts_json_member(v, "id")) ? true
                                               : refuse(r, v, e, "is no object with an id, a URI");
    case IS_OBJECT: return ts_json_is(v, TS_JSON_OBJECT) ? true : refuse(r, v, e, "is no object");
    case IS_OBJECTS:
    case IS_URIS:
    case IS_QUANTITIES: return check_list(r, v, is, e);
    case IS_ANYTHING: break;
    }
    return true;
}

static bool has(const ts_json *event, const char *name) {
    return ts_json_get(event, ts_str_c(name)) != 0;
}
static bool filled(const ts_json *event, const char *name) {
    const ts_json *v = ts_json_get(event, ts_str_c(name));
    return v && v->n > 0;
}

static bool either(const ts_json *event, const char *list, const char *quantities) {
    return filled(event, list) || filled(event, quantities);
}

static const char *missing_things(const ts_json *v, unsigned type, bool deletes) {
    switch (type) {
    case OBJECT:
        if (has(v, "epcList") || filled(v, "quantityList")) return 0;
        return filled(v, "sensorElementList") && has(v, "readPoint") ? 0
                                                                     : "an epcList or quantityList";
    case ASSOCIATION:
        if (!has(v, "parentID")) return "its parentID";
        __attribute__((fallthrough));
    case AGGREGATION:
        return deletes || either(v, "childEPCs", "childQuantityList")
                   ? 0
                   : "childEPCs or a childQuantityList";
    case TRANSACTION:
        if (!filled(v, "bizTransactionList")) return "its bizTransactionList";
        return deletes || has(v, "epcList") || filled(v, "quantityList")
                   ? 0
                   : "an epcList or quantityList";
    case TRANSFORMATION: {
        int n = either(v, "inputEPCList", "inputQuantityList") +
                either(v, "outputEPCList", "outputQuantityList");
        return n == 2 || (n == 1 && has(v, "transformationID"))
                   ? 0
                   : "inputs and outputs, or one of both with a transformationID";
    }
    default: return 0;
    }
}

/* What a type cannot do without; what is missing, or NULL. */
static const char *missing(const ts_json *v, unsigned type) {
    bool deletes = ts_str_is(ts_json_str(ts_json_member(v, "action")), "DELETE");
    if (!has(v, "eventTime")) return "its eventTime";
    if (!has(v, "eventTimeZoneOffset")) return "its eventTimeZoneOffset";
    if ((type & SIMPLE) && !has(v, "action")) return "its action";
    return missing_things(v, type, deletes);
}

static bool check_members(const reading *r, const ts_json *event, const epcis_context *c,
                          unsigned type, ts_error *e) {
    TS_JSON_EACH_MEMBER(name, value, event) {
        ts_str n = ts_json_str(name);
        const struct member *m = member_of(n);
        if (m && type && !(m->types & type))
            return refuse(r, name, e, "an event of this type has no such member");
        if (m && !check_value(r, value, m->is, e)) return false;
        if (!m && ts_str_chr(n, ':') == TS_NPOS && !epcis_context_knows(c, n))
            return refuse(r, name, e,
                          "is no member of EPCIS, and no term of the @context; a name of somebody "
                          "else has a prefix, like example:name");
    }
    const char *lacks = missing(event, type);
    if (lacks) return refuse(r, event, e, "the event lacks %s", lacks);
    if (type == OBJECT && has(event, "ilmd") &&
        !ts_str_is(ts_json_str(ts_json_member(event, "action")), "ADD"))
        return refuse(r, event, e, "ilmd says how a thing was made: the action must be ADD");
    return true;
}

/* A whole number that a double cannot hold would come out as another one. */
static bool check_numbers(const reading *r, const ts_json *event, ts_error *e) {
    enum { EXACT = 15 }; /* any whole number of so many digits */
    for (uint32_t i = 0; i < event->span; i++) {
        const ts_json *v = event + i;
        int64_t whole;
        if (v->type != TS_JSON_NUMBER || v->n <= EXACT) continue;
        ts_str s = {v->p, v->n};
        if (ts_str_chr(s, '.') != TS_NPOS || ts_str_chr(s, 'e') != TS_NPOS ||
            ts_str_chr(s, 'E') != TS_NPOS)
            continue;
        if (!ts_json_i64(v, &whole) || whole > (1LL << 53) || whole < -(1LL << 53))
            return refuse(r, v, e,
                          "the number has more digits than JSON readers keep (RFC 8259 section 6); "
                          "write it as text");
    }
    return true;
}

/* ---- What is ours to understand ---- */

static void add_about(const reading *r, ts_life_event *v, ts_str given, const char *role) {
    ts_life_about *x = ts_push(r->a, &v->about);
    *x = (ts_life_about){epcis_product(r->a, given), given, ts_str_c(role)};
}

static void take_about(const reading *r, ts_life_event *v) {
    TS_JSON_EACH_MEMBER(name, value, v->node) {
        const struct member *m = member_of(ts_json_str(name));
        if (!m || !m->role) continue;
        if (m->is == IS_URI) add_about(r, v, ts_json_str(value), m->role);
        TS_JSON_EACH(one, value)
        add_about(r, v,
                  m->is == IS_URIS ? ts_json_str(one)
                                   : ts_json_str(ts_json_member(one, "epcClass")),
                  m->role);
    }
}

/* Members of our own extension, whatever prefix the context gives it. */
static ts_str own(const reading *r, const ts_life_event *v, const char *name) {
    TS_JSON_EACH_MEMBER(key, value, v->node) {
        ts_str iri = epcis_expand(r->a, ts_json_member(v->node, "@context"), ts_json_str(key));
        ts_str stem = TS_S(TS_LIFE_PREFIX);
        if (ts_str_starts(iri, stem) && ts_str_is(ts_str_from(iri, stem.n), name))
            return ts_json_str(value);
    }
    return TS_NONE;
}

static bool names_recalled(const ts_json *list) {
    TS_JSON_EACH(v, list)
    if (ts_str_is(epcis_short(ts_json_str(v), "Disp-"), "recalled")) return true;
    return false;
}

static bool take_kind(const reading *r, ts_life_event *v, ts_error *e) {
    const ts_json *lasting = ts_json_member(v->node, "persistentDisposition");
    ts_str modified = own(r, v, "substantialModification");
    const epcis_signs signs = {.type = v->type,
                               .action = v->action,
                               .step = v->step,
                               .disposition = v->disposition,
                               .declared = own(r, v, "kind"),
                               .set_recalled = names_recalled(ts_json_member(lasting, "set")),
                               .unset_recalled = names_recalled(ts_json_member(lasting, "unset")),
                               .wrong = v->wrong};
    if (modified.n && !ts_modified_by_name(modified, &v->modified))
        return ts_fail(e, TS_E_INPUT,
                       "touchstone:substantialModification is '%.*s': say not_substantial, "
                       "substantial or cannot_be_told",
                       TS_P(modified));
    v->by = own(r, v, "by");
    v->note = own(r, v, "note");
    return life_kind_of(&signs, &v->kind, e);
}

static ts_str word(const reading *r, const ts_life_event *v, const char *name, const char *family) {
    ts_str s = ts_json_str(ts_json_get(v->node, ts_str_c(name)));
    ts_str iri = epcis_expand(r->a, ts_json_member(v->node, "@context"), s);
    return epcis_short(iri, family);
}

static bool take(const reading *r, ts_life_event *v, ts_error *e) {
    const ts_json *place = ts_json_member(v->node, "readPoint");
    if (!place) place = ts_json_member(v->node, "bizLocation");
    v->id = ts_json_str(ts_json_member(v->node, "eventID"));
    v->type = ts_json_str(ts_json_member(v->node, "type"));
    v->action = ts_json_str(ts_json_member(v->node, "action"));
    v->step = word(r, v, "bizStep", "BizStep-");
    v->disposition = word(r, v, "disposition", "Disp-");
    v->place = ts_json_str(ts_json_member(place, "id"));
    v->wrong = has(v->node, "errorDeclaration");
    ts_stamp_parse(ts_json_str(ts_json_member(v->node, "eventTime")), &v->at);
    take_about(r, v);
    return take_kind(r, v, e);
}

/* The event with the context it needs, as a tree of its own. */
static const ts_json *with_context(ts_arena *a, epcis_context *c, const ts_json *event) {
    tape t = {.a = a};
    const ts_json *context = epcis_context_used(a, c, event);
    tape_object(&t);
    tape_member(&t, TS_S("@context"), context);
    TS_JSON_EACH_MEMBER(name, value, event)
    if (!ts_str_is(ts_json_str(name), "@context")) tape_member(&t, ts_json_str(name), value);
    tape_end(&t);
    return t.v;
}

/* What holds for an event: the document's context, then its own. What the document's is made of is
 * shared by its events, so one with terms of its own reads it anew. */
static bool context_of(reading *r, const ts_json *event, epcis_context *c, ts_error *e) {
    const ts_json *own_context = ts_json_member(event, "@context");
    *c = r->outer ? *r->outer : (epcis_context){0};
    if (own_context && r->outer) {
        r->terms += r->outer->terms_n + 1;
        if (r->terms > EPCIS_AGAIN)
            return refuse(r, own_context, e,
                          "too many events have a @context of their own beside a large one of the "
                          "document; split the document");
        *c = (epcis_context){0};
        if (!epcis_context_add(r->a, c, ts_json_member(r->root, "@context"), e))
            return refused(r, own_context, e);
    }
    if (!epcis_context_add(r->a, c, own_context, e)) return refused(r, own_context, e);
    return c->standard ||
           refuse(r, event, e, "lacks its @context, with %s in it", TS_EPCIS_CONTEXT);
}

static bool check_event(const reading *r, const ts_json *event, const epcis_context *c,
                        ts_error *e) {
    const ts_json *type = ts_json_member(event, "type");
    ts_str name = ts_json_str(type);
    unsigned which = type_of(name);
    if (!which && ts_str_chr(name, ':') == TS_NPOS && !epcis_context_knows(c, name))
        return refuse(r, type ? type : event, e,
                      name.n ? "is no type of event" : "the event lacks its type");
    return check_members(r, event, c, which, e) && check_numbers(r, event, e);
}

static bool read_event(reading *r, const ts_json *event, ts_error *e) {
    epcis_context c;
    if (!ts_json_is(event, TS_JSON_OBJECT)) return refuse(r, event, e, "an event is an object");
    if (!context_of(r, event, &c, e) || !check_event(r, event, &c, e)) return false;
    ts_life_event v = {.node = with_context(r->a, &c, event)};
    if (!tape_canonical(r->a, v.node, EPCIS_EVENT_MAX, &v.body, e)) return refused(r, event, e);
    r->bytes += v.body.n;
    if (r->bytes > EPCIS_BODIES_MAX)
        return ts_fail(e, TS_E_LIMIT,
                       "the events with their @context take more than %d bytes; split the document",
                       EPCIS_BODIES_MAX);
    if (!take(r, &v, e)) return refused(r, event, e);
    *ts_push(r->a, r->out) = v;
    return true;
}

/* ---- Documents ---- */

static const ts_json *list_of(const ts_json *root) {
    const ts_json *body = ts_json_member(root, "epcisBody");
    if (ts_str_is(ts_json_str(ts_json_member(root, "type")), "EPCISQueryDocument"))
        body = ts_json_member(ts_json_member(body, "queryResults"), "resultsBody");
    const ts_json *list = ts_json_member(body, "eventList");
    return ts_json_is(list, TS_JSON_ARRAY) ? list : 0;
}

static bool check_head(const reading *r, bool query, ts_error *e) {
    static const char *const known[] = {
        "@context",  "id",     "type",     "schemaVersion",      "creationDate",
        "epcisBody", "sender", "receiver", "instanceIdentifier", "epcisHeader"};
    TS_JSON_EACH_MEMBER(name, value, r->root) {
        bool found = ts_str_chr(ts_json_str(name), ':') != TS_NPOS;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            found |= ts_str_is(ts_json_str(name), known[i]);
        if (!found) return refuse(r, name, e, "is no member of an EPCIS document");
    }
    const ts_json *version = ts_json_member(r->root, "schemaVersion"),
                  *made = ts_json_member(r->root, "creationDate");
    if (!version && !query) return refuse(r, r->root, e, "lacks its schemaVersion");
    if (version && !ts_str_is(ts_json_str(version), "2") &&
        !ts_str_starts(ts_json_str(version), TS_S("2.")))
        return refuse(r, version, e, "EPCIS 2.0 is read, and no other version");
    if (!made && !query) return refuse(r, r->root, e, "lacks its creationDate");
    return !made || check_value(r, made, IS_TIME, e);
}

static bool read_document(reading *r, bool query, ts_error *e) {
    epcis_context c = {0};
    const ts_json *context = ts_json_member(r->root, "@context"), *list = list_of(r->root);
    if (!check_head(r, query, e)) return false;
    if (!epcis_context_add(r->a, &c, context, e)) return refused(r, context, e);
    if (!c.standard)
        return refuse(r, r->root, e, "lacks its @context, with %s in it", TS_EPCIS_CONTEXT);
    if (!list) return refuse(r, r->root, e, "lacks the eventList of its epcisBody");
    bool ok = true;
    r->outer = &c;
    TS_JSON_EACH(event, list)
    ok = ok && read_event(r, event, e);
    r->outer = 0;
    return ok;
}

static bool read_text(ts_arena *a, ts_str text, reading *r, ts_error *e) {
    if (text.n > TS_EPCIS_MAX)
        return ts_fail(e, TS_E_LIMIT, "an EPCIS document has at most %d bytes; split it",
                       TS_EPCIS_MAX);
    r->a = a;
    r->root = ts_json_parse(
        a, text,
        (ts_json_options){.strict = true, .max_depth = EPCIS_DEPTH, .max_members = TS_EPCIS_EVENTS},
        e);
    return r->root != 0;
}

bool ts_epcis_read(ts_arena *a, ts_str text, ts_life_events *out, ts_error *e) {
    reading r = {.out = out};
    *out = (ts_life_events){0};
    if (!read_text(a, text, &r, e)) return false;
    ts_str type = ts_json_str(ts_json_member(r.root, "type"));
    bool query = ts_str_is(type, "EPCISQueryDocument");
    return query || ts_str_is(type, "EPCISDocument") ? read_document(&r, query, e)
                                                     : read_event(&r, r.root, e);
}

bool ts_epcis_read_event(ts_arena *a, ts_str body, ts_life_event *out, ts_error *e) {
    ts_life_events one = {0};
    reading r = {.out = &one};
    if (!read_text(a, body, &r, e) || !read_event(&r, r.root, e)) return false;
    *out = one.v[0];
    return true;
}

ts_str ts_life_event_id(ts_arena *a, const ts_life_event *v) {
    ts_buf b = ts_buf_new(a, v->id.n + 128);
    if (v->id.n) {
        ts_buf_put(&b, v->id);
        if (v->wrong) ts_buf_lit(&b, "#errorDeclaration");
        return ts_buf_str(&b);
    }
    ts_str id;
    if (epcis_hash_id(a, v, &id)) return id;
    ts_hash_value h = ts_sha_of(TS_SHA256, v->body);
    h.b[6] = (uint8_t)((h.b[6] & 0x0F) | 0x80);
    h.b[8] = (uint8_t)((h.b[8] & 0x3F) | 0x80);
    ts_buf_lit(&b, "urn:uuid:");
    for (int i = 0; i < 16; i++)
        ts_buf_fmt(&b, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", h.b[i]);
    return ts_buf_str(&b);
}
