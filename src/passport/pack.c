#include "pack.h"

#include "form.h"
#include "product/product.h"

enum { MAX_DEPTH = 8, MAX_PACKS = 32, MAX_CLASSES = 64, MAX_ELEMENTS = 4000, MAX_TEXT = 4 << 20 };

static const char *const status_names[] = {"official_text", "verbatim_quotation", "paraphrase",
                                           "own_knowledge"};
static const char *const need_names[] = {"required", "conditional", "optional"};
static const char *const type_names[] = {"text", "languages", "number",  "integer", "boolean",
                                         "date", "link",      "measure", "list",    "object"};
static const char *const grain_names[] = {"model", "batch", "item"};
#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

const char *ts_source_status_name(ts_source_status s) { return status_names[s]; }
const char *ts_value_type_name(ts_value_type t) { return type_names[t]; }
const char *ts_need_name(ts_need n) { return need_names[n]; }

bool ts_pack_reserved(ts_str first_name) {
    static const char *const names[] = {
        "digitalProductPassportId",
        "uniqueProductIdentifier",
        "granularity",
        "dppSchemaVersion",
        "dppStatus",
        "lastUpdated",
        "economicOperatorId",
        "facilityId",
        "contentSpecificationIds",
        "elements",
        "touchstone",
        "sbom",
    };
    for (int i = 0; i < COUNT(names); i++)
        if (ts_str_is(first_name, names[i])) return true;
    return false;
}

/* A pack and what it extends are read one into the other. */
typedef struct reading {
    ts_arena *a;
    ts_pack_find *find;
    void *ctx;
    ts_pack *out;
    ts_error *e;
    ts_str open[MAX_DEPTH]; /* names of the packs in hand, outermost first */
    size_t depth;
    ts_strs done;
} reading;

/* One of them. */
typedef struct part {
    reading *r;
    form f;
} part;

static bool languages(const part *p, const ts_json *v, ts_str out[3]) {
    static const form_member known[] = {
        {"en", FORM_STRING, true}, {"de", FORM_STRING, true}, {"zh", FORM_STRING, true}};
    if (!v) return true;
    if (!FORM_MEMBERS(&p->f, v, known)) return false;
    for (int i = 0; i < 3; i++) {
        const ts_json *text = ts_json_get(v, ts_str_c(known[i].name));
        if (!ts_str_trim(ts_json_str(text)).n) return form_bad(&p->f, text, "must not be blank");
        out[i] = ts_json_str(text);
    }
    return true;
}

/* ---- classes and categories ---- */

static ts_disclosure_class *class_by_name(const ts_pack *p, ts_str name) {
    for (size_t i = 0; i < p->classes.n; i++)
        if (ts_str_eq(p->classes.v[i].name, name)) return &p->classes.v[i];
    return 0;
}

static bool open_to(const part *p, const ts_json *v, ts_audiences *out) {
    const char *all[TS_AUDS];
    for (int i = 0; i < TS_AUDS; i++) all[i] = ts_audience_name((ts_audience)i);
    TS_JSON_EACH(one, v) {
        int i = form_choice(&p->f, one, all, TS_AUDS);
        if (i < 0) return false;
        if (*out >> i & 1) return form_bad(&p->f, one, "stands here twice; leave one out");
        *out |= 1u << i;
    }
    return true;
}

static bool one_class(const part *p, const ts_json *name, const ts_json *v) {
    static const form_member known[] = {{"open_to", FORM_ARRAY, true},
                                        {"article", FORM_STRING, false},
                                        {"note", FORM_OBJECT, false}};
    ts_pack *out = p->r->out;
    ts_str note[3];
    ts_disclosure_class c = {.name = ts_json_str(name)};
    if (!form_name(c.name))
        return form_bad(&p->f, name, "is no name: small letters, digits and _, at most 64");
    if (!FORM_MEMBERS(&p->f, v, known) || !open_to(p, ts_json_member(v, "open_to"), &c.open_to) ||
        !languages(p, ts_json_member(v, "note"), note))
        return false;
    c.article = ts_json_str(ts_json_member(v, "article"));
    ts_disclosure_class *same = class_by_name(out, c.name);
    if (same && same->open_to != c.open_to)
        return form_bad(&p->f, name,
                        "is open to others in a pack that this one extends; "
                        "choose another name for the class");
    if (same) return true;
    if (out->classes.n == MAX_CLASSES)
        return ts_fail(p->r->e, TS_E_LIMIT, "pack %.*s: more than %d disclosure classes",
                       TS_P(p->f.name), MAX_CLASSES);
    *ts_push(p->r->a, &out->classes) = c;
    return true;
}

static bool has_category(const ts_pack *p, ts_str name) {
    for (size_t i = 0; i < p->categories.n; i++)
        if (ts_str_eq(p->categories.v[i], name)) return true;
    return false;
}

static bool one_category(const part *p, const ts_json *name, const ts_json *v) {
    ts_pack *out = p->r->out;
    ts_str id = ts_json_str(name), names[3] = {{0}};
    if (!form_name(id))
        return form_bad(&p->f, name, "is no name: small letters, digits and _, at most 64");
    if (has_category(out, id))
        return form_bad(&p->f, name, "is a category of a pack that this one extends; leave it out");
    if (!languages(p, v, names)) return false;
    *ts_push(p->r->a, &out->categories) = id;
    for (int i = 0; i < 3; i++) *ts_push(p->r->a, &out->category_names) = names[i];
    return true;
}

/* ---- elements ---- */

static const form_member element_members[] = {
    {"id", FORM_STRING, true},
    {"name", FORM_OBJECT, true},
    {"type", FORM_STRING, true},
    {"unit", FORM_STRING, false},
    {"class", FORM_STRING, true},
    {"need", FORM_STRING, true},
    {"condition", FORM_OBJECT, false},
    {"categories", FORM_ARRAY, false},
    {"grains", FORM_ARRAY, true},
    {"act", FORM_STRING, true},
    {"article", FORM_STRING, true},
    {"url", FORM_STRING, false},
    {"source_status", FORM_STRING, true},
    {"from", FORM_STRING, false},
    {"to", FORM_STRING, false},
    {"reference", FORM_STRING, false},
    {"note", FORM_OBJECT, false},
};

static bool element_id(const part *p, const ts_json *v) {
    ts_str id = ts_json_str(v), rest = id;
    if (!form_path(id))
        return form_bad(&p->f, v,
                        "\"%s\" is no path of names: one to eight of letters, digits and _, each "
                        "beginning with a letter, joined by dots",
                        FORM_SHOW(id));
    ts_str first = ts_str_cut(&rest, '.');
    return !ts_pack_reserved(first) ||
           form_bad(&p->f, v,
                    "the name \"%.*s\" belongs to the header of EN 18223 or to what stands beside "
                    "it; choose another",
                    TS_P(first));
}

/* Into the list of all, where it must be new. */
static bool element_path(const part *p, const ts_json *v, ts_str id) {
    const char *why;
    ts_str other;
    ts_pack *out = p->r->out;
    if (form_paths_add(p->r->a, &out->by_path, id, out->elements.n, &why, &other)) return true;
    return form_bad(&p->f, v,
                    "the element %.*s %s%s%.*s (also counting the packs that are "
                    "extended); leave it out or choose another id",
                    TS_P(id), why, ts_str_eq(other, id) ? "" : ": ",
                    ts_str_eq(other, id) ? 0 : (int)other.n, other.p);
}

static bool element_class(const part *p, const ts_json *v, ts_pack_element *el) {
    const ts_pack *out = p->r->out;
    el->class = class_by_name(out, ts_json_str(v));
    if (el->class) return true;
    ts_str names[MAX_CLASSES];
    for (size_t i = 0; i < out->classes.n; i++) names[i] = out->classes.v[i].name;
    ts_str like = form_nearest(ts_json_str(v), names, out->classes.n);
    return form_bad(&p->f, v, "there is no class \"%s\"%s%.*s%s; name one of \"classes\"",
                    FORM_SHOW(ts_json_str(v)), like.n ? " (meant: " : "", TS_P(like),
                    like.n ? "?)" : "");
}

static bool element_categories(const part *p, const ts_json *v, ts_pack_element *el) {
    if (v && !v->n)
        return form_bad(&p->f, v, "must not be empty; leave it out where all categories are meant");
    TS_JSON_EACH(one, v) {
        size_t before = el->categories.n;
        if (!form_type(&p->f, one, FORM_STRING)) return false;
        if (!has_category(p->r->out, ts_json_str(one)))
            return form_bad(&p->f, one, "there is no category \"%s\"; name one of \"categories\"",
                            FORM_SHOW(ts_json_str(one)));
        ts_strs_add(p->r->a, &el->categories, ts_json_str(one));
        if (el->categories.n == before)
            return form_bad(&p->f, one, "stands here twice; leave one out");
    }
    return true;
}

static bool element_grains(const part *p, const ts_json *v, ts_pack_element *el) {
    TS_JSON_EACH(one, v) {
        int i = form_choice(&p->f, one, grain_names, COUNT(grain_names));
        if (i < 0) return false;
        if (el->grains >> i & 1) return form_bad(&p->f, one, "stands here twice; leave one out");
        el->grains |= 1u << i;
    }
    return true;
}

static bool day(const part *p, const ts_json *v, int32_t *out) {
    ts_str s = ts_json_str(v);
    *out = s.n == 10 ? ts_day_parse_iso(s) : TS_NO_DAY;
    if (!v || *out != TS_NO_DAY) return true;
    return form_bad(&p->f, v, "\"%s\" is no day; write YYYY-MM-DD", FORM_SHOW(s));
}

static bool element_days(const part *p, const ts_json *v, ts_pack_element *el) {
    const ts_json *to = ts_json_member(v, "to");
    if (!day(p, ts_json_member(v, "from"), &el->from) || !day(p, to, &el->to)) return false;
    return !to || el->from == TS_NO_DAY || el->from <= el->to ||
           form_bad(&p->f, to, "lies before \"from\"");
}

static bool element_address(const part *p, const ts_json *v, ts_str *out) {
    *out = ts_json_str(v);
    return !v || form_web(*out) || form_bad(&p->f, v, "is no absolute http or https address");
}

/* type, need, source_status, and what belongs to them alone */
static bool element_kinds(const part *p, const ts_json *v, ts_pack_element *el) {
    int type = form_choice(&p->f, ts_json_member(v, "type"), type_names, COUNT(type_names));
    if (type < 0) return false;
    int need = form_choice(&p->f, ts_json_member(v, "need"), need_names, COUNT(need_names));
    if (need < 0) return false;
    int status =
        form_choice(&p->f, ts_json_member(v, "source_status"), status_names, COUNT(status_names));
    if (status < 0) return false;
    el->type = (ts_value_type)type;
    el->need = (ts_need)need;
    el->status = (ts_source_status)status;
    const ts_json *unit = ts_json_member(v, "unit"), *condition = ts_json_member(v, "condition");
    el->unit = ts_json_str(unit);
    if (unit && (el->type != TS_TYPE_MEASURE || !form_line(el->unit, 40)))
        return form_bad(&p->f, unit, "belongs to a measure alone, and has 1 to 40 characters");
    if (condition && el->need != TS_NEED_CONDITIONAL)
        return form_bad(&p->f, condition, "belongs to \"need\": \"conditional\" alone");
    if (!condition && el->need == TS_NEED_CONDITIONAL)
        return form_bad(&p->f, v, "is conditional, but the member \"condition\" is missing");
    return languages(p, condition, el->condition);
}

static bool one_element(const part *p, const ts_json *v) {
    ts_pack *out = p->r->out;
    ts_pack_element el = {0};
    const ts_json *id = ts_json_member(v, "id");
    if (!FORM_MEMBERS(&p->f, v, element_members)) return false;
    el.id = ts_json_str(id);
    el.act = ts_json_str(ts_json_member(v, "act"));
    el.article = ts_json_str(ts_json_member(v, "article"));
    if (!element_id(p, id) || !languages(p, ts_json_member(v, "name"), el.name) ||
        !languages(p, ts_json_member(v, "note"), el.note) || !element_kinds(p, v, &el) ||
        !element_class(p, ts_json_member(v, "class"), &el) ||
        !element_categories(p, ts_json_member(v, "categories"), &el) ||
        !element_grains(p, ts_json_member(v, "grains"), &el) || !element_days(p, v, &el) ||
        !element_address(p, ts_json_member(v, "url"), &el.url) ||
        !element_address(p, ts_json_member(v, "reference"), &el.reference) ||
        !element_path(p, id, el.id))
        return false;
    *ts_push(p->r->a, &out->elements) = el;
    return true;
}

/* ---- the whole ---- */

static const form_member pack_members[] = {
    {"format", FORM_STRING, true},   {"id", FORM_STRING, true},
    {"version", FORM_STRING, true},  {"title", FORM_OBJECT, true},
    {"note", FORM_OBJECT, true},     {"extends", FORM_ARRAY, false},
    {"classes", FORM_OBJECT, false}, {"categories", FORM_OBJECT, false},
    {"elements", FORM_ARRAY, true},
};

static bool version(const part *p, const ts_json *v) {
    ts_str s = ts_json_str(v);
    bool ok = s.n >= 7 && s.n <= 20 && s.p[4] == '-' && ts_is_digit(s.p[s.n - 1]);
    for (size_t i = 0; ok && i < s.n; i++)
        ok = ts_is_digit(s.p[i]) || (i >= 4 && (s.p[i] == '-' || s.p[i] == '.'));
    return ok || form_bad(&p->f, v, "\"%s\" is no version; write the month, as in \"2026-11\"",
                          FORM_SHOW(s));
}

static bool header(part *p, ts_str name) {
    const ts_json *v = p->f.root, *format = ts_json_member(v, "format"),
                  *id = ts_json_member(v, "id");
    if (!FORM_MEMBERS(&p->f, v, pack_members)) return false;
    if (!ts_str_is(ts_json_str(format), "touchstone-pack-1"))
        return form_bad(&p->f, format,
                        "\"%s\" is not known; this program reads \"touchstone-pack-1\"",
                        FORM_SHOW(ts_json_str(format)));
    if (!ts_str_eq(ts_json_str(id), name))
        return form_bad(&p->f, id, "\"%s\" is not the name under which the pack was asked for",
                        FORM_SHOW(ts_json_str(id)));
    ts_str title[3], note[3];
    if (!version(p, ts_json_member(v, "version")) ||
        !languages(p, ts_json_member(v, "title"), title) ||
        !languages(p, ts_json_member(v, "note"), note))
        return false;
    if (p->r->depth > 1) return true;
    ts_pack *out = p->r->out;
    out->id = ts_json_str(id);
    out->version = ts_json_str(ts_json_member(v, "version"));
    memcpy(out->title, title, sizeof title);
    memcpy(out->note, note, sizeof note);
    return true;
}

static bool elements(const part *p) {
    const ts_json *list = ts_json_member(p->f.root, "elements");
    if (list->n + p->r->out->elements.n > MAX_ELEMENTS)
        return ts_fail(p->r->e, TS_E_LIMIT, "pack %.*s: more than %d elements", TS_P(p->f.name),
                       MAX_ELEMENTS);
    TS_JSON_EACH(v, list) {
        if (!one_element(p, v)) return false;
    }
    return true;
}

/* Whether the pack may be read now: it is in hand already, or too many are. */
static bool room_for(reading *r, ts_str name) {
    for (size_t i = 0; i < r->depth; i++)
        if (ts_str_eq(r->open[i], name))
            return ts_fail(
                r->e, TS_E_INPUT, "pack %.*s: extends itself%s%.*s; take it out of \"extends\"",
                TS_P(name), i + 1 < r->depth ? " by way of " : "",
                i + 1 < r->depth ? (int)r->open[r->depth - 1].n : 0, r->open[r->depth - 1].p);
    if (r->depth == MAX_DEPTH || r->done.n == MAX_PACKS)
        return ts_fail(r->e, TS_E_LIMIT,
                       "pack %.*s: packs extend one another more than %d deep, or more than %d of "
                       "them",
                       TS_P(name), MAX_DEPTH, MAX_PACKS);
    return true;
}

static bool read_one(reading *r, ts_str name);

static bool extended(const part *p) {
    TS_JSON_EACH(v, ts_json_member(p->f.root, "extends")) {
        if (!form_type(&p->f, v, FORM_STRING)) return false;
        if (!form_name(ts_json_str(v)))
            return form_bad(&p->f, v, "\"%s\" is no name of a pack", FORM_SHOW(ts_json_str(v)));
        if (!read_one(p->r, ts_json_str(v))) return false;
    }
    return true;
}

static bool not_json(reading *r, ts_str name) {
    char place[80];
    snprintf(place, sizeof place, "pack %.*s", TS_P(name));
    return ts_fail_at(r->e, place, 0, 0);
}

static bool read_text(reading *r, ts_str name, ts_str text) {
    if (text.n > MAX_TEXT)
        return ts_fail(r->e, TS_E_LIMIT, "pack %.*s: more than %d bytes", TS_P(name), MAX_TEXT);
    const ts_json *root = ts_json_parse(r->a, text, (ts_json_options){.strict = true}, r->e);
    if (!root) return not_json(r, name);
    part p = {r, {"pack", name, root, r->e}};
    if (!header(&p, name) || !extended(&p)) return false;
    TS_JSON_EACH_MEMBER(key, value, ts_json_member(root, "classes")) {
        if (!one_class(&p, key, value)) return false;
    }
    TS_JSON_EACH_MEMBER(key, value, ts_json_member(root, "categories")) {
        if (!one_category(&p, key, value)) return false;
    }
    return elements(&p);
}

static bool read_one(reading *r, ts_str name) {
    for (size_t i = 0; i < r->done.n; i++)
        if (ts_str_eq(r->done.v[i], name)) return true;
    if (!room_for(r, name)) return false;
    ts_str text;
    r->open[r->depth++] = name;
    if (!r->find(r->ctx, r->a, name, &text, r->e) || !read_text(r, name, text)) return false;
    r->depth--;
    *ts_push(r->a, &r->done) = name;
    return true;
}

bool ts_pack_read(ts_arena *a, ts_str name, ts_pack_find *find, void *ctx, ts_pack *out,
                  ts_error *e) {
    *out = (ts_pack){0};
    reading r = {.a = a, .find = find, .ctx = ctx, .out = out, .e = e};
    /* Elements point to their class, so the list must not move. */
    out->classes.v = ts_grow(a, 0, sizeof *out->classes.v, _Alignof(ts_disclosure_class),
                             &out->classes.cap, MAX_CLASSES);
    return read_one(&r, name);
}

bool ts_pack_find_shared(void *ctx, ts_arena *a, ts_str name, ts_str *text, ts_error *e) {
    (void)ctx;
    if (!form_name(name))
        return ts_fail(e, TS_E_INPUT,
                       "\"%s\" is no name of a pack: small letters, digits and _, at most 64",
                       FORM_SHOW(name));
    char file[128];
    const char *path;
    snprintf(file, sizeof file, "rules/passport/%.*s.json", TS_P(name));
    return ts_share_find(a, file, &path, e) && ts_file_read(a, path, MAX_TEXT, text, e);
}

const ts_pack_element *ts_pack_element_by_id(const ts_pack *p, ts_str id) {
    const ts_pack_element *el;
    return ts_pack_path(p, id, &el) ? el : 0;
}

bool ts_pack_path(const ts_pack *p, ts_str path, const ts_pack_element **element) {
    uint64_t i;
    form_path_kind kind = form_paths_get(&p->by_path, path, &i);
    *element = kind == FORM_PATH_ID ? &p->elements.v[i] : 0;
    return kind != FORM_PATH_NONE;
}
