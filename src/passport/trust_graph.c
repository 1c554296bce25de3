/* A passport's claims against the conformity credentials that attest them. */
#include "verify_part.h"

enum { CLAIMS_MAX = 1000, LINKS_MAX = 16, CRITERIA_MAX = 64, COMPARED_MAX = 20000000 };

/* One claim of the passport, while it is judged. */
typedef struct claim {
    const ts_json *node;
    ts_str id, name;
    const ts_json *wanted[CRITERIA_MAX]; /* criteria, or topics where there are none */
    size_t wanted_n;
    const char *by; /* "assessmentCriteria" or "conformityTopic": where an assessment names them */
    bool too_many;
    size_t links;
    ts_verdict verdict;
} claim;

typedef struct graph {
    verify_run *r;
    verify_item *passport;
    ts_product_id product;
    const ts_json *related; /* the product's documents */
} graph;

static ts_str text_of(const ts_json *object, const char *name) {
    return ts_json_str(ts_json_get(object, ts_str_c(name)));
}
static const ts_json *subject_of(const verify_item *it) {
    return it->c.credential.subjects.n ? it->c.credential.subjects.v[0] : 0;
}

/* The graph's work is bounded: a hostile dossier may name very much. */
static bool spend(verify_run *r) { return r->compared++ < COMPARED_MAX; }

/* ---- What a claim asks for ---- */

static void want(claim *c, const ts_json *list) {
    TS_JSON_EACH(v, list) {
        if (!text_of(v, "id").n) continue;
        if (c->wanted_n == CRITERIA_MAX) {
            c->too_many = true;
            return;
        }
        c->wanted[c->wanted_n++] = v;
    }
}

static void read_claim(const ts_json *node, claim *c) {
    *c = (claim){.node = node,
                 .id = text_of(node, "id"),
                 .name = text_of(node, "name"),
                 .by = "assessmentCriteria"};
    want(c, ts_json_member(node, "referenceCriteria"));
    if (!c->wanted_n) {
        c->by = "conformityTopic";
        want(c, ts_json_member(node, "conformityTopic"));
    }
}

/* ---- What a certificate says ---- */

/* What its assessments say about this product and this claim. */
typedef struct said {
    bool names_products, about, perhaps_about, denied, silent, exhausted;
    ts_str another; /* the first product that it names */
    uint64_t found; /* of the claim's criteria: those that it says the product keeps */
} said;

static bool assesses(graph *g, const ts_json *assessment, said *s) {
    bool about = false;
    TS_JSON_EACH(v, ts_json_member(assessment, "assessedProduct")) {
        ts_str id = text_of(ts_json_member(v, "product"), "id");
        if (!spend(g->r)) return s->exhausted = true, false;
        ts_answer covers = verify_covers(g->r, id, &g->product);
        if (!s->names_products) s->another = id;
        s->names_products = true;
        s->perhaps_about |= covers == TS_OPEN;
        about |= covers == TS_YES;
    }
    s->about |= about;
    return about;
}

/* One criterion that an assessment names. False: no more can be compared. */
static bool conformance(const ts_json *assessment, const ts_json *named, const claim *c,
                        verify_run *r, said *s) {
    const ts_json *outcome = ts_json_member(assessment, "conformance");
    bool yes = ts_json_is(outcome, TS_JSON_TRUE), no = ts_json_is(outcome, TS_JSON_FALSE);
    ts_str id = text_of(named, "id");
    if (!spend(r)) s->exhausted = true;
    for (size_t i = 0; i < c->wanted_n && !s->exhausted; i++) {
        if (!spend(r)) s->exhausted = true;
        if (!ts_str_eq(id, text_of(c->wanted[i], "id"))) continue;
        s->denied |= no;
        s->silent |= !yes && !no;
        if (yes) s->found |= 1ull << i;
    }
    return !s->exhausted;
}

static said listen(graph *g, const verify_item *certificate, const claim *c) {
    said s = {0};
    TS_JSON_EACH(a, ts_json_member(subject_of(certificate), "conformityAssessment")) {
        s.exhausted |= !spend(g->r);
        if (s.exhausted) break;
        if (!assesses(g, a, &s)) continue;
        TS_JSON_EACH(named, ts_json_get(a, ts_str_c(c->by)))
        if (!conformance(a, named, c, g->r, &s)) break;
    }
    return s;
}

static bool all_found(const claim *c, const said *s) {
    uint64_t all = c->wanted_n == 64 ? UINT64_MAX : (1ull << c->wanted_n) - 1;
    return c->wanted_n && s->found == all;
}

/* About the product at all? */
static bool is_about(graph *g, const said *s, ts_verdict *d) {
    if (s->exhausted)
        verify_set(g->r->a, d, TS_OPEN, "the dossier names more than can be compared");
    else if (!s->names_products)
        verify_set(g->r->a, d, TS_OPEN, "the certificate names no product");
    else if (!s->about && s->perhaps_about)
        verify_set(g->r->a, d, TS_OPEN,
                   "the certificate is about %s, and whether that is this "
                   "product cannot be told",
                   SHOW(s->another));
    else if (!s->about)
        verify_set(g->r->a, d, TS_NO, "the certificate is about another product, %s",
                   SHOW(s->another));
    return s->about && !s->exhausted;
}

static bool says_yes(graph *g, const claim *c, const said *s, ts_verdict *d) {
    if (s->denied)
        verify_set(g->r->a, d, TS_NO, "the product is attested as NOT conforming");
    else if (c->too_many)
        verify_set(g->r->a, d, TS_OPEN, "the claim has more than %d criteria", CRITERIA_MAX);
    else if (!c->wanted_n)
        verify_set(g->r->a, d, TS_OPEN, "the claim names neither criterion nor topic");
    else if (!all_found(c, s) && s->silent)
        verify_set(g->r->a, d, TS_OPEN,
                   "the certificate does not say whether the product conforms");
    else if (!all_found(c, s))
        verify_set(g->r->a, d, TS_OPEN,
                   "the certificate says nothing on some of what the claim is about");
    else
        return true;
    return false;
}

/* ---- A claim and a certificate ---- */

static bool is_self_declared(const graph *g, const verify_item *it) {
    return ts_str_eq(it->c.credential.issuer, g->passport->c.credential.issuer) ||
           ts_str_is(text_of(subject_of(it), "assessorLevel"), "self");
}

/* What holds of the certificate whatever the claim: it is the linked one, and genuine. */
static bool certificate_stands(verify_run *r, verify_item *it, const ts_json *link, ts_verdict *d) {
    *d = verify_digest(r, it, text_of(link, "digestMultibase"));
    if (d->answer != TS_YES) return false;
    *d = verify_sound(r, it);
    if (d->answer != TS_YES) return false;
    if (it->c.type == TS_UNTP_DCC) return true;
    return verify_set(r->a, d, TS_OPEN, "it is no conformity credential"), false;
}

static ts_verdict attest(graph *g, const claim *c, verify_item *it, const ts_json *link) {
    verify_run *r = g->r;
    ts_verdict d = {0};
    if (!certificate_stands(r, it, link, &d)) return d;
    said s = listen(g, it, c);
    if (!is_about(g, &s, &d) || !says_yes(g, c, &s, &d)) return d;
    if (is_self_declared(g, it)) {
        verify_set(r->a, &d, TS_OPEN, "it is the issuer's own declaration, not a third party's");
        return d;
    }
    d = verify_accredited(r, it);
    if (d.answer == TS_YES)
        verify_set(r->a, &d, TS_YES, "attested by %s (%s)", SHOW(it->c.credential.issuer),
                   SHOW(d.reason));
    return d;
}

static void draw_attestation(graph *g, const claim *c, verify_item *it, const ts_verdict *d) {
    ts_str to = c->id.n ? c->id : g->product.given;
    ts_trust_edge *e = verify_edge(g->r, TS_EDGE_ATTESTS, it->c.credential.issuer, to, it);
    e->what = text_of(ts_json_member(subject_of(it), "referenceScheme"), "name");
    e->verdict = *d;
    if (!it->c.of.n) it->c.of = to;
}

/* The best of what one link leads to: a copy that is wrong cannot harm a right one. */
static ts_verdict follow(graph *g, const claim *c, const ts_json *link) {
    ts_verdict best = {0};
    ts_error e = {0};
    verify_item *it;
    size_t n = 0;
    for (; n < LINKS_MAX && (it = verify_follow(g->r, link, n, &e)); n++) {
        ts_verdict d = attest(g, c, it, link);
        draw_attestation(g, c, it, &d);
        if (n == 0 || verify_worse(best.answer, d.answer)) best = d;
    }
    if (n) return best;
    verify_set(g->r->a, &best, TS_OPEN, "the evidence %s is not in the dossier: %s",
               SHOW(text_of(link, "linkURL")), e.msg);
    best.cure = TS_S("add the credential to the dossier");
    return best;
}

/* Failed evidence fails the claim; else one that attests it is enough. */
static void add_verdict(claim *c, const ts_verdict *d) {
    bool first = !c->verdict.reason.n;
    if (first || d->answer == TS_NO || (d->answer == TS_YES && c->verdict.answer == TS_OPEN))
        if (c->verdict.answer != TS_NO) c->verdict = *d;
}

static bool speaks_of_conformity(const ts_json *link) {
    ts_str type = text_of(link, "linkType");
    return ts_str_ifind(type, TS_S("conformity")) != TS_NPOS || ts_str_ends(type, TS_S("/dcc")) ||
           ts_str_ends(type, TS_S(":dcc")) || ts_str_is(type, "dcc");
}

/* The product's own documents: one that attests the claim counts, and one that is wrong. */
static void consult_documents(graph *g, claim *c) {
    size_t n = 0;
    TS_JSON_EACH(link, g->related) {
        if (!speaks_of_conformity(link)) continue;
        if (n++ == LINKS_MAX) return;
        ts_verdict d = follow(g, c, link);
        if (d.answer == TS_OPEN) continue;
        add_verdict(c, &d);
        c->links += d.answer == TS_YES;
    }
}

static void judge_claim(graph *g, claim *c) {
    TS_JSON_EACH(link, ts_json_member(c->node, "evidence")) {
        if (c->links == LINKS_MAX) break;
        ts_verdict d = follow(g, c, link);
        add_verdict(c, &d);
        c->links++;
    }
    consult_documents(g, c);
    if (!c->verdict.reason.n)
        verify_set(g->r->a, &c->verdict, TS_OPEN, "the claim names no evidence");
    ts_trust_edge *e = verify_edge(g->r, TS_EDGE_CLAIMS, g->passport->c.credential.issuer,
                                   g->product.given, g->passport);
    e->what = c->name;
    e->verdict = c->verdict;
}

/* ---- All claims ---- */

typedef struct tally {
    size_t claims, with_evidence, attested, failed;
    ts_verdict wrong, open; /* the first of each */
} tally;

static void count(tally *t, const claim *c) {
    t->claims++;
    t->with_evidence += c->links > 0 || c->verdict.answer == TS_NO;
    t->attested += c->verdict.answer == TS_YES;
    if (c->verdict.answer == TS_NO && !t->failed++) t->wrong = c->verdict;
    if (c->verdict.answer == TS_OPEN && c->links && !t->open.reason.n) t->open = c->verdict;
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

static void sum_up(verify_run *r, const tally *t, ts_verdict *d) {
    size_t bare = t->claims - t->with_evidence;
    size_t open = t->with_evidence - t->attested - t->failed;
    ts_str rest = bare ? verify_say(r->a, ", %zu without evidence", bare) : TS_NONE;
    ts_str head = verify_say(r->a, "%zu claim%s, %zu attested by third parties", t->claims,
                             plural(t->claims), t->attested);
    if (!t->claims)
        verify_set(r->a, d, TS_OPEN, "it makes no claim that could be attested");
    else if (t->failed)
        verify_set(r->a, d, TS_NO, "%.*s, %zu failed%.*s: %.*s", TS_P(head), t->failed, TS_P(rest),
                   TS_P(t->wrong.reason));
    else if (!t->with_evidence)
        verify_set(r->a, d, TS_OPEN, "%zu claim%s, none with evidence", t->claims,
                   plural(t->claims));
    else if (open)
        verify_set(r->a, d, TS_OPEN, "%.*s, %zu not%.*s: %.*s", TS_P(head), open, TS_P(rest),
                   TS_P(t->open.reason));
    else
        verify_set(r->a, d, TS_YES, "%.*s%.*s", TS_P(head), TS_P(rest));
    d->cure = t->failed ? t->wrong.cure : open ? t->open.cure : TS_NONE;
}

void verify_claims(verify_run *r, verify_item *passport) {
    const ts_json *product = subject_of(passport);
    graph g = {.r = r, .passport = passport, .related = ts_json_member(product, "relatedDocument")};
    tally t = {0};
    claim c;
    verify_product(r, text_of(product, "id"), &g.product);
    TS_JSON_EACH(node, ts_json_member(product, "performanceClaim")) {
        if (node->type != TS_JSON_OBJECT) continue;
        if (t.claims == CLAIMS_MAX) break;
        read_claim(node, &c);
        judge_claim(&g, &c);
        count(&t, &c);
    }
    sum_up(r, &t, &passport->c.step[TS_STEP_ATTESTATIONS]);
    if (t.claims == CLAIMS_MAX && passport->c.step[TS_STEP_ATTESTATIONS].answer == TS_YES)
        verify_set(r->a, &passport->c.step[TS_STEP_ATTESTATIONS], TS_OPEN,
                   "it makes %d claims or more; the others were not looked at", CLAIMS_MAX);
}
