/* What the commands on safety and recalls are given: a notice, and texts by language. */
#include "gazette/gazette.h"
#include "passport.h"

/* The notice of that id in a file; of a file with one notice, that one. */
static bool notice_in_file(cli *c, const char *path, ts_str id, ts_notice *out, ts_error *e) {
    ts_notice n;
    size_t seen = 0;
    bool found = false;
    ts_error why = {0};
    ts_notice_reader *r = ts_notices_open(&c->arena, path, (ts_notice_options){0}, e);
    if (!r) return false;
    for (ts_read_result got; (got = ts_notices_next(r, &c->arena, &n, &why)) != TS_READ_END;) {
        if (got == TS_READ_FAILED) {
            *e = why;
            ts_notices_close(r);
            return false;
        }
        if (got != TS_READ_RECORD) continue;
        seen++;
        if (id.n ? ts_str_eq(n.id, id) : seen == 1) *out = n, found = true;
    }
    ts_notices_close(r);
    if (!id.n && seen > 1)
        ts_fail(e, TS_E_USAGE, "holds %zu notices: say which with --notice ID", seen);
    else if (!found)
        ts_fail(e, TS_E_NOT_FOUND, id.n ? "holds no notice of that id" : "holds no notice");
    else
        return true;
    return ts_fail_at(e, path, 0, 0);
}

bool passport_notice(cli *c, ts_store *s, ts_notice *out, bool *given, ts_error *e) {
    const char *id = option(c, "notice"), *path = option(c, "notices");
    bool found = false;
    *given = id || path;
    if (path) return notice_in_file(c, path, ts_str_c(id), out, e);
    if (!id || !s) return *given = false, true;
    if (!ts_store_notice(s, &c->arena, ts_str_c(id), out, &found, e)) return false;
    *given = found;
    return true;
}

bool passport_texts(cli *c, const char *name, const ts_json **out, ts_error *e) {
    ts_strs texts = option_strs(c, name);
    *out = 0;
    if (!texts.n) return true;
    ts_buf b = ts_buf_new(&c->arena, 1 << 20);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    for (size_t i = 0; i < texts.n; i++) {
        ts_str text = texts.v[i], language = ts_str_cut(&text, '=');
        if (!language.n || !text.n)
            return ts_fail(e, TS_E_USAGE, "--%s is written en=TEXT, not '%.*s'", name,
                           TS_P(texts.v[i]));
        ts_jsonw_key_str(&w, language);
        ts_jsonw_str(&w, text);
    }
    ts_jsonw_end(&w);
    *out = ts_json_parse(&c->arena, ts_buf_str(&b), (ts_json_options){.strict = true}, e);
    return *out != 0;
}
