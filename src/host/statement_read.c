/* A statement's credential read: what it says of which passport. */
#include "statement_part.h"

enum { ID_MAX = 2000, TEXT_MAX = 8000, LANGUAGES_MAX = 100 };

static const char *const kinds[] = {"recalled", "warning", "withdrawn", "contested", "lifted", 0};

static bool is_answer(ts_str kind) {
    return ts_str_is(kind, "contested") || ts_str_is(kind, "lifted");
}

/* A text of one line for people or programs. */
static bool line(ts_str s, size_t max) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) return false;
    return s.n <= max;
}

static bool text_fits(const ts_json *text) {
    if (!text) return true;
    if (!ts_json_is(text, TS_JSON_OBJECT) || text->n > LANGUAGES_MAX) return false;
    TS_JSON_EACH_MEMBER(name, value, text)
    if (!ts_json_is(value, TS_JSON_STRING) || value->n > TEXT_MAX || name->n > 40) return false;
    return true;
}

static bool kind_known(ts_str kind, ts_error *e) {
    for (int i = 0; kinds[i]; i++)
        if (ts_str_is(kind, kinds[i])) return true;
    return ts_fail(e, TS_E_INPUT,
                   "the statement's status is recalled, warning, withdrawn, contested or lifted, "
                   "not '%.*s'",
                   TS_P(ts_str_clip(kind, 60)));
}

bool statement_read(ts_arena *a, const ts_credential *c, statement_facts *out, ts_error *e) {
    (void)a;
    *out = (statement_facts){.id = c->id, .by = c->issuer, .by_name = c->issuer_name};
    if (c->kind != TS_VC_CREDENTIAL || !ts_credential_is(c, STATEMENT_TYPE))
        return ts_fail(e, TS_E_INPUT, "is no credential of the type " STATEMENT_TYPE);
    if (c->subjects.n != 1)
        return ts_fail(e, TS_E_INPUT, "a statement has one credentialSubject, this one has %zu",
                       c->subjects.n);
    const ts_json *s = c->subjects.v[0], *notice = ts_json_member(s, "notice");
    ts_str id = ts_json_str(ts_json_member(s, "id"));
    out->kind = ts_json_str(ts_json_member(s, "status"));
    out->reason = ts_json_str(ts_json_member(s, "reason"));
    out->notice = ts_json_is(notice, TS_JSON_OBJECT) ? ts_json_str(ts_json_member(notice, "id"))
                                                     : ts_json_str(notice);
    out->text = ts_json_member(s, "text");
    out->at = c->from;
    if (!kind_known(out->kind, e)) return false;
    *(is_answer(out->kind) ? &out->about : &out->passport) = id;
    if (!id.n || !out->id.n || !out->by.n)
        return ts_fail(e, TS_E_INPUT,
                       "a statement names itself (id), its issuer, and what it is about "
                       "(credentialSubject.id)");
    if (c->from == TS_NO_TIME)
        return ts_fail(e, TS_E_INPUT, "a statement says since when it holds: validFrom");
    if (!line(id, ID_MAX) || !line(out->id, ID_MAX) || !line(out->by, ID_MAX) ||
        !line(out->by_name, ID_MAX) || !line(out->notice, ID_MAX) || out->reason.n > TEXT_MAX ||
        !text_fits(out->text))
        return ts_fail(e, TS_E_INPUT,
                       "a statement's ids and names are lines of at most %d bytes, its reason and "
                       "its text by language have at most %d bytes each",
                       ID_MAX, TEXT_MAX);
    return true;
}

bool statement_of_bytes(ts_arena *a, ts_str bytes, statement_facts *out, ts_error *e) {
    ts_jws j;
    ts_credential c;
    ts_str text = ts_str_trim(bytes);
    if (text.n > STATEMENT_MAX)
        return ts_fail(e, TS_E_LIMIT, "a statement has at most %d bytes", STATEMENT_MAX);
    if (text.n && text.p[0] != '{') {
        if (!ts_jws_parse(a, text, STATEMENT_MAX, &j, e)) return false;
        text = j.payload;
    }
    const ts_json *root = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    return root && ts_credential_read(a, root, &c, e) && statement_read(a, &c, out, e);
}
