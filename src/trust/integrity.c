/* Proofs as they stand in a document: reading them, and judging one. */
#include "integrity.h"

#include "canonical.h"
#include "encoding.h"
#include "integrity_part.h"
#include "shown.h"

enum { VALUE_MAX = 160 };

/* ---- Reading ---- */

typedef struct reader {
    ts_arena *a;
    ts_proof p;
    ts_error *e;
} reader;

static bool text_member(reader *r, const char *name, ts_str *out) {
    const ts_json *v = ts_json_get(r->p.node, ts_str_c(name));
    *out = ts_json_str(v);
    if (!v || (v->type == TS_JSON_STRING && v->n)) return true;
    return ts_fail(r->e, TS_E_INPUT, "the proof: %s is %s", name,
                   v->type == TS_JSON_STRING ? "empty" : "no string");
}

static bool date_member(reader *r, const char *name, ts_str *out) {
    if (!text_member(r, name, out)) return false;
    if (!out->n || ts_stamp_parse(*out, 0)) return true;
    return ts_fail(r->e, TS_E_INPUT,
                   "the proof: %s is \"%s\", no date and time with a time zone "
                   "(2025-03-01T12:00:00Z)",
                   name, SHOWN(*out));
}

static bool add_text(reader *r, const char *name, const ts_json *v, ts_strs *out) {
    if (v->type != TS_JSON_STRING || !v->n)
        return ts_fail(r->e, TS_E_INPUT, "the proof: %s is no string and no array of strings",
                       name);
    if (out->n == PROOFS_MAX)
        return ts_fail(r->e, TS_E_LIMIT, "the proof: more than %d entries in %s", PROOFS_MAX, name);
    for (size_t i = 0; i < out->n; i++)
        if (ts_str_eq(out->v[i], ts_json_str(v)))
            return ts_fail(r->e, TS_E_INPUT, "the proof: \"%s\" is twice in %s",
                           SHOWN(ts_json_str(v)), name);
    *ts_push(r->a, out) = ts_json_str(v);
    return true;
}

/* One string or several. */
static bool texts_member(reader *r, const char *name, ts_strs *out) {
    const ts_json *v = ts_json_get(r->p.node, ts_str_c(name));
    if (!v) return true;
    if (v->type != TS_JSON_ARRAY) return add_text(r, name, v, out);
    TS_JSON_EACH(x, v)
    if (!add_text(r, name, x, out)) return false;
    return true;
}

static bool has_what_it_needs(const reader *r) {
    const struct {
        const char *name;
        ts_str v;
    } needed[] = {
        {"cryptosuite", r->p.cryptosuite},
        {"verificationMethod", r->p.verification_method},
        {"proofPurpose", r->p.purpose},
        {"proofValue", r->p.value},
    };
    if (!ts_str_is(r->p.type, "DataIntegrityProof")) return true;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!needed[i].v.n) return ts_fail(r->e, TS_E_INPUT, "the proof has no %s", needed[i].name);
    return true;
}

static bool read_proof(reader *r) {
    ts_proof *p = &r->p;
    if (p->node->type != TS_JSON_OBJECT)
        return ts_fail(r->e, TS_E_INPUT, "proof is no object and no array of objects");
    if (!text_member(r, "type", &p->type)) return false;
    if (!p->type.n) return ts_fail(r->e, TS_E_INPUT, "the proof has no type");
    if (!text_member(r, "id", &p->id) || !text_member(r, "cryptosuite", &p->cryptosuite) ||
        !text_member(r, "verificationMethod", &p->verification_method) ||
        !text_member(r, "proofPurpose", &p->purpose) || !text_member(r, "proofValue", &p->value) ||
        !text_member(r, "challenge", &p->challenge) || !date_member(r, "created", &p->created) ||
        !date_member(r, "expires", &p->expires) || !texts_member(r, "domain", &p->domains) ||
        !texts_member(r, "previousProof", &p->previous) || !has_what_it_needs(r))
        return false;
    if (p->domains.n) p->domain = p->domains.v[0];
    return true;
}

static bool add_proof(ts_arena *a, const ts_json *v, ts_proofs *out, ts_error *e) {
    reader r = {.a = a, .p.node = v, .e = e};
    if (out->n == PROOFS_MAX) return ts_fail(e, TS_E_LIMIT, "more than %d proofs", PROOFS_MAX);
    if (!read_proof(&r)) return false;
    for (size_t i = 0; r.p.id.n && i < out->n; i++)
        if (ts_str_eq(out->v[i].id, r.p.id))
            return ts_fail(e, TS_E_INPUT, "two proofs have the id \"%s\"", SHOWN(r.p.id));
    *ts_push(a, out) = r.p;
    return true;
}

/* ---- Chains ---- */

static uint32_t bits_of_previous(const ts_proofs *p, size_t i, ts_str *missing) {
    const ts_strs *previous = &p->v[i].previous;
    uint32_t bits = 0;
    for (size_t k = 0; k < previous->n; k++) {
        size_t at = 0;
        while (at < p->n && !ts_str_eq(p->v[at].id, previous->v[k])) at++;
        if (at == p->n)
            *missing = previous->v[k];
        else
            bits |= UINT32_C(1) << at;
    }
    return bits;
}

/* Every proof that a proof covers is there, and taking away those whose covered ones are gone
 * already leaves none: there is no circle. */
static bool chains_end(const ts_proofs *p, ts_error *e) {
    uint32_t waits[PROOFS_MAX], done = 0, before;
    for (size_t i = 0; i < p->n; i++) {
        ts_str missing = TS_NONE;
        waits[i] = bits_of_previous(p, i, &missing);
        if (missing.n)
            return ts_fail(e, TS_E_INPUT, "previousProof names \"%s\", which is not there",
                           SHOWN(missing));
    }
    do {
        before = done;
        for (size_t i = 0; i < p->n; i++)
            if (!(waits[i] & ~done)) done |= UINT32_C(1) << i;
    } while (done != before);
    for (size_t i = 0; i < p->n; i++)
        if (!(done >> i & 1))
            return ts_fail(e, TS_E_INPUT, "previousProof of \"%s\" goes in a circle",
                           SHOWN(p->v[i].id));
    return true;
}

bool ts_proofs_read(ts_arena *a, const ts_json *document, ts_proofs *out, ts_error *e) {
    ts_proofs p = {0};
    if (!ts_json_is(document, TS_JSON_OBJECT))
        return ts_fail(e, TS_E_INPUT, "the document is no JSON object");
    const ts_json *v = ts_json_member(document, "proof");
    if (v && v->type != TS_JSON_ARRAY && !add_proof(a, v, &p, e)) return false;
    TS_JSON_EACH(x, v)
    if (!add_proof(a, x, &p, e)) return false;
    if (!chains_end(&p, e)) return false;
    *out = p;
    return true;
}

/* ---- @context ---- */

/* The same value in the same writing. */
static bool same_nodes(const ts_json *x, const ts_json *y) {
    if (x->span != y->span) return false;
    for (uint32_t i = 0; i < x->span; i++) {
        if (x[i].type != y[i].type || x[i].n != y[i].n) return false;
        bool text = x[i].type == TS_JSON_STRING || x[i].type == TS_JSON_NUMBER;
        if (text && memcmp(x[i].p, y[i].p, x[i].n) != 0) return false;
    }
    return true;
}

/* The same value, by its canonical text. */
static bool same_value(ts_arena scratch, const ts_json *x, const ts_json *y) {
    if (same_nodes(x, y)) return true;
    if (x->type != y->type || x->type < TS_JSON_NUMBER || x->type == TS_JSON_STRING) return false;
    ts_arena work = proof_arena_behind(&scratch), second = proof_arena_behind(&scratch);
    ts_buf one = proof_text_in(&scratch), other = proof_text_in(&second);
    return ts_canonical(&one, work, x, 0) && ts_canonical(&other, work, y, 0) && !one.full &&
           !other.full && ts_str_eq(ts_buf_str(&one), ts_buf_str(&other));
}

/* @context is an array, or one value that stands for an array of it. */
static const ts_json *first_context(const ts_json *v, size_t *n) {
    bool array = v->type == TS_JSON_ARRAY;
    *n = array ? v->n : 1;
    return array ? v + 1 : v;
}

static bool begins_with(ts_arena scratch, const ts_json *whole, const ts_json *front) {
    size_t has, needs;
    if (!whole) return false;
    const ts_json *x = first_context(whole, &has), *y = first_context(front, &needs);
    if (!needs || has < needs) return false;
    for (; needs; needs--, x += x->span, y += y->span)
        if (!same_value(scratch, x, y)) return false;
    return true;
}

/* vc-di-eddsa section 3.3.2, step 4. The document is then seen with the proof's @context. */
static bool set_context(ts_arena scratch, const ts_json *document, const ts_proof *p,
                        proof_view *view, ts_error *e) {
    const ts_json *own = ts_json_member(document, "@context"),
                  *proofs = ts_json_member(p->node, "@context");
    if (!proofs || (own && same_nodes(own, proofs))) return true;
    if (!begins_with(scratch, own, proofs))
        return ts_fail(e, TS_E_INPUT,
                       "the proof's @context is not the beginning of the document's");
    view->context = proofs;
    return true;
}

/* ---- Verifying ---- */

static bool read_value(ts_arena *a, const ts_proof *p, const proof_suite *s, ts_str *out,
                       ts_error *e) {
    ts_error why = {0};
    if (p->value.p[0] != 'z')
        return ts_fail(e, TS_E_INPUT,
                       "the proof: proofValue is not in base58btc (it begins with "
                       "another letter than z)");
    if (p->value.n > VALUE_MAX)
        return ts_fail(e, TS_E_INPUT, "the proof: proofValue is longer than any signature");
    if (!ts_base58_decode(a, ts_str_from(p->value, 1), out, &why))
        return ts_fail(e, TS_E_INPUT, "the proof: proofValue: %s", why.msg);
    if (out->n != s->signature)
        return ts_fail(e, TS_E_INPUT, "the proof: proofValue has %zu bytes; a signature has %zu",
                       out->n, s->signature);
    return true;
}

static bool fits(ts_arena scratch, const proof_suite *s, const ts_json *document, const ts_proof *p,
                 const proof_view *view, ts_str signature, const ts_key *k, ts_error *e) {
    proof_message m;
    if (!proof_message_of(scratch, s, p->node, document, view, &m, e)) return false;
    return ts_key_verify(k, (ts_str){m.b, m.n}, signature, e);
}

/* The specification has the covered proofs in the order of the document, or in that of
 * previousProof: it can be read both ways, and both have been signed. */
static bool fits_chained(ts_arena scratch, const proof_suite *s, const ts_json *document,
                         const ts_proofs *all, const ts_proof *p, proof_view view, ts_str signature,
                         const ts_key *k, ts_error *e) {
    const ts_json *in_document[PROOFS_MAX], *as_named[PROOFS_MAX];
    view.covered_n = proofs_named(all, &p->previous, true, in_document);
    view.covered = in_document;
    if (view.covered_n != p->previous.n || proofs_named(all, &p->previous, false, as_named) == 0)
        return ts_fail(e, TS_E_USAGE, "the proofs are not those of the document");
    bool one_order = memcmp(in_document, as_named, view.covered_n * sizeof *as_named) == 0;
    if (fits(scratch, s, document, p, &view, signature, k, one_order ? e : 0)) return true;
    view.covered = as_named;
    return !one_order && fits(scratch, s, document, p, &view, signature, k, e);
}

bool ts_proof_verify(ts_arena scratch, const ts_json *document, const ts_proofs *all, size_t i,
                     const ts_key *k, ts_error *e) {
    const ts_proof *p = &all->v[i];
    proof_view view = {0};
    ts_str signature;
    if (!ts_str_is(p->type, "DataIntegrityProof"))
        return ts_fail(e, TS_E_VERSION,
                       "the proof's type is \"%s\", which is not known here; DataIntegrityProof is",
                       SHOWN(p->type));
    const proof_suite *s = proof_suite_find(p->cryptosuite, ts_key_public_of(k)->kind, e);
    if (!s || !read_value(&scratch, p, s, &signature, e) ||
        !set_context(scratch, document, p, &view, e))
        return false;
    if (p->previous.n) return fits_chained(scratch, s, document, all, p, view, signature, k, e);
    return fits(scratch, s, document, p, &view, signature, k, e);
}
