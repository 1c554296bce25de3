#include "language.h"

ts_str ts_language_of(const ts_view *v) {
    const ts_tokens *t = &v->f[TS_F_TITLE];
    size_t han = 0;
    for (size_t i = 0; i < t->n; i++) han += t->v[i].kind == TS_TOK_HAN;
    if (han * 3 > t->n && han >= 2) return TS_S("zh");
    unsigned en = v->lang[TS_EN], de = v->lang[TS_DE], other = v->lang[TS_COMMON_OTHER];
    if (de > en && de > other) return TS_S("de");
    if (en > de && en > other) return TS_S("en");
    return TS_NONE;
}
