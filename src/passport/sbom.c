#include "digital.h"

enum { COMPONENTS_MAX = 200000, NEST_MAX = 32 };

static bool known_version(ts_str v) {
    static const char *const known[] = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ts_str_is(v, known[i])) return true;
    return false;
}

static bool read_component(ts_arena *a, const ts_json *v, ts_sbom *out, unsigned depth,
                           ts_error *e);

static bool read_list(ts_arena *a, const ts_json *list, ts_sbom *out, unsigned depth, ts_error *e) {
    if (list && !ts_json_is(list, TS_JSON_ARRAY))
        return ts_fail(e, TS_E_INPUT, "'components' is a list in CycloneDX");
    TS_JSON_EACH(v, list) {
        if (!read_component(a, v, out, depth, e)) return false;
    }
    return true;
}

static bool read_component(ts_arena *a, const ts_json *v, ts_sbom *out, unsigned depth,
                           ts_error *e) {
    if (!ts_json_is(v, TS_JSON_OBJECT) || !ts_json_str(ts_json_member(v, "name")).n)
        return ts_fail(e, TS_E_INPUT, "component %zu is no object with a name",
                       out->components.n + 1);
    if (out->components.n == COMPONENTS_MAX)
        return ts_fail(e, TS_E_LIMIT, "more than %d components", COMPONENTS_MAX);
    if (depth > NEST_MAX)
        return ts_fail(e, TS_E_LIMIT, "components are nested more than %d deep", NEST_MAX);
    const ts_json *supplier = ts_json_member(v, "supplier");
    ts_component *c = ts_push(a, &out->components);
    *c = (ts_component){.ref = ts_json_str(ts_json_member(v, "bom-ref")),
                        .type = ts_json_str(ts_json_member(v, "type")),
                        .group = ts_json_str(ts_json_member(v, "group")),
                        .name = ts_json_str(ts_json_member(v, "name")),
                        .version = ts_json_str(ts_json_member(v, "version")),
                        .purl = ts_json_str(ts_json_member(v, "purl")),
                        .cpe = ts_json_str(ts_json_member(v, "cpe")),
                        .supplier = ts_json_str(ts_json_member(supplier, "name"))};
    if (!c->supplier.n) c->supplier = ts_json_str(ts_json_member(v, "publisher"));
    return read_list(a, ts_json_member(v, "components"), out, depth + 1, e);
}

bool ts_sbom_read(ts_arena *a, const ts_json *root, ts_sbom *out, ts_error *e) {
    const ts_json *metadata = ts_json_member(root, "metadata");
    *out = (ts_sbom){.spec_version = ts_json_str(ts_json_member(root, "specVersion")),
                     .serial = ts_json_str(ts_json_member(root, "serialNumber")),
                     .name =
                         ts_json_str(ts_json_member(ts_json_member(metadata, "component"), "name")),
                     .version = 1};
    if (!ts_str_is(ts_json_str(ts_json_member(root, "bomFormat")), "CycloneDX"))
        return ts_fail(
            e, TS_E_INPUT,
            "is no CycloneDX bill of materials in JSON: \"bomFormat\" is not \"CycloneDX\"");
    if (!known_version(out->spec_version))
        return ts_fail(e, TS_E_VERSION, "CycloneDX '%.*s' is not known here; 1.2 to 1.7 are",
                       TS_P(ts_str_clip(out->spec_version, 40)));
    ts_json_i64(ts_json_member(root, "version"), &out->version);
    const ts_json *listed = ts_json_member(root, "vulnerabilities");
    if (ts_json_is(listed, TS_JSON_ARRAY)) out->vulnerabilities = listed->n;
    return read_list(a, ts_json_member(root, "components"), out, 0, e);
}
