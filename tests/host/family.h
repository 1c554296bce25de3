/* family.h - a lamp's model, a batch and an item of it, for tests of what leads on from them. */
#ifndef TS_TESTS_FAMILY_H
#define TS_TESTS_FAMILY_H

#include "maker.h"

typedef struct lamp {
    const char *id, *grain, *product, *links, *more; /* links and more: further members, or "" */
} lamp;

static inline ts_str lamp_document(ts_arena *a, lamp l) {
    ts_buf b = ts_buf_new(a, 20000);
    ts_buf_fmt(
        &b,
        "{\"format\":\"touchstone-passport-1\",\"id\":\"%s\",\"granularity\":\"%s\","
        "\"product\":{\"id\":\"%s\",\"name\":\"Lamp <b>&\","
        "\"productCategory\":[{\"code\":\"1\",\"name\":\"Lamps\",\"schemeId\":\"https://"
        "c.example\",\"schemeName\":\"C\"}],\"producedAtFacility\":{\"id\":\"https://"
        "m.example/1\",\"name\":\"Works One\"},"
        "\"countryOfProduction\":{\"countryCode\":\"DE\"}},"
        "\"operator\":{\"id\":\"did:web:m.example\",\"name\":\"Maker GmbH\"},"
        "\"packs\":[{\"id\":\"generic\"}],\"status\":\"active\",%s%s"
        "\"elements\":{\"identification\":{\"model\":\"L-1\"},"
        "\"manufacturer\":{\"name\":\"Maker GmbH\",\"electronicAddress\":\"mail@m.example\"},"
        "\"safety\":{\"information\":{\"en\":\"Keep dry.\",\"de\":\"Trocken halten.\","
        "\"zh\":\"保持干燥。\"}}}}",
        l.id, l.grain, l.product, l.links ? l.links : "", l.more ? l.more : "");
    return ts_buf_str(&b);
}

static inline ts_issued lamp_issue(ts_arena *a, ts_store *s, const ts_key *key, lamp l,
                                   int64_t now) {
    const ts_issue_job job = {.store = s,
                              .by = {.key = key, .issuer = TS_S("did:web:m.example")},
                              .document = lamp_document(a, l),
                              .now = now,
                              .until = TS_NO_TIME};
    return must_issue(a, &job);
}

#define LAMP_GTIN "https://id.gs1.org/01/09521234543213"
#define LAMP_LINKS_BATCH "\"links\":{\"model\":\"urn:lamp:model\",\"batch\":\"urn:lamp:batch\"},"
#define LAMP_LINKS_MODEL "\"links\":{\"model\":\"urn:lamp:model\"},"

/* The model, batch B1, items A1 (with its lot in the code) and A2 (without). */
static inline void lamp_family(ts_arena *a, ts_store *s, const ts_key *key, int64_t now) {
    lamp_issue(a, s, key, (lamp){"urn:lamp:model", "model", LAMP_GTIN, "", ""}, now);
    lamp_issue(a, s, key,
               (lamp){"urn:lamp:batch", "batch", LAMP_GTIN "/10/B1", LAMP_LINKS_MODEL, ""}, now);
    lamp_issue(a, s, key,
               (lamp){"urn:lamp:a1", "item", LAMP_GTIN "/10/B1/21/A1", LAMP_LINKS_BATCH, ""}, now);
    lamp_issue(a, s, key, (lamp){"urn:lamp:a2", "item", LAMP_GTIN "/21/A2", LAMP_LINKS_BATCH, ""},
               now);
}

#endif
