#include "passport/passport.h"
#include "support/support.h"

#include <stdio.h>

static ts_arena a;
static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static ts_life_events must_read(ts_str text) {
    ts_life_events v;
    ts_error e = {0};
    if (!ts_epcis_read(&a, text, &v, &e)) fail_msg("%s", e.msg);
    return v;
}

static ts_str must_write(const ts_life_events *v) {
    ts_str *bodies = ts_new_n(&a, ts_str, v->n + 1), out;
    ts_error e = {0};
    for (size_t i = 0; i < v->n; i++) bodies[i] = v->v[i].body;
    if (!ts_epcis_write(&a, bodies, v->n, 1764000000, &out, &e)) fail_msg("%s", e.msg);
    return out;
}

static void assert_same(const ts_life_events *x, const ts_life_events *y) {
    assert_int_equal(x->n, y->n);
    for (size_t i = 0; i < x->n; i++)
        if (!ts_str_eq(x->v[i].body, y->v[i].body))
            fail_msg("event %zu: %.*s\nis %.*s", i, TS_P(x->v[i].body), TS_P(y->v[i].body));
}

/* ---- The samples of the standard ---- */

static const char *const samples[] = {
    "EPCISQueryDocument.jsonld",
    "Example-TransactionEvents-2020_07_03y.jsonld",
    "Example-Type-sourceOrDestination,measurement,bizTransaction.jsonld",
    "Example_9.6.1-ObjectEvent-with-pseudo-SBDH-headers.jsonld",
    "Example_9.6.1-ObjectEvent.jsonld",
    "Example_9.6.1-with-comment.jsonld",
    "Example_9.6.2-ObjectEvent.jsonld",
    "Example_9.6.3-AggregationEvent.jsonld",
    "Example_9.6.4-TransformationEvent.jsonld",
    "PersistentDisposition-example.jsonld",
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static ts_str read_sample(const char *name) {
    char path[300];
    ts_error e = {0};
    ts_str text;
    snprintf(path, sizeof path, "passport/epcis/%s", name);
    const char *file = test_data(path);
    if (!file) skip();
    if (!ts_file_read(&a, file, 1 << 20, &text, &e)) fail_msg("%s", e.msg);
    return text;
}

static ts_str sample(size_t i) {
    char name[200];
    snprintf(name, sizeof name, "samples/%s", samples[i]);
    return read_sample(name);
}

static const ts_schema *schema(void) {
    ts_error e = {0};
    ts_str text = read_sample("EPCIS-JSON-Schema.json");
    const ts_json *root = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    const ts_schema *s = root ? ts_schema_compile(&a, root, &e) : 0;
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static void assert_valid(const ts_schema *s, ts_str text) {
    ts_error e = {0};
    ts_schema_faults faults = {0};
    const ts_json *root = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    assert_non_null(root);
    if (ts_schema_check(s, &a, root, 3, &faults, &e) != TS_YES)
        fail_msg("%.*s: %.*s in %.*s", TS_P(faults.v[0].at), TS_P(faults.v[0].text), TS_P(text));
}

static void samples_come_back_unchanged(void **state) {
    (void)state;
    const ts_schema *s = schema();
    for (size_t i = 0; i < SAMPLES; i++) {
        ts_life_events in = must_read(sample(i));
        assert_true(in.n >= 1);
        ts_str out = must_write(&in);
        ts_life_events again = must_read(out);
        assert_same(&in, &again);
        assert_valid(s, out);
        for (size_t k = 0; k < in.n; k++) assert_valid(s, in.v[k].body);
    }
}

/* All members of the sample's events are there, with the values they had. */
static void samples_lose_nothing(void **state) {
    (void)state;
    ts_error e = {0};
    for (size_t i = 0; i < SAMPLES; i++) {
        ts_str text = sample(i);
        const ts_json *root = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
        const ts_json *body = ts_json_member(root, "epcisBody");
        if (ts_json_member(body, "queryResults"))
            body = ts_json_member(ts_json_member(body, "queryResults"), "resultsBody");
        ts_life_events in = must_read(text);
        size_t k = 0;
        TS_JSON_EACH(event, ts_json_member(body, "eventList")) {
            TS_JSON_EACH_MEMBER(name, value, event) {
                const ts_json *kept = ts_json_get(in.v[k].node, ts_json_str(name));
                ts_buf x = ts_buf_new(&a, 1 << 20), y = ts_buf_new(&a, 1 << 20);
                assert_non_null(kept);
                assert_true(ts_canonical(&x, a, value, &e) && ts_canonical(&y, a, kept, &e));
                assert_true(ts_str_eq(ts_buf_str(&x), ts_buf_str(&y)));
            }
            k++;
        }
        assert_int_equal(k, in.n);
    }
}

/* All samples in one document: contexts that agree are put together. */
static void samples_in_one_document(void **state) {
    (void)state;
    ts_life_events all = {0};
    for (size_t i = 0; i < SAMPLES; i++) {
        ts_life_events in = must_read(sample(i));
        for (size_t k = 0; k < in.n; k++) *ts_push(&a, &all) = in.v[k];
    }
    ts_str out = must_write(&all);
    ts_life_events again = must_read(out);
    assert_same(&all, &again);
    assert_valid(schema(), out);
    ts_error e = {0};
    const ts_json *root = ts_json_parse(&a, out, (ts_json_options){.strict = true}, &e);
    assert_int_equal(ts_json_member(root, "@context")->n, 2); /* the standard's, and one of terms */
    TS_JSON_EACH(event, ts_json_member(ts_json_member(root, "epcisBody"), "eventList"))
    assert_null(ts_json_member(event, "@context"));
}

/* The ids that other implementations make of the two events of section 9.6.1. (What stands in the
 * sample as eventID was made by a draft of the rules.) */
static void hash_ids_are_those_of_others(void **state) {
    (void)state;
    ts_life_events in = must_read(read_sample("samples/Example_9.6.1-ObjectEvent.jsonld"));
    assert_int_equal(in.n, 2);
    for (size_t i = 0; i < 2; i++) in.v[i].id = TS_NONE;
    assert_str(
        ts_life_event_id(&a, &in.v[0]),
        "ni:///"
        "sha-256;df6523665bc5e5803d6c7b84f5a04e103694d8220f2abc4f2c74310e89f31bc6?ver=CBV2.0");
    assert_str(
        ts_life_event_id(&a, &in.v[1]),
        "ni:///"
        "sha-256;32547b2344d525ea60ab1b899d82a9011fd9c39bb26ed936e113066146f49941?ver=CBV2.0");
}

/* ---- Events of our own ---- */

#define STANDARD "\"" TS_EPCIS_CONTEXT "\""
#define TIMES "\"eventTime\":\"2026-11-20T10:00:00Z\",\"eventTimeZoneOffset\":\"+01:00\""
#define EVENT(rest) "{\"@context\":" STANDARD "," TIMES "," rest "}"
#define OWN(rest)                                                                                  \
    "{\"@context\":[" STANDARD ",{\"touchstone\":\"" TS_LIFE_PREFIX "\"}]," TIMES "," rest "}"
#define OBJECT "\"type\":\"ObjectEvent\",\"action\":\"OBSERVE\""
#define EPC "\"epcList\":[\"https://id.example.com/01/09521234543213/21/A1\"]"
#define DOCUMENT(context, events)                                                                  \
    "{\"@context\":" context ",\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\","              \
    "\"creationDate\":\"2026-11-20T10:00:00Z\",\"epcisBody\":{\"eventList\":[" events "]}}"

static ts_life_event one(const char *text) {
    ts_life_events v = must_read(ts_str_c(text));
    assert_int_equal(v.n, 1);
    return v.v[0];
}

static void names_become_identifiers(void **state) {
    (void)state;
    static const struct {
        const char *given, *product;
    } v[] = {
        {"https://id.example.com/x/01/9521234543213/10/L1/21/A%2F1?11=260301",
         "https://id.gs1.org/01/09521234543213/10/L1/21/A%2F1"},
        {"urn:epc:id:sgtin:9521234.054321.A1", "https://id.gs1.org/01/09521234543213/21/A1"},
        {"urn:epc:id:sgtin:0614141.107346.2017", "https://id.gs1.org/01/10614141073464/21/2017"},
        {"urn:epc:id:sgtin:9521234.054321.A%2F1", "https://id.gs1.org/01/09521234543213/21/A%2F1"},
        {"urn:epc:class:lgtin:9521234.054321.L-1", "https://id.gs1.org/01/09521234543213/10/L-1"},
        {"urn:epc:idpat:sgtin:9521234.054321.*", "https://id.gs1.org/01/09521234543213"},
        {"urn:epc:id:sscc:4012345.0000000111", "https://id.gs1.org/00/040123450000001112"},
        {"urn:epc:id:giai:4000001.a.12345", "https://id.gs1.org/8004/4000001a.12345"},
        {"urn:epc:id:grai:4012345.55555.98765", "https://id.gs1.org/8003/0401234555555498765"},
        {"did:web:maker.example", "did:web:maker.example"},
        {"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
         "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
        /* What is none of these stands as it is. */
        {"urn:epc:id:sgtin:9521234.05432.A1", "urn:epc:id:sgtin:9521234.05432.A1"},
        {"urn:epc:id:sgtin:9521234.054321", "urn:epc:id:sgtin:9521234.054321"},
        {"urn:epc:id:sgtin:95212x4.054321.A", "urn:epc:id:sgtin:95212x4.054321.A"},
        {"urn:epc:id", "urn:epc:id"},
        {"https://id.example.com/01/09521234543214/21/A1",
         "https://id.example.com/01/09521234543214/21/A1"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char text[600];
        snprintf(text, sizeof text, EVENT(OBJECT ",\"epcList\":[\"%s\"]"), v[i].given);
        ts_life_event x = one(text);
        assert_int_equal(x.about.n, 1);
        assert_str(x.about.v[0].product, v[i].product);
        assert_str(x.about.v[0].given, v[i].given);
        assert_str(x.about.v[0].role, "subject");
    }
}

static void kinds_are_told(void **state) {
    (void)state;
    static const struct {
        const char *text;
        ts_life_kind kind;
    } v[] = {
        {EVENT(OBJECT "," EPC), TS_LIFE_OTHER},
        {EVENT("\"type\":\"ObjectEvent\",\"action\":\"ADD\"," EPC ",\"bizStep\":\"commissioning\""),
         TS_LIFE_MAKE},
        {EVENT(OBJECT "," EPC ",\"bizStep\":\"commissioning\""), TS_LIFE_OTHER},
        {EVENT(OBJECT "," EPC ",\"bizStep\":\"retail_selling\""), TS_LIFE_SELL},
        {EVENT(OBJECT "," EPC ",\"bizStep\":\"cbv:BizStep-inspecting\""), TS_LIFE_INSPECT},
        {EVENT(OBJECT "," EPC ",\"bizStep\":\"https://ref.gs1.org/cbv/BizStep-repairing\""),
         TS_LIFE_REPAIR},
        {EVENT(OBJECT "," EPC ",\"bizStep\":\"urn:epcglobal:cbv:bizstep:destroying\""),
         TS_LIFE_DESTROY},
        {EVENT(OBJECT "," EPC ",\"bizStep\":\"decommissioning\""), TS_LIFE_OTHER},
        {EVENT(OBJECT "," EPC ",\"disposition\":\"recalled\""), TS_LIFE_RECALL},
        {EVENT(OBJECT "," EPC ",\"disposition\":\"urn:epcglobal:cbv:disp:recalled\""),
         TS_LIFE_RECALL},
        {EVENT(OBJECT "," EPC ",\"persistentDisposition\":{\"set\":[\"recalled\"]}"),
         TS_LIFE_RECALL},
        {EVENT(OBJECT "," EPC ",\"persistentDisposition\":{\"unset\":[\"recalled\"]}"),
         TS_LIFE_LIFT},
        {OWN(OBJECT "," EPC ",\"bizStep\":\"touchstone:refurbishing\""), TS_LIFE_REFURBISH},
        {OWN(OBJECT "," EPC ",\"bizStep\":\"repairing\",\"touchstone:kind\":\"recycle\""),
         TS_LIFE_RECYCLE},
        /* Another prefix for the same words, and the words written out. */
        {"{\"@context\":[" STANDARD ",{\"ts\":\"" TS_LIFE_PREFIX "\"}]," TIMES "," OBJECT "," EPC
         ",\"ts:kind\":\"resell\"}",
         TS_LIFE_RESELL},
        {EVENT(OBJECT "," EPC ",\"" TS_LIFE_PREFIX "kind\":\"resell\""), TS_LIFE_RESELL},
        /* Somebody else's prefix of our name. */
        {"{\"@context\":[" STANDARD ",{\"touchstone\":\"https://other.example/\"}]," TIMES
         "," OBJECT "," EPC ",\"touchstone:kind\":\"destroy\"}",
         TS_LIFE_OTHER},
        {EVENT(OBJECT "," EPC ",\"bizStep\":\"destroying\",\"errorDeclaration\":{"
                      "\"declarationTime\":\"2026-11-21T10:00:00Z\"}"),
         TS_LIFE_OTHER},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        ts_life_event x = one(v[i].text);
        if (x.kind != v[i].kind) fail_msg("%s is %s", v[i].text, ts_life_name(x.kind));
    }
}

static void refusals(void **state) {
    (void)state;
    static const struct {
        const char *text, *error;
    } v[] = {
        {"[]", "the document: an event is an object"},
        {"{\"@context\":" STANDARD "}", "the document: the event lacks its type"},
        {"{" TIMES "," OBJECT "," EPC "}",
         "the document: lacks its @context, with " TS_EPCIS_CONTEXT " in it"},
        {EVENT(OBJECT "," EPC ",\"free\":1"),
         "/free: is no member of EPCIS, and no term of the @context; a name of somebody else has a "
         "prefix, like example:name"},
        {EVENT(OBJECT "," EPC ",\"parentID\":\"urn:x:1\""),
         "/parentID: an event of this type has no such member"},
        {EVENT(OBJECT), "the document: the event lacks an epcList or quantityList"},
        {EVENT("\"type\":\"ObjectEvent\"," EPC), "the document: the event lacks its action"},
        {EVENT("\"type\":\"ObjectEvent\",\"action\":\"add\"," EPC),
         "/action: is not OBSERVE, ADD or DELETE"},
        {EVENT("\"type\":\"Objectevent\",\"action\":\"ADD\"," EPC), "/type: is no type of event"},
        {EVENT(OBJECT ",\"epcList\":[\"not a uri\"]"), "/epcList/0: is no URI"},
        {EVENT(OBJECT ",\"epcList\":\"urn:x:1\""), "/epcList: is no list"},
        {EVENT(OBJECT ",\"quantityList\":[{\"quantity\":3}]"),
         "/quantityList/0: lacks its epcClass, a URI"},
        {EVENT(OBJECT "," EPC ",\"readPoint\":\"urn:x:1\""),
         "/readPoint: is no object with an id, a URI"},
        {EVENT(OBJECT "," EPC ",\"ilmd\":{}"),
         "the document: ilmd says how a thing was made: the action must be ADD"},
        {"{\"@context\":" STANDARD ",\"eventTime\":\"2026-11-20T10:00:00\","
         "\"eventTimeZoneOffset\":\"+01:00\"," OBJECT "," EPC "}",
         "/eventTime: is no time with a time zone, like 2026-11-20T10:00:00.000+01:00"},
        {"{\"@context\":" STANDARD ",\"eventTime\":\"2026-11-20T10:00:00Z\","
         "\"eventTimeZoneOffset\":\"+15:00\"," OBJECT "," EPC "}",
         "/eventTimeZoneOffset: is no offset between -14:00 and +14:00"},
        {EVENT("\"type\":\"TransformationEvent\",\"inputEPCList\":[\"urn:x:1\"]"),
         "the document: the event lacks inputs and outputs, or one of both with a "
         "transformationID"},
        {EVENT("\"type\":\"AssociationEvent\",\"action\":\"ADD\",\"childEPCs\":[\"urn:x:1\"]"),
         "the document: the event lacks its parentID"},
        {EVENT("\"type\":\"TransactionEvent\",\"action\":\"ADD\"," EPC),
         "the document: the event lacks its bizTransactionList"},
        {EVENT(OBJECT "," EPC ",\"a:b\":12345678901234567890"),
         "/a:b: the number has more digits than JSON readers keep (RFC 8259 section 6); write it "
         "as "
         "text"},
        {OWN(OBJECT "," EPC ",\"touchstone:kind\":\"mend\""),
         "the document: touchstone:kind is 'mend', which is no kind of event: say other, make, "
         "sell, "
         "inspect, repair, refurbish, remanufacture, repurpose, harvest, resell, recall, lift, "
         "recycle or destroy"},
        {OWN(OBJECT "," EPC ",\"touchstone:kind\":\"inspect\",\"disposition\":\"recalled\""),
         "the document: touchstone:kind says inspect, the disposition says recalled: an event says "
         "one of both, a recall by the disposition recalled, its end by unsetting it"},
        {OWN(OBJECT "," EPC ",\"touchstone:kind\":\"lift\""),
         "the document: touchstone:kind says lift, the disposition says nothing of a recall: an "
         "event says one of both, a recall by the disposition recalled, its end by unsetting it"},
        {OWN(OBJECT "," EPC ",\"touchstone:substantialModification\":\"no\""),
         "the document: touchstone:substantialModification is 'no': say not_substantial, "
         "substantial or cannot_be_told"},
        {"{\"@context\":[" STANDARD ",{\"epcList\":\"https://x.example/\"}]," TIMES "," OBJECT
         "," EPC "}",
         "/@context: the @context gives 'epcList' a meaning of its own; the standard has one for "
         "it: use another name"},
        {"{\"@context\":[" STANDARD ",{\"urn\":\"https://x.example/\"}]," TIMES "," OBJECT "," EPC
         "}",
         "/@context: the @context gives 'urn' a meaning of its own; the standard has one for it: "
         "use another name"},
        {"{\"@context\":[" STANDARD ",null]," TIMES "," OBJECT "," EPC "}",
         "/@context: a part of @context is neither an address nor an object"},
        {"{\"@context\":" STANDARD ",\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\","
         "\"creationDate\":\"2026-11-20T10:00:00Z\",\"epcisBody\":{}}",
         "the document: lacks the eventList of its epcisBody"},
        {"{\"@context\":" STANDARD ",\"type\":\"EPCISDocument\",\"schemaVersion\":\"1.2\","
         "\"creationDate\":\"2026-11-20T10:00:00Z\",\"epcisBody\":{\"eventList\":[]}}",
         "/schemaVersion: EPCIS 2.0 is read, and no other version"},
        {DOCUMENT(STANDARD, "{" TIMES "," OBJECT "," EPC "},{}"),
         "/epcisBody/eventList/1: the event lacks its type"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        ts_error e = {0};
        ts_life_events out;
        if (ts_epcis_read(&a, ts_str_c(v[i].text), &out, &e)) fail_msg("taken: %s", v[i].text);
        assert_string_equal(e.msg, v[i].error);
    }
}

/* ---- Contexts ---- */

/* Of the document's terms an event takes those it uses, and what these use. */
static void events_take_what_they_use(void **state) {
    (void)state;
    ts_life_events v = must_read(TS_S(DOCUMENT(
        "[" STANDARD ",{\"x\":\"https://x.example/\",\"y\":\"https://y.example/\","
        "\"z\":\"https://z.example/\",\"x:count\":{\"@id\":\"y:n\",\"@type\":\"xsd:integer\"}}]",
        "{" TIMES "," OBJECT "," EPC ",\"x:count\":\"3\"},{" TIMES "," OBJECT "," EPC
        ",\"disposition\":\"z:odd\"},{" TIMES "," OBJECT "," EPC "}")));
    static const char *const used[] = {
        "[" STANDARD ",{\"x\":\"https://x.example/\",\"x:count\":{\"@id\":\"y:n\",\"@type\":"
        "\"xsd:integer\"},\"y\":\"https://y.example/\"}]",
        "[" STANDARD ",{\"z\":\"https://z.example/\"}]", "[" STANDARD "]"};
    for (size_t i = 0; i < 3; i++) {
        ts_buf b = ts_buf_new(&a, 4096);
        ts_error e = {0};
        assert_true(ts_canonical(&b, a, ts_json_member(v.v[i].node, "@context"), &e));
        assert_str(ts_buf_str(&b), used[i]);
    }
}

/* One prefix with two meanings, and contexts elsewhere: each event keeps its own. */
static void contexts_that_differ_stay(void **state) {
    (void)state;
    static const char *const others[] = {"{\"x\":\"https://two.example/\"}",
                                         "\"https://two.example/c.jsonld\""};
    for (size_t i = 0; i < 2; i++) {
        char text[1000];
        ts_life_events all = {0};
        *ts_push(&a, &all) =
            one("{\"@context\":[" STANDARD ",{\"x\":\"https://one.example/\"}]," TIMES "," OBJECT
                "," EPC ",\"x:y\":1}");
        snprintf(text, sizeof text,
                 "{\"@context\":[" STANDARD ",%s]," TIMES "," OBJECT "," EPC ",\"x:y\":1}",
                 others[i]);
        *ts_push(&a, &all) = one(ts_str_z(&a, ts_str_c(text)));
        ts_str out = must_write(&all);
        ts_life_events again = must_read(out);
        assert_same(&all, &again);
        assert_false(ts_str_eq(again.v[0].body, again.v[1].body));
    }
}

static void limits(void **state) {
    (void)state;
    ts_error e = {0};
    ts_life_events out;
    ts_buf b = ts_buf_new(&a, 4 << 20);
    ts_buf_lit(&b, "{\"@context\":[" STANDARD);
    for (int i = 0; i < 40; i++) ts_buf_fmt(&b, ",\"https://x.example/%d\"", i);
    ts_buf_lit(&b, "]," TIMES "," OBJECT "," EPC "}");
    assert_false(ts_epcis_read(&a, ts_buf_str(&b), &out, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    /* A large context does not multiply with many events. */
    ts_buf d = ts_buf_new(&a, 20 << 20);
    ts_buf_lit(&d, "{\"@context\":[" STANDARD ",{\"x\":\"https://x.example/");
    for (int i = 0; i < 60000; i++) ts_buf_c(&d, 'a');
    ts_buf_lit(&d, "\"}],\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\",\"creationDate\":"
                   "\"2026-11-20T10:00:00Z\",\"epcisBody\":{\"eventList\":[");
    for (int i = 0; i < 20000; i++)
        ts_buf_fmt(&d, "%s{" TIMES "," OBJECT "," EPC ",\"x:y\":%d}", i ? "," : "", i);
    ts_buf_lit(&d, "]}}");
    assert_false(ts_epcis_read(&a, ts_buf_str(&d), &out, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
    assert_string_equal(e.msg,
                        "the events with their @context take more than 67108864 bytes; split "
                        "the document");
}

/* ---- What the public sees ---- */

static void the_public_sees_no_words(void **state) {
    (void)state;
    ts_life_event v =
        one(OWN(OBJECT "," EPC ",\"bizStep\":\"repairing\",\"touchstone:kind\":\"repair\","
                       "\"touchstone:substantialModification\":\"substantial\",\"touchstone:by\":"
                       "\"Jo Smith\",\"touchstone:note\":\"for Ms Smith\",\"readPoint\":{\"id\":"
                       "\"geo:52.5,13.4\"},\"a:b\":\"Smith\",\"persistentDisposition\":{\"set\":["
                       "\"conformant\"],\"a:c\":\"Smith\"},\"sourceList\":[{\"type\":\"location\","
                       "\"source\":\"urn:x:Smith\"}]"));
    ts_str seen;
    ts_error e = {0};
    assert_true(ts_epcis_view(&a, v.body, 1u << TS_AUD_PUBLIC, &seen, &e));
    assert_int_equal(ts_str_find(seen, TS_S("Smith")), TS_NPOS);
    assert_int_equal(ts_str_find(seen, TS_S("geo:")), TS_NPOS);
    ts_life_event again;
    assert_true(ts_epcis_read_event(&a, seen, &again, &e));
    assert_int_equal(again.kind, TS_LIFE_REPAIR);
    assert_int_equal(again.modified, TS_MODIFIED_SUBSTANTIAL);
    assert_int_equal(again.about.n, 1);
    /* Who is more than the public sees it as it came. */
    assert_true(ts_epcis_view(&a, v.body, 1u << TS_AUD_AUTHORITY, &seen, &e));
    assert_true(ts_str_eq(seen, v.body));
    /* Nothing is left of what is about papers alone. */
    v = one(EVENT("\"type\":\"TransactionEvent\",\"action\":\"OBSERVE\"," EPC
                  ",\"bizTransactionList\":[{\"bizTransaction\":\"urn:x:1\"}]"));
    assert_true(ts_epcis_view(&a, v.body, 0, &seen, &e));
    assert_int_equal(seen.n, 0);
}

static void ids(void **state) {
    (void)state;
    ts_life_event v = one(EVENT(OBJECT "," EPC ",\"eventID\":\"urn:uuid:1\""));
    assert_str(ts_life_event_id(&a, &v), "urn:uuid:1");
    v = one(EVENT(OBJECT "," EPC ",\"eventID\":\"urn:uuid:1\",\"errorDeclaration\":{"
                         "\"declarationTime\":\"2026-11-21T10:00:00Z\"}"));
    assert_true(v.wrong);
    assert_str(ts_life_event_id(&a, &v), "urn:uuid:1#errorDeclaration");
    /* What cannot be normalised gets an id of its bytes, the same each time. */
    const char *nested = EVENT(OBJECT "," EPC ",\"a:b\":{\"a:c\":1}");
    ts_life_event x = one(nested), y = one(nested);
    assert_true(ts_str_starts(ts_life_event_id(&a, &x), TS_S("urn:uuid:")));
    assert_true(ts_str_eq(ts_life_event_id(&a, &x), ts_life_event_id(&a, &y)));
    /* Spelling does not count for a hash id: zone and fractions of the same instant, order of a
     * list, EPC or Digital Link. */
    x = one(EVENT(OBJECT ",\"epcList\":[\"urn:epc:id:sgtin:9521234.054321.B\","
                         "\"https://id.example.com/01/09521234543213/21/A\"]"));
    y = one("{\"@context\":" STANDARD ",\"eventTime\":\"2026-11-20T11:00:00.0000+01:00\","
            "\"eventTimeZoneOffset\":\"+01:00\"," OBJECT
            ",\"epcList\":[\"https://id.gs1.org/01/09521234543213/21/A\",\"https://id.gs1.org/01/"
            "09521234543213/21/B\"]}");
    assert_true(ts_str_starts(ts_life_event_id(&a, &x), TS_S("ni:///sha-256;")));
    assert_true(ts_str_eq(ts_life_event_id(&a, &x), ts_life_event_id(&a, &y)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(samples_come_back_unchanged, setup),
        cmocka_unit_test_setup(samples_lose_nothing, setup),
        cmocka_unit_test_setup(samples_in_one_document, setup),
        cmocka_unit_test_setup(hash_ids_are_those_of_others, setup),
        cmocka_unit_test_setup(names_become_identifiers, setup),
        cmocka_unit_test_setup(kinds_are_told, setup),
        cmocka_unit_test_setup(refusals, setup),
        cmocka_unit_test_setup(events_take_what_they_use, setup),
        cmocka_unit_test_setup(contexts_that_differ_stay, setup),
        cmocka_unit_test_setup(limits, setup),
        cmocka_unit_test_setup(the_public_sees_no_words, setup),
        cmocka_unit_test_setup(ids, setup),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
