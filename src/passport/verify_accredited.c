/* Who stands behind an issuer: accreditation from body to body up to somebody whom the user trusts,
 * and the registers that tell who a DID is. */
#include "verify_part.h"

/* ---- What a credential says about somebody ---- */

static const ts_json *subject_of(const verify_item *it) {
    return it->c.credential.subjects.n ? it->c.credential.subjects.v[0] : 0;
}
static ts_str text_of(const ts_json *object, const char *name) {
    return ts_json_str(ts_json_get(object, ts_str_c(name)));
}

static bool anchors(const verify_item *it, ts_str did, bool accreditation) {
    const ts_json *s = subject_of(it);
    bool accredits = ts_str_is(text_of(s, "registerType"), "accreditation");
    return it->c.type == TS_UNTP_DIA && ts_str_eq(text_of(s, "id"), did) &&
           accredits == accreditation;
}

/* A conformity credential that assessed the organisation itself. */
static bool assessed(const verify_item *it, ts_str did) {
    if (it->c.type != TS_UNTP_DCC) return false;
    TS_JSON_EACH(a, ts_json_member(subject_of(it), "conformityAssessment")) {
        const ts_json *who = ts_json_member(a, "assessedOrganisation");
        if (ts_str_eq(text_of(who, "id"), did)) return true;
    }
    return false;
}

/* Whether it says that `did` is accredited. A certificate about an organisation is that only from
 * somebody whom the user trusts as an accreditation body: what an accredited laboratory certifies
 * makes nobody a laboratory. */
static bool accredits(const verify_run *r, const verify_item *it, ts_str did) {
    ts_str issuer = it->c.credential.issuer;
    if (it->broken.n || !did.n || ts_str_eq(issuer, did)) return false;
    return anchors(it, did, true) || (verify_trusted(r, issuer) && assessed(it, did));
}

/* "register NAME, no. 123" or the scheme of a certificate. */
static ts_str what_of(verify_run *r, const verify_item *it) {
    const ts_json *s = subject_of(it);
    if (it->c.type == TS_UNTP_DIA)
        return verify_say(r->a, "%s, %s", SHOW(text_of(ts_json_member(s, "idScheme"), "name")),
                          SHOW(text_of(s, "registeredId")));
    return text_of(ts_json_member(s, "referenceScheme"), "name");
}

/* ---- The search ---- */

/* From the issuer upwards, breadth first. */
typedef struct rung {
    ts_str did;
    size_t below; /* the rung it was reached from */
    verify_item *by;
    unsigned height;
} rung;
typedef struct ladder {
    rung *v;
    size_t n, cap;
} ladder;

static bool on_ladder(const ladder *l, ts_str did) {
    for (size_t i = 0; i < l->n; i++)
        if (ts_str_eq(l->v[i].did, did)) return true;
    return false;
}

/* The chain that was found: its edges hold, and its credentials are named. */
static void mark_chain(verify_run *r, const ladder *l, size_t at, const verify_item *top,
                       ts_strs *below) {
    for (const verify_item *by = top;; by = l->v[at].by, at = l->v[at].below) {
        ts_trust_edge *e =
            verify_edge(r, TS_EDGE_ACCREDITS, by->c.credential.issuer, l->v[at].did, by);
        verify_set(r->a, &e->verdict, TS_YES, "up to %s, who is trusted",
                   SHOW(top->c.credential.issuer));
        ts_strs_add(r->a, below, by->c.credential.id);
        if (at == 0) return;
    }
}

static bool climb(verify_run *r, ladder *l, size_t at, ts_strs *below, ts_str *top) {
    for (size_t i = 0; i < r->items.n; i++) {
        verify_item *it = r->items.v[i];
        ts_str did = l->v[at].did, issuer = it->c.credential.issuer;
        if (!accredits(r, it, did)) continue;
        ts_trust_edge *e = verify_edge(r, TS_EDGE_ACCREDITS, issuer, did, it);
        e->what = what_of(r, it);
        e->verdict = verify_sound(r, it);
        if (e->verdict.answer != TS_YES) continue;
        if (verify_trusted(r, issuer)) {
            *top = issuer;
            return mark_chain(r, l, at, it, below), true;
        }
        verify_set(r->a, &e->verdict, TS_OPEN, "nobody trusted stands behind %s", SHOW(issuer));
        if (l->v[at].height + 1 < TS_ACCREDITATION_DEPTH && !on_ladder(l, issuer))
            *ts_push(r->a, l) =
                (rung){.did = issuer, .below = at, .by = it, .height = l->v[at].height + 1};
    }
    return false;
}

static ts_verdict search(verify_run *r, ts_str did, ts_strs *below) {
    ladder l = {0};
    ts_str top = TS_NONE;
    ts_verdict d = {0};
    *ts_push(r->a, &l) = (rung){.did = did};
    for (size_t at = 0; at < l.n; at++)
        if (climb(r, &l, at, below, &top)) {
            verify_set(r->a, &d, TS_YES, "%s is accredited, up to %s", SHOW(did), SHOW(top));
            return d;
        }
    verify_set(r->a, &d, TS_OPEN,
               "the accreditation of %s could not be checked: nobody trusted stands behind it",
               SHOW(did));
    d.cure = verify_say(r->a,
                        "add the credential that accredits it to the dossier, or trust it "
                        "yourself: --trust %s",
                        SHOW(did));
    return d;
}

/* ---- What the credential itself names as its authorisation ---- */

/* The evidence of one authorisation; failed when it is there and wrong. */
static ts_verdict endorsement(verify_run *r, const verify_item *it, const ts_json *authorisation) {
    const ts_json *link = ts_json_member(authorisation, "endorsementEvidence");
    ts_str authority = text_of(ts_json_member(authorisation, "issuingAuthority"), "id");
    ts_verdict d = {0};
    ts_error e = {0};
    verify_item *found = link ? verify_follow(r, link, 0, &e) : 0;
    if (!found) return d;
    d = verify_sound(r, found);
    if (d.answer == TS_YES) d = verify_digest(r, found, text_of(link, "digestMultibase"));
    if (d.answer == TS_YES && !ts_str_eq(found->c.credential.issuer, authority))
        verify_set(r->a, &d, TS_NO, "it is by %s, not by %s", SHOW(found->c.credential.issuer),
                   SHOW(authority));
    if (d.answer == TS_YES && !anchors(found, it->c.credential.issuer, true) &&
        !assessed(found, it->c.credential.issuer))
        verify_set(r->a, &d, TS_NO, "it does not accredit %s", SHOW(it->c.credential.issuer));
    return d;
}

/* The first authorisation that is there and wrong. */
static ts_verdict wrong_endorsement(verify_run *r, const verify_item *it) {
    size_t n = 0;
    TS_JSON_EACH(authorisation, ts_json_member(subject_of(it), "authorisation")) {
        if (n++ >= TS_DOSSIER_FETCHES) break;
        ts_verdict d = endorsement(r, it, authorisation);
        if (d.answer == TS_NO) return d;
    }
    return (ts_verdict){0};
}

ts_verdict verify_accredited(verify_run *r, verify_item *it) {
    ts_str issuer = it->c.credential.issuer;
    ts_verdict *d = &it->accredited;
    if (it->weighed) return *d;
    it->weighed = true;
    if (verify_trusted(r, issuer)) {
        verify_set(r->a, d, TS_YES, "%s is trusted", SHOW(issuer));
        return *d;
    }
    ts_verdict wrong = wrong_endorsement(r, it);
    *d = search(r, issuer, &it->c.below);
    if (d->answer == TS_OPEN && wrong.answer == TS_NO)
        verify_set(r->a, d, TS_NO, "the accreditation that it names is wrong: %.*s",
                   TS_P(wrong.reason));
    return *d;
}

/* ---- Identity ---- */

static void anchored(verify_run *r, verify_item *it, verify_item *anchor) {
    const ts_credential *c = &anchor->c.credential;
    const ts_json *s = subject_of(anchor);
    ts_verdict *step = &it->c.step[TS_STEP_ISSUER];
    ts_trust_edge *e =
        verify_edge(r, TS_EDGE_IDENTIFIES, c->issuer, it->c.credential.issuer, anchor);
    e->what =
        verify_say(r->a, "%s (%.*s)", SHOW(text_of(s, "registeredName")), TS_P(what_of(r, anchor)));
    e->verdict = verify_sound(r, anchor);
    if (e->verdict.answer != TS_YES) return;
    if (!verify_trusted(r, c->issuer)) {
        verify_set(r->a, &e->verdict, TS_OPEN, "the registrar %s is not trusted", SHOW(c->issuer));
        e->verdict.cure = verify_say(r->a, "trust it: --trust %s", SHOW(c->issuer));
        return;
    }
    verify_set(r->a, &e->verdict, TS_YES, "the registrar %s is trusted", SHOW(c->issuer));
    if (step->answer == TS_YES)
        step->reason = verify_say(r->a, "%.*s; registered as %.*s, says %s", TS_P(step->reason),
                                  TS_P(e->what), SHOW(c->issuer));
}

void verify_identity(verify_run *r, verify_item *it) {
    ts_str issuer = it->c.credential.issuer;
    for (size_t i = 0; issuer.n && i < r->items.n; i++)
        if (!r->items.v[i]->broken.n && anchors(r->items.v[i], issuer, false))
            anchored(r, it, r->items.v[i]);
}
