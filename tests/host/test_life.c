#include "maker.h"
#include "support/support.h"

#include <stdio.h>

static const ts_audiences operator_only = 1u << TS_AUD_OPERATOR,
                          worker = 1u << TS_AUD_LEGITIMATE_INTEREST;

#define PRODUCT(serial) "https://id.gs1.org/01/09521234543213/21/" serial

typedef struct desk {
    ts_arena a;
    ts_store *s;
    ts_key *key;
    ts_life_done done;
    ts_error e;
} desk;

static desk desk_new(const char *name) {
    desk d = {.a = test_arena()};
    char key[64];
    snprintf(key, sizeof key, "%s.key", name);
    d.s = maker_store(&d.a, name);
    d.key = maker_key(&d.a, key, TS_KEY_ED25519);
    return d;
}

static void desk_done(desk *d) {
    ts_store_close(d->s);
    ts_key_free(d->key);
}

static ts_signer maker_of(const desk *d, const char *did) {
    return (ts_signer){.key = d->key, .issuer = ts_str_c(did)};
}

static void issue(desk *d, ts_str document, const char *did) {
    must_issue(&d->a, &(ts_issue_job){.store = d->s,
                                      .by = maker_of(d, did),
                                      .document = document,
                                      .form = TS_FORM_EU_JOSE,
                                      .now = NOW,
                                      .until = TS_NO_TIME});
}

typedef struct thing {
    const char *id, *role;
} thing;
static ts_str event(desk *d, ts_life_kind kind, ts_modified m, const thing *v, size_t n,
                    int64_t at) {
    ts_life_make make = {.kind = kind, .modified = m, .at = at};
    ts_str out;
    ts_error e = {0};
    for (size_t i = 0; i < n; i++)
        *ts_push(&d->a, &make.about) =
            (ts_life_about){.given = ts_str_c(v[i].id), .role = ts_str_c(v[i].role)};
    if (!ts_life_event_make(&d->a, &make, &out, &e)) fail_msg("%s", e.msg);
    return out;
}

static bool record(desk *d, const char *did, ts_audiences who, ts_str events, ts_str document) {
    const ts_life_job job = {.store = d->s,
                             .by = {who, ts_str_c(did), ts_str_c(did)},
                             .sign = maker_of(d, did),
                             .form = TS_FORM_EU_JOSE,
                             .events = events,
                             .passport = document,
                             .now = NOW + 1000};
    d->e = (ts_error){0};
    return ts_life_record(&d->a, &job, &d->done, &d->e);
}

static void must_record(desk *d, const char *did, ts_audiences who, ts_str events,
                        ts_str document) {
    if (!record(d, did, who, events, document)) fail_msg("%s", d->e.msg);
}

static ts_life must_tell(desk *d, const char *passport) {
    ts_life l;
    ts_error e = {0};
    if (!ts_life_of(&d->a, d->s, ts_str_c(passport), &l, &e)) fail_msg("%s", e.msg);
    return l;
}

#define MAKER "did:web:m.example"
#define OTHER "did:web:second.example"

static void a_repair_is_recorded_and_told(void **state) {
    (void)state;
    desk d = desk_new("life-repair.db");
    issue(&d, kettle(&d.a, "A1", "red"), MAKER);
    const thing it = {PRODUCT("A1"), "subject"};
    ts_str body = event(&d, TS_LIFE_REPAIR, TS_MODIFIED_NO, &it, 1, NOW + 10);
    must_record(&d, "did:web:fix.example", worker, body, TS_NONE);
    assert_int_equal(d.done.fresh, 1);
    assert_int_equal(d.done.changed, 0);
    assert_int_equal(d.done.notes.n, 0);
    ts_life l = must_tell(&d, "urn:kettle:A1");
    assert_int_equal(l.lines.n, 1);
    assert_int_equal(l.lines.v[0].event.kind, TS_LIFE_REPAIR);
    assert_int_equal(l.lines.v[0].event.modified, TS_MODIFIED_NO);
    assert_str(l.lines.v[0].row.by, "did:web:fix.example");
    /* The same again is nothing new. */
    must_record(&d, "did:web:fix.example", worker, body, TS_NONE);
    assert_int_equal(d.done.events, 1);
    assert_int_equal(d.done.fresh, 0);
    desk_done(&d);
}

static void recycling_archives_by_the_operator_alone(void **state) {
    (void)state;
    desk d = desk_new("life-recycle.db");
    issue(&d, kettle(&d.a, "B1", "red"), MAKER);
    const thing it = {PRODUCT("B1"), "subject"};
    ts_str body = event(&d, TS_LIFE_RECYCLE, TS_MODIFIED_NOT_ASKED, &it, 1, NOW + 10);
    must_record(&d, "did:web:recycler.example", worker, body, TS_NONE);
    assert_int_equal(d.done.changed, 0);
    assert_int_equal(d.done.notes.n, 1);
    assert_str(must_tell(&d, "urn:kettle:B1").passport.status, "active");
    /* Its operator confirms by recording the same event. */
    must_record(&d, MAKER, operator_only, body, TS_NONE);
    assert_int_equal(d.done.fresh, 0);
    assert_int_equal(d.done.changed, 1);
    ts_life l = must_tell(&d, "urn:kettle:B1");
    assert_str(l.passport.status, "archived");
    assert_int_equal(l.passport.version, 2);
    ts_secured_rows rows = {0};
    assert_true(ts_store_secured(d.s, &d.a, l.passport.id, 2, &rows, &d.e));
    assert_int_equal(rows.n, 1);
    desk_done(&d);
}

/* ---- A second life ---- */

/* Another product of another operator, made of others. */
static ts_str second(desk *d, const char *id, const char *did, const char *before,
                     const char *parts) {
    ts_buf b = ts_buf_new(&d->a, 8000);
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:second:%s\",\"granularity\":"
               "\"item\",\"product\":{\"id\":\"https://id.gs1.org/01/09521234543220/21/%s\","
               "\"name\":\"Tea urn %s\",\"productCategory\":[{\"code\":\"1\",\"name\":\"Kettles\","
               "\"schemeId\":\"https://c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{"
               "\"id\":\"https://m.example/1\",\"name\":\"One\"},\"countryOfProduction\":{"
               "\"countryCode\":\"DE\"}},\"operator\":{\"id\":\"%s\",\"name\":\"Second\"},"
               "\"packs\":[{\"id\":\"generic\"}],\"status\":\"active\",\"elements\":{}%s%s}",
               id, id, id, did, before, parts);
    return ts_buf_str(&b);
}
#define SECOND(serial) "https://id.gs1.org/01/09521234543220/21/" serial
#define BEFORE(list) ",\"predecessors\":[" list "]"
#define PARTS(list) ",\"components\":[" list "]"
#define PREDECESSOR(id) "{\"id\":\"" id "\",\"relation\":\"repurposed\"}"
#define PART(id) "{\"id\":\"" id "\",\"name\":\"a part\"}"

static ts_str repurpose(desk *d, const char *one, const char *two, const char *into) {
    const thing v[] = {{one, "input"}, {two, "input"}, {into, "output"}};
    return event(d, TS_LIFE_REPURPOSE, TS_MODIFIED_SUBSTANTIAL, v, 3, NOW + 20);
}

static void a_second_life(void **state) {
    (void)state;
    desk d = desk_new("life-second.db");
    issue(&d, kettle(&d.a, "C1", "red"), MAKER);
    issue(&d, kettle(&d.a, "C2", "red"), MAKER);
    ts_str body = repurpose(&d, PRODUCT("C1"), PRODUCT("C2"), SECOND("D1"));
    /* One predecessor by its passport, the other by its product. */
    ts_str document = second(
        &d, "D1", OTHER, BEFORE(PREDECESSOR("urn:kettle:C1") "," PREDECESSOR(PRODUCT("C2"))), "");
    must_record(&d, OTHER, worker | operator_only, body, document);
    assert_int_equal(d.done.changed, 1);
    assert_str(d.done.passports.v[0], "urn:second:D1");
    assert_int_equal(d.done.notes.n, 2); /* the maker has to confirm both */
    assert_int_not_equal(
        ts_str_find(d.done.notes.v[0],
                    TS_S("is that of did:web:m.example and stays active until that "
                         "operator records the same event")),
        TS_NPOS);
    assert_str(must_tell(&d, "urn:kettle:C1").passport.status, "active");
    must_record(&d, MAKER, worker | operator_only, body, TS_NONE);
    assert_int_equal(d.done.fresh, 0);
    assert_int_equal(d.done.changed, 2);
    /* The old ones say so: their life names what became of them. */
    ts_life l = must_tell(&d, "urn:kettle:C1");
    assert_str(l.passport.status, "inactive");
    assert_int_equal(l.lines.n, 1);
    assert_int_equal(l.family.n, 1);
    assert_str(l.family.v[0].relation, "successor");
    assert_str(l.family.v[0].passport, "urn:second:D1");
    assert_str(l.family.v[0].operator_id, OTHER);
    l = must_tell(&d, "urn:second:D1");
    assert_int_equal(l.family.n, 2);
    assert_str(l.family.v[0].relation, "predecessor");
    assert_str(l.family.v[1].passport, "urn:kettle:C2");
    assert_str(l.passport.operator_id, OTHER);
    /* Once more by both: nothing changes. */
    must_record(&d, MAKER, worker | operator_only, body, TS_NONE);
    assert_int_equal(d.done.changed, 0);
    must_record(&d, OTHER, worker | operator_only, body, document);
    assert_int_equal(d.done.changed, 0);
    desk_done(&d);
}

/* A part that went in is a component; its passport stays as it is. */
static void a_part_of_a_second_life(void **state) {
    (void)state;
    desk d = desk_new("life-part.db");
    issue(&d, kettle(&d.a, "E1", "red"), MAKER);
    issue(&d, kettle(&d.a, "E2", "red"), MAKER);
    ts_str body = repurpose(&d, PRODUCT("E1"), PRODUCT("E2"), SECOND("E9"));
    must_record(&d, MAKER, worker | operator_only, body,
                second(&d, "E9", MAKER, BEFORE(PREDECESSOR("urn:kettle:E1")),
                       PARTS(PART("urn:kettle:E2"))));
    assert_int_equal(d.done.changed, 2);
    assert_str(must_tell(&d, "urn:kettle:E1").passport.status, "inactive");
    assert_str(must_tell(&d, "urn:kettle:E2").passport.status, "active");
    /* Also when the document does not come along again. */
    must_record(&d, MAKER, worker | operator_only, body, TS_NONE);
    assert_str(must_tell(&d, "urn:kettle:E2").passport.status, "active");
    desk_done(&d);
}

static void harvested_cells(void **state) {
    (void)state;
    desk d = desk_new("life-harvest.db");
    issue(&d, kettle(&d.a, "F1", "red"), MAKER);
    const thing v[] = {{PRODUCT("F1"), "parent"}, {"did:web:cell.example", "child"}};
    ts_str body = event(&d, TS_LIFE_HARVEST, TS_MODIFIED_NOT_ASKED, v, 2, NOW + 20);
    must_record(&d, OTHER, worker | operator_only, body,
                second(&d, "F9", OTHER, "", PARTS(PART("did:web:cell.example"))));
    assert_int_equal(d.done.changed, 1);
    assert_str(must_tell(&d, "urn:kettle:F1").passport.status, "active");
    ts_life l = must_tell(&d, "urn:second:F9");
    assert_int_equal(l.family.n, 1);
    assert_str(l.family.v[0].relation, "component");
    assert_int_equal(l.family.v[0].passport.n, 0);
    /* A document that has none of the parts was not made of them. */
    assert_false(record(&d, OTHER, worker | operator_only, body,
                        second(&d, "F8", OTHER, "", PARTS(PART("did:web:other.example")))));
    assert_non_null(strstr(d.e.msg, "no event says how the product of the passport urn:second:F8"));
    desk_done(&d);
}

static void enclosed_in_the_document(void **state) {
    (void)state;
    desk d = desk_new("life-enclosed.db");
    issue(&d, kettle(&d.a, "G1", "red"), MAKER);
    const thing v[] = {{PRODUCT("G1"), "input"}, {SECOND("G9"), "output"}};
    ts_str body = event(&d, TS_LIFE_REMANUFACTURE, TS_MODIFIED_NO, v, 2, NOW + 20), text;
    assert_true(ts_epcis_write(&d.a, &body, 1, NOW, &text, &d.e));
    ts_str parts[] = {TS_S("{\"touchstone:passport\":"),
                      second(&d, "G9", OTHER, BEFORE(PREDECESSOR("urn:kettle:G1")), ""), TS_S(","),
                      ts_str_from(text, 1)};
    must_record(&d, OTHER, worker | operator_only, ts_str_join(&d.a, parts, 4, TS_NONE), TS_NONE);
    assert_int_equal(d.done.changed, 1);
    assert_str(must_tell(&d, "urn:second:G9").passport.status, "active");
    desk_done(&d);
}

/* ---- Refused, and nothing of it kept ---- */

static void refused(desk *d, const char *did, ts_audiences who, ts_str events, ts_str document,
                    const char *error) {
    ts_log_head before, after;
    ts_error e = {0};
    assert_true(ts_store_log_head(d->s, &before, &e));
    if (record(d, did, who, events, document)) fail_msg("taken, instead of: %s", error);
    if (strcmp(d->e.msg, error) != 0) fail_msg("%s\nis not %s", d->e.msg, error);
    assert_true(ts_store_log_head(d->s, &after, &e));
    assert_int_equal(before.size, after.size);
}

static void refusals(void **state) {
    (void)state;
    desk d = desk_new("life-refused.db");
    issue(&d, kettle(&d.a, "H1", "red"), MAKER);
    issue(&d, kettle(&d.a, "H2", "red"), MAKER);
    const ts_audiences both = worker | operator_only;
    const thing it = {PRODUCT("H1"), "subject"}, unknown = {PRODUCT("X1"), "subject"};
    ts_str repair = event(&d, TS_LIFE_REPAIR, TS_MODIFIED_NOT_ASKED, &it, 1, NOW);
    refused(&d, OTHER, both, repair, TS_NONE,
            "repair: whether the product was substantially modified (Regulation (EU) 2023/988 "
            "Article 13) is not answered; say touchstone:substantialModification not_substantial, "
            "substantial or cannot_be_told");
    ts_str sale = event(&d, TS_LIFE_SELL, TS_MODIFIED_NOT_ASKED, &it, 1, NOW);
    refused(&d, OTHER, 1u << TS_AUD_PUBLIC, sale, TS_NONE,
            "sell is for legitimate_interest+operator to record; who records is public");
    assert_true(d.done.forbidden);
    refused(&d, "", worker, sale, TS_NONE, "an event is recorded by somebody: give a name or DID");
    /* Who is an operator, of something else. */
    ts_str made = event(&d, TS_LIFE_MAKE, TS_MODIFIED_NOT_ASKED, &it, 1, NOW);
    refused(&d, OTHER, both, made, TS_NONE,
            "make is for the responsible operator of https://id.gs1.org/01/09521234543213/21/H1 to "
            "record, did:web:m.example; who records is did:web:second.example");
    ts_str none = event(&d, TS_LIFE_MAKE, TS_MODIFIED_NOT_ASKED, &unknown, 1, NOW);
    refused(&d, MAKER, both, none, TS_NONE,
            "make is for the responsible operator to record, and no passport of "
            "https://id.gs1.org/01/09521234543213/21/X1 is here that says who that is");
    /* The future. */
    ts_str later = event(&d, TS_LIFE_SELL, TS_MODIFIED_NOT_ASKED, &it, 1, NOW + 90000);
    refused(&d, MAKER, both, later, TS_NONE,
            "the event lies more than a day ahead: what will happen is not recorded");
    /* A second life that names nothing, not all, or the wrong operator. */
    ts_str turn = repurpose(&d, PRODUCT("H1"), PRODUCT("H2"), SECOND("H9"));
    refused(&d, OTHER, both, turn, second(&d, "H9", OTHER, "", ""),
            "the new passport urn:second:H9 has no predecessors: what is remanufactured or "
            "repurposed is linked to the passports it comes from");
    refused(
        &d, OTHER, both, turn, second(&d, "H9", OTHER, BEFORE(PREDECESSOR("urn:kettle:H1")), ""),
        "the new passport urn:second:H9 names https://id.gs1.org/01/09521234543213/21/H2, which "
        "went into its product, neither among its predecessors nor among its components");
    const char *all = BEFORE(PREDECESSOR("urn:kettle:H1") "," PREDECESSOR("urn:kettle:H2"));
    refused(&d, OTHER, both, turn, second(&d, "H9", MAKER, all, ""),
            "responsibility has not moved: the new passport urn:second:H9 names did:web:m.example "
            "as its operator, who records is did:web:second.example");
    assert_true(d.done.forbidden);
    refused(&d, OTHER, both, sale, second(&d, "H9", OTHER, all, ""),
            "no event says how the product of the passport urn:second:H9 came about: it is no "
            "output of a remanufacture or repurpose, and nothing that was harvested is among its "
            "components");
    /* A passport that is somebody else's already. */
    must_record(&d, OTHER, both, turn, second(&d, "H9", OTHER, all, ""));
    refused(&d, MAKER, both, turn, second(&d, "H9", MAKER, all, ""),
            "the passport urn:second:H9 is that of did:web:second.example");
    desk_done(&d);
}

/* Of several events the last is refused: none is kept. */
static void all_or_nothing(void **state) {
    (void)state;
    desk d = desk_new("life-all.db");
    issue(&d, kettle(&d.a, "I1", "red"), MAKER);
    const thing it = {PRODUCT("I1"), "subject"};
    ts_str v[] = {event(&d, TS_LIFE_DESTROY, TS_MODIFIED_NOT_ASKED, &it, 1, NOW),
                  event(&d, TS_LIFE_REPAIR, TS_MODIFIED_NOT_ASKED, &it, 1, NOW)},
           text;
    assert_true(ts_epcis_write(&d.a, v, 2, NOW, &text, &d.e));
    assert_false(record(&d, MAKER, worker | operator_only, text, TS_NONE));
    assert_non_null(strstr(d.e.msg, "event 2 of 2: repair: whether"));
    ts_life l = must_tell(&d, "urn:kettle:I1");
    assert_int_equal(l.lines.n, 0);
    assert_str(l.passport.status, "active");
    assert_int_equal(l.passport.version, 1);
    desk_done(&d);
}

static void no_key_no_change(void **state) {
    (void)state;
    desk d = desk_new("life-nokey.db");
    issue(&d, kettle(&d.a, "J1", "red"), MAKER);
    const thing it = {PRODUCT("J1"), "subject"};
    const ts_life_job job = {.store = d.s,
                             .by = {operator_only, TS_S(MAKER), TS_S(MAKER)},
                             .events =
                                 event(&d, TS_LIFE_DESTROY, TS_MODIFIED_NOT_ASKED, &it, 1, NOW),
                             .now = NOW + 10};
    assert_false(ts_life_record(&d.a, &job, &d.done, &d.e));
    assert_string_equal(d.e.msg, "the passport urn:kettle:J1 changes, and no key was given that "
                                 "signs its new version");
    assert_int_equal(must_tell(&d, "urn:kettle:J1").lines.n, 0);
    desk_done(&d);
}

/* An event about an item that is known by its lot alone does not end the lot's passport. */
static void classes_go_on(void **state) {
    (void)state;
    desk d = desk_new("life-class.db");
    ts_str model = TS_S(
        "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:model:1\",\"granularity\":\"model\","
        "\"product\":{\"id\":\"https://id.gs1.org/01/09521234543213\",\"name\":\"Kettle\","
        "\"productCategory\":[{\"code\":\"1\",\"name\":\"Kettles\",\"schemeId\":\"https://"
        "c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":\"https://m.example/1\","
        "\"name\":\"One\"},\"countryOfProduction\":{\"countryCode\":\"DE\"}},\"operator\":{\"id\":"
        "\"" MAKER "\",\"name\":\"Maker\"},\"packs\":[{\"id\":\"generic\"}],\"status\":\"active\","
        "\"elements\":{}}");
    issue(&d, model, MAKER);
    const thing lot = {"https://id.gs1.org/01/09521234543213", "subject"},
                item = {PRODUCT("K1"), "subject"};
    ts_str body = event(&d, TS_LIFE_DESTROY, TS_MODIFIED_NOT_ASKED, &lot, 1, NOW);
    must_record(&d, MAKER, operator_only, body, TS_NONE);
    assert_int_equal(d.done.changed, 0);
    assert_non_null(strstr(ts_str_z(&d.a, d.done.notes.v[0]), "its passport is one of a model"));
    /* The operator of an item is that of its model, where it has no passport of its own. */
    body = event(&d, TS_LIFE_MAKE, TS_MODIFIED_NOT_ASKED, &item, 1, NOW);
    must_record(&d, MAKER, operator_only, body, TS_NONE);
    assert_false(record(&d, OTHER, operator_only, body, TS_NONE));
    assert_str(must_tell(&d, "urn:model:1").passport.status, "active");
    desk_done(&d);
}

/* ---- Told ---- */

/* Passports that name each other in a circle, and a chain that is longer than anybody asks. */
static void circles_and_chains_end(void **state) {
    (void)state;
    desk d = desk_new("life-circle.db");
    issue(&d, second(&d, "R1", OTHER, "", PARTS(PART("urn:second:R2"))), OTHER);
    issue(&d, second(&d, "R2", OTHER, "", PARTS(PART("urn:second:R3"))), OTHER);
    issue(&d, second(&d, "R3", OTHER, "", PARTS(PART("urn:second:R1"))), OTHER);
    ts_life l = must_tell(&d, "urn:second:R1");
    assert_int_equal(l.family.n, 2);
    assert_false(l.more);
    for (int i = 0; i < 30; i++) {
        char id[16], part[100];
        snprintf(id, sizeof id, "S%d", i);
        snprintf(part, sizeof part, PARTS(PART("urn:second:S%d")), i + 1);
        issue(&d, second(&d, id, OTHER, "", part), OTHER);
    }
    l = must_tell(&d, "urn:second:S0");
    assert_int_equal(l.family.n, TS_LIFE_DEPTH);
    assert_int_equal(l.family.v[l.family.n - 1].depth, TS_LIFE_DEPTH);
    desk_done(&d);
}

static void what_the_public_hears(void **state) {
    (void)state;
    desk d = desk_new("life-public.db");
    issue(&d, kettle(&d.a, "L1", "red"), MAKER);
    const thing it = {PRODUCT("L1"), "subject"};
    must_record(&d, MAKER, operator_only,
                event(&d, TS_LIFE_SELL, TS_MODIFIED_NOT_ASKED, &it, 1, NOW), TS_NONE);
    ts_life_make m = {.kind = TS_LIFE_INSPECT, .at = NOW + 1, .note = TS_S("for Jo Smith")};
    *ts_push(&d.a, &m.about) =
        (ts_life_about){.given = TS_S(PRODUCT("L1")), .role = TS_S("subject")};
    ts_str body, text;
    assert_true(ts_life_event_make(&d.a, &m, &body, &d.e));
    must_record(&d, "Jo Smith", worker, body, TS_NONE);
    for (int who = 0; who < 2; who++) {
        ts_life l = must_tell(&d, "urn:kettle:L1");
        ts_buf b = ts_buf_new(&d.a, 1 << 20);
        ts_jsonw w = ts_jsonw_to(&b);
        assert_true(ts_life_view(&d.a, &l, who ? worker : 1u << TS_AUD_PUBLIC, &d.e));
        ts_life_write(&w, &l);
        assert_true(ts_life_epcis(&d.a, &l, NOW, &text, &d.e));
        assert_int_equal(l.lines.n, 2);
        assert_str(l.lines.v[0].row.by, MAKER); /* the passport names it */
        assert_true((ts_str_find(ts_buf_str(&b), TS_S("Smith")) != TS_NPOS) == (who == 1));
        assert_true((ts_str_find(text, TS_S("Smith")) != TS_NPOS) == (who == 1));
    }
    desk_done(&d);
}

static void found_by_product(void **state) {
    (void)state;
    desk d = desk_new("life-find.db");
    issue(&d, kettle(&d.a, "M1", "red"), MAKER);
    ts_str id;
    assert_true(ts_life_find(&d.a, d.s, TS_S("urn:kettle:M1"), &id, &d.e));
    assert_true(ts_life_find(&d.a, d.s,
                             TS_S("https://elsewhere.example/a/01/9521234543213/21/M1?11=261120"),
                             &id, &d.e));
    assert_str(id, "urn:kettle:M1");
    assert_false(ts_life_find(&d.a, d.s, TS_S("urn:kettle:M2"), &id, &d.e));
    assert_int_equal(d.e.code, TS_E_NOT_FOUND);
    ts_life l;
    assert_false(ts_life_of(&d.a, d.s, TS_S("urn:kettle:M2"), &l, &d.e));
    assert_int_equal(d.e.code, TS_E_NOT_FOUND);
    desk_done(&d);
}

/* ---- The picture ---- */

static ts_catalogue catalogue(ts_arena *a, const char *language) {
    ts_catalogue c;
    ts_error e = {0};
    if (!ts_catalogue_load(a, language, &c, &e)) fail_msg("%s", e.msg);
    return c;
}

static void assert_has(ts_str svg, ts_str text) {
    if (ts_str_find(svg, text) == TS_NPOS) fail_msg("no '%.*s' in %.*s", TS_P(text), TS_P(svg));
}

static void a_picture_in_three_languages(void **state) {
    (void)state;
    desk d = desk_new("life-picture.db");
    issue(&d, kettle(&d.a, "N1", "red"), MAKER);
    issue(&d, kettle(&d.a, "N2", "<b>&"), MAKER);
    ts_str body = repurpose(&d, PRODUCT("N1"), PRODUCT("N2"), SECOND("N9"));
    must_record(&d, OTHER, worker | operator_only, body,
                second(&d, "N9", OTHER,
                       BEFORE(PREDECESSOR("urn:kettle:N1") "," PREDECESSOR("urn:kettle:N2")),
                       PARTS(PART("urn:gone:1"))));
    static const char *const languages[] = {"en", "de", "zh"};
    for (int i = 0; i < 3; i++) {
        ts_catalogue c = catalogue(&d.a, languages[i]);
        ts_life l = must_tell(&d, "urn:second:N9");
        ts_str svg, html;
        assert_true(ts_life_picture(&d.a, &l, &c, &svg, &d.e));
        assert_has(svg, ts_say(&c, "life.kind.repurpose"));
        assert_has(svg, ts_say(&c, "life.rel.predecessor"));
        assert_has(svg, ts_say(&c, "life.rel.component"));
        assert_has(svg, TS_S("stroke-dasharray")); /* not kept here */
        assert_has(svg, TS_S("Tea urn N9"));
        assert_has(svg, TS_S("Second")); /* who recorded it is named in the passport */
        assert_has(svg, TS_S("role=\"img\""));
        assert_int_equal(ts_str_find(svg, TS_S("life.")), TS_NPOS); /* no key without its text */
        assert_int_equal(ts_str_find(svg, TS_S("style")), TS_NPOS); /* pages forbid it */
        assert_true(ts_life_page(&d.a, &l, &c, &html, &d.e));
        assert_has(html, svg);
        l = must_tell(&d, "urn:kettle:N2");
        assert_true(ts_life_picture(&d.a, &l, &c, &svg, &d.e));
        assert_int_equal(ts_str_find(svg, TS_S("<b>")), TS_NPOS);
        assert_has(svg, ts_say(&c, "life.rel.successor"));
    }
    desk_done(&d);
}

/* A passport alone, without any event, has a picture, too. */
static void a_picture_of_nothing(void **state) {
    (void)state;
    desk d = desk_new("life-nothing.db");
    issue(&d, kettle(&d.a, "O1", "red"), MAKER);
    ts_catalogue c = catalogue(&d.a, "en");
    ts_life l = must_tell(&d, "urn:kettle:O1");
    ts_str svg;
    assert_true(ts_life_picture(&d.a, &l, &c, &svg, &d.e));
    assert_has(svg, ts_say(&c, "life.none"));
    assert_has(svg, TS_S("Nothing is recorded"));
    desk_done(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repair_is_recorded_and_told),
        cmocka_unit_test(recycling_archives_by_the_operator_alone),
        cmocka_unit_test(a_second_life),
        cmocka_unit_test(a_part_of_a_second_life),
        cmocka_unit_test(harvested_cells),
        cmocka_unit_test(enclosed_in_the_document),
        cmocka_unit_test(refusals),
        cmocka_unit_test(all_or_nothing),
        cmocka_unit_test(no_key_no_change),
        cmocka_unit_test(classes_go_on),
        cmocka_unit_test(circles_and_chains_end),
        cmocka_unit_test(what_the_public_hears),
        cmocka_unit_test(found_by_product),
        cmocka_unit_test(a_picture_in_three_languages),
        cmocka_unit_test(a_picture_of_nothing),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
