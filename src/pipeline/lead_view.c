#include "lead_view.h"

#include <stdio.h>

bool lead_view_read(ts_arena *a, ts_str json, lead_view *l) {
    *l = (lead_view){.v = ts_json_parse(a, json, (ts_json_options){0}, 0)};
    l->offer = ts_json_member(l->v, "offer");
    l->notice = ts_json_member(l->v, "notice");
    return l->v != 0;
}

ts_str lead_get(const ts_json *v, const char *name) {
    return ts_json_text(ts_json_get(v, ts_str_c(name)));
}

double lead_likelihood(const lead_view *l) {
    double p = 0;
    ts_json_f64(ts_json_member(l->v, "probability"), &p);
    return p;
}

ts_str lead_joined(ts_arena *a, const ts_json *list) {
    ts_buf b = ts_buf_new(a, 2000);
    TS_JSON_EACH(x, list) {
        if (b.n) ts_buf_lit(&b, ", ");
        ts_buf_put(&b, ts_json_text(x));
    }
    return ts_buf_str(&b);
}

ts_str lead_worded(const ts_catalogue *c, const char *group, ts_str key) {
    char full[80];
    snprintf(full, sizeof full, "%s.%.*s", group, TS_P(ts_str_clip(key, 40)));
    return ts_say(c, full);
}

ts_str lead_percent(ts_arena *a, double p) {
    ts_buf b = ts_buf_new(a, 16);
    ts_buf_fmt(&b, "%.0f %%", p >= 0.995 ? 99.0 : p * 100);
    return ts_buf_str(&b);
}

ts_str lead_reason(ts_arena *a, const ts_json *evidence, const ts_catalogue *c) {
    char what[40], key[60];
    snprintf(what, sizeof what, "%.*s", TS_P(ts_str_clip(lead_get(evidence, "what"), 39)));
    snprintf(key, sizeof key, "evidence.%s", what);
    if (ts_str_is(ts_say(c, key), key)) return lead_get(evidence, "text"); /* of another version */
    ts_evidence e = {what, lead_get(evidence, "offer"), lead_get(evidence, "notice"), 0};
    return ts_evidence_text(a, c, &e);
}

ts_str lead_scope_reason(const lead_view *l, const ts_catalogue *c) {
    ts_str code = lead_get(l->v, "scope_why");
    return code.n ? lead_worded(c, "scope", code) : lead_get(l->v, "scope_reason");
}

ts_str lead_weight(ts_arena *a, const ts_json *evidence) {
    double w = 0;
    ts_json_f64(ts_json_member(evidence, "weight"), &w);
    ts_buf b = ts_buf_new(a, 32);
    if (w > 0.005 || w < -0.005) ts_buf_fmt(&b, "%+.2f", w);
    return ts_buf_str(&b);
}

ts_str lead_risk(ts_arena *a, const lead_view *l, const ts_catalogue *c) {
    ts_str said[3] = {0}, level = lead_get(l->notice, "risk_level");
    size_t n = 0;
    bool known = !ts_str_is(level, "unknown");
    if (known) said[n++] = lead_worded(c, "risk", level);
    said[n] = lead_joined(a, ts_json_member(l->notice, "risks"));
    n += said[n].n > 0;
    said[n] = lead_get(l->notice, "hazard");
    n += said[n].n > 0 && !(n && ts_str_eq(said[n], said[n - 1]));
    return n ? ts_str_join(a, said, n, TS_S("; ")) : lead_worded(c, "risk", level);
}

ts_str lead_why(ts_arena *a, const lead_view *l, size_t most, const ts_catalogue *c) {
    ts_buf b = ts_buf_new(a, 2000);
    if (ts_str_is(lead_get(l->v, "scope_fit"), "outside")) {
        ts_buf_lit(&b, "(!) ");
        ts_buf_put(&b, lead_worded(c, "scope_fit", TS_S("outside")));
    }
    static const char *const lists[] = {"agree", "conflict"};
    for (int k = 0; k < 2; k++) {
        size_t n = 0;
        TS_JSON_EACH(x, ts_json_get(l->v, ts_str_c(lists[k]))) {
            if (n++ == most) break;
            if (b.n) ts_buf_lit(&b, "; ");
            if (k) ts_buf_lit(&b, "(!) ");
            ts_buf_put(&b, lead_reason(a, x, c));
        }
    }
    return ts_buf_str(&b);
}
