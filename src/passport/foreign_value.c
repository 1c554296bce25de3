/* A value of another data model in our words. */
#include "trust/trust.h"

#include "foreign_part.h"
#include "form.h"
#include "value.h"

enum { VALUE_CAP = 1 << 20 };

static bool no(ts_str *why, const char *text) { return *why = ts_str_c(text), false; }

static bool raw(ts_arena *a, const ts_json *v, ts_str *json, ts_str *why) {
    ts_error e = {0};
    ts_buf b = ts_buf_new(a, VALUE_CAP);
    if (!ts_canonical(&b, *a, v, &e)) return no(why, "a number in it cannot be kept as it stands");
    *json = ts_buf_str(&b);
    return true;
}

static ts_str quoted(ts_arena *a, ts_str s) {
    ts_buf b = ts_buf_new(a, 6 * s.n + 16);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_str(&w, s);
    return ts_buf_str(&b);
}

/* The number with its point moved: a further power of ten in its text. */
static ts_str shifted(ts_arena *a, ts_str number, int64_t shift) {
    ts_buf b = ts_buf_new(a, number.n + 64);
    size_t e = ts_str_chr(number, 'e');
    if (e == TS_NPOS) e = ts_str_chr(number, 'E');
    int64_t power = 0;
    if (e != TS_NPOS) {
        ts_str text = ts_str_from(number, e + 1);
        if (text.n && text.p[0] == '+') text = ts_str_from(text, 1);
        if (!ts_i64_parse(text, &power) || power < -400 || power > 400) return number;
        number = ts_str_to(number, e);
    }
    ts_buf_put(&b, number);
    if (power + shift) ts_buf_fmt(&b, "e%lld", (long long)(power + shift));
    return ts_buf_str(&b);
}

static ts_str measured(ts_arena *a, ts_str number, ts_str unit) {
    ts_buf b = ts_buf_new(a, number.n + 6 * unit.n + 64);
    ts_jsonw w = ts_jsonw_to(&b);
    ts_jsonw_object(&w);
    ts_jsonw_kstr(&w, "unit", unit);
    ts_jsonw_key(&w, "value");
    ts_jsonw_raw(&w, number);
    ts_jsonw_end(&w);
    return ts_buf_str(&b);
}

/* gMonth of XML Schema, "--06", which the Battery Pass takes for a number of months. */
static bool months(ts_str s, ts_str *number) {
    if (s.n < 4 || s.p[0] != '-' || s.p[1] != '-' || !ts_is_digit(s.p[2]) || !ts_is_digit(s.p[3]))
        return false;
    *number = (ts_str){s.p + (s.p[2] == '0' ? 3 : 2), s.p[2] == '0' ? 1 : 2};
    return true;
}

static bool number_of(ts_arena *a, const foreign_row *row, const ts_json *v, ts_str *number,
                      ts_str *why) {
    double f;
    if (ts_str_is(row->as, "months"))
        return months(ts_json_str(v), number) || no(why, "is no number of months in the form --06");
    if (!ts_json_is(v, TS_JSON_NUMBER) || !ts_json_f64(v, &f))
        return no(why, "is no number that can be kept");
    *number = shifted(a, ts_json_text(v), row->shift);
    return true;
}

static ts_str day_of(ts_str s) {
    ts_str day = ts_str_to(s, 10);
    return s.n > 10 && ts_day_parse_iso(day) != TS_NO_DAY ? day : s;
}

static bool by_type(ts_arena *a, const foreign_row *row, const ts_pack_element *el,
                    const ts_json *v, ts_str *json, ts_str *why) {
    ts_str number;
    switch (el->type) {
    case TS_TYPE_MEASURE:
        if (!number_of(a, row, v, &number, why)) return false;
        *json = measured(a, number, el->unit);
        return true;
    case TS_TYPE_NUMBER:
    case TS_TYPE_INTEGER: return number_of(a, row, v, json, why);
    case TS_TYPE_TEXT:
        *json = quoted(a, ts_json_text(v));
        return ts_json_text(v).n ? true : no(why, "is no text");
    case TS_TYPE_DATE: *json = quoted(a, day_of(ts_json_str(v))); return true;
    case TS_TYPE_LANGUAGES:
        if (!ts_json_is(v, TS_JSON_STRING)) return raw(a, v, json, why);
        *json = ts_str_join(a, (ts_str[]){TS_S("{\"und\":"), quoted(a, ts_json_str(v)), TS_S("}")},
                            3, TS_NONE);
        return true;
    default: return raw(a, v, json, why);
    }
}

bool foreign_value(ts_arena *a, const foreign_row *row, const ts_pack_element *el, const ts_json *v,
                   ts_str *json, ts_str *why) {
    ts_error e = {0};
    ts_str detail;
    if (row->values) {
        const ts_json *word = ts_json_get(row->values, ts_json_text(v));
        if (!word) return no(why, "is a word that has no counterpart here");
        v = word;
    }
    if (value_empty(v)) return no(why, "says nothing");
    if (!by_type(a, row, el, v, json, why)) return false;
    if (el->type == TS_TYPE_LIST || row->member.n) return true; /* checked when it is whole */
    const ts_json *check = ts_json_parse(a, *json, (ts_json_options){.strict = true}, &e);
    if (!check) return no(why, "cannot be kept as it stands");
    if (value_fits(a, check, el->type, el->unit, &detail)) return true;
    *why = detail;
    return false;
}
