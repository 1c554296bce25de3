#include "passport/foreign.h"

#include <dirent.h>
#include <stdio.h>

#include "passport/passport.h"
#include "support/support.h"

#define PRODUCT "https://id.gs1.org/01/09521234543213/21/SN12345678"

static ts_foreign read_ok(ts_arena *a, const ts_foreign_job *job) {
    ts_foreign out;
    ts_error e = {0};
    if (!ts_foreign_read(a, job, &out, &e)) fail_msg("%s", e.msg);
    return out;
}

static ts_foreign_job job_of(const ts_str *text) {
    return (ts_foreign_job){.texts = text,
                            .n = 1,
                            .id = TS_S("urn:uuid:0b0b0b0b-0000-4000-8000-000000000001"),
                            .product = TS_S(PRODUCT),
                            .operator_id = TS_S("did:web:m.example")};
}

static ts_str to_of(const ts_foreign *f, const char *from) {
    for (size_t i = 0; i < f->leaves.n; i++)
        if (ts_str_is(f->leaves.v[i].from, from)) return f->leaves.v[i].to;
    fail_msg("%s is nowhere", from);
    return TS_NONE;
}

static ts_str why_of(const ts_foreign *f, const char *from) {
    for (size_t i = 0; i < f->leaves.n; i++)
        if (ts_str_is(f->leaves.v[i].from, from)) return f->leaves.v[i].why;
    fail_msg("%s is nowhere", from);
    return TS_NONE;
}

static const ts_json *element(ts_arena *a, const ts_foreign *f, const char *id) {
    ts_document *d = ts_new(a, ts_document);
    ts_error e = {0};
    if (!ts_document_read(a, f->document, d, &e)) fail_msg("%s", e.msg);
    return ts_document_element(d, ts_str_c(id));
}

static const char general[] =
    "{\"batteryCategory\":\"lmt\",\"operatorInformation\":{\"identifier\":\"did:web:op.example\","
    "\"contactName\":\"Op\"},\"productIdentifier\":\"" PRODUCT "\",\"batteryStatus\":\"Original\","
    "\"puttingIntoService\":\"2027-06-17T11:14:27.698+02:00\",\"batteryMass\":3.2,"
    "\"manufacturingDate\":\"2027-03-01T00:00:00Z\",\"batteryPassportIdentifier\":\"urn:bmwk:1\","
    "\"warrentyPeriod\":\"--06\",\"odd\":{\"a/b\":[],\"c~d\":[1,null]},"
    "\"manufacturingPlace\":{\"addressCountry\":\"Germany\"}}";

static void general_information(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str text = ts_str_c(general);
    const ts_foreign_job job = {.texts = &text, .n = 1};
    ts_foreign f = read_ok(&a, &job);
    ts_document d;
    ts_error e = {0};
    assert_true(ts_document_read(&a, f.document, &d, &e));
    assert_str(d.id, "urn:bmwk:1");
    assert_str(d.operator_id, "did:web:op.example");
    assert_str(d.packs.v[0].id, "battery");
    assert_str(d.packs.v[0].category, "lmt");
    assert_int_equal(d.grain, TS_GRAIN_ITEM);
    const ts_json *mass = ts_document_element(&d, TS_S("batteryMass"));
    assert_str(ts_json_text(ts_json_member(mass, "value")), "3.2");
    assert_str(ts_json_str(ts_json_member(mass, "unit")), "kg");
    const ts_json *warranty = ts_document_element(&d, TS_S("warrantyPeriod"));
    assert_str(ts_json_text(ts_json_member(warranty, "value")), "6");
    assert_str(ts_json_str(ts_document_element(&d, TS_S("manufacturingDate"))), "2027-03-01");
    assert_str(to_of(&f, "/batteryMass"), "batteryMass");
    /* what has no place is named: pointers escaped, empty containers, null */
    assert_str(why_of(&f, "/odd/a~1b"), "has no counterpart here");
    assert_str(why_of(&f, "/odd/c~0d/0"), "has no counterpart here");
    assert_str(why_of(&f, "/odd/c~0d/1"), "has no counterpart here");
    assert_int_equal(f.leaves.n, 14);
    assert_int_equal(f.placed, 11);
}

static void several_make_one(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str texts[] = {ts_str_c(general),
                      TS_S("{\"supplyChainDueDiligenceReport\":\"https://m.example/r\","
                           "\"supplyChainIndicies\":0.5}"),
                      TS_S("{\"batteryCarbonFootprint\":61.5,\"carbonFootprintStudy\":"
                           "\"telnet://192.0.2.16:80/\"}")};
    const ts_foreign_job job = {.texts = texts, .n = 3};
    ts_foreign f = read_ok(&a, &job);
    assert_int_equal(f.shapes.n, 3);
    assert_str(ts_json_str(element(&a, &f, "dueDiligence.report")), "https://m.example/r");
    assert_str(
        ts_json_text(ts_json_member(element(&a, &f, "carbonFootprint.perFunctionalUnit"), "value")),
        "61.5");
    /* of the wrong kind: not taken, and the reason said */
    assert_null(element(&a, &f, "carbonFootprint.study"));
    assert_str(why_of(&f, "/carbonFootprintStudy"),
               "an absolute http or https address is asked for");
}

static void units_are_brought_to_ours(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const struct {
        const char *value, *unit, *gives;
    } cases[] = {{"2300", "unit:gram", "2300e-3"},
                 {"2.3e3", "unit:gram", "2.3"},
                 {"2.3", "unit:kilogram", "2.3"},
                 {"0.0023", "unit:tonneMetricTon", "0.0023e3"},
                 {"5", "unit:stone", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_buf b = ts_buf_new(&a, 4096);
        ts_buf_fmt(&b,
                   "{\"metadata\":{\"passportIdentifier\":\"urn:a:b\"},\"performance\":{\"rated\":"
                   "{\"x\":1}},\"identification\":{\"category\":\"LMT\"},\"characteristics\":{"
                   "\"physicalDimension\":{\"weight\":{\"value\":%s,\"unit\":\"%s\"}}}}",
                   cases[i].value, cases[i].unit);
        ts_str text = ts_buf_str(&b);
        ts_foreign_job job = job_of(&text);
        ts_foreign f = read_ok(&a, &job);
        const ts_json *mass = element(&a, &f, "batteryMass");
        if (cases[i].gives)
            assert_str(ts_json_text(ts_json_member(mass, "value")), cases[i].gives);
        else
            assert_null(mass);
    }
}

static void utf16(void **state) {
    (void)state;
    ts_arena a = test_arena();
    static const char ascii[] =
        "{\"supplyChainDueDiligenceReport\":\"https://m.example/r\",\"note\":\"";
    for (int big = 0; big < 2; big++) {
        ts_buf b = ts_buf_new(&a, 4096);
        ts_buf_put(&b, big ? TS_S("\xFE\xFF") : TS_S("\xFF\xFE"));
        for (const char *p = ascii; *p; p++) {
            if (big) ts_buf_c(&b, 0);
            ts_buf_c(&b, *p);
            if (!big) ts_buf_c(&b, 0);
        }
        /* U+1F50B as a pair */
        ts_buf_put(&b, big ? TS_S("\xD8\x3D\xDD\x0B") : TS_S("\x3D\xD8\x0B\xDD"));
        ts_buf_put(&b, big ? TS_S("\0\"\0}") : TS_S("\"\0}\0"));
        ts_str text = ts_buf_str(&b);
        ts_foreign_job job = job_of(&text);
        ts_foreign f = read_ok(&a, &job);
        assert_str(to_of(&f, "/supplyChainDueDiligenceReport"), "dueDiligence.report");
        /* half a character, and half a pair */
        ts_error e = {0};
        text.n--;
        assert_false(ts_foreign_read(&a, &job, &f, &e));
        ts_str lone = big ? TS_S("\xFE\xFF\xD8\x3D\0 ") : TS_S("\xFF\xFE\x3D\xD8 \0");
        job.texts = &lone;
        e = (ts_error){0};
        assert_false(ts_foreign_read(&a, &job, &f, &e));
        assert_non_null(strstr(e.msg, "half a character"));
    }
}

/* ---- certificates ---- */

static const char certificate[] =
    "{\"certificate\":{\"catenaXId\":\"urn:uuid:055c1128-0375-47c8-98de-7cf802c3241d\","
    "\"catenaXIdPreviousLife\":\"urn:uuid:155c1128-0375-47c8-98de-7cf802c3241d\",\"supplier\":"
    "\"BPNL8888888888XX\",\"vin\":\"WBA41DU060S228332\",\"issueDate\":\"2028-02-03T14:48:54Z\"}}";

static void certificates_ask_which(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str text = ts_str_c(certificate);
    ts_foreign_job job = {.texts = &text, .n = 1};
    ts_foreign f;
    ts_error e = {0};
    assert_false(ts_foreign_read(&a, &job, &f, &e));
    assert_int_equal(e.code, TS_E_USAGE);
    assert_non_null(strstr(e.msg, "--as"));
    assert_non_null(strstr(e.msg, "catena-x-repair-certificate"));
    job.as = TS_S("catena-x-nothing");
    e = (ts_error){0};
    assert_false(ts_foreign_read(&a, &job, &f, &e));
    assert_int_equal(e.code, TS_E_INPUT);
    job.as = TS_S("catena-x-end-of-life"); /* known, but not this */
    assert_false(ts_foreign_read(&a, &job, &f, &e));
}

static void certificates_become_events(void **state) {
    (void)state;
    static const struct {
        const char *as;
        ts_life_kind kind;
    } cases[] = {{"catena-x-reuse-certificate", TS_LIFE_RESELL},
                 {"catena-x-repair-certificate", TS_LIFE_REPAIR},
                 {"catena-x-refurbishing-certificate", TS_LIFE_REFURBISH},
                 {"catena-x-remanufacturing-certificate", TS_LIFE_REMANUFACTURE},
                 {"catena-x-material-recycling-certificate", TS_LIFE_RECYCLE},
                 {"catena-x-waste-certificate", TS_LIFE_OTHER}};
    ts_arena a = test_arena();
    ts_str text = ts_str_c(certificate);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int own = 0; own < 2; own++) {
            ts_foreign_job job = {.texts = &text,
                                  .n = 1,
                                  .as = ts_str_c(cases[i].as),
                                  .product = own ? TS_S(PRODUCT) : TS_NONE};
            ts_foreign f = read_ok(&a, &job);
            ts_str body;
            ts_life_event back;
            ts_error e = {0};
            assert_true(f.is_event);
            assert_int_equal(f.event.kind, cases[i].kind);
            assert_str(f.event.by, "BPNL8888888888XX");
            assert_str(to_of(&f, "/certificate/issueDate"), "@event.at");
            assert_str(why_of(&f, "/certificate/vin"),
                       "a vehicle's number leads to a person; it is not taken");
            if (!ts_life_event_make(&a, &f.event, &body, &e)) fail_msg("%s", e.msg);
            assert_true(ts_epcis_read_event(&a, body, &back, &e));
            assert_int_equal(back.kind, cases[i].kind);
            assert_true(ts_str_find(body, TS_S("WBA41")) == TS_NPOS);
            assert_true((ts_str_find(body, TS_S(PRODUCT)) != TS_NPOS) == own);
            assert_true(ts_str_find(body, TS_S("055c1128")) != TS_NPOS);
            assert_true(ts_str_find(body, TS_S("155c1128")) != TS_NPOS);
        }
}

static void people_are_left_out(void **state) {
    (void)state;
    ts_arena a = test_arena();
    ts_str text = TS_S("{\"dismantlingDate\":\"2028-10-31\",\"companyNumber\":\"S30\","
                       "\"dismantlerProperties\":{\"dismantlerContact\":{\"phone\":\"+4912345\"}},"
                       "\"vehicleProperties\":{\"licensePlate\":\"HAL-UI123\",\"identification\":"
                       "\"WBAAY711\",\"brand\":\"B\"},\"vehicleOwnerProperties\":{\"citizenship\":"
                       "\"DE\",\"vehicleOwnerAddress\":{\"name\":\"Erika\"}}}");
    ts_foreign_job job = job_of(&text);
    ts_foreign f = read_ok(&a, &job);
    ts_str body;
    ts_error e = {0};
    assert_true(ts_life_event_make(&a, &f.event, &body, &e));
    static const char *const secret[] = {"Erika", "HAL", "WBAAY", "4912345"};
    for (int i = 0; i < 4; i++) assert_true(ts_str_find(body, ts_str_c(secret[i])) == TS_NPOS);
    assert_non_null(
        strstr(ts_str_z(&a, why_of(&f, "/vehicleOwnerProperties/vehicleOwnerAddress/name")),
               "about a person"));
}

static void what_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"{}", "known are"},
        {"[]", "known are"},
        {"", ""},
        {"{\"supplyChainDueDiligenceReport\":\"https://a.b/c\"}", "--product"},
        {"{\"supplyChainDueDiligenceReport\":1,\"supplyChainDueDiligenceReport\":2}", ""},
        {"{\"dateOfScrappingGMT\":\"soon\",\"disassemblyStatus\":\"x\"}", "when"},
        {"{\"dateOfScrappingGMT\":\"2028-01-01\",\"disassemblyStatus\":\"x\"}", "--product"}};
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ts_str text = ts_str_c(cases[i].text);
        const ts_foreign_job job = {.texts = &text, .n = 1};
        ts_foreign f;
        ts_error e = {0};
        assert_false(ts_foreign_read(&a, &job, &f, &e));
        if (!strstr(e.msg, cases[i].says)) fail_msg("%zu: %s", i, e.msg);
    }
    ts_str two[] = {TS_S("{\"supplyChainDueDiligenceReport\":\"https://a.b/c\"}"),
                    TS_S("{\"dateOfScrappingGMT\":\"2028-01-01\",\"disassemblyStatus\":\"x\"}")};
    ts_foreign_job job = {.texts = two, .n = 2};
    ts_foreign f;
    ts_error e = {0};
    assert_false(ts_foreign_read(&a, &job, &f, &e));
    assert_non_null(strstr(e.msg, "by itself"));
    job.n = 0;
    assert_false(ts_foreign_read(&a, &job, &f, &e));
    assert_true(ts_foreign_known(a, two[0]) && !ts_foreign_known(a, TS_S("{\"a\":1}")));
}

/* ---- published samples: nothing vanishes ---- */

static size_t count_leaves(const ts_json *v) {
    size_t n = 0;
    if ((v->type != TS_JSON_OBJECT && v->type != TS_JSON_ARRAY) || !v->n) return 1;
    TS_JSON_EACH_MEMBER(name, value, v) n += count_leaves(value);
    TS_JSON_EACH(value, v) n += count_leaves(value);
    return n;
}

/* The same text without its mark and without the zero bytes of UTF-16, for counting. */
static ts_str plain(ts_arena *a, ts_str s) {
    if (!ts_str_starts(s, TS_S("\xFF\xFE"))) return s;
    ts_buf b = ts_buf_new(a, s.n + 1);
    for (size_t i = 2; i < s.n; i += 2) ts_buf_c(&b, s.p[i]);
    return ts_buf_str(&b);
}

static void nothing_vanishes_from(const char *name, const char *as, size_t least) {
    ts_arena a = test_arena();
    ts_str text;
    ts_error e = {0};
    const char *path = test_data(name);
    if (!path) skip();
    assert_true(ts_file_read(&a, path, 16 << 20, &text, &e));
    ts_foreign_job job = job_of(&text);
    job.as = ts_str_c(as);
    ts_foreign f = read_ok(&a, &job);
    const ts_json *root = ts_json_parse(&a, plain(&a, text), (ts_json_options){0}, &e);
    assert_non_null(root);
    assert_int_equal(f.leaves.n, count_leaves(root));
    size_t placed = 0;
    for (size_t i = 0; i < f.leaves.n; i++) {
        assert_true(!f.leaves.v[i].to.n == (f.leaves.v[i].why.n > 0));
        placed += f.leaves.v[i].to.n > 0;
        /* the mapping itself is without fault */
        assert_true(ts_str_find(f.leaves.v[i].why, TS_S("mapping")) == TS_NPOS);
        assert_true(ts_str_find(f.leaves.v[i].why, TS_S("no pack")) == TS_NPOS);
        for (size_t k = 0; k < i; k++)
            assert_false(ts_str_eq(f.leaves.v[k].from, f.leaves.v[i].from));
    }
    assert_int_equal(placed, f.placed);
    if (placed < least) fail_msg("%s: %zu of %zu placed", name, placed, f.leaves.n);
}

static void published(void **state) {
    (void)state;
#define BP "passport/batterypass/io.BatteryPass."
#define CX "passport/tractusx/io.catenax."
    static const struct {
        const char *name, *as;
        size_t least;
    } cases[] = {
        {BP "GeneralProductInformation/1.2.0/gen/GeneralProductInformation-payload.json", 0, 15},
        {BP "CarbonFootprint/1.2.0/gen/CarbonFootprintForBatteries-payload.json", 0, 4},
        {BP "Labels/1.2.0/gen/Labeling-payload.json", 0, 4},
        {BP "MaterialComposition/1.2.0/gen/MaterialComposition-payload.json", 0, 14},
        {BP "Performance/1.2.0/gen/PerformanceAndDurability-payload.json", 0, 30},
        {BP "SupplyChainDueDiligence/1.2.0/gen/SupplyChainDueDiligence-payload.json", 0, 1},
        {CX "battery.battery_pass/6.0.0/gen/BatteryPass.json", 0, 100},
        {CX "battery.battery_pass/6.1.0/gen/BatteryPass.json", 0, 100},
        {CX "generic.digital_product_passport/5.0.0/gen/DigitalProductPassport.json", 0, 15},
        {CX "generic.digital_product_passport/6.0.0/gen/DigitalProductPassport.json", 0, 15},
        {CX "generic.digital_product_passport/6.1.0/gen/DigitalProductPassport.json", 0, 15},
        {CX "generic.digital_product_passport/7.0.0/gen/DigitalProductPassport.json", 0, 10},
        {CX "reuse_certificate/1.0.0/gen/ReuseCertificate.json", "catena-x-reuse-certificate", 4},
        {CX "reuse_certificate/2.0.0/gen/ReuseCertificate.json", "catena-x-reuse-certificate", 4},
        {CX "reuse_certificate/3.0.0/gen/ReuseCertificate.json", "catena-x-reuse-certificate", 8},
        {CX "repair_certificate/1.0.0/gen/RepairCertificate.json", "catena-x-repair-certificate",
         8},
        {CX "refurbishing_certificate/1.0.0/gen/RefurbishingCertificate.json",
         "catena-x-refurbishing-certificate", 4},
        {CX "refurbishing_certificate/2.0.0/gen/RefurbishingCertificate.json",
         "catena-x-refurbishing-certificate", 4},
        {CX "refurbishing_certificate/3.0.0/gen/RefurbishingCertificate.json",
         "catena-x-refurbishing-certificate", 8},
        {CX "remanufacturing_certificate/1.0.0/gen/RemanufacturingCertificate.json",
         "catena-x-remanufacturing-certificate", 4},
        {CX "remanufacturing_certificate/2.0.0/gen/RemanufacturingCertificate.json",
         "catena-x-remanufacturing-certificate", 4},
        {CX "remanufacturing_certificate/3.0.0/gen/RemanufacturingCertificate.json",
         "catena-x-remanufacturing-certificate", 8},
        {CX "material_recycling_certificate/1.0.0/gen/MaterialRecyclingCertificate.json",
         "catena-x-material-recycling-certificate", 4},
        {CX "waste_certificate/1.0.0/gen/WasteCertificate.json", "catena-x-waste-certificate", 4},
        {CX "shared.recycling_strategy_certificate/1.0.0/gen/RecyclingStrategyCertificate.json", 0,
         4},
        {CX "shared.recycling_strategy_certificate/2.0.0/gen/RecyclingStrategyCertificate.json", 0,
         4},
        {CX "shared.recycling_strategy_certificate/3.0.0/gen/RecyclingStrategyCertificate.json", 0,
         5},
        {CX "certificate_of_destruction/1.0.1/gen/CertificateOfDestruction.json", 0, 4},
        {CX "certificate_of_destruction/2.0.0/gen/CertificateOfDestruction.json", 0, 4},
        {CX "decomissioning_certificate/1.0.0/gen/DecommissioningCertificate.json", 0, 5},
        {CX "decomissioning_certificate/2.0.0/gen/DecommissioningCertificate.json", 0, 5},
        {CX "eol_story/1.0.0/gen/EndOfLife.json", 0, 7},
        {CX "eol_story/2.0.0/gen/EndOfLife.json", 0, 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        nothing_vanishes_from(cases[i].name, cases[i].as, cases[i].least);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(general_information),
        cmocka_unit_test(several_make_one),
        cmocka_unit_test(units_are_brought_to_ours),
        cmocka_unit_test(utf16),
        cmocka_unit_test(certificates_ask_which),
        cmocka_unit_test(certificates_become_events),
        cmocka_unit_test(people_are_left_out),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(published),
    };
    return cmocka_run_group_tests(tests, 0, 0);
}
