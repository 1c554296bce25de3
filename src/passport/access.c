#include "access.h"

static const char *const names[TS_AUDS] = {
    "public", "legitimate_interest", "authority", "notified_body", "commission", "operator",
};

const char *ts_audience_name(ts_audience a) { return (unsigned)a < TS_AUDS ? names[a] : ""; }

bool ts_audience_by_name(ts_str name, ts_audience *a) {
    for (unsigned i = 0; i < TS_AUDS; i++) {
        if (!ts_str_is(name, names[i])) continue;
        *a = (ts_audience)i;
        return true;
    }
    return false;
}

bool ts_may_see(const ts_disclosure_class *c, ts_audiences who) {
    ts_audiences all = who | 1u << TS_AUD_PUBLIC;
    return all >> TS_AUD_OPERATOR & 1 || c->open_to & all;
}

ts_str ts_audience_names(ts_arena *a, ts_audiences who) {
    ts_buf b = ts_buf_new(a, 256);
    for (int i = 0; i < TS_AUDS; i++)
        if (who & (1u << i)) {
            if (b.n) ts_buf_c(&b, '+');
            ts_buf_put(&b, ts_str_c(ts_audience_name((ts_audience)i)));
        }
    return ts_buf_str(&b);
}
