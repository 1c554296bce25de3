/* What of a passport was checked and what was not, who signed it, and all of it to take away. */
#include "page.h"

/* ---- what was checked ---- */

static const char *answer_name(ts_answer a) {
    return a == TS_YES ? "yes" : a == TS_NO ? "no" : "open";
}

/* Signature, issuer and status together: any that failed, then any that is open. */
static ts_answer authentic(const ts_report *r) {
    static const ts_step steps[] = {TS_STEP_SIGNATURE, TS_STEP_ISSUER, TS_STEP_STATUS};
    ts_answer all = TS_YES;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        ts_answer a = r->step[steps[i]].answer;
        if (a == TS_NO) return TS_NO;
        if (a == TS_OPEN) all = TS_OPEN;
    }
    return all;
}

static void answer(page *p, ts_answer a, ts_str what) {
    ts_html(p->b,
            "<li class=\"a-%k\"><span class=\"answer\">%h</span><span class=\"q\">%h</span></li>\n",
            answer_name(a), page_say(p, page_key(p, "page.answer.", answer_name(a))), what);
}

static ts_str signer_name(const page *p) {
    const ts_document *d = &p->r->document;
    bool own = ts_str_eq(p->r->seal.issuer, d->operator_id);
    return own && d->operator_name.n ? d->operator_name : p->r->seal.issuer;
}

void page_trust(page *p) {
    const ts_reading *r = p->r;
    ts_html(p->b, "<section id=\"trust\">\n<h2>%h</h2>\n<ul class=\"answers\">\n",
            page_say(p, "page.trust.title"));
    if (r->sealed) {
        ts_answer a = authentic(&r->checked);
        answer(p, a,
               page_say1(p, page_key(p, "page.trust.", answer_name(a)), "issuer", signer_name(p)));
    } else {
        answer(p, TS_OPEN, page_say(p, "page.trust.unsigned"));
    }
    answer(p, TS_OPEN, page_say(p, "page.trust.goods"));
    ts_html(p->b, "</ul>\n</section>\n");
}

/* ---- evidence ---- */

static void steps(page *p) {
    ts_html(p->b, "<ul class=\"answers steps\">\n");
    for (int i = 0; i < TS_STEPS; i++) {
        const ts_verdict *v = &p->r->checked.step[i];
        ts_html(p->b,
                "<li class=\"a-%k\"><span class=\"answer\">%h</span><span class=\"q\">%h<small "
                "lang=\"en\">%h</small></span></li>\n",
                answer_name(v->answer),
                page_say(p, page_key(p, "page.answer.", answer_name(v->answer))),
                page_say(p, page_key(p, "page.step.", ts_step_name((ts_step)i))), v->reason);
    }
    ts_html(p->b, "</ul>\n<p class=\"quiet\">%h</p>\n", page_say(p, "page.trust.own"));
}

static void fact(page *p, const char *key, ts_str value) {
    if (value.n)
        ts_html(p->b, "<div><dt>%h</dt><dd class=\"code\">%h</dd></div>\n", page_say(p, key),
                value);
}

static void seal(page *p) {
    const ts_secured_row *s = &p->r->seal;
    ts_html(p->b, "<details>\n<summary>%h</summary>\n", page_say(p, "page.evidence.steps"));
    steps(p);
    ts_html(p->b, "<dl class=\"facts\">\n");
    fact(p, "page.evidence.issuer", s->issuer);
    fact(p, "page.evidence.credential", s->credential);
    fact(p, "page.evidence.at", page_day(p, s->at));
    fact(p, "page.evidence.digest", p->r->seal_digest);
    ts_html(p->b, "</dl>\n</details>\n");
}

static void download(page *p, const char *format, const char *key) {
    ts_html(p->b, "<li><a href=\"%u\">%h</a></li>\n",
            ts_passport_address(p->a, web_base(p->x), p->r->row.id, format, 0), page_say(p, key));
}

static void downloads(page *p) {
    ts_html(p->b, "<h3>%h</h3>\n<ul class=\"downloads\">\n", page_say(p, "page.download.title"));
    if (p->r->sealed) {
        download(p, "signed", "page.download.signed");
        download(p, "dossier", "page.download.dossier");
    }
    download(p, "en18223", "page.download.data");
    ts_html(p->b, "<li><a href=\"%u?linkType=linkset\">%h</a></li>\n",
            ts_link_anchor(p->a, web_base(p->x), p->r->row.product),
            page_say(p, "page.download.links"));
    ts_html(p->b, "</ul>\n");
}

static void versions(page *p) {
    enum { SHOWN = 100 };
    const ts_passport_rows *all = &p->r->versions;
    ts_html(p->b, "<details>\n<summary>%h</summary>\n<ol class=\"versions\">\n",
            page_say(p, "page.versions.title"));
    for (size_t i = 0; i < all->n && i < SHOWN; i++) {
        const ts_passport_row *v = &all->v[i];
        bool read = v->version == p->r->row.version;
        ts_html(p->b, "<li value=\"%d\">", v->version);
        if (read)
            ts_html(p->b, "<strong aria-current=\"true\">%h</strong>", page_day(p, v->at));
        else
            ts_html(p->b, "<a href=\"%u\">%h</a>", page_version(p, v), page_day(p, v->at));
        ts_html(p->b, "</li>\n");
    }
    ts_html(p->b, "</ol>\n</details>\n");
}

void page_evidence(page *p) {
    ts_html(p->b, "<section id=\"evidence\">\n<h2>%h</h2>\n", page_say(p, "page.evidence.title"));
    if (p->r->sealed)
        seal(p);
    else
        ts_html(p->b, "<p>%h</p>\n", page_say(p, "page.trust.unsigned"));
    versions(p);
    downloads(p);
    ts_html(p->b, "</section>\n");
}
