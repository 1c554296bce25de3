/* The published test suite of JSON Schema (Debian: json-schema-test-suite), and published schemas
 * with what they were published with. Skipped where they are not at hand. */
#include <dirent.h>
#include <glob.h>
#include <unistd.h>

#include "support/support.h"

#define SUITE "/usr/share/json-schema-test-suite/tests/"

/* A file as UTF-8. Some are UTF-16, with CRLF. */
static ts_str read_text(ts_arena *a, const char *path) {
    ts_str s = TS_NONE;
    ts_error e = {0};
    if (!ts_file_read(a, path, 1 << 26, &s, &e)) fail_msg("%s", e.msg);
    if (!ts_str_starts(s, TS_S("\xFF\xFE"))) return s;
    char *p = ts_new_raw(a, char, s.n * 2), *w = p;
    for (size_t i = 2; i + 1 < s.n; i += 2) {
        uint32_t c = (unsigned char)s.p[i] | (uint32_t)(unsigned char)s.p[i + 1] << 8;
        assert_false(c >= 0xD800 && c < 0xE000);
        w += ts_utf8_put(w, c);
    }
    return (ts_str){p, (size_t)(w - p)};
}

static const ts_json *read_json(ts_arena *a, const char *path) {
    ts_error e = {0};
    const ts_json *v = ts_json_parse(a, read_text(a, path), (ts_json_options){0}, &e);
    if (!v) fail_msg("%s: %s", path, e.msg);
    return v;
}

/* ---- the suite ---- */

typedef struct exception {
    const char *file, *group; /* NULL: every group of the file */
    enum { REFUSED, ANNOTATION, OTHERWISE } how;
    /* REFUSED: does not compile. ANNOTATION: compiles, and what the suite finds wrong is a matter
     * of an annotation, so that all is well. OTHERWISE: another draft, another answer. */
    bool met;
} exception;

typedef struct tally {
    const char *folder, *uri; /* the $schema that schemas without one get; NULL: none */
    bool legacy, may_refuse;
    exception *list;
    size_t n, cases, right, refused, annotations;
} tally;

static void put_json(ts_jsonw *w, const ts_json *v, const char *uri) {
    switch ((ts_json_type)v->type) {
    case TS_JSON_NULL: ts_jsonw_null(w); break;
    case TS_JSON_FALSE: ts_jsonw_bool(w, false); break;
    case TS_JSON_TRUE: ts_jsonw_bool(w, true); break;
    case TS_JSON_NUMBER: ts_jsonw_raw(w, ts_json_text(v)); break;
    case TS_JSON_STRING: ts_jsonw_str(w, ts_json_str(v)); break;
    case TS_JSON_ARRAY:
        ts_jsonw_array(w);
        TS_JSON_EACH(x, v) put_json(w, x, 0);
        ts_jsonw_end(w);
        break;
    case TS_JSON_OBJECT:
        ts_jsonw_object(w);
        if (uri && !ts_json_member(v, "$schema")) ts_jsonw_kstr(w, "$schema", ts_str_c(uri));
        TS_JSON_EACH_MEMBER(name, x, v) {
            ts_jsonw_key_str(w, ts_json_str(name));
            put_json(w, x, 0);
        }
        ts_jsonw_end(w);
    }
}

static const ts_json *with_draft(ts_arena *a, const ts_json *schema, const char *uri) {
    ts_buf b = ts_buf_new(a, 1 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    put_json(&w, schema, uri);
    return ts_json_parse(a, ts_buf_str(&b), (ts_json_options){.strict = true}, 0);
}

static exception *exception_for(tally *t, const char *file, ts_str group) {
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->list[i].file, file) == 0 &&
            (!t->list[i].group || ts_str_is(group, t->list[i].group)))
            return &t->list[i];
    return 0;
}

static void one_case(tally *t, ts_arena a, const ts_schema *c, const ts_json *test, exception *x,
                     const char *file) {
    ts_error e = {0};
    ts_schema_faults f = {0};
    bool valid = ts_json_is(ts_json_member(test, "valid"), TS_JSON_TRUE);
    ts_answer r = ts_schema_check(c, &a, ts_json_member(test, "data"), 20, &f, &e);
    assert_true((r == TS_NO) == (f.n > 0));
    bool right = r == (valid ? TS_YES : TS_NO);
    ts_str about = ts_json_str(ts_json_member(test, "description"));
    t->right += right;
    if (x && x->how == ANNOTATION) {
        assert_int_equal(r, TS_YES);
        t->annotations += !right;
    }
    if (x) x->met |= !right;
    if (!right && !x && !(t->may_refuse && r == TS_OPEN))
        fail_msg("%s/%s: %.*s: answer %d", t->folder, file, TS_P(about), r);
}

static void one_group(tally *t, ts_arena a, const ts_json *group, const char *file) {
    ts_error e = {0};
    ts_str about = ts_json_str(ts_json_member(group, "description"));
    exception *x = exception_for(t, file, about);
    const ts_json *tests = ts_json_member(group, "tests");
    const ts_json *d = with_draft(&a, ts_json_member(group, "schema"), t->uri);
    ts_schema *c = t->legacy ? ts_schema_compile_legacy(&a, d, &e) : ts_schema_compile(&a, d, &e);
    t->cases += tests->n;
    if (!c) {
        t->refused += tests->n;
        if (!t->may_refuse && !(x && x->how == REFUSED))
            fail_msg("%s/%s: %.*s: %s", t->folder, file, TS_P(about), e.msg);
        if (x) x->met = true;
        return;
    }
    if (x && x->how == REFUSED) fail_msg("%s/%s: %.*s is taken", t->folder, file, TS_P(about));
    TS_JSON_EACH(test, tests) one_case(t, a, c, test, x, file);
    ts_schema_free(c);
}

static void one_folder(tally *t, ts_arena *a, const char *below) {
    char dir[300], path[600];
    snprintf(dir, sizeof dir, SUITE "%s%s", t->folder, below);
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *f; (f = readdir(d));) {
        ts_arena mark = *a;
        if (!ts_str_ends(ts_str_c(f->d_name), TS_S(".json"))) continue;
        snprintf(path, sizeof path, "%s/%s", dir, f->d_name);
        const ts_json *groups = read_json(a, path);
        TS_JSON_EACH(group, groups) one_group(t, *a, group, f->d_name);
        *a = mark;
    }
    closedir(d);
}

static void suite(tally t) {
    static const char *const below[] = {"", "/optional", "/optional/format"};
    ts_arena a = test_arena();
    char dir[300];
    for (size_t i = 0; i < 3; i++) {
        snprintf(dir, sizeof dir, SUITE "%s%s", t.folder, below[i]);
        if (access(dir, R_OK) != 0) {
            print_message("skipped: %s is not at hand\n", dir);
            if (i == 0) skip();
            continue;
        }
        one_folder(&t, &a, below[i]);
    }
    print_message("%s as %s: %zu cases: %zu right, %zu refused, %zu of annotations\n", t.folder,
                  t.uri ? t.uri : "draft 2020-12", t.cases, t.right, t.refused, t.annotations);
    for (size_t i = 0; i < t.n; i++)
        if (!t.list[i].met) fail_msg("%s: nothing is special any more", t.list[i].file);
    assert_true(t.cases > 300);
}

/* References to other documents are not fetched, and a keyword that is not known is no place for
 * definitions. */
#define OTHER_DOCUMENTS                                                                            \
    {"definitions.json", 0, REFUSED, 0}, {"refRemote.json", 0, REFUSED, 0},                        \
        {"ref.json", "escaped pointer ref", REFUSED, 0}, {                                         \
        "ref.json", "remote ref, containing refs itself", REFUSED, 0                               \
    }
/* Formats and contents that are not checked. */
#define ANNOTATIONS                                                                                \
    {"content.json", 0, ANNOTATION, 0}, {"idn-email.json", 0, ANNOTATION, 0},                      \
        {"idn-hostname.json", 0, ANNOTATION, 0}, {"relative-json-pointer.json", 0, ANNOTATION, 0}, \
    {                                                                                              \
        "uri-template.json", 0, ANNOTATION, 0                                                      \
    }

static void suite_draft_07(void **s) {
    (void)s;
    exception list[] = {OTHER_DOCUMENTS, ANNOTATIONS};
    suite((tally){.folder = "draft7",
                  .uri = "http://json-schema.org/draft-07/schema#",
                  .list = list,
                  .n = sizeof list / sizeof *list});
}

static void suite_draft_04(void **s) {
    (void)s;
    exception list[] = {OTHER_DOCUMENTS};
    suite((tally){.folder = "draft4",
                  .uri = "http://json-schema.org/draft-04/schema#",
                  .legacy = true,
                  .list = list,
                  .n = sizeof list / sizeof *list});
}

/* The same cases read as draft 2020-12: much is refused then; nothing else is answered otherwise.
 */
static void suite_draft_07_as_2020(void **s) {
    (void)s;
    exception list[] = {{"ref.json", "ref overrides any sibling keywords", OTHERWISE, 0},
                        ANNOTATIONS};
    suite((tally){
        .folder = "draft7", .may_refuse = true, .list = list, .n = sizeof list / sizeof *list});
}

/* Not in the package of 2024; for one that has it. What is refused is not held against it. */
static void suite_draft_2020(void **s) {
    (void)s;
    exception list[] = {ANNOTATIONS};
    suite((tally){.folder = "draft2020-12",
                  .may_refuse = true,
                  .list = list,
                  .n = sizeof list / sizeof *list});
}

/* ---- published schemas ---- */

static bool found(const char *pattern, glob_t *g) {
    char path[1200];
    const char *root = test_data("passport");
    if (!root) return false;
    snprintf(path, sizeof path, "%s/%s", root, pattern);
    return glob(path, 0, 0, g) == 0;
}

static ts_answer judged(ts_arena *a, const ts_schema *c, const char *path, ts_schema_faults *f) {
    ts_error e = {0};
    ts_answer r = ts_schema_check(c, a, read_json(a, path), 50, f, &e);
    if (r == TS_OPEN) fail_msg("%s: %s", path, e.msg);
    return r;
}

static ts_schema *taken(ts_arena *a, const char *path, bool old) {
    ts_error e = {0};
    const ts_json *d = read_json(a, path);
    ts_schema *c = old ? ts_schema_compile_legacy(a, d, &e) : ts_schema_compile(a, d, &e);
    if (!c) fail_msg("%s: %s", path, e.msg);
    return c;
}

static void untp(void **s) {
    (void)s;
    glob_t g = {0};
    ts_arena a = test_arena();
    if (!found("untp/schema/*.json", &g)) {
        skip();
        return;
    }
    assert_int_equal(g.gl_pathc, 6);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        ts_error e = {0};
        ts_schema_faults f = {0};
        ts_schema *c = taken(&a, g.gl_pathv[i], false);
        const ts_json *nothing = ts_json_parse(&a, TS_S("{}"), (ts_json_options){0}, &e);
        assert_int_equal(ts_schema_check(c, &a, nothing, 20, &f, &e), TS_NO);
        assert_str(f.v[0].keyword, "required");
    }
    globfree(&g);
}

static void gs1_link_sets(void **s) {
    (void)s;
    static const struct {
        const char *schema, *instance;
        ts_answer want;
    } v[] = {
        {"linkset-schema.json", "valid-basic-example.json", TS_YES},
        {"linkset-schema.json", "invalid-basic-example.json", TS_NO},
        {"gs1-linkset-schema.json", "valid-gs1-example.json", TS_YES},
        {"gs1-linkset-schema.json", "invalid-gs1-example.json", TS_NO},
        {"gs1-linkset-schema.json", "valid-basic-example.json",
         TS_NO},                                                  /* without itemDescription */
        {"linkset-schema.json", "valid-gs1-example.json", TS_NO}, /* with it */
    };
    ts_arena a = test_arena();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char root[1024], path[1200];
        ts_schema_faults f = {0};
        const char *dir = test_data("passport/gs1");
        if (!dir) {
            skip();
            return;
        }
        snprintf(root, sizeof root, "%s", dir);
        snprintf(path, sizeof path, "%s/%s", root, v[i].schema);
        ts_schema *c = taken(&a, path, false);
        snprintf(path, sizeof path, "%s/%s", root, v[i].instance);
        if (judged(&a, c, path, &f) != v[i].want) fail_msg("%s: %s", v[i].schema, v[i].instance);
    }
}

static void all_hold(const char *schemas, const char *instances, size_t least) {
    glob_t g = {0}, h = {0};
    ts_arena a = test_arena();
    if (!found(schemas, &g) || !found(instances, &h)) {
        skip();
        return;
    }
    ts_schema *c = taken(&a, g.gl_pathv[0], false);
    for (size_t i = 0; i < h.gl_pathc; i++) {
        ts_schema_faults f = {0};
        if (judged(&a, c, h.gl_pathv[i], &f) != TS_YES)
            fail_msg("%s: %.*s", h.gl_pathv[i], TS_P(f.v[0].text));
    }
    assert_true(h.gl_pathc >= least);
    globfree(&g);
    globfree(&h);
}

static void epcis(void **s) {
    (void)s;
    all_hold("epcis/EPCIS-JSON-Schema.json", "epcis/samples/*", 10);
}

static void known_exploited(void **s) {
    (void)s;
    all_hold("security/*_schema.json", "security/known_exploited_vulnerabilities.json", 1);
}

/* Aspect models are draft-04 with definitions in OpenAPI's place: refused, unless asked for. Some
 * payloads do not keep to their schemas; each place was looked at. */
static void aspect_models(void **s) {
    (void)s;
    static const char *const wrong[][3] = {
        {"MaterialComposition-payload.json", "/batteryMaterials/0/batteryMaterialIdentifier",
         "pattern"},
        {"CertificateOfDismantler.json", "/auditorAddress/postCode/value", "pattern"},
        {"DecommissioningCertificate.json", "/revocationDate", "pattern"},
        {"EndOfLife.json", "/dateOfReceptionGMT", "pattern"},
        {"return_request/1.1.1/gen/ReturnRequest.json", "/validityPeriod/0/endDate", "pattern"},
        {"return_request/1.1.2/gen/ReturnRequest.json", "/validityPeriod/0/endDate", "pattern"},
        {"return_request/2.0.0/gen/ReturnRequest.json", "/date", "pattern"},
        {"SealantPass.json", "/carbonFootprint/productOrSectorSpecificRules/0/ruleNames", "type"},
        {"transmission_pass/1.0.0/gen/TransmissionPass.json",
         "/sustainability/carbonFootprint/productOrSectorSpecificRules/0/ruleNames", "type"},
    };
    glob_t g = {0};
    size_t right = 0, faulty = 0;
    ts_arena all = test_arena();
    if (!found("*/*/*/gen/*-schema.json", &g)) {
        skip();
        return;
    }
    for (size_t i = 0; i < g.gl_pathc; i++) {
        ts_arena a = all;
        ts_error e = {0};
        char payload[1200];
        assert_null(ts_schema_compile(&a, read_json(&a, g.gl_pathv[i]), &e));
        assert_non_null(strstr(e.msg, "draft-04/schema', a draft that is not supported"));
        ts_schema *c = taken(&a, g.gl_pathv[i], true);
        int stem = (int)(strlen(g.gl_pathv[i]) - strlen("-schema.json"));
        snprintf(payload, sizeof payload, "%.*s.json", stem, g.gl_pathv[i]);
        if (access(payload, R_OK) != 0)
            snprintf(payload, sizeof payload, "%.*s-payload.json", stem, g.gl_pathv[i]);
        if (access(payload, R_OK) != 0) continue;
        ts_schema_faults f = {0};
        const char *const *known = 0;
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
            if (ts_str_ends(ts_str_c(payload), ts_str_c(wrong[k][0]))) known = wrong[k];
        if (judged(&a, c, payload, &f) == TS_YES) {
            if (known) fail_msg("%s keeps to its schema", payload);
            right++;
        } else {
            if (!known) fail_msg("%s: %.*s: %.*s", payload, TS_P(f.v[0].at), TS_P(f.v[0].text));
            assert_str(f.v[0].at, known[1]);
            assert_str(f.v[0].keyword, known[2]);
            faulty++;
        }
    }
    print_message("%zu aspect models: %zu payloads keep to them, %zu do not\n", g.gl_pathc, right,
                  faulty);
    assert_true(right >= 40 && faulty >= 9);
    globfree(&g);
}

int main(void) {
    const struct CMUnitTest t[] = {
        cmocka_unit_test(suite_draft_07),
        cmocka_unit_test(suite_draft_04),
        cmocka_unit_test(suite_draft_07_as_2020),
        cmocka_unit_test(suite_draft_2020),
        cmocka_unit_test(untp),
        cmocka_unit_test(gs1_link_sets),
        cmocka_unit_test(epcis),
        cmocka_unit_test(known_exploited),
        cmocka_unit_test(aspect_models),
    };
    return cmocka_run_group_tests(t, 0, 0);
}
