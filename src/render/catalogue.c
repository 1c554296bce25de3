#include "catalogue.h"

#include <stdio.h>
#include <stdlib.h>

static void add(ts_arena *a, ts_catalogue *c, ts_str prefix, const ts_json *v) {
    TS_JSON_EACH_MEMBER(k, x, v) {
        ts_str parts[2] = {prefix, ts_json_str(k)};
        ts_str key = prefix.n ? ts_str_join(a, parts, 2, TS_S(".")) : parts[1];
        if (ts_json_is(x, TS_JSON_OBJECT)) {
            add(a, c, key, x);
        } else {
            *ts_push(a, &c->text) = ts_json_str(x);
            *ts_map_put(a, &c->map, key, 0) = c->text.n - 1;
        }
    }
}

bool ts_catalogue_load(ts_arena *a, const char *language, ts_catalogue *c, ts_error *e) {
    char name[32];
    const char *path;
    ts_str text;
    *c = (ts_catalogue){0};
    snprintf(c->language, sizeof c->language, "%s", language);
    snprintf(name, sizeof name, "i18n/%.8s.json", language);
    if (!ts_share_find(a, name, &path, e) || !ts_file_read(a, path, 4 << 20, &text, e))
        return false;
    const ts_json *v = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    if (!v) return ts_fail_at(e, path, 0, 0);
    add(a, c, TS_NONE, v);
    return true;
}

const char *ts_catalogue_default(void) {
    static const char *const vars[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (int i = 0; i < 3; i++) {
        const char *v = getenv(vars[i]);
        if (!v || !*v) continue;
        return strncmp(v, "de", 2) == 0 ? "de" : strncmp(v, "zh", 2) == 0 ? "zh" : "en";
    }
    return "en";
}

ts_str ts_say(const ts_catalogue *c, const char *key) {
    const uint64_t *i = ts_map_get(&c->map, ts_str_c(key));
    return i ? c->text.v[*i] : ts_str_c(key);
}

ts_str ts_say_with(ts_arena *a, const ts_catalogue *c, const char *key, const ts_fill *fill,
                   size_t n) {
    ts_str t = ts_say(c, key);
    ts_buf b = ts_buf_new(a, 1 << 16);
    while (t.n) {
        size_t open = ts_str_chr(t, '{');
        ts_buf_put(&b, ts_str_to(t, open));
        if (open == TS_NPOS) break;
        t = ts_str_from(t, open);
        size_t close = ts_str_chr(t, '}');
        ts_str name = close == TS_NPOS ? TS_NONE : (ts_str){t.p + 1, close - 1};
        size_t i = 0;
        while (i < n && !ts_str_is(name, fill[i].name)) i++;
        ts_buf_put(&b, i < n ? fill[i].value : close == TS_NPOS ? t : ts_str_to(t, close + 1));
        if (close == TS_NPOS) break;
        t = ts_str_from(t, close + 1);
    }
    return ts_buf_str(&b);
}
