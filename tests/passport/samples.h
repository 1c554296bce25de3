/* samples.h - packs and a passport of the tests' own. */
#ifndef TS_TESTS_PASSPORT_SAMPLES_H
#define TS_TESTS_PASSPORT_SAMPLES_H

#include "support/support.h"

#include "passport/access.h"
#include "passport/completeness.h"
#include "passport/document.h"
#include "passport/en18223.h"

#define NAMES "{\"en\":\"a\",\"de\":\"b\",\"zh\":\"c\"}"

typedef struct sample_pack {
    const char *name, *text;
} sample_pack;

/* One element; `more` begins with a comma or is empty. */
#define ELEMENT(id, type, class, more)                                                             \
    "{\"id\":\"" id "\",\"name\":" NAMES ",\"type\":\"" type                                       \
    "\",\"class\":\"" class "\",\"need\":\"required\",\"grains\":[\"model\",\"item\"],\"act\":"    \
                            "\"Act\",\"article\":\"1\","                                           \
                            "\"source_status\":\"paraphrase\"" more "}"
#define PACK(id, body)                                                                             \
    "{\"format\":\"touchstone-pack-1\",\"id\":\"" id "\",\"version\":\"2026-11\",\"title\":" NAMES \
    ",\"note\":" NAMES "," body "}"

static const char sample_base[] =
    PACK("base", "\"classes\":{\"public\":{\"open_to\":[\"public\"]}},\"elements\":[" ELEMENT(
                     "maker.name", "text", "public", "") "]");
static const char sample_lamp[] = PACK(
    "lamp",
    "\"extends\":[\"base\"],"
    "\"classes\":{\"public\":{\"open_to\":[\"public\"]},"
    "\"repair\":{\"open_to\":[\"legitimate_interest\"],\"article\":\"7\"},"
    "\"watch\":{\"open_to\":[\"authority\",\"commission\"]}},"
    "\"categories\":{\"indoor\":" NAMES ",\"outdoor\":" NAMES "},"
    "\"elements\":[" ELEMENT("light.power", "measure", "public", ",\"unit\":\"W\",\"reference\":\"https://example.com/d/power\"") "," ELEMENT(
        "light.opened", "link", "repair",
        ",\"categories\":[\"outdoor\"]") "," ELEMENT("light.tested", "list", "watch",
                                                     ",\"from\":\"2027-01-01\",\"to\":\"2027-12-"
                                                     "31\"") "," ELEMENT("hint", "languages",
                                                                         "public",
                                                                         ",\"note\":" NAMES) "," ELEMENT("made",
                                                                                                         "date",
                                                                                                         "repair",
                                                                                                         "") ","
                                                                                                             "{\"id\":\"mercury\",\"name\":" NAMES
                                                                                                             ",\"type\":\"number\",\"class\":\"watch\","
                                                                                                             "\"need\":\"conditional\",\"condition\":" NAMES
                                                                                                             ",\"grains\":[\"model\"],\"act\":\"Act\","
                                                                                                             "\"article\":\"2\",\"source_status\":\"own_knowledge\"},"
                                                                                                             "{\"id\":\"colour\",\"name\":" NAMES
                                                                                                             ",\"type\":\"text\",\"class\":\"public\","
                                                                                                             "\"need\":\"optional\",\"grains\":[\"batch\"],\"act\":\"Act\","
                                                                                                             "\"article\":\"3\",\"source_status\":\"official_text\"}]");

static const sample_pack sample_packs[] = {{"base", sample_base}, {"lamp", sample_lamp}, {0, 0}};

/* ts_pack_find over a list of sample_pack. */
static inline bool sample_find(void *ctx, ts_arena *a, ts_str name, ts_str *text, ts_error *e) {
    (void)a;
    for (const sample_pack *p = ctx; p->name; p++)
        if (ts_str_is(name, p->name)) return *text = ts_str_c(p->text), true;
    return ts_fail(e, TS_E_NOT_FOUND, "no sample pack %.*s", TS_P(name));
}
#define SAMPLE_FIND sample_find, (void *)(uintptr_t)sample_packs

/* A passport of an item with something of everything. */
static const char sample_item[] =
    "{\"format\":\"touchstone-passport-1\",\"id\":\"https://id.example.com/passports/1\","
    "\"granularity\":\"item\","
    "\"product\":{\"id\":\"https://id.example.com/01/09521234543213/10/B7/21/S1\","
    "\"name\":\"Lamp\",\"batchNumber\":\"B7\",\"productionDate\":\"2026-10-01\","
    "\"characteristics\":{\"x\":[[1,[null]],{},[],\"y\",{\"@value\":[2]},{\"@z\":null}]}},"
    "\"operator\":{\"id\":\"did:web:example.com\",\"name\":\"Maker\"},"
    "\"facility\":{\"id\":\"https://example.com/f/1\",\"name\":\"Works\"},"
    "\"links\":{\"model\":\"https://id.example.com/passports/m\"},"
    "\"packs\":[{\"id\":\"lamp\",\"category\":\"outdoor\"}],\"status\":\"active\","
    "\"elements\":{\"maker\":{\"name\":\"M\"},"
    "\"light\":{\"power\":{\"value\":3.20,\"unit\":\"W\"},"
    "\"opened\":{\"url\":\"https://example.com/o\",\"title\":\"Open it\"},"
    "\"tested\":[{\"by\":\"X\",\"ok\":true},\"2\",3,null]},"
    "\"hint\":{\"en\":\"hot\",\"zh-Hans\":\"\\u70ed\"},\"made\":\"2026-09\",\"mercury\":1e-3,"
    "\"inner.note\":{\"n\":null},\"inner.more\":\"https://example.com\"},"
    "\"classes\":{\"inner\":\"repair\",\"sbom\":\"watch\"},"
    "\"safety\":[{\"status\":\"recalled\",\"by\":{\"id\":\"did:web:authority.example\","
    "\"name\":\"A\"},\"at\":\"2026-11-20T11:00:00+01:00\",\"notice\":\"n:1\","
    "\"text\":{\"en\":\"Stop\",\"de\":\"Halt\"}},"
    "{\"status\":\"warning\",\"by\":{\"id\":\"x\"},\"at\":\"2026-11-20T09:59:59.25Z\"}],"
    "\"predecessors\":[{\"id\":\"https://id.example.com/passports/0\","
    "\"relation\":\"repurposed\"}],"
    "\"components\":[{\"id\":\"https://id.example.com/passports/c\",\"name\":\"Bulb\"}],"
    "\"sbom\":{\"digest\":"
    "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","
    "\"url\":\"https://example.com/sbom\"}}";

/* What holds no more than it must. */
static const char sample_least[] =
    "{\"format\":\"touchstone-passport-1\",\"id\":\"urn:x:1\",\"granularity\":\"model\","
    "\"product\":{\"id\":\"https://example.com/lamp\",\"name\":\"Lamp\"},"
    "\"operator\":{\"id\":\"did:web:example.com\"},\"status\":\"active\"}";

/* `text` with its only `from` as `to`. */
static inline ts_str with(ts_arena *a, const char *text, const char *from, const char *to) {
    ts_str s = ts_str_c(text);
    size_t at = ts_str_find(s, ts_str_c(from));
    assert_true(at != TS_NPOS);
    ts_str rest = ts_str_from(s, at + strlen(from));
    assert_true(ts_str_find(rest, ts_str_c(from)) == TS_NPOS);
    ts_str parts[] = {ts_str_to(s, at), ts_str_c(to), rest};
    return ts_str_join(a, parts, 3, TS_NONE);
}

#define assert_fails(ok, e, text)                                                                  \
    do {                                                                                           \
        assert_false(ok);                                                                          \
        assert_string_equal((e).msg, (text));                                                      \
    } while (0)
/* An error of this file is a failure of the test. */
#define assert_ok(ok, e)                                                                           \
    do {                                                                                           \
        if (!(ok)) fail_msg("%s", (e).msg);                                                        \
    } while (0)

#endif
