/* Texts and addresses for pages. What is made here is escaped where it is written. */
#include "page.h"

/* ---- words ---- */

ts_str page_say(const page *p, const char *key) { return ts_say(p->c, key); }

ts_str page_say1(const page *p, const char *key, const char *name, ts_str value) {
    const ts_fill fill = {name, value};
    return ts_say_with(p->a, p->c, key, &fill, 1);
}

ts_str page_say2(const page *p, const char *key, const char *name1, ts_str value1,
                 const char *name2, ts_str value2) {
    const ts_fill fill[] = {{name1, value1}, {name2, value2}};
    return ts_say_with(p->a, p->c, key, fill, 2);
}

const char *page_key(const page *p, const char *before, const char *name) {
    ts_buf b = ts_buf_new(p->a, 200);
    ts_buf_fmt(&b, "%s%s", before, name);
    return ts_str_z(p->a, ts_buf_str(&b));
}

static ts_str number(const page *p, int n) {
    ts_buf b = ts_buf_new(p->a, 16);
    ts_buf_i64(&b, n);
    return ts_buf_str(&b);
}

ts_str page_day(const page *p, int64_t at) {
    int year, month, day;
    int64_t days = at / 86400 - (at % 86400 < 0);
    char key[32] = "page.month.";
    ts_day_civil((int32_t)days, &year, &month, &day);
    ts_str m = number(p, month);
    memcpy(key + 11, m.p, m.n);
    const ts_fill fill[] = {
        {"year", number(p, year)}, {"month", ts_say(p->c, key)}, {"day", number(p, day)}};
    return ts_say_with(p->a, p->c, "page.date", fill, 3);
}

/* ---- addresses ---- */

ts_str page_of(const page *p, ts_str passport) {
    return ts_passport_address(p->a, web_base(p->x), passport, 0, p->x->language);
}

/* The request's own path and query, with `lang` replaced: nothing but what was asked for, relative
 * to this server. */
ts_str page_here(const page *p, const char *language) {
    ts_buf b = ts_buf_new(p->a, 20000);
    ts_buf_put(&b, p->x->path);
    char sign = '?';
    for (ts_str rest = p->x->query; rest.n;) {
        ts_str pair = ts_str_cut(&rest, '&');
        if (!pair.n || ts_str_starts(pair, TS_S("lang="))) continue;
        ts_buf_c(&b, sign);
        ts_buf_put(&b, pair);
        sign = '&';
    }
    ts_buf_fmt(&b, "%clang=%s", sign, language);
    return ts_buf_str(&b);
}

ts_str page_version(const page *p, const ts_passport_row *v) {
    char at[24];
    ts_buf b = ts_buf_new(p->a, 20000);
    ts_str address = ts_passport_address(p->a, web_base(p->x), v->id, 0, p->x->language);
    ts_buf_put(&b, address);
    if (v->version != p->r->newest) {
        ts_buf_lit(&b, "&at=");
        ts_buf_put(&b, web_encode(p->a, ts_instant_iso(v->at, at)));
    }
    return ts_buf_str(&b);
}

/* ---- names ---- */

ts_str page_humanised(const page *p, ts_str name) {
    ts_buf b = ts_buf_new(p->a, 2 * name.n + 8);
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool capital = c >= 'A' && c <= 'Z';
        bool before = i > 0 && name.p[i - 1] >= 'a' && name.p[i - 1] <= 'z';
        if (c == '.' || c == '_') {
            ts_buf_c(&b, ' ');
        } else if (capital && before) {
            ts_buf_c(&b, ' ');
            ts_buf_c(&b, (char)ts_lower(c));
        } else {
            ts_buf_c(&b, i == 0 ? (char)ts_upper(c) : c);
        }
    }
    return ts_buf_str(&b);
}
