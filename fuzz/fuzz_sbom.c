/* A bill of materials, an OSV record and the KEV catalogue, all from the same bytes and joined with
 * each other. */
#include "passport/digital.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena whole;
    if (!whole.beg) whole = ts_arena_new((size_t)1 << 28);
    ts_arena a = whole;
    ts_error e = {0};
    ts_str text = {(const char *)data, size};
    const ts_json *list = ts_json_parse(&a, text, (ts_json_options){.strict = true}, &e);
    ts_advisories *x = ts_advisories_new(&a);
    ts_sbom sbom = {.components = {0}}, one;
    ts_vulnerables out = {0};
    TS_JSON_EACH(v, list) {
        ts_advisories_add_kev(x, v, &e);
        ts_advisories_add_osv(x, v, &e);
        if (ts_sbom_read(&a, v, &one, &e)) sbom = one;
    }
    ts_vulnerables_find(&a, &sbom, x, &out);
    return 0;
}
