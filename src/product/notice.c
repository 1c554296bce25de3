#include "notice.h"

static const char *const state_names[] = {"published", "updated", "withdrawn"};
static const char *const kind_names[] = {"alert", "recall", "warning", "corrective_action",
                                         "information"};
static const char *const risk_names[] = {"unknown", "low", "medium", "high", "serious"};
static const char *const compulsion_names[] = {"unknown", "compulsory", "voluntary", "both"};
static const char *const answer_names[] = {"unknown", "yes", "no"};

const char *ts_notice_state_name(ts_notice_state s) { return state_names[s]; }
const char *ts_notice_kind_name(ts_notice_kind k) { return kind_names[k]; }
const char *ts_risk_level_name(ts_risk_level r) { return risk_names[r]; }
const char *ts_compulsion_name(ts_compulsion c) { return compulsion_names[c]; }

ts_str ts_notice_jurisdiction(const ts_notice *n) {
    if (ts_str_is(n->source, "safety_gate")) return TS_S("EU");
    if (ts_str_is(n->source, "cpsc")) return TS_S("US");
    if (ts_str_is(n->source, "rappelconso")) return TS_S("FR");
    if (ts_str_is(n->source, "samr")) return TS_S("CN");
    return n->country.n == 2 ? n->country : TS_NONE;
}

/* ---- the fields, declared once: writing, reading and sealing go over these tables ---- */

typedef struct field {
    const char *name;
    size_t at;
} field;
#define F(member)                                                                                  \
    { #member, offsetof(ts_notice, member) }
static const field strings[] = {
    F(id),       F(source),      F(number), F(title),    F(product),    F(name),
    F(category), F(description), F(hazard), F(measures), F(remedy),     F(legal),
    F(units),    F(country),     F(origin), F(url),      F(recall_url), F(language),
};
static const field lists[] = {
    F(brands), F(models), F(risks), F(operators), F(sellers), F(measure_countries), F(images),
};
#undef F
enum { STRINGS = sizeof strings / sizeof *strings, LISTS = sizeof lists / sizeof *lists };

static ts_str *string_of(const ts_notice *n, const field *f) {
    return (ts_str *)((uintptr_t)n + f->at);
}
static ts_strs *list_of(const ts_notice *n, const field *f) {
    return (ts_strs *)((uintptr_t)n + f->at);
}

static void put_day(ts_jsonw *w, const char *name, int32_t day) {
    char iso[16];
    ts_jsonw_kstr_opt(w, name, ts_day_iso(day, iso));
}

static void put_code_ranges(ts_jsonw *w, const char *name, const ts_code_range *v, size_t n) {
    if (!n) return;
    ts_jsonw_key(w, name);
    ts_jsonw_array(w);
    for (size_t i = 0; i < n; i++) {
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "from", v[i].from);
        ts_jsonw_kstr(w, "to", v[i].to);
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

static void put_day_ranges(ts_jsonw *w, const char *name, const ts_day_range *v, size_t n) {
    if (!n) return;
    ts_jsonw_key(w, name);
    ts_jsonw_array(w);
    for (size_t i = 0; i < n; i++) {
        ts_jsonw_object(w);
        put_day(w, "from", v[i].from);
        put_day(w, "to", v[i].to);
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

static void put_scope(ts_jsonw *w, const ts_scope *s) {
    if (!ts_scope_limited(s) && !s->sold.n) return;
    ts_jsonw_key(w, "scope");
    ts_jsonw_object(w);
    ts_jsonw_kstrs_opt(w, "lots", &s->lots);
    put_code_ranges(w, "lot_ranges", s->lot_ranges.v, s->lot_ranges.n);
    ts_jsonw_kstrs_opt(w, "serials", &s->serials);
    put_code_ranges(w, "serial_ranges", s->serial_ranges.v, s->serial_ranges.n);
    put_day_ranges(w, "made", s->made.v, s->made.n);
    put_day_ranges(w, "sold", s->sold.v, s->sold.n);
    ts_jsonw_end(w);
}

static void put_content(ts_jsonw *w, const ts_notice *n) {
    for (size_t i = 0; i < STRINGS; i++)
        ts_jsonw_kstr_opt(w, strings[i].name, *string_of(n, &strings[i]));
    for (size_t i = 0; i < LISTS; i++) ts_jsonw_kstrs_opt(w, lists[i].name, list_of(n, &lists[i]));
    ts_identifiers_write(w, &n->identifiers);
    put_day(w, "published", n->published);
    ts_jsonw_kstr(w, "kind", ts_str_c(kind_names[n->kind]));
    ts_jsonw_kstr(w, "risk_level", ts_str_c(risk_names[n->risk_level]));
    ts_jsonw_kstr(w, "compulsion", ts_str_c(compulsion_names[n->compulsion]));
    ts_jsonw_kstr(w, "counterfeit", ts_str_c(answer_names[n->counterfeit]));
    put_scope(w, &n->scope);
}

void ts_notice_write(ts_jsonw *w, const ts_notice *n) {
    char hex[32];
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "format", TS_S("touchstone-notice-1"));
    put_content(w, n);
    ts_jsonw_kstr(w, "state", ts_str_c(state_names[n->state]));
    put_day(w, "modified", n->modified);
    if (n->digest.lo | n->digest.hi) ts_jsonw_kstr(w, "digest", ts_digest_hex(n->digest, hex));
    ts_jsonw_end(w);
}

void ts_notice_seal(ts_arena scratch, ts_notice *n) {
    ts_buf b = ts_buf_new(&scratch, SIZE_MAX / 4);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    put_content(&w, n);
    ts_jsonw_end(&w);
    n->digest = ts_digest_of(ts_buf_str(&b));
}

ts_digest ts_notice_set_toggle(ts_digest set, const ts_notice *n) {
    uint64_t id = ts_hash(n->id), state = (uint64_t)n->state;
    set.lo ^= ts_mix(n->digest.lo ^ ts_mix(id + state));
    set.hi ^= ts_mix(n->digest.hi + ts_mix(id ^ (state + 77)));
    return set;
}

/* ---- reading ---- */

static int one_of(const char *const *names, int n, ts_str s) {
    for (int i = 0; i < n; i++)
        if (ts_str_is(s, names[i])) return i;
    return 0;
}
#define ENUM_OF(names, v, name)                                                                    \
    one_of(names, (int)(sizeof(names) / sizeof *(names)), ts_json_str(ts_json_member(v, name)))

static void get_strs(ts_arena *a, const ts_json *v, ts_strs *out) {
    TS_JSON_EACH(x, v) ts_strs_add(a, out, ts_json_text(x));
}

static ts_day_range day_range(const ts_json *v) {
    return (ts_day_range){ts_day_parse_iso(ts_json_str(ts_json_member(v, "from"))),
                          ts_day_parse_iso(ts_json_str(ts_json_member(v, "to")))};
}

static ts_code_range code_range(const ts_json *v) {
    return (ts_code_range){ts_json_str(ts_json_member(v, "from")),
                           ts_json_str(ts_json_member(v, "to"))};
}

static void get_scope(ts_arena *a, const ts_json *v, ts_scope *s) {
    get_strs(a, ts_json_member(v, "lots"), &s->lots);
    get_strs(a, ts_json_member(v, "serials"), &s->serials);
    TS_JSON_EACH(x, ts_json_member(v, "lot_ranges")) * ts_push(a, &s->lot_ranges) = code_range(x);
    TS_JSON_EACH(x, ts_json_member(v, "serial_ranges")) * ts_push(a, &s->serial_ranges) =
        code_range(x);
    TS_JSON_EACH(x, ts_json_member(v, "made")) * ts_push(a, &s->made) = day_range(x);
    TS_JSON_EACH(x, ts_json_member(v, "sold")) * ts_push(a, &s->sold) = day_range(x);
}

bool ts_notice_read(ts_arena *a, const ts_json *v, ts_notice *n, ts_error *e) {
    *n = (ts_notice){.published = TS_NO_DAY, .modified = TS_NO_DAY};
    if (!ts_json_is(v, TS_JSON_OBJECT)) return ts_fail(e, TS_E_INPUT, "a notice is a JSON object");
    for (size_t i = 0; i < STRINGS; i++)
        *string_of(n, &strings[i]) = ts_json_text(ts_json_get(v, ts_str_c(strings[i].name)));
    for (size_t i = 0; i < LISTS; i++)
        get_strs(a, ts_json_get(v, ts_str_c(lists[i].name)), list_of(n, &lists[i]));
    if (!n->id.n) return ts_fail(e, TS_E_INPUT, "the notice has no \"id\"");
    ts_identifiers_read(a, ts_json_member(v, "identifiers"), &n->identifiers);
    n->published = ts_day_parse_iso(ts_json_str(ts_json_member(v, "published")));
    n->modified = ts_day_parse_iso(ts_json_str(ts_json_member(v, "modified")));
    n->state = (ts_notice_state)ENUM_OF(state_names, v, "state");
    n->kind = (ts_notice_kind)ENUM_OF(kind_names, v, "kind");
    n->risk_level = (ts_risk_level)ENUM_OF(risk_names, v, "risk_level");
    n->compulsion = (ts_compulsion)ENUM_OF(compulsion_names, v, "compulsion");
    n->counterfeit = (ts_answer)ENUM_OF(answer_names, v, "counterfeit");
    get_scope(a, ts_json_member(v, "scope"), &n->scope);
    ts_notice_seal(*a, n);
    return true;
}
