/* passport_packs.h - packs for the fuzz targets: every type of value, several classes. */
#ifndef TS_FUZZ_PASSPORT_PACKS_H
#define TS_FUZZ_PASSPORT_PACKS_H

#include "passport/passport.h"

#define NAMES "{\"en\":\"a\",\"de\":\"b\",\"zh\":\"c\"}"
#define ELEMENT(id, type, class)                                                                   \
    "{\"id\":\"" id "\",\"name\":" NAMES ",\"type\":\"" type                                       \
    "\",\"class\":\"" class "\",\"need\":\"required\",\"grains\":[\"model\",\"batch\",\"item\"],"  \
                            "\"act\":\"A\","                                                       \
                            "\"article\":\"1\",\"source_status\":\"paraphrase\"}"

static const char pack_base[] =
    "{\"format\":\"touchstone-pack-1\",\"id\":\"base\",\"version\":\"2026-11\",\"title\":" NAMES
    ",\"note\":" NAMES
    ",\"classes\":{\"public\":{\"open_to\":[\"public\"]}},\"elements\":[" ELEMENT(
        "maker.name", "text", "public") "]}";
static const char pack_all[] =
    "{\"format\":\"touchstone-pack-1\",\"id\":\"all\",\"version\":\"2026-11\",\"title\":" NAMES
    ",\"note\":" NAMES ",\"extends\":[\"base\"],\"classes\":{\"some\":{\"open_to\":["
    "\"legitimate_interest\"]},\"watch\":{\"open_to\":[\"authority\"]}},\"categories\":{"
    "\"x\":" NAMES
    "},\"elements\":[" ELEMENT("t.a", "languages", "public") "," ELEMENT("t.b", "number", "some") "," ELEMENT("t.c", "integer", "watch") "," ELEMENT(
        "d", "date",
        "some") "," ELEMENT("e.f.g", "boolean",
                            "watch") "," ELEMENT("l", "link",
                                                 "some") "," ELEMENT("m", "measure",
                                                                     "public") "," ELEMENT("s",
                                                                                           "list",
                                                                                           "watch") "," ELEMENT("o",
                                                                                                                "object",
                                                                                                                "some") "]}";

/* `ctx`: the text of the pack "fuzz", or NULL. */
static bool find_pack(void *ctx, ts_arena *a, ts_str name, ts_str *text, ts_error *e) {
    (void)a;
    if (ts_str_is(name, "base")) return *text = ts_str_c(pack_base), true;
    if (ts_str_is(name, "all")) return *text = ts_str_c(pack_all), true;
    if (ctx && ts_str_is(name, "fuzz")) return *text = *(const ts_str *)ctx, true;
    return ts_fail(e, TS_E_NOT_FOUND, "there is no such pack");
}

static void must(bool holds) {
    if (!holds) __builtin_trap();
}

#endif
