/* Words for people, and the report as JSON. */
#include <stdarg.h>
#include <stdio.h>

#include "verify_part.h"

enum { SAID_MAX = 4096 };

/* ---- Words ---- */

verify_text verify_show(ts_str s) {
    verify_text out = {""};
    ts_str clipped = ts_str_clip(s, 120);
    for (size_t i = 0; i < clipped.n; i++) {
        unsigned char c = (unsigned char)clipped.p[i];
        out.c[i] = (char)(c < ' ' || c == 127 ? '?' : c);
    }
    if (clipped.n < s.n) memcpy(out.c + clipped.n, "...", 3);
    return out;
}

static ts_str said(ts_arena *a, const char *fmt, va_list ap) {
    char text[SAID_MAX];
    int n = vsnprintf(text, sizeof text, fmt, ap);
    ts_str s = {text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1};
    return ts_str_dup(a, ts_str_clip(s, s.n));
}

ts_str verify_say(ts_arena *a, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    ts_str s = said(a, fmt, ap);
    va_end(ap);
    return s;
}

void verify_set(ts_arena *a, ts_verdict *d, ts_answer answer, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    *d = (ts_verdict){.answer = answer, .reason = said(a, fmt, ap)};
    va_end(ap);
}

static int badness(ts_answer x) { return x == TS_NO ? 2 : x == TS_OPEN ? 1 : 0; }
bool verify_worse(ts_answer x, ts_answer than) { return badness(x) > badness(than); }

verify_when verify_date(int64_t t) {
    verify_when out = {""};
    char text[24];
    bool writable = t > -62135596800 && t < 253402300800; /* years 1 to 9999 */
    ts_str s = writable ? ts_instant_iso(t, text) : TS_S("a time out of reach");
    memcpy(out.c, s.p, s.n);
    return out;
}

const char *ts_step_name(ts_step s) {
    static const char *const names[] = {"signature", "issuer", "status", "schema", "attestations"};
    return (unsigned)s < TS_STEPS ? names[s] : "?";
}

const char *ts_trust_edge_name(ts_trust_edge_kind k) {
    static const char *const names[] = {"claims", "attests", "accredits", "identifies"};
    return (unsigned)k < sizeof names / sizeof *names ? names[k] : "?";
}

/* ---- The report ---- */

static void write_verdict(ts_jsonw *w, const ts_verdict *d) {
    static const char *const labels[] = {"not_checked", "verified", "failed"};
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "result", ts_str_c(labels[d->answer]));
    ts_jsonw_kstr(w, "reason", d->reason);
    ts_jsonw_kstr_opt(w, "cure", d->cure);
    ts_jsonw_kstr_opt(w, "at", d->at);
    ts_jsonw_end(w);
}

static void write_steps(ts_jsonw *w, const ts_verdict *steps) {
    for (int i = 0; i < TS_STEPS; i++) {
        ts_jsonw_key(w, ts_step_name((ts_step)i));
        write_verdict(w, &steps[i]);
    }
}

static ts_str subject_id(const ts_credential *c) {
    return c->subjects.n ? ts_json_str(ts_json_member(c->subjects.v[0], "id")) : TS_NONE;
}

/* Who and what: the members that the report and each credential share. */
static void write_about(ts_jsonw *w, const ts_checked *c) {
    ts_jsonw_kstr_opt(w, "id", c->credential.id);
    ts_jsonw_kstrs_opt(w, "type", &c->credential.types);
    ts_jsonw_kstr_opt(w, "issuer_id", c->credential.issuer);
    ts_jsonw_kstr_opt(w, "issuer_name", c->credential.issuer_name);
    ts_jsonw_kstr_opt(w, c->type == TS_UNTP_DPP ? "product" : "subject",
                      subject_id(&c->credential));
    ts_jsonw_kstr_opt(w, "secured_by", c->secured_by);
}

static void write_credential(ts_jsonw *w, const ts_checked *c) {
    ts_jsonw_object(w);
    write_about(w, c);
    write_steps(w, c->step);
    ts_jsonw_kstr_opt(w, "attests", c->of);
    ts_jsonw_kstrs_opt(w, "accredited_by", &c->below);
    ts_jsonw_end(w);
}

static void write_edge(ts_jsonw *w, const ts_trust_edge *e) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "kind", ts_str_c(ts_trust_edge_name(e->kind)));
    ts_jsonw_kstr_opt(w, "from", e->from);
    ts_jsonw_kstr_opt(w, "to", e->to);
    ts_jsonw_kstr_opt(w, "by", e->by);
    ts_jsonw_kstr_opt(w, "what", e->what);
    ts_jsonw_key(w, "verdict");
    write_verdict(w, &e->verdict);
    ts_jsonw_end(w);
}

void ts_report_write(ts_jsonw *w, const ts_report *r) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "kind", r->kind);
    if (r->credentials.n) write_about(w, &r->credentials.v[0]);
    write_steps(w, r->step);
    ts_jsonw_key(w, "credentials");
    ts_jsonw_array(w);
    for (size_t i = 0; i < r->credentials.n; i++) write_credential(w, &r->credentials.v[i]);
    ts_jsonw_end(w);
    ts_jsonw_key(w, "trust");
    ts_jsonw_array(w);
    for (size_t i = 0; i < r->edges.n; i++) write_edge(w, &r->edges.v[i]);
    ts_jsonw_end(w);
    ts_jsonw_end(w);
}
