#include "value.h"

#include "form.h"

bool value_empty(const ts_json *v) {
    if (!v || v->type == TS_JSON_NULL) return true;
    if (v->type == TS_JSON_STRING) return !ts_str_trim(ts_json_str(v)).n;
    return (v->type == TS_JSON_ARRAY || v->type == TS_JSON_OBJECT) && !v->n;
}

bool value_is_date(ts_str s) {
    char day[] = "0000-01-01";
    if ((s.n != 4 && s.n != 7 && s.n != 10) || !s.p) return false;
    memcpy(day, s.p, s.n);
    return ts_day_parse_iso((ts_str){day, 10}) != TS_NO_DAY;
}

bool value_is_languages(const ts_json *v) {
    if (!ts_json_is(v, TS_JSON_OBJECT) || !v->n) return false;
    TS_JSON_EACH_MEMBER(name, value, v) {
        if (!form_language(ts_json_str(name)) || value->type != TS_JSON_STRING) return false;
    }
    return true;
}

/* What is wrong, or NULL. */
static const char *languages(const ts_json *v) {
    if (!value_is_languages(v))
        return "a text for each language is asked for, such as {\"en\": \"…\"}";
    TS_JSON_EACH_MEMBER(name, value, v) {
        if (value_empty(value)) return "the text of a language is empty";
    }
    return 0;
}

static const char *link_object(const ts_json *v) {
    static const char *const texts[] = {"title", "contentType", "language"};
    if (!form_web(ts_json_str(ts_json_member(v, "url"))))
        return "\"url\" is no absolute http or https address";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const ts_json *text = ts_json_get(v, ts_str_c(texts[i]));
        if (text && text->type != TS_JSON_STRING)
            return "\"title\", \"contentType\" and \"language\" are texts";
    }
    return 0;
}

static const char *link(const ts_json *v) {
    if (v->type == TS_JSON_OBJECT) return link_object(v);
    return form_web(ts_json_str(v)) ? 0 : "an absolute http or https address is asked for";
}

static const char *measure(ts_arena *a, const ts_json *v, ts_str unit) {
    double number;
    const ts_json *given = ts_json_member(v, "unit");
    if (!ts_json_is(v, TS_JSON_OBJECT) || !ts_json_f64(ts_json_member(v, "value"), &number))
        return "a measure is asked for, such as {\"value\": 3.2, \"unit\": \"kWh\"}";
    if (!ts_json_is(given, TS_JSON_STRING) || value_empty(given)) return "the unit is missing";
    if (!unit.n || ts_str_eq(unit, ts_json_str(given))) return 0;
    ts_buf b = ts_buf_new(a, 400);
    ts_buf_fmt(&b, "unit is %s, %.*s is asked for", FORM_SHOW(ts_json_str(given)), TS_P(unit));
    return ts_str_z(a, ts_buf_str(&b));
}

/* At least one that says something. */
static const char *list(const ts_json *v) {
    if (!ts_json_is(v, TS_JSON_ARRAY)) return "a list is asked for";
    TS_JSON_EACH(one, v) {
        if (!value_empty(one)) return 0;
    }
    return "all entries of the list are empty";
}

static const char *wrong(ts_arena *a, const ts_json *v, ts_value_type type, ts_str unit) {
    double number;
    int64_t integer;
    switch (type) {
    case TS_TYPE_TEXT: return v->type == TS_JSON_STRING ? 0 : "a text is asked for";
    case TS_TYPE_LANGUAGES: return languages(v);
    case TS_TYPE_NUMBER: return ts_json_f64(v, &number) ? 0 : "a number is asked for";
    case TS_TYPE_INTEGER: return ts_json_i64(v, &integer) ? 0 : "a whole number is asked for";
    case TS_TYPE_BOOLEAN:
        return v->type == TS_JSON_TRUE || v->type == TS_JSON_FALSE ? 0
                                                                   : "true or false is asked for";
    case TS_TYPE_DATE:
        return value_is_date(ts_json_str(v))
                   ? 0
                   : "a date is asked for: YYYY-MM-DD, or YYYY-MM, or YYYY";
    case TS_TYPE_LINK: return link(v);
    case TS_TYPE_MEASURE: return measure(a, v, unit);
    case TS_TYPE_LIST: return list(v);
    case TS_TYPE_OBJECT: return v->type == TS_JSON_OBJECT ? 0 : "an object is asked for";
    }
    return "the type is not known";
}

bool value_fits(ts_arena *a, const ts_json *v, ts_value_type type, ts_str unit, ts_str *detail) {
    const char *why = wrong(a, v, type, unit);
    *detail = ts_str_c(why);
    return !why;
}
