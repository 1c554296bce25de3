#include "lead_view.h"

#include <stdio.h>

#include "shown.h"

bool lead_view_read(ts_arena *a, ts_str json, lead_view *l) {
    *l = (lead_view){.v = ts_json_parse(a, json, (ts_json_options){0}, 0)};
    l->offer = ts_json_member(l->v, "offer");
    l->shown = ts_json_member(l->v, "passport");
    l->notice = ts_json_member(l->v, "notice");
    if (!ts_json_is(l->notice, TS_JSON_OBJECT)) l->notice = 0;
    return l->v != 0;
}

ts_str lead_get(const ts_json *v, const char *name) {
    return ts_json_text(ts_json_get(v, ts_str_c(name)));
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
    ts_str said = ts_say(c, full);
    return said.p == full ? key : said; /* a word of another version */
}

/* Never 100 %: no model is certain. */
ts_str lead_likelihood(ts_arena *a, const lead_view *l, const ts_catalogue *c) {
    double p = 0;
    bool judged = ts_json_f64(ts_json_member(l->v, "probability"), &p);
    if (!judged && l->shown) return ts_say(c, "offered.no_likelihood");
    ts_buf b = ts_buf_new(a, 16);
    ts_buf_fmt(&b, "%.0f %%", p >= 0.995 ? 99.0 : p * 100);
    return ts_buf_str(&b);
}

ts_str lead_about(ts_arena *a, const lead_view *l, const ts_catalogue *c) {
    if (l->notice || !l->shown) return lead_get(l->notice, "label");
    static const char *const names[] = {"name", "product", "given"};
    ts_str name = TS_NONE;
    for (int i = 0; i < 3 && !name.n; i++) name = lead_get(l->shown, names[i]);
    const ts_fill fill[] = {{"name", name}};
    return ts_say_with(a, c, "offered.about", fill, 1);
}

ts_str lead_rank_text(const lead_view *l) {
    return l->shown ? TS_S("1") : lead_get(l->v, "probability");
}

/* "verified: the reason". */
static ts_str step_text(ts_arena *a, const ts_json *step, const ts_catalogue *c) {
    ts_str said[2] = {lead_worded(c, "verify", lead_get(step, "result")), lead_get(step, "reason")};
    return ts_str_join(a, said, said[1].n ? 2 : 1, TS_S(": "));
}

static ts_str named(ts_arena *a, ts_str name, ts_str id) {
    ts_str both[2] = {name.n ? name : id, id};
    return ts_str_join(a, both, name.n && id.n ? 2 : 1, TS_S(", "));
}

static ts_str worded_opt(const ts_catalogue *c, const char *group, ts_str key) {
    return key.n ? lead_worded(c, group, key) : TS_NONE;
}

size_t lead_shown(ts_arena *a, const lead_view *l, const ts_catalogue *c,
                  lead_row rows[LEAD_SHOWN_ROWS]) {
    const ts_json *p = l->shown;
    ts_str given[2] = {lead_get(p, "given"), lead_worded(c, "offered.where", lead_get(p, "where"))};
    const lead_row all[] = {
        {ts_say(c, "offered.given"), ts_str_join(a, given, 2, TS_S(" – "))},
        {ts_say(c, "offered.source_of"), lead_worded(c, "offered.source", lead_get(p, "source"))},
        {ts_say(c, "offered.why"), lead_get(p, "why")},
        {ts_say(c, "offered.id"), lead_get(p, "id")},
        {ts_say(c, "offered.product"), named(a, lead_get(p, "name"), lead_get(p, "product"))},
        {ts_say(c, "offered.grain"), lead_worded(c, "offered", lead_get(p, "granularity"))},
        {ts_say(c, "offered.operator"),
         named(a, lead_get(p, "operator_name"), lead_get(p, "operator_id"))},
        {ts_say(c, "offered.issuer"), lead_get(p, "issuer_id")},
        {ts_say(c, "verify.step.signature"), step_text(a, ts_json_member(p, "signature"), c)},
        {ts_say(c, "verify.step.issuer"), step_text(a, ts_json_member(p, "issuer"), c)},
        {ts_say(c, "verify.step.status"), step_text(a, ts_json_member(p, "status"), c)},
        {ts_say(c, "offered.dpp_status"), lead_get(p, "dpp_status")},
        {ts_say(c, "offered.safety_status"),
         worded_opt(c, "offered.safety", lead_get(p, "safety"))},
        {ts_say(c, "offered.goods"), ts_say(c, "offered.goods_not_checked")},
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].value.n) rows[n++] = all[i];
    return n;
}

ts_str lead_reason(ts_arena *a, const ts_json *evidence, const ts_catalogue *c) {
    char what[40], key[64];
    snprintf(what, sizeof what, "%.*s", TS_P(ts_str_clip(lead_get(evidence, "what"), 39)));
    lead_reason_key(key, what);
    if (ts_str_is(ts_say(c, key), key)) return lead_get(evidence, "text"); /* of another version */
    ts_str other = lead_get(evidence, "notice");
    if (!other.n) other = lead_get(evidence, "passport");
    ts_evidence e = {what, lead_get(evidence, "offer"), other, 0};
    return ts_evidence_text(a, c, &e);
}

ts_str lead_scope_reason(const lead_view *l, const ts_catalogue *c) {
    ts_str code = lead_get(l->v, "scope_why");
    char why[48], key[64];
    if (!code.n) return lead_get(l->v, "scope_reason");
    snprintf(why, sizeof why, "%.*s", TS_P(ts_str_clip(code, 47)));
    lead_scope_key(key, why);
    ts_str said = ts_say(c, key);
    return said.p == key ? lead_get(l->v, "scope_reason") : said;
}

ts_str lead_weight(ts_arena *a, const ts_json *evidence) {
    double w = 0;
    ts_json_f64(ts_json_member(evidence, "weight"), &w);
    ts_buf b = ts_buf_new(a, 32);
    if (w > 0.005 || w < -0.005) ts_buf_fmt(&b, "%+.2f", w);
    return ts_buf_str(&b);
}

ts_str lead_risk(ts_arena *a, const lead_view *l, const ts_catalogue *c) {
    if (!l->notice) return TS_NONE;
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
