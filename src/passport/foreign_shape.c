/* Mappings read, and which of them a payload is. */
#include "foreign_part.h"
#include "form.h"

enum { FILE_MAX_BYTES = 1 << 20 };

static const char *const files[] = {"batterypass", "tractusx"};

static ts_str text_of(const ts_json *v, const char *name) {
    return ts_json_str(ts_json_get(v, ts_str_c(name)));
}

static bool read_row(const form *f, const ts_json *v, foreign_row *row) {
    static const form_member known[] = {
        {"from", FORM_STRING, true},   {"take", FORM_STRING, false},
        {"where", FORM_OBJECT, false}, {"values", FORM_OBJECT, false},
        {"to", FORM_STRING, false},    {"member", FORM_STRING, false},
        {"as", FORM_STRING, false},    {"label", FORM_STRING, false},
        {"why", FORM_STRING, false},   {"shift", FORM_NUMBER, false}};
    if (!FORM_MEMBERS(f, v, known)) return false;
    *row = (foreign_row){.from = text_of(v, "from"),
                         .take = text_of(v, "take"),
                         .where = ts_json_member(v, "where"),
                         .values = ts_json_member(v, "values"),
                         .to = text_of(v, "to"),
                         .member = text_of(v, "member"),
                         .as = text_of(v, "as"),
                         .label = text_of(v, "label"),
                         .why = text_of(v, "why")};
    const ts_json *shift = ts_json_member(v, "shift");
    if (shift && (!ts_json_i64(shift, &row->shift) || row->shift < -12 || row->shift > 12))
        return form_bad(f, shift, "is a power of ten from -12 to 12");
    return !row->to.n == !row->why.n ? form_bad(f, v, "says either \"to\" or \"why\"") : true;
}

static bool read_shape(ts_arena *a, const form *f, const ts_json *v, foreign_shape *s) {
    static const form_member known[] = {{"id", FORM_STRING, true},    {"has", FORM_ARRAY, false},
                                        {"is", FORM_OBJECT, false},   {"event", FORM_STRING, false},
                                        {"note", FORM_STRING, false}, {"ask", FORM_ARRAY, false},
                                        {"packs", FORM_ARRAY, false}, {"map", FORM_ARRAY, false}};
    if (!FORM_MEMBERS(f, v, known)) return false;
    *s = (foreign_shape){.id = text_of(v, "id"),
                         .is = ts_json_member(v, "is"),
                         .event = text_of(v, "event"),
                         .note = text_of(v, "note")};
    TS_JSON_EACH(x, ts_json_member(v, "has")) * ts_push(a, &s->has) = ts_json_str(x);
    TS_JSON_EACH(x, ts_json_member(v, "ask")) * ts_push(a, &s->ask) = ts_json_str(x);
    TS_JSON_EACH(x, ts_json_member(v, "packs")) * ts_push(a, &s->packs) = ts_json_str(x);
    TS_JSON_EACH(x, ts_json_member(v, "map"))
    if (!read_row(f, x, ts_push(a, &s->rows))) return false;
    return true;
}

static bool read_file(ts_arena *a, const char *name, foreign_shapes *out, ts_error *e) {
    static const form_member known[] = {
        {"format", FORM_STRING, true}, {"note", FORM_STRING, false}, {"shapes", FORM_ARRAY, true}};
    char file[80];
    const char *path;
    ts_str text;
    snprintf(file, sizeof file, "rules/passport/import/%s.json", name);
    if (!ts_share_find(a, file, &path, e) || !ts_file_read(a, path, FILE_MAX_BYTES, &text, e))
        return false;
    const ts_json *root = ts_json_parse(a, text, (ts_json_options){.strict = true}, e);
    if (!root) return ts_fail_at(e, path, 0, 0);
    const form f = {"mapping", ts_str_c(name), root, e};
    if (!FORM_MEMBERS(&f, root, known)) return false;
    if (!ts_str_is(text_of(root, "format"), "touchstone-import-1"))
        return form_bad(&f, root, "\"format\" is not \"touchstone-import-1\"");
    TS_JSON_EACH(v, ts_json_member(root, "shapes"))
    if (!read_shape(a, &f, v, ts_push(a, out))) return false;
    return true;
}

bool foreign_shapes_read(ts_arena *a, foreign_shapes *out, ts_error *e) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (!read_file(a, files[i], out, e)) return false;
    return true;
}

/* ---- Which one it is ---- */

const ts_json *foreign_at(const ts_json *root, ts_str pointer) {
    ts_str rest = ts_str_from(pointer, 1);
    while (root && pointer.n && rest.p) {
        ts_str name = ts_str_cut(&rest, '/');
        uint64_t i;
        root = ts_json_is(root, TS_JSON_ARRAY)
                   ? ts_u64_parse(name, &i) ? ts_json_at(root, (size_t)i) : 0
                   : ts_json_get(root, name);
    }
    return root;
}

static bool fits(const foreign_shape *s, const ts_json *root) {
    for (size_t i = 0; i < s->has.n; i++)
        if (!foreign_at(root, s->has.v[i])) return false;
    TS_JSON_EACH_MEMBER(name, value, s->is)
    if (!ts_str_starts(ts_json_text(foreign_at(root, ts_json_str(name))), ts_json_str(value)))
        return false;
    return true;
}

const foreign_shape *foreign_shape_of(const foreign_shapes *s, const ts_json *root, ts_str as) {
    if (!ts_json_is(root, TS_JSON_OBJECT)) return 0;
    for (size_t i = 0; i < s->n; i++)
        if ((!as.n || ts_str_eq(as, s->v[i].id)) && fits(&s->v[i], root)) return &s->v[i];
    return 0;
}

/* ---- Text ---- */

static uint32_t unit16(ts_str s, size_t i, bool big) {
    unsigned char x = (unsigned char)s.p[i], y = (unsigned char)s.p[i + 1];
    return big ? (uint32_t)(x << 8 | y) : (uint32_t)(y << 8 | x);
}

/* RFC 2781; a lone surrogate is no text. */
static bool utf16(ts_arena *a, ts_str s, bool big, ts_str *out, ts_error *e) {
    ts_buf b = ts_buf_new(a, s.n * 2 + 4);
    for (size_t i = 2; i + 1 < s.n; i += 2) {
        char four[4];
        uint32_t c = unit16(s, i, big), low = 0;
        bool pair = c >= 0xD800 && c < 0xDC00 && i + 3 < s.n &&
                    (low = unit16(s, i + 2, big)) >= 0xDC00 && low < 0xE000;
        if (pair) {
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        } else if (c >= 0xD800 && c < 0xE000)
            return ts_fail(e, TS_E_INPUT, "is UTF-16 with half a character at byte %zu", i);
        ts_buf_put(&b, (ts_str){four, ts_utf8_put(four, c)});
    }
    *out = ts_buf_str(&b);
    return !(s.n & 1) || ts_fail(e, TS_E_INPUT, "is UTF-16 that ends within a character");
}

bool foreign_utf8(ts_arena *a, ts_str s, ts_str *out, ts_error *e) {
    *out = s;
    if (s.n > TS_FOREIGN_MAX)
        return ts_fail(e, TS_E_LIMIT, "has more than %d bytes", TS_FOREIGN_MAX);
    if (ts_str_starts(s, TS_S("\xFF\xFE"))) return utf16(a, s, false, out, e);
    if (ts_str_starts(s, TS_S("\xFE\xFF"))) return utf16(a, s, true, out, e);
    if (ts_str_starts(s, TS_S("\xEF\xBB\xBF"))) *out = ts_str_from(s, 3);
    return true;
}
