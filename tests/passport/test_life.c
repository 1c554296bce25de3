#include "passport/passport.h"
#include "support/support.h"

#include <stdio.h>

static ts_arena a;
static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

#define A1 "https://id.example.com/01/09521234543213/21/A1"
#define B1 "https://id.example.com/01/09521234543220/21/B1"
#define LOT "https://id.example.com/01/09521234543213/10/L1"

typedef struct thing {
    const char *id, *role;
} thing;

static bool make(ts_life_make m, const thing *v, size_t n, ts_str *out, ts_error *e) {
    *e = (ts_error){0};
    if (!m.at) m.at = 1764000000;
    for (size_t i = 0; i < n; i++)
        *ts_push(&a, &m.about) =
            (ts_life_about){.given = ts_str_c(v[i].id), .role = ts_str_c(v[i].role)};
    return ts_life_event_make(&a, &m, out, e);
}

static void names(void **state) {
    (void)state;
    for (int k = 0; k < TS_LIVES; k++) {
        ts_life_kind back;
        assert_true(ts_life_by_name(ts_str_c(ts_life_name((ts_life_kind)k)), &back));
        assert_int_equal(back, k);
    }
    ts_life_kind kind;
    ts_modified m;
    assert_false(ts_life_by_name(TS_S("Repair"), &kind));
    assert_false(ts_life_by_name(TS_NONE, &kind));
    assert_false(ts_modified_by_name(TS_S("no"), &m));
    assert_true(ts_modified_by_name(TS_S("cannot_be_told"), &m) && m == TS_MODIFIED_OPEN);
}

/* Who may say what: nobody of the public says anything, the operator alone says that it made it,
 * an authority never says that it repaired. */
static void rights(void **state) {
    (void)state;
    for (int k = 0; k < TS_LIVES; k++) {
        ts_audiences who = ts_life_open_to((ts_life_kind)k);
        assert_false(who & 1u << TS_AUD_PUBLIC);
        assert_true(who & 1u << TS_AUD_OPERATOR);
    }
    assert_int_equal(ts_life_open_to(TS_LIFE_MAKE), 1u << TS_AUD_OPERATOR);
    assert_false(ts_life_open_to(TS_LIFE_RECALL) & 1u << TS_AUD_LEGITIMATE_INTEREST);
    assert_true(ts_life_open_to(TS_LIFE_RECALL) & 1u << TS_AUD_AUTHORITY);
    assert_false(ts_life_open_to(TS_LIFE_REPAIR) & 1u << TS_AUD_AUTHORITY);
    assert_true(ts_life_open_to(TS_LIFE_INSPECT) & 1u << TS_AUD_NOTIFIED_BODY);
}

/* Every kind is said in EPCIS and understood again, and is valid by the published schema. */
static void every_kind_comes_back(void **state) {
    (void)state;
    ts_error e = {0};
    const ts_schema *schema = 0;
    ts_str text;
    const char *file = test_data("passport/epcis/EPCIS-JSON-Schema.json");
    if (file && ts_file_read(&a, file, 1 << 20, &text, &e))
        schema = ts_schema_compile(
            &a, ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e), &e);
    for (int k = 0; k < TS_LIVES; k++) {
        const bool whole =
            k == TS_LIFE_REMANUFACTURE || k == TS_LIFE_REPURPOSE || k == TS_LIFE_HARVEST;
        const thing single[] = {{A1, "subject"}, {LOT, "subject"}},
                    both[] = {{A1, "input"}, {B1, "output"}};
        ts_life_event back;
        ts_str out;
        if (!make((ts_life_make){.kind = (ts_life_kind)k,
                                 .modified = TS_MODIFIED_OPEN,
                                 .by = TS_S("did:web:fix.example"),
                                 .note = TS_S("a \"note\"\n"),
                                 .place = TS_S("geo:52.5,13.4"),
                                 .zone = TS_S("-03:30")},
                  whole ? both : single, 2, &out, &e))
            fail_msg("%s: %s", ts_life_name((ts_life_kind)k), e.msg);
        assert_true(ts_epcis_read_event(&a, out, &back, &e));
        assert_int_equal(back.kind, k);
        assert_int_equal(back.modified, TS_MODIFIED_OPEN);
        assert_int_equal(back.at, 1764000000);
        assert_str(back.by, "did:web:fix.example");
        assert_str(back.note, "a \"note\"\n");
        assert_str(back.place, "geo:52.5,13.4");
        assert_int_equal(back.about.n, 2);
        assert_true(ts_str_eq(back.body, out));
        assert_true(ts_str_starts(back.id, TS_S("ni:///sha-256;")));
        /* The id is that of the content without it. */
        back.id = TS_NONE;
        ts_str id = ts_life_event_id(&a, &back);
        assert_int_not_equal(ts_str_find(out, id), TS_NPOS);
        ts_schema_faults faults = {0};
        if (schema && ts_schema_check(schema, &a,
                                      ts_json_parse(&a, out, (ts_json_options){.strict = true}, &e),
                                      3, &faults, &e) != TS_YES)
            fail_msg("%.*s: %.*s in %.*s", TS_P(faults.v[0].at), TS_P(faults.v[0].text), TS_P(out));
    }
}

static void one_event_to_the_letter(void **state) {
    (void)state;
    const thing v[] = {{A1, "subject"}, {LOT, "subject"}};
    ts_str out;
    ts_error e;
    assert_true(make((ts_life_make){.kind = TS_LIFE_REPAIR,
                                    .modified = TS_MODIFIED_NO,
                                    .id = TS_S("urn:uuid:00000000-0000-4000-8000-000000000001"),
                                    .by = TS_S("did:web:fix.example")},
                     v, 2, &out, &e));
    assert_str(out,
               "{\"@context\":[\"" TS_EPCIS_CONTEXT "\",{\"touchstone\":\"" TS_LIFE_PREFIX "\"}],"
               "\"action\":\"OBSERVE\",\"bizStep\":\"repairing\",\"epcList\":[\"" A1 "\"],"
               "\"eventID\":\"urn:uuid:00000000-0000-4000-8000-000000000001\","
               "\"eventTime\":\"2025-11-24T16:00:00Z\",\"eventTimeZoneOffset\":\"+00:00\","
               "\"quantityList\":[{\"epcClass\":\"" LOT "\"}],"
               "\"touchstone:by\":\"did:web:fix.example\",\"touchstone:kind\":\"repair\","
               "\"touchstone:substantialModification\":\"not_substantial\",\"type\":"
               "\"ObjectEvent\"}");
}

static void harvested_parts(void **state) {
    (void)state;
    const thing v[] = {{A1, "parent"}, {B1, "child"}, {"did:web:cell.example", "child"}};
    ts_str out;
    ts_error e;
    ts_life_event back;
    assert_true(make((ts_life_make){.kind = TS_LIFE_HARVEST}, v, 3, &out, &e));
    assert_true(ts_epcis_read_event(&a, out, &back, &e));
    assert_str(back.type, "AssociationEvent");
    assert_str(back.action, "DELETE");
    assert_int_equal(back.kind, TS_LIFE_HARVEST);
    assert_int_equal(back.about.n, 3);
}

static void what_makes_no_sense(void **state) {
    (void)state;
    static const struct {
        ts_life_kind kind;
        thing v[3];
        size_t n;
        const char *error;
    } v[] = {
        {TS_LIFE_REPAIR, {{0}}, 0, "an event is about at least one product"},
        {TS_LIFE_REPAIR,
         {{A1, "owner"}},
         1,
         "'owner' is no role in an event: subject, input, output, parent or child"},
        {TS_LIFE_REPAIR,
         {{"not a uri", "subject"}},
         1,
         "'not a uri' is no product identifier that EPCIS takes: give a Digital Link, an address, "
         "a "
         "DID or a URN"},
        {TS_LIFE_REPAIR,
         {{A1, "parent"}},
         1,
         "repair is about its subject; it has no parent and no children"},
        {TS_LIFE_REPURPOSE,
         {{A1, "input"}},
         1,
         "repurpose says what went in (input) and what came of it (output)"},
        {TS_LIFE_REPURPOSE,
         {{A1, "input"}, {B1, "output"}, {A1, "subject"}},
         3,
         "repurpose says what went in (input) and what came of it (output)"},
        {TS_LIFE_HARVEST,
         {{A1, "parent"}, {B1, "output"}},
         2,
         "parts are taken off one parent, and are its children; products of several, or what they "
         "went into, are inputs and outputs"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        ts_str out;
        ts_error e;
        assert_false(make((ts_life_make){.kind = v[i].kind}, v[i].v, v[i].n, &out, &e));
        assert_string_equal(e.msg, v[i].error);
    }
    const thing it = {A1, "subject"};
    ts_str out;
    ts_error e;
    assert_false(
        make((ts_life_make){.kind = TS_LIFE_SELL, .zone = TS_S("Berlin")}, &it, 1, &out, &e));
    assert_false(
        make((ts_life_make){.kind = TS_LIFE_SELL, .zone = TS_S("+99:00")}, &it, 1, &out, &e));
    assert_false(
        make((ts_life_make){.kind = TS_LIFE_SELL, .place = TS_S("my shop")}, &it, 1, &out, &e));
    assert_false(
        make((ts_life_make){.kind = TS_LIFE_SELL, .id = TS_S("no uri at all")}, &it, 1, &out, &e));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(names, setup),
        cmocka_unit_test_setup(rights, setup),
        cmocka_unit_test_setup(every_kind_comes_back, setup),
        cmocka_unit_test_setup(one_event_to_the_letter, setup),
        cmocka_unit_test_setup(harvested_parts, setup),
        cmocka_unit_test_setup(what_makes_no_sense, setup),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
