#include "host/place.h"

#include "maker.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

/* A document of the given grain; what differs is put in by the test. */
static ts_document document(const char *grain, const char *product_id, const char *product,
                            const char *rest) {
    ts_document d;
    ts_error e = {0};
    ts_buf b = ts_buf_new(&a, 20000);
    ts_buf_fmt(&b,
               "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:p:1\",\"granularity\":\"%s\","
               "\"product\":{\"id\":\"%s\",\"name\":\"Pack 5\"%s},\"operator\":{\"id\":"
               "\"did:web:m.example\",\"name\":\"Maker\"},\"status\":\"active\"%s}",
               grain, product_id, product, rest);
    if (!ts_document_read(&a, ts_buf_str(&b), &d, &e)) fail_msg("%s", e.msg);
    return d;
}

static ts_place place_of(const ts_document *d, ts_place_edges *edges) {
    ts_place p;
    *edges = (ts_place_edges){0};
    ts_place_of(&a, d, &p, edges);
    return p;
}

static void from_the_identifier(void **state) {
    (void)state;
    ts_place_edges edges;
    ts_document d =
        document("item", "https://m.example/01/04006381333931/10/ab-7/21/sx1?11=261101", "", "");
    ts_place p = place_of(&d, &edges);
    assert_str(p.id, "urn:p:1");
    assert_str(p.gtin, "04006381333931");
    assert_str(p.lot, "AB-7");
    assert_str(p.serial, "SX1");
    assert_int_equal(p.made, ts_day_of(2026, 11, 1));
    assert_str(p.name, "Pack 5");
    assert_str(p.operator_name, "Maker");
    assert_str(p.brand, "");
    assert_true(p.sealed && p.grain == TS_GRAIN_ITEM && edges.n == 0);
    d = document("item", "https://m.example/01/04006381333931/21/1?11=261100", "", "");
    p = place_of(&d, &edges);
    assert_int_equal(p.made, TS_NO_DAY); /* a month is no day */
}

static void from_the_members(void **state) {
    (void)state;
    ts_place_edges edges;
    ts_document d = document(
        "item", "did:example:1",
        ",\"modelNumber\":\"KX-200\",\"batchNumber\":\"l 5\",\"itemNumber\":\"q1\","
        "\"productionDate\":\"2026-03-04\",\"relatedParty\":[{\"role\":\"importer\",\"party\":{"
        "\"id\":\"https://i.example\",\"name\":\"Imp\"}},{\"role\":\"brandOwner\",\"party\":{"
        "\"id\":\"https://b.example\",\"name\":\"Voltara\"}},{\"role\":\"manufacturer\",\"party\":"
        "{\"id\":\"https://b.example\",\"name\":\"Fab Ltd\"}}]",
        "");
    ts_place p = place_of(&d, &edges);
    assert_str(p.gtin, "");
    assert_str(p.model_name, "KX-200");
    assert_str(p.lot, "L5");
    assert_str(p.serial, "Q1");
    assert_str(p.brand, "Voltara");
    assert_str(p.operator_name, "Fab Ltd");
    assert_int_equal(p.made, ts_day_of(2026, 3, 4));
}

static void from_the_elements(void **state) {
    (void)state;
    ts_place_edges edges;
    ts_document d = document(
        "batch", "did:example:1", "",
        ",\"elements\":{\"identification\":{\"model\":\" KX-9 \",\"gtin\":\"4006381333931\","
        "\"batchNumber\":\"b1\",\"serialNumber\":\"s1\"},\"manufacturer\":{\"name\":\"Fab\"},"
        "\"manufacturingDate\":\"2026-05\"}");
    ts_place p = place_of(&d, &edges);
    assert_str(p.gtin, "04006381333931");
    assert_str(p.model_name, "KX-9");
    assert_str(p.lot, "B1");
    assert_str(p.serial, ""); /* a batch has none */
    assert_str(p.operator_name, "Fab");
    assert_int_equal(p.made, TS_NO_DAY);
    d = document("batch", "did:example:1", "",
                 ",\"elements\":{\"identification\":{\"gtin\":\"4006381333932\",\"model\":7},"
                 "\"manufacturingDate\":\"2026-05-06\"}");
    p = place_of(&d, &edges);
    assert_str(p.gtin, ""); /* its check digit is wrong */
    assert_str(p.model_name, "");
    assert_int_equal(p.made, ts_day_of(2026, 5, 6));
}

/* What a document closes to the public is not told to those who ask about a notice. */
static void what_is_not_public_is_left_out(void **state) {
    (void)state;
    ts_place_edges edges;
    ts_document d =
        document("item", "did:example:1", "",
                 ",\"elements\":{\"identification\":{\"model\":\"KX-9\",\"serialNumber\":\"s1\"},"
                 "\"brand\":\"Voltara\"},\"classes\":{\"identification\":\"supervision\",\"brand\":"
                 "\"public\"}");
    ts_place p = place_of(&d, &edges);
    assert_str(p.model_name, "");
    assert_str(p.serial, "");
    assert_str(p.brand, "Voltara");
}

static void parts_and_origins(void **state) {
    (void)state;
    ts_place_edges edges;
    ts_document d = document(
        "item", "did:example:1", "",
        ",\"components\":[{\"id\":\"https://m.example/01/4006381333931/21/5\"},{\"id\":\"a "
        "motor\"}],\"predecessors\":[{\"id\":\"urn:p:0\",\"relation\":\"repurposed\"}]");
    place_of(&d, &edges);
    assert_int_equal(edges.n, 3);
    assert_str(edges.v[0].to, "https://id.gs1.org/01/04006381333931/21/5");
    assert_str(edges.v[1].to, "a motor");
    assert_str(edges.v[2].to, "urn:p:0");
    assert_true(!edges.v[0].predecessor && edges.v[2].predecessor);
    assert_str(edges.v[2].from, "urn:p:1");
}

static void long_names_are_cut(void **state) {
    (void)state;
    ts_place_edges edges;
    char name[900];
    memset(name, 'x', sizeof name);
    memcpy(name, ",\"modelNumber\":\"", 16);
    memcpy(name + sizeof name - 2, "\"", 2);
    ts_document d = document("item", "did:example:1", name, "");
    assert_int_equal(place_of(&d, &edges).model_name.n, 400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_the_identifier), cmocka_unit_test(from_the_members),
        cmocka_unit_test(from_the_elements),   cmocka_unit_test(what_is_not_public_is_left_out),
        cmocka_unit_test(parts_and_origins),   cmocka_unit_test(long_names_are_cut),
    };
    return cmocka_run_group_tests(tests, setup, 0);
}
