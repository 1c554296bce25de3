#include "lead_out.h"

#include <stdio.h>

#include "shown.h"
#include "text/text.h"

static const char *const effect_names[] = {"unknown", "own_decision", "presumed_noncompliant",
                                           "foreign_information_only"};
const char *ts_legal_effect_name(ts_legal_effect e) { return effect_names[e]; }

const char *ts_scope_fit_name(ts_answer inside) {
    return inside == TS_YES ? "inside" : inside == TS_NO ? "outside" : "cannot_be_told";
}

ts_legal_effect ts_legal_effect_of(const ts_notice *n, ts_str market) {
    ts_str where = ts_notice_jurisdiction(n);
    market = ts_str_trim(market);
    if (!market.n || !where.n) return TS_EFFECT_UNKNOWN;
    bool market_in_eu = ts_str_ieq(market, TS_S("EU")) || ts_country_in_eu(market);
    if (ts_str_ieq(n->country, market) || (ts_str_ieq(where, market) && !ts_str_is(where, "EU")))
        return TS_EFFECT_OWN_DECISION;
    bool notice_in_eu = ts_str_is(where, "EU")
                            ? !n->country.n || n->country.n != 2 || ts_country_in_eu(n->country)
                            : ts_country_in_eu(where);
    return market_in_eu && notice_in_eu ? TS_EFFECT_PRESUMED : TS_EFFECT_FOREIGN;
}

/* Product types are ids in the evidence and words for people. */
static ts_str type_words(const ts_catalogue *c, const char *what, ts_str id) {
    if (strncmp(what, "type_", 5) != 0) return id;
    ts_lang3 lang = c->language[0] == 'd' ? TS_DE : c->language[0] == 'z' ? TS_ZH : TS_EN;
    for (unsigned t = 0; t < ts_type_count(); t++)
        if (ts_str_eq(ts_type_id(t), id)) return ts_type_name(t, lang);
    return id;
}

void lead_reason_key(char out[64], const char *what) {
    bool shown = strncmp(what, "passport_", 9) == 0;
    snprintf(out, 64, "%s.%.40s", shown ? "offered" : "evidence", shown ? what + 9 : what);
}

void lead_scope_key(char out[64], const char *why) {
    bool shown = strncmp(why, "passport_", 9) == 0;
    snprintf(out, 64, "%s.%.40s", shown ? "affected.why" : "scope", shown ? why + 9 : why);
}

ts_str ts_evidence_text(ts_arena *a, const ts_catalogue *c, const ts_evidence *e) {
    char key[64];
    lead_reason_key(key, e->what);
    const ts_fill fill[] = {{"offer", type_words(c, e->what, e->offer)},
                            {"notice", type_words(c, e->what, e->notice)}};
    return ts_say_with(a, c, key, fill, 2);
}

ts_str ts_notice_label(ts_arena *a, const ts_notice *n) {
    ts_buf b = ts_buf_new(a, 400);
    ts_str words[2] = {n->product, n->name};
    bool said = n->brands.n && (ts_str_istarts(n->product, n->brands.v[0]) ||
                                (!n->product.n && ts_str_istarts(n->name, n->brands.v[0])));
    if (n->brands.n && !said) ts_buf_put(&b, ts_str_clip(n->brands.v[0], 60));
    for (int i = 0; i < 2; i++) {
        if (!words[i].n || (i == 1 && ts_str_ifind(n->product, n->name) != TS_NPOS)) continue;
        if (b.n) ts_buf_c(&b, ' ');
        ts_buf_put(&b, ts_str_clip(words[i], 120));
    }
    if (!b.n) ts_buf_put(&b, ts_str_clip(n->title, 160));
    if (n->models.n && ts_str_ifind(ts_buf_str(&b), n->models.v[0]) == TS_NPOS) {
        ts_buf_c(&b, ' ');
        ts_buf_put(&b, ts_str_clip(n->models.v[0], 40));
    }
    return ts_buf_str(&b);
}

/* The piece of `text` whose folded letters and digits are the key. */
static ts_str as_written(ts_arena scratch, ts_str text, ts_str key) {
    ts_tokens t = ts_tokenise(&scratch, ts_str_clip(text, 20000), true);
    for (size_t from = 0; from < t.n && key.n; from++) {
        size_t at = 0, i = from;
        for (; i < t.n && at < key.n; i++) {
            ts_str word = ts_token_text(&t, i);
            if (!ts_str_starts(ts_str_from(key, at), word)) break;
            at += word.n;
        }
        if (at < key.n) continue;
        size_t first = t.origin[t.v[from].at], last = t.origin[t.v[i - 1].at + t.v[i - 1].n - 1];
        ts_utf8_next(text, &last);
        return (ts_str){text.p + first, last - first};
    }
    return TS_NONE;
}

static ts_str any_as_written(ts_arena scratch, const ts_strs *l, ts_str key) {
    for (size_t i = 0; i < l->n; i++) {
        ts_str s = as_written(scratch, l->v[i], key);
        if (s.n) return s;
    }
    return TS_NONE;
}

/* Brands and model numbers as offer and notice write them, not as they are compared. */
static ts_evidence spelt(ts_arena scratch, const ts_lead_record *r, ts_evidence e) {
    bool brand = strncmp(e.what, "brand_", 6) == 0 || strcmp(e.what, "counterfeit_of_brand") == 0;
    if (!brand && strncmp(e.what, "model_", 6) != 0) return e;
    const ts_offer *o = r->offer;
    const ts_notice *n = r->notice;
    ts_str own[] = {o->title, brand ? o->brand : o->model, o->description},
           other[] = {n->name, n->product};
    const ts_strs mine = {own, 3, 3}, names = {other, 2, 2};
    ts_str here = any_as_written(scratch, &mine, e.offer),
           there = any_as_written(scratch, brand ? &n->brands : &n->models, e.notice);
    if (!there.n) there = any_as_written(scratch, &names, e.notice);
    return (ts_evidence){e.what, here.n ? here : e.offer, there.n ? there : e.notice, e.weight};
}

static void put_evidence(ts_jsonw *w, ts_arena scratch, const char *name, const ts_lead_record *r,
                         const ts_evidences *l, const ts_catalogue *c) {
    ts_jsonw_key(w, name);
    ts_jsonw_array(w);
    for (size_t i = 0; i < l->n; i++) {
        ts_arena a = scratch;
        ts_evidence e = spelt(scratch, r, l->v[i]);
        ts_jsonw_object(w);
        ts_jsonw_kstr(w, "what", ts_str_c(e.what));
        ts_jsonw_kstr_opt(w, "offer", e.offer);
        ts_jsonw_kstr_opt(w, strncmp(e.what, "passport_", 9) ? "notice" : "passport", e.notice);
        ts_jsonw_key(w, "weight");
        ts_jsonw_f64(w, e.weight, 2);
        ts_jsonw_kstr(w, "text", ts_evidence_text(&a, c, &e));
        ts_jsonw_end(w);
    }
    ts_jsonw_end(w);
}

static void put_notice(ts_jsonw *w, ts_arena scratch, const ts_notice *n) {
    char iso[16];
    ts_jsonw_key(w, "notice");
    if (!n) {
        ts_jsonw_null(w);
        return;
    }
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", n->id);
    ts_jsonw_kstr(w, "source", n->source);
    ts_jsonw_kstr_opt(w, "number", n->number);
    ts_jsonw_kstr(w, "label", ts_notice_label(&scratch, n));
    ts_jsonw_kstrs_opt(w, "brands", &n->brands);
    ts_jsonw_kstrs_opt(w, "models", &n->models);
    ts_jsonw_kstr_opt(w, "product", n->product);
    ts_jsonw_kstr_opt(w, "name", n->name);
    ts_jsonw_kstrs_opt(w, "risks", &n->risks);
    ts_jsonw_kstr_opt(w, "hazard", ts_str_clip(n->hazard, 300));
    ts_jsonw_kstr(w, "risk_level", ts_str_c(ts_risk_level_name(n->risk_level)));
    ts_jsonw_kstr(w, "kind", ts_str_c(ts_notice_kind_name(n->kind)));
    ts_jsonw_kstr(w, "state", ts_str_c(ts_notice_state_name(n->state)));
    ts_jsonw_kstr_opt(w, "country", n->country);
    ts_jsonw_kstr_opt(w, "published", ts_day_iso(n->published, iso));
    ts_jsonw_kstr_opt(w, "url", n->url);
    ts_jsonw_end(w);
}

double ts_lead_rank(const ts_lead_record *r) { return r->shown ? 1 : r->lead->probability; }

static void put_likelihood(ts_jsonw *w, const ts_lead_record *r) {
    ts_jsonw_key(w, "probability");
    if (r->unjudged)
        ts_jsonw_null(w);
    else
        ts_jsonw_f64(w, r->lead->probability, 4);
}

/* What the notice covers, and what it means where the offer is. */
static void put_reach(ts_jsonw *w, const ts_lead_record *r, const ts_catalogue *c) {
    char why[48], key[64];
    bool own = strncmp(r->scope.reason, "scope.", 6) == 0;
    snprintf(why, sizeof why, "%s%s", own ? "" : "passport_", r->scope.reason + (own ? 6 : 0));
    lead_scope_key(key, why);
    ts_jsonw_kstr(w, "scope_fit", ts_str_c(ts_scope_fit_name(r->scope.inside)));
    ts_jsonw_kstr(w, "scope_why", ts_str_c(why));
    ts_jsonw_kstr(w, "scope_reason", ts_say(c, key));
    ts_jsonw_kstr(w, "legal_effect", ts_str_c(ts_legal_effect_name(r->effect)));
}

void ts_lead_write(ts_jsonw *w, ts_arena scratch, const ts_lead_record *r, const ts_catalogue *c) {
    ts_jsonw_object(w);
    ts_jsonw_kstr(w, "id", (ts_str){r->id, 10});
    ts_jsonw_kstr(w, "source", r->source);
    ts_offer o = *r->offer;
    o.description = ts_str_clip(o.description, 600);
    if (o.attributes.n > 12) o.attributes.n = 12;
    ts_jsonw_key(w, "offer");
    ts_offer_write(w, &o);
    put_notice(w, scratch, r->notice);
    put_likelihood(w, r);
    ts_jsonw_kstr(w, "grade", ts_str_c(ts_grade_name(r->lead->grade)));
    ts_jsonw_kstr(w, "rung", ts_str_c(ts_rung_name(r->lead->rung)));
    if (r->notice) put_reach(w, r, c);
    if (r->shown) {
        ts_jsonw_kstr(w, "basis", TS_S("passport"));
        ts_jsonw_key(w, "passport");
        shown_write(w, r->shown);
    }
    put_evidence(w, scratch, "agree", r, &r->lead->agree, c);
    put_evidence(w, scratch, "conflict", r, &r->lead->conflict, c);
    ts_jsonw_kstr(w, "model", r->lead->model);
    ts_jsonw_end(w);
}
