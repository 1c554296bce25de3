/* maker.h - a manufacturer's desk for tests: keys, documents, a store. */
#ifndef TS_TESTS_MAKER_H
#define TS_TESTS_MAKER_H

#include "cli/run.h"
#include "host/host.h"

enum { NOW = 1764000000 }; /* 2025-11-24 */

static inline ts_key *maker_key(ts_arena *a, const char *name, ts_key_kind kind) {
    ts_error e = {0};
    ts_key *k = ts_key_generate(a, kind, temp_path(a, name), &e);
    if (!k) fail_msg("%s", e.msg);
    return k;
}

/* A document of one kettle; `serial` tells them apart, `colour` makes versions. */
static inline ts_str kettle(ts_arena *a, const char *serial, const char *colour) {
    ts_buf b = ts_buf_new(a, 4000);
    ts_buf_fmt(
        &b,
        "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:kettle:%s\",\"granularity\":\"item\","
        "\"product\":{\"id\":\"https://id.gs1.org/01/09521234543213/21/%s\",\"name\":\"Kettle %s\","
        "\"productCategory\":[{\"code\":\"1\",\"name\":\"Kettles\",\"schemeId\":\"https://"
        "c.example\","
        "\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":\"https://m.example/"
        "1\",\"name\":\"One\"},"
        "\"countryOfProduction\":{\"countryCode\":\"DE\"}},"
        "\"operator\":{\"id\":\"did:web:m.example\",\"name\":\"Maker\"},\"packs\":[{\"id\":"
        "\"generic\"}],"
        "\"status\":\"active\",\"elements\":{\"identification\":{\"model\":\"KX-%s\"}}}",
        serial, serial, colour, colour);
    return ts_buf_str(&b);
}

static inline ts_store *maker_store(ts_arena *a, const char *name) {
    ts_error e = {0};
    ts_store *s = ts_store_open(a, temp_path(a, name), TS_STORE_WRITE, &e);
    if (!s) fail_msg("%s", e.msg);
    return s;
}

static inline ts_issued must_issue(ts_arena *a, const ts_issue_job *job) {
    ts_issued out;
    ts_error e = {0};
    if (!ts_issue(a, job, &out, &e)) fail_msg("%s", e.msg);
    return out;
}

static inline ts_report verified(ts_arena *a, ts_str bytes, int64_t now) {
    ts_report r;
    const ts_verify_options o = {.now = now};
    ts_verify(a, bytes, &o, &r);
    return r;
}

#endif
