/* What the public sees of an event: what happened, when, and to which products. */
#include "epcis_part.h"

static bool is_open(ts_str name) {
    static const char *const open[] = {"type",
                                       "eventID",
                                       "eventTime",
                                       "recordTime",
                                       "eventTimeZoneOffset",
                                       "errorDeclaration",
                                       "action",
                                       "bizStep",
                                       "disposition",
                                       "persistentDisposition",
                                       "epcList",
                                       "quantityList",
                                       "parentID",
                                       "childEPCs",
                                       "childQuantityList",
                                       "inputEPCList",
                                       "inputQuantityList",
                                       "outputEPCList",
                                       "outputQuantityList",
                                       "transformationID"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (ts_str_is(name, open[i])) return true;
    return false;
}

static bool is_own(ts_arena *a, const ts_json *context, ts_str name) {
    ts_str iri = epcis_expand(a, context, name), stem = TS_S(TS_LIFE_PREFIX);
    if (!ts_str_starts(iri, stem)) return false;
    ts_str term = ts_str_from(iri, stem.n);
    return ts_str_is(term, "kind") || ts_str_is(term, "substantialModification");
}

/* Of an object, the members that the standard names: others may be anybody's words. */
static void put_without_extensions(tape *t, ts_str name, const ts_json *v) {
    if (!ts_json_is(v, TS_JSON_OBJECT)) {
        tape_member(t, name, v);
        return;
    }
    tape_key(t, name);
    tape_object(t);
    TS_JSON_EACH_MEMBER(n, value, v)
    if (ts_str_chr(ts_json_str(n), ':') == TS_NPOS) tape_member(t, ts_json_str(n), value);
    tape_end(t);
}

/* A transaction is about papers, a reading of sensors about a place: without them nothing is left.
 */
static bool stands_alone(const ts_json *event) {
    ts_str type = ts_json_str(ts_json_member(event, "type"));
    if (ts_str_is(type, "TransactionEvent")) return false;
    return !ts_str_is(type, "ObjectEvent") || ts_json_member(event, "epcList") ||
           ts_json_member(event, "quantityList");
}

bool ts_epcis_view(ts_arena *a, ts_str body, ts_audiences who, ts_str *out, ts_error *e) {
    const ts_json_options strict = {.strict = true, .max_depth = EPCIS_DEPTH};
    *out = body;
    if (who & ~(1u << TS_AUD_PUBLIC)) return true;
    const ts_json *root = ts_json_parse(a, body, strict, e);
    if (!root) return false;
    const ts_json *context = ts_json_member(root, "@context");
    epcis_context c = {0};
    tape t = {.a = a}, whole = {.a = a};
    tape_object(&t);
    TS_JSON_EACH_MEMBER(name, value, root)
    if (is_open(ts_json_str(name)) || is_own(a, context, ts_json_str(name)))
        put_without_extensions(&t, ts_json_str(name), value);
    tape_end(&t);
    *out = TS_NONE;
    if (!stands_alone(t.v)) return true;
    if (!epcis_context_add(a, &c, context, e)) return false;
    tape_object(&whole);
    tape_member(&whole, TS_S("@context"), epcis_context_used(a, &c, t.v));
    TS_JSON_EACH_MEMBER(name, value, t.v) tape_member(&whole, ts_json_str(name), value);
    tape_end(&whole);
    return tape_canonical(a, whole.v, EPCIS_EVENT_MAX, out, e);
}
