#include "passport/digital.h"

#include "passport/version.h"
#include "support/support.h"

static ts_arena a;

static int setup(void **state) {
    (void)state;
    a = test_arena();
    return 0;
}

static const ts_json *parsed(const char *text) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(&a, ts_str_c(text), (ts_json_options){.strict = true}, &e);
    if (!v) fail_msg("%s", e.msg);
    return v;
}

/* ---- versions ---- */

static void order_of_versions(void **state) {
    (void)state;
    static const char *const rising[] = {"0.9",
                                         "1.0.0-alpha",
                                         "1.0.0-alpha.1",
                                         "1.0.0-alpha.beta",
                                         "1.0.0-beta",
                                         "1.0.0-beta.2",
                                         "1.0.0-beta.11",
                                         "1.0.0-rc.1",
                                         "1.0.0",
                                         "1.0.1",
                                         "1.2",
                                         "v1.10.0",
                                         "2",
                                         "2.0.0.1",
                                         "99999999999999999999.0"};
    int order;
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++)
        for (size_t k = 0; k < sizeof rising / sizeof *rising; k++) {
            assert_true(version_compare(ts_str_c(rising[i]), ts_str_c(rising[k]), &order));
            assert_int_equal(order, (i > k) - (i < k));
        }
    assert_true(version_compare(TS_S("1.0+build.7"), TS_S("1.0.0"), &order) && order == 0);
    static const char *const none[] = {"",     "1..2",   "1.x",  "9.4.18.v20190429",
                                       "1.0-", "latest", "1:2.3"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(version_compare(ts_str_c(none[i]), TS_S("1.0"), &order));
}

/* ---- bills of materials ---- */

static void nested_components(void **state) {
    (void)state;
    ts_sbom s;
    ts_error e = {0};
    assert_true(ts_sbom_read(
        &a,
        parsed("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":3,"
               "\"metadata\":{\"component\":{\"name\":\"firmware\"}},"
               "\"components\":[{\"name\":\"outer\",\"components\":[{\"name\":\"inner\","
               "\"version\":\"2\"}]},{\"name\":\"last\",\"supplier\":{\"name\":\"Maker\"}}]}"),
        &s, &e));
    assert_int_equal(s.components.n, 3);
    assert_str(s.components.v[1].name, "inner");
    assert_str(s.components.v[2].supplier, "Maker");
    assert_str(s.name, "firmware");
    assert_int_equal(s.version, 3);
}

static void sboms_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
        ts_error_code code;
    } bad[] = {
        {"{}", "no CycloneDX bill of materials", TS_E_INPUT},
        {"{\"bomFormat\":\"SPDX\"}", "no CycloneDX bill of materials", TS_E_INPUT},
        {"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"9.9\"}", "'9.9' is not known here",
         TS_E_VERSION},
        {"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":{}}", "is a list",
         TS_E_INPUT},
        {"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{\"name\":\"x\"},{"
         "\"version\":\"1\"}]}",
         "component 2 is no object with a name", TS_E_INPUT},
    };
    ts_sbom s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ts_error e = {0};
        assert_false(ts_sbom_read(&a, parsed(bad[i].text), &s, &e));
        assert_int_equal(e.code, bad[i].code);
        if (!strstr(e.msg, bad[i].says)) fail_msg("%s", e.msg);
    }
    ts_buf deep = ts_buf_new(&a, 1 << 16);
    ts_buf_lit(&deep, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[");
    for (int i = 0; i < 40; i++) ts_buf_lit(&deep, "{\"name\":\"x\",\"components\":[");
    for (int i = 0; i < 40; i++) ts_buf_lit(&deep, "]}");
    ts_buf_lit(&deep, "]}");
    ts_error e = {0};
    const ts_json *v =
        ts_json_parse(&a, ts_buf_str(&deep), (ts_json_options){.max_depth = 200}, &e);
    assert_non_null(v);
    assert_false(ts_sbom_read(&a, v, &s, &e));
    assert_int_equal(e.code, TS_E_LIMIT);
}

/* ---- the join ---- */

static ts_sbom sbom_of(const char *components) {
    ts_buf b = ts_buf_new(&a, 1 << 16);
    ts_sbom s;
    ts_error e = {0};
    ts_buf_fmt(&b, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[%s]}",
               components);
    assert_true(ts_sbom_read(&a, parsed(ts_str_z(&a, ts_buf_str(&b))), &s, &e));
    return s;
}

static const char kev[] = "{\"vulnerabilities\":["
                          "{\"cveID\":\"CVE-1\",\"vendorProject\":\"Quorvexa\",\"product\":"
                          "\"Logtree2\",\"vulnerabilityName\":\"one\"},"
                          "{\"cveID\":\"CVE-2\",\"vendorProject\":\"Kelvano\",\"product\":\"Git\","
                          "\"vulnerabilityName\":\"two\"},"
                          "{\"cveID\":\"CVE-3\",\"vendorProject\":\"Zandoro\",\"product\":"
                          "\"Multiple Products\",\"vulnerabilityName\":\"three\"}]}";

static size_t kev_hits(const char *components) {
    ts_error e = {0};
    ts_advisories *x = ts_advisories_new(&a);
    ts_sbom *s = ts_new(&a, ts_sbom);
    ts_vulnerables out = {0};
    *s = sbom_of(components);
    assert_true(ts_advisories_add_kev(x, parsed(kev), &e));
    assert_int_equal(ts_advisories_count(x), 3);
    ts_vulnerables_find(&a, s, x, &out);
    for (size_t i = 0; i < out.n; i++) {
        assert_true(out.v[i].kev);
        assert_int_equal(out.v[i].inside, TS_OPEN); /* no versions: never more than that */
    }
    return out.n;
}

static void kev_by_vendor_and_product(void **state) {
    (void)state;
    assert_int_equal(
        kev_hits(
            "{\"name\":\"logtree-core\",\"group\":\"org.quorvexa.logging\",\"version\":\"2\"}"),
        1);
    assert_int_equal(kev_hits("{\"name\":\"logtree\",\"version\":\"9\"}"),
                     1); /* no vendor is stated */
    assert_int_equal(kev_hits("{\"name\":\"logtree\",\"supplier\":{\"name\":\"Brunelka\"}}"), 0);
    assert_int_equal(kev_hits("{\"name\":\"my-logtree-view\",\"group\":\"org.quorvexa\"}"), 0);
    assert_int_equal(
        kev_hits("{\"name\":\"git\",\"cpe\":\"cpe:2.3:a:kelvano:git:2.1:*:*:*:*:*:*:*\"}"), 1);
    assert_int_equal(kev_hits("{\"name\":\"parse-git-url\"}"), 0);
    assert_int_equal(kev_hits("{\"name\":\"git-parse\"}"), 0);
    assert_int_equal(kev_hits("{\"name\":\"anything\",\"supplier\":{\"name\":\"Zandoro\"}}"), 0);
}

static ts_vulnerables osv_hits(const char *affected, const char *purl) {
    ts_error e = {0};
    ts_advisories *x = ts_advisories_new(&a);
    ts_sbom *s = ts_new(&a, ts_sbom);
    ts_vulnerables out = {0};
    ts_buf record = ts_buf_new(&a, 1 << 14), component = ts_buf_new(&a, 1 << 12);
    ts_buf_fmt(&record, "{\"id\":\"GHSA-x\",\"aliases\":[\"CVE-2\"],\"affected\":[%s]}", affected);
    ts_buf_fmt(&component, "{\"name\":\"n\",\"purl\":\"%s\"}", purl);
    *s = sbom_of(ts_str_z(&a, ts_buf_str(&component)));
    assert_true(ts_advisories_add_osv(x, parsed(ts_str_z(&a, ts_buf_str(&record))), &e));
    assert_true(ts_advisories_add_kev(x, parsed(kev), &e));
    ts_vulnerables_find(&a, s, x, &out);
    return out;
}

#define NPM(rest) "{\"package\":{\"ecosystem\":\"npm\",\"name\":\"kettle-io\"}," rest "}"
#define EVENTS(e) NPM("\"ranges\":[{\"type\":\"SEMVER\",\"events\":[" e "]}]")

static void osv_by_version(void **state) {
    (void)state;
    static const char between[] = EVENTS("{\"introduced\":\"1.2.0\"},{\"fixed\":\"1.4.0\"}"),
                      mixed[] = EVENTS(
                          "{\"fixed\":\"3.0.1\"},{\"introduced\":\"0\"},{\"introduced\":\"3.0.0\"},"
                          "{\"last_affected\":\"2.5\"}"),
                      listed[] = NPM("\"versions\":[\"weird-7\",\"1.0\"]"),
                      git[] = NPM(
                          "\"ranges\":[{\"type\":\"GIT\",\"events\":[{\"introduced\":\"0\"}]}]"),
                      nothing[] = NPM("\"x\":1");
    static const struct {
        const char *affected, *purl;
        ts_answer inside;
    } rows[] = {
        {between, "pkg:npm/kettle-io@1.1.9", TS_NO},
        {between, "pkg:npm/kettle-io@1.2.0", TS_YES},
        {between, "pkg:npm/kettle-io@1.4.0-rc.1", TS_YES},
        {between, "pkg:npm/kettle-io@1.4.0", TS_NO},
        {between, "pkg:npm/Kettle-IO@1.3.0?x=y#z", TS_YES},
        {between, "pkg:npm/kettle-io@next", TS_OPEN},
        {between, "pkg:npm/kettle-io", TS_OPEN},
        {mixed, "pkg:npm/kettle-io@0.0.1", TS_YES},
        {mixed, "pkg:npm/kettle-io@2.5.0", TS_YES},
        {mixed, "pkg:npm/kettle-io@2.6", TS_NO},
        {mixed, "pkg:npm/kettle-io@3.0.0", TS_YES},
        {mixed, "pkg:npm/kettle-io@3.0.1", TS_NO},
        {listed, "pkg:npm/kettle-io@weird-7", TS_YES},
        {listed, "pkg:npm/kettle-io@weird-8", TS_NO},
        {git, "pkg:npm/kettle-io@1.0.0", TS_NO},
        {nothing, "pkg:npm/kettle-io@1.0.0", TS_OPEN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ts_vulnerables out = osv_hits(rows[i].affected, rows[i].purl);
        assert_int_equal(out.n, 1);
        if (out.v[0].inside != rows[i].inside) fail_msg("row %zu: %.*s", i, TS_P(out.v[0].reason));
        assert_false(out.v[0].kev);
        assert_true(ts_str_ends(out.v[0].reason, TS_S("CVE-2 is known to be exploited")));
    }
    assert_int_equal(osv_hits(between, "pkg:pypi/kettle-io@1.3.0").n, 0);
    assert_int_equal(osv_hits(between, "pkg:npm/other@1.3.0").n, 0);
    assert_int_equal(osv_hits(between, "kettle-io@1.3.0").n, 0);
}

static void joint_names(void **state) {
    (void)state;
    static const char maven
        [] = "{\"package\":{\"ecosystem\":\"Maven\",\"name\":\"org.zandoro:core\"},\"versions\":["
             "\"1\"]}",
   scoped[] =
        "{\"package\":{\"ecosystem\":\"npm\",\"name\":\"@zandoro/core\"},\"versions\":[\"1\"]}",
   debian[] =
        "{\"package\":{\"ecosystem\":\"Debian:12\",\"name\":\"core\"},\"versions\":[\"1:2-3\"]}";
    assert_int_equal(osv_hits(maven, "pkg:maven/org.zandoro/core@1").v[0].inside, TS_YES);
    assert_int_equal(osv_hits(scoped, "pkg:npm/%40zandoro/core@1").v[0].inside, TS_YES);
    assert_int_equal(osv_hits(scoped, "pkg:npm/@zandoro/core").v[0].inside, TS_OPEN);
    assert_int_equal(osv_hits(debian, "pkg:deb/debian/core@1%3A2-3?arch=amd64").v[0].inside,
                     TS_YES);
}

static void real_data(void **state) {
    (void)state;
    ts_str text, bom;
    ts_error e = {0};
    ts_sbom s;
    ts_vulnerables out = {0};
    ts_advisories *x = ts_advisories_new(&a);
    const char *path = test_data("passport/security/known_exploited_vulnerabilities.json");
    if (!path) skip();
    assert_true(ts_file_read(&a, path, 64 << 20, &text, &e));
    path = test_data("passport/sbom/dropwizard-1.3.15.cdx.json");
    if (!path) skip();
    assert_true(ts_file_read(&a, path, 64 << 20, &bom, &e));
    const ts_json *catalogue = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    if (!catalogue || !ts_advisories_add_kev(x, catalogue, &e)) fail_msg("%s", e.msg);
    assert_true(ts_advisories_count(x) > 1000);
    const ts_json *root = ts_json_parse(&a, bom, (ts_json_options){.strict = true}, &e);
    if (!root || !ts_sbom_read(&a, root, &s, &e)) fail_msg("%s", e.msg);
    assert_int_equal(s.components.n, 167);
    ts_vulnerables_find(&a, &s, x, &out);
    assert_true(out.n > 0 && out.n < 20); /* of 167 libraries and 1,404 entries */
    for (size_t i = 0; i < out.n; i++) {
        assert_int_equal(out.v[i].inside, TS_OPEN);
        assert_true(ts_str_starts(out.v[i].component->group, TS_S("org.apache.tomcat")) ||
                    ts_str_starts(out.v[i].component->group, TS_S("org.jboss")));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_versions), cmocka_unit_test(nested_components),
        cmocka_unit_test(sboms_refused),     cmocka_unit_test(kev_by_vendor_and_product),
        cmocka_unit_test(osv_by_version),    cmocka_unit_test(joint_names),
        cmocka_unit_test(real_data),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
