#include "page.h"

enum { PAGE_CAP = 8 << 20 };

/* ---- the head ---- */

static void fact(page *p, const char *key, ts_str value) {
    if (value.n) ts_html(p->b, "<div><dt>%h</dt><dd>%h</dd></div>\n", page_say(p, key), value);
}

static void code(page *p, const char *key, ts_str value) {
    if (value.n)
        ts_html(p->b, "<div><dt>%h</dt><dd class=\"code\">%h</dd></div>\n", page_say(p, key),
                value);
}

static ts_str ai(const ts_document *d, const char *name) {
    const ts_digital_link *l = &d->product.link;
    for (size_t i = 0; d->product.kind == TS_PID_GS1 && i < l->path_n; i++)
        if (ts_str_is(l->ais.v[i].ai, name)) return l->ais.v[i].value;
    return TS_NONE;
}

static ts_str first_of(ts_str x, ts_str y) { return x.n ? x : y; }

static ts_str member(const ts_document *d, const char *name) {
    return ts_json_str(ts_json_get(d->product_node, ts_str_c(name)));
}

static void facts(page *p) {
    const ts_document *d = &p->r->document;
    const ts_json *facility = ts_json_member(d->product_node, "producedAtFacility");
    const ts_json *country = ts_json_member(d->product_node, "countryOfProduction");
    ts_str model = ts_json_str(ts_document_element(d, TS_S("identification.model")));
    ts_html(p->b, "<dl class=\"facts\">\n");
    fact(p, "page.fact.operator", first_of(d->operator_name, d->operator_id));
    fact(p, "page.fact.model", first_of(member(d, "modelNumber"), model));
    code(p, "page.fact.gtin", ai(d, "01"));
    code(p, "page.fact.batch", first_of(ai(d, "10"), member(d, "batchNumber")));
    code(p, "page.fact.serial", first_of(ai(d, "21"), member(d, "itemNumber")));
    if (d->product.kind != TS_PID_GS1) code(p, "page.fact.product", d->product.text);
    fact(p, "page.fact.facility", ts_json_str(ts_json_member(facility, "name")));
    fact(p, "page.fact.country",
         first_of(ts_json_str(ts_json_member(country, "countryName")),
                  ts_json_str(ts_json_member(country, "countryCode"))));
    ts_html(p->b, "</dl>\n");
}

/* The code that stands on the product, for paper and large screens. */
static void symbol(page *p) {
    ts_error ignored;
    ts_label l = {.description = page_say(p, "page.code")};
    ts_buf svg = ts_buf_new(p->a, 1 << 20);
    ts_str address = ts_product_id_issued(&p->r->document.product);
    if (ts_symbol_encode(p->a, TS_SYMBOL_QR, address, &l.symbol, &ignored) &&
        ts_label_svg(&svg, &l, 0.8, &ignored))
        ts_html(p->b, "<div class=\"symbol\">%r</div>\n", /* trusted: drawn by this program */
                ts_buf_str(&svg));
}

static void notes(page *p) {
    const ts_reading *r = p->r;
    const char *status = ts_dpp_status_name(r->document.status);
    if (r->closest)
        ts_html(p->b, "<p class=\"note\">%h</p>\n",
                page_say(p, page_key(p, "page.closest.", ts_grain_name(r->document.grain))));
    if (r->row.version != r->newest)
        ts_html(p->b, "<p class=\"note\">%h <a href=\"%u\">%h</a></p>\n",
                page_say1(p, "page.past", "at", page_day(p, r->row.at)), page_of(p, r->row.id),
                page_say(p, "page.past_now"));
    if (r->document.status != TS_DPP_ACTIVE)
        ts_html(p->b, "<p class=\"note\">%h</p>\n",
                page_say(p, page_key(p, "page.status.", status)));
}

static void head(page *p, ts_str name) {
    const ts_document *d = &p->r->document;
    ts_str about = ts_json_str(ts_json_member(d->product_node, "description"));
    ts_html(p->b,
            "<section class=\"head\">\n<div class=\"title\">\n<p class=\"grain\">%h</p>\n"
            "<h1>%h</h1>\n",
            page_say(p, page_key(p, "page.grain.", ts_grain_name(d->grain))), name);
    if (about.n) ts_html(p->b, "<p class=\"about\">%h</p>\n", about);
    facts(p);
    ts_html(p->b, "</div>\n");
    symbol(p);
    ts_html(p->b, "</section>\n");
}

/* ---- the foot of the content ---- */

static void contact(page *p, ts_str s) {
    if (ts_str_starts(s, TS_S("https://")) || ts_str_starts(s, TS_S("http://")))
        ts_html(p->b, " <a rel=\"nofollow\" href=\"%u\">%h</a>", s, s);
    else if (s.n)
        ts_html(p->b, " %h", s);
}

static void report(page *p) {
    const ts_document *d = &p->r->document;
    ts_html(p->b, "<section id=\"report\">\n<h2>%h</h2>\n<p>%h", page_say(p, "page.report.title"),
            page_say1(p, "page.report.operator", "operator",
                      first_of(d->operator_name, d->operator_id)));
    contact(p, ts_json_str(ts_document_element(d, TS_S("manufacturer.electronicAddress"))));
    ts_html(p->b,
            "</p>\n<p>%h</p>\n<ul>\n<li><a href=\"https://ec.europa.eu/safety-gate\">%h</a></li>\n"
            "<li><a href=\"https://www.12315.cn/\">%h</a></li>\n</ul>\n</section>\n",
            page_say(p, "page.report.authority"), page_say(p, "page.report.eu"),
            page_say(p, "page.report.cn"));
}

/* ---- the page ---- */

static ts_str product_name(const ts_document *d) {
    return first_of(member(d, "name"), d->product.text);
}

static ts_str page_write(web_exchange *x, const ts_reading *r) {
    ts_buf b = ts_buf_new(x->a, PAGE_CAP);
    page p = {.x = x, .a = x->a, .b = &b, .c = web_catalogue(x), .r = r};
    ts_str name = product_name(&r->document);
    page_open(&p, page_say1(&p, "page.window", "name", name));
    page_alert(&p);
    notes(&p);
    head(&p, name);
    page_trust(&p);
    page_safety(&p);
    page_elements(&p);
    page_life(&p);
    page_evidence(&p);
    report(&p);
    page_close(&p);
    return b.full ? TS_NONE : ts_buf_str(&b);
}

ts_str web_tag(ts_arena *a, ts_str body) {
    ts_hash_value h = ts_sha_of(TS_SHA256, body);
    ts_str parts[] = {TS_S("\""), ts_str_to(ts_hash_hex(a, &h), 32), TS_S("\"")};
    return ts_str_join(a, parts, 3, TS_NONE);
}

/* What may differ is asked for again, and costs nothing where it did not change. */
static void answer(web_exchange *x, const char *type, ts_str body) {
    web_set(x, "Cache-Control", TS_S("no-cache"));
    web_set(x, "Vary", TS_S("Accept, Accept-Language, Authorization"));
    if (!web_unchanged(x, web_tag(x->a, body))) web_reply(x, 200, type, body);
}

static bool as_page(web_exchange *x, const ts_reading_job *job, ts_error *e) {
    ts_reading r;
    ts_error why = {0};
    if (!ts_reading_of(x->a, job, &r, &why)) {
        if (why.code == TS_E_NOT_FOUND)
            return page_refuse(x, 404, "page.missing.title", job->id, e);
        *e = why;
        return false;
    }
    ts_str html = page_write(x, &r);
    if (!html.n) return ts_fail(e, TS_E_LIMIT, "the page would be too large; ask for the data");
    answer(x, "text/html; charset=utf-8", html);
    return true;
}

/* ---- the data ---- */

static const char *type_of(ts_export_kind kind, ts_str body) {
    bool json = ts_str_starts(ts_str_trim(body), TS_S("{"));
    switch (kind) {
    case TS_OUT_SIGNED: return json ? "application/vc" : "application/vc+jwt";
    case TS_OUT_DOSSIER: return "application/vp";
    default: return "application/json";
    }
}

/* With the reader's eyes. A form is signed for its audiences as they were named, with the public or
 * without; where none was signed for just these, that of the public is the public's for all. */
static bool export(web_exchange *x, ts_export_job *job, ts_str *out, ts_error *e) {
    const ts_audiences everybody = 1u << TS_AUD_PUBLIC;
    const ts_audiences forms[] = {job->who, job->who & ~everybody, everybody};
    bool sealed = job->kind == TS_OUT_SIGNED || job->kind == TS_OUT_DOSSIER;
    ts_error why = {0};
    for (size_t i = 0; i < (sealed ? sizeof forms / sizeof *forms : 1); i++) {
        job->who = forms[i];
        if (!job->who) continue;
        if (ts_export(x->a, job, out, &why)) return true;
        if (why.code != TS_E_NOT_FOUND) break;
    }
    if (why.code != TS_E_NOT_FOUND) *e = why;
    return why.code != TS_E_NOT_FOUND
               ? false
               : ts_fail(e, TS_E_NOT_FOUND,
                         sealed ? "there is no signed passport here of that id "
                                  "and time"
                                : "there is no passport here of that id and time");
}

static bool as_data(web_exchange *x, const ts_reading_job *job, ts_export_kind kind, ts_error *e) {
    ts_passport_row row;
    ts_str id, body;
    bool found;
    int64_t when = job->at == TS_NO_TIME ? INT64_MAX : job->at;
    if (!ts_reading_which(x->a, job, &id, e) ||
        !ts_store_passport_at(x->store, x->a, id, when, &row, &found, e))
        return false; /* whose it is now and whose it was then may differ */
    if (!found) return ts_fail(e, TS_E_NOT_FOUND, "there is no passport here of that id");
    ts_export_job out = {.store = x->store,
                         .passport = id,
                         .kind = kind,
                         .who = web_eyes(x, row.operator_id),
                         .at = job->at,
                         .now = x->now,
                         .packs = x->packs};
    if (!export(x, &out, &body, e)) return false;
    answer(x, type_of(kind, body), body);
    return true;
}

/* ---- which of them ---- */

bool page_wanted(const web_exchange *x) {
    ts_str accept = web_header(x, "Accept");
    return ts_accept_quality(accept, TS_S("text/html"), true) > 0;
}

/* By ?format=, else by Accept; -1 is the page. */
static bool wanted(const web_exchange *x, int *out, ts_error *e) {
    static const char *const types[] = {"text/html", "application/json", "application/vc+jwt",
                                        "application/vc", 0};
    ts_str format = web_parameter_of(x, "format");
    ts_export_kind kind;
    *out = -1;
    if (ts_str_is(format, "html")) return true;
    if (format.n) {
        if (!ts_export_kind_by_name(ts_str_z(x->a, format), &kind))
            return ts_fail(e, TS_E_INPUT,
                           "the parameter format is one of: html, en18223, en18223-full, signed, "
                           "dossier, document");
        *out = (int)kind;
        return true;
    }
    const char *best = web_accepts(x, types);
    if (best && strcmp(best, types[0]) != 0)
        *out = strcmp(best, types[1]) == 0 ? TS_OUT_EN18223 : TS_OUT_SIGNED;
    return true;
}

static bool instant(web_exchange *x, int64_t *at, ts_error *e) {
    ts_str text = web_parameter_of(x, "at");
    int32_t day = text.n == 10 ? ts_day_parse_iso(text) : TS_NO_DAY;
    *at = TS_NO_TIME;
    if (!text.n || ts_stamp_parse(text, at)) return true;
    if (day == TS_NO_DAY)
        return ts_fail(e, TS_E_INPUT,
                       "the parameter at is a day (2026-06-30) or a time (2026-06-30T12:00:00Z)");
    *at = (int64_t)day * 86400 + 86399; /* as it stood when the day ended */
    return true;
}

/* Whoever would take plain data, too, gets those where nothing was signed. */
static bool negotiated(web_exchange *x, const ts_reading_job *job, ts_export_kind kind,
                       ts_error *e) {
    ts_error why = {0};
    if (as_data(x, job, kind, &why)) return true;
    bool plain = ts_accept_quality(web_header(x, "Accept"), TS_S("application/json"), false) > 0;
    if (why.code == TS_E_NOT_FOUND && kind == TS_OUT_SIGNED && plain &&
        !web_parameter_of(x, "format").n)
        return as_data(x, job, TS_OUT_EN18223, e);
    *e = why;
    return false;
}

bool page_show(web_exchange *x, ts_str id, ts_error *e) {
    ts_str did = TS_NONE;
    ts_reading_job job = {
        .store = x->store, .id = id, .who = x->who, .now = x->now, .packs = x->packs};
    int kind;
    if (!wanted(x, &kind, e) || !instant(x, &job.at, e)) return false;
    job.operator_id = x->known ? x->token.operator_id : TS_NONE;
    job.as_operator = job.operator_id.n ? web_eyes(x, job.operator_id) : 0;
    if (kind >= 0) return negotiated(x, &job, (ts_export_kind)kind, e);
    if (!web_did_document(x, &did, e)) return false;
    job.did = did;
    return as_page(x, &job, e);
}

bool page_refuse(web_exchange *x, int status, const char *title, ts_str what, ts_error *e) {
    ts_buf b = ts_buf_new(x->a, 1 << 20);
    page p = {.x = x, .a = x->a, .b = &b, .c = web_catalogue(x)};
    ts_str text = ts_str_clip(what, 2000);
    x->status = status;
    if (!page_wanted(x))
        return ts_fail(e, TS_E_NOT_FOUND, "no passport is kept here for this address");
    page_open(&p, page_say(&p, title));
    ts_html(
        &b,
        "<section class=\"head\">\n<div class=\"title\"><h1>%h</h1>\n<p class=\"code\">%h</p>\n",
        page_say(&p, title), text);
    ts_html(&b, "<p>%h</p>\n</div>\n</section>\n",
            page_say(&p, status == 404 ? "page.missing.text" : "page.bad.text"));
    page_close(&p);
    web_reply(x, status, "text/html; charset=utf-8", ts_buf_str(&b));
    return true;
}
