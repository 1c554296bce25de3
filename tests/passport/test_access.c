/* Who sees what: the matrix on its own, and a full battery passport for every set of audiences. */
#include "samples.h"

enum {
    PUBLIC = 1 << TS_AUD_PUBLIC,
    INTEREST = 1 << TS_AUD_LEGITIMATE_INTEREST,
    AUTHORITY = 1 << TS_AUD_AUTHORITY,
    NOTIFIED = 1 << TS_AUD_NOTIFIED_BODY,
    COMMISSION = 1 << TS_AUD_COMMISSION,
    OPERATOR = 1 << TS_AUD_OPERATOR,
    ALL_SETS = 1 << TS_AUDS
};

static void test_names(void **state) {
    (void)state;
    static const char *const names[] = {"public",        "legitimate_interest", "authority",
                                        "notified_body", "commission",          "operator"};
    for (int i = 0; i < TS_AUDS; i++) {
        ts_audience a = TS_AUDS;
        assert_string_equal(ts_audience_name((ts_audience)i), names[i]);
        assert_true(ts_audience_by_name(ts_str_c(names[i]), &a) && (int)a == i);
    }
    ts_audience a = TS_AUD_COMMISSION;
    assert_false(ts_audience_by_name(TS_S("Public"), &a) || ts_audience_by_name(TS_NONE, &a) ||
                 ts_audience_by_name(TS_S("publi"), &a));
    assert_int_equal(a, TS_AUD_COMMISSION);
    assert_string_equal(ts_audience_name(TS_AUDS), "");
}

static bool expected(unsigned open_to, unsigned who) {
    return (who & OPERATOR) || (open_to & PUBLIC) || (open_to & who);
}

static void test_matrix(void **state) {
    (void)state;
    for (unsigned open_to = 0; open_to < ALL_SETS; open_to++)
        for (unsigned who = 0; who < ALL_SETS; who++) {
            ts_disclosure_class c = {TS_S("c"), open_to, TS_NONE};
            assert_true(ts_may_see(&c, who) == expected(open_to, who));
            for (unsigned more = 0; more < ALL_SETS; more++) /* who is more sees what both see */
                assert_true(ts_may_see(&c, who | more) ==
                            (ts_may_see(&c, who) || ts_may_see(&c, more)));
        }
}

/* ---- the battery ---- */

/* To whom Article 77(2), second subparagraph, of Regulation (EU) 2023/1542 opens the points of
 * Annex XIII: (a) point 1 to all; (b) points 2 and 3 to notified bodies, market surveillance
 * authorities and the Commission; (c) points 2 and 4 to persons with a legitimate interest. */
static const unsigned point_open_to[] = {0, PUBLIC, INTEREST | NOTIFIED | AUTHORITY | COMMISSION,
                                         NOTIFIED | AUTHORITY | COMMISSION, INTEREST};

/* Written by the subject matter of the annex, not by the pack. What other acts ask for is public.
 */
static const struct {
    int point;
    const char *ids; /* an id, or with a dot at its end all that begin so */
} points[] = {
    {1, "batteryCategory manufacturingPlace manufacturingDate batteryMass batteryChemistry "
        "hazardousSubstances extinguishingAgents criticalRawMaterials carbonFootprint. "
        "dueDiligence. recycledContent. renewableContent ratedCapacity ratedEnergy voltage. "
        "power. lifetime. capacityThresholdForExhaustion idleTemperature. warrantyPeriod "
        "roundTripEfficiency. internalResistance. cycleLifeTest. initialSelfDischarge markings. "
        "conformity.declaration endOfLife. instructions. identification. manufacturer. "
        "importer. responsiblePerson. safety. substances.veryHighConcern digital."},
    {2, "composition. spareParts. dismantling. safetyMeasures"},
    {3, "testReports measurement."},
    {4, "performance. stateOfHealth. batteryStatus use. expectedLifetime."},
};

static int point_of(ts_str id) {
    int found = 0;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        ts_str all = ts_str_c(points[i].ids);
        while (all.n) {
            ts_str one = ts_str_cut(&all, ' ');
            bool begins = ts_str_ends(one, TS_S("."));
            if (!(begins ? ts_str_starts(id, one) : ts_str_eq(id, one))) continue;
            assert_int_equal(found, 0);
            found = points[i].point;
        }
    }
    if (!found) fail_msg("the test does not know the element %.*s: say its point", TS_P(id));
    return found;
}

static ts_pack battery(ts_arena *a) {
    ts_pack p;
    ts_error e = {0};
    assert_ok(ts_pack_read(a, TS_S("battery"), ts_pack_find_shared, 0, &p, &e), e);
    return p;
}

static void test_battery_classes(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pack p = battery(&a);
    int count[5] = {0};
    for (size_t i = 0; i < p.elements.n; i++) {
        const ts_pack_element *el = &p.elements.v[i];
        int point = point_of(el->id);
        count[point]++;
        for (unsigned aud = 0; aud < TS_AUDS; aud++)
            if (ts_may_see(el->class, 1u << aud) != expected(point_open_to[point], 1u << aud))
                fail_msg("%.*s (point %d) for %s", TS_P(el->id), point,
                         ts_audience_name((ts_audience)aud));
    }
    for (int i = 1; i <= 4; i++) assert_true(count[i] >= 3);
}

/* ---- a passport with a value for every element ---- */

typedef struct marks {
    ts_str v[512]; /* of each element of the pack: bytes that stand nowhere else */
} marks;

static void value(ts_buf *b, ts_arena *a, const ts_pack_element *el, size_t i, ts_str *mark) {
    char day[16];
    ts_buf m = ts_buf_new(a, 64);
    int n = (int)i;
    switch (el->type) {
    case TS_TYPE_NUMBER: ts_buf_fmt(&m, "7.31%04d1", n); break;
    case TS_TYPE_INTEGER: ts_buf_fmt(&m, "731%04d1", n); break;
    case TS_TYPE_DATE: ts_buf_put(&m, ts_day_iso(-20000 + n, day)); break;
    default: ts_buf_fmt(&m, "mark%04d", n);
    }
    *mark = ts_buf_str(&m);
    switch (el->type) {
    case TS_TYPE_NUMBER:
    case TS_TYPE_INTEGER: ts_buf_put(b, *mark); break;
    case TS_TYPE_DATE:
    case TS_TYPE_TEXT: ts_buf_fmt(b, "\"%.*s\"", TS_P(*mark)); break;
    case TS_TYPE_LANGUAGES: ts_buf_fmt(b, "{\"en\":\"%.*s\"}", TS_P(*mark)); break;
    case TS_TYPE_LINK:
        if (i & 1)
            ts_buf_fmt(b, "\"https://example.com/%.*s\"", TS_P(*mark));
        else
            ts_buf_fmt(b, "{\"url\":\"https://example.com/\",\"title\":\"%.*s\"}", TS_P(*mark));
        break;
    case TS_TYPE_MEASURE: ts_buf_fmt(b, "{\"value\":1,\"unit\":\"%.*s\"}", TS_P(*mark)); break;
    case TS_TYPE_LIST: ts_buf_fmt(b, "[{\"k\":[\"%.*s\"]}]", TS_P(*mark)); break;
    case TS_TYPE_OBJECT: ts_buf_fmt(b, "{\"k\":{\"l\":\"%.*s\"}}", TS_P(*mark)); break;
    case TS_TYPE_BOOLEAN: fail_msg("a truth value cannot be told apart: %.*s", TS_P(el->id));
    }
}

/* Elements under their ids as they are, or each first name with its elements inside. */
static void elements(ts_buf *b, ts_arena *a, const ts_pack *p, bool nested, marks *m) {
    bool done[512] = {false}, any = false;
    for (size_t i = 0; i < p->elements.n; i++) {
        ts_str rest = p->elements.v[i].id, first = ts_str_cut(&rest, '.');
        if (done[i]) continue;
        if (any) ts_buf_c(b, ',');
        any = true;
        if (!nested || !rest.n) {
            ts_buf_fmt(b, "\"%.*s\":", TS_P(p->elements.v[i].id));
            value(b, a, &p->elements.v[i], i, &m->v[i]);
            continue;
        }
        ts_buf_fmt(b, "\"%.*s\":{", TS_P(first));
        for (size_t k = i, inner = 0; k < p->elements.n; k++) {
            ts_str other = p->elements.v[k].id, head = ts_str_cut(&other, '.');
            if (!ts_str_eq(head, first)) continue;
            assert_true(ts_str_chr(other, '.') == TS_NPOS);
            ts_buf_fmt(b, "%s\"%.*s\":", inner++ ? "," : "", TS_P(other));
            value(b, a, &p->elements.v[k], k, &m->v[k]);
            done[k] = true;
        }
        ts_buf_c(b, '}');
    }
}

static ts_str full_document(ts_arena *a, const ts_pack *p, bool nested, marks *m) {
    ts_buf b = ts_buf_new(a, 1 << 20);
    assert_true(p->elements.n <= 512);
    ts_buf_lit(&b, "{\"format\":\"touchstone-passport-1\",\"id\":\"https://example.com/p/1\","
                   "\"granularity\":\"item\",\"product\":{\"id\":"
                   "\"https://id.example.com/01/09521234543213/21/S1\",\"name\":\"Battery\"},"
                   "\"operator\":{\"id\":\"did:web:example.com\"},"
                   "\"packs\":[{\"id\":\"battery\",\"category\":\"ev\"}],\"status\":\"active\","
                   "\"elements\":{");
    elements(&b, a, p, nested, m);
    ts_buf_lit(&b, ",\"own\":\"markown1\",\"way\":{\"in\":\"markown2\"}},\"classes\":"
                   "{\"own\":\"annex_xiii_4\",\"way.in\":\"annex_xiii_3\"},"
                   "\"sbom\":{\"digest\":"
                   "\"5b00112233445566778899aabbccddeeff00112233445566778899aabbccddee\"},"
                   "\"safety\":[{\"status\":\"recalled\",\"by\":{\"id\":\"did:web:a.example\"},"
                   "\"at\":\"2026-11-20T10:00:00Z\"}]}");
    assert_false(b.full);
    return ts_buf_str(&b);
}

static bool has(ts_str text, ts_str what) { return ts_str_find(text, what) != TS_NPOS; }

/* How many elements are missing in `text`; the right ones. */
static size_t check_text(ts_str text, const ts_pack *p, const marks *m, unsigned who) {
    size_t missing = 0;
    for (size_t i = 0; i < p->elements.n; i++) {
        bool may = expected(point_open_to[point_of(p->elements.v[i].id)], who);
        if (has(text, m->v[i]) != may)
            fail_msg("%.*s %s for %u", TS_P(p->elements.v[i].id), may ? "is missing" : "leaks",
                     who);
        missing += !may;
    }
    bool own = expected(point_open_to[4], who), in = expected(point_open_to[3], who);
    assert_true(has(text, TS_S("markown1")) == own && has(text, TS_S("\"own\"")) == own);
    assert_true(has(text, TS_S("markown2")) == in && has(text, TS_S("\"way")) == in);
    bool sbom = (who & OPERATOR) != 0;
    assert_true(has(text, TS_S("\"sbom\"")) == sbom && has(text, TS_S("5b0011")) == sbom);
    assert_true(has(text, TS_S("recalled")) && has(text, TS_S("\"active\"")));
    return missing + !own + !in + !sbom;
}

static void check_views(ts_arena a, const ts_document *d, const ts_packs *packs, const marks *m) {
    ts_error e = {0};
    for (unsigned who = 0; who < ALL_SETS; who++) {
        ts_arena work = a;
        ts_str text, back;
        size_t omitted = 99;
        ts_document seen;
        assert_ok(ts_document_view(&work, d, packs, who, &text, &omitted, &e), e);
        assert_int_equal(omitted, check_text(text, &packs->v[0], m, who));
        assert_ok(ts_document_read(&work, text, &seen, &e), e);
        for (ts_en_form form = TS_EN_COMPRESSED; form <= TS_EN_FULL; form++) {
            ts_str en;
            assert_ok(ts_en18223_write(&work, d, packs, who, form, 0, &en, &e), e);
            check_text(en, &packs->v[0], m, who);
            assert_ok(ts_en18223_read(&work, en, &back, &e), e);
            assert_true(ts_str_eq(back, text));
        }
    }
}

static void test_battery_views(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pack p = battery(&a);
    for (int nested = 0; nested < 2; nested++) {
        ts_error e = {0};
        ts_document d;
        ts_packs packs;
        marks *m = ts_new(&a, marks);
        ts_str text = full_document(&a, &p, nested, m);
        assert_ok(ts_document_read(&a, text, &d, &e), e);
        assert_ok(ts_document_packs(&a, &d, ts_pack_find_shared, 0, &packs, &e), e);
        check_views(a, &d, &packs, m);
    }
}

/* Without its packs, nobody but the operator sees an element. */
static void test_no_packs(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_pack p = battery(&a);
    ts_packs none = {0};
    ts_document d;
    ts_error e = {0};
    ts_str text;
    marks *m = ts_new(&a, marks);
    assert_ok(ts_document_read(&a, full_document(&a, &p, true, m), &d, &e), e);
    assert_ok(ts_document_view(&a, &d, &none, ALL_SETS - 1 - OPERATOR, &text, 0, &e), e);
    for (size_t i = 0; i < p.elements.n; i++) assert_false(has(text, m->v[i]));
    assert_true(has(text, TS_S("\"classes\":{},\"elements\":{},")));
}

/* Where packs do not go together, what one of them restricts is not shown by another. */
static void check_at_odds(ts_arena a, const ts_packs *packs) {
    ts_error e = {0};
    ts_str text = with(&a, sample_least, "\"status\":\"active\"",
                       "\"status\":\"active\",\"elements\":{\"a\":{\"b\":\"inner\"},"
                       "\"c\":\"mine\",\"d\":\"own\"},\"classes\":{\"d\":\"all\"}");
    ts_document d;
    size_t omitted;
    assert_ok(ts_document_read(&a, text, &d, &e), e);
    assert_ok(ts_document_view(&a, &d, packs, AUTHORITY, &text, &omitted, &e), e);
    assert_true(!has(text, TS_S("inner")) && has(text, TS_S("mine")) && has(text, TS_S("own")));
    assert_int_equal(omitted, 1);
    assert_ok(ts_document_view(&a, &d, packs, INTEREST, &text, &omitted, &e), e);
    assert_false(has(text, TS_S("inner")) || has(text, TS_S("mine")) || has(text, TS_S("own")));
    assert_int_equal(omitted, 3);
}

static void test_packs_at_odds(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const char open[] =
        PACK("open", "\"classes\":{\"all\":{\"open_to\":[\"public\"]}},"
                     "\"elements\":[" ELEMENT("a", "object", "all", "") "," ELEMENT("c", "text",
                                                                                    "all", "") "]");
    static const char shut[] =
        PACK("shut", "\"classes\":{\"all\":{\"open_to\":[\"authority\"]}},"
                     "\"elements\":[" ELEMENT("a.b", "text", "all", "") "," ELEMENT("c", "text",
                                                                                    "all", "") "]");
    const sample_pack both[] = {{"open", open}, {"shut", shut}, {0, 0}};
    for (int first = 0; first < 2; first++) {
        ts_packs packs = {0};
        ts_error e = {0};
        for (int i = 0; i < 2; i++)
            assert_ok(ts_pack_read(&a, ts_str_c(both[i ^ first].name), sample_find,
                                   (void *)(uintptr_t)both, ts_push(&a, &packs), &e),
                      e);
        check_at_odds(a, &packs);
    }
}

/* A name with a dot inside objects is no way to an element. */
static void test_dot_inside(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const sample_pack list[] = {
        {"deep", PACK("deep", "\"classes\":{\"all\":{\"open_to\":[\"public\"]}},"
                              "\"elements\":[" ELEMENT("a.b.c", "text", "all", "") "]")},
        {0, 0}};
    static const struct {
        const char *elements;
        bool seen;
    } ways[] = {{"{\"a\":{\"b\":{\"c\":\"value\"}}}", true},
                {"{\"a.b\":{\"c\":\"value\"}}", true},
                {"{\"a.b.c\":\"value\"}", true},
                {"{\"a\":{\"b.c\":\"value\"}}", false},
                {"{\"a\":{\"b\":\"value\"}}", false},
                {"{\"a\":[{\"b\":{\"c\":\"value\"}}]}", false}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        ts_error e = {0};
        ts_document d;
        ts_packs packs = {0};
        ts_str text;
        ts_buf b = ts_buf_new(&a, 200);
        ts_buf_fmt(&b, "\"status\":\"active\",\"elements\":%s", ways[i].elements);
        text = with(&a, sample_least, "\"status\":\"active\"", ts_str_z(&a, ts_buf_str(&b)));
        assert_ok(ts_document_read(&a, text, &d, &e), e);
        assert_ok(ts_pack_read(&a, TS_S("deep"), sample_find, (void *)(uintptr_t)list,
                               ts_push(&a, &packs), &e),
                  e);
        assert_ok(ts_document_view(&a, &d, &packs, 0, &text, 0, &e), e);
        assert_true(has(text, TS_S("value")) == ways[i].seen);
        assert_true((ts_document_element(&d, TS_S("a.b.c")) != 0) == ways[i].seen);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),           cmocka_unit_test(test_matrix),
        cmocka_unit_test(test_battery_classes), cmocka_unit_test(test_battery_views),
        cmocka_unit_test(test_no_packs),        cmocka_unit_test(test_packs_at_odds),
        cmocka_unit_test(test_dot_inside),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
