/* Who signed: tokens and proofs against the keys that the issuer (or holder) lists. */
#include "verify_part.h"

enum { KEYS_TRIED = 8 };

/* What a signature says of itself. */
typedef struct signer {
    ts_str method; /* verification method, absolute */
    int64_t at;    /* when it says it was made; TS_NO_TIME: it does not say */
} signer;

/* One signature, judged. */
typedef struct outcome {
    ts_verdict signature, issuer;
} outcome;

static bool is_presentation(const verify_item *it) {
    return it->c.credential.kind == TS_VC_PRESENTATION;
}
static const char *party(const verify_item *it) {
    return is_presentation(it) ? "holder" : "issuer";
}
static unsigned purpose_bit(const verify_item *it) {
    return is_presentation(it) ? TS_DID_AUTHENTICATION : TS_DID_ASSERTION;
}
static const char *purpose_name(const verify_item *it) {
    return is_presentation(it) ? "authentication" : "assertionMethod";
}

/* ---- Keys ---- */

static bool passed(ts_str date, int64_t now, int64_t *t) {
    return date.n && ts_stamp_parse(date, t) && now >= *t;
}

/* A key that is not in use any more still stands for what was signed before; when that was, only
 * the signer says, which is not enough once the key was revoked. */
static bool key_retired(verify_run *r, const ts_did_method *m, const signer *s, ts_verdict *d) {
    int64_t t = 0;
    if (passed(m->revoked, r->o->now, &t)) {
        if (s->at != TS_NO_TIME && s->at < t)
            verify_set(r->a, d, TS_OPEN,
                       "the key %s was revoked on %s; the signature says that it is older, and "
                       "nobody else does",
                       SHOW(m->id), WHEN(t));
        else
            verify_set(r->a, d, TS_NO, "the key %s was revoked on %s", SHOW(m->id), WHEN(t));
        return true;
    }
    if (!passed(m->expires, r->o->now, &t) || (s->at != TS_NO_TIME && s->at < t)) return false;
    verify_set(r->a, d, s->at == TS_NO_TIME ? TS_OPEN : TS_NO,
               "the key %s was in use until %s, and the signature %s", SHOW(m->id), WHEN(t),
               s->at == TS_NO_TIME ? "does not say when it was made" : "is younger");
    return true;
}

static void own_key(verify_run *r, const verify_item *it, const ts_did_method *m, const signer *s,
                    ts_verdict *d) {
    const ts_credential *c = &it->c.credential;
    bool itself =
        ts_str_starts(c->issuer, TS_S("did:key:")) || ts_str_starts(c->issuer, TS_S("did:jwk:"));
    if (!(m->purposes & purpose_bit(it)))
        verify_set(r->a, d, TS_NO, "%s lists the key %s, but not under %s", SHOW(c->issuer),
                   SHOW(m->id), purpose_name(it));
    else if (key_retired(r, m, s, d))
        return;
    else if (itself)
        verify_set(r->a, d, TS_YES,
                   "the identifier %s is the key itself; who holds it, it does not tell",
                   SHOW(c->issuer));
    else if (c->issuer_name.n)
        verify_set(r->a, d, TS_YES, "%s lists the key under %s; it calls itself \"%s\"",
                   SHOW(c->issuer), purpose_name(it), SHOW(c->issuer_name));
    else
        verify_set(r->a, d, TS_YES, "%s lists the key under %s", SHOW(c->issuer), purpose_name(it));
}

/* The key is under another name than the issuer's. */
static void foreign_key(verify_run *r, const verify_item *it, const signer *s, ts_verdict *d) {
    const ts_credential *c = &it->c.credential;
    ts_did_url u;
    if (!c->issuer.n) {
        verify_set(r->a, d, TS_OPEN, "it names no %s", party(it));
    } else if (!ts_did_parse(c->issuer, &u, 0)) {
        verify_set(r->a, d, TS_OPEN, "the %s %s is no DID: nothing ties the key to it", party(it),
                   SHOW(c->issuer));
        d->cure = TS_S("ask for a credential whose issuer is a DID");
    } else {
        verify_set(r->a, d, TS_NO, "the key %s is not one of the %s, %s", SHOW(s->method),
                   party(it), SHOW(c->issuer));
    }
}

/* The key of that method, or NULL with the reason in o->signature; o->issuer says what the method
 * means for the issuer. */
static const ts_public_key *find_key(verify_run *r, const verify_item *it, const signer *s,
                                     outcome *o) {
    ts_did_url method, issuer;
    if (!ts_did_parse(s->method, &method, 0)) {
        verify_set(r->a, &o->signature, TS_OPEN,
                   "the verification method \"%s\" is no DID URL, and is not looked up",
                   SHOW(s->method));
        foreign_key(r, it, s, &o->issuer);
        if (o->issuer.answer == TS_NO) o->issuer.answer = TS_OPEN;
        return 0;
    }
    bool own =
        ts_did_parse(it->c.credential.issuer, &issuer, 0) && ts_str_eq(issuer.did, method.did);
    verify_document d = verify_did(r, method.did);
    const ts_did_method *m = d.document ? ts_did_find(d.document, s->method) : 0;
    if (!own) {
        foreign_key(r, it, s, &o->issuer);
    } else if (m) {
        own_key(r, it, m, s, &o->issuer);
    } else if (d.document) {
        verify_set(r->a, &o->issuer, TS_NO, "%s lists no key %s", SHOW(method.did),
                   SHOW(s->method));
    } else {
        verify_set(r->a, &o->issuer, TS_OPEN, "%.*s", TS_P(d.why));
        o->issuer.cure = d.cure;
    }
    if (m && m->key.kind != TS_KEY_NONE) return &m->key;
    if (m)
        verify_set(r->a, &o->signature, TS_OPEN, "the key %s is of a kind that is not known here",
                   SHOW(s->method));
    else if (d.document)
        verify_set(r->a, &o->signature, TS_OPEN, "the key %s is not known: %s does not list it",
                   SHOW(s->method), SHOW(method.did));
    else
        verify_set(r->a, &o->signature, TS_OPEN, "%.*s", TS_P(d.why));
    o->signature.cure = d.cure;
    return 0;
}

/* What a check of a signature came to: wrong, or not known here. */
static void judge(verify_run *r, bool ok, const ts_error *e, const signer *s, ts_verdict *d) {
    bool wrong = e->code == TS_E_INPUT;
    if (ok)
        verify_set(r->a, d, TS_YES, "it fits the key %s", SHOW(s->method));
    else
        verify_set(r->a, d, wrong ? TS_NO : TS_OPEN, "%s", e->msg);
}

/* ---- Tokens ---- */

static bool claim_time(const ts_json *root, const char *name, int64_t *out) {
    double x;
    const ts_json *v = ts_json_get(root, ts_str_c(name));
    if (!v) return *out = TS_NO_TIME, true;
    if (!ts_json_f64(v, &x) || x < -1e14 || x > 1e14) return false;
    *out = (int64_t)x;
    return true;
}

bool verify_token_times(const verify_item *it, int64_t *iat, int64_t *nbf, int64_t *exp) {
    const ts_json *root = it->c.credential.root;
    return claim_time(root, "iat", iat) && claim_time(root, "nbf", nbf) &&
           claim_time(root, "exp", exp);
}

/* A registered claim that repeats what the credential says must say the same. */
static bool same_claim(verify_run *r, const ts_json *root, const char *name, const char *of,
                       ts_str value, ts_verdict *d) {
    const ts_json *v = ts_json_get(root, ts_str_c(name));
    if (!v || (v->type == TS_JSON_STRING && (!value.n || ts_str_eq(ts_json_str(v), value))))
        return true;
    verify_set(r->a, d, TS_NO, "the token's claim %s is not the same as its %s", name, of);
    d->at = verify_say(r->a, "payload /%s", name);
    return false;
}

static bool audience_has(const ts_json *aud, ts_str domain) {
    if (ts_str_eq(ts_json_str(aud), domain)) return true;
    TS_JSON_EACH(v, aud)
    if (ts_str_eq(ts_json_str(v), domain)) return true;
    return false;
}

/* What the verifier asked the holder for. */
static bool token_asked(verify_run *r, const ts_json *root, ts_verdict *d) {
    const ts_verify_options *o = r->o;
    if (o->challenge.n && !ts_str_eq(ts_json_str(ts_json_member(root, "nonce")), o->challenge))
        return verify_set(r->a, d, TS_NO, "the presentation's nonce is not the challenge"), false;
    if (o->domain.n && !audience_has(ts_json_member(root, "aud"), o->domain))
        return verify_set(r->a, d, TS_NO, "the presentation is not for this domain (aud)"), false;
    return true;
}

/* Sound claims; *at is when it says it was signed. */
static bool token_claims(verify_run *r, const verify_item *it, int64_t *at, ts_verdict *d) {
    const ts_credential *c = &it->c.credential;
    const ts_json *subject = c->subjects.n == 1 ? c->subjects.v[0] : 0;
    int64_t nbf, exp;
    if (it->token->iss.n && !ts_str_eq(it->token->iss, c->issuer)) {
        verify_set(r->a, d, TS_NO, "the token's header names another %s than its payload",
                   party(it));
        return d->at = TS_S("header /iss"), false;
    }
    if (!same_claim(r, c->root, "iss", party(it), c->issuer, d) ||
        !same_claim(r, c->root, "jti", "id", c->id, d) ||
        !same_claim(r, c->root, "sub", "subject's id", ts_json_str(ts_json_member(subject, "id")),
                    d))
        return false;
    if (!verify_token_times(it, at, &nbf, &exp))
        return verify_set(r->a, d, TS_NO, "iat, nbf or exp of the token is no time"), false;
    if (*at != TS_NO_TIME && *at > r->o->now + VERIFY_SKEW)
        return verify_set(r->a, d, TS_NO, "the token says that it was made in the future, %s",
                          WHEN(*at)),
               false;
    return !is_presentation(it) || token_asked(r, c->root, d);
}

static void token_by(verify_run *r, const verify_item *it, const signer *s, outcome *o) {
    ts_error e = {0};
    const ts_public_key *k = find_key(r, it, s, o);
    if (!k) return;
    const ts_key *key = ts_key_ring_get(r->ring, k, &e);
    if (!key) e.code = TS_E_VERSION;
    judge(r, key && ts_jws_verify(it->token, key, &e), &e, s, &o->signature);
}

/* No key is named: any key that the issuer lists for this and that is of the token's kind. */
static void token_by_any(verify_run *r, const verify_item *it, signer *s, ts_str did, outcome *o) {
    verify_document d = verify_did(r, did);
    size_t tried = 0;
    verify_set(r->a, &o->signature, TS_OPEN, "the token names no key, and %.*s",
               TS_P(d.document ? TS_S("its issuer lists none that it could be") : d.why));
    o->issuer = o->signature;
    o->signature.cure = o->issuer.cure = d.cure;
    for (size_t i = 0; d.document && i < d.document->methods.n && tried < KEYS_TRIED; i++) {
        const ts_did_method *m = &d.document->methods.v[i];
        if (m->key.kind == TS_KEY_NONE || !(m->purposes & purpose_bit(it)) ||
            !ts_str_is(it->token->alg, ts_key_alg(m->key.kind)))
            continue;
        tried++;
        s->method = m->id;
        token_by(r, it, s, o);
        if (o->signature.answer == TS_YES) return;
    }
}

/* The key's absolute name: kid is a DID URL, or relative to the issuer (VC-JOSE-COSE section
 * 3.3.1). Empty: it names none in particular. */
static ts_str method_of(verify_run *r, const verify_item *it, ts_str *did) {
    ts_str kid = it->token->kid, issuer = it->c.credential.issuer;
    ts_did_url u;
    *did = issuer;
    if (!kid.n) return TS_NONE;
    if (ts_did_parse(kid, &u, 0)) return *did = u.did, u.fragment.n ? kid : TS_NONE;
    const ts_str parts[] = {issuer, kid.p[0] == '#' ? TS_NONE : TS_S("#"), kid};
    return ts_str_join(r->a, parts, 3, TS_NONE);
}

static void token_secured(verify_run *r, verify_item *it, outcome *o) {
    const ts_jws *j = it->token;
    signer s = {.at = TS_NO_TIME};
    ts_str did;
    it->c.secured_by =
        verify_say(r->a, "%s (%s)", SHOW(j->alg), is_presentation(it) ? "vp+jwt" : "vc+jwt");
    s.method = method_of(r, it, &did);
    if (!token_claims(r, it, &s.at, &o->signature)) return;
    if (s.method.n)
        token_by(r, it, &s, o);
    else
        token_by_any(r, it, &s, did, o);
    if (!o->signature.at.n) o->signature.at = TS_S("token");
}

/* ---- Proofs ---- */

static bool stated_time(ts_str text, int64_t *t) {
    *t = TS_NO_TIME;
    return text.n && ts_stamp_parse(text, t);
}

/* What a proof says of itself, before its signature. */
static bool proof_stands(verify_run *r, const verify_item *it, const ts_proof *p, int64_t *created,
                         ts_verdict *d) {
    const ts_verify_options *o = r->o;
    bool asked = is_presentation(it);
    int64_t expires;
    if (!ts_str_is(p->purpose, purpose_name(it)))
        return verify_set(r->a, d, TS_NO, "the proof is for \"%s\", not for %s", SHOW(p->purpose),
                          purpose_name(it)),
               false;
    if (stated_time(p->created, created) && *created > o->now + VERIFY_SKEW)
        return verify_set(r->a, d, TS_NO, "the proof says that it was made in the future, %s",
                          WHEN(*created)),
               false;
    if (stated_time(p->expires, &expires) && o->now >= expires)
        return verify_set(r->a, d, TS_NO, "the proof expired on %s", WHEN(expires)), false;
    if (asked && o->challenge.n && !ts_str_eq(p->challenge, o->challenge))
        return verify_set(r->a, d, TS_NO, "the proof's challenge is not the one that was asked"),
               false;
    /* VC Data Integrity section 4.4: the same set of strings */
    if (asked && o->domain.n && (p->domains.n != 1 || !ts_str_eq(p->domain, o->domain)))
        return verify_set(r->a, d, TS_NO, "the proof is not for this domain"), false;
    return true;
}

static void proof_by(verify_run *r, const verify_item *it, const ts_proofs *proofs, size_t i,
                     outcome *o) {
    const ts_proof *p = &proofs->v[i];
    signer s = {.method = p->verification_method};
    ts_error e = {0};
    const ts_public_key *k = 0;
    if (!proof_stands(r, it, p, &s.at, &o->signature)) return;
    if (!(k = find_key(r, it, &s, o))) return;
    const ts_key *key = ts_key_ring_get(r->ring, k, &e);
    if (!key) e.code = TS_E_VERSION;
    bool ok = key && ts_proof_verify(*r->a, it->c.credential.root, proofs, i, key, &e);
    judge(r, ok, &e, &s, &o->signature);
}

/* "proof 2 of 3: …", and its place. */
static void number_proof(verify_run *r, ts_verdict *d, size_t i, size_t n) {
    if (n > 1) d->reason = verify_say(r->a, "proof %zu of %zu: %.*s", i + 1, n, TS_P(d->reason));
    d->at = n > 1 ? verify_say(r->a, "/proof/%zu", i) : TS_S("/proof");
}

/* A proof of another kind than Data Integrity's: its name, or empty. */
static ts_str other_proof(const ts_json *v) {
    ts_str type = ts_json_str(ts_json_member(v, "type")), found;
    if (ts_json_is(v, TS_JSON_OBJECT))
        return ts_str_is(type, "DataIntegrityProof") ? TS_NONE : type;
    TS_JSON_EACH(proof, v)
    if ((found = other_proof(proof)).n) return found;
    return TS_NONE;
}

static void unsecured(verify_run *r, const verify_item *it, outcome *o) {
    if (is_presentation(it)) {
        verify_set(r->a, &o->signature, r->o->challenge.n ? TS_NO : TS_OPEN,
                   "the presentation carries no signature of its own: it is a bundle that anybody "
                   "can have put together");
    } else {
        verify_set(r->a, &o->signature, TS_NO,
                   "it carries no signature: anybody can have written it");
        o->signature.cure = TS_S("ask the issuer for the signed credential");
    }
}

static void proofs_secured(verify_run *r, verify_item *it, outcome *o) {
    const ts_json *root = it->c.credential.root;
    ts_str other = other_proof(ts_json_member(root, "proof"));
    ts_proofs proofs = {0};
    ts_error e = {0};
    ts_strs suites = {0};
    if (other.n) {
        verify_set(r->a, &o->signature, TS_OPEN, "proofs of type %s are not checked here",
                   SHOW(other));
        o->signature.at = TS_S("/proof");
        it->c.secured_by = other;
        return;
    }
    if (!ts_proofs_read(r->a, root, &proofs, &e)) {
        verify_set(r->a, &o->signature, TS_NO, "the proof is malformed: %s", e.msg);
        o->signature.at = TS_S("/proof");
        return;
    }
    if (proofs.n == 0) unsecured(r, it, o);
    for (size_t i = 0; i < proofs.n; i++) {
        outcome one = {0};
        ts_strs_add(r->a, &suites, proofs.v[i].cryptosuite);
        proof_by(r, it, &proofs, i, &one);
        number_proof(r, &one.signature, i, proofs.n);
        if (i == 0 || verify_worse(one.signature.answer, o->signature.answer))
            o->signature = one.signature;
        if (i == 0 || verify_worse(one.issuer.answer, o->issuer.answer)) o->issuer = one.issuer;
    }
    it->c.secured_by = ts_str_join(r->a, suites.v, suites.n, TS_S(", "));
    if (proofs.n > 1 && o->signature.answer == TS_YES)
        verify_set(r->a, &o->signature, TS_YES, "all %zu proofs fit their keys", proofs.n);
}

/* ---- Both ---- */

void verify_secured(verify_run *r, verify_item *it) {
    outcome o = {0};
    const ts_json *root = it->c.credential.root;
    if (it->secured) return;
    it->secured = true;
    if (it->broken.n)
        verify_set(r->a, &o.signature, it->breakage, "%.*s", TS_P(it->broken));
    else if (it->token)
        token_secured(r, it, &o);
    else if (ts_json_member(root, "proof"))
        proofs_secured(r, it, &o);
    else
        unsecured(r, it, &o);
    if (o.signature.answer != TS_YES && (o.issuer.answer == TS_YES || !o.issuer.reason.n))
        verify_set(r->a, &o.issuer, TS_OPEN, "as the signature %s, it says nothing of the %s",
                   o.signature.answer == TS_NO ? "failed" : "was not checked", party(it));
    it->c.step[TS_STEP_SIGNATURE] = o.signature;
    it->c.step[TS_STEP_ISSUER] = o.issuer;
}
