/* Up to three trees, one a line: what is there, a change of it, and what is shown of it. */
#include "passport/passport.h"

static void must(bool holds) {
    if (!holds) __builtin_trap();
}

static const ts_json *line(ts_arena *a, ts_str *rest) {
    ts_error ignored;
    ts_str s = ts_str_cut(rest, '\n');
    return ts_json_parse(a, s, (ts_json_options){.strict = true, .max_depth = 1024}, &ignored);
}

/* Once more makes no difference; of nothing, a patch makes what it says. */
static void check_merge(ts_arena a, const ts_json *v, const ts_json *patch) {
    ts_error e = {0};
    const ts_json *once = ts_merge_patch(&a, v, patch, &e);
    if (!once) {
        must(e.code == TS_E_LIMIT);
        return;
    }
    const ts_json *twice = ts_merge_patch(&a, once, patch, &e);
    must(twice && twice->span == once->span);
    must(ts_json_same(a, once, twice) || !ts_json_same(a, once, once));
}

static void check_places(ts_arena a, const ts_json *v, const ts_json *value) {
    ts_error e = {0};
    for (uint32_t i = 0; i < v->span && i < 50; i++) {
        ts_arena mark = a;
        const ts_json *same = ts_json_put_at(&a, v, v + i, v + i, &e);
        must(!same || same->span == v->span);
        ts_json_put_at(&a, v, v + i, value, &e);
        ts_json_put_at(&a, v, v + i, 0, &e);
        a = mark;
    }
}

/* Shown whole, all becomes what is wanted; shown not at all, nothing is lost. */
static void check_weave(ts_arena a, const ts_json *v, const ts_json *next, const ts_json *seen) {
    ts_error e = {0};
    if (v->type != TS_JSON_OBJECT || next->type != TS_JSON_OBJECT) return;
    if (!ts_json_same(a, v, v) || !ts_json_same(a, next, next)) return; /* no canonical numbers */
    const ts_json *whole = ts_json_weave(&a, v, v, next, &e),
                  *none = ts_json_weave(&a, v, 0, 0, &e);
    must(!whole || ts_json_same(a, whole, next));
    must(!none || ts_json_same(a, none, v));
    if (ts_json_is(seen, TS_JSON_OBJECT)) ts_json_weave(&a, v, seen, next, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ts_arena first;
    if (!first.beg) first = ts_arena_new((size_t)1 << 32);
    ts_arena a = first;
    ts_str rest = {(const char *)data, size};
    const ts_json *v = line(&a, &rest), *change = line(&a, &rest), *seen = line(&a, &rest);
    if (!v || !change) return 0;
    check_merge(a, v, change);
    check_merge(a, 0, change);
    check_places(a, v, change);
    check_weave(a, v, change, seen);
    return 0;
}
